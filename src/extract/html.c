/* HTML as people and programs write documents in it: what of the page is text, and of what kind. */
#include <gumbo.h>

#include "extract/html_tree.h"

#define FURNITURE_BYTES 300u

struct html {
    struct flow *flow;
    struct para para;
    uint32_t line_base; /* lines before the text, added to gumbo's */
    enum para_as as;    /* what running text is */
    unsigned level;
    unsigned list_depth, strong, struck, inside; /* inside: article or main */
    struct str site;                             /* whose name stands before titles */
    unsigned links;                              /* open links to other documents */
    uint16_t *spans; /* rows a cell of an earlier row still covers, by column */
};

static const char *attribute(const GumboNode *node, const char *name)
{
    const GumboAttribute *a = gumbo_get_attribute(&node->v.element.attributes, name);

    return a == NULL ? "" : a->value;
}

static bool has_attribute(const GumboNode *node, const char *name)
{
    return gumbo_get_attribute(&node->v.element.attributes, name) != NULL;
}

static bool is_element(const GumboNode *node)
{
    return node->type == GUMBO_NODE_ELEMENT;
}

static bool is_tag(const GumboNode *node, GumboTag tag)
{
    return is_element(node) && node->v.element.tag == tag;
}

static size_t child_count(const GumboNode *node)
{
    return is_element(node) ? node->v.element.children.length : 0;
}

static const GumboNode *child_at(const GumboNode *node, size_t i)
{
    return node->v.element.children.data[i];
}

static bool is_text(const GumboNode *node)
{
    return node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_CDATA ||
           node->type == GUMBO_NODE_WHITESPACE;
}

static bool is_hidden(const GumboNode *node)
{
    struct str style = str_of(attribute(node, "style"));

    return has_attribute(node, "hidden") ||
           str_is(str_of(attribute(node, "aria-hidden")), "true") ||
           str_has(style, "display:none") || str_has(style, "display: none") ||
           str_has(style, "visibility:hidden") || str_has(style, "mso-hide:all");
}

/* Elements whose text is not the document's. */
static bool is_dropped(const GumboNode *node)
{
    if (node->type == GUMBO_NODE_TEMPLATE || node->type == GUMBO_NODE_COMMENT)
        return true;
    if (!is_element(node))
        return false;
    switch (node->v.element.tag) {
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_SVG:
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_OBJECT:
    case GUMBO_TAG_CANVAS:
    case GUMBO_TAG_AUDIO:
    case GUMBO_TAG_VIDEO:
    case GUMBO_TAG_BUTTON:
        return true;
    default:
        return str_is(str_of(attribute(node, "role")), "navigation") || is_hidden(node) ||
               html_page_dropped(node);
    }
}

static bool is_struck(const GumboNode *node)
{
    return is_tag(node, GUMBO_TAG_DEL) || is_tag(node, GUMBO_TAG_S) ||
           is_tag(node, GUMBO_TAG_STRIKE);
}

static bool is_inline(const GumboNode *node)
{
    switch (node->v.element.tag) {
    case GUMBO_TAG_A:
    case GUMBO_TAG_ABBR:
    case GUMBO_TAG_ACRONYM:
    case GUMBO_TAG_B:
    case GUMBO_TAG_BDI:
    case GUMBO_TAG_BDO:
    case GUMBO_TAG_BIG:
    case GUMBO_TAG_CITE:
    case GUMBO_TAG_CODE:
    case GUMBO_TAG_DATA:
    case GUMBO_TAG_DEL:
    case GUMBO_TAG_DFN:
    case GUMBO_TAG_EM:
    case GUMBO_TAG_FONT:
    case GUMBO_TAG_I:
    case GUMBO_TAG_IMG:
    case GUMBO_TAG_INS:
    case GUMBO_TAG_KBD:
    case GUMBO_TAG_LABEL:
    case GUMBO_TAG_MARK:
    case GUMBO_TAG_MATH:
    case GUMBO_TAG_Q:
    case GUMBO_TAG_S:
    case GUMBO_TAG_SAMP:
    case GUMBO_TAG_SMALL:
    case GUMBO_TAG_SPAN:
    case GUMBO_TAG_STRIKE:
    case GUMBO_TAG_STRONG:
    case GUMBO_TAG_SUB:
    case GUMBO_TAG_SUP:
    case GUMBO_TAG_TIME:
    case GUMBO_TAG_TT:
    case GUMBO_TAG_U:
    case GUMBO_TAG_VAR:
    case GUMBO_TAG_WBR:
    case GUMBO_TAG_UNKNOWN:
        return true;
    default:
        return false;
    }
}

