/* Records of registers, as rows of their tables. */
#include <ctype.h>
#include <string.h>

#include "judge/records.h"

#define QUOTE_BYTES 300u
#define RECORD_BYTES ((size_t)64 << 20)
#define REF_WORDS 3u /* of a heading, among which a record's number stands */
#define REF_BYTES 20u
#define OF_GROUP 1000 /* the column's number of what lines between records say */

struct record_writer {
    struct ctx *cx;
    struct store *store;
    const struct registers *registers;
    const struct signals *signals;
    const struct reading *r;
    const struct source_file *file;
    const struct control_lines *lines;
    const struct record_table *table;
    struct register_inserter *inserter;
    bool samples; /* the document is no evidence */
    int64_t id;   /* of register_table */
    int64_t n, sample_n;
};

static struct str cell_at(const struct block *row, uint16_t column)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (row->cells[i].column == column)
            return row->cells[i].text;
    return STR_NONE;
}

/* ---- controls by their numbers ---- */

static bool is_digit(struct str s, size_t at)
{
    return at < s.n && isdigit((unsigned char)s.p[at]);
}

/* The control whose number begins at `at`, of this edition or an earlier one; moves behind it. */
static struct str control_at(struct record_writer *w, struct str s, size_t *at)
{
    const struct control_names *names = w->signals->controls;
    size_t from = *at, points = 0;

    while (is_digit(s, *at) || (s.p[*at] == '.' && is_digit(s, *at + 1) && *at > from)) {
        points += s.p[*at] == '.';
        if (++*at == s.n)
            break;
    }
    struct str number = str_sub(s, from, *at - from);
    if (points == 1) {
        const struct known_control *c = dict_get(names->by_number, number);
        return c != NULL ? c->id : STR_NONE;
    }
    const struct str *earlier = points == 2 ? dict_get(names->earlier, number) : NULL;
    return earlier != NULL ? *earlier : STR_NONE;
}

static void add_control(struct register_value *v, struct str id)
{
    for (size_t i = 0; i < v->many_n; i++)
        if (str_eq(v->many[i], id))
            return;
    if (v->many_n < REGISTER_VALUES)
        v->many[v->many_n++] = id;
}

/* Numbers of controls in the ways people write them become ids; what has none stays as said. */
static void name_controls(struct record_writer *w, struct register_value *v)
{
    struct register_value *found = ARENA_NEW(w->cx->mem, struct register_value);

    found->many = arena_array(w->cx->mem, REGISTER_VALUES, sizeof *found->many);

    for (size_t at = 0; at < v->said.n;) {
        if (!is_digit(v->said, at)) {
            at++;
            continue;
        }
        struct str id = control_at(w, v->said, &at);
        if (id.n > 0)
            add_control(found, id);
    }
    if (found->many_n == 0)
        return;
    v->text = found->many[0];
    v->many_n = found->many_n;
    v->many = found->many;
}

/* ---- what a list of controls knows ---- */

static const struct control_line *line_of(const struct record_writer *w, uint32_t passage)
{
    for (size_t i = 0; i < w->lines->n; i++)
        if (w->lines->items[i].passage == passage)
            return &w->lines->items[i];
    return NULL;
}

static void set_text(struct register_value *v, struct str text)
{
    if (text.n == 0)
        return;
    if (v->empty || v->said.n == 0)
        v->said = text;
    v->empty = false;
    v->understood = true;
    v->text = text;
}

static void take_line(const struct register_def *def, const struct control_line *line,
                      struct register_value *values)
{
    static const char *const statuses[] = {"", "none", "planned", "partly", "implemented"};

    for (size_t f = 0; f < def->field_n; f++) {
        struct register_value *v = &values[f];
        struct str id = def->fields[f].id;
        if (str_is(def->fields[f].to, REGISTER_CONTROL))
            set_text(v, line->control != NULL ? line->control->id : line->earlier);
        else if (str_is(id, "title"))
            set_text(v, line->title);
        else if (str_is(id, "justification"))
            set_text(v, line->reason);
        else if (str_is(id, "implemented_how"))
            set_text(v, line->reference);
        else if (str_is(id, "owner"))
            set_text(v, line->owner);
        else if (str_is(id, "status") && line->status != LINE_UNKNOWN) {
            set_text(v, str_of(statuses[line->status]));
            v->said = line->status_said.n > 0 ? line->status_said : v->said;
        } else if (str_is(id, "applicable") && line->applicable >= 0) {
            set_text(v, line->said.n > 0 ? line->said : STR("-"));
            v->number = line->applicable;
        }
    }
}

