#include "op/own.h"

#include "op/message.h"
#include "register/record_search.h"
#include "standard/content.h"
#include "standard/yaml.h"

#define OWN_FILE "access/own.yaml"

int own_load(struct ctx *cx, struct value **ret)
{
    const struct content embedded = {content_files, content_file_count};
    struct str text;

    TRY(content_get(cx, &embedded, OWN_FILE, &text));
    return yaml_parse(cx, OWN_FILE, text, ret);
}

static const char *says(struct ctx *cx, const struct value *own, const char *key)
{
    return str_z(cx->mem, value_get_text(own, key));
}

static const struct register_def *persons(const struct organisation *org)
{
    return registers_find(org->records.registers, STR(REGISTER_PERSON_ID));
}

static struct str address_of(struct ctx *cx, const struct value *own, const struct value *body)
{
    struct str address = str_trim(value_get_text(body, says(cx, own, "address")));

    return message_address_is(address) ? str_copy(cx->mem, address) : STR_NONE;
}

int own_address(struct ctx *cx, struct organisation *org, struct str person, struct str *ret_name,
                struct str *ret_address)
{
    struct record record;
    struct value *own;

    TRY(own_load(cx, &own));
    TRY(record_read(cx, &org->records, persons(org), person, STR_NONE, &record));
    *ret_name = str_copy(cx->mem, record_label(cx->mem, record.def, record.body));
    *ret_address = address_of(cx, own, record.body);
    return 0;
}

int own_principal(struct ctx *cx, struct organisation *org, const struct value *own,
                  struct str person, struct principal *ret)
{
    struct record record;

    TRY(record_read(cx, &org->records, persons(org), person, STR_NONE, &record));
    TRY(record_complete(cx, &org->records, &record));
    if (!value_get_bool(record.body, says(cx, own, "works")))
        return fail(cx, RC_NOT_FOUND, "person", _("Nobody of this name works here any more."));
    *ret = (struct principal){.person = record.id,
                              .name = record_label(cx->mem, record.def, record.body),
                              .role = value_get_text(own, "role"),
                              .via = STR(OWN_VIA)};
    return 0;
}

int own_register(struct ctx *cx, const struct organisation *org, const struct value *own,
                 const struct value *entry, const struct register_def **ret,
                 const struct register_field **ret_person)
{
    struct str id = value_get_text(entry, "register");
    const struct principal who = {.role = value_get_text(own, "role")};
    struct str field = access_own(org->access, &who, ACCESS_READ, id);

    *ret = registers_find(org->records.registers, id);
    *ret_person = *ret != NULL ? register_field(*ret, field) : NULL;
    return *ret_person != NULL
               ? 0
               : fail(cx, RC_FAIL, OWN_FILE, "%.*s: its records are nobody's own.", STR_ARG(id));
}

/* ---- everybody ---- */

struct everybody {
    struct organisation *org;
    const struct value *own;
    size_t entry;
    const struct register_field *person;
    struct value *list;
    struct dict *by_person;
};

static int each_person(void *arg, struct ctx *cx, const struct record *record)
{
    struct everybody *e = arg;
    struct value *one = value_map(cx->mem), *counts = value_list(cx->mem);
    struct str id = str_copy(cx->mem, record->id);

    if (!value_get_bool(record->body, says(cx, e->own, "works")))
        return 0;
    for (size_t i = 0; i < value_count(value_get(e->own, "waits")); i++) {
        struct value *count = value_map(cx->mem);
        value_set_int(count, "n", 0);
        value_push(counts, count);
    }
    value_set_text(one, "person", id);
    value_set_text(one, "ref", str_copy(cx->mem, record->ref));
    value_set_text(one, "name",
                   str_copy(cx->mem, record_label(cx->mem, record->def, record->body)));
    value_set_text(one, "address", address_of(cx, e->own, record->body));
    value_set(one, "counts", counts);
    value_set_int(one, "open", 0);
    value_push(e->list, one);
    dict_set(e->by_person, id, one);
    return ctx_check(cx);
}

static void one_more(struct value *map, const char *key)
{
    value_set_int(map, key, value_get_int(map, key, 0) + 1);
}

static int each_waiting(void *arg, struct ctx *cx, const struct record *record)
{
    struct everybody *e = arg;
    struct str person = value_get_text(record->body, str_z(cx->mem, e->person->id));
    struct value *one = (struct value *)(uintptr_t)dict_get(e->by_person, person);

    if (one == NULL)
        return 0;
    one_more(one, "open");
    one_more(value_at_mut(value_get_mut(one, "counts"), e->entry), "n");
    return ctx_check(cx);
}

static int count_entry(struct ctx *cx, struct everybody *e, const struct value *entry)
{
    struct record_filter empty = {.op = RECORD_EMPTY};
    struct record_query query = {.filters = &empty, .filter_n = 1, .any_order = true};

    TRY(own_register(cx, e->org, e->own, entry, &query.def, &e->person));
    empty.field = register_field(query.def, value_get_text(entry, "open"));
    return record_list(cx, &e->org->records, &query, each_waiting, e);
}

int own_everybody(struct ctx *cx, struct organisation *org, const struct value *own,
                  struct value **ret)
{
    const struct value *waits = value_get(own, "waits");
    struct record_query query = {.def = persons(org), .complete = true};
    struct everybody e = {
        .org = org, .own = own, .list = value_list(cx->mem), .by_person = dict_new(cx->mem)};

    TRY(record_list(cx, &org->records, &query, each_person, &e));
    for (e.entry = 0; e.entry < value_count(waits); e.entry++)
        TRY(count_entry(cx, &e, value_at(waits, e.entry)));
    *ret = e.list;
    return 0;
}
