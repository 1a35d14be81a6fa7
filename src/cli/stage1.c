/* `assay stage1` and `assay stage2`: from the options to a request, and the result into reports. */
#include "cli/cli.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/documents.h"
#include "cli/output.h"
#include "op/op.h"
#include "standard/content.h"

#define FORMATS 9u

/* What goes where. */
struct plan {
    const char *formats[FORMATS];
    const char *paths[FORMATS]; /* NULL: cli->out */
    size_t n;
    const char *folder; /* to be made, or NULL */
};

static void plan_formats(const struct args *args, struct plan *plan)
{
    const char *const *given;
    size_t n = args_values(args, "format", &given);

    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < plan->n && strcmp(plan->formats[k], given[i]) != 0)
            k++;
        if (k == plan->n)
            plan->formats[plan->n++] = given[i];
    }
    if (plan->n == 0)
        plan->formats[plan->n++] = "text";
}

static const char *path_in(struct arena *mem, const char *folder, const char *name,
                           const char *format)
{
    const char *tail = strcmp(format, "text") == 0 ? "txt" : format;
    bool slash = str_ends(str_of(folder), STR("/"));

    return str_printf(mem, "%s%s%s.%s", folder, slash ? "" : "/", name, tail).p;
}

static bool is_binary(const char *format)
{
    return strcmp(format, "pdf") == 0 || strcmp(format, "docx") == 0 || strcmp(format, "xlsx") == 0;
}

/* One format goes to the screen, a file, or into a folder that is there or ends in "/"; several go
 * into a folder. */
static int plan_output(struct cli *cli, struct plan *plan)
{
    const char *output = args_value(&cli->args, "output");
    bool screen = output == NULL || strcmp(output, "-") == 0;

    plan_formats(&cli->args, plan);
    if (screen && plan->n > 1)
        return cli_misuse(cli, _("Several formats need a folder: --output DIR."));
    if (screen && is_binary(plan->formats[0]) && isatty(fileno(cli->out)) == 1)
        return cli_misuse(cli, _("A terminal cannot show %s: --output FILE."), plan->formats[0]);
    if (screen)
        return 0;
    if (plan->n == 1 && !output_is_folder(output) && !str_ends(str_of(output), STR("/"))) {
        plan->paths[0] = output;
        return 0;
    }
    plan->folder = output;
    for (size_t i = 0; i < plan->n; i++)
        plan->paths[i] = path_in(cli->cx->mem, output, cli->command->name, plan->formats[i]);
    return 0;
}

static bool same_file(const char *a, const char *b)
{
    struct stat x, y;

    return a != NULL && b != NULL && stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}

/* Before any work: nothing that is judged is written over, but a profile by its successor. */
static int check_targets(struct ctx *cx, const struct stage1_request *request,
                         const struct plan *plan)
{
    for (size_t i = 0; i < plan->n; i++) {
        if (plan->paths[i] == NULL)
            continue;
        TRY(output_not_input(cx, plan->paths[i], request->folders, request->folder_n));
        if (same_file(plan->paths[i], request->profile))
            return fail(cx, RC_CONFLICT, plan->paths[i],
                        _("%s is the profile and is not written over."), plan->paths[i]);
    }
    if (request->write_profile == NULL || same_file(request->write_profile, request->profile))
        return 0;
    return output_not_input(cx, request->write_profile, request->folders, request->folder_n);
}

/* What stage1 and documents have in common. */
static int fill_request(struct cli *cli, struct stage1_request *request)
{
    const struct args *args = &cli->args;
    int rc = args_day(cli->cx, args, "today", &cli->cx->today);

    if (rc < 0)
        cli->wrong_use = true;
    TRY(rc);
    *request = (struct stage1_request){.folders = args->words,
                                       .folder_n = args->word_n,
                                       .profile = args_value(args, "profile"),
                                       .stage = 1,
                                       .content_dir = args_value(args, "content"),
                                       .command = cli->given};
    return 0;
}

