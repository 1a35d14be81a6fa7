#include "report/book.h"

#include <string.h>

#include "base/guard.h"

#define NAME_CHARACTERS 31u

struct str book_sheet_name(struct arena *mem, struct str title)
{
    struct buf out = buf_new(mem);
    size_t units = 0;

    for (size_t at = 0; at < title.n;) {
        uint32_t code = utf8_next(title, &at);
        bool bad = code < 0x20 || (code < 0x80 && strchr("[]:*?/\\'", (int)code) != NULL);
        units += code >= 0x10000 ? 2 : 1;
        if (units > NAME_CHARACTERS)
            break;
        buf_code(&out, bad ? ' ' : code);
    }
    return str_trim(buf_str(&out));
}

struct book_table *book_table_add(struct ctx *cx, struct book *book, struct str title,
                                  const struct str *headings, size_t n)
{
    struct book_table *table = ARENA_NEW(cx->mem, struct book_table);

    *table = (struct book_table){
        .name = book_sheet_name(cx->mem, title), .headings = headings, .column_n = n};
    *ARENA_PUSH(cx->mem, book->tables, book->n, book->room) = table;
    return table;
}

int book_row_add(struct ctx *cx, struct book_table *table, const struct str *cells)
{
    if (table->n >= BOOK_ROWS)
        return fail(cx, RC_LIMIT, NULL,
                    _("\"%.*s\" has more than %u lines, which is all that a sheet holds: export it "
                      "as JSON."),
                    STR_ARG(table->name), BOOK_ROWS);
    ARENA_PUSH(cx->mem, table->rows, table->n, table->room)->cells = cells;
    return ctx_check(cx);
}

struct str book_heading_more(struct arena *mem, struct str heading, size_t n)
{
    return str_printf(mem, "%.*s (%zu)", STR_ARG(heading), n);
}

struct str book_heading_of(struct str heading, size_t *ret_n)
{
    size_t open = heading.n;
    int64_t n;

    *ret_n = 1;
    while (open > 0 && heading.p[open - 1] != '(')
        open--;
    if (open < 3 || heading.p[heading.n - 1] != ')' || heading.p[open - 2] != ' ' ||
        !str_to_int(str_sub(heading, open, heading.n - 1 - open), &n) || n < 2)
        return STR_NONE;
    *ret_n = (size_t)n;
    return str_sub(heading, 0, open - 2);
}

/* ---- CSV ---- */

static void csv_cell(struct arena *mem, struct buf *out, struct str text)
{
    text = guard_cell(mem, text);
    if (str_find_char(text, '"', 0) == SIZE_MAX && str_find_char(text, ',', 0) == SIZE_MAX &&
        str_find_char(text, '\n', 0) == SIZE_MAX && str_find_char(text, ';', 0) == SIZE_MAX &&
        str_find_char(text, '\t', 0) == SIZE_MAX) {
        buf_add(out, text);
        return;
    }
    buf_char(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"')
            buf_char(out, '"');
        buf_char(out, text.p[i]);
    }
    buf_char(out, '"');
}

void book_csv_record(struct arena *mem, struct buf *out, const struct str *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_char(out, ',');
        csv_cell(mem, out, cells[i]);
    }
    buf_addz(out, "\r\n");
}

int book_csv(struct ctx *cx, const struct book_table *table, struct buf *out)
{
    book_csv_record(cx->mem, out, table->headings, table->column_n);
    for (size_t i = 0; i < table->n; i++) {
        book_csv_record(cx->mem, out, table->rows[i].cells, table->column_n);
        TRY(ctx_check(cx));
    }
    return 0;
}
