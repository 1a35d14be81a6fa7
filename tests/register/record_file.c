/* Files of records: stored, bound, read, erased, and what a scrub says of them. */
#include "register/record_file.h"

#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/register/kept.h"

static int remove_one(const char *path, UNUSED const struct stat *st, UNUSED int kind,
                      UNUSED struct FTW *at)
{
    return remove(path);
}

static void remove_folder(void *folder)
{
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void end_vault(void *vault)
{
    vault_free(vault);
}

static struct vault *new_vault(struct ctx *cx, const char **ret_folder)
{
    char *folder = str_z(cx->mem, STR("/tmp/assay-test-XXXXXX"));
    struct vault *vault = NULL;

    CHECK(mkdtemp(folder) != NULL);
    test_ends(cx, remove_folder, folder);
    CHECK_OK(vault_folder(cx, str_of(folder), &vault));
    test_ends(cx, end_vault, vault);
    *ret_folder = folder;
    return vault;
}

static struct record_file store(struct ctx *cx, struct vault *vault, const char *text)
{
    struct record_file file = {.value = NULL};
    int fd = memfd_create("test", MFD_CLOEXEC);

    CHECK(fd >= 0 && write(fd, text, strlen(text)) > 0 && lseek(fd, 0, SEEK_SET) == 0);
    CHECK_OK(record_file_store(cx, vault, fd, STR("a.pdf"), STR("application/pdf"), &file));
    close(fd);
    return file;
}

/* A risk with the file as its proof; or another version of one. */
static int write_with(struct kept *k, struct record_file *file, struct str id, struct record *ret)
{
    struct record_change change = {.def = kept_def(k, "risk"),
                                   .id = id.n > 0 ? id : record_id_new(k->cx),
                                   .fresh = id.n == 0,
                                   .act = id.n > 0 ? "set" : "add",
                                   .actor = {k->anna, STR("manager"), STR("local"), false}};
    struct value *body;
    struct ctx *cx = k->cx;

    CHECK_OK(kept_body(k, change.def,
                       "{title: A risk, likelihood: 3, owner: P-01, treatment: avoid}", &body));
    value_set(body, "proof", value_copy(cx->mem, file->value));
    change.body = body;
    TX(tx, cx, k->store);
    TRY(record_file_announce(cx, &k->rs, file, change.id));
    TRY(record_write(cx, &k->rs, &change, ret));
    TRY(record_file_bind(cx, &k->rs, file, ret));
    record_file_wipe(file);
    return tx_commit(cx, &tx);
}

static int take_all(void *arg, UNUSED struct ctx *cx, struct str piece)
{
    buf_add(arg, piece);
    return 0;
}

static void reads(struct kept *k, struct vault *vault, const struct record *record,
                  const char *text)
{
    struct buf out = buf_new(k->cx->mem);
    struct vault_object object = {.bytes = 0};
    struct ctx *cx = k->cx;

    CHECK_OK(record_file_read(cx, &k->rs, vault, value_get(record->body, "proof"), take_all, &out,
                              &object));
    CHECK_STR(buf_str(&out), text);
    CHECK_INT(object.bytes, strlen(text));
}

static const char *path_of(struct ctx *cx, const char *folder, const struct record_file *file)
{
    struct str id = file->object.id;

    return str_printf(cx->mem, "%s/%.*s/%.*s", folder, 2, id.p, STR_ARG(id)).p;
}

static struct record_scrub scrub(struct kept *k, struct vault *vault, struct value *problems)
{
    struct record_scrub sums = {.objects = 0};
    struct ctx *cx = k->cx;

    CHECK_OK(record_files_scrub(cx, &k->rs, vault, true, true, problems, &sums));
    return sums;
}

/* ---- in and out ---- */

KEPT_TEST(record_file_is_read_back_from_every_version)
{
    const char *folder;
    struct vault *vault = new_vault(cx, &folder);
    struct record_file one = store(cx, vault, "first"), two = store(cx, vault, "second");
    struct record first, second;

    CHECK_OK(write_with(k, &one, STR_NONE, &first));
    CHECK_OK(write_with(k, &two, first.id, &second));
    reads(k, vault, &first, "first");
    reads(k, vault, &second, "second");
}

KEPT_TEST(record_file_of_another_record_is_not_to_be_had_by_naming_it)
{
    const char *folder;
    struct vault *vault = new_vault(cx, &folder);
    struct record_file file = store(cx, vault, "secret");
    struct record record;
    struct value *body;

    CHECK_OK(write_with(k, &file, STR_NONE, &record));
    struct record_change change = {.def = kept_def(k, "risk"), .act = "add"};
    CHECK_OK(kept_body(k, change.def, "{title: Mine, likelihood: 1, owner: P-01, treatment: avoid}",
                       &body));
    value_set(body, "proof", file.value);
    change.body = body;
    CHECK_RC(record_write(cx, &k->rs, &change, &record), RC_INVALID);
    CHECK(str_has(cx->err.text, "not stored for this record"));
}

/* The leaf has the commitment, which the file's bytes are held against. */
KEPT_TEST(record_file_is_committed_to_in_the_ledger)
{
    const char *folder;
    struct vault *vault = new_vault(cx, &folder);
    struct record_file file = store(cx, vault, "first");
    struct record record;
    bool row;
    STMT(s);

    CHECK_OK(write_with(k, &file, STR_NONE, &record));
    CHECK_OK(store_prepare(cx, k->store, STR("SELECT bytes FROM ledger_entry WHERE n = :n"), &s));
    CHECK_OK(stmt_bind_int(cx, s, "n", record.seq - 1));
    CHECK_OK(stmt_step(cx, s, &row));
    struct str hex = hash_hex(cx->mem, (struct str){(const char *)file.object.commitment.b, 32});
    CHECK(str_has(stmt_text(cx->mem, s, 0),
                  str_printf(cx->mem, "\"blob\":\"%.*s\"", STR_ARG(hex)).p));
}

KEPT_TEST(record_file_that_is_erased_says_so)
{
    const char *folder;
    struct vault *vault = new_vault(cx, &folder);
    struct record_file file = store(cx, vault, "first");
    struct value *problems = value_list(cx->mem);
    struct record record;

    CHECK_OK(write_with(k, &file, STR_NONE, &record));
    CHECK_OK(record_file_erase(cx, &k->rs, file.object.id));
    CHECK_RC(record_file_read(cx, &k->rs, vault, file.value, NULL, NULL, NULL), RC_NOT_FOUND);
    CHECK(str_has(cx->err.text, "was erased"));
    CHECK_INT(scrub(k, vault, problems).removed, 1);
    CHECK_INT(value_count(problems), 0);
    CHECK(access(path_of(cx, folder, &file), F_OK) != 0);
}

/* ---- all of them ---- */

KEPT_TEST(record_files_scrub_names_what_is_lost_and_what_is_rotten)
{
    const char *folder;
    struct vault *vault = new_vault(cx, &folder);
    struct record_file files[3] = {store(cx, vault, "whole"), store(cx, vault, "lost"),
                                   store(cx, vault, "rotten")};
    struct value *problems = value_list(cx->mem);
    struct record records[3];

    for (size_t i = 0; i < 3; i++)
        CHECK_OK(write_with(k, &files[i], STR_NONE, &records[i]));
    CHECK_INT(scrub(k, vault, problems).objects, 3);
    CHECK_INT(value_count(problems), 0);
    CHECK_INT(unlink(path_of(cx, folder, &files[1])), 0);
    CHECK_INT(truncate(path_of(cx, folder, &files[2]), 30), 0);
    CHECK_INT(scrub(k, vault, problems).objects, 1);
    CHECK_INT(value_count(problems), 2);
    for (size_t i = 0; i < value_count(problems); i++) {
        struct str ref = value_get_text(value_at(problems, i), "ref");
        CHECK(str_eq(ref, records[1].ref) || str_eq(ref, records[2].ref));
        CHECK(value_is_text(value_get(value_at(problems, i), "register"), "risk"));
    }
}

KEPT_TEST(record_files_scrub_takes_away_what_nobody_names_after_a_day)
{
    const char *folder;
    struct vault *vault = new_vault(cx, &folder);
    struct record_file old = store(cx, vault, "old"), young = store(cx, vault, "young");
    struct value *problems = value_list(cx->mem);
    int64_t now = k->now / 1000;
    const struct timespec yesterday[2] = {{.tv_sec = now - 25 * 3600}, {.tv_sec = now - 25 * 3600}},
                          today[2] = {{.tv_sec = now - 3600}, {.tv_sec = now - 3600}};

    CHECK_INT(utimensat(AT_FDCWD, path_of(cx, folder, &old), yesterday, 0), 0);
    CHECK_INT(utimensat(AT_FDCWD, path_of(cx, folder, &young), today, 0), 0);
    struct record_scrub sums = scrub(k, vault, problems);
    CHECK_INT(sums.removed, 1);
    CHECK_INT(sums.young, 1);
    CHECK_INT(value_count(problems), 0);
    CHECK(access(path_of(cx, folder, &old), F_OK) != 0);
    CHECK_INT(access(path_of(cx, folder, &young), F_OK), 0);
}

/* ---- every change is found ---- */

/* With a store of its own, as what was read before is kept. */
static bool is_named(struct kept *k, struct vault *vault, struct str ref)
{
    struct ctx *cx = k->cx;
    struct value *problems = value_list(cx->mem);
    struct record_scrub sums;
    struct record_store rs;
    uint64_t entries;
    bool named = false;

    record_store_open(k->store, k->rs.registers, &kept_keys, &rs);
    CHECK_OK(vault == NULL ? record_verify(cx, &rs, problems, &entries)
                           : record_files_scrub(cx, &rs, vault, true, false, problems, &sums));
    record_store_close(&rs);
    for (size_t i = 0; i < value_count(problems); i++)
        named = named || str_eq(value_get_text(value_at(problems, i), "ref"), ref);
    return named;
}

static int try_column(struct kept *k, const char *column, struct value *changed, struct str ref)
{
    struct ctx *cx = k->cx;

    TX(tx, cx, k->store);
    STMT(s);
    TRY(store_prepare(cx, k->store,
                      str_printf(cx->mem, "UPDATE vault_object SET %s = :changed", column), &s));
    TRY(stmt_bind_value(cx, s, "changed", changed));
    if (stmt_run(cx, s) != 0)
        return 0; /* the database itself does not take it */
    if (!is_named(k, NULL, ref))
        test_failed(__FILE__, __LINE__, "not found: %s is %.*s", column,
                    STR_ARG(record_json(cx->mem, changed)));
    return 0;
}

KEPT_TEST(record_verify_finds_every_change_of_a_row_of_the_vault)
{
    static const char *const texts[] = {"id", "record", "commitment", "data_key", "sealed"};
    const char *folder;
    struct vault *vault = new_vault(cx, &folder);
    struct record_file file = store(cx, vault, "proof");
    struct record record;
    bool row;
    STMT(s);

    CHECK_OK(write_with(k, &file, STR_NONE, &record));
    CHECK(!is_named(k, NULL, record.ref));
    CHECK_OK(store_prepare(cx, k->store,
                           STR("SELECT id, record, commitment, data_key, sealed FROM vault_object"),
                           &s));
    CHECK_OK(stmt_step(cx, s, &row));
    struct value *stored = stmt_row(cx->mem, s);
    stmt_free(s);
    s = NULL;
    for (size_t c = 0; c < COUNT_OF(texts); c++) {
        size_t n = value_get_text(stored, texts[c]).n;
        for (size_t i = 0; i < n; i += test_step(1 + n / 4)) {
            char *changed = str_z(cx->mem, value_get_text(stored, texts[c]));
            changed[i] = changed[i] == '1' ? '2' : '1';
            CHECK_OK(try_column(k, texts[c], value_text(cx->mem, str_of(changed)), record.ref));
        }
    }
    CHECK_OK(try_column(k, "bytes", value_int(cx->mem, 6), record.ref));
    CHECK_OK(try_column(k, "state", value_textz(cx->mem, "erased"), record.ref));
    CHECK_OK(try_column(k, "sealed", value_null(cx->mem), record.ref));
    CHECK(!is_named(k, NULL, record.ref));
}

KEPT_TEST(record_files_scrub_finds_every_change_of_a_byte)
{
    const char *folder;
    struct vault *vault = new_vault(cx, &folder);
    struct record_file file = store(cx, vault, "proof");
    const char *path = path_of(cx, folder, &file);
    struct record record;
    char bytes[128];

    CHECK_OK(write_with(k, &file, STR_NONE, &record));
    CHECK(!is_named(k, vault, record.ref));
    int fd = open(path, O_RDWR | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : pread(fd, bytes, sizeof bytes, 0);
    CHECK_INT(n, 16 + 5 + 16);
    for (ssize_t i = 0; i < n; i++) {
        char changed = (char)(bytes[i] ^ (1 << i % 8));
        CHECK(pwrite(fd, &changed, 1, i) == 1);
        if (!is_named(k, vault, record.ref))
            test_failed(__FILE__, __LINE__, "not found: byte %zd", i);
        CHECK(pwrite(fd, &bytes[i], 1, i) == 1);
    }
    CHECK(!is_named(k, vault, record.ref));
    close(fd);
}
