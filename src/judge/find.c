/* Finding all patterns in a text: which are worth a try, and in which sentences. */
#include <string.h>

#include "judge/pattern.h"
#include "judge/pattern_tree.h"

#define WINDOW_WORDS 32u /* 64 sentences each: most documents are one window */
#define WINDOW (WINDOW_WORDS * 64u)

/*
 * For each term and each need the sentences that have it, a bit for one. A pattern can only match
 * where all its needs are, so that two or three words of bits decide on most patterns for a whole
 * document. Long documents are done one window of sentences after the other, each in memory of its
 * own, since rows of all sentences would be larger than the document many times over.
 */
/* Hits of one pattern that follow each other, up to the first of the next run. */
struct run {
    uint32_t pattern;
    size_t first;
};

/* What was found in one window, pattern by pattern, in memory that goes when it has been copied. */
struct found {
    struct arena *mem;
    struct hit *hit;
    size_t n, room;
    struct run *runs;
    size_t run_n, run_room;
};

struct finder {
    const struct patterns *patterns;
    struct tokens *tokens;
    struct arena *mem; /* of the window */
    struct scene scene;
    uint32_t *sentences;    /* first tokens, one more than there are */
    uint32_t base, end;     /* sentences of the window */
    size_t width;           /* words of a row */
    uint64_t *rows;         /* of terms */
    uint32_t *term_rows;    /* of each term, 0 for one that the text does not have */
    uint64_t **need_rows;   /* of each need, NULL until it is asked for */
    uint64_t *nowhere;      /* the row of a need that no sentence has */
    uint64_t *where;        /* scratch */
    const uint64_t *always; /* sentences of the text for late patterns, NULL for none */
    uint64_t *open;         /* of the window, with those that gates have opened */
    struct arena *own;      /* of the whole search */
    struct arena *masks;    /* of those of tokens, which are large */
    struct found *windows;
    size_t window_n;
    struct found *now; /* the last of them */
    bool in_sets;
};

/* ---- what the text has ---- */

/* Beginnings of words that some pattern asks for become spans. */
static void mark_prefixes(struct finder *f, uint32_t at)
{
    struct str low = f->tokens->t[at].low;
    uint32_t lengths = low.n > 0 ? f->patterns->prefix_lengths[(unsigned char)low.p[0]] : 0;

    if ((f->tokens->t[at].flags & TOKEN_PLACEHOLDER) != 0)
        return;
    for (; lengths != 0; lengths &= lengths - 1) {
        size_t n = (size_t)__builtin_ctz(lengths);
        uint32_t id = n > low.n ? 0 : dict_number(f->patterns->prefixes, str_sub(low, 0, n));
        if (id != 0)
            tokens_add_span(f->tokens, at, PREFIX_BASE + id, 1);
    }
}

static void mask_token(struct finder *f, uint32_t at)
{
    const struct token *token = &f->tokens->t[at];
    struct mask *mask = &f->scene.token_masks[at];

    if (token->stem != 0)
        mask_set(mask, MASK_STEM, token->stem);
    if (token->exact != 0)
        mask_set(mask, MASK_WORD, token->exact);
    for (uint32_t i = token->span; i != 0; i = f->tokens->spans[i].next)
        mask_set(mask, MASK_SPAN, f->tokens->spans[i].id);
}

/* Terms of the text's words get rows, and all sets, which are found on the way. */
static uint32_t number_rows(struct finder *f)
{
    const struct patterns *p = f->patterns;
    const struct span *spans = f->tokens->spans;
    uint32_t *rows = f->term_rows, n = 0;

    for (uint32_t term = term_of_span(p, CLASS_COUNT); term < p->prefix_base; term++)
        rows[term] = ++n;
    for (uint32_t at = f->sentences[f->base]; at < f->sentences[f->end]; at++) {
        const struct token *t = &f->tokens->t[at];
        if (t->stem != 0 && rows[term_of_stem(p, t->stem)] == 0)
            rows[term_of_stem(p, t->stem)] = ++n;
        if (t->exact != 0 && rows[term_of_word(p, t->exact)] == 0)
            rows[term_of_word(p, t->exact)] = ++n;
        for (uint32_t i = t->span; i != 0; i = spans[i].next)
            if (rows[term_of_span(p, spans[i].id)] == 0)
                rows[term_of_span(p, spans[i].id)] = ++n;
    }
    return n;
}

static void mark_row(struct finder *f, uint32_t term, uint32_t at)
{
    uint32_t sentence = f->tokens->t[at].sentence - f->base;

    f->rows[f->term_rows[term] * f->width + sentence / 64] |= (uint64_t)1 << (sentence % 64);
}

