/*
 * Records: the lines of the registers that an organisation keeps.
 *
 * A record has an `id` (26 characters, never used again: what other records, the ledger and URLs
 * name it by), a `ref` that is unique in its register and is what people say ("RISK-014"; given by
 * them or numbered), and a `rev` that counts its versions from 1. Its `body` is a map from field to
 * value. What a body holds for each type of field:
 *
 *     text, long_text, markdown   text
 *     date, instant               text: YYYY-MM-DD; YYYY-MM-DDTHH:MM:SS.sssZ
 *     choice                      text: the choice's id
 *     integer, score              integer
 *     decimal                     text: "12.5", at most three decimals, no needless zeros
 *     yes_no                      truth
 *     person, reference           text: the id of a record, or of a control; or {"said": text}:
 *                                 what an import brought that names no record that is there
 *     many_choice, people,        a list of these, sorted by bytes, each once; as given where
 *     references                  the field is `ordered`
 *     rows                        a list of maps, in order
 *     file                        {"bytes": integer, "name": text, "object": text, "type": text},
 *                                 where the object is the file's in the vault (record_file.h)
 *
 * A value of any type that was erased by a decision (record_erase.h) is {"erased": true}.
 *
 * Nothing said is no key: a body has no null, no empty text and no empty list. Text is UTF-8 of any
 * plane without NUL and control characters but tab and newline.
 *
 * record_write() is the only function that changes a record, but for record_erase(), which only
 * takes away. It checks, appends a version to `record_version` and brings the current tables (one a
 * register, made from its definition) in line, in one transaction. The current tables are a cache
 * of the last versions; record_doctor() compares. Removal is a version without a body; history
 * stays.
 *
 * Where the store has keys, the same transaction appends the version's entry to the ledger, and the
 * version holds only commitments to what is personal; what opens them lies beside it and can be
 * erased (docs/ledger.md). Whoever reads through this header gets bodies that are opened.
 *
 * A struct record_store is a view of an organisation's open store and belongs to its thread. All
 * that is given lives in cx->mem. Errors name register, record and field.
 */
#ifndef ASSAY_REGISTER_RECORD_H
#define ASSAY_REGISTER_RECORD_H

#include "ledger/keeper.h"
#include "register/register.h"

#define RECORD_ID_BYTES 26u
#define RECORD_REF_BYTES 120u
#define RECORD_TEXT_BYTES ((size_t)1024 * 1024) /* of one value */
#define RECORD_BODY_BYTES ((size_t)8 * 1024 * 1024)
#define RECORD_MANY 2000u /* values or rows of one field */

struct record_cache; /* statements that are ready to run again, and what tables look like */

/*
 * What holds the key that all others of an organisation are encrypted under: the keeper, or one of
 * a test. It outlives the stores that use it, whose threads may call it at once. A wrapped key is
 * text.
 */
struct record_keys {
    struct str origin; /* what a ledger is called that begins here */
    int (*wrap)(struct record_keys *keys, struct ctx *cx, const unsigned char *key,
                struct str *ret);
    int (*unwrap)(struct record_keys *keys, struct ctx *cx, struct str wrapped,
                  unsigned char *ret_key);
    /* As keeper_sign() and keeper_public(). */
    int (*sign)(struct record_keys *keys, struct ctx *cx, const struct checkpoint *checkpoint,
                keeper_prove *prove, void *arg, enum keeper_stand *ret_stand, struct str *ret_note);
    int (*public_keys)(struct record_keys *keys, struct ctx *cx, struct str origin, struct str *ret,
                       size_t *ret_n);
    /* As keeper_rotate_log() and keeper_links(); NULL for who has one key only. */
    int (*rotate)(struct record_keys *keys, struct ctx *cx, struct str origin);
    int (*links)(struct record_keys *keys, struct ctx *cx, struct str origin, struct str *ret,
                 size_t *ret_n);
};

/* Made by record_store_open(). */
struct record_store {
    struct store *store;
    const struct registers *registers;
    const struct record_coming *coming; /* what an import is about to write, or NULL */
    struct record_keys *keys; /* NULL for a copy without ledger, where nothing is sealed */
    struct record_cache *cache;
    struct record_together *together; /* record_together.h, or NULL */
};

/*
 * New records that one transaction is about to write, and that refer to one another in any order:
 * record_find() knows them first, by register and name (a ref or what the register is known by),
 * and a reference to their ids counts as there. What is known so far is asked through `find`: the
 * id of a name, "" where none has it; `has`: whether an id is one of them.
 */
struct record_coming {
    struct str (*find)(const struct record_coming *coming, const struct register_def *def,
                       struct str name);
    bool (*has)(const struct record_coming *coming, struct str id);
};

