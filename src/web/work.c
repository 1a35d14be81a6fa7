/* What takes long: its page while it goes on and after, and what is taken out of the house. */
#include "web/jobs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web/handlers.h"
#include "web/view.h"

#define ASK_AGAIN_S 2 /* without a script */
#define OUT "@out"    /* in words of ours: the file that the job makes */

/* ---- one job ---- */

static int find_job(struct visit *visit, struct job *ret)
{
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(job_find(visit->cx, directory, visit->session.account, visit->org->name,
                 visit_param(visit, "job"), ret));
    /* What its person asked for otherwise may be more than a token is for. */
    if (visit->by_token && !str_eq(ret->via, visit->who.via))
        return fail(visit->cx, RC_NOT_FOUND, "job",
                    _("There is nothing of this name that this token asked for."));
    return 0;
}

static bool goes_on(const struct job *job)
{
    return str_is(job->state, "waiting") || str_is(job->state, "running");
}

static struct str job_path(struct visit *visit, const struct job *job)
{
    return str_printf(visit->cx->mem, "%.*s/jobs/%.*s", STR_ARG(visit_base(visit)),
                      STR_ARG(job->id));
}

static struct value *job_tree(struct visit *visit, const struct job *job)
{
    struct value *tree = value_map(visit->cx->mem);

    value_set_text(tree, "schema", STR("assay.job/1"));
    value_set_text(tree, "job", job->id);
    value_set_text(tree, "kind", job->kind);
    value_set_text(tree, "title", job->title);
    value_set_text(tree, "state", job->state);
    value_set_text(tree, "made_at", job->made_at);
    if (job->progress.n > 0)
        value_set_text(tree, "progress", job->progress);
    if (job->said.n > 0)
        value_set_text(tree, "failed", jobs_shown(visit->cx->mem, visit->app, job, job->said));
    if (job->status != 0)
        value_set_int(tree, "status", job->status);
    if (str_is(job->state, "done") && job->file.n > 0)
        value_set_text(tree, "file", job->file);
    if (str_is(job->state, "done"))
        value_set(tree, "files", jobs_made(visit->cx->mem, visit->app, job));
    return tree;
}

int work_begun(struct visit *visit, const struct job *job, struct value **ret)
{
    *ret = job_tree(visit, job);
    visit->status = 202;
    visit->redirect = job_path(visit, job);
    if (visit->json)
        web_header(visit->response, "Location", visit->redirect);
    return 0;
}

int job_show(struct visit *visit, struct value **ret)
{
    struct value *result;
    struct job job;

    TRY(find_job(visit, &job));
    TRY(jobs_result(visit, &job, &result));
    *ret = job_tree(visit, &job);
    if (result != NULL)
        value_set(*ret, "result", result);
    return 0;
}

static const char *state_text(struct str state)
{
    if (str_is(state, "waiting"))
        return _("It waits for its turn.");
    if (str_is(state, "running"))
        return _("It is being done.");
    if (str_is(state, "done"))
        return _("Done.");
    return str_is(state, "failed") ? _("It came to nothing.") : _("It was ended.");
}

/* How much of it there is, where it says so: "Reading: 3 of 8". */
static void dress_progress(struct str progress, struct value *view)
{
    size_t of = str_find(progress, STR(" of "), 0), colon = SIZE_MAX;
    int64_t done, total;

    for (size_t i = 0; of != SIZE_MAX && i < of; i++)
        colon = progress.p[i] == ':' ? i : colon;
    if (colon == SIZE_MAX || colon + 2 > of)
        return;
    if (str_to_int(str_sub(progress, colon + 2, of - colon - 2), &done) &&
        str_to_int(str_from(progress, of + 4), &total) && total > 0) {
        value_set_int(view, "done_n", done);
        value_set_int(view, "total_n", total);
        value_set_bool(view, "measured", true);
    }
}

static void dress_import(struct visit *visit, const struct value *tree, struct value *view)
{
    static const char *const lists[] = {"new",  "changed", "rejected",
                                        "said", "mapping", "left_out"};
    struct arena *mem = visit->cx->mem;
    const struct value *result = value_get(tree, "result"), *counts = value_get(result, "counts");
    bool preview = str_is(value_get_text(tree, "kind"), "import-preview");

    for (size_t i = 0; i < value_count(result); i++)
        if (value_get(view, value_key_at(result, i).p) == NULL)
            value_set(view, value_key_at(result, i).p, value_copy(mem, value_at(result, i)));
    value_set_bool(view, "is_preview", preview);
    value_set_bool(view, "is_done", !preview);
    /* Beside them stand the counts, which are called the same. */
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        const struct value *list = value_get(result, lists[i]);
        if (value_count(list) == 0)
            continue;
        value_set(view, str_printf(mem, "%s_list", lists[i]).p, value_copy(mem, list));
        value_set_bool(view, str_printf(mem, "any_%s", lists[i]).p, true);
    }
    value_set_bool(view, "any_to_write",
                   value_get(result, "archive") != NULL ||
                       value_get_int(counts, "new", 0) + value_get_int(counts, "changed", 0) > 0);
}

int job_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    struct value *page = value_get_mut(view, "page");
    struct str state = value_get_text(tree, "state"), kind = value_get_text(tree, "kind");
    struct job job = {.id = value_get_text(tree, "job"), .state = state};
    bool import = str_starts(kind, STR("import"));

    value_set_text(view, "url", job_path(visit, &job));
    value_set_text(view, "state_text", str_of(state_text(state)));
    value_set_text(view, "since", view_instant(visit, value_get_text(tree, "made_at")));
    value_set_bool(view, "goes_on", goes_on(&job));
    dress_progress(value_get_text(tree, "progress"), view);
    if (import && value_get(tree, "result") != NULL)
        dress_import(visit, tree, view);
    else
        value_set_text(view, "said", value_get_text(value_get(tree, "result"), "said"));
    value_set_text(view, "heading", value_get_text(tree, "title"));
    value_set_bool(page, import ? "at_import" : "at_export", true);
    if (goes_on(&job))
        value_set_int(page, "refresh", ASK_AGAIN_S);
    return 0;
}

