/*
 * Heavy operations in a process of their own: judging, importing, exporting. It is this program
 * again, as its command line knows it, acting as who has signed in; so it needs no thread's memory,
 * may start workers of its own, and can be ended. It dies with the server.
 */
#ifndef ASSAY_WEB_CHILD_H
#define ASSAY_WEB_CHILD_H

#include "web/app.h"

#define CHILD_SECONDS 120u
#define CHILD_BYTES ((size_t)64 * 1024 * 1024) /* of what it says */

struct child {
    const struct app *app;
    struct str organisation, person, role; /* who acts: a person's id; "" for the home itself */
    struct str via, rights;   /* how they came, and no more than these; "" for as a page */
    const char *const *words; /* the command, ended by NULL */
    unsigned seconds;         /* that it may take; 0: CHILD_SECONDS */
    /* Asked about once a second with what it has said of errors and progress so far; false ends it
     * (RC_CONFLICT with the place "ended"). NULL for none. */
    bool (*watch)(void *arg, struct str said);
    void *watch_arg;
};

/*
 * Waits for it. `ret_output` is what it wrote to standard output. Exit codes of the command line
 * become errors again, with the sentence that it said; 1 (done, and the answer is no) is 0.
 */
/* How far it is, in a sentence, of what it has said so far: "Reading: 3 of 8"; "" for nothing. */
struct str child_progress(struct arena *mem, struct str said);

MUST_CHECK int child_run(struct ctx *cx, const struct child *child, struct str *ret_output);

#endif