/* Whether records of the register are controls, one each. */
static bool lists_controls(const struct register_def *def)
{
    for (size_t f = 0; f < def->field_n; f++)
        if (def->fields[f].type == REGISTER_REFERENCE &&
            str_is(def->fields[f].to, REGISTER_CONTROL))
            return true;
    return false;
}

/* ---- one record ---- */

/* "R-07: Theft" is a number and a text; "3. Theft" and "Theft" are texts. */
static void split_heading(struct str heading, struct str *ret_ref, struct str *ret_text)
{
    size_t at = 0;

    *ret_ref = STR_NONE;
    *ret_text = heading;
    for (size_t word = 0; word < REF_WORDS && at < heading.n; word++) {
        size_t from = at, digits = 0, letters = 0;
        while (at < heading.n && strchr(" :", heading.p[at]) == NULL) {
            digits += isdigit((unsigned char)heading.p[at]) != 0;
            letters += isalpha((unsigned char)heading.p[at]) != 0;
            at++;
        }
        struct str is = str_sub(heading, from, at - from);
        if (digits > 0 && letters > 0 && is.n <= REF_BYTES) {
            struct str rest = str_trim(str_from(heading, at));
            while (rest.n > 0 &&
                   (strchr(":-|", rest.p[0]) != NULL || (unsigned char)rest.p[0] == 0xe2))
                rest = str_trim(
                    str_from(rest, (unsigned char)rest.p[0] == 0xe2 && rest.n > 2 ? 3 : 1));
            *ret_ref = is;
            *ret_text = rest.n > 0 ? rest : heading;
            return;
        }
        while (at < heading.n && strchr(" :", heading.p[at]) != NULL)
            at++;
    }
}

static void fill(struct record_writer *w, const struct register_field *field, struct str text,
                 struct register_value *values)
{
    if (field != NULL && text.n > 0 && values[field->at].said.n == 0)
        register_value(w->cx->mem, w->registers, field, NULL, text, &values[field->at]);
}

static void read_values(struct record_writer *w, const struct record_part *part,
                        const struct register_record *record, struct register_value *values)
{
    const struct register_def *def = w->table->def;
    const struct register_line *line = &part->grid->lines[record->line];
    struct str ref, text;

    for (size_t f = 0; f < def->field_n; f++)
        values[f] = (struct register_value){.empty = true};
    for (size_t c = 0; c < part->found.column_n; c++) {
        const struct register_column *column = &part->found.columns[c];
        if (column->field == NULL)
            continue;
        struct register_value *v = &values[column->field->at];
        register_value(w->cx->mem, w->registers, column->field, &column->ladder,
                       cell_at(line->block, column->at), v);
        if (!v->empty && field_names_control(w->registers, column->field))
            name_controls(w, v);
    }
    if (part->grid->headed) {
        uint32_t section = w->r->passages[line->passage].section;
        if (section != READING_NONE) {
            split_heading(w->r->passages[w->r->sections[section].heading].text, &ref, &text);
            fill(w, register_field(def, STR("ref")), ref, values);
            fill(w, def->heading, text, values);
        }
    }
    fill(w, def->group, record->group, values);
}

static int insert_record(struct record_writer *w, const struct record_part *part,
                         const struct register_record *record)
{
    struct ctx *cx = w->cx;
    const struct register_def *def = w->table->def;
    uint32_t passage = part->grid->lines[record->line].passage;
    struct register_value *values = arena_array(cx->mem, def->field_n + 1, sizeof *values);
    const struct register_value **given = arena_array(cx->mem, def->field_n + 1, sizeof *given);
    const struct control_line *line = lists_controls(def) ? line_of(w, passage) : NULL;
    static const struct place none = {0};
    const struct block *block = w->r->passages[passage].block;
    const struct place *at = block != NULL ? &block->place : &none;
    struct register_place place = {.document = w->file->id, .table = w->id, .path = w->file->path};

    if (line == NULL && lists_controls(def) && w->lines->n > 0)
        return 0; /* a line that is no control, in a list of them */
    read_values(w, part, record, values);
    if (line != NULL)
        take_line(def, line, values);
    for (size_t f = 0; f < def->field_n; f++)
        given[f] = &values[f];
    place.n = ++w->n;
    place.sample = record->sample || w->samples;
    w->sample_n += place.sample;
    place.heading = reading_heading_path(cx->mem, w->r, passage);
    place.place = place_text(cx->mem, place.heading, at);
    place.page = at->page;
    place.line = at->line;
    place.row = at->row;
    place.sheet = at->sheet;
    place.quote = str_cut(cx->mem, w->r->passages[passage].text, QUOTE_BYTES);
    return register_insert(cx, w->inserter, &place, given, NULL);
}

