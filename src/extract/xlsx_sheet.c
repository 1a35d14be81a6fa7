#include "extract/sheet.h"
#include "extract/xlsx.h"

#define MERGES 100000u
#define FURNITURE_BYTES 4096u

/* Cells merged over several rows, sorted by their first cell: the file has them behind the rows. */
struct shape {
    struct sheet *sheet;
    struct sheet_range *merges;
    size_t merge_count, merge_room;
};

struct sheet_reader {
    struct xlsx_book *book;
    const struct shape *shape;
    struct sheet sheet;
    unsigned column;

    char type; /* of the open cell: s, i, b, e, d, t for text, n */
    unsigned style;
    bool in_value, in_text, has_formula;
    unsigned phonetic;
    struct buf value;
    struct buf furniture;
    bool in_furniture;
    uint32_t rows;
};

static void shape_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct shape *s = xml_arg(xml);
    struct sheet_range range;

    if (ns != XML_S || !sheet_range_of(xml_attr(attrs, XML_NONE, "ref"), &range))
        return;
    if (xml_is(name, "mergeCell") && s->merge_count < MERGES && range.bottom > range.top)
        *ARENA_PUSH(s->sheet->flow->cx->mem, s->merges, s->merge_count, s->merge_room) = range;
    if (xml_is(name, "autoFilter"))
        sheet_table(s->sheet, &range);
}

static void table_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct sheet_range range;

    if (ns == XML_S && xml_is(name, "table") &&
        xml_number(xml_attr(attrs, XML_NONE, "headerRowCount"), 10, 1) > 0 &&
        sheet_range_of(xml_attr(attrs, XML_NONE, "ref"), &range))
        sheet_table(xml_arg(xml), &range);
}

static int by_place(const void *a, const void *b)
{
    const struct sheet_range *x = a, *y = b;

    if (x->top != y->top)
        return x->top < y->top ? -1 : 1;
    return x->left < y->left ? -1 : x->left > y->left;
}

static const struct sheet_range *merge_at(const struct shape *shape, uint32_t row, unsigned column)
{
    struct sheet_range key = {.top = row, .left = column};

    if (shape->merge_count == 0)
        return NULL;
    return bsearch(&key, shape->merges, shape->merge_count, sizeof key, by_place);
}

static struct str shared_string(const struct xlsx_book *book, struct str value)
{
    int64_t i;

    if (!str_to_int(str_trim(value), &i) || i < 0 || (uint64_t)i >= book->string_count)
        return STR_NONE;
    return book->strings[i];
}

struct str xlsx_cell_text(const struct xlsx_book *book, char type, unsigned style, struct str value)
{
    static const struct xlsx_format general = {XLSX_GENERAL, 1, 0, 0, {"", 0}, {"", 0}};
    struct arena *mem = book->flow->cx->mem;

    switch (type) {
    case 's':
        return shared_string(book, value);
    case 'b':
        return str_is(str_trim(value), "1") ? STR("TRUE")
               : str_trim(value).n > 0      ? STR("FALSE")
                                            : STR_NONE;
    case 'e':
        return STR_NONE;
    case 'd':
        value = str_trim(value);
        return str_ends(value, STR("T00:00:00")) || str_ends(value, STR("T00:00:00.000"))
                   ? str_copy(mem, str_sub(value, 0, 10))
                   : str_copy(mem, value);
    case 't':
        return xlsx_unescape(mem, str_copy(mem, value));
    default:
        return str_copy(
            mem, xlsx_show(mem, style < book->format_count ? &book->formats[style] : &general,
                           value, book->from_1904));
    }
}

static void cell_end(struct sheet_reader *r)
{
    struct flow *flow = r->book->flow;
    struct str text = xlsx_cell_text(r->book, r->type, r->style, buf_str(&r->value));

    if (r->has_formula && r->value.n == 0 && r->type != 'e' && r->type != 't')
        flow_note(flow, "%s", _("formulas without a stored result were left empty"));
    const struct sheet_range *merge = merge_at(r->shape, r->sheet.row, r->column);
    sheet_cell(&r->sheet, r->column, text, merge != NULL ? merge->bottom : 0);
}

