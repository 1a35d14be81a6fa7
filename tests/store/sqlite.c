/* What only SQLite has. */
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/sqlite.h"
#include "tests/store/faulty.h"
#include "tests/stores.h"

static struct store *fresh(struct ctx *cx)
{
    struct store *store = NULL;

    CHECK_OK(store_open(cx, NULL, 0, &store));
    CHECK_OK(store_exec(cx, store, "schema",
                        STR("CREATE TABLE t (a INTEGER, b TEXT UNIQUE) STRICT;"
                            "INSERT INTO t VALUES (1, 'one'), (2, NULL)")));
    return store;
}

static int64_t rows(struct ctx *cx, struct store *store)
{
    bool row = false;
    STMT(s);

    CHECK_OK(store_prepare(cx, store, STR("SELECT count(*) FROM t"), &s));
    CHECK_OK(stmt_step(cx, s, &row));
    return row ? stmt_int(s, 0) : -1;
}

static struct str one(struct ctx *cx, struct store *store, struct str sql)
{
    bool row = false;
    STMT(s);

    CHECK_OK(store_prepare(cx, store, sql, &s));
    CHECK_OK(stmt_step(cx, s, &row));
    return stmt_is_null(s, 0) ? STR("null") : stmt_text(cx->mem, s, 0);
}

TEST(store_is_read_by_a_descriptor_of_its_file)
{
    CLEANUP(store_closep) struct store *store = fresh(cx);
    CLEANUP(store_closep) struct store *reader = NULL;

    CHECK(store_reader(store) >= 0);
    CHECK(write(store_reader(store), "x", 1) < 0);
    CHECK_OK(store_open_reader(cx, store_reader(store), &reader));
    CHECK_INT(rows(cx, reader), 2);
    CHECK(store_exec(cx, reader, "insert", STR("INSERT INTO t VALUES (9, 'nine')")) < 0);
    CHECK_INT(rows(cx, store), 2);
}

/* More than the cache holds. */
static int fill_and_fail(struct ctx *cx, struct store *store, struct str fill)
{
    TX(tx, cx, store);
    return store_exec(cx, store, "fill", fill);
}

TEST(store_larger_than_its_cache_is_whole)
{
    CLEANUP(store_closep) struct store *store = fresh(cx);
    CLEANUP(store_closep) struct store *reader = NULL;
    struct str fill = STR("INSERT INTO t WITH RECURSIVE r (n) AS (SELECT 3 UNION ALL SELECT n + 1 "
                          "FROM r WHERE n < 20000) SELECT n, printf('%0500d', n) FROM r");
    struct str turn = STR("CREATE TABLE u AS SELECT * FROM t ORDER BY b DESC");

    CHECK_OK(fill_and_fail(cx, store, fill));
    CHECK_INT(rows(cx, store), 2);
    CHECK_OK(store_exec(cx, store, "fill", fill));
    CHECK_OK(store_exec(cx, store, "turn", turn));
    CHECK_OK(store_open_reader(cx, store_reader(store), &reader));
    CHECK_INT(rows(cx, reader), 20000);
}

TEST(sql_finds_numbers_in_words)
{
    CLEANUP(store_closep) struct store *store = NULL;

    CHECK_OK(store_open(cx, NULL, 0, &store));
    CHECK_STR(one(cx, store, STR("SELECT number_in('at least 97,5 % within 14 days')")), "97.5");
    CHECK_STR(one(cx, store, STR("SELECT number_in('ME1: below 4.25')")), "4.25");
    CHECK_STR(one(cx, store, STR("SELECT number_in('7.')")), "7.0");
    CHECK_STR(one(cx, store, STR("SELECT number_in('Q3')")), "null");
    CHECK_STR(one(cx, store, STR("SELECT number_in('1.000')")), "null");
    CHECK_STR(one(cx, store, STR("SELECT number_in(NULL)")), "null");
    CHECK_STR(one(cx, store, STR("SELECT unit_in('at least 97,5 % within 14 days')")), "%");
    CHECK_STR(one(cx, store, STR("SELECT unit_in('4 Hours or less')")), "hours");
    CHECK_STR(one(cx, store, STR("SELECT unit_in('4')")), "");
    CHECK_STR(one(cx, store, STR("SELECT unit_in('none')")), "null");
}

/* Files. */

static struct str text(struct ctx *cx, struct store *store, const char *sql)
{
    return one(cx, store, str_of(sql));
}

