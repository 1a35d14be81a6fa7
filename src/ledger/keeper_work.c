/* What the keeper does with its keys. */
#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <unistd.h>

#include "ledger/keeper_parts.h"

#define MEMORY ((size_t)4 * 1024 * 1024) /* of one request */

struct keeping {
    int socket, folder;
    struct keeper_secrets *secrets;
    bool has_keks;
};

/* ---- wrapping keys ---- */

static int keks_load(struct ctx *cx, struct keeping *k)
{
    TRY(keeper_keks_read(cx, k->folder, &k->secrets->keks));
    k->has_keks = true;
    return 0;
}

/* One more, as the newest; the lock is held. */
static int keks_add(struct ctx *cx, struct keeping *k)
{
    struct keeper_keks *keks = &k->secrets->keks;

    if (keks->n == KEEPER_KEKS)
        return fail(cx, RC_LIMIT, "kek",
                    _("There are %u wrapping keys already. Forget the old ones first."),
                    KEEPER_KEKS);
    host_random(cx, keks->keys[keks->n].id, sizeof keks->keys[0].id);
    host_random(cx, keks->keys[keks->n].key, sizeof keks->keys[0].key);
    keks->n++;
    k->has_keks = false; /* until it is durable */
    TRY(keeper_keks_write(cx, k->folder, keks));
    k->has_keks = true;
    return 0;
}

/* Makes the first key where there is none; the lock is held. */
static int keks_begin(struct ctx *cx, struct keeping *k)
{
    int rc = keks_load(cx, k);

    if (rc != RC_NOT_FOUND)
        return rc;
    k->secrets->keks = (struct keeper_keks){0};
    return keks_add(cx, k);
}

static int keks_newest(struct ctx *cx, struct keeping *k)
{
    if (k->has_keks)
        return 0;
    int rc = keks_load(cx, k);
    if (rc != RC_NOT_FOUND)
        return rc;
    TRY(keeper_lock(cx, k->folder));
    rc = keks_begin(cx, k);
    keeper_unlock(k->folder);
    return rc;
}

static const unsigned char *kek_find(const struct keeping *k, const unsigned char *id)
{
    const struct keeper_keks *keks = &k->secrets->keks;

    for (size_t i = 0; k->has_keks && i < keks->n; i++)
        if (memcmp(keks->keys[i].id, id, sizeof keks->keys[i].id) == 0)
            return keks->keys[i].key;
    return NULL;
}

static void free_cipher(EVP_CIPHER_CTX **cipher)
{
    EVP_CIPHER_CTX_free(*cipher);
}

