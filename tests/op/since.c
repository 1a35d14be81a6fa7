/* Earlier reports: what is compared, and what is refused with file and field. */
#include "op/since.h"
#include "tests/harness.h"

#define HEAD                                                                                       \
    "\"schema\":\"assay.stage1/1\",\"program\":{\"version\":\"0.1.0\",\"rules_version\":\"abc\"}," \
    "\"standard\":{\"id\":\"s\"},\"today\":\"2026-09-01\","

static const char was_text[] =
    "{" HEAD "\"verdict\":{\"ready\":\"no\",\"minimum\":{\"met\":1,\"of\":3}},"
    "\"minimum\":[{\"kind\":\"K1\",\"state\":\"present\"},{\"kind\":\"K2\",\"state\":\"missing\"},"
    "{\"kind\":\"K3\",\"state\":\"partly\"}],"
    "\"clauses\":[{\"clause\":\"4\",\"met\":1,\"partly\":0,\"missing\":2,\"cannot_tell\":1,"
    "\"not_applicable\":0,\"total\":4}],"
    "\"findings\":[{\"id\":\"F-1\",\"title\":\"One\",\"clause\":\"4\",\"stage1\":\"AOC-BLOCK\"},"
    "{\"id\":\"F-2\",\"title\":\"Two\",\"clause\":\"4\",\"stage1\":\"AOC-BLOCK\"},"
    "{\"id\":\"F-3\",\"title\":\"Three\",\"clause\":\"5\",\"stage1\":\"NOTE\"},"
    "{\"id\":\"F-4\",\"title\":\"Four\",\"clause\":\"5\",\"stage1\":\"AOC\"}],"
    "\"requirements\":[{\"id\":\"R1\",\"status\":\"missing\"},{\"id\":\"R2\",\"status\":\"met\"},"
    "{\"id\":\"R3\",\"status\":\"cannot-tell\"},{\"id\":\"R4\",\"status\":\"not-applicable\"},"
    "{\"id\":\"R5\",\"status\":\"met\"}],"
    "\"controls\":[{\"id\":\"A1\",\"status\":\"missing\"}],"
    "\"criteria\":[{\"criterion\":\"K1-01\",\"status\":\"partly\"}]}";

static const char now_text[] =
    "{\"program\":{\"rules_version\":\"def\"},"
    "\"verdict\":{\"ready\":\"with-concerns\",\"minimum\":{\"met\":2,\"of\":3}},"
    "\"minimum\":[{\"kind\":\"K1\",\"title\":\"Scope\",\"state\":\"present\"},"
    "{\"kind\":\"K2\",\"title\":\"Plan\",\"clause\":\"6.2\",\"state\":\"present\"},"
    "{\"kind\":\"K3\",\"title\":\"List\",\"state\":\"missing\"}],"
    "\"clauses\":[{\"clause\":\"4\",\"met\":3,\"partly\":0,\"missing\":0,\"cannot_tell\":1,"
    "\"not_applicable\":0,\"total\":4},{\"clause\":\"5\",\"met\":0}],"
    "\"findings\":[{\"id\":\"F-2\",\"title\":\"Two\",\"clause\":\"4\",\"stage1\":\"AOC\"},"
    "{\"id\":\"F-3\",\"title\":\"Three\",\"clause\":\"5\",\"stage1\":\"AOC\"},"
    "{\"id\":\"F-4\",\"title\":\"Four\",\"clause\":\"5\",\"stage1\":\"AOC\"},"
    "{\"id\":\"F-5\",\"title\":\"Five\",\"clause\":\"7\",\"stage1\":\"NOTE\"}],"
    "\"requirements\":[{\"id\":\"R1\",\"status\":\"partly\"},"
    "{\"id\":\"R2\",\"status\":\"cannot-tell\"},{\"id\":\"R3\",\"status\":\"missing\"},"
    "{\"id\":\"R4\",\"status\":\"met\"},{\"id\":\"R5\",\"status\":\"met\"},"
    "{\"id\":\"R6\",\"status\":\"met\"}],"
    "\"controls\":[{\"id\":\"A1\",\"title\":\"Control\",\"status\":\"met\"}],"
    "\"criteria\":[{\"criterion\":\"K1-01\",\"text\":\"says it\",\"status\":\"met\"}]}";

/* "F-1:AOC>- R1:missing>partly ..." */
static struct str changes(struct ctx *cx, const struct value *list)
{
    struct buf out = buf_new(cx->mem);

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct str was = value_get_text(it, "was"), now = value_get_text(it, "now");
        buf_printf(&out, "%s%.*s:%.*s>%.*s", i > 0 ? " " : "", STR_ARG(value_get_text(it, "id")),
                   STR_ARG(was.n > 0 ? was : STR("-")), STR_ARG(now.n > 0 ? now : STR("-")));
    }
    return buf_str(&out);
}

static void prepare(struct ctx *cx)
{
    cx->today = (struct date){2026, 11, 30};
}

