#include "op/readers.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"

#define DOCUMENT_BYTES ((size_t)1024 * 1024 * 1024)
#define CHILD_BYTES ((size_t)1536 * 1024 * 1024)
#define CHILD_OUTPUT_BYTES ((size_t)192 * 1024 * 1024)
#define CHILD_CPU_SECONDS 60u
#define CHILD_WALL_SECONDS 90u

#define AHEAD 2u         /* files in hand beyond one a thread */
#define MEMBERS_AHEAD 2u /* documents of a file that wait while others are taken */

enum service { SERVICE_EXTRACT };

struct readers {
    const struct library *library;
    struct proc_server *server;
    struct reader_task *tasks;
    size_t n;
    pthread_t threads[READERS_MOST];
    size_t thread_n;
    pthread_mutex_t lock; /* over all below, and what tasks hold */
    pthread_cond_t ready; /* for the one who takes */
    pthread_cond_t room;  /* for the threads */
    size_t next;          /* task to begin */
    size_t head;          /* task that is being taken */
    bool stopping;
    struct readers_usage usage;
};

/* Bytes to make a document of. */
struct source {
    enum service service;
    int fd;
    uint64_t bytes;
    struct str name; /* a hint at the format */
};

/* ---- in the child ---- */

static int extract_order(struct ctx *cx, struct str name, struct str bytes, struct buf *out)
{
    struct extract extract;

    TRY(extract_bytes(cx, name, bytes, &extract));
    extract_pack(out, &extract);
    return 0;
}

const struct proc_service readers_services[] = {
    [SERVICE_EXTRACT] = {.limits = {.profile = PROC_PARSER,
                                    .memory = CHILD_BYTES,
                                    .cpu_seconds = CHILD_CPU_SECONDS,
                                    .wall_seconds = CHILD_WALL_SECONDS,
                                    .output = CHILD_OUTPUT_BYTES},
                         .serve = extract_order},
};
const size_t readers_service_n = COUNT_OF(readers_services);

/* ---- one document ---- */

void document_free(struct document *document)
{
    if (document != NULL)
        arena_free(document->cx.mem);
}

static struct document *document_new(const struct reader_task *task)
{
    struct arena *mem = arena_new(DOCUMENT_BYTES);
    struct document *d = ARENA_NEW(mem, struct document);

    d->cx.mem = mem;
    d->path = task->path;
    return d;
}

static int extract_source(struct readers *r, struct document *d, const struct source *source)
{
    struct proc_usage usage = {0};
    struct str output = STR_NONE;
    int rc = proc_server_call(&d->cx, r->server, source->service, source->name, source->fd, &output,
                              &usage);

    pthread_mutex_lock(&r->lock);
    r->usage.extracting += usage.cpu_us;
    r->usage.peak = usage.peak > r->usage.peak ? usage.peak : r->usage.peak;
    pthread_mutex_unlock(&r->lock);
    d->fatal = rc != 0 && !proc_server_alive(r->server);
    TRY(rc);
    TRY(extract_unpack(&d->cx, output, &d->extract));
    d->bytes = source->bytes;
    d->sha256 = hash_sha256_file(d->cx.mem, source->fd);
    return d->sha256.n > 0 ? 0
                           : fail(&d->cx, RC_FAIL, d->path.p, _("Reading it failed (%s)."),
                                  strerrordesc_np(errno));
}

static int understand(struct readers *r, struct document *d)
{
    const struct tongues *tongues = r->library->tongues;

    d->language = tongue_of(&d->cx, tongues, &d->extract);
    if (!tongue_has_signals(tongues, d->language))
        return 0;
    TRY(library_signals(&d->cx, r->library, d->language, &d->signals));
    TRY(reading_make(&d->cx, d->signals->patterns, &d->signals->guards, d->path, &d->extract,
                     &d->reading));
    facts_find(&d->cx, d->reading, &d->facts);
    kinds_find(&d->cx, d->signals, d->reading, &d->facts, &d->kinds);
    return 0;
}

/* ---- what waits ---- */

/* Hands a document over, once few enough of its file wait: so memory stays bounded. Those of the
 * file that is being taken go away one by one, so somebody can always go on. */
static void publish(struct readers *r, struct reader_task *task, struct document *d)
{
    pthread_mutex_lock(&r->lock);
    while (!r->stopping && task->waiting >= MEMBERS_AHEAD)
        pthread_cond_wait(&r->room, &r->lock);
    if (r->stopping) {
        document_free(d);
    } else {
        if (task->last != NULL)
            task->last->next = d;
        else
            task->first = d;
        task->last = d;
        task->waiting++;
        pthread_cond_signal(&r->ready);
    }
    pthread_mutex_unlock(&r->lock);
}

