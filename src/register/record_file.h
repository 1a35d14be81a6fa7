/*
 * Files of records: what a field of the type `file` says, and its bytes in the organisation's
 * vault.
 *
 * A file is stored first (record_file_store(): durable, but nobody's), then a transaction writes
 * the record that names it:
 *
 *     record_file_store(cx, vault, fd, name, type, &file);
 *     TX(tx, cx, store);
 *     record_file_announce(cx, rs, &file, id);     the id that the record has or will have
 *     record_write(cx, rs, &change, &record);      with file.value in its body
 *     record_file_bind(cx, rs, &file, &record);
 *     tx_commit(cx, &tx);
 *
 * What is stored and then not written is garbage that record_files_scrub() takes away. An object
 * belongs to one record for good: versions of that record may name it, others may not. It is never
 * changed: another file is another object, and the old stays with the old version.
 *
 * The object has a key of its own, which is encrypted under the data key of the record or of the
 * person whom the record is about (docs/ledger.md). Who erases the one or the other erases the
 * file.
 */
#ifndef ASSAY_REGISTER_RECORD_FILE_H
#define ASSAY_REGISTER_RECORD_FILE_H

#include "register/record.h"
#include "vault/vault.h"

#define RECORD_FILE_OPEN_HOURS 24 /* garbage is older than that */

struct record_file {
    struct vault_object object;
    unsigned char key[VAULT_KEY_BYTES];
    struct value *value; /* of the field: {"bytes", "name", "object", "type"} */
};

/* Stores all that `fd` gives. `name` and `type` are for people: "access-review.pdf",
 * "application/pdf". */
MUST_CHECK int record_file_store(struct ctx *cx, struct vault *vault, int fd, struct str name,
                                 struct str type, struct record_file *ret);

/* See above. RC_CONFLICT where the store has no keys. */
MUST_CHECK int record_file_announce(struct ctx *cx, const struct record_store *rs,
                                    const struct record_file *file, struct str record);
MUST_CHECK int record_file_bind(struct ctx *cx, const struct record_store *rs,
                                const struct record_file *file, const struct record *record);
void record_file_wipe(struct record_file *file);

/* The bytes of a file field's value, piece by piece (`take` NULL to check them only), and what is
 * known of the object (`ret` may be NULL). RC_NOT_FOUND where it was erased (the message says so)
 * or is gone; RC_INVALID where it was changed. */
MUST_CHECK int record_file_read(struct ctx *cx, const struct record_store *rs, struct vault *vault,
                                const struct value *file, vault_take *take, void *arg,
                                struct vault_object *ret);

/* Whether a decision took an object away: its own key, or that of its person. RC_NOT_FOUND where
 * the store knows none. */
MUST_CHECK int record_file_erased(struct ctx *cx, const struct record_store *rs, struct str object,
                                  bool *ret);

/* What a record refers to, and so what its file shows: "For controls: 5.18, 8.2; For records: ..."
 */
MUST_CHECK int record_file_shows(struct ctx *cx, const struct record_store *rs,
                                 const struct record *record, struct str *ret);

/* Destroys an object's key and salt, within the transaction that records the decision. Its bytes go
 * by record_files_scrub(), or vault_remove() once that is committed. */
MUST_CHECK int record_file_erase(struct ctx *cx, const struct record_store *rs, struct str object);

/* ---- all of them ---- */

struct record_scrub {
    uint64_t objects, bytes; /* that were read and are whole */
    uint64_t removed;        /* garbage that was taken away */
    uint64_t young;          /* what nobody's is as yet */
};

/*
 * Reads every object that a record names and appends to `problems` a map {register, ref, message,
 * object, title} for each that is lost, changed or cannot be decrypted. With `sweep` takes away
 * erased objects, and those that nobody names and that are older than RECORD_FILE_OPEN_HOURS.
 * `read` false only looks whether they are there, in their size.
 */
MUST_CHECK int record_files_scrub(struct ctx *cx, const struct record_store *rs,
                                  struct vault *vault, bool read, bool sweep,
                                  struct value *problems, struct record_scrub *ret);

#endif
