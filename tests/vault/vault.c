#include "vault/vault.h"

#include <fcntl.h>
#include <ftw.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/harness.h"

static const unsigned char key[VAULT_KEY_BYTES] = {7, 1, 2, 3};

/* ---- a folder, files in memory, and what an object is on disk ---- */

static int remove_one(const char *path, UNUSED const struct stat *st, UNUSED int kind,
                      UNUSED struct FTW *at)
{
    return remove(path);
}

static void remove_folder(void *folder)
{
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void end_vault(void *vault)
{
    vault_free(vault);
}

static char *new_folder(struct ctx *cx)
{
    char *folder = str_z(cx->mem, STR("/tmp/assay-test-XXXXXX"));

    CHECK(mkdtemp(folder) != NULL);
    test_ends(cx, remove_folder, folder);
    return folder;
}

static struct vault *vault_at(struct ctx *cx, const char *folder)
{
    struct vault *vault = NULL;

    CHECK_OK(vault_folder(cx, str_of(folder), &vault));
    test_ends(cx, end_vault, vault);
    return vault;
}

/* A file of `n` bytes that repeat at no power of two. */
static struct str bytes_of(struct ctx *cx, size_t n)
{
    char *bytes = arena_alloc(cx->mem, n + 1);

    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)(i % 251 + i / 65521);
    return (struct str){bytes, n};
}

static struct vault_object put(struct ctx *cx, struct vault *vault, struct str bytes)
{
    struct vault_object object = {.bytes = 0};
    int fd = memfd_create("test", MFD_CLOEXEC);

    CHECK(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n &&
          lseek(fd, 0, SEEK_SET) == 0);
    CHECK_OK(vault_put(cx, vault, key, fd, &object));
    close(fd);
    return object;
}

static int take_all(void *arg, UNUSED struct ctx *cx, struct str piece)
{
    buf_add(arg, piece);
    return 0;
}

static const char *path_of(struct ctx *cx, const char *folder, const struct vault_object *object)
{
    return str_printf(cx->mem, "%s/%.*s/%.*s", folder, 2, object->id.p, STR_ARG(object->id)).p;
}

/* Writes one byte at `at`, and gives what was there. */
static char swap(const char *path, off_t at, char byte)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    char was = 0;

    CHECK(fd >= 0 && pread(fd, &was, 1, at) == 1 && pwrite(fd, &byte, 1, at) == 1);
    close(fd);
    return was;
}

/* ---- in and out ---- */

TEST(vault_gives_back_what_it_was_given_at_every_edge_of_a_piece)
{
    static const size_t sizes[] = {0,
                                   1,
                                   VAULT_PIECE - 1,
                                   VAULT_PIECE,
                                   VAULT_PIECE + 1,
                                   2 * VAULT_PIECE,
                                   2 * VAULT_PIECE + 12345};
    char *folder = new_folder(cx);
    struct vault *vault = vault_at(cx, folder);

    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct str bytes = bytes_of(cx, sizes[i]);
        struct vault_object object = put(cx, vault, bytes);
        struct buf out = buf_new(cx->mem);
        struct stat st;
        CHECK_INT(object.bytes, sizes[i]);
        CHECK_OK(vault_get(cx, vault, key, &object, take_all, &out));
        CHECK(str_eq(buf_str(&out), bytes));
        CHECK(stat(path_of(cx, folder, &object), &st) == 0 && (st.st_mode & 0777) == 0600);
    }
}

TEST(vault_commits_to_the_raw_file)
{
    struct vault *vault = vault_at(cx, new_folder(cx));
    struct str bytes = bytes_of(cx, VAULT_PIECE + 7);
    struct vault_object object = put(cx, vault, bytes);
    struct hash hash =
        hash_hmac((struct str){(const char *)object.salt, sizeof object.salt}, &bytes, 1);

    CHECK(memcmp(hash.b, object.commitment.b, HASH_BYTES) == 0);
}

/* By the words of vault.h, without anything of the vault's. */
TEST(vault_writes_the_form_that_is_described)
{
    char *folder = new_folder(cx);
    struct str bytes = bytes_of(cx, VAULT_PIECE + 100);
    struct vault_object object = put(cx, vault_at(cx, folder), bytes);
    struct str file = test_read_file(cx, path_of(cx, folder, &object));
    struct hash own = hash_hmac((struct str){(const char *)key, sizeof key},
                                (struct str[]){STR("assay-vault-v1\n"), object.id}, 2);
    unsigned char nonce[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1}, plain[100];
    struct str last = str_from(file, 16 + VAULT_PIECE + 16);
    EVP_CIPHER_CTX *gcm = EVP_CIPHER_CTX_new();
    int n = 0;

    CHECK_INT(file.n, 16 + VAULT_PIECE + 16 + 100 + 16);
    CHECK(memcmp(file.p, "assay-vault-1\n\0\0", 16) == 0);
    CHECK(EVP_DecryptInit_ex(gcm, EVP_aes_256_gcm(), NULL, own.b, nonce) == 1 &&
          EVP_DecryptUpdate(gcm, plain, &n, (const unsigned char *)last.p, 100) == 1 &&
          EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_SET_TAG, 16, (void *)(uintptr_t)(last.p + 100)) ==
              1 &&
          EVP_DecryptFinal_ex(gcm, plain + n, &n) == 1);
    CHECK(memcmp(plain, bytes.p + VAULT_PIECE, 100) == 0);
    CHECK(memmem(file.p, file.n, bytes.p, 32) == NULL);
    EVP_CIPHER_CTX_free(gcm);
}

