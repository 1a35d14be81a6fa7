#include "judge/reading.h"

#include "judge/cards.h"
#include "judge/name.h"
#include "judge/runin.h"

#include <ctype.h>
#include <string.h>

/* A heading row is looked for among so many first rows of a table. */
#define HEADER_ROWS 12u
#define HEADER_CELL_BYTES 70u
#define MOST_TITLE_BLOCKS 8u
#define MOST_COVER_BLOCKS 12u
#define TITLE_BYTES 160u
#define REFERENCE_BYTES 16u
#define PASSAGE_BYTES ((size_t)256 * 1024)

/* A passage of fewer words is hardly more than a caption. */
#define CAPTION_TOKENS 4u
#define LABEL_BYTES 48u /* of an item that leads others in */

struct maker {
    struct ctx *cx;
    const struct patterns *patterns;
    struct reading *r;
    struct dict *furniture; /* heading texts whose sections are no evidence */
    uint32_t section;
    uint32_t lists;
    bool no_evidence; /* in such a section */
    uint8_t no_evidence_level;
};

/* ---- guards ---- */

static const struct {
    const char *name;
    enum guard guard;
} guard_names[] = {{"absence", GUARD_ABSENCE}, {"promise", GUARD_PROMISE}, {"advice", GUARD_ADVICE},
                   {"example", GUARD_EXAMPLE}, {"pointer", GUARD_POINTER}, {"aside", GUARD_ASIDE}};

int guards_load(struct ctx *cx, struct patterns *patterns, struct guard_patterns *ret)
{
    const struct language *l = patterns_language(patterns);
    const struct value *guards = value_get(l->yaml, "guards");

    memset(ret, 0, sizeof *ret);
    for (size_t g = 0; g < COUNT_OF(guard_names); g++) {
        const struct value *list = value_get(guards, guard_names[g].name);
        for (size_t i = 0; i < value_count(list); i++) {
            struct str where = str_printf(cx->mem, "languages/%.*s.yaml:%u", STR_ARG(l->id),
                                          value_line(value_at(list, i)));
            uint32_t pattern;
            TRY(patterns_add(cx, patterns, where.p, value_as_text(value_at(list, i)), &pattern));
            (void)ARENA_PUSH(cx->mem, ret->items, ret->n, ret->room);
            ret->items[ret->n - 1].pattern = pattern;
            ret->items[ret->n - 1].guard = guard_names[g].guard;
        }
    }
    return 0;
}

/* ---- passages ---- */

static struct passage *add_passage(struct maker *m, const struct block *block, struct str text)
{
    struct reading *r = m->r;
    struct passage *p = ARENA_PUSH(m->cx->mem, r->passages, r->passage_n, r->passage_room);

    memset(p, 0, sizeof *p);
    p->block = block;
    p->text = text;
    p->section = m->section;
    p->token_from = p->token_to = (uint32_t)r->tokens->n;
    return p;
}

static void add_tokens(struct maker *m, struct passage *p, struct str text, bool split,
                       uint32_t flags)
{
    /* A passage of megabytes is no prose: its beginning will do. */
    text = str_sub(text, 0, PASSAGE_BYTES);
    tokens_add(m->r->tokens, m->r->language, patterns_vocabulary(m->patterns), text, split, flags);
    p->token_to = (uint32_t)m->r->tokens->n;
}

static struct str property(const struct extract *e, const char *label)
{
    for (size_t i = 0; i < e->block_count; i++)
        if (e->blocks[i].kind == BLOCK_PROPERTY && str_is_nocase(e->blocks[i].label, label))
            return e->blocks[i].text;
    return STR_NONE;
}

static bool begins(struct str s, struct str word)
{
    return s.n >= word.n && strncasecmp(s.p, word.p, word.n) == 0;
}

/* Titles that programs write by themselves; a few characters more are a number: "Untitled 2". */
static bool is_generic(const struct language *l, struct str title)
{
    for (size_t i = 0; i < value_count(l->untitled); i++) {
        struct str word = value_as_text(value_at(l->untitled, i));
        bool open = str_ends(word, STR("*"));
        if (begins(title, open ? str_sub(word, 0, word.n - 1) : word) &&
            (open || title.n < word.n + 4))
            return true;
    }
    return title.n < 3;
}

