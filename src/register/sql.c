/* SQL from definitions. Identifiers are those of checked definitions only; values are bound. */
#include "register/internal.h"

static const char *const column_types[] = {
    [REGISTER_TEXT] = "TEXT",      [REGISTER_LONG_TEXT] = "TEXT", [REGISTER_INTEGER] = "INTEGER",
    [REGISTER_DECIMAL] = "REAL",   [REGISTER_DATE] = "TEXT",      [REGISTER_YES_NO] = "INTEGER",
    [REGISTER_CHOICE] = "TEXT",    [REGISTER_SCORE] = "INTEGER",  [REGISTER_PERSON] = "TEXT",
    [REGISTER_REFERENCE] = "TEXT", [REGISTER_MANY_CHOICE] = NULL, [REGISTER_PEOPLE] = NULL,
    [REGISTER_REFERENCES] = NULL,  [REGISTER_MARKDOWN] = "TEXT",  [REGISTER_INSTANT] = "TEXT",
    [REGISTER_FILE] = "TEXT",      [REGISTER_ROWS] = NULL,
};

struct register_inserter {
    const struct register_def *def;
    struct stmt *main;
    struct stmt *many[REGISTER_FIELDS]; /* by field; NULL for those with one value */
    const char *name[REGISTER_FIELDS];  /* by field: its parameters */
    const char *said[REGISTER_FIELDS];
    struct store *store;
};

static bool has_ref(const struct register_def *def)
{
    return register_field(def, STR("ref")) != NULL;
}

/* What only records that are kept have, worked out when they are shown: rules judge by the rest. */
static bool is_judged(const struct register_field *field)
{
    return !field->only_computed;
}

/* ---- tables ---- */

static void add_columns(struct buf *sql, const struct register_def *def)
{
    if (!has_ref(def))
        buf_addz(sql, ", ref TEXT");
    for (size_t f = 0; f < def->field_n; f++) {
        const struct register_field *field = &def->fields[f];
        if (!is_judged(field))
            continue;
        if (column_types[field->type] != NULL)
            buf_printf(sql, ", \"%.*s\" %s", STR_ARG(field->id), column_types[field->type]);
        if (!register_type_is_text(field->type))
            buf_printf(sql, ", \"%.*s_said\" TEXT", STR_ARG(field->id));
    }
}

static struct str create_sql(struct arena *mem, const struct register_def *def)
{
    struct buf sql = buf_new(mem);

    buf_printf(&sql,
               "CREATE TABLE \"%.*s\" (id INTEGER PRIMARY KEY, document INTEGER NOT NULL, "
               "register_table INTEGER NOT NULL, n INTEGER NOT NULL, "
               "sample INTEGER NOT NULL DEFAULT 0%s",
               STR_ARG(def->judged_as), def->part_of.n > 0 ? ", parent INTEGER" : "");
    add_columns(&sql, def);
    buf_addz(&sql, ", path TEXT, place TEXT, heading TEXT, page INTEGER, line INTEGER, "
                   "sheet TEXT, row INTEGER, quote TEXT) STRICT;\n");
    for (size_t f = 0; f < def->field_n; f++)
        if (register_type_is_many(def->fields[f].type))
            buf_printf(&sql,
                       "CREATE TABLE \"%.*s__%.*s\" (record INTEGER NOT NULL, n INTEGER NOT NULL, "
                       "value TEXT NOT NULL, PRIMARY KEY (record, n)) STRICT, WITHOUT ROWID;\n",
                       STR_ARG(def->judged_as), STR_ARG(def->fields[f].id));
    return buf_str(&sql);
}

int registers_create(struct ctx *cx, struct store *store, const struct registers *registers)
{
    for (size_t i = 0; i < registers->n; i++) {
        const struct register_def *def = &registers->items[i];
        if (!def->is_not)
            TRY(store_exec(cx, store, def->file, create_sql(cx->mem, def)));
    }
    return 0;
}

/* ---- records ---- */

