/* Tables of a PDF: no row is cut by a page's end but one that is higher than a page, and header
 * rows stand on each page again. */
#include "report/press.h"

#define PAD 4.0 /* around what a cell holds */
#define RULE 0.5

struct cell {
    const struct paper_cell *cell;
    double x, wide;
    struct press_text *texts;
    size_t n;
    size_t text, line; /* what is drawn next */
};

struct row {
    const struct paper_row *row;
    struct cell *cells;
    size_t n;
    double high;
};

/* Where a column begins. */
static double edge_of(const struct press *p, const struct paper_table *t, size_t column)
{
    unsigned all = 0, before = 0;

    for (size_t i = 0; i < t->column_n; i++) {
        all += t->columns[i].weight;
        before += i < column ? t->columns[i].weight : 0;
    }
    return PRESS_SIDE + press_content(p) * before / all;
}

static double set_cell(struct press *p, const struct paper_table *t, const struct paper_row *row,
                       struct cell *cell, size_t column)
{
    struct press_look look = {8.5, 1.12, row->header ? PAPER_BOLD : 0, PAPER_PLAIN,
                              t->columns[column].align};
    double high = 0;

    cell->texts = arena_array(p->cx->mem, cell->cell->n, sizeof *cell->texts);
    for (size_t i = 0; i < cell->cell->n; i++) {
        if (cell->cell->texts[i]->n == 0)
            continue;
        cell->texts[cell->n] = press_text(p, cell->cell->texts[i], look, cell->wide - 2 * PAD);
        high += cell->texts[cell->n++].high;
    }
    return high;
}

static struct row set_row(struct press *p, const struct paper_table *t,
                          const struct paper_row *from)
{
    struct row row = {.row = from};
    size_t column = 0;

    row.cells = arena_array(p->cx->mem, from->n + 1, sizeof *row.cells);
    for (size_t i = 0; i < from->n && column < t->column_n; i++) {
        struct cell *cell = &row.cells[row.n++];
        size_t end = column + from->cells[i]->span;
        if (end > t->column_n)
            end = t->column_n;
        cell->cell = from->cells[i];
        cell->x = edge_of(p, t, column);
        cell->wide = edge_of(p, t, end) - cell->x;
        double high = set_cell(p, t, from, cell, column);
        row.high = high > row.high ? high : row.high;
        column = end;
    }
    row.high += 2 * PAD;
    return row;
}

/* Lines of a cell into `room` points; gives how high they are. */
static double fill_cell(struct press *p, struct cell *cell, double y, double room)
{
    double used = 0;

    for (; cell->text < cell->n; cell->text++, cell->line = 0) {
        const struct press_text *text = &cell->texts[cell->text];
        for (; cell->line < text->n; cell->line++) {
            double high = text->lines[cell->line].high;
            if (used + high > room + 0.01 && used > 0)
                return used;
            press_draw(p, text, cell->line, cell->line + 1, cell->x + PAD, y + used);
            used += high;
        }
    }
    return used;
}

static bool is_done(const struct row *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (row->cells[i].text < row->cells[i].n)
            return false;
    return true;
}

/* As much of a row as `room` holds. */
static void draw_part(struct press *p, const struct paper_table *t, struct row *row, double high)
{
    press_begin(p, "TR");
    for (size_t i = 0; i < row->n; i++) {
        struct cell *cell = &row->cells[i];
        const char *tag = row->row->header ? "TH" : "TD";
        if (cell->cell->fill != PAPER_PLAIN)
            press_box(p, cell->x, p->y, cell->wide, high, paper_wash(cell->cell->fill));
        else if (row->row->header)
            press_box(p, cell->x, p->y, cell->wide, high, paper_wash(PAPER_MUTED));
        press_begin(p, tag);
        (void)fill_cell(p, cell, p->y + PAD, high - 2 * PAD);
        press_end(p, tag);
    }
    press_end(p, "TR");
    p->y += high;
    if (!t->bare)
        press_box(p, PRESS_SIDE, p->y - RULE, press_content(p), RULE,
                  row->row->header ? "55615f" : "dcd9cf");
}

static void draw_headers(struct press *p, const struct paper_table *t)
{
    press_begin(p, "Table");
    if (!t->bare)
        press_box(p, PRESS_SIDE, p->y - RULE, press_content(p), RULE, "55615f");
    for (size_t i = 0; i < t->n && t->rows[i]->header; i++) {
        struct row row = set_row(p, t, t->rows[i]);
        draw_part(p, t, &row, row.high);
    }
}

static double headers_high(struct press *p, const struct paper_table *t)
{
    double high = 0;

    for (size_t i = 0; i < t->n && t->rows[i]->header; i++)
        high += set_row(p, t, t->rows[i]).high;
    return high;
}

double press_table_first(struct press *p, const struct paper_table *t)
{
    size_t i = 0;

    while (i < t->n && t->rows[i]->header)
        i++;
    return headers_high(p, t) + (i < t->n ? set_row(p, t, t->rows[i]).high : 0);
}

/* A short table is not parted where a page of its own holds it. */
#define SHORT_ROWS 14u

static bool stays_whole(struct press *p, const struct paper_table *t)
{
    double high = 0;

    if (t->n > SHORT_ROWS)
        return false;
    for (size_t i = 0; i < t->n; i++)
        high += set_row(p, t, t->rows[i]).high;
    return high > press_room(p) && high < press_page(p) / 2;
}

static void turn(struct press *p, const struct paper_table *t)
{
    press_end(p, "Table");
    press_turn(p);
    draw_headers(p, t);
}

/* A row that fits no page is drawn in as many parts as it takes. */
static int draw_row(struct press *p, const struct paper_table *t, const struct paper_row *from,
                    double whole)
{
    struct row row = set_row(p, t, from);

    if (row.high > press_room(p) && (row.high <= whole || press_room(p) < whole / 3))
        turn(p, t);
    while (row.high > press_room(p)) {
        draw_part(p, t, &row, press_room(p));
        if (is_done(&row))
            return 0;
        TRY(ctx_check(p->cx));
        double left = 0;
        for (size_t i = 0; i < row.n; i++) {
            const struct cell *cell = &row.cells[i];
            double high = 0;
            for (size_t k = cell->text; k < cell->n; k++)
                high += press_height(&cell->texts[k], k == cell->text ? cell->line : 0,
                                     cell->texts[k].n);
            left = high > left ? high : left;
        }
        row.high = left + 2 * PAD;
        turn(p, t);
    }
    draw_part(p, t, &row, row.high);
    return 0;
}

int press_table(struct press *p, const struct paper_table *t)
{
    double headers, whole;

    if (t->column_n == 0 || t->n == 0)
        return 0;
    headers = headers_high(p, t);
    whole = press_page(p) - headers;
    if (whole < press_page(p) / 3) /* headers that leave no room for rows */
        return 0;
    if (p->y > PRESS_TOP && (press_table_first(p, t) > press_room(p) || stays_whole(p, t)))
        press_turn(p);
    draw_headers(p, t);
    for (size_t i = 0; i < t->n; i++) {
        if (t->rows[i]->header)
            continue;
        TRY(draw_row(p, t, t->rows[i], whole));
        TRY(ctx_check(p->cx));
    }
    press_end(p, "Table");
    return 0;
}
