#include "op/interview.h"

struct asker {
    struct ctx *cx;
    const struct standard *standard;
    const struct value *profile, *result;
    const struct value *settings; /* understanding.yaml */
    const struct value *decided;
};

/* A question with what speaks for asking it. */
struct candidate {
    const struct entry *question;
    int64_t score;
    const struct value *gap; /* the gravest finding about what it tests, or NULL */
    bool taken;
};

static int asker_new(struct ctx *cx, const struct standard *standard, const struct value *profile,
                     const struct value *result, struct asker *ret)
{
    struct value *settings, *decided;

    TRY(standard_yaml(cx, standard, "understanding.yaml", &settings));
    TRY(standard_yaml(cx, standard, "decided.yaml", &decided));
    *ret = (struct asker){cx, standard, profile, result, settings, decided};
    return 0;
}

static const struct value *by_text(const struct value *list, const char *key, struct str wanted)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_get_text(value_at(list, i), key), wanted))
            return value_at(list, i);
    return NULL;
}

/* ---- how much speaks for a question ---- */

static int64_t setting(const struct asker *a, const char *map, struct str key, int64_t otherwise)
{
    return value_as_int(value_get(value_path(a->settings, map), str_z(a->cx->mem, key)), otherwise);
}

static const struct value *judged(const struct asker *a, const struct entry *e)
{
    return by_text(value_get(a->result, e->type == ENTRY_CONTROL ? "controls" : "requirements"),
                   "id", e->id);
}

static int64_t weight_of(const struct asker *a, const struct entry *e)
{
    struct str grade = e->type == ENTRY_CONTROL
                           ? STR("control")
                           : value_as_text(value_path(e->yaml, "severity.stage1"));
    struct str status = value_get_text(judged(a, e), "status");

    return setting(a, "first.weights", grade, 0) *
           setting(a, "first.standing", status.n > 0 ? status : STR("met"), 100) / 100;
}

static int gravity_of(const struct value *finding)
{
    struct str grade = value_get_text(finding, "stage1");

    return str_is(grade, "AOC-BLOCK") ? 3
           : str_is(grade, "AOC")     ? 2
           : str_is(grade, "NOTE")    ? 1
                                      : 0;
}

static const struct value *gap_of(const struct asker *a, const struct entry *e)
{
    const struct value *ids = value_get(judged(a, e), "findings"), *best = NULL;

    for (size_t i = 0; i < value_count(ids); i++) {
        const struct value *found =
            by_text(value_get(a->result, "findings"), "id", value_as_text(value_at(ids, i)));
        if (gravity_of(found) > gravity_of(best))
            best = found;
    }
    return best;
}

static const struct value *answer_of(const struct asker *a, struct str id)
{
    return value_get(value_get(a->profile, "interviews"), str_z(a->cx->mem, id));
}

/* The heaviest of what it tests, and a quarter of each other; half where it was answered well. */
static struct candidate candidate_of(const struct asker *a, const struct entry *question)
{
    const struct value *tests = value_get(question->yaml, "tests");
    struct candidate c = {.question = question};
    int64_t heaviest = 0, sum = 0;

    for (size_t i = 0; i < value_count(tests); i++) {
        const struct entry *e = standard_find(a->standard, value_as_text(value_at(tests, i)));
        if (e == NULL)
            continue;
        int64_t weight = weight_of(a, e);
        const struct value *gap = gap_of(a, e);
        heaviest = weight > heaviest ? weight : heaviest;
        sum += weight;
        if (gravity_of(gap) > gravity_of(c.gap))
            c.gap = gap;
    }
    c.score = (4 * heaviest + (sum - heaviest)) *
              setting(a, "first.roles", value_get_text(question->yaml, "role"), 50);
    if (value_get_int(answer_of(a, question->id), "score", 0) >= 2)
        c.score /= 2;
    return c;
}