/* "9.1 Visitors" is a part of something, never the whole. */
static bool is_numbered(struct str heading)
{
    size_t n = 0;

    while (n < heading.n && strchr("0123456789.", heading.p[n]) != NULL)
        n++;
    return n > 0 && n < heading.n && heading.p[n] == ' ' && heading.p[0] != '.' &&
           (n < 4 || heading.p[1] == '.' || heading.p[2] == '.');
}

/* A short first line that is no sentence and no label. */
static struct str first_line(const struct extract *e)
{
    for (size_t i = 0; i < e->block_count; i++) {
        struct str text = e->blocks[i].text;
        if (e->blocks[i].kind == BLOCK_PROPERTY || e->blocks[i].kind == BLOCK_FURNITURE)
            continue;
        if (e->blocks[i].kind != BLOCK_PARAGRAPH || text.n > TITLE_BYTES ||
            text.p[text.n - 1] == '.' || text.p[text.n - 1] == ':' || str_has(text, ": "))
            break;
        return text;
    }
    return STR_NONE;
}

/* The one heading of the first level near the top; else the title property; else the first heading
 * near the top, the first line, the file's name. A numbered heading is no title. */
static struct str find_title(const struct maker *m)
{
    const struct extract *e = m->r->extract;
    const struct language *l = m->r->language;
    struct str heading = STR_NONE, title = property(e, "title"), line = first_line(e);
    struct str name = name_words(m->cx->mem, m->r->path);
    size_t seen = 0, firsts = 0;

    if (title.n == 0)
        title = property(e, "name");
    for (size_t i = 0; i < e->block_count; i++) {
        const struct block *b = &e->blocks[i];
        /* A cover names the company and the system before what the file, too, is called. */
        if ((b->kind == BLOCK_HEADING || b->kind == BLOCK_PARAGRAPH) && seen < MOST_COVER_BLOCKS &&
            b->text.n <= TITLE_BYTES && name_has(name, b->text))
            return b->text;
        if (b->kind == BLOCK_HEADING && b->place.sheet.n == 0) {
            firsts += b->level == 1;
            if (heading.n == 0 && seen < MOST_TITLE_BLOCKS && !is_numbered(b->text))
                heading = b->text;
        }
        seen += b->kind != BLOCK_PROPERTY && b->kind != BLOCK_FURNITURE;
    }
    if (heading.n > 0 && (firsts == 1 || title.n == 0 || is_generic(l, title)))
        return heading;
    if (title.n > 0 && !is_generic(l, title))
        return title;
    return line.n > 0 ? line : name;
}

/* "3.1 Revision history:" is "revision history". */
static struct str plain_heading(struct arena *mem, struct str s)
{
    while (s.n > 0 && strchr("0123456789.):-# \t", s.p[0]) != NULL)
        s = str_from(s, 1);
    while (s.n > 0 && strchr(".:- ", s.p[s.n - 1]) != NULL)
        s = str_sub(s, 0, s.n - 1);
    return str_lower(mem, s);
}

static void open_section(struct maker *m, uint32_t passage, uint8_t level, bool title)
{
    struct reading *r = m->r;
    uint32_t parent = m->section;

    while (parent != READING_NONE && (r->sections[parent].level >= level)) {
        r->sections[parent].to = passage;
        parent = r->sections[parent].parent;
    }
    *ARENA_PUSH(m->cx->mem, r->sections, r->section_n, r->section_room) =
        (struct section){passage, parent, READING_NONE, level, title};
    m->section = (uint32_t)(r->section_n - 1);
}

static bool is_contents_heading(const struct maker *m, struct str text)
{
    const struct value *list = value_get(value_get(m->r->language->yaml, "furniture"), "contents");
    struct str heading = plain_heading(m->cx->mem, text);

    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_as_text(value_at(list, i)), heading))
            return true;
    return false;
}

static void add_heading(struct maker *m, const struct block *block)
{
    struct reading *r = m->r;
    bool title = r->section_n == 0 && str_eq(block->text, r->title);
    struct passage *p = add_passage(m, block, block->text);
    uint32_t passage = (uint32_t)(r->passage_n - 1);

    add_tokens(m, p, block->text, false, 0);
    if (title)
        name_mark_codes(m->r->tokens, p->token_from, p->token_to);
    open_section(m, passage, title ? 0 : block->level, title);
    r->passages[passage].section = m->section;
    if (m->no_evidence && block->level <= m->no_evidence_level)
        m->no_evidence = false;
    if (!m->no_evidence && dict_has(m->furniture, plain_heading(m->cx->mem, block->text))) {
        m->no_evidence = true;
        /* What a table of contents lists stands in no section of it, whatever the levels. */
        m->no_evidence_level = is_contents_heading(m, block->text) ? UINT8_MAX : block->level;
    }
}

