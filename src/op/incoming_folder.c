/* Folders and documents, as the judging understands them: tables that are registers, documents. */
#include <ctype.h>

#include "judge/references.h"
#include "judge/tables.h"
#include "op/incoming.h"
#include "op/incoming_raw.h"
#include "op/intake.h"
#include "op/readers.h"
#include "op/registers.h"

struct folder {
    struct incoming *in;
    const char *path;
    struct proc_server *server;
    struct library library;
    struct store *store;
    struct intake intake;
    struct value *tables; /* as registers_value() has them */
    struct dict *wholes;  /* "DOCUMENT REGISTER" to struct whole * */
    struct raw raw;
    struct dict *told; /* columns of which words were left out */
    bool lenient;      /* its tables were not written to be imported */
};

/* What a document gave of a register in whose records others' lines stand. */
struct whole {
    struct plan_line *line; /* the last one */
    size_t n;
};

static void folder_end(struct folder *f)
{
    proc_server_stop(f->server);
    store_close(f->store);
    library_free(&f->library);
}

/* ---- reading ---- */

static struct str base_name(struct str path)
{
    size_t at = path.n;

    while (at > 0 && path.p[at - 1] != '/')
        at--;
    return str_from(path, at);
}

/* What the person says of the tables, as a profile would say it. */
static struct value *pins_of(struct folder *f)
{
    struct arena *mem = f->in->cx->mem;
    struct value *pins = value_map(mem), *pin = value_map(mem);

    if (f->in->def == NULL && f->in->columns == NULL)
        return NULL;
    if (f->in->def != NULL)
        value_set_text(pin, "register", f->in->def->id);
    for (size_t i = 0; i < value_count(f->in->columns); i++)
        value_set(pin, str_z(mem, value_key_at(f->in->columns, i)),
                  (struct value *)(uintptr_t)value_at(f->in->columns, i));
    value_set(pins, str_z(mem, base_name(str_of(f->path))), pin);
    return pins;
}

static int read_folder(struct folder *f)
{
    struct incoming *in = f->in;
    struct ctx *cx = in->cx;
    const char *folders[] = {f->path};
    struct stage1_request request = {.folders = folders,
                                     .folder_n = 1,
                                     .stage = 1,
                                     .progress = in->progress,
                                     .progress_arg = in->progress_arg};

    TRY(proc_server_start(cx, readers_services, readers_service_n, &f->server));
    TRY(library_load(cx, in->content_dir, &f->library));
    f->library.pins = pins_of(f);
    TRY(store_open(cx, NULL, 0, &f->store));
    TRY(tables_create(cx, f->store, f->library.standard));
    TRY(intake_run(cx, &f->library, f->store, f->server, &request, NULL, &f->intake));
    TRY(references_find(cx, &f->library, f->store));
    TRY(tables_import(cx, f->store, f->library.standard));
    return registers_value(cx, f->store, f->library.standard->registers, &f->tables);
}

static int rows_of(struct folder *f, struct str sql, int64_t document, struct value **ret)
{
    bool row;
    STMT(s);

    *ret = value_list(f->in->cx->mem);
    TRY(store_prepare(f->in->cx, f->store, sql, &s));
    TRY(stmt_bind_int(f->in->cx, s, "document", document));
    for (;;) {
        TRY(stmt_step(f->in->cx, s, &row));
        if (!row)
            return ctx_check(f->in->cx);
        value_push(*ret, stmt_row(f->in->cx->mem, s));
    }
}

/* ---- tables ---- */

/* Which table a line is of, as a number of the list of tables: they are in the order of their ids.
 */
static const struct value *table_of(const struct folder *f, const struct value *row)
{
    int64_t id = value_get_int(row, "register_table", 0);

    return id > 0 ? value_at(f->tables, (size_t)id - 1) : NULL;
}

/* Whether a heading means a field at all: a register that is named takes any table for its own. */
static bool has_columns(const struct value *table)
{
    const struct value *columns = value_get(table, "columns");

    for (size_t i = 0; i < value_count(columns); i++)
        if (value_get_text(value_at(columns, i), "field").n > 0)
            return true;
    return false;
}

