/*
 * Child processes that may do little.
 *
 * proc_call() runs a function in a forked child under limits and a system-call filter, and gives
 * back the bytes it wrote. The child works on memory it inherited: it opens, executes and
 * connects nothing. It may crash, loop or eat memory; the caller gets an error and goes on.
 */
#ifndef ASSAY_PROC_PROC_H
#define ASSAY_PROC_PROC_H

#include "base/base.h"

enum proc_profile {
    PROC_PARSER, /* read and write open descriptors, memory, time: no open, exec, socket, fork */
    PROC_JUDGE,  /* as PARSER, and reads files below `folder`, as SQLite does */
    PROC_FETCH,  /* as PARSER, and connects to others by name over TCP (proc/fetch.h) */
    PROC_KEEPER, /* as PARSER, and keeps small files in the `folder` that is open as PROC_FILE */
};

struct proc_limits {
    enum proc_profile profile;
    size_t memory; /* bytes of address space over what the parent already maps */
    unsigned cpu_seconds;
    unsigned wall_seconds;
    size_t output;      /* bytes it may give back */
    const char *folder; /* of JUDGE and KEEPER: all that may be opened; NULL for no such bound */
    int file;           /* a descriptor that is open there as PROC_FILE; 0 for none */
    int pipe;           /* with `file`: the end of a pipe to write to, as PROC_PIPE; 0 for none */
};

#define PROC_FILE 4
#define PROC_PIPE (PROC_FILE + 1)

/* The work: writes its answer into `out`. An error's text crosses to the caller as it is. */
typedef int proc_work(struct ctx *cx, void *arg, struct buf *out);

/*
 * Runs `work(arg)` in a child. 0 with its output (in cx->mem), or the error it returned; RC_LIMIT
 * where it ran out of time, memory or output; RC_FAIL where it crashed or the system would not
 * fork. Under sanitizers the memory limit is not set, since they map terabytes.
 */
MUST_CHECK int proc_call(struct ctx *cx, const struct proc_limits *limits, proc_work *work,
                         void *arg, struct str *ret_output);

/*
 * Several at once: starts, then collects in any order. A job is ended by proc_wait() or
 * proc_cancel(); NULL is fine for the latter. It lives in cx->mem, and its child dies with the
 * thread that started it. A child that finished in time keeps its answer until somebody waits.
 */
struct proc_job;
MUST_CHECK int proc_start(struct ctx *cx, const struct proc_limits *limits, proc_work *work,
                          void *arg, struct proc_job **ret);
MUST_CHECK int proc_wait(struct ctx *cx, struct proc_job *job, struct str *ret_output);
void proc_cancel(struct proc_job *job);

/* What holds such a child on this machine, as a phrase for the report ("system-call filter and
 * resource limits"): found out by starting one. The limits hold in any case. */
const char *proc_sandbox_describe(struct ctx *cx);

#endif
