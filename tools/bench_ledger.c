/*
 * assay-bench-ledger: how long it takes to write records that are proven, and to prove them.
 *
 *   assay-bench-ledger FOLDER [COUNT]      (default: 1000000)
 *
 * Makes a store in FOLDER, which is there, and writes COUNT whole records into it, in transactions
 * of 64 that each wait for the disk. Prints one figure a line; ratios are to SQLite alone, which
 * saves as many rows of the same bytes in as many transactions, and to SHA-256 alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/aead.h"
#include "ledger/log.h"
#include "register/record.h"
#include "register/record_together.h"
#include "standard/content.h"

#define GROUP 64u
#define PARTS 10u
#define PROOFS 2000u

struct bench {
    struct ctx cx;
    const char *folder;
    const struct registers *registers;
    struct store *store;
    struct record_store rs;
    uint64_t count;
    struct str person;
    uint64_t entry_bytes;
};

static double clock_of(clockid_t id)
{
    struct timespec t;

    (void)clock_gettime(id, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double now(void)
{
    return clock_of(CLOCK_MONOTONIC);
}

/* What hangs less on other work of the machine. */
static double computed(void)
{
    return clock_of(CLOCK_PROCESS_CPUTIME_ID);
}

/* ---- a key that is no secret ---- */

static const unsigned char known_key[AEAD_KEY_BYTES] = "a key that everybody knows";

static int wrap(UNUSED struct record_keys *keys, struct ctx *cx, const unsigned char *key,
                struct str *ret)
{
    struct str plain = {(const char *)key, AEAD_KEY_BYTES}, sealed;

    TRY(aead_seal(cx, known_key, STR_NONE, plain, &sealed));
    *ret = base64_encode(cx->mem, sealed);
    return 0;
}

static int unwrap(UNUSED struct record_keys *keys, struct ctx *cx, struct str wrapped,
                  unsigned char *ret_key)
{
    struct str sealed, plain;

    if (!base64_decode(cx->mem, wrapped, &sealed) ||
        !aead_open(cx->mem, known_key, STR_NONE, sealed, &plain) || plain.n != AEAD_KEY_BYTES)
        return fail(cx, RC_FAIL, NULL, "no key");
    memcpy(ret_key, plain.p, plain.n);
    return 0;
}

static struct record_keys keys = {
    .origin = {"assay.test/bench/log1", 21}, .wrap = wrap, .unwrap = unwrap};

/* ---- records ---- */

static struct str file_in(struct bench *b, const char *name)
{
    return str_printf(b->cx.mem, "%s/%s", b->folder, name);
}

static struct value *risk(struct bench *b, struct arena *mem, uint64_t i)
{
    struct value *body = value_map(mem);

    value_set_text(body, "description",
                   str_printf(mem, "Somebody steals laptop %llu and reads what customers sent",
                              (unsigned long long)i));
    value_set_text(body, "owner", b->person);
    value_set_int(body, "likelihood", 1 + (int64_t)(i % 5));
    value_set_int(body, "consequence", 1 + (int64_t)(i % 4));
    value_set_text(body, "treatment", STR("modify"));
    return body;
}

static int write_one(struct bench *b, const char *name, const struct value *body, struct ctx *cx,
                     struct record *ret)
{
    struct record_change change = {.def = registers_find(b->registers, str_of(name)),
                                   .body = body,
                                   .act = "add",
                                   .actor = {.role = STR("owner"), .via = STR("local")}};

    return record_write(cx, &b->rs, &change, ret);
}

static int write_risk(struct bench *b, uint64_t i)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    struct ctx cx = b->cx;
    struct record record;

    cx.mem = mem;
    int rc = write_one(b, "risk", risk(b, mem, i), &cx, &record);

    return rc == 0 ? 0 : fail(&b->cx, rc, NULL, "%.*s", STR_ARG(cx.err.text));
}

/* As writer.c does it. */
static int write_group(struct bench *b, uint64_t from, uint64_t to)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    struct ctx cx = b->cx;
    struct record_together together;

    cx.mem = mem;
    TX(tx, &b->cx, b->store);
    TRY(record_together_begin(&cx, &b->rs, &together));
    for (uint64_t i = from; i < to; i++)
        TRY(write_risk(b, i));
    TRY(record_together_end(&cx, &b->rs));
    return tx_commit(&b->cx, &tx);
}

/* By tenths, so that one sees whether the last takes as long as the first. */
static int write_all(struct bench *b, double *ret)
{
    double began = now(), part = began;

    for (uint64_t i = 0; i < b->count; i += GROUP) {
        uint64_t to = i + GROUP < b->count ? i + GROUP : b->count;
        TRY(write_group(b, i, to));
        if (to * PARTS / b->count == i * PARTS / b->count)
            continue;
        printf("  %llu records: %.0f a second\n", (unsigned long long)to,
               (double)b->count / PARTS / (now() - part));
        (void)fflush(stdout);
        part = now();
    }
    *ret = now() - began;
    return 0;
}

static int make(struct bench *b)
{
    struct record person;
    struct value *body = value_map(b->cx.mem);
    struct content content;

    TRY(content_open(&b->cx, NULL, &content));
    TRY(registers_load(&b->cx, &content, &b->registers));
    TRY(store_open(&b->cx, file_in(b, "records.db").p, STORE_CREATE, &b->store));
    record_store_open(b->store, b->registers, &keys, &b->rs);
    TRY(record_tables(&b->cx, &b->rs));
    value_set_text(body, "name", STR("Ann Lee"));
    TRY(write_one(b, "person", body, &b->cx, &person));
    b->person = person.id;
    return 0;
}

