/*
 * What runs jobs (op/jobs.h): two threads that take the next which waits and run the program for it
 * (web/child.h), so that no worker waits for what takes long. Each job has a folder in the home's
 * folder run, `jobs/ID`, with the file that it takes (in/NAME), the one that it makes (out/NAME)
 * and what it said (result.json); it goes with the job.
 *
 * In the words of a job "@in" and "@out" stand for the paths of these files.
 */
#ifndef ASSAY_WEB_JOBS_H
#define ASSAY_WEB_JOBS_H

#include "op/jobs.h"
#include "web/app.h"

struct jobs;

MUST_CHECK int jobs_start(struct ctx *cx, struct app *app, struct jobs **ret);
/* What runs is ended, and begun again by the next server. */
void jobs_free(struct jobs *jobs); /* NULL is fine */

/* The file that a new job takes: bytes, or where these are "" that of another job. */
struct job_input {
    struct str name, bytes;
    struct str from; /* the id of the other job, or "" */
};

/* Makes the folder, adds the job for who has signed in, and waits for a moment: what is quick is
 * done then. `input` may be NULL. */
MUST_CHECK int jobs_ask(struct visit *visit, struct job *job, const struct job_input *input);

/* What a job that is done said; NULL where it said nothing. */
MUST_CHECK int jobs_result(struct visit *visit, const struct job *job, struct value **ret);
/* A text without the places of its folder, which are nobody's business. */
struct str jobs_shown(struct arena *mem, const struct app *app, const struct job *job,
                      struct str text);
/* The path of the file that it made. */
struct str jobs_output(struct arena *mem, const struct app *app, const struct job *job);

#endif
