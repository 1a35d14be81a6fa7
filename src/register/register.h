/*
 * Registers: what an organisation keeps as lists with columns, such as its risks, assets and
 * suppliers. Each is declared in registers/ID.yaml (docs/registers.md): its fields with their
 * types, what people call them, and by which names such a list goes. registers/not/ID.yaml declares
 * tables that are no registers and could be taken for one; no records are kept of these.
 *
 * registers_load() reads all of them, strictly: an unknown or missing key, a word that a key cannot
 * have, a reference to no register is RC_INVALID with file, line and key. The result lives in the
 * context's arena, is read-only and may be used from several threads.
 *
 * Each register has a table of its own among the facts (registers_create()), named by its id (or
 * `judged_as:`), which is there whether or not anything was read. Only registers with names are
 * looked for in documents; their words alone decide what a heading means, so that a register that
 * nobody has as a table changes nothing of that. Recognising tables is in register/recognise.h.
 */
#ifndef ASSAY_REGISTER_REGISTER_H
#define ASSAY_REGISTER_REGISTER_H

#include "extract/extract.h"
#include "standard/standard.h"
#include "store/store.h"

#define REGISTER_FIELDS 48u         /* of one register */
#define REGISTER_VALUES 100u        /* of a field that takes many, in one record */
#define REGISTER_HEADING_WORDS 8u   /* of a heading that are looked at */
#define REGISTER_TEXT_BYTES 4000u   /* of a text that are kept */
#define REGISTER_CONTROL "control"  /* what a reference to a control of the standard is to */
#define REGISTER_PERSON_ID "person" /* the register that persons are looked up in */

enum register_type {
    REGISTER_TEXT,
    REGISTER_LONG_TEXT,
    REGISTER_INTEGER,
    REGISTER_DECIMAL,
    REGISTER_DATE,
    REGISTER_YES_NO,
    REGISTER_CHOICE,
    REGISTER_MANY_CHOICE,
    REGISTER_SCORE, /* a place on a scale, as number or words */
    REGISTER_PERSON,
    REGISTER_PEOPLE,
    REGISTER_REFERENCE,
    REGISTER_REFERENCES,
    REGISTER_MARKDOWN, /* a long text with marks */
    REGISTER_INSTANT,  /* a point in time, UTC */
    REGISTER_FILE,     /* its name, bytes and SHA-256 */
    REGISTER_ROWS,     /* lines with fields of their own, those of the register `of` */
};

/* Whether a value tells of a person. */
enum register_personal {
    PERSONAL_BY_TYPE, /* free text and files may; numbers, days and choices do not */
    PERSONAL_NO,
    PERSONAL_YES,
};

/* Words of a heading or a name, by their numbers in the vocabulary of all of them. */
struct register_words {
    uint32_t id[REGISTER_HEADING_WORDS];
    size_t n;
};

struct register_choice {
    struct str id, label;
    struct register_words *says; /* what people write for it */
    size_t n;
    const struct value *data; /* what data that is made by programs has for it: a list, or NULL */
};

struct register_field {
    struct str id, label;
    enum register_type type;
    struct str to;    /* the register of a reference, or one of register_names_entry() */
    struct str again; /* the field of which this is the same, later: the rating after treatment */
    struct register_words *headers, *groups; /* its own headings, and those above groups */
    size_t header_n, group_n;
    struct register_choice *choices;
    size_t choice_n;
    bool steps; /* its values go up or down, each once: a scale */
    size_t at;  /* its place among the fields */

    /* For records that are kept (register/record.h). */
    struct str help;            /* in plain words, "" for none */
    const struct value *source; /* keys of data that people bring which fill it: a list, or NULL */
    bool required;
    const struct register_field *when; /* required where this field has one of `when_is` */
    const struct value *when_is;       /* a list of texts; NULL where any value does */
    const struct value *otherwise;     /* what a new record has where nothing is said, or NULL */
    enum register_personal personal;
    bool has_least, has_most;
    int64_t least, most; /* of numbers, in thousandths; of texts, in bytes */
    struct str pattern;  /* POSIX extended, of the whole text; "" for any */
    bool unique;
    bool ordered;        /* the order of its many values means something */
    struct str scale;    /* of a score: the dimension whose steps it takes; "" for any */
    struct str computed; /* SQL of one value, over the record `r`; "" for none */
    bool only_computed;  /* never stored: what it is follows from other fields and the day */
    struct str was;      /* its id in an earlier version of the definition, "" for the same */
    const struct register_def *of; /* of rows: the register whose fields its lines have */
};

/* Places of fields. */
struct register_group {
    size_t items[REGISTER_FIELDS];
    size_t n;
};