/* ---- SHA-256 alone, and SQLite alone ---- */

static int hash_all(struct bench *b, double *ret)
{
    struct hash root;
    bool row;
    STMT(s);

    *ret = 0;
    TRY(store_prepare(&b->cx, b->store, STR("SELECT bytes FROM ledger_entry ORDER BY n"), &s));
    for (;;) {
        CLEANUP(arena_freep) struct arena *mem = arena_new(0);
        TRY(stmt_step(&b->cx, s, &row));
        if (!row)
            return 0;
        struct str bytes = stmt_text(mem, s, 0);
        b->entry_bytes += bytes.n;
        double began = now();
        root = merkle_leaf(bytes);
        *ret += now() - began;
        if (root.b[0] == 0 && root.b[1] == 0 && root.b[2] == 0 && root.b[3] == 0)
            printf("%s", ""); /* so that it is not left out */
    }
}

static int bare_group(struct bench *b, struct store *store, struct stmt *s, uint64_t from,
                      struct str bytes)
{
    TX(tx, &b->cx, store);
    for (uint64_t i = from; i < from + GROUP; i++) {
        TRY(stmt_bind_int(&b->cx, s, "n", (int64_t)i));
        TRY(stmt_bind_text(&b->cx, s, "bytes", bytes));
        TRY(stmt_run(&b->cx, s));
    }
    return tx_commit(&b->cx, &tx);
}

/* A row of as many bytes as a record takes in the other store. */
static int bare(struct bench *b, uint64_t bytes, double *ret)
{
    CLEANUP(store_closep) struct store *store = NULL;
    struct buf text = buf_new(b->cx.mem);
    STMT(s);

    while (text.n < bytes)
        buf_char(&text, 'x');
    TRY(store_open(&b->cx, file_in(b, "bare.db").p, STORE_CREATE, &store));
    TRY(store_exec(&b->cx, store, "t",
                   STR("CREATE TABLE t (n INTEGER PRIMARY KEY, bytes TEXT NOT NULL) STRICT")));
    TRY(store_prepare(&b->cx, store, STR("INSERT INTO t (n, bytes) VALUES (:n, :bytes)"), &s));
    double began = now();

    for (uint64_t i = 0; i < b->count; i += GROUP)
        TRY(bare_group(b, store, s, i, buf_str(&text)));
    *ret = now() - began;
    stmt_freep(&s);
    return 0;
}

/* ---- proofs ---- */

static int prove_one(struct bench *b, struct log *log, const struct log_head *head, uint64_t n)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    struct ctx cx = b->cx;
    struct merkle_proof proof;
    struct str entry;

    cx.mem = mem;
    TRY(log_entry(&cx, log, n, &entry));
    TRY(log_inclusion(&cx, log, n, head->frontier.size, &proof));
    struct hash leaf = merkle_leaf(entry);

    return merkle_inclusion_holds(&leaf, n, head->frontier.size, proof.items, proof.n, &head->root)
               ? 0
               : fail(&b->cx, RC_FAIL, NULL, "a proof does not hold");
}

static int prove(struct bench *b, double *ret)
{
    struct log *log = log_open(b->store);
    struct log_head head;
    int rc = log_head(&b->cx, log, &head);
    double began = now();

    for (uint64_t i = 0; rc == 0 && i < PROOFS; i++)
        rc = prove_one(b, log, &head, i * 7919 % head.frontier.size);
    *ret = (now() - began) / PROOFS;
    log_close(log);
    return rc;
}

static uint64_t size_of(struct bench *b, const char *name)
{
    struct stat st;

    return stat(file_in(b, name).p, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static int run(struct bench *b)
{
    double wrote, alone, hashed, proof, computing;

    TRY(make(b));
    computing = computed();
    TRY(write_all(b, &wrote));
    computing = computed() - computing;
    uint64_t bytes = size_of(b, "records.db") / b->count;

    TRY(bare(b, bytes, &alone));
    printf("write: %.0f records a second, SQLite alone %.0f, ratio %.1f\n",
           (double)b->count / wrote, (double)b->count / alone, wrote / alone);
    printf("computing: %.3f ms a record, so that %.0f a second are the most\n",
           computing * 1e3 / (double)b->count, (double)b->count / computing);
    printf("space: %llu bytes a record\n", (unsigned long long)bytes);
    TRY(hash_all(b, &hashed));
    printf("SHA-256 alone over all entries: %.2f s, %llu bytes an entry, ratio %.0f\n", hashed,
           (unsigned long long)(b->entry_bytes / b->count), wrote / hashed);
    TRY(prove(b, &proof));
    printf("inclusion proof, made and checked: %.3f ms\n", proof * 1e3);
    return 0;
}

int main(int argc, char **argv)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new((size_t)8 << 30);
    struct bench b = {.cx = {.mem = mem, .today = {2026, 11, 30}}};

    if (argc < 2) {
        (void)fprintf(stderr, "usage: assay-bench-ledger FOLDER [COUNT]\n");
        return 2;
    }
    b.folder = argv[1];
    b.count = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000000;
    int rc = b.count < GROUP ? fail(&b.cx, RC_INVALID, NULL, "at least 64") : run(&b);

    record_store_close(&b.rs);
    store_close(b.store);
    if (rc < 0)
        (void)fprintf(stderr, "%.*s\n", STR_ARG(b.cx.err.text));
    return rc < 0;
}
