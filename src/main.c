/* The program: one command, its error, its exit code. */
#include <stdlib.h>

#include "cli/cli.h"

/* What one command may take before it says that it needs too much. */
#define MEMORY_CEILING ((size_t)8 << 30)

int main(int argc, char **argv)
{
    struct ctx cx = {.mem = arena_new(MEMORY_CEILING), .today = date_of_clock()};
    struct cli cli = {.cx = &cx, .out = stdout, .err = stderr};
    int code = cli_run(&cli, argc, argv);

    if (cx.err.text.n > 0 && code > CLI_NO)
        cli_print_error(&cli);
    arena_free(cx.mem);
    return code;
}
