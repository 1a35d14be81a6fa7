#include "web/provider.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "base/file.h"
#include "op/jwt.h"
#include "proc/fetch.h"
#include "web/parse.h"

#define SECONDS 10u /* for one question */
#define ANSWER_BYTES ((size_t)64 * 1024)
#define KEPT_MS ((int64_t)60 * 60 * 1000)
#define AGAIN_MS ((int64_t)1000)
#define SECRET_BYTES 4096u

/* What was fetched, with memory of its own, and when. */
struct kept {
    struct arena *mem;
    struct str text;
    int64_t at;
};

struct provider {
    struct arena *mem;
    struct str issuer, client, secret, name;
    struct proc_server *fetcher;
    pthread_mutex_t lock; /* of what follows */
    struct kept description, keys;
};

/* ---- its life ---- */

static int read_secret(struct ctx *cx, const char *path, struct str *ret)
{
    int fd CLEANUP(fd_close) = open(path, O_RDONLY | O_CLOEXEC);
    char bytes[SECRET_BYTES];
    ssize_t n = fd >= 0 ? read(fd, bytes, sizeof bytes) : -1;

    if (n < 0)
        return fail(cx, RC_NOT_FOUND, "oidc-secret-file", _("%s cannot be read: %s."), path,
                    strerrordesc_np(errno));
    *ret = str_copy(cx->mem, str_trim((struct str){bytes, (size_t)n}));
    if (ret->n == 0 || (size_t)n == sizeof bytes)
        return fail(cx, RC_INVALID, "oidc-secret-file", _("%s has no secret of a client in it."),
                    path);
    return 0;
}

static int check_issuer(struct ctx *cx, struct str issuer)
{
    TRY(fetch_check_url(cx, "oidc", issuer));
    if (str_find_char(issuer, '?', 0) != SIZE_MAX || str_find_char(issuer, '#', 0) != SIZE_MAX)
        return fail(cx, RC_INVALID, "oidc", _("The address of an issuer has no ? and no #."));
    return 0;
}

static struct str host_of(struct str url)
{
    struct str rest = str_from(url, str_find(url, STR("://"), 0) + 3), host = rest;

    (void)str_split(&rest, '/', &host);
    return host;
}

int provider_new(struct ctx *cx, const struct provider_options *options, struct provider **ret)
{
    struct str secret = STR_NONE;

    *ret = NULL;
    if (options->issuer == NULL && options->client == NULL)
        return 0;
    if (options->issuer == NULL || options->client == NULL)
        return fail(cx, RC_INVALID, "oidc",
                    _("Signing in through a provider needs both: --oidc ISSUER and --oidc-client "
                      "ID."));
    TRY(check_issuer(cx, str_of(options->issuer)));
    if (options->secret_file != NULL)
        TRY(read_secret(cx, options->secret_file, &secret));
    struct provider *p = ARENA_NEW(cx->mem, struct provider);

    *p = (struct provider){.mem = cx->mem,
                           .issuer = str_of(options->issuer),
                           .client = str_of(options->client),
                           .secret = secret,
                           .name = options->name != NULL ? str_of(options->name)
                                                         : host_of(str_of(options->issuer))};
    TRY(fetch_server_start(cx, &p->fetcher));
    (void)pthread_mutex_init(&p->lock, NULL);
    *ret = p;
    return 0;
}

void provider_free(struct provider *p)
{
    if (p == NULL)
        return;
    proc_server_stop(p->fetcher);
    if (p->description.mem != NULL)
        arena_free(p->description.mem);
    if (p->keys.mem != NULL)
        arena_free(p->keys.mem);
    (void)pthread_mutex_destroy(&p->lock);
}

struct str provider_name(const struct provider *p)
{
    return p->name;
}

struct str provider_issuer(const struct provider *p)
{
    return p->issuer;
}

/* ---- asking it ---- */

static int unclear(struct ctx *cx, const struct provider *p, const char *what)
{
    return fail(cx, RC_DENIED, "provider", _("%.*s gave no %s that can be used."), STR_ARG(p->name),
                what);
}

/* What it says of itself leads to https only, unless it is on this machine. */
static bool may_ask(struct ctx *cx, const struct provider *p, struct str url)
{
    struct err err = cx->err;
    bool may = fetch_check_url(cx, NULL, url) == 0 &&
               (str_starts(url, STR("https:")) || str_starts(p->issuer, STR("http:")));

    cx->err = err;
    return may;
}

