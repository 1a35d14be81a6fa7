/*
 * The result of stage1 as a paper (report/paper.h), of which the Markdown, DOCX, PDF and XLSX are
 * made. stage1_paper.c has the list of its sections; each is a heading and a function that adds the
 * blocks below it. Where a function adds nothing, the section is left out.
 */
#ifndef ASSAY_REPORT_STAGE1_PAPER_H
#define ASSAY_REPORT_STAGE1_PAPER_H

#include "report/internal.h"
#include "report/paper.h"

struct stage1_paper {
    struct arena *mem;
    struct paper *paper;
    const struct value *result;
    bool auditor; /* without next steps, effort and lead time */
};

/* Builders of sections, by the files they stand in. */
void stage1_since(struct stage1_paper *s);
void stage1_first(struct stage1_paper *s);
void stage1_minimum(struct stage1_paper *s);
void stage1_clauses(struct stage1_paper *s);
void stage1_questions(struct stage1_paper *s);
void stage1_method(struct stage1_paper *s);

void stage1_blocking(struct stage1_paper *s); /* stage1_gaps.c */
void stage1_concerns(struct stage1_paper *s);
void stage1_notes(struct stage1_paper *s);

void stage1_requirements(struct stage1_paper *s); /* stage1_lists.c */
void stage1_controls(struct stage1_paper *s);
void stage1_carried_over(struct stage1_paper *s);
void stage1_wanted(struct stage1_paper *s);
void stage1_files(struct stage1_paper *s);
void stage1_skipped(struct stage1_paper *s);
void stage1_warnings(struct stage1_paper *s);

void stage1_risks(struct stage1_paper *s); /* stage1_parts.c */
void stage1_trails(struct stage1_paper *s);
void stage1_registers(struct stage1_paper *s);
void stage1_commitments(struct stage1_paper *s);
void stage1_time(struct stage1_paper *s);
void stage1_on_the_day(struct stage1_paper *s);
void stage1_first_questions(struct stage1_paper *s);
void stage1_start_now(struct stage1_paper *s);

void stage1_sheets(struct stage1_paper *s); /* stage1_sheets.c: what only workbooks hold */

/* What builders share. Text that is empty adds nothing. */
struct paper_text *stage1_say(struct stage1_paper *s, enum paper_style style, struct str text);
void stage1_fact(struct stage1_paper *s, const char *label, struct str text); /* "Label: text" */
void stage1_quote(struct stage1_paper *s, const struct value *quote, struct str after);
void stage1_item(struct stage1_paper *s, enum paper_list list, struct str text, struct str small);

/* A table for pages only. `columns` is "Title:weight", parted by "|"; an "r" or "c" behind the
 * weight aligns it to the right or the centre. The first of them is its header row. */
struct paper_table *stage1_table(struct stage1_paper *s, const char *columns);
/* The same for a sheet of a workbook. */
struct paper_table *stage1_sheet(struct stage1_paper *s, const char *name, const char *columns);

/* A cell that shows a status in words and colour. */
void stage1_put_status(struct paper_row *row, struct str status);
/* A cell of a text, and of a text with a small one below it. */
void stage1_put(struct paper_row *row, struct str text);
void stage1_put_two(struct paper_row *row, struct str text, struct str small);
void stage1_put_path(struct paper_row *row, struct str path);

/* What a commitment promises, in the document's own words where they are known. */
struct str stage1_promise(struct arena *mem, const struct value *commitment);

enum paper_role stage1_role(struct str status);
enum paper_role stage1_gravity_role(enum gravity gravity);

#endif
