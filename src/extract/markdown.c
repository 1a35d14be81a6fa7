/* Markdown as GitHub writes it, by md4c, and what people write in its name. */
#include <md4c.h>

#include "extract/internal.h"

#define DEEPEST_LIST 64u
#define DEEPEST_QUOTE 32u /* further marks are left out: md4c's time grows with their square */
#define TITLE_BYTES 100u

struct list {
    bool ordered;
    unsigned items;
    size_t first_block; /* of the flow, when the list began */
};

struct md {
    struct flow *flow;
    struct para para;
    struct str text; /* what md4c reads */
    uint32_t first_line;
    uint32_t *starts; /* of lines in `text` */
    size_t line_count;
    struct list lists[DEEPEST_LIST];
    unsigned list_depth; /* may pass DEEPEST_LIST */
    unsigned quote_depth, strong, struck, image, link;
    bool tag_strong, tag_struck;    /* the same by tags of HTML, to the end of the block at most */
    size_t first;                   /* offset of the block's first text, SIZE_MAX before it */
    struct buf code;                /* a code block, or a run of HTML blocks */
    uint32_t code_line, code_lines; /* first line, and line ends so far */
    bool in_code, in_html;
    struct buf cell;
    unsigned column, columns, row_cells;
    size_t row_from; /* offset just behind the row's last filled cell */
    unsigned row_column;
    bool row_header, row_struck, row_plain;
    uint32_t row_line;
    char task; /* mark of a task item whose text has not come yet */
};

static void index_lines(struct md *md)
{
    size_t room = 0;

    *ARENA_PUSH(md->flow->cx->mem, md->starts, md->line_count, room) = 0;
    for (size_t at = 0; (at = str_find_char(md->text, '\n', at)) != SIZE_MAX;)
        *ARENA_PUSH(md->flow->cx->mem, md->starts, md->line_count, room) = (uint32_t)++at;
}