static void add_name(struct maker *m, struct str name)
{
    struct passage *p = add_passage(m, NULL, name);

    add_tokens(m, p, name, false, 0);
    name_mark_codes(m->r->tokens, p->token_from, p->token_to);
}

static bool is_contents_line(struct str text)
{
    size_t n = text.n;

    while (n > 0 && text.p[n - 1] >= '0' && text.p[n - 1] <= '9')
        n--;
    return n < text.n && (str_has(text, "....") || str_has(text, "\xe2\x80\xa6\xe2\x80\xa6") ||
                          (n > 0 && text.p[n - 1] == '\t'));
}

/* "The ISMS covers:" leads a list in; a sentence of its own or a caption does not. */
static bool leads_in(const struct language *l, struct str text)
{
    for (size_t i = 0; i < value_count(l->captions); i++) {
        struct str word = value_as_text(value_at(l->captions, i));
        if (text.n > word.n && text.p[word.n] == ' ' && begins(text, word))
            return false;
    }
    return text.n > 0 && text.p[text.n - 1] != '.' && text.p[0] != '\\';
}

/* The item one level up where it is a few words and a colon. */
static uint32_t item_above(const struct reading *r, uint32_t passage)
{
    const struct passage *p = &r->passages[passage];
    uint8_t level = p->block->level;

    for (uint32_t i = passage; i-- > 0 && r->passages[i].list == p->list;) {
        const struct passage *q = &r->passages[i];
        if (q->block->kind == BLOCK_ITEM && q->block->level < level)
            return q->text.n > 0 && q->text.n <= LABEL_BYTES && q->text.p[q->text.n - 1] == ':' ? i
                                                                                                : 0;
    }
    return 0;
}

static void add_text(struct maker *m, const struct block *block)
{
    struct reading *r = m->r;
    struct passage *p = add_passage(m, block, block->text);
    struct passage *before = p > r->passages ? p - 1 : NULL;

    add_tokens(m, p, block->text, true, 0);
    p->evidence = !m->no_evidence && !block->struck && !str_is(block->label, "toc") &&
                  !is_contents_line(block->text);
    if (block->kind != BLOCK_ITEM)
        return;
    if (before != NULL && before->block != NULL && before->section == p->section) {
        if (before->block->kind == BLOCK_ITEM) {
            p->list = before->list;
            p->above = item_above(r, (uint32_t)(r->passage_n - 1));
            return;
        }
        p->list = ++m->lists;
        if (before->block->kind == BLOCK_PARAGRAPH && before->evidence &&
            leads_in(r->language, before->text)) {
            before->list = p->list;
            before->lead = true;
        }
        return;
    }
    p->list = ++m->lists;
}

/* ---- tables ---- */

/* "____", "__/__/__" and "[ ]" wait for a pen. */
static bool is_blank_line(struct str cell)
{
    for (size_t i = 0; i < cell.n; i++)
        if (strchr("_/.:|[]() ", cell.p[i]) == NULL)
            return false;
    return true;
}

bool reading_cell_empty(const struct language *language, struct arena *mem, struct str cell)
{
    cell = str_trim(cell);
    if (is_blank_line(cell))
        return true;
    if (cell.n < 80 && ((cell.p[0] == '[' && cell.p[cell.n - 1] == ']') ||
                        (cell.p[0] == '<' && cell.p[cell.n - 1] == '>')))
        return true;
    if (cell.n > 40)
        return false;
    return dict_has(language->empty_cells, str_lower(mem, cell));
}

static bool looks_like_header(const struct block *row, size_t fill)
{
    size_t digits = 0, letters = 0;

    if (row->cell_count < 2 || row->cell_count * 10 < fill * 6)
        return false;
    for (size_t c = 0; c < row->cell_count; c++) {
        struct str s = row->cells[c].text;
        if (s.n > HEADER_CELL_BYTES)
            return false;
        letters += s.n > 0 && !(s.p[0] >= '0' && s.p[0] <= '9');
        digits += s.n > 0 && s.p[0] >= '0' && s.p[0] <= '9';
    }
    return letters >= 2 && digits * 4 <= row->cell_count;
}

