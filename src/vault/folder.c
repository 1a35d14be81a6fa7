/*
 * A vault in a folder. A file has no name until all of it is on the disk; then it gets its name,
 * and the folder that has the name is made durable too. What a crash leaves behind has no name
 * either, except on file systems without nameless files, where an upload is called ".new-ID".
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vault/vault.h"

#define UPLOAD ".new-"
#define SHELF 2u /* digits of an id that its folder is called by */

struct vault_place {
    char *path;
};

struct vault_upload {
    char *shelf; /* the folder it goes to */
    char *name;
    char *temp; /* its name meanwhile, NULL for none */
    int folder, fd;
};

struct vault_download {
    int fd;
};

static int refused(struct ctx *cx, const char *path)
{
    enum rc rc = errno == EACCES || errno == EPERM || errno == EROFS ? RC_DENIED : RC_FAIL;

    return fail(cx, rc, path, _("%s in the vault cannot be written: %s."), path,
                strerrordesc_np(errno));
}

static char *path_of(const struct vault_place *place, struct str id, bool shelf_only)
{
    char *path = NULL;

    if (asprintf(&path, shelf_only ? "%s/%.*s" : "%s/%.*s/%.*s", place->path, (int)SHELF, id.p,
                 STR_ARG(id)) < 0)
        abort();
    return path;
}

/* ---- writing ---- */

static void folder_drop(struct vault_upload *upload)
{
    if (upload == NULL)
        return;
    if (upload->temp != NULL)
        (void)unlinkat(upload->folder, upload->temp, 0);
    if (upload->fd >= 0)
        (void)close(upload->fd);
    if (upload->folder >= 0)
        (void)close(upload->folder);
    free(upload->shelf);
    free(upload->name);
    free(upload->temp);
    free(upload);
}

