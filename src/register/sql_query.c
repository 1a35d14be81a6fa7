/* SQL of lists of records: conditions, order, and what is computed. Identifiers and the ids of
 * choices are those of checked definitions; all else is bound. `r` is the record's row. */
#include "register/record_parts.h"

void kept_query_new(struct arena *mem, const struct register_def *def, struct kept_query *ret)
{
    *ret =
        (struct kept_query){.mem = mem, .def = def, .where = buf_new(mem), .order = buf_new(mem)};
}

static const char *bind(struct kept_query *q, const struct value *v)
{
    struct str name = str_printf(q->mem, "f%zu", q->n);

    q->names[q->n] = name;
    q->values[q->n++] = v;
    return name.p;
}

/* What is stored goes before what is computed. */
static struct str column(struct arena *mem, const struct register_field *field)
{
    if (field == NULL)
        return STR("r.ref__order");
    if (field->only_computed)
        return str_printf(mem, "(%.*s)", STR_ARG(field->computed));
    if (field->computed.n > 0)
        return str_printf(mem, "COALESCE(r.\"%.*s\", (%.*s))", STR_ARG(field->id),
                          STR_ARG(field->computed));
    return str_printf(mem, "r.\"%.*s\"", STR_ARG(field->id));
}

bool kept_has_said(const struct register_field *field)
{
    return field != NULL && (field->type == REGISTER_PERSON || field->type == REGISTER_REFERENCE ||
                             field->type == REGISTER_PEOPLE || field->type == REGISTER_REFERENCES);
}

static void add_side(struct kept_query *q, const struct register_field *field, enum kept_op op,
                     const struct value *v)
{
    struct str said = value_get_text(v, RECORD_SAID);

    buf_printf(&q->where, "EXISTS (SELECT 1 FROM \"%.*s__%.*s\" s WHERE s.id = r.id",
               STR_ARG(q->def->id), STR_ARG(field->id));
    if (op != KEPT_EMPTY)
        buf_printf(&q->where, " AND s.value%s = :%s", said.n > 0 ? "_said" : "",
                   bind(q, said.n > 0 ? value_text(q->mem, said) : record_cell(q->mem, field, v)));
    buf_char(&q->where, ')');
}

static void add_column(struct kept_query *q, const struct register_field *field, enum kept_op op,
                       const struct value *v)
{
    static const char *const ops[] = {"=", "<", "<=", ">", ">="};
    struct str said = value_get_text(v, RECORD_SAID), x = column(q->mem, field);

    if (op == KEPT_EMPTY)
        buf_printf(&q->where, "%.*s IS NULL", STR_ARG(x));
    if (op == KEPT_EMPTY && kept_has_said(field))
        buf_printf(&q->where, " AND r.\"%.*s_said\" IS NULL", STR_ARG(field->id));
    if (op == KEPT_EMPTY)
        return;
    if (said.n > 0)
        buf_printf(&q->where, "r.\"%.*s_said\" = :%s", STR_ARG(field->id),
                   bind(q, value_text(q->mem, said)));
    else
        buf_printf(&q->where, "%.*s %s :%s", STR_ARG(x), ops[op],
                   bind(q, field != NULL ? record_cell(q->mem, field, v) : v));
}

void kept_query_add(struct kept_query *q, const struct register_field *field, enum kept_op op,
                    bool not, const struct value *v)
{
    bool side =
        field != NULL && (register_type_is_many(field->type) || field->type == REGISTER_ROWS);

    bool negated = not != (side && op == KEPT_EMPTY);

    /* A comparison with nothing is neither true nor false: WHERE does not mind, NOT does. */
    buf_addz(&q->where, negated ? " AND NOT COALESCE((" : " AND (");
    if (side)
        add_side(q, field, op, v);
    else
        add_column(q, field, op, v);
    buf_addz(&q->where, negated ? "), FALSE)" : ")");
}

/* The place of a choice among the others. */
static struct str choice_place(struct arena *mem, const struct register_field *field)
{
    struct buf out = buf_new(mem);

