/* The parts of a result about controls: each control, the documents that controls want, and what an
 * older list of decisions becomes in this edition. */
#include "judge/verdict_parts.h"

static void set_column(struct case_file *c, struct value *v, const char *key, const struct stmt *s,
                       size_t column)
{
    value_set(v, key,
              stmt_is_null(s, column) ? NULL
                                      : value_text(c->cx->mem, stmt_text(c->cx->mem, s, column)));
}

static void set_truth(struct case_file *c, struct value *v, const char *key, const struct stmt *s,
                      size_t column)
{
    value_set(v, key,
              stmt_is_null(s, column) ? NULL : value_bool(c->cx->mem, stmt_int(s, column) != 0));
}

/* ---- each control ---- */

/* The findings that concern each control, in their order: CONTROL -> [ID]. */
struct concerns {
    struct arena *mem;
    struct value *by_control;
};

static void concern(struct concerns *cs, struct str control, struct str finding)
{
    const char *key = str_z(cs->mem, control);
    struct value *list = value_get_mut(cs->by_control, key);
    size_t n = value_count(list);

    if (control.n == 0 || (n > 0 && str_eq(value_as_text(value_at(list, n - 1)), finding)))
        return;
    if (list == NULL) {
        list = value_list(cs->mem);
        value_set(cs->by_control, key, list);
    }
    value_push(list, value_text(cs->mem, finding));
}

static void concern_row(struct concerns *cs, const struct value *row, struct str finding)
{
    struct str rest = value_get_text(row, "controls"), id;

    while (rest.n > 0 && str_split(&rest, ',', &id))
        concern(cs, str_trim(id), finding);
}

static struct concerns find_concerns(const struct case_file *c)
{
    struct concerns cs = {c->cx->mem, value_map(c->cx->mem)};

    for (size_t i = 0; i < c->finding_n; i++) {
        const struct finding *f = &c->findings[i];

        concern(&cs, value_get_text(f->rule->yaml, "control"), f->id);
        concern_row(&cs, f->row, f->id);
        for (size_t k = 1; k < f->line_n; k++)
            concern_row(&cs, f->lines[k], f->id);
    }
    return cs;
}

static struct value *findings_of(const struct concerns *cs, struct str control)
{
    struct value *list = value_get_mut(cs->by_control, str_z(cs->mem, control));

    return list != NULL ? list : value_list(cs->mem);
}

/* The line that decides on a control, columns from `at` on. */
static struct value *line_value(struct case_file *c, const struct stmt *s, size_t at)
{
    static const char *const texts[] = {"path",   "place",       "number",    "title", "reason",
                                        "status", "status_said", "reference", "owner"};
    struct value *v = value_map(c->cx->mem);

    if (stmt_is_null(s, at))
        return NULL;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        set_column(c, v, texts[i], s, at + i);
    return v;
}

/* Do records speak against a control that documents describe? Only rules that name it tell. */
static bool is_broken(const struct case_file *c, struct str control, struct str status)
{
    bool held = str_is(status, "met") || str_is(status, "cannot-tell");

    for (size_t i = 0; held && i < c->finding_n; i++)
        if (c->findings[i].grade > GRADE_NOTE &&
            str_eq(value_get_text(c->findings[i].rule->yaml, "control"), control))
            return true;
    return false;
}

static int control_value(struct case_file *c, const struct concerns *cs, const struct stmt *s,
                         struct value **ret)
{
    struct arena *mem = c->cx->mem;
    struct value *v = value_map(mem), *line = line_value(c, s, 7), *view = value_map(mem);
    struct str id = stmt_text(mem, s, 0), why;

    set_column(c, view, "path", s, 5);
    set_column(c, view, "kind_title", s, 6);
    for (size_t i = 0; i < value_count(line); i++)
        if (!str_is(value_key_at(line, i), "path"))
            value_set(view, str_z(mem, value_key_at(line, i)), value_at_mut(line, i));
    bool broken = is_broken(c, id, stmt_text(mem, s, 2));
    const char *path = str_printf(mem, "control.%.*s", STR_ARG(stmt_text(mem, s, 3))).p;

    TRY(case_text(c, broken ? "status.finding" : path, view, &why));
    value_set_text(v, "id", id);
    set_column(c, v, "title", s, 1);
    value_set_text(v, "status", broken ? STR("partly") : stmt_text(mem, s, 2));
    value_set_text(v, "why_status", why);
    set_truth(c, v, "applicable", s, 4);
    value_set(v, "line", line);
    value_set(v, "findings", findings_of(cs, id));
    *ret = v;
    return 0;
}

static int make_controls(struct case_file *c, struct value *result)
{
    const struct concerns cs = find_concerns(c);
    struct value *list = value_list(c->cx->mem), *v;
    bool row;
    STMT(s);

    TRY(store_prepare(
        c->cx, c->store,
        STR("SELECT c.control, c.title, c.status, c.why, c.applicable, c.path, c.kind_title,"
            " l.path, l.place, l.number, l.title, l.reason, l.status, l.status_said, l.reference,"
            " l.owner"
            " FROM fact_control c LEFT JOIN fact_line l ON l.control = c.control ORDER BY c.n"),
        &s));
    for (;;) {
        TRY(stmt_step(c->cx, s, &row));
        if (!row)
            break;
        TRY(control_value(c, &cs, s, &v));
        value_push(list, v);
    }
    value_set(result, "controls", list);
    return 0;
}

/* ---- documents that controls want ---- */

/* Ids of "A, B" as a list. */
static struct value *ids_value(struct arena *mem, struct str ids)
{
    struct value *list = value_list(mem);
    struct str id;

    while (str_split(&ids, ',', &id))
        value_push(list, value_text(mem, str_trim(id)));
    return list;
}

