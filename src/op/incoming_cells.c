/* Tables whose headings are the labels of a register: what was exported, and what people filled. */
#include "op/incoming.h"
#include "register/outward.h"
#include "report/book.h"

#define SEARCHED 20u /* rows in which headings are looked for, where the register is named */

enum is { IS_NOTHING, IS_REF, IS_FIELD, IS_RECORD, IS_LIST };

struct column {
    int64_t at;
    struct str heading;
    enum is is;
    const struct register_field *field;
    size_t part; /* of a text that several columns hold, from 1 */
};

struct table {
    struct incoming *in;
    struct str file, sheet;
    const struct value *rows;
    const struct register_def *def,
        *whole; /* whole: the register that its lines stand in, or NULL */
    size_t header;
    struct column *columns;
    size_t column_n, known;
    struct dict *parents; /* refs to lines of `whole` */
};

/* ---- headings ---- */

/* A heading that is exactly one of an export's. */
static bool exact_heading(const struct register_def *def, bool lines, struct column *c)
{
    const struct register_field *fields[REGISTER_FIELDS];
    size_t n = outward_fields(def, fields), part;
    struct str first = book_heading_of(c->heading, &part);

    c->is = !lines && str_eq(c->heading, outward_ref_heading(def))  ? IS_REF
            : lines && str_eq(c->heading, outward_record_heading()) ? IS_RECORD
            : lines && str_eq(c->heading, outward_list_heading())   ? IS_LIST
                                                                    : IS_NOTHING;
    for (size_t i = 0; i < n && c->is == IS_NOTHING; i++) {
        bool whole = str_eq(fields[i]->label, c->heading);
        if (!whole && !str_eq(fields[i]->label, first))
            continue;
        c->is = IS_FIELD;
        c->field = fields[i];
        c->part = whole ? 1 : part;
    }
    return c->is != IS_NOTHING;
}

/* What the person says of a heading, or what it names in full. */
static bool said_heading(struct incoming *in, const struct register_def *def, struct column *c)
{
    struct str said = value_get_text(in->columns, str_z(in->cx->mem, c->heading));

    if (str_is(said, "-"))
        return true;
    c->field =
        said.n > 0 ? register_field(def, said) : register_field_named(in->cx->mem, def, c->heading);
    c->part = 1;
    if (str_is(said, "ref") || str_eq(c->heading, outward_ref_heading(def)) ||
        (c->field != NULL && str_is(c->field->id, "ref")))
        c->is = IS_REF;
    else if (c->field != NULL && !c->field->only_computed)
        c->is = IS_FIELD;
    return c->is != IS_NOTHING;
}

static bool is_twice(const struct table *t, const struct column *c)
{
    for (size_t i = 0; i < t->column_n; i++) {
        const struct column *other = &t->columns[i];
        if (c->is != IS_NOTHING && other->is == c->is && other->field == c->field &&
            other->part == c->part)
            return true;
    }
    return false;
}

/* Where all are known, or nearly all that an export has are there: columns that somebody put beside
 * these are not taken. */
static bool knows_enough(const struct table *t)
{
    const struct register_field *fields[REGISTER_FIELDS];

    return t->known == t->column_n || t->known * 4 >= outward_fields(t->def, fields) * 3;
}

/* Reads the headings of a row; true where they are known, one of them as a column: every one, and
 * of an export most. */
static bool read_headings(struct table *t, size_t row, bool exact)
{
    const struct value *cells = value_at(t->rows, row);
    size_t n = value_count(cells) / 2;
    bool any = false, record = false;

    t->columns = arena_array(t->in->cx->mem, n + 1, sizeof *t->columns);
    t->column_n = t->known = 0;
    for (size_t i = 0; i < n; i++) {
        struct column c = {.at = value_as_int(value_at(cells, 2 * i + 1), 0),
                           .heading = value_as_text(value_at(cells, 2 * i + 2))};
        bool known;
        if (!exact)
            c.heading = str_squeeze(t->in->cx->mem, c.heading);
        known =
            exact ? exact_heading(t->def, t->whole != NULL, &c) : said_heading(t->in, t->def, &c);
        if ((!known && !exact) || is_twice(t, &c))
            return false;
        t->known += known;
        any |= c.is != IS_NOTHING;
        record |= c.is == IS_RECORD || c.is == IS_REF;
        t->columns[t->column_n++] = c;
    }
    t->header = row;
    return any && knows_enough(t) && (record || !exact);
}

/* ---- which register ---- */

static bool fits(struct table *t, const struct register_def *def)
{
    const struct registers *registers = t->in->rs->registers;

    if (def->is_not || value_count(t->rows) == 0)
        return false;
    t->def = def;
    t->whole = def->part_of.n > 0 ? registers_find(registers, def->part_of) : NULL;
    return read_headings(t, 0, true);
}

