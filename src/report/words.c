#include "report/internal.h"

enum gravity report_gravity(const struct value *finding)
{
    const struct value *grade = value_get(finding, "grade");

    if (value_is_text(grade, "AOC-BLOCK") || value_is_text(grade, "MAJOR"))
        return GRAVITY_BLOCKING;
    return value_is_text(grade, "AOC") || value_is_text(grade, "MINOR") ? GRAVITY_CONCERN
                                                                        : GRAVITY_NOTE;
}

static const char *say_stage1(enum say what)
{
    const char *words[SAY_N] = {
        [SAY_TITLE] = _("Stage 1 self-assessment"),
        [SAY_QUESTION] = _("Would Stage 1 pass?"),
        [SAY_READY] = _("Ready for Stage 1"),
        [SAY_READY_WITH_CONCERNS] = _("Ready for Stage 1, with concerns"),
        [SAY_NOT_READY] = _("Not ready for Stage 1"),
        [SAY_BLOCKING] = _("What blocks Stage 1"),
        [SAY_BLOCKS] = _("blocks Stage 1"),
        [SAY_BLOCK] = _("block Stage 1"),
        [SAY_BLOCKING_ONE] = _("gap blocks Stage 1"),
        [SAY_BLOCKING_MANY] = _("gaps block Stage 1"),
        [SAY_BLOCKING_SINCE] = _("gaps that block Stage 1"),
        [SAY_BLOCKING_LEAD] = _("Stage 2 should not begin before this is closed."),
        [SAY_CONCERNS] = _("Concerns and notes"),
        [SAY_CONCERN_ONE] = _("concern for Stage 2"),
        [SAY_CONCERN_MANY] = _("concerns: could become nonconformities at Stage 2"),
        [SAY_CONCERNS_SHORT] = _("concerns"),
        [SAY_CONCERNS_LEAD] = _("Could become nonconformities at Stage 2."),
        [SAY_CONCERNS_SINCE] = _("concerns for Stage 2"),
        [SAY_NOTE_ONE] = _("note"),
        [SAY_NOTE_MANY] = _("notes: worth improving"),
        [SAY_LEFT] = _("only Stage 2 can judge"),
    };

    return words[what];
}

static const char *say_stage2(enum say what)
{
    const char *words[SAY_N] = {
        [SAY_TITLE] = _("Stage 2 self-assessment"),
        [SAY_QUESTION] = _("Would Stage 2 pass?"),
        [SAY_READY] = _("No nonconformity visible"),
        [SAY_READY_WITH_CONCERNS] = _("No major nonconformity visible"),
        [SAY_NOT_READY] = _("Not ready for Stage 2"),
        [SAY_BLOCKING] = _("Major nonconformities"),
        [SAY_BLOCKS] = _("major nonconformity"),
        [SAY_BLOCK] = _("major nonconformities"),
        [SAY_BLOCKING_ONE] = _("major nonconformity"),
        [SAY_BLOCKING_MANY] = _("major nonconformities"),
        [SAY_BLOCKING_SINCE] = _("major nonconformities"),
        [SAY_BLOCKING_LEAD] = _("No certificate is granted while one is open."),
        [SAY_CONCERNS] = _("Minor nonconformities and opportunities for improvement"),
        [SAY_CONCERN_ONE] = _("minor nonconformity"),
        [SAY_CONCERN_MANY] = _("minor nonconformities"),
        [SAY_CONCERNS_SHORT] = _("minor nonconformities"),
        [SAY_CONCERNS_LEAD] = _("Each needs its cause and a plan."),
        [SAY_CONCERNS_SINCE] = _("minor nonconformities"),
        [SAY_NOTE_ONE] = _("opportunity for improvement"),
        [SAY_NOTE_MANY] = _("opportunities for improvement"),
        [SAY_LEFT] = _("the auditor will look at on the day"),
    };

    return words[what];
}

const char *report_say(const struct value *result, enum say what)
{
    return value_get_int(result, "stage", 1) >= 2 ? say_stage2(what) : say_stage1(what);
}

bool report_is_of_home(const struct value *result)
{
    return value_get_text(result, "audit").n > 0;
}

size_t report_count(const struct value *result, enum gravity gravity)
{
    const struct value *findings = value_get(result, "findings");
    size_t n = 0;

    for (size_t i = 0; i < value_count(findings); i++)
        n += report_gravity(value_at(findings, i)) == gravity;
    return n;
}

