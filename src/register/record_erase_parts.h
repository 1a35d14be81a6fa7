/* What the two steps of an erasure share: what is to go is found first, then goes. */
#ifndef ASSAY_REGISTER_RECORD_ERASE_PARTS_H
#define ASSAY_REGISTER_RECORD_ERASE_PARTS_H

#include "register/mentions.h"
#include "register/record_erase.h"
#include "register/record_parts.h"

/* A sealed value of one version, by the name that the field had then. */
struct erase_value {
    int64_t seq;
    struct str field;
    bool named; /* it only names somebody: what stands around the name stays in the last version */
};

/* A record that loses something. */
struct erase_record {
    struct str id, register_id;
    const struct register_def *def; /* NULL where its register is gone */
    struct erase_value *values;     /* by their finding */
    size_t n, room;
    bool named; /* its last version is written without the names */
};

struct erasing {
    struct ctx *cx;
    const struct record_store *rs;
    const struct record_erasure *erasure;
    struct record_erased *report;
    struct dict *persons, *targets; /* by id; of a target the first of its struct record_target */
    struct dict *about;             /* by id of a record: whether its last version is about one of
                                       the persons (ABOUT_YES, ABOUT_NO) */
    struct mentions *names;
    struct dict *seen; /* "SEQ FIELD" that goes, "ID FIELD" where a name stays */
    struct dict *by_id;
    struct erase_record **records;
    size_t n, room;
    struct dict *objects;
};

/* Fills `records`, `objects` and the report's `stays`. */
MUST_CHECK int erase_find(struct erasing *e);

#endif
