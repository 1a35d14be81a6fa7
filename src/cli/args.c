#include "cli/args.h"

#include <assert.h>

#include "base/nearest.h"

struct reader {
    struct ctx *cx;
    struct args *args;
    char **argv;
    int argc, at;
};

static size_t option_count(const struct command *command)
{
    size_t n = 0;

    while (command->options != NULL && command->options[n].name != NULL)
        n++;
    assert(n <= ARGS_OPTIONS);
    return n;
}

static size_t option_index(const struct command *command, struct str name)
{
    size_t n = option_count(command), i = 0;

    while (i < n && !str_is(name, command->options[i].name))
        i++;
    return i < n ? i : SIZE_MAX;
}

static int unknown_option(struct reader *r, struct str name)
{
    const struct command *command = r->args->command;
    const char *names[ARGS_OPTIONS + 2];
    size_t n = option_count(command);

    for (size_t i = 0; i < n; i++)
        names[i] = command->options[i].name;
    names[n] = "help";
    names[n + 1] = NULL;
    const char *near = nearest_word(name, names);
    if (near == NULL)
        return fail(r->cx, RC_INVALID, NULL, _("There is no option --%.*s."), STR_ARG(name));
    return fail(r->cx, RC_INVALID, NULL, _("There is no option --%.*s. Did you mean --%s?"),
                STR_ARG(name), near);
}

static int check_choice(struct reader *r, const struct option *option, const char *value)
{
    const char *names[16];
    struct str rest = str_of(option->choices), one;
    struct buf all = buf_new(r->cx->mem);
    size_t n = 0;

    if (option->choices == NULL)
        return 0;
    while (n + 1 < COUNT_OF(names) && str_split(&rest, '|', &one)) {
        if (str_is(one, value))
            return 0;
        buf_printf(&all, "%s%.*s", n > 0 ? ", " : "", STR_ARG(one));
        names[n++] = str_z(r->cx->mem, one);
    }
    names[n] = NULL;
    const char *near = nearest_word(str_of(value), names);
    if (near != NULL)
        return fail(r->cx, RC_INVALID, NULL, _("--%s cannot be \"%s\". Did you mean \"%s\"?"),
                    option->name, value, near);
    return fail(r->cx, RC_INVALID, NULL, _("--%s cannot be \"%s\", only one of %.*s."),
                option->name, value, STR_ARG(buf_str(&all)));
}

/* The text behind "=", else the next argument. */
static int take_value(struct reader *r, const struct option *option, const char *behind,
                      const char **ret)
{
    if (option->value == NULL) {
        if (behind != NULL)
            return fail(r->cx, RC_INVALID, NULL, _("--%s takes no value."), option->name);
        *ret = NULL;
        return 0;
    }
    if (behind == NULL && r->at + 1 < r->argc && !str_starts(str_of(r->argv[r->at + 1]), STR("--")))
        behind = r->argv[++r->at];
    if (behind == NULL || behind[0] == '\0')
        return fail(r->cx, RC_INVALID, NULL, _("--%s needs a value: --%s %s."), option->name,
                    option->name, option->value);
    TRY(check_choice(r, option, behind));
    *ret = behind;
    return 0;
}

static int read_option(struct reader *r, const char *argument)
{
    struct str name = str_of(argument + 2);
    size_t equals = str_find_char(name, '=', 0);
    const char *value, *behind = equals != SIZE_MAX ? name.p + equals + 1 : NULL;

    name = str_sub(name, 0, equals != SIZE_MAX ? equals : name.n);
    if (str_is(name, "help")) {
        r->args->help = true;
        return 0;
    }
    size_t i = option_index(r->args->command, name);
    if (i == SIZE_MAX)
        return unknown_option(r, name);
    const struct option *option = &r->args->command->options[i];
    struct given *given = &r->args->options[i];
    if (given->n > 0 && !option->many && option->value != NULL)
        return fail(r->cx, RC_INVALID, NULL, _("--%s is given twice."), option->name);
    TRY(take_value(r, option, behind, &value));
    *ARENA_PUSH(r->cx->mem, given->values, given->n, given->room) = value;
    return 0;
}

static int check_words(struct ctx *cx, const struct args *args)
{
    const struct command *command = args->command;
    const char *blank = command->usage[0] != '\0' ? " " : "";

    if (args->help)
        return 0;
    if (args->word_n < command->least)
        return fail(cx, RC_INVALID, NULL, _("Something is missing. Use: assay %s%s%s"),
                    command->name, blank, command->usage);
    if (args->word_n > command->most)
        return fail(cx, RC_INVALID, NULL, _("\"%s\" is one word too many. Use: assay %s%s%s"),
                    args->words[command->most], command->name, blank, command->usage);
    return 0;
}

int args_parse(struct ctx *cx, const struct command *command, int argc, char **argv,
               struct args *ret)
{
    struct args args = {.command = command};
    struct reader r = {.cx = cx, .args = &args, .argv = argv, .argc = argc};
    bool options = true;

    for (; r.at < argc; r.at++) {
        struct str a = str_of(argv[r.at]);
        if (options && str_is(a, "--"))
            options = false;
        else if (options && str_is(a, "-h"))
            args.help = true;
        else if (options && str_starts(a, STR("--")))
            TRY(read_option(&r, argv[r.at]));
        else if (options && a.n > 1 && a.p[0] == '-')
            return fail(cx, RC_INVALID, NULL,
                        _("There is no option %s; options begin with two dashes."), argv[r.at]);
        else
            *ARENA_PUSH(cx->mem, args.words, args.word_n, args.word_room) = argv[r.at];
    }
    TRY(check_words(cx, &args));
    *ret = args;
    return 0;
}

static const struct given *given_of(const struct args *args, const char *name)
{
    size_t i = option_index(args->command, str_of(name));

    assert(i != SIZE_MAX);
    return &args->options[i];
}

bool args_has(const struct args *args, const char *name)
{
    return given_of(args, name)->n > 0;
}

const char *args_value(const struct args *args, const char *name)
{
    const struct given *given = given_of(args, name);

    return given->n > 0 ? given->values[given->n - 1] : NULL;
}

size_t args_values(const struct args *args, const char *name, const char *const **ret)
{
    const struct given *given = given_of(args, name);

    *ret = given->values;
    return given->n;
}

int args_day(struct ctx *cx, const struct args *args, const char *name, struct date *ret)
{
    const char *value = args_value(args, name);

    if (value != NULL && !date_parse_iso(str_of(value), ret))
        return fail(cx, RC_INVALID, NULL, _("--%s must be a day such as 2026-11-30, not \"%s\"."),
                    name, value);
    return 0;
}

struct str args_text(struct arena *mem, int argc, char **argv)
{
    struct buf out = buf_new(mem);

    buf_addz(&out, "assay");
    for (int i = 1; i < argc; i++) {
        buf_char(&out, ' ');
        buf_add(&out, str_shell(mem, str_of(argv[i])));
    }
    return buf_str(&out);
}
