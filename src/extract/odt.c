#include "extract/odf.h"

#define LISTS 64u /* lists within each other */
#define SPACES 100u
#define REPEATED 64u /* cells that say the same */

/* Which part of the document is read, of files that hold it all. */
enum part { PART_HEADERS, PART_BODY, PART_FOOTERS };

struct open_list {
    unsigned id;   /* its number among the lists, 0 for unknown */
    bool waiting;  /* an item has begun, and its first paragraph is to come */
    unsigned next; /* number that this item gives itself, 0 for none */
};

struct odt {
    struct word *word;
    const struct odt_styles *styles;
    enum part part;
    unsigned live;  /* depth of the element within which text counts, 0 outside */
    unsigned skip;  /* depth of the element that is passed over, 0 for none */
    unsigned index; /* indexes that are open */
    struct open_list lists[LISTS];
    size_t list_count;
    struct word_look looks[EXTRACT_DEPTH]; /* of the spans around the one that is open */
    size_t look_count;
    unsigned header_rows; /* open groups of them */
    unsigned repeated;    /* times the open cell comes */
    unsigned spanned;     /* columns that it takes */
};

static void para_open(struct xml *xml, struct odt *r, const char **attrs)
{
    struct word *w = r->word;
    const struct word_style *style =
        odt_style_find(r->styles, 'p', xml_attr(attrs, XML_TEXT, "style-name"));

    if (!word_para_open(w)) {
        r->skip = xml_depth(xml);
        return;
    }
    struct word_para *p = word_para_top(w);
    if (style != NULL)
        p->style = style;
    if (style != NULL && style->page_before && w->target == TARGET_BODY && w->line > 1)
        w->page++;
    p->num_id = 0;
    struct open_list *list = r->list_count > 0 ? &r->lists[r->list_count - 1] : NULL;
    if (list == NULL || w->boxes > 0 || w->notes > 0)
        return;
    if (!list->waiting) {
        p->goes_on = (unsigned)r->list_count;
        return;
    }
    list->waiting = false;
    p->num_id = (int)list->id;
    p->num_level = (int)r->list_count - 1;
    if (p->num_level >= (int)WORD_LEVELS)
        p->num_level = WORD_LEVELS - 1;
    if (list->next > 0)
        word_number_set(r->styles->word, p->num_id, (unsigned)p->num_level, list->next);
    list->next = 0;
}

static void para_start(struct xml *xml, const char **attrs)
{
    para_open(xml, xml_arg(xml), attrs);
}

static void heading_start(struct xml *xml, const char **attrs)
{
    struct odt *r = xml_arg(xml);
    unsigned level = xml_number(xml_attr(attrs, XML_TEXT, "outline-level"), WORD_LEVELS, 1);
    unsigned next = xml_number(xml_attr(attrs, XML_TEXT, "start-value"), 100000, 0);
    const char *bare = xml_attr(attrs, XML_TEXT, "is-list-header");

    para_open(xml, r, attrs);
    struct word_para *p = word_para_top(r->word);
    if (r->skip != 0 || p == NULL)
        return;
    level = level == 0 ? 1 : level;
    p->outline = (int)level - 1;
    if (p->num_id > 0 || (bare != NULL && xml_on(bare)) ||
        (p->style != NULL && p->style->num_id == 0))
        return;
    p->num_id = (int)r->styles->outline;
    p->num_level = (int)level - 1;
    if (next > 0)
        word_number_set(r->styles->word, p->num_id, level - 1, next);
}

static void para_end(struct xml *xml)
{
    struct odt *r = xml_arg(xml);

    word_para_close(r->word);
    if (flow_full(r->word->flow))
        xml_stop(xml);
}

static void span_start(struct xml *xml, const char **attrs)
{
    struct odt *r = xml_arg(xml);
    struct word_para *p = word_para_top(r->word);
    const struct word_style *style =
        odt_style_find(r->styles, 't', xml_attr(attrs, XML_TEXT, "style-name"));

    if (p == NULL || r->look_count >= EXTRACT_DEPTH)
        return;
    r->looks[r->look_count++] = p->run;
    if (style == NULL)
        return;
    if (style->look.bold != WORD_UNSET)
        p->run.bold = style->look.bold;
    if (style->look.strike != WORD_UNSET)
        p->run.strike = style->look.strike;
    if (style->look.hidden != WORD_UNSET)
        p->run.hidden = style->look.hidden;
}

