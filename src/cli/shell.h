/*
 * What shells and man are told of the commands, made from the same table as the help: completions
 * for bash, zsh and fish, and the manual page.
 */
#ifndef ASSAY_CLI_SHELL_H
#define ASSAY_CLI_SHELL_H

#include "cli/args.h"
#include "register/register.h"

/* A script for `shell`, which is one of "bash", "zsh" and "fish". It knows the names of `registers`
 * and of their fields; where ASSAY_HOME is set it asks that home for those of its own. */
void shell_completion(struct buf *out, const struct command *commands,
                      const struct registers *registers, const char *shell);

/* assay(1) in the macros of man(7). */
void shell_manual(struct buf *out, const struct command *commands);

#endif
