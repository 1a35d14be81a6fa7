/*
 * Who holds a role: a person's name right beside the role's, "CISO: Marta Lind", "Marta Lind
 * (CISO)", or in the cells of one row. The roles are the standard's (standards/ID/holders.yaml).
 */
#ifndef ASSAY_JUDGE_HOLDERS_H
#define ASSAY_JUDGE_HOLDERS_H

#include "judge/signals.h"
#include "standard/standard.h"
#include "store/store.h"

struct holder {
    uint32_t passage;
    struct str role; /* its id */
    struct str name;
    struct str quote;
};

struct holders {
    struct holder *items; /* in the order of the roles */
    size_t n, room;
};

/* Takes the words of the language in the standard's file, NULL for none. Before signals_seal(). */
MUST_CHECK int holders_load(struct ctx *cx, struct signals *signals, const char *file,
                            const struct value *yaml);

void holders_find(struct ctx *cx, const struct signals *signals, const struct reading *reading,
                  struct holders *ret);

/* Writes them as facts (standards/facts.sql). */
MUST_CHECK int holders_write(struct ctx *cx, struct store *store, const struct signals *signals,
                             const struct reading *reading, int64_t document, struct str path);

/* The titles of the roles, once a store; nothing where the standard has none. */
MUST_CHECK int holders_fill(struct ctx *cx, struct store *store, const struct standard *standard);

#endif
