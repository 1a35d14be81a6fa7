/* What machines ask for: health, counts, the files beside the pages. */
#include "web/handlers.h"
#include "web/openapi.h"
#include "web/pages.h"
#include "web/server.h"

/* The directory answers: then the server can serve. */
int machine_health(struct visit *visit, struct value **ret)
{
    struct store *directory;
    struct value *tree = value_map(visit->cx->mem);
    bool any;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(accounts_any(visit->cx, directory, &any));
    value_set_text(tree, "status", STR("ok"));
    visit->json = true;
    *ret = tree;
    return 0;
}

/* Numbers that tell nothing of any organisation, for who watches the machine: on it, or through the
 * proxy's own rules. */
int machine_metrics(struct visit *visit, struct value **ret)
{
    struct buf out = buf_new(visit->cx->mem);

    if (!str_is(visit->request->address, "127.0.0.1") && !str_is(visit->request->address, "::1"))
        return fail(visit->cx, RC_NOT_FOUND, NULL, _("No page has this address."));
    server_metrics(visit->app->server, &out);
    visit->raw = buf_str(&out);
    visit->raw_type = "text/plain; version=0.0.4; charset=utf-8";
    *ret = NULL;
    return 0;
}

/* With an organisation's own registers, or those of the program. */
int machine_openapi(struct visit *visit, struct value **ret)
{
    struct ctx *cx = visit->cx;
    const struct registers *registers = NULL;
    struct content content;

    visit->json = true;
    if (visit->org == NULL) {
        TRY(content_open(cx, visit->app->where.content_dir, &content));
        TRY(registers_load(cx, &content, &registers));
        *ret = openapi_make(cx->mem, registers, STR_NONE);
        return 0;
    }
    *ret = openapi_make(cx->mem, visit->org->records.registers, visit_base(visit));
    return 0;
}

int machine_asset(struct visit *visit, struct value **ret)
{
    struct asset asset;

    if (!pages_asset(visit->app->pages, visit_param(visit, "name"), &asset))
        return fail(visit->cx, RC_NOT_FOUND, NULL, _("No file has this address."));
    /* Its address has the version in it. */
    web_header(visit->response, "Cache-Control", STR("public, max-age=31536000, immutable"));
    web_header(visit->response, "Vary", STR("Accept-Encoding"));
    if (asset.packed.n > 0 && parse_takes_coding(visit->request->coding, "gzip")) {
        web_header(visit->response, "Content-Encoding", STR("gzip"));
        asset.bytes = asset.packed;
        asset.tag = asset.packed_tag;
    }
    web_header(visit->response, "ETag", asset.tag);
    visit->raw = asset.bytes;
    visit->raw_type = asset.type;
    if (parse_has_tag(visit->request->if_none_match, asset.tag)) {
        visit->status = 304;
        visit->raw = STR_NONE;
    }
    *ret = NULL;
    return 0;
}
