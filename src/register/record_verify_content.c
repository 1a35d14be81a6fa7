/* Whether registers and rules of the organisation's own are those that were added. */
#include "register/record_parts.h"

#define REGISTER "own_content"

struct own {
    struct ctx *cx;
    struct value *problems;
    struct dict *wanted, *met; /* by path: the fingerprint, of records; and rows that were met */
};

static void add(struct own *o, struct str path, const char *message)
{
    struct arena *mem = o->cx->mem;
    struct value *problem = value_map(mem);

    value_set_text(problem, "register", STR(REGISTER));
    value_set_text(problem, "ref", str_copy(mem, path));
    value_set_text(problem, "message", str_of(message));
    value_push(o->problems, problem);
}

static int take_record(void *arg, UNUSED struct ctx *cx, const struct record *record)
{
    struct own *o = arg;
    struct str *sum = ARENA_NEW(o->cx->mem, struct str);

    *sum = str_copy(o->cx->mem, value_get_text(record->body, "sha256"));
    dict_set(o->wanted, str_copy(o->cx->mem, value_get_text(record->body, "file")), sum);
    return 0;
}

static int find_missing(void *arg, UNUSED struct ctx *cx, const struct record *record)
{
    struct own *o = arg;
    struct str path = value_get_text(record->body, "file");

    if (!dict_has(o->met, path))
        add(o, path, _("It was added, and is gone."));
    return 0;
}

static int compare_rows(struct own *o, const struct record_store *rs)
{
    struct ctx *cx = o->cx;
    bool row;
    STMT(s);

    TRY(store_prepare(cx, rs->store, STR("SELECT path, body FROM content ORDER BY path"), &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        struct str path = stmt_text(cx->mem, s, 0);
        const struct str *sum = dict_get(o->wanted, path);
        dict_set(o->met, path, "");
        if (sum == NULL)
            add(o, path, _("No record says that it was added. If you did: add it once more."));
        else if (!str_eq(*sum, hash_sha256_hex(cx->mem, stmt_text(cx->mem, s, 1))))
            add(o, path, _("It is not what was added."));
    }
}

int record_verify_content(struct ctx *cx, const struct record_store *rs, struct value *problems)
{
    struct own o = {
        .cx = cx, .problems = problems, .wanted = dict_new(cx->mem), .met = dict_new(cx->mem)};
    const struct record_query query = {.def = registers_find(rs->registers, STR(REGISTER)),
                                       .any_order = true};

    if (query.def == NULL)
        return 0;
    TRY(record_list(cx, rs, &query, take_record, &o));
    TRY(compare_rows(&o, rs));
    return record_list(cx, rs, &query, find_missing, &o);
}