/* ---- what was changed ---- */

TEST(vault_refuses_an_object_with_any_byte_changed)
{
    char *folder = new_folder(cx);
    struct vault *vault = vault_at(cx, folder);
    struct vault_object object = put(cx, vault, bytes_of(cx, 40));
    const char *path = path_of(cx, folder, &object);

    for (off_t at = 0; at < 16 + 40 + 16; at++) {
        char was = swap(path, at, 0);
        swap(path, at, (char)(was ^ 1));
        CHECK_RC(vault_get(cx, vault, key, &object, NULL, NULL), RC_INVALID);
        swap(path, at, was);
    }
    CHECK_OK(vault_get(cx, vault, key, &object, NULL, NULL));
    CHECK(str_has(cx->err.text, object.id.p));
}

/* At the edge of a piece too, where each piece alone is whole. */
TEST(vault_refuses_an_object_that_was_cut_or_grew)
{
    static const size_t lengths[] = {0,
                                     16,
                                     16 + 5,
                                     16 + VAULT_PIECE,
                                     16 + VAULT_PIECE + 16,
                                     16 + 2 * (VAULT_PIECE + 16),
                                     16 + 2 * VAULT_PIECE + 50,
                                     16 + 2 * VAULT_PIECE + 100};
    char *folder = new_folder(cx);
    struct vault *vault = vault_at(cx, folder);
    struct str bytes = bytes_of(cx, 2 * VAULT_PIECE + 10);

    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        struct vault_object object = put(cx, vault, bytes);
        CHECK_INT(truncate(path_of(cx, folder, &object), (off_t)lengths[i]), 0);
        CHECK_RC(vault_get(cx, vault, key, &object, NULL, NULL), RC_INVALID);
    }
}

TEST(vault_refuses_one_object_in_the_place_of_another)
{
    char *folder = new_folder(cx);
    struct vault *vault = vault_at(cx, folder);
    struct vault_object one = put(cx, vault, bytes_of(cx, 99)),
                        two = put(cx, vault, bytes_of(cx, 99));

    CHECK_INT(rename(path_of(cx, folder, &one), path_of(cx, folder, &two)), 0);
    CHECK_RC(vault_get(cx, vault, key, &two, NULL, NULL), RC_INVALID);
    CHECK_RC(vault_get(cx, vault, key, &one, NULL, NULL), RC_NOT_FOUND);
}

TEST(vault_refuses_a_file_that_is_not_the_one_recorded)
{
    struct vault *vault = vault_at(cx, new_folder(cx));
    struct vault_object object = put(cx, vault, bytes_of(cx, 99));

    object.salt[3] ^= 1;
    CHECK_RC(vault_get(cx, vault, key, &object, NULL, NULL), RC_INVALID);
    object.salt[3] ^= 1;
    object.bytes++;
    CHECK_RC(vault_get(cx, vault, key, &object, NULL, NULL), RC_INVALID);
}

/* ---- what is there ---- */

static int count_one(void *arg, UNUSED struct ctx *cx, const struct vault_found *found)
{
    size_t *n = arg;

    n[found->upload]++;
    return 0;
}

TEST(vault_lists_objects_and_what_uploads_left)
{
    char *folder = new_folder(cx);
    struct vault *vault = vault_at(cx, folder);
    struct vault_object one = put(cx, vault, STR("one")), two = put(cx, vault, STR("two"));
    struct str left = str_printf(cx->mem, ".new-%.*s", STR_ARG(one.id));
    size_t n[2] = {0, 0};
    int fd = open(str_printf(cx->mem, "%s/%.*s/%.*s", folder, 2, one.id.p, STR_ARG(left)).p,
                  O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    close(fd);
    CHECK_OK(vault_list(cx, vault, count_one, n));
    CHECK_INT(n[0], 2);
    CHECK_INT(n[1], 1);
    CHECK_OK(vault_remove(cx, vault, left));
    CHECK_OK(vault_remove(cx, vault, two.id));
    CHECK_OK(vault_remove(cx, vault, two.id));
    CHECK_RC(vault_remove(cx, vault, STR("../../etc/passwd")), RC_INVALID);
    n[0] = n[1] = 0;
    CHECK_OK(vault_list(cx, vault, count_one, n));
    CHECK_INT(n[0], 1);
    CHECK_INT(n[1], 0);
}

TEST(vault_says_where_it_cannot_write)
{
    struct vault_object object;
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

    CHECK(vault_put(cx, vault_at(cx, "/proc/nowhere"), key, fd, &object) < 0);
    CHECK(str_has(cx->err.text, "/proc/nowhere"));
    close(fd);
}
