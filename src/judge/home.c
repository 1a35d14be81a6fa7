#include "judge/home.h"

#include <stdlib.h>

#include "judge/home_parts.h"
#include "judge/tables.h"
#include "judge/verdict.h"

#define WORK_BYTES ((size_t)4 << 20) /* after so many the memory of puts is emptied */

/* ---- made and ended ---- */

static const struct {
    size_t at;
    const char *sql;
} STATEMENTS[] = {
    {offsetof(struct judge_home, find),
     "SELECT register, row, name FROM home_record WHERE id = :id"},
    {offsetof(struct judge_home, keep),
     "INSERT OR REPLACE INTO home_record (id, register, row, name) "
     "VALUES (:id, :register, :row, :name)"},
    {offsetof(struct judge_home, forget), "DELETE FROM home_record WHERE id = :id"},
    {offsetof(struct judge_home, link),
     "INSERT OR IGNORE INTO home_link (target, register, record, field, n, named) "
     "VALUES (:target, :register, :record, :field, :n, :named)"},
    {offsetof(struct judge_home, unlink),
     "DELETE FROM home_link WHERE register = :register AND record = :record"},
    {offsetof(struct judge_home, refer),
     "INSERT OR IGNORE INTO fact_reference (register, record, field, target, target_record) "
     "VALUES (:register, :record, :field, :target, :target_record)"},
    {offsetof(struct judge_home, unrefer),
     "DELETE FROM fact_reference WHERE register = :register AND record = :record "
     "RETURNING field, target_record"},
};

static struct stmt **statement(struct judge_home *home, size_t i)
{
    return (struct stmt **)(void *)((char *)home + STATEMENTS[i].at);
}

static int prepare(struct judge_home *home)
{
    for (size_t i = 0; i < COUNT_OF(STATEMENTS); i++)
        TRY(store_prepare(&home->cx, home->store, str_of(STATEMENTS[i].sql), statement(home, i)));
    return 0;
}

static bool serves(const struct judge_home *home, struct str kind)
{
    const struct entry *e = standard_find(home->standard, kind);

    return e != NULL && e->type == ENTRY_KIND;
}

/* The kinds of document that a register counts as. */
static int add_kinds(struct judge_home *home, const struct register_def *def)
{
    const struct value *kinds = value_get(def->yaml, "kinds");

    for (size_t i = 0; i < value_count(kinds); i++) {
        struct value *row = value_map(home->cx.mem);
        struct str kind = value_as_text(value_at(kinds, i));

        if (!serves(home, kind))
            continue;
        value_set_text(row, "register", def->id);
        value_set_text(row, "kind", kind);
        TRY(tables_insert(&home->cx, home->store, "home_kind", row));
    }
    return 0;
}

/* The requirements that its records show. */
static int add_serves(struct judge_home *home, const struct register_def *def)
{
    const struct value *ids = value_get(def->yaml, "requirements");

    for (size_t i = 0; i < value_count(ids); i++) {
        struct value *row = value_map(home->cx.mem);
        const struct entry *e = standard_find(home->standard, value_as_text(value_at(ids, i)));

        if (e == NULL || e->type != ENTRY_REQUIREMENT)
            continue;
        value_set_text(row, "register", def->id);
        value_set_text(row, "requirement", e->id);
        TRY(tables_insert(&home->cx, home->store, "home_serves", row));
    }
    return 0;
}

static int add_column(struct judge_home *home, struct tables_writer *writer, int64_t table,
                      const struct register_field *field)
{
    struct value *row = value_map(home->cx.mem);

    value_set_int(row, "register_table", table);
    value_set_int(row, "at", (int64_t)field->at);
    value_set_text(row, "header", field->label);
    value_set_text(row, "field", field->id);
    value_set_text(row, "how", STR("heading"));
    return tables_write(&home->cx, home->store, writer, "register_column", row);
}

