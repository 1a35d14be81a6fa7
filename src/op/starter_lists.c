/* Drafts that are lists: the decision on each control, and registers with one example. */
#include "op/starter_parts.h"

#include <ctype.h>

/* ---- the decision on each control ---- */

static const struct value *carried(const struct starters *s, struct str control)
{
    const struct value *list = value_path(s->result, "carried_over.controls");

    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_get_text(value_at(list, i), "id"), control))
            return value_at(list, i);
    return NULL;
}

/* "R1, R5": the risks that name each control, by the control's id. */
static int risks_by_control(struct starters *s, struct dict *ret)
{
    struct arena *mem = s->cx->mem;
    bool row;
    STMT(q);

    TRY(store_prepare(s->cx, s->store, value_as_text(value_path(s->data, "statement.risks")), &q));
    for (;;) {
        TRY(stmt_step(s->cx, q, &row));
        if (!row)
            return 0;
        struct str control = stmt_text(mem, q, 0), risk = stmt_text(mem, q, 1);
        const struct value *before = dict_get(ret, control);
        dict_set(ret, control,
                 value_text(mem, before == NULL
                                     ? risk
                                     : str_printf(mem, "%.*s, %.*s", STR_ARG(value_as_text(before)),
                                                  STR_ARG(risk))));
    }
}

static void gap_cell(struct starters *s, struct paper_row *row, const char *what,
                     struct str control)
{
    (void)paper_put(
        row, PAPER_FILL, PAPER_PLAIN,
        starter_gap(s->cx->mem, str_printf(s->cx->mem, "%s (%.*s)", what, STR_ARG(control))));
}

static void decision_cells(struct starters *s, struct paper_row *row, const struct entry *control,
                           const struct value *old, struct str risks)
{
    struct arena *mem = s->cx->mem;
    bool decided = value_type(value_get(old, "applicable")) == VALUE_BOOL;
    struct str reason = value_get_text(old, "reason"), id = control->id;

    if (decided)
        (void)paper_put(row, 0, PAPER_PLAIN,
                        value_get_bool(old, "applicable") ? str_of(_("Yes")) : str_of(_("No")));
    else if (risks.n > 0)
        (void)paper_put(row, 0, PAPER_PLAIN, str_of(_("Yes")));
    else
        gap_cell(s, row, _("Enter yes or no"), id);
    if (decided && reason.n > 0)
        (void)paper_put(row, 0, PAPER_PLAIN, reason);
    else if (risks.n > 0)
        (void)paper_put(row, 0, PAPER_PLAIN, str_printf(mem, _("Risks %.*s"), STR_ARG(risks)));
    else
        gap_cell(s, row, _("State why: risk, law, contract, or why not"), id);
    gap_cell(s, row, _("State whether implemented, in part, planned or not"), id);
    /* So long that it counts as a gap of the text: shorter ones in cells count as empty cells. */
    gap_cell(s, row,
             _("Describe how it is done, or name the document and the section in which it is "
               "described"),
             id);
}

/* What the older edition called it, or that it is new. */
static struct str origin_of(struct arena *mem, const struct value *old, const struct entry *control)
{
    const struct value *from = value_get(old, "from");
    struct buf out = buf_new(mem);

    if (value_get_bool(control->yaml, "new_in_2022"))
        return str_of(_("new in this edition"));
    for (size_t i = 0; i < value_count(from); i++)
        buf_printf(&out, "%s%.*s", i > 0 ? ", " : "",
                   STR_ARG(value_get_text(value_at(from, i), "id")));
    return buf_str(&out);
}