/* Where columns are in their sheets, and which of them are called as a field is. */
static int find_columns(struct folder *f)
{
    struct value *all;
    size_t next = 0;

    TRY(rows_of(f,
                STR("SELECT register_table, at FROM register_column WHERE :document = 0 "
                    "ORDER BY register_table, at"),
                0, &all));
    for (size_t i = 0; i < value_count(f->tables); i++) {
        struct value *table = value_at_mut(f->tables, i),
                     *columns = value_get_mut(table, "columns");
        for (size_t c = 0; c < value_count(columns) && next < value_count(all); c++, next++)
            value_set_int(value_at_mut(columns, c), "at",
                          value_get_int(value_at(all, next), "at", -1));
        if (!value_get_bool(table, "kept"))
            continue;
        TRY(raw_read(&f->raw, value_get_text(table, "path")));
        raw_name_columns(&f->raw, table);
    }
    return 0;
}

/* ---- cells ---- */

/* Texts and lists are cut where they are read for judging: what may have been cut is not taken. */
static bool is_cut(const struct value *v)
{
    struct str text = value_as_text(v);

    return value_count(v) >= REGISTER_VALUES ||
           (text.n + 8 > REGISTER_TEXT_BYTES && str_ends(text, STR("\xe2\x80\xa6")));
}

/* "3.5", "12,25": a number that is no whole one, and would be rounded. */
static bool is_fraction(struct str said)
{
    size_t at = said.n > 0 && said.p[0] == '-', part;

    while (at < said.n && isdigit((unsigned char)said.p[at]))
        at++;
    if (at == 0 || at + 1 >= said.n || (said.p[at] != '.' && said.p[at] != ','))
        return false;
    part = ++at;
    while (at < said.n && said.p[at] == '0')
        at++;
    bool zero = at == said.n;
    while (at < said.n && isdigit((unsigned char)said.p[at]))
        at++;
    return at == said.n && !zero && !(said.p[part - 1] == ',' && at - part == 3);
}

static bool is_whole_number(const struct register_field *field)
{
    return field->type == REGISTER_INTEGER || field->type == REGISTER_SCORE;
}

/* What stands one a line in a cell is several, though a line end was read as a blank. */
static const struct value *by_lines(struct folder *f, const struct register_field *field,
                                    struct str raw, const struct value *v)
{
    struct arena *mem = f->in->cx->mem;
    struct value *list = value_list(mem);
    struct str part;

    if (!register_type_is_many(field->type) || str_find_char(raw, '\n', 0) == SIZE_MAX)
        return v;
    while (str_split(&raw, '\n', &part)) {
        struct register_value said;
        register_value(mem, f->library.standard->registers, field, NULL, part, &said);
        for (size_t i = 0; i < said.many_n; i++)
            value_push(list, value_text(mem, said.many[i]));
    }
    return value_count(list) > 0 ? list : v;
}

/* More words than a day or an answer has: "2026-03-15 passed the check again". */
static bool is_wordy(const struct register_field *field, struct str said)
{
    size_t letters = 0;

    for (size_t i = 0; i < said.n; i++)
        letters += isalpha((unsigned char)said.p[i]) != 0 || (unsigned char)said.p[i] >= 128;
    return (field->type == REGISTER_DATE || field->type == REGISTER_YES_NO) && letters > 15;
}

/* Of such a cell only the day or the answer is taken, which is told once of each column. */
static void tell_words(struct folder *f, const struct plan_line *line,
                       const struct register_field *field, struct str said)
{
    struct arena *mem = f->in->cx->mem;
    struct str place = plan_place_text(mem, &line->at);
    struct str key = str_printf(mem, "%.*s\n%.*s\n%.*s", STR_ARG(line->at.file),
                                STR_ARG(line->at.sheet), STR_ARG(field->label));

    if (dict_has(f->told, key))
        return;
    dict_set(f->told, key, f);
    incoming_skip(f->in, place,
                  str_printf(mem, _("Of \"%.*s\" only what is %.*s (%.*s) was taken."),
                             STR_ARG(str_cut(mem, said, 100)), STR_ARG(field->label),
                             STR_ARG(line->def->title)));
}

