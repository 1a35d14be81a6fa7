/* Any operation of the table for programs: its arguments as JSON, the files that it takes beside
 * them, its result as JSON. What may take long, or makes files, is a job. docs/api.md. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "web/handlers.h"
#include "web/jobs.h"
#include "web/spool.h"

#define FILES_MOST 2000u

struct remote {
    struct visit *visit;
    const struct op *op;
    struct value *args;        /* as the table names them */
    const struct value *files; /* from a path of an argument to what is there */
    struct job_file *inputs;
    size_t input_n, input_room;
    struct job_input input;
};

/* ---- what was asked ---- */

/* "members-add" is "members add". */
static const struct op *op_of(struct visit *visit)
{
    char *name = str_z(visit->cx->mem, visit_param(visit, "operation"));

    for (char *c = name; *c != '\0'; c++)
        *c = *c == '-' ? ' ' : *c == ' ' ? '-' : *c;
    return op_find(name);
}

static int read_json(struct visit *visit, const char *name, struct str text, struct value **ret)
{
    TRY(json_parse(visit->cx, name, text, ret));
    return value_type(*ret) == VALUE_MAP
               ? 0
               : fail(visit->cx, RC_INVALID, name, _("%s is a map of JSON."), name);
}

/* The body itself, or the fields "args" and "files" of a form with files. */
static int read_request(struct remote *r)
{
    struct visit *visit = r->visit;
    struct str args = parse_get(&visit->form, "args"), files = parse_get(&visit->form, "files");
    struct value *map;

    if (parse_type_is(visit->request->type, "application/json"))
        args = visit->request->body;
    r->args = value_map(visit->cx->mem);
    r->files = NULL;
    if (args.n > 0)
        TRY(read_json(visit, "args", args, &r->args));
    if (files.n > 0) {
        TRY(read_json(visit, "files", files, &map));
        r->files = map;
    }
    return 0;
}

/* Numbers are texts to operations, as in a command; who sends JSON may send numbers. */
static void numbers_to_texts(struct arena *mem, struct value *args)
{
    for (size_t i = 0; i < value_count(args); i++)
        if (value_type(value_at(args, i)) == VALUE_INT)
            value_set_text(args, value_key_at(args, i).p,
                           str_printf(mem, "%lld", (long long)value_as_int(value_at(args, i), 0)));
}

/* Somebody with several roles says in which they act. */
static int act_as(struct visit *visit)
{
    struct str as = parse_get(&visit->query, "as");
    struct principal who;

    if (as.n == 0)
        return 0;
    TRY(home_principal(visit->cx, visit->org, str_z(visit->cx->mem, as), &who));
    if (!str_eq(who.person, visit->who.person))
        return fail(visit->cx, RC_DENIED, "as",
                    _("Over a server everybody acts as who they are: you are %.*s."),
                    STR_ARG(visit->who.name));
    visit->who.role = who.role;
    return 0;
}

/* ---- files beside it ---- */

static int part_of(struct remote *r, const struct value *there, struct str *ret)
{
    struct str name = value_get_text(there, "part");
    const struct parse_form *form = &r->visit->form;

    for (size_t i = 0; i < form->n && name.n > 0; i++)
        if (form->fields[i].is_file && str_eq(form->fields[i].name, name)) {
            *ret = form->fields[i].value;
            return 0;
        }
    return fail(r->visit->cx, RC_INVALID, "files", _("The file \"%.*s\" was not sent."),
                STR_ARG(name));
}

static const struct value *there_of(const struct remote *r, struct str path)
{
    for (size_t i = 0; i < value_count(r->files); i++)
        if (str_eq(value_key_at(r->files, i), path))
            return value_at(r->files, i);
    return NULL;
}

static int write_all(int fd, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        bytes = str_from(bytes, (size_t)n);
    }
    return 0;
}

