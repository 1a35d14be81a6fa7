/*
 * What the files that keep records share: the shape of the tables that are made from definitions,
 * statements that are prepared once, versions as they are read, and the steps of a write.
 */
#ifndef ASSAY_REGISTER_RECORD_PARTS_H
#define ASSAY_REGISTER_RECORD_PARTS_H

#include "base/aead.h"
#include "ledger/log.h"
#include "register/internal.h"
#include "register/record.h"

#define RECORD_ORGANISATION "organisation" /* the register of the organisation itself */
#define RECORD_FOUR_EYES "four_eyes"       /* its field that switches four eyes off */
#define RECORD_SAID "said"
#define RECORD_INT_MOST ((int64_t)9007199254740991) /* beyond, JSON's numbers are not exact */
#define RECORD_KEY_BYTES 200u /* of a text or reference that a column is looked up by */

/* ---- the shape of tables, and their SQL (sql_kept.c) ---- */

enum kept_what {
    KEPT_ID,
    KEPT_N, /* of a line or value, from 1 */
    KEPT_REF,
    KEPT_REV,
    KEPT_ORDER,  /* the ref so that bytes sort it as people do, and find it */
    KEPT_NUMBER, /* of a ref that was numbered, or looks so */
    KEPT_VALUE,
    KEPT_SAID, /* of a person or reference that names no record */
    KEPT_FOLD, /* of a text that records are known by */
};

struct kept_column {
    struct str name;
    const char *parameter; /* the name, for stmt_bind_value() */
    enum kept_what what;
    const struct register_field *field; /* of the last three */
    bool integer, wanted, indexed;
    struct str to;   /* the register it refers to, "" for none */
    unsigned length; /* of a day or instant, else 0 */
};

/* A table of a register: its own, or that of a field with many values or rows. */
struct kept_table {
    struct str name;
    const struct register_field *field; /* NULL for the register's own */
    struct kept_column *columns;
    size_t n;
    struct str put, drop, get; /* SQL: insert a row; delete and select those of :id */
};

struct kept_shape {
    const struct register_def *def;
    struct kept_table *tables; /* the register's own first */
    size_t n;
};

/* Registers whose records are kept in tables of their own. */
bool record_is_kept(const struct register_def *def);

/* RC_INVALID with what to do instead. */
MUST_CHECK int record_must_be_kept(struct ctx *cx, const struct register_def *def);

/* Whether records are found by this field: a text that is among `known_by`. */
bool record_is_name(const struct register_def *def, const struct register_field *field);

/* Where a reference, person or what takes many of them leads to; NULL for a control and for what
 * is none. */
const struct register_def *record_target(const struct registers *registers,
                                         const struct register_field *field);

/* In `mem`. RC_INVALID for names that are too long for a database. */
MUST_CHECK int kept_shape_new(struct ctx *cx, struct arena *mem, const struct registers *registers,
                              const struct register_def *def, struct kept_shape **ret);

/* Scripts. Foreign keys stand within the tables where `keys`, else kept_keys_sql() adds them: to
 * the tables of `shape`, where they refer to `to` (NULL for all). */
struct str kept_create_sql(struct arena *mem, const struct kept_shape *shape, bool keys);
struct str kept_keys_sql(struct arena *mem, const struct kept_shape *shape,
                         const struct register_def *to);

/* Statements over a register's own table: */
struct str kept_by_sql(struct arena *mem, const struct register_def *def, const char *column);
struct str kept_same_sql(struct arena *mem, const struct register_def *def, struct str field);
struct str kept_refs_sql(struct arena *mem, const struct register_def *def);
struct str kept_any_sql(struct arena *mem, const struct register_def *def);
struct str kept_number_sql(struct arena *mem, const struct register_def *def);
/* The refs of other records whose column is, or whose list has, :value. */
struct str kept_referrers_sql(struct arena *mem, const struct register_def *def,
                              const struct kept_table *t, const struct kept_column *c, bool list);

