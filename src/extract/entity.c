/* Entities of HTML that people type in Markdown; HTML itself is read by gumbo, which knows all. */
#include "extract/internal.h"

/* U+00A0 to U+00FF, in order. */
static const char *const latin1[] = {
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",
    "copy",   "ordf",   "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn",
    "sup2",   "sup3",   "acute",  "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",
    "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde",
    "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave",
    "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde",
    "Ouml",   "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",
    "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil",
    "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",   "eth",
    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave",
    "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};

static const struct {
    const char *name;
    uint32_t code;
} others[] = {{"amp", '&'},       {"lt", '<'},       {"gt", '>'},        {"quot", '"'},
              {"apos", '\''},     {"ndash", 0x2013}, {"mdash", 0x2014},  {"lsquo", 0x2018},
              {"rsquo", 0x2019},  {"sbquo", 0x201a}, {"ldquo", 0x201c},  {"rdquo", 0x201d},
              {"bdquo", 0x201e},  {"bull", 0x2022},  {"hellip", 0x2026}, {"lsaquo", 0x2039},
              {"rsaquo", 0x203a}, {"euro", 0x20ac},  {"trade", 0x2122},  {"larr", 0x2190},
              {"rarr", 0x2192},   {"ge", 0x2265},    {"le", 0x2264},     {"ne", 0x2260},
              {"ensp", 0x2002},   {"emsp", 0x2003},  {"thinsp", 0x2009}, {"zwnj", 0x200c},
              {"zwj", 0x200d},    {"check", 0x2713}, {"cross", 0x2717},  {"minus", 0x2212},
              {"dash", 0x2010},   {"OElig", 0x152},  {"oelig", 0x153},   {"Scaron", 0x160},
              {"scaron", 0x161},  {"Zcaron", 0x17d}, {"zcaron", 0x17e},  {"num", '#'},
              {"lpar", '('},      {"rpar", ')'},     {"lsqb", '['},      {"rsqb", ']'},
              {"vert", '|'},      {"colon", ':'},    {"sol", '/'},       {"ast", '*'},
              {"lowbar", '_'},    {"percnt", '%'},   {"commat", '@'},    {"dollar", '$'}};

static unsigned digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 99;
}

static uint32_t number_of(struct str s)
{
    unsigned base = s.n > 0 && (s.p[0] == 'x' || s.p[0] == 'X') ? 16 : 10;
    uint32_t code = 0;

    s = str_from(s, base == 16);
    if (s.n == 0 || s.n > 8)
        return 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned digit = digit_of(s.p[i]);
        if (digit >= base || code > 0x10ffff)
            return 0;
        code = code * base + digit;
    }
    return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? UTF8_BAD : code;
}

uint32_t html_entity(struct str entity)
{
    if (entity.n < 3 || entity.p[0] != '&' || entity.p[entity.n - 1] != ';')
        return 0;
    entity = str_sub(entity, 1, entity.n - 2);
    if (entity.p[0] == '#')
        return number_of(str_from(entity, 1));
    for (size_t i = 0; i < COUNT_OF(latin1); i++)
        if (str_is(entity, latin1[i]))
            return 0xa0 + (uint32_t)i;
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (str_is(entity, others[i].name))
            return others[i].code;
    return 0;
}
