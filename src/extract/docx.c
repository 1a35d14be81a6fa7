#include "extract/docx.h"

static void para_start(struct xml *xml, UNUSED const char **attrs)
{
    struct word *r = xml_arg(xml);

    if (!word_para_open(r))
        r->skip = xml_depth(xml);
}

static void para_end(struct xml *xml)
{
    struct word *r = xml_arg(xml);

    word_para_close(r);
    if (flow_full(r->flow))
        xml_stop(xml);
}

static void run_start(struct xml *xml, UNUSED const char **attrs)
{
    struct word_para *p = word_para_top(xml_arg(xml));

    if (p == NULL)
        return;
    p->run = (struct word_look){WORD_UNSET, WORD_UNSET, WORD_UNSET};
    p->run_style = NULL;
}

static void text_start(struct xml *xml, UNUSED const char **attrs)
{
    struct word *r = xml_arg(xml);

    r->in_text = !word_in_instruction(r);
}

static void text_end(struct xml *xml)
{
    struct word *r = xml_arg(xml);

    r->in_text = false;
}

static void put_unless_field(struct xml *xml, const char *text)
{
    struct word *r = xml_arg(xml);

    if (!word_in_instruction(r) && !r->in_props)
        word_put_text(r, str_of(text));
}

static void tab_start(struct xml *xml, UNUSED const char **attrs)
{
    put_unless_field(xml, "\t");
}

static void line_start(struct xml *xml, UNUSED const char **attrs)
{
    put_unless_field(xml, "\n");
}

static void hyphen_start(struct xml *xml, UNUSED const char **attrs)
{
    put_unless_field(xml, "-");
}

static void break_start(struct xml *xml, const char **attrs)
{
    struct word *r = xml_arg(xml);

    if (xml_is(xml_attr(attrs, XML_W, "type"), "page")) {
        if (!r->rendered)
            r->page++;
        put_unless_field(xml, " ");
        return;
    }
    put_unless_field(xml, "\n");
}

static void page_start(struct xml *xml, UNUSED const char **attrs)
{
    struct word *r = xml_arg(xml);

    r->page += r->rendered ? 1 : 0;
}

/* Signs of the Wingdings fonts that say something. */
static void sign_start(struct xml *xml, const char **attrs)
{
    static const struct {
        const char *code, *text;
    } signs[] = {
        {"F0FE", "\xe2\x98\x92"}, {"F0FD", "\xe2\x98\x92"}, {"F078", "\xe2\x98\x92"},
        {"F052", "\xe2\x98\x91"}, {"F0A8", "\xe2\x98\x90"}, {"F06F", "\xe2\x98\x90"},
        {"F0A3", "\xe2\x98\x90"}, {"F0FC", "\xe2\x9c\x93"}, {"F050", "\xe2\x9c\x93"},
        {"F0FB", "\xe2\x9c\x97"}, {"F04F", "\xe2\x9c\x97"}, {"F0E0", "\xe2\x86\x92"},
    };
    const char *code = xml_attr(attrs, XML_W, "char");

    for (size_t i = 0; i < COUNT_OF(signs); i++)
        if (code != NULL && str_is_nocase(str_of(code), signs[i].code))
            put_unless_field(xml, signs[i].text);
}

static void field_start(struct xml *xml, const char **attrs)
{
    struct word *r = xml_arg(xml);
    const char *type = xml_attr(attrs, XML_W, "fldCharType");

    if (xml_is(type, "begin") && r->field_count < WORD_NESTED_FIELDS) {
        r->fields[r->field_count++] = (struct field){true, false};
        r->instruction_n = 0;
    } else if (xml_is(type, "separate") && r->field_count > 0) {
        r->fields[r->field_count - 1].instruction = false;
    } else if (xml_is(type, "end") && r->field_count > 0) {
        r->field_count--;
    }
}

static void instruction_start(struct xml *xml, UNUSED const char **attrs)
{
    struct word *r = xml_arg(xml);

    r->in_instruction = true;
}

static void instruction_end(struct xml *xml)
{
    struct word *r = xml_arg(xml);
    struct str text = str_trim((struct str){r->instruction, r->instruction_n});

    r->in_instruction = false;
    if (r->field_count > 0 && (str_is(text, "TOC") || str_starts(text, STR("TOC "))))
        r->fields[r->field_count - 1].toc = true;
}

