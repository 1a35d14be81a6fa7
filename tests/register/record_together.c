/* Many changes in one transaction leave what each alone would have left. */
#include "register/record_together.h"

#include "ledger/log.h"
#include "register/record_search.h"
#include "tests/harness.h"
#include "tests/register/kept.h"

static int put(struct kept *k, struct str id, const char *title, struct record *ret)
{
    struct value *body = value_map(k->cx->mem);
    struct record_change change = {.def = kept_def(k, "risk"), .id = id, .act = "set"};

    if (title != NULL)
        value_set_text(body, "title", str_of(title));
    change.body = title != NULL ? body : NULL;
    return record_write(k->cx, &k->rs, &change, ret);
}

/* One that was written, and then refused after all. */
static int put_and_undo(struct kept *k, struct str id, const char *title)
{
    struct record_together before = *k->rs.together;
    struct record record;

    TX(tx, k->cx, k->store);
    TRY(put(k, id, title, &record));
    tx_end(&tx);
    record_together_back(k->rs.together, &before);
    return 0;
}

static int write_all(struct kept *k, struct str old, struct record *ret)
{
    struct record_together together;
    struct record record;

    TX(tx, k->cx, k->store);
    TRY(record_together_begin(k->cx, &k->rs, &together));
    TRY(put_and_undo(k, STR_NONE, "Never"));
    TRY(put(k, STR_NONE, "Flood", ret));
    TRY(put(k, ret->id, "Landslide", ret));
    TRY(put_and_undo(k, old, "Earthquake"));
    TRY(put(k, STR_NONE, "Storm", &record));
    TRY(put(k, old, NULL, &record));
    TRY(record_together_end(k->cx, &k->rs));
    return tx_commit(k->cx, &tx);
}

static size_t hits(struct kept *k, const char *word)
{
    struct ctx *cx = k->cx;
    struct record_hit *found = NULL;
    size_t n = 0;

    CHECK_OK(record_search(cx, &k->rs, str_of(word), STR_NONE, &found, &n));
    return n;
}

KEPT_TEST(record_together_leaves_what_each_alone_would)
{
    struct str old = kept_add(k, "risk", "{title: Fire}");
    struct log *log = log_open(k->store);
    struct log_head head = {0};
    struct record record = {0};

    CHECK_OK(log_head(cx, log, &head));
    uint64_t size = head.frontier.size;
    CHECK_OK(write_all(k, old, &record));
    CHECK(k->rs.together == NULL);
    CHECK_OK(log_head(cx, log, &head));
    CHECK_INT(head.frontier.size, size + 4);
    CHECK_INT(hits(k, "landslide"), 1);
    CHECK_INT(hits(k, "storm"), 1);
    CHECK_INT(hits(k, "flood") + hits(k, "fire") + hits(k, "never") + hits(k, "earthquake"), 0);
    CHECK_OK(put(k, record.id, "Avalanche", &record)); /* alone again */
    CHECK_INT(hits(k, "avalanche"), 1);
    log_close(log);
    kept_healthy(k);
}

static int put_whole(struct kept *k, bool refused)
{
    struct record_together together;
    struct record record;

    TX(tx, k->cx, k->store);
    TRY(record_together_begin(k->cx, &k->rs, &together));
    together.whole = true;
    TRY(put(k, STR_NONE, "Flood", &record));
    TRY(refused ? put(k, STR_NONE, "", &record) : put(k, record.id, "Landslide", &record));
    TRY(record_together_end(k->cx, &k->rs));
    return tx_commit(k->cx, &tx);
}

KEPT_TEST(record_together_writes_all_or_none_where_it_is_whole)
{
    CHECK_RC(put_whole(k, true), RC_INVALID);
    k->rs.together = NULL;
    CHECK_INT(hits(k, "flood"), 0);
    CHECK_OK(put_whole(k, false));
    CHECK_INT(hits(k, "flood"), 0);
    CHECK_INT(hits(k, "landslide"), 1);
    kept_healthy(k);
}
