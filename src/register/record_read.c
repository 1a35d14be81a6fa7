/* Versions, and what records are found by. */
#include "register/record_parts.h"

#include <limits.h>

#include "base/nearest.h"

#define DAY_BYTES 10u /* of an instant */
#define SELECT_VERSION "SELECT " RECORD_COLUMNS " FROM record_version v "

/* ---- one version ---- */

static int parse_body(struct ctx *cx, struct arena *mem, const struct record *record,
                      struct str text, struct value **ret)
{
    struct ctx in = *cx;

    in.mem = mem;
    int rc = json_parse(&in, "record_version", text, ret);

    if (rc == 0)
        return 0;
    return fail(cx, RC_FAIL, "record_version",
                _("Version %lld of %.*s cannot be read; restore a backup. (%.*s)"),
                (long long)record->rev, STR_ARG(record->ref), STR_ARG(in.err.text));
}

int record_of_row(struct ctx *cx, struct arena *mem, const struct record_store *rs,
                  const struct stmt *s, struct record *ret)
{
    struct record r = {.id = stmt_text(mem, s, 1), .ref = stmt_text(mem, s, 2)};
    struct value *body = NULL;

    r.register_id = stmt_text(mem, s, 0);
    r.def = registers_find(rs->registers, r.register_id);
    r.rev = stmt_int(s, 3);
    r.seq = stmt_int(s, 4);
    r.at = stmt_text(mem, s, 5);
    r.actor = stmt_text(mem, s, 6);
    r.role = stmt_text(mem, s, 7);
    r.via = stmt_text(mem, s, 8);
    r.act = stmt_text(mem, s, 9);
    if (!stmt_is_null(s, 10)) {
        r.stored = stmt_text(mem, s, 10);
        TRY(parse_body(cx, mem, &r, r.stored, &body));
    }
    if (record_is_sealed(r.stored))
        TRY(record_unseal(cx, mem, rs, &r, stmt_text(mem, s, 11), body, &body));
    r.body = body != NULL && r.def != NULL ? record_fit(mem, r.def, body) : body;
    *ret = r;
    return 0;
}

int record_last(struct ctx *cx, const struct record_store *rs, struct str id, int64_t most,
                struct record *ret)
{
    KEPT(q);
    bool row;

    TRY(record_prepare(cx, rs,
                       STR(SELECT_VERSION "WHERE v.id = :id AND v.seq <= :most "
                                          "ORDER BY v.rev DESC LIMIT 1"),
                       &q));
    TRY(stmt_bind_text(cx, q.s, "id", id));
    TRY(stmt_bind_int(cx, q.s, "most", most));
    TRY(stmt_step(cx, q.s, &row));
    if (!row)
        return fail(cx, RC_NOT_FOUND, NULL, _("There is no record %.*s."), STR_ARG(id));
    return record_of_row(cx, cx->mem, rs, q.s, ret);
}

int record_seq_at(struct ctx *cx, const struct record_store *rs, struct str as_of, int64_t *ret)
{
    KEPT(q);
    bool row;
    int64_t ms;

    *ret = INT64_MAX;
    if (as_of.n == 0)
        return 0;
    if (!instant_parse(as_of, &ms))
        return fail(cx, RC_INVALID, "as_of", _("\"%.*s\" is no instant: 2026-11-30T09:15:00.000Z."),
                    STR_ARG(as_of));
    TRY(record_prepare(cx, rs,
                       STR("SELECT seq FROM record_version WHERE at <= :at "
                           "ORDER BY at DESC, seq DESC LIMIT 1"),
                       &q));
    TRY(stmt_bind_text(cx, q.s, "at", as_of));
    TRY(stmt_step(cx, q.s, &row));
    *ret = row ? stmt_int(q.s, 0) : 0;
    return 0;
}

static struct str day_of(struct str at)
{
    return str_sub(at, 0, DAY_BYTES);
}

int record_at(struct ctx *cx, const struct record_store *rs, struct str id, struct str as_of,
              struct record *ret)
{
    int64_t most;

    TRY(record_seq_at(cx, rs, as_of, &most));
    return record_last(cx, rs, id, most, ret);
}