static int get(struct ctx *cx, const struct provider *p, struct str url, struct str authorization,
               size_t most, struct str *ret)
{
    const struct fetch fetch = {
        .url = url, .authorization = authorization, .most = most, .seconds = SECONDS};
    struct fetched got;

    TRY(fetch_ask(cx, p->fetcher, &fetch, &got));
    if (got.status != 200)
        return fail(cx, RC_NOT_FOUND, "provider", _("%.*s answers %d and not with what was asked."),
                    STR_ARG(url), got.status);
    *ret = got.body;
    return 0;
}

static bool take_kept(struct ctx *cx, struct provider *p, const struct kept *kept, int64_t most_ms,
                      struct str *ret)
{
    (void)pthread_mutex_lock(&p->lock);
    bool fresh = kept->mem != NULL && host_now_ms(cx) - kept->at < most_ms;

    if (fresh)
        *ret = str_copy(cx->mem, kept->text);
    (void)pthread_mutex_unlock(&p->lock);
    return fresh;
}

static void keep(struct ctx *cx, struct provider *p, struct kept *kept, struct str text)
{
    struct arena *mem = arena_new(0), *old;
    struct kept now = {mem, str_copy(mem, text), host_now_ms(cx)};

    (void)pthread_mutex_lock(&p->lock);
    old = kept->mem;
    *kept = now;
    (void)pthread_mutex_unlock(&p->lock);
    if (old != NULL)
        arena_free(old);
}

/* ---- what it says of itself (OpenID Connect Discovery 1.0) ---- */

static int read_description(struct ctx *cx, const struct provider *p, struct str text,
                            struct value **ret)
{
    static const char *const needed[] = {"authorization_endpoint", "token_endpoint", "jwks_uri"};

    if (json_parse(cx, "openid-configuration", text, ret) < 0 || value_type(*ret) != VALUE_MAP)
        return unclear(cx, p, "description");
    if (!str_eq(value_get_text(*ret, "issuer"), p->issuer))
        return fail(cx, RC_DENIED, "provider",
                    _("%.*s says that it is another issuer: give --oidc exactly as it names "
                      "itself."),
                    STR_ARG(p->name));
    for (size_t i = 0; i < COUNT_OF(needed); i++)
        if (!may_ask(cx, p, value_get_text(*ret, needed[i])))
            return unclear(cx, p, needed[i]);
    return 0;
}

static int describe(struct ctx *cx, struct provider *p, struct value **ret)
{
    struct str base = p->issuer, text;
    bool had = take_kept(cx, p, &p->description, KEPT_MS, &text);

    if (base.n > 0 && base.p[base.n - 1] == '/')
        base.n--;
    if (!had)
        TRY(get(cx, p, str_printf(cx->mem, "%.*s/.well-known/openid-configuration", STR_ARG(base)),
                STR_NONE, JWT_KEYS_BYTES, &text));
    TRY(read_description(cx, p, text, ret));
    if (!had)
        keep(cx, p, &p->description, text);
    return 0;
}

static int keys_of(struct ctx *cx, struct provider *p, const struct value *about, int64_t most_ms,
                   struct str *ret)
{
    if (take_kept(cx, p, &p->keys, most_ms, ret))
        return 0;
    TRY(get(cx, p, value_get_text(about, "jwks_uri"), STR_NONE, JWT_KEYS_BYTES, ret));
    keep(cx, p, &p->keys, *ret);
    return 0;
}

/* ---- going there ---- */

/* What goes with a question follows from what its browser holds, and tells nothing of that. */
static struct str derived(struct ctx *cx, const char *what, struct str token)
{
    const struct str parts[] = {STR("assay-oidc-v1\n"), str_of(what), STR("\n"), token};
    struct hash hash = hash_sha256(parts, 4);

    return base64url_encode(cx->mem, (struct str){(const char *)hash.b, sizeof hash.b});
}

static struct str verifier_of(struct ctx *cx, struct str token)
{
    return derived(cx, "verifier", token);
}

static void put(struct ctx *cx, struct buf *out, const char *name, struct str value)
{
    char last = out->n > 0 ? out->p[out->n - 1] : '?';

    if (last != '?' && last != '&')
        buf_char(out, '&');
    buf_printf(out, "%s=%.*s", name, STR_ARG(parse_escape(cx->mem, value)));
}

