/*
 * What people will be asked: the auditor's first questions to the company, and a sheet of one page
 * for one person. Both are made from a result alone (docs/stage1.schema.json), fresh or read from a
 * file: the questions of the standard, chosen by the gaps and by the weight of what they test, each
 * with the page to have open. What was answered stands in the profile under `interviews`:
 *
 *     interviews: {Q-TM-01: {score: 2, said: "...", on: 2026-11-20}, ...}
 *
 * Everything lives in cx->mem.
 */
#ifndef ASSAY_OP_INTERVIEW_H
#define ASSAY_OP_INTERVIEW_H

#include "standard/standard.h"

/* Checks the profile's part: RC_INVALID names file, line and key. NULL is fine. */
MUST_CHECK int interview_check(struct ctx *cx, const struct standard *standard, const char *path,
                               const struct value *interviews);

/* The list `first_questions` of a result. */
MUST_CHECK int interview_first(struct ctx *cx, const struct standard *standard,
                               const struct value *profile, const struct value *result,
                               struct value **ret);

/* The sheet for a role's id, in capitals or not: RC_INVALID for an unknown one, which names all. */
MUST_CHECK int interview_sheet(struct ctx *cx, const struct standard *standard,
                               const struct value *profile, const struct value *result,
                               struct str role, struct value **ret);

/* The profile's part as YAML, two blanks in: what was answered, and the sheet's questions over
 * empty answers. `sheet` may be NULL. */
void interview_write(struct arena *mem, struct buf *out, const struct value *interviews,
                     const struct value *sheet);

#endif
