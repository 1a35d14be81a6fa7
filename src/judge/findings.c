/* Violations to findings: which requirement, what grade, what it covers, in which words. */
#include "base/hash.h"
#include "judge/verdict_parts.h"

struct str grade_name(int64_t stage, enum grade grade)
{
    static const char *const names[2][4] = {{"N/A", "NOTE", "AOC", "AOC-BLOCK"},
                                            {"N/A", "OFI", "MINOR", "MAJOR"}};

    return str_of(names[stage >= 2][grade]);
}

static bool open_still(const struct need *need)
{
    return !str_is(need->status, "met") && !str_is(need->status, "not-applicable");
}

/* The first of the rule's requirements that is not met: the one the finding is raised on. */
static struct need *main_need(struct case_file *c, const struct rule *rule, const struct value *row)
{
    const struct value *covers = value_get(rule->yaml, "covers");
    struct need *need = case_need(c, rule->requirement.n > 0 ? rule->requirement
                                                             : value_get_text(row, "requirement"));

    if (need == NULL || open_still(need))
        return need;
    for (size_t i = 0; i < value_count(covers); i++) {
        struct need *other = case_need(c, value_as_text(value_at(covers, i)));

        if (other != NULL && open_still(other) && (c->stage >= 2 || other->grade != GRADE_NONE))
            return other;
    }
    return need;
}

static struct value *covered(struct case_file *c, const struct rule *rule,
                             const struct need *chosen)
{
    const struct value *covers = value_get(rule->yaml, "covers");
    struct value *list = value_list(c->cx->mem);

    for (size_t i = 0; i <= value_count(covers); i++) {
        struct str id = i == 0 ? rule->requirement : value_as_text(value_at(covers, i - 1));
        const struct need *need = id.n > 0 ? case_need(c, id) : NULL;

        if (need != NULL && need != chosen && open_still(need))
            value_push(list, value_text(c->cx->mem, id));
    }
    return list;
}

/* The control that it is about, for rules that name one. */
static struct str control_of(const struct finding *f)
{
    return value_get_text(f->rule->yaml, "control");
}

/* Would it be major at Stage 2, by the requirement's rule of escalation? `whole`: also by what only
 * Stage 2 itself can raise, since nothing blocks Stage 1 but what its requirement names. */
static bool is_major(const struct case_file *c, const struct finding *f, bool whole)
{
    const struct need *need = f->need;
    const struct value *row = f->row;
    int64_t bad = value_get_int(row, "bad", (int64_t)f->line_n);
    int64_t total = value_get_int(row, "total", 0);
    bool absent = value_get_int(row, "absent", 0) != 0;
    bool control = control_of(f).n > 0;
    bool prevalent = (control || total >= case_setting(c, "prevalence_least")) && total > 0 &&
                     bad >= case_setting(c, "prevalence_bad") &&
                     bad * 1000 >= total * case_setting(c, "prevalence_permille");

    if (!str_is(need->basis, "direct"))
        return false;
    if (str_is(need->rule, "ABSENT")) /* where the requirement itself names a major one */
        return absent && need->grade == GRADE_BLOCK;
    if (str_is(need->rule, "ISOLATED_DOWN"))
        return absent || bad >= case_setting(c, "isolated_below");
    if (str_is(need->rule, "GROUP_COUNT_3"))
        return whole && bad >= case_setting(c, "group_bad");
    if (str_is(need->rule, "PREVALENCE_OR_ABSENT"))
        return prevalent || (whole && absent);
    return (str_is(need->rule, "PREVALENCE") || control) && prevalent;
}

/* Never above the requirement's own grade at Stage 1; blocking only what would be major. */
static enum grade stage1_of(const struct case_file *c, const struct finding *f)
{
    const struct need *need = f->need;
    const struct value *row = f->row;
    enum grade grade = need->grade;
    struct str lowered = value_get_text(f->rule->yaml, "grade");

