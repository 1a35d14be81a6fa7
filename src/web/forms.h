/* Forms of records, made from the definitions of registers. */
#ifndef ASSAY_WEB_FORMS_H
#define ASSAY_WEB_FORMS_H

#include "web/app.h"

#define FORM_PREFIX "f." /* of the names of fields in forms: f.owner, f.steps.2.title */

/* What is in a form: texts as people write them, by field. */
struct form_values {
    struct value *texts; /* from field to text, one value a line */
    struct value *rows;  /* from field of lines to a list of maps from inner field to text */
    struct value *files; /* from field of the type file to {name, bytes}; of what was sent also
                            `token` (web/spool.h), or `drop` alone: the record's goes */
    const struct value *there; /* the files that the record has: as `files`, or NULL */
};

/* The texts of a record, as `show` gives it (NULL for a new one). */
void form_of_record(struct visit *visit, const struct register_def *def, const struct value *shown,
                    struct form_values *ret);

/* Those that were sent; of fields that the form did not have there is nothing. Files are put into
 * the spool, where a form that is sent again finds them, until form_files_end(). RC_INVALID with
 * the field where it does not find one any more; all else is there then. */
MUST_CHECK int form_of_post(struct visit *visit, const struct register_def *def,
                            struct form_values *ret);
void form_files_end(struct visit *visit, const struct form_values *values);

/* FIELD=VALUE for each field that was sent and says something else than `was` (NULL: anything). */
struct value *form_words(struct visit *visit, const struct register_def *def,
                         const struct form_values *now, const struct form_values *was);

/* ---- two people at one record ---- */

/* What a form said when it was made: `theirs`, what the record says now, but for what has changed
 * since; `changes` as the operation `diff` has them. */
MUST_CHECK int form_before(struct visit *visit, const struct register_def *def,
                           const struct form_values *theirs, const struct value *changes,
                           struct form_values *ret);

enum form_side { FORM_NOBODY, FORM_MINE, FORM_THEIRS, FORM_BOTH };

/* Who changed a field of the form since, to what the other has not: nobody, who sent it, whoever
 * was faster, or both. Of a field that was not sent nobody but the other did. */
enum form_side form_side(struct visit *visit, const struct register_field *field,
                         const struct form_values *before, const struct form_values *theirs,
                         const struct form_values *mine);

/* The field of the form says what the record says. */
void form_keep(struct visit *visit, const struct register_field *field,
               const struct form_values *theirs, struct form_values *mine);

#define FORM_TAKE "take." /* of the name of a choice: take.owner is "theirs" or "mine" */

/* form_keep() for all fields of which somebody chose the record's value. */
void form_take(struct visit *visit, const struct register_def *def,
               const struct form_values *theirs, struct form_values *mine);

/* The fields with what is needed to show them: a list of maps. `only`: these fields (NULL: all that
 * people fill in). `problems`: {field, message}, or NULL. */
MUST_CHECK int form_fields(struct visit *visit, const struct register_def *def,
                           const struct form_values *values, const struct register_group *only,
                           const struct value *problems, struct value **ret);

#endif
