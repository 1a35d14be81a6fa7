#include <math.h>

#include "extract/odf.h"
#include "extract/sheet.h"

#define SHEETS 2000u
#define BOXES 5000u
#define SPACES 100u
#define CELL_REPEATS 64u /* of a filled cell, and of a filled row, that are read */
#define ROW_REPEATS 100u
#define FURNITURE_BYTES 4096u
#define MOST_DECIMALS 15
#define NUMBER_BYTES 64u

/* What is known before the rows are read: a file has it beside or behind them. */
struct box {
    size_t sheet;
    struct str text;
};

struct filter {
    struct str sheet;
    struct sheet_range range;
};

struct ods {
    struct flow *flow;
    struct box *boxes;
    size_t box_count, box_room;
    struct filter *filters;
    size_t filter_count, filter_room;
    struct dict *hidden; /* styles of sheets that are not shown */

    size_t sheet_number; /* sheets seen so far */
    bool in_sheet;
    unsigned nested; /* tables within the sheet: they are no rows of it */
    struct sheet sheet;
    uint32_t next_row; /* that comes, from 1 */
    uint32_t rows;     /* with cells, of this sheet */
    unsigned column;
    uint32_t row_times;

    unsigned skip;  /* depth of the element that is passed over, 0 for none */
    unsigned boxed; /* depth of the drawing that is open, 0 for none */
    unsigned paras; /* open paragraphs of a cell or drawing */
    bool in_cell, covered;
    char type; /* n number, d day, t time, b boolean, s text, e error, % */
    struct str value, shown;
    unsigned cell_times;
    uint32_t until;
    struct buf text;

    bool header_part; /* page headers and footers are read */
    unsigned furniture;
    bool page_number;
};

/* ---- what a cell says ---- */

