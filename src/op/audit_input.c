/* What a person, or a document, says that decides the audit time; and what is still asked. */
#include <ctype.h>

#include "op/audit_parts.h"

#define PERSONS_MOST 10000000
#define NUMBER_REACH 3u /* words between a number and what it counts */

/* ---- the profile's part ---- */

static const char *const said_keys[] = {
    "persons",  "part_time", "same_task", "factors",    "other",    "adjustment", "sites",
    "sampling", "effective", "remote",    "integrated", "day_rate", "currency",   "quote"};

static int refuse(struct ctx *cx, const char *path, const struct value *at, const char *why,
                  struct str name)
{
    return fail(cx, RC_INVALID, path, _("%s:%u: %s \"%.*s\"."), path, value_line(at), why,
                STR_ARG(name));
}

/* Nothing, or a number between two. */
static int check_number(struct ctx *cx, const char *path, const struct value *map, const char *key,
                        int64_t least, int64_t most)
{
    const struct value *v = value_get(map, key);
    int64_t n = value_as_thousandths(v, INT64_MIN);

    if (value_type(v) == VALUE_NULL || (n >= least * 1000 && n <= most * 1000))
        return 0;
    return fail(cx, RC_INVALID, path, _("%s:%u: %s must be a number from %lld to %lld."), path,
                value_line(v), key, (long long)least, (long long)most);
}

static const struct value *factor_score(const struct value *said)
{
    return value_type(said) == VALUE_MAP ? value_get(said, "score") : said;
}

static int check_factors(struct ctx *cx, const char *path, const struct value *data,
                         const struct value *factors)
{
    for (size_t i = 0; i < value_count(factors); i++) {
        struct str id = value_key_at(factors, i);
        const struct value *score = factor_score(value_at(factors, i));
        const struct value *all = value_get(data, "factors");
        bool there = false;

        for (size_t k = 0; k < value_count(all); k++)
            there = there || str_eq(value_get_text(value_at(all, k), "id"), id);
        if (!there)
            return refuse(cx, path, value_at(factors, i), _("there is no factor"), id);
        int64_t n = value_as_int(score, -1);
        if (value_type(score) != VALUE_NULL && (n < 1 || n > 3))
            return refuse(cx, path, value_at(factors, i), _("a score is 1, 2 or 3, not"),
                          value_print(cx->mem, score));
    }
    return 0;
}

static int check_groups(struct ctx *cx, const char *path, const struct value *list)
{
    for (size_t i = 0; i < value_count(list); i++)
        TRY(check_number(cx, path, value_at(list, i), "persons", 0, PERSONS_MOST));
    return 0;
}

static int check_numbers(struct ctx *cx, const char *path, const struct value *said)
{
    const struct value *other = value_get(said, "other");

    TRY(check_number(cx, path, said, "persons", 0, PERSONS_MOST));
    TRY(check_number(cx, path, said, "sites", 0, 100000));
    TRY(check_number(cx, path, said, "remote", 0, 100));
    TRY(check_number(cx, path, said, "day_rate", 0, 1000000));
    TRY(check_number(cx, path, value_get(said, "part_time"), "persons", 0, PERSONS_MOST));
    TRY(check_number(cx, path, value_get(said, "part_time"), "full_time", 0, PERSONS_MOST));
    TRY(check_number(cx, path, value_get(said, "adjustment"), "percent", -100, 1000));
    TRY(check_number(cx, path, value_get(said, "integrated"), "discount", 0, 100));
    for (size_t i = 0; i < value_count(other); i++)
        TRY(check_number(cx, path, value_at(other, i), "percent", -100, 1000));
    return check_groups(cx, path, value_get(said, "same_task"));
}