static int64_t thread_us(void)
{
    struct timespec at;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

static void read_document(struct readers *r, struct reader_task *task, struct document *d,
                          const struct source *source)
{
    d->rc = extract_source(r, d, source);
    if (d->rc == 0) {
        d->rc = understand(r, d);
        /* Too large is the document's own fault, anything else is ours. */
        d->fatal = d->rc != 0 && d->rc != RC_LIMIT;
    }
    publish(r, task, d);
}

static void read_file(struct readers *r, struct reader_task *task)
{
    struct document *d = document_new(task);
    struct source source = {.service = SERVICE_EXTRACT, .name = task->file->path, .fd = -1};

    d->rc = walk_open(&d->cx, task->file, EXTRACT_FILE_BYTES, &source.fd, &source.bytes);
    if (d->rc != 0) {
        publish(r, task, d);
        return;
    }
    read_document(r, task, d, &source);
    close(source.fd);
}

/* ---- the threads ---- */

/* With the lock held: the next file to read, or NULL where there will be none. */
static struct reader_task *begin_task(struct readers *r)
{
    while (!r->stopping && r->next < r->n) {
        if (r->tasks[r->next].file->what.n > 0)
            r->tasks[r->next++].done = true;
        else if (r->next < r->head + r->thread_n + AHEAD)
            return &r->tasks[r->next++];
        else
            pthread_cond_wait(&r->room, &r->lock);
    }
    return NULL;
}

static void *work(void *arg)
{
    struct readers *r = arg;
    struct reader_task *task;
    int64_t began;

    for (;;) {
        pthread_mutex_lock(&r->lock);
        task = begin_task(r);
        pthread_mutex_unlock(&r->lock);
        if (task == NULL)
            return NULL;
        began = thread_us();
        read_file(r, task);
        pthread_mutex_lock(&r->lock);
        r->usage.matching += thread_us() - began;
        task->done = true;
        pthread_cond_signal(&r->ready);
        pthread_mutex_unlock(&r->lock);
    }
}

static size_t core_count(void)
{
    cpu_set_t set;
    size_t n = sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;

    return n < 1 ? 1 : n > READERS_MOST ? READERS_MOST : n;
}

int readers_start(struct ctx *cx, const struct library *library, struct proc_server *server,
                  struct reader_task *tasks, size_t n, struct readers **ret)
{
    struct readers *r = ARENA_NEW(cx->mem, struct readers);
    size_t wanted = core_count();

    *r = (struct readers){.library = library, .server = server, .tasks = tasks, .n = n};
    if (pthread_mutex_init(&r->lock, NULL) != 0 || pthread_cond_init(&r->ready, NULL) != 0 ||
        pthread_cond_init(&r->room, NULL) != 0)
        return fail(cx, RC_FAIL, NULL, "%s", _("The readers could not be started."));
    *ret = r;
    pthread_mutex_lock(&r->lock);
    while (r->thread_n < wanted && pthread_create(&r->threads[r->thread_n], NULL, work, r) == 0)
        r->thread_n++;
    pthread_mutex_unlock(&r->lock);
    return r->thread_n > 0 ? 0
                           : fail(cx, RC_FAIL, NULL, "%s", _("The readers could not be started."));
}

/* With the lock held. */
static void drop(struct reader_task *task)
{
    for (struct document *d = task->first, *next; d != NULL; d = next) {
        next = d->next;
        document_free(d);
    }
    task->first = task->last = NULL;
    task->waiting = 0;
}

void readers_stop(struct readers **readers)
{
    struct readers *r = *readers;

    if (r == NULL)
        return;
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    pthread_cond_broadcast(&r->room);
    pthread_mutex_unlock(&r->lock);
    for (size_t i = 0; i < r->thread_n; i++)
        (void)pthread_join(r->threads[i], NULL);
    for (size_t i = 0; i < r->n; i++)
        drop(&r->tasks[i]);
    pthread_cond_destroy(&r->ready);
    pthread_cond_destroy(&r->room);
    pthread_mutex_destroy(&r->lock);
    *readers = NULL;
}

struct document *readers_next(struct readers *r, size_t at)
{
    struct reader_task *task = &r->tasks[at];
    struct document *d;

    pthread_mutex_lock(&r->lock);
    if (r->head != at) {
        r->head = at;
        pthread_cond_broadcast(&r->room);
    }
    while (task->first == NULL && !task->done)
        pthread_cond_wait(&r->ready, &r->lock);
    d = task->first;
    if (d != NULL) {
        task->first = d->next;
        task->last = task->first == NULL ? NULL : task->last;
        task->waiting--;
        d->next = NULL;
        pthread_cond_broadcast(&r->room);
    }
    pthread_mutex_unlock(&r->lock);
    return d;
}

struct readers_usage readers_usage(struct readers *r)
{
    pthread_mutex_lock(&r->lock);
    struct readers_usage usage = r->usage;
    pthread_mutex_unlock(&r->lock);
    return usage;
}
