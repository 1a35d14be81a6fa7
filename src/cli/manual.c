#include "cli/cli.h"
#include "cli/shell.h"

/* Text for roff: hyphens as they are typed, and no line that begins like a request. */
static void add_text(struct buf *out, struct str text)
{
    bool line_start = out->n == 0 || out->p[out->n - 1] == '\n';

    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (line_start && (c == '.' || c == '\''))
            buf_addz(out, "\\&");
        line_start = c == '\n';
        if (c == '\\')
            buf_addz(out, "\\e");
        else if (c == '-')
            buf_addz(out, "\\-");
        else
            buf_char(out, c);
    }
}

static void add_z(struct buf *out, const char *text)
{
    add_text(out, str_of(text));
}

static void section(struct buf *out, const char *title)
{
    buf_printf(out, ".SH \"%s\"\n", title);
}

/* A tagged paragraph: the tag in bold and, where there is one, what stands for a value. */
static void item(struct buf *out, const char *tag, const char *value, const char *text)
{
    buf_addz(out, ".TP\n\\fB");
    add_z(out, tag);
    buf_addz(out, "\\fR");
    if (value != NULL && value[0] != '\0') {
        buf_addz(out, " \\fI");
        add_z(out, value);
        buf_addz(out, "\\fR");
    }
    buf_char(out, '\n');
    add_z(out, text);
    buf_char(out, '\n');
}

static void paragraphs(struct buf *out, const char *text)
{
    struct str rest = str_of(text);

    while (rest.n > 0) {
        size_t end = str_find(rest, STR("\n\n"), 0);
        buf_addz(out, ".PP\n");
        add_text(out, str_sub(rest, 0, end != SIZE_MAX ? end : rest.n));
        buf_char(out, '\n');
        rest = end != SIZE_MAX ? str_from(rest, end + 2) : STR_NONE;
    }
}

static void command(struct buf *out, const struct command *c)
{
    struct str tail = str_of(c->usage);

    buf_addz(out, ".SS \"assay ");
    add_z(out, c->name);
    if (tail.n > 0)
        buf_char(out, ' ');
    add_text(out, tail);
    buf_addz(out, "\"\n");
    add_z(out, _(c->line));
    buf_addz(out, "\n");
    if (c->text != NULL)
        paragraphs(out, _(c->text));
    for (const struct option *o = c->options; o != NULL && o->name != NULL; o++)
        item(out, str_printf(out->mem, "--%s", o->name).p, o->value, _(o->help));
}

static void exit_codes(struct buf *out)
{
    section(out, _("EXIT STATUS"));
    item(out, "0", NULL, _("Done."));
    item(out, "1", NULL, _("Done, and the answer is no: something blocks (see --fail-on)."));
    item(out, "2", NULL, _("The command was used wrongly."));
    item(out, "3", NULL, _("An input is missing, unreadable or invalid."));
    item(out, "4", NULL,
         _("Refused, for example to write over one of the documents, or without the right to it."));
    item(out, "5", NULL, _("The machine or Assay failed."));
}

static void surroundings(struct buf *out)
{
    section(out, _("ENVIRONMENT"));
    item(out, "ASSAY_HOME", NULL, _("The home, where --home does not name one."));
    item(out, "ASSAY_ORGANISATION", NULL, _("Which of a home's organisations, as --organisation."));
    item(out, "ASSAY_AS", NULL, _("Who acts, as --as."));
    item(out, "NO_COLOR", NULL, _("Where it is set, nothing is coloured."));
    item(out, "TERM", NULL, _("Where it is dumb, nothing is coloured."));
    section(out, _("EXAMPLES"));
    item(out, "assay stage1 ~/isms", NULL, _("Would Stage 1 pass?"));
    item(out, "assay stage1 ~/isms --format html --output report.html", NULL,
         _("The same as a page that can be forwarded."));
    item(out, "assay stage1 ~/isms --since last.json", NULL,
         _("With what changed since an earlier report."));
    item(out, "assay init ~/isms-records --name \"Larkfield Ltd\" --owner \"Ada Byron\"", NULL,
         _("A home for records, with an organisation in it."));
    item(out, "assay explain minimum", NULL, _("What the standard demands in any case."));
    section(out, _("NOTES"));
    add_z(out, _("What Assay gives is a self-assessment; only an accredited certification body can "
                 "certify. Everything is read on this machine, and nothing leaves it."));
    buf_char(out, '\n');
}

void shell_manual(struct buf *out, const struct command *commands)
{
    buf_addz(out, ".\\\" Made by: assay help --man\n");
    buf_printf(out, ".TH ASSAY 1 \"\" \"assay %s\" \"%s\"\n", ASSAY_VERSION, _("User Commands"));
    section(out, _("NAME"));
    add_z(out, _("assay - would the certification audit of your ISMS pass?"));
    buf_char(out, '\n');
    section(out, _("SYNOPSIS"));
    for (const struct command *c = commands; c->name != NULL; c++) {
        buf_addz(out, c != commands ? ".br\n\\fBassay " : "\\fBassay ");
        add_z(out, c->name);
        buf_addz(out, "\\fR ");
        add_z(out, c->usage);
        if (c->options != NULL && c->options->name != NULL)
            buf_printf(out, "%s\\fI[%s]\\fR", c->usage[0] != '\0' ? " " : "", _("OPTIONS"));
        buf_char(out, '\n');
    }
    section(out, _("DESCRIPTION"));
    add_z(out, _(cli_about));
    buf_char(out, '\n');
    section(out, _("COMMANDS"));
    for (const struct command *c = commands; c->name != NULL; c++)
        command(out, c);
    exit_codes(out);
    surroundings(out);
}
