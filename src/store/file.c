/*
 * SQLite over a descriptor. A private store lies in a file that has no name, so that nothing stays
 * behind however the program ends, and that a child process reads by its descriptor: a copy of a
 * large store would take its size in memory twice. Nobody else has the file, so nothing is locked
 * and nothing has to reach the disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/sqlite.h"

#define SECTOR 4096

/* What stands between SQLite and its own way to files, of which temporary ones still come. */
struct way {
    sqlite3_vfs vfs;
    sqlite3_vfs *own;
    int fd;
    char name[32];
};

struct file {
    sqlite3_file base;
    int fd;
};

static int fd_of(sqlite3_file *file)
{
    return ((struct file *)file)->fd;
}

/* ---- what SQLite does with a file ---- */

/* The descriptor is the store's, which outlives the file. */
static int file_close(UNUSED sqlite3_file *file)
{
    return SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at)
{
    char *p = to;

    while (n > 0) {
        ssize_t got = pread(fd_of(file), p, (size_t)n, at);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return SQLITE_IOERR_READ;
        if (got == 0) {
            memset(p, 0, (size_t)n);
            return SQLITE_IOERR_SHORT_READ;
        }
        p += got;
        at += got;
        n -= (int)got;
    }
    return SQLITE_OK;
}

static int file_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
    const char *p = from;

    while (n > 0) {
        ssize_t done = pwrite(fd_of(file), p, (size_t)n, at);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? SQLITE_FULL
                                                                        : SQLITE_IOERR_WRITE;
        p += done;
        at += done;
        n -= (int)done;
    }
    return SQLITE_OK;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return ftruncate(fd_of(file), size) == 0 ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    struct stat st;

    if (fstat(fd_of(file), &st) != 0)
        return SQLITE_IOERR_FSTAT;
    *ret = st.st_size;
    return SQLITE_OK;
}

static int file_nothing(UNUSED sqlite3_file *file, UNUSED int how)
{
    return SQLITE_OK;
}

static int file_is_reserved(UNUSED sqlite3_file *file, int *ret)
{
    *ret = 0;
    return SQLITE_OK;
}

static int file_control(UNUSED sqlite3_file *file, UNUSED int what, UNUSED void *arg)
{
    return SQLITE_NOTFOUND;
}

static int file_sector(UNUSED sqlite3_file *file)
{
    return SECTOR;
}

static int file_traits(UNUSED sqlite3_file *file)
{
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods FILE_METHODS = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_nothing,
    .xFileSize = file_size,
    .xLock = file_nothing,
    .xUnlock = file_nothing,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
};

/* ---- how SQLite comes to one ---- */

static int way_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret)
{
    struct way *way = (struct way *)vfs;

    if ((flags & SQLITE_OPEN_MAIN_DB) == 0)
        return way->own->xOpen(way->own, name, file, flags, ret);
    *(struct file *)file = (struct file){{&FILE_METHODS}, way->fd};
    if (ret != NULL)
        *ret = flags;
    return SQLITE_OK;
}

/* There is no journal beside it, and nothing else. */
static int way_access(UNUSED sqlite3_vfs *vfs, UNUSED const char *name, UNUSED int how, int *ret)
{
    *ret = 0;
    return SQLITE_OK;
}

static int way_full_name(UNUSED sqlite3_vfs *vfs, const char *name, int n, char *ret)
{
    snprintf(ret, (size_t)n, "%s", name);
    return SQLITE_OK;
}

/* All else (time, randomness) is as SQLite has it. The name is looked for while a database is
 * opened, and no longer. */
static struct way *way_new(struct ctx *cx, int fd)
{
    struct way *way = ARENA_NEW(cx->mem, struct way);
    sqlite3_vfs *own = sqlite3_vfs_find(NULL);

    if (own == NULL)
        return NULL;
    *way = (struct way){.vfs = *own, .own = own, .fd = fd};
    snprintf(way->name, sizeof way->name, "assay-%p", (void *)way);
    way->vfs.pNext = NULL;
    way->vfs.zName = way->name;
    if ((size_t)way->vfs.szOsFile < sizeof(struct file))
        way->vfs.szOsFile = (int)sizeof(struct file);
    way->vfs.xOpen = way_open;
    way->vfs.xAccess = way_access;
    way->vfs.xFullPathname = way_full_name;
    return way;
}

int store_open_way(struct ctx *cx, int fd, int flags, sqlite3 **ret)
{
    struct way *way = way_new(cx, fd);

    if (way == NULL || sqlite3_vfs_register(&way->vfs, 0) != SQLITE_OK)
        return SQLITE_ERROR;
    int code = sqlite3_open_v2("private", ret, flags | SQLITE_OPEN_NOMUTEX, way->name);

    sqlite3_vfs_unregister(&way->vfs);
    return code;
}

/* ---- a file without a name ---- */

/* Where the file system makes none without a name, one that loses it at once. */
static int file_in(struct ctx *cx, const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return fd;
    char *name = str_z(cx->mem, str_printf(cx->mem, "%s/assay.XXXXXX", folder));

    fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0)
        unlink(name);
    return fd;
}

int store_file_new(struct ctx *cx, bool *ret_on_disk)
{
    const char *const folders[] = {getenv("TMPDIR"), "/var/tmp", "/tmp"};
    int fd = -1;

    for (size_t i = 0; i < COUNT_OF(folders) && fd < 0; i++)
        if (folders[i] != NULL && folders[i][0] != '\0')
            fd = file_in(cx, folders[i]);
    *ret_on_disk = fd >= 0;
    return fd >= 0 ? fd : memfd_create("assay", MFD_CLOEXEC);
}

int store_file_reader(int fd)
{
    char name[32];

    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    int reader = open(name, O_RDONLY | O_CLOEXEC);

    return reader >= 0 ? reader : fcntl(fd, F_DUPFD_CLOEXEC, 3);
}
