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

/*
 * Pages that a wiki or another program exported (html_page.c): elements that are no text of the
 * page, and those that are its head or foot; the name of the site as its trail of links begins with
 * it; who wrote the page, as properties; and a title without the site's name before it.
 */
bool html_page_dropped(const struct GumboInternalNode *node);
bool html_page_furniture(const struct GumboInternalNode *node);
struct str html_page_site(struct ctx *cx, const struct GumboInternalNode *root);
void html_page_people(struct flow *flow, const struct GumboInternalNode *root);
struct str html_page_title(struct str title, struct str site);

#endif
