/* What is said of one requirement, control, kind, criterion, question or rule. */
#include "cli/explain.h"

struct value *explain_new(const struct explainer *x, const char *type, struct str id,
                          struct str title, struct str about)
{
    struct arena *mem = x->cx->mem;
    struct value *v = value_map(mem);

    value_set_text(v, "type", str_of(type));
    value_set_text(v, "id", id);
    value_set_text(v, "title", title);
    value_set_text(v, "about", about);
    value_set(v, "sections", value_list(mem));
    return v;
}

static struct value *new_section(const struct explainer *x, struct value *of, const char *key,
                                 const char *title)
{
    struct value *section = value_map(x->cx->mem);

    value_set_text(section, "key", str_of(key));
    value_set_text(section, "title", str_of(title));
    value_push(value_get_mut(of, "sections"), section);
    return section;
}

void explain_text(const struct explainer *x, struct value *of, const char *key, const char *title,
                  struct str text)
{
    if (text.n > 0)
        value_set_text(new_section(x, of, key, title), "text", text);
}

struct value *explain_list(const struct explainer *x, struct value *of, const char *key,
                           const char *title)
{
    struct value *list = value_list(x->cx->mem);

    value_set(new_section(x, of, key, title), "items", list);
    return list;
}

struct value *explain_item(const struct explainer *x, struct value *list, struct str id,
                           struct str text)
{
    struct value *item = value_map(x->cx->mem);

    value_set_text(item, "id", id);
    value_set_text(item, "text", text);
    value_push(list, item);
    return item;
}

struct value *explain_end(const struct explainer *x, struct value *of)
{
    struct value *all = value_get_mut(of, "sections"), *kept = value_list(x->cx->mem);

    for (size_t i = 0; i < value_count(all); i++) {
        const struct value *items = value_get(value_at(all, i), "items");
        if (items == NULL || value_count(items) > 0)
            value_push(kept, value_at_mut(all, i));
    }
    value_set(of, "sections", kept);
    return of;
}

const char *explain_type(const struct entry *entry)
{
    switch (entry->type) {
    case ENTRY_REQUIREMENT:
        return _("requirement");
    case ENTRY_CONTROL:
        return _("control");
    case ENTRY_CRITERION:
        return _("criterion");
    case ENTRY_QUESTION:
        return _("question");
    case ENTRY_KIND:
        break;
    }
    if (value_is_text(value_get(entry->yaml, "kind"), "record"))
        return _("kind of record");
    if (value_is_text(value_get(entry->yaml, "kind"), "rule"))
        return _("test over all documents");
    return _("kind of document");
}

/* ---- parts that several share ---- */

static bool list_has(const struct value *list, struct str id)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_as_text(value_at(list, i)), id))
            return true;
    return false;
}

static struct str joined(struct arena *mem, const struct value *list)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < value_count(list); i++)
        buf_printf(&out, "%s%.*s", i > 0 ? "; " : "", STR_ARG(value_print(mem, value_at(list, i))));
    return buf_str(&out);
}

/* Entries of a list of ids, with their titles. */
static void add_entries(const struct explainer *x, struct value *into, const struct value *ids)
{
    for (size_t i = 0; i < value_count(ids); i++) {
        struct str id = value_as_text(value_at(ids, i));
        const struct entry *entry = standard_find(x->standard, id);
        (void)explain_item(x, into, id, entry != NULL ? entry->title : STR_NONE);
    }
}

/* "information security manager, risk owner" */
static struct str roles(const struct explainer *x, const struct value *codes)
{
    const struct value *names = value_get(x->standard->about, "roles");
    struct buf out = buf_new(x->cx->mem);

    for (size_t i = 0; i < value_count(codes); i++) {
        struct str code = value_as_text(value_at(codes, i));
        struct str name = value_get_text(names, str_z(x->cx->mem, code));
        buf_printf(&out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(name.n > 0 ? name : code));
    }
    return buf_str(&out);
}

static struct str role(const struct explainer *x, const struct value *code)
{
    struct value *codes = value_list(x->cx->mem);

    value_push(codes, value_text(x->cx->mem, value_as_text(code)));
    return roles(x, codes);
}

static void push_words(struct arena *mem, struct value *list, const char *label, struct str words)
{
    value_push(list, value_text(mem, str_printf(mem, "%s: %.*s", label, STR_ARG(words))));
}

