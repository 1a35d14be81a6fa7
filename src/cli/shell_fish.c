#include "cli/shell_parts.h"

static void option(const struct script *s, const struct command *c, const struct option *o)
{
    enum takes takes = shell_takes(o);

    buf_printf(s->out, "complete -c assay -n '__assay_in \"%s\"' -l %s", c->name, o->name);
    if (takes == TAKES_CHOICE)
        buf_printf(s->out, " -x -a '%.*s'", STR_ARG(shell_choices(s->out->mem, o)));
    else if (takes == TAKES_FOLDER)
        buf_addz(s->out, " -x -a '(__fish_complete_directories)'");
    else if (takes != TAKES_NOTHING)
        buf_addz(s->out, takes == TAKES_FILE ? " -r -F" : " -x");
    buf_addz(s->out, " -d '");
    shell_add_quoted(s->out, _(o->help), "");
    buf_addz(s->out, "'\n");
}

static void names(const struct script *s)
{
    buf_addz(s->out, "function __assay_registers\n"
                     "    if set -q ASSAY_HOME\n"
                     "        assay registers --names 2>/dev/null; and return\n"
                     "    end\n"
                     "    string split ' ' '");
    shell_add_registers(s);
    buf_addz(s->out, "'\n"
                     "end\n"
                     "function __assay_fields\n"
                     "    set -l words (commandline -opc)\n"
                     "    switch $words[3]\n");
    for (size_t i = 0; i < s->registers->n; i++) {
        if (!shell_is_register(&s->registers->items[i]))
            continue;
        buf_printf(s->out, "        case %.*s\n            string split ' ' '",
                   STR_ARG(s->registers->items[i].id));
        shell_add_fields(s, &s->registers->items[i]);
        buf_addz(s->out, "'\n");
    }
    buf_addz(s->out, "        case '*'\n"
                     "            set -q ASSAY_HOME; and "
                     "assay registers $words[3] --names 2>/dev/null | string replace -r '$' '='\n"
                     "    end\n"
                     "end\n");
}

/* Which command the line has, and how many words behind it. */
static void conditions(const struct script *s)
{
    buf_addz(s->out, "function __assay_in\n"
                     "    set -l words (commandline -opc)\n"
                     "    set -l command \"$words[2]\"\n"
                     "    if contains -- \"$words[2] $words[3]\" ");
    shell_add_twos(s, " ");
    buf_addz(s->out, "\n"
                     "        set command \"$words[2] $words[3]\"\n"
                     "    end\n"
                     "    test \"$command\" = \"$argv[1]\"\n"
                     "end\n"
                     "function __assay_behind\n"
                     "    set -l words (string match -v -- '-*' (commandline -opc))\n"
                     "    test (math (count $words) - 2) $argv[1] $argv[2]\n"
                     "end\n");
}

static void words_of(const struct script *s, const struct command *c)
{
    size_t registers = shell_register_at(c), fields = shell_fields_at(c);

    if (!shell_takes_files(c))
        buf_printf(s->out, "complete -c assay -n '__assay_in \"%s\"' -f\n", c->name);
    if (registers != SIZE_MAX)
        buf_printf(s->out,
                   "complete -c assay -n '__assay_in \"%s\"; and __assay_behind -eq %zu' -f -a "
                   "'(__assay_registers)'\n",
                   c->name, registers);
    if (fields != SIZE_MAX)
        buf_printf(s->out,
                   "complete -c assay -n '__assay_in \"%s\"; and __assay_behind -ge %zu' -f -a "
                   "'(__assay_fields)'\n",
                   c->name, fields);
    if (!shell_takes_commands(c))
        return;
    buf_printf(s->out, "complete -c assay -n '__assay_in \"%s\"' -x -a '", c->name);
    shell_add_firsts(s);
    buf_addz(s->out, "'\n");
}

static void command(const struct script *s, const struct command *c)
{
    struct str first = shell_first(c);

    if (shell_is_new(s, c))
        buf_printf(s->out, "complete -c assay -n __fish_use_subcommand -a %.*s -d '",
                   STR_ARG(first));
    if (shell_is_new(s, c)) {
        shell_add_quoted(s->out, _(c->line), "");
        buf_addz(s->out, "'\n");
    }
    if (shell_is_two(c)) {
        buf_printf(s->out, "complete -c assay -n '__assay_in \"%.*s\"' -f -a %s -d '",
                   STR_ARG(first), strchr(c->name, ' ') + 1);
        shell_add_quoted(s->out, _(c->line), "");
        buf_addz(s->out, "'\n");
    }
    words_of(s, c);
    for (const struct option *o = shell_options(c); o->name != NULL; o++)
        option(s, c, o);
}

void shell_fish(const struct script *s)
{
    buf_addz(s->out, "# fish completion for assay(1); made by: assay help --completion fish\n");
    names(s);
    conditions(s);
    buf_addz(s->out, "complete -c assay -n __fish_use_subcommand -f\n"
                     "complete -c assay -l help -s h -d 'show help'\n");
    for (const struct command *c = s->commands; c->name != NULL; c++)
        command(s, c);
}
