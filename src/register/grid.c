/* Tables in a grid: their headings, their columns, their records. */
#include <ctype.h>
#include <string.h>

#include "register/recognise_work.h"

#define HEADER_LINES 15u /* first lines that headings are looked for in */
#define TEXT_HEADER_LINES 3u
#define HEADER_BYTES 90u /* a longer cell is no heading */
#define KNOWN 0.72       /* a heading that likens a field so much is known */
#define LADDER_CELLS 300u

struct recogniser {
    struct ctx *cx;
    struct matcher *m;
    struct register_found last; /* for tables that go on without headings */
    struct str last_sheet;
    bool has_last;
};

struct recogniser *recogniser_new(struct ctx *cx, const struct registers *registers)
{
    struct recogniser *r = ARENA_NEW(cx->mem, struct recogniser);

    r->cx = cx;
    r->m = matcher_new(cx, registers);
    return r;
}

bool field_names_control(const struct registers *registers, const struct register_field *field)
{
    const struct register_def *to;

    if (field->type != REGISTER_REFERENCE && field->type != REGISTER_REFERENCES)
        return false;
    if (str_is(field->to, REGISTER_CONTROL))
        return true;
    to = registers_find(registers, field->to);
    for (size_t i = 0; to != NULL && i < to->known_by.n; i++)
        if (str_is(to->fields[to->known_by.items[i]].to, REGISTER_CONTROL))
            return true;
    return false;
}

/* ---- lines ---- */

static struct str cell_at(const struct block *row, uint16_t column)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (row->cells[i].column == column)
            return row->cells[i].text;
    return STR_NONE;
}

static bool is_short(const struct block *row)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (row->cells[i].text.n > HEADER_BYTES)
            return false;
    return true;
}

/* Cells that are known as headings. */
static size_t recogniser_known(struct recogniser *r, const struct block *row)
{
    size_t n = 0;

    for (size_t i = 0; i < row->cell_count && i < REGISTER_COLUMNS; i++)
        if (row->cells[i].text.n <= HEADER_BYTES)
            n += matcher_heading(r->m, row->cells[i].text)->most >= KNOWN;
    return n;
}

/* How sure a line is one of headings: 3 for surely, 0 for not. */
static int headerness(struct recogniser *r, const struct block *row)
{
    size_t known, cells = row->cell_count;

    if (cells < 2 || !is_short(row))
        return 0;
    known = recogniser_known(r, row);
    if (known >= 2 && known * 2 >= cells)
        return 3;
    if (row->header && known >= 1)
        return 2;
    return (known >= 2 && known * 3 >= cells) || (known == 1 && cells == 2) ? 1 : 0;
}

static bool same_cells(const struct block *a, const struct block *b)
{
    if (a->cell_count != b->cell_count || a->cell_count == 0)
        return false;
    for (size_t i = 0; i < a->cell_count; i++)
        if (a->cells[i].column != b->cells[i].column || !str_eq(a->cells[i].text, b->cells[i].text))
            return false;
    return true;
}

static bool follows(const struct block *above, const struct block *row)
{
    return row->place.row == 0 || above->place.row + 1 == row->place.row;
}

/* ---- headings ---- */

/* The line that is most surely one of headings, of [from, to). */
static size_t best_header(struct recogniser *r, const struct register_grid *g, size_t from,
                          size_t to, int *ret_most)
{
    size_t best = SIZE_MAX;

    *ret_most = 0;
    for (size_t i = from; i < to && *ret_most < 3; i++) {
        int is = headerness(r, g->lines[i].block);
        if (is > *ret_most) {
            *ret_most = is;
            best = i;
        }
    }
    return best;
}

static bool has_digits_first(const struct block *row)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (isdigit((unsigned char)row->cells[i].text.p[0]))
            return true;
    return false;
}

/* On a sheet headings may begin anywhere; a table in a text begins with them. */
static size_t find_header(struct recogniser *r, const struct register_grid *g, size_t from)
{
    const struct block *first = g->lines[from].block;
    bool sheet = first->place.row > 0;
    size_t most = sheet ? HEADER_LINES : TEXT_HEADER_LINES;
    int is = sheet ? 0 : headerness(r, first);
    size_t best;

    if (is > 0)
        return from;
    best = best_header(r, g, from, from + most < g->n ? from + most : g->n, &is);
    if (sheet || is == 3 || first->cell_count < 2 || !is_short(first) || has_digits_first(first))
        return best;
    return from;
}

/* Cells that stand below none of the line above: right of the heading of a group, which is merged
 * over them or stands above the first of them only. */