int audit_time_check(struct ctx *cx, const struct standard *standard, const char *path,
                     const struct value *said)
{
    struct value *data;

    if (value_type(said) == VALUE_NULL)
        return 0;
    if (value_type(said) != VALUE_MAP)
        return fail(cx, RC_INVALID, path, _("%s:%u: audit_time is a map of keys."), path,
                    value_line(said));
    TRY(standard_yaml(cx, standard, "audit-time.yaml", &data));
    for (size_t i = 0; i < value_count(said); i++) {
        bool known = false;
        for (size_t k = 0; k < COUNT_OF(said_keys); k++)
            known = known || str_is(value_key_at(said, i), said_keys[k]);
        if (!known)
            return refuse(cx, path, value_at(said, i), _("audit_time has no key"),
                          value_key_at(said, i));
    }
    TRY(check_numbers(cx, path, said));
    TRY(check_factors(cx, path, data, value_get(said, "factors")));
    if (value_type(value_get(said, "quote")) == VALUE_MAP)
        TRY(audit_time_check_quote(cx, path, value_get(said, "quote")));
    return 0;
}

/* ---- proposals ---- */

static struct value *row_evidence(struct arena *mem, const struct value *row)
{
    static const char *const keys[] = {"path", "place", "quote", "says"};
    struct value *v = value_map(mem);

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (value_get_text(row, keys[i]).n > 0)
            value_set_text(v, keys[i], value_get_text(row, keys[i]));
    return v;
}

/* Whether one of the words begins `s`, whole. */
static bool word_begins(struct str s, const struct value *words)
{
    for (size_t i = 0; i < value_count(words); i++) {
        struct str word = value_as_text(value_at(words, i));
        bool ends = word.n >= s.n || !isalpha((unsigned char)s.p[word.n]);

        if (word.n > 0 && ends && str_starts(s, word))
            return true;
    }
    return false;
}

static bool counts_people(struct str behind, const struct value *languages)
{
    for (size_t w = 0; w < NUMBER_REACH; w++) {
        behind = str_trim(behind);
        for (size_t i = 0; i < value_count(languages); i++)
            if (word_begins(behind, value_at(languages, i)))
                return true;
        size_t blank = str_find_char(behind, ' ', 0);
        if (blank == SIZE_MAX ||
            (blank > 0 && str_find_char(STR(".;:"), behind.p[blank - 1], 0) != SIZE_MAX))
            return false;
        behind = str_from(behind, blank);
    }
    return false;
}

/* The largest number before one of the words: of "40 people, 10 of them persons at home" the 40. */
static int64_t people_in(struct str text, const struct value *languages)
{
    int64_t most = 0;

    for (size_t i = 0; i < text.n; i++) {
        size_t end = i;
        int64_t n = 0;

        while (end < text.n && isdigit((unsigned char)text.p[end]))
            end++;
        if (end == i)
            continue;
        bool alone = (i == 0 || !isalnum((unsigned char)text.p[i - 1])) && end < text.n &&
                     text.p[end] == ' ';
        if (alone && end - i < 6 && str_to_int(str_sub(text, i, end - i), &n) && n > most &&
            counts_people(str_from(text, end), languages))
            most = n;
        i = end;
    }
    return most;
}

static void set_persons(struct arena *mem, struct value *proposed, const struct value *row,
                        int64_t n)
{
    struct value *v = row_evidence(mem, row);

    value_set_int(v, "persons", n);
    value_set(proposed, "persons", v);
}

/* A list of persons says it best. */
static int propose_counted(struct ctx *cx, const struct value *data, struct store *store,
                           struct value *proposed)
{
    bool more;
    STMT(s);

    TRY(store_prepare(cx, store, value_as_text(value_path(data, "proposals.persons.counted")), &s));
    TRY(stmt_step(cx, s, &more));
    if (!more)
        return 0;
    struct value *row = stmt_row(cx->mem, s);
    set_persons(cx->mem, proposed, row, value_get_int(row, "persons", 0));
    return 0;
}

static int propose_persons(struct ctx *cx, const struct value *data, struct store *store,
                           struct value *proposed)
{
    const struct value *from = value_path(data, "proposals.persons");
    bool more;
    STMT(s);

    TRY(store_prepare(cx, store, value_get_text(from, "sql"), &s));
    for (;;) {
        TRY(stmt_step(cx, s, &more));
        if (!more)
            return 0;
        struct value *row = stmt_row(cx->mem, s);
        int64_t n = people_in(value_get_text(row, "quote"), value_get(from, "words"));
        if (n == 0)
            continue;
        set_persons(cx->mem, proposed, row, n);
        return 0;
    }
}