/* Whether most first cells are labels that documents carry facts under. */
static bool is_label_table(const struct maker *m, const struct block *rows, size_t n)
{
    const struct value *facts = value_get(m->r->language->yaml, "facts");
    size_t known = 0, two = 0;

    for (size_t i = 0; i < n; i++) {
        two += rows[i].cell_count <= 2;
        struct str label =
            rows[i].cell_count > 0 ? plain_heading(m->cx->mem, rows[i].cells[0].text) : STR_NONE;
        for (size_t f = 0; f < value_count(facts); f++)
            for (size_t k = 0; k < value_count(value_at(facts, f)); k++)
                known += str_eq(value_as_text(value_at(value_at(facts, f), k)), label);
    }
    return two == n && known >= 2 && known * 3 >= n;
}

static size_t find_header(const struct block *rows, size_t n)
{
    size_t fill = 0;

    for (size_t i = 0; i < n && i < HEADER_ROWS; i++) {
        if (rows[i].header && rows[i].cell_count >= 2)
            return i;
        fill = rows[i].cell_count > fill ? rows[i].cell_count : fill;
    }
    for (size_t i = 0; i + 1 < n && i < HEADER_ROWS; i++)
        if (looks_like_header(&rows[i], fill))
            return i;
    return SIZE_MAX;
}

static struct str header_of(const struct block *header, uint16_t column)
{
    for (size_t c = 0; header != NULL && c < header->cell_count; c++)
        if (header->cells[c].column == column)
            return header->cells[c].text;
    return STR_NONE;
}

/* Adds the row as text and tokens, filled cells only, each after its column's heading. */
static void add_row(struct maker *m, const struct block *row, const struct block *header,
                    bool labels)
{
    struct arena *mem = m->cx->mem;
    struct passage *p = add_passage(m, row, STR_NONE);
    struct buf text = buf_new(mem);
    bool first = true;

    for (size_t c = 0; c < row->cell_count; c++) {
        struct str cell = row->cells[c].text, name = header_of(header, row->cells[c].column);
        if (row != header && reading_cell_empty(m->r->language, mem, cell))
            continue;
        buf_addz(&text, text.n > 0 ? (labels ? ": " : ". ") : "");
        if (row != header && name.n > 0)
            buf_printf(&text, "%.*s: ", STR_ARG(name));
        buf_add(&text, cell);
    }
    p->text = buf_str(&text);
    /* Tokenised cell by cell, so that headings are known as such; one sentence all the same. */
    size_t at = 0;
    for (size_t c = 0; c < row->cell_count; c++) {
        struct str cell = row->cells[c].text, name = header_of(header, row->cells[c].column);
        if (row != header && reading_cell_empty(m->r->language, mem, cell))
            continue;
        at += at > 0 ? 2 : 0;
        /* Each heading is a sentence of its own, so that ^ and $ hold in it. */
        uint32_t more = first || row == header ? 0 : TOKEN_CONTINUES;
        if (row != header && name.n > 0) {
            add_tokens(m, p, str_sub(p->text, at, name.n), false, TOKEN_HEADER | more);
            at += name.n + 2;
            more = TOKEN_CONTINUES;
        }
        add_tokens(m, p, str_sub(p->text, at, cell.n), false, more);
        at += cell.n;
        first = false;
    }
}

/* Whether one of the headings holds one of the words. */
static bool heads(struct arena *mem, const struct block *header, const struct value *words)
{
    for (size_t c = 0; c < header->cell_count; c++) {
        if (header->cells[c].text.n >= 40)
            continue;
        struct str heading = str_lower(mem, header->cells[c].text);
        for (size_t w = 0; w < value_count(words); w++)
            if (str_find(heading, value_as_text(value_at(words, w)), 0) != SIZE_MAX)
                return true;
    }
    return false;
}

/* A table of versions, dates and what changed. */
static bool is_history(const struct maker *m, const struct block *header)
{
    const struct value *columns = m->r->language->history;

    if (header->cell_count > 7)
        return false;
    for (size_t i = 0; i < value_count(columns); i++)
        if (!heads(m->cx->mem, header, value_at(columns, i)))
            return false;
    return true;
}

/* Rows that show how to fill the table in. */
static bool is_sample(const struct language *l, const struct block *row)
{
    struct str first = row->cell_count > 0 ? row->cells[0].text : STR_NONE;

    if (first.n >= 40)
        return false;
    for (size_t i = 0; i < value_count(l->samples); i++) {
        struct str word = value_as_text(value_at(l->samples, i));
        /* "Samples" and "Sampled by" are what an audit looked at. */
        if (begins(first, word) && (first.n == word.n || !isalpha((unsigned char)first.p[word.n])))
            return true;
    }
    return false;
}

