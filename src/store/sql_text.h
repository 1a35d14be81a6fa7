/* Reads SQL only so far as to tell words and parameters from strings, names and comments. */
#ifndef ASSAY_STORE_SQL_TEXT_H
#define ASSAY_STORE_SQL_TEXT_H

#include "base/base.h"

enum sql_piece {
    SQL_END,
    SQL_BLANK,  /* white space and comments */
    SQL_WORD,   /* a key word, a plain name, a number */
    SQL_QUOTED, /* 'text', "name", $$text$$ */
    SQL_PARAM,  /* :name */
    SQL_SIGN,   /* anything else: one character, or :: */
};

/* The piece of `sql` at `*at`, which moves past it; all pieces together are the whole text. */
enum sql_piece sql_next(struct str sql, size_t *at, struct str *ret);

/* A statement with its named parameters made `$1`, `$2`, ... */
struct sql_params {
    struct str sql;
    struct str *names; /* without the colon; [0] is $1 */
    size_t n;
};

/* In cx->mem. RC_INVALID unless `sql` is exactly one statement. */
MUST_CHECK int sql_number_params(struct ctx *cx, struct str sql, struct sql_params *ret);

/* Whether the statement changes nothing, as far as its words tell. */
bool sql_only_reads(struct str sql);

/* Definitions of tables written for SQLite, as PostgreSQL has them. */
struct str sql_postgres_ddl(struct arena *mem, struct str sql);

#endif