static void span_end(struct xml *xml)
{
    struct odt *r = xml_arg(xml);

    if (r->look_count > 0 && word_para_top(r->word) != NULL)
        word_para_top(r->word)->run = r->looks[--r->look_count];
}

static void put(struct xml *xml, const char *text)
{
    struct odt *r = xml_arg(xml);

    word_put_text(r->word, str_of(text));
}

static void spaces_start(struct xml *xml, const char **attrs)
{
    unsigned n = odf_times(attrs, XML_TEXT, "c", SPACES);

    while (n-- > 0)
        put(xml, " ");
}

static void tab_start(struct xml *xml, UNUSED const char **attrs)
{
    put(xml, "\t");
}

static void line_start(struct xml *xml, UNUSED const char **attrs)
{
    put(xml, "\n");
}

static void page_start(struct xml *xml, UNUSED const char **attrs)
{
    struct odt *r = xml_arg(xml);

    r->word->page += r->word->target == TARGET_BODY;
}

static void list_start(struct xml *xml, const char **attrs)
{
    struct odt *r = xml_arg(xml);
    unsigned id = odt_list_find(r->styles, xml_attr(attrs, XML_TEXT, "style-name"));
    const char *on = xml_attr(attrs, XML_TEXT, "continue-numbering");
    bool goes_on = (on != NULL && xml_on(on)) || xml_attr(attrs, XML_TEXT, "continue-list") != NULL;

    if (r->list_count >= LISTS) {
        r->skip = xml_depth(xml);
        return;
    }
    if (id == 0 && r->list_count > 0)
        id = r->lists[r->list_count - 1].id;
    /* A list of an unknown style is one nonetheless. */
    if (id == 0)
        id = INT32_MAX;
    if (r->list_count == 0 && !goes_on)
        word_number_set(r->styles->word, (int)id, 0, 0);
    r->lists[r->list_count++] = (struct open_list){.id = id};
}

static void list_end(struct xml *xml)
{
    struct odt *r = xml_arg(xml);

    r->list_count -= r->list_count > 0;
}

static void item_start(struct xml *xml, const char **attrs)
{
    struct odt *r = xml_arg(xml);

    if (r->list_count == 0)
        return;
    r->lists[r->list_count - 1].waiting = true;
    r->lists[r->list_count - 1].next =
        xml_number(xml_attr(attrs, XML_TEXT, "start-value"), 100000, 0);
}

static void item_end(struct xml *xml)
{
    struct odt *r = xml_arg(xml);

    if (r->list_count > 0)
        r->lists[r->list_count - 1].waiting = false;
}

static void index_start(struct xml *xml, UNUSED const char **attrs)
{
    struct odt *r = xml_arg(xml);

    if (r->index++ == 0 && r->word->holder_count < EXTRACT_DEPTH)
        r->word->holders[r->word->holder_count++] = (struct holder){.toc = true};
}

static void index_end(struct xml *xml)
{
    struct odt *r = xml_arg(xml);

    if (r->index > 0 && --r->index == 0)
        r->word->holder_count -= r->word->holder_count > 0;
}

static void note_start(struct xml *xml, UNUSED const char **attrs)
{
    struct odt *r = xml_arg(xml);

    r->word->notes++;
}

static void note_end(struct xml *xml)
{
    struct odt *r = xml_arg(xml);

    r->word->notes -= r->word->notes > 0;
}

static void box_start(struct xml *xml, UNUSED const char **attrs)
{
    struct odt *r = xml_arg(xml);

    r->word->boxes++;
}

static void box_end(struct xml *xml)
{
    struct odt *r = xml_arg(xml);

    r->word->boxes -= r->word->boxes > 0;
    if (r->word->boxes == 0 && word_para_top(r->word) == NULL && !r->word->in_cell)
        word_boxes_out(r->word);
}

static void section_start(struct xml *xml, const char **attrs)
{
    struct odt *r = xml_arg(xml);

    if (xml_is(xml_attr(attrs, XML_TEXT, "display"), "none"))
        r->skip = xml_depth(xml);
}

static void hidden_start(struct xml *xml, const char **attrs)
{
    struct odt *r = xml_arg(xml);
    const char *hidden = xml_attr(attrs, XML_TEXT, "is-hidden");

    if (hidden != NULL && xml_on(hidden) && word_para_top(r->word) != NULL)
        word_para_top(r->word)->run.hidden = WORD_ON;
}

static void table_start(struct xml *xml, UNUSED const char **attrs)
{
    struct odt *r = xml_arg(xml);

    word_table_start(r->word);
}

