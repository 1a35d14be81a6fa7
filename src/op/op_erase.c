/* The operation erase: what was decided to be erased goes, for good. */
#include "op/accounts.h"
#include "op/call.h"
#include "op/home_parts.h"
#include "op/table_parts.h"
#include "register/record_erase.h"
#include "register/record_search.h"

/* The registers and fields that say what is to go, and what has to stay. */
#define ERASURE "erasure"
#define HOLD "legal_hold"
#define APPROVED "approved"
#define DONE "carried_out"
#define IN_FORCE "status=in_force"

struct erase {
    struct op_call *call;
    const struct register_def *def;
    struct record decision;
    struct record_erasure what;
    struct record_erased done;
    struct value *memberships; /* of the persons, that do not hold any more: their ids */
    struct dict *persons;
    bool again; /* it was carried out before */
};

static const struct register_def *find_def(const struct erase *e, const char *id)
{
    return registers_find(e->call->org->records.registers, str_of(id));
}

/* ---- what is to go ---- */

/* The record that a line {register, record} names, removed ones too. */
static int find_line(struct erase *e, const struct value *line, struct record *ret)
{
    const struct register_def *def;

    TRY(call_find_register(e->call->cx, e->call->org->records.registers,
                           value_get_text(line, "register"), &def));
    return call_any_named(e->call, def, value_get_text(line, "record"), ret);
}

static void add_person(struct erase *e, struct value *persons, struct str id)
{
    if (dict_has(e->persons, id))
        return;
    dict_set(e->persons, id, "");
    value_push(persons, value_text(e->call->cx->mem, id));
}

static int add_target(struct erase *e, const struct value *line, struct value *persons,
                      struct record_target *targets)
{
    struct str field = value_get_text(line, "field");
    const struct register_field *found;
    struct record record;

    TRY(find_line(e, line, &record));
    if (field.n == 0 && str_is(record.register_id, REGISTER_PERSON_ID)) {
        add_person(e, persons, record.id);
        return 0;
    }
    if (field.n > 0)
        TRY(call_find_field(e->call->cx, record.def, field, &found));
    targets[e->what.target_n++] = (struct record_target){record.id, field};
    return 0;
}

static int read_what(struct erase *e)
{
    struct arena *mem = e->call->cx->mem;
    const struct value *body = e->decision.body;
    const struct value *said = value_get(body, "persons"), *lines = value_get(body, "records");
    struct record_target *targets = arena_array(mem, value_count(lines) + 1, sizeof *targets);
    struct value *persons = value_list(mem);

    for (size_t i = 0; i < value_count(said); i++)
        add_person(e, persons, value_as_text(value_at(said, i)));
    for (size_t i = 0; i < value_count(lines); i++)
        TRY(add_target(e, value_at(lines, i), persons, targets));
    e->what.persons = persons;
    e->what.targets = targets;
    e->what.texts = value_get_bool(body, "in_texts");
    e->what.decision = e->decision.id;
    e->what.actor = call_actor(e->call);
    return 0;
}

/* ---- whether it may ---- */

static struct str state_of(const struct erase *e)
{
    return value_get_text(e->decision.body, str_z(e->call->cx->mem, e->def->state->id));
}

/* What was approved is what is there: nothing was changed since. */
static int check_approved(struct erase *e)
{
    struct ctx *cx = e->call->cx;
    struct str state = state_of(e);
    bool untouched = str_is(e->decision.act, "advance") || str_is(e->decision.act, "erase");

    if (!str_is(state, APPROVED))
        return fail(cx, RC_CONFLICT, "erasure",
                    _("%.*s is %.*s. It is carried out once it is approved: assay advance %s %.*s "
                      "%s. What would go: assay erase %.*s --preview"),
                    STR_ARG(e->decision.ref), STR_ARG(state), ERASURE, STR_ARG(e->decision.ref),
                    APPROVED, STR_ARG(e->decision.ref));
    if (!untouched)
        return fail(cx, RC_CONFLICT, "erasure",
                    _("%.*s was changed after it was approved. Let it be approved again: assay "
                      "advance %s %.*s proposed, and then %s."),
                    STR_ARG(e->decision.ref), ERASURE, STR_ARG(e->decision.ref), APPROVED);
    return 0;
}

static int held(struct erase *e, const struct record *hold, struct str what)
{
    return fail(e->call->cx, RC_CONFLICT, "erasure",
                _("%.*s: the legal hold %.*s (%.*s) covers %.*s. Nothing of it is erased before it "
                  "is lifted: assay advance %s %.*s lifted."),
                STR_ARG(e->decision.ref), STR_ARG(hold->ref),
                STR_ARG(value_get_text(hold->body, "title")), STR_ARG(what), HOLD,
                STR_ARG(hold->ref));
}

