#include "tests/judge/bench.h"

#include "judge/steps.h"
#include "judge/tables.h"

#define STATEMENTS 400u

static int prepare(struct bench *b, const char *name)
{
    struct str *statements = arena_array(b->cx->mem, STATEMENTS, sizeof *statements), script;

    TRY(content_get(b->cx, &b->standard->content, name, &script));
    size_t n = steps_split(b->cx->mem, script, true, statements, STATEMENTS);

    for (size_t i = 0; i < n; i++, b->derive_n++)
        TRY(store_prepare(b->cx, b->store, statements[i], &b->derive[b->derive_n]));
    return 0;
}

static int derive(struct bench *b)
{
    TX(tx, b->cx, b->store);

    if (b->derive == NULL) {
        b->derive = arena_array(b->cx->mem, tables_script_n * STATEMENTS, sizeof *b->derive);
        for (size_t i = 1; i < tables_script_n; i++) /* the first is of homes */
            TRY(prepare(b, tables_scripts[i]));
    }
    for (size_t i = 0; i < b->derive_n; i++)
        TRY(stmt_run(b->cx, b->derive[i]));
    return tx_commit(b->cx, &tx);
}

int bench_open(struct ctx *cx, struct bench *b)
{
    const struct loaded *loaded;

    b->cx = cx;
    TRY(homes_loaded(cx, &loaded));
    b->standard = loaded->standard;
    b->registers = loaded->registers;
    b->rules = loaded->rules;
    TRY(store_open(cx, NULL, 0, &b->store));
    TRY(tables_create(cx, b->store, b->standard));
    /* Signals of a language may come later than the rules. */
    return store_exec(cx, b->store, "looks",
                      STR("UPDATE kind SET looks = 1; UPDATE criterion SET looks = 1"));
}

static bool lists(const struct value *list, struct str s)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_as_text(value_at(list, i)), s))
            return true;
    return false;
}

static int add_result(struct bench *b, struct str kind, struct str criterion, const char *status)
{
    struct value *row = value_map(b->cx->mem);

    value_set_int(row, "document", b->documents);
    value_set_text(row, "kind", kind);
    value_set_text(row, "criterion", criterion);
    value_set_text(row, "status", str_of(status));
    if (*status == 'p')
        value_set_text(row, "lacks", STR("who"));
    return tables_insert(b->cx, b->store, "criterion_result", row);
}

static struct value *copy(struct bench *b, const struct value *v)
{
    if (value_type(v) == VALUE_TEXT)
        return value_text(b->cx->mem, value_as_text(v));
    if (value_type(v) == VALUE_INT)
        return value_int(b->cx->mem, value_as_int(v, 0));
    return value_null(b->cx->mem);
}

static int add_document(struct bench *b, struct str path, const char *template,
                        const struct value *over)
{
    struct value *row = value_map(b->cx->mem);

    value_set_int(row, "id", ++b->documents);
    value_set_text(row, "path", path);
    value_set_text(row, "template", str_of(template));
    value_set_text(row, "version", STR("1.0"));
    value_set_text(row, "dated", STR("2026-01-01"));
    for (size_t i = 0; i < value_count(over); i++)
        value_set(row, str_z(b->cx->mem, value_key_at(over, i)), copy(b, value_at(over, i)));
    return tables_insert(b->cx, b->store, "document", row);
}

static int add_kind(struct bench *b, struct str kind, const struct value *test, bool form)
{
    struct value *row = value_map(b->cx->mem);
    const struct value *documents = value_get(test, "document");
    const char *number = str_printf(b->cx->mem, "%d", (int)b->documents + 1).p;
    struct str path = str_printf(b->cx->mem, "%.*s%s.md", STR_ARG(kind), form ? "-form" : "");

    TRY(add_document(b, path, form ? "blank" : "none", value_get(documents, number)));
    value_set_int(row, "document", b->documents);
    value_set_text(row, "kind", kind);
    value_set_int(row, "confidence", 900);
    value_set_text(row, "place", STR("title"));
    TRY(tables_insert(b->cx, b->store, "document_kind", row));
    for (size_t i = 0; i < b->standard->criteria.n && !form; i++) {
        const struct entry *c = &b->standard->criteria.items[i];

        if (!str_eq(c->kind->id, kind) || lists(value_get(test, "lacks"), c->id))
            continue;
        TRY(add_result(b, kind, c->id, lists(value_get(test, "partly"), c->id) ? "partly" : "met"));
    }
    return 0;
}

