/* `assay explain`: finds what is meant, and shows what is said of it. */
#include "cli/explain.h"

#include "cli/cli.h"
#include "base/nearest.h"
#include "cli/output.h"
#include "report/page.h"

#define SEARCH_RESULTS 15u
#define NEAR_MISSES 4u

/* ---- loading ---- */

static int load_rules(struct explainer *x)
{
    struct arena *mem = x->cx->mem;
    struct str head = str_printf(mem, "standards/%.*s/rules/", STR_ARG(x->standard->id));
    const struct content_file *file;
    size_t at = 0;

    x->rules = value_list(mem);
    while ((file = content_next(&x->standard->content, head.p, ".yaml", &at)) != NULL) {
        struct value *yaml;
        TRY(yaml_parse(x->cx, file->name, (struct str){(const char *)file->bytes, file->n}, &yaml));
        for (size_t i = 0; value_type(yaml) == VALUE_LIST && i < value_count(yaml); i++)
            value_push(x->rules, value_at_mut(yaml, i));
    }
    return 0;
}

static int load(struct ctx *cx, const char *content_dir, struct explainer *x)
{
    struct content content;
    struct standard *standard;
    struct value *decided, *asks;

    TRY(content_open(cx, content_dir, &content));
    TRY(standard_load(cx, &content, STANDARD_DEFAULT, &standard));
    TRY(standard_yaml(cx, standard, "decided.yaml", &decided));
    TRY(standard_yaml(cx, standard, "asks.yaml", &asks));
    *x = (struct explainer){.cx = cx, .standard = standard, .decided = decided, .asks = asks};
    return load_rules(x);
}

/* ---- finding ---- */

static const struct entries *entries_at(const struct standard *s, size_t i)
{
    const struct entries *all[] = {&s->requirements, &s->controls, &s->kinds, &s->criteria,
                                   &s->questions};

    return i < COUNT_OF(all) ? all[i] : NULL;
}

static bool same_id(struct str a, struct str b)
{
    return a.n == b.n && nearest_distance(a, b) == 0;
}

static const struct entry *find_entry(const struct standard *s, struct str id)
{
    const struct entries *entries;

    for (size_t i = 0; (entries = entries_at(s, i)) != NULL; i++)
        for (size_t k = 0; k < entries->n; k++)
            if (same_id(entries->items[k].id, id))
                return &entries->items[k];
    return NULL;
}

static const struct value *find_rule(const struct explainer *x, struct str id)
{
    for (size_t i = 0; i < value_count(x->rules); i++)
        if (same_id(value_get_text(value_at(x->rules, i), "id"), id))
            return value_at(x->rules, i);
    return NULL;
}

/* Whether `number` is `head` or lies below it: 9.2.1 below 9.2, not 9.20. */
static bool is_under(struct str number, struct str head)
{
    if (!str_starts(number, head))
        return false;
    return number.n == head.n || number.p[head.n] == '.' || number.p[head.n] == ' ';
}

static bool is_number(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '.' && (s.p[i] < '0' || s.p[i] > '9'))
            return false;
    return s.n > 0;
}

/* ---- lists ---- */

static struct str with_clause(const struct explainer *x, const struct entry *e)
{
    return str_printf(x->cx->mem, "%.*s (%.*s)", STR_ARG(e->title),
                      STR_ARG(value_get_text(e->yaml, "clause")));
}

static struct value *explain_minimum(const struct explainer *x)
{
    struct value *v = explain_new(
        x, _("list"), STR("minimum"), str_of(_("What must be written down in any case")),
        str_of(_("Documents and records that the standard demands whatever the organisation does. "
                 "Stage 1 looks for each of them.")));
    static const char *const types[] = {"document", "record"};
    const char *const titles[] = {_("Documents"), _("Records")};

    for (size_t t = 0; t < COUNT_OF(types); t++) {
        struct value *list = explain_list(x, v, types[t], titles[t]);
        for (size_t i = 0; i < x->standard->kinds.n; i++) {
            const struct entry *kind = &x->standard->kinds.items[i];
            if (value_get_bool(kind->yaml, "minimum") &&
                value_is_text(value_get(kind->yaml, "kind"), types[t]))
                (void)explain_item(x, list, kind->id, with_clause(x, kind));
        }
    }
    return explain_end(x, v);
}

