#include "web/mailer.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "op/letters.h"
#include "op/resets.h"
#include "web/child.h"

#define LOOK_S 5  /* so often for what others have added */
#define MOST_S 90 /* for one mail */
#define STOP_MS 10000
#define WORDS 16u

struct mailer {
    struct app *app;
    struct mailer_options options;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock;
    pthread_cond_t some;
    bool stopping;
    int64_t stop_at; /* of the monotonic clock */
};

static int64_t monotonic_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_stopping(struct mailer *mailer)
{
    (void)pthread_mutex_lock(&mailer->lock);
    bool stopping = mailer->stopping;

    (void)pthread_mutex_unlock(&mailer->lock);
    return stopping;
}

/* ---- one mail ---- */

static bool watch(void *arg, UNUSED struct str said)
{
    struct mailer *mailer = arg;

    return !is_stopping(mailer) || monotonic_ms() < mailer->stop_at;
}

static size_t option(const char **words, size_t n, const char *name, const char *value)
{
    if (value == NULL)
        return n;
    words[n++] = name;
    words[n++] = value;
    return n;
}

/* What came of it stands in the outbox. */
static void send_one(struct mailer *mailer, struct ctx *cx)
{
    const struct mailer_options *o = &mailer->options;
    const char *words[WORDS] = {"mail", "send", "--most", "1"};
    struct str output;
    size_t n = 4;

    n = option(words, n, "--mail", o->server);
    n = option(words, n, "--mail-from", o->from);
    n = option(words, n, "--mail-password-file", o->password_file);
    n = option(words, n, "--mail-authorities", o->authorities);
    n = option(words, n, "--url", str_z(cx->mem, mailer->app->url));
    words[n] = NULL;
    const struct child child = {
        .app = mailer->app, .words = words, .seconds = MOST_S, .watch = watch, .watch_arg = mailer};

    (void)!child_run(cx, &child, &output);
}

/* ---- the thread ---- */

static int is_due(struct ctx *cx, struct store *directory, bool *ret)
{
    TRY(outbox_due(cx, directory, ret));
    return *ret ? 0 : reset_waits(cx, directory, ret);
}

static bool send_next(struct mailer *mailer, struct desk *desk)
{
    struct arena *mem = arena_new(0);
    struct ctx cx = {.mem = mem, .today = date_of_clock()};
    struct store *directory;
    bool due = false;

    if (desk_directory(&cx, desk, &directory) == 0 && is_due(&cx, directory, &due) == 0 && due)
        send_one(mailer, &cx);
    desk_tidy(desk);
    arena_free(mem);
    return due;
}

/* One that cannot be sent is due again: no faster than this. */
static void wait_for_some(struct mailer *mailer, bool sent)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += sent ? 0 : LOOK_S;
    until.tv_nsec += sent ? 50 * 1000 * 1000 : 0;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    (void)pthread_mutex_lock(&mailer->lock);
    if (!mailer->stopping)
        (void)pthread_cond_timedwait(&mailer->some, &mailer->lock, &until);
    (void)pthread_mutex_unlock(&mailer->lock);
}

static void *work(void *arg)
{
    struct mailer *mailer = arg;
    struct desk *desk = desk_new(mailer->app);

    while (!is_stopping(mailer))
        wait_for_some(mailer, send_next(mailer, desk));
    desk_free(desk);
    return NULL;
}

/* The server itself forgets the password at once. */
static int check_settings(struct ctx *cx, const struct mailer_options *o)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    struct ctx in = ctx_in(cx, mem);
    struct mail_settings settings;
    int rc =
        mail_settings_read(&in, o->server, o->from, o->password_file, o->authorities, &settings);

    if (rc == 0 && settings.server.password.n > 0)
        explicit_bzero((char *)(uintptr_t)settings.server.password.p, settings.server.password.n);
    return ctx_end(cx, &in, rc);
}

int mailer_start(struct ctx *cx, struct app *app, const struct mailer_options *options,
                 struct mailer **ret)
{
    sigset_t all, before;

    *ret = NULL;
    if (options->server == NULL)
        return 0;
    TRY(check_settings(cx, options));
    if (app->url.n == 0)
        return fail(cx, RC_INVALID, "url",
                    _("Mail has links in it: say how people reach this server, such as --url "
                      "https://assay.example."));
    struct mailer *mailer = calloc(1, sizeof *mailer);

    if (mailer == NULL)
        abort();
    mailer->app = app;
    mailer->options = *options;
    (void)pthread_mutex_init(&mailer->lock, NULL);
    (void)pthread_cond_init(&mailer->some, NULL);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    mailer->started = pthread_create(&mailer->thread, NULL, work, mailer) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    *ret = mailer;
    return mailer->started ? 0 : fail(cx, RC_FAIL, NULL, _("The system gives no more threads."));
}

void mailer_free(struct mailer *mailer)
{
    if (mailer == NULL)
        return;
    (void)pthread_mutex_lock(&mailer->lock);
    mailer->stop_at = monotonic_ms() + STOP_MS;
    mailer->stopping = true;
    (void)pthread_cond_broadcast(&mailer->some);
    (void)pthread_mutex_unlock(&mailer->lock);
    if (mailer->started)
        (void)pthread_join(mailer->thread, NULL);
    (void)pthread_mutex_destroy(&mailer->lock);
    (void)pthread_cond_destroy(&mailer->some);
    free(mailer);
}

void mailer_wake(struct app *app)
{
    struct mailer *mailer = app->mailer;

    if (mailer == NULL)
        return;
    (void)pthread_mutex_lock(&mailer->lock);
    (void)pthread_cond_signal(&mailer->some);
    (void)pthread_mutex_unlock(&mailer->lock);
}

int mailer_post(struct ctx *cx, struct app *app, struct store *directory, struct letter *letter)
{
    if (app->mailer == NULL)
        return fail(cx, RC_CONFLICT, NULL, _("This server sends no mail."));
    TRY(outbox_add(cx, directory, letter));
    mailer_wake(app);
    return 0;
}