static void set_cell(struct folder *f, struct plan_line *line, const struct register_field *field,
                     const struct value *table, const struct value *row)
{
    struct arena *mem = f->in->cx->mem;
    const struct value *v = value_get(row, str_z(mem, field->id));
    const struct value *column = raw_column(table, field->id);
    struct str said = value_get_text(row, str_printf(mem, "%.*s_said", STR_ARG(field->id)).p);
    struct str raw = raw_cell(&f->raw, table, row, column), text = value_as_text(v);
    struct plan_cell *cell =
        plan_cell_add(f->in->plan, line, field, value_get_text(column, "header"));

    if (register_type_is_text(field->type) && raw_text(mem, raw, text).p != text.p)
        v = value_text(mem, raw_text(mem, raw, text));
    else if (is_cut(v))
        plan_refuse(f->in->plan, line, cell,
                    str_of(_("It is longer than is read of such a table: name the register with "
                             "--register.")));
    if (!field_names_control(f->library.standard->registers, field))
        v = by_lines(f, field, raw, v);
    if (value_type(v) != VALUE_NULL && is_wordy(field, said))
        tell_words(f, line, field, said);
    if ((value_type(v) == VALUE_NULL && said.n > 0) ||
        (is_whole_number(field) && is_fraction(said))) {
        cell->is_text = true; /* not understood: the writing says why */
        cell->value = value_text(mem, said);
    } else if (field->type == REGISTER_YES_NO && value_type(v) == VALUE_INT) {
        cell->value = value_bool(mem, value_as_int(v, 0) != 0);
    } else {
        cell->value = v;
        cell->cut = field->type == REGISTER_PEOPLE || field->type == REGISTER_REFERENCES
                        ? str_find_char(raw, '\n', 0) != SIZE_MAX ? raw : said
                        : STR_NONE;
    }
}

static struct plan_place place_of(const struct value *row)
{
    int64_t line = value_get_int(row, "line", 0), number = value_get_int(row, "row", 0);

    return (struct plan_place){.file = value_get_text(row, "path"),
                               .sheet = value_get_text(row, "sheet"),
                               .row = (uint32_t)(number > 0 ? number : line),
                               .place = value_get_text(row, "place")};
}

/* What stands in the columns that only their headings tell. */
static void fill_called(struct folder *f, struct plan_line *line, const struct value *table,
                        const struct value *row)
{
    const struct value *columns = value_get(table, "columns");

    for (size_t i = 0; i < value_count(columns); i++) {
        const struct value *column = value_at(columns, i);
        const struct register_field *field =
            register_field(line->def, value_get_text(column, "field"));
        struct str text =
            value_get_bool(column, "called") ? raw_cell(&f->raw, table, row, column) : STR_NONE;
        if (!value_get_bool(column, "called"))
            continue;
        text = text.n > 0 ? str_trim(text) : text;
        if (field == NULL || str_is(field->id, "ref")) {
            line->ref = text;
            continue;
        }
        struct plan_cell *cell =
            plan_cell_add(f->in->plan, line, field, value_get_text(column, "header"));
        cell->is_text = true;
        cell->value = text.n > 0 ? value_text(f->in->cx->mem, text) : NULL;
    }
}

static void fill(struct folder *f, struct plan_line *line, const struct value *row)
{
    const struct register_def *def = line->def;
    const struct value *table = table_of(f, row);

    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        const struct value *column = raw_column(table, field->id);
        bool there = value_type(value_get(row, str_z(f->in->cx->mem, field->id))) != VALUE_NULL;
        if (field->only_computed || str_is(field->id, "ref") || field->type == REGISTER_ROWS ||
            value_get_bool(column, "called"))
            continue;
        if (there || column != NULL)
            set_cell(f, line, field, table, row);
    }
    fill_called(f, line, table, row);
}

/* The same for all documents where the register has one record only. */
static struct whole *whole_of(struct folder *f, const struct register_def *def,
                              const struct value *row)
{
    struct arena *mem = f->in->cx->mem;
    int64_t document = def->single ? 0 : value_get_int(row, "document", 0);
    struct str key = str_printf(mem, "%lld %.*s", (long long)document, STR_ARG(def->id));
    const struct whole *there = dict_get(f->wholes, key);
    struct whole *whole = (struct whole *)(uintptr_t)there;

    if (whole == NULL) {
        whole = ARENA_NEW(mem, struct whole);
        dict_set(f->wholes, key, whole);
    }
    return whole;
}

static int add_row(struct folder *f, const struct register_def *def, const struct value *row)
{
    struct plan_place at = place_of(row);
    struct whole *whole = whole_of(f, def, row);
    struct plan_line *line;

    TRY(plan_line_add(f->in->plan, def, &at, &line));
    line->ref = value_get_text(row, "ref");
    line->lenient = f->lenient;
    fill(f, line, row);
    whole->line = line;
    whole->n++;
    return 0;
}

