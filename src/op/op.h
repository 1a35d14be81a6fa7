/*
 * Operations: what Assay does, whoever asks for it.
 *
 * An operation takes a request and gives a value tree; the command line and every later face only
 * fill the one and show the other. The result lives in cx->mem. "Today" is cx->today. Errors carry
 * a sentence for the user in cx->err; nothing is printed.
 */
#ifndef ASSAY_OP_OP_H
#define ASSAY_OP_OP_H

#include "base/base.h"

/* How far the work has come: `what` is a few words in the user's language, `total` 0 where it is
 * not known yet. Called on the thread that asked, rarely enough to print each. */
typedef void op_progress(void *arg, const char *what, size_t done, size_t total);

struct stage1_request {
    const char *const *folders; /* as the system wants them; files may stand for folders */
    size_t folder_n;
    const char *profile;       /* a file, or NULL */
    const char *write_profile; /* where the profile with its open questions goes, or NULL */
    const char *since;         /* an earlier result to compare with, or NULL */
    const char *starters;      /* a folder for drafts of what is missing, or NULL */
    const char *quote;         /* a certification body's, to hold against the audit time, or NULL */
    unsigned stage;            /* 1 or 2: which audit is judged */
    struct date stage2;        /* planned day of the second, or none */
    const char *content_dir;   /* in the place of the embedded content, or NULL */
    bool timing;               /* seconds of each phase into the result */
    struct str command;        /* as given, for the result */
    op_progress *progress;     /* or NULL */
    void *progress_arg;
};

/* Stage 1 or Stage 2, as the request says, over the same files: the result that
 * docs/stage1.schema.json describes. RC_NOT_FOUND, RC_DENIED or RC_INVALID where a
 * folder or the profile cannot be taken; a file that cannot be read is no error but a line in
 * `skipped`. */
MUST_CHECK int op_stage1(struct ctx *cx, const struct stage1_request *request, struct value **ret);

/* Only what the files are: `documents`, `registers` and `skipped` of the same result. */
MUST_CHECK int op_documents(struct ctx *cx, const struct stage1_request *request,
                            struct value **ret);

struct interview_request {
    struct stage1_request stage1;
    const char *report;        /* a result in the place of folders, or NULL */
    const char *role;          /* an id of the standard's roles, or its name */
    const char *write_answers; /* where a profile with the sheet's questions goes, or NULL */
};

/* What an auditor will ask one person: a sheet, under a schema of its own. */
MUST_CHECK int op_interview(struct ctx *cx, const struct interview_request *request,
                            struct value **ret);

/* Only what the audit will take: `audit_time` of the same result, under a schema of its own.
 * Without a folder it is reckoned from the profile alone. */
MUST_CHECK int op_audit_time(struct ctx *cx, const struct stage1_request *request,
                             struct value **ret);

#endif
