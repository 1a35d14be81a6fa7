#include "judge/steps.h"

#include <stdlib.h>

#define STATEMENTS 400u     /* of one script */
#define COMPARED_ROWS 5000u /* a table of more is taken to have changed */

/* ---- statements ---- */

/* Moves behind a comment or a text in quotes at `*at`, else behind one character. */
static void skip(struct str s, size_t *at)
{
    char c = s.p[*at];

    if (c == '-' && *at + 1 < s.n && s.p[*at + 1] == '-') {
        size_t end = str_find_char(s, '\n', *at);
        *at = end == SIZE_MAX ? s.n : end;
        return;
    }
    if (c == '\'' || c == '"') {
        size_t end = str_find_char(s, c, *at + 1);
        *at = end == SIZE_MAX ? s.n : end + 1;
        return;
    }
    ++*at;
}

/* Without the comments before it, which may say that it is for folders only. */
static struct str bare(struct str s, bool *ret_folders)
{
    s = str_trim(s);
    while (str_starts(s, STR("--"))) {
        size_t end = str_find_char(s, '\n', 0);
        *ret_folders |= str_starts(s, STR("-- Folders only"));
        s = end == SIZE_MAX ? STR_NONE : str_trim(str_from(s, end));
    }
    return s;
}

size_t steps_split(struct arena *mem, struct str script, bool folders, struct str *ret, size_t most)
{
    size_t n = 0, from = 0;

    for (size_t at = 0; at < script.n && n < most;) {
        if (script.p[at] != ';') {
            skip(script, &at);
            continue;
        }
        bool only_folders = false;
        struct str statement = bare(str_sub(script, from, at - from), &only_folders);
        if (statement.n > 0 && (folders || !only_folders))
            ret[n++] = str_copy(mem, statement);
        from = ++at;
    }
    return n;
}

/* ---- records that changed ---- */

#define TURN "turn_"
#define PART "_part"

static const char anywhere[] = "anywhere";

struct turn *steps_turn(const struct steps *steps, struct str table)
{
    for (size_t i = 0; i < steps->turn_n; i++)
        if (str_eq(steps->turns[i].table, table))
            return &steps->turns[i];
    return NULL;
}

void steps_turn_add(struct arena *mem, struct turn *turn, int64_t id)
{
    *ARENA_PUSH(mem, turn->ids, turn->n, turn->room) = id;
    turn->holds = TURN_EMPTY;
}

void steps_turn_over(struct steps *steps)
{
    for (size_t i = 0; i < steps->turn_n; i++)
        steps->turns[i] = (struct turn){.table = steps->turns[i].table};
}

void steps_note(struct dict *changed, struct str table, const struct turn *turn)
{
    const void *was = dict_get(changed, table);
    const void *now = turn != NULL ? (const void *)turn : anywhere;

    if (was != now)
        dict_set(changed, table, was == NULL ? now : anywhere);
}

static int exec(struct ctx *cx, struct store *store, const char *form, struct str table)
{
    struct buf sql = buf_new(cx->mem);

    for (const char *p = form; *p != '\0'; p++)
        if (*p == '?')
            buf_add(&sql, table);
        else
            buf_char(&sql, *p);
    return store_exec(cx, store, "steps", buf_str(&sql));
}

static int fill_some(struct ctx *cx, struct store *store, const struct turn *turn)
{
    STMT(s);

    TRY(store_prepare(cx, store,
                      str_printf(cx->mem, "INSERT OR IGNORE INTO \"" TURN "%.*s\" VALUES (:id)",
                                 STR_ARG(turn->table)),
                      &s));
    for (size_t i = 0; i < turn->n; i++) {
        TRY(stmt_bind_int(cx, s, "id", turn->ids[i]));
        TRY(stmt_run(cx, s));
    }
    return 0;
}

static int fill(struct ctx *cx, struct store *store, struct turn *turn, bool all)
{
    if (turn->holds == (all ? TURN_ALL : TURN_SOME))
        return 0;
    TRY(exec(cx, store, "DELETE FROM \"" TURN "?\"", turn->table));
    if (all)
        TRY(exec(cx, store, "INSERT INTO \"" TURN "?\" SELECT id FROM \"?\"", turn->table));
    TRY(fill_some(cx, store, turn)); /* among them those that are gone */
    turn->holds = all ? TURN_ALL : TURN_SOME;
    return 0;
}

/* ---- loading ---- */

