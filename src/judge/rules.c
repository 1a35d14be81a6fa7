#include "judge/rules.h"

#include "register/register.h"

static const struct {
    const char *name;
    enum value_type type;
    bool wanted;
} KEYS[] = {
    {"id", VALUE_TEXT, true},       {"requirement", VALUE_TEXT, true},
    {"stage", VALUE_LIST, true},    {"subject", VALUE_TEXT, true},
    {"covers", VALUE_LIST, false},  {"needs", VALUE_LIST, false},
    {"after", VALUE_LIST, false},   {"questions", VALUE_LIST, false},
    {"grade", VALUE_TEXT, false},   {"mode", VALUE_TEXT, false},
    {"yields", VALUE_BOOL, false},  {"select", VALUE_TEXT, true},
    {"title", VALUE_TEXT, true},    {"statement", VALUE_TEXT, true},
    {"why", VALUE_TEXT, true},      {"next_step", VALUE_TEXT, true},
    {"do", VALUE_TEXT, false},      {"effort_days", VALUE_NULL, true}, /* any number */
    {"lead_days", VALUE_INT, true}, {"tests", VALUE_MAP, true},
    {"gather", VALUE_BOOL, false},  {"line", VALUE_TEXT, false},
    {"better", VALUE_TEXT, false},  {"control", VALUE_TEXT, false},
    {"shows", VALUE_TEXT, false},   {"of", VALUE_TEXT, false},
    {"example", VALUE_TEXT, false},
};

/* In the order of enum rule_text. */
static const char *const TEXTS[RULE_TEXTS] = {"title", "statement", "why",   "next_step",
                                              "do",    "line",      "better"};

/* What a rule's statement may ask for besides the facts. */
static const char *const PARAMS[] = {"requirement", "today", "stage2"};

struct rule_loader {
    struct ctx *cx;
    const struct standard *standard;
    const struct registers *registers;
    struct store *store; /* with the facts' tables, guarded */
    struct dict *asks;
    struct rules *rules;
    const char *file;
};

static int bad(struct rule_loader *l, const struct value *rule, const struct value *at,
               const char *what, struct str name)
{
    unsigned line = at != NULL && value_line(at) > 0 ? value_line(at) : value_line(rule);

    return fail(l->cx, RC_INVALID, l->file, "%s:%u: rule \"%.*s\": %s \"%.*s\".", l->file, line,
                STR_ARG(value_get_text(rule, "id")), what, STR_ARG(name));
}

static int check_key(struct rule_loader *l, const struct value *yaml, size_t i)
{
    struct str key = value_key_at(yaml, i);
    enum value_type type = value_type(value_at(yaml, i));

    for (size_t k = 0; k < COUNT_OF(KEYS); k++) {
        if (!str_is(key, KEYS[k].name))
            continue;
        bool number = type == VALUE_INT || type == VALUE_DECIMAL;

        if (KEYS[k].type == VALUE_NULL ? !number : type != KEYS[k].type)
            return bad(l, yaml, value_at(yaml, i), "wrong type of", key);
        return 0;
    }
    return bad(l, yaml, value_at(yaml, i), "unknown key", key);
}

static int check_keys(struct rule_loader *l, const struct value *yaml)
{
    for (size_t i = 0; i < value_count(yaml); i++)
        TRY(check_key(l, yaml, i));
    for (size_t k = 0; k < COUNT_OF(KEYS); k++)
        if (KEYS[k].wanted && value_get(yaml, KEYS[k].name) == NULL)
            return bad(l, yaml, yaml, "missing key", str_of(KEYS[k].name));
    return 0;
}

static int check_ids(struct rule_loader *l, const struct value *yaml, const char *key,
                     enum entry_type type)
{
    const struct value *ids = value_get(yaml, key);

    for (size_t i = 0; i < value_count(ids); i++) {
        struct str id = value_as_text(value_at(ids, i));
        const struct entry *e = standard_find(l->standard, id);

        if (e == NULL || e->type != type)
            return bad(l, yaml, value_at(ids, i), "no such id", id);
    }
    return 0;
}

