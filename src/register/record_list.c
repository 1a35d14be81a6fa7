/* Lists of records: filters, order, and what is computed. */
#include "register/record_parts.h"

#include "base/nearest.h"

/* ---- filters ---- */

static const struct {
    const char *sign;
    enum record_op op;
    bool or_equal;
} signs[] = {{"!=", RECORD_IS_NOT, false}, {"<=", RECORD_LESS, true}, {">=", RECORD_MORE, true},
             {"<", RECORD_LESS, false},    {">", RECORD_MORE, false}, {"~", RECORD_HAS, false},
             {"=", RECORD_IS, false}};

static bool is_id_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static int no_field(struct ctx *cx, const struct register_def *def, struct str id)
{
    const struct register_field *near = NULL;

    for (size_t i = 0; i < def->field_n; i++)
        if (nearest_likely(id, def->fields[i].id) &&
            (near == NULL ||
             nearest_distance(id, def->fields[i].id) < nearest_distance(id, near->id)))
            near = &def->fields[i];
    return fail(cx, RC_INVALID, str_z(cx->mem, id),
                near != NULL ? _("%.*s has no field \"%.*s\"; the nearest is %.*s.")
                             : _("%.*s has no field \"%.*s\". To see its fields: assay registers "
                                 "%.*s."),
                STR_ARG(def->title), STR_ARG(str_cut(cx->mem, id, 60)),
                STR_ARG(near != NULL ? near->id : def->id));
}

int record_filter_parse(struct ctx *cx, const struct register_def *def, struct str text,
                        struct record_filter *ret)
{
    struct record_filter filter = {.field = NULL};
    size_t n = 0, i = 0;

    text = str_trim(text);
    while (n < text.n && is_id_char(text.p[n]))
        n++;
    struct str id = str_sub(text, 0, n), rest = str_trim(str_from(text, n));

    while (i < COUNT_OF(signs) && !str_starts(rest, str_of(signs[i].sign)))
        i++;
    if (n == 0 || i == COUNT_OF(signs))
        return fail(cx, RC_INVALID, NULL,
                    _("\"%.*s\" is no condition: FIELD=VALUE, or with != < <= > >= or ~ (has); "
                      "FIELD= asks for what is empty."),
                    STR_ARG(str_cut(cx->mem, text, 60)));
    filter.op = signs[i].op;
    filter.or_equal = signs[i].or_equal;
    filter.text = str_trim(str_from(rest, strlen(signs[i].sign)));
    if (filter.op == RECORD_IS && filter.text.n == 0)
        filter.op = RECORD_EMPTY;
    if (!str_is(id, "ref")) {
        filter.field = register_field(def, id);
        if (filter.field == NULL)
            return no_field(cx, def, id);
    }
    *ret = filter;
    return 0;
}

/* ---- one listing ---- */

struct listing {
    struct ctx *cx;
    const struct record_store *rs;
    const struct record_query *query;
    struct kept_query sql;
    bool looks;            /* some filters look into records that SQL gives */
    kept_wanted *computed; /* these computed values are wanted, if only for filters; or NULL */
    record_each *each;
    void *arg;
    struct arena *mem; /* of one record, emptied before the next */
    uint64_t passed;   /* records that all filters let pass */
};

static bool is_computed(const struct register_field *field)
{
    return field->computed.n > 0;
}

static bool is_storable(const struct register_field *field)
{
    return field->computed.n > 0 && !field->only_computed;
}

/* A field that takes many is compared with one. */
static enum register_type single_type(enum register_type type)
{
    switch (type) {
    case REGISTER_MANY_CHOICE:
        return REGISTER_CHOICE;
    case REGISTER_PEOPLE:
        return REGISTER_PERSON;
    case REGISTER_REFERENCES:
        return REGISTER_REFERENCE;
    default:
        return type;
    }
}

static int no_such_condition(struct listing *l, const struct register_field *field)
{
    return fail(l->cx, RC_INVALID, str_z(l->cx->mem, field->id),
                _("%.*s, %.*s: its values cannot be compared like this."),
                STR_ARG(l->query->def->title), STR_ARG(field->label));
}

static bool has_order(enum register_type type)
{
    switch (type) {
    case REGISTER_TEXT:
    case REGISTER_LONG_TEXT:
    case REGISTER_MARKDOWN:
    case REGISTER_INTEGER:
    case REGISTER_DECIMAL:
    case REGISTER_SCORE:
    case REGISTER_DATE:
    case REGISTER_INSTANT:
        return true;
    default:
        return false;
    }
}

