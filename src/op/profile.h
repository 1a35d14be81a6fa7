/*
 * The profile: what people told Assay about their organisation, so that they are asked once.
 *
 *     organisation: {name: Brackwater Software GmbH, ...}
 *     answers: {policy-approver: "yes", ...}      # to the questions of a report
 *     files: {policies/isp.md: DOC-POLICY, ...}   # what a file is, where Assay was wrong, or none
 *     columns: {...}                              # of registers
 *     stage2: 2027-03-01                          # its planned day, where --stage2 gives none
 *     interviews: {Q-TM-01: {score: 2, said: "..."}, ...}    # op/interview.h
 *     audit_time: {persons: 40, ...}              # op/audit_time.h
 */
#ifndef ASSAY_OP_PROFILE_H
#define ASSAY_OP_PROFILE_H

#include "standard/standard.h"
#include "store/store.h"

/* Reads and checks a profile; NULL gives an empty one. RC_INVALID names file, line and key. */
MUST_CHECK int profile_read(struct ctx *cx, const struct standard *standard, const char *path,
                            const struct value **ret);

/* The answers into the facts. */
MUST_CHECK int profile_store(struct ctx *cx, struct store *store, const struct value *profile);

/* What the profile says a file is: a kind's id, "none", or "" where it says nothing. */
struct str profile_kind(const struct value *profile, struct str path);

/* Writes `path` anew: what `profile` holds, and each open question of `result` as a comment over
 * its empty answer. Replaces the file in one step. */
MUST_CHECK int profile_write(struct ctx *cx, const char *path, const struct value *profile,
                             const struct value *result);

#endif