static const char *beside(struct ctx *cx, const char *name)
{
    return str_z(cx->mem, str_printf(cx->mem, "%s%s", stores_place().where, name));
}

static unsigned mode_of(const char *path)
{
    struct stat st;

    return stat(path, &st) < 0 ? 0 : st.st_mode & 0777;
}

static void made_with_care(struct ctx *cx)
{
    mode_t mask = umask(0);
    CLEANUP(store_closep) struct store *store = stores_again(cx, STORE_CREATE);

    (void)umask(mask);
    if (!store)
        return;
    CHECK_OK(store_exec(cx, store, "table", STR("CREATE TABLE t (n INTEGER) STRICT")));
    CHECK_INT(mode_of(stores_place().where), 0600);
    CHECK_INT(mode_of(beside(cx, "-wal")), 0600);
    CHECK_INT(mode_of(beside(cx, "-shm")), 0600);
    CHECK_STR(text(cx, store, "PRAGMA journal_mode"), "wal");
    CHECK_STR(text(cx, store, "PRAGMA synchronous"), "2");
    CHECK_STR(text(cx, store, "PRAGMA foreign_keys"), "1");
    CHECK_STR(text(cx, store, "PRAGMA application_id"), "1098085217");
    CHECK_STR(store_place(store), stores_place().where);
}

TEST(files_are_their_owners_and_safe)
{
    stores_run_closed(cx, STORE_SQLITE, made_with_care);
}

static void opens_not(struct ctx *cx, unsigned flags, enum rc rc, const char *words)
{
    struct store *store = NULL;
    const char *where = stores_place().where;

    CHECK_RC(store_open(cx, where, flags, &store), rc);
    if (!str_starts(cx->err.text, str_of(where)) || !str_has(cx->err.text, words))
        test_failed(__FILE__, __LINE__, "\"%.*s\" does not say %s", STR_ARG(cx->err.text), words);
    store_close(store);
}

static void not_there(struct ctx *cx)
{
    opens_not(cx, 0, RC_NOT_FOUND, "No such file");
    opens_not(cx, STORE_READ_ONLY, RC_NOT_FOUND, "No such file");
    CHECK(access(stores_place().where, F_OK) < 0);
}

TEST(files_are_made_only_where_one_says_so)
{
    struct store *store = NULL;

    stores_run_closed(cx, STORE_SQLITE, not_there);
    CHECK_RC(store_open(cx, "/nowhere/at/all.db", STORE_CREATE, &store), RC_NOT_FOUND);
    CHECK_RC(store_open(cx, "/tmp", STORE_CREATE, &store), RC_NOT_FOUND);
}

static void write_file(const char *path, struct str bytes, long at)
{
    FILE *file = fopen(path, at ? "r+" : "w");

    CHECK(file != NULL);
    if (!file)
        return;
    CHECK(fseek(file, at, SEEK_SET) == 0);
    CHECK(fwrite(bytes.p, 1, bytes.n, file) == bytes.n);
    CHECK(fclose(file) == 0);
}

static void not_a_database(struct ctx *cx)
{
    struct buf bytes = buf_new(cx->mem);

    while (bytes.n < 5000)
        buf_addz(&bytes, "Minutes of the meeting. ");
    write_file(stores_place().where, buf_str(&bytes), 0);
    opens_not(cx, STORE_CREATE, RC_INVALID, "it is not an SQLite database");
    opens_not(cx, STORE_READ_ONLY, RC_INVALID, "it is not an SQLite database");
}

static void of_others(struct ctx *cx)
{
    sqlite3 *db = NULL;

    CHECK(sqlite3_open(stores_place().where, &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, "CREATE TABLE theirs (x)", NULL, NULL, NULL) == SQLITE_OK);
    CHECK(sqlite3_close(db) == SQLITE_OK);
    opens_not(cx, STORE_CREATE, RC_INVALID, "not made by Assay");
    opens_not(cx, STORE_READ_ONLY, RC_INVALID, "not made by Assay");
}

static void empty(struct ctx *cx)
{
    struct store *store = NULL;

    write_file(stores_place().where, STR(""), 0);
    opens_not(cx, 0, RC_INVALID, "not made by Assay");
    opens_not(cx, STORE_READ_ONLY, RC_INVALID, "not made by Assay");
    CHECK_OK(store_open(cx, stores_place().where, STORE_CREATE, &store));
    store_close(store);
}

