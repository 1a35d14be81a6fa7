/*
 * A fork server: a small process that starts a child under limits for each piece of work, for a
 * program that is large and has threads.
 *
 * It is forked while the program is still small, so that its children begin small; what their
 * limits and system-call filters need is made ready once. Each child serves one order: it gets
 * the order's few bytes and one open descriptor, opens nothing itself, and its answer goes straight
 * to the caller. The server keeps the time, ends those who are late and says how each ended: a
 * child may crash, loop or eat memory, and the server goes on. All of them die with the program.
 *
 * What children can be asked for is said at the start, as a table of services.
 */
#ifndef ASSAY_PROC_SERVER_H
#define ASSAY_PROC_SERVER_H

#include "proc/proc.h"

#define PROC_ORDER_BYTES ((size_t)16 * 1024) /* of one order, its descriptor's bytes aside */
#define PROC_ORDERS 64u                      /* at once; more wait */

/*
 * The work, in the child: `order` is what the caller wrote, `bytes` all that its descriptor holds.
 * Writes its answer into `out`; an error's text crosses to the caller as it is.
 */
typedef int proc_serve(struct ctx *cx, struct str order, struct str bytes, struct buf *out);

struct proc_service {
    struct proc_limits limits;
    proc_serve *serve;
};

/* What a child took. */
struct proc_usage {
    int64_t cpu_us;
    size_t peak; /* bytes of memory */
};

struct proc_server;

/* `services` must outlive it. To be called while the program has one thread, which must outlive the
 * server too; proc_server_stop() is for CLEANUP() and ends all children; NULL is fine. */
MUST_CHECK int proc_server_start(struct ctx *cx, const struct proc_service *services, size_t n,
                                 struct proc_server **ret);
void proc_server_stop(struct proc_server *server);

/*
 * Runs one order and waits for it; any thread may, each with a context of its own. `fd` is a
 * regular file or a memory file, open for reading; its offset does not count. Errors are those of
 * proc_call(). `ret_usage` may be NULL.
 */
MUST_CHECK int proc_server_call(struct ctx *cx, struct proc_server *server, size_t service,
                                struct str order, int fd, struct str *ret_output,
                                struct proc_usage *ret_usage);

/* False once the server itself has ended: no later call can succeed. */
bool proc_server_alive(struct proc_server *server);

/* A memory file with these bytes, for proc_server_call(); the caller closes it. */
MUST_CHECK int proc_memory_file(struct ctx *cx, struct str bytes, int *ret_fd);

#endif
