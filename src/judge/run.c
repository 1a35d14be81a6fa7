/* Running rules: in a child that may do nothing but read the facts. */
#include "base/pack.h"
#include "judge/rules.h"
#include "proc/proc.h"

struct job {
    const struct rules *rules;
};

static const struct proc_limits LIMITS = {
    .profile = PROC_JUDGE,
    .memory = (size_t)512 << 20,
    .cpu_seconds = 60,
    .wall_seconds = 120,
    .output = (size_t)64 << 20,
};

static int run_stage(struct ctx *cx, struct store *store, unsigned *ret)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, store, STR("SELECT stage FROM fact_run"), &s));
    TRY(stmt_step(cx, s, &row));
    *ret = row ? (unsigned)stmt_int(s, 0) & 7u : 1;
    return 0;
}

/* The day of the run and of Stage 2 stand in the facts, as all else does. */
static int run_days(struct ctx *cx, struct store *store, struct str *ret_today,
                    struct str *ret_stage2)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, store, STR("SELECT today, stage2 FROM fact_run"), &s));
    TRY(stmt_step(cx, s, &row));
    if (!row)
        return fail(cx, RC_INVALID, NULL, _("The facts do not say which day it is."));
    *ret_today = stmt_text(cx->mem, s, 0);
    *ret_stage2 = stmt_text(cx->mem, s, 1);
    return 0;
}

static int bind(struct ctx *cx, struct store *store, const struct rule *rule, struct stmt *s)
{
    struct str today, stage2;

    TRY(run_days(cx, store, &today, &stage2));
    for (size_t i = 0; i < stmt_params(s); i++) {
        struct str name = stmt_param_name(s, i);

        if (str_is(name, "requirement"))
            TRY(stmt_bind_text(cx, s, "requirement", rule->requirement));
        else if (str_is(name, "today"))
            TRY(stmt_bind_text(cx, s, "today", today));
        else
            TRY(stmt_bind_text_or_null(cx, s, "stage2", stage2));
    }
    return 0;
}

/* A rule speaks only of documents that are there: what is absent is one other rule's finding. */
static int needs_met(struct ctx *cx, struct store *store, const struct rule *rule, bool *ret)
{
    const struct value *needs = value_get(rule->yaml, "needs");
    bool row;
    STMT(s);

    *ret = true;
    TRY(store_prepare(cx, store,
                      STR("SELECT 1 FROM fact_kind WHERE kind = :kind AND state = 'present'"), &s));
    for (size_t i = 0; i < value_count(needs) && *ret; i++) {
        TRY(stmt_bind_text(cx, s, "kind", value_as_text(value_at(needs, i))));
        TRY(stmt_step(cx, s, &row));
        stmt_reset(s);
        *ret = row;
    }
    return 0;
}

/* What shows that all is well, where records do: a row a requirement. */
static int run_shows(struct ctx *cx, struct store *store, const struct rule *rule,
                     struct value *list)
{
    bool row = rule->shows.n > 0;
    STMT(s);

    if (!row)
        return 0;
    TRY(store_prepare(cx, store, rule->shows, &s));
    TRY(bind(cx, store, rule, s));
    for (size_t n = 0; n < RULE_ROWS; n++) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        struct value *shown = value_map(cx->mem), *found = stmt_row(cx->mem, s);

        if (value_get_int(found, "n", 0) == 0)
            continue;
        value_set_text(shown, "rule", rule->id);
        value_set(shown, "shows", found);
        value_push(list, shown);
    }
    return 0;
}

static int run_rows(struct ctx *cx, struct store *store, const struct rule *rule,
                    struct value *list)
{
    bool row = true;
    STMT(s);

    TRY(store_prepare(cx, store, rule->sql, &s));
    TRY(bind(cx, store, rule, s));
    for (size_t n = 0; row; n++) {
        TRY(stmt_step(cx, s, &row));
        if (!row || (n == RULE_ROWS && rule->gather))
            break;
        if (n == RULE_ROWS)
            return fail(cx, RC_LIMIT, NULL, _("it gives more than %u rows"), RULE_ROWS);
        struct value *found = value_map(cx->mem);

        value_set_text(found, "rule", rule->id);
        value_set(found, "row", stmt_row(cx->mem, s));
        value_push(list, found);
        TRY(ctx_check(cx));
    }
    return 0;
}

int rule_run(struct ctx *cx, struct store *store, const struct rule *rule, struct value *list)
{
    bool run = false;
    int rc = needs_met(cx, store, rule, &run);

    if (rc == 0 && run)
        rc = run_rows(cx, store, rule, list);
    if (rc == 0 && run)
        rc = run_shows(cx, store, rule, list);
    return rc < 0 ? fail_while(cx, rc, _("Rule %.*s"), STR_ARG(rule->id)) : 0;
}

static int work(struct ctx *cx, void *arg, struct buf *out)
{
    const struct job *job = arg;
    struct value *list = value_list(cx->mem);
    CLEANUP(store_closep) struct store *store = NULL;
    unsigned stage;

    TRY(store_open_reader(cx, PROC_FILE, &store));
    TRY(store_guard(cx, store, RULE_STEPS));
    TRY(run_stage(cx, store, &stage));
    for (size_t i = 0; i < job->rules->n; i++)
        if ((job->rules->items[i].stages & RULE_STAGE(stage)) != 0 &&
            (job->rules->items[i].of & RULE_OF_FOLDER) != 0)
            TRY(rule_run(cx, store, &job->rules->items[i], list));
    value_pack(out, list);
    return 0;
}

/* The child may have been taken over by what it read: only rows of rules that exist are believed.
 */
static int check_rows(struct ctx *cx, const struct rules *rules, const struct value *list)
{
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *found = value_at(list, i);

        if (rules_find(rules, value_get_text(found, "rule")) == NULL ||
            (value_type(value_get(found, "row")) != VALUE_MAP &&
             value_type(value_get(found, "shows")) != VALUE_MAP))
            return fail(cx, RC_FAIL, NULL, _("The judge gave back what no rule can give."));
    }
    return value_type(list) == VALUE_LIST
               ? 0
               : fail(cx, RC_FAIL, NULL, _("The judge gave back no list."));
}

int rules_run(struct ctx *cx, const struct rules *rules, struct store *store, struct value **ret)
{
    struct job job = {.rules = rules};
    struct proc_limits limits = LIMITS;
    struct value *list;
    struct str output;

    limits.file = store_reader(store);
    TRY(proc_call(cx, &limits, work, &job, &output));
    TRY(value_unpack(cx, output, &list));
    TRY(check_rows(cx, rules, list));
    *ret = list;
    return 0;
}
