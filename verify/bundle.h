/*
 * What a bundle proves: each check says one sentence, that it holds, that it is to be noted, or
 * that it failed. A check that fails does not end the others, as long as they can still be made.
 */
#ifndef ASSAY_VERIFY_BUNDLE_H
#define ASSAY_VERIFY_BUNDLE_H

#include "ledger/note.h"
#include "verify/entry.h"
#include "verify/zip.h"

enum said { SAID_HOLDS, SAID_NOTE, SAID_FAILED };

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

struct bundle {
    struct ctx *cx;
    const struct zip *zip;
    const struct options *options;
    struct saying *sayings;
    size_t saying_n, saying_room;
    struct checkpoint checkpoint;
    struct str note;
    struct note_key *keys; /* by which signatures are checked */
    size_t key_n;
    struct hash *leaves; /* checkpoint.size of them */
    struct str *entries; /* their bytes */
};

void bundle_say(struct bundle *bundle, enum said said, const char *format, ...) PRINTF_LIKE(3, 4);

/* All checks. RC_INVALID where the ZIP is no bundle at all. */
MUST_CHECK int bundle_check(struct bundle *bundle);

/* Their parts (bundle.c, tree.c, contents.c). */
MUST_CHECK int bundle_read(struct bundle *bundle, struct str name, struct str *ret);
MUST_CHECK int bundle_check_tree(struct bundle *bundle);
MUST_CHECK int bundle_check_contents(struct bundle *bundle);

/* The root of the first `size` leaves. */
struct hash bundle_root(const struct bundle *bundle, uint64_t size);

#endif
