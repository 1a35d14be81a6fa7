#include "extract/word.h"

#define STYLES 20000u
#define LISTS 2000u
#define CHAIN 32u /* styles that are based on each other */

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

/* What office programs and converters call it. */
static bool is_code_name(struct str name)
{
    static const char *const words[] = {"preformatted text", "html preformatted", "source code",
                                        "sourcecode",        "code block",        "code"};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_is_nocase(name, words[i]))
            return true;
    return false;
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

static void inherit_switch(enum word_switch *to, enum word_switch from)
{
    if (*to == WORD_UNSET)
        *to = from;
}

/* One style further down the chain gives what is still unset. */
static void inherit(struct word_style *style, const struct word_style *base, bool *settled)
{
    inherit_switch(&style->look.bold, base->look.bold);
    inherit_switch(&style->look.strike, base->look.strike);
    inherit_switch(&style->look.hidden, base->look.hidden);
    if (style->num_id < 0)
        style->num_id = base->num_id;
    if (style->num_level < 0)
        style->num_level = base->num_level;
    style->code = style->code || is_code_name(base->name);
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

static struct word_style resolved(const struct word_styles *styles, const struct word_style *style)
{
    struct word_style whole = *style;
    bool settled = false;

    for (unsigned i = 0; i < CHAIN && style != NULL; i++) {
        inherit(&whole, style, &settled);
        style = style->based_on.n > 0 ? dict_get(styles->by_id, style->based_on) : NULL;
    }
    return whole;
}

static void resolve_all(struct word_styles *styles)
{
    struct word_style *whole = arena_array(styles->mem, styles->count, sizeof *whole);

    for (size_t i = 0; i < styles->count; i++)
        dict_set(styles->by_id, styles->items[i].id, &styles->items[i]);
    for (size_t i = 0; i < styles->count; i++)
        whole[i] = resolved(styles, &styles->items[i]);
    for (size_t i = 0; i < styles->count; i++)
        dict_set(styles->by_id, whole[i].id, &whole[i]);
}

struct word_styles *word_styles_new(struct arena *mem)
{
    struct word_styles *styles = ARENA_NEW(mem, struct word_styles);

    styles->mem = mem;
    styles->by_id = dict_new(mem);
    return styles;
}

struct word_style *word_style_add(struct word_styles *styles)
{
    struct word_style *style;

    if (styles->count >= STYLES)
        return NULL;
    style = ARENA_PUSH(styles->mem, styles->items, styles->count, styles->room);
    *style = (struct word_style){.outline = -1, .num_id = -1, .num_level = -1};
    style->id = style->name = style->based_on = STR_NONE;
    return style;
}

struct word_plan *word_plan_add(struct word_styles *styles, unsigned id)
{
    struct word_plan *plan;

    if (styles->plan_count >= LISTS)
        return NULL;
    plan = ARENA_PUSH(styles->mem, styles->plans, styles->plan_count, styles->plan_room);
    *plan = (struct word_plan){.id = id};
    for (size_t i = 0; i < WORD_LEVELS; i++)
        plan->levels[i] = (struct word_level){.start = 1, .text = STR_NONE, .style = STR_NONE};
    return plan;
}

struct word_list *word_list_add(struct word_styles *styles, unsigned id)
{
    struct word_list *list;

    if (styles->list_count >= LISTS)
        return NULL;
    list = ARENA_PUSH(styles->mem, styles->lists, styles->list_count, styles->list_room);
    *list = (struct word_list){.id = id};
    return list;
}

void word_styles_settle(struct word_styles *styles, struct str usual)
{
    resolve_all(styles);
    styles->usual = usual.n > 0 ? dict_get(styles->by_id, usual) : NULL;
}

const struct word_style *word_style_find(const struct word_styles *styles, struct str id)
{
    return id.n == 0 ? styles->usual : dict_get(styles->by_id, id);
}

static struct word_list *list_of(struct word_styles *styles, int num_id,
                                 struct word_plan **ret_plan)
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

unsigned word_level_of_style(const struct word_styles *styles, int num_id, struct str style)
{
    for (size_t i = 0; i < styles->list_count; i++) {
        for (size_t k = 0; styles->lists[i].id == (unsigned)num_id && k < styles->plan_count; k++)
            for (unsigned level = 0; level < WORD_LEVELS; level++)
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

static void put_number(struct buf *out, const struct word_level *level, unsigned number)
{
    if (level->format == WORD_NUMBER_LETTER && number >= 1 && number <= 26)
        buf_char(out, (char)((level->upper ? 'A' : 'a') + (char)(number - 1)));
    else if (level->format == WORD_NUMBER_ROMAN && number >= 1 && number < 4000)
        put_roman(out, number, level->upper);
    else
        buf_printf(out, "%u", number);
}

static struct str number_text(struct arena *mem, const struct word_plan *plan,
                              const unsigned *counts, unsigned level)
{
    struct str pattern = plan->levels[level].text;
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < pattern.n; i++) {
        unsigned at = i + 1 < pattern.n ? (unsigned)(unsigned char)pattern.p[i + 1] - '1' : 0;
        if (pattern.p[i] != '%' || i + 1 >= pattern.n || at >= WORD_LEVELS) {
            buf_char(&out, pattern.p[i]);
            continue;
        }
        put_number(&out, &plan->levels[at], counts[at] > 0 ? counts[at] : plan->levels[at].start);
        i++;
    }
    return buf_str(&out);
}

struct str word_number_next(struct word_styles *styles, int num_id, unsigned level)
{
    struct word_plan *plan = NULL;
    struct word_list *list = list_of(styles, num_id, &plan);

    if (list == NULL || level >= WORD_LEVELS)
        return STR_NONE;
    unsigned *counts = list->counts != NULL ? list->counts : plan->counts;
    counts[level] = counts[level] > 0 ? counts[level] + 1 : plan->levels[level].start;
    for (unsigned i = level + 1; i < WORD_LEVELS; i++)
        counts[i] = 0;
    if (plan->levels[level].format == WORD_NUMBER_NONE)
        return STR_NONE;
    return number_text(styles->mem, plan, counts, level);
}

void word_number_set(struct word_styles *styles, int num_id, unsigned level, unsigned next)
{
    struct word_plan *plan = NULL;
    struct word_list *list = list_of(styles, num_id, &plan);

    if (list == NULL || level >= WORD_LEVELS)
        return;
    unsigned *counts = list->counts != NULL ? list->counts : plan->counts;
    if (next == 0)
        memset(counts, 0, WORD_LEVELS * sizeof *counts);
    else
        counts[level] = next - 1;
}