static size_t digits_of(char *out, const char *text, size_t n)
{
    size_t count = 0;

    for (size_t i = 0; i < n && count < NUMBER_BYTES - 1; i++)
        if (text[i] >= '0' && text[i] <= '9')
            out[count++] = text[i];
    out[count] = '\0';
    return count;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/*
 * A number as people see it, but with a point and without signs between thousands: what is shown
 * tells how many digits are, the value where the point stands. "RISK-007" and "12 kg" stay.
 */
static struct str number_shown(struct arena *mem, struct str shown, struct str value)
{
    char want[NUMBER_BYTES], have[NUMBER_BYTES], text[NUMBER_BYTES];
    char room[NUMBER_BYTES];
    size_t from = 0, to = shown.n;

    while (from < to && !is_digit(shown.p[from]))
        from++;
    while (to > from && !is_digit(shown.p[to - 1]))
        to--;
    if (to == from || to - from >= NUMBER_BYTES || value.n == 0 || value.n >= NUMBER_BYTES)
        return shown;
    memcpy(room, value.p, value.n);
    room[value.n] = '\0';
    double number = fabs(strtod(room, NULL));
    size_t n = digits_of(want, shown.p + from, to - from);
    for (int decimals = 0; decimals <= MOST_DECIMALS && number < 1e15; decimals++) {
        snprintf(text, sizeof text, "%.*f", decimals, number);
        size_t zeros = digits_of(have, text, strlen(text));
        zeros = n > zeros ? n - zeros : 0; /* "0012" */
        if (strspn(want, "0") < zeros || strcmp(want + zeros, have) != 0)
            continue;
        return str_printf(mem, "%.*s%.*s%s%.*s", (int)from, shown.p, (int)zeros, want, text,
                          STR_ARG(str_from(shown, to)));
    }
    return shown;
}

static struct str percent_shown(struct arena *mem, struct str shown, struct str value)
{
    char room[NUMBER_BYTES];

    if (value.n == 0 || value.n >= NUMBER_BYTES)
        return shown;
    memcpy(room, value.p, value.n);
    room[value.n] = '\0';
    struct str hundredfold = str_printf(mem, "%.15g", strtod(room, NULL) * 100);
    struct str text = number_shown(mem, shown, hundredfold);
    /* "12 %" is written as "12%" everywhere else. */
    if (str_ends(text, STR(" %")) || str_ends(text, STR("\xc2\xa0%")))
        return str_printf(mem, "%.*s%%", STR_ARG(str_trim(str_sub(text, 0, text.n - 1))));
    return text;
}

/* "2026-11-30T14:30:00" as "2026-11-30 14:30". */
static struct str day_shown(struct arena *mem, struct str value)
{
    if (value.n < 16 || value.p[10] != 'T')
        return value;
    if (str_starts(str_from(value, 11), STR("00:00")))
        return str_copy(mem, str_sub(value, 0, 10));
    return str_printf(mem, "%.*s %.*s", 10, value.p, 5, value.p + 11);
}

/* "PT08H30M00S" as "08:30". */
static struct str time_shown(struct arena *mem, struct str value, struct str shown)
{
    unsigned hours = 0, minutes = 0;
    char room[NUMBER_BYTES];

    if (value.n >= sizeof room)
        return shown;
    memcpy(room, value.p, value.n);
    room[value.n] = '\0';
    if (sscanf(room, "PT%6uH%2uM", &hours, &minutes) != 2)
        return shown;
    return str_printf(mem, "%02u:%02u", hours, minutes);
}

static struct str cell_shown(struct ods *r)
{
    struct arena *mem = r->flow->cx->mem;
    struct str shown = str_copy(mem, str_trim(buf_str(&r->text)));

    switch (r->type) {
    case 'n':
        return shown.n > 0 ? number_shown(mem, shown, r->value) : r->value;
    case '%':
        return percent_shown(mem, shown, r->value);
    case 'd':
        return r->value.n > 0 ? day_shown(mem, r->value) : shown;
    case 't':
        return r->value.n > 0 ? time_shown(mem, r->value, shown) : shown;
    case 'b':
        return r->value.n == 0 ? shown : str_is(r->value, "true") ? STR("TRUE") : STR("FALSE");
    case 'e':
        return STR_NONE;
    default:
        return shown.n > 0 ? shown : r->value;
    }
}

static void type_read(struct ods *r, const char **attrs)
{
    static const struct {
        const char *type;
        char letter;
        const char *value;
    } types[] = {{"float", 'n', "value"},        {"currency", 'n', "value"},
                 {"percentage", '%', "value"},   {"date", 'd', "date-value"},
                 {"time", 't', "time-value"},    {"boolean", 'b', "boolean-value"},
                 {"string", 's', "string-value"}};
    const char *type = xml_attr(attrs, XML_OFFICE, "value-type");

    r->type = 's';
    r->value = STR_NONE;
    for (size_t i = 0; type != NULL && i < COUNT_OF(types); i++) {
        if (!xml_is(type, types[i].type))
            continue;
        r->type = types[i].letter;
        r->value =
            str_copy(r->flow->cx->mem, str_sub(str_of(xml_attr(attrs, XML_OFFICE, types[i].value)),
                                               0, EXTRACT_CELL_BYTES));
    }
    if (xml_is(xml_attr(attrs, XML_CALC, "value-type"), "error"))
        r->type = 'e';
}

/* ---- sheets, rows and cells ---- */

static void sheet_start(struct ods *r, const char **attrs)
{
    struct str name = str_copy(r->flow->cx->mem, str_of(xml_attr(attrs, XML_TABLE, "name")));
    const char *style = xml_attr(attrs, XML_TABLE, "style-name");

    r->in_sheet = true;
    r->rows = 0;
    r->next_row = 1;
    sheet_begin(&r->sheet, r->flow, name);
    for (size_t i = 0; i < r->filter_count; i++)
        if (str_eq(r->filters[i].sheet, name))
            sheet_table(&r->sheet, &r->filters[i].range);
    for (size_t i = 0; i < r->box_count; i++) {
        if (r->boxes[i].sheet != r->sheet_number)
            continue;
        sheet_name_out(&r->sheet);
        flow_paragraph(r->flow, r->boxes[i].text);
    }
    if (style != NULL && dict_has(r->hidden, str_of(style)))
        flow_note(r->flow, _("the sheet %.*s is hidden, and was read"),
                  STR_ARG(str_sub(name, 0, 100)));
    r->sheet_number++;
}

static void row_start(struct ods *r, const char **attrs)
{
    r->row_times = odf_times(attrs, XML_TABLE, "number-rows-repeated", UINT32_MAX);
    r->sheet.row = r->next_row;
    r->sheet.cell_count = 0;
    r->column = 0;
}

static unsigned repeats(struct ods *r, unsigned times, unsigned most)
{
    if (times > most)
        flow_note(r->flow, "%s", _("rows or cells that repeat themselves very often were cut"));
    return times > most ? most : times;
}

/* A filled row that comes several times is several rows. */
static void row_end(struct xml *xml, struct ods *r)
{
    struct sheet *sheet = &r->sheet;
    size_t filled = sheet->cell_count;
    struct sheet_cell *cells = arena_array(r->flow->cx->mem, filled, sizeof *cells);

    if (filled > 0)
        memcpy(cells, sheet->cells, filled * sizeof *cells);
    r->next_row = r->row_times > UINT32_MAX - r->next_row ? UINT32_MAX : r->next_row + r->row_times;
    uint32_t times = filled > 0 ? repeats(r, r->row_times, ROW_REPEATS) : 0;
    for (uint32_t i = 0; i < times && !flow_full(r->flow); i++) {
        if (++r->rows > EXTRACT_ROWS) {
            flow_note(r->flow, _("the rows after %u of a sheet were left out"), EXTRACT_ROWS);
            break;
        }
        memcpy(sheet->cells, cells, filled * sizeof *cells);
        sheet->cell_count = filled;
        sheet_row_end(sheet);
        sheet->row++;
    }
    if (flow_full(r->flow))
        xml_stop(xml);
}

static void cell_start(struct ods *r, const char **attrs, bool covered)
{
    uint32_t high = odf_times(attrs, XML_TABLE, "number-rows-spanned", 1048576);

    type_read(r, attrs);
    r->in_cell = true;
    r->covered = covered;
    r->cell_times = odf_times(attrs, XML_TABLE, "number-columns-repeated", UINT32_MAX / 2);
    r->until = high > 1 ? r->sheet.row + high - 1 : 0;
    r->text.n = 0;
}

static void cell_end(struct ods *r)
{
    struct str text = r->covered ? STR_NONE : cell_shown(r);

    r->in_cell = false;
    unsigned times = text.n > 0 ? repeats(r, r->cell_times, CELL_REPEATS) : 0;
    for (unsigned i = 0; i < times; i++)
        sheet_cell(&r->sheet, r->column + i, text, r->until);
    r->column =
        r->cell_times > UINT32_MAX / 2 - r->column ? UINT32_MAX / 2 : r->column + r->cell_times;
}

/* ---- text of cells, drawings and page headers ---- */

static void para_start(struct ods *r)
{
    if (r->paras++ == 0 && r->text.n > 0)
        buf_char(&r->text, '\n');
}

static void text_start(struct ods *r, const char *name, const char **attrs)
{
    if (xml_is(name, "p") || xml_is(name, "h"))
        para_start(r);
    else if (xml_is(name, "s"))
        for (unsigned n = odf_times(attrs, XML_TEXT, "c", SPACES); n > 0; n--)
            buf_char(&r->text, ' ');
    else if (xml_is(name, "tab") || xml_is(name, "line-break"))
        buf_char(&r->text, ' ');
}

static void on_text(struct xml *xml, struct str text)
{
    struct ods *r = xml_arg(xml);

    if (r->skip == 0 && r->paras > 0 && r->text.n <= EXTRACT_CELL_BYTES)
        odf_add_text(&r->text, text);
}

static bool is_drawing(enum xml_ns ns, const char *name)
{
    static const char *const names[] = {"frame",   "custom-shape", "rect",      "ellipse",
                                        "caption", "circle",       "connector", "line"};

    for (size_t i = 0; ns == XML_DRAW && i < COUNT_OF(names); i++)
        if (xml_is(name, names[i]))
            return true;
    return false;
}

/* ---- before the rows: drawings, filters, styles of sheets that are not shown ---- */

/* "'Risk register'.A3:'Risk register'.F20" */
static bool address_read(struct arena *mem, struct str address, struct filter *ret)
{
    struct buf name = buf_new(mem), range = buf_new(mem);
    bool quoted = false, second = false, in_name = true;

    for (size_t i = 0; i < address.n && i < 512; i++) {
        char c = address.p[i];
        if (c == '\'') {
            quoted = !quoted;
        } else if (!quoted && c == '.') {
            in_name = false;
        } else if (!quoted && c == ':') {
            buf_char(&range, c);
            second = in_name = true;
        } else if (in_name) {
            if (!second && (c != '$' || quoted))
                buf_char(&name, c);
        } else {
            buf_char(&range, c);
        }
    }
    ret->sheet = buf_str(&name);
    return sheet_range_of(str_z(mem, buf_str(&range)), &ret->range);
}

static void filter_read(struct ods *r, const char **attrs)
{
    const char *header = xml_attr(attrs, XML_TABLE, "contains-header");
    struct arena *mem = r->flow->cx->mem;
    struct filter filter;

    if (r->filter_count < SHEET_TABLES && xml_on(header) &&
        xml_on(xml_attr(attrs, XML_TABLE, "display-filter-buttons")) &&
        xml_attr(attrs, XML_TABLE, "display-filter-buttons") != NULL &&
        address_read(mem, str_of(xml_attr(attrs, XML_TABLE, "target-range-address")), &filter))
        *ARENA_PUSH(mem, r->filters, r->filter_count, r->filter_room) = filter;
}

static void shape_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct ods *r = xml_arg(xml);

    if (r->skip > 0)
        return;
    if (odf_is_skipped(ns, name)) {
        r->skip = xml_depth(xml);
    } else if (ns == XML_TABLE && xml_is(name, "table") && r->boxed == 0) {
        r->sheet_number++;
    } else if (ns == XML_TABLE && xml_is(name, "database-range")) {
        filter_read(r, attrs);
    } else if (is_drawing(ns, name) && r->boxed == 0) {
        r->boxed = xml_depth(xml);
        r->text.n = 0;
    } else if (ns == XML_TEXT && r->boxed > 0) {
        text_start(r, name, attrs);
    }
}

