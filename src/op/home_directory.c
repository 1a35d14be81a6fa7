/* The directory of a home: which organisations it has. */
#include "op/home_parts.h"

#include "register/schema.h"
#include "store/ask.h"

#define SCHEMA_FOLDER "schema/directory/"

int home_store(struct ctx *cx, const struct home *home, struct str file, struct str schema,
               bool create, struct store **ret)
{
    struct str where = home->url ? home->where : home_path(home, file.p);

    TRY(store_open_schema(cx, where.p, schema.p, create ? STORE_CREATE : 0, ret));
    if (home->groups != NULL)
        store_groups_join(home->groups, *ret);
    return 0;
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
    return store_list(cx, home->directory, "SELECT name, title FROM organisation ORDER BY name",
                      ret);
}

int home_directory_title(struct ctx *cx, struct home *home, struct str name, struct str *ret)
{
    return store_text(cx, home->directory, "SELECT title FROM organisation WHERE name = :name", ret,
                      BIND("name", name));
}

int home_directory_has(struct ctx *cx, struct home *home, struct str name, bool *ret)
{
    return store_has(cx, home->directory, "SELECT 1 FROM organisation WHERE name = :name", ret,
                     BIND("name", name));
}

int home_directory_add(struct ctx *cx, struct home *home, struct str name, struct str title)
{
    TX(tx, cx, home->directory);
    TRY(store_run(cx, home->directory,
                  "INSERT INTO organisation (name, title, made_at) "
                  "VALUES (:name, :title, :made_at)",
                  BIND("name", name), BIND("title", title),
                  BIND("made_at", instant_text(cx->mem, host_now_ms(cx)))));
    return tx_commit(cx, &tx);
}