    buf_printf(&out, "CASE %.*s", STR_ARG(column(mem, field)));
    for (size_t i = 0; i < field->choice_n; i++)
        buf_printf(&out, " WHEN '%.*s' THEN %zu", STR_ARG(field->choices[i].id), i);
    buf_addz(&out, " END");
    return buf_str(&out);
}

void kept_query_order(struct kept_query *q, const struct register_field *field,
                      const struct register_def *target, bool descending)
{
    const char *down = descending ? " DESC" : "";
    struct str x = column(q->mem, field);

    if (field != NULL && field->type == REGISTER_CHOICE)
        x = choice_place(q->mem, field);
    else if (target != NULL)
        x = str_printf(q->mem, "(SELECT t.ref__order FROM \"%.*s\" t WHERE t.id = %.*s)",
                       STR_ARG(target->id), STR_ARG(x));
    if (field != NULL)
        buf_printf(&q->order, "CASE WHEN %.*s IS NULL THEN 1 ELSE 0 END, %.*s%s, ", STR_ARG(x),
                   STR_ARG(x), down);
    buf_printf(&q->order, "r.ref__order%s, r.id%s", down, down);
}

static bool is_computed(const struct register_field *field)
{
    return field->computed.n > 0;
}

static void add_computed(struct buf *sql, const struct register_def *def, kept_wanted *wanted,
                         const char *before)
{
    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        if (!wanted(field))
            continue;
        buf_printf(sql, "%s(%.*s)", before, STR_ARG(field->computed));
        before = ", ";
    }
}

struct str kept_list_sql(const struct kept_query *q, kept_wanted *wanted)
{
    struct buf sql = buf_new(q->mem);

    buf_addz(&sql, "SELECT " RECORD_COLUMNS);
    if (wanted != NULL)
        add_computed(&sql, q->def, wanted, ", ");
    /* CROSS says that SQLite goes through the register's rows, not through all versions there are.
     */
    buf_printf(&sql,
               " FROM \"%.*s\" r CROSS JOIN record_version v WHERE v.id = r.id AND v.rev = r.rev"
               "%.*s%s%.*s LIMIT :limit OFFSET :skip",
               STR_ARG(q->def->id), STR_ARG(buf_str(&q->where)), q->order.n > 0 ? " ORDER BY " : "",
               STR_ARG(buf_str(&q->order)));
    return buf_str(&sql);
}

struct str kept_count_sql(const struct kept_query *q)
{
    return str_printf(q->mem, "SELECT count(*) FROM \"%.*s\" r WHERE TRUE%.*s", STR_ARG(q->def->id),
                      STR_ARG(buf_str(&q->where)));
}

struct str kept_computed_sql(struct arena *mem, const struct register_def *def)
{
    struct buf sql = buf_new(mem);

    buf_addz(&sql, "SELECT ");
    add_computed(&sql, def, is_computed, "");
    buf_printf(&sql, " FROM \"%.*s\" r WHERE r.id = :id", STR_ARG(def->id));
    return buf_str(&sql);
}

struct str kept_one_computed_sql(struct arena *mem, const struct register_def *def,
                                 const struct register_field *field)
{
    return str_printf(mem, "SELECT (%.*s) FROM \"%.*s\" r", STR_ARG(field->computed),
                      STR_ARG(def->id));
}

struct str kept_brief_sql(struct arena *mem, const struct register_def *def, const bool *fields)
{
    struct buf sql = buf_new(mem);

    buf_addz(&sql, "SELECT id, ref");
    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        if (!fields[i])
            continue;
        if (register_type_is_many(field->type) || field->type == REGISTER_ROWS) {
            buf_printf(&sql,
                       ", CASE WHEN EXISTS (SELECT 1 FROM \"%.*s__%.*s\" s WHERE s.id = r.id) "
                       "THEN 1 END",
                       STR_ARG(def->id), STR_ARG(field->id));
            continue;
        }
        buf_printf(&sql, ", \"%.*s\"", STR_ARG(field->id));
        if (kept_has_said(field))
            buf_printf(&sql, ", \"%.*s_said\"", STR_ARG(field->id));
    }
    buf_printf(&sql, " FROM \"%.*s\" r", STR_ARG(def->id));
    return buf_str(&sql);
}
