/* The one way in which records change: a version more, and the current tables in line with it. */
#include "register/record_parts.h"
#include "register/record_search.h"
#include "register/record_together.h"

#define DAY_BYTES 10u /* of an instant */

struct writing {
    struct ctx *cx;
    const struct record_store *rs;
    const struct record_change *change;
    const struct register_transition *by;
    struct record_change checked; /* with the id that it has or gets */
    struct record last;           /* `def` is NULL for a new record */
    const struct value *body;     /* normal; NULL where it is removed */
    struct str ref;
    struct str request; /* what its idempotency key stands for */
};

static bool is_new(const struct writing *w)
{
    return w->last.def == NULL;
}

/* "Risks, RISK-014" */
static struct str whose(const struct writing *w)
{
    struct str ref = is_new(w) ? w->change->ref : w->last.ref;

    return str_printf(w->cx->mem, "%.*s%s%.*s", STR_ARG(w->change->def->title),
                      ref.n > 0 ? ", " : "", STR_ARG(ref));
}

/* ---- the same request again ---- */

/* A file is stored under a new name each time: the same file is the same request. */
static const struct value *without_objects(struct arena *mem, const struct record_change *change)
{
    const struct register_def *def = change->def;
    struct value *body = (struct value *)(uintptr_t)change->body;

    for (size_t i = 0; body != NULL && i < def->field_n; i++) {
        const char *id = str_z(mem, def->fields[i].id);
        if (def->fields[i].type != REGISTER_FILE || value_get(body, id) == NULL)
            continue;
        body = value_copy(mem, body);
        value_set_text(value_get_mut(body, id), "object", STR_NONE);
    }
    return body;
}

struct str record_request(struct arena *mem, const struct record_change *change, struct str to)
{
    struct value *map = value_map(mem);

    if (change->key.n == 0)
        return STR_NONE;
    value_set_text(map, "register", change->def->id);
    value_set_text(map, "id", change->fresh ? STR_NONE : change->id);
    value_set_text(map, "ref", change->ref);
    value_set_int(map, "rev", change->rev);
    value_set_text(map, "to", to);
    value_set(map, "body", (struct value *)(uintptr_t)without_objects(mem, change));
    return hash_sha256_hex(mem, record_json(mem, map));
}

static int version_at(struct ctx *cx, const struct record_store *rs, int64_t seq,
                      struct record *ret)
{
    KEPT(q);
    bool row;

    TRY(record_prepare(
        cx, rs, STR("SELECT " RECORD_COLUMNS " FROM record_version v WHERE v.seq = :seq"), &q));
    TRY(stmt_bind_int(cx, q.s, "seq", seq));
    TRY(stmt_step(cx, q.s, &row));
    if (!row)
        return fail(cx, RC_FAIL, NULL, _("Version %lld is missing; restore a backup."),
                    (long long)seq);
    return record_of_row(cx, cx->mem, rs, q.s, ret);
}

int record_written(struct ctx *cx, const struct record_store *rs,
                   const struct record_change *change, struct str request, bool *ret_done,
                   struct record *ret)
{
    KEPT(q);
    bool row;

    *ret_done = false;
    if (change->key.n == 0)
        return 0;
    TRY(record_prepare(cx, rs, STR("SELECT request, seq FROM record_key WHERE key = :key"), &q));
    TRY(stmt_bind_text(cx, q.s, "key", change->key));
    TRY(stmt_step(cx, q.s, &row));
    if (!row)
        return 0;
    if (!str_eq(stmt_text(cx->mem, q.s, 0), request))
        return fail(cx, RC_CONFLICT, "key",
                    _("%.*s: the idempotency key \"%.*s\" stood for another change before."),
                    STR_ARG(change->def->title), STR_ARG(change->key));
    *ret_done = true;
    return version_at(cx, rs, stmt_int(q.s, 1), ret);
}

