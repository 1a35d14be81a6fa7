/* Running rules: in a child that may do nothing but read the facts. */
#include <sys/mman.h>

#include "base/pack.h"
#include "judge/rules.h"
#include "proc/proc.h"

#define LOST_MOST 3u /* children that a rule may end; then something else is wrong */

struct job {
    const struct rules *rules;
    const bool *chosen;                  /* by rule; NULL for all of the stage */
    const struct rule_statements *ready; /* by rule; NULL: each is prepared when it runs */
    struct store *store;
    uint32_t *running; /* shared with the child: the rule that runs, from 1 on, or 0 */
    struct str *lost;  /* by rule: why the child ended while it ran, or nothing */
};

/* What all rules that run are told. */
struct facts {
    struct store *store;
    unsigned stage;
    struct str today, stage2;
};

static const struct proc_limits LIMITS = {
    .profile = PROC_JUDGE,
    .memory = (size_t)512 << 20,
    .cpu_seconds = 60,
    .wall_seconds = 120,
    .output = (size_t)64 << 20,
};

/* The stage, the day of the run and that of Stage 2 stand in the facts, as all else does. */
static int read_facts(struct ctx *cx, struct store *store, struct facts *ret)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, store, STR("SELECT stage, today, stage2 FROM fact_run"), &s));
    TRY(stmt_step(cx, s, &row));
    if (!row)
        return fail(cx, RC_INVALID, NULL, _("The facts do not say which day it is."));
    *ret = (struct facts){store, (unsigned)stmt_int(s, 0) & 7u, stmt_text(cx->mem, s, 1),
                          stmt_text(cx->mem, s, 2)};
    return 0;
}

static int bind(struct ctx *cx, const struct facts *facts, const struct rule *rule, struct stmt *s)
{
    for (size_t i = 0; i < stmt_params(s); i++) {
        struct str name = stmt_param_name(s, i);

        if (str_is(name, "requirement"))
            TRY(stmt_bind_text(cx, s, "requirement", rule->requirement));
        else if (str_is(name, "today"))
            TRY(stmt_bind_text(cx, s, "today", facts->today));
        else
            TRY(stmt_bind_text_or_null(cx, s, "stage2", facts->stage2));
    }
    return 0;
}

