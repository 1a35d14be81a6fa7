#include "judge/token.h"

#include <string.h>

/* What may stand inside a placeholder's brackets at most. */
#define PLACEHOLDER_BYTES 160u
#define FEW_TOKENS 64u /* in which words hardly come again */

struct tokens *tokens_new(struct arena *mem)
{
    struct tokens *tokens = ARENA_NEW(mem, struct tokens);

    tokens->mem = mem;
    (void)ARENA_PUSH(mem, tokens->spans, tokens->span_n, tokens->span_room);
    return tokens;
}

/* ---- characters ---- */

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(uint32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c < 0xc0)
        return c == 0xaa || c == 0xb5 || c == 0xba;
    return c != 0xd7 && c != 0xf7 && !(c >= 0x2000 && c <= 0x2bff) &&
           !(c >= 0x3000 && c <= 0x303f) && !(c >= 0xe000 && c <= 0xf8ff) && c != UTF8_BAD;
}

static bool is_upper(uint32_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7);
}

/* ---- the scanner ---- */

struct scan {
    struct tokens *out;
    const struct language *language;
    const struct vocabulary *vocabulary;
    struct str text;
    size_t at;
    bool split;
    bool blank; /* before the next token */
    bool ended; /* the last token may have ended a sentence */
    uint32_t flags;
};

static uint32_t peek(const struct scan *s, size_t at)
{
    return at < s->text.n ? utf8_next(s->text, &at) : 0;
}

/* What the vocabulary and the language say of a word. */
struct known {
    uint32_t stem, exact;
    bool function;
};

static struct known look_up(const struct scan *s, struct str low, uint32_t flags)
{
    struct known k = {.function = dict_has(s->language->function, low)};

    if ((flags & TOKEN_PLACEHOLDER) != 0)
        return k;
    k.exact = dict_number(s->vocabulary->words, low);
    k.stem = (flags & TOKEN_LETTERS) != 0
                 ? language_stem_number(s->language, s->vocabulary->stems, low)
                 : dict_number(s->vocabulary->stems, low);
    return k;
}

/* A text uses few words often: each is looked up once. */
static struct known known_word(struct scan *s, struct str low, uint32_t flags)
{
    const struct known *known;
    struct known *kept;

    if ((flags & TOKEN_LETTERS) == 0 || s->out->n < FEW_TOKENS)
        return look_up(s, low, flags);
    if (s->out->known == NULL)
        s->out->known = dict_new(s->out->mem);
    known = dict_get(s->out->known, low);
    if (known != NULL)
        return *known;
    kept = ARENA_NEW(s->out->mem, struct known);
    *kept = look_up(s, low, flags);
    dict_set(s->out->known, low, kept);
    return *kept;
}

static void push(struct scan *s, struct str word, struct str low, uint32_t flags)
{
    struct token *t = ARENA_PUSH(s->out->mem, s->out->t, s->out->n, s->out->room);
    struct known known = known_word(s, low, flags);

    *t = (struct token){.word = word, .low = low, .stem = known.stem, .exact = known.exact};
    t->flags = flags | s->flags | (s->blank ? 0 : TOKEN_JOINED);
    t->sentence = s->out->sentences;
    if (known.function)
        t->flags |= TOKEN_FUNCTION;
    s->blank = false;
}

/* Pushes a word under its one spelling, which may be two words. */
static void push_spelled(struct scan *s, struct str word, uint32_t flags)
{
    struct str low = str_lower(s->out->mem, word);
    const struct str *spelled = dict_get(s->language->spelling, low);
    struct str rest = spelled != NULL ? *spelled : low, part;

    while (str_split(&rest, ' ', &part))
        push(s, word, part, flags);
}

static size_t word_end(const struct scan *s, size_t at, bool *ret_letters)
{
    *ret_letters = true;
    while (at < s->text.n) {
        size_t next = at;
        uint32_t c = utf8_next(s->text, &next);
        if (!is_letter(c) && !is_digit(c) && !(c >= 0x300 && c < 0x370))
            break;
        *ret_letters = *ret_letters && !is_digit(c);
        at = next;
    }
    return at;
}

