/*
 * What a command takes, as data, and the words of a command line read by it.
 *
 * Options are long: `--name value` or `--name=value`; `--` ends them, and `-` alone is a word. What
 * the table does not know is an error that names the nearest that it knows. Every command knows
 * `--help` (`-h`). Texts of the arguments are not copied.
 */
#ifndef ASSAY_CLI_ARGS_H
#define ASSAY_CLI_ARGS_H

#include "base/base.h"

#define ARGS_OPTIONS 24u /* different ones a command may have */

struct cli;

struct option {
    const char *name;    /* without dashes */
    const char *value;   /* what follows it ("FILE"), NULL for a switch */
    bool many;           /* may be given again */
    const char *choices; /* "text|html|json", NULL for any value */
    const char *help;
};

struct op_arg;

struct command {
    const char *name;             /* one word, or two: "members add" */
    const char *line;             /* what it is for, in one line */
    const char *usage;            /* its words: "FOLDER..." */
    const char *text;             /* paragraphs of its help, separated by an empty line; or NULL */
    const struct option *options; /* ended by one without a name, or NULL */
    size_t least, most;           /* words; most of 0 takes none */
    int (*run)(struct cli *cli);
    const struct op_arg *takes; /* of an operation on a home (op/table.h), else NULL */
};

struct given {
    const char **values; /* NULL items for switches */
    size_t n, room;
};

struct args {
    const struct command *command;
    const char **words;
    size_t word_n, word_room;
    struct given options[ARGS_OPTIONS]; /* in the order of the command's table */
    bool help;
};

/* Reads argv[0..argc), which begins behind the command's name. RC_INVALID with a sentence about
 * wrong use. */
MUST_CHECK int args_parse(struct ctx *cx, const struct command *command, int argc, char **argv,
                          struct args *ret);

/* Of an option that the command has: whether it was given, its last value (NULL for none), and all
 * its values. */
bool args_has(const struct args *args, const char *name);
const char *args_value(const struct args *args, const char *name);
size_t args_values(const struct args *args, const char *name, const char *const **ret);

/* A day, YYYY-MM-DD; left as it is where the option was not given. */
MUST_CHECK int args_day(struct ctx *cx, const struct args *args, const char *name,
                        struct date *ret);

/* The command line as it may be typed again, quoted for a shell, as UTF-8. */
struct str args_text(struct arena *mem, int argc, char **argv);

#endif
