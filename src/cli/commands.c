/* The table of commands, and the help that is made from it. */
#include "cli/cli.h"

#include "cli/output.h"
#include "cli/shell.h"
#include "op/table.h"
#include "report/page.h"

#define FORMAT_OPTION                                                                              \
    {                                                                                              \
        "format", "text|json", false, "text|json", "for people, or for programs"                   \
    }
#define STAGE_FORMATS                                                                              \
    {                                                                                              \
        "format", "text|html|md|docx|pdf|xlsx|json|sarif|svg", true,                               \
            "text|html|md|docx|pdf|xlsx|json|sarif|svg",                                           \
            "may be given again (default: text); sarif: for a forge's list of alerts; svg: a "     \
            "picture"                                                                              \
    }
#define CONTENT_OPTION                                                                             \
    {                                                                                              \
        "content", "DIR", false, NULL, "take standards and languages from this folder"             \
    }

static const struct option no_options[] = {{0}};

static const struct option own_options[] = {
    {"completion", "bash|zsh|fish", false, "bash|zsh|fish", "a script that completes words there"},
    {"man", NULL, false, NULL, "the manual page, assay(1)"},
    {0}};

static const struct option stage1_options[] = {
    {"profile", "FILE", false, NULL, "what you told Assay about your organisation"},
    {"write-profile", "FILE", false, NULL, "write a profile with the questions that are open"},
    {"today", "DATE", false, NULL, "judge as of this day instead of today"},
    {"stage2", "DATE", false, NULL, "the planned day of Stage 2: what can still be done by then?"},
    {"since", "REPORT.json", false, NULL, "what changed since this earlier report"},
    {"starters", "DIR", false, NULL,
     "write drafts of what is missing there; nothing is written over"},
    {"for", "owner|auditor", false, "owner|auditor", "auditor: without next steps and effort"},
    STAGE_FORMATS,
    {"output", "FILE|DIR|-", false, NULL, "where to (default: -, the screen); DIR for several"},
    {"fail-on", "blocker|concern|never", false, "blocker|concern|never",
     "exit with 1 if there is one (default: blocker)"},
    {"timing", NULL, false, NULL, "add how long each phase took"},
    CONTENT_OPTION,
    {0}};

static const struct option stage2_options[] = {
    {"profile", "FILE", false, NULL, "what you told Assay about your organisation"},
    {"write-profile", "FILE", false, NULL, "write a profile with the questions that are open"},
    {"today", "DATE", false, NULL, "judge as of this day instead of today"},
    {"since", "REPORT.json", false, NULL, "what changed since this earlier report of Stage 2"},
    {"for", "owner|auditor", false, "owner|auditor", "auditor: without next steps and effort"},
    STAGE_FORMATS,
    {"output", "FILE|DIR|-", false, NULL, "where to (default: -, the screen); DIR for several"},
    {"fail-on", "blocker|concern|never", false, "blocker|concern|never",
     "exit with 1 if there is a major (blocker) or any nonconformity (default: blocker)"},
    {"timing", NULL, false, NULL, "add how long each phase took"},
    CONTENT_OPTION,
    {0}};

static const struct option documents_options[] = {
    {"profile", "FILE", false, NULL, "what you told Assay about your organisation"},
    {"today", "DATE", false, NULL, "judge as of this day instead of today"},
    {"format", "text|json", false, "text|json", "for people, or for programs"},
    {"output", "FILE|-", false, NULL, "where to (default: -, the screen)"},
    CONTENT_OPTION,
    {0}};

static const struct option audit_time_options[] = {
    {"profile", "FILE", false, NULL, "what you told Assay: persons, sites, factors"},
    {"write-profile", "FILE", false, NULL, "write a profile with the questions that are open"},
    {"quote", "FILE", false, NULL, "a certification body's quote, held against it line by line"},
    {"today", "DATE", false, NULL, "judge as of this day instead of today"},
    {"json", NULL, false, NULL, "the same as --format json"},
    {"format", "text|json", false, "text|json", "for people, or for programs"},
    {"output", "FILE|-", false, NULL, "where to (default: -, the screen)"},
    CONTENT_OPTION,
    {0}};