TEST(files_of_others_are_not_touched)
{
    stores_run_closed(cx, STORE_SQLITE, not_a_database);
    stores_run_closed(cx, STORE_SQLITE, of_others);
    stores_run_closed(cx, STORE_SQLITE, empty);
}

static void damaged(struct ctx *cx)
{
    struct store *store = stores_again(cx, STORE_CREATE);

    if (!store)
        return;
    CHECK_OK(store_exec(cx, store, "fill",
                        STR("CREATE TABLE t (a INTEGER, b TEXT) STRICT;"
                            "INSERT INTO t WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT "
                            "n + 1 FROM r WHERE n < 500) SELECT n, printf('%0400d', n) FROM r")));
    store_close(store);
    struct buf noise = buf_new(cx->mem);

    while (noise.n < 40000)
        buf_addz(&noise, "noise ");
    write_file(stores_place().where, buf_str(&noise), 8192);
    store = stores_again(cx, 0);
    if (!store)
        return;
    bool row = true;
    int rc = 0;
    STMT(s);

    CHECK_OK(store_prepare(cx, store, STR("SELECT sum(length(b)) FROM t"), &s));
    rc = stmt_step(cx, s, &row);
    CHECK_RC(rc, RC_FAIL);
    CHECK(str_has(cx->err.text, "it is damaged; take the last backup"));
    stmt_freep(&s);
    store_close(store);
}

TEST(damage_is_told)
{
    stores_run_closed(cx, STORE_SQLITE, damaged);
}

static bool in_files(struct ctx *cx, const char *word)
{
    return str_has(test_read_file(cx, stores_place().where), word) ||
           str_has(test_read_file(cx, beside(cx, "-wal")), word);
}

static void scrubbed(struct ctx *cx)
{
    CLEANUP(store_closep) struct store *store = stores_again(cx, STORE_CREATE);
    CLEANUP(store_closep) struct store *other = stores_again(cx, 0);
    struct tx tx;

    CHECK_OK(store_exec(cx, store, "fill",
                        STR("CREATE TABLE t (a INTEGER, b TEXT) STRICT;"
                            "INSERT INTO t VALUES (1, 'Quillfeather'), (2, 'Voss');"
                            "DELETE FROM t WHERE a = 1")));
    CHECK(in_files(cx, "Quillfeather"));
    store_set_deadline(store, 50);
    CHECK_OK(tx_begin_read(cx, other, &tx));
    CHECK_INT(rows(cx, other), 1);
    CHECK_RC(store_scrub(cx, store), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "others are reading"));
    tx_end(&tx);
    CHECK_OK(store_scrub(cx, store));
    CHECK(!in_files(cx, "Quillfeather"));
    CHECK(in_files(cx, "Voss"));
}

TEST(what_was_deleted_is_scrubbed_from_files)
{
    stores_run_closed(cx, STORE_SQLITE, scrubbed);
}

static int write_much(struct ctx *cx, struct store *store)
{
    TX(tx, cx, store);
    for (int i = 0; i < 1000; i++)
        TRY(store_exec(cx, store, "much", STR("INSERT INTO t VALUES (1, hex(zeroblob(4096)))")));
    return tx_commit(cx, &tx);
}

static void on_full_disk(struct ctx *cx, const char *folder)
{
    CLEANUP(store_closep) struct store *store = NULL;
    struct str path = str_printf(cx->mem, "%s/store.db", folder);

    CHECK_OK(store_open(cx, str_z(cx->mem, path), STORE_CREATE, &store));
    if (!store)
        return;
    CHECK_OK(store_exec(cx, store, "table", STR("CREATE TABLE t (a INTEGER, b TEXT) STRICT")));
    CHECK_RC(write_much(cx, store), RC_FAIL);
    CHECK(str_has(cx->err.text, "the disk is full on which"));
    CHECK(str_has(cx->err.text, folder));
    CHECK_INT(rows(cx, store), 0); /* it still reads, and writes once there is room */
    CHECK_OK(store_exec(cx, store, "little", STR("INSERT INTO t VALUES (1, 'x')")));
    CHECK_INT(rows(cx, store), 1);
}