int record_called(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                  struct str name, struct str as_of, struct record *ret)
{
    int64_t most;
    KEPT(q);
    bool row;

    *ret = (struct record){.id = STR_NONE};
    TRY(record_seq_at(cx, rs, as_of, &most));
    TRY(record_prepare(cx, rs,
                       STR(SELECT_VERSION
                           "WHERE v.register = :register AND v.seq <= :most AND lower(v.ref) = "
                           "lower(:name) ORDER BY v.seq DESC LIMIT 1"),
                       &q));
    TRY(stmt_bind_text(cx, q.s, "register", def->id));
    TRY(stmt_bind_text(cx, q.s, "name", name));
    TRY(stmt_bind_int(cx, q.s, "most", most));
    TRY(stmt_step(cx, q.s, &row));
    return row ? record_of_row(cx, cx->mem, rs, q.s, ret) : 0;
}

int record_read(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                struct str id, struct str as_of, struct record *ret)
{
    struct record record;
    int64_t most;

    TRY(record_seq_at(cx, rs, as_of, &most));
    TRY(record_last(cx, rs, id, most, &record));
    if (record.def != def)
        return fail(cx, RC_NOT_FOUND, NULL, _("%.*s is no record of %.*s."), STR_ARG(record.ref),
                    STR_ARG(def->title));
    if (record.body == NULL)
        return fail(cx, RC_NOT_FOUND, NULL, _("%.*s: %.*s was removed on %.*s."),
                    STR_ARG(def->title), STR_ARG(record.ref), STR_ARG(day_of(record.at)));
    *ret = record;
    return 0;
}

int record_ref_of(struct ctx *cx, const struct record_store *rs, struct str id, struct str *ret)
{
    KEPT(q);
    bool row;

    TRY(record_prepare(
        cx, rs, STR("SELECT ref FROM record_version WHERE id = :id ORDER BY rev DESC LIMIT 1"),
        &q));
    TRY(stmt_bind_text(cx, q.s, "id", id));
    TRY(stmt_step(cx, q.s, &row));
    *ret = row ? stmt_text(cx->mem, q.s, 0) : STR_NONE;
    return 0;
}

/* ---- several versions ---- */

/* Those of registers that are gone have nobody to show them. */
static int each_row(struct ctx *cx, const struct record_store *rs, struct stmt *s,
                    record_each *each, void *arg)
{
    bool row;

    for (;;) {
        CLEANUP(arena_freep) struct arena *mem = NULL;
        struct record record;
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        mem = arena_new(0);
        TRY(record_of_row(cx, mem, rs, s, &record));
        if (record.def != NULL)
            TRY(each(arg, cx, &record));
    }
}

int record_history(struct ctx *cx, const struct record_store *rs, struct str id, record_each *each,
                   void *arg)
{
    KEPT(q);

    TRY(record_prepare(cx, rs, STR(SELECT_VERSION "WHERE v.id = :id ORDER BY v.rev"), &q));
    TRY(stmt_bind_text(cx, q.s, "id", id));
    return each_row(cx, rs, q.s, each, arg);
}

int record_latest(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                  int64_t before, uint64_t limit, record_each *each, void *arg)
{
    struct str sql =
        def != NULL ? STR(SELECT_VERSION "WHERE v.register = :register AND v.seq < "
                                         ":before ORDER BY v.seq DESC LIMIT :most")
                    : STR(SELECT_VERSION "WHERE v.seq < :before ORDER BY v.seq DESC LIMIT :most");
    KEPT(q);

    TRY(record_prepare(cx, rs, sql, &q));
    if (def != NULL)
        TRY(stmt_bind_text(cx, q.s, "register", def->id));
    TRY(stmt_bind_int(cx, q.s, "before", before > 0 ? before : INT64_MAX));
    TRY(stmt_bind_int(cx, q.s, "most", (int64_t)limit));
    return each_row(cx, rs, q.s, each, arg);
}

int record_last_seq(struct ctx *cx, const struct record_store *rs, int64_t *ret)
{
    KEPT(q);
    bool row;

    TRY(record_prepare(cx, rs, STR("SELECT COALESCE(MAX(seq), 0) FROM record_version"), &q));
    TRY(stmt_step(cx, q.s, &row));
    *ret = row ? stmt_int(q.s, 0) : 0;
    return 0;
}

int record_changes(struct ctx *cx, const struct record_store *rs, int64_t after_seq,
                   struct str as_of, record_each *each, void *arg)
{
    KEPT(q);
    int64_t most;

