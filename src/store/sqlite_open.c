/*
 * The driver for SQLite: opening. A file is opened in one of three ways. The usual one shares
 * memory with other programs by a small file beside it. Where the disk is full that file cannot be
 * made: then this program takes the database for itself, others wait, and what is in it can still
 * be read and carried away. On a disk that can only be read nobody changes the file, and it is read
 * as it lies there.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "store/sqlite.h"

#define PRAGMA_ALL "PRAGMA foreign_keys = ON;"
#define PRAGMA_MEMORY "PRAGMA temp_store = MEMORY;"
/* Nobody else sees it, and nothing of it outlives the program. */
#define PRAGMA_PRIVATE                                                                             \
    "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
/* What is shared with other programs otherwise is in this one's memory. */
#define PRAGMA_ALONE "PRAGMA locking_mode = EXCLUSIVE;"
#define SYNCHRONOUS_FULL 2
#define APPLICATION_ID 0x41737361 /* "Assa": what file(1) and we know our databases by */

/* Waits a little longer each time, until the store's deadline. */
static int busy(void *arg, int times)
{
    struct sqlite *lite = arg;
    int64_t now = store_clock();

    if (times == 0)
        lite->busy_until = now + lite->store.deadline_ms;
    if (now >= lite->busy_until)
        return 0;
    (void)usleep(times < 20 ? 500U * (unsigned)(times + 1) : 10000U);
    return 1;
}

static struct sqlite *sqlite_new(struct ctx *cx, const char *place)
{
    struct sqlite *lite = ARENA_NEW(cx->mem, struct sqlite);

    lite->store = (struct store){.driver = &sqlite_driver, .deadline_ms = STORE_DEADLINE_MS};
    lite->store.place = str_copy(cx->mem, str_of(place));
    lite->store.today = cx->today;
    lite->file = lite->reader = -1;
    return lite;
}

/* What was opened with `code` is made ready. */
static int make_ready(struct ctx *cx, struct sqlite *lite, int code, const char *pragmas)
{
    if (code == SQLITE_OK)
        code = sqlite3_extended_result_codes(lite->db, 1);
    if (code == SQLITE_OK)
        code = sqlite3_busy_handler(lite->db, busy, lite);
    if (code == SQLITE_OK)
        code = sqlite3_exec(lite->db, pragmas, NULL, NULL, NULL);
    return code == SQLITE_OK ? sqlite_functions(cx, lite)
                             : sqlite_fail(cx, lite, code, _("Opening the database"));
}

/* Only an empty file becomes ours, and only where the caller asked for it. */
static int claim(struct ctx *cx, struct sqlite *lite, unsigned flags)
{
    int64_t id, tables;
    char z[64];

    TRY(sqlite_number(cx, lite, "PRAGMA application_id", &id));
    if (id == APPLICATION_ID)
        return 0;
    TRY(sqlite_number(cx, lite, "SELECT count(*) FROM sqlite_schema", &tables));
    if (id || tables || !(flags & STORE_CREATE))
        return fail(cx, RC_INVALID, NULL,
                    _("Opening the database: it was not made by Assay; name another file"));
    snprintf(z, sizeof z, "PRAGMA application_id = %d", APPLICATION_ID);
    return sqlite_run(cx, lite, _("Making the database"), z);
}

/* The change to a write-ahead log needs the file alone, and SQLite does not wait for that. */
static int log_ahead(struct ctx *cx, struct sqlite *lite)
{
    const char *sql = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
    int64_t until = store_clock() + lite->store.deadline_ms;
    int code;

    while ((code = sqlite3_exec(lite->db, sql, NULL, NULL, NULL)) == SQLITE_BUSY &&
           store_clock() < until)
        (void)usleep(5000);
    return code == SQLITE_OK ? 0 : sqlite_fail(cx, lite, code, _("Opening the database"));
}

/* Where the file system has no memory that programs share, SQLite keeps another kind of journal and
 * says nothing. What that would lose in a power cut is more than we promise. */
