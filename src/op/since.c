#include "op/since.h"

#include <errno.h>
#include <stdio.h>

#define SCHEMA "assay.stage1/1"
#define SCHEMA2 "assay.stage2/1"

/* ---- reading ---- */

static void file_end(FILE **file)
{
    if (*file != NULL)
        (void)fclose(*file);
}

static int read_file(struct ctx *cx, const char *path, struct str *ret)
{
    FILE *file CLEANUP(file_end) = fopen(path, "rbe");
    struct buf out = buf_new(cx->mem);
    char part[65536];
    size_t n;

    if (file == NULL)
        return fail(cx, RC_NOT_FOUND, path, _("The earlier report %s: %s."), path,
                    strerrordesc_np(errno));
    while ((n = fread(part, 1, sizeof part, file)) > 0) {
        buf_add(&out, (struct str){part, n});
        if (out.n > JSON_BYTES)
            return fail(cx, RC_LIMIT, path, _("The earlier report %s is too large."), path);
    }
    if (ferror(file) != 0)
        return fail(cx, RC_INVALID, path, _("The earlier report %s: %s."), path,
                    strerrordesc_np(errno));
    *ret = buf_str(&out);
    return 0;
}

/* ---- checking ---- */

struct check {
    struct ctx *cx;
    const char *name;
    const struct value *report;
};

MUST_CHECK static int wrong(const struct check *c, struct str field, const char *why)
{
    return fail(c->cx, RC_INVALID, c->name,
                _("%s is no report to compare with: the field %.*s %s."), c->name, STR_ARG(field),
                why);
}

/* A field by its dotted path, of this type. */
static int field(const struct check *c, const char *path, enum value_type type)
{
    const struct value *v = value_path(c->report, path);

    if (v == NULL)
        return wrong(c, str_of(path), _("is missing"));
    if (value_type(v) != type)
        return wrong(c, str_of(path),
                     type == VALUE_TEXT  ? _("is no text")
                     : type == VALUE_INT ? _("is no whole number")
                                         : _("is no list"));
    return 0;
}

/* A list of maps that all have these keys, ended by NULL, as texts or, after "#", as numbers. */
static int list(const struct check *c, const char *path, const char *const *keys)
{
    const struct value *items = value_path(c->report, path);

    TRY(field(c, path, VALUE_LIST));
    for (size_t i = 0; i < value_count(items); i++)
        for (size_t k = 0; keys[k] != NULL; k++) {
            bool number = keys[k][0] == '#';
            const char *key = keys[k] + number;
            const struct value *v = value_get(value_at(items, i), key);
            if (value_type(v) != (number ? VALUE_INT : VALUE_TEXT))
                return wrong(c, str_printf(c->cx->mem, "%s[%zu].%s", path, i, key),
                             v == NULL ? _("is missing")
                             : number  ? _("is no whole number")
                                       : _("is no text"));
        }
    return 0;
}

static int check_head(const struct check *c, struct str standard)
{
    struct ctx *cx = c->cx;
    struct str schema = value_get_text(c->report, "schema");
    struct str of = value_as_text(value_path(c->report, "standard.id"));
    struct date day;

    TRY(field(c, "schema", VALUE_TEXT));
    if (!str_is(schema, SCHEMA) && !str_is(schema, SCHEMA2))
        return wrong(c, STR("schema"),
                     str_printf(cx->mem, _("is \"%.*s\", and this program reads \"%s\""),
                                STR_ARG(schema), SCHEMA)
                         .p);
    TRY(field(c, "standard.id", VALUE_TEXT));
    if (!str_eq(of, standard))
        return wrong(c, STR("standard.id"),
                     str_printf(cx->mem, _("is \"%.*s\", and this is judged by \"%.*s\""),
                                STR_ARG(of), STR_ARG(standard))
                         .p);
    TRY(field(c, "today", VALUE_TEXT));
    if (!date_parse_iso(value_get_text(c->report, "today"), &day))
        return wrong(c, STR("today"), _("is no day"));
    if (date_cmp(day, cx->today) > 0)
        return wrong(c, STR("today"),
                     str_printf(cx->mem, _("is %.*s, which is later than %.*s"),
                                STR_ARG(date_iso(cx->mem, day)),
                                STR_ARG(date_iso(cx->mem, cx->today)))
                         .p);
    return 0;
}

