#include "extract/xlsx.h"

#define MERGES 100000u
#define TABLES 1000u
#define LAST_COLUMN 16384u
#define FURNITURE_BYTES 4096u
#define PAGE_NUMBER_BYTES 12u /* of what may stand around a page number and mean nothing */
#define GAP 2u                /* blank rows that end a table */

struct range {
    uint32_t top, bottom; /* rows from 1 */
    unsigned left, right; /* columns from 0 */
};

/* What is known of a sheet before its rows are read: the file has it behind them. */
struct shape {
    struct arena *mem;
    struct range *merges; /* over several rows, sorted by their first cell */
    size_t merge_count, merge_room;
    struct range *tables; /* with a header row */
    size_t table_count, table_room;
};

/* What a vertically merged cell hands down to the rows beneath. */
struct down {
    uint32_t until;
    struct str text;
};

struct filled {
    unsigned column;
    struct str text;
};

struct sheet_reader {
    struct xlsx_book *book;
    const struct shape *shape;
    struct str name;
    bool named; /* the heading is out */

    uint32_t row;
    unsigned column;
    struct filled *cells;
    size_t cell_count, cell_room;
    struct down *down; /* EXTRACT_COLUMNS of them */
    unsigned down_to;  /* columns that may hold one */

    char type; /* of the open cell: s, i, b, e, d, t for text, n */
    unsigned style;
    bool in_value, in_text, has_formula;
    unsigned phonetic;
    struct buf value;
    struct buf furniture;
    bool in_furniture;
    uint32_t rows;

    /* The table that is open. */
    bool open;
    uint32_t last_row;
    unsigned left, right;
    size_t most; /* filled cells of one row */
};

/* "BC12" as column from 0 and row; false for what is no cell. */
static bool cell_name(const char **text, unsigned *ret_column, uint32_t *ret_row)
{
    const char *p = *text;
    unsigned column = 0;
    uint32_t row = 0;

    for (; *p == '$' || (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'); p++)
        if (*p != '$' && column < LAST_COLUMN)
            column = column * 26 + (unsigned)((*p | 32) - 'a') + 1;
    for (; *p == '$' || (*p >= '0' && *p <= '9'); p++)
        if (*p != '$' && row < 100000000)
            row = row * 10 + (uint32_t)(*p - '0');
    if (column == 0 || row == 0)
        return false;
    *text = p;
    *ret_column = column - 1;
    *ret_row = row;
    return true;
}

static bool range_of(const char *text, struct range *ret)
{
    if (text == NULL || !cell_name(&text, &ret->left, &ret->top))
        return false;
    ret->right = ret->left;
    ret->bottom = ret->top;
    if (*text == '\0')
        return true;
    if (*text++ != ':' || !cell_name(&text, &ret->right, &ret->bottom))
        return false;
    return ret->right >= ret->left && ret->bottom >= ret->top;
}

static void shape_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct shape *s = xml_arg(xml);
    struct range range;

    if (ns != XML_S)
        return;
    if (xml_is(name, "mergeCell") && s->merge_count < MERGES &&
        range_of(xml_attr(attrs, XML_NONE, "ref"), &range) && range.bottom > range.top)
        *ARENA_PUSH(s->mem, s->merges, s->merge_count, s->merge_room) = range;
    if (xml_is(name, "autoFilter") && s->table_count < TABLES &&
        range_of(xml_attr(attrs, XML_NONE, "ref"), &range))
        *ARENA_PUSH(s->mem, s->tables, s->table_count, s->table_room) = range;
}

static void table_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct shape *s = xml_arg(xml);
    struct range range;

    if (ns == XML_S && xml_is(name, "table") && s->table_count < TABLES &&
        xml_number(xml_attr(attrs, XML_NONE, "headerRowCount"), 10, 1) > 0 &&
        range_of(xml_attr(attrs, XML_NONE, "ref"), &range))
        *ARENA_PUSH(s->mem, s->tables, s->table_count, s->table_room) = range;
}

static int by_place(const void *a, const void *b)
{
    const struct range *x = a, *y = b;

    if (x->top != y->top)
        return x->top < y->top ? -1 : 1;
    return x->left < y->left ? -1 : x->left > y->left;
}

static const struct range *merge_at(const struct shape *shape, uint32_t row, unsigned column)
{
    struct range key = {.top = row, .left = column};

    if (shape->merge_count == 0)
        return NULL;
    return bsearch(&key, shape->merges, shape->merge_count, sizeof key, by_place);
}

/* The names a program gives to columns that have none: "Column1", "Spalte1". */
static bool is_made_up(struct str s)
{
    static const char *const words[] = {"column", "spalte", "colonne", "columna", "kolom"};

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        size_t n = strlen(words[i]);
        if (s.n > n && str_is_nocase(str_sub(s, 0, n), words[i]) && s.p[n] >= '0' && s.p[n] <= '9')
            return true;
    }
    return false;
}

