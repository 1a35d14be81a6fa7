#include "extract/xlsx.h"

#define SHEETS 2000u
#define FORMATS 65536u
#define STRINGS 4000000u

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The character of "_x000D_" at the head of `s`, or -1. */
static int escape_at(struct str s)
{
    int code = 0;

    if (s.n < 7 || s.p[0] != '_' || s.p[1] != 'x' || s.p[6] != '_')
        return -1;
    for (size_t i = 2; i < 6; i++) {
        if (hex_digit(s.p[i]) < 0)
            return -1;
        code = code * 16 + hex_digit(s.p[i]);
    }
    return code;
}

struct str xlsx_unescape(struct arena *mem, struct str text)
{
    struct buf out;

    if (str_find(text, STR("_x"), 0) == SIZE_MAX)
        return text;
    out = buf_new(mem);
    for (size_t i = 0; i < text.n; i++) {
        int code = escape_at(str_from(text, i));
        if (code < 0) {
            buf_char(&out, text.p[i]);
            continue;
        }
        if (code >= 0x20 || code == '\n' || code == '\t')
            buf_code(&out, (uint32_t)code);
        i += 6;
    }
    return buf_str(&out);
}

/* Shared strings: the text runs of each, without how it is read aloud. */
struct string_reader {
    struct xlsx_book *book;
    struct buf text;
    bool in_text;
    unsigned phonetic; /* open rPh */
};

static void string_start(struct xml *xml, enum xml_ns ns, const char *name,
                         UNUSED const char **attrs)
{
    struct string_reader *r = xml_arg(xml);

    if (ns != XML_S)
        return;
    if (xml_is(name, "si"))
        r->text.n = 0;
    else if (xml_is(name, "rPh"))
        r->phonetic++;
    else if (xml_is(name, "t"))
        r->in_text = r->phonetic == 0;
}

static void string_end(struct xml *xml, enum xml_ns ns, const char *name)
{
    struct string_reader *r = xml_arg(xml);
    struct xlsx_book *book = r->book;
    struct arena *mem = book->flow->cx->mem;

    if (ns != XML_S)
        return;
    if (xml_is(name, "t"))
        r->in_text = false;
    else if (xml_is(name, "rPh"))
        r->phonetic -= r->phonetic > 0;
    else if (xml_is(name, "si") && book->string_count < STRINGS)
        *ARENA_PUSH(mem, book->strings, book->string_count, book->string_room) =
            xlsx_unescape(mem, str_copy(mem, buf_str(&r->text)));
}

static void string_text(struct xml *xml, struct str text)
{
    struct string_reader *r = xml_arg(xml);

    if (r->in_text && r->text.n <= r->book->cell_bytes)
        buf_add(&r->text, text);
}

/* Styles: the number format of each kind of cell. */
struct code {
    unsigned id;
    struct xlsx_format format;
};

struct style_reader {
    struct xlsx_book *book;
    struct code *codes;
    size_t code_count, code_room;
    bool in_cells;
};

static struct xlsx_format format_by_id(const struct style_reader *r, unsigned id)
{
    for (size_t i = 0; i < r->code_count; i++)
        if (r->codes[i].id == id)
            return r->codes[i].format;
    return xlsx_format_builtin(id);
}

static void style_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct style_reader *r = xml_arg(xml);
    struct xlsx_book *book = r->book;
    struct arena *mem = book->flow->cx->mem;

    if (ns != XML_S)
        return;
    if (xml_is(name, "numFmt") && r->code_count < 2000) {
        struct code *code = ARENA_PUSH(mem, r->codes, r->code_count, r->code_room);
        code->id = xml_number(xml_attr(attrs, XML_NONE, "numFmtId"), 1000000, 0);
        code->format = xlsx_format_of(mem, str_of(xml_attr(attrs, XML_NONE, "formatCode")));
    } else if (xml_is(name, "cellXfs")) {
        r->in_cells = true;
    } else if (r->in_cells && xml_is(name, "xf") && book->format_count < FORMATS) {
        unsigned id = xml_number(xml_attr(attrs, XML_NONE, "numFmtId"), 1000000, 0);
        *ARENA_PUSH(mem, book->formats, book->format_count, book->format_room) =
            format_by_id(r, id);
    }
}

