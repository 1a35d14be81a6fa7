/* The keeper's folder: files that are whole or not there, and durable before they count. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stddef.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/keeper_parts.h"

#define KEKS_MAGIC "assay kek 1\n"
#define LOG_MAGIC "assay log 1\n"
#define NAME_DIGITS 32u /* of the origin's hash, in a file's name */
#define LAST_BYTES 512u

static enum rc rc_of_errno(void)
{
    return errno == EACCES || errno == EPERM || errno == EROFS ? RC_DENIED : RC_FAIL;
}

int keeper_lock(struct ctx *cx, int folder)
{
    while (flock(folder, LOCK_EX) != 0)
        if (errno != EINTR)
            return fail(cx, RC_FAIL, NULL, _("The folder of keys cannot be locked: %s."),
                        strerrordesc_np(errno));
    return 0;
}

void keeper_unlock(int folder)
{
    (void)flock(folder, LOCK_UN);
}

/* ---- any file ---- */

static int damaged(struct ctx *cx, const char *name)
{
    return fail(cx, RC_INVALID, name,
                _("The file %s in the folder of keys is damaged. Bring it back from a copy."),
                name);
}

/* Up to `room` bytes. RC_NOT_FOUND where there is no such file. */
static int read_file(struct ctx *cx, int folder, const char *name, void *bytes, size_t room,
                     size_t *ret_n)
{
    int fd CLEANUP(fd_close) = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    size_t n = 0;
    ssize_t got = 0;

    if (fd < 0 && errno == ENOENT)
        return fail(cx, RC_NOT_FOUND, name, _("The folder of keys has no file %s."), name);
    while (fd >= 0 && n < room) {
        got = read(fd, (char *)bytes + n, room - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    if (fd < 0 || got < 0)
        return fail(cx, rc_of_errno(), name, _("The file %s of keys cannot be read: %s."), name,
                    strerrordesc_np(errno));
    *ret_n = n;
    return 0;
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

/* Under another name, made durable, renamed, and the name made durable. Who writes holds the lock,
 * so that the other name is nobody else's. */
static int write_file(struct ctx *cx, int folder, const char *name, const void *bytes, size_t n)
{
    const char *other = str_printf(cx->mem, "%s.new", name).p;
    int fd CLEANUP(fd_close) =
        openat(folder, other, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd >= 0 && write_all(fd, bytes, n) && fsync(fd) == 0 &&
        renameat(folder, other, folder, name) == 0 && fsync(folder) == 0)
        return 0;
    int cause = errno;
    if (fd >= 0)
        (void)unlinkat(folder, other, 0);
    errno = cause;
    return fail(cx, rc_of_errno(), name, _("The file %s of keys cannot be written: %s."), name,
                strerrordesc_np(cause));
}

static struct hash check_of(const void *bytes, size_t n)
{
    return hash_sha256(&(struct str){bytes, n}, 1);
}

/* ---- wrapping keys ---- */

int keeper_keks_read(struct ctx *cx, int folder, struct keeper_keks *ret)
{
    size_t n;

    TRY(read_file(cx, folder, "kek", ret, sizeof *ret, &n));
    struct hash check = check_of(ret, offsetof(struct keeper_keks, check));
    if (n == sizeof *ret && memcmp(ret->magic, KEKS_MAGIC, sizeof KEKS_MAGIC) == 0 && ret->n > 0 &&
        ret->n <= KEEPER_KEKS && memcmp(check.b, ret->check, sizeof check.b) == 0)
        return 0;
    OPENSSL_cleanse(ret, sizeof *ret);
    return damaged(cx, "kek");
}

int keeper_keks_write(struct ctx *cx, int folder, struct keeper_keks *keks)
{
    memcpy(keks->magic, KEKS_MAGIC, sizeof KEKS_MAGIC);
    struct hash check = check_of(keks, offsetof(struct keeper_keks, check));
    memcpy(keks->check, check.b, sizeof check.b);
    return write_file(cx, folder, "kek", keks, sizeof *keks);
}

/* ---- ledgers ---- */

/* Origins have slashes; their hash has none. */
static const char *name_of(struct arena *mem, struct str origin, const char *end)
{
    struct str digits = hash_sha256_hex(mem, origin);

    return str_printf(mem, "log-%.*s%s", STR_ARG(str_sub(digits, 0, NAME_DIGITS)), end).p;
}

int keeper_log_read(struct ctx *cx, int folder, struct str origin, struct keeper_log *ret)
{
    const char *name = name_of(cx->mem, origin, "");
    size_t n;

    TRY(read_file(cx, folder, name, ret, sizeof *ret, &n));
    struct hash check = check_of(ret, offsetof(struct keeper_log, check));
    if (n == sizeof *ret && memcmp(ret->magic, LOG_MAGIC, sizeof LOG_MAGIC) == 0 && ret->n > 0 &&
        ret->n <= KEEPER_LOG_KEYS && memcmp(check.b, ret->check, sizeof check.b) == 0)
        return 0;
    OPENSSL_cleanse(ret, sizeof *ret);
    return damaged(cx, name);
}

int keeper_log_write(struct ctx *cx, int folder, struct str origin, struct keeper_log *log)
{
    memcpy(log->magic, LOG_MAGIC, sizeof LOG_MAGIC);
    struct hash check = check_of(log, offsetof(struct keeper_log, check));
    memcpy(log->check, check.b, sizeof check.b);
    return write_file(cx, folder, name_of(cx->mem, origin, ""), log, sizeof *log);
}

/* It is kept as a checkpoint's text, which people can read. */
int keeper_last_read(struct ctx *cx, int folder, struct str origin, struct checkpoint *ret)
{
    const char *name = name_of(cx->mem, origin, ".last");
    char *bytes = arena_alloc(cx->mem, LAST_BYTES);
    size_t n;

    TRY(read_file(cx, folder, name, bytes, LAST_BYTES, &n));
    if (checkpoint_parse(cx, (struct str){bytes, n}, ret) < 0 || !str_eq(ret->origin, origin))
        return damaged(cx, name);
    return 0;
}

int keeper_last_write(struct ctx *cx, int folder, const struct checkpoint *last)
{
    struct str text = checkpoint_text(cx->mem, last);

    return write_file(cx, folder, name_of(cx->mem, last->origin, ".last"), text.p, text.n);
}
