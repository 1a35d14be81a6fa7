#include "base/aead.h"

#include "tests/harness.h"

static const unsigned char key[AEAD_KEY_BYTES] = "one key";
static const unsigned char other[AEAD_KEY_BYTES] = "another key";

TEST(aead_opens_what_it_sealed_and_nothing_else)
{
    struct str sealed = STR_NONE, plain, about = STR("seq 7, name");

    CHECK_OK(aead_seal(cx, key, about, STR("Jana Weber"), &sealed));
    CHECK_INT(sealed.n, AEAD_NONCE_BYTES + 10 + AEAD_TAG_BYTES);
    CHECK(str_find(sealed, STR("Jana"), 0) == SIZE_MAX);
    CHECK(aead_open(cx->mem, key, about, sealed, &plain));
    CHECK_STR(plain, "Jana Weber");
    CHECK(!aead_open(cx->mem, other, about, sealed, &plain));
    CHECK(!aead_open(cx->mem, key, STR("seq 8, name"), sealed, &plain));
    for (size_t i = 0; i < sealed.n * 8; i++) {
        char *bytes = str_z(cx->mem, sealed);
        bytes[i / 8] = (char)(bytes[i / 8] ^ 1 << i % 8);
        CHECK(!aead_open(cx->mem, key, about, (struct str){bytes, sealed.n}, &plain));
    }
    for (size_t n = 0; n < sealed.n; n++)
        CHECK(!aead_open(cx->mem, key, about, str_sub(sealed, 0, n), &plain));
    CHECK_OK(aead_seal(cx, key, about, STR_NONE, &sealed));
    CHECK(aead_open(cx->mem, key, about, sealed, &plain));
    CHECK_INT(plain.n, 0);
}

/* NIST's test case 15 of the GCM specification, under no extra bytes. */
TEST(aead_is_the_gcm_of_others)
{
    struct str key_bytes, sealed, plain, wanted;

    CHECK(hash_unhex(cx->mem,
                     STR("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
                     &key_bytes));
    CHECK(hash_unhex(cx->mem,
                     STR("cafebabefacedbaddecaf888"
                         "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                         "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
                         "b094dac5d93471bdec1a502270e3cc6c"),
                     &sealed));
    CHECK(hash_unhex(cx->mem,
                     STR("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                         "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"),
                     &wanted));
    CHECK(aead_open(cx->mem, (const unsigned char *)key_bytes.p, STR_NONE, sealed, &plain));
    CHECK(str_eq(plain, wanted));
}
