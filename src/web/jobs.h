/*
 * What runs jobs (op/jobs.h): two threads that take the next which waits and run the program for it
 * (web/child.h), so that no worker waits for what takes long. Each job has a folder in the home's
 * folder run, `jobs/ID`, with the file that it takes (in/NAME), the one that it makes (out/NAME)
 * and what it said (result.json); it goes with the job.
 *
 * In the words of a job some stand for the paths of these files, as those who asked for it have
 * them elsewhere: jobs_word(). Whatever it says is in their names again.
 */
#ifndef ASSAY_WEB_JOBS_H
#define ASSAY_WEB_JOBS_H

#include "op/jobs.h"
#include "web/app.h"

struct jobs;

MUST_CHECK int jobs_start(struct ctx *cx, struct app *app, struct jobs **ret);
/* What runs is ended, and begun again by the next server. */
void jobs_free(struct jobs *jobs); /* NULL is fine */

/*
 * A word that is `before` and then the path of a file: in the folder `kind`, "in" or "out", under
 * `name`; where that is "" the only one in it, or the one that the job makes. `shown` is what
 * people read in its place, "" for its name alone.
 */
struct value *jobs_word(struct arena *mem, const char *before, const char *kind, struct str name,
                        struct str shown);

/* A file that a new job takes, by its path in the folder: "0/lists/risks.csv". */
struct job_file {
    struct str path, bytes;
};

enum job_there { JOB_NOTHING, JOB_FILE, JOB_FOLDER };

/* Bytes; or where these are "" and there are no `files`, the file of another job. */
struct job_input {
    struct str name, bytes;
    struct str from; /* the id of the other job, or "" */
    const struct job_file *files;
    size_t file_n;
    enum job_there stand_in; /* what is there already where its output goes */
    struct str stand_in_name;
};

/* Whether a path leads into the folder of a job and nowhere else. */
bool jobs_path_is(struct str path);

/* Makes the folder, adds the job for who has signed in, and waits for a moment: what is quick is
 * done then. `input` may be NULL. */
MUST_CHECK int jobs_ask(struct visit *visit, struct job *job, const struct job_input *input);

/* What a job that is done said; NULL where it said nothing. */
MUST_CHECK int jobs_result(struct visit *visit, const struct job *job, struct value **ret);
/* A text without the places of its folder, which are nobody's business. */
struct str jobs_shown(struct arena *mem, const struct app *app, const struct job *job,
                      struct str text);
/* The path of the file that it made; and of one by its name, "" where that cannot be one. */
struct str jobs_output(struct arena *mem, const struct app *app, const struct job *job);
struct str jobs_output_of(struct arena *mem, const struct app *app, const struct job *job,
                          struct str name);
/* The names of what it made: "risk.csv", "folder/risk.csv". */
struct value *jobs_made(struct arena *mem, const struct app *app, const struct job *job);

#endif
