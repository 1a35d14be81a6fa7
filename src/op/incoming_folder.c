/* Folders and documents, as the judging understands them: tables that are registers, documents. */
#include "judge/references.h"
#include "judge/tables.h"
#include "op/incoming.h"
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
    TRY(tables_make(cx, f->store, f->library.standard));
    TRY(intake_run(cx, &f->library, f->store, f->server, &request, NULL, &f->intake));
    TRY(references_find(cx, &f->library, f->store));
    return registers_value(cx, f->store, f->library.standard->registers, &f->tables);
}

/* ---- tables ---- */

/* Which table a line is of, as a number of the list of tables: they are in the order of their ids.
 */
static const struct value *table_of(const struct folder *f, const struct value *row)
{
    int64_t id = value_get_int(row, "register_table", 0);

    return id > 0 ? value_at(f->tables, (size_t)id - 1) : NULL;
}

static struct str column_of(const struct value *table, struct str field)
{
    const struct value *columns = value_get(table, "columns");

    for (size_t i = 0; i < value_count(columns); i++)
        if (str_eq(value_get_text(value_at(columns, i), "field"), field))
            return value_get_text(value_at(columns, i), "header");
    return STR_NONE;
}

static bool has_column(const struct value *table, struct str field)
{
    const struct value *columns = value_get(table, "columns");

    for (size_t i = 0; i < value_count(columns); i++)
        if (str_eq(value_get_text(value_at(columns, i), "field"), field))
            return true;
    return false;
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

/* Texts and lists are cut where they are read for judging: what may have been cut is not taken. */
static bool is_cut(const struct value *v)
{
    struct str text = value_as_text(v);

    return value_count(v) >= REGISTER_VALUES ||
           (text.n + 8 > REGISTER_TEXT_BYTES && str_ends(text, STR("\xe2\x80\xa6")));
}

static void set_cell(struct folder *f, struct plan_line *line, const struct register_field *field,
                     struct str column, const struct value *row)
{
    struct arena *mem = f->in->cx->mem;
    const struct value *v = value_get(row, str_z(mem, field->id));
    struct str said = value_get_text(row, str_printf(mem, "%.*s_said", STR_ARG(field->id)).p);
    struct plan_cell *cell = plan_cell_add(f->in->plan, line, field, column);

    if (is_cut(v))
        plan_reject(f->in->plan, line, column,
                    str_of(_("It is longer than is read of such a table: name the register with "
                             "--register.")));
    if (value_type(v) == VALUE_NULL && said.n > 0) {
        cell->is_text = true; /* not understood: the writing says why */
        cell->value = value_text(mem, said);
    } else if (field->type == REGISTER_YES_NO && value_type(v) == VALUE_INT) {
        cell->value = value_bool(mem, value_as_int(v, 0) != 0);
    } else {
        cell->value = v;
    }
}

static int add_row(struct folder *f, const struct register_def *def, const struct value *row)
{
    const struct value *table = table_of(f, row);
    int64_t line_number = value_get_int(row, "line", 0), row_number = value_get_int(row, "row", 0);
    struct plan_place at = {.file = value_get_text(row, "path"),
                            .sheet = value_get_text(row, "sheet"),
                            .row = (uint32_t)(row_number > 0 ? row_number : line_number),
                            .place = value_get_text(row, "place")};
    struct plan_line *line;

    TRY(plan_line_add(f->in->plan, def, &at, &line));
    line->ref = value_get_text(row, "ref");
    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        bool there = value_type(value_get(row, str_z(f->in->cx->mem, field->id))) != VALUE_NULL;
        if (field->only_computed || str_is(field->id, "ref") || field->type == REGISTER_ROWS)
            continue;
        if (there || has_column(table, field->id))
            set_cell(f, line, field, column_of(table, field->id), row);
    }
    return 0;
}

static int add_rows(struct folder *f, const struct register_def *judged)
{
    const struct register_def *def = registers_find(f->in->rs->registers, judged->id);
    struct value *rows;

    if (judged->is_not || def == NULL || (!judged->is_recognised && def != f->in->def))
        return 0;
    TRY(register_rows(f->in->cx, f->store, judged, &rows));
    for (size_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_at(rows, i);
        if (value_get_int(row, "sample", 0) != 0)
            continue;
        if (def->part_of.n > 0) {
            incoming_skip(f->in, value_get_text(row, "place"),
                          str_printf(f->in->cx->mem,
                                     _("Lines of %.*s stand in records of another register: enter "
                                       "them there."),
                                     STR_ARG(def->title)));
            break;
        }
        TRY(add_row(f, def, row));
        TRY(ctx_check(f->in->cx));
    }
    return 0;
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
    value_set_int(map, "samples", value_get_int(table, "samples", 0));
    value_set(map, "columns", columns_value(mem, table));
    value_push(f->in->mapping, map);
    return 0;
}

static int take_tables(struct folder *f)
{
    const struct registers *judged = f->library.standard->registers;

    for (size_t i = 0; i < value_count(f->tables); i++)
        TRY(add_table(f, value_at(f->tables, i)));
    for (size_t i = 0; i < judged->n; i++)
        TRY(add_rows(f, &judged->items[i]));
    return 0;
}

/* ---- documents ---- */

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
                    "AND e.document = c.document AND e.n = 1 WHERE c.document = :document "
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

    TRY(rows_of(f, STR("SELECT * FROM document WHERE :document = 0 ORDER BY path"), 0, &documents));
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
    struct folder f CLEANUP(folder_end) = {.in = in, .path = path};

    TRY(read_folder(&f));
    TRY(take_tables(&f));
    if (documents)
        TRY(take_documents(&f));
    take_skipped(&f);
    if (!documents && value_count(in->mapping) == 0)
        return no_table(&f);
    return 0;
}
