#include "cli/remote.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/remote_parts.h"
#include "op/tokens.h"
#include "proc/fetch.h"
#include "web/parse.h"

#define TOKEN_FILE_BYTES 1000u
#define WAIT_FIRST_MS 100
#define WAIT_MOST_MS 1000

/* ---- which server ---- */

static const char *environment(const char *name)
{
    const char *said = getenv(name);

    return said != NULL && said[0] != '\0' ? said : NULL;
}

/* What makes or carries homes is for this machine, whatever the environment says. */
int remote_server(struct cli *cli, const struct op *op, struct str *ret)
{
    const char *server = args_value(&cli->args, "server"), *said = environment("ASSAY_SERVER");
    bool home = args_has(&cli->args, "home");

    *ret = STR_NONE;
    if (server != NULL && home)
        return cli_misuse(cli, _("--home is a home that is here, --server one that is elsewhere: "
                                 "name one of them."));
    if (server == NULL && (home || said == NULL || op->needs == OP_NEEDS_NOTHING))
        return 0;
    if (server == NULL && environment("ASSAY_HOME") != NULL)
        return cli_misuse(cli, _("ASSAY_HOME and ASSAY_SERVER are both set: say --home or "
                                 "--server."));
    *ret = str_of(server != NULL ? server : said);
    return 0;
}

static int check_options(struct cli *cli)
{
    static const char *const here[] = {"files", "today", "content"};

    for (size_t i = 0; i < COUNT_OF(here); i++)
        if (args_has(&cli->args, here[i]))
            return cli_misuse(cli, _("--%s is for a home that is here: a server has its own."),
                              here[i]);
    return 0;
}

/* ---- the token ---- */

static const char *token_file(struct arena *mem)
{
    const char *file = environment("ASSAY_TOKEN_FILE"), *config = environment("XDG_CONFIG_HOME"),
               *home = environment("HOME");

    if (file != NULL)
        return file;
    if (config != NULL)
        return str_z(mem, str_printf(mem, "%s/assay/token", config));
    return str_z(mem, str_printf(mem, "%s/.config/assay/token", home != NULL ? home : ""));
}

static int read_token_file(struct ctx *cx, struct str *ret)
{
    const char *path = token_file(cx->mem);
    int fd CLEANUP(fd_close) = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char bytes[TOKEN_FILE_BYTES];
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0)
        return fail(cx, RC_NOT_FOUND, "token",
                    _("A server wants a token, which one makes in one's account there: put it into "
                      "ASSAY_TOKEN, or into %s, which only you may read."),
                    path);
    if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0)
        return fail(cx, RC_DENIED, path,
                    _("%s holds a token, and others may read it: chmod 600 %s, and make another "
                      "token."),
                    path, path);
    ssize_t n = read(fd, bytes, sizeof bytes);

    *ret = str_trim(str_copy(cx->mem, (struct str){bytes, n > 0 ? (size_t)n : 0}));
    return 0;
}

static int read_token(struct ctx *cx, struct str *ret)
{
    *ret = str_trim(str_of(getenv("ASSAY_TOKEN")));
    if (ret->n == 0)
        TRY(read_token_file(cx, ret));
    return token_is(*ret) ? 0
                          : fail(cx, RC_INVALID, "token",
                                 _("What is given as a token is none: one begins with assay_ and "
                                   "has 49 characters."));
}

/* ---- the organisation ---- */

static int choose(struct ctx *cx, const struct value *list, struct str wanted, struct str *ret)
{
    struct buf names = buf_new(cx->mem);

    for (size_t i = 0; i < value_count(list); i++) {
        struct str name = value_get_text(value_at(list, i), "name");
        buf_printf(&names, "%s%.*s", i > 0 ? ", " : "", STR_ARG(name));
        if (str_eq(name, wanted) || str_eq(value_get_text(value_at(list, i), "title"), wanted) ||
            (wanted.n == 0 && value_count(list) == 1)) {
            *ret = name;
            return 0;
        }
    }
    if (wanted.n > 0)
        return fail(cx, RC_NOT_FOUND, "organisation",
                    _("There is no organisation \"%.*s\" for this token, only: %.*s."),
                    STR_ARG(wanted), STR_ARG(buf_str(&names)));
    return fail(cx, RC_INVALID, "organisation",
                _("Say which organisation, by --organisation or ASSAY_ORGANISATION: %.*s."),
                STR_ARG(buf_str(&names)));
}

static int find_organisation(struct remote_call *call)
{
    const char *named = args_value(&call->cli->args, "organisation");
    struct value *start;
    struct str name;
    unsigned status;

    TRY(remote_get(call->link, STR("/"), &status, &start));
    if (status != 200)
        return remote_problem(call->cx, status, start);
    TRY(choose(call->cx, value_get(start, "organisations"),
               str_of(named != NULL ? named : environment("ASSAY_ORGANISATION")), &name));
    call->base = str_printf(call->cx->mem, "/o/%.*s", STR_ARG(parse_escape(call->cx->mem, name)));
    return 0;
}

/* ---- asking ---- */

/* "members add" is "members-add". */
static struct str path_of(const struct remote_call *call)
{
    struct arena *mem = call->cx->mem;
    const char *as = args_value(&call->cli->args, "as");
    char *name = str_z(mem, str_of(call->op->name));

