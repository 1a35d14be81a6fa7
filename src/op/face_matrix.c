/* A matrix: how many records lie in which cell of two scales, before something is done and after.
 */
#include "op/face.h"

struct matrix {
    struct face *f;
    struct arena *mem;
    struct value *cells; /* {up, across, level, tone} */
};

static const char *const axes[] = {"up", "across"};

/* ---- the scales ---- */

static void add_step(struct arena *mem, struct value *steps, int64_t step, struct str name)
{
    struct value *one = value_map(mem);

    for (size_t i = 0; i < value_count(steps); i++)
        if (value_get_int(value_at(steps, i), "step", 0) == step)
            return;
    value_set_int(one, "step", step);
    value_set_text(one, "name", name);
    value_push(steps, one);
}

static int by_step(const void *a, const void *b)
{
    int64_t x = value_get_int(*(struct value *const *)a, "step", 0),
            y = value_get_int(*(struct value *const *)b, "step", 0);

    return (x > y) - (x < y);
}

static void say_scales(const struct matrix *m, const struct value *rows)
{
    for (size_t k = 0; k < COUNT_OF(axes); k++) {
        struct value *axis = value_map(m->mem), *steps = value_list(m->mem);
        const char *name = str_printf(m->mem, "%s_name", axes[k]).p;
        for (size_t i = 0; i < value_count(rows); i++)
            add_step(m->mem, steps, value_get_int(value_at(rows, i), axes[k], 0),
                     value_get_text(value_at(rows, i), name));
        value_set_text(axis, "label", value_get_text(m->f->face->yaml, axes[k]));
        value_sort(steps, by_step);
        value_set(axis, "steps", steps);
        value_set(m->f->result, axes[k], axis);
    }
}

static int read_cells(struct matrix *m)
{
    const struct value *tones = value_get(m->f->face->yaml, "tones");
    struct value *rows, *legend = value_list(m->mem);

    TRY(face_rows(m->f, m->f->face->yaml, "cells", &rows));
    say_scales(m, rows);
    for (size_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_at(rows, i);
        struct value *cell = value_map(m->mem);
        value_set_int(cell, "up", value_get_int(row, "up", 0));
        value_set_int(cell, "across", value_get_int(row, "across", 0));
        if (value_type(value_get(row, "level")) == VALUE_INT)
            value_set_int(cell, "level", value_get_int(row, "level", 0));
        value_set_text(cell, "tone", value_get_text(row, "tone"));
        value_push(m->cells, cell);
    }
    for (size_t i = 0; i < value_count(tones); i++) {
        struct value *one = value_map(m->mem);
        value_set_text(one, "tone", value_key_at(tones, i));
        value_set_text(one, "label", value_as_text(value_at(tones, i)));
        value_push(legend, one);
    }
    value_set(m->f->result, "cells", m->cells);
    value_set(m->f->result, "tones", legend);
    return 0;
}

/* ---- what lies where ---- */

/* "likelihood={{up}}" of this cell: what the list is asked for that it leads to. */
static int cell_where(const struct matrix *m, const struct value *pass, const struct value *cell,
                      struct value **ret)
{
    const struct value *where = value_get(pass, "where");
    struct ctx *cx = m->f->call->cx;

    *ret = value_list(m->mem);
    for (size_t i = 0; i < value_count(where); i++) {
        struct buf out = buf_new(m->mem);
        struct mustache *filter;
        TRY(mustache_compile(cx, "where", value_as_text(value_at(where, i)), MUSTACHE_PLAIN, NULL,
                             NULL, &filter));
        TRY(mustache_render(filter, cell, &out));
        value_push(*ret, value_text(m->mem, buf_str(&out)));
    }
    return 0;
}

static bool has_step(const struct matrix *m, const struct value *row, const char *axis)
{
    const struct value *steps = value_get(value_get(m->f->result, axis), "steps"),
                       *at = value_get(row, axis);

    for (size_t i = 0; i < value_count(steps) && value_type(at) == VALUE_INT; i++)
        if (value_get_int(value_at(steps, i), "step", 0) == value_as_int(at, 0))
            return true;
    return false;
}

