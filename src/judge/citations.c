#include "judge/citations.h"

#include <ctype.h>
#include <string.h>

#include "judge/write.h"

#define NUMBER_BYTES 12u
#define FIRST_MOST 60     /* a larger first number is that of a law */
#define NUMBERED_LEAST 5u /* headings with numbers, for a document that numbers them */
#define QUOTE_BYTES 420u

struct citation_words {
    struct pattern_list section, own, others;
    const struct value *yaml;
};

static int add_patterns(struct ctx *cx, struct signals *signals, const char *file,
                        const struct value *list, struct pattern_list *ret)
{
    for (size_t i = 0; i < value_count(list); i++) {
        struct str where = str_printf(cx->mem, "%s:%u", file, value_line(value_at(list, i)));
        uint32_t pattern;
        TRY(patterns_add(cx, signals->patterns, where.p, value_as_text(value_at(list, i)),
                         &pattern));
        *ARENA_PUSH(cx->mem, ret->items, ret->n, ret->room) = pattern;
    }
    return 0;
}

int citations_load(struct ctx *cx, struct signals *signals, const char *file,
                   const struct value *language)
{
    static const char *const keys[] = {"section", "own", "others"};
    const struct value *yaml = value_get(language, "citations");
    struct citation_words *words = ARENA_NEW(cx->mem, struct citation_words);
    struct pattern_list *lists[] = {&words->section, &words->own, &words->others};

    *words = (struct citation_words){.yaml = yaml};
    if (yaml == NULL)
        return 0;
    if (value_count(yaml) != COUNT_OF(keys) + 3 || value_get(yaml, "annex") == NULL ||
        value_get(yaml, "version") == NULL || value_get(yaml, "range") == NULL)
        return fail(cx, RC_INVALID, file,
                    "%s:%u: citations have section, own, others, annex, version and range.", file,
                    value_line(yaml));
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (value_get(yaml, keys[i]) == NULL)
            return fail(cx, RC_INVALID, file, "%s:%u: citations lack the key \"%s\".", file,
                        value_line(yaml), keys[i]);
        TRY(add_patterns(cx, signals, file, value_get(yaml, keys[i]), lists[i]));
    }
    signals->citations = words;
    return 0;
}

const struct value *citations_words(const struct signals *signals, const char *key)
{
    return signals->citations != NULL ? value_get(signals->citations->yaml, key) : NULL;
}

/* ---- the numbers of a document ---- */

/* "4.3" of "4.3. Access" or "4.3"; "" where the text begins otherwise. */
static struct str leading_number(struct str text)
{
    size_t n = 0;

    while (n < text.n && (isdigit((unsigned char)text.p[n]) || text.p[n] == '.'))
        n++;
    if (n == 0 || n > NUMBER_BYTES || !isdigit((unsigned char)text.p[0]) ||
        (n < text.n && !isspace((unsigned char)text.p[n]) && text.p[n] != ')'))
        return STR_NONE;
    while (n > 0 && text.p[n - 1] == '.')
        n--;
    return str_sub(text, 0, n);
}

/* All numbers at the beginning of headings and passages, and what speaks for their being complete.
 */
struct numbers {
    struct dict *known;
    int64_t chapters; /* they run from 1 to this one, 0 where they do not */
    size_t headings;
};

static void count_chapters(struct arena *mem, struct numbers *n)
{
    while (dict_has(n->known, str_printf(mem, "%lld", (long long)n->chapters + 1)))
        n->chapters++;
}

static void find_numbers(struct ctx *cx, const struct reading *r, struct numbers *ret)
{
    *ret = (struct numbers){.known = dict_new(cx->mem)};
    for (size_t i = 2; i < r->passage_n; i++) {
        const struct passage *p = &r->passages[i];
        struct str number = leading_number(p->text);
        if (number.n == 0)
            continue;
        (void)dict_intern(ret->known, number);
        ret->headings += p->block != NULL && p->block->kind == BLOCK_HEADING;
    }
    count_chapters(cx->mem, ret);
}

/* Of "4.3": 4 in `first`, and whether it has more parts than one. */
static bool split(struct str number, int64_t *first, struct str *parent)
{
    size_t dot = SIZE_MAX;

    for (size_t i = 0; i < number.n; i++)
        dot = number.p[i] == '.' ? i : dot;
    *parent = dot == SIZE_MAX ? STR_NONE : str_sub(number, 0, dot);
    size_t end = str_find_char(number, '.', 0);
    return str_to_int(str_sub(number, 0, end == SIZE_MAX ? number.n : end), first) && *first > 0 &&
           *first <= FIRST_MOST;
}

