#include "extract/cells_parts.h"

#include "base/guard.h"

static void limit(struct cells *c, const char *what, unsigned long most)
{
    if (c->rc == 0)
        c->rc = fail(c->cx, RC_LIMIT, NULL, _("It has more than %lu %s."), most, what);
}

void cells_sheet(struct cells *c, struct str name)
{
    struct value *sheet = value_map(c->cx->mem);

    if (value_count(c->sheets) >= CELLS_SHEETS)
        limit(c, _("sheets"), CELLS_SHEETS);
    c->rows = value_list(c->cx->mem);
    value_set_text(sheet, "name", name);
    value_set(sheet, "rows", c->rows);
    value_push(c->sheets, sheet);
    c->cells = NULL;
}

void cells_row(struct cells *c, int64_t row)
{
    c->row = row;
    c->cells = NULL;
}

void cells_cell(struct cells *c, unsigned column, struct str text)
{
    struct arena *mem = c->cx->mem;

    if (text.n == 0 || c->rc != 0)
        return;
    c->bytes += text.n;
    if (column >= CELLS_COLUMNS)
        limit(c, _("columns"), CELLS_COLUMNS);
    else if (text.n > CELLS_CELL_BYTES)
        limit(c, _("bytes in one cell"), CELLS_CELL_BYTES);
    else if (c->bytes > CELLS_BYTES)
        limit(c, _("bytes of text"), CELLS_BYTES);
    else if (value_count(c->rows) >= CELLS_ROWS)
        limit(c, _("rows in a sheet"), CELLS_ROWS);
    if (c->rc != 0)
        return;
    if (c->cells == NULL) {
        c->cells = value_list(mem);
        value_push(c->cells, value_int(mem, c->row));
        value_push(c->rows, c->cells);
    }
    value_push(c->cells, value_int(mem, column));
    value_push(c->cells, value_text(mem, text));
}

/* ---- CSV ---- */

struct csv {
    struct str text;
    size_t at;
    char delimiter;
};

/* The one that the first record has most often, outside of quotes. */
static char find_delimiter(struct str text)
{
    static const char candidates[] = {',', ';', '\t'};
    size_t counts[sizeof candidates] = {0}, best = 0;
    bool quoted = false;

    for (size_t i = 0; i < text.n; i++) {
        char ch = text.p[i];
        if (ch == '"')
            quoted = !quoted;
        if (!quoted && (ch == '\n' || ch == '\r'))
            break;
        for (size_t k = 0; !quoted && k < sizeof candidates; k++)
            counts[k] += ch == candidates[k];
    }
    for (size_t k = 1; k < sizeof candidates; k++)
        best = counts[k] > counts[best] ? k : best;
    return candidates[best];
}

/* Spreadsheets may announce it: "sep=;". Such a line is the first row, and none of the table. */
static bool announced(struct csv *csv)
{
    struct str head = str_sub(csv->text, 0, 6);

    if (head.n < 6 || !str_is_nocase(str_sub(head, 0, 4), "sep=") ||
        (head.p[5] != '\n' && head.p[5] != '\r'))
        return false;
    csv->delimiter = head.p[4];
    csv->at = str_starts(str_from(csv->text, 5), STR("\r\n")) ? 7 : 6;
    return true;
}

static void take_char(struct csv *csv, struct buf *out)
{
    char ch = csv->text.p[csv->at++];

    if (ch == '\r') {
        csv->at += csv->at < csv->text.n && csv->text.p[csv->at] == '\n';
        ch = '\n';
    }
    buf_char(out, ch);
}

static int read_quoted(struct cells *c, struct csv *csv, struct buf *out)
{
    csv->at++;
    while (csv->at < csv->text.n) {
        if (csv->text.p[csv->at] != '"') {
            take_char(csv, out);
            continue;
        }
        csv->at++;
        if (csv->at >= csv->text.n || csv->text.p[csv->at] != '"')
            return 0;
        buf_char(out, '"');
        csv->at++;
    }
    return fail(c->cx, RC_INVALID, NULL, _("Row %lld: a quotation mark has no end."),
                (long long)c->row);
}