/* "A.5.1", "v1.2": letters and digits joined by full stops before digits. */
static size_t dotted_end(const struct scan *s, size_t at, bool *letters)
{
    bool more;

    while (at + 1 < s->text.n && s->text.p[at] == '.' &&
           is_digit((unsigned char)s->text.p[at + 1])) {
        at = word_end(s, at + 1, &more);
        *letters = false;
    }
    return at;
}

static uint32_t word_flags(struct str word, bool letters)
{
    size_t at = 0;

    return (letters ? TOKEN_LETTERS : 0u) | (is_upper(utf8_next(word, &at)) ? TOKEN_CAPITAL : 0u);
}

/* Bytes of an apostrophe at `at`, 0 for none. */
static size_t apostrophe_at(const struct scan *s, size_t at)
{
    if (at < s->text.n && s->text.p[at] == '\'')
        return 1;
    return str_starts(str_from(s->text, at), STR("\xe2\x80\x99")) ? 3 : 0;
}

/* "don't" is "do not", "supplier's" is "supplier", "l'accès" is "l accès". Gives where to go on. */
static size_t apostrophe(struct scan *s, size_t from, size_t end, bool *ret_not)
{
    size_t mark = apostrophe_at(s, end);

    *ret_not = false;
    if (mark == 0)
        return end;
    if (dict_has(s->language->elisions, str_lower(s->out->mem, str_sub(s->text, from, end - from))))
        return end + mark;
    struct str tail = str_from(s->text, end + mark);
    if (tail.n > 0 && (tail.p[0] == 's' || tail.p[0] == 'S') && !is_letter(peek(s, end + mark + 1)))
        return end + mark + 1;
    if (tail.n > 0 && tail.p[0] == 't' && end > 0 && s->text.p[end - 1] == 'n') {
        *ret_not = true;
        return end + mark + 1;
    }
    return end;
}

static bool has_hyphenated(struct scan *s, size_t from, size_t end)
{
    bool letters;
    size_t second;

    if (end >= s->text.n || s->text.p[end] != '-' || !is_letter(peek(s, end + 1)))
        return false;
    second = word_end(s, end + 1, &letters);
    struct str whole = str_sub(s->text, from, second - from);
    if (dict_get(s->language->spelling, str_lower(s->out->mem, whole)) == NULL)
        return false;
    push_spelled(s, whole, word_flags(whole, true));
    s->at = second;
    return true;
}

static bool scan_address(struct scan *s, size_t from, size_t end)
{
    struct str rest = str_from(s->text, from);
    bool url = str_starts(rest, STR("http://")) || str_starts(rest, STR("https://")) ||
               str_starts(rest, STR("www."));
    bool mail = end < s->text.n && s->text.p[end] == '@' && is_letter(peek(s, end + 1));

    if (!url && !mail)
        return false;
    while (end < s->text.n && strchr(" <>()[]\"'|", s->text.p[end]) == NULL)
        end++;
    while (end > from && strchr(".,;:!?", s->text.p[end - 1]) != NULL)
        end--;
    struct str word = str_sub(s->text, from, end - from);
    push(s, word, str_lower(s->out->mem, word), 0);
    tokens_add_span(s->out, s->out->n - 1, url ? CLASS_URL : CLASS_EMAIL, 1);
    s->at = end;
    return true;
}

static void scan_word(struct scan *s)
{
    bool letters, negated;
    size_t from = s->at, end = word_end(s, from, &letters);

    if (scan_address(s, from, end) || has_hyphenated(s, from, end))
        return;
    end = dotted_end(s, end, &letters);
    size_t next = apostrophe(s, from, end, &negated);
    /* "don't" is "do not", but "can't" is "can not". */
    bool can = negated && end - from == 3 && (s->text.p[from] | 32) == 'c';
    struct str word = str_sub(s->text, from, end - from - (negated && !can ? 1 : 0));
    uint32_t flags = word_flags(word, letters);
    if (word.n == 1 && (flags & TOKEN_CAPITAL) && next < s->text.n && s->text.p[next] == '.' &&
        !str_is(word, "I")) {
        flags |= TOKEN_INITIAL;
        next++;
    }
    push_spelled(s, word, flags);
    if (negated)
        push(s, STR("not"), STR("not"), TOKEN_LETTERS);
    s->at = next;
}

