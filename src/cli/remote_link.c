/* One conversation with a server, by libcurl. */
#include <curl/curl.h>
#include <errno.h>
#include <unistd.h>

#include "cli/remote_parts.h"
#include "proc/fetch.h"

#define CONNECT_SECONDS 20L
#define SILENT_SECONDS 120L /* that nothing at all comes */

struct remote_link {
    struct ctx *cx;
    struct str server; /* without a slash at its end */
    CURL *curl;
    struct curl_slist *heads;
    char error[CURL_ERROR_SIZE];
};

struct remote_form {
    struct remote_link *link;
    curl_mime *mime;
};

/* Where what comes goes: memory or a file. */
struct sink {
    struct buf body;
    size_t most;
    int fd;
    bool too_large, failed;
};

void remote_link_free(struct remote_link **link)
{
    if (*link == NULL)
        return;
    curl_slist_free_all((*link)->heads);
    curl_easy_cleanup((*link)->curl);
    *link = NULL;
}

static bool set_all(struct remote_link *link, bool here)
{
    CURL *curl = link->curl;
    const char *authorities = getenv("ASSAY_CA");
    bool own = authorities != NULL && authorities[0] != '\0';

    return curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, here ? "http,https" : "https") ==
               CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           (!here || curl_easy_setopt(curl, CURLOPT_NOPROXY, "*") == CURLE_OK) &&
           (!own || curl_easy_setopt(curl, CURLOPT_CAINFO, authorities) == CURLE_OK) &&
           curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, SILENT_SECONDS) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HTTPHEADER, link->heads) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_USERAGENT, "assay/" ASSAY_VERSION) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, link->error) == CURLE_OK;
}

int remote_link_new(struct ctx *cx, struct str server, struct str token, struct remote_link **ret)
{
    struct remote_link *link = ARENA_NEW(cx->mem, struct remote_link);
    const char *bearer =
        str_z(cx->mem, str_printf(cx->mem, "Authorization: Bearer %.*s", STR_ARG(token)));
    struct curl_slist *more;

    while (server.n > 0 && server.p[server.n - 1] == '/')
        server.n--;
    link->cx = cx;
    link->server = server;
    link->curl = curl_easy_init();
    link->heads = curl_slist_append(NULL, "Accept: application/json");
    more = curl_slist_append(link->heads, bearer);
    link->heads = more != NULL ? more : link->heads;
    /* No wait for a "100 Continue" of which the server has no need. */
    more = curl_slist_append(link->heads, "Expect:");
    if (link->curl == NULL || more == NULL || !set_all(link, str_starts(server, STR("http:")))) {
        remote_link_free(&link);
        return fail(cx, RC_FAIL, NULL, "%s", _("libcurl could not begin."));
    }
    *ret = link;
    return 0;
}

/* ---- what comes ---- */

static size_t take_piece(char *bytes, size_t size, size_t n, void *arg)
{
    struct sink *sink = arg;
    size_t left = size * n;

    sink->too_large = sink->too_large || left > sink->most;
    if (sink->too_large)
        return CURL_WRITEFUNC_ERROR;
    sink->most -= left;
    if (sink->fd < 0) {
        buf_add(&sink->body, (struct str){bytes, left});
        return left;
    }
    for (size_t at = 0; at < left;) {
        ssize_t got = write(sink->fd, bytes + at, left - at);
        if (got < 0 && errno == EINTR)
            continue;
        sink->failed = got <= 0;
        if (sink->failed)
            return CURL_WRITEFUNC_ERROR;
        at += (size_t)got;
    }
    return left;
}

static int refused(struct remote_link *link, CURLcode code, const struct sink *sink)
{
    const char *why = link->error[0] != '\0' ? link->error : curl_easy_strerror(code);

    if (sink->too_large)
        return fail(link->cx, RC_LIMIT, "server", _("%.*s sends more than is taken."),
                    STR_ARG(link->server));
    if (sink->failed)
        return fail(link->cx, RC_FAIL, "output", _("The file cannot be written: %s."),
                    strerrordesc_np(errno));
    return fail(link->cx, RC_FAIL, "server", _("%.*s does not answer: %s."), STR_ARG(link->server),
                why);
}

static int perform(struct remote_link *link, struct str path, struct sink *sink,
                   unsigned *ret_status)
{
    const char *url = str_z(
        link->cx->mem, str_printf(link->cx->mem, "%.*s%.*s", STR_ARG(link->server), STR_ARG(path)));
    long status = 0;

    link->error[0] = '\0';
    if (curl_easy_setopt(link->curl, CURLOPT_URL, url) != CURLE_OK ||
        curl_easy_setopt(link->curl, CURLOPT_WRITEFUNCTION, take_piece) != CURLE_OK ||
        curl_easy_setopt(link->curl, CURLOPT_WRITEDATA, sink) != CURLE_OK)
        return fail(link->cx, RC_FAIL, NULL, "%s", _("libcurl could not begin."));
    CURLcode code = curl_easy_perform(link->curl);

    if (code != CURLE_OK)
        return refused(link, code, sink);
    (void)curl_easy_getinfo(link->curl, CURLINFO_RESPONSE_CODE, &status);
    *ret_status = (unsigned)status;
    return 0;
}

