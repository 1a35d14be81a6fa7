#include "cli/cli.h"

#include <stdarg.h>

#include "base/nearest.h"
#include "cli/output.h"

const struct command *cli_command(struct arena *mem, const char *name)
{
    for (const struct command *c = cli_commands(mem); c->name != NULL; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

int cli_misuse(struct cli *cli, const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    cli->wrong_use = true;
    return fail(cli->cx, RC_INVALID, NULL, "%s", text);
}

int cli_unknown(struct cli *cli, const char *name)
{
    const char *names[64];
    size_t n = 0;

    cli->command = NULL;
    for (const struct command *c = cli_commands(cli->cx->mem);
         c->name != NULL && n + 1 < COUNT_OF(names); c++)
        names[n++] = c->name;
    names[n] = NULL;
    const char *near = nearest_word(str_of(name), names);
    if (near != NULL)
        return cli_misuse(cli, _("There is no command \"%s\". Did you mean \"%s\"?"), name, near);
    if (output_is_folder(name))
        return cli_misuse(cli, _("There is no command \"%s\". To judge that folder: %s %s."), name,
                          "assay stage1", name);
    return cli_misuse(cli, _("There is no command \"%s\"."), name);
}

static enum cli_code code_of(const struct cli *cli, int rc)
{
    if (rc >= 0)
        return (enum cli_code)rc;
    if (cli->wrong_use)
        return CLI_USAGE;
    switch (rc) {
    case RC_NOT_FOUND:
    case RC_INVALID:
    case RC_LIMIT:
        return CLI_INPUT;
    case RC_DENIED:
    case RC_CONFLICT:
        return CLI_REFUSED;
    default:
        return CLI_INTERNAL;
    }
}

/* "members add", where there is such a command. */
static const struct command *two_words(struct cli *cli, const char *first, const char *second)
{
    struct arena *mem = cli->cx->mem;

    return cli_command(mem, str_printf(mem, "%s %s", first, second).p);
}

/* Whether there are commands of two words that begin so. */
static bool is_group(struct cli *cli, const char *name)
{
    struct str head = str_printf(cli->cx->mem, "%s ", name);

    for (const struct command *c = cli_commands(cli->cx->mem); c->name != NULL; c++)
        if (str_starts(str_of(c->name), head))
            return true;
    return false;
}

static int unknown(struct cli *cli, const char *name, int argc, char **argv)
{
    if (!is_group(cli, name))
        return cli_unknown(cli, name);
    return cli_unknown(cli, argc > 0 ? str_printf(cli->cx->mem, "%s %s", name, argv[0]).p : name);
}

static int run_command(struct cli *cli, const char *name, int argc, char **argv)
{
    cli->command = argc > 0 ? two_words(cli, name, argv[0]) : NULL;
    if (cli->command != NULL) {
        argc--;
        argv++;
    } else {
        cli->command = cli_command(cli->cx->mem, name);
    }
    if (cli->command == NULL)
        return unknown(cli, name, argc, argv);
    int rc = args_parse(cli->cx, cli->command, argc, argv, &cli->args);
    if (rc < 0) {
        cli->wrong_use = true;
        return rc;
    }
    return cli->args.help ? cli_help(cli) : cli->command->run(cli);
}

int cli_run(struct cli *cli, int argc, char **argv)
{
    static const struct {
        const char *option, *command;
    } first[] = {{"--help", "help"}, {"-h", "help"}, {"--version", "version"}, {"-V", "version"}};

    cli->given = args_text(cli->cx->mem, argc, argv);
    if (argc < 2) {
        cli->out = cli->err;
        int rc = cli_help(cli);
        return rc < 0 ? (int)code_of(cli, rc) : CLI_USAGE;
    }
    const char *name = argv[1];
    for (size_t i = 0; i < COUNT_OF(first); i++)
        if (strcmp(argv[1], first[i].option) == 0)
            name = first[i].command;
    return (int)code_of(cli, run_command(cli, name, argc - 2, argv + 2));
}

void cli_print_error(const struct cli *cli)
{
    struct report_style style = output_style(cli->err);
    struct buf out = buf_new(cli->cx->mem);
    struct str text = cli->cx->err.text;

    buf_addz(&out, style.colour ? "\033[1;31massay:\033[0m " : "assay: ");
    for (size_t i = 0; i < text.n; i++) /* names of files may hold what steers a terminal */
        buf_char(&out, (unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f ? '?' : text.p[i]);
    buf_char(&out, '\n');
    if (cli->wrong_use && cli->command != NULL)
        buf_printf(&out, _("See: assay help %s\n"), cli->command->name);
    else if (cli->wrong_use)
        buf_addz(&out, _("See: assay help\n"));
    (void)fwrite(out.p, 1, out.n, cli->err);
}
