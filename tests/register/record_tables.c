/* Definitions that change under records that are there. */
#include "tests/register/kept.h"

#define HEAD "id: thing\ntitle: Things\nfields:\n"
#define KINDS                                                                                      \
    "  kinds: {type: many_choice, label: Kinds, help: h, choices: {a: {en: [a]}, b: {en: [b]}}}\n"
#define NAME "  name: {type: text, label: Name, help: h}\n"

/* The same store with another definition of the register `thing`. */
static int with(struct ctx *cx, struct store *store, const char *yaml, struct record_store *ret)
{
    const char *const files[] = {"registers/thing.yaml", yaml, NULL};
    const struct registers *registers;

    TRY(kept_registers(cx, yaml != NULL ? files : &files[2], &registers));
    record_store_open(store, registers, &kept_keys, ret);
    return record_tables(cx, ret);
}

static int put(struct ctx *cx, struct record_store *rs, const char *field, struct value *v)
{
    struct value *body = value_map(cx->mem);
    struct record_change change = {
        .def = registers_find(rs->registers, STR("thing")), .body = body, .act = "add"};
    struct record record;

    value_set(body, field, v);
    return record_write(cx, rs, &change, &record);
}

static int read_one(void *arg, struct ctx *cx, const struct record *record)
{
    struct buf *out = arg;

    buf_add(out, record_json(cx->mem, record->body));
    return 0;
}

static void changed(struct ctx *cx, struct store *store, const char *yaml, const char *bodies)
{
    struct record_store rs = {.store = NULL};
    struct value *problems = value_list(cx->mem);
    struct buf out = buf_new(cx->mem);

    CHECK_OK(with(cx, store, yaml, &rs));
    if (rs.registers == NULL)
        return;
    struct record_query query = {.def = registers_find(rs.registers, STR("thing"))};

    CHECK_OK(record_list(cx, &rs, &query, read_one, &out));
    CHECK_STR(buf_str(&out), bodies);
    CHECK_OK(record_doctor(cx, &rs, false, problems));
    CHECK_STR(record_json(cx->mem, problems), "[]");
    CHECK_OK(record_tables(cx, &rs));
    record_store_close(&rs);
}

static void refused(struct ctx *cx, struct store *store, const char *yaml, const char *says)
{
    struct record_store rs = {.store = NULL};
    int rc = with(cx, store, yaml, &rs);

    if (rc != RC_CONFLICT || !str_has(cx->err.text, says))
        test_failed(__FILE__, __LINE__, "%d \"%.*s\" does not say \"%s\"", rc,
                    STR_ARG(cx->err.text), says);
    record_store_close(&rs);
}

STORE_TEST(record_tables_follow_definitions)
{
    struct record_store rs = {.store = NULL};

    CHECK_OK(with(cx, store,
                  HEAD NAME "  size: {type: integer, label: Size, help: h}\n"
                            "  kind: {type: choice, label: Kind, help: h, choices: {a: {en: [a]}, "
                            "b: {en: [b]}}}\n",
                  &rs));
    CHECK_OK(put(cx, &rs, "name", value_textz(cx->mem, "x")));
    CHECK_OK(put(cx, &rs, "size", value_int(cx->mem, 5)));
    CHECK_OK(put(cx, &rs, "kind", value_textz(cx->mem, "a")));
    record_store_close(&rs);
    changed(cx, store,
            HEAD
            "  called: {type: long_text, label: Name, help: h, was: name}\n"
            "  size: {type: decimal, label: Size, help: h}\n"
            "  more: {type: people, label: More, help: h}\n"
            "  kind: {type: many_choice, label: Kind, help: h, choices: {a: {en: [a]}, b: {en: "
            "[b]}, c: {en: [c]}}}\n",
            "{\"called\":\"x\"}{\"size\":\"5\"}{\"kind\":[\"a\"]}");
}

/* A later version of the program brings a register that one which is there refers to. */
STORE_TEST(record_tables_take_new_registers_first)
{
    const char *const files[] = {
        "registers/thing.yaml",
        HEAD NAME "  into: {type: reference, to: zone, label: Into, help: h}\n",
        "registers/zone.yaml", "id: zone\ntitle: Zones\nfields:\n" NAME, NULL};
    struct record_store rs = {.store = NULL};
    const struct registers *registers;

    CHECK_OK(with(cx, store, HEAD NAME, &rs));
    CHECK_OK(put(cx, &rs, "name", value_textz(cx->mem, "x")));
    record_store_close(&rs);
    CHECK_OK(kept_registers(cx, files, &registers));
    record_store_open(store, registers, &kept_keys, &rs);
    CHECK_OK(record_tables(cx, &rs));
    record_store_close(&rs);
    CHECK_OK(kept_registers(cx, files, &registers));
    record_store_open(store, registers, &kept_keys, &rs);
    CHECK_OK(put(cx, &rs, "name", value_textz(cx->mem, "y")));
    record_store_close(&rs);
}