    as = as != NULL ? as : environment("ASSAY_AS");
    for (char *c = name; *c != '\0'; c++)
        *c = *c == ' ' ? '-' : *c;
    return str_printf(mem, "%.*s/op/%s%s%.*s", STR_ARG(call->base), name, as != NULL ? "?as=" : "",
                      STR_ARG(parse_escape(mem, str_of(as))));
}

/* What the command line itself does with a result is nothing of the operation's. */
static struct value *args_sent(const struct remote_call *call)
{
    struct value *sent = value_map(call->cx->mem);
    bool judged = strcmp(call->op->view, "judge") == 0;

    for (size_t i = 0; i < value_count(call->args); i++) {
        struct str key = value_key_at(call->args, i);
        if (!judged || (!str_is(key, "output") && !str_is(key, "format")))
            value_set(sent, key.p, value_copy(call->cx->mem, value_at(call->args, i)));
    }
    return sent;
}

static int send_call(struct remote_call *call, unsigned *ret_status, struct value **ret)
{
    struct remote_form *form CLEANUP(remote_form_free) = NULL;
    struct buf args = buf_new(call->cx->mem), files = buf_new(call->cx->mem);

    TRY(remote_form_new(call->link, &form));
    call->args = args_sent(call);
    value_json(&args, call->args, 0);
    TRY(remote_form_text(form, "args", buf_str(&args)));
    TRY(remote_files_send(call, form));
    value_json(&files, call->files, 0);
    TRY(remote_form_text(form, "files", buf_str(&files)));
    return remote_post(call->link, path_of(call), form, ret_status, ret);
}

/* "Reading: 3 of 8" */
static void show_progress(const struct remote_call *call, struct str text)
{
    size_t of = str_find(text, STR(" of "), 0), colon = str_find(text, STR(": "), 0);
    int64_t done = 0, total = 0;

    if (text.n == 0 || call->face->progress == NULL)
        return;
    if (of != SIZE_MAX && colon != SIZE_MAX && colon < of &&
        str_to_int(str_sub(text, colon + 2, of - colon - 2), &done) &&
        str_to_int(str_from(text, of + 4), &total) && done >= 0 && total > 0)
        text = str_sub(text, 0, colon);
    call->face->progress(call->face->progress_arg, str_z(call->cx->mem, text), (size_t)done,
                         (size_t)total);
}

static bool goes_on(const struct value *job)
{
    struct str state = value_get_text(job, "state");

    return str_is(state, "waiting") || str_is(state, "running");
}

/* A job of another process: looked at until it has ended. */
static int wait_for_job(struct remote_call *call, struct str path, struct value **ret)
{
    long wait = WAIT_FIRST_MS;
    unsigned status;

    for (;;) {
        const struct timespec pause = {.tv_sec = wait / 1000, .tv_nsec = wait % 1000 * 1000000};
        TRY(remote_get(call->link, path, &status, ret));
        if (status != 200)
            return remote_problem(call->cx, status, *ret);
        if (!goes_on(*ret))
            return 0;
        show_progress(call, value_get_text(*ret, "progress"));
        (void)nanosleep(&pause, NULL);
        wait = wait * 2 < WAIT_MOST_MS ? wait * 2 : WAIT_MOST_MS;
        TRY(ctx_check(call->cx));
    }
}

static int failed(struct remote_call *call, const struct value *job)
{
    struct value *problem = value_map(call->cx->mem);

    if (str_is(value_get_text(job, "state"), "cancelled"))
        return fail(call->cx, RC_CONFLICT, NULL, _("It was ended before it was done."));
    value_set_text(problem, "detail", value_get_text(job, "failed"));
    return remote_problem(call->cx, (unsigned)value_get_int(job, "status", 500), problem);
}

static int take_job(struct remote_call *call, const struct value *begun, struct value **ret)
{
    struct arena *mem = call->cx->mem;
    struct str id = value_get_text(begun, "job"),
               path = str_printf(mem, "%.*s/jobs/%.*s", STR_ARG(call->base),
                                 STR_ARG(parse_escape(mem, id)));
    struct value *job;

    TRY(wait_for_job(call, path, &job));
    if (!str_is(value_get_text(job, "state"), "done"))
        return failed(call, job);
    TRY(remote_files_take(call, parse_escape(mem, id), value_get(job, "files")));
    *ret = value_get_mut(job, "result");
    return *ret != NULL ? 0
                        : fail(call->cx, RC_FAIL, "server",
                               _("The server says nothing of what it has done."));
}

int remote_run(struct cli *cli, const struct op *op, struct str server, const struct value *args,
               const struct op_face *face, struct value **ret)
{
    struct remote_link *link CLEANUP(remote_link_free) = NULL;
    struct remote_call call = {.cli = cli, .cx = cli->cx, .op = op, .args = args, .face = face};
    struct str token;
    unsigned status;

    TRY(check_options(cli));
    if (op_far(op) == OP_FAR_NOT)
        return fail(cli->cx, RC_DENIED, NULL,
                    _("%s is about a whole home: run it where the home is."), op->name);
    TRY(fetch_check_url(cli->cx, "server", server));
    TRY(read_token(cli->cx, &token));
    TRY(remote_link_new(cli->cx, server, token, &link));
    call.link = link;
    TRY(find_organisation(&call));
    TRY(send_call(&call, &status, ret));
    if (status == 202)
        return take_job(&call, *ret, ret);
    return status == 200 ? 0 : remote_problem(cli->cx, status, *ret);
}
