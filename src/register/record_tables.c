/* Tables that fit the definitions: made, made anew from versions when a definition has changed, and
 * never at the price of what records hold. */
#include "register/record_parts.h"
#include "register/record_search.h"

struct tables {
    struct ctx *cx;
    const struct record_store *rs;
    const struct register_def *def;
    const char *file;
};

/* ---- what is remembered of a definition ---- */

static struct value *remembered_fields(struct arena *mem, const struct register_def *def)
{
    struct value *fields = value_map(mem);

    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        struct value *one = value_map(mem), *choices = value_list(mem);
        if (field->only_computed || str_is(field->id, "ref"))
            continue;
        value_set(one, "type", value_textz(mem, register_type_name(field->type)));
        if (field->to.n > 0)
            value_set_text(one, "to", field->to);
        for (size_t c = 0; c < field->choice_n; c++)
            value_push(choices, value_text(mem, field->choices[c].id));
        if (field->choice_n > 0)
            value_set(one, "choices", choices);
        if (field->of != NULL)
            value_set(one, "of", remembered_fields(mem, field->of));
        value_set(fields, str_z(mem, field->id), one);
    }
    return fields;
}

/* A copy: the shape itself goes when tables are made anew. */
static struct value *remembered(struct arena *mem, const struct kept_shape *shape)
{
    struct value *map = value_map(mem), *tables = value_list(mem);

    for (size_t i = 0; i < shape->n; i++)
        value_push(tables, value_text(mem, str_copy(mem, shape->tables[i].name)));
    value_set(map, "fields", remembered_fields(mem, shape->def));
    value_set(map, "tables", tables);
    value_set_text(map, "prefix", shape->def->prefix);
    value_set_text(map, "sql", kept_create_sql(mem, shape, true));
    return map;
}

static int remember(const struct tables *t, const struct value *definition)
{
    KEPT(q);

    TRY(record_prepare(t->cx, t->rs,
                       STR("INSERT INTO register_schema (register, definition) VALUES (:register, "
                           ":definition) ON CONFLICT (register) DO UPDATE SET definition = "
                           "excluded.definition"),
                       &q));
    TRY(stmt_bind_text(t->cx, q.s, "register", t->def->id));
    TRY(stmt_bind_text(t->cx, q.s, "definition", record_json(t->cx->mem, definition)));
    return stmt_run(t->cx, q.s);
}

/* By register. */
static int recall(struct ctx *cx, const struct record_store *rs, struct value **ret)
{
    struct value *all = value_map(cx->mem), *one;
    KEPT(q);
    bool row;

    TRY(record_prepare(
        cx, rs, STR("SELECT register, definition FROM register_schema ORDER BY register"), &q));
    for (;;) {
        TRY(stmt_step(cx, q.s, &row));
        if (!row)
            break;
        TRY(json_parse(cx, "register_schema", stmt_text(cx->mem, q.s, 1), &one));
        value_set(all, str_z(cx->mem, stmt_text(cx->mem, q.s, 0)), one);
    }
    *ret = all;
    return 0;
}

/* ---- what would be lost ---- */

static int count_filled(const struct tables *t, const struct kept_old *old, struct str value,
                        int64_t *ret)
{
    KEPT(q);
    bool row;

    TRY(record_prepare(t->cx, t->rs, kept_filled_sql(t->cx->mem, old), &q));
    if (old->value)
        TRY(stmt_bind_text(t->cx, q.s, "value", value));
    TRY(stmt_step(t->cx, q.s, &row));
    *ret = row ? stmt_int(q.s, 0) : 0;
    return 0;
}

static bool is_one_of(struct str type, const char *a, const char *b, const char *c)
{
    return str_is(type, a) || str_is(type, b) || str_is(type, c);
}

