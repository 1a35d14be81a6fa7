#include "op/readers.h"

#include <fcntl.h>
#include <unistd.h>

#include "tests/harness.h"

#define FILES 40u

/* A folder of texts; every seventh is long, the last is empty. */
static struct str make_folder(struct ctx *cx)
{
    char *folder = str_z(cx->mem, STR("/tmp/assay-readers-XXXXXX"));

    CHECK(mkdtemp(folder) != NULL);
    for (unsigned i = 0; i < FILES; i++) {
        struct buf text = buf_new(cx->mem);
        int fd = open(str_printf(cx->mem, "%s/%02u.md", folder, i).p, O_WRONLY | O_CREAT, 0600);
        for (unsigned k = 0; i + 1 < FILES && k < (i % 7 == 0 ? 800 : 3); k++)
            buf_printf(&text, "Paragraph %u of text %u was written by the team on duty.\n\n", k, i);
        CHECK(fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n);
        (void)close(fd);
    }
    return str_of(folder);
}

static void remove_folder(struct ctx *cx, struct str folder)
{
    for (unsigned i = 0; i < FILES; i++)
        (void)unlink(str_printf(cx->mem, "%.*s/%02u.md", STR_ARG(folder), i).p);
    CHECK(rmdir(folder.p) == 0);
}

struct setting {
    struct str folder;
    struct proc_server *server;
    struct library library;
    struct reader_task tasks[FILES];
};

static void begin(struct ctx *cx, struct setting *s)
{
    struct walk *walk = ARENA_NEW(cx->mem, struct walk);

    s->folder = make_folder(cx);
    CHECK_OK(proc_server_start(cx, readers_services, readers_service_n, &s->server));
    CHECK_OK(library_load(cx, NULL, &s->library));
    CHECK_OK(walk_folder(cx, s->folder.p, walk));
    CHECK_INT(walk->n, FILES);
    for (size_t i = 0; i < FILES; i++)
        s->tasks[i] = (struct reader_task){.file = &walk->files[i], .path = walk->files[i].path};
}

static void end(struct ctx *cx, struct setting *s)
{
    proc_server_stop(s->server);
    library_free(&s->library);
    remove_folder(cx, s->folder);
}

TEST(documents_come_in_the_order_of_their_files)
{
    struct setting *s = ARENA_NEW(cx->mem, struct setting);
    struct readers *readers = NULL;
    struct document *d;

    begin(cx, s);
    CHECK_OK(readers_start(cx, &s->library, s->server, s->tasks, FILES, &readers));
    for (size_t i = 0; i + 1 < FILES; i++) {
        d = readers_next(readers, i);
        CHECK(d != NULL && d->rc == 0 && d->reading != NULL);
        CHECK(d != NULL && str_eq(d->path, s->tasks[i].path));
        CHECK(d != NULL && d->sha256.n == 64 && d->bytes == s->tasks[i].file->bytes);
        CHECK_INT(d == NULL ? 0 : d->extract.block_count, i % 7 == 0 ? 800 : 3);
        document_free(d);
        CHECK(readers_next(readers, i) == NULL);
    }
    d = readers_next(readers, FILES - 1);
    CHECK(d != NULL && d->rc == RC_NOT_FOUND && !d->fatal && d->cx.err.text.n > 0);
    document_free(d);
    CHECK(readers_usage(readers).extracting > 0 && readers_usage(readers).peak > 0);
    readers_stop(&readers);
    CHECK(readers == NULL);
    end(cx, s);
}

TEST(readers_stop_in_the_middle)
{
    struct setting *s = ARENA_NEW(cx->mem, struct setting);

    begin(cx, s);
    for (size_t taken = 0; taken < 3; taken++) {
        struct readers *readers = NULL;
        CHECK_OK(readers_start(cx, &s->library, s->server, s->tasks, FILES, &readers));
        for (size_t i = 0; i < taken; i++)
            document_free(readers_next(readers, i));
        readers_stop(&readers);
        for (size_t i = 0; i < FILES; i++)
            s->tasks[i] = (struct reader_task){.file = s->tasks[i].file, .path = s->tasks[i].path};
    }
    end(cx, s);
}

/* Without the server nothing can be read: no document's fault. */
TEST(readers_without_a_server_are_fatal)
{
    struct setting *s = ARENA_NEW(cx->mem, struct setting);
    struct readers *readers = NULL;
    struct document *d;

    begin(cx, s);
    proc_server_stop(s->server);
    CHECK_OK(readers_start(cx, &s->library, s->server, s->tasks, FILES, &readers));
    d = readers_next(readers, 0);
    CHECK(d != NULL && d->fatal && d->rc == RC_FAIL);
    document_free(d);
    readers_stop(&readers);
    end(cx, s);
}