/* The heading row itself, or again on another page. */
static bool same_cells(const struct block *a, const struct block *b)
{
    if (a->cell_count != b->cell_count)
        return false;
    for (size_t c = 0; c < a->cell_count; c++)
        if (!str_eq(a->cells[c].text, b->cells[c].text))
            return false;
    return true;
}

static bool has_text(const struct value *list, struct str text)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_as_text(value_at(list, i)), text))
            return true;
    return false;
}

/* "A.5.29", "CC3.1", "PR.AA-01": letters or digits with a point or a hyphen and a digit. */
static bool is_reference(struct str s)
{
    bool digit = false, joint = false;

    for (size_t i = 0; i < s.n; i++) {
        digit = digit || (s.p[i] >= '0' && s.p[i] <= '9');
        joint = joint || s.p[i] == '.' || s.p[i] == '-';
        if (s.p[i] == ' ')
            return false;
    }
    return digit && joint && s.n <= REFERENCE_BYTES;
}

/* A table that says only which parts of which framework the document answers: headings of nothing
 * else, and rows that begin with a framework or the number of one of its parts. */
static bool is_mapping(const struct maker *m, const struct block *rows, size_t n, size_t header)
{
    const struct value *mapping = value_get(m->r->language->yaml, "mapping");
    size_t frameworks = 0, parts = 0, numbers = 0;

    for (size_t c = 0; c < rows[header].cell_count; c++) {
        struct str name = plain_heading(m->cx->mem, rows[header].cells[c].text);
        bool framework = has_text(value_get(mapping, "framework"), name);
        bool part = has_text(value_get(mapping, "part"), name);
        if (!framework && !part && !has_text(value_get(mapping, "text"), name))
            return false;
        frameworks += framework;
        parts += part;
    }
    for (size_t i = header + 1; i < n; i++)
        numbers += rows[i].cell_count > 0 && is_reference(str_trim(rows[i].cells[0].text));
    return (frameworks > 0 && parts > 0) || (parts > 0 && numbers * 2 > n - header - 1);
}

/* A table that explains the fields of a form and fills none of them. */
static bool is_form(const struct maker *m, const struct block *header)
{
    const struct value *form = value_get(m->r->language->yaml, "form");

    return header->cell_count == 2 &&
           has_text(value_get(form, "field"), plain_heading(m->cx->mem, header->cells[0].text)) &&
           has_text(value_get(form, "meaning"), plain_heading(m->cx->mem, header->cells[1].text));
}

static size_t add_table(struct maker *m, const struct block *rows, size_t n)
{
    struct reading *r = m->r;
    bool labels = is_label_table(m, rows, n);
    size_t header = labels ? SIZE_MAX : find_header(rows, n);
    struct table table = {.from = (uint32_t)r->passage_n, .header = READING_NONE, .labels = labels};
    bool mapping =
        header != SIZE_MAX && (is_mapping(m, rows, n, header) || is_form(m, &rows[header]));
    uint32_t number;

    table.history = header != SIZE_MAX && is_history(m, &rows[header]);
    (void)ARENA_PUSH(m->cx->mem, r->tables, r->table_n, r->table_room);
    number = (uint32_t)(r->table_n - 1);
    for (size_t i = 0; i < n && r->tokens->n <= READING_TOKENS; i++) {
        bool below = header != SIZE_MAX && i >= header;
        if (i == header)
            table.header = (uint32_t)r->passage_n;
        add_row(m, &rows[i], below ? &rows[header] : NULL, labels);
        struct passage *p = &r->passages[r->passage_n - 1];
        p->table = number;
        p->evidence = !m->no_evidence && !table.history && !mapping && !rows[i].struck &&
                      !(below && same_cells(&rows[i], &rows[header])) &&
                      !is_sample(r->language, &rows[i]) && p->token_to > p->token_from;
    }
    table.to = (uint32_t)r->passage_n;
    r->tables[number] = table;
    return n;
}

/* ---- the whole ---- */

