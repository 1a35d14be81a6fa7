#include "base/fold.h"
#include "register/plan_parts.h"

#define ROUNDS 4u /* lines whose keys are references to lines whose keys are references... */

/* What a table holds is the plan's own. */
static void *changeable(const void *p)
{
    return (void *)(uintptr_t)p;
}

/* ---- names ---- */

struct str plan_fold(struct arena *mem, struct str name)
{
    return str_lower(mem, str_squeeze(mem, str_copy(mem, name)));
}

/* Names that the line gives its record: its ref and what its register is known by. */
static size_t names_of(struct plan *plan, const struct plan_line *line,
                       struct str ret[static REGISTER_FIELDS + 1])
{
    size_t n = 0;

    if (line->ref.n > 0)
        ret[n++] = line->ref;
    for (size_t i = 0; i < line->cell_n && n <= REGISTER_FIELDS; i++) {
        const struct plan_cell *cell = &line->cells[i];
        for (size_t k = 0; k < line->def->known_by.n; k++)
            if (line->def->known_by.items[k] == cell->field->at &&
                value_as_text(cell->value).n > 0 && n <= REGISTER_FIELDS)
                ret[n++] = str_squeeze(plan->cx->mem, value_as_text(cell->value));
    }
    return n;
}

static struct str coming_find(const struct record_coming *coming, const struct register_def *def,
                              struct str name)
{
    const struct plan *plan =
        (const struct plan *)(const void *)((const char *)coming - offsetof(struct plan, coming));
    const struct plan_register *r = plan_register_find(plan, def);
    const struct plan_line *line =
        r != NULL ? dict_get(r->lines, plan_fold(plan->cx->mem, name)) : NULL;

    return line != NULL && !line->dropped ? line->id : STR_NONE;
}

static bool coming_has(const struct record_coming *coming, struct str id)
{
    const struct plan *plan =
        (const struct plan *)(const void *)((const char *)coming - offsetof(struct plan, coming));

    const struct plan_line *line = dict_get(plan->fresh, id);

    return line != NULL && !line->dropped;
}

/* ---- making one ---- */

struct plan *plan_new(struct ctx *cx, const struct record_store *rs)
{
    struct plan *plan = ARENA_NEW(cx->mem, struct plan);

    *plan = (struct plan){.cx = cx,
                          .rs = *rs,
                          .coming = {coming_find, coming_has},
                          .registers = dict_new(cx->mem),
                          .fresh = dict_new(cx->mem),
                          .said = dict_new(cx->mem),
                          .said_list = value_list(cx->mem)};
    plan->rs.coming = &plan->coming;
    return plan;
}

void plan_again(struct plan *plan)
{
    plan->again = true;
}

static struct plan_line *line_new(struct plan *plan, const struct register_def *def,
                                  const struct plan_place *at)
{
    struct plan_line *line = ARENA_NEW(plan->cx->mem, struct plan_line);

    line->def = def;
    line->at = *at;
    line->problems = value_list(plan->cx->mem);
    return line;
}

int plan_line_add(struct plan *plan, const struct register_def *def, const struct plan_place *at,
                  struct plan_line **ret)
{
    if (plan->n >= PLAN_LINES)
        return fail(plan->cx, RC_LIMIT, NULL,
                    _("There are more than %u lines: bring them in several parts."), PLAN_LINES);
    *ret = line_new(plan, def, at);
    *ARENA_PUSH(plan->cx->mem, plan->lines, plan->n, plan->room) = *ret;
    return ctx_check(plan->cx);
}

struct plan_line *plan_inner_add(struct plan *plan, struct plan_cell *cell,
                                 const struct register_def *def, const struct plan_place *at)
{
    struct plan_line *line = line_new(plan, def, at);

    cell->has_lines = true;
    *ARENA_PUSH(plan->cx->mem, cell->lines, cell->line_n, cell->line_room) = line;
    return line;
}

