/*
 * Answers: trees as JSON or pages, errors as problem details, and the headers that every answer
 * has.
 */
#ifndef ASSAY_WEB_RESPOND_H
#define ASSAY_WEB_RESPOND_H

#include "web/app.h"

/* The one mapping from what failed to a status. */
unsigned respond_status(int rc);

/* The headers of every answer (docs/serve.md). */
void respond_headers(const struct app *app, struct web_response *response);

/* What the visit's handler made: a tree as JSON or page, bytes, or where to go on. */
MUST_CHECK int respond_tree(struct visit *visit, struct value *tree);

/* The error in cx->err, with this status: as problem details, or as a page. */
void respond_problem(struct visit *visit, unsigned status);

/* The same without a visit: what the server itself refuses, of which it may have the head. */
void respond_refusal(struct app *app, struct ctx *cx, const struct web_request *head,
                     unsigned status, struct web_response *response);

/* A view for a template: the tree's keys, and `page` with what is around all pages. */
MUST_CHECK int respond_view(struct visit *visit, const struct value *tree, struct value **ret);

#endif
