#include "op/incoming_raw.h"

#include <sys/stat.h>

#include "base/fold.h"
#include "register/outward.h"

/* ---- reading ---- */

static bool is_spreadsheet(struct str path)
{
    return str_ends_nocase(path, ".xlsx") || str_ends_nocase(path, ".xlsm") ||
           str_ends_nocase(path, ".ods") || str_ends_nocase(path, ".csv") ||
           str_ends_nocase(path, ".tsv");
}

int raw_read(struct raw *raw, struct str path)
{
    struct arena *mem = raw->in->cx->mem;
    struct value *sheets = NULL;
    const char *at = raw->root;
    struct stat st;

    if (!is_spreadsheet(path) || dict_has(raw->files, path))
        return 0;
    if (stat(at, &st) == 0 && S_ISDIR(st.st_mode))
        at = str_z(mem, str_printf(mem, "%s/%.*s", at, STR_ARG(path)));
    if (stat(at, &st) == 0 && S_ISREG(st.st_mode)) /* it may stand in an archive */
        TRY(incoming_sheets(raw->in, at, &sheets));
    if (sheets != NULL)
        dict_set(raw->files, path, sheets);
    return 0;
}

/* ---- cells ---- */

static const struct value *row_of(const struct value *rows, int64_t row)
{
    size_t from = 0, to = value_count(rows);

    while (from < to) { /* they are in the order of their numbers */
        size_t middle = from + (to - from) / 2;
        int64_t at = value_as_int(value_at(value_at(rows, middle), 0), 0);
        if (at == row)
            return value_at(rows, middle);
        if (at < row)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

static const struct value *sheet_of(const struct value *sheets, struct str name)
{
    for (size_t i = 0; i < value_count(sheets); i++)
        if (str_eq(value_get_text(value_at(sheets, i), "name"), name))
            return value_at(sheets, i);
    return NULL;
}

struct str raw_cell(const struct raw *raw, const struct value *table, const struct value *row,
                    const struct value *column)
{
    const struct value *sheets = dict_get(raw->files, value_get_text(table, "path"));
    const struct value *sheet = sheet_of(sheets, value_get_text(row, "sheet"));
    const struct value *cells = row_of(value_get(sheet, "rows"), value_get_int(row, "row", 0));

    for (size_t i = 1; i + 1 < value_count(cells); i += 2)
        if (value_as_int(value_at(cells, i), -1) == value_get_int(column, "at", -2))
            return value_as_text(value_at(cells, i + 1));
    return STR_NONE;
}

/* What no cleaning takes away or puts in: neither blanks nor marks that are not seen. */
static struct str gist(struct arena *mem, struct str s)
{
    struct buf out = buf_new(mem);

    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        uint32_t c = utf8_next(s, &at);
        if (c > ' ' && c != 0x7f && c != 0xa0 && c != 0xad && !(c >= 0x2000 && c <= 0x200f) &&
            !(c >= 0x2028 && c <= 0x202f) && c != 0x3000 && c != 0xfeff)
            buf_add(&out, str_sub(s, from, at - from));
    }
    return buf_str(&out);
}

struct str raw_text(struct arena *mem, struct str cell, struct str read)
{
    static const struct str cut = {"\xe2\x80\xa6", 3};
    struct str said, whole;

    if (cell.n == 0 || read.n == 0)
        return read;
    said = gist(mem, read);
    whole = gist(mem, cell);
    if (whole.n > said.n && str_ends(said, cut))
        said.n -= cut.n;
    else if (whole.n != said.n)
        return read;
    return said.n > 0 && str_starts(whole, said) ? str_trim(cell) : read;
}

/* ---- columns ---- */

const struct value *raw_column(const struct value *table, struct str field)
{
    const struct value *columns = value_get(table, "columns");

    for (size_t i = 0; i < value_count(columns); i++)
        if (str_eq(value_get_text(value_at(columns, i), "field"), field))
            return value_at(columns, i);
    return NULL;
}

static struct str folded(struct arena *mem, struct str s)
{
    return str_lower(mem, str_squeeze(mem, s));
}

/* The field that a heading is the id or the label of, or any other name; NULL for none, and where
 * another column fills it. */
static const struct register_field *called(const struct raw *raw, const struct register_def *def,
                                           const struct value *table, struct str heading,
                                           bool exactly)
{
    struct arena *mem = raw->in->cx->mem;
    const struct register_field *field = register_field_named(mem, def, heading);

    if (field == NULL || field->only_computed || field->type == REGISTER_ROWS ||
        raw_column(table, field->id) != NULL ||
        str_is(value_get_text(raw->in->columns, str_z(mem, heading)), "-"))
        return NULL;
    return !exactly || str_eq(field->id, folded(mem, heading)) ||
                   str_eq(folded(mem, field->label), folded(mem, heading))
               ? field
               : NULL;
}

/* Of a register that is named and has no field for it: whether others call their numbers so. */
static bool is_number(const struct raw *raw, const struct register_def *def, struct str heading)
{
    const struct registers *registers = raw->in->rs->registers;

    if (def != raw->in->def || def->single || register_field(def, STR("ref")) != NULL)
        return false;
    for (size_t i = 0; i < registers->n; i++) {
        const struct register_field *field =
            register_field_named(raw->in->cx->mem, &registers->items[i], heading);
        if (field != NULL && str_is(field->id, "ref"))
            return true;
    }
    return str_eq(heading, outward_ref_heading(def));
}

static void name_column(struct value *column, struct str field, struct str label)
{
    value_set_text(column, "field", field);
    value_set_text(column, "label", label);
    value_set_bool(column, "called", true);
}

static void name_columns(const struct raw *raw, const struct register_def *def, struct value *table,
                         bool exactly)
{
    struct value *columns = value_get_mut(table, "columns");

    for (size_t i = 0; i < value_count(columns); i++) {
        struct value *column = value_at_mut(columns, i);
        struct str heading = value_get_text(column, "header");
        const struct register_field *field = NULL;
        if (value_get_text(column, "field").n > 0 || heading.n == 0)
            continue;
        field = called(raw, def, table, heading, exactly);
        if (field != NULL)
            name_column(column, field->id, field->label);
        else if (raw_column(table, STR("ref")) == NULL && is_number(raw, def, heading))
            name_column(column, STR("ref"), outward_ref_heading(def));
    }
}

void raw_name_columns(const struct raw *raw, struct value *table)
{
    const struct register_def *def =
        registers_find(raw->in->rs->registers, value_get_text(table, "register"));

    if (def == NULL || !dict_has(raw->files, value_get_text(table, "path")))
        return;
    name_columns(raw, def, table, true);
    if (def == raw->in->def)
        name_columns(raw, def, table, false);
}