static int filter_value(struct listing *l, const struct record_filter *filter, struct value **ret)
{
    struct register_field one;

    if (filter->field == NULL) {
        *ret = value_text(l->cx->mem, record_ref_order(l->cx->mem, filter->text));
        return 0;
    }
    one = *filter->field;
    one.type = single_type(one.type);
    return record_parse(l->cx, l->rs, l->query->def, &one, filter->text, true, ret);
}

static int add_filter(struct listing *l, const struct record_filter *filter)
{
    const struct register_field *field = filter->field;
    bool less = filter->op == RECORD_LESS, not = filter->op == RECORD_IS_NOT;
    enum kept_op op = KEPT_IS;
    struct value *v = NULL;

    if (filter->op == RECORD_HAS) {
        l->looks = true;
        if (field != NULL && field->computed.n > 0)
            l->computed = is_computed;
        return 0;
    }
    if (l->sql.n + 1 >= COUNT_OF(l->sql.values))
        return fail(l->cx, RC_LIMIT, NULL, _("There are too many conditions."));
    if (filter->op == RECORD_EMPTY || filter->text.n == 0) {
        kept_query_add(&l->sql, field, KEPT_EMPTY, not, NULL);
        return 0;
    }
    if (less || filter->op == RECORD_MORE) {
        op = less ? (filter->or_equal ? KEPT_LESS_OR_IS : KEPT_LESS)
                  : (filter->or_equal ? KEPT_MORE_OR_IS : KEPT_MORE);
        if (field != NULL && !has_order(field->type))
            return no_such_condition(l, field);
    }
    if (field != NULL && (field->type == REGISTER_ROWS || field->type == REGISTER_FILE))
        return no_such_condition(l, field);
    TRY(filter_value(l, filter, &v));
    kept_query_add(&l->sql, field, op, not, v);
    return 0;
}

static int build(struct listing *l)
{
    const struct record_query *query = l->query;
    const struct register_field *order = query->order;

    kept_query_new(l->cx->mem, query->def, &l->sql);
    for (size_t i = 0; i < query->filter_n; i++) {
        struct record_filter filter = query->filters[i];
        if (filter.field != NULL && str_is(filter.field->id, "ref"))
            filter.field = NULL;
        TRY(add_filter(l, &filter));
    }
    if (order != NULL && str_is(order->id, "ref"))
        order = NULL;
    if (order != NULL && (register_type_is_many(order->type) || order->type == REGISTER_ROWS ||
                          order->type == REGISTER_FILE))
        return fail(l->cx, RC_INVALID, str_z(l->cx->mem, order->id),
                    _("%.*s cannot be sorted by %.*s, which is not one value."),
                    STR_ARG(query->def->title), STR_ARG(order->label));
    if (!query->any_order)
        kept_query_order(&l->sql, order,
                         order != NULL ? record_target(l->rs->registers, order) : NULL,
                         query->descending);
    return 0;
}

static int bind_all(struct listing *l, struct stmt *s)
{
    for (size_t i = 0; i < l->sql.n; i++)
        TRY(stmt_bind_value(l->cx, s, str_z(l->cx->mem, l->sql.names[i]), l->sql.values[i]));
    return 0;
}

/* ---- what SQL does not decide ---- */

/* A value of SQL as bodies have it. */
static struct value *computed_value(struct arena *mem, const struct register_field *field,
                                    const struct stmt *s, size_t i)
{
    switch (field->type) {
    case REGISTER_INTEGER:
    case REGISTER_SCORE:
        return value_int(mem, stmt_int(s, i));
    case REGISTER_YES_NO:
        return value_bool(mem, stmt_int(s, i) != 0);
    case REGISTER_DECIMAL:
        return value_text(mem, value_print(mem, value_decimal(mem, stmt_int(s, i))));
    default:
        return value_text(mem, stmt_text(mem, s, i));
    }
}