/* ---- lines that tell of another line ---- */

static bool looks_like_ref(struct str text)
{
    bool digit = false;

    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == ' ' || text.p[i] == '\n')
            return false;
        digit = digit || (text.p[i] >= '0' && text.p[i] <= '9');
    }
    return digit && text.n <= RECORD_REF_BYTES;
}

/* The ref of another record in the place of a name: "R-07" as the risk in a list of what was done
 * about risks. Such a line adds no record. */
static int names_another(struct folder *f, const struct register_def *def, struct dict *refs,
                         const struct value *row, struct str *ret)
{
    struct ctx *cx = f->in->cx;
    struct str id;

    *ret = STR_NONE;
    for (size_t k = 0; k < def->known_by.n && value_get_text(row, "ref").n == 0; k++) {
        const struct register_field *field = &def->fields[def->known_by.items[k]];
        struct str name = str_trim(value_get_text(row, str_z(cx->mem, field->id)));
        if (!looks_like_ref(name))
            continue;
        struct record record = {0};
        int rc = record_find(cx, f->in->rs, def, name, &id);
        if (rc != 0 && rc != RC_NOT_FOUND && rc != RC_CONFLICT)
            return rc;
        if (rc == 0)
            TRY(record_read(cx, f->in->rs, def, id, STR_NONE, &record));
        if (dict_has(refs, str_lower(cx->mem, name)) ||
            str_eq(str_lower(cx->mem, record.ref), str_lower(cx->mem, name)))
            *ret = name;
    }
    return 0;
}

/* A register that is named is meant to be filled: nothing in it is a sample then. */
static bool is_sample(const struct folder *f, const struct value *row)
{
    return f->in->def == NULL && value_get_int(row, "sample", 0) != 0;
}

static int add_records(struct folder *f, const struct register_def *def, const struct value *rows)
{
    struct arena *mem = f->in->cx->mem;
    struct dict *refs = dict_new(mem);
    struct str another;

    for (size_t i = 0; i < value_count(rows); i++)
        if (!is_sample(f, value_at(rows, i)))
            dict_set(refs, str_lower(mem, value_get_text(value_at(rows, i), "ref")), f);
    for (size_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_at(rows, i);
        struct plan_place at = place_of(row);
        if (is_sample(f, row))
            continue;
        TRY(names_another(f, def, refs, row, &another));
        if (another.n > 0)
            incoming_skip(f->in, plan_place_text(mem, &at),
                          str_printf(mem,
                                     _("It tells of %.*s of %.*s, whose line stands elsewhere: "
                                       "what it adds was not taken."),
                                     STR_ARG(another), STR_ARG(def->title)));
        else
            TRY(add_row(f, def, row));
        TRY(ctx_check(f->in->cx));
    }
    return 0;
}

/* ---- lines that stand in records of another register ---- */

struct part_document {
    struct str title, number;
    bool fits; /* it is of a kind in which such lines are looked for */
};

static bool is_kind_of(const struct register_def *def, struct str kind)
{
    for (size_t i = 0; i < value_count(value_get(def->yaml, "kinds")); i++)
        if (str_eq(value_as_text(value_at(value_get(def->yaml, "kinds"), i)), kind))
            return true;
    return false;
}

static int document_of(struct folder *f, const struct register_def *def,
                       const struct register_def *whole, const struct value *row,
                       struct part_document *ret)
{
    int64_t id = value_get_int(row, "document", 0);
    struct value *rows;

    TRY(rows_of(f, STR("SELECT title, number FROM document WHERE id = :document"), id, &rows));
    *ret = (struct part_document){.title = value_get_text(value_at(rows, 0), "title"),
                                  .number = value_get_text(value_at(rows, 0), "number")};
    if (ret->title.n == 0)
        ret->title = base_name(value_get_text(row, "path"));
    TRY(rows_of(f, STR("SELECT kind FROM document_kind WHERE document = :document"), id, &rows));
    for (size_t i = 0; i < value_count(rows); i++) {
        struct str kind = value_get_text(value_at(rows, i), "kind");
        ret->fits = ret->fits || is_kind_of(def, kind) || is_kind_of(whole, kind);
    }
    return 0;
}

