/* Paragraphs, headings and list items of a PDF. */
#include <math.h>
#include <string.h>

#include "extract/pdf.h"

#define LARGE 1.12f /* of the body's height: letters of a heading */
#define HEADING_BYTES 140u
#define HEADING_LINES 3u
#define SMALL_HEADING_BYTES 70u
#define SMALL_HEADING_LEVEL 7u
#define HEIGHTS 6u /* levels of headings told by the height of their letters */
#define INDENTS 8u /* nested lists */

enum kind { KIND_TEXT, KIND_TABLE, KIND_CONTENTS };

/* A table, or lines that are one text. */
struct item {
    enum kind kind;
    const struct pdf_line *lines;
    size_t n;
    struct pdf_gaps *gaps; /* of a table */
    struct str text;
    size_t marker;      /* bytes of a list marker in front */
    size_t number;      /* parts of an outline number in front: 2 for "3.1" */
    float above, below; /* PDF_UNKNOWN at the edge of a page */
    bool heading;
};

struct maker {
    struct pdf *pdf;
    struct item *items;
    size_t n, room;
    float heights[HEIGHTS]; /* of headings, largest first */
    size_t height_n;
    float indents[INDENTS]; /* of the lists that are open */
    size_t indent_n;
};

/* ---- what a line begins with ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Parts of an outline number that stands before a blank: "4", "4.", "4.1", "4.1.2.". */
static size_t number_parts(struct str s)
{
    size_t at = 0, parts = 0;

    while (at < s.n && is_digit(s.p[at])) {
        size_t from = at;
        while (at < s.n && is_digit(s.p[at]))
            at++;
        if (at - from > 3)
            return 0;
        parts++;
        if (at < s.n && s.p[at] == '.')
            at++;
    }
    return at < s.n && s.p[at] == ' ' ? parts : 0;
}

static bool is_private_sign(struct str s)
{
    size_t at = 0;
    uint32_t c = s.n > 0 ? utf8_next(s, &at) : 0;

    return c >= 0xe000 && c <= 0xf8ff && at < s.n && s.p[at] == ' ';
}

/* Bytes of a list marker; signs of symbol fonts and a lone "o" are bullets too. */
static size_t marker_of(struct str text)
{
    static const char *const more[] = {"o ",
                                       "\xc2\xa7 ",
                                       "\xef\xbf\xbd ",
                                       "\xe2\x9e\xa2 ",
                                       "\xe2\x96\xa0 ",
                                       "\xe2\x80\xa3 ",
                                       "\xe2\x97\x8b ",
                                       "\xe2\x81\x83 ",
                                       "\xe2\x96\xba ",
                                       "\xe2\x9e\x94 "};

    if (is_private_sign(text))
        return 4;
    for (size_t i = 0; i < COUNT_OF(more); i++)
        if (str_starts(text, str_of(more[i])))
            return strlen(more[i]);
    return text_marker(text);
}

/* "Purpose ........ 3": a line of a table of contents. */
static bool has_leader(struct str text)
{
    size_t n = text.n;

    while (n > 0 && is_digit(text.p[n - 1]))
        n--;
    if (n == text.n)
        return false;
    text = str_sub(text, 0, n);
    return str_ends(str_trim(text), STR("....")) || str_ends(str_trim(text), STR(". . .")) ||
           str_ends(str_trim(text), STR("\xe2\x80\xa6\xe2\x80\xa6")) ||
           str_ends(str_trim(text), STR("____"));
}

/* ---- from lines to texts ---- */

static bool starts_small(struct str text)
{
    size_t at = 0;
    uint32_t c = text.n > 0 ? utf8_next(text, &at) : 0;

    return (c >= 'a' && c <= 'z') || (c >= 0xdf && c <= 0x17f);
}

static bool ends_sentence(struct str text)
{
    while (text.n > 0 && strchr(")\"'", text.p[text.n - 1]) != NULL)
        text = str_sub(text, 0, text.n - 1);
    return text.n > 0 && strchr(".!?:;", text.p[text.n - 1]) != NULL;
}