static void table_end(struct xml *xml)
{
    struct odt *r = xml_arg(xml);

    word_table_end(r->word);
}

static void column_start(struct xml *xml, const char **attrs)
{
    struct odt *r = xml_arg(xml);

    word_grid(r->word, odf_times(attrs, XML_TABLE, "number-columns-repeated", EXTRACT_COLUMNS));
}

static void header_rows_start(struct xml *xml, UNUSED const char **attrs)
{
    struct odt *r = xml_arg(xml);

    r->header_rows += word_gives_rows(r->word) && !r->word->in_cell;
}

static void header_rows_end(struct xml *xml)
{
    struct odt *r = xml_arg(xml);

    if (word_gives_rows(r->word) && !r->word->in_cell)
        r->header_rows -= r->header_rows > 0;
}

static void row_start(struct xml *xml, UNUSED const char **attrs)
{
    struct odt *r = xml_arg(xml);

    word_row_start(r->word);
    if (word_gives_rows(r->word))
        r->word->row_header = r->header_rows > 0;
}

static void row_end(struct xml *xml)
{
    struct odt *r = xml_arg(xml);

    word_row_end(r->word);
}

static void cell_start(struct xml *xml, const char **attrs)
{
    struct odt *r = xml_arg(xml);

    word_cell_start(r->word);
    if (!word_gives_rows(r->word))
        return;
    r->word->merge_starts = odf_times(attrs, XML_TABLE, "number-rows-spanned", UINT32_MAX) > 1;
    r->repeated = odf_times(attrs, XML_TABLE, "number-columns-repeated", EXTRACT_COLUMNS);
    r->spanned = odf_times(attrs, XML_TABLE, "number-columns-spanned", EXTRACT_COLUMNS);
}

static void covered_start(struct xml *xml, const char **attrs)
{
    struct odt *r = xml_arg(xml);

    cell_start(xml, attrs);
    if (!word_gives_rows(r->word))
        return;
    r->word->merge_starts = false;
    r->word->merge_goes_on = true;
}

/* The cells that this one covers to its right have nothing from above. */
static void forget_merged(struct word *w, unsigned column, unsigned n)
{
    for (size_t i = 0; i < w->merged_count; i++)
        if (w->merged[i].column > column && w->merged[i].column - column < n)
            w->merged[i].text = STR_NONE;
}

static void cell_end(struct xml *xml)
{
    struct odt *r = xml_arg(xml);
    struct word *w = r->word;
    bool goes_on = w->merge_goes_on;

    if (!word_gives_rows(w) || !w->in_cell)
        return;
    if (!goes_on)
        forget_merged(w, w->column, r->spanned);
    word_cell_end(w);
    for (unsigned i = 1; i < r->repeated; i++) {
        if (i >= REPEATED && w->cell.n > 0)
            break;
        struct buf same = w->cell;
        word_cell_start(w);
        w->cell = same;
        w->merge_goes_on = goes_on;
        word_cell_end(w);
    }
}

static const struct xml_element elements[] = {
    {XML_TEXT, "p", para_start, para_end},
    {XML_TEXT, "h", heading_start, para_end},
    {XML_TEXT, "span", span_start, span_end},
    {XML_TEXT, "s", spaces_start, NULL},
    {XML_TEXT, "tab", tab_start, NULL},
    {XML_TEXT, "line-break", line_start, NULL},
    {XML_TEXT, "soft-page-break", page_start, NULL},
    {XML_TEXT, "list", list_start, list_end},
    {XML_TEXT, "list-item", item_start, item_end},
    {XML_TEXT, "note", note_start, note_end},
    {XML_TEXT, "section", section_start, NULL},
    {XML_TEXT, "hidden-paragraph", hidden_start, NULL},
    {XML_TEXT, "table-of-content", index_start, index_end},
    {XML_TEXT, "illustration-index", index_start, index_end},
    {XML_TEXT, "table-index", index_start, index_end},
    {XML_TEXT, "object-index", index_start, index_end},
    {XML_TEXT, "user-index", index_start, index_end},
    {XML_TEXT, "alphabetical-index", index_start, index_end},
    {XML_DRAW, "text-box", box_start, box_end},
    {XML_DRAW, "custom-shape", box_start, box_end},
    {XML_DRAW, "rect", box_start, box_end},
    {XML_DRAW, "ellipse", box_start, box_end},
    {XML_DRAW, "circle", box_start, box_end},
    {XML_DRAW, "path", box_start, box_end},
    {XML_DRAW, "polygon", box_start, box_end},
    {XML_DRAW, "polyline", box_start, box_end},
    {XML_DRAW, "regular-polygon", box_start, box_end},
    {XML_DRAW, "line", box_start, box_end},
    {XML_DRAW, "connector", box_start, box_end},
    {XML_DRAW, "caption", box_start, box_end},
    {XML_DRAW, "measure", box_start, box_end},
    {XML_TABLE, "table", table_start, table_end},
    {XML_TABLE, "table-column", column_start, NULL},
    {XML_TABLE, "table-header-rows", header_rows_start, header_rows_end},
    {XML_TABLE, "table-row", row_start, row_end},
    {XML_TABLE, "table-cell", cell_start, cell_end},
    {XML_TABLE, "covered-table-cell", covered_start, cell_end},
};