static void shape_end(struct xml *xml, enum xml_ns ns, const char *name)
{
    struct ods *r = xml_arg(xml);

    if (r->skip > 0) {
        r->skip = r->skip == xml_depth(xml) ? 0 : r->skip;
        return;
    }
    if (r->boxed == 0)
        return;
    if (ns == XML_TEXT && (xml_is(name, "p") || xml_is(name, "h")))
        r->paras -= r->paras > 0;
    bool ends = r->boxed == xml_depth(xml);
    if ((ends || r->paras == 0) && str_trim(buf_str(&r->text)).n > 0 && r->box_count < BOXES &&
        r->sheet_number > 0) {
        struct arena *mem = r->flow->cx->mem;
        *ARENA_PUSH(mem, r->boxes, r->box_count, r->box_room) =
            (struct box){r->sheet_number - 1, str_copy(mem, buf_str(&r->text))};
        r->text.n = 0;
    }
    if (ends) {
        r->boxed = 0;
        r->paras = 0;
    }
}

/* The style that is open waits in r->shown. */
static void style_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct ods *r = xml_arg(xml);
    const char *display = xml_attr(attrs, XML_TABLE, "display");

    if (ns == XML_OFFICE && xml_is(name, "body"))
        xml_stop(xml);
    if (ns != XML_STYLE)
        return;
    if (xml_is(name, "style"))
        r->shown = str_copy(r->flow->cx->mem, str_of(xml_attr(attrs, XML_STYLE, "name")));
    else if (xml_is(name, "table-properties") && display != NULL && !xml_on(display))
        dict_set(r->hidden, r->shown, r);
}

