#include "ledger/merkle.h"

#include <ftw.h>
#include <string.h>

#include "tests/harness.h"

#define VECTORS "tests/vectors/merkle/"

/* ---- a tree in memory, and the definition of RFC 9162 (2.1.1) to hold it against ---- */

#define LEAVES 300u

struct tree {
    struct merkle_frontier frontier;
    struct hash leaves[LEAVES];
    struct hash nodes[10][LEAVES]; /* complete ones */
};

static int read_node(void *arg, struct ctx *cx, unsigned level, uint64_t index, struct hash *ret)
{
    const struct tree *tree = arg;

    (void)cx;
    CHECK(level < 10 && (index + 1) << level <= tree->frontier.size);
    *ret = tree->nodes[level][index];
    return 0;
}

static struct tree *tree_of(struct ctx *cx, size_t n)
{
    struct tree *tree = ARENA_NEW(cx->mem, struct tree);
    struct merkle_made made[MERKLE_LEVELS];

    for (size_t i = 0; i < n; i++) {
        tree->leaves[i] = merkle_leaf(str_printf(cx->mem, "entry %zu", i));
        unsigned made_n = merkle_append(&tree->frontier, &tree->leaves[i], made);
        for (unsigned k = 0; k < made_n; k++)
            tree->nodes[made[k].level][made[k].index] = made[k].hash;
    }
    return tree;
}

static struct hash root_by_definition(const struct hash *leaves, size_t n)
{
    size_t left = 1;

    if (n == 0)
        return hash_sha256(NULL, 0);
    if (n == 1)
        return leaves[0];
    while (left * 2 < n)
        left *= 2;
    struct hash l = root_by_definition(leaves, left),
                r = root_by_definition(leaves + left, n - left);
    return merkle_node(&l, &r);
}

TEST(merkle_root_is_as_defined_at_every_size)
{
    struct tree *tree = tree_of(cx, LEAVES);
    struct merkle_frontier grown = {.size = 0};
    struct merkle_made made[MERKLE_LEVELS];

    for (size_t n = 0; n <= LEAVES; n++) {
        struct hash wanted = root_by_definition(tree->leaves, n), root = merkle_root(&grown), was;
        CHECK(merkle_same(&root, &wanted));
        CHECK_OK(merkle_root_of(cx, read_node, tree, n, &was));
        CHECK(merkle_same(&was, &wanted));
        if (n < LEAVES)
            (void)merkle_append(&grown, &tree->leaves[n], made);
    }
}

TEST(merkle_proofs_hold_for_all_sizes)
{
    struct tree *tree = tree_of(cx, 130);
    struct merkle_proof proof;
    struct hash roots[131];

    for (size_t n = 0; n <= 130; n++)
        roots[n] = root_by_definition(tree->leaves, n);
    for (size_t n = 0; n <= 130; n++) {
        for (size_t i = 0; i < n; i++) {
            CHECK_OK(merkle_inclusion(cx, read_node, tree, i, n, &proof));
            CHECK(merkle_inclusion_holds(&tree->leaves[i], i, n, proof.items, proof.n, &roots[n]));
        }
        for (size_t m = 0; m <= n; m++) {
            CHECK_OK(merkle_consistency(cx, read_node, tree, m, n, &proof));
            CHECK(merkle_consistency_holds(m, &roots[m], n, &roots[n], proof.items, proof.n));
        }
    }
    CHECK_RC(merkle_inclusion(cx, read_node, tree, 7, 7, &proof), RC_INVALID);
    CHECK_RC(merkle_consistency(cx, read_node, tree, 8, 7, &proof), RC_INVALID);
}

static void flip(struct hash *hash, size_t bit)
{
    hash->b[bit / 8] ^= (unsigned char)(1u << bit % 8);
}

/* Every bit of every hash, and every other index and size. */
TEST(merkle_no_changed_proof_of_inclusion_holds)
{
    struct tree *tree = tree_of(cx, 16);
    struct merkle_proof proof;

    for (size_t n = 1; n <= 16; n++) {
        struct hash root = root_by_definition(tree->leaves, n);
        for (size_t i = 0; i < n; i++) {
            CHECK_OK(merkle_inclusion(cx, read_node, tree, i, n, &proof));
            for (size_t bit = 0; bit < proof.n * 256; bit++) {
                flip(&proof.items[bit / 256], bit % 256);
                CHECK(!merkle_inclusion_holds(&tree->leaves[i], i, n, proof.items, proof.n, &root));
                flip(&proof.items[bit / 256], bit % 256);
            }
            for (size_t other = 0; other < 20; other++)
                CHECK(merkle_inclusion_holds(&tree->leaves[i], other, n, proof.items, proof.n,
                                             &root) == (other == i));
            CHECK(!merkle_inclusion_holds(&tree->leaves[i], i, n, proof.items, proof.n + 1, &root));
            if (proof.n > 0)
                CHECK(!merkle_inclusion_holds(&tree->leaves[i], i, n, proof.items, proof.n - 1,
                                              &root));
        }
    }
}

