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

/* The fields with what is needed to show them: a list of maps. `only`: these fields (NULL: all that
 * people fill in). `problems`: {field, message}, or NULL. */
MUST_CHECK int form_fields(struct visit *visit, const struct register_def *def,
                           const struct form_values *values, const struct register_group *only,
                           const struct value *problems, struct value **ret);

#endif