/* What FIELD=@PATH names, on the side of who asks: the file that was sent, or why it was not. */
static int open_part(void *arg, struct ctx *cx, struct str path, int *ret)
{
    struct remote *r = arg;
    const struct value *there = there_of(r, path);
    struct str bytes, why = value_get_text(there, "why");

    if (why.n > 0)
        return fail(cx, RC_NOT_FOUND, str_z(cx->mem, path), "%.*s", STR_ARG(why));
    TRY(part_of(r, there, &bytes));
    TRY(spool_scratch(r->visit, ret));
    if (write_all(*ret, bytes) == 0 && lseek(*ret, 0, SEEK_SET) == 0)
        return 0;
    (void)close(*ret);
    *ret = -1;
    return fail(cx, RC_FAIL, NULL, _("The file cannot be kept: %s."), strerrordesc_np(errno));
}

/* ---- jobs ---- */

static struct str base_name(struct str path)
{
    size_t from = path.n;

    while (from > 0 && path.p[from - 1] == '/')
        path.n = --from;
    while (from > 0 && path.p[from - 1] != '/')
        from--;
    path = str_from(path, from);
    return path.n == 0 || str_is(path, ".") || str_is(path, "..") ? STR("folder") : path;
}

static int add_input(struct remote *r, struct str path, const struct value *there)
{
    struct ctx *cx = r->visit->cx;
    struct str bytes;

    if (!jobs_path_is(path))
        return fail(cx, RC_INVALID, "files", _("\"%.*s\" cannot be the name of a file."),
                    STR_ARG(path));
    if (r->input_n == FILES_MOST)
        return fail(cx, RC_LIMIT, "files", _("At most %u files at once."), FILES_MOST);
    TRY(part_of(r, there, &bytes));
    struct job_file *file = ARENA_PUSH(cx->mem, r->inputs, r->input_n, r->input_room);

    *file = (struct job_file){path, bytes};
    return 0;
}

/* A file or a folder that the operation takes lies in a folder of its own, so that it keeps its
 * name. One that is not there is not there for the job either. */
static int put_input(struct remote *r, const char *before, struct str path, size_t at,
                     struct value *words)
{
    struct arena *mem = r->visit->cx->mem;
    const struct value *there = there_of(r, path), *inside = value_get(there, "folder");
    struct str name = str_printf(mem, "%zu/%.*s", at, STR_ARG(base_name(path)));

    value_push(words, jobs_word(mem, before, "in", name, path));
    for (size_t i = 0; i < value_count(inside); i++) {
        const struct value *one = value_at(inside, i);
        TRY(add_input(
            r, str_printf(mem, "%.*s/%.*s", STR_ARG(name), STR_ARG(value_get_text(one, "name"))),
            one));
    }
    return there == NULL || inside != NULL || value_get_text(there, "why").n > 0
               ? 0
               : add_input(r, name, there);
}

static int put_output(struct remote *r, const char *before, struct str path, struct value *words)
{
    struct arena *mem = r->visit->cx->mem;
    struct str is = value_get_text(there_of(r, path), "is"), name = base_name(path);

    /* What no file can be called the operation says itself. */
    if (str_is(path, "-") || !jobs_path_is(name)) {
        value_push(words, value_text(mem, str_printf(mem, "%s-", before)));
        return 0;
    }
    r->input.stand_in_name = name;
    r->input.stand_in = str_is(is, "folder") ? JOB_FOLDER
                        : str_is(is, "file") ? JOB_FILE
                                             : JOB_NOTHING;
    value_push(words, jobs_word(mem, before, "out", name, path));
    return 0;
}

static int put_text(struct remote *r, const struct op_arg *arg, struct str text, size_t at,
                    struct value *words)
{
    struct arena *mem = r->visit->cx->mem;
    const char *before = arg->word ? "" : str_z(mem, str_printf(mem, "--%s=", arg->name));

    if (arg->type == OP_FILE)
        return put_input(r, before, text, at, words);
    if (arg->type == OP_OUTPUT)
        return put_output(r, before, text, words);
    value_push(words, value_text(mem, str_printf(mem, "%s%.*s", before, STR_ARG(text))));
    return 0;
}

