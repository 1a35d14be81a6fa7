/* What requests send: small bodies in memory, others in files without a name, which go with them.
 */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "web/server_parts.h"

#define IN_MEMORY ((size_t)1024 * 1024)
#define SPOOLED_MOST ((uint64_t)4 * 1024 * 1024 * 1024) /* of all requests */

static bool write_all(int fd, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = str_from(bytes, (size_t)n);
    }
    return true;
}

static bool begin_file(struct exchange *exchange)
{
    const char *folder = exchange->server->spool;

    exchange->spooled = folder != NULL ? web_scratch(folder) : -1;
    return exchange->spooled >= 0 && write_all(exchange->spooled, buf_str(&exchange->body));
}

bool body_add(struct exchange *exchange, struct str bytes)
{
    struct server *server = exchange->server;

    if (exchange->spooled < 0 && exchange->body.n + bytes.n <= IN_MEMORY) {
        buf_add(&exchange->body, bytes);
        return true;
    }
    if (server->spooled + bytes.n > SPOOLED_MOST ||
        (exchange->spooled < 0 && !begin_file(exchange)) || !write_all(exchange->spooled, bytes))
        return false;
    server->spooled += bytes.n;
    exchange->spooled_n += bytes.n;
    return true;
}

bool body_take(struct exchange *exchange, struct str *ret)
{
    *ret = buf_str(&exchange->body);
    if (exchange->spooled < 0)
        return true;
    void *at = mmap(NULL, exchange->body_n, PROT_READ, MAP_PRIVATE, exchange->spooled, 0);

    if (at == MAP_FAILED)
        return false;
    exchange->mapped = at;
    *ret = (struct str){at, exchange->body_n};
    return true;
}

void body_end(struct exchange *exchange)
{
    if (exchange->spooled < 0)
        return;
    if (exchange->mapped != NULL)
        (void)munmap(exchange->mapped, exchange->body_n);
    (void)close(exchange->spooled);
    exchange->server->spooled -= exchange->spooled_n;
}
