/* XLSX, cell by cell. */
#include "extract/cells_parts.h"
#include "extract/sheet.h"
#include "extract/xlsx.h"

struct rows {
    struct cells *cells;
    const struct xlsx_book *book;
    struct buf value;
    unsigned column, style;
    uint32_t row;
    char type;
    bool in_value;
    unsigned phonetic;
};

static void cell_start(struct rows *r, const char **attrs)
{
    const char *name = xml_attr(attrs, XML_NONE, "r");
    unsigned column;
    uint32_t row;

    r->column++;
    if (name != NULL && sheet_cell_name(&name, &column, &row))
        r->column = column;
    r->type = xlsx_cell_type(xml_attr(attrs, XML_NONE, "t"));
    r->style = xml_number(xml_attr(attrs, XML_NONE, "s"), 10000000, 0);
    r->value.n = 0;
    r->phonetic = 0;
}

static void on_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct rows *r = xml_arg(xml);

    if (ns != XML_S)
        return;
    if (xml_is(name, "row")) {
        r->row = xml_number(xml_attr(attrs, XML_NONE, "r"), 100000000, r->row + 1);
        r->column = UINT32_MAX; /* the first cell is the next one */
        cells_row(r->cells, r->row);
        if (r->cells->rc != 0)
            xml_stop(xml);
    } else if (xml_is(name, "c")) {
        cell_start(r, attrs);
    } else if (xml_is(name, "rPh")) {
        r->phonetic++;
    } else if (xml_is(name, "v")) {
        r->in_value = r->type != 't' || r->value.n == 0;
    } else if (xml_is(name, "t")) {
        r->in_value = r->type == 't' && r->phonetic == 0;
    }
}

static void on_end(struct xml *xml, enum xml_ns ns, const char *name)
{
    struct rows *r = xml_arg(xml);

    if (ns != XML_S)
        return;
    if (xml_is(name, "c"))
        cells_cell(r->cells, r->column,
                   xlsx_cell_text(r->book, r->type, r->style, buf_str(&r->value)));
    else if (xml_is(name, "rPh"))
        r->phonetic -= r->phonetic > 0;
    else
        r->in_value = false;
}

static void on_text(struct xml *xml, struct str text)
{
    struct rows *r = xml_arg(xml);

    if (r->in_value && r->value.n <= CELLS_CELL_BYTES)
        buf_add(&r->value, text);
}

int cells_xlsx(struct cells *c, struct flow *flow, struct container *container)
{
    static const struct xml_handler handler = {on_start, on_end, on_text};
    struct xlsx_book book = {.flow = flow, .container = container, .cell_bytes = CELLS_CELL_BYTES};
    struct str bytes;

    TRY(xlsx_book_open(&book));
    for (size_t i = 0; i < book.sheet_count && c->rc == 0; i++) {
        struct rows rows = {.cells = c, .book = &book, .value = buf_new(c->cx->mem)};
        if (book.sheets[i].part.n == 0)
            continue;
        cells_sheet(c, book.sheets[i].name);
        int rc = container_read_name(c->cx, container, book.sheets[i].part, &bytes);
        if (rc == RC_NOT_FOUND)
            return fail(c->cx, RC_INVALID, NULL, _("The sheet \"%.*s\" is missing in the file."),
                        STR_ARG(book.sheets[i].name));
        TRY(rc);
        TRY(xml_read(c->cx, book.sheets[i].part, bytes, &handler, &rows));
    }
    return 0;
}
