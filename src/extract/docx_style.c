#include "extract/docx.h"

#define STYLES 20000u
#define LISTS 2000u
#define CHAIN 32u /* styles that are based on each other */

enum number_format { NUMBER_NONE, NUMBER_DECIMAL, NUMBER_LETTER, NUMBER_ROMAN };

struct level {
    enum number_format format;
    bool upper;
    unsigned start;
    struct str text;  /* "%1.%2" */
    struct str style; /* that uses it */
};

/* An abstract list, which several lists may share. */
struct plan {
    unsigned id;
    struct level levels[DOCX_LEVELS];
    unsigned counts[DOCX_LEVELS];
};

struct list {
    unsigned id;
    unsigned plan;    /* id of it */
    unsigned *counts; /* its own, where it starts anew; NULL for the plan's */
};

struct docx_styles {
    struct arena *mem;
    struct docx_style *items;
    size_t count, room;
    struct dict *by_id;
    const struct docx_style *usual;
    struct plan *plans;
    size_t plan_count, plan_room;
    struct list *lists;
    size_t list_count, list_room;

    /* While reading. */
    struct docx_style *style;
    struct plan *plan;
    struct level *level;
    struct list *list;
    bool in_runs; /* within rPr */
};

enum docx_switch docx_switch_of(const char **attrs)
{
    return xml_on(xml_attr(attrs, XML_W, "val")) ? DOCX_ON : DOCX_OFF;
}

/* The word for "heading" in the languages of office programs, and what ids keep of it. */
static const char *const heading_words[] = {
    "heading",
    "\xc3\x9c"
    "berschrift",
    "\xc3\xbc"
    "berschrift",
    "berschrift",
    "titre",
    "t\xc3\xadtulo",
    "ttulo",
    "titolo",
    "titlu",
    "kop",
    "rubrik",
    "overskrift",
    "otsikko",
    "nag\xc5\x82\xc3\xb3wek",
    "nagwek",
    "nadpis",
    "naslov",
    "c\xc3\xadmsor",
    "cmsor",
    "ba\xc5\x9fl\xc4\xb1k",
    "balk",
    "\xd0\x97\xd0\xb0\xd0\xb3\xd0\xbe\xd0\xbb\xd0\xbe\xd0\xb2\xd0\xbe\xd0\xba",
    "\xd0\xb7\xd0\xb0\xd0\xb3\xd0\xbe\xd0\xbb\xd0\xbe\xd0\xb2\xd0\xbe\xd0\xba",
    "\xe8\xa6\x8b\xe5\x87\xba\xe3\x81\x97",
    "\xe6\xa0\x87\xe9\xa2\x98",
    "\xe6\xa8\x99\xe9\xa1\x8c",
};

static const char *const title_words[] = {
    "title", "titel", "titre", "t\xc3\xadtulo", "titolo", "tittel", "titlu", "document title",
};

/* 1 to 9 for a text that is `word`, perhaps a blank, and the digit; else 0. */
static unsigned digit_after(struct str name, const char *word)
{
    size_t n = strlen(word);

    if (name.n <= n || !str_is_nocase(str_sub(name, 0, n), word))
        return 0;
    struct str rest = str_trim(str_from(name, n));
    return rest.n == 1 && rest.p[0] >= '1' && rest.p[0] <= '9' ? (unsigned)(rest.p[0] - '0') : 0;
}

static unsigned heading_of_name(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(heading_words); i++) {
        unsigned level = digit_after(name, heading_words[i]);
        if (level > 0)
            return level;
    }
    for (size_t i = 0; i < COUNT_OF(title_words); i++)
        if (str_is_nocase(name, title_words[i]))
            return 1;
    return 0;
}

static bool is_toc_name(struct str name)
{
    return digit_after(name, "toc") > 0 || str_is_nocase(name, "toc heading") ||
           str_is_nocase(name, "tocheading") || str_is_nocase(name, "contents heading") ||
           digit_after(name, "contents") > 0 || str_is_nocase(name, "table of figures");
}

