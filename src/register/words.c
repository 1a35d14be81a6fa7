/* Words of headings: how they are split, told to be the same, and weighed. */
#include <ctype.h>
#include <math.h>

#include "register/internal.h"

#define WORDS_FILE "registers/words.yaml"
#define SPLIT_BYTES 200u /* of a text that are looked at */
#define WORD_BYTES 24u   /* a longer word is never taken for misspelt */
#define WEIGHT_LEAST 0.4
#define WEIGHT_UNKNOWN 3.0

/* ---- letters ---- */

/* Letters of Latin-1 and some beyond without their accents; NULL for any other. */
static const char *plain_letter(uint32_t code)
{
    static const char *const latin[] = {
        "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
        "d", "n", "o", "o", "o", "o", "o",  " ", "o", "u", "u", "u", "u", "y", "th", "ss",
    };

    if (code == 0x152 || code == 0x153)
        return "oe";
    if (code == 0xdf)
        return "ss";
    if (code >= 0xc0 && code < 0xe0)
        return latin[code - 0xc0];
    if (code >= 0xe0 && code < 0x100)
        return latin[code - 0xe0];
    return NULL;
}

static bool is_letter(unsigned char c)
{
    return isalnum(c) || c >= 128 || c == '#';
}

/* In lower case without accents; a blank where a capital follows a small letter. */
static struct str folded(struct arena *mem, struct str text)
{
    struct buf out = buf_sized(mem, text.n);
    bool small = false;

    for (size_t at = 0; at < text.n && at < SPLIT_BYTES;) {
        uint32_t code = utf8_next(text, &at);
        const char *plain = plain_letter(code);
        if (plain != NULL) {
            buf_addz(&out, plain);
            small = code >= 0xe0;
        } else if (code < 128) {
            if (small && isupper((int)code))
                buf_char(&out, ' ');
            small = islower((int)code);
            buf_char(&out, (char)tolower((int)code));
        } else if (code >= 0x2000 && code < 0x2e80 && code != 0x2116) {
            buf_char(&out, ' '); /* punctuation and signs */
            small = false;
        } else {
            buf_code(&out, code);
            small = false;
        }
    }
    return buf_str(&out);
}

struct str words_fold(struct arena *mem, struct str text)
{
    struct str s = str_squeeze(mem, folded(mem, text));

    return s.n > 0 ? s : str_trim(text);
}

/* ---- words ---- */

/* "owners" is "owner", "policies" is "policy". */
static struct str singular(const struct register_vocabulary *v, struct arena *mem, struct str word)
{
    if (word.n < 4 || word.p[word.n - 1] != 's' || dict_has(v->keep, word))
        return word;
    if (word.n > 4 && str_ends(word, STR("ies")))
        return str_printf(mem, "%.*sy", (int)word.n - 3, word.p);
    if (word.p[word.n - 2] == 's' || str_ends(word, STR("us")))
        return word;
    return str_sub(word, 0, word.n - 1);
}

static bool is_number(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!isdigit((unsigned char)s.p[i]))
            return false;
    return s.n > 0;
}

/* A spelling may stand for several words. */
static size_t put_word(struct arena *mem, const struct register_vocabulary *v, struct str word,
                       struct str *ret, size_t n, size_t most)
{
    const struct str *same = dict_get(v->same, word);
    struct str rest, part;

    if (same == NULL) {
        word = singular(v, mem, word);
        same = dict_get(v->same, word);
    }
    rest = same != NULL ? *same : word;
    while (n < most && str_split(&rest, ' ', &part))
        ret[n++] = part;
    return n;
}

/* What brackets hold that only says how to fill a column in: "(1-5)", "[H/M/L]". */
static bool is_hint(const struct register_vocabulary *v, struct str inside)
{
    size_t words = 0, said = 0;

    for (size_t at = 0; at < inside.n;) {
        size_t from = at;
        while (at < inside.n && is_letter((unsigned char)inside.p[at]))
            at++;
        struct str word = str_sub(inside, from, at - from);
        if (word.n > 0) {
            words++;
            said += word.n < 2 || dict_has(v->levels, word) || dict_has(v->drop, word) ||
                    dict_has(v->yes, word) || dict_has(v->no, word);
            if (isdigit((unsigned char)word.p[0]))
                return true;
        }
        while (at < inside.n && !is_letter((unsigned char)inside.p[at]))
            at++;
    }
    return said == words;
}

