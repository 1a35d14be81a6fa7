/* Operations that ask people for what waits for them: links by mail, and confirmations of a record.
 */
#include "op/call.h"
#include "op/letters.h"
#include "op/own.h"
#include "op/table_parts.h"
#include "register/record_search.h"

static int said(struct op_call *call, struct str text, struct value **ret)
{
    *ret = value_map(call->cx->mem);
    value_set_text(*ret, "said", text);
    return 0;
}

static void tell(const struct op_call *call, const char *what, size_t done, size_t total)
{
    if (call->progress != NULL)
        call->progress(call->progress_arg, what, done, total);
}

/* ---- who is asked for what ---- */

static struct str what_waits(struct ctx *cx, const struct value *own, const struct value *one)
{
    const struct value *waits = value_get(own, "waits"), *counts = value_get(one, "counts");
    struct buf out = buf_new(cx->mem);

    for (size_t i = 0; i < value_count(waits); i++) {
        int64_t n = value_get_int(value_at(counts, i), "n", 0);
        if (n > 0)
            buf_printf(&out, "%s%.*s: %lld", out.n > 0 ? "\n" : "",
                       STR_ARG(value_get_text(value_at(waits, i), "title")), (long long)n);
    }
    return buf_str(&out);
}

int op_own(struct op_call *call, struct value **ret)
{
    static const char *const columns[] = {"ref",  "Person", "name", "Name",         "address",
                                          "Mail", "open",   "Open", "link_ends_on", "Link until"};
    struct ctx *cx = call->cx;
    struct value *result = value_map(cx->mem), *own, *all, *links;

    TRY(own_load(cx, &own));
    TRY(own_everybody(cx, call->org, own, &all));
    TRY(own_link_list(cx, home_directory(call->org->home), call->org->name, &links));
    value_set_int(result, "count", (int64_t)value_count(all));
    (void)shown_table(result, cx->mem, columns, COUNT_OF(columns));
    for (size_t i = 0; i < value_count(all); i++) {
        const struct value *one = value_at(all, i);
        struct value *fields = shown_row(result, cx->mem);
        const struct value *link = value_get(links, str_z(cx->mem, value_get_text(one, "person")));
        value_set_text(fields, "person", value_get_text(one, "person"));
        value_set_text(fields, "ref", value_get_text(one, "ref"));
        value_set_text(fields, "name", value_get_text(one, "name"));
        value_set_text(fields, "address", value_get_text(one, "address"));
        value_set_int(fields, "open", value_get_int(one, "open", 0));
        value_set_text(fields, "what", what_waits(cx, own, one));
        value_set_text(fields, "link_ends_on", str_sub(value_get_text(link, "ends_at"), 0, 10));
        value_set_text(fields, "link_seen_on", str_sub(value_get_text(link, "seen_at"), 0, 10));
    }
    shown_if_none(result, _("Nobody is recorded who could be asked."));
    *ret = result;
    return 0;
}

/* ---- sending ---- */

static int send_to(struct op_call *call, const struct value *own, const struct value *one)
{
    struct ctx *cx = call->cx;
    struct letter letter = {.kind = STR(LETTER_OWN),
                            .organisation = call->org->name,
                            .person = value_get_text(one, "person"),
                            .address = value_get_text(one, "address"),
                            .name = value_get_text(one, "name"),
                            .asked_by = call->who.name,
                            .facts = value_map(cx->mem)};

    value_set_text(letter.facts, "title", call->org->title);
    value_set_text(letter.facts, "by", call->who.name);
    value_set_text(letter.facts, "waits", what_waits(cx, own, one));
    return outbox_add(cx, home_directory(call->org->home), &letter);
}

/* Whoever had such a mail lately gets no second one, unless their link was taken back: so that what
 * was interrupted can be run again, and nobody is written to for each click. */
#define AGAIN_MS ((int64_t)60 * 60 * 1000)

struct lately {
    struct value *links, *persons;
};

static int find_lately(struct op_call *call, struct lately *ret)
{
    struct ctx *cx = call->cx;
    struct store *directory = home_directory(call->org->home);

    TRY(own_link_list(cx, directory, call->org->name, &ret->links));
    return outbox_lately(cx, directory, call->org->name, STR(LETTER_OWN), AGAIN_MS, &ret->persons);
}

/* The person that is named, or whoever has something open. */
static bool is_meant(struct ctx *cx, const struct value *one, struct str person,
                     const struct lately *lately)
{
    const char *id = str_z(cx->mem, value_get_text(one, "person"));

    if (person.n > 0)
        return str_is(person, id);
    return value_get_int(one, "open", 0) > 0 &&
           (value_get(lately->persons, id) == NULL || value_get(lately->links, id) == NULL);
}

