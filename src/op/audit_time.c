/* The reckoning: persons, row of the table, factors, matrix, bounds, and what follows from them. */
#include "op/audit_parts.h"

#define PERCENT 100000 /* a hundred per cent, in thousandths */

/* ---- numbers ---- */

struct str audit_number(struct arena *mem, int64_t thousandths)
{
    return value_print(mem,
                       value_decimal(mem, (thousandths + (thousandths < 0 ? -5 : 5)) / 10 * 10));
}

struct str audit_span(struct arena *mem, struct span span)
{
    struct str least = audit_number(mem, span.least), most = audit_number(mem, span.most);

    return span.least == span.most
               ? least
               : str_printf(mem, _("%.*s to %.*s"), STR_ARG(least), STR_ARG(most));
}

static int64_t data_number(const struct audit *a, const char *path)
{
    return value_as_thousandths(value_path(a->data, path), 0);
}

int64_t audit_round(const struct audit *a, int64_t days)
{
    int64_t part = data_number(a, "rounding_days");

    return part > 0 ? (days + part / 2) / part * part : days;
}

int64_t audit_fraction(const struct audit *a, const char *key, int64_t days)
{
    struct str text = value_get_text(a->data, key), above;
    int64_t x = 1, y = 1;

    if (str_split(&text, '/', &above)) {
        (void)str_to_int(above, &x);
        (void)str_to_int(text, &y);
    }
    return y > 0 ? days * x / y : days;
}

void audit_step(struct audit *a, const char *title, struct str says, struct str result)
{
    struct value *step = value_map(a->cx->mem);

    value_set_text(step, "title", str_of(title));
    value_set_text(step, "says", str_trim(says));
    value_set_text(step, "result", result);
    value_push(a->steps, step);
}

/* ---- the table ---- */

static void set_row(struct audit *a, int64_t least, int64_t most, bool beyond)
{
    struct arena *mem = a->cx->mem;
    struct value *row = value_map(mem);
    struct str says;

    value_set_int(row, "least", least);
    value_set_int(row, "most", most);
    value_set(row, "days", value_decimal(mem, a->base));
    value_set_bool(row, "beyond", beyond);
    value_set(a->result, "row", row);
    if (beyond)
        says = str_printf(mem,
                          _("The table ends below %lld persons. Its progression was followed (%lld "
                            "to %lld persons): ask the certification body."),
                          (long long)a->persons, (long long)least, (long long)most);
    else
        says =
            str_printf(mem,
                       _("%lld to %lld persons take so many auditor days for Stage 1 and Stage 2 "
                         "together."),
                       (long long)least, (long long)most);
    audit_step(a, _("Table"), says, audit_number(mem, a->base));
}

/* Beyond its last row the table goes on as it grew. */
static void follow_on(struct audit *a, int64_t last, int64_t days)
{
    int64_t percent = value_as_int(value_path(a->data, "beyond.end_percent"), 125);
    int64_t step = data_number(a, "beyond.days"), first = last + 1;

    while (a->persons > last) {
        first = last + 1;
        last = last * (percent > 100 ? percent : 125) / 100;
        days += step;
    }
    a->base = days;
    set_row(a, first, last, true);
}

static void take_base(struct audit *a)
{
    const struct value *table = value_get(a->data, "table"), *row = NULL;

    for (size_t i = 0; i < value_count(table); i++) {
        row = value_at(table, i);
        if (a->persons > value_get_int(row, "max", 0))
            continue;
        a->base = value_as_thousandths(value_get(row, "days"), 0);
        set_row(a, value_get_int(row, "min", 0), value_get_int(row, "max", 0), false);
        return;
    }
    follow_on(a, value_get_int(row, "max", 0), value_as_thousandths(value_get(row, "days"), 0));
}

/* ---- factors to a span of per cent ---- */

static struct span group_sum(const struct audit *a, size_t group)
{
    struct span sum = {0, 0};

    for (size_t i = 0; i < a->factor_n; i++)
        if (a->factors[i].group == group) {
            sum.least += a->factors[i].score.least;
            sum.most += a->factors[i].score.most;
        }
    return sum;
}

/* Can a sum in this span lie in this band? */
static bool in_band(const struct audit *a, struct span sum, struct str band)
{
    const struct value *ends = value_get(value_get(a->data, "bands"), str_z(a->cx->mem, band));

    return sum.most >= value_as_int(value_at(ends, 0), 0) &&
           sum.least <= value_as_int(value_at(ends, 1), 0);
}

