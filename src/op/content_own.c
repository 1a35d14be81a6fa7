#include "op/content_own.h"

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct content_file *)a)->name, ((const struct content_file *)b)->name);
}

int content_own(struct ctx *cx, struct store *store, const struct content *base,
                struct content *ret)
{
    struct content_file *files = arena_array(cx->mem, base->n, sizeof *files);
    size_t n = base->n, room = base->n;
    bool row;
    STMT(s);

    memcpy(files, base->files, base->n * sizeof *files);
    TRY(store_prepare(cx, store, STR("SELECT path, body FROM content ORDER BY path"), &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        struct str body = stmt_text(cx->mem, s, 1);
        *ARENA_PUSH(cx->mem, files, n, room) = (struct content_file){
            str_z(cx->mem, stmt_text(cx->mem, s, 0)), (const unsigned char *)body.p, body.n};
    }
    qsort(files, n, sizeof *files, by_name);
    *ret = (struct content){files, n};
    return 0;
}

int content_own_list(struct ctx *cx, struct store *store, struct value **ret)
{
    struct value *list = value_list(cx->mem);
    bool row;
    STMT(s);

    TRY(store_prepare(cx, store, STR("SELECT path FROM content ORDER BY path"), &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        value_push(list, value_text(cx->mem, stmt_text(cx->mem, s, 0)));
    }
    *ret = list;
    return 0;
}

int content_own_has(struct ctx *cx, struct store *store, struct str path, bool *ret)
{
    STMT(s);

    TRY(store_prepare(cx, store, STR("SELECT 1 FROM content WHERE path = :path"), &s));
    TRY(stmt_bind_text(cx, s, "path", path));
    return stmt_step(cx, s, ret);
}

int content_own_put(struct ctx *cx, struct store *store, struct str path, struct str text)
{
    STMT(drop);
    STMT(put);

    TRY(store_prepare(cx, store, STR("DELETE FROM content WHERE path = :path"), &drop));
    TRY(stmt_bind_text(cx, drop, "path", path));
    TRY(stmt_run(cx, drop));
    if (text.n == 0)
        return 0;
    TRY(store_prepare(cx, store, STR("INSERT INTO content (path, body) VALUES (:path, :body)"),
                      &put));
    TRY(stmt_bind_text(cx, put, "path", path));
    TRY(stmt_bind_text(cx, put, "body", text));
    return stmt_run(cx, put);
}
