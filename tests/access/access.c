/* Roles: what each may, and that the file is read strictly. */
#include "access/access.h"

#include "tests/harness.h"

static struct principal as(const char *role)
{
    return (struct principal){
        .person = STR("p1"), .name = STR("Ada Byron"), .role = str_of(role), .via = STR("local")};
}

static const struct access *loaded(struct ctx *cx)
{
    const struct access *access = NULL;
    struct content content;

    CHECK_OK(content_open(cx, NULL, &content));
    CHECK_OK(access_load(cx, &content, &access));
    return access;
}

static int loads(struct ctx *cx, const char *yaml)
{
    struct content_file file = {"access/roles.yaml", (const unsigned char *)yaml, strlen(yaml)};
    struct content content = {&file, 1};
    const struct access *access;

    return access_load(cx, &content, &access);
}

static bool may(struct ctx *cx, const struct access *access, const char *role,
                enum access_right right, const char *register_id)
{
    struct principal who = as(role);

    return access_check(cx, access, &who, right, str_of(register_id)) == 0;
}

TEST(access_roles_are_those_of_the_list)
{
    static const char *const roles[] = {
        "owner",      "manager", "contributor", "employee", "internal_auditor", "external_auditor",
        "consultant", "reader"};
    const struct access *access = loaded(cx);

    for (size_t i = 0; i < COUNT_OF(roles); i++)
        CHECK(access_is_role(access, str_of(roles[i])));
    CHECK_INT(value_count(access_roles(access)), COUNT_OF(roles));
    CHECK(!access_is_role(access, STR("admin")));
    CHECK(!access_is_role(access, STR("")));
}

TEST(access_owner_may_everything)
{
    const struct access *access = loaded(cx);

    for (int right = ACCESS_READ; right <= ACCESS_ADMINISTER; right++) {
        CHECK(may(cx, access, "owner", (enum access_right)right, "membership"));
        CHECK(may(cx, access, "owner", (enum access_right)right, ""));
    }
}

TEST(access_manager_does_not_say_who_takes_part)
{
    const struct access *access = loaded(cx);

    CHECK(may(cx, access, "manager", ACCESS_WRITE, "risk"));
    CHECK(may(cx, access, "manager", ACCESS_APPROVE, "risk"));
    CHECK(may(cx, access, "manager", ACCESS_READ, "membership"));
    CHECK(!may(cx, access, "manager", ACCESS_WRITE, "membership"));
    CHECK(!may(cx, access, "manager", ACCESS_ADMINISTER, ""));
}

TEST(access_those_who_look_change_nothing)
{
    static const char *const roles[] = {"reader", "external_auditor"};
    const struct access *access = loaded(cx);

    for (size_t i = 0; i < COUNT_OF(roles); i++) {
        CHECK(may(cx, access, roles[i], ACCESS_READ, "risk"));
        CHECK(!may(cx, access, roles[i], ACCESS_WRITE, "risk"));
        CHECK(!may(cx, access, roles[i], ACCESS_WRITE, ""));
        CHECK(!may(cx, access, roles[i], ACCESS_APPROVE, "risk"));
        CHECK(!may(cx, access, roles[i], ACCESS_TRANSFER, ""));
    }
}

TEST(access_internal_auditor_writes_audits_only)
{
    const struct access *access = loaded(cx);

    CHECK(may(cx, access, "internal_auditor", ACCESS_WRITE, "internal_audit"));
    CHECK(may(cx, access, "internal_auditor", ACCESS_WRITE, "finding"));
    CHECK(!may(cx, access, "internal_auditor", ACCESS_WRITE, "risk"));
    CHECK(!may(cx, access, "internal_auditor", ACCESS_WRITE, "corrective_action"));
}

TEST(access_consultant_drafts_and_never_approves)
{
    const struct access *access = loaded(cx);
    struct principal consultant = as("consultant"), manager = as("manager");

    CHECK(may(cx, access, "consultant", ACCESS_WRITE, "risk"));
    CHECK(!may(cx, access, "consultant", ACCESS_APPROVE, "risk"));
    CHECK(access_only_drafts(access, &consultant));
    CHECK(!access_only_drafts(access, &manager));
}