static int put_arg(struct remote *r, const struct op_arg *arg, struct value *words)
{
    const struct value *v = value_get(r->args, arg->name);

    if (v == NULL)
        return 0;
    if (arg->type == OP_FLAG) {
        if (value_as_bool(v))
            value_push(words, value_text(r->visit->cx->mem,
                                         str_printf(r->visit->cx->mem, "--%s", arg->name)));
        return 0;
    }
    if (!arg->many)
        return put_text(r, arg, value_as_text(v), r->input_n, words);
    for (size_t i = 0; i < value_count(v); i++)
        TRY(put_text(r, arg, value_as_text(value_at(v, i)), i, words));
    return 0;
}

/* A file that is taken away goes to where it was asked from, whatever it is called. */
static void put_default_output(struct remote *r, struct value *words)
{
    for (const struct op_arg *arg = r->op->args; arg->name != NULL; arg++)
        if (arg->type == OP_OUTPUT && !arg->required && strcmp(r->op->name, "fetch") == 0 &&
            value_get(r->args, arg->name) == NULL)
            value_push(words, jobs_word(r->visit->cx->mem,
                                        str_z(r->visit->cx->mem,
                                              str_printf(r->visit->cx->mem, "--%s=", arg->name)),
                                        "out", STR("."), STR_NONE));
}

/* The command that it is. */
static int words_of(struct remote *r, struct value **ret)
{
    struct arena *mem = r->visit->cx->mem;
    struct value *words = value_list(mem);
    struct str rest = str_of(r->op->name), part;

    while (rest.n > 0 && str_split(&rest, ' ', &part))
        value_push(words, value_text(mem, part));
    value_push(words, value_textz(mem, "--json"));
    for (const struct op_arg *arg = r->op->args; arg->name != NULL; arg++)
        if (!arg->word)
            TRY(put_arg(r, arg, words));
    put_default_output(r, words);
    value_push(words, value_textz(mem, "--"));
    for (const struct op_arg *arg = r->op->args; arg->name != NULL; arg++)
        if (arg->word)
            TRY(put_arg(r, arg, words));
    *ret = words;
    return 0;
}

static int ask_job(struct remote *r, struct value **ret)
{
    struct visit *visit = r->visit;
    struct job job = {.kind = STR("operation"),
                      .title = str_printf(visit->cx->mem, "assay %s", r->op->name)};
    struct value *words;

    TRY(words_of(r, &words));
    job.words = words;
    r->input.files = r->inputs;
    r->input.file_n = r->input_n;
    TRY(jobs_ask(visit, &job, &r->input));
    return work_begun(visit, &job, ret);
}

/* ---- the handler ---- */

/* What is refused at once is refused before anything is begun for it. */
static int check(struct remote *r)
{
    struct visit *visit = r->visit;

    TRY(op_check(visit->cx, r->op, r->args));
    if (op_far(r->op) == OP_FAR_NOT)
        return fail(visit->cx, RC_DENIED, NULL,
                    _("%s is about a whole home: run it where the "
                      "home is."),
                    r->op->name);
    TRY(access_check(visit->cx, visit->org->access, &visit->who, r->op->right, STR_NONE));
    return r->op->changes ? access_check_change(visit->cx, &visit->who) : 0;
}

int operation_take(struct visit *visit, struct value **ret)
{
    struct remote r = {.visit = visit, .op = op_of(visit)};
    const struct op_face face = {.open = open_part, .open_arg = &r};

    if (r.op == NULL)
        return fail(visit->cx, RC_NOT_FOUND, "operation", _("There is no operation %.*s."),
                    STR_ARG(visit_param(visit, "operation")));
    TRY(read_request(&r));
    numbers_to_texts(visit->cx->mem, r.args);
    TRY(act_as(visit));
    TRY(check(&r));
    if (op_far(r.op) == OP_FAR_JOB)
        return ask_job(&r, ret);
    return op_run_in(visit->cx, r.op, &visit->app->where, visit->org, &visit->who, r.args, &face,
                     ret);
}