static struct value *explain_blockers(const struct explainer *x)
{
    struct value *v = explain_new(
        x, _("list"), STR("blockers"), str_of(_("What blocks Stage 2")),
        str_of(_("Requirements whose absence at Stage 1 means that Stage 2 cannot begin. Assay "
                 "raises no other gap to a blocker, and nothing that it cannot tell blocks.")));
    struct value *list = explain_list(x, v, "requirements", _("Requirements"));

    for (size_t i = 0; i < x->standard->requirements.n; i++) {
        const struct entry *e = &x->standard->requirements.items[i];
        if (value_is_text(value_path(e->yaml, "severity.stage1"), "AOC-BLOCK"))
            (void)explain_item(x, list, e->id, with_clause(x, e));
    }
    return explain_end(x, v);
}

/* Entries whose `key` is the number or lies below it; how many. */
static size_t add_under(const struct explainer *x, struct value *v, const struct entries *entries,
                        const char *section, const char *title, const char *key, struct str number)
{
    struct value *list = explain_list(x, v, section, title);

    for (size_t i = 0; i < entries->n; i++) {
        const struct entry *e = &entries->items[i];
        struct str text = value_get(e->yaml, "clause") != NULL ? with_clause(x, e) : e->title;
        if (is_under(value_get_text(e->yaml, key), number))
            (void)explain_item(x, list, e->id, text);
    }
    return value_count(list);
}

/* What a clause, or a group of controls, holds. NULL where it holds nothing. */
static struct value *explain_clause(const struct explainer *x, struct str number)
{
    const struct standard *s = x->standard;
    struct value *v =
        explain_new(x, _("clause"), number, standard_clause_title(s, number), s->title);
    size_t n =
        add_under(x, v, &s->requirements, "requirements", _("Requirements"), "clause", number);

    n += add_under(x, v, &s->kinds, "documents", _("Documents"), "clause", number);
    n += add_under(x, v, &s->controls, "controls", _("Controls"), "id", number);
    return n > 0 ? explain_end(x, v) : NULL;
}

/* ---- search ---- */

struct hit {
    struct str id, title;
    const char *type;
    unsigned points;
};

/* Points for a word that begins with `word`, ASCII case aside. */
static bool has_word(struct arena *mem, struct str text, struct str word)
{
    struct str low = str_lower(mem, text);
    size_t at = 0;

    while ((at = str_find(low, word, at)) != SIZE_MAX) {
        if (at == 0 || !((low.p[at - 1] >= 'a' && low.p[at - 1] <= 'z') ||
                         (low.p[at - 1] >= '0' && low.p[at - 1] <= '9')))
            return true;
        at++;
    }
    return false;
}

/* Every word must be there; one in the title counts three times. 0 where one is not. */
static unsigned points_of(struct arena *mem, struct str title, struct str text, struct str words)
{
    struct str rest = str_lower(mem, words), word;
    unsigned points = 0;

    while (str_split(&rest, ' ', &word)) {
        if (word.n < 2)
            continue;
        unsigned n = (has_word(mem, title, word) ? 3u : 0u) + (has_word(mem, text, word) ? 1u : 0u);
        if (n == 0)
            return 0;
        points += n;
    }
    return points;
}

static struct str text_of(const struct value *yaml)
{
    static const char *const keys[] = {"requirement",       "intent", "looks_for",
                                       "good_answer_shows", "why",    "note"};

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (value_get_text(yaml, keys[i]).n > 0)
            return value_get_text(yaml, keys[i]);
    return STR_NONE;
}

static int by_points(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;

    return x->points != y->points ? (x->points > y->points ? -1 : 1) : str_cmp(x->id, y->id);
}