static int keep_key(struct writing *w, int64_t seq)
{
    struct ctx *cx = w->cx;
    KEPT(q);

    if (w->change->key.n == 0)
        return 0;
    TRY(record_prepare(
        cx, w->rs, STR("INSERT INTO record_key (key, request, seq) VALUES (:key, :request, :seq)"),
        &q));
    TRY(stmt_bind_text(cx, q.s, "key", w->change->key));
    TRY(stmt_bind_text(cx, q.s, "request", w->request));
    TRY(stmt_bind_int(cx, q.s, "seq", seq));
    return stmt_run(cx, q.s);
}

/* ---- what it is about ---- */

struct since {
    struct writing *w;
    const struct value *seen; /* what the writer saw */
    struct buf text;
};

/* As people call the person; the ref where their record is gone. */
static int name_of_actor(struct ctx *cx, const struct record_store *rs, struct str id,
                         struct str *ret)
{
    const struct register_def *persons = registers_find(rs->registers, STR(REGISTER_PERSON_ID));
    struct record person;
    int rc =
        persons != NULL && id.n > 0 ? record_last(cx, rs, id, INT64_MAX, &person) : RC_NOT_FOUND;

    *ret = STR_NONE;
    if (rc == 0 && person.body != NULL)
        *ret = record_label(cx->mem, persons, person.body);
    if (rc < 0 && rc != RC_NOT_FOUND)
        return rc;
    return ret->n > 0 || id.n == 0 ? 0 : record_ref_of(cx, rs, id, ret);
}

static int add_since(void *arg, struct ctx *cx, const struct record *record)
{
    struct since *since = arg;
    struct value *copy;
    struct str who;

    if (record->rev == since->w->change->rev && record->body != NULL) {
        TRY(json_parse(cx, "record_version", record_json(cx->mem, record->body), &copy));
        since->seen = copy;
    }
    if (record->rev <= since->w->change->rev)
        return 0;
    TRY(name_of_actor(cx, since->w->rs, record->actor, &who));
    buf_printf(&since->text, "%s%.*s (%.*s)", since->text.n > 0 ? ", " : "",
               STR_ARG(who.n > 0 ? who : record->via), STR_ARG(record->at));
    return 0;
}

/* Who changed it since, and what of it. */
static int outdated(struct writing *w)
{
    struct ctx *cx = w->cx;
    struct since since = {.w = w, .text = buf_new(cx->mem)};
    struct buf what = buf_new(cx->mem);
    struct value *diff;

    TRY(record_history(cx, w->rs, w->last.id, add_since, &since));
    TRY(record_diff(cx, w->rs, w->change->def, since.seen, w->last.body, &diff));
    for (size_t i = 0; i < value_count(diff); i++)
        buf_printf(&what, "%s%.*s", i > 0 ? ", " : "",
                   STR_ARG(value_get_text(value_at(diff, i), "label")));
    return fail(cx, RC_CONFLICT, "rev",
                _("%.*s: it was changed since it was read (version %lld, now %lld) by %.*s: %.*s. "
                  "Read it again."),
                STR_ARG(whose(w)), (long long)w->change->rev, (long long)w->last.rev,
                STR_ARG(buf_str(&since.text)), STR_ARG(what.n > 0 ? buf_str(&what) : STR("-")));
}

/* An id that the writer made is one, and nobody's yet. */
static int new_id(struct writing *w)
{
    struct record other;

    if (!record_is_id(w->checked.id))
        return fail(w->cx, RC_INVALID, NULL, _("%.*s: \"%.*s\" is no id of a record."),
                    STR_ARG(w->change->def->title),
                    STR_ARG(str_cut(w->cx->mem, w->checked.id, 60)));
    int rc = record_last(w->cx, w->rs, w->checked.id, INT64_MAX, &other);

    if (rc == RC_NOT_FOUND)
        return 0;
    return rc != 0
               ? rc
               : fail(w->cx, RC_CONFLICT, NULL, _("%.*s: the id %.*s belongs to %.*s already."),
                      STR_ARG(w->change->def->title), STR_ARG(w->checked.id), STR_ARG(other.ref));
}

