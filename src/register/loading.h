/* What the files that read definitions share. */
#ifndef ASSAY_REGISTER_LOADING_H
#define ASSAY_REGISTER_LOADING_H

#include "register/internal.h"

/* A file that adds fields to a register. */
struct extension {
    const char *file;
    struct str id; /* of the register */
    struct value *yaml;
    bool used;
};

struct loader {
    struct ctx *cx;
    const char *file;
    struct registers *all;
    struct register_def *def;
    struct register_vocabulary *words;
    struct extension *extensions;
    size_t room, extension_n;
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

/* Fields that the organisation adds: reads the files, gives a definition those that are its own,
 * and refuses files that no register had use for. */
MUST_CHECK int loading_extensions(struct loader *l, const struct content *content);
bool loading_is_extension(const struct loader *l, const char *file);
MUST_CHECK int loading_extend(struct loader *l, struct value *yaml);
MUST_CHECK int loading_extended(struct loader *l);

/* The ways of `states:` and what `guards:` forbid. */
MUST_CHECK int loading_states(const struct loader *l);

/* Faces, when all registers are there. */
MUST_CHECK int loading_faces(const struct loader *l);
/* `next:` and `views:`, the same. */
MUST_CHECK int loading_next(const struct loader *l);

/* Whether a constant may be a field's value; "=today" and "=actor" where the type takes them. */
MUST_CHECK int loading_constant(const struct loader *l, const struct register_field *field,
                                const struct value *v);

#endif