static void statement_table(struct starters *s, struct paper *f, struct str title,
                            const struct dict *risks)
{
    const char *const heads[] = {_("Control"),       _("Title"),  _("Applicable"),
                                 _("Justification"), _("Status"), _("Implementation"),
                                 _("Earlier")};
    static const unsigned weights[] = {2, 5, 3, 6, 4, 6, 3};
    struct paper_table *t = paper_table(f, title);
    struct paper_row *row;

    for (size_t i = 0; i < COUNT_OF(heads); i++)
        paper_column(t, weights[i], PAPER_LEFT);
    row = paper_row(t, true);
    for (size_t i = 0; i < COUNT_OF(heads); i++)
        (void)paper_put(row, PAPER_BOLD, PAPER_PLAIN, str_of(heads[i]));
    for (size_t i = 0; i < s->standard->controls.n; i++) {
        const struct entry *control = &s->standard->controls.items[i];
        const struct value *old = carried(s, control->id), *named = dict_get(risks, control->id);
        bool new = value_get_bool(control->yaml, "new_in_2022");
        row = paper_row(t, false);
        (void)paper_put(row, new ? PAPER_BOLD : 0, PAPER_PLAIN, control->id);
        (void)paper_put(row, new ? PAPER_BOLD : 0, PAPER_PLAIN, control->title);
        decision_cells(s, row, control, old, value_as_text(named));
        (void)paper_put(row, 0, PAPER_MUTED, origin_of(s->cx->mem, old, control));
    }
}

int starter_statement(struct starters *s, struct str kind, struct str folder)
{
    const struct entry *entry = standard_find(s->standard, kind);
    struct dict *risks = dict_new(s->cx->mem);
    struct arena *mem = s->cx->mem;
    struct str base =
        str_printf(mem, "%.*s/%.*s", STR_ARG(folder), STR_ARG(starter_name(mem, entry->title)));
    struct value *note = starter_note(s, entry->id, entry->title);
    struct buf md = buf_new(mem), docx = buf_new(mem), xlsx = buf_new(mem);
    struct paper *f = starter_paper(s, entry->title);

    TRY(risks_by_control(s, risks));
    paper_say(paper_heading(f, 1, STR_NONE), str_of(_("Decisions")));
    statement_table(s, f, entry->title, risks);
    paper_say(paper_heading(f, 1, STR_NONE), str_of(_("Own controls")));
    paper_run(
        paper_paragraph(f, PAPER_BODY), PAPER_FILL, PAPER_PLAIN,
        starter_gap(mem, str_of(_("List further controls of your own, or state that there are "
                                  "none"))));
    TRY(starter_md(s, f, &md));
    TRY(paper_docx(s->cx, f, &docx));
    TRY(paper_xlsx(s->cx, f, &xlsx));
    TRY(starter_file(s, note, str_printf(mem, "%.*s.md", STR_ARG(base)), buf_str(&md)));
    TRY(starter_file(s, note, str_printf(mem, "%.*s.docx", STR_ARG(base)), buf_str(&docx)));
    return starter_file(s, note, str_printf(mem, "%.*s.xlsx", STR_ARG(base)), buf_str(&xlsx));
}

/* ---- registers ---- */

/* Its label where people's headings know it, else the first of these. */
static struct str head_of(struct arena *mem, const struct value *field)
{
    const struct value *heads = value_path(field, "headers.en");
    struct str label = value_get_text(field, "label"), first = STR_NONE;

    for (size_t i = 0; i < value_count(heads); i++) {
        struct str head = value_print(mem, value_at(heads, i));
        if (str_is_nocase(head, str_z(mem, label)))
            return label;
        first = i == 0 ? head : first;
    }
    char *z = str_z(mem, first);
    if (first.n > 0)
        z[0] = (char)toupper((unsigned char)z[0]);
    return str_of(z);
}

static void push_column(struct starters *s, struct value *columns, const struct value *field,
                        struct str example)
{
    struct arena *mem = s->cx->mem;

    value_push(value_get_mut(columns, "heads"), value_text(mem, head_of(mem, field)));
    value_push(value_get_mut(columns, "example"), value_text(mem, example));
}

/* A list's cells are joined as people write them. */
static struct str example_text(struct arena *mem, const struct value *v)
{
    struct buf out = buf_new(mem);

    if (value_type(v) != VALUE_LIST)
        return value_print(mem, v);
    for (size_t i = 0; i < value_count(v); i++) {
        buf_addz(&out, i > 0 ? ", " : "");
        buf_add(&out, value_print(mem, value_at(v, i)));
    }
    return buf_str(&out);
}

