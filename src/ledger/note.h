/*
 * Signed notes (C2SP signed-note) and the checkpoints that are written as such (C2SP
 * tlog-checkpoint): three lines of text that say which log, how many entries and which root, with
 * Ed25519 signatures below. Third-party tools read them.
 *
 *     assay.example/brackwater/log1
 *     1042
 *     fR5yj7...=
 *
 *     — assay.example/brackwater/log1 Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJur...
 *
 * Public keys are texts, "NAME+ID+BASE64", where ID are eight hexadecimal digits that follow from
 * name and key. A signature by a key that nobody gave is passed over; one by a known key that does
 * not hold makes the note invalid.
 */
#ifndef ASSAY_LEDGER_NOTE_H
#define ASSAY_LEDGER_NOTE_H

#include "base/ed25519.h"
#include "ledger/merkle.h"

#define NOTE_BYTES 65536u
#define NOTE_SIGNATURES 64u

struct note_key {
    struct str name;
    uint32_t id;
    unsigned char public_key[ED25519_KEY_BYTES];
};

/* A public key's text, and back. RC_INVALID for a bad name, another algorithm, an id that is not
 * the key's. Names have no space, no "+" and no control character. */
MUST_CHECK int note_key_parse(struct ctx *cx, struct str text, struct note_key *ret);
struct str note_key_text(struct arena *mem, const struct note_key *key);

bool note_key_same(const struct note_key *a, const struct note_key *b);

/* The key that belongs to 32 secret bytes (the seed of RFC 8032). */
MUST_CHECK int note_key_of(struct ctx *cx, struct str name, const unsigned char *secret,
                           struct note_key *ret);

/* `text` (which ends with a newline) signed with 32 secret bytes: the whole note. */
MUST_CHECK int note_sign(struct ctx *cx, struct str text, const struct note_key *key,
                         const unsigned char *secret, struct str *ret);

/* What a note says, once at least one of `keys` signed it; `signed_by` has a truth for each key.
 * RC_INVALID for what is no note or has a wrong signature, RC_DENIED where none of the keys signed.
 */
MUST_CHECK int note_open(struct ctx *cx, struct str note, const struct note_key *keys, size_t key_n,
                         bool *signed_by, struct str *ret_text);

/* ---- keys that follow on one another ---- */

/*
 * When a log gets another key, both sign a note about it: whoever trusts one of them may trust the
 * other.
 *
 *     assay-ledger-key-v1
 *     THE OLD KEY
 *     THE NEW KEY
 */
#define NOTE_LINK_LINES 6u /* with its signatures */
struct str note_link_text(struct arena *mem, const struct note_key *old,
                          const struct note_key *now);
/* RC_INVALID where it is no such note, or one of the two did not sign it, or their names differ. */
MUST_CHECK int note_link_parse(struct ctx *cx, struct str note, struct note_key *ret_old,
                               struct note_key *ret_now);

/* ---- checkpoints ---- */

struct checkpoint {
    struct str origin;
    uint64_t size;
    struct hash root;
};

struct str checkpoint_text(struct arena *mem, const struct checkpoint *checkpoint);

/* RC_INVALID for another form: an origin that is no name as keys have, a size with leading zeros, a
 * root of another length. Further lines
 * are passed over. */
MUST_CHECK int checkpoint_parse(struct ctx *cx, struct str text, struct checkpoint *ret);

#endif
