/* Rules over a home: in a child that inherits the facts, and may do nothing but read them. */
#include "judge/home_parts.h"

/* Each rule keeps its rows in memory of its own, which goes when it runs again. */
static void take_rows(struct judge_home *home, const struct value *list)
{
    const struct rule *rule = NULL;

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *found = value_at(list, i);

        rule = rules_find_near(home->rules, value_get_text(found, "rule"), rule);
        struct rule_memory *memory = &home->memory[rule - home->rules->items];

        value_push(memory->rows, value_copy(memory->mem, found));
        memory->unrun = memory->unrun || value_get_text(found, "unrun").n > 0;
    }
}

static void forget(struct judge_home *home, const bool *chosen)
{
    for (size_t i = 0; i < home->rules->n; i++) {
        if (!chosen[i])
            continue;
        arena_free(home->memory[i].mem);
        home->memory[i].mem = arena_new(0);
        home->memory[i].rows = value_list(home->memory[i].mem);
        home->memory[i].unrun = false;
    }
}

int home_run_rules(struct ctx *cx, struct judge_home *home, const bool *chosen)
{
    struct value *list;

    TRY(rules_run(cx, home->rules, chosen, home->ready, home->store, &list));
    forget(home, chosen);
    take_rows(home, list);
    return 0;
}