/* The day of Stage 2 and drafts of what is missing, which only Stage 1 has before it. */
static int fill_first(struct cli *cli, struct stage1_request *request)
{
    int rc = args_day(cli->cx, &cli->args, "stage2", &request->stage2);

    request->starters = args_value(&cli->args, "starters");
    if (rc < 0)
        cli->wrong_use = true;
    TRY(rc);
    if (!date_is_none(request->stage2) && date_cmp(request->stage2, cli->cx->today) < 0)
        return cli_misuse(cli, _("--stage2 is before today (%s)."),
                          date_iso(cli->cx->mem, cli->cx->today).p);
    return 0;
}

static int fill_judged(struct cli *cli, unsigned stage, struct stage1_request *request)
{
    const struct args *args = &cli->args;

    TRY(fill_request(cli, request));
    request->stage = stage;
    request->write_profile = args_value(args, "write-profile");
    request->since = args_value(args, "since");
    request->timing = args_has(args, "timing");
    return stage == 1 ? fill_first(cli, request) : 0;
}

typedef int operation(struct ctx *cx, const struct stage1_request *request, struct value **ret);

static int run_operation(struct cli *cli, operation *op, struct stage1_request *request,
                         struct value **ret)
{
    struct progress_line line = progress_new(cli->err);

    if (line.stream != NULL) {
        request->progress = progress_show;
        request->progress_arg = &line;
    }
    int rc = op(cli->cx, request, ret);
    progress_end(&line);
    return rc == RC_DENIED ? RC_INVALID : rc; /* a folder that cannot be read refuses nothing */
}

/* ---- reports ---- */

static int find_template(void *arg, struct str name, struct str *ret_text)
{
    const struct content *content = arg;

    for (size_t i = 0; i < content->n; i++) {
        struct str path = str_of(content->files[i].name);
        if (str_starts(path, STR("web/templates/")) && str_eq(str_from(path, 14), name)) {
            *ret_text = (struct str){(const char *)content->files[i].bytes, content->files[i].n};
            return 0;
        }
    }
    return RC_NOT_FOUND;
}

/* Those of --content where it was given; NULL for those in the binary. */
static int find_templates(struct cli *cli, struct report_templates *ret)
{
    const char *folder = args_value(&cli->args, "content");
    struct content *content = ARENA_NEW(cli->cx->mem, struct content);

    *ret = (struct report_templates){NULL, NULL};
    if (folder == NULL)
        return 0;
    TRY(content_open(cli->cx, folder, content));
    *ret = (struct report_templates){find_template, content};
    return 0;
}

/* Those that need no templates. */
static const struct {
    const char *name;
    int (*make)(struct ctx *cx, const struct value *result, const struct report_style *style,
                struct buf *out);
} plain_reports[] = {
    {"json", report_json}, {"sarif", report_sarif}, {"md", report_md},
    {"docx", report_docx}, {"pdf", report_pdf},     {"xlsx", report_xlsx},
};

static int make_report(struct cli *cli, const struct value *result, const char *format,
                       const struct report_style *style, struct buf *out)
{
    struct report_templates given;

    TRY(find_templates(cli, &given));
    const struct report_templates *templates = given.find != NULL ? &given : NULL;
    if (strcmp(format, "html") == 0)
        return report_html(cli->cx, result, style, templates, out);
    if (strcmp(format, "svg") == 0)
        return report_svg(cli->cx, result, templates, out);
    for (size_t i = 0; i < COUNT_OF(plain_reports); i++)
        if (strcmp(format, plain_reports[i].name) == 0)
            return plain_reports[i].make(cli->cx, result, style, out);
    return report_text(cli->cx, result, style, out);
}

/* How to get from here to the result's paths, which begin in the one folder that was given. */
static void place_paths(struct cli *cli, struct report_style *style)
{
    if (cli->args.word_n == 0)
        return; /* a home has no paths */
    const char *folder = cli->args.words[0];
    char *here = getcwd(NULL, 0);

    style->here = str_copy(cli->cx->mem, str_of(here));
    free(here);
    if (cli->args.word_n > 1)
        return; /* they begin with what was given */
    style->base = str_of(folder);
    if (!output_is_folder(folder)) {
        size_t slash = style->base.n;
        while (slash > 0 && folder[slash - 1] != '/')
            slash--;
        style->base = str_sub(style->base, 0, slash);
    }
}

