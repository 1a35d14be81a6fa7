/* Which tables a statement touches, as SQLite's authorizer tells while it is prepared. */
#include "store/sqlite.h"

static void note(struct uses *uses, struct value *list, const char *name)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (value_is_text(value_at(list, i), name))
            return;
    value_push(list, value_text(uses->cx->mem, str_copy(uses->cx->mem, str_of(name))));
}

void sqlite_note_use(struct uses *uses, int action, const char *table)
{
    if (action == SQLITE_READ)
        note(uses, uses->reads, table);
    else if (action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE)
        note(uses, uses->writes, table);
}

int store_uses(struct ctx *cx, struct store *store, struct str sql, struct value *reads,
               struct value *writes)
{
    struct uses uses = {cx, reads, writes};
    sqlite3_stmt *s = NULL;

    if (store_dialect(store) != STORE_SQLITE || sqlite_of(store)->guarded)
        return fail(cx, RC_INVALID, NULL,
                    _("Only an SQLite database without a guard tells what a statement uses"));
    struct sqlite *lite = sqlite_of(store);

    TRY(sqlite_watch(cx, lite));
    lite->uses = &uses;
    int code = sqlite3_prepare_v2(lite->db, sql.p, (int)sql.n, &s, NULL);

    lite->uses = NULL;
    sqlite3_finalize(s);
    return code == SQLITE_OK ? 0 : sqlite_fail(cx, lite, code, _("Preparing a statement"));
}

static uint64_t mix(uint64_t h, const void *bytes, size_t n)
{
    return (h ^ str_hash((struct str){bytes, n})) * 0x100000001b3u;
}

static uint64_t row_sum(sqlite3_stmt *s)
{
    uint64_t h = 0xcbf29ce484222325u;

    for (int i = 0; i < sqlite3_column_count(s); i++) {
        int type = sqlite3_column_type(s, i);
        const void *text = type == SQLITE_NULL ? NULL : sqlite3_column_blob(s, i);
        int64_t number = type == SQLITE_INTEGER ? sqlite3_column_int64(s, i) : type;

        h = mix(h, &number, sizeof number);
        if (type != SQLITE_INTEGER && text != NULL)
            h = mix(h, text, (size_t)sqlite3_column_bytes(s, i));
    }
    return h;
}

int store_table_sum(struct ctx *cx, struct store *store, struct str table, struct str where,
                    size_t most, uint64_t *ret)
{
    struct str sql = str_printf(cx->mem, "SELECT * FROM \"%.*s\" WHERE %.*s", STR_ARG(table),
                                STR_ARG(where.n > 0 ? where : STR("TRUE")));
    uint64_t sum = 1;
    size_t n = 0;
    bool row;
    STMT(s);

    if (store_dialect(store) != STORE_SQLITE)
        return fail(cx, RC_INVALID, NULL, _("Only tables of SQLite are summed up"));
    TRY(store_prepare(cx, store, sql, &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row || n++ == most)
            break;
        sum += row_sum(((struct sqlite_stmt *)s)->s); /* whatever their order */
    }
    *ret = row ? 0 : sum;
    return 0;
}
