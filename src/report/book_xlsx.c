/* XLSX with texts in its cells and nothing else. */
#include <string.h>
#include <zlib.h>

#include "report/book_parts.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define OFFICE "http://schemas.openxmlformats.org/"
#define SMALL ((size_t)1024 * 1024)
#define SHRINKS 100u /* times, at most, of what is larger than that */

/* ---- shared with ODS ---- */

static bool is_escape(struct str s)
{
    if (s.n < 7 || s.p[0] != '_' || s.p[1] != 'x' || s.p[6] != '_')
        return false;
    for (size_t i = 2; i < 6; i++)
        if (strchr("0123456789abcdefABCDEF", s.p[i]) == NULL)
            return false;
    return true;
}

void book_xml(struct buf *out, struct str text)
{
    size_t from = 0;

    for (size_t at = 0; at < text.n;) {
        size_t start = at;
        uint32_t code = utf8_next(text, &at);
        bool escape = code == '_' && is_escape(str_from(text, start));
        if (!escape && code != 0xfffe && code != 0xffff)
            continue;
        buf_escaped(out, str_sub(text, from, start - from));
        buf_printf(out, "_x%04X_", code);
        from = at;
    }
    buf_escaped(out, str_from(text, from));
}

struct zipped_part book_part(const char *name, struct str bytes)
{
    unsigned char room[16384];
    z_stream z = {.next_in = (z_const Bytef *)(uintptr_t)bytes.p, .avail_in = (uInt)bytes.n};
    struct zipped_part part = {.name = name, .bytes = bytes};

    if (bytes.n < SMALL || bytes.n > UINT32_MAX || deflateInit(&z, 6) != Z_OK)
        return part;
    do {
        z.next_out = room;
        z.avail_out = sizeof room;
    } while (deflate(&z, Z_FINISH) == Z_OK);
    part.plain = z.total_out < bytes.n / SHRINKS;
    (void)deflateEnd(&z);
    return part;
}

/* ---- cells ---- */

/* Bytes of the head of `text` that fit a cell. */
static size_t fits(struct str text)
{
    size_t units = 0, at = 0;

    while (at < text.n) {
        size_t start = at;
        units += utf8_next(text, &at) >= 0x10000 ? 2 : 1;
        if (units > BOOK_CELL_UNITS)
            return start;
    }
    return text.n;
}

static size_t pieces(struct str text)
{
    size_t n = 1;

    for (size_t took = fits(text); took < text.n; took = fits(text)) {
        text = str_from(text, took);
        n++;
    }
    return n;
}

static void column_name(struct buf *out, size_t column)
{
    char name[4];
    size_t n = 0;

    for (column++; column > 0 && n < sizeof name; column = (column - 1) / 26)
        name[n++] = (char)('A' + (column - 1) % 26);
    while (n > 0)
        buf_char(out, name[--n]);
}

static void put_cell(struct buf *out, size_t column, size_t row, struct str text, unsigned style)
{
    if (text.n == 0)
        return;
    buf_addz(out, "<c r=\"");
    column_name(out, column);
    buf_printf(out, "%zu\" s=\"%u\" t=\"inlineStr\"><is><t xml:space=\"preserve\">", row, style);
    book_xml(out, text);
    buf_addz(out, "</t></is></c>");
}

static void put_row(struct ctx *cx, struct buf *out, const struct book_table *t, const size_t *wide,
                    const struct str *cells, size_t row)
{
    bool head = row == 1;
    size_t column = 0;

    buf_printf(out, "<row r=\"%zu\">", row);
    for (size_t i = 0; i < t->column_n; i++) {
        struct str rest = cells[i];
        for (size_t k = 0; k < wide[i]; k++) {
            size_t took = head ? rest.n : fits(rest);
            put_cell(out, column++, row,
                     head && k > 0 ? book_heading_more(cx->mem, rest, k + 1)
                                   : str_sub(rest, 0, took),
                     head ? 2 : 1);
            rest = head ? rest : str_from(rest, took);
        }
    }
    buf_addz(out, "</row>\n");
}

static int sheet_xml(struct ctx *cx, const struct book_table *t, struct buf *out)
{
    size_t *wide = arena_array(cx->mem, t->column_n + 1, sizeof *wide), columns = 0;

    for (size_t i = 0; i < t->column_n; i++) {
        wide[i] = 1;
        for (size_t r = 0; r < t->n; r++) {
            size_t n = pieces(t->rows[r].cells[i]);
            wide[i] = n > wide[i] ? n : wide[i];
        }
        columns += wide[i];
    }
    buf_addz(out, HEAD "<worksheet xmlns=\"" OFFICE "spreadsheetml/2006/main\"><sheetViews>"
                       "<sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" "
                       "activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>");
    buf_printf(out,
               "<cols><col min=\"1\" max=\"%zu\" width=\"24\" style=\"1\" customWidth=\"1\"/>"
               "</cols><sheetData>\n",
               columns > 0 ? columns : 1);
    put_row(cx, out, t, wide, t->headings, 1);
    for (size_t r = 0; r < t->n; r++) {
        put_row(cx, out, t, wide, t->rows[r].cells, r + 2);
        TRY(ctx_check(cx));
    }
    buf_addz(out, "</sheetData></worksheet>\n");
    return 0;
}