struct plan_cell *plan_cell_add(struct plan *plan, struct plan_line *line,
                                const struct register_field *field, struct str column)
{
    struct plan_cell *cell;

    for (size_t i = 0; i < line->cell_n; i++)
        if (line->cells[i].field == field)
            return &line->cells[i];
    cell = ARENA_PUSH(plan->cx->mem, line->cells, line->cell_n, line->cell_room);
    *cell = (struct plan_cell){.field = field, .column = column};
    return cell;
}

void plan_reject(struct plan *plan, struct plan_line *line, struct str column, struct str message)
{
    struct value *problem = value_map(plan->cx->mem);

    value_set(problem, "column", column.n > 0 ? value_text(plan->cx->mem, column) : NULL);
    value_set_text(problem, "message", message);
    value_push(line->problems, problem);
}

static struct str column_name(const struct plan_cell *cell)
{
    return cell->column.n > 0 ? cell->column : cell->field->label;
}

void plan_refuse(struct plan *plan, struct plan_line *line, struct plan_cell *cell,
                 struct str message)
{
    if (line->lenient)
        cell->refused = message;
    else
        plan_reject(plan, line, column_name(cell), message);
}

size_t plan_count(const struct plan *plan, enum plan_state state)
{
    size_t n = 0;

    for (size_t i = 0; i < plan->n; i++)
        n += plan->lines[i]->state == state;
    return n;
}

const struct plan_line *plan_line_at(const struct plan *plan, size_t i)
{
    return i < plan->n ? plan->lines[i] : NULL;
}

/* A name with what tells those apart that bear it. Names are of one line, so it is no other name.
 */
static struct str full_name(struct arena *mem, struct str name, struct str apart)
{
    return str_printf(mem, "%.*s\n%.*s", STR_ARG(plan_fold(mem, name)),
                      STR_ARG(plan_fold(mem, apart)));
}

/* ---- records that are there ---- */

struct reader {
    struct plan *plan;
    struct plan_register *r;
};

static void index_names(struct reader *reader, struct plan_known *known, const struct value *body)
{
    const struct register_def *def = reader->r->def;
    struct arena *mem = reader->plan->cx->mem;

    for (size_t k = 0; k < def->known_by.n; k++) {
        const char *field = str_z(mem, def->fields[def->known_by.items[k]].id);
        struct str name = plan_fold(mem, value_get_text(body, field));
        if (k == 0)
            known->name = str_copy(mem, value_get_text(body, field));
        if (name.n == 0)
            continue;
        if (dict_has(reader->r->by_name, name) && dict_get(reader->r->by_name, name) != known)
            dict_set(reader->r->many_names, name, known);
        dict_set(reader->r->by_name, name, known);
        if (def->apart != NULL)
            dict_set(reader->r->by_name,
                     full_name(mem, name, value_get_text(body, str_z(mem, def->apart->id))), known);
    }
}

static int on_record(void *arg, UNUSED struct ctx *page, const struct record *record)
{
    struct reader *reader = arg;
    struct plan *plan = reader->plan;
    struct arena *mem = plan->cx->mem;
    struct plan_known *known = ARENA_NEW(mem, struct plan_known);
    struct str key;

    *known = (struct plan_known){.id = str_copy(mem, record->id),
                                 .ref = str_copy(mem, record->ref),
                                 .rev = record->rev,
                                 .json = str_copy(mem, record_json(mem, record->body))};
    *ARENA_PUSH(mem, reader->r->items, reader->r->n, reader->r->room) = known;
    dict_set(reader->r->by_id, known->id, known);
    dict_set(reader->r->by_ref, known->ref, known);
    key = plan_key(plan, reader->r->def, record->body);
    if (key.n > 0)
        dict_set(reader->r->by_key, key, known);
    known->same = changeable(dict_get(reader->r->by_json, known->json));
    dict_set(reader->r->by_json, known->json, known);
    index_names(reader, known, record->body);
    return ctx_check(plan->cx);
}

