/*
 * The findings as SARIF 2.1.0 (OASIS), for the lists of alerts that forges keep.
 *
 * A forge shows one place of each result and refuses a result without one. Where a finding rests on
 * no passage, as something is missing, the result stands at the file that it concerns. A finding on
 * lines of a register is one result a line.
 */
#include "base/hash.h"
#include "report/internal.h"

#include <string.h>

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"
#define BASE_ID "%SRCROOT%"
#define OTHER_PLACES 9u /* GitHub takes ten places in all */

struct sarif {
    struct arena *mem;
    const struct value *result;
    const struct report_style *style;
    struct value *rules, *results;
    struct dict *rule_numbers;
};

static struct value *text_of(struct arena *mem, struct str text)
{
    struct value *v = value_map(mem);

    value_set_text(v, "text", text);
    return v;
}

static const char *level_of(const struct value *finding)
{
    static const char *const levels[] = {"error", "warning", "note"};

    return levels[report_gravity(finding)];
}

/* ---- addresses ---- */

/* What RFC 3986 allows in a path as it is. A colon it allows too, but not in the first segment. */
static bool plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~/", c) != NULL);
}

/* Without "." and, where a folder stands before it, "..". */
static struct str tidy(struct arena *mem, struct str path)
{
    struct buf out = buf_new(mem);
    struct str part;
    bool root = str_starts(path, STR("/"));

    while (str_split(&path, '/', &part)) {
        struct str so_far = buf_str(&out);
        if (part.n == 0 || str_is(part, "."))
            continue;
        if (str_is(part, "..") && so_far.n > 0 && !str_is(so_far, "..") &&
            !str_ends(so_far, STR("/.."))) {
            while (out.n > 0 && out.p[out.n - 1] != '/')
                out.n--;
            out.n -= out.n > 0;
            continue;
        }
        if (so_far.n > 0)
            buf_char(&out, '/');
        buf_add(&out, part);
    }
    return root ? str_printf(mem, "/%.*s", STR_ARG(buf_str(&out))) : buf_str(&out);
}

struct str report_uri(struct arena *mem, const struct report_style *style, struct str path)
{
    struct buf out = buf_new(mem);

    if (style->base.n > 0)
        path = str_printf(mem, "%.*s/%.*s", STR_ARG(style->base), STR_ARG(path));
    path = tidy(mem, path);
    if (style->here.n > 0 && str_starts(path, style->here) && path.n > style->here.n &&
        path.p[style->here.n] == '/')
        path = str_from(path, style->here.n + 1);
    if (str_starts(path, STR("/")))
        buf_addz(&out, "file://");
    for (size_t i = 0; i < path.n; i++) {
        if (plain(path.p[i]))
            buf_char(&out, path.p[i]);
        else
            buf_printf(&out, "%%%02X", (unsigned char)path.p[i]);
    }
    return buf_str(&out);
}

static const struct value *document_of(const struct sarif *s, struct str path)
{
    const struct value *documents = value_get(s->result, "documents");

    for (size_t i = 0; i < value_count(documents); i++)
        if (str_eq(value_get_text(value_at(documents, i), "path"), path))
            return value_at(documents, i);
    return NULL;
}

/* Only the lines of a text are lines to a forge; the paragraphs of an office file are none. */
static bool has_lines(const struct value *document)
{
    static const char *const formats[] = {"markdown", "text", "html", "csv"};

    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (value_is_text(value_get(document, "format"), formats[i]))
            return true;
    return false;
}

/* ---- places ---- */

static struct value *file_at(struct sarif *s, struct str path)
{
    struct value *physical = value_map(s->mem), *file = value_map(s->mem);
    struct str uri = report_uri(s->mem, s->style, path);

    value_set_text(file, "uri", uri);
    if (!str_starts(uri, STR("file:")))
        value_set_text(file, "uriBaseId", STR(BASE_ID));
    value_set(physical, "artifactLocation", file);
    return physical;
}

/* Of a passage {path, place, quote, at}; `path` alone will do. */
static struct value *location(struct sarif *s, const struct value *quote, const char *message)
{
    struct value *v = value_map(s->mem), *region = value_map(s->mem), *logical;
    struct str path = value_get_text(quote, "path"), place = report_place(s->mem, quote);
    struct value *physical = file_at(s, path);
    int64_t line = value_as_int(value_path(quote, "at.line"), 0);