/* The number that the title gives, such as MR-2026-1 of a management review; "" for none. */
static struct str number_in(const struct register_def *whole, struct str title)
{
    for (size_t i = 0; whole->prefix.n > 0 && i + whole->prefix.n + 1 < title.n; i++) {
        struct str rest = str_from(title, i);
        size_t end = whole->prefix.n + 1;
        bool begins = i == 0 || !isalnum((unsigned char)title.p[i - 1]);
        if (!begins || !str_starts(rest, whole->prefix) || rest.p[whole->prefix.n] != '-')
            continue;
        while (end < rest.n && (isalnum((unsigned char)rest.p[end]) || rest.p[end] == '-'))
            end++;
        if (isdigit((unsigned char)rest.p[whole->prefix.n + 1]))
            return str_sub(rest, 0, end);
    }
    return STR_NONE;
}

/* A record that only a document tells of is called by the number or the title of that. */
static int make_whole(struct folder *f, const struct register_def *def,
                      const struct part_document *document, const struct value *row,
                      struct plan_line **ret)
{
    struct arena *mem = f->in->cx->mem;
    struct plan_place at = place_of(row);
    struct str name = document->number.n > 0 ? document->number : document->title;

    TRY(plan_line_add(f->in->plan, def, &at, ret));
    (*ret)->lenient = f->lenient;
    if (!def->single)
        (*ret)->ref = number_in(def, document->title);
    if (!def->single && (*ret)->ref.n == 0)
        (*ret)->ref = str_cut(mem, str_squeeze(mem, name), RECORD_REF_BYTES);
    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        if (field->type != REGISTER_REFERENCE || !str_is(field->to, "document"))
            continue;
        struct plan_cell *cell = plan_cell_add(f->in->plan, *ret, field, field->label);
        cell->is_text = true;
        cell->value = value_text(mem, name);
    }
    return 0;
}

/* The line that the lines of `row`'s table belong to; NULL where there are several. */
static int whole_line(struct folder *f, const struct register_def *def,
                      const struct part_document *document, const struct value *row,
                      struct plan_line **ret)
{
    struct whole *whole = whole_of(f, def, row);

    *ret = NULL;
    if (whole->n > 1)
        return 0;
    if (whole->n == 0) {
        TRY(make_whole(f, def, document, row, &whole->line));
        whole->n = 1;
    }
    if (!def->single && whole->line->ref.n == 0)
        whole->line->ref = number_in(def, document->title);
    *ret = whole->line;
    return 0;
}

static const struct register_field *list_of(const struct register_def *whole,
                                            const struct register_def *def)
{
    for (size_t i = 0; i < whole->field_n; i++)
        if (whole->fields[i].of == def)
            return &whole->fields[i];
    return NULL;
}

static int add_part(struct folder *f, const struct register_field *list, struct plan_line *line,
                    const struct value *row)
{
    struct plan_place at = place_of(row);
    struct plan_cell *cell = plan_cell_add(f->in->plan, line, list, list->label);

    struct plan_line *inner = plan_inner_add(f->in->plan, cell, list->of, &at);

    inner->lenient = f->lenient;
    fill(f, inner, row);
    return ctx_check(f->in->cx);
}

static bool same_document(const struct value *a, const struct value *b)
{
    return value_get_int(a, "document", 0) == value_get_int(b, "document", 0);
}

/* Tables of other kinds of document are such lines only where no document is of the right one: a
 * scale of incidents is none of risks. */
static int add_parts(struct folder *f, const struct register_def *def, const struct value *rows)
{
    struct arena *mem = f->in->cx->mem;
    const struct register_def *whole = registers_find(f->in->rs->registers, def->part_of);
    const struct register_field *list = list_of(whole, def);
    struct part_document *documents = arena_array(mem, value_count(rows) + 1, sizeof *documents);
    int64_t told = 0;
    bool any_fits = false;

    for (size_t i = 0; i < value_count(rows); i++) {
        if (i > 0 && same_document(value_at(rows, i), value_at(rows, i - 1)))
            documents[i] = documents[i - 1];
        else
            TRY(document_of(f, def, whole, value_at(rows, i), &documents[i]));
        any_fits = any_fits || (documents[i].fits && !is_sample(f, value_at(rows, i)));
    }
    for (size_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_at(rows, i);
        int64_t table = value_get_int(row, "register_table", 0);
        struct plan_place at = place_of(row);
        struct plan_line *line = NULL;
        if (is_sample(f, row))
            continue;
        if (list != NULL && documents[i].fits == any_fits)
            TRY(whole_line(f, whole, &documents[i], row, &line));
        if (line != NULL)
            TRY(add_part(f, list, line, row));
        else if (table != told)
            incoming_skip(f->in, plan_place_text(mem, &at),
                          str_printf(mem,
                                     _("It is not clear in which record of %.*s these lines "
                                       "(%.*s) stand: enter them there."),
                                     STR_ARG(whole->title), STR_ARG(def->title)));
        told = table;
    }
    return 0;
}

