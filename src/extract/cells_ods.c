/* ODS, cell by cell. */
#include "extract/cells_parts.h"
#include "extract/odf.h"
#include "extract/xlsx.h"

#define REPEATS 1000u /* of filled cells and rows */

struct rows {
    struct cells *cells;
    unsigned tables; /* open: those within cells are no rows */
    unsigned skip;   /* depth of the element that is passed over, 0 for none */
    int64_t next;    /* row that comes, from 1 */
    unsigned row_times, cell_times, column;
    struct str *texts; /* of the open row */
    size_t text_n, text_room;
    bool in_cell, covered, blank;
    unsigned paras;
    struct str value; /* of a number, day or truth; "" else */
    struct buf text;
};

static void over(struct rows *r)
{
    if (r->cells->rc == 0)
        r->cells->rc = fail(r->cells->cx, RC_LIMIT, NULL,
                            _("A cell or row repeats itself more than %u times."), REPEATS);
}

static void value_read(struct rows *r, const char **attrs)
{
    static const struct {
        const char *type, *value;
    } types[] = {{"float", "value"},
                 {"currency", "value"},
                 {"date", "date-value"},
                 {"boolean", "boolean-value"}};
    const char *type = xml_attr(attrs, XML_OFFICE, "value-type");

    r->value = STR_NONE;
    for (size_t i = 0; type != NULL && i < COUNT_OF(types); i++)
        if (xml_is(type, types[i].type))
            r->value =
                str_copy(r->cells->cx->mem, str_of(xml_attr(attrs, XML_OFFICE, types[i].value)));
    if (xml_is(type, "date") && str_ends(r->value, STR("T00:00:00")))
        r->value = str_sub(r->value, 0, r->value.n - 9);
}

static void cell_start(struct rows *r, const char **attrs, bool covered)
{
    value_read(r, attrs);
    r->in_cell = true;
    r->covered = covered;
    r->cell_times = odf_times(attrs, XML_TABLE, "number-columns-repeated", UINT32_MAX / 2);
    r->paras = 0;
    r->text.n = 0;
}

static void cell_end(struct rows *r)
{
    struct arena *mem = r->cells->cx->mem;
    struct str text =
        r->value.n > 0 ? r->value : xlsx_unescape(mem, str_copy(mem, buf_str(&r->text)));

    r->in_cell = false;
    if (!r->covered && text.n > 0) {
        if (r->cell_times > REPEATS || r->column + r->cell_times > CELLS_COLUMNS) {
            over(r);
            return;
        }
        while (r->text_n < r->column)
            *ARENA_PUSH(mem, r->texts, r->text_n, r->text_room) = STR_NONE;
        for (unsigned i = 0; i < r->cell_times; i++)
            *ARENA_PUSH(mem, r->texts, r->text_n, r->text_room) = text;
    }
    r->column =
        r->cell_times > UINT32_MAX / 2 - r->column ? UINT32_MAX / 2 : r->column + r->cell_times;
}

static void row_end(struct rows *r)
{
    if (r->text_n > 0 && r->row_times > REPEATS)
        over(r);
    for (unsigned k = 0; r->text_n > 0 && k < r->row_times && r->cells->rc == 0; k++) {
        cells_row(r->cells, r->next + k);
        for (size_t i = 0; i < r->text_n; i++)
            cells_cell(r->cells, (unsigned)i, r->texts[i]);
    }
    r->next += r->row_times;
    r->text_n = 0;
}

static void table_start(struct rows *r, const char *name, const char **attrs)
{
    if (xml_is(name, "table")) {
        if (r->tables++ > 0)
            return;
        r->next = 1;
        cells_sheet(r->cells,
                    str_copy(r->cells->cx->mem, str_of(xml_attr(attrs, XML_TABLE, "name"))));
    } else if (r->tables != 1) {
        return;
    } else if (xml_is(name, "table-row")) {
        r->row_times = odf_times(attrs, XML_TABLE, "number-rows-repeated", UINT32_MAX);
        r->column = 0;
        r->text_n = 0;
    } else if (xml_is(name, "table-cell") || xml_is(name, "covered-table-cell")) {
        cell_start(r, attrs, name[0] == 'c');
    }
}

static void text_start(struct rows *r, const char *name, const char **attrs)
{
    unsigned blanks = 0;

    if (xml_is(name, "p") || xml_is(name, "h")) {
        if (r->paras++ > 0)
            buf_char(&r->text, '\n');
        r->blank = true;
        return;
    }
    if (xml_is(name, "s"))
        blanks = odf_times(attrs, XML_TEXT, "c", CELLS_CELL_BYTES);
    else if (xml_is(name, "tab") || xml_is(name, "line-break"))
        buf_char(&r->text, name[0] == 't' ? '\t' : '\n');
    else
        return;
    for (; blanks > 0 && r->text.n <= CELLS_CELL_BYTES; blanks--)
        buf_char(&r->text, ' ');
    r->blank = false;
}

static void on_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct rows *r = xml_arg(xml);

    if (r->skip > 0)
        return;
    if (odf_is_skipped(ns, name) || ns == XML_DRAW)
        r->skip = xml_depth(xml);
    else if (ns == XML_TABLE)
        table_start(r, name, attrs);
    else if (ns == XML_TEXT && r->in_cell && r->tables == 1)
        text_start(r, name, attrs);
}

static void on_end(struct xml *xml, enum xml_ns ns, const char *name)
{
    struct rows *r = xml_arg(xml);

    if (r->skip > 0) {
        r->skip = r->skip == xml_depth(xml) ? 0 : r->skip;
        return;
    }
    if (ns != XML_TABLE || r->tables == 0)
        return;
    if (xml_is(name, "table"))
        r->tables--;
    else if (r->tables == 1 && r->in_cell && str_ends(str_of(name), STR("table-cell")))
        cell_end(r);
    else if (r->tables == 1 && xml_is(name, "table-row"))
        row_end(r);
    if (r->cells->rc != 0)
        xml_stop(xml);
}

/* Runs of white space are one blank, and none at a paragraph's beginning: others are elements. */
static void on_text(struct xml *xml, struct str text)
{
    struct rows *r = xml_arg(xml);

    if (r->skip > 0 || !r->in_cell || r->paras == 0)
        return;
    for (size_t i = 0; i < text.n && r->text.n <= CELLS_CELL_BYTES; i++) {
        bool white = text.p[i] == ' ' || text.p[i] == '\t' || text.p[i] == '\n';
        if (!white || !r->blank)
            buf_char(&r->text, white ? ' ' : text.p[i]);
        r->blank = white;
    }
}

int cells_ods(struct cells *c, struct flow *flow, struct container *container)
{
    static const struct xml_handler handler = {on_start, on_end, on_text};
    struct rows rows = {.cells = c, .text = buf_new(c->cx->mem)};
    struct odf odf;

    TRY(odf_open(flow, container, &odf));
    return xml_read(c->cx, STR("content.xml"), odf.content, &handler, &rows);
}