/* Whether all that a type holds fits another. */
static bool holds_all(struct str was, enum register_type now)
{
    switch (now) {
    case REGISTER_TEXT:
    case REGISTER_LONG_TEXT:
    case REGISTER_MARKDOWN:
        return is_one_of(was, "text", "long_text", "markdown") ||
               is_one_of(was, "integer", "score", "decimal") ||
               is_one_of(was, "choice", "date", "instant");
    case REGISTER_INTEGER:
    case REGISTER_SCORE:
        return str_is(was, "integer") || str_is(was, "score");
    case REGISTER_DECIMAL:
        return str_is(was, "integer") || str_is(was, "score") || str_is(was, "decimal");
    case REGISTER_MANY_CHOICE:
        return str_is(was, "choice") || str_is(was, "many_choice");
    case REGISTER_PEOPLE:
        return str_is(was, "person") || str_is(was, "people");
    case REGISTER_REFERENCES:
        return str_is(was, "reference") || str_is(was, "references");
    default:
        return str_is(was, register_type_name(now));
    }
}

static bool has_side(struct str type)
{
    return is_one_of(type, "many_choice", "people", "references") || str_is(type, "rows");
}

static struct kept_old old_of(const struct tables *t, struct str id, struct str inner,
                              const struct value *was)
{
    struct str type = value_get_text(was, "type");
    struct kept_old old = {.table = t->def->id, .field = id, .inner = inner};

    old.side = inner.n > 0 || has_side(type);
    old.said = (inner.n > 0 || !old.side) && (str_is(type, "person") || str_is(type, "reference"));
    return old;
}

static int lost_field(const struct tables *t, const struct kept_old *old)
{
    struct str id = old->inner.n > 0 ? old->inner : old->field;
    int64_t n;

    TRY(count_filled(t, old, STR_NONE, &n));
    if (n == 0)
        return 0;
    return fail(
        t->cx, RC_CONFLICT, t->file,
        _("%s: the field \"%.*s\" is gone, and records of the register %.*s have it (%lld). "
          "Put it back; or say \"was: %.*s\" at the field that has its values now; or "
          "export the register and empty the field with the version before."),
        t->file, STR_ARG(id), STR_ARG(t->def->id), (long long)n, STR_ARG(id));
}

static int lost_type(const struct tables *t, const struct kept_old *old,
                     const struct register_field *now, struct str was)
{
    int64_t n;

    TRY(count_filled(t, old, STR_NONE, &n));
    if (n == 0)
        return 0;
    return fail(t->cx, RC_CONFLICT, t->file,
                _("%s: the field \"%.*s\" was of type %.*s, and records of the register %.*s have "
                  "it (%lld); %s holds less. Keep the type, or add a field with another id; export "
                  "the register and import it again to bring the values over."),
                t->file, STR_ARG(now->id), STR_ARG(was), STR_ARG(t->def->id), (long long)n,
                register_type_name(now->type));
}

static bool has_choice(const struct register_field *field, struct str id)
{
    for (size_t i = 0; i < field->choice_n; i++)
        if (str_eq(field->choices[i].id, id))
            return true;
    return false;
}

static int lost_choices(const struct tables *t, struct kept_old old,
                        const struct register_field *now, const struct value *was)
{
    const struct value *choices = value_get(was, "choices");

    old.value = true;
    for (size_t i = 0; now->choice_n > 0 && old.inner.n == 0 && i < value_count(choices); i++) {
        struct str choice = value_as_text(value_at(choices, i));
        int64_t n;
        if (has_choice(now, choice))
            continue;
        TRY(count_filled(t, &old, choice, &n));
        if (n > 0)
            return fail(t->cx, RC_CONFLICT, t->file,
                        _("%s: the choice \"%.*s\" of the field \"%.*s\" is gone, and records of "
                          "the register %.*s have it (%lld). Put it back, or change these records "
                          "first with the version before."),
                        t->file, STR_ARG(choice), STR_ARG(now->id), STR_ARG(t->def->id),
                        (long long)n);
    }
    return 0;
}

/* The field that has an old one's values: of the same id, or one that says so. */
static const struct register_field *heir(const struct register_def *def, struct str id)
{
    const struct register_field *field = register_field(def, id);

    for (size_t i = 0; field == NULL && i < def->field_n; i++)
        if (str_eq(def->fields[i].was, id))
            field = &def->fields[i];
    return field != NULL && !field->only_computed ? field : NULL;
}