static int load_last(struct writing *w)
{
    const struct record_change *change = w->change;
    struct ctx *cx = w->cx;

    TRY(record_must_be_kept(cx, change->def));
    w->checked = *change;
    if (change->id.n == 0)
        w->checked.id = record_id_new(cx);
    if (change->id.n == 0 || change->fresh)
        return new_id(w);
    TRY(record_read(cx, w->rs, change->def, change->id, STR_NONE, &w->last));
    return change->rev != 0 && change->rev != w->last.rev ? outdated(w) : 0;
}

static int one_only(struct writing *w)
{
    struct ctx *cx = w->cx;
    KEPT(q);
    bool row;

    if (!w->change->def->single || !is_new(w))
        return 0;
    TRY(record_prepare(cx, w->rs, kept_any_sql(cx->mem, w->change->def), &q));
    TRY(stmt_bind_text(cx, q.s, "id", STR_NONE));
    TRY(stmt_step(cx, q.s, &row));
    if (!row)
        return 0;
    return fail(cx, RC_CONFLICT, NULL,
                _("%.*s: there is one record only, and it is there already: change %.*s."),
                STR_ARG(w->change->def->title), STR_ARG(stmt_text(cx->mem, q.s, 0)));
}

/* ---- its body ---- */

/* What a new record has where nothing is said. */
static int set_defaults(struct writing *w, struct value *body)
{
    const struct register_def *def = w->change->def;
    struct arena *mem = w->cx->mem;
    struct value *v;

    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        if (field->otherwise == NULL || value_find(body, field->id) != NULL)
            continue;
        TRY(record_constant(w->cx, w->rs, w->change, field, field->otherwise, &v));
        value_set(body, str_z(mem, field->id), v);
    }
    return 0;
}

/* A copy without the ref, which is no part of it where a field is called so. */
static struct value *copy_body(struct writing *w)
{
    struct value *map = value_map(w->cx->mem);
    const struct value *body = w->change->body;

    w->ref = w->change->ref;
    for (size_t i = 0; i < value_count(body); i++) {
        struct str key = value_key_at(body, i);
        if (!str_is(key, "ref"))
            value_set(map, str_z(w->cx->mem, key), (struct value *)(uintptr_t)value_at(body, i));
        else if (w->ref.n == 0)
            w->ref = value_as_text(value_at(body, i));
    }
    return map;
}

/* Only a transition changes the state; a new record begins with the first. */
static int set_state(struct writing *w, struct value *body)
{
    const struct register_def *def = w->change->def;
    struct ctx *cx = w->cx;

    if (def->state == NULL)
        return 0;
    const char *id = str_z(cx->mem, def->state->id);
    struct str now = value_get_text(body, id);
    struct str was = is_new(w) ? def->initial : value_get_text(w->last.body, id);

    if (w->by != NULL || (w->change->imported && now.n > 0))
        return 0;
    if (now.n > 0 && !str_eq(now, was) && was.n > 0)
        return fail(cx, RC_CONFLICT, id,
                    is_new(w) ? _("%.*s: %.*s begins with %.*s; a transition changes it then.")
                              : _("%.*s: only a transition changes %.*s, which is %.*s."),
                    STR_ARG(whose(w)), STR_ARG(def->state->label), STR_ARG(was));
    if (was.n > 0)
        value_set_text(body, id, was);
    return 0;
}