/* A way from some states to another. */
struct register_transition {
    const struct value *from; /* a list of choices' ids */
    struct str to, label;
    const struct value *roles;       /* ids of roles that may, a list; NULL for all who may write */
    struct register_group needs;     /* fields that must be filled */
    struct register_group four_eyes; /* persons in these fields may not take it */
    const struct value *sets;        /* from field to a constant, "=today", "=actor"; or NULL */
};

/* What nobody may make so: a SELECT that gives a row where it is, over :id (of the record as it
 * would be) and :actor. Imports bring what was, and are not asked. */
struct register_guard {
    struct str id, sql, message;
    const struct value *at;        /* states in which it is asked, a list; NULL for always */
    struct register_group changed; /* in others too, where one of these or the state changes */
};

/* How a register is seen beside its list: a map of risks, a statement, a time line (docs/faces.md).
 * What each kind is made of is checked when it is loaded, and stands in `yaml`. */
struct register_face {
    struct str id, kind, title, help;
    bool first; /* the menu leads to it, and from there to the list */
    const struct value *yaml;
};

struct register_def {
    struct str id, title;
    bool is_not;          /* a table that is no register */
    bool is_recognised;   /* its tables are found in documents: it has names */
    struct str judged_as; /* its table among the facts: its id, unless that means another there */
    const char *file;
    const struct value *yaml;
    struct register_words *names;   /* of sheets, headings and files that speak for it */
    struct register_words *against; /* headings that speak against it */
    struct register_words *not_in;  /* documents whose lists of the kind are something else */
    size_t name_n, against_n, not_in_n;
    struct register_group *needs; /* of each a field must be there */
    size_t need_n;
    struct register_field *fields;
    size_t field_n;
    struct register_group known_by;       /* fields by which others name a record beside its ref */
    const struct register_field *apart;   /* tells records of one name apart, or NULL */
    const struct register_field *heading; /* that a heading above a record fills, or NULL */
    const struct register_field *group;   /* that a line between records fills, or NULL */

    /* For records that are kept (register/record.h). */
    struct str help;
    bool single; /* one record only */
    struct str
        part_of; /* the register in whose records its lines stand; "" for a register of its own */
    struct str prefix;                     /* of the refs that are given: "RISK" makes RISK-001 */
    const struct register_field *ref_from; /* whose value is the ref, or NULL */
    struct register_group key;  /* fields by which records are the same, where people have no ref */
    struct register_group list; /* columns of its list, behind the ref */
    const struct register_field *state; /* the choice that only a transition changes, or NULL */
    struct str initial;
    struct register_transition *transitions;
    size_t transition_n;
    struct register_guard *guards;
    size_t guard_n;
    const struct register_field *subject; /* the person that its records are about, or NULL */
    struct register_group shows; /* fields that say what a record, and its file, is evidence of */
    bool is_audit; /* its records are audits, which look at the time between these days: */
    struct register_group audit_from, audit_until; /* the first field that is filled counts */
    /* Of records that want something done by a day: the yes/no field that tells whether it is late,
     * asked of any day, or NULL; the day and the person, the first of the fields that is filled. */
    const struct register_field *due_late;
    struct register_group due_on, due_who;
    bool custom; /* the organisation's own */
    struct register_face *faces;
    size_t face_n;
    const struct value *next;  /* what is recorded because of one of its records: a list, or NULL */
    const struct value *views; /* its records are saved views of lists: by which fields; or NULL */
};

struct register_vocabulary;

struct registers {
    struct register_def *items; /* by file name; those of not/ are last */
    size_t n;
    struct register_vocabulary *words; /* words.c's own */
};

MUST_CHECK int registers_load(struct ctx *cx, const struct content *content,
                              const struct registers **ret);

/* NULL where there is none. */
const struct register_def *registers_find(const struct registers *registers, struct str id);
const struct register_field *register_field(const struct register_def *def, struct str id);
/* The field that a heading names in full: by its id, its label, or one of its headers. Letters'
 * case, accents and signs do not matter. NULL for none. This is for data whose register is known;
 * recognise.h tells what a table of anybody's means. */
const struct register_field *register_field_named(struct arena *mem, const struct register_def *def,
                                                  struct str text);

/* The register of saved views, or NULL. */
const struct register_def *registers_views(const struct registers *registers);

/* NULL where it has none of this id. */
const struct register_face *register_face(const struct register_def *def, struct str id);
/* Calls `each` for every SELECT of a face: the key that it stands under, its SQL, and the names of
 * the columns that it gives. A negative code ends it and is given back. */
typedef int register_select(void *arg, const char *key, struct str sql, const char *columns);
MUST_CHECK int register_face_selects(const struct register_face *face, register_select *each,
                                     void *arg);

