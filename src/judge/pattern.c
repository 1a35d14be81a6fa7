#include "judge/pattern.h"

#include <string.h>

enum node_type {
    NODE_STEM,
    NODE_EXACT,
    NODE_PREFIX,
    NODE_SPAN,
    NODE_ANY,
    NODE_BEGIN,
    NODE_END,
    NODE_SEQUENCE,
    NODE_CHOICE,
    NODE_MAYBE
};

enum link { LINK_NEAR, LINK_TIGHT, LINK_WIDE, LINK_SENTENCE };

/*
 * Which words, spans and first letters something has or asks for, a bit for many. Two masks
 * without a common bit cannot match; most attempts end with that question.
 */
struct mask {
    uint64_t bits[4];
};

struct node {
    enum node_type type;
    enum link link;  /* to the node before it */
    uint32_t id;     /* of a stem, word or span */
    struct str text; /* of a prefix; of an exact word with capitals */
    struct node *kids;
    size_t kid_n, kid_room;
    bool wild;         /* anything may begin it */
    bool open;         /* that, or it may match nothing: `first` does not decide */
    struct mask first; /* what may begin it */
    struct mask some;  /* all that may match within it; of a mandatory part one bit must be there */
};

struct pattern {
    struct node *node;
    uint32_t number; /* of a pattern; of a set's phrase the span it makes */
};

/* Patterns that may begin with one word, span or letter. */
struct bucket {
    struct pattern *items;
    size_t n, room;
};

struct index {
    struct bucket *stems, *words, *spans;
    struct bucket letters[256]; /* prefixes, by first byte */
    struct bucket any;          /* anything may begin them */
};

struct patterns {
    struct arena *mem;
    const struct language *language;
    struct vocabulary vocabulary;
    struct dict *sets;  /* name to number */
    struct dict *texts; /* pattern text to number */
    struct pattern *items;
    size_t n, room;
    struct index *set_index; /* one a set, in order of definition */
    struct bucket *set_phrases;
    size_t set_n, set_room, phrases_n, phrases_room;
    struct index index;
};

/* ---- the compiler ---- */

struct compiler {
    struct ctx *cx;
    struct patterns *patterns;
    const char *where;
    struct str text;
    size_t at;
    unsigned depth;
};

static int compile_sequence(struct compiler *c, struct node *into);

static int bad(struct compiler *c, const char *what)
{
    return fail(c->cx, RC_INVALID, c->where, "%s: the pattern \"%.*s\": %s.", c->where,
                STR_ARG(c->text), what);
}

static struct node *add_kid(struct compiler *c, struct node *into, enum node_type type,
                            enum link link)
{
    struct node *kid = ARENA_PUSH(c->cx->mem, into->kids, into->kid_n, into->kid_room);

    *kid = (struct node){.type = type, .link = link};
    return kid;
}

static uint32_t intern_stem(struct compiler *c, const struct token *t)
{
    struct str stem =
        (t->flags & TOKEN_LETTERS) != 0 ? language_stem(c->patterns->language, t->low) : t->low;

    return dict_intern(c->patterns->vocabulary.stems, str_copy(c->cx->mem, stem));
}

/* Plain words go through the same tokeniser as documents, so that hyphens and spellings agree. */
static int compile_words(struct compiler *c, struct str word, bool exact, struct node *into,
                         enum link link)
{
    struct tokens *tokens = tokens_new(c->cx->mem);
    struct str rest = word, part;
    bool first = true;

    while (str_split(&rest, '_', &part)) {
        size_t from = tokens->n;
        tokens_add(tokens, c->patterns->language, &c->patterns->vocabulary, part, false, 0);
        for (size_t i = from; i < tokens->n; i++) {
            struct node *kid =
                add_kid(c, into, exact ? NODE_EXACT : NODE_STEM, first ? link : LINK_TIGHT);
            const struct token *t = &tokens->t[i];
            first = false;
            if (exact) {
                kid->id = dict_intern(c->patterns->vocabulary.words, t->low);
                kid->text = str_eq(t->word, t->low) ? STR_NONE : t->word;
            } else {
                kid->id = intern_stem(c, t);
            }
        }
    }
    return first ? bad(c, "it has a word without letters") : 0;
}

static int compile_set(struct compiler *c, struct str name, struct node *into, enum link link)
{
    uint32_t set = dict_number(c->patterns->sets, name);

    if (set == 0)
        return bad(c, "it names a set that is not there");
    add_kid(c, into, NODE_SPAN, link)->id = CLASS_COUNT + set;
    return 0;
}

static int compile_class(struct compiler *c, struct str name, struct node *into, enum link link)
{
    enum token_class class = token_class_of(name);

    if (class == 0)
        return bad(c, "it names a class that is not there");
    if (class == CLASS_ANY)
        (void)add_kid(c, into, NODE_ANY, link);
    else
        add_kid(c, into, NODE_SPAN, link)->id = class;
    return 0;
}