static size_t skip_hint(const struct register_vocabulary *v, struct str s, size_t at)
{
    char close = s.p[at] == '(' ? ')' : ']';
    size_t end = str_find_char(s, close, at);

    if (end == SIZE_MAX)
        end = s.n;
    return is_hint(v, str_sub(s, at + 1, end - at - 1)) ? end + (end < s.n) : at + 1;
}

/* What is left out of a text: hints in brackets and words that tell nothing; where that is all,
 * less of it. */
enum left_out { HINTS_AND_WORDS, HINTS, NOTHING };

static size_t split(struct arena *mem, const struct register_vocabulary *v, struct str s,
                    enum left_out out, struct str *ret, size_t most)
{
    size_t n = 0;

    for (size_t at = 0; at < s.n && n < most;) {
        if (out != NOTHING && (s.p[at] == '(' || s.p[at] == '[')) {
            at = skip_hint(v, s, at);
            continue;
        }
        size_t from = at;
        while (at < s.n && is_letter((unsigned char)s.p[at]))
            at++;
        struct str word = str_sub(s, from, at - from);
        bool tells = out != HINTS_AND_WORDS || (!dict_has(v->drop, word) && !is_number(word));
        if (word.n > 0 && tells)
            n = put_word(mem, v, word, ret, n, most);
        at += word.n == 0;
    }
    return n;
}

size_t words_split(struct arena *mem, const struct register_vocabulary *v, struct str text,
                   struct str *ret, size_t most)
{
    struct str s = folded(mem, text);
    size_t n = 0;

    for (enum left_out out = HINTS_AND_WORDS; n == 0 && out <= NOTHING; out++)
        n = split(mem, v, s, out, ret, most);
    return n;
}

/* ---- misspelt words ---- */

/* Whether at most `most` letters are wrong, missing, too many or swapped. */
static bool is_near(struct str a, struct str b, size_t most)
{
    uint8_t d[WORD_BYTES + 2][WORD_BYTES + 2];

    for (size_t i = 0; i <= a.n; i++)
        d[i][0] = (uint8_t)i;
    for (size_t k = 0; k <= b.n; k++)
        d[0][k] = (uint8_t)k;
    for (size_t i = 1; i <= a.n; i++)
        for (size_t k = 1; k <= b.n; k++) {
            uint8_t best = (uint8_t)(d[i - 1][k - 1] + (a.p[i - 1] != b.p[k - 1]));
            uint8_t one = (uint8_t)(d[i - 1][k] + 1), other = (uint8_t)(d[i][k - 1] + 1);
            best = one < best ? one : best;
            best = other < best ? other : best;
            if (i > 1 && k > 1 && a.p[i - 1] == b.p[k - 2] && a.p[i - 2] == b.p[k - 1] &&
                d[i - 2][k - 2] + 1 < best)
                best = (uint8_t)(d[i - 2][k - 2] + 1);
            d[i][k] = best;
        }
    return d[a.n][b.n] <= most;
}

static uint32_t nearest_word(const struct register_vocabulary *v, struct str word)
{
    size_t most = word.n >= 8 ? 2 : 1;
    unsigned letter = (unsigned)(word.p[0] - 'a');

    if (word.n < 5 || word.n >= WORD_BYTES - 2 || letter > 25)
        return 0;
    for (size_t n = word.n - most; n <= word.n + most; n++) {
        const struct words_list *list = &v->letters[letter][n];
        for (size_t i = 0; i < list->n; i++) {
            struct str other = v->spelt[list->items[i]];
            /* Of five letters two may be swapped: another letter makes another word. */
            if (word.n < 7 && (other.n != word.n || other.p[1] == word.p[1]))
                continue;
            if (is_near(word, other, most))
                return list->items[i];
        }
    }
    return 0;
}

uint32_t words_number(const struct register_vocabulary *v, struct str word, bool *ret_exact)
{
    uint32_t number = dict_number(v->words, word);

    *ret_exact = number != 0 && (v->sealed == 0 || number < v->sealed);
    return *ret_exact ? number : nearest_word(v, word);
}