TEST(full_disks_are_told_and_outlived)
{
    char folder[] = "/tmp/assay-full.XXXXXX";

    if (!mkdtemp(folder)) {
        test_failed(__FILE__, __LINE__, "%s cannot be made", folder);
        return;
    }
    if (mount("none", folder, "tmpfs", 0, "size=512k") < 0)
        test_skip("a full disk needs root and the right to mount");
    else {
        on_full_disk(cx, folder);
        CHECK(umount2(folder, MNT_DETACH) == 0);
    }
    CHECK(rmdir(folder) == 0);
}

TEST(memory_takes_a_store_too)
{
    CLEANUP(store_closep) struct store *store = NULL;

    CHECK_OK(store_open(cx, NULL, STORE_MEMORY, &store));
    CHECK_OK(store_exec(cx, store, "table", STR("CREATE TABLE t (n INTEGER) STRICT")));
    CHECK_INT(rows(cx, store), 0);
    CHECK_INT(store_reader(store), -1);
}

/* ---- what is saved is on the disk ---- */

static struct str place_below(struct ctx *cx, char *folder)
{
    CHECK(mkdtemp(folder) != NULL);
    return str_printf(cx->mem, "%s/store.db", folder);
}

static void place_end(struct ctx *cx, const char *folder, struct str path)
{
    static const char *const TAILS[] = {"", "-wal", "-shm", "-journal"};

    for (size_t i = 0; i < COUNT_OF(TAILS); i++)
        (void)unlink(str_printf(cx->mem, "%s%s", path.p, TAILS[i]).p);
    CHECK(rmdir(folder) == 0);
}

TEST(store_waits_for_the_disk)
{
    char folder[] = "/tmp/assay-store.XXXXXX";
    struct str path = place_below(cx, folder);

    for (int i = 0; i < 2; i++) { /* made, and opened again */
        CLEANUP(store_closep) struct store *store = NULL;
        CHECK_OK(store_open(cx, path.p, STORE_CREATE, &store));
        CHECK_STR(one(cx, store, STR("PRAGMA journal_mode")), "wal");
        CHECK_STR(one(cx, store, STR("PRAGMA synchronous")), "2");
    }
    place_end(cx, folder, path);
}

TEST(store_refuses_a_disk_without_a_write_ahead_log)
{
    char folder[] = "/tmp/assay-store.XXXXXX";
    struct str path = place_below(cx, folder);
    struct faulty *disk = faulty_new();
    struct store *store = NULL;

    faulty_share_nothing(disk);
    CHECK_RC(store_open(cx, path.p, STORE_CREATE, &store), RC_FAIL);
    CHECK(str_has(cx->err.text, "cannot have a write-ahead log"));
    CHECK(str_has(cx->err.text, "store.db"));
    faulty_free(disk);
    place_end(cx, folder, path);
}

/* A transaction that reads lets nothing be written, and makes nothing be prepared again. */
TEST(sqlite_keeps_statements_where_it_only_reads)
{
    CLEANUP(store_closep) struct store *store = NULL;
    bool row;
    STMT(read);
    STMT(write);

    CHECK_OK(store_open(cx, NULL, 0, &store));
    CHECK_OK(store_exec(cx, store, "t", STR("CREATE TABLE t (a); INSERT INTO t VALUES (1)")));
    CHECK_OK(store_prepare(cx, store, STR("SELECT a FROM t"), &read));
    CHECK_OK(store_prepare(cx, store, STR("INSERT INTO t VALUES (2)"), &write));
    for (int i = 0; i < 3; i++) {
        struct tx tx;

        CHECK_OK(tx_begin_read(cx, store, &tx));
        CHECK_OK(stmt_step(cx, read, &row));
        CHECK_INT(stmt_int(read, 0), 1);
        stmt_reset(read);
        CHECK_OK(store_exec(cx, store, "both", STR("SELECT a FROM t; SELECT 2 -- no more")));
        CHECK_RC(i == 0   ? stmt_step(cx, write, &row)
                 : i == 1 ? store_exec(cx, store, "w", STR("SELECT 1; DELETE FROM t"))
                          : store_exec(cx, store, "w", STR("CREATE TEMP TABLE u (a)")),
                 RC_DENIED);
        tx_end(&tx);
    }
    CHECK_INT(sqlite3_stmt_status(((struct sqlite_stmt *)read)->s, SQLITE_STMTSTATUS_REPREPARE, 0),
              0);
    CHECK_OK(stmt_run(cx, write)); /* outside of it */
}
