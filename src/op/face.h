/*
 * Faces of registers (docs/faces.md): what beside its list shows what is in one. The definition of
 * a register says which it has, of which kind, and by which fields and SELECTs; each kind is a
 * function here that makes a value tree of it, over the records as they are or as they were.
 */
#ifndef ASSAY_OP_FACE_H
#define ASSAY_OP_FACE_H

#include "op/call.h"

struct face {
    struct op_call *call;    /* as it was asked */
    struct op_call then;     /* the same over the records of the moment that is shown */
    struct organisation org; /* of `then` */
    const struct register_def *def;
    const struct register_face *face;
    struct shown *shown;
    struct value *result;
};

/* The kinds (face_*.c): each adds to `f->result` what docs/faces.md says of it. */
MUST_CHECK int face_statement(struct face *f);
MUST_CHECK int face_matrix(struct face *f);
MUST_CHECK int face_series(struct face *f);
MUST_CHECK int face_timeline(struct face *f);
MUST_CHECK int face_coverage(struct face *f);

/* What the SELECT `key` of a part of the definition gives at the moment; an empty list where it has
 * none. */
MUST_CHECK int face_rows(struct face *f, const struct value *part, const char *key,
                         struct value **ret);

/* The field that the definition names under `key`; NULL where it names none. */
const struct register_field *face_field(const struct face *f, const char *key);

/* Records of the face's register at the moment, as results have them: those of --where, and one's
 * own where one may see nothing else. */
MUST_CHECK int face_records(struct face *f, struct value **ret);

/* The moment that the argument `version` means, of a face that has versions: "" for now.
 * Appends all of them to the result. */
MUST_CHECK int face_version(struct face *f, struct str *ret_as_of);

/* Whether who asks may read all that the SELECTs of the face read. */
bool face_sees_all(struct face *f);

/* What the number in a text is, in thousandths; false where there is none. "97 %", "3,5 h". */
bool face_number(struct str text, int64_t *ret);

#endif
