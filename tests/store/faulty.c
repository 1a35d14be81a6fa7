#include "tests/store/faulty.h"

#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SECTOR 512

struct bytes {
    unsigned char *p;
    size_t n;
};

enum op_kind { OP_WRITE, OP_TRUNCATE, OP_SYNC, OP_LOSE, OP_DELETE };

/* One call that succeeded at least in part; OP_LOSE is a sync that did not. */
struct op {
    enum op_kind kind;
    uint64_t call;
    size_t file;
    sqlite3_int64 at; /* the new size, of a truncation */
    struct bytes bytes;
};

struct disk_file {
    char *path;
    struct bytes before; /* what was in it when it was opened first */
};

struct faulty {
    sqlite3_vfs vfs;
    sqlite3_vfs *own;
    pthread_mutex_t mutex; /* of all that follows */
    struct disk_file *files;
    size_t file_n;
    struct op *ops;
    size_t op_n, op_room;
    uint64_t calls;
    uint64_t fails_at; /* the call that fails; 0 for none */
    enum faulty_how how;
    bool on, failed, shares_nothing, rests;
    unsigned sync_ms;
    int last_errno;
};

struct handle {
    sqlite3_file base;
    struct faulty *disk;
    size_t file; /* SIZE_MAX: none that is remembered */
    int regions; /* of shared memory */
    sqlite3_file *own;
};

static void *must(void *p)
{
    if (p == NULL)
        abort();
    return p;
}

static struct bytes bytes_copy(const void *p, size_t n)
{
    struct bytes copy = {must(malloc(n + 1)), n};

    if (n > 0)
        memcpy(copy.p, p, n);
    return copy;
}

/* ---- counting and failing ---- */

/* Counts a call; 0, or the error with which it fails. */
static int count(struct faulty *disk, int error)
{
    if (disk->rests)
        return 0;
    disk->calls++;
    if (disk->fails_at == 0 || disk->calls < disk->fails_at ||
        (disk->calls > disk->fails_at && !disk->on))
        return 0;
    disk->failed = true;
    disk->last_errno = disk->how == FAULTY_EIO ? EIO : ENOSPC;
    return disk->how != FAULTY_EIO && (error == SQLITE_IOERR_WRITE) ? SQLITE_FULL : error;
}

static void remember(struct faulty *disk, struct op op)
{
    if (disk->rests || op.file == SIZE_MAX) {
        free(op.bytes.p);
        return;
    }
    if (disk->op_n == disk->op_room) {
        disk->op_room = disk->op_room * 2 + 256;
        disk->ops = must(realloc(disk->ops, disk->op_room * sizeof *disk->ops));
    }
    op.call = disk->calls;
    disk->ops[disk->op_n++] = op;
}

/* ---- files ---- */

static struct handle *handle_of(sqlite3_file *file)
{
    return (struct handle *)file;
}

static int file_close(sqlite3_file *file)
{
    struct handle *h = handle_of(file);

    return h->own->pMethods != NULL ? h->own->pMethods->xClose(h->own) : SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at)
{
    struct handle *h = handle_of(file);

    return h->own->pMethods->xRead(h->own, to, n, at);
}

static int write_part(struct handle *h, const void *from, int n, sqlite3_int64 at)
{
    int code = h->own->pMethods->xWrite(h->own, from, n, at);

    if (code == SQLITE_OK)
        remember(h->disk, (struct op){.kind = OP_WRITE,
                                      .file = h->file,
                                      .at = at,
                                      .bytes = bytes_copy(from, (size_t)n)});
    return code;
}

static int file_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
    struct handle *h = handle_of(file);

    pthread_mutex_lock(&h->disk->mutex);
    int code = count(h->disk, SQLITE_IOERR_WRITE);

    if (code == SQLITE_OK)
        code = write_part(h, from, n, at);
    else if (h->disk->how == FAULTY_SHORT)
        (void)write_part(h, from, n / 2, at);
    pthread_mutex_unlock(&h->disk->mutex);
    return code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct handle *h = handle_of(file);

    pthread_mutex_lock(&h->disk->mutex);
    int code = count(h->disk, SQLITE_IOERR_TRUNCATE);

    if (code == SQLITE_OK)
        code = h->own->pMethods->xTruncate(h->own, size);
    if (code == SQLITE_OK)
        remember(h->disk, (struct op){.kind = OP_TRUNCATE, .file = h->file, .at = size});
    pthread_mutex_unlock(&h->disk->mutex);
    return code;
}