static struct buf address(struct ctx *cx, struct str url)
{
    struct buf out = buf_new(cx->mem);

    buf_add(&out, url);
    if (str_find_char(url, '?', 0) == SIZE_MAX)
        buf_char(&out, '?');
    return out;
}

int provider_begin(struct ctx *cx, struct provider *p, struct str back, struct str token,
                   struct str *ret_url)
{
    struct str verifier = verifier_of(cx, token);
    struct hash hash = hash_sha256(&verifier, 1);
    struct value *about;

    TRY(describe(cx, p, &about));
    struct buf url = address(cx, value_get_text(about, "authorization_endpoint"));

    put(cx, &url, "response_type", STR("code"));
    put(cx, &url, "scope", STR("openid email profile"));
    put(cx, &url, "client_id", p->client);
    put(cx, &url, "redirect_uri", back);
    put(cx, &url, "state", derived(cx, "state", token));
    put(cx, &url, "nonce", derived(cx, "nonce", token));
    put(cx, &url, "code_challenge_method", STR("S256"));
    put(cx, &url, "code_challenge",
        base64url_encode(cx->mem, (struct str){(const char *)hash.b, sizeof hash.b}));
    *ret_url = buf_str(&url);
    return 0;
}

/* ---- coming back ---- */

/* Letters of an error code, for people to look up. */
static struct str plain(struct ctx *cx, struct str code)
{
    struct buf out = buf_new(cx->mem);

    for (size_t i = 0; i < code.n && i < 60; i++)
        if ((code.p[i] >= 'a' && code.p[i] <= 'z') || code.p[i] == '_')
            buf_char(&out, code.p[i]);
    return out.n > 0 ? buf_str(&out) : STR("?");
}

static int check_answer(struct ctx *cx, const struct provider *p, const struct value *about,
                        struct str token, const struct provider_answer *answer)
{
    bool names = value_get_bool(about, "authorization_response_iss_parameter_supported");

    if (!str_eq(answer->state, derived(cx, "state", token)))
        return fail(cx, RC_DENIED, "state",
                    _("That is no answer to what this browser asked: begin again."));
    if ((names || answer->issuer.n > 0) && !str_eq(answer->issuer, p->issuer))
        return fail(cx, RC_DENIED, "iss", _("Another provider answered."));
    if (answer->error.n > 0)
        return fail(cx, RC_DENIED, "provider", _("%.*s did not sign you in (%.*s)."),
                    STR_ARG(p->name), STR_ARG(plain(cx, answer->error)));
    if (answer->code.n == 0)
        return unclear(cx, p, "code");
    return 0;
}

static bool lists(const struct value *list, const char *what)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (value_is_text(value_at(list, i), what))
            return true;
    return false;
}

/* How we show who we are: in the head, unless it only takes that in the form. */
static struct str authorization(struct ctx *cx, const struct provider *p, const struct value *about,
                                struct buf *form)
{
    const struct value *ways = value_get(about, "token_endpoint_auth_methods_supported");
    bool basic = ways == NULL || lists(ways, "client_secret_basic");

    if (p->secret.n == 0 || !basic)
        put(cx, form, "client_id", p->client);
    if (p->secret.n == 0)
        return STR_NONE;
    if (!basic) {
        put(cx, form, "client_secret", p->secret);
        return STR_NONE;
    }
    struct str pair = str_printf(cx->mem, "%.*s:%.*s", STR_ARG(parse_escape(cx->mem, p->client)),
                                 STR_ARG(parse_escape(cx->mem, p->secret)));

    return str_printf(cx->mem, "Basic %.*s", STR_ARG(base64_encode(cx->mem, pair)));
}

static int ask_tokens(struct ctx *cx, const struct provider *p, const struct value *about,
                      struct str back, struct str token, struct str code, struct value **ret)
{
    struct buf form = buf_new(cx->mem);
    struct fetched got;

    buf_addz(&form, "grant_type=authorization_code");
    put(cx, &form, "code", code);
    put(cx, &form, "redirect_uri", back);
    put(cx, &form, "code_verifier", verifier_of(cx, token));
    struct str head = authorization(cx, p, about, &form);
    const struct fetch fetch = {.url = value_get_text(about, "token_endpoint"),
                                .type = STR("application/x-www-form-urlencoded"),
                                .body = buf_str(&form),
                                .authorization = head,
                                .most = ANSWER_BYTES,
                                .seconds = SECONDS};