static int write_reports(struct cli *cli, const struct plan *plan, const struct value *result)
{
    const char *reader = args_value(&cli->args, "for");

    if (plan->folder != NULL)
        TRY(output_folder(cli->cx, plan->folder));
    for (size_t i = 0; i < plan->n; i++) {
        struct buf out = buf_new(cli->cx->mem);
        struct report_style style = plan->paths[i] == NULL
                                        ? output_style(cli->out)
                                        : (struct report_style){.width = 80, .unicode = true};
        style.auditor = reader != NULL && strcmp(reader, "auditor") == 0;
        place_paths(cli, &style);
        TRY(make_report(cli, result, plan->formats[i], &style, &out));
        if (plan->paths[i] == NULL)
            TRY(output_stream(cli->cx, cli->out, buf_str(&out)));
        else
            TRY(output_file(cli->cx, plan->paths[i], buf_str(&out)));
    }
    return 0;
}

int cli_stage_reports(struct cli *cli, const struct value *result)
{
    struct plan plan = {0};

    TRY(plan_output(cli, &plan));
    return write_reports(cli, &plan, result);
}

/* What --fail-on asks. */
static enum cli_code answer(const struct args *args, const struct value *result)
{
    const char *fail_on = args_value(args, "fail-on");
    const struct value *verdict = value_get(result, "verdict");
    bool blocked = value_get_int(verdict, "blockers", 0) > 0 ||
                   value_is_text(value_get(verdict, "ready"), "no");
    bool concern = value_get_int(verdict, "concerns", 0) > 0 ||
                   !value_is_text(value_get(verdict, "ready"), "yes");

    if (fail_on != NULL && strcmp(fail_on, "never") == 0)
        return CLI_DONE;
    if (fail_on != NULL && strcmp(fail_on, "concern") == 0 && concern)
        return CLI_NO;
    return blocked ? CLI_NO : CLI_DONE;
}

static int judge_stage(struct cli *cli, unsigned stage)
{
    struct stage1_request request;
    struct plan plan = {0};
    struct value *result;

    TRY(fill_judged(cli, stage, &request));
    TRY(plan_output(cli, &plan));
    TRY(check_targets(cli->cx, &request, &plan));
    TRY(run_operation(cli, op_stage1, &request, &result));
    TRY(write_reports(cli, &plan, result));
    return (int)answer(&cli->args, result);
}

int cli_stage1(struct cli *cli)
{
    return judge_stage(cli, 1);
}

int cli_stage2(struct cli *cli)
{
    return judge_stage(cli, 2);
}

/* ---- `assay documents` ---- */

int cli_documents(struct cli *cli)
{
    const char *output = args_value(&cli->args, "output");
    const char *format = args_value(&cli->args, "format");
    struct plan plan = {.n = 1};
    struct stage1_request request;
    struct value *result;
    struct buf out = buf_new(cli->cx->mem);

    TRY(fill_request(cli, &request));
    plan.paths[0] = output != NULL && strcmp(output, "-") != 0 ? output : NULL;
    TRY(check_targets(cli->cx, &request, &plan));
    TRY(run_operation(cli, op_documents, &request, &result));
    struct report_style style = plan.paths[0] == NULL
                                    ? output_style(cli->out)
                                    : (struct report_style){.width = 80, .unicode = true};
    if (format != NULL && strcmp(format, "json") == 0)
        TRY(report_json(cli->cx, result, &style, &out));
    else
        documents_text(cli->cx, result, &style, &out);
    if (plan.paths[0] != NULL)
        return output_file(cli->cx, plan.paths[0], buf_str(&out));
    return output_stream(cli->cx, cli->out, buf_str(&out));
}
