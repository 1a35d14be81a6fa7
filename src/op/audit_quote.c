/* A certification body's quote against the reckoning, line by line. */
#include "op/audit_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define QUOTE_BYTES ((size_t)256 * 1024)
#define QUOTE_LINES 200u

static const char *const quote_keys[] = {"body", "date", "currency", "rate", "persons", "lines"};
static const char *const line_keys[] = {"activity", "days", "amount", "rate"};

static void file_close(FILE **file)
{
    if (*file != NULL)
        (void)fclose(*file);
}

static int keys_known(struct ctx *cx, const char *path, const struct value *map,
                      const char *const *keys, size_t n)
{
    for (size_t i = 0; i < value_count(map); i++) {
        bool known = false;
        for (size_t k = 0; k < n; k++)
            known = known || str_is(value_key_at(map, i), keys[k]);
        if (!known)
            return fail(cx, RC_INVALID, path, _("%s:%u: a quote has no key \"%.*s\"."), path,
                        value_line(value_at(map, i)), STR_ARG(value_key_at(map, i)));
    }
    return 0;
}

int audit_time_check_quote(struct ctx *cx, const char *path, const struct value *quote)
{
    const struct value *lines = value_get(quote, "lines");

    TRY(keys_known(cx, path, quote, quote_keys, COUNT_OF(quote_keys)));
    if (value_type(lines) != VALUE_LIST || value_count(lines) > QUOTE_LINES)
        return fail(cx, RC_INVALID, path, _("%s:%u: a quote has a list of up to %u lines."), path,
                    value_line(quote), QUOTE_LINES);
    for (size_t i = 0; i < value_count(lines); i++) {
        const struct value *line = value_at(lines, i), *days = value_get(line, "days");
        int64_t n = value_as_thousandths(days, -1);

        TRY(keys_known(cx, path, line, line_keys, COUNT_OF(line_keys)));
        if (value_get_text(line, "activity").n == 0)
            return fail(cx, RC_INVALID, path, _("%s:%u: a line of a quote has an activity."), path,
                        value_line(line));
        if (value_type(days) != VALUE_NULL && (n < 0 || n > 10000000))
            return fail(cx, RC_INVALID, path, _("%s:%u: days must be a number."), path,
                        value_line(days));
    }
    return 0;
}

int audit_time_read_quote(struct ctx *cx, const char *path, const struct value **ret)
{
    FILE *file CLEANUP(file_close) = fopen(path, "rbe");
    char *bytes = arena_alloc(cx->mem, QUOTE_BYTES + 1);
    struct value *quote;
    struct stat st;

    if (file == NULL)
        return fail(cx, RC_NOT_FOUND, path, _("The quote %s: %s."), path, strerrordesc_np(errno));
    if (fstat(fileno(file), &st) != 0 || S_ISDIR(st.st_mode))
        return fail(cx, RC_INVALID, path, _("The quote %s is no file."), path);
    size_t n = fread(bytes, 1, QUOTE_BYTES + 1, file);
    if (ferror(file) != 0 || n > QUOTE_BYTES)
        return fail(cx, RC_INVALID, path, _("The quote %s is no file of at most 256 KB."), path);
    TRY(yaml_parse(cx, path, (struct str){bytes, n}, &quote));
    if (value_type(quote) != VALUE_MAP)
        return fail(cx, RC_INVALID, path, _("%s: a quote is a map of keys."), path);
    TRY(audit_time_check_quote(cx, path, quote));
    *ret = quote;
    return 0;
}

/* ---- what a line is ---- */

static bool has_word(struct str activity, const struct value *words, struct arena *mem)
{
    for (size_t i = 0; i < value_count(words); i++)
        if (str_find(activity, str_lower(mem, value_as_text(value_at(words, i))), 0) != SIZE_MAX)
            return true;
    return false;
}

static struct str line_is(struct audit *a, struct str activity)
{
    const struct value *kinds = value_path(a->data, "quote.lines");
    struct str lower = str_lower(a->cx->mem, str_printf(a->cx->mem, " %.*s", STR_ARG(activity)));

    for (size_t i = 0; i < value_count(kinds); i++)
        if (has_word(lower, value_get(value_at(kinds, i), "words"), a->cx->mem))
            return value_get_text(value_at(kinds, i), "is");
    return STR("unknown");
}

static const struct value *activity(const struct audit *a, const char *id)
{
    const struct value *list = value_get(a->result, "activities");

    for (size_t i = 0; i < value_count(list); i++)
        if (value_is_text(value_get(value_at(list, i), "id"), id))
            return value_at(list, i);
    return NULL;
}

static struct span span_of(const struct value *activity)
{
    return (struct span){value_as_thousandths(value_get(activity, "least"), 0),
                         value_as_thousandths(value_get(activity, "most"), 0)};
}

