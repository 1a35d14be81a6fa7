/* Prepares the view for web/templates/stage1.html: words and lists, never markup. */
#include "report/chart.h"
#include "report/internal.h"

static void set_word(struct value *map, const char *key, const char *word)
{
    value_set_text(map, key, str_of(word));
}

static void set_place(struct arena *mem, struct value *quote)
{
    if (value_type(quote) == VALUE_MAP)
        value_set_text(quote, "place_text", report_place(mem, quote));
}

static void add_n(struct value *list)
{
    for (size_t i = 0; i < value_count(list); i++)
        value_set_int(value_at_mut(list, i), "n", (int64_t)i + 1);
}

/* Ids of requirements as maps of id and title. */
static struct value *covered(struct arena *mem, const struct value *result,
                             const struct value *finding)
{
    const struct value *ids = value_get(finding, "covers");
    struct value *list = value_list(mem);

    for (size_t i = 0; i < value_count(ids); i++) {
        struct str id = value_as_text(value_at(ids, i));
        const struct value *found = report_by_id(value_get(result, "requirements"), id);
        struct value *it = value_map(mem);
        value_set_text(it, "id", id);
        value_set_text(it, "title", value_get_text(found, "title"));
        value_push(list, it);
    }
    return list;
}

static struct value *asked(struct arena *mem, const struct value *result,
                           const struct value *finding)
{
    const struct value *ids = value_get(finding, "questions");
    struct value *list = value_list(mem);

    for (size_t i = 0; i < value_count(ids); i++)
        value_push(list, value_text(mem, report_question(result, value_as_text(value_at(ids, i)))));
    return list;
}

static struct str files_text(struct arena *mem, int64_t n)
{
    return str_printf(mem, n == 1 ? _("%lld file") : _("%lld files"), (long long)n);
}

/* What a line could read stands once below the lines that share it. */
static void view_lines(struct arena *mem, struct value *finding)
{
    struct value *lines = value_get_mut(finding, "lines");
    size_t n = value_count(lines);

    for (size_t i = 0; i < n; i++) {
        struct value *line = value_at_mut(lines, i);
        struct str better = value_get_text(line, "better");

        set_place(mem, line);
        if (i + 1 == n || !str_eq(better, value_get_text(value_at(lines, i + 1), "better")))
            value_set_text(line, "better_text", better);
    }
    value_set_int(finding, "lines_n", (int64_t)n);
    value_set_bool(finding, "one_line", n == 1);
    value_set_int(finding, "passages",
                  n > 0 ? 0 : (int64_t)value_count(value_get(finding, "evidence")));
}

static void view_finding(struct arena *mem, const struct value *result, struct value *finding)
{
    struct value *evidence = value_get_mut(finding, "evidence");
    struct value *search = value_get_mut(finding, "searched");
    struct str requirement = value_get_text(finding, "requirement");

    for (size_t i = 0; i < value_count(evidence); i++)
        set_place(mem, value_at_mut(evidence, i));
    view_lines(mem, finding);
    set_place(mem, value_get_mut(search, "nearest"));
    if (value_type(search) == VALUE_MAP)
        value_set_text(search, "files_text", files_text(mem, value_get_int(search, "files", 0)));
    if (!str_eq(value_get_text(finding, "control"), value_get_text(finding, "clause")))
        value_set_text(finding, "other_control", value_get_text(finding, "control"));
    value_set_bool(finding, "one_passage", value_count(evidence) == 1);
    value_set_text(finding, "effort_text", report_effort(mem, finding));
    value_set_text(finding, "needs_text", report_needs(mem, result, finding));
    set_word(finding, "stage2_word", report_stage2_word(value_get_text(finding, "stage2")));
    value_set_bool(finding, "confirm", value_is_text(value_get(finding, "mode"), "confirm"));
    value_set_bool(finding, "signal", value_is_text(value_get(finding, "mode"), "signal"));
    value_set_text(
        finding, "requirement_title",
        value_get_text(report_by_id(value_get(result, "requirements"), requirement), "title"));
    value_set(finding, "covered", covered(mem, result, finding));
    value_set_int(finding, "covered_n", (int64_t)value_count(value_get(finding, "covered")));
    value_set(finding, "asked", asked(mem, result, finding));
}