static void fill_rows(struct finder *f)
{
    const struct patterns *p = f->patterns;

    f->term_rows = arena_array(f->mem, p->term_n, sizeof *f->term_rows);
    size_t n = number_rows(f);
    f->rows = arena_array(f->mem, (n + 1) * f->width, sizeof *f->rows);
    for (uint32_t at = f->sentences[f->base]; at < f->sentences[f->end]; at++) {
        const struct token *t = &f->tokens->t[at];
        if (t->stem != 0)
            mark_row(f, term_of_stem(p, t->stem), at);
        if (t->exact != 0)
            mark_row(f, term_of_word(p, t->exact), at);
        for (uint32_t i = t->span; i != 0; i = f->tokens->spans[i].next)
            mark_row(f, term_of_span(p, f->tokens->spans[i].id), at);
    }
}

/* The sentences that have one of the need's terms. Sets among these have been found before. */
static const uint64_t *need_row(struct finder *f, uint32_t need)
{
    const struct terms *terms = &f->patterns->needs.items[need];
    uint64_t *row = f->need_rows[need], some = 0;

    if (row != NULL)
        return row;
    f->need_rows[need] = f->nowhere;
    for (size_t i = 0; i < terms->n; i++) {
        const uint64_t *of = &f->rows[f->term_rows[terms->items[i]] * f->width];
        if (f->term_rows[terms->items[i]] == 0)
            continue;
        if (row == NULL)
            row = arena_array(f->mem, f->width, sizeof *row);
        for (size_t w = 0; w < f->width; w++)
            some |= row[w] |= of[w];
    }
    if (some != 0)
        f->need_rows[need] = row;
    return f->need_rows[need];
}

/* ---- one pattern ---- */

static void found(struct finder *f, const struct plan *plan, uint32_t at, uint32_t to)
{
    struct tokens *tokens = f->tokens;

    struct found *w = f->now;

    if (!f->in_sets) {
        if (w->run_n == 0 || w->runs[w->run_n - 1].pattern != plan->number)
            *ARENA_PUSH(w->mem, w->runs, w->run_n, w->run_room) = (struct run){plan->number, w->n};
        *ARENA_PUSH(w->mem, w->hit, w->n, w->room) = (struct hit){at, to};
        return;
    }
    tokens_add_span(tokens, at, plan->number, to - at);
    mask_set(&f->scene.token_masks[at], MASK_SPAN, plan->number);
    mark_row(f, term_of_span(f->patterns, plan->number), at);
}

static void try_sentence(struct finder *f, const struct plan *plan, size_t sentence)
{
    struct scene *s = &f->scene;

    s->from = f->sentences[sentence];
    s->to = f->sentences[sentence + 1];
    for (uint32_t at = s->from; at < s->to; at++) {
        if (!plan->wild && !mask_meets(&plan->node->first, &s->token_masks[at]))
            continue;
        if ((f->tokens->t[at].flags & TOKEN_PLACEHOLDER) != 0)
            continue;
        uint32_t to = match_longest(s, plan->node, at);
        if (to > at)
            found(f, plan, at, to);
    }
}

/* The sentences that have all that the pattern needs into f->where; false for none. */
static bool find_where(struct finder *f, const struct plan *plan)
{
    uint64_t some = 1;

    if (plan->late)
        memcpy(f->where, f->open, f->width * sizeof *f->where);
    else
        memset(f->where, 0xff, f->width * sizeof *f->where);
    for (size_t i = 0; i < plan->need_n && some != 0; i++) {
        const uint64_t *row = need_row(f, plan->needs[i]);
        if (row == f->nowhere)
            return false;
        some = 0;
        for (size_t w = 0; w < f->width; w++)
            some |= f->where[w] &= row[w];
    }
    return some != 0;
}

static void find_plan(struct finder *f, const struct plan *plan)
{
    if (!find_where(f, plan))
        return;
    for (size_t w = 0; w < f->width; w++)
        for (uint64_t bits = f->where[w]; bits != 0; bits &= bits - 1) {
            size_t sentence = f->base + w * 64 + (size_t)__builtin_ctzll(bits);
            if (sentence < f->end)
                try_sentence(f, plan, sentence);
        }
}

/* What a gate matched opens its sentence for the patterns behind it. */
static void find_gate(struct finder *f, const struct plan *plan)
{
    size_t first = f->now->n;

    find_plan(f, plan);
    for (size_t i = first; plan->gate && i < f->now->n; i++)
        sentence_bit(f->open, f->tokens->t[f->now->hit[i].from].sentence - f->base);
}

/* The words of `always` for the window, which begins at one of them. */
static void open_window(struct finder *f)
{
    size_t all = sentence_bits(f->tokens), from = f->base / 64;

    f->open = arena_array(f->mem, f->width, sizeof *f->open);
    for (size_t w = 0; f->always != NULL && w < f->width && from + w < all; w++)
        f->open[w] = f->always[from + w];
}