/* Whether the text of the part that is read begins here. */
static bool goes_live(const struct odt *r, enum xml_ns ns, const char *name, const char **attrs)
{
    const char *head = r->part == PART_HEADERS ? "header" : "footer";
    const char *display = xml_attr(attrs, XML_STYLE, "display");

    if (r->part == PART_BODY)
        return ns == XML_OFFICE && xml_is(name, "text");
    if (ns != XML_STYLE || strncmp(name, head, strlen(head)) != 0 ||
        (display != NULL && !xml_on(display)))
        return false;
    name += strlen(head);
    return name[0] == '\0' || xml_is(name, "-left") || xml_is(name, "-first");
}

static void on_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct odt *r = xml_arg(xml);

    if (r->skip > 0)
        return;
    if (r->live == 0) {
        if (goes_live(r, ns, name, attrs))
            r->live = xml_depth(xml);
        return;
    }
    if (odf_is_skipped(ns, name)) {
        r->skip = xml_depth(xml);
        return;
    }
    const struct xml_element *element = xml_element_of(elements, COUNT_OF(elements), ns, name);
    if (element != NULL)
        element->start(xml, attrs);
}

static void on_end(struct xml *xml, enum xml_ns ns, const char *name)
{
    struct odt *r = xml_arg(xml);

    if (r->skip > 0) {
        if (r->skip == xml_depth(xml))
            r->skip = 0;
        return;
    }
    if (r->live == 0)
        return;
    if (r->live == xml_depth(xml)) {
        r->live = 0;
        return;
    }
    const struct xml_element *element = xml_element_of(elements, COUNT_OF(elements), ns, name);
    if (element != NULL && element->end != NULL)
        element->end(xml);
}

static void on_text(struct xml *xml, struct str text)
{
    struct odt *r = xml_arg(xml);
    char piece[512];

    if (r->skip > 0 || r->live == 0 || word_para_top(r->word) == NULL)
        return;
    /* Line ends of the file are blanks: a line break is an element. */
    for (size_t at = 0; at < text.n;) {
        size_t n = 0;
        for (; n < sizeof piece && at < text.n; at++)
            piece[n++] = text.p[at] == '\n' || text.p[at] == '\r' ? ' ' : text.p[at];
        word_put_text(r->word, (struct str){piece, n});
    }
}

static const struct xml_handler handler = {on_start, on_end, on_text};

static void begin(struct odt *r, enum part part)
{
    struct word *word = r->word;
    const struct odt_styles *styles = r->styles;

    *r = (struct odt){.word = word, .styles = styles, .part = part};
    word_reset(word, part == PART_BODY ? TARGET_BODY : TARGET_FURNITURE);
}

static int read_furniture(const struct odf *odf, struct odt *r, enum part part)
{
    begin(r, part);
    TRY(odf_optional(odf, "styles.xml", odf->styles, &handler, r));
    word_part_end(r->word);
    return 0;
}

int odt_parts_read(const struct odf *odf)
{
    struct flow *flow = odf->flow;
    struct odt *r = ARENA_NEW(flow->cx->mem, struct odt);
    struct odt_styles styles;

    r->word = ARENA_NEW(flow->cx->mem, struct word);
    TRY(odt_styles_read(odf, &styles));
    r->styles = &styles;
    r->word->flow = flow;
    r->word->styles = styles.word;
    TRY(odf_properties(odf));
    TRY(read_furniture(odf, r, PART_HEADERS));
    begin(r, PART_BODY);
    size_t first = flow->block_count;
    TRY(xml_read(flow->cx, STR("content.xml"), odf->content, &handler, r));
    word_body_end(r->word, first);
    word_part_end(r->word);
    return read_furniture(odf, r, PART_FOOTERS);
}