/* {n, items} of one gravity, or nothing. */
static void view_gravity(struct arena *mem, const struct value *result, struct value *view,
                         enum gravity gravity, const char *key)
{
    struct value *findings = value_get_mut(view, "findings");
    struct value *group = value_map(mem), *items = value_list(mem);

    for (size_t i = 0; i < value_count(findings); i++) {
        struct value *finding = value_at_mut(findings, i);
        if (report_gravity(finding) != gravity)
            continue;
        view_finding(mem, result, finding);
        value_push(items, finding);
    }
    add_n(items);
    value_set_int(group, "n", (int64_t)value_count(items));
    value_set_bool(group, "one", value_count(items) == 1);
    value_set(group, "items", items);
    value_set(view, key, value_count(items) > 0 ? group : value_bool(mem, false));
}

static void view_verdict(struct arena *mem, const struct value *result, struct value *view)
{
    struct value *verdict = value_get_mut(view, "verdict"), *late, *first;

    if (value_type(verdict) != VALUE_MAP)
        verdict = value_map(mem);
    value_set(view, "verdict", verdict);
    late = value_get_mut(verdict, "too_late");
    first = value_get_mut(verdict, "first");
    set_word(verdict, "word", report_ready_word(result));
    add_n(first);
    for (size_t i = 0; i < value_count(late); i++)
        value_set_text(value_at_mut(late, i), "by_text",
                       report_date(mem, value_get_text(value_at(late, i), "by")));
    value_set_bool(view, "has_first", value_count(first) > 0);
    value_set_bool(view, "has_late", value_count(late) > 0);
    value_set_bool(view, "has_questions", value_count(value_get(verdict, "questions")) > 0);
    value_set_text(view, "stage2_text", report_date(mem, value_get_text(result, "stage2")));
    value_set_bool(view, "hopeless", value_get_bool(verdict, "hopeless"));
}

static void view_state(struct value *list, const char *key)
{
    for (size_t i = 0; i < value_count(list); i++) {
        struct value *it = value_at_mut(list, i);
        struct str state = value_get_text(it, key);
        set_word(it, "word", report_status_word(state));
        value_set_bool(it, "is_met", str_is(state, "met") || str_is(state, "present"));
        value_set_bool(it, "is_partly", str_is(state, "partly"));
        value_set_bool(it, "is_missing", str_is(state, "missing"));
        value_set_bool(it, "is_unknown", str_is(state, "cannot-tell"));
        value_set_bool(it, "is_none", str_is(state, "not-applicable"));
    }
}

/* Requirements of a clause: the row whose number is the longest that fits. */
static void view_clauses(struct arena *mem, struct value *view)
{
    struct value *rows = value_get_mut(view, "clauses");
    struct value *requirements = value_get_mut(view, "requirements");

    for (size_t i = 0; i < value_count(rows); i++)
        value_set(value_at_mut(rows, i), "cells", value_list(mem));
    for (size_t k = 0; k < value_count(requirements); k++) {
        struct value *it = value_at_mut(requirements, k), *best = NULL;
        size_t length = 0;
        for (size_t i = 0; i < value_count(rows); i++) {
            struct str number = value_get_text(value_at(rows, i), "clause");
            if (number.n > length && report_in_clause(value_get_text(it, "clause"), number)) {
                length = number.n;
                best = value_at_mut(rows, i);
            }
        }
        if (best != NULL)
            value_push(value_get_mut(best, "cells"), it);
    }
}

