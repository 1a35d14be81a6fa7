/* What libmicrohttpd calls: a connection comes, a request comes in pieces, an answer is sent. All
 * of it is on the thread of the connections. */
#include "web/server_parts.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <unistd.h>

#define POOL_BYTES ((size_t)24 * 1024) /* of a connection: its head, and what is read at once */
#define IDLE_SECONDS 30u               /* nothing comes or goes at all */
#define EXCHANGE_CEILING ((size_t)512 * 1024 * 1024)
#define BODY_MS ((int64_t)15000)   /* for a body, and a second more for each 16 KiB of it */
#define ANSWER_MS ((int64_t)60000) /* the same for an answer */
#define BYTES_A_MS 16
/* What GnuTLS takes by itself has versions of TLS that nobody is to speak any more (RFC 8996). */
#define TLS "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"

/* ---- the head ---- */

static enum web_method method_of(const char *method)
{
    for (enum web_method m = WEB_GET; m < WEB_OTHER; m++)
        if (strcmp(method, web_method_name(m)) == 0)
            return m;
    return WEB_OTHER;
}

/* The whole request line's URI, before anybody has changed a byte of it. */
static void *take_uri(void *arg, const char *uri, struct MHD_Connection *connection)
{
    struct server *server = arg;
    struct arena *mem = arena_new(EXCHANGE_CEILING);
    struct exchange *exchange = ARENA_NEW(mem, struct exchange);
    struct str all = str_copy(mem, str_of(uri));
    size_t question = str_find_char(all, '?', 0);

    *exchange = (struct exchange){.server = server,
                                  .connection = connection,
                                  .mem = mem,
                                  .cx = {.mem = mem, .today = date_of_clock()},
                                  .began_us = server_now_us()};
    exchange->body = buf_new(mem);
    exchange->spooled = -1;
    exchange->uri = (uintptr_t)uri;
    exchange->uri_n = all.n;
    exchange->broken = all.n > WEB_URI_BYTES;
    exchange->request.path = str_sub(all, 0, question != SIZE_MAX ? question : all.n);
    if (question != SIZE_MAX)
        exchange->request.query = str_from(all, question + 1);
    (void)snprintf(exchange->request.id, sizeof exchange->request.id, "%016llx",
                   (unsigned long long)(server->id_base + ++server->last_id));
    return exchange;
}

struct head {
    struct exchange *exchange;
    struct str forwarded_for, forwarded_proto;
    bool length, chunked;
    unsigned hosts, lengths;
};

static enum MHD_Result take_header(void *arg, UNUSED enum MHD_ValueKind kind, const char *key,
                                   const char *value)
{
    struct head *head = arg;
    struct web_request *r = &head->exchange->request;
    struct arena *mem = head->exchange->mem;
    const struct {
        const char *name;
        struct str *at;
    } wanted[] = {{"Cookie", &r->cookie},
                  {"Accept", &r->accept},
                  {"Accept-Encoding", &r->coding},
                  {"Content-Type", &r->type},
                  {"If-None-Match", &r->if_none_match},
                  {"Host", &r->host},
                  {"Origin", &r->origin},
                  {"Sec-Fetch-Site", &r->fetch_site},
                  {"X-Assay-Token", &r->token},
                  {"Authorization", &r->authorization},
                  {"User-Agent", &r->agent},
                  {"X-Forwarded-For", &head->forwarded_for},
                  {"X-Forwarded-Proto", &head->forwarded_proto}};
    struct str name = str_of(key);

    head->hosts += str_is_nocase(name, "Host");
    head->lengths += str_is_nocase(name, "Content-Length");
    head->chunked = head->chunked || str_is_nocase(name, "Transfer-Encoding");
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        if (str_is_nocase(name, wanted[i].name))
            *wanted[i].at = str_copy(mem, str_of(value));
    return MHD_YES;
}

/* The last in the list is what the proxy itself saw. */
static struct str last_of(struct str list)
{
    struct str part = STR_NONE;

    while (list.n > 0 && str_split(&list, ',', &part))
        ;
    return str_trim(part);
}