/* A server of ours answers in JSON, whatever is wrong. */
static int read_tree(struct remote_link *link, const struct sink *sink, unsigned status,
                     struct value **ret)
{
    int rc = json_parse(link->cx, "server", buf_str(&sink->body), ret);

    return rc == 0 ? 0
                   : fail(link->cx, RC_FAIL, "server",
                          _("What answers at %.*s is no server of Assay (status %u)."),
                          STR_ARG(link->server), status);
}

static int tree(struct remote_link *link, struct str path, unsigned *ret_status, struct value **ret)
{
    struct sink sink = {.body = buf_new(link->cx->mem), .most = REMOTE_JSON_BYTES, .fd = -1};

    TRY(perform(link, path, &sink, ret_status));
    return read_tree(link, &sink, *ret_status, ret);
}

int remote_get(struct remote_link *link, struct str path, unsigned *ret_status, struct value **ret)
{
    if (curl_easy_setopt(link->curl, CURLOPT_HTTPGET, 1L) != CURLE_OK)
        return fail(link->cx, RC_FAIL, NULL, "%s", _("libcurl could not begin."));
    return tree(link, path, ret_status, ret);
}

/* ---- what went wrong there ---- */

static enum rc rc_of(unsigned status)
{
    switch (status) {
    case 404:
        return RC_NOT_FOUND;
    case 400:
    case 422:
        return RC_INVALID;
    case 401:
    case 403:
        return RC_DENIED;
    case 409:
        return RC_CONFLICT;
    case 413:
    case 414:
    case 429:
        return RC_LIMIT;
    default:
        return RC_FAIL;
    }
}

int remote_problem(struct ctx *cx, unsigned status, const struct value *problem)
{
    struct str detail = value_get_text(problem, "detail"), title = value_get_text(problem, "title");

    if (detail.n > 0)
        return fail(cx, rc_of(status), str_z(cx->mem, value_get_text(problem, "place")), "%.*s",
                    STR_ARG(detail));
    return fail(cx, rc_of(status), NULL, _("The server says: %.*s (status %u, request %.*s)."),
                STR_ARG(title), status, STR_ARG(value_get_text(problem, "request")));
}

/* ---- what is sent ---- */

int remote_form_new(struct remote_link *link, struct remote_form **ret)
{
    struct remote_form *form = ARENA_NEW(link->cx->mem, struct remote_form);

    *form = (struct remote_form){link, curl_mime_init(link->curl)};
    *ret = form;
    return form->mime != NULL ? 0
                              : fail(link->cx, RC_FAIL, NULL, "%s", _("libcurl could not begin."));
}

void remote_form_free(struct remote_form **form)
{
    if (*form == NULL)
        return;
    curl_mime_free((*form)->mime);
    *form = NULL;
}

int remote_form_text(struct remote_form *form, const char *name, struct str text)
{
    curl_mimepart *part = curl_mime_addpart(form->mime);

    if (part != NULL && curl_mime_name(part, name) == CURLE_OK &&
        curl_mime_data(part, text.p, text.n) == CURLE_OK)
        return 0;
    return fail(form->link->cx, RC_FAIL, NULL, "%s", _("libcurl could not begin."));
}

int remote_form_file(struct remote_form *form, struct str name, const char *path)
{
    curl_mimepart *part = curl_mime_addpart(form->mime);

    if (part != NULL && curl_mime_name(part, str_z(form->link->cx->mem, name)) == CURLE_OK &&
        curl_mime_filedata(part, path) == CURLE_OK && curl_mime_filename(part, "file") == CURLE_OK)
        return 0;
    return fail(form->link->cx, RC_NOT_FOUND, path, _("%s cannot be read: %s."), path,
                strerrordesc_np(errno));
}

int remote_post(struct remote_link *link, struct str path, struct remote_form *form,
                unsigned *ret_status, struct value **ret)
{
    if (curl_easy_setopt(link->curl, CURLOPT_MIMEPOST, form->mime) != CURLE_OK)
        return fail(link->cx, RC_FAIL, NULL, "%s", _("libcurl could not begin."));
    return tree(link, path, ret_status, ret);
}

int remote_take(struct remote_link *link, struct str path, int fd)
{
    struct sink sink = {.most = (size_t)REMOTE_FILE_BYTES, .fd = fd};
    unsigned status = 0;

    if (curl_easy_setopt(link->curl, CURLOPT_HTTPGET, 1L) != CURLE_OK)
        return fail(link->cx, RC_FAIL, NULL, "%s", _("libcurl could not begin."));
    TRY(perform(link, path, &sink, &status));
    return status == 200 ? 0
                         : fail(link->cx, RC_FAIL, "server",
                                _("The server does not give the file (status %u)."), status);
}