static void add_question(const struct explainer *x, struct value *list, const struct value *q)
{
    struct arena *mem = x->cx->mem;
    struct str asked = role(x, value_get(q, "role")), words = value_get_text(q, "question");
    struct value *more = value_list(mem);
    struct value *item =
        explain_item(x, list, value_get_text(q, "id"),
                     str_printf(mem, "%.*s (%.*s)", STR_ARG(words), STR_ARG(asked)));

    push_words(mem, more, _("A good answer"), value_get_text(q, "good_answer_shows"));
    push_words(mem, more, _("A warning sign"), value_get_text(q, "red_flag"));
    value_set(item, "more", more);
}

/* Questions that the entry names, and those that say they test it. */
static void add_questions(const struct explainer *x, struct value *of, const struct entry *entry)
{
    struct value *list = explain_list(x, of, "questions", _("Questions an auditor may ask"));
    const struct value *own = value_get(entry->yaml, "questions");

    for (size_t i = 0; i < x->standard->questions.n; i++) {
        const struct entry *q = &x->standard->questions.items[i];
        if (list_has(own, q->id) || list_has(value_get(q->yaml, "tests"), entry->id))
            add_question(x, list, q->yaml);
    }
}

/* A template's text over an empty row; as it stands where it is no template. */
static struct str unfilled(const struct explainer *x, struct str text)
{
    static const char name[] = "rule";
    struct value *nothing = value_map(x->cx->mem);
    struct buf out = buf_new(x->cx->mem);
    struct mustache *template;

    if (mustache_compile(x->cx, name, text, MUSTACHE_PLAIN, NULL, NULL, &template) < 0) {
        x->cx->err = (struct err){0};
        return text;
    }
    return mustache_render(template, nothing, &out) < 0 ? text
                                                        : str_squeeze(x->cx->mem, buf_str(&out));
}

struct str explain_rule_title(const struct explainer *x, const struct value *rule)
{
    return unfilled(x, value_get_text(rule, "title"));
}

static struct value *rule_list(const struct explainer *x, struct value *of)
{
    return explain_list(x, of, "rules", _("Findings that Assay may make"));
}

/* The rules that may raise a finding on the requirement. */
static void add_rules(const struct explainer *x, struct value *list, struct str requirement)
{
    for (size_t i = 0; i < value_count(x->rules); i++) {
        const struct value *rule = value_at(x->rules, i);
        if (str_eq(value_get_text(rule, "requirement"), requirement))
            (void)explain_item(x, list, value_get_text(rule, "id"), explain_rule_title(x, rule));
    }
}

/* ---- requirements ---- */

static const char *grade_words(struct str grade)
{
    static const struct {
        const char *grade, *words;
    } all[] = {{"AOC-BLOCK", "an area of concern that blocks Stage 2"},
               {"AOC", "an area of concern (it could become a nonconformity at Stage 2)"},
               {"NOTE", "a note"},
               {"N/A", "not judged at that stage"},
               {"MAJOR", "a major nonconformity"},
               {"MINOR", "a minor nonconformity"},
               {"OFI", "an opportunity for improvement"}};

    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (str_is(grade, all[i].grade))
            return _(all[i].words);
    return "";
}

static const char *rise_words(struct str rule)
{
    static const struct {
        const char *rule, *words;
    } all[] = {
        {"ABSENT", "Major where it is missing altogether, else minor."},
        {"PREVALENCE", "Major where much of what was looked at fails, else minor."},
        {"PREVALENCE_OR_ABSENT",
         "Major where much of what was looked at fails or nothing of it is there, else minor."},
        {"ISOLATED_DOWN", "Minor where only a few lines are concerned."},
        {"GROUP_COUNT_3", "Major where three or more of its group are missing together."}};

    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (str_is(rule, all[i].rule))
            return _(all[i].words);
    return "";
}

static struct str severity(const struct explainer *x, const struct value *severity)
{
    struct buf out = buf_new(x->cx->mem);
    struct str when = value_get_text(severity, "when");
    struct str dated = value_get_text(severity, "dated");

    buf_printf(&out, _("At Stage 1 a gap is %s."), grade_words(value_get_text(severity, "stage1")));
    if (dated.n > 0)
        buf_printf(&out, _(" Where a day before Stage 2 is fixed for it: %s."), grade_words(dated));
    buf_printf(&out, _(" At Stage 2 it is %s."), grade_words(value_get_text(severity, "stage2")));
    if (rise_words(value_get_text(severity, "rule"))[0] != '\0')
        buf_printf(&out, " %s", rise_words(value_get_text(severity, "rule")));
    if (when.n > 0)
        buf_printf(&out, _(" What a person weighs: %.*s."), STR_ARG(when));
    return buf_str(&out);
}

