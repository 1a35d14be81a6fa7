/* Completions and the manual name every command and every option of the table. */
#include "cli/shell.h"
#include "cli/cli.h"
#include "tests/harness.h"

static void names(struct str text, const char *what, const char *name)
{
    if (!str_has(text, name))
        test_failed(__FILE__, __LINE__, "%s does not name %s", what, name);
}

/* `before` is what stands before an option's name there. */
static void names_all(struct ctx *cx, struct str text, const char *what, const char *before)
{
    for (const struct command *c = cli_commands(cx->mem); c->name != NULL; c++) {
        names(text, what, c->name);
        for (const struct option *o = c->options; o != NULL && o->name != NULL; o++)
            names(text, what, str_printf(cx->mem, "%s%s", before, o->name).p);
    }
}

static const struct registers *registers(struct ctx *cx)
{
    const struct registers *registers = NULL;
    struct content content;

    CHECK_OK(content_open(cx, NULL, &content));
    CHECK_OK(registers_load(cx, &content, &registers));
    return registers;
}

static struct str completion(struct ctx *cx, const char *shell)
{
    struct buf out = buf_new(cx->mem);

    shell_completion(&out, cli_commands(cx->mem), registers(cx), shell);
    return buf_str(&out);
}

TEST(shell_completions_name_everything)
{
    names_all(cx, completion(cx, "bash"), "bash", " --");
    names_all(cx, completion(cx, "zsh"), "zsh", "--");
    names_all(cx, completion(cx, "fish"), "fish", "-l ");
    names(completion(cx, "bash"), "bash", "'stage1 --fail-on') words='blocker concern never'");
    names(completion(cx, "zsh"), "zsh", "(blocker concern never)'");
    names(completion(cx, "fish"), "fish", "-x -a 'blocker concern never'");
}

TEST(shell_completions_quote)
{
    static const struct option options[] = {
        {"it", "FILE", false, NULL, "what's [here]: a \\ or so"}, {0}};
    static const struct command commands[] = {
        {"do", "it's: all", "FOLDER...", NULL, options, 0, 9, NULL, NULL}, {0}};
    struct buf out = buf_new(cx->mem);

    shell_completion(&out, commands, registers(cx), "zsh");
    names(buf_str(&out), "zsh", "'do:it'\\''s\\: all'");
    names(buf_str(&out), "zsh", "'--it=[what'\\''s \\[here\\]\\: a \\\\ or so]:FILE:_files'");
    shell_completion(&out, commands, registers(cx), "fish");
    names(buf_str(&out), "fish", "-d 'it'\\''s: all'");
}

TEST(shell_manual_names_everything)
{
    struct buf out = buf_new(cx->mem), plain = buf_new(cx->mem);

    shell_manual(&out, cli_commands(cx->mem));
    for (size_t i = 0; i < out.n; i++) /* as it is typed */
        if (out.p[i] != '\\')
            buf_char(&plain, out.p[i]);
    names_all(cx, buf_str(&plain), "the manual", "--");
    for (const struct command *c = cli_commands(cx->mem); c->name != NULL; c++) {
        names(buf_str(&plain), "the manual", c->line);
        for (const struct option *o = c->options; o != NULL && o->name != NULL; o++)
            names(buf_str(&plain), "the manual", o->help);
    }
}

TEST(shell_manual_has_no_line_that_is_a_request)
{
    static const struct command commands[] = {
        {"do", ".sp is a request\n'so is this", "", "a \\ b\n\n.c", NULL, 0, 0, NULL, NULL}, {0}};
    struct buf out = buf_new(cx->mem);

    shell_manual(&out, commands);
    names(buf_str(&out), "the manual", "\n\\&.sp is a request\n\\&'so is this\n");
    names(buf_str(&out), "the manual", ".PP\na \\e b\n.PP\n\\&.c\n");
}
