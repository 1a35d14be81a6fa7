/* The way of each risk to evidence, and where it breaks. */
#include "judge/verdict.h"
#include "tests/harness.h"
#include "tests/judge/bench.h"

static const struct value *trails_of(struct ctx *cx, const char *yaml)
{
    struct value *result = value_map(cx->mem);
    struct bench b = {0};

    CHECK_OK(bench_open(cx, &b));
    CHECK_OK(bench_yaml(&b, yaml));
    CHECK_OK(judge_violations(cx, b.standard, b.rules, b.store, value_list(cx->mem), result));
    bench_close(&b);
    return value_get(result, "trails");
}

/* "risk there, owner there, control broken". */
static struct str steps_of(struct ctx *cx, const struct value *trail)
{
    const struct value *steps = value_get(trail, "steps");
    struct buf out = buf_new(cx->mem);

    for (size_t i = 0; i < value_count(steps); i++)
        buf_printf(&out, "%s%.*s %.*s", i > 0 ? ", " : "",
                   STR_ARG(value_get_text(value_at(steps, i), "step")),
                   STR_ARG(value_get_text(value_at(steps, i), "state")));
    return buf_str(&out);
}

#define RISK(more)                                                                                 \
    "have: [DOC-SOA, REC-RA, DOC-BACKUP, DOC-RTP]\nlines: 93\n"                                    \
    "records: {risk: [{document: 2, ref: R1, description: Backups fail, likelihood: 2, level: 4, " \
    "owner: M. Lind, treatment: modify" more "}]}\n"

TEST(trail_from_risk_to_document)
{
    const struct value *trails = trails_of(cx, RISK(", controls: [A.8.13]"));

    CHECK_INT(value_count(trails), 1);
    CHECK_STR(value_get_text(value_at(trails, 0), "ref"), "R1");
    CHECK_STR(value_get_text(value_at(trails, 0), "risk"), "Backups fail");
    CHECK_STR(steps_of(cx, value_at(trails, 0)),
              "risk there, owner there, control there, statement there, document there, "
              "evidence unknown");
    CHECK(!value_get_bool(value_at(trails, 0), "broken"));
}

TEST(trail_breaks_where_a_step_is_missing)
{
    const struct value *none = trails_of(cx, RISK(", controls: null"));
    const struct value *left_out = trails_of(
        cx,
        RISK(", controls: [A.8.13]") "line: {A.8.13: {applicable: 0, reason: nothing to lose}}");
    const struct value *bare = trails_of(cx, RISK(", controls: [A.8.24, A.8.13]"));
    const struct value *kept =
        trails_of(cx, "have: [REC-RA]\nrecords: {risk: [{ref: R1, description: Rain, level: 1, "
                      "owner: null, treatment: retain}]}");

    CHECK_STR(steps_of(cx, value_at(none, 0)), "risk there, owner there, control broken");
    CHECK_STR(value_get_text(value_at(none, 0), "breaks_at"), "control");
    CHECK_STR(steps_of(cx, value_at(left_out, 0)),
              "risk there, owner there, control there, statement broken");
    /* of two controls, the one that no document describes */
    CHECK_STR(value_get_text(value_at(bare, 0), "breaks_at"), "document");
    CHECK_STR(steps_of(cx, value_at(kept, 0)), "risk there, owner broken, control kept");
    CHECK(value_get_bool(value_at(kept, 0), "broken"));
}

TEST(trails_are_none_without_risks)
{
    CHECK_INT(value_count(trails_of(cx, "have: [REC-RA]")), 0);
}
