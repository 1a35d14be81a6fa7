/* What the columns of a list of controls are called, and what its cells decide. */
#include "judge/list_parts.h"

#define HEADING_BYTES 90u /* a longer cell is no heading */
#define CELL_BYTES 300u   /* of a cell that are looked at */
#define SAID_BYTES 20u    /* a longer yes or no gives its reason too */
#define PARSED 700u       /* thousandths of cells that say yes or no: a column that decides */
#define PARSED_LEAST 300u /* fewer: its heading misleads */

/* Tokens of a cell, and of its heading below the one above it. */
struct span_of {
    uint32_t from, to;
};

struct decider {
    struct ctx *cx;
    const struct signals *signals;
    const struct reading *r;
    struct list *list;
    struct list_columns *columns;
    struct tokens *tokens;
    struct hits hits;
    struct span_of **cells; /* by row and its cell */
    struct span_of **below;
};

/* ---- words ---- */

static bool has(const struct decider *d, struct span_of span, uint32_t pattern)
{
    return span.to > span.from && hits_have(&d->hits, pattern, span.from, span.to);
}

static int word_in(const struct decider *d, struct span_of span, const struct list_word *words,
                   size_t n, int otherwise)
{
    for (size_t i = 0; i < n; i++)
        if (has(d, span, words[i].pattern))
            return words[i].is;
    return otherwise;
}

static struct span_of tokenise(struct decider *d, struct str text)
{
    struct span_of span = {.from = (uint32_t)d->tokens->n};

    if (text.n > 0)
        tokens_add(d->tokens, d->signals->language, patterns_vocabulary(d->signals->patterns),
                   str_cut(d->cx->mem, text, CELL_BYTES), false, 0);
    span.to = (uint32_t)d->tokens->n;
    return span;
}

/* ---- headings ---- */

static bool may_be_heading(const struct list_row *row)
{
    if (row->is_control || row->block->cell_count < 2)
        return false;
    for (size_t c = 0; c < row->block->cell_count; c++)
        if (row->block->cells[c].text.n > HEADING_BYTES)
            return false;
    return true;
}

/* The row above, where it is another row of headings right above this one. */
static const struct block *row_above(const struct list *list, size_t i)
{
    const struct block *above, *row = list->rows[i].block;

    if (i == 0 || !may_be_heading(&list->rows[i - 1]))
        return NULL;
    above = list->rows[i - 1].block;
    return row->place.row == 0 || above->place.row + 1 == row->place.row ? above : NULL;
}

/* The heading above a column: its own, or that of the group which began before it. */
static struct str heading_above(const struct block *above, uint16_t column)
{
    struct str text = STR_NONE;

    for (size_t c = 0; above != NULL && c < above->cell_count; c++)
        if (above->cells[c].column <= column)
            text = above->cells[c].text;
    return text;
}

/* Tokens of all cells; under a row of headings those of both together. */
static void tokenise_rows(struct decider *d)
{
    struct arena *mem = d->cx->mem;

    d->cells = arena_array(mem, d->list->n + 1, sizeof *d->cells);
    d->below = arena_array(mem, d->list->n + 1, sizeof *d->below);
    for (size_t i = 0; i < d->list->n; i++) {
        const struct block *row = d->list->rows[i].block, *above;
        bool heading = may_be_heading(&d->list->rows[i]);

        above = heading ? row_above(d->list, i) : NULL;
        d->cells[i] = arena_array(mem, row->cell_count + 1, sizeof **d->cells);
        d->below[i] = arena_array(mem, row->cell_count + 1, sizeof **d->below);
        for (size_t c = 0; c < row->cell_count; c++) {
            struct str over = heading_above(above, row->cells[c].column);
            d->cells[i][c] = tokenise(d, row->cells[c].text);
            if (over.n > 0)
                d->below[i][c] = tokenise(
                    d, str_printf(mem, "%.*s %.*s", STR_ARG(over), STR_ARG(row->cells[c].text)));
        }
    }
    tokens_classify(d->tokens, d->signals->language, 0);
    patterns_find(d->signals->patterns, d->tokens, NULL, &d->hits);
}

static enum list_column column_in(const struct decider *d, struct span_of span)
{
    const struct list_words *w = &d->signals->lists;

    return (enum list_column)word_in(d, span, w->columns, w->column_n, COLUMN_NONE);
}

static enum list_column heading_of(const struct decider *d, size_t row, size_t cell)
{
    enum list_column both = column_in(d, d->below[row][cell]);
    enum list_column alone = column_in(d, d->cells[row][cell]);

    if (both == COLUMN_NONE || (both == COLUMN_CONTROL && alone != COLUMN_NONE))
        return alone;
    return both;
}

static bool is_key(const struct list *list, uint16_t column)
{
    return column == list->number || column == list->title;
}