/* RFC 3394 either way; false where what is to be unwrapped was changed. */
static bool key_wrap(const unsigned char *kek, bool wrap, const unsigned char *from, size_t n,
                     unsigned char *to, size_t to_n)
{
    EVP_CIPHER_CTX *cipher CLEANUP(free_cipher) = EVP_CIPHER_CTX_new();
    unsigned char room[KEEPER_WRAPPED_BYTES + 8];
    int made = 0, rest = 0;

    if (cipher == NULL)
        return false;
    EVP_CIPHER_CTX_set_flags(cipher, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    bool done = EVP_CipherInit_ex(cipher, EVP_aes_256_wrap(), NULL, kek, NULL, wrap) == 1 &&
                EVP_CipherUpdate(cipher, room, &made, from, (int)n) == 1 &&
                EVP_CipherFinal_ex(cipher, room + made, &rest) == 1 &&
                (size_t)(made + rest) == to_n;
    if (done)
        memcpy(to, room, to_n);
    OPENSSL_cleanse(room, sizeof room);
    return done;
}

static int wrap_all(struct ctx *cx, struct keeping *k, const struct keeper_request *request,
                    unsigned char *out)
{
    TRY(keks_newest(cx, k));
    const struct keeper_keks *keks = &k->secrets->keks;
    const size_t newest = keks->n - 1u, id_n = sizeof keks->keys[0].id;

    for (size_t i = 0; i < request->n; i++, out += KEEPER_WRAPPED_BYTES) {
        memcpy(out, keks->keys[newest].id, id_n);
        if (!key_wrap(keks->keys[newest].key, true, request->items + i * KEEPER_KEY_BYTES,
                      KEEPER_KEY_BYTES, out + id_n, KEEPER_WRAPPED_BYTES - id_n))
            return fail(cx, RC_FAIL, NULL, "%s", _("OpenSSL could not wrap a key."));
    }
    return 0;
}

/* Another keeper may have made the key meanwhile. */
static int unwrap_one(struct ctx *cx, struct keeping *k, const unsigned char *wrapped,
                      unsigned char *out)
{
    const size_t id_n = sizeof k->secrets->keks.keys[0].id;
    const unsigned char *kek = kek_find(k, wrapped);

    if (kek == NULL) {
        TRY(keks_load(cx, k));
        kek = kek_find(k, wrapped);
    }
    if (kek == NULL)
        return fail(cx, RC_NOT_FOUND, "kek", "%s",
                    _("What is encrypted here belongs to a wrapping key that is not in this "
                      "home's folder of keys. Bring the folder back from a copy."));
    if (!key_wrap(kek, false, wrapped + id_n, KEEPER_WRAPPED_BYTES - id_n, out, KEEPER_KEY_BYTES))
        return fail(cx, RC_INVALID, NULL, "%s", _("A wrapped key was changed or is damaged."));
    return 0;
}

static int unwrap_all(struct ctx *cx, struct keeping *k, const struct keeper_request *request,
                      unsigned char *out)
{
    for (size_t i = 0; i < request->n; i++)
        TRY(unwrap_one(cx, k, request->items + i * KEEPER_WRAPPED_BYTES,
                       out + i * KEEPER_KEY_BYTES));
    return 0;
}

static int rotate(struct ctx *cx, struct keeping *k)
{
    TRY(keks_begin(cx, k));
    return keks_add(cx, k);
}

static int forget(struct ctx *cx, struct keeping *k)
{
    struct keeper_keks *keks = &k->secrets->keks;

    TRY(keks_begin(cx, k));
    keks->keys[0] = keks->keys[keks->n - 1u];
    OPENSSL_cleanse(&keks->keys[1], sizeof keks->keys - sizeof keks->keys[0]);
    keks->n = 1;
    return keeper_keks_write(cx, k->folder, keks);
}

/* ---- ledgers ---- */

static int64_t until_of(const unsigned char *bytes)
{
    uint64_t ms = 0;

    for (size_t i = 8; i-- > 0;)
        ms = ms << 8 | bytes[i];
    return (int64_t)ms;
}

static void until_put(unsigned char *bytes, int64_t ms)
{
    for (size_t i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)ms >> (8 * i));
}

static int lost(struct ctx *cx, struct str origin)
{
    return fail(cx, RC_CONFLICT, "keys",
                _("The folder of keys has the signing key of %.*s, but no longer what was signed "
                  "with it last. Bring the folder back from a copy, or begin a new ledger."),
                STR_ARG(origin));
}

static int no_key(struct ctx *cx, struct str origin)
{
    return fail(cx, RC_NOT_FOUND, "keys",
                _("The signing key of %.*s is no longer in the folder of keys. Bring the folder "
                  "back from a copy, or begin a new ledger."),
                STR_ARG(origin));
}

static int log_add_key(struct ctx *cx, struct keeping *k, struct str origin)
{
    struct keeper_log *log = &k->secrets->log;

    host_random(cx, log->keys[log->n].seed, sizeof log->keys[0].seed);
    until_put(log->keys[log->n].until, 0);
    log->n++;
    return keeper_log_write(cx, k->folder, origin, log);
}

/* The memory comes before the key: a key without memory has lost it. */
static int log_begin(struct ctx *cx, struct keeping *k, struct str origin)
{
    const struct merkle_frontier none = {0};
    struct checkpoint last = {.origin = origin, .root = merkle_root(&none)};
    int rc = keeper_last_read(cx, k->folder, origin, &last);

    if (rc == RC_NOT_FOUND)
        rc = keeper_last_write(cx, k->folder, &last);
    TRY(rc);
    if (last.size > 0)
        return no_key(cx, origin);
    k->secrets->log = (struct keeper_log){0};
    return log_add_key(cx, k, origin);
}

static int log_load(struct ctx *cx, struct keeping *k, struct str origin)
{
    int rc = keeper_log_read(cx, k->folder, origin, &k->secrets->log);

    return rc == RC_NOT_FOUND ? log_begin(cx, k, origin) : rc;
}

static int log_key(struct ctx *cx, const struct keeping *k, struct str origin, size_t i,
                   struct note_key *ret)
{
    return note_key_of(cx, origin, k->secrets->log.keys[i].seed, ret);
}

static int public_keys(struct ctx *cx, struct keeping *k, struct str origin, struct str *ret)
{
    struct buf out = buf_new(cx->mem);
    struct note_key key;

    TRY(log_load(cx, k, origin));
    for (size_t i = 0; i < k->secrets->log.n; i++) {
        TRY(log_key(cx, k, origin, i, &key));
        buf_add(&out, note_key_text(cx->mem, &key));
        buf_char(&out, '\n');
    }
    *ret = buf_str(&out);
    return 0;
}

