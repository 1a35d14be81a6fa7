/*
 * `assay serve`: a home behind a web server, until the process is told to stop.
 */
#ifndef ASSAY_WEB_SERVE_H
#define ASSAY_WEB_SERVE_H

#include "op/home.h"
#include "web/provider.h"

struct serve_options {
    struct home_request where;
    const char *listen; /* NULL: 127.0.0.1:8080, or the socket that systemd passes */
    const char *url;    /* as people reach it, behind a proxy; NULL for any name of this machine */
    const char *certificate, *key; /* PEM files, for TLS by itself; NULL for none */
    bool behind_proxy;             /* its X-Forwarded-* are believed */
    const char *log; /* a file, "-" for standard error; NULL: that unless a terminal */
    /* SMTP (web/mailer.h); NULL for none */
    const char *mail, *mail_from, *mail_password_file, *mail_authorities;
    unsigned workers;  /* 0: 8 */
    struct date today; /* in the place of the clock's day; none */
    struct provider_options provider;
};

/* Called once it serves: where, and the link that makes the first account ("" where there is one).
 */
typedef void serve_ready(void *arg, struct str address, struct str link);

/* Runs until SIGINT or SIGTERM. To be called while the program has one thread. */
MUST_CHECK int serve_run(struct ctx *cx, const struct serve_options *options, serve_ready *ready,
                         void *arg);

#endif