    TRY(fetch_ask(cx, p->fetcher, &fetch, &got));
    if (json_parse(cx, "token", got.body, ret) < 0 || value_type(*ret) != VALUE_MAP)
        return unclear(cx, p, "token");
    if (got.status != 200)
        return fail(cx, RC_DENIED, "provider", _("%.*s takes its own answer for none (%.*s)."),
                    STR_ARG(p->name), STR_ARG(plain(cx, value_get_text(*ret, "error"))));
    return 0;
}

static int check_token(struct ctx *cx, struct provider *p, const struct value *about,
                       struct str token, struct str id_token, const struct value **ret)
{
    const struct jwt_expected expected = {p->issuer, p->client, derived(cx, "nonce", token),
                                          host_now_ms(cx) / 1000};
    struct str keys;

    TRY(keys_of(cx, p, about, KEPT_MS, &keys));
    int rc = jwt_check(cx, keys, id_token, &expected, ret);

    if (rc != RC_NOT_FOUND)
        return rc;
    TRY(keys_of(cx, p, about, AGAIN_MS, &keys));
    rc = jwt_check(cx, keys, id_token, &expected, ret);
    if (rc == RC_NOT_FOUND)
        cx->err.rc = RC_DENIED;
    return rc == RC_NOT_FOUND ? RC_DENIED : rc;
}

/* ---- who it is ---- */

static bool is_address(struct str s)
{
    size_t at = str_find_char(s, '@', 0);

    if (at == SIZE_MAX || at == 0 || at + 1 == s.n || s.n > IDENTITY_ADDRESS_BYTES ||
        !utf8_valid(s) || str_find_char(s, '@', at + 1) != SIZE_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f)
            return false;
    return true;
}

/* The address, where the provider says that it is theirs: some say so as a text. */
static struct str vouched(struct ctx *cx, const struct value *claims)
{
    const struct value *verified = value_get(claims, "email_verified");
    struct str text = str_lower(cx->mem, str_trim(value_get_text(claims, "email")));

    if (!value_as_bool(verified) && !value_is_text(verified, "true"))
        return STR_NONE;
    return is_address(text) ? text : STR_NONE;
}

/* Many providers tell addresses only to who asks for them. */
static int ask_user(struct ctx *cx, const struct provider *p, const struct value *about,
                    const struct value *tokens, struct str subject, const struct value **ret)
{
    struct str url = value_get_text(about, "userinfo_endpoint"),
               access = value_get_text(tokens, "access_token"), text;
    struct value *said;

    if (!may_ask(cx, p, url) || access.n == 0)
        return 0;
    TRY(get(cx, p, url, str_printf(cx->mem, "Bearer %.*s", STR_ARG(access)), ANSWER_BYTES, &text));
    if (json_parse(cx, "userinfo", text, &said) < 0 ||
        !str_eq(value_get_text(said, "sub"), subject))
        return unclear(cx, p, "userinfo");
    *ret = said;
    return 0;
}

int provider_end(struct ctx *cx, struct provider *p, struct str back, struct str token,
                 const struct provider_answer *answer, struct identity *ret)
{
    const struct value *claims;
    struct value *about, *tokens;

    TRY(describe(cx, p, &about));
    TRY(check_answer(cx, p, about, token, answer));
    TRY(ask_tokens(cx, p, about, back, token, answer->code, &tokens));
    TRY(check_token(cx, p, about, token, value_get_text(tokens, "id_token"), &claims));
    struct str subject = value_get_text(claims, "sub");

    if (value_get(claims, "email") == NULL)
        TRY(ask_user(cx, p, about, tokens, subject, &claims));
    *ret = (struct identity){p->issuer, subject, vouched(cx, claims),
                             str_squeeze(cx->mem, value_get_text(claims, "name"))};
    return 0;
}

/* ---- signing out ---- */

int provider_out(struct ctx *cx, struct provider *p, struct str back, struct str *ret_url)
{
    struct value *about;

    *ret_url = STR_NONE;
    TRY(describe(cx, p, &about));
    struct str end = value_get_text(about, "end_session_endpoint");

    if (!may_ask(cx, p, end))
        return 0;
    struct buf url = address(cx, end);

    put(cx, &url, "client_id", p->client);
    put(cx, &url, "post_logout_redirect_uri", back);
    *ret_url = buf_str(&url);
    return 0;
}