static size_t below_none(const struct block *above, const struct block *row)
{
    size_t n = 0;

    for (size_t i = 0; i < row->cell_count; i++)
        n += row->cells[i].column > above->cells[0].column &&
             cell_at(above, row->cells[i].column).n == 0;
    return n;
}

/* Whether the line below holds the headings, and this one those of groups. */
static bool is_below(struct recogniser *r, const struct block *above, const struct block *row)
{
    size_t known, same = 0;

    /* What the format calls the headings may hold those of groups: some columns have none. */
    if (above->header && !row->header && above->cell_count >= row->cell_count)
        return false;
    if (!is_short(row) || row->cell_count < 2 || above->cell_count == 0 || !follows(above, row))
        return false;
    for (size_t i = 0; i < row->cell_count; i++)
        same += str_eq(cell_at(above, row->cells[i].column), row->cells[i].text);
    known = recogniser_known(r, row);
    return known >= 2 && known * 10 >= row->cell_count * 7 &&
           (above->cell_count < row->cell_count || same > 0 || below_none(above, row) > 0);
}

/* Whether the line above holds headings of groups of columns. */
static bool is_group_line(const struct block *above, const struct block *row)
{
    if (above->cell_count == 0 || above->cell_count >= row->cell_count || !is_short(above) ||
        !follows(above, row) || (above->cell_count == 1 && above->cells[0].column == 0))
        return false;
    for (size_t i = 0; i < above->cell_count; i++)
        if (isdigit((unsigned char)above->cells[i].text.p[0]))
            return false;
    return true;
}

static void find_lines(struct recogniser *r, struct work *w, size_t from, size_t header)
{
    const struct register_line *lines = w->grid->lines;

    w->first = w->header = header;
    if (w->grid->cards)
        return;
    if (header + 1 < w->grid->n && is_below(r, lines[header].block, lines[header + 1].block)) {
        w->header = header + 1;
        w->grouped = true;
    } else if (header > from && is_group_line(lines[header - 1].block, lines[header].block)) {
        w->first = header - 1;
        w->grouped = true;
    }
}

/* Lines of one cell before the headings name the table. */
static struct str caption_of(struct arena *mem, const struct register_grid *g, size_t from,
                             size_t to)
{
    struct buf text = buf_new(mem);

    for (size_t i = from; i < to; i++)
        if (g->lines[i].block->cell_count == 1 && g->lines[i].block->cells[0].text.n < HEADER_BYTES)
            buf_printf(&text, "%s%.*s", text.n > 0 ? " " : "",
                       STR_ARG(g->lines[i].block->cells[0].text));
    return buf_str(&text);
}

/* The headings of another list of the same shape: "Impact | Name | Meaning", then "Likelihood |
 * Name | Meaning". */
static bool is_next_header(struct recogniser *r, const struct block *header,
                           const struct block *row)
{
    size_t same = 0;

    if (row->cell_count != header->cell_count || !is_short(row) || has_digits_first(row))
        return false;
    for (size_t i = 0; i < row->cell_count; i++)
        same += row->cells[i].column == header->cells[i].column &&
                str_eq(row->cells[i].text, header->cells[i].text);
    return same >= 2 && same < row->cell_count && recogniser_known(r, row) == row->cell_count;
}

/* Where the table ends: another line of headings, most often behind a gap or a title. */
static size_t find_end(struct recogniser *r, const struct work *w)
{
    const struct register_line *lines = w->grid->lines;
    const struct block *header = lines[w->header].block;

    for (size_t i = w->header + 1; i + 1 < w->grid->n && !w->grid->cards; i++) {
        const struct block *row = lines[i].block, *before = lines[i - 1].block;
        bool gap = before->cell_count == 1 ||
                   (row->place.row > 0 && before->place.row + 1 < row->place.row);
        if (i > w->header + 1 && is_next_header(r, header, row))
            return i;
        if (!gap || row->cell_count < 3 || !is_short(row) || same_cells(row, header))
            continue;
        size_t known = recogniser_known(r, row);
        if (known >= 3 && known * 10 >= row->cell_count * 7)
            return before->cell_count == 1 && i - 1 > w->header ? i - 1 : i;
    }
    return w->grid->n;
}

/* ---- columns ---- */

/* The heading of the group that a column lies in: the nearest to the left, unless that column has
 * no heading of its own below. */
static struct str group_over(const struct block *groups, const struct block *row, uint16_t column)
{
    struct str text = STR_NONE;
    uint16_t at = 0;

    for (size_t i = 0; i < groups->cell_count && groups->cells[i].column <= column; i++) {
        text = groups->cells[i].text;
        at = groups->cells[i].column;
    }
    /* One merged downwards is its own column's heading only. */
    if (at < column && str_eq(cell_at(row, at), text))
        return STR_NONE;
    if (at < column && cell_at(row, at).n == 0)
        return STR_NONE;
    return text;
}

