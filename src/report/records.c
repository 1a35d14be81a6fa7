#include "report/records.h"

#include <assert.h>

#include "report/internal.h"
#include "report/records_parts.h"

enum { LEFT = 3, HANG_MOST = 34 };

/* "2026-11-30T09:15:00.250Z" */
struct str records_instant(struct arena *mem, struct str at)
{
    if (at.n < 16)
        return at;
    return str_printf(mem, "%.*s %.*s UTC", STR_ARG(str_sub(at, 0, 10)),
                      STR_ARG(str_sub(at, 11, 5)));
}

/* "Ada Byron (owner)", and how where it was not by hand. */
static struct str whose(struct arena *mem, const struct value *version)
{
    struct str by = value_get_text(version, "by"), role = value_get_text(version, "role"),
               via = value_get_text(version, "via");
    struct buf out = buf_new(mem);

    buf_add(&out, by);
    if (role.n > 0)
        buf_printf(&out, " (%.*s)", STR_ARG(role));
    if (via.n > 0 && !str_is(via, "local"))
        buf_printf(&out, _(", by %.*s"), STR_ARG(via));
    return buf_str(&out);
}

static void title_line(struct page *p, const struct value *result)
{
    struct str ref = value_get_text(result, "ref"), label = value_get_text(result, "label");

    page_item_end(p, 0, 0, TONE_PLAIN, STR_NONE, TONE_STRONG,
                  label.n > 0 && !str_eq(label, ref)
                      ? str_printf(p->cx->mem, "%.*s  %.*s", STR_ARG(ref), STR_ARG(label))
                      : ref,
                  value_get_text(result, "title"));
}

/* ---- one record ---- */

/* Long texts keep their lines. */
static void field_text(struct page *p, size_t hang, struct str label, struct str text)
{
    struct str rest = text, line;
    bool first = true;

    while (str_split(&rest, '\n', &line)) {
        page_item(p, LEFT, hang, TONE_FAINT, first ? label : STR_NONE, TONE_PLAIN, line);
        first = false;
    }
}

static void field_lines(struct page *p, const struct value *result, size_t hang, struct str label,
                        const struct value *lines)
{
    for (size_t i = 0; i < value_count(lines); i++) {
        const struct value *line = value_at(lines, i);
        struct buf out = buf_new(p->cx->mem);
        for (size_t k = 0; k < value_count(line); k++)
            buf_printf(&out, "%s%.*s: %.*s", k > 0 ? "; " : "", STR_ARG(value_key_at(line, k)),
                       STR_ARG(records_cell(p, result, NULL, value_at(line, k))));
        page_item(p, LEFT, hang, TONE_FAINT, i == 0 ? label : STR_NONE, TONE_PLAIN, buf_str(&out));
    }
}

/* A reference with what its record is called. */
static struct str reference(struct page *p, const struct value *result, const struct value *column,
                            const struct value *v)
{
    struct arena *mem = p->cx->mem;
    const struct value *names =
        value_get(value_get(result, "names"), str_z(mem, value_get_text(column, "to")));
    struct str name = value_get_text(names, str_z(mem, value_as_text(v)));

    if (name.n == 0 || value_is_text(value_get(column, "to"), "person"))
        return records_cell(p, result, column, v);
    return str_printf(mem, "%.*s %.*s", STR_ARG(value_as_text(v)), STR_ARG(name));
}

static void show_field(struct page *p, const struct value *result, size_t hang,
                       const struct value *column, const struct value *v)
{
    struct str label = value_get_text(column, "label"), type = value_get_text(column, "type");
    bool refers = value_get(column, "to") != NULL;

    if (str_is(type, "rows")) {
        field_lines(p, result, hang, label, v);
    } else if (refers && value_type(v) == VALUE_LIST) {
        for (size_t i = 0; i < value_count(v); i++)
            page_item(p, LEFT, hang, TONE_FAINT, i == 0 ? label : STR_NONE, TONE_PLAIN,
                      reference(p, result, column, value_at(v, i)));
    } else if (refers) {
        page_item(p, LEFT, hang, TONE_FAINT, label, TONE_PLAIN, reference(p, result, column, v));
    } else if (value_type(v) == VALUE_TEXT) {
        field_text(p, hang, label, value_as_text(v));
    } else {
        page_item(p, LEFT, hang, TONE_FAINT, label, TONE_PLAIN, records_cell(p, result, column, v));
    }
}

