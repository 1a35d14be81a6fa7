#include "report/internal.h"

static struct value *lines_without_advice(struct arena *mem, const struct value *lines)
{
    struct value *kept = report_copy(mem, lines);

    for (size_t i = 0; i < value_count(kept); i++)
        value_set(value_at_mut(kept, i), "better", NULL);
    return kept;
}

/* For auditors: without what only the owner of the documents has a use for. */
static struct value *without_advice(struct arena *mem, const struct value *finding)
{
    struct value *kept = value_map(mem);

    for (size_t i = 0; i < value_count(finding); i++) {
        struct str key = value_key_at(finding, i);
        if (str_is(key, "lines"))
            value_set(kept, "lines", lines_without_advice(mem, value_at(finding, i)));
        else if (!str_is(key, "next_step") && !str_is(key, "effort_days") &&
                 !str_is(key, "lead_days"))
            value_set(kept, str_z(mem, key), report_copy(mem, value_at(finding, i)));
    }
    return kept;
}

static const struct value *for_auditor(struct arena *mem, const struct value *result)
{
    struct value *copy = report_copy(mem, result), *kept = value_list(mem);
    const struct value *findings = value_get(result, "findings");

    for (size_t i = 0; i < value_count(findings); i++)
        value_push(kept, without_advice(mem, value_at(findings, i)));
    value_set(copy, "findings", kept);
    return copy;
}

int report_json(struct ctx *cx, const struct value *result, const struct report_style *style,
                struct buf *out)
{
    if (style != NULL && style->auditor)
        result = for_auditor(cx->mem, result);
    value_json(out, result, 2);
    buf_char(out, '\n');
    return ctx_check(cx);
}