static unsigned heading_level(const GumboNode *node)
{
    if (!is_element(node) || node->v.element.tag < GUMBO_TAG_H1 ||
        node->v.element.tag > GUMBO_TAG_H6)
        return 0;
    return (unsigned)(node->v.element.tag - GUMBO_TAG_H1) + 1;
}

static uint32_t line_at(const struct html *html, GumboSourcePosition at)
{
    return at.line == 0 ? 0 : html->line_base + at.line;
}

static bool too_deep(struct html *html, unsigned depth)
{
    if (depth < EXTRACT_DEPTH)
        return false;
    flow_note(html->flow, _("what is nested more than %u deep was left out"), EXTRACT_DEPTH);
    return true;
}

/* The text below `node` as one, blocks and breaks apart by a blank. */
static void gather(struct html *html, const GumboNode *node, struct buf *out, unsigned depth)
{
    if (is_text(node)) {
        buf_addz(out, node->v.text.text);
        return;
    }
    if (is_dropped(node) || is_struck(node) || !is_element(node) || too_deep(html, depth))
        return;
    if (!is_inline(node))
        buf_char(out, ' ');
    for (size_t i = 0; i < child_count(node); i++)
        gather(html, child_at(node, i), out, depth + 1);
    if (!is_inline(node))
        buf_char(out, ' ');
}

static void flush(struct html *html)
{
    para_flush(&html->para, html->as, html->level);
}

static void walk(struct html *html, const GumboNode *node, unsigned depth);

static void walk_children(struct html *html, const GumboNode *node, unsigned depth)
{
    for (size_t i = 0; i < child_count(node) && !flow_full(html->flow); i++)
        walk(html, child_at(node, i), depth + 1);
}

/* A block that turns running text into something else. */
static void walk_as(struct html *html, const GumboNode *node, unsigned depth, enum para_as as,
                    unsigned level)
{
    enum para_as as_before = html->as;
    unsigned level_before = html->level;

    flush(html);
    html->as = as;
    html->level = level;
    walk_children(html, node, depth);
    flush(html);
    html->as = as_before;
    html->level = level_before;
}

static void set_place(struct html *html, const GumboNode *node)
{
    uint32_t line = line_at(html, node->v.element.start_pos);

    if (line != 0)
        html->flow->place.line = line;
}

static unsigned number_attribute(const GumboNode *node, const char *name, unsigned most)
{
    int64_t n;

    if (!str_to_int(str_trim(str_of(attribute(node, name))), &n) || n < 1)
        return 1;
    return n > most ? most : (unsigned)n;
}

/* The next column that no cell of an earlier row covers; those it passes are used up. */
static unsigned free_column(struct html *html, unsigned column)
{
    while (column < EXTRACT_COLUMNS && html->spans[column] > 0)
        html->spans[column++]--;
    return column;
}

static void read_row(struct html *html, const GumboNode *row, bool header, unsigned depth)
{
    unsigned column = 0, cells = 0, headers = 0;

    for (size_t i = 0; i < child_count(row); i++) {
        const GumboNode *cell = child_at(row, i);
        unsigned wide, high;
        struct buf text = buf_new(html->flow->cx->mem);
        if (!is_tag(cell, GUMBO_TAG_TD) && !is_tag(cell, GUMBO_TAG_TH))
            continue;
        gather(html, cell, &text, depth + 1);
        column = free_column(html, column);
        flow_cell(html->flow, column, buf_str(&text));
        cells++;
        headers += is_tag(cell, GUMBO_TAG_TH);
        wide = number_attribute(cell, "colspan", EXTRACT_COLUMNS);
        high = number_attribute(cell, "rowspan", 65535) - 1;
        for (unsigned end = column + wide; column < end && column < EXTRACT_COLUMNS; column++)
            html->spans[column] = (uint16_t)high;
    }
    while (column < EXTRACT_COLUMNS)
        column = free_column(html, column + (html->spans[column] == 0));
    set_place(html, row);
    flow_row(html->flow, header || (cells > 1 && headers == cells));
}

static void read_rows(struct html *html, const GumboNode *node, bool header, unsigned depth)
{
    for (size_t i = 0; i < child_count(node); i++) {
        const GumboNode *child = child_at(node, i);
        if (is_dropped(child))
            continue;
        if (is_tag(child, GUMBO_TAG_TR))
            read_row(html, child, header, depth + 1);
        else if (is_tag(child, GUMBO_TAG_THEAD))
            read_rows(html, child, true, depth + 1);
        else if (is_tag(child, GUMBO_TAG_TBODY) || is_tag(child, GUMBO_TAG_TFOOT))
            read_rows(html, child, false, depth + 1);
    }
}