/* A field as an earlier definition had it. */
struct kept_old {
    struct str table, field, inner; /* `inner`: of lines, a field in them; "" for none */
    bool side;                      /* it has a table of its own */
    bool said;                      /* and words beside it */
    bool value;                     /* only those with :value are meant */
};

/* How many records have it filled. */
struct str kept_filled_sql(struct arena *mem, const struct kept_old *old);
struct str kept_rows_sql(struct arena *mem, struct str table);
struct str kept_drop_sql(struct arena *mem, struct str table, bool cascade);
/* Rows of no version that is there. */
struct str kept_strays_sql(struct arena *mem, const struct register_def *def);

/* ---- lists (sql_query.c) ---- */

/* Conditions on records of a register, as SQL with what is bound to it. */
struct kept_query {
    struct arena *mem;
    const struct register_def *def;
    struct buf where, order;
    struct str names[2 * REGISTER_FIELDS];
    const struct value *values[2 * REGISTER_FIELDS];
    size_t n;
};

enum kept_op { KEPT_IS, KEPT_LESS, KEPT_LESS_OR_IS, KEPT_MORE, KEPT_MORE_OR_IS, KEPT_EMPTY };

void kept_query_new(struct arena *mem, const struct register_def *def, struct kept_query *ret);
/* `v` is a value as bodies have it (the ref's is its order). */
void kept_query_add(struct kept_query *q, const struct register_field *field, enum kept_op op,
                    bool not, const struct value *v);
/* By a field, or by the ref where that is NULL; absent values are last. */
void kept_query_order(struct kept_query *q, const struct register_field *field,
                      const struct register_def *target, bool descending);
/* Versions of the records, with the computed values behind RECORD_COLUMNS in the order of their
 * fields where `wanted` (NULL for none) says so; how many there are; and the computed values of :id
 * alone. */
typedef bool kept_wanted(const struct register_field *field);
struct str kept_list_sql(const struct kept_query *q, kept_wanted *wanted);
struct str kept_count_sql(const struct kept_query *q);
struct str kept_computed_sql(struct arena *mem, const struct register_def *def);
struct str kept_one_computed_sql(struct arena *mem, const struct register_def *def,
                                 const struct register_field *field);
/* id, ref, and the columns of these fields, with their words where they have some; of one that
 * takes many, 1 where it has any. */
struct str kept_brief_sql(struct arena *mem, const struct register_def *def, const bool *fields);
bool kept_has_said(const struct register_field *field);

/* ---- statements (record_store.c) ---- */

struct record_cached;

/* A statement that goes back to its cache at the scope's end: `KEPT(s)`, then s.s. */
struct kept_stmt {
    struct stmt *s;
    struct record_cached *of;
};

MUST_CHECK int record_prepare(struct ctx *cx, const struct record_store *rs, struct str sql,
                              struct kept_stmt *ret);
void kept_stmt_end(struct kept_stmt *stmt);

#define KEPT(name) CLEANUP(kept_stmt_end) struct kept_stmt name = {NULL, NULL}

MUST_CHECK int record_shape(struct ctx *cx, const struct record_store *rs,
                            const struct register_def *def, const struct kept_shape **ret);

/* After tables have changed. */
void record_forget(const struct record_store *rs);

/* Of the store's ledger; and its data keys. They live as long as the cache. */
struct record_secrets;
struct log *record_log(const struct record_store *rs);
struct record_secrets *record_secrets(const struct record_store *rs);

/* ---- refs and ids (record_id.c) ---- */

/* "risk-014" and "RISK-14" have the same; bytes sort numbers in it by their value. */
struct str record_ref_order(struct arena *mem, struct str ref);
/* NULL, or what is wrong with it. */
const char *record_ref_fault(struct str ref);
/* Whether `ref` is PREFIX-NUMBER, as refs that are given are. */
bool record_ref_number(const struct register_def *def, struct str ref, int64_t *ret);
bool record_is_id(struct str s);
/* The name folded as KEPT_FOLD has it. */
struct str record_fold(struct arena *mem, struct str text);