/* ---- the rows ---- */

static void table_start(struct ods *r, enum xml_ns ns, const char *name, const char **attrs)
{
    if (xml_is(name, "table")) {
        if (r->in_sheet)
            r->nested++;
        else if (r->sheet_number < SHEETS)
            sheet_start(r, attrs);
    } else if (!r->in_sheet || r->nested > 0 || ns != XML_TABLE) {
        return;
    } else if (xml_is(name, "table-row")) {
        row_start(r, attrs);
    } else if (xml_is(name, "table-cell") || xml_is(name, "covered-table-cell")) {
        cell_start(r, attrs, name[0] == 'c');
    }
}

static void on_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct ods *r = xml_arg(xml);

    if (r->skip > 0)
        return;
    if (odf_is_skipped(ns, name) || is_drawing(ns, name))
        r->skip = xml_depth(xml);
    else if (ns == XML_TABLE)
        table_start(r, ns, name, attrs);
    else if (ns == XML_TEXT && r->in_cell && r->nested == 0)
        text_start(r, name, attrs);
}

static void on_end(struct xml *xml, enum xml_ns ns, const char *name)
{
    struct ods *r = xml_arg(xml);

    if (r->skip > 0) {
        r->skip = r->skip == xml_depth(xml) ? 0 : r->skip;
        return;
    }
    if (ns == XML_TEXT && (xml_is(name, "p") || xml_is(name, "h")))
        r->paras -= r->paras > 0;
    if (ns != XML_TABLE || !r->in_sheet)
        return;
    if (xml_is(name, "table")) {
        if (r->nested > 0)
            r->nested--;
        else
            r->in_sheet = false;
    } else if (r->nested == 0 && r->in_cell && str_ends(str_of(name), STR("table-cell"))) {
        cell_end(r);
    } else if (r->nested == 0 && xml_is(name, "table-row")) {
        row_end(xml, r);
    }
}