static bool is_header(const struct sheet_reader *r)
{
    size_t made_up = 0;

    for (size_t i = 0; i < r->cell_count; i++)
        made_up += is_made_up(r->cells[i].text);
    if (made_up * 2 > r->cell_count)
        return false;
    for (size_t i = 0; i < r->shape->table_count; i++)
        if (r->shape->tables[i].top == r->row &&
            r->shape->tables[i].left <= r->cells[r->cell_count - 1].column &&
            r->shape->tables[i].right >= r->cells[0].column)
            return true;
    return false;
}

/*
 * Whether this row begins another table than the one before: after two blank rows; after one where
 * it reaches beyond the table's columns; or where a wide row follows lines of one or two cells,
 * which are a title or document control.
 */
static bool begins_table(const struct sheet_reader *r)
{
    unsigned left = r->cells[0].column, right = r->cells[r->cell_count - 1].column;

    if (!r->open || r->row <= r->last_row)
        return !r->open;
    if (r->row - r->last_row > GAP)
        return true;
    if (left > r->right || right < r->left)
        return true;
    if (r->row - r->last_row == GAP && right > r->right)
        return true;
    return r->most <= 2 && r->cell_count >= 3 && r->cell_count >= r->most + 2;
}

static void name_out(struct sheet_reader *r)
{
    uint32_t row = r->book->flow->place.row;

    if (r->named)
        return;
    r->named = true;
    r->book->flow->place.row = 0;
    flow_heading(r->book->flow, 1, r->name);
    r->book->flow->place.row = row;
}

static int by_column(const void *a, const void *b)
{
    const struct filled *x = a, *y = b;

    return x->column < y->column ? -1 : x->column > y->column;
}

/* Cells that are merged with one above get its text, so that each row reads by itself. */
static void fill_down(struct sheet_reader *r)
{
    bool has[EXTRACT_COLUMNS] = {false};
    struct arena *mem = r->book->flow->cx->mem;
    size_t own = r->cell_count;

    if (own == 0 || r->down_to == 0)
        return;
    for (size_t i = 0; i < own; i++)
        if (r->cells[i].column < EXTRACT_COLUMNS)
            has[r->cells[i].column] = true;
    for (unsigned i = 0; i < r->down_to; i++) {
        if (has[i] || r->down[i].until < r->row)
            continue;
        *ARENA_PUSH(mem, r->cells, r->cell_count, r->cell_room) =
            (struct filled){i, r->down[i].text};
    }
    if (r->cell_count > own)
        qsort(r->cells, r->cell_count, sizeof *r->cells, by_column);
}

static void row_out(struct sheet_reader *r)
{
    struct flow *flow = r->book->flow;

    fill_down(r);
    if (r->cell_count == 0)
        return;
    flow->place.row = r->row;
    name_out(r);
    if (begins_table(r)) {
        flow_table(flow);
        r->left = r->cells[0].column;
        r->right = 0;
        r->most = 0;
        r->open = true;
    }
    for (size_t i = 0; i < r->cell_count; i++)
        flow_cell(flow, r->cells[i].column, r->cells[i].text);
    flow_row(flow, is_header(r));
    r->last_row = r->row;
    unsigned right = r->cells[r->cell_count - 1].column;
    if (right > r->right)
        r->right = right;
    if (r->cells[0].column < r->left)
        r->left = r->cells[0].column;
    if (r->cell_count > r->most)
        r->most = r->cell_count;
}

static struct str shared_string(const struct sheet_reader *r, struct str value)
{
    int64_t i;

    if (!str_to_int(str_trim(value), &i) || i < 0 || (uint64_t)i >= r->book->string_count)
        return STR_NONE;
    return r->book->strings[i];
}

static struct str cell_text(struct sheet_reader *r)
{
    static const struct xlsx_format general = {XLSX_GENERAL, 1, 0, 0, {"", 0}, {"", 0}};
    struct arena *mem = r->book->flow->cx->mem;
    struct str value = buf_str(&r->value);

    switch (r->type) {
    case 's':
        return shared_string(r, value);
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
            mem, xlsx_show(
                     mem, r->style < r->book->format_count ? &r->book->formats[r->style] : &general,
                     value, r->book->from_1904));
    }
}

static void remember_down(struct sheet_reader *r, struct str text)
{
    const struct range *merge = merge_at(r->shape, r->row, r->column);

    if (merge == NULL || r->column >= EXTRACT_COLUMNS)
        return;
    if (r->down == NULL)
        r->down = arena_array(r->book->flow->cx->mem, EXTRACT_COLUMNS, sizeof *r->down);
    r->down[r->column] = (struct down){merge->bottom, text};
    if (r->column >= r->down_to)
        r->down_to = r->column + 1;
}

