/*
 * The derived facts as steps: one a table, with the statements of the scripts that make it and the
 * tables that these read, as the database itself tells. So a step runs again only where something
 * that it reads has changed.
 *
 * A step may read base tables and those of steps before it; steps_load() refuses scripts in which
 * a statement reads what a later step makes. Their statements stay prepared, as most of the time of
 * a small judgement would go into preparing them: steps live in the arena of their context, belong
 * to the store, and are ended by steps_free() before it is closed.
 */
#ifndef ASSAY_JUDGE_STEPS_H
#define ASSAY_JUDGE_STEPS_H

#include "standard/standard.h"
#include "store/store.h"

struct step {
    struct str table;
    struct stmt **statements; /* in the order of the scripts */
    size_t statement_n, statement_room;
    struct value *reads; /* names of tables, its own left out */
    size_t last;         /* place of its last statement among all */
};

struct steps {
    struct step *items; /* in the order in which they run */
    size_t n, room;
    size_t statement_n;
};

/* The steps of these scripts, one after the other, over the tables of `store`, which checks no
 * foreign keys from then on. */
MUST_CHECK int steps_load(struct ctx *cx, struct store *store, const struct standard *standard,
                          const char *const *scripts, size_t n, struct steps **ret);
void steps_free(struct steps *steps); /* NULL is fine */
void steps_freep(struct steps **steps);

/* Runs those steps of which something that they read is in `changed`, all where that is NULL; adds
 * the tables that are others afterwards, and to `ran` how many ran. In one transaction. */
MUST_CHECK int steps_run(struct ctx *cx, struct store *store, const struct steps *steps,
                         struct dict *changed, size_t *ran);

/* Whether one of these tables has changed. */
bool steps_touched(const struct value *reads, const struct dict *changed);

/* The statements of a script, without comments, in `mem`: at most `most`, the rest is left. Those
 * that a comment calls "Folders only" are among them where `folders` says so. */
size_t steps_split(struct arena *mem, struct str script, bool folders, struct str *ret,
                   size_t most);

#endif
