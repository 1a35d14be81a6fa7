#include "web/forms.h"

#include <sys/stat.h>

#include "base/json.h"
#include "op/call.h"
#include "register/record_search.h"
#include "web/spool.h"
#include "web/view.h"

#define PICK_MOST 150u /* records that are offered to choose from */
#define SPARE_LINES 2u
#define LINES_MOST 200u

/* ---- what people fill in ---- */

static bool is_filled_in(const struct register_def *def, const struct register_field *field)
{
    return !field->only_computed && field != def->state && !str_is(field->id, "ref");
}

/* ---- from a record ---- */

static struct str text_of(struct arena *mem, const struct value *v)
{
    struct buf out = buf_new(mem);

    if (value_type(v) == VALUE_BOOL)
        return value_as_bool(v) ? STR("yes") : STR("no");
    if (value_type(v) == VALUE_MAP)
        return value_get_text(v, "said");
    if (value_type(v) != VALUE_LIST)
        return value_print(mem, v);
    for (size_t i = 0; i < value_count(v); i++)
        buf_printf(&out, "%s%.*s", i > 0 ? "\n" : "", STR_ARG(text_of(mem, value_at(v, i))));
    return buf_str(&out);
}

static struct value *rows_of(struct arena *mem, const struct register_def *of,
                             const struct value *v)
{
    struct value *list = value_list(mem);

    for (size_t i = 0; i < value_count(v); i++) {
        struct value *row = value_map(mem);
        for (size_t k = 0; k < of->field_n; k++) {
            const char *id = str_z(mem, of->fields[k].id);
            value_set_text(row, id, text_of(mem, value_get(value_at(v, i), id)));
        }
        value_push(list, row);
    }
    return list;
}

void form_of_record(struct visit *visit, const struct register_def *def, const struct value *shown,
                    struct form_values *ret)
{
    struct arena *mem = visit->cx->mem;
    const struct value *fields = value_get(shown, "fields");

    *ret = (struct form_values){value_map(mem), value_map(mem), value_map(mem), NULL};
    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        const char *id = str_z(mem, field->id);
        const struct value *v = value_get(fields, id);
        if (field->type == REGISTER_FILE && value_type(v) == VALUE_MAP)
            value_set(ret->files, id, value_copy(mem, v));
        else if (field->type == REGISTER_ROWS)
            value_set(ret->rows, id, rows_of(mem, field->of, v));
        else
            value_set_text(ret->texts, id, text_of(mem, v));
    }
}

/* ---- from what was sent ---- */

/* All values of a name, one a line; false where it was not sent at all. */
static bool sent(const struct visit *visit, struct str name, struct str *ret)
{
    struct buf out = buf_new(visit->cx->mem);
    bool any = false;

    for (size_t i = 0; i < visit->form.n; i++) {
        const struct parse_field *field = &visit->form.fields[i];
        if (field->is_file || !str_eq(field->name, name))
            continue;
        if (field->value.n > 0)
            buf_printf(&out, "%s%.*s", out.n > 0 ? "\n" : "", STR_ARG(field->value));
        any = true;
    }
    *ret = buf_str(&out);
    return any;
}

static struct str name_of(struct arena *mem, const struct register_field *field)
{
    return str_printf(mem, FORM_PREFIX "%.*s", STR_ARG(field->id));
}

/* Lines that say nothing at all are none. */
static struct value *sent_rows(const struct visit *visit, const struct register_field *field)
{
    struct arena *mem = visit->cx->mem;
    struct value *list = value_list(mem);
    struct str text;

    for (size_t n = 0; n < LINES_MOST; n++) {
        struct value *row = value_map(mem);
        bool any = false, says = false;
        for (size_t k = 0; k < field->of->field_n; k++) {
            const struct register_field *inner = &field->of->fields[k];
            struct str name = str_printf(mem, FORM_PREFIX "%.*s.%zu.%.*s", STR_ARG(field->id), n,
                                         STR_ARG(inner->id));
            bool got = sent(visit, name, &text);
            any = any || got;
            says = says || str_trim(text).n > 0;
            if (got)
                value_set_text(row, str_z(mem, inner->id), text);
        }
        if (!any)
            break;
        if (says)
            value_push(list, row);
    }
    return list;
}

