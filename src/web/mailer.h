/*
 * What sends the mail of a server: one thread that looks for what is due (op/outbox.h) and runs the
 * program for each, so that no process with threads forks, and none that speaks to a mail server
 * has the keys, or the server the password.
 */
#ifndef ASSAY_WEB_MAILER_H
#define ASSAY_WEB_MAILER_H

#include "op/outbox.h"
#include "web/app.h"

/* As `assay serve` was given them; those that are NULL are left out. */
struct mailer_options {
    const char *server, *from, *password_file, *authorities;
};

/* Reads the settings once, to say at the start what is wrong with them. */
MUST_CHECK int mailer_start(struct ctx *cx, struct app *app, const struct mailer_options *options,
                            struct mailer **ret);
/* What is being sent is sent, for at most ten seconds. */
void mailer_free(struct mailer *mailer); /* NULL is fine */

/* It looks at once. */
void mailer_wake(struct app *app);

/* Adds a letter and has it sent soon. */
MUST_CHECK int mailer_post(struct ctx *cx, struct app *app, struct store *directory,
                           struct letter *letter);

#endif
