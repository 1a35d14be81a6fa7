/* Keys of sealed values: one for each person or record that they tell of, encrypted under the
 * organisation's key, which only its keeper can decrypt. */
#include "register/record_parts.h"

#include <string.h>

#include "base/aead.h"

#define SECRETS 1024u /* data keys that are kept ready; more take one another's place */
#define ABOUT_KEY "assay-data-key-v1\n"

struct secret {
    char id[RECORD_ID_BYTES];
    unsigned char key[AEAD_KEY_BYTES];
};

struct record_secrets {
    bool known; /* the organisation's key */
    unsigned char organisation[AEAD_KEY_BYTES];
    struct secret items[SECRETS];
};

struct record_secrets *record_secrets_new(void)
{
    struct record_secrets *secrets = calloc(1, sizeof *secrets);

    if (secrets == NULL)
        abort();
    return secrets;
}

void record_secrets_free(struct record_secrets *secrets)
{
    if (secrets == NULL)
        return;
    explicit_bzero(secrets, sizeof *secrets);
    free(secrets);
}

void record_secrets_forget(const struct record_store *rs)
{
    explicit_bzero(record_secrets(rs), sizeof(struct record_secrets));
}

void record_keys_forget(const struct record_store *rs)
{
    record_secrets_forget(rs);
}

static struct secret *place_of(const struct record_store *rs, struct str id)
{
    return &record_secrets(rs)->items[str_hash(id) % SECRETS];
}

/* ---- the organisation's ---- */

int organisation_key_put(struct ctx *cx, const struct record_store *rs, const unsigned char *key)
{
    struct str wrapped;
    KEPT(q);

    TRY(rs->keys->wrap(rs->keys, cx, key, &wrapped));
    TRY(record_prepare(cx, rs,
                       STR("INSERT INTO organisation_key (id, wrapped) VALUES (1, :wrapped) "
                           "ON CONFLICT (id) DO UPDATE SET wrapped = excluded.wrapped"),
                       &q));
    TRY(stmt_bind_text(cx, q.s, "wrapped", wrapped));
    record_secrets_forget(rs);
    return stmt_run(cx, q.s);
}

int organisation_key_make(struct ctx *cx, const struct record_store *rs)
{
    unsigned char key[AEAD_KEY_BYTES];

    host_random(cx, key, sizeof key);
    int rc = organisation_key_put(cx, rs, key);
    explicit_bzero(key, sizeof key);
    return rc;
}

int organisation_key_wrapped(struct ctx *cx, const struct record_store *rs, struct str *ret)
{
    KEPT(q);
    bool row;

    TRY(record_prepare(cx, rs, STR("SELECT wrapped FROM organisation_key"), &q));
    TRY(stmt_step(cx, q.s, &row));
    *ret = row ? stmt_text(cx->mem, q.s, 0) : STR_NONE;
    return 0;
}

static int organisation_key(struct ctx *cx, const struct record_store *rs)
{
    struct record_secrets *secrets = record_secrets(rs);
    struct str wrapped;

    if (secrets->known)
        return 0;
    TRY(organisation_key_wrapped(cx, rs, &wrapped));
    if (wrapped.n == 0)
        return fail(cx, RC_FAIL, NULL,
                    _("The organisation's key is not there: what is sealed cannot be read. Restore "
                      "a backup."));
    TRY(rs->keys->unwrap(rs->keys, cx, wrapped, secrets->organisation));
    secrets->known = true;
    return 0;
}

int organisation_key_bare(struct ctx *cx, const struct record_store *rs, unsigned char *ret)
{
    TRY(organisation_key(cx, rs));
    memcpy(ret, record_secrets(rs)->organisation, AEAD_KEY_BYTES);
    return 0;
}

/* ---- data keys ---- */

static struct str about(struct arena *mem, struct str id)
{
    return str_printf(mem, ABOUT_KEY "%.*s", STR_ARG(id));
}

static int make_key(struct ctx *cx, const struct record_store *rs, struct str subject,
                    struct data_key *ret)
{
    struct str sealed, plain = {(const char *)ret->key, sizeof ret->key};
    KEPT(q);

    TRY(organisation_key(cx, rs));
    ret->id = record_id_new(cx);
    host_random(cx, ret->key, sizeof ret->key);
    TRY(aead_seal(cx, record_secrets(rs)->organisation, about(cx->mem, ret->id), plain, &sealed));
    TRY(record_prepare(
        cx, rs, STR("INSERT INTO data_key (id, subject, wrapped) VALUES (:id, :subject, :wrapped)"),
        &q));
    TRY(stmt_bind_text(cx, q.s, "id", ret->id));
    TRY(stmt_bind_text(cx, q.s, "subject", subject));
    TRY(stmt_bind_text(cx, q.s, "wrapped", base64_encode(cx->mem, sealed)));
    return stmt_run(cx, q.s);
}

static int unwrap(struct ctx *cx, const struct record_store *rs, struct str wrapped,
                  struct data_key *ret)
{
    struct secret *place = place_of(rs, ret->id);
    struct str sealed, plain;

    if (ret->id.n == RECORD_ID_BYTES && memcmp(place->id, ret->id.p, RECORD_ID_BYTES) == 0) {
        memcpy(ret->key, place->key, sizeof ret->key);
        return 0;
    }
    TRY(organisation_key(cx, rs));
    if (!base64_decode(cx->mem, wrapped, &sealed) ||
        !aead_open(cx->mem, record_secrets(rs)->organisation, about(cx->mem, ret->id), sealed,
                   &plain) ||
        plain.n != sizeof ret->key)
        return fail(
            cx, RC_FAIL, NULL,
            _("The data key %.*s cannot be decrypted: it was changed by something else than "
              "Assay. To see what was: assay ledger verify."),
            STR_ARG(ret->id));
    memcpy(ret->key, plain.p, sizeof ret->key);
    if (ret->id.n == RECORD_ID_BYTES) {
        memcpy(place->id, ret->id.p, RECORD_ID_BYTES);
        memcpy(place->key, ret->key, sizeof ret->key);
    }
    return 0;
}

int data_key_read(struct ctx *cx, const struct record_store *rs, struct str id, bool *ret_there,
                  struct data_key *ret)
{
    const struct secret *place = place_of(rs, id);
    KEPT(q);

    ret->id = id;
    if (id.n == RECORD_ID_BYTES && memcmp(place->id, id.p, RECORD_ID_BYTES) == 0) {
        *ret_there = true;
        memcpy(ret->key, place->key, sizeof ret->key);
        return 0;
    }
    TRY(record_prepare(cx, rs, STR("SELECT wrapped FROM data_key WHERE id = :id"), &q));
    TRY(stmt_bind_text(cx, q.s, "id", id));
    TRY(stmt_step(cx, q.s, ret_there));
    return *ret_there ? unwrap(cx, rs, stmt_text(cx->mem, q.s, 0), ret) : 0;
}

int data_key_of(struct ctx *cx, const struct record_store *rs, struct str subject,
                struct data_key *ret)
{
    KEPT(q);
    bool row;

    TRY(record_prepare(cx, rs, STR("SELECT id, wrapped FROM data_key WHERE subject = :subject"),
                       &q));
    TRY(stmt_bind_text(cx, q.s, "subject", subject));
    TRY(stmt_step(cx, q.s, &row));
    if (!row)
        return make_key(cx, rs, subject, ret);
    ret->id = stmt_text(cx->mem, q.s, 0);
    return unwrap(cx, rs, stmt_text(cx->mem, q.s, 1), ret);
}