static int add_rows(struct folder *f, const struct register_def *judged, bool parts)
{
    const struct register_def *def = registers_find(f->in->rs->registers, judged->id);
    struct value *rows;

    if (judged->is_not || def == NULL || (!judged->is_recognised && def != f->in->def) ||
        (def->part_of.n > 0) != parts)
        return 0;
    TRY(register_rows(f->in->cx, f->store, judged, &rows));
    return parts ? add_parts(f, def, rows) : add_records(f, def, rows);
}

static struct value *columns_value(struct arena *mem, const struct value *table)
{
    const struct value *columns = value_get(table, "columns");
    struct value *list = value_list(mem);

    for (size_t i = 0; i < value_count(columns); i++) {
        const struct value *column = value_at(columns, i);
        struct value *v = value_map(mem);
        struct str field = value_get_text(column, "field");
        value_set_text(v, "heading", value_get_text(column, "header"));
        value_set(v, "field", field.n > 0 ? value_text(mem, field) : NULL);
        value_set_text(v, "label",
                       field.n > 0 ? value_get_text(column, "label") : str_of(_("not taken")));
        value_push(list, v);
    }
    return list;
}

static int add_table(struct folder *f, const struct value *table)
{
    struct arena *mem = f->in->cx->mem;
    struct value *map = value_map(mem);
    int64_t rows = value_get_int(table, "rows", 0);
    struct str path = value_get_text(table, "path"), sheet = value_get_text(table, "sheet");

    if (!value_get_bool(table, "kept")) {
        incoming_skip(
            f->in,
            str_printf(mem, "%.*s, %.*s", STR_ARG(path), STR_ARG(value_get_text(table, "place"))),
            str_printf(mem, _("It was read as \"%.*s\", of which no records are kept."),
                       STR_ARG(value_get_text(table, "title"))));
        return 0;
    }
    if (!has_columns(table))
        return 0;
    if (rows > value_get_int(table, "judged", rows))
        return fail(f->in->cx, RC_LIMIT, NULL,
                    _("%.*s: a table of %lld lines is too long to be recognised. Bring it by "
                      "itself, with --register %.*s."),
                    STR_ARG(path), (long long)rows, STR_ARG(value_get_text(table, "register")));
    value_set_text(map, "file", path);
    value_set(map, "sheet", sheet.n > 0 ? value_text(mem, sheet) : NULL);
    value_set_text(map, "register", value_get_text(table, "register"));
    value_set_text(map, "title", value_get_text(table, "title"));
    value_set_text(map, "how", STR("recognised"));
    value_set_int(map, "lines", rows);
    value_set_int(map, "samples", f->in->def == NULL ? value_get_int(table, "samples", 0) : 0);
    value_set(map, "columns", columns_value(mem, table));
    value_push(f->in->mapping, map);
    return 0;
}

static int take_tables(struct folder *f)
{
    const struct registers *judged = f->library.standard->registers;

    TRY(find_columns(f));
    for (size_t i = 0; i < value_count(f->tables); i++)
        TRY(add_table(f, value_at(f->tables, i)));
    for (size_t i = 0; i < judged->n; i++)
        TRY(add_rows(f, &judged->items[i], false));
    for (size_t i = 0; i < judged->n; i++)
        TRY(add_rows(f, &judged->items[i], true));
    return 0;
}

/* ---- documents ---- */

static struct value *texts_of(struct arena *mem, const struct value *rows, const char *key)
{
    struct value *list = value_list(mem);

    for (size_t i = 0; i < value_count(rows); i++)
        value_push(list, value_text(mem, value_get_text(value_at(rows, i), key)));
    return list;
}