/* Its own folder, made where it is not there; the name of that is durable before anything in it. */
static int open_shelf(struct ctx *cx, const struct vault_place *place, struct vault_upload *upload)
{
    bool made = mkdir(upload->shelf, 0700) == 0;

    if (!made && errno != EEXIST)
        return refused(cx, upload->shelf);
    upload->folder = open(upload->shelf, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (upload->folder < 0)
        return refused(cx, upload->shelf);
    if (!made)
        return 0;
    int above = open(place->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = above >= 0 && fsync(above) == 0 ? 0 : refused(cx, place->path);
    if (above >= 0)
        (void)close(above);
    return rc;
}

static int open_upload(struct ctx *cx, struct vault_upload *upload)
{
    upload->fd = openat(upload->folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (upload->fd >= 0)
        return 0;
    if (asprintf(&upload->temp, UPLOAD "%s", upload->name) < 0)
        abort();
    upload->fd =
        openat(upload->folder, upload->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return upload->fd >= 0 ? 0 : refused(cx, upload->shelf);
}

static int folder_begin(struct ctx *cx, struct vault_place *place, struct str id,
                        struct vault_upload **ret)
{
    struct vault_upload *upload = calloc(1, sizeof *upload);

    if (upload == NULL)
        abort();
    *upload = (struct vault_upload){
        .shelf = path_of(place, id, true), .name = strndup(id.p, id.n), .folder = -1, .fd = -1};
    int rc = open_shelf(cx, place, upload);
    if (rc == 0)
        rc = open_upload(cx, upload);
    if (rc < 0)
        folder_drop(upload);
    else
        *ret = upload;
    return rc;
}

static int folder_write(struct ctx *cx, struct vault_upload *upload, const void *bytes, size_t n)
{
    const char *p = bytes;

    while (n > 0) {
        ssize_t done = write(upload->fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return refused(cx, upload->name);
        p += done;
        n -= (size_t)done;
    }
    return 0;
}

static int give_name(const struct vault_upload *upload)
{
    char from[64];

    if (upload->temp != NULL)
        return linkat(upload->folder, upload->temp, upload->folder, upload->name, 0);
    (void)snprintf(from, sizeof from, "/proc/self/fd/%d", upload->fd);
    return linkat(AT_FDCWD, from, upload->folder, upload->name, AT_SYMLINK_FOLLOW);
}

/* An error of fsync() is final: the system may take for written what is not. */
static int folder_keep(struct ctx *cx, struct vault_upload *upload)
{
    if (fsync(upload->fd) != 0)
        return refused(cx, upload->name);
    if (give_name(upload) != 0)
        return errno == EEXIST ? fail(cx, RC_CONFLICT, upload->name,
                                      _("The vault has an object %s already."), upload->name)
                               : refused(cx, upload->name);
    return fsync(upload->folder) == 0 ? 0 : refused(cx, upload->shelf);
}

/* ---- reading ---- */

static int folder_open(struct ctx *cx, struct vault_place *place, struct str id,
                       struct vault_download **ret)
{
    char *path = path_of(place, id, false);
    int fd = vault_is_id(id) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    int cause = vault_is_id(id) ? errno : ENOENT;

    free(path);
    if (fd < 0 && (cause == ENOENT || cause == ENOTDIR))
        return fail(cx, RC_NOT_FOUND, NULL, "%s", _("its file is gone from the vault"));
    if (fd < 0)
        return fail(cx, RC_FAIL, NULL, _("it cannot be read: %s"), strerrordesc_np(cause));
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    struct vault_download *download = malloc(sizeof *download);
    if (download == NULL)
        abort();
    download->fd = fd;
    *ret = download;
    return 0;
}

static int folder_read(struct ctx *cx, struct vault_download *download, void *bytes, size_t n,
                       size_t *ret_n)
{
    size_t have = 0;

    while (have < n) {
        ssize_t got = read(download->fd, (char *)bytes + have, n - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(cx, RC_FAIL, NULL, _("it cannot be read: %s"), strerrordesc_np(errno));
        if (got == 0)
            break;
        have += (size_t)got;
    }
    *ret_n = have;
    return 0;
}

static void folder_close(struct vault_download *download)
{
    (void)close(download->fd);
    free(download);
}

/* ---- the rest ---- */

/* `id` may be the name of an upload too. */
static int folder_remove(struct ctx *cx, struct vault_place *place, struct str id)
{
    bool upload = str_starts(id, STR(UPLOAD));
    struct str digits = upload ? str_from(id, sizeof UPLOAD - 1) : id;

    if (!vault_is_id(digits))
        return fail(cx, RC_INVALID, NULL, _("No object of a vault: %.*s"), STR_ARG(id));
    char *shelf = path_of(place, digits, true);
    int folder = open(shelf, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char *name = str_z(cx->mem, id);
    int rc = 0;
    if (folder >= 0 && (unlinkat(folder, name, 0) == 0 ? fsync(folder) : errno != ENOENT) != 0)
        rc = refused(cx, name);
    if (folder >= 0)
        (void)close(folder);
    free(shelf);
    return rc;
}

static int list_one(struct ctx *cx, DIR *dir, const char *name, vault_each *each, void *arg)
{
    struct str s = str_of(name);
    bool upload = str_starts(s, STR(UPLOAD));
    struct stat st;

    if (!vault_is_id(upload ? str_from(s, sizeof UPLOAD - 1) : s) ||
        fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
        return 0;
    const struct vault_found found = {.id = s,
                                      .bytes = (uint64_t)st.st_size,
                                      .at_ms = (int64_t)st.st_mtim.tv_sec * 1000 +
                                               st.st_mtim.tv_nsec / 1000000,
                                      .upload = upload};
    return each(arg, cx, &found);
}

static int list_shelf(struct ctx *cx, const char *path, vault_each *each, void *arg)
{
    DIR *dir = opendir(path);
    int rc = 0;

    if (dir == NULL)
        return errno == ENOENT || errno == ENOTDIR
                   ? 0
                   : fail(cx, RC_FAIL, path, _("%s cannot be read: %s."), path,
                          strerrordesc_np(errno));
    for (struct dirent *entry; rc == 0 && (entry = readdir(dir)) != NULL;)
        rc = list_one(cx, dir, entry->d_name, each, arg);
    (void)closedir(dir);
    return rc;
}

static int folder_list(struct ctx *cx, struct vault_place *place, vault_each *each, void *arg)
{
    static const char digits[] = "0123456789abcdef";

    for (unsigned i = 0; i < 256; i++) {
        const char name[SHELF] = {digits[i / 16], digits[i % 16]};
        char *shelf = path_of(place, (struct str){name, SHELF}, true);
        int rc = list_shelf(cx, shelf, each, arg);
        free(shelf);
        TRY(rc);
    }
    return 0;
}

static void folder_end(struct vault_place *place)
{
    free(place->path);
    free(place);
}

int vault_folder(struct ctx *cx, struct str folder, struct vault **ret)
{
    static const struct vault_driver driver = {
        .begin = folder_begin,
        .write = folder_write,
        .keep = folder_keep,
        .drop = folder_drop,
        .open = folder_open,
        .read = folder_read,
        .close = folder_close,
        .remove = folder_remove,
        .list = folder_list,
        .end = folder_end,
    };
    struct vault_place *place = calloc(1, sizeof *place);

    if (place == NULL)
        abort();
    place->path = strndup(folder.p, folder.n);
    return vault_new(cx, &driver, place, ret);
}