/* The file's line that offset `at` is on. */
static uint32_t line_of(const struct md *md, size_t at)
{
    size_t low = 0, high = md->line_count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (md->starts[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return md->first_line + (uint32_t)low;
}

/* md4c hands out pieces of the text itself, and constants for breaks. */
static size_t offset_of(const struct md *md, const char *p)
{
    uintptr_t at = (uintptr_t)p, base = (uintptr_t)md->text.p;

    return at >= base && at < base + md->text.n ? (size_t)(at - base) : SIZE_MAX;
}

static struct str source_line(const struct md *md, size_t at)
{
    size_t start = at, end = str_find_char(md->text, '\n', at);

    while (start > 0 && md->text.p[start - 1] != '\n')
        start--;
    return str_sub(md->text, start, (end == SIZE_MAX ? md->text.n : end) - start);
}

static void flush_html(struct md *md)
{
    if (md->code.n == 0 || md->in_code)
        return;
    html_read_piece(md->flow, str_copy(md->flow->cx->mem, buf_str(&md->code)), md->code_line);
    md->code.n = 0;
}

/* Level of an item whose mark Markdown does not know, such as "a.", by its indentation. */
static unsigned typed_level(const struct md *md)
{
    struct str line;
    unsigned blanks = 0;

    if (md->first == SIZE_MAX)
        return 1;
    line = source_line(md, md->first);
    while (blanks < line.n && line.p[blanks] == ' ')
        blanks++;
    return 1 + blanks / 4;
}

static void flush_para(struct md *md)
{
    if (md->list_depth > 0)
        para_flush(&md->para, PARA_ITEM, md->list_depth);
    else
        para_flush(&md->para, md->quote_depth > 0 ? PARA_PLAIN : PARA_TOP, typed_level(md));
}

/* What the line below the heading's text is made of. */
static char underline_sign(const struct md *md)
{
    size_t at = md->first;

    for (size_t i = 0; i < md->para.line_count && at != SIZE_MAX; i++) {
        at = str_find_char(md->text, '\n', at);
        at += at != SIZE_MAX;
    }
    while (at < md->text.n && strchr(" >", md->text.p[at]) != NULL)
        at++;
    return at < md->text.n ? md->text.p[at] : '\0';
}

/* A text with a line of dashes right below it counts as a heading for Markdown, and is one for
 * people only where it could be a title. */
static bool is_accident(const struct md *md, unsigned level)
{
    struct str text = str_trim(buf_str(&md->para.text)), line;

    if (text.n == 0 || md->first == SIZE_MAX)
        return false;
    line = str_trim(source_line(md, md->first));
    while (str_starts(line, STR(">")))
        line = str_trim(str_from(line, 1));
    if (str_starts(line, STR("#")))
        return flow_is_clause(level, text);
    if (underline_sign(md) == '=')
        return false;
    return text.n > TITLE_BYTES || strchr(".;,", text.p[text.n - 1]) != NULL ||
           md->para.line_count > 1;
}

static void leave_heading(struct md *md, unsigned level)
{
    if (is_accident(md, level))
        flush_para(md);
    else
        para_flush(&md->para, PARA_HEADING, level);
}

static void enter_list(struct md *md, bool ordered)
{
    flush_para(md); /* the text of the item around it, in a tight list */
    if (md->list_depth < DEEPEST_LIST)
        md->lists[md->list_depth] =
            (struct list){.ordered = ordered, .first_block = md->flow->block_count};
    md->list_depth++;
}

/* "1. Purpose" with a paragraph after it is a list of one for Markdown, and a heading. */
static void leave_list(struct md *md)
{
    const struct list *list;

    md->list_depth--;
    if (md->list_depth >= DEEPEST_LIST)
        return;
    list = &md->lists[md->list_depth];
    if (md->list_depth > 0 || md->quote_depth > 0 || !list->ordered || list->items != 1 ||
        md->flow->block_count != list->first_block + 1)
        return;
    flow_lone_item(md->flow, list->first_block);
}

static void enter_item(struct md *md, const MD_BLOCK_LI_DETAIL *item)
{
    if (md->list_depth <= DEEPEST_LIST && md->list_depth > 0)
        md->lists[md->list_depth - 1].items++;
    md->task = item->is_task ? item->task_mark : '\0';
}

static void enter_row(struct md *md)
{
    md->column = md->row_column = md->row_cells = 0;
    md->row_from = SIZE_MAX;
    md->row_line = 0;
    md->row_struck = md->row_plain = false;
}

/* Cells beyond the columns of the header are dropped by md4c; people still wrote them. */
static void add_surplus(struct md *md)
{
    size_t end;
    struct str rest, cell;

    if (md->row_from == SIZE_MAX || md->column < md->columns)
        return;
    end = str_find_char(md->text, '\n', md->row_from);
    rest = str_sub(md->text, md->row_from, (end == SIZE_MAX ? md->text.n : end) - md->row_from);
    for (unsigned i = 0; str_split(&rest, '|', &cell); i++)
        if (i > 0 && md->row_column + i >= md->columns)
            flow_cell(md->flow, md->row_column + i, cell);
}

static void leave_row(struct md *md)
{
    bool before = md->flow->struck;

    add_surplus(md);
    if (md->row_line != 0)
        md->flow->place.line = md->row_line;
    md->flow->struck = md->row_struck && !md->row_plain;
    flow_row(md->flow, md->row_header);
    md->flow->struck = before;
}

static void leave_cell(struct md *md)
{
    flow_cell(md->flow, md->column++, buf_str(&md->cell));
    md->cell.n = 0;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
    struct md *md = arg;

    if (type != MD_BLOCK_HTML)
        flush_html(md);
    md->first = SIZE_MAX;
    md->tag_strong = md->tag_struck = false;
    switch (type) {
    case MD_BLOCK_QUOTE:
        flush_para(md);
        md->quote_depth++;
        break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        enter_list(md, type == MD_BLOCK_OL);
        break;
    case MD_BLOCK_LI:
        enter_item(md, detail);
        break;
    case MD_BLOCK_TABLE:
        flush_para(md);
        md->columns = ((const MD_BLOCK_TABLE_DETAIL *)detail)->col_count;
        flow_table(md->flow);
        break;
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
        md->row_header = type == MD_BLOCK_THEAD;
        break;
    case MD_BLOCK_TR:
        enter_row(md);
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        md->cell.n = 0;
        break;
    case MD_BLOCK_HTML:
        flush_para(md);
        md->in_html = true;
        break;
    case MD_BLOCK_CODE:
        flush_para(md);
        md->in_code = true;
        break;
    default:
        flush_para(md);
        break;
    }
    return flow_full(md->flow) ? 1 : 0;
}

static void leave_code(struct md *md)
{
    if (md->code.n > 0)
        md->flow->place.line = md->code_line;
    flow_code(md->flow, buf_str(&md->code));
    md->code.n = 0;
    md->in_code = false;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
    struct md *md = arg;

    if (type != MD_BLOCK_HTML)
        flush_html(md);
    switch (type) {
    case MD_BLOCK_QUOTE:
        flush_para(md);
        md->quote_depth--;
        break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        leave_list(md);
        break;
    case MD_BLOCK_H:
        leave_heading(md, ((const MD_BLOCK_H_DETAIL *)detail)->level);
        break;
    case MD_BLOCK_TR:
        leave_row(md);
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        leave_cell(md);
        break;
    case MD_BLOCK_TABLE:
        flow_table_end(md->flow);
        break;
    case MD_BLOCK_HTML:
        md->in_html = false;
        break;
    case MD_BLOCK_CODE:
        leave_code(md);
        break;
    case MD_BLOCK_LI:
        md->task = '\0';
        flush_para(md);
        break;
    case MD_BLOCK_P:
        flush_para(md);
        break;
    default:
        break;
    }
    return flow_full(md->flow) ? 1 : 0;
}

static void count_span(struct md *md, MD_SPANTYPE type, int by)
{
    if (type == MD_SPAN_STRONG)
        md->strong += (unsigned)by;
    else if (type == MD_SPAN_DEL)
        md->struck += (unsigned)by;
    else if (type == MD_SPAN_IMG)
        md->image += (unsigned)by;
}

/* Links to other documents, of which an index is made. */
static void count_link(struct md *md, MD_SPANTYPE type, const void *detail, int by)
{
    const MD_SPAN_A_DETAIL *a = detail;

    if (type != MD_SPAN_A || !flow_is_link((struct str){a->href.text, a->href.size}))
        return;
    md->link += (unsigned)by;
    flow_links(md->flow, by > 0, 0, false);
}

static int enter_span(MD_SPANTYPE type, void *detail, void *arg)
{
    count_link(arg, type, detail, 1);
    count_span(arg, type, 1);
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *arg)
{
    count_link(arg, type, detail, -1);
    count_span(arg, type, -1);
    return 0;
}

/* Text of a code block or of HTML blocks, as it stands in the file. */
static void add_raw(struct md *md, struct str s, size_t at)
{
    if (at != SIZE_MAX) {
        uint32_t line = line_of(md, at);
        if (md->code.n == 0) {
            md->code_line = line;
            md->code_lines = 0;
        }
        for (; md->code_line + md->code_lines < line; md->code_lines++)
            buf_char(&md->code, '\n');
    }
    for (size_t i = 0; i < s.n; i++)
        md->code_lines += s.p[i] == '\n';
    buf_add(&md->code, s);
}

static bool in_table(const struct md *md)
{
    return md->flow->table != 0;
}

static void add_to_cell(struct md *md, struct str s, size_t at)
{
    if (at != SIZE_MAX) {
        if (md->row_line == 0)
            md->row_line = line_of(md, at);
        md->row_from = at + s.n;
        md->row_column = md->column;
    }
    if (str_trim(s).n > 0) {
        md->row_struck |= md->struck > 0;
        md->row_plain |= md->struck == 0;
    }
    buf_add(&md->cell, s);
}

static void add_text(struct md *md, struct str s, size_t at)
{
    if (in_table(md)) {
        add_to_cell(md, s, at);
        return;
    }
    if (md->task != '\0') {
        para_text(&md->para, md->task == ' ' ? STR("[ ] ") : STR("[x] "), 0, false, false);
        md->task = '\0';
    }
    if (md->first == SIZE_MAX)
        md->first = at;
    para_text(&md->para, s, at == SIZE_MAX ? 0 : line_of(md, at), md->strong > 0 || md->tag_strong,
              md->struck > 0 || md->tag_struck);
    flow_links(md->flow, 0, str_trim(s).n, md->link > 0);
}

static void add_break(struct md *md, bool hard)
{
    if (in_table(md))
        buf_char(&md->cell, ' ');
    else
        para_break(&md->para, hard);
}

static bool is_break_tag(struct str tag)
{
    return str_is_nocase(str_sub(tag, 0, 3), "<br") &&
           (tag.n == 4 || tag.p[3] == ' ' || tag.p[3] == '/');
}

static void add_tag(struct md *md, struct str tag, size_t at)
{
    struct str rest = at == SIZE_MAX ? STR_NONE : str_from(md->text, at + tag.n);

    if (is_break_tag(tag))
        add_break(md, true);
    else if (str_is_nocase(tag, "<b>") || str_is_nocase(tag, "<strong>"))
        md->tag_strong = true;
    else if (str_is_nocase(tag, "</b>") || str_is_nocase(tag, "</strong>"))
        md->tag_strong = false;
    else if (str_is_nocase(tag, "<del>") || str_is_nocase(tag, "<s>"))
        md->tag_struck = true;
    else if (str_is_nocase(tag, "</del>") || str_is_nocase(tag, "</s>"))
        md->tag_struck = false;
    else if (html_is_placeholder(tag, rest))
        add_text(md, tag, at);
}

static int add_piece(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE size, void *arg)
{
    struct md *md = arg;
    struct str s = {p, size};
    size_t at = offset_of(md, p);
    char entity[4];

    if (md->in_code || md->in_html) {
        add_raw(md, s, at);
        return 0;
    }
    if (md->image > 0)
        return 0;
    switch (type) {
    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR:
        add_break(md, type == MD_TEXT_BR);
        break;
    case MD_TEXT_HTML:
        add_tag(md, s, at);
        break;
    case MD_TEXT_ENTITY: {
        uint32_t code = html_entity(s);
        if (code != 0)
            s = (struct str){entity, utf8_put(code, entity)};
        add_text(md, s, at);
        break;
    }
    case MD_TEXT_NULLCHAR:
        break;
    default:
        add_text(md, s, at);
        break;
    }
    return 0;
}

/* A copy that md4c can read at once: no quote in it is deeper than DEEPEST_QUOTE, and it ends in
 * NUL, since md4c looks for line ends with strcspn(). */
static struct str bounded_copy(struct arena *mem, struct str text)
{
    char *p = str_z(mem, text);
    unsigned depth = 0;

    for (size_t i = 0; i < text.n; i++) {
        if (p[i] == '>' && ++depth > DEEPEST_QUOTE)
            p[i] = ' ';
        else if (p[i] != '>' && p[i] != ' ' && p[i] != '\t')
            depth = 0;
    }
    return (struct str){p, text.n};
}

int markdown_read(struct flow *flow, struct str text)
{
    static const MD_PARSER parser = {
        .flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS |
                 MD_FLAG_PERMISSIVEATXHEADERS | MD_FLAG_NOINDENTEDCODEBLOCKS,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = add_piece,
    };
    struct md *md = ARENA_NEW(flow->cx->mem, struct md);

    md->flow = flow;
    md->code = md->cell = buf_new(flow->cx->mem);
    md->first = md->row_from = SIZE_MAX;
    para_init(&md->para, flow);
    front_matter_read(flow, text, &md->text, &md->first_line);
    md->text = bounded_copy(flow->cx->mem, dashes_read(flow->cx->mem, md->text));
    index_lines(md);
    if (md_parse(md->text.p, (MD_SIZE)md->text.n, &parser, md) < 0)
        return fail(flow->cx, RC_FAIL, NULL, _("The Markdown could not be read."));
    flush_html(md);
    return 0;
}
