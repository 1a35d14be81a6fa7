/*
 * The functions that SQL has on both databases (docs/store.md), as PostgreSQL has them. They are in
 * the store's own schema, for it is the only one that statements see. Their bodies are bound when
 * they are made, so that no setting changes what they mean.
 */
#include "store/postgres.h"

static const char FUNCTIONS[] =
    /* The day that a text names, null for anything else. */
    "CREATE OR REPLACE FUNCTION assay_date(day text) RETURNS date"
    " LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN CASE"
    " WHEN day !~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN NULL"
    " WHEN substr(day, 1, 4) = '0000' THEN NULL"
    " WHEN substr(day, 9, 2)::int > extract(day FROM make_date(substr(day, 1, 4)::int,"
    "  substr(day, 6, 2)::int, 1) + interval '1 month' - interval '1 day') THEN NULL"
    " ELSE make_date(substr(day, 1, 4)::int, substr(day, 6, 2)::int, substr(day, 9, 2)::int) END;"

    "CREATE OR REPLACE FUNCTION days_between(a text, b text) RETURNS bigint"
    " LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE"
    " RETURN (assay_date(b) - assay_date(a))::bigint;"

    "CREATE OR REPLACE FUNCTION add_months(day text, months bigint) RETURNS text"
    " LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN CASE"
    " WHEN assay_date(day) IS NULL OR months < -12000 OR months > 12000 THEN NULL"
    " WHEN extract(year FROM assay_date(day)) * 12 + extract(month FROM assay_date(day)) - 1"
    "  + months NOT BETWEEN 12 AND 119999 THEN NULL"
    " ELSE to_char(assay_date(day) + make_interval(months => months::int), 'YYYY-MM-DD') END;"

    "CREATE OR REPLACE FUNCTION today() RETURNS text"
    " LANGUAGE sql STABLE PARALLEL SAFE RETURN nullif(current_setting('assay.today', true), '')";

int pg_functions(struct ctx *cx, struct pg *pg)
{
    return pg_query(cx, pg, _("Adding functions to SQL"), FUNCTIONS, NULL);
}
