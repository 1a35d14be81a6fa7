/*
 * A standard as data: requirements, controls, document kinds with their criteria, questions.
 *
 * standard_load() reads the YAML below standards/ID/, strictly: an unknown or missing key, an id
 * that is there twice or that nothing has is an error with file and line. The result is read-only
 * and lives in the context's arena. What only the judging understands (`signals`, `tests`,
 * `decided`, rules) is left as a value tree for judge/ to check.
 */
#ifndef ASSAY_STANDARD_STANDARD_H
#define ASSAY_STANDARD_STANDARD_H

#include "standard/content.h"
#include "standard/yaml.h"

#define STANDARD_DEFAULT "iso27001-2022"

enum entry_type { ENTRY_REQUIREMENT, ENTRY_CONTROL, ENTRY_KIND, ENTRY_CRITERION, ENTRY_QUESTION };

struct entry {
    enum entry_type type;
    struct str id;
    struct str title;
    const struct value *yaml;
    const char *file;
    const struct entry *kind; /* of a criterion, else NULL */
};

struct entries {
    struct entry *items; /* in the order of the standard */
    size_t n, room;
};

struct registers;

struct standard {
    struct str id;    /* "iso27001-2022" */
    struct str title; /* "ISO/IEC 27001:2022" */
    struct str amendment;
    struct str version;        /* of the rule set: SHA-256 over all content */
    const struct value *about; /* standard.yaml: clauses */
    struct entries requirements, controls, kinds, criteria, questions;
    struct dict *by_id; /* to const struct entry * */
    struct content content;
    const struct registers *registers; /* register/register.h; NULL until loaded */
};

MUST_CHECK int standard_load(struct ctx *cx, const struct content *content, const char *id,
                             struct standard **ret);

/* NULL where nothing has the id; letters' case counts. */
const struct entry *standard_find(const struct standard *standard, struct str id);

/* Our short title of a clause, "" for an unknown one. */
struct str standard_clause_title(const struct standard *standard, struct str clause);

/* A file of the standard's content as a value tree. `name` is below standards/ID/ unless it begins
 * with "languages/" or "standards/". */
MUST_CHECK int standard_yaml(struct ctx *cx, const struct standard *standard, const char *name,
                             struct value **ret);

#endif