struct shape {
    unsigned headings, tables, blocks, most_cells;
};

static void look(const GumboNode *node, struct shape *shape, unsigned depth)
{
    unsigned cells = 0;

    if (depth > EXTRACT_DEPTH)
        return;
    for (size_t i = 0; i < child_count(node); i++) {
        const GumboNode *child = child_at(node, i);
        unsigned level = heading_level(child);
        cells += is_tag(child, GUMBO_TAG_TD) || is_tag(child, GUMBO_TAG_TH);
        shape->headings += level > 0 && level < 4;
        shape->tables += is_tag(child, GUMBO_TAG_TABLE);
        shape->blocks += is_tag(child, GUMBO_TAG_P) || is_tag(child, GUMBO_TAG_UL) ||
                         is_tag(child, GUMBO_TAG_OL) || is_tag(child, GUMBO_TAG_TABLE);
        look(child, shape, depth + 1);
    }
    if (cells > shape->most_cells)
        shape->most_cells = cells;
}

/* Tables that only arrange the page are no tables. */
static bool is_layout(const GumboNode *table, unsigned depth)
{
    struct str role = str_of(attribute(table, "role"));
    struct shape shape = {0};

    if (str_is(role, "presentation") || str_is(role, "none"))
        return true;
    look(table, &shape, depth);
    return shape.headings > 0 || (shape.most_cells <= 1 && shape.blocks > 1);
}

static void walk_table(struct html *html, const GumboNode *table, unsigned depth)
{
    flush(html);
    if (is_layout(table, depth)) {
        walk_children(html, table, depth);
        flush(html);
        return;
    }
    for (size_t i = 0; i < child_count(table); i++)
        if (is_tag(child_at(table, i), GUMBO_TAG_CAPTION))
            walk_as(html, child_at(table, i), depth, PARA_PLAIN, 1);
    if (html->spans == NULL)
        html->spans = arena_array(html->flow->cx->mem, EXTRACT_COLUMNS, sizeof *html->spans);
    memset(html->spans, 0, EXTRACT_COLUMNS * sizeof *html->spans);
    flow_table(html->flow);
    read_rows(html, table, false, depth);
    flow_table_end(html->flow);
}

struct terms {
    struct buf term, detail;
    const GumboNode *first;
};

static void end_term(struct html *html, struct terms *terms)
{
    if (terms->first != NULL)
        set_place(html, terms->first);
    flow_cell(html->flow, 0, buf_str(&terms->term));
    flow_cell(html->flow, 1, buf_str(&terms->detail));
    flow_row(html->flow, false);
    terms->term.n = terms->detail.n = 0;
    terms->first = NULL;
}

/* A description list is a table of two columns. */
static void read_terms(struct html *html, const GumboNode *node, struct terms *terms,
                       unsigned depth)
{
    if (too_deep(html, depth))
        return;
    for (size_t i = 0; i < child_count(node); i++) {
        const GumboNode *child = child_at(node, i);
        if (is_tag(child, GUMBO_TAG_DT)) {
            if (terms->detail.n > 0)
                end_term(html, terms);
            if (terms->first == NULL)
                terms->first = child;
            gather(html, child, &terms->term, depth + 1);
        } else if (is_tag(child, GUMBO_TAG_DD)) {
            gather(html, child, &terms->detail, depth + 1);
        } else if (is_tag(child, GUMBO_TAG_DIV)) {
            read_terms(html, child, terms, depth + 1);
        }
    }
}

static void walk_terms(struct html *html, const GumboNode *list, unsigned depth)
{
    struct terms terms = {.term = buf_new(html->flow->cx->mem),
                          .detail = buf_new(html->flow->cx->mem)};

    flush(html);
    flow_table(html->flow);
    read_terms(html, list, &terms, depth);
    end_term(html, &terms);
    flow_table_end(html->flow);
}

/* A page's header or footer outside the document proper, unless it holds a title or is long. */
static bool is_furniture(struct html *html, const GumboNode *node, unsigned depth)
{
    struct shape shape = {0};
    struct buf text = buf_new(html->flow->cx->mem);

    if (html->inside > 0)
        return false;
    look(node, &shape, depth);
    gather(html, node, &text, depth);
    return shape.headings == 0 && flow_clean(html->flow, buf_str(&text)).n <= FURNITURE_BYTES;
}