int starter_columns(struct starters *s, struct str id, struct value **ret)
{
    struct arena *mem = s->cx->mem;
    struct value *yaml, *columns = value_map(mem);
    struct content content = s->standard->content;
    struct str path = str_printf(mem, "registers/%.*s.yaml", STR_ARG(id)), text;

    TRY(content_get(s->cx, &content, path.p, &text));
    TRY(yaml_parse(s->cx, path.p, text, &yaml));
    const struct value *fields = value_get(yaml, "fields"), *example = value_get(yaml, "example");
    value_set_text(columns, "title", value_get_text(yaml, "title"));
    value_set(columns, "heads", value_list(mem));
    value_set(columns, "example", value_list(mem));
    push_column(s, columns, value_get(fields, "ref"), str_of(_("Example")));
    for (size_t i = 0; i < value_count(example); i++) {
        const struct value *field = value_get(fields, str_z(mem, value_key_at(example, i)));
        if (field != NULL && !str_is(value_key_at(example, i), "ref"))
            push_column(s, columns, field, example_text(mem, value_at(example, i)));
    }
    *ret = columns;
    return 0;
}

/* With a line that is no example. */
static bool was_read(const struct starters *s, struct str id)
{
    const struct value *list = value_get(s->result, "registers");

    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_get_text(value_at(list, i), "register"), id) &&
            value_get_int(value_at(list, i), "rows", 0) >
                value_get_int(value_at(list, i), "samples", 0))
            return true;
    return false;
}

static void csv_line(struct buf *out, const struct value *cells)
{
    for (size_t i = 0; i < value_count(cells); i++) {
        struct str cell = value_as_text(value_at(cells, i));
        buf_addz(out, i > 0 ? ",\"" : "\"");
        for (size_t k = 0; k < cell.n; k++) {
            if (cell.p[k] == '"')
                buf_char(out, '"');
            buf_char(out, cell.p[k]);
        }
        buf_char(out, '"');
    }
    buf_addz(out, "\r\n");
}

static struct paper *sheet_of(struct starters *s, const struct value *columns)
{
    const struct value *heads = value_get(columns, "heads"),
                       *example = value_get(columns, "example");
    struct str title = value_get_text(columns, "title");
    struct paper *f = paper_new(s->cx->mem, title);
    struct paper_table *t;
    struct paper_row *row;

    f->day = s->cx->today;
    f->program = STR("Assay " ASSAY_VERSION);
    f->author = value_as_text(value_path(s->result, "organisation.name"));
    t = paper_table(f, title);
    for (size_t i = 0; i < value_count(heads); i++)
        paper_column(t, 2, PAPER_LEFT);
    row = paper_row(t, true);
    for (size_t i = 0; i < value_count(heads); i++)
        (void)paper_put(row, PAPER_BOLD, PAPER_PLAIN, value_as_text(value_at(heads, i)));
    row = paper_row(t, false);
    for (size_t i = 0; i < value_count(example); i++)
        (void)paper_put(row, PAPER_ITALIC, PAPER_MUTED, value_as_text(value_at(example, i)));
    return f;
}

static int write_register(struct starters *s, struct str id)
{
    struct arena *mem = s->cx->mem;
    struct buf csv = buf_new(mem), xlsx = buf_new(mem);
    struct value *columns, *note;

    TRY(starter_columns(s, id, &columns));
    struct str title = value_get_text(columns, "title");
    struct str base = str_printf(mem, "registers/%.*s", STR_ARG(starter_name(mem, title)));
    csv_line(&csv, value_get(columns, "heads"));
    csv_line(&csv, value_get(columns, "example"));
    TRY(paper_xlsx(s->cx, sheet_of(s, columns), &xlsx));
    note = starter_note(s, id, title);
    TRY(starter_file(s, note, str_printf(mem, "%.*s.csv", STR_ARG(base)), buf_str(&csv)));
    return starter_file(s, note, str_printf(mem, "%.*s.xlsx", STR_ARG(base)), buf_str(&xlsx));
}

int starter_registers(struct starters *s)
{
    const struct value *list = value_get(s->data, "registers");

    for (size_t i = 0; i < value_count(list); i++)
        if (!was_read(s, value_as_text(value_at(list, i))))
            TRY(write_register(s, value_as_text(value_at(list, i))));
    return 0;
}
