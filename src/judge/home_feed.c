/* An organisation's records, put into the judge: no more of them than it looks at. */
#include "judge/home_parts.h"

struct feed {
    struct judge_home *home;
};

static int put_each(void *arg, struct ctx *cx, const struct record *record)
{
    struct feed *feed = arg;

    return judge_home_put(cx, feed->home, record);
}

/* Rules reckon by themselves, so what is only computed is not judged; but what people may fill in
 * is where they did not. */
static bool wants_computed(const struct register_def *def)
{
    for (size_t f = 0; f < def->field_n; f++)
        if (def->fields[f].computed.n > 0 && !def->fields[f].only_computed)
            return true;
    return false;
}

/* Whether all that counts of its records is what they are called and whom they name: by these
 * fields. */
static bool is_brief(const struct judge_home *home, const struct register_def *def, bool *fields)
{
    for (size_t f = 0; f < def->field_n; f++) {
        const struct register_field *field = &def->fields[f];

        fields[f] = home_rows_counts(def, field) && !str_is(field->id, "ref");
        if (fields[f] && field->computed.n > 0)
            return false;
    }
    return home->unread[def - home->registers->items];
}

static int put_register(struct ctx *cx, struct feed *feed, const struct record_store *rs,
                        const struct register_def *def, struct str as_of)
{
    bool *fields = arena_array(cx->mem, def->field_n + 1, sizeof *fields);
    struct record_query query = {.def = def,
                                 .as_of = as_of,
                                 .any_order = true,
                                 .complete = wants_computed(def),
                                 .storable = true};

    if (as_of.n == 0 && is_brief(feed->home, def, fields))
        return record_each_brief(cx, rs, def, fields, put_each, feed);
    return record_list(cx, rs, &query, put_each, feed);
}

int judge_home_put_all(struct ctx *cx, struct judge_home *home, const struct record_store *rs,
                       struct str as_of)
{
    struct feed feed = {home};

    for (size_t i = 0; i < home->registers->n; i++) {
        const struct register_def *def = &home->registers->items[i];

        if (!def->is_not && def->part_of.n == 0)
            TRY(put_register(cx, &feed, rs, def, as_of));
    }
    return 0;
}
