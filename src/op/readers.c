#include "op/readers.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "op/convert.h"
#include "op/walk.h"

#define DOCUMENT_BYTES ((size_t)1024 * 1024 * 1024)
#define CHILD_BYTES ((size_t)512 * 1024 * 1024)
#define CHILD_OUTPUT_BYTES ((size_t)64 * 1024 * 1024)
#define HEAVY_BYTES ((uint64_t)8 * 1024 * 1024) /* files from here on wait for their turn */
#define CHILD_CPU_SECONDS 60u
#define CHILD_WALL_SECONDS 90u

#define ORDER_NAME_BYTES ((size_t)4096)
#define LIST_BYTES ((size_t)256 * 1024 * 1024) /* the lists of a file's members */

#define CHILD_LIMITS                                                                               \
    {                                                                                              \
        .profile = PROC_PARSER, .memory = CHILD_BYTES, .cpu_seconds = CHILD_CPU_SECONDS,           \
        .wall_seconds = CHILD_WALL_SECONDS, .output = CHILD_OUTPUT_BYTES                           \
    }

#define AHEAD 2u         /* files in hand beyond one a thread */
#define MEMBERS_AHEAD 2u /* documents of a file that wait while others are taken */

enum service { SERVICE_EXTRACT, SERVICE_WORDS, SERVICE_UNPACK };

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
    struct str name;             /* a hint at the format; of a member its path within the file */
    uint32_t at[EXTRACT_NESTED]; /* of a member: which it is, and in which */
    unsigned depth;
    int file;        /* what the bytes were made of; `fd` itself where nothing was converted */
    uint64_t bytes;  /* of `file` */
    struct str note; /* how they were made */
};

/* ---- in the child ---- */

/* An order is a line of numbers, which lead to a member, and a name. */
static struct str order_of(struct arena *mem, const struct source *source)
{
    struct buf out = buf_new(mem);

    for (unsigned i = 0; i < source->depth; i++)
        buf_printf(&out, "%u ", source->at[i]);
    buf_char(&out, '\n');
    buf_add(&out, str_sub(source->name, 0, ORDER_NAME_BYTES));
    return buf_str(&out);
}

/* Cuts the numbers off the order, which leaves the name; gives how many there are. */
static unsigned order_numbers(struct str *order, uint32_t at[static EXTRACT_NESTED])
{
    struct str line, number;
    unsigned depth = 0;
    int64_t value;

    (void)str_split(order, '\n', &line);
    while (depth < EXTRACT_NESTED && str_split(&line, ' ', &number))
        if (str_to_int(number, &value))
            at[depth++] = (uint32_t)value;
    return depth;
}

/* A member as it is, for programs of others. */
static int unpack_order(struct ctx *cx, struct str order, struct str bytes, struct buf *out)
{
    uint32_t at[EXTRACT_NESTED];
    unsigned depth = order_numbers(&order, at);

    if (depth > 0)
        TRY(extract_member_bytes(cx, bytes, at, depth, &bytes));
    buf_add(out, bytes);
    return 0;
}

static int extract_order(struct ctx *cx, struct str order, struct str bytes, struct buf *out)
{
    struct extract extract;
    uint32_t at[EXTRACT_NESTED];
    unsigned depth = order_numbers(&order, at);

    TRY(depth == 0 ? extract_bytes(cx, order, bytes, &extract)
                   : extract_member(cx, order, bytes, at, depth, &extract));
    extract_pack(out, &extract);
    return 0;
}

static int words_order(struct ctx *cx, UNUSED struct str name, struct str bytes, struct buf *out)
{
    struct extract extract;

    TRY(extract_pdf(cx, bytes, &extract));
    extract_pack(out, &extract);
    return 0;
}

const struct proc_service readers_services[] = {
    [SERVICE_EXTRACT] = {.limits = CHILD_LIMITS, .serve = extract_order},
    [SERVICE_WORDS] = {.limits = CHILD_LIMITS, .serve = words_order},
    [SERVICE_UNPACK] = {.limits = CHILD_LIMITS, .serve = unpack_order},
};
const size_t readers_service_n = COUNT_OF(readers_services);

/* ---- one document ---- */

void document_free(struct document *document)
{
    if (document != NULL)
        arena_free(document->cx.mem);
}

static struct document *document_new(struct str path)
{
    struct arena *mem = arena_new(DOCUMENT_BYTES);
    struct document *d = ARENA_NEW(mem, struct document);

    d->cx.mem = mem;
    d->path = str_copy(mem, path);
    return d;
}

