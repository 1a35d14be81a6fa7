/* What has to be done by when: a page of its own, and the first lines of it on the overview. */
#include "web/due.h"

#include "web/handlers.h"

#define FIRST_MOST 8u

struct value *due_rows(struct visit *visit, const struct value *tree, size_t most)
{
    struct arena *mem = visit->cx->mem;
    const struct value *records = value_get(tree, "records");
    struct value *list = value_list(mem);

    for (size_t i = 0; i < value_count(records) && i < most; i++) {
        struct value *one = value_copy(mem, value_get(value_at(records, i), "fields"));
        struct str id = value_get_text(one, "register"), ref = value_get_text(one, "ref");
        value_set_text(one, "url", visit_record_path(visit, id, ref));
        value_push(list, one);
    }
    return list;
}

int due_first(struct visit *visit, struct value *tree)
{
    struct value *due;

    TRY(visit_op(visit, "due", value_map(visit->cx->mem), &due));
    struct value *records = value_get_mut(due, "records");
    struct value *first = value_list(visit->cx->mem);

    for (size_t i = 0; i < value_count(records) && i < FIRST_MOST; i++)
        value_push(first, value_at_mut(records, i));
    value_set(due, "records", first);
    value_set(tree, "due", due);
    return 0;
}

int due_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    static const int64_t days[] = {30, 90, 365};
    struct arena *mem = visit->cx->mem;
    const struct value *records = value_get(tree, "records");
    struct value *spans = value_list(mem);
    size_t n = value_count(records);

    for (size_t i = 0; i < COUNT_OF(days); i++) {
        struct value *one = value_map(mem);
        value_set_int(one, "days", days[i]);
        value_set_bool(one, "current", days[i] == value_get_int(tree, "days", 0));
        value_push(spans, one);
    }
    value_set(view, "spans", spans);
    value_set(view, "rows", due_rows(visit, tree, SIZE_MAX));
    value_set_bool(view, "any", n > 0);
    value_set_bool(view, "more", value_get_int(tree, "count", 0) > (int64_t)n);
    value_set_bool(value_get_mut(view, "page"), "at_due", true);
    value_set_text(view, "heading", str_of(_("What is due")));
    return 0;
}
