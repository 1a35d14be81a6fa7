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
    unsigned only; /* of what the role may, no more than these rights (access_rights_read()); 0: all
                      of it */
};

struct access;

MUST_CHECK int access_load(struct ctx *cx, const struct content *content,
                           const struct access **ret);

/*
 * Rights that somebody gives on, to a token for example: never more than their role has, and no
 * more than these. Texts are the keys of the file ("read", "write"); `ret` has a bit for each, and
 * always that of reading. RC_INVALID for a word that is none.
 */
MUST_CHECK int access_rights_read(struct ctx *cx, struct str words, unsigned *ret);
/* "read write", in the file's order; "" for 0. */
struct str access_rights_text(struct arena *mem, unsigned rights);
/* The key and what it allows, for people who choose; NULL behind the last. */
const char *access_right_key(size_t i);
const char *access_right_text(size_t i);
/* RC_DENIED where a right was not given on, whatever the role has. */
MUST_CHECK int access_check_given(struct ctx *cx, const struct principal *who,
                                  enum access_right right);
/* RC_DENIED for who was given on less than the right to write: they change nothing, whatever else
 * they may. */
MUST_CHECK int access_check_change(struct ctx *cx, const struct principal *who);

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

/* Whether the role never gives a state to what is the person's own, four eyes or not. */
bool access_independent(const struct access *access, const struct principal *who);

#endif
