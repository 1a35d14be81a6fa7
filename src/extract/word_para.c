#include "extract/word.h"

#define BOLD_HEADING 7u
#define BOX_PARAS 10000u
#define NOTES 100000u

struct word_para *word_para_top(struct word *r)
{
    return r->para_count > 0 ? &r->paras[r->para_count - 1] : NULL;
}

static enum word_switch look_of(enum word_switch run, enum word_switch style, enum word_switch para)
{
    return run != WORD_UNSET ? run : style != WORD_UNSET ? style : para;
}

static struct word_look effective(const struct word_para *p)
{
    static const struct word_style plain = {.num_id = -1};
    const struct word_look a = (p->run_style != NULL ? p->run_style : &plain)->look;
    const struct word_look b = (p->style != NULL ? p->style : &plain)->look;

    return (struct word_look){look_of(p->run.bold, a.bold, b.bold),
                              look_of(p->run.strike, a.strike, b.strike),
                              look_of(p->run.hidden, a.hidden, b.hidden)};
}

bool word_in_instruction(const struct word *r)
{
    for (size_t i = 0; i < r->field_count; i++)
        if (r->fields[i].instruction)
            return true;
    return false;
}

static bool in_toc(const struct word *r)
{
    for (size_t i = 0; i < r->field_count; i++)
        if (r->fields[i].toc)
            return true;
    for (size_t i = 0; i < r->holder_count; i++)
        if (r->holders[i].toc)
            return true;
    return false;
}

void word_put_text(struct word *r, struct str text)
{
    struct word_para *p = word_para_top(r);
    size_t shown = 0;

    if (p == NULL || text.n == 0)
        return;
    struct word_look look = effective(p);
    if (look.hidden == WORD_ON || p->text.n + text.n > EXTRACT_TEXT_BYTES)
        return;
    if (r->placeholders > 0 && p->bracket == 0) {
        buf_char(&p->text, '[');
        p->bracket = p->text.n;
    }
    buf_add(&p->text, text);
    for (size_t i = 0; i < text.n; i++)
        shown += (unsigned char)text.p[i] > ' ';
    p->seen += shown;
    p->struck += look.strike == WORD_ON ? shown : 0;
    p->bold += look.bold == WORD_ON ? shown : 0;
    if (p->page == 0 && shown > 0)
        p->page = r->page;
}

void word_bracket_close(struct word_para *p)
{
    if (p->bracket == 0)
        return;
    struct str inner = str_trim(str_from(buf_str(&p->text), p->bracket));
    if (inner.n == 0) {
        p->text.n = p->bracket - 1;
    } else if (inner.p[0] == '[' && inner.p[inner.n - 1] == ']') {
        memmove(p->text.p + p->bracket - 1, p->text.p + p->bracket, p->text.n - p->bracket);
        p->text.n--;
    } else {
        buf_char(&p->text, ']');
    }
    p->bracket = 0;
}

/* People's own heading. An item that is numbered may be one, unless it leads others in. */
static bool is_bold_heading(const struct word_para *p, bool numbered, struct str text)
{
    return p->seen > 0 && p->bold >= p->seen && str_find_char(text, '\n', 0) == SIZE_MAX &&
           text_is_title(text) && !(numbered && text.p[text.n - 1] == ':');
}

static void emit_toc(struct word *r, struct str text)
{
    size_t before = r->flow->block_count;

    flow_paragraph(r->flow, text);
    if (r->flow->block_count > before)
        r->flow->blocks[before].label = STR("toc");
}

static void emit_heading(struct word *r, unsigned level, struct str number, struct str text)
{
    flow_heading(r->flow, level,
                 number.n == 0
                     ? text
                     : str_printf(r->flow->cx->mem, "%.*s %.*s", STR_ARG(number), STR_ARG(text)));
}

/* A line by itself: perhaps an item whose bullet was typed. */
static void emit_line(struct word *r, struct str line)
{
    size_t bullet = text_bullet(line);

    if (bullet > 0)
        flow_item(r->flow, 1, str_from(line, bullet));
    else
        flow_paragraph(r->flow, line);
}

/* Lines within a paragraph or item may be label lines ("Version: 1.0"), typed items or a drawing,
 * just as in other formats. */