static int propose_sites(struct ctx *cx, const struct value *data, struct store *store,
                         struct value *proposed)
{
    bool more;
    STMT(s);

    TRY(store_prepare(cx, store, value_as_text(value_path(data, "proposals.sites.sql")), &s));
    TRY(stmt_step(cx, s, &more));
    if (more)
        value_set(proposed, "sites", row_evidence(cx->mem, stmt_row(cx->mem, s)));
    return 0;
}

static int propose_factor(struct ctx *cx, const struct value *from, struct store *store,
                          struct value *into)
{
    bool more;
    STMT(s);

    TRY(store_prepare(cx, store, value_get_text(from, "sql"), &s));
    TRY(stmt_step(cx, s, &more));
    if (!more)
        return 0;
    struct value *row = stmt_row(cx->mem, s), *v = row_evidence(cx->mem, row);
    value_set_int(v, "score", value_get_int(row, "score", 0));
    value_set_text(v, "reason", value_get_text(from, "reason"));
    value_set(into, str_z(cx->mem, value_get_text(from, "factor")), v);
    return 0;
}

int audit_time_propose(struct ctx *cx, const struct standard *standard, struct store *store,
                       struct value **ret)
{
    struct value *data, *proposed = value_map(cx->mem), *factors = value_map(cx->mem);

    TRY(standard_yaml(cx, standard, "audit-time.yaml", &data));
    TRY(propose_counted(cx, data, store, proposed));
    if (value_get(proposed, "persons") == NULL)
        TRY(propose_persons(cx, data, store, proposed));
    TRY(propose_sites(cx, data, store, proposed));
    const struct value *list = value_path(data, "proposals.factors");
    for (size_t i = 0; i < value_count(list); i++)
        TRY(propose_factor(cx, value_at(list, i), store, factors));
    value_set(proposed, "factors", factors);
    *ret = proposed;
    return 0;
}

/* ---- persons ---- */

static int64_t root_up(int64_t n)
{
    int64_t k = 0;

    while (k * k < n)
        k++;
    return k;
}

/* Full-time equivalents in the place of heads; in thousandths. */
static int64_t take_part_time(struct audit *a, int64_t persons, struct buf *says)
{
    const struct value *part = value_get(a->said, "part_time");
    int64_t heads = value_as_thousandths(value_get(part, "persons"), 0);
    int64_t full = value_as_thousandths(value_get(part, "full_time"), heads);

    if (heads <= 0 || full >= heads || heads > persons)
        return persons;
    buf_printf(says, _(" %s who work part-time count by their hours, as %s."),
               str_z(a->cx->mem, audit_number(a->cx->mem, heads)),
               str_z(a->cx->mem, audit_number(a->cx->mem, full)));
    return persons - heads + full;
}

/* Many people with the same simple task count as the square root of their number. */
static int64_t take_same_task(struct audit *a, int64_t persons, struct buf *says)
{
    const struct value *groups = value_get(a->said, "same_task");

    for (size_t i = 0; i < value_count(groups); i++) {
        const struct value *group = value_at(groups, i);
        int64_t n = value_get_int(group, "persons", 0), root = root_up(n);
        struct str task = value_get_text(group, "task");
        struct str reason = str_trim(value_get_text(group, "reason"));

        if (n < 2 || (n - root) * 1000 >= persons)
            continue;
        if (reason.n == 0) {
            buf_printf(says,
                       _(" %lld with the same task (%.*s) are counted in full: a smaller count "
                         "needs a reason in writing that rests on risk."),
                       (long long)n, STR_ARG(task));
            continue;
        }
        buf_printf(says, _(" %lld with the same simple task (%.*s) count as %lld: %.*s"),
                   (long long)n, STR_ARG(task), (long long)root, STR_ARG(reason));
        buf_addz(says, str_ends(reason, STR(".")) ? "" : ".");
        persons -= (n - root) * 1000;
    }
    return persons;
}

