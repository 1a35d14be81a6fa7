/* `assay interview`: the sheet for one person. */
#include "cli/cli.h"

#include "cli/output.h"
#include "op/op.h"
#include "report/paper.h"

static int fill(struct cli *cli, struct interview_request *request)
{
    const struct args *args = &cli->args;
    int rc = args_day(cli->cx, args, "today", &cli->cx->today);

    if (rc < 0)
        cli->wrong_use = true;
    TRY(rc);
    *request = (struct interview_request){
        .stage1 = {.stage = 1,
                   .folders = args->words,
                   .folder_n = args->word_n,
                   .profile = args_value(args, "profile"),
                   .content_dir = args_value(args, "content"),
                   .command = cli->given},
        .report = args_value(args, "report"),
        .role = args_value(args, "role"),
        .write_answers = args_value(args, "write-answers"),
    };
    if ((request->report != NULL) == (args->word_n > 0))
        return cli_misuse(cli, _("Give either a folder or --report REPORT.json."));
    if (request->role == NULL)
        return cli_misuse(cli, _("Whose sheet? --role CISO, for example; assay explain lists whom "
                                 "an auditor asks."));
    return 0;
}

static bool is_format(const struct args *args, const char *name)
{
    const char *format = args_value(args, "format");

    return format != NULL && strcmp(format, name) == 0;
}

static int make(struct cli *cli, const struct value *sheet, const char *path, struct buf *out)
{
    struct report_style style =
        path == NULL ? output_style(cli->out) : (struct report_style){.width = 80, .unicode = true};

    if (is_format(&cli->args, "json"))
        return report_json(cli->cx, sheet, &style, out);
    if (is_format(&cli->args, "md"))
        return paper_md(cli->cx, report_sheet_paper(cli->cx->mem, sheet), out);
    if (is_format(&cli->args, "docx"))
        return paper_docx(cli->cx, report_sheet_paper(cli->cx->mem, sheet), out);
    if (is_format(&cli->args, "pdf"))
        return paper_pdf(cli->cx, report_sheet_paper(cli->cx->mem, sheet), out);
    return report_sheet_text(cli->cx, sheet, &style, out);
}

int cli_interview(struct cli *cli)
{
    const char *output = args_value(&cli->args, "output");
    const char *path = output != NULL && strcmp(output, "-") != 0 ? output : NULL;
    struct interview_request request;
    struct value *sheet;
    struct buf out = buf_new(cli->cx->mem);

    TRY(fill(cli, &request));
    if (path == NULL && (is_format(&cli->args, "docx") || is_format(&cli->args, "pdf")))
        return cli_misuse(cli, _("A DOCX or PDF needs a file: --output FILE."));
    if (path != NULL)
        TRY(output_not_input(cli->cx, path, cli->args.words, cli->args.word_n));
    if (request.write_answers != NULL)
        TRY(output_not_input(cli->cx, request.write_answers, cli->args.words, cli->args.word_n));
    int rc = op_interview(cli->cx, &request, &sheet);
    TRY(rc == RC_DENIED ? RC_INVALID : rc);
    TRY(make(cli, sheet, path, &out));
    return path != NULL ? output_file(cli->cx, path, buf_str(&out))
                        : output_stream(cli->cx, cli->out, buf_str(&out));
}