/* What the cells of the matrix that can be reached say, in thousandths of a per cent. */
static struct span percent_span(const struct audit *a)
{
    const struct value *matrix = value_get(a->data, "matrix");
    struct span sums[AUDIT_GROUPS], all = {INT64_MAX, INT64_MIN};

    for (size_t g = 0; g < AUDIT_GROUPS; g++)
        sums[g] = group_sum(a, g);
    for (size_t i = 0; i < value_count(matrix); i++) {
        const struct value *cell = value_at(matrix, i);
        bool reached = true;

        for (size_t g = 0; g < AUDIT_GROUPS; g++)
            reached = reached &&
                      in_band(a, sums[g], value_get_text(cell, str_z(a->cx->mem, a->groups[g])));
        if (!reached)
            continue;
        int64_t least = value_as_thousandths(value_get(cell, "min_pct"), 0);
        int64_t most = value_as_thousandths(value_get(cell, "max_pct"), 0);
        all.least = least < all.least ? least : all.least;
        all.most = most > all.most ? most : all.most;
    }
    return all.least > all.most ? (struct span){0, 0} : all;
}

/* Never below the table's value less the largest reduction, also after rounding. */
static int64_t days_at(const struct audit *a, int64_t percent)
{
    int64_t days = audit_round(a, a->base * (PERCENT + percent + a->other) / PERCENT);
    int64_t floor = a->base * (PERCENT - data_number(a, "max_reduction_pct")) / PERCENT;
    int64_t part = data_number(a, "rounding_days");

    while (days < floor && part > 0)
        days += part;
    return days;
}

static struct span total_span(const struct audit *a)
{
    struct span percent = percent_span(a);

    return (struct span){days_at(a, percent.least), days_at(a, percent.most)};
}

static struct str percent_text(struct arena *mem, int64_t percent)
{
    return str_printf(mem, "%s%.*s %%", percent > 0 ? "+" : "",
                      STR_ARG(audit_number(mem, percent)));
}

static struct str percents_text(struct arena *mem, struct span s)
{
    if (s.least == s.most)
        return percent_text(mem, s.least);
    return str_printf(mem, _("%.*s to %.*s"), STR_ARG(percent_text(mem, s.least)),
                      STR_ARG(percent_text(mem, s.most)));
}

/* ---- steps about factors ---- */

static void say_factor(struct audit *a, const struct factor *f, struct buf *out)
{
    struct str name = value_get_text(f->data, "name");
    struct str reason = value_get_text(f->value, "reason");
    struct str meaning = value_get_text(f->value, "meaning");

    if (!f->known) {
        buf_printf(out, _(" %.*s: not known, 1 to 3."), STR_ARG(name));
        return;
    }
    buf_printf(out, f->proposed ? _(" %.*s: %lld, proposed (%.*s)") : _(" %.*s: %lld (%.*s)"),
               STR_ARG(name), (long long)f->score.least, STR_ARG(meaning));
    struct str path = value_as_text(value_path(f->value, "evidence.path"));
    if (path.n > 0)
        buf_printf(out, _(", see %.*s"), STR_ARG(path));
    if (reason.n > 0 && !f->proposed)
        buf_printf(out, ", %.*s", STR_ARG(reason));
    buf_addz(out, out->n > 0 && out->p[out->n - 1] == '.' ? "" : ".");
    (void)a;
}

static struct str bands_text(struct audit *a, struct span sum)
{
    const struct value *bands = value_get(a->data, "bands");
    struct buf out = buf_new(a->cx->mem);

    for (size_t i = 0; i < value_count(bands); i++)
        if (in_band(a, sum, value_key_at(bands, i)))
            buf_printf(&out, "%s%.*s", out.n > 0 ? _(" or ") : "", STR_ARG(value_key_at(bands, i)));
    return buf_str(&out);
}

static const char *group_title(struct audit *a, size_t group)
{
    const struct value *titles = value_get(a->data, "groups");
    struct str title = value_get_text(titles, str_z(a->cx->mem, a->groups[group]));

    return str_z(a->cx->mem, title.n > 0 ? title : a->groups[group]);
}

