/*
 * Who may do what: principals, roles, rights.
 *
 * A role is one of a fixed list (access/roles.yaml): owner, manager, contributor, employee,
 * internal_auditor, external_auditor, consultant, reader. What each may do is data there: rights,
 * and for which registers. A person has a role in an organisation by a record of the register
 * `membership`; a principal is that person acting in that role. Everything that changes or shows
 * something asks access_check() first; a right that a role is not given is denied.
 *
 * access_load() reads the file strictly: an unknown or missing key, or a value that a key cannot
 * have, is RC_INVALID with file and line. The result lives in the context's arena and is read-only.
 */
#ifndef ASSAY_ACCESS_ACCESS_H
#define ASSAY_ACCESS_ACCESS_H

#include "standard/content.h"

enum access_right {
    ACCESS_READ,       /* see records */
    ACCESS_WRITE,      /* add, change and remove records */
    ACCESS_APPROVE,    /* transitions that are approvals */
    ACCESS_JUDGE,      /* run verdicts; to answer questions is to write */
    ACCESS_TRANSFER,   /* import, export, backup, move */
    ACCESS_ADMINISTER, /* members, own registers and rules, restore */
};

struct principal {
    struct str person; /* id of the person's record */
    struct str name;   /* as people read it */
    struct str role;
    struct str via;
};

struct access;

MUST_CHECK int access_load(struct ctx *cx, const struct content *content,
                           const struct access **ret);

bool access_is_role(const struct access *access, struct str role);

/* From role to what the file says of it, in its order. */
const struct value *access_roles(const struct access *access);

/* RC_DENIED with a sentence that names the role and what it may not. `register_id` is "" where the
 * right is not about one register: the role then has it for some. */
MUST_CHECK int access_check(struct ctx *cx, const struct access *access,
                            const struct principal *who, enum access_right right,
                            struct str register_id);

/* The field that has to name the person who acts, where their role reads or writes in this register
 * only what is their own; "" where it is not so. Who asks for the right of one record has to look
 * at this too. */
struct str access_own(const struct access *access, const struct principal *who,
                      enum access_right right, struct str register_id);

/* Whether the role writes nothing that has left its first state. */
bool access_only_drafts(const struct access *access, const struct principal *who);

#endif