/* "95%", "1,000", "2026-03-01", "01/03/2026", "14:00", "9.2.1", "2026-Q1", "5x5", "3rd". */
static void scan_number(struct scan *s)
{
    size_t end = s->at;

    for (;;) {
        bool letters;
        end = word_end(s, end, &letters);
        if (end + 1 >= s->text.n || strchr(".,:/-", s->text.p[end]) == NULL)
            break;
        if (!is_digit((unsigned char)s->text.p[end + 1]) &&
            !(s->text.p[end] == '-' && s->text.p[end + 1] == 'Q'))
            break;
        end++;
    }
    if (end < s->text.n && s->text.p[end] == '%')
        end++;
    struct str word = str_sub(s->text, s->at, end - s->at);
    push(s, word, str_lower(s->out->mem, word), TOKEN_NUMBER);
    s->at = end;
}

/* ---- placeholders ---- */

static bool all_capitals_joined(struct str s)
{
    bool joined = false;

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '_')
            joined = true;
        else if (!((s.p[i] >= 'A' && s.p[i] <= 'Z') || is_digit((unsigned char)s.p[i])))
            return i > 3 && joined && s.p[i] == ',';
    }
    return joined && s.n > 3;
}

/* Whether the text inside brackets names something to fill in. */
static bool names_a_gap(const struct scan *s, struct str inside, bool angle)
{
    struct arena *mem = s->out->mem;
    struct str rest = str_lower(mem, str_trim(inside)), word;
    size_t words = 0, known = 0;
    bool asks = false;

    if (rest.n == 0 || rest.n > PLACEHOLDER_BYTES || dict_has(s->language->placeholder_not, rest))
        return false;
    if (all_capitals_joined(str_trim(inside)))
        return true;
    for (size_t i = 0; i < rest.n; i++)
        ((char *)(uintptr_t)rest.p)[i] = strchr("_-/,.'", rest.p[i]) ? ' ' : rest.p[i];
    while (str_split(&rest, ' ', &word)) {
        if (word.n == 0 || is_digit((unsigned char)word.p[0]))
            continue;
        asks = asks || (words == 0 && dict_has(s->language->placeholder_words, word));
        words++;
        known += dict_has(s->language->placeholder_words, word);
    }
    if (angle)
        return known > 0 && words <= 5;
    /* A longer text in square brackets is an instruction where it begins with one. */
    return known > 0 && (words <= 9 || asks);
}

static bool scan_bracketed(struct scan *s, const char *open, const char *close)
{
    struct str rest = str_from(s->text, s->at);
    size_t from = strlen(open), end;

    if (!str_starts(rest, str_of(open)))
        return false;
    end = str_find(rest, str_of(close), from);
    if (end == SIZE_MAX || end - from > PLACEHOLDER_BYTES ||
        !names_a_gap(s, str_sub(rest, from, end - from), open[0] == '<'))
        return false;
    end += strlen(close);
    push(s, str_sub(rest, 0, end), STR("[]"), TOKEN_PLACEHOLDER);
    s->at += end;
    return true;
}

/* "CVE-2024-XXXX" and "4111-XXXX-XXXX" are numbers that somebody made unreadable. */
static bool is_masked_number(const struct scan *s)
{
    size_t at = s->at;

    while (at > 0 && strchr("xX-", s->text.p[at - 1]) != NULL)
        at--;
    return at < s->at && at > 0 && is_digit((unsigned char)s->text.p[at - 1]);
}