static int held_ids(struct erase *e, const struct record *hold, struct dict **ret)
{
    const struct value *persons = value_get(hold->body, "persons"),
                       *lines = value_get(hold->body, "records");
    struct record record;

    *ret = dict_new(e->call->cx->mem);
    for (size_t i = 0; i < value_count(persons); i++)
        dict_set(*ret, value_as_text(value_at(persons, i)), "");
    for (size_t i = 0; i < value_count(lines); i++) {
        TRY(find_line(e, value_at(lines, i), &record));
        dict_set(*ret, record.id, "");
    }
    return 0;
}

/* Whatever would lose something, and whom it is about. */
static int check_hold(void *arg, struct ctx *cx, const struct record *record)
{
    struct erase *e = arg;
    struct record hold = record_copy(cx->mem, record);
    struct dict *ids;

    if (value_get_bool(hold.body, "everything"))
        return held(e, &hold, str_of(_("everything")));
    TRY(held_ids(e, &hold, &ids));
    for (size_t i = 0; i < value_count(e->done.records); i++) {
        const struct value *one = value_at(e->done.records, i);
        if (dict_has(ids, value_get_text(one, "id")) || dict_has(ids, value_get_text(one, "about")))
            return held(e, &hold,
                        str_printf(cx->mem, "%.*s %.*s", STR_ARG(value_get_text(one, "register")),
                                   STR_ARG(value_get_text(one, "ref"))));
    }
    return 0;
}

static int check_holds(struct erase *e)
{
    struct record_query query = {.def = find_def(e, HOLD)};
    struct record_filter in_force;

    TRY(record_filter_parse(e->call->cx, query.def, STR(IN_FORCE), &in_force));
    query.filters = &in_force;
    query.filter_n = 1;
    return record_list(e->call->cx, &e->call->org->records, &query, check_hold, e);
}

/* ---- members ---- */

/* Who takes part acts by name; and the days of what they did before go, so that it goes as a whole.
 */
static int take_member(void *arg, struct ctx *cx, const struct record *record)
{
    struct erase *e = arg;
    struct str person = value_get_text(record->body, HOME_MEMBER), ref;

    if (!dict_has(e->persons, person))
        return 0;
    value_push(e->memberships, value_text(cx->mem, str_copy(cx->mem, record->id)));
    if (!value_get_bool(record->body, HOME_ACTIVE))
        return 0;
    TRY(record_print(cx, &e->call->org->records, register_field(record->def, STR(HOME_MEMBER)),
                     value_get(record->body, HOME_MEMBER), &ref));
    return fail(cx, RC_CONFLICT, "erasure",
                _("%.*s still takes part as %.*s: assay members remove %.*s."), STR_ARG(ref),
                STR_ARG(value_get_text(record->body, HOME_ROLE)), STR_ARG(ref));
}

static int end_memberships(struct erase *e)
{
    struct record_query query = {.def = find_def(e, HOME_MEMBERSHIP), .complete = true};
    struct record record;

    e->memberships = value_list(e->call->cx->mem);
    TRY(record_list(e->call->cx, &e->call->org->records, &query, take_member, e));
    for (size_t i = 0; i < value_count(e->memberships); i++) {
        const struct record_change change = {.def = query.def,
                                             .id = value_as_text(value_at(e->memberships, i)),
                                             .act = "remove",
                                             .actor = e->what.actor};
        TRY(record_write(e->call->cx, &e->call->org->records, &change, &record));
    }
    return 0;
}

/* ---- carrying it out ---- */

static int conclude(struct erase *e)
{
    struct arena *mem = e->call->cx->mem;
    struct value *counts = value_map(mem);
    struct record_change change = {
        .def = e->def, .id = e->decision.id, .body = counts, .actor = e->what.actor};

    value_set_int(counts, "erased_records", (int64_t)value_count(e->done.records));
    value_set_int(counts, "erased_values", (int64_t)e->done.values);
    value_set_int(counts, "erased_files", (int64_t)value_count(e->done.objects));
    return record_advance(e->call->cx, &e->call->org->records, &change, STR(DONE), &e->decision);
}

/* All in one transaction, which a preview does not commit. */
static int carry_out(struct erase *e, bool preview)
{
    struct op_call *call = e->call;

    TX(tx, call->cx, call->org->store);
    TRY(end_memberships(e));
    TRY(record_erase(call->cx, &call->org->records, &e->what, &e->done));
    TRY(check_holds(e));
    if (preview)
        return 0;
    TRY(conclude(e));
    return tx_commit(call->cx, &tx);
}

/* What can be done again: the vault's objects, accounts, and what lies in files between the rows.
 */