/* Runs of controls whose ids begin alike, each with its cells and counts. */
static void view_controls(struct arena *mem, struct value *view)
{
    struct value *controls = value_get_mut(view, "controls"), *groups = value_list(mem);
    struct value *group = NULL;
    struct str last = STR_NONE;

    for (size_t i = 0; i < value_count(controls); i++) {
        struct value *it = value_at_mut(controls, i);
        struct str name = report_group(it);
        const char *status = str_z(mem, value_get_text(it, "status"));
        if (group == NULL || !str_eq(name, last)) {
            group = value_map(mem);
            value_set_text(group, "id", name);
            value_set(group, "cells", value_list(mem));
            value_push(groups, group);
            last = name;
        }
        value_push(value_get_mut(group, "cells"), it);
        value_set_int(group, status, value_get_int(group, status, 0) + 1);
        value_set_int(group, "total", (int64_t)value_count(value_get(group, "cells")));
        value_set_int(group, "met_n", value_get_int(group, "met", 0));
        value_set_text(it, "line_text", report_line(mem, it));
        value_set_bool(it, "excluded",
                       value_type(value_get(it, "applicable")) == VALUE_BOOL &&
                           !value_get_bool(it, "applicable"));
    }
    value_set(view, "control_groups", groups);
    value_set_bool(view, "has_controls", value_count(groups) > 0);
    value_set_int(view, "controls_n", (int64_t)value_count(controls));
}

static struct str joined(struct arena *mem, const struct value *list)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < value_count(list); i++)
        buf_printf(&out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(value_as_text(value_at(list, i))));
    return buf_str(&out);
}

/* Documents that controls want: all but those of controls that are left out. */
static void view_wanted(struct arena *mem, struct value *view)
{
    struct value *all = value_get_mut(view, "wanted_documents"), *list = value_list(mem);
    bool probably = false;

    view_state(all, "state");
    for (size_t i = 0; i < value_count(all); i++) {
        struct value *it = value_at_mut(all, i);
        if (value_is_text(value_get(it, "wanted"), "no"))
            continue;
        probably = probably || value_is_text(value_get(it, "wanted"), "probably");
        value_set_text(it, "controls_text", joined(mem, value_get(it, "controls")));
        value_push(list, it);
    }
    value_set(view, "wanted", list);
    value_set_bool(view, "has_wanted", value_count(list) > 0);
    value_set_bool(view, "probably", probably);
}

/* Decisions by an earlier edition, carried over. */
static void view_carried(struct arena *mem, struct value *view)
{
    struct value *draft = value_get_mut(view, "carried_over");
    struct value *controls = value_get_mut(draft, "controls");

    for (size_t i = 0; i < value_count(controls); i++) {
        struct value *it = value_at_mut(controls, i), *ids = value_list(mem);
        const struct value *from = value_get(it, "from");
        for (size_t k = 0; k < value_count(from); k++)
            value_push(ids, value_text(mem, value_get_text(value_at(from, k), "id")));
        value_set_text(it, "from_text", joined(mem, ids));
        set_word(it, "applies_word", report_applies(it));
    }
}

/* "severity: critical": what tells it from others on its topic. */
static struct str qualifiers_text(struct arena *mem, const struct value *qualifiers)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < value_count(qualifiers); i++)
        buf_printf(&out, "%s%.*s: %.*s", i > 0 ? ", " : "", STR_ARG(value_key_at(qualifiers, i)),
                   STR_ARG(value_as_text(value_at(qualifiers, i))));
    return buf_str(&out);
}

/* Promises in groups by topic, which they are sorted by. */
static void view_commitments(struct arena *mem, struct value *view)
{
    struct value *all = value_get_mut(view, "commitments"), *list = value_list(mem);
    struct value *items = NULL, *group = NULL;

    for (size_t i = 0; i < value_count(all); i++) {
        struct value *it = value_at_mut(all, i);
        struct str title = value_get_text(it, "topic_title");
        if (group == NULL || !str_eq(title, value_get_text(group, "topic"))) {
            group = value_map(mem);
            items = value_list(mem);
            value_set_text(group, "topic", title);
            value_set_text(group, "heading", title.n > 0 ? title : str_of(_("On other things")));
            value_set(group, "items", items);
            value_push(list, group);
        }
        value_set_text(it, "qualifiers_text", qualifiers_text(mem, value_get(it, "qualifiers")));
        value_push(items, it);
        value_set_int(group, "n", (int64_t)value_count(items));
    }
    value_set(view, "promises", list);
    value_set_bool(view, "has_promises", value_count(list) > 0);
}