/* ---- files that were sent ---- */

static struct value *file_of(struct arena *mem, struct str token, struct str path, int64_t bytes)
{
    struct value *file = value_map(mem);
    size_t from = path.n;

    while (from > 0 && path.p[from - 1] != '/')
        from--;
    value_set_text(file, "token", token);
    value_set_text(file, "name", str_from(path, from));
    value_set_int(file, "bytes", bytes);
    return file;
}

static const struct parse_field *uploaded(const struct visit *visit, struct str name)
{
    for (size_t i = 0; i < visit->form.n; i++) {
        const struct parse_field *field = &visit->form.fields[i];
        if (field->is_file && field->file.n > 0 && str_eq(field->name, name))
            return field;
    }
    return NULL;
}

/* One that was uploaded now, or with the form that this one follows. */
static int sent_file(struct visit *visit, struct str name, struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    const struct parse_field *file = uploaded(visit, name);
    struct str token = parse_get(&visit->form, str_printf(mem, "%.*s.kept", STR_ARG(name)).p), path;
    struct stat st;

    *ret = NULL;
    if (file != NULL) {
        if (token.n > 0)
            spool_drop(visit, token);
        TRY(spool_put(visit, file->file, file->value, &token, &path));
        *ret = file_of(mem, token, path, (int64_t)file->value.n);
    } else if (token.n > 0) {
        TRY(spool_get(visit, token, &path));
        *ret = file_of(mem, token, path, stat(path.p, &st) == 0 ? st.st_size : 0);
    } else if (parse_has(&visit->form, str_printf(mem, "%.*s.drop", STR_ARG(name)).p)) {
        *ret = value_map(mem);
        value_set_bool(*ret, "drop", true);
    }
    return 0;
}

void form_files_end(struct visit *visit, const struct form_values *values)
{
    for (size_t i = 0; i < value_count(values->files); i++)
        spool_drop(visit, value_get_text(value_at(values->files, i), "token"));
}

int form_of_post(struct visit *visit, const struct register_def *def, struct form_values *ret)
{
    struct arena *mem = visit->cx->mem;
    struct value *file;
    struct str text;
    int rc = 0;

    *ret = (struct form_values){value_map(mem), value_map(mem), value_map(mem), NULL};
    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        const char *id = str_z(mem, field->id);
        if (field->type == REGISTER_FILE) {
            int one = sent_file(visit, name_of(mem, field), &file);
            if (one == RC_NOT_FOUND) /* the others are taken all the same */
                rc = fail(visit->cx, RC_INVALID, id, "%.*s", STR_ARG(visit->cx->err.text));
            else if (one < 0)
                return one;
            else if (file != NULL)
                value_set(ret->files, id, file);
            continue;
        }
        if (!sent(visit, name_of(mem, field), &text))
            continue;
        if (field->type == REGISTER_ROWS)
            value_set(ret->rows, id, sent_rows(visit, field));
        else
            value_set_text(ret->texts, id, text);
    }
    return rc;
}

/* ---- to the operation ---- */

/* Lines as JSON, one a line, without what is empty. */
static struct str rows_text(struct arena *mem, const struct value *rows)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_at(rows, i);
        struct value *said = value_map(mem);
        for (size_t k = 0; k < value_count(row); k++)
            if (value_as_text(value_at(row, k)).n > 0)
                value_set_text(said, value_key_at(row, k).p, value_as_text(value_at(row, k)));
        if (value_count(said) == 0)
            continue;
        value_json(&out, said, 0);
        buf_char(&out, '\n');
    }
    return buf_str(&out);
}

static struct str word_value(struct arena *mem, const struct register_field *field,
                             const struct form_values *values)
{
    const char *id = str_z(mem, field->id);
    struct str text;

    if (field->type == REGISTER_ROWS)
        return rows_text(mem, value_get(values->rows, id));
    text = value_get_text(values->texts, id);
    if (str_starts(text, STR("@"))) /* it names no file */
        text = str_printf(mem, "@%.*s", STR_ARG(text));
    /* A line break says that commas within a value part nothing. */
    if (register_type_is_many(field->type) && text.n > 0)
        text = str_printf(mem, "%.*s\n", STR_ARG(text));
    return text;
}

