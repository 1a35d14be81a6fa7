#include "judge/verdict_parts.h"

/* ---- what it is made from ---- */

struct need *case_need(const struct case_file *c, struct str id)
{
    uint32_t n = dict_number(c->need_by_id, id);

    return n > 0 ? &c->needs[n - 1] : NULL;
}

int64_t case_setting(const struct case_file *c, const char *name)
{
    return value_get_int(value_get(c->data, "settings"), name, 0);
}

/* The template of a text: of the stage that is judged, else of the one before. Each is compiled
 * once a result. */
static int template_of(struct case_file *c, const char *path, const struct mustache **ret)
{
    static const char *const stages[] = {"stage2", "surveillance", "recertification"};
    const struct value *texts = value_get(c->data, "texts"), *own = NULL;
    struct mustache *template;

    if (c->templates == NULL)
        c->templates = dict_new(c->cx->mem);
    *ret = dict_get(c->templates, str_of(path));
    if (*ret != NULL)
        return 0;
    for (int64_t stage = c->stage; stage >= 2 && own == NULL; stage = stage > 2 ? 2 : 0)
        own = value_path(value_get(texts, stages[stage - 2]), path);
    const struct value *text = own != NULL ? own : value_path(texts, path);

    if (value_type(text) != VALUE_TEXT)
        return fail(c->cx, RC_INVALID, path, "verdict.yaml has no text \"%s\".", path);
    TRY(mustache_compile(c->cx, path, value_as_text(text), MUSTACHE_PLAIN, NULL, NULL, &template));
    dict_set(c->templates, str_copy(c->cx->mem, str_of(path)), template);
    *ret = template;
    return 0;
}

int case_text(struct case_file *c, const char *path, const struct value *view, struct str *ret)
{
    struct buf out = buf_new(c->cx->mem);
    const struct mustache *template;

    TRY(template_of(c, path, &template));
    if (mustache_render(template, view, &out) < 0)
        return fail(c->cx, RC_LIMIT, path, _("The text %s of the verdict grows too large."), path);
    *ret = buf_str(&out);
    return 0;
}

static enum grade grade_from(struct str s)
{
    if (str_is(s, "AOC-BLOCK"))
        return GRADE_BLOCK;
    if (str_is(s, "AOC"))
        return GRADE_AOC;
    return str_is(s, "NOTE") ? GRADE_NOTE : GRADE_NONE;
}

static void take_need(struct case_file *c, const struct stmt *s)
{
    struct arena *mem = c->cx->mem;
    struct need *need = ARENA_PUSH(mem, c->needs, c->need_n, c->need_room);

    *need = (struct need){
        .id = stmt_text(mem, s, 0),
        .clause = stmt_text(mem, s, 1),
        .title = stmt_text(mem, s, 2),
        .grade = grade_from(stmt_text(mem, s, 3)),
        .dated = grade_from(stmt_text(mem, s, 4)),
        .rule = stmt_text(mem, s, 5),
        .mode = stmt_text(mem, s, 6),
        .basis = stmt_text(mem, s, 7),
        .status = stmt_text(mem, s, 8),
        .why = stmt_text(mem, s, 9),
        .said = stmt_text(mem, s, 10),
        .path = stmt_text(mem, s, 11),
        .findings = value_list(mem),
    };
    (void)dict_intern(c->need_by_id, need->id);
}

static int take_needs(struct case_file *c)
{
    bool row;
    STMT(s);

    TRY(store_prepare(
        c->cx, c->store,
        STR("SELECT r.id, r.clause, r.title, r.stage1, r.dated, r.rule, r.mode, r.basis,"
            " f.status, f.why, a.said, coalesce("
            " (SELECT x.path FROM fact_group g JOIN fact_criterion x ON x.criterion = g.criterion"
            "  WHERE g.requirement = r.id AND x.path IS NOT NULL ORDER BY g.grp LIMIT 1),"
            " (SELECT k.path FROM requirement_kind q JOIN fact_kind k ON k.kind = q.kind"
            "  WHERE q.requirement = r.id AND k.state = 'present' ORDER BY k.path LIMIT 1),"
            " (SELECT i.path FROM requirement_kind q JOIN fact_inside i ON i.kind = q.kind"
            "  WHERE q.requirement = r.id ORDER BY i.path LIMIT 1))"
            " FROM requirement r JOIN fact_requirement f ON f.requirement = r.id"
            " LEFT JOIN fact_answer a ON a.requirement = r.id ORDER BY r.n"),
        &s));
    c->need_by_id = dict_new(c->cx->mem);
    for (;;) {
        TRY(stmt_step(c->cx, s, &row));
        if (!row)
            return 0;
        take_need(c, s);
    }
}

