/*
 * assay-bench-home: how long a large home takes.
 *
 *   assay-bench-home FOLDER [RISKS [EVIDENCE]]      (default: 10000 100000)
 *
 * Makes a home in FOLDER, or takes the one that it made there before, and prints one figure a line;
 * ratios are to SQLite alone, doing the same reads and writes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "judge/home.h"
#include "op/home.h"

#define PEOPLE 40
#define CONTROLS 34
#define READS 2000

struct bench {
    struct ctx cx;
    struct organisation *org;
    struct str person[PEOPLE], control[CONTROLS];
    struct str *ids; /* of risks, then of evidence */
    size_t risks, evidence;
    const struct rules *rules;
    struct judge_home *judge;
    double computed; /* by the judgement before */
};

static double now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* What this process and its children have computed, which other work on the machine changes
 * little. */
static double computed(void)
{
    double ms = 0;

    for (int who = RUSAGE_CHILDREN; who <= RUSAGE_SELF; who++) {
        struct rusage usage;

        (void)getrusage(who, &usage);
        ms += (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
              (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
    }
    return ms;
}

static long peak_mb(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

/* ---- records ---- */

static struct value *risk_body(struct bench *b, struct arena *mem, size_t i, int64_t likelihood)
{
    struct value *body = value_map(mem), *controls = value_list(mem);

    value_set_text(body, "description",
                   str_printf(mem, "Somebody steals laptop %zu and reads what customers sent", i));
    value_set_text(body, "owner", b->person[i % PEOPLE]);
    value_set_int(body, "likelihood", likelihood);
    value_set_int(body, "consequence", 1 + (int64_t)(i % 4));
    value_set_text(body, "treatment", STR("modify"));
    value_push(controls, value_text(mem, b->control[i % CONTROLS]));
    value_set(body, "controls", controls);
    value_set_text(body, "residual_accepted_by", b->person[i % PEOPLE]);
    value_set_text(body, "residual_accepted_on", STR("2026-09-01"));
    return body;
}

static struct value *soa_body(struct arena *mem, size_t i)
{
    struct value *body = value_map(mem);

    value_set_text(body, "control", str_printf(mem, "A.8.%zu", 1 + i));
    value_set_bool(body, "applicable", true);
    value_set_text(body, "justification", STR("Risks of many kinds need it"));
    value_set_text(body, "status", STR("implemented"));
    return body;
}

static struct value *evidence_body(struct arena *mem, size_t i, const char *what)
{
    struct value *body = value_map(mem), *supports = value_list(mem);

    value_set_text(body, "title", str_printf(mem, "%s %zu", what, i));
    value_set_text(body, "collected_on", STR("2026-10-01"));
    value_push(supports, value_text(mem, str_printf(mem, "A.8.%zu", 1 + i % CONTROLS)));
    value_set(body, "supports", supports);
    return body;
}

static int write_one(struct bench *b, struct ctx *cx, const char *name, struct str id,
                     const struct value *body, struct record *ret)
{
    struct record_change change = {.def = registers_find(b->org->standard->registers, str_of(name)),
                                   .id = id,
                                   .body = body,
                                   .act = id.n > 0 ? "set" : "add",
                                   .actor = {.role = STR("owner"), .via = STR("local")}};

    return record_write(cx, &b->org->records, &change, ret);
}

/* Adds a record in memory of its own, and keeps its id. */
static int add(struct bench *b, const char *name, size_t i, struct str *ret_id)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    struct ctx cx = b->cx;
    struct value *body = value_map(mem);
    struct record record;

    cx.mem = mem;
    if (strcmp(name, "risk") == 0)
        body = risk_body(b, mem, i, 1 + (int64_t)(i % 5));
    else if (strcmp(name, "evidence") == 0)
        body = evidence_body(mem, i, "Export of logs");
    else if (strcmp(name, "risk_method") == 0)
        value_set_text(body, "combine", STR("product"));
    else if (strcmp(name, "soa_entry") == 0)
        body = soa_body(mem, i);
    else
        value_set_text(body, "name", str_printf(mem, "Person %zu", i));
    int rc = write_one(b, &cx, name, STR_NONE, body, &record);

    if (rc < 0)
        return fail(&b->cx, RC_FAIL, NULL, "%.*s", STR_ARG(cx.err.text));
    *ret_id = str_copy(b->cx.mem, record.id);
    return 0;
}

static int fill(struct bench *b)
{
    TX(tx, &b->cx, b->org->store);

    b->ids = arena_array(b->cx.mem, b->risks + b->evidence + 1, sizeof *b->ids);
    for (size_t i = 0; i < PEOPLE; i++)
        TRY(add(b, "person", i, &b->person[i]));
    for (size_t i = 0; i < CONTROLS; i++)
        TRY(add(b, "soa_entry", i, &b->control[i]));
    TRY(add(b, "risk_method", 0, &b->ids[0]));
    for (size_t i = 0; i < b->risks; i++)
        TRY(add(b, "risk", i, &b->ids[i]));
    for (size_t i = 0; i < b->evidence; i++)
        TRY(add(b, "evidence", i, &b->ids[b->risks + i]));
    return tx_commit(&b->cx, &tx);
}

/* ---- one record ---- */

static int read_bare(struct bench *b, struct ctx *cx, struct str id)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, b->org->store,
                      STR("SELECT body FROM record_version WHERE id = :id ORDER BY rev DESC "
                          "LIMIT 1"),
                      &s));
    TRY(stmt_bind_text(cx, s, "id", id));
    TRY(stmt_step(cx, s, &row));
    return row && stmt_text(cx->mem, s, 0).n > 0 ? 0 : fail(cx, RC_NOT_FOUND, NULL, "not there");
}