static struct str finding_words(const struct value *check)
{
    if (value_is_text(value_get(check, "norm_basis"), "own_threshold"))
        return str_of(_("The check contains a number that is Assay's own and not the standard's: "
                        "what fails it is a signal until a person confirms it."));
    if (value_is_text(value_get(check, "finding_mode"), "confirm"))
        return str_of(_("A person confirms what the check finds before it counts."));
    return str_of(_("The check restates the requirement, so that Assay proposes the finding by "
                    "itself; a person decides."));
}

/* One of a group of criteria, or a part of one. */
static void add_decisive(const struct explainer *x, struct value *list, const struct value *it,
                         bool other)
{
    struct str id =
        value_type(it) == VALUE_MAP ? value_get_text(it, "criterion") : value_as_text(it);
    const struct entry *entry = standard_find(x->standard, id);
    struct str says = value_get_text(it, "says");
    struct str text = says.n > 0 ? says : entry != NULL ? entry->title : STR_NONE;

    (void)explain_item(x, list, id,
                       other ? str_printf(x->cx->mem, _("or: %.*s"), STR_ARG(text)) : text);
}

/* What people are asked where documents do not show it. */
static void add_asks(const struct explainer *x, struct value *of, const struct value *asks)
{
    struct value *list = explain_list(x, of, "asks", _("What Assay asks a person"));

    for (size_t i = 0; i < value_count(asks); i++) {
        struct str id = value_as_text(value_at(asks, i));
        const struct value *ask = value_get(x->asks, str_z(x->cx->mem, id));
        (void)explain_item(x, list, value_get_text(ask, "answer"), value_get_text(ask, "question"));
    }
}

/* What documents must be there and say, as far as Assay decides it from them. */
static void add_decided(const struct explainer *x, struct value *of, struct str id)
{
    const struct value *d = value_get(x->decided, str_z(x->cx->mem, id));
    struct value *list = explain_list(x, of, "decided_by", _("What Assay looks for in documents"));
    const struct value *groups = value_get(d, "criteria");

    add_entries(x, list, value_get(d, "kinds"));
    for (size_t i = 0; i < value_count(groups); i++) {
        const struct value *group = value_at(groups, i);
        if (value_type(group) != VALUE_LIST)
            add_decisive(x, list, group, false);
        for (size_t k = 0; value_type(group) == VALUE_LIST && k < value_count(group); k++)
            add_decisive(x, list, value_at(group, k), k > 0);
    }
    if (value_get_bool(d, "person"))
        explain_text(x, of, "decided", _("How Assay decides"),
                     str_of(_("Documents cannot show it: Assay asks a person.")));
    if (value_get_bool(d, "stage2"))
        explain_text(x, of, "decided", _("How Assay decides"),
                     str_of(_("Only the audit of operation at Stage 2 can judge it.")));
    add_asks(x, of, value_get(d, "asks"));
}

static struct value *explain_requirement(const struct explainer *x, const struct entry *e)
{
    const struct standard *s = x->standard;
    struct str clause = value_get_text(e->yaml, "clause");
    struct str about = str_printf(x->cx->mem, _("%.*s, %.*s, in clause %.*s: %.*s"),
                                  STR_ARG(s->title), STR_ARG(value_get_text(e->yaml, "iso_ref")),
                                  STR_ARG(clause), STR_ARG(standard_clause_title(s, clause)));
    struct value *v = explain_new(x, _("requirement"), e->id, e->title, about);

    explain_text(x, v, "requirement", _("What is required"),
                 value_get_text(e->yaml, "requirement"));
    explain_text(x, v, "stage1", _("What Stage 1 looks for, in documents"),
                 value_get_text(e->yaml, "stage1"));
    explain_text(x, v, "stage2", _("What Stage 2 looks for, in operation"),
                 value_get_text(e->yaml, "stage2"));
    explain_text(x, v, "severity", _("How grave a gap is"),
                 severity(x, value_get(e->yaml, "severity")));
    explain_text(x, v, "fails", _("What fails it"),
                 value_get_text(value_get(e->yaml, "check"), "violated_when"));
    explain_text(x, v, "finding", _("Who decides"), finding_words(value_get(e->yaml, "check")));
    add_decided(x, v, e->id);
    add_entries(x, explain_list(x, v, "documents", _("Documents")),
                value_get(e->yaml, "documents"));
    explain_text(x, v, "interview", _("Whom an auditor asks"),
                 roles(x, value_get(e->yaml, "interview")));
    add_questions(x, v, e);
    add_rules(x, rule_list(x, v), e->id);
    return v;
}