static unsigned item_of_name(struct str name)
{
    static const char *const words[] = {"list bullet", "list number", "listbullet", "listnumber"};

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (str_is_nocase(name, words[i]))
            return 1;
        if (digit_after(name, words[i]) > 0)
            return digit_after(name, words[i]);
    }
    return 0;
}

static void inherit_switch(enum docx_switch *to, enum docx_switch from)
{
    if (*to == DOCX_UNSET)
        *to = from;
}

/* One style further down the chain gives what is still unset. */
static void inherit(struct docx_style *style, const struct docx_style *base, bool *settled)
{
    inherit_switch(&style->look.bold, base->look.bold);
    inherit_switch(&style->look.strike, base->look.strike);
    inherit_switch(&style->look.hidden, base->look.hidden);
    if (style->num_id < 0)
        style->num_id = base->num_id;
    if (style->num_level < 0)
        style->num_level = base->num_level;
    if (*settled)
        return;
    unsigned heading = heading_of_name(base->name);
    if (heading == 0)
        heading = heading_of_name(base->id);
    style->toc = is_toc_name(base->name) || is_toc_name(base->id);
    style->item = item_of_name(base->name);
    if (heading == 0 && base->outline >= 0 && base->outline < 9)
        heading = (unsigned)base->outline + 1;
    style->heading = style->toc ? 0 : heading;
    *settled = style->toc || heading > 0 || base->outline == 9 || style->item > 0;
}

static struct docx_style resolved(const struct docx_styles *styles, const struct docx_style *style)
{
    struct docx_style whole = *style;
    bool settled = false;

    for (unsigned i = 0; i < CHAIN && style != NULL; i++) {
        inherit(&whole, style, &settled);
        style = style->based_on.n > 0 ? dict_get(styles->by_id, style->based_on) : NULL;
    }
    return whole;
}

static void resolve_all(struct docx_styles *styles)
{
    struct docx_style *whole = arena_array(styles->mem, styles->count, sizeof *whole);

    for (size_t i = 0; i < styles->count; i++)
        dict_set(styles->by_id, styles->items[i].id, &styles->items[i]);
    for (size_t i = 0; i < styles->count; i++)
        whole[i] = resolved(styles, &styles->items[i]);
    for (size_t i = 0; i < styles->count; i++)
        dict_set(styles->by_id, whole[i].id, &whole[i]);
}

static void style_start(struct docx_styles *s, const char **attrs)
{
    s->style = NULL;
    if (s->count >= STYLES)
        return;
    s->style = ARENA_PUSH(s->mem, s->items, s->count, s->room);
    *s->style = (struct docx_style){.outline = -1, .num_id = -1, .num_level = -1};
    s->style->id = str_copy(s->mem, str_of(xml_attr(attrs, XML_W, "styleId")));
    s->style->name = STR_NONE;
    s->style->based_on = STR_NONE;
}

static void style_switches(struct docx_style *style, const char *name, const char **attrs)
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
    struct docx_styles *s = xml_arg(xml);
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
        s->style->name = str_squeeze(s->mem, str_sub(str_of(val), 0, 256));
    else if (xml_is(name, "basedOn"))
        s->style->based_on = str_copy(s->mem, str_of(val));
    else if (xml_is(name, "outlineLvl"))
        s->style->outline = (int)xml_number(val, 9, 9);
    else if (xml_is(name, "numId"))
        s->style->num_id = (int)xml_number(val, INT32_MAX, 0);
    else if (xml_is(name, "ilvl"))
        s->style->num_level = (int)xml_number(val, DOCX_LEVELS - 1, 0);
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

