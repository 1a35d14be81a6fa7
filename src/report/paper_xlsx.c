/*
 * The tables of a paper as a workbook, a sheet each: header rows that stay in view, filters, days
 * that are days and numbers that are numbers. Every other cell is written as text, whatever it
 * begins with, so that nothing of what strangers wrote is ever a formula.
 *
 * libxlsxwriter writes to a file and dates it; so it writes to one in memory, and the parts are
 * zipped anew with the paper's day and properties.
 */
#include "base/file.h"
#include "report/paper_xml.h"
#include "report/zipped.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include <zip.h>

#define CELL_BYTES ((size_t)32000) /* of the 32,767 characters that Excel takes */
#define NAME_CHARACTERS 31u        /* of a sheet */
#define A4 9

enum kind { KIND_TEXT, KIND_NUMBER, KIND_DAY, KIND_HEAD, KINDS };

struct writer {
    struct ctx *cx;
    const struct paper *paper;
    lxw_workbook *book;
    lxw_format *formats[KINDS][PAPER_ROLES][2]; /* made when they are first needed */
    struct dict *names;
    bool failed;
};

static int failed(struct ctx *cx)
{
    return fail(cx, RC_FAIL, NULL, _("The workbook could not be written: %s."),
                strerrordesc_np(errno));
}

/* ---- formats ---- */

static lxw_color_t colour(const char *hex)
{
    return (lxw_color_t)strtoul(hex, NULL, 16);
}

static lxw_format *format_of(struct writer *w, enum kind kind, enum paper_role role, bool bold)
{
    static const char *const shapes[KINDS] = {"@", "0.###", "yyyy\\-mm\\-dd", "@"};
    lxw_format **made = &w->formats[kind][role][bold];
    lxw_format *f = *made;

    if (f != NULL)
        return f;
    f = *made = workbook_add_format(w->book);
    format_set_num_format(f, shapes[kind]);
    format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    format_set_text_wrap(f);
    if (bold || kind == KIND_HEAD)
        format_set_bold(f);
    if (kind == KIND_DAY)
        format_set_align(f, LXW_ALIGN_LEFT);
    if (kind == KIND_HEAD) {
        format_set_bg_color(f, colour(paper_wash(PAPER_MUTED)));
        format_set_bottom(f, LXW_BORDER_THIN);
    } else if (role != PAPER_PLAIN) {
        format_set_font_color(f, colour(paper_ink(role)));
        format_set_bg_color(f, colour(paper_wash(role)));
    }
    return f;
}

/* ---- sheets ---- */

/* A name as Excel takes it, that no other sheet has. */
static const char *sheet_name(struct writer *w, struct str title)
{
    struct buf out = buf_new(w->cx->mem);
    struct str name, key;
    size_t n = 0;

    for (size_t at = 0; at < title.n && n < NAME_CHARACTERS - 5; n++) {
        uint32_t code = utf8_next(title, &at);
        bool bad = code < 0x20 || (code < 0x80 && strchr("[]:*?/\\'", (int)code) != NULL);
        buf_code(&out, bad ? ' ' : code);
        n += code >= 0x10000; /* two characters there */
    }
    name = str_squeeze(w->cx->mem, buf_str(&out));
    if (name.n == 0 || str_is_nocase(name, "history"))
        name = str_of(_("Table"));
    struct str first = name;
    key = str_lower(w->cx->mem, name);
    for (unsigned i = 2; dict_has(w->names, key); i++) {
        name = str_printf(w->cx->mem, "%.*s %u", STR_ARG(first), i);
        key = str_lower(w->cx->mem, name);
    }
    dict_set(w->names, key, w);
    return str_z(w->cx->mem, name);
}

static struct str cell_text(struct writer *w, const struct paper_cell *cell)
{
    struct buf out = buf_new(w->cx->mem);

    for (size_t i = 0; i < cell->n; i++) {
        if (i > 0 && cell->texts[i]->n > 0)
            buf_char(&out, '\n');
        buf_add(&out, paper_plain(w->cx->mem, cell->texts[i]));
    }
    return str_cut(w->cx->mem, buf_str(&out), CELL_BYTES);
}

/* Days of a spreadsheet are counted from the last of 1899, with a 29 February 1900 that was none.
 */
static double serial(struct date day)
{
    return (double)(date_to_days(day) - date_to_days((struct date){1899, 12, 30}));
}

static void put_text(struct writer *w, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                     struct str text, lxw_format *format)
{
    lxw_error error =
        text.n == 0 ? worksheet_write_blank(sheet, row, column, format)
                    : worksheet_write_string(sheet, row, column, str_z(w->cx->mem, text), format);

    w->failed = w->failed || error != LXW_NO_ERROR;
}