/* That nothing of a kind is overdue or wrong need not be read for each. */
static bool says_no(const struct value *column, const struct value *v)
{
    return value_get_bool(column, "computed") && value_type(v) == VALUE_BOOL && !value_as_bool(v);
}

static size_t hang_of(const struct value *columns, const char *key)
{
    size_t most = 0;

    for (size_t i = 0; i < value_count(columns); i++) {
        size_t n = page_columns(value_get_text(value_at(columns, i), key));
        most = n > most ? n : most;
    }
    return LEFT + (most > HANG_MOST ? HANG_MOST : most) + 2;
}

/* Fields that say nothing, in one line: what could still be filled in. */
static void show_open(struct page *p, const struct value *columns, const struct value *fields)
{
    struct buf out = buf_new(p->cx->mem);

    for (size_t i = 0; i < value_count(columns); i++) {
        struct str id = value_get_text(value_at(columns, i), "field");
        if (value_get(fields, str_z(p->cx->mem, id)) == NULL &&
            !value_get_bool(value_at(columns, i), "computed"))
            buf_printf(&out, "%s%.*s", out.n > 0 ? ", " : "", STR_ARG(id));
    }
    if (out.n == 0)
        return;
    page_line(p);
    page_text(p, LEFT, TONE_FAINT,
              str_printf(p->cx->mem, _("Not said: %.*s"), STR_ARG(buf_str(&out))));
}

static void show_ways(struct page *p, const struct value *result)
{
    const struct value *list = value_get(result, "ways");
    struct buf out = buf_new(p->cx->mem);

    for (size_t i = 0; i < value_count(list); i++)
        buf_printf(&out, "%s%.*s (%.*s)", i > 0 ? ", " : "",
                   STR_ARG(value_get_text(value_at(list, i), "to")),
                   STR_ARG(value_get_text(value_at(list, i), "label")));
    if (out.n > 0)
        page_text(p, LEFT, TONE_FAINT,
                  str_printf(p->cx->mem, _("Can become: %.*s"), STR_ARG(buf_str(&out))));
}

static void view_record(struct page *p, const struct value *result)
{
    const struct value *columns = value_get(result, "columns"),
                       *fields = value_get(result, "fields");
    size_t hang = hang_of(columns, "label");

    title_line(p, result);
    page_text(p, 0, TONE_FAINT,
              str_printf(p->cx->mem, _("version %lld of %.*s by %.*s"),
                         (long long)value_get_int(result, "rev", 0),
                         STR_ARG(records_instant(p->cx->mem, value_get_text(result, "at"))),
                         STR_ARG(whose(p->cx->mem, result))));
    page_line(p);
    for (size_t i = 0; i < value_count(columns); i++) {
        const struct value *column = value_at(columns, i);
        const char *id = str_z(p->cx->mem, value_get_text(column, "field"));
        if (value_get(fields, id) != NULL && !says_no(column, value_get(fields, id)))
            show_field(p, result, hang, column, value_get(fields, id));
    }
    show_open(p, columns, fields);
    show_ways(p, result);
}

/* ---- changes ---- */

/* What a change prints, one value a line, in one line; persons by their names. */
static struct str change_text(struct page *p, const struct value *result,
                              const struct value *change, const char *key)
{
    struct str rest = value_get_text(change, key), line;
    struct buf out = buf_new(p->cx->mem);

    if (value_get(change, "to") == NULL)
        return rest;
    while (str_split(&rest, '\n', &line))
        buf_printf(&out, "%s%.*s", out.n > 0 ? ", " : "",
                   STR_ARG(records_cell(p, result, change, value_text(p->cx->mem, line))));
    return buf_str(&out);
}

static void change_line(struct page *p, const struct value *result, size_t left, size_t hang,
                        const struct value *change)
{
    struct str was = change_text(p, result, change, "was"),
               now = change_text(p, result, change, "now");
    const char *arrow = p->unicode ? "→" : "->";
    struct str text;

    if (was.n == 0)
        text = now;
    else if (now.n == 0)
        text = str_printf(p->cx->mem, _("%.*s %s (nothing)"), STR_ARG(was), arrow);
    else
        text = str_printf(p->cx->mem, "%.*s %s %.*s", STR_ARG(was), arrow, STR_ARG(now));
    page_item(p, left, hang, TONE_FAINT, value_get_text(change, "label"), TONE_PLAIN, text);
}