static int take_run(struct case_file *c)
{
    bool row;
    STMT(s);

    TRY(store_prepare(
        c->cx, c->store,
        STR("SELECT files, read, unread + foreign_language, stage2, stage, source = 'home' FROM "
            "fact_run"),
        &s));
    TRY(stmt_step(c->cx, s, &row));
    if (!row)
        return fail(c->cx, RC_INVALID, NULL, _("The facts do not say which day it is."));
    c->files = stmt_int(s, 0);
    c->read = stmt_int(s, 1);
    c->unread = stmt_int(s, 2);
    c->stage = stmt_int(s, 4);
    c->home = stmt_int(s, 5) != 0;
    if (!stmt_is_null(s, 3) && !date_parse_iso(stmt_text(c->cx->mem, s, 3), &c->stage2))
        return fail(c->cx, RC_INVALID, NULL, _("The day of Stage 2 is no day."));
    return 0;
}

/* The longest first, so that no path stands at the head of another. */
static int take_paths(struct case_file *c)
{
    bool row = c->home;
    STMT(s);

    c->paths = value_list(c->cx->mem);
    if (row)
        TRY(store_prepare(c->cx, c->store,
                          STR("SELECT path, key FROM home_path ORDER BY length(path) DESC, path"),
                          &s));
    while (row) {
        TRY(stmt_step(c->cx, s, &row));
        if (row)
            value_push(c->paths, stmt_row(c->cx->mem, s));
    }
    return 0;
}

/* ---- counts ---- */

struct counts {
    int64_t blockers, concerns;
    int64_t met, of, unknown; /* of the minimum */
    int64_t decided, person, stage2_only;
    int64_t unrun;         /* rules */
    bool hopeless, unread; /* so little there, or so little read */
};

static struct counts count(const struct case_file *c, const struct value *minimum)
{
    struct counts n = {.of = (int64_t)value_count(minimum), .unrun = c->unrun};

    for (size_t i = 0; i < c->finding_n; i++) {
        n.blockers += c->findings[i].grade == GRADE_BLOCK;
        n.concerns += c->findings[i].grade == GRADE_AOC;
    }
    for (size_t i = 0; i < value_count(minimum); i++) {
        struct str state = value_get_text(value_at(minimum, i), "state");

        n.met += str_is(state, "present");
        n.unknown += str_is(state, "cannot-tell");
    }
    for (size_t i = 0; i < c->need_n; i++) {
        struct str status = c->needs[i].status;

        if (str_is(c->needs[i].why, "stage2") ||
            (str_is(c->needs[i].why, "operation") && str_is(status, "cannot-tell")))
            n.stage2_only++;
        else if (str_is(status, "cannot-tell"))
            n.person++;
        else
            n.decided++;
    }
    n.unread = n.unknown > 0 && n.met <= case_setting(c, "hopeless_at");
    n.hopeless = !n.unread && n.met <= case_setting(c, "hopeless_at");
    return n;
}

static struct value *counts_view(struct case_file *c, const struct counts *n)
{
    struct value *v = value_map(c->cx->mem);

    value_set_int(v, "blockers", n->blockers);
    value_set_int(v, "concerns", n->concerns);
    value_set_int(v, "met", n->met);
    value_set_int(v, "of", n->of);
    value_set_int(v, "unknown", n->unknown);
    value_set_int(v, "needs_person", n->person);
    value_set_int(v, "unread", c->unread);
    value_set_int(v, "files", c->files);
    value_set_int(v, "unrun", c->unrun);
    return v;
}

static const char *ready_of(const struct counts *n)
{
    if (n->blockers > 0 || n->unread || n->hopeless)
        return "no";
    return n->concerns > 0 || n->unknown > 0 || n->unrun > 0 ? "with-concerns" : "yes";
}

static const char *headline_of(const struct counts *n)
{
    if (n->blockers > 0)
        return n->blockers == 1 ? "headline.one" : "headline.no";
    if (n->unread || n->hopeless)
        return "headline.unread";
    if (n->concerns > 0)
        return n->concerns == 1 ? "headline.with-concern" : "headline.with-concerns";
    if (n->unrun > 0)
        return n->unrun == 1 ? "headline.unrun_one" : "headline.unrun";
    return n->unknown > 0 ? "headline.open" : "headline.yes";
}

