/*
 * The three reports of the two made-up results beside this file. Text is held against files of its
 * own; ASSAY_WRITE_GOLDEN=1 writes them anew, to be read before they are kept.
 */
#include "tests/harness.h"

#include <gumbo.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/page.h"
#include "report/report.h"
#include "standard/yaml.h"

#define FOLDER "tests/report/"

static struct value *load(struct ctx *cx, const char *path)
{
    struct value *result = value_map(cx->mem);

    CHECK_OK(yaml_parse(cx, path, test_read_file(cx, path), &result));
    return result;
}

static void write_file(const char *path, struct str text)
{
    FILE *file = fopen(path, "wb");

    CHECK(file != NULL);
    if (file == NULL)
        return;
    CHECK_INT(fwrite(text.p, 1, text.n, file), text.n);
    CHECK_INT(fclose(file), 0);
}

static size_t widest(struct str text)
{
    struct str line;
    size_t most = 0;

    while (str_split(&text, '\n', &line))
        if (page_columns(line) > most)
            most = page_columns(line);
    return most;
}

static void same_as(struct ctx *cx, const char *golden, struct str got)
{
    struct str wanted, a, b;
    int line = 1;

    if (getenv("ASSAY_WRITE_GOLDEN") != NULL)
        write_file(golden, got);
    wanted = test_read_file(cx, golden);
    for (; !str_eq(got, wanted); line++) {
        bool more_a = str_split(&got, '\n', &a), more_b = str_split(&wanted, '\n', &b);
        if (more_a && more_b && str_eq(a, b))
            continue;
        test_failed(golden, line, "\"%.*s\", not \"%.*s\"", STR_ARG(more_a ? a : STR_NONE),
                    STR_ARG(more_b ? b : STR_NONE));
        return;
    }
}

static struct str text_of(struct ctx *cx, const char *path, struct report_style style)
{
    struct buf out = buf_new(cx->mem);

    CHECK_OK(report_text(cx, load(cx, path), &style, &out));
    return buf_str(&out);
}

TEST(report_text_in_80_columns)
{
    struct str text =
        text_of(cx, FOLDER "sample.yaml", (struct report_style){.width = 80, .unicode = true});

    CHECK_INT(widest(text), 80);
    same_as(cx, FOLDER "sample-80.txt", text);
}

TEST(report_text_in_120_columns)
{
    struct str text =
        text_of(cx, FOLDER "sample.yaml", (struct report_style){.width = 120, .unicode = true});

    CHECK_INT(widest(text), 120);
    same_as(cx, FOLDER "sample-120.txt", text);
}

TEST(report_text_for_auditors_in_ascii)
{
    struct report_style style = {.width = 40, .auditor = true};
    struct str text = text_of(cx, FOLDER "sample.yaml", style);

    same_as(cx, FOLDER "sample-auditor.txt", text);
    CHECK(!str_has(text, "days of work"));
    CHECK(!str_has(text, "Book an internal auditor"));
}

TEST(report_text_gives_a_hopeless_folder_one_page)
{
    struct str text =
        text_of(cx, FOLDER "hopeless.yaml", (struct report_style){.width = 80, .unicode = true});

    same_as(cx, FOLDER "hopeless-80.txt", text);
    CHECK(str_has(text, "2 of 16"));
    CHECK(str_has(text, "--format json"));
}

TEST(report_text_is_coloured_only_where_asked)
{
    struct report_style style = {.width = 80, .unicode = true, .colour = true};

    CHECK(str_has(text_of(cx, FOLDER "sample.yaml", style), "\033[1;31m"));
    style.colour = false;
    CHECK(!str_has(text_of(cx, FOLDER "sample.yaml", style), "\033"));
}