int op_own_send(struct op_call *call, struct value **ret)
{
    struct ctx *cx = call->cx;
    struct str name = call_text(call, "person"), person = STR_NONE;
    struct lately lately;
    struct value *own, *all;
    size_t sent = 0, without = 0;

    if (name.n > 0)
        TRY(record_find(cx, &call->org->records,
                        registers_find(call->org->records.registers, STR(REGISTER_PERSON_ID)), name,
                        &person));
    TRY(own_load(cx, &own));
    TRY(own_everybody(cx, call->org, own, &all));
    TRY(find_lately(call, &lately));
    for (size_t i = 0; i < value_count(all); i++) {
        const struct value *one = value_at(all, i);
        tell(call, _("writing"), i, value_count(all));
        if (!is_meant(cx, one, person, &lately))
            continue;
        if (value_get_text(one, "address").n == 0) {
            without++;
            continue;
        }
        TRY(send_to(call, own, one));
        sent++;
    }
    if (person.n > 0 && sent == 0)
        return fail(cx, RC_INVALID, "person",
                    _("No mail address is recorded of %.*s that can be written to, or they do not "
                      "work here."),
                    STR_ARG(name));
    return said(call,
                str_printf(cx->mem,
                           _("%zu people get a mail with a link of their own; %zu have something "
                             "open and no mail address."),
                           sent, without),
                ret);
}

int op_own_revoke(struct op_call *call, struct value **ret)
{
    struct ctx *cx = call->cx;
    struct str name = call_text(call, "person"), person;

    TRY(record_find(cx, &call->org->records,
                    registers_find(call->org->records.registers, STR(REGISTER_PERSON_ID)), name,
                    &person));
    TRY(own_link_revoke(cx, home_directory(call->org->home), call->org->name, person));
    return said(call, str_printf(cx->mem, _("No link of %.*s works any more."), STR_ARG(name)),
                ret);
}

/* ---- asking everybody to confirm something ---- */

struct asking {
    struct op_call *call;
    const struct value *entry;
    const struct register_def *def;
    const struct register_field *person, *about;
    struct record subject; /* what they are asked to confirm */
    struct value *body;    /* of a new record, but for the person */
    struct dict *have;     /* who has one already */
};

static int each_there(void *arg, struct ctx *cx, const struct record *record)
{
    struct asking *a = arg;
    const struct value *body = record->body;

    for (size_t i = 0; i < value_count(a->body); i++) {
        struct str key = value_key_at(a->body, i);
        if (!str_eq(value_get_text(body, key.p), value_as_text(value_at(a->body, i))))
            return 0;
    }
    dict_set(a->have, str_copy(cx->mem, value_get_text(body, str_z(cx->mem, a->person->id))), a);
    return 0;
}

/* The entry that asks for confirmations, and what a new one says. */
static int begin(struct op_call *call, const struct value *own, struct asking *a)
{
    const struct value *waits = value_get(own, "waits");
    struct ctx *cx = call->cx;
    struct str id;

    for (size_t i = 0; i < value_count(waits) && a->entry == NULL; i++)
        a->entry = value_get(value_at(waits, i), "copies") != NULL ? value_at(waits, i) : NULL;
    TRY(own_register(cx, call->org, own, a->entry, &a->def, &a->person));
    TRY(access_check(cx, call->org->access, &call->who, ACCESS_WRITE, a->def->id));
    a->about = register_field(a->def, value_get_text(a->entry, "about"));
    const struct register_def *to = registers_find(call->org->records.registers, a->about->to);

    TRY(record_find(cx, &call->org->records, to, call_text(call, "record"), &id));
    TRY(record_read(cx, &call->org->records, to, id, STR_NONE, &a->subject));
    const struct value *copies = value_get(a->entry, "copies");

    a->body = value_map(cx->mem);
    value_set_text(a->body, str_z(cx->mem, a->about->id), id);
    for (size_t i = 0; i < value_count(copies); i++) {
        struct str text =
            value_get_text(a->subject.body, str_z(cx->mem, value_as_text(value_at(copies, i))));
        if (text.n > 0)
            value_set_text(a->body, str_z(cx->mem, value_key_at(copies, i)), text);
    }
    return 0;
}

static int ask(struct asking *a, const struct value *one)
{
    struct op_call *call = a->call;
    struct value *body = value_copy(call->cx->mem, a->body);
    struct record record;

    value_set_text(body, str_z(call->cx->mem, a->person->id), value_get_text(one, "person"));
    const struct record_change change = {
        .def = a->def, .body = body, .act = "add", .actor = call_actor(call)};

    TRY(call_may_write(call, a->def, NULL, body));
    return record_write(call->cx, &call->org->records, &change, &record);
}

int op_own_ask(struct op_call *call, struct value **ret)
{
    struct ctx *cx = call->cx;
    struct asking a = {.call = call, .have = dict_new(cx->mem)};
    struct record_query query = {.any_order = true};
    struct value *own, *all;
    size_t asked = 0;

    TRY(own_load(cx, &own));
    TRY(begin(call, own, &a));
    query.def = a.def;
    TX(tx, cx, call->org->store);
    TRY(record_list(cx, &call->org->records, &query, each_there, &a));
    TRY(own_everybody(cx, call->org, own, &all));
    for (size_t i = 0; i < value_count(all); i++) {
        const struct value *one = value_at(all, i);
        tell(call, _("asking"), i, value_count(all));
        if (dict_get(a.have, value_get_text(one, "person")) != NULL)
            continue;
        TRY(ask(&a, one));
        asked++;
    }
    TRY(tx_commit(cx, &tx));
    return said(call,
                str_printf(cx->mem,
                           _("%zu people are asked to confirm %.*s. To tell them: assay own send."),
                           asked, STR_ARG(record_label(cx->mem, a.subject.def, a.subject.body))),
                ret);
}