/* A field into `out`; sets `last` where its record ends with it. */
static int read_field(struct cells *c, struct csv *csv, struct buf *out, bool *last)
{
    out->n = 0;
    *last = true;
    if (csv->at < csv->text.n && csv->text.p[csv->at] == '"')
        TRY(read_quoted(c, csv, out));
    while (csv->at < csv->text.n) {
        char ch = csv->text.p[csv->at];
        if (ch == csv->delimiter) {
            csv->at++;
            *last = false;
            return 0;
        }
        if (ch == '\n' || ch == '\r') {
            struct buf end = buf_new(c->cx->mem);
            take_char(csv, &end);
            return 0;
        }
        buf_char(out, ch);
        csv->at++;
    }
    return 0;
}

static int csv_rows(struct cells *c, struct str text)
{
    struct csv csv = {.text = text, .delimiter = find_delimiter(text)};
    struct buf field = buf_new(c->cx->mem);

    cells_sheet(c, STR_NONE);
    for (int64_t row = announced(&csv) ? 2 : 1; csv.at < text.n; row++) {
        unsigned column = 0;
        bool last;
        cells_row(c, row);
        do {
            TRY(read_field(c, &csv, &field, &last));
            cells_cell(c, column, str_copy(c->cx->mem, guard_cell_off(buf_str(&field))));
            column += column < CELLS_COLUMNS;
        } while (!last);
        TRY(c->rc);
        TRY(ctx_check(c->cx));
    }
    return 0;
}

int cells_read_csv(struct ctx *cx, struct str text, struct value **ret)
{
    struct cells c = {.cx = cx, .sheets = value_list(cx->mem)};

    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_from(text, 3);
    if (text.n > CELLS_BYTES)
        return fail(cx, RC_LIMIT, NULL, _("It has more than %zu bytes."), CELLS_BYTES);
    if (!utf8_valid(text))
        text = text_decode(cx, text);
    TRY(csv_rows(&c, text));
    *ret = c.sheets;
    return 0;
}

/* ---- which it is ---- */

/* ODT has the same parts; a type that is not stated is taken for the right one. */
static int is_other_document(struct ctx *cx, struct container *container, bool *ret)
{
    const struct member *mime = container_find(container, STR("mimetype"));
    struct str type = STR_NONE;

    if (mime != NULL)
        TRY(container_read(cx, container, mime, 256, &type));
    *ret = type.n > 0 && !str_has(type, "spreadsheet");
    return 0;
}

static int read_container(struct ctx *cx, struct str bytes, struct value **ret)
{
    CLEANUP(container_closep) struct container *container = NULL;
    struct cells c = {.cx = cx, .sheets = value_list(cx->mem)};
    struct flow flow;
    bool other;

    flow_init(&flow, cx);
    TRY(container_open(cx, bytes, &container));
    TRY(is_other_document(cx, container, &other));
    if (container_find(container, STR("xl/workbook.xml")) != NULL)
        TRY(cells_xlsx(&c, &flow, container));
    else if (!other && container_find(container, STR("content.xml")) != NULL)
        TRY(cells_ods(&c, &flow, container));
    else
        return fail(cx, RC_NOT_FOUND, NULL, "%s", _("It is no spreadsheet."));
    TRY(c.rc);
    TRY(ctx_check(cx));
    *ret = c.sheets;
    return 0;
}

int cells_read(struct ctx *cx, struct str name, struct str bytes, struct value **ret)
{
    if (str_starts(bytes, STR("PK")))
        return read_container(cx, bytes, ret);
    if (str_ends_nocase(name, ".csv") || str_ends_nocase(name, ".tsv"))
        return cells_read_csv(cx, bytes, ret);
    return fail(cx, RC_NOT_FOUND, NULL, "%s", _("It is no spreadsheet."));
}
