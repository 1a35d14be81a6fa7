/* The two functions that rules have beyond SQLite's own. */
#include "store/internal.h"

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

    if (!day_of(args[0], &day) || months < -12000 || months > 12000) {
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

int store_functions(struct ctx *cx, struct store *store)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    int code = sqlite3_create_function_v2(store->db, "days_between", 2, flags, NULL, days_between,
                                          NULL, NULL, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_create_function_v2(store->db, "add_months", 2, flags, NULL, add_months, NULL,
                                          NULL, NULL);
    return code == SQLITE_OK ? 0 : store_fail(cx, store, code, _("Adding functions to SQL"));
}