/* What a row of headings makes of the columns; gives how many it knows. */
static size_t read_headings(const struct decider *d, size_t i, struct list_columns *ret)
{
    const struct block *row = d->list->rows[i].block, *above = row_above(d->list, i);
    size_t n = 0;

    *ret = (struct list_columns){.known = true};
    for (int pass = 0; pass < 2; pass++) {
        const struct block *from = pass == 0 ? above : row;
        for (size_t c = 0; from != NULL && c < from->cell_count; c++) {
            uint16_t column = from->cells[c].column;
            enum list_column is =
                pass == 0 ? column_in(d, d->cells[i - 1][c]) : heading_of(d, i, c);

            if (column >= LIST_COLUMNS || is_key(d->list, column) || is == COLUMN_CONTROL)
                continue;
            if (pass == 1 || ret->of[column] == COLUMN_NONE) {
                ret->of[column] = is;
                ret->heading[column] = from->cells[c].text;
            }
        }
    }
    for (size_t c = 0; c < LIST_COLUMNS; c++)
        n += ret->of[c] != COLUMN_NONE && ret->of[c] != COLUMN_REMARK;
    return n;
}

/* Whether the cells over numbers and titles are called so, or say nothing. */
static bool heads_keys(const struct decider *d, size_t i)
{
    const struct block *row = d->list->rows[i].block;

    for (size_t c = 0; c < row->cell_count; c++)
        if (is_key(d->list, row->cells[c].column) && d->cells[i][c].to > d->cells[i][c].from &&
            column_in(d, d->cells[i][c]) != COLUMN_CONTROL &&
            column_in(d, d->below[i][c]) != COLUMN_CONTROL)
            return false;
    return true;
}

/* The row of headings before the first control; the one that says most, the last of equals. */
static void first_headings(struct decider *d)
{
    struct list_columns found;
    size_t best = 0, n;

    for (size_t i = 0; i < d->list->n && !d->list->rows[i].is_control; i++) {
        if (!may_be_heading(&d->list->rows[i]))
            continue;
        n = read_headings(d, i, &found);
        if (n > 0 && n >= best) {
            best = n;
            *d->columns = found;
        }
    }
    if (best == 0 && d->columns->known) /* goes on without headings */
        return;
    d->columns->known = true;
}

/* ---- what cells say ---- */

/* 1 yes, 0 no, -1 neither. */
static int answer_in(const struct decider *d, struct str text, struct span_of span)
{
    const struct list_words *w = &d->signals->lists;
    struct str low = str_lower(d->cx->mem, str_trim(text));

    for (int yes = 0; yes < 2; yes++)
        if (dict_has(w->marks[yes], low))
            return yes;
    return word_in(d, span, w->applicable, w->applicable_n, -1);
}

static bool is_mark(const struct decider *d, struct str text)
{
    return dict_has(d->signals->lists.marks[1], str_lower(d->cx->mem, str_trim(text)));
}

static bool is_blank(const struct decider *d, struct str text)
{
    return reading_cell_empty(d->signals->language, d->cx->mem, text);
}

static enum line_status status_in(const struct decider *d, struct span_of span)
{
    const struct list_words *w = &d->signals->lists;

    return (enum line_status)word_in(d, span, w->status, w->status_n, LINE_UNKNOWN);
}

/* Thousandths of the filled cells of a column that say yes or no, or a status. */
static size_t parsed(const struct decider *d, uint16_t column, enum list_column as)
{
    size_t filled = 0, n = 0;

    for (size_t i = 0; i < d->list->n; i++) {
        const struct block *row = d->list->rows[i].block;
        for (size_t c = 0; d->list->rows[i].is_control && c < row->cell_count; c++) {
            struct str text = row->cells[c].text;
            if (row->cells[c].column != column || text.n == 0)
                continue;
            filled++;
            if (as == COLUMN_STATUS)
                n += is_blank(d, text) || status_in(d, d->cells[i][c]) != LINE_UNKNOWN;
            else
                n += answer_in(d, text, d->cells[i][c]) >= 0;
        }
    }
    return filled > 0 ? n * 1000 / filled : 0;
}

static bool is_decision(enum list_column is)
{
    return is == COLUMN_APPLICABLE || is == COLUMN_INCLUDED || is == COLUMN_EXCLUDED;
}

static bool has_column(const struct list_columns *columns, enum list_column is)
{
    for (size_t c = 0; c < LIST_COLUMNS; c++)
        if (columns->of[c] == is || (is == COLUMN_APPLICABLE && is_decision(columns->of[c])))
            return true;
    return false;
}

static bool filled_column(const struct decider *d, uint16_t column)
{
    for (size_t i = 0; i < d->list->n; i++)
        if (d->list->rows[i].is_control && list_cell(d->list->rows[i].block, column).n > 0)
            return true;
    return false;
}

