/* The parts of a result that list what was judged: requirements, clauses, the minimum. */
#include "judge/verdict_parts.h"

static int why_text(struct case_file *c, const struct need *need, struct str *ret)
{
    struct value *view = value_map(c->cx->mem);
    const char *path = "status.content-plain";

    value_set_text(view, "path", need->path);
    value_set_text(view, "said", need->said);
    if (str_is(need->why, "stage2"))
        path = "status.stage2";
    else if (str_is(need->why, "first-time"))
        path = "status.first-time";
    else if (str_is(need->why, "finding"))
        path = "status.finding";
    else if (str_is(need->why, "unrun"))
        path = "status.unrun";
    else if (str_is(need->why, "records"))
        path = "status.records";
    else if (str_is(need->why, "operation"))
        path = "status.operation";
    else if (str_is(need->why, "answer"))
        path = str_is(need->status, "met") ? "status.answer-yes" : "status.answer-no";
    else if (str_is(need->status, "cannot-tell"))
        path = str_is(need->why, "person") ? "status.person" : "status.content-unknown";
    else if (str_is(need->status, "missing"))
        path = "status.content-missing";
    else if (str_is(need->status, "partly"))
        path = "status.content-partly";
    else if (str_is(need->why, "documents"))
        path = "status.documents-met";
    else if (need->path.n > 0)
        path = "status.content-met";
    return case_text(c, path, view, ret);
}

static int make_requirements(struct case_file *c, struct value *result)
{
    struct value *list = value_list(c->cx->mem);

    for (size_t i = 0; i < c->need_n; i++) {
        const struct need *need = &c->needs[i];
        struct value *v = value_map(c->cx->mem);
        struct str why;

        TRY(why_text(c, need, &why));
        value_set_text(v, "id", need->id);
        value_set_text(v, "clause", need->clause);
        value_set_text(v, "title", need->title);
        value_set_text(v, "status", need->status);
        value_set_text(v, "why_status", why);
        value_set(v, "findings", need->findings);
        value_push(list, v);
    }
    value_set(result, "requirements", list);
    return 0;
}

/* ---- what the files do not decide ---- */

/* Names of the roles that an auditor asks. */
static struct value *who_of(struct case_file *c, const struct entry *e)
{
    const struct value *ids = value_get(e->yaml, "interview");
    const struct value *roles = value_get(c->standard->about, "roles");
    struct value *list = value_list(c->cx->mem);

    for (size_t i = 0; i < value_count(ids); i++)
        value_push(list, value_text(c->cx->mem,
                                    value_get_text(roles, str_z(c->cx->mem,
                                                                value_as_text(value_at(ids, i))))));
    return list;
}

/* At Stage 2 the auditor sees and asks what files cannot tell: each such requirement, with what is
 * looked at. */
static void make_on_the_day(struct case_file *c, struct value *result)
{
    struct value *list = value_list(c->cx->mem);

    for (size_t i = 0; c->stage >= 2 && i < c->need_n; i++) {
        const struct need *need = &c->needs[i];
        const struct entry *e = standard_find(c->standard, need->id);
        struct str looks = value_get_text(e->yaml, "stage2");
        struct value *v = value_map(c->cx->mem);

        if (!str_is(need->status, "cannot-tell"))
            continue;
        if (str_is(looks, "-"))
            looks = value_get_text(e->yaml, "stage1");
        value_set_text(v, "requirement", need->id);
        value_set_text(v, "clause", need->clause);
        value_set_text(v, "title", need->title);
        value_set_text(v, "looks_at", looks);
        value_set(v, "asks", who_of(c, e));
        value_push(list, v);
    }
    value_set(result, "on_the_day", list);
}

/* "9" of "9.2.1". */
static struct str chapter(struct str clause)
{
    size_t dot = str_find_char(clause, '.', 0);

    return dot == SIZE_MAX ? clause : str_sub(clause, 0, dot);
}