static int read_pass(struct matrix *m, struct str id, const struct value *pass, struct value *list)
{
    struct value *rows, *one = value_map(m->mem), *cells = value_list(m->mem), *where;
    int64_t placed = 0, unplaced = 0;

    TRY(face_rows(m->f, pass, "select", &rows));
    for (size_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_at(rows, i);
        int64_t n = value_get_int(row, "n", 0);
        if (!has_step(m, row, "up") || !has_step(m, row, "across")) {
            unplaced += n;
            continue;
        }
        struct value *cell = value_map(m->mem);
        placed += n;
        value_set_int(cell, "up", value_get_int(row, "up", 0));
        value_set_int(cell, "across", value_get_int(row, "across", 0));
        value_set_int(cell, "n", n);
        TRY(cell_where(m, pass, cell, &where));
        value_set(cell, "where", where);
        value_push(cells, cell);
    }
    value_set_text(one, "id", id);
    value_set_text(one, "label", value_get_text(pass, "label"));
    value_set_int(one, "placed", placed);
    value_set_int(one, "unplaced", unplaced);
    value_set(one, "cells", cells);
    value_push(list, one);
    return 0;
}

/* ---- the same as a table ---- */

static int64_t count_in(const struct value *pass, const struct value *cell)
{
    const struct value *cells = value_get(pass, "cells");

    for (size_t i = 0; i < value_count(cells); i++)
        if (value_get_int(value_at(cells, i), "up", 0) == value_get_int(cell, "up", 0) &&
            value_get_int(value_at(cells, i), "across", 0) == value_get_int(cell, "across", 0))
            return value_get_int(value_at(cells, i), "n", 0);
    return 0;
}

static void add_column(struct arena *mem, struct value *columns, const char *field,
                       struct str label)
{
    struct value *one = value_map(mem);

    value_set_text(one, "field", str_of(field));
    value_set_text(one, "label", label);
    value_set_text(one, "type", STR("integer"));
    value_push(columns, one);
}

/* Cells in which something lies. */
static void say_table(const struct matrix *m, const struct value *passes)
{
    struct value *columns = value_list(m->mem), *records = value_list(m->mem);

    for (size_t k = 0; k < COUNT_OF(axes); k++)
        add_column(m->mem, columns, axes[k], value_get_text(m->f->face->yaml, axes[k]));
    add_column(m->mem, columns, "level", str_of(_("Level")));
    for (size_t k = 0; k < value_count(passes); k++)
        add_column(m->mem, columns, str_z(m->mem, value_get_text(value_at(passes, k), "id")),
                   value_get_text(value_at(passes, k), "label"));
    for (size_t i = 0; i < value_count(m->cells); i++) {
        struct value *row = value_map(m->mem), *fields = value_copy(m->mem, value_at(m->cells, i));
        int64_t all = 0;
        for (size_t k = 0; k < value_count(passes); k++) {
            int64_t n = count_in(value_at(passes, k), value_at(m->cells, i));
            all += n;
            value_set_int(fields, str_z(m->mem, value_get_text(value_at(passes, k), "id")), n);
        }
        value_set(row, "fields", fields);
        if (all > 0)
            value_push(records, row);
    }
    value_set(m->f->result, "columns", columns);
    value_set_int(m->f->result, "count", (int64_t)value_count(records));
    value_set(m->f->result, "records", records);
}

int face_matrix(struct face *f)
{
    struct arena *mem = f->call->cx->mem;
    struct matrix m = {f, mem, value_list(mem)};
    const struct value *passes = value_get(f->face->yaml, "passes");
    struct value *list = value_list(mem);

    TRY(read_cells(&m));
    for (size_t i = 0; i < value_count(passes); i++)
        TRY(read_pass(&m, value_key_at(passes, i), value_at(passes, i), list));
    value_set(f->result, "passes", list);
    say_table(&m, list);
    return 0;
}
