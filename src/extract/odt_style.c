#include "extract/odf.h"

#define BOLD 600u /* weight from which type is bold */

/* Styles and numbering while they are read. */
struct style_reader {
    struct odt_styles *styles;
    struct word_style *style; /* that is open */
    struct word_plan *plan;
};

/* "Heading_20_1" as people see it. */
static struct str shown_name(struct arena *mem, struct str name)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < name.n && i < 256; i++) {
        if (str_starts(str_from(name, i), STR("_20_"))) {
            buf_char(&out, ' ');
            i += 3;
        } else {
            buf_char(&out, name.p[i]);
        }
    }
    return buf_str(&out);
}

static struct str style_id(struct arena *mem, char family, const char *name)
{
    return name == NULL
               ? STR_NONE
               : str_printf(mem, "%c:%.*s", family, STR_ARG(str_sub(str_of(name), 0, 512)));
}

static void style_start(struct style_reader *r, const char **attrs)
{
    struct arena *mem = r->styles->word->mem;
    const char *family = xml_attr(attrs, XML_STYLE, "family");
    const char *name = xml_attr(attrs, XML_STYLE, "name");
    const char *display = xml_attr(attrs, XML_STYLE, "display-name");
    const char *list = xml_attr(attrs, XML_STYLE, "list-style-name");
    const char *page = xml_attr(attrs, XML_STYLE, "master-page-name");
    char letter = xml_is(family, "text") ? 't' : 'p';

    r->style = NULL;
    if (name == NULL || (letter == 'p' && !xml_is(family, "paragraph")))
        return;
    r->style = word_style_add(r->styles->word);
    if (r->style == NULL)
        return;
    r->style->id = style_id(mem, letter, name);
    r->style->name = shown_name(mem, str_of(display != NULL ? display : name));
    r->style->based_on = style_id(mem, letter, xml_attr(attrs, XML_STYLE, "parent-style-name"));
    unsigned outline =
        xml_number(xml_attr(attrs, XML_STYLE, "default-outline-level"), WORD_LEVELS, 0);
    if (outline > 0)
        r->style->outline = (int)outline - 1;
    if (list != NULL && list[0] == '\0')
        r->style->num_id = 0; /* takes the numbers away */
    r->style->page_before = page != NULL && page[0] != '\0';
}

static void text_look(struct word_look *look, const char **attrs)
{
    const char *weight = xml_attr(attrs, XML_FO, "font-weight");
    const char *line = xml_attr(attrs, XML_STYLE, "text-line-through-style");
    const char *display = xml_attr(attrs, XML_TEXT, "display");

    if (line == NULL)
        line = xml_attr(attrs, XML_STYLE, "text-line-through-type");
    if (weight != NULL)
        look->bold =
            xml_is(weight, "bold") || xml_number(weight, 1000, 0) >= BOLD ? WORD_ON : WORD_OFF;
    if (line != NULL)
        look->strike = xml_is(line, "none") ? WORD_OFF : WORD_ON;
    if (display != NULL)
        look->hidden = xml_is(display, "none") ? WORD_ON : WORD_OFF;
}

static void plan_start(struct style_reader *r, const char *name)
{
    struct word_styles *word = r->styles->word;
    unsigned id = (unsigned)word->list_count + 1;
    struct word_list *list = word_list_add(word, id);

    r->plan = list == NULL ? NULL : word_plan_add(word, id);
    if (r->plan == NULL)
        return;
    list->plan = id;
    if (name == NULL)
        r->styles->outline = id;
    else
        dict_set(r->styles->lists, str_copy(word->mem, str_of(name)), (const void *)(uintptr_t)id);
}

static enum word_number format_of(const char *format, bool *ret_upper)
{
    *ret_upper = format != NULL && (format[0] == 'A' || format[0] == 'I');
    if (format == NULL || format[0] == '\0')
        return WORD_NUMBER_NONE;
    if (format[0] == 'a' || format[0] == 'A')
        return WORD_NUMBER_LETTER;
    return format[0] == 'i' || format[0] == 'I' ? WORD_NUMBER_ROMAN : WORD_NUMBER_DECIMAL;
}

