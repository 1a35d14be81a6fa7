/* What a plan comes to, for people; and its writing. */
#include "register/plan_parts.h"
#include "register/record_together.h"

#define NAME_BYTES 100u /* of how a new record is called */

static const char *const state_names[PLAN_STATES] = {
    [PLAN_NEW] = "new",           [PLAN_CHANGED] = "changed",   [PLAN_UNCHANGED] = "unchanged",
    [PLAN_REPEATED] = "repeated", [PLAN_REJECTED] = "rejected",
};

/* ---- names that mean no record ---- */

static void count_said(struct plan *plan, struct plan_register *r,
                       const struct register_field *field, struct str text)
{
    struct arena *mem = plan->cx->mem;
    struct str key =
        str_printf(mem, "%.*s %.*s %.*s", STR_ARG(r->def->id), STR_ARG(field->id), STR_ARG(text));
    struct value *item = (struct value *)(uintptr_t)dict_get(plan->said, key);

    r->said++;
    if (item == NULL) {
        item = value_map(mem);
        value_set_text(item, "register", r->def->id);
        value_set_text(item, "field", field->label);
        value_set_text(item, "text", text);
        value_set_int(item, "times", 0);
        dict_set(plan->said, key, item);
        value_push(plan->said_list, item);
    }
    value_set_int(item, "times", value_get_int(item, "times", 0) + 1);
}

static void find_said(struct plan *plan, struct plan_register *r, const struct register_def *def,
                      const struct value *body);

static void find_in_field(struct plan *plan, struct plan_register *r,
                          const struct register_field *field, const struct value *v)
{
    if (field->type == REGISTER_ROWS) {
        for (size_t i = 0; i < value_count(v); i++)
            find_said(plan, r, field->of, value_at(v, i));
        return;
    }
    if (field->type == REGISTER_FILE)
        return;
    if (value_type(v) == VALUE_MAP)
        count_said(plan, r, field, value_get_text(v, "said"));
    for (size_t i = 0; value_type(v) == VALUE_LIST && i < value_count(v); i++)
        if (value_type(value_at(v, i)) == VALUE_MAP)
            count_said(plan, r, field, value_get_text(value_at(v, i), "said"));
}

static void find_said(struct plan *plan, struct plan_register *r, const struct register_def *def,
                      const struct value *body)
{
    for (size_t f = 0; f < def->field_n; f++) {
        const struct value *v = value_find(body, def->fields[f].id);
        if (v != NULL)
            find_in_field(plan, r, &def->fields[f], v);
    }
}

/* ---- the tree ---- */

static struct value *line_value(struct plan *plan, const struct plan_line *line)
{
    struct arena *mem = plan->cx->mem;
    struct value *v = value_map(mem);

    value_set_text(v, "register", line->def->id);
    value_set_text(v, "title", line->def->title);
    value_set(v, "ref", line->ref.n > 0 ? value_text(mem, line->ref) : NULL);
    value_set_text(v, "place", plan_place_text(mem, &line->at));
    value_set_text(v, "file", line->at.file);
    value_set(v, "sheet", line->at.sheet.n > 0 ? value_text(mem, line->at.sheet) : NULL);
    value_set(v, "row", line->at.row > 0 ? value_int(mem, line->at.row) : NULL);
    return v;
}

/* Records that are not there yet are called as their lines call them. */
static void name_fresh(struct plan *plan, struct value *fields, const char *key)
{
    struct arena *mem = plan->cx->mem;

    for (size_t i = 0; i < value_count(fields); i++) {
        struct value *field = value_at_mut(fields, i);
        struct str rest = value_get_text(field, key), text;
        struct buf out = buf_new(mem);
        while (str_split(&rest, '\n', &text)) {
            const struct plan_line *line = dict_get(plan->fresh, text);
            buf_printf(&out, "%s", out.n > 0 ? "\n" : "");
            buf_add(&out, line == NULL ? text : line->ref.n > 0 ? line->ref : line->def->title);
        }
        value_set_text(field, key, buf_str(&out));
    }
}

/* What it is known by, else the first text that it says. */
static struct str name_of(const struct plan_line *line)
{
    const struct register_def *def = line->def;

    for (size_t i = 0; i < def->known_by.n + def->field_n; i++) {
        size_t at = i < def->known_by.n ? def->known_by.items[i] : i - def->known_by.n;
        struct str text = value_as_text(value_find(line->body, def->fields[at].id));
        if (text.n > 0 && (i < def->known_by.n || register_type_is_text(def->fields[at].type)))
            return text;
    }
    return STR_NONE;
}

/* The first of each register with all that it says, so that people see how cells were read. */
static int new_value(struct plan *plan, const struct plan_line *line, struct dict *shown,
                     struct value *v)
{
    struct str name = str_cut(plan->cx->mem, name_of(line), NAME_BYTES);
    struct value *fields;

    value_set(v, "name", name.n > 0 ? value_text(plan->cx->mem, name) : NULL);
    if (dict_has(shown, line->def->id))
        return 0;
    dict_set(shown, line->def->id, line);
    TRY(record_diff(plan->cx, &plan->rs, line->def, NULL, line->body, &fields));
    name_fresh(plan, fields, "now");
    value_set(v, "fields", fields);
    return 0;
}

static int changed_value(struct plan *plan, const struct plan_line *line, struct value *v)
{
    struct value *fields;

    TRY(record_diff(plan->cx, &plan->rs, line->def, line->was, line->body, &fields));
    name_fresh(plan, fields, "now");
    value_set(v, "fields", fields);
    return 0;
}

