/*
 * The command line: a face over the operations. One table lists the commands (commands.c); each is
 * a function that gets its parsed words and options and writes to `out`.
 *
 * Exit codes: 0 done; 1 done, and the answer is no; 2 wrong use; 3 an input is missing, unreadable
 * or invalid; 4 refused; 5 the machine or Assay failed.
 *
 * A struct cli lives as long as the process's one command and belongs to its thread.
 */
#ifndef ASSAY_CLI_CLI_H
#define ASSAY_CLI_CLI_H

#include <stdio.h>

#include "cli/args.h"

enum cli_code {
    CLI_DONE = 0,
    CLI_NO = 1,
    CLI_USAGE = 2,
    CLI_INPUT = 3,
    CLI_REFUSED = 4,
    CLI_INTERNAL = 5,
};

struct cli {
    struct ctx *cx;
    const struct command *command; /* NULL where none was named */
    struct args args;
    struct str given; /* the whole command, as it may be typed again */
    FILE *out;
    FILE *err;
    bool wrong_use; /* the recorded error is about the command's use */
};

/* Runs the command of these arguments and gives the exit code. Where it is over 1 for an error,
 * cx->err holds the sentence to print. */
int cli_run(struct cli *cli, int argc, char **argv);

/* Prints cx->err and, for wrong use, where help is. */
void cli_print_error(const struct cli *cli);

/* Records an error of use: `return cli_misuse(cli, _("..."), ...)`. */
MUST_CHECK int cli_misuse(struct cli *cli, const char *format, ...) PRINTF_LIKE(2, 3);

/* The same for a command that is not there. */
MUST_CHECK int cli_unknown(struct cli *cli, const char *name);

/* All commands in the order of the help, ended by one without a name: those over folders, then
 * those over homes, which are made from the table of operations. */
const struct command *cli_commands(struct arena *mem);
const struct command *cli_command(struct arena *mem, const char *name);

/* What Assay is, in a sentence (a message). */
extern const char cli_about[];

/* The commands: 0, CLI_NO or a negative enum rc. */
MUST_CHECK int cli_help(struct cli *cli);
MUST_CHECK int cli_version(struct cli *cli);
MUST_CHECK int cli_stage1(struct cli *cli);
MUST_CHECK int cli_stage2(struct cli *cli);
MUST_CHECK int cli_documents(struct cli *cli);
MUST_CHECK int cli_audit_time(struct cli *cli);
MUST_CHECK int cli_interview(struct cli *cli);
MUST_CHECK int cli_explain(struct cli *cli);
MUST_CHECK int cli_standards(struct cli *cli);
MUST_CHECK int cli_serve(struct cli *cli);
MUST_CHECK int cli_openapi(struct cli *cli);

/* Writes a judgement in the formats and to the place that the options name. */
struct value;
MUST_CHECK int cli_stage_reports(struct cli *cli, const struct value *result);

/* Any operation of op_table, by the command's name (home.c). */
MUST_CHECK int cli_op(struct cli *cli);
struct op;
struct command cli_command_of(struct arena *mem, const struct op *op);

#endif
