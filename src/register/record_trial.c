/*
 * SQL in definitions of an organisation's own, before anything runs it. Whoever may add content may
 * not reach beyond their registers by it: not other tables, not other organisations in the same
 * database, not files of its server, and nothing is written. So it has to be one that SQLite
 * prepares under the guard of rules, over tables of registers and nothing else; what the databases
 * read differently (escapes, quotes, comments) is not allowed, so that PostgreSQL cannot
 * take the same text for something else.
 */
#include "register/record_parts.h"

#include <ctype.h>

#define OWN_FIELD "own_"
#define STEPS 100000000u /* says nothing: nothing is run */

struct trial {
    struct ctx *cx;
    const struct record_store *rs;
    struct store *guarded; /* NULL until something is to be tried */
    const struct register_def *def;
    struct str what; /* "guards.met_by_staff" */
};

static int refuse(const struct trial *t, const char *why)
{
    return fail(t->cx, RC_INVALID, t->def->file, "%s, %.*s: %s", t->def->file, STR_ARG(t->what),
                why);
}

/* ---- the words ---- */

/* The end of the text in quotes that begins at `at`; its length where it has no end. */
static size_t skip_quoted(struct str sql, size_t at)
{
    do
        at++;
    while (at < sql.n && sql.p[at] != '\'');
    return at;
}

static bool is_comment(struct str sql, size_t at)
{
    struct str two = str_sub(sql, at, 2);

    return str_is(two, "--") || str_is(two, "/*");
}

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool is_recursive(struct str sql, size_t at)
{
    const struct str word = STR("recursive");

    return (at == 0 || !is_name(sql.p[at - 1])) &&
           str_is_nocase(str_sub(sql, at, word.n), word.p) &&
           (at + word.n >= sql.n || !is_name(sql.p[at + word.n]));
}

static int check_words(const struct trial *t, struct str sql)
{
    int64_t depth = 0;

    for (size_t i = 0; i < sql.n; i++) {
        char c = sql.p[i];
        if (c == '\'')
            i = skip_quoted(sql, i);
        if (i >= sql.n || str_find_char(sql, '\\', 0) != SIZE_MAX)
            return refuse(t, _("a text in quotes has no end, or has a backslash."));
        if (strchr("\"`[]$;", c) != NULL || is_comment(sql, i))
            return refuse(t, _("only names, numbers, texts in single quotes and signs of "
                               "calculation stand in it: no comments, no \" ` [ ] $ ;"));
        if (is_recursive(sql, i))
            return refuse(t, _("nothing in it calls itself (RECURSIVE)."));
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (depth < 0)
            break;
    }
    return depth == 0 ? 0 : refuse(t, _("its brackets do not match."));
}

/* ---- the tables ---- */

static int make_guarded(struct trial *t)
{
    const struct registers *registers = t->rs->registers;
    struct kept_shape *shape;

    TRY(store_open(t->cx, NULL, STORE_MEMORY, &t->guarded));
    for (size_t i = 0; i < registers->n; i++) {
        const struct register_def *def = &registers->items[i];
        if (!record_is_kept(def))
            continue;
        TRY(kept_shape_new(t->cx, t->cx->mem, registers, def, &shape));
        TRY(store_exec(t->cx, t->guarded, def->file, kept_create_sql(t->cx->mem, shape, false)));
    }
    return store_guard(t->cx, t->guarded, STEPS);
}

static int prepare(const struct trial *t, struct store *store, struct str sql)
{
    STMT(s);
    int rc = store_prepare(t->cx, store, sql, &s);

    if (rc == 0)
        return 0;
    return fail_while(t->cx, rc == RC_DENIED ? RC_INVALID : rc, "%s, %.*s", t->def->file,
                      STR_ARG(t->what));
}

/* `sql` is what is written in the definition, `whole` the statement that it becomes. */
static int try_one(struct trial *t, struct str sql, struct str whole)
{
    TRY(check_words(t, sql));
    if (t->guarded == NULL)
        TRY(make_guarded(t));
    TRY(prepare(t, t->guarded, whole));
    return prepare(t, t->rs->store, whole);
}

/* ---- what a definition has ---- */

static int try_field(struct trial *t, const struct register_field *field)
{
    struct arena *mem = t->cx->mem;

    if (field->computed.n == 0 || !(t->def->custom || str_starts(field->id, STR(OWN_FIELD))))
        return 0;
    t->what = str_printf(mem, "fields.%.*s", STR_ARG(field->id));
    return try_one(t, field->computed, kept_one_computed_sql(mem, t->def, field));
}

static int try_select(void *arg, const char *key, struct str sql, UNUSED const char *columns)
{
    struct trial *t = arg;

    t->what = str_printf(t->cx->mem, "faces, %s", key);
    return try_one(t, sql, sql);
}

static int try_definition(struct trial *t)
{
    const struct register_def *def = t->def;

    for (size_t i = 0; i < def->field_n; i++)
        TRY(try_field(t, &def->fields[i]));
    for (size_t i = 0; def->custom && i < def->guard_n; i++) {
        t->what = str_printf(t->cx->mem, "guards.%.*s", STR_ARG(def->guards[i].id));
        TRY(try_one(t, def->guards[i].sql, def->guards[i].sql));
    }
    for (size_t i = 0; def->custom && i < def->face_n; i++)
        TRY(register_face_selects(&def->faces[i], try_select, t));
    return 0;
}

int record_try(struct ctx *cx, const struct record_store *rs)
{
    struct trial t = {.cx = cx, .rs = rs};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < rs->registers->n; i++) {
        t.def = &rs->registers->items[i];
        if (record_is_kept(t.def))
            rc = try_definition(&t);
    }
    store_close(t.guarded);
    return rc;
}
