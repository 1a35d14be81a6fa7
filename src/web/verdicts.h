/*
 * Verdicts of served organisations: made in the background by a process each, kept as long as
 * nothing has changed. A page shows the last one at once, and says when a newer is being made.
 */
#ifndef ASSAY_WEB_VERDICTS_H
#define ASSAY_WEB_VERDICTS_H

#include "web/app.h"

struct verdicts;

/* Starts a thread; verdicts_free() ends it. */
MUST_CHECK int verdicts_start(struct ctx *cx, struct app *app, struct verdicts **ret);
void verdicts_free(struct verdicts *verdicts); /* NULL is fine */

struct verdict_state {
    struct value *result; /* as `assay judge --json` gives it; NULL where there is none yet */
    struct str at;        /* when it was made */
    bool fresh;           /* nothing was recorded since, and the day is the same */
    struct str progress;  /* how far a newer one is, as child_progress() has it */
    struct str failed;    /* why the last attempt came to nothing, or "" */
};

/* The verdict of a stage ("stage1", ...). Where it is not fresh a new one is asked for, and waited
 * for at most `wait_ms`. */
MUST_CHECK int verdicts_get(struct visit *visit, struct str stage, unsigned wait_ms,
                            struct verdict_state *ret);

#endif