static size_t search(const struct explainer *x, struct str words, struct hit **ret)
{
    struct arena *mem = x->cx->mem;
    const struct entries *entries;
    struct hit *hits = NULL;
    size_t n = 0, room = 0;

    for (size_t i = 0; (entries = entries_at(x->standard, i)) != NULL; i++) {
        for (size_t k = 0; k < entries->n; k++) {
            const struct entry *e = &entries->items[k];
            unsigned points = points_of(mem, e->title, text_of(e->yaml), words);
            if (points > 0)
                *ARENA_PUSH(mem, hits, n, room) =
                    (struct hit){e->id, e->title, explain_type(e), points};
        }
    }
    for (size_t i = 0; i < value_count(x->rules); i++) {
        const struct value *rule = value_at(x->rules, i);
        struct str title = explain_rule_title(x, rule);
        unsigned points = points_of(mem, title, text_of(rule), words);
        if (points > 0)
            *ARENA_PUSH(mem, hits, n, room) =
                (struct hit){value_get_text(rule, "id"), title, _("rule"), points};
    }
    if (n > 0)
        qsort(hits, n, sizeof *hits, by_points);
    *ret = hits;
    return n;
}

static struct value *explain_search(const struct explainer *x, struct str words)
{
    struct arena *mem = x->cx->mem;
    struct hit *hits;
    size_t n = search(x, words, &hits);

    if (n == 0)
        return NULL;
    struct str about =
        n > SEARCH_RESULTS
            ? str_printf(mem, _("found in %zu places, of which the first %u"), n, SEARCH_RESULTS)
            : str_printf(mem, _("found in %zu places"), n);
    struct value *v = explain_new(x, _("search"), words, STR_NONE, about);
    struct value *list = explain_list(x, v, "found", _("Found"));
    for (size_t i = 0; i < n && i < SEARCH_RESULTS; i++)
        (void)explain_item(x, list, hits[i].id,
                           str_printf(mem, "%.*s (%s)", STR_ARG(hits[i].title), hits[i].type));
    return explain_end(x, v);
}

static void add_near(struct buf *out, struct str near, struct str id, unsigned away, size_t *n)
{
    if (*n < NEAR_MISSES && nearest_distance(near, id) == away && nearest_likely(near, id))
        buf_printf(out, "%s%.*s", (*n)++ > 0 ? ", " : "", STR_ARG(near));
}

/* The ids that come nearest, for a message. */
static struct str near_ids(const struct explainer *x, struct str id)
{
    struct buf out = buf_new(x->cx->mem);
    const struct entries *entries;
    size_t n = 0;

    for (unsigned away = 1; away <= 3 && n == 0; away++) {
        for (size_t i = 0; (entries = entries_at(x->standard, i)) != NULL; i++)
            for (size_t k = 0; k < entries->n; k++)
                add_near(&out, entries->items[k].id, id, away, &n);
        for (size_t i = 0; i < value_count(x->rules); i++)
            add_near(&out, value_get_text(value_at(x->rules, i), "id"), id, away, &n);
    }
    return buf_str(&out);
}

/* "A5.15" and "a 5.15" for people who leave the point out. */
static struct str dotted(struct arena *mem, struct str id)
{
    struct str rest = str_trim(str_from(id, 1));

    if (id.n < 2 || (id.p[0] != 'A' && id.p[0] != 'a') || !is_number(rest) || rest.p[0] == '.')
        return id;
    return str_printf(mem, "A.%.*s", STR_ARG(rest));
}

/* What the words name for certain, or NULL. */
static struct value *explain_named(const struct explainer *x, struct str id)
{
    struct arena *mem = x->cx->mem;
    const struct entry *entry = find_entry(x->standard, id);
    const struct value *rule = find_rule(x, id);
    struct value *v = NULL;

    if (str_is_nocase(id, "minimum"))
        return explain_minimum(x);
    if (str_is_nocase(id, "blockers") || str_is_nocase(id, "blocker"))
        return explain_blockers(x);
    if (entry == NULL && is_number(id)) {
        v = explain_clause(x, id);
        if (v == NULL) /* perhaps a control, without its letter */
            entry = find_entry(x->standard, str_printf(mem, "A.%.*s", STR_ARG(id)));
    } else if (entry == NULL && id.n > 2 && str_is_nocase(str_sub(id, 0, 2), "a.")) {
        v = explain_clause(x, str_printf(mem, "A%.*s", STR_ARG(str_from(id, 1))));
    }
    if (entry != NULL)
        return explain_entry(x, entry);
    return rule != NULL ? explain_rule(x, rule) : v;
}