static struct candidate *candidates_new(const struct asker *a)
{
    size_t n = a->standard->questions.n;
    struct candidate *all = arena_array(a->cx->mem, n + 1, sizeof *all);

    for (size_t i = 0; i < n; i++)
        all[i] = candidate_of(a, &a->standard->questions.items[i]);
    return all;
}

/* ---- the page to have open ---- */

static const struct value *document_of(const struct asker *a, struct str kind)
{
    const struct value *list = value_get(a->result, "documents"), *best = NULL;
    int64_t most = -1;

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *d = value_at(list, i);
        const struct value *is = by_text(value_get(d, "kinds"), "kind", kind);
        int64_t confidence = value_as_thousandths(value_get(is, "confidence"), 0);
        if (is == NULL || value_get_bool(d, "is_template") ||
            value_get_text(d, "copies_of").n > 0 || confidence <= most)
            continue;
        most = confidence;
        best = d;
    }
    return best;
}

static void set_page(struct value *v, struct str path, const struct value *quote)
{
    value_set_text(v, "path", path);
    value_set_text(v, "place", value_get_text(quote, "place"));
    value_set_text(v, "quote", value_get_text(quote, "quote"));
}

/* The quote by which a criterion is met. */
static bool page_of_criterion(const struct asker *a, struct str id, struct value *v)
{
    const struct value *c = by_text(value_get(a->result, "criteria"), "criterion", id);
    const struct value *quote = value_at(value_get(c, "evidence"), 0);

    if (quote == NULL)
        return false;
    set_page(v, value_get_text(quote, "path"), quote);
    return true;
}

static bool page_of_criteria(const struct asker *a, const struct value *list, struct value *v)
{
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        if (value_type(it) == VALUE_LIST && page_of_criteria(a, it, v))
            return true;
        struct str id =
            value_type(it) == VALUE_MAP ? value_get_text(it, "criterion") : value_as_text(it);
        if (id.n > 0 && page_of_criterion(a, id, v))
            return true;
    }
    return false;
}

/* A document of the kind, with what it says first of its criteria; or that none is there yet. */
static bool page_of_kind(const struct asker *a, struct str kind, struct value *v)
{
    const struct value *document = document_of(a, kind),
                       *criteria = value_get(a->result, "criteria");
    const struct entry *e = standard_find(a->standard, kind);

    if (document == NULL) {
        if (value_get_text(v, "missing").n == 0 && e != NULL)
            value_set_text(v, "missing", e->title);
        return false;
    }
    struct str path = value_get_text(document, "path");
    const struct value *quote = NULL;
    for (size_t i = 0; i < value_count(criteria) && quote == NULL; i++) {
        const struct value *first = value_at(value_get(value_at(criteria, i), "evidence"), 0);
        if (value_is_text(value_get(value_at(criteria, i), "kind"), str_z(a->cx->mem, kind)) &&
            str_eq(value_get_text(first, "path"), path))
            quote = first;
    }
    set_page(v, path, quote);
    return true;
}

static bool page_of_kinds(const struct asker *a, const struct value *kinds, struct value *v)
{
    for (size_t i = 0; i < value_count(kinds); i++)
        if (page_of_kind(a, value_as_text(value_at(kinds, i)), v))
            return true;
    return false;
}

static bool page_of_requirement(const struct asker *a, const struct entry *e, struct value *v)
{
    const struct value *how = value_get(a->decided, str_z(a->cx->mem, e->id));

    return page_of_criteria(a, value_get(how, "criteria"), v) ||
           page_of_kinds(a, value_get(how, "kinds"), v) ||
           page_of_kinds(a, value_get(e->yaml, "documents"), v);
}

static bool has_text(const struct value *list, struct str text)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_as_text(value_at(list, i)), text))
            return true;
    return false;
}