const struct plan_register *plan_register_find(const struct plan *plan,
                                               const struct register_def *def)
{
    return dict_get(plan->registers, def->id);
}

int plan_register_of(struct plan *plan, const struct register_def *def, struct plan_register **ret)
{
    struct arena *mem = plan->cx->mem;
    struct plan_register *r;
    struct record_query query = {.def = def};
    struct reader reader = {.plan = plan};

    for (size_t i = 0; i < plan->list_n; i++)
        if (plan->list[i]->def == def) {
            *ret = plan->list[i];
            return 0;
        }
    r = ARENA_NEW(mem, struct plan_register);
    *r = (struct plan_register){.def = def,
                                .by_id = dict_new(mem),
                                .by_ref = dict_new(mem),
                                .by_key = dict_new(mem),
                                .by_name = dict_new(mem),
                                .by_json = dict_new(mem),
                                .many_names = dict_new(mem),
                                .lines = dict_new(mem)};
    reader.r = r;
    TRY(record_list(plan->cx, &plan->rs, &query, on_record, &reader));
    *ARENA_PUSH(mem, plan->list, plan->list_n, plan->list_room) = r;
    dict_set(plan->registers, def->id, r);
    *ret = r;
    return 0;
}

/* ---- which record a line is ---- */

static void take_known(struct plan_line *line, const struct plan_known *known)
{
    line->id = known->id;
    line->fresh = false;
}

/* The ref that a field holds, for registers whose refs come from one. */
static void ref_from_field(struct plan *plan, struct plan_line *line)
{
    for (size_t i = 0; i < line->cell_n && line->ref.n == 0; i++)
        if (line->cells[i].field == line->def->ref_from)
            line->ref = str_trim(str_copy(plan->cx->mem, value_as_text(line->cells[i].value)));
}

/* What the line says in the field that tells records of one name apart. */
static struct str apart_of(const struct plan_line *line)
{
    for (size_t i = 0; i < line->cell_n; i++)
        if (line->cells[i].field == line->def->apart)
            return str_trim(value_as_text(line->cells[i].value));
    return STR_NONE;
}

static bool is_named(const struct plan_register *r, const struct plan_line *line)
{
    return line->ref.n == 0 && r->def->key.n == 0 && !r->def->single;
}

/* Records that lines are by their name and what tells it apart are no other line's by name alone.
 */
static void claim(struct plan *plan, struct plan_register *r, const struct plan_line *line)
{
    struct str names[REGISTER_FIELDS + 1], apart = apart_of(line);
    size_t n = apart.n > 0 && is_named(r, line) ? names_of(plan, line, names) : 0;

    for (size_t i = 0; i < n; i++) {
        struct plan_known *known =
            changeable(dict_get(r->by_name, full_name(plan->cx->mem, names[i], apart)));
        if (known != NULL)
            known->claimed = true;
    }
}

static const struct plan_known *know_by_name(struct plan *plan, const struct plan_register *r,
                                             struct plan_line *line)
{
    struct arena *mem = plan->cx->mem;
    struct str names[REGISTER_FIELDS + 1], apart = apart_of(line);
    size_t n = names_of(plan, line, names);

    for (size_t i = 0; i < n; i++) {
        struct str name = plan_fold(mem, names[i]);
        const struct plan_known *known = dict_get(r->by_name, name);
        bool many = dict_has(r->many_names, name);
        if (apart.n > 0 && dict_has(r->by_name, full_name(mem, name, apart)))
            return dict_get(r->by_name, full_name(mem, name, apart));
        if (apart.n > 0 && known != NULL && (many || known->claimed))
            continue; /* one more of that name */
        if (many)
            plan_reject(plan, line, STR_NONE,
                        str_printf(mem, _("Several records are called \"%.*s\": give its ref."),
                                   STR_ARG(names[i])));
        if (known != NULL)
            return known;
    }
    return NULL;
}