static int make_body(struct writing *w)
{
    struct ctx *cx = w->cx;
    struct value *body = copy_body(w), *problems = value_list(cx->mem);

    if (is_new(w) && !w->change->imported)
        TRY(set_defaults(w, body));
    TRY(set_state(w, body));
    w->body = record_normal(cx->mem, w->change->def, body);
    TRY(record_problems(cx, w->rs, &w->checked, w->body, is_new(w) ? NULL : &w->last, problems));
    if (value_count(problems) > 0) {
        const struct value *first = value_at(problems, 0);
        return fail(cx, RC_INVALID, str_z(cx->mem, value_get_text(first, "field")), "%.*s: %.*s",
                    STR_ARG(whose(w)), STR_ARG(value_get_text(first, "message")));
    }
    if (record_json(cx->mem, w->body).n > RECORD_BODY_BYTES)
        return fail(cx, RC_LIMIT, NULL, _("%.*s: the record is larger than eight mebibytes."),
                    STR_ARG(whose(w)));
    return 0;
}

/* ---- its ref ---- */

static int number_of(struct writing *w, struct str sql, bool register_too, int64_t *ret)
{
    KEPT(q);
    bool row;

    TRY(record_prepare(w->cx, w->rs, sql, &q));
    if (register_too)
        TRY(stmt_bind_text(w->cx, q.s, "register", w->change->def->id));
    TRY(stmt_step(w->cx, q.s, &row));
    *ret = row && !stmt_is_null(q.s, 0) ? stmt_int(q.s, 0) : 0;
    return 0;
}

/* The highest number that a record has, or had. */
static int last_number(struct writing *w, int64_t *ret)
{
    int64_t given_up;

    TRY(number_of(w, kept_number_sql(w->cx->mem, w->change->def), false, ret));
    TRY(number_of(w, STR("SELECT last FROM record_number WHERE register = :register"), true,
                  &given_up));
    *ret = *ret > given_up ? *ret : given_up;
    return 0;
}

/* A number that its record gives up is not given again. */
static int keep_number(struct writing *w)
{
    int64_t number, last;
    KEPT(q);

    if (is_new(w) || (w->body != NULL && str_eq(w->ref, w->last.ref)) ||
        !record_ref_number(w->change->def, w->last.ref, &number))
        return 0;
    TRY(number_of(w, STR("SELECT last FROM record_number WHERE register = :register"), true,
                  &last));
    if (number <= last)
        return 0;
    TRY(record_prepare(w->cx, w->rs,
                       STR("INSERT INTO record_number (register, last) VALUES (:register, :last) "
                           "ON CONFLICT (register) DO UPDATE SET last = excluded.last"),
                       &q));
    TRY(stmt_bind_text(w->cx, q.s, "register", w->change->def->id));
    TRY(stmt_bind_int(w->cx, q.s, "last", number));
    return stmt_run(w->cx, q.s);
}

static int ref_of_field(struct writing *w)
{
    const struct register_field *field = w->change->def->ref_from;
    const struct value *v = value_find(w->body, field->id);

    if (v == NULL)
        return fail(w->cx, RC_INVALID, str_z(w->cx->mem, field->id),
                    _("%.*s: %.*s is needed, as records are called by it."), STR_ARG(whose(w)),
                    STR_ARG(field->label));
    TRY(record_print(w->cx, w->rs, field, v, &w->ref));
    return 0;
}

static int numbered_ref(struct writing *w)
{
    int64_t last;

    if (w->ref.n > 0)
        return 0;
    TRY(last_number(w, &last));
    w->ref =
        str_printf(w->cx->mem, "%.*s-%03lld", STR_ARG(w->change->def->prefix), (long long)last + 1);
    return 0;
}

static int ref_is_free(struct writing *w)
{
    struct ctx *cx = w->cx;
    KEPT(q);
    bool row;

    TRY(record_prepare(cx, w->rs, kept_same_sql(cx->mem, w->change->def, STR("ref")), &q));
    TRY(stmt_bind_text(cx, q.s, "value", w->ref));
    TRY(stmt_bind_text(cx, q.s, "id", w->checked.id));
    TRY(stmt_step(cx, q.s, &row));
    if (!row)
        return 0;
    return fail(cx, RC_CONFLICT, "ref", _("%.*s: there is a %.*s already."),
                STR_ARG(w->change->def->title), STR_ARG(w->ref));
}