static void say_groups(struct audit *a)
{
    struct value *list = value_list(a->cx->mem);

    for (size_t g = 0; g < AUDIT_GROUPS; g++) {
        struct span sum = group_sum(a, g);
        struct buf says = buf_new(a->cx->mem);
        struct str bands = bands_text(a, sum);
        struct value *v = value_map(a->cx->mem);

        for (size_t i = 0; i < a->factor_n; i++)
            if (a->factors[i].group == g)
                say_factor(a, &a->factors[i], &says);
        value_set_text(v, "group", a->groups[g]);
        value_set_int(v, "least", sum.least);
        value_set_int(v, "most", sum.most);
        value_set_text(v, "band", bands);
        value_push(list, v);
        audit_step(a, group_title(a, g), buf_str(&says),
                   str_printf(a->cx->mem, "%s %.*s",
                              sum.least == sum.most
                                  ? str_printf(a->cx->mem, "%lld,", (long long)sum.least).p
                                  : str_printf(a->cx->mem, _("%lld to %lld,"), (long long)sum.least,
                                               (long long)sum.most)
                                        .p,
                              STR_ARG(bands)));
    }
    value_set(a->result, "groups", list);
}

/* What each answer to an open factor would make of the total. */
static void ask_factors(struct audit *a)
{
    struct arena *mem = a->cx->mem;

    for (size_t i = 0; i < a->factor_n; i++) {
        struct factor *f = &a->factors[i];
        struct value *q = value_map(mem);
        struct buf changes = buf_new(mem);

        if (f->known)
            continue;
        for (int64_t s = 1; s <= 3 && a->base > 0; s++) {
            f->score = (struct span){s, s};
            buf_printf(
                &changes, _("%s%lld (%.*s): %.*s days"), s > 1 ? "; " : "", (long long)s,
                STR_ARG(value_as_text(value_at(value_get(f->value, "levels"), (size_t)s - 1))),
                STR_ARG(audit_span(mem, total_span(a))));
        }
        f->score = (struct span){1, 3};
        value_set_text(q, "key", str_printf(mem, "factors.%.*s", STR_ARG(f->id)));
        value_set_text(q, "question", value_get_text(f->data, "question"));
        value_set_text(q, "changes", buf_str(&changes));
        value_push(a->unknown, q);
    }
}

/* ---- the choice within the matrix ---- */

static int64_t nearest_to_zero(struct span s)
{
    if (s.least <= 0 && s.most >= 0)
        return 0;
    return s.least > 0 ? s.least : s.most;
}

static void take_other(struct audit *a)
{
    const struct value *other = value_get(a->said, "other");
    struct buf says = buf_new(a->cx->mem);

    for (size_t i = 0; i < value_count(other); i++) {
        int64_t percent = value_as_thousandths(value_get(value_at(other, i), "percent"), 0);

        a->other += percent;
        buf_printf(&says, "%s%.*s: %.*s", i > 0 ? "; " : "",
                   STR_ARG(percent_text(a->cx->mem, percent)),
                   STR_ARG(value_get_text(value_at(other, i), "reason")));
    }
    if (says.n > 0)
        audit_step(a, _("Other reasons"), buf_str(&says), percent_text(a->cx->mem, a->other));
}

static int64_t choose(struct audit *a, struct span span)
{
    const struct value *said = value_get(a->said, "adjustment");
    const struct value *percent = value_get(said, "percent");
    bool own = value_type(percent) != VALUE_NULL;
    int64_t chosen = own ? value_as_thousandths(percent, 0) : nearest_to_zero(span);
    bool outside = chosen < span.least || chosen > span.most;
    struct value *v = value_map(a->cx->mem);
    struct str says;

    if (!own)
        says = str_of(span.least == span.most
                          ? _("The matrix leaves no choice.")
                          : _("The end nearest to the table's value is taken. The certification "
                              "body may go further and then says why."));
    else
        says = str_printf(
            a->cx->mem, _("As you said: %.*s.%s"), STR_ARG(value_get_text(said, "reason")),
            outside ? _(" The matrix does not allow that much: ask for the reason.") : "");
    value_set(v, "percent", value_decimal(a->cx->mem, chosen));
    value_set(v, "least", value_decimal(a->cx->mem, span.least));
    value_set(v, "most", value_decimal(a->cx->mem, span.most));
    value_set_text(v, "source", own ? STR("said") : STR("nearest"));
    value_set_bool(v, "outside", outside);
    value_set_text(v, "reason", says);
    value_set(a->result, "adjustment", v);
    audit_step(a, _("Choice"), says, percent_text(a->cx->mem, chosen));
    return chosen;
}