static bool one_of(struct str s, const char *a, const char *b, const char *c)
{
    return s.n == 0 || str_is(s, a) || str_is(s, b) || str_is(s, c);
}

static int check_meaning(struct rule_loader *l, const struct value *yaml)
{
    struct str requirement = value_get_text(yaml, "requirement");
    const struct entry *e = standard_find(l->standard, requirement);
    const struct value *asks = value_get(yaml, "questions");

    if (!str_is(requirement, "from-row") && (e == NULL || e->type != ENTRY_REQUIREMENT))
        return bad(l, yaml, value_get(yaml, "requirement"), "no such requirement", requirement);
    TRY(check_ids(l, yaml, "covers", ENTRY_REQUIREMENT));
    TRY(check_ids(l, yaml, "needs", ENTRY_KIND));
    for (size_t i = 0; i < value_count(asks); i++)
        if (!dict_has(l->asks, value_as_text(value_at(asks, i))))
            return bad(l, yaml, value_at(asks, i), "no such question",
                       value_as_text(value_at(asks, i)));
    if (!one_of(value_get_text(yaml, "grade"), "NOTE", "AOC", "NOTE"))
        return bad(l, yaml, value_get(yaml, "grade"),
                   "a rule may lower a grade to AOC or NOTE, not", value_get_text(yaml, "grade"));
    if (!one_of(value_get_text(yaml, "mode"), "confirm", "signal", "propose"))
        return bad(l, yaml, value_get(yaml, "mode"), "no such mode", value_get_text(yaml, "mode"));
    if (!one_of(value_get_text(yaml, "of"), "home", "folder", "home"))
        return bad(l, yaml, value_get(yaml, "of"), "a rule is of a home or a folder, not",
                   value_get_text(yaml, "of"));
    const struct value *control = value_get(yaml, "control");

    if (control != NULL) {
        const struct entry *named = standard_find(l->standard, value_as_text(control));

        if (named == NULL || named->type != ENTRY_CONTROL)
            return bad(l, yaml, control, "no such control", value_as_text(control));
    }
    bool line = value_get(yaml, "line") != NULL, better = value_get(yaml, "better") != NULL;

    if (value_get_bool(yaml, "gather") ? !line : line || better)
        return bad(l, yaml, value_get(yaml, "gather"),
                   "rows are gathered (gather) where there is a text for each (line)", STR_NONE);
    if (value_count(value_path(yaml, "tests.violates")) == 0 ||
        value_count(value_path(yaml, "tests.conforms")) == 0)
        return bad(l, yaml, value_get(yaml, "tests"), "missing tests that violate, or that conform",
                   STR_NONE);
    return 0;
}

static bool has_column(const struct stmt *s, struct str name)
{
    for (size_t i = 0; i < stmt_columns(s); i++)
        if (str_eq(stmt_column_name(s, i), name))
            return true;
    return false;
}

static int check_messages(struct rule_loader *l, struct rule *rule, const struct stmt *s)
{
    for (size_t t = 0; t < RULE_TEXTS; t++) {
        const struct value *text = value_get(rule->yaml, TEXTS[t]);
        struct value *names = value_list(l->cx->mem);

        if (text == NULL)
            continue;
        if (mustache_compile(l->cx, TEXTS[t], value_as_text(text), MUSTACHE_PLAIN, NULL, NULL,
                             &rule->texts[t]) < 0)
            return bad(l, rule->yaml, text, "bad template", l->cx->err.text);
        mustache_names(rule->texts[t], names);
        for (size_t i = 0; i < value_count(names); i++)
            if (!has_column(s, value_as_text(value_at(names, i))))
                return bad(l, rule->yaml, text, "the message names no column of the query:",
                           value_as_text(value_at(names, i)));
    }
    return 0;
}