static void add_column(struct work *w, uint16_t at)
{
    const struct block *row = w->grid->lines[w->header].block;
    const struct block *groups = w->grid->lines[w->first].block;
    struct arena *mem = w->m->mem;
    struct work_column *c = &w->columns[w->column_n];

    for (size_t i = 0; i < w->column_n; i++)
        if (w->columns[i].at == at)
            return;
    if (w->column_n == REGISTER_COLUMNS)
        return;
    w->column_n++;
    *c = (struct work_column){
        .at = at, .text = str_squeeze(mem, cell_at(row, at)), .group = STR_NONE};
    if (w->grouped)
        c->group = str_squeeze(mem, group_over(groups, row, at));
    if (str_eq(c->group, c->text))
        c->group = STR_NONE;
    if (c->text.n == 0 && w->grouped) {
        c->text = str_squeeze(mem, cell_at(groups, at));
        c->group = STR_NONE;
    }
    c->shown = c->group.n > 0 ? str_printf(mem, "%.*s: %.*s", STR_ARG(c->group), STR_ARG(c->text))
                              : c->text;
    if (c->text.n > 0)
        c->own = matcher_heading(w->m, c->text);
    if (c->group.n > 0)
        c->both = matcher_heading(
            w->m, str_printf(mem, "%.*s %.*s", STR_ARG(c->group), STR_ARG(c->text)));
}

static int by_place(const void *a, const void *b)
{
    return (int)((const struct work_column *)a)->at - (int)((const struct work_column *)b)->at;
}

static void profile(struct work *w, struct work_column *c)
{
    struct str *cells = arena_array(w->m->mem, REGISTER_PROFILE * 2, sizeof *cells);
    size_t n = 0;

    for (size_t i = w->header + 1; i < w->to && n < REGISTER_PROFILE * 2; i++) {
        const struct block *row = w->grid->lines[i].block;
        if (row->cell_count > 1)
            cells[n++] = cell_at(row, c->at);
    }
    profile_column(w->m->mem, w->m->registers, cells, n, &c->profile);
}

static void make_columns(struct work *w)
{
    for (size_t l = w->first; l <= w->header; l++)
        for (size_t i = 0; i < w->grid->lines[l].block->cell_count; i++)
            add_column(w, w->grid->lines[l].block->cells[i].column);
    /* Those that only records fill. */
    for (size_t l = w->header + 1; l < w->to && l < w->header + 12; l++)
        for (size_t i = 0; i < w->grid->lines[l].block->cell_count; i++)
            if (w->grid->lines[l].block->cell_count > 2)
                add_column(w, w->grid->lines[l].block->cells[i].column);
    if (w->column_n > 1)
        qsort(w->columns, w->column_n, sizeof *w->columns, by_place);
    for (size_t c = 0; c < w->column_n; c++)
        profile(w, &w->columns[c]);
}

/* ---- records ---- */

static bool in_needs(const struct register_def *def, const struct register_field *field)
{
    for (size_t i = 0; def->need_n > 0 && i < def->needs[0].n; i++)
        if (def->needs[0].items[i] == field->at)
            return true;
    return false;
}

/* Whether a line says enough to be a record: more than its number and what was filled in before. */
static bool says_something(const struct work *w, const struct register_found *found,
                           const struct block *row)
{
    size_t filled = 0, needed = 0;

    for (size_t c = 0; c < found->column_n; c++) {
        const struct register_field *field = found->columns[c].field;
        if (field == NULL || str_is(field->id, "ref"))
            continue;
        struct str cell = cell_at(row, found->columns[c].at);
        bool is = cell.n > 0 && !register_is_empty(w->m->mem, w->m->registers, cell);
        filled += is;
        needed += is && in_needs(found->def, field);
    }
    return needed > 0 || filled > 2 || (filled > 0 && found->def->need_n == 0);
}

static bool is_sample(const struct work *w, const struct block *row)
{
    for (size_t i = 0; i < row->cell_count && i < 2; i++)
        if (register_is_sample(w->m->mem, w->m->registers, row->cells[i].text) &&
            row->cells[i].text.n < 60)
            return true;
    return false;
}

/* A line of one cell among records of several: what comes below belongs to it. */
static bool is_group_row(const struct register_found *found, const struct block *row)
{
    return row->cell_count == 1 && found->column_n > 2 && row->cells[0].column <= 1 &&
           row->cells[0].text.n < 2 * HEADER_BYTES;
}