static const struct option interview_options[] = {
    {"role", "ROLE", false, NULL,
     "whose sheet: TM, CISO, RO, IA, DEV, OPS, HR, SUP, FAC, NEW, ANY"},
    {"report", "REPORT.json", false, NULL, "a report in the place of the folder"},
    {"profile", "FILE", false, NULL, "what you told Assay, with earlier answers"},
    {"write-answers", "FILE", false, NULL, "write a profile with the sheet's questions to fill in"},
    {"today", "DATE", false, NULL, "judge as of this day instead of today"},
    {"format", "text|md|docx|pdf|json", false, "text|md|docx|pdf|json", "default: text"},
    {"output", "FILE|-", false, NULL, "where to (default: -, the screen)"},
    CONTENT_OPTION,
    {0}};

static const struct option openapi_options[] = {
    {"output", "FILE|-", false, NULL, "where to (default: -, the screen)"}, CONTENT_OPTION, {0}};

static const struct option serve_options[] = {
    {"home", "DIR|URL", false, NULL, "the home (default: what ASSAY_HOME says)"},
    {"listen", "HOST:PORT", false, NULL, "where (default: 127.0.0.1:8080; port 0 for any)"},
    {"url", "URL", false, NULL, "how people reach it: https://assay.example"},
    {"behind-proxy", NULL, false, NULL, "believe the X-Forwarded-For and -Proto of what is before"},
    {"certificate", "FILE", false, NULL, "TLS by itself: the certificate with its chain, PEM"},
    {"key", "FILE", false, NULL, "and its key"},
    {"mail", "URL", false, NULL, "send mail by smtps://user@mail.example.org:465 (docs/mail.md)"},
    {"mail-from", "ADDRESS", false, NULL, "from whom it comes"},
    {"mail-password-file", "FILE", false, NULL, "the password of that user, in its first line"},
    {"mail-authorities", "FILE", false, NULL,
     "whom to trust for its certificate, PEM (default: whom the system trusts)"},
    {"workers", "NUMBER", false, NULL, "requests that are answered at once (default: 8)"},
    {"log", "FILE|-", false, NULL, "a line of JSON a request (default: -, unless on a terminal)"},
    {"oidc", "ISSUER", false, NULL, "people may sign in through this provider (OpenID Connect)"},
    {"oidc-client", "ID", false, NULL, "what it knows this server as"},
    {"oidc-secret-file", "FILE", false, NULL, "where the client's secret is, if it has one"},
    {"oidc-name", "NAME", false, NULL, "what people call the provider (default: its host)"},
    {"today", "DATE", false, NULL, "take this day for today"},
    CONTENT_OPTION,
    {0}};

static const struct option content_options[] = {FORMAT_OPTION, CONTENT_OPTION, {0}};

const char cli_about[] = "Assay reads the documents of your information security management "
                         "system, says whether the certification audit would pass, and keeps its "
                         "records.";

