/* The sheets of a workbook: the lists of a result, one line a thing, to be sorted and filtered. */
#include "report/stage1_paper.h"

static void summary_row(struct paper_table *t, const char *what, struct str value)
{
    struct paper_row *row;

    if (value.n == 0)
        return;
    row = paper_row(t, false);
    paper_put(row, PAPER_BOLD, PAPER_PLAIN, str_of(what));
    stage1_put(row, value);
}

static void summary_count(struct paper_table *t, const char *what, int64_t n)
{
    struct paper_row *row = paper_row(t, false);

    paper_put(row, PAPER_BOLD, PAPER_PLAIN, str_of(what));
    paper_put_number(row, n * 1000);
}

static void summary(struct stage1_paper *s)
{
    struct paper_table *t = stage1_sheet(s, _("Summary"), "What:3|Answer:8");
    const struct value *verdict = value_get(s->result, "verdict"), *why = value_get(verdict, "why");
    struct date day = {0};

    summary_row(t, _("Organisation"), value_as_text(value_path(s->result, "organisation.name")));
    summary_row(t, _("Standard"), s->paper->subject);
    if (date_parse_iso(value_get_text(s->result, "today"), &day)) {
        struct paper_row *row = paper_row(t, false);
        paper_put(row, PAPER_BOLD, PAPER_PLAIN, str_of(_("As of")));
        paper_put_day(row, day);
    }
    summary_row(t, _("Verdict"), str_of(report_ready_word(s->result)));
    summary_row(t, _("In a sentence"), value_get_text(verdict, "headline"));
    summary_count(t, _("Demanded documents and records"),
                  value_as_int(value_path(verdict, "minimum.of"), 0));
    summary_count(t, _("Of these there"), value_as_int(value_path(verdict, "minimum.met"), 0));
    summary_count(t, _("Block Stage 1"), (int64_t)report_count(s->result, GRAVITY_BLOCKING));
    summary_count(t, _("Concerns"), (int64_t)report_count(s->result, GRAVITY_CONCERN));
    summary_count(t, _("Notes"), (int64_t)report_count(s->result, GRAVITY_NOTE));
    for (size_t i = 0; i < value_count(why); i++)
        summary_row(t, i == 0 ? _("Why") : "", value_as_text(value_at(why, i)));
    summary_row(t, _("Notice"), value_as_text(value_path(s->result, "notice.self_assessment")));
    summary_row(t, _("Made by"), s->paper->program);
}

static struct str first_place(struct stage1_paper *s, const struct value *finding, bool path)
{
    const struct value *quote = value_at(value_get(finding, "evidence"), 0);

    if (quote == NULL)
        quote = value_at(value_get(finding, "lines"), 0);
    if (quote == NULL)
        quote = value_path(finding, "searched.nearest");
    return path ? value_get_text(quote, "path") : report_place(s->mem, quote);
}

static const char *grade_of(const struct value *finding)
{
    enum gravity gravity = report_gravity(finding);

    return gravity == GRAVITY_BLOCKING  ? _("blocking")
           : gravity == GRAVITY_CONCERN ? _("concern")
                                        : _("note");
}

static void put_thousandths(struct paper_row *row, const struct value *n)
{
    if (value_type(n) == VALUE_INT || value_type(n) == VALUE_DECIMAL)
        paper_put_number(row, value_as_thousandths(n, 0));
    else
        stage1_put(row, STR_NONE);
}

static void findings(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "findings");
    struct paper_table *t = stage1_sheet(
        s, _("Findings"),
        s->auditor ? "Id:3|Stage 1:2|Stage 2:2|Clause:2|Requirement:2|Control:2|Title:6|"
                     "Statement:9|File:5|Place:4|Why:7"
                   : "Id:3|Stage 1:2|Stage 2:2|Clause:2|Requirement:2|Control:2|Title:6|"
                     "Statement:9|File:5|Place:4|Why:7|Next step:9|Days of work:2r|Lead days:2r");

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct paper_row *row = paper_row(t, false);
        enum paper_role role = stage1_gravity_role(report_gravity(it));
        stage1_put(row, value_get_text(it, "id"));
        paper_put(row, 0, role, str_of(grade_of(it)))->fill = role;
        stage1_put(row, value_get_text(it, "stage2"));
        stage1_put(row, value_get_text(it, "clause"));
        stage1_put(row, value_get_text(it, "requirement"));
        stage1_put(row, value_get_text(it, "control"));
        stage1_put(row, value_get_text(it, "title"));
        stage1_put(row, value_get_text(it, "statement"));
        stage1_put(row, first_place(s, it, true));
        stage1_put(row, first_place(s, it, false));
        stage1_put(row, value_get_text(it, "why"));
        if (s->auditor)
            continue;
        stage1_put(row, value_get_text(it, "next_step"));
        put_thousandths(row, value_get(it, "effort_days"));
        put_thousandths(row, value_get(it, "lead_days"));
    }
}