static void say_matrix(struct audit *a, struct span span)
{
    struct arena *mem = a->cx->mem;

    audit_step(a, _("Matrix"),
               str_printf(mem, _("%s %.*s, %s %.*s."), group_title(a, 0),
                          STR_ARG(bands_text(a, group_sum(a, 0))), group_title(a, 1),
                          STR_ARG(bands_text(a, group_sum(a, 1)))),
               percents_text(mem, span));
}

static void say_total(struct audit *a, int64_t chosen)
{
    struct arena *mem = a->cx->mem;
    int64_t exact = a->base * (PERCENT + chosen + a->other) / PERCENT;
    int64_t floor = a->base * (PERCENT - data_number(a, "max_reduction_pct")) / PERCENT;
    struct buf says = buf_new(mem);

    buf_printf(&says, _("%.*s days, %.*s, are %.*s; days are rounded to halves."),
               STR_ARG(audit_number(mem, a->base)), STR_ARG(percent_text(mem, chosen + a->other)),
               STR_ARG(audit_number(mem, exact)));
    buf_printf(&says,
               exact < floor
                   ? _(" No more than %.*s %% may be taken away: %.*s days are the least.")
                   : _(" At most %.*s %% may be taken away: %.*s days would be the least."),
               STR_ARG(audit_number(mem, data_number(a, "max_reduction_pct"))),
               STR_ARG(audit_number(mem, floor)));
    audit_step(a, _("Total"), buf_str(&says), audit_number(mem, a->usual));
}

/* ---- what follows from the total ---- */

static void push_activity(struct audit *a, struct value *list, const char *id, const char *title,
                          struct span span, int64_t usual)
{
    struct arena *mem = a->cx->mem;
    int64_t rate = value_as_thousandths(value_get(a->said, "day_rate"), 0);
    struct value *v = value_map(mem);

    value_set_text(v, "id", str_of(id));
    value_set_text(v, "title", str_of(title));
    value_set(v, "days", usual >= 0 ? value_decimal(mem, usual) : NULL);
    value_set(v, "least", value_decimal(mem, span.least));
    value_set(v, "most", value_decimal(mem, span.most));
    if (rate > 0 && usual >= 0)
        value_set(v, "cost", value_decimal(mem, usual * rate / 1000));
    value_push(list, v);
}

static struct span fraction_span(const struct audit *a, const char *key)
{
    return (struct span){audit_round(a, audit_fraction(a, key, a->total.least)),
                         audit_round(a, audit_fraction(a, key, a->total.most))};
}

static void set_activities(struct audit *a)
{
    struct value *list = value_list(a->cx->mem);
    bool known = a->usual >= 0;
    int64_t first =
        known ? audit_round(a, a->usual * data_number(a, "stage1_share.usual") / 1000) : -1;
    int64_t yearly =
        known ? audit_round(a, audit_fraction(a, "surveillance_fraction", a->usual)) : -1;
    int64_t again =
        known ? audit_round(a, audit_fraction(a, "recertification_fraction", a->usual)) : -1;
    struct span one = {audit_round(a, a->total.least * data_number(a, "stage1_share.least") / 1000),
                       audit_round(a, a->total.most * data_number(a, "stage1_share.most") / 1000)};
    struct span two = {
        a->total.least -
            audit_round(a, a->total.least * data_number(a, "stage1_share.most") / 1000),
        a->total.most -
            audit_round(a, a->total.most * data_number(a, "stage1_share.least") / 1000)};
    struct span year = fraction_span(a, "surveillance_fraction");

    push_activity(a, list, "stage1", _("Stage 1"), one, first);
    push_activity(a, list, "stage2", _("Stage 2"), two, known ? a->usual - first : -1);
    push_activity(a, list, "surveillance1", _("First surveillance, in the year after the decision"),
                  year, yearly);
    push_activity(a, list, "surveillance2", _("Second surveillance, a year later"), year, yearly);
    push_activity(a, list, "recertification", _("Recertification, before the certificate expires"),
                  fraction_span(a, "recertification_fraction"), again);
    value_set(a->result, "activities", list);
    if (known)
        value_set(a->result, "cycle_days",
                  value_decimal(a->cx->mem, a->usual + 2 * yearly + again));
}

