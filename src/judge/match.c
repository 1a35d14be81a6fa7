/* Finding patterns: what they may begin with, masks to leave early, and the matching itself. */
#include "judge/pattern.h"

#include <string.h>

#include "judge/pattern_tree.h"

#define PREFIX_BYTES 24u /* of a word whose beginning is asked for */

/* ---- masks ---- */

enum mask_kind { MASK_STEM, MASK_WORD, MASK_SPAN };

static void mask_set(struct mask *mask, enum mask_kind kind, uint32_t id)
{
    uint32_t h = (id * 2654435761u + (uint32_t)kind * 40503u) >> 7;

    mask->bits[(h >> 6) & 3] |= (uint64_t)1 << (h & 63);
}

static void mask_add(struct mask *mask, const struct mask *other)
{
    for (size_t i = 0; i < COUNT_OF(mask->bits); i++)
        mask->bits[i] |= other->bits[i];
}

static bool mask_meets(const struct mask *a, const struct mask *b)
{
    return ((a->bits[0] & b->bits[0]) | (a->bits[1] & b->bits[1]) | (a->bits[2] & b->bits[2]) |
            (a->bits[3] & b->bits[3])) != 0;
}

static bool may_be_empty(const struct node *node);

/* Fills in the masks of a node from those of its kids. */
static void mask_node(struct node *node)
{
    bool begun = false; /* a kid that must match has been passed */

    for (size_t i = 0; i < node->kid_n; i++)
        mask_node(&node->kids[i]);
    switch (node->type) {
    case NODE_STEM:
        mask_set(&node->first, MASK_STEM, node->id);
        break;
    case NODE_EXACT:
        mask_set(&node->first, MASK_WORD, node->id);
        break;
    case NODE_SPAN:
        mask_set(&node->first, MASK_SPAN, node->id);
        break;
    case NODE_ANY:
    case NODE_BEGIN:
    case NODE_END:
        node->wild = true;
        break;
    case NODE_MAYBE:
    case NODE_CHOICE:
    case NODE_SEQUENCE:
        break;
    }
    node->some = node->first;
    for (size_t i = 0; i < node->kid_n; i++) {
        mask_add(&node->some, &node->kids[i].some);
        if (begun)
            continue;
        mask_add(&node->first, &node->kids[i].first);
        node->wild = node->wild || node->kids[i].wild;
        begun = node->type == NODE_SEQUENCE && !may_be_empty(&node->kids[i]);
    }
    node->open = node->wild || may_be_empty(node);
}

/* ---- what a pattern may begin with ---- */

static void put(struct patterns *p, struct bucket *bucket, struct pattern pattern)
{
    if (bucket->n == 0 || bucket->items[bucket->n - 1].node != pattern.node)
        *ARENA_PUSH(p->mem, bucket->items, bucket->n, bucket->room) = pattern;
}

static struct bucket *span_bucket(const struct index *index, uint32_t id)
{
    return id >= PREFIX_BASE ? &index->prefixes[id - PREFIX_BASE] : &index->spans[id];
}

static void index_node(struct patterns *p, struct index *index, const struct node *node,
                       struct pattern pattern);

/* True where the node may match nothing, so that what follows may begin the pattern too. */
static bool may_be_empty(const struct node *node)
{
    if (node->type == NODE_MAYBE || node->type == NODE_BEGIN || node->type == NODE_END)
        return true;
    for (size_t i = 0; node->type == NODE_CHOICE && i < node->kid_n; i++)
        if (may_be_empty(&node->kids[i]))
            return true;
    if (node->type != NODE_SEQUENCE)
        return false;
    for (size_t i = 0; i < node->kid_n; i++)
        if (!may_be_empty(&node->kids[i]))
            return false;
    return true;
}

static void index_kids(struct patterns *p, struct index *index, const struct node *node,
                       struct pattern pattern)
{
    for (size_t i = 0; i < node->kid_n; i++) {
        index_node(p, index, &node->kids[i], pattern);
        if (node->type == NODE_SEQUENCE && !may_be_empty(&node->kids[i]))
            return;
    }
}