TEST(report_text_shows_nothing_that_steers_a_terminal)
{
    struct page page = {.cx = cx, .unicode = true};

    CHECK_STR(page_clean(&page, STR("a\033]0;x\007b  \xe2\x80\xae c\t\xc2\x85")), "a?]0;x?b ? c ?");
    page.unicode = false;
    CHECK_STR(page_clean(&page, STR("“a” › b… – c")), "\"a\" > b... - c");
}

TEST(report_text_counts_columns)
{
    CHECK_INT(page_columns(STR("abc")), 3);
    CHECK_INT(page_columns(STR("e\xcc\x81t\xc3\xa9")), 3); /* e + acute, t, é */
    CHECK_INT(page_columns(STR("情報")), 4);
    CHECK_INT(page_columns(STR("👍🏽")), 2);
}

TEST(report_text_breaks_words_that_are_too_long)
{
    struct buf out = buf_new(cx->mem), word = buf_new(cx->mem);
    struct report_style style = {.width = 80};
    struct page page = page_new(cx, &style, &out);

    for (int i = 0; i < 100; i++)
        buf_addz(&word, "長");
    page_text(&page, 3, TONE_PLAIN, buf_str(&word));
    CHECK_INT(widest(buf_str(&out)), 79);
}

TEST(report_text_of_an_empty_result)
{
    struct report_style style = {.width = 80};
    struct buf out = buf_new(cx->mem);

    CHECK_OK(report_text(cx, value_map(cx->mem), &style, &out));
    CHECK_OK(report_html(cx, value_map(cx->mem), &style, NULL, &out));
    CHECK_OK(report_json(cx, value_map(cx->mem), NULL, &out));
}

static struct str html_of(struct ctx *cx, const char *path, bool auditor)
{
    struct report_style style = {.auditor = auditor};
    struct buf out = buf_new(cx->mem);

    CHECK_OK(report_html(cx, load(cx, path), &style, NULL, &out));
    return buf_str(&out);
}

struct found {
    struct ctx *cx;
    struct value *ids;
    struct value *links;
    int level; /* of the last heading */
};

static int heading(GumboTag tag)
{
    switch (tag) {
    case GUMBO_TAG_H1:
        return 1;
    case GUMBO_TAG_H2:
        return 2;
    case GUMBO_TAG_H3:
        return 3;
    default:
        return tag == GUMBO_TAG_H4 ? 4 : 0;
    }
}

static bool has(const struct value *list, const char *text)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (value_is_text(value_at(list, i), text))
            return true;
    return false;
}

static void look_at(struct found *found, const GumboElement *element)
{
    const GumboAttribute *id = gumbo_get_attribute(&element->attributes, "id");
    const GumboAttribute *href = gumbo_get_attribute(&element->attributes, "href");
    int level = heading(element->tag);

    CHECK(element->tag != GUMBO_TAG_SCRIPT);
    CHECK(gumbo_get_attribute(&element->attributes, "src") == NULL);
    CHECK(gumbo_get_attribute(&element->attributes, "style") == NULL);
    if (level > 0) {
        CHECK(level <= found->level + 1);
        found->level = level;
    }
    if (id != NULL) {
        if (has(found->ids, id->value))
            test_failed(__FILE__, __LINE__, "the id %s stands twice", id->value);
        value_push(found->ids, value_textz(found->cx->mem, id->value));
    }
    if (href != NULL && href->value[0] == '#')
        value_push(found->links, value_textz(found->cx->mem, href->value + 1));
    else if (href != NULL)
        CHECK_STR(str_of(href->value), "data:,");
}

static void walk(struct found *found, const GumboNode *node)
{
    if (node->type != GUMBO_NODE_ELEMENT)
        return;
    look_at(found, &node->v.element);
    for (unsigned i = 0; i < node->v.element.children.length; i++)
        walk(found, node->v.element.children.data[i]);
}