/* The document numbers its headings, and this number is behind the last one of its level. */
static bool is_lost(struct ctx *cx, const struct numbers *n, struct str number)
{
    struct str parent;
    int64_t first;

    if (n->headings < NUMBERED_LEAST || n->chapters < 2 || dict_has(n->known, number) ||
        !split(number, &first, &parent))
        return false;
    if (first > n->chapters)
        return true;
    return parent.n > 0 && dict_has(n->known, parent) &&
           dict_has(n->known, str_printf(cx->mem, "%.*s.1", STR_ARG(parent)));
}

/* ---- what is cited ---- */

static bool has_any(const struct reading *r, const struct pattern_list *list,
                    const struct sentence *s)
{
    for (size_t i = 0; i < list->n; i++)
        if (reading_has(r, list->items[i], s->from, s->to))
            return true;
    return false;
}

/* The number that a match ends with, "" for none. */
static struct str cited_number(const struct reading *r, const struct hit *hit)
{
    struct str low = r->tokens->t[hit->to - 1].low;

    for (size_t i = 0; i < low.n; i++)
        if (!isdigit((unsigned char)low.p[i]) && low.p[i] != '.')
            return STR_NONE;
    return low.n <= NUMBER_BYTES ? low : STR_NONE;
}

static void look_at(struct ctx *cx, const struct signals *signals, const struct reading *r,
                    const struct numbers *numbers, const struct hit *hit, struct citations *ret)
{
    const struct sentence *s = reading_sentence_of(r, hit->from);
    const struct passage *p = &r->passages[s->passage];
    struct str number = cited_number(r, hit);

    if (!p->evidence || p->block == NULL || p->block->kind == BLOCK_HEADING || number.n == 0 ||
        (has_any(r, &signals->citations->others, s) && !has_any(r, &signals->citations->own, s)) ||
        !is_lost(cx, numbers, number))
        return;
    for (size_t i = 0; i < ret->n; i++)
        if (ret->items[i].passage == s->passage && str_eq(ret->items[i].number, number))
            return; /* found from several words on */
    *ARENA_PUSH(cx->mem, ret->items, ret->n, ret->room) = (struct citation){
        s->passage, number, str_cut(cx->mem, reading_sentence_text(r, s), QUOTE_BYTES)};
}

void citations_lost(struct ctx *cx, const struct signals *signals, const struct reading *r,
                    struct citations *ret)
{
    const struct citation_words *w = signals->citations;
    struct numbers numbers;

    *ret = (struct citations){0};
    if (w == NULL)
        return;
    find_numbers(cx, r, &numbers);
    for (size_t i = 0; i < w->section.n; i++) {
        uint32_t p = w->section.items[i];
        for (uint32_t h = r->hits.first[p]; h < r->hits.first[p + 1]; h++)
            look_at(cx, signals, r, &numbers, &r->hits.hit[h], ret);
    }
}

/* ---- facts ---- */

static int insert(struct ctx *cx, struct stmt *s, const struct reading *r, const struct citation *c)
{
    const struct place *place = &r->passages[c->passage].block->place;
    struct str heading = reading_heading_path(cx->mem, r, c->passage);

    TRY(stmt_bind_text(cx, s, "number", c->number));
    TRY(write_place(cx, s, heading, place));
    TRY(stmt_bind_text(cx, s, "quote", c->quote));
    return stmt_run(cx, s);
}

int citations_write(struct ctx *cx, struct store *store, const struct signals *signals,
                    const struct reading *reading, int64_t document, struct str path)
{
    struct citations lost;
    STMT(s);

    citations_lost(cx, signals, reading, &lost);
    if (lost.n == 0)
        return 0;
    TRY(store_prepare(
        cx, store,
        STR("INSERT INTO section_lost (document, n, number, path, place, heading, page,"
            " line, sheet, row, quote) VALUES (:document, :n, :number, :path, :place, :heading,"
            " :page, :line, :sheet, :row, :quote)"),
        &s));
    for (size_t i = 0; i < lost.n; i++) {
        TRY(stmt_bind_int(cx, s, "document", document));
        TRY(stmt_bind_int(cx, s, "n", (int64_t)i));
        TRY(stmt_bind_text(cx, s, "path", path));
        TRY(insert(cx, s, reading, &lost.items[i]));
    }
    return 0;
}