/* ---- all patterns ---- */

size_t sentence_bits(const struct tokens *tokens)
{
    return tokens->sentences / 64 + 1;
}

void sentence_bit(uint64_t *bits, uint32_t sentence)
{
    bits[sentence / 64] |= (uint64_t)1 << (sentence % 64);
}

static void find_sentences(struct finder *f)
{
    const struct tokens *t = f->tokens;
    uint32_t next = 0;

    f->sentences = arena_array(f->own, (size_t)t->sentences + 2, sizeof *f->sentences);
    for (uint32_t at = 0; at < t->n; at++)
        while (next <= t->t[at].sentence)
            f->sentences[next++] = at;
    while (next <= t->sentences + 1)
        f->sentences[next++] = (uint32_t)t->n;
}

static void prepare(struct finder *f)
{
    struct tokens *t = f->tokens;

    f->scene.tokens = t;
    f->scene.token_masks = arena_array(f->masks, t->n + 1, sizeof(struct mask));
    for (uint32_t at = 0; at < t->n; at++) {
        mark_prefixes(f, at);
        mask_token(f, at);
    }
    find_sentences(f);
}

static void find_window(struct finder *f)
{
    const struct patterns *p = f->patterns;

    f->now = &f->windows[f->window_n++];
    f->now->mem = arena_new(0);
    f->width = (f->end - f->base) / 64 + 1;
    f->where = arena_array(f->mem, f->width, sizeof *f->where);
    f->nowhere = arena_array(f->mem, f->width, sizeof *f->nowhere);
    f->need_rows = arena_array(f->mem, p->needs.n + 1, sizeof *f->need_rows);
    open_window(f);
    fill_rows(f);
    f->in_sets = true;
    for (size_t level = 0; level < PATTERN_LEVELS; level++)
        for (size_t i = 0; i < p->level_plans[level].n; i++)
            find_plan(f, &p->level_plans[level].items[i]);
    f->in_sets = false;
    for (size_t i = 0; i < p->plans.n; i++)
        find_gate(f, &p->plans.items[i]);
}

static size_t run_length(const struct found *w, size_t run)
{
    return (run + 1 < w->run_n ? w->runs[run + 1].first : w->n) - w->runs[run].first;
}

/* Where the hits of each pattern begin among all. */
static void count_hits(const struct finder *f, struct hits *hits)
{
    size_t n = f->patterns->n;

    hits->first = arena_array(f->tokens->mem, n + 2, sizeof *hits->first);
    for (const struct found *w = f->windows; w < f->windows + f->window_n; w++) {
        hits->n += w->n;
        for (size_t i = 0; i < w->run_n; i++)
            hits->first[w->runs[i].pattern + 1] += (uint32_t)run_length(w, i);
    }
    for (size_t p = 1; p <= n + 1; p++)
        hits->first[p] += hits->first[p - 1];
}

/* From the order of windows into that of patterns, those of one still in order of place. */
static void group_hits(struct finder *f, struct hits *hits)
{
    size_t n = f->patterns->n;
    uint32_t *next = arena_array(f->own, n + 2, sizeof *next);

    count_hits(f, hits);
    hits->hit = arena_array(f->tokens->mem, hits->n, sizeof *hits->hit);
    memcpy(next, hits->first, (n + 2) * sizeof *next);
    for (struct found *w = f->windows; w < f->windows + f->window_n; w++) {
        for (size_t i = 0; i < w->run_n; i++) {
            uint32_t *to = &next[w->runs[i].pattern];

            memcpy(hits->hit + *to, w->hit + w->runs[i].first, run_length(w, i) * sizeof *w->hit);
            *to += (uint32_t)run_length(w, i);
        }
        arena_freep(&w->mem);
    }
}

void patterns_find(const struct patterns *patterns, struct tokens *tokens, const uint64_t *open,
                   struct hits *ret)
{
    CLEANUP(arena_freep) struct arena *own = arena_new(0);
    CLEANUP(arena_freep) struct arena *masks = arena_new(0);
    struct finder f = {
        .patterns = patterns, .tokens = tokens, .always = open, .own = own, .masks = masks};

    *ret = (struct hits){.n = 0};
    f.windows = arena_array(own, tokens->sentences / WINDOW + 1, sizeof *f.windows);
    prepare(&f);
    for (; f.base <= tokens->sentences; f.base = f.end) {
        CLEANUP(arena_freep) struct arena *mem = arena_new(0);

        f.mem = mem;
        f.end = f.base + WINDOW;
        if (f.end > tokens->sentences)
            f.end = tokens->sentences + 1;
        find_window(&f);
    }
    arena_freep(&masks);
    group_hits(&f, ret);
}
