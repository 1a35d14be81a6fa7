/* What goes out comes back: bodies through each format, into the same store and into another. */
#include "op/outgoing.h"

#include "extract/cells.h"
#include "op/incoming.h"
#include "tests/harness.h"
#include "tests/hostile.h"
#include "tests/register/kept.h"

#define RISKS 40u

static struct value *text(struct kept *k, uint32_t *seed, size_t most)
{
    struct str s = str_trim(hostile_text(k->cx->mem, seed, most));

    return value_text(k->cx->mem, s.n > 0 ? s : STR("x"));
}

/* A reference: to a person, or a name that means none, or one that looks like a ref. */
static struct value *person(struct kept *k, uint32_t *seed)
{
    struct value *said = value_map(k->cx->mem);
    unsigned n = hostile_next(seed) % 4;

    if (n < 2)
        return value_text(k->cx->mem, n == 0 ? k->anna : k->ben);
    value_set(said, "said", n == 2 ? value_textz(k->cx->mem, "P-001") : text(k, seed, 30));
    return said;
}

static struct value *people(struct kept *k, uint32_t *seed, size_t n)
{
    struct value *list = value_list(k->cx->mem);

    for (size_t i = 0; i < n; i++)
        value_push(list, person(k, seed));
    return list;
}

static struct value *lines(struct kept *k, uint32_t *seed)
{
    struct value *list = value_list(k->cx->mem);

    for (unsigned i = 0; i < 3; i++) {
        struct value *map = value_map(k->cx->mem);
        value_set(map, "what", text(k, seed, 80));
        value_set(map, "who", person(k, seed));
        value_set_text(map, "share", STR("-0.125"));
        value_push(list, map);
    }
    return list;
}

static struct value *body(struct kept *k, uint32_t *seed)
{
    struct value *map = value_map(k->cx->mem);

    value_set(map, "title", text(k, seed, 150));
    value_set(map, "notes", text(k, seed, 2000));
    value_set(map, "text", text(k, seed, 500));
    if (hostile_next(seed) % 2 == 0)
        value_set(map, "owner", person(k, seed));
    value_set(map, "team", people(k, seed, hostile_next(seed) % 4));
    value_set(map, "steps", people(k, seed, 2));
    value_set_int(map, "count", (int64_t)hostile_next(seed) - 5000);
    value_set_text(map, "cost", STR("-12.5"));
    value_set_bool(map, "known", hostile_next(seed) % 2 == 0);
    value_set_text(map, "due", STR("2026-11-30"));
    value_set_text(map, "seen", STR("2026-11-30T09:15:00.250Z"));
    if (hostile_next(seed) % 2 == 0)
        value_set(map, "lines", lines(k, seed));
    return map;
}

static void write_one(struct kept *k, const char *register_id, struct str ref,
                      const struct value *value)
{
    struct ctx *cx = k->cx;
    struct record record;
    struct record_change change = {.def = kept_def(k, register_id),
                                   .ref = ref,
                                   .body = value,
                                   .act = "import",
                                   .imported = true};

    CHECK_OK(record_write(cx, &k->rs, &change, &record));
}

static void filled(struct kept *k, uint32_t seed)
{
    static const char *const refs[] = {"=R;1", "R,2", "'R3", "R 4", "\xf0\x9f\x90\xb8"};

    for (unsigned i = 0; i < RISKS; i++)
        write_one(k, "risk", i < COUNT_OF(refs) ? str_of(refs[i]) : STR_NONE, body(k, &seed));
    (void)kept_add(k, "asset", "{name: \"a, b; c\", owner: P-001}");
}

static void all_registers(struct kept *k, const struct register_def **ret)
{
    static const char *const ids[] = {"person", "asset", "risk"};

    for (size_t i = 0; i < COUNT_OF(ids); i++)
        ret[i] = kept_def(k, ids[i]);
}

static struct str as_json(struct kept *k)
{
    const struct register_def *defs[3];
    struct value *tree;
    struct buf out = buf_new(k->cx->mem);
    struct ctx *cx = k->cx;

    all_registers(k, defs);
    CHECK_OK(outgoing_json(k->cx, &k->rs, defs, 3, &tree));
    for (size_t i = 0; i < 3; i++) {
        struct value *records =
            value_get_mut(value_at_mut(value_get_mut(tree, "registers"), i), "records");
        for (size_t r = 0; r < value_count(records); r++) {
            value_set_text(value_at_mut(records, r), "id", STR("-"));
            value_set_int(value_at_mut(records, r), "rev", 0);
        }
    }
    value_json(&out, tree, 1);
    return buf_str(&out);
}

enum format { JSON, XLSX, ODS, CSV };

/* One file into a plan's lines, as incoming_file() would do it in a child. */
static void take(struct incoming *in, enum format format, struct str bytes, struct str name)
{
    struct ctx *cx = in->cx;
    struct value *tree;
    bool taken;

    if (format == JSON) {
        CHECK_OK(json_parse(cx, "a.json", bytes, &tree));
        CHECK_OK(incoming_data(in, name, tree));
        return;
    }
    CHECK_OK(cells_read(cx, name, bytes, &tree));
    CHECK_OK(incoming_cells(in, name, tree, &taken));
    CHECK(taken);
}