static int set_headline(struct case_file *c, const struct counts *n, struct value *v)
{
    const struct value *view = counts_view(c, n);
    const char *more = "encouragement.some";
    struct str s;

    TRY(case_text(c, headline_of(n), view, &s));
    value_set_text(v, "headline", s);
    if (n->hopeless)
        more = "encouragement.hopeless";
    else if (n->met == n->of)
        more = "encouragement.all";
    TRY(case_text(c, more, view, &s));
    value_set(v, "encouragement", n->unread ? NULL : value_text(c->cx->mem, s));
    return 0;
}

static int push_text(struct case_file *c, struct value *list, const char *path,
                     const struct value *view)
{
    struct str s;

    TRY(case_text(c, path, view, &s));
    value_push(list, value_text(c->cx->mem, s));
    return 0;
}

static int set_why(struct case_file *c, const struct counts *n, struct value *v)
{
    struct value *why = value_list(c->cx->mem), *view = counts_view(c, n);

    TRY(push_text(c, why, "why.minimum", view));
    if (n->blockers > 0)
        TRY(push_text(c, why, n->blockers == 1 ? "why.blocker" : "why.blockers", view));
    if (n->concerns > 0)
        TRY(push_text(c, why, n->concerns == 1 ? "why.concern" : "why.concerns", view));
    if (c->unread > 0)
        TRY(push_text(c, why, "why.unread", view));
    if (n->unrun > 0)
        TRY(push_text(c, why, n->unrun == 1 ? "why.unrun_one" : "why.unrun", view));
    if (n->person > 0)
        TRY(push_text(c, why, "why.person", view));
    size_t late = value_count(value_get(v, "too_late"));

    value_set_int(view, "late", (int64_t)late);
    if (late > 0)
        TRY(push_text(c, why, late == 1 ? "why.late_one" : "why.late", view));
    value_set(v, "why", why);
    return 0;
}

/* ---- what to do first ---- */

static size_t rank_of(const struct case_file *c, const struct finding *f)
{
    const struct value *order = value_get(c->data, "order");

    for (size_t i = 0; i < value_count(order); i++)
        if (str_eq(value_as_text(value_at(order, i)), f->rule->id))
            return i;
    return value_count(order) + 1000 - value_count(f->covers);
}

static const struct finding *next_step(const struct case_file *c, const bool *taken)
{
    const struct finding *best = NULL;

    for (size_t i = 0; i < c->finding_n; i++) {
        const struct finding *f = &c->findings[i];

        if (taken[i] || f->grade < GRADE_AOC)
            continue;
        if (best == NULL || f->grade > best->grade ||
            (f->grade == best->grade && rank_of(c, f) < rank_of(c, best)))
            best = f;
    }
    return best;
}

static int first_value(struct case_file *c, const struct finding *f, struct value **ret)
{
    struct value *v = value_map(c->cx->mem), *view = value_map(c->cx->mem);
    bool blocks = f->grade == GRADE_BLOCK, covers = value_count(f->covers) > 1;
    struct str title = value_get_text(f->value, "title"), why;

    if (f->rule->texts[RULE_DO] != NULL) {
        struct buf out = buf_new(c->cx->mem);

        if (mustache_render(f->rule->texts[RULE_DO], f->row, &out) < 0)
            return fail(c->cx, RC_LIMIT, NULL, _("The text of a finding grows too large."));
        title = buf_str(&out);
    }
    value_set_int(view, "covers", (int64_t)value_count(f->covers));
    TRY(case_text(c,
                  blocks ? (covers ? "first.blocks_covers" : "first.blocks")
                         : (covers ? "first.concern_covers" : "first.concern"),
                  view, &why));
    value_set_text(v, "finding", f->id);
    value_set_text(v, "title", title);
    value_set_text(v, "why", why);
    *ret = v;
    return 0;
}

static int set_first(struct case_file *c, struct value *v)
{
    bool *taken = arena_array(c->cx->mem, c->finding_n + 1, sizeof *taken);
    struct value *list = value_list(c->cx->mem), *item;

    for (int64_t n = 0; n < case_setting(c, "first_steps"); n++) {
        const struct finding *f = next_step(c, taken);

        if (f == NULL)
            break;
        taken[f - c->findings] = true;
        TRY(first_value(c, f, &item));
        value_push(list, item);
    }
    value_set(v, "first", list);
    return 0;
}