static void ask_persons(struct audit *a)
{
    struct value *q = value_map(a->cx->mem);

    value_set_text(q, "key", STR("persons"));
    value_set_text(q, "question",
                   str_of(_("How many people work under your control within the scope, on all "
                            "shifts, with contractors and freelancers?")));
    value_set_text(q, "changes", str_of(_("Everything: nothing can be reckoned without it.")));
    value_push(a->unknown, q);
}

void audit_take_persons(struct audit *a)
{
    struct arena *mem = a->cx->mem;
    const struct value *said = value_get(a->said, "persons");
    const struct value *proposed = value_get(a->proposed, "persons");
    struct value *v = value_map(mem);
    struct buf says = buf_new(mem);
    bool own = value_type(said) != VALUE_NULL;
    int64_t heads =
                own ? value_as_thousandths(said, 0) : value_get_int(proposed, "persons", 0) * 1000,
            n = heads;

    value_set_text(v, "source", own ? STR("said") : heads > 0 ? STR("proposed") : STR("unknown"));
    value_set(a->result, "persons", v);
    if (heads <= 0) {
        ask_persons(a);
        return;
    }
    buf_printf(&says, _("%s people work under your control within the scope."),
               str_z(mem, audit_number(mem, heads)));
    if (!own) {
        value_set(v, "evidence", row_evidence(mem, proposed));
        buf_printf(&says, _(" That is proposed: %.*s says so. Confirm it in the profile."),
                   STR_ARG(value_get_text(proposed, "path")));
    }
    n = take_same_task(a, take_part_time(a, n, &says), &says);
    a->persons = (n + 999) / 1000;
    value_set(v, "heads", value_decimal(mem, heads));
    value_set_int(v, "counted", a->persons);
    audit_step(a, _("Persons"), buf_str(&says), str_printf(mem, "%lld", (long long)a->persons));
}

/* ---- factors ---- */

static size_t group_of(struct audit *a, struct str name)
{
    size_t i = 0;

    while (i < AUDIT_GROUPS && a->groups[i].n > 0 && !str_eq(a->groups[i], name))
        i++;
    if (i < AUDIT_GROUPS && a->groups[i].n == 0)
        a->groups[i] = name;
    return i;
}

static struct str level_text(const struct value *data, int64_t score)
{
    static const char *const keys[] = {"level1", "level2", "level3"};

    return score >= 1 && score <= 3 ? value_get_text(data, keys[score - 1]) : STR_NONE;
}

static struct value *factor_value(struct audit *a, const struct factor *f,
                                  const struct value *proposal, struct str reason)
{
    struct value *v = value_map(a->cx->mem), *levels = value_list(a->cx->mem);

    value_set_text(v, "id", f->id);
    value_set_text(v, "group", a->groups[f->group]);
    value_set_text(v, "name", value_get_text(f->data, "name"));
    value_set(v, "score", f->known ? value_int(a->cx->mem, f->score.least) : NULL);
    value_set_text(v, "source",
                   f->proposed ? STR("proposed")
                   : f->known  ? STR("said")
                               : STR("unknown"));
    value_set_text(v, "meaning", f->known ? level_text(f->data, f->score.least) : STR_NONE);
    value_set_text(v, "reason", reason);
    if (f->proposed)
        value_set(v, "evidence", row_evidence(a->cx->mem, proposal));
    value_set_text(v, "question", value_get_text(f->data, "question"));
    for (int64_t i = 1; i <= 3; i++)
        value_push(levels, value_text(a->cx->mem, level_text(f->data, i)));
    value_set(v, "levels", levels);
    return v;
}

