#include "judge/tongue.h"

#include <string.h>

/* A language must have so many of its common words in a hundred words. */
#define TONGUE_PERCENT 12u
#define TONGUE_DIFFERENT 6u /* common words: the letters of a table are none */
/* A passage shows its language from so many words and different common ones on. */
#define PASSAGE_WORDS 12u
#define PASSAGE_DIFFERENT 4u
/* Less in another language is a quotation or a name. */
#define BESIDE_WORDS 60u
#define BESIDE_PERCENT 10u
#define MOST_TONGUES 32u

struct tongue {
    struct str id;
    struct dict *words;
    bool signals; /* there are some */
};

struct tongues {
    struct tongue items[MOST_TONGUES];
    size_t n;
    struct str standing;
};

static int add(struct ctx *cx, struct tongues *t, struct str id, const struct value *words,
               bool signals)
{
    if (t->n == MOST_TONGUES)
        return fail(cx, RC_LIMIT, "languages", "More than %u languages are not taken.",
                    MOST_TONGUES);
    t->items[t->n] = (struct tongue){id, dict_new(cx->mem), signals};
    for (size_t i = 0; i < value_count(words); i++)
        (void)dict_intern(t->items[t->n].words, value_print(cx->mem, value_at(words, i)));
    t->n++;
    return 0;
}

int tongues_new(struct ctx *cx, const struct value *others, struct str standing,
                struct tongues **ret)
{
    struct tongues *t = ARENA_NEW(cx->mem, struct tongues);

    t->standing = standing;
    for (size_t i = 0; i < value_count(others); i++)
        TRY(add(cx, t, value_key_at(others, i), value_at(others, i), false));
    *ret = t;
    return 0;
}

int tongues_add(struct ctx *cx, struct tongues *tongues, const struct value *language)
{
    return add(cx, tongues, value_get_text(language, "id"), value_get(language, "common"), true);
}

/* Its place, or `tongues->n`. */
static size_t index_of(const struct tongues *tongues, struct str id)
{
    size_t i = 0;

    while (i < tongues->n && !str_eq(tongues->items[i].id, id))
        i++;
    return i;
}

bool tongue_has_signals(const struct tongues *tongues, struct str id)
{
    size_t i = index_of(tongues, id);

    return id.n == 0 || (i < tongues->n && tongues->items[i].signals);
}

struct count {
    size_t words;
    size_t hits[MOST_TONGUES];
    struct dict *seen[MOST_TONGUES]; /* different ones */
};

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

static void count_text(struct ctx *cx, const struct tongues *t, struct str text,
                       struct count *count)
{
    for (size_t i = 0; i < text.n && count->words < TONGUE_WORDS;) {
        size_t from = i;
        while (i < text.n && is_word_byte(text.p[i]))
            i++;
        if (i > from) {
            struct str word = str_lower(cx->mem, str_sub(text, from, i - from));
            count->words++;
            for (size_t k = 0; k < t->n; k++) {
                if (!dict_has(t->items[k].words, word))
                    continue;
                count->hits[k]++;
                (void)dict_intern(count->seen[k], word);
            }
        }
        while (i < text.n && !is_word_byte(text.p[i]))
            i++;
    }
}

static void count_begin(struct ctx *cx, const struct tongues *t, struct count *count)
{
    *count = (struct count){0};
    for (size_t k = 0; k < t->n; k++)
        count->seen[k] = dict_new(cx->mem);
}

/* Text that people read as text. */
static bool is_prose(const struct block *block)
{
    return block->kind != BLOCK_PROPERTY && block->kind != BLOCK_CODE;
}

/* The language with most common words, `standing` where no other has more and enough of them. */
static size_t best_of(const struct tongues *t, const struct count *count, size_t standing,
                      size_t different)
{
    size_t best = standing;

    for (size_t k = 0; k < t->n; k++)
        if (count->hits[k] > count->hits[best] && dict_count(count->seen[k]) >= different)
            best = k;
    return best;
}

struct str tongue_of(struct ctx *cx, const struct tongues *t, const struct extract *extract)
{
    struct count count;
    size_t standing = index_of(t, t->standing), best;

    count_begin(cx, t, &count);
    for (size_t i = 0; i < extract->block_count; i++)
        if (is_prose(&extract->blocks[i]))
            count_text(cx, t, extract->blocks[i].text, &count);
    best = best_of(t, &count, standing, TONGUE_DIFFERENT);
    if (count.words < TONGUE_LEAST)
        return STR_NONE;
    /* Registers and lists have few common words: without a clear other language it is that one. */
    if (count.hits[best] * 100 < count.words * TONGUE_PERCENT)
        return count.hits[standing] * 2 >= count.hits[best] ? t->standing : STR_NONE;
    return t->items[best].id;
}

struct str tongue_beside(struct ctx *cx, const struct tongues *t, const struct extract *extract,
                         struct str id, unsigned *ret_percent)
{
    size_t own = index_of(t, id), all = 0, words[MOST_TONGUES] = {0}, most = own;

    for (size_t i = 0; i < extract->block_count && own < t->n && all < TONGUE_WORDS; i++) {
        struct count count;
        if (!is_prose(&extract->blocks[i]))
            continue;
        count_begin(cx, t, &count);
        count_text(cx, t, extract->blocks[i].text, &count);
        all += count.words;
        size_t best = best_of(t, &count, own, PASSAGE_DIFFERENT);
        if (count.words >= PASSAGE_WORDS && count.hits[best] * 100 >= count.words * TONGUE_PERCENT)
            words[best] += count.words;
    }
    for (size_t k = 0; k < t->n; k++)
        if (k != own && (most == own || words[k] > words[most]))
            most = k;
    if (most == own || words[most] < BESIDE_WORDS || words[most] * 100 < all * BESIDE_PERCENT)
        return STR_NONE;
    *ret_percent = (unsigned)(words[most] * 100 / all);
    return t->items[most].id;
}