/* ---- what can no longer be done before Stage 2 ---- */

/* Days until `f` is closed: its own lead time after the longest of what it needs. Rules that name
 * each other in a circle would never end, so the depth is bounded by the number of findings. */
static int64_t wait_of(struct case_file *c, struct finding *f, size_t depth)
{
    const struct value *needs = value_get(f->value, "needs");
    int64_t longest = 0;

    if (f->wait > 0 || depth > c->finding_n)
        return f->wait;
    for (size_t n = 0; n < value_count(needs); n++)
        for (size_t i = 0; i < c->finding_n; i++) {
            if (!str_eq(c->findings[i].id, value_as_text(value_at(needs, n))))
                continue;
            int64_t days = wait_of(c, &c->findings[i], depth + 1);

            longest = days > longest ? days : longest;
        }
    int64_t effort = value_as_thousandths(value_get(f->value, "effort_days"), 0);

    f->wait = longest + (effort + 999) / 1000 + value_get_int(f->value, "lead_days", 0);
    return f->wait;
}

static void set_too_late(struct case_file *c, struct value *v)
{
    struct value *list = value_list(c->cx->mem);
    int64_t left = date_to_days(c->stage2) - date_to_days(c->cx->today);

    if (date_is_none(c->stage2))
        return;
    for (size_t i = 0; i < c->finding_n; i++) {
        struct finding *f = &c->findings[i];
        int64_t days = wait_of(c, f, 0);

        if (f->grade < GRADE_AOC || value_get_int(f->value, "lead_days", 0) == 0 || days <= left)
            continue;
        struct value *item = value_map(c->cx->mem);

        value_set_text(item, "what", value_get_text(f->value, "title"));
        value_set_int(item, "needs_days", days);
        value_set_text(item, "by",
                       date_iso(c->cx->mem, date_from_days(date_to_days(c->stage2) - days)));
        value_push(list, item);
    }
    value_set(v, "too_late", list);
}

/* ---- questions ---- */

/* Is one of the requirements that the question decides open, and which comes first? */
static bool asked(const struct case_file *c, struct str requirement, struct str ask)
{
    const struct need *need = case_need(c, requirement);

    if (str_is(need->status, "cannot-tell"))
        return true;
    for (size_t i = 0; i < c->finding_n; i++) {
        const struct value *asks = value_get(c->findings[i].value, "questions");

        for (size_t q = 0; q < value_count(asks); q++)
            if (c->findings[i].need == need && str_eq(value_as_text(value_at(asks, q)), ask))
                return true;
    }
    return false;
}

/* A requirement of a home that neither records nor a question of the standard decide is asked by
 * its own id: what an auditor would look at, is it so? */
static int add_requirement(struct case_file *c, const struct need *need, struct value *list)
{
    const struct entry *e = standard_find(c->standard, need->id);
    struct value *view = value_map(c->cx->mem), *item = value_map(c->cx->mem);
    struct str looks = value_get_text(e->yaml, c->stage >= 2 ? "stage2" : "stage1"), text;

    value_set_text(view, "title", need->title);
    value_set_text(view, "looks", str_is(looks, "-") ? STR_NONE : looks);
    TRY(case_text(c, "question", view, &text));
    value_set_text(item, "id", need->id);
    value_set_text(item, "question", text);
    value_set_text(item, "requirement", need->id);
    value_set_text(item, "profile_key", need->id);
    value_push(list, item);
    return 0;
}

static bool is_asked(const struct value *list, struct str requirement)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_get_text(value_at(list, i), "requirement"), requirement))
            return true;
    return false;
}

/* Those that stand under a question of the standard share it. */
static int add_requirements(struct case_file *c, struct value *list)
{
    bool asks;
    STMT(s);

    TRY(store_prepare(c->cx, c->store, STR("SELECT 1 FROM requirement_ask WHERE requirement = :id"),
                      &s));
    for (size_t i = 0; i < c->need_n; i++) {
        if (!str_is(c->needs[i].status, "cannot-tell") || is_asked(list, c->needs[i].id))
            continue;
        TRY(stmt_bind_text(c->cx, s, "id", c->needs[i].id));
        TRY(stmt_step(c->cx, s, &asks));
        stmt_reset(s);
        if (!asks)
            TRY(add_requirement(c, &c->needs[i], list));
    }
    return 0;
}

