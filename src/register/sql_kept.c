/* SQL of the tables in which records are kept. Identifiers are those of checked definitions only;
 * values are bound. It is written for SQLite; the store has PostgreSQL's words for its types. */
#include "register/record_parts.h"

#define NAME_BYTES 63u /* PostgreSQL cuts longer names off */

bool record_is_kept(const struct register_def *def)
{
    return !def->is_not && def->part_of.n == 0;
}

int record_must_be_kept(struct ctx *cx, const struct register_def *def)
{
    if (record_is_kept(def))
        return 0;
    return fail(cx, RC_INVALID, NULL,
                def->part_of.n > 0
                    ? _("%.*s: its lines stand within the records of the register %.*s.")
                    : _("%.*s: no records are kept of it.%.*s"),
                STR_ARG(def->title), STR_ARG(def->part_of));
}

bool record_is_name(const struct register_def *def, const struct register_field *field)
{
    bool text = field->type == REGISTER_TEXT || field->type == REGISTER_LONG_TEXT;

    for (size_t i = 0; i < def->known_by.n; i++)
        if (def->known_by.items[i] == field->at)
            return text && !field->only_computed && !str_is(field->id, "ref");
    return false;
}

const struct register_def *record_target(const struct registers *registers,
                                         const struct register_field *field)
{
    const struct register_def *to = NULL;

    if (field->type == REGISTER_PERSON || field->type == REGISTER_PEOPLE)
        to = registers_find(registers, STR(REGISTER_PERSON_ID));
    else if (field->type == REGISTER_REFERENCE || field->type == REGISTER_REFERENCES)
        to = registers_find(registers, field->to);
    return to != NULL && record_is_kept(to) ? to : NULL;
}

/* ---- shapes ---- */

struct shaper {
    struct arena *mem;
    const struct registers *registers;
    const struct register_def *def;
    struct kept_table *table;
    size_t room;
};

static bool names_records(const struct register_field *field)
{
    return field->type == REGISTER_PERSON || field->type == REGISTER_PEOPLE ||
           field->type == REGISTER_REFERENCE || field->type == REGISTER_REFERENCES;
}

static bool is_number(enum register_type type)
{
    return type == REGISTER_INTEGER || type == REGISTER_SCORE || type == REGISTER_DECIMAL ||
           type == REGISTER_YES_NO;
}

static struct kept_column *add(struct shaper *s, struct str name, enum kept_what what,
                               const struct register_field *field)
{
    struct kept_table *t = s->table;
    struct kept_column *column = ARENA_PUSH(s->mem, t->columns, t->n, s->room);

    *column = (struct kept_column){
        .name = name, .parameter = str_z(s->mem, name), .what = what, .field = field};
    return column;
}

/* The column of one value, and what stands beside it. */
static void add_value(struct shaper *s, struct str name, const struct register_field *field)
{
    const struct register_def *to = record_target(s->registers, field);
    struct kept_column *column = add(s, name, KEPT_VALUE, field);

    column->integer = is_number(field->type);
    column->to = to != NULL ? to->id : STR_NONE;
    column->indexed = to != NULL || field->unique;
    if (field->type == REGISTER_DATE || field->type == REGISTER_INSTANT)
        column->length = field->type == REGISTER_DATE ? 10 : 24;
    if (names_records(field))
        add(s, str_printf(s->mem, "%.*s_said", STR_ARG(name)), KEPT_SAID, field);
}

static bool has_table(const struct register_field *field)
{
    return register_type_is_many(field->type) || field->type == REGISTER_ROWS;
}

static bool is_stored(const struct register_field *field)
{
    return !field->only_computed && !str_is(field->id, "ref");
}