/* No disk is asked to do it: what would be saved is known. What is written while it takes its time
 * is not. */
static int file_sync(sqlite3_file *file, UNUSED int how)
{
    struct handle *h = handle_of(file);

    pthread_mutex_lock(&h->disk->mutex);
    int code = count(h->disk, SQLITE_IOERR_FSYNC);

    remember(h->disk, (struct op){.kind = code == SQLITE_OK ? OP_SYNC : OP_LOSE, .file = h->file});
    unsigned ms = h->disk->sync_ms;

    pthread_mutex_unlock(&h->disk->mutex);
    (void)usleep(ms * 1000);
    return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    struct handle *h = handle_of(file);

    return h->own->pMethods->xFileSize(h->own, ret);
}

static int file_lock(sqlite3_file *file, int how)
{
    struct handle *h = handle_of(file);

    return h->own->pMethods->xLock(h->own, how);
}

static int file_unlock(sqlite3_file *file, int how)
{
    struct handle *h = handle_of(file);

    return h->own->pMethods->xUnlock(h->own, how);
}

static int file_is_reserved(sqlite3_file *file, int *ret)
{
    struct handle *h = handle_of(file);

    return h->own->pMethods->xCheckReservedLock(h->own, ret);
}

static int file_control(sqlite3_file *file, int what, void *arg)
{
    struct handle *h = handle_of(file);

    return h->own->pMethods->xFileControl(h->own, what, arg);
}

static int file_sector(sqlite3_file *file)
{
    struct handle *h = handle_of(file);

    return h->own->pMethods->xSectorSize(h->own);
}

static int file_traits(sqlite3_file *file)
{
    struct handle *h = handle_of(file);

    return h->own->pMethods->xDeviceCharacteristics(h->own);
}

static int file_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **ret)
{
    struct handle *h = handle_of(file);
    int code = SQLITE_OK;

    pthread_mutex_lock(&h->disk->mutex);
    if (extend && region >= h->regions)
        code = count(h->disk, SQLITE_IOERR_SHMSIZE);
    if (code == SQLITE_OK)
        code = h->own->pMethods->xShmMap(h->own, region, size, extend, ret);
    if (code == SQLITE_OK && extend && region >= h->regions)
        h->regions = region + 1;
    pthread_mutex_unlock(&h->disk->mutex);
    return code;
}

static int file_shm_lock(sqlite3_file *file, int from, int n, int how)
{
    struct handle *h = handle_of(file);

    return h->own->pMethods->xShmLock(h->own, from, n, how);
}

static void file_shm_barrier(sqlite3_file *file)
{
    struct handle *h = handle_of(file);

    h->own->pMethods->xShmBarrier(h->own);
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
    struct handle *h = handle_of(file);

    h->regions = 0;
    return h->own->pMethods->xShmUnmap(h->own, remove);
}

#define METHODS                                                                                    \
    .xClose = file_close, .xRead = file_read, .xWrite = file_write, .xTruncate = file_truncate,    \
    .xSync = file_sync, .xFileSize = file_size, .xLock = file_lock, .xUnlock = file_unlock,        \
    .xCheckReservedLock = file_is_reserved, .xFileControl = file_control,                          \
    .xSectorSize = file_sector, .xDeviceCharacteristics = file_traits