static int make_wanted(struct case_file *c, struct value *result)
{
    struct value *list = value_list(c->cx->mem);
    bool row;
    STMT(s);

    TRY(store_prepare(
        c->cx, c->store,
        STR("SELECT kind, title, wanted, force = 'control', CASE state WHEN 'present' THEN state"
            " WHEN 'cannot-tell' THEN state ELSE 'missing' END, path, controls,"
            " (SELECT min(c.n) FROM kind_control x JOIN control c ON c.id = x.control"
            "  WHERE x.kind = w.kind) AS first"
            " FROM fact_wanted w ORDER BY first, kind"),
        &s));
    for (;;) {
        TRY(stmt_step(c->cx, s, &row));
        if (!row)
            break;
        struct value *v = value_map(c->cx->mem);

        set_column(c, v, "kind", s, 0);
        set_column(c, v, "title", s, 1);
        set_column(c, v, "wanted", s, 2);
        value_set_bool(v, "demanded", stmt_int(s, 3) != 0);
        set_column(c, v, "state", s, 4);
        set_column(c, v, "path", s, 5);
        value_set(v, "controls", ids_value(c->cx->mem, stmt_text(c->cx->mem, s, 6)));
        value_push(list, v);
    }
    value_set(result, "wanted_documents", list);
    return 0;
}

/* ---- decisions by an earlier edition ---- */

static void join_text(struct arena *mem, struct value *v, const char *key, struct str text)
{
    struct str old = value_get_text(v, key);

    if (text.n == 0 || str_find(old, text, 0) != SIZE_MAX)
        return;
    value_set_text(v, key,
                   old.n == 0 ? text : str_printf(mem, "%.*s; %.*s", STR_ARG(old), STR_ARG(text)));
}

/* A control applies where one of those that it was made of does. */
static void carry(struct case_file *c, struct value *v, struct value *line)
{
    const struct value *was = value_get(v, "applicable"), *is = value_get(line, "applicable");
    struct str status = value_get_text(line, "status"), before = value_get_text(v, "status");
    bool first = value_count(value_get(v, "from")) == 0;

    if (value_type(is) == VALUE_BOOL && !(value_type(was) == VALUE_BOOL && value_as_bool(was))) {
        if (value_type(was) == VALUE_BOOL && value_as_bool(is))
            value_set(v, "reason", NULL); /* of leaving the other out */
        value_set_bool(v, "applicable", value_as_bool(is));
    }
    if (value_as_bool(is) == value_get_bool(v, "applicable"))
        join_text(c->cx->mem, v, "reason", value_get_text(line, "reason"));
    if (first)
        value_set(v, "status", status.n > 0 ? value_text(c->cx->mem, status) : NULL);
    else if (!str_eq(status, before) && status.n > 0)
        value_set_text(v, "status", before.n > 0 ? STR("partly") : status);
    value_push(value_get_mut(v, "from"), line);
}

static struct value *carried_begin(struct case_file *c, const struct stmt *s)
{
    struct value *v = value_map(c->cx->mem);

    set_column(c, v, "id", s, 0);
    set_column(c, v, "title", s, 1);
    value_set_bool(v, "new", stmt_int(s, 2) != 0);
    value_set(v, "applicable", NULL);
    value_set(v, "reason", NULL);
    value_set(v, "status", NULL);
    value_set(v, "from", value_list(c->cx->mem));
    return v;
}

static struct value *old_line(struct case_file *c, const struct stmt *s)
{
    struct value *line = value_map(c->cx->mem);

    set_column(c, line, "id", s, 3);
    set_column(c, line, "title", s, 4);
    set_truth(c, line, "applicable", s, 5);
    set_column(c, line, "reason", s, 6);
    set_column(c, line, "status", s, 7);
    set_column(c, line, "place", s, 8);
    return line;
}

static int carried_items(struct case_file *c, struct value *list)
{
    struct value *v = NULL;
    bool row;
    STMT(s);

    TRY(store_prepare(
        c->cx, c->store,
        STR("SELECT c.id, c.title, NOT EXISTS (SELECT 1 FROM control_earlier x"
            " WHERE x.control = c.id), l.earlier, l.title, l.applicable, l.reason, l.status,"
            " l.place"
            " FROM control c LEFT JOIN control_earlier e ON e.control = c.id"
            " LEFT JOIN control_line l ON l.earlier = e.earlier"
            "  AND l.document = (SELECT min(document) FROM fact_earlier)"
            " ORDER BY c.n, l.n"),
        &s));
    for (;;) {
        TRY(stmt_step(c->cx, s, &row));
        if (!row)
            break;
        struct str id = stmt_text(c->cx->mem, s, 0);

        if (v == NULL || !str_eq(value_get_text(v, "id"), id)) {
            v = carried_begin(c, s);
            value_push(list, v);
        }
        if (!stmt_is_null(s, 3))
            carry(c, v, old_line(c, s));
    }
    return 0;
}

static int make_carried(struct case_file *c, struct value *result)
{
    struct value *v = value_map(c->cx->mem), *list = value_list(c->cx->mem);
    bool row;
    STMT(s);

    value_set(result, "carried_over", NULL);
    TRY(store_prepare(c->cx, c->store,
                      STR("SELECT path, lines FROM fact_earlier ORDER BY document LIMIT 1"), &s));
    TRY(stmt_step(c->cx, s, &row));
    if (!row)
        return 0;
    set_column(c, v, "path", s, 0);
    value_set_int(v, "lines", stmt_int(s, 1));
    TRY(carried_items(c, list));
    value_set(v, "controls", list);
    value_set(result, "carried_over", v);
    return 0;
}

int controls_make(struct case_file *c, struct value *result)
{
    TRY(make_controls(c, result));
    TRY(make_wanted(c, result));
    return make_carried(c, result);
}