/* Headings mislead, or say nothing: then the cells tell. */
static void check_columns(struct decider *d, enum list_column as)
{
    struct list_columns *columns = d->columns;

    for (uint16_t c = 0; c < LIST_COLUMNS; c++)
        if (columns->of[c] == as && filled_column(d, c) && parsed(d, c, as) < PARSED_LEAST)
            columns->of[c] = COLUMN_REMARK;
    for (uint16_t c = 0; c < LIST_COLUMNS && !has_column(columns, as); c++)
        if ((columns->of[c] == COLUMN_NONE || columns->of[c] == COLUMN_REMARK) &&
            !is_key(d->list, c) && parsed(d, c, as) >= PARSED)
            columns->of[c] = as;
}

/* Without any headings whatever else stands in a line may be its reason. */
static void take_rest(struct decider *d)
{
    struct list_columns *columns = d->columns;

    for (uint16_t c = 0; c < LIST_COLUMNS; c++)
        if (columns->heading[c].n > 0)
            return;
    for (uint16_t c = 0; c < LIST_COLUMNS; c++)
        if (columns->of[c] == COLUMN_NONE && !is_key(d->list, c))
            columns->of[c] = COLUMN_REMARK;
}

/* ---- lines ---- */

struct reasons {
    struct str in, out, any, ground, remark;
};

static void append(struct decider *d, struct str *to, struct str text)
{
    if (is_blank(d, text))
        return;
    *to = to->n == 0 ? text : str_printf(d->cx->mem, "%.*s; %.*s", STR_ARG(*to), STR_ARG(text));
}

/* A column that is marked where the control applies, or where it does not. */
static void take_mark(struct decider *d, struct control_line *line, struct str text, int answer,
                      bool includes, struct str *reason)
{
    if (answer != 0 && !is_blank(d, text)) {
        line->applicable = includes;
        line->said = text;
        if (answer < 0)
            append(d, reason, text);
    } else if (answer == 0 && line->applicable < 0 && includes) {
        line->applicable = 0;
        line->said = text;
    }
}

/* Of a marked cell its heading is the reason. */
static struct str ground(const struct decider *d, const struct cell *cell)
{
    return is_mark(d, cell->text) ? d->columns->heading[cell->column] : cell->text;
}

static void take_cell(struct decider *d, struct control_line *line, size_t row, size_t cell,
                      struct reasons *why)
{
    const struct cell *at = &d->list->rows[row].block->cells[cell];
    struct str text = at->text;
    struct span_of span = d->cells[row][cell];
    int answer = answer_in(d, text, span);

    if (at->column >= LIST_COLUMNS || text.n == 0)
        return;
    switch (d->columns->of[at->column]) {
    case COLUMN_APPLICABLE:
        line->applicable = answer;
        line->said = text;
        break;
    case COLUMN_INCLUDED:
        take_mark(d, line, text, answer, true, &why->in);
        break;
    case COLUMN_EXCLUDED:
        take_mark(d, line, text, answer, false, &why->out);
        break;
    case COLUMN_REASON:
        append(d, &why->any, ground(d, at));
        break;
    case COLUMN_REASON_IN:
        append(d, &why->in, ground(d, at));
        break;
    case COLUMN_REASON_OUT:
        append(d, &why->out, ground(d, at));
        break;
    case COLUMN_GROUND:
        if (answer != 0)
            append(d, &why->ground, ground(d, at));
        break;
    case COLUMN_STATUS:
        line->status = status_in(d, span);
        line->status_said = is_blank(d, text) ? STR_NONE : text;
        if (line->status == LINE_UNKNOWN && answer == 0 && line->applicable < 0) {
            line->applicable = 0;
            line->said = text;
        }
        break;
    case COLUMN_REFERENCE:
        append(d, &line->reference, text);
        break;
    case COLUMN_OWNER:
        append(d, &line->owner, text);
        break;
    case COLUMN_REMARK:
        append(d, &why->remark, text);
        break;
    case COLUMN_CONTROL:
    case COLUMN_NONE:
        break;
    }
}

/* Where no column decides, a reason or a status does. */
static void infer(const struct decider *d, struct control_line *line, const struct reasons *why)
{
    if (line->applicable >= 0 || has_column(d->columns, COLUMN_APPLICABLE))
        return;
    if (why->in.n > 0 || line->status != LINE_UNKNOWN)
        line->applicable = 1;
    else if (why->out.n > 0)
        line->applicable = 0;
}

static bool reasons_known(const struct list_columns *columns)
{
    return has_column(columns, COLUMN_REASON) || has_column(columns, COLUMN_REASON_IN) ||
           has_column(columns, COLUMN_GROUND);
}