static int explain(const struct explainer *x, struct str what, struct value **ret)
{
    struct str id = dotted(x->cx->mem, what), near;
    struct value *v = explain_named(x, id);

    if (v == NULL) {
        near = near_ids(x, id);
        if (near.n > 0)
            return fail(x->cx, RC_NOT_FOUND, NULL,
                        _("Nothing is called \"%.*s\". Did you mean %.*s?"), STR_ARG(what),
                        STR_ARG(near));
        v = explain_search(x, what);
    }
    if (v == NULL)
        return fail(x->cx, RC_NOT_FOUND, NULL,
                    _("Nothing is called \"%.*s\", and nothing holds these words."), STR_ARG(what));
    *ret = v;
    return 0;
}

/* ---- showing ---- */

/* A label, and text whose own lines are kept: tables and lists among the passages. */
static void show_item(struct page *p, size_t hang, const struct value *item)
{
    struct str rest = str_trim(value_get_text(item, "text")), line = STR_NONE;
    const struct value *more = value_get(item, "more");

    (void)str_split(&rest, '\n', &line);
    page_item(p, 3, hang, TONE_STRONG, value_get_text(item, "id"), TONE_PLAIN, line);
    while (str_split(&rest, '\n', &line))
        page_text(p, hang, TONE_PLAIN, str_trim(line));
    for (size_t i = 0; i < value_count(more); i++)
        page_text(p, hang, TONE_FAINT, value_as_text(value_at(more, i)));
}

static void show_items(struct page *p, const struct value *items)
{
    size_t hang = 0;

    for (size_t i = 0; i < value_count(items); i++) {
        size_t n = value_get_text(value_at(items, i), "id").n + 5;
        hang = n > hang && n <= 29 ? n : hang;
    }
    for (size_t i = 0; i < value_count(items); i++)
        show_item(p, hang, value_at(items, i));
}

static void show(struct page *p, const struct value *v)
{
    const struct value *sections = value_get(v, "sections");
    struct str title = value_get_text(v, "title");

    page_text(p, 0, TONE_STRONG,
              str_printf(p->cx->mem, "%.*s%s%.*s", STR_ARG(value_get_text(v, "id")),
                         title.n > 0 ? ": " : "", STR_ARG(title)));
    page_text(p, 0, TONE_FAINT,
              str_printf(p->cx->mem, "%.*s%s%.*s", STR_ARG(value_get_text(v, "type")),
                         value_get_text(v, "about").n > 0 ? "; " : "",
                         STR_ARG(value_get_text(v, "about"))));
    for (size_t i = 0; i < value_count(sections); i++) {
        const struct value *section = value_at(sections, i);
        page_line(p);
        page_text(p, 0, TONE_STRONG, value_get_text(section, "title"));
        page_text(p, 3, TONE_PLAIN, value_get_text(section, "text"));
        show_items(p, value_get(section, "items"));
    }
}

static struct str words_of(struct arena *mem, const struct args *args)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < args->word_n; i++)
        buf_printf(&out, "%s%s", i > 0 ? " " : "", args->words[i]);
    struct str all = str_squeeze(mem, buf_str(&out));
    if (str_starts(str_lower(mem, all), STR("clause ")))
        all = str_from(all, 7);
    return all;
}

int cli_explain(struct cli *cli)
{
    const char *format = args_value(&cli->args, "format");
    struct report_style style = output_style(cli->out);
    struct buf out = buf_new(cli->cx->mem);
    struct page page = page_new(cli->cx, &style, &out);
    struct str what = words_of(cli->cx->mem, &cli->args);
    struct explainer x;
    struct value *v;

    if (what.n == 0)
        return cli_misuse(cli, _("Say what to explain: an id, a number or words."));
    TRY(load(cli->cx, args_value(&cli->args, "content"), &x));
    TRY(explain(&x, what, &v));
    if (format != NULL && strcmp(format, "json") == 0) {
        value_json(&out, v, 2);
        buf_char(&out, '\n');
    } else {
        show(&page, v);
    }
    return output_stream(cli->cx, cli->out, buf_str(&out));
}
