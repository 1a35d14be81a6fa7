/* The overview of an organisation, and what the judge says in full. */
#include "op/call.h"
#include "register/record_search.h"
#include "web/due.h"
#include "web/handlers.h"
#include "web/verdicts.h"
#include "web/view.h"

#define OVERVIEW_WAIT 400u
#define JUDGE_WAIT 1500u
#define ASK_AGAIN_S 4 /* without a script */
#define FIRST_MOST 5u
#define LATEST 200 /* versions that are looked at for what has changed */

static const char *const stages[][2] = {{"stage1", "Stage 1"},
                                        {"stage2", "Stage 2"},
                                        {"surveillance", "Surveillance"},
                                        {"recertification", "Recertification"}};

static const char *stage_title(struct str stage)
{
    for (size_t i = 0; i < COUNT_OF(stages); i++)
        if (str_is(stage, stages[i][0]))
            return _(stages[i][1]);
    return NULL;
}

static struct str ready_word(struct str ready)
{
    if (str_is(ready, "yes"))
        return str_of(_("Ready"));
    if (str_is(ready, "with-concerns") || str_is(ready, "with_concerns"))
        return str_of(_("Ready with concerns"));
    return str_of(_("Not ready"));
}

/* ---- the overview ---- */

static void copy_keys(struct arena *mem, const struct value *from, const char *const *keys,
                      struct value *to)
{
    for (size_t i = 0; keys[i] != NULL; i++)
        if (value_get(from, keys[i]) != NULL)
            value_set(to, keys[i], value_copy(mem, value_get(from, keys[i])));
}

static int stage_tree(struct visit *visit, size_t at, struct verdict_state *state,
                      struct value **ret)
{
    static const char *const keys[] = {"ready",   "headline",     "blockers", "concerns",
                                       "minimum", "needs_person", NULL};
    struct arena *mem = visit->cx->mem;
    struct value *one = value_map(mem);

    TRY(verdicts_get(visit, str_of(stages[at][0]), at == 0 ? OVERVIEW_WAIT : 0, state));
    value_set_text(one, "stage", str_of(stages[at][0]));
    value_set_text(one, "title", str_of(_(stages[at][1])));
    value_set_bool(one, "fresh", state->fresh);
    value_set_bool(one, "known", state->result != NULL);
    copy_keys(mem, value_get(state->result, "verdict"), keys, one);
    *ret = one;
    return 0;
}

static const struct value *finding_of(const struct value *result, struct str id)
{
    const struct value *findings = value_get(result, "findings");

    for (size_t i = 0; i < value_count(findings); i++)
        if (str_eq(value_get_text(value_at(findings, i), "id"), id))
            return value_at(findings, i);
    return NULL;
}

/* What to do first, with the step that the finding names. */
static struct value *first_steps(struct arena *mem, const struct value *result)
{
    const struct value *first = value_path(result, "verdict.first");
    struct value *list = value_list(mem);

    for (size_t i = 0; i < value_count(first) && i < FIRST_MOST; i++) {
        struct value *one = value_copy(mem, value_at(first, i));
        const struct value *finding = finding_of(result, value_get_text(one, "finding"));
        value_set_text(one, "next_step", value_get_text(finding, "next_step"));
        value_push(list, one);
    }
    return list;
}

struct latest {
    struct visit *visit;
    struct str from;
    struct value *list;
    bool all; /* one was from before */
};

/* What a role sees only of its own is not among what has changed. */
static bool may_read_all(struct visit *visit, const struct register_def *def)
{
    return call_is_register(def) && view_may(visit, ACCESS_READ, def->id) &&
           access_own(visit->org->access, &visit->who, ACCESS_READ, def->id).n == 0;
}

static int each_latest(void *arg, struct ctx *cx, const struct record *record)
{
    struct latest *latest = arg;
    struct value *one = value_map(cx->mem);

    latest->all = latest->all || str_cmp(record->at, latest->from) < 0;
    if (str_cmp(record->at, latest->from) < 0 || !may_read_all(latest->visit, record->def))
        return 0;
    value_set_text(one, "register", record->def->id);
    value_set_text(one, "ref", str_copy(cx->mem, record->ref));
    if (record->body != NULL)
        value_set_text(one, "label",
                       str_copy(cx->mem, record_label(cx->mem, record->def, record->body)));
    value_set_text(one, "what",
                   record->body == NULL ? STR("removed")
                   : record->rev == 1   ? STR("added")
                                        : STR("changed"));
    value_push(latest->list, one);
    return ctx_check(cx);
}

