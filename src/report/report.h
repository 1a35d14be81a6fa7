/*
 * The reports of `assay stage1`: the result's value tree as text for a terminal, as one HTML file,
 * as JSON, as SARIF for forges, and as a picture.
 *
 * `result` is the tree that docs/stage1.schema.json describes, which is the contract: what is
 * absent or null there is left out here. The reports decide nothing; they only count, sort and word
 * what stands in the result. The same result and style give the same bytes.
 *
 * Everything is made in cx->mem; `out` may live in another arena and is only added to. Paths,
 * titles and quotes come from strangers' files: text replaces control characters that a terminal
 * would obey, HTML escapes all of them.
 */
#ifndef ASSAY_REPORT_REPORT_H
#define ASSAY_REPORT_REPORT_H

#include "base/base.h"

struct report_style {
    unsigned width;  /* columns of the terminal; taken as 80 to 120. Text only */
    bool unicode;    /* rules, blocks and typographic marks. Text only */
    bool colour;     /* SGR sequences. Text only */
    bool auditor;    /* leave out next steps, effort and lead time */
    struct str base; /* what leads from the working folder to the result's paths. SARIF only */
    struct str here; /* the working folder, cut from paths that begin with it. SARIF only */
};

/* Where templates come from, by name ("stage1.html", "stage1.css"). */
struct report_templates {
    mustache_partial *find;
    void *arg;
};

/* The verdict first, then what blocks, then the clauses; one page where the verdict is hopeless. */
MUST_CHECK int report_text(struct ctx *cx, const struct value *result,
                           const struct report_style *style, struct buf *out);

/* Only the audit time, with every step and the quote. */
MUST_CHECK int report_audit_time(struct ctx *cx, const struct value *result,
                                 const struct report_style *style, struct buf *out);

/* The sheet for one person (op/interview.h): as text, and as a paper to be printed. */
struct paper;
MUST_CHECK int report_sheet_text(struct ctx *cx, const struct value *sheet,
                                 const struct report_style *style, struct buf *out);
struct paper *report_sheet_paper(struct arena *mem, const struct value *sheet);

/* One self-contained page without script. NULL `templates` takes those inside the binary. */
MUST_CHECK int report_html(struct ctx *cx, const struct value *result,
                           const struct report_style *style,
                           const struct report_templates *templates, struct buf *out);

/* To file and to forward: Markdown, DOCX and PDF with the same content as the page, and its lists
 * as a workbook. */
MUST_CHECK int report_md(struct ctx *cx, const struct value *result,
                         const struct report_style *style, struct buf *out);
MUST_CHECK int report_docx(struct ctx *cx, const struct value *result,
                           const struct report_style *style, struct buf *out);
MUST_CHECK int report_pdf(struct ctx *cx, const struct value *result,
                          const struct report_style *style, struct buf *out);
MUST_CHECK int report_xlsx(struct ctx *cx, const struct value *result,
                           const struct report_style *style, struct buf *out);

/* A template of the binary over a view: pages that are no report, such as those of a bundle. */
MUST_CHECK int report_template(struct ctx *cx, const char *name, const struct value *view,
                               struct buf *out);

/* A picture: what must be there and each clause, now and in the earlier report where there is one.
 */
MUST_CHECK int report_svg(struct ctx *cx, const struct value *result,
                          const struct report_templates *templates, struct buf *out);

/* The tree itself, two blanks a level, and a newline at the end. For auditors (style->auditor) the
 * findings come without next steps, effort and lead time. `style` may be NULL. */
MUST_CHECK int report_json(struct ctx *cx, const struct value *result,
                           const struct report_style *style, struct buf *out);

/* SARIF 2.1.0: a rule and a result for each finding, with the finding's id as its fingerprint, and
 * addresses relative to the working folder. */
MUST_CHECK int report_sarif(struct ctx *cx, const struct value *result,
                            const struct report_style *style, struct buf *out);

#endif