static enum number_format format_of(const char *val, bool *ret_upper)
{
    *ret_upper = val != NULL && strncmp(val, "upper", 5) == 0;
    if (xml_is(val, "bullet") || xml_is(val, "none"))
        return NUMBER_NONE;
    if (xml_is(val, "upperLetter") || xml_is(val, "lowerLetter"))
        return NUMBER_LETTER;
    if (xml_is(val, "upperRoman") || xml_is(val, "lowerRoman"))
        return NUMBER_ROMAN;
    return NUMBER_DECIMAL;
}

static void plan_start(struct docx_styles *s, const char **attrs)
{
    s->plan = NULL;
    s->level = NULL;
    s->list = NULL;
    if (s->plan_count >= LISTS)
        return;
    s->plan = ARENA_PUSH(s->mem, s->plans, s->plan_count, s->plan_room);
    *s->plan = (struct plan){
        .id = xml_number(xml_attr(attrs, XML_W, "abstractNumId"), UINT32_MAX, UINT32_MAX)};
    for (size_t i = 0; i < DOCX_LEVELS; i++)
        s->plan->levels[i] = (struct level){.start = 1, .text = STR_NONE, .style = STR_NONE};
}

static void list_start(struct docx_styles *s, const char **attrs)
{
    s->plan = NULL;
    s->level = NULL;
    s->list = NULL;
    if (s->list_count >= LISTS)
        return;
    s->list = ARENA_PUSH(s->mem, s->lists, s->list_count, s->list_room);
    *s->list = (struct list){.id = xml_number(xml_attr(attrs, XML_W, "numId"), INT32_MAX, 0)};
}

static void on_level(struct docx_styles *s, const char *name, const char *val)
{
    if (xml_is(name, "start"))
        s->level->start = xml_number(val, 100000, 1);
    else if (xml_is(name, "numFmt"))
        s->level->format = format_of(val, &s->level->upper);
    else if (xml_is(name, "lvlText"))
        s->level->text = str_copy(s->mem, str_sub(str_of(val), 0, 64));
    else if (xml_is(name, "pStyle"))
        s->level->style = str_copy(s->mem, str_of(val));
}