/* No parse error, no script, nothing from outside, headings in order, no link into nowhere. */
static void sound_html(struct ctx *cx, struct str html)
{
    GumboOutput *tree = gumbo_parse_with_options(&kGumboDefaultOptions, html.p, html.n);
    struct found found = {cx, value_list(cx->mem), value_list(cx->mem), 0};

    CHECK_INT(tree->errors.length, 0);
    walk(&found, tree->root);
    for (size_t i = 0; i < value_count(found.links); i++) {
        const char *name = str_z(cx->mem, value_as_text(value_at(found.links, i)));
        if (!has(found.ids, name))
            test_failed(__FILE__, __LINE__, "the link #%s leads nowhere", name);
    }
    CHECK(!str_has(html, "http://") && !str_has(html, "https://"));
    CHECK(!str_has(html, "{{"));
    gumbo_destroy_output(&kGumboDefaultOptions, tree);
}

TEST(report_html_is_sound)
{
    struct str html = html_of(cx, FOLDER "sample.yaml", false);

    sound_html(cx, html);
    CHECK(str_has(html, "&lt;script&gt;alert(1)&lt;/script&gt;.md"));
    CHECK(str_has(html, "Shared drive &quot;Lab&quot;"));
    CHECK(str_has(html, "No longer possible before Stage 2 on 18 January 2027"));
    CHECK(str_has(html, "default-src 'none'"));
}

TEST(report_html_shows_what_controls_want_and_what_was_carried_over)
{
    struct str html = html_of(cx, FOLDER "sample.yaml", false);

    CHECK(str_has(html, "What you will probably need too"));
    CHECK(str_has(html, "A.5.12, A.5.13"));
    CHECK(!str_has(html, "Secure development rules")); /* its controls are left out */
    CHECK(str_has(html, "3 lines of Old/SoA &lt;2013&gt;.xlsx"));
    CHECK(str_has(html, "A.5.1.1, A.5.1.2"));
    CHECK(str_has(html, "law; risk &lt;3&gt;"));
    CHECK(str_has(html, "new: to be decided"));
}

TEST(report_html_of_a_hopeless_folder)
{
    struct str html = html_of(cx, FOLDER "hopeless.yaml", false);

    sound_html(cx, html);
    CHECK(str_has(html, "Do these first"));
}

TEST(report_html_for_auditors_has_no_advice)
{
    struct str html = html_of(cx, FOLDER "sample.yaml", true);

    sound_html(cx, html);
    CHECK(!str_has(html, "Next step"));
    CHECK(!str_has(html, "days of work"));
    CHECK(!str_has(html, "First steps"));
}

static int nowhere(UNUSED void *arg, UNUSED struct str name, UNUSED struct str *ret_text)
{
    return RC_NOT_FOUND;
}

TEST(report_html_says_when_its_template_is_missing)
{
    struct report_templates templates = {nowhere, NULL};
    struct report_style style = {0};
    struct buf out = buf_new(cx->mem);

    CHECK_RC(report_html(cx, value_map(cx->mem), &style, &templates, &out), RC_NOT_FOUND);
}

TEST(report_json_reads_back)
{
    struct value *result = load(cx, FOLDER "sample.yaml"), *again = NULL;
    struct buf out = buf_new(cx->mem), once_more = buf_new(cx->mem);

    CHECK_OK(report_json(cx, result, NULL, &out));
    CHECK(str_ends(buf_str(&out), STR("\n}\n")));
    CHECK_OK(yaml_parse(cx, "json", buf_str(&out), &again));
    CHECK_OK(report_json(cx, again, NULL, &once_more));
    CHECK(str_eq(buf_str(&out), buf_str(&once_more)));
}

TEST(report_json_for_auditors_has_no_advice)
{
    struct report_style style = {.auditor = true};
    struct buf out = buf_new(cx->mem);

    CHECK_OK(report_json(cx, load(cx, FOLDER "sample.yaml"), &style, &out));
    CHECK(!str_has(buf_str(&out), "next_step"));
    CHECK(!str_has(buf_str(&out), "effort_days"));
    CHECK(str_has(buf_str(&out), "\"statement\""));
}
