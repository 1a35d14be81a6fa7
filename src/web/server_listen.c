/* Where the server is reached. */
#include "web/server_parts.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 1024

/* "127.0.0.1:8080", "[::1]:8080", "localhost:8080" */
static bool split(struct arena *mem, const char *where, char **ret_host, char **ret_port)
{
    struct str s = str_of(where);
    size_t colon = SIZE_MAX;

    for (size_t i = 0; i < s.n; i++)
        colon = s.p[i] == ':' ? i : colon;
    if (colon == SIZE_MAX || colon == 0 || colon + 1 == s.n)
        return false;
    struct str host = str_sub(s, 0, colon);

    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        host = str_sub(host, 1, host.n - 2);
    *ret_host = str_z(mem, host);
    *ret_port = str_z(mem, str_from(s, colon + 1));
    return true;
}

static int try_listen(const struct addrinfo *at)
{
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;

    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int cause = errno;

    (void)close(fd);
    errno = cause;
    return -1;
}

int server_listen(struct ctx *cx, const char *where, int *ret_fd)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found = NULL;
    char *host, *port;

    if (!split(cx->mem, where, &host, &port))
        return fail(cx, RC_INVALID, "listen",
                    _("\"%s\" is no address to listen at, such as 127.0.0.1:8080."), where);
    int rc = getaddrinfo(host, port, &hints, &found);

    if (rc != 0)
        return fail(cx, RC_INVALID, "listen", _("\"%s\" is no address to listen at: %s."), where,
                    gai_strerror(rc));
    int fd = try_listen(found), cause = errno;

    freeaddrinfo(found);
    if (fd < 0)
        return fail(cx, cause == EACCES ? RC_DENIED : RC_CONFLICT, "listen",
                    _("%s cannot be listened at: %s. Another address: --listen 127.0.0.1:8081."),
                    where, strerrordesc_np(cause));
    *ret_fd = fd;
    return 0;
}

int server_name(struct ctx *cx, int fd, bool tls, struct str *ret)
{
    struct sockaddr_storage at;
    socklen_t n = sizeof at;
    char host[NI_MAXHOST], port[NI_MAXSERV];

    if (getsockname(fd, (struct sockaddr *)&at, &n) != 0 ||
        getnameinfo((struct sockaddr *)&at, n, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return fail(cx, RC_FAIL, "listen", _("The socket to listen at is none."));
    const char *open = at.ss_family == AF_INET6 ? "[" : "", *close = *open != '\0' ? "]" : "";

    *ret = str_printf(cx->mem, "%s://%s%s%s:%s", tls ? "https" : "http", open, host, close, port);
    return 0;
}