static void changes(struct page *p, const struct value *result, size_t left,
                    const struct value *list)
{
    size_t hang = left + hang_of(list, "label") - LEFT;

    for (size_t i = 0; i < value_count(list); i++)
        change_line(p, result, left, hang, value_at(list, i));
}

static void view_changed(struct page *p, const struct value *result)
{
    const struct value *list = value_get(result, "changes");

    title_line(p, result);
    if (value_count(list) == 0)
        page_text(p, LEFT, TONE_PLAIN, str_of(_("It was so already; nothing is changed.")));
    changes(p, result, LEFT, list);
}

static void view_added(struct page *p, const struct value *result)
{
    page_put(p, TONE_PLAIN, page_clean(p, value_get_text(result, "ref")));
    page_line(p);
}

static void view_removed(struct page *p, const struct value *result)
{
    struct str ref = value_get_text(result, "ref");

    page_text(p, 0, TONE_PLAIN,
              str_printf(p->cx->mem,
                         _("%.*s is removed. What it said stays in its history: assay history %.*s "
                           "%.*s"),
                         STR_ARG(ref), STR_ARG(value_get_text(result, "register")), STR_ARG(ref)));
}

/* "add" as people say that somebody did it. */
static struct str deed(struct arena *mem, const struct value *version)
{
    static const struct {
        const char *act, *words;
    } deeds[] = {{"init", "made with the home by"},
                 {"add", "added by"},
                 {"set", "changed by"},
                 {"advance", "advanced by"},
                 {"remove", "removed by"},
                 {"import", "imported by"},
                 {"erase", "erased by"}};
    struct str act = value_get_text(version, "act");

    struct str decision = value_get_text(version, "decision");

    for (size_t i = 0; i < COUNT_OF(deeds); i++)
        if (str_is(act, deeds[i].act))
            return str_printf(mem, "%s %.*s%s%.*s", _(deeds[i].words), STR_ARG(whose(mem, version)),
                              decision.n > 0 ? ", " : "", STR_ARG(decision));
    return str_printf(mem, "%.*s: %.*s", STR_ARG(act), STR_ARG(whose(mem, version)));
}

static void view_history(struct page *p, const struct value *result)
{
    const struct value *versions = value_get(result, "versions");

    title_line(p, result);
    for (size_t i = value_count(versions); i-- > 0;) { /* the last first */
        const struct value *version = value_at(versions, i);
        struct str act = value_get_text(version, "act");
        struct str later = value_get_text(value_at(versions, i + 1), "record");
        page_line(p);
        if (later.n > 0 && !str_eq(later, value_get_text(version, "record")))
            page_rule(p, TONE_STRONG, _("An earlier record of this ref"), STR_NONE);
        page_item_end(p, 0, 5, TONE_STRONG, value_print(p->cx->mem, value_get(version, "rev")),
                      TONE_PLAIN, deed(p->cx->mem, version),
                      records_instant(p->cx->mem, value_get_text(version, "at")));
        if (!str_is(act, "remove"))
            changes(p, result, 5, value_get(version, "changes"));
    }
}

static struct str side(struct arena *mem, const struct value *side)
{
    if (value_get_int(side, "rev", 0) == 0)
        return str_of(_("nothing"));
    return str_printf(mem, _("version %lld (%.*s)"), (long long)value_get_int(side, "rev", 0),
                      STR_ARG(records_instant(mem, value_get_text(side, "at"))));
}

static void diff_records(struct page *p, const struct value *result)
{
    const struct value *records = value_get(result, "records");

    if (value_count(records) == 0) /* a day counts by its end, which may be yet to come */
        page_text(
            p, 0, TONE_PLAIN,
            str_printf(p->cx->mem, _("Nothing has changed since %.*s."),
                       STR_ARG(records_instant(p->cx->mem, value_get_text(result, "from_at")))));
    for (size_t i = 0; i < value_count(records); i++) {
        const struct value *one = value_at(records, i);
        struct str what = value_get_text(one, "what");
        enum tone tone = str_is(what, "added")     ? TONE_GOOD
                         : str_is(what, "removed") ? TONE_BAD
                                                   : TONE_WARN;
        page_item_end(p, 0, 9, tone, what, TONE_PLAIN,
                      str_printf(p->cx->mem, "%.*s %.*s", STR_ARG(value_get_text(one, "ref")),
                                 STR_ARG(value_get_text(one, "label"))),
                      value_get_text(one, "register"));
        changes(p, result, 9, value_get(one, "changes"));
    }
}

