#include "extract/word.h"

#define GRID EXTRACT_COLUMNS

static struct table *table_of(struct word *r)
{
    return r->table_count > 0 ? &r->tables[r->table_count - 1] : NULL;
}

bool word_gives_rows(const struct word *r)
{
    return r->table_count > 0 && r->tables[r->table_count - 1].kind == TABLE_ROWS;
}

void word_table_start(struct word *r)
{
    enum table_kind kind = r->in_cell || r->boxes > 0 ? TABLE_INSIDE : TABLE_ROWS;

    r->tables[r->table_count++] = (struct table){kind, 0};
    if (kind != TABLE_ROWS)
        return;
    r->table_open = false;
    r->merged_count = 0;
}

void word_table_end(struct word *r)
{
    if (r->table_count == 0)
        return;
    if (word_gives_rows(r))
        flow_table_end(r->flow);
    r->table_count--;
}

void word_grid(struct word *r, unsigned columns)
{
    if (r->table_count > 0 && table_of(r)->grid + columns >= columns)
        table_of(r)->grid += columns;
}

void word_row_start(struct word *r)
{
    if (!word_gives_rows(r))
        return;
    /* A box drawn as a table holds paragraphs, often the whole page of them. */
    if (table_of(r)->grid == 1) {
        table_of(r)->kind = TABLE_LAYOUT;
        return;
    }
    r->cell_count = 0;
    r->column = 0;
    r->row_header = r->row_deleted = false;
    r->row_seen = r->row_struck = 0;
    r->row_page = r->row_line = 0;
}

/* The cells as one line, which is what a page header looks like. */
static void row_to_furniture(struct word *r)
{
    struct buf line = buf_new(r->flow->cx->mem);

    for (size_t i = 0; i < r->cell_count; i++) {
        if (line.n > 0 && str_trim(r->cells[i].text).n > 0)
            buf_addz(&line, " | ");
        buf_add(&line, str_trim(r->cells[i].text));
    }
    flow_furniture(r->flow, buf_str(&line));
}

void word_row_end(struct word *r)
{
    struct flow *flow = r->flow;

    if (!word_gives_rows(r) || r->row_deleted)
        return;
    word_code_out(r);
    if (r->target == TARGET_FURNITURE) {
        row_to_furniture(r);
        return;
    }
    if (!r->table_open)
        flow_table(flow);
    r->table_open = true;
    flow->place.line = r->row_line;
    flow->place.page = r->target == TARGET_BODY ? r->row_page : 0;
    flow->struck = r->row_seen > 0 && r->row_struck == r->row_seen;
    for (size_t i = 0; i < r->cell_count; i++)
        flow_cell(flow, r->cells[i].column, r->cells[i].text);
    flow_row(flow, r->row_header);
    flow->struck = false;
}

void word_cell_start(struct word *r)
{
    if (!word_gives_rows(r))
        return;
    r->in_cell = true;
    r->cell.n = 0;
    r->span = 1;
    r->merge_starts = r->merge_goes_on = false;
}

static struct merged *merged_of(struct word *r, unsigned column)
{
    for (size_t i = 0; i < r->merged_count; i++)
        if (r->merged[i].column == column)
            return &r->merged[i];
    return NULL;
}

/* A cell that goes on from the row above has its text: so that each row reads by itself. */
static struct str merge(struct word *r, struct str text)
{
    struct merged *above = merged_of(r, r->column);

    if (r->merge_goes_on && above != NULL && str_trim(text).n == 0)
        return above->text;
    if (r->merge_starts && above == NULL && r->merged_count < GRID)
        above = ARENA_PUSH(r->flow->cx->mem, r->merged, r->merged_count, r->merged_room);
    if (above != NULL && !r->merge_goes_on)
        *above = (struct merged){r->column, r->merge_starts ? text : STR_NONE};
    return text;
}

void word_cell_end(struct word *r)
{
    if (!word_gives_rows(r) || !r->in_cell)
        return;
    r->in_cell = false;
    struct str text = merge(r, str_copy(r->flow->cx->mem, buf_str(&r->cell)));
    if (text.n > 0 && r->cell_count < GRID) {
        struct row_cell *cell = ARENA_PUSH(r->flow->cx->mem, r->cells, r->cell_count, r->cell_room);
        *cell = (struct row_cell){r->column, text};
    }
    r->column += r->span;
}