static int check_params(struct rule_loader *l, const struct rule *rule, const struct value *sql,
                        const struct stmt *s)
{
    for (size_t i = 0; i < stmt_params(s); i++) {
        size_t p = 0;

        while (p < COUNT_OF(PARAMS) && !str_is(stmt_param_name(s, i), PARAMS[p]))
            p++;
        if (p == COUNT_OF(PARAMS))
            return bad(l, rule->yaml, sql, "no such parameter", stmt_param_name(s, i));
    }
    return 0;
}

static int check_sql(struct rule_loader *l, struct rule *rule)
{
    const struct value *sql = value_get(rule->yaml, "select");
    STMT(s);

    if (store_prepare(l->cx, l->store, rule->sql, &s) < 0)
        return bad(l, rule->yaml, sql, "the query does not prepare:", l->cx->err.text);
    TRY(check_params(l, rule, sql, s));
    if (!has_column(s, rule->subject))
        return bad(l, rule->yaml, sql, "the query gives no column", rule->subject);
    if (rule->requirement.n == 0 && !has_column(s, STR("requirement")))
        return bad(l, rule->yaml, sql, "the query gives no column", STR("requirement"));
    if (rule->example != NULL && !has_column(s, STR("fields")))
        return bad(l, rule->yaml, sql, "an example needs the column", STR("fields"));
    if (rule->example != NULL && !has_column(s, STR("register_table")))
        return bad(l, rule->yaml, sql, "an example needs the column", STR("register_table"));
    return check_messages(l, rule, s);
}

/* Where records show that all is well: how many (n), and in which file (path). */
static int check_shows(struct rule_loader *l, const struct rule *rule)
{
    const struct value *sql = value_get(rule->yaml, "shows");
    STMT(s);

    if (sql == NULL)
        return 0;
    if (store_prepare(l->cx, l->store, rule->shows, &s) < 0)
        return bad(l, rule->yaml, sql, "\"shows\" does not prepare:", l->cx->err.text);
    TRY(check_params(l, rule, sql, s));
    if (!has_column(s, STR("n")) || !has_column(s, STR("path")))
        return bad(l, rule->yaml, sql, "\"shows\" gives no column", STR("n, path"));
    if (rule->requirement.n == 0 && !has_column(s, STR("requirement")))
        return bad(l, rule->yaml, sql, "\"shows\" gives no column", STR("requirement"));
    return 0;
}

/* The stages at which the rule speaks, as bits; 0 where the list is wrong. What speaks at Stage 2
 * does so at surveillance and recertification too, unless the list names one of these. */
static unsigned stages_of(const struct value *list)
{
    unsigned stages = 0, later = 0;

    for (size_t i = 0; i < value_count(list); i++) {
        int64_t stage = value_as_int(value_at(list, i), 0);

        if (stage < 1 || stage > RULE_STAGES)
            return 0;
        stages |= RULE_STAGE(stage);
    }
    for (unsigned stage = 3; stage <= RULE_STAGES; stage++)
        later |= RULE_STAGE(stage);
    return (stages & RULE_STAGE(2)) != 0 && (stages & later) == 0 ? stages | later : stages;
}

static unsigned of_what(struct str of)
{
    if (of.n == 0)
        return RULE_OF_FOLDER | RULE_OF_HOME;
    return str_is(of, "home") ? RULE_OF_HOME : RULE_OF_FOLDER;
}