TEST(access_employee_has_only_what_is_their_own)
{
    const struct access *access = loaded(cx);
    struct principal employee = as("employee"), owner = as("owner");

    CHECK(may(cx, access, "employee", ACCESS_WRITE, "acknowledgement"));
    CHECK_STR(access_own(access, &employee, ACCESS_WRITE, STR("acknowledgement")), "person");
    CHECK_STR(access_own(access, &employee, ACCESS_WRITE, STR("incident")), "reported_by");
    CHECK_STR(access_own(access, &employee, ACCESS_READ, STR("training")), "person");
    CHECK(!may(cx, access, "employee", ACCESS_WRITE, "training"));
    CHECK(!may(cx, access, "employee", ACCESS_READ, "risk"));
    CHECK_STR(access_own(access, &employee, ACCESS_READ, STR("risk")), "");
    CHECK_STR(access_own(access, &owner, ACCESS_READ, STR("training")), "");
}

TEST(access_denial_says_who_and_what)
{
    const struct access *access = loaded(cx);
    struct principal who = as("reader"), stranger = as("king");

    CHECK_RC(access_check(cx, access, &who, ACCESS_WRITE, STR("risk")), RC_DENIED);
    CHECK_STR(cx->err.text,
              "Ada Byron acts as reader, a role that may not change the register risk.");
    CHECK_RC(access_check(cx, access, &who, ACCESS_ADMINISTER, STR_NONE), RC_DENIED);
    CHECK_STR(cx->err.text, "Ada Byron acts as reader, a role that may not manage members and the "
                            "organisation's own content.");
    CHECK_RC(access_check(cx, access, &stranger, ACCESS_READ, STR("risk")), RC_DENIED);
    CHECK(str_has(cx->err.text, "king"));
}

TEST(access_file_is_read_strictly)
{
    CHECK_OK(loads(cx, "a: {title: A, about: does, read: all}\n"));
    CHECK_RC(loads(cx, "a: {title: A, about: does, reed: all}\n"), RC_INVALID);
    CHECK_STR(cx->err.text, "access/roles.yaml:1: \"reed\" is no key of a role.");
    CHECK_RC(loads(cx, "a: {title: A, about: does}\nb: {title: B, read: all}\n"), RC_INVALID);
    CHECK(str_has(cx->err.text, ":2: \"b\" lacks"));
    CHECK_RC(loads(cx, "a: {title: A, about: does, read: some}\n"), RC_INVALID);
    CHECK_RC(loads(cx, "a: {title: A, about: does, write: []}\n"), RC_INVALID);
    CHECK_RC(loads(cx, "a: {title: A, about: does, write: {but: [risk]}}\n"), RC_INVALID);
    CHECK_RC(loads(cx, "a: {title: A, about: does, judge: all}\n"), RC_INVALID);
    CHECK_RC(loads(cx, "a: {title: A, about: does, drafts: false}\n"), RC_INVALID);
    CHECK_RC(loads(cx, "a: {title: A, about: does, reads_own: [risk]}\n"), RC_INVALID);
    CHECK_RC(loads(cx, "a: {title: A, about: does, reads_own: {risk: 1}}\n"), RC_INVALID);
    CHECK_RC(loads(cx, "a: all\n"), RC_INVALID);
    CHECK_RC(loads(cx, "[]\n"), RC_INVALID);
}

TEST(access_gives_on_no_more_than_the_role_has)
{
    const struct access *access = loaded(cx);
    struct principal owner = as("owner"), reader = as("reader");
    unsigned rights = 0;

    CHECK_OK(access_rights_read(cx, STR("judge write"), &rights));
    CHECK_STR(access_rights_text(cx->mem, rights), "read write judge");
    owner.only = reader.only = rights;
    CHECK_OK(access_check(cx, access, &owner, ACCESS_WRITE, STR("risk")));
    CHECK_RC(access_check(cx, access, &reader, ACCESS_WRITE, STR("risk")), RC_DENIED);
    CHECK_RC(access_check(cx, access, &owner, ACCESS_APPROVE, STR("risk")), RC_DENIED);
    CHECK_RC(access_check(cx, access, &owner, ACCESS_ADMINISTER, STR_NONE), RC_DENIED);
    CHECK_OK(access_check_change(cx, &owner));
    CHECK_OK(access_rights_read(cx, STR_NONE, &owner.only));
    CHECK_OK(access_check(cx, access, &owner, ACCESS_READ, STR("risk")));
    CHECK_RC(access_check_change(cx, &owner), RC_DENIED);
    CHECK_RC(access_rights_read(cx, STR("read everything"), &rights), RC_INVALID);
    CHECK_STR(cx->err.place, "right");
    CHECK_STR(access_rights_text(cx->mem, 0), "");
}
