/* What the files of a home share: its place, its directory of organisations. */
#ifndef ASSAY_OP_HOME_PARTS_H
#define ASSAY_OP_HOME_PARTS_H

#include "ledger/keeper.h"
#include "op/home.h"

#define HOME_FORMAT 1 /* of assay.yaml */
#define HOME_NAME_BYTES 40u

/* Registers and their fields that a home itself reads and writes. */
#define HOME_ORGANISATION "organisation"
#define HOME_NAME "name" /* of an organisation and of a person */
#define HOME_ZONE "time_zone"
#define HOME_MEMBERSHIP "membership"
#define HOME_MEMBER "person"
#define HOME_ROLE "role"
#define HOME_ACTIVE "active" /* whether a membership holds today */
#define HOME_OWNER "owner"

struct open_organisation {
    struct organisation org;
    struct vault *vault;         /* NULL until it is needed */
    struct knowledge *knowledge; /* that org.known is of */
    struct open_organisation *next;
};

struct home {
    struct ctx *cx;
    struct str place;   /* as messages name it: the folder, or the URL without a password */
    struct str where;   /* the folder or URL */
    struct str folder;  /* of its files: `where`; while a new home is made, beside its place; of one
                           in a database as home_files_place() says */
    bool url, made;     /* made: new, and not kept yet */
    bool without_files; /* it is in a database, and `folder` is not there */
    struct keeper *keeper; /* or NULL */
    bool shares_keeper;    /* it is another's to end */
    struct content content;
    struct knowledge *knowledge; /* or NULL */
    struct store_groups *groups; /* or NULL */
    struct store *directory;
    struct open_organisation *open;
};

/* ---- folders (home_folder.c) ---- */

bool home_is_url(const char *where);
struct str home_path(const struct home *home, const char *below);

/* A folder beside `home->where` that gets its name by home_folder_keep(). RC_CONFLICT where
 * something is there already. */
MUST_CHECK int home_folder_new(struct ctx *cx, struct home *home);
MUST_CHECK int home_folder_keep(struct ctx *cx, struct home *home);
/* Takes a folder of ours and all that is in it away. */
void home_folder_drop(struct str folder);
MUST_CHECK int home_folder_make(struct ctx *cx, struct str path, unsigned mode);
/* Whether it is a home, and not a newer one than this program knows. */
MUST_CHECK int home_folder_check(struct ctx *cx, const struct home *home);

/* The error of errno about a folder or file that is to be made. */
MUST_CHECK int home_folder_refused(struct ctx *cx, struct str path);

/* ---- the folder of a home that is in a database (home_files.c) ---- */

/* Where it is: `--files`, ASSAY_FILES, else below XDG_DATA_HOME by the URL without its password. */
MUST_CHECK int home_files_place(struct ctx *cx, const struct home_request *request,
                                struct home *home);
/* Once the directory is open. RC_CONFLICT where the folder is another home's; where it is not
 * there, `without_files` is set. The second makes it. */
MUST_CHECK int home_files_open(struct ctx *cx, struct home *home);
MUST_CHECK int home_files_create(struct ctx *cx, struct home *home);
/* RC_NOT_FOUND, with the way on, where there are no files. */
MUST_CHECK int home_files_need(struct ctx *cx, const struct home *home);

/* ---- the directory (home_directory.c) ---- */

MUST_CHECK int home_directory_open(struct ctx *cx, struct home *home, bool create);
MUST_CHECK int home_directory_has(struct ctx *cx, struct home *home, struct str name, bool *ret);
MUST_CHECK int home_directory_title(struct ctx *cx, struct home *home, struct str name,
                                    struct str *ret);
MUST_CHECK int home_directory_add(struct ctx *cx, struct home *home, struct str name,
                                  struct str title);

/* ---- organisations (home_organisation.c) ---- */

void home_organisation_end(struct open_organisation *open);

/* A copy of a store that is about to get its ledger: a store_before, whose `arg` is the
 * organisation. (home_before.c) */
store_before home_before_ledger;

/* What holds the keys of an organisation's records: the home's keeper (home_keys.c). */
struct record_keys *home_keys(struct ctx *cx, struct home *home, struct str name);

/* Opens a store of the home: `file` below its folder, or `schema` of its database. */
MUST_CHECK int home_store(struct ctx *cx, const struct home *home, struct str file,
                          struct str schema, bool create, struct store **ret);

#endif