int job_file(struct visit *visit, struct value **ret)
{
    struct ctx *cx = visit->cx;
    struct web_response *response = visit->response;
    struct stat st;
    struct job job;

    TRY(find_job(visit, &job));
    *ret = NULL;
    struct str name = parse_get(&visit->query, "name"), path;

    name = name.n > 0 ? name : job.file;
    path = jobs_output_of(cx->mem, visit->app, &job, name);
    int fd = str_is(job.state, "done") && path.n > 0
                 ? open(path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
                 : -1;

    if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
        (void)close(fd);
        fd = -1;
    }
    if (fd < 0)
        return fail(cx, RC_NOT_FOUND, "job", _("There is no file of this, or not any more."));
    response->file = fd;
    response->has_file = true;
    response->file_bytes = (uint64_t)st.st_size;
    visit->raw_type = "application/octet-stream";
    web_header(response, "Content-Disposition",
               str_printf(cx->mem, "attachment%s%.*s%s", job.file.n > 0 ? "; filename=\"" : "",
                          STR_ARG(job.file), job.file.n > 0 ? "\"" : ""));
    web_header(response, "Cache-Control", STR("private, no-store"));
    return 0;
}

int job_stop(struct visit *visit, struct value **ret)
{
    struct store *directory;
    struct job job;

    TRY(find_job(visit, &job));
    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(job_cancel(visit->cx, directory, visit->session.account, job.id));
    TRY(find_job(visit, &job));
    *ret = job_tree(visit, &job);
    visit->redirect = job_path(visit, &job);
    return 0;
}

/* ---- what is taken out ---- */

static int each_job(void *arg, struct ctx *cx, const struct job *job)
{
    struct value *one = value_map(cx->mem);

    value_set_text(one, "job", job->id);
    value_set_text(one, "kind", job->kind);
    value_set_text(one, "title", job->title);
    value_set_text(one, "state", job->state);
    value_set_text(one, "made_at", job->made_at);
    value_push(arg, one);
    return ctx_check(cx);
}

int export_page(struct visit *visit, struct value **ret)
{
    struct value *tree = value_map(visit->cx->mem), *list = value_list(visit->cx->mem);
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(job_list(visit->cx, directory, visit->session.account, visit->org->name, each_job, list));
    value_set_text(tree, "schema", STR("assay.jobs/1"));
    value_set(tree, "jobs", list);
    *ret = tree;
    return 0;
}

int export_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    const struct value *jobs = value_get(tree, "jobs");
    struct value *list = value_list(mem);

    for (size_t i = 0; i < value_count(jobs); i++) {
        struct value *one = value_copy(mem, value_at(jobs, i));
        struct job job = {.id = value_get_text(one, "job")};
        value_set_text(one, "url", job_path(visit, &job));
        value_set_text(one, "state_text", str_of(state_text(value_get_text(one, "state"))));
        value_set_text(one, "when", view_instant(visit, value_get_text(one, "made_at")));
        value_push(list, one);
    }
    value_set(view, "job_list", list);
    value_set_text(view, "heading", str_of(_("Take out")));
    value_set_bool(value_get_mut(view, "page"), "at_export", true);
    return 0;
}

static struct value *words_of(struct arena *mem, const char *const *words)
{
    struct value *list = value_list(mem);

    for (size_t i = 0; words[i] != NULL; i++)
        value_push(list, strcmp(words[i], OUT) == 0 ? jobs_word(mem, "", "out", STR_NONE, STR_NONE)
                                                    : value_textz(mem, words[i]));
    return list;
}

int export_take(struct visit *visit, struct value **ret)
{
    static const char *const all[] = {"export",   "--all", "--format", "xlsx",
                                      "--output", OUT,     "--json",   NULL},
                             *const archive[] = {"export", "--archive", OUT, "--json", NULL};
    struct arena *mem = visit->cx->mem;
    bool whole = str_is(parse_get(&visit->form, "what"), "archive");
    struct job job = {
        .kind = STR("export"),
        .title = str_of(whole ? _("The whole organisation as an archive")
                              : _("All registers as a workbook")),
        .words = words_of(mem, whole ? archive : all),
        .file = str_printf(mem, whole ? "%.*s.zip" : "%.*s.xlsx", STR_ARG(visit->org->name))};

    TRY(jobs_ask(visit, &job, NULL));
    return work_begun(visit, &job, ret);
}

int bundle_take(struct visit *visit, struct value **ret)
{
    static const char *const given[] = {"from", "to", "for"};
    static const char *const begin[] = {"bundle", "--output", OUT, "--json", NULL};
    struct arena *mem = visit->cx->mem;
    struct value *words = words_of(mem, begin);
    struct job job = {.kind = STR("bundle"),
                      .title = str_of(_("A bundle for an auditor")),
                      .file = str_printf(mem, "%.*s-bundle.zip", STR_ARG(visit->org->name))};

    for (size_t i = 0; i < COUNT_OF(given); i++) {
        struct str text = str_trim(parse_get(&visit->form, given[i]));
        if (text.n == 0)
            continue;
        /* One word, so that no text is taken for an option. */
        value_push(words, value_text(mem, str_printf(mem, "--%s=%.*s", given[i], STR_ARG(text))));
    }
    job.words = words;
    TRY(jobs_ask(visit, &job, NULL));
    return work_begun(visit, &job, ret);
}
