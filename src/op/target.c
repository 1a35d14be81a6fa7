#include "op/target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

void target_end(struct target *t)
{
    if (t->fd >= 0)
        (void)close(t->fd);
    if (t->fd >= 0 && t->temp != NULL)
        (void)unlink(t->temp);
}

/* A place that takes no file is the person's to name anew; what else fails is the machine's. */
int target_refused(struct ctx *cx, const char *path)
{
    bool named = errno == ENOENT || errno == ENOTDIR || errno == EISDIR || errno == EACCES ||
                 errno == EPERM || errno == EROFS || errno == ENAMETOOLONG;

    return fail(cx, named ? RC_INVALID : RC_FAIL, path, _("%s cannot be written: %s."), path,
                strerrordesc_np(errno));
}

int target_open(struct ctx *cx, struct str path, struct target *t)
{
    struct stat st;

    if (str_is(path, "-"))
        return fail(cx, RC_INVALID, "output", "%s",
                    _("What is exported goes to a file: name one."));
    t->path = str_z(cx->mem, path);
    if (stat(t->path, &st) == 0 && !S_ISREG(st.st_mode)) {
        if (S_ISDIR(st.st_mode))
            return fail(cx, RC_INVALID, "output", _("%s is a folder; name a file."), t->path);
        t->fd = open(t->path, O_WRONLY | O_CLOEXEC); /* a pipe or device */
    } else {
        t->temp = str_z(cx->mem, str_printf(cx->mem, "%s.%ld.part", t->path, (long)getpid()));
        t->fd = open(t->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    }
    return t->fd >= 0 ? 0 : target_refused(cx, t->path);
}

int target_keep(struct ctx *cx, struct target *t)
{
    if (t->temp != NULL && (fsync(t->fd) != 0 || rename(t->temp, t->path) != 0))
        return target_refused(cx, t->path);
    t->temp = NULL;
    return 0;
}

int target_keep_new(struct ctx *cx, struct target *t)
{
    if (t->temp == NULL)
        return 0;
    if (fsync(t->fd) != 0)
        return target_refused(cx, t->path);
    if (link(t->temp, t->path) != 0)
        return errno == EEXIST
                   ? fail(cx, RC_CONFLICT, t->path,
                          _("%s is there already, and nothing is written over."), t->path)
                   : target_refused(cx, t->path);
    return 0; /* target_end() takes the other name away */
}

int target_write(struct ctx *cx, struct str path, struct str bytes)
{
    struct target t CLEANUP(target_end) = {.fd = -1};

    TRY(target_open(cx, path, &t));
    for (size_t at = 0; at < bytes.n;) {
        ssize_t n = write(t.fd, bytes.p + at, bytes.n - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return target_refused(cx, t.path);
        at += (size_t)n;
    }
    return target_keep(cx, &t);
}
