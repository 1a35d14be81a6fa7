#include "cli/shell.h"

enum takes { TAKES_NOTHING, TAKES_CHOICE, TAKES_FILE, TAKES_FOLDER, TAKES_TEXT };

/* What follows an option, by the word that stands for it in the help. */
static enum takes takes_of(const struct option *o)
{
    if (o->value == NULL)
        return TAKES_NOTHING;
    if (o->choices != NULL)
        return TAKES_CHOICE;
    if (strcmp(o->value, "DIR") == 0)
        return TAKES_FOLDER;
    return strcmp(o->value, "DATE") == 0 ? TAKES_TEXT : TAKES_FILE;
}

static bool takes_files(const struct command *c)
{
    return str_starts(str_of(c->usage), STR("FOLDER"));
}

static bool takes_commands(const struct command *c)
{
    return str_has(str_of(c->usage), "COMMAND");
}

static const struct option *options_of(const struct command *c)
{
    static const struct option none[] = {{0}};

    return c->options != NULL ? c->options : none;
}

/* "a|b" as "a b". */
static struct str choices_of(struct arena *mem, const struct option *o)
{
    char *words = str_z(mem, str_of(o->choices));

    for (char *at = words; *at != '\0'; at++)
        *at = *at == '|' ? ' ' : *at;
    return str_of(words);
}

static void add_commands(struct buf *out, const struct command *commands)
{
    for (const struct command *c = commands; c->name != NULL; c++)
        buf_printf(out, "%s%s", c != commands ? " " : "", c->name);
}

/* Within single quotes of a shell; `more` are further characters to escape by a backslash. */
static void add_quoted(struct buf *out, const char *text, const char *more)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            buf_addz(out, "'\\''");
        else if (strchr(more, *text) != NULL)
            buf_printf(out, "\\%c", *text);
        else
            buf_char(out, *text);
    }
}

/* ---- bash ---- */

/* What may follow an option; files are left to the shell, which completes them where we are silent.
 */
static void bash_values(struct buf *out, const struct command *c)
{
    for (const struct option *o = options_of(c); o->name != NULL; o++) {
        enum takes takes = takes_of(o);
        if (takes == TAKES_CHOICE)
            buf_printf(out, "    '%s --%s') words='%.*s' ;;\n", c->name, o->name,
                       STR_ARG(choices_of(out->mem, o)));
        else if (takes != TAKES_NOTHING)
            buf_printf(out, "    '%s --%s') return ;;\n", c->name, o->name);
    }
}

static void bash_options(struct buf *out, const struct command *commands, const struct command *c)
{
    buf_printf(out, "        %s) words='--help", c->name);
    for (const struct option *o = options_of(c); o->name != NULL; o++)
        buf_printf(out, " --%s", o->name);
    if (takes_commands(c)) {
        buf_char(out, ' ');
        add_commands(out, commands);
    }
    buf_addz(out, "' ;;\n");
}

static void bash(struct buf *out, const struct command *commands)
{
    buf_addz(out,
             "# bash completion for assay(1); made by: assay help --completion bash\n"
             "_assay() {\n"
             "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words=\n"
             "    COMPREPLY=()\n"
             "    if [ \"$cur\" = = ]; then\n"
             "        cur=\n"
             "    elif [ \"$prev\" = = ] && [ \"$COMP_CWORD\" -gt 2 ]; then\n"
             "        prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
             "    fi\n"
             "    case \"${COMP_WORDS[1]} $prev\" in\n");
    for (const struct command *c = commands; c->name != NULL; c++)
        bash_values(out, c);
    buf_addz(out, "    *)\n"
                  "        case \"$COMP_CWORD ${COMP_WORDS[1]}\" in\n"
                  "        '1 '*) words='--help --version ");
    add_commands(out, commands);
    buf_addz(out, "' ;;\n"
                  "        esac\n"
                  "        [ -n \"$words\" ] || case ${COMP_WORDS[1]} in\n");
    for (const struct command *c = commands; c->name != NULL; c++)
        bash_options(out, commands, c);
    buf_addz(out, "        esac\n"
                  "        ;;\n"
                  "    esac\n"
                  "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
                  "}\n"
                  "complete -o default -F _assay assay\n");
}

/* ---- zsh ---- */

