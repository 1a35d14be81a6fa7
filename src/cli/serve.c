/* The command that serves a home to browsers and programs. */
#include "web/openapi.h"
#include "web/serve.h"

#include "cli/cli.h"
#include "cli/output.h"

static void say_ready(void *arg, struct str address, struct str link)
{
    const struct cli *cli = arg;

    if (link.n > 0)
        (void)fprintf(cli->out,
                      _("Nobody has an account yet. This link makes the first one, once, within a "
                        "day:\n\n   %.*s\n\n"),
                      STR_ARG(link));
    (void)fprintf(cli->out, _("Assay is at %.*s (Ctrl-C ends it)\n"), STR_ARG(address));
    (void)fflush(cli->out);
}

int cli_openapi(struct cli *cli)
{
    const char *output = args_value(&cli->args, "output");
    const struct registers *registers = NULL;
    struct ctx *cx = cli->cx;
    struct buf out = buf_new(cx->mem);
    struct content content;

    TRY(content_open(cx, args_value(&cli->args, "content"), &content));
    TRY(registers_load(cx, &content, &registers));
    value_json(&out, openapi_make(cx->mem, registers, STR_NONE), 2);
    buf_char(&out, '\n');
    if (output == NULL || strcmp(output, "-") == 0)
        return output_stream(cx, cli->out, buf_str(&out));
    return output_file(cx, output, buf_str(&out));
}

int cli_serve(struct cli *cli)
{
    struct serve_options options = {
        .where = {.home = args_value(&cli->args, "home"),
                  .content_dir = args_value(&cli->args, "content")},
        .listen = args_value(&cli->args, "listen"),
        .url = args_value(&cli->args, "url"),
        .certificate = args_value(&cli->args, "certificate"),
        .key = args_value(&cli->args, "key"),
        .behind_proxy = args_has(&cli->args, "behind-proxy"),
        .log = args_value(&cli->args, "log"),
        .mail = args_value(&cli->args, "mail"),
        .mail_from = args_value(&cli->args, "mail-from"),
        .mail_password_file = args_value(&cli->args, "mail-password-file"),
        .mail_authorities = args_value(&cli->args, "mail-authorities"),
        .provider = {args_value(&cli->args, "oidc"), args_value(&cli->args, "oidc-client"),
                     args_value(&cli->args, "oidc-secret-file"),
                     args_value(&cli->args, "oidc-name")}};
    const char *workers = args_value(&cli->args, "workers");
    int64_t n = 0;

    if (workers != NULL && (!str_to_int(str_of(workers), &n) || n < 1 || n > 256))
        return cli_misuse(cli, _("--workers takes a number from 1 to 256, not \"%s\"."), workers);
    options.workers = (unsigned)n;
    TRY(args_day(cli->cx, &cli->args, "today", &options.today));
    return serve_run(cli->cx, &options, say_ready, cli);
}