static void style_end(struct xml *xml, enum xml_ns ns, const char *name)
{
    struct style_reader *r = xml_arg(xml);

    if (ns == XML_S && xml_is(name, "cellXfs"))
        r->in_cells = false;
}

static void book_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct xlsx_book *book = xml_arg(xml);
    struct arena *mem = book->flow->cx->mem;
    const char *state;

    if (ns != XML_S)
        return;
    if (xml_is(name, "workbookPr") && xml_attr(attrs, XML_NONE, "date1904") != NULL)
        book->from_1904 = xml_on(xml_attr(attrs, XML_NONE, "date1904"));
    if (!xml_is(name, "sheet") || book->sheet_count >= SHEETS)
        return;
    state = xml_attr(attrs, XML_NONE, "state");
    *ARENA_PUSH(mem, book->sheets, book->sheet_count, book->sheet_room) =
        (struct xlsx_tab){.name = str_copy(mem, str_of(xml_attr(attrs, XML_NONE, "name"))),
                          .id = str_copy(mem, str_of(xml_attr(attrs, XML_R, "id"))),
                          .hidden = state != NULL && !xml_is(state, "visible")};
}

static const struct xml_handler string_handler = {string_start, string_end, string_text};
static const struct xml_handler style_handler = {style_start, style_end, NULL};
static const struct xml_handler book_handler = {.start = book_start};

static struct str part_of(const struct relations *relations, const char *type, const char *usual)
{
    const struct relation *relation = relation_of_type(relations, type);

    return relation != NULL ? relation->target : str_of(usual);
}

/* The parts of the sheets; those of charts and macros have none. */
static void find_sheets(struct xlsx_book *book, const struct relations *relations)
{
    for (size_t i = 0; i < book->sheet_count; i++) {
        struct xlsx_tab *sheet = &book->sheets[i];
        const struct relation *relation = relation_of_id(relations, sheet->id);
        if (relation == NULL)
            sheet->part = str_printf(book->flow->cx->mem, "xl/worksheets/sheet%zu.xml", i + 1);
        else if (str_is(relation->type, "worksheet"))
            sheet->part = relation->target;
    }
}

int xlsx_book_open(struct xlsx_book *book)
{
    struct flow *flow = book->flow;
    struct container *container = book->container;
    struct string_reader strings = {.book = book, .text = buf_new(flow->cx->mem)};
    struct style_reader styles = {.book = book};
    struct relations relations;
    struct str part, bytes;

    TRY(main_part(flow, container, "xl/workbook.xml", &part));
    TRY(relations_read(flow, container, part, &relations));
    int rc = container_read_name(flow->cx, container, part, &bytes);
    if (rc == RC_NOT_FOUND)
        return fail(flow->cx, RC_INVALID, NULL, _("Its part %.*s, the workbook, is missing."),
                    STR_ARG(part));
    TRY(rc);
    TRY(xml_read(flow->cx, part, bytes, &book_handler, book));
    TRY(properties_read(flow, container));
    TRY(part_optional(flow, container, part_of(&relations, "styles", "xl/styles.xml"),
                      &style_handler, &styles));
    TRY(part_optional(flow, container, part_of(&relations, "sharedStrings", "xl/sharedStrings.xml"),
                      &string_handler, &strings));
    find_sheets(book, &relations);
    return 0;
}

int xlsx_read(struct flow *flow, struct container *container)
{
    struct xlsx_book book = {
        .flow = flow, .container = container, .cell_bytes = EXTRACT_CELL_BYTES};

    TRY(xlsx_book_open(&book));
    for (size_t i = 0; i < book.sheet_count && !flow_full(flow); i++) {
        const struct xlsx_tab *sheet = &book.sheets[i];
        size_t before = flow->block_count;
        if (sheet->part.n == 0)
            continue;
        TRY(xlsx_sheet_read(&book, sheet->name, sheet->part));
        if (sheet->hidden && flow->block_count > before)
            flow_note(flow, _("the sheet %.*s is hidden, and was read"),
                      STR_ARG(str_sub(sheet->name, 0, 100)));
    }
    return 0;
}
