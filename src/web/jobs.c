#include "web/jobs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "web/child.h"
#include "web/respond.h"
#include "web/spool.h"

#define THREADS 2u
#define LOOK_S 5           /* so often for what another server has left */
#define FORGET_S 600       /* and for what is old */
#define MOST_S (4u * 3600) /* that a job may take */
#define WAIT_MS 1500       /* for what is quick */
#define FILES 1000u        /* that a job gives back */

struct jobs {
    struct app *app;
    pthread_t threads[THREADS];
    unsigned thread_n;
    pthread_mutex_t lock;
    pthread_cond_t some;
    bool stopping;
};

/* ---- folders ---- */

static struct str folder_of(struct arena *mem, const struct app *app, struct str id)
{
    return str_of(str_printf(mem, "%.*s/jobs/%.*s", STR_ARG(app->run), STR_ARG(id)).p);
}

struct str jobs_output(struct arena *mem, const struct app *app, const struct job *job)
{
    return str_of(
        str_printf(mem, "%.*s/out/%.*s", STR_ARG(folder_of(mem, app, job->id)), STR_ARG(job->file))
            .p);
}

static bool is_folder(struct str path)
{
    struct stat st;

    return lstat(path.p, &st) == 0 && S_ISDIR(st.st_mode);
}

/* No name of a file leads elsewhere. */
static bool is_name(struct str name)
{
    return name.n > 0 && name.n < 256 && !str_is(name, ".") && !str_is(name, "..") &&
           str_find_char(name, '/', 0) == SIZE_MAX && str_find_char(name, '\0', 0) == SIZE_MAX;
}

/* The same with one folder above it. */
static bool is_below(struct str name)
{
    size_t slash = str_find_char(name, '/', 0);

    return slash == SIZE_MAX
               ? is_name(name)
               : is_name(str_sub(name, 0, slash)) && is_name(str_from(name, slash + 1));
}

struct str jobs_output_of(struct arena *mem, const struct app *app, const struct job *job,
                          struct str name)
{
    if (!is_below(name))
        return STR_NONE;
    return str_of(
        str_printf(mem, "%.*s/out/%.*s", STR_ARG(folder_of(mem, app, job->id)), STR_ARG(name)).p);
}

static void list_made(struct arena *mem, struct str folder, struct str before, struct value *list)
{
    DIR *dir = opendir(folder.p);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL && value_count(list) < FILES) {
        struct str path = str_of(str_printf(mem, "%.*s/%s", STR_ARG(folder), entry->d_name).p);
        struct str name = str_of(str_printf(mem, "%.*s%s", STR_ARG(before), entry->d_name).p);
        if (entry->d_name[0] == '.')
            continue;
        if (!is_folder(path))
            value_push(list, value_text(mem, name));
        else if (before.n == 0)
            list_made(mem, path, str_printf(mem, "%.*s/", STR_ARG(name)), list);
    }
    if (dir != NULL)
        (void)closedir(dir);
}

struct value *jobs_made(struct arena *mem, const struct app *app, const struct job *job)
{
    struct value *list = value_list(mem);

    list_made(mem, str_of(str_printf(mem, "%.*s/out", STR_ARG(folder_of(mem, app, job->id))).p),
              STR_NONE, list);
    return list;
}

/* The one file that is in a folder, "" for none. */
static struct str only_file(struct arena *mem, struct str folder)
{
    struct str found = STR_NONE;
    DIR *dir = opendir(folder.p);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.')
            found = str_of(str_printf(mem, "%.*s/%s", STR_ARG(folder), entry->d_name).p);
    if (dir != NULL)
        (void)closedir(dir);
    return found;
}

static struct str input_of(struct arena *mem, const struct app *app, struct str id)
{
    return only_file(mem, str_of(str_printf(mem, "%.*s/in", STR_ARG(folder_of(mem, app, id))).p));
}