static int complete_document(struct folder *f, struct value *document)
{
    struct arena *mem = f->in->cx->mem;
    int64_t id = value_get_int(document, "id", 0);
    struct value *rows;

    TRY(rows_of(f, STR("SELECT kind FROM document_kind WHERE document = :document ORDER BY kind"),
                id, &rows));
    value_set(document, "kinds", texts_of(mem, rows, "kind"));
    TRY(rows_of(f,
                STR("SELECT role, name FROM document_person WHERE document = :document "
                    "ORDER BY rowid DESC"),
                id, &rows));
    for (size_t i = 0; i < value_count(rows); i++)
        value_set_text(document, str_z(mem, value_get_text(value_at(rows, i), "role")),
                       value_get_text(value_at(rows, i), "name"));
    TRY(rows_of(f,
                STR("SELECT c.criterion, replace(c.status, '-', '_') AS status, "
                    "max(e.quote) AS quote, max(e.place) AS place FROM criterion_result c "
                    "LEFT JOIN criterion_evidence e ON e.criterion = c.criterion "
                    "AND e.document = c.document AND e.n = (SELECT min(f.n) "
                    "FROM criterion_evidence f WHERE f.criterion = c.criterion "
                    "AND f.document = c.document) WHERE c.document = :document "
                    "GROUP BY c.criterion, c.status ORDER BY c.criterion"),
                id, &rows));
    value_set(document, "criteria", rows);
    return 0;
}

static int take_documents(struct folder *f)
{
    struct arena *mem = f->in->cx->mem;
    struct value *documents, *tree = value_map(mem), *top = value_map(mem);
    struct value *taken = value_list(mem);
    bool is;

    TRY(rows_of(f, STR("SELECT * FROM imported_document WHERE :document = 0 ORDER BY path"), 0,
                &documents));
    for (size_t i = 0; i < value_count(documents); i++) {
        struct value *document = value_at_mut(documents, i);
        struct str path = value_get_text(document, "path");
        if (value_get_int(document, "copy_of", 0) != 0) {
            incoming_skip(f->in, path, str_of(_("It has the same bytes as another document.")));
            continue;
        }
        if (value_get_text(document, "title").n == 0)
            value_set_text(document, "title", base_name(path));
        TRY(complete_document(f, document));
        value_push(taken, document);
    }
    value_set(top, "documents", taken);
    value_set(tree, "assay_folder", top);
    return incoming_framework(f->in, str_of(f->path), tree, &is);
}

static void take_skipped(struct folder *f)
{
    for (size_t i = 0; i < value_count(f->intake.skipped); i++) {
        const struct value *item = value_at(f->intake.skipped, i);
        incoming_skip(f->in, value_get_text(item, "path"), value_get_text(item, "why"));
    }
}

/* What was noted of files in the reading, such as formulas that have no result stored. */
static void take_notes(struct folder *f)
{
    for (size_t i = 0; i < value_count(f->intake.documents); i++) {
        const struct value *document = value_at(f->intake.documents, i);
        if (value_get_text(document, "error").n > 0)
            incoming_skip(f->in, value_get_text(document, "path"),
                          value_get_text(document, "error"));
    }
}

/* Why a file by itself gave no line: it could not be read, or its headings are no register's. */
static int no_table(const struct folder *f)
{
    struct ctx *cx = f->in->cx;

    for (size_t i = 0; i < value_count(f->intake.skipped); i++) {
        const struct value *item = value_at(f->intake.skipped, i);
        if (str_eq(value_get_text(item, "path"), base_name(str_of(f->path))))
            return fail(cx, RC_INVALID, f->path, "%s: %.*s", f->path,
                        STR_ARG(value_get_text(item, "why")));
    }
    if (f->in->def != NULL)
        return fail(cx, RC_INVALID, f->path,
                    _("%s: no row in it has headings of the register %.*s. Say which column is "
                      "which field with --map \"HEADING=FIELD\"."),
                    f->path, STR_ARG(f->in->def->id));
    return fail(cx, RC_INVALID, f->path,
                _("%s: no table in it was understood as a register. Say which it is with "
                  "--register, and which column is which field with --map."),
                f->path);
}

int incoming_folder(struct incoming *in, const char *path, bool documents)
{
    struct folder f CLEANUP(folder_end) = {.in = in,
                                           .path = path,
                                           .wholes = dict_new(in->cx->mem),
                                           .raw = {in, path, dict_new(in->cx->mem)},
                                           .told = dict_new(in->cx->mem),
                                           .lenient = documents};

    TRY(read_folder(&f));
    TRY(take_tables(&f));
    if (documents)
        TRY(take_documents(&f));
    take_skipped(&f);
    take_notes(&f);
    if (!documents && value_count(in->mapping) == 0)
        return no_table(&f);
    return 0;
}