uint32_t words_number_of_any(const struct register_vocabulary *v, struct str word)
{
    uint32_t number = dict_number(v->words, word);

    return number != 0 ? number : nearest_word(v, word);
}

double words_weight(const struct register_vocabulary *v, uint32_t word)
{
    return v->weight[word];
}

/* A word that many fields have tells little. */
static void weigh_words(struct ctx *cx, struct register_vocabulary *v)
{
    v->weight = arena_array(cx->mem, v->word_n + 1, sizeof *v->weight);
    v->weight[0] = WEIGHT_UNKNOWN;
    for (size_t i = 1; i < v->word_n; i++) {
        double weight = log((double)(v->header_n / 8 + 20) / ((double)v->fields[i] + 0.5));
        v->weight[i] = weight > WEIGHT_LEAST ? weight : WEIGHT_LEAST;
    }
}

/* ---- learning ---- */

static uint32_t learn_word(struct ctx *cx, struct register_vocabulary *v, struct str word)
{
    uint32_t number = dict_number(v->words, word);

    if (number != 0)
        return number;
    word = str_copy(cx->mem, word);
    number = dict_intern(v->words, word);
    while (v->word_n <= number)
        *ARENA_PUSH(cx->mem, v->spelt, v->word_n, v->word_room) = STR_NONE;
    v->spelt[number] = word;
    return number;
}

void words_learn(struct ctx *cx, struct register_vocabulary *v, struct str text,
                 struct register_words *ret)
{
    struct str words[REGISTER_HEADING_WORDS];

    *ret = (struct register_words){.n = words_split(cx->mem, v, text, words, COUNT_OF(words))};
    for (size_t i = 0; i < ret->n; i++)
        ret->id[i] = learn_word(cx, v, words[i]);
}

static void add_to(struct ctx *cx, struct words_list *list, uint32_t item)
{
    if (list->n == 0 || list->items[list->n - 1] != item)
        *ARENA_PUSH(cx->mem, list->items, list->n, list->room) = item;
}

static void add_headers(struct ctx *cx, struct register_vocabulary *v,
                        const struct register_def *def, const struct register_field *field)
{
    for (size_t h = 0; h < field->header_n; h++)
        *ARENA_PUSH(cx->mem, v->headers, v->header_n, v->header_room) =
            (struct words_header){.def = def, .field = field, .words = &field->headers[h]};
}

/* In how many fields a word stands, each counted once. */
static void count_fields(struct register_vocabulary *v, uint32_t *last)
{
    uint32_t field = 0;

    for (size_t h = 0; h < v->header_n; h++) {
        field += h == 0 || v->headers[h].field != v->headers[h - 1].field;
        for (size_t i = 0; i < v->headers[h].words->n; i++) {
            uint32_t word = v->headers[h].words->id[i];
            v->fields[word] += last[word] != field;
            last[word] = field;
        }
    }
}

void words_seal(struct ctx *cx, struct register_vocabulary *v, const struct registers *registers)
{
    for (size_t i = 0; i < registers->n; i++)
        for (size_t f = 0; f < registers->items[i].field_n; f++)
            add_headers(cx, v, &registers->items[i], &registers->items[i].fields[f]);
    v->fields = arena_array(cx->mem, v->word_n + 1, sizeof *v->fields);
    v->by_word = arena_array(cx->mem, v->word_n + 1, sizeof *v->by_word);
    count_fields(v, arena_array(cx->mem, v->word_n + 1, sizeof(uint32_t)));
    weigh_words(cx, v);
    for (uint32_t h = 0; h < v->header_n; h++) {
        struct words_header *header = &v->headers[h];
        for (size_t i = 0; i < header->words->n; i++) {
            header->weight += words_weight(v, header->words->id[i]);
            add_to(cx, &v->by_word[header->words->id[i]], h);
        }
    }
    for (uint32_t w = 1; w < v->word_n; w++) {
        struct str s = v->spelt[w];
        if (s.n > 3 && s.n < WORD_BYTES && s.p[0] >= 'a' && s.p[0] <= 'z')
            add_to(cx, &v->letters[s.p[0] - 'a'][s.n], w);
    }
    v->sealed = v->word_n;
}

