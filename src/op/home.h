/*
 * A home: where organisations keep their registers. It is a folder
 *
 *     assay.yaml          that it is one, and its format's number
 *     directory.db        the organisations (and later accounts, jobs)
 *     orgs/NAME/store.db  one organisation's store
 *     orgs/NAME/vault/    its evidence
 *     keys/               its keys, for the keeper only (ledger/keeper.h), 0700
 *     run/                for later use, 0700
 *
 * or the URL of a PostgreSQL database (schemas assay_directory and org_NAME) with a folder of files
 * beside it, which has orgs/NAME/vault/, keys/ and run/. Without that folder the current records
 * can be read and nothing else. NAME is made of the organisation's name (a-z, 0-9, -), unique in
 * the home.
 *
 * A struct home and a struct organisation live in cx->mem, belong to one thread and are ended by
 * home_close() (which ends its organisations too). Opening migrates what is older and refuses what
 * is newer than this program.
 */
#ifndef ASSAY_OP_HOME_H
#define ASSAY_OP_HOME_H

#include "access/access.h"
#include "op/knowledge.h"
#include "register/record.h"
#include "store/group.h"

struct keeper;

struct home_request {
    const char *home;            /* a folder or URL; NULL takes ASSAY_HOME */
    const char *files;           /* of a home in a database: the folder of its files; NULL takes
                                    ASSAY_FILES, else one below XDG_DATA_HOME */
    const char *organisation;    /* NULL for the only one */
    const char *as;              /* ref, id or name of the person who acts, and perhaps in which of
                                    their roles: "Ada Byron/internal_auditor"; NULL takes ASSAY_AS,
                                    else the only owner */
    const char *content_dir;     /* or NULL */
    struct knowledge *knowledge; /* where several connections share what they know, or NULL */
    struct store_groups *groups; /* and the wait for the disk (store/group.h), or NULL */
    struct keeper *keeper;       /* the same of home_keeper_shared(), or NULL */
};

struct home;

struct organisation {
    struct str name, title; /* "brackwater", "Brackwater Software GmbH" */
    struct store *store;
    struct standard *standard;
    struct record_store records; /* with its own registers */
    const struct access *access;
    struct str zone;   /* IANA time zone */
    struct str folder; /* of its files: orgs/NAME */
    struct home *home;
    const struct known *known; /* what it shares with other connections, or NULL */
    struct str copy; /* of its store, where this opening made one (home_before.c), else "" */
};

/* A new home without organisations; RC_CONFLICT where there is something already. In a folder
 * nothing of it is in its place before home_keep(), which ends its organisations: so that a home is
 * whole or not there. Without that, home_close() takes it away again. */
MUST_CHECK int home_create(struct ctx *cx, const struct home_request *request, struct home **ret);
MUST_CHECK int home_keep(struct ctx *cx, struct home *home);

/* RC_NOT_FOUND where it is no home, RC_CONFLICT where it is a newer one. */
MUST_CHECK int home_open(struct ctx *cx, const struct home_request *request, struct home **ret);
void home_close(struct home *home);
void home_closep(struct home **home);

/* The store of accounts and sessions (op/accounts.h), as long as the home is open. */
struct store *home_directory(const struct home *home);

/* {name, title} of each. */
MUST_CHECK int home_organisations(struct ctx *cx, struct home *home, struct value **ret);

/* A new organisation with its tables, its record, a person who owns it and their membership.
 * RC_CONFLICT where there is one of this title. */
MUST_CHECK int home_organisation_create(struct ctx *cx, struct home *home, struct str title,
                                        struct str owner, struct str zone,
                                        struct organisation **ret);
/* By name or title; NULL for the only one, or what ASSAY_ORGANISATION says. RC_NOT_FOUND with the
 * nearest, RC_INVALID where there are several. */
/* The same for one that was elsewhere: `fill` puts its records and files into it, in the place of
 * what it was made with. Where that fails, the home has no organisation more. */
typedef int home_fill(void *arg, struct ctx *cx, struct organisation *org);
MUST_CHECK int home_organisation_restore(struct ctx *cx, struct home *home, struct str title,
                                         home_fill *fill, void *arg, struct organisation **ret);
MUST_CHECK int home_organisation_open(struct ctx *cx, struct home *home, const char *name,
                                      struct organisation **ret);

/* The keeper of the home's keys, which starts when it is first asked. It is the home's.
 * RC_NOT_FOUND, with the way on, where the folder of files is not there. */
MUST_CHECK int home_keeper(struct ctx *cx, struct home *home, struct keeper **ret);

/* For a program with threads, before it has any: one for all its connections, which it ends itself
 * after them (keeper_free()). */
MUST_CHECK int home_keeper_shared(struct ctx *cx, const struct home_request *request,
                                  struct keeper **ret);

/* The folder for what goes with the process that makes it: on the disk that evidence is on. */
MUST_CHECK int home_run_folder(struct ctx *cx, const struct home_request *request, struct str *ret);

/* Where the organisation's files lie. It is the home's. */
struct vault;
MUST_CHECK int home_vault(struct ctx *cx, struct organisation *org, struct vault **ret);

#define HOME_VIA_TOKEN "token " /* how what came by a token came: its id follows */

/* Who acts: `as`, else ASSAY_AS, else the only owner. RC_DENIED where the person is no member,
 * RC_NOT_FOUND where there is none, RC_INVALID where several are owners. */
MUST_CHECK int home_principal(struct ctx *cx, struct organisation *org, const char *as,
                              struct principal *ret);

/* {person, name} of the owners today. */
MUST_CHECK int home_owners(struct ctx *cx, struct organisation *org, struct value **ret);

/* Whether what the organisation knows is still what it was when it was opened. */
MUST_CHECK int home_organisation_fresh(struct ctx *cx, const struct organisation *org, bool *ret);

/* The instant at which DATE ends in the organisation's time zone: what --as-of means. */
MUST_CHECK int home_day_end(struct ctx *cx, const struct organisation *org, struct date day,
                            struct str *ret);

#endif
