/*
 * What concerns a person, account or not, as access/own.yaml says it: where mail reaches them, what
 * waits for them, and the links by which they see and do that.
 *
 * A link is one person's, for some days, and opens what the file's role may of that person; the
 * directory has its SHA-256 only. What somebody does by it is recorded as theirs, as come by
 * OWN_VIA.
 */
#ifndef ASSAY_OP_OWN_H
#define ASSAY_OP_OWN_H

#include "op/home.h"

#define OWN_VIA "link"

/* The file; it lives in cx->mem. */
MUST_CHECK int own_load(struct ctx *cx, struct value **ret);

/* Of a person by id: their name, and the address, "" where they have none that can be written to.
 * RC_NOT_FOUND. */
MUST_CHECK int own_address(struct ctx *cx, struct organisation *org, struct str person,
                           struct str *ret_name, struct str *ret_address);

/* Who acts by a link: the person, in the file's role. RC_NOT_FOUND where they are not there any
 * more. */
MUST_CHECK int own_principal(struct ctx *cx, struct organisation *org, const struct value *own,
                             struct str person, struct principal *ret);

/* The register of an entry of `waits` or `reports`; and its field that names the person. */
MUST_CHECK int own_register(struct ctx *cx, const struct organisation *org, const struct value *own,
                            const struct value *entry, const struct register_def **ret,
                            const struct register_field **ret_person);

/* Everybody who is here: {person, ref, name, address, works, counts, open}, `counts` a list with
 * how many records wait, one for each of the file's entries, `open` their sum. */
MUST_CHECK int own_everybody(struct ctx *cx, struct organisation *org, const struct value *own,
                             struct value **ret);

/* ---- links ---- */

struct own_link {
    struct str organisation, person, ends_at;
};

MUST_CHECK int own_link_make(struct ctx *cx, struct store *directory, struct str organisation,
                             struct str person, struct str asked_by, int64_t days,
                             struct str *ret_token, struct str *ret_ends_at);
/* RC_NOT_FOUND where it is none, was revoked or is too old. Notes that it was used. */
MUST_CHECK int own_link_find(struct ctx *cx, struct store *directory, struct str token,
                             struct own_link *ret);
/* From person to {ends_at, seen_at} of the last of those that still work. */
MUST_CHECK int own_link_list(struct ctx *cx, struct store *directory, struct str organisation,
                             struct value **ret);
/* All of a person's, and mails on their way with one. */
MUST_CHECK int own_link_revoke(struct ctx *cx, struct store *directory, struct str organisation,
                               struct str person);

#endif