/* Whether both have words, and none in common. */
static bool have_nothing_in_common(struct arena *mem, struct str a, struct str b)
{
    struct str one = text_fold(mem, a), other = text_fold(mem, b), word, with;
    bool any = false;

    for (size_t at = 0; text_word(one, &at, &word);)
        for (size_t k = 0; text_word(other, &k, &with); any = true)
            if (str_eq(word, with))
                return false;
    return any;
}

/* Whether the ref of a line is by chance that of a record here: a running number, and names that
 * have nothing in common. */
static bool is_other(struct plan *plan, struct plan_line *line, const struct plan_known *known)
{
    struct str names[REGISTER_FIELDS + 1];
    size_t n = names_of(plan, line, names);
    int64_t number;

    if (known == NULL || known->name.n == 0 || n < 2 ||
        !record_ref_number(line->def, line->ref, &number))
        return false;
    for (size_t i = 1; i < n; i++) /* the first is the ref */
        if (!have_nothing_in_common(plan->cx->mem, names[i], known->name))
            return false;
    return true;
}

/* By its name instead; lines that name the number mean this one all the same. */
static const struct plan_known *know_other(struct plan *plan, const struct plan_register *r,
                                           struct plan_line *line, const struct plan_known *known)
{
    struct str ref = line->ref;

    line->other = known->name;
    line->ref = STR_NONE;
    known = is_named(r, line) ? know_by_name(plan, r, line) : NULL;
    line->ref = ref;
    return known;
}

/* By what stands in the line itself: true where that settles it. */
static bool know_at_once(struct plan *plan, struct plan_register *r, struct plan_line *line)
{
    const struct plan_known *known = NULL;

    if (r->def->single && r->n > 0)
        known = r->items[0];
    else if (line->ref.n > 0 && is_other(plan, line, dict_get(r->by_ref, line->ref)))
        known = know_other(plan, r, line, dict_get(r->by_ref, line->ref));
    else if (line->ref.n > 0)
        known = dict_get(r->by_ref, line->ref);
    else if (is_named(r, line))
        known = know_by_name(plan, r, line);
    if (known != NULL)
        take_known(line, known);
    return known != NULL;
}

static void offer_names(struct plan *plan, struct plan_register *r, struct plan_line *line)
{
    struct str names[REGISTER_FIELDS + 1];
    size_t n = names_of(plan, line, names);

    for (size_t i = 0; i < n; i++) {
        struct str name = plan_fold(plan->cx->mem, names[i]);
        if (!dict_has(r->lines, name))
            dict_set(r->lines, name, line);
    }
}

/* A line that is no record yet: the same new one as an earlier line with its ref. */
static void make_new(struct plan *plan, struct dict *seen, struct plan_line *line)
{
    struct str by = line->def->single ? STR("1") : line->ref;
    const struct plan_line *first;

    by = by.n == 0 ? by
                   : str_printf(plan->cx->mem, "%.*s\n%.*s", STR_ARG(line->def->id), STR_ARG(by));
    first = by.n > 0 ? dict_get(seen, by) : NULL;
    line->fresh = true;
    line->id = first != NULL ? first->id : record_id_new(plan->cx);
    dict_set(plan->fresh, line->id, line);
    if (by.n > 0 && first == NULL)
        dict_set(seen, by, line);
}

/* A number that is another's here is not its own. */
static void give_number(struct plan *plan, struct plan_line *line)
{
    if (line->other.n == 0)
        return;
    line->other =
        str_printf(plan->cx->mem,
                   line->fresh ? _("%.*s is \"%.*s\" here, so it gets a number of its own.")
                               : _("%.*s is \"%.*s\" here, so it was known by its name."),
                   STR_ARG(line->ref), STR_ARG(line->other));
    line->ref = STR_NONE;
}

