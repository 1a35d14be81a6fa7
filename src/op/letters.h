/*
 * What mails say. The text of each kind stands in one place (letters.c), in the message catalogue;
 * the token of its link is made here, when the mail is, and only its hash is kept.
 */
#ifndef ASSAY_OP_LETTERS_H
#define ASSAY_OP_LETTERS_H

#include "op/outbox.h"

/* With which server, from whom, and where the links in it lead. */
struct mail_settings {
    struct mail_server server;
    struct str from, from_name; /* address and name */
    struct str url;             /* how people reach Assay, without a slash at the end; or "" */
};

/* As they are given on the command line, where `server` and `from` must be and the others may be
 * NULL. Reads the files. RC_INVALID or RC_NOT_FOUND with the option's name. */
MUST_CHECK int mail_settings_read(struct ctx *cx, const char *server, const char *from,
                                  const char *password_file, const char *authorities_file,
                                  struct mail_settings *ret);

/* The kinds of letters. */
#define LETTER_INVITATION "invitation" /* to a person; facts: title, by */
#define LETTER_RESET "reset"           /* to an account */
#define LETTER_OWN "own"               /* to a person; facts: title, by, waits */
#define LETTER_CHANGED "changed"       /* to an account; facts: what, at */

/* What people call one of a kind. */
struct str letter_title(struct str kind);

/* RC_INVALID for a kind that there is not; RC_NOT_FOUND where what it is about is not there any
 * more: then nobody needs it. */
MUST_CHECK int letter_write(struct ctx *cx, struct store *directory, struct str url,
                            const struct letter *letter, struct str *ret_subject,
                            struct str *ret_text);

/* Sends the next letter that is due; `early` one that would wait too. `*ret_any` false where there
 * is none. Whatever came of it stands in `ret`, and in the outbox. */
MUST_CHECK int letter_send_next(struct ctx *cx, struct store *directory,
                                const struct mail_settings *settings, bool early,
                                struct letter *ret_letter, struct mailed *ret, bool *ret_any);

/* A mail that says that mail works, sent now and kept nowhere. */
MUST_CHECK int letter_try(struct ctx *cx, const struct mail_settings *settings, struct str to,
                          struct mailed *ret);

#endif