static void index_node(struct patterns *p, struct index *index, const struct node *node,
                       struct pattern pattern)
{
    switch (node->type) {
    case NODE_STEM:
        put(p, &index->stems[node->id], pattern);
        return;
    case NODE_EXACT:
        put(p, &index->words[node->id], pattern);
        return;
    case NODE_SPAN:
        put(p, span_bucket(index, node->id), pattern);
        return;
    case NODE_ANY:
        put(p, &index->any, pattern);
        return;
    case NODE_BEGIN:
    case NODE_END:
        return;
    case NODE_SEQUENCE:
    case NODE_CHOICE:
    case NODE_MAYBE:
        index_kids(p, index, node, pattern);
        return;
    }
}

static void index_new(struct patterns *p, struct index *index)
{
    size_t stems = dict_count(p->vocabulary.stems) + 1, words = dict_count(p->vocabulary.words) + 1;

    memset(index, 0, sizeof *index);
    index->stems = arena_array(p->mem, stems, sizeof(struct bucket));
    index->words = arena_array(p->mem, words, sizeof(struct bucket));
    index->spans =
        arena_array(p->mem, CLASS_COUNT + dict_count(p->sets) + 1, sizeof(struct bucket));
    index->prefixes = arena_array(p->mem, dict_count(p->prefixes) + 1, sizeof(struct bucket));
}

/* Takes single words and spans out of a choice's kids into lists that are searched at once. */
static void gather_words(struct patterns *p, struct node *node)
{
    size_t kept = 0;

    for (size_t i = 0; i < node->kid_n; i++) {
        struct node *kid = &node->kids[i];
        gather_words(p, kid);
        if (node->type == NODE_CHOICE && kid->type == NODE_STEM)
            *ARENA_PUSH(p->mem, node->stems.items, node->stems.n, node->stems.room) = kid->id;
        else if (node->type == NODE_CHOICE && kid->type == NODE_SPAN)
            *ARENA_PUSH(p->mem, node->spans.items, node->spans.n, node->spans.room) = kid->id;
        else
            node->kids[kept++] = *kid;
    }
    node->kid_n = kept;
}

static void seal(struct patterns *p, struct index *index, const struct bucket *patterns)
{
    index_new(p, index);
    for (size_t i = 0; i < patterns->n; i++) {
        mask_node(patterns->items[i].node);
        index_node(p, index, patterns->items[i].node, patterns->items[i]);
        gather_words(p, patterns->items[i].node);
    }
}

void patterns_seal(struct patterns *p)
{
    struct bucket all = {p->items, p->n, p->n};

    for (size_t i = 0; i < PATTERN_LEVELS; i++)
        seal(p, &p->level_index[i], &p->levels[i]);
    seal(p, &p->index, &all);
}

/* ---- the matcher ---- */

/* Places at which a match may end, no place twice. */
struct ends {
    uint32_t at[PATTERN_ENDS];
    size_t n;
};

static void ends_add(struct ends *ends, uint32_t at)
{
    for (size_t i = 0; i < ends->n; i++)
        if (ends->at[i] == at)
            return;
    if (ends->n < PATTERN_ENDS)
        ends->at[ends->n++] = at;
}

/* What is matched against. */
struct scene {
    const struct tokens *tokens;
    struct mask *token_masks;
    struct mask *sentence_masks;
};

static bool ends_has(const struct ends *ends, uint32_t at)
{
    for (size_t i = 0; i < ends->n; i++)
        if (ends->at[i] == at)
            return true;
    return false;
}

static void ends_drop(struct ends *ends, uint32_t at)
{
    for (size_t i = 0; i < ends->n; i++)
        if (ends->at[i] == at)
            ends->at[i] = ends->at[--ends->n];
}

static bool same_sentence(const struct scene *s, uint32_t start, uint32_t at)
{
    const struct tokens *t = s->tokens;

    return at < t->n && t->t[at].sentence == t->t[start].sentence;
}

static void match_node(const struct scene *s, const struct node *node, uint32_t start, uint32_t at,
                       struct ends *out);

static bool match_word(const struct node *node, const struct token *token)
{
    if ((token->flags & TOKEN_PLACEHOLDER) != 0)
        return false;
    switch (node->type) {
    case NODE_STEM:
        return token->stem == node->id;
    case NODE_EXACT:
        return token->exact == node->id && (node->text.n == 0 || str_eq(node->text, token->word));
    default:
        return true;
    }
}

static bool id_in(const struct id_list *list, uint32_t id)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i] == id)
            return true;
    return false;
}

/* The single words and spans of a choice. */
static void match_words(const struct scene *s, const struct node *node, uint32_t at,
                        struct ends *out)
{
    const struct token *token = &s->tokens->t[at];
    const struct span *spans = s->tokens->spans;

