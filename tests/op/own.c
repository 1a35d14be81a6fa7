/* What concerns people without an account: their links, on each database, and the file that says
 * what they are asked. */
#include "op/own.h"

#include "op/accounts.h"
#include "op/letters.h"
#include "register/register.h"
#include "tests/op/directory.h"

STORE_TEST(a_link_of_ones_own_works_for_its_days)
{
    struct str token, other, ends_at;
    struct own_link link;
    struct value *all;

    directory_make(cx, store);
    CHECK_OK(own_link_make(cx, store, STR("one"), STR("mia"), STR("Ann"), 14, &token, &ends_at));
    CHECK_OK(own_link_make(cx, store, STR("one"), STR("bo"), STR("Ann"), 14, &other, &ends_at));
    CHECK_OK(own_link_find(cx, store, token, &link));
    CHECK_STR(link.organisation, "one");
    CHECK_STR(link.person, "mia");
    CHECK_OK(own_link_find(cx, store, token, &link)); /* again and again */
    CHECK_RC(own_link_find(cx, store, STR("' OR '1'='1"), &link), RC_NOT_FOUND);
    CHECK_OK(own_link_revoke(cx, store, STR("two"), STR("mia"))); /* another organisation's */
    CHECK_OK(own_link_find(cx, store, token, &link));
    CHECK_OK(own_link_list(cx, store, STR("one"), &all));
    CHECK_INT(value_count(all), 2);
    CHECK_OK(own_link_revoke(cx, store, STR("one"), STR("mia")));
    CHECK_RC(own_link_find(cx, store, token, &link), RC_NOT_FOUND);
    directory_now += (int64_t)14 * 24 * 60 * 60 * 1000 - 1000;
    CHECK_OK(own_link_find(cx, store, other, &link));
    directory_now += 1000;
    CHECK_RC(own_link_find(cx, store, other, &link), RC_NOT_FOUND);
    CHECK_OK(own_link_list(cx, store, STR("one"), &all));
    CHECK_INT(value_count(all), 0);
}

STORE_TEST(who_is_forgotten_has_no_link)
{
    struct str token, ends_at;
    struct own_link link;

    directory_make(cx, store);
    CHECK_OK(own_link_make(cx, store, STR("one"), STR("mia"), STR("Ann"), 14, &token, &ends_at));
    CHECK_OK(account_forget(cx, store, STR("one"), STR("mia")));
    CHECK_RC(own_link_find(cx, store, token, &link), RC_NOT_FOUND);
}

STORE_TEST(the_letter_has_the_link_and_what_waits)
{
    struct letter letter = {.kind = STR(LETTER_OWN),
                            .organisation = STR("one"),
                            .person = STR("mia"),
                            .address = STR("mia@example.org"),
                            .name = STR("Mia\r\nHolm"),
                            .asked_by = STR("Ann"),
                            .facts = value_map(cx->mem)};
    struct str subject, text;
    struct own_link link;

    directory_make(cx, store);
    value_set_text(letter.facts, "title", STR("One Ltd"));
    value_set_text(letter.facts, "by", STR("Ann"));
    value_set_text(letter.facts, "waits", STR("To read: 2\nTo learn: 1"));
    CHECK_OK(letter_write(cx, store, STR("https://a.example"), &letter, &subject, &text));
    CHECK(str_starts(text, STR("Hello Mia Holm,\n")));
    CHECK(str_has(text, "   - To read: 2\n   - To learn: 1\n"));
    size_t at = str_find(text, STR("https://a.example/own/"), 0);
    CHECK(at != SIZE_MAX);
    CHECK_OK(own_link_find(cx, store, str_sub(text, at + 22, ACCOUNT_TOKEN_CHARS), &link));
    CHECK_STR(link.person, "mia");
}

static void fields_are_there(struct ctx *cx, const struct register_def *def,
                             const struct value *ids)
{
    for (size_t i = 0; i < value_count(ids); i++)
        if (register_field(def, value_as_text(value_at(ids, i))) == NULL)
            test_failed(__FILE__, __LINE__, "%.*s has no %.*s", STR_ARG(def->id),
                        STR_ARG(value_as_text(value_at(ids, i))));
    (void)cx;
}

static bool reads_own(const struct access *access, const struct value *own, enum access_right right,
                      const struct register_def *def)
{
    const struct principal who = {.role = value_get_text(own, "role")};

    return access_own(access, &who, right, def->id).n > 0;
}

/* Each register, field and right that the file names is there. */
TEST(what_people_are_asked_is_theirs)
{
    const struct content content = {content_files, content_file_count};
    const struct registers *registers;
    const struct access *access;
    struct value *own;

    CHECK_OK(registers_load(cx, &content, &registers));
    CHECK_OK(access_load(cx, &content, &access));
    CHECK_OK(own_load(cx, &own));
    const struct value *waits = value_get(own, "waits"), *reports = value_get(own, "reports");

    CHECK(value_count(waits) > 0 && value_count(reports) > 0);
    for (size_t i = 0; i < value_count(waits); i++) {
        const struct value *entry = value_at(waits, i);
        const struct register_def *def =
            registers_find(registers, value_get_text(entry, "register"));
        CHECK(def != NULL && reads_own(access, own, ACCESS_READ, def));
        CHECK(register_field(def, value_get_text(entry, "open")) != NULL);
        fields_are_there(cx, def, value_get(entry, "says"));
        if (value_get(entry, "done") != NULL)
            CHECK(reads_own(access, own, ACCESS_WRITE, def));
        const struct register_field *about = register_field(def, value_get_text(entry, "about"));
        if (about != NULL)
            fields_are_there(cx, registers_find(registers, about->to), value_get(entry, "shows"));
    }
    for (size_t i = 0; i < value_count(reports); i++) {
        const struct register_def *def =
            registers_find(registers, value_get_text(value_at(reports, i), "register"));
        CHECK(def != NULL && reads_own(access, own, ACCESS_WRITE, def));
        fields_are_there(cx, def, value_get(value_at(reports, i), "fields"));
    }
}