/* Of the last versions only, so that it takes no longer where there are many. */
static int own_work(struct visit *visit, struct value *tree)
{
    struct ctx *cx = visit->cx;
    struct date from = date_from_days(date_to_days(cx->today) - 7);
    struct latest latest = {visit, date_iso(cx->mem, from), value_list(cx->mem), false};
    int64_t last;

    TRY(record_last_seq(cx, &visit->org->records, &last));
    TRY(record_changes(cx, &visit->org->records, last > LATEST ? last - LATEST : 0, STR_NONE,
                       each_latest, &latest));
    value_set(tree, "changes", latest.list);
    value_set_text(tree, "changes_from", latest.from);
    value_set_bool(tree, "changes_more", last > LATEST && !latest.all);
    return 0;
}

int overview_show(struct visit *visit, struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    struct value *tree = value_map(mem), *list = value_list(mem), *one, *registers;
    struct verdict_state state = {.result = NULL};
    bool judges = view_may(visit, ACCESS_JUDGE, STR_NONE);

    value_set_text(tree, "schema", STR("assay.overview/1"));
    value_set_text(tree, "organisation", visit->org->title);
    value_set_text(tree, "today", date_iso(mem, visit->cx->today));
    for (size_t i = 0; judges && i < COUNT_OF(stages); i++) {
        TRY(stage_tree(visit, i, &state, &one));
        value_push(list, one);
        if (i == 0) {
            value_set(tree, "first", first_steps(mem, state.result));
            value_set_text(tree, "failed", state.failed);
        }
    }
    value_set_bool(tree, "judges", judges);
    value_set(tree, "stages", list);
    TRY(visit_op(visit, "registers", value_map(mem), &registers));
    value_set(tree, "registers", value_get_mut(registers, "records"));
    TRY(due_first(visit, tree));
    TRY(own_work(visit, tree));
    *ret = tree;
    return 0;
}

static void dress_stage(struct visit *visit, struct value *one)
{
    struct arena *mem = visit->cx->mem;
    struct str ready = value_get_text(one, "ready");

    value_set_text(one, "word", ready_word(ready));
    value_set_text(one, "tone",
                   str_is(ready, "yes")  ? STR("good")
                   : str_is(ready, "no") ? STR("bad")
                                         : STR("warn"));
    value_set_text(one, "url",
                   str_printf(mem, "%.*s/judge?stage=%.*s", STR_ARG(visit_base(visit)),
                              STR_ARG(value_get_text(one, "stage"))));
}

static void dress_changes(struct visit *visit, const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    const struct value *records = value_get(tree, "changes");
    struct value *list = value_list(mem);
    size_t n = value_count(records);

    for (size_t i = n; i > 0 && value_count(list) < 8; i--) {
        const struct value *record = value_at(records, i - 1);
        struct value *one = value_map(mem);
        struct str what = value_get_text(record, "what"), id = value_get_text(record, "register");
        const struct register_def *def = registers_find(visit->org->records.registers, id);
        value_set_text(one, "ref", value_get_text(record, "ref"));
        value_set_text(one, "label", value_get_text(record, "label"));
        value_set_text(one, "in", def != NULL ? def->title : id);
        value_set_text(one, "what",
                       str_of(str_is(what, "added")     ? _("added")
                              : str_is(what, "removed") ? _("removed")
                                                        : _("changed")));
        value_set_text(one, "url", visit_record_path(visit, id, value_get_text(record, "ref")));
        value_push(list, one);
    }
    value_set(view, "latest", list);
    value_set_int(view, "changes_n", (int64_t)n);
}

static int64_t records_in(const struct value *registers, struct str id)
{
    for (size_t i = 0; i < value_count(registers); i++) {
        const struct value *fields = value_get(value_at(registers, i), "fields");
        if (str_eq(value_get_text(fields, "register"), id))
            return value_get_int(fields, "records", 0);
    }
    return 0;
}