static void say_onsite(struct audit *a)
{
    struct arena *mem = a->cx->mem;
    int64_t share = data_number(a, "onsite_min_share");
    struct span least = {a->total.least * share / 1000, a->total.most * share / 1000};
    const struct value *remote = value_get(a->said, "remote");
    struct buf says = buf_new(mem);

    if (a->usual >= 0)
        least = (struct span){a->usual * share / 1000, a->usual * share / 1000};
    least = (struct span){(least.least + 99) / 100 * 100, (least.most + 99) / 100 * 100};
    buf_printf(&says,
               _("At least %lld %% of the total is spent with you, on site or live by video. "
                 "Planning and the report take the rest; travel and breaks do not count."),
               (long long)(share / 10));
    if (value_as_int(remote, 0) > 0)
        buf_printf(&says, _(" %lld %% by video: the audit plan and the report say so and why."),
                   (long long)value_as_int(remote, 0));
    value_set(a->result, "onsite_least", value_decimal(mem, least.least));
    audit_step(a, _("With you"), buf_str(&says), audit_span(mem, least));
}

/* The least k with k >= root * sqrt(x), or k >= share * x: exact, in thousandths. */
static int64_t sites_of(const struct value *rule, bool effective, int64_t x)
{
    int64_t root = value_as_thousandths(value_get(rule, "root"), -1), k = 0;
    int64_t unproven = value_as_thousandths(value_get(rule, "unproven"), root);
    int64_t share = value_as_thousandths(value_get(rule, "share"), 1000);

    if (root < 0)
        return (x * share + 999) / 1000;
    root = effective ? root : unproven;
    while (k * k * 1000000 < root * root * x)
        k++;
    return k < x ? k : x;
}

static void set_sites(struct audit *a)
{
    static const char *const when[] = {"initial", "surveillance", "recertification"};
    struct arena *mem = a->cx->mem;
    int64_t x = value_get_int(a->said, "sites", -1);
    bool all = value_type(value_get(a->said, "sampling")) == VALUE_BOOL &&
               !value_get_bool(a->said, "sampling");
    const struct value *rules = value_path(a->data, all ? "multisite.all" : "multisite.sampled");
    struct value *v = value_map(mem);
    int64_t n[COUNT_OF(when)];

    if (x < 1)
        return;
    value_set_int(v, "others", x);
    value_set_bool(v, "sampled", !all);
    for (size_t i = 0; i < COUNT_OF(when); i++) {
        n[i] = sites_of(value_get(rules, when[i]), value_get_bool(a->said, "effective"), x);
        value_set_int(v, when[i], n[i]);
    }
    int64_t random = (n[0] * data_number(a, "multisite.random_share") + 999) / 1000;
    value_set_int(v, "random", all ? 0 : random);
    value_set(a->result, "sites", v);
    struct str says =
        all ? str_printf(mem,
                         _("Besides the central function, which is audited every time, all %lld "
                           "sites at the initial audit, %lld each year and %lld at "
                           "recertification."),
                         (long long)n[0], (long long)n[1], (long long)n[2])
            : str_printf(mem,
                         _("Besides the central function, which is audited every time: of %lld "
                           "sites %lld at the initial audit, %lld each year, %lld at "
                           "recertification. At least %lld of the first are drawn at random. "
                           "Sampling needs one management system, a central function with "
                           "authority over all sites, and an internal audit of each."),
                         (long long)x, (long long)n[0], (long long)n[1], (long long)n[2],
                         (long long)random);
    audit_step(a, _("Sites"), says,
               str_printf(mem, _("%lld of %lld"), (long long)n[0], (long long)x));
}

static void ask_sites(struct audit *a)
{
    struct str quote = value_as_text(value_path(a->proposed, "sites.quote"));
    struct value *q = value_map(a->cx->mem);

    if (value_type(value_get(a->said, "sites")) != VALUE_NULL)
        return;
    value_set_text(q, "key", STR("sites"));
    value_set_text(q, "question",
                   str_of(_("How many sites are in scope beside the one with the central function? "
                            "0 where there is only one.")));
    value_set_text(
        q, "changes",
        quote.n > 0 ? str_printf(a->cx->mem, _("How many are visited each time. %.*s says: “%.*s”"),
                                 STR_ARG(value_as_text(value_path(a->proposed, "sites.path"))),
                                 STR_ARG(str_cut(a->cx->mem, quote, 200)))
                    : str_of(_("How many are visited each time.")));
    value_push(a->unknown, q);
}