static int read_some(struct bench *b, bool bare, double *ret_ms)
{
    const struct register_def *def = registers_find(b->org->standard->registers, STR("risk"));
    double from = now();

    for (size_t i = 0; i < READS; i++) {
        CLEANUP(arena_freep) struct arena *mem = arena_new(0);
        struct ctx cx = b->cx;
        struct str id = b->ids[i * 7919 % b->risks];
        struct record record;

        cx.mem = mem;
        TRY(bare ? read_bare(b, &cx, id)
                 : record_read(&cx, &b->org->records, def, id, STR_NONE, &record));
    }
    *ret_ms = (now() - from) / READS;
    return 0;
}

/* ---- judging ---- */

static int judge(struct bench *b, struct ctx *cx)
{
    struct judge_request request = {.stage = JUDGE_STAGE2, .today = cx->today};

    return judge_home_judge(cx, b->judge, &request, value_map(cx->mem), NULL);
}

static int judge_all(struct bench *b, double *ret_put, double *ret_all)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new((size_t)4 << 30);
    struct ctx cx = b->cx;
    double from = now(), before = computed();

    cx.mem = mem;
    TRY(judge_home_new(&b->cx, b->org->standard, b->org->standard->registers, b->rules, &b->judge));
    TRY(judge_home_put_all(&cx, b->judge, &b->org->records, STR_NONE));
    *ret_put = now() - from;
    int rc = judge(b, &cx);

    *ret_all = now() - from;
    b->computed = computed() - before;
    return rc < 0 ? fail(&b->cx, RC_FAIL, NULL, "%.*s", STR_ARG(cx.err.text)) : 0;
}

/* All bodies read, and a row written for each. */
static int copy_bare(struct bench *b, double *ret_ms)
{
    CLEANUP(store_closep) struct store *to = NULL;
    struct arena *mem = b->cx.mem;
    struct ctx *own = &b->cx;
    double from = now();
    bool row;
    STMT(read);
    STMT(write);

    TRY(store_open(own, NULL, STORE_MEMORY, &to));
    TRY(store_exec(own, to, "copy", STR("CREATE TABLE copy (id TEXT, body TEXT)")));
    TX(tx, own, to);
    TRY(store_prepare(own, b->org->store, STR("SELECT id, body FROM record_version"), &read));
    TRY(store_prepare(own, to, STR("INSERT INTO copy VALUES (:id, :body)"), &write));
    for (;;) {
        TRY(stmt_step(own, read, &row));
        if (!row)
            break;
        TRY(stmt_bind_text(own, write, "id", stmt_text(mem, read, 0)));
        TRY(stmt_bind_text(own, write, "body", stmt_text(mem, read, 1)));
        TRY(stmt_run(own, write));
    }
    TRY(tx_commit(own, &tx));
    stmt_freep(&write);
    *ret_ms = now() - from;
    return 0;
}