static void add_file_word(struct arena *mem, const struct register_field *field,
                          const struct form_values *now, struct value *words)
{
    const struct value *file = value_get(now->files, str_z(mem, field->id));
    struct str token = value_get_text(file, "token"), id = field->id;

    if (token.n > 0)
        value_push(words,
                   value_text(mem, str_printf(mem, "%.*s=@%.*s/%.*s", STR_ARG(id), STR_ARG(token),
                                              STR_ARG(value_get_text(file, "name")))));
    else if (value_get_bool(file, "drop"))
        value_push(words, value_text(mem, str_printf(mem, "%.*s=", STR_ARG(id))));
}

struct value *form_words(struct visit *visit, const struct register_def *def,
                         const struct form_values *now, const struct form_values *was)
{
    struct arena *mem = visit->cx->mem;
    struct value *words = value_list(mem);

    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        const char *id = str_z(mem, field->id);
        if (field->type == REGISTER_FILE)
            add_file_word(mem, field, now, words);
        if (!is_filled_in(def, field) ||
            (value_get(now->texts, id) == NULL && value_get(now->rows, id) == NULL))
            continue;
        struct str text = word_value(mem, field, now);
        struct str before = was != NULL ? word_value(mem, field, was) : STR_NONE;
        if (!str_eq(text, before))
            value_push(words, value_text(mem, str_printf(mem, "%s=%.*s", id, STR_ARG(text))));
    }
    return words;
}

/* ---- two people at one record ---- */

/* Rows as a change has them: JSON, one a line. */
static int rows_of_text(struct visit *visit, const struct register_field *field, struct str text,
                        struct value **ret)
{
    struct value *list = value_list(visit->cx->mem), *row;
    struct str line;

    while (text.n > 0 && str_split(&text, '\n', &line)) {
        TRY(json_parse(visit->cx, "rows", line, &row));
        value_push(list, row);
    }
    *ret = rows_of(visit->cx->mem, field->of, list);
    return 0;
}

int form_before(struct visit *visit, const struct register_def *def,
                const struct form_values *theirs, const struct value *changes,
                struct form_values *ret)
{
    struct arena *mem = visit->cx->mem;
    struct value *rows;

    *ret = (struct form_values){value_copy(mem, theirs->texts), value_copy(mem, theirs->rows),
                                value_copy(mem, theirs->files), NULL};
    for (size_t i = 0; i < value_count(changes); i++) {
        const struct value *change = value_at(changes, i);
        const struct register_field *field = register_field(def, value_get_text(change, "field"));
        if (field == NULL)
            continue;
        const char *id = str_z(mem, field->id);
        if (field->type == REGISTER_ROWS) {
            TRY(rows_of_text(visit, field, value_get_text(change, "was"), &rows));
            value_set(ret->rows, id, rows);
        } else if (field->type == REGISTER_FILE)
            value_set_text(ret->files, id, value_get_text(change, "was")); /* another one */
        else
            value_set_text(ret->texts, id, value_get_text(change, "was"));
    }
    return 0;
}

static bool has_line(struct str lines, struct str line);

static bool all_in(struct str lines, struct str others)
{
    struct str line;

    while (lines.n > 0 && str_split(&lines, '\n', &line))
        if (line.n > 0 && !has_line(others, line))
            return false;
    return true;
}

/* In which order several values stand says nothing, unless they are lines. */
static bool says_same(struct arena *mem, const struct register_field *field,
                      const struct form_values *a, const struct form_values *b)
{
    struct str x = str_trim(word_value(mem, field, a)), y = str_trim(word_value(mem, field, b));

    if (register_type_is_many(field->type) && field->type != REGISTER_ROWS)
        return all_in(x, y) && all_in(y, x);
    return str_eq(x, y);
}