/* ---- versions (record_read.c) ---- */

#define RECORD_COLUMNS                                                                             \
    "v.register, v.id, v.ref, v.rev, v.seq, v.at, v.actor, v.role, v.via, v.act, v.body, "         \
    "(SELECT string_agg(o.field || ' ' || o.key || ' ' || o.value, ';') FROM opening o "           \
    "WHERE o.seq = v.seq AND o.field <> '')"

#define RECORD_COLUMN_N 12u

/* Calls `each` for the last version of each of a register's records with a seq of `most` or less,
 * removed ones too. It may run other statements meanwhile: versions are read some at a time. */
MUST_CHECK int record_each_last(struct ctx *cx, const struct record_store *rs,
                                const struct register_def *def, int64_t most, record_each *each,
                                void *arg);

/* The version in the present row of a statement that selects RECORD_COLUMNS, in `mem`. Its `def` is
 * NULL where its register is gone. */
MUST_CHECK int record_of_row(struct ctx *cx, struct arena *mem, const struct record_store *rs,
                             const struct stmt *s, struct record *ret);

/* The last version with a seq of `most` or less, removed ones without body. RC_NOT_FOUND. */
MUST_CHECK int record_last(struct ctx *cx, const struct record_store *rs, struct str id,
                           int64_t most, struct record *ret);

/* The seq of the last version not after an instant; INT64_MAX for "". */
MUST_CHECK int record_seq_at(struct ctx *cx, const struct record_store *rs, struct str as_of,
                             int64_t *ret);

/* The ref of a record, of whatever register and even where it was removed; "" where there never
 * was one. */
MUST_CHECK int record_ref_of(struct ctx *cx, const struct record_store *rs, struct str id,
                             struct str *ret);

/* record_find() of a name without blanks around it, where none is no error: "". */
MUST_CHECK int record_look_up(struct ctx *cx, const struct record_store *rs,
                              const struct register_def *def, struct str name, struct str *ret_id);

/* A body as the definition has it now: fields that are called otherwise since, single values where
 * many are taken now, whole numbers where decimals are. In `mem`. */
const struct value *record_fit(struct arena *mem, const struct register_def *def,
                               const struct value *body);

/* ---- files (record_file.c) ---- */

/* Whether an object of the vault is there and belongs to the record. */
MUST_CHECK int record_file_is_of(struct ctx *cx, const struct record_store *rs, struct str object,
                                 struct str record, bool *ret);
/* The commitment to the file of a record in 64 hexadecimal digits, "" where it has none. */
MUST_CHECK int record_file_commitment(struct ctx *cx, const struct record_store *rs,
                                      const struct record *record, struct str *ret);

/* Whether the row of a file that a version has is as that and its entry say (`blob` is the entry's
 * commitment, "" where it is to another file): "" or what is wrong. */
MUST_CHECK int record_file_verify(struct ctx *cx, const struct record_store *rs,
                                  const struct value *file, struct str record, struct str blob,
                                  struct str *ret_wrong);

/* ---- sealed values (record_seal.c) ---- */

/* By its id, or what it was called before; NULL also where `def` is. */
const struct register_field *record_field_called(const struct register_def *def, struct str key);

/* Whose key seals it: of the person that the record is about, else its own. */
struct str record_subject(struct arena *mem, const struct record *record);

/* Appends a version with its entry, sealed; as it is where the store has no keys. `before` is the
 * seq of the record's version before, or 0; `extra` as in struct record_change. */
MUST_CHECK int record_version_add(struct ctx *cx, const struct record_store *rs,
                                  const struct record *record, int64_t before,
                                  const struct value *extra);

/* Puts the entry and the openings of a version that is there as it is, and seals it. */
MUST_CHECK int record_version_seal(struct ctx *cx, const struct record_store *rs,
                                   const struct record *record, int64_t before,
                                   struct log_batch *batch);