/* ---- controls ---- */

static void add_kinds_of_control(const struct explainer *x, struct value *of, struct str control)
{
    struct value *list = explain_list(x, of, "documents", _("Documents"));

    for (size_t i = 0; i < x->standard->kinds.n; i++) {
        const struct entry *kind = &x->standard->kinds.items[i];
        if (list_has(value_get(kind->yaml, "controls"), control))
            (void)explain_item(x, list, kind->id, kind->title);
    }
}

static void add_probes(const struct explainer *x, struct value *of, const struct value *checks)
{
    struct value *list = explain_list(x, of, "checks", _("What systems themselves can show"));

    for (size_t i = 0; i < value_count(checks); i++)
        (void)explain_item(x, list, value_get_text(value_at(checks, i), "id"),
                           str_printf(x->cx->mem, "%.*s: %.*s",
                                      STR_ARG(value_get_text(value_at(checks, i), "target")),
                                      STR_ARG(value_get_text(value_at(checks, i), "pass_when"))));
}

static struct value *explain_control(const struct explainer *x, const struct entry *e)
{
    const struct value *evidence = value_get(e->yaml, "evidence");
    struct arena *mem = x->cx->mem;
    struct value *v = explain_new(
        x, _("control"), e->id, e->title,
        str_printf(mem, _("%.*s, %.*s controls%s"), STR_ARG(x->standard->title),
                   STR_ARG(value_get_text(e->yaml, "theme")),
                   value_get_bool(e->yaml, "new_in_2022") ? _(", new in this edition") : ""));

    explain_text(x, v, "intent", _("What it is for"), value_get_text(e->yaml, "intent"));
    explain_text(x, v, "evidence_documents", _("What Stage 1 looks for, in documents"),
                 joined(mem, value_get(evidence, "documents")));
    explain_text(x, v, "evidence_records", _("What Stage 2 looks for, in records"),
                 joined(mem, value_get(evidence, "records")));
    explain_text(x, v, "evidence_observations", _("What Stage 2 looks for, on site"),
                 joined(mem, value_get(evidence, "observations")));
    explain_text(x, v, "nonconformity", _("What typically goes wrong"),
                 value_get_text(e->yaml, "typical_nonconformity"));
    explain_text(x, v, "exclusion", _("May it be excluded?"), value_get_text(e->yaml, "exclusion"));
    add_kinds_of_control(x, v, e->id);
    explain_text(x, v, "interview", _("Whom an auditor asks"),
                 roles(x, value_get(e->yaml, "interview_roles")));
    add_questions(x, v, e);
    add_probes(x, v, value_path(e->yaml, "technical_check.checks"));
    explain_text(x, v, "earlier", _("In the edition of 2013"),
                 joined(mem, value_get(e->yaml, "iso27001_2013")));
    return v;
}

/* ---- kinds and criteria ---- */

static const char *force_words(const struct value *kind)
{
    if (value_get_bool(kind, "minimum"))
        return _("The standard demands it in any case: it is part of the minimum.");
    if (value_is_text(value_get(kind, "force"), "shall"))
        return _("The standard demands it.");
    if (value_is_text(value_get(kind, "force"), "control"))
        return _("It is demanded where the control is applicable.");
    return _("Good practice: auditors expect it, but the standard does not demand a document.");
}

static struct value *explain_kind(const struct explainer *x, const struct entry *e)
{
    const struct value *criteria = value_get(e->yaml, "criteria");
    const struct value *requirements = value_get(e->yaml, "requirements");
    struct str about = str_printf(x->cx->mem, _("%.*s, %.*s"), STR_ARG(x->standard->title),
                                  STR_ARG(value_get_text(e->yaml, "clause")));
    struct value *v = explain_new(x, explain_type(e), e->id, e->title, about);

    explain_text(x, v, "force", _("Must it be there?"), str_of(force_words(e->yaml)));
    explain_text(x, v, "note", _("Note"), value_get_text(e->yaml, "note"));
    struct value *list = explain_list(x, v, "criteria", _("What it has to say"));
    for (size_t i = 0; i < value_count(criteria); i++) {
        const struct value *c = value_at(criteria, i);
        struct str text = value_get_text(c, "criterion");
        if (value_get_bool(c, "practice"))
            text = str_printf(x->cx->mem, _("%.*s (good practice)"), STR_ARG(text));
        (void)explain_item(x, list, value_get_text(c, "id"), text);
    }
    add_entries(x, explain_list(x, v, "requirements", _("Requirements")), requirements);
    add_entries(x, explain_list(x, v, "controls", _("Controls")), value_get(e->yaml, "controls"));
    list = rule_list(x, v);
    for (size_t i = 0; i < value_count(requirements); i++)
        add_rules(x, list, value_as_text(value_at(requirements, i)));
    return v;
}

