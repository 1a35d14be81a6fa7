#include "verify/zip.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report/zip_out.h"
#include "tests/harness.h"

static struct str written(struct ctx *cx, struct str large)
{
    struct zip_out *zip CLEANUP(zip_out_freep) = NULL;
    int fd = memfd_create("zip", MFD_CLOEXEC);

    CHECK_OK(zip_out_new_plain(cx, fd, (struct date){2026, 11, 30}, &zip));
    CHECK_OK(zip_out_add(cx, zip, STR("b/large"), large));
    CHECK_OK(zip_out_add(cx, zip, STR("a"), STR("first")));
    CHECK_OK(zip_out_add(cx, zip, STR("b/empty"), STR_NONE));
    CHECK_OK(zip_out_finish(cx, zip));
    off_t size = lseek(fd, 0, SEEK_END);
    char *bytes = arena_alloc(cx->mem, (size_t)size + 1);
    CHECK_INT(pread(fd, bytes, (size_t)size, 0), size);
    close(fd);
    return (struct str){bytes, (size_t)size};
}

TEST(verify_zip_reads_what_is_written)
{
    struct str large = {arena_alloc(cx->mem, 200000), 200000}, got;
    struct zip zip;

    CHECK_OK(zip_open(cx, written(cx, large), &zip));
    CHECK_INT(zip.n, 3);
    CHECK_OK(zip_read(cx, zip_find(&zip, STR("b/large")), &got));
    CHECK(str_eq(got, large));
    CHECK_OK(zip_read(cx, zip_find(&zip, STR("b/empty")), &got));
    CHECK_STR(got, "");
    CHECK_INT(zip_from(&zip, STR("b/")), 1);
    CHECK(zip_find(&zip, STR("b/larg")) == NULL);
}

/* Every bit of it says something. */
TEST(verify_zip_takes_no_flipped_bit)
{
    struct str good = written(cx, STR("some bytes")), got;
    char *bytes = arena_alloc(cx->mem, good.n);

    for (size_t bit = 0; bit < good.n * 8; bit++) {
        struct zip zip;
        bool held = true;
        memcpy(bytes, good.p, good.n);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
        if (zip_open(cx, (struct str){bytes, good.n}, &zip) < 0)
            continue;
        for (size_t i = 0; i < zip.n; i++)
            held &= zip_read(cx, &zip.items[i], &got) == 0;
        held &= zip_find(&zip, STR("a")) != NULL && zip_find(&zip, STR("b/large")) != NULL &&
                zip_find(&zip, STR("b/empty")) != NULL;
        if (held)
            test_failed(__FILE__, __LINE__, "bit %zu of byte %zu is not noticed", bit % 8, bit / 8);
    }
}

TEST(verify_zip_takes_nothing_cut_off)
{
    struct str good = written(cx, STR("some bytes"));
    struct zip zip;

    for (size_t n = 0; n < good.n; n++)
        CHECK_RC(zip_open(cx, str_sub(good, 0, n), &zip), RC_INVALID);
}
