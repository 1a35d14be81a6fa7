/*
 * Rules: each one SQL SELECT over the facts; every row is one violation (docs/rules.md). They are
 * data, below standards/ID/rules/, checked strictly when they are loaded and run in a child process
 * that may only read.
 *
 * All that is made here lives in the context's arena and is only read afterwards.
 */
#ifndef ASSAY_JUDGE_RULES_H
#define ASSAY_JUDGE_RULES_H

#include "judge/tables.h"

/* Steps of SQLite's machine that one rule may take, some seconds, and how many times as many all
 * rules of a run may take together. */
#define RULE_STEPS 200000000u
#define RULES_STEPS_TIMES 5u
/* Memory that one rule may take, for its rows as for what it sorts. */
#define RULE_MEMORY ((size_t)64 << 20)
#define RULE_ROWS 2000u

enum rule_text {
    RULE_TITLE,
    RULE_STATEMENT,
    RULE_WHY,
    RULE_NEXT_STEP,
    RULE_DO,
    RULE_LINE,
    RULE_BETTER,
    RULE_TEXTS
};

struct rule {
    struct str id;
    const char *file;
    const struct value *yaml;
    struct str requirement; /* empty where each row names its own */
    struct str sql;
    struct str subject;                 /* the column that makes the finding's id stable */
    struct mustache *texts[RULE_TEXTS]; /* from RULE_DO on may be NULL */
    const struct register_def *example; /* whose example tells how a line could read, or NULL */
    bool yields;      /* says nothing where another rule speaks of the requirement */
    bool gather;      /* rows with the same subject are lines of one finding */
    struct str shows; /* SQL that says where records show that all is well, or empty */
    unsigned stages;  /* a bit for each stage: RULE_STAGE(1) and so on */
    unsigned of;      /* RULE_OF_FOLDER, RULE_OF_HOME: over what it speaks */
};

/* 1 and 2 of the initial audit, 3 for surveillance, 4 for recertification. */
#define RULE_STAGES 4
#define RULE_STAGE(stage) (1u << (stage))
#define RULE_OF_FOLDER 1u
#define RULE_OF_HOME 2u

struct rules {
    struct rule *items; /* in the order of files and lines */
    size_t n, room;
    uint64_t steps;              /* RULE_STEPS, unless a test wants fewer */
    const struct value *verdict; /* verdict.yaml: what findings add up to, and in which words */
};

/* RC_INVALID "FILE:LINE: rule ID: ..." for an unknown or missing key, an id that nothing has, SQL
 * that does not prepare or gives no subject, a message that names no column, a rule without tests.
 */
MUST_CHECK int rules_load(struct ctx *cx, const struct standard *standard, struct rules **ret);

/* NULL where there is none. */
const struct rule *rules_find(const struct rules *rules, struct str id);
/* The same where the rule is likely to be `near` (NULL is fine): rows come rule by rule. */
const struct rule *rules_find_near(const struct rules *rules, struct str id,
                                   const struct rule *near);

/*
 * Runs one rule in a guarded store: appends a map {rule, row} for each violation to `list`, and a
 * map {rule, shows} where its records show that all is well (which says nothing where it is
 * violated). More
 * than RULE_ROWS rows are an error, but where they are gathered: there the rest is left out, and
 * the rule's own columns `bad` and `total` count them.
 */
MUST_CHECK int rule_run(struct ctx *cx, struct store *store, const struct rule *rule,
                        struct value *list);

/* A rule's statements, prepared in a store that a child inherits (store_prepare_guarded()). */
struct rule_statements {
    struct stmt *rows, *shows; /* NULL for none */
};

/* Appends the names of the tables that the rule reads to `reads`. */
MUST_CHECK int rule_prepare(struct ctx *cx, struct store *store, const struct rule *rule,
                            struct value *reads, struct rule_statements *ret);
void rule_statements_free(struct rule_statements *statements); /* before the store is closed */

/*
 * Runs the chosen rules (by their place; NULL for all of the stage that the facts name) in a child
 * process that reads the facts: a list as rule_run() gives it, in the order of the rules. A rule
 * that fails, takes too long or too much memory, or ends the child, gives no rows but a map {rule,
 * unrun}, in which `unrun` says why; the others run all the same. What ends one child after the
 * other is an error that names the last rule. A store in memory (STORE_MEMORY) is inherited, and
 * so are statements that are `ready` (by rule, or NULL), of which none is prepared again.
 */
MUST_CHECK int rules_run(struct ctx *cx, const struct rules *rules, const bool *chosen,
                         const struct rule_statements *ready, struct store *store,
                         struct value **ret);

#endif