static int compile_word(struct compiler *c, struct node *into, enum link link)
{
    size_t from = c->at;
    struct str word;

    while (c->at < c->text.n && strchr(" ()[]|", c->text.p[c->at]) == NULL)
        c->at++;
    word = str_sub(c->text, from, c->at - from);
    if (str_is(word, "^") || str_is(word, "$")) {
        (void)add_kid(c, into, word.p[0] == '^' ? NODE_BEGIN : NODE_END, LINK_TIGHT);
        return 0;
    }
    if (str_is(word, "*"))
        return bad(c, "a star belongs to a word, not to brackets");
    if (word.p[0] == '@')
        return compile_set(c, str_from(word, 1), into, link);
    if (word.p[0] == '#')
        return compile_class(c, str_from(word, 1), into, link);
    if (word.p[0] == '=')
        return compile_words(c, str_from(word, 1), true, into, link);
    if (word.n > 1 && word.p[word.n - 1] == '*') {
        /* "sub-contract*": all but the last part are words. */
        struct str stem = str_lower(c->cx->mem, str_sub(word, 0, word.n - 1));
        size_t cut = stem.n;
        while (cut > 0 && stem.p[cut - 1] != '_' && stem.p[cut - 1] != '-')
            cut--;
        if (cut > 1) {
            TRY(compile_words(c, str_sub(stem, 0, cut - 1), false, into, link));
            link = LINK_TIGHT;
        }
        add_kid(c, into, NODE_PREFIX, link)->text = str_from(stem, cut);
        return 0;
    }
    return compile_words(c, word, false, into, link);
}

/* "(a|b c|d)" and "[a b]". */
static int compile_group(struct compiler *c, struct node *into, enum link link)
{
    char close = c->text.p[c->at] == '(' ? ')' : ']';
    struct node *group = add_kid(c, into, close == ')' ? NODE_CHOICE : NODE_MAYBE, link);
    /* Kids of `into` may move while it grows; `group` is filled in a copy. */
    size_t place = into->kid_n - 1;
    struct node made = *group;

    if (++c->depth > PATTERN_DEPTH)
        return bad(c, "it is nested too deeply");
    do {
        c->at++;
        struct node *branch = add_kid(c, &made, NODE_SEQUENCE, LINK_NEAR);
        struct node sequence = *branch;
        TRY(compile_sequence(c, &sequence));
        made.kids[made.kid_n - 1] = sequence;
    } while (c->at < c->text.n && c->text.p[c->at] == '|');
    if (c->at >= c->text.n || c->text.p[c->at] != close)
        return bad(c, "a bracket is not closed");
    c->at++;
    c->depth--;
    into->kids[place] = made;
    return 0;
}

static bool take_dots(struct compiler *c, enum link *link)
{
    size_t n = 0;

    while (c->at + n < c->text.n && c->text.p[c->at + n] == '.')
        n++;
    if (n < 2)
        return false;
    *link = n == 2 ? LINK_WIDE : LINK_SENTENCE;
    c->at += n;
    return true;
}

static int compile_sequence(struct compiler *c, struct node *into)
{
    enum link link = LINK_NEAR;

    while (c->at < c->text.n && strchr(")]|", c->text.p[c->at]) == NULL) {
        char ch = c->text.p[c->at];
        if (ch == ' ') {
            c->at++;
            continue;
        }
        if (take_dots(c, &link))
            continue;
        if (ch == '(' || ch == '[')
            TRY(compile_group(c, into, link));
        else
            TRY(compile_word(c, into, link));
        link = LINK_NEAR;
    }
    return into->kid_n > 0 ? 0 : bad(c, "a part of it is empty");
}

static int compile(struct ctx *cx, struct patterns *patterns, const char *where, struct str text,
                   struct node **ret)
{
    struct compiler c = {.cx = cx, .patterns = patterns, .where = where, .text = str_trim(text)};
    struct node *node = ARENA_NEW(cx->mem, struct node);

    node->type = NODE_SEQUENCE;
    TRY(compile_sequence(&c, node));
    if (c.at < c.text.n)
        return bad(&c, "a bracket is closed that was not opened");
    *ret = node;
    return 0;
}

/* ---- masks ---- */

enum mask_kind { MASK_STEM, MASK_WORD, MASK_SPAN, MASK_LETTER };

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
    case NODE_PREFIX:
        mask_set(&node->first, MASK_LETTER, (unsigned char)node->text.p[0]);
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
        put(p, &index->spans[node->id], pattern);
        return;
    case NODE_PREFIX:
        put(p, &index->letters[(unsigned char)node->text.p[0]], pattern);
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
    index->spans = arena_array(p->mem, CLASS_COUNT + p->set_n + 1, sizeof(struct bucket));
}

/* ---- building ---- */