static struct step *step_of(struct ctx *cx, struct steps *steps, struct str table)
{
    for (size_t i = 0; i < steps->n; i++)
        if (str_eq(steps->items[i].table, table))
            return &steps->items[i];
    struct step *step = ARENA_PUSH(cx->mem, steps->items, steps->n, steps->room);

    *step = (struct step){.table = table, .reads = value_list(cx->mem)};
    return step;
}

static bool names(const struct value *list, struct str name)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_as_text(value_at(list, i)), name))
            return true;
    return false;
}

static struct turn *turn_of(struct ctx *cx, struct steps *steps, struct str table)
{
    struct turn *turn = steps_turn(steps, table);

    if (turn != NULL)
        return turn;
    turn = ARENA_PUSH(cx->mem, steps->turns, steps->turn_n, steps->turn_room);
    *turn = (struct turn){.table = str_copy(cx->mem, table)};
    return turn;
}

/* By which register's records a step is made, as it reads which of them these are. */
static int find_turn(struct ctx *cx, struct store *store, struct steps *steps, struct step *step)
{
    struct value *reads = value_list(cx->mem);
    STMT(s);

    for (size_t i = 0; i < value_count(step->reads); i++) {
        struct str name = value_as_text(value_at(step->reads, i));

        if (!str_starts(name, STR(TURN))) {
            value_push(reads, value_text(cx->mem, name));
            continue;
        }
        name = str_from(name, strlen(TURN));
        if (str_ends(name, STR(PART))) {
            step->part = true;
            name = str_sub(name, 0, name.n - strlen(PART));
        }
        struct turn *turn = turn_of(cx, steps, name);

        if (step->turn != NULL && step->turn != turn)
            return fail(cx, RC_INVALID, NULL, "The step %.*s is made by records of two registers.",
                        STR_ARG(step->table));
        step->turn = turn;
    }
    step->reads = reads;
    if (step->turn == NULL)
        return 0;
    TRY(store_prepare(cx, store,
                      str_printf(cx->mem, "SELECT * FROM \"%.*s\"", STR_ARG(step->table)), &s));
    step->key = str_copy(cx->mem, stmt_column_name(s, 0));
    return 0;
}

/* Room for all at once, as steps point to them. */
static int find_turns(struct ctx *cx, struct store *store, struct steps *steps)
{
    steps->turns = arena_array(cx->mem, steps->n + 1, sizeof *steps->turns);
    steps->turn_room = steps->n + 1;
    for (size_t i = 0; i < steps->n; i++)
        TRY(find_turn(cx, store, steps, &steps->items[i]));
    return 0;
}

static int add_statement(struct ctx *cx, struct store *store, struct steps *steps, struct str sql)
{
    struct value *reads = value_list(cx->mem), *writes = value_list(cx->mem);

    TRY(store_uses(cx, store, sql, reads, writes));
    if (value_count(writes) != 1)
        return fail(cx, RC_INVALID, NULL, "A statement of a step writes one table: %.60s.", sql.p);
    struct step *step = step_of(cx, steps, value_as_text(value_at(writes, 0)));
    struct stmt **s =
        ARENA_PUSH(cx->mem, step->statements, step->statement_n, step->statement_room);

    *s = NULL;
    TRY(store_prepare(cx, store, sql, s));
    for (size_t i = 0; i < value_count(reads); i++) {
        struct str name = value_as_text(value_at(reads, i));
        if (!str_eq(name, step->table) && !names(step->reads, name))
            value_push(step->reads, value_text(cx->mem, name));
    }
    /* What empties a table at the head of a script says nothing of when it is made. */
    if (value_count(reads) > 0 || step->statement_n > 1)
        step->last = ++steps->statement_n;
    return 0;
}

static int add_script(struct ctx *cx, struct store *store, const struct standard *standard,
                      const char *name, struct steps *steps)
{
    struct str *statements = arena_array(cx->mem, STATEMENTS, sizeof *statements), script;

    TRY(content_get(cx, &standard->content, name, &script));
    size_t n = steps_split(cx->mem, script, false, statements, STATEMENTS);

    for (size_t i = 0; i < n; i++) {
        int rc = add_statement(cx, store, steps, statements[i]);
        if (rc < 0)
            return fail_while(cx, rc, "%s", name);
    }
    return 0;
}

static int cmp_steps(const void *a, const void *b)
{
    const struct step *x = a, *y = b;

    return x->last < y->last ? -1 : x->last > y->last;
}

