/* Values of records, from JSON and from text: what is taken is a body's value, and comes back from
 * JSON and from text as what it was. The first line names register and field. */
#include "register/record.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Made once: definitions and tables are ours, values are strangers'. */
static const struct record_store *records(void)
{
    static struct record_store rs;
    struct store *store;
    const struct registers *registers;
    struct content content;

    if (rs.store != NULL)
        return &rs;
    struct ctx cx = {.mem = arena_new((size_t)256 << 20)};
    if (content_open(&cx, NULL, &content) != 0 || registers_load(&cx, &content, &registers) != 0 ||
        store_open(&cx, NULL, 0, &store) != 0)
        abort();
    record_store_open(store, registers, NULL, &rs);
    if (record_tables(&cx, &rs) != 0)
        abort();
    return &rs;
}

static bool same(struct ctx *cx, const struct value *a, const struct value *b)
{
    return str_eq(record_json(cx->mem, a), record_json(cx->mem, b));
}

/* What the check takes can be read back in both ways. */
static void check(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                  const struct register_field *field, struct value *v)
{
    struct value *body = value_map(cx->mem), *problems = value_list(cx->mem), *again;
    struct record_change change = {.def = def, .body = body, .imported = true};
    struct str printed;

    value_set(body, str_z(cx->mem, field->id), v);
    if (record_check(cx, rs, &change, problems) != 0)
        abort();
    if (value_count(problems) > 0)
        return;
    if (record_value(cx, rs, def, field, v, true, &again) != 0 || !same(cx, v, again))
        abort();
    if (record_print(cx, rs, field, v, &printed) != 0 ||
        record_parse(cx, rs, def, field, printed, true, &again) != 0 || !same(cx, v, again))
        abort();
}

static void take(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                 const struct register_field *field, struct str rest)
{
    struct value *given, *again, *v = NULL;

    if (json_parse(cx, "fuzz", rest, &given) == 0) {
        if (json_parse(cx, "fuzz", record_json(cx->mem, given), &again) == 0 &&
            !same(cx, given, again))
            abort();
        if (record_value(cx, rs, def, field, given, true, &v) == 0 && v != NULL)
            check(cx, rs, def, field, v);
    }
    if (record_parse(cx, rs, def, field, rest, true, &v) == 0 && v != NULL)
        check(cx, rs, def, field, v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)256 << 20), .today = {2026, 11, 30}};
    struct str rest = {(const char *)data, size}, line, id;
    const struct record_store *rs = records();

    if (utf8_valid(rest) && str_split(&rest, '\n', &line) && str_split(&line, '.', &id)) {
        const struct register_def *def = registers_find(rs->registers, id);
        const struct register_field *field = def != NULL ? register_field(def, line) : NULL;
        if (field != NULL && def->part_of.n == 0 && !def->is_not && !field->only_computed &&
            !str_is(field->id, "ref"))
            take(&cx, rs, def, field, rest);
    }
    arena_free(cx.mem);
    return 0;
}