static bool is_file_same(const struct form_values *a, const struct form_values *b, const char *id)
{
    const struct value *x = value_get(a->files, id), *y = value_get(b->files, id);

    return value_type(x) == value_type(y) &&
           str_eq(value_get_text(x, "object"), value_get_text(y, "object"));
}

enum form_side form_side(struct visit *visit, const struct register_field *field,
                         const struct form_values *before, const struct form_values *theirs,
                         const struct form_values *mine)
{
    struct arena *mem = visit->cx->mem;
    const char *id = str_z(mem, field->id);
    bool is_theirs, is_mine;

    if (field->type == REGISTER_FILE) {
        const struct value *file = value_get(mine->files, id);
        is_theirs = !is_file_same(before, theirs, id);
        is_mine = value_get(file, "token") != NULL || value_get_bool(file, "drop");
    } else {
        bool is_sent = value_get(mine->texts, id) != NULL || value_get(mine->rows, id) != NULL;
        is_theirs = !says_same(mem, field, before, theirs);
        is_mine = is_sent && !says_same(mem, field, before, mine);
        if (is_theirs && is_mine && says_same(mem, field, theirs, mine))
            return FORM_NOBODY;
    }
    return is_theirs && is_mine ? FORM_BOTH
           : is_mine            ? FORM_MINE
           : is_theirs          ? FORM_THEIRS
                                : FORM_NOBODY;
}

void form_keep(struct visit *visit, const struct register_field *field,
               const struct form_values *theirs, struct form_values *mine)
{
    struct arena *mem = visit->cx->mem;
    const char *id = str_z(mem, field->id);

    if (field->type == REGISTER_FILE) {
        spool_drop(visit, value_get_text(value_get(mine->files, id), "token"));
        value_set(mine->files, id, value_map(mem));
    } else if (value_get(theirs->rows, id) != NULL)
        value_set(mine->rows, id, value_copy(mem, value_get(theirs->rows, id)));
    else
        value_set_text(mine->texts, id, value_get_text(theirs->texts, id));
}

void form_take(struct visit *visit, const struct register_def *def,
               const struct form_values *theirs, struct form_values *mine)
{
    for (size_t i = 0; i < def->field_n; i++) {
        struct str name = str_printf(visit->cx->mem, FORM_TAKE "%.*s", STR_ARG(def->fields[i].id));
        if (str_is(parse_get(&visit->form, name.p), "theirs"))
            form_keep(visit, &def->fields[i], theirs, mine);
    }
}

/* ---- choices ---- */

static bool has_line(struct str lines, struct str line)
{
    struct str one;

    while (lines.n > 0 && str_split(&lines, '\n', &one))
        if (str_eq(one, line))
            return true;
    return false;
}

static void add_option(struct arena *mem, struct value *options, struct str id, struct str label,
                       bool chosen)
{
    struct value *option = value_map(mem);

    value_set_text(option, "id", id);
    value_set_text(option, "label", label);
    value_set_bool(option, "chosen", chosen);
    value_push(options, option);
}

struct pick {
    struct value *options;
    struct str text;
};

static int pick_each(void *arg, struct ctx *cx, const struct record *record)
{
    struct pick *pick = arg;
    struct str ref = str_copy(cx->mem, record->ref),
               label = record_label(cx->mem, record->def, record->body);

    add_option(
        cx->mem, pick->options, ref,
        label.n > 0 && !str_eq(label, ref)
            ? str_printf(cx->mem, "%.*s (%.*s)", STR_ARG(str_cut(cx->mem, label, 80)), STR_ARG(ref))
            : ref,
        has_line(pick->text, ref));
    return ctx_check(cx);
}

/* The records that a field may name; false where there are too many, or the person may not see
 * them: then they are written. */
static int pick_records(struct visit *visit, struct str register_id, struct pick *pick, bool *ret)
{
    const struct register_def *def = registers_find(visit->org->records.registers, register_id);
    struct record_query query = {.def = def, .limit = PICK_MOST + 1};
    struct principal *who = &visit->who;

    *ret = false;
    if (def == NULL || !call_is_register(def) || !view_may(visit, ACCESS_READ, register_id) ||
        access_own(visit->org->access, who, ACCESS_READ, register_id).n > 0)
        return 0;
    TRY(record_list(visit->cx, &visit->org->records, &query, pick_each, pick));
    *ret = value_count(pick->options) <= PICK_MOST;
    return 0;
}

