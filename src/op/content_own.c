#include "op/content_own.h"

#include "store/ask.h"

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
    TRY(store_query(cx, store, "SELECT path, body FROM content ORDER BY path", &s));
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

    TRY(store_query(cx, store, "SELECT path FROM content ORDER BY path", &s));
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
    return store_has(cx, store, "SELECT 1 FROM content WHERE path = :path", ret,
                     BIND("path", path));
}

int content_own_put(struct ctx *cx, struct store *store, struct str path, struct str text)
{
    TRY(store_run(cx, store, "DELETE FROM content WHERE path = :path", BIND("path", path)));
    if (text.n == 0)
        return 0;
    return store_run(cx, store, "INSERT INTO content (path, body) VALUES (:path, :body)",
                     BIND("path", path), BIND("body", text));
}
