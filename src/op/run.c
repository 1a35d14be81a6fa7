/* How an operation of the table is run. */
#include <stdlib.h>

#include "op/call.h"
#include "op/table_parts.h"

const struct op *op_find(const char *name)
{
    for (const struct op *op = op_table; op->name != NULL; op++)
        if (strcmp(op->name, name) == 0)
            return op;
    return NULL;
}

enum op_far op_far(const struct op *op)
{
    static const char *const jobs[] = {
        "bundle",       "content add",   "content remove", "doctor", "erase",
        "export",       "face",          "fetch",          "import", "judge",
        "ledger stamp", "ledger verify", "vault scrub"};

    if (op->needs == OP_NEEDS_NOTHING || op->needs == OP_NEEDS_HOME ||
        strcmp(op->name, "backup") == 0)
        return OP_FAR_NOT;
    for (size_t i = 0; i < COUNT_OF(jobs); i++)
        if (strcmp(op->name, jobs[i]) == 0)
            return OP_FAR_JOB;
    return OP_FAR_AT_ONCE;
}

/* ---- arguments ---- */

bool op_is_path(const struct op_arg *arg)
{
    return arg->type == OP_FILE || arg->type == OP_OUTPUT;
}

static const struct op_arg *find_arg(const struct op *op, struct str name)
{
    const struct op_arg *arg = op->args;

    while (arg->name != NULL && !str_is(name, arg->name))
        arg++;
    return arg->name != NULL ? arg : NULL;
}

/* The argument; of FIELD=VALUE the field. */
static struct str what_of(const struct op_arg *arg, struct str text)
{
    struct str field = str_sub(text, 0, str_find_char(text, '=', 0));

    return arg->many && field.n > 0 && field.n < text.n && utf8_valid(field) ? field
                                                                             : str_of(arg->name);
}

static int check_text(struct ctx *cx, const struct op_arg *arg, struct str text)
{
    struct date day;
    int64_t number;

    if (arg->type == OP_NUMBER && (!str_to_int(text, &number) || number < 0))
        return fail(cx, RC_INVALID, arg->name, _("%s must be a whole number, not \"%.*s\"."),
                    arg->name, STR_ARG(text));
    if (arg->type == OP_DAY && !date_parse_iso(text, &day))
        return fail(cx, RC_INVALID, arg->name,
                    _("%s must be a day such as 2026-11-30, not \"%.*s\"."), arg->name,
                    STR_ARG(text));
    if (!utf8_valid(text))
        return fail(cx, RC_INVALID, arg->name, _("%.*s is no valid UTF-8."),
                    STR_ARG(what_of(arg, text)));
    return 0;
}

static int check_arg(struct ctx *cx, const struct op_arg *arg, const struct value *v)
{
    enum value_type wanted = arg->type == OP_FLAG ? VALUE_BOOL
                             : arg->many          ? VALUE_LIST
                                                  : VALUE_TEXT;

    if (value_type(v) != wanted)
        return fail(cx, RC_INVALID, arg->name, _("%s is not given as it has to be."), arg->name);
    if (wanted == VALUE_TEXT)
        return check_text(cx, arg, value_as_text(v));
    for (size_t i = 0; i < value_count(v); i++)
        TRY(check_text(cx, arg, value_as_text(value_at(v, i))));
    return 0;
}

/* Of those whose arguments depend on one another. */
static int check_together(struct ctx *cx, const struct op *op, const struct value *args)
{
    static const struct {
        const char *name;
        int (*check)(struct ctx *cx, const struct value *args);
    } checks[] = {{"import", op_import_check}, {"export", op_export_check}};

    for (size_t i = 0; i < COUNT_OF(checks); i++)
        if (strcmp(checks[i].name, op->name) == 0)
            return checks[i].check(cx, args);
    return 0;
}

int op_check(struct ctx *cx, const struct op *op, const struct value *args)
{
    for (size_t i = 0; i < value_count(args); i++) {
        const struct op_arg *arg = find_arg(op, value_key_at(args, i));
        if (arg == NULL)
            return fail(cx, RC_INVALID, value_key_at(args, i).p, _("%s takes no \"%.*s\"."),
                        op->name, STR_ARG(value_key_at(args, i)));
        TRY(check_arg(cx, arg, value_at(args, i)));
    }
    for (const struct op_arg *arg = op->args; arg->name != NULL; arg++)
        if (arg->required && value_get(args, arg->name) == NULL)
            return fail(cx, RC_INVALID, arg->name,
                        arg->word ? _("%s is missing.") : _("--%s is missing."), arg->name);
    return check_together(cx, op, args);
}