/* A rule speaks only of documents that are there: what is absent is one other rule's finding. */
static int needs_met(struct ctx *cx, const struct facts *facts, const struct rule *rule, bool *ret)
{
    const struct value *needs = value_get(rule->yaml, "needs");
    bool row;
    STMT(s);

    *ret = true;
    if (value_count(needs) == 0)
        return 0;
    TRY(store_prepare(cx, facts->store,
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
static int take_shown(struct ctx *cx, const struct rule *rule, struct stmt *s, struct value *list)
{
    bool row;

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

static int take_rows(struct ctx *cx, const struct rule *rule, struct stmt *s, struct value *list)
{
    bool row = true;

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

/* Runs one of a rule's statements: as it was prepared, or else prepared now. What it has sorted
 * goes before the next one runs. */
static int run_one(struct ctx *cx, const struct facts *facts, const struct rule *rule,
                   struct stmt *ready, struct str sql,
                   int (*take)(struct ctx *, const struct rule *, struct stmt *, struct value *),
                   struct value *list)
{
    STMT(own);

    if (ready == NULL)
        TRY(store_prepare(cx, facts->store, sql, &own));
    struct stmt *s = ready != NULL ? ready : own;

    TRY(bind(cx, facts, rule, s));
    int rc = take(cx, rule, s, list);

    stmt_reset(s);
    return rc;
}

static int run_select(struct ctx *cx, const struct facts *facts, const struct rule *rule,
                      const struct rule_statements *ready, bool *ret_needed, struct value *list)
{
    TRY(needs_met(cx, facts, rule, ret_needed));
    return *ret_needed ? run_one(cx, facts, rule, ready->rows, rule->sql, take_rows, list) : 0;
}

static int run_shows(struct ctx *cx, const struct facts *facts, const struct rule *rule,
                     const struct rule_statements *ready, struct value *list)
{
    return rule->shows.n > 0 ? run_one(cx, facts, rule, ready->shows, rule->shows, take_shown, list)
                             : 0;
}

static int named(struct ctx *cx, const struct rule *rule, int rc)
{
    return rc < 0 ? fail_while(cx, rc, _("Rule %.*s"), STR_ARG(rule->id)) : 0;
}

int rule_run(struct ctx *cx, struct store *store, const struct rule *rule, struct value *list)
{
    const struct rule_statements none = {NULL, NULL};
    struct facts facts;
    bool needed = false;

    TRY(read_facts(cx, store, &facts));
    int rc = run_select(cx, &facts, rule, &none, &needed, list);

    if (rc == 0 && needed)
        rc = run_shows(cx, &facts, rule, &none, list);
    return named(cx, rule, rc);
}

int rule_prepare(struct ctx *cx, struct store *store, const struct rule *rule, struct value *reads,
                 struct rule_statements *ret)
{
    TRY(named(cx, rule, store_prepare_guarded(cx, store, rule->sql, reads, &ret->rows)));
    if (rule->shows.n == 0)
        return 0;
    return named(cx, rule, store_prepare_guarded(cx, store, rule->shows, reads, &ret->shows));
}

void rule_statements_free(struct rule_statements *statements)
{
    stmt_freep(&statements->rows);
    stmt_freep(&statements->shows);
}

/* ---- in the child ---- */

static void push_copies(struct arena *mem, struct value *list, const struct value *found)
{
    for (size_t i = 0; i < value_count(found); i++)
        value_push(list, value_copy(mem, value_at(found, i)));
}

static void push_unrun(struct arena *mem, struct value *list, const struct rule *rule,
                       struct str why)
{
    struct value *unrun = value_map(mem);

    value_set_text(unrun, "rule", rule->id);
    value_set_text(unrun, "unrun", str_copy(mem, why));
    value_push(list, unrun);
}

/* In memory of its own, so that one rule's rows take no room from the others. What it has found
 * stands, even where it then cannot tell whether anything shows that all is well. */
static void run_rule(struct ctx *cx, const struct facts *facts, const struct rule *rule,
                     const struct rule_statements *ready, struct value *list)
{
    struct ctx own = {.mem = arena_new(RULE_MEMORY), .today = cx->today};
    struct value *rows = value_list(own.mem), *shown = value_list(own.mem);
    bool needed = false;
    int rc = run_select(&own, facts, rule, ready, &needed, rows);

    if (rc == 0) {
        push_copies(cx->mem, list, rows);
        if (needed)
            rc = run_shows(&own, facts, rule, ready, shown);
    }
    if (rc == 0)
        push_copies(cx->mem, list, shown);
    else
        push_unrun(cx->mem, list, rule, own.err.text);
    arena_free(own.mem);
}

static int open_facts(struct ctx *cx, const struct job *job, struct store **ret)
{
    if (store_reader(job->store) < 0) {
        *ret = job->store;
        return 0;
    }
    return store_open_reader(cx, PROC_FILE, ret);
}

static int work(struct ctx *cx, void *arg, struct buf *out)
{
    const struct rule_statements none = {NULL, NULL};
    const struct job *job = arg;
    struct value *list = value_list(cx->mem);
    struct store *store; /* it goes with the process */
    struct facts facts;

    TRY(open_facts(cx, job, &store));
    TRY(store_guard(cx, store, job->rules->steps));
    store_bound(store, RULES_STEPS_TIMES * job->rules->steps, RULE_MEMORY);
    TRY(read_facts(cx, store, &facts));
    for (size_t i = 0; i < job->rules->n; i++) {
        const struct rule *rule = &job->rules->items[i];

        if (job->chosen != NULL
                ? !job->chosen[i]
                : (rule->stages & RULE_STAGE(facts.stage)) == 0 || (rule->of & RULE_OF_FOLDER) == 0)
            continue;
        __atomic_store_n(job->running, (uint32_t)i + 1, __ATOMIC_SEQ_CST);
        if (job->lost[i].n > 0)
            push_unrun(cx->mem, list, rule, job->lost[i]);
        else
            run_rule(cx, &facts, rule, job->ready != NULL ? &job->ready[i] : &none, list);
        __atomic_store_n(job->running, 0, __ATOMIC_SEQ_CST);
        TRY(ctx_check(cx));
    }
    value_pack(out, list);
    return 0;
}

/* ---- in the parent ---- */

/* The child may have been taken over by what it read: only what rules that it was to run can give
 * is believed. */
static bool believed(const struct job *job, const struct value *found, const struct rule **near)
{
    const struct rule *rule = rules_find_near(job->rules, value_get_text(found, "rule"), *near);

    *near = rule;
    if (rule == NULL || (job->chosen != NULL && !job->chosen[rule - job->rules->items]))
        return false;
    return value_type(value_get(found, "row")) == VALUE_MAP ||
           value_type(value_get(found, "shows")) == VALUE_MAP ||
           value_get_text(found, "unrun").n > 0;
}

static int check_rows(struct ctx *cx, const struct job *job, const struct value *list)
{
    const struct rule *near = NULL;

    if (value_type(list) != VALUE_LIST)
        return fail(cx, RC_FAIL, NULL, _("The judge gave back no list."));
    for (size_t i = 0; i < value_count(list); i++)
        if (!believed(job, value_at(list, i), &near))
            return fail(cx, RC_FAIL, NULL, _("The judge gave back what no rule can give."));
    return 0;
}

/* Notes which rule ended the child, so that the next one leaves it out; false where none did, or
 * too many. */
static bool note_lost(struct ctx *cx, struct job *job, unsigned times)
{
    uint32_t at = __atomic_load_n(job->running, __ATOMIC_SEQ_CST);

    if (at == 0 || at > job->rules->n || job->lost[at - 1].n > 0)
        return false;
    job->lost[at - 1] = str_copy(cx->mem, cx->err.text);
    if (times < LOST_MOST)
        return true;
    return named(cx, &job->rules->items[at - 1], cx->err.rc) == 0;
}

static int call(struct ctx *cx, struct job *job, struct value **ret)
{
    struct proc_limits limits = LIMITS;
    struct str output;
    unsigned times = 0;
    int rc;

    limits.file = store_reader(job->store) > 0 ? store_reader(job->store) : 0;
    do {
        __atomic_store_n(job->running, 0, __ATOMIC_SEQ_CST);
        rc = proc_call(cx, &limits, work, job, &output);
    } while (rc < 0 && note_lost(cx, job, times++));
    TRY(rc);
    TRY(value_unpack(cx, output, ret));
    return check_rows(cx, job, *ret);
}

int rules_run(struct ctx *cx, const struct rules *rules, const bool *chosen,
              const struct rule_statements *ready, struct store *store, struct value **ret)
{
    struct job job = {.rules = rules, .chosen = chosen, .ready = ready, .store = store};
    const size_t page = sizeof *job.running;

    job.lost = arena_array(cx->mem, rules->n + 1, sizeof *job.lost);
    job.running = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (job.running == MAP_FAILED)
        return fail(cx, RC_FAIL, NULL, _("There is no memory to run the rules in."));
    int rc = call(cx, &job, ret);

    (void)munmap(job.running, page);
    return rc;
}
