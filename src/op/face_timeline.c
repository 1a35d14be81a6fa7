/* A time line: what happened to a record when, how long it took from step to step, and until when
 * it had to be. */
#include "op/face.h"

struct timeline {
    struct face *f;
    struct arena *mem;
    struct dict *deadlines; /* by ref: a list */
    int64_t met_n, late_n, open_n;
};

/* The day of a date or an instant. */
static bool day_of(struct str text, struct date *ret)
{
    return date_parse_iso(str_sub(text, 0, 10), ret);
}

static int64_t days_from(struct str since, struct str until)
{
    struct date a, b;

    return day_of(since, &a) && day_of(until, &b) ? date_to_days(b) - date_to_days(a) : 0;
}

/* ---- deadlines ---- */

/* Whole days, as days are what is recorded: 72 hours are three of them. */
static struct str due_day(struct arena *mem, struct str since, int64_t hours)
{
    struct date day;

    if (!day_of(since, &day))
        return STR_NONE;
    return date_iso(mem, date_from_days(date_to_days(day) + (hours + 23) / 24));
}

static const char *how_it_stands(struct timeline *t, struct str due, struct str done)
{
    struct str now = done.n > 0 ? str_sub(done, 0, 10) : date_iso(t->mem, t->f->call->cx->today);
    bool late = str_cmp(now, due) > 0;

    t->late_n += late;
    t->met_n += done.n > 0 && !late;
    t->open_n += done.n == 0 && !late;
    return done.n > 0 ? (late ? "late" : "met") : late ? "missed" : "open";
}

static void add_deadline(struct timeline *t, const struct value *row)
{
    struct str ref = value_get_text(row, "ref"), since = value_get_text(row, "since"),
               done = value_get_text(row, "done"),
               due = due_day(t->mem, since, value_get_int(row, "hours", 0));
    struct value *list = (struct value *)(uintptr_t)dict_get(t->deadlines, ref);
    struct value *one = value_map(t->mem);

    if (due.n == 0)
        return;
    if (list == NULL) {
        list = value_list(t->mem);
        dict_set(t->deadlines, ref, list);
    }
    value_set_text(one, "label", value_get_text(row, "label"));
    value_set_int(one, "hours", value_get_int(row, "hours", 0));
    value_set_text(one, "since", str_sub(since, 0, 10));
    value_set_text(one, "due", due);
    value_set_text(one, "done", done);
    value_set_text(one, "state", str_of(how_it_stands(t, due, done)));
    value_push(list, one);
}

static int read_deadlines(struct timeline *t)
{
    struct value *rows;

    if (!face_sees_all(t->f))
        return 0;
    TRY(face_rows(t->f, t->f->face->yaml, "deadlines", &rows));
    for (size_t i = 0; i < value_count(rows); i++)
        add_deadline(t, value_at(rows, i));
    return 0;
}

/* ---- steps ---- */

/* In the order of the definition; the time from the step before tells where one came too early. */
static struct value *steps_of(struct timeline *t, const struct value *record)
{
    const struct value *ids = value_get(t->f->face->yaml, "steps");
    struct str first = STR_NONE, before = STR_NONE;
    struct value *steps = value_list(t->mem);

    for (size_t i = 0; i < value_count(ids); i++) {
        const struct register_field *field =
            register_field(t->f->def, value_as_text(value_at(ids, i)));
        struct str at = value_get_text(value_get(record, "fields"), str_z(t->mem, field->id));
        struct value *one = value_map(t->mem);
        if (at.n == 0)
            continue;
        first = first.n > 0 ? first : at;
        value_set_text(one, "field", field->id);
        value_set_text(one, "label", field->label);
        value_set_text(one, "at", at);
        value_set_int(one, "after", days_from(first, at));
        if (before.n > 0)
            value_set_int(one, "since_before", days_from(before, at));
        before = at;
        value_push(steps, one);
    }
    return steps;
}

static struct value *columns_of(struct timeline *t)
{
    const struct value *ids = value_get(t->f->face->yaml, "steps");
    struct value *columns = value_list(t->mem);

    for (size_t i = 0; i < value_count(ids); i++)
        value_push(columns, shown_column(t->mem, register_field(t->f->def,
                                                                value_as_text(value_at(ids, i)))));
    return columns;
}

/* What began last comes first. */
static int later_first(const void *a, const void *b)
{
    const struct value *x = value_get(*(struct value *const *)a, "steps"),
                       *y = value_get(*(struct value *const *)b, "steps");

    return str_cmp(value_get_text(value_at(y, 0), "at"), value_get_text(value_at(x, 0), "at"));
}

int face_timeline(struct face *f)
{
    struct arena *mem = f->call->cx->mem;
    struct timeline t = {.f = f, .mem = mem, .deadlines = dict_new(mem)};
    struct value *records;

    TRY(face_records(f, &records));
    TRY(read_deadlines(&t));
    for (size_t i = 0; i < value_count(records); i++) {
        struct value *item = value_at_mut(records, i);
        const struct value *due = dict_get(t.deadlines, value_get_text(item, "ref"));
        value_set(item, "steps", steps_of(&t, item));
        value_set(item, "deadlines", due != NULL ? value_copy(mem, due) : value_list(mem));
    }
    value_sort(records, later_first);
    value_set(f->result, "columns", columns_of(&t));
    value_set_int(f->result, "count", (int64_t)value_count(records));
    value_set_int(f->result, "met_n", t.met_n);
    value_set_int(f->result, "late_n", t.late_n);
    value_set_int(f->result, "open_n", t.open_n);
    value_set(f->result, "records", records);
    return 0;
}
