/* Series: values over time, each series with what is aimed at. */
#include "op/face.h"

static const char *const columns_of[] = {"series", "Series", "at",     "Day",
                                         "value",  "Value",  "target", "Target"};

/* Whether a value is where it should be: 1, 0, or -1 where nobody can tell. */
static int is_met(struct str sense, bool has, int64_t n, int64_t target)
{
    if (!has || sense.n == 0)
        return -1;
    return str_is(sense, "most") ? n <= target : n >= target;
}

static void set_number(struct value *map, struct arena *mem, const char *key, struct str text)
{
    int64_t n;

    if (face_number(text, &n))
        value_set(map, key, value_decimal(mem, n));
}

static struct value *new_series(struct arena *mem, const struct value *row)
{
    static const char *const kept[] = {"ref", "title", "unit", "target", "sense"};
    struct value *one = value_map(mem);

    for (size_t i = 0; i < COUNT_OF(kept); i++)
        value_set_text(one, kept[i], value_print(mem, value_get(row, kept[i])));
    set_number(one, mem, "aim", value_get_text(one, "target"));
    value_set(one, "points", value_list(mem));
    return one;
}

/* A value of words stands among the others, and in no curve. */
static void add_point(struct face *f, struct value *series, const struct value *row)
{
    struct arena *mem = f->call->cx->mem;
    struct value *one = value_map(mem), *fields;
    struct str value = value_print(mem, value_get(row, "value")), at = value_get_text(row, "at");
    const struct value *aim = value_get(series, "aim");
    int64_t n = 0;

    if (at.n == 0 || value.n == 0)
        return;
    value_set_text(one, "at", at);
    value_set_text(one, "value", value);
    value_set_text(one, "note", value_get_text(row, "note"));
    set_number(one, mem, "number", value);
    int met = face_number(value, &n) ? is_met(value_get_text(series, "sense"), aim != NULL, n,
                                              value_as_thousandths(aim, 0))
                                     : -1;
    if (met >= 0)
        value_set_bool(one, "met", met == 1);
    if (met >= 0)
        value_set_bool(series, "met", met == 1); /* the last one counts */
    value_set_text(series, "last", value);
    value_set_text(series, "last_at", at);
    value_push(value_get_mut(series, "points"), one);
    fields = shown_row(f->result, mem);
    value_set_text(fields, "series", value_get_text(series, "title"));
    value_set_text(fields, "at", at);
    value_set_text(fields, "value", value);
    value_set_text(fields, "target", value_get_text(series, "target"));
}

int face_series(struct face *f)
{
    struct arena *mem = f->call->cx->mem;
    struct value *rows, *list = value_list(mem), *series = NULL;
    int64_t met_n = 0, missed_n = 0;

    TRY(face_rows(f, f->face->yaml, "select", &rows));
    (void)shown_table(f->result, mem, columns_of, COUNT_OF(columns_of));
    for (size_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_at(rows, i);
        if (series == NULL || !str_eq(value_get_text(series, "ref"), value_get_text(row, "ref"))) {
            series = new_series(mem, row);
            value_push(list, series);
        }
        add_point(f, series, row);
    }
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *met = value_get(value_at(list, i), "met");
        met_n += value_as_bool(met);
        missed_n += met != NULL && !value_as_bool(met);
    }
    value_set_int(f->result, "count", (int64_t)value_count(value_get(f->result, "records")));
    value_set_int(f->result, "met_n", met_n);
    value_set_int(f->result, "missed_n", missed_n);
    value_set(f->result, "series", list);
    return 0;
}
