/* Which register a table is: its columns against the fields of each, and its names. */
#include <math.h>
#include <string.h>

#include "register/recognise_work.h"

#define MATCHED 0.5     /* a field and a column that score less are not the same */
#define ENOUGH 0.55     /* a table that scores less is no register */
#define NAME_WORTH 0.32 /* of a name above a table, of a whole score */
#define NAMED 0.9       /* a register that is called so well is meant */
#define NOT_IN 0.7      /* of the name of a document whose lists are something else */
#define KIND_WORTH 0.06
#define AGAINST_COSTS 0.12
#define AGAINST_MOST 3u
#define PROSE_BYTES 32 /* a longer value says more than a date or a name */
#define GROUP_LIKE 0.6
#define AGAIN_LIKE 0.7
#define SCALE_COLUMNS 4u /* that a scale has at most */
#define STEPS_WORTH 0.35 /* of the steps of a scale, where there are some */
#define KNOWN_LEAST 0.9  /* headings that a register has to know, all in all */
#define LIKELY 0.55      /* registers with less of the best one's headings are not tried */

/* ---- one column and one field ---- */

static double own_score(const struct work_column *c, const struct register_field *field)
{
    double own = c->own != NULL ? heading_score(c->own, field) : 0;
    double both = c->both != NULL ? heading_score(c->both, field) : 0;

    return both > own ? both : own;
}

static bool comes_again(const struct work *w, size_t column, const struct register_field *base)
{
    /* Right beside it stands the same in other words: "Score | Rating". */
    for (size_t c = 0; c + 1 < column; c++)
        if (own_score(&w->columns[c], base) >= AGAIN_LIKE)
            return true;
    return false;
}

/* By headings alone. `groups`: how well the group above fits the best field that has groups. */
static double headed(struct work *w, const struct register_def *def, size_t column,
                     const struct register_field *field, double groups)
{
    const struct work_column *c = &w->columns[column];
    const struct register_field *base =
        field->again.n > 0 ? register_field(def, field->again) : NULL;
    double score = own_score(c, field), of_base = base != NULL ? own_score(c, base) : 0;

    if (field->group_n > 0 && groups >= GROUP_LIKE) {
        double g = matcher_best(w->m, c->group, field->groups, field->group_n);
        if (g < GROUP_LIKE || g + 0.05 < groups)
            return score - 0.3;
        score = of_base > score ? of_base : score;
        return score > 0.3 ? score + 0.1 : score;
    }
    if (base == NULL || of_base <= score)
        return score;
    return comes_again(w, column, base) ? 0.88 * of_base : 0;
}

/* A field that no heading is known for is meant where a person says the register and the heading
 * says the field. */
static double labelled(const struct work *w, const struct register_def *def, size_t column,
                       const struct register_field *field)
{
    bool said = w->pin != NULL && w->pin->def == def;

    return said && register_field_named(w->m->mem, def, w->columns[column].text) == field ? 1 : 0;
}

static double group_fit(struct work *w, const struct register_def *def, size_t column)
{
    const struct work_column *c = &w->columns[column];
    double best = 0;

    for (size_t f = 0; c->group.n > 0 && f < def->field_n; f++) {
        double g = matcher_best(w->m, c->group, def->fields[f].groups, def->fields[f].group_n);
        best = g > best ? g : best;
    }
    return best;
}

/* How well each column fits each field; `ret_guessed` where only its cells say so. */
static void score_pairs(struct work *w, const struct register_def *def, double *ret,
                        bool *ret_guessed)
{
    const struct registers *registers = w->m->registers;

    for (size_t c = 0; c < w->column_n; c++) {
        double groups = group_fit(w, def, c);
        bool silent = w->columns[c].own == NULL || w->columns[c].own->most < MATCHED;
        for (size_t f = 0; f < def->field_n; f++) {
            const struct register_field *field = &def->fields[f];
            bool known = field->header_n > 0;
            double score = known ? headed(w, def, c, field, groups) : labelled(w, def, c, field);
            size_t at = c * def->field_n + f;
            if (score < 0.4 && silent && known) {
                score = profile_guess(registers, field, c == 0, &w->columns[c].profile);
                ret_guessed[at] = score > 0;
            }
            if (score >= 0.3)
                score += profile_fits(w->m->mem, registers, field, score, &w->columns[c].profile);
            ret[at] = score;
        }
    }
}

/* ---- what a person says ---- */

static const struct value *pinned(const struct work *w, size_t column)
{
    const struct value *columns = w->pin != NULL ? w->pin->columns : NULL;

    for (size_t i = 0; i < value_count(columns); i++)
        if (str_eq(str_squeeze(w->m->mem, value_key_at(columns, i)), w->columns[column].text) ||
            str_eq(str_squeeze(w->m->mem, value_key_at(columns, i)), w->columns[column].shown))
            return value_at(columns, i);
    return NULL;
}

