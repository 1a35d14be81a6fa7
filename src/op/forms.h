/*
 * Forms: how files of other programs become lines of registers, as data.
 *
 * forms/ID.yaml says by which keys such a file is known, where in it the lines of which register
 * stand, and what of each line fills which field (docs/import.md, "Other forms"). forms_take()
 * finds the form of a tree and adds its lines to the plan. A form that is not right itself is
 * RC_INVALID with file and line; it takes hostile trees, bounded by the context's arena.
 */
#ifndef ASSAY_OP_FORMS_H
#define ASSAY_OP_FORMS_H

#include "op/incoming.h"

#define FORMS_DEPTH 64u  /* of nodes below each other, and of paths */
#define FORMS_NUMBERS 4u /* places in lists that a template can name */

/* A value of the tree, with what it stands in. */
struct forms_node {
    const struct value *v;
    const struct forms_node *up, *root; /* up: the nearest map that it stands in, or NULL */
    int64_t number[FORMS_NUMBERS];      /* places in the lists that led to it, from 0 */
    size_t numbers;
    int64_t at; /* its number among the lines of its rule, from 1 */
};

/* The controls of the standard: what the filter `control` asks. */
typedef bool forms_is_control(void *arg, struct str id);

/*
 * What a template is of a node: NULL where something that it names is not there. A template of
 * one name alone gives the value itself, anything else a text. RC_INVALID for what is no template.
 */
MUST_CHECK int forms_template(struct ctx *cx, const struct forms_node *node, struct str template,
                              forms_is_control *is_control, void *arg, struct value **ret);

/* Calls `each` for the nodes that a path leads to, in the order of the tree. */
typedef int forms_each(void *arg, struct ctx *cx, const struct forms_node *node);
MUST_CHECK int forms_path(struct ctx *cx, const struct forms_node *node, struct str path,
                          forms_each *each, void *arg);

#endif