/* Registers that hold something, in the groups of the menu. */
static void dress_registers(struct visit *visit, const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    const struct value *menu = value_path(view, "page.menu"), *all = value_get(tree, "registers");
    struct value *groups = value_list(mem);

    for (size_t i = 0; i < value_count(menu); i++) {
        const struct value *registers = value_get(value_at(menu, i), "registers");
        struct value *group = value_map(mem), *filled = value_list(mem);
        for (size_t k = 0; k < value_count(registers); k++) {
            struct value *one = value_copy(mem, value_at(registers, k));
            int64_t n = records_in(all, value_get_text(one, "register"));
            value_set_int(one, "records", n);
            if (n > 0)
                value_push(filled, one);
        }
        value_set_text(group, "title", value_get_text(value_at(menu, i), "title"));
        value_set(group, "filled", filled);
        if (value_count(filled) > 0)
            value_push(groups, group);
    }
    value_set(view, "groups", groups);
    value_set_bool(view, "any_records", value_count(groups) > 0);
}

int overview_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    const struct value *list = value_get(tree, "stages");
    struct value *dressed = value_list(mem), *page = value_get_mut(view, "page");
    bool waiting = false;

    for (size_t i = 0; i < value_count(list); i++) {
        struct value *one = value_copy(mem, value_at(list, i));
        dress_stage(visit, one);
        waiting = waiting || !value_get_bool(one, "fresh");
        value_push(dressed, one);
    }
    value_set(view, "stages", dressed);
    value_set_bool(view, "waiting", waiting && value_get_text(tree, "failed").n == 0);
    value_set_bool(view, "any_first", value_count(value_get(tree, "first")) > 0);
    value_set(view, "due_rows", due_rows(visit, value_get(tree, "due"), SIZE_MAX));
    value_set_bool(view, "any_due", value_count(value_path(tree, "due.records")) > 0);
    dress_changes(visit, tree, view);
    dress_registers(visit, tree, view);
    value_set_bool(page, "at_start", true);
    value_set_text(view, "heading", str_of(_("Overview")));
    if (waiting && value_get_text(tree, "failed").n == 0)
        value_set_int(page, "refresh", ASK_AGAIN_S);
    return 0;
}

/* ---- the verdict in full ---- */

int judge_show(struct visit *visit, struct value **ret)
{
    struct str stage = parse_get(&visit->query, "stage");
    struct verdict_state state;
    struct value *tree;

    stage = stage.n > 0 ? stage : STR("stage1");
    if (stage_title(stage) == NULL)
        return fail(visit->cx, RC_INVALID, "stage", _("There is no stage \"%.*s\"."),
                    STR_ARG(stage));
    TRY(verdicts_get(visit, stage, JUDGE_WAIT, &state));
    if (state.result == NULL && state.failed.n > 0)
        return fail(visit->cx, RC_FAIL, NULL, "%.*s", STR_ARG(state.failed));
    tree = state.result != NULL ? state.result : value_map(visit->cx->mem);
    value_set_bool(tree, "fresh", state.fresh);
    value_set_text(tree, "judged_at", state.at);
    if (!state.fresh && state.progress.n > 0)
        value_set_text(tree, "progress", state.progress);
    if (state.failed.n > 0)
        value_set_text(tree, "failed", state.failed);
    value_set_text(tree, "audit", stage);
    *ret = tree;
    return 0;
}

static const char *grade_word(struct str grade)
{
    static const char *const words[][2] = {
        {"AOC-BLOCK", "Blocks Stage 2"},   {"AOC", "Area of concern"},
        {"MAJOR", "Major nonconformity"},  {"MINOR", "Minor nonconformity"},
        {"OFI", "Opportunity to improve"}, {"NOTE", "Note"}};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_is(grade, words[i][0]))
            return _(words[i][1]);
    return NULL;
}