static bool had_room(const struct pdf_line *before, const struct pdf_line *line)
{
    const struct pdf_word *w = &line->words[0];

    return before->x1 + (w->x1 - w->x0) + line->height * 0.35f < before->limit;
}

/* "between 1 and" and on the next line "16. The": no item begins there. */
static bool is_number_in_text(const struct item *item, const struct pdf_line *before,
                              const struct pdf_line *line, float above, float pitch)
{
    return item->marker == 0 && above != PDF_UNKNOWN && above < pitch * 1.1f &&
           fabsf(line->x0 - before->x0) < 1 && !had_room(before, line) &&
           is_digit(line->words[0].text.p[0]) && !ends_sentence(before->words[before->n - 1].text);
}

/* Whether `line` goes on with the text of `item`, of which it is the next. */
static bool continues(struct maker *m, const struct item *item, const struct pdf_line *line)
{
    const struct pdf_line *before = line - 1;
    float above = pdf_above(item->lines, item->n);
    float pitch = m->pdf->pitch * before->height / m->pdf->body;
    struct str text = pdf_line_text(m->pdf, line), last = pdf_line_text(m->pdf, before);
    bool sentence = (starts_small(text) && !ends_sentence(last)) ||
                    (str_ends(last, STR("-")) && !str_ends(last, STR(" -")));

    if (fabsf(line->height - before->height) > before->height * 0.09f ||
        (marker_of(text) > 0 && !is_number_in_text(item, before, line, above, pitch)) ||
        (text_is_label_line(text) && text_is_label_line(last)))
        return false;
    if (above == PDF_UNKNOWN)
        return sentence || (!ends_sentence(last) && !had_room(before, line) &&
                            number_parts(text) == 0 && before->height < m->pdf->body * LARGE);
    if (above > pitch * 1.24f)
        return false;
    if (line->x0 > before->x0 + line->height * 0.9f && item->n > 1)
        return false; /* the first line of a paragraph stands in */
    if (item->marker > 0 && line->x0 < item->lines[0].x0 - 2)
        return false;
    if (before->height > m->pdf->body * LARGE)
        return true;
    return sentence || !had_room(before, line);
}

static void text_begin(struct maker *m, const struct pdf_line *line, struct str text,
                       enum kind kind)
{
    struct item *item = ARENA_PUSH(m->pdf->mem, m->items, m->n, m->room);

    *item = (struct item){.kind = kind, .lines = line, .n = 1, .text = text};
    item->marker = kind == KIND_TEXT ? marker_of(text) : 0;
    item->number = number_parts(text);
}

static void take_line(struct maker *m, const struct pdf_line *line)
{
    struct str text = pdf_line_text(m->pdf, line);
    struct item *item = m->n > 0 ? &m->items[m->n - 1] : NULL;

    if (has_leader(text)) {
        text_begin(m, line, text, KIND_CONTENTS);
        return;
    }
    if (item == NULL || item->kind != KIND_TEXT || item->lines + item->n != line ||
        !continues(m, item, line)) {
        text_begin(m, line, text, KIND_TEXT);
        return;
    }
    struct buf out = buf_new(m->pdf->mem);
    buf_add(&out, item->text);
    pdf_join(m->pdf, &out, text);
    item->text = buf_str(&out);
    item->n++;
}

/* "Purpose        3": titles with the number of a page far to their right, some of them. */
static bool is_contents(struct pdf *pdf, const struct pdf_line *lines, size_t n,
                        const struct pdf_gaps *gaps)
{
    size_t numbered = 0;

    for (size_t i = 0; i < n; i++) {
        struct str last = lines[i].words[lines[i].n - 1].text;
        int64_t page;
        numbered += lines[i].n > 1 && str_to_int(last, &page) && page > 0 &&
                    page <= (int64_t)pdf->page_n && page >= lines[i].page &&
                    lines[i].words[lines[i].n - 1].x0 > lines[i].limit * 0.8f;
    }
    return gaps->n <= 2 && numbered >= 3 && numbered * 10 >= n * 8;
}

