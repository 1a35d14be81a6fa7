#include "judge/tables.h"

#include "judge/commitment_facts.h"
#include "judge/holders.h"
#include "register/register.h"

const char *const tables_scripts[] = {"standards/derive-home.sql", "standards/derive.sql",
                                      "standards/derive-registers.sql"};
const size_t tables_script_n = COUNT_OF(tables_scripts);

struct filler {
    struct ctx *cx;
    struct store *store;
    const struct standard *standard;
    const struct value *phrases;
    struct tables_writer writer;
};

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '_')
            return false;
    return s.n > 0 && s.n < 64;
}

static int insert_sql(struct ctx *cx, const char *table, const struct value *row, struct str *ret)
{
    struct buf sql = buf_new(cx->mem);

    buf_printf(&sql, "INSERT INTO %s (", table);
    for (size_t i = 0; i < value_count(row); i++) {
        if (!is_name(value_key_at(row, i)))
            return fail(cx, RC_INVALID, table, "%s has no column \"%.*s\".", table,
                        STR_ARG(value_key_at(row, i)));
        buf_printf(&sql, "%s%.*s", i > 0 ? ", " : "", STR_ARG(value_key_at(row, i)));
    }
    buf_addz(&sql, ") VALUES (");
    for (size_t i = 0; i < value_count(row); i++)
        buf_printf(&sql, "%s:%.*s", i > 0 ? ", " : "", STR_ARG(value_key_at(row, i)));
    buf_char(&sql, ')');
    *ret = buf_str(&sql);
    return 0;
}

int tables_write(struct ctx *cx, struct store *store, struct tables_writer *writer,
                 const char *table, const struct value *row)
{
    struct str sql;

    if (!is_name(str_of(table)) || value_count(row) == 0)
        return fail(cx, RC_INVALID, table, "\"%s\" cannot be a table of facts.", table);
    TRY(insert_sql(cx, table, row, &sql));
    if (!str_eq(sql, writer->sql)) {
        stmt_freep(&writer->s);
        TRY(store_prepare(cx, store, sql, &writer->s));
        writer->sql = sql;
    }
    for (size_t i = 0; i < value_count(row); i++)
        TRY(stmt_bind_value(cx, writer->s, str_z(cx->mem, value_key_at(row, i)), value_at(row, i)));
    return stmt_run(cx, writer->s);
}

void tables_writer_end(struct tables_writer *writer)
{
    stmt_freep(&writer->s);
    writer->sql = STR_NONE;
}

int tables_insert(struct ctx *cx, struct store *store, const char *table, const struct value *row)
{
    CLEANUP(tables_writer_end) struct tables_writer writer = {.s = NULL};

    return tables_write(cx, store, &writer, table, row);
}

static int bad(struct filler *f, const char *file, const struct value *at, const char *what,
               struct str name)
{
    return fail(f->cx, RC_INVALID, file, "%s:%u: %s \"%.*s\".", file, value_line(at), what,
                STR_ARG(name));
}

static int insert(struct filler *f, const char *table, const struct value *row)
{
    return tables_write(f->cx, f->store, &f->writer, table, row);
}

/* Every key of `map` is one of `keys`, which NULL ends. */
static int keys_only(struct filler *f, const char *file, const struct value *map,
                     const char *const *keys)
{
    for (size_t i = 0; i < value_count(map); i++) {
        size_t k = 0;

        while (keys[k] != NULL && !str_is(value_key_at(map, i), keys[k]))
            k++;
        if (keys[k] == NULL)
            return bad(f, file, value_at(map, i), "unknown key", value_key_at(map, i));
    }
    return 0;
}

static const struct entry *entry_of(const struct filler *f, struct str id, enum entry_type type)
{
    const struct entry *entry = standard_find(f->standard, id);

    return entry != NULL && entry->type == type ? entry : NULL;
}

static int fill_kinds(struct filler *f)
{
    for (size_t i = 0; i < f->standard->kinds.n; i++) {
        const struct entry *e = &f->standard->kinds.items[i];
        struct value *row = value_map(f->cx->mem);
        const struct value *controls = value_get(e->yaml, "controls");

        value_set_text(row, "id", e->id);
        value_set_text(row, "title", e->title);
        value_set_text(row, "clause", value_print(f->cx->mem, value_get(e->yaml, "clause")));
        value_set_text(row, "force", value_get_text(e->yaml, "force"));
        value_set_text(row, "type", value_get_text(e->yaml, "kind"));
        value_set_int(row, "minimum", value_get_bool(e->yaml, "minimum"));
        value_set_int(row, "looks", value_get(e->yaml, "signals") != NULL);
        TRY(insert(f, "kind", row));
        for (size_t c = 0; c < value_count(controls); c++) {
            struct value *link = value_map(f->cx->mem);

            value_set_text(link, "kind", e->id);
            value_set_text(link, "control", value_as_text(value_at(controls, c)));
            TRY(insert(f, "kind_control", link));
        }
    }
    return 0;
}