static void emit_lines(struct word *r, enum para_as as, unsigned level, struct str text)
{
    struct para para;
    struct str line;

    if (str_find_char(text, '\n', 0) == SIZE_MAX && as == PARA_PLAIN) {
        emit_line(r, text);
        return;
    }
    para_init(&para, r->flow);
    for (bool first = true; str_split(&text, '\n', &line); first = false) {
        if (!first)
            para_break(&para, true);
        para_text(&para, line, 0, false, false);
    }
    para_flush(&para, as, level);
}

static unsigned heading_of(const struct word_para *p)
{
    if (p->outline >= 0)
        return p->outline < 9 ? (unsigned)p->outline + 1 : 0;
    return p->style != NULL ? p->style->heading : 0;
}

/* The list it is in: its number (0 for none) and level. */
static int list_of(const struct word *r, const struct word_para *p, unsigned *ret_level)
{
    int num_id = p->num_id >= 0 ? p->num_id : p->style != NULL ? p->style->num_id : 0;

    *ret_level = 0;
    if (num_id <= 0)
        return 0;
    if (p->num_level >= 0)
        *ret_level = (unsigned)p->num_level;
    else if (p->style != NULL && p->num_id < 0)
        *ret_level = p->style->num_level >= 0
                         ? (unsigned)p->style->num_level
                         : word_level_of_style(r->styles, num_id, p->style->id);
    return num_id;
}

void word_code_out(struct word *r)
{
    if (r->code.n == 0)
        return;
    r->flow->place.line = r->code_line;
    r->flow->place.page = r->code_page;
    flow_code(r->flow, buf_str(&r->code));
    r->code.n = 0;
}

/* Programs make each line of code a paragraph. */
static void into_code(struct word *r, const struct word_para *p)
{
    if (r->code.n == 0) {
        r->code_line = p->line;
        r->code_page = p->page;
    }
    if (r->code.n <= EXTRACT_TEXT_BYTES)
        buf_add(&r->code, buf_str(&p->text));
    buf_char(&r->code, '\n');
}

static void emit_item(struct word *r, int list, unsigned level, bool numbered, struct str text)
{
    struct flow *flow = r->flow;
    size_t at = flow->block_count;
    bool follows = at > 0 && flow->blocks[at - 1].kind == BLOCK_ITEM;
    bool same = follows && (r->first_list == list || r->last_list == list);

    r->first_list = follows ? r->first_list : list;
    r->last_list = list;
    emit_lines(r, PARA_ITEM, level, text);
    if (numbered && level == 1 && !same && flow->block_count == at + 1)
        *ARENA_PUSH(flow->cx->mem, r->lone, r->lone_count, r->lone_room) = at;
}

static void emit_text(struct word *r, const struct word_para *p, struct str text)
{
    unsigned level, heading = heading_of(p);
    int list = list_of(r, p, &level);
    struct str number = list > 0 ? word_number_next(r->styles, list, level) : STR_NONE;

    if (flow_is_clause(heading, text))
        heading = 0;
    if (p->toc && heading == 0)
        emit_toc(r, text);
    else if (heading > 0)
        emit_heading(r, heading, number, text);
    else if ((list == 0 || number.n > 0) && is_bold_heading(p, list > 0, text))
        emit_heading(r, BOLD_HEADING, number, text);
    else if (list > 0)
        emit_item(r, list, level + 1, number.n > 0, text);
    else if (p->num_id != 0 && p->style != NULL && p->style->item > 0)
        emit_item(r, 0, p->style->item, false, text);
    else if (p->goes_on > 0)
        emit_item(r, r->last_list, p->goes_on, false, text);
    else
        emit_lines(r, PARA_PLAIN, 1, text);
}

static void emit_body(struct word *r, const struct word_para *p)
{
    struct str text = str_trim(buf_str(&p->text));
    struct flow *flow = r->flow;

    if (text.n == 0)
        return;
    if (p->style != NULL && p->style->code) {
        into_code(r, p);
        return;
    }
    word_code_out(r);
    flow->place.line = p->line;
    flow->place.page = p->page;
    flow->struck = p->seen > 0 && p->struck == p->seen;
    emit_text(r, p, text);
    flow->struck = false;
}

static void emit(struct word *r, const struct word_para *p)
{
    switch (r->target) {
    case TARGET_BODY:
        emit_body(r, p);
        break;
    case TARGET_FURNITURE:
        flow_furniture(r->flow, buf_str(&p->text));
        break;
    case TARGET_NOTES:
        flow_paragraph(r->flow, buf_str(&p->text));
        break;
    }
}