/* What one record needs lives in an arena of its own: a table may have thousands. */
static int write_record(struct record_writer *w, const struct record_part *part,
                        const struct register_record *record)
{
    struct ctx *cx = w->cx, own = {.mem = arena_new(RECORD_BYTES), .today = cx->today};

    w->cx = &own;
    int rc = insert_record(w, part, record);

    w->cx = cx;
    if (rc < 0)
        rc = fail(cx, (enum rc)rc, NULL, "%.*s", STR_ARG(own.err.text));
    arena_free(own.mem);
    return rc;
}

/* ---- one table ---- */

static const struct place *place_of(const struct record_writer *w, const struct record_part *part,
                                    size_t line)
{
    static const struct place none = {0};
    const struct block *block = w->r->passages[part->grid->lines[line].passage].block;

    return block != NULL ? &block->place : &none;
}

static int insert_table(struct record_writer *w)
{
    const struct record_part *first = &w->table->parts[0];
    const struct record_part *last = &w->table->parts[w->table->part_n - 1];
    const struct place *from = place_of(w, first, first->found.from);
    const struct place *to = place_of(w, last, last->found.to - 1);
    struct str heading =
        reading_heading_path(w->cx->mem, w->r, first->grid->lines[first->found.from].passage);
    STMT(s);

    TRY(store_prepare(
        w->cx, w->store,
        STR("INSERT INTO register_table (document, register, confidence, path, place, heading, "
            "sheet, first_row, last_row) VALUES (:document, :register, :confidence, :path, :place, "
            ":heading, :sheet, :first_row, :last_row)"),
        &s));
    TRY(stmt_bind_int(w->cx, s, "document", w->file->id));
    TRY(stmt_bind_text(w->cx, s, "register", w->table->def->id));
    TRY(stmt_bind_int(w->cx, s, "confidence", first->found.confidence));
    TRY(stmt_bind_text(w->cx, s, "path", w->file->path));
    TRY(stmt_bind_text(w->cx, s, "place", place_text(w->cx->mem, heading, from)));
    TRY(stmt_bind_text_or_null(w->cx, s, "heading", heading));
    TRY(stmt_bind_text_or_null(w->cx, s, "sheet", from->sheet));
    if (from->row + from->line > 0)
        TRY(stmt_bind_int(w->cx, s, "first_row", from->row > 0 ? from->row : from->line));
    if (to->row + to->line > 0)
        TRY(stmt_bind_int(w->cx, s, "last_row", to->row > 0 ? to->row : to->line));
    TRY(stmt_run(w->cx, s));
    w->id = store_last_id(w->store);
    return 0;
}

static int insert_column(struct record_writer *w, struct stmt *s, int64_t at, struct str header,
                         const struct register_field *field, const char *how)
{
    TRY(stmt_bind_int(w->cx, s, "table", w->id));
    TRY(stmt_bind_int(w->cx, s, "at", at));
    TRY(stmt_bind_text_or_null(w->cx, s, "header", header));
    if (field != NULL) {
        TRY(stmt_bind_text(w->cx, s, "field", field->id));
        TRY(stmt_bind_text(w->cx, s, "how", str_of(how)));
    }
    return stmt_run(w->cx, s);
}

static bool maps(const struct register_found *found, const struct register_field *field)
{
    for (size_t c = 0; c < found->column_n; c++)
        if (found->columns[c].field == field)
            return true;
    return false;
}

static bool has_groups(const struct record_table *table)
{
    for (size_t p = 0; p < table->part_n; p++)
        for (size_t i = 0; i < table->parts[p].found.record_n; i++)
            if (table->parts[p].found.records[i].group.n > 0)
                return true;
    return false;
}

