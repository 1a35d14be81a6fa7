#include "judge/facts.h"

#include <ctype.h>
#include <string.h>

/* Facts stand near the top, near the end, in tables of labels, in furniture and properties. */
#define TOP_PASSAGES 40u
#define END_PASSAGES 25u
#define LABEL_BYTES 48u
#define VALUE_BYTES 160u
#define LABEL_WORDS 4u
#define NUMBER_BYTES 32u

static const char *const fact_names[FACT_COUNT] = {
    "title",          "version",     "status",       "author", "owner",
    "approved_by",    "approved_on", "effective_on", "dated",  "review_due",
    "classification", "changed_on",  "number",       "other"};

enum fact fact_of(struct str name)
{
    for (int i = 0; i < FACT_COUNT; i++)
        if (str_is(name, fact_names[i]))
            return (enum fact)i;
    return FACT_COUNT;
}

const char *fact_name(enum fact fact)
{
    return fact < FACT_COUNT ? fact_names[fact] : "";
}

struct finder {
    struct ctx *cx;
    const struct reading *r;
    struct facts *facts;
    struct dict *labels; /* lower-case label to fact + 1 */
};

static struct dict *label_table(struct ctx *cx, const struct language *l)
{
    const struct value *map = value_get(l->yaml, "facts");
    struct dict *labels = dict_new(cx->mem);

    for (size_t i = 0; i < value_count(map); i++) {
        enum fact fact = fact_of(value_key_at(map, i));
        for (size_t k = 0; fact < FACT_COUNT && k < value_count(value_at(map, i)); k++)
            dict_set(labels, value_as_text(value_at(value_at(map, i), k)),
                     (const void *)(uintptr_t)(fact + 1));
    }
    return labels;
}

/* A picture before a label says nothing: U+2000 to U+2FFF, the selectors of their look, and what
 * lies beyond the basic plane. */
static size_t picture(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;

    if (s.n >= 4 && p[0] >= 0xf0)
        return 4;
    return s.n >= 3 && (p[0] == 0xe2 || (p[0] == 0xef && p[1] == 0xb8)) ? 3 : 0;
}

/* A printer's apostrophe is a typed one. */
static struct str plain_apostrophes(struct arena *mem, struct str s)
{
    static const char mark[] = "\xe2\x80\x99";
    struct buf out = buf_new(mem);
    size_t at;

    while ((at = str_find(s, str_of(mark), 0)) != SIZE_MAX) {
        buf_add(&out, str_sub(s, 0, at));
        buf_char(&out, '\'');
        s = str_from(s, at + strlen(mark));
    }
    buf_add(&out, s);
    return buf_str(&out);
}

/* "Approved By:" is "approved by"; brackets, marks and pictures go. */
static struct str plain_label(struct arena *mem, struct str s)
{
    s = str_trim(s);
    while (picture(s) > 0)
        s = str_trim(str_from(s, picture(s)));
    while (s.n > 0 && strchr("*_#:|.-> \t", s.p[s.n - 1]) != NULL)
        s = str_sub(s, 0, s.n - 1);
    while (s.n > 0 && strchr("*_#|.->0123456789 \t", s.p[0]) != NULL)
        s = str_from(s, 1);
    size_t bracket = str_find_char(s, '(', 0);
    if (bracket != SIZE_MAX && bracket > 2)
        s = str_trim(str_sub(s, 0, bracket));
    char *p = str_z(mem, plain_apostrophes(mem, str_lower(mem, s)));
    for (char *c = p; *c != '\0'; c++)
        if (*c == '_' || *c == '-')
            *c = ' ';
    return str_of(p);
}

static int label_fact(const struct finder *f, struct str label)
{
    if (label.n == 0 || label.n > LABEL_BYTES)
        return -1;
    return (int)(uintptr_t)dict_get(f->labels, plain_label(f->cx->mem, label)) - 1;
}

/* The first day named in a text, by its own tokens. */
static bool day_in(const struct finder *f, struct str text, struct date *ret)
{
    struct vocabulary none = {dict_new(f->cx->mem), dict_new(f->cx->mem)};
    struct tokens *tokens = tokens_new(f->cx->mem);
    uint32_t n;

    tokens_add(tokens, f->r->language, &none, text, false, 0);
    for (size_t i = 0; i < tokens->n; i++)
        if (token_date(tokens, f->r->language, i, ret, &n))
            return true;
    return false;
}

