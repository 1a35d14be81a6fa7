#include "register/record_search.h"

#include "base/fold.h"
#include "register/record_parts.h"
#include "register/record_together.h"

#define WORDS_BYTES ((size_t)128 * 1024) /* of different words of one record */
#define QUERY_WORDS 16u
#define CANDIDATES 2000 /* that are weighed */
#define EXCERPT_BEFORE 30u
#define EXCERPT_BYTES 130u

/* What a hit is worth: so that a ref that was typed comes first, then names, then texts. */
enum {
    SCORE_REF = 1000,
    SCORE_LABEL = 20,
    SCORE_LABEL_BEGINS = 10,
    SCORE_TEXT = 2,
    SCORE_BEGINS = 1
};

/* ---- the words of a record ---- */

static void add_text(struct buf *out, struct str s)
{
    if (s.n == 0)
        return;
    if (out->n > 0)
        buf_char(out, '\n');
    buf_add(out, s);
}

/* References to records are ids, which nobody searches; those to controls are texts. */
static bool is_searched(const struct register_field *field)
{
    switch (field->type) {
    case REGISTER_INTEGER:
    case REGISTER_DECIMAL:
    case REGISTER_SCORE:
    case REGISTER_YES_NO:
    case REGISTER_INSTANT:
        return false;
    default:
        return true;
    }
}

static bool is_id_of_record(const struct register_field *field)
{
    switch (field->type) {
    case REGISTER_PERSON:
    case REGISTER_PEOPLE:
        return true;
    case REGISTER_REFERENCE:
    case REGISTER_REFERENCES:
        return !str_is(field->to, REGISTER_CONTROL);
    default:
        return false;
    }
}

static void add_body(struct buf *out, const struct register_def *def, const struct value *body);

static void add_value(struct buf *out, const struct register_field *field, const struct value *v)
{
    if (value_type(v) == VALUE_LIST) {
        for (size_t i = 0; i < value_count(v); i++)
            add_value(out, field, value_at(v, i));
        return;
    }
    if (record_is_erased(v))
        return;
    if (value_type(v) == VALUE_MAP && field->type == REGISTER_ROWS)
        add_body(out, field->of, v);
    else if (value_type(v) == VALUE_MAP)
        add_text(out, value_get_text(v, field->type == REGISTER_FILE ? "name" : "said"));
    else if (!is_id_of_record(field))
        add_text(out, value_as_text(v));
}

static void add_body(struct buf *out, const struct register_def *def, const struct value *body)
{
    for (size_t i = 0; i < def->field_n; i++)
        if (is_searched(&def->fields[i]))
            add_value(out, &def->fields[i], value_find(body, def->fields[i].id));
}

static struct str text_of(struct arena *mem, const struct record *record)
{
    struct buf out = buf_new(mem);

    add_body(&out, record->def, record->body);
    return buf_str(&out);
}

/* Each word once, folded, between blanks. */
static struct str words_of(struct arena *mem, const struct record *record)
{
    struct buf all = buf_new(mem), out = buf_new(mem);
    struct dict *seen = dict_new(mem);
    struct str word;
    size_t at = 0;

    buf_add(&all, record->ref);
    buf_char(&all, '\n');
    add_body(&all, record->def, record->body);
    struct str plain = text_fold(mem, buf_str(&all));
    while (out.n < WORDS_BYTES && text_word(plain, &at, &word)) {
        if (dict_has(seen, word))
            continue;
        dict_set(seen, word, "");
        buf_char(&out, ' ');
        buf_add(&out, word);
    }
    return buf_str(&out);
}

struct str record_label(struct arena *mem, const struct register_def *def, const struct value *body)
{
    for (size_t i = 0; i < def->known_by.n; i++) {
        const struct value *v = value_find(body, def->fields[def->known_by.items[i]].id);
        if (record_is_erased(v))
            return record_erased_word();
        if (value_as_text(v).n > 0)
            return str_squeeze(mem, value_as_text(v));
    }
    for (unsigned wanted = 2; wanted-- > 0;) { /* what has to be said, before what may be */
        for (size_t i = 0; i < def->field_n; i++) {
            const struct register_field *field = &def->fields[i];
            bool words = field->type == REGISTER_TEXT || field->type == REGISTER_LONG_TEXT;
            struct str text = words && field->required >= wanted
                                  ? value_get_text(body, str_z(mem, field->id))
                                  : STR_NONE;
            if (text.n > 0)
                return str_squeeze(mem, text);
        }
    }
    return STR_NONE;
}

/* ---- the index ---- */

static bool is_sqlite(const struct record_store *rs)
{
    return store_dialect(rs->store) == STORE_SQLITE;
}

