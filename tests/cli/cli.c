/* Commands run within the process: what they print and how they end. */
#include "cli/cli.h"
#include "tests/harness.h"

#include <sys/stat.h>
#include <unistd.h>

#include "cli/documents.h"
#include "cli/output.h"
#include "standard/yaml.h"

struct result {
    int code;
    struct str out, err;
};

/* The words of one command line, at blanks. */
static struct result run(struct ctx *cx, const char *line)
{
    char *argv[16] = {str_z(cx->mem, STR("assay"))}, *out = NULL, *err = NULL;
    size_t out_n = 0, err_n = 0;
    struct str rest = str_of(line), word;
    struct result result = {0};
    int argc = 1;

    while (argc < 16 && str_split(&rest, ' ', &word))
        argv[argc++] = str_z(cx->mem, word);
    struct cli cli = {
        .cx = cx, .out = open_memstream(&out, &out_n), .err = open_memstream(&err, &err_n)};
    FILE *files[] = {cli.out, cli.err};
    cx->err = (struct err){0};
    result.code = cli_run(&cli, argc, argv);
    if (result.code > CLI_NO)
        cli_print_error(&cli);
    for (size_t i = 0; i < COUNT_OF(files); i++)
        (void)fclose(files[i]);
    result.out = str_copy(cx->mem, (struct str){out, out_n});
    result.err = str_copy(cx->mem, (struct str){err, err_n});
    free(out);
    free(err);
    return result;
}

static void ends(struct ctx *cx, const char *line, int code, const char *message)
{
    struct result r = run(cx, line);

    CHECK_INT(r.code, code);
    CHECK_STR(r.err, message);
    CHECK_STR(r.out, "");
}

static void says(struct ctx *cx, const char *line, const char *part)
{
    struct result r = run(cx, line);

    CHECK_INT(r.code, CLI_DONE);
    CHECK_STR(r.err, "");
    if (!str_has(r.out, part))
        test_failed(__FILE__, __LINE__, "\"%s\" does not say \"%s\"", line, part);
}

TEST(cli_names_commands)
{
    says(cx, "help", "stage1");
    says(cx, "--help", "explain");
    says(cx, "help explain", "explain minimum");
    says(cx, "explain --help", "explain minimum");
    says(cx, "--version", "assay ");
    ends(cx, "stage3 x", CLI_USAGE,
         "assay: There is no command \"stage3\". Did you mean \"stage1\"?\nSee: assay help\n");
    ends(cx, "/", CLI_USAGE,
         "assay: There is no command \"/\". To judge that folder: assay stage1 /.\n"
         "See: assay help\n");
    ends(cx, "help nothing", CLI_USAGE,
         "assay: There is no command \"nothing\".\nSee: assay help\n");
    ends(cx, "standards --frmat json", CLI_USAGE,
         "assay: There is no option --frmat. Did you mean --format?\n"
         "See: assay help standards\n");
}

TEST(cli_explains_every_entry)
{
    struct str all = run(cx, "explain minimum --format json").out;
    struct value *v;

    CHECK_OK(yaml_parse(cx, "minimum", all, &v));
    const struct value *sections = value_get(v, "sections");
    size_t n = 0;
    for (size_t i = 0; i < value_count(sections); i++) {
        const struct value *items = value_get(value_at(sections, i), "items");
        for (size_t k = 0; k < value_count(items); k++, n++) {
            struct str id = value_get_text(value_at(items, k), "id");
            struct str line = str_printf(cx->mem, "explain %.*s", STR_ARG(id));
            says(cx, line.p, "What it has to say");
        }
    }
    CHECK_INT(n, 16);
}

TEST(cli_explains_whatever_is_named)
{
    says(cx, "explain blockers", "Requirements");
    says(cx, "explain c9.2.2-DOC", "What Stage 2 looks for");
    says(cx, "explain a5.15", "May it be excluded?");
    says(cx, "explain 5.15", "May it be excluded?");
    says(cx, "explain 9.2", "C9.2.2-doc");
    says(cx, "explain clause 9.2", "C9.2.2-doc");
    says(cx, "explain A.7", "A.7.14");
    says(cx, "explain rec-aud-01", "Passages that would meet it");
    says(cx, "explain Q-TM-01", "A good answer shows");
    says(cx, "explain scope-absent", "What to do");
    says(cx, "explain internal audit", "REC-AUD");
    ends(cx, "explain C9.2.2-dox", CLI_INPUT,
         "assay: Nothing is called \"C9.2.2-dox\". Did you mean C9.2.2-doc?\n");
    ends(cx, "explain zzzz", CLI_INPUT,
         "assay: Nothing is called \"zzzz\", and nothing holds these words.\n");
}

TEST(cli_explains_within_the_width)
{
    struct str rest = run(cx, "explain A.5.15").out, line;

    while (str_split(&rest, '\n', &line))
        CHECK(utf8_count(line) <= 80);
}

