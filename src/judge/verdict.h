/*
 * From facts to a verdict: the parts `verdict`, `minimum`, `clauses`, `findings`, `requirements`
 * and `controls` of a result (docs/stage1.schema.json). Thresholds, orders and words are data
 * (verdict.yaml of the standard).
 */
#ifndef ASSAY_JUDGE_VERDICT_H
#define ASSAY_JUDGE_VERDICT_H

#include "judge/rules.h"

/*
 * Judges what the matcher wrote into `store` (tables of standards/facts.sql, with a row in
 * fact_run): fills in the standard, derives, runs the rules in a child, and sets the parts in the
 * map `result`. To be called once a store.
 */
MUST_CHECK int judge_run(struct ctx *cx, const struct standard *standard, struct store *store,
                         struct value *result);

/* The same from violations that are there already, as rules_run() gives them. */
MUST_CHECK int judge_violations(struct ctx *cx, const struct standard *standard,
                                const struct rules *rules, struct store *store,
                                const struct value *violations, struct value *result);

#endif
