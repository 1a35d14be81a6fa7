/*
 * The vault: files of any size, encrypted, each written once under a random name and never changed.
 *
 * What stores them is a driver: a folder now; whatever else keeps objects by name can be one. The
 * rest is the same for all. vault_put() reads a file piece by piece, encrypts it on the way, and
 * returns once it is durable under its name: so that a transaction that names it comes after it,
 * and an object that no transaction names is garbage. vault_get() authenticates each piece before
 * it gives it away, and at the end all of it. Memory does not grow with the file.
 *
 * An object is sixteen bytes "assay-vault-1\n", padded with NUL, and then the file in pieces of one
 * mebibyte, the last of which is shorter (empty in an empty file), each followed by its tag of 16
 * bytes: AES-256-GCM with the nonce seven bytes of zero, the piece's number from 0 in four bytes,
 * most significant first, and one byte that is 1 in the last piece and else 0 (the STREAM
 * construction: no piece can be cut off, moved or repeated). Its key is HMAC-SHA256 of the data key
 * over "assay-vault-v1\n" and the object's id, so that no object can stand in another's place.
 *
 * A struct vault belongs to one thread; data keys are the caller's.
 */
#ifndef ASSAY_VAULT_VAULT_H
#define ASSAY_VAULT_VAULT_H

#include "base/base.h"

#define VAULT_ID_BYTES 32u /* lower-case hexadecimal digits: 128 random bits */
#define VAULT_KEY_BYTES 32u
#define VAULT_SALT_BYTES 32u
#define VAULT_PIECE ((size_t)1024 * 1024)
#define VAULT_MOST ((uint64_t)60 * 1024 * 1024 * 1024) /* bytes of one file */

struct vault;

/* What is known of an object; ids are text in an arena. */
struct vault_object {
    struct str id;
    uint64_t bytes; /* of the file */
    unsigned char salt[VAULT_SALT_BYTES];
    struct hash commitment; /* HMAC-SHA256 of the file under the salt */
};

/* ---- drivers ---- */

struct vault_place;    /* where objects are: the driver's */
struct vault_upload;   /* one that is being written */
struct vault_download; /* one that is being read */

struct vault_found {
    struct str id; /* or the name of an upload */
    uint64_t bytes;
    int64_t at_ms; /* when it was written */
    bool upload;   /* it was never finished */
};
typedef int vault_each(void *arg, struct ctx *cx, const struct vault_found *found);

struct vault_driver {
    int (*begin)(struct ctx *cx, struct vault_place *place, struct str id,
                 struct vault_upload **ret);
    int (*write)(struct ctx *cx, struct vault_upload *upload, const void *bytes, size_t n);
    /* Durable under its name; RC_CONFLICT where that is taken. An error of the disk is final. */
    int (*keep)(struct ctx *cx, struct vault_upload *upload);
    void (*drop)(struct vault_upload *upload); /* kept or not; NULL is fine */
    /* RC_NOT_FOUND where there is none. */
    int (*open)(struct ctx *cx, struct vault_place *place, struct str id,
                struct vault_download **ret);
    int (*read)(struct ctx *cx, struct vault_download *download, void *bytes, size_t n,
                size_t *ret_n); /* fewer than n at the end only */
    void (*close)(struct vault_download *download);
    int (*remove)(struct ctx *cx, struct vault_place *place, struct str id); /* gone is fine */
    int (*list)(struct ctx *cx, struct vault_place *place, vault_each *each, void *arg);
    void (*end)(struct vault_place *place);
};

/* The vault takes the place and ends it. */
MUST_CHECK int vault_new(struct ctx *cx, const struct vault_driver *driver,
                         struct vault_place *place, struct vault **ret);
void vault_free(struct vault *vault); /* NULL is fine */

/* In a folder, as FOLDER/XX/ID where XX are the first two digits: files 0600. The folder has to be
 * there when something is written. */
MUST_CHECK int vault_folder(struct ctx *cx, struct str folder, struct vault **ret);

/* ---- objects ---- */

bool vault_is_id(struct str id);

/* Stores all that `fd` gives from where it is. RC_LIMIT for more than VAULT_MOST. */
MUST_CHECK int vault_put(struct ctx *cx, struct vault *vault,
                         const unsigned char key[VAULT_KEY_BYTES], int fd,
                         struct vault_object *ret);

/* Gives the file to `take` piece by piece (NULL to check it only). RC_NOT_FOUND where the object is
 * gone; RC_INVALID where it was changed or is another file than its commitment says: what `take`
 * got then is worth nothing. */
typedef int vault_take(void *arg, struct ctx *cx, struct str piece);
MUST_CHECK int vault_get(struct ctx *cx, struct vault *vault,
                         const unsigned char key[VAULT_KEY_BYTES],
                         const struct vault_object *object, vault_take *take, void *arg);

/* For good. Whoever erases destroys the key as well. */
MUST_CHECK int vault_remove(struct ctx *cx, struct vault *vault, struct str id);

/* All that is there, in no order. */
MUST_CHECK int vault_list(struct ctx *cx, struct vault *vault, vault_each *each, void *arg);

#endif
