/* A judged home filled from YAML: {REGISTER: [{id, ref, FIELD: value}]}. */
#ifndef ASSAY_TESTS_JUDGE_HOMES_H
#define ASSAY_TESTS_JUDGE_HOMES_H

#include "judge/home.h"
#include "register/register.h"
#include "tests/harness.h"

/* The standard inside the program, once for all tests of the process, which only read it. */
struct loaded {
    struct standard *standard;
    const struct registers *registers;
    struct rules *rules;
};

MUST_CHECK int homes_loaded(struct ctx *cx, const struct loaded **ret);

struct homes {
    struct ctx *cx;
    const struct standard *standard;
    const struct registers *registers;
    const struct rules *rules;
    struct judge_home *home;
    struct value *put; /* "REGISTER ID" of all that was put */
};

MUST_CHECK int homes_open(struct ctx *cx, struct homes *h);
void homes_close(struct homes *h);

/* Records of a case; one without id has its ref for it, and one without either is numbered. A
 * record with `gone: true` is removed. */
MUST_CHECK int homes_put(struct homes *h, const struct value *records);
MUST_CHECK int homes_put_yaml(struct homes *h, const char *yaml);
/* Takes out all that was put. */
MUST_CHECK int homes_empty(struct homes *h);
/* The facts of a case of a rule of a home (docs/rules.md, "A home"), and nothing else. */
MUST_CHECK int homes_case(struct homes *h, const struct rule *rule, const struct value *test);
MUST_CHECK int homes_judge(struct homes *h, enum judge_stage stage, struct value **ret,
                           struct judge_work *work);

/* The one value that a query over the facts gives, as text; "" for none. */
struct str homes_ask(struct homes *h, const char *sql);

/* The findings' rules, requirements and statements, one a line. */
struct str homes_findings(struct homes *h, const struct value *result);

#endif
