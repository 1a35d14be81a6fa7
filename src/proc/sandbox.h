/*
 * What a child gives up before it works. What costs time is made ready once, before the fork, by
 * sandbox_prepare(); sandbox_enter() runs in the child right after it. What the system does not
 * offer is left out; the return value says what is in force.
 */
#ifndef ASSAY_PROC_SANDBOX_H
#define ASSAY_PROC_SANDBOX_H

#include "proc/proc.h"

#define SANDBOX_LIMITS 1u /* memory, time and files are bounded */
#define SANDBOX_FILTER 2u /* system calls are filtered */
#define SANDBOX_FOLDER 4u /* files outside `folder` cannot be opened */

#define SANDBOX_EXIT_MEMORY 77 /* exit status of a child that ran out of memory */

struct sock_filter;

struct sandbox {
    struct proc_limits limits;
    struct sock_filter *filter; /* compiled */
    size_t filter_n;            /* instructions, 0 where the system takes none */
    size_t process_at;          /* the one that names the child, filled in when it is known */
    size_t mapped;              /* bytes of address space of the process that will fork */
    int nowhere;                /* /dev/null */
};

void sandbox_prepare(const struct proc_limits *limits, struct sandbox *ret);
void sandbox_release(struct sandbox *sandbox);

/* All descriptors but the `n` in `keep` are closed, and these become 3, 4 and so on. */
unsigned sandbox_enter(const struct sandbox *sandbox, int *keep, unsigned n);

/* The same for the descriptors alone. */
void sandbox_descriptors(int nowhere, int *keep, unsigned n);

#endif