char xlsx_cell_type(const char *type)
{
    static const struct {
        const char *name;
        char type;
    } types[] = {{"s", 's'}, {"inlineStr", 't'}, {"str", 't'}, {"b", 'b'}, {"e", 'e'}, {"d", 'd'}};

    for (size_t i = 0; type != NULL && i < COUNT_OF(types); i++)
        if (xml_is(type, types[i].name))
            return types[i].type;
    return 'n';
}

static void cell_start(struct sheet_reader *r, const char **attrs)
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
    r->has_formula = r->in_value = r->in_text = false;
    r->phonetic = 0;
}

static void row_start(struct xml *xml, struct sheet_reader *r, const char **attrs)
{
    struct flow *flow = r->book->flow;

    r->sheet.row = xml_number(xml_attr(attrs, XML_NONE, "r"), 100000000, r->sheet.row + 1);
    r->column = UINT32_MAX; /* the first cell is the next one */
    r->sheet.cell_count = 0;
    if (++r->rows > EXTRACT_ROWS) {
        flow_note(flow, _("the rows after %u of a sheet were left out"), EXTRACT_ROWS);
        xml_stop(xml);
    } else if (flow_full(flow)) {
        xml_stop(xml);
    }
}

static bool is_furniture(const char *name)
{
    static const char *const names[] = {"oddHeader", "evenHeader", "firstHeader",
                                        "oddFooter", "evenFooter", "firstFooter"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (xml_is(name, names[i]))
            return true;
    return false;
}

static void sheet_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct sheet_reader *r = xml_arg(xml);

    if (ns != XML_S)
        return;
    if (xml_is(name, "c")) {
        cell_start(r, attrs);
    } else if (xml_is(name, "v")) {
        r->in_value = true;
        r->value.n = 0;
    } else if (xml_is(name, "t")) {
        r->in_text = r->type == 't' && r->phonetic == 0;
    } else if (xml_is(name, "f")) {
        r->has_formula = true;
    } else if (xml_is(name, "rPh")) {
        r->phonetic++;
    } else if (xml_is(name, "row")) {
        row_start(xml, r, attrs);
    } else if (is_furniture(name)) {
        r->in_furniture = true;
        r->furniture.n = 0;
    }
}

/* Without the codes of a page header: "&L&\"Arial\"&8Confidential&RPage &P". */
static void furniture_out(struct sheet_reader *r)
{
    struct buf out = buf_new(r->book->flow->cx->mem);
    struct str s = buf_str(&r->furniture);

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '&' || i + 1 >= s.n) {
            buf_char(&out, s.p[i]);
            continue;
        }
        i++;
        if (s.p[i] == '&') {
            buf_char(&out, '&');
        } else if (s.p[i] == '"') {
            size_t end = str_find_char(s, '"', i + 1);
            i = end == SIZE_MAX ? s.n : end;
        } else if (s.p[i] == 'K') {
            i += 6; /* a colour */
        } else if (s.p[i] >= '0' && s.p[i] <= '9') {
            while (i + 1 < s.n && s.p[i + 1] >= '0' && s.p[i + 1] <= '9')
                i++;
        } else if (strchr("LCR", s.p[i]) != NULL) {
            buf_char(&out, ' ');
        }
    }
    r->book->flow->place.row = 0;
    /* "Page &P" alone says nothing. */
    if (out.n >= SHEET_PAGE_NUMBER_BYTES || !str_has(s, "&P"))
        flow_furniture(r->book->flow, buf_str(&out));
}

static void sheet_end(struct xml *xml, enum xml_ns ns, const char *name)
{
    struct sheet_reader *r = xml_arg(xml);

    if (ns != XML_S)
        return;
    if (xml_is(name, "c"))
        cell_end(r);
    else if (xml_is(name, "v"))
        r->in_value = false;
    else if (xml_is(name, "t"))
        r->in_text = false;
    else if (xml_is(name, "rPh"))
        r->phonetic -= r->phonetic > 0;
    else if (xml_is(name, "row"))
        sheet_row_end(&r->sheet);
    else if (is_furniture(name)) {
        r->in_furniture = false;
        furniture_out(r);
    }
}

