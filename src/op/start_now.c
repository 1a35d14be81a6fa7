#include "op/start_now.h"

#include <stdlib.h>

#define RECORDS_MOST 64u

struct record {
    const struct value *data;
    int64_t begin; /* days before Stage 2 */
    size_t n;      /* in the order of the data */
};

struct maker {
    struct ctx *cx;
    struct store *store;
    const struct value *data; /* the list of records */
    struct date stage2;
    struct record records[RECORDS_MOST];
    size_t n;
};

/* Days before Stage 2 by which this must have begun: its own days after all that it comes before.
 * A circle in the data would never end, so the depth is bounded by the number of records. */
static int64_t begin_of(const struct maker *m, const struct value *data, size_t depth)
{
    const struct value *before = value_get(data, "before");
    int64_t latest = value_get_int(data, "spare_days", 0);

    for (size_t i = 0; i < value_count(before) && depth <= m->n; i++)
        for (size_t k = 0; k < m->n; k++) {
            if (!str_eq(value_get_text(m->records[k].data, "id"),
                        value_as_text(value_at(before, i))))
                continue;
            int64_t begin = begin_of(m, m->records[k].data, depth + 1);
            latest = begin > latest ? begin : latest;
        }
    return latest + value_get_int(data, "days", 0);
}

static int by_begin(const void *a, const void *b)
{
    const struct record *x = a, *y = b;

    if (x->begin != y->begin)
        return x->begin > y->begin ? -1 : 1;
    return x->n < y->n ? -1 : x->n > y->n;
}

/* Whether a control on which the record rests is not left out. */
static int applies(struct maker *m, const struct value *data, bool *ret)
{
    const struct value *controls = value_get(data, "controls");
    bool row;
    STMT(s);

    *ret = value_count(controls) == 0;
    if (*ret)
        return 0;
    TRY(store_prepare(m->cx, m->store,
                      STR("SELECT 1 FROM fact_control WHERE control = :control "
                          "AND applicable IS NOT 0"),
                      &s));
    for (size_t i = 0; i < value_count(controls) && !*ret; i++) {
        TRY(stmt_bind_text(m->cx, s, "control", value_as_text(value_at(controls, i))));
        TRY(stmt_step(m->cx, s, &row));
        *ret = row;
        stmt_reset(s);
    }
    return 0;
}

static void set_seen(struct value *v, const struct value *row)
{
    static const char *const keys[] = {"path", "place", "quote"};

    value_set_text(v, "seen", STR("yes"));
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        value_set_text(v, keys[i], value_get_text(row, keys[i]));
}

/* A document of one of the kinds; "unknown" where some were not read. */
static int see_kinds(struct maker *m, const struct value *data, struct value *v)
{
    const struct value *kinds = value_get(data, "kinds");
    bool row;
    STMT(s);

    TRY(store_prepare(m->cx, m->store,
                      STR("SELECT state, path, place FROM fact_kind WHERE kind = :kind"), &s));
    for (size_t i = 0; i < value_count(kinds); i++) {
        TRY(stmt_bind_text(m->cx, s, "kind", value_as_text(value_at(kinds, i))));
        TRY(stmt_step(m->cx, s, &row));
        struct value *found = row ? stmt_row(m->cx->mem, s) : NULL;
        stmt_reset(s);
        if (value_is_text(value_get(found, "state"), "present")) {
            set_seen(v, found);
            return 0;
        }
        if (value_is_text(value_get(found, "state"), "cannot-tell"))
            value_set_text(v, "seen", STR("unknown"));
    }
    return 0;
}

static int see_select(struct maker *m, const struct value *data, struct value *v)
{
    struct str sql = value_get_text(data, "seen");
    bool row;
    STMT(s);

    if (sql.n == 0 || value_is_text(value_get(v, "seen"), "yes"))
        return 0;
    TRY(store_prepare(m->cx, m->store, sql, &s));
    TRY(stmt_step(m->cx, s, &row));
    if (row)
        set_seen(v, stmt_row(m->cx->mem, s));
    return 0;
}

static struct value *record_value(struct maker *m, const struct record *r)
{
    static const char *const texts[] = {"id", "title", "do"};
    struct arena *mem = m->cx->mem;
    struct value *v = value_map(mem), *requirements = value_list(mem);
    const struct value *all = value_get(r->data, "requirements");
    struct date day = {0};

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        value_set_text(v, texts[i], value_get_text(r->data, texts[i]));
    for (size_t i = 0; i < value_count(all); i++)
        value_push(requirements, value_text(mem, value_as_text(value_at(all, i))));
    value_set(v, "requirements", requirements);
    value_set_int(v, "takes_days", value_get_int(r->data, "days", 0));
    value_set_int(v, "weeks_before", (r->begin + 6) / 7);
    if (!date_is_none(m->stage2))
        day = date_from_days(date_to_days(m->stage2) - r->begin);
    value_set(v, "begin_by", date_is_none(day) ? NULL : value_text(mem, date_iso(mem, day)));
    value_set_text(v, "seen", STR("no"));
    value_set_bool(v, "late", false);
    value_set_text(v, "path", STR_NONE);
    value_set_text(v, "place", STR_NONE);
    value_set_text(v, "quote", STR_NONE);
    return v;
}

static int push_record(struct maker *m, const struct record *r, struct value *list)
{
    struct value *v = record_value(m, r);
    bool wanted;

    TRY(applies(m, r->data, &wanted));
    if (!wanted)
        return 0;
    TRY(see_kinds(m, r->data, v));
    TRY(see_select(m, r->data, v));
    if (!date_is_none(m->stage2) && !value_is_text(value_get(v, "seen"), "yes"))
        value_set_bool(v, "late", date_to_days(m->stage2) - r->begin < date_to_days(m->cx->today));
    value_push(list, v);
    return 0;
}

int start_now_make(struct ctx *cx, const struct standard *standard, struct store *store,
                   struct date stage2, struct value **ret)
{
    struct maker *m = ARENA_NEW(cx->mem, struct maker);
    struct value *data, *list = value_list(cx->mem);

    TRY(standard_yaml(cx, standard, "understanding.yaml", &data));
    *m = (struct maker){.cx = cx, .store = store, .stage2 = stage2};
    m->data = value_get(data, "records");
    if (value_count(m->data) > RECORDS_MOST)
        return fail(cx, RC_LIMIT, NULL, "understanding.yaml: there are too many records.");
    for (size_t i = 0; i < value_count(m->data); i++)
        m->records[m->n++] = (struct record){.data = value_at(m->data, i), .n = i};
    for (size_t i = 0; i < m->n; i++)
        m->records[i].begin = begin_of(m, m->records[i].data, 0);
    qsort(m->records, m->n, sizeof *m->records, by_begin);
    for (size_t i = 0; i < m->n; i++)
        TRY(push_record(m, &m->records[i], list));
    *ret = list;
    return 0;
}