static void take_head(struct exchange *exchange, const char *method)
{
    struct server *server = exchange->server;
    struct web_request *request = &exchange->request;
    struct head head = {.exchange = exchange};

    request->method = method_of(method);
    request->address = str_of(exchange->peer != NULL ? exchange->peer->address : "-");
    request->tls = server->tls;
    (void)MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, take_header, &head);
    if (server->behind_proxy && head.forwarded_for.n > 0 && head.forwarded_for.n < 400)
        request->address = last_of(head.forwarded_for);
    if (server->behind_proxy && head.forwarded_proto.n > 0)
        request->tls = str_is_nocase(head.forwarded_proto, "https");
    exchange->chunked = head.chunked;
    /* What two programs could understand differently is understood by none. */
    if (head.hosts > 1 || head.lengths > 1 || (head.lengths > 0 && head.chunked))
        exchange->broken = true;
    exchange->limit = server->app.body_limit(server->app.arg, request);
}

/* ---- the answer ---- */

/* The library closes a file with the response. */
static struct MHD_Response *response_of(struct web_response *r)
{
    char *bytes = r->body.n > 0 ? (char *)(uintptr_t)r->body.p : NULL;

    if (!r->has_file)
        return MHD_create_response_from_buffer(r->body.n, bytes, MHD_RESPMEM_PERSISTENT);
    struct MHD_Response *response = MHD_create_response_from_fd64(r->file_bytes, r->file);

    if (response != NULL)
        r->file = -1;
    return response;
}

static uint64_t bytes_of(const struct web_response *r)
{
    return r->has_file ? r->file_bytes : r->body.n;
}

static enum MHD_Result send_answer(struct exchange *exchange)
{
    struct web_response *r = &exchange->response;
    struct MHD_Response *response = response_of(r);

    if (response == NULL)
        return MHD_NO;
    if (r->type != NULL)
        (void)MHD_add_response_header(response, "Content-Type", r->type);
    (void)MHD_add_response_header(response, "X-Request-Id", exchange->request.id);
    /* The library takes lengths of pieces that end in a bare LF: nothing may follow them. */
    if (exchange->chunked || exchange->server->ending)
        (void)MHD_add_response_header(response, "Connection", "close");
    for (size_t i = 0; i < r->header_n; i++)
        (void)MHD_add_response_header(response, r->headers[i].name,
                                      str_z(exchange->mem, r->headers[i].value));
    enum MHD_Result queued = MHD_queue_response(exchange->connection, r->status, response);

    MHD_destroy_response(response);
    if (exchange->peer != NULL)
        peer_allow(exchange->peer, ANSWER_MS + (int64_t)bytes_of(r) / BYTES_A_MS);
    return queued;
}

static enum MHD_Result refuse(struct exchange *exchange, unsigned status)
{
    struct server *server = exchange->server;

    exchange->state = EXCHANGE_DONE;
    exchange->response.header_n = 0;
    server->app.refuse(server->app.arg, &exchange->cx, &exchange->request, status,
                       &exchange->response);
    return send_answer(exchange);
}

/* ---- the body ---- */

static bool says_too_much(const struct exchange *exchange)
{
    const char *length =
        MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, "Content-Length");
    int64_t n;

    return length != NULL &&
           (!str_to_int(str_of(length), &n) || n < 0 || (uint64_t)n > exchange->limit);
}

static enum MHD_Result begin(struct exchange *exchange, const char *method, const char *version)
{
    exchange->begun = true;
    take_head(exchange, method);
    exchange->broken = exchange->broken || !head_is_plain(exchange->connection, method,
                                                          exchange->uri, exchange->uri_n, version);
    if (exchange->broken)
        return refuse(exchange, exchange->request.path.n > WEB_URI_BYTES ? 414 : 400);
    if (says_too_much(exchange))
        return refuse(exchange, 413);
    if (exchange->peer != NULL)
        peer_allow(exchange->peer, BODY_MS);
    return MHD_YES;
}

static enum MHD_Result take_body(struct exchange *exchange, const char *bytes, size_t *n)
{
    if (exchange->body_n + *n > exchange->limit)
        return MHD_NO; /* more than it said, or than it may: there is no answer to that */
    /* What cannot be kept goes unread, and is answered once all of it has come. */
    exchange->unkept = exchange->unkept || !body_add(exchange, (struct str){bytes, *n});
    exchange->body_n += *n;
    if (exchange->peer != NULL)
        exchange->peer->allowed_ms = BODY_MS + (int64_t)exchange->body_n / BYTES_A_MS;
    *n = 0;
    return MHD_YES;
}

