/*
 * The judge over a home: an organisation's records become the facts that rules read, and stay warm,
 * so that a change costs what it touches.
 *
 *     judge_home_new() -> judge_home_put() for each record -> judge_home_judge()
 *
 * What records are to rules (docs/rules.md, "A home"): each is a row of its register's table;
 * persons and references stand there by name or ref; a register that has records counts as a
 * document of the kinds its definition names, and so does each record of the register of documents
 * with what it covers. Path is the title of the register, place the record's ref.
 *
 * A struct judge_home owns its memory and its private store, and belongs to one thread. Records may
 * come in any order and again; what is put is copied. The same records give the same result,
 * whatever came before: a test compares.
 */
#ifndef ASSAY_JUDGE_HOME_H
#define ASSAY_JUDGE_HOME_H

#include "judge/rules.h"
#include "register/record.h"

struct judge_home;

/* Which audit is foreseen. */
enum judge_stage {
    JUDGE_STAGE1 = 1,
    JUDGE_STAGE2 = 2,
    JUDGE_SURVEILLANCE = 3,
    JUDGE_RECERTIFICATION = 4,
};

struct judge_request {
    enum judge_stage stage;
    struct date today;
    struct date stage2; /* the planned day of Stage 2, or none */
};

/* `standard` (with its registers, which `registers` may add to) and `rules` must outlive it. */
MUST_CHECK int judge_home_new(struct ctx *cx, const struct standard *standard,
                              const struct registers *registers, const struct rules *rules,
                              struct judge_home **ret);
void judge_home_free(struct judge_home *home); /* NULL is fine */
void judge_home_freep(struct judge_home **home);

/* The last version of a record, with what is computed of it (record_complete()); without a body it
 * is gone. */
MUST_CHECK int judge_home_put(struct ctx *cx, struct judge_home *home, const struct record *record);

/* All records of an organisation, which has the registers of the home: as they are now, or were at
 * the instant `as_of`. */
MUST_CHECK int judge_home_put_all(struct ctx *cx, struct judge_home *home,
                                  const struct record_store *rs, struct str as_of);

/* Brings the facts up to date without running a rule: for those who look at them. */
MUST_CHECK int judge_home_derive(struct ctx *cx, struct judge_home *home,
                                 const struct judge_request *request);

/* How a judgement came about. */
struct judge_work {
    size_t steps, rules; /* that ran */
};

/*
 * Judges what was put: sets in `result` what judge_run() sets. Only what rests on changes since the
 * last call is done again. `ret_work` may be NULL.
 */
MUST_CHECK int judge_home_judge(struct ctx *cx, struct judge_home *home,
                                const struct judge_request *request, struct value *result,
                                struct judge_work *ret_work);

/* The facts, to be read only. */
struct store *judge_home_store(struct judge_home *home);

#endif