/* ---- page headers and footers ---- */

/* Fields that say nothing of the document. */
static bool is_page_field(enum xml_ns ns, const char *name)
{
    static const char *const names[] = {"sheet-name", "title", "page-number", "page-count",
                                        "date",       "time",  "file-name"};

    for (size_t i = 0; ns == XML_TEXT && i < COUNT_OF(names); i++)
        if (xml_is(name, names[i]))
            return true;
    return false;
}

static bool is_furniture(enum xml_ns ns, const char *name)
{
    return ns == XML_STYLE &&
           (str_starts(str_of(name), STR("header")) || str_starts(str_of(name), STR("footer"))) &&
           !str_ends(str_of(name), STR("-style"));
}

static void page_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct ods *r = xml_arg(xml);
    const char *display = xml_attr(attrs, XML_STYLE, "display");

    if (r->skip > 0)
        return;
    if (is_page_field(ns, name) || odf_is_skipped(ns, name) ||
        (is_furniture(ns, name) && display != NULL && !xml_on(display))) {
        r->page_number |= xml_is(name, "page-number");
        r->skip = xml_depth(xml);
    } else if (is_furniture(ns, name) && r->furniture == 0) {
        r->furniture = xml_depth(xml);
        r->page_number = false;
        r->text.n = 0;
    } else if (ns == XML_TEXT && r->furniture > 0) {
        text_start(r, name, attrs);
    }
}

static bool has_letter(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z') || (s.p[i] & 0x80) != 0)
            return true;
    return false;
}

static void page_end(struct xml *xml, enum xml_ns ns, const char *name)
{
    struct ods *r = xml_arg(xml);

    if (r->skip > 0) {
        r->skip = r->skip == xml_depth(xml) ? 0 : r->skip;
        return;
    }
    if (ns == XML_TEXT && xml_is(name, "p"))
        r->paras -= r->paras > 0;
    if (r->furniture == 0 || r->furniture != xml_depth(xml))
        return;
    r->furniture = 0;
    r->paras = 0;
    /* "Page 1" alone says nothing. */
    if (has_letter(buf_str(&r->text)) && (r->text.n >= SHEET_PAGE_NUMBER_BYTES || !r->page_number))
        flow_furniture(r->flow, str_sub(buf_str(&r->text), 0, FURNITURE_BYTES));
}

int ods_parts_read(const struct odf *odf)
{
    static const struct xml_handler shapes = {shape_start, shape_end, on_text};
    static const struct xml_handler styles = {.start = style_start};
    static const struct xml_handler rows = {on_start, on_end, on_text};
    static const struct xml_handler pages = {page_start, page_end, on_text};
    struct ctx *cx = odf->flow->cx;
    struct ods *r = ARENA_NEW(cx->mem, struct ods);

    *r = (struct ods){.flow = odf->flow, .hidden = dict_new(cx->mem), .text = buf_new(cx->mem)};
    TRY(odf_properties(odf));
    TRY(odf_optional(odf, "content.xml", odf->content, &styles, r));
    TRY(xml_read(cx, STR("content.xml"), odf->content, &shapes, r));
    r->sheet_number = 0;
    r->skip = r->boxed = r->paras = 0;
    r->text.n = 0;
    TRY(xml_read(cx, STR("content.xml"), odf->content, &rows, r));
    flow_table_end(odf->flow);
    odf->flow->place = (struct place){.sheet = STR_NONE};
    r->skip = r->paras = 0;
    return odf_optional(odf, "styles.xml", odf->styles, &pages, r);
}