static const sqlite3_io_methods FILE_METHODS = {
    .iVersion = 2,
    METHODS,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static const sqlite3_io_methods FILE_METHODS_ALONE = {.iVersion = 1, METHODS};

/* ---- how SQLite comes to them ---- */

static struct faulty *faulty_of(sqlite3_vfs *vfs)
{
    return (struct faulty *)vfs;
}

static struct bytes read_all(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct bytes all = {NULL, 0};
    unsigned char part[65536];
    size_t n;

    if (f == NULL)
        return all;
    while ((n = fread(part, 1, sizeof part, f)) > 0) {
        all.p = must(realloc(all.p, all.n + n));
        memcpy(all.p + all.n, part, n);
        all.n += n;
    }
    (void)fclose(f);
    return all;
}

static size_t known(const struct faulty *disk, const char *path)
{
    for (size_t i = 0; i < disk->file_n; i++)
        if (strcmp(disk->files[i].path, path) == 0)
            return i;
    return SIZE_MAX;
}

static size_t file_named(struct faulty *disk, const char *path)
{
    size_t at = known(disk, path);

    if (at != SIZE_MAX)
        return at;
    disk->files = must(realloc(disk->files, (disk->file_n + 1) * sizeof *disk->files));
    disk->files[disk->file_n] = (struct disk_file){must(strdup(path)), read_all(path)};
    return disk->file_n++;
}

static int open_own(struct faulty *disk, const char *path, struct handle *h, int flags, int *ret)
{
    int kept = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;

    if (path != NULL && flags & SQLITE_OPEN_CREATE && access(path, F_OK) != 0) {
        int code = count(disk, SQLITE_CANTOPEN);
        if (code != SQLITE_OK)
            return code;
    }
    if (path != NULL && flags & kept && !disk->rests)
        h->file = file_named(disk, path);
    return disk->own->xOpen(disk->own, path, h->own, flags, ret);
}

static int disk_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *ret)
{
    struct faulty *disk = faulty_of(vfs);
    struct handle *h = handle_of(file);

    *h = (struct handle){.disk = disk, .file = SIZE_MAX, .own = (sqlite3_file *)(h + 1)};
    h->own->pMethods = NULL;
    pthread_mutex_lock(&disk->mutex);
    int code = open_own(disk, path, h, flags, ret);

    if (code == SQLITE_OK || h->own->pMethods != NULL)
        h->base.pMethods = disk->shares_nothing ? &FILE_METHODS_ALONE : &FILE_METHODS;
    pthread_mutex_unlock(&disk->mutex);
    return code;
}

static int disk_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
    struct faulty *disk = faulty_of(vfs);

    pthread_mutex_lock(&disk->mutex);
    int code = count(disk, SQLITE_IOERR_DELETE);

    if (code == SQLITE_OK)
        code = disk->own->xDelete(disk->own, path, sync);
    if (code == SQLITE_OK)
        remember(disk, (struct op){.kind = OP_DELETE, .file = known(disk, path)});
    pthread_mutex_unlock(&disk->mutex);
    return code;
}

static int disk_last_error(sqlite3_vfs *vfs, int n, char *ret)
{
    struct faulty *disk = faulty_of(vfs);

    return disk->last_errno != 0 ? disk->last_errno : disk->own->xGetLastError(disk->own, n, ret);
}

struct faulty *faulty_new(void)
{
    struct faulty *disk = must(calloc(1, sizeof *disk));

    disk->own = must(sqlite3_vfs_find(NULL));
    disk->vfs = *disk->own;
    disk->vfs.pNext = NULL;
    disk->vfs.zName = "faulty";
    disk->vfs.szOsFile = (int)sizeof(struct handle) + disk->own->szOsFile;
    disk->vfs.xOpen = disk_open;
    disk->vfs.xDelete = disk_delete;
    disk->vfs.xGetLastError = disk_last_error;
    pthread_mutex_init(&disk->mutex, NULL);
    if (sqlite3_vfs_register(&disk->vfs, 1) != SQLITE_OK)
        abort();
    return disk;
}

void faulty_free(struct faulty *disk)
{
    if (disk == NULL)
        return;
    sqlite3_vfs_unregister(&disk->vfs);
    sqlite3_vfs_register(disk->own, 1);
    for (size_t i = 0; i < disk->file_n; i++) {
        free(disk->files[i].path);
        free(disk->files[i].before.p);
    }
    for (size_t i = 0; i < disk->op_n; i++)
        free(disk->ops[i].bytes.p);
    free(disk->files);
    free(disk->ops);
    pthread_mutex_destroy(&disk->mutex);
    free(disk);
}

void faulty_fail(struct faulty *disk, enum faulty_how how, uint64_t n, bool on)
{
    pthread_mutex_lock(&disk->mutex);
    disk->how = how;
    disk->fails_at = n > 0 ? disk->calls + n : 0;
    disk->on = on;
    disk->failed = false;
    disk->last_errno = 0;
    pthread_mutex_unlock(&disk->mutex);
}

bool faulty_has_failed(struct faulty *disk)
{
    pthread_mutex_lock(&disk->mutex);
    bool failed = disk->failed;

    pthread_mutex_unlock(&disk->mutex);
    return failed;
}

uint64_t faulty_calls(struct faulty *disk)
{
    pthread_mutex_lock(&disk->mutex);
    uint64_t calls = disk->calls;

    pthread_mutex_unlock(&disk->mutex);
    return calls;
}

void faulty_rest(struct faulty *disk)
{
    pthread_mutex_lock(&disk->mutex);
    disk->rests = true;
    disk->last_errno = 0;
    pthread_mutex_unlock(&disk->mutex);
}

