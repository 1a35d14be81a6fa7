#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/msg.h"

void fd_close(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

int file_read(struct ctx *cx, const char *place, const char *path, size_t most, struct str *ret)
{
    int fd CLEANUP(fd_close) = open(path, O_RDONLY | O_CLOEXEC);
    char *bytes = arena_alloc(cx->mem, most + 1);
    size_t n = 0;
    ssize_t got = fd >= 0 ? 1 : -1;

    while (got > 0 && n <= most) {
        got = read(fd, bytes + n, most + 1 - n);
        n += got > 0 ? (size_t)got : 0;
    }
    if (got < 0)
        return fail(cx, RC_NOT_FOUND, place, _("%s cannot be read: %s."), path,
                    strerrordesc_np(errno));
    if (n > most)
        return fail(cx, RC_LIMIT, place, _("%s is larger than %zu bytes."), path, most);
    *ret = (struct str){bytes, n};
    return 0;
}
