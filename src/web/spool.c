#include "web/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOKEN_CHARS 48u /* of a token: whose it is, and what only they know */
#define NAME_BYTES 120u
#define PREFIX "serve-" /* of folders */

static int drop_one(const char *path, UNUSED const struct stat *st, UNUSED int kind,
                    UNUSED struct FTW *at)
{
    return remove(path);
}

static void drop_folder(const char *folder)
{
    (void)nftw(folder, drop_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A folder belongs to a server as long as one holds it locked. */
static void drop_left(struct ctx *cx, struct str below)
{
    DIR *dir = opendir(str_z(cx->mem, below));
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (!str_starts(str_of(entry->d_name), STR(PREFIX)))
            continue;
        const char *path = str_printf(cx->mem, "%.*s/%s", STR_ARG(below), entry->d_name).p;
        int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
            drop_folder(path);
        if (fd >= 0)
            (void)close(fd);
    }
    if (dir != NULL)
        (void)closedir(dir);
}

/* The lock stays as long as the program: nobody closes it. */
static bool make_folder(struct ctx *cx, struct str below, struct str *ret)
{
    char *folder = str_z(cx->mem, str_printf(cx->mem, "%.*s/" PREFIX "XXXXXX", STR_ARG(below)));

    if (mkdtemp(folder) == NULL)
        return false;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0)
        (void)flock(fd, LOCK_EX | LOCK_NB);
    *ret = str_of(folder);
    return true;
}

int spool_new(struct ctx *cx, struct str below, struct str *ret)
{
    const char *other = getenv("TMPDIR");

    drop_left(cx, below);
    if (make_folder(cx, below, ret) ||
        make_folder(cx, str_of(other != NULL && other[0] != '\0' ? other : "/tmp"), ret))
        return 0;
    return fail(cx, RC_FAIL, NULL, _("A folder for uploads cannot be made: %s."),
                strerrordesc_np(errno));
}

void spool_free(struct str folder)
{
    if (folder.n > 0)
        drop_folder(folder.p);
}

/* Whose it is: the account in the organisation. */
static struct str owner_of(struct visit *visit)
{
    const struct str parts[] = {visit->session.account, STR("\n"), visit->org->name};
    struct hash hash = hash_sha256(parts, 3);

    return hash_hex(visit->cx->mem, (struct str){(const char *)hash.b, 8});
}

/* A name without anything that leads elsewhere or steers a program. */
static struct str safe_name(struct arena *mem, struct str name)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (c == '/' || c == '\\')
            out.n = 0;
        else if ((unsigned char)c >= 0x20 && c != 0x7f && !(out.n == 0 && (c == '.' || c == '-')))
            buf_char(&out, c);
    }
    struct str s = buf_str(&out);

    /* The end tells what it is, so the beginning goes. */
    while (s.n > NAME_BYTES || (s.n > 0 && ((unsigned char)s.p[0] & 0xc0) == 0x80))
        s = str_from(s, 1);
    return s.n > 0 ? s : STR("upload");
}

/* Bytes of the file in a folder. */
static uint64_t folder_bytes(const char *folder)
{
    uint64_t sum = 0;
    DIR *dir = opendir(folder);
    struct dirent *entry;
    struct stat st;

    while (dir != NULL && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.' && fstatat(dirfd(dir), entry->d_name, &st, 0) == 0)
            sum += (uint64_t)st.st_size;
    if (dir != NULL)
        (void)closedir(dir);
    return sum;
}

struct spooled {
    char oldest[4096];
    struct timespec at;
    uint64_t bytes;
    unsigned n;
};

static struct spooled look(struct str folder)
{
    struct spooled s = {.n = 0};
    char path[4096];
    DIR *dir = opendir(folder.p);
    struct dirent *entry;
    struct stat st;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        (void)snprintf(path, sizeof path, "%s/%s", folder.p, entry->d_name);
        if (entry->d_name[0] == '.' || lstat(path, &st) != 0)
            continue;
        s.bytes += folder_bytes(path);
        if (s.n++ == 0 || st.st_mtim.tv_sec < s.at.tv_sec) {
            s.at = st.st_mtim;
            memcpy(s.oldest, path, sizeof path);
        }
    }
    if (dir != NULL)
        (void)closedir(dir);
    return s;
}

static void make_room(struct str folder, size_t bytes)
{
    for (unsigned i = 0; i < SPOOL_MOST; i++) {
        struct spooled s = look(folder);
        if (s.n == 0 || (s.n < SPOOL_MOST && s.bytes + bytes <= SPOOL_BYTES))
            return;
        drop_folder(s.oldest);
    }
}