static void put_cell(struct writer *w, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                     const struct paper_cell *cell, bool head)
{
    bool bold =
        cell->n > 0 && cell->texts[0]->n > 0 && (cell->texts[0]->runs[0].marks & PAPER_BOLD) != 0;
    bool day = cell->is == PAPER_IS_DAY && date_cmp(cell->day, (struct date){1900, 3, 1}) >= 0;
    enum kind kind = head                          ? KIND_HEAD
                     : cell->is == PAPER_IS_NUMBER ? KIND_NUMBER
                     : day                         ? KIND_DAY
                                                   : KIND_TEXT;
    lxw_format *format = format_of(w, kind, cell->fill, bold);
    lxw_error error = LXW_NO_ERROR;

    if (kind == KIND_NUMBER)
        error =
            worksheet_write_number(sheet, row, column, (double)cell->thousandths / 1000, format);
    else if (kind == KIND_DAY)
        error = worksheet_write_number(sheet, row, column, serial(cell->day), format);
    else
        put_text(w, sheet, row, column, cell_text(w, cell), format);
    w->failed = w->failed || error != LXW_NO_ERROR;
}

static unsigned width_of(const struct paper_column *column)
{
    unsigned wide = 3 + 5 * column->weight;

    return wide < 10 ? 10 : wide > 60 ? 60 : wide;
}

/* Not every program makes a row as high as its text, so it is said: lines as they probably break.
 */
static unsigned lines_of(struct writer *w, const struct paper_table *t,
                         const struct paper_cell *cell, size_t column)
{
    struct str rest = cell_text(w, cell), line;
    size_t lines = 0, wide = 0;

    for (size_t i = column; i < column + cell->span && i < t->column_n; i++)
        wide += width_of(&t->columns[i]);
    while (str_split(&rest, '\n', &line))
        lines += 1 + utf8_count(line) / (wide - 1);
    return lines < 1 ? 1 : lines > 27 ? 27 : (unsigned)lines;
}

static void set_height(struct writer *w, lxw_worksheet *sheet, const struct paper_table *t,
                       const struct paper_row *row, lxw_row_t at)
{
    unsigned lines = 1;
    size_t column = 0;

    for (size_t i = 0; i < row->n && column < t->column_n; i++) {
        unsigned n = lines_of(w, t, row->cells[i], column);
        lines = n > lines ? n : lines;
        column += row->cells[i]->span;
    }
    if (lines > 1)
        (void)worksheet_set_row(sheet, at, 15.0 * lines, NULL);
}

static void put_row(struct writer *w, lxw_worksheet *sheet, const struct paper_table *t,
                    const struct paper_row *row, lxw_row_t at)
{
    unsigned column = 0;

    set_height(w, sheet, t, row, at);
    for (size_t i = 0; i < row->n && column < t->column_n; i++) {
        put_cell(w, sheet, at, (lxw_col_t)column, row->cells[i], row->header);
        column += row->cells[i]->span;
    }
}

static void set_columns(lxw_worksheet *sheet, const struct paper_table *t)
{
    for (size_t i = 0; i < t->column_n; i++) {
        unsigned wide = 3 + 5 * t->columns[i].weight;
        (void)worksheet_set_column(sheet, (lxw_col_t)i, (lxw_col_t)i,
                                   wide < 10   ? 10
                                   : wide > 60 ? 60
                                               : wide,
                                   NULL);
    }
}

static int put_table(struct writer *w, const struct paper_table *t, const char *name)
{
    lxw_worksheet *sheet = workbook_add_worksheet(w->book, name);
    lxw_row_t heads = 0;

    if (sheet == NULL)
        return failed(w->cx);
    set_columns(sheet, t);
    while (heads < t->n && t->rows[heads]->header)
        heads++;
    if (heads > 0) {
        worksheet_freeze_panes(sheet, heads, 0);
        (void)worksheet_repeat_rows(sheet, 0, heads - 1);
        (void)worksheet_autofilter(sheet, heads - 1, 0, (lxw_row_t)(t->n - 1),
                                   (lxw_col_t)(t->column_n - 1));
    }
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, A4);
    worksheet_fit_to_pages(sheet, 1, 0);
    for (size_t i = 0; i < t->n && i < LXW_ROW_MAX; i++) {
        put_row(w, sheet, t, t->rows[i], (lxw_row_t)i);
        TRY(ctx_check(w->cx));
    }
    return w->failed ? failed(w->cx) : 0;
}

