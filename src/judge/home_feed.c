/* An organisation's records, put into the judge: no more of them than it looks at. */
#include "judge/home_parts.h"

struct feed {
    struct judge_home *home;
    const struct record_store *rs;
    struct str as_of;
    bool *fed; /* by register */
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

static int put_register(struct ctx *cx, struct feed *feed, const struct register_def *def)
{
    bool *fields = arena_array(cx->mem, def->field_n + 1, sizeof *fields);
    struct record_query query = {.def = def,
                                 .as_of = feed->as_of,
                                 .any_order = true,
                                 .complete = wants_computed(def),
                                 .storable = true};

    if (feed->as_of.n == 0 && is_brief(feed->home, def, fields))
        return record_each_brief(cx, feed->rs, def, fields, put_each, feed);
    return record_list(cx, feed->rs, &query, put_each, feed);
}

static int feed_register(struct ctx *cx, struct feed *feed, const struct register_def *def);

/* Those first whom it names: so nobody has to be called otherwise later, but where two registers
 * name one another. */
static int feed_named(struct ctx *cx, struct feed *feed, const struct register_def *def)
{
    for (size_t f = 0; f < def->field_n; f++) {
        const struct register_field *field = &def->fields[f];
        const struct register_def *to =
            registers_find(feed->home->registers, home_rows_target(def, field));

        if (to != NULL)
            TRY(feed_register(cx, feed, to));
        if (field->type == REGISTER_ROWS && field->of != NULL)
            TRY(feed_named(cx, feed, field->of));
    }
    return 0;
}

static int feed_register(struct ctx *cx, struct feed *feed, const struct register_def *def)
{
    bool *fed = &feed->fed[def - feed->home->registers->items];

    if (*fed || def->is_not || def->part_of.n > 0)
        return 0;
    *fed = true;
    TRY(feed_named(cx, feed, def));
    return put_register(cx, feed, def);
}

static bool is_empty(const struct judge_home *home)
{
    for (size_t i = 0; i < home->registers->n; i++)
        if (home->rows[i] > 0)
            return false;
    return true;
}

int judge_home_put_all(struct ctx *cx, struct judge_home *home, const struct record_store *rs,
                       struct str as_of)
{
    struct feed feed = {home, rs, as_of, NULL};
    int rc = 0;

    feed.fed = arena_array(cx->mem, home->registers->n + 1, sizeof *feed.fed);
    home->fresh = is_empty(home);
    for (size_t i = 0; i < home->registers->n && rc == 0; i++)
        rc = feed_register(cx, &feed, &home->registers->items[i]);
    home->fresh = false;
    return rc;
}
