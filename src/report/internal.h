/* What the three reports share: words for what the result holds, and copies of its parts. */
#ifndef ASSAY_REPORT_INTERNAL_H
#define ASSAY_REPORT_INTERNAL_H

#include "report/report.h"

enum gravity { GRAVITY_BLOCKING, GRAVITY_CONCERN, GRAVITY_NOTE };

/* At Stage 2 these are major and minor nonconformities and opportunities for improvement. */
enum gravity report_gravity(const struct value *finding);
size_t report_count(const struct value *result, enum gravity gravity);

/* "30 November 2026" of "2026-11-30"; anything else as it is. */
struct str report_date(struct arena *mem, struct str iso);

/* "2 days of work, then 30 days lead time"; empty where neither is known. */
struct str report_effort(struct arena *mem, const struct value *finding);

/* Where in its file a quote stands: its place, else what `at` says. */
struct str report_place(struct arena *mem, const struct value *quote);

/* How the stage that was judged calls things: its words differ, its report does not. */
enum say {
    SAY_TITLE,
    SAY_QUESTION,
    SAY_READY, /* the three of verdict.ready */
    SAY_READY_WITH_CONCERNS,
    SAY_NOT_READY,
    SAY_BLOCKING, /* a heading for the gravest, then what one and many of them do */
    SAY_BLOCKS,
    SAY_BLOCK,
    SAY_BLOCKING_ONE,
    SAY_BLOCKING_MANY,
    SAY_BLOCKING_LEAD,
    SAY_BLOCKING_SINCE,
    SAY_CONCERNS,
    SAY_CONCERN_ONE,
    SAY_CONCERN_MANY,
    SAY_CONCERNS_SHORT,
    SAY_CONCERNS_LEAD,
    SAY_CONCERNS_SINCE,
    SAY_NOTE_ONE,
    SAY_NOTE_MANY,
    SAY_LEFT, /* what files cannot decide */
    SAY_N
};
const char *report_say(const struct value *result, enum say what);

/* Whether records were judged, and not files: such a result says which audit is foreseen. */
bool report_is_of_home(const struct value *result);

/* "not ready" and the like, of verdict.ready; "met" and the like, of a requirement's status;
 * "present" and the like, of a minimum's state. */
const char *report_ready_word(const struct value *result);
const char *report_status_word(struct str status);
const char *report_stage2_word(struct str grade);

/* Is the requirement, control or finding of this clause number part of the row `clause`? */
bool report_in_clause(struct str number, struct str clause);

/* The finding, or requirement, or question, of this id in a list of maps; NULL for none. */
const struct value *report_by_id(const struct value *list, struct str id);

/* The text of a question named by id, or the id's own words. */
struct str report_question(const struct value *result, struct str id);

/* What must come first, by the title of its finding, joined by "; ". */
struct str report_needs(struct arena *mem, const struct value *result, const struct value *finding);

/* The group a control belongs to: its id up to the last dot. */
struct str report_group(const struct value *control);

/* What a line of a list of controls says, in one: "row 7 · applies · risk 3 · partly · Handbook".
 */
struct str report_line(struct arena *mem, const struct value *control);

/* Does a control apply by what was carried over from an earlier edition? In a word. */
const char *report_applies(const struct value *carried);

/* Requirements met and all of them, now and by the earlier report that `since` tells of. */
struct report_met {
    int64_t met, of;
};
struct report_met report_met_now(const struct value *result);
struct report_met report_met_then(const struct value *result);

/* "closed", "missing, now met" and the like, of an item of `since`; and that rules differ. */
struct str report_change(struct arena *mem, const struct value *change);
struct str report_other_rules(void);

/* "Then: Not ready for Stage 1. Now: ..." where the verdict of `since` changed, else "". */
struct str report_verdict_change(struct arena *mem, const struct value *result);

/* The address of a path of the result: relative to style->here where it lies below it, with what
 * addresses do not allow percent-encoded. */
struct str report_uri(struct arena *mem, const struct report_style *style, struct str path);

/* "3", or "2.5 to 4" where the days of an activity of the audit are not known. */
struct str report_days_or_span(struct arena *mem, const struct value *activity);

/* The page to have open for a question, or the document that is still to be written; "" for none.
 */
struct str report_page_to_open(struct arena *mem, const struct value *question);

/* When a record of `start_now` has to begin, and whether a first one was seen ("" where not). */
struct str report_begin(struct arena *mem, const struct value *record);
struct str report_seen(struct arena *mem, const struct value *record);

/* Renders a template of `templates`, or of those in the binary where it is NULL. */
MUST_CHECK int report_render(struct ctx *cx, const struct report_templates *templates,
                             const char *name, const struct value *view, struct buf *out);

/* Sets today_text, and since_text where there is an earlier report. */
void report_set_days(struct arena *mem, const struct value *result, struct value *view);

/* What picture.svg shows. */
struct value *report_picture(struct arena *mem, const struct value *result);

/* A copy that may be added to. */
struct value *report_copy(struct arena *mem, const struct value *v);

#endif
