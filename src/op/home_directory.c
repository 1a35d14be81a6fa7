/* The directory of a home: which organisations it has. */
#include "op/home_parts.h"

#include "register/schema.h"

#define SCHEMA_FOLDER "schema/directory/"

int home_store(struct ctx *cx, const struct home *home, struct str file, struct str schema,
               bool create, struct store **ret)
{
    struct str where = home->url ? home->where : home_path(home, file.p);

    return store_open_schema(cx, where.p, schema.p, create ? STORE_CREATE : 0, ret);
}

int home_directory_open(struct ctx *cx, struct home *home, bool create)
{
    TRY(home_store(cx, home, STR("directory.db"), STR("assay_directory"), create,
                   &home->directory));
    return schema_migrate(cx, home->directory, &home->content, SCHEMA_FOLDER, NULL, NULL);
}

/* ---- organisations ---- */

int home_organisations(struct ctx *cx, struct home *home, struct value **ret)
{
    struct value *list = value_list(cx->mem);
    bool row;
    STMT(s);

    TRY(store_prepare(cx, home->directory,
                      STR("SELECT name, title FROM organisation ORDER BY name"), &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        struct value *one = value_map(cx->mem);
        value_set_text(one, "name", stmt_text(cx->mem, s, 0));
        value_set_text(one, "title", stmt_text(cx->mem, s, 1));
        value_push(list, one);
    }
    *ret = list;
    return 0;
}

int home_directory_title(struct ctx *cx, struct home *home, struct str name, struct str *ret)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, home->directory, STR("SELECT title FROM organisation WHERE name = :name"),
                      &s));
    TRY(stmt_bind_text(cx, s, "name", name));
    TRY(stmt_step(cx, s, &row));
    *ret = row ? stmt_text(cx->mem, s, 0) : STR_NONE;
    return 0;
}

int home_directory_has(struct ctx *cx, struct home *home, struct str name, bool *ret)
{
    struct str title;

    TRY(home_directory_title(cx, home, name, &title));
    *ret = title.n > 0;
    return 0;
}

int home_directory_add(struct ctx *cx, struct home *home, struct str name, struct str title)
{
    STMT(s);

    TX(tx, cx, home->directory);
    TRY(store_prepare(cx, home->directory,
                      STR("INSERT INTO organisation (name, title, made_at) "
                          "VALUES (:name, :title, :made_at)"),
                      &s));
    TRY(stmt_bind_text(cx, s, "name", name));
    TRY(stmt_bind_text(cx, s, "title", title));
    TRY(stmt_bind_text(cx, s, "made_at", instant_text(cx->mem, host_now_ms(cx))));
    TRY(stmt_run(cx, s));
    return tx_commit(cx, &tx);
}
