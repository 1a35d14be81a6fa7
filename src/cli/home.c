/* The face of the operations on a home: their commands are made from the table, and whatever they
 * give is shown by the view that the table names, or as JSON. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/output.h"
#include "cli/remote.h"
#include "op/table.h"
#include "report/records.h"

/* What each of them takes beside its own. */
static const struct option common[] = {
    {"home", "DIR|URL", false, NULL, "the home (default: what ASSAY_HOME says)"},
    {"server", "URL", false, NULL,
     "a home that is served there, by a token (default: ASSAY_SERVER; docs/api.md)"},
    {"files", "DIR", false, NULL,
     "the folder of its files, of a home in a database (default: ASSAY_FILES)"},
    {"organisation", "NAME", false, NULL,
     "which one, where the home has several (default: ASSAY_ORGANISATION)"},
    {"as", "PERSON", false, NULL, "who acts (default: ASSAY_AS, else the only owner)"},
    {"today", "DATE", false, NULL, "take this day for today"},
    {"json", NULL, false, NULL, "for programs"},
    {"content", "DIR", false, NULL, "take registers and roles from this folder"},
};

/* ---- commands of the table ---- */

static const char *placeholder(const struct op_arg *arg)
{
    switch (arg->type) {
    case OP_FLAG:
        return NULL;
    case OP_NUMBER:
        return "NUMBER";
    case OP_DAY:
        return "DATE";
    case OP_FILE:
    case OP_OUTPUT:
        return "FILE";
    case OP_CHOICE:
        return arg->choices;
    default:
        return "TEXT";
    }
}

static struct str upper(struct arena *mem, const char *name)
{
    char *copy = str_z(mem, str_of(name));

    for (char *c = copy; *c != '\0'; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
    return str_of(copy);
}

/* "REGISTER [RECORD] [FIELD=VALUE...]" */
static struct str usage_of(struct arena *mem, const struct op *op)
{
    struct buf out = buf_new(mem);

    for (const struct op_arg *arg = op->args; arg->name != NULL; arg++) {
        struct str name = arg->type == OP_FIELDS ? STR("FIELD=VALUE") : upper(mem, arg->name);
        if (!arg->word)
            continue;
        buf_printf(&out, "%s%s%.*s%s%s", out.n > 0 ? " " : "", arg->required ? "" : "[",
                   STR_ARG(name), arg->many ? "..." : "", arg->required ? "" : "]");
    }
    return buf_str(&out);
}

static const struct option *options_of(struct arena *mem, const struct op *op)
{
    struct option *options = arena_array(mem, ARGS_OPTIONS + 1, sizeof *options);
    size_t n = 0;

    for (const struct op_arg *arg = op->args; arg->name != NULL; arg++)
        if (!arg->word)
            options[n++] =
                (struct option){arg->name, placeholder(arg), arg->many, arg->choices, arg->help};
    for (size_t i = 0; i < COUNT_OF(common); i++) {
        size_t k = 0;
        while (k < n && strcmp(options[k].name, common[i].name) != 0)
            k++;
        if (k == n)
            options[n++] = common[i];
    }
    return options;
}

struct command cli_command_of(struct arena *mem, const struct op *op)
{
    struct command command = {.name = op->name,
                              .line = op->line,
                              .usage = str_z(mem, usage_of(mem, op)),
                              .text = op->text,
                              .options = options_of(mem, op),
                              .run = cli_op,
                              .takes = op->args};

    for (const struct op_arg *arg = op->args; arg->name != NULL; arg++) {
        command.least += arg->word && arg->required;
        command.most += !arg->word ? 0 : arg->many ? 10000 : 1;
    }
    return command;
}

/* ---- from words to arguments ---- */

static bool is_assignment(const char *word)
{
    return strchr(word, '=') != NULL;
}

static void tell(void *arg, struct str sentence)
{
    (void)fprintf(arg, "%.*s\n", STR_ARG(sentence));
}

/* What FIELD=@PATH names. */
static int open_path(UNUSED void *arg, struct ctx *cx, struct str path, int *ret)
{
    const char *z = str_z(cx->mem, path);
    struct stat st;

    *ret =
        str_is(path, "-") ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open(z, O_RDONLY | O_CLOEXEC);
    if (*ret >= 0 && fstat(*ret, &st) == 0 && S_ISDIR(st.st_mode)) {
        (void)close(*ret);
        *ret = -1;
        errno = EISDIR;
    }
    return *ret >= 0 ? 0
                     : fail(cx, RC_NOT_FOUND, z,
                            _("%s cannot be read: %s. (A text that begins with @ is written @@.)"),
                            z, strerrordesc_np(errno));
}

static void put_word(struct cli *cli, const struct op_arg *arg, const char *word,
                     struct value *args)
{
    struct arena *mem = cli->cx->mem;
    struct str text = str_of(word);

