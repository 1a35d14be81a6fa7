/* Operations that show records as they are: list, show, search. */
#include <ctype.h>

#include "op/call.h"
#include "op/table_parts.h"
#include "register/record_search.h"

#define LIST_LIMIT 200
#define SEARCH_LIMIT 50
#define COLUMNS_MOST 40u

/* ---- list ---- */

struct list {
    struct op_call *call;
    struct shown *shown;
    struct value *records;
};

static int take_each(void *arg, struct ctx *cx, const struct record *record)
{
    struct list *list = arg;
    struct value *shown;

    TRY(shown_record(list->shown, record, &shown));
    value_push(list->records, shown);
    return ctx_check(cx);
}

static int read_order(struct op_call *call, struct record_query *query)
{
    struct str sort = call_text(call, "sort");

    query->descending = sort.n > 0 && sort.p[0] == '-';
    if (query->descending)
        sort = str_from(sort, 1);
    if (sort.n > 0 && !str_is(sort, "ref"))
        TRY(call_find_field(call->cx, query->def, sort, &query->order));
    query->limit = (uint64_t)value_get_int(call->args, "limit", LIST_LIMIT);
    query->skip = (uint64_t)value_get_int(call->args, "skip", 0);
    return 0;
}

/* The columns of --columns, else those of the definition. */
static int read_columns(struct op_call *call, const struct register_def *def, struct value **ret)
{
    struct str rest = call_text(call, "columns"), name;
    struct value *columns = value_list(call->cx->mem);
    const struct register_field *field;

    for (size_t i = 0; rest.n == 0 && i < def->list.n; i++)
        if (!str_is(def->fields[def->list.items[i]].id, "ref")) /* which every row has */
            value_push(columns, shown_column(call->cx->mem, &def->fields[def->list.items[i]]));
    while (rest.n > 0 && str_split(&rest, ',', &name)) {
        name = str_trim(name);
        if (str_is(name, "ref"))
            continue;
        TRY(call_find_field(call->cx, def, name, &field));
        if (value_count(columns) < COLUMNS_MOST)
            value_push(columns, shown_column(call->cx->mem, field));
    }
    *ret = columns;
    return 0;
}

/* Says what to do where there is nothing. */
static void say_empty(struct op_call *call, const struct register_def *def, struct value *result)
{
    struct arena *mem = call->cx->mem;
    const struct register_field *first = NULL;

    for (size_t i = 0; first == NULL && i < def->field_n; i++)
        if (def->fields[i].required && !def->fields[i].only_computed)
            first = &def->fields[i];
    if (first == NULL && def->known_by.n > 0)
        first = &def->fields[def->known_by.items[0]];
    if (call_many(call, "where") != NULL) {
        value_set_text(result, "empty", str_of(_("No record is like this.")));
        return;
    }
    if (call_text(call, "as-of").n > 0) {
        value_set_text(result, "empty", str_of(_("Nothing was recorded then.")));
        return;
    }
    value_set_text(result, "empty",
                   str_printf(mem, _("Nothing is recorded in %.*s (%.*s) yet."), STR_ARG(def->id),
                              STR_ARG(def->title)));
    value_set_text(result, "help", def->help);
    shown_next(result, mem,
               str_printf(mem, "assay add %.*s %.*s=...", STR_ARG(def->id),
                          STR_ARG(first != NULL ? first->id : STR("FIELD"))),
               _("record the first"));
    shown_next(result, mem, str_printf(mem, "assay registers %.*s", STR_ARG(def->id)),
               _("what it takes"));
}

/* ---- what is computed of something that is not there ---- */

static bool is_word_in(struct str text, struct str word)
{
    for (size_t at = 0; at + word.n <= text.n; at++) {
        bool begins = at == 0 || !(isalnum((unsigned char)text.p[at - 1]) || text.p[at - 1] == '_');
        unsigned char after = at + word.n < text.n ? (unsigned char)text.p[at + word.n] : ' ';
        if (begins && str_eq(str_sub(text, at, word.n), word) && !isalnum(after) && after != '_')
            return true;
    }
    return false;
}

