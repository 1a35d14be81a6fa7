#include "proc/fetch.h"

#include <string.h>

#include <curl/curl.h>

#include "base/file.h"

#define MEMORY ((size_t)512 * 1024 * 1024) /* with the stacks of threads */
#define MARGIN_SECONDS 3u                  /* that the child has over the time of the question */
#define TYPE_BYTES 200u
#define LINE_BYTES (TYPE_BYTES + 32u)

/* ---- addresses ---- */

static bool is_here(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "127.0.0.1") == 0 ||
           strcmp(host, "[::1]") == 0;
}

static void free_url(CURLU **url)
{
    curl_url_cleanup(*url);
}

static void free_text(char **text)
{
    curl_free(*text);
}

int fetch_check_url(struct ctx *cx, const char *place, struct str text)
{
    CURLU *url CLEANUP(free_url) = curl_url();
    char *scheme CLEANUP(free_text) = NULL, *host CLEANUP(free_text) = NULL,
                 *user CLEANUP(free_text) = NULL;

    if (url == NULL || str_find_char(text, '\0', 0) != SIZE_MAX ||
        curl_url_set(url, CURLUPART_URL, str_z(cx->mem, text), CURLU_NON_SUPPORT_SCHEME) !=
            CURLUE_OK ||
        curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
        curl_url_get(url, CURLUPART_HOST, &host, 0) != CURLUE_OK)
        return fail(cx, RC_INVALID, place,
                    _("\"%.*s\" is no address such as https://example.com/."), STR_ARG(text));
    if (curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_OK)
        return fail(cx, RC_INVALID, place, _("An address has no user and password in it."));
    if (strcmp(scheme, "https") == 0 || (strcmp(scheme, "http") == 0 && is_here(host)))
        return 0;
    return fail(cx, RC_INVALID, place,
                _("%.*s is not asked: only https:// is, so that nobody on the way can answer "
                  "instead."),
                STR_ARG(text));
}

/* ---- the child ---- */

struct answer {
    struct buf body;
    size_t most;
    bool too_large;
};

static size_t take_piece(char *bytes, size_t size, size_t n, void *arg)
{
    struct answer *answer = arg;

    if (size * n > answer->most - answer->body.n) {
        answer->too_large = true;
        return 0;
    }
    buf_add(&answer->body, (struct str){bytes, size * n});
    return size * n;
}

static void free_curl(CURL **curl)
{
    curl_easy_cleanup(*curl);
}

static void free_list(struct curl_slist **list)
{
    curl_slist_free_all(*list);
}

/* What is sent, if anything is. */
static bool set_sent(CURL *curl, const struct fetch *f)
{
    if (f->type.n == 0)
        return curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L) == CURLE_OK;
    return curl_easy_setopt(curl, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_POSTFIELDS, f->body.p) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)f->body.n) == CURLE_OK;
}

static bool set_all(CURL *curl, struct ctx *cx, const struct fetch *f, struct curl_slist *heads,
                    struct answer *answer, char *error)
{
    bool here = str_starts(f->url, STR("http:"));

    return set_sent(curl, f) &&
           curl_easy_setopt(curl, CURLOPT_URL, str_z(cx->mem, f->url)) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, here ? "http" : "https") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           (!here || curl_easy_setopt(curl, CURLOPT_NOPROXY, "*") == CURLE_OK) &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)f->seconds) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)f->most) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HTTPHEADER, heads) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_USERAGENT, "assay/" ASSAY_VERSION) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_piece) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error) == CURLE_OK;
}

static int say_failed(struct ctx *cx, const struct fetch *f, const struct answer *answer,
                      CURLcode code, const char *error)
{
    const char *why = error[0] != '\0' ? error : curl_easy_strerror(code);

    if (answer->too_large || code == CURLE_FILESIZE_EXCEEDED)
        return fail(cx, RC_LIMIT, NULL,
                    _("%.*s answers with more than %zu bytes, which is no answer."),
                    STR_ARG(f->url), f->most);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return fail(cx, RC_LIMIT, NULL, _("%.*s does not answer within %u seconds (%s)."),
                    STR_ARG(f->url), f->seconds, why);
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_ISSUER_ERROR)
        return fail(cx, RC_DENIED, NULL, _("%.*s cannot show that it is who it says: %s."),
                    STR_ARG(f->url), why);
    return fail(cx, RC_NOT_FOUND, NULL, _("%.*s cannot be reached: %s."), STR_ARG(f->url), why);
}

/* "200 application/timestamp-reply", a line end, and the body. */
static void put_answer(CURL *curl, struct answer *answer, struct buf *out)
{
    long status = 0;
    char *type = NULL;

    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    buf_printf(out, "%ld %.*s\n", status, (int)TYPE_BYTES, type != NULL ? type : "");
    buf_add(out, buf_str(&answer->body));
}

/* "Accept: *" stands at the beginning, so that the list is never empty. */
static struct curl_slist *heads_of(struct ctx *cx, const struct fetch *f)
{
    struct curl_slist *list = curl_slist_append(NULL, "Accept: */*"), *more = list;
    const struct str values[] = {f->type, f->authorization};
    static const char *const names[] = {"Content-Type", "Authorization"};

