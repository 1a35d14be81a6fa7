#include "report/zip_out.h"

#include <sys/mman.h>
#include <unistd.h>

#include "extract/zip.h"
#include "tests/harness.h"

static struct str written(struct ctx *cx, int fd)
{
    off_t size = lseek(fd, 0, SEEK_END);
    char *bytes = arena_alloc(cx->mem, (size_t)size + 1);

    CHECK_INT(pread(fd, bytes, (size_t)size, 0), size);
    return (struct str){bytes, (size_t)size};
}

TEST(zip_out_is_read_back)
{
    int fd = memfd_create("zip", MFD_CLOEXEC);
    struct zip_out *zip CLEANUP(zip_out_freep) = NULL;
    struct container *container = NULL;
    struct buf large = buf_new(cx->mem);
    struct str got;

    for (unsigned i = 0; i < 200000; i++)
        buf_printf(&large, "line %u\n", i * i);
    CHECK_OK(zip_out_new(cx, fd, cx->today, &zip));
    CHECK_OK(zip_out_add(cx, zip, STR("README.txt"), STR("What it is.\n")));
    CHECK_OK(zip_out_begin(cx, zip, STR("records/risk.jsonl")));
    for (size_t at = 0; at < large.n; at += 100001)
        CHECK_OK(zip_out_write(cx, zip, str_sub(buf_str(&large), at, 100001)));
    CHECK_OK(zip_out_end(cx, zip));
    CHECK_OK(zip_out_add(cx, zip, STR("empty"), STR_NONE));
    CHECK_OK(zip_out_finish(cx, zip));
    CHECK_OK(container_open(cx, written(cx, fd), &container));
    CHECK(!container_salvaged(container));
    CHECK_INT(container_count(container), 3);
    CHECK_OK(container_read_name(cx, container, STR("README.txt"), &got));
    CHECK_STR(got, "What it is.\n");
    CHECK_OK(container_read_name(cx, container, STR("records/risk.jsonl"), &got));
    CHECK(str_eq(got, buf_str(&large)));
    CHECK_OK(container_read_name(cx, container, STR("empty"), &got));
    CHECK_STR(got, "");
    container_closep(&container);
    close(fd);
}

TEST(zip_out_says_what_cannot_be_written)
{
    struct zip_out *zip CLEANUP(zip_out_freep) = NULL;

    CHECK_OK(zip_out_new(cx, -1, cx->today, &zip));
    CHECK_RC(zip_out_add(cx, zip, STR("a"), STR("b")), RC_FAIL);
    CHECK_STR(cx->err.text, "Writing failed (Bad file descriptor).");
}