static int take_factor(struct audit *a, const struct value *data)
{
    struct factor *f = &a->factors[a->factor_n++];
    struct str id = value_get_text(data, "id");
    char *key = str_z(a->cx->mem, id);
    const struct value *said = value_get(value_get(a->said, "factors"), key);
    const struct value *proposal = value_get(value_get(a->proposed, "factors"), key);
    int64_t score = value_as_int(factor_score(said), 0);
    struct str reason = value_type(said) == VALUE_MAP ? value_get_text(said, "reason") : STR_NONE;

    *f = (struct factor){
        .data = data, .id = id, .group = group_of(a, value_get_text(data, "group"))};
    if (f->group >= AUDIT_GROUPS)
        return fail(a->cx, RC_INVALID, NULL, "audit-time.yaml: there are more than two groups.");
    if (score == 0 && value_get_int(proposal, "score", 0) > 0) {
        f->proposed = true;
        score = value_get_int(proposal, "score", 0);
        reason = value_get_text(proposal, "reason");
    }
    f->known = score >= 1 && score <= 3;
    f->score = f->known ? (struct span){score, score} : (struct span){1, 3};
    f->value = factor_value(a, f, proposal, reason);
    return 0;
}

int audit_take_factors(struct audit *a)
{
    const struct value *all = value_get(a->data, "factors");
    struct value *list = value_list(a->cx->mem);

    for (size_t i = 0; i < value_count(all); i++) {
        if (i >= AUDIT_FACTORS)
            return fail(a->cx, RC_LIMIT, NULL, "audit-time.yaml: there are too many factors.");
        TRY(take_factor(a, value_at(all, i)));
        value_push(list, a->factors[i].value);
    }
    value_set(a->result, "factors", list);
    return 0;
}

/* ---- writing the profile's part ---- */

static void write_question(struct arena *mem, struct buf *out, const char *blanks,
                           const struct value *q)
{
    buf_printf(out, "%s# %.*s\n", blanks, STR_ARG(str_squeeze(mem, value_get_text(q, "question"))));
    buf_printf(out, "%s# %.*s\n", blanks, STR_ARG(str_squeeze(mem, value_get_text(q, "changes"))));
}

static const struct value *open_question(const struct value *time, struct str key)
{
    const struct value *list = value_get(time, "unknown");

    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_get_text(value_at(list, i), "key"), key))
            return value_at(list, i);
    return NULL;
}

/* A proposal stands in a comment over the empty place: who agrees writes it down. */
static void write_factor(struct arena *mem, struct buf *out, const struct value *factor,
                         const struct value *time)
{
    struct str id = value_get_text(factor, "id");
    const struct value *q = open_question(time, str_printf(mem, "factors.%.*s", STR_ARG(id)));
    struct str reason = value_get_text(factor, "reason");

    if (value_is_text(value_get(factor, "source"), "said")) {
        buf_printf(out, "    %.*s: {score: %lld, reason: ", STR_ARG(id),
                   (long long)value_get_int(factor, "score", 1));
        value_json(out, value_text(mem, reason), 0);
        buf_addz(out, "}\n");
        return;
    }
    if (q != NULL)
        write_question(mem, out, "    ", q);
    else
        buf_printf(out, _("    # %.*s\n    # Proposed: %lld (%.*s). %.*s\n"),
                   STR_ARG(str_squeeze(mem, value_get_text(factor, "question"))),
                   (long long)value_get_int(factor, "score", 0),
                   STR_ARG(value_get_text(factor, "meaning")), STR_ARG(str_squeeze(mem, reason)));
    buf_printf(out, "    %.*s:\n", STR_ARG(id));
}

void audit_time_write(struct arena *mem, struct buf *out, const struct value *said,
                      const struct value *time)
{
    const struct value *factors = value_get(time, "factors");
    static const char *const asked[] = {"persons", "sites"};

    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        const struct value *q = open_question(time, str_of(asked[i]));
        if (value_type(value_get(said, asked[i])) != VALUE_NULL)
            continue;
        if (q != NULL)
            write_question(mem, out, "  ", q);
        else
            buf_printf(out, _("  # Proposed: %.*s.\n"),
                       STR_ARG(value_print(mem, value_path(time, "persons.heads"))));
        buf_printf(out, "  %s:\n", asked[i]);
    }
    buf_addz(out, "  factors:\n");
    for (size_t i = 0; i < value_count(factors); i++)
        write_factor(mem, out, value_at(factors, i), time);
}