struct str report_date(struct arena *mem, struct str iso)
{
    const char *months[] = {_("January"),   _("February"), _("March"),    _("April"),
                            _("May"),       _("June"),     _("July"),     _("August"),
                            _("September"), _("October"),  _("November"), _("December")};
    struct date d;

    if (!date_parse_iso(iso, &d))
        return iso;
    return str_printf(mem, "%d %s %d", d.day, months[d.month - 1], d.year);
}

static struct str days(struct arena *mem, int64_t thousandths)
{
    struct str n = value_print(mem, value_decimal(mem, thousandths));

    return str_printf(mem, thousandths == 1000 ? _("%.*s day") : _("%.*s days"), STR_ARG(n));
}

struct str report_effort(struct arena *mem, const struct value *finding)
{
    int64_t effort = value_as_thousandths(value_get(finding, "effort_days"), 0);
    int64_t lead = value_as_thousandths(value_get(finding, "lead_days"), 0);
    struct buf out = buf_new(mem);

    if (effort > 0)
        buf_printf(&out, _("%.*s of work"), STR_ARG(days(mem, effort)));
    if (effort > 0 && lead > 0)
        buf_addz(&out, ", ");
    if (lead > 0)
        buf_printf(&out, _("%.*s of lead time"), STR_ARG(days(mem, lead)));
    return buf_str(&out);
}

static void add_place(struct buf *out, const struct value *at, const char *key, const char *format)
{
    struct str text = value_print(out->mem, value_get(at, key));

    if (text.n == 0 || str_is(text, "0"))
        return;
    if (out->n > 0)
        buf_addz(out, ", ");
    buf_add(out, str_printf(out->mem, "%s%.*s", format, STR_ARG(text)));
}

struct str report_place(struct arena *mem, const struct value *quote)
{
    const struct value *at = value_get(quote, "at");
    struct str place = value_get_text(quote, "place");
    struct buf out = buf_new(mem);

    if (place.n > 0)
        return place;
    add_place(&out, at, "sheet", _("sheet "));
    add_place(&out, at, "page", _("page "));
    add_place(&out, at, "heading", "");
    add_place(&out, at, "row", _("row "));
    add_place(&out, at, "line", _("line "));
    return buf_str(&out);
}

static const char *ready_word(const struct value *result, struct str ready)
{
    if (str_is(ready, "yes"))
        return report_say(result, SAY_READY);
    return report_say(result,
                      str_is(ready, "with-concerns") ? SAY_READY_WITH_CONCERNS : SAY_NOT_READY);
}

const char *report_ready_word(const struct value *result)
{
    return ready_word(result, value_as_text(value_path(result, "verdict.ready")));
}

struct str report_verdict_change(struct arena *mem, const struct value *result)
{
    const struct value *since = value_get(result, "since");
    struct str was = value_as_text(value_path(since, "ready.was"));
    struct str now = value_as_text(value_path(since, "ready.now"));

    if (str_eq(was, now))
        return STR_NONE;
    return str_printf(mem, _("Then: %s. Now: %s."), ready_word(result, was),
                      ready_word(result, now));
}

const char *report_status_word(struct str status)
{
    if (str_is(status, "met"))
        return _("met");
    if (str_is(status, "present"))
        return _("there");
    if (str_is(status, "partly"))
        return _("partly");
    if (str_is(status, "missing"))
        return _("missing");
    if (str_is(status, "not-applicable"))
        return _("not applicable");
    return _("cannot tell");
}

const char *report_stage2_word(struct str grade)
{
    if (str_is(grade, "MAJOR"))
        return _("Stage 2: major nonconformity");
    if (str_is(grade, "MINOR"))
        return _("Stage 2: minor nonconformity");
    if (str_is(grade, "OFI"))
        return _("Stage 2: opportunity for improvement");
    return "";
}

static const char *grade_word(struct str grade)
{
    if (str_is(grade, "AOC-BLOCK"))
        return _("blocking");
    if (str_is(grade, "MAJOR"))
        return _("major");
    if (str_is(grade, "MINOR"))
        return _("minor");
    return str_is(grade, "AOC") ? _("concern") : _("note");
}

struct str report_change(struct arena *mem, const struct value *change)
{
    struct str was = value_get_text(change, "was"), now = value_get_text(change, "now");
    const char *(*word)(struct str) =
        value_is_text(value_get(change, "what"), "finding") ? grade_word : report_status_word;

