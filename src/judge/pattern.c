#include "judge/pattern.h"

#include <string.h>

#include "judge/pattern_tree.h"

/* ---- the compiler ---- */

struct compiler {
    struct ctx *cx;
    struct arena *scratch; /* the tree while it grows */
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
    struct node *kid = ARENA_PUSH(c->scratch, into->kids, into->kid_n, into->kid_room);

    *kid = (struct node){.type = type, .link = (uint8_t)link};
    return kid;
}

/* What is new is kept. */
static uint32_t intern(struct compiler *c, struct dict *dict, struct str key)
{
    uint32_t number = dict_number(dict, key);

    return number != 0 ? number : dict_intern(dict, str_copy(c->cx->mem, key));
}

static uint32_t intern_stem(struct compiler *c, const struct token *t)
{
    struct str stem = (t->flags & TOKEN_LETTERS) != 0
                          ? language_stem(c->scratch, c->patterns->language, t->low)
                          : t->low;

    return intern(c, c->patterns->vocabulary.stems, stem);
}

/* Plain words go through the same tokeniser as documents, so that hyphens and spellings agree. */
static int compile_words(struct compiler *c, struct str word, bool exact, struct node *into,
                         enum link link)
{
    struct tokens *tokens = tokens_new(c->scratch);
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
                kid->id = intern(c, c->patterns->vocabulary.words, t->low);
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

static uint32_t intern_prefix(struct compiler *c, struct str prefix)
{
    if (prefix.n > 0 && prefix.n <= PREFIX_BYTES)
        c->patterns->prefix_lengths[(unsigned char)prefix.p[0]] |= 1u << prefix.n;
    return PREFIX_BASE + dict_intern(c->patterns->prefixes, prefix);
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
        add_kid(c, into, NODE_SPAN, link)->id = intern_prefix(c, str_from(stem, cut));
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

/* A sequence or choice of one is that one. */
static void simplify(struct node *node)
{
    for (size_t i = 0; i < node->kid_n; i++)
        simplify(&node->kids[i]);
    while ((node->type == NODE_SEQUENCE || node->type == NODE_CHOICE) && node->kid_n == 1) {
        struct node kid = node->kids[0];
        kid.link = node->link;
        *node = kid;
    }
}

/* A tree of its own, without the room in which it grew. */
static struct node *copy_nodes(struct arena *mem, const struct node *nodes, size_t n)
{
    struct node *copies = arena_array(mem, n, sizeof *copies);

    for (size_t i = 0; i < n; i++) {
        copies[i] = nodes[i];
        copies[i].kid_room = nodes[i].kid_n;
        if (nodes[i].kid_n > 0)
            copies[i].kids = copy_nodes(mem, nodes[i].kids, nodes[i].kid_n);
    }
    return copies;
}

static int compile(struct ctx *cx, struct patterns *patterns, const char *where, struct str text,
                   struct node **ret)
{
    struct arena *scratch CLEANUP(arena_freep) = arena_new(0);
    struct compiler c = {
        .cx = cx, .scratch = scratch, .patterns = patterns, .where = where, .text = str_trim(text)};
    struct node node = {.type = NODE_SEQUENCE};

    TRY(compile_sequence(&c, &node));
    if (c.at < c.text.n)
        return bad(&c, "a bracket is closed that was not opened");
    for (size_t i = 0; i < node.kid_n; i++)
        simplify(&node.kids[i]);
    *ret = copy_nodes(cx->mem, &node, 1);
    return 0;
}

/* ---- building ---- */

/* The level after the highest of the sets that a phrase uses. */
static uint32_t level_of(const struct patterns *p, const struct node *node)
{
    uint32_t level = 0;

    if (node->type == NODE_SPAN && node->id > CLASS_COUNT && node->id < PREFIX_BASE)
        level = p->set_levels.items[node->id - CLASS_COUNT] + 1;
    for (size_t i = 0; i < node->kid_n; i++) {
        uint32_t kid = level_of(p, &node->kids[i]);
        level = kid > level ? kid : level;
    }
    return level;
}

static int add_set(struct ctx *cx, struct patterns *p, struct str name, const struct value *list)
{
    struct bucket phrases = {0};
    uint32_t level = 0, number = CLASS_COUNT + (uint32_t)dict_count(p->sets) + 1;

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *item = value_at(list, i);
        struct str where = str_printf(cx->mem, "languages/%.*s.yaml:%u", STR_ARG(p->language->id),
                                      value_line(item));
        struct pattern phrase = {.number = number};
        TRY(compile(cx, p, where.p, value_print(cx->mem, item), &phrase.node));
        *ARENA_PUSH(cx->mem, phrases.items, phrases.n, phrases.room) = phrase;
        uint32_t used = level_of(p, phrase.node);
        level = used > level ? used : level;
        if (level >= PATTERN_LEVELS)
            return fail(cx, RC_LIMIT, where.p, "%s: sets use each other more than %u deep.",
                        where.p, PATTERN_LEVELS);
    }
    for (size_t i = 0; i < phrases.n; i++)
        *ARENA_PUSH(cx->mem, p->levels[level].items, p->levels[level].n, p->levels[level].room) =
            phrases.items[i];
    /* Named only now: a set may use the sets above it, not itself. */
    (void)dict_intern(p->sets, name);
    *ARENA_PUSH(cx->mem, p->set_levels.items, p->set_levels.n, p->set_levels.room) = level;
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
    p->prefixes = dict_new(cx->mem);
    p->sets = dict_new(cx->mem);
    p->texts = dict_new(cx->mem);
    *ARENA_PUSH(cx->mem, p->set_levels.items, p->set_levels.n, p->set_levels.room) = 0;
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
        pattern.late = p->late;
        *ARENA_PUSH(cx->mem, p->items, p->n, p->room) = pattern;
    }
    *ret_number = known;
    return 0;
}

void patterns_late(struct patterns *p, bool late)
{
    p->late = late;
}

void patterns_gate(struct patterns *p, uint32_t number)
{
    p->items[number - 1].gate = true;
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
