/* What the files of a judged home share. */
#ifndef ASSAY_JUDGE_HOME_PARTS_H
#define ASSAY_JUDGE_HOME_PARTS_H

#include "judge/home.h"
#include "judge/steps.h"

/* What a rule gave when it ran last. */
struct rule_memory {
    struct value *reads; /* names of tables */
    struct arena *mem;   /* of the rows; NULL where it has not run */
    struct value *rows;
    bool unrun; /* it failed, and runs again at the next judgement */
};

/* A record that others name otherwise now. */
struct renamed {
    struct str id;
    int64_t was; /* its row before */
};

struct judge_home {
    struct ctx cx;                /* its own: mem lives as long as the home */
    struct standard own_standard; /* with the organisation's own registers */
    const struct standard *standard;
    const struct registers *registers;
    const struct rules *rules;
    struct store *store;
    struct steps *steps;
    struct register_inserter **inserters; /* by register, made when first wanted */
    int64_t *rows, *counted; /* by register: how many rows, and how many the facts know of */
    bool *unread;            /* by register: nothing reads its rows, so none are made */
    uint64_t references;     /* a sum of what stands in fact_reference, whatever the order */
    struct stmt *find, *keep, *forget, *link, *unlink, *refer, *unrefer;
    struct arena *turn;   /* of what is noted between two judgements */
    struct tx tx;         /* of the records that were put since */
    bool torn;            /* one of them went in by half */
    bool fresh;           /* each record that is put now comes for the first time */
    bool came;            /* one has that was not there, for which others may have waited */
    struct dict *changed; /* names of tables; NULL: all is new */
    struct renamed *renamed;
    size_t renamed_n, renamed_room;
    struct arena *work;         /* of some puts, emptied now and then */
    struct rule_memory *memory; /* by rule */
    struct rule_statements *ready;
    struct judge_request last;
    bool judged;
};

/* home_rows.c: takes out what a record was, and puts in what it is. */
MUST_CHECK int home_rows_remove(struct ctx *cx, struct judge_home *home,
                                const struct register_def *def, int64_t row);
MUST_CHECK int home_rows_insert(struct ctx *cx, struct judge_home *home,
                                const struct record *record, int64_t row);
/* The register of the records that the field names; "" where it names none, or what the record is
 * itself. */
struct str home_rows_target(const struct register_def *def, const struct register_field *field);
/* Whether the field counts even where a record's row is made for nobody: by it others call the
 * record, or it names others. */
bool home_rows_counts(const struct register_def *def, const struct register_field *field);
/* By what others name it. */
struct str home_rows_name(struct arena *mem, const struct record *record);
/* The number of its row: by the number in its ref, then by its id, so that it hangs on nothing
 * else. */
int64_t home_rows_number(struct str ref, struct str id);

/* home_links.c: brings in line where others name records that were put, moved or taken out. */
MUST_CHECK int home_links_settle(struct ctx *cx, struct judge_home *home);

/* home_run.c: runs the chosen rules (by their place) and keeps what they give. */
MUST_CHECK int home_run_rules(struct ctx *cx, struct judge_home *home, const bool *chosen);

/* home_cite.c: sets `register` and `record` at each passage of the findings. */
MUST_CHECK int home_cite(struct ctx *cx, struct judge_home *home, struct value *result);

/* That a table is another one: at rows of records of `def` alone, or anywhere (NULL). */
void home_changed(struct judge_home *home, struct str table, const struct register_def *def);
/* That a row of a register is. */
void home_row_changed(struct judge_home *home, const struct register_def *def, int64_t row);
/* The register's table of values of a field that takes many, as the store calls it. */
struct str home_many_table(struct judge_home *home, const struct register_def *def,
                           const struct register_field *field);

#endif