static void walk_text(struct html *html, const GumboNode *node)
{
    struct str text = str_of(node->v.text.text);
    uint32_t line = line_at(html, node->v.text.start_pos);

    for (size_t i = 0; i < text.n && strchr(" \t\n\r", text.p[i]) != NULL; i++)
        line += line != 0 && text.p[i] == '\n';
    para_text(&html->para, text, line, html->strong > 0, html->struck > 0);
    flow_links(html->flow, 0, str_trim(text).n, html->links > 0);
}

static void walk_inline(struct html *html, const GumboNode *node, unsigned depth)
{
    bool strong = is_tag(node, GUMBO_TAG_B) || is_tag(node, GUMBO_TAG_STRONG) ||
                  str_has(str_of(attribute(node, "style")), "font-weight:bold");
    bool struck = is_struck(node);

    bool link = is_tag(node, GUMBO_TAG_A) && flow_is_link(str_of(attribute(node, "href")));

    html->strong += strong;
    html->struck += struck;
    html->links += link;
    flow_links(html->flow, link, 0, false);
    walk_children(html, node, depth);
    html->strong -= strong;
    html->struck -= struck;
    html->links -= link;
}

static void walk_code(struct html *html, const GumboNode *node, unsigned depth)
{
    struct buf text = buf_new(html->flow->cx->mem);

    flush(html);
    for (size_t i = 0; i < child_count(node); i++)
        gather(html, child_at(node, i), &text, depth + 1);
    set_place(html, node);
    flow_code(html->flow, buf_str(&text));
}

static void walk_list(struct html *html, const GumboNode *node, unsigned depth)
{
    size_t first, items = 0;

    flush(html);
    first = html->flow->block_count;
    html->list_depth++;
    walk_children(html, node, depth);
    flush(html);
    html->list_depth--;
    for (size_t i = 0; i < child_count(node); i++)
        items += is_tag(child_at(node, i), GUMBO_TAG_LI);
    if (html->list_depth == 0 && items == 1 && is_tag(node, GUMBO_TAG_OL) &&
        html->flow->block_count == first + 1)
        flow_lone_item(html->flow, first);
}

static void walk_inside(struct html *html, const GumboNode *node, unsigned depth)
{
    flush(html);
    html->inside++;
    walk_children(html, node, depth);
    flush(html);
    html->inside--;
}

/* Where mail programs put the message that is answered: all behind it was said before. */
static bool begins_old_mail(const GumboNode *node)
{
    static const char *const ids[] = {"divRplyFwdMsg", "appendonsend",
                                      "mail-editor-reference-message-container"};
    struct str style = str_of(attribute(node, "style"));

    for (size_t i = 0; i < COUNT_OF(ids); i++)
        if (str_is(str_of(attribute(node, "id")), ids[i]))
            return true;
    return str_has(style, "border-top:solid") || str_has(style, "border-top: solid");
}

static void walk_element(struct html *html, const GumboNode *node, unsigned depth)
{
    switch (node->v.element.tag) {
    case GUMBO_TAG_BR:
        para_break(&html->para, true);
        return;
    case GUMBO_TAG_TABLE:
        walk_table(html, node, depth);
        return;
    case GUMBO_TAG_DL:
        walk_terms(html, node, depth);
        return;
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_TEXTAREA:
        walk_code(html, node, depth);
        return;
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
        walk_list(html, node, depth);
        return;
    case GUMBO_TAG_LI:
        walk_as(html, node, depth, PARA_ITEM, html->list_depth);
        return;
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_MAIN:
        walk_inside(html, node, depth);
        return;
    case GUMBO_TAG_HEADER:
    case GUMBO_TAG_FOOTER:
        walk_as(html, node, depth, is_furniture(html, node, depth) ? PARA_FURNITURE : html->as,
                html->level);
        return;
    case GUMBO_TAG_BLOCKQUOTE:
        html->struck += html->flow->mail;
        walk_as(html, node, depth, PARA_PLAIN, 1);
        html->struck -= html->flow->mail;
        return;
    default:
        if (html->flow->mail && begins_old_mail(node)) {
            flush(html);
            html->struck++;
        }
        walk_as(html, node, depth, html->as, html->level);
        return;
    }
}