STORE_TEST(record_tables_lose_nothing)
{
    struct record_store rs = {.store = NULL};

    CHECK_OK(with(cx, store,
                  HEAD NAME "  size: {type: decimal, label: Size, help: h}\n"
                            "  empty: {type: text, label: Empty, help: h}\n"
                            "  kinds: {type: many_choice, label: Kinds, help: h, choices: {a: {en: "
                            "[a]}, b: {en: [b]}}}\n",
                  &rs));
    CHECK_OK(put(cx, &rs, "size", value_textz(cx->mem, "5.5")));
    struct value *kinds = value_list(cx->mem);

    value_push(kinds, value_textz(cx->mem, "a"));
    CHECK_OK(put(cx, &rs, "kinds", kinds));
    record_store_close(&rs);
    refused(cx, store, HEAD NAME KINDS, "\"size\" is gone, and records of the register thing");
    refused(cx, store, HEAD NAME "  size: {type: integer, label: Size, help: h}\n" KINDS,
            "was of type decimal, and records of the register thing have it (1)");
    refused(cx, store,
            HEAD NAME "  size: {type: decimal, label: Size, help: h}\n"
                      "  kinds: {type: many_choice, label: Kinds, help: h, choices: {b: {en: "
                      "[b]}}}\n",
            "the choice \"a\" of the field \"kinds\" is gone");
    refused(cx, store, NULL, "\"thing\" is gone from the definitions, and has records (2)");
    changed(cx, store,
            HEAD NAME "  size: {type: decimal, label: Size, help: h}\n"
                      "  kinds: {type: many_choice, label: Kinds, help: h, choices: {a: {en: "
                      "[a]}}}\n",
            "{\"size\":\"5.5\"}{\"kinds\":[\"a\"]}");
}

/* Others refer to records of a register whose table is made anew. */
STORE_TEST(record_tables_keep_references)
{
    struct kept *k = kept_open(cx, store);
    struct value *problems = value_list(cx->mem);

    kept_add(k, "asset", "{name: Code, owner: P-001}");
    kept_add(k, "risk",
             "{title: Leak, owner: P-002, assets: [Code], lines: [{what: x, who: P-1}]}");
    CHECK_OK(store_exec(cx, store, "test", STR("UPDATE person SET name = 'Mallory'")));
    CHECK_OK(store_exec(cx, store, "test", STR("DELETE FROM risk__assets")));
    CHECK_OK(record_doctor(cx, &k->rs, true, problems));
    CHECK_INT(value_count(problems), 3);
    CHECK_STR(value_get_text(value_at(problems, 0), "message"),
              "The current table differs from version 1 in name.");
    CHECK_STR(value_get_text(value_at(problems, 2), "ref"), "RISK-001");
    kept_healthy(k);
    kept_close(k);
}

/* All of ours: their tables, and what is computed and guarded. */
STORE_TEST(record_tables_of_all_registers_inside_the_program)
{
    const struct registers *registers = NULL;
    struct record_store rs;
    struct content content;

    CHECK_OK(content_open(cx, NULL, &content));
    CHECK_OK(registers_load(cx, &content, &registers));
    record_store_open(store, registers, &kept_keys, &rs);
    CHECK_OK(record_tables(cx, &rs));
    for (size_t i = 0; i < registers->n; i++) {
        const struct register_def *def = &registers->items[i];
        struct record_query query = {.def = def, .complete = true};
        if (def->is_not || def->part_of.n > 0)
            continue;
        CHECK_OK(record_list(cx, &rs, &query, NULL, NULL));
        for (size_t g = 0; g < def->guard_n; g++) {
            STMT(s);
            CHECK_OK(store_prepare(cx, store, def->guards[g].sql, &s));
        }
    }
    record_store_close(&rs);
}

/* Lines have definitions of their own, and these change too. */
STORE_TEST(record_tables_follow_definitions_of_lines)
{
    static const char thing[] =
        HEAD "  lines: {type: rows, of: thing_line, label: Lines, help: h}\n";
    static const char line[] = "id: thing_line\ntitle: Lines\npart_of: thing\nfields:\n"
                               "  what: {type: text, label: What, help: h}\n"
                               "  size: {type: integer, label: Size, help: h}\n";
    static const char wider[] = "id: thing_line\ntitle: Lines\npart_of: thing\nfields:\n"
                                "  said: {type: long_text, label: What, help: h, was: what}\n"
                                "  size: {type: decimal, label: Size, help: h}\n";
    static const char less[] = "id: thing_line\ntitle: Lines\npart_of: thing\nfields:\n"
                               "  said: {type: text, label: What, help: h, was: what}\n";
    const char *files[] = {"registers/thing.yaml", thing, "registers/thing_line.yaml", line, NULL};
    const struct registers *registers;
    struct record_store rs;
    struct buf out = buf_new(cx->mem);
    struct value *rows;

    CHECK_OK(kept_registers(cx, files, &registers));
    record_store_open(store, registers, &kept_keys, &rs);
    CHECK_OK(record_tables(cx, &rs));
    CHECK_OK(
        json_parse(cx, "test", STR("[{\"what\": \"a\", \"size\": 3}, {\"what\": \"b\"}]"), &rows));
    CHECK_OK(put(cx, &rs, "lines", rows));
    record_store_close(&rs);
    files[3] = less;
    CHECK_OK(kept_registers(cx, files, &registers));
    record_store_open(store, registers, &kept_keys, &rs);
    CHECK_RC(record_tables(cx, &rs), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "\"size\" is gone, and records of the register thing have it (1)"));
    record_store_close(&rs);
    files[3] = wider;
    CHECK_OK(kept_registers(cx, files, &registers));
    record_store_open(store, registers, &kept_keys, &rs);
    CHECK_OK(record_tables(cx, &rs));
    struct record_query query = {.def = registers_find(registers, STR("thing"))};

    CHECK_OK(record_list(cx, &rs, &query, read_one, &out));
    CHECK_STR(buf_str(&out), "{\"lines\":[{\"said\":\"a\",\"size\":\"3\"},{\"said\":\"b\"}]}");
    record_store_close(&rs);
}
