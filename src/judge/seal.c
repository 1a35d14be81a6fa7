/* Closing the patterns: masks to leave early, and plans of how each is found. */
#include <string.h>

#include "judge/pattern.h"
#include "judge/pattern_tree.h"

/* ---- terms ---- */

uint32_t term_of_stem(UNUSED const struct patterns *p, uint32_t stem)
{
    return stem;
}

uint32_t term_of_word(const struct patterns *p, uint32_t word)
{
    return p->word_base + word;
}

uint32_t term_of_span(const struct patterns *p, uint32_t span)
{
    return span >= PREFIX_BASE ? p->prefix_base + (span - PREFIX_BASE) : p->span_base + span;
}

static void number_terms(struct patterns *p)
{
    p->word_base = (uint32_t)dict_count(p->vocabulary.stems) + 1;
    p->span_base = p->word_base + (uint32_t)dict_count(p->vocabulary.words) + 1;
    p->prefix_base = p->span_base + CLASS_COUNT + (uint32_t)dict_count(p->sets) + 1;
    p->term_n = p->prefix_base + (uint32_t)dict_count(p->prefixes) + 1;
}

static void add_term(struct patterns *p, struct terms *terms, uint32_t term)
{
    for (size_t i = 0; i < terms->n; i++)
        if (terms->items[i] == term)
            return;
    *ARENA_PUSH(p->mem, terms->items, terms->n, terms->room) = term;
}

static void add_terms(struct patterns *p, struct terms *terms, const struct terms *more)
{
    for (size_t i = 0; i < more->n; i++)
        add_term(p, terms, more->items[i]);
}

/* The term of a node that asks for one; false for any other. */
static bool own_term(const struct patterns *p, const struct node *node, uint32_t *ret)
{
    if (node->type == NODE_STEM)
        *ret = term_of_stem(p, node->id);
    else if (node->type == NODE_EXACT)
        *ret = term_of_word(p, node->id);
    else if (node->type == NODE_SPAN)
        *ret = term_of_span(p, node->id);
    else
        return false;
    return true;
}

/* ---- masks ---- */

void mask_set(struct mask *mask, enum mask_kind kind, uint32_t id)
{
    uint32_t h = (id * 2654435761u + (uint32_t)kind * 40503u) >> 7;

    mask->bits[(h >> 6) & 3] |= (uint64_t)1 << (h & 63);
}

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
    for (size_t i = 0; i < node->kid_n; i++) {
        if (begun)
            continue;
        mask_add(&node->first, &node->kids[i].first);
        node->wild = node->wild || node->kids[i].wild;
        begun = node->type == NODE_SEQUENCE && !may_be_empty(&node->kids[i]);
    }
    node->open = node->wild || may_be_empty(node);
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
        else if (node->type == NODE_CHOICE && kid->type == NODE_EXACT && kid->text.n == 0)
            *ARENA_PUSH(p->mem, node->words.items, node->words.n, node->words.room) = kid->id;
        else if (node->type == NODE_CHOICE && kid->type == NODE_SPAN)
            *ARENA_PUSH(p->mem, node->spans.items, node->spans.n, node->spans.room) = kid->id;
        else
            node->kids[kept++] = *kid;
    }
    node->kid_n = kept;
}

/* ---- plans ---- */

/* The number of a need: the same terms give the same one. */
static uint32_t number_need(struct patterns *p, struct terms *terms)
{
    for (size_t i = 1; i < terms->n; i++)
        for (size_t k = i; k > 0 && terms->items[k - 1] > terms->items[k]; k--) {
            uint32_t term = terms->items[k];
            terms->items[k] = terms->items[k - 1];
            terms->items[k - 1] = term;
        }
    struct str bytes = {(const char *)terms->items, terms->n * sizeof *terms->items};
    uint32_t number = dict_intern(p->need_numbers, bytes);
    if (number == p->needs.n)
        *ARENA_PUSH(p->mem, p->needs.items, p->needs.n, p->needs.room) = *terms;
    return number;
}

static void add_need(struct patterns *p, struct plan *plan, struct terms *terms)
{
    if (terms->n > 0)
        *ARENA_PUSH(p->mem, plan->needs, plan->need_n, plan->need_room) = number_need(p, terms);
}

/* What may begin a match of the node. */
static void find_first(struct patterns *p, const struct node *node, struct plan *plan,
                       struct terms *first)
{
    uint32_t term;

    if (own_term(p, node, &term))
        add_term(p, first, term);
    plan->wild = plan->wild || node->type == NODE_ANY;
    for (size_t i = 0; i < node->kid_n; i++) {
        find_first(p, &node->kids[i], plan, first);
        if (node->type == NODE_SEQUENCE && !may_be_empty(&node->kids[i]))
            return;
    }
}

/* Terms of which a match of the node has one; none where it can do without any. Of a sequence those
 * of the part that asks for the fewest. */
static struct terms find_need(struct patterns *p, const struct node *node)
{
    struct terms need = {0};
    uint32_t term;

    if (own_term(p, node, &term))
        add_term(p, &need, term);
    for (size_t i = 0; i < node->kid_n; i++) {
        struct terms kid = find_need(p, &node->kids[i]);
        if (node->type == NODE_CHOICE && kid.n == 0)
            return (struct terms){0};
        if (node->type == NODE_CHOICE)
            add_terms(p, &need, &kid);
        else if (node->type == NODE_SEQUENCE && kid.n > 0 && (need.n == 0 || kid.n < need.n))
            need = kid;
    }
    return need;
}

/* Needs of few terms are the rarest and come first. */
static void sort_needs(const struct patterns *p, struct plan *plan)
{
    for (size_t i = 1; i < plan->need_n; i++)
        for (size_t k = i;
             k > 0 && p->needs.items[plan->needs[k - 1]].n > p->needs.items[plan->needs[k]].n;
             k--) {
            uint32_t need = plan->needs[k];
            plan->needs[k] = plan->needs[k - 1];
            plan->needs[k - 1] = need;
        }
}

static void add_plan(struct patterns *p, struct plans *plans, const struct pattern *pattern)
{
    struct plan *plan = ARENA_PUSH(p->mem, plans->items, plans->n, plans->room);
    struct terms first = {0};

    *plan = (struct plan){.node = pattern->node,
                          .number = pattern->number,
                          .late = pattern->late,
                          .gate = pattern->gate};
    find_first(p, pattern->node, plan, &first);
    for (size_t i = 0; i < pattern->node->kid_n; i++) {
        struct terms need = find_need(p, &pattern->node->kids[i]);
        add_need(p, plan, &need);
    }
    if (!plan->wild)
        add_need(p, plan, &first);
    sort_needs(p, plan);
}

static void seal(struct patterns *p, struct plans *plans, const struct bucket *patterns)
{
    for (size_t i = 0; i < patterns->n; i++) {
        mask_node(patterns->items[i].node);
        add_plan(p, plans, &patterns->items[i]);
        gather_words(p, patterns->items[i].node);
    }
}

void patterns_seal(struct patterns *p)
{
    struct bucket all = {p->items, p->n, p->n};

    number_terms(p);
    p->need_numbers = dict_new(p->mem);
    (void)ARENA_PUSH(p->mem, p->needs.items, p->needs.n, p->needs.room);
    for (size_t i = 0; i < PATTERN_LEVELS; i++)
        seal(p, &p->level_plans[i], &p->levels[i]);
    seal(p, &p->plans, &all);
}
