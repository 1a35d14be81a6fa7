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

static const char wiki_page[] =
    "<html><head><title>ISMS : Access policy</title></head><body><div id=\"main-header\">"
    "<div id=\"breadcrumb-section\"><ol id=\"breadcrumbs\"><li><span><a href=\"index.html\">ISMS"
    "</a></span></li><li><a href=\"Policies_1.html\">Policies</a></li></ol></div>"
    "<h1 id=\"title-heading\"><span id=\"title-text\"> ISMS : Access policy </span></h1></div>"
    "<div id=\"content\"><div class=\"page-metadata\">Created by <span class='author'> Ann Lee"
    "</span>, last modified by <span class='editor'> Bob</span> on Nov 30, 2026</div>"
    "<div id=\"main-content\" class=\"wiki-content group\"><p>All access is reviewed.</p></div>"
    "<div class=\"pageSection group\"><div class=\"pageSectionHeader\"><h2 id=\"attachments\" "
    "class=\"pageSectionTitle\">Attachments:</h2></div><div class=\"greybox\"><a "
    "href=\"attachments/1/2.docx\">Approved policy.docx</a></div></div></div>"
    "<div id=\"footer\" role=\"contentinfo\"><section><p>Document generated on Nov 30, 2026</p>"
    "</section></div></body></html>";

TEST(an_exported_wiki_page)
{
    struct extract e;

    CHECK_OK(extract_bytes(cx, STR("Access-policy_42.html"), str_of(wiki_page), &e));
    BLOCKS(e, "=0@0 author=Ann Lee", "=0@0 last_modified_by=Bob", "=0@1 title=Access policy",
           "H1@1 Access policy", "F0@1 Created by Ann Lee, last modified by Bob on Nov 30, 2026",
           "P0@1 All access is reviewed.", "F0@1 Document generated on Nov 30, 2026");
    CHECK(!e.index);
}

TEST(a_title_keeps_a_colon_of_its_own)
{
    struct extract e;

    CHECK_OK(extract_bytes(cx, STR("a.html"),
                           STR("<html><body><h1>ISMS : Access policy</h1><p>x</p></body></html>"),
                           &e));
    BLOCKS(e, "H1@1 ISMS : Access policy", "P0@1 x");
}

TEST(a_page_of_links_is_an_index)
{
    struct extract e;

    CHECK_OK(extract_bytes(
        cx, STR("index.html"),
        STR("<html><body><h1>ISMS</h1><table><tr><th>Key</th><td>ISMS, a long description</td></tr>"
            "</table><h2>Available Pages:</h2><ul><li><a href=\"a.html\">Access policy</a></li>"
            "<li><a href=\"b.html\">Backup policy</a></li><li><a href=\"c.html\">Risk method</a>"
            "</li><li><a href=\"d.html\">Audit report</a></li><li><a href=\"e.html\">Management "
            "review minutes</a></li></ul></body></html>"),
        &e));
    CHECK(e.index);
    CHECK_OK(extract_bytes(cx, STR("a.md"),
                           STR("# ISMS\n\n- [A policy](a.md)\n- [B policy](b.md)\n- [C](c.md)\n"
                               "- [D register](d.md)\n- [Events](e.md)\n"),
                           &e));
    CHECK(e.index);
    CHECK_OK(extract_bytes(cx, STR("a.md"),
                           STR("# Access\n\n- [One](#one)\n- [Two](#two)\n- [Three](#three)\n"
                               "- [Four](#four)\n- [Five](#five)\n- [Web](https://x.org/a)\n"),
                           &e));
    CHECK(!e.index);
}
