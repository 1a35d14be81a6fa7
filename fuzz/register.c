/* Tables that may be registers, and what their cells say. */
#include <stdint.h>

#include "register/recognise.h"

#define LINES 200u
#define CELLS 40u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Loaded once: definitions are ours, tables are strangers'. */
static const struct registers *definitions(void)
{
    static const struct registers *registers;
    struct content content;

    if (registers != NULL)
        return registers;
    struct ctx cx = {.mem = arena_new((size_t)256 * 1024 * 1024)};
    if (content_open(&cx, NULL, &content) != 0 || registers_load(&cx, &content, &registers) != 0)
        abort();
    return registers;
}

/* A line a row, a bar between cells; a row of the sheet where it begins with "+". */
static size_t rows_of(struct arena *mem, struct str text, struct register_line *lines)
{
    struct str line, cell;
    size_t n = 0;

    while (n < LINES && str_split(&text, '\n', &line)) {
        struct block *row = ARENA_NEW(mem, struct block);
        uint16_t column = 0;
        row->cells = arena_array(mem, CELLS, sizeof *row->cells);
        row->header = line.n > 0 && line.p[0] == '!';
        row->place.row = line.n > 0 && line.p[0] == '+' ? (uint32_t)n + 1 : 0;
        while (column < CELLS && str_split(&line, '|', &cell)) {
            if (str_trim(cell).n > 0)
                row->cells[row->cell_count++] = (struct cell){str_trim(cell), column};
            column++;
        }
        if (row->cell_count > 0)
            lines[n++] = (struct register_line){row, 0};
    }
    return n;
}

static void read_values(struct arena *mem, const struct registers *registers,
                        const struct register_grid *grid, const struct register_found *found)
{
    for (size_t i = 0; i < found->record_n; i++) {
        if (found->records[i].line >= grid->n)
            abort();
        const struct block *row = grid->lines[found->records[i].line].block;
        for (size_t c = 0; c < found->column_n && c < row->cell_count; c++) {
            struct register_value *value = ARENA_NEW(mem, struct register_value);
            if (found->columns[c].field == NULL)
                continue;
            register_value(mem, registers, found->columns[c].field, &found->columns[c].ladder,
                           row->cells[c].text, value);
            if (value->many_n > REGISTER_VALUES)
                abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct registers *registers = definitions();
    struct ctx cx = {.mem = arena_new((size_t)256 * 1024 * 1024)};
    struct str text = {(const char *)data, size}, name = STR_NONE;
    struct register_line *lines = arena_array(cx.mem, LINES, sizeof *lines);
    struct register_found *items = NULL;
    size_t n = 0, room = 0;

    /* Text is valid UTF-8 wherever the flow let it through. */
    if (utf8_valid(text) && str_split(&text, '\n', &name)) {
        struct register_grid grid = {.lines = lines, .heading = name, .cards = str_has(name, "#")};
        grid.n = rows_of(cx.mem, text, lines);
        if (recogniser_grid(recogniser_new(&cx, registers), &grid, NULL, &items, &n, &room) == 0)
            for (size_t i = 0; i < n; i++)
                read_values(cx.mem, registers, &grid, &items[i]);
    }
    arena_free(cx.mem);
    return 0;
}