/* The cache has memory of its own and lives until record_store_close(), which comes before the
 * store is closed; data keys in it are then wiped. */
void record_store_open(struct store *store, const struct registers *registers,
                       struct record_keys *keys, struct record_store *ret);
void record_store_close(struct record_store *rs); /* may come twice */

/* Wipes the keys that it has at hand: before this process is copied for work with strangers. They
 * are asked for again when they are needed. */
void record_keys_forget(const struct record_store *rs);

/* Who acts: the id of the person's record ("" for the program itself), in which role, and how they
 * came: "local", "import", later "web" and others. */
struct record_actor {
    struct str person, role, via;
    bool independent; /* four eyes hold for the role even where the organisation has them off */
};

struct record {
    const struct register_def *def;
    struct str id, ref;
    int64_t rev, seq; /* seq: the version's number among all of the organisation's, from 1 */
    struct str at;    /* instant of this version */
    struct str actor, role, via;
    struct str act;           /* "init", "add", "set", "advance", "remove", "import", "erase" */
    const struct value *body; /* NULL where it was removed */
    bool erased;              /* fields that it had were erased since */
    struct str stored;        /* the body as the store has it, with what is personal sealed */
    struct str register_id;   /* also where `def` is NULL, as the register is gone */
};

/* ---- tables ---- */

/* Runs the numbered scripts of schema/organisation/ that the store has not had yet; RC_CONFLICT
 * where it has had some of a newer program. record_tables() begins with it. `before` is called with
 * `arg` for a store of an earlier program, as store_migrate() has it; it may be NULL. */
MUST_CHECK int record_migrate(struct ctx *cx, struct store *store, store_before *before, void *arg);

/* Makes or changes the tables of all registers so that they fit their definitions, in one
 * transaction. RC_CONFLICT, with the way out, for a change that would lose data: a field or
 * register with records that is gone, a type that holds less. A rename says `was:`. */
MUST_CHECK int record_tables(struct ctx *cx, const struct record_store *rs);

/* Tries the SQL of definitions that are the organisation's own, over tables that are there: it only
 * reads registers, and this store prepares it. RC_INVALID names the file and the place in it. */
MUST_CHECK int record_try(struct ctx *cx, const struct record_store *rs);

/* ---- reading ---- */

/* `as_of` is an instant, "" for now: the last version not after it. RC_NOT_FOUND where there is no
 * such record then, or it was removed. */
MUST_CHECK int record_read(struct ctx *cx, const struct record_store *rs,
                           const struct register_def *def, struct str id, struct str as_of,
                           struct record *ret);

/* The id of the record that `name` means: its id, its ref (case does not matter where it is
 * unambiguous), or what its register is `known_by`. RC_NOT_FOUND with the nearest ref, RC_CONFLICT
 * where several are meant. */
MUST_CHECK int record_find(struct ctx *cx, const struct record_store *rs,
                           const struct register_def *def, struct str name, struct str *ret_id);

/* The last version of a record not after the instant `as_of`, also one that removes it.
 * RC_NOT_FOUND where it was not there yet. */
MUST_CHECK int record_at(struct ctx *cx, const struct record_store *rs, struct str id,
                         struct str as_of, struct record *ret);

/* The last version not after `as_of` that has `name` for its ref, whatever the case of its letters:
 * of a record that is called so, or was until it was removed or given another. Without id where
 * there is none. What it costs grows with the versions of the register. */
MUST_CHECK int record_called(struct ctx *cx, const struct record_store *rs,
                             const struct register_def *def, struct str name, struct str as_of,
                             struct record *ret);

enum record_op { RECORD_IS, RECORD_IS_NOT, RECORD_LESS, RECORD_MORE, RECORD_HAS, RECORD_EMPTY };

struct record_filter {
    const struct register_field *field; /* NULL for ref */
    enum record_op op;
    bool or_equal;   /* of less and more */
    struct str text; /* parsed by the field's type */
};

struct record_query {
    const struct register_def *def;
    struct str as_of;
    const struct record_filter *filters; /* all must hold */
    size_t filter_n;
    const struct register_field *order; /* NULL for ref (numbers in it by their value) */
    bool descending;
    uint64_t skip, limit; /* limit of 0 for all */
    bool complete;        /* with what is computed, as record_complete() has it */
    bool storable;        /* of that only what may be stored as well, not what only follows */
    bool any_order;       /* whichever is quickest: `order` says nothing */
};

/* "level>=8", "owner=P04", "title~backup" (has), "due=" (empty), "status!=closed". */
MUST_CHECK int record_filter_parse(struct ctx *cx, const struct register_def *def, struct str text,
                                   struct record_filter *ret);