static void pin_pairs(const struct work *w, const struct register_def *def, double *pairs)
{
    for (size_t c = 0; c < w->column_n; c++) {
        const struct value *to = pinned(w, c);
        for (size_t f = 0; to != NULL && f < def->field_n; f++)
            pairs[c * def->field_n + f] = str_eq(value_as_text(to), def->fields[f].id) ? 100 : -100;
    }
}

/* ---- one register ---- */

static double against(struct work *w, const struct register_def *def)
{
    size_t n = 0;

    for (size_t c = 0; c < w->column_n && def->against_n > 0; c++)
        n += matcher_best(w->m, w->columns[c].text, def->against, def->against_n) >= 0.9;
    return AGAINST_COSTS * (double)(n > AGAINST_MOST ? AGAINST_MOST : n);
}

static size_t missing_needs(const struct register_def *def, const size_t *of_field)
{
    size_t n = 0;

    for (size_t i = 0; i < def->need_n; i++) {
        bool any = false;
        for (size_t k = 0; k < def->needs[i].n; k++)
            any = any || of_field[def->needs[i].items[k]] != SIZE_MAX;
        n += !any;
    }
    return n;
}

/* Whether the scale's steps are there, 1, or not, -1; and -1 where a short table holds the steps of
 * a scale and the register is none. */
static int steps(const struct work *w, const struct register_def *def, const struct trial *trial)
{
    bool scale = false;

    for (size_t c = 0; c < w->column_n; c++) {
        if (trial->field[c] == SIZE_MAX)
            continue;
        const struct register_field *field = &def->fields[trial->field[c]];
        if (field->steps)
            return w->columns[c].profile.steps;
        scale = scale || (field->type == REGISTER_SCORE && w->columns[c].profile.steps == 1) ||
                (field->type == REGISTER_CHOICE && w->columns[c].profile.distinct);
    }
    return scale && trial->mapped <= SCALE_COLUMNS ? -1 : 0;
}

/* The best fit of all columns to all fields. */
static void try_register(struct work *w, const struct register_def *def, struct trial *ret)
{
    size_t n = w->column_n * def->field_n;
    double *pairs = arena_array(w->m->mem, n + 1, sizeof *pairs);
    double *gain = arena_array(w->m->mem, n + 1, sizeof *gain), sum = 0, all = 0;
    bool *guessed = arena_array(w->m->mem, n + 1, sizeof *guessed);
    size_t of_field[REGISTER_FIELDS];

    *ret = (struct trial){.def = def};
    score_pairs(w, def, pairs, guessed);
    pin_pairs(w, def, pairs);
    for (size_t i = 0; i < n; i++)
        gain[i] = pairs[i] >= MATCHED ? pairs[i] - 0.45 : 0;
    assign_best(w->m->mem, gain, w->column_n, def->field_n, ret->field);
    for (size_t f = 0; f < def->field_n; f++)
        of_field[f] = SIZE_MAX;
    for (size_t c = 0; c < w->column_n; c++) {
        all += w->columns[c].weight;
        if (ret->field[c] == SIZE_MAX)
            continue;
        double score = pairs[c * def->field_n + ret->field[c]];
        of_field[ret->field[c]] = c;
        sum += w->columns[c].weight * (score > 1 ? 1 : score);
        ret->mapped++;
        ret->guessed[c] = guessed[c * def->field_n + ret->field[c]];
    }
    if (w->grid->headed && def->heading != NULL && of_field[def->heading->at] == SIZE_MAX)
        of_field[def->heading->at] = 0; /* the headings above its records say it */
    ret->missing = missing_needs(def, of_field);
    sum += STEPS_WORTH * all * steps(w, def, ret);
    ret->score = all > 0 ? sum / all : 0;
}

/* ---- names ---- */

static double named(struct work *w, const struct register_def *def)
{
    const struct register_grid *g = w->grid;
    const struct {
        struct str text;
        double worth;
    } names[] = {{w->caption, 1},  {g->caption, 0.95}, {g->heading, 1}, {g->sheet, 1},
                 {g->above, 0.75}, {g->title, 0.75},   {g->file, 0.8}};
    double best = 0;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        double is = names[i].worth * matcher_named(w->m, names[i].text, def->names, def->name_n);
        best = is > best ? is : best;
    }
    return best;
}

/* The risks of a project, the goals of sales: what the document is says whose they are. */
static bool is_elsewhere(struct work *w, const struct register_def *def)
{
    const struct register_grid *g = w->grid;

    return def->not_in_n > 0 &&
           (matcher_named(w->m, g->title, def->not_in, def->not_in_n) >= NOT_IN ||
            matcher_named(w->m, g->file, def->not_in, def->not_in_n) >= NOT_IN);
}

static bool is_kind(const struct register_def *def, const struct register_grid *g)
{
    const struct value *kinds = value_get(def->yaml, "kinds");

    for (size_t i = 0; i < value_count(kinds); i++)
        for (size_t k = 0; k < g->kind_n; k++)
            if (str_eq(value_as_text(value_at(kinds, i)), g->kinds[k]))
                return true;
    return false;
}

/* ---- all registers ---- */