static void pick_controls(struct visit *visit, struct pick *pick)
{
    const struct entries *controls = &visit->org->standard->controls;

    for (size_t i = 0; i < controls->n; i++)
        add_option(visit->cx->mem, pick->options, controls->items[i].id,
                   str_printf(visit->cx->mem, "%.*s %.*s", STR_ARG(controls->items[i].id),
                              STR_ARG(controls->items[i].title)),
                   has_line(pick->text, controls->items[i].id));
}

/* What is written there, and is none of what is offered, stays to be chosen. */
static void keep_others(struct arena *mem, struct pick *pick)
{
    struct str lines = pick->text, line;

    while (lines.n > 0 && str_split(&lines, '\n', &line)) {
        bool known = false;
        for (size_t i = 0; i < value_count(pick->options); i++)
            known = known || str_eq(value_get_text(value_at(pick->options, i), "id"), line);
        if (!known && line.n > 0)
            add_option(mem, pick->options, line, line, true);
    }
}

static int options_of(struct visit *visit, const struct register_field *field, struct str text,
                      struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    struct pick pick = {value_list(mem), text};
    bool all = true;
    bool person = field->type == REGISTER_PERSON || field->type == REGISTER_PEOPLE;
    bool reference = field->type == REGISTER_REFERENCE || field->type == REGISTER_REFERENCES;

    *ret = NULL;
    if (field->type == REGISTER_CHOICE || field->type == REGISTER_MANY_CHOICE)
        for (size_t i = 0; i < field->choice_n; i++)
            add_option(mem, pick.options, field->choices[i].id,
                       view_choice(field, field->choices[i].id),
                       has_line(text, field->choices[i].id));
    else if (person)
        TRY(pick_records(visit, STR(REGISTER_PERSON_ID), &pick, &all));
    else if (reference && str_is(field->to, REGISTER_CONTROL))
        pick_controls(visit, &pick);
    else if (reference && !register_names_entry(field))
        TRY(pick_records(visit, field->to, &pick, &all));
    else
        return 0;
    if (!all)
        return 0;
    keep_others(mem, &pick);
    *ret = pick.options;
    return 0;
}

/* ---- fields ---- */

static const char *widget_of(const struct register_field *field, const struct value *options)
{
    bool many = register_type_is_many(field->type);

    switch (field->type) {
    case REGISTER_ROWS:
        return "is_rows";
    case REGISTER_LONG_TEXT:
    case REGISTER_MARKDOWN:
        return "is_area";
    case REGISTER_DATE:
        return "is_day";
    case REGISTER_INTEGER:
    case REGISTER_DECIMAL:
    case REGISTER_SCORE:
        return "is_figure";
    case REGISTER_YES_NO:
        return "is_truth";
    case REGISTER_FILE:
        return "is_upload";
    default:
        break;
    }
    if (options != NULL)
        return many ? "is_checks" : "is_select";
    return many ? "is_list" : "is_line";
}

static int field_view(struct visit *visit, const struct register_field *field, struct str name,
                      struct str text, struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    struct value *one = value_map(mem), *options;

    TRY(options_of(visit, field, text, &options));
    value_set_text(one, "field", field->id);
    value_set_text(one, "label", field->label);
    value_set_text(one, "type", str_of(register_type_name(field->type)));
    value_set_bool(one, "required", field->required);
    value_set_text(one, "help", field->help);
    value_set_text(one, "value", text);
    value_set_text(one, "name", name);
    if (options != NULL)
        value_set(one, "choices", options);
    value_set_bool(one, widget_of(field, options), true);
    value_set_bool(one, "chosen_yes", str_is(text, "yes"));
    value_set_bool(one, "chosen_no", str_is(text, "no"));
    *ret = one;
    return 0;
}