/* Runs that stand for something to be written: ____, xxxxx, YYYY-MM-DD. */
static bool scan_run(struct scan *s)
{
    static const char *const masks[] = {"YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY",
                                        "DD.MM.YYYY", "DD-MM-YYYY", "YYYY/MM/DD",
                                        "dd.mm.yyyy", "dd/mm/yyyy", "yyyy-mm-dd"};
    struct str rest = str_from(s->text, s->at);
    size_t n = 0;

    for (size_t i = 0; i < COUNT_OF(masks) && n == 0; i++)
        if (str_starts(rest, str_of(masks[i])))
            n = strlen(masks[i]);
    if (n == 0 && rest.p[0] == '_') {
        while (n < rest.n && rest.p[n] == '_')
            n++;
        n = n >= 4 ? n : 0;
    } else if (n == 0 && (rest.p[0] == 'x' || rest.p[0] == 'X')) {
        while (n < rest.n && (rest.p[n] == 'x' || rest.p[n] == 'X'))
            n++;
        n = n >= 3 && !is_letter(peek(s, s->at + n)) && !is_masked_number(s) ? n : 0;
    }
    if (n == 0)
        return false;
    push(s, str_sub(rest, 0, n), STR("[]"), TOKEN_PLACEHOLDER);
    s->at += n;
    return true;
}

static bool scan_placeholder(struct scan *s)
{
    static const char *const pairs[][2] = {{"[[", "]]"}, {"{{", "}}"}, {"[", "]"},  {"<<", ">>"},
                                           {"<", ">"},   {"{", "}"},   {"__", "__"}};

    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (scan_bracketed(s, pairs[i][0], pairs[i][1]))
            return true;
    return scan_run(s);
}

/* ---- sentences ---- */

static bool ends_sentence(const struct scan *s, uint32_t c)
{
    const struct token *last = s->out->n > 0 ? &s->out->t[s->out->n - 1] : NULL;
    size_t next = s->at + 1;

    if (last == NULL || !s->split)
        return false;
    if (c == '!' || c == '?' || c == ';')
        return true;
    if (c != '.' ||
        (next < s->text.n && s->text.p[next] != ' ' && s->text.p[next] != '"' &&
         s->text.p[next] != ')' && !str_starts(str_from(s->text, next), STR("\xe2\x80"))))
        return false;
    if (dict_has(s->language->abbreviations, last->low)) {
        /* "etc." and "Inc." end a sentence where a capital follows, "e.g." never does. */
        return last->low.n > 2 && next + 1 < s->text.n && is_upper(peek(s, next + 1));
    }
    return true;
}

static void scan_other(struct scan *s, uint32_t c)
{
    size_t next = s->at;

    if (ends_sentence(s, c)) {
        s->ended = true;
        if (c == '?')
            s->out->t[s->out->n - 1].flags |= TOKEN_ASKS;
    }
    if (c == '&') {
        push(s, STR("&"), s->language->conjunction, TOKEN_LETTERS);
    } else if (c == '%' && s->out->n > 0 && (s->out->t[s->out->n - 1].flags & TOKEN_NUMBER) != 0) {
        tokens_add_span(s->out, s->out->n - 1, CLASS_PERCENT, 1);
    }
    (void)utf8_next(s->text, &next);
    s->blank = s->blank || c == ' ';
    s->at = next;
}

void tokens_add(struct tokens *tokens, const struct language *language,
                const struct vocabulary *vocabulary, struct str text, bool split, uint32_t flags)
{
    struct scan s = {.out = tokens,
                     .language = language,
                     .vocabulary = vocabulary,
                     .text = text,
                     .split = split,
                     .blank = true,
                     .flags = flags & ~(uint32_t)TOKEN_CONTINUES};

    if ((flags & TOKEN_CONTINUES) == 0)
        tokens->sentences++;
    while (s.at < text.n) {
        uint32_t c = peek(&s, s.at);
        bool starts =
            is_letter(c) || is_digit(c) || strchr("[<{_", (int)(c < 128 ? c : 'a')) != NULL;
        if (s.ended && starts) {
            tokens->sentences++;
            s.ended = false;
        }
        if (c < 128 && strchr("[<{_xXYDMdmy", (int)c) != NULL && scan_placeholder(&s))
            continue;
        if (is_letter(c))
            scan_word(&s);
        else if (is_digit(c))
            scan_number(&s);
        else
            scan_other(&s, c);
    }
}
