/* What the completions of the three shells share. */
#ifndef ASSAY_CLI_SHELL_PARTS_H
#define ASSAY_CLI_SHELL_PARTS_H

#include "cli/shell.h"
#include "op/table.h"

enum takes { TAKES_NOTHING, TAKES_CHOICE, TAKES_FILE, TAKES_FOLDER, TAKES_TEXT };

struct script {
    struct buf *out;
    const struct command *commands;
    const struct registers *registers;
};

/* What follows an option. */
enum takes shell_takes(const struct option *o);
const struct option *shell_options(const struct command *c);
/* "a|b" as "a b". */
struct str shell_choices(struct arena *mem, const struct option *o);

/* Whether its words are files, and whether they are commands. */
bool shell_takes_files(const struct command *c);
bool shell_takes_commands(const struct command *c);

/* How many words stand before its register, and before its fields; SIZE_MAX where it has none. */
size_t shell_register_at(const struct command *c);
size_t shell_fields_at(const struct command *c);

/* "members" of "members add"; whether there are two words, and whether it is the first command that
 * begins so. */
struct str shell_first(const struct command *c);
bool shell_is_two(const struct command *c);
bool shell_is_new(const struct script *s, const struct command *c);

void shell_add_firsts(const struct script *s);                    /* a blank between two */
void shell_add_seconds(const struct script *s, struct str first); /* "add remove" */
void shell_add_twos(const struct script *s, const char *between); /* quoted */
void shell_add_registers(const struct script *s);
void shell_add_fields(const struct script *s, const struct register_def *def); /* "owner= due=" */
bool shell_is_register(const struct register_def *def);

/* Within single quotes of a shell; `more` are further characters to escape by a backslash. */
void shell_add_quoted(struct buf *out, const char *text, const char *more);

void shell_bash(const struct script *s);
void shell_zsh(const struct script *s);
void shell_fish(const struct script *s);

#endif
