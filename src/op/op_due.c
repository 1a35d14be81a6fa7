/* What has to be done by when, over all registers that say so (`due:` of their definitions). A
 * record is due in some days if its definition will call it late then. */
#include <stdlib.h>

#include "op/call.h"
#include "op/table_parts.h"
#include "register/record_search.h"

#define DAYS 30
#define DAYS_MOST 3660
#define DUE_MOST 5000u /* records that are told one by one */

struct due_row {
    const struct register_def *def;
    struct str id, ref, label, on, who;
    bool late;
};

struct due {
    struct op_call *call;
    struct date today;
    int64_t days;
    struct str person;  /* whose, by id; "" for everybody's */
    struct value *late; /* ids of those that are late today */
    struct due_row *rows;
    struct shown *shown;
    size_t n, in_all, late_n;
};

static struct str first_filled(struct arena *mem, const struct record *record,
                               const struct register_group *fields)
{
    struct str text = STR_NONE;

    for (size_t i = 0; text.n == 0 && i < fields->n; i++)
        text = value_get_text(record->body, str_z(mem, record->def->fields[fields->items[i]].id));
    return text;
}

static int take_late(void *arg, struct ctx *cx, const struct record *record)
{
    struct due *due = arg;

    value_set_bool(due->late, str_z(cx->mem, record->id), true);
    return ctx_check(cx);
}

static int take_due(void *arg, struct ctx *cx, const struct record *record)
{
    struct due *due = arg;
    struct due_row row = {.def = record->def,
                          .on = first_filled(cx->mem, record, &record->def->due_on),
                          .who = first_filled(cx->mem, record, &record->def->due_who)};

    if ((due->person.n > 0 && !str_eq(row.who, due->person)) || !call_may_see(due->call, record))
        return 0;
    row.late = value_get_bool(due->late, str_z(cx->mem, record->id));
    due->late_n += row.late;
    if (due->in_all++ >= DUE_MOST)
        return 0;
    row.id = str_copy(cx->mem, record->id);
    row.ref = str_copy(cx->mem, record->ref);
    row.label = str_copy(cx->mem, record_label(cx->mem, record->def, record->body));
    row.on = str_copy(cx->mem, row.on);
    row.who = str_copy(cx->mem, row.who);
    due->rows[due->n++] = row;
    return ctx_check(cx);
}

/* Those of a register that are late on a day. */
static int late_on(struct due *due, const struct register_def *def, struct date day,
                   record_each *each)
{
    struct ctx *cx = due->call->cx;
    const struct record_filter filter = {def->due_late, RECORD_IS, false, STR("1")};
    const struct record_query query = {
        .def = def, .filters = &filter, .filter_n = 1, .complete = true, .any_order = true};
    struct date was = cx->today;

    cx->today = day;
    int rc = record_list(cx, &due->call->org->records, &query, each, due);
    cx->today = was;
    return rc;
}

static int compare_rows(const void *a, const void *b)
{
    const struct due_row *x = a, *y = b;
    int order = y->late - x->late;

    order = order != 0 ? order : str_cmp(x->on, y->on);
    order = order != 0 ? order : str_cmp(x->def->id, y->def->id);
    return order != 0 ? order : str_cmp(x->ref, y->ref);
}

/* How far off it is, in people's words. */
static struct str told(const struct due *due, const struct due_row *row)
{
    struct date on;

    if (row->late)
        return str_of(_("late"));
    if (!date_parse_iso(row->on, &on))
        return str_printf(due->call->cx->mem, _("within %lld days"), (long long)due->days);
    int64_t days = date_to_days(on) - date_to_days(due->today);
    return days == 0   ? str_of(_("today"))
           : days == 1 ? str_of(_("tomorrow"))
                       : str_printf(due->call->cx->mem, _("in %lld days"), (long long)days);
}

static int add_row(struct due *due, struct value *result, const struct due_row *row)
{
    struct arena *mem = due->call->cx->mem;
    struct value *fields = shown_row(result, mem);
    struct str who;

    value_set_text(fields, "on", row->on);
    value_set_text(fields, "told", told(due, row));
    value_set_bool(fields, "late", row->late);
    value_set_text(fields, "register", row->def->id);
    value_set_text(fields, "in", row->def->title);
    value_set_text(fields, "ref", row->ref);
    value_set_text(fields, "label", row->label);
    if (row->who.n == 0)
        return 0;
    TRY(shown_actor(due->shown, row->who, &who));
    value_set_text(fields, "who", who);
    return 0;
}

/* The person of the argument, by id. */
static int read_person(struct op_call *call, struct str *ret)
{
    const struct record_store *rs = &call->org->records;
    const struct register_def *persons = registers_find(rs->registers, STR(REGISTER_PERSON_ID));
    struct str name = call_text(call, "person");

    *ret = STR_NONE;
    return name.n > 0 ? record_find(call->cx, rs, persons, name, ret) : 0;
}

static int collect(struct due *due)
{
    const struct registers *all = due->call->org->records.registers;
    struct ctx *cx = due->call->cx;
    struct date then = date_from_days(date_to_days(cx->today) + due->days + 1);

    due->rows = arena_array(cx->mem, DUE_MOST, sizeof *due->rows);
    for (size_t i = 0; i < all->n; i++) {
        const struct register_def *def = &all->items[i];
        if (def->due_late == NULL || !call_is_register(def) || !call_may_read(due->call, def))
            continue;
        due->late = value_map(cx->mem);
        TRY(late_on(due, def, cx->today, take_late));
        TRY(late_on(due, def, then, take_due));
    }
    if (due->n > 0)
        qsort(due->rows, due->n, sizeof *due->rows, compare_rows);
    return 0;
}

static int what_is_due(struct op_call *call, struct value **ret)
{
    static const char *const columns[] = {"on",  "When", "told",  "",     "register", "Register",
                                          "ref", "Ref",  "label", "What", "who",      "Who"};
    struct value *result = value_map(call->cx->mem);
    struct due due = {.call = call, .today = call->cx->today, .shown = shown_new(call, STR_NONE)};

    due.days = value_get_int(call->args, "days", DAYS);
    due.days = due.days > DAYS_MOST ? DAYS_MOST : due.days;
    TRY(read_person(call, &due.person));
    TRY(collect(&due));
    value_set_int(result, "days", due.days);
    value_set_int(result, "count", (int64_t)due.in_all);
    value_set_int(result, "late", (int64_t)due.late_n);
    (void)shown_table(result, call->cx->mem, columns, COUNT_OF(columns));
    for (size_t i = 0; i < due.n; i++)
        TRY(add_row(&due, result, &due.rows[i]));
    if (due.in_all == 0)
        value_set_text(result, "empty",
                       str_printf(call->cx->mem, _("Nothing is late or due in the next %lld days."),
                                  (long long)due.days));
    *ret = result;
    return 0;
}

int op_due(struct op_call *call, struct value **ret)
{
    return call_then(call, what_is_due, ret);
}
