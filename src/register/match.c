/* From a heading to the fields that it may mean, of all registers. */
#include <string.h>

#include "register/recognise_parts.h"

#define LEAST 0.4    /* a weaker likeness is none */
#define LACKS 1.25   /* of a word that only the name has */
#define BEYOND 0.5   /* of a word that only the heading has */
#define OF_PART 0.93 /* of a heading that a part of it alone would be */
#define MISSPELT 0.9 /* what a misspelt word counts */
#define HEADING_BYTES 120u

struct matcher *matcher_new(struct ctx *cx, const struct registers *registers)
{
    struct matcher *m = ARENA_NEW(cx->mem, struct matcher);

    m->mem = cx->mem;
    m->registers = registers;
    m->v = registers->words;
    m->known = dict_new(cx->mem);
    m->sum = arena_array(cx->mem, m->v->header_n + 1, sizeof *m->sum);
    m->touched = arena_array(cx->mem, m->v->header_n + 1, sizeof *m->touched);
    m->best = arena_array(cx->mem, registers->n + 1, sizeof *m->best);
    return m;
}

/* Words of the heading that are known, and the weight of all. */
static void read_words(const struct matcher *m, struct str text, struct heading *h, bool *exact)
{
    struct str words[REGISTER_HEADING_WORDS];

    h->words.n = words_split(m->mem, m->v, text, words, COUNT_OF(words));
    for (size_t i = 0; i < h->words.n; i++) {
        h->words.id[i] = words_number(m->v, words[i], &exact[i]);
        h->weight += words_weight(m->v, h->words.id[i]);
    }
}

static bool is_again(const struct register_words *w, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (w->id[k] == w->id[i])
            return true;
    return false;
}

/* What each known way to call a field shares with the heading. */
static size_t sum_words(struct matcher *m, const struct heading *h, const bool *exact)
{
    size_t n = 0;

    for (size_t i = 0; i < h->words.n; i++) {
        uint32_t word = h->words.id[i];
        double weight = words_weight(m->v, word) * (exact[i] ? 1 : MISSPELT);
        const struct words_list *list = &m->v->by_word[word];
        for (size_t k = 0; word != 0 && !is_again(&h->words, i) && k < list->n; k++) {
            uint32_t header = list->items[k];
            if (m->sum[header] <= 0)
                m->touched[n++] = header;
            m->sum[header] += weight;
        }
    }
    return n;
}

/* Of what two lists of words share: what the heading lacks of the name tells more against it than
 * what it says beyond. */
static double likeness(double both, double heading, double name)
{
    double lacks = name > both ? LACKS * (name - both) : 0,
           beyond = heading > both ? heading - both : 0;

    return both / (both + lacks + BEYOND * beyond);
}

static void keep_best(struct matcher *m, struct heading *h, const struct register_def *def,
                      const struct register_field *field, double score)
{
    for (size_t i = 0; i < h->n; i++)
        if (h->items[i].field == field) {
            if (score > h->items[i].score)
                h->items[i].score = score;
            return;
        }
    *ARENA_PUSH(m->mem, h->items, h->n, h->room) = (struct heading_match){def, field, score};
}

static int by_number(const void *a, const void *b)
{
    return *(const uint32_t *)a < *(const uint32_t *)b ? -1 : 1;
}

static void score_headers(struct matcher *m, struct heading *h, const bool *exact)
{
    size_t n = sum_words(m, h, exact);

    /* Headers of one field stand behind each other. */
    qsort(m->touched, n, sizeof *m->touched, by_number);
    for (size_t i = 0; i < n; i++) {
        const struct words_header *header = &m->v->headers[m->touched[i]];
        double score = likeness(m->sum[m->touched[i]], h->weight, header->weight);
        m->sum[m->touched[i]] = 0;
        if (score >= LEAST)
            keep_best(m, h, header->def, header->field, score);
        if (score > h->most)
            h->most = score;
    }
}

