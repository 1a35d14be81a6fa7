#include "judge/references.h"

#include <ctype.h>
#include <string.h>

#define REFERENCE_WORDS 24u
#define REFERENCE_BYTES 300u
#define INDEX_BYTES ((size_t)512 << 20)
#define WORD_LEAST 3u /* letters of one word at least, or the number of a document */

/* What one line means, ascending, as places in `targets`. */
struct meant {
    uint32_t places[REFERENCE_TARGETS];
    size_t n;
};

struct target {
    int64_t id;
    struct str path, title;
};

struct targets {
    struct target *items;
    size_t n, room;
    struct index *indexes; /* of the languages that lines were in so far */
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

/* ---- one part of a reference ---- */

/* The words of a part that all must stand in a document's names. */
struct part {
    struct str stems[REFERENCE_WORDS];
    size_t n;
    bool telling; /* one of them says more than that there is a document */
};

static struct part part_of(struct arena *mem, const struct signals *signals, struct str text)
{
    struct part part = {.n = 0};
    struct str word;
    size_t at = 0;
    bool joined;

    while ((word = next_word(text, &at, &joined)).n > 0 && part.n < REFERENCE_WORDS) {
        bool number = all_digits(word);

        if ((number && !joined) || dict_has(signals->language->function, word) ||
            dict_has(signals->lists.generic, word))
            continue;
        part.stems[part.n++] = language_stem(mem, signals->language, word);
        part.telling = part.telling || number || word.n >= WORD_LEAST;
    }
    return part;
}

/* The part that begins at `*at`, which moves behind it; false behind the last. */
static bool next_part(struct arena *mem, const struct signals *signals, struct str text, size_t *at,
                      struct part *ret)
{
    size_t from = *at, end = *at;

    if (from > text.n)
        return false;
    while (end < text.n && strchr(",;+&/|()\n", text.p[end]) == NULL)
        end++;
    *ret = part_of(mem, signals, str_sub(text, from, end - from));
    *at = end + 1;
    return true;
}

static struct str reference_text(struct arena *mem, struct str reference)
{
    return str_lower(mem, str_cut(mem, reference, REFERENCE_BYTES));
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

bool reference_means(struct arena *mem, const struct signals *signals, struct str reference,
                     struct str path, struct str title)
{
    struct dict *words = dict_new(mem);
    struct str low = reference_text(mem, reference);
    struct part part;
    size_t at = 0;

