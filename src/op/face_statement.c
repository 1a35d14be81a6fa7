/* A statement: what is decided of each entry of the standard, and of entries of one's own. */
#include "op/face.h"
#include "register/record_search.h"

#define MISSING "missing" /* the gap of an entry of the standard without a line */

struct statement {
    struct face *f;
    struct arena *mem;
    const struct register_field *entry, *applies, *state;
    struct value *lines;
    struct dict *by_entry; /* the record's tree */
    struct dict *gaps;     /* by a record's id: a list of gaps' ids */
    struct dict *links;    /* by a record's id: a list of {register, ref, name} */
    struct dict *wanted;   /* ids of records that the filter leaves; NULL for all */
    struct str gap;        /* only lines with this one, "any" for with one; "" for all */
};

/* ---- lines ---- */

static struct value *list_of(struct arena *mem, struct dict *dict, struct str key)
{
    struct value *list = (struct value *)(uintptr_t)dict_get(dict, key);

    if (list == NULL) {
        list = value_list(mem);
        dict_set(dict, str_copy(mem, key), list);
    }
    return list;
}

static const char *field_id(const struct statement *s, const struct register_field *field)
{
    return str_z(s->mem, field->id);
}

static int read_gaps(struct statement *s)
{
    const struct value *gaps = value_get(s->f->face->yaml, "gaps");
    struct value *rows;

    for (size_t i = 0; i < value_count(gaps); i++) {
        TRY(face_rows(s->f, value_at(gaps, i), "select", &rows));
        for (size_t k = 0; k < value_count(rows); k++)
            value_push(list_of(s->mem, s->gaps, value_get_text(value_at(rows, k), "id")),
                       value_text(s->mem, value_key_at(gaps, i)));
    }
    return 0;
}

static int read_links(struct statement *s)
{
    static const char *const kept[] = {"register", "ref", "name"};
    struct value *rows;

    TRY(face_rows(s->f, s->f->face->yaml, "links", &rows));
    for (size_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_at(rows, i);
        struct value *link = value_map(s->mem);
        for (size_t k = 0; k < COUNT_OF(kept); k++)
            value_set_text(link, kept[k], value_get_text(row, kept[k]));
        value_push(list_of(s->mem, s->links, value_get_text(row, "id")), link);
    }
    return 0;
}

static struct value *new_line(const struct statement *s, struct str entry, struct str title,
                              struct str group)
{
    struct value *line = value_map(s->mem);

    value_set_text(line, "entry", entry);
    value_set_text(line, "title", title);
    value_set_text(line, "group", group);
    return line;
}

static void fill_line(const struct statement *s, struct value *line, const struct value *record)
{
    static const char *const kept[] = {"ref", "id", "rev", "fields"};
    struct str id = value_get_text(record, "id");
    const struct value *gaps = dict_get(s->gaps, id), *links = dict_get(s->links, id);

    for (size_t i = 0; i < COUNT_OF(kept); i++)
        value_set(line, kept[i], value_copy(s->mem, value_get(record, kept[i])));
    value_set(line, "links", links != NULL ? value_copy(s->mem, links) : value_list(s->mem));
    value_set(line, "gaps", gaps != NULL ? value_copy(s->mem, gaps) : value_list(s->mem));
}

static void empty_line(const struct statement *s, struct value *line)
{
    struct value *gaps = value_list(s->mem);

    value_push(gaps, value_textz(s->mem, MISSING));
    value_set(line, "fields", value_map(s->mem));
    value_set(line, "links", value_list(s->mem));
    value_set(line, "gaps", gaps);
}

/* In the standard's order, then those of one's own in that of their refs. */
static void make_lines(struct statement *s, const struct value *records)
{
    const struct entries *all = &s->f->call->org->standard->controls;
    struct value *line;

    for (size_t i = 0; i < all->n; i++) {
        const struct value *record = dict_get(s->by_entry, all->items[i].id);
        line = new_line(s, all->items[i].id, all->items[i].title,
                        value_get_text(all->items[i].yaml, "theme"));
        if (record != NULL)
            fill_line(s, line, record);
        else
            empty_line(s, line);
        value_push(s->lines, line);
    }
    for (size_t i = 0; i < value_count(records); i++) {
        const struct value *record = value_at(records, i);
        struct str entry = value_get_text(value_get(record, "fields"), field_id(s, s->entry));
        if (standard_find(s->f->call->org->standard, entry) != NULL)
            continue;
        line = new_line(s, entry, value_get_text(record, "label"), str_of(_("Our own")));
        value_set_bool(line, "own", true);
        fill_line(s, line, record);
        value_push(s->lines, line);
    }
}

/* ---- how many ---- */

static bool has_gap(const struct value *line, struct str gap)
{
    const struct value *gaps = value_get(line, "gaps");

    for (size_t i = 0; i < value_count(gaps); i++)
        if (str_eq(value_as_text(value_at(gaps, i)), gap))
            return true;
    return str_is(gap, "any") && value_count(gaps) > 0;
}