static int ambiguous(struct table *t, const struct register_def *a, const struct register_def *b)
{
    return fail(t->in->cx, RC_INVALID, NULL,
                _("%.*s: its headings are those of %.*s and of %.*s: say which with --register."),
                STR_ARG(t->file), STR_ARG(a->title), STR_ARG(b->title));
}

/* By the name of the sheet; of a file without sheets by the register that has most headings. */
static int find_exact(struct table *t, bool *ret)
{
    const struct registers *registers = t->in->rs->registers;
    const struct register_def *found = NULL;
    size_t known = 0;

    *ret = false;
    for (size_t i = 0; i < registers->n; i++) {
        const struct register_def *def = &registers->items[i];
        bool named = t->in->def != NULL ? def == t->in->def
                     : t->sheet.n > 0
                         ? str_eq(book_sheet_name(t->in->cx->mem, def->title), t->sheet)
                         : true;
        if (!named || !fits(t, def) || t->known < known)
            continue;
        if (found != NULL && t->known == known)
            return ambiguous(t, found, def);
        found = def;
        known = t->known;
    }
    if (found == NULL)
        return 0;
    *ret = fits(t, found);
    return 0;
}

/* The register that the person names: its headings are anywhere in the first rows. */
static bool find_named(struct table *t)
{
    t->def = t->in->def;
    t->whole = NULL;
    if (t->def == NULL || t->def->part_of.n > 0)
        return false;
    for (size_t row = 0; row < value_count(t->rows) && row < SEARCHED; row++)
        if (value_count(value_at(t->rows, row)) > 3 && read_headings(t, row, false))
            return true;
    return false;
}

/* ---- lines ---- */

static struct str cell_at(const struct value *row, int64_t column)
{
    for (size_t i = 1; i + 1 < value_count(row); i += 2)
        if (value_as_int(value_at(row, i), -1) == column)
            return value_as_text(value_at(row, i + 1));
    return STR_NONE;
}

/* The text of a field, from all columns that it goes on in. */
static struct str text_of(struct table *t, const struct value *row, const struct column *first)
{
    struct str text = cell_at(row, first->at);
    struct buf out;

    for (size_t part = 2;; part++) {
        const struct column *next = NULL;
        for (size_t i = 0; i < t->column_n; i++)
            if (t->columns[i].field == first->field && t->columns[i].part == part)
                next = &t->columns[i];
        if (next == NULL)
            return text;
        out = buf_new(t->in->cx->mem);
        buf_add(&out, text);
        buf_add(&out, cell_at(row, next->at));
        text = buf_str(&out);
    }
}

static struct str text_as(struct table *t, const struct value *row, enum is is)
{
    for (size_t i = 0; i < t->column_n; i++)
        if (t->columns[i].is == is)
            return str_trim(cell_at(row, t->columns[i].at));
    return STR_NONE;
}

static void fill(struct table *t, const struct value *row, struct plan_line *line)
{
    for (size_t i = 0; i < t->column_n; i++) {
        const struct column *c = &t->columns[i];
        struct str text;
        if (c->is != IS_FIELD || c->part != 1)
            continue;
        text = text_of(t, row, c);
        struct plan_cell *cell = plan_cell_add(t->in->plan, line, c->field, c->heading);
        cell->is_text = true;
        cell->value = text.n > 0 ? value_text(t->in->cx->mem, text) : NULL;
    }
}

static struct str parent_key(struct arena *mem, const struct register_def *def, struct str ref)
{
    return str_printf(mem, "%.*s\n%.*s", STR_ARG(def->id), STR_ARG(ref));
}

static int add_record(struct table *t, const struct value *row, const struct plan_place *at)
{
    struct plan_line *line;

    TRY(plan_line_add(t->in->plan, t->def, at, &line));
    line->ref = text_as(t, row, IS_REF);
    fill(t, row, line);
    if (line->ref.n > 0)
        dict_set(t->parents, parent_key(t->in->cx->mem, t->def, line->ref), line);
    return 0;
}

/* The line of the record that a line stands in; made where its sheet is not there. */
static int parent_of(struct table *t, struct str ref, const struct plan_place *at,
                     struct plan_line **ret)
{
    struct str key = parent_key(t->in->cx->mem, t->whole, ref);

    *ret = (struct plan_line *)(uintptr_t)dict_get(t->parents, key);
    if (*ret != NULL)
        return 0;
    TRY(plan_line_add(t->in->plan, t->whole, at, ret));
    (*ret)->ref = ref;
    dict_set(t->parents, key, *ret);
    return 0;
}

static const struct register_field *list_of(const struct table *t, struct str label)
{
    for (size_t f = 0; f < t->whole->field_n; f++)
        if (t->whole->fields[f].of == t->def && str_eq(t->whole->fields[f].label, label))
            return &t->whole->fields[f];
    return NULL;
}