/* A control is described by the kinds that name it, else its line in a list of controls. */
static bool page_of_control(const struct asker *a, const struct entry *e, struct value *v)
{
    const struct value *line = value_get(judged(a, e), "line");

    for (size_t i = 0; i < a->standard->kinds.n; i++)
        if (has_text(value_get(a->standard->kinds.items[i].yaml, "controls"), e->id) &&
            page_of_kind(a, a->standard->kinds.items[i].id, v))
            return true;
    if (value_get_text(line, "path").n == 0)
        return false;
    set_page(v, value_get_text(line, "path"), line);
    return true;
}

static bool page_of_test(const struct asker *a, const struct entry *e, struct value *v)
{
    return e->type == ENTRY_CONTROL ? page_of_control(a, e, v) : page_of_requirement(a, e, v);
}

/* Where there is a gap, the page about it or the document that is missing; else the first page
 * about anything that the question tests. */
static void find_page(const struct asker *a, const struct candidate *c, struct value *v)
{
    const struct value *tests = value_get(c->question->yaml, "tests");
    bool found = false, gap = false;

    for (size_t i = 0; c->gap != NULL && i < value_count(tests) && !found && !gap; i++) {
        const struct entry *e = standard_find(a->standard, value_as_text(value_at(tests, i)));
        if (e == NULL || gap_of(a, e) != c->gap)
            continue;
        found = page_of_test(a, e, v);
        gap = value_get_text(v, "missing").n > 0;
    }
    for (size_t i = 0; i < value_count(tests) && !found && !gap; i++) {
        const struct entry *e = standard_find(a->standard, value_as_text(value_at(tests, i)));
        found = e != NULL && page_of_test(a, e, v);
    }
    if (found)
        value_set_text(v, "missing", STR_NONE);
}

/* ---- a question in the result ---- */

static struct value *gap_value(const struct asker *a, const struct value *gap)
{
    static const char *const keys[] = {"id", "title", "stage1", "next_step"};
    struct value *v = value_map(a->cx->mem);

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        value_set_text(v, keys[i], value_get_text(gap, keys[i]));
    return v;
}

static void set_answer(const struct asker *a, struct str id, struct value *v)
{
    const struct value *said = answer_of(a, id), *score = value_get(said, "score");

    value_set(v, "score",
              value_type(score) == VALUE_INT ? value_int(a->cx->mem, value_as_int(score, 0))
                                             : NULL);
    value_set_text(v, "said",
                   value_type(said) == VALUE_MAP ? value_print(a->cx->mem, value_get(said, "said"))
                                                 : value_print(a->cx->mem, said));
}

static struct str role_title(const struct asker *a, struct str role)
{
    return value_get_text(value_get(a->standard->about, "roles"), str_z(a->cx->mem, role));
}

static struct value *question_value(const struct asker *a, const struct candidate *c)
{
    const struct value *yaml = c->question->yaml;
    struct value *v = value_map(a->cx->mem), *tests = value_list(a->cx->mem);
    const struct value *tested = value_get(yaml, "tests");

    value_set_text(v, "id", c->question->id);
    value_set_text(v, "role", value_get_text(yaml, "role"));
    value_set_text(v, "role_title", role_title(a, value_get_text(yaml, "role")));
    value_set_text(v, "question", value_get_text(yaml, "question"));
    value_set_text(v, "good_answer", value_get_text(yaml, "good_answer_shows"));
    value_set_text(v, "red_flag", value_get_text(yaml, "red_flag"));
    for (size_t i = 0; i < value_count(tested); i++)
        value_push(tests, value_text(a->cx->mem, value_as_text(value_at(tested, i))));
    value_set(v, "tests", tests);
    value_set(v, "gap", c->gap != NULL ? gap_value(a, c->gap) : NULL);
    value_set_text(v, "missing", STR_NONE);
    set_page(v, STR_NONE, NULL);
    find_page(a, c, v);
    set_answer(a, c->question->id, v);
    return v;
}

/* ---- choosing ---- */

