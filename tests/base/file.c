/* Small files, read whole. */
#include "base/file.h"

#include <fcntl.h>
#include <unistd.h>

#include "tests/harness.h"

TEST(file_read_takes_no_more_than_it_may)
{
    char path[] = "/tmp/assay-file.XXXXXX";
    int fd CLEANUP(fd_close) = mkstemp(path);
    struct str text = STR_NONE;

    CHECK_INT(write(fd, "seven..", 7), 7);
    CHECK_OK(file_read(cx, "option", path, 7, &text));
    CHECK_STR(text, "seven..");
    CHECK_RC(file_read(cx, "option", path, 6, &text), RC_LIMIT);
    CHECK_STR(cx->err.place, "option");
    (void)unlink(path);
    CHECK_RC(file_read(cx, "option", path, 7, &text), RC_NOT_FOUND);
}

TEST(fd_close_closes_once)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), again = fd;

    fd_close(&fd);
    CHECK_INT(fd, -1);
    fd_close(&fd);
    CHECK_INT(fcntl(again, F_GETFD), -1);
}