/* Calls `each` for the records in order; a negative code from it ends the listing and is given
 * back. The record lives until the call returns. */
typedef int record_each(void *arg, struct ctx *cx, const struct record *record);
MUST_CHECK int record_list(struct ctx *cx, const struct record_store *rs,
                           const struct record_query *query, record_each *each, void *arg);

/* The records of a register as they are now, in any order, with the texts, persons and references
 * of `fields` (by place) alone: quicker than record_list(), as no version is read. Of such a record
 * `def`, `id`, `ref` and `body` are set. One that has something in a field of these that takes many
 * or lines comes as a whole. */
MUST_CHECK int record_each_brief(struct ctx *cx, const struct record_store *rs,
                                 const struct register_def *def, const bool *fields,
                                 record_each *each, void *arg);

/* All of a record, in `mem`: of one that a listing gave, to be kept. */
struct record record_copy(struct arena *mem, const struct record *record);

/* How many records the query has without skip and limit. */
MUST_CHECK int record_count(struct ctx *cx, const struct record_store *rs,
                            const struct record_query *query, uint64_t *ret);

/* All versions of one record, oldest first. */
MUST_CHECK int record_history(struct ctx *cx, const struct record_store *rs, struct str id,
                              record_each *each, void *arg);

/* The removals of records of a register that were called so by their ref, or have it as their id,
 * in the order in which they were removed: versions without body. */
MUST_CHECK int record_removals(struct ctx *cx, const struct record_store *rs,
                               const struct register_def *def, struct str name, record_each *each,
                               void *arg);

/* Versions of all records, or of a register's (`def` not NULL), with a seq below `before` (0: from
 * the last), newest first, at most `limit`. What it costs does not grow with how many there are. */
MUST_CHECK int record_latest(struct ctx *cx, const struct record_store *rs,
                             const struct register_def *def, int64_t before, uint64_t limit,
                             record_each *each, void *arg);

/* The number of the last version of all, 0 where there is none: what is made of the records stands
 * as long as this does. */
MUST_CHECK int record_last_seq(struct ctx *cx, const struct record_store *rs, int64_t *ret);

/* The last version of every record of all registers, by seq; only those with a seq above
 * `after_seq`, and none after the instant `as_of` ("" for now). Removed ones come without body. */
MUST_CHECK int record_changes(struct ctx *cx, const struct record_store *rs, int64_t after_seq,
                              struct str as_of, record_each *each, void *arg);

/* Adds to a record's body what is computed (definitions' `computed:`) where nothing is stored. Of a
 * version that is not the last it is computed over all registers as they were then. today() is
 * cx->today: who asks for an earlier day sets it. */
MUST_CHECK int record_complete(struct ctx *cx, const struct record_store *rs,
                               struct record *record);

/* ---- several things of one moment ---- */

/*
 * Records as they were at the instant `as_of`, all registers of them; as they are where that is "".
 * What record_then_records() gives is asked as if it were now. Of the past it is a store of its
 * own, made when it is opened and gone when it is closed, into which nothing is written. It lives
 * in cx->mem; record_then_closep() ends it, whether or not opening it failed.
 */
struct record_then;
MUST_CHECK int record_then_open(struct ctx *cx, const struct record_store *rs, struct str as_of,
                                struct record_then **ret);
const struct record_store *record_then_records(const struct record_then *then);
void record_then_closep(struct record_then **then);

/* What a SELECT of a definition gives over the current tables: a list of rows as stmt_row() has
 * them. */
MUST_CHECK int record_select(struct ctx *cx, const struct record_store *rs, struct str sql,
                             struct value **ret);

/* The instant by which all was there that an import wrote together with the version `seq`. */
MUST_CHECK int record_settled(struct ctx *cx, const struct record_store *rs, int64_t seq,
                              struct str *ret);

/* ---- values ---- */

/* What `text` means for a field of a record that is kept, as people or files write it: a body's
 * value, NULL for nothing. `said`: names of records that are not there are taken as {"said": ...}
 * (imports); else they are errors. RC_INVALID names register and field and says what would do. Many
 * values stand one a line, or separated by ";" or "," where none of them has one. */
MUST_CHECK int record_parse(struct ctx *cx, const struct record_store *rs,
                            const struct register_def *def, const struct register_field *field,
                            struct str text, bool said, struct value **ret);

/* The same the other way: what people read, and what record_parse() takes back: refs for ids, one
 * value a line. */
MUST_CHECK int record_print(struct ctx *cx, const struct record_store *rs,
                            const struct register_field *field, const struct value *v,
                            struct str *ret);