/* Where a finding stands: a record by its register and ref, else a place in words. */
static struct value *line_view(struct visit *visit, const struct value *line)
{
    struct arena *mem = visit->cx->mem;
    struct value *one = value_copy(mem, line);
    struct str id = value_get_text(line, "register"), ref = value_get_text(line, "record");
    const struct register_def *def = registers_find(visit->org->records.registers, id);

    if (def != NULL && ref.n > 0 && view_may(visit, ACCESS_READ, id)) {
        value_set_text(one, "url", visit_record_path(visit, id, ref));
        value_set_text(one, "in", def->title);
    }
    return one;
}

static struct value *finding_view(struct visit *visit, const struct value *finding)
{
    struct arena *mem = visit->cx->mem;
    struct value *one = value_copy(mem, finding), *lines = value_list(mem);
    const struct value *given = value_get(finding, "lines");
    struct str grade = value_get_text(finding, "grade");
    const char *word = grade_word(grade);

    for (size_t i = 0; i < value_count(given); i++)
        value_push(lines, line_view(visit, value_at(given, i)));
    value_set(one, "lines", lines);
    value_set_bool(one, "any_lines", value_count(lines) > 0);
    value_set_bool(one, "any_evidence", value_count(value_get(finding, "evidence")) > 0);
    value_set_text(one, "grade_word", word != NULL ? str_of(word) : grade);
    value_set_text(one, "tone",
                   str_is(grade, "AOC-BLOCK") || str_is(grade, "MAJOR") ? STR("bad")
                   : str_is(grade, "OFI") || str_is(grade, "NOTE")      ? STR("ask")
                                                                        : STR("warn"));
    return one;
}

int judge_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    const struct value *findings = value_get(tree, "findings"),
                       *questions = value_path(tree, "verdict.questions");
    struct value *list = value_list(mem), *tabs = value_list(mem),
                 *page = value_get_mut(view, "page");
    struct str stage = value_get_text(tree, "audit");

    for (size_t i = 0; i < value_count(findings); i++)
        value_push(list, finding_view(visit, value_at(findings, i)));
    for (size_t i = 0; i < COUNT_OF(stages); i++) {
        struct value *tab = value_map(mem);
        value_set_text(tab, "stage", str_of(stages[i][0]));
        value_set_text(tab, "title", str_of(_(stages[i][1])));
        value_set_bool(tab, "current", str_is(stage, stages[i][0]));
        dress_stage(visit, tab);
        value_push(tabs, tab);
    }
    value_set(view, "finding_list", list);
    value_set_bool(view, "any_findings", value_count(list) > 0);
    value_set_bool(view, "any_questions", value_count(questions) > 0);
    value_set_bool(view, "may_answer", view_may(visit, ACCESS_WRITE, STR("answer")));
    value_set(view, "tabs", tabs);
    value_set_bool(page, "at_judge", true);
    value_set_bool(view, "known", value_get(tree, "verdict") != NULL);
    value_set_text(view, "word", ready_word(value_as_text(value_path(tree, "verdict.ready"))));
    value_set_text(view, "stage_title", str_of(stage_title(stage)));
    value_set_text(view, "heading", str_of(_("Would the audit pass?")));
    value_set_text(view, "judged", view_instant(visit, value_get_text(tree, "judged_at")));
    value_set_text(view, "self",
                   str_printf(mem, "%.*s/judge?stage=%.*s", STR_ARG(visit_base(visit)),
                              STR_ARG(parse_escape(mem, stage))));
    if (!value_get_bool(tree, "fresh") && value_get(tree, "failed") == NULL)
        value_set_int(page, "refresh", ASK_AGAIN_S);
    return 0;
}

int answer_take(struct visit *visit, struct value **ret)
{
    static const char *const keys[] = {"question", "answer", "note", "on"};
    struct arena *mem = visit->cx->mem;
    struct value *args = value_map(mem);

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (parse_get(&visit->form, keys[i]).n > 0)
            value_set_text(args, keys[i], parse_get(&visit->form, keys[i]));
    TRY(visit_op(visit, "answer", args, ret));
    visit->redirect = str_printf(mem, "%.*s/judge?stage=%.*s#questions", STR_ARG(visit_base(visit)),
                                 STR_ARG(parse_escape(mem, parse_get(&visit->form, "stage"))));
    return 0;
}
