/* Many records changed at once: all or none, after a look at it, once. */
#include "tests/harness.h"
#include "tests/op/asking.h"

static int64_t figure(const struct value *result, const char *key)
{
    return value_get_int(result, key, -1);
}

static void risks(struct kept *k)
{
    (void)kept_add(k, "risk", "{ref: R-1, description: A, likelihood: 2, process: Old}");
    (void)kept_add(k, "risk", "{ref: R-2, description: B, likelihood: 2, process: New}");
    (void)kept_add(k, "risk", "{ref: R-3, description: C, likelihood: 5}");
}

static int64_t of_new(struct asking *a)
{
    return figure(asking(a, "list", "{\"register\": \"risk\", \"where\": [\"process=New\"]}"),
                  "count");
}

OURS_TEST(bulk_shows_before_it_changes)
{
    struct asking a;

    asking_begin(k, &a);
    risks(k);
    const struct value *look =
        asking(&a, "bulk",
               "{\"register\": \"risk\", \"record\": [\"R-1\", \"R-2\"], \"preview\": true, "
               "\"fields\": [\"process=New\"]}");

    CHECK_INT(figure(look, "changed"), 1);
    CHECK_INT(figure(look, "unchanged"), 1);
    CHECK_INT(value_count(value_get(look, "records")), 1);
    CHECK_INT(of_new(&a), 1);
    const struct value *done =
        asking(&a, "bulk",
               "{\"register\": \"risk\", \"where\": [\"likelihood=2\"], \"key\": \"once\", "
               "\"fields\": [\"process=New\"]}");
    CHECK_INT(figure(done, "changed"), 1);
    CHECK_INT(of_new(&a), 2);
    done = asking(&a, "bulk",
                  "{\"register\": \"risk\", \"record\": [\"R-1\", \"R-2\"], \"key\": \"once\", "
                  "\"fields\": [\"process=New\"]}");
    CHECK_INT(figure(done, "changed"), 0);
}

OURS_TEST(bulk_changes_all_or_none)
{
    struct asking a;
    struct value *result;

    asking_begin(k, &a);
    risks(k);
    (void)kept_add(k, "own_rule", "{topic: first, value: 1}");
    (void)kept_add(k, "own_rule", "{topic: second, value: 2}");
    /* What must be unique can be one's only. */
    const struct value *look =
        asking(&a, "bulk",
               "{\"register\": \"own_rule\", \"record\": [\"first\", \"second\"], \"preview\": "
               "true, \"fields\": [\"topic=third\"]}");
    CHECK_INT(figure(look, "changed"), 1);
    CHECK_INT(figure(look, "refused"), 1);
    CHECK_RC(asking_try(&a, "bulk",
                        "{\"register\": \"own_rule\", \"record\": [\"first\", \"second\"], "
                        "\"fields\": [\"topic=third\"]}",
                        &result),
             RC_INVALID);
    CHECK_INT(
        figure(asking(&a, "list", "{\"register\": \"own_rule\", \"where\": [\"topic=first\"]}"),
               "count"),
        1);
    CHECK_RC(
        asking_try(&a, "bulk", "{\"register\": \"risk\", \"fields\": [\"process=New\"]}", &result),
        RC_INVALID);
    CHECK_RC(
        asking_try(&a, "bulk",
                   "{\"register\": \"risk\", \"record\": [\"R-9\"], \"fields\": [\"process=\"]}",
                   &result),
        RC_NOT_FOUND);
}

OURS_TEST(bulk_refuses_what_changed_meanwhile)
{
    struct asking a;
    struct value *result;

    asking_begin(k, &a);
    risks(k);
    const struct value *look =
        asking(&a, "bulk",
               "{\"register\": \"risk\", \"record\": [\"R-1\", \"R-3\"], \"preview\": true, "
               "\"fields\": [\"process=New\"]}");
    const char *again =
        str_printf(cx->mem,
                   "{\"register\": \"risk\", \"record\": [\"R-1\", \"R-3\"], \"seen\": \"%lld\", "
                   "\"fields\": [\"process=New\"]}",
                   (long long)figure(look, "seen"))
            .p;

    (void)asking(&a, "set",
                 "{\"register\": \"risk\", \"record\": \"R-3\", \"fields\": [\"process=Other\"]}");
    CHECK_RC(asking_try(&a, "bulk", again, &result), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "R-3"));
    CHECK_INT(of_new(&a), 1);
    /* Whoever may not write changes nothing, by any way. */
    a.who.role = STR("reader");
    CHECK_RC(asking_try(&a, "bulk", again, &result), RC_DENIED);
}