    if (line > 0 && has_lines(document_of(s, path))) {
        value_set_int(region, "startLine", line);
        if (value_get_text(quote, "quote").n > 0)
            value_set(region, "snippet", text_of(s->mem, value_get_text(quote, "quote")));
        value_set(physical, "region", region);
    }
    value_set(v, "physicalLocation", physical);
    if (place.n > 0) {
        struct value *list = value_list(s->mem);
        logical = value_map(s->mem);
        value_set_text(logical, "fullyQualifiedName", place);
        value_push(list, logical);
        value_set(v, "logicalLocations", list);
    }
    if (message != NULL)
        value_set(v, "message", text_of(s->mem, str_of(message)));
    return v;
}

static struct value *path_only(struct sarif *s, struct str path)
{
    struct value *v = value_map(s->mem);

    value_set_text(v, "path", path);
    return v;
}

/* The file that the finding's own words name; the longest where one name holds another. */
static struct str named_file(const struct sarif *s, const struct value *finding)
{
    const struct value *documents = value_get(s->result, "documents");
    struct str statement = value_get_text(finding, "statement"), best = STR_NONE;

    for (size_t i = 0; i < value_count(documents); i++) {
        struct str path = value_get_text(value_at(documents, i), "path");
        if (path.n > best.n && str_find(statement, path, 0) != SIZE_MAX)
            best = path;
    }
    return best;
}

/* The document that the standard demands in the same clause. */
static struct str file_of_clause(const struct sarif *s, const struct value *finding)
{
    const struct value *minimum = value_get(s->result, "minimum");
    struct str clause = value_get_text(finding, "clause");

    for (size_t i = 0; i < value_count(minimum); i++) {
        const struct value *it = value_at(minimum, i);
        struct str of = value_get_text(it, "clause"), path = value_get_text(it, "path");
        if (path.n > 0 && (report_in_clause(clause, of) || report_in_clause(of, clause)))
            return path;
    }
    return STR_NONE;
}

/* The document that serves as most. */
static struct str main_file(const struct sarif *s)
{
    const struct value *documents = value_get(s->result, "documents");
    const struct value *best = value_at(documents, 0);

    for (size_t i = 0; i < value_count(documents); i++) {
        if (value_count(value_get(value_at(documents, i), "kinds")) >
            value_count(value_get(best, "kinds")))
            best = value_at(documents, i);
    }
    if (best == NULL)
        best = value_at(value_get(s->result, "skipped"), 0);
    return value_get_text(best, "path");
}

static struct value *place_without_evidence(struct sarif *s, const struct value *finding)
{
    const struct value *nearest = value_path(finding, "searched.nearest");
    struct str path = named_file(s, finding);

    if (path.n > 0)
        return location(s, path_only(s, path), _("The file it is about"));
    if (value_get_text(nearest, "path").n > 0)
        return location(s, nearest, _("What comes nearest"));
    path = file_of_clause(s, finding);
    if (path.n > 0)
        return location(s, path_only(s, path), _("The document of the same clause"));
    path = main_file(s);
    return path.n > 0 ? location(s, path_only(s, path), _("No file shows it")) : NULL;
}

static void set_places(struct sarif *s, const struct value *finding, const struct value *line,
                       struct value *v)
{
    const struct value *evidence = line == NULL ? value_get(finding, "evidence") : NULL;
    struct value *list = value_list(s->mem), *others = value_list(s->mem), *first;
    size_t n = value_count(evidence);

    if (line != NULL)
        first = location(s, line, NULL);
    else
        first =
            n > 0 ? location(s, value_at(evidence, 0), NULL) : place_without_evidence(s, finding);
    if (first != NULL)
        value_push(list, first);
    value_set(v, "locations", list);
    for (size_t i = 1; i < n && i <= OTHER_PLACES; i++) {
        struct str quote = value_get_text(value_at(evidence, i), "quote");
        struct value *other = location(s, value_at(evidence, i), str_z(s->mem, quote));
        value_set_int(other, "id", (int64_t)i);
        value_push(others, other);
    }
    if (value_count(others) > 0)
        value_set(v, "relatedLocations", others);
}

/* ---- rules and results ---- */

