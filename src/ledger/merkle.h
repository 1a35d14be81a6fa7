/*
 * The Merkle tree of RFC 9162, section 2.1, over SHA-256: what makes a log of entries provable.
 *
 * The tree of `size` leaves is known by its root. Its complete subtrees, of 2^level leaves each,
 * are its nodes: node (level, index) stands over the leaves from index * 2^level on. A node that is
 * complete never changes, so that appending a leaf writes the leaf's own node and those that it
 * completes, and proofs are made from stored nodes. A frontier (the roots of the complete subtrees
 * of which the whole is made, one for each bit of the size) is enough to append and to know the
 * root.
 *
 * Nothing here allocates but proofs, fails but by the caller's reading, or knows what entries are.
 * It is pure: the verifier uses it without a database.
 */
#ifndef ASSAY_LEDGER_MERKLE_H
#define ASSAY_LEDGER_MERKLE_H

#include "base/base.h"

#define MERKLE_LEVELS 63u                 /* sizes stay below 2^63 */
#define MERKLE_PROOF (2u * MERKLE_LEVELS) /* hashes that no proof exceeds */

struct hash merkle_leaf(struct str entry); /* SHA-256(0x00 || entry) */
struct hash merkle_node(const struct hash *left, const struct hash *right); /* (0x01 || l || r) */
bool merkle_same(const struct hash *a, const struct hash *b);

/* ---- growing ---- */

struct merkle_frontier {
    uint64_t size;
    struct hash roots[MERKLE_LEVELS]; /* by level: of the complete subtree where bit `level` of the
                                         size is set, else anything */
};

/* A node that an appended leaf completed, from the leaf's own upwards. */
struct merkle_made {
    unsigned level;
    uint64_t index;
    struct hash hash;
};

/* Appends a leaf; `made` takes up to MERKLE_LEVELS nodes, the return value says how many. */
unsigned merkle_append(struct merkle_frontier *frontier, const struct hash *leaf,
                       struct merkle_made *made);

/* The root; of no leaves SHA-256(""). */
struct hash merkle_root(const struct merkle_frontier *frontier);

/* ---- proofs ---- */

struct merkle_proof {
    struct hash items[MERKLE_PROOF];
    size_t n;
};

/* Reads a complete node. */
typedef int merkle_read(void *arg, struct ctx *cx, unsigned level, uint64_t index,
                        struct hash *ret);

/* The root of the first `size` leaves, from complete nodes: what it was when there were so many. */
MUST_CHECK int merkle_root_of(struct ctx *cx, merkle_read *read, void *arg, uint64_t size,
                              struct hash *ret);

/* That leaf `index` is in the tree of `size`. RC_INVALID where it cannot be. */
MUST_CHECK int merkle_inclusion(struct ctx *cx, merkle_read *read, void *arg, uint64_t index,
                                uint64_t size, struct merkle_proof *ret);

/* That the tree of `size` begins with all of the tree of `old`. RC_INVALID unless old <= size. */
MUST_CHECK int merkle_consistency(struct ctx *cx, merkle_read *read, void *arg, uint64_t old,
                                  uint64_t size, struct merkle_proof *ret);

/* Whether a proof holds (RFC 9162, 2.1.3.2 and 2.1.4.2). A consistency proof from 0 is empty and
 * holds where the old root is that of no leaves. */
bool merkle_inclusion_holds(const struct hash *leaf, uint64_t index, uint64_t size,
                            const struct hash *proof, size_t n, const struct hash *root);
bool merkle_consistency_holds(uint64_t old, const struct hash *old_root, uint64_t size,
                              const struct hash *root, const struct hash *proof, size_t n);

#endif