/* How tables were read: those of which records were kept. */
static void view_registers(struct arena *mem, struct value *view)
{
    struct value *all = value_get_mut(view, "registers"), *list = value_list(mem);

    for (size_t i = 0; i < value_count(all); i++) {
        struct value *it = value_at_mut(all, i), *columns = value_get_mut(it, "columns");
        if (!value_get_bool(it, "kept"))
            continue;
        for (size_t c = 0; c < value_count(columns); c++) {
            struct value *column = value_at_mut(columns, c);
            value_set_bool(column, "known", value_type(value_get(column, "field")) == VALUE_TEXT);
            value_set_bool(column, "pinned", value_is_text(value_get(column, "how"), "pin"));
            value_set_bool(column, "by_values", value_is_text(value_get(column, "how"), "values"));
        }
        value_set_bool(it, "has_samples", value_get_int(it, "samples", 0) > 0);
        value_set_bool(it, "is_cut", value_get_int(it, "judged", 0) < value_get_int(it, "rows", 0));
        value_push(list, it);
    }
    value_set(view, "register_tables", list);
    value_set_int(view, "register_n", (int64_t)value_count(list));
    value_set_bool(view, "has_registers", value_count(list) > 0);
}

static struct str size_text(struct arena *mem, int64_t bytes)
{
    if (bytes < 1000)
        return str_printf(mem, _("%lld bytes"), (long long)bytes);
    if (bytes < 1000000)
        return str_printf(mem, _("%lld kB"), (long long)((bytes + 500) / 1000));
    return str_printf(mem, _("%lld MB"), (long long)((bytes + 500000) / 1000000));
}

static void view_document(struct arena *mem, struct value *document)
{
    struct value *kinds = value_get_mut(document, "kinds");

    for (size_t i = 0; i < value_count(kinds); i++) {
        struct value *kind = value_at_mut(kinds, i);
        if (value_get_text(kind, "title").n == 0)
            value_set_text(kind, "title", value_get_text(kind, "kind"));
        value_set_int(kind, "percent", value_as_thousandths(value_get(kind, "confidence"), 0) / 10);
    }
    value_set_bool(document, "has_kinds", value_count(kinds) > 0);
    value_set_text(document, "size_text", size_text(mem, value_get_int(document, "bytes", 0)));
    value_set_text(document, "approved_text",
                   report_date(mem, value_get_text(document, "approved_on")));
    value_set_text(document, "review_text",
                   report_date(mem, value_get_text(document, "review_due")));
}

/* Trails as rows: those that break first. */
static void view_trails(struct arena *mem, struct value *view)
{
    struct value *trails = value_get_mut(view, "trails"), *broken = value_list(mem);
    struct value *whole = value_list(mem);

    for (size_t i = 0; i < value_count(trails); i++) {
        struct value *trail = value_at_mut(trails, i), *steps = value_get_mut(trail, "steps");
        bool breaks = value_get_bool(trail, "broken");
        value_push(breaks ? broken : whole, trail);
        for (size_t k = 0; k < value_count(steps); k++) {
            struct value *step = value_at_mut(steps, k);
            set_place(mem, step);
            /* where owner and control stand is where the risk stands */
            bool same = k > 0 && str_eq(value_get_text(step, "place_text"),
                                        value_get_text(value_at(steps, 0), "place_text"));
            value_set_text(step, "shown_path", same ? STR_NONE : value_get_text(step, "path"));
            value_set_bool(step, "is_first", k == 0);
            value_set_bool(step, "breaks", value_is_text(value_get(step, "state"), "broken"));
            value_set_bool(step, "open", value_is_text(value_get(step, "state"), "unknown"));
        }
    }
    value_set_bool(view, "has_trails", value_count(trails) > 0);
    value_set_int(view, "trails_n", (int64_t)value_count(trails));
    value_set_int(view, "broken_n", (int64_t)value_count(broken));
    value_set_int(view, "whole_n", (int64_t)value_count(whole));
    value_set(view, "broken_trails", broken);
    value_set(view, "whole_trails", whole);
}

