/* Records of a home as rows of the judged tables. */
#include <ctype.h>

#include "judge/home_parts.h"

#define QUOTE_BYTES 300u
#define NUMBER_MOST 0x3fffffff

/* One row that is being made: of a record, or of a line within one. */
struct row {
    struct ctx *cx;
    struct judge_home *home;
    const struct register_def *def;
    int64_t id;
};

/* ---- what others call it ---- */

/* A text that is a name, as its definition says; a long one is none. */
static struct str own_name(const struct record *record)
{
    const struct register_def *def = record->def;
    const struct register_field *field;

    if (def->known_by.n == 0)
        return STR_NONE;
    field = &def->fields[def->known_by.items[0]];
    if (field->type != REGISTER_TEXT && field->type != REGISTER_PERSON)
        return STR_NONE;
    const struct value *v = value_get(record->body, field->id.p);

    return value_type(v) == VALUE_MAP ? value_get_text(v, "said") : value_as_text(v);
}

struct str home_rows_name(struct arena *mem, const struct record *record)
{
    struct str name = own_name(record);

    return str_copy(mem, name.n > 0 ? name : record->ref);
}

int64_t home_rows_number(struct str ref, struct str id)
{
    int64_t number = 0, unit = 1;
    size_t at = ref.n;

    while (at > 0 && isdigit((unsigned char)ref.p[at - 1]) && unit < NUMBER_MOST) {
        number += unit * (ref.p[--at] - '0');
        unit *= 10;
    }
    return ((number & NUMBER_MOST) << 32) | (int64_t)(str_hash(id) & 0xffffffff) | 1;
}

/* ---- values ---- */

static void take(struct register_value *v, struct str said, struct str text)
{
    v->empty = false;
    v->understood = true;
    v->said = said;
    v->text = text;
}

static bool is_own_name(const struct register_def *def, const struct register_field *field)
{
    for (size_t i = 0; i < def->known_by.n; i++)
        if (def->known_by.items[i] == field->at)
            return true;
    return false;
}

struct str home_rows_target(const struct register_def *def, const struct register_field *field)
{
    if (is_own_name(def, field) || register_names_entry(field))
        return STR_NONE;
    if (field->type == REGISTER_PERSON || field->type == REGISTER_PEOPLE)
        return STR(REGISTER_PERSON_ID);
    return field->to;
}

bool home_rows_counts(const struct register_def *def, const struct register_field *field)
{
    return home_rows_target(def, field).n > 0 || field->type == REGISTER_ROWS ||
           (def->known_by.n > 0 && def->known_by.items[0] == field->at);
}

/* That row `id` names `target`, so that it can follow when that is called otherwise. */
static int note_link(struct row *r, const struct register_field *field, int64_t n,
                     struct str target, bool named)
{
    struct stmt *s = r->home->link;

    TRY(stmt_bind_text(r->cx, s, "target", target));
    TRY(stmt_bind_text(r->cx, s, "register", r->def->id));
    TRY(stmt_bind_int(r->cx, s, "record", r->id));
    TRY(stmt_bind_text(r->cx, s, "field", field->id));
    TRY(stmt_bind_int(r->cx, s, "n", n));
    TRY(stmt_bind_int(r->cx, s, "named", named));
    return stmt_run(r->cx, s);
}

/* One row of fact_reference in the sum of all. Mixed well (as splitmix64 does), so that two persons
 * of a record who change places do not leave the sum as it was. */
static uint64_t reference_sum(const struct register_def *def, int64_t record, struct str field,
                              int64_t row)
{
    uint64_t h = str_hash(def->id) * 31 + str_hash(field);

    h = (h * 31 + (uint64_t)record) * 0x9e3779b97f4a7c15u + (uint64_t)row;
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
    return h ^ (h >> 31);
}

static int refer(struct row *r, const struct register_field *field, struct str target, int64_t row)
{
    struct stmt *s = r->home->refer;

    r->home->references += reference_sum(r->def, r->id, field->id, row);
    TRY(stmt_bind_text(r->cx, s, "register", r->def->id));
    TRY(stmt_bind_int(r->cx, s, "record", r->id));
    TRY(stmt_bind_text(r->cx, s, "field", field->id));
    TRY(stmt_bind_text(r->cx, s, "target", target));
    TRY(stmt_bind_int(r->cx, s, "target_record", row));
    return stmt_run(r->cx, s);
}

/* The name of the record that `item` is the id of; its words where it is none. A record that has
 * not come yet is called by its id until it does. */