    if ((token->flags & TOKEN_PLACEHOLDER) != 0)
        return;
    if (token->stem != 0 && id_in(&node->stems, token->stem))
        ends_add(out, at + 1);
    for (uint32_t i = token->span; i != 0 && node->spans.n > 0; i = spans[i].next)
        if (id_in(&node->spans, spans[i].id))
            ends_add(out, at + spans[i].n);
}

static void match_span(const struct scene *s, const struct node *node, uint32_t at,
                       struct ends *out)
{
    const struct span *spans = s->tokens->spans;

    for (uint32_t i = s->tokens->t[at].span; i != 0; i = spans[i].next)
        if (spans[i].id == node->id)
            ends_add(out, at + spans[i].n);
}

/* Every place at which a node after `at` may begin, and what it then matches. */
static void match_after(const struct scene *s, const struct node *node, uint32_t start, uint32_t at,
                        bool first, struct ends *out)
{
    unsigned words = 0, fillers = 0;
    uint32_t origin = at;
    unsigned most = first || node->link == LINK_TIGHT ? 0
                    : node->link == LINK_NEAR         ? PATTERN_GAP
                    : node->link == LINK_WIDE         ? PATTERN_WIDE
                                                      : UINT32_MAX;

    for (;;) {
        bool had = ends_has(out, at);
        match_node(s, node, start, at, out);
        /* Words passed over for nothing are not part of the match. */
        if (at != origin && !had)
            ends_drop(out, at);
        if (first || node->link == LINK_TIGHT || !same_sentence(s, start, at))
            return;
        if ((s->tokens->t[at].flags & TOKEN_FUNCTION) != 0 && node->link == LINK_NEAR)
            fillers++;
        else
            words++;
        if (words > most || fillers > PATTERN_FILLERS)
            return;
        at++;
    }
}

static void match_sequence(const struct scene *s, const struct node *node, uint32_t start,
                           uint32_t at, struct ends *out)
{
    struct ends now;

    now.at[0] = at;
    now.n = 1;
    for (size_t i = 0; i < node->kid_n && now.n > 0; i++) {
        struct ends next; /* not cleared as a whole: this is the innermost loop of a run */
        next.n = 0;
        for (size_t e = 0; e < now.n; e++)
            match_after(s, &node->kids[i], start, now.at[e], i == 0 || now.at[e] == at, &next);
        now.n = next.n;
        memcpy(now.at, next.at, next.n * sizeof *now.at);
    }
    for (size_t e = 0; e < now.n; e++)
        ends_add(out, now.at[e]);
}

static void match_node(const struct scene *s, const struct node *node, uint32_t start, uint32_t at,
                       struct ends *out)
{
    switch (node->type) {
    case NODE_STEM:
    case NODE_EXACT:
    case NODE_ANY:
        if (same_sentence(s, start, at) && match_word(node, &s->tokens->t[at]))
            ends_add(out, at + 1);
        return;
    case NODE_SPAN:
        if (same_sentence(s, start, at))
            match_span(s, node, at, out);
        return;
    case NODE_BEGIN:
        if (at == 0 || !same_sentence(s, start, at - 1))
            ends_add(out, at);
        return;
    case NODE_END:
        if (!same_sentence(s, start, at))
            ends_add(out, at);
        return;
    case NODE_SEQUENCE:
        match_sequence(s, node, start, at, out);
        return;
    case NODE_MAYBE:
        ends_add(out, at);
        /* fall through */
    case NODE_CHOICE:
        if (same_sentence(s, start, at))
            match_words(s, node, at, out);
        for (size_t i = 0; i < node->kid_n; i++)
            match_node(s, &node->kids[i], start, at, out);
        return;
    }
}

/* ---- finding ---- */

struct finder {
    const struct patterns *patterns;
    struct tokens *tokens;
    struct scene scene;
    struct hit *hit;
    size_t n, room;
    bool sets;
};

