/* What the files that make the verdict share. All of it lives in cx->mem. */
#ifndef ASSAY_JUDGE_VERDICT_PARTS_H
#define ASSAY_JUDGE_VERDICT_PARTS_H

#include "judge/verdict.h"

/* At Stage 2 the same three are an opportunity for improvement, a minor and a major nonconformity.
 */
enum grade { GRADE_NONE, GRADE_NOTE, GRADE_AOC, GRADE_BLOCK };

/* A requirement with its status, which findings may still lower. */
struct need {
    struct str id, clause, title;
    enum grade grade; /* at Stage 1, GRADE_NONE where it is not judged there */
    enum grade dated; /* where a day is fixed; GRADE_NONE for no difference */
    struct str rule, mode, basis;
    struct str status, why, path;
    struct str said;        /* a person's answer */
    struct value *findings; /* ids */
};

struct finding {
    const struct rule *rule;
    struct need *need;
    struct str id;
    enum grade stage1, stage2; /* at each stage; GRADE_NONE where it is not judged there */
    enum grade grade;          /* at the stage that is judged */
    struct value *covers;      /* ids of requirements */
    const struct value *row;
    const struct value **lines; /* rows that were gathered, this one first */
    size_t line_n, line_room;   /* none where the rule gathers none */
    struct value *value;        /* as in the result */
    int64_t wait;               /* days until it can be done, with all that comes before it */
};

struct case_file {
    struct ctx *cx;
    const struct standard *standard;
    const struct rules *rules;
    struct store *store;
    const struct value *data; /* verdict.yaml */
    struct dict *templates;   /* of its texts that were wanted, compiled */
    int64_t stage;            /* 1 or 2: which is judged */
    struct date stage2;       /* none where it is not known */
    int64_t files, read, unread;
    int64_t unrun; /* rules that were not run to their end */
    struct need *needs;
    size_t need_n, need_room;
    struct dict *need_by_id; /* to struct need * */
    bool home;               /* records are judged, not documents in a folder */
    struct value *paths;     /* of a home: {path, key}, what stands for a path in ids of findings */
    struct finding *findings;
    size_t finding_n, finding_room;

    /* What was worked out for the row before, as many have the same rule and subject. */
    const struct rule *near;
    struct {
        const struct rule *rule;
        struct str subject, id;
    } last_id;
    struct {
        const struct rule *rule;
        int64_t table;
        struct str fields, text;
    } last_example;
};

struct need *case_need(const struct case_file *c, struct str id);
int64_t case_setting(const struct case_file *c, const char *name);
/* A text of verdict.yaml, "texts.PATH", rendered over `view`. */
MUST_CHECK int case_text(struct case_file *c, const char *path, const struct value *view,
                         struct str *ret);

/* findings.c: violations to findings, sorted, their ids noted at the requirements they touch. */
MUST_CHECK int findings_make(struct case_file *c, const struct value *violations);
struct str grade_name(int64_t stage, enum grade grade);

/* better.c: `better` of a gathered line, null where the rule says nothing of it. */
MUST_CHECK int better_set(struct case_file *c, const struct rule *rule, const struct value *row,
                          struct value *line);

/* controls.c: the parts about controls. */
MUST_CHECK int controls_make(struct case_file *c, struct value *result);

/* unrun.c: the part of warnings about rules that were not run, whose requirements cannot be told.
 */
MUST_CHECK int unrun_make(struct case_file *c, const struct value *violations,
                          struct value *result);

/* trails.c: the part about the ways from risks to evidence. */
MUST_CHECK int trails_make(struct case_file *c, struct value *result);

/* matrix.c: the part about where the risks lie. */
MUST_CHECK int matrix_make(struct case_file *c, struct value *result);

/* statuses.c: the parts that list what was judged. */
MUST_CHECK int statuses_make(struct case_file *c, struct value *result);

#endif