static void form_check_start(struct xml *xml, UNUSED const char **attrs)
{
    struct word *r = xml_arg(xml);

    r->form_checked = false;
}

static void form_value_start(struct xml *xml, const char **attrs)
{
    struct word *r = xml_arg(xml);

    r->form_checked = docx_switch_of(attrs) == WORD_ON;
}

static void form_check_end(struct xml *xml)
{
    struct word *r = xml_arg(xml);

    word_put_text(r, r->form_checked ? STR("\xe2\x98\x92") : STR("\xe2\x98\x90"));
}

static void holder_start(struct xml *xml, UNUSED const char **attrs)
{
    struct word *r = xml_arg(xml);

    r->holders[r->holder_count++] = (struct holder){false, false};
}

static void holder_end(struct xml *xml)
{
    struct word *r = xml_arg(xml);

    if (r->holder_count == 0 || !r->holders[--r->holder_count].placeholder)
        return;
    r->placeholders--;
    if (r->placeholders == 0 && word_para_top(r) != NULL)
        word_bracket_close(word_para_top(r));
}

static void placeholder_start(struct xml *xml, const char **attrs)
{
    struct word *r = xml_arg(xml);

    if (r->holder_count == 0 || r->holders[r->holder_count - 1].placeholder ||
        docx_switch_of(attrs) != WORD_ON)
        return;
    r->holders[r->holder_count - 1].placeholder = true;
    r->placeholders++;
}

static void gallery_start(struct xml *xml, const char **attrs)
{
    struct word *r = xml_arg(xml);

    if (r->holder_count > 0 && xml_is(xml_attr(attrs, XML_W, "val"), "Table of Contents"))
        r->holders[r->holder_count - 1].toc = true;
}

static void alternate_start(struct xml *xml, UNUSED const char **attrs)
{
    struct word *r = xml_arg(xml);

    r->chosen[r->alternate_count++] = false;
}

static void alternate_end(struct xml *xml)
{
    struct word *r = xml_arg(xml);

    r->alternate_count -= r->alternate_count > 0;
}

/* The first alternative counts, whichever it is: they all say the same. */
static void choice_start(struct xml *xml, UNUSED const char **attrs)
{
    struct word *r = xml_arg(xml);

    if (r->alternate_count == 0)
        return;
    if (r->chosen[r->alternate_count - 1])
        r->skip = xml_depth(xml);
    r->chosen[r->alternate_count - 1] = true;
}

static void box_start(struct xml *xml, UNUSED const char **attrs)
{
    struct word *r = xml_arg(xml);

    r->boxes++;
}

static void box_end(struct xml *xml)
{
    struct word *r = xml_arg(xml);

    r->boxes -= r->boxes > 0;
}

/* The text of a watermark. */
static void watermark_start(struct xml *xml, const char **attrs)
{
    put_unless_field(xml, xml_attr(attrs, XML_NONE, "string"));
}

static void skip_start(struct xml *xml, UNUSED const char **attrs)
{
    struct word *r = xml_arg(xml);

    r->skip = xml_depth(xml);
}

static void deleted_start(struct xml *xml, UNUSED const char **attrs)
{
    struct word *r = xml_arg(xml);

    if (r->in_row_props)
        r->row_deleted = true;
    r->skip = xml_depth(xml);
}

static void props_start(struct xml *xml, UNUSED const char **attrs)
{
    struct word *r = xml_arg(xml);

    r->in_props = true;
}

static void props_end(struct xml *xml)
{
    struct word *r = xml_arg(xml);

    r->in_props = false;
}

static void style_start(struct xml *xml, const char **attrs)
{
    struct word *r = xml_arg(xml);
    const struct word_style *style =
        word_style_find(r->styles, str_of(xml_attr(attrs, XML_W, "val")));

    if (word_para_top(r) != NULL && style != NULL)
        word_para_top(r)->style = style;
}

static void run_style_start(struct xml *xml, const char **attrs)
{
    struct word *r = xml_arg(xml);
    const char *id = xml_attr(attrs, XML_W, "val");

    if (word_para_top(r) != NULL && !r->in_props && id != NULL && id[0] != '\0')
        word_para_top(r)->run_style = word_style_find(r->styles, str_of(id));
}

static struct word_look *run_look(struct xml *xml)
{
    struct word *r = xml_arg(xml);