/* A paper without a table: its text, a line a paragraph. */
static int put_text_sheet(struct writer *w)
{
    lxw_worksheet *sheet = workbook_add_worksheet(w->book, sheet_name(w, str_of(_("Text"))));
    lxw_row_t row = 0;

    if (sheet == NULL)
        return failed(w->cx);
    (void)worksheet_set_column(sheet, 0, 0, 100, NULL);
    for (size_t i = 0; i < w->paper->n; i++) {
        const struct paper_block *b = w->paper->blocks[i];
        if (b->text != NULL && b->text->n > 0)
            put_text(w, sheet, row++, 0,
                     str_cut(w->cx->mem, paper_plain(w->cx->mem, b->text), CELL_BYTES),
                     format_of(w, KIND_TEXT, PAPER_PLAIN, b->kind == PAPER_HEADING));
    }
    return w->failed ? failed(w->cx) : 0;
}

static int put_sheets(struct writer *w)
{
    size_t n = 0;

    for (size_t i = 0; i < w->paper->n; i++) {
        const struct paper_block *b = w->paper->blocks[i], *above = paper_above(w->paper, i);
        if (b->kind != PAPER_TABLE || (b->media & PAPER_SHEETS) == 0 || b->table->n == 0 ||
            b->table->column_n == 0)
            continue;
        struct str title = b->table->title;
        if (title.n == 0 && above != NULL)
            title = paper_plain(w->cx->mem, above->text);
        TRY(put_table(w, b->table, sheet_name(w, title)));
        n++;
    }
    return n > 0 ? 0 : put_text_sheet(w);
}

/* ---- the package anew ---- */

static int read_part(struct ctx *cx, zip_t *zip, zip_uint64_t at, struct zipped_part *part)
{
    zip_stat_t st;
    zip_file_t *file;
    zip_int64_t n;
    char *bytes;

    if (zip_stat_index(zip, at, 0, &st) != 0 || (file = zip_fopen_index(zip, at, 0)) == NULL)
        return fail(cx, RC_FAIL, NULL, _("The workbook could not be written: %s."),
                    zip_strerror(zip));
    bytes = arena_alloc(cx->mem, (size_t)st.size + 1);
    n = zip_fread(file, bytes, st.size);
    (void)zip_fclose(file);
    part->name = str_z(cx->mem, str_of(st.name));
    part->bytes = (struct str){bytes, n > 0 ? (size_t)n : 0};
    return ctx_check(cx);
}

static int zip_anew(struct writer *w, zip_t *zip, struct buf *out)
{
    struct ctx *cx = w->cx;
    size_t n = (size_t)zip_get_num_entries(zip, 0);
    struct zipped_part *parts = arena_array(cx->mem, n + 2, sizeof *parts);
    size_t used = 2;

    for (size_t i = 0; i < n; i++) {
        struct zipped_part part = {0};
        TRY(read_part(cx, zip, i, &part));
        if (strcmp(part.name, "[Content_Types].xml") == 0)
            parts[0] = part;
        else if (strcmp(part.name, "docProps/core.xml") != 0)
            parts[used++] = part;
    }
    parts[0].plain = true;
    parts[1] = (struct zipped_part){"docProps/core.xml", paper_xml_core(cx->mem, w->paper), true};
    return zipped_write(cx, parts, used, w->paper->day, out);
}

static int read_file(struct ctx *cx, int fd, struct str *ret)
{
    off_t size = lseek(fd, 0, SEEK_END);
    char *bytes;

    if (size <= 0)
        return failed(cx);
    bytes = arena_alloc(cx->mem, (size_t)size);
    for (off_t at = 0; at < size;) {
        ssize_t n = pread(fd, bytes + at, (size_t)(size - at), at);
        if (n <= 0)
            return failed(cx);
        at += n;
    }
    *ret = (struct str){bytes, (size_t)size};
    return ctx_check(cx);
}

static int finish(struct writer *w, int fd, struct buf *out)
{
    struct str bytes = STR_NONE;
    zip_source_t *source;
    zip_t *zip;
    int rc;

    TRY(read_file(w->cx, fd, &bytes));
    source = zip_source_buffer_create(bytes.p, bytes.n, 0, NULL);
    zip = source != NULL ? zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;
    if (zip == NULL) {
        zip_source_free(source);
        return failed(w->cx);
    }
    rc = zip_anew(w, zip, out);
    zip_discard(zip);
    return rc;
}

int paper_xlsx(struct ctx *cx, const struct paper *f, struct buf *out)
{
    int fd CLEANUP(fd_close) = memfd_create("assay-xlsx", MFD_CLOEXEC);
    struct writer w = {.cx = cx, .paper = f, .names = dict_new(cx->mem)};
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    int rc;

    if (fd < 0)
        return failed(cx);
    w.book = workbook_new_opt(str_printf(cx->mem, "/proc/self/fd/%d", fd).p, &options);
    if (w.book == NULL)
        return failed(cx);
    rc = put_sheets(&w);
    if (rc < 0) {
        lxw_workbook_free(w.book);
        return rc;
    }
    if (workbook_close(w.book) != LXW_NO_ERROR)
        return failed(cx);
    return finish(&w, fd, out);
}