/* "Example: 1.0" shows how to fill something in. */
static bool is_sample(const struct finder *f, struct str value)
{
    const struct value *words = f->r->language->samples;

    for (size_t i = 0; i < value_count(words); i++) {
        struct str word = value_as_text(value_at(words, i));
        if (str_is_nocase(str_sub(value, 0, word.n), str_z(f->cx->mem, word)) &&
            (value.n == word.n || strchr(" :.,", value.p[word.n]) != NULL))
            return true;
    }
    return false;
}

static bool is_open(const struct finder *f, struct str value)
{
    struct vocabulary none = {dict_new(f->cx->mem), dict_new(f->cx->mem)};
    struct tokens *tokens = tokens_new(f->cx->mem);

    if (reading_cell_empty(f->r->language, f->cx->mem, value) || is_sample(f, value))
        return true;
    tokens_add(tokens, f->r->language, &none, value, false, 0);
    for (size_t i = 0; i < tokens->n; i++)
        if ((tokens->t[i].flags & TOKEN_PLACEHOLDER) != 0)
            return true;
    return false;
}

static bool version_value(struct str s)
{
    bool digit = false;

    for (size_t i = 0; i < s.n; i++)
        digit = digit || (s.p[i] >= '0' && s.p[i] <= '9');
    return s.n > 0 && s.n <= 24 && digit;
}

/* The status a word stands for, "" for none. */
static struct str status_value(const struct finder *f, struct str s)
{
    struct str low = plain_label(f->cx->mem, s);

    return value_get_text(value_get(f->r->language->yaml, "statuses"), str_z(f->cx->mem, low));
}

static bool class_value(const struct finder *f, struct str s)
{
    const struct value *classes = value_get(f->r->language->yaml, "classes");
    struct str low = plain_label(f->cx->mem, s);

    for (size_t i = 0; i < value_count(classes); i++)
        if (str_eq(value_as_text(value_at(classes, i)), low))
            return true;
    return s.n > 0 && s.n <= 40;
}

static bool has_letters(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] & 0x80))
            return true;
    return false;
}

static void set(struct finder *f, enum fact fact, struct str text, uint32_t passage, bool open)
{
    struct fact_value *v = &f->facts->of[fact];

    /* The first place that says something wins; an open place gives way to any. */
    if (v->text.n > 0 && (!v->open || open))
        return;
    v->text = text;
    v->passage = passage;
    v->open = open;
}

static void set_date(struct finder *f, enum fact fact, struct str text, struct date date,
                     uint32_t passage)
{
    struct fact_value *v = &f->facts->of[fact];

    if (v->text.n > 0 && !v->open)
        return;
    *v = (struct fact_value){.text = str_trim(text), .date = date, .passage = passage};
}

/* People fields may carry the day as well: "Approved by: A. Weber, 2026-03-01". */
static void take_people(struct finder *f, enum fact fact, struct str value, uint32_t passage)
{
    struct date date;

    if (fact == FACT_APPROVED_BY && day_in(f, value, &date))
        set_date(f, FACT_APPROVED_ON, value, date, passage);
    if (has_letters(value) && status_value(f, value).n == 0)
        set(f, fact, value, passage, false);
}

/* "Approved by: A. Weber", and in the next line "Date: 2026-03-01". */
static bool follows_approver(const struct finder *f, uint32_t passage)
{
    const struct fact_value *v = &f->facts->of[FACT_APPROVED_BY];

    if (v->text.n == 0 || v->open || v->passage == READING_NONE || passage == READING_NONE)
        return false;
    const struct passage *a = &f->r->passages[v->passage], *b = &f->r->passages[passage];
    return a->table == 0 && b->table == 0 && a->section == b->section &&
           (v->passage == passage || v->passage + 1 == passage);
}

/* One word with a digit: "POL-04", "ISMS.A.12". */
static bool number_value(struct str value)
{
    bool digit = false;

    for (size_t i = 0; i < value.n; i++) {
        digit = digit || isdigit((unsigned char)value.p[i]);
        if (isspace((unsigned char)value.p[i]))
            return false;
    }
    return digit && value.n >= 3 && value.n <= NUMBER_BYTES;
}

