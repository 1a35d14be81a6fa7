/*
 * One mail to one address, handed to a server by SMTP.
 *
 * mail_send() connects from a child process that may do nothing else (as proc/fetch.h), by TLS from
 * the beginning (smtps) or before anything is said (smtp with STARTTLS), with the authorities that
 * the system trusts or those that are given; only a server on this machine is spoken to without.
 * Who logs in is in the URL, the password is not.
 *
 * Once the server asks for the message, and before it gets a byte of it, `before` is called: from
 * then on it may have the mail, whatever happens. What it says is a stranger's text.
 */
#ifndef ASSAY_PROC_MAIL_H
#define ASSAY_PROC_MAIL_H

#include "proc/proc.h"

struct mail_server {
    struct str url;         /* "smtps://user@mail.example.org:465", "smtp://mail.example.org:587" */
    struct str password;    /* "" for none */
    struct str authorities; /* PEM; "" for the system's */
    unsigned seconds;       /* for all of it */
};

enum mail_outcome {
    MAIL_SENT,    /* the server has taken it */
    MAIL_LATER,   /* it has not, and may yet */
    MAIL_REFUSED, /* it will not */
    MAIL_UNSURE,  /* it had it, and did not say whether it took it */
};

struct mailed {
    enum mail_outcome outcome;
    struct str said; /* one sentence, where it was not sent */
};

/* A failure ends it, and the server gets nothing. */
typedef int mail_before(void *arg, struct ctx *cx);

/* RC_INVALID where this is no server that may be asked; `place` names it in the error. */
MUST_CHECK int mail_check_url(struct ctx *cx, const char *place, struct str url);

/* `message` with lines that end in CR LF. Whatever the outcome is, 0 is returned; an error only
 * where `before` has failed. `before` may be NULL. */
MUST_CHECK int mail_send(struct ctx *cx, const struct mail_server *server, struct str from,
                         struct str to, struct str message, mail_before *before, void *arg,
                         struct mailed *ret);

#endif