static int add_inner(struct table *t, const struct value *row, const struct plan_place *at)
{
    struct str ref = text_as(t, row, IS_RECORD), list = text_as(t, row, IS_LIST);
    const struct register_field *field = list_of(t, list);
    struct plan_line *parent;

    TRY(parent_of(t, ref, at, &parent));
    if (ref.n == 0)
        plan_reject(t->in->plan, parent, outward_record_heading(),
                    str_of(_("It says not which record it stands in.")));
    if (field == NULL) {
        plan_reject(t->in->plan, parent, outward_list_heading(),
                    str_printf(t->in->cx->mem, _("%.*s has no list called \"%.*s\"."),
                               STR_ARG(t->whole->title), STR_ARG(list)));
        return 0;
    }
    struct plan_cell *cell = plan_cell_add(t->in->plan, parent, field, field->label);
    fill(t, row, plan_inner_add(t->in->plan, cell, t->def, at));
    return 0;
}

static int add_rows(struct table *t)
{
    for (size_t r = t->header + 1; r < value_count(t->rows); r++) {
        const struct value *row = value_at(t->rows, r);
        struct plan_place at = {
            .file = t->file, .sheet = t->sheet, .row = (uint32_t)value_as_int(value_at(row, 0), 0)};
        TRY(t->whole != NULL ? add_inner(t, row, &at) : add_record(t, row, &at));
        TRY(ctx_check(t->in->cx));
    }
    return 0;
}

/* Records whose lists have a sheet, and no line in it, have empty lists. */
static void empty_lists(struct table *t, struct plan *plan)
{
    const struct plan_line *line;

    for (size_t i = 0; (line = plan_line_at(plan, i)) != NULL; i++) {
        if (line->def != t->whole)
            continue;
        for (size_t f = 0; f < t->whole->field_n; f++)
            if (t->whole->fields[f].of == t->def)
                (void)plan_cell_add(plan, (struct plan_line *)(uintptr_t)line, &t->whole->fields[f],
                                    t->whole->fields[f].label);
    }
}

/* ---- what was understood ---- */

static void add_mapping(struct table *t)
{
    struct arena *mem = t->in->cx->mem;
    struct value *map = value_map(mem), *columns = value_list(mem);

    value_set_text(map, "file", t->file);
    value_set(map, "sheet", t->sheet.n > 0 ? value_text(mem, t->sheet) : NULL);
    value_set_text(map, "register", t->def->id);
    value_set_text(map, "title", t->def->title);
    value_set_text(map, "how", STR("headings"));
    value_set_int(map, "lines", (int64_t)(value_count(t->rows) - t->header - 1));
    value_set_int(map, "samples", 0);
    for (size_t i = 0; i < t->column_n; i++) {
        const struct column *c = &t->columns[i];
        struct value *v = value_map(mem);
        value_set_text(v, "heading", c->heading);
        value_set(v, "field", c->is == IS_FIELD ? value_text(mem, c->field->id) : NULL);
        value_set_text(v, "label",
                       c->is == IS_FIELD     ? c->field->label
                       : c->is == IS_NOTHING ? str_of(_("not taken"))
                                             : c->heading);
        value_push(columns, v);
    }
    value_set(map, "columns", columns);
    value_push(t->in->mapping, map);
}

int incoming_cells(struct incoming *in, struct str file, const struct value *sheets,
                   bool *ret_taken)
{
    size_t n = value_count(sheets), taken = 0;
    struct table *tables = arena_array(in->cx->mem, n + 1, sizeof *tables);
    bool *is = arena_array(in->cx->mem, n + 1, sizeof *is);
    struct dict *parents = dict_new(in->cx->mem);

    for (size_t i = 0; i < n; i++) {
        tables[i] = (struct table){.in = in,
                                   .file = file,
                                   .sheet = value_get_text(value_at(sheets, i), "name"),
                                   .rows = value_get(value_at(sheets, i), "rows"),
                                   .parents = parents};
        TRY(find_exact(&tables[i], &is[i]));
        is[i] = is[i] || find_named(&tables[i]);
        taken += is[i];
    }
    *ret_taken = taken > 0;
    /* Records before the lines that stand in them. */
    for (unsigned inner = 0; taken > 0 && inner < 2; inner++)
        for (size_t i = 0; i < n; i++) {
            if (!is[i] || (tables[i].whole != NULL) != (inner == 1))
                continue;
            add_mapping(&tables[i]);
            TRY(add_rows(&tables[i]));
            if (inner == 1)
                empty_lists(&tables[i], in->plan);
        }
    for (size_t i = 0; taken > 0 && i < n; i++)
        if (!is[i] && value_count(tables[i].rows) > 0)
            incoming_skip(in,
                          str_printf(in->cx->mem, _("%.*s, sheet \"%.*s\""), STR_ARG(file),
                                     STR_ARG(tables[i].sheet)),
                          str_of(_("Its headings are not those of a register.")));
    return 0;
}
