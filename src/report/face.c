/* Papers of faces: their head, and those that are a picture or a table. */
#include "report/face_parts.h"

/* ---- what papers share ---- */

struct paper_table *face_table(struct face_paper *f, const char *sheet, const char *columns)
{
    struct paper_table *t = paper_table(f->paper, str_of(sheet));
    struct str rest = str_of(columns), one;
    struct paper_row *row;

    paper_last(f->paper)->media = sheet[0] != '\0' ? PAPER_SHEETS : PAPER_PAGES;
    while (str_split(&rest, '|', &one)) {
        size_t colon = str_find_char(one, ':', 0);
        bool right = str_ends(one, STR("r"));
        int64_t weight = 1;
        (void)str_to_int(str_sub(one, colon + 1, one.n - colon - 1 - right), &weight);
        paper_column(t, (unsigned)weight, right ? PAPER_RIGHT : PAPER_LEFT);
    }
    row = paper_row(t, true);
    rest = str_of(columns);
    while (str_split(&rest, '|', &one))
        face_put(row, str_sub(one, 0, str_find_char(one, ':', 0)));
    return t;
}

void face_put(struct paper_row *row, struct str text)
{
    paper_put(row, 0, PAPER_PLAIN, text);
}

void face_heading(struct face_paper *f, unsigned level, struct str text)
{
    paper_say(paper_heading(f->paper, level, STR_NONE), text);
    paper_last(f->paper)->media = PAPER_PAGES;
}

void face_fact(struct face_paper *f, const char *label, struct str text)
{
    struct paper_text *t;

    if (text.n == 0)
        return;
    t = paper_paragraph(f->paper, PAPER_BODY);
    paper_last(f->paper)->media = PAPER_PAGES;
    paper_run(t, PAPER_BOLD, PAPER_MUTED, str_printf(f->mem, "%s: ", label));
    paper_say(t, text);
}

/* ---- values ---- */

static struct str one_text(const struct value *tree, const struct value *column, struct arena *mem,
                           const struct value *v)
{
    const struct value *choices = value_get(column, "choices");
    struct str text = value_print(mem, v), to = value_get_text(column, "to");

    if (value_type(v) == VALUE_BOOL)
        return str_of(value_as_bool(v) ? _("Yes") : _("No"));
    if (value_type(v) == VALUE_MAP)
        return value_get_text(v, "said").n > 0 ? value_get_text(v, "said")
                                               : value_get_text(v, "name");
    struct str label = value_get_text(choices, str_z(mem, text));
    struct str name = to.n > 0 ? value_get_text(value_get(value_get(tree, "names"), str_z(mem, to)),
                                                str_z(mem, text))
                               : STR_NONE;

    return label.n > 0 ? label : name.n > 0 ? name : text;
}

struct str face_text(struct arena *mem, const struct value *tree, const struct value *column,
                     const struct value *v)
{
    struct buf out = buf_new(mem);

    if (value_type(v) == VALUE_NULL)
        return STR_NONE;
    if (value_type(v) != VALUE_LIST)
        return one_text(tree, column, mem, v);
    for (size_t i = 0; i < value_count(v); i++)
        buf_printf(&out, "%s%.*s", i > 0 ? "; " : "",
                   STR_ARG(one_text(tree, column, mem, value_at(v, i))));
    return buf_str(&out);
}

/* ---- a table of all there is ---- */

/* What every face is too: columns and records. */
static void whole_table(struct face_paper *f, bool sheet)
{
    const struct value *columns = value_get(f->tree, "columns"),
                       *records = value_get(f->tree, "records");
    struct buf heads = buf_new(f->mem);

    for (size_t i = 0; i < value_count(columns); i++) {
        struct str label = value_get_text(value_at(columns, i), "label");
        buf_printf(&heads, "%s%.*s:%d", i > 0 ? "|" : "", STR_ARG(label), label.n > 12 ? 4 : 2);
    }
    bool refs = value_get_text(value_at(records, 0), "ref").n > 0;
    struct str names = refs ? str_printf(f->mem, "%s:2|%.*s", _("Ref"), STR_ARG(buf_str(&heads)))
                            : buf_str(&heads);
    struct paper_table *t =
        face_table(f, sheet ? str_z(f->mem, f->paper->title) : "", str_z(f->mem, names));

    for (size_t i = 0; i < value_count(records); i++) {
        const struct value *record = value_at(records, i), *fields = value_get(record, "fields");
        struct paper_row *row = paper_row(t, false);
        if (refs)
            paper_put(row, PAPER_BOLD, PAPER_PLAIN, value_get_text(record, "ref"));
        for (size_t k = 0; k < value_count(columns); k++) {
            const struct value *column = value_at(columns, k);
            const struct value *v =
                value_get(fields, str_z(f->mem, value_get_text(column, "field")));
            if (value_type(v) == VALUE_INT)
                paper_put_number(row, value_as_thousandths(v, 0));
            else
                face_put(row, face_text(f->mem, f->tree, column, v));
        }
    }
}