    if (grade == GRADE_BLOCK && !is_major(c, f, false))
        grade = GRADE_AOC;
    if (value_get_int(row, "dated", 0) != 0 && need->dated != GRADE_NONE && need->dated < grade)
        grade = need->dated;
    if (value_get_int(row, "only_partly", 0) != 0 && need->grade == GRADE_AOC)
        grade = GRADE_NOTE;
    if (str_is(lowered, "AOC") && grade > GRADE_AOC)
        grade = GRADE_AOC;
    if (str_is(lowered, "NOTE") && grade > GRADE_NOTE)
        grade = GRADE_NOTE;
    return grade;
}

static struct str mode_of(const struct rule *rule, const struct need *need)
{
    struct str mode = value_get_text(rule->yaml, "mode");

    if (!str_is(need->basis, "direct"))
        return STR("signal");
    return mode.n > 0 ? mode : need->mode;
}

/* At Stage 2 what is not met is a nonconformity. Only what is merely a signal, and no more than a
 * note at Stage 1, is an opportunity for improvement. */
static enum grade stage2_of(const struct case_file *c, const struct finding *f)
{
    bool held =
        value_get(f->rule->yaml, "grade") != NULL || value_get(f->rule->yaml, "mode") != NULL;

    /* What a rule takes to be no more than a hint, or lowers, grows no graver by its number. */
    if (f->stage1 == GRADE_BLOCK || (c->stage >= 2 && !held && is_major(c, f, true)))
        return GRADE_BLOCK;
    if (f->stage1 == GRADE_NOTE && str_is(mode_of(f->rule, f->need), "signal"))
        return GRADE_NOTE;
    return GRADE_AOC;
}

static void set_grade(const struct case_file *c, struct finding *f)
{
    f->stage1 = stage1_of(c, f);
    f->stage2 = stage2_of(c, f);
    f->grade = c->stage >= 2 ? f->stage2 : f->stage1;
}

/* A path of a home at the head of a subject gives way to what does not change with a title. */
static struct str stable(const struct case_file *c, struct str subject)
{
    for (size_t i = 0; i < value_count(c->paths); i++) {
        struct str path = value_get_text(value_at(c->paths, i), "path");

        if (str_starts(subject, path) && (subject.n == path.n || subject.p[path.n] == ' '))
            return str_printf(c->cx->mem, "%.*s%.*s",
                              STR_ARG(value_get_text(value_at(c->paths, i), "key")),
                              STR_ARG(str_from(subject, path.n)));
    }
    return subject;
}

static struct str finding_id(struct case_file *c, const struct rule *rule, const struct value *row)
{
    struct arena *mem = c->cx->mem;
    struct str said = value_print(mem, value_get(row, str_z(mem, rule->subject)));

    if (c->last_id.rule == rule && str_eq(c->last_id.subject, said))
        return c->last_id.id;
    struct str subject = stable(c, said);
    struct str key = str_printf(mem, "%.*s\n%.*s", STR_ARG(rule->id), STR_ARG(subject));

    c->last_id.rule = rule;
    c->last_id.subject = said;
    c->last_id.id = str_printf(mem, "F-%.*s", STR_ARG(str_sub(hash_sha256_hex(mem, key), 0, 10)));
    return c->last_id.id;
}

/* By a rule of the same control, where it is about one: one requirement bears all controls. */
static bool raised_already(const struct case_file *c, struct str requirement, struct str control)
{
    for (size_t i = 0; i < c->finding_n; i++) {
        const struct finding *f = &c->findings[i];

        if (control.n > 0 && !str_eq(control_of(f), control))
            continue;
        if (str_eq(f->need->id, requirement))
            return true;
        for (size_t k = 0; k < value_count(f->covers); k++)
            if (str_eq(value_as_text(value_at(f->covers, k)), requirement))
                return true;
    }
    return false;
}