static void take(struct finder *f, enum fact fact, struct str value, uint32_t passage)
{
    struct date date;

    value = str_trim(value);
    while (value.n > 0 && strchr("*_", value.p[0]) != NULL)
        value = str_from(value, 1);
    while (value.n > 0 && strchr("*_", value.p[value.n - 1]) != NULL)
        value = str_sub(value, 0, value.n - 1);
    value = str_trim(value);
    if (value.n == 0 || value.n > VALUE_BYTES)
        return;
    if (is_open(f, value)) {
        if (fact != FACT_OTHER)
            set(f, fact == FACT_CHANGED_ON ? FACT_DATED : fact, value, passage, true);
        return;
    }
    switch (fact) {
    case FACT_VERSION:
        if (version_value(value))
            set(f, fact, value, passage, false);
        return;
    case FACT_STATUS:
        if (status_value(f, value).n > 0)
            set(f, fact, status_value(f, value), passage, false);
        return;
    case FACT_AUTHOR:
    case FACT_OWNER:
    case FACT_APPROVED_BY:
        take_people(f, fact, value, passage);
        return;
    case FACT_APPROVED_ON:
    case FACT_EFFECTIVE_ON:
    case FACT_DATED:
    case FACT_REVIEW_DUE:
        if (!day_in(f, value, &date))
            return;
        set_date(f, fact, value, date, passage);
        if (fact == FACT_DATED && follows_approver(f, passage))
            set_date(f, FACT_APPROVED_ON, value, date, passage);
        return;
    case FACT_CHANGED_ON: /* dates the document, and says nothing of who approved it when */
        if (day_in(f, value, &date))
            set_date(f, FACT_DATED, value, date, passage);
        return;
    case FACT_NUMBER:
        if (number_value(value))
            set(f, fact, value, passage, false);
        return;
    case FACT_OTHER:
        return;
    case FACT_CLASSIFICATION:
        if (class_value(f, value))
            set(f, fact, value, passage, false);
        return;
    default:
        set(f, fact, value, passage, false);
        return;
    }
}

/* The longest label of some words right before a colon, and where it begins. What begins the text
 * is the value of a label before it and may not be used up: "Approved Date:" says "Date" there. */
static int label_before(const struct finder *f, struct str text, size_t colon, size_t *ret_from)
{
    size_t from = colon;
    int found = -1;

    for (unsigned words = 0; from > 0 && words < LABEL_WORDS; words++) {
        from--;
        while (from > 0 && text.p[from - 1] != ' ')
            from--;
        int fact = label_fact(f, str_sub(text, from, colon - from));
        if (fact < 0 || !has_letters(str_sub(text, from, 1)) ||
            str_trim(str_sub(text, 0, from)).n == 0)
            continue;
        found = fact;
        *ret_from = from;
    }
    return found;
}

static bool begins_with_capital(struct str s)
{
    return s.n > 0 && ((s.p[0] >= 'A' && s.p[0] <= 'Z') || (s.p[0] & 0x80) != 0);
}

/* Where a later "Label:" in the text begins; SIZE_MAX where there is none. */
static size_t next_label(const struct finder *f, struct str text)
{
    size_t from;

    for (size_t colon = str_find_char(text, ':', 0); colon != SIZE_MAX;
         colon = str_find_char(text, ':', colon + 1))
        if (label_before(f, text, colon, &from) >= 0)
            return from;
    return SIZE_MAX;
}

/* "Version: 1.2 Owner: CISO" joined to one line, a name before it or not. A single label behind
 * other words is ordinary text. */
static void take_part(struct finder *f, struct str part, uint32_t passage)
{
    size_t colon = str_find_char(part, ':', 0), from = 0;
    int fact = colon == SIZE_MAX ? -1 : label_fact(f, str_sub(part, 0, colon));

    if (fact < 0 && colon != SIZE_MAX) {
        fact = label_before(f, part, colon, &from);
        if (fact >= 0 && (!begins_with_capital(str_from(part, from)) ||
                          next_label(f, str_from(part, colon + 1)) == SIZE_MAX))
            fact = -1;
    }
    while (fact >= 0) {
        struct str value = str_from(part, colon + 1);
        size_t next = next_label(f, value);
        take(f, (enum fact)fact, next == SIZE_MAX ? value : str_sub(value, 0, next), passage);
        if (next == SIZE_MAX)
            return;
        part = str_from(value, next);
        colon = str_find_char(part, ':', 0);
        fact = label_fact(f, str_sub(part, 0, colon));
    }
}

/* "Version: 1.2 | Owner: CISO | Date: 2026-03-01" and "Version: 1.2". */
static void take_line(struct finder *f, struct str line, uint32_t passage)
{
    struct str rest = line, part;

    while (str_split(&rest, '|', &part))
        take_part(f, part, passage);
}

/* "Version 0.3, draft." without a colon, as people write it under a title. */
static void take_version(struct finder *f, uint32_t passage)
{
    const struct passage *p = &f->r->passages[passage];

    for (uint32_t i = p->token_from; i + 1 < p->token_to && i < p->token_from + 12; i++) {
        const struct token *t = &f->r->tokens->t[i];
        if (label_fact(f, t[0].low) != FACT_VERSION || (t[1].flags & TOKEN_NUMBER) == 0 ||
            t[1].word.n > 8)
            continue;
        set(f, FACT_VERSION, t[1].word, passage, false);
        if (i + 2 < p->token_to && status_value(f, t[2].low).n > 0)
            set(f, FACT_STATUS, status_value(f, t[2].low), passage, false);
        return;
    }
}

