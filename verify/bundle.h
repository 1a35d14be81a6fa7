/*
 * What a bundle proves: each check says one sentence, that it holds, that it is to be noted, or
 * that it failed. A check that fails does not end the others, as long as they can still be made.
 *
 * The order: the manifest (what is in the bundle), the entries and the tree over them, records and
 * evidence against the entries, then who signed, what was signed before, and stamps. Keys come
 * late since later ones are introduced by entries that earlier ones signed.
 */
#ifndef ASSAY_VERIFY_BUNDLE_H
#define ASSAY_VERIFY_BUNDLE_H

#include "ledger/note.h"
#include "verify/entry.h"
#include "verify/work.h"
#include "verify/zip.h"

enum said { SAID_HOLDS, SAID_INFO, SAID_NOTE, SAID_FAILED };

struct saying {
    enum said said;
    struct str text;
};

struct options {
    struct note_key *keys; /* that the auditor has from elsewhere */
    size_t key_n;
    struct str *previous; /* checkpoints that he kept, whole notes */
    size_t previous_n;
};

/* What is kept of an entry. */
struct known {
    struct hash body;   /* its commitment */
    uint64_t record[2]; /* which record of which register, as a hash under a key of this run */
    int64_t before;
    uint32_t rev;
    bool has_blob, shown, erases;
    bool last; /* no later entry is about the record */
};

struct blob {
    uint64_t n; /* the entry */
    struct hash commitment;
    struct str ref;     /* of the record, where its version is shown */
    bool shown, erased; /* the file itself: by this entry or another that commits to it */
};

/* A file of evidence, as the bundle tells of it; which entry it belongs to was checked. */
struct evidence {
    uint64_t n;
    struct str path, ref, name, title, shows; /* `path` is that of a folder where it was erased */
    bool erased;
};

/* A field whose salt an entry says was erased. */
struct erased {
    uint64_t seq;
    struct str field;
};

/* When the entries of a tile were made. */
struct span {
    char first[24], last[24];
    unsigned back_n; /* how often the clock went back within it, and before which entry first */
    uint64_t back_at;
};

/* A key that an entry introduces, or ends. */
struct key_entry {
    uint64_t n;
    struct note_key key;
    bool ends;
    uint64_t from, until;   /* it signs nothing smaller than the one, nor from the other on */
    struct note_key before; /* that it follows on, where `linked`: both have signed that */
    bool linked;
};

struct bundle {
    struct ctx *cx;
    const struct zip *zip;
    const struct options *options;
    void *lock; /* of what threads share: the lists below and the memory of `cx` */
    struct saying *sayings;
    size_t saying_n, saying_room;

    struct value *manifest;
    struct checkpoint checkpoint;
    struct str note;

    struct known *known; /* checkpoint.size of them */
    struct span *spans;  /* of tiles of entries */
    struct hash *tops;   /* of the full tiles of entries, and above them of each level of tiles */
    unsigned char place_key[16];
    struct blob *blobs; /* by entry */
    size_t blob_n, blob_room;
    struct evidence *evidence; /* by entry, once contents are checked */
    size_t evidence_n, evidence_room;
    struct erased *erased; /* by version, then field */
    size_t erased_n, erased_room;
    struct key_entry *key_entries;
    size_t key_entry_n, key_entry_room;

    size_t versions, files, opened, sealed, erased_fields, erased_files;

    size_t outside_n; /* anchors: checkpoints from outside that held */
    uint64_t outside_size;
    size_t stamp_n; /* stamps that are of checkpoints of this ledger */
    struct str stamp_at;
    uint64_t stamp_size; /* entries before the latest of them */
    bool own_keys;
};

void bundle_say(struct bundle *bundle, enum said said, const char *format, ...) PRINTF_LIKE(3, 4);

/* A check of many parts, done: says each failure. True where there was none. */
bool bundle_holds(struct bundle *bundle, const struct work *work);

/* All checks. RC_INVALID where the ZIP is no bundle at all. */
MUST_CHECK int bundle_check(struct bundle *bundle);

/* ---- its parts ---- */

/* A member's bytes, in the memory of `cx`. */
MUST_CHECK int bundle_read(struct bundle *bundle, struct ctx *cx, struct str name, struct str *ret);

MUST_CHECK int bundle_check_manifest(struct bundle *bundle); /* manifest.c */
MUST_CHECK int bundle_check_tree(struct bundle *bundle);     /* tree.c */
void bundle_check_contents(struct bundle *bundle);           /* contents.c */
void bundle_check_signers(struct bundle *bundle);            /* signers.c */
void bundle_check_stamps(struct bundle *bundle);             /* stamps.c */

/* The root of the first `size` entries. */
MUST_CHECK int bundle_root(struct bundle *bundle, uint64_t size, struct hash *ret);

/* Whether entry `n` is about this record. */
bool bundle_is_record(struct bundle *bundle, struct arena *mem, uint64_t n, struct str reg,
                      struct str record);

/* Whether an entry says that the salt of this field was erased. */
bool bundle_is_erased(const struct bundle *bundle, uint64_t seq, struct str field);

/* "1 entry", "2 entries". */
const char *bundle_entries(struct arena *mem, uint64_t n);

#endif