static void add_passages(const struct explainer *x, struct value *of, const char *key,
                         const char *title, const struct value *passages)
{
    struct value *list = explain_list(x, of, key, title);

    for (size_t i = 0; i < value_count(passages); i++)
        (void)explain_item(x, list, STR("-"), value_as_text(value_at(passages, i)));
}

static struct value *explain_criterion(const struct explainer *x, const struct entry *e)
{
    struct str about =
        str_printf(x->cx->mem, _("of %.*s, %.*s"), STR_ARG(e->kind->id), STR_ARG(e->kind->title));
    struct value *v = explain_new(x, _("criterion"), e->id, e->title, about);

    if (value_get_bool(e->yaml, "practice"))
        explain_text(x, v, "force", _("Must it be met?"),
                     str_of(_("It is good practice: what does not meet it gets a note at most.")));
    explain_text(x, v, "looks_for", _("What Assay looks for"),
                 value_get_text(e->yaml, "looks_for"));
    add_passages(x, v, "meets", _("Passages that would meet it"),
                 value_path(e->yaml, "tests.meets"));
    add_passages(x, v, "near_misses", _("Passages that would not"),
                 value_path(e->yaml, "tests.near_misses"));
    add_entries(x, explain_list(x, v, "requirements", _("Requirements")),
                value_get(e->kind->yaml, "requirements"));
    return v;
}

static struct value *explain_question(const struct explainer *x, const struct entry *e)
{
    struct str asked = role(x, value_get(e->yaml, "role"));
    struct value *v = explain_new(x, _("question"), e->id, e->title,
                                  str_printf(x->cx->mem, _("to: %.*s"), STR_ARG(asked)));

    explain_text(x, v, "good", _("A good answer shows"),
                 value_get_text(e->yaml, "good_answer_shows"));
    explain_text(x, v, "red_flag", _("A warning sign"), value_get_text(e->yaml, "red_flag"));
    explain_text(x, v, "scale", _("Scale"), value_get_text(e->yaml, "scale"));
    add_entries(x, explain_list(x, v, "tests", _("What it tests")), value_get(e->yaml, "tests"));
    return v;
}

struct value *explain_rule(const struct explainer *x, const struct value *rule)
{
    struct arena *mem = x->cx->mem;
    struct value *v = explain_new(x, _("rule"), value_get_text(rule, "id"),
                                  explain_rule_title(x, rule), STR_NONE);
    struct value *list = explain_list(x, v, "requirements", _("Requirement"));
    struct str one = value_get_text(rule, "requirement");
    const struct entry *requirement = standard_find(x->standard, one);

    (void)explain_item(x, list, one, requirement != NULL ? requirement->title : STR_NONE);
    if (requirement != NULL)
        explain_text(x, v, "severity", _("How grave it is"),
                     severity(x, value_get(requirement->yaml, "severity")));
    explain_text(x, v, "why", _("Why it matters"), unfilled(x, value_get_text(rule, "why")));
    explain_text(x, v, "next_step", _("What to do"),
                 unfilled(x, value_get_text(rule, "next_step")));
    if (value_get(rule, "effort_days") != NULL)
        explain_text(x, v, "effort", _("How long it takes"),
                     str_printf(mem, _("days of work: %.*s; days until it can be done: %.*s"),
                                STR_ARG(value_print(mem, value_get(rule, "effort_days"))),
                                STR_ARG(value_print(mem, value_get(rule, "lead_days")))));
    add_entries(x, explain_list(x, v, "covers", _("What rests on it")), value_get(rule, "covers"));
    return explain_end(x, v);
}

struct value *explain_entry(const struct explainer *x, const struct entry *entry)
{
    switch (entry->type) {
    case ENTRY_REQUIREMENT:
        return explain_end(x, explain_requirement(x, entry));
    case ENTRY_CONTROL:
        return explain_end(x, explain_control(x, entry));
    case ENTRY_KIND:
        return explain_end(x, explain_kind(x, entry));
    case ENTRY_CRITERION:
        return explain_end(x, explain_criterion(x, entry));
    case ENTRY_QUESTION:
        break;
    }
    return explain_end(x, explain_question(x, entry));
}