static void add_names(struct buf *sql, const struct register_def *def, const char *before,
                      bool quoted)
{
    const char *quote = quoted ? "\"" : "";

    for (size_t f = 0; f < def->field_n; f++) {
        const struct register_field *field = &def->fields[f];
        if (!is_judged(field))
            continue;
        if (column_types[field->type] != NULL)
            buf_printf(sql, ", %s%s%.*s%s", before, quote, STR_ARG(field->id), quote);
        if (!register_type_is_text(field->type))
            buf_printf(sql, ", %s%s%.*s_said%s", before, quote, STR_ARG(field->id), quote);
    }
}

static struct str insert_sql(struct arena *mem, const struct register_def *def)
{
    struct buf sql = buf_new(mem);

    buf_printf(
        &sql,
        "INSERT INTO \"%.*s\" (id, document, register_table, n, sample, path, place, heading, "
        "page, line, sheet, row, quote%s",
        STR_ARG(def->judged_as), def->part_of.n > 0 ? ", parent" : "");
    buf_addz(&sql, has_ref(def) ? "" : ", ref");
    add_names(&sql, def, "", true);
    buf_printf(&sql,
               ") VALUES (:id, :document, :register_table, :n, :sample, :path, :place, :heading, "
               ":page, :line, :sheet, :row, :quote%s",
               def->part_of.n > 0 ? ", :parent" : "");
    buf_addz(&sql, has_ref(def) ? "" : ", :ref");
    add_names(&sql, def, ":", false);
    buf_char(&sql, ')');
    return buf_str(&sql);
}

static struct str many_sql(struct arena *mem, const struct register_def *def,
                           const struct register_field *field)
{
    return str_printf(mem,
                      "INSERT INTO \"%.*s__%.*s\" (record, n, value) VALUES (:record, :n, :value)",
                      STR_ARG(def->judged_as), STR_ARG(field->id));
}

static int prepare(struct ctx *cx, struct register_inserter *inserter)
{
    const struct register_def *def = inserter->def;

    TRY(store_prepare(cx, inserter->store, insert_sql(cx->mem, def), &inserter->main));
    for (size_t f = 0; f < def->field_n; f++) {
        inserter->name[f] = str_z(cx->mem, def->fields[f].id);
        inserter->said[f] = str_printf(cx->mem, "%s_said", inserter->name[f]).p;
    }
    for (size_t f = 0; f < def->field_n; f++)
        if (register_type_is_many(def->fields[f].type))
            TRY(store_prepare(cx, inserter->store, many_sql(cx->mem, def, &def->fields[f]),
                              &inserter->many[f]));
    return 0;
}

int register_inserter_new(struct ctx *cx, struct store *store, const struct register_def *def,
                          struct register_inserter **ret)
{
    struct register_inserter *inserter = ARENA_NEW(cx->mem, struct register_inserter);
    int rc;

    inserter->def = def;
    inserter->store = store;
    rc = prepare(cx, inserter);
    if (rc != 0)
        register_inserter_free(inserter);
    else
        *ret = inserter;
    return rc;
}

void register_inserter_free(struct register_inserter *inserter)
{
    if (inserter == NULL)
        return;
    stmt_free(inserter->main);
    for (size_t f = 0; f < REGISTER_FIELDS; f++)
        stmt_free(inserter->many[f]);
}

void register_inserter_freep(struct register_inserter **inserter)
{
    register_inserter_free(*inserter);
}

static int bind_value(struct ctx *cx, const struct register_inserter *inserter, size_t f,
                      const struct register_value *v)
{
    const struct register_field *field = &inserter->def->fields[f];
    const char *name = inserter->name[f];
    struct stmt *s = inserter->main;

    if (v == NULL || v->empty)
        return 0;
    if (!register_type_is_text(field->type))
        TRY(stmt_bind_text_or_null(cx, s, inserter->said[f], v->said));
    if (!v->understood || column_types[field->type] == NULL)
        return 0;
    switch (field->type) {
    case REGISTER_INTEGER:
    case REGISTER_SCORE:
    case REGISTER_YES_NO:
        return stmt_bind_int(cx, s, name, v->number);
    case REGISTER_DECIMAL: /* SQLite makes the REAL of it */
        return stmt_bind_text(cx, s, name, value_print(cx->mem, value_decimal(cx->mem, v->number)));
    default:
        return stmt_bind_text_or_null(cx, s, name, v->text);
    }
}