static int check_old(const struct tables *t, const struct register_def *def, struct str id,
                     struct str inner, const struct value *was)
{
    const struct register_field *now = heir(def, inner.n > 0 ? inner : id);
    struct kept_old old = old_of(t, id, inner, was);
    struct str type = value_get_text(was, "type");
    const struct value *lines = value_get(was, "of");

    if (now == NULL)
        return lost_field(t, &old);
    if (!holds_all(type, now->type) || !str_eq(value_get_text(was, "to"), now->to))
        return lost_type(t, &old, now, type);
    TRY(lost_choices(t, old, now, was));
    for (size_t i = 0; i < value_count(lines); i++)
        TRY(check_old(t, now->of, id, value_key_at(lines, i), value_at(lines, i)));
    return 0;
}

static int check_losses(const struct tables *t, const struct value *before)
{
    const struct value *fields = value_get(before, "fields");

    for (size_t i = 0; i < value_count(fields); i++)
        TRY(check_old(t, t->def, value_key_at(fields, i), STR_NONE, value_at(fields, i)));
    return 0;
}

/* ---- making them ---- */

/* SQLite adds no keys to a table that is there, and PostgreSQL wants the table that they lead to.
 */
static bool keys_inline(const struct record_store *rs)
{
    return store_dialect(rs->store) == STORE_SQLITE;
}

static int put_back(void *arg, struct ctx *cx, const struct record *record)
{
    const struct record_store *rs = arg;
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    struct ctx in = ctx_in(cx, mem);

    return record->body == NULL ? 0 : ctx_end(cx, &in, record_rows_put(&in, rs, record));
}

static int drop(struct ctx *cx, const struct record_store *rs, const struct value *tables)
{
    for (size_t i = value_count(tables); i > 0; i--)
        TRY(store_exec(
            cx, rs->store, _("Dropping a table"),
            kept_drop_sql(cx->mem, value_as_text(value_at(tables, i - 1)), !keys_inline(rs))));
    return 0;
}

static int rebuild(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                   const struct value *old_tables)
{
    struct record_store copy = *rs;
    const struct kept_shape *shape;
    struct str sql;

    record_forget(rs);
    TRY(drop(cx, rs, old_tables));
    TRY(record_shape(cx, rs, def, &shape));
    sql = kept_create_sql(cx->mem, shape, keys_inline(rs));
    TRY(store_exec(cx, rs->store, def->file, store_ddl(cx->mem, rs->store, sql)));
    return record_each_last(cx, rs, def, INT64_MAX, put_back, &copy);
}

static bool is_among(const struct register_def *const *defs, size_t n,
                     const struct register_def *def)
{
    for (size_t i = 0; i < n; i++)
        if (defs[i] == def)
            return true;
    return false;
}

/* The keys of tables that were made anew, and those of others that lead to them. */
static int add_keys(struct ctx *cx, const struct record_store *rs,
                    const struct register_def *const *made, size_t n)
{
    const struct kept_shape *shape;
    struct buf sql = buf_new(cx->mem);

    for (size_t i = 0; n > 0 && !keys_inline(rs) && i < rs->registers->n; i++) {
        const struct register_def *def = &rs->registers->items[i];
        if (!record_is_kept(def))
            continue;
        TRY(record_shape(cx, rs, def, &shape));
        if (is_among(made, n, def))
            buf_add(&sql, kept_keys_sql(cx->mem, shape, NULL));
        for (size_t k = 0; k < n && !is_among(made, n, def); k++)
            buf_add(&sql, kept_keys_sql(cx->mem, shape, made[k]));
    }
    return sql.n > 0 ? store_exec(cx, rs->store, "references", buf_str(&sql)) : 0;
}

/* What was changed in this transaction is asked for its references now: PostgreSQL drops no table
 * that it still has to look at. */
static int settle_keys(struct ctx *cx, const struct record_store *rs)
{
    if (keys_inline(rs))
        return 0;
    return store_exec(cx, rs->store, "references",
                      STR("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;"));
}

