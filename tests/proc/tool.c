#include "proc/tool.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/harness.h"

#define MB ((size_t)1024 * 1024)

/* Runs the words with `input`; what every test may change is in `tool`. */
static int run(struct ctx *cx, struct tool tool, const char *const *argv, const char *input,
               struct tool_result *ret)
{
    tool.argv = argv;
    tool.input = str_of(input);
    tool.memory = 512 * MB;
    tool.output = tool.output > 0 ? tool.output : MB;
    tool.cpu_seconds = tool.cpu_seconds > 0 ? tool.cpu_seconds : 5;
    tool.wall_seconds = tool.wall_seconds > 0 ? tool.wall_seconds : 10;
    *ret = (struct tool_result){0};
    return tool_run(cx, &tool, ret);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define SHELL(script) WORDS("/bin/sh", "-c", script)
#define PYTHON(script) WORDS("/usr/bin/python3", "-c", script)
#define PLAIN ((struct tool){.argv = NULL})

TEST(output_error_and_status_come_back)
{
    struct tool_result got;

    CHECK_OK(run(cx, (struct tool){.processes = true}, SHELL("cat; echo no >&2; exit 3"),
                 "some words", &got));
    CHECK_STR(got.output, "some words");
    CHECK_STR(got.error, "no\n");
    CHECK_INT(got.status, 3);
    CHECK(!got.cut);
}

TEST(input_can_be_sought)
{
    struct tool_result got;

    CHECK_OK(run(cx, PLAIN, PYTHON("import sys; f = sys.stdin.buffer; f.seek(5); print(f.read())"),
                 "some words", &got));
    CHECK_STR(got.output, "b'words'\n");
}

TEST(environment_is_clean)
{
    struct tool_result got;

    setenv("ASSAY_SECRET", "hidden", 1);
    CHECK_OK(run(cx, PLAIN, WORDS("/usr/bin/env"), "", &got));
    unsetenv("ASSAY_SECRET");
    CHECK(str_has(got.output, "LC_ALL=C.UTF-8\n"));
    CHECK(!str_has(got.output, "SECRET"));
}

TEST(descriptors_do_not_go_along)
{
    struct tool_result got;
    int open = dup(0);

    CHECK_OK(run(cx, PLAIN,
                 PYTHON("import os\n"
                        "for i in range(3, 200):\n"
                        "    try: os.fstat(i); print('open', i)\n"
                        "    except OSError: pass"),
                 "", &got));
    close(open);
    CHECK_STR(got.output, "");
    CHECK_INT(got.status, 0);
}

TEST(more_output_than_allowed_ends_it)
{
    struct tool_result got;

    CHECK_OK(run(cx, (struct tool){.output = 1000}, WORDS("/usr/bin/yes"), "", &got));
    CHECK(got.cut);
    CHECK_INT(got.output.n, 1000);
}

TEST(endless_complaints_do_no_harm)
{
    struct tool_result got;

    CHECK_OK(run(cx, PLAIN, PYTHON("import sys; sys.stderr.write('x' * 10000000); print('done')"),
                 "", &got));
    CHECK_STR(got.output, "done\n");
    CHECK_INT(got.error.n, TOOL_ERROR_BYTES);
}

TEST(time_is_bounded)
{
    struct tool_result got;

    CHECK_RC(run(cx, (struct tool){.wall_seconds = 1}, WORDS("/bin/sleep", "30"), "", &got),
             RC_LIMIT);
    CHECK_STR(cx->err.text, "sleep took longer than 1 seconds.");
    CHECK_RC(run(cx, (struct tool){.cpu_seconds = 1}, SHELL("while :; do :; done"), "", &got),
             RC_LIMIT);
    CHECK_STR(cx->err.text, "sh took more than 1 seconds of computing.");
}

TEST(memory_is_bounded)
{
    struct tool_result got;

    CHECK_OK(run(cx, PLAIN, PYTHON("x = bytearray(1 << 30); print('had it')"), "", &got));
    CHECK(got.status != 0);
    CHECK(!str_has(got.output, "had it"));
}

TEST(crash_is_told)
{
    struct tool_result got;

    CHECK_RC(run(cx, PLAIN, PYTHON("import ctypes; ctypes.string_at(0)"), "", &got), RC_FAIL);
    CHECK_STR(cx->err.text, "python3 crashed over it (signal 11).");
}

TEST(program_that_is_not_there)
{
    struct tool_result got;

    CHECK_RC(run(cx, PLAIN, WORDS("/usr/bin/no-such-program"), "", &got), RC_FAIL);
    CHECK_STR(cx->err.text, "no-such-program could not be started.");
    CHECK(!tool_exists("/usr/bin/no-such-program"));
    CHECK(tool_exists("/bin/sh"));
}

TEST(network_is_out_of_reach)
{
    struct tool_result got;

    CHECK_OK(run(cx, PLAIN,
                 PYTHON("import socket\n"
                        "for f in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):\n"
                        "    try: socket.socket(f); print('reached', f)\n"
                        "    except PermissionError: print('refused')"),
                 "", &got));
    CHECK_STR(got.output, "refused\nrefused\nrefused\n");
}

TEST(processes_only_where_they_are_needed)
{
    struct tool_result got;

    CHECK_OK(run(cx, PLAIN, SHELL("(echo child)"), "", &got));
    CHECK_STR(got.output, "");
    CHECK_OK(run(cx, (struct tool){.processes = true}, SHELL("(echo child)"), "", &got));
    CHECK_STR(got.output, "child\n");
}

TEST(threads_may_be_started)
{
    struct tool_result got;

    CHECK_OK(
        run(cx, PLAIN,
            PYTHON("import threading\n"
                   "t = threading.Thread(target=lambda: print('thread')); t.start(); t.join()"),
            "", &got));
    CHECK_STR(got.output, "thread\n");
}

/* What it left running would hold the pipe, and could go on after us. */
TEST(what_it_started_goes_with_it)
{
    struct tool_result got;

    CHECK_OK(run(cx, (struct tool){.processes = true, .wall_seconds = 5},
                 SHELL("sleep 60 & echo $!"), "", &got));
    int64_t pid = 0;
    CHECK(str_to_int(str_trim(got.output), &pid) && pid > 0);
    struct str stat = str_printf(cx->mem, "/proc/%lld/stat", (long long)pid);
    bool gone = false;
    for (int i = 0; i < 200 && !gone; i++) {
        char text[256] = "";
        FILE *f = fopen(str_z(cx->mem, stat), "r");
        gone = f == NULL || fgets(text, sizeof text, f) == NULL || strstr(text, ") Z ") != NULL;
        if (f != NULL)
            (void)fclose(f);
        usleep(10000);
    }
    CHECK(gone);
}

TEST(files_of_others_are_out_of_reach)
{
    char folder[] = "/tmp/assay-test-XXXXXX";
    struct tool_result got;
    struct str path, script;

    CHECK(mkdtemp(folder) != NULL);
    path = str_printf(cx->mem, "%s/theirs", folder);
    FILE *f = fopen(str_z(cx->mem, path), "w");
    CHECK(f != NULL && fputs("secret", f) >= 0 && fclose(f) == 0);
    script = str_printf(cx->mem,
                        "cat /etc/passwd '%.*s'; echo more >'%.*s'; ls '%s' /root /proc; "
                        "echo x >/tmp/assay-tool-was-here; : >>'%.*s'",
                        STR_ARG(path), STR_ARG(path), folder, STR_ARG(path));
    CHECK_OK(run(cx, (struct tool){.processes = true}, SHELL(str_z(cx->mem, script)), "", &got));
    CHECK_STR(got.output, "");
    CHECK(access("/tmp/assay-tool-was-here", F_OK) != 0);
    CHECK_OK(run(cx, PLAIN,
                 PYTHON(str_z(cx->mem, str_printf(cx->mem,
                                                  "import os\n"
                                                  "try: os.truncate('%.*s', 0)\n"
                                                  "except OSError: print('refused')\n"
                                                  "try: os.chmod('%.*s', 0)\n"
                                                  "except OSError: print('refused')",
                                                  STR_ARG(path), STR_ARG(path)))),
                 "", &got));
    CHECK_STR(got.output, "refused\nrefused\n");
    struct stat st;
    CHECK(stat(str_z(cx->mem, path), &st) == 0 && st.st_size == 6);
    unlink(str_z(cx->mem, path));
    rmdir(folder);
}

TEST(its_own_folder_is_its_home)
{
    char folder[] = "/tmp/assay-test-XXXXXX";
    struct tool_result got;

    CHECK(mkdtemp(folder) != NULL);
    CHECK_OK(
        run(cx, (struct tool){.folder = folder, .file_most = 1000},
            PYTHON("import os\n"
                   "open('a', 'w').write('kept'); print(open(os.environ['HOME'] + '/a').read())\n"
                   "f = open('b', 'wb', 0); f.write(b'x' * 1000)\n"
                   "try: f.write(b'x')\n"
                   "except OSError: print('too large')"),
            "", &got));
    CHECK_STR(got.output, "kept\ntoo large\n");
    struct str a = str_printf(cx->mem, "%s/a", folder), b = str_printf(cx->mem, "%s/b", folder);
    CHECK(unlink(str_z(cx->mem, a)) == 0);
    unlink(str_z(cx->mem, b));
    CHECK(rmdir(folder) == 0);
}