    if (now.n == 0)
        return str_of(_("closed"));
    if (was.n == 0)
        return str_printf(mem, _("new: %s"), word(now));
    return str_printf(mem, _("%s, now %s"), word(was), word(now));
}

struct str report_other_rules(void)
{
    return str_of(_("The rules have changed since then; a difference may come from them."));
}

static struct report_met met_of(const struct value *rows, const char *key)
{
    struct report_met sum = {0, 0};

    for (size_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_at(rows, i);
        if (key != NULL)
            row = value_get(row, key);
        sum.met += value_get_int(row, "met", 0);
        sum.of += value_get_int(row, "total", 0);
    }
    return sum;
}

struct report_met report_met_now(const struct value *result)
{
    return met_of(value_get(result, "clauses"), NULL);
}

struct report_met report_met_then(const struct value *result)
{
    return met_of(value_path(result, "since.clauses"), "was");
}

bool report_in_clause(struct str number, struct str clause)
{
    if (!str_starts(number, clause) || clause.n == 0)
        return false;
    return number.n == clause.n || number.p[clause.n] == '.' || number.p[clause.n] == ' ';
}

const struct value *report_by_id(const struct value *list, struct str id)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_get_text(value_at(list, i), "id"), id))
            return value_at(list, i);
    return NULL;
}

struct str report_question(const struct value *result, struct str id)
{
    const struct value *question = report_by_id(value_path(result, "verdict.questions"), id);
    struct str text = value_get_text(question, "question");

    return text.n > 0 ? text : id;
}

struct str report_needs(struct arena *mem, const struct value *result, const struct value *finding)
{
    const struct value *needs = value_get(finding, "needs");
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < value_count(needs); i++) {
        struct str id = value_as_text(value_at(needs, i));
        struct str title = value_get_text(report_by_id(value_get(result, "findings"), id), "title");
        if (i > 0)
            buf_addz(&out, "; ");
        buf_add(&out, title.n > 0 ? title : id);
    }
    return buf_str(&out);
}

struct str report_group(const struct value *control)
{
    struct str id = value_get_text(control, "id");
    size_t at = id.n;

    while (at > 0 && id.p[at - 1] != '.')
        at--;
    return str_sub(id, 0, at > 0 ? at - 1 : 0);
}

struct value *report_copy(struct arena *mem, const struct value *v)
{
    struct value *copy;

    switch (value_type(v)) {
    case VALUE_BOOL:
        return value_bool(mem, value_as_bool(v));
    case VALUE_INT:
        return value_int(mem, value_as_int(v, 0));
    case VALUE_DECIMAL:
        return value_decimal(mem, value_as_thousandths(v, 0));
    case VALUE_TEXT:
        return value_text(mem, value_as_text(v));
    case VALUE_LIST:
        copy = value_list(mem);
        for (size_t i = 0; i < value_count(v); i++)
            value_push(copy, report_copy(mem, value_at(v, i)));
        return copy;
    case VALUE_MAP:
        copy = value_map(mem);
        for (size_t i = 0; i < value_count(v); i++)
            value_set(copy, str_z(mem, value_key_at(v, i)), report_copy(mem, value_at(v, i)));
        return copy;
    case VALUE_NULL:
        break;
    }
    return value_null(mem);
}

static void add_part(struct buf *out, struct str text)
{
    if (text.n > 0)
        buf_printf(out, "%s%.*s", out->n > 0 ? " · " : "", STR_ARG(text));
}

struct str report_line(struct arena *mem, const struct value *control)
{
    const struct value *line = value_get(control, "line"), *said = value_get(control, "applicable");
    struct buf out = buf_new(mem);

    if (value_type(line) != VALUE_MAP)
        return STR_NONE;
    add_part(&out, value_get_text(line, "place"));
    if (value_type(said) == VALUE_BOOL)
        add_part(&out, str_of(value_as_bool(said) ? _("applies") : _("left out")));
    if (!value_is_text(value_get(control, "status"), "not-applicable")) /* it says so above */
        add_part(&out, value_get_text(line, "reason"));
    add_part(&out, value_get_text(line, "status_said"));
    add_part(&out, value_get_text(line, "reference"));
    add_part(&out, value_get_text(line, "owner"));
    return buf_str(&out);
}

const char *report_applies(const struct value *carried)
{
    const struct value *said = value_get(carried, "applicable");

    if (value_get_bool(carried, "new"))
        return _("new: to be decided");
    if (value_type(said) == VALUE_BOOL)
        return value_as_bool(said) ? _("yes") : _("no");
    return _("to be decided");
}