static void view_diff(struct page *p, const struct value *result)
{
    const struct value *list = value_get(result, "changes");

    if (value_get(result, "records") != NULL) {
        diff_records(p, result);
        return;
    }
    title_line(p, result);
    page_text(p, 0, TONE_FAINT,
              str_printf(p->cx->mem, _("from %.*s to %.*s"),
                         STR_ARG(side(p->cx->mem, value_get(result, "from"))),
                         STR_ARG(side(p->cx->mem, value_get(result, "to")))));
    page_line(p);
    if (value_count(list) == 0)
        page_text(p, LEFT, TONE_PLAIN, str_of(_("Nothing has changed.")));
    changes(p, result, LEFT, list);
}

/* ---- registers ---- */

static void say_limits(struct buf *out, struct arena *mem, const struct value *field)
{
    const struct value *least = value_get(field, "least"), *most = value_get(field, "most");
    bool bytes = value_get_text(field, "counted").n > 0;

    if (value_get_text(field, "scale").n > 0)
        buf_printf(out, _("; a step of the scale of %.*s"),
                   STR_ARG(value_get_text(field, "scale")));
    if (least != NULL)
        buf_printf(out, _("; at least %.*s"), STR_ARG(value_print(mem, least)));
    if (most != NULL)
        buf_printf(out, bytes ? _("; at most %.*s bytes") : _("; at most %.*s"),
                   STR_ARG(value_print(mem, most)));
    if (value_get_text(field, "pattern").n > 0)
        buf_printf(out, _("; of the form %.*s"), STR_ARG(value_get_text(field, "pattern")));
    if (value_get_bool(field, "unique"))
        buf_addz(out, _("; each only once"));
}

static struct str word_of(struct arena *mem, const struct value *v)
{
    if (value_is_text(v, "=today"))
        return str_of(_("the day, or moment, of recording"));
    if (value_is_text(v, "=actor"))
        return str_of(_("who records it"));
    if (value_type(v) == VALUE_BOOL)
        return str_of(value_as_bool(v) ? _("yes") : _("no"));
    return value_print(mem, v);
}

/* One value, or several. */
static struct str words_of(struct arena *mem, const struct value *v)
{
    struct buf out = buf_new(mem);

    if (value_type(v) != VALUE_LIST)
        return word_of(mem, v);
    for (size_t i = 0; i < value_count(v); i++)
        buf_printf(&out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(word_of(mem, value_at(v, i))));
    return buf_str(&out);
}

static void say_need(struct buf *out, struct arena *mem, const struct value *field)
{
    struct str with = value_get_text(field, "required_with");
    const struct value *is = value_get(field, "required_when"), *v = value_get(field, "default");

    if (value_get_bool(field, "required"))
        buf_addz(out, _("; has to be filled in"));
    else if (is != NULL)
        buf_printf(out, _("; has to be filled in where %.*s is %.*s"), STR_ARG(with),
                   STR_ARG(words_of(mem, is)));
    else if (with.n > 0)
        buf_printf(out, _("; has to be filled in where %.*s is filled in"), STR_ARG(with));
    if (v != NULL)
        buf_printf(out, _("; where left out: %.*s"), STR_ARG(words_of(mem, v)));
    if (value_get_bool(field, "personal"))
        buf_addz(out, _("; tells of a person"));
}

static struct str kind_of(struct arena *mem, const struct value *field)
{
    struct buf out = buf_new(mem);
    const struct value *choices = value_get(field, "choices");
    struct str to = value_get_text(field, "to"), type = value_get_text(field, "type"), word;

    for (struct str rest = type; str_split(&rest, '_', &word);)
        buf_printf(&out, "%s%.*s", out.n > 0 ? " " : "", STR_ARG(word));
    if (to.n > 0 && !str_is(to, "person"))
        buf_printf(&out, _(" to %.*s"), STR_ARG(to));
    for (size_t i = 0; i < value_count(choices); i++)
        buf_printf(&out, "%s%.*s", i == 0 ? ": " : ", ",
                   STR_ARG(value_as_text(value_at(choices, i))));
    say_limits(&out, mem, field);
    say_need(&out, mem, field);
    if (value_get_bool(field, "computed"))
        buf_addz(&out, _("; follows from other fields"));
    return buf_str(&out);
}