static int identify(struct plan *plan)
{
    struct dict *seen = dict_new(plan->cx->mem);
    struct plan_register *r;

    for (size_t i = 0; i < plan->n; i++) {
        TRY(plan_register_of(plan, plan->lines[i]->def, &r));
        ref_from_field(plan, plan->lines[i]);
        claim(plan, r, plan->lines[i]);
    }
    for (size_t i = 0; i < plan->n; i++) {
        struct plan_line *line = plan->lines[i];
        TRY(plan_register_of(plan, line->def, &r));
        if (!know_at_once(plan, r, line))
            make_new(plan, seen, line);
        offer_names(plan, r, line);
        give_number(plan, line);
        TRY(ctx_check(plan->cx));
    }
    return 0;
}

/* ---- by what it says ---- */

/* By key, or by all that it says; true where it is another record than was thought. */
static bool know_by_body(struct plan *plan, struct plan_register *r, struct plan_line *line,
                         struct dict *keys)
{
    const struct value *body = plan_body(plan, line, NULL);
    struct str key = plan_key(plan, r->def, body);
    struct plan_known *known;
    const struct plan_line *first;

    if (!line->fresh || line->ref.n > 0 || r->def->single || (r->def->key.n > 0 && key.n == 0))
        return false;
    known = changeable(r->def->key.n > 0 ? dict_get(r->by_key, key)
                                         : dict_get(r->by_json, record_json(plan->cx->mem, body)));
    while (r->def->key.n == 0 && known != NULL && known->taken)
        known = known->same;
    if (known != NULL) {
        known->taken = true;
        take_known(line, known);
        return true;
    }
    if (r->def->key.n == 0)
        return false;
    key = str_printf(plan->cx->mem, "%.*s\n%.*s", STR_ARG(r->def->id), STR_ARG(key));
    first = dict_get(keys, key);
    if (first == NULL)
        dict_set(keys, key, line);
    if (first == NULL || str_eq(first->id, line->id))
        return false;
    line->id = first->id;
    return true;
}

static int read_all(struct plan *plan)
{
    struct dict *keys = dict_new(plan->cx->mem);
    bool again = true;

    for (unsigned round = 0; again && round < ROUNDS; round++) {
        again = false;
        for (size_t i = 0; i < plan->n; i++) {
            struct plan_register *r;
            if (plan->lines[i]->dropped)
                continue;
            TRY(plan_register_of(plan, plan->lines[i]->def, &r));
            TRY(plan_read(plan, plan->lines[i]));
            again |= know_by_body(plan, r, plan->lines[i], keys);
            TRY(ctx_check(plan->cx));
        }
    }
    return 0;
}

/* ---- several lines of one record ---- */

struct str plan_place_text(struct arena *mem, const struct plan_place *at)
{
    if (at->row > 0 && at->sheet.n > 0)
        return str_printf(mem, _("%.*s, sheet \"%.*s\", row %u"), STR_ARG(at->file),
                          STR_ARG(at->sheet), at->row);
    if (at->row > 0)
        return str_printf(mem, _("%.*s, row %u"), STR_ARG(at->file), at->row);
    return at->place.n > 0 ? str_printf(mem, "%.*s, %.*s", STR_ARG(at->file), STR_ARG(at->place))
                           : at->file;
}

static struct plan_cell *cell_of(struct plan_line *line, struct str field)
{
    for (size_t i = 0; i < line->cell_n; i++)
        if (str_eq(line->cells[i].field->id, field))
            return &line->cells[i];
    return NULL;
}

/* The later line says something else of the same record. */
static void differs(struct plan *plan, struct plan_line *first, struct plan_line *line,
                    struct str field)
{
    struct plan_cell *cell = cell_of(line, field);
    struct str why = str_printf(plan->cx->mem,
                                _("It is the same record as in %.*s, which says something else "
                                  "here."),
                                STR_ARG(plan_place_text(plan->cx->mem, &first->at)));

