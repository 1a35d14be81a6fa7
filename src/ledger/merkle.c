#include "ledger/merkle.h"

#include <string.h>

struct hash merkle_leaf(struct str entry)
{
    return hash_sha256((struct str[]){{"\0", 1}, entry}, 2);
}

static struct str bytes_of(const struct hash *hash)
{
    return (struct str){(const char *)hash->b, sizeof hash->b};
}

struct hash merkle_node(const struct hash *left, const struct hash *right)
{
    return hash_sha256((struct str[]){{"\1", 1}, bytes_of(left), bytes_of(right)}, 3);
}

bool merkle_same(const struct hash *a, const struct hash *b)
{
    return memcmp(a->b, b->b, sizeof a->b) == 0;
}

/* ---- growing ---- */

unsigned merkle_append(struct merkle_frontier *frontier, const struct hash *leaf,
                       struct merkle_made *made)
{
    uint64_t index = frontier->size;
    struct hash hash = *leaf;
    unsigned level = 0;

    for (;; level++, index >>= 1) {
        made[level] = (struct merkle_made){level, index, hash};
        if ((index & 1) == 0)
            break;
        hash = merkle_node(&frontier->roots[level], &hash);
    }
    frontier->roots[level] = hash;
    frontier->size++;
    return level + 1;
}

struct hash merkle_root(const struct merkle_frontier *frontier)
{
    struct hash root = hash_sha256(NULL, 0);
    bool any = false;

    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        if ((frontier->size >> level & 1) == 0)
            continue;
        root = any ? merkle_node(&frontier->roots[level], &root) : frontier->roots[level];
        any = true;
    }
    return root;
}

/* ---- proofs ---- */

struct source {
    struct ctx *cx;
    merkle_read *read;
    void *arg;
};

/* The largest power of two below n, for n > 1, as its exponent. */
static unsigned split_level(uint64_t n)
{
    return 63 - (unsigned)__builtin_clzll(n - 1);
}

/* The root over the leaves [from, from + n), where `from` is a multiple of the largest power of two
 * not above n: complete subtrees from left to right. */
static int range_root(const struct source *source, uint64_t from, uint64_t n, struct hash *ret)
{
    struct hash parts[MERKLE_LEVELS];
    size_t part_n = 0;

    while (n > 0) {
        unsigned level = 63 - (unsigned)__builtin_clzll(n);
        TRY(source->read(source->arg, source->cx, level, from >> level, &parts[part_n++]));
        from += (uint64_t)1 << level;
        n -= (uint64_t)1 << level;
    }
    struct hash root = parts[part_n - 1];
    for (size_t i = part_n - 1; i-- > 0;)
        root = merkle_node(&parts[i], &root);
    *ret = root;
    return 0;
}

int merkle_root_of(struct ctx *cx, merkle_read *read, void *arg, uint64_t size, struct hash *ret)
{
    if (size == 0) {
        *ret = hash_sha256(NULL, 0);
        return 0;
    }
    return range_root(&(struct source){cx, read, arg}, 0, size, ret);
}

/* Proofs are found from the root down and stand from the leaf up. */
static void reverse(struct merkle_proof *proof)
{
    for (size_t i = 0; i < proof->n / 2; i++) {
        struct hash last = proof->items[proof->n - 1 - i];
        proof->items[proof->n - 1 - i] = proof->items[i];
        proof->items[i] = last;
    }
}

int merkle_inclusion(struct ctx *cx, merkle_read *read, void *arg, uint64_t index, uint64_t size,
                     struct merkle_proof *ret)
{
    const struct source source = {cx, read, arg};
    struct merkle_proof proof = {.n = 0};
    uint64_t from = 0, n = size;

    if (index >= size || size >> MERKLE_LEVELS != 0)
        return fail(cx, RC_INVALID, NULL, _("There is no entry %llu among %llu."),
                    (unsigned long long)index, (unsigned long long)size);
    while (n > 1) {
        uint64_t left = (uint64_t)1 << split_level(n);
        bool right = index >= from + left;
        TRY(range_root(&source, right ? from : from + left, right ? left : n - left,
                       &proof.items[proof.n++]));
        from = right ? from + left : from;
        n = right ? n - left : left;
    }
    reverse(&proof);
    *ret = proof;
    return 0;
}

int merkle_consistency(struct ctx *cx, merkle_read *read, void *arg, uint64_t old, uint64_t size,
                       struct merkle_proof *ret)
{
    const struct source source = {cx, read, arg};
    struct merkle_proof proof = {.n = 0};
    uint64_t from = 0, n = size, m = old;

    if (old > size || size >> MERKLE_LEVELS != 0)
        return fail(cx, RC_INVALID, NULL,
                    _("A ledger of %llu entries cannot have begun with %llu."),
                    (unsigned long long)size, (unsigned long long)old);
    /* SUBPROOF(m, D[n], b) of RFC 9162, 2.1.4.1: b is true as long as `from` is 0. */
    while (old > 0 && m < n) {
        uint64_t left = (uint64_t)1 << split_level(n);
        bool right = m > left;
        TRY(range_root(&source, right ? from : from + left, right ? left : n - left,
                       &proof.items[proof.n++]));
        from = right ? from + left : from;
        m = right ? m - left : m;
        n = right ? n - left : left;
    }
    if (from > 0)
        TRY(range_root(&source, from, n, &proof.items[proof.n++]));
    reverse(&proof);
    *ret = proof;
    return 0;
}

/* ---- checking ---- */

bool merkle_inclusion_holds(const struct hash *leaf, uint64_t index, uint64_t size,
                            const struct hash *proof, size_t n, const struct hash *root)
{
    struct hash r = *leaf;
    uint64_t fn = index, sn = size - 1;

    if (index >= size)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (sn == 0)
            return false;
        if ((fn & 1) != 0 || fn == sn) {
            r = merkle_node(&proof[i], &r);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            r = merkle_node(&r, &proof[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && merkle_same(&r, root);
}

/* The case of two trees that are both there and differ in size. */
static bool grown_holds(uint64_t old, const struct hash *old_root, uint64_t size,
                        const struct hash *root, const struct hash *proof, size_t n)
{
    uint64_t fn = old - 1, sn = size - 1;
    bool whole = (old & (old - 1)) == 0; /* then the old root is the first hash */
    size_t at = whole ? 0 : 1;
    struct hash fr = whole ? *old_root : proof[0], sr = fr;

    for (; (fn & 1) != 0; fn >>= 1)
        sn >>= 1;
    for (; at < n; at++, fn >>= 1, sn >>= 1) {
        if (sn == 0)
            return false;
        if ((fn & 1) == 0 && fn != sn) {
            sr = merkle_node(&sr, &proof[at]);
            continue;
        }
        fr = merkle_node(&proof[at], &fr);
        sr = merkle_node(&proof[at], &sr);
        while ((fn & 1) == 0 && fn != 0) {
            fn >>= 1;
            sn >>= 1;
        }
    }
    return sn == 0 && merkle_same(&fr, old_root) && merkle_same(&sr, root);
}

bool merkle_consistency_holds(uint64_t old, const struct hash *old_root, uint64_t size,
                              const struct hash *root, const struct hash *proof, size_t n)
{
    struct hash none = hash_sha256(NULL, 0);

    if (old == size)
        return n == 0 && merkle_same(old_root, root);
    if (old == 0)
        return n == 0 && merkle_same(old_root, &none);
    return old < size && n > 0 && grown_holds(old, old_root, size, root, proof, n);
}
