#include "extract/sheet.h"

#define LAST_COLUMN 16384u
#define GAP 2u /* blank rows that end a table */

bool sheet_cell_name(const char **text, unsigned *ret_column, uint32_t *ret_row)
{
    const char *p = *text;
    unsigned column = 0;
    uint32_t row = 0;

    for (; *p == '$' || (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'); p++)
        if (*p != '$' && column < LAST_COLUMN)
            column = column * 26 + (unsigned)((*p | 32) - 'a') + 1;
    for (; *p == '$' || (*p >= '0' && *p <= '9'); p++)
        if (*p != '$' && row < 100000000)
            row = row * 10 + (uint32_t)(*p - '0');
    if (column == 0 || row == 0)
        return false;
    *text = p;
    *ret_column = column - 1;
    *ret_row = row;
    return true;
}

bool sheet_range_of(const char *text, struct sheet_range *ret)
{
    if (text == NULL || !sheet_cell_name(&text, &ret->left, &ret->top))
        return false;
    ret->right = ret->left;
    ret->bottom = ret->top;
    if (*text == '\0')
        return true;
    if (*text++ != ':' || !sheet_cell_name(&text, &ret->right, &ret->bottom))
        return false;
    return ret->right >= ret->left && ret->bottom >= ret->top;
}

void sheet_begin(struct sheet *sheet, struct flow *flow, struct str name)
{
    *sheet = (struct sheet){.flow = flow, .name = name};
    flow_table_end(flow);
    flow->place = (struct place){.sheet = STR_NONE};
    flow_sheet(flow, name);
}

void sheet_table(struct sheet *sheet, const struct sheet_range *range)
{
    if (sheet->table_count < SHEET_TABLES)
        *ARENA_PUSH(sheet->flow->cx->mem, sheet->tables, sheet->table_count, sheet->table_room) =
            *range;
}

/* The names a program gives to columns that have none: "Column1", "Spalte1". */
static bool is_made_up(struct str s)
{
    static const char *const words[] = {"column", "spalte", "colonne", "columna", "kolom"};

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        size_t n = strlen(words[i]);
        if (s.n > n && str_is_nocase(str_sub(s, 0, n), words[i]) && s.p[n] >= '0' && s.p[n] <= '9')
            return true;
    }
    return false;
}

/* A row of such names is none that anybody wrote. */
static bool is_made_up_row(const struct sheet *sheet)
{
    size_t made_up = 0;

    for (size_t i = 0; i < sheet->cell_count; i++)
        made_up += is_made_up(sheet->cells[i].text);
    return sheet->cell_count > 1 && made_up * 2 > sheet->cell_count;
}

static bool is_header(const struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->table_count; i++)
        if (sheet->tables[i].top == sheet->row &&
            sheet->tables[i].left <= sheet->cells[sheet->cell_count - 1].column &&
            sheet->tables[i].right >= sheet->cells[0].column)
            return true;
    return false;
}

/*
 * Whether this row begins another table than the one before: after two blank rows; after one where
 * it reaches beyond the table's columns; or where a wide row follows lines of one or two cells,
 * which are a title or document control.
 */
static bool begins_table(const struct sheet *sheet)
{
    unsigned left = sheet->cells[0].column, right = sheet->cells[sheet->cell_count - 1].column;

    if (!sheet->open || sheet->row <= sheet->last_row)
        return !sheet->open;
    if (sheet->row - sheet->last_row > GAP)
        return true;
    if (left > sheet->right || right < sheet->left)
        return true;
    if (sheet->row - sheet->last_row == GAP && right > sheet->right)
        return true;
    return sheet->most <= 2 && sheet->cell_count >= 3 && sheet->cell_count >= sheet->most + 2;
}

void sheet_name_out(struct sheet *sheet)
{
    uint32_t row = sheet->flow->place.row;

    if (sheet->named)
        return;
    sheet->named = true;
    sheet->flow->place.row = 0;
    flow_heading(sheet->flow, 1, sheet->name);
    sheet->flow->place.row = row;
}

static int by_column(const void *a, const void *b)
{
    const struct sheet_cell *x = a, *y = b;

    return x->column < y->column ? -1 : x->column > y->column;
}

/* Cells that are merged with one above get its text, so that each row reads by itself. */
static void fill_down(struct sheet *sheet)
{
    bool has[EXTRACT_COLUMNS] = {false};
    struct arena *mem = sheet->flow->cx->mem;
    size_t own = sheet->cell_count;

    if (own == 0 || sheet->down_to == 0)
        return;
    for (size_t i = 0; i < own; i++)
        if (sheet->cells[i].column < EXTRACT_COLUMNS)
            has[sheet->cells[i].column] = true;
    for (unsigned i = 0; i < sheet->down_to; i++) {
        if (has[i] || sheet->down[i].until < sheet->row)
            continue;
        *ARENA_PUSH(mem, sheet->cells, sheet->cell_count, sheet->cell_room) =
            (struct sheet_cell){i, sheet->down[i].text};
    }
    if (sheet->cell_count > own)
        qsort(sheet->cells, sheet->cell_count, sizeof *sheet->cells, by_column);
}

void sheet_row_end(struct sheet *sheet)
{
    struct flow *flow = sheet->flow;

    fill_down(sheet);
    if (sheet->cell_count == 0 || is_made_up_row(sheet))
        return;
    flow->place.row = sheet->row;
    sheet_name_out(sheet);
    if (begins_table(sheet)) {
        flow_table(flow);
        sheet->left = sheet->cells[0].column;
        sheet->right = 0;
        sheet->most = 0;
        sheet->open = true;
    }
    for (size_t i = 0; i < sheet->cell_count; i++)
        flow_cell(flow, sheet->cells[i].column, sheet->cells[i].text);
    flow_row(flow, is_header(sheet));
    sheet->last_row = sheet->row;
    unsigned right = sheet->cells[sheet->cell_count - 1].column;
    if (right > sheet->right)
        sheet->right = right;
    if (sheet->cells[0].column < sheet->left)
        sheet->left = sheet->cells[0].column;
    if (sheet->cell_count > sheet->most)
        sheet->most = sheet->cell_count;
}

static void remember_down(struct sheet *sheet, unsigned column, struct str text, uint32_t until)
{
    if (sheet->down == NULL)
        sheet->down = arena_array(sheet->flow->cx->mem, EXTRACT_COLUMNS, sizeof *sheet->down);
    sheet->down[column] = (struct sheet_down){until, text};
    if (column >= sheet->down_to)
        sheet->down_to = column + 1;
}

void sheet_cell(struct sheet *sheet, unsigned column, struct str text, uint32_t until)
{
    struct flow *flow = sheet->flow;

    if (str_trim(text).n == 0)
        return;
    if (column >= EXTRACT_COLUMNS) {
        flow_note(flow, _("the columns after %u were left out"), EXTRACT_COLUMNS);
        return;
    }
    if (until > sheet->row)
        remember_down(sheet, column, text, until);
    /* A cell out of order would come twice or in the wrong place. */
    if (sheet->cell_count > 0 && sheet->cells[sheet->cell_count - 1].column >= column)
        return;
    *ARENA_PUSH(flow->cx->mem, sheet->cells, sheet->cell_count, sheet->cell_room) =
        (struct sheet_cell){column, text};
}