static size_t add_block(struct maker *m, const struct block *blocks, size_t left)
{
    struct runin list;
    size_t n = 1;

    switch (blocks->kind) {
    case BLOCK_HEADING:
        add_heading(m, blocks);
        break;
    case BLOCK_PARAGRAPH:
    case BLOCK_ITEM:
        if (runin_split(m->cx->mem, blocks, &list))
            for (size_t i = 0; i < list.n; i++)
                add_text(m, &list.blocks[i]);
        else
            add_text(m, blocks);
        break;
    case BLOCK_ROW:
        while (n < left && blocks[n].kind == BLOCK_ROW && blocks[n].table == blocks->table)
            n++;
        return add_table(m, blocks, n);
    case BLOCK_CODE:
    case BLOCK_FURNITURE:
    case BLOCK_PROPERTY:
        add_tokens(m, add_passage(m, blocks, blocks->text), blocks->text, true, 0);
        break;
    }
    return n;
}

static void close_sections(struct reading *r)
{
    for (size_t i = 0; i < r->section_n; i++)
        if (r->sections[i].to == READING_NONE)
            r->sections[i].to = (uint32_t)r->passage_n;
}

static void make_sentences(struct ctx *cx, struct reading *r)
{
    const struct tokens *t = r->tokens;

    r->sentence_n = t->sentences + 1;
    r->sentences = arena_array(cx->mem, r->sentence_n, sizeof *r->sentences);
    for (uint32_t p = 0; p < r->passage_n; p++) {
        for (uint32_t i = r->passages[p].token_from; i < r->passages[p].token_to; i++) {
            struct sentence *s = &r->sentences[t->t[i].sentence];
            if (s->to == 0) {
                s->from = i;
                s->passage = p;
            }
            s->to = i + 1;
        }
    }
}

/* The passage introduces, is about the document itself, or is hardly more than a caption. */
static bool is_aside(struct arena *mem, const struct reading *r, const struct dict *headings,
                     const struct passage *p)
{
    if (p->table == 0 && p->token_to - p->token_from < CAPTION_TOKENS)
        return true;
    if (p->block != NULL && p->block->kind == BLOCK_PARAGRAPH && str_is(p->block->label, "aside"))
        return true;
    for (uint32_t s = p->section; s != READING_NONE; s = r->sections[s].parent)
        if (!r->sections[s].title &&
            dict_has(headings, plain_heading(mem, r->passages[r->sections[s].heading].text)))
            return true;
    return false;
}

static void mark_asides(struct ctx *cx, struct reading *r)
{
    const struct value *list = value_get(value_get(r->language->yaml, "furniture"), "asides");
    struct dict *headings = dict_new(cx->mem);
    uint32_t passage = 0;
    bool aside = false;

    for (size_t i = 0; i < value_count(list); i++)
        (void)dict_intern(headings, value_as_text(value_at(list, i)));
    for (size_t s = 1; s < r->sentence_n; s++) {
        if (r->sentences[s].passage != passage) {
            passage = r->sentences[s].passage;
            aside = is_aside(cx->mem, r, headings, &r->passages[passage]);
        }
        r->sentences[s].guards |= aside ? GUARD_ASIDE : 0;
    }
}

static void guard_sentences(struct reading *r, const struct guard_patterns *guards)
{
    const struct tokens *t = r->tokens;

    for (size_t g = 0; g < guards->n; g++) {
        uint32_t p = guards->items[g].pattern;
        for (uint32_t h = r->hits.first[p]; h < r->hits.first[p + 1]; h++)
            r->sentences[t->t[r->hits.hit[h].from].sentence].guards |= guards->items[g].guard;
    }
    for (size_t s = 1; s < r->sentence_n; s++) {
        struct sentence *sentence = &r->sentences[s];
        uint32_t gaps = 0;
        for (uint32_t i = sentence->from; i < sentence->to; i++) {
            gaps += (t->t[i].flags & TOKEN_PLACEHOLDER) != 0;
            if ((t->t[i].flags & TOKEN_ASKS) != 0)
                sentence->guards |= GUARD_QUESTION;
        }
        r->placeholders += gaps;
        if (gaps * 4 >= sentence->to - sentence->from && gaps > 0)
            sentence->guards |= GUARD_PLACEHOLDER;
    }
}

static struct dict *furniture_of(struct ctx *cx, const struct language *l)
{
    const struct value *groups = value_get(l->yaml, "furniture");
    struct dict *dict = dict_new(cx->mem);