static int logged(struct ctx *cx, struct sqlite *lite)
{
    int64_t ahead, full;

    TRY(log_ahead(cx, lite));
    TRY(sqlite_number(cx, lite,
                      "SELECT count(*) FROM pragma_journal_mode WHERE lower(journal_mode) = 'wal'",
                      &ahead));
    TRY(sqlite_number(cx, lite, "PRAGMA synchronous", &full));
    return ahead && full == SYNCHRONOUS_FULL
               ? 0
               : fail(cx, RC_FAIL, NULL,
                      _("Opening the database: this file system cannot have a write-ahead log, "
                        "without which a power cut may lose what was saved. Take a local disk"));
}

/* Made by us, as SQLite would let others read it. A file that is there must not be opened here:
 * closing it again would drop the locks that this process has on it. */
static int make_file(struct ctx *cx, const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd >= 0)
        (void)close(fd);
    else if (errno != EEXIST)
        return fail(cx, errno == EACCES || errno == EROFS ? RC_DENIED : RC_NOT_FOUND, NULL,
                    _("Making the database: %s"), strerrordesc_np(errno));
    return 0;
}

/* As PostgreSQL has it, "x" is a name and never a text; and what lies in the file, which may be
 * somebody's backup, cannot reach beyond its tables. */
static int strict(struct ctx *cx, struct sqlite *lite)
{
    static const struct {
        int what, on;
    } SET[] = {
        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    };

    for (size_t i = 0; i < COUNT_OF(SET); i++) {
        int code = sqlite3_db_config(lite->db, SET[i].what, SET[i].on, NULL);

        if (code != SQLITE_OK)
            return sqlite_fail(cx, lite, code, _("Opening the database"));
    }
    return 0;
}

/* ---- files ---- */

enum way { WAY_USUAL, WAY_ALONE, WAY_FROZEN };

static bool has_beside(struct arena *mem, const char *path, const char *tail)
{
    struct stat st;

    return stat(str_z(mem, str_printf(mem, "%s%s", path, tail)), &st) == 0 && st.st_size > 0;
}

static void close_again(struct sqlite *lite)
{
    sqlite3_close_v2(lite->db);
    lite->db = NULL;
}

/* "file:/a%20b?immutable=1": neither locks nor a log are looked for. */
static const char *frozen_uri(struct arena *mem, const char *path)
{
    struct buf uri = buf_new(mem);

    buf_addz(&uri, "file:");
    for (const char *c = path; *c != '\0'; c++)
        if (strchr("%?# ", *c) != NULL)
            buf_printf(&uri, "%%%02x", (unsigned)(unsigned char)*c);
        else
            buf_char(&uri, *c);
    buf_addz(&uri, "?immutable=1");
    return str_z(mem, buf_str(&uri));
}