static int insert_columns(struct record_writer *w)
{
    const struct register_def *def = w->table->def;
    const struct record_part *first = &w->table->parts[0];
    STMT(s);

    TRY(store_prepare(w->cx, w->store,
                      STR("INSERT INTO register_column (register_table, at, header, field, how) "
                          "VALUES (:table, :at, :header, :field, :how)"),
                      &s));
    for (size_t c = 0; c < first->found.column_n; c++) {
        const struct register_column *column = &first->found.columns[c];
        if (column->header.n > 0 || column->field != NULL)
            TRY(insert_column(w, s, column->at, column->header, column->field, column->how));
    }
    if (def->group != NULL && !maps(&first->found, def->group) && has_groups(w->table))
        TRY(insert_column(w, s, OF_GROUP, STR_NONE, def->group, "heading"));
    if (first->grid->headed && def->heading != NULL && !maps(&first->found, def->heading))
        TRY(insert_column(w, s, OF_GROUP + 1, STR_NONE, def->heading, "heading"));
    return 0;
}

static int count_rows(struct record_writer *w)
{
    STMT(s);

    TRY(store_prepare(w->cx, w->store,
                      STR("UPDATE register_table SET rows = :rows, judged = :judged, "
                          "samples = :samples WHERE id = :id"),
                      &s));
    TRY(stmt_bind_int(w->cx, s, "rows", w->n));
    TRY(stmt_bind_int(w->cx, s, "judged", w->n < RECORDS_MOST ? w->n : RECORDS_MOST));
    TRY(stmt_bind_int(w->cx, s, "samples", w->sample_n));
    TRY(stmt_bind_int(w->cx, s, "id", w->id));
    return stmt_run(w->cx, s);
}

static int write_table(struct record_writer *w)
{
    CLEANUP(register_inserter_freep) struct register_inserter *inserter = NULL;

    w->n = w->sample_n = 0;
    TRY(insert_table(w));
    TRY(insert_columns(w));
    if (w->table->def->is_not)
        return 0;
    TRY(register_inserter_new(w->cx, w->store, w->table->def, &inserter));
    w->inserter = inserter;
    for (size_t p = 0; p < w->table->part_n; p++)
        for (size_t i = 0; i < w->table->parts[p].found.record_n; i++) {
            if (w->n >= RECORDS_MOST) {
                w->n++;
                continue;
            }
            TRY(write_record(w, &w->table->parts[p], &w->table->parts[p].found.records[i]));
            TRY(ctx_check(w->cx));
        }
    return count_rows(w);
}

int records_write(struct ctx *cx, struct store *store, const struct signals *signals,
                  const struct reading *reading, const struct kinds *kinds,
                  const struct source_file *file, const struct control_lines *lines,
                  const struct records *records)
{
    struct record_writer w = {.cx = cx,
                              .store = store,
                              .registers = records->registers,
                              .signals = signals,
                              .r = reading,
                              .file = file,
                              .lines = lines};

    w.samples = !kinds->evidence || strcmp(kinds->template, "sample") == 0 ||
                strcmp(kinds->template, "placeholders") == 0;
    for (size_t i = 0; i < records->n; i++) {
        w.table = &records->items[i];
        TRY(write_table(&w));
    }
    return 0;
}

int write_passages(struct ctx *cx, struct store *store, const struct reading *r, int64_t document)
{
    STMT(s);

    TRY(store_prepare(cx, store,
                      STR("INSERT INTO passage_text (document, n, place, heading, page, line, "
                          "sheet, row, text) VALUES (:document, :n, :place, :heading, :page, "
                          ":line, :sheet, :row, :text)"),
                      &s));
    for (uint32_t p = 2; p < r->passage_n && p < WRITE_PASSAGES + 2; p++) {
        const struct block *block = r->passages[p].block;
        struct str heading = reading_heading_path(cx->mem, r, p);
        if (block == NULL || !r->passages[p].evidence || r->passages[p].text.n == 0)
            continue;
        TRY(stmt_bind_int(cx, s, "document", document));
        TRY(stmt_bind_int(cx, s, "n", p));
        TRY(write_place(cx, s, heading, &block->place));
        TRY(stmt_bind_text(cx, s, "text", r->passages[p].text));
        TRY(stmt_run(cx, s));
    }
    return 0;
}
