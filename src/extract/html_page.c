/* What of a page that a program exported is not its text: where it stands in the site, who touched
 * it when, and what hangs on it. Told by structure: names that page generators give to elements. */
#include <gumbo.h>

#include "extract/html_tree.h"

#define SEARCH_DEPTH 40u

static struct str value_of(const GumboNode *node, const char *name)
{
    const GumboAttribute *a = gumbo_get_attribute(&node->v.element.attributes, name);

    return str_of(a == NULL ? "" : a->value);
}

static bool has_class(const GumboNode *node, const char *wanted)
{
    struct str rest = value_of(node, "class"), word;

    while (str_split(&rest, ' ', &word))
        if (str_is_nocase(word, wanted))
            return true;
    return false;
}

static const GumboNode *first_element(const GumboNode *node)
{
    const GumboVector *children = &node->v.element.children;

    for (unsigned i = 0; i < children->length; i++) {
        const GumboNode *child = children->data[i];
        if (child->type == GUMBO_NODE_ELEMENT)
            return child;
    }
    return NULL;
}

static bool is_breadcrumb(const GumboNode *node)
{
    struct str id = value_of(node, "id");

    return str_is(id, "breadcrumbs") || str_is(id, "breadcrumb-section") ||
           has_class(node, "breadcrumb") || has_class(node, "breadcrumbs") ||
           str_is_nocase(value_of(node, "aria-label"), "breadcrumb") ||
           str_is_nocase(value_of(node, "aria-label"), "breadcrumbs");
}

/* The lists of attached files and of remarks that follow a page. */
static bool is_appended(const GumboNode *node)
{
    const GumboNode *head = node;

    if (!has_class(node, "pageSection"))
        return false;
    for (unsigned i = 0; i < 3 && head != NULL; i++) {
        struct str id = value_of(head, "id");
        if (str_is(id, "attachments") || str_is(id, "comments") || str_is(id, "labels"))
            return true;
        head = first_element(head);
    }
    return false;
}

bool html_page_dropped(const GumboNode *node)
{
    return is_breadcrumb(node) || is_appended(node);
}

bool html_page_furniture(const GumboNode *node)
{
    struct str title = value_of(node, "title"); /* how an office program marks the page's */

    if (node->v.element.tag == GUMBO_TAG_DIV &&
        (str_is(title, "header") || str_is(title, "footer")))
        return true;
    return has_class(node, "page-metadata") || str_is(value_of(node, "id"), "footer") ||
           str_is(value_of(node, "role"), "contentinfo");
}

/* The first element below `node`, itself included, that fits. */
static const GumboNode *search(const GumboNode *node, bool (*fits)(const GumboNode *node),
                               unsigned depth)
{
    if (node->type != GUMBO_NODE_ELEMENT || depth > SEARCH_DEPTH)
        return NULL;
    if (fits(node))
        return node;
    for (unsigned i = 0; i < node->v.element.children.length; i++) {
        const GumboNode *found = search(node->v.element.children.data[i], fits, depth + 1);
        if (found != NULL)
            return found;
    }
    return NULL;
}

static bool is_link(const GumboNode *node)
{
    return node->v.element.tag == GUMBO_TAG_A;
}

static bool is_author(const GumboNode *node)
{
    return has_class(node, "author");
}

static bool is_editor(const GumboNode *node)
{
    return has_class(node, "editor");
}

static bool is_metadata(const GumboNode *node)
{
    return has_class(node, "page-metadata");
}

static void all_text(const GumboNode *node, struct buf *out, unsigned depth)
{
    if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE)
        buf_addz(out, node->v.text.text);
    if (node->type != GUMBO_NODE_ELEMENT || depth > SEARCH_DEPTH)
        return;
    for (unsigned i = 0; i < node->v.element.children.length; i++)
        all_text(node->v.element.children.data[i], out, depth + 1);
}

static struct str text_of(struct ctx *cx, const GumboNode *node)
{
    struct buf out = buf_new(cx->mem);

    if (node != NULL)
        all_text(node, &out, 0);
    return str_squeeze(cx->mem, buf_str(&out));
}

struct str html_page_site(struct ctx *cx, const GumboNode *root)
{
    const GumboNode *crumbs = search(root, is_breadcrumb, 0);

    return crumbs == NULL ? STR_NONE : text_of(cx, search(crumbs, is_link, 0));
}

void html_page_people(struct flow *flow, const GumboNode *root)
{
    const GumboNode *metadata = search(root, is_metadata, 0);

    if (metadata == NULL)
        return;
    flow_property(flow, STR("author"), text_of(flow->cx, search(metadata, is_author, 0)));
    flow_property(flow, STR("last_modified_by"), text_of(flow->cx, search(metadata, is_editor, 0)));
}

struct str html_page_title(struct str title, struct str site)
{
    struct str rest = str_trim(str_from(title, site.n));

    if (site.n == 0 || !str_starts(title, site) || rest.n < 2 || rest.p[0] != ':')
        return title;
    return str_trim(str_from(rest, 1));
}