static int load_rule(struct rule_loader *l, const struct value *yaml)
{
    struct str id = value_get_text(yaml, "id"), requirement = value_get_text(yaml, "requirement");

    TRY(check_keys(l, yaml));
    TRY(check_meaning(l, yaml));
    if (rules_find(l->rules, id) != NULL)
        return bad(l, yaml, yaml, "there is another rule", id);
    struct rule rule = {
        .id = id,
        .file = l->file,
        .yaml = yaml,
        .requirement = str_is(requirement, "from-row") ? STR_NONE : requirement,
        .sql = value_get_text(yaml, "select"),
        .subject = value_get_text(yaml, "subject"),
        .yields = value_get_bool(yaml, "yields"),
        .gather = value_get_bool(yaml, "gather"),
        .shows = value_get_text(yaml, "shows"),
        .stages = stages_of(value_get(yaml, "stage")),
        .of = of_what(value_get_text(yaml, "of")),
    };

    struct str example = value_get_text(yaml, "example");

    if (rule.stages == 0)
        return bad(l, yaml, value_get(yaml, "stage"), "stages are 1 to 4", STR_NONE);
    if (example.n > 0 && !rule.gather)
        return bad(l, yaml, value_get(yaml, "example"), "examples are of gathered lines", STR_NONE);
    if (example.n > 0)
        rule.example = registers_find(l->registers, example);
    if (example.n > 0 && rule.example == NULL)
        return bad(l, yaml, value_get(yaml, "example"), "no such register", example);
    TRY(check_sql(l, &rule));
    TRY(check_shows(l, &rule));
    *ARENA_PUSH(l->cx->mem, l->rules->items, l->rules->n, l->rules->room) = rule;
    return 0;
}

static int load_file(struct rule_loader *l, const struct content_file *file)
{
    struct value *rules;

    l->file = file->name;
    TRY(yaml_parse(l->cx, file->name, (struct str){(const char *)file->bytes, file->n}, &rules));
    if (value_type(rules) != VALUE_LIST)
        return fail(l->cx, RC_INVALID, file->name, "%s: rules are a list.", file->name);
    for (size_t i = 0; i < value_count(rules); i++)
        TRY(load_rule(l, value_at(rules, i)));
    return 0;
}

/* `after` names rules, which may stand in files that come later. */
static int check_after(struct rule_loader *l)
{
    for (size_t i = 0; i < l->rules->n; i++) {
        const struct rule *rule = &l->rules->items[i];
        const struct value *after = value_get(rule->yaml, "after");

        l->file = rule->file;
        for (size_t a = 0; a < value_count(after); a++)
            if (rules_find(l->rules, value_as_text(value_at(after, a))) == NULL)
                return bad(l, rule->yaml, value_at(after, a), "no such rule",
                           value_as_text(value_at(after, a)));
    }
    return 0;
}

static int load_asks(struct rule_loader *l)
{
    struct value *asks;

    TRY(standard_yaml(l->cx, l->standard, "asks.yaml", &asks));
    l->asks = dict_new(l->cx->mem);
    for (size_t i = 0; i < value_count(asks); i++)
        dict_set(l->asks, value_key_at(asks, i), value_at(asks, i));
    return 0;
}

int rules_load(struct ctx *cx, const struct standard *standard, struct rules **ret)
{
    CLEANUP(store_closep) struct store *store = NULL;
    struct rule_loader l = {
        .cx = cx, .standard = standard, .rules = ARENA_NEW(cx->mem, struct rules)};
    const struct content_file *file;
    size_t at = 0;

    TRY(store_open(cx, NULL, 0, &store));
    TRY(tables_make(cx, store, standard));
    TRY(store_guard(cx, store, RULE_STEPS));
    l.store = store;
    l.registers = standard->registers;
    if (l.registers == NULL)
        TRY(registers_load(cx, &standard->content, &l.registers));
    TRY(load_asks(&l));
    struct value *verdict;

    TRY(standard_yaml(cx, standard, "verdict.yaml", &verdict));
    l.rules->verdict = verdict;
    const char *head = str_printf(cx->mem, "standards/%.*s/rules/", STR_ARG(standard->id)).p;

    while ((file = content_next(&standard->content, head, ".yaml", &at)) != NULL)
        TRY(load_file(&l, file));
    TRY(check_after(&l));
    l.rules->steps = RULE_STEPS;
    *ret = l.rules;
    return 0;
}

const struct rule *rules_find(const struct rules *rules, struct str id)
{
    for (size_t i = 0; i < rules->n; i++)
        if (str_eq(rules->items[i].id, id))
            return &rules->items[i];
    return NULL;
}

const struct rule *rules_find_near(const struct rules *rules, struct str id,
                                   const struct rule *near)
{
    return near != NULL && str_eq(near->id, id) ? near : rules_find(rules, id);
}