static void zsh_option(struct buf *out, const struct option *o)
{
    enum takes takes = takes_of(o);

    buf_printf(out, "            '%s--%s%s[", o->many ? "*" : "", o->name,
               takes != TAKES_NOTHING ? "=" : "");
    add_quoted(out, _(o->help), "[]\\:");
    buf_char(out, ']');
    if (takes != TAKES_NOTHING)
        buf_printf(out, ":%s:", o->value);
    if (takes == TAKES_CHOICE)
        buf_printf(out, "(%.*s)", STR_ARG(choices_of(out->mem, o)));
    else if (takes == TAKES_FILE)
        buf_addz(out, "_files");
    else if (takes == TAKES_FOLDER)
        buf_addz(out, "_files -/");
    buf_addz(out, "' \\\n");
}

static void zsh(struct buf *out, const struct command *commands)
{
    buf_addz(out, "#compdef assay\n"
                  "# zsh completion for assay(1); made by: assay help --completion zsh\n"
                  "_assay() {\n"
                  "    local -a commands\n"
                  "    commands=(\n");
    for (const struct command *c = commands; c->name != NULL; c++) {
        buf_printf(out, "        '%s:", c->name);
        add_quoted(out, _(c->line), ":\\");
        buf_addz(out, "'\n");
    }
    buf_addz(out, "    )\n"
                  "    if (( CURRENT == 2 )); then\n"
                  "        _describe command commands\n"
                  "        return\n"
                  "    fi\n"
                  "    shift words\n"
                  "    (( CURRENT-- ))\n"
                  "    case $words[1] in\n");
    for (const struct command *c = commands; c->name != NULL; c++) {
        buf_printf(out, "    %s)\n        _arguments \\\n", c->name);
        for (const struct option *o = options_of(c); o->name != NULL; o++)
            zsh_option(out, o);
        if (takes_files(c))
            buf_addz(out, "            '*:folder:_files' \\\n");
        if (takes_commands(c))
            buf_addz(out, "            '1:command:{_describe command commands}' \\\n");
        buf_addz(out, "            '--help[show help]'\n        ;;\n");
    }
    buf_addz(out, "    esac\n"
                  "}\n"
                  "if [ \"$funcstack[1]\" = _assay ]; then\n"
                  "    _assay \"$@\"\n"
                  "else\n"
                  "    compdef _assay assay\n"
                  "fi\n");
}

/* ---- fish ---- */

static void fish_option(struct buf *out, const struct command *c, const struct option *o)
{
    enum takes takes = takes_of(o);

    buf_printf(out, "complete -c assay -n '__fish_seen_subcommand_from %s' -l %s", c->name,
               o->name);
    if (takes == TAKES_CHOICE)
        buf_printf(out, " -x -a '%.*s'", STR_ARG(choices_of(out->mem, o)));
    else if (takes == TAKES_FOLDER)
        buf_addz(out, " -x -a '(__fish_complete_directories)'");
    else if (takes != TAKES_NOTHING)
        buf_addz(out, takes == TAKES_FILE ? " -r -F" : " -x");
    buf_addz(out, " -d '");
    add_quoted(out, _(o->help), "");
    buf_addz(out, "'\n");
}

static void fish(struct buf *out, const struct command *commands)
{
    buf_addz(out, "# fish completion for assay(1); made by: assay help --completion fish\n"
                  "complete -c assay -n __fish_use_subcommand -f\n"
                  "complete -c assay -l help -s h -d 'show help'\n");
    for (const struct command *c = commands; c->name != NULL; c++) {
        buf_printf(out, "complete -c assay -n __fish_use_subcommand -a %s -d '", c->name);
        add_quoted(out, _(c->line), "");
        buf_addz(out, "'\n");
        if (!takes_files(c))
            buf_printf(out, "complete -c assay -n '__fish_seen_subcommand_from %s' -f\n", c->name);
        if (takes_commands(c)) {
            buf_printf(out, "complete -c assay -n '__fish_seen_subcommand_from %s' -x -a '",
                       c->name);
            add_commands(out, commands);
            buf_addz(out, "'\n");
        }
        for (const struct option *o = options_of(c); o->name != NULL; o++)
            fish_option(out, c, o);
    }
}

void shell_completion(struct buf *out, const struct command *commands, const char *shell)
{
    if (strcmp(shell, "bash") == 0)
        bash(out, commands);
    else if (strcmp(shell, "zsh") == 0)
        zsh(out, commands);
    else
        fish(out, commands);
}