static void shape_main(struct shaper *s)
{
    add(s, STR("id"), KEPT_ID, NULL);
    add(s, STR("ref"), KEPT_REF, NULL)->wanted = true;
    add(s, STR("rev"), KEPT_REV, NULL)->integer = true;
    add(s, STR("ref__order"), KEPT_ORDER, NULL)->indexed = true;
    add(s, STR("ref__number"), KEPT_NUMBER, NULL)->indexed = true;
    s->table->columns[s->table->n - 1].integer = true;
    for (size_t i = 0; i < s->def->field_n; i++) {
        const struct register_field *field = &s->def->fields[i];
        if (!is_stored(field) || has_table(field))
            continue;
        add_value(s, field->id, field);
        if (record_is_name(s->def, field))
            add(s, str_printf(s->mem, "%.*s__fold", STR_ARG(field->id)), KEPT_FOLD, field)
                ->indexed = true;
    }
}

static void shape_line(struct shaper *s, const struct register_def *of)
{
    for (size_t i = 0; i < of->field_n; i++) {
        const struct register_field *field = &of->fields[i];
        if (field->only_computed)
            continue;
        if (has_table(field))
            add(s, field->id, KEPT_VALUE, field);
        else
            add_value(s, field->id, field);
    }
}

/* Of many values, or of lines; what takes many within a line is JSON there. */
static void shape_side(struct shaper *s, const struct register_field *field)
{
    add(s, STR("id"), KEPT_ID, NULL);
    add(s, STR("n"), KEPT_N, NULL)->integer = true;
    if (field->type == REGISTER_ROWS)
        shape_line(s, field->of);
    else
        add_value(s, STR("value"), field);
}

static void table_sql(struct arena *mem, struct kept_table *t)
{
    struct buf put = buf_new(mem), get = buf_new(mem), values = buf_new(mem), set = buf_new(mem);
    const char *comma = "";

    buf_printf(&put, "INSERT INTO \"%.*s\" (", STR_ARG(t->name));
    buf_addz(&get, "SELECT ");
    for (size_t i = 0; i < t->n; i++, comma = ", ") {
        struct str name = t->columns[i].name;
        buf_printf(&put, "%s\"%.*s\"", comma, STR_ARG(name));
        buf_printf(&get, "%s\"%.*s\"", comma, STR_ARG(name));
        buf_printf(&values, "%s:%.*s", comma, STR_ARG(name));
        if (i > 0)
            buf_printf(&set, "%s\"%.*s\" = excluded.\"%.*s\"", i > 1 ? ", " : "", STR_ARG(name),
                       STR_ARG(name));
    }
    buf_printf(&put, ") VALUES (%.*s)", STR_ARG(buf_str(&values)));
    if (t->field == NULL)
        buf_printf(&put, " ON CONFLICT (id) DO UPDATE SET %.*s", STR_ARG(buf_str(&set)));
    buf_printf(&get, " FROM \"%.*s\" WHERE id = :id%s", STR_ARG(t->name),
               t->field != NULL ? " ORDER BY n" : "");
    t->put = buf_str(&put);
    t->get = buf_str(&get);
    t->drop = str_printf(mem, "DELETE FROM \"%.*s\" WHERE id = :id", STR_ARG(t->name));
}

static struct str index_name(struct arena *mem, const struct kept_table *t,
                             const struct kept_column *column)
{
    return str_printf(mem, "%.*s__%.*s", STR_ARG(t->name), STR_ARG(column->name));
}

/* All names, those of the indexes too, as these are the longest. */
static int check_names(struct ctx *cx, const struct register_def *def, const struct kept_table *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (index_name(cx->mem, t, &t->columns[i]).n > NAME_BYTES)
            return fail(cx, RC_INVALID, def->file,
                        _("%s: the ids of the register %.*s and of its field %.*s are too long "
                          "together; a shorter one is needed."),
                        def->file, STR_ARG(def->id),
                        STR_ARG(t->field != NULL ? t->field->id : t->columns[i].name));
    return 0;
}