static bool names_sample(const struct work *w)
{
    struct arena *mem = w->m->mem;

    return register_is_sample(mem, w->m->registers, w->grid->heading) ||
           register_is_sample(mem, w->m->registers, w->grid->sheet) ||
           register_is_sample(mem, w->m->registers, w->caption);
}

static void take_records(struct work *w, struct register_found *found, size_t from)
{
    const struct register_line *lines = w->grid->lines;
    struct str group = STR_NONE;
    bool sample = names_sample(w);

    for (size_t i = from; i < w->to && found->record_n < REGISTER_RECORDS; i++) {
        const struct block *row = lines[i].block;
        if (from > 0 && same_cells(row, lines[w->header].block))
            continue;
        if (is_group_row(found, row)) {
            group = row->cells[0].text;
            sample = names_sample(w) || register_is_sample(w->m->mem, w->m->registers, group);
        } else if (says_something(w, found, row)) {
            *ARENA_PUSH(w->m->mem, found->records, found->record_n, found->record_room) =
                (struct register_record){i, sample || is_sample(w, row), group};
        }
    }
}

static void make_ladders(const struct work *w, struct register_found *found)
{
    struct str *cells = arena_array(w->m->mem, LADDER_CELLS, sizeof *cells);

    for (size_t c = 0; c < found->column_n; c++) {
        size_t n = 0;
        if (found->columns[c].field == NULL)
            continue;
        for (size_t i = 0; i < found->record_n && n < LADDER_CELLS; i++)
            cells[n++] =
                cell_at(w->grid->lines[found->records[i].line].block, found->columns[c].at);
        register_ladder(w->m->mem, w->m->registers, found->columns[c].field, cells, n,
                        &found->columns[c].ladder);
    }
}

/* ---- the whole ---- */

static bool take_table(struct recogniser *r, struct work *w, size_t from, size_t header,
                       struct register_found *ret)
{
    find_lines(r, w, from, header);
    w->caption = caption_of(r->cx->mem, w->grid, from, w->first);
    w->to = find_end(r, w);
    make_columns(w);
    if (!work_choose(w, ret))
        return false;
    take_records(w, ret, w->header + 1);
    make_ladders(w, ret);
    /* A form that nobody filled in is no record. */
    return ret->record_n > 0 || !w->grid->cards;
}

/* A table without headings that has the columns of the one before it, on the same sheet. */
static bool go_on(struct recogniser *r, struct work *w, struct register_found *ret)
{
    size_t cells = 0, fits = 0;

    if (!r->has_last || w->grid->cards || !str_eq(r->last_sheet, w->grid->sheet))
        return false;
    for (size_t i = 0; i < w->grid->n; i++)
        for (size_t c = 0; c < w->grid->lines[i].block->cell_count; c++) {
            cells++;
            for (size_t k = 0; k < r->last.column_n; k++)
                fits += r->last.columns[k].at == w->grid->lines[i].block->cells[c].column;
        }
    if (fits < cells || cells < w->grid->n * 2 || cells * 2 < w->grid->n * r->last.column_n)
        return false;
    *ret = r->last;
    ret->records = NULL;
    ret->record_n = ret->record_room = 0;
    ret->header = ret->from = 0;
    ret->to = w->to = w->grid->n;
    ret->goes_on = true;
    take_records(w, ret, 0);
    return ret->record_n > 0;
}

static void remember(struct recogniser *r, const struct register_grid *g,
                     const struct register_found *found)
{
    r->last = *found;
    r->last_sheet = g->sheet;
    r->has_last = true;
}

static void add(struct recogniser *r, const struct register_found *found,
                struct register_found **items, size_t *n, size_t *room)
{
    *ARENA_PUSH(r->cx->mem, *items, *n, *room) = *found;
}

int recogniser_grid(struct recogniser *r, const struct register_grid *grid,
                    const struct register_pin *pin, struct register_found **items, size_t *n,
                    size_t *room)
{
    struct work *w = ARENA_NEW(r->cx->mem, struct work);
    struct register_found found;
    size_t from = 0, header;

    while (from < grid->n) {
        *w = (struct work){.m = r->m, .grid = grid, .pin = pin};
        header = grid->cards ? from : find_header(r, grid, from);
        if (header == SIZE_MAX) {
            if (from == 0 && go_on(r, w, &found))
                add(r, &found, items, n, room);
            return ctx_check(r->cx);
        }
        r->has_last = false;
        if (take_table(r, w, from, header, &found)) {
            add(r, &found, items, n, room);
            remember(r, grid, &found);
        }
        from = w->to;
        TRY(ctx_check(r->cx));
    }
    return 0;
}