static int bind_place(struct ctx *cx, struct stmt *s, const struct register_place *place)
{
    if (place->id > 0)
        TRY(stmt_bind_int(cx, s, "id", place->id));
    TRY(stmt_bind_int(cx, s, "document", place->document));
    TRY(stmt_bind_int(cx, s, "register_table", place->table));
    TRY(stmt_bind_int(cx, s, "n", place->n));
    TRY(stmt_bind_int(cx, s, "sample", place->sample));
    TRY(stmt_bind_text_or_null(cx, s, "path", place->path));
    TRY(stmt_bind_text_or_null(cx, s, "place", place->place));
    TRY(stmt_bind_text_or_null(cx, s, "heading", place->heading));
    if (place->page > 0)
        TRY(stmt_bind_int(cx, s, "page", place->page));
    if (place->line > 0)
        TRY(stmt_bind_int(cx, s, "line", place->line));
    TRY(stmt_bind_text_or_null(cx, s, "sheet", place->sheet));
    if (place->row > 0)
        TRY(stmt_bind_int(cx, s, "row", place->row));
    TRY(stmt_bind_text_or_null(cx, s, "quote", place->quote));
    return place->parent > 0 ? stmt_bind_int(cx, s, "parent", place->parent) : 0;
}

static int insert_many(struct ctx *cx, struct stmt *s, int64_t id, const struct register_value *v)
{
    for (size_t i = 0; v != NULL && !v->empty && i < v->many_n; i++) {
        TRY(stmt_bind_int(cx, s, "record", id));
        TRY(stmt_bind_int(cx, s, "n", (int64_t)i + 1));
        TRY(stmt_bind_text(cx, s, "value", v->many[i]));
        TRY(stmt_run(cx, s));
    }
    return 0;
}

int register_insert(struct ctx *cx, struct register_inserter *inserter,
                    const struct register_place *place, const struct register_value *const *values,
                    int64_t *ret_id)
{
    const struct register_def *def = inserter->def;

    TRY(bind_place(cx, inserter->main, place));
    if (!has_ref(def))
        TRY(stmt_bind_text_or_null(cx, inserter->main, "ref", place->ref));
    for (size_t f = 0; f < def->field_n; f++)
        if (is_judged(&def->fields[f]))
            TRY(bind_value(cx, inserter, f, values[f]));
    TRY(stmt_run(cx, inserter->main));
    int64_t id = store_last_id(inserter->store);
    for (size_t f = 0; f < def->field_n; f++)
        if (inserter->many[f] != NULL)
            TRY(insert_many(cx, inserter->many[f], id, values[f]));
    if (ret_id != NULL)
        *ret_id = id;
    return 0;
}

/* ---- for resolve.c ---- */

struct str sql_records(struct arena *mem, const struct register_def *def)
{
    struct buf sql = buf_new(mem);

    buf_addz(&sql, "SELECT id, ref");
    for (size_t i = 0; i < def->known_by.n; i++)
        buf_printf(&sql, ", \"%.*s\"", STR_ARG(def->fields[def->known_by.items[i]].id));
    buf_printf(&sql, " FROM \"%.*s\" ORDER BY id", STR_ARG(def->judged_as));
    return buf_str(&sql);
}

struct str sql_values(struct arena *mem, const struct register_def *def,
                      const struct register_field *field)
{
    if (register_type_is_many(field->type))
        return str_printf(mem, "SELECT record, value FROM \"%.*s__%.*s\" ORDER BY record, n",
                          STR_ARG(def->judged_as), STR_ARG(field->id));
    return str_printf(mem, "SELECT id, \"%.*s\" FROM \"%.*s\" WHERE \"%.*s\" IS NOT NULL",
                      STR_ARG(field->id), STR_ARG(def->judged_as), STR_ARG(field->id));
}