/* The oldest goes where there is no room: it has signed nothing for long. */
static int rotate_log(struct ctx *cx, struct keeping *k, struct str origin, struct str *ret)
{
    struct keeper_log *log = &k->secrets->log;
    struct note_key key;

    TRY(log_load(cx, k, origin));
    if (log->n == KEEPER_LOG_KEYS) {
        memmove(&log->keys[0], &log->keys[1], sizeof log->keys - sizeof log->keys[0]);
        log->n--;
    }
    until_put(log->keys[log->n - 1u].until, host_now_ms(cx) + KEEPER_RETIRE_MS);
    TRY(log_add_key(cx, k, origin));
    TRY(log_key(cx, k, origin, log->n - 1u, &key));
    *ret = note_key_text(cx->mem, &key);
    return 0;
}

static int last_signed(struct ctx *cx, struct keeping *k, struct str origin,
                       struct keeper_answer *answer, struct checkpoint *ret)
{
    TRY(log_load(cx, k, origin));
    int rc = keeper_last_read(cx, k->folder, origin, ret);
    if (rc == RC_NOT_FOUND || rc == RC_INVALID) {
        answer->stand = KEEPER_LOST;
        return lost(cx, origin);
    }
    TRY(rc);
    answer->size = ret->size;
    answer->root = ret->root;
    return 0;
}

/* The note by the newest key, with the lines of older ones that are in use for some days more. */
static int sign_all(struct ctx *cx, const struct keeping *k, const struct checkpoint *checkpoint,
                    struct str *ret)
{
    const struct keeper_log *log = &k->secrets->log;
    struct str text = checkpoint_text(cx->mem, checkpoint), note;
    struct buf out = buf_new(cx->mem);
    struct note_key key;

    for (size_t i = log->n; i-- > 0;) {
        int64_t until = until_of(log->keys[i].until);
        if (until != 0 && until <= host_now_ms(cx))
            continue;
        TRY(log_key(cx, k, checkpoint->origin, i, &key));
        TRY(note_sign(cx, text, &key, log->keys[i].seed, &note));
        buf_add(&out, out.n == 0 ? note : str_from(note, text.n + 1));
    }
    *ret = buf_str(&out);
    return 0;
}

/* Two keys that follow on one another say so together: who trusts either may trust the other. */
static int link_keys(struct ctx *cx, const struct keeping *k, struct str origin, size_t i,
                     struct buf *out)
{
    const struct keeper_log *log = &k->secrets->log;
    struct note_key keys[2];
    struct str text, note;

    TRY(log_key(cx, k, origin, i - 1, &keys[0]));
    TRY(log_key(cx, k, origin, i, &keys[1]));
    text = note_link_text(cx->mem, &keys[0], &keys[1]);
    for (size_t n = 0; n < 2; n++) {
        TRY(note_sign(cx, text, &keys[n], log->keys[i - 1 + n].seed, &note));
        buf_add(out, n == 0 ? note : str_from(note, text.n + 1));
    }
    return 0;
}

static int links(struct ctx *cx, struct keeping *k, struct str origin, struct str *ret)
{
    struct buf out = buf_new(cx->mem);

    TRY(log_load(cx, k, origin));
    for (size_t i = 1; i < k->secrets->log.n; i++)
        TRY(link_keys(cx, k, origin, i, &out));
    *ret = buf_str(&out);
    return 0;
}

static int behind(struct ctx *cx, const struct checkpoint *last, const struct checkpoint *now)
{
    return fail(cx, RC_CONFLICT, "ledger",
                _("The ledger %.*s has %llu entries, but %llu were signed already: the last %llu "
                  "are missing, as after an older copy was brought back."),
                STR_ARG(now->origin), (unsigned long long)now->size, (unsigned long long)last->size,
                (unsigned long long)(last->size - now->size));
}

static int forked(struct ctx *cx, const struct checkpoint *last)
{
    return fail(cx, RC_DENIED, "ledger",
                _("The ledger %.*s is not the one that was signed: of its first %llu entries "
                  "some were changed since. It is not signed any more."),
                STR_ARG(last->origin), (unsigned long long)last->size);
}

/* Decides, remembers, signs; the lock is held. Without a note in `answer` the proof began elsewhere
 * than the memory ends, and the caller tries again. */