/* Lines of registers that findings speak of. */
static void lines(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "findings");
    struct paper_table *t = NULL;

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *finding = value_at(list, i), *of = value_get(finding, "lines");
        for (size_t k = 0; k < value_count(of); k++) {
            const struct value *line = value_at(of, k);
            struct paper_row *row;
            if (t == NULL)
                t = stage1_sheet(s, _("Lines"),
                                 s->auditor ? "Finding:3|Line:3|What is wrong:8|File:5|Place:5|"
                                              "As it stands:9"
                                            : "Finding:3|Line:3|What is wrong:8|File:5|Place:5|"
                                              "As it stands:9|How it could read:9");
            row = paper_row(t, false);
            stage1_put(row, value_get_text(finding, "id"));
            stage1_put(row, value_get_text(line, "ref"));
            stage1_put(row, value_get_text(line, "says"));
            stage1_put(row, value_get_text(line, "path"));
            stage1_put(row, report_place(s->mem, line));
            stage1_put(row, value_get_text(line, "quote"));
            if (!s->auditor)
                stage1_put(row, value_get_text(line, "better"));
        }
    }
}

static void requirements(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "requirements");
    struct paper_table *t =
        stage1_sheet(s, _("Requirements"), "Id:3|Clause:2|Requirement:8|Status:3|Why:9");

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct paper_row *row = paper_row(t, false);
        stage1_put(row, value_get_text(it, "id"));
        stage1_put(row, value_get_text(it, "clause"));
        stage1_put(row, value_get_text(it, "title"));
        stage1_put_status(row, value_get_text(it, "status"));
        stage1_put(row, value_get_text(it, "why_status"));
    }
}

static void controls(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "controls");
    struct paper_table *t = stage1_sheet(s, _("Controls"),
                                         "Id:2|Control:7|Status:3|Why:8|Applies:2|Reason:7|"
                                         "Status in the SoA:3|Reference:4|Owner:3|Line:3");

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i), *line = value_get(it, "line");
        const struct value *said = value_get(it, "applicable");
        struct paper_row *row = paper_row(t, false);
        stage1_put(row, value_get_text(it, "id"));
        stage1_put(row, value_get_text(it, "title"));
        stage1_put_status(row, value_get_text(it, "status"));
        stage1_put(row, value_get_text(it, "why_status"));
        stage1_put(row, value_type(said) != VALUE_BOOL ? STR_NONE
                        : value_as_bool(said)          ? str_of(_("yes"))
                                                       : str_of(_("no")));
        stage1_put(row, value_get_text(line, "reason"));
        stage1_put(row, value_get_text(line, "status_said"));
        stage1_put(row, value_get_text(line, "reference"));
        stage1_put(row, value_get_text(line, "owner"));
        stage1_put(row, value_get_text(line, "place"));
    }
}

static void put_day(struct paper_row *row, struct str iso)
{
    struct date day = {0};

    if (date_parse_iso(iso, &day))
        paper_put_day(row, day);
    else
        stage1_put(row, iso);
}

static void documents(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "documents");
    struct paper_table *t =
        stage1_sheet(s, _("Documents"),
                     "File:7|Title:5|Taken for:6|Sure, %:2r|Nature:2|Language:2|Version:2|Status:2|"
                     "Owner:3|Approved on:3|Review due:3|Copy of:5|Bytes:2r|What went wrong:5");

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        const struct value *kind = value_at(value_get(it, "kinds"), 0);
        struct paper_row *row = paper_row(t, false);
        stage1_put(row, value_get_text(it, "path"));
        stage1_put(row, value_get_text(it, "title"));
        stage1_put(row, value_get_text(kind, "title").n > 0 ? value_get_text(kind, "title")
                                                            : value_get_text(kind, "kind"));
        if (kind != NULL)
            paper_put_number(row,
                             value_as_thousandths(value_get(kind, "confidence"), 0) / 10 * 1000);
        else
            stage1_put(row, STR_NONE);
        stage1_put(row, value_get_text(it, "nature"));
        stage1_put(row, value_get_text(it, "language"));
        stage1_put(row, value_get_text(it, "version"));
        stage1_put(row, value_get_text(it, "status"));
        stage1_put(row, value_get_text(it, "owner"));
        put_day(row, value_get_text(it, "approved_on"));
        put_day(row, value_get_text(it, "review_due"));
        stage1_put(row, value_get_text(it, "copies_of"));
        put_thousandths(row, value_get(it, "bytes"));
        stage1_put(row, value_get_text(it, "error"));
    }
}

