/* The current tables: what a record's rows hold, put there and compared. */
#include "register/record_parts.h"

/* A value that a row is made from: the record, its body or a line of it, and the place in a list.
 */
struct source {
    struct arena *mem;
    const struct record *record;
    const struct value *map; /* body or line; NULL for one of many values */
    const struct value *item;
    int64_t n;
};

static struct value *text_or_null(struct arena *mem, struct str s)
{
    return s.n > 0 ? value_text(mem, s) : value_null(mem);
}

struct value *record_cell(struct arena *mem, const struct register_field *field,
                          const struct value *v)
{
    switch (value_type(v)) {
    case VALUE_TEXT:
        if (field->type == REGISTER_DECIMAL)
            return value_int(mem, value_as_thousandths(v, 0));
        return value_text(mem, value_as_text(v));
    case VALUE_INT:
        return value_int(mem, value_as_int(v, 0));
    case VALUE_BOOL:
        return value_int(mem, value_as_bool(v));
    case VALUE_MAP:
        if (record_is_erased(v))
            return value_null(mem);
        if (field->type != REGISTER_FILE && value_get(v, RECORD_SAID) != NULL)
            return value_null(mem);
        return value_text(mem, record_json(mem, v));
    case VALUE_LIST:
        return value_text(mem, record_json(mem, v));
    default:
        return value_null(mem);
    }
}

/* Null, integer or text. */
static struct value *cell(const struct source *s, const struct kept_column *c)
{
    const struct value *v = s->item;
    int64_t number;

    if (c->field != NULL && s->map != NULL)
        v = value_find(s->map, c->field->id);
    switch (c->what) {
    case KEPT_ID:
        return value_text(s->mem, s->record->id);
    case KEPT_N:
        return value_int(s->mem, s->n);
    case KEPT_REF:
        return value_text(s->mem, s->record->ref);
    case KEPT_REV:
        return value_int(s->mem, s->record->rev);
    case KEPT_ORDER:
        return value_text(s->mem, record_ref_order(s->mem, s->record->ref));
    case KEPT_NUMBER:
        return record_ref_number(s->record->def, s->record->ref, &number)
                   ? value_int(s->mem, number)
                   : value_null(s->mem);
    case KEPT_VALUE:
        return record_cell(s->mem, c->field, v);
    case KEPT_SAID:
        return text_or_null(s->mem, value_get_text(v, RECORD_SAID));
    case KEPT_FOLD:
        break;
    }
    return value_type(v) == VALUE_TEXT ? value_text(s->mem, record_fold(s->mem, value_as_text(v)))
                                       : value_null(s->mem);
}

/* The rows of a table: the record's own, or one for each item of the field's list. */
static size_t row_count(const struct kept_table *t, const struct source *s)
{
    if (t->field == NULL)
        return 1;
    const struct value *list = value_find(s->record->body, t->field->id);
    return record_is_erased(list) ? 0 : value_count(list);
}

static void row_source(const struct kept_table *t, size_t i, struct source *s)
{
    const struct value *body = s->record->body;

    s->map = t->field == NULL ? body : NULL;
    s->item = NULL;
    s->n = (int64_t)i + 1;
    if (t->field == NULL)
        return;
    s->item = value_at(value_find(body, t->field->id), i);
    if (t->field->type == REGISTER_ROWS)
        s->map = s->item;
}

static int drop_rows(struct ctx *cx, const struct record_store *rs, const struct kept_table *t,
                     struct str id)
{
    KEPT(q);

    TRY(record_prepare(cx, rs, t->drop, &q));
    TRY(stmt_bind_text(cx, q.s, "id", id));
    return stmt_run(cx, q.s);
}

static int put_rows(struct ctx *cx, const struct record_store *rs, const struct kept_table *t,
                    struct source *s)
{
    KEPT(q);
    size_t rows = row_count(t, s);

    if (rows == 0)
        return 0;
    TRY(record_prepare(cx, rs, t->put, &q));
    for (size_t i = 0; i < rows; i++) {
        row_source(t, i, s);
        for (size_t k = 0; k < t->n; k++) {
            const struct value *v = cell(s, &t->columns[k]);
            if (value_type(v) != VALUE_NULL) /* which it is already */
                TRY(stmt_bind_value(cx, q.s, t->columns[k].parameter, v));
        }
        TRY(stmt_run(cx, q.s));
    }
    return 0;
}

int record_rows_put(struct ctx *cx, const struct record_store *rs, const struct record *record)
{
    struct source s = {.mem = cx->mem, .record = record};
    const struct kept_shape *shape;

    TRY(record_shape(cx, rs, record->def, &shape));
    for (size_t i = 0; i < shape->n; i++) {
        if (i > 0 && record->rev > 1)
            TRY(drop_rows(cx, rs, &shape->tables[i], record->id));
        TRY(put_rows(cx, rs, &shape->tables[i], &s));
    }
    return 0;
}

int record_rows_drop(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                     struct str id)
{
    const struct kept_shape *shape;

    TRY(record_shape(cx, rs, def, &shape));
    for (size_t i = shape->n; i > 0; i--)
        TRY(drop_rows(cx, rs, &shape->tables[i - 1], id));
    return 0;
}

/* ---- comparing ---- */

static bool same_cell(struct arena *mem, const struct stmt *s, size_t i, const struct value *v)
{
    if (value_type(v) == VALUE_NULL || stmt_is_null(s, i))
        return value_type(v) == VALUE_NULL && stmt_is_null(s, i);
    if (value_type(v) == VALUE_INT)
        return stmt_int(s, i) == value_as_int(v, 0);
    return str_eq(stmt_text(mem, s, i), value_as_text(v));
}

static int compare_table(struct ctx *cx, const struct record_store *rs, const struct kept_table *t,
                         struct source *s, struct str *ret_what)
{
    KEPT(q);
    size_t rows = row_count(t, s);
    bool row;

    TRY(record_prepare(cx, rs, t->get, &q));
    TRY(stmt_bind_text(cx, q.s, "id", s->record->id));
    for (size_t i = 0;; i++) {
        TRY(stmt_step(cx, q.s, &row));
        if (row != (i < rows))
            *ret_what = str_copy(cx->mem, t->field != NULL ? t->field->id : STR("id"));
        if (!row || i >= rows)
            return 0;
        row_source(t, i, s);
        for (size_t k = 0; k < t->n; k++)
            if (!same_cell(s->mem, q.s, k, cell(s, &t->columns[k])))
                *ret_what = str_copy(cx->mem, t->field != NULL ? t->field->id : t->columns[k].name);
    }
}

int record_rows_compare(struct ctx *cx, const struct record_store *rs, const struct record *record,
                        struct str *ret_what)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    struct source s = {.mem = mem, .record = record};
    const struct kept_shape *shape;

    *ret_what = STR_NONE;
    TRY(record_shape(cx, rs, record->def, &shape));
    for (size_t i = 0; i < shape->n && ret_what->n == 0; i++)
        TRY(compare_table(cx, rs, &shape->tables[i], &s, ret_what));
    return 0;
}