static struct value *rule_value(struct sarif *s, const struct value *finding)
{
    struct arena *mem = s->mem;
    struct value *v = value_map(mem), *level = value_map(mem), *properties = value_map(mem);
    struct value *tags = value_list(mem), *help;
    struct str next = value_get_text(finding, "next_step"), why = value_get_text(finding, "why");
    struct str id = value_get_text(finding, "rule"), text = why;

    if (next.n > 0 && !s->style->auditor)
        text = str_printf(mem, _("%.*s\n\nNext step: %.*s"), STR_ARG(why), STR_ARG(next));
    text = str_printf(mem, _("%.*s\n\nMore: assay explain %.*s"), STR_ARG(text), STR_ARG(id));
    help = text_of(mem, text);
    value_set_text(v, "id", id);
    value_set(v, "shortDescription", text_of(mem, value_get_text(finding, "title")));
    value_set(v, "fullDescription", text_of(mem, why));
    value_set(v, "help", help);
    value_set_text(level, "level", str_of(level_of(finding)));
    value_set(v, "defaultConfiguration", level);
    value_push(tags, value_text(mem, value_as_text(value_path(s->result, "standard.id"))));
    value_push(tags, value_text(mem, str_printf(mem, "clause-%.*s",
                                                STR_ARG(value_get_text(finding, "clause")))));
    value_set(properties, "tags", tags);
    value_set(v, "properties", properties);
    return v;
}

static int64_t rule_number(struct sarif *s, const struct value *finding)
{
    struct str id = value_get_text(finding, "rule");

    if (!dict_has(s->rule_numbers, id))
        value_push(s->rules, rule_value(s, finding));
    return (int64_t)dict_intern(s->rule_numbers, id) - 1;
}

/* Its ref, or where it has none, its words. */
static struct str line_name(struct sarif *s, const struct value *line)
{
    struct str ref = value_get_text(line, "ref");

    return ref.n > 0 ? ref : str_sub(hash_sha256_hex(s->mem, value_get_text(line, "quote")), 0, 10);
}

/* Which alert of an earlier run it is: a finding keeps its id when text moves, and a line its name.
 * The second name is the only one that GitHub looks at. */
static struct value *fingerprints(struct sarif *s, const struct value *finding, size_t n)
{
    const struct value *lines = value_get(finding, "lines");
    struct value *v = value_map(s->mem);
    struct str id = value_get_text(finding, "id");

    if (n < value_count(lines)) {
        struct str name = line_name(s, value_at(lines, n));
        size_t same = 1;

        for (size_t i = 0; i < n; i++)
            same += str_eq(line_name(s, value_at(lines, i)), name);
        id = str_printf(s->mem, "%.*s/%.*s", STR_ARG(id), STR_ARG(name));
        if (same > 1)
            id = str_printf(s->mem, "%.*s/%zu", STR_ARG(id), same);
    }
    value_set_text(v, "assayFinding/v1", id);
    value_set_text(v, "primaryLocationLineHash", str_printf(s->mem, "%.*s:1", STR_ARG(id)));
    return v;
}

static struct value *properties(struct sarif *s, const struct value *finding)
{
    static const char *const keys[] = {"requirement", "clause", "control", "grade",
                                       "stage1",      "stage2", "mode"};
    struct value *v = value_map(s->mem);

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (value_get_text(finding, keys[i]).n > 0)
            value_set_text(v, keys[i], value_get_text(finding, keys[i]));
    value_set(v, "covers", report_copy(s->mem, value_get(finding, "covers")));
    return v;
}

static struct str message(struct sarif *s, const struct value *finding, const struct value *line)
{
    struct str title = value_get_text(finding, "title"), ref = value_get_text(line, "ref");

    if (line == NULL)
        return str_printf(s->mem, "%.*s. %.*s", STR_ARG(title),
                          STR_ARG(value_get_text(finding, "statement")));
    return str_printf(s->mem, "%.*s. %.*s%s%.*s", STR_ARG(title), STR_ARG(ref),
                      ref.n > 0 ? ": " : "", STR_ARG(value_get_text(line, "says")));
}

/* Line `n` of a finding, or where it has none, the whole of it. */
static void add_result(struct sarif *s, const struct value *finding, size_t n)
{
    const struct value *line = value_at(value_get(finding, "lines"), n);
    struct arena *mem = s->mem;
    struct value *v = value_map(mem);

    value_set_text(v, "ruleId", value_get_text(finding, "rule"));
    value_set_int(v, "ruleIndex", rule_number(s, finding));
    value_set_text(v, "level", str_of(level_of(finding)));
    value_set(v, "message", text_of(mem, message(s, finding, line)));
    set_places(s, finding, line, v);
    value_set(v, "partialFingerprints", fingerprints(s, finding, n));
    value_set(v, "properties", properties(s, finding));
    value_push(s->results, v);
}

