/* Versions of a statement: what stood in its register when one was approved. Nothing is copied for
 * that, as every version of every record is kept. */
#include "op/face.h"

struct versions {
    struct face *f;
    const struct register_def *def;
    const char *name, *day, *by; /* fields */
    struct shown *shown;
    struct value *list;
};

/* ---- when one was approved ---- */

struct approval {
    const char *by;
    struct str at; /* "" before it was */
    int64_t seq;
    bool imported;
};

/* The first version of the record that says who approved it. */
static int each_history(void *arg, struct ctx *cx, const struct record *record)
{
    struct approval *a = arg;

    if (a->at.n > 0 || value_get(record->body, a->by) == NULL)
        return 0;
    a->at = str_copy(cx->mem, record->at);
    a->seq = record->seq;
    a->imported = str_is(record->act, "import");
    return 0;
}

/* What an import brought stands as all of the import left it. */
static int kept_at(struct versions *v, struct str id, struct str *ret)
{
    struct op_call *call = v->f->call;
    const struct record_store *rs = &call->org->records;
    struct approval a = {.by = v->by};

    TRY(record_history(call->cx, rs, id, each_history, &a));
    *ret = a.at;
    return a.imported ? record_settled(call->cx, rs, a.seq, ret) : 0;
}

/* ---- the list ---- */

static int add_version(void *arg, struct ctx *cx, const struct record *record)
{
    struct versions *v = arg;
    struct record copy = record_copy(cx->mem, record);
    struct value *one = value_map(cx->mem);
    struct str by = value_get_text(copy.body, v->by), kept, name = STR_NONE;

    TRY(kept_at(v, copy.id, &kept));
    if (by.n > 0)
        TRY(shown_actor(v->shown, by, &name));
    else
        name = value_get_text(value_get(copy.body, v->by), "said");
    value_set_text(one, "ref", copy.ref);
    value_set_text(one, "name", value_get_text(copy.body, v->name));
    value_set_text(one, "day", value_get_text(copy.body, v->day));
    value_set_text(one, "by", name);
    value_set_text(one, "kept", kept);
    value_push(v->list, one);
    return 0;
}

/* The one approved last comes first; those that nobody has approved yet come before. */
static int later_first(const void *a, const void *b)
{
    struct str x = value_get_text(*(struct value *const *)a, "kept"),
               y = value_get_text(*(struct value *const *)b, "kept");

    if (x.n == 0 || y.n == 0)
        return (x.n > 0) - (y.n > 0);
    return str_cmp(y, x);
}

static int list_versions(struct face *f, struct value **ret)
{
    const struct value *part = value_get(f->face->yaml, "versions");
    struct op_call *call = f->call;
    struct arena *mem = call->cx->mem;
    struct versions v = {
        .f = f,
        .def = registers_find(call->org->records.registers, value_get_text(part, "register")),
        .name = str_z(mem, value_get_text(part, "name")),
        .day = str_z(mem, value_get_text(part, "day")),
        .by = str_z(mem, value_get_text(part, "by")),
        .shown = shown_new(call, STR_NONE),
        .list = value_list(mem)};
    struct record_query query = {.def = v.def};

    TRY(record_list(call->cx, &call->org->records, &query, add_version, &v));
    value_sort(v.list, later_first);
    *ret = v.list;
    return 0;
}

static const struct value *find_version(const struct value *list, struct str name)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_get_text(value_at(list, i), "name"), name) ||
            str_eq(value_get_text(value_at(list, i), "ref"), name))
            return value_at(list, i);
    return NULL;
}

/* A version by its name, that was approved. */
static int named_version(struct face *f, const struct value *list, struct str name,
                         const struct value **ret)
{
    *ret = find_version(list, name);
    if (*ret == NULL)
        return fail(f->call->cx, RC_NOT_FOUND, "version", _("There is no version %.*s of: %.*s."),
                    STR_ARG(name), STR_ARG(f->face->title));
    if (value_get_text(*ret, "kept").n == 0)
        return fail(f->call->cx, RC_CONFLICT, "version",
                    _("Version %.*s of \"%.*s\" is not approved yet."), STR_ARG(name),
                    STR_ARG(f->face->title));
    return 0;
}

int face_version(struct face *f, struct str *ret_as_of)
{
    struct str name = call_text(f->call, "version"), against = call_text(f->call, "against");
    struct arena *mem = f->call->cx->mem;
    const struct value *version;
    struct value *list;

    if (value_get(f->face->yaml, "versions") == NULL) {
        if (name.n == 0 && against.n == 0)
            return 0;
        return fail(f->call->cx, RC_INVALID, name.n > 0 ? "version" : "against",
                    _("%.*s has no versions."), STR_ARG(f->face->title));
    }
    TRY(list_versions(f, &list));
    value_set(f->result, "versions", list);
    if (against.n > 0) {
        TRY(named_version(f, list, against, &version));
        value_set(f->result, "against", value_copy(mem, version));
    }
    if (name.n == 0)
        return 0;
    TRY(named_version(f, list, name, &version));
    value_set(f->result, "version", value_copy(mem, version));
    *ret_as_of = value_get_text(version, "kept");
    return 0;
}
