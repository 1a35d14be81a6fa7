/* Values of records as pages show them. */
#ifndef ASSAY_WEB_VIEW_H
#define ASSAY_WEB_VIEW_H

#include "web/app.h"

#define VIEW_CUT 180u /* bytes of a text in a list */

/*
 * What `v`, the value of a field as results have it (op/call.h), is on a page. `names` is the
 * result's. Gives a map: `kind` (text, long, choice, state, yes, no, number, date, links, file,
 * said, lines, none) as `is_KIND`, and with it `text`, `tag` (of a choice), `links` ({text, url,
 * ref}) or `lines` ({cells}). Long texts are cut where `cut`.
 */
MUST_CHECK int view_value(struct visit *visit, const struct register_def *def,
                          const struct register_field *field, const struct value *names,
                          const struct value *v, bool cut, struct value **ret);

/* "30 November 2026, 10:15" in the organisation's time zone. */
struct str view_instant(struct visit *visit, struct str instant);

/* "3.4 MB" */
struct str view_bytes(struct arena *mem, int64_t bytes);

/* Where a file of a record is fetched; `as_of` a day or "". */
struct str view_file_path(struct visit *visit, struct str register_id, struct str ref,
                          struct str field, struct str as_of);

/* Label of a choice by its id; the id where it has none. */
struct str view_choice(const struct register_field *field, struct str id);

/* The register of the route's path. */
MUST_CHECK int view_register(struct visit *visit, const struct register_def **ret);

/* Whether the person may do it in a register, if only with what is their own. */
bool view_may(struct visit *visit, enum access_right right, struct str register_id);

#endif