static int add_loose(struct bench *b, const struct value *ids, const char *status)
{
    for (size_t i = 0; i < value_count(ids); i++) {
        const struct entry *c = standard_find(b->standard, value_as_text(value_at(ids, i)));

        if (c == NULL || c->type != ENTRY_CRITERION)
            return fail(b->cx, RC_INVALID, NULL, "no such criterion");
        TRY(add_document(b, str_printf(b->cx->mem, "loose-%d.md", (int)b->documents), "none",
                         NULL));
        TRY(add_result(b, c->kind->id, c->id, status));
    }
    return 0;
}

static int add_rows(struct bench *b, const struct value *tables)
{
    for (size_t t = 0; t < value_count(tables); t++)
        for (size_t i = 0; i < value_count(value_at(tables, t)); i++)
            TRY(tables_insert(b->cx, b->store, str_z(b->cx->mem, value_key_at(tables, t)),
                              value_at(value_at(tables, t), i)));
    return 0;
}

static int add_mentions(struct bench *b, int64_t n)
{
    for (size_t i = 0; (int64_t)i < n && i < b->standard->controls.n; i++) {
        struct value *row = value_map(b->cx->mem);

        value_set_int(row, "document", 1);
        value_set_text(row, "control", b->standard->controls.items[i].id);
        TRY(tables_insert(b->cx, b->store, "control_mention", row));
    }
    return 0;
}

/* The first `n` controls as lines of document 1, of which `over` changes columns by control. */
static int add_lines(struct bench *b, int64_t n, const struct value *over)
{
    for (size_t i = 0; (int64_t)i < n && i < b->standard->controls.n; i++) {
        struct str id = b->standard->controls.items[i].id;
        const struct value *columns = value_get(over, str_z(b->cx->mem, id));
        struct value *row = value_map(b->cx->mem);

        value_set_int(row, "document", 1);
        value_set_int(row, "n", (int64_t)i);
        value_set_text(row, "control", id);
        value_set_int(row, "applicable", 1);
        value_set_text(row, "reason", str_printf(b->cx->mem, "risk %d", (int)i));
        value_set_text(row, "status", STR("implemented"));
        value_set_text(row, "place", str_printf(b->cx->mem, "row %d", (int)i + 2));
        value_set_text(row, "quote", id);
        for (size_t c = 0; c < value_count(columns); c++)
            value_set(row, str_z(b->cx->mem, value_key_at(columns, c)),
                      copy(b, value_at(columns, c)));
        TRY(tables_insert(b->cx, b->store, "control_line", row));
    }
    return 0;
}

static int add_run(struct bench *b, const struct value *run)
{
    struct value *row = value_map(b->cx->mem);

    value_set_text(row, "today", STR("2026-11-30"));
    value_set_int(row, "stage", value_get_int(run, "stage", 1));
    if (value_get(run, "stage2") != NULL)
        value_set_text(row, "stage2", value_get_text(run, "stage2"));
    value_set_int(row, "files", value_get_int(run, "files", 10));
    value_set_int(row, "read", value_get_int(run, "read", 10));
    value_set_int(row, "unread", value_get_int(run, "unread", 0));
    value_set_int(row, "foreign_language", value_get_int(run, "foreign_language", 0));
    return tables_insert(b->cx, b->store, "fact_run", row);
}

int bench_case(struct bench *b, const struct value *test)
{
    const struct value *have = value_get(test, "have"), *forms = value_get(test, "forms");
    const struct value *partly = value_get(test, "partly");

    b->documents = 0;
    TRY(add_run(b, value_get(test, "run")));
    for (size_t i = 0; i < value_count(have); i++)
        TRY(add_kind(b, value_as_text(value_at(have, i)), test, false));
    for (size_t i = 0; i < value_count(forms); i++)
        TRY(add_kind(b, value_as_text(value_at(forms, i)), test, true));
    TRY(add_loose(b, value_get(test, "met"), "met"));
    TRY(add_loose(b, value_count(have) == 0 ? partly : NULL, "partly"));
    TRY(add_mentions(b, value_get_int(test, "mention", 0)));
    TRY(add_lines(b, value_get_int(test, "lines", 0), value_get(test, "line")));
    /* Records stand in some document. */
    if (b->documents == 0 && value_count(value_get(test, "records")) > 0)
        TRY(add_document(b, STR("records.md"), "none", NULL));
    TRY(bench_records(b, value_get(test, "records")));
    TRY(add_rows(b, value_get(test, "rows")));
    return derive(b);
}

int bench_yaml(struct bench *b, const char *yaml)
{
    struct value *test;

    TRY(yaml_parse(b->cx, "case", str_of(yaml), &test));
    return bench_case(b, test);
}

void bench_close(struct bench *b)
{
    homes_close(&b->homes);
    for (size_t i = 0; i < b->derive_n; i++)
        stmt_free(b->derive[i]);
    store_close(b->store);
    b->store = NULL;
}