/* What is printed at a level: its own number and those of `shown` - 1 levels above it. */
static void level_read(struct style_reader *r, const char **attrs)
{
    unsigned at = xml_number(xml_attr(attrs, XML_TEXT, "level"), WORD_LEVELS, 0);
    unsigned shown = xml_number(xml_attr(attrs, XML_TEXT, "display-levels"), WORD_LEVELS, 1);
    struct buf text = buf_new(r->styles->word->mem);
    struct word_level *level;

    if (r->plan == NULL || at == 0)
        return;
    level = &r->plan->levels[at - 1];
    level->format = format_of(xml_attr(attrs, XML_STYLE, "num-format"), &level->upper);
    level->start = xml_number(xml_attr(attrs, XML_TEXT, "start-value"), 100000, 1);
    buf_add(&text, str_sub(str_of(xml_attr(attrs, XML_STYLE, "num-prefix")), 0, 64));
    for (unsigned i = shown >= at ? 1 : at - shown + 1; i <= at; i++) {
        /* Levels without a number of their own are passed over. */
        if (i < at && r->plan->levels[i - 1].format == WORD_NUMBER_NONE)
            continue;
        buf_printf(&text, "%%%u%s", i, i < at ? "." : "");
    }
    buf_add(&text, str_sub(str_of(xml_attr(attrs, XML_STYLE, "num-suffix")), 0, 64));
    level->text = buf_str(&text);
}

static void on_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct style_reader *r = xml_arg(xml);

    if (ns == XML_STYLE) {
        if (xml_is(name, "style"))
            style_start(r, attrs);
        else if (xml_is(name, "default-style"))
            r->style = NULL;
        else if (r->style != NULL && xml_is(name, "text-properties"))
            text_look(&r->style->look, attrs);
        else if (r->style != NULL && xml_is(name, "paragraph-properties"))
            r->style->page_before |= xml_is(xml_attr(attrs, XML_FO, "break-before"), "page");
    } else if (ns == XML_TEXT) {
        if (xml_is(name, "list-style"))
            plan_start(r, xml_attr(attrs, XML_STYLE, "name"));
        else if (xml_is(name, "outline-style"))
            plan_start(r, NULL);
        else if (xml_is(name, "list-level-style-number") || xml_is(name, "outline-level-style"))
            level_read(r, attrs);
    } else if (ns == XML_OFFICE && xml_is(name, "body")) {
        xml_stop(xml);
    }
}

static void on_end(struct xml *xml, enum xml_ns ns, const char *name)
{
    struct style_reader *r = xml_arg(xml);

    if (ns == XML_STYLE && xml_is(name, "style"))
        r->style = NULL;
    else if (ns == XML_TEXT && (xml_is(name, "list-style") || xml_is(name, "outline-style")))
        r->plan = NULL;
}

int odt_styles_read(const struct odf *odf, struct odt_styles *ret)
{
    static const struct xml_handler handler = {.start = on_start, .end = on_end};
    struct arena *mem = odf->flow->cx->mem;
    struct odt_styles styles = {.word = word_styles_new(mem), .lists = dict_new(mem)};
    struct style_reader r = {.styles = &styles};

    TRY(odf_optional(odf, "styles.xml", odf->styles, &handler, &r));
    r.style = NULL;
    r.plan = NULL;
    /* A name of both is the content's own. */
    if (odf->content.p != odf->styles.p)
        TRY(odf_optional(odf, "content.xml", odf->content, &handler, &r));
    word_styles_settle(styles.word, STR("p:Standard"));
    *ret = styles;
    return 0;
}

const struct word_style *odt_style_find(const struct odt_styles *styles, char family,
                                        const char *name)
{
    return word_style_find(styles->word, style_id(styles->word->mem, family, name));
}

unsigned odt_list_find(const struct odt_styles *styles, const char *name)
{
    return name == NULL ? 0 : (unsigned)(uintptr_t)dict_get(styles->lists, str_of(name));
}