/* A register is one table, in a document of its own, with a column for each field. */
static int add_register(struct judge_home *home, const struct register_def *def, int64_t number)
{
    struct value *row = value_map(home->cx.mem), *table = value_map(home->cx.mem);
    CLEANUP(tables_writer_end) struct tables_writer writer = {.s = NULL};

    value_set_text(row, "register", def->id);
    value_set_int(row, "document", number);
    value_set_text(row, "title", def->title);
    TRY(tables_insert(&home->cx, home->store, "home_register", row));
    value_set_int(table, "id", number);
    value_set_int(table, "document", number);
    value_set_text(table, "register", def->id);
    value_set_text(table, "path", def->title);
    value_set_text(table, "place", def->title);
    TRY(tables_insert(&home->cx, home->store, "register_table", table));
    TRY(add_kinds(home, def));
    TRY(add_serves(home, def));
    for (size_t f = 0; f < def->field_n; f++)
        TRY(add_column(home, &writer, number, &def->fields[f]));
    return 0;
}

static int add_registers(struct judge_home *home)
{
    TX(tx, &home->cx, home->store);

    for (size_t i = 0; i < home->registers->n; i++)
        if (!home->registers->items[i].is_not)
            TRY(add_register(home, &home->registers->items[i], (int64_t)i + 1));
    return tx_commit(&home->cx, &tx);
}

/* Which tables each rule reads, and whether kinds that it needs are there. Its statements stay
 * prepared. */
static int learn_rules(struct judge_home *home)
{
    const struct rules *rules = home->rules;

    home->memory = arena_array(home->cx.mem, rules->n + 1, sizeof *home->memory);
    home->ready = arena_array(home->cx.mem, rules->n + 1, sizeof *home->ready);
    for (size_t i = 0; i < rules->n; i++) {
        struct value *reads = value_list(home->cx.mem);

        if ((rules->items[i].of & RULE_OF_HOME) == 0)
            continue;
        TRY(rule_prepare(&home->cx, home->store, &rules->items[i], reads, &home->ready[i]));
        value_push(reads, value_textz(home->cx.mem, "fact_kind"));
        home->memory[i].reads = reads;
    }
    return 0;
}

static bool names(const struct value *list, struct str name)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_as_text(value_at(list, i)), name))
            return true;
    return false;
}