static struct finding *there_already(const struct case_file *c, struct str id)
{
    for (size_t i = 0; i < c->finding_n; i++)
        if (str_eq(c->findings[i].id, id))
            return &c->findings[i];
    return NULL;
}

/* The rule of a violation; the same as that of the one before it, mostly. */
static const struct rule *rule_of(struct case_file *c, const struct value *violation)
{
    c->near = rules_find_near(c->rules, value_get_text(violation, "rule"), c->near);
    return c->near;
}

static int add(struct case_file *c, const struct rule *rule, const struct value *violation)
{
    const struct value *row = value_get(violation, "row");
    struct str id = finding_id(c, rule, row);
    struct finding *there = there_already(c, id), *f;
    struct need *need = main_need(c, rule, row);

    if (need == NULL)
        return fail(c->cx, RC_INVALID, NULL,
                    _("Rule %.*s gives a requirement that does not exist."), STR_ARG(rule->id));
    if (there != NULL && rule->gather)
        *ARENA_PUSH(c->cx->mem, there->lines, there->line_n, there->line_room) = row;
    if (there != NULL || (c->stage == 1 && need->grade == GRADE_NONE) ||
        (rule->yields && raised_already(c, need->id, value_get_text(rule->yaml, "control"))))
        return 0; /* said already, or not judged at Stage 1 */
    f = ARENA_PUSH(c->cx->mem, c->findings, c->finding_n, c->finding_room);
    *f = (struct finding){
        .rule = rule,
        .need = need,
        .id = id,
        .covers = covered(c, rule, need),
        .row = row,
    };
    if (rule->gather)
        *ARENA_PUSH(c->cx->mem, f->lines, f->line_n, f->line_room) = row;
    return 0;
}

/* ---- the finding as a value ---- */

static struct value *at_value(struct arena *mem, const struct value *row)
{
    static const char *const keys[] = {"page", "heading", "line", "sheet", "row"};
    struct value *at = value_map(mem);

    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct value *v = value_get(row, keys[i]);

        if (value_type(v) == VALUE_TEXT)
            value_set_text(at, keys[i], value_as_text(v));
        else if (value_type(v) == VALUE_INT)
            value_set_int(at, keys[i], value_as_int(v, 0));
    }
    return at;
}

static struct value *quote_value(struct arena *mem, const struct value *row, struct str path,
                                 struct str place, struct str quote)
{
    struct value *v = value_map(mem);

    value_set_text(v, "path", path);
    value_set_text(v, "place", place);
    value_set_text(v, "quote", quote);
    if (row != NULL)
        value_set(v, "at", at_value(mem, row));
    return v;
}

/* A row of document_said by its number, as evidence. */
static int add_said(struct case_file *c, struct str number, struct value *list)
{
    struct arena *mem = c->cx->mem;
    int64_t id;
    bool there;
    STMT(s);

    if (!str_to_int(number, &id))
        return fail(c->cx, RC_INVALID, NULL, "\"%.*s\" is no row of document_said.",
                    STR_ARG(number));
    TRY(store_prepare(c->cx, c->store,
                      STR("SELECT path, place, heading, page, line, sheet, row, quote "
                          "FROM document_said WHERE id = :id"),
                      &s));
    TRY(stmt_bind_int(c->cx, s, "id", id));
    TRY(stmt_step(c->cx, s, &there));
    if (!there)
        return 0;
    struct value *row = stmt_row(mem, s);
    value_push(list, quote_value(mem, row, value_get_text(row, "path"),
                                 value_get_text(row, "place"), value_get_text(row, "quote")));
    return 0;
}

/* The row's own passage, then those that its column `quotes` lists. */
static int evidence_of(struct case_file *c, const struct finding *f, struct value **ret)
{
    struct arena *mem = c->cx->mem;
    struct value *list = value_list(mem);
    struct str path = value_get_text(f->row, "path"), quote = value_get_text(f->row, "quote");
    struct str rest = value_print(mem, value_get(f->row, "quotes")), number;

    if (path.n > 0 && quote.n > 0)
        value_push(list, quote_value(mem, f->row, path, value_get_text(f->row, "place"), quote));
    while (rest.n > 0 && str_split(&rest, ',', &number))
        TRY(add_said(c, number, list));
    *ret = list;
    return 0;
}

