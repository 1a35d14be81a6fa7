/* Coverage: of what is shown when, and of what nothing is shown for which period. */
#include "op/face.h"

#define PERIODS_MOST 24u

struct period {
    struct str id;
    int64_t since, until; /* days, both within */
};

struct span {
    int64_t since, until;
    const struct value *row;
};

struct coverage {
    struct face *f;
    struct arena *mem;
    struct period periods[PERIODS_MOST];
    size_t n;
    struct dict *spans; /* by row: a list of rows of SQL */
    struct dict *asked; /* by row: a list of open requests */
};

/* ---- periods ---- */

static int months_of(struct str name)
{
    return str_is(name, "month") ? 1 : str_is(name, "year") ? 12 : 3;
}

/* "2026-11", "2026-Q4", "2026" */
static struct str period_id(struct arena *mem, struct date first, int months)
{
    if (months == 12)
        return str_printf(mem, "%d", first.year);
    if (months == 3)
        return str_printf(mem, "%d-Q%d", first.year, (first.month - 1) / 3 + 1);
    return str_printf(mem, "%d-%02d", first.year, first.month);
}

/* Whole ones, the present one last: as far as today. */
static void make_periods(struct coverage *c)
{
    int months = months_of(call_text(c->f->call, "period"));
    size_t n = months == 1 ? 12 : months == 12 ? 3 : 5;
    struct date today = c->f->call->cx->today;
    struct date first = {today.year, (int8_t)((today.month - 1) / months * months + 1), 1};

    for (size_t i = 0; i < n; i++) {
        struct date begin = date_add_months(first, -months * (int)(n - 1 - i));
        c->periods[i] = (struct period){period_id(c->mem, begin, months), date_to_days(begin),
                                        date_to_days(date_add_months(begin, months)) - 1};
    }
    c->n = n;
}

static void say_periods(const struct coverage *c)
{
    struct value *list = value_list(c->mem);

    for (size_t i = 0; i < c->n; i++) {
        struct value *one = value_map(c->mem);
        value_set_text(one, "id", c->periods[i].id);
        value_set_text(one, "since", date_iso(c->mem, date_from_days(c->periods[i].since)));
        value_set_text(one, "until", date_iso(c->mem, date_from_days(c->periods[i].until)));
        value_push(list, one);
    }
    value_set(c->f->result, "periods", list);
}

/* ---- what is there ---- */

static void push(struct coverage *c, struct dict *dict, struct str key, struct value *item)
{
    struct value *list = (struct value *)(uintptr_t)dict_get(dict, key);

    if (list == NULL) {
        list = value_list(c->mem);
        dict_set(dict, key, list);
    }
    value_push(list, item);
}

static int read_by_row(struct coverage *c, const struct value *part, const char *key,
                       struct dict *into)
{
    struct value *rows;

    TRY(face_rows(c->f, part, key, &rows));
    for (size_t i = 0; i < value_count(rows); i++)
        push(c, into, value_get_text(value_at(rows, i), "row"), value_at_mut(rows, i));
    return 0;
}

static bool read_span(const struct value *row, struct span *ret)
{
    struct date since, until;
    struct str from = str_sub(value_get_text(row, "since"), 0, 10),
               to = str_sub(value_get_text(row, "until"), 0, 10);

    if (!date_parse_iso(from, &since))
        return false;
    if (!date_parse_iso(to, &until))
        until = since;
    *ret = (struct span){date_to_days(since), date_to_days(until), row};
    return true;
}

static int by_since(const void *a, const void *b)
{
    const struct span *x = a, *y = b;

    return (x->since > y->since) - (x->since < y->since);
}

/* Of a row, in the order of their beginning. */
static size_t spans_of(const struct coverage *c, struct str row, struct span **ret)
{
    const struct value *list = dict_get(c->spans, row);
    size_t n = 0;

    *ret = arena_array(c->mem, value_count(list) + 1, sizeof **ret);
    for (size_t i = 0; i < value_count(list); i++)
        n += read_span(value_at(list, i), &(*ret)[n]);
    if (n > 1)
        qsort(*ret, n, sizeof **ret, by_since);
    return n;
}