/* Begins the ledger where there is none, with what is there; within a transaction. RC_FAIL where
 * the organisation had one. (record_adopt.c) */
MUST_CHECK int record_ledger_begin(struct ctx *cx, const struct record_store *rs);

/* Takes the ledger away, and all keys and openings. (replay_ledger.c) */
MUST_CHECK int replay_ledger_clear(struct ctx *cx, const struct record_store *rs);

/* Whether a body as it is stored has sealed fields. */
bool record_is_sealed(struct str stored);

/* A stored body with its fields opened, in `mem`, by what RECORD_COLUMNS gives of `opening`. What
 * was erased is record_erased_value(), and `record` says so. */
MUST_CHECK int record_unseal(struct ctx *cx, struct arena *mem, const struct record_store *rs,
                             struct record *record, struct str openings, const struct value *body,
                             struct value **ret);

/* The salt (bytes) and the JSON of one sealed field; `*ret_there` is false where it was erased. */
MUST_CHECK int record_open_field(struct ctx *cx, struct arena *mem, const struct record_store *rs,
                                 const struct record *record, struct str openings, struct str field,
                                 bool *ret_there, struct str *ret_salt, struct str *ret_json);

/* 64 hexadecimal digits: HMAC-SHA256 under the salt of a sealed body with its ref, and of the JSON
 * of a field. `sealed` is "" where the record was removed. */
struct str record_commitment(struct arena *mem, struct str salt, struct str sealed, struct str ref);
struct str record_field_commitment(struct arena *mem, struct str salt, struct str field,
                                   struct str json);

/* ---- verification beside versions and entries ---- */

/* Appends a problem for each time stamp that is not the one that came in. (record_verify_stamps.c)
 */
MUST_CHECK int record_verify_stamps(struct ctx *cx, const struct record_store *rs,
                                    struct value *problems);

/* And for each file of the organisation's own content that is not the one that was added.
 * (record_verify_content.c) */
MUST_CHECK int record_verify_content(struct ctx *cx, const struct record_store *rs,
                                     struct value *problems);

/* ---- keys (record_keys.c) ---- */

struct data_key {
    struct str id;
    unsigned char key[AEAD_KEY_BYTES];
};

struct record_secrets *record_secrets_new(void);
void record_secrets_free(struct record_secrets *secrets); /* wipes them; NULL is fine */
void record_secrets_forget(const struct record_store *rs);

/* The organisation's own key: a new one; one that is known; and as it is stored, "" for none. Keys
 * that the cache has are forgotten. */
MUST_CHECK int organisation_key_make(struct ctx *cx, const struct record_store *rs);
MUST_CHECK int organisation_key_put(struct ctx *cx, const struct record_store *rs,
                                    const unsigned char *key);
MUST_CHECK int organisation_key_wrapped(struct ctx *cx, const struct record_store *rs,
                                        struct str *ret);
MUST_CHECK int organisation_key_bare(struct ctx *cx, const struct record_store *rs,
                                     unsigned char *ret);

/* The key of what tells of a person or record, by its id. One is made where there is none; also of
 * a new record, which others of the same transaction may have told of before. */
MUST_CHECK int data_key_of(struct ctx *cx, const struct record_store *rs, struct str subject,
                           struct data_key *ret);

/* A key by its own id; `*ret_there` is false where it was erased. */
MUST_CHECK int data_key_read(struct ctx *cx, const struct record_store *rs, struct str id,
                             bool *ret_there, struct data_key *ret);

/* ---- current tables (record_rows.c) ---- */

/* What the column of a field holds of a value: null, integer or text. */
struct value *record_cell(struct arena *mem, const struct register_field *field,
                          const struct value *v);

MUST_CHECK int record_rows_put(struct ctx *cx, const struct record_store *rs,
                               const struct record *record);
MUST_CHECK int record_rows_drop(struct ctx *cx, const struct record_store *rs,
                                const struct register_def *def, struct str id);