TEST(since_tells_better_from_worse_and_new)
{
    const struct value *was = NULL;
    struct value *now = NULL;

    prepare(cx);
    CHECK_OK(since_parse(cx, "old.json", str_of(was_text), STR("s"), &was));
    CHECK_OK(json_parse(cx, "now", str_of(now_text), &now));
    const struct value *since = since_compare(cx->mem, was, now);
    CHECK_STR(changes(cx, value_get(since, "better")),
              "F-1:AOC-BLOCK>- F-2:AOC-BLOCK>AOC K2:missing>present R1:missing>partly "
              "A1:missing>met K1-01:partly>met");
    CHECK_STR(changes(cx, value_get(since, "worse")),
              "F-3:NOTE>AOC K3:partly>missing R2:met>cannot-tell");
    CHECK_STR(changes(cx, value_get(since, "new")), "F-5:->NOTE");
    CHECK_STR(value_get_text(value_at(value_get(since, "better"), 5), "title"), "says it");
    CHECK_STR(value_get_text(value_at(value_get(since, "better"), 2), "clause"), "6.2");
    CHECK_STR(value_as_text(value_path(since, "ready.was")), "no");
    CHECK_STR(value_as_text(value_path(since, "ready.now")), "with-concerns");
    CHECK_INT(value_as_int(value_path(since, "minimum.was.met"), 0), 1);
    CHECK_INT(value_as_int(value_path(since, "minimum.now.met"), 0), 2);
    CHECK_INT(value_as_int(value_path(since, "findings.was.blockers"), -1), 2);
    CHECK_INT(value_as_int(value_path(since, "findings.now.blockers"), -1), 0);
    CHECK_INT(value_as_int(value_path(since, "findings.now.concerns"), -1), 3);
    CHECK_INT(value_count(value_get(since, "clauses")), 1);
    CHECK(!value_get_bool(since, "same_rules"));
    CHECK_STR(value_get_text(since, "today"), "2026-09-01");
}

TEST(since_of_the_same_report_is_nothing)
{
    const struct value *was = NULL;

    prepare(cx);
    CHECK_OK(since_parse(cx, "old.json", str_of(was_text), STR("s"), &was));
    const struct value *since = since_compare(cx->mem, was, was);
    CHECK_INT(value_count(value_get(since, "better")) + value_count(value_get(since, "worse")) +
                  value_count(value_get(since, "new")),
              0);
    CHECK(value_get_bool(since, "same_rules"));
}

/* The earlier report with one place changed. */
static void refused(struct ctx *cx, const char *from, const char *to, const char *message)
{
    struct str text = str_of(was_text);
    size_t at = str_find(text, str_of(from), 0);
    const struct value *was;

    prepare(cx);
    CHECK(at != SIZE_MAX);
    cx->err = (struct err){0};
    text = str_printf(cx->mem, "%.*s%s%s", (int)at, text.p, to, text.p + at + strlen(from));
    CHECK_RC(since_parse(cx, "old.json", text, STR("s"), &was), RC_INVALID);
    CHECK_STR(cx->err.text, message);
}

#define NO "old.json is no report to compare with: the field "

TEST(since_names_file_and_field_of_what_it_refuses)
{
    refused(cx, "\"schema\":\"assay.stage1/1\",", "", NO "schema is missing.");
    refused(cx, "assay.stage1/1", "assay.stage1/2",
            NO "schema is \"assay.stage1/2\", and this program reads \"assay.stage1/1\".");
    refused(cx, "{\"id\":\"s\"}", "{\"id\":\"t\"}",
            NO "standard.id is \"t\", and this is judged by \"s\".");
    refused(cx, "{\"id\":\"s\"}", "7", NO "standard.id is missing.");
    refused(cx, "2026-09-01", "yesterday", NO "today is no day.");
    refused(cx, "2026-09-01", "2026-12-01",
            NO "today is 2026-12-01, which is later than 2026-11-30.");
    refused(cx, "\"id\":\"F-2\",", "", NO "findings[1].id is missing.");
    refused(cx, "\"id\":\"F-2\",", "\"id\":2,", NO "findings[1].id is no text.");
    refused(cx, "\"met\":1,\"partly\"", "\"met\":\"1\",\"partly\"",
            NO "clauses[0].met is no whole number.");
    refused(cx, "\"criteria\":[", "\"criterion\":[", NO "criteria is missing.");
    refused(cx, "[{\"id\":\"A1\",\"status\":\"missing\"}]", "{}", NO "controls is no list.");
    refused(cx, "\"minimum\":[", "\"minimum\":[1,", NO "minimum[0].kind is missing.");
}

TEST(since_refuses_what_is_no_report)
{
    const struct value *was;

    prepare(cx);
    CHECK_RC(since_parse(cx, "a.json", STR("[]"), STR("s"), &was), RC_INVALID);
    CHECK_RC(since_parse(cx, "a.json", STR("{\"schema\": "), STR("s"), &was), RC_INVALID);
    CHECK_RC(since_read(cx, "/nonexistent/a.json", STR("s"), &was), RC_NOT_FOUND);
    CHECK(str_has(cx->err.text, "/nonexistent/a.json"));
    CHECK_RC(since_read(cx, "/tmp", STR("s"), &was), RC_INVALID);
}