static void add_results(struct sarif *s, const struct value *finding)
{
    const struct value *lines = value_get(finding, "lines");

    if (value_count(lines) == 0)
        add_result(s, finding, 0);
    for (size_t i = 0; i < value_count(lines); i++)
        add_result(s, finding, i);
}

/* ---- the run ---- */

static struct value *driver(struct sarif *s)
{
    struct value *tool = value_map(s->mem), *v = value_map(s->mem);
    const struct value *program = value_get(s->result, "program");

    value_set_text(v, "name", value_get_text(program, "name"));
    value_set_text(v, "version", value_get_text(program, "version"));
    value_set_text(v, "semanticVersion", value_get_text(program, "version"));
    value_set(v, "rules", s->rules);
    value_set(tool, "driver", v);
    return tool;
}

static void push_warnings(struct sarif *s, struct value *list)
{
    const struct value *warnings = value_get(s->result, "warnings");

    for (size_t i = 0; i < value_count(warnings); i++) {
        struct value *v = value_map(s->mem);

        value_set_text(v, "level", STR("warning"));
        value_set(v, "message", text_of(s->mem, value_get_text(value_at(warnings, i), "says")));
        value_push(list, v);
    }
}

/* Files that were not judged, for whoever wonders why nothing is said about them. */
static struct value *notifications(struct sarif *s)
{
    const struct value *skipped = value_get(s->result, "skipped");
    struct value *list = value_list(s->mem);

    push_warnings(s, list);

    for (size_t i = 0; i < value_count(skipped); i++) {
        const struct value *it = value_at(skipped, i);
        struct value *v = value_map(s->mem), *places = value_list(s->mem);
        value_set_text(v, "level", STR("note"));
        value_set(v, "message",
                  text_of(s->mem, str_printf(s->mem, _("Not judged (%.*s): %.*s"),
                                             STR_ARG(value_get_text(it, "what")),
                                             STR_ARG(value_get_text(it, "why")))));
        value_push(places, location(s, it, NULL));
        value_set(v, "locations", places);
        value_push(list, v);
    }
    return list;
}

static struct value *invocations(struct sarif *s)
{
    struct value *list = value_list(s->mem), *v = value_map(s->mem);

    value_set_bool(v, "executionSuccessful", true);
    value_set(v, "toolExecutionNotifications", notifications(s));
    value_push(list, v);
    return list;
}

static struct value *run_value(struct sarif *s)
{
    struct arena *mem = s->mem;
    struct value *run = value_map(mem), *details = value_map(mem), *bases = value_map(mem);
    struct value *root = value_map(mem);
    struct str standard = value_as_text(value_path(s->result, "standard.id"));

    value_set(run, "tool", driver(s));
    value_set_text(details, "id", str_printf(mem, "assay/%.*s/", STR_ARG(standard)));
    value_set(run, "automationDetails", details);
    value_set(root, "description",
              text_of(mem, str_of(_("The folder in which assay was started"))));
    value_set(bases, BASE_ID, root);
    value_set(run, "originalUriBaseIds", bases);
    value_set(run, "invocations", invocations(s));
    value_set_text(run, "columnKind", STR("unicodeCodePoints"));
    value_set(run, "results", s->results);
    return run;
}

int report_sarif(struct ctx *cx, const struct value *result, const struct report_style *style,
                 struct buf *out)
{
    struct arena *mem = cx->mem;
    struct sarif s = {mem, result, style, value_list(mem), value_list(mem), dict_new(mem)};
    const struct value *findings = value_get(result, "findings");
    struct value *log = value_map(mem), *runs = value_list(mem);

    for (size_t i = 0; i < value_count(findings); i++)
        add_results(&s, value_at(findings, i));
    value_set_text(log, "$schema", STR(SCHEMA));
    value_set_text(log, "version", STR("2.1.0"));
    value_push(runs, run_value(&s));
    value_set(log, "runs", runs);
    value_json(out, log, 2);
    buf_char(out, '\n');
    return ctx_check(cx);
}
