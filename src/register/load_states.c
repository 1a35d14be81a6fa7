/* Definitions: states, the ways between them, and what guards forbid. */
#include "register/loading.h"

static int check_names(const struct loader *l, const struct value *map, const char *const *names,
                       size_t n, size_t needed)
{
    if (value_type(map) != VALUE_MAP)
        return loading_bad(l, map, "a map is wanted, with", str_of(names[0]));
    for (size_t i = 0; i < value_count(map); i++) {
        size_t k = 0;
        while (k < n && !str_is(value_key_at(map, i), names[k]))
            k++;
        if (k == n)
            return loading_bad(l, value_at(map, i), "unknown key", value_key_at(map, i));
    }
    for (size_t k = 0; k < needed; k++)
        if (value_get(map, names[k]) == NULL)
            return loading_bad(l, map, "missing key", str_of(names[k]));
    return 0;
}

static int check_state(const struct loader *l, const struct value *at)
{
    struct str id = value_as_text(at);

    for (size_t i = 0; l->def->state != NULL && i < l->def->state->choice_n; i++)
        if (str_eq(l->def->state->choices[i].id, id))
            return 0;
    return loading_bad(l, at, "no such state:", id);
}

static int check_list(const struct loader *l, const struct value *list, struct str key)
{
    TRY(loading_texts(l, list, key));
    if (value_count(list) == 0)
        return loading_bad(l, list, "this list is empty:", key);
    for (size_t i = 0; i < value_count(list); i++)
        TRY(check_state(l, value_at(list, i)));
    return 0;
}

/* Null empties the field. */
static int check_sets(const struct loader *l, const struct value *sets)
{
    for (size_t i = 0; i < value_count(sets); i++) {
        const struct register_field *field = register_field(l->def, value_key_at(sets, i));
        if (field == NULL || field == l->def->state)
            return loading_bad(l, value_at(sets, i),
                               "no such field, or it is the state:", value_key_at(sets, i));
        if (value_type(value_at(sets, i)) != VALUE_NULL)
            TRY(loading_constant(l, field, value_at(sets, i)));
    }
    return 0;
}

static int check_people(const struct loader *l, const struct register_group *group,
                        const struct value *at)
{
    for (size_t i = 0; i < group->n; i++) {
        const struct register_field *field = &l->def->fields[group->items[i]];
        if (field->type != REGISTER_PERSON && field->type != REGISTER_PEOPLE)
            return loading_bad(l, at,
                               "four eyes are persons', and this field holds none:", field->id);
    }
    return 0;
}

static int load_transition(const struct loader *l, const struct value *yaml,
                           struct register_transition *ret)
{
    static const char *const keys[] = {"from",  "to",        "label", "roles",
                                       "needs", "four_eyes", "sets"};
    const struct value *roles = value_get(yaml, "roles");

    TRY(check_names(l, yaml, keys, COUNT_OF(keys), 3));
    *ret = (struct register_transition){.from = value_get(yaml, "from"),
                                        .to = value_get_text(yaml, "to"),
                                        .label = value_get_text(yaml, "label"),
                                        .roles = roles,
                                        .sets = value_get(yaml, "sets")};
    TRY(check_list(l, ret->from, STR("from")));
    TRY(check_state(l, value_get(yaml, "to")));
    if (ret->label.n == 0)
        return loading_bad(l, yaml, "text is wanted for", STR("label"));
    if (roles != NULL)
        TRY(loading_texts(l, roles, STR("roles")));
    TRY(loading_group(l, value_get(yaml, "needs"), &ret->needs));
    TRY(loading_group(l, value_get(yaml, "four_eyes"), &ret->four_eyes));
    TRY(check_people(l, &ret->four_eyes, value_get(yaml, "four_eyes")));
    return check_sets(l, ret->sets);
}

static int load_transitions(const struct loader *l, const struct value *list)
{
    size_t n = value_count(list);

    if (value_type(list) != VALUE_LIST)
        return loading_bad(l, list, "a list is wanted for", STR("transitions"));
    l->def->transitions = arena_array(l->cx->mem, n + 1, sizeof *l->def->transitions);
    for (size_t i = 0; i < n; i++)
        TRY(load_transition(l, value_at(list, i), &l->def->transitions[l->def->transition_n++]));
    return 0;
}

static int load_field(const struct loader *l, const struct value *states)
{
    struct str id = value_get_text(states, "field");
    const struct register_field *field = register_field(l->def, id);

    if (field == NULL || field->type != REGISTER_CHOICE)
        return loading_bad(l, states, "no such field, or it is no choice:", id);
    l->def->state = field;
    l->def->initial = value_get_text(states, "initial");
    return check_state(l, value_get(states, "initial"));
}

static int load_guard(const struct loader *l, const struct value *yaml, struct register_guard *ret)
{
    static const char *const keys[] = {"id", "select", "message", "at", "changed"};

    TRY(check_names(l, yaml, keys, COUNT_OF(keys), 3));
    *ret = (struct register_guard){.id = value_get_text(yaml, "id"),
                                   .sql = str_trim(value_get_text(yaml, "select")),
                                   .message = str_trim(value_get_text(yaml, "message")),
                                   .at = value_get(yaml, "at")};
    if (!loading_is_id(ret->id))
        return loading_bad(l, yaml, "no id of a guard (a-z, 0-9, _):", ret->id);
    if (ret->message.n == 0 || !str_has(ret->sql, ":id"))
        return loading_bad(l, yaml, "a message, and a select over :id, are wanted for", ret->id);
    TRY(loading_group(l, value_get(yaml, "changed"), &ret->changed));
    return ret->at != NULL ? check_list(l, ret->at, STR("at")) : 0;
}

int loading_states(const struct loader *l)
{
    static const char *const keys[] = {"field", "initial", "transitions"};
    const struct value *states = value_get(l->def->yaml, "states"),
                       *guards = value_get(l->def->yaml, "guards");

    if (states != NULL) {
        TRY(check_names(l, states, keys, COUNT_OF(keys), COUNT_OF(keys)));
        TRY(load_field(l, states));
        TRY(load_transitions(l, value_get(states, "transitions")));
    }
    l->def->guards = arena_array(l->cx->mem, value_count(guards) + 1, sizeof *l->def->guards);
    for (size_t i = 0; i < value_count(guards); i++)
        TRY(load_guard(l, value_at(guards, i), &l->def->guards[l->def->guard_n++]));
    return 0;
}
