#include "extract/internal.h"
#include "tests/extract/blocks.h"

static struct extract read(struct ctx *cx, const char *text)
{
    struct extract e = {0};

    CHECK_OK(extract_bytes(cx, STR("page.html"), str_of(text), &e));
    return e;
}

TEST(html_page)
{
    BLOCKS(
        read(cx,
             "<!DOCTYPE html>\n<html><head><title>Access Policy</title>\n"
             "<meta name=author content='Jane Doe'><meta name=viewport content=x></head>\n"
             "<body><header>Acme Ltd</header><nav>Home</nav>\n<main><h1>Access&nbsp;Policy</h1>\n"
             "<p>Owner: CISO<br>\nVersion: 1.2</p>\n<p><b>Purpose</b></p>\n"
             "<div>Loose <span>text</span><p>para</p>after</div>\n"
             "<script>x()</script><p hidden>no</p><p style='display: none'>no</p>\n"
             "<p>Old <del>gone</del> new</p><pre><code>a\nb</code></pre></main>\n"
             "<footer>Page 1</footer></body></html>"),
        "=0@2 title=Access Policy", "=0@3 author=Jane Doe", "F0@4 Acme Ltd", "H1@5 Access Policy",
        "P0@6 Owner: CISO", "P0@7 Version: 1.2", "H7@8 Purpose", "P0@9 Loose text", "P0@9 para",
        "P0@9 after", "P0@11 Old new", "P0~@11 gone", "C0@11 a b", "F0@13 Page 1");
}

TEST(html_tables)
{
    struct extract e =
        read(cx, "<table><caption>Roles</caption>\n"
                 "<thead><tr><th colspan=2>Who</th><th>What</th></tr></thead>\n"
                 "<tr><td rowspan=2>CISO</td><td>a</td><td>b</td></tr>\n"
                 "<tr><td>c<br>d</td><td>e<table><tr><td>f</td></tr></table></td></tr>\n"
                 "<tr><th>Row head</th><td>g</td></tr></table>");

    BLOCKS(e, "P0@1 Roles", "R0h@2 Who | What", "R0@3 CISO | a | b", "R0@4 c d | e f",
           "R0@5 Row head | g");
    CHECK_INT(e.blocks[1].cells[1].column, 2);
    CHECK_INT(e.blocks[3].cells[0].column, 1);
    CHECK_INT(e.blocks[4].cells[0].column, 0);
}

TEST(html_layout_tables_are_no_tables)
{
    BLOCKS(read(cx, "<table><tr><td><h1>Title</h1><p>Body</p>\n"
                    "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>"
                    "</td></tr></table>"),
           "H1@1 Title", "P0@1 Body", "R0h@2 A | B", "R0@2 1 | 2");
}

TEST(html_lists)
{
    BLOCKS(read(cx, "<ul><li>One<ol><li>Two</li></ol></li>\n<li><p>Three</p></li></ul>\n"
                    "<dl><dt>Status</dt><dd>Approved</dd>\n<dt>Date</dt><dd>2026-01-01</dd></dl>"),
           "I1@1 One", "I2@1 Two", "I1@2 Three", "R0@3 Status | Approved",
           "R0@4 Date | 2026-01-01");
}

TEST(html_headers_with_a_title_are_text)
{
    BLOCKS(read(cx, "<body><header><h1>Policy</h1></header><article><footer>Signed: CEO</footer>"
                    "</article></body>"),
           "H1@1 Policy", "P0@1 Signed: CEO");
}

TEST(html_bounds)
{
    struct buf text = buf_new(cx->mem);
    struct extract e;

    buf_addz(&text, "<html><p>Top</p>");
    for (int i = 0; i < 1000; i++)
        buf_addz(&text, "<div>");
    buf_addz(&text, "deep");
    CHECK_OK(extract_bytes(cx, STR("a.html"), buf_str(&text), &e));
    CHECK_INT(e.block_count, 1);
    CHECK_STR(e.note, "What is nested more than 256 deep was left out.");
    for (int i = 0; i < 10000; i++)
        buf_addz(&text, "<div>");
    CHECK_RC(extract_bytes(cx, STR("a.html"), buf_str(&text), &e), RC_LIMIT);
}
