/* Matching one pattern at one place. */
#include <string.h>

#include "judge/pattern.h"
#include "judge/pattern_tree.h"

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

static bool inside(const struct scene *s, uint32_t at)
{
    return at < s->to;
}

static bool is_code(const struct scene *s, uint32_t at)
{
    return (s->tokens->t[at].flags & TOKEN_CODE) != 0;
}

/* A name also begins behind the document's number, and ends before its version. */
static bool begins(const struct scene *s, uint32_t at)
{
    return at == s->from || (inside(s, at) && is_code(s, at - 1) && !is_code(s, at));
}

static bool ends(const struct scene *s, uint32_t at)
{
    return !inside(s, at) || (at > s->from && is_code(s, at) && !is_code(s, at - 1));
}

static void match_node(const struct scene *s, const struct node *node, uint32_t at,
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
    if ((token->stem != 0 && id_in(&node->stems, token->stem)) ||
        (token->exact != 0 && id_in(&node->words, token->exact)))
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

/* Whether it is worth a try: most are not. */
static bool may_begin(const struct scene *s, const struct node *node, uint32_t at)
{
    if (node->open)
        return true;
    if (!inside(s, at))
        return false;
    return node->type == NODE_STEM ? s->tokens->t[at].stem == node->id
                                   : mask_meets(&node->first, &s->token_masks[at]);
}

/* Every place at which a node after `at` may begin, and what it then matches. */
static void match_after(const struct scene *s, const struct node *node, uint32_t at, bool first,
                        struct ends *out)
{
    unsigned words = 0, fillers = 0;
    uint32_t origin = at;
    unsigned most = first || node->link == LINK_TIGHT ? 0
                    : node->link == LINK_NEAR         ? PATTERN_GAP
                    : node->link == LINK_WIDE         ? PATTERN_WIDE
                                                      : UINT32_MAX;

    for (;;) {
        if (may_begin(s, node, at)) {
            bool had = ends_has(out, at);
            match_node(s, node, at, out);
            /* Words passed over for nothing are not part of the match. */
            if (at != origin && !had)
                ends_drop(out, at);
        }
        if (first || node->link == LINK_TIGHT || !inside(s, at))
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

static void match_sequence(const struct scene *s, const struct node *node, uint32_t at,
                           struct ends *out)
{
    struct ends room[2]; /* not cleared: this is the innermost loop of a run */
    struct ends *now = &room[0], *next;

    now->at[0] = at;
    now->n = 1;
    for (size_t i = 0; i < node->kid_n && now->n > 0; i++) {
        next = i + 1 == node->kid_n ? out : &room[(i + 1) % 2];
        if (next != out)
            next->n = 0;
        for (size_t e = 0; e < now->n; e++)
            match_after(s, &node->kids[i], now->at[e], i == 0 || now->at[e] == at, next);
        now = next;
    }
}

static void match_node(const struct scene *s, const struct node *node, uint32_t at,
                       struct ends *out)
{
    switch (node->type) {
    case NODE_STEM:
    case NODE_EXACT:
    case NODE_ANY:
        if (inside(s, at) && match_word(node, &s->tokens->t[at]))
            ends_add(out, at + 1);
        return;
    case NODE_SPAN:
        if (inside(s, at))
            match_span(s, node, at, out);
        return;
    case NODE_BEGIN:
        if (begins(s, at))
            ends_add(out, at);
        return;
    case NODE_END:
        if (ends(s, at))
            ends_add(out, at);
        return;
    case NODE_SEQUENCE:
        match_sequence(s, node, at, out);
        return;
    case NODE_MAYBE:
        ends_add(out, at);
        /* fall through */
    case NODE_CHOICE:
        if (inside(s, at))
            match_words(s, node, at, out);
        for (size_t i = 0; i < node->kid_n; i++)
            match_node(s, &node->kids[i], at, out);
        return;
    }
}

uint32_t match_longest(const struct scene *scene, const struct node *node, uint32_t at)
{
    struct ends ends;
    uint32_t longest = at;

    ends.n = 0;
    match_node(scene, node->kid_n == 1 ? &node->kids[0] : node, at, &ends);
    for (size_t i = 0; i < ends.n; i++)
        longest = ends.at[i] > longest ? ends.at[i] : longest;
    return longest;
}