static void show_fields(struct page *p, size_t left, size_t hang, const struct value *fields)
{
    for (size_t i = 0; i < value_count(fields); i++) {
        const struct value *field = value_at(fields, i);
        struct str label = value_get_text(field, "label"), help = value_get_text(field, "help");
        page_item(p, left, hang, TONE_STRONG, value_get_text(field, "field"), TONE_PLAIN,
                  help.n > 0 ? str_printf(p->cx->mem, "%.*s: %.*s", STR_ARG(label), STR_ARG(help))
                             : label);
        page_text(p, hang, TONE_FAINT, kind_of(p->cx->mem, field));
        show_fields(p, hang, hang + 20, value_get(field, "of"));
    }
}

static void say_list(struct page *p, const char *words, const struct value *list)
{
    struct buf out = buf_new(p->cx->mem);

    for (size_t i = 0; i < value_count(list); i++)
        buf_printf(&out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(value_as_text(value_at(list, i))));
    if (out.n > 0)
        page_text(p, LEFT + 3, TONE_FAINT,
                  str_printf(p->cx->mem, "%s %.*s", words, STR_ARG(buf_str(&out))));
}

static void show_states(struct page *p, const struct value *result)
{
    const struct value *list = value_get(result, "ways");
    const char *arrow = p->unicode ? "→" : "->";

    if (value_count(list) == 0)
        return;
    page_rule(p, TONE_STRONG, _("States"), value_get_text(result, "state"));
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *way = value_at(list, i), *from = value_get(way, "from");
        struct buf out = buf_new(p->cx->mem);
        for (size_t k = 0; k < value_count(from); k++)
            buf_printf(&out, "%s%.*s", k > 0 ? ", " : "",
                       STR_ARG(value_as_text(value_at(from, k))));
        buf_printf(&out, " %s %.*s", arrow, STR_ARG(value_get_text(way, "to")));
        page_item_end(p, LEFT, LEFT, TONE_PLAIN, STR_NONE, TONE_PLAIN, buf_str(&out),
                      value_get_text(way, "label"));
        say_list(p, _("needs"), value_get(way, "needs"));
        say_list(p, _("by"), value_get(way, "roles"));
        say_list(p, _("not by the person in"), value_get(way, "four_eyes"));
    }
}

static void view_register(struct page *p, const struct value *result)
{
    const struct value *fields = value_get(result, "fields");

    page_item_end(p, 0, 0, TONE_PLAIN, STR_NONE, TONE_STRONG, value_get_text(result, "title"),
                  value_get_text(result, "register"));
    page_text(p, 0, TONE_PLAIN, value_get_text(result, "help"));
    if (value_get_bool(result, "single"))
        page_text(p, 0, TONE_FAINT, str_of(_("There is one record only.")));
    page_rule(p, TONE_STRONG, _("Fields"), STR_NONE);
    show_fields(p, LEFT, hang_of(fields, "field"), fields);
    show_states(p, result);
}

static void view_registers(struct page *p, const struct value *result)
{
    const struct value *names = value_get(result, "names");

    for (size_t i = 0; i < value_count(names); i++) {
        page_put(p, TONE_PLAIN, value_as_text(value_at(names, i)));
        page_line(p);
    }
    if (value_get(result, "fields") != NULL)
        view_register(p, result);
    else if (names == NULL)
        records_table(p, result);
}

/* ---- the rest ---- */

static void view_search(struct page *p, const struct value *result)
{
    const struct value *hits = value_get(result, "records");

    if (value_count(hits) == 0)
        page_text(p, 0, TONE_PLAIN, value_get_text(result, "empty"));
    for (size_t i = 0; i < value_count(hits); i++) {
        const struct value *hit = value_get(value_at(hits, i), "fields");
        struct str ref = value_get_text(hit, "ref"), label = value_get_text(hit, "label");
        page_item_end(p, 0, page_columns(ref) + 2, TONE_STRONG, ref, TONE_PLAIN, label,
                      value_get_text(hit, "register"));
        page_text(p, LEFT, TONE_FAINT, value_get_text(hit, "excerpt"));
    }
}

static void problem_lines(struct page *p, const struct value *list)
{
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *one = value_at(list, i);
        page_item(p, 0, 20, TONE_BAD,
                  str_printf(p->cx->mem, "%.*s %.*s", STR_ARG(value_get_text(one, "register")),
                             STR_ARG(value_get_text(one, "ref"))),
                  TONE_PLAIN, value_get_text(one, "message"));
    }
}

