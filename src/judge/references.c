#include "judge/references.h"

#include <ctype.h>
#include <string.h>

#define REFERENCE_WORDS 24u
#define REFERENCE_BYTES 300u
#define WORD_LEAST 3u /* letters of one word at least, or the number of a document */

struct target {
    int64_t id;
    struct str path, title;
};

struct targets {
    struct target *items;
    size_t n, room;
};

static bool is_byte_of_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 128;
}

/* The next word from `*at` on, "" for none; `joined` where a hyphen ties it to the one before. */
static struct str next_word(struct str s, size_t *at, bool *joined)
{
    size_t i = *at, from;

    while (i < s.n && !is_byte_of_word(s.p[i]))
        i++;
    from = i;
    while (i < s.n && is_byte_of_word(s.p[i]))
        i++;
    *joined = from > 1 && (s.p[from - 1] == '-' || s.p[from - 1] == '_') &&
              isalnum((unsigned char)s.p[from - 2]);
    *at = i;
    return str_sub(s, from, i - from);
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!isdigit((unsigned char)s.p[i]))
            return false;
    return s.n > 0;
}

static void add_words(struct arena *mem, const struct signals *signals, struct dict *words,
                      struct str text)
{
    struct str low = str_lower(mem, text), word;
    size_t at = 0;
    bool joined;

    while ((word = next_word(low, &at, &joined)).n > 0)
        (void)dict_intern(words, language_stem(mem, signals->language, word));
}

/* One part of a reference against the words of a document's names. */
static bool part_means(struct arena *mem, const struct signals *signals, struct str part,
                       const struct dict *words)
{
    struct str word;
    size_t at = 0, n = 0;
    bool joined, telling = false;

    while ((word = next_word(part, &at, &joined)).n > 0 && n < REFERENCE_WORDS) {
        bool number = all_digits(word);

        if ((number && !joined) || dict_has(signals->language->function, word) ||
            dict_has(signals->lists.generic, word))
            continue;
        if (!dict_has(words, language_stem(mem, signals->language, word)))
            return false;
        telling = telling || number || word.n >= WORD_LEAST;
        n++;
    }
    return telling;
}

bool reference_means(struct arena *mem, const struct signals *signals, struct str reference,
                     struct str path, struct str title)
{
    struct dict *words = dict_new(mem);
    struct str low = str_lower(mem, str_cut(mem, reference, REFERENCE_BYTES));
    size_t from = 0;

    add_words(mem, signals, words, path);
    add_words(mem, signals, words, title);
    for (size_t i = 0; i <= low.n; i++) {
        if (i < low.n && strchr(",;+&/|()\n", low.p[i]) == NULL)
            continue;
        if (part_means(mem, signals, str_sub(low, from, i - from), words))
            return true;
        from = i + 1;
    }
    return false;
}

/* ---- all lines ---- */

static int take_targets(struct ctx *cx, struct store *store, struct targets *ret)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, store,
                      STR("SELECT id, path, coalesce(title, '') FROM document"
                          " WHERE error IS NULL AND copy_of IS NULL ORDER BY id"),
                      &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        *ARENA_PUSH(cx->mem, ret->items, ret->n, ret->room) =
            (struct target){stmt_int(s, 0), stmt_text(cx->mem, s, 1), stmt_text(cx->mem, s, 2)};
    }
}

static int insert_target(struct ctx *cx, struct store *store, const struct stmt *line,
                         const struct target *target)
{
    STMT(s);

    TRY(store_prepare(cx, store,
                      STR("INSERT INTO line_reference (document, n, target)"
                          " VALUES (:document, :n, :target)"),
                      &s));
    TRY(stmt_bind_int(cx, s, "document", stmt_int(line, 0)));
    TRY(stmt_bind_int(cx, s, "n", stmt_int(line, 1)));
    TRY(stmt_bind_int(cx, s, "target", target->id));
    return stmt_run(cx, s);
}

/* The words of one line live in an arena of their own: there may be many lines and documents. */
static int take_line(struct ctx *cx, const struct library *library, struct store *store,
                     const struct stmt *line, const struct targets *targets)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new((size_t)64 << 20);
    const struct signals *signals;

    TRY(library_signals(cx, library, stmt_text(mem, line, 3), &signals));
    for (size_t i = 0; i < targets->n; i++) {
        const struct target *target = &targets->items[i];

        if (target->id != stmt_int(line, 0) &&
            reference_means(mem, signals, stmt_text(mem, line, 2), target->path, target->title))
            TRY(insert_target(cx, store, line, target));
    }
    return ctx_check(cx);
}

int references_find(struct ctx *cx, const struct library *library, struct store *store)
{
    struct targets targets = {0};
    bool row;
    TX(tx, cx, store);
    STMT(s);

    TRY(take_targets(cx, store, &targets));
    TRY(store_prepare(cx, store,
                      STR("SELECT l.document, l.n, l.reference, d.language"
                          " FROM control_line l JOIN document d ON d.id = l.document"
                          " WHERE l.reference IS NOT NULL ORDER BY l.document, l.n"),
                      &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        TRY(take_line(cx, library, store, s, &targets));
    }
    stmt_reset(s);
    return tx_commit(cx, &tx);
}
