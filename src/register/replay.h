/*
 * Versions as they are, out of a store and into another: for archives, backups and moves.
 *
 * replay_read() gives every version of a register's records by its number, so that memory does not
 * grow with how many there are. replay_write() puts one down exactly as it is given, and checks
 * nothing that record_write() would: replay_finish() makes the current tables and the index of
 * words of it all, and compares. Both ends run in a transaction of the caller's.
 */
#ifndef ASSAY_REGISTER_REPLAY_H
#define ASSAY_REGISTER_REPLAY_H

#include "register/record.h"

/* The ids of all registers that have versions, sorted: texts. */
MUST_CHECK int replay_registers(struct ctx *cx, const struct record_store *rs, struct value **ret);

/* `id` is a register's; each() gets its versions in order; those of removed registers have no def.
 */
MUST_CHECK int replay_read(struct ctx *cx, const struct record_store *rs, struct str id,
                           record_each *each, void *arg);

/* All of a version: {seq, id, ref, rev, at, actor, role, via, act, body}, and `sealed`, the JSON of
 * the body as it is stored. */
struct value *replay_value(struct arena *mem, const struct record *record);

/* One number for all versions of all registers, in hexadecimal digits: the same in two stores where
 * every version is. */
MUST_CHECK int replay_digest(struct ctx *cx, const struct record_store *rs, struct str *ret,
                             uint64_t *ret_versions);

/* Whether the organisation has no more than it was made with: the first version of its own record,
 * of a person and of a membership. */
MUST_CHECK int replay_is_empty(struct ctx *cx, const struct record_store *rs, bool *ret);

/* Takes away every version and record, the ledger and the keys. */
MUST_CHECK int replay_clear(struct ctx *cx, const struct record_store *rs);

/* As it is stored where that is given, else its body. RC_CONFLICT where its number is there
 * already. */
MUST_CHECK int replay_write(struct ctx *cx, const struct record_store *rs,
                            const struct record *record);

/* Versions that were put down without a ledger, in archives of earlier programs, get their entries
 * in it, and what is personal is sealed. */
MUST_CHECK int record_adopt(struct ctx *cx, const struct record_store *rs);

/* The last number that refs of a register were given, and setting it. */
MUST_CHECK int replay_number(struct ctx *cx, const struct record_store *rs, struct str id,
                             int64_t *ret);
MUST_CHECK int replay_set_number(struct ctx *cx, const struct record_store *rs, struct str id,
                                 int64_t number);

/* ---- the ledger and what opens it ---- */

/* Tables that go with the versions as they are, by name, ended by NULL; each() gets every row. */
extern const char *const replay_tables[];
typedef int replay_each(void *arg, struct ctx *cx, const struct value *row);
MUST_CHECK int replay_rows(struct ctx *cx, const struct record_store *rs, const char *table,
                           replay_each *each, void *arg);
MUST_CHECK int replay_row(struct ctx *cx, const struct record_store *rs, const char *table,
                          const struct value *row);

/* {origin, size, root, at} of the ledger. */
MUST_CHECK int replay_head(struct ctx *cx, const struct record_store *rs, struct value **ret);

/* A ledger in the place of the one that is there: begun under its origin, with entries one after
 * the other, and RC_INVALID where its root is then another than the head's. */
struct log_batch;
MUST_CHECK int replay_ledger_begin(struct ctx *cx, const struct record_store *rs,
                                   const struct value *head, struct log_batch *batch);
MUST_CHECK int replay_ledger_entry(struct ctx *cx, const struct record_store *rs,
                                   struct log_batch *batch, struct str entry);
MUST_CHECK int replay_ledger_end(struct ctx *cx, const struct record_store *rs,
                                 const struct value *head, struct log_batch *batch);

/* The organisation's key, as the keeper has encrypted it or `bare` (Base64), and setting it.
 * RC_NOT_FOUND where this home's keeper cannot decrypt it. */
MUST_CHECK int replay_key(struct ctx *cx, const struct record_store *rs, bool bare,
                          struct str *ret);
MUST_CHECK int replay_set_key(struct ctx *cx, const struct record_store *rs, bool bare,
                              struct str key);

/* RC_INVALID with the first problem where the versions are no whole records. */
MUST_CHECK int replay_finish(struct ctx *cx, const struct record_store *rs);

#endif