    for (size_t g = 0; g < value_count(groups); g++)
        for (size_t i = 0;
             !str_is(value_key_at(groups, g), "asides") && i < value_count(value_at(groups, g));
             i++)
            (void)dict_intern(dict, value_as_text(value_at(value_at(groups, g), i)));
    return dict;
}

/* Headings and lead-ins speak for what stands below them, so that late patterns are looked for. */
static const uint64_t *open_sentences(struct ctx *cx, const struct reading *r)
{
    uint64_t *bits = arena_array(cx->mem, sentence_bits(r->tokens), sizeof *bits);

    for (size_t i = 0; i < r->passage_n; i++) {
        const struct passage *p = &r->passages[i];
        bool heading = p->block != NULL && p->block->kind == BLOCK_HEADING;
        for (uint32_t t = p->token_from; (heading || p->lead) && t < p->token_to; t++)
            sentence_bit(bits, r->tokens->t[t].sentence);
    }
    return bits;
}

int reading_make(struct ctx *cx, const struct patterns *patterns,
                 const struct guard_patterns *guards, struct str path,
                 const struct extract *extract, struct reading **ret)
{
    struct reading *r = ARENA_NEW(cx->mem, struct reading);
    struct maker m = {.cx = cx, .patterns = patterns, .r = r, .section = READING_NONE};

    r->language = patterns_language(patterns);
    r->path = path;
    r->extract = extract;
    r->tokens = tokens_new(cx->mem);
    (void)ARENA_PUSH(cx->mem, r->tables, r->table_n, r->table_room);
    m.furniture = furniture_of(cx, r->language);
    r->title = find_title(&m);
    struct str name = name_words(cx->mem, path);
    add_name(&m, name);
    add_name(&m, r->title);
    for (size_t i = 0; i < extract->block_count && r->tokens->n <= READING_TOKENS;) {
        i += add_block(&m, &extract->blocks[i], extract->block_count - i);
        TRY(ctx_check(cx));
    }
    r->cut = r->tokens->n > READING_TOKENS;
    close_sections(r);
    tokens_classify(r->tokens, r->language, 0);
    make_sentences(cx, r);
    patterns_find(patterns, r->tokens, open_sentences(cx, r), &r->hits);
    r->cards = cards_find(cx, r);
    guard_sentences(r, guards);
    mark_asides(cx, r);
    *ret = r;
    return 0;
}

/* ---- questions about a reading ---- */

const struct sentence *reading_sentence_of(const struct reading *r, uint32_t token)
{
    return &r->sentences[r->tokens->t[token].sentence];
}

const struct passage *reading_passage_of(const struct reading *r, uint32_t token)
{
    return &r->passages[reading_sentence_of(r, token)->passage];
}

struct str reading_heading_path(struct arena *mem, const struct reading *r, uint32_t passage)
{
    struct str path = STR_NONE;

    for (uint32_t s = r->passages[passage].section; s != READING_NONE; s = r->sections[s].parent) {
        struct str heading = r->passages[r->sections[s].heading].text;
        if (r->sections[s].title)
            continue;
        path =
            path.n == 0 ? heading : str_printf(mem, "%.*s > %.*s", STR_ARG(heading), STR_ARG(path));
    }
    return path;
}

struct str reading_sentence_text(const struct reading *r, const struct sentence *s)
{
    struct str text = r->passages[s->passage].text;
    const char *from = r->tokens->t[s->from].word.p;
    const char *to = r->tokens->t[s->to - 1].word.p + r->tokens->t[s->to - 1].word.n;
    const char *end = text.p + text.n;

    if (from < text.p || to < from || to > end) /* a negation's "not" is no text of the passage */
        return text;
    if (s->from == r->passages[s->passage].token_from)
        from = text.p;
    while (to < end && strchr(".!?;:)]\"'", *to) != NULL)
        to++;
    return (struct str){from, (size_t)(to - from)};
}

uint32_t hits_from(const struct hits *hits, uint32_t pattern, uint32_t from)
{
    uint32_t low = hits->first[pattern], high = hits->first[pattern + 1];

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (hits->hit[mid].from < from)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

bool hits_have(const struct hits *hits, uint32_t pattern, uint32_t from, uint32_t to)
{
    uint32_t at = hits_from(hits, pattern, from);

    return at < hits->first[pattern + 1] && hits->hit[at].to <= to;
}

bool reading_has(const struct reading *r, uint32_t pattern, uint32_t from, uint32_t to)
{
    return hits_have(&r->hits, pattern, from, to);
}
