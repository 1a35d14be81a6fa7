#include "cli/shell_parts.h"

static void option(const struct script *s, const struct option *o)
{
    enum takes takes = shell_takes(o);
    struct buf *out = s->out;

    buf_printf(out, "            '%s--%s%s[", o->many ? "*" : "", o->name,
               takes != TAKES_NOTHING ? "=" : "");
    shell_add_quoted(out, _(o->help), "[]\\:");
    buf_char(out, ']');
    if (takes != TAKES_NOTHING)
        buf_printf(out, ":%s:", o->value);
    if (takes == TAKES_CHOICE)
        buf_printf(out, "(%.*s)", STR_ARG(shell_choices(out->mem, o)));
    else if (takes == TAKES_FILE)
        buf_addz(out, "_files");
    else if (takes == TAKES_FOLDER)
        buf_addz(out, "_files -/");
    else if (takes == TAKES_TEXT)
        buf_char(out, ' ');
    buf_addz(out, "' \\\n");
}

static void describe(const struct script *s, const struct command *c, const char *name)
{
    buf_printf(s->out, "        '%s:", name);
    shell_add_quoted(s->out, _(c->line), ":\\");
    buf_addz(s->out, "'\n");
}

/* A group that is no command itself is described by its first. */
static void firsts(const struct script *s)
{
    buf_addz(s->out, "    local -a commands\n"
                     "    commands=(\n");
    for (const struct command *c = s->commands; c->name != NULL; c++)
        if (shell_is_new(s, c))
            describe(s, c, str_z(s->out->mem, shell_first(c)));
    buf_addz(s->out, "    )\n");
}

static void seconds(const struct script *s)
{
    for (const struct command *c = s->commands; c->name != NULL; c++) {
        bool any = false;
        if (!shell_is_new(s, c))
            continue;
        for (const struct command *two = c; two->name != NULL; two++) {
            if (!shell_is_two(two) || !str_eq(shell_first(two), shell_first(c)))
                continue;
            if (!any)
                buf_printf(s->out, "    %.*s)\n        seconds=(\n", STR_ARG(shell_first(c)));
            any = true;
            describe(s, two, strchr(two->name, ' ') + 1);
        }
        buf_addz(s->out, any ? "        )\n        ;;\n" : "");
    }
}

static void names(const struct script *s)
{
    buf_addz(s->out, "_assay_registers() {\n"
                     "    local -a names\n"
                     "    [[ -z $ASSAY_HOME ]] || "
                     "names=(${(f)\"$(assay registers --names 2>/dev/null)\"})\n"
                     "    (( $#names )) || names=(");
    shell_add_registers(s);
    buf_addz(s->out, ")\n"
                     "    compadd -a names\n"
                     "}\n"
                     "_assay_fields() {\n"
                     "    local -a names\n"
                     "    local register=${${words[2,-1]:#-*}[1]}\n"
                     "    case $register in\n");
    for (size_t i = 0; i < s->registers->n; i++) {
        if (!shell_is_register(&s->registers->items[i]))
            continue;
        buf_printf(s->out, "    %.*s) names=(", STR_ARG(s->registers->items[i].id));
        shell_add_fields(s, &s->registers->items[i]);
        buf_addz(s->out, ") ;;\n");
    }
    buf_addz(s->out, "    *) [[ -z $ASSAY_HOME ]] || "
                     "names=(${^${(f)\"$(assay registers $register --names 2>/dev/null)\"}}=) ;;\n"
                     "    esac\n"
                     "    compadd -S '' -a names\n"
                     "}\n");
}

static void words_of(const struct script *s, const struct command *c)
{
    size_t registers = shell_register_at(c), fields = shell_fields_at(c);

    if (registers != SIZE_MAX)
        buf_printf(s->out, "            '%zu:register:_assay_registers' \\\n", registers + 1);
    for (size_t i = registers + 1; fields != SIZE_MAX && i < fields; i++)
        buf_printf(s->out, "            '%zu:word: ' \\\n", i + 1);
    if (fields != SIZE_MAX)
        buf_addz(s->out, "            '*:field:_assay_fields' \\\n");
    if (shell_takes_files(c))
        buf_addz(s->out, "            '*:folder:_files' \\\n");
    if (shell_takes_commands(c))
        buf_addz(s->out, "            '1:command:{_describe command commands}' \\\n");
}

static void begin(const struct script *s)
{
    buf_addz(s->out, "_assay() {\n"
                     "    local -a seconds\n");
    firsts(s);
    buf_addz(s->out, "    if (( CURRENT == 2 )); then\n"
                     "        _describe command commands\n"
                     "        return\n"
                     "    fi\n"
                     "    shift words\n"
                     "    (( CURRENT-- ))\n"
                     "    case $words[1] in\n");
    seconds(s);
    buf_addz(s->out, "    esac\n"
                     "    if (( CURRENT == 2 && $#seconds )) && [[ $PREFIX != -* ]]; then\n"
                     "        _describe command seconds\n"
                     "    fi\n"
                     "    case \"$words[1] $words[2]\" in\n"
                     "    ");
    shell_add_twos(s, " | ");
    buf_addz(s->out, ")\n"
                     "        words=(\"$words[1] $words[2]\" \"${(@)words[3,-1]}\")\n"
                     "        (( CURRENT-- ))\n"
                     "        ;;\n"
                     "    esac\n"
                     "    case $words[1] in\n");
}

void shell_zsh(const struct script *s)
{
    buf_addz(s->out, "#compdef assay\n"
                     "# zsh completion for assay(1); made by: assay help --completion zsh\n");
    names(s);
    begin(s);
    for (const struct command *c = s->commands; c->name != NULL; c++) {
        buf_printf(s->out, "    '%s')\n        _arguments \\\n", c->name);
        for (const struct option *o = shell_options(c); o->name != NULL; o++)
            option(s, o);
        words_of(s, c);
        buf_addz(s->out, "            '--help[show help]'\n        ;;\n");
    }
    buf_addz(s->out, "    esac\n"
                     "}\n"
                     "if [ \"$funcstack[1]\" = _assay ]; then\n"
                     "    _assay \"$@\"\n"
                     "else\n"
                     "    compdef _assay assay\n"
                     "fi\n");
}
