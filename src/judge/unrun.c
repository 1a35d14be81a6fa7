/* Rules that were not run to their end. Nothing is known of what they look for: the requirements
 * that they decide are no longer met, and the verdict says so. */
#include "judge/verdict_parts.h"

/* A rule that takes its requirements from its rows names them in its query. */
static bool decides(const struct rule *rule, struct str id)
{
    const struct value *covers = value_get(rule->yaml, "covers");

    for (size_t i = 0; i < value_count(covers); i++)
        if (str_eq(value_as_text(value_at(covers, i)), id))
            return true;
    if (rule->requirement.n > 0)
        return str_eq(rule->requirement, id);
    for (size_t at = 0; (at = str_find(rule->sql, id, at)) != SIZE_MAX; at += id.n)
        if (at > 0 && rule->sql.p[at - 1] == '\'' && at + id.n < rule->sql.n &&
            rule->sql.p[at + id.n] == '\'')
            return true;
    return false;
}

/* What a finding would have lowered can be lowered no more, but neither is it known to hold. */
static struct value *close_needs(struct case_file *c, const struct rule *rule)
{
    struct value *list = value_list(c->cx->mem);

    for (size_t i = 0; i < c->need_n; i++) {
        struct need *need = &c->needs[i];

        if (!decides(rule, need->id))
            continue;
        value_push(list, value_text(c->cx->mem, need->id));
        if (str_is(need->status, "met") || str_is(need->status, "cannot-tell")) {
            need->status = STR("cannot-tell");
            need->why = STR("unrun");
        }
    }
    return list;
}

static int warn(struct case_file *c, const struct rule *rule, struct str why, struct value *list)
{
    struct value *v = value_map(c->cx->mem), *view = value_map(c->cx->mem);
    struct str says;

    value_set_text(view, "rule", rule->id);
    value_set_text(view, "why", why);
    TRY(case_text(c, "warning.rule", view, &says));
    value_set_text(v, "about", STR("rule"));
    value_set_text(v, "name", rule->id);
    value_set_text(v, "says", says);
    value_set(v, "nearest", NULL);
    value_set(v, "requirements", close_needs(c, rule));
    value_push(list, v);
    c->unrun++;
    return 0;
}

int unrun_make(struct case_file *c, const struct value *violations, struct value *result)
{
    struct value *list = value_list(c->cx->mem);

    for (size_t i = 0; i < value_count(violations); i++) {
        struct str why = value_get_text(value_at(violations, i), "unrun");
        const struct rule *rule =
            why.n > 0 ? rules_find(c->rules, value_get_text(value_at(violations, i), "rule"))
                      : NULL;

        if (rule != NULL)
            TRY(warn(c, rule, why, list));
    }
    value_set(result, "warnings", list);
    return 0;
}