void faulty_slow(struct faulty *disk, unsigned sync_ms)
{
    pthread_mutex_lock(&disk->mutex);
    disk->sync_ms = sync_ms;
    pthread_mutex_unlock(&disk->mutex);
}

void faulty_share_nothing(struct faulty *disk)
{
    disk->shares_nothing = true;
}

/* ---- a power cut ---- */

struct image {
    struct bytes bytes;
    bool there;
};

static void resize(struct image *image, size_t n)
{
    if (n > image->bytes.n) {
        image->bytes.p = must(realloc(image->bytes.p, n));
        memset(image->bytes.p + image->bytes.n, 0, n - image->bytes.n);
    }
    image->bytes.n = n;
}

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* Part of a write, within one sector: all of it, nothing, or what comes first of it. */
static void put_sector(struct image *image, const unsigned char *from, size_t n, size_t at,
                       enum faulty_left left, uint64_t *seed)
{
    uint64_t chance = next(seed) % 8;

    if (left == FAULTY_LOST || (left == FAULTY_TORN && chance < 4))
        return;
    if (left == FAULTY_TORN && chance == 4)
        n = next(seed) % n;
    if (at + n > image->bytes.n)
        resize(image, at + n);
    memcpy(image->bytes.p + at, from, n);
}

static void put_write(struct image *image, const struct op *op, enum faulty_left left,
                      uint64_t *seed)
{
    size_t done = 0;

    while (done < op->bytes.n) {
        size_t at = (size_t)op->at + done, n = SECTOR - at % SECTOR;
        n = n < op->bytes.n - done ? n : op->bytes.n - done;
        put_sector(image, op->bytes.p + done, n, at, left, seed);
        done += n;
    }
}

static void apply(struct image *image, const struct op *op, enum faulty_left left, uint64_t *seed)
{
    image->there = true;
    switch (op->kind) {
    case OP_WRITE:
        put_write(image, op, left, seed);
        break;
    case OP_TRUNCATE:
        if (left == FAULTY_KEPT || (left == FAULTY_TORN && next(seed) % 2 > 0))
            resize(image, (size_t)op->at);
        break;
    case OP_DELETE:
        *image = (struct image){{image->bytes.p, 0}, false};
        break;
    default:
        break;
    }
}

/* A successful sync saves what came since the last sync, failed or not. */
static void save(const struct faulty *disk, size_t file, size_t from, size_t to,
                 struct image *image)
{
    uint64_t seed = 0;

    for (size_t i = from; i < to; i++)
        if (disk->ops[i].file == file && disk->ops[i].kind == OP_LOSE)
            from = i + 1;
    for (size_t i = from; i < to; i++)
        if (disk->ops[i].file == file)
            apply(image, &disk->ops[i], FAULTY_KEPT, &seed);
}

static void replay(const struct faulty *disk, size_t file, uint64_t calls, enum faulty_left left,
                   uint64_t *seed, struct image *image)
{
    size_t pending = 0, end = 0;

    for (; end < disk->op_n && disk->ops[end].call <= calls; end++) {
        const struct op *op = &disk->ops[end];
        if (op->file != file || (op->kind != OP_SYNC && op->kind != OP_DELETE))
            continue;
        save(disk, file, pending, end + 1, image);
        pending = end + 1;
    }
    for (size_t i = pending; i < end; i++)
        if (disk->ops[i].file == file)
            apply(image, &disk->ops[i], left, seed);
}

static int write_image(struct ctx *cx, const char *path, const struct image *image)
{
    FILE *f = fopen(path, "wb");

    if (f == NULL || fwrite(image->bytes.p, 1, image->bytes.n, f) != image->bytes.n ||
        fclose(f) != 0)
        return fail(cx, RC_FAIL, NULL, "%s cannot be written", path);
    return 0;
}

int faulty_cut(struct ctx *cx, struct faulty *disk, uint64_t calls, enum faulty_left left,
               uint64_t seed, const char *folder)
{
    for (size_t i = 0; i < disk->file_n; i++) {
        const struct disk_file *file = &disk->files[i];
        struct image image = {bytes_copy(file->before.p, file->before.n), file->before.n > 0};
        struct str path = str_printf(cx->mem, "%s%s", folder, strrchr(file->path, '/'));
        (void)unlink(path.p);
        replay(disk, i, calls, left, &seed, &image);
        int rc = image.there ? write_image(cx, path.p, &image) : 0;
        free(image.bytes.p);
        TRY(rc);
    }
    return 0;
}
