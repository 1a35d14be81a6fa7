#include "vault/vault.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <unistd.h>

#define TAG_BYTES 16u
#define NONCE_BYTES 12u
#define HEAD_BYTES 16u

static const char head[HEAD_BYTES] = "assay-vault-1\n";

struct vault {
    const struct vault_driver *driver;
    struct vault_place *place;
};

int vault_new(struct ctx *cx, const struct vault_driver *driver, struct vault_place *place,
              struct vault **ret)
{
    struct vault *vault = malloc(sizeof *vault);

    if (vault == NULL) {
        driver->end(place);
        return fail(cx, RC_FAIL, NULL, "%s", _("There is no memory for the vault."));
    }
    *vault = (struct vault){driver, place};
    *ret = vault;
    return 0;
}

void vault_free(struct vault *vault)
{
    if (vault == NULL)
        return;
    vault->driver->end(vault->place);
    free(vault);
}

bool vault_is_id(struct str id)
{
    for (size_t i = 0; i < id.n; i++)
        if (!((id.p[i] >= '0' && id.p[i] <= '9') || (id.p[i] >= 'a' && id.p[i] <= 'f')))
            return false;
    return id.n == VAULT_ID_BYTES;
}

/* ---- one file on its way, in or out ---- */

struct stream {
    EVP_CIPHER_CTX *cipher;
    EVP_MAC *hmac;
    EVP_MAC_CTX *mac; /* over the file */
    uint32_t number;  /* of the next piece */
    bool seals;
    unsigned char *one, *two; /* room for a piece and its tag each */
};

static void stream_end(struct stream *s)
{
    EVP_CIPHER_CTX_free(s->cipher);
    EVP_MAC_CTX_free(s->mac);
    EVP_MAC_free(s->hmac);
    if (s->one != NULL)
        OPENSSL_cleanse(s->one, VAULT_PIECE + TAG_BYTES);
    if (s->two != NULL)
        OPENSSL_cleanse(s->two, VAULT_PIECE + TAG_BYTES);
    free(s->one);
    free(s->two);
}

static int no_cipher(struct ctx *cx)
{
    return fail(cx, RC_FAIL, NULL, "%s", _("OpenSSL could not encrypt or decrypt."));
}

static int stream_begin(struct ctx *cx, struct stream *s, const unsigned char *data_key,
                        const struct vault_object *object, bool seals)
{
    static char digest[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                 OSSL_PARAM_construct_end()};
    struct hash key = hash_hmac((struct str){(const char *)data_key, VAULT_KEY_BYTES},
                                (struct str[]){STR("assay-vault-v1\n"), object->id}, 2);

    *s = (struct stream){.cipher = EVP_CIPHER_CTX_new(),
                         .hmac = EVP_MAC_fetch(NULL, "HMAC", NULL),
                         .seals = seals,
                         .one = malloc(VAULT_PIECE + TAG_BYTES),
                         .two = malloc(VAULT_PIECE + TAG_BYTES)};
    s->mac = s->hmac != NULL ? EVP_MAC_CTX_new(s->hmac) : NULL;
    bool done = s->cipher != NULL && s->mac != NULL && s->one != NULL && s->two != NULL &&
                EVP_CipherInit_ex(s->cipher, EVP_aes_256_gcm(), NULL, key.b, NULL, seals) == 1 &&
                EVP_MAC_init(s->mac, object->salt, sizeof object->salt, params) == 1;
    OPENSSL_cleanse(&key, sizeof key);
    return done ? 0 : no_cipher(cx);
}

/* The nonce of the next piece. */
static void nonce_of(struct stream *s, bool last, unsigned char *ret)
{
    memset(ret, 0, NONCE_BYTES);
    for (unsigned i = 0; i < 4; i++)
        ret[7 + i] = (unsigned char)(s->number >> (24 - 8 * i));
    ret[11] = last;
    s->number++;
}

