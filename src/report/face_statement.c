/* A statement as a paper: what an auditor reads and files, version by version. */
#include "report/face_parts.h"

/* The columns of the statement's own meaning are known by their keys in the tree. */
static const struct value *column_of(const struct face_paper *f, const char *key)
{
    const struct value *columns = value_get(f->tree, "columns");
    struct str id = value_get_text(value_get(f->tree, "by"), key);

    for (size_t i = 0; i < value_count(columns); i++)
        if (str_eq(value_get_text(value_at(columns, i), "field"), id))
            return value_at(columns, i);
    return NULL;
}

static const struct value *field_of(const struct face_paper *f, const struct value *line,
                                    const struct value *column)
{
    return value_get(value_get(line, "fields"), str_z(f->mem, value_get_text(column, "field")));
}

/* All that a group of columns says of a line, a paragraph each. */
static void put_columns(struct face_paper *f, struct paper_row *row, const struct value *line,
                        const char *key)
{
    const struct value *ids = value_get(value_get(f->tree, "by"), key),
                       *columns = value_get(f->tree, "columns");
    struct paper_cell *cell = paper_cell(row);

    for (size_t i = 0; i < value_count(columns); i++) {
        const struct value *column = value_at(columns, i);
        struct str text = STR_NONE;
        for (size_t k = 0; k < value_count(ids); k++)
            if (str_eq(value_as_text(value_at(ids, k)), value_get_text(column, "field")))
                text = face_text(f->mem, f->tree, column, field_of(f, line, column));
        if (text.n > 0)
            paper_say(paper_cell_text(cell), text);
    }
}

static void put_links(struct face_paper *f, struct paper_row *row, const struct value *line)
{
    const struct value *links = value_get(line, "links");
    struct paper_text *t = paper_cell_text(paper_cell(row));

    for (size_t i = 0; i < value_count(links); i++)
        paper_say(t, str_printf(f->mem, "%s%.*s", i > 0 ? ", " : "",
                                STR_ARG(value_get_text(value_at(links, i), "ref"))));
}

static void put_gaps(struct face_paper *f, struct paper_text *t, const struct value *line)
{
    const struct value *gaps = value_get(line, "gaps"), *all = value_get(f->tree, "gaps");

    for (size_t i = 0; i < value_count(gaps); i++)
        for (size_t k = 0; k < value_count(all); k++)
            if (str_eq(value_get_text(value_at(all, k), "id"), value_as_text(value_at(gaps, i))))
                paper_run(t, 0, PAPER_CONCERN,
                          str_printf(f->mem, "%s%.*s", t->n > 0 ? "\n" : "",
                                     STR_ARG(value_get_text(value_at(all, k), "label"))));
}

static void put_state(struct face_paper *f, struct paper_row *row, const struct value *line)
{
    const struct value *column = column_of(f, "state"), *v = field_of(f, line, column);
    struct paper_cell *cell = paper_cell(row);
    struct str text = face_text(f->mem, f->tree, column, v);

    if (text.n > 0)
        paper_run(paper_cell_text(cell), PAPER_BOLD, PAPER_PLAIN, text);
    if (value_get(f->tree, "version") == NULL && value_count(value_get(line, "gaps")) > 0)
        put_gaps(f, paper_cell_text(cell), line);
}

static void add_line(struct face_paper *f, struct paper_table *t, const struct value *line)
{
    const struct value *applies = column_of(f, "applies");
    struct paper_row *row = paper_row(t, false);
    struct paper_cell *cell = paper_cell(row);
    struct str said = face_text(f->mem, f->tree, applies, field_of(f, line, applies));

    paper_run(paper_cell_text(cell), PAPER_BOLD, PAPER_PLAIN, value_get_text(line, "entry"));
    paper_say(paper_cell_text(cell), value_get_text(line, "title"));
    paper_put(row, PAPER_BOLD, said.n > 0 ? PAPER_PLAIN : PAPER_MISSING,
              said.n > 0 ? said : str_of(_("not decided")));
    put_columns(f, row, line, "reasons");
    put_columns(f, row, line, "why");
    put_state(f, row, line);
    put_columns(f, row, line, "how");
    put_links(f, row, line);
}

