#include "extract/docx.h"

/* Styles and numbering while they are read. */
struct style_reader {
    struct word_styles *styles;
    struct word_style *style;
    struct word_plan *plan;
    struct word_level *level;
    struct word_list *list;
};

enum word_switch docx_switch_of(const char **attrs)
{
    return xml_on(xml_attr(attrs, XML_W, "val")) ? WORD_ON : WORD_OFF;
}

static void style_start(struct style_reader *s, const char **attrs)
{
    s->style = word_style_add(s->styles);
    if (s->style != NULL)
        s->style->id = str_copy(s->styles->mem, str_of(xml_attr(attrs, XML_W, "styleId")));
}

static void style_switches(struct word_style *style, const char *name, const char **attrs)
{
    if (xml_is(name, "b"))
        style->look.bold = docx_switch_of(attrs);
    else if (xml_is(name, "strike") || xml_is(name, "dstrike"))
        style->look.strike = docx_switch_of(attrs);
    else if (xml_is(name, "vanish"))
        style->look.hidden = docx_switch_of(attrs);
}

static void on_style(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct style_reader *s = xml_arg(xml);
    const char *val = ns == XML_W ? xml_attr(attrs, XML_W, "val") : NULL;

    if (ns != XML_W)
        return;
    if (xml_is(name, "style") && xml_depth(xml) == 2) {
        style_start(s, attrs);
        return;
    }
    if (s->style == NULL)
        return;
    if (xml_is(name, "name"))
        s->style->name = str_squeeze(s->styles->mem, str_sub(str_of(val), 0, 256));
    else if (xml_is(name, "basedOn"))
        s->style->based_on = str_copy(s->styles->mem, str_of(val));
    else if (xml_is(name, "outlineLvl"))
        s->style->outline = (int)xml_number(val, 9, 9);
    else if (xml_is(name, "numId"))
        s->style->num_id = (int)xml_number(val, INT32_MAX, 0);
    else if (xml_is(name, "ilvl"))
        s->style->num_level = (int)xml_number(val, WORD_LEVELS - 1, 0);
    else if (xml_is(name, "tblStylePr"))
        s->style = NULL; /* looks of a table's parts follow */
    else
        style_switches(s->style, name, attrs);
}

/* The default style is found in a second look: pointers move while the list grows. */
struct usual_reader {
    struct arena *mem;
    struct str id;
};

static void on_usual(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct usual_reader *r = xml_arg(xml);

    if (ns != XML_W || !xml_is(name, "style") ||
        !xml_is(xml_attr(attrs, XML_W, "type"), "paragraph") ||
        xml_attr(attrs, XML_W, "default") == NULL || !xml_on(xml_attr(attrs, XML_W, "default")))
        return;
    r->id = str_copy(r->mem, str_of(xml_attr(attrs, XML_W, "styleId")));
    xml_stop(xml);
}

static enum word_number format_of(const char *val, bool *ret_upper)
{
    *ret_upper = val != NULL && strncmp(val, "upper", 5) == 0;
    if (xml_is(val, "bullet") || xml_is(val, "none"))
        return WORD_NUMBER_NONE;
    if (xml_is(val, "upperLetter") || xml_is(val, "lowerLetter"))
        return WORD_NUMBER_LETTER;
    if (xml_is(val, "upperRoman") || xml_is(val, "lowerRoman"))
        return WORD_NUMBER_ROMAN;
    return WORD_NUMBER_DECIMAL;
}

static void plan_start(struct style_reader *s, const char **attrs)
{
    s->level = NULL;
    s->list = NULL;
    s->plan = word_plan_add(
        s->styles, xml_number(xml_attr(attrs, XML_W, "abstractNumId"), UINT32_MAX, UINT32_MAX));
}

static void list_start(struct style_reader *s, const char **attrs)
{
    s->plan = NULL;
    s->level = NULL;
    s->list = word_list_add(s->styles, xml_number(xml_attr(attrs, XML_W, "numId"), INT32_MAX, 0));
}

static void on_level(struct style_reader *s, const char *name, const char *val)
{
    if (xml_is(name, "start"))
        s->level->start = xml_number(val, 100000, 1);
    else if (xml_is(name, "numFmt"))
        s->level->format = format_of(val, &s->level->upper);
    else if (xml_is(name, "lvlText"))
        s->level->text = str_copy(s->styles->mem, str_sub(str_of(val), 0, 64));
    else if (xml_is(name, "pStyle"))
        s->level->style = str_copy(s->styles->mem, str_of(val));
}

static void on_numbering(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct style_reader *s = xml_arg(xml);

    if (ns != XML_W)
        return;
    const char *val = xml_attr(attrs, XML_W, "val");
    if (xml_is(name, "abstractNum")) {
        plan_start(s, attrs);
    } else if (xml_is(name, "num")) {
        list_start(s, attrs);
    } else if (s->plan != NULL && xml_is(name, "lvl")) {
        unsigned level = xml_number(xml_attr(attrs, XML_W, "ilvl"), WORD_LEVELS - 1, 0);
        s->level = &s->plan->levels[level];
    } else if (s->list != NULL && xml_is(name, "abstractNumId")) {
        s->list->plan = xml_number(val, UINT32_MAX, UINT32_MAX);
    } else if (s->list != NULL && xml_is(name, "startOverride")) {
        s->list->counts = arena_array(s->styles->mem, WORD_LEVELS, sizeof *s->list->counts);
    } else if (s->level != NULL) {
        on_level(s, name, val);
    }
}

static struct str part_of(const struct relations *relations, const char *type, const char *usual)
{
    const struct relation *relation = relation_of_type(relations, type);

    return relation != NULL ? relation->target : str_of(usual);
}

int docx_styles_read(struct flow *flow, struct container *container,
                     const struct relations *relations, struct word_styles **ret)
{
    static const struct xml_handler styles_handler = {.start = on_style};
    static const struct xml_handler usual_handler = {.start = on_usual};
    static const struct xml_handler numbering_handler = {.start = on_numbering};
    struct style_reader s = {.styles = word_styles_new(flow->cx->mem)};
    struct usual_reader usual = {flow->cx->mem, STR_NONE};
    struct str part = part_of(relations, "styles", "word/styles.xml");

    TRY(part_optional(flow, container, part, &styles_handler, &s));
    TRY(part_optional(flow, container, part, &usual_handler, &usual));
    TRY(part_optional(flow, container, part_of(relations, "numbering", "word/numbering.xml"),
                      &numbering_handler, &s));
    word_styles_settle(s.styles, usual.id);
    *ret = s.styles;
    return 0;
}