/* The days that the reckoning has for it; false where it has none. */
static bool span_for(const struct audit *a, struct str is, struct span *ret)
{
    if (a->base == 0)
        return false;
    if (str_is(is, "both")) {
        *ret = a->total;
        return true;
    }
    bool years = str_is(is, "surveillances");
    const struct value *found =
        activity(a, years || str_is(is, "surveillance") ? "surveillance1" : str_z(a->cx->mem, is));
    *ret = span_of(found);
    if (years)
        *ret = (struct span){2 * ret->least, 2 * ret->most};
    return found != NULL;
}

/* ---- verdicts ---- */

static int64_t spare(const struct audit *a)
{
    return value_as_thousandths(value_path(a->data, "quote.spare_days"), 0);
}

static struct str days_text(struct arena *mem, int64_t days)
{
    return days == 1000 ? str_of(_("one day"))
                        : str_printf(mem, _("%.*s days"), STR_ARG(audit_number(mem, days)));
}

/* Stage 1 and Stage 2 by themselves are practice; only their sum may be called too little. */
static const char *judge(const struct audit *a, int64_t days, struct span span, bool sum)
{
    int64_t cut = value_as_thousandths(value_get(a->data, "max_reduction_pct"), 0);
    int64_t floor = a->base * (100000 - cut) / 100000;

    if (sum && days < floor)
        return "below-least";
    if (days > span.most + (sum ? 0 : spare(a)))
        return "more";
    return days < span.least - (sum ? 0 : spare(a)) ? "fewer" : "expected";
}

static struct str judged_text(struct audit *a, const char *verdict, int64_t days, struct span span)
{
    struct arena *mem = a->cx->mem;
    struct str want = audit_span(mem, span);

    if (strcmp(verdict, "more") == 0)
        return str_printf(mem, _("Bills %.*s more than the table allows (%.*s): ask why."),
                          STR_ARG(days_text(mem, days - span.most)), STR_ARG(want));
    if (strcmp(verdict, "below-least") == 0)
        return str_printf(
            mem,
            _("Bills %.*s less than the table allows (%.*s), and below the least that "
              "any reduction leaves: ask whether the certificate will be accredited."),
            STR_ARG(days_text(mem, span.least - days)), STR_ARG(want));
    if (strcmp(verdict, "fewer") == 0)
        return str_printf(mem,
                          _("Bills %.*s less than the table gives (%.*s): ask for the reason in "
                            "writing; with too few days the certificate may not be accredited."),
                          STR_ARG(days_text(mem, span.least - days)), STR_ARG(want));
    return str_printf(mem, _("As the table gives (%.*s)."), STR_ARG(want));
}

static void judge_line(struct audit *a, struct value *v, struct str is, const struct value *days)
{
    struct span span;
    int64_t n = value_as_thousandths(days, 0);
    const char *verdict = "unknown";
    struct str says;

    if (value_type(days) == VALUE_NULL || str_is(is, "fee")) {
        verdict = "fee";
        says = str_of(
            value_type(days) == VALUE_NULL
                ? _("No audit time.")
                : _("Travel and fees are no audit time: they may be billed, but not counted."));
    } else if (str_is(is, "overhead")) {
        verdict = "part";
        says =
            str_of(_("Planning and reporting are part of the table's days: ask whether these come "
                     "on top."));
    } else if (str_is(is, "unknown")) {
        says = str_of(_("The table knows no such activity: ask what it is for."));
    } else if (!span_for(a, is, &span)) {
        says = str_of(_("Cannot be judged until you say how many people work within the scope."));
    } else {
        verdict = judge(a, n, span, str_is(is, "both"));
        says = judged_text(a, verdict, n, span);
        value_set(v, "least", value_decimal(a->cx->mem, span.least));
        value_set(v, "most", value_decimal(a->cx->mem, span.most));
    }
    value_set_text(v, "verdict", str_of(verdict));
    value_set_text(v, "says", says);
}

static int64_t line_amount(struct audit *a, const struct value *quote, const struct value *line)
{
    int64_t given = value_as_thousandths(value_get(line, "amount"), -1);
    int64_t rate = value_as_thousandths(value_get(line, "rate"),
                                        value_as_thousandths(value_get(quote, "rate"), -1));
    int64_t days = value_as_thousandths(value_get(line, "days"), -1);

    (void)a;
    if (given >= 0)
        return given;
    return rate >= 0 && days >= 0 ? days * rate / 1000 : -1;
}

struct sums {
    int64_t first, overhead; /* days of Stage 1 and 2, and of planning and reporting */
    int64_t amount;
    bool stage1, stage2, year1, year2, again;
};