    if (cell != NULL)
        plan_refuse(plan, line, cell, why);
    else
        plan_reject(plan, line, register_field(line->def, field)->label, why);
}

/* What the later line adds to the earlier one; where they differ it is rejected. */
static void join(struct plan *plan, struct plan_line *first, struct plan_line *line)
{
    struct arena *mem = plan->cx->mem;

    for (size_t i = 0; i < value_count(line->said); i++) {
        const char *field = str_z(mem, value_key_at(line->said, i));
        struct value *now = value_at_mut(line->said, i);
        const struct value *was = value_get(first->said, field);
        if (value_type(now) == VALUE_NULL)
            continue;
        if (value_type(was) == VALUE_NULL)
            value_set(first->said, field, now);
        else if (!str_eq(record_json(mem, was), record_json(mem, now)))
            differs(plan, first, line, str_of(field));
    }
    line->state = PLAN_REPEATED;
}

static void join_all(struct plan *plan)
{
    struct dict *lines = dict_new(plan->cx->mem);

    for (size_t i = 0; i < plan->n; i++) {
        struct plan_line *line = plan->lines[i], *first = changeable(dict_get(lines, line->id));
        if (line->dropped)
            continue;
        line->state = PLAN_NEW;
        if (first != NULL)
            join(plan, first, line);
        else
            dict_set(lines, line->id, line);
    }
}

/* ---- what it does ---- */

/* The column of a field, for a message that knows the field only. */
static struct str column_of(const struct plan_line *line, struct str field)
{
    const struct register_field *is = register_field(line->def, field);

    for (size_t i = 0; i < line->cell_n; i++)
        if (line->cells[i].field == is && line->cells[i].column.n > 0)
            return line->cells[i].column;
    return is != NULL ? is->label : field;
}

/* Of a lenient line, or of another of the same record, from which the value may be: the cell. */
static bool leave_out(struct plan *plan, struct plan_line *line, struct str field,
                      struct str message)
{
    bool found = false;

    for (size_t i = 0; i < plan->n && line->lenient; i++) {
        struct plan_line *other = plan->lines[i];
        struct plan_cell *cell = str_eq(other->id, line->id) ? cell_of(other, field) : NULL;
        if (cell == NULL || !other->lenient || cell->refused.n > 0)
            continue;
        cell->refused = message;
        found = plan->refused = true;
    }
    return found;
}

static int check(struct plan *plan, struct plan_line *line)
{
    struct value *problems = value_list(plan->cx->mem);
    struct record_change change = {.def = line->def,
                                   .id = line->id,
                                   .fresh = line->fresh,
                                   .ref = line->fresh ? line->ref : STR_NONE,
                                   .body = line->body,
                                   .act = "import",
                                   .imported = true};

    TRY(record_check(plan->cx, &plan->rs, &change, problems));
    for (size_t i = 0; i < value_count(problems); i++) {
        const struct value *p = value_at(problems, i);
        struct str field = value_get_text(p, "field"), message = value_get_text(p, "message");
        if (!leave_out(plan, line, field, message))
            plan_reject(plan, line, column_of(line, field), message);
    }
    return 0;
}

static int compare(struct plan *plan, struct plan_register *r, struct plan_line *line)
{
    const struct plan_known *known = dict_get(r->by_id, line->id);
    struct value *was = NULL;

    if (line->state == PLAN_REPEATED)
        return 0;
    if (known != NULL) {
        TRY(json_parse(plan->cx, "record", known->json, &was));
        line->was = was;
        line->ref = known->ref;
    }
    line->body = plan_body(plan, line, was);
    line->state = known == NULL                                                 ? PLAN_NEW
                  : str_eq(record_json(plan->cx->mem, line->body), known->json) ? PLAN_UNCHANGED
                                                                                : PLAN_CHANGED;
    return line->state == PLAN_UNCHANGED ? 0 : check(plan, line);
}