int kept_shape_new(struct ctx *cx, struct arena *mem, const struct registers *registers,
                   const struct register_def *def, struct kept_shape **ret)
{
    struct kept_shape *shape = ARENA_NEW(mem, struct kept_shape);

    shape->def = def;
    shape->tables = arena_array(mem, def->field_n + 1, sizeof *shape->tables);
    shape->tables[shape->n++] = (struct kept_table){.name = def->id};
    for (size_t i = 0; i < def->field_n; i++)
        if (has_table(&def->fields[i]) && is_stored(&def->fields[i]))
            shape->tables[shape->n++] = (struct kept_table){
                .name = str_printf(mem, "%.*s__%.*s", STR_ARG(def->id), STR_ARG(def->fields[i].id)),
                .field = &def->fields[i]};
    for (size_t i = 0; i < shape->n; i++) {
        struct shaper s = {mem, registers, def, &shape->tables[i], 0};
        if (i == 0)
            shape_main(&s);
        else
            shape_side(&s, s.table->field);
        table_sql(mem, s.table);
        TRY(check_names(cx, def, s.table));
    }
    *ret = shape;
    return 0;
}

/* ---- making tables ---- */

static void add_reference(struct buf *sql, struct str to)
{
    buf_printf(sql, " REFERENCES \"%.*s\" (id) DEFERRABLE INITIALLY DEFERRED", STR_ARG(to));
}

static void add_column(struct buf *sql, const struct kept_table *t, const struct kept_column *c,
                       const struct register_def *def, bool keys)
{
    struct str to = t->field != NULL && c->what == KEPT_ID ? def->id : c->to;

    buf_printf(sql, "\"%.*s\" %s", STR_ARG(c->name), c->integer ? "INTEGER" : "TEXT");
    if (c->what <= KEPT_ORDER)
        buf_addz(sql, " NOT NULL");
    if (t->field == NULL && c->what == KEPT_ID)
        buf_addz(sql, " PRIMARY KEY");
    if (c->wanted)
        buf_addz(sql, " UNIQUE");
    if (c->length > 0)
        buf_printf(sql, " CHECK (length(\"%.*s\") = %u)", STR_ARG(c->name), c->length);
    if (c->field != NULL && c->field->type == REGISTER_YES_NO)
        buf_printf(sql, " CHECK (\"%.*s\" IN (0, 1))", STR_ARG(c->name));
    if (keys && to.n > 0)
        add_reference(sql, to);
}

struct str kept_create_sql(struct arena *mem, const struct kept_shape *shape, bool keys)
{
    struct buf sql = buf_new(mem);

    for (size_t i = 0; i < shape->n; i++) {
        const struct kept_table *t = &shape->tables[i];
        buf_printf(&sql, "CREATE TABLE \"%.*s\" (", STR_ARG(t->name));
        for (size_t k = 0; k < t->n; k++) {
            buf_addz(&sql, k > 0 ? ", " : "");
            add_column(&sql, t, &t->columns[k], shape->def, keys);
        }
        buf_addz(&sql, t->field != NULL ? ", PRIMARY KEY (id, n)) STRICT;\n" : ") STRICT;\n");
        for (size_t k = 0; k < t->n; k++)
            if (t->columns[k].indexed)
                buf_printf(&sql, "CREATE INDEX \"%.*s\" ON \"%.*s\" (\"%.*s\");\n",
                           STR_ARG(index_name(mem, t, &t->columns[k])), STR_ARG(t->name),
                           STR_ARG(t->columns[k].name));
    }
    return buf_str(&sql);
}

struct str kept_keys_sql(struct arena *mem, const struct kept_shape *shape,
                         const struct register_def *to)
{
    struct buf sql = buf_new(mem);

    for (size_t i = 0; i < shape->n; i++) {
        const struct kept_table *t = &shape->tables[i];
        bool any = false;
        for (size_t k = 0; k < t->n; k++) {
            const struct kept_column *c = &t->columns[k];
            struct str target = t->field != NULL && c->what == KEPT_ID ? shape->def->id : c->to;
            if (target.n == 0 || (to != NULL && !str_eq(target, to->id)))
                continue;
            if (any)
                buf_addz(&sql, ", ");
            else
                buf_printf(&sql, "ALTER TABLE \"%.*s\" ", STR_ARG(t->name));
            buf_printf(&sql, "ADD FOREIGN KEY (\"%.*s\")", STR_ARG(c->name));
            add_reference(&sql, target);
            any = true;
        }
        buf_addz(&sql, any ? ";\n" : "");
    }
    return buf_str(&sql);
}

