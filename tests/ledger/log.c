/* The log in a store: what it gives is what the tree over its entries is. */
#include "ledger/log.h"

#include "register/record.h"
#include "tests/stores.h"

#define ORIGIN "assay.test/log/log1"

static struct str entry_at(struct ctx *cx, uint64_t n)
{
    return str_printf(cx->mem, "{\"n\":%llu}", (unsigned long long)n);
}

static struct log *begin(struct ctx *cx, struct store *store)
{
    CHECK_OK(record_migrate(cx, store, NULL, NULL));
    CHECK_OK(log_begin(cx, store, STR(ORIGIN)));
    return log_open(store);
}

static void append(struct ctx *cx, struct store *store, struct log *log, uint64_t from, uint64_t to)
{
    struct tx tx CLEANUP(tx_end) = {NULL, 0};

    CHECK_OK(tx_begin(cx, store, &tx));
    for (uint64_t n = from; n < to; n++)
        CHECK_OK(log_append(cx, log, n, entry_at(cx, n), STR("2026-11-30T10:00:00.000Z")));
    CHECK_OK(tx_commit(cx, &tx));
}

STORE_TEST(log_is_the_tree_of_its_entries)
{
    struct log *log = begin(cx, store);
    struct merkle_frontier tree = {.size = 0};
    struct merkle_made made[MERKLE_LEVELS];
    struct hash roots[40], root;
    struct log_head head;
    struct merkle_proof proof;

    append(cx, store, log, 0, 39);
    for (uint64_t n = 0; n < 39; n++) {
        const struct hash leaf = merkle_leaf(entry_at(cx, n));
        roots[n] = merkle_root(&tree);
        (void)merkle_append(&tree, &leaf, made);
    }
    roots[39] = merkle_root(&tree);
    CHECK_OK(log_head(cx, log, &head));
    CHECK_STR(head.origin, ORIGIN);
    CHECK_INT(head.frontier.size, 39);
    CHECK(merkle_same(&head.root, &roots[39]));
    for (uint64_t n = 0; n < 39; n++) {
        const struct hash leaf = merkle_leaf(entry_at(cx, n));
        CHECK_OK(log_root(cx, log, n, &root));
        CHECK(merkle_same(&root, &roots[n]));
        CHECK_OK(log_inclusion(cx, log, n, 39, &proof));
        CHECK(merkle_inclusion_holds(&leaf, n, 39, proof.items, proof.n, &roots[39]));
        CHECK_OK(log_consistency(cx, log, n, 39, &proof));
        CHECK(merkle_consistency_holds(n, &roots[n], 39, &roots[39], proof.items, proof.n));
    }
    log_close(log);
}

STORE_TEST(log_has_no_gap_and_no_end_beyond_its_own)
{
    struct log *log = begin(cx, store);
    struct merkle_proof proof;
    struct hash root;
    struct str entry, large = {arena_alloc(cx->mem, LOG_ENTRY_BYTES + 1), LOG_ENTRY_BYTES + 1};

    append(cx, store, log, 0, 3);
    CHECK_RC(log_append(cx, log, 5, entry_at(cx, 5), STR("x")), RC_FAIL);
    CHECK(str_has(cx->err.text, "has 3 entries, and version 6 was to come"));
    memset((char *)(uintptr_t)large.p, ' ', large.n);
    CHECK_RC(log_append(cx, log, 3, large, STR("x")), RC_LIMIT);
    CHECK_OK(log_entry(cx, log, 2, &entry));
    CHECK_STR(entry, "{\"n\":2}");
    CHECK_RC(log_entry(cx, log, 3, &entry), RC_NOT_FOUND);
    CHECK_RC(log_root(cx, log, 4, &root), RC_INVALID);
    CHECK_RC(log_inclusion(cx, log, 0, 4, &proof), RC_INVALID);
    CHECK_RC(log_begin(cx, store, STR(ORIGIN)), RC_CONFLICT);
    log_close(log);
}

/* What was taken back never was. */
STORE_TEST(log_goes_back_with_its_transaction)
{
    struct log *log = begin(cx, store);
    struct log_head before, after;

    append(cx, store, log, 0, 5);
    CHECK_OK(log_head(cx, log, &before));
    {
        struct tx tx CLEANUP(tx_end) = {NULL, 0};
        CHECK_OK(tx_begin(cx, store, &tx));
        CHECK_OK(log_append(cx, log, 5, entry_at(cx, 5), STR("x")));
    }
    CHECK_OK(log_head(cx, log, &after));
    CHECK(merkle_same(&before.root, &after.root));
    append(cx, store, log, 5, 9);
    log_close(log);
}