static int add_set(struct ctx *cx, struct patterns *p, struct str name, const struct value *list)
{
    struct bucket *phrases = ARENA_PUSH(cx->mem, p->set_phrases, p->phrases_n, p->phrases_room);

    memset(phrases, 0, sizeof *phrases);
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *item = value_at(list, i);
        struct str where = str_printf(cx->mem, "languages/%.*s.yaml:%u", STR_ARG(p->language->id),
                                      value_line(item));
        struct pattern phrase = {.number = CLASS_COUNT + (uint32_t)p->phrases_n};
        TRY(compile(cx, p, where.p, value_print(cx->mem, item), &phrase.node));
        *ARENA_PUSH(cx->mem, phrases->items, phrases->n, phrases->room) = phrase;
    }
    /* Named only now: a set may use the sets above it, not itself. */
    (void)dict_intern(p->sets, name);
    p->set_n = p->phrases_n;
    return 0;
}

int patterns_new(struct ctx *cx, const struct language *language, struct patterns **ret)
{
    struct patterns *p = ARENA_NEW(cx->mem, struct patterns);
    const struct value *sets = value_get(language->yaml, "sets");

    p->mem = cx->mem;
    p->language = language;
    p->vocabulary.stems = dict_new(cx->mem);
    p->vocabulary.words = dict_new(cx->mem);
    p->sets = dict_new(cx->mem);
    p->texts = dict_new(cx->mem);
    for (size_t i = 0; i < value_count(sets); i++)
        TRY(add_set(cx, p, value_key_at(sets, i), value_at(sets, i)));
    *ret = p;
    return 0;
}

int patterns_add(struct ctx *cx, struct patterns *p, const char *where, struct str text,
                 uint32_t *ret_number)
{
    struct pattern pattern = {0};
    uint32_t known = dict_number(p->texts, text);

    if (known == 0) {
        TRY(compile(cx, p, where, text, &pattern.node));
        known = dict_intern(p->texts, text);
        pattern.number = known;
        *ARENA_PUSH(cx->mem, p->items, p->n, p->room) = pattern;
    }
    *ret_number = known;
    return 0;
}

void patterns_seal(struct patterns *p)
{
    p->set_index = arena_array(p->mem, p->set_n + 1, sizeof *p->set_index);
    for (size_t s = 0; s < p->set_n; s++) {
        index_new(p, &p->set_index[s]);
        for (size_t i = 0; i < p->set_phrases[s].n; i++) {
            mask_node(p->set_phrases[s].items[i].node);
            index_node(p, &p->set_index[s], p->set_phrases[s].items[i].node,
                       p->set_phrases[s].items[i]);
        }
    }
    index_new(p, &p->index);
    for (size_t i = 0; i < p->n; i++) {
        mask_node(p->items[i].node);
        index_node(p, &p->index, p->items[i].node, p->items[i]);
    }
}

size_t patterns_count(const struct patterns *p)
{
    return p->n;
}

const struct vocabulary *patterns_vocabulary(const struct patterns *p)
{
    return &p->vocabulary;
}

const struct language *patterns_language(const struct patterns *p)
{
    return p->language;
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
    case NODE_PREFIX:
        return str_starts(token->low, node->text);
    default:
        return true;
    }
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
    unsigned most = first || node->link == LINK_TIGHT ? 0
                    : node->link == LINK_NEAR         ? PATTERN_GAP
                    : node->link == LINK_WIDE         ? PATTERN_WIDE
                                                      : UINT32_MAX;

    for (;;) {
        match_node(s, node, start, at, out);
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
    struct ends now = {.at = {at}, .n = 1};

    for (size_t i = 0; i < node->kid_n && now.n > 0; i++) {
        struct ends next = {.n = 0};
        for (size_t e = 0; e < now.n; e++)
            match_after(s, &node->kids[i], start, now.at[e], i == 0 || now.at[e] == at, &next);
        now = next;
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
    case NODE_PREFIX:
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

static void mask_token(struct finder *f, uint32_t at)
{
    const struct token *token = &f->tokens->t[at];
    struct mask *mask = &f->scene.token_masks[at];

    if (token->stem != 0)
        mask_set(mask, MASK_STEM, token->stem);
    if (token->exact != 0)
        mask_set(mask, MASK_WORD, token->exact);
    if (token->low.n > 0)
        mask_set(mask, MASK_LETTER, (unsigned char)token->low.p[0]);
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
    struct ends ends = {.n = 0};
    uint32_t longest = 0;

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
    if (token->low.n > 0)
        try_bucket(f, &index->letters[(unsigned char)token->low.p[0]], at);
    /* A token may begin several spans of one kind; each kind is tried once. */
    for (uint32_t i = token->span; i != 0; i = f->tokens->spans[i].next) {
        bool seen = false;
        for (uint32_t k = token->span; k != i && !seen; k = f->tokens->spans[k].next)
            seen = f->tokens->spans[k].id == f->tokens->spans[i].id;
        if (!seen)
            try_bucket(f, &index->spans[f->tokens->spans[i].id], at);
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
    for (uint32_t at = 0; at < tokens->n; at++)
        mask_token(&f, at);
    for (size_t s = 0; s < patterns->set_n; s++)
        for (uint32_t at = 0; at < tokens->n; at++)
            find_at(&f, &patterns->set_index[s], at);
    f.sets = false;
    for (uint32_t at = 0; at < tokens->n; at++)
        find_at(&f, &patterns->index, at);
    group(&f, ret);
}
