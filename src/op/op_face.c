/* The operation face: a register as a statement, a map, charts, a time line or a table of periods;
 * as a tree, or as a document. */
#include "op/face.h"
#include "op/table_parts.h"
#include "op/target.h"
#include "register/record_search.h"
#include "report/face.h"

static const struct kind {
    const char *name;
    int (*make)(struct face *f);
} kinds[] = {{"statement", face_statement},
             {"matrix", face_matrix},
             {"series", face_series},
             {"timeline", face_timeline},
             {"coverage", face_coverage}};

/* ---- what the kinds share ---- */

int face_rows(struct face *f, const struct value *part, const char *key, struct value **ret)
{
    struct str sql = value_get_text(part, key);

    *ret = value_list(f->call->cx->mem);
    return sql.n == 0 ? 0 : record_select(f->call->cx, &f->org.records, sql, ret);
}

const struct register_field *face_field(const struct face *f, const char *key)
{
    return register_field(f->def, value_get_text(f->face->yaml, key));
}

struct taking {
    struct face *f;
    struct value *records;
};

static int take(void *arg, struct ctx *cx, const struct record *record)
{
    struct taking *t = arg;
    struct value *shown;

    TRY(shown_record(t->f->shown, record, &shown));
    struct record copy = record_copy(cx->mem, record);
    value_set_text(shown, "label", record_label(cx->mem, copy.def, copy.body));
    value_push(t->records, shown);
    return ctx_check(cx);
}

int face_records(struct face *f, struct value **ret)
{
    struct record_query query = {.def = f->def, .complete = true};
    struct taking t = {f, value_list(f->call->cx->mem)};

    TRY(call_filters(&f->then, &query));
    *ret = t.records;
    return record_list(f->call->cx, &f->org.records, &query, take, &t);
}

bool face_number(struct str text, int64_t *ret)
{
    struct date day;
    size_t at = 0, places = 0;
    int64_t n = 0;
    bool fraction = false;

    while (at < text.n && (text.p[at] < '0' || text.p[at] > '9'))
        at++;
    if (at == text.n || date_parse_iso(str_sub(text, at, 10), &day))
        return false;
    bool minus = at > 0 && text.p[at - 1] == '-';

    for (; at < text.n && n < INT64_MAX / 100000; at++) {
        char c = text.p[at];
        bool point = !fraction && (c == '.' || c == ',') && at + 1 < text.n &&
                     text.p[at + 1] >= '0' && text.p[at + 1] <= '9';
        if (!point && (c < '0' || c > '9'))
            break;
        fraction = fraction || point;
        if (point || (fraction && places == 3))
            continue;
        n = n * 10 + (c - '0');
        places += fraction;
    }
    for (; places < 3; places++)
        n *= 10;
    *ret = minus ? -n : n;
    return true;
}

/* ---- who may ---- */

struct reading {
    struct face *f;
    bool needed;
    bool denied;
};

/* Whether a statement has the table of a register in it, or one that belongs to it. */
static bool speaks_of(struct str sql, struct str id)
{
    for (size_t at = 0; (at = str_find(sql, id, at)) != SIZE_MAX; at += id.n) {
        char before = at > 0 ? sql.p[at - 1] : ' ',
             after = at + id.n < sql.n ? sql.p[at + id.n] : ' ';
        bool begins = str_find_char(STR(" \n(,\""), before, 0) != SIZE_MAX;
        bool ends = str_find_char(STR(" \n),\";"), after, 0) != SIZE_MAX ||
                    str_starts(str_from(sql, at + id.n), STR("__"));
        if (begins && ends)
            return true;
    }
    return false;
}

/* A SELECT shows whatever it reads: so who asks may read all of that. */
static int check_select(void *arg, const char *key, struct str sql, UNUSED const char *columns)
{
    struct reading *r = arg;
    struct op_call *call = r->f->call;
    const struct registers *all = call->org->records.registers;

    for (size_t i = 0; i < all->n; i++) {
        const struct register_def *def = &all->items[i];
        if (!call_is_register(def) || !speaks_of(sql, def->id))
            continue;
        if (call_may_read(call, def) &&
            access_own(call->org->access, &call->who, ACCESS_READ, def->id).n == 0)
            continue;
        r->denied = true;
        if (r->needed)
            return fail(call->cx, RC_DENIED, "role",
                        _("%.*s acts as %.*s and does not see all of %.*s, which this shows."),
                        STR_ARG(call->who.name), STR_ARG(call->who.role), STR_ARG(def->title));
    }
    (void)key;
    return 0;
}