static void cell_end(struct sheet_reader *r)
{
    struct flow *flow = r->book->flow;
    struct str text = cell_text(r);

    if (r->has_formula && r->value.n == 0 && r->type != 'e' && r->type != 't')
        flow_note(flow, "%s", _("formulas without a stored result were left empty"));
    if (str_trim(text).n == 0)
        return;
    if (r->column >= EXTRACT_COLUMNS) {
        flow_note(flow, _("the columns after %u were left out"), EXTRACT_COLUMNS);
        return;
    }
    remember_down(r, text);
    /* A cell out of order would come twice or in the wrong place. */
    if (r->cell_count > 0 && r->cells[r->cell_count - 1].column >= r->column)
        return;
    *ARENA_PUSH(flow->cx->mem, r->cells, r->cell_count, r->cell_room) =
        (struct filled){r->column, text};
}

static char type_of(const char *type)
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
    if (name != NULL && cell_name(&name, &column, &row))
        r->column = column;
    r->type = type_of(xml_attr(attrs, XML_NONE, "t"));
    r->style = xml_number(xml_attr(attrs, XML_NONE, "s"), 10000000, 0);
    r->value.n = 0;
    r->has_formula = r->in_value = r->in_text = false;
    r->phonetic = 0;
}

static void row_start(struct xml *xml, struct sheet_reader *r, const char **attrs)
{
    struct flow *flow = r->book->flow;

    r->row = xml_number(xml_attr(attrs, XML_NONE, "r"), 100000000, r->row + 1);
    r->column = UINT32_MAX; /* the first cell is the next one */
    r->cell_count = 0;
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
    if (out.n >= PAGE_NUMBER_BYTES || !str_has(s, "&P"))
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
        row_out(r);
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
    struct sheet_reader *sheet;
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
    name_out(r->sheet);
    flow_paragraph(r->sheet->book->flow, buf_str(&r->text));
}

static void box_text(struct xml *xml, struct str text)
{
    struct box_reader *r = xml_arg(xml);

    if (r->in_text && r->fallback == 0 && r->text.n <= EXTRACT_CELL_BYTES)
        buf_add(&r->text, text);
}

/* What comes with a sheet: tables with their header rows, and text boxes. */
static int read_beside(struct sheet_reader *r, struct shape *shape, struct str part)
{
    static const struct xml_handler table_handler = {.start = table_start};
    static const struct xml_handler box_handler = {box_start, box_end, box_text};
    struct box_reader boxes = {.sheet = r, .text = buf_new(shape->mem)};
    struct flow *flow = r->book->flow;
    struct relations relations;

    TRY(relations_read(flow, r->book->container, part, &relations));
    for (size_t i = 0; i < relations.count && i < TABLES; i++) {
        const struct relation *relation = &relations.items[i];
        if (str_is(relation->type, "table"))
            TRY(part_optional(flow, r->book->container, relation->target, &table_handler, shape));
        if (str_is(relation->type, "drawing"))
            TRY(part_optional(flow, r->book->container, relation->target, &box_handler, &boxes));
    }
    return 0;
}

int xlsx_sheet_read(struct xlsx_book *book, struct str name, struct str part)
{
    static const struct xml_handler shape_handler = {.start = shape_start};
    static const struct xml_handler sheet_handler = {sheet_start, sheet_end, sheet_text};
    struct ctx *cx = book->flow->cx;
    struct shape shape = {.mem = cx->mem};
    struct sheet_reader r = {.book = book, .shape = &shape, .name = name};
    struct str bytes;

    flow_table_end(book->flow);
    book->flow->place = (struct place){.sheet = STR_NONE};
    flow_sheet(book->flow, name);
    int rc = container_read_name(cx, book->container, part, &bytes);
    if (rc == RC_NOT_FOUND) {
        flow_note(book->flow, _("the sheet %.*s is missing in the file"),
                  STR_ARG(str_sub(name, 0, 100)));
        return 0;
    }
    TRY(rc);
    r.value = buf_new(cx->mem);
    r.furniture = buf_new(cx->mem);
    TRY(read_beside(&r, &shape, part));
    if (str_has(bytes, "mergeCell") || str_has(bytes, "autoFilter"))
        TRY(xml_read(cx, part, bytes, &shape_handler, &shape));
    if (shape.merge_count > 0)
        qsort(shape.merges, shape.merge_count, sizeof *shape.merges, by_place);
    TRY(xml_read(cx, part, bytes, &sheet_handler, &r));
    flow_table_end(book->flow);
    return 0;
}