static void add_computed(struct arena *mem, struct record *record, kept_wanted *wanted,
                         const struct stmt *s, size_t i)
{
    struct value *body = value_map(mem);

    for (size_t k = 0; k < value_count(record->body); k++)
        value_set(body, str_z(mem, value_key_at(record->body, k)),
                  (struct value *)(uintptr_t)value_at(record->body, k));
    for (size_t f = 0; f < record->def->field_n; f++) {
        const struct register_field *field = &record->def->fields[f];
        const char *id = str_z(mem, field->id);
        if (!wanted(field))
            continue;
        if (!stmt_is_null(s, i) && value_get(body, id) == NULL)
            value_set(body, id, computed_value(mem, field, s, i));
        i++;
    }
    record->body = body;
}

static int has(struct ctx *cx, const struct record_store *rs, const struct record_filter *filter,
               const struct record *record, bool *ret)
{
    struct str text = record->ref;

    if (filter->field != NULL && !str_is(filter->field->id, "ref"))
        TRY(record_print(cx, rs, filter->field, value_find(record->body, filter->field->id),
                         &text));
    *ret = str_find(str_lower(cx->mem, text), str_lower(cx->mem, filter->text), 0) != SIZE_MAX;
    return 0;
}

static int passes(struct listing *l, struct arena *mem, const struct record *record, bool *ret)
{
    struct ctx in = *l->cx;

    in.mem = mem;
    *ret = true;
    for (size_t i = 0; *ret && i < l->query->filter_n; i++)
        if (l->query->filters[i].op == RECORD_HAS)
            TRY(has(&in, l->rs, &l->query->filters[i], record, ret));
    return 0;
}

static bool is_wanted(struct listing *l)
{
    uint64_t n = l->passed++;

    return !l->looks ||
           (n >= l->query->skip && (l->query->limit == 0 || n - l->query->skip < l->query->limit));
}

static int one(struct listing *l, const struct stmt *s)
{
    struct arena *mem = l->mem;
    struct record record;
    bool pass = true;

    arena_clear(mem);
    TRY(record_of_row(l->cx, mem, l->rs, s, &record));
    if (l->computed != NULL)
        add_computed(mem, &record, l->computed, s, RECORD_COLUMN_N);
    if (l->looks)
        TRY(passes(l, mem, &record, &pass));
    if (!pass || !is_wanted(l) || l->each == NULL)
        return 0;
    return l->each(l->arg, l->cx, &record);
}

static bool is_full(const struct listing *l)
{
    return l->looks && l->each != NULL && l->query->limit > 0 &&
           l->passed >= l->query->skip + l->query->limit;
}

static int run(struct listing *l)
{
    uint64_t skip = l->looks ? 0 : l->query->skip, limit = l->looks ? 0 : l->query->limit;
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    KEPT(q);
    bool row;

    l->mem = mem;
    TRY(record_prepare(l->cx, l->rs, kept_list_sql(&l->sql, l->computed), &q));
    TRY(bind_all(l, q.s));
    TRY(stmt_bind_int(l->cx, q.s, "limit",
                      limit == 0 || limit > INT64_MAX ? INT64_MAX : (int64_t)limit));
    TRY(stmt_bind_int(l->cx, q.s, "skip", skip > INT64_MAX ? INT64_MAX : (int64_t)skip));
    while (!is_full(l)) {
        TRY(stmt_step(l->cx, q.s, &row));
        if (!row)
            break;
        TRY(one(l, q.s));
    }
    return 0;
}

/* ---- now, or as of an instant ---- */

static bool needs_all(const struct record_query *query)
{
    bool all = query->complete || (query->order != NULL && query->order->computed.n > 0);

    for (size_t i = 0; i < query->filter_n; i++)
        all = all || (query->filters[i].field != NULL && query->filters[i].field->computed.n > 0);
    return all;
}

int record_list(struct ctx *cx, const struct record_store *rs, const struct record_query *query,
                record_each *each, void *arg)
{
    struct listing l = {.cx = cx, .rs = rs, .query = query, .each = each, .arg = arg};
    CLEANUP(record_snapshot_end) struct record_snapshot then = {.store = NULL};

    if (query->complete)
        l.computed = query->storable ? is_storable : is_computed;
    TRY(record_must_be_kept(cx, query->def));
    if (query->as_of.n > 0) {
        TRY(record_snapshot_open(cx, rs, query->as_of, needs_all(query) ? NULL : query->def,
                                 &then));
        l.rs = &then.records;
    }
    TRY(build(&l));
    return run(&l);
}