    TRY(record_seq_at(cx, rs, as_of, &most));
    TRY(record_prepare(cx, rs,
                       STR(SELECT_VERSION
                           "WHERE v.seq > :after AND v.seq <= :most AND NOT EXISTS (SELECT 1 "
                           "FROM record_version w WHERE w.id = v.id AND w.rev = v.rev + 1 "
                           "AND w.seq <= :most) ORDER BY v.seq"),
                       &q));
    TRY(stmt_bind_int(cx, q.s, "after", after_seq));
    TRY(stmt_bind_int(cx, q.s, "most", most));
    return each_row(cx, rs, q.s, each, arg);
}

/* Each half by an index of its own. */
int record_removals(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                    struct str name, record_each *each, void *arg)
{
    KEPT(q);

    TRY(record_prepare(cx, rs,
                       STR(SELECT_VERSION
                           "WHERE v.seq IN (SELECT r.seq FROM record_version r WHERE r.register = "
                           ":register AND r.ref = :name AND r.body IS NULL UNION SELECT i.seq FROM "
                           "record_version i WHERE i.id = :name AND i.register = :register AND "
                           "i.body IS NULL) ORDER BY v.seq"),
                       &q));
    TRY(stmt_bind_text(cx, q.s, "register", def->id));
    TRY(stmt_bind_text(cx, q.s, "name", name));
    return each_row(cx, rs, q.s, each, arg);
}

#define PAGE 200 /* versions that are read at a time */

struct page {
    struct record items[PAGE];
    size_t n;
};

static int read_page(struct ctx *cx, struct arena *mem, const struct record_store *rs,
                     const struct register_def *def, int64_t after, int64_t most, struct page *ret)
{
    KEPT(q);
    bool row;

    ret->n = 0;
    TRY(record_prepare(cx, rs,
                       STR(SELECT_VERSION
                           "WHERE v.register = :register AND v.seq > :after AND v.seq <= :most "
                           "AND NOT EXISTS (SELECT 1 FROM record_version w WHERE w.id = v.id "
                           "AND w.rev = v.rev + 1 AND w.seq <= :most) ORDER BY v.seq LIMIT :page"),
                       &q));
    TRY(stmt_bind_text(cx, q.s, "register", def->id));
    TRY(stmt_bind_int(cx, q.s, "after", after));
    TRY(stmt_bind_int(cx, q.s, "most", most));
    TRY(stmt_bind_int(cx, q.s, "page", PAGE));
    for (;;) {
        TRY(stmt_step(cx, q.s, &row));
        if (!row || ret->n == PAGE)
            return 0;
        TRY(record_of_row(cx, mem, rs, q.s, &ret->items[ret->n++]));
    }
}

int record_each_last(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                     int64_t most, record_each *each, void *arg)
{
    int64_t after = 0;

    for (;;) {
        CLEANUP(arena_freep) struct arena *mem = arena_new(0);
        struct page *page = ARENA_NEW(mem, struct page);
        TRY(read_page(cx, mem, rs, def, after, most, page));
        for (size_t i = 0; i < page->n; i++)
            TRY(each(arg, cx, &page->items[i]));
        if (page->n < PAGE)
            return 0;
        after = page->items[page->n - 1].seq;
    }
}

/* ---- finding ---- */

struct found {
    struct str id[3], ref[3];
    size_t n;
};

static int look(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                const char *column, struct str name, struct found *ret)
{
    KEPT(q);
    bool row;

    ret->n = 0;
    TRY(record_prepare(cx, rs, kept_by_sql(cx->mem, def, column), &q));
    TRY(stmt_bind_text(cx, q.s, "name", name));
    for (;;) {
        TRY(stmt_step(cx, q.s, &row));
        if (!row || ret->n == COUNT_OF(ret->id))
            return 0;
        ret->id[ret->n] = stmt_text(cx->mem, q.s, 0);
        ret->ref[ret->n++] = stmt_text(cx->mem, q.s, 1);
    }
}

static int several(struct ctx *cx, const struct register_def *def, struct str name,
                   const struct found *found)
{
    return fail(cx, RC_CONFLICT, NULL, _("%.*s: \"%.*s\" may be %.*s or %.*s%s; give the ref."),
                STR_ARG(def->title), STR_ARG(name), STR_ARG(found->ref[0]), STR_ARG(found->ref[1]),
                found->n > 2 ? _(" or others") : "");
}