static struct value *searched_of(struct case_file *c, const struct finding *f)
{
    struct arena *mem = c->cx->mem;
    struct str path = value_get_text(f->row, "nearest_path");
    struct value *v = value_map(mem), *nearest = value_null(mem);

    if (path.n > 0) {
        nearest = quote_value(mem, NULL, path, value_get_text(f->row, "nearest_place"),
                              value_get_text(f->row, "nearest_quote"));
        value_set_text(nearest, "why_not", value_get_text(f->row, "why_not"));
    }
    value_set_int(v, "files", c->read);
    value_set(v, "nearest", nearest);
    return v;
}

static struct value *copy_texts(struct arena *mem, const struct value *list)
{
    struct value *copy = value_list(mem);

    for (size_t i = 0; i < value_count(list); i++)
        value_push(copy, value_text(mem, value_as_text(value_at(list, i))));
    return copy;
}

static int set_text(struct case_file *c, struct value *v, const char *key,
                    const struct mustache *template, const struct value *row)
{
    struct buf out = buf_new(c->cx->mem);

    if (mustache_render(template, row, &out) < 0)
        return fail(c->cx, RC_LIMIT, key, _("The text of a finding grows too large."));
    value_set_text(v, key, buf_str(&out));
    return 0;
}

/* The rows that were gathered: where each stands, what it says wrongly, and how it could read. */
static int lines_of(struct case_file *c, const struct finding *f, struct value **ret)
{
    struct value *list = value_list(c->cx->mem);

    for (size_t i = 0; i < f->line_n; i++) {
        const struct value *row = f->lines[i];
        struct value *line =
            quote_value(c->cx->mem, row, value_get_text(row, "path"), value_get_text(row, "place"),
                        value_get_text(row, "quote"));

        value_set_text(line, "ref", value_print(c->cx->mem, value_get(row, "ref")));
        TRY(set_text(c, line, "says", f->rule->texts[RULE_LINE], row));
        TRY(better_set(c, f->rule, row, line));
        value_push(list, line);
    }
    *ret = list;
    return 0;
}

static int make_value(struct case_file *c, struct finding *f)
{
    struct arena *mem = c->cx->mem;
    struct value *v = value_map(mem), *evidence, *lines;
    struct str mode = mode_of(f->rule, f->need);

    TRY(evidence_of(c, f, &evidence));
    TRY(lines_of(c, f, &lines));
    value_set_text(v, "id", f->id);
    value_set_text(v, "rule", f->rule->id);
    value_set_text(v, "requirement", f->need->id);
    value_set(v, "covers", copy_texts(mem, f->covers));
    value_set(v, "control", control_of(f).n > 0 ? value_text(mem, control_of(f)) : NULL);
    value_set_text(v, "clause", f->need->clause);
    value_set_text(v, "grade", grade_name(c->stage, f->grade));
    value_set_text(v, "stage1", grade_name(1, f->stage1));
    value_set_text(v, "stage2", grade_name(2, f->stage2));
    value_set_text(v, "mode", mode);
    TRY(set_text(c, v, "title", f->rule->texts[RULE_TITLE], f->row));
    TRY(set_text(c, v, "statement", f->rule->texts[RULE_STATEMENT], f->row));
    value_set(v, "evidence", evidence);
    value_set(v, "lines", lines);
    TRY(set_text(c, v, "why", f->rule->texts[RULE_WHY], f->row));
    /* Only what was not found was searched for; a rule that speaks of what is there names it. */
    bool searched = value_count(evidence) == 0 && value_get(f->row, "nearest_path") != NULL;

    value_set(v, "searched", searched ? searched_of(c, f) : NULL);
    TRY(set_text(c, v, "next_step", f->rule->texts[RULE_NEXT_STEP], f->row));
    value_set(v, "effort_days",
              value_decimal(mem, value_as_thousandths(value_get(f->rule->yaml, "effort_days"), 0)));
    value_set_int(v, "lead_days", value_get_int(f->rule->yaml, "lead_days", 0));
    value_set(v, "needs", value_list(mem));
    value_set(v, "questions", copy_texts(mem, value_get(f->rule->yaml, "questions")));
    f->value = v;
    return 0;
}