    return word_para_top(r) != NULL && !r->in_props ? &word_para_top(r)->run : NULL;
}

static void bold_start(struct xml *xml, const char **attrs)
{
    struct word_look *look = run_look(xml);

    if (look != NULL)
        look->bold = docx_switch_of(attrs);
}

static void strike_start(struct xml *xml, const char **attrs)
{
    struct word_look *look = run_look(xml);

    if (look != NULL)
        look->strike = docx_switch_of(attrs);
}

static void hidden_start(struct xml *xml, const char **attrs)
{
    struct word_look *look = run_look(xml);

    if (look != NULL)
        look->hidden = docx_switch_of(attrs);
}

static void outline_start(struct xml *xml, const char **attrs)
{
    struct word_para *p = word_para_top(xml_arg(xml));

    if (p != NULL)
        p->outline = (int)xml_number(xml_attr(attrs, XML_W, "val"), 9, 9);
}

static void num_id_start(struct xml *xml, const char **attrs)
{
    struct word_para *p = word_para_top(xml_arg(xml));

    if (p != NULL)
        p->num_id = (int)xml_number(xml_attr(attrs, XML_W, "val"), INT32_MAX, 0);
}

static void num_level_start(struct xml *xml, const char **attrs)
{
    struct word_para *p = word_para_top(xml_arg(xml));

    if (p != NULL)
        p->num_level = (int)xml_number(xml_attr(attrs, XML_W, "val"), WORD_LEVELS - 1, 0);
}

static void foreign_start(struct xml *xml, UNUSED const char **attrs)
{
    struct word *r = xml_arg(xml);

    flow_note(r->flow, "%s", _("a document embedded in it was left out"));
}

static const struct xml_element elements[] = {
    {XML_W, "t", text_start, text_end},
    {XML_W, "r", run_start, NULL},
    {XML_W, "p", para_start, para_end},
    {XML_W, "rStyle", run_style_start, NULL},
    {XML_W, "b", bold_start, NULL},
    {XML_W, "strike", strike_start, NULL},
    {XML_W, "dstrike", strike_start, NULL},
    {XML_W, "vanish", hidden_start, NULL},
    {XML_W, "pPr", props_start, props_end},
    {XML_W, "pStyle", style_start, NULL},
    {XML_W, "outlineLvl", outline_start, NULL},
    {XML_W, "numId", num_id_start, NULL},
    {XML_W, "ilvl", num_level_start, NULL},
    {XML_W, "lastRenderedPageBreak", page_start, NULL},
    {XML_W, "br", break_start, NULL},
    {XML_W, "cr", line_start, NULL},
    {XML_W, "tab", tab_start, NULL},
    {XML_W, "ptab", tab_start, NULL},
    {XML_W, "noBreakHyphen", hyphen_start, NULL},
    {XML_W, "sym", sign_start, NULL},
    {XML_W, "fldChar", field_start, NULL},
    {XML_W, "instrText", instruction_start, instruction_end},
    {XML_W, "checkBox", form_check_start, form_check_end},
    {XML_W, "checked", form_value_start, NULL},
    {XML_W, "default", form_value_start, NULL},
    {XML_W, "sdt", holder_start, holder_end},
    {XML_W, "sdtPr", props_start, props_end},
    {XML_W, "showingPlcHdr", placeholder_start, NULL},
    {XML_W, "docPartGallery", gallery_start, NULL},
    {XML_W, "txbxContent", box_start, box_end},
    {XML_W, "tbl", docx_table_start, docx_table_end},
    {XML_W, "gridCol", docx_grid_start, NULL},
    {XML_W, "tr", docx_row_start, docx_row_end},
    {XML_W, "trPr", docx_row_props_start, docx_row_props_end},
    {XML_W, "tblHeader", docx_row_header_start, NULL},
    {XML_W, "gridBefore", docx_row_before_start, NULL},
    {XML_W, "tc", docx_cell_start, docx_cell_end},
    {XML_W, "gridSpan", docx_span_start, NULL},
    {XML_W, "vMerge", docx_merge_start, NULL},
    {XML_W, "del", deleted_start, NULL},
    {XML_W, "moveFrom", skip_start, NULL},
    {XML_W, "rPrChange", skip_start, NULL},
    {XML_W, "pPrChange", skip_start, NULL},
    {XML_W, "tblPrChange", skip_start, NULL},
    {XML_W, "tblGridChange", skip_start, NULL},
    {XML_W, "tblPrExChange", skip_start, NULL},
    {XML_W, "trPrChange", skip_start, NULL},
    {XML_W, "tcPrChange", skip_start, NULL},
    {XML_W, "sectPrChange", skip_start, NULL},
    {XML_W, "numberingChange", skip_start, NULL},
    {XML_W, "rt", skip_start, NULL},
    {XML_W, "altChunk", foreign_start, NULL},
    {XML_M, "t", text_start, text_end},
    {XML_MC, "AlternateContent", alternate_start, alternate_end},
    {XML_MC, "Choice", choice_start, NULL},
    {XML_MC, "Fallback", choice_start, NULL},
    {XML_V, "textpath", watermark_start, NULL},
};