TEST(cli_lists_standards)
{
    struct value *v;

    says(cx, "standards", "148");
    CHECK_OK(yaml_parse(cx, "standards", run(cx, "standards --format json").out, &v));
    CHECK_INT(value_get_text(v, "rules_version").n, 64);
    CHECK_INT(value_get_int(value_at(value_get(v, "standards"), 0), "controls", 0), 93);
    CHECK_STR(value_get_text(value_at(value_get(v, "languages"), 0), "id"), "en");
    CHECK_INT(run(cx, "standards --content /nonexistent").code, CLI_INPUT);
}

TEST(cli_refuses_wrong_use_of_stage1)
{
    ends(cx, "stage1", CLI_USAGE,
         "assay: Something is missing. Use: assay stage1 FOLDER...\nSee: assay help stage1\n");
    ends(cx, "stage1 x --format text --format html", CLI_USAGE,
         "assay: Several formats need a folder: --output DIR.\nSee: assay help stage1\n");
    ends(cx, "stage1 x --today 30.11.2026", CLI_USAGE,
         "assay: --today must be a day such as 2026-11-30, not \"30.11.2026\".\n"
         "See: assay help stage1\n");
    ends(cx, "stage1 x --today 2026-11-30 --stage2 2026-11-29", CLI_USAGE,
         "assay: --stage2 is before today (2026-11-30).\nSee: assay help stage1\n");
}

/* ---- output ---- */

static struct str new_folder(struct ctx *cx)
{
    char *name = str_z(cx->mem, STR("/tmp/assay-test-XXXXXX"));

    CHECK(mkdtemp(name) != NULL);
    return str_of(name);
}

static struct str read_back(struct ctx *cx, const char *path)
{
    char *bytes = arena_alloc(cx->mem, 4096);
    FILE *f = fopen(path, "rb");
    size_t n = f != NULL ? fread(bytes, 1, 4096, f) : 0;

    if (f != NULL)
        (void)fclose(f);
    return (struct str){bytes, n};
}

TEST(output_replaces_files_whole)
{
    struct str folder = new_folder(cx);
    const char *path = str_printf(cx->mem, "%s/report.txt", folder.p).p;
    struct stat st;

    CHECK_OK(output_file(cx, path, STR("one\n")));
    CHECK_OK(output_file(cx, path, STR("two\n")));
    CHECK_STR(read_back(cx, path), "two\n");
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0600) == 0600);
    CHECK_RC(output_file(cx, folder.p, STR("x")), RC_NOT_FOUND);
    CHECK_RC(output_file(cx, "/nonexistent/x", STR("x")), RC_NOT_FOUND);
    CHECK_OK(output_file(cx, "/dev/null", STR("x")));
    CHECK(unlink(path) == 0);
    CHECK(rmdir(folder.p) == 0); /* and no unfinished file is left */
}

TEST(output_never_goes_over_what_is_judged)
{
    struct str folder = new_folder(cx);
    const char *own = str_printf(cx->mem, "%s/policy.md", folder.p).p;
    const char *report = str_printf(cx->mem, "%s/stage1.json", folder.p).p;
    const char *folders[] = {folder.p};

    CHECK_OK(output_file(cx, own, STR("# Policy\n")));
    CHECK_OK(output_file(cx, report, STR("{\"schema\": \"assay.stage1/1\"}\n")));
    CHECK_RC(output_not_input(cx, own, folders, 1), RC_CONFLICT);
    CHECK_OK(output_not_input(cx, report, folders, 1));
    CHECK_OK(output_not_input(cx, "/tmp/nonexistent-assay", folders, 1));
    folders[0] = own;
    CHECK_RC(output_not_input(cx, own, folders, 1), RC_CONFLICT);
    folders[0] = "/usr";
    CHECK_OK(output_not_input(cx, own, folders, 1));
    CHECK(unlink(own) == 0 && unlink(report) == 0 && rmdir(folder.p) == 0);
}

TEST(output_to_no_terminal_is_plain)
{
    FILE *f = tmpfile();

    if (f == NULL)
        return;
    struct report_style style = output_style(f);
    struct progress_line line = progress_new(f);
    CHECK_INT(style.width, 80);
    CHECK(style.unicode && !style.colour);
    progress_show(&line, "reading", 1, 2);
    progress_end(&line);
    CHECK_INT(ftell(f), 0);
    (void)fclose(f);
}

TEST(documents_are_listed_with_reasons)
{
    struct report_style style = {.width = 80, .unicode = true};
    struct buf out = buf_new(cx->mem);
    struct value *v;

    CHECK_OK(yaml_parse(cx, "r",
                        STR("documents:\n"
                            "- path: a/isp.md\n"
                            "  title: Security\n"
                            "  version: \"1.2\"\n"
                            "  approved_by: [Ada Byron]\n"
                            "  language: en\n"
                            "  kinds: [{kind: P1, confidence: 0.875, why: the title says so}]\n"
                            "skipped:\n"
                            "- {path: b.pdf, what: format, why: not yet read, advice: Save it}\n"),
                        &v));
    documents_text(cx, v, &style, &out);
    CHECK(str_has(buf_str(&out), "P1"));
    CHECK(str_has(buf_str(&out), "(87 %) the title says so"));
    CHECK(str_has(buf_str(&out), "version 1.2, approved by Ada Byron\n"));
    CHECK(str_has(buf_str(&out), "format: not yet read"));
    CHECK(str_has(buf_str(&out), "1       of them recognised"));
}