static int look_known_by(struct ctx *cx, const struct record_store *rs,
                         const struct register_def *def, struct str name, struct found *ret)
{
    struct str fold = record_fold(cx->mem, name);

    for (size_t i = 0; i < def->known_by.n; i++) {
        const struct register_field *field = &def->fields[def->known_by.items[i]];
        if (!record_is_name(def, field))
            continue;
        TRY(look(cx, rs, def, str_printf(cx->mem, "%.*s__fold", STR_ARG(field->id)).p, fold, ret));
        if (ret->n > 0)
            return 0;
    }
    return 0;
}

static int nearest(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                   struct str name, struct str *ret)
{
    unsigned best = UINT_MAX;
    KEPT(q);
    bool row;

    *ret = STR_NONE;
    TRY(record_prepare(cx, rs, kept_refs_sql(cx->mem, def), &q));
    for (;;) {
        TRY(stmt_step(cx, q.s, &row));
        if (!row)
            return 0;
        CLEANUP(arena_freep) struct arena *mem = arena_new(0);
        struct str ref = stmt_text(mem, q.s, 0);
        unsigned n = nearest_distance(name, ref);
        if (n < best && nearest_likely(name, ref)) {
            best = n;
            *ret = str_copy(cx->mem, ref);
        }
    }
}

/* What became of the record that was called so, as an error; 0 where there was none. */
static int not_any_more(struct ctx *cx, const struct record_store *rs,
                        const struct register_def *def, struct str name)
{
    struct record called, last;

    TRY(record_called(cx, rs, def, name, STR_NONE, &called));
    if (called.id.n == 0)
        return 0;
    TRY(record_last(cx, rs, called.id, INT64_MAX, &last));
    if (last.body == NULL)
        return fail(cx, RC_NOT_FOUND, NULL,
                    _("%.*s: %.*s was removed on %.*s. What it said: assay history %.*s %.*s"),
                    STR_ARG(def->title), STR_ARG(called.ref), STR_ARG(day_of(last.at)),
                    STR_ARG(def->id), STR_ARG(called.ref));
    return fail(cx, RC_NOT_FOUND, NULL, _("%.*s: there is no \"%.*s\"; it is called %.*s now."),
                STR_ARG(def->title), STR_ARG(name), STR_ARG(last.ref));
}

static int not_found(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                     struct str name)
{
    struct str near;

    TRY(not_any_more(cx, rs, def, name));
    TRY(nearest(cx, rs, def, name, &near));
    if (near.n > 0)
        return fail(cx, RC_NOT_FOUND, NULL, _("%.*s: there is no \"%.*s\"; the nearest is %.*s."),
                    STR_ARG(def->title), STR_ARG(name), STR_ARG(near));
    return fail(cx, RC_NOT_FOUND, NULL, _("%.*s: there is no \"%.*s\"."), STR_ARG(def->title),
                STR_ARG(name));
}

int record_look_up(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                   struct str name, struct str *ret_id)
{
    struct found found = {.n = 0};

    *ret_id = STR_NONE;
    TRY(record_must_be_kept(cx, def));
    if (rs->coming != NULL)
        *ret_id = rs->coming->find(rs->coming, def, name);
    if (ret_id->n > 0)
        return 0;
    if (record_is_id(name))
        TRY(look(cx, rs, def, "id", name, &found));
    if (found.n == 0)
        TRY(look(cx, rs, def, "ref", name, &found));
    if (found.n == 0)
        TRY(look(cx, rs, def, "ref__order", record_ref_order(cx->mem, name), &found));
    if (found.n == 0)
        TRY(look_known_by(cx, rs, def, name, &found));
    if (found.n > 1)
        return several(cx, def, name, &found);
    if (found.n == 1)
        *ret_id = found.id[0];
    return 0;
}

int record_find(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                struct str name, struct str *ret_id)
{
    name = str_trim(name);
    TRY(record_look_up(cx, rs, def, name, ret_id));
    return ret_id->n > 0 ? 0 : not_found(cx, rs, def, name);
}

struct record record_copy(struct arena *mem, const struct record *record)
{
    struct record copy = *record;
    struct str *const texts[] = {&copy.id,  &copy.ref, &copy.at,     &copy.actor,      &copy.role,
                                 &copy.via, &copy.act, &copy.stored, &copy.register_id};

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        *texts[i] = str_copy(mem, *texts[i]);
    copy.body = record->body != NULL ? value_copy(mem, record->body) : NULL;
    return copy;
}