static int check_body(const struct check *c)
{
    static const char *const findings[] = {"id", "title", "clause", "stage1", NULL};
    static const char *const requirements[] = {"id", "status", NULL};
    static const char *const criteria[] = {"criterion", "status", NULL};
    static const char *const minimum[] = {"kind", "state", NULL};
    static const char *const clauses[] = {"clause",       "#met",   "#partly", "#missing",
                                          "#cannot_tell", "#total", NULL};

    TRY(field(c, "program.version", VALUE_TEXT));
    TRY(field(c, "program.rules_version", VALUE_TEXT));
    TRY(field(c, "verdict.ready", VALUE_TEXT));
    TRY(field(c, "verdict.minimum.met", VALUE_INT));
    TRY(field(c, "verdict.minimum.of", VALUE_INT));
    TRY(list(c, "minimum", minimum));
    TRY(list(c, "clauses", clauses));
    TRY(list(c, "findings", findings));
    TRY(list(c, "requirements", requirements));
    TRY(list(c, "controls", requirements));
    return list(c, "criteria", criteria);
}

int since_parse(struct ctx *cx, const char *name, struct str text, struct str standard,
                const struct value **ret)
{
    struct check c = {.cx = cx, .name = name};
    struct value *report;

    TRY(json_parse(cx, name, text, &report));
    c.report = report;
    TRY(check_head(&c, standard));
    TRY(check_body(&c));
    *ret = report;
    return 0;
}

int since_read(struct ctx *cx, const char *path, struct str standard, const struct value **ret)
{
    struct str text;

    TRY(read_file(cx, path, &text));
    return since_parse(cx, path, text, standard, ret);
}

/* ---- comparing ---- */

struct compare {
    struct arena *mem;
    const struct value *was, *now;
    struct value *better, *worse, *new;
};

static struct dict *by_id(struct arena *mem, const struct value *items, const char *key)
{
    struct dict *dict = dict_new(mem);

    for (size_t i = 0; i < value_count(items); i++)
        dict_set(dict, value_get_text(value_at(items, i), key), value_at(items, i));
    return dict;
}

static void set_or_null(struct value *map, const char *key, struct str text)
{
    if (text.n > 0)
        value_set_text(map, key, text);
    else
        value_set(map, key, NULL);
}

/* An item of the result that changed from one state to another; "" stands for not there. */
static void add(struct compare *c, struct value *to, const char *what, const char *id_key,
                const struct value *item, struct str was, struct str now)
{
    struct value *v = value_map(c->mem);
    struct str title = value_get_text(item, "title");

    value_set_text(v, "what", str_of(what));
    value_set_text(v, "id", value_get_text(item, id_key));
    value_set_text(v, "title", title.n > 0 ? title : value_get_text(item, "text"));
    set_or_null(v, "clause", value_get_text(item, "clause"));
    set_or_null(v, "was", was);
    set_or_null(v, "now", now);
    value_push(to, v);
}

/* Nothing is known to be worse where documents cannot tell than where something is missing. */
static int rank(struct str state)
{
    if (str_is(state, "met") || str_is(state, "present"))
        return 2;
    if (str_is(state, "partly"))
        return 1;
    return str_is(state, "missing") || str_is(state, "cannot-tell") ? 0 : -1;
}

static void compare_states(struct compare *c, const char *list, const char *id_key,
                           const char *state_key, const char *what)
{
    const struct value *items = value_get(c->now, list);
    struct dict *old = by_id(c->mem, value_get(c->was, list), id_key);

    for (size_t i = 0; i < value_count(items); i++) {
        const struct value *item = value_at(items, i);
        const struct value *before = dict_get(old, value_get_text(item, id_key));
        struct str was = value_get_text(before, state_key), now = value_get_text(item, state_key);
        if (before == NULL || rank(was) < 0 || rank(now) < 0 || rank(was) == rank(now))
            continue;
        add(c, rank(now) > rank(was) ? c->better : c->worse, what, id_key, item, was, now);
    }
}

static int weight(struct str grade)
{
    if (str_is(grade, "AOC-BLOCK") || str_is(grade, "MAJOR"))
        return 3;
    return str_is(grade, "AOC") || str_is(grade, "MINOR") ? 2 : 1;
}

/* At the stage that was judged. Reports of old name only that of Stage 1. */
static struct str grade_of(const struct value *finding)
{
    struct str grade = value_get_text(finding, "grade");

    return grade.n > 0 ? grade : value_get_text(finding, "stage1");
}