/* A record changes, and everything is judged again. */
static int change(struct bench *b, const char *name, struct str id, double *ret_ms)
{
    struct arena *mem = b->cx.mem;
    struct ctx *own = &b->cx;
    bool risk = strcmp(name, "risk") == 0;
    struct record record;
    double from, before;

    TRY(write_one(b, own, name, id,
                  risk ? risk_body(b, mem, 3, 5) : evidence_body(mem, 3, "Another export"),
                  &record));
    from = now();
    before = computed();
    TRY(judge_home_put(own, b->judge, &record));
    TRY(judge(b, own));
    *ret_ms = now() - from;
    b->computed = computed() - before;
    return 0;
}

static int make(struct bench *b, const struct home_request *request)
{
    struct home *home;

    TRY(home_create(&b->cx, request, &home));
    TRY(home_organisation_create(&b->cx, home, STR("Large Ltd"), STR("Ann Lee"), STR("UTC"),
                                 &b->org));
    double from = now();

    TRY(fill(b));
    printf("write: %.3f ms a record\n", (now() - from) / (double)(b->risks + b->evidence + PEOPLE));
    return home_keep(&b->cx, home);
}

static int take_ids(struct bench *b, const char *name, struct str *ids, size_t most, size_t *ret)
{
    bool row;
    STMT(s);

    *ret = 0;
    TRY(store_prepare(&b->cx, b->org->store,
                      str_printf(b->cx.mem, "SELECT id FROM \"%s\" ORDER BY ref__order", name),
                      &s));
    for (;;) {
        TRY(stmt_step(&b->cx, s, &row));
        if (!row || *ret == most)
            return 0;
        ids[(*ret)++] = stmt_text(b->cx.mem, s, 0);
    }
}

static int take(struct bench *b)
{
    size_t n, most = b->risks + b->evidence;

    b->ids = arena_array(b->cx.mem, most + 1, sizeof *b->ids);
    TRY(take_ids(b, "person", b->person, PEOPLE, &n));
    TRY(take_ids(b, "soa_entry", b->control, CONTROLS, &n));
    TRY(take_ids(b, "risk", b->ids, most, &b->risks));
    return take_ids(b, "evidence", b->ids + b->risks, most - b->risks, &b->evidence);
}

static int run(struct bench *b, const char *folder)
{
    struct home_request request = {.home = folder};
    double read, bare, put, all, copy, evidence, risk;
    struct home *home;
    struct rules *rules;

    if (access(folder, F_OK) != 0)
        TRY(make(b, &request));
    TRY(home_open(&b->cx, &request, &home));
    TRY(home_organisation_open(&b->cx, home, NULL, &b->org));
    TRY(take(b));
    TRY(rules_load(&b->cx, b->org->standard, &rules));
    b->rules = rules;
    TRY(read_some(b, false, &read));
    TRY(read_some(b, true, &bare));
    printf("read: %.3f ms a record, SQLite alone %.3f, ratio %.1f\n", read, bare, read / bare);
    long before = peak_mb();

    TRY(judge_all(b, &put, &all));
    printf("memory: %ld MB, %ld MB before\n", peak_mb(), before);
    TRY(copy_bare(b, &copy));
    printf("judge: %.0f ms (records %.0f), computing %.0f, SQLite alone %.0f, ratio %.1f\n", all,
           put, b->computed, copy, all / copy);
    TRY(change(b, "evidence", b->ids[b->risks + 3], &evidence));
    printf("warm: %.0f ms after one piece of evidence, computing %.0f\n", evidence, b->computed);
    TRY(change(b, "risk", b->ids[3], &risk));
    printf("warm: %.0f ms after one risk, computing %.0f\n", risk, b->computed);
    judge_home_freep(&b->judge);
    home_close(home);
    return 0;
}

int main(int argc, char **argv)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new((size_t)8 << 30);
    struct bench b = {.cx = {.mem = mem, .today = {2026, 11, 30}}};

    if (argc < 2) {
        (void)fprintf(stderr, "usage: assay-bench-home FOLDER [RISKS [EVIDENCE]]\n");
        return 2;
    }
    b.risks = argc > 2 ? strtoul(argv[2], NULL, 10) : 10000;
    b.evidence = argc > 3 ? strtoul(argv[3], NULL, 10) : 100000;
    if (run(&b, argv[1]) < 0) {
        (void)fprintf(stderr, "%.*s\n", STR_ARG(b.cx.err.text));
        return 1;
    }
    return 0;
}