    for (size_t i = 0; i < COUNT_OF(values) && more != NULL; i++)
        if (values[i].n > 0)
            more = curl_slist_append(
                list, str_printf(cx->mem, "%s: %.*s", names[i], STR_ARG(values[i])).p);
    return more != NULL ? list : NULL;
}

static int ask(struct ctx *cx, void *arg, struct buf *out)
{
    const struct fetch *f = arg;
    struct answer answer = {.body = buf_new(cx->mem), .most = f->most};
    CURL *curl CLEANUP(free_curl) = curl_easy_init();
    struct curl_slist *heads CLEANUP(free_list) = heads_of(cx, f);
    char error[CURL_ERROR_SIZE] = "";

    if (curl == NULL || heads == NULL || !set_all(curl, cx, f, heads, &answer, error))
        return fail(cx, RC_FAIL, NULL, "%s", _("libcurl could not begin."));
    CURLcode code = curl_easy_perform(curl);
    if (code != CURLE_OK)
        return say_failed(cx, f, &answer, code, error);
    put_answer(curl, &answer, out);
    return 0;
}

/* ---- through a server ---- */

/* The order is a line each of seconds, bytes, address, type and authorization; what is sent lies in
 * the descriptor. */
static int serve(struct ctx *cx, struct str order, struct str bytes, struct buf *out)
{
    struct fetch f = {.body = bytes};
    struct str seconds, most;
    int64_t n, m;

    if (!str_split(&order, '\n', &seconds) || !str_split(&order, '\n', &most) ||
        !str_split(&order, '\n', &f.url) || !str_split(&order, '\n', &f.type) ||
        !str_split(&order, '\n', &f.authorization) || !str_to_int(seconds, &n) ||
        !str_to_int(most, &m))
        return fail(cx, RC_FAIL, NULL, _("A question over the network was not understood."));
    f.seconds = (unsigned)n;
    f.most = (size_t)m;
    return ask(cx, &f, out);
}

static const struct proc_service services[] = {
    {.limits = {.profile = PROC_FETCH,
                .memory = MEMORY,
                .cpu_seconds = FETCH_SERVED_SECONDS + MARGIN_SECONDS,
                .wall_seconds = FETCH_SERVED_SECONDS + MARGIN_SECONDS,
                .output = FETCH_SERVED_BYTES + LINE_BYTES},
     .serve = serve}};

int fetch_server_start(struct ctx *cx, struct proc_server **ret)
{
    return proc_server_start(cx, services, COUNT_OF(services), ret);
}

static int through_server(struct ctx *cx, struct proc_server *server, const struct fetch *f,
                          struct str *ret)
{
    unsigned seconds = f->seconds < FETCH_SERVED_SECONDS ? f->seconds : FETCH_SERVED_SECONDS;
    size_t most = f->most < FETCH_SERVED_BYTES ? f->most : FETCH_SERVED_BYTES;
    struct str order = str_printf(cx->mem, "%u\n%zu\n%.*s\n%.*s\n%.*s\n", seconds, most,
                                  STR_ARG(f->url), STR_ARG(f->type), STR_ARG(f->authorization));
    int fd CLEANUP(fd_close) = -1;

    TRY(proc_memory_file(cx, f->body, &fd));
    return proc_server_call(cx, server, 0, order, fd, ret, NULL);
}

/* ---- the parent ---- */

static int by_ourselves(struct ctx *cx, const struct fetch *fetch, struct str *ret)
{
    const struct proc_limits limits = {.profile = PROC_FETCH,
                                       .memory = MEMORY,
                                       .cpu_seconds = fetch->seconds + MARGIN_SECONDS,
                                       .wall_seconds = fetch->seconds + MARGIN_SECONDS,
                                       .output = fetch->most + LINE_BYTES};
    struct fetch own = *fetch;

    return proc_call(cx, &limits, ask, &own, ret);
}

/* What becomes a line of a head has no end of a line in it. */
static bool is_line(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ')
            return false;
    return true;
}

int fetch_ask(struct ctx *cx, struct proc_server *server, const struct fetch *fetch,
              struct fetched *ret)
{
    struct str rest, line, status;
    int64_t number;

    TRY(fetch_check_url(cx, NULL, fetch->url));
    if (!is_line(fetch->url) || !is_line(fetch->type) || !is_line(fetch->authorization))
        return fail(cx, RC_INVALID, NULL, _("What is asked of %.*s is not of one line."),
                    STR_ARG(fetch->url));
    TRY(server != NULL ? through_server(cx, server, fetch, &rest) : by_ourselves(cx, fetch, &rest));
    if (!str_split(&rest, '\n', &line) || !str_split(&line, ' ', &status) ||
        !str_to_int(status, &number))
        return fail(cx, RC_FAIL, NULL, _("What asked %.*s gave no answer."), STR_ARG(fetch->url));
    *ret = (struct fetched){.status = (int)number, .type = line, .body = rest};
    return 0;
}
