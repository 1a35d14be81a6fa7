/* Rules over a home: in a child that inherits the facts, and may do nothing but read them. */
#include "base/pack.h"
#include "judge/home_parts.h"
#include "proc/proc.h"

struct job {
    struct judge_home *home;
    const bool *chosen; /* by rule */
};

static const struct proc_limits LIMITS = {
    .profile = PROC_JUDGE,
    .memory = (size_t)512 << 20,
    .cpu_seconds = 60,
    .wall_seconds = 120,
    .output = (size_t)64 << 20,
};

static int work(struct ctx *cx, void *arg, struct buf *out)
{
    const struct job *job = arg;
    const struct rules *rules = job->home->rules;
    struct value *list = value_list(cx->mem);

    TRY(store_guard(cx, job->home->store, RULE_STEPS));
    for (size_t i = 0; i < rules->n; i++)
        if (job->chosen[i])
            TRY(rule_run(cx, job->home->store, &rules->items[i], list));
    value_pack(out, list);
    return 0;
}

/* The rule that gave a row; the child may have been taken over by what it read: only rows of rules
 * that it was to run are believed. */
static int rule_of(struct ctx *cx, const struct job *job, const struct value *found, size_t *ret)
{
    const struct rules *rules = job->home->rules;
    const struct rule *rule = rules_find(rules, value_get_text(found, "rule"));

    if (rule == NULL || !job->chosen[rule - rules->items] ||
        (value_type(value_get(found, "row")) != VALUE_MAP &&
         value_type(value_get(found, "shows")) != VALUE_MAP))
        return fail(cx, RC_FAIL, NULL, _("The judge gave back what no rule can give."));
    *ret = (size_t)(rule - rules->items);
    return 0;
}

/* Each rule keeps its rows in memory of its own, which goes when it runs again. */
static int take_rows(struct ctx *cx, const struct job *job, const struct value *list)
{
    struct judge_home *home = job->home;
    size_t rule = 0;

    for (size_t i = 0; i < value_count(list); i++) {
        TRY(rule_of(cx, job, value_at(list, i), &rule));
        struct rule_memory *memory = &home->memory[rule];
        value_push(memory->rows, value_copy(memory->mem, value_at(list, i)));
    }
    return 0;
}

static void forget(struct judge_home *home, const bool *chosen)
{
    for (size_t i = 0; i < home->rules->n; i++) {
        if (!chosen[i])
            continue;
        arena_free(home->memory[i].mem);
        home->memory[i].mem = arena_new(0);
        home->memory[i].rows = value_list(home->memory[i].mem);
    }
}

int home_run_rules(struct ctx *cx, struct judge_home *home, const bool *chosen)
{
    struct job job = {home, chosen};
    struct value *list;
    struct str output;

    TRY(proc_call(cx, &LIMITS, work, &job, &output));
    TRY(value_unpack(cx, output, &list));
    forget(home, chosen);
    return take_rows(cx, &job, list);
}