static int set_questions(struct case_file *c, struct value *v)
{
    struct arena *mem = c->cx->mem;
    struct value *list = value_list(mem);
    struct dict *done = dict_new(mem);
    bool row;
    STMT(s);

    TRY(store_prepare(c->cx, c->store,
                      STR("SELECT a.id, a.question, a.key, r.id FROM requirement_ask q"
                          " JOIN ask a ON a.id = q.ask JOIN requirement r ON r.id = q.requirement"
                          " WHERE NOT EXISTS (SELECT 1 FROM answer p WHERE p.key = a.key)"
                          " ORDER BY r.n, a.id"),
                      &s));
    for (;;) {
        TRY(stmt_step(c->cx, s, &row));
        if (!row)
            break;
        struct str id = stmt_text(mem, s, 0), requirement = stmt_text(mem, s, 3);

        if (dict_has(done, id) || !asked(c, requirement, id))
            continue;
        struct value *item = value_map(mem);

        dict_set(done, id, item);
        value_set_text(item, "id", id);
        value_set_text(item, "question", stmt_text(mem, s, 1));
        value_set_text(item, "requirement", requirement);
        value_set_text(item, "profile_key", stmt_text(mem, s, 2));
        value_push(list, item);
    }
    if (c->home)
        TRY(add_requirements(c, list));
    value_set(v, "questions", list);
    return 0;
}

/* ---- the whole ---- */

static int set_reach(struct case_file *c, const struct counts *n, struct value *v)
{
    struct value *reach = value_map(c->cx->mem);
    struct str s;

    TRY(case_text(c, "understanding", reach, &s));
    value_set_int(reach, "decided", n->decided);
    value_set_int(reach, "needs_person", n->person);
    value_set_int(reach, "stage2_only", n->stage2_only);
    value_set_text(reach, "understanding", s);
    value_set(v, "reach", reach);
    return 0;
}

static int verdict_make(struct case_file *c, struct value *result)
{
    struct value *v = value_map(c->cx->mem), *minimum = value_map(c->cx->mem);
    struct counts n = count(c, value_get(result, "minimum"));

    value_set_text(v, "ready", str_of(ready_of(&n)));
    value_set_bool(v, "hopeless", n.hopeless);
    TRY(set_headline(c, &n, v));
    value_set_int(minimum, "met", n.met);
    value_set_int(minimum, "of", n.of);
    value_set(v, "minimum", minimum);
    value_set_int(v, "decided", n.decided);
    value_set_int(v, "needs_person", n.person);
    value_set_int(v, "stage2_only", n.stage2_only);
    value_set_int(v, "blockers", n.blockers);
    value_set_int(v, "concerns", n.concerns);
    set_too_late(c, v);
    TRY(set_why(c, &n, v));
    TRY(set_first(c, v));
    TRY(set_reach(c, &n, v));
    TRY(set_questions(c, v));
    value_set(result, "verdict", v);
    return 0;
}

int judge_violations(struct ctx *cx, const struct standard *standard, const struct rules *rules,
                     struct store *store, const struct value *violations, struct value *result)
{
    struct case_file c = {
        .cx = cx, .standard = standard, .rules = rules, .store = store, .data = rules->verdict};
    struct value *findings = value_list(cx->mem), *parts = value_map(cx->mem);

    TRY(take_run(&c));
    TRY(take_paths(&c));
    TRY(take_needs(&c));
    TRY(findings_make(&c, violations));
    TRY(unrun_make(&c, violations, parts));
    for (size_t i = 0; i < c.finding_n; i++)
        value_push(findings, c.findings[i].value);
    TRY(statuses_make(&c, parts));
    TRY(trails_make(&c, parts));
    TRY(matrix_make(&c, parts));
    TRY(verdict_make(&c, parts));
    static const char *const order[] = {
        "verdict",          "minimum",      "clauses", "findings",    "requirements", "controls",
        "wanted_documents", "carried_over", "trails",  "risk_matrix", "on_the_day",   "warnings"};

    value_set(parts, "findings", findings);
    for (size_t i = 0; i < COUNT_OF(order); i++)
        value_set(result, order[i], value_get_mut(parts, order[i]));
    return 0;
}

int judge_run(struct ctx *cx, const struct standard *standard, struct store *store,
              struct value *result)
{
    struct rules *rules;
    struct value *violations;

    TRY(rules_load(cx, standard, &rules));
    TRY(tables_fill(cx, store, standard));
    TRY(tables_derive(cx, store, standard));
    TRY(rules_run(cx, rules, NULL, NULL, store, &violations));
    return judge_violations(cx, standard, rules, store, violations, result);
}