/* ---- order and links ---- */

static int cmp(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;

    if (x->grade != y->grade)
        return x->grade > y->grade ? -1 : 1;
    if (x->need != y->need)
        return x->need < y->need ? -1 : 1; /* needs lie in the order of the standard */
    return str_cmp(x->id, y->id);
}

/* What must be done first, among the findings there are. */
static void link_needs(struct case_file *c, struct finding *f)
{
    const struct value *after = value_get(f->rule->yaml, "after");
    struct value *needs = value_get_mut(f->value, "needs");

    for (size_t a = 0; a < value_count(after); a++)
        for (size_t i = 0; i < c->finding_n; i++)
            if (&c->findings[i] != f &&
                str_eq(c->findings[i].rule->id, value_as_text(value_at(after, a))))
                value_push(needs, value_text(c->cx->mem, c->findings[i].id));
}

/* A requirement with an area of concern of its own is not met, whatever else the documents show. */
static void note(struct case_file *c, struct finding *f)
{
    struct arena *mem = c->cx->mem;

    value_push(f->need->findings, value_text(mem, f->id));
    if (f->grade > GRADE_NOTE &&
        (str_is(f->need->status, "met") || str_is(f->need->status, "cannot-tell"))) {
        f->need->status = STR("partly");
        f->need->why = STR("finding");
    }
    for (size_t i = 0; i < value_count(f->covers); i++) {
        struct need *need = case_need(c, value_as_text(value_at(f->covers, i)));

        value_push(need->findings, value_text(mem, f->id));
    }
}

/* What only operation can show is met where records show it and no rule speaks against them. */
static void note_shown(struct case_file *c, const struct value *violations)
{
    for (size_t i = 0; i < value_count(violations); i++) {
        const struct value *shows = value_get(value_at(violations, i), "shows");
        const struct rule *rule = rule_of(c, value_at(violations, i));
        struct str id = rule == NULL || rule->requirement.n == 0
                            ? value_get_text(shows, "requirement")
                            : rule->requirement;
        struct need *need = case_need(c, id);

        if (shows == NULL || need == NULL || value_get(rule->yaml, "control") != NULL ||
            value_count(need->findings) > 0 || !str_is(need->why, "operation"))
            continue;
        need->status = STR("met");
        need->why = STR("records");
        need->path = value_get_text(shows, "path");
    }
}

int findings_make(struct case_file *c, const struct value *violations)
{
    for (int yields = 0; yields <= 1; yields++)
        for (size_t i = 0; i < value_count(violations); i++) {
            const struct value *violation = value_at(violations, i);
            const struct rule *rule = rule_of(c, violation);

            if (rule != NULL && rule->yields == (yields == 1) &&
                value_get(violation, "row") != NULL)
                TRY(add(c, rule, violation));
        }
    for (size_t i = 0; i < c->finding_n; i++)
        set_grade(c, &c->findings[i]);
    if (c->finding_n > 0)
        qsort(c->findings, c->finding_n, sizeof *c->findings, cmp);
    for (size_t i = 0; i < c->finding_n; i++)
        TRY(make_value(c, &c->findings[i]));
    for (size_t i = 0; i < c->finding_n; i++) {
        link_needs(c, &c->findings[i]);
        note(c, &c->findings[i]);
    }
    note_shown(c, violations);
    return 0;
}