/* ---- those of pictures ---- */

static void figure(struct face_paper *f, const struct chart *chart, struct str says)
{
    if (chart == NULL)
        return;
    paper_figure(f->paper, chart, says);
    paper_last(f->paper)->media = PAPER_PAGES;
}

static void steps(struct face_paper *f, const char *axis)
{
    const struct value *of = value_get(f->tree, axis), *list = value_get(of, "steps");
    struct paper_table *t =
        face_table(f, "",
                   str_printf(f->mem, "%.*s:2r|%s:14", STR_ARG(value_get_text(of, "label")),
                              _("What the step means"))
                       .p);

    for (size_t i = value_count(list); i > 0; i--) {
        struct paper_row *row = paper_row(t, false);
        paper_put_number(row, value_get_int(value_at(list, i - 1), "step", 0) * 1000);
        face_put(row, value_get_text(value_at(list, i - 1), "name"));
    }
}

static void matrix(struct face_paper *f)
{
    const struct value *passes = value_get(f->tree, "passes"), *tones = value_get(f->tree, "tones");
    struct buf legend = buf_new(f->mem);

    for (size_t i = 0; i < value_count(passes); i += 2) { /* two on a line */
        const struct value *one = value_at(passes, i), *other = value_at(passes, i + 1);
        const struct chart *left = face_matrix_chart(f->mem, f->tree, one, NULL),
                           *right = other != NULL ? face_matrix_chart(f->mem, f->tree, other, NULL)
                                                  : NULL;
        figure(f,
               chart_beside(f->mem, left, value_get_text(one, "label"), right,
                            value_get_text(other, "label")),
               str_of(_("A grid of both scales with the number of records in each cell. The table "
                        "below says the same.")));
    }
    for (size_t i = 0; i < value_count(tones); i++) {
        struct str tone = value_get_text(value_at(tones, i), "tone");
        buf_printf(&legend, "%s%s: %.*s", i > 0 ? "   " : "",
                   str_is(tone, "good")   ? _("green")
                   : str_is(tone, "warn") ? _("yellow")
                                          : _("red"),
                   STR_ARG(value_get_text(value_at(tones, i), "label")));
    }
    paper_say(paper_paragraph(f->paper, PAPER_SMALL), buf_str(&legend));
    paper_last(f->paper)->media = PAPER_PAGES;
    face_heading(f, 2, str_of(_("The scales")));
    steps(f, "up");
    steps(f, "across");
    face_heading(f, 2, str_of(_("The same as a table")));
    whole_table(f, false);
}

static void series(struct face_paper *f)
{
    const struct value *list = value_get(f->tree, "series");

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *one = value_at(list, i);
        face_heading(f, 2,
                     str_printf(f->mem, "%.*s %.*s", STR_ARG(value_get_text(one, "ref")),
                                STR_ARG(value_get_text(one, "title"))));
        face_fact(f, _("Target"), value_get_text(one, "target"));
        face_fact(f, _("Last value"),
                  str_printf(f->mem, "%.*s %.*s", STR_ARG(value_get_text(one, "last")),
                             STR_ARG(value_get_text(one, "last_at"))));
        figure(f, face_series_chart(f->mem, one),
               str_of(_("Values over time. The table at the end says the same.")));
    }
    face_heading(f, 2, str_of(_("All values")));
    whole_table(f, false);
}

static const char *deadline_word(struct str state)
{
    return str_is(state, "met")      ? _("in time")
           : str_is(state, "late")   ? _("too late")
           : str_is(state, "missed") ? _("missed")
                                     : _("still open");
}

static void deadlines(struct face_paper *f)
{
    const struct value *records = value_get(f->tree, "records");
    struct paper_table *t = NULL;

    for (size_t i = 0; i < value_count(records); i++) {
        const struct value *list = value_get(value_at(records, i), "deadlines");
        for (size_t k = 0; k < value_count(list); k++) {
            const struct value *one = value_at(list, k);
            struct paper_row *row;
            if (t == NULL) {
                face_heading(f, 2, str_of(_("Deadlines")));
                t = face_table(f, "",
                               str_printf(f->mem, "%s:2|%s:8|%s:3|%s:3|%s:3", _("Ref"),
                                          _("Deadline"), _("Until"), _("Done"), _("How it stands"))
                                   .p);
            }
            row = paper_row(t, false);
            face_put(row, value_get_text(value_at(records, i), "ref"));
            face_put(row, value_get_text(one, "label"));
            face_put(row, value_get_text(one, "due"));
            face_put(row, value_get_text(one, "done"));
            face_put(row, str_of(deadline_word(value_get_text(one, "state"))));
        }
    }
}