TEST(merkle_no_changed_proof_of_consistency_holds)
{
    struct tree *tree = tree_of(cx, 16);
    struct merkle_proof proof;

    for (size_t n = 1; n <= 16; n++) {
        for (size_t m = 1; m < n; m++) {
            struct hash root = root_by_definition(tree->leaves, n),
                        old = root_by_definition(tree->leaves, m);
            CHECK_OK(merkle_consistency(cx, read_node, tree, m, n, &proof));
            for (size_t bit = 0; bit < proof.n * 256; bit++) {
                flip(&proof.items[bit / 256], bit % 256);
                CHECK(!merkle_consistency_holds(m, &old, n, &root, proof.items, proof.n));
                flip(&proof.items[bit / 256], bit % 256);
            }
            CHECK(!merkle_consistency_holds(m, &root, n, &old, proof.items, proof.n));
            CHECK(!merkle_consistency_holds(n, &old, m, &root, proof.items, proof.n));
            CHECK(!merkle_consistency_holds(m, &old, n, &root, proof.items, proof.n - 1));
        }
    }
}

/* ---- known answers ---- */

static bool hash_given(struct ctx *cx, const struct value *v, struct hash *ret)
{
    struct str bytes;

    if (!base64_decode(cx->mem, value_as_text(v), &bytes) || bytes.n != HASH_BYTES)
        return false;
    memcpy(ret->b, bytes.p, HASH_BYTES);
    return true;
}

static bool proof_given(struct ctx *cx, const struct value *list, struct merkle_proof *ret)
{
    ret->n = 0;
    if (value_count(list) > MERKLE_PROOF)
        return false;
    for (size_t i = 0; i < value_count(list); i++)
        if (!hash_given(cx, value_at(list, i), &ret->items[ret->n++]))
            return false;
    return true;
}

static bool holds(struct ctx *cx, const struct value *v)
{
    struct merkle_proof proof;
    struct hash a, b;

    if (!proof_given(cx, value_get(v, "proof"), &proof))
        return false;
    if (value_get(v, "leafHash") != NULL)
        return hash_given(cx, value_get(v, "leafHash"), &a) &&
               hash_given(cx, value_get(v, "root"), &b) &&
               merkle_inclusion_holds(&a, (uint64_t)value_get_int(v, "leafIdx", 0),
                                      (uint64_t)value_get_int(v, "treeSize", 0), proof.items,
                                      proof.n, &b);
    return hash_given(cx, value_get(v, "root1"), &a) && hash_given(cx, value_get(v, "root2"), &b) &&
           merkle_consistency_holds((uint64_t)value_get_int(v, "size1", 0), &a,
                                    (uint64_t)value_get_int(v, "size2", 0), &b, proof.items,
                                    proof.n);
}

static struct ctx *walking;
static size_t vectors;

static int one_vector(const char *path, const struct stat *info, int type, struct FTW *at)
{
    struct ctx *cx = walking;
    struct value *v;

    (void)info;
    if (type != FTW_F || at->level < 2 || strstr(path, ".json") == NULL)
        return 0;
    /* Its roots have 12 bytes and it says that it holds; a root of ours has 32. */
    if (strstr(path, "sizes-are-equal-one-and-proof-is-empty") != NULL)
        return 0;
    struct str text = test_read_file(cx, path);
    if (json_parse(cx, path, text, &v) != 0) { /* an index that no integer holds */
        cx->err = (struct err){0};
        CHECK(str_has(text, "\"wantErr\": true"));
    } else if (holds(cx, v) == value_get_bool(v, "wantErr")) {
        test_failed(__FILE__, __LINE__, "%s", path);
    }
    vectors++;
    return 0;
}

TEST(merkle_agrees_with_the_vectors_of_others)
{
    walking = cx;
    vectors = 0;
    CHECK(nftw(VECTORS, one_vector, 16, FTW_PHYS) == 0);
    CHECK_INT(vectors, 195);
}

static struct str unhex(struct arena *mem, struct str hex)
{
    char *bytes = arena_alloc(mem, hex.n / 2 + 1);

    for (size_t i = 0; i + 1 < hex.n; i += 2) {
        const char digits[] = {hex.p[i], hex.p[i + 1], '\0'};
        bytes[i / 2] = (char)strtoul(digits, NULL, 16);
    }
    return (struct str){bytes, hex.n / 2};
}

TEST(merkle_roots_of_the_reference_tree)
{
    struct merkle_frontier frontier = {.size = 0};
    struct merkle_made made[MERKLE_LEVELS];
    struct value *v;

    CHECK_OK(json_parse(cx, "roots.json", test_read_file(cx, VECTORS "roots.json"), &v));
    const struct value *inputs = value_get(v, "leaf_inputs_hex"),
                       *roots = value_get(v, "roots_by_size");
    CHECK_INT(value_count(roots), 9);
    for (size_t i = 0; i < value_count(roots); i++) {
        struct hash root = merkle_root(&frontier);
        struct str wanted = unhex(cx->mem, value_as_text(value_at(roots, i)));
        CHECK(wanted.n == HASH_BYTES && memcmp(wanted.p, root.b, HASH_BYTES) == 0);
        if (i < value_count(inputs)) {
            struct hash leaf = merkle_leaf(unhex(cx->mem, value_as_text(value_at(inputs, i))));
            (void)merkle_append(&frontier, &leaf, made);
        }
    }
}