static void compare_findings(struct compare *c)
{
    const struct value *was = value_get(c->was, "findings"), *now = value_get(c->now, "findings");
    struct dict *old = by_id(c->mem, was, "id"), *fresh = by_id(c->mem, now, "id");

    for (size_t i = 0; i < value_count(was); i++) {
        const struct value *f = value_at(was, i);
        if (!dict_has(fresh, value_get_text(f, "id")))
            add(c, c->better, "finding", "id", f, grade_of(f), STR_NONE);
    }
    for (size_t i = 0; i < value_count(now); i++) {
        const struct value *f = value_at(now, i);
        const struct value *before = dict_get(old, value_get_text(f, "id"));
        struct str then = grade_of(before), grade = grade_of(f);
        if (before == NULL)
            add(c, c->new, "finding", "id", f, STR_NONE, grade);
        else if (weight(grade) != weight(then))
            add(c, weight(grade) < weight(then) ? c->better : c->worse, "finding", "id", f, then,
                grade);
    }
}

/* {"was": ..., "now": ...} of a text or of a number. */
static struct value *pair(struct arena *mem, struct value *was, struct value *now)
{
    struct value *v = value_map(mem);

    value_set(v, "was", was);
    value_set(v, "now", now);
    return v;
}

static struct value *texts(struct compare *c, const char *path)
{
    return pair(c->mem, value_text(c->mem, value_as_text(value_path(c->was, path))),
                value_text(c->mem, value_as_text(value_path(c->now, path))));
}

static struct value *minimum_of(struct compare *c, const struct value *report)
{
    const struct value *from = value_path(report, "verdict.minimum");
    struct value *v = value_map(c->mem);

    value_set_int(v, "met", value_get_int(from, "met", 0));
    value_set_int(v, "of", value_get_int(from, "of", 0));
    return v;
}

/* How many findings there are of each weight. */
static struct value *counts_of(struct compare *c, const struct value *report)
{
    static const char *const names[] = {"notes", "concerns", "blockers"};
    const struct value *findings = value_get(report, "findings");
    struct value *v = value_map(c->mem);

    for (size_t i = COUNT_OF(names); i-- > 0;)
        value_set_int(v, names[i], 0);
    for (size_t i = 0; i < value_count(findings); i++) {
        const char *name = names[weight(grade_of(value_at(findings, i))) - 1];
        value_set_int(v, name, value_get_int(v, name, 0) + 1);
    }
    return v;
}

static struct value *clause_counts(struct compare *c, const struct value *row)
{
    static const char *const keys[] = {"met",         "partly",         "missing",
                                       "cannot_tell", "not_applicable", "total"};
    struct value *v = value_map(c->mem);

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        value_set_int(v, keys[i], value_get_int(row, keys[i], 0));
    return v;
}

static struct value *clauses_of(struct compare *c)
{
    const struct value *rows = value_get(c->now, "clauses");
    struct dict *old = by_id(c->mem, value_get(c->was, "clauses"), "clause");
    struct value *list = value_list(c->mem);

    for (size_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_at(rows, i);
        const struct value *before = dict_get(old, value_get_text(row, "clause"));
        if (before == NULL)
            continue;
        struct value *v = pair(c->mem, clause_counts(c, before), clause_counts(c, row));
        value_set_text(v, "clause", value_get_text(row, "clause"));
        value_push(list, v);
    }
    return list;
}

struct value *since_compare(struct arena *mem, const struct value *was, const struct value *now)
{
    struct compare c = {mem, was, now, value_list(mem), value_list(mem), value_list(mem)};
    struct value *v = value_map(mem);
    struct str rules = value_as_text(value_path(was, "program.rules_version"));

    compare_findings(&c);
    compare_states(&c, "minimum", "kind", "state", "document");
    compare_states(&c, "requirements", "id", "status", "requirement");
    compare_states(&c, "controls", "id", "status", "control");
    compare_states(&c, "criteria", "criterion", "status", "criterion");
    value_set_text(v, "today", value_get_text(was, "today"));
    value_set_text(v, "program_version", value_as_text(value_path(was, "program.version")));
    value_set_text(v, "rules_version", rules);
    value_set_bool(v, "same_rules",
                   str_eq(rules, value_as_text(value_path(now, "program.rules_version"))));
    value_set(v, "ready", texts(&c, "verdict.ready"));
    value_set(v, "minimum", pair(mem, minimum_of(&c, was), minimum_of(&c, now)));
    value_set(v, "findings", pair(mem, counts_of(&c, was), counts_of(&c, now)));
    value_set(v, "clauses", clauses_of(&c));
    value_set(v, "better", c.better);
    value_set(v, "worse", c.worse);
    value_set(v, "new", c.new);
    return v;
}