static enum MHD_Result complete(struct exchange *exchange)
{
    if (exchange->unkept || !body_take(exchange, &exchange->request.body))
        return refuse(exchange, 507);
    if (exchange->peer != NULL)
        exchange->peer->busy = true;
    if (pool_put(exchange->server, exchange))
        return MHD_YES;
    if (exchange->peer != NULL)
        exchange->peer->busy = false;
    return refuse(exchange, 503);
}

static enum MHD_Result take_request(UNUSED void *arg, struct MHD_Connection *connection,
                                    UNUSED const char *url, const char *method, const char *version,
                                    const char *bytes, size_t *n, void **context)
{
    struct exchange *exchange = *context;

    if (exchange == NULL)
        return MHD_NO;
    if (exchange->peer == NULL) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
        exchange->peer = info != NULL ? info->socket_context : NULL;
    }
    if (exchange->state == EXCHANGE_DONE) {
        if (*n > 0) { /* refused already: the rest of the body goes unread */
            *n = 0;
            return MHD_YES;
        }
        if (exchange->peer != NULL)
            exchange->peer->busy = false;
        return send_answer(exchange);
    }
    if (!exchange->begun)
        return begin(exchange, method, version);
    return *n > 0 ? take_body(exchange, bytes, n) : complete(exchange);
}

/* ---- ends ---- */

static void end_request(UNUSED void *arg, UNUSED struct MHD_Connection *connection, void **context,
                        UNUSED enum MHD_RequestTerminationCode why)
{
    struct exchange *exchange = *context;

    if (exchange == NULL)
        return;
    if (exchange->response.status > 0) {
        server_count(exchange->server, exchange);
        server_log(exchange->server, exchange);
    }
    if (exchange->peer != NULL) {
        exchange->peer->busy = false;
        peer_allow(exchange->peer, 0);
    }
    *context = NULL;
    body_end(exchange);
    if (exchange->response.has_file && exchange->response.file >= 0)
        (void)close(exchange->response.file);
    arena_free(exchange->mem);
}

static void note_connection(void *arg, struct MHD_Connection *connection, void **context,
                            enum MHD_ConnectionNotificationCode what)
{
    struct server *server = arg;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = peer_new(server, connection);
        return;
    }
    peer_free(server, *context);
    *context = NULL;
}

/* Queries are taken apart elsewhere, so nothing is undone here. */
static size_t leave_escaped(UNUSED void *arg, UNUSED struct MHD_Connection *connection, char *text)
{
    return strlen(text);
}

/* ---- the daemon ---- */

static int read_pem(struct ctx *cx, const char *path, char **ret)
{
    FILE *file = fopen(path, "re");
    char *text = arena_alloc(cx->mem, 65537);
    size_t n = file != NULL ? fread(text, 1, 65536, file) : 0;

    if (file != NULL)
        (void)fclose(file);
    if (n == 0 || n == 65536)
        return fail(cx, RC_NOT_FOUND, path, _("%s cannot be read as a certificate or key."), path);
    *ret = text;
    return 0;
}

int exchange_daemon(struct ctx *cx, struct server *server, const struct server_options *options)
{
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
    char *certificate = NULL, *key = NULL;
    struct MHD_OptionItem tls[] = {{MHD_OPTION_END, 0, NULL},
                                   {MHD_OPTION_END, 0, NULL},
                                   {MHD_OPTION_END, 0, NULL},
                                   {MHD_OPTION_END, 0, NULL}};

    if (server->tls) {
        TRY(read_pem(cx, options->certificate, &certificate));
        TRY(read_pem(cx, options->key, &key));
        flags |= MHD_USE_TLS;
        tls[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, certificate};
        tls[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, key};
        tls[2] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS};
    }
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, take_request, server, MHD_OPTION_LISTEN_SOCKET, server->listening,
        MHD_OPTION_CONNECTION_LIMIT, options->connections, MHD_OPTION_CONNECTION_TIMEOUT,
        IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL_BYTES, MHD_OPTION_URI_LOG_CALLBACK,
        take_uri, server, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, end_request, server, MHD_OPTION_NOTIFY_CONNECTION,
        note_connection, server, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, tls,
        MHD_OPTION_END);
    if (server->daemon != NULL)
        return 0;
    return fail(cx, RC_FAIL, "listen",
                server->tls ? _("The server did not start: are the certificate and its key right?")
                            : _("The server did not start."));
}