/* History tells of a removed record by its ref, so another has it only where that is meant. */
static int ref_was_free(struct writing *w)
{
    struct ctx *cx = w->cx;
    KEPT(q);
    bool row;

    if (w->change->again || w->change->ref.n == 0 || w->change->def->ref_from != NULL)
        return 0;
    TRY(record_prepare(cx, w->rs,
                       STR("SELECT at FROM record_version WHERE register = :register AND "
                           "ref = :ref AND body IS NULL AND id <> :id ORDER BY seq DESC LIMIT 1"),
                       &q));
    TRY(stmt_bind_text(cx, q.s, "register", w->change->def->id));
    TRY(stmt_bind_text(cx, q.s, "ref", w->ref));
    TRY(stmt_bind_text(cx, q.s, "id", w->checked.id));
    TRY(stmt_step(cx, q.s, &row));
    if (!row)
        return 0;
    return fail(cx, RC_CONFLICT, "ref",
                _("%.*s: %.*s was the ref of a record that was removed on %.*s, and its history is "
                  "found by it. Give another, or give it once more with --again."),
                STR_ARG(w->change->def->title), STR_ARG(w->ref),
                STR_ARG(str_sub(stmt_text(cx->mem, q.s, 0), 0, DAY_BYTES)));
}

static int make_ref(struct writing *w)
{
    const char *fault;

    if (w->change->def->ref_from != NULL)
        TRY(ref_of_field(w));
    else if (w->ref.n == 0 && !is_new(w))
        w->ref = w->last.ref;
    else
        TRY(numbered_ref(w));
    fault = record_ref_fault(w->ref);
    if (fault != NULL)
        return fail(w->cx, RC_INVALID, "ref", _("%.*s: \"%.*s\": %s."), STR_ARG(whose(w)),
                    STR_ARG(str_cut(w->cx->mem, w->ref, 60)), fault);
    if (!is_new(w) && str_eq(w->ref, w->last.ref))
        return 0;
    TRY(ref_is_free(w));
    return ref_was_free(w);
}

/* ---- putting it down ---- */

int record_version_next(struct ctx *cx, const struct record_store *rs, int64_t *ret_seq,
                        struct str *ret_at)
{
    KEPT(q);
    bool row;

    *ret_at = instant_text(cx->mem, host_now_ms(cx));
    TRY(record_prepare(cx, rs, STR("SELECT seq, at FROM record_version ORDER BY seq DESC LIMIT 1"),
                       &q));
    TRY(stmt_step(cx, q.s, &row));
    *ret_seq = row ? stmt_int(q.s, 0) + 1 : 1;
    if (row && str_cmp(stmt_text(cx->mem, q.s, 1), *ret_at) > 0)
        *ret_at = stmt_text(cx->mem, q.s, 1);
    return 0;
}

int record_version_put(struct ctx *cx, const struct record_store *rs, const struct record *record)
{
    KEPT(q);

    TRY(record_prepare(
        cx, rs,
        STR("INSERT INTO record_version (seq, register, id, ref, rev, at, actor, role, via, act, "
            "body) VALUES (:seq, :register, :id, :ref, :rev, :at, :actor, :role, :via, :act, "
            ":body)"),
        &q));
    TRY(stmt_bind_int(cx, q.s, "seq", record->seq));
    TRY(stmt_bind_text(cx, q.s, "register",
                       record->def != NULL ? record->def->id : record->register_id));
    TRY(stmt_bind_text(cx, q.s, "id", record->id));
    TRY(stmt_bind_text(cx, q.s, "ref", record->ref));
    TRY(stmt_bind_int(cx, q.s, "rev", record->rev));
    TRY(stmt_bind_text(cx, q.s, "at", record->at));
    TRY(stmt_bind_text(cx, q.s, "actor", record->actor));
    TRY(stmt_bind_text(cx, q.s, "role", record->role));
    TRY(stmt_bind_text(cx, q.s, "via", record->via));
    TRY(stmt_bind_text(cx, q.s, "act", record->act));
    if (record->stored.n > 0)
        TRY(stmt_bind_text(cx, q.s, "body", record->stored));
    else if (record->body != NULL)
        TRY(stmt_bind_text(cx, q.s, "body", record_json(cx->mem, record->body)));
    else
        TRY(stmt_bind_null(cx, q.s, "body"));
    return stmt_run(cx, q.s);
}