/* "full", "part" or "none" of the period, as far as today, and the refs of what shows it. */
static struct value *cell_of(const struct coverage *c, const struct period *p,
                             const struct span *spans, size_t n)
{
    int64_t today = date_to_days(c->f->call->cx->today), next = p->since;
    int64_t until = p->until < today ? p->until : today;
    struct value *cell = value_map(c->mem), *refs = value_list(c->mem);
    bool gap = false;

    for (size_t i = 0; i < n; i++) {
        if (spans[i].until < p->since || spans[i].since > until)
            continue;
        struct value *ref = value_map(c->mem);
        gap = gap || spans[i].since > next;
        next = spans[i].until >= next ? spans[i].until + 1 : next;
        value_set_text(ref, "ref", value_get_text(spans[i].row, "ref"));
        value_set_text(ref, "title", value_get_text(spans[i].row, "title"));
        value_push(refs, ref);
    }
    bool full = !gap && next > until;

    value_set_text(cell, "period", p->id);
    value_set_text(cell, "state",
                   value_count(refs) == 0 ? STR("none")
                   : full                 ? STR("full")
                                          : STR("part"));
    value_set(cell, "by", refs);
    return cell;
}

/* ---- rows ---- */

static struct value *row_of(struct coverage *c, const struct value *from)
{
    static const char *const kept[] = {"label", "register", "ref", "title"};
    struct value *row = value_map(c->mem), *cells = value_list(c->mem), *fields = value_map(c->mem);
    struct str id = value_get_text(from, "id");
    const struct value *asked = dict_get(c->asked, id);
    struct span *spans;
    size_t n = spans_of(c, id, &spans);

    value_set_text(row, "row", id);
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        value_set_text(row, kept[i], value_get_text(from, kept[i]));
    const struct entry *entry = standard_find(c->f->call->org->standard, id);
    if (entry != NULL && value_get_text(row, "title").n == 0)
        value_set_text(row, "title", entry->title);
    value_set_text(fields, "label", value_get_text(row, "label"));
    value_set_text(fields, "title", value_get_text(row, "title"));
    for (size_t i = 0; i < c->n; i++) {
        struct value *cell = cell_of(c, &c->periods[i], spans, n);
        value_set_text(fields, str_z(c->mem, c->periods[i].id), value_get_text(cell, "state"));
        value_push(cells, cell);
    }
    value_set(row, "cells", cells);
    value_set(row, "asked", asked != NULL ? value_copy(c->mem, asked) : value_list(c->mem));
    value_set(row, "fields", fields);
    return row;
}

static bool has_gap(const struct value *row)
{
    const struct value *cells = value_get(row, "cells");

    for (size_t i = 0; i < value_count(cells); i++)
        if (!str_is(value_get_text(value_at(cells, i), "state"), "full"))
            return true;
    return false;
}

static void say_columns(const struct coverage *c)
{
    struct value *columns = value_list(c->mem);

    for (size_t i = 0; i < c->n + 2; i++) {
        struct value *one = value_map(c->mem);
        value_set_text(one, "field",
                       i == 0   ? STR("label")
                       : i == 1 ? STR("title")
                                : c->periods[i - 2].id);
        value_set_text(one, "label",
                       i == 0   ? value_get_text(c->f->face->yaml, "row_label")
                       : i == 1 ? str_of(_("Title"))
                                : c->periods[i - 2].id);
        value_set_text(one, "type", STR("text"));
        value_push(columns, one);
    }
    value_set(c->f->result, "columns", columns);
}

int face_coverage(struct face *f)
{
    struct arena *mem = f->call->cx->mem;
    struct coverage c = {.f = f, .mem = mem, .spans = dict_new(mem), .asked = dict_new(mem)};
    struct value *rows, *list = value_list(mem);
    bool gaps = call_text(f->call, "gap").n > 0;
    size_t gap_n = 0;

    make_periods(&c);
    TRY(face_rows(f, f->face->yaml, "rows", &rows));
    TRY(read_by_row(&c, f->face->yaml, "spans", c.spans));
    TRY(read_by_row(&c, value_get(f->face->yaml, "ask"), "open", c.asked));
    for (size_t i = 0; i < value_count(rows); i++) {
        struct value *row = row_of(&c, value_at(rows, i));
        gap_n += has_gap(row);
        if (!gaps || has_gap(row))
            value_push(list, row);
    }
    say_periods(&c);
    say_columns(&c);
    value_set_text(f->result, "period",
                   call_text(f->call, "period").n > 0 ? call_text(f->call, "period")
                                                      : STR("quarter"));
    value_set_int(f->result, "count", (int64_t)value_count(list));
    value_set_int(f->result, "all_n", (int64_t)value_count(rows));
    value_set_int(f->result, "gap_n", (int64_t)gap_n);
    value_set(f->result, "records", list);
    return 0;
}
