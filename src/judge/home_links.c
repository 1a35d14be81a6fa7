/* Where others name a record: they follow when it is called otherwise, comes later or goes. */
#include "judge/home_parts.h"

static int field_of(struct judge_home *home, struct stmt *s, struct arena *mem,
                    const struct register_def **ret_def, const struct register_field **ret)
{
    *ret_def = registers_find(home->registers, stmt_text(mem, s, 0));
    *ret = *ret_def == NULL ? NULL : register_field(*ret_def, stmt_text(mem, s, 2));
    return 0;
}

/* The record as it is now: its row and name; its id, and no row, where it is gone. */
static int look(struct ctx *cx, struct judge_home *home, struct str id, int64_t *ret_row,
                struct str *ret_name, struct str *ret_register)
{
    bool there;

    TRY(stmt_bind_text(cx, home->find, "id", id));
    TRY(stmt_step(cx, home->find, &there));
    *ret_register = there ? stmt_text(cx->mem, home->find, 0) : STR_NONE;
    *ret_row = there ? stmt_int(home->find, 1) : 0;
    *ret_name = there ? stmt_text(cx->mem, home->find, 2) : id;
    stmt_reset(home->find);
    return 0;
}

static int refer(struct ctx *cx, struct judge_home *home, const struct register_def *def,
                 struct str field, int64_t record, struct str target, int64_t row)
{
    TRY(stmt_bind_text(cx, home->refer, "register", def->id));
    TRY(stmt_bind_int(cx, home->refer, "record", record));
    TRY(stmt_bind_text(cx, home->refer, "field", field));
    TRY(stmt_bind_text(cx, home->refer, "target", target));
    TRY(stmt_bind_int(cx, home->refer, "target_record", row));
    return stmt_run(cx, home->refer);
}

/* It is no longer the row that it was. */
static int unrefer(struct ctx *cx, struct judge_home *home, const struct register_def *def,
                   struct str field, int64_t record, int64_t row)
{
    STMT(s);

    TRY(store_prepare(cx, home->store,
                      STR("DELETE FROM fact_reference WHERE register = :register AND record = "
                          ":record AND field = :field AND target_record = :row"),
                      &s));
    TRY(stmt_bind_text(cx, s, "register", def->id));
    TRY(stmt_bind_int(cx, s, "record", record));
    TRY(stmt_bind_text(cx, s, "field", field));
    TRY(stmt_bind_int(cx, s, "row", row));
    return stmt_run(cx, s);
}

/* One place that names it. */
static int follow(struct ctx *cx, struct judge_home *home, struct stmt *s,
                  const struct renamed *renamed)
{
    const struct register_def *def;
    const struct register_field *field;
    struct str name, target;
    int64_t row, record = stmt_int(s, 1);

    TRY(field_of(home, s, cx->mem, &def, &field));
    if (field == NULL)
        return 0;
    TRY(look(cx, home, renamed->id, &row, &name, &target));
    TRY(register_row_name(cx, home->store, def, field, record, stmt_int(s, 3), name));
    home_row_changed(home, def, record);
    home_changed(home, STR("fact_reference"), def);
    if (stmt_int(s, 3) > 0)
        home_changed(home, home_many_table(home, def, field), def);
    if (renamed->was != 0 && renamed->was != row)
        TRY(unrefer(cx, home, def, field->id, record, renamed->was));
    return row != 0 ? refer(cx, home, def, field->id, record, target, row) : 0;
}

/* All places that name it, or those alone that have waited for it. */
static int follow_all(struct ctx *cx, struct judge_home *home, struct stmt *s,
                      const struct renamed *renamed)
{
    bool row;

    TRY(stmt_bind_text(cx, s, "target", renamed->id));
    TRY(stmt_bind_int(cx, s, "all", renamed->was != 0));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        TRY(follow(cx, home, s, renamed));
    }
    stmt_reset(s);
    return 0;
}

/* Whether they are called by its name now, or by its id until it comes. */
static int name_links(struct ctx *cx, struct stmt *s, struct str id)
{
    TRY(stmt_bind_text(cx, s, "target", id));
    return stmt_run(cx, s);
}

/* Records that others named before they came. */
static int read_awaited(struct ctx *cx, struct judge_home *home, struct value *ids)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, home->store,
                      STR("SELECT DISTINCT l.target FROM home_link l JOIN home_record r "
                          "ON r.id = l.target WHERE l.named = 0 ORDER BY l.target"),
                      &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        value_push(ids, value_text(cx->mem, stmt_text(cx->mem, s, 0)));
    }
}

int home_links_settle(struct ctx *cx, struct judge_home *home)
{
    struct value *awaited = value_list(cx->mem);
    STMT(s);
    STMT(named);

    if (home->came)
        TRY(read_awaited(cx, home, awaited));
    if (home->renamed_n + value_count(awaited) == 0)
        return 0;
    TRY(store_prepare(cx, home->store,
                      STR("UPDATE home_link SET named = EXISTS (SELECT 1 FROM home_record r WHERE "
                          "r.id = :target) WHERE target = :target"),
                      &named));
    TRY(store_prepare(cx, home->store,
                      STR("SELECT register, record, field, n FROM home_link WHERE target = :target "
                          "AND (:all OR named = 0) ORDER BY register, record, field, n"),
                      &s));
    for (size_t i = 0; i < home->renamed_n; i++) {
        TRY(follow_all(cx, home, s, &home->renamed[i]));
        TRY(name_links(cx, named, home->renamed[i].id));
    }
    for (size_t i = 0; i < value_count(awaited); i++) {
        const struct renamed came = {value_as_text(value_at(awaited, i)), 0};

        TRY(follow_all(cx, home, s, &came));
        TRY(name_links(cx, named, came.id));
    }
    return 0;
}
