/* Views of records, from trees made by hand. */
#include "report/records.h"

#include "report/page.h"
#include "tests/harness.h"

static struct str shown(struct ctx *cx, const char *view, const char *json, bool unicode)
{
    struct report_style style = {.width = 80, .unicode = unicode};
    struct buf out = buf_new(cx->mem);
    struct value *result = NULL;

    CHECK_OK(json_parse(cx, "test", str_of(json), &result));
    CHECK_OK(report_records(cx, view, result, &style, &out));
    return buf_str(&out);
}

static void fits(struct str text)
{
    struct str line;

    while (str_split(&text, '\n', &line))
        if (page_columns(line) > 80)
            test_failed(__FILE__, __LINE__, "too wide: %.*s", STR_ARG(line));
}

static const char table[] =
    "{\"count\": 3, \"columns\": ["
    " {\"field\": \"what\", \"label\": \"What could happen\", \"type\": \"long_text\"},"
    " {\"field\": \"who\", \"label\": \"Risk owner\", \"type\": \"person\", \"to\": \"person\"},"
    " {\"field\": \"level\", \"label\": \"Level\", \"type\": \"score\"},"
    " {\"field\": \"ok\", \"label\": \"Accepted\", \"type\": \"yes_no\"},"
    " {\"field\": \"to\", \"label\": \"Assets\", \"type\": \"references\", \"to\": \"asset\"}],"
    " \"names\": {\"person\": {\"P-01\": \"Ada Byron\"}, \"asset\": {\"A-1\": \"Van\"}},"
    " \"records\": ["
    " {\"ref\": \"RISK-001\", \"fields\": {\"what\": \"Fire\", \"who\": \"P-01\", \"level\": 12,"
    "  \"ok\": true, \"to\": [\"A-1\", \"A-2\"]}},"
    " {\"ref\": \"RISK-002\", \"fields\": {\"what\": \"A laptop with the data of all customers is "
    "lost on a train, and nobody knows what was on it\", \"who\": {\"said\": \"the boss\"}, "
    "\"level\": 6}}]}";

TEST(records_table_is_aligned_and_fits)
{
    struct str text = shown(cx, "list", table, true);

    fits(text);
    CHECK(str_has(text, "Ref       What could happen"));
    CHECK(str_has(text, "RISK-001  Fire"));
    CHECK(str_has(text, "Ada Byron"));
    CHECK(!str_has(text, "P-01"));
    CHECK(str_has(text, "“the boss”"));
    CHECK(str_has(text, "   12  yes"));
    CHECK(str_has(text, "A-1, A-2"));
    CHECK(str_has(text, "…"));
    CHECK(str_has(text, "2 of 3. All of them: --limit 0."));
}

TEST(records_table_does_without_unicode)
{
    struct str text = shown(cx, "list", table, false);

    for (size_t i = 0; i < text.n; i++)
        CHECK((unsigned char)text.p[i] < 0x80);
}

TEST(records_table_of_too_many_columns)
{
    struct buf json = buf_new(cx->mem);

    buf_addz(&json, "{\"columns\": [");
    for (int i = 0; i < 30; i++)
        buf_printf(&json, "%s{\"field\": \"f%d\", \"label\": \"Column number %d\"}",
                   i > 0 ? ", " : "", i, i);
    buf_addz(&json, "], \"records\": [{\"ref\": \"X-1\", \"fields\": {\"f0\": \"here\", \"f29\": "
                    "\"at the end\"}}]}");
    struct str text = shown(cx, "list", str_z(cx->mem, buf_str(&json)), true);

    fits(text);
    CHECK(str_has(text, "here"));
    CHECK(str_has(text, "at the end"));
    CHECK(str_has(text, "Without room: "));
}

TEST(records_table_that_is_empty_says_what_to_do)
{
    struct str text =
        shown(cx, "list",
              "{\"records\": [], \"empty\": \"Nothing yet.\", \"help\": \"What could happen.\", "
              "\"next\": [{\"do\": \"assay add risk\", \"for\": \"record the first\"}]}",
              true);

    CHECK_STR(text, "Nothing yet.\nWhat could happen.\n\n   assay add risk  record the first\n");
}

TEST(records_that_are_hostile)
{
    static const char json[] =
        "{\"columns\": [{\"field\": \"a\", \"label\": \"A\"}], \"records\": [{\"ref\": "
        "\"X\\u001b[2J\", \"fields\": {\"a\": \"red\\u001b[31m\\u202e\\n\\tnext\"}}]}";

    CHECK_STR(shown(cx, "list", json, true), "Ref    A\nX?[2J  red?[31m? next\n");
}