int record_search_tables(struct ctx *cx, const struct record_store *rs)
{
    static const char sqlite[] =
        "CREATE TABLE IF NOT EXISTS record_search_row (n INTEGER PRIMARY KEY, "
        "id TEXT NOT NULL UNIQUE) STRICT;"
        "CREATE VIRTUAL TABLE IF NOT EXISTS record_search USING fts5 (words);";
    static const char postgres[] =
        "CREATE TABLE IF NOT EXISTS record_search (id TEXT NOT NULL PRIMARY KEY, "
        "words TSVECTOR NOT NULL);"
        "CREATE INDEX IF NOT EXISTS record_search_words ON record_search USING gin (words);";

    return store_exec(cx, rs->store, "record_search", str_of(is_sqlite(rs) ? sqlite : postgres));
}

/* Runs a statement with what it takes of `id` and `words`. */
static int run(struct ctx *cx, const struct record_store *rs, const char *sql, struct str id,
               struct str words)
{
    KEPT(q);

    TRY(record_prepare(cx, rs, str_of(sql), &q));
    for (size_t i = 0; i < stmt_params(q.s); i++) {
        struct str name = stmt_param_name(q.s, i);
        TRY(stmt_bind_text(cx, q.s, str_z(cx->mem, name), str_is(name, "id") ? id : words));
    }
    return stmt_run(cx, q.s);
}

/* What is searched of a record; nothing where it was removed. */
struct record_words {
    struct str id, words;
    bool there;
};

#define WORDS_GONE                                                                                 \
    "DELETE FROM record_search WHERE rowid = (SELECT n FROM record_search_row WHERE id = :id)"

static int put_words(struct ctx *cx, const struct record_store *rs, const struct record_words *w)
{
    static const char *const sqlite[] = {
        WORDS_GONE, "INSERT INTO record_search_row (id) VALUES (:id) ON CONFLICT DO NOTHING",
        /* Not of a SELECT, for which there would be a savepoint. */
        ("INSERT INTO record_search (rowid, words) "
         "VALUES ((SELECT n FROM record_search_row WHERE id = :id), :words)")};
    static const char *const sqlite_removed[] = {WORDS_GONE,
                                                 "DELETE FROM record_search_row WHERE id = :id"};
    static const char *const postgres[] = {
        "DELETE FROM record_search WHERE id = :id",
        "INSERT INTO record_search (id, words) VALUES (:id, to_tsvector('simple', :words))"};
    bool lite = is_sqlite(rs);
    const char *const *steps = !lite ? postgres : w->there ? sqlite : sqlite_removed;
    size_t n = !lite      ? (w->there ? COUNT_OF(postgres) : 1)
               : w->there ? COUNT_OF(sqlite)
                          : COUNT_OF(sqlite_removed);

    for (size_t i = 0; i < n; i++)
        TRY(run(cx, rs, steps[i], w->id, w->words));
    return 0;
}

int record_search_update(struct ctx *cx, const struct record_store *rs, const struct record *record)
{
    struct record_together *together = rs->together;
    struct arena *mem = together != NULL ? together->mem : cx->mem;
    struct record_words words = {.id = record->id, .there = record->body != NULL};

    if (words.there)
        words.words = words_of(mem, record);
    if (together == NULL)
        return put_words(cx, rs, &words);
    words.id = str_copy(mem, words.id);
    *ARENA_PUSH(mem, together->words, together->n, together->room) = words;
    return 0;
}

int record_search_settle(struct ctx *cx, const struct record_store *rs,
                         const struct record_together *together)
{
    for (size_t i = 0; i < together->n; i++)
        TRY(put_words(cx, rs, &together->words[i]));
    return 0;
}

int record_search_purge(struct ctx *cx, const struct record_store *rs)
{
    return is_sqlite(rs) ? store_exec(cx, rs->store, "record_search",
                                      STR("INSERT INTO record_search (record_search) VALUES "
                                          "('rebuild')"))
                         : 0;
}

int record_search_same(struct ctx *cx, const struct record_store *rs, const struct record *record,
                       bool *ret)
{
    static const char sqlite[] =
        "SELECT 1 FROM record_search s JOIN record_search_row r ON r.n = s.rowid "
        "WHERE r.id = :id AND s.words = :words";
    static const char postgres[] =
        "SELECT 1 FROM record_search WHERE id = :id AND words = to_tsvector('simple', :words)";
    KEPT(q);

    TRY(record_prepare(cx, rs, str_of(is_sqlite(rs) ? sqlite : postgres), &q));
    TRY(stmt_bind_text(cx, q.s, "id", record->id));
    TRY(stmt_bind_text(cx, q.s, "words", words_of(cx->mem, record)));
    return stmt_step(cx, q.s, ret);
}

/* As many words as records have; rows that name no record in SQLite stand in a table of their own.
 */
