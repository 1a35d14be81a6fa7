/*
 * The derived facts as steps: one a table, with the statements of the scripts that make it and the
 * tables that these read, as the database itself tells. So a step runs again only where something
 * that it reads has changed.
 *
 * A step that reads the table turn_REGISTER is made by record (docs/rules.md): its statements take
 * out and make the rows that belong to the records whose rows stand there, in their first column.
 * Where only some records of that register have changed, these stand there, else all. A step that
 * reads the view turn_REGISTER_part is made by parts of the register likewise.
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

/* Rows of one register's table that have changed. */
struct turn {
    struct str table;
    int64_t *ids;
    size_t n, room;
    enum { TURN_EMPTY, TURN_SOME, TURN_ALL } holds; /* what stands in turn_REGISTER */
};

struct step {
    struct str table;
    struct turn *turn;        /* it is made by record of this register; or NULL */
    bool part;                /* or by part of it */
    struct str key;           /* then its first column */
    struct stmt **statements; /* in the order of the scripts */
    size_t statement_n, statement_room;
    struct value *reads; /* names of tables, its own left out */
    size_t last;         /* place of its last statement among all */
};

struct steps {
    struct step *items; /* in the order in which they run */
    size_t n, room;
    size_t statement_n;
    struct turn *turns;
    size_t turn_n, turn_room;
};

/* The steps of these scripts, one after the other, over the tables of `store`, which checks no
 * foreign keys from then on. */
MUST_CHECK int steps_load(struct ctx *cx, struct store *store, const struct standard *standard,
                          const char *const *scripts, size_t n, struct steps **ret);
void steps_free(struct steps *steps); /* NULL is fine */
void steps_freep(struct steps **steps);

/* Of a register's table; NULL where no step is made by its records. */
struct turn *steps_turn(const struct steps *steps, struct str table);
/* Notes a row that has changed, in `mem`, which must live until steps_turn_over(). */
void steps_turn_add(struct arena *mem, struct turn *turn, int64_t id);
void steps_turn_over(struct steps *steps); /* nothing has changed any more */

/* Notes in `changed` that a table is another one: at the rows of `turn` alone, or anywhere (NULL).
 * The name must outlive it. */
void steps_note(struct dict *changed, struct str table, const struct turn *turn);

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
