#include "register/mentions.h"

#include <string.h>

#include "base/fold.h"

#define WORDS 12u    /* of one name */
#define LETTERS 3u   /* of the shortest that is looked for */
#define BETWEEN 3u   /* bytes between two words of a name */
#define DENSE 0x2e80 /* from here on scripts have no blanks between words */

struct name {
    struct str words[WORDS]; /* folded */
    size_t n;
    struct str whole; /* of a script without blanks, else "" */
    const struct name *next;
};

struct mentions {
    struct arena *mem;
    struct dict *by_first; /* the names that begin with a word */
    const struct name *dense;
    bool any;
};

struct mentions *mentions_new(struct arena *mem)
{
    struct mentions *m = ARENA_NEW(mem, struct mentions);

    *m = (struct mentions){.mem = mem, .by_first = dict_new(mem)};
    return m;
}

bool mentions_any(const struct mentions *m)
{
    return m->any;
}

/* ---- names ---- */

static size_t split(struct arena *mem, struct str text, struct str words[static WORDS])
{
    size_t at = 0, n = 0;
    struct str word;

    while (n < WORDS && text_word(text, &at, &word))
        words[n++] = text_fold(mem, word);
    return n;
}

static void put(struct mentions *m, const struct name *name)
{
    struct name *copy = ARENA_NEW(m->mem, struct name);

    *copy = *name;
    copy->next = dict_get(m->by_first, name->words[0]);
    dict_set(m->by_first, name->words[0], copy);
}

/* As lists have it: the last word first. */
static struct name turned(const struct name *name)
{
    struct name other = *name;

    other.words[0] = name->words[name->n - 1];
    for (size_t i = 1; i < name->n; i++)
        other.words[i] = name->words[i - 1];
    return other;
}

static bool is_dense(struct str text)
{
    for (size_t i = 0; i < text.n;)
        if (utf8_next(text, &i) >= DENSE)
            return true;
    return false;
}

static void add_dense(struct mentions *m, struct str text)
{
    struct name *name = ARENA_NEW(m->mem, struct name);

    *name = (struct name){.whole = text, .next = m->dense};
    m->dense = name;
    m->any = true;
}

void mentions_add(struct mentions *m, struct str text)
{
    struct name name = {.n = 0};
    size_t letters = 0;

    text = str_copy(m->mem, str_trim(text));
    if (is_dense(text)) {
        add_dense(m, text);
        return;
    }
    name.n = split(m->mem, text, name.words);
    for (size_t i = 0; i < name.n; i++)
        letters += name.words[i].n;
    if (letters < LETTERS)
        return;
    put(m, &name);
    if (name.n > 1) {
        struct name other = turned(&name);
        put(m, &other);
    }
    m->any = true;
}

/* ---- texts ---- */

struct found {
    size_t from, to;
};

/* Blanks, and what stands within names and addresses. */
static bool joins(struct str between)
{
    for (size_t i = 0; i < between.n; i++)
        if ((unsigned char)between.p[i] < 0x80 && strchr(" ,.-_+@'\n\t", between.p[i]) == NULL)
            return false;
    return between.n <= BETWEEN;
}

/* Where the rest of the name ends, whose first word ends at `at`; 0 where the text goes on
 * otherwise. */
static size_t end_of(struct arena *mem, struct str text, size_t at, const struct name *name)
{
    struct str word;

    for (size_t i = 1; i < name->n; i++) {
        size_t before = at;
        if (!text_word(text, &at, &word) || !str_eq(text_fold(mem, word), name->words[i]) ||
            !joins(str_sub(text, before, (size_t)(word.p - text.p) - before)))
            return 0;
        at = (size_t)(word.p - text.p) + word.n;
    }
    return at;
}

/* The longest name that begins with the word at `from`. */
static size_t longest(const struct mentions *m, struct arena *mem, struct str text, struct str word)
{
    const struct name *name = dict_get(m->by_first, text_fold(mem, word));
    size_t after = (size_t)(word.p - text.p) + word.n, end = 0;

    for (; name != NULL; name = name->next) {
        size_t to = end_of(mem, text, after, name);
        end = to > end ? to : end;
    }
    return end;
}

static bool next_dense(const struct mentions *m, struct str text, size_t at, struct found *ret)
{
    bool any = false;

    for (const struct name *name = m->dense; name != NULL; name = name->next) {
        size_t from = str_find(text, name->whole, at);
        if (from != SIZE_MAX && (!any || from < ret->from)) {
            *ret = (struct found){from, from + name->whole.n};
            any = true;
        }
    }
    return any;
}

static bool next_words(const struct mentions *m, struct arena *mem, struct str text, size_t at,
                       struct found *ret)
{
    struct str word;

    while (text_word(text, &at, &word)) {
        size_t end = longest(m, mem, text, word);
        if (end == 0)
            continue;
        *ret = (struct found){(size_t)(word.p - text.p), end};
        return true;
    }
    return false;
}

static bool next_found(const struct mentions *m, struct arena *mem, struct str text, size_t at,
                       struct found *ret)
{
    struct found other;
    bool any = next_words(m, mem, text, at, ret);

    if (!next_dense(m, text, at, &other))
        return any;
    if (!any || other.from < ret->from)
        *ret = other;
    return true;
}

bool mentions_replace(const struct mentions *m, struct arena *mem, struct str text, struct str word,
                      struct str *ret)
{
    struct found found;
    struct buf out;
    size_t at = 0;

    *ret = text;
    if (!m->any || !next_found(m, mem, text, 0, &found))
        return false;
    out = buf_new(mem);
    do {
        buf_add(&out, str_sub(text, at, found.from - at));
        buf_add(&out, word);
        at = found.to;
    } while (next_found(m, mem, text, at, &found));
    buf_add(&out, str_from(text, at));
    *ret = buf_str(&out);
    return true;
}
