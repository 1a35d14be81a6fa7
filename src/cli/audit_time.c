/* `assay audit-time`: what the audit will take, and a quote against it. */
#include "cli/cli.h"

#include "cli/output.h"
#include "op/op.h"

static int fill(struct cli *cli, struct stage1_request *request)
{
    const struct args *args = &cli->args;
    int rc = args_day(cli->cx, args, "today", &cli->cx->today);

    if (rc < 0)
        cli->wrong_use = true;
    TRY(rc);
    *request = (struct stage1_request){.folders = args->words,
                                       .folder_n = args->word_n,
                                       .profile = args_value(args, "profile"),
                                       .write_profile = args_value(args, "write-profile"),
                                       .stage = 1,
                                       .quote = args_value(args, "quote"),
                                       .content_dir = args_value(args, "content"),
                                       .command = cli->given};
    return 0;
}

static int show(struct cli *cli, const struct value *result, const char *path)
{
    const char *format = args_value(&cli->args, "format");
    struct report_style style =
        path == NULL ? output_style(cli->out) : (struct report_style){.width = 80, .unicode = true};
    struct buf out = buf_new(cli->cx->mem);

    if (args_has(&cli->args, "json") || (format != NULL && strcmp(format, "json") == 0))
        TRY(report_json(cli->cx, result, &style, &out));
    else
        TRY(report_audit_time(cli->cx, result, &style, &out));
    return path != NULL ? output_file(cli->cx, path, buf_str(&out))
                        : output_stream(cli->cx, cli->out, buf_str(&out));
}

/* Too much or too little in the quote is an answer that says no. */
static bool objects(const struct value *result)
{
    const struct value *quote = value_path(result, "audit_time.quote");
    const struct value *lines = value_get(quote, "lines");
    bool found = false;

    for (size_t i = 0; i <= value_count(lines); i++) {
        const struct value *line =
            i < value_count(lines) ? value_at(lines, i) : value_get(quote, "initial");
        struct str verdict = value_get_text(line, "verdict");
        found = found || str_is(verdict, "more") || str_is(verdict, "fewer") ||
                str_is(verdict, "below-least");
    }
    return found;
}

int cli_audit_time(struct cli *cli)
{
    const char *output = args_value(&cli->args, "output");
    const char *path = output != NULL && strcmp(output, "-") != 0 ? output : NULL;
    struct stage1_request request;
    struct value *result;

    TRY(fill(cli, &request));
    if (path != NULL)
        TRY(output_not_input(cli->cx, path, request.folders, request.folder_n));
    if (request.write_profile != NULL)
        TRY(output_not_input(cli->cx, request.write_profile, request.folders, request.folder_n));
    int rc = op_audit_time(cli->cx, &request, &result);
    TRY(rc == RC_DENIED ? RC_INVALID : rc);
    TRY(show(cli, result, path));
    return objects(result) ? (int)CLI_NO : (int)CLI_DONE;
}