/* Label and value in neighbouring cells, in this order, any number of pairs in a row. */
static void take_row(struct finder *f, const struct block *row, uint32_t passage)
{
    for (size_t c = 0; c < row->cell_count; c++) {
        int fact = label_fact(f, row->cells[c].text);
        if (fact >= 0 && c + 1 < row->cell_count) {
            take(f, (enum fact)fact, row->cells[c + 1].text, passage);
            c++;
        } else {
            take_line(f, row->cells[c].text, passage);
        }
    }
}

/* A table whose heading row holds the labels and whose one row holds the values. */
static void take_columns(struct finder *f, const struct table *table)
{
    const struct block *header, *row;
    size_t known = 0;

    if (table->header == READING_NONE || table->to - table->header > 3 ||
        table->header + 1 >= table->to || table->history)
        return;
    header = f->r->passages[table->header].block;
    row = f->r->passages[table->header + 1].block;
    for (size_t c = 0; c < header->cell_count; c++)
        known += label_fact(f, header->cells[c].text) >= 0;
    for (size_t c = 0; known >= 2 && c < header->cell_count; c++) {
        int fact = label_fact(f, header->cells[c].text);
        for (size_t k = 0; fact >= 0 && k < row->cell_count; k++)
            if (row->cells[k].column == header->cells[c].column)
                take(f, (enum fact)fact, row->cells[k].text, table->header + 1);
    }
}

/* The newest row of a revision history gives what nothing else does: version and day. */
static void take_history(struct finder *f, const struct table *table)
{
    const struct block *header = f->r->passages[table->header].block;
    struct date newest = {0, 0, 0};
    struct str version = STR_NONE;
    uint32_t passage = 0;

    for (uint32_t p = table->header + 1; p < table->to; p++) {
        const struct block *row = f->r->passages[p].block;
        struct date date;
        struct str v = STR_NONE;
        bool dated = false;
        for (size_t c = 0; c < row->cell_count; c++) {
            struct str name = STR_NONE;
            for (size_t k = 0; k < header->cell_count; k++)
                if (header->cells[k].column == row->cells[c].column)
                    name = header->cells[k].text;
            int fact = label_fact(f, name);
            if (fact == FACT_VERSION && version_value(row->cells[c].text))
                v = row->cells[c].text;
            dated = dated || (fact == FACT_DATED && day_in(f, row->cells[c].text, &date));
        }
        if (v.n == 0 || !dated || date_cmp(date, newest) < 0)
            continue;
        newest = date;
        version = v;
        passage = p;
    }
    if (version.n > 0) {
        set(f, FACT_VERSION, version, passage, false);
        set_date(f, FACT_DATED, date_iso(f->cx->mem, newest), newest, passage);
    }
}

static bool lists(const struct finder *f, const char *key, struct str text)
{
    const struct value *list = value_get(value_get(f->r->language->yaml, "approvals"), key);
    struct str plain = plain_label(f->cx->mem, text);

    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_as_text(value_at(list, i)), plain))
            return true;
    return false;
}

static struct str cell_under(const struct finder *f, const struct block *header,
                             const struct block *row, const char *key)
{
    for (size_t c = 0; c < header->cell_count; c++)
        for (size_t k = 0; k < row->cell_count && lists(f, key, header->cells[c].text); k++)
            if (row->cells[k].column == header->cells[c].column)
                return str_trim(row->cells[k].text);
    return STR_NONE;
}

/* A table of names and days below "Approvals": its newest row tells who approved and when. */
static void take_approvals(struct finder *f, const struct table *table)
{
    struct date newest = {0, 0, 0};

    if (table->header == READING_NONE || table->history)
        return;
    const struct passage *head = &f->r->passages[table->header];
    if (head->section == READING_NONE ||
        !lists(f, "under", f->r->passages[f->r->sections[head->section].heading].text))
        return;
    for (uint32_t p = table->header + 1; p < table->to; p++) {
        const struct block *row = f->r->passages[p].block;
        struct str name = cell_under(f, head->block, row, "name");
        struct str role = cell_under(f, head->block, row, "role");
        struct str day = cell_under(f, head->block, row, "day");
        struct date date;
        if (name.n == 0 || is_open(f, name) || !day_in(f, day, &date) || date_cmp(date, newest) < 0)
            continue;
        newest = date;
        f->facts->of[FACT_APPROVED_BY].text = f->facts->of[FACT_APPROVED_ON].text = STR_NONE;
        set(f, FACT_APPROVED_BY,
            role.n > 0 && !is_open(f, role)
                ? str_printf(f->cx->mem, "%.*s, %.*s", STR_ARG(name), STR_ARG(role))
                : name,
            p, false);
        set_date(f, FACT_APPROVED_ON, day, date, p);
    }
}