static int extract_source(struct readers *r, struct document *d, const struct source *source)
{
    struct proc_usage usage = {0};
    struct str output = STR_NONE;
    int rc = proc_server_call(&d->cx, r->server, source->service, order_of(d->cx.mem, source),
                              source->fd, &output, &usage);

    pthread_mutex_lock(&r->lock);
    r->usage.extracting += usage.cpu_us;
    r->usage.peak = usage.peak > r->usage.peak ? usage.peak : r->usage.peak;
    pthread_mutex_unlock(&r->lock);
    d->fatal = rc != 0 && !proc_server_alive(r->server);
    TRY(rc);
    TRY(extract_unpack(&d->cx, output, &d->extract));
    d->bytes = source->depth > 0 ? d->extract.member_bytes : source->bytes;
    d->sha256 =
        source->depth > 0 ? d->extract.member_sha256 : hash_sha256_file(d->cx.mem, source->file);
    if (source->note.n > 0)
        d->extract.note = str_printf(d->cx.mem, "%.*s%s%.*s", STR_ARG(source->note),
                                     d->extract.note.n > 0 ? " " : "", STR_ARG(d->extract.note));
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
    d->beside = tongue_beside(&d->cx, tongues, &d->extract, d->language, &d->beside_percent);
    TRY(library_signals(&d->cx, r->library, d->language, &d->signals));
    TRY(reading_make(&d->cx, d->signals->patterns, &d->signals->guards, d->path, &d->extract,
                     &d->reading));
    facts_find(&d->cx, d->reading, &d->facts);
    kinds_find(&d->cx, d->signals, d->reading, &d->facts, &d->kinds);
    return records_find(&d->cx, r->library->standard->registers, d->reading, &d->kinds,
                        r->library->pins, &d->records);
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

int64_t readers_thread_us(void)
{
    struct timespec at;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

/* ---- files and what lies in them ---- */

/* What was listed of one file on the disk. */
struct listing {
    struct ctx cx;
    uint64_t bytes; /* of members so far, as they claim */
    size_t members;
    bool full;
};

/* Files of an archive, or attached to an e-mail. */
struct members {
    struct walk_file *files;
    uint32_t *at;
    size_t n;
};

/* Copies the list before its document goes. */
static struct members members_of(struct listing *listing, const struct extract *extract)
{
    struct arena *mem = listing->cx.mem;
    struct members m = {.n = extract->member_count};

    m.files = arena_array(mem, m.n + 1, sizeof *m.files);
    m.at = arena_array(mem, m.n + 1, sizeof *m.at);
    for (size_t i = 0; i < m.n; i++) {
        const struct extract_member *member = &extract->members[i];
        m.files[i] =
            (struct walk_file){.path = str_copy(mem, member->path), .bytes = member->bytes};
        m.at[i] = member->at;
        m.files[i].why = str_copy(mem, member->why);
    }
    walk_judge_members(&listing->cx, m.files, m.n);
    return m;
}

static void read_source(struct readers *r, struct reader_task *task, struct document *d,
                        const struct source *source, struct listing *listing);

/* All members of a file together stay within the bounds for one. */
static int count_member(struct listing *listing, struct document *d, uint64_t bytes)
{
    listing->bytes += bytes;
    if (++listing->members <= EXTRACT_MEMBERS && listing->bytes <= EXTRACT_EXPANDED_BYTES)
        return 0;
    listing->full = true;
    return fail(&d->cx, RC_LIMIT, d->path.p, "%s",
                _("It and what follows it in its archive are more than is read: unpack the archive "
                  "into the folder."));
}

static void read_member(struct readers *r, struct reader_task *task, struct listing *listing,
                        struct str path, const struct walk_file *file, const struct source *source)
{
    struct document *d = document_new(path);

    d->member = true;
    d->rc = count_member(listing, d, file->bytes);
    if (d->rc == 0 && file->why.n > 0) {
        d->rc = fail(&d->cx, file->what.n > 0 ? RC_NOT_FOUND : RC_INVALID, d->path.p, "%.*s",
                     STR_ARG(file->why));
        d->what = str_copy(d->cx.mem, file->what);
        d->advice = str_copy(d->cx.mem, file->advice);
    }
    if (d->rc == 0)
        read_source(r, task, d, source, listing);
    else
        publish(r, task, d);
}

static bool is_stopping(struct readers *r)
{
    pthread_mutex_lock(&r->lock);
    bool stopping = r->stopping;
    pthread_mutex_unlock(&r->lock);
    return stopping;
}

static void read_members(struct readers *r, struct reader_task *task, struct listing *listing,
                         struct str path, const struct members *members,
                         const struct source *source)
{
    for (size_t i = 0; i < members->n && !listing->full && !is_stopping(r); i++) {
        const struct walk_file *file = &members->files[i];
        struct source within = *source;
        if (str_is(file->what, WALK_TOOL))
            continue;
        within.name = file->path;
        within.at[within.depth++] = members->at[i];
        read_member(r, task, listing,
                    str_printf(listing->cx.mem, "%.*s/%.*s", STR_ARG(path), STR_ARG(file->path)),
                    file, &within);
    }
}

/* Where another program has to make something readable of the file first. */
static int convert_source(struct document *d, struct source *source)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(DOCUMENT_BYTES);
    struct ctx in = ctx_in(&d->cx, mem);
    struct conversion made;
    int rc = convert_file(&in, source->name, source->file, source->bytes, &made);

    if (rc == 0 && made.as != CONVERT_NONE) {
        source->service = made.as == CONVERT_WORDS ? SERVICE_WORDS : SERVICE_EXTRACT;
        source->name = str_copy(d->cx.mem, made.name);
        source->note = str_copy(d->cx.mem, made.note);
        rc = proc_memory_file(&in, made.bytes, &source->fd);
    }
    return ctx_end(&d->cx, &in, rc);
}

/* A memory file of the member's bytes: they stay as they are until another program has read them.
 */
static int unpack_member(struct readers *r, const struct source *source, int *ret_fd,
                         uint64_t *ret_bytes)
{
    struct ctx own = {.mem = arena_new(DOCUMENT_BYTES)};
    struct str raw;
    int rc = proc_server_call(&own, r->server, SERVICE_UNPACK, order_of(own.mem, source),
                              source->fd, &raw, NULL);

    if (rc == 0)
        rc = proc_memory_file(&own, raw, ret_fd);
    if (rc == 0)
        *ret_bytes = raw.n;
    arena_free(own.mem);
    return rc;
}

/* A member that is not read as it is may be by another program. Without one, the error stands. */
static int extract_or_convert(struct readers *r, struct document *d, const struct source *source)
{
    struct source made = *source;
    int rc = extract_source(r, d, source), file CLEANUP(fd_close) = -1;
    struct err before = d->cx.err;

    if (rc != RC_INVALID || source->depth == 0 || unpack_member(r, source, &file, &made.bytes) != 0)
        return rc;
    made.depth = 0;
    made.fd = made.file = file;
    rc = convert_source(d, &made);
    if (rc == 0 && made.fd == file) {
        d->cx.err = before;
        return RC_INVALID;
    }
    if (rc == 0)
        rc = extract_source(r, d, &made);
    if (made.fd != file)
        fd_close(&made.fd);
    return rc;
}

/* A heavy file waits until all before it are taken and gone: so one at a time is in memory, and
 * none waits for one behind it. */
static void wait_for_turn(struct readers *r, const struct reader_task *task)
{
    pthread_mutex_lock(&r->lock);
    while (!r->stopping && &r->tasks[r->head] != task)
        pthread_cond_wait(&r->room, &r->lock);
    pthread_mutex_unlock(&r->lock);
}

/* False where there is no extract. */
static bool extract_and_understand(struct readers *r, const struct reader_task *task,
                                   struct document *d, const struct source *source)
{
    bool extracted;

    if (source->bytes >= HEAVY_BYTES)
        wait_for_turn(r, task);
    d->rc = extract_or_convert(r, d, source);
    extracted = d->rc == 0;
    d->archive = extracted && d->extract.format == EXTRACT_ZIP;
    if (d->rc == 0 && !d->archive) {
        d->rc = understand(r, d);
        /* Too large is the document's own fault, anything else is ours. */
        d->fatal = d->rc != 0 && d->rc != RC_LIMIT;
    }
    return extracted;
}

static void read_source(struct readers *r, struct reader_task *task, struct document *d,
                        const struct source *source, struct listing *listing)
{
    struct str path = str_copy(listing->cx.mem, d->path);
    struct members members = {0};

    if (extract_and_understand(r, task, d, source) && source->depth < EXTRACT_NESTED)
        members = members_of(listing, &d->extract);
    publish(r, task, d);
    read_members(r, task, listing, path, &members, source);
}

static void read_file(struct readers *r, struct reader_task *task)
{
    struct document *d = document_new(task->path);
    struct source source = {.service = SERVICE_EXTRACT, .name = task->file->path, .fd = -1};
    struct listing listing = {.cx = {.mem = arena_new(LIST_BYTES)}};
    int file CLEANUP(fd_close) = -1;

    d->rc = walk_open(&d->cx, task->file, EXTRACT_FILE_BYTES, &file, &source.bytes);
    source.fd = source.file = file;
    if (d->rc == 0)
        d->rc = convert_source(d, &source);
    if (d->rc == 0)
        read_source(r, task, d, &source, &listing);
    else
        publish(r, task, d);
    if (source.fd != file)
        fd_close(&source.fd);
    arena_free(listing.cx.mem);
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
        began = readers_thread_us();
        read_file(r, task);
        pthread_mutex_lock(&r->lock);
        r->usage.matching += readers_thread_us() - began;
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