/* Beginnings of words that some pattern asks for become spans. */
static void mark_prefixes(struct finder *f, uint32_t at)
{
    struct str low = f->tokens->t[at].low;

    if ((f->tokens->t[at].flags & TOKEN_PLACEHOLDER) != 0)
        return;
    for (size_t n = 1; n <= low.n && n <= PREFIX_BYTES; n++) {
        uint32_t id = dict_number(f->patterns->prefixes, str_sub(low, 0, n));
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
    mask_add(&f->scene.sentence_masks[token->sentence], mask);
}

/* Whether every part that must match has something to match in the sentence. */
static bool may_match(const struct node *node, const struct mask *sentence)
{
    for (size_t i = 0; i < node->kid_n; i++)
        if (!node->kids[i].open && !mask_meets(&node->kids[i].some, sentence))
            return false;
    return true;
}

static void try_pattern(struct finder *f, const struct pattern *pattern, uint32_t at)
{
    struct ends ends;
    uint32_t longest = 0;

    ends.n = 0;
    if (!may_match(pattern->node, &f->scene.sentence_masks[f->tokens->t[at].sentence]))
        return;
    match_node(&f->scene, pattern->node, at, at, &ends);
    for (size_t i = 0; i < ends.n; i++)
        longest = ends.at[i] > longest ? ends.at[i] : longest;
    if (longest <= at)
        return;
    if (f->sets) {
        tokens_add_span(f->tokens, at, pattern->number, longest - at);
        mask_set(&f->scene.token_masks[at], MASK_SPAN, pattern->number);
        mask_set(&f->scene.sentence_masks[f->tokens->t[at].sentence], MASK_SPAN, pattern->number);
        return;
    }
    *ARENA_PUSH(f->tokens->mem, f->hit, f->n, f->room) = (struct hit){pattern->number, at, longest};
}

static void try_bucket(struct finder *f, const struct bucket *bucket, uint32_t at)
{
    for (size_t i = 0; i < bucket->n; i++)
        try_pattern(f, &bucket->items[i], at);
}

static void find_at(struct finder *f, const struct index *index, uint32_t at)
{
    const struct token *token = &f->tokens->t[at];

    if ((token->flags & TOKEN_PLACEHOLDER) != 0)
        return;
    if (token->stem != 0)
        try_bucket(f, &index->stems[token->stem], at);
    if (token->exact != 0)
        try_bucket(f, &index->words[token->exact], at);
    /* A token may begin several spans of one kind; each kind is tried once. */
    for (uint32_t i = token->span; i != 0; i = f->tokens->spans[i].next) {
        bool seen = false;
        for (uint32_t k = token->span; k != i && !seen; k = f->tokens->spans[k].next)
            seen = f->tokens->spans[k].id == f->tokens->spans[i].id;
        if (!seen)
            try_bucket(f, span_bucket(index, f->tokens->spans[i].id), at);
    }
    try_bucket(f, &index->any, at);
}

/* Groups by pattern, keeping the order of places, and drops the same hit found twice. */
static void group(struct finder *f, struct hits *ret)
{
    size_t count = f->patterns->n;
    struct hits hits = {.first = arena_array(f->tokens->mem, count + 2, sizeof(uint32_t))};
    uint32_t *at = arena_array(f->tokens->mem, count + 2, sizeof(uint32_t));

    hits.hit = arena_array(f->tokens->mem, f->n + 1, sizeof *hits.hit);
    for (size_t i = 0; i < f->n; i++)
        hits.first[f->hit[i].pattern + 1]++;
    for (size_t p = 1; p < count + 2; p++)
        hits.first[p] += hits.first[p - 1];
    memcpy(at, hits.first, (count + 2) * sizeof *at);
    for (size_t i = 0; i < f->n; i++)
        hits.hit[at[f->hit[i].pattern]++] = f->hit[i];
    hits.n = f->n;
    *ret = hits;
}

void patterns_find(const struct patterns *patterns, struct tokens *tokens, struct hits *ret)
{
    struct finder f = {.patterns = patterns, .tokens = tokens, .sets = true};

    f.scene.tokens = tokens;
    f.scene.token_masks = arena_array(tokens->mem, tokens->n + 1, sizeof(struct mask));
    f.scene.sentence_masks = arena_array(tokens->mem, tokens->sentences + 1, sizeof(struct mask));
    for (uint32_t at = 0; at < tokens->n; at++) {
        mark_prefixes(&f, at);
        mask_token(&f, at);
    }
    for (size_t i = 0; i < PATTERN_LEVELS && patterns->levels[i].n > 0; i++)
        for (uint32_t at = 0; at < tokens->n; at++)
            find_at(&f, &patterns->level_index[i], at);
    f.sets = false;
    for (uint32_t at = 0; at < tokens->n; at++)
        find_at(&f, &patterns->index, at);
    group(&f, ret);
}
