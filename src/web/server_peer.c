/* Connections, and those that take too long. */
#include "web/server_parts.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#define FIRST_MS ((int64_t)20000) /* for the head of a request, and between requests */

static int64_t now_ms(void)
{
    return server_now_us() / 1000;
}

static void name_of(const struct sockaddr *address, char ret[static 48])
{
    const void *bytes = NULL;

    (void)snprintf(ret, 48, "-");
    if (address == NULL)
        return;
    if (address->sa_family == AF_INET)
        bytes = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
    else if (address->sa_family == AF_INET6)
        bytes = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    if (bytes != NULL && inet_ntop(address->sa_family, bytes, ret, 48) == NULL)
        (void)snprintf(ret, 48, "-");
}

struct peer *peer_new(struct server *server, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct peer *peer = calloc(1, sizeof *peer);

    if (peer == NULL)
        abort();
    peer->fd = fd != NULL ? fd->connect_fd : -1;
    name_of(address != NULL ? address->client_addr : NULL, peer->address);
    peer_allow(peer, FIRST_MS);
    peer->next = server->peers;
    if (server->peers != NULL)
        server->peers->previous = peer;
    server->peers = peer;
    server->counts.connections++;
    return peer;
}

void peer_free(struct server *server, struct peer *peer)
{
    if (peer == NULL)
        return;
    if (peer->previous != NULL)
        peer->previous->next = peer->next;
    else
        server->peers = peer->next;
    if (peer->next != NULL)
        peer->next->previous = peer->previous;
    server->counts.connections--;
    free(peer);
}

void peer_allow(struct peer *peer, int64_t ms)
{
    peer->since_ms = now_ms();
    peer->allowed_ms = ms > 0 ? ms : FIRST_MS;
}

/* The library sees that the connection ended, and tidies up. */
void peers_end_late(struct server *server)
{
    int64_t now = now_ms();

    for (struct peer *peer = server->peers; peer != NULL; peer = peer->next) {
        if (peer->busy || peer->fd < 0 || now - peer->since_ms <= peer->allowed_ms)
            continue;
        (void)shutdown(peer->fd, SHUT_RDWR);
        peer->fd = -1;
        server->counts.late++;
    }
}
