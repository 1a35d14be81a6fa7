/* ODS with texts in its cells and nothing else. */
#include "report/book_parts.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define ODF "urn:oasis:names:tc:opendocument:xmlns:"

/* Blanks that follow each other or begin a line, tabs and line ends are elements. */
static void put_text(struct buf *out, struct str text)
{
    size_t from = 0;
    bool blank = true;

    buf_addz(out, "<text:p>");
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool white = c == ' ' || c == '\t' || c == '\n';
        if (white && (c != ' ' || blank || i + 1 == text.n)) {
            book_xml(out, str_sub(text, from, i - from));
            buf_addz(out, c == ' ' ? "<text:s/>" : c == '\t' ? "<text:tab/>" : "</text:p><text:p>");
            from = i + 1;
        }
        blank = c == ' ' || c == '\n';
    }
    book_xml(out, str_from(text, from));
    buf_addz(out, "</text:p>");
}

static void put_row(struct buf *out, const struct book_table *t, const struct str *cells,
                    const char *style)
{
    buf_addz(out, "<table:table-row>");
    for (size_t i = 0; i < t->column_n; i++) {
        if (cells[i].n == 0) {
            buf_addz(out, "<table:table-cell/>");
            continue;
        }
        buf_printf(out, "<table:table-cell table:style-name=\"%s\" office:value-type=\"string\">",
                   style);
        put_text(out, cells[i]);
        buf_addz(out, "</table:table-cell>");
    }
    buf_addz(out, "</table:table-row>\n");
}

static int put_table(struct ctx *cx, struct buf *out, const struct book_table *t)
{
    buf_addz(out, "<table:table table:name=\"");
    buf_escaped(out, t->name);
    buf_printf(out,
               "\"><table:table-column table:style-name=\"column\" "
               "table:default-cell-style-name=\"cell\" table:number-columns-repeated=\"%zu\"/>"
               "<table:table-header-rows>",
               t->column_n > 0 ? t->column_n : 1);
    put_row(out, t, t->headings, "head");
    buf_addz(out, "</table:table-header-rows>\n");
    for (size_t r = 0; r < t->n; r++) {
        put_row(out, t, t->rows[r].cells, "cell");
        TRY(ctx_check(cx));
    }
    buf_addz(out, "</table:table>\n");
    return 0;
}

static const char content_head[] = HEAD
    "<office:document-content xmlns:office=\"" ODF "office:1.0\" xmlns:table=\"" ODF
    "table:1.0\" xmlns:text=\"" ODF "text:1.0\" xmlns:style=\"" ODF
    "style:1.0\" xmlns:number=\"" ODF "datastyle:1.0\" xmlns:fo=\"" ODF
    "xsl-fo-compatible:1.0\" office:version=\"1.2\">"
    "<office:automatic-styles><number:text-style style:name=\"text\"><number:text-content/>"
    "</number:text-style><style:style style:name=\"column\" style:family=\"table-column\">"
    "<style:table-column-properties style:column-width=\"5cm\"/></style:style>"
    "<style:style style:name=\"cell\" style:family=\"table-cell\" style:data-style-name=\"text\">"
    "<style:table-cell-properties fo:wrap-option=\"wrap\" style:vertical-align=\"top\"/>"
    "</style:style><style:style style:name=\"head\" style:family=\"table-cell\" "
    "style:data-style-name=\"text\"><style:text-properties fo:font-weight=\"bold\"/></style:style>"
    "</office:automatic-styles><office:body><office:spreadsheet>\n";

static const char manifest[] = HEAD
    "<manifest:manifest xmlns:manifest=\"" ODF "manifest:1.0\" manifest:version=\"1.2\">"
    "<manifest:file-entry manifest:full-path=\"/\" "
    "manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>"
    "<manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>"
    "</manifest:manifest>\n";

int book_ods(struct ctx *cx, const struct book *book, struct buf *out)
{
    struct zipped_part parts[3] = {
        {"mimetype", STR("application/vnd.oasis.opendocument.spreadsheet"), true}};
    struct buf content = buf_new(cx->mem);

    buf_addz(&content, content_head);
    for (size_t i = 0; i < book->n; i++)
        TRY(put_table(cx, &content, book->tables[i]));
    buf_addz(&content, "</office:spreadsheet></office:body></office:document-content>\n");
    parts[1] = book_part("content.xml", buf_str(&content));
    parts[2] = book_part("META-INF/manifest.xml", str_of(manifest));
    return zipped_write(cx, parts, COUNT_OF(parts), book->day, out);
}