/* ---- registers/words.yaml ---- */

static int bad(struct ctx *cx, const struct value *at, const char *what, struct str name)
{
    return fail(cx, RC_INVALID, WORDS_FILE, "%s:%u: %s \"%.*s\".", WORDS_FILE, value_line(at), what,
                STR_ARG(name));
}

static int load_set(struct ctx *cx, const struct value *yaml, const char *key, struct dict **ret)
{
    const struct value *list = value_get(yaml, key);

    if (value_type(list) != VALUE_LIST)
        return bad(cx, yaml, "a list is wanted for", str_of(key));
    *ret = dict_new(cx->mem);
    for (size_t i = 0; i < value_count(list); i++) {
        if (value_type(value_at(list, i)) != VALUE_TEXT)
            return bad(cx, value_at(list, i), "only texts are taken in", str_of(key));
        (void)dict_intern(*ret, words_fold(cx->mem, value_as_text(value_at(list, i))));
    }
    return 0;
}

/* A map from a number or word to the texts that mean it. */
static int load_map(struct ctx *cx, const struct value *yaml, const char *key, bool numbers,
                    struct dict **ret)
{
    const struct value *map = value_get(yaml, key);

    if (value_type(map) != VALUE_MAP)
        return bad(cx, yaml, "a map is wanted for", str_of(key));
    *ret = dict_new(cx->mem);
    for (size_t i = 0; i < value_count(map); i++) {
        struct str *is = ARENA_NEW(cx->mem, struct str);
        int64_t number = 0;
        *is = value_key_at(map, i);
        if (numbers && (!str_to_int(*is, &number) || number < 1 || number > 12))
            return bad(cx, value_at(map, i), "no number from 1 to 12:", *is);
        for (size_t k = 0; k < value_count(value_at(map, i)); k++) {
            struct str word = value_as_text(value_at(value_at(map, i), k));
            dict_set(*ret, words_fold(cx->mem, word),
                     numbers ? (const void *)(uintptr_t)number : (const void *)is);
        }
    }
    return 0;
}

static int check_keys(struct ctx *cx, const struct value *yaml)
{
    static const char *const keys[] = {"same", "drop",   "keep",   "empty", "samples", "yes",
                                       "no",   "months", "levels", "roles", "joins"};

    for (size_t i = 0; i < value_count(yaml); i++) {
        size_t k = 0;
        while (k < COUNT_OF(keys) && !str_is(value_key_at(yaml, i), keys[k]))
            k++;
        if (k == COUNT_OF(keys))
            return bad(cx, value_at(yaml, i), "unknown key", value_key_at(yaml, i));
    }
    return 0;
}

int words_load(struct ctx *cx, const struct content *content, struct register_vocabulary **ret)
{
    struct register_vocabulary *v = ARENA_NEW(cx->mem, struct register_vocabulary);
    struct value *yaml;
    struct str text;

    TRY(content_get(cx, content, WORDS_FILE, &text));
    TRY(yaml_parse(cx, WORDS_FILE, text, &yaml));
    TRY(check_keys(cx, yaml));
    v->words = dict_new(cx->mem);
    *ARENA_PUSH(cx->mem, v->spelt, v->word_n, v->word_room) = STR_NONE;
    TRY(load_map(cx, yaml, "same", false, &v->same));
    TRY(load_set(cx, yaml, "drop", &v->drop));
    TRY(load_set(cx, yaml, "keep", &v->keep));
    TRY(load_set(cx, yaml, "empty", &v->empty));
    TRY(load_set(cx, yaml, "samples", &v->samples));
    TRY(load_set(cx, yaml, "yes", &v->yes));
    TRY(load_set(cx, yaml, "no", &v->no));
    TRY(load_map(cx, yaml, "months", true, &v->months));
    TRY(load_map(cx, yaml, "levels", true, &v->levels));
    TRY(load_set(cx, yaml, "roles", &v->roles));
    TRY(load_set(cx, yaml, "joins", &v->joins));
    *ret = v;
    return 0;
}