static int name_of(struct row *r, const struct register_field *field, int64_t n,
                   const struct value *item, struct str *ret)
{
    struct str id = value_as_text(item);
    struct stmt *find = r->home->find;
    bool there;

    *ret = value_type(item) == VALUE_MAP ? value_get_text(item, "said") : id;
    if (value_type(item) == VALUE_MAP || home_rows_target(r->def, field).n == 0)
        return 0;
    TRY(stmt_bind_text(r->cx, find, "id", id));
    TRY(stmt_step(r->cx, find, &there));
    int64_t row = there ? stmt_int(find, 1) : 0;

    if (there)
        *ret = stmt_text(r->cx->mem, find, 2);
    stmt_reset(find);
    TRY(note_link(r, field, n, id, there));
    return there ? refer(r, field, home_rows_target(r->def, field), row) : 0;
}

static int take_many(struct row *r, const struct register_field *field, const struct value *list,
                     struct register_value *v)
{
    struct buf said = buf_new(r->cx->mem);
    size_t n = value_count(list);

    v->many = arena_array(r->cx->mem, n + 1, sizeof *v->many);
    for (size_t i = 0; i < n; i++) {
        struct str *text = &v->many[v->many_n++];

        TRY(name_of(r, field, (int64_t)i + 1, value_at(list, i), text));
        buf_addz(&said, i > 0 ? ", " : "");
        buf_add(&said, *text);
    }
    take(v, buf_str(&said), STR_NONE);
    return 0;
}

static int take_number(struct row *r, const struct register_field *field, const struct value *b,
                       struct register_value *v)
{
    take(v, value_print(r->cx->mem, b), STR_NONE);
    if (field->type == REGISTER_YES_NO) {
        v->number = value_as_bool(b) || value_as_int(b, 0) != 0;
        v->said = v->number ? STR("yes") : STR("no");
    } else if (field->type == REGISTER_DECIMAL) {
        v->number = value_as_thousandths(b, 0);
    } else {
        v->number = value_as_int(b, 0);
    }
    return 0;
}

static int take_value(struct row *r, const struct register_field *field, const struct value *b,
                      struct register_value *v)
{
    struct str text = value_as_text(b);

    switch (field->type) {
    case REGISTER_INTEGER:
    case REGISTER_SCORE:
    case REGISTER_YES_NO:
    case REGISTER_DECIMAL:
        return take_number(r, field, b, v);
    case REGISTER_MANY_CHOICE:
    case REGISTER_PEOPLE:
    case REGISTER_REFERENCES:
        return take_many(r, field, b, v);
    case REGISTER_PERSON:
    case REGISTER_REFERENCE:
        TRY(name_of(r, field, 0, b, &text));
        break;
    case REGISTER_FILE:
        text = value_get_text(b, "name");
        break;
    case REGISTER_ROWS:
        return 0;
    default:
        break;
    }
    take(v, text, text);
    return 0;
}

/* ---- a row ---- */

/* What it says, as people read it: names of others are left out, which may change. */
static struct str quote_of(struct arena *mem, const struct register_def *def,
                           const struct value *body)
{
    struct buf out = buf_new(mem);

    for (size_t f = 0; f < def->field_n && out.n < QUOTE_BYTES; f++) {
        const struct register_field *field = &def->fields[f];
        struct str text = value_print(mem, value_get(body, field->id.p));

        if (text.n == 0 || field->type == REGISTER_PERSON || field->type == REGISTER_REFERENCE)
            continue;
        buf_addz(&out, out.n > 0 ? " | " : "");
        buf_add(&out, text);
    }
    return str_cut(mem, buf_str(&out), QUOTE_BYTES);
}

static int inserter_of(struct judge_home *home, const struct register_def *def,
                       struct register_inserter **ret)
{
    struct register_inserter **inserter = &home->inserters[def - home->registers->items];

    if (*inserter == NULL)
        TRY(register_inserter_new(&home->cx, home->store, def, inserter));
    *ret = *inserter;
    return 0;
}

static void note_tables(struct judge_home *home, const struct register_def *def, int64_t row)
{
    if (home->changed == NULL)
        return;
    home_row_changed(home, def, row);
    for (size_t f = 0; f < def->field_n; f++)
        if (register_type_is_many(def->fields[f].type))
            home_changed(home, home_many_table(home, def, &def->fields[f]), def);
}

static int insert_lines(struct row *r, const struct register_field *field, const struct value *list,
                        struct str place);

/* Its rows are made for nobody: all that counts is whom it names, and its lines. */
static int insert_names(struct row *r, const struct value *body, struct str place)
{
    struct register_value v = {.empty = true};

    for (size_t f = 0; f < r->def->field_n; f++) {
        const struct register_field *field = &r->def->fields[f];
        const struct value *b = value_get(body, field->id.p);

        if (b == NULL || field->only_computed)
            continue;
        if (field->type == REGISTER_ROWS && field->of != NULL)
            TRY(insert_lines(r, field, b, place));
        else if (home_rows_target(r->def, field).n > 0)
            TRY(take_value(r, field, b, &v));
    }
    return 0;
}