/* Over the place of the file's bytes, with the tag behind them. */
static int seal_piece(struct ctx *cx, struct stream *s, unsigned char *bytes, size_t n, bool last)
{
    unsigned char nonce[NONCE_BYTES];
    int done = 0, rest = 0;

    nonce_of(s, last, nonce);
    if (EVP_MAC_update(s->mac, bytes, n) != 1 ||
        EVP_CipherInit_ex(s->cipher, NULL, NULL, NULL, nonce, -1) != 1 ||
        EVP_CipherUpdate(s->cipher, bytes, &done, bytes, (int)n) != 1 ||
        EVP_CipherFinal_ex(s->cipher, bytes + done, &rest) != 1 ||
        EVP_CIPHER_CTX_ctrl(s->cipher, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, bytes + n) != 1)
        return no_cipher(cx);
    return 0;
}

/* `n` is without the tag. RC_INVALID where the piece is not what was sealed at this place. */
static int open_piece(struct ctx *cx, struct stream *s, unsigned char *bytes, size_t n, bool last)
{
    unsigned char nonce[NONCE_BYTES];
    int done = 0, rest = 0;

    nonce_of(s, last, nonce);
    if (EVP_CipherInit_ex(s->cipher, NULL, NULL, NULL, nonce, -1) != 1 ||
        EVP_CIPHER_CTX_ctrl(s->cipher, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, bytes + n) != 1 ||
        EVP_CipherUpdate(s->cipher, bytes, &done, bytes, (int)n) != 1)
        return no_cipher(cx);
    if (EVP_CipherFinal_ex(s->cipher, bytes + done, &rest) != 1)
        return fail(cx, RC_INVALID, NULL, _("it was changed or is damaged (piece %u)"), s->number);
    return EVP_MAC_update(s->mac, bytes, n) == 1 ? 0 : no_cipher(cx);
}

static int stream_hash(struct ctx *cx, struct stream *s, struct hash *ret)
{
    size_t n = 0;

    return EVP_MAC_final(s->mac, ret->b, &n, sizeof ret->b) == 1 && n == sizeof ret->b
               ? 0
               : no_cipher(cx);
}

/* What was read last becomes what is worked on. */
static void stream_turn(struct stream *s)
{
    unsigned char *one = s->one;

    s->one = s->two;
    s->two = one;
}

/* ---- in ---- */

/* A whole piece, or what is left. */
static int read_piece(struct ctx *cx, int fd, unsigned char *bytes, size_t *ret_n)
{
    size_t n = 0;
    ssize_t got = 1;

    while (n < VAULT_PIECE && got > 0) {
        got = read(fd, bytes + n, VAULT_PIECE - n);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got < 0)
            return fail(cx, RC_FAIL, NULL, _("The file cannot be read: %s."),
                        strerrordesc_np(errno));
        else
            n += (size_t)got;
    }
    *ret_n = n;
    return 0;
}

/* One piece is read ahead, so that the last is known as such. */
static int put_pieces(struct ctx *cx, struct vault *vault, struct stream *s,
                      struct vault_upload *upload, int fd, uint64_t *ret_bytes)
{
    size_t n, next;
    bool last;

    *ret_bytes = 0;
    TRY(read_piece(cx, fd, s->one, &n));
    do {
        next = 0;
        if (n == VAULT_PIECE)
            TRY(read_piece(cx, fd, s->two, &next));
        last = next == 0;
        *ret_bytes += n;
        if (*ret_bytes > VAULT_MOST)
            return fail(cx, RC_LIMIT, NULL, _("The file is larger than %llu GB."),
                        (unsigned long long)(VAULT_MOST >> 30));
        TRY(seal_piece(cx, s, s->one, n, last));
        TRY(vault->driver->write(cx, upload, s->one, n + TAG_BYTES));
        stream_turn(s);
        n = next;
    } while (!last);
    return 0;
}

static int put_all(struct ctx *cx, struct vault *vault, const unsigned char *key, int fd,
                   struct vault_upload *upload, struct vault_object *object)
{
    struct stream s CLEANUP(stream_end) = {.number = 0};

