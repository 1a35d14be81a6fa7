#include "base/hash.h"

#include <string.h>
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

TEST(hash_hmac_of_the_rfc)
{
    /* RFC 4231, cases 1, 2 and 6. */
    char key[131];

    memset(key, 0x0b, 20);
    struct hash one = hash_hmac((struct str){key, 20}, (struct str[]){STR("Hi "), STR("There")}, 2);
    CHECK_STR(hash_hex(cx->mem, (struct str){(const char *)one.b, sizeof one.b}),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    struct hash two = hash_hmac(STR("Jefe"), &STR("what do ya want for nothing?"), 1);
    CHECK_STR(hash_hex(cx->mem, (struct str){(const char *)two.b, sizeof two.b}),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    struct hash six = hash_hmac((struct str){key, sizeof key},
                                &STR("Test Using Larger Than Block-Size Key - Hash Key First"), 1);
    CHECK_STR(hash_hex(cx->mem, (struct str){(const char *)six.b, sizeof six.b}),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(hash_hex_there_and_back)
{
    struct str got;

    CHECK(hash_unhex(cx->mem, STR("00ff7f80"), &got));
    CHECK(str_eq(got, (struct str){"\x00\xff\x7f\x80", 4}));
    CHECK_STR(hash_hex(cx->mem, got), "00ff7f80");
    CHECK(!hash_unhex(cx->mem, STR("0"), &got));
    CHECK(!hash_unhex(cx->mem, STR("0G"), &got));
    CHECK(!hash_unhex(cx->mem, STR("FF"), &got));
}