static int open_by(struct ctx *cx, const char *path, unsigned flags, enum way way,
                   struct sqlite *lite)
{
    bool reads = way == WAY_FROZEN || (way == WAY_USUAL && flags & STORE_READ_ONLY);
    bool log = has_beside(cx->mem, path, "-wal");
    int how = (reads ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX;

    if (way == WAY_FROZEN) {
        how |= SQLITE_OPEN_URI;
        path = frozen_uri(cx->mem, path);
    }
    int code = sqlite3_open_v2(path, &lite->db, how, NULL);

    TRY(make_ready(cx, lite, code,
                   way == WAY_ALONE ? PRAGMA_ALONE PRAGMA_ALL PRAGMA_MEMORY
                                    : PRAGMA_ALL PRAGMA_MEMORY));
    TRY(strict(cx, lite));
    TRY(claim(cx, lite, reads ? 0 : flags));
    TRY(reads ? 0 : logged(cx, lite));
    lite->unsettled = log && !reads;
    return way == WAY_ALONE && flags & STORE_READ_ONLY
               ? sqlite_run(cx, lite, _("Opening the database"), "PRAGMA query_only = ON")
               : 0;
}

static bool read_only_disk(const char *path)
{
    struct statvfs fs;

    return statvfs(path, &fs) == 0 && (fs.f_flag & ST_RDONLY) != 0;
}

void store_caches_most(size_t bytes)
{
    (void)sqlite3_soft_heap_limit64((sqlite3_int64)bytes);
}

/* With a log beside it, which may have what the file has not, SQLite reads both by the memory that
 * was shared; somebody who has the disk for writing may use it, too. */
static int open_frozen(struct ctx *cx, const char *path, struct sqlite *lite)
{
    bool log = has_beside(cx->mem, path, "-wal");

    lite->store.frozen = true;
    if (!log && !has_beside(cx->mem, path, "-shm"))
        return open_by(cx, path, 0, WAY_FROZEN, lite);
    int rc = open_by(cx, path, STORE_READ_ONLY, WAY_USUAL, lite);

    if (rc == 0)
        return 0;
    close_again(lite);
    return log ? fail(cx, RC_DENIED, NULL,
                      _("Opening the database: it was not closed, and its disk can only be read. "
                        "Copy the folder to a disk that can be written"))
               : open_by(cx, path, 0, WAY_FROZEN, lite);
}

static int open_file(struct ctx *cx, const char *path, unsigned flags, struct sqlite *lite)
{
    bool reads = flags & STORE_READ_ONLY;

    if (!reads && flags & STORE_CREATE)
        TRY(make_file(cx, path));
    else if (access(path, F_OK) < 0)
        return fail(cx, RC_NOT_FOUND, NULL, _("Opening the database: %s"), strerrordesc_np(errno));
    if (read_only_disk(path))
        return open_frozen(cx, path, lite);
    int rc = open_by(cx, path, flags, WAY_USUAL, lite);

    if (rc == 0 || !lite->full)
        return rc;
    close_again(lite);
    return open_by(cx, path, flags, WAY_ALONE, lite);
}

/* ---- what has no name ---- */

/* What SQLite sorts goes into files where there is a place for them. */
static int open_private(struct ctx *cx, struct sqlite *lite)
{
    bool on_disk;

    lite->file = store_file_new(cx, &on_disk);
    lite->reader = lite->file < 0 ? -1 : store_file_reader(lite->file);
    if (lite->reader < 0)
        return fail(cx, RC_FAIL, NULL, _("No private file for the database could be made: %s."),
                    strerrordesc_np(errno));
    int code =
        store_open_way(cx, lite->file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &lite->db);

    return make_ready(cx, lite, code,
                      on_disk ? PRAGMA_ALL PRAGMA_PRIVATE "PRAGMA temp_store = FILE"
                              : PRAGMA_ALL PRAGMA_PRIVATE PRAGMA_MEMORY);
}

static int open_memory(struct ctx *cx, struct sqlite *lite)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(":memory:", &lite->db, flags, NULL);

    return make_ready(cx, lite, code, PRAGMA_ALL PRAGMA_MEMORY);
}

/* What was opened with `rc`, or is ended. */
static int opened(struct sqlite *lite, int rc, struct store **ret)
{
    if (rc < 0)
        sqlite_close(&lite->store);
    else
        *ret = &lite->store;
    return rc;
}

int sqlite_open(struct ctx *cx, const char *path, unsigned flags, struct store **ret)
{
    struct sqlite *lite = sqlite_new(cx, path);

    if (!path && flags & STORE_MEMORY)
        return opened(lite, open_memory(cx, lite), ret);
    if (!path)
        return opened(lite, open_private(cx, lite), ret);
    int rc = opened(lite, open_file(cx, path, flags, lite), ret);

    return rc < 0 ? fail_while(cx, rc, "%s", path) : 0;
}

int store_open_reader(struct ctx *cx, int fd, struct store **ret)
{
    struct sqlite *lite = sqlite_new(cx, NULL);
    int code = store_open_way(cx, fd, SQLITE_OPEN_READONLY, &lite->db);

    return opened(lite, make_ready(cx, lite, code, PRAGMA_ALL PRAGMA_MEMORY), ret);
}