/* Several standards in one audit: their sum, less what the scheme allows. */
static void set_integrated(struct audit *a)
{
    const struct value *said = value_get(a->said, "integrated"),
                       *schemes = value_get(said, "schemes");
    int64_t most = data_number(a, "integrated_max_reduction_pct"), sum = a->usual;
    int64_t off = value_as_thousandths(value_get(said, "discount"), most);
    struct arena *mem = a->cx->mem;
    struct value *v = value_map(mem);

    if (value_count(schemes) == 0 || a->usual < 0)
        return;
    for (size_t i = 0; i < value_count(schemes); i++)
        sum += value_as_thousandths(value_get(value_at(schemes, i), "days"), 0);
    bool over = off > most;
    off = over ? most : off;
    int64_t days = audit_round(a, sum * (PERCENT - off) / PERCENT);
    value_set(v, "sum", value_decimal(mem, sum));
    value_set(v, "discount", value_decimal(mem, off));
    value_set(v, "days", value_decimal(mem, days));
    value_set(a->result, "integrated", v);
    audit_step(a, _("Together with other standards"),
               str_printf(mem, _("%.*s days for all, less %.*s %% for auditing them together%s."),
                          STR_ARG(audit_number(mem, sum)), STR_ARG(audit_number(mem, off)),
                          over ? _(" (no more is allowed)") : ""),
               audit_number(mem, days));
}

/* ---- the whole ---- */

static void say_open(struct audit *a)
{
    struct arena *mem = a->cx->mem;
    size_t n = 0;

    for (size_t i = 0; i < a->factor_n; i++)
        n += !a->factors[i].known;
    struct str least = audit_number(mem, a->total.least), most = audit_number(mem, a->total.most),
               usual = audit_number(mem, a->usual), text;

    if (a->base == 0)
        text = str_of(_("Not known until you say how many people work within the scope."));
    else if (n == 1)
        text = str_printf(mem,
                          _("Between %.*s and %.*s days for Stage 1 and Stage 2, until you answer "
                            "one question."),
                          STR_ARG(least), STR_ARG(most));
    else if (n > 0)
        text = str_printf(mem,
                          _("Between %.*s and %.*s days for Stage 1 and Stage 2, until you answer "
                            "%zu questions."),
                          STR_ARG(least), STR_ARG(most), n);
    else if (a->total.most <= a->usual)
        text = str_printf(mem, _("%.*s auditor days for Stage 1 and Stage 2."), STR_ARG(usual));
    else
        text = str_printf(mem,
                          _("%.*s auditor days for Stage 1 and Stage 2; a certification body may "
                            "ask for as many as %.*s."),
                          STR_ARG(usual), STR_ARG(most));
    value_set_text(a->result, "headline", text);
}

static void reckon(struct audit *a)
{
    struct span percent = percent_span(a);
    struct arena *mem = a->cx->mem;

    take_base(a);
    a->known = true;
    for (size_t i = 0; i < a->factor_n; i++)
        a->known = a->known && a->factors[i].known;
    say_groups(a);
    say_matrix(a, percent);
    take_other(a);
    a->total = total_span(a);
    if (a->known || value_type(value_path(a->said, "adjustment.percent")) != VALUE_NULL) {
        int64_t chosen = choose(a, percent);
        a->usual = days_at(a, chosen);
        say_total(a, chosen);
    }
    value_set(a->result, "days", a->usual >= 0 ? value_decimal(mem, a->usual) : NULL);
    value_set(a->result, "least", value_decimal(mem, a->total.least));
    value_set(a->result, "most", value_decimal(mem, a->total.most));
    say_onsite(a);
    set_activities(a);
    set_sites(a);
    set_integrated(a);
}

int audit_time_make(struct ctx *cx, const struct standard *standard, const struct value *said,
                    const struct value *proposed, const struct value *quote, struct value **ret)
{
    struct audit a = {.cx = cx, .said = said, .proposed = proposed, .usual = -1};
    struct value *data;

    TRY(standard_yaml(cx, standard, "audit-time.yaml", &data));
    a.data = data;
    a.result = value_map(cx->mem);
    a.steps = value_list(cx->mem);
    a.unknown = value_list(cx->mem);
    value_set_text(a.result, "headline", STR_NONE);
    audit_take_persons(&a);
    TRY(audit_take_factors(&a));
    if (a.persons > 0)
        reckon(&a);
    else
        say_groups(&a);
    ask_factors(&a);
    ask_sites(&a);
    say_open(&a);
    value_set_text(a.result, "currency", value_get_text(said, "currency"));
    value_set(a.result, "steps", a.steps);
    value_set(a.result, "unknown", a.unknown);
    if (quote == NULL)
        quote = value_get(said, "quote");
    if (value_type(quote) == VALUE_MAP)
        TRY(audit_quote(&a, quote));
    *ret = a.result;
    return 0;
}