static void take_lines(struct maker *m)
{
    struct pdf *pdf = m->pdf;
    size_t i = 0;

    while (i < pdf->line_n) {
        struct pdf_gaps gaps;
        size_t end = pdf_region_end(pdf, pdf->lines, pdf->line_n, i, &gaps);
        if (end == i) {
            take_line(m, &pdf->lines[i++]);
            continue;
        }
        if (is_contents(pdf, pdf->lines + i, end - i, &gaps)) {
            for (; i < end; i++)
                text_begin(m, &pdf->lines[i], pdf_line_text(pdf, &pdf->lines[i]), KIND_CONTENTS);
            continue;
        }
        struct item *item = ARENA_PUSH(pdf->mem, m->items, m->n, m->room);
        *item = (struct item){.kind = KIND_TABLE, .lines = pdf->lines + i, .n = end - i};
        item->gaps = ARENA_NEW(pdf->mem, struct pdf_gaps);
        *item->gaps = gaps;
        i = end;
    }
}

/* ---- headings ---- */

static void find_spaces(struct maker *m)
{
    for (size_t i = 0; i < m->n; i++) {
        struct item *item = &m->items[i];
        const struct pdf_line *first = item->lines, *last = item->lines + item->n;
        item->above = first > m->pdf->lines ? pdf_above(first - 1, 1) : PDF_UNKNOWN;
        item->below = last < m->pdf->lines + m->pdf->line_n ? pdf_above(last - 1, 1) : PDF_UNKNOWN;
    }
}

static bool has_letter(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (((text.p[i] | 32) >= 'a' && (text.p[i] | 32) <= 'z') || (text.p[i] & 0x80) != 0)
            return true;
    return false;
}

/* It does not read like a sentence or, unless its letters are large, like a label's line. */
static bool may_be_heading(const struct item *item, bool large)
{
    struct str text = item->text;

    if (item->kind != KIND_TEXT || text.n > HEADING_BYTES || item->n > HEADING_LINES)
        return false;
    char last = text.p[text.n - 1];
    if (!has_letter(text) || strchr(".;,", last) != NULL || starts_small(text) ||
        text.p[0] == '[' || text.p[0] == '<')
        return false;
    return large || last == ':' || !text_is_label_line(text);
}

/* Lists of short items look like headings with numbers, but have neighbours of their kind. */
static bool has_neighbour(const struct maker *m, size_t i)
{
    const struct item *item = &m->items[i];
    const struct item *before = i > 0 ? item - 1 : NULL;
    const struct item *after = i + 1 < m->n ? item + 1 : NULL;

    return (before != NULL && before->kind == KIND_TEXT && before->marker > 0 &&
            (before->number > 0) == (item->number > 0) && !before->heading) ||
           (after != NULL && after->kind == KIND_TEXT && after->marker > 0 &&
            (after->number > 0) == (item->number > 0));
}

static bool space_parts(const struct maker *m, const struct item *item)
{
    float pitch = m->pdf->pitch;

    if (item->above == PDF_UNKNOWN)
        return item->below == PDF_UNKNOWN || item->below < pitch * 3;
    if (item->below == PDF_UNKNOWN)
        return false;
    return item->above > pitch * 1.3f && item->above > item->below * 1.12f;
}

static bool is_small_heading(const struct maker *m, size_t i)
{
    const struct item *item = &m->items[i];
    bool follows = i + 1 < m->n && (m->items[i + 1].kind == KIND_TABLE ||
                                    m->items[i + 1].text.n > item->text.n || item->number > 0);

    if (item->n > 1 || item->text.n > SMALL_HEADING_BYTES || !follows)
        return false;
    if (item->lines[0].height < m->pdf->body * 0.93f)
        return false;
    if (item->number > 0)
        return !has_neighbour(m, i) &&
               (item->above == PDF_UNKNOWN || item->above > m->pdf->pitch * 1.2f);
    return item->marker == 0 && space_parts(m, item);
}

