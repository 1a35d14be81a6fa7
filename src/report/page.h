/*
 * A page of text: wrapped by display width, ruled, and coloured where wanted.
 *
 * Width is counted in columns of a terminal: combining marks take none, East Asian wide characters
 * and emoji take two. The tables are our own and not the locale's, so that the same text gives the
 * same lines everywhere. Characters that steer a terminal or turn its direction are shown as "?".
 */
#ifndef ASSAY_REPORT_PAGE_H
#define ASSAY_REPORT_PAGE_H

#include "report/report.h"

enum tone { TONE_PLAIN, TONE_STRONG, TONE_FAINT, TONE_BAD, TONE_WARN, TONE_GOOD, TONE_ASK };

struct page {
    struct ctx *cx;
    struct buf *out;
    unsigned width;
    bool unicode;
    bool colour;
};

struct page page_new(struct ctx *cx, const struct report_style *style, struct buf *out);

size_t page_columns(struct str text);

/* As it may be shown: white space runs are one blank, no control characters, ASCII marks for
 * typographic ones where the page has no Unicode. */
struct str page_clean(const struct page *p, struct str text);

void page_put(struct page *p, enum tone tone, struct str text); /* no wrapping */
void page_putz(struct page *p, enum tone tone, const char *text);
void page_pad(struct page *p, size_t n);
void page_line(struct page *p);

/* A title with a rule to the right edge, and perhaps a few words at its end. */
void page_rule(struct page *p, enum tone tone, const char *title, struct str end);

/* Wrapped text, `left` columns in. */
void page_text(struct page *p, size_t left, enum tone tone, struct str text);

/* A label `left` columns in, and wrapped text beside it from column `hang` on. */
void page_item(struct page *p, size_t left, size_t hang, enum tone label_tone, struct str label,
               enum tone tone, struct str text);

/* The same with a few words at the right edge of the first line; the text keeps clear of them. */
void page_item_end(struct page *p, size_t left, size_t hang, enum tone label_tone, struct str label,
                   enum tone tone, struct str text, struct str end);

#endif
