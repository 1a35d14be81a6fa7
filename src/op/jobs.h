/*
 * Jobs: work that takes long, kept in the home's directory, so that it goes on after a restart.
 *
 * A job is words of a command, and who acts in which organisation; whoever runs it starts the
 * program with them (web/jobs.h). job_claim() gives one to run, for JOB_LEASE_MS at a time;
 * job_note() says how far it is, renews that, and tells whether it was cancelled meanwhile. A job
 * whose lease has run out is given to the next who asks: what it runs has to come to the same when
 * it is run again.
 *
 * Every function may be called by any thread with a directory of its own.
 */
#ifndef ASSAY_OP_JOBS_H
#define ASSAY_OP_JOBS_H

#include "store/store.h"

#define JOB_LEASE_MS ((int64_t)30 * 1000)
#define JOB_KEPT_MS ((int64_t)24 * 60 * 60 * 1000) /* once it has ended */
#define JOBS_WAITING 20                            /* of one account */

struct job {
    struct str id, account, organisation, person, role;
    struct str via;    /* how it was asked for: "web" where it is "" */
    struct str rights; /* what was given on of what the person may, "" for all of it */
    struct str kind, title;
    const struct value *words; /* a list of texts, or of what stands for one (web/jobs.h) */
    struct str file;           /* the name of the file that it makes, "" for none */
    struct str state;          /* waiting, running, done, failed, cancelled */
    struct str progress;       /* a sentence, "" for none */
    struct str said;           /* why it failed */
    int64_t status;            /* the same as a status of HTTP, or 0 */
    struct str made_at, begun_at, ended_at;
};

/* `job` with its id, which is new where it has none. RC_LIMIT where the account has too many that
 * wait. */
MUST_CHECK int job_add(struct ctx *cx, struct store *directory, struct job *job);
/* Those of an account in an organisation; RC_NOT_FOUND where it is none of theirs. */
MUST_CHECK int job_find(struct ctx *cx, struct store *directory, struct str account,
                        struct str organisation, struct str id, struct job *ret);
typedef int job_each(void *arg, struct ctx *cx, const struct job *job);
MUST_CHECK int job_list(struct ctx *cx, struct store *directory, struct str account,
                        struct str organisation, job_each *each, void *arg);
/* It ends as soon as whoever runs it looks again; what it did stays. */
MUST_CHECK int job_cancel(struct ctx *cx, struct store *directory, struct str account,
                          struct str id);

/* The next that is to be run; `*ret` false where there is none. */
MUST_CHECK int job_claim(struct ctx *cx, struct store *directory, struct job *job, bool *ret);
/* False in `*ret_go_on` where it was cancelled, or given to another. */
MUST_CHECK int job_note(struct ctx *cx, struct store *directory, struct str id, struct str progress,
                        bool *ret_go_on);
/* One that was cancelled stays so. */
MUST_CHECK int job_done(struct ctx *cx, struct store *directory, struct str id);
MUST_CHECK int job_failed(struct ctx *cx, struct store *directory, struct str id, int64_t status,
                          struct str said);
/* Back to those that wait: who runs it stops. */
MUST_CHECK int job_release(struct ctx *cx, struct store *directory, struct str id);
/* Forgets those that ended long ago: a list of their ids. */
MUST_CHECK int job_forget(struct ctx *cx, struct store *directory, struct value **ret);

#endif