static int count_rows(struct listing *l, uint64_t *ret)
{
    KEPT(q);
    bool row;

    TRY(record_prepare(l->cx, l->rs, kept_count_sql(&l->sql), &q));
    TRY(bind_all(l, q.s));
    TRY(stmt_step(l->cx, q.s, &row));
    *ret = row ? (uint64_t)stmt_int(q.s, 0) : 0;
    return 0;
}

int record_count(struct ctx *cx, const struct record_store *rs, const struct record_query *query,
                 uint64_t *ret)
{
    struct listing l = {.cx = cx, .rs = rs, .query = query, .each = NULL};
    CLEANUP(record_snapshot_end) struct record_snapshot then = {.store = NULL};

    TRY(record_must_be_kept(cx, query->def));
    if (query->as_of.n > 0) {
        TRY(record_snapshot_open(cx, rs, query->as_of, needs_all(query) ? NULL : query->def,
                                 &then));
        l.rs = &then.records;
    }
    TRY(build(&l));
    if (!l.looks)
        return count_rows(&l, ret);
    TRY(run(&l));
    *ret = l.passed;
    return 0;
}

/* ---- no more of them than is wanted ---- */

static bool takes_many(const struct register_field *field)
{
    return register_type_is_many(field->type) || field->type == REGISTER_ROWS;
}

/* The values from column 2 on; NULL where it has more than can be said so. */
static struct value *brief_body(struct arena *mem, const struct register_def *def,
                                const bool *fields, const struct stmt *s)
{
    struct value *body = value_map(mem), *v;

    for (size_t f = 0, i = 2; f < def->field_n; f++) {
        const struct register_field *field = &def->fields[f];
        if (!fields[f])
            continue;
        if (takes_many(field)) {
            if (!stmt_is_null(s, i++))
                return NULL;
            continue;
        }
        v = stmt_is_null(s, i) ? NULL : value_text(mem, stmt_text(mem, s, i));
        i++;
        if (kept_has_said(field) && !stmt_is_null(s, i)) {
            v = value_map(mem);
            value_set_text(v, RECORD_SAID, stmt_text(mem, s, i));
        }
        i += kept_has_said(field);
        if (v != NULL)
            value_set(body, field->id.p, v);
    }
    return body;
}

int record_each_brief(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                      const bool *fields, record_each *each, void *arg)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    struct ctx in = ctx_in(cx, mem);
    KEPT(q);
    bool row;

    TRY(record_must_be_kept(cx, def));
    TRY(record_prepare(cx, rs, kept_brief_sql(cx->mem, def, fields), &q));
    for (;;) {
        TRY(stmt_step(cx, q.s, &row));
        if (!row)
            return 0;
        arena_clear(mem);
        struct record record = {
            .def = def, .id = stmt_text(mem, q.s, 0), .ref = stmt_text(mem, q.s, 1)};
        record.body = brief_body(mem, def, fields, q.s);
        if (record.body == NULL)
            TRY(ctx_end(cx, &in, record_last(&in, rs, record.id, INT64_MAX, &record)));
        TRY(each(arg, cx, &record));
    }
}

/* ---- one record completed ---- */

static bool has_computed(const struct register_def *def)
{
    for (size_t i = 0; i < def->field_n; i++)
        if (def->fields[i].computed.n > 0)
            return true;
    return false;
}

static int is_last(struct ctx *cx, const struct record_store *rs, const struct record *record,
                   bool *ret)
{
    struct record last;

    TRY(record_last(cx, rs, record->id, INT64_MAX, &last));
    *ret = last.rev == record->rev;
    return 0;
}

int record_complete(struct ctx *cx, const struct record_store *rs, struct record *record)
{
    CLEANUP(record_snapshot_end) struct record_snapshot then = {.store = NULL};
    bool last, row;
    KEPT(q);

    if (record->body == NULL || !has_computed(record->def))
        return 0;
    TRY(is_last(cx, rs, record, &last));
    if (!last) {
        TRY(record_snapshot_open(cx, rs, record->at, NULL, &then));
        rs = &then.records;
    }
    TRY(record_prepare(cx, rs, kept_computed_sql(cx->mem, record->def), &q));
    TRY(stmt_bind_text(cx, q.s, "id", record->id));
    TRY(stmt_step(cx, q.s, &row));
    if (row)
        add_computed(cx->mem, record, is_computed, q.s, 0);
    return 0;
}