static int count_strays(struct ctx *cx, const struct record_store *rs, int64_t *ret)
{
    static const char sqlite[] =
        "SELECT (SELECT count(*) FROM record_search s WHERE NOT EXISTS (SELECT 1 FROM "
        "record_search_row r WHERE r.n = s.rowid)) + (SELECT count(*) FROM record_search_row r "
        "WHERE NOT EXISTS (SELECT 1 FROM record_version v WHERE v.id = r.id)) + (SELECT count(*) "
        "FROM record_search_row r JOIN record_version v ON v.id = r.id WHERE v.body IS NULL AND "
        "NOT EXISTS (SELECT 1 FROM record_version w WHERE w.id = v.id AND w.rev > v.rev) AND "
        "EXISTS (SELECT 1 FROM record_search s WHERE s.rowid = r.n))";
    static const char postgres[] =
        "SELECT count(*) FROM record_search s WHERE NOT EXISTS (SELECT 1 FROM record_version v "
        "WHERE v.id = s.id AND v.body IS NOT NULL AND NOT EXISTS (SELECT 1 FROM record_version w "
        "WHERE w.id = v.id AND w.rev > v.rev))";
    bool row;
    STMT(s);

    TRY(store_prepare(cx, rs->store, str_of(is_sqlite(rs) ? sqlite : postgres), &s));
    TRY(stmt_step(cx, s, &row));
    *ret = row ? stmt_int(s, 0) : 0;
    return 0;
}

int record_search_whole(struct ctx *cx, const struct record_store *rs, struct str *ret_wrong)
{
    int64_t strays = 0;
    int rc = count_strays(cx, rs, &strays);

    *ret_wrong = STR_NONE;
    if (rc == 0 && is_sqlite(rs))
        rc = store_exec(cx, rs->store, "record_search",
                        STR("INSERT INTO record_search (record_search) VALUES "
                            "('integrity-check')"));
    if (rc != 0)
        *ret_wrong =
            str_printf(cx->mem, _("The index of words is damaged: %.*s"), STR_ARG(cx->err.text));
    else if (strays != 0)
        *ret_wrong = str_printf(
            cx->mem, _("The index of words has %lld rows of records that are not there."),
            (long long)strays);
    return 0;
}

struct rebuild {
    const struct record_store *rs;
};

static int each_again(void *arg, struct ctx *cx, const struct record *record)
{
    const struct rebuild *r = arg;
    CLEANUP(arena_freep) struct arena *mem = arena_new(0); /* words of all would be many */
    struct ctx in = ctx_in(cx, mem);

    if (record->def == NULL || record->body == NULL)
        return 0;
    return ctx_end(cx, &in, record_search_update(&in, r->rs, record));
}

int record_search_rebuild(struct ctx *cx, const struct record_store *rs)
{
    struct rebuild r = {rs};

    TX(tx, cx, rs->store);
    if (is_sqlite(rs)) /* also one that is damaged */
        TRY(store_exec(cx, rs->store, "record_search",
                       STR("DROP TABLE record_search; DROP TABLE record_search_row")));
    else
        TRY(store_exec(cx, rs->store, "record_search", STR("DELETE FROM record_search")));
    TRY(record_search_tables(cx, rs));
    TRY(record_changes(cx, rs, 0, STR_NONE, each_again, &r));
    return tx_commit(cx, &tx);
}

/* ---- searching ---- */

struct query {
    const struct record_store *rs;
    struct str ref; /* all that was typed, folded */
    struct str words[QUERY_WORDS];
    size_t n;
    struct record_hit *hits;
    size_t hit_n, room;
};

static int query_parse(struct ctx *cx, struct str text, struct query *q)
{
    struct str word;
    size_t at = 0;

    q->ref = text_fold(cx->mem, str_trim(text));
    while (q->n < QUERY_WORDS && text_word(q->ref, &at, &word))
        q->words[q->n++] = word;
    if (q->n == 0)
        return fail(cx, RC_INVALID, "words", _("There is no word to search for in \"%.*s\"."),
                    STR_ARG(text));
    return 0;
}

/* Both databases take words of letters and digits as they are. */
static struct str match_text(struct arena *mem, const struct query *q, bool sqlite)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < q->n; i++)
        buf_printf(&out, sqlite ? "%s\"%.*s\"*" : "%s'%.*s':*",
                   i == 0 ? "" : (sqlite ? " AND " : " & "), STR_ARG(q->words[i]));
    return buf_str(&out);
}

/* 2 where `word` is in the text as it is, 1 where one begins so, else 0. `*ret_at` is where. */
static unsigned word_in(struct str plain, struct str word, size_t *ret_at)
{
    unsigned best = 0;
    struct str each;
    size_t at = 0;

    while (best < 2 && text_word(plain, &at, &each)) {
        if (!str_starts(each, word) || (best == 1 && each.n > word.n))
            continue;
        best = each.n == word.n ? 2 : 1;
        *ret_at = (size_t)(each.p - plain.p);
    }
    return best;
}

