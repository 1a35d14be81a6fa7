#include "op/outgoing.h"

#include "register/outward.h"

/* ---- JSON ---- */

struct listing {
    struct ctx *cx; /* what is made must outlive the record that is given */
    const struct record_store *rs;
    const struct register_def *def;
    struct value *records;
};

static int add_record(void *arg, UNUSED struct ctx *page, const struct record *record)
{
    struct listing *l = arg;
    struct ctx *cx = l->cx;
    struct arena *mem = cx->mem;
    struct value *v = value_map(mem), *body = value_map(mem);
    const struct value *own = value_copy(mem, record->body);

    for (size_t i = 0; i < value_count(own); i++) {
        struct str key = value_key_at(own, i);
        const struct register_field *field = register_field(l->def, key);
        const struct value *item = value_at(own, i);
        if (field != NULL)
            TRY(outward_value(cx, l->rs, l->def, field, item, &item));
        value_set(body, str_z(mem, key), (struct value *)(uintptr_t)item);
    }
    value_set_text(v, "ref", str_copy(mem, record->ref));
    value_set_text(v, "id", str_copy(mem, record->id));
    value_set_int(v, "rev", record->rev);
    value_set(v, "body", body);
    value_push(l->records, v);
    return ctx_check(cx);
}

int outgoing_json(struct ctx *cx, const struct record_store *rs,
                  const struct register_def *const *defs, size_t n, struct value **ret)
{
    struct value *tree = value_map(cx->mem), *registers = value_list(cx->mem);

    for (size_t i = 0; i < n; i++) {
        struct listing l = {.cx = cx, .rs = rs, .def = defs[i], .records = value_list(cx->mem)};
        struct record_query query = {.def = defs[i]};
        struct value *v = value_map(cx->mem);
        TRY(record_list(cx, rs, &query, add_record, &l));
        value_set_text(v, "register", defs[i]->id);
        value_set_text(v, "title", defs[i]->title);
        value_set(v, "records", l.records);
        value_push(registers, v);
    }
    value_set_text(tree, "format", STR(OUTGOING_FORMAT));
    value_set_int(tree, "version", OUTGOING_VERSION);
    value_set(tree, "registers", registers);
    *ret = tree;
    return 0;
}

/* ---- tables ---- */

struct parts { /* the tables of lines */
    const struct register_def *def;
    struct book_table *table;
};

struct tables {
    struct ctx *cx;
    const struct record_store *rs;
    const struct register_def *def;
    struct book *book;
    struct book_table *table;
    const struct register_field *fields[REGISTER_FIELDS];
    size_t field_n;
    bool apart; /* lines have tables of their own */
    struct parts parts[REGISTER_FIELDS];
    size_t part_n;
};

static struct book_table *new_table(struct ctx *cx, struct book *book,
                                    const struct register_def *def, bool lines)
{
    const struct register_field *fields[REGISTER_FIELDS];
    size_t n = outward_fields(def, fields), columns = 0;
    struct str *headings = arena_array(cx->mem, n + 2, sizeof *headings);

    if (lines) {
        headings[columns++] = outward_record_heading();
        headings[columns++] = outward_list_heading();
    } else {
        headings[columns++] = outward_ref_heading(def);
    }
    for (size_t i = 0; i < n; i++)
        headings[columns++] = fields[i]->label;
    return book_table_add(cx, book, def->title, headings, columns);
}

/* The table of a part register; made when the first of its fields is met. */
static struct book_table *part_table(struct tables *t, const struct register_def *of)
{
    for (size_t i = 0; i < t->part_n; i++)
        if (t->parts[i].def == of)
            return t->parts[i].table;
    t->parts[t->part_n] = (struct parts){of, new_table(t->cx, t->book, of, true)};
    return t->parts[t->part_n++].table;
}

static int add_line(struct tables *t, const struct register_field *field, struct str ref,
                    const struct value *row)
{
    const struct register_field *fields[REGISTER_FIELDS];
    size_t n = outward_fields(field->of, fields);
    struct ctx *cx = t->cx;
    struct str *cells = arena_array(cx->mem, n + 2, sizeof *cells);

    cells[0] = ref;
    cells[1] = field->label;
    for (size_t i = 0; i < n; i++)
        TRY(outward_text(cx, t->rs, field->of, fields[i],
                         value_get(row, str_z(cx->mem, fields[i]->id)), &cells[i + 2]));
    return book_row_add(cx, part_table(t, field->of), cells);
}

static int add_row(void *arg, UNUSED struct ctx *page, const struct record *record)
{
    struct tables *t = arg;
    struct ctx *cx = t->cx;
    const struct value *body = value_copy(cx->mem, record->body);
    struct str *cells = arena_array(cx->mem, t->field_n + 1, sizeof *cells);
    size_t n = 0;

    cells[n++] = str_copy(cx->mem, record->ref);
    for (size_t i = 0; i < t->field_n; i++) {
        const struct register_field *field = t->fields[i];
        const struct value *v = value_get(body, str_z(cx->mem, field->id));
        struct str text;
        if (field->type == REGISTER_ROWS && t->apart) {
            for (size_t k = 0; k < value_count(v); k++)
                TRY(add_line(t, field, cells[0], value_at(v, k)));
            continue;
        }
        TRY(outward_text(cx, t->rs, t->def, field, v, &text));
        cells[n++] = text;
    }
    return book_row_add(cx, t->table, cells);
}

/* Without the columns of lines that have tables of their own. */
static void leave_out_lines(struct tables *t)
{
    struct str *headings = arena_array(t->cx->mem, t->field_n + 1, sizeof *headings);
    size_t n = 0;

    headings[n++] = outward_ref_heading(t->def);
    for (size_t i = 0; i < t->field_n; i++)
        if (t->fields[i]->type != REGISTER_ROWS)
            headings[n++] = t->fields[i]->label;
    t->table->headings = headings;
    t->table->column_n = n;
}

static int fill(struct tables *t)
{
    struct record_query query = {.def = t->def};

    t->field_n = outward_fields(t->def, t->fields);
    t->table = new_table(t->cx, t->book, t->def, false);
    for (size_t i = 0; t->apart && i < t->field_n; i++)
        if (t->fields[i]->type == REGISTER_ROWS)
            (void)part_table(t, t->fields[i]->of);
    if (t->apart)
        leave_out_lines(t);
    return record_list(t->cx, t->rs, &query, add_row, t);
}

int outgoing_book(struct ctx *cx, const struct record_store *rs,
                  const struct register_def *const *defs, size_t n, struct book *ret)
{
    for (size_t i = 0; i < n; i++) {
        struct tables t = {.cx = cx, .rs = rs, .def = defs[i], .book = ret, .apart = true};
        TRY(fill(&t));
    }
    return 0;
}

int outgoing_table(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                   struct book_table **ret)
{
    struct book book = {.day = cx->today};
    struct tables t = {.cx = cx, .rs = rs, .def = def, .book = &book};

    TRY(fill(&t));
    *ret = t.table;
    return 0;
}