static void view_problems(struct page *p, const struct value *result)
{
    const struct value *list = value_get(result, "problems"), *left = value_get(result, "left");

    problem_lines(p, list);
    if (value_count(list) == 0)
        page_text(p, 0, TONE_GOOD, str_of(_("All is as it should be.")));
    else if (left == NULL)
        page_text(p, 0, TONE_PLAIN, str_of(_("To mend it: assay doctor --mend")));
    else if (value_count(left) == 0)
        page_text(p, 0, TONE_GOOD, str_of(_("All of it is mended.")));
    else
        page_text(p, 0, TONE_BAD, str_of(_("Not all of it could be mended. What is left:")));
    problem_lines(p, left);
}

static void view_vault(struct page *p, const struct value *result)
{
    struct arena *mem = p->cx->mem;
    const struct value *list = value_get(result, "problems");
    int64_t removed = value_get_int(result, "removed", 0);

    problem_lines(p, list);
    page_text(p, 0, value_count(list) == 0 ? TONE_GOOD : TONE_PLAIN,
              str_printf(mem, _("%lld files (%lld MB) were read and are as they were recorded."),
                         (long long)value_get_int(result, "objects", 0),
                         (long long)(value_get_int(result, "bytes", 0) >> 20)));
    if (removed > 0)
        page_text(p, 0, TONE_PLAIN,
                  str_printf(mem, _("%lld files that no record names were taken away."),
                             (long long)removed));
    if (value_count(list) > 0)
        page_text(p, 0, TONE_PLAIN,
                  str_of(_("Bring what is lost back from a backup: the files of its folder vault "
                           "keep their names.")));
}

static void view_said(struct page *p, const struct value *result)
{
    page_text(p, 0, TONE_PLAIN, value_get_text(result, "said"));
}

/* A sentence, and what others read byte by byte. */
static void view_ledger(struct page *p, const struct value *result)
{
    if (value_get(result, "said") != NULL)
        view_said(p, result);
    buf_add(p->out, value_get_text(result, "text"));
}

static void view_verified(struct page *p, const struct value *result)
{
    problem_lines(p, value_get(result, "problems"));
    if (value_get_int(result, "count", 0) == 0)
        page_text(p, 0, TONE_GOOD,
                  str_printf(p->cx->mem, _("All is what the ledger's %lld entries say."),
                             (long long)value_get_int(result, "entries", 0)));
}

static void view_init(struct page *p, const struct value *result)
{
    struct arena *mem = p->cx->mem;
    struct str home = value_get_text(result, "home");

    page_text(p, 0, TONE_PLAIN,
              str_printf(mem,
                         _("%.*s has its home in %.*s; %.*s owns it. Its days are those of "
                           "%.*s."),
                         STR_ARG(value_get_text(result, "title")), STR_ARG(home),
                         STR_ARG(value_get_text(result, "owner")),
                         STR_ARG(value_get_text(result, "time_zone"))));
    records_next(p, result);
}

/* A face as a table, or where it went as a document. */
static void view_face(struct page *p, const struct value *result)
{
    if (value_get_text(result, "said").n > 0)
        view_said(p, result);
    else
        records_table(p, result);
}

int report_records(struct ctx *cx, const char *view, const struct value *result,
                   const struct report_style *style, struct buf *out)
{
    static const struct {
        const char *name;
        void (*show)(struct page *p, const struct value *result);
    } views[] = {
        {"list", records_table},     {"record", view_record},     {"changed", view_changed},
        {"advanced", view_changed},  {"added", view_added},       {"removed", view_removed},
        {"history", view_history},   {"diff", view_diff},         {"registers", view_registers},
        {"search", view_search},     {"problems", view_problems}, {"said", view_said},
        {"init", view_init},         {"import", records_import},  {"ledger", view_ledger},
        {"verified", view_verified}, {"vault", view_vault},       {"erase", records_erase},
        {"face", view_face},
    };
    struct page page = page_new(cx, style, out);

    for (size_t i = 0; i < COUNT_OF(views); i++) {
        if (strcmp(views[i].name, view) != 0)
            continue;
        views[i].show(&page, result);
        return ctx_check(cx);
    }
    assert(false && "a view that is there");
    return fail(cx, RC_FAIL, view, "There is no view %s.", view);
}