static const struct command folder_commands[] = {
    {"stage1", "would Stage 1 pass, why not, and what to write next", "FOLDER...",
     "Reads the documents in the folders and their subfolders, says what each is, judges them "
     "against the standard and shows for every gap what was found, where, and what to do.\n\n"
     "Nothing is changed in the folders, and nothing leaves this machine. The same files, profile "
     "and day give the same report.\n\n"
     "A question that only a person can answer is no gap: --write-profile FILE writes the open "
     "questions down; fill in the answers and give the file back with --profile FILE.\n\n"
     "Exit codes: 0 done, 1 done and the answer is no (see --fail-on), 2 wrong use, 3 an input is "
     "missing, unreadable or invalid, 4 refused, 5 internal error.",
     stage1_options, 1, 10000, cli_stage1, NULL},
    {"stage2", "would Stage 2 pass, as far as records in files tell", "FOLDER...",
     "Judges the same files as stage1, and also what was done by what the records say: tests that "
     "are overdue, corrective actions closed without a look at their effect, accounts of people "
     "who left. Grades are those of a certification audit: major and minor nonconformities and "
     "opportunities for improvement.\n\n"
     "What only a person or a look at a system can decide is listed as what the auditor will look "
     "at on the day.\n\n"
     "Exit codes are those of stage1.",
     stage2_options, 1, 10000, cli_stage2, NULL},
    {"documents", "what each file is, and why Assay thinks so", "FOLDER...",
     "Only the inventory of stage1, without a verdict.", documents_options, 1, 10000, cli_documents,
     NULL},
    {"audit-time", "how many auditor days the certification will take, step by step", "[FOLDER...]",
     "Reckons the auditor days of Stage 1, Stage 2, both surveillances and the recertification "
     "from "
     "the number of people, six factors and the sites. The profile says them (audit_time); where a "
     "folder is given, what its documents say already is proposed. What is unknown leaves a range, "
     "and a question with what its answer would change.\n\n"
     "--quote FILE holds a certification body's quote against it, line by line; the exit code is 1 "
     "where a line has too many days or too few.",
     audit_time_options, 0, 10000, cli_audit_time, NULL},
    {"interview", "what an auditor will ask one person, with the page to have open", "[FOLDER...]",
     "A sheet for one person by role: the questions that matter most by your gaps and by the "
     "standard, "
     "the page to have open with its words, what a good answer shows, and room for the answer. It "
     "takes the documents in a folder, or a report (--report).\n\n"
     "--write-answers FILE writes the questions as a profile to fill in; give it back with "
     "--profile, "
     "here and to stage1.",
     interview_options, 0, 10000, cli_interview, NULL},
    {"explain", "a requirement, control, document kind, criterion or rule in plain words", "ID...",
     "ID is what reports name in front of things, in capitals or not. A clause number lists its "
     "requirements. Other words are looked for in all of them.\n\n"
     "explain minimum: the documents and records that the standard demands in any case.\n\n"
     "explain blockers: the requirements without which Stage 2 cannot begin.",
     content_options, 1, 32, cli_explain, NULL},
    {"standards", "the standards, rule sets and languages inside this program", "", NULL,
     content_options, 0, 0, cli_standards, NULL},
    {"serve", "the home in a browser, for all who take part", "",
     "Serves the home that --home or ASSAY_HOME names. The first time it prints a link that makes "
     "the first account: open it, choose who you are and a password. That account invites the "
     "others.\n\n"
     "It listens on this machine only, unless --listen says otherwise. For others to reach it, put "
     "a web server with TLS before it (--url, --behind-proxy), or give it a certificate. Ctrl-C or "
     "SIGTERM ends it when what is being answered is answered. See docs/serve.md.",
     serve_options, 0, 0, cli_serve, NULL},
    {"openapi", "what programs may ask of the server, as OpenAPI 3.1", "",
     "Made of the server's own tables and of the registers. With the registers of your own a "
     "server "
     "gives it itself: /o/NAME/openapi.json.",
     openapi_options, 0, 0, cli_openapi, NULL},
    {0}};

static const struct command own_commands[] = {
    {"help", "this page, or that of a command", "[COMMAND]", NULL, own_options, 0, 2, cli_help,
     NULL},
    {"version", "the version of this program", "", NULL, no_options, 0, 0, cli_version, NULL},
    {0}};

static size_t put_commands(struct command *all, size_t n, const struct command *some)
{
    for (; some->name != NULL; some++)
        all[n++] = *some;
    return n;
}

static size_t op_count(void)
{
    size_t n = 0;

    while (op_table[n].name != NULL)
        n++;
    return n;
}

static const struct command *op_commands(struct arena *mem)
{
    struct command *all = arena_array(mem, op_count() + 1, sizeof *all);

    for (size_t i = 0; op_table[i].name != NULL; i++)
        all[i] = cli_command_of(mem, &op_table[i]);
    return all;
}

const struct command *cli_commands(struct arena *mem)
{
    size_t n = COUNT_OF(folder_commands) + op_count() + COUNT_OF(own_commands);
    struct command *all = arena_array(mem, n, sizeof *all);

    n = put_commands(all, 0, folder_commands);
    n = put_commands(all, n, op_commands(mem));
    (void)put_commands(all, n, own_commands);
    return all;
}

static void help_options(struct page *p, const struct command *command)
{
    size_t hang = 0;

    for (const struct option *o = command->options; o != NULL && o->name != NULL; o++) {
        size_t n = strlen(o->name) + (o->value != NULL ? strlen(o->value) + 1 : 0) + 7;
        hang = n > hang ? n : hang;
    }
    if (hang == 0)
        return;
    page_line(p);
    page_putz(p, TONE_STRONG, _("Options"));
    page_line(p);
    for (const struct option *o = command->options; o->name != NULL; o++) {
        struct str label = str_printf(p->cx->mem, "--%s%s%s", o->name, o->value != NULL ? " " : "",
                                      o->value != NULL ? o->value : "");
        page_item(p, 3, hang + 1, TONE_PLAIN, label, TONE_PLAIN, str_of(_(o->help)));
    }
}