static int put_down(struct writing *w, struct record *ret)
{
    const struct record_change *change = w->change;
    struct record record = {.def = change->def,
                            .id = w->checked.id,
                            .ref = w->ref,
                            .rev = is_new(w) ? 1 : w->last.rev + 1,
                            .actor = change->actor.person,
                            .role = change->actor.role,
                            .via = change->actor.via,
                            .act = str_of(change->act),
                            .body = w->body};

    TRY(keep_number(w));
    TRY(record_version_next(w->cx, w->rs, &record.seq, &record.at));
    TRY(record_version_add(w->cx, w->rs, &record, is_new(w) ? 0 : w->last.seq, change->extra));
    if (record.body != NULL)
        TRY(record_rows_put(w->cx, w->rs, &record));
    else
        TRY(record_rows_drop(w->cx, w->rs, record.def, record.id));
    TRY(record_search_update(w->cx, w->rs, &record));
    TRY(keep_key(w, record.seq));
    *ret = record;
    return 0;
}

static bool is_no_change(const struct writing *w)
{
    return !is_new(w) && w->body != NULL && str_eq(w->ref, w->last.ref) &&
           str_eq(record_json(w->cx->mem, w->body), record_json(w->cx->mem, w->last.body));
}

static int write_it(struct writing *w, struct record *ret)
{
    TRY(load_last(w));
    TRY(one_only(w));
    if (w->change->body == NULL) {
        if (is_new(w))
            return fail(w->cx, RC_INVALID, NULL, _("A record that is to be removed needs its id."));
        w->ref = w->last.ref;
        TRY(record_unreferred(w->cx, w->rs, w->change->def, w->last.id, w->last.ref));
    } else {
        TRY(make_body(w));
        TRY(make_ref(w));
    }
    if (is_no_change(w)) {
        *ret = w->last;
        return keep_key(w, w->last.seq);
    }
    TRY(put_down(w, ret));
    /* What was is brought in as it was: the verdict says what is wrong with it. */
    return ret->body != NULL && !w->change->imported
               ? record_guards(w->cx, w->rs, w->last.body, ret)
               : 0;
}

int record_write_step(struct ctx *cx, const struct record_store *rs,
                      const struct record_change *change, const struct register_transition *by,
                      struct str request, struct record *ret)
{
    struct writing w = {.cx = cx, .rs = rs, .change = change, .by = by, .request = request};

    return write_it(&w, ret);
}

static int write_within(struct ctx *cx, const struct record_store *rs,
                        const struct record_change *change, struct record *ret)
{
    struct str request = record_request(cx->mem, change, STR_NONE);
    bool done;

    TRY(record_written(cx, rs, change, request, &done, ret));
    return done ? 0 : record_write_step(cx, rs, change, NULL, request, ret);
}

int record_write(struct ctx *cx, const struct record_store *rs, const struct record_change *change,
                 struct record *ret)
{
    struct record record;

    if (rs->together != NULL && rs->together->whole)
        return write_within(cx, rs, change, ret);
    TX(tx, cx, rs->store);
    TRY(write_within(cx, rs, change, &record));
    TRY(tx_commit(cx, &tx));
    *ret = record;
    return 0;
}
