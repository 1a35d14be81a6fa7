#include "cli/shell_parts.h"

/* What may follow an option; files are left to the shell, which completes them where we are silent.
 */
static void values(const struct script *s, const struct command *c)
{
    for (const struct option *o = shell_options(c); o->name != NULL; o++) {
        enum takes takes = shell_takes(o);
        if (takes == TAKES_CHOICE)
            buf_printf(s->out, "    '%s --%s') words='%.*s' ;;\n", c->name, o->name,
                       STR_ARG(shell_choices(s->out->mem, o)));
        else if (takes != TAKES_NOTHING)
            buf_printf(s->out, "    '%s --%s') return ;;\n", c->name, o->name);
    }
}

static void options(const struct script *s, const struct command *c)
{
    buf_printf(s->out, "        '%s') words='--help", c->name);
    for (const struct option *o = shell_options(c); o->name != NULL; o++)
        buf_printf(s->out, " --%s", o->name);
    if (shell_takes_commands(c)) {
        buf_char(s->out, ' ');
        shell_add_firsts(s);
    }
    buf_addz(s->out, "'");
    if (shell_register_at(c) != SIZE_MAX)
        buf_printf(s->out, "; [ $n -ne %zu ] || words+=\" $(_assay_registers)\"",
                   shell_register_at(c));
    if (shell_fields_at(c) != SIZE_MAX)
        buf_printf(s->out, "; [ $n -lt %zu ] || fields=$(_assay_fields \"$register\")",
                   shell_fields_at(c));
    buf_addz(s->out, " ;;\n");
}

/* Words that go on to a command of two, beside what the first takes where it is one itself. */
static void seconds(const struct script *s)
{
    for (const struct command *c = s->commands; c->name != NULL; c++) {
        struct str first = shell_first(c);
        size_t at = s->out->n;
        if (!shell_is_new(s, c))
            continue;
        buf_printf(s->out, "        '2 %.*s') words+=' ", STR_ARG(first));
        size_t before = s->out->n;
        shell_add_seconds(s, first);
        if (s->out->n == before)
            s->out->n = at;
        else
            buf_addz(s->out, "' ;;\n");
    }
}

static void names(const struct script *s)
{
    buf_addz(s->out, "_assay_registers() {\n"
                     "    if [ -n \"${ASSAY_HOME:-}\" ]; then\n"
                     "        \"${COMP_WORDS[0]}\" registers --names 2>/dev/null && return\n"
                     "    fi\n"
                     "    echo '");
    shell_add_registers(s);
    buf_addz(s->out, "'\n}\n"
                     "_assay_fields() {\n"
                     "    case $1 in\n");
    for (size_t i = 0; i < s->registers->n; i++) {
        if (!shell_is_register(&s->registers->items[i]))
            continue;
        buf_printf(s->out, "    %.*s) echo '", STR_ARG(s->registers->items[i].id));
        shell_add_fields(s, &s->registers->items[i]);
        buf_addz(s->out, "' ;;\n");
    }
    buf_addz(s->out, "    *) [ -z \"${ASSAY_HOME:-}\" ] ||\n"
                     "        \"${COMP_WORDS[0]}\" registers \"$1\" --names 2>/dev/null | "
                     "sed 's/$/=/' ;;\n"
                     "    esac\n"
                     "}\n");
}

static void begin(const struct script *s)
{
    buf_addz(s->out,
             "_assay() {\n"
             "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words=\n"
             "    local command=${COMP_WORDS[1]} at=2 n=0 register= fields= i\n"
             "    COMPREPLY=()\n"
             "    if [ \"$COMP_CWORD\" -gt 2 ]; then\n"
             "        case \"$command ${COMP_WORDS[2]}\" in\n"
             "        ");
    shell_add_twos(s, " | ");
    buf_addz(s->out, ")\n"
                     "            command=\"$command ${COMP_WORDS[2]}\" at=3 ;;\n"
                     "        esac\n"
                     "    fi\n"
                     "    for ((i = at; i < COMP_CWORD; i++)); do\n"
                     "        case ${COMP_WORDS[i]} in\n"
                     "        -* | =) ;;\n"
                     "        *) [ $n -gt 0 ] || register=${COMP_WORDS[i]}; n=$((n + 1)) ;;\n"
                     "        esac\n"
                     "    done\n"
                     "    if [ \"$cur\" = = ]; then\n"
                     "        cur=\n"
                     "    elif [ \"$prev\" = = ] && [ \"$COMP_CWORD\" -gt 2 ]; then\n"
                     "        prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
                     "        case $prev in -*) ;; *) return ;; esac\n"
                     "    fi\n");
}

static void finish(const struct script *s)
{
    buf_addz(s->out, "    if [ -n \"$fields\" ]; then\n"
                     "        words=\"$words $fields\"\n"
                     "        case $cur in -*) ;; *) compopt -o nospace 2>/dev/null ;; esac\n"
                     "    fi\n"
                     "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
                     "}\n"
                     "complete -o default -F _assay assay\n");
}

void shell_bash(const struct script *s)
{
    buf_addz(s->out, "# bash completion for assay(1); made by: assay help --completion bash\n");
    names(s);
    begin(s);
    buf_addz(s->out, "    case \"$command $prev\" in\n");
    for (const struct command *c = s->commands; c->name != NULL; c++)
        values(s, c);
    buf_addz(s->out, "    *)\n"
                     "        case $COMP_CWORD in\n"
                     "        1) words='--help --version ");
    shell_add_firsts(s);
    buf_addz(s->out, "' ;;\n"
                     "        esac\n"
                     "        [ -n \"$words\" ] || case $command in\n");
    for (const struct command *c = s->commands; c->name != NULL; c++)
        options(s, c);
    buf_addz(s->out, "        esac\n"
                     "        case \"$COMP_CWORD $command\" in\n");
    seconds(s);
    buf_addz(s->out, "        esac\n"
                     "        ;;\n"
                     "    esac\n");
    finish(s);
}