/* ---- looking up ---- */

struct str kept_by_sql(struct arena *mem, const struct register_def *def, const char *column)
{
    return str_printf(mem, "SELECT id, ref FROM \"%.*s\" WHERE \"%s\" = :name ORDER BY id LIMIT 3",
                      STR_ARG(def->id), column);
}

struct str kept_same_sql(struct arena *mem, const struct register_def *def, struct str field)
{
    return str_printf(mem, "SELECT ref FROM \"%.*s\" WHERE \"%.*s\" = :value AND id <> :id LIMIT 1",
                      STR_ARG(def->id), STR_ARG(field));
}

struct str kept_refs_sql(struct arena *mem, const struct register_def *def)
{
    return str_printf(mem, "SELECT ref FROM \"%.*s\" ORDER BY ref__order", STR_ARG(def->id));
}

struct str kept_any_sql(struct arena *mem, const struct register_def *def)
{
    return str_printf(mem, "SELECT ref FROM \"%.*s\" WHERE id <> :id ORDER BY id LIMIT 1",
                      STR_ARG(def->id));
}

struct str kept_number_sql(struct arena *mem, const struct register_def *def)
{
    return str_printf(mem, "SELECT MAX(ref__number) FROM \"%.*s\"", STR_ARG(def->id));
}

struct str kept_referrers_sql(struct arena *mem, const struct register_def *def,
                              const struct kept_table *t, const struct kept_column *c, bool list)
{
    const char *op = list ? "LIKE" : "=";

    if (t->field == NULL)
        return str_printf(mem, "SELECT ref FROM \"%.*s\" WHERE \"%.*s\" %s :value AND id <> :id",
                          STR_ARG(t->name), STR_ARG(c->name), op);
    return str_printf(mem,
                      "SELECT DISTINCT m.ref FROM \"%.*s\" s JOIN \"%.*s\" m ON m.id = s.id "
                      "WHERE s.\"%.*s\" %s :value AND s.id <> :id",
                      STR_ARG(t->name), STR_ARG(def->id), STR_ARG(c->name), op);
}

/* ---- tables that are there ---- */

static struct str side_name(struct arena *mem, struct str id, struct str field)
{
    return str_printf(mem, "%.*s__%.*s", STR_ARG(id), STR_ARG(field));
}

struct str kept_drop_sql(struct arena *mem, struct str table, bool cascade)
{
    return str_printf(mem, "DROP TABLE IF EXISTS \"%.*s\"%s;\n", STR_ARG(table),
                      cascade ? " CASCADE" : "");
}

struct str kept_filled_sql(struct arena *mem, const struct kept_old *old)
{
    struct str table = old->side ? side_name(mem, old->table, old->field) : old->table;
    struct buf sql = buf_new(mem);

    buf_printf(&sql, "SELECT count(DISTINCT id) FROM \"%.*s\" WHERE ", STR_ARG(table));
    if (old->inner.n > 0)
        buf_printf(&sql, "\"%.*s\" IS NOT NULL", STR_ARG(old->inner));
    else if (old->side)
        buf_addz(&sql, old->value ? "value = :value" : "n > 0");
    else
        buf_printf(&sql, old->value ? "\"%.*s\" = :value" : "\"%.*s\" IS NOT NULL",
                   STR_ARG(old->field));
    if (old->said)
        buf_printf(&sql, " OR \"%.*s_said\" IS NOT NULL",
                   STR_ARG(old->inner.n > 0 ? old->inner : old->field));
    return buf_str(&sql);
}

struct str kept_rows_sql(struct arena *mem, struct str table)
{
    return str_printf(mem, "SELECT count(*) FROM \"%.*s\"", STR_ARG(table));
}

struct str kept_strays_sql(struct arena *mem, const struct register_def *def)
{
    return str_printf(mem,
                      "SELECT r.ref FROM \"%.*s\" r WHERE NOT EXISTS (SELECT 1 FROM record_version "
                      "v WHERE v.id = r.id AND v.rev = r.rev AND v.body IS NOT NULL) ORDER BY r.id",
                      STR_ARG(def->id));
}