static void note_line(struct sums *sums, struct str is, int64_t days)
{
    bool both = str_is(is, "both"), yearly = str_is(is, "surveillance");

    if (both || str_is(is, "stage1") || str_is(is, "stage2"))
        sums->first += days;
    if (str_is(is, "overhead"))
        sums->overhead += days;
    sums->stage1 = sums->stage1 || both || str_is(is, "stage1");
    sums->stage2 = sums->stage2 || both || str_is(is, "stage2");
    sums->year1 =
        sums->year1 || yearly || str_is(is, "surveillance1") || str_is(is, "surveillances");
    sums->year2 =
        sums->year2 || yearly || str_is(is, "surveillance2") || str_is(is, "surveillances");
    sums->again = sums->again || str_is(is, "recertification");
}

static struct value *quote_line(struct audit *a, const struct value *quote,
                                const struct value *line, struct sums *sums)
{
    struct arena *mem = a->cx->mem;
    const struct value *days = value_get(line, "days");
    struct str name = value_get_text(line, "activity"), is = line_is(a, name);
    int64_t amount = line_amount(a, quote, line);
    struct value *v = value_map(mem);

    value_set_text(v, "activity", name);
    value_set_text(v, "is", is);
    value_set(v, "days",
              value_type(days) == VALUE_NULL ? NULL
                                             : value_decimal(mem, value_as_thousandths(days, 0)));
    value_set(v, "amount", amount >= 0 ? value_decimal(mem, amount) : NULL);
    judge_line(a, v, is, days);
    note_line(sums, is, value_as_thousandths(days, 0));
    sums->amount += amount > 0 ? amount : 0;
    return v;
}

/* ---- the quote as a whole ---- */

static void push_note(struct audit *a, struct value *notes, struct str text)
{
    value_push(notes, value_text(a->cx->mem, text));
}

static void note_missing(struct audit *a, struct value *notes, const struct sums *sums)
{
    const bool there[] = {sums->stage1, sums->stage2, sums->year1, sums->year2, sums->again};
    const struct value *list = value_get(a->result, "activities");

    for (size_t i = 0; i < COUNT_OF(there) && i < value_count(list); i++)
        if (!there[i])
            push_note(
                a, notes,
                str_printf(a->cx->mem,
                           _("It says nothing of: %.*s. Ask for the price of the whole cycle."),
                           STR_ARG(value_get_text(value_at(list, i), "title"))));
}

static void note_persons(struct audit *a, struct value *notes, const struct value *quote)
{
    int64_t theirs = value_get_int(quote, "persons", 0);

    if (theirs > 0 && a->persons > 0 && theirs != a->persons)
        push_note(
            a, notes,
            str_printf(a->cx->mem,
                       _("It counts %lld persons, you %lld. The number decides the table's row: "
                         "put it right before you sign."),
                       (long long)theirs, (long long)a->persons));
}

static void note_overhead(struct audit *a, struct value *notes, const struct sums *sums)
{
    int64_t share = value_as_thousandths(value_get(a->data, "onsite_min_share"), 1000);
    int64_t all = sums->first + sums->overhead;

    if (sums->first > 0 && sums->overhead * 1000 > all * (1000 - share))
        push_note(
            a, notes,
            str_printf(a->cx->mem,
                       _("Planning and reporting take %.*s of %.*s days: more than %lld %% is "
                         "not allowed."),
                       STR_ARG(audit_number(a->cx->mem, sums->overhead)),
                       STR_ARG(audit_number(a->cx->mem, all)), (long long)((1000 - share) / 10)));
}

/* Stage 1 and Stage 2 together, with what is billed beside them for planning and reporting. */
static void set_first(struct audit *a, struct value *v, const struct sums *sums)
{
    int64_t days = sums->first + sums->overhead;
    struct value *sum = value_map(a->cx->mem);

    if (sums->first == 0 || !sums->stage1 || !sums->stage2 || a->base == 0)
        return;
    const char *verdict = judge(a, days, a->total, true);
    value_set(sum, "days", value_decimal(a->cx->mem, days));
    value_set_text(sum, "verdict", str_of(verdict));
    value_set_text(sum, "says", judged_text(a, verdict, days, a->total));
    value_set(v, "initial", sum);
}

int audit_quote(struct audit *a, const struct value *quote)
{
    static const char *const keys[] = {"body", "date", "currency"};
    const struct value *lines = value_get(quote, "lines");
    struct arena *mem = a->cx->mem;
    struct value *v = value_map(mem), *list = value_list(mem), *notes = value_list(mem);
    struct sums sums = {0};

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        value_set_text(v, keys[i], value_print(mem, value_get(quote, keys[i])));
    for (size_t i = 0; i < value_count(lines); i++)
        value_push(list, quote_line(a, quote, value_at(lines, i), &sums));
    value_set(v, "lines", list);
    set_first(a, v, &sums);
    note_persons(a, notes, quote);
    note_overhead(a, notes, &sums);
    if (a->base > 0)
        note_missing(a, notes, &sums);
    value_set(v, "notes", notes);
    value_set(v, "amount", sums.amount > 0 ? value_decimal(mem, sums.amount) : NULL);
    value_set(a->result, "quote", v);
    return ctx_check(a->cx);
}
