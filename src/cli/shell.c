#include "cli/shell_parts.h"

enum takes shell_takes(const struct option *o)
{
    struct str value = str_of(o->value);

    if (o->value == NULL)
        return TAKES_NOTHING;
    if (o->choices != NULL)
        return TAKES_CHOICE;
    if (str_has(value, "FILE") || str_has(value, ".json"))
        return TAKES_FILE;
    return str_has(value, "DIR") ? TAKES_FOLDER : TAKES_TEXT;
}

const struct option *shell_options(const struct command *c)
{
    static const struct option none[] = {{0}};

    return c->options != NULL ? c->options : none;
}

struct str shell_choices(struct arena *mem, const struct option *o)
{
    char *words = str_z(mem, str_of(o->choices));

    for (char *at = words; *at != '\0'; at++)
        *at = *at == '|' ? ' ' : *at;
    return str_of(words);
}

static bool has_type(const struct command *c, enum op_arg_type type)
{
    for (const struct op_arg *arg = c->takes; arg != NULL && arg->name != NULL; arg++)
        if (arg->word && arg->type == type)
            return true;
    return false;
}

bool shell_takes_files(const struct command *c)
{
    struct str usage = str_of(c->usage);

    return str_starts(usage, STR("FOLDER")) || str_starts(usage, STR("[FOLDER")) ||
           has_type(c, OP_FILE) || has_type(c, OP_OUTPUT);
}

bool shell_takes_commands(const struct command *c)
{
    return str_has(str_of(c->usage), "COMMAND");
}

/* The place of the first word of a type among a command's words. */
static size_t place_of(const struct command *c, enum op_arg_type type)
{
    size_t at = 0;

    for (const struct op_arg *arg = c->takes; arg != NULL && arg->name != NULL; arg++) {
        if (arg->word && arg->type == type)
            return at;
        at += arg->word;
    }
    return SIZE_MAX;
}

size_t shell_register_at(const struct command *c)
{
    return place_of(c, OP_REGISTER);
}

size_t shell_fields_at(const struct command *c)
{
    return place_of(c, OP_FIELDS);
}

/* ---- words of commands ---- */

struct str shell_first(const struct command *c)
{
    struct str name = str_of(c->name);
    size_t blank = str_find_char(name, ' ', 0);

    return str_sub(name, 0, blank != SIZE_MAX ? blank : name.n);
}

bool shell_is_two(const struct command *c)
{
    return strchr(c->name, ' ') != NULL;
}

bool shell_is_new(const struct script *s, const struct command *c)
{
    for (const struct command *before = s->commands; before != c; before++)
        if (str_eq(shell_first(before), shell_first(c)))
            return false;
    return true;
}

void shell_add_firsts(const struct script *s)
{
    for (const struct command *c = s->commands; c->name != NULL; c++)
        if (shell_is_new(s, c))
            buf_printf(s->out, "%s%.*s", c != s->commands ? " " : "", STR_ARG(shell_first(c)));
}

void shell_add_seconds(const struct script *s, struct str first)
{
    bool any = false;

    for (const struct command *c = s->commands; c->name != NULL; c++) {
        if (!shell_is_two(c) || !str_eq(shell_first(c), first))
            continue;
        buf_printf(s->out, "%s%s", any ? " " : "", strchr(c->name, ' ') + 1);
        any = true;
    }
}

void shell_add_twos(const struct script *s, const char *between)
{
    bool any = false;

    for (const struct command *c = s->commands; c->name != NULL; c++) {
        if (!shell_is_two(c))
            continue;
        buf_printf(s->out, "%s'%s'", any ? between : "", c->name);
        any = true;
    }
}

/* ---- registers ---- */

bool shell_is_register(const struct register_def *def)
{
    return !def->is_not && def->part_of.n == 0;
}

void shell_add_registers(const struct script *s)
{
    bool any = false;

    for (size_t i = 0; i < s->registers->n; i++) {
        if (!shell_is_register(&s->registers->items[i]))
            continue;
        buf_printf(s->out, "%s%.*s", any ? " " : "", STR_ARG(s->registers->items[i].id));
        any = true;
    }
}

void shell_add_fields(const struct script *s, const struct register_def *def)
{
    bool any = false;

    for (size_t i = 0; i < def->field_n; i++) {
        if (def->fields[i].only_computed)
            continue;
        buf_printf(s->out, "%s%.*s=", any ? " " : "", STR_ARG(def->fields[i].id));
        any = true;
    }
}

void shell_add_quoted(struct buf *out, const char *text, const char *more)
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

void shell_completion(struct buf *out, const struct command *commands,
                      const struct registers *registers, const char *shell)
{
    struct script s = {out, commands, registers};

    if (strcmp(shell, "bash") == 0)
        shell_bash(&s);
    else if (strcmp(shell, "zsh") == 0)
        shell_zsh(&s);
    else
        shell_fish(&s);
}