static void on_numbering(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct docx_styles *s = xml_arg(xml);

    if (ns != XML_W)
        return;
    const char *val = xml_attr(attrs, XML_W, "val");
    if (xml_is(name, "abstractNum")) {
        plan_start(s, attrs);
    } else if (xml_is(name, "num")) {
        list_start(s, attrs);
    } else if (s->plan != NULL && xml_is(name, "lvl")) {
        unsigned level = xml_number(xml_attr(attrs, XML_W, "ilvl"), DOCX_LEVELS - 1, 0);
        s->level = &s->plan->levels[level];
    } else if (s->list != NULL && xml_is(name, "abstractNumId")) {
        s->list->plan = xml_number(val, UINT32_MAX, UINT32_MAX);
    } else if (s->list != NULL && xml_is(name, "startOverride")) {
        s->list->counts = arena_array(s->mem, DOCX_LEVELS, sizeof *s->list->counts);
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
                     const struct relations *relations, struct docx_styles **ret)
{
    static const struct xml_handler styles_handler = {.start = on_style};
    static const struct xml_handler usual_handler = {.start = on_usual};
    static const struct xml_handler numbering_handler = {.start = on_numbering};
    struct docx_styles *s = ARENA_NEW(flow->cx->mem, struct docx_styles);
    struct usual_reader usual = {flow->cx->mem, STR_NONE};
    struct str part = part_of(relations, "styles", "word/styles.xml");

    s->mem = flow->cx->mem;
    s->by_id = dict_new(s->mem);
    TRY(part_optional(flow, container, part, &styles_handler, s));
    TRY(part_optional(flow, container, part, &usual_handler, &usual));
    TRY(part_optional(flow, container, part_of(relations, "numbering", "word/numbering.xml"),
                      &numbering_handler, s));
    resolve_all(s);
    s->usual = usual.id.n > 0 ? dict_get(s->by_id, usual.id) : NULL;
    *ret = s;
    return 0;
}

const struct docx_style *docx_style_find(const struct docx_styles *styles, struct str id)
{
    return id.n == 0 ? styles->usual : dict_get(styles->by_id, id);
}

static struct list *list_of(struct docx_styles *styles, int num_id, struct plan **ret_plan)
{
    for (size_t i = 0; num_id > 0 && i < styles->list_count; i++) {
        if (styles->lists[i].id != (unsigned)num_id)
            continue;
        for (size_t k = 0; k < styles->plan_count; k++) {
            if (styles->plans[k].id == styles->lists[i].plan) {
                *ret_plan = &styles->plans[k];
                return &styles->lists[i];
            }
        }
    }
    return NULL;
}

unsigned docx_level_of_style(const struct docx_styles *styles, int num_id, struct str style)
{
    for (size_t i = 0; i < styles->list_count; i++) {
        for (size_t k = 0; styles->lists[i].id == (unsigned)num_id && k < styles->plan_count; k++)
            for (unsigned level = 0; level < DOCX_LEVELS; level++)
                if (styles->plans[k].id == styles->lists[i].plan &&
                    str_eq(styles->plans[k].levels[level].style, style))
                    return level;
    }
    return 0;
}

static void put_roman(struct buf *out, unsigned number, bool upper)
{
    static const struct {
        unsigned value;
        const char *upper, *lower;
    } signs[] = {{1000, "M", "m"}, {900, "CM", "cm"}, {500, "D", "d"}, {400, "CD", "cd"},
                 {100, "C", "c"},  {90, "XC", "xc"},  {50, "L", "l"},  {40, "XL", "xl"},
                 {10, "X", "x"},   {9, "IX", "ix"},   {5, "V", "v"},   {4, "IV", "iv"},
                 {1, "I", "i"}};

    for (size_t i = 0; i < COUNT_OF(signs); i++)
        for (; number >= signs[i].value; number -= signs[i].value)
            buf_addz(out, upper ? signs[i].upper : signs[i].lower);
}

static void put_number(struct buf *out, const struct level *level, unsigned number)
{
    if (level->format == NUMBER_LETTER && number >= 1 && number <= 26)
        buf_char(out, (char)((level->upper ? 'A' : 'a') + (char)(number - 1)));
    else if (level->format == NUMBER_ROMAN && number >= 1 && number < 4000)
        put_roman(out, number, level->upper);
    else
        buf_printf(out, "%u", number);
}

static struct str number_text(struct arena *mem, const struct plan *plan, const unsigned *counts,
                              unsigned level)
{
    struct str pattern = plan->levels[level].text;
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < pattern.n; i++) {
        unsigned at = i + 1 < pattern.n ? (unsigned)(unsigned char)pattern.p[i + 1] - '1' : 0;
        if (pattern.p[i] != '%' || i + 1 >= pattern.n || at >= DOCX_LEVELS) {
            buf_char(&out, pattern.p[i]);
            continue;
        }
        put_number(&out, &plan->levels[at], counts[at] > 0 ? counts[at] : plan->levels[at].start);
        i++;
    }
    return buf_str(&out);
}

struct str docx_number_next(struct docx_styles *styles, int num_id, unsigned level)
{
    struct plan *plan = NULL;
    struct list *list = list_of(styles, num_id, &plan);

    if (list == NULL || level >= DOCX_LEVELS)
        return STR_NONE;
    unsigned *counts = list->counts != NULL ? list->counts : plan->counts;
    counts[level] = counts[level] > 0 ? counts[level] + 1 : plan->levels[level].start;
    for (unsigned i = level + 1; i < DOCX_LEVELS; i++)
        counts[i] = 0;
    if (plan->levels[level].format == NUMBER_NONE)
        return STR_NONE;
    return number_text(styles->mem, plan, counts, level);
}
