/*
 * The parser of HTML behind html.c, bounded in depth and memory. One thread at a time.
 */
#ifndef ASSAY_EXTRACT_HTML_TREE_H
#define ASSAY_EXTRACT_HTML_TREE_H

#include "extract/internal.h"

struct html_memory;
struct GumboInternalNode;

/* Parses `text`. The tree points into it and lives until html_tree_free(). RC_LIMIT where it is
 * nested more deeply or needs more memory than is allowed. */
MUST_CHECK int html_tree_parse(struct ctx *cx, struct str text, struct html_memory **ret_memory,
                               const struct GumboInternalNode **ret_root);

/* Frees the tree. NULL is fine. */
void html_tree_free(struct html_memory *memory);

#endif
