/* The functions that SQL has beyond SQLite's own. */
#include <ctype.h>

#include "store/sqlite.h"

#define DIGITS "0123456789"

static bool day_of(sqlite3_value *v, struct date *ret)
{
    const char *p = (const char *)sqlite3_value_text(v);

    return p && date_parse_iso((struct str){p, (size_t)sqlite3_value_bytes(v)}, ret);
}

/* days_between(a, b): days from a to b; null unless both are days. */
static void days_between(sqlite3_context *context, UNUSED int n, sqlite3_value **args)
{
    struct date a, b;

    if (!day_of(args[0], &a) || !day_of(args[1], &b))
        sqlite3_result_null(context);
    else
        sqlite3_result_int64(context, date_to_days(b) - date_to_days(a));
}

/* add_months(day, n): clamped to the end of the month; null unless it is a day of years 1-9999. */
static void add_months(sqlite3_context *context, UNUSED int n, sqlite3_value **args)
{
    struct date day;
    int64_t months = sqlite3_value_int64(args[1]);
    char z[32];

    if (!day_of(args[0], &day) || sqlite3_value_type(args[1]) == SQLITE_NULL || months < -12000 ||
        months > 12000) {
        sqlite3_result_null(context);
        return;
    }
    int64_t month = day.year * 12 + day.month - 1 + months;

    if (month < 12 || month >= 120000) {
        sqlite3_result_null(context);
        return;
    }
    day = date_add_months(day, (int)months);
    snprintf(z, sizeof z, "%04d-%02d-%02d", day.year, day.month, day.day);
    sqlite3_result_text(context, z, -1, SQLITE_TRANSIENT);
}

/* The first number in a text ("at least 97,5 %"), and what stands behind it. Digits that go on from
 * a letter ("Q3") are none. "1.000" is a thousand for some and one for others: false. */
static bool first_number(sqlite3_value *v, double *ret, const char **ret_rest)
{
    const char *p = (const char *)sqlite3_value_text(v);
    double scale = 1;
    bool word = false;

    for (; p && *p && (word || !isdigit((unsigned char)*p)); p++)
        word = isalnum((unsigned char)*p) || *p == '_';
    if (!p || !*p)
        return false;
    for (*ret = 0; isdigit((unsigned char)*p); p++)
        *ret = *ret * 10 + (*p - '0');
    if (*p == ',' || *p == '.') {
        size_t digits = strspn(p + 1, DIGITS);
        if (digits == 3)
            return false;
        for (p += digits > 0; digits > 0; digits--)
            *ret += (*p++ - '0') * (scale /= 10);
    }
    *ret_rest = p;
    return true;
}

/* number_in(text): the first number in it; null where there is none. */
static void number_in(sqlite3_context *context, UNUSED int n, sqlite3_value **args)
{
    const char *rest;
    double number = 0;

    if (first_number(args[0], &number, &rest))
        sqlite3_result_double(context, number);
    else
        sqlite3_result_null(context);
}

/* unit_in(text): the sign or word right behind the first number, in lower case; null where there is
 * no number, and empty where nothing stands there. */
static void unit_in(sqlite3_context *context, UNUSED int n, sqlite3_value **args)
{
    const char *rest;
    double number = 0;
    char unit[32];
    int length = 0;

    if (!first_number(args[0], &number, &rest)) {
        sqlite3_result_null(context);
        return;
    }
    rest += strspn(rest, " ");
    if (*rest == '%')
        unit[length++] = '%';
    while (length < (int)sizeof unit && *rest != '%' && isalpha((unsigned char)*rest))
        unit[length++] = (char)tolower((unsigned char)*rest++);
    sqlite3_result_text(context, unit, length, SQLITE_TRANSIENT);
}

/* today(): the store's day; null where it has none. */
static void today(sqlite3_context *context, UNUSED int n, UNUSED sqlite3_value **args)
{
    const struct store *store = sqlite3_user_data(context);
    struct date d = store->today;
    char z[32];

    if (date_is_none(d)) {
        sqlite3_result_null(context);
        return;
    }
    snprintf(z, sizeof z, "%04d-%02d-%02d", d.year, d.month, d.day);
    sqlite3_result_text(context, z, -1, SQLITE_TRANSIENT);
}

/* string_agg(text, between): the texts of a group; null of none. */
struct joined {
    sqlite3_str *text;
    bool any;
};

static void join_step(sqlite3_context *context, UNUSED int n, sqlite3_value **args)
{
    struct joined *joined = sqlite3_aggregate_context(context, sizeof *joined);

    if (joined == NULL || sqlite3_value_type(args[0]) == SQLITE_NULL)
        return;
    if (joined->text == NULL)
        joined->text = sqlite3_str_new(sqlite3_context_db_handle(context));
    if (joined->any)
        sqlite3_str_append(joined->text, (const char *)sqlite3_value_text(args[1]),
                           sqlite3_value_bytes(args[1]));
    sqlite3_str_append(joined->text, (const char *)sqlite3_value_text(args[0]),
                       sqlite3_value_bytes(args[0]));
    joined->any = true;
}

static void join_end(sqlite3_context *context)
{
    struct joined *joined = sqlite3_aggregate_context(context, 0);
    int n, code;
    char *text;

    if (joined == NULL || joined->text == NULL)
        return;
    n = sqlite3_str_length(joined->text);
    code = sqlite3_str_errcode(joined->text);
    text = sqlite3_str_finish(joined->text);
    if (code != SQLITE_OK)
        sqlite3_result_error_code(context, code);
    if (code != SQLITE_OK || text == NULL)
        sqlite3_free(text);
    else
        sqlite3_result_text(context, text, n, sqlite3_free);
}

static const struct {
    const char *name;
    int arguments;
    int flags;
    void (*run)(sqlite3_context *, int, sqlite3_value **);
} FUNCTIONS[] = {
    {"days_between", 2, SQLITE_DETERMINISTIC, days_between},
    {"add_months", 2, SQLITE_DETERMINISTIC, add_months},
    {"today", 0, 0, today},
    /* for rules only */
    {"number_in", 1, SQLITE_DETERMINISTIC, number_in},
    {"unit_in", 1, SQLITE_DETERMINISTIC, unit_in},
};

int sqlite_functions(struct ctx *cx, struct sqlite *lite)
{
    for (size_t i = 0; i < COUNT_OF(FUNCTIONS); i++) {
        int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS | FUNCTIONS[i].flags;
        int code =
            sqlite3_create_function_v2(lite->db, FUNCTIONS[i].name, FUNCTIONS[i].arguments, flags,
                                       &lite->store, FUNCTIONS[i].run, NULL, NULL, NULL);
        if (code != SQLITE_OK)
            return sqlite_fail(cx, lite, code, _("Adding functions to SQL"));
    }
    int code = sqlite3_create_function_v2(lite->db, "string_agg", 2,
                                          SQLITE_UTF8 | SQLITE_INNOCUOUS | SQLITE_DETERMINISTIC,
                                          NULL, NULL, join_step, join_end, NULL);
    if (code != SQLITE_OK)
        return sqlite_fail(cx, lite, code, _("Adding functions to SQL"));
    return 0;
}
