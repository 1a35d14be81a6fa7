/* The parts of the text report: its order and its lists (text.c), its findings (text_gaps.c), what
 * changed since an earlier one (text_since.c). */
#ifndef ASSAY_REPORT_TEXT_H
#define ASSAY_REPORT_TEXT_H

#include "report/internal.h"
#include "report/page.h"

struct text_report {
    struct page page;
    const struct value *result;
    bool auditor;
};

/* Columns where the body of a section begins. */
enum { TEXT_LEFT = 3, TEXT_BODY = 6, TEXT_HANG = 16 };

/* What changed; nothing where there is no earlier report. */
void text_since(struct text_report *r);

/* What blocks, in full. */
void text_blocking(struct text_report *r);

/* Concerns and notes, clause by clause. */
void text_concerns(struct text_report *r);

/* A question of a list, with the page to have open, and whose it is. */
void text_question(struct text_report *r, size_t n, const struct value *question, bool with_role);

void text_first_questions(struct text_report *r);
void text_start_now(struct text_report *r);

/* The drafts that were written, where they were asked for. */
void text_starters(struct text_report *r);

/* What the audit will take; in full, with every step, or its result. */
void text_audit_time(struct text_report *r, bool in_full);

/* How tables were read; nothing where none is a register. */
void text_registers(struct text_report *r);

/* text_warnings.c: how the result came about. */
void text_warnings(struct text_report *r);

/* From risks to evidence; nothing where no risks were read. */
void text_trails(struct text_report *r);

#endif