/* What says more of an input, for who does not see the page. */
static void describe(struct arena *mem, struct value *one)
{
    struct str name = value_get_text(one, "name");
    struct buf ids = buf_new(mem);

    if (value_count(value_get(one, "wrong")) > 0)
        buf_printf(&ids, "%.*s.fault", STR_ARG(name));
    if (value_get_text(one, "help").n > 0)
        buf_printf(&ids, "%s%.*s.help", ids.n > 0 ? " " : "", STR_ARG(name));
    value_set_text(one, "described", buf_str(&ids));
}

static int lines_view(struct visit *visit, const struct register_field *field,
                      const struct value *rows, struct value *one)
{
    struct arena *mem = visit->cx->mem;
    struct value *heads = value_list(mem), *lines = value_list(mem), *input;
    size_t n = value_count(rows) + SPARE_LINES;

    for (size_t k = 0; k < field->of->field_n; k++)
        value_push(heads, value_text(mem, field->of->fields[k].label));
    for (size_t i = 0; i < n && i < LINES_MOST; i++) {
        struct value *line = value_map(mem), *inputs = value_list(mem);
        for (size_t k = 0; k < field->of->field_n; k++) {
            const struct register_field *inner = &field->of->fields[k];
            struct str name = str_printf(mem, FORM_PREFIX "%.*s.%zu.%.*s", STR_ARG(field->id), i,
                                         STR_ARG(inner->id));
            struct str text = value_get_text(value_at(rows, i), str_z(mem, inner->id));
            TRY(field_view(visit, inner, name, text, &input));
            /* Not those of the field that they stand in. */
            value_set(input, "wrong", value_list(mem));
            value_set_text(input, "described", STR_NONE);
            value_push(inputs, input);
        }
        value_set(line, "inputs", inputs);
        value_push(lines, line);
    }
    value_set(one, "line_heads", heads);
    value_set(one, "lines", lines);
    return 0;
}

static void file_view(struct visit *visit, const struct value *file, const char *key,
                      struct value *one)
{
    struct arena *mem = visit->cx->mem;
    struct value *shown = value_map(mem);

    if (value_get_text(file, "name").n == 0)
        return;
    value_set_text(shown, "file_name", value_get_text(file, "name"));
    value_set_text(shown, "file_size", view_bytes(mem, value_get_int(file, "bytes", 0)));
    value_set_text(shown, "file_token", value_get_text(file, "token"));
    value_set(one, key, shown);
}

static bool is_wanted(const struct register_def *def, size_t at, const struct register_group *only)
{
    if (only == NULL)
        return is_filled_in(def, &def->fields[at]);
    for (size_t i = 0; i < only->n; i++)
        if (only->items[i] == at)
            return is_filled_in(def, &def->fields[at]);
    return false;
}

static void add_problems(struct arena *mem, const struct value *problems, struct str field,
                         struct value *one)
{
    struct value *list = value_list(mem);

    for (size_t i = 0; i < value_count(problems); i++)
        if (str_eq(value_get_text(value_at(problems, i), "field"), field))
            value_push(list, value_text(mem, value_get_text(value_at(problems, i), "message")));
    if (value_count(list) > 0)
        value_set(one, "wrong", list);
}

int form_fields(struct visit *visit, const struct register_def *def,
                const struct form_values *values, const struct register_group *only,
                const struct value *problems, struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    struct value *list = value_list(mem), *one;

    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        const char *id = str_z(mem, field->id);
        if (!is_wanted(def, i, only))
            continue;
        TRY(field_view(visit, field, name_of(mem, field), value_get_text(values->texts, id), &one));
        if (field->type == REGISTER_ROWS)
            TRY(lines_view(visit, field, value_get(values->rows, id), one));
        if (field->type == REGISTER_FILE) {
            const struct value *file = value_get(values->files, id);
            file_view(visit, value_get(values->there, id), "there", one);
            if (value_get(file, "token") != NULL)
                file_view(visit, file, "kept", one);
            value_set_bool(one, "dropped", value_get_bool(file, "drop"));
        }
        add_problems(mem, problems, field->id, one);
        describe(mem, one);
        value_push(list, one);
    }
    *ret = list;
    return 0;
}