bool face_sees_all(struct face *f)
{
    struct reading r = {.f = f};

    return register_face_selects(f->face, check_select, &r) == 0 && !r.denied;
}

/* A time line is made of records, of which everybody sees those that they may see. */
static int check_rights(struct face *f)
{
    struct reading r = {.f = f, .needed = !str_is(f->face->kind, "timeline")};

    if (r.needed && access_own(f->call->org->access, &f->call->who, ACCESS_READ, f->def->id).n > 0)
        return fail(f->call->cx, RC_DENIED, "role",
                    _("%.*s acts as %.*s and does not see all of %.*s, which this shows."),
                    STR_ARG(f->call->who.name), STR_ARG(f->call->who.role), STR_ARG(f->def->title));
    return register_face_selects(f->face, check_select, &r);
}

/* ---- asking ---- */

static int find_face(struct face *f)
{
    struct op_call *call = f->call;
    struct str id = call_text(call, "face");
    struct buf names = buf_new(call->cx->mem);

    TRY(call_register(call, &f->def));
    f->face = id.n == 0 && f->def->face_n > 0 ? &f->def->faces[0] : register_face(f->def, id);
    if (f->face != NULL)
        return 0;
    for (size_t i = 0; i < f->def->face_n; i++)
        buf_printf(&names, "%s%.*s", i > 0 ? ", " : "", STR_ARG(f->def->faces[i].id));
    if (names.n == 0)
        return fail(call->cx, RC_NOT_FOUND, "face", _("%.*s is only shown as a list."),
                    STR_ARG(f->def->title));
    return fail(call->cx, RC_NOT_FOUND, "face",
                _("%.*s is not shown as \"%.*s\"; there are: %.*s."), STR_ARG(f->def->title),
                STR_ARG(id), STR_ARG(buf_str(&names)));
}

static void head(struct face *f, struct str as_of)
{
    struct arena *mem = f->call->cx->mem;
    const struct organisation *org = f->call->org;

    value_set_text(f->result, "register", f->def->id);
    value_set_text(f->result, "face", f->face->id);
    value_set_text(f->result, "kind", f->face->kind);
    value_set_text(f->result, "title", f->face->title);
    value_set_text(f->result, "help", f->face->help.n > 0 ? f->face->help : f->def->help);
    value_set_text(f->result, "organisation", org->title);
    value_set_text(f->result, "standard", org->standard->title);
    value_set_text(f->result, "today", date_iso(mem, f->call->cx->today));
    if (as_of.n > 0)
        value_set_text(f->result, "as_of", as_of);
}

static int make(struct face *f, struct str as_of)
{
    CLEANUP(record_then_closep) struct record_then *then = NULL;

    TRY(record_then_open(f->call->cx, &f->call->org->records, as_of, &then));
    f->org = *f->call->org;
    f->org.records = *record_then_records(then);
    f->then = *f->call;
    f->then.org = &f->org;
    f->shown = shown_new(&f->then, STR_NONE);
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_is(f->face->kind, kinds[i].name))
            TRY(kinds[i].make(f));
    value_set(f->result, "names", shown_names(f->shown));
    return 0;
}

/* ---- as a document ---- */

static int write_out(struct op_call *call, const struct value *tree, struct value **ret)
{
    struct str format = call_text(call, "format"), path = call_text(call, "output");
    struct buf out = buf_new(call->cx->mem);
    struct value *result = value_map(call->cx->mem);

    if (path.n == 0)
        return fail(call->cx, RC_INVALID, "output", "%s",
                    _("Say where the document goes: --output FILE."));
    TRY(report_face(call->cx, tree, format, &out));
    TRY(target_write(call->cx, path, buf_str(&out)));
    value_set_text(result, "said",
                   str_printf(call->cx->mem, _("%.*s: %.*s"), STR_ARG(path),
                              STR_ARG(value_get_text(tree, "title"))));
    value_set_text(result, "output", path);
    *ret = result;
    return 0;
}

int op_face(struct op_call *call, struct value **ret)
{
    struct face f = {.call = call, .result = value_map(call->cx->mem)};
    struct str as_of;

    TX_READ(tx, call->cx, call->org->store);
    TRY(find_face(&f));
    TRY(check_rights(&f));
    TRY(call_as_of(call, &as_of));
    head(&f, as_of);
    TRY(face_version(&f, as_of.n == 0 ? &as_of : &(struct str){NULL, 0}));
    TRY(make(&f, as_of));
    *ret = f.result;
    return call_text(call, "format").n > 0 ? write_out(call, f.result, ret) : 0;
}
