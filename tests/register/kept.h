/* Registers of an organisation in a store, for tests of records: a small set of definitions with
 * everything that a field can be. */
#ifndef ASSAY_TESTS_REGISTER_KEPT_H
#define ASSAY_TESTS_REGISTER_KEPT_H

#include "register/record.h"
#include "tests/stores.h"

struct kept {
    struct ctx *cx;
    struct host host; /* a clock that goes on by a second at each look, and a counter */
    int64_t now;
    uint64_t random;
    struct store *store;
    struct record_store rs;
    struct str anna, ben; /* persons, P-01 and P-02 */
};

/* In the place of a keeper: what wraps keys under one that everybody knows. */
extern struct record_keys kept_keys;

/* Definitions as text by file name, ended by NULL: {"registers/thing.yaml", "...", NULL}. */
MUST_CHECK int kept_registers(struct ctx *cx, const char *const *files,
                              const struct registers **ret);

/* The definitions of these tests. */
extern const char *const kept_files[];

/* The tables of them in a store, and two persons. KEPT_TEST() opens and closes them. */
struct kept *kept_open(struct ctx *cx, struct store *store);
/* The same with the registers that are inside the program. */
struct kept *kept_open_ours(struct ctx *cx, struct store *store);
/* And with one more, of the organisation's own: registers/own/ID.yaml. */
struct kept *kept_open_own(struct ctx *cx, struct store *store, const char *name, struct str yaml);
void kept_close(struct kept *k);

/* A test on each database. */
#define KEPT_TEST(test_name) KEPT_TEST_OF(test_name, kept_open)
/* The same with the registers that are inside the program. */
#define OURS_TEST(test_name) KEPT_TEST_OF(test_name, kept_open_ours)

#define KEPT_TEST_OF(test_name, open)                                                              \
    static void test_name##_kept(struct ctx *cx, struct kept *k);                                  \
    STORE_TEST(test_name)                                                                          \
    {                                                                                              \
        struct kept *k = open(cx, store);                                                          \
        test_name##_kept(cx, k);                                                                   \
        kept_close(k);                                                                             \
    }                                                                                              \
    static void test_name##_kept(UNUSED struct ctx *cx, UNUSED struct kept *k)

/* What a change's fields of files name is there, as if it had been stored for the record, which
 * gets an id where it has none. */
void kept_objects(struct kept *k, struct record_change *change);

/* One record from YAML text of its fields, by record_value(); a failure of the test unless `rc`. */
int kept_put(struct kept *k, const char *register_id, struct str id, const char *yaml,
             struct record *ret);
struct str kept_add(struct kept *k, const char *register_id, const char *yaml); /* its id */

const struct register_def *kept_def(const struct kept *k, const char *register_id);
/* A body from YAML text. */
MUST_CHECK int kept_body(struct kept *k, const struct register_def *def, const char *yaml,
                         struct value **ret);

/* The refs of a listing, separated by blanks. */
struct str kept_list(struct kept *k, const struct record_query *query);
/* The same with conditions, as people write them, ended by NULL; `order` is a field or NULL. */
struct str kept_query(struct kept *k, const char *register_id, const char *as_of, const char *order,
                      const char *const *conditions);

/* record_doctor() has nothing to say. */
void kept_healthy(struct kept *k);

/* What record_verify() finds, "REF FIELD: MESSAGE" a line; "" where all holds. */
struct str kept_verified(struct kept *k);

#endif