static void timeline(struct face_paper *f)
{
    figure(f, face_timeline_chart(f->mem, f->tree),
           str_of(_("Each record from its first step to its last. The table below says the "
                    "same.")));
    whole_table(f, false);
    deadlines(f);
}

/* ---- periods ---- */

static void coverage(struct face_paper *f)
{
    const struct value *periods = value_get(f->tree, "periods"),
                       *records = value_get(f->tree, "records");
    struct buf heads = buf_new(f->mem);

    buf_printf(&heads, "%.*s:2|%s:8",
               STR_ARG(value_get_text(value_at(value_get(f->tree, "columns"), 0), "label")),
               _("Title"));
    for (size_t i = 0; i < value_count(periods); i++)
        buf_printf(&heads, "|%.*s:3", STR_ARG(value_get_text(value_at(periods, i), "id")));
    struct paper_table *t = face_table(f, "", str_z(f->mem, buf_str(&heads)));

    for (size_t i = 0; i < value_count(records); i++) {
        const struct value *record = value_at(records, i), *cells = value_get(record, "cells");
        struct paper_row *row = paper_row(t, false);
        paper_put(row, PAPER_BOLD, PAPER_PLAIN, value_get_text(record, "label"));
        face_put(row, value_get_text(record, "title"));
        for (size_t k = 0; k < value_count(cells); k++) {
            struct str state = value_get_text(value_at(cells, k), "state");
            enum paper_role role = str_is(state, "full")   ? PAPER_MET
                                   : str_is(state, "part") ? PAPER_PARTLY
                                                           : PAPER_MISSING;
            const char *word = role == PAPER_MET      ? _("shown")
                               : role == PAPER_PARTLY ? _("in part")
                                                      : _("nothing");
            paper_put(row, 0, role, str_of(word))->fill = role;
        }
    }
}

/* ---- the head ---- */

/* Whoever holds a page knows of whom it is, of which version and day. */
static void head(struct face_paper *f)
{
    const struct value *version = value_get(f->tree, "version");
    struct str organisation = value_get_text(f->tree, "organisation"),
               standard = value_get_text(f->tree, "standard"),
               name = value_get_text(version, "name"), today = value_get_text(f->tree, "today");
    struct paper *p = f->paper;
    struct str which = name.n > 0 ? str_printf(f->mem, _("Version %.*s"), STR_ARG(name))
                       : value_get_text(f->tree, "as_of").n > 0
                           ? str_printf(f->mem, _("As recorded until %.*s"),
                                        STR_ARG(str_sub(value_get_text(f->tree, "as_of"), 0, 10)))
                           : str_printf(f->mem, _("As of %.*s"), STR_ARG(today));

    p->author = organisation;
    p->subject = standard;
    p->program = STR("Assay " ASSAY_VERSION);
    p->head = str_printf(f->mem, "%.*s · %.*s · %.*s", STR_ARG(p->title), STR_ARG(organisation),
                         STR_ARG(which));
    p->foot = str_printf(f->mem, _("Made on %.*s"), STR_ARG(today));
    (void)date_parse_iso(today, &p->day);
    paper_say(paper_paragraph(p, PAPER_TITLE), p->title);
    paper_last(p)->media = PAPER_PAGES;
    paper_say(paper_paragraph(p, PAPER_SUBTITLE),
              str_printf(f->mem, "%.*s · %.*s · %.*s", STR_ARG(organisation), STR_ARG(standard),
                         STR_ARG(which)));
    paper_last(p)->media = PAPER_PAGES;
}

static const struct {
    const char *kind;
    void (*make)(struct face_paper *f);
    bool across;
} kinds[] = {{"statement", face_paper_statement, true},
             {"matrix", matrix, true},
             {"series", series, false},
             {"timeline", timeline, true},
             {"coverage", coverage, true}};

static const struct {
    const char *format, *type;
    int (*write)(struct ctx *cx, const struct paper *f, struct buf *out);
} formats[] = {
    {"pdf", "application/pdf", paper_pdf},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", paper_docx},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", paper_xlsx},
    {"md", "text/markdown; charset=utf-8", paper_md}};

const char *report_face_type(struct str format)
{
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (str_is(format, formats[i].format))
            return formats[i].type;
    return NULL;
}

int report_face(struct ctx *cx, const struct value *tree, struct str format, struct buf *out)
{
    struct face_paper f = {cx->mem, paper_new(cx->mem, value_get_text(tree, "title")), tree};
    struct str kind = value_get_text(tree, "kind");

    head(&f);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (!str_is(kind, kinds[i].kind))
            continue;
        f.paper->across = kinds[i].across;
        kinds[i].make(&f);
        if (!str_is(kind, "statement"))
            whole_table(&f, true);
    }
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (str_is(format, formats[i].format))
            return formats[i].write(cx, f.paper, out);
    return fail(cx, RC_INVALID, "format", _("There is no format \"%.*s\"."), STR_ARG(format));
}
