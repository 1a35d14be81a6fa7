/*
 * A statement with its values in one call, for what is asked now and then; what runs for each of
 * many records is prepared once (store.h).
 *
 *     TRY(store_run(cx, store, "UPDATE t SET seen_at = :now WHERE id = :id", BIND("id", id),
 *                   BIND("now", now)));
 *
 * BIND() takes a text or a whole number, BIND_OR_NULL() a text that is null where it is empty.
 * Errors are those of store.h.
 */
#ifndef ASSAY_STORE_ASK_H
#define ASSAY_STORE_ASK_H

#include "store/store.h"

struct bind {
    const char *name; /* without the colon; NULL behind the last */
    enum { BIND_IS_TEXT, BIND_IS_TEXT_OR_NULL, BIND_IS_INT } as;
    struct str text;
    int64_t number;
};

static inline struct bind bind_text(const char *name, struct str text)
{
    return (struct bind){name, BIND_IS_TEXT, text, 0};
}

static inline struct bind bind_int(const char *name, int64_t number)
{
    return (struct bind){name, BIND_IS_INT, STR_NONE, number};
}

static inline struct bind bind_text_or_null(const char *name, struct str text)
{
    return (struct bind){name, BIND_IS_TEXT_OR_NULL, text, 0};
}

#define BIND(name, v) _Generic((v), struct str : bind_text, default : bind_int)(name, v)
#define BIND_OR_NULL(name, text) bind_text_or_null(name, text)
#define BINDS(...) ((const struct bind[]){__VA_ARGS__ __VA_OPT__(, ) bind_int(NULL, 0)})

/* Prepares one for STMT(ret), and binds; the second also steps to its first row. */
MUST_CHECK int store_query(struct ctx *cx, struct store *store, const char *sql, struct stmt **ret,
                           const struct bind *binds);
MUST_CHECK int store_ask(struct ctx *cx, struct store *store, const char *sql, struct stmt **ret,
                         bool *ret_row, const struct bind *binds);

/* Runs one to its end, whatever it gives. */
MUST_CHECK int store_run(struct ctx *cx, struct store *store, const char *sql,
                         const struct bind *binds);

/* Whether one gives a row; the first value of its first row, "" and 0 for none; all its rows, as
 * stmt_row() has them. */
MUST_CHECK int store_has(struct ctx *cx, struct store *store, const char *sql, bool *ret,
                         const struct bind *binds);
MUST_CHECK int store_text(struct ctx *cx, struct store *store, const char *sql, struct str *ret,
                          const struct bind *binds);
MUST_CHECK int store_int(struct ctx *cx, struct store *store, const char *sql, int64_t *ret,
                         const struct bind *binds);
MUST_CHECK int store_list(struct ctx *cx, struct store *store, const char *sql, struct value **ret,
                          const struct bind *binds);

#define store_query(cx, store, sql, ret, ...) (store_query)(cx, store, sql, ret, BINDS(__VA_ARGS__))
#define store_ask(cx, store, sql, ret, row, ...)                                                   \
    (store_ask)(cx, store, sql, ret, row, BINDS(__VA_ARGS__))
#define store_run(cx, store, sql, ...) (store_run)(cx, store, sql, BINDS(__VA_ARGS__))
#define store_has(cx, store, sql, ret, ...) (store_has)(cx, store, sql, ret, BINDS(__VA_ARGS__))
#define store_text(cx, store, sql, ret, ...) (store_text)(cx, store, sql, ret, BINDS(__VA_ARGS__))
#define store_int(cx, store, sql, ret, ...) (store_int)(cx, store, sql, ret, BINDS(__VA_ARGS__))
#define store_list(cx, store, sql, ret, ...) (store_list)(cx, store, sql, ret, BINDS(__VA_ARGS__))

#endif