static void merge(struct matcher *m, struct heading *h, struct str part)
{
    const struct heading *other = part.n > 0 ? matcher_heading(m, part) : NULL;

    for (size_t i = 0; other != NULL && i < other->n; i++)
        keep_best(m, h, other->items[i].def, other->items[i].field,
                  OF_PART * other->items[i].score);
    if (other != NULL && OF_PART * other->most > h->most)
        h->most = OF_PART * other->most;
}

/* "Finding / Nonconformity" is called either, "Source (audit, incident)" a source. */
static void merge_parts(struct matcher *m, struct heading *h, struct str text)
{
    size_t bracket = str_find_char(text, '(', 0);
    struct str rest = text, part;

    if (bracket == SIZE_MAX)
        bracket = str_find_char(text, '[', 0);
    if (bracket != SIZE_MAX && bracket > 0) {
        merge(m, h, str_trim(str_sub(text, 0, bracket)));
        return;
    }
    if (str_find_char(text, '/', 0) == SIZE_MAX)
        return;
    while (str_split(&rest, '/', &part))
        merge(m, h, str_trim(part));
}

const struct heading *matcher_heading(struct matcher *m, struct str text)
{
    const struct heading *known = dict_get(m->known, text);
    bool exact[REGISTER_HEADING_WORDS];
    struct heading *h;

    if (known != NULL)
        return known;
    h = ARENA_NEW(m->mem, struct heading);
    dict_set(m->known, text, h);
    text = str_sub(text, 0, HEADING_BYTES);
    read_words(m, text, h, exact);
    score_headers(m, h, exact);
    merge_parts(m, h, text);
    return h;
}

double heading_score(const struct heading *h, const struct register_field *field)
{
    for (size_t i = 0; i < h->n; i++)
        if (h->items[i].field == field)
            return h->items[i].score;
    return 0;
}

/* Likeness of two lists of words, 1 for the same. */
double matcher_likeness(const struct matcher *m, const struct register_words *a,
                        const struct register_words *b)
{
    double both = 0, all = 0;

    for (size_t i = 0; i < a->n; i++) {
        all += words_weight(m->v, a->id[i]);
        for (size_t k = 0; k < b->n && a->id[i] != 0; k++)
            if (a->id[i] == b->id[k]) {
                both += words_weight(m->v, a->id[i]);
                break;
            }
    }
    for (size_t k = 0; k < b->n; k++)
        all += words_weight(m->v, b->id[k]);
    return all > 0 ? 2 * both / all : 0;
}

static bool shares(const struct register_words *a, const struct register_words *b)
{
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++)
            if (a->id[i] == b->id[k] && a->id[i] != 0)
                return true;
    return false;
}

/* The best likeness of a text with any of `list`. */
double matcher_best(struct matcher *m, struct str text, const struct register_words *list, size_t n)
{
    const struct heading *h = text.n > 0 ? matcher_heading(m, text) : NULL;
    double best = 0;

    for (size_t i = 0; h != NULL && i < n; i++) {
        if (!shares(&h->words, &list[i]))
            continue;
        double score = matcher_likeness(m, &h->words, &list[i]);
        best = score > best ? score : best;
    }
    return best;
}

/* How much of one of the names stands in the text, in one piece: 1 for a whole name, more weight
 * for a long one. */
double matcher_named(struct matcher *m, struct str text, const struct register_words *names,
                     size_t n)
{
    const struct heading *h = text.n > 0 ? matcher_heading(m, text) : NULL;
    double best = 0;

    for (size_t i = 0; h != NULL && i < n; i++) {
        if (!shares(&h->words, &names[i]))
            continue;
        double is = matcher_likeness(m, &h->words, &names[i]);
        for (size_t from = 0; names[i].n > 0 && from + names[i].n <= h->words.n; from++) {
            bool all = memcmp(&h->words.id[from], names[i].id, names[i].n * sizeof(uint32_t)) == 0;
            double part = all ? 0.5 + is / 2 : 0;
            best = part > best ? part : best;
        }
        best = is * 0.7 > best && is > 0.75 ? is * 0.7 : best;
    }
    return best;
}