/* Whether the tables hold exactly what they should of `record`; "" or the name of what differs. */
MUST_CHECK int record_rows_compare(struct ctx *cx, const struct record_store *rs,
                                   const struct record *record, struct str *ret_what);

/* ---- as of an instant (record_as_of.c) ---- */

/* A private store with registers as they were. */
struct record_snapshot {
    struct store *store; /* NULL before it is open */
    struct record_store records;
};

/* With the tables of `only` and of what it refers to, or of all registers where that is NULL.
 * record_snapshot_end() ends it, whether or not this failed. */
MUST_CHECK int record_snapshot_open(struct ctx *cx, const struct record_store *rs, struct str as_of,
                                    const struct register_def *only, struct record_snapshot *ret);
void record_snapshot_end(struct record_snapshot *snapshot);

/* ---- tables from versions (record_tables.c) ---- */

/* Makes the tables of a register anew. */
MUST_CHECK int record_rebuild(struct ctx *cx, const struct record_store *rs,
                              const struct register_def *const *defs, size_t n);

/* ---- bodies (record_check.c) ---- */

/* A body without nothing in it: many values in order and each once, texts without blanks at their
 * ends, names that stand in no register with single ones. */
const struct value *record_normal(struct arena *mem, const struct register_def *def,
                                  const struct value *body);

/* What was said in the place of a record that is not there: {"said": text}, with single blanks. */
struct value *record_said(struct arena *mem, struct str text);

/* Whether a text is what people read in the place of an erased value, in English or theirs. */
bool record_says_erased(struct str text);

/* Whether a value says nothing: none, null, an empty text, list or map. */
bool record_is_nothing(const struct value *v);

/* A text as bodies have it: "\n" ends its lines, and no blanks are at its ends. */
struct str record_plain(struct arena *mem, struct str text);

/* What a field takes, for messages: "a day such as 2026-11-30". */
struct str record_takes(struct arena *mem, const struct register_field *field);

/* As record_check(), where the last version (or NULL) and the id are known. `body` is normal. */
MUST_CHECK int record_problems(struct ctx *cx, const struct record_store *rs,
                               const struct record_change *change, const struct value *body,
                               const struct record *last, struct value *problems);

/* ---- writes (record_write.c) ---- */

/* What an idempotency key stands for; "" without one. */
struct str record_request(struct arena *mem, const struct record_change *change, struct str to);

/* Whether the key has made a version before; RC_CONFLICT where it stood for another request. */
MUST_CHECK int record_written(struct ctx *cx, const struct record_store *rs,
                              const struct record_change *change, struct str request,
                              bool *ret_done, struct record *ret);

/* Writes within the caller's transaction; `by` may change the state. */
MUST_CHECK int record_write_step(struct ctx *cx, const struct record_store *rs,
                                 const struct record_change *change,
                                 const struct register_transition *by, struct str request,
                                 struct record *ret);

/* Appends a version as it is: `stored`, or the body where that is empty. */
MUST_CHECK int record_version_put(struct ctx *cx, const struct record_store *rs,
                                  const struct record *record);

/* The number of the next version, and its instant, which is not before that of the version before.
 */
MUST_CHECK int record_version_next(struct ctx *cx, const struct record_store *rs, int64_t *ret_seq,
                                   struct str *ret_at);

/* A constant of a definition as a value of the field: "=today" and "=actor" are those. NULL where
 * it says nothing. */
MUST_CHECK int record_constant(struct ctx *cx, const struct record_store *rs,
                               const struct record_change *change,
                               const struct register_field *field, const struct value *constant,
                               struct value **ret);

/* RC_CONFLICT where a guard of its register forbids the record as the tables now have it; `was` is
 * the body before, NULL for a new one. */
MUST_CHECK int record_guards(struct ctx *cx, const struct record_store *rs, const struct value *was,
                             const struct record *record);

/* RC_CONFLICT where others refer to the record: names them. */
MUST_CHECK int record_unreferred(struct ctx *cx, const struct record_store *rs,
                                 const struct register_def *def, struct str id, struct str ref);

#endif