static int rebuild_as_they_are(struct ctx *cx, const struct record_store *rs,
                               const struct register_def *def)
{
    struct value *tables = value_list(cx->mem);
    const struct kept_shape *shape;

    TRY(record_shape(cx, rs, def, &shape));
    for (size_t i = 0; i < shape->n; i++)
        value_push(tables, value_text(cx->mem, str_copy(cx->mem, shape->tables[i].name)));
    return rebuild(cx, rs, def, tables);
}

int record_rebuild(struct ctx *cx, const struct record_store *rs,
                   const struct register_def *const *defs, size_t n)
{
    TRY(settle_keys(cx, rs));
    for (size_t i = 0; i < n; i++)
        TRY(rebuild_as_they_are(cx, rs, defs[i]));
    return add_keys(cx, rs, defs, n);
}

static int fit(struct tables *t, const struct value *before, bool *ret_made)
{
    const struct kept_shape *shape;

    TRY(record_shape(t->cx, t->rs, t->def, &shape));
    struct value *now = remembered(t->cx->mem, shape);

    *ret_made = !str_eq(value_get_text(before, "sql"), value_get_text(now, "sql")) ||
                !str_eq(value_get_text(before, "prefix"), value_get_text(now, "prefix"));
    if (before != NULL && str_eq(record_json(t->cx->mem, before), record_json(t->cx->mem, now)))
        return 0;
    TRY(check_losses(t, before));
    if (*ret_made)
        TRY(rebuild(t->cx, t->rs, t->def, value_get(before, "tables")));
    return remember(t, now);
}

/* ---- all of them ---- */

static int has_versions(struct ctx *cx, const struct record_store *rs, bool *ret)
{
    KEPT(q);

    TRY(record_prepare(cx, rs, STR("SELECT 1 FROM record_version LIMIT 1"), &q));
    return stmt_step(cx, q.s, ret);
}

/* Those of a store that has nothing in it: in one query, as each has a way to go. */
static int make_all(struct ctx *cx, const struct record_store *rs)
{
    const struct register_def **made = arena_array(cx->mem, rs->registers->n + 1, sizeof *made);
    const struct kept_shape *shape;
    struct buf sql = buf_new(cx->mem);
    size_t n = 0;

    for (size_t i = 0; i < rs->registers->n; i++) {
        const struct register_def *def = &rs->registers->items[i];
        struct tables t = {cx, rs, def, def->file};
        if (!record_is_kept(def))
            continue;
        TRY(record_shape(cx, rs, def, &shape));
        buf_add(&sql,
                store_ddl(cx->mem, rs->store, kept_create_sql(cx->mem, shape, keys_inline(rs))));
        TRY(remember(&t, remembered(cx->mem, shape)));
        made[n++] = def;
    }
    TRY(store_exec(cx, rs->store, "registers", buf_str(&sql)));
    return add_keys(cx, rs, made, n);
}

/* A register whose definition is gone. */
static int leave(struct ctx *cx, const struct record_store *rs, struct str id,
                 const struct value *before)
{
    bool row;
    int64_t n;

    {
        KEPT(q);
        TRY(record_prepare(cx, rs, kept_rows_sql(cx->mem, id), &q));
        TRY(stmt_step(cx, q.s, &row));
        n = row ? stmt_int(q.s, 0) : 0;
    }
    if (n > 0)
        return fail(cx, RC_CONFLICT, str_z(cx->mem, id),
                    _("The register \"%.*s\" is gone from the definitions, and has records (%lld). "
                      "Put registers/%.*s.yaml back; or export and remove them with the version "
                      "before."),
                    STR_ARG(id), (long long)n, STR_ARG(id));
    record_forget(rs);
    TRY(drop(cx, rs, value_get(before, "tables")));
    KEPT(gone);
    TRY(record_prepare(cx, rs, STR("DELETE FROM register_schema WHERE register = :register"),
                       &gone));
    TRY(stmt_bind_text(cx, gone.s, "register", id));
    return stmt_run(cx, gone.s);
}