/* A note that stands within the text waits until the end of the document. */
static void into_notes(struct word *r, const struct word_para *p)
{
    struct arena *mem = r->flow->cx->mem;

    if (p->seen > 0 && r->noted_count < NOTES)
        *ARENA_PUSH(mem, r->noted, r->noted_count, r->noted_room) =
            str_copy(mem, buf_str(&p->text));
}

void word_boxes_out(struct word *r)
{
    size_t n = r->boxed_count;

    r->boxed_count = 0;
    for (size_t i = 0; i < n; i++)
        emit(r, &r->boxed[i]);
}

bool word_para_open(struct word *r)
{
    if (r->para_count >= WORD_NESTED_PARAS)
        return false;
    struct word_para *p = &r->paras[r->para_count++];
    struct buf text = p->text.mem != NULL ? p->text : buf_new(r->flow->cx->mem);
    text.n = 0;
    *p = (struct word_para){.text = text,
                            .style = word_style_find(r->styles, STR_NONE),
                            .outline = -1,
                            .num_id = -1,
                            .num_level = -1};
    p->line = r->target == TARGET_BODY ? ++r->line : 0;
    return true;
}

/* Into the cell of a table row, as one more line of it. */
static void into_cell(struct word *r, const struct word_para *p)
{
    if (p->text.n == 0)
        return;
    if (r->row_line == 0) {
        r->row_line = p->line;
        r->row_page = p->page;
    }
    r->row_seen += p->seen;
    r->row_struck += p->struck;
    if (r->cell.n > 0)
        buf_char(&r->cell, '\n');
    if (r->cell.n <= EXTRACT_CELL_BYTES)
        buf_add(&r->cell, buf_str(&p->text));
}

/* A paragraph of a text box waits until the paragraph that holds the box has ended. */
static void into_box(struct word *r, const struct word_para *p)
{
    if (p->text.n == 0 || r->boxed_count >= BOX_PARAS)
        return;
    struct word_para *kept = ARENA_PUSH(r->flow->cx->mem, r->boxed, r->boxed_count, r->boxed_room);
    *kept = *p;
    kept->text = buf_new(r->flow->cx->mem);
    buf_add(&kept->text, buf_str(&p->text));
}

void word_para_close(struct word *r)
{
    struct word_para *p = word_para_top(r);

    if (p == NULL)
        return;
    word_bracket_close(p);
    p->toc = (p->style != NULL && p->style->toc) || in_toc(r);
    if (p->page == 0)
        p->page = r->page;
    /* A field that never came to its result must not swallow what follows. */
    for (size_t i = 0; i < r->field_count; i++)
        r->fields[i].instruction = false;
    r->para_count--;
    if (r->notes > 0) {
        into_notes(r, p);
    } else if (r->in_cell) {
        into_cell(r, p);
    } else if (r->boxes > 0) {
        into_box(r, p);
    } else {
        emit(r, p);
        word_boxes_out(r);
    }
}

void word_reset(struct word *r, enum target target)
{
    struct flow *flow = r->flow;
    struct word_styles *styles = r->styles;
    uint32_t line = r->line;

    *r = (struct word){.flow = flow, .styles = styles, .target = target, .page = 1, .line = line};
    r->cell = buf_new(flow->cx->mem);
    r->code = buf_new(flow->cx->mem);
    flow->place = (struct place){.sheet = STR_NONE};
}

void word_part_end(struct word *r)
{
    flow_table_end(r->flow);
    word_boxes_out(r);
    r->flow->place = (struct place){.sheet = STR_NONE};
    for (size_t i = 0; i < r->noted_count; i++)
        flow_paragraph(r->flow, r->noted[i]);
    r->noted_count = 0;
}

void word_body_end(struct word *r, size_t first)
{
    struct flow *flow = r->flow;

    word_code_out(r);
    for (size_t i = first; r->page == 1 && i < flow->block_count; i++)
        flow->blocks[i].place.page = 0;
    for (size_t i = 0; i < r->lone_count; i++) {
        size_t next = r->lone[i] + 1;
        if (next >= flow->block_count || flow->blocks[next].kind != BLOCK_ITEM)
            flow_lone_item(flow, r->lone[i]);
    }
    r->lone_count = 0;
}
