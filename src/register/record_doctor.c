/* Whether the current tables are what the last versions say, and these what the definitions ask. */
#include "register/record_parts.h"
#include "register/record_search.h"

struct examined {
    struct arena *mem; /* of the problems */
    const struct record_store *rs;
    struct value *problems;
    bool differs; /* the tables of the register in hand */
    bool search;  /* the index of words differs, of whichever register */
};

static void add(struct examined *e, const struct register_def *def, struct str ref,
                struct str message)
{
    struct value *problem = value_map(e->mem);

    value_set_text(problem, "register", def != NULL ? def->id : STR_NONE);
    value_set_text(problem, "ref", str_copy(e->mem, ref));
    value_set_text(problem, "message", str_copy(e->mem, message));
    value_push(e->problems, problem);
}

static int examine_rows(struct ctx *cx, struct examined *e, const struct record *record)
{
    struct str what;

    TRY(record_rows_compare(cx, e->rs, record, &what));
    if (what.n == 0)
        return 0;
    e->differs = true;
    add(e, record->def, record->ref,
        str_printf(cx->mem, _("The current table differs from version %lld in %.*s."),
                   (long long)record->rev, STR_ARG(what)));
    return 0;
}

static int examine_words(struct ctx *cx, struct examined *e, const struct record *record)
{
    bool same;

    TRY(record_search_same(cx, e->rs, record, &same));
    if (same)
        return 0;
    e->search = true;
    add(e, record->def, record->ref,
        str_printf(cx->mem, _("The index of words differs from version %lld."),
                   (long long)record->rev));
    return 0;
}

/* What belongs to no record, and what the database makes of the words: it looks only where it could
 * write, and what can only be read is not damaged by that. */
static int examine_index(struct ctx *cx, struct examined *e)
{
    const struct err err = cx->err;
    struct str wrong;

    CLEANUP(tx_end) struct tx tx = {NULL, 0};
    if (tx_begin(cx, e->rs->store, &tx) != 0) {
        cx->err = err;
        return 0;
    }
    TRY(record_search_whole(cx, e->rs, &wrong));
    if (wrong.n == 0)
        return tx_commit(cx, &tx);
    e->search = true;
    add(e, NULL, STR_NONE, wrong);
    return 0;
}

static int examine_one(struct ctx *cx, struct examined *e, const struct record *record)
{
    struct value *found = value_list(cx->mem);
    struct record_change change = {.def = record->def, .id = record->id, .imported = true};

    TRY(examine_rows(cx, e, record));
    TRY(examine_words(cx, e, record));
    TRY(record_problems(cx, e->rs, &change, record->body, record, found));
    for (size_t i = 0; i < value_count(found); i++)
        add(e, record->def, record->ref, value_get_text(value_at(found, i), "message"));
    return 0;
}

/* In memory of its own, so that what is needed does not grow with the register. */
static int examine(void *arg, struct ctx *cx, const struct record *record)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    struct ctx in = ctx_in(cx, mem);

    return record->body == NULL ? 0 : ctx_end(cx, &in, examine_one(&in, arg, record));
}

static int examine_strays(struct ctx *cx, struct examined *e, const struct register_def *def)
{
    KEPT(q);
    bool row;

    TRY(record_prepare(cx, e->rs, kept_strays_sql(cx->mem, def), &q));
    for (;;) {
        TRY(stmt_step(cx, q.s, &row));
        if (!row)
            return 0;
        e->differs = true;
        add(e, def, stmt_text(cx->mem, q.s, 0),
            str_of(_("The current table has a row that no version says.")));
    }
}

static int examine_numbers(struct ctx *cx, struct examined *e)
{
    KEPT(q);
    bool row;

    TRY(record_prepare(cx, e->rs, STR("SELECT count(*), COALESCE(MAX(seq), 0) FROM record_version"),
                       &q));
    TRY(stmt_step(cx, q.s, &row));
    if (row && stmt_int(q.s, 0) != stmt_int(q.s, 1))
        add(e, NULL, STR_NONE,
            str_printf(cx->mem,
                       _("%lld versions are there, and the last has the number %lld: some "
                         "are missing. Restore a backup."),
                       (long long)stmt_int(q.s, 0), (long long)stmt_int(q.s, 1)));
    return 0;
}

/* Whether its tables differ from what the versions say. */
static int examine_register(struct ctx *cx, struct examined *e, const struct register_def *def,
                            bool *ret_differs)
{
    e->differs = false;
    TRY(record_each_last(cx, e->rs, def, INT64_MAX, examine, e));
    TRY(examine_strays(cx, e, def));
    *ret_differs = e->differs;
    return 0;
}

int record_doctor(struct ctx *cx, const struct record_store *rs, bool mend, struct value *problems)
{
    const struct register_def **wrong = arena_array(cx->mem, rs->registers->n + 1, sizeof(*wrong));
    struct examined e = {.mem = cx->mem, .rs = rs, .problems = problems};
    size_t n = 0;

    CLEANUP(tx_end) struct tx tx = {NULL, 0};
    TRY(mend ? tx_begin(cx, rs->store, &tx) : tx_begin_read(cx, rs->store, &tx));
    for (size_t i = 0; i < rs->registers->n; i++) {
        bool differs = false;
        wrong[n] = &rs->registers->items[i];
        if (record_is_kept(wrong[n]))
            TRY(examine_register(cx, &e, wrong[n], &differs));
        n += differs;
    }
    /* All of them before any of their keys, since they refer to one another. */
    if (mend)
        TRY(record_rebuild(cx, rs, wrong, n));
    TRY(examine_numbers(cx, &e));
    if (mend)
        TRY(examine_index(cx, &e));
    if (mend && e.search)
        TRY(record_search_rebuild(cx, rs));
    TRY(tx_commit(cx, &tx));
    return mend ? 0 : examine_index(cx, &e);
}