static int sign(struct ctx *cx, struct keeping *k, const struct keeper_request *request,
                struct keeper_answer *answer)
{
    const struct checkpoint now = {
        .origin = request->origin, .size = request->size, .root = request->root};
    struct checkpoint last;

    TRY(last_signed(cx, k, now.origin, answer, &last));
    answer->stand = KEEPER_BEHIND;
    if (now.size < last.size)
        return behind(cx, &last, &now);
    answer->stand = now.size > last.size                 ? KEEPER_AHEAD
                    : merkle_same(&now.root, &last.root) ? KEEPER_EQUAL
                                                         : KEEPER_FORKED;
    if (answer->stand == KEEPER_AHEAD && request->old != last.size)
        return 0;
    if (answer->stand == KEEPER_AHEAD &&
        !merkle_consistency_holds(last.size, &last.root, now.size, &now.root,
                                  (const struct hash *)request->items, request->n))
        answer->stand = KEEPER_FORKED;
    if (answer->stand == KEEPER_FORKED)
        return forked(cx, &last);
    if (answer->stand == KEEPER_AHEAD)
        TRY(keeper_last_write(cx, k->folder, &now));
    return sign_all(cx, k, &now, &answer->text);
}

/* ---- requests ---- */

static int locked_work(struct ctx *cx, struct keeping *k, const struct keeper_request *request,
                       struct keeper_answer *answer)
{
    struct checkpoint last;

    switch (request->what) {
    case KEEPER_ROTATE:
        return rotate(cx, k);
    case KEEPER_FORGET:
        return forget(cx, k);
    case KEEPER_PUBLIC:
        return public_keys(cx, k, request->origin, &answer->text);
    case KEEPER_ROTATE_LOG:
        return rotate_log(cx, k, request->origin, &answer->text);
    case KEEPER_LAST:
        return last_signed(cx, k, request->origin, answer, &last);
    case KEEPER_SIGN:
        return sign(cx, k, request, answer);
    case KEEPER_LINKS:
        return links(cx, k, request->origin, &answer->text);
    case KEEPER_WRAP:
    case KEEPER_UNWRAP:
        break;
    }
    return fail(cx, RC_INVALID, NULL, "%s", _("The keeper was asked for what it does not do."));
}

/* `room` is where the items of the answer go. */
static int work(struct ctx *cx, struct keeping *k, const struct keeper_request *request,
                unsigned char *room, struct keeper_answer *answer)
{
    answer->items = room;
    answer->n = request->n;
    answer->item_bytes = keeper_item_out(request->what);
    if (request->what == KEEPER_WRAP)
        return wrap_all(cx, k, request, room);
    if (request->what == KEEPER_UNWRAP)
        return unwrap_all(cx, k, request, room);
    answer->n = 0;
    TRY(keeper_lock(cx, k->folder));
    int rc = locked_work(cx, k, request, answer);
    keeper_unlock(k->folder);
    OPENSSL_cleanse(&k->secrets->log, sizeof k->secrets->log);
    return rc;
}

static void answer_one(struct ctx *cx, struct keeping *k, size_t n)
{
    unsigned char *room = k->secrets->room;
    struct keeper_answer answer = {0};
    struct keeper_request request;
    size_t out_n;
    int rc = keeper_request_get(k->secrets->in, n, &request)
                 ? work(cx, k, &request, room, &answer)
                 : fail(cx, RC_INVALID, NULL, "%s", _("The keeper does not understand."));

    if (rc < 0)
        answer = (struct keeper_answer){
            .rc = rc, .stand = answer.stand, .text = str_sub(cx->err.text, 0, 4096)};
    if (!keeper_answer_put(&answer, k->secrets->out, &out_n) ||
        write(k->socket, k->secrets->out, out_n) != (ssize_t)out_n)
        _exit(1);
    OPENSSL_cleanse(k->secrets->in, sizeof k->secrets->in);
    OPENSSL_cleanse(k->secrets->room, sizeof k->secrets->room);
    OPENSSL_cleanse(k->secrets->out, sizeof k->secrets->out);
}

void keeper_serve(int socket, int folder, struct keeper_secrets *secrets)
{
    struct keeping k = {.socket = socket, .folder = folder, .secrets = secrets};
    ssize_t n;

    do {
        n = read(socket, secrets->in, sizeof secrets->in);
        if (n > 0) {
            struct ctx cx = {.mem = arena_new(MEMORY)};
            answer_one(&cx, &k, (size_t)n);
            arena_free(cx.mem);
        }
    } while (n > 0 || (n < 0 && errno == EINTR));
    OPENSSL_cleanse(secrets, sizeof *secrets);
    _exit(0);
}