static int add_lines(struct plan *plan, struct value *tree, enum plan_state state, size_t most)
{
    struct value *list = value_list(plan->cx->mem);
    struct dict *shown = dict_new(plan->cx->mem);

    for (size_t i = 0; i < plan->n && (most == 0 || value_count(list) < most); i++) {
        const struct plan_line *line = plan->lines[i];
        struct value *v;
        if (line->state != state)
            continue;
        v = line_value(plan, line);
        if (state == PLAN_NEW)
            TRY(new_value(plan, line, shown, v));
        if (state == PLAN_CHANGED)
            TRY(changed_value(plan, line, v));
        if (state == PLAN_REJECTED)
            value_set(v, "problems", line->problems);
        value_push(list, v);
        TRY(ctx_check(plan->cx));
    }
    value_set(tree, state_names[state], list);
    return 0;
}

static void set_counts(struct value *v, const size_t counts[static PLAN_STATES], size_t said)
{
    size_t lines = 0;

    for (size_t s = 0; s < PLAN_STATES; s++)
        lines += counts[s];
    value_set_int(v, "lines", (int64_t)lines);
    for (size_t s = 0; s < PLAN_STATES; s++)
        value_set_int(v, state_names[s], (int64_t)counts[s]);
    value_set_int(v, "said", (int64_t)said);
}

static void add_counts(struct plan *plan, struct value *tree)
{
    struct arena *mem = plan->cx->mem;
    struct value *registers = value_list(mem), *all = value_map(mem);
    size_t counts[PLAN_STATES] = {0}, said = 0;

    for (size_t i = 0; i < plan->list_n; i++) {
        struct plan_register *r = plan->list[i];
        struct value *v = value_map(mem);
        value_set_text(v, "register", r->def->id);
        value_set_text(v, "title", r->def->title);
        set_counts(v, r->counts, r->said);
        value_push(registers, v);
        for (size_t s = 0; s < PLAN_STATES; s++)
            counts[s] += r->counts[s];
        said += r->said;
    }
    set_counts(all, counts, said);
    value_set(tree, "counts", all);
    value_set(tree, "registers", registers);
}

int plan_tree(struct plan *plan, size_t most, struct value **ret)
{
    struct value *tree = value_map(plan->cx->mem);

    plan->said = dict_new(plan->cx->mem);
    plan->said_list = value_list(plan->cx->mem);
    for (size_t i = 0; i < plan->list_n; i++)
        plan->list[i]->said = 0;
    for (size_t i = 0; i < plan->n; i++) {
        struct plan_line *line = plan->lines[i];
        struct plan_register *r;
        TRY(plan_register_of(plan, line->def, &r));
        if (line->state == PLAN_NEW || line->state == PLAN_CHANGED)
            find_said(plan, r, line->def, line->body);
    }
    add_counts(plan, tree);
    TRY(add_lines(plan, tree, PLAN_NEW, most));
    TRY(add_lines(plan, tree, PLAN_CHANGED, most));
    TRY(add_lines(plan, tree, PLAN_REJECTED, most));
    value_set(tree, "said", plan->said_list);
    *ret = tree;
    return 0;
}

/* ---- writing ---- */

/* In memory of its own, as most of what writing needs is needed by no other line. */
static int write_line(struct plan *plan, const struct plan_line *line,
                      const struct record_actor *actor)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    struct ctx in = ctx_in(plan->cx, mem);
    struct record record;
    struct record_change change = {.def = line->def,
                                   .id = line->id,
                                   .fresh = line->fresh,
                                   .ref = line->fresh ? line->ref : STR_NONE,
                                   .body = line->body,
                                   .act = "import",
                                   .actor = *actor,
                                   .imported = true,
                                   .again = plan->again};

    return ctx_end(plan->cx, &in, record_write(&in, &plan->rs, &change, &record));
}

static bool is_written(const struct plan_line *line)
{
    return line->state == PLAN_NEW || line->state == PLAN_CHANGED;
}

int plan_try(struct plan *plan, const struct record_actor *actor)
{
    struct record_together together;
    TX(tx, plan->cx, plan->rs.store); /* never committed */

    TRY(record_together_begin(plan->cx, &plan->rs, &together));
    for (size_t i = 0; i < plan->n; i++) {
        struct record_together before = together;
        struct plan_line *line = plan->lines[i];
        int rc = is_written(line) ? write_line(plan, line, actor) : 0;
        if (rc != 0 && !plan_is_fault(plan, rc))
            return rc;
        if (rc == 0)
            continue;
        record_together_back(&together, &before);
        plan_reject(plan, line, STR_NONE, plan->cx->err.text);
    }
    plan->rs.together = NULL;
    return 0;
}

int plan_write(struct plan *plan, const struct record_actor *actor, bool skip)
{
    size_t rejected = plan_count(plan, PLAN_REJECTED);
    struct record_together together;

    if (rejected > 0 && !skip)
        return fail(plan->cx, RC_INVALID, NULL,
                    _("%zu lines cannot be taken as they are, so nothing was written."), rejected);
    TX(tx, plan->cx, plan->rs.store);
    TRY(record_together_begin(plan->cx, &plan->rs, &together));
    together.whole = true;
    for (size_t i = 0; i < plan->n; i++) {
        const struct plan_line *line = plan->lines[i];
        int rc = is_written(line) ? write_line(plan, line, actor) : 0;
        if (rc != 0)
            return fail_while(plan->cx, rc, "%.*s",
                              STR_ARG(plan_place_text(plan->cx->mem, &line->at)));
    }
    TRY(record_together_end(plan->cx, &plan->rs));
    return tx_commit(plan->cx, &tx);
}