/* A title without the name of the site it was exported from. */
static void walk_heading(struct html *html, const GumboNode *node, unsigned depth, unsigned level)
{
    struct buf text = buf_new(html->flow->cx->mem);

    flush(html);
    gather(html, node, &text, depth);
    if (flow_is_clause(level, buf_str(&text))) {
        walk_as(html, node, depth, html->as, html->level);
        return;
    }
    if (level > 1 || html->site.n == 0) {
        walk_as(html, node, depth, PARA_HEADING, level);
        return;
    }
    set_place(html, node);
    flow_heading(html->flow, level, html_page_title(str_trim(buf_str(&text)), html->site));
}

static void walk(struct html *html, const GumboNode *node, unsigned depth)
{
    unsigned level = heading_level(node);

    if (is_text(node)) {
        walk_text(html, node);
        return;
    }
    if (is_dropped(node) || !is_element(node) || too_deep(html, depth))
        return;
    if (level > 0)
        walk_heading(html, node, depth, level);
    else if (html_page_furniture(node))
        walk_as(html, node, depth, PARA_FURNITURE, html->level);
    else if (is_inline(node))
        walk_inline(html, node, depth);
    else
        walk_element(html, node, depth);
}

static void read_meta(struct html *html, const GumboNode *meta)
{
    static const char *const wanted[] = {"author",
                                         "description",
                                         "keywords",
                                         "date",
                                         "version",
                                         "status",
                                         "owner",
                                         "copyright",
                                         "revised",
                                         "last-modified",
                                         "created",
                                         "modified",
                                         "classification",
                                         "article:published_time",
                                         "article:modified_time",
                                         "article:author",
                                         "dc.title",
                                         "dc.creator",
                                         "dc.date",
                                         "dc.description",
                                         "dcterms.created",
                                         "dcterms.modified",
                                         "dcterms.creator"};
    struct str name = str_of(attribute(meta, "name"));

    if (name.n == 0)
        name = str_of(attribute(meta, "property"));
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        if (str_is_nocase(name, wanted[i])) {
            set_place(html, meta);
            flow_property(html->flow, str_of(wanted[i]), str_of(attribute(meta, "content")));
        }
}

static void read_head(struct html *html, const GumboNode *head)
{
    for (size_t i = 0; i < child_count(head); i++) {
        const GumboNode *child = child_at(head, i);
        struct buf title = buf_new(html->flow->cx->mem);
        if (is_tag(child, GUMBO_TAG_META))
            read_meta(html, child);
        if (!is_tag(child, GUMBO_TAG_TITLE))
            continue;
        gather(html, child, &title, 1);
        set_place(html, child);
        flow_property(html->flow, STR("title"),
                      html_page_title(str_trim(buf_str(&title)), html->site));
    }
}

static void read_tree(struct html *html, const GumboNode *root)
{
    for (size_t i = 0; i < child_count(root); i++) {
        const GumboNode *child = child_at(root, i);
        if (is_tag(child, GUMBO_TAG_HEAD))
            read_head(html, child);
        else
            walk(html, child, 1);
    }
    flush(html);
}

static int read_html(struct flow *flow, struct str text, uint32_t line)
{
    struct html html = {.flow = flow, .line_base = line - 1, .as = PARA_TOP, .level = 1};
    struct html_memory *memory;
    const GumboNode *root;

    TRY(html_tree_parse(flow->cx, text, &memory, &root));
    para_init(&html.para, flow);
    html.site = html_page_site(flow->cx, root);
    html_page_people(flow, root);
    read_tree(&html, root);
    html_tree_free(memory);
    return 0;
}

int html_read(struct flow *flow, struct str text)
{
    return read_html(flow, text, 1);
}

/* Placeholders escaped, so that the parser takes them for text. */
static struct str escape_placeholders(struct arena *mem, struct str text)
{
    struct buf out = buf_new(mem);
    size_t done = 0;

    for (size_t at = 0; (at = str_find_char(text, '<', at)) != SIZE_MAX; at++) {
        size_t end = str_find_char(str_sub(text, 0, at + 256), '>', at);
        if (end == SIZE_MAX ||
            !html_is_placeholder(str_sub(text, at, end + 1 - at), str_from(text, end + 1)))
            continue;
        buf_add(&out, str_sub(text, done, at - done));
        buf_addz(&out, "&lt;");
        done = at + 1;
    }
    buf_add(&out, str_from(text, done));
    return buf_str(&out);
}

void html_read_piece(struct flow *flow, struct str text, uint32_t line)
{
    struct err before = flow->cx->err;

    if (read_html(flow, escape_placeholders(flow->cx->mem, text), line) < 0) {
        flow_note(flow, _("a piece of HTML could not be read"));
        flow->cx->err = before;
    }
}