static int write_all(int fd, struct str bytes)
{
    for (size_t at = 0; at < bytes.n;) {
        ssize_t n = write(fd, bytes.p + at, bytes.n - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        at += (size_t)n;
    }
    return 0;
}

int spool_write(struct ctx *cx, struct str folder, struct str name, struct str bytes)
{
    const char *path =
        str_printf(cx->mem, "%.*s/%.*s", STR_ARG(folder), STR_ARG(safe_name(cx->mem, name))).p;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    int rc = fd >= 0 ? write_all(fd, bytes) : -1;

    if (fd >= 0)
        (void)close(fd);
    return rc == 0
               ? 0
               : fail(cx, RC_FAIL, NULL, _("The file cannot be kept: %s."), strerrordesc_np(errno));
}

int spool_put(struct visit *visit, struct str name, struct str bytes, struct str *ret_token,
              struct str *ret_path)
{
    struct ctx *cx = visit->cx;
    struct str spool = visit->app->spool;
    unsigned char random[16];

    make_room(spool, bytes.n);
    host_random(cx, random, sizeof random);
    struct str token =
        str_printf(cx->mem, "%.*s%.*s", STR_ARG(owner_of(visit)),
                   STR_ARG(hash_hex(cx->mem, (struct str){(const char *)random, sizeof random})));
    struct str folder = str_printf(cx->mem, "%.*s/%.*s", STR_ARG(spool), STR_ARG(token));

    if (mkdir(str_z(cx->mem, folder), 0700) != 0)
        return fail(cx, RC_FAIL, NULL, _("The file cannot be kept: %s."), strerrordesc_np(errno));
    TRY(spool_write(cx, folder, name, bytes));
    *ret_token = token;
    *ret_path = str_of(
        str_printf(cx->mem, "%.*s/%.*s", STR_ARG(folder), STR_ARG(safe_name(cx->mem, name))).p);
    return 0;
}

static bool is_theirs(struct visit *visit, struct str token)
{
    for (size_t i = 0; i < token.n; i++)
        if (!((token.p[i] >= '0' && token.p[i] <= '9') || (token.p[i] >= 'a' && token.p[i] <= 'f')))
            return false;
    return token.n == TOKEN_CHARS && str_starts(token, owner_of(visit));
}

int spool_get(struct visit *visit, struct str token, struct str *ret_path)
{
    struct ctx *cx = visit->cx;
    struct str folder =
        str_printf(cx->mem, "%.*s/%.*s", STR_ARG(visit->app->spool), STR_ARG(token));
    DIR *dir = is_theirs(visit, token) ? opendir(str_z(cx->mem, folder)) : NULL;
    struct dirent *entry;

    *ret_path = STR_NONE;
    while (dir != NULL && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.')
            *ret_path = str_printf(cx->mem, "%.*s/%s", STR_ARG(folder), entry->d_name);
    if (dir != NULL)
        (void)closedir(dir);
    if (ret_path->n == 0)
        return fail(cx, RC_NOT_FOUND, "token",
                    _("The file that you chose before is not here any more: choose it again."));
    *ret_path = str_of(str_z(cx->mem, *ret_path));
    return 0;
}

void spool_drop(struct visit *visit, struct str token)
{
    struct arena *mem = visit->cx->mem;

    if (is_theirs(visit, token))
        drop_folder(
            str_z(mem, str_printf(mem, "%.*s/%.*s", STR_ARG(visit->app->spool), STR_ARG(token))));
}

int spool_open(struct visit *visit, struct str path, int *ret)
{
    size_t slash = str_find_char(path, '/', 0);
    struct str file;

    TRY(spool_get(visit, str_sub(path, 0, slash != SIZE_MAX ? slash : path.n), &file));
    *ret = open(file.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return *ret >= 0 ? 0
                     : fail(visit->cx, RC_FAIL, NULL, _("The file cannot be read: %s."),
                            strerrordesc_np(errno));
}

int spool_scratch(struct visit *visit, int *ret)
{
    *ret = web_scratch(visit->app->spool.p);
    return *ret >= 0 ? 0
                     : fail(visit->cx, RC_FAIL, NULL, _("The file cannot be kept: %s."),
                            strerrordesc_np(errno));
}

int spool_read(struct ctx *cx, const char *path, size_t most, struct str *ret)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;
    size_t n = 0;
    ssize_t got = 1;

    if (fd < 0 || fstat(fd, &st) != 0 || (uint64_t)st.st_size > most) {
        if (fd >= 0)
            (void)close(fd);
        return fail(cx, fd < 0 ? RC_FAIL : RC_LIMIT, NULL, _("The file is larger than is sent."));
    }
    char *bytes = arena_alloc(cx->mem, (size_t)st.st_size + 1);

    while (n < (size_t)st.st_size && got > 0) {
        got = read(fd, bytes + n, (size_t)st.st_size - n);
        n += got > 0 ? (size_t)got : 0;
    }
    (void)close(fd);
    *ret = (struct str){bytes, n};
    return 0;
}