static int fill_criteria(struct filler *f)
{
    static const char *const keys[] = {"says", "unseen", NULL};

    for (size_t i = 0; i < f->standard->criteria.n; i++) {
        const struct entry *e = &f->standard->criteria.items[i];
        const struct value *phrase = value_get(f->phrases, str_z(f->cx->mem, e->id));
        struct str text = value_get_text(e->yaml, "criterion");
        struct str says = value_get_text(phrase, "says");
        struct value *row = value_map(f->cx->mem);

        TRY(keys_only(f, "phrases.yaml", phrase, keys));
        value_set_text(row, "id", e->id);
        value_set_text(row, "kind", e->kind->id);
        value_set_text(row, "text", text);
        value_set_text(row, "phrase", says.n > 0 ? says : text);
        value_set_int(row, "practice", value_get_bool(e->yaml, "practice"));
        value_set_int(row, "unseen", value_get_bool(phrase, "unseen"));
        value_set_int(row, "looks", value_get(e->yaml, "signals") != NULL);
        TRY(insert(f, "criterion", row));
    }
    for (size_t i = 0; i < value_count(f->phrases); i++)
        if (entry_of(f, value_key_at(f->phrases, i), ENTRY_CRITERION) == NULL)
            return bad(f, "phrases.yaml", value_at(f->phrases, i), "no such criterion",
                       value_key_at(f->phrases, i));
    return 0;
}

static int fill_earlier(struct filler *f, const struct entry *control)
{
    const struct value *ids = value_get(control->yaml, "iso27001_2013");

    for (size_t i = 0; i < value_count(ids); i++) {
        struct value *row = value_map(f->cx->mem);

        value_set_text(row, "earlier", value_as_text(value_at(ids, i)));
        value_set_text(row, "control", control->id);
        TRY(insert(f, "control_earlier", row));
    }
    return 0;
}

static int fill_controls(struct filler *f)
{
    for (size_t i = 0; i < f->standard->controls.n; i++) {
        struct value *row = value_map(f->cx->mem);

        value_set_text(row, "id", f->standard->controls.items[i].id);
        value_set_int(row, "n", (int64_t)i + 1);
        value_set_text(row, "title", f->standard->controls.items[i].title);
        TRY(insert(f, "control", row));
        TRY(fill_earlier(f, &f->standard->controls.items[i]));
    }
    return 0;
}

/* decided.yaml */

static struct str decided_how(const struct value *decided)
{
    static const char *const whole[] = {"stage2", "minimum", "documents", "person"};

    for (size_t i = 0; i < COUNT_OF(whole); i++)
        if (value_get_bool(decided, whole[i]))
            return str_of(whole[i]);
    return STR("content");
}

static int fill_requirement(struct filler *f, const struct entry *e, size_t n,
                            const struct value *decided)
{
    const struct value *severity = value_get(e->yaml, "severity");
    const struct value *check = value_get(e->yaml, "check");
    struct value *row = value_map(f->cx->mem);

    value_set_text(row, "id", e->id);
    value_set_int(row, "n", (int64_t)n);
    value_set_text(row, "clause", value_print(f->cx->mem, value_get(e->yaml, "clause")));
    value_set_text(row, "title", e->title);
    value_set_text(row, "stage1", value_get_text(severity, "stage1"));
    value_set_text(row, "stage2", value_get_text(severity, "stage2"));
    value_set_text(row, "rule", value_get_text(severity, "rule"));
    if (value_get(severity, "dated") != NULL)
        value_set_text(row, "dated", value_get_text(severity, "dated"));
    value_set_text(row, "mode", value_get_text(check, "finding_mode"));
    value_set_text(row, "basis", value_get_text(check, "norm_basis"));
    value_set_text(row, "automation", value_get_text(check, "automation"));
    /* What is not judged at Stage 1 is left to Stage 2, whatever is said beside it. */
    value_set_text(row, "decided",
                   str_is(value_get_text(severity, "stage1"), "N/A") ? STR("stage2")
                                                                     : decided_how(decided));
    if (value_get(decided, "seen") != NULL)
        value_set_text(row, "seen_kind", value_get_text(decided, "seen"));
    if (value_get(decided, "approver") != NULL)
        value_set_text(row, "approver_kind", value_get_text(decided, "approver"));
    if (value_get(decided, "from") != NULL) {
        value_set_text(row, "from_kind", value_get_text(value_get(decided, "from"), "kind"));
        value_set_int(row, "from_count", value_get_int(value_get(decided, "from"), "documents", 1));
    }
    return insert(f, "requirement", row);
}