    TRY(stream_begin(cx, &s, key, object, true));
    TRY(vault->driver->write(cx, upload, head, sizeof head));
    TRY(put_pieces(cx, vault, &s, upload, fd, &object->bytes));
    TRY(stream_hash(cx, &s, &object->commitment));
    return vault->driver->keep(cx, upload);
}

int vault_put(struct ctx *cx, struct vault *vault, const unsigned char key[VAULT_KEY_BYTES], int fd,
              struct vault_object *ret)
{
    unsigned char id[VAULT_ID_BYTES / 2];
    struct vault_object object = {.bytes = 0};
    struct vault_upload *upload = NULL;

    host_random(cx, id, sizeof id);
    host_random(cx, object.salt, sizeof object.salt);
    object.id = hash_hex(cx->mem, (struct str){(const char *)id, sizeof id});
    TRY(vault->driver->begin(cx, vault->place, object.id, &upload));
    int rc = put_all(cx, vault, key, fd, upload, &object);
    vault->driver->drop(upload);
    TRY(rc);
    *ret = object;
    return 0;
}

/* ---- out ---- */

static int get_pieces(struct ctx *cx, struct vault *vault, struct stream *s,
                      struct vault_download *download, vault_take *take, void *arg,
                      uint64_t *ret_bytes)
{
    const size_t whole = VAULT_PIECE + TAG_BYTES;
    size_t n, next;
    bool last;

    *ret_bytes = 0;
    TRY(vault->driver->read(cx, download, s->one, whole, &n));
    do {
        next = 0;
        if (n == whole)
            TRY(vault->driver->read(cx, download, s->two, whole, &next));
        last = next == 0;
        if (n < TAG_BYTES)
            return fail(cx, RC_INVALID, NULL, "%s", _("it was cut off"));
        TRY(open_piece(cx, s, s->one, n - TAG_BYTES, last));
        if (take != NULL && n > TAG_BYTES)
            TRY(take(arg, cx, (struct str){(const char *)s->one, n - TAG_BYTES}));
        *ret_bytes += n - TAG_BYTES;
        stream_turn(s);
        n = next;
    } while (!last);
    return 0;
}

static int get_all(struct ctx *cx, struct vault *vault, const unsigned char *key,
                   const struct vault_object *object, struct vault_download *download,
                   vault_take *take, void *arg)
{
    struct stream s CLEANUP(stream_end) = {.number = 0};
    struct hash commitment;
    char begins[HEAD_BYTES];
    uint64_t bytes;
    size_t n;

    TRY(stream_begin(cx, &s, key, object, false));
    TRY(vault->driver->read(cx, download, begins, sizeof begins, &n));
    if (n != sizeof begins || memcmp(begins, head, sizeof head) != 0)
        return fail(cx, RC_INVALID, NULL, "%s", _("it is no object of a vault"));
    TRY(get_pieces(cx, vault, &s, download, take, arg, &bytes));
    TRY(stream_hash(cx, &s, &commitment));
    if (bytes != object->bytes ||
        CRYPTO_memcmp(commitment.b, object->commitment.b, HASH_BYTES) != 0)
        return fail(cx, RC_INVALID, NULL, "%s", _("it is not the file that was recorded"));
    return 0;
}

int vault_get(struct ctx *cx, struct vault *vault, const unsigned char key[VAULT_KEY_BYTES],
              const struct vault_object *object, vault_take *take, void *arg)
{
    struct vault_download *download = NULL;
    int rc = vault->driver->open(cx, vault->place, object->id, &download);

    if (rc == 0) {
        rc = get_all(cx, vault, key, object, download, take, arg);
        vault->driver->close(download);
    }
    return rc == 0 ? 0 : fail_while(cx, rc, _("Vault object %.*s"), STR_ARG(object->id));
}

/* ---- the rest is the driver's ---- */

int vault_remove(struct ctx *cx, struct vault *vault, struct str id)
{
    return vault->driver->remove(cx, vault->place, id);
}

int vault_list(struct ctx *cx, struct vault *vault, vault_each *each, void *arg)
{
    return vault->driver->list(cx, vault->place, each, arg);
}