/* A value from JSON (numbers, truths, lists, maps, refs in the place of ids) as a body has it. */
MUST_CHECK int record_value(struct ctx *cx, const struct record_store *rs,
                            const struct register_def *def, const struct register_field *field,
                            const struct value *given, bool said, struct value **ret);

/* What stands in a body for a value that was erased; whether a value is that; and what people read
 * in its place. */
struct value *record_erased_value(struct arena *mem);
bool record_is_erased(const struct value *v);
struct str record_erased_word(void);

/* The canonical JSON (RFC 8785) of a body. */
struct str record_json(struct arena *mem, const struct value *body);

/* What differs: a list of {field, label, was, now} in the order of the fields; `was` and `now` as
 * record_print() gives them. */
MUST_CHECK int record_diff(struct ctx *cx, const struct record_store *rs,
                           const struct register_def *def, const struct value *was,
                           const struct value *now, struct value **ret);

/* ---- writing ---- */

struct record_change {
    const struct register_def *def;
    struct str id;            /* "" for a new record */
    bool fresh;               /* `id` is a new record's, made by record_id_new() */
    struct str ref;           /* of a new one, or to change it; "" to be numbered, or to stay */
    int64_t rev;              /* that the writer saw; 0: whatever it is */
    const struct value *body; /* the whole of it; NULL removes the record */
    const char *act;
    struct record_actor actor;
    struct str key;            /* idempotency key, "" for none */
    const struct value *extra; /* stands in the ledger's entry for all to see, as `x`; or NULL */
    bool
        imported; /* may set the state, and {"said": ...}; neither guards nor four eyes are asked */
    bool again;   /* `ref` may be one that a removed record had */
};

/* Checks a body against its definition: appends {field, message} to `problems` for each. References
 * must be there, required fields filled, values within limits and of their type. */
MUST_CHECK int record_check(struct ctx *cx, const struct record_store *rs,
                            const struct record_change *change, struct value *problems);

/*
 * Writes one version. RC_INVALID where record_check() finds something (the first problem is the
 * message), RC_CONFLICT where `rev` is not the last any more (the message says who changed what
 * since), where the ref is taken, or was a removed record's (unless it follows from a field, or
 * `again` says that it is meant), where others refer to a record that is to be removed (names
 * them), or a guard or a state forbids it. The same key again gives the version that it wrote
 * before and changes nothing; with another content it is RC_CONFLICT. A body that is no change
 * writes nothing either.
 */
MUST_CHECK int record_write(struct ctx *cx, const struct record_store *rs,
                            const struct record_change *change, struct record *ret);

/* Moves a record to another state: what must be filled is, `body` (NULL for as it is) has what is
 * filled on the way, the actor's role may, and is not whom four eyes exclude (unless the
 * organisation switched that off, record `organisation`, field `four_eyes`). RC_DENIED or
 * RC_CONFLICT say which of these it was. */
MUST_CHECK int record_advance(struct ctx *cx, const struct record_store *rs,
                              const struct record_change *change, struct str to,
                              struct record *ret);

/* ---- the ledger (docs/ledger.md) ---- */

/* Writes down which keys sign the ledger: a record for each that followed on another, with what
 * both signed about it, and from which size on one has signed no more. So whoever has one of the
 * keys learns of the others. Nothing where all of it is recorded. */
MUST_CHECK int record_signing_keys(struct ctx *cx, const struct record_store *rs,
                                   const struct record_actor *actor);

/* Has a checkpoint signed where entries have come since the last one, and keeps it; `*ret` is its
 * size. Outside of transactions. Where the keeper refuses, as the ledger is not what it signed
 * before, that is the error. */
MUST_CHECK int record_checkpoint(struct ctx *cx, const struct record_store *rs, uint64_t *ret);

/*
 * Compares all that is stored with the ledger and the ledger with itself: entries, nodes, head and
 * checkpoints, every version with its entry, every opening with its commitment, keys, what the
 * keeper remembers, and the current tables with the versions. Appends {register, ref, rev, field,
 * message} (what applies of it) for each difference, at most a thousand. What was erased by a
 * decision that is recorded is none.
 */
MUST_CHECK int record_verify(struct ctx *cx, const struct record_store *rs, struct value *problems,
                             uint64_t *ret_entries);

/* ---- keeping it whole ---- */

/* Compares the current tables with the last versions, and these with the definitions: appends
 * {register, ref, message} for each difference. `mend` makes the current tables anew. */
MUST_CHECK int record_doctor(struct ctx *cx, const struct record_store *rs, bool mend,
                             struct value *problems);

/* A new id: 48 bits of time and 80 random ones, in base32 of lower-case letters and digits, so that
 * ids sort by their making. */
struct str record_id_new(struct ctx *cx);

#endif