    add_words(mem, signals, words, path);
    add_words(mem, signals, words, title);
    while (next_part(mem, signals, low, &at, &part)) {
        bool all = part.telling;
        for (size_t i = 0; i < part.n && all; i++)
            all = dict_has(words, part.stems[i]);
        if (all)
            return true;
    }
    return false;
}

/* ---- the documents by the words of their names ---- */

/* Documents, as places in `targets`, ascending. */
struct places {
    uint32_t *items;
    size_t n, room;
};

/* For one language, since words are stemmed as it has them. */
struct index {
    const struct signals *signals;
    struct dict *words; /* stem to struct places * */
    struct index *next;
};

static void index_text(struct arena *mem, struct index *index, uint32_t target, struct str text)
{
    struct str low = str_lower(mem, text), word;
    size_t at = 0;
    bool joined;

    while ((word = next_word(low, &at, &joined)).n > 0) {
        struct str stem = language_stem(mem, index->signals->language, word);
        struct places *places = (struct places *)(uintptr_t)dict_get(index->words, stem);
        if (places == NULL) {
            places = ARENA_NEW(mem, struct places);
            dict_set(index->words, stem, places);
        }
        if (places->n == 0 || places->items[places->n - 1] != target)
            *ARENA_PUSH(mem, places->items, places->n, places->room) = target;
    }
}

static const struct index *index_for(struct arena *mem, struct targets *targets,
                                     const struct signals *signals)
{
    struct index *index = targets->indexes;

    while (index != NULL && index->signals != signals)
        index = index->next;
    if (index != NULL)
        return index;
    index = ARENA_NEW(mem, struct index);
    *index = (struct index){signals, dict_new(mem), targets->indexes};
    targets->indexes = index;
    for (size_t i = 0; i < targets->n; i++) {
        index_text(mem, index, (uint32_t)i, targets->items[i].path);
        index_text(mem, index, (uint32_t)i, targets->items[i].title);
    }
    return index;
}

static bool has_place(const struct places *places, uint32_t place)
{
    size_t low = 0, high = places->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (places->items[middle] < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low < places->n && places->items[low] == place;
}

/* Keeps the lowest REFERENCE_TARGETS. */
static void mean(struct meant *meant, uint32_t place)
{
    size_t at = meant->n;

    while (at > 0 && meant->places[at - 1] > place)
        at--;
    if (at == REFERENCE_TARGETS || (at > 0 && meant->places[at - 1] == place))
        return;
    meant->n -= meant->n == REFERENCE_TARGETS;
    memmove(&meant->places[at + 1], &meant->places[at], (meant->n - at) * sizeof *meant->places);
    meant->places[at] = place;
    meant->n++;
}

/* Adds the first documents that have all words of the part, beginning with the rarest word; never
 * `own`, which is the line's own document. */
static void mean_part(const struct index *index, const struct part *part, size_t own,
                      struct meant *meant)
{
    const struct places *of[REFERENCE_WORDS], *rarest = NULL;
    size_t found = 0;

    for (size_t i = 0; i < part->n; i++) {
        of[i] = dict_get(index->words, part->stems[i]);
        if (of[i] == NULL)
            return;
        rarest = rarest == NULL || of[i]->n < rarest->n ? of[i] : rarest;
    }
    for (size_t k = 0; part->telling && k < rarest->n && found < REFERENCE_TARGETS; k++) {
        bool all = rarest->items[k] != own;
        for (size_t i = 0; i < part->n && all; i++)
            all = of[i] == rarest || has_place(of[i], rarest->items[k]);
        if (all)
            mean(meant, rarest->items[k]);
        found += all;
    }
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

/* The place of a document among the targets, SIZE_MAX where it is none. */
static size_t place_of(const struct targets *targets, int64_t id)
{
    size_t low = 0, high = targets->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (targets->items[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < targets->n && targets->items[low].id == id ? low : SIZE_MAX;
}

static int insert_target(struct ctx *cx, struct stmt *insert, const struct stmt *line,
                         const struct target *target)
{
    TRY(stmt_bind_int(cx, insert, "document", stmt_int(line, 0)));
    TRY(stmt_bind_int(cx, insert, "n", stmt_int(line, 1)));
    TRY(stmt_bind_int(cx, insert, "target", target->id));
    return stmt_run(cx, insert);
}

/* What one line needs lives in an arena of its own: there may be many lines and documents. */
static int take_line(struct ctx *cx, const struct library *library, struct stmt *insert,
                     const struct stmt *line, struct targets *targets)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new((size_t)64 << 20);
    struct str low = reference_text(mem, stmt_text(mem, line, 2));
    size_t own = place_of(targets, stmt_int(line, 0)), at = 0;
    struct meant meant = {.n = 0};
    const struct signals *signals;
    struct part part;

    TRY(library_signals(cx, library, stmt_text(mem, line, 3), &signals));
    const struct index *index = index_for(cx->mem, targets, signals);
    while (next_part(mem, signals, low, &at, &part))
        mean_part(index, &part, own, &meant);
    for (size_t i = 0; i < meant.n; i++)
        TRY(insert_target(cx, insert, line, &targets->items[meant.places[i]]));
    return ctx_check(cx);
}

static int find_all(struct ctx *cx, const struct library *library, struct store *store)
{
    struct targets targets = {0};
    bool row;
    TX(tx, cx, store);
    STMT(s);
    STMT(insert);

    TRY(take_targets(cx, store, &targets));
    TRY(store_prepare(cx, store,
                      STR("INSERT INTO line_reference (document, n, target)"
                          " VALUES (:document, :n, :target)"),
                      &insert));
    TRY(store_prepare(cx, store,
                      STR("SELECT l.document, l.n, l.reference, d.language"
                          " FROM control_line l JOIN document d ON d.id = l.document"
                          " WHERE l.reference IS NOT NULL ORDER BY l.document, l.n"),
                      &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        TRY(take_line(cx, library, insert, s, &targets));
    }
    stmt_reset(s);
    return tx_commit(cx, &tx);
}

/* The index of all documents' words goes with the work. */
int references_find(struct ctx *cx, const struct library *library, struct store *store)
{
    struct ctx own = {.mem = arena_new(INDEX_BYTES), .today = cx->today};
    int rc = find_all(&own, library, store);

    if (rc < 0)
        rc = fail(cx, (enum rc)rc, NULL, "%.*s", STR_ARG(own.err.text));
    arena_free(own.mem);
    return rc;
}