static bool same_text(const struct candidate *a, const struct candidate *b, const char *key)
{
    return str_eq(value_get_text(a->question->yaml, key), value_get_text(b->question->yaml, key));
}

/* May `c` come beside what was taken? */
static bool fits(const struct asker *a, const struct candidate *all, const struct candidate *c)
{
    int64_t role = 0, topic = 0, gap = 0;

    for (size_t i = 0; i < a->standard->questions.n; i++) {
        if (!all[i].taken)
            continue;
        role += same_text(&all[i], c, "role");
        topic += same_text(&all[i], c, "topic");
        gap += c->gap != NULL && all[i].gap == c->gap;
    }
    return role < setting(a, "first", STR("of_role"), 4) &&
           topic < setting(a, "first", STR("of_topic"), 1) && gap == 0;
}

static struct candidate *best_of(const struct asker *a, struct candidate *all, struct str role)
{
    struct candidate *best = NULL;

    for (size_t i = 0; i < a->standard->questions.n; i++) {
        struct candidate *c = &all[i];
        bool may =
            role.n > 0 ? str_eq(value_get_text(c->question->yaml, "role"), role) : fits(a, all, c);
        if (!c->taken && may && (best == NULL || c->score > best->score))
            best = c;
    }
    return best;
}

/* The best `most` of a role, or of all by the limits where `role` is "". */
static struct value *choose(const struct asker *a, struct str role, int64_t most)
{
    struct candidate *all = candidates_new(a), *best;
    struct value *list = value_list(a->cx->mem);

    while (most-- > 0 && (best = best_of(a, all, role)) != NULL) {
        best->taken = true;
        value_push(list, question_value(a, best));
    }
    return list;
}

int interview_first(struct ctx *cx, const struct standard *standard, const struct value *profile,
                    const struct value *result, struct value **ret)
{
    struct asker a;

    TRY(asker_new(cx, standard, profile, result, &a));
    *ret = choose(&a, STR_NONE, setting(&a, "first", STR("most"), 10));
    return 0;
}

/* ---- the sheet ---- */

/* Open questions about requirements of which this role is asked. */
static struct value *asks_of(const struct asker *a, struct str role)
{
    const struct value *list = value_path(a->result, "verdict.questions");
    int64_t most = setting(a, "sheet", STR("asks"), 4);
    struct value *asks = value_list(a->cx->mem);

    for (size_t i = 0; i < value_count(list) && (int64_t)value_count(asks) < most; i++) {
        const struct value *q = value_at(list, i);
        const struct entry *e = standard_find(a->standard, value_get_text(q, "requirement"));
        if (e == NULL || !has_text(value_get(e->yaml, "interview"), role))
            continue;
        struct value *v = value_map(a->cx->mem);
        value_set_text(v, "question", value_get_text(q, "question"));
        value_set_text(v, "profile_key", value_get_text(q, "profile_key"));
        value_set_text(v, "requirement", value_get_text(q, "requirement"));
        value_push(asks, v);
    }
    return asks;
}

static int find_role(const struct asker *a, struct str wanted, struct str *ret)
{
    const struct value *roles = value_get(a->standard->about, "roles");
    struct buf all = buf_new(a->cx->mem);

    for (size_t i = 0; i < value_count(roles); i++) {
        struct str id = value_key_at(roles, i);
        if (str_is_nocase(wanted, str_z(a->cx->mem, id)) ||
            str_is_nocase(wanted, str_z(a->cx->mem, value_as_text(value_at(roles, i))))) {
            *ret = id;
            return 0;
        }
        buf_printf(&all, "%s%.*s (%.*s)", i > 0 ? ", " : "", STR_ARG(id),
                   STR_ARG(value_as_text(value_at(roles, i))));
    }
    return fail(a->cx, RC_INVALID, "--role", _("There is no role \"%.*s\". Roles are %.*s."),
                STR_ARG(wanted), STR_ARG(buf_str(&all)));
}