/* The reason that fits the decision, wherever it was written. */
static void choose_reason(struct decider *d, struct control_line *line, const struct reasons *why)
{
    struct str remark =
        line->applicable == 0 || !reasons_known(d->columns) ? why->remark : STR_NONE;
    struct str said = line->said.n > SAID_BYTES ? line->said : STR_NONE;
    const struct str in[] = {why->in, why->any, why->ground, said, remark};
    const struct str out[] = {why->out, why->any, said, remark, why->in};
    const struct str *of = line->applicable == 0 ? out : in;

    for (size_t i = 0; i < COUNT_OF(in) && line->reason.n == 0; i++)
        line->reason = of[i];
}

/* A reason that gives none is weak. All are looked at together, each a sentence of its own: to look
 * for all patterns once a line would cost more than all else. */
static void weigh_reasons(struct decider *d, struct control_line *lines, size_t n)
{
    struct span_of *spans = arena_array(d->cx->mem, n + 1, sizeof *spans);

    d->tokens = tokens_new(d->tokens->mem);
    for (size_t i = 0; i < n; i++)
        spans[i] = tokenise(d, lines[i].reason);
    patterns_find(d->signals->patterns, d->tokens, NULL, &d->hits);
    for (size_t i = 0; i < n; i++) {
        const struct pattern_list *weak = &d->signals->lists.weak[lines[i].applicable != 0];

        lines[i].weak = lines[i].reason.n == 0;
        for (size_t k = 0; k < weak->n && !lines[i].weak; k++)
            lines[i].weak = has(d, spans[i], weak->items[k]);
    }
}

static void take_row(struct decider *d, size_t i, struct control_lines *ret)
{
    struct list_row *row = &d->list->rows[i];
    struct control_line *line = &row->line;
    struct reasons why = {0};

    for (size_t c = 0; c < row->block->cell_count; c++)
        take_cell(d, line, i, c, &why);
    infer(d, line, &why);
    choose_reason(d, line, &why);
    line->decides = has_column(d->columns, COLUMN_APPLICABLE) ||
                    has_column(d->columns, COLUMN_STATUS) || reasons_known(d->columns) ||
                    has_column(d->columns, COLUMN_REASON_OUT);
    *ARENA_PUSH(d->cx->mem, ret->items, ret->n, ret->room) = *line;
}

/* A control of their own: a row like those of controls, under another name. */
static bool is_own(struct decider *d, size_t i)
{
    const struct list_row *row = &d->list->rows[i];

    if (row->block->cell_count < 3 || row->line.title.n == 0)
        return false;
    for (size_t c = 0; c < row->block->cell_count; c++) {
        uint16_t column = row->block->cells[c].column;
        if (column < LIST_COLUMNS && d->columns->of[column] == COLUMN_APPLICABLE &&
            answer_in(d, row->block->cells[c].text, d->cells[i][c]) >= 0)
            return true;
    }
    return false;
}

static bool same_text(const struct list_columns *columns, const struct block *row)
{
    size_t same = 0;

    for (size_t c = 0; c < row->cell_count; c++)
        same += row->cells[c].column < LIST_COLUMNS &&
                str_eq(columns->heading[row->cells[c].column], row->cells[c].text);
    return same >= 2;
}

/* What is no evidence does not count; but a control taken for a row of headings is none. */
static bool counts(const struct reading *r, const struct list_row *row)
{
    const struct passage *p = &r->passages[row->passage];

    return p->evidence || row->made ||
           (row->is_control && r->tables[p->table].header == row->passage);
}

void list_decide(struct ctx *cx, const struct signals *signals, const struct reading *reading,
                 struct list *list, struct list_columns *columns, struct control_lines *ret)
{
    /* Tokens of all cells once more, and what matches in them, are large and go with the work. */
    CLEANUP(arena_freep) struct arena *words = arena_new(0);
    struct decider d = {.cx = cx,
                        .signals = signals,
                        .r = reading,
                        .list = list,
                        .columns = columns,
                        .tokens = tokens_new(words)};
    size_t before = ret->n;
    bool begun = false;

    tokenise_rows(&d);
    first_headings(&d);
    check_columns(&d, COLUMN_APPLICABLE);
    check_columns(&d, COLUMN_STATUS);
    take_rest(&d);
    for (size_t i = 0; i < list->n; i++) {
        struct list_columns again;

        if (!counts(reading, &list->rows[i]))
            continue;
        begun = begun || list->rows[i].is_control;
        if (list->rows[i].is_control) {
            take_row(&d, i, ret);
        } else if (begun && may_be_heading(&list->rows[i]) &&
                   !same_text(columns, list->rows[i].block)) {
            if (heads_keys(&d, i) && read_headings(&d, i, &again) >= 2)
                *columns = again;
            else if (is_own(&d, i))
                take_row(&d, i, ret);
        }
    }
    if (ret->n > before)
        weigh_reasons(&d, ret->items + before, ret->n - before);
}