static void registers(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "registers");
    struct paper_table *t = NULL;

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i), *columns = value_get(it, "columns");
        for (size_t k = 0; k < value_count(columns); k++) {
            const struct value *column = value_at(columns, k);
            struct paper_row *row;
            if (t == NULL)
                t = stage1_sheet(s, _("Registers"),
                                 "Register:4|File:7|Place:5|Lines:2r|Column:5|Read as:5|By:3");
            row = paper_row(t, false);
            stage1_put(row, value_get_text(it, "register"));
            stage1_put(row, value_get_text(it, "path"));
            stage1_put(row, report_place(s->mem, it));
            paper_put_number(row, value_get_int(it, "rows", 0) * 1000);
            stage1_put(row, value_get_text(column, "header"));
            stage1_put(row, value_get_text(column, "field"));
            stage1_put(row, value_get_text(column, "how"));
        }
    }
}

static void trails(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "trails");
    struct paper_table *t = NULL;

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i), *steps = value_get(it, "steps");
        for (size_t k = 0; k < value_count(steps); k++) {
            const struct value *step = value_at(steps, k);
            struct str state = value_get_text(step, "state");
            struct paper_row *row;
            if (t == NULL)
                t = stage1_sheet(s, _("Trails"),
                                 "Risk:4|Step:4|State:2|What stands there:9|File:6|Place:5");
            row = paper_row(t, false);
            stage1_put(row, value_get_text(it, "ref"));
            stage1_put(row, value_get_text(step, "title"));
            paper_put(row, 0, PAPER_PLAIN, state)->fill =
                str_is(state, "broken") ? PAPER_MISSING : PAPER_PLAIN;
            stage1_put(row, value_get_text(step, "text"));
            stage1_put(row, value_get_text(step, "path"));
            stage1_put(row, report_place(s->mem, step));
        }
    }
}

static void commitments(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "commitments");
    struct paper_table *t = NULL;

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct paper_row *row;
        if (t == NULL)
            t = stage1_sheet(s, _("Commitments"),
                             "About:5|What:6|Kind:3|Promised:4|Value:3|Who or what:4|"
                             "In the document’s words:9|File:6|Place:5");
        row = paper_row(t, false);
        stage1_put(row, value_get_text(it, "topic_title"));
        stage1_put(row, value_get_text(it, "what"));
        stage1_put(row, value_get_text(it, "kind"));
        stage1_put(row, stage1_promise(s->mem, it));
        stage1_put(row, value_print(s->mem, value_get(it, "value")));
        stage1_put(row, value_get_text(it, "subject"));
        stage1_put(row, value_get_text(it, "quote"));
        stage1_put(row, value_get_text(it, "path"));
        stage1_put(row, report_place(s->mem, it));
    }
}

/* Any list of maps, by the keys of their texts. */
static void texts(struct stage1_paper *s, const struct value *list, const char *name,
                  const char *columns, const char *const *keys)
{
    struct paper_table *t;

    if (value_count(list) == 0)
        return;
    t = stage1_sheet(s, name, columns);
    for (size_t i = 0; i < value_count(list); i++) {
        struct paper_row *row = paper_row(t, false);
        for (size_t k = 0; keys[k] != NULL; k++)
            stage1_put(row, value_print(s->mem, value_get(value_at(list, i), keys[k])));
    }
}

void stage1_sheets(struct stage1_paper *s)
{
    static const char *const asked[] = {"question", "role_title", "good_answer", "red_flag",
                                        "path",     "place",      "missing",     NULL};
    static const char *const skipped[] = {"path", "what", "why", NULL};
    static const char *const warnings[] = {"about", "name", "says", NULL};
    static const char *const questions[] = {"question", "requirement", "profile_key", NULL};

    summary(s);
    findings(s);
    lines(s);
    requirements(s);
    controls(s);
    documents(s);
    registers(s);
    trails(s);
    commitments(s);
    if (!s->auditor)
        texts(s, value_get(s->result, "first_questions"), _("First questions"),
              "Question:9|For:4|A good answer:9|Sounds bad:7|Have open:6|Place:5|To be written:5",
              asked);
    texts(s, value_path(s->result, "verdict.questions"), _("Questions"),
          "Question:10|Requirement:3|Key in the profile:5", questions);
    texts(s, value_get(s->result, "skipped"), _("Not judged"), "File:7|What it is:3|Why:9",
          skipped);
    texts(s, value_get(s->result, "warnings"), _("Warnings"), "About:3|Name:7|What it is:10",
          warnings);
}
