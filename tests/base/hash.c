#include "base/hash.h"

#include <unistd.h>

#include "tests/harness.h"

TEST(hash_of_a_file_is_that_of_its_bytes)
{
    char path[] = "/tmp/assay-hash-XXXXXX";
    int fd = mkstemp(path);
    struct str bytes = {arena_alloc(cx->mem, 200001), 200001};

    CHECK(fd >= 0);
    CHECK_STR(hash_sha256_file(cx->mem, fd),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
    struct str hash = hash_sha256_file(cx->mem, fd);
    CHECK(str_eq(hash, hash_sha256_hex(cx->mem, bytes)));
    CHECK(lseek(fd, 0, SEEK_CUR) == 200001); /* where it stood */
    (void)close(fd);
    CHECK_INT(hash_sha256_file(cx->mem, fd).n, 0);
    (void)unlink(path);
}
