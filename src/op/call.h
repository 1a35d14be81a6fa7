/*
 * What operations on records share: their arguments as records, fields and days, what the person
 * who acts may see, and records as value trees.
 */
#ifndef ASSAY_OP_CALL_H
#define ASSAY_OP_CALL_H

#include "op/table.h"

/* ---- arguments (call.c) ---- */

struct str call_text(const struct op_call *call, const char *name); /* "" where it was not given */
bool call_flag(const struct op_call *call, const char *name);
const struct value *call_many(const struct op_call *call, const char *name); /* or NULL */

/* A register by its id; RC_NOT_FOUND with the nearest. Those whose lines stand in others' records
 * are none. */
MUST_CHECK int call_find_register(struct ctx *cx, const struct registers *all, struct str name,
                                  const struct register_def **ret);
/* That of the argument `register`, if the person may do there what the operation wants. */
MUST_CHECK int call_register(struct op_call *call, const struct register_def **ret);
bool call_is_register(const struct register_def *def);

MUST_CHECK int call_find_field(struct ctx *cx, const struct register_def *def, struct str name,
                               const struct register_field **ret);

/* The instant of the argument `as-of`, "" for now. */
MUST_CHECK int call_as_of(struct op_call *call, struct str *ret);

/* Runs an operation that asks records as they are: where the argument `as-of` names a day, over
 * records as they were at its end, with that day for today. */
MUST_CHECK int call_then(struct op_call *call, int (*run)(struct op_call *, struct value **),
                         struct value **ret);

/* The record of the argument `record`, or the only one of a `single` register. */
MUST_CHECK int call_record(struct op_call *call, const struct register_def *def, struct str as_of,
                           struct record *ret);
/* What is wanted by the argument `where`, and that it is one's own where one may see nothing else.
 */
MUST_CHECK int call_filters(struct op_call *call, struct record_query *query);

/* The same, removed ones too, which have no body, and those that have another ref by now. */
MUST_CHECK int call_any_record(struct op_call *call, const struct register_def *def,
                               struct str as_of, struct record *ret);
MUST_CHECK int call_any_named(struct op_call *call, const struct register_def *def, struct str name,
                              struct record *ret);

/* `under` with the FIELD=VALUE texts of the argument `fields`. */
MUST_CHECK int call_body(struct op_call *call, const struct register_def *def,
                         const struct value *under, const struct value **ret);

/* ---- fields that are given as files (call_files.c) ---- */

/* What a word FIELD=VALUE says: the text of the file where VALUE is @PATH. */
MUST_CHECK int call_field_text(struct op_call *call, struct str word, struct str *ret);

/*
 * Files for fields of the type `file` go to the vault before the transaction that writes the
 * record: call_files_store() first, call_body() then has their values, and in the transaction
 * call_files_announce() comes before record_write() and call_files_bind() after it.
 */
MUST_CHECK int call_files_store(struct op_call *call, const struct register_def *def);
const struct value *call_file_value(const struct op_call *call, const struct register_field *field);
MUST_CHECK int call_files_announce(struct op_call *call, struct str record);
MUST_CHECK int call_files_bind(struct op_call *call, const struct record *record);
void call_files_end(struct op_call *call);

/* ---- what one record's worth of rights is ---- */

/* Whether the person may read in a register, if only what is their own; and whether a record of it.
 */
bool call_may_read(struct op_call *call, const struct register_def *def);
bool call_may_see(const struct op_call *call, const struct record *record);
/* RC_DENIED where the person may not change a record that was `was` (NULL for a new one) into what
 * `now` holds (NULL for its removal). */
MUST_CHECK int call_may_write(struct op_call *call, const struct register_def *def,
                              const struct value *was, const struct value *now);

/* RC_CONFLICT where a change of members, which this is asked after, leaves no owner: nobody could
 * say any more who takes part. */
MUST_CHECK int call_keeps_owner(struct op_call *call, const struct register_def *def);

struct record_actor call_actor(const struct op_call *call);

/* ---- records as value trees (shown.c) ---- */

/*
 * Records as results have them: refs in the place of ids, and the names of all that they refer to
 * beside them, once.
 *
 *     "names": {"person": {"PERSON-003": "Ada Byron"}, ...}
 *     "columns": [{"field": "owner", "label": "Risk owner", "type": "person", "to": "person"}]
 *                (and "computed": true)
 *     {"ref": "RISK-001", "id": "...", "rev": 3, "fields": {"owner": "PERSON-003", "level": 12}}
 */
struct shown;

struct shown *shown_new(struct op_call *call, struct str as_of);
MUST_CHECK int shown_record(struct shown *shown, const struct record *record, struct value **ret);
struct value *shown_names(struct shown *shown);
/* Of changes as record_diff() gives them: `to`, and the names of what they refer to. */
MUST_CHECK int shown_changes(struct shown *shown, const struct register_def *def,
                             struct value *changes);
/* `changes`, and before them that the ref is another. "" for a record that was not there. */
struct value *shown_ref_change(struct arena *mem, const struct register_def *def, struct str was,
                               struct str now, struct value *changes);
/* What people read for the id of a person; "Assay" for "". */
MUST_CHECK int shown_actor(struct shown *shown, struct str id, struct str *ret);
struct value *shown_column(struct arena *mem, const struct register_field *field);

/* What can be done next: a command, and what it does. */
void shown_next(struct value *result, struct arena *mem, struct str command, const char *what);

/* A list that is shown as a table: columns, and an empty `records`. */
struct value *shown_table(struct value *result, struct arena *mem, const char *const *columns,
                          size_t n);
struct value *shown_row(struct value *result, struct arena *mem);
/* What is said in the place of a table that has no row. */
void shown_if_none(struct value *result, const char *text);

#endif