/* One criterion of a group: its id, or a map with a slot. */
static int fill_member(struct filler *f, struct str requirement, size_t group,
                       const struct value *member)
{
    static const char *const keys[] = {"criterion", "slot", "says", NULL};
    bool part = value_type(member) == VALUE_MAP;
    struct str id = part ? value_get_text(member, "criterion") : value_as_text(member);
    struct value *row = value_map(f->cx->mem);

    if (part)
        TRY(keys_only(f, "decided.yaml", member, keys));
    if (entry_of(f, id, ENTRY_CRITERION) == NULL)
        return bad(f, "decided.yaml", member, "no such criterion", id);
    value_set_text(row, "requirement", requirement);
    value_set_int(row, "grp", (int64_t)group);
    value_set_text(row, "criterion", id);
    if (part) {
        value_set_text(row, "slot", value_get_text(member, "slot"));
        value_set_text(row, "says", value_get_text(member, "says"));
    }
    return insert(f, "requirement_criterion", row);
}

static int fill_groups(struct filler *f, struct str requirement, const struct value *groups)
{
    for (size_t g = 0; g < value_count(groups); g++) {
        const struct value *group = value_at(groups, g);

        if (value_type(group) != VALUE_LIST) {
            TRY(fill_member(f, requirement, g, group));
            continue;
        }
        for (size_t i = 0; i < value_count(group); i++)
            TRY(fill_member(f, requirement, g, value_at(group, i)));
    }
    return 0;
}

static int fill_links(struct filler *f, struct str requirement, const struct value *ids,
                      const char *table, const char *column)
{
    for (size_t i = 0; i < value_count(ids); i++) {
        struct value *row = value_map(f->cx->mem);
        struct str id = value_as_text(value_at(ids, i));

        value_set_text(row, "requirement", requirement);
        value_set_text(row, column, id);
        int rc = insert(f, table, row);
        if (rc == RC_CONFLICT)
            return bad(f, "decided.yaml", value_at(ids, i), "no such entry", id);
        TRY(rc);
    }
    return 0;
}

static int fill_decided(struct filler *f, const struct value *all)
{
    static const char *const keys[] = {"criteria", "kinds",    "seen",    "from",
                                       "asks",     "stage2",   "minimum", "documents",
                                       "person",   "approver", NULL};

    for (size_t i = 0; i < f->standard->requirements.n; i++) {
        const struct entry *e = &f->standard->requirements.items[i];
        const struct value *decided = value_get(all, str_z(f->cx->mem, e->id));

        if (value_count(decided) == 0)
            return bad(f, "decided.yaml", all, "nothing decides", e->id);
        TRY(keys_only(f, "decided.yaml", decided, keys));
        TRY(fill_requirement(f, e, i + 1, decided));
        TRY(fill_groups(f, e->id, value_get(decided, "criteria")));
        TRY(fill_links(f, e->id, value_get(decided, "kinds"), "requirement_kind", "kind"));
        TRY(fill_links(f, e->id, value_get(decided, "asks"), "requirement_ask", "ask"));
    }
    for (size_t i = 0; i < value_count(all); i++)
        if (entry_of(f, value_key_at(all, i), ENTRY_REQUIREMENT) == NULL)
            return bad(f, "decided.yaml", value_at(all, i), "no such requirement",
                       value_key_at(all, i));
    return 0;
}

static int fill_asks(struct filler *f, const struct value *asks)
{
    static const char *const keys[] = {"answer", "question", NULL};

    for (size_t i = 0; i < value_count(asks); i++) {
        const struct value *ask = value_at(asks, i);
        struct value *row = value_map(f->cx->mem);

        TRY(keys_only(f, "asks.yaml", ask, keys));
        value_set_text(row, "id", value_key_at(asks, i));
        value_set_text(row, "key", value_get_text(ask, "answer"));
        value_set_text(row, "question", value_get_text(ask, "question"));
        TRY(insert(f, "ask", row));
    }
    return 0;
}

