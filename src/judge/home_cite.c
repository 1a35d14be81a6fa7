/* Which register and record a finding of a home rests on: beside path and place, which people read,
 * for programs that lead there. */
#include "judge/home_parts.h"

/* "RISK-014, Actions 2" stands in RISK-014. */
static struct str record_of(struct str place)
{
    size_t comma = str_find(place, STR(", "), 0);

    return comma == SIZE_MAX ? place : str_sub(place, 0, comma);
}

static int read_paths(struct ctx *cx, struct judge_home *home, struct dict **ret)
{
    bool row;
    STMT(s);

    *ret = dict_new(cx->mem);
    TRY(store_prepare(cx, home->store, STR("SELECT path, register, ref FROM home_path"), &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        dict_set(*ret, stmt_text(cx->mem, s, 0), stmt_row(cx->mem, s));
    }
}

static void cite(struct arena *mem, const struct dict *paths, struct value *at)
{
    const struct value *path = dict_get(paths, value_get_text(at, "path"));
    struct str ref = value_get_text(path, "ref");

    if (path == NULL)
        return;
    value_set_text(at, "register", str_copy(mem, value_get_text(path, "register")));
    value_set_text(at, "record",
                   ref.n > 0 ? str_copy(mem, ref) : record_of(value_get_text(at, "place")));
}

static void cite_all(struct arena *mem, const struct dict *paths, struct value *list)
{
    for (size_t i = 0; i < value_count(list); i++)
        cite(mem, paths, value_at_mut(list, i));
}

int home_cite(struct ctx *cx, struct judge_home *home, struct value *result)
{
    struct value *findings = value_get_mut(result, "findings");
    struct dict *paths;

    TRY(read_paths(cx, home, &paths));
    for (size_t i = 0; i < value_count(findings); i++) {
        struct value *f = value_at_mut(findings, i);

        cite_all(cx->mem, paths, value_get_mut(f, "evidence"));
        cite_all(cx->mem, paths, value_get_mut(f, "lines"));
    }
    return 0;
}
