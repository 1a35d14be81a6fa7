/*
 * HTML to a tree by gumbo, which reads it as browsers do.
 *
 * gumbo can neither fail nor stop. So its memory comes from an allocator of ours with a ceiling,
 * which leaves by longjmp when that is reached and frees all blocks at once; and what nests too
 * deeply is turned away before, since gumbo's time grows with depth times length.
 */
#include "extract/html_tree.h"

#include <gumbo.h>
#include <setjmp.h>
#include <stdlib.h>

#define PARSE_BYTES ((size_t)768 * 1024 * 1024)
#define PARSE_DEPTH 4096    /* open tags before parsing: many are closed by the parser itself */
#define CLOSING_BYTES 2048u /* how far to look for a closing tag */

struct html_block {
    struct html_block *next, **before;
    size_t size;
    size_t pad;
};

struct html_memory {
    struct html_block *blocks;
    size_t used;
    jmp_buf full;
};

static void *memory_get(void *arg, size_t size)
{
    struct html_memory *memory = arg;
    struct html_block *block;

    if (size > PARSE_BYTES - memory->used)
        longjmp(memory->full, 1);
    block = malloc(sizeof *block + size);
    if (block == NULL)
        longjmp(memory->full, 1);
    block->size = size;
    block->next = memory->blocks;
    block->before = &memory->blocks;
    if (block->next != NULL)
        block->next->before = &block->next;
    memory->blocks = block;
    memory->used += size;
    return block + 1;
}

static void memory_put(void *arg, void *p)
{
    struct html_memory *memory = arg;
    struct html_block *block;

    if (p == NULL)
        return;
    block = (struct html_block *)p - 1;
    *block->before = block->next;
    if (block->next != NULL)
        block->next->before = block->before;
    memory->used -= block->size;
    free(block);
}

void html_tree_free(struct html_memory *memory)
{
    if (memory == NULL)
        return;
    for (struct html_block *block = memory->blocks, *next; block != NULL; block = next) {
        next = block->next;
        free(block);
    }
    free(memory);
}

static size_t name_length(struct str tag, size_t from)
{
    size_t n = from;

    while (
        n < tag.n &&
        ((tag.p[n] >= 'a' && tag.p[n] <= 'z') || (tag.p[n] >= 'A' && tag.p[n] <= 'Z') ||
         (n > from && ((tag.p[n] >= '0' && tag.p[n] <= '9') || strchr("-_:.", tag.p[n]) != NULL) &&
          tag.p[n] != '\0')))
        n++;
    return n - from;
}

static bool is_void(GumboTag tag)
{
    switch (tag) {
    case GUMBO_TAG_AREA:
    case GUMBO_TAG_BASE:
    case GUMBO_TAG_BR:
    case GUMBO_TAG_COL:
    case GUMBO_TAG_EMBED:
    case GUMBO_TAG_HR:
    case GUMBO_TAG_IMG:
    case GUMBO_TAG_INPUT:
    case GUMBO_TAG_LINK:
    case GUMBO_TAG_META:
    case GUMBO_TAG_PARAM:
    case GUMBO_TAG_SOURCE:
    case GUMBO_TAG_TRACK:
    case GUMBO_TAG_WBR:
        return true;
    default:
        return false;
    }
}

/* Elements that the next of their kind closes: left open, they do not nest. */
static bool closes_itself(GumboTag tag)
{
    switch (tag) {
    case GUMBO_TAG_P:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
    case GUMBO_TAG_TR:
    case GUMBO_TAG_THEAD:
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_TFOOT:
    case GUMBO_TAG_OPTION:
    case GUMBO_TAG_OPTGROUP:
    case GUMBO_TAG_COLGROUP:
    case GUMBO_TAG_RT:
    case GUMBO_TAG_RP:
        return true;
    default:
        return false;
    }
}

static bool holds_raw_text(GumboTag tag)
{
    return tag == GUMBO_TAG_SCRIPT || tag == GUMBO_TAG_STYLE;
}

/* True where more tags are open at once than any document has. */
static bool nests_too_deeply(struct str text)
{
    long depth = 0;

    for (size_t at = 0; (at = str_find_char(text, '<', at)) != SIZE_MAX; at++) {
        bool end = at + 1 < text.n && text.p[at + 1] == '/';
        size_t from = at + 1 + end, n = name_length(str_sub(text, 0, from + 64), from);
        GumboTag tag = gumbo_tagn_enum(text.p + from, (unsigned)n);
        if (n == 0 || is_void(tag) || closes_itself(tag))
            continue;
        if (end)
            depth -= depth > 0;
        else if (++depth > PARSE_DEPTH)
            return true;
        if (!end && holds_raw_text(tag)) {
            size_t closing = str_find(text, STR("</"), at + 1);
            if (closing == SIZE_MAX)
                return false;
            at = closing - 1;
        }
    }
    return false;
}

bool html_is_placeholder(struct str tag, struct str rest)
{
    size_t n = name_length(tag, 1);
    struct str name = str_sub(tag, 1, n);
    GumboTag known;
    char closing[80];

    if (n == 0 || n > 64 || str_find_char(tag, '=', 0) != SIZE_MAX || str_has(tag, "/>") ||
        str_find_char(name, ':', 0) != SIZE_MAX)
        return false;
    known = gumbo_tagn_enum(name.p, (unsigned)n);
    if (is_void(known) || tag.n > 200)
        return false;
    if (known != GUMBO_TAG_UNKNOWN && known != GUMBO_TAG_LAST &&
        !(n > 2 && name.p[0] >= 'A' && name.p[0] <= 'Z' && name.p[1] >= 'a' && name.p[1] <= 'z'))
        return false;
    snprintf(closing, sizeof closing, "</%.*s", STR_ARG(name));
    return !str_has(str_sub(rest, 0, CLOSING_BYTES), closing);
}

/* gumbo's output, or NULL where it would not fit. */
static const GumboOutput *parse(struct html_memory *memory, struct str text)
{
    GumboOptions options = kGumboDefaultOptions;

    options.allocator = memory_get;
    options.deallocator = memory_put;
    options.userdata = memory;
    options.max_errors = 0;
    if (setjmp(memory->full) != 0)
        return NULL;
    return gumbo_parse_with_options(&options, text.p, text.n);
}

int html_tree_parse(struct ctx *cx, struct str text, struct html_memory **ret_memory,
                    const struct GumboInternalNode **ret_root)
{
    struct html_memory *memory;
    const GumboOutput *output;

    if (nests_too_deeply(text))
        return fail(cx, RC_LIMIT, NULL, _("The HTML has more than %d elements open at once."),
                    PARSE_DEPTH);
    memory = calloc(1, sizeof *memory);
    if (memory == NULL)
        return fail(cx, RC_FAIL, NULL, _("There is no memory left."));
    output = parse(memory, text);
    if (output == NULL) {
        html_tree_free(memory);
        return fail(cx, RC_LIMIT, NULL, _("The HTML needs more memory than is allowed (%zu MB)."),
                    PARSE_BYTES >> 20);
    }
    *ret_memory = memory;
    *ret_root = output->root;
    return 0;
}