static int clean(struct erase *e)
{
    struct op_call *call = e->call;
    struct value *problems = value_list(call->cx->mem);
    struct store *directory = home_directory(call->org->home);
    struct record_scrub sums;
    struct vault *vault;

    TRY(home_vault(call->cx, call->org, &vault));
    TRY(record_files_scrub(call->cx, &call->org->records, vault, false, true, problems, &sums));
    for (size_t i = 0; i < value_count(e->what.persons); i++)
        TRY(account_forget(call->cx, directory, call->org->name,
                           value_as_text(value_at(e->what.persons, i))));
    TRY(record_search_purge(call->cx, &call->org->records));
    TRY(store_scrub(call->cx, call->org->store));
    return store_scrub(call->cx, directory);
}

static int clean_or_say(struct erase *e)
{
    int rc = clean(e);

    return rc == 0 ? 0
                   : fail_while(e->call->cx, rc,
                                _("It is erased, and nobody can read it here; but its bytes may "
                                  "still lie in the files. To finish: assay erase %.*s"),
                                STR_ARG(e->decision.ref));
}

/* ---- what is said of it ---- */

struct sum {
    int64_t records, values;
};

static struct value *registers_of(const struct erase *e)
{
    struct arena *mem = e->call->cx->mem;
    struct value *list = value_list(mem);
    struct dict *at = dict_new(mem);

    for (size_t i = 0; i < value_count(e->done.records); i++) {
        const struct value *one = value_at(e->done.records, i);
        struct str id = value_get_text(one, "register");
        struct value *sum = (struct value *)(uintptr_t)dict_get(at, id);
        const struct register_def *def = find_def(e, str_z(mem, id));
        if (sum == NULL) {
            sum = value_map(mem);
            value_set_text(sum, "register", id);
            value_set_text(sum, "title", def != NULL ? def->title : id);
            value_push(list, sum);
            dict_set(at, id, sum);
        }
        value_set_int(sum, "records", value_get_int(sum, "records", 0) + 1);
        value_set_int(sum, "values",
                      value_get_int(sum, "values", 0) + value_get_int(one, "values", 0));
    }
    return list;
}

static struct value *result_of(const struct erase *e, bool preview)
{
    struct arena *mem = e->call->cx->mem;
    struct value *result = value_map(mem);

    value_set_text(result, "ref", e->decision.ref);
    value_set_bool(result, "preview", preview);
    value_set_bool(result, "again", !preview && e->again);
    value_set_int(result, "persons", (int64_t)value_count(e->what.persons));
    value_set_int(result, "files", (int64_t)value_count(e->done.objects));
    value_set_int(result, "values", (int64_t)e->done.values);
    value_set(result, "registers", registers_of(e));
    value_set(result, "records", e->done.records);
    value_set(result, "stays", e->done.stays);
    if (preview)
        shown_next(result, mem, str_printf(mem, "assay erase %.*s", STR_ARG(e->decision.ref)),
                   _("carries it out, once it is approved"));
    return result;
}

static int not_said_yes(struct erase *e)
{
    return fail(e->call->cx, RC_CONFLICT, "yes",
                _("%.*s would be carried out, and cannot be undone. To do so: --yes. What would "
                  "go: --preview."),
                STR_ARG(e->decision.ref));
}

/* Who may approve sees what it is about; to carry it out is for who answers for all of it. */
static int check_right(struct op_call *call, bool preview)
{
    return preview
               ? access_check(call->cx, call->org->access, &call->who, ACCESS_APPROVE, STR(ERASURE))
               : access_check(call->cx, call->org->access, &call->who, ACCESS_ADMINISTER, STR_NONE);
}

int op_erase(struct op_call *call, struct value **ret)
{
    struct erase e = {.call = call, .persons = dict_new(call->cx->mem)};
    bool preview = call_flag(call, "preview");

    TRY(check_right(call, preview));
    e.def = find_def(&e, ERASURE);
    TRY(call_any_named(call, e.def, call_text(call, "erasure"), &e.decision));
    if (e.decision.body == NULL)
        return fail(call->cx, RC_NOT_FOUND, "erasure", _("%.*s was removed."),
                    STR_ARG(e.decision.ref));
    TRY(read_what(&e));
    e.done = (struct record_erased){.records = value_list(call->cx->mem)};
    e.again = str_is(state_of(&e), DONE);
    if (!preview && !e.again) {
        TRY(check_approved(&e));
        if (!call_flag(call, "yes"))
            return not_said_yes(&e);
    }
    if (!e.again)
        TRY(carry_out(&e, preview));
    if (!preview)
        TRY(clean_or_say(&e));
    *ret = result_of(&e, preview);
    return 0;
}