/* No step reads what a later one makes. */
static int check_order(struct ctx *cx, const struct steps *steps)
{
    for (size_t i = 0; i < steps->n; i++)
        for (size_t k = i + 1; k < steps->n; k++)
            if (names(steps->items[i].reads, steps->items[k].table))
                return fail(cx, RC_INVALID, NULL, "The step %.*s reads %.*s, which is made later.",
                            STR_ARG(steps->items[i].table), STR_ARG(steps->items[k].table));
    return 0;
}

void steps_free(struct steps *steps)
{
    for (size_t i = 0; steps != NULL && i < steps->n; i++)
        for (size_t k = 0; k < steps->items[i].statement_n; k++)
            stmt_freep(&steps->items[i].statements[k]);
}

void steps_freep(struct steps **steps)
{
    steps_free(*steps);
    *steps = NULL;
}

int steps_load(struct ctx *cx, struct store *store, const struct standard *standard,
               const char *const *scripts, size_t n, struct steps **ret)
{
    CLEANUP(steps_freep) struct steps *steps = ARENA_NEW(cx->mem, struct steps);

    /* A step that makes a table anew leaves rows of others alone for a moment without theirs. */
    TRY(store_exec(cx, store, "steps", STR("PRAGMA foreign_keys = OFF")));
    for (size_t i = 0; i < n; i++)
        TRY(add_script(cx, store, standard, scripts[i], steps));
    qsort(steps->items, steps->n, sizeof *steps->items, cmp_steps);
    TRY(find_turns(cx, store, steps));
    TRY(check_order(cx, steps));
    *ret = steps;
    steps = NULL;
    return 0;
}

/* ---- running ---- */

bool steps_touched(const struct value *reads, const struct dict *changed)
{
    for (size_t i = 0; changed != NULL && i < value_count(reads); i++)
        if (dict_has(changed, value_as_text(value_at(reads, i))))
            return true;
    return changed == NULL;
}

static int make(struct ctx *cx, const struct step *step)
{
    for (size_t i = 0; i < step->statement_n; i++) {
        int rc = stmt_run(cx, step->statements[i]);
        if (rc < 0)
            return fail_while(cx, rc, "%.*s", STR_ARG(step->table));
    }
    return 0;
}

static int sum_of(struct ctx *cx, struct store *store, const struct step *step, bool some,
                  uint64_t *ret)
{
    struct str where = STR_NONE;

    if (some)
        where = str_printf(cx->mem, "\"%.*s\" IN (SELECT id FROM \"" TURN "%.*s%s\")",
                           STR_ARG(step->key), STR_ARG(step->turn->table), step->part ? PART : "");
    return store_table_sum(cx, store, step->table, where, COMPARED_ROWS, ret);
}

/* Makes a table again and finds out whether it is another one: so what rests on it need not run
 * where only its inputs changed. */
static int make_again(struct ctx *cx, struct store *store, const struct step *step, bool some,
                      bool *ret)
{
    uint64_t before, after;

    TRY(sum_of(cx, store, step, some, &before));
    TRY(make(cx, step));
    TRY(sum_of(cx, store, step, some, &after));
    *ret = before == 0 || before != after;
    return 0;
}

/* Has anything that it reads changed elsewhere than at the records that it is made by? */
static bool touched_elsewhere(const struct step *step, const struct dict *changed)
{
    for (size_t i = 0; changed != NULL && i < value_count(step->reads); i++) {
        const void *where = dict_get(changed, value_as_text(value_at(step->reads, i)));

        if (where != NULL && where != step->turn)
            return true;
    }
    return changed == NULL;
}

static int run_step(struct ctx *cx, struct store *store, const struct step *step,
                    struct dict *changed)
{
    bool all = touched_elsewhere(step, changed), other = false;

    if (step->turn != NULL)
        TRY(fill(cx, store, step->turn, all));
    if (changed == NULL) {
        /* Whatever is left of a turn that failed. */
        if (step->turn != NULL)
            TRY(exec(cx, store, "DELETE FROM \"?\"", step->table));
        return make(cx, step);
    }
    TRY(make_again(cx, store, step, !all, &other));
    if (other)
        steps_note(changed, step->table, all ? NULL : step->turn);
    return 0;
}

int steps_run(struct ctx *cx, struct store *store, const struct steps *steps, struct dict *changed,
              size_t *ran)
{
    TX(tx, cx, store);

    for (size_t i = 0; i < steps->n; i++) {
        if (!steps_touched(steps->items[i].reads, changed))
            continue;
        ++*ran;
        TRY(run_step(cx, store, &steps->items[i], changed));
    }
    return tx_commit(cx, &tx);
}
