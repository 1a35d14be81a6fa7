/* What the files of the plan share. */
#ifndef ASSAY_REGISTER_PLAN_PARTS_H
#define ASSAY_REGISTER_PLAN_PARTS_H

#include "register/plan.h"
#include "register/record_parts.h"

#define PLAN_JSON "json:" /* before a cell that is no text but JSON */

/* A record that is there. */
struct plan_known {
    struct str id, ref, json; /* json: canonical, of its body */
    struct str name;          /* as it is known by first, "" for none */
    int64_t rev;
    struct plan_known *same; /* another with the same body, or NULL */
    bool taken;              /* a line without ref, key and name is this one */
    bool claimed;            /* a line is this one by its name and what tells it apart */
};

/* The records of one register, and the lines for it. */
struct plan_register {
    const struct register_def *def;
    struct plan_known **items;
    size_t n, room;
    struct dict *by_id, *by_ref, *by_key, *by_name, *by_json; /* to struct plan_known * */
    struct dict *many_names;                                  /* names that several have */
    struct dict *lines;                                       /* refs and names to lines */
    size_t counts[PLAN_STATES], said;
};

struct plan {
    struct ctx *cx;
    struct record_store rs; /* with `coming` */
    struct record_coming coming;
    struct dict *registers; /* id to struct plan_register * */
    struct plan_register **list;
    size_t list_n, list_room;
    struct plan_line **lines;
    size_t n, room;
    struct dict *fresh; /* ids that are about to be written */
    struct dict *said;  /* "REGISTER FIELD TEXT" to struct value * */
    struct value *said_list;
    bool again;   /* as plan_again() has it */
    bool refused; /* a cell was left out after lines had been read: once more */
};

/* The register of a line, its records read. */
MUST_CHECK int plan_register_of(struct plan *plan, const struct register_def *def,
                                struct plan_register **ret);
const struct plan_register *plan_register_find(const struct plan *plan,
                                               const struct register_def *def);

/* Folded for comparison of names. */
struct str plan_fold(struct arena *mem, struct str name);

/* The text of what a body's fields are known by the register's key; "" where one is missing. */
struct str plan_key(struct plan *plan, const struct register_def *def, const struct value *body);

/* Writes all that is new and changed, and takes it back: lines that cannot be written get problems.
 */
MUST_CHECK int plan_try(struct plan *plan, const struct record_actor *actor);

/* Whether an error is about what was written, and not about the machine. */
bool plan_is_fault(const struct plan *plan, int rc);

/* Sets line->said from its cells; faults go to its problems. */
MUST_CHECK int plan_read(struct plan *plan, struct plan_line *line);

/* The fields of `said` over those of `was`; of a new record with its defaults. */
const struct value *plan_body(struct plan *plan, const struct plan_line *line,
                              const struct value *was);

#endif
