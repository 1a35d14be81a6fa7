/* How a gathered line could read: in the columns that the person's own table has, by the example of
 * its register; else by the rule's own words. */
#include "judge/verdict_parts.h"
#include "register/register.h"

static void add_example(struct arena *mem, struct buf *out, const struct value *v)
{
    if (value_type(v) != VALUE_LIST) {
        buf_add(out, value_print(mem, v));
        return;
    }
    for (size_t i = 0; i < value_count(v); i++) {
        buf_addz(out, i > 0 ? ", " : "");
        buf_add(out, value_print(mem, value_at(v, i)));
    }
}

/* What the table calls the field; "" where it has no column of it. */
static int header_of(struct case_file *c, int64_t table, struct str field, struct str *ret)
{
    bool row;
    STMT(s);

    *ret = STR_NONE;
    TRY(store_prepare(c->cx, c->store,
                      STR("SELECT header FROM register_column WHERE register_table = :table AND "
                          "field = :field ORDER BY at LIMIT 1"),
                      &s));
    TRY(stmt_bind_int(c->cx, s, "table", table));
    TRY(stmt_bind_text(c->cx, s, "field", field));
    TRY(stmt_step(c->cx, s, &row));
    if (row)
        *ret = str_trim(stmt_text(c->cx->mem, s, 0));
    return 0;
}

/* "Owner: Head of IT; Due: 2026-12-31" for the fields that the row names, "" where one is not to be
 * shown. */
static int by_example(struct case_file *c, const struct rule *rule, const struct value *row,
                      struct buf *out)
{
    const struct value *example = value_get(rule->example->yaml, "example");
    struct str rest = value_get_text(row, "fields"), id, header;

    while (rest.n > 0 && str_split(&rest, ',', &id)) {
        const struct value *v = value_get(example, str_z(c->cx->mem, str_trim(id)));
        TRY(header_of(c, value_get_int(row, "register_table", 0), str_trim(id), &header));
        if (v == NULL || header.n == 0) {
            out->n = 0;
            return 0;
        }
        buf_printf(out, "%s%.*s: ", out->n > 0 ? "; " : "", STR_ARG(header));
        add_example(c->cx->mem, out, v);
    }
    return 0;
}

/* The same for the line before, where that lacks the same fields. */
static int by_example_again(struct case_file *c, const struct rule *rule, const struct value *row,
                            struct buf *out)
{
    struct str fields = value_get_text(row, "fields");
    int64_t table = value_get_int(row, "register_table", 0);

    if (c->last_example.rule != rule || c->last_example.table != table ||
        !str_eq(c->last_example.fields, fields)) {
        TRY(by_example(c, rule, row, out));
        c->last_example.rule = rule;
        c->last_example.table = table;
        c->last_example.fields = fields;
        c->last_example.text = buf_str(out);
        return 0;
    }
    buf_add(out, c->last_example.text);
    return 0;
}

int better_set(struct case_file *c, const struct rule *rule, const struct value *row,
               struct value *line)
{
    struct buf out = buf_new(c->cx->mem);

    if (rule->example != NULL)
        TRY(by_example_again(c, rule, row, &out));
    if (out.n == 0 && rule->texts[RULE_BETTER] != NULL &&
        mustache_render(rule->texts[RULE_BETTER], row, &out) < 0)
        return fail(c->cx, RC_LIMIT, "better", _("The text of a finding grows too large."));
    value_set(line, "better", out.n > 0 ? value_text(c->cx->mem, buf_str(&out)) : NULL);
    return 0;
}