static int leave_those_gone(struct ctx *cx, const struct record_store *rs, const struct value *all)
{
    for (size_t i = 0; i < value_count(all); i++) {
        const struct register_def *def = registers_find(rs->registers, value_key_at(all, i));
        if (def == NULL || !record_is_kept(def))
            TRY(leave(cx, rs, value_key_at(all, i), value_at(all, i)));
    }
    return 0;
}

static int has_ledger(struct ctx *cx, const struct record_store *rs, bool *ret)
{
    struct log_head head;
    int rc = rs->keys != NULL ? log_head(cx, record_log(rs), &head) : 0;

    *ret = rc == 0;
    return rc == RC_NOT_FOUND ? 0 : rc;
}

/* Whether all is as the definitions ask: then nothing is written, and whoever only reads neither
 * waits for others nor needs a disk that takes something. */
static int fits(struct ctx *cx, const struct record_store *rs, bool *ret)
{
    const struct kept_shape *shape;
    struct value *before;

    TX_READ(tx, cx, rs->store);
    TRY(recall(cx, rs, &before));
    TRY(has_ledger(cx, rs, ret));
    *ret = *ret && value_count(before) > 0;
    for (size_t i = 0; i < value_count(before) && *ret; i++) {
        const struct register_def *def = registers_find(rs->registers, value_key_at(before, i));
        *ret = def != NULL && record_is_kept(def);
    }
    for (size_t i = 0; i < rs->registers->n && *ret; i++) {
        const struct register_def *def = &rs->registers->items[i];
        if (!record_is_kept(def))
            continue;
        TRY(record_shape(cx, rs, def, &shape));
        *ret = str_eq(record_json(cx->mem, value_find(before, def->id)),
                      record_json(cx->mem, remembered(cx->mem, shape)));
    }
    return tx_commit(cx, &tx);
}

/* Registers that are there, or those that are new. */
static int fit_those(struct ctx *cx, const struct record_store *rs, const struct value *before,
                     bool are_new, const struct register_def **made, size_t *n)
{
    bool is_made;

    for (size_t i = 0; i < rs->registers->n; i++) {
        const struct register_def *def = &rs->registers->items[i];
        const struct value *was = value_find(before, def->id);
        struct tables t = {cx, rs, def, def->file};
        if (!record_is_kept(def) || (was == NULL) != are_new)
            continue;
        TRY(fit(&t, was, &is_made));
        if (is_made)
            made[(*n)++] = def;
    }
    return 0;
}

/* New ones first: what is put back into the others may refer to them, and SQLite takes no row of a
 * table whose keys lead to one that is not there. */
static int fit_each(struct ctx *cx, const struct record_store *rs, const struct value *before)
{
    const struct register_def **made = arena_array(cx->mem, rs->registers->n + 1, sizeof *made);
    size_t n = 0;

    TRY(fit_those(cx, rs, before, true, made, &n));
    TRY(fit_those(cx, rs, before, false, made, &n));
    TRY(leave_those_gone(cx, rs, before));
    return add_keys(cx, rs, made, n);
}

static int make_fit(struct ctx *cx, const struct record_store *rs)
{
    struct value *before;
    bool any;

    TX(tx, cx, rs->store);
    TRY(record_search_tables(cx, rs));
    TRY(recall(cx, rs, &before));
    TRY(has_versions(cx, rs, &any));
    TRY(!any && value_count(before) == 0 ? make_all(cx, rs) : fit_each(cx, rs, before));
    if (rs->keys != NULL)
        TRY(record_ledger_begin(cx, rs));
    return tx_commit(cx, &tx);
}

static int compare(struct ctx *cx, const struct record_store *rs)
{
    bool fit_already;

    TRY(record_migrate(cx, rs->store, NULL, NULL));
    TRY(fits(cx, rs, &fit_already));
    return fit_already ? 0 : make_fit(cx, rs);
}

/* To look at every table takes much memory, of which nothing is asked for afterwards. */
int record_tables(struct ctx *cx, const struct record_store *rs)
{
    struct arena *mem CLEANUP(arena_freep) = arena_new(0);
    struct ctx in = ctx_in(cx, mem);
    int rc = ctx_end(cx, &in, compare(&in, rs));

    record_forget(rs);
    return rc;
}