/* How much of the headings each register knows, and how many registers know each heading. */
static void weigh(struct work *w, double *known)
{
    size_t n = w->m->registers->n;
    double *best = arena_array(w->m->mem, n + 1, sizeof *best);

    for (size_t c = 0; c < w->column_n; c++) {
        struct work_column *column = &w->columns[c];
        size_t others = 0;
        memset(best, 0, n * sizeof *best);
        for (size_t i = 0; column->own != NULL && i < column->own->n; i++) {
            size_t at = (size_t)(column->own->items[i].def - w->m->registers->items);
            if (column->own->items[i].score > best[at])
                best[at] = column->own->items[i].score;
        }
        for (size_t i = 0; i < n; i++) {
            known[i] += best[i];
            others += column->own != NULL && best[i] >= 0.85 * column->own->most;
        }
        if (column->own == NULL)
            column->weight = 0.1;
        else if (column->own->most < MATCHED)
            column->weight = 0.35;
        else
            column->weight = others > 25 ? 0.2 : 1 / sqrt((double)(others > 0 ? others : 1));
    }
}

/* "Label: and then sentences" lists rules, not a record. */
static bool is_prose(const struct work *w)
{
    size_t n = 0, prose = 0;

    for (size_t c = 0; c < w->column_n; c++) {
        n += w->columns[c].profile.n > 0;
        prose += w->columns[c].profile.length > PROSE_BYTES;
    }
    return prose * 10 >= n * 6;
}

/* Lines of label and value stand everywhere: one record of them has to say more of itself. */
static bool is_enough(const struct work *w, const struct trial *trial)
{
    if (w->grid->cards && w->grid->n == 2 && is_prose(w))
        return false;
    if (w->grid->cards && w->grid->n == 2)
        return trial->name > 0.7 ? trial->mapped >= 3 && trial->score >= ENOUGH + 0.1
                                 : trial->mapped >= 5 && trial->score >= ENOUGH + 0.2;
    if (w->grid->cards)
        return trial->mapped >= 3 && trial->score >= ENOUGH;
    return trial->score >= ENOUGH && (trial->mapped >= 3 || trial->name > 0.7);
}

static void choose(struct work *w, struct trial *ret)
{
    const struct registers *registers = w->m->registers;
    double *known = arena_array(w->m->mem, registers->n + 1, sizeof *known), most = 0;

    weigh(w, known);
    for (size_t i = 0; i < registers->n; i++)
        most = known[i] > most ? known[i] : most;
    *ret = (struct trial){0};
    for (size_t i = 0; i < registers->n; i++) {
        const struct register_def *def = &registers->items[i];
        struct trial trial;
        if (w->pin != NULL && w->pin->def != NULL && w->pin->def != def)
            continue;
        if (w->pin == NULL && (known[i] < KNOWN_LEAST || is_elsewhere(w, def)))
            continue;
        if (!def->is_recognised && (w->pin == NULL || w->pin->def != def))
            continue;
        double name = named(w, def);
        if (w->pin == NULL && known[i] < LIKELY * most && name < 0.8)
            continue;
        try_register(w, def, &trial);
        trial.name = name;
        trial.score +=
            NAME_WORTH * name - against(w, def) + (is_kind(def, w->grid) ? KIND_WORTH : 0);
        /* Where the name above it says so, one of several may be missing. */
        trial.fits = trial.missing == 0 ||
                     (trial.missing == 1 && def->need_n > 1 && name >= NAMED && trial.mapped >= 3);
        trial.fits = trial.fits || (w->pin != NULL && w->pin->def == def);
        if (trial.fits && (ret->def == NULL || trial.score > ret->score))
            *ret = trial;
    }
    if (ret->def != NULL && !is_enough(w, ret) && (w->pin == NULL || w->pin->def == NULL))
        ret->def = NULL;
}

/* ---- what was found ---- */

static void take_columns(struct work *w, const struct trial *trial, struct register_found *found)
{
    found->columns = arena_array(w->m->mem, w->column_n + 1, sizeof *found->columns);
    for (size_t c = 0; c < w->column_n; c++) {
        const struct work_column *from = &w->columns[c];
        struct register_column *to = &found->columns[found->column_n++];
        *to = (struct register_column){.at = from->at, .header = from->shown};
        if (trial->field[c] != SIZE_MAX)
            to->field = &trial->def->fields[trial->field[c]];
        to->how = pinned(w, c) != NULL ? "pin" : trial->guessed[c] ? "values" : "heading";
    }
}

bool work_choose(struct work *w, struct register_found *ret)
{
    struct trial trial;

    if (w->pin != NULL && w->pin->none)
        return false;
    choose(w, &trial);
    if (trial.def == NULL || (w->grid->cards && trial.def->is_not))
        return false;
    *ret = (struct register_found){
        .def = trial.def, .header = w->header, .from = w->first, .to = w->to};
    ret->confidence = trial.score >= 1.25 ? 1000 : (int)(trial.score * 800);
    take_columns(w, &trial, ret);
    return true;
}