/* ---- the package ---- */

static struct str types_xml(struct arena *mem, const struct book *book)
{
    struct buf out = buf_new(mem);

    buf_addz(&out, HEAD "<Types xmlns=\"" OFFICE "package/2006/content-types\">"
                        "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-"
                        "package.relationships+xml\"/><Default Extension=\"xml\" "
                        "ContentType=\"application/xml\"/>");
    buf_addz(&out, "<Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd."
                   "openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>"
                   "<Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd."
                   "openxmlformats-officedocument.spreadsheetml.styles+xml\"/>");
    for (size_t i = 0; i < book->n; i++)
        buf_printf(&out,
                   "<Override PartName=\"/xl/worksheets/sheet%zu.xml\" ContentType=\"application/"
                   "vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>",
                   i + 1);
    buf_addz(&out, "</Types>\n");
    return buf_str(&out);
}

static struct str workbook_xml(struct arena *mem, const struct book *book)
{
    struct buf out = buf_new(mem);

    buf_addz(&out, HEAD
             "<workbook xmlns=\"" OFFICE "spreadsheetml/2006/main\" xmlns:r=\"" OFFICE
             "officeDocument/2006/relationships\"><bookViews><workbookView/></bookViews><sheets>");
    for (size_t i = 0; i < book->n; i++) {
        buf_addz(&out, "<sheet name=\"");
        buf_escaped(&out, book->tables[i]->name);
        buf_printf(&out, "\" sheetId=\"%zu\" r:id=\"rId%zu\"/>", i + 1, i + 1);
    }
    buf_addz(&out, "</sheets></workbook>\n");
    return buf_str(&out);
}

static struct str relations_xml(struct arena *mem, const struct book *book)
{
    struct buf out = buf_new(mem);

    buf_addz(&out, HEAD "<Relationships xmlns=\"" OFFICE "package/2006/relationships\">");
    for (size_t i = 0; i < book->n; i++)
        buf_printf(&out,
                   "<Relationship Id=\"rId%zu\" Type=\"" OFFICE
                   "officeDocument/2006/relationships/worksheet\" "
                   "Target=\"worksheets/sheet%zu.xml\"/>",
                   i + 1, i + 1);
    buf_printf(&out,
               "<Relationship Id=\"rId%zu\" Type=\"" OFFICE
               "officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/>"
               "</Relationships>\n",
               book->n + 1);
    return buf_str(&out);
}

/* 0 as usual, 1 for texts, 2 for headings; 49 is the number format for text. */
static const char styles[] = HEAD
    "<styleSheet xmlns=\"" OFFICE "spreadsheetml/2006/main\">"
    "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>"
    "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
    "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>"
    "<fill><patternFill patternType=\"gray125\"/></fill></fills>"
    "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>"
    "</cellStyleXfs><cellXfs count=\"3\">"
    "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
    "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
    "applyNumberFormat=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>"
    "<xf numFmtId=\"49\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
    "applyNumberFormat=\"1\" applyFont=\"1\"/>"
    "</cellXfs></styleSheet>\n";

static const char package[] =
    HEAD "<Relationships xmlns=\"" OFFICE "package/2006/relationships\"><Relationship Id=\"rId1\" "
         "Type=\"" OFFICE "officeDocument/2006/relationships/officeDocument\" "
         "Target=\"xl/workbook.xml\"/></Relationships>\n";

int book_xlsx(struct ctx *cx, const struct book *book, struct buf *out)
{
    struct zipped_part *parts = arena_array(cx->mem, book->n + 5, sizeof *parts);
    size_t n = 0;

    parts[n++] = book_part("[Content_Types].xml", types_xml(cx->mem, book));
    parts[n++] = book_part("_rels/.rels", str_of(package));
    parts[n++] = book_part("xl/workbook.xml", workbook_xml(cx->mem, book));
    parts[n++] = book_part("xl/_rels/workbook.xml.rels", relations_xml(cx->mem, book));
    parts[n++] = book_part("xl/styles.xml", str_of(styles));
    for (size_t i = 0; i < book->n; i++) {
        struct buf sheet = buf_new(cx->mem);
        TRY(sheet_xml(cx, book->tables[i], &sheet));
        parts[n++] =
            book_part(str_printf(cx->mem, "xl/worksheets/sheet%zu.xml", i + 1).p, buf_str(&sheet));
    }
    return zipped_write(cx, parts, n, book->day, out);
}