static int64_t count_gap(const struct statement *s, struct str gap)
{
    int64_t n = 0;

    for (size_t i = 0; i < value_count(s->lines); i++)
        n += has_gap(value_at(s->lines, i), gap);
    return n;
}

static void add_gap(const struct statement *s, struct value *list, struct str id, struct str label,
                    struct str help)
{
    struct value *one = value_map(s->mem);

    value_set_text(one, "id", id);
    value_set_text(one, "label", label);
    value_set_text(one, "help", help);
    value_set_int(one, "n", count_gap(s, id));
    value_push(list, one);
}

static void say_gaps(const struct statement *s)
{
    const struct value *gaps = value_get(s->f->face->yaml, "gaps");
    struct value *list = value_list(s->mem);

    add_gap(s, list, STR(MISSING), value_get_text(s->f->face->yaml, MISSING), STR_NONE);
    for (size_t i = 0; i < value_count(gaps); i++)
        add_gap(s, list, value_key_at(gaps, i), value_get_text(value_at(gaps, i), "label"),
                value_get_text(value_at(gaps, i), "help"));
    value_set(s->f->result, "gaps", list);
    value_set_int(s->f->result, "gap_n", count_gap(s, STR("any")));
}

/* Of lines that apply, how many are in which state of implementation. */
static void say_states(const struct statement *s)
{
    int64_t applies_n = 0, excluded_n = 0, open_n = 0;
    struct value *list = value_list(s->mem);
    int64_t *n = arena_array(s->mem, s->state->choice_n + 1, sizeof *n);

    for (size_t i = 0; i < value_count(s->lines); i++) {
        const struct value *fields = value_get(value_at(s->lines, i), "fields");
        const struct value *applies = value_get(fields, field_id(s, s->applies));
        struct str state = value_get_text(fields, field_id(s, s->state));
        applies_n += value_as_bool(applies);
        excluded_n += value_type(applies) == VALUE_BOOL && !value_as_bool(applies);
        open_n += value_type(applies) != VALUE_BOOL;
        for (size_t k = 0; k < s->state->choice_n && value_as_bool(applies); k++)
            n[k] += str_eq(s->state->choices[k].id, state);
    }
    for (size_t k = 0; k < s->state->choice_n; k++) {
        struct value *one = value_map(s->mem);
        value_set_text(one, "id", s->state->choices[k].id);
        value_set_text(one, "label", s->state->choices[k].label);
        value_set_int(one, "n", n[k]);
        value_push(list, one);
    }
    value_set_int(s->f->result, "applies_n", applies_n);
    value_set_int(s->f->result, "excluded_n", excluded_n);
    value_set_int(s->f->result, "undecided_n", open_n);
    value_set(s->f->result, "states", list);
}

/* ---- what is shown of it ---- */

static int each_wanted(void *arg, struct ctx *cx, const struct record *record)
{
    dict_set(arg, str_copy(cx->mem, record->id), arg);
    return 0;
}

static int read_wanted(struct statement *s)
{
    struct record_query query = {.def = s->f->def, .complete = true};

    s->gap = call_text(s->f->call, "gap");
    if (call_many(s->f->call, "where") == NULL)
        return 0;
    s->wanted = dict_new(s->mem);
    TRY(call_filters(&s->f->then, &query));
    return record_list(s->f->call->cx, &s->f->org.records, &query, each_wanted, s->wanted);
}

static bool is_wanted(const struct statement *s, const struct value *line)
{
    if (s->wanted != NULL && !dict_has(s->wanted, value_get_text(line, "id")))
        return false;
    return s->gap.n == 0 || has_gap(line, s->gap);
}

/* With what its choices are called, as documents show them. */
static struct value *column_of(struct arena *mem, const struct register_field *field)
{
    struct value *column = shown_column(mem, field), *choices = value_map(mem);

    for (size_t i = 0; i < field->choice_n; i++)
        value_set_text(choices, str_z(mem, field->choices[i].id), field->choices[i].label);
    if (field->choice_n > 0)
        value_set(column, "choices", choices);
    return column;
}

static void say_lines(struct statement *s)
{
    static const char *const keys[] = {"entry", "applies", "reasons", "why", "state", "how"};
    const struct value *yaml = s->f->face->yaml;
    struct value *columns = value_list(s->mem), *shown = value_list(s->mem),
                 *by = value_map(s->mem);

    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct value *named = value_get(yaml, keys[i]);
        bool many = value_type(named) == VALUE_LIST;
        struct value *ids = value_list(s->mem);
        for (size_t k = 0; k < (many ? value_count(named) : named != NULL); k++) {
            struct str id = value_as_text(many ? value_at(named, k) : named);
            value_push(columns, column_of(s->mem, register_field(s->f->def, id)));
            value_push(ids, value_text(s->mem, id));
        }
        if (value_count(ids) > 0)
            value_set(by, keys[i],
                      str_is(STR("reasons"), keys[i]) || many ? ids : value_at_mut(ids, 0));
    }
    value_set(s->f->result, "by", by);
    for (size_t i = 0; i < value_count(s->lines); i++)
        if (is_wanted(s, value_at(s->lines, i)))
            value_push(shown, value_at_mut(s->lines, i));
    value_set(s->f->result, "columns", columns);
    value_set_int(s->f->result, "count", (int64_t)value_count(shown));
    value_set_int(s->f->result, "all_n", (int64_t)value_count(s->lines));
    value_set(s->f->result, "records", shown);
}

