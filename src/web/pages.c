#include "web/pages.h"

#include <zlib.h>

#include "standard/content.h"

#define TEMPLATES "web/templates/"
#define PAGE_HEAD "web-"
#define ASSETS "web/assets/"

struct page {
    struct str name;
    struct mustache *template;
};

struct page_asset {
    struct str name;
    struct asset asset;
};

struct pages {
    struct page *pages;
    size_t n, room;
    struct page_asset *assets;
    size_t asset_n, asset_room;
    struct str version;
};

static struct str bytes_of(const struct content_file *file)
{
    return (struct str){(const char *)file->bytes, file->n};
}

static int find_text(UNUSED void *arg, struct str name, struct str *ret_text)
{
    for (size_t i = 0; i < content_file_count; i++) {
        struct str path = str_of(content_files[i].name);
        if (str_starts(path, STR(TEMPLATES)) &&
            str_eq(str_from(path, sizeof TEMPLATES - 1), name)) {
            *ret_text = bytes_of(&content_files[i]);
            return 0;
        }
    }
    return RC_NOT_FOUND;
}

static const char *type_of(struct str name)
{
    static const char *const types[][2] = {{".css", "text/css; charset=utf-8"},
                                           {".js", "text/javascript; charset=utf-8"},
                                           {".svg", "image/svg+xml"},
                                           {".woff2", "font/woff2"}};

    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_ends(name, str_of(types[i][0])))
            return types[i][1];
    return NULL;
}

/* A style sheet without comments and without the blanks that mean nothing: those behind a sign that
 * ends something. Texts in quotes stay. */
static struct str dense(struct arena *mem, struct str css)
{
    struct buf out = buf_new(mem);
    char quote = '\0';

    for (size_t i = 0; i < css.n; i++) {
        char c = css.p[i];
        size_t end = quote == '\0' && str_starts(str_from(css, i), STR("/*"))
                         ? str_find(css, STR("*/"), i + 2)
                         : SIZE_MAX;
        bool blank = c == ' ' || c == '\n';
        if (end != SIZE_MAX) {
            i = end + 1;
            continue;
        }
        if (quote == '\0' && blank &&
            (out.n == 0 || str_find_char(STR(" :;,{}"), out.p[out.n - 1], 0) != SIZE_MAX))
            continue;
        if (c == '"')
            quote = quote == '\0' ? c : '\0';
        buf_char(&out, quote == '\0' && c == '\n' ? ' ' : c);
    }
    return buf_str(&out);
}

#define GZIP_WINDOW (15 + 16) /* zlib's way to ask for gzip */

/* Pages hold secrets and what others wrote beside each other, so they are never compressed; these
 * files hold neither. */
static struct str pack(struct arena *mem, struct str bytes)
{
    z_stream z = {.next_in = (z_const Bytef *)(uintptr_t)bytes.p, .avail_in = (uInt)bytes.n};

    if (deflateInit2(&z, 9, Z_DEFLATED, GZIP_WINDOW, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return STR_NONE;
    size_t room = deflateBound(&z, (uLong)bytes.n);
    char *out = arena_alloc(mem, room);

    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    bool whole = deflate(&z, Z_FINISH) == Z_STREAM_END;
    size_t n = z.total_out;

    (void)deflateEnd(&z);
    return whole ? (struct str){out, n} : STR_NONE;
}

static struct str tag_of(struct arena *mem, struct str hash, const char *end)
{
    return str_printf(mem, "\"%.*s%s\"", STR_ARG(str_sub(hash, 0, 20)), end);
}

static void add_asset(struct ctx *cx, struct pages *pages, struct str name, struct str bytes,
                      struct buf *all)
{
    if (str_ends(name, STR(".css")))
        bytes = dense(cx->mem, bytes);
    struct str hash = hash_sha256_hex(cx->mem, bytes);

    if (type_of(name) == NULL)
        return;
    *ARENA_PUSH(cx->mem, pages->assets, pages->asset_n, pages->asset_room) =
        (struct page_asset){name,
                            {type_of(name), bytes, tag_of(cx->mem, hash, ""), pack(cx->mem, bytes),
                             tag_of(cx->mem, hash, "-gzip")}};
    buf_add(all, hash);
}

int pages_new(struct ctx *cx, struct pages **ret)
{
    struct pages *pages = ARENA_NEW(cx->mem, struct pages);
    struct buf all = buf_new(cx->mem);
    struct mustache *partials = NULL;

    for (size_t i = 0; i < content_file_count; i++) {
        const struct content_file *file = &content_files[i];
        struct str path = str_of(file->name);
        if (str_starts(path, STR(ASSETS)))
            add_asset(cx, pages, str_from(path, sizeof ASSETS - 1), bytes_of(file), &all);
        if (!str_starts(path, STR(TEMPLATES PAGE_HEAD)))
            continue;
        struct page *page = ARENA_PUSH(cx->mem, pages->pages, pages->n, pages->room);
        page->name = str_from(path, sizeof TEMPLATES - 1);
        TRY(mustache_compile_shared(cx, file->name, bytes_of(file), MUSTACHE_HTML, find_text, NULL,
                                    &partials, &page->template));
    }
    pages->version = str_sub(hash_sha256_hex(cx->mem, buf_str(&all)), 0, 12);
    *ret = pages;
    return 0;
}

int pages_render(struct ctx *cx, const struct pages *pages, const char *name,
                 const struct value *view, struct buf *out)
{
    for (size_t i = 0; i < pages->n; i++) {
        if (!str_is(pages->pages[i].name, name))
            continue;
        if (mustache_render(pages->pages[i].template, view, out) < 0)
            return fail(cx, RC_LIMIT, name, _("The page became too large."));
        return ctx_check(cx);
    }
    return fail(cx, RC_NOT_FOUND, name, _("The template %s is not there."), name);
}

bool pages_asset(const struct pages *pages, struct str name, struct asset *ret)
{
    for (size_t i = 0; i < pages->asset_n; i++) {
        if (!str_eq(pages->assets[i].name, name))
            continue;
        *ret = pages->assets[i].asset;
        return true;
    }
    return false;
}

struct str pages_version(const struct pages *pages)
{
    return pages->version;
}
