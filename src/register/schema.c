#include "register/schema.h"

int schema_migrate(struct ctx *cx, struct store *store, const struct content *content,
                   const char *folder, store_before *before, void *arg)
{
    struct store_script *scripts = NULL;
    const struct content_file *file;
    size_t at = 0, n = 0, room = 0;

    while ((file = content_next(content, folder, ".sql", &at)) != NULL) {
        struct store_script *script = ARENA_PUSH(cx->mem, scripts, n, room);

        *script = (struct store_script){file->name, {(const char *)file->bytes, file->n}};
    }
    struct store_migration m = {.scripts = scripts,
                                .n = n,
                                .program = "Assay " ASSAY_VERSION,
                                .before = before,
                                .arg = arg};

    return store_migrate(cx, store, &m);
}
