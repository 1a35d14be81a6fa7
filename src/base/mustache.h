/*
 * The Mustache template language over the value tree.
 *
 * A template is compiled once into a list of operations and rendered any number of times. Escaping
 * of HTML is the default in MUSTACHE_HTML; MUSTACHE_PLAIN escapes nothing (messages of rules).
 * Lambdas and dynamic names of the specification are left out; partials come from a table.
 */
#ifndef ASSAY_BASE_MUSTACHE_H
#define ASSAY_BASE_MUSTACHE_H

#include "base/err.h"
#include "base/value.h"

enum mustache_mode { MUSTACHE_HTML, MUSTACHE_PLAIN };

struct mustache;

/* A template by name, for {{> name}}: RC_NOT_FOUND gives an empty partial. `arg` is passed on. */
typedef int mustache_partial(void *arg, struct str name, struct str *ret_text);

/* Compiles `text`; `name` and the line stand in errors. Nesting is bounded. `find` may be NULL. */
MUST_CHECK int mustache_compile(struct ctx *cx, const char *name, struct str text,
                                enum mustache_mode mode, mustache_partial *find, void *arg,
                                struct mustache **ret);

/* Renders into `out`. A missing name is empty. */
void mustache_render(const struct mustache *template, const struct value *view, struct buf *out);

/* Names the template uses at its top level, for checking against what a query returns. */
void mustache_names(const struct mustache *template, struct value *list_of_texts);

#endif