static void help_command(struct page *p, const struct command *command)
{
    struct str rest = str_of(command->text != NULL ? _(command->text) : "");

    page_put(p, TONE_STRONG,
             str_printf(p->cx->mem, "assay %s%s%s", command->name,
                        command->usage[0] != '\0' ? " " : "", command->usage));
    page_putz(p, TONE_STRONG,
              command->options != NULL && command->options->name != NULL ? _(" [OPTIONS]") : "");
    page_line(p);
    page_text(p, 3, TONE_PLAIN, str_of(_(command->line)));
    while (rest.n > 0) {
        size_t end = str_find(rest, STR("\n\n"), 0);
        page_line(p);
        page_text(p, 0, TONE_PLAIN, str_sub(rest, 0, end != SIZE_MAX ? end : rest.n));
        rest = end != SIZE_MAX ? str_from(rest, end + 2) : STR_NONE;
    }
    help_options(p, command);
}

static void help_lines(struct page *p, const struct command *commands)
{
    for (const struct command *c = commands; c->name != NULL; c++)
        page_item(p, 3, 23, TONE_STRONG, str_of(c->name), TONE_PLAIN, str_of(_(c->line)));
}

static void help_all(struct page *p)
{
    page_text(p, 0, TONE_STRONG, str_of(_(cli_about)));
    page_line(p);
    page_text(p, 0, TONE_PLAIN, str_of(_("usage: assay COMMAND ...")));
    page_line(p);
    page_text(p, 0, TONE_FAINT, str_of(_("Over the folders in which documents lie:")));
    help_lines(p, folder_commands);
    page_line(p);
    page_text(p, 0, TONE_FAINT, str_of(_("Over a home, in which you keep records:")));
    help_lines(p, op_commands(p->cx->mem));
    page_line(p);
    help_lines(p, own_commands);
    page_line(p);
    page_text(p, 0, TONE_PLAIN,
              str_of(_("Begin with: assay stage1 FOLDER, or assay init FOLDER. More about a "
                       "command: assay help COMMAND.")));
}

/* What shells and man take. */
static int help_for_others(struct cli *cli, struct buf *out)
{
    const char *shell = args_value(&cli->args, "completion");
    const struct registers *registers;
    struct content content;

    if (shell != NULL) {
        TRY(content_open(cli->cx, NULL, &content));
        TRY(registers_load(cli->cx, &content, &registers));
        shell_completion(out, cli_commands(out->mem), registers, shell);
    }
    if (args_has(&cli->args, "man"))
        shell_manual(out, cli_commands(out->mem));
    return 0;
}

/* `assay help`, `assay help COMMAND` and `assay COMMAND --help`. */
int cli_help(struct cli *cli)
{
    struct report_style style = output_style(cli->out);
    struct buf out = buf_new(cli->cx->mem);
    struct page page = page_new(cli->cx, &style, &out);
    const struct command *command = cli->command;

    if (command != NULL && command->run == cli_help)
        TRY(help_for_others(cli, &out));
    if (out.n > 0)
        return output_stream(cli->cx, cli->out, buf_str(&out));
    if (command != NULL && command->run == cli_help)
        command = NULL;
    if (command == NULL && cli->args.word_n > 0) {
        struct str name = str_of(cli->args.words[0]);
        if (cli->args.word_n > 1)
            name = str_printf(cli->cx->mem, "%s %s", name.p, cli->args.words[1]);
        command = cli_command(cli->cx->mem, name.p);
        if (command == NULL)
            return cli_unknown(cli, name.p);
    }
    if (command != NULL)
        help_command(&page, command);
    else
        help_all(&page);
    return output_stream(cli->cx, cli->out, buf_str(&out));
}

int cli_version(struct cli *cli)
{
    return output_stream(cli->cx, cli->out, STR("assay " ASSAY_VERSION "\n"));
}