static bool is_shown(const struct value *records, const char *field)
{
    for (size_t i = 0; i < value_count(records); i++)
        if (value_type(value_get(value_get(value_at(records, i), "fields"), field)) != VALUE_NULL)
            return true;
    return false;
}

/* A field that is empty in all records, as it follows from a register that says nothing yet. */
static int say_basis_of(struct op_call *call, const struct register_field *field,
                        struct value *result)
{
    const struct registers *registers = call->org->records.registers;
    struct arena *mem = call->cx->mem;

    if (field == NULL || field->computed.n == 0 ||
        is_shown(value_get(result, "records"), str_z(mem, field->id)))
        return 0;
    for (size_t i = 0; i < registers->n; i++) {
        struct record_query query = {.def = &registers->items[i]};
        uint64_t count;
        if (!query.def->single || !is_word_in(field->computed, query.def->id))
            continue;
        TRY(record_count(call->cx, &call->org->records, &query, &count));
        if (count > 0)
            continue;
        value_set_text(result, "hint",
                       str_printf(mem,
                                  _("%.*s follows from %.*s, of which nothing is recorded yet: "
                                    "assay registers %.*s"),
                                  STR_ARG(field->label), STR_ARG(query.def->title),
                                  STR_ARG(query.def->id)));
        return 0;
    }
    return 0;
}

static int say_basis(struct op_call *call, const struct record_query *query, struct value *result)
{
    const struct value *columns = value_get(result, "columns");

    for (size_t i = 0; value_get(result, "hint") == NULL && i < value_count(columns); i++)
        TRY(say_basis_of(call,
                         register_field(query->def, value_get_text(value_at(columns, i), "field")),
                         result));
    for (size_t i = 0; value_get(result, "hint") == NULL && i < query->filter_n; i++)
        TRY(say_basis_of(call, query->filters[i].field, result));
    return value_get(result, "hint") == NULL ? say_basis_of(call, query->order, result) : 0;
}

int op_list(struct op_call *call, struct value **ret)
{
    struct value *result = value_map(call->cx->mem), *columns;
    struct record_query query = {.def = NULL};
    struct list list = {.call = call, .records = value_list(call->cx->mem)};
    uint64_t count;

    TRY(call_register(call, &query.def));
    TRY(call_as_of(call, &query.as_of));
    TRY(call_filters(call, &query));
    TRY(read_order(call, &query));
    TRY(read_columns(call, query.def, &columns));
    query.complete = query.as_of.n == 0; /* what is computed is so today */
    list.shown = shown_new(call, query.as_of);
    TRY(record_list(call->cx, &call->org->records, &query, take_each, &list));
    TRY(record_count(call->cx, &call->org->records, &query, &count));
    value_set_text(result, "register", query.def->id);
    value_set_text(result, "title", query.def->title);
    if (query.as_of.n > 0)
        value_set_text(result, "as_of", query.as_of);
    value_set_int(result, "count", (int64_t)count);
    value_set(result, "columns", columns);
    value_set(result, "names", shown_names(list.shown));
    value_set(result, "records", list.records);
    if (count == 0)
        say_empty(call, query.def, result);
    if (count > 0 || query.filter_n > 0)
        TRY(say_basis(call, &query, result));
    *ret = result;
    return 0;
}

/* ---- show ---- */

/* Ways out of the state that the record is in. */
static struct value *ways(struct op_call *call, const struct record *record)
{
    const struct register_def *def = record->def;
    struct value *list = value_list(call->cx->mem);
    struct str state = STR_NONE;