static int compare_all(struct plan *plan)
{
    for (size_t i = 0; i < plan->n; i++) {
        struct plan_register *r;
        if (plan->lines[i]->dropped)
            continue;
        TRY(plan_register_of(plan, plan->lines[i]->def, &r));
        TRY(compare(plan, r, plan->lines[i]));
        TRY(ctx_check(plan->cx));
    }
    return 0;
}

/* Lines that have problems; true where there are any more than before. */
static bool drop_rejected(struct plan *plan)
{
    bool any = false;

    for (size_t i = 0; i < plan->n; i++) {
        struct plan_line *line = plan->lines[i];
        if (line->dropped || value_count(line->problems) == 0)
            continue;
        line->dropped = any = true;
        line->state = PLAN_REJECTED;
    }
    return any;
}

int plan_make(struct plan *plan, const struct record_actor *actor)
{
    bool again = true;

    TRY(identify(plan));
    while (again) { /* each time with fewer lines */
        TRY(read_all(plan));
        join_all(plan);
        plan->refused = false;
        TRY(compare_all(plan));
        again = drop_rejected(plan) || plan->refused;
        if (again || actor == NULL)
            continue;
        TRY(plan_try(plan, actor));
        again = drop_rejected(plan);
    }
    for (size_t i = 0; i < plan->n; i++) {
        struct plan_register *r;
        TRY(plan_register_of(plan, plan->lines[i]->def, &r));
        r->counts[plan->lines[i]->state]++;
    }
    return 0;
}

/* ---- what was left out ---- */

struct leaving {
    const struct plan *plan;
    struct dict *columns; /* to struct value *, with how many lines */
    struct value *list;
};

static void leave_cell(struct leaving *l, const struct plan_line *line,
                       const struct plan_cell *cell)
{
    struct arena *mem = l->plan->cx->mem;
    struct str key =
        str_printf(mem, "%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(line->at.file), STR_ARG(line->at.sheet),
                   STR_ARG(line->def->id), STR_ARG(column_name(cell)));
    struct value *item = changeable(dict_get(l->columns, key));
    struct str column = column_name(cell), why = cell->refused;
    int64_t times = value_get_int(item, "lines", 0) + 1;

    if (item == NULL) {
        item = value_map(mem);
        dict_set(l->columns, key, item);
        value_push(l->list, item);
        value_set_text(item, "place",
                       str_printf(mem, _("%.*s, column \"%.*s\""),
                                  STR_ARG(plan_place_text(mem, &line->at)), STR_ARG(column)));
        value_set_text(item, "first", why);
    }
    value_set_int(item, "lines", times);
    value_set_text(item, "why",
                   times == 1
                       ? why
                       : str_printf(mem, _("In %lld lines; the first: %.*s"), (long long)times,
                                    STR_ARG(value_get_text(item, "first"))));
}

static void leave_line(struct leaving *l, const struct plan_line *line)
{
    for (size_t i = 0; i < line->cell_n; i++) {
        const struct plan_cell *cell = &line->cells[i];
        if (cell->refused.n > 0)
            leave_cell(l, line, cell);
        for (size_t k = 0; k < cell->line_n; k++)
            leave_line(l, cell->lines[k]);
    }
}

static void leave_number(struct leaving *l, const struct plan_line *line)
{
    struct value *item = value_map(l->plan->cx->mem);

    value_set_text(item, "place", plan_place_text(l->plan->cx->mem, &line->at));
    value_set_text(item, "why", line->other);
    value_push(l->list, item);
}

void plan_left_out(const struct plan *plan, struct value *list)
{
    struct leaving l = {plan, dict_new(plan->cx->mem), list};

    for (size_t i = 0; i < plan->n; i++) {
        const struct plan_line *line = plan->lines[i];
        if (line->dropped)
            continue;
        if (line->other.n > 0)
            leave_number(&l, line);
        leave_line(&l, line);
    }
}