static struct value *clause_value(struct case_file *c, struct str number, struct str title)
{
    static const char *const names[][2] = {{"met", "met"},
                                           {"partly", "partly"},
                                           {"missing", "missing"},
                                           {"cannot-tell", "cannot_tell"},
                                           {"not-applicable", "not_applicable"}};
    struct value *v = value_map(c->cx->mem);
    int64_t total = 0;

    value_set_text(v, "clause", number);
    value_set_text(v, "title", title);
    for (size_t s = 0; s < COUNT_OF(names); s++) {
        int64_t n = 0;

        for (size_t i = 0; i < c->need_n; i++)
            n += str_eq(chapter(c->needs[i].clause), number) &&
                 str_is(c->needs[i].status, names[s][0]);
        value_set_int(v, names[s][1], n);
        total += n;
    }
    value_set_int(v, "total", total);
    return v;
}

static void make_clauses(struct case_file *c, struct value *result)
{
    const struct value *clauses = value_get(c->data, "clauses");
    struct value *list = value_list(c->cx->mem);

    for (size_t i = 0; i < value_count(clauses); i++)
        value_push(list,
                   clause_value(c, value_key_at(clauses, i), value_as_text(value_at(clauses, i))));
    value_set(result, "clauses", list);
}

/* A document of which most of what decides is missing is there in part only. */
static struct str minimum_state(const struct case_file *c, const struct stmt *s)
{
    int64_t met = stmt_int(s, 5), all = stmt_int(s, 6);
    struct str state = stmt_text(c->cx->mem, s, 3);

    if (str_is(state, "cannot-tell"))
        return state;
    if (str_is(state, "inside"))
        return STR("partly");
    if (!str_is(state, "present"))
        return STR("missing");
    return met * 1000 < all * case_setting(c, "partly_below_permille") ? STR("partly")
                                                                       : STR("present");
}

static int make_minimum(struct case_file *c, struct value *result)
{
    struct value *list = value_list(c->cx->mem);
    bool row;
    STMT(s);

    TRY(store_prepare(
        c->cx, c->store,
        STR("SELECT k.id, k.title, k.clause, iif(i.kind IS NULL, f.state, 'inside'),"
            " coalesce(i.path, f.path),"
            " (SELECT count(*) FROM fact_criterion x WHERE x.kind = k.id AND x.practice = 0"
            "  AND x.status IN ('met', 'partly')),"
            " (SELECT count(*) FROM fact_criterion x WHERE x.kind = k.id AND x.practice = 0"
            "  AND x.status <> 'cannot-tell')"
            " FROM kind k JOIN fact_kind f ON f.kind = k.id LEFT JOIN fact_inside i ON i.kind = "
            "k.id"
            " WHERE k.minimum = 1 ORDER BY"
            " (SELECT min(r.n) FROM requirement r"
            "  WHERE k.clause = r.clause OR k.clause LIKE r.clause || ' %'), k.clause, k.id"),
        &s));
    for (;;) {
        TRY(stmt_step(c->cx, s, &row));
        if (!row)
            break;
        struct value *v = value_map(c->cx->mem);

        value_set_text(v, "kind", stmt_text(c->cx->mem, s, 0));
        value_set_text(v, "title", stmt_text(c->cx->mem, s, 1));
        value_set_text(v, "clause", stmt_text(c->cx->mem, s, 2));
        value_set_text(v, "state", minimum_state(c, s));
        value_set(v, "path",
                  stmt_is_null(s, 4) ? NULL : value_text(c->cx->mem, stmt_text(c->cx->mem, s, 4)));
        value_push(list, v);
    }
    value_set(result, "minimum", list);
    return 0;
}

int statuses_make(struct case_file *c, struct value *result)
{
    TRY(make_minimum(c, result));
    make_clauses(c, result);
    TRY(make_requirements(c, result));
    make_on_the_day(c, result);
    return controls_make(c, result);
}
