/* What was answered: counts, and one line of JSON each. */
#include "web/server_parts.h"

#include <time.h>
#include <unistd.h>

static const int64_t bucket_us[SERVER_BUCKETS] = {1000,   2500,   5000,    10000,   25000,
                                                  100000, 250000, 1000000, 5000000, 30000000};

int64_t server_now_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void server_count(struct server *server, const struct exchange *exchange)
{
    int64_t took = server_now_us() - exchange->began_us;
    unsigned class = exchange->response.status / 100, i = 0;

    server->counts.requests[class < 6 ? class : 0]++;
    while (i < SERVER_BUCKETS && took > bucket_us[i])
        i++;
    server->counts.took[i]++;
    server->counts.took_us += (unsigned long long)took;
}

/* A path may hold a secret, which has so many characters at least: such segments are left out. */
#define SECRET_CHARS 43u

static struct str path_shown(struct arena *mem, struct str path)
{
    struct buf out = buf_new(mem);
    struct str rest = str_from(path, 1), part;

    while (rest.n > 0 && str_split(&rest, '/', &part)) {
        buf_char(&out, '/');
        buf_add(&out, part.n < SECRET_CHARS ? part : STR("..."));
    }
    return out.n > 0 ? buf_str(&out) : path;
}

void server_log(struct server *server, const struct exchange *exchange)
{
    struct arena *mem = exchange->mem;
    const struct web_request *request = &exchange->request;
    struct value *line = value_map(mem);
    struct buf out = buf_new(mem);

    if (server->log < 0)
        return;
    struct str path = path_shown(mem, request->path);

    value_set_text(line, "at", instant_text(mem, host_now_ms(&exchange->cx)));
    value_set_text(line, "id", str_of(request->id));
    value_set_text(line, "from", request->address);
    value_set_text(line, "method", str_of(web_method_name(request->method)));
    value_set_text(line, "path", utf8_valid(path) ? path : STR("?"));
    value_set_int(line, "status", exchange->response.status);
    value_set_int(line, "bytes",
                  exchange->response.has_file ? (int64_t)exchange->response.file_bytes
                                              : (int64_t)exchange->response.body.n);
    value_set(line, "ms", value_decimal(mem, server_now_us() - exchange->began_us));
    value_set(line, "waited_ms", value_decimal(mem, exchange->waited_us));
    if (exchange->response.who.n > 0)
        value_set_text(line, "account", exchange->response.who);
    if (exchange->response.note.n > 0)
        value_set_text(line, "error", exchange->response.note);
    value_json(&out, line, 0);
    buf_char(&out, '\n');
    (void)pthread_mutex_lock(&server->log_lock);
    ssize_t ignored = write(server->log, out.p, out.n);
    (void)ignored;
    (void)pthread_mutex_unlock(&server->log_lock);
}

static void count_line(struct buf *out, const char *name, const char *what, const char *type,
                       unsigned long long n)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %llu\n", name, what, name, type, name, n);
}

void server_metrics(struct server *server, struct buf *out)
{
    struct server_counts *counts = &server->counts;
    unsigned long long total = 0;

    buf_addz(out, "# HELP assay_http_requests_total Requests answered, by class of status.\n"
                  "# TYPE assay_http_requests_total counter\n");
    for (unsigned i = 1; i < 6; i++)
        buf_printf(out, "assay_http_requests_total{class=\"%uxx\"} %llu\n", i,
                   (unsigned long long)counts->requests[i]);
    buf_addz(out, "# HELP assay_http_request_seconds From the head of a request to its answer.\n"
                  "# TYPE assay_http_request_seconds histogram\n");
    for (unsigned i = 0; i <= SERVER_BUCKETS; i++) {
        total += counts->took[i];
        if (i < SERVER_BUCKETS)
            buf_printf(out, "assay_http_request_seconds_bucket{le=\"%g\"} %llu\n",
                       (double)bucket_us[i] / 1e6, total);
    }
    buf_printf(out,
               "assay_http_request_seconds_bucket{le=\"+Inf\"} %llu\n"
               "assay_http_request_seconds_sum %.6f\nassay_http_request_seconds_count %llu\n",
               total, (double)counts->took_us / 1e6, total);
    count_line(out, "assay_http_refused_total", "Requests refused because too many waited.",
               "counter", counts->full);
    count_line(out, "assay_http_late_total", "Connections closed because they took too long.",
               "counter", counts->late);
    count_line(out, "assay_http_connections", "Connections now.", "gauge",
               (unsigned long long)counts->connections);
    count_line(out, "assay_http_waiting", "Requests that wait for a worker now.", "gauge",
               (unsigned long long)counts->waiting);
    count_line(out, "assay_http_working", "Requests that are being answered now.", "gauge",
               (unsigned long long)counts->working);
}