/* What views read, which we ask too. */
static int read_views(struct judge_home *home, struct value *reads)
{
    struct ctx *cx = &home->cx;
    struct value *writes = value_list(cx->mem);
    bool row;
    STMT(s);

    TRY(store_prepare(cx, home->store, STR("SELECT name FROM sqlite_schema WHERE type = 'view'"),
                      &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        struct str name = stmt_text(cx->mem, s, 0);

        TRY(store_uses(cx, home->store,
                       str_printf(cx->mem, "SELECT * FROM \"%.*s\"", STR_ARG(name)), reads,
                       writes));
    }
}

/* Most records are of registers that no rule reads line by line: it is enough to count them, and
 * to know what they are called and whom they name. */
static int learn_unread(struct judge_home *home)
{
    struct value *reads = value_list(home->cx.mem);

    TRY(read_views(home, reads));
    for (size_t i = 0; i < home->registers->n; i++) {
        const struct register_def *def = &home->registers->items[i];
        bool read = def->part_of.n > 0 || names(reads, def->judged_as);

        for (size_t r = 0; r < home->rules->n && !read; r++)
            read = names(home->memory[r].reads, def->judged_as);
        for (size_t s = 0; s < home->steps->n && !read; s++)
            read = names(home->steps->items[s].reads, def->judged_as);
        home->unread[i] = !read;
    }
    return 0;
}

static int build(struct judge_home *home)
{
    struct ctx *cx = &home->cx;

    /* In memory alone, so that the child that runs the rules inherits it whole. */
    TRY(store_open(cx, NULL, STORE_MEMORY, &home->store));
    TRY(tables_make(cx, home->store, home->standard));
    TRY(tables_fill(cx, home->store, home->standard));
    TRY(steps_load(cx, home->store, home->standard, tables_scripts, tables_script_n, &home->steps));
    TRY(add_registers(home));
    TRY(learn_rules(home));
    TRY(learn_unread(home));
    return prepare(home);
}

/* An error of the home's own context, told by that of the caller. */
static int told(struct ctx *cx, const struct ctx *own, int rc)
{
    if (rc == 0)
        return 0;
    return fail(cx, own->err.rc, NULL, "%.*s", STR_ARG(own->err.text));
}

int judge_home_new(struct ctx *cx, const struct standard *standard,
                   const struct registers *registers, const struct rules *rules,
                   struct judge_home **ret)
{
    struct arena *mem = arena_new(0);
    struct judge_home *home = ARENA_NEW(mem, struct judge_home);

    home->cx = (struct ctx){.mem = mem, .today = cx->today, .host = cx->host};
    home->own_standard = *standard;
    home->own_standard.registers = registers;
    home->standard = &home->own_standard;
    home->registers = registers;
    home->rules = rules;
    home->turn = arena_new(0);
    home->work = arena_new(0);
    home->inserters = arena_array(mem, registers->n + 1, sizeof *home->inserters);
    home->rows = arena_array(mem, registers->n + 1, sizeof *home->rows);
    home->counted = arena_array(mem, registers->n + 1, sizeof *home->counted);
    home->unread = arena_array(mem, registers->n + 1, sizeof *home->unread);
    int rc = told(cx, &home->cx, build(home));

    if (rc < 0)
        judge_home_free(home);
    else
        *ret = home;
    return rc;
}

void judge_home_free(struct judge_home *home)
{
    if (home == NULL)
        return;
    tx_end(&home->tx);
    for (size_t i = 0; i < COUNT_OF(STATEMENTS); i++)
        stmt_free(*statement(home, i));
    steps_free(home->steps);
    for (size_t i = 0; i < home->registers->n; i++)
        register_inserter_free(home->inserters[i]);
    for (size_t i = 0; home->ready != NULL && i < home->rules->n; i++) {
        arena_free(home->memory[i].mem);
        rule_statements_free(&home->ready[i]);
    }
    store_close(home->store);
    arena_free(home->turn);
    arena_free(home->work);
    arena_free(home->cx.mem); /* and with it the home */
}

void judge_home_freep(struct judge_home **home)
{
    judge_home_free(*home);
    *home = NULL;
}

struct store *judge_home_store(struct judge_home *home)
{
    return home->store;
}

/* ---- records ---- */

void home_changed(struct judge_home *home, struct str table, const struct register_def *def)
{
    if (home->changed != NULL)
        steps_note(home->changed, str_copy(home->turn, table),
                   def != NULL ? steps_turn(home->steps, def->judged_as) : NULL);
}

void home_row_changed(struct judge_home *home, const struct register_def *def, int64_t row)
{
    struct turn *turn = steps_turn(home->steps, def->judged_as);

    if (home->changed == NULL)
        return;
    home_changed(home, def->judged_as, def);
    if (turn != NULL)
        steps_turn_add(home->turn, turn, row);
}

struct str home_many_table(struct judge_home *home, const struct register_def *def,
                           const struct register_field *field)
{
    return str_printf(home->work, "%.*s__%.*s", STR_ARG(def->judged_as), STR_ARG(field->id));
}

/* What a record is by its last version that was put: its row, 0 for none, and its name. */
static int look(struct ctx *cx, struct judge_home *home, struct str id, int64_t *ret_row,
                struct str *ret_name)
{
    bool there;

    *ret_row = 0;
    *ret_name = STR_NONE;
    if (home->fresh)
        return 0;
    TRY(stmt_bind_text(cx, home->find, "id", id));
    TRY(stmt_step(cx, home->find, &there));
    if (there) {
        *ret_row = stmt_int(home->find, 1);
        *ret_name = stmt_text(cx->mem, home->find, 2);
    }
    stmt_reset(home->find);
    return 0;
}

static int keep(struct ctx *cx, struct judge_home *home, const struct record *record, int64_t row,
                struct str name)
{
    struct stmt *s = home->keep;

    TRY(stmt_bind_text(cx, s, "id", record->id));
    TRY(stmt_bind_text(cx, s, "register", record->def->id));
    TRY(stmt_bind_int(cx, s, "row", row));
    TRY(stmt_bind_text(cx, s, "name", name));
    return stmt_run(cx, s);
}

static int forget(struct ctx *cx, struct judge_home *home, struct str id)
{
    TRY(stmt_bind_text(cx, home->forget, "id", id));
    return stmt_run(cx, home->forget);
}

static void note_renamed(struct judge_home *home, struct str id, int64_t was)
{
    struct renamed *renamed =
        ARENA_PUSH(home->turn, home->renamed, home->renamed_n, home->renamed_room);

    *renamed = (struct renamed){str_copy(home->turn, id), was};
}

static int put(struct ctx *cx, struct judge_home *home, const struct record *record)
{
    int64_t was;
    int64_t row = record->body != NULL ? home_rows_number(record->ref, record->id) : 0;
    uint64_t references = home->references;
    struct str called, name = STR_NONE;

    TRY(look(cx, home, record->id, &was, &called));
    if (was != 0)
        TRY(home_rows_remove(cx, home, record->def, was));
    if (row != 0) {
        name = home_rows_name(cx->mem, record);
        TRY(keep(cx, home, record, row, name));
        TRY(home_rows_insert(cx, home, record, row));
    } else {
        TRY(forget(cx, home, record->id));
    }
    if (home->references != references)
        home_changed(home, STR("fact_reference"), record->def);
    if (was == 0)
        home->came |= row != 0;
    else if (was != row || !str_eq(name, called))
        note_renamed(home, record->id, was);
    return 0;
}

int judge_home_put(struct ctx *cx, struct judge_home *home, const struct record *record)
{
    struct ctx work = home->cx;

    if (record->def == NULL || record->def->is_not)
        return 0;
    if (home->tx.store == NULL) /* many records share one */
        TRY(tx_begin(cx, home->store, &home->tx));
    work.mem = home->work;
    int rc = told(cx, &work, put(&work, home, record));

    home->torn |= rc < 0;

    if (arena_used(home->work) > WORK_BYTES)
        arena_clear(home->work);
    return rc;
}

/* ---- judging ---- */

static int count_rows(struct ctx *cx, struct judge_home *home)
{
    STMT(s);

    TRY(store_prepare(cx, home->store,
                      STR("UPDATE register_table SET rows = :rows, judged = :rows WHERE id = :id"),
                      &s));
    for (size_t i = 0; i < home->registers->n; i++) {
        if (home->rows[i] == home->counted[i])
            continue;
        TRY(stmt_bind_int(cx, s, "rows", home->rows[i]));
        TRY(stmt_bind_int(cx, s, "id", (int64_t)i + 1));
        TRY(stmt_run(cx, s));
        home->counted[i] = home->rows[i];
        home_changed(home, STR("register_table"), NULL);
    }
    return 0;
}

static bool same(const struct judge_request *a, const struct judge_request *b)
{
    return a->stage == b->stage && date_to_days(a->today) == date_to_days(b->today) &&
           date_is_none(a->stage2) == date_is_none(b->stage2) &&
           (date_is_none(a->stage2) || date_to_days(a->stage2) == date_to_days(b->stage2));
}

/* Which audit, and of which day. What hangs on these hangs on everything. */
static int set_run(struct ctx *cx, struct judge_home *home, const struct judge_request *request)
{
    STMT(s);

    if (home->judged && same(request, &home->last))
        return 0;
    home->changed = NULL;
    TRY(store_exec(cx, home->store, "run", STR("DELETE FROM fact_run")));
    TRY(store_prepare(
        cx, home->store,
        STR("INSERT INTO fact_run (today, stage, stage2, source, files, read, unread, "
            "foreign_language) VALUES (:today, :stage, :stage2, 'home', :n, :n, 0, "
            "0)"),
        &s));
    TRY(stmt_bind_text(cx, s, "today", date_iso(cx->mem, request->today)));
    TRY(stmt_bind_int(cx, s, "stage", request->stage));
    TRY(stmt_bind_text_or_null(cx, s, "stage2", date_iso(cx->mem, request->stage2)));
    TRY(stmt_bind_int(cx, s, "n", 0));
    return stmt_run(cx, s);
}

static bool speaks(const struct rule *rule, unsigned stage)
{
    return (rule->stages & RULE_STAGE(stage)) != 0 && (rule->of & RULE_OF_HOME) != 0;
}

/* Rules that read what changed run again; of the others it is known what they give. */
static int run_rules(struct ctx *cx, struct judge_home *home, unsigned stage,
                     struct judge_work *work)
{
    bool *chosen = arena_array(cx->mem, home->rules->n + 1, sizeof *chosen);

    for (size_t i = 0; i < home->rules->n; i++) {
        const struct rule_memory *memory = &home->memory[i];

        chosen[i] =
            speaks(&home->rules->items[i], stage) &&
            (memory->mem == NULL || memory->unrun || steps_touched(memory->reads, home->changed));
        work->rules += chosen[i];
    }
    return work->rules > 0 ? home_run_rules(cx, home, chosen) : 0;
}

/* Copies: the result outlives the home. */
static void take_violations(struct arena *mem, struct judge_home *home, unsigned stage,
                            struct value *violations)
{
    for (size_t i = 0; i < home->rules->n; i++) {
        const struct value *rows = home->memory[i].rows;

        for (size_t r = 0; speaks(&home->rules->items[i], stage) && r < value_count(rows); r++)
            value_push(violations, value_copy(mem, value_at(rows, r)));
    }
}

static int derive_all(struct ctx *cx, struct judge_home *home, const struct judge_request *request,
                      struct judge_work *work)
{
    if (home->torn)
        return fail(cx, RC_INVALID, NULL, _("A record could not be taken in: open the home anew."));
    if (home->tx.store != NULL)
        TRY(tx_commit(cx, &home->tx));
    TX(tx, cx, home->store);

    TRY(home_links_settle(cx, home));
    TRY(count_rows(cx, home));
    TRY(set_run(cx, home, request));
    TRY(steps_run(cx, home->store, home->steps, home->changed, &work->steps));
    return tx_commit(cx, &tx);
}

/* What went wrong half-way was taken back: the next time everything is made anew. */
static int derive(struct ctx *cx, struct judge_home *home, const struct judge_request *request,
                  struct judge_work *work)
{
    int rc = derive_all(cx, home, request, work);

    if (rc == 0)
        return 0;
    home->judged = false;
    home->changed = NULL;
    steps_turn_over(home->steps);
    for (size_t i = 0; i < home->registers->n; i++)
        home->counted[i] = -1;
    return rc;
}

/* From now on what changes is noted. */
static void begin_turn(struct judge_home *home, const struct judge_request *request)
{
    arena_free(home->turn);
    home->turn = arena_new(0);
    home->changed = dict_new(home->turn);
    steps_turn_over(home->steps);
    home->came = false;
    home->renamed = NULL;
    home->renamed_n = home->renamed_room = 0;
    home->last = *request;
    home->judged = true;
}

int judge_home_derive(struct ctx *cx, struct judge_home *home, const struct judge_request *request)
{
    struct judge_work work = {0};

    TRY(derive(cx, home, request, &work));
    begin_turn(home, request);
    /* Rules have not seen this turn: all of them run at the next judgement. */
    for (size_t i = 0; i < home->rules->n; i++) {
        arena_free(home->memory[i].mem);
        home->memory[i] = (struct rule_memory){.reads = home->memory[i].reads};
    }
    return 0;
}

int judge_home_judge(struct ctx *cx, struct judge_home *home, const struct judge_request *request,
                     struct value *result, struct judge_work *ret_work)
{
    struct value *violations = value_list(cx->mem);
    struct judge_work work = {0};

    TRY(derive(cx, home, request, &work));
    TRY(run_rules(cx, home, request->stage, &work));
    take_violations(cx->mem, home, request->stage, violations);
    begin_turn(home, request);
    if (ret_work != NULL)
        *ret_work = work;
    TRY(judge_violations(cx, home->standard, home->rules, home->store, violations, result));
    return home_cite(cx, home, result);
}