/* A label on a line of its own, its value on the next. */
static bool take_two_lines(struct finder *f, uint32_t passage)
{
    const struct passage *p = &f->r->passages[passage];
    int fact;

    if (p->text.n < 3 || p->text.p[p->text.n - 1] != ':' || passage + 1 >= f->r->passage_n)
        return false;
    fact = label_fact(f, p->text);
    const struct passage *next = &f->r->passages[passage + 1];
    if (fact < 0 || next->block == NULL || next->block->kind == BLOCK_HEADING || next->table != 0)
        return false;
    take(f, (enum fact)fact, next->text, passage + 1);
    return true;
}

static void take_passage(struct finder *f, uint32_t i, size_t text_before)
{
    const struct passage *p = &f->r->passages[i];
    bool near = text_before < TOP_PASSAGES || i + END_PASSAGES >= f->r->passage_n;

    switch (p->block->kind) {
    case BLOCK_PROPERTY:
    case BLOCK_HEADING:
    case BLOCK_CODE:
        return;
    case BLOCK_FURNITURE:
        take_line(f, p->text, i);
        return;
    case BLOCK_ROW:
        if (f->r->tables[p->table].labels || f->r->tables[p->table].header == READING_NONE ||
            i < f->r->tables[p->table].header)
            take_row(f, p->block, i);
        return;
    case BLOCK_PARAGRAPH:
    case BLOCK_ITEM:
        if (near && !take_two_lines(f, i))
            take_line(f, p->text, i);
        if (text_before < 4 && p->text.n < 200)
            take_version(f, i);
        return;
    }
}

/* What an office program wrote into the file of its own accord: when it was made, often from a
 * template that is older than the document. */
static bool is_stamp(const struct finder *f, int fact)
{
    enum extract_format format = f->r->extract->format;

    return fact == FACT_DATED && (format == EXTRACT_DOCX || format == EXTRACT_ODT);
}

static void take_properties(struct finder *f)
{
    for (size_t i = 0; i < f->r->extract->block_count; i++) {
        const struct block *b = &f->r->extract->blocks[i];
        if (b->kind != BLOCK_PROPERTY)
            continue;
        int fact = label_fact(f, b->label);
        /* The day that the text itself gives is the better one. */
        if (is_stamp(f, fact) && f->facts->of[FACT_EFFECTIVE_ON].text.n > 0)
            continue;
        if (fact > FACT_TITLE)
            take(f, (enum fact)fact, b->text, READING_NONE);
    }
}

/* "draft" in a file's name says it as well as a label would. */
static void take_name(struct finder *f)
{
    const struct passage *name = &f->r->passages[0];

    for (uint32_t i = name->token_from; i < name->token_to; i++) {
        struct str status = value_get_text(value_get(f->r->language->yaml, "statuses"),
                                           str_z(f->cx->mem, f->r->tokens->t[i].low));
        if (str_is(status, "draft") || str_is(status, "obsolete"))
            set(f, FACT_STATUS, status, 0, false);
        if (tokens_span(f->r->tokens, i, CLASS_VERSION) > 0)
            set(f, FACT_VERSION, f->r->tokens->t[i].low, 0, false);
    }
}

void facts_find(struct ctx *cx, const struct reading *reading, struct facts *ret)
{
    struct finder f = {cx, reading, ret, label_table(cx, reading->language)};
    size_t text = 0;

    memset(ret, 0, sizeof *ret);
    for (int i = 0; i < FACT_COUNT; i++)
        ret->of[i].passage = READING_NONE;
    for (uint32_t i = 2; i < reading->passage_n; i++) {
        take_passage(&f, i, text);
        text += reading->passages[i].evidence;
    }
    for (uint32_t t = 1; t < reading->table_n; t++) {
        take_columns(&f, &reading->tables[t]);
        take_approvals(&f, &reading->tables[t]);
        if (reading->tables[t].history && reading->tables[t].header != READING_NONE)
            take_history(&f, &reading->tables[t]);
    }
    take_properties(&f);
    take_name(&f);
    set(&f, FACT_TITLE, reading->title, 1, false);
}