/* ---- what differs from an earlier version ---- */

struct bodies {
    const char *entry;
    struct dict *by_entry; /* to bodies */
    struct value *entries;
};

static int each_body(void *arg, struct ctx *cx, const struct record *record)
{
    struct bodies *b = arg;
    struct record copy = record_copy(cx->mem, record);
    struct str entry = value_get_text(copy.body, b->entry);

    dict_set(b->by_entry, entry, copy.body);
    value_push(b->entries, value_text(cx->mem, entry));
    return ctx_check(cx);
}

static int read_bodies(struct statement *s, const struct record_store *rs, struct bodies *ret)
{
    struct record_query query = {.def = s->f->def};

    *ret = (struct bodies){field_id(s, s->entry), dict_new(s->mem), value_list(s->mem)};
    return record_list(s->f->call->cx, rs, &query, each_body, ret);
}

static int compare_line(struct statement *s, struct str entry, const struct value *was,
                        const struct value *now, struct value *list)
{
    const struct entry *of = standard_find(s->f->call->org->standard, entry);
    struct value *one = value_map(s->mem), *changes;

    TRY(record_diff(s->f->call->cx, &s->f->call->org->records, s->f->def, was, now, &changes));
    if (value_count(changes) == 0)
        return 0;
    TRY(shown_changes(s->f->shown, s->f->def, changes));
    value_set_text(one, "entry", entry);
    value_set_text(one, "title",
                   of != NULL ? of->title
                              : record_label(s->mem, s->f->def, now != NULL ? now : was));
    value_set_text(one, "what",
                   was == NULL   ? STR("added")
                   : now == NULL ? STR("removed")
                                 : STR("changed"));
    value_set(one, "changes", changes);
    value_push(list, one);
    return 0;
}

static int compare(struct statement *s)
{
    const struct value *against = value_get(s->f->result, "against");
    CLEANUP(record_then_closep) struct record_then *then = NULL;
    struct value *list = value_list(s->mem);
    struct bodies was, now;

    if (against == NULL)
        return 0;
    TRY(record_then_open(s->f->call->cx, &s->f->call->org->records, value_get_text(against, "kept"),
                         &then));
    TRY(read_bodies(s, record_then_records(then), &was));
    TRY(read_bodies(s, &s->f->org.records, &now));
    for (size_t i = 0; i < value_count(now.entries); i++) {
        struct str entry = value_as_text(value_at(now.entries, i));
        TRY(compare_line(s, entry, dict_get(was.by_entry, entry), dict_get(now.by_entry, entry),
                         list));
    }
    for (size_t i = 0; i < value_count(was.entries); i++) {
        struct str entry = value_as_text(value_at(was.entries, i));
        if (!dict_has(now.by_entry, entry))
            TRY(compare_line(s, entry, dict_get(was.by_entry, entry), NULL, list));
    }
    value_set(s->f->result, "changes", list);
    value_set_int(s->f->result, "change_n", (int64_t)value_count(list));
    return 0;
}

/* ---- all of it ---- */

static int read_records(struct statement *s, struct value **ret)
{
    const struct value *where = call_many(s->f->call, "where");
    struct value *all = value_map(s->mem);

    /* The whole statement, whatever is filtered: its figures are those of all lines. */
    s->f->then.args = where == NULL ? s->f->call->args : all;
    int rc = face_records(s->f, ret);

    s->f->then.args = s->f->call->args;
    TRY(rc);
    for (size_t i = 0; i < value_count(*ret); i++) {
        struct value *record = value_at_mut(*ret, i);
        dict_set(s->by_entry, value_get_text(value_get(record, "fields"), field_id(s, s->entry)),
                 record);
    }
    return 0;
}

int face_statement(struct face *f)
{
    struct arena *mem = f->call->cx->mem;
    struct statement s = {.f = f,
                          .mem = mem,
                          .entry = face_field(f, "entry"),
                          .applies = face_field(f, "applies"),
                          .state = face_field(f, "state"),
                          .lines = value_list(mem),
                          .by_entry = dict_new(mem),
                          .gaps = dict_new(mem),
                          .links = dict_new(mem)};
    struct value *records;

    TRY(read_records(&s, &records));
    TRY(read_gaps(&s));
    TRY(read_links(&s));
    TRY(read_wanted(&s));
    make_lines(&s, records);
    say_states(&s);
    say_gaps(&s);
    say_lines(&s);
    return compare(&s);
}