static int make_folders(struct ctx *cx, const struct app *app, struct str id)
{
    static const char *const below[] = {"", "/in", "/out"};
    struct str folder = folder_of(cx->mem, app, id);

    (void)mkdir(str_printf(cx->mem, "%.*s/jobs", STR_ARG(app->run)).p, 0700);
    for (size_t i = 0; i < COUNT_OF(below); i++)
        if (mkdir(str_printf(cx->mem, "%.*s%s", STR_ARG(folder), below[i]).p, 0700) != 0)
            return fail(cx, RC_FAIL, NULL, _("A folder for the work cannot be made: %s."),
                        strerrordesc_np(errno));
    return 0;
}

static int drop_one(const char *path, UNUSED const struct stat *st, UNUSED int kind,
                    UNUSED struct FTW *at)
{
    return remove(path);
}

static void drop_folder(struct str folder)
{
    (void)nftw(folder.p, drop_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- running one ---- */

struct running {
    struct jobs *jobs;
    struct ctx *cx;
    struct store *directory;
    const struct job *job;
};

static bool is_stopping(struct jobs *jobs)
{
    (void)pthread_mutex_lock(&jobs->lock);
    bool stopping = jobs->stopping;

    (void)pthread_mutex_unlock(&jobs->lock);
    return stopping;
}

/* A directory that does not answer for a moment ends nothing. */
static bool watch(void *arg, struct str said)
{
    const struct running *r = arg;
    struct ctx in = {.mem = arena_new(0), .today = r->cx->today};
    bool go_on = true;

    if (job_note(&in, r->directory, r->job->id, child_progress(in.mem, said), &go_on) < 0)
        go_on = true;
    arena_free(in.mem);
    return go_on && !is_stopping(r->jobs);
}

static int write_result(struct ctx *cx, struct str folder, struct str text)
{
    const char *path = str_printf(cx->mem, "%.*s/result.json", STR_ARG(folder)).p;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    ssize_t n = fd >= 0 ? write(fd, text.p, text.n) : -1;

    if (fd >= 0)
        (void)close(fd);
    return n == (ssize_t)text.n ? 0
                                : fail(cx, RC_FAIL, NULL, _("What came of it cannot be kept: %s."),
                                       strerrordesc_np(errno));
}

struct value *jobs_word(struct arena *mem, const char *before, const char *kind, struct str name,
                        struct str shown)
{
    struct value *word = value_map(mem);

    value_set_text(word, "before", str_of(before));
    value_set_text(word, "kind", str_of(kind));
    value_set_text(word, "name", name);
    value_set_text(word, "shown", shown);
    return word;
}

/* Where a word of jobs_word() leads. */
static struct str path_of_word(struct arena *mem, const struct app *app, const struct job *job,
                               const struct value *word)
{
    struct str kind = value_get_text(word, "kind"), name = value_get_text(word, "name");

    if (name.n == 0 && str_is(kind, "in"))
        return input_of(mem, app, job->id);
    if (name.n == 0 && job->file.n > 0)
        return jobs_output(mem, app, job);
    return str_printf(mem, "%.*s/%.*s/%.*s", STR_ARG(folder_of(mem, app, job->id)), STR_ARG(kind),
                      STR_ARG(name));
}

static const char *text_of_word(struct arena *mem, const struct app *app, const struct job *job,
                                const struct value *word)
{
    if (value_type(word) == VALUE_TEXT)
        return str_z(mem, value_as_text(word));
    return str_z(mem, str_printf(mem, "%.*s%.*s", STR_ARG(value_get_text(word, "before")),
                                 STR_ARG(path_of_word(mem, app, job, word))));
}

static int run_child(struct running *r)
{
    struct ctx *cx = r->cx;
    struct app *app = r->jobs->app;
    const struct job *job = r->job;
    size_t n = value_count(job->words);
    const char **words = arena_array(cx->mem, n + 1, sizeof *words);
    struct str output;

    for (size_t i = 0; i < n; i++)
        words[i] = text_of_word(cx->mem, app, job, value_at(job->words, i));
    /* Of an attempt that was interrupted. */
    if (job->file.n > 0)
        (void)unlink(jobs_output(cx->mem, app, job).p);
    struct child child = {.app = app,
                          .organisation = job->organisation,
                          .person = job->person,
                          .role = job->role,
                          .via = job->via,
                          .rights = job->rights,
                          .words = words,
                          .seconds = MOST_S,
                          .watch = watch,
                          .watch_arg = r};

    TRY(child_run(cx, &child, &output));
    return write_result(cx, folder_of(cx->mem, app, job->id), output);
}

static void run_job(struct running *r)
{
    struct ctx *cx = r->cx;
    int rc = run_child(r);
    struct str said = rc < 0 ? cx->err.text : STR_NONE;

    if (rc == RC_CONFLICT && str_is(cx->err.place, "ended"))
        rc = job_release(cx, r->directory, r->job->id); /* what was cancelled stays so */
    else
        rc = rc < 0 ? job_failed(cx, r->directory, r->job->id, respond_status(rc), said)
                    : job_done(cx, r->directory, r->job->id);
    (void)!rc; /* else its lease runs out, and it is run again */
}

/* ---- the threads ---- */

static bool run_next(struct jobs *jobs, struct desk *desk)
{
    struct arena *mem = arena_new(0);
    struct ctx cx = {.mem = mem, .today = jobs->app->today};
    struct running running = {.jobs = jobs, .cx = &cx};
    struct job job;
    bool any = false;

    if (date_is_none(cx.today))
        cx.today = date_of_clock();
    if (desk_directory(&cx, desk, &running.directory) == 0 &&
        job_claim(&cx, running.directory, &job, &any) == 0 && any) {
        running.job = &job;
        run_job(&running);
    }
    desk_tidy(desk);
    arena_free(mem);
    return any;
}

static void forget(struct jobs *jobs, struct desk *desk)
{
    struct arena *mem = arena_new(0);
    struct ctx cx = {.mem = mem, .today = date_of_clock()};
    struct store *directory;
    struct value *ids = NULL;

    if (desk_directory(&cx, desk, &directory) == 0 && job_forget(&cx, directory, &ids) == 0)
        for (size_t i = 0; i < value_count(ids); i++)
            drop_folder(folder_of(mem, jobs->app, value_as_text(value_at(ids, i))));
    desk_tidy(desk);
    arena_free(mem);
}

static void wait_for_some(struct jobs *jobs)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += LOOK_S;
    (void)pthread_mutex_lock(&jobs->lock);
    if (!jobs->stopping)
        (void)pthread_cond_timedwait(&jobs->some, &jobs->lock, &until);
    (void)pthread_mutex_unlock(&jobs->lock);
}

static void *work(void *arg)
{
    struct jobs *jobs = arg;
    struct desk *desk = desk_new(jobs->app);
    time_t forgot = 0;

    while (!is_stopping(jobs)) {
        if (run_next(jobs, desk))
            continue;
        if (time(NULL) - forgot >= FORGET_S) {
            forget(jobs, desk);
            forgot = time(NULL);
        }
        wait_for_some(jobs);
    }
    desk_free(desk);
    return NULL;
}

int jobs_start(struct ctx *cx, struct app *app, struct jobs **ret)
{
    struct jobs *jobs = calloc(1, sizeof *jobs);
    sigset_t all, before;
    int rc = 0;

    if (jobs == NULL)
        abort();
    jobs->app = app;
    (void)pthread_mutex_init(&jobs->lock, NULL);
    (void)pthread_cond_init(&jobs->some, NULL);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    while (rc == 0 && jobs->thread_n < THREADS) {
        rc = pthread_create(&jobs->threads[jobs->thread_n], NULL, work, jobs);
        jobs->thread_n += rc == 0;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    *ret = jobs;
    return rc == 0 ? 0 : fail(cx, RC_FAIL, NULL, _("The system gives no more threads."));
}

void jobs_free(struct jobs *jobs)
{
    if (jobs == NULL)
        return;
    (void)pthread_mutex_lock(&jobs->lock);
    jobs->stopping = true;
    (void)pthread_cond_broadcast(&jobs->some);
    (void)pthread_mutex_unlock(&jobs->lock);
    for (unsigned i = 0; i < jobs->thread_n; i++)
        (void)pthread_join(jobs->threads[i], NULL);
    (void)pthread_mutex_destroy(&jobs->lock);
    (void)pthread_cond_destroy(&jobs->some);
    free(jobs);
}

/* ---- asking ---- */

/* A file in folders of its own below `folder`. Its path was checked by jobs_path_is(). */
static int take_file(struct ctx *cx, struct str folder, const struct job_file *file)
{
    char *path =
        str_z(cx->mem, str_printf(cx->mem, "%.*s/in/%.*s", STR_ARG(folder), STR_ARG(file->path)));
    ssize_t n = 0;

    for (char *c = path + folder.n + 4; *c != '\0'; c++) {
        if (*c != '/')
            continue;
        *c = '\0';
        (void)mkdir(path, 0700);
        *c = '/';
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

    for (struct str left = file->bytes; fd >= 0 && left.n > 0 && n >= 0;) {
        n = write(fd, left.p, left.n);
        left = str_from(left, n > 0 ? (size_t)n : 0);
    }
    if (fd >= 0)
        (void)close(fd);
    return fd >= 0 && n >= 0
               ? 0
               : fail(cx, RC_FAIL, NULL, _("The file cannot be kept: %s."), strerrordesc_np(errno));
}

bool jobs_path_is(struct str path)
{
    struct str part;

    if (path.n == 0 || path.n > 2000 || path.p[path.n - 1] == '/')
        return false;
    while (path.n > 0 && str_split(&path, '/', &part))
        if (!is_name(part))
            return false;
    return true;
}

static int take_again(struct visit *visit, const struct job *job, struct str id)
{
    struct ctx *cx = visit->cx;
    struct str folder = folder_of(cx->mem, visit->app, job->id),
               from = input_of(cx->mem, visit->app, id);
    size_t at = from.n;

    while (at > 0 && from.p[at - 1] != '/')
        at--;
    struct str to =
        str_printf(cx->mem, "%.*s/in/%.*s", STR_ARG(folder), STR_ARG(str_from(from, at)));

    if (from.n > 0 && link(from.p, to.p) == 0)
        return 0;
    return fail(cx, RC_NOT_FOUND, "job",
                _("The file that you chose before is not here any more: choose it again."));
}

/* What is there where the output goes is there for the job too. */
static int stand_in(struct ctx *cx, struct str folder, const struct job_input *input)
{
    const char *path =
        str_printf(cx->mem, "%.*s/out/%.*s", STR_ARG(folder), STR_ARG(input->stand_in_name)).p;
    bool made =
        input->stand_in == JOB_NOTHING ||
        (input->stand_in == JOB_FOLDER ? mkdir(path, 0700) : mknod(path, 0600 | S_IFREG, 0)) == 0;

    return made
               ? 0
               : fail(cx, RC_FAIL, NULL, _("The file cannot be kept: %s."), strerrordesc_np(errno));
}

static int take_input(struct visit *visit, const struct job *job, const struct job_input *input)
{
    struct ctx *cx = visit->cx;
    struct str folder = folder_of(cx->mem, visit->app, job->id);

    if (input->from.n > 0)
        return take_again(visit, job, input->from);
    if (input->name.n > 0)
        return spool_write(cx, str_printf(cx->mem, "%.*s/in", STR_ARG(folder)), input->name,
                           input->bytes);
    for (size_t i = 0; i < input->file_n; i++)
        TRY(take_file(cx, folder, &input->files[i]));
    return stand_in(cx, folder, input);
}

static bool has_ended(const struct job *job)
{
    return !str_is(job->state, "waiting") && !str_is(job->state, "running");
}

int jobs_ask(struct visit *visit, struct job *job, const struct job_input *input)
{
    const struct timespec moment = {.tv_nsec = 50 * 1000 * 1000};
    struct ctx *cx = visit->cx;
    struct jobs *jobs = visit->app->jobs;
    struct store *directory;

    job->id = record_id_new(cx);
    job->account = visit->session.account;
    job->organisation = visit->org->name;
    job->person = visit->who.person;
    job->role = visit->who.role;
    job->via = visit->who.via;
    job->rights = access_rights_text(cx->mem, visit->who.only);
    TRY(desk_directory(cx, visit->desk, &directory));
    TRY(make_folders(cx, visit->app, job->id));
    int rc = input != NULL ? take_input(visit, job, input) : 0;

    if (rc == 0)
        rc = job_add(cx, directory, job);
    if (rc < 0) {
        drop_folder(folder_of(cx->mem, visit->app, job->id));
        return rc;
    }
    (void)pthread_mutex_lock(&jobs->lock);
    (void)pthread_cond_signal(&jobs->some);
    (void)pthread_mutex_unlock(&jobs->lock);
    for (int ms = 0; ms < WAIT_MS && !has_ended(job); ms += 50) {
        (void)nanosleep(&moment, NULL);
        TRY(job_find(cx, directory, job->account, job->organisation, job->id, job));
    }
    return 0;
}

static struct str replace(struct arena *mem, struct str text, struct str what, struct str by)
{
    struct buf out = buf_new(mem);
    size_t at = 0, next = str_find(text, what, 0);

    if (next == SIZE_MAX)
        return text;
    for (; next != SIZE_MAX; next = str_find(text, what, at)) {
        buf_add(&out, str_sub(text, at, next - at));
        buf_add(&out, by);
        at = next + what.n;
    }
    buf_add(&out, str_from(text, at));
    return buf_str(&out);
}

struct str jobs_shown(struct arena *mem, const struct app *app, const struct job *job,
                      struct str text)
{
    static const char *const below[] = {"/in/", "/out/./", "/out/"};
    struct str folder = folder_of(mem, app, job->id);

    if (str_find(text, folder, 0) == SIZE_MAX)
        return text;
    for (size_t i = 0; i < value_count(job->words); i++) {
        const struct value *word = value_at(job->words, i);
        if (value_get_text(word, "shown").n > 0)
            text = replace(mem, text, path_of_word(mem, app, job, word),
                           value_get_text(word, "shown"));
    }
    for (size_t i = 0; i < COUNT_OF(below); i++)
        text = replace(mem, text, str_printf(mem, "%.*s%s", STR_ARG(folder), below[i]), STR_NONE);
    return text;
}

/* The same of all texts of a tree. */
static struct value *shown_tree(struct arena *mem, const struct app *app, const struct job *job,
                                const struct value *v)
{
    struct value *made;

    switch (value_type(v)) {
    case VALUE_TEXT:
        return value_text(mem, jobs_shown(mem, app, job, value_as_text(v)));
    case VALUE_LIST:
        made = value_list(mem);
        for (size_t i = 0; i < value_count(v); i++)
            value_push(made, shown_tree(mem, app, job, value_at(v, i)));
        return made;
    case VALUE_MAP:
        made = value_map(mem);
        for (size_t i = 0; i < value_count(v); i++)
            value_set(made, value_key_at(v, i).p, shown_tree(mem, app, job, value_at(v, i)));
        return made;
    default:
        return value_copy(mem, v);
    }
}

int jobs_result(struct visit *visit, const struct job *job, struct value **ret)
{
    struct ctx *cx = visit->cx;
    struct str text;

    *ret = NULL;
    if (!str_is(job->state, "done"))
        return 0;
    TRY(spool_read(
        cx,
        str_printf(cx->mem, "%.*s/result.json", STR_ARG(folder_of(cx->mem, visit->app, job->id))).p,
        CHILD_BYTES, &text));
    if (text.n == 0)
        return 0;
    TRY(json_parse(cx, "job", text, ret));
    *ret = shown_tree(cx->mem, visit->app, job, *ret);
    return 0;
}