static int insert(struct row *r, const struct value *body, struct register_place *place)
{
    const struct register_def *def = r->def;
    size_t at = (size_t)(def - r->home->registers->items);
    struct register_inserter *inserter;

    note_tables(r->home, def, r->id);
    r->home->rows[at]++;
    if (r->home->unread[at])
        return insert_names(r, body, place->place);

    struct register_value *values = arena_array(r->cx->mem, def->field_n + 1, sizeof *values);
    const struct register_value **given = arena_array(r->cx->mem, def->field_n + 1, sizeof *given);

    for (size_t f = 0; f < def->field_n; f++) {
        const struct value *b = value_get(body, def->fields[f].id.p);

        values[f] = (struct register_value){.empty = true};
        given[f] = &values[f];
        if (b != NULL && !def->fields[f].only_computed)
            TRY(take_value(r, &def->fields[f], b, &values[f]));
        if (str_is(def->fields[f].id, "ref") && b == NULL && place->ref.n > 0)
            take(&values[f], place->ref, place->ref);
    }
    place->id = r->id;
    place->document = place->table = (int64_t)at + 1;
    place->path = def->title;
    place->quote = quote_of(r->cx->mem, def, body);
    TRY(inserter_of(r->home, def, &inserter));
    TRY(register_insert(r->cx, inserter, place, given, NULL));
    for (size_t f = 0; f < def->field_n; f++)
        if (def->fields[f].type == REGISTER_ROWS && def->fields[f].of != NULL)
            TRY(insert_lines(r, &def->fields[f], value_get(body, def->fields[f].id.p),
                             place->place));
    return 0;
}

static int insert_lines(struct row *r, const struct register_field *field, const struct value *list,
                        struct str place)
{
    struct arena *mem = r->cx->mem;

    for (size_t i = 0; i < value_count(list); i++) {
        int64_t n = (int64_t)i + 1;
        struct str key = str_printf(mem, "%lld/%.*s/%zu", (long long)r->id, STR_ARG(field->id), i);
        struct row line = {r->cx, r->home, field->of,
                           home_rows_number(str_printf(mem, "%zu", i + 1), key)};
        struct register_place at = {
            .parent = r->id,
            .n = n,
            .place =
                str_printf(mem, "%.*s, %.*s %zu", STR_ARG(place), STR_ARG(field->label), i + 1),
        };

        TRY(insert(&line, value_at(list, i), &at));
    }
    return 0;
}

int home_rows_insert(struct ctx *cx, struct judge_home *home, const struct record *record,
                     int64_t row)
{
    struct row r = {cx, home, record->def, row};
    /* What a home is made with says nothing of the organisation before somebody has completed it.
     */
    struct register_place place = {.n = row >> 32,
                                   .ref = record->ref,
                                   .place = record->ref,
                                   .sample = str_is(record->act, "init")};

    return insert(&r, record->body, &place);
}

/* ---- taking out ---- */

static int forget_links(struct ctx *cx, struct judge_home *home, const struct register_def *def,
                        int64_t row)
{
    struct stmt *s = home->unlink;

    TRY(stmt_bind_text(cx, s, "register", def->id));
    TRY(stmt_bind_int(cx, s, "record", row));
    return stmt_run(cx, s);
}

static int forget_references(struct ctx *cx, struct judge_home *home,
                             const struct register_def *def, int64_t row)
{
    struct stmt *s = home->unrefer;
    bool there;

    TRY(stmt_bind_text(cx, s, "register", def->id));
    TRY(stmt_bind_int(cx, s, "record", row));
    for (;;) {
        TRY(stmt_step(cx, s, &there));
        if (!there)
            break;
        home->references -= reference_sum(def, row, stmt_text(cx->mem, s, 0), stmt_int(s, 1));
    }
    stmt_reset(s);
    return 0;
}

static int remove_lines(struct ctx *cx, struct judge_home *home, const struct register_def *def,
                        int64_t row)
{
    for (size_t f = 0; f < def->field_n; f++) {
        const struct register_def *of = def->fields[f].of;
        struct value *ids = value_list(cx->mem);

        if (def->fields[f].type != REGISTER_ROWS || of == NULL)
            continue;
        TRY(register_row_lines(cx, home->store, of, row, ids));
        for (size_t i = 0; i < value_count(ids); i++)
            TRY(home_rows_remove(cx, home, of, value_as_int(value_at(ids, i), 0)));
    }
    return 0;
}

int home_rows_remove(struct ctx *cx, struct judge_home *home, const struct register_def *def,
                     int64_t row)
{
    note_tables(home, def, row);
    home->rows[def - home->registers->items]--;
    TRY(remove_lines(cx, home, def, row));
    TRY(forget_links(cx, home, def, row));
    TRY(forget_references(cx, home, def, row));
    return register_row_remove(cx, home->store, def, row);
}
