/*
 * The facts as tables (standards/facts.sql): made, filled with the standard, derived.
 *
 *     tables_make() -> the matcher writes what it read -> tables_derive() -> rules
 */
#ifndef ASSAY_JUDGE_TABLES_H
#define ASSAY_JUDGE_TABLES_H

#include "standard/standard.h"
#include "store/store.h"

/* Makes the tables in an empty store, those of the registers too. */
MUST_CHECK int tables_make(struct ctx *cx, struct store *store, const struct standard *standard);

/* Fills the tables of the standard, once a store. RC_INVALID where decided.yaml, asks.yaml,
 * phrases.yaml or verdict.yaml has an unknown key or names what is not there. */
MUST_CHECK int tables_fill(struct ctx *cx, struct store *store, const struct standard *standard);

/* Makes the tables in an empty store and fills those of the standard. */
MUST_CHECK int tables_create(struct ctx *cx, struct store *store, const struct standard *standard);

/* Makes the derived facts; may be called again after more was written. */
MUST_CHECK int tables_derive(struct ctx *cx, struct store *store, const struct standard *standard);

/* What an import of these facts as records wants besides (standards/import.sql). Once a store, when
 * all is written. */
MUST_CHECK int tables_import(struct ctx *cx, struct store *store, const struct standard *standard);

/* The scripts that make the derived facts of a home, in their order (judge/steps.h). */
extern const char *const tables_scripts[];
extern const size_t tables_script_n;

/* Inserts one row, a map from column to text, number, truth or null. Names of tables and columns
 * are lower-case letters, digits and "_" or RC_INVALID. */
MUST_CHECK int tables_insert(struct ctx *cx, struct store *store, const char *table,
                             const struct value *row);

/* The same for many rows in turn: where one has the table and columns of the one before, nothing is
 * prepared for it. To be zeroed first, and ended before the store is closed. */
struct tables_writer {
    struct str sql;
    struct stmt *s;
};

MUST_CHECK int tables_write(struct ctx *cx, struct store *store, struct tables_writer *writer,
                            const char *table, const struct value *row);
void tables_writer_end(struct tables_writer *writer);

#endif