/* The same of data that programs make: the first register, and the field, that takes what stands
 * under a key ("source_names:", "source:"; a field without these takes its id). NULL for none. */
const struct register_def *registers_sourced(const struct registers *registers, struct str key);
const struct register_field *register_field_sourced(const struct register_def *def, struct str key);

/* The choice that a text is in full: its id, its label, or what data has for it. Letters' case,
 * accents and signs do not matter. NULL for none; register_value() understands people's words. */
const struct register_choice *
register_choice_named(struct arena *mem, const struct register_field *field, struct str text);

/* ---- values ---- */

/* What a cell was understood as. */
struct register_value {
    bool empty;      /* it says nothing: blank, a dash, a placeholder */
    bool understood; /* else there is only `said` */
    struct str said;
    struct str text;  /* of text, person, reference; of a choice its id; of a date YYYY-MM-DD */
    int64_t number;   /* of integer, score, yes_no; of decimal thousandths */
    struct str *many; /* of types that take many: at most REGISTER_VALUES */
    size_t many_n;
};

/* How a column uses words for scores, which only all of its cells together show. */
struct register_ladder {
    unsigned rungs;   /* of a scale in words: 3, 4 or 5; 0 for none */
    bool month_first; /* its days are month/day/year */
};

bool register_is_empty(struct arena *mem, const struct registers *registers, struct str cell);
/* Whether it begins with a word for "example". */
bool register_is_sample(struct arena *mem, const struct registers *registers, struct str text);

void register_ladder(struct arena *mem, const struct registers *registers,
                     const struct register_field *field, const struct str *cells, size_t n,
                     struct register_ladder *ret);
void register_value(struct arena *mem, const struct registers *registers,
                    const struct register_field *field, const struct register_ladder *ladder,
                    struct str cell, struct register_value *ret);

/* Whether a reference is to entries of the standard (control, requirement, kind, criterion,
 * question), which are no records: what is kept is their id, as text. */
bool register_names_entry(const struct register_field *field);

const char *register_type_name(enum register_type type); /* as definitions have it */
bool register_type_is_many(enum register_type type);
bool register_type_is_text(enum register_type type); /* has no words beside its value */

/* ---- the store ---- */

/* Makes the tables of all registers: ID, and ID__FIELD for each field that takes many values.
 * Fields that are only computed have no column, and are passed over by register_insert(). */
MUST_CHECK int registers_create(struct ctx *cx, struct store *store,
                                const struct registers *registers);

/* Where a record stands. */
struct register_place {
    int64_t id;              /* of the row itself; 0 for the next */
    int64_t document, table; /* rows of document and register_table */
    int64_t parent;          /* of a line: the row of the record that it stands in; 0 for none */
    int64_t n;               /* its number in the table */
    bool sample;
    struct str ref; /* where its definition has no field for it */
    struct str path, place, heading, sheet, quote;
    uint32_t page, line, row;
};

/* A statement for many records of one register. */
struct register_inserter;

MUST_CHECK int register_inserter_new(struct ctx *cx, struct store *store,
                                     const struct register_def *def,
                                     struct register_inserter **ret);
void register_inserter_free(struct register_inserter *inserter);
void register_inserter_freep(struct register_inserter **inserter);

/* `values` has one for each field, NULL where nothing is said. */
MUST_CHECK int register_insert(struct ctx *cx, struct register_inserter *inserter,
                               const struct register_place *place,
                               const struct register_value *const *values, int64_t *ret_id);

/* Rows of a home's records, which change. Takes a row out, with its many values; lines of parts are
 * rows of their own, whose numbers register_row_lines() appends to `ids`. */
MUST_CHECK int register_row_remove(struct ctx *cx, struct store *store,
                                   const struct register_def *def, int64_t id);
MUST_CHECK int register_row_lines(struct ctx *cx, struct store *store,
                                  const struct register_def *def, int64_t parent,
                                  struct value *ids);
/* A record that a row names is called otherwise: in a person or reference, or in the n-th (from 1)
 * of many of them. */
MUST_CHECK int register_row_name(struct ctx *cx, struct store *store,
                                 const struct register_def *def, const struct register_field *field,
                                 int64_t id, int64_t n, struct str name);

/* Fills fact_reference: whom and what the fields of all records mean. When all is written. */
MUST_CHECK int registers_resolve(struct ctx *cx, struct store *store,
                                 const struct registers *registers);

/* All lines of a register's judged table: a list of maps from column to what stands there, with the
 * values of fields that take many as lists. */
MUST_CHECK int register_rows(struct ctx *cx, struct store *store, const struct register_def *def,
                             struct value **ret);

#endif