/* inside: {KIND: {criterion: ID, under: [word]}} */
static int fill_inside(struct filler *f, const struct value *inside)
{
    static const char *const keys[] = {"criterion", "under", NULL};

    for (size_t i = 0; i < value_count(inside); i++) {
        const struct value *item = value_at(inside, i), *words = value_get(item, "under");
        struct str kind = value_key_at(inside, i), criterion = value_get_text(item, "criterion");

        TRY(keys_only(f, "verdict.yaml", item, keys));
        if (entry_of(f, kind, ENTRY_KIND) == NULL)
            return bad(f, "verdict.yaml", item, "no such kind", kind);
        if (entry_of(f, criterion, ENTRY_CRITERION) == NULL)
            return bad(f, "verdict.yaml", item, "no such criterion", criterion);
        for (size_t w = 0; w < value_count(words); w++) {
            struct value *row = value_map(f->cx->mem);

            value_set_text(row, "kind", kind);
            value_set_text(row, "criterion", criterion);
            value_set_text(row, "word", value_as_text(value_at(words, w)));
            TRY(insert(f, "kind_inside", row));
        }
    }
    return 0;
}

static int fill_verdict(struct filler *f, const struct value *verdict)
{
    const struct value *settings = value_get(verdict, "settings");
    const struct value *words = value_get(verdict, "words");

    for (size_t i = 0; i < value_count(settings); i++) {
        struct value *row = value_map(f->cx->mem);

        value_set_text(row, "key", value_key_at(settings, i));
        value_set_int(row, "value", value_as_int(value_at(settings, i), 0));
        TRY(insert(f, "setting", row));
    }
    for (size_t i = 0; i < value_count(words); i++)
        for (size_t w = 0; w < value_count(value_at(words, i)); w++) {
            struct value *row = value_map(f->cx->mem);

            value_set_text(row, "list", value_key_at(words, i));
            value_set_text(row, "word", value_as_text(value_at(value_at(words, i), w)));
            TRY(insert(f, "word", row));
        }
    return fill_inside(f, value_get(verdict, "inside"));
}

static int fill(struct filler *f)
{
    struct value *phrases, *asks, *decided, *verdict;

    TRY(standard_yaml(f->cx, f->standard, "phrases.yaml", &phrases));
    TRY(standard_yaml(f->cx, f->standard, "asks.yaml", &asks));
    TRY(standard_yaml(f->cx, f->standard, "decided.yaml", &decided));
    TRY(standard_yaml(f->cx, f->standard, "verdict.yaml", &verdict));
    f->phrases = phrases;
    TRY(fill_controls(f));
    TRY(fill_kinds(f));
    TRY(fill_criteria(f));
    TRY(fill_asks(f, asks));
    TRY(fill_decided(f, decided));
    TRY(commitments_fill(f->cx, f->store, f->standard));
    TRY(holders_fill(f->cx, f->store, f->standard));
    return fill_verdict(f, verdict);
}

static int run_script(struct ctx *cx, struct store *store, const struct standard *standard,
                      const char *name)
{
    struct str sql;

    TRY(content_get(cx, &standard->content, name, &sql));
    return store_exec(cx, store, name, sql);
}

int tables_fill(struct ctx *cx, struct store *store, const struct standard *standard)
{
    struct filler f = {.cx = cx, .store = store, .standard = standard};
    TX(tx, cx, store);
    int rc = fill(&f);

    tables_writer_end(&f.writer);
    TRY(rc);
    return tx_commit(cx, &tx);
}

int tables_make(struct ctx *cx, struct store *store, const struct standard *standard)
{
    const struct registers *registers = standard->registers;
    TX(tx, cx, store);

    if (registers == NULL)
        TRY(registers_load(cx, &standard->content, &registers));
    TRY(run_script(cx, store, standard, "standards/facts.sql"));
    TRY(registers_create(cx, store, registers));
    TRY(run_script(cx, store, standard, "standards/registers.sql"));
    TRY(run_script(cx, store, standard, "standards/home.sql"));
    return tx_commit(cx, &tx);
}

int tables_create(struct ctx *cx, struct store *store, const struct standard *standard)
{
    TX(tx, cx, store);

    TRY(tables_make(cx, store, standard));
    TRY(tables_fill(cx, store, standard));
    return tx_commit(cx, &tx);
}

int tables_derive(struct ctx *cx, struct store *store, const struct standard *standard)
{
    TX(tx, cx, store);

    TRY(run_script(cx, store, standard, "standards/derive.sql"));
    TRY(run_script(cx, store, standard, "standards/derive-registers.sql"));
    return tx_commit(cx, &tx);
}

int tables_import(struct ctx *cx, struct store *store, const struct standard *standard)
{
    TX(tx, cx, store);

    TRY(run_script(cx, store, standard, "standards/import.sql"));
    return tx_commit(cx, &tx);
}
