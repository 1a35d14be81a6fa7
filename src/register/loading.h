/* What the files that read definitions share. */
#ifndef ASSAY_REGISTER_LOADING_H
#define ASSAY_REGISTER_LOADING_H

#include "register/internal.h"

struct loader {
    struct ctx *cx;
    const char *file;
    struct registers *all;
    struct register_def *def;
    struct register_vocabulary *words;
    size_t room;
};

/* RC_INVALID: "FILE:LINE: WHAT "NAME"." */
int loading_bad(const struct loader *l, const struct value *at, const char *what, struct str name);
bool loading_is_id(struct str s);
MUST_CHECK int loading_texts(const struct loader *l, const struct value *list, struct str key);
bool register_has_text(const struct value *list, struct str text);
/* The fields of the definition in hand that a list names. */
MUST_CHECK int loading_group(const struct loader *l, const struct value *names,
                             struct register_group *ret);

/* What only records that are kept have: of one field, when all fields are there; of the whole; and
 * when all registers are there. */
MUST_CHECK int loading_kept_field(const struct loader *l, struct register_field *field);
MUST_CHECK int loading_kept(const struct loader *l);
MUST_CHECK int loading_links(const struct loader *l);

/* The ways of `states:` and what `guards:` forbid. */
MUST_CHECK int loading_states(const struct loader *l);

/* Whether a constant may be a field's value; "=today" and "=actor" where the type takes them. */
MUST_CHECK int loading_constant(const struct loader *l, const struct register_field *field,
                                const struct value *v);

#endif