    if (!arg->many) {
        value_set_text(args, arg->name, text);
        return;
    }
    if (value_get(args, arg->name) == NULL)
        value_set(args, arg->name, value_list(mem));
    value_push(value_get_mut(args, arg->name), value_text(mem, text));
}

/* The argument that a word stands for. A record may be left out where a register holds only one, so
 * that a FIELD=VALUE in its place goes on to the fields. */
static const struct op_arg *next_arg(const struct op_arg *arg, const char *word, size_t left)
{
    while (arg->name != NULL) {
        size_t wanted = 0;
        for (const struct op_arg *a = arg + 1; a->name != NULL; a++)
            wanted += a->word && a->required;
        bool skip = !arg->word || (arg->type == OP_RECORD && !arg->required &&
                                   (is_assignment(word) || left <= wanted));
        if (!skip)
            return arg;
        arg++;
    }
    return NULL;
}

static int put_words(struct cli *cli, const struct op *op, struct value *args)
{
    const struct op_arg *arg = op->args;
    size_t n = cli->args.word_n;

    for (size_t i = 0; i < n; i++) {
        arg = next_arg(arg, cli->args.words[i], n - i);
        if (arg == NULL)
            return cli_misuse(cli, _("\"%s\" is one word too many. Use: assay %s %s"),
                              cli->args.words[i], op->name, cli->command->usage);
        put_word(cli, arg, cli->args.words[i], args);
        arg += !arg->many;
    }
    return 0;
}

static void put_options(struct cli *cli, const struct op *op, struct value *args)
{
    struct arena *mem = cli->cx->mem;

    for (const struct op_arg *arg = op->args; arg->name != NULL; arg++) {
        const char *const *values;
        if (arg->word || !args_has(&cli->args, arg->name))
            continue;
        size_t n = args_values(&cli->args, arg->name, &values);
        if (arg->type == OP_FLAG) {
            value_set_bool(args, arg->name, true);
        } else if (!arg->many) {
            value_set_text(args, arg->name, str_of(values[n - 1]));
        } else {
            struct value *list = value_list(mem);
            for (size_t i = 0; i < n; i++)
                value_push(list, value_textz(mem, values[i]));
            value_set(args, arg->name, list);
        }
    }
}

/* What the table cannot take is wrong use of the command. */
static int read_args(struct cli *cli, const struct op *op, struct value *args)
{
    TRY(put_words(cli, op, args));
    put_options(cli, op, args);
    int rc = args_day(cli->cx, &cli->args, "today", &cli->cx->today);
    if (rc == 0)
        rc = op_check(cli->cx, op, args);
    cli->wrong_use = rc < 0;
    return rc;
}

/* ---- asking ---- */

/* On a terminal, what needs --yes is asked instead. */
static int ask(struct cli *cli, const struct op *op, struct value *args)
{
    struct buf what = buf_new(cli->cx->mem);
    char answer[16] = "";

    for (const struct op_arg *arg = op->args; arg->name != NULL; arg++) {
        if (strcmp(arg->name, "yes") != 0 || value_get_bool(args, "yes") ||
            value_get_bool(args, "preview") || isatty(STDIN_FILENO) != 1 ||
            isatty(fileno(cli->err)) != 1)
            continue;
        for (size_t i = 0; i < cli->args.word_n; i++)
            buf_printf(&what, " %s", cli->args.words[i]);
        (void)fprintf(cli->err, "assay %s%.*s? [y/N] ", op->name, STR_ARG(buf_str(&what)));
        (void)fflush(cli->err);
        if (fgets(answer, sizeof answer, stdin) == NULL || (answer[0] != 'y' && answer[0] != 'Y'))
            return fail(cli->cx, RC_CONFLICT, "yes", _("Nothing was changed."));
        value_set_bool(args, "yes", true);
    }
    return 0;
}

/* ---- running ---- */

static int show(struct cli *cli, const struct op *op, const struct value *result)
{
    struct report_style style = output_style(cli->out);
    struct buf out = buf_new(cli->cx->mem);
    bool judged = op->view != NULL && strcmp(op->view, "judge") == 0;

    if (judged && !args_has(&cli->args, "json"))
        return cli_stage_reports(cli, result);
    if (args_has(&cli->args, "json") || op->view == NULL) {
        value_json(&out, result, 2);
        buf_char(&out, '\n');
    } else {
        TRY(report_records(cli->cx, op->view, result, &style, &out));
    }
    return output_stream(cli->cx, cli->out, buf_str(&out));
}

int cli_op(struct cli *cli)
{
    const struct op *op = op_find(cli->command->name);
    struct home_request where = {.home = args_value(&cli->args, "home"),
                                 .files = args_value(&cli->args, "files"),
                                 .organisation = args_value(&cli->args, "organisation"),
                                 .as = args_value(&cli->args, "as"),
                                 .content_dir = args_value(&cli->args, "content")};
    struct progress_line line = progress_new(cli->err);
    struct value *args = value_map(cli->cx->mem), *result;
    struct str server;

    TRY(read_args(cli, op, args));
    TRY(remote_server(cli, op, &server));
    TRY(ask(cli, op, args));
    const struct op_face face = {.progress = progress_show,
                                 .progress_arg = &line,
                                 .open = open_path,
                                 .tell = tell,
                                 .tell_arg = cli->err};
    int rc = server.n > 0 ? remote_run(cli, op, server, args, &face, &result)
                          : op_run(cli->cx, op, &where, args, &face, &result);

    progress_end(&line);
    TRY(rc);
    TRY(show(cli, op, result));
    const struct value *answer = value_get(result, "answer");
    return answer != NULL && !value_as_bool(answer) ? CLI_NO : 0;
}
