/* The files beside the pages. */
#include "web/pages.h"

#include "tests/harness.h"

#define STYLE_BYTES ((size_t)28 * 1024)
#define PACKED_BYTES ((size_t)8 * 1024) /* of either, as it travels */
#define SCRIPT_BYTES ((size_t)10 * 1024)

static struct str asset(struct ctx *cx, const char *name)
{
    struct pages *pages = NULL;
    struct asset asset = {.bytes = STR_NONE};

    CHECK_OK(pages_new(cx, &pages));
    CHECK(pages_asset(pages, str_of(name), &asset));
    CHECK(asset.packed.n > 100 && asset.packed.n <= PACKED_BYTES);
    return asset.bytes;
}

/* What is always loaded stays small, and comes without what only its authors read. */
TEST(style_sheet_and_script_are_small)
{
    struct str css = asset(cx, "assay.css"), js = asset(cx, "assay.js");

    CHECK(css.n > 1000 && css.n <= STYLE_BYTES);
    CHECK(js.n > 1000 && js.n <= SCRIPT_BYTES);
    CHECK(!str_has(css, "/*") && !str_has(css, ": ") && !str_has(css, "; "));
    CHECK(str_has(css, "content:\" ↑\"")); /* what is in quotes stays as it is */
    CHECK(!str_has(js, "innerHTML") && !str_has(js, "eval("));
}

TEST(other_files_are_no_assets)
{
    struct pages *pages = NULL;
    struct asset found;

    CHECK_OK(pages_new(cx, &pages));
    CHECK(!pages_asset(pages, STR("../templates/web-head.html"), &found));
    CHECK(!pages_asset(pages, STR("menu.yaml"), &found));
}
