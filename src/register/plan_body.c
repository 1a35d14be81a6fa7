/* What lines say, as bodies have it. */
#include "register/plan_parts.h"

static struct value *list_of(struct plan *plan, struct plan_line *line,
                             const struct plan_cell *cell, int *ret_rc);

bool plan_is_fault(const struct plan *plan, int rc)
{
    return rc == RC_INVALID || rc == RC_NOT_FOUND || rc == RC_CONFLICT || rc == RC_DENIED ||
           (rc == RC_LIMIT && !arena_over(plan->cx->mem));
}

/* An error about a value is the line's; any other is the whole plan's. */
static int take_fault(struct plan *plan, struct plan_line *line, struct plan_cell *cell, int rc)
{
    if (!plan_is_fault(plan, rc))
        return rc;
    plan_refuse(plan, line, cell, str_copy(plan->cx->mem, plan->cx->err.text));
    return 0;
}

/* A cell that says in JSON what a text cannot say. */
static int json_cell(struct plan *plan, struct plan_line *line, const struct plan_cell *cell,
                     struct value **ret)
{
    struct value *given;

    TRY(json_parse(plan->cx, str_z(plan->cx->mem, cell->column),
                   str_from(value_as_text(cell->value), sizeof PLAN_JSON - 1), &given));
    return record_value(plan->cx, &plan->rs, line->def, cell->field, given, true, ret);
}

static size_t said_in(const struct value *list)
{
    size_t n = 0;

    for (size_t i = 0; i < value_count(list); i++)
        n += value_type(value_at(list, i)) == VALUE_MAP;
    return n;
}

/* Names that were cut apart where they should not have been ("Acme, Inc."): as they stood, where
 * that leaves fewer that mean no record. */
static int join_names(struct plan *plan, struct plan_line *line, const struct plan_cell *cell,
                      struct value **names)
{
    struct value *uncut = NULL;

    if (cell->cut.n == 0 || said_in(*names) == 0)
        return 0;
    TRY(record_parse(plan->cx, &plan->rs, line->def, cell->field, cell->cut, true, &uncut));
    if (uncut != NULL && said_in(uncut) < said_in(*names))
        *names = uncut;
    return 0;
}

static int read_cell(struct plan *plan, struct plan_line *line, const struct plan_cell *cell,
                     struct value **ret)
{
    struct str text = value_as_text(cell->value);
    int rc = 0;

    *ret = NULL;
    if (cell->has_lines) {
        *ret = list_of(plan, line, cell, &rc);
        return rc;
    }
    if (value_type(cell->value) == VALUE_NULL)
        return 0;
    if (!cell->is_text) {
        TRY(record_value(plan->cx, &plan->rs, line->def, cell->field, cell->value, true, ret));
        return join_names(plan, line, cell, ret);
    }
    if (str_starts(text, STR(PLAN_JSON)))
        return json_cell(plan, line, cell, ret);
    return text.n == 0 ? 0
                       : record_parse(plan->cx, &plan->rs, line->def, cell->field, text, true, ret);
}

int plan_read(struct plan *plan, struct plan_line *line)
{
    struct arena *mem = plan->cx->mem;

    if (line->faults == NULL)
        line->faults = line->problems;
    line->said = value_map(mem);
    line->problems = value_copy(mem, line->faults);
    for (size_t i = 0; i < line->cell_n; i++) {
        struct plan_cell *cell = &line->cells[i];
        struct value *v = NULL;
        int rc = cell->refused.n == 0 ? read_cell(plan, line, cell, &v) : 0;
        if (rc != 0)
            TRY(take_fault(plan, line, cell, rc));
        else if (cell->refused.n == 0)
            value_set(line->said, str_z(mem, cell->field->id), v);
    }
    return 0;
}

/* The lines of a field of type rows. Their faults are the line's own. */
static struct value *list_of(struct plan *plan, struct plan_line *line,
                             const struct plan_cell *cell, int *ret_rc)
{
    struct arena *mem = plan->cx->mem;
    struct value *list = value_list(mem);

    for (size_t i = 0; i < cell->line_n && *ret_rc == 0; i++) {
        struct plan_line *inner = cell->lines[i];
        struct value *map = value_map(mem);
        *ret_rc = plan_read(plan, inner);
        for (size_t p = 0; p < value_count(inner->problems); p++) {
            const struct value *problem = value_at(inner->problems, p);
            plan_reject(plan, line, value_get_text(problem, "column"),
                        str_printf(mem, _("%.*s, line %zu: %.*s"), STR_ARG(cell->field->label),
                                   i + 1, STR_ARG(value_get_text(problem, "message"))));
        }
        for (size_t f = 0; f < value_count(inner->said); f++)
            if (value_type(value_at(inner->said, f)) != VALUE_NULL)
                value_set(map, str_z(mem, value_key_at(inner->said, f)),
                          value_at_mut(inner->said, f));
        if (value_count(map) > 0)
            value_push(list, map);
    }
    return value_count(list) > 0 ? list : NULL;
}

/* ---- bodies ---- */

static struct value *shared(const struct value *v)
{
    return (struct value *)(uintptr_t)v; /* trees are not changed once they are made */
}

static bool is_said(const struct plan_line *line, const struct register_field *field,
                    const struct value **ret)
{
    for (size_t i = 0; i < value_count(line->said); i++)
        if (str_eq(value_key_at(line->said, i), field->id)) {
            *ret = value_at(line->said, i);
            return true;
        }
    return false;
}

/* What new records have: a constant ("=today" and the like are the writer's), the first state. */
static const struct value *default_of(struct arena *mem, const struct register_def *def,
                                      const struct register_field *field)
{
    struct str text = value_as_text(field->otherwise);

    if (field == def->state && def->initial.n > 0)
        return value_text(mem, def->initial);
    return field->otherwise != NULL && !(text.n > 0 && text.p[0] == '=') ? field->otherwise : NULL;
}

const struct value *plan_body(struct plan *plan, const struct plan_line *line,
                              const struct value *was)
{
    struct arena *mem = plan->cx->mem;
    struct value *body = value_map(mem);

    for (size_t f = 0; f < line->def->field_n; f++) {
        const struct register_field *field = &line->def->fields[f];
        const char *id = str_z(mem, field->id);
        const struct value *before = value_get(was, id), *v = NULL;
        bool said = is_said(line, field, &v);
        bool empty = value_type(v) == VALUE_NULL;
        if (said && empty && (field->otherwise != NULL || field == line->def->state))
            v = before;
        else if (!said && !line->whole)
            v = before;
        if (was == NULL && value_type(v) == VALUE_NULL)
            v = default_of(mem, line->def, field);
        if (value_type(v) != VALUE_NULL)
            value_set(body, id, shared(v));
    }
    return record_normal(mem, line->def, body);
}

struct str plan_key(struct plan *plan, const struct register_def *def, const struct value *body)
{
    struct arena *mem = plan->cx->mem;
    struct value *list = value_list(mem);
    bool any = false;

    for (size_t k = 0; k < def->key.n; k++) {
        const struct value *v = value_find(body, def->fields[def->key.items[k]].id);
        any |= v != NULL;
        value_push(list, v != NULL ? shared(v) : value_null(mem));
    }
    return any ? record_json(mem, list) : STR_NONE;
}