static void export_into(struct kept *k, enum format format, struct incoming *in)
{
    struct ctx *cx = k->cx;
    const struct register_def *defs[3];
    struct book book = {.day = cx->today};
    struct book_table *table;
    struct buf out = buf_new(cx->mem);
    struct value *tree;

    all_registers(k, defs);
    if (format == JSON) {
        CHECK_OK(outgoing_json(cx, &k->rs, defs, 3, &tree));
        value_json(&out, tree, 1);
        take(in, JSON, buf_str(&out), STR("a.json"));
        return;
    }
    for (size_t i = 0; format == CSV && i < 3; i++) {
        out = buf_new(cx->mem);
        CHECK_OK(outgoing_table(cx, &k->rs, defs[i], &table));
        CHECK_OK(book_csv(cx, table, &out));
        in->def = defs[i];
        take(in, CSV, buf_str(&out), STR("a.csv"));
    }
    if (format == CSV)
        return;
    CHECK_OK(outgoing_book(cx, &k->rs, defs, 3, &book));
    CHECK_OK(format == XLSX ? book_xlsx(cx, &book, &out) : book_ods(cx, &book, &out));
    take(in, format, buf_str(&out), format == XLSX ? STR("a.xlsx") : STR("a.ods"));
}

static struct incoming incoming_of(struct kept *k)
{
    return (struct incoming){.cx = k->cx,
                             .rs = &k->rs,
                             .plan = plan_new(k->cx, &k->rs),
                             .mapping = value_list(k->cx->mem),
                             .skipped = value_list(k->cx->mem)};
}

static void come_back(struct kept *k, enum format format)
{
    struct incoming in = incoming_of(k);
    struct ctx *cx = k->cx;
    struct value *tree;

    export_into(k, format, &in);
    CHECK_OK(plan_make(in.plan, NULL));
    CHECK_INT(plan_count(in.plan, PLAN_UNCHANGED), RISKS + 3);
    CHECK_OK(plan_tree(in.plan, 3, &tree));
    if (plan_count(in.plan, PLAN_UNCHANGED) != RISKS + 3) {
        struct buf out = buf_new(cx->mem);
        value_json(&out, tree, 1);
        test_failed(__FILE__, __LINE__, "format %d: %.*s", format, STR_ARG(buf_str(&out)));
    }
    CHECK_INT(value_count(in.skipped), 0);
}

static void kept_closep(struct kept **k)
{
    kept_close(*k);
}

/* Another store makes the same of it. */
static void come_elsewhere(struct kept *k, enum format format)
{
    static const struct record_actor actor = {.role = {"owner", 5}, .via = {"import", 6}};
    struct ctx *cx = k->cx;
    struct store *store CLEANUP(store_closep) = NULL;
    struct kept *other CLEANUP(kept_closep) = NULL;
    struct incoming in;

    CHECK_OK(store_open(cx, NULL, 0, &store));
    other = kept_open(cx, store);
    in = incoming_of(other);
    export_into(k, format, &in);
    for (size_t i = 0; i < value_count(in.mapping); i++)
        CHECK_STR(value_get_text(value_at(in.mapping, i), "how"), "headings");
    CHECK_OK(plan_make(in.plan, NULL));
    CHECK_INT(plan_count(in.plan, PLAN_REJECTED), 0);
    CHECK_OK(plan_write(in.plan, &actor, false));
    CHECK(str_eq(as_json(k), as_json(other)));
    kept_healthy(other);
}

KEPT_TEST(outgoing_json_comes_back)
{
    filled(k, 1);
    come_back(k, JSON);
    come_elsewhere(k, JSON);
}

KEPT_TEST(outgoing_xlsx_comes_back)
{
    filled(k, 3);
    come_back(k, XLSX);
    come_elsewhere(k, XLSX);
}

KEPT_TEST(outgoing_ods_comes_back)
{
    filled(k, 5);
    come_back(k, ODS);
    come_elsewhere(k, ODS);
}

KEPT_TEST(outgoing_csv_comes_back)
{
    filled(k, 7);
    come_back(k, CSV);
    come_elsewhere(k, CSV);
}

KEPT_TEST(outgoing_takes_a_mebibyte)
{
    struct buf large = buf_new(cx->mem);
    struct value *map = value_map(cx->mem);
    uint32_t seed = 3;

    while (large.n < RECORD_TEXT_BYTES - 4000)
        buf_add(&large, hostile_text(cx->mem, &seed, 3000));
    for (unsigned i = 0; i < RISKS; i++) {
        value_set_text(map, "title", STR("Theft"));
        if (i == 0)
            value_set_text(map, "notes", str_trim(buf_str(&large)));
        else
            map = value_map(cx->mem);
        value_set_text(map, "title", STR("Theft"));
        write_one(k, "risk", STR_NONE, map);
    }
    (void)kept_add(k, "asset", "{name: Ledger}");
    for (int format = JSON; format <= CSV; format++)
        come_back(k, (enum format)format);
}