static void sheet_text(struct xml *xml, struct str text)
{
    struct sheet_reader *r = xml_arg(xml);

    if ((r->in_value || r->in_text) && r->value.n <= EXTRACT_CELL_BYTES)
        buf_add(&r->value, text);
    else if (r->in_furniture && r->furniture.n <= FURNITURE_BYTES)
        buf_add(&r->furniture, text);
}

/* Text boxes: a title often stands in one. */
struct box_reader {
    struct sheet *sheet;
    struct buf text;
    bool in_text;
    unsigned fallback; /* depth of an alternative that is passed over */
};

static void box_start(struct xml *xml, enum xml_ns ns, const char *name, UNUSED const char **attrs)
{
    struct box_reader *r = xml_arg(xml);

    if (ns == XML_MC && xml_is(name, "Fallback") && r->fallback == 0)
        r->fallback = xml_depth(xml);
    if (ns != XML_A || r->fallback != 0)
        return;
    if (xml_is(name, "p"))
        r->text.n = 0;
    else if (xml_is(name, "br"))
        buf_char(&r->text, ' ');
    else if (xml_is(name, "t"))
        r->in_text = true;
}

static void box_end(struct xml *xml, enum xml_ns ns, const char *name)
{
    struct box_reader *r = xml_arg(xml);

    if (r->fallback == xml_depth(xml))
        r->fallback = 0;
    if (ns != XML_A || r->fallback != 0)
        return;
    r->in_text = r->in_text && !xml_is(name, "t");
    if (!xml_is(name, "p") || str_trim(buf_str(&r->text)).n == 0)
        return;
    sheet_name_out(r->sheet);
    flow_paragraph(r->sheet->flow, buf_str(&r->text));
}

static void box_text(struct xml *xml, struct str text)
{
    struct box_reader *r = xml_arg(xml);

    if (r->in_text && r->fallback == 0 && r->text.n <= EXTRACT_CELL_BYTES)
        buf_add(&r->text, text);
}

/* What comes with a sheet: tables with their header rows, and text boxes. */
static int read_beside(struct sheet_reader *r, struct str part)
{
    static const struct xml_handler table_handler = {.start = table_start};
    static const struct xml_handler box_handler = {box_start, box_end, box_text};
    struct flow *flow = r->book->flow;
    struct box_reader boxes = {.sheet = &r->sheet, .text = buf_new(flow->cx->mem)};
    struct container *container = r->book->container;
    struct relations relations;

    TRY(relations_read(flow, container, part, &relations));
    for (size_t i = 0; i < relations.count && i < SHEET_TABLES; i++) {
        const struct relation *relation = &relations.items[i];
        if (str_is(relation->type, "table"))
            TRY(part_optional(flow, container, relation->target, &table_handler, &r->sheet));
        if (str_is(relation->type, "drawing"))
            TRY(part_optional(flow, container, relation->target, &box_handler, &boxes));
    }
    return 0;
}

int xlsx_sheet_read(struct xlsx_book *book, struct str name, struct str part)
{
    static const struct xml_handler shape_handler = {.start = shape_start};
    static const struct xml_handler sheet_handler = {sheet_start, sheet_end, sheet_text};
    struct ctx *cx = book->flow->cx;
    struct sheet_reader r = {.book = book};
    struct shape shape = {.sheet = &r.sheet};
    struct str bytes;

    r.shape = &shape;
    sheet_begin(&r.sheet, book->flow, name);
    int rc = container_read_name(cx, book->container, part, &bytes);
    if (rc == RC_NOT_FOUND) {
        flow_note(book->flow, _("the sheet %.*s is missing in the file"),
                  STR_ARG(str_sub(name, 0, 100)));
        return 0;
    }
    TRY(rc);
    r.value = buf_new(cx->mem);
    r.furniture = buf_new(cx->mem);
    TRY(read_beside(&r, part));
    if (str_has(bytes, "mergeCell") || str_has(bytes, "autoFilter"))
        TRY(xml_read(cx, part, bytes, &shape_handler, &shape));
    if (shape.merge_count > 0)
        qsort(shape.merges, shape.merge_count, sizeof *shape.merges, by_place);
    TRY(xml_read(cx, part, bytes, &sheet_handler, &r));
    flow_table_end(book->flow);
    return 0;
}
