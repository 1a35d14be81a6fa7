/*
 * The Mustache template language over the value tree.
 *
 * A template is compiled once into a list of operations and rendered any number of times. Escaping
 * of HTML is the default in MUSTACHE_HTML; MUSTACHE_PLAIN escapes nothing (messages of rules).
 * Lambdas and dynamic names of the specification are left out; partials come from a table.
 *
 * {{list.0}} is the first of a list, so that {{#list.0}} stands around what is said only where
 * there is one.
 *
 * {{#_}}text{{/_}} is a text for people: it is looked up in the message catalogue (base/msg.h) with
 * the markup and tags that stand in it, and what is found there is read in its place.
 */
#ifndef ASSAY_BASE_MUSTACHE_H
#define ASSAY_BASE_MUSTACHE_H

#include "base/err.h"
#include "base/value.h"

enum mustache_mode { MUSTACHE_HTML, MUSTACHE_PLAIN };

struct mustache;

/* A template by name, for {{> name}}: RC_NOT_FOUND gives an empty partial. `arg` is passed on. */
typedef int mustache_partial(void *arg, struct str name, struct str *ret_text);

/* Compiles `text`, which is copied; `name` and the line stand in errors (RC_INVALID). Sections and
 * partials nest 64 deep. `find` may be NULL. */
MUST_CHECK int mustache_compile(struct ctx *cx, const char *name, struct str text,
                                enum mustache_mode mode, mustache_partial *find, void *arg,
                                struct mustache **ret);

/* The same for one of several templates that have partials in common, so that each of these is
 * compiled once: `*partials` is NULL for the first, and passed on. */
MUST_CHECK int mustache_compile_shared(struct ctx *cx, const char *name, struct str text,
                                       enum mustache_mode mode, mustache_partial *find, void *arg,
                                       struct mustache **partials, struct mustache **ret);

/*
 * Renders into `out`. A missing name is empty. Null, false, 0, the empty text and the empty list
 * are false in a section; a list repeats it, anything else becomes its context once.
 *
 * RC_LIMIT (with nothing in a context's error) where a bound was met: partials 64 deep, twenty
 * million steps, or the ceiling of the arena behind `out`. What is in `out` is then cut off. A
 * template of ours over a result of ours cannot get there; one that outsiders write can.
 */
int mustache_render(const struct mustache *template, const struct value *view, struct buf *out);

/* Adds the names the template uses at its top level (the first part of a dotted one), for checking
 * against what a query returns. */
void mustache_names(const struct mustache *template, struct value *list_of_texts);

#endif
