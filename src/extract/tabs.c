/* Tables of plain text whose cells are set apart by tabs: what is left of a sheet that was pasted.
 */
#include "extract/internal.h"

/* Two columns are rather a label and its value. */
#define LEAST_TABS 2u
#define LEAST_ROWS 2u

static size_t count_tabs(struct str s)
{
    size_t n = 0;

    for (size_t at = 0; (at = str_find_char(s, '\t', at)) != SIZE_MAX; at++)
        n++;
    return n;
}

/* Lines of the row that begins at `from`: a cell may go on over several, until all tabs of a row
 * are there. 0 where the lines do not add up. */
static size_t row_lines(const struct tab_line *lines, size_t n, size_t from, size_t tabs)
{
    size_t seen = 0;

    for (size_t i = from; i < n; i++) {
        size_t here = count_tabs(lines[i].text);
        if (seen + here > tabs)
            return 0;
        seen += here;
        if (seen == tabs)
            return i + 1 - from;
    }
    return n - from; /* the last row lacks its last cells */
}

size_t tabs_header(const struct tab_line *lines, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t tabs = count_tabs(lines[i].text), at = i + 1, rows = 0, taken;
        if (tabs < LEAST_TABS)
            continue;
        while (at < n && (taken = row_lines(lines, n, at, tabs)) > 0) {
            at += taken;
            rows++;
        }
        if (at == n && rows >= LEAST_ROWS)
            return i;
    }
    return SIZE_MAX;
}

/* One line of a row: what stands before its first tab goes on with the open cell. */
static void add_line(struct flow *flow, struct buf *cell, unsigned *column, struct str line)
{
    struct str part;
    bool first = true;

    while (str_split(&line, '\t', &part)) {
        if (!first) {
            flow_cell(flow, (*column)++, buf_str(cell));
            cell->n = 0;
        }
        if (cell->n > 0)
            buf_addz(cell, "; ");
        buf_add(cell, str_trim(part));
        first = false;
    }
}

void tabs_flush(struct flow *flow, const struct tab_line *lines, size_t n)
{
    size_t tabs = count_tabs(lines[0].text);
    struct buf cell = buf_new(flow->cx->mem);

    flow_table(flow);
    for (size_t at = 0; at < n;) {
        size_t taken = row_lines(lines, n, at, tabs);
        unsigned column = 0;
        if (lines[at].number != 0)
            flow->place.line = lines[at].number;
        for (size_t i = 0; i < taken; i++)
            add_line(flow, &cell, &column, lines[at + i].text);
        flow_cell(flow, column, buf_str(&cell));
        cell.n = 0;
        flow_row(flow, at == 0);
        at += taken > 0 ? taken : n - at;
    }
    flow_table_end(flow);
}
