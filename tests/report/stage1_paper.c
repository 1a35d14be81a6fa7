/* The result of stage1 as papers: that each says what the result says. */
#include "extract/extract.h"
#include "report/report.h"
#include "standard/yaml.h"
#include "tests/harness.h"

static struct value *sample(struct ctx *cx)
{
    struct value *result = value_map(cx->mem);

    CHECK_OK(yaml_parse(cx, "sample", test_read_file(cx, "tests/report/sample.yaml"), &result));
    return result;
}

static struct str md_of(struct ctx *cx, const struct value *result, bool auditor)
{
    struct report_style style = {.auditor = auditor};
    struct buf out = buf_new(cx->mem);

    CHECK_OK(report_md(cx, result, &style, &out));
    return buf_str(&out);
}

/* All text of a report in one of the formats that our own reader takes. */
static struct str text_of(struct ctx *cx, const char *name, struct str bytes)
{
    struct extract e = {0};
    struct buf out = buf_new(cx->mem);

    CHECK_OK(extract_bytes(cx, str_of(name), bytes, &e));
    for (size_t i = 0; i < e.block_count; i++)
        buf_printf(&out, "%.*s\n", STR_ARG(e.blocks[i].text));
    return buf_str(&out);
}

TEST(paper_of_a_result_says_its_verdict)
{
    static const struct {
        const char *ready, *words;
    } verdicts[] = {{"yes", "**Ready for Stage 1**"},
                    {"with-concerns", "**Ready for Stage 1, with concerns**"},
                    {"no", "**Not ready for Stage 1**"}};

    for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
        struct value *result = sample(cx);
        value_set_text(value_get_mut(result, "verdict"), "ready", str_of(verdicts[i].ready));
        CHECK(str_has(md_of(cx, result, false), verdicts[i].words));
    }
}

static void says_both(struct ctx *cx, struct str md, struct str word, struct str quote)
{
    const char *words = str_z(cx->mem, str_squeeze(cx->mem, quote));

    if (!str_has(md, words) || !str_has(word, words))
        test_failed(__FILE__, __LINE__, "%s: not in both", words);
}

TEST(paper_of_a_result_has_every_gap_with_its_passages)
{
    struct value *result = sample(cx);
    const struct value *findings = value_get(result, "findings");
    struct buf docx = buf_new(cx->mem), xlsx = buf_new(cx->mem);
    struct str md = text_of(cx, "x.md", md_of(cx, result, false));

    CHECK_OK(report_docx(cx, result, NULL, &docx));
    CHECK_OK(report_xlsx(cx, result, NULL, &xlsx));
    struct str word = text_of(cx, "x.docx", buf_str(&docx));
    struct str sheets = text_of(cx, "x.xlsx", buf_str(&xlsx));
    CHECK(value_count(findings) > 0);
    for (size_t i = 0; i < value_count(findings); i++) {
        const struct value *it = value_at(findings, i);
        const char *title = str_z(cx->mem, value_get_text(it, "title"));
        struct str quote = value_get_text(value_at(value_get(it, "evidence"), 0), "quote");
        CHECK(str_has(md, title) && str_has(word, title) && str_has(sheets, title));
        if (value_count(value_get(it, "lines")) == 0 && quote.n > 0)
            says_both(cx, md, word, quote);
    }
    CHECK(str_has(md, "Requirement | Status") && str_has(word, "Requirement | Status"));
}

TEST(paper_for_auditors_has_no_advice)
{
    struct value *result = sample(cx);
    struct str owner = md_of(cx, result, false), auditor = md_of(cx, result, true);

    CHECK(str_has(owner, "**Next step:**") && str_has(owner, "## First steps"));
    CHECK(!str_has(auditor, "**Next step:**") && !str_has(auditor, "## First steps"));
    CHECK(!str_has(auditor, "How it could read"));
    CHECK(str_has(auditor, "**Why it matters:**"));
}

TEST(paper_of_a_result_leaves_out_what_it_has_not)
{
    struct value *result = sample(cx);

    value_set(result, "trails", value_list(cx->mem));
    value_set(result, "commitments", value_list(cx->mem));
    value_set(result, "skipped", value_list(cx->mem));
    struct str md = md_of(cx, result, false);
    CHECK(!str_has(md, "# From risk to evidence"));
    CHECK(!str_has(md, "# Commitments"));
    CHECK(!str_has(md, "# Not judged"));
    CHECK(str_has(md, "# Method and limits"));
}
