/*
 * What a child gives up before it works: proc.c calls sandbox_enter() right after the fork, in the
 * child only. What the system does not offer is left out; the return value says what is in force.
 */
#ifndef ASSAY_PROC_SANDBOX_H
#define ASSAY_PROC_SANDBOX_H

#include "proc/proc.h"

#define SANDBOX_LIMITS 1u /* memory, time and files are bounded */
#define SANDBOX_FILTER 2u /* system calls are filtered */
#define SANDBOX_FOLDER 4u /* files outside `folder` cannot be opened */

#define SANDBOX_EXIT_MEMORY 77 /* exit status of a child that ran out of memory */

/* Closes every descriptor but `*keep`, which may get another number. */
unsigned sandbox_enter(const struct proc_limits *limits, int *keep);

#endif