static void add_groups(struct face_paper *f)
{
    const struct value *lines = value_get(f->tree, "records");
    const char *heads = str_printf(f->mem, "%s:5|%s:2|%s:3|%s:7|%s:4|%s:6|%s:4", _("Control"),
                                   _("Applies"), _("Kinds of reason"), _("Reason"), _("State"),
                                   _("How"), _("Risks, evidence, documents"))
                            .p;
    struct paper_table *t = NULL;
    struct str group = STR_NONE;

    for (size_t i = 0; i < value_count(lines); i++) {
        const struct value *line = value_at(lines, i);
        if (t == NULL || !str_eq(group, value_get_text(line, "group"))) {
            group = value_get_text(line, "group");
            face_heading(f, 1, group);
            t = face_table(f, "", heads);
        }
        add_line(f, t, line);
    }
}

/* ---- what it is ---- */

static struct str figures(const struct face_paper *f)
{
    const struct value *states = value_get(f->tree, "states");
    struct buf out = buf_new(f->mem);

    buf_printf(&out, _("%lld controls: %lld apply, %lld are excluded, %lld are not decided."),
               (long long)value_get_int(f->tree, "all_n", 0),
               (long long)value_get_int(f->tree, "applies_n", 0),
               (long long)value_get_int(f->tree, "excluded_n", 0),
               (long long)value_get_int(f->tree, "undecided_n", 0));
    for (size_t i = 0; i < value_count(states); i++) {
        const struct value *state = value_at(states, i);
        if (value_get_int(state, "n", 0) > 0)
            buf_printf(&out, " %.*s: %lld.", STR_ARG(value_get_text(state, "label")),
                       (long long)value_get_int(state, "n", 0));
    }
    return buf_str(&out);
}

static void front(struct face_paper *f)
{
    const struct value *version = value_get(f->tree, "version");
    struct str kept = value_get_text(version, "kept");

    if (version == NULL) {
        f->paper->draft = true;
        paper_say(paper_paragraph(f->paper, PAPER_LEAD),
                  str_of(_("This is the present state, and no approved version.")));
        paper_last(f->paper)->media = PAPER_PAGES;
    } else {
        face_fact(f, _("Version"), value_get_text(version, "name"));
        face_fact(f, _("Date"), value_get_text(version, "day"));
        face_fact(f, _("Approved by"), value_get_text(version, "by"));
        face_fact(f, _("Kept as recorded at"), kept);
    }
    face_fact(f, _("In figures"), figures(f));
}

static void add_gaps(struct face_paper *f)
{
    const struct value *gaps = value_get(f->tree, "gaps");
    struct paper_table *t = NULL;

    for (size_t i = 0; i < value_count(gaps) && value_get(f->tree, "version") == NULL; i++) {
        const struct value *gap = value_at(gaps, i);
        struct paper_row *row;
        if (value_get_int(gap, "n", 0) == 0)
            continue;
        if (t == NULL) {
            face_heading(f, 1, str_of(_("What is still open")));
            t = face_table(
                f, "",
                str_printf(f->mem, "%s:6|%s:2r|%s:14", _("Gap"), _("Controls"), _("What it means"))
                    .p);
        }
        row = paper_row(t, false);
        face_put(row, value_get_text(gap, "label"));
        paper_put_number(row, value_get_int(gap, "n", 0) * 1000);
        face_put(row, value_get_text(gap, "help"));
    }
}

/* ---- what changed ---- */

static void add_change(struct paper_table *t, const struct value *change)
{
    const struct value *fields = value_get(change, "changes");

    for (size_t i = 0; i < value_count(fields); i++) {
        const struct value *one = value_at(fields, i);
        struct paper_row *row = paper_row(t, false);
        paper_put(row, PAPER_BOLD, PAPER_PLAIN, value_get_text(change, "entry"));
        face_put(row, value_get_text(one, "label"));
        face_put(row, value_get_text(one, "was"));
        face_put(row, value_get_text(one, "now"));
    }
}