static const char record[] =
    "{\"ref\": \"RISK-001\", \"label\": \"Fire\", \"title\": \"Risks\", \"rev\": 2, "
    "\"at\": \"2026-11-30T09:15:00.250Z\", \"by\": \"Ada Byron\", \"role\": \"owner\", "
    "\"via\": \"import\", \"columns\": ["
    " {\"field\": \"what\", \"label\": \"What\", \"type\": \"long_text\"},"
    " {\"field\": \"due\", \"label\": \"Until\", \"type\": \"date\"},"
    " {\"field\": \"late\", \"label\": \"Late\", \"type\": \"yes_no\", \"computed\": true},"
    " {\"field\": \"asset\", \"label\": \"Asset\", \"type\": \"reference\", \"to\": \"asset\"},"
    " {\"field\": \"steps\", \"label\": \"Steps\", \"type\": \"rows\"}],"
    " \"names\": {\"asset\": {\"A-1\": \"Van\"}},"
    " \"fields\": {\"what\": \"It burns.\\nThen all is gone.\", \"late\": false, "
    "\"asset\": \"A-1\", \"steps\": [{\"what\": \"Run\", \"days\": 1}, {\"what\": \"Tell\"}]}, "
    "\"ways\": [{\"to\": \"closed\", \"label\": \"Close\"}]}";

TEST(records_one_record)
{
    CHECK_STR(shown(cx, "record", record, true),
              "RISK-001 Fire                                                              Risks\n"
              "version 2 of 2026-11-30 09:15 UTC by Ada Byron (owner), by import\n"
              "\n"
              "   What   It burns.\n"
              "          Then all is gone.\n"
              "   Asset  A-1 Van\n"
              "   Steps  what: Run; days: 1\n"
              "          what: Tell\n"
              "\n"
              "   Not said: due\n"
              "   Can become: closed (Close)\n");
}

TEST(records_changes)
{
    static const char json[] =
        "{\"ref\": \"RISK-001\", \"title\": \"Risks\", \"names\": {\"person\": {\"P-1\": "
        "\"Ada Byron\", \"P-2\": \"Rolf Vogel\"}}, \"changes\": ["
        "{\"field\": \"who\", \"label\": \"Who\", \"was\": \"P-1\\nP-2\", \"now\": \"P-2\", "
        "\"to\": \"person\"},"
        "{\"field\": \"due\", \"label\": \"Until\", \"was\": \"2026-11-30\", \"now\": \"\"},"
        "{\"field\": \"what\", \"label\": \"What\", \"was\": \"\", \"now\": \"Fire\"}]}";

    CHECK_STR(shown(cx, "changed", json, true),
              "RISK-001                                                                   Risks\n"
              "   Who    Ada Byron, Rolf Vogel → Rolf Vogel\n"
              "   Until  2026-11-30 → (nothing)\n"
              "   What   Fire\n");
    CHECK(str_has(shown(cx, "changed", "{\"ref\": \"X\", \"changes\": []}", true),
                  "nothing is changed"));
}

TEST(records_history_begins_with_the_last)
{
    static const char json[] =
        "{\"ref\": \"X-1\", \"title\": \"Things\", \"versions\": ["
        "{\"rev\": 1, \"at\": \"2026-11-01T09:00:00.000Z\", \"act\": \"add\", \"by\": \"Ada\", "
        "\"role\": \"owner\", \"via\": \"local\", \"changes\": [{\"label\": \"What\", \"was\": "
        "\"\", \"now\": \"Fire\"}]},"
        "{\"rev\": 2, \"at\": \"2026-11-02T09:00:00.000Z\", \"act\": \"remove\", \"by\": "
        "\"Rolf\", \"role\": \"manager\", \"via\": \"local\", \"changes\": []}]}";
    struct str text = shown(cx, "history", json, true);

    CHECK(str_find(text, STR("2    removed by Rolf (manager)"), 0) <
          str_find(text, STR("1    added by Ada (owner)"), 0));
    CHECK(str_has(text, "     What  Fire\n"));
    fits(text);
}

TEST(records_problems)
{
    CHECK_STR(shown(cx, "problems", "{\"problems\": []}", true), "All is as it should be.\n");
    struct str text = shown(cx, "problems",
                            "{\"problems\": [{\"register\": \"risk\", \"ref\": \"RISK-001\", "
                            "\"message\": \"Differs.\"}]}",
                            true);
    CHECK(str_has(text, "risk RISK-001"));
    CHECK(str_has(text, "--mend"));
}