int interview_sheet(struct ctx *cx, const struct standard *standard, const struct value *profile,
                    const struct value *result, struct str wanted, struct value **ret)
{
    struct value *sheet = value_map(cx->mem), *organisation = value_map(cx->mem);
    struct str role;
    struct asker a;

    TRY(asker_new(cx, standard, profile, result, &a));
    TRY(find_role(&a, wanted, &role));
    value_set_text(organisation, "name", value_as_text(value_path(result, "organisation.name")));
    value_set_text(sheet, "schema", STR("assay.interview/1"));
    value_set_text(sheet, "role", role);
    value_set_text(sheet, "role_title", role_title(&a, role));
    value_set(sheet, "organisation", organisation);
    value_set_text(sheet, "standard", value_as_text(value_path(result, "standard.title")));
    value_set_text(sheet, "today", value_get_text(result, "today"));
    value_set(sheet, "questions", choose(&a, role, setting(&a, "sheet", STR("questions"), 8)));
    value_set(sheet, "asks", asks_of(&a, role));
    *ret = sheet;
    return 0;
}

/* ---- the profile's part ---- */

int interview_check(struct ctx *cx, const struct standard *standard, const char *path,
                    const struct value *interviews)
{
    if (value_type(interviews) != VALUE_MAP && value_type(interviews) != VALUE_NULL)
        return fail(cx, RC_INVALID, path, _("%s:%u: interviews is a map of questions."), path,
                    value_line(interviews));
    for (size_t i = 0; i < value_count(interviews); i++) {
        const struct value *said = value_at(interviews, i), *score = value_get(said, "score");
        const struct entry *e = standard_find(standard, value_key_at(interviews, i));
        int64_t n = value_as_int(score, -1);

        if (e == NULL || e->type != ENTRY_QUESTION)
            return fail(cx, RC_INVALID, path, _("%s:%u: there is no question \"%.*s\"."), path,
                        value_line(said), STR_ARG(value_key_at(interviews, i)));
        if (value_type(score) != VALUE_NULL && (n < 0 || n > 3))
            return fail(cx, RC_INVALID, path, _("%s:%u: a score is 0, 1, 2 or 3."), path,
                        value_line(score));
    }
    return 0;
}

static void write_answer(struct arena *mem, struct buf *out, struct str id,
                         const struct value *said)
{
    static const char *const keys[] = {"score", "said", "on", "who"};
    bool map = value_type(said) == VALUE_MAP, first = true;

    buf_printf(out, "  %.*s: {", STR_ARG(id));
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct value *v = map ? value_get(said, keys[i]) : i == 1 ? said : NULL;
        if (value_type(v) == VALUE_NULL)
            continue;
        buf_printf(out, "%s%s: ", first ? "" : ", ", keys[i]);
        if (value_type(v) == VALUE_INT)
            buf_add(out, value_print(mem, v));
        else
            value_json(out, value_text(mem, value_print(mem, v)), 0);
        first = false;
    }
    buf_addz(out, "}\n");
}

void interview_write(struct arena *mem, struct buf *out, const struct value *interviews,
                     const struct value *sheet)
{
    const struct value *questions = value_get(sheet, "questions");

    for (size_t i = 0; i < value_count(interviews); i++)
        if (value_type(value_at(interviews, i)) != VALUE_NULL)
            write_answer(mem, out, value_key_at(interviews, i), value_at(interviews, i));
    for (size_t i = 0; i < value_count(questions); i++) {
        const struct value *q = value_at(questions, i);
        struct str id = value_get_text(q, "id");
        if (value_type(value_get(interviews, str_z(mem, id))) != VALUE_NULL)
            continue;
        buf_printf(out, "  # %.*s\n", STR_ARG(str_squeeze(mem, value_get_text(q, "question"))));
        buf_printf(out, "  %.*s: {score: , said: \"\"}\n", STR_ARG(id));
    }
}