/* ---- running ---- */

static int check_rights(struct op_call *call)
{
    TRY(access_check(call->cx, call->org->access, &call->who, call->op->right, STR_NONE));
    return call->op->changes ? access_check_change(call->cx, &call->who) : 0;
}

static bool names_home(const struct home_request *where)
{
    return where->home != NULL || getenv("ASSAY_HOME") != NULL;
}

static int open_all(struct op_call *call)
{
    enum op_needs needs = call->op->needs;

    if (needs == OP_NEEDS_NOTHING || (needs == OP_TAKES_ORGANISATION && !names_home(call->where)))
        return 0;
    TRY(home_open(call->cx, call->where, &call->home));
    if (needs == OP_NEEDS_HOME)
        return 0;
    TRY(home_organisation_open(call->cx, call->home, call->where->organisation, &call->org));
    TRY(home_principal(call->cx, call->org, call->where->as, &call->who));
    return check_rights(call);
}

/* "assay.content-add/1" */
static struct str schema_of(struct arena *mem, const struct op *op)
{
    char *name = str_z(mem, str_printf(mem, "assay.%s/1", op->name));

    for (char *c = name; *c != '\0'; c++)
        *c = *c == ' ' ? '-' : *c;
    return str_of(name);
}

/* The copy is not sealed, and none of our commands would find it again. */
static void tell_of_copy(const struct op_call *call, const struct op_face *face)
{
    if (call->org == NULL || call->org->copy.n == 0 || face->tell == NULL)
        return;
    face->tell(face->tell_arg,
               str_printf(call->cx->mem,
                          _("The records have a ledger now. They are as they were before in %.*s, "
                            "which anybody can read who has it: keep it elsewhere, or delete it "
                            "once all is well."),
                          STR_ARG(call->org->copy)));
}

/* After what wrote. What was written is written: where this fails, the sentence says so. */
static int sign_checkpoint(struct op_call *call)
{
    uint64_t size;

    if (call->org == NULL || call->org->records.keys == NULL)
        return 0;
    int rc = record_checkpoint(call->cx, &call->org->records, &size);

    if (rc == 0)
        return 0;
    rc = fail_while(call->cx, rc, _("What you did was recorded, but the ledger got no checkpoint"));
    call->cx->err.place = STR(OP_RECORDED);
    return rc;
}

static struct value *with_schema(struct arena *mem, const struct op *op, struct value *made)
{
    struct value *result = value_map(mem);

    value_set_text(result, "schema", schema_of(mem, op));
    for (size_t i = 0; i < value_count(made); i++)
        value_set(result, value_key_at(made, i).p, value_at_mut(made, i));
    return result;
}

int op_run(struct ctx *cx, const struct op *op, const struct home_request *where,
           const struct value *args, const struct op_face *face, struct value **ret)
{
    struct op_call call = {.cx = cx,
                           .op = op,
                           .where = where,
                           .args = args,
                           .progress = face->progress,
                           .progress_arg = face->progress_arg,
                           .open = face->open,
                           .open_arg = face->open_arg};
    struct value *made;

    TRY(op_check(cx, op, args));
    int rc = open_all(&call);
    tell_of_copy(&call, face);
    if (rc == 0)
        rc = op->run(&call, &made);
    if (rc == 0 && op->changes)
        rc = sign_checkpoint(&call);
    call_files_end(&call);
    home_close(call.home);
    if (rc < 0)
        return rc;
    *ret = with_schema(cx->mem, op, made);
    return 0;
}

int op_run_in(struct ctx *cx, const struct op *op, const struct home_request *where,
              struct organisation *org, const struct principal *who, const struct value *args,
              const struct op_face *face, struct value **ret)
{
    struct op_call call = {.cx = cx,
                           .op = op,
                           .where = where,
                           .org = org,
                           .who = *who,
                           .args = args,
                           .progress = face->progress,
                           .progress_arg = face->progress_arg,
                           .open = face->open,
                           .open_arg = face->open_arg};
    struct value *made;

    TRY(op_check(cx, op, args));
    if (op->needs != OP_NEEDS_ORGANISATION && op->needs != OP_TAKES_ORGANISATION)
        return fail(cx, RC_DENIED, NULL, _("%s is about a whole home: run it where the home is."),
                    op->name);
    TRY(check_rights(&call));
    int rc = op->run(&call, &made);
    if (rc == 0 && op->changes)
        rc = sign_checkpoint(&call);
    call_files_end(&call);
    if (rc < 0)
        return rc;
    *ret = with_schema(cx->mem, op, made);
    return 0;
}