/* About a hundred bytes of the text from a little before the word that begins so. */
static struct str excerpt_of(struct arena *mem, struct str text, struct str word)
{
    size_t at = 0, from;
    struct str each;

    while (text_word(text, &at, &each))
        if (str_starts(text_fold(mem, each), word))
            break;
    if (text.n == 0 || !str_starts(text_fold(mem, each), word))
        return STR_NONE;
    from = (size_t)(each.p - text.p);
    size_t start = from > EXCERPT_BEFORE ? from - EXCERPT_BEFORE : 0;
    while (start > 0 && start < from && text.p[start - 1] != ' ' && text.p[start - 1] != '\n')
        start++;
    struct str part = str_cut(mem, str_squeeze(mem, str_from(text, start)), EXCERPT_BYTES);
    return start > 0 ? str_printf(mem, "…%.*s", STR_ARG(part)) : part;
}

/* Weighs a record; nothing where a word of the query is not in it. */
static void consider(struct ctx *cx, struct query *q, const struct record *record)
{
    struct str text = text_of(cx->mem, record), plain = text_fold(cx->mem, text);
    struct str label = record_label(cx->mem, record->def, record->body);
    struct str name = text_fold(cx->mem, label), ref = text_fold(cx->mem, record->ref);
    struct record_hit hit = {.record = *record, .label = label};
    size_t at;

    hit.score = str_eq(ref, q->ref) ? SCORE_REF : 0;
    for (size_t i = 0; i < q->n; i++) {
        unsigned in_name = word_in(name, q->words[i], &at),
                 in_text = word_in(plain, q->words[i], &at),
                 in_ref = word_in(ref, q->words[i], &at);
        if (in_name + in_text + in_ref == 0)
            return;
        hit.score += in_name == 2 ? SCORE_LABEL : in_name == 1 ? SCORE_LABEL_BEGINS : 0;
        hit.score += in_text == 2 ? SCORE_TEXT : in_text == 1 ? SCORE_BEGINS : 0;
        if (hit.excerpt.n == 0 && in_name == 0)
            hit.excerpt = excerpt_of(cx->mem, text, q->words[i]);
    }
    *ARENA_PUSH(cx->mem, q->hits, q->hit_n, q->room) = hit;
}

static int each_then(void *arg, struct ctx *cx, const struct record *record)
{
    if (record->def != NULL && record->body != NULL) {
        struct record copy = record_copy(cx->mem, record);
        consider(cx, arg, &copy);
    }
    return ctx_check(cx);
}

static int by_score(const void *a, const void *b)
{
    const struct record_hit *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    int c = str_cmp(x->record.def->id, y->record.def->id);
    return c != 0 ? c : str_cmp(x->record.ref, y->record.ref);
}

static int ask_index(struct ctx *cx, struct query *q)
{
    static const char sqlite[] =
        "SELECT v.register, v.id FROM record_search s JOIN record_search_row r ON r.n = s.rowid "
        "JOIN record_version v ON v.id = r.id AND v.rev = 1 "
        "WHERE record_search MATCH :match ORDER BY rank, v.seq LIMIT :most";
    static const char postgres[] =
        "SELECT v.register, v.id FROM record_search s "
        "JOIN record_version v ON v.id = s.id AND v.rev = 1 "
        "WHERE s.words @@ to_tsquery('simple', :match) ORDER BY v.seq LIMIT :most";
    bool lite = is_sqlite(q->rs), row;
    STMT(s);

    TRY(store_prepare(cx, q->rs->store, str_of(lite ? sqlite : postgres), &s));
    TRY(stmt_bind_text(cx, s, "match", match_text(cx->mem, q, lite)));
    TRY(stmt_bind_int(cx, s, "most", CANDIDATES));
    for (;;) {
        struct record record;
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        const struct register_def *def = registers_find(q->rs->registers, stmt_text(cx->mem, s, 0));
        if (def == NULL)
            continue;
        TRY(record_read(cx, q->rs, def, stmt_text(cx->mem, s, 1), STR_NONE, &record));
        consider(cx, q, &record);
        TRY(ctx_check(cx));
    }
}

int record_search(struct ctx *cx, const struct record_store *rs, struct str words, struct str as_of,
                  struct record_hit **ret, size_t *ret_n)
{
    struct query q = {.rs = rs};

    TRY(query_parse(cx, words, &q));
    if (as_of.n > 0) /* the index knows the present only */
        TRY(record_changes(cx, rs, 0, as_of, each_then, &q));
    else
        TRY(ask_index(cx, &q));
    if (q.hit_n > 0)
        qsort(q.hits, q.hit_n, sizeof *q.hits, by_score);
    *ret = q.hits;
    *ret_n = q.hit_n;
    return 0;
}