static void view_files(struct arena *mem, struct value *view)
{
    struct value *documents = value_get_mut(view, "documents");

    for (size_t i = 0; i < value_count(documents); i++)
        view_document(mem, value_at_mut(documents, i));
    value_set_text(view, "documents_text", files_text(mem, (int64_t)value_count(documents)));
    value_set_int(view, "skipped_n", (int64_t)value_count(value_get(view, "skipped")));
    value_set_bool(view, "has_warnings", value_count(value_get(view, "warnings")) > 0);
}

/* The changes of one direction; findings that are still there link to where they are told. */
static void view_changes(struct arena *mem, const struct value *result, struct value *since,
                         const char *key)
{
    struct value *list = value_get_mut(since, key);

    for (size_t i = 0; i < value_count(list); i++) {
        struct value *it = value_at_mut(list, i);
        struct str id = value_get_text(it, "id");
        bool finding = value_is_text(value_get(it, "what"), "finding");
        bool told = finding && report_by_id(value_get(result, "findings"), id) != NULL;
        value_set_text(it, "change", report_change(mem, it));
        value_set_text(it, "link", told ? id : STR_NONE);
        value_set_text(it, "named", finding ? value_get_text(it, "clause") : id);
    }
    value_set_bool(since, str_printf(mem, "has_%s", key).p, value_count(list) > 0);
}

/* What changed has three lists; each shows findings and demanded documents, then folds the rest. */
static void view_since(struct arena *mem, const struct value *result, struct value *view)
{
    static const char *const keys[] = {"better", "worse", "new"};
    struct value *since = value_get_mut(view, "since");
    bool any = false;

    if (value_type(since) != VALUE_MAP)
        return;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        struct value *list = value_get_mut(since, keys[i]), *first = value_list(mem);
        struct value *rest = value_list(mem);
        view_changes(mem, result, since, keys[i]);
        any = any || value_count(list) > 0;
        for (size_t k = 0; k < value_count(list); k++) {
            const struct value *what = value_get(value_at(list, k), "what");
            bool short_list = value_is_text(what, "finding") || value_is_text(what, "document");
            value_push(short_list ? first : rest, value_at_mut(list, k));
        }
        value_set(since, str_printf(mem, "%s_first", keys[i]).p, first);
        value_set(since, str_printf(mem, "%s_rest", keys[i]).p, rest);
        value_set_int(since, str_printf(mem, "%s_rest_n", keys[i]).p, (int64_t)value_count(rest));
    }
    value_set_bool(since, "same", !any);
    value_set_text(since, "verdict_text", report_verdict_change(mem, result));
    value_set_text(since, "rules_text",
                   value_get_bool(since, "same_rules") ? STR_NONE : report_other_rules());
    value_set(view, "picture", report_picture(mem, result));
}

/* A first record that was seen is marked as met, one that should have begun as missing. */
static void view_people(struct arena *mem, struct value *view)
{
    struct value *list = value_get_mut(view, "start_now");

    for (size_t i = 0; i < value_count(list); i++) {
        struct value *it = value_at_mut(list, i);
        bool seen = value_is_text(value_get(it, "seen"), "yes");
        value_set_text(it, "begin_text", report_begin(mem, it));
        value_set_text(it, "seen_text", seen ? report_seen(mem, it) : STR_NONE);
        set_word(it, "state",
                 seen                         ? "present"
                 : value_get_bool(it, "late") ? "missing"
                                              : "cannot-tell");
    }
    view_state(list, "state");
    value_set_bool(view, "has_start_now", value_count(list) > 0);
    value_set_bool(view, "has_first_questions",
                   value_count(value_get(view, "first_questions")) > 0);
}

static void view_time(struct arena *mem, struct value *view)
{
    struct value *time = value_get_mut(view, "audit_time");
    struct value *list = value_get_mut(time, "activities");

    for (size_t i = 0; i < value_count(list); i++)
        value_set_text(value_at_mut(list, i), "days_text",
                       report_days_or_span(mem, value_at(list, i)));
    value_set_bool(view, "has_time", value_count(time) > 0);
    if (value_count(time) == 0)
        return;
    value_set_bool(time, "has_days", value_count(list) > 0);
    value_set_bool(time, "has_steps", value_count(value_get(time, "steps")) > 0);
}