static void add_changes(struct face_paper *f)
{
    const struct value *against = value_get(f->tree, "against"),
                       *changes = value_get(f->tree, "changes");
    const char *heads =
        str_printf(f->mem, "%s:2|%s:3|%s:8|%s:8", _("Control"), _("What"), _("It was"), _("It is"))
            .p;

    if (against == NULL)
        return;
    face_heading(f, 1,
                 str_printf(f->mem, _("Changed since version %.*s"),
                            STR_ARG(value_get_text(against, "name"))));
    if (value_count(changes) == 0) {
        paper_say(paper_paragraph(f->paper, PAPER_BODY), str_of(_("Nothing.")));
        return;
    }
    for (int sheet = 0; sheet < 2; sheet++) {
        struct paper_table *t = face_table(f, sheet == 1 ? _("Changes") : "", heads);
        for (size_t i = 0; i < value_count(changes); i++)
            add_change(t, value_at(changes, i));
    }
}

/* ---- the workbook ---- */

static void sheet_fact(struct paper_table *t, const char *what, struct str text)
{
    struct paper_row *row;

    if (text.n == 0)
        return;
    row = paper_row(t, false);
    paper_put(row, PAPER_BOLD, PAPER_PLAIN, str_of(what));
    face_put(row, text);
}

static void add_sheets(struct face_paper *f)
{
    const struct value *columns = value_get(f->tree, "columns"),
                       *lines = value_get(f->tree, "records"),
                       *version = value_get(f->tree, "version");
    struct paper_table *t = face_table(f, _("Version"), _("What:3|Answer:9"));
    struct buf heads = buf_new(f->mem);

    sheet_fact(t, _("Document"), f->paper->title);
    sheet_fact(t, _("Organisation"), f->paper->author);
    sheet_fact(t, _("Standard"), f->paper->subject);
    sheet_fact(t, _("Version"),
               version != NULL ? value_get_text(version, "name")
                               : str_of(_("present state, no approved version")));
    sheet_fact(t, _("Date"), value_get_text(version, "day"));
    sheet_fact(t, _("Approved by"), value_get_text(version, "by"));
    sheet_fact(t, _("Kept as recorded at"), value_get_text(version, "kept"));
    sheet_fact(t, _("In figures"), figures(f));
    sheet_fact(t, _("Made on"), value_get_text(f->tree, "today"));
    buf_printf(&heads, "%s:3|%s:6|%s:3", _("Control"), _("Title"), _("Group"));
    for (size_t i = 1; i < value_count(columns); i++)
        buf_printf(&heads, "|%.*s:4", STR_ARG(value_get_text(value_at(columns, i), "label")));
    buf_printf(&heads, "|%s:4", _("Risks, evidence, documents"));
    if (version == NULL)
        buf_printf(&heads, "|%s:4", _("Gaps"));
    t = face_table(f, str_z(f->mem, f->paper->title), str_z(f->mem, buf_str(&heads)));
    for (size_t i = 0; i < value_count(lines); i++) {
        const struct value *line = value_at(lines, i);
        struct paper_row *row = paper_row(t, false);
        paper_put(row, PAPER_BOLD, PAPER_PLAIN, value_get_text(line, "entry"));
        face_put(row, value_get_text(line, "title"));
        face_put(row, value_get_text(line, "group"));
        for (size_t k = 1; k < value_count(columns); k++)
            face_put(row, face_text(f->mem, f->tree, value_at(columns, k),
                                    field_of(f, line, value_at(columns, k))));
        put_links(f, row, line);
        if (version == NULL)
            put_gaps(f, paper_cell_text(paper_cell(row)), line);
    }
}

void face_paper_statement(struct face_paper *f)
{
    front(f);
    add_gaps(f);
    add_groups(f);
    add_sheets(f);
    add_changes(f);
}