    if (def->state != NULL)
        state = value_get_text(record->body, str_z(call->cx->mem, def->state->id));
    for (size_t i = 0; state.n > 0 && i < def->transition_n; i++) {
        const struct register_transition *t = &def->transitions[i];
        for (size_t k = 0; k < value_count(t->from); k++) {
            if (!str_eq(value_as_text(value_at(t->from, k)), state))
                continue;
            struct value *way = value_map(call->cx->mem);
            value_set_text(way, "to", t->to);
            value_set_text(way, "label", t->label);
            value_push(list, way);
        }
    }
    return list;
}

int op_show(struct op_call *call, struct value **ret)
{
    struct arena *mem = call->cx->mem;
    struct value *result = value_map(mem), *shown, *columns = value_list(mem);
    const struct register_def *def;
    struct record record;
    struct str as_of, actor;

    TRY(call_register(call, &def));
    TRY(call_as_of(call, &as_of));
    TRY(call_record(call, def, as_of, &record));
    if (as_of.n == 0) /* what is computed is so today */
        TRY(record_complete(call->cx, &call->org->records, &record));
    struct shown *names = shown_new(call, as_of);
    TRY(shown_record(names, &record, &shown));
    TRY(shown_actor(names, record.actor, &actor));
    for (size_t i = 0; i < def->field_n; i++)
        if (!str_is(def->fields[i].id, "ref"))
            value_push(columns, shown_column(mem, &def->fields[i]));
    value_set_text(result, "register", def->id);
    value_set_text(result, "title", def->title);
    value_set_text(result, "label", record_label(mem, def, record.body));
    if (as_of.n > 0)
        value_set_text(result, "as_of", as_of);
    for (size_t i = 0; i < value_count(shown); i++)
        value_set(result, value_key_at(shown, i).p, value_at_mut(shown, i));
    value_set_text(result, "at", record.at);
    value_set_text(result, "by", actor);
    value_set_text(result, "role", record.role);
    value_set_text(result, "via", record.via);
    value_set(result, "columns", columns);
    value_set(result, "names", shown_names(names));
    value_set(result, "ways", ways(call, &record));
    *ret = result;
    return 0;
}

/* ---- search ---- */

static void add_hit(struct op_call *call, struct value *result, const struct record_hit *hit)
{
    struct value *fields = shown_row(result, call->cx->mem);

    value_set_text(fields, "register", hit->record.def->id);
    value_set_text(fields, "ref", hit->record.ref);
    value_set_text(fields, "label", hit->label);
    value_set_text(fields, "excerpt", hit->excerpt);
}

int op_search(struct op_call *call, struct value **ret)
{
    static const char *const columns[] = {"register", "Register", "ref",     "Ref",
                                          "label",    "Name",     "excerpt", "Where"};
    struct arena *mem = call->cx->mem;
    struct value *result = value_map(mem);
    const struct value *words = call_many(call, "words");
    struct buf text = buf_new(mem);
    struct record_hit *hits;
    struct str as_of;
    size_t n, most = (size_t)value_get_int(call->args, "limit", SEARCH_LIMIT), seen = 0;

    for (size_t i = 0; i < value_count(words); i++)
        buf_printf(&text, "%s%.*s", i > 0 ? " " : "", STR_ARG(value_as_text(value_at(words, i))));
    TRY(call_as_of(call, &as_of));
    TRY(record_search(call->cx, &call->org->records, buf_str(&text), as_of, &hits, &n));
    value_set_text(result, "words", buf_str(&text));
    value_set_int(result, "count", 0);
    (void)shown_table(result, mem, columns, COUNT_OF(columns));
    for (size_t i = 0; i < n; i++)
        if (call_may_read(call, hits[i].record.def) && call_may_see(call, &hits[i].record) &&
            seen++ < most)
            add_hit(call, result, &hits[i]);
    value_set_int(result, "count", (int64_t)seen);
    if (seen == 0)
        value_set_text(result, "empty",
                       str_printf(mem, _("No record has %.*s in it."), STR_ARG(buf_str(&text))));
    *ret = result;
    return 0;
}