/* The words of the stage, and what is left to its day. */
static void view_stage(struct arena *mem, const struct value *result, struct value *view)
{
    static const struct {
        const char *key;
        enum say say;
    } words[] = {{"title", SAY_TITLE},
                 {"question", SAY_QUESTION},
                 {"blocks", SAY_BLOCKS},
                 {"block", SAY_BLOCK},
                 {"blocking_lead", SAY_BLOCKING_LEAD},
                 {"concern", SAY_CONCERN_ONE},
                 {"concerns", SAY_CONCERNS_SHORT},
                 {"concerns_lead", SAY_CONCERNS_LEAD},
                 {"left", SAY_LEFT}};
    struct value *say = value_map(mem), *left = value_get_mut(view, "on_the_day");

    for (size_t i = 0; i < COUNT_OF(words); i++)
        value_set_text(say, words[i].key, str_of(report_say(result, words[i].say)));
    value_set(view, "say", say);
    value_set_bool(view, "second", value_get_int(result, "stage", 1) >= 2);
    value_set_int(view, "left_n", (int64_t)value_count(left));
    value_set_bool(view, "has_left", value_count(left) > 0);
}

static void set_chart(struct value *view, struct arena *mem, const struct chart *chart,
                      const char *key)
{
    struct buf out = buf_new(mem);

    if (chart == NULL)
        return;
    chart_svg(chart, &out);
    value_set_text(view, str_printf(mem, "%s_svg", key).p, buf_str(&out));
    value_set_int(view, str_printf(mem, "%s_wide", key).p, (int64_t)chart->wide);
    value_set_int(view, str_printf(mem, "%s_high", key).p, (int64_t)chart->high + 2);
}

/* "43 met, 2 partly". */
static struct str controls_in_words(struct arena *mem, const struct value *controls)
{
    static const char *const states[] = {"met", "partly", "missing", "cannot-tell",
                                         "not-applicable"};
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < COUNT_OF(states); i++) {
        size_t n = 0;
        for (size_t k = 0; k < value_count(controls); k++)
            n += value_is_text(value_get(value_at(controls, k), "status"), states[i]);
        if (n > 0)
            buf_printf(&out, "%s%zu %s", out.n > 0 ? ", " : "", n,
                       report_status_word(str_of(states[i])));
    }
    return buf_str(&out);
}

static void view_charts(struct arena *mem, const struct value *result, struct value *view)
{
    set_chart(view, mem, chart_of_controls(mem, result), "soa");
    set_chart(view, mem, chart_of_risks(mem, result), "risks");
    value_set_text(view, "soa_says", controls_in_words(mem, value_get(result, "controls")));
}

static struct value *view_of(struct arena *mem, const struct value *result, bool auditor)
{
    struct value *view = report_copy(mem, result);
    struct str rules = value_as_text(value_path(result, "program.rules_version"));

    value_set_bool(view, "owner", !auditor);
    report_set_days(mem, result, view);
    value_set_text(view, "rules_short", str_sub(rules, 0, 12));
    view_verdict(mem, result, view);
    view_gravity(mem, result, view, GRAVITY_BLOCKING, "blocking");
    view_gravity(mem, result, view, GRAVITY_CONCERN, "concerns");
    view_gravity(mem, result, view, GRAVITY_NOTE, "notes");
    value_set_bool(view, "has_findings", value_count(value_get(result, "findings")) > 0);
    view_state(value_get_mut(view, "minimum"), "state");
    view_state(value_get_mut(view, "requirements"), "status");
    view_state(value_get_mut(view, "controls"), "status");
    view_clauses(mem, view);
    view_controls(mem, view);
    view_wanted(mem, view);
    view_carried(mem, view);
    view_commitments(mem, view);
    view_registers(mem, view);
    view_people(mem, view);
    view_time(mem, view);
    view_trails(mem, view);
    view_charts(mem, result, view);
    view_files(mem, view);
    view_since(mem, result, view);
    view_stage(mem, result, view);
    return view;
}

int report_html(struct ctx *cx, const struct value *result, const struct report_style *style,
                const struct report_templates *templates, struct buf *out)
{
    return report_render(cx, templates, "stage1.html", view_of(cx->mem, result, style->auditor),
                         out);
}