/* Separators of notes are no notes. */
static bool is_separator(enum xml_ns ns, const char *name, const char **attrs)
{
    const char *type;

    if (ns != XML_W || (!xml_is(name, "footnote") && !xml_is(name, "endnote")))
        return false;
    type = xml_attr(attrs, XML_W, "type");
    return type != NULL && !xml_is(type, "normal");
}

static void on_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct word *r = xml_arg(xml);
    const struct xml_element *element = xml_element_of(elements, COUNT_OF(elements), ns, name);

    if (r->skip > 0)
        return;
    if (is_separator(ns, name, attrs))
        r->skip = xml_depth(xml);
    else if (element != NULL && element->start != NULL)
        element->start(xml, attrs);
}

static void on_end(struct xml *xml, enum xml_ns ns, const char *name)
{
    struct word *r = xml_arg(xml);
    const struct xml_element *element = xml_element_of(elements, COUNT_OF(elements), ns, name);

    if (r->skip > 0) {
        if (r->skip == xml_depth(xml))
            r->skip = 0;
        return;
    }
    if (element != NULL && element->end != NULL)
        element->end(xml);
}

static void on_text(struct xml *xml, struct str text)
{
    struct word *r = xml_arg(xml);

    if (r->skip > 0)
        return;
    if (r->in_text)
        word_put_text(r, text);
    for (size_t i = 0; r->in_instruction && i < text.n; i++)
        if (r->instruction_n < WORD_INSTRUCTION_BYTES)
            r->instruction[r->instruction_n++] = text.p[i];
}

static const struct xml_handler handler = {on_start, on_end, on_text};

/* All parts that the document names as `type`, each once. */
static int read_parts(struct word *r, struct container *container,
                      const struct relations *relations, const char *type, enum target target)
{
    for (size_t i = 0; i < relations->count; i++) {
        if (!str_is(relations->items[i].type, type))
            continue;
        word_reset(r, target);
        TRY(part_optional(r->flow, container, relations->items[i].target, &handler, r));
    }
    return 0;
}

static int read_body(struct word *r, struct container *container, struct str part)
{
    struct flow *flow = r->flow;
    size_t first = flow->block_count;
    struct str bytes;

    word_reset(r, TARGET_BODY);
    int rc = container_read_name(flow->cx, container, part, &bytes);
    if (rc == RC_NOT_FOUND)
        return fail(flow->cx, RC_INVALID, NULL, _("Its part %.*s, the text itself, is missing."),
                    STR_ARG(part));
    TRY(rc);
    r->rendered = str_find(bytes, STR("lastRenderedPageBreak"), 0) != SIZE_MAX;
    TRY(xml_read(flow->cx, part, bytes, &handler, r));
    flow_table_end(flow);
    word_body_end(r, first);
    return 0;
}

int docx_read(struct flow *flow, struct container *container)
{
    struct word *r = ARENA_NEW(flow->cx->mem, struct word);
    struct relations relations;
    struct str part;

    TRY(main_part(flow, container, "word/document.xml", &part));
    TRY(relations_read(flow, container, part, &relations));
    r->flow = flow;
    TRY(docx_styles_read(flow, container, &relations, &r->styles));
    TRY(properties_read(flow, container));
    TRY(read_parts(r, container, &relations, "header", TARGET_FURNITURE));
    TRY(read_body(r, container, part));
    TRY(read_parts(r, container, &relations, "footnotes", TARGET_NOTES));
    TRY(read_parts(r, container, &relations, "endnotes", TARGET_NOTES));
    return read_parts(r, container, &relations, "footer", TARGET_FURNITURE);
}
