#include "report/book.h"

#include "extract/cells.h"
#include "tests/harness.h"
#include "tests/hostile.h"

#define COLUMNS 4u
#define ROWS 60u

static struct book *make(struct ctx *cx, uint32_t seed, size_t most)
{
    static const struct str headings[COLUMNS] = {
        {"Reference", 9}, {"What it is", 10}, {"Owner", 5}, {"=Sum", 4}};
    struct book *book = ARENA_NEW(cx->mem, struct book);

    book->day = cx->today;
    for (unsigned t = 0; t < 2; t++) {
        struct book_table *table =
            book_table_add(cx, book, t == 0 ? STR("Risks") : STR("R&D <'x'>"), headings, COLUMNS);
        for (unsigned r = 0; r < ROWS; r++) {
            struct str *cells = arena_array(cx->mem, COLUMNS, sizeof *cells);
            for (unsigned c = 0; c < COLUMNS; c++)
                cells[c] = hostile_text(cx->mem, &seed, most);
            cells[0] = str_printf(cx->mem, "R-%u", r);
            CHECK_OK(book_row_add(cx, table, cells));
        }
    }
    return book;
}

/* The text of a cell; those that it goes on in are joined to it. */
static struct str cell_of(struct ctx *cx, const struct value *rows, size_t row, struct str heading)
{
    const struct value *head = value_at(rows, 0), *line = value_at(rows, row);
    struct buf out = buf_new(cx->mem);

    for (size_t i = 1; i < value_count(line); i += 2) {
        for (size_t h = 1; h < value_count(head); h += 2) {
            struct str is = value_as_text(value_at(head, h + 1));
            size_t part;
            struct str first = book_heading_of(is, &part);
            if (value_as_int(value_at(head, h), -1) == value_as_int(value_at(line, i), -2) &&
                (str_eq(is, heading) || str_eq(first, heading)))
                buf_add(&out, value_as_text(value_at(line, i + 1)));
        }
    }
    return buf_str(&out);
}

static void compare(struct ctx *cx, const struct book_table *t, const struct value *sheet,
                    const char *format)
{
    const struct value *rows = value_get(sheet, "rows");

    CHECK_INT(value_count(rows), t->n + 1);
    for (size_t r = 0; r < t->n; r++)
        for (size_t c = 0; c < t->column_n; c++) {
            struct str got = cell_of(cx, rows, r + 1, t->headings[c]);
            if (!str_eq(got, t->rows[r].cells[c])) {
                test_failed(__FILE__, __LINE__, "%s: row %zu, column %zu: [%.*s] [%.*s]", format, r,
                            c, STR_ARG(str_cut(cx->mem, got, 200)),
                            STR_ARG(str_cut(cx->mem, t->rows[r].cells[c], 200)));
                return;
            }
        }
}

static void round_trip(struct ctx *cx, const struct book *book)
{
    struct buf xlsx = buf_new(cx->mem), ods = buf_new(cx->mem), csv = buf_new(cx->mem);
    struct value *sheets;

    CHECK_OK(book_xlsx(cx, book, &xlsx));
    CHECK_OK(cells_read(cx, STR("a.xlsx"), buf_str(&xlsx), &sheets));
    CHECK_INT(value_count(sheets), book->n);
    for (size_t i = 0; i < book->n; i++) {
        CHECK(str_eq(value_get_text(value_at(sheets, i), "name"), book->tables[i]->name));
        compare(cx, book->tables[i], value_at(sheets, i), "xlsx");
    }
    CHECK_OK(book_ods(cx, book, &ods));
    CHECK_OK(cells_read(cx, STR("a.ods"), buf_str(&ods), &sheets));
    CHECK_INT(value_count(sheets), book->n);
    for (size_t i = 0; i < book->n; i++)
        compare(cx, book->tables[i], value_at(sheets, i), "ods");
    CHECK_OK(book_csv(cx, book->tables[0], &csv));
    CHECK_OK(cells_read(cx, STR("a.csv"), buf_str(&csv), &sheets));
    compare(cx, book->tables[0], value_at(sheets, 0), "csv");
}

TEST(book_gives_back_what_went_in)
{
    for (uint32_t seed = 1; seed <= 8; seed++)
        round_trip(cx, make(cx, seed, 300));
}

TEST(book_gives_back_a_mebibyte_in_a_cell)
{
    struct book *book = make(cx, 99, 20);
    struct buf same = buf_new(cx->mem);
    uint32_t seed = 7;

    for (size_t n = 0; n < 1024 * 1024; n += 8)
        buf_addz(&same, "\xf0\x9f\x90\xb8"
                        "abc ");
    struct str cells[COLUMNS] = {STR("R-1"), hostile_text(cx->mem, &seed, 1024 * 1024),
                                 buf_str(&same), STR("x")};
    while (cells[1].n < 1000 * 1000)
        cells[1] = hostile_text(cx->mem, &seed, 1024 * 1024);
    book->tables[0]->rows[3].cells = cells;
    round_trip(cx, book);
}

TEST(book_is_the_same_again)
{
    struct buf a = buf_new(cx->mem), b = buf_new(cx->mem);

    CHECK_OK(book_xlsx(cx, make(cx, 5, 100), &a));
    CHECK_OK(book_xlsx(cx, make(cx, 5, 100), &b));
    CHECK(str_eq(buf_str(&a), buf_str(&b)));
}

TEST(book_headings_go_on)
{
    size_t n;

    CHECK_STR(book_heading_of(book_heading_more(cx->mem, STR("Text (old)"), 12), &n), "Text (old)");
    CHECK_INT(n, 12);
    CHECK_STR(book_heading_of(STR("Impact (1-5)"), &n), "");
    CHECK_STR(book_heading_of(STR("Text (1)"), &n), "");
    CHECK_INT(n, 1);
}

TEST(book_sheet_names_are_what_programs_take)
{
    CHECK_STR(book_sheet_name(cx->mem, STR("Risks: [a]/b")), "Risks   a  b");
    CHECK_STR(book_sheet_name(cx->mem, STR("Internal and external issues of the organisation")),
              "Internal and external issues of");
}