static void keep_height(struct maker *m, float height)
{
    size_t at = 0;

    while (at < m->height_n && m->heights[at] > height * 1.04f)
        at++;
    if (at < m->height_n && m->heights[at] > height * 0.96f)
        return;
    if (at >= HEIGHTS)
        return;
    m->height_n += m->height_n < HEIGHTS;
    for (size_t i = m->height_n - 1; i > at; i--)
        m->heights[i] = m->heights[i - 1];
    m->heights[at] = height;
}

static unsigned level_by_height(const struct maker *m, float height)
{
    size_t at = 0;

    while (at + 1 < m->height_n && m->heights[at] > height * 1.04f)
        at++;
    return (unsigned)at + 1;
}

static void find_headings(struct maker *m)
{
    for (size_t i = 0; i < m->n; i++) {
        struct item *item = &m->items[i];
        bool large = item->lines[0].height > m->pdf->body * LARGE;
        if (!may_be_heading(item, large))
            continue;
        item->heading =
            (large && (item->marker == 0 || item->number > 0)) || is_small_heading(m, i);
        if (item->heading && large)
            keep_height(m, item->lines[0].height);
    }
}

static unsigned heading_level(const struct maker *m, const struct item *item)
{
    if (item->lines[0].height > m->pdf->body * LARGE)
        return level_by_height(m, item->lines[0].height);
    if (item->number > 0)
        return (unsigned)(m->height_n + item->number);
    return SMALL_HEADING_LEVEL;
}

/* ---- into the flow ---- */

/* How deep a list item is nested: by where the markers stand. */
static unsigned item_level(struct maker *m, float x)
{
    while (m->indent_n > 0 && m->indents[m->indent_n - 1] > x + 4)
        m->indent_n--;
    if ((m->indent_n == 0 || m->indents[m->indent_n - 1] < x - 4) && m->indent_n < INDENTS)
        m->indents[m->indent_n++] = x;
    return (unsigned)m->indent_n;
}

/* Lines of document control that stand beside each other, and others. */
static void emit_text(struct maker *m, const struct item *item)
{
    struct flow *flow = m->pdf->flow;

    if (item->heading) {
        m->indent_n = 0;
        flow_heading(flow, heading_level(m, item), item->text);
    } else if (item->marker > 0) {
        flow_item(flow, item_level(m, item->lines[0].x0), str_from(item->text, item->marker));
    } else {
        flow_paragraph(flow, item->text);
    }
}

static void emit_contents(struct maker *m, const struct item *item)
{
    struct flow *flow = m->pdf->flow;
    size_t before = flow->block_count;

    flow_paragraph(flow, item->text);
    if (flow->block_count > before)
        flow->blocks[before].label = STR("toc");
}

/* Once each: "Page 2" says no more than "Page 1". */
static void emit_edges(struct pdf *pdf, enum pdf_role role)
{
    struct dict *seen = dict_new(pdf->mem);

    pdf->flow->place = (struct place){.sheet = STR_NONE};
    for (size_t i = 0; i < pdf->edge_n; i++) {
        struct str text = pdf_line_text(pdf, &pdf->edges[i]);
        struct str key = pdf_without_numbers(pdf, text);
        if (pdf->edges[i].role != role || !has_letter(text) || dict_has(seen, key))
            continue;
        dict_set(seen, key, pdf);
        flow_furniture(pdf->flow, text);
    }
}

void pdf_flow_emit(struct pdf *pdf)
{
    struct maker m = {.pdf = pdf};

    take_lines(&m);
    find_spaces(&m);
    find_headings(&m);
    emit_edges(pdf, PDF_TOP);
    for (size_t i = 0; i < m.n && !flow_full(pdf->flow); i++) {
        const struct item *item = &m.items[i];
        pdf->flow->place = (struct place){.page = item->lines[0].page, .sheet = STR_NONE};
        if (item->kind == KIND_TABLE)
            pdf_table_emit(pdf, item->lines, item->n, item->gaps);
        else if (item->kind == KIND_CONTENTS)
            emit_contents(&m, item);
        else
            emit_text(&m, item);
    }
    emit_edges(pdf, PDF_BOTTOM);
}
