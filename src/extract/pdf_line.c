/* Lines of a PDF, the measures of its text, and what is page header and footer. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "extract/pdf.h"

#define BUCKETS 512u       /* of measures */
#define EDGE_LINES 4u      /* of a page that may be header or footer */
#define EDGE_PART 0.16f    /* of a page in which they stand */
#define MARGIN_PART 0.075f /* of a page in which nothing else stands */
#define LAYOUT_DEPTH 2u

static int by_middle(const void *a, const void *b)
{
    const struct pdf_word *x = a, *y = b;
    float d = (x->y0 + x->y1) - (y->y0 + y->y1);

    return d < 0 ? -1 : d > 0 ? 1 : x->x0 < y->x0 ? -1 : x->x0 > y->x0;
}

static int by_left(const void *a, const void *b)
{
    const struct pdf_word *x = a, *y = b;

    return x->x0 < y->x0 ? -1 : x->x0 > y->x0 ? 1 : x->y0 < y->y0 ? -1 : x->y0 > y->y0;
}

void pdf_line_measure(struct pdf_line *line)
{
    const struct pdf_word *longest = &line->words[0];

    line->x0 = line->words[0].x0;
    line->x1 = line->words[0].x1;
    for (size_t i = 0; i < line->n; i++) {
        const struct pdf_word *w = &line->words[i];
        line->x1 = fmaxf(line->x1, w->x1);
        if (w->text.n > longest->text.n)
            longest = w;
    }
    line->height = longest->y1 - longest->y0;
    line->y0 = longest->y0;
    line->y1 = longest->y1;
}

/* Letters printed twice to look bold. */
static size_t without_doubles(struct pdf_word *words, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        const struct pdf_word *last = kept > 0 ? &words[kept - 1] : NULL;
        if (last != NULL && str_eq(last->text, words[i].text) &&
            fabsf(last->x0 - words[i].x0) < 1.5f && fabsf(last->y0 - words[i].y0) < 1.5f)
            continue;
        words[kept++] = words[i];
    }
    return kept;
}

static struct pdf_line *line_add(struct pdf *pdf, struct pdf_word *words, size_t n, uint32_t page)
{
    struct pdf_line *line;

    if (n > 1)
        qsort(words, n, sizeof *words, by_left);
    n = without_doubles(words, n);
    line = ARENA_PUSH(pdf->mem, pdf->lines, pdf->line_n, pdf->line_room);
    *line = (struct pdf_line){.words = words, .n = n, .page = page};
    pdf_line_measure(line);
    return line;
}

static void lines_of_page(struct pdf *pdf, struct pdf_page *page, uint32_t number)
{
    struct pdf_word *w = pdf->words + page->word_from;
    size_t n = page->word_to - page->word_from, from = 0;
    float middle = 0;

    page->line_from = pdf->line_n;
    if (n > 1)
        qsort(w, n, sizeof *w, by_middle);
    for (size_t i = 0; i <= n; i++) {
        if (i < n) {
            float height = fminf(w[i].y1 - w[i].y0, w[from].y1 - w[from].y0);
            float here = (w[i].y0 + w[i].y1) / 2;
            if (i == from)
                middle = here;
            if (here - middle <= height * 0.35f) {
                middle += (here - middle) / (float)(i - from + 1);
                continue;
            }
        }
        if (i > from)
            line_add(pdf, w + from, i - from, number);
        from = i;
        middle = i < n ? (w[i].y0 + w[i].y1) / 2 : 0;
    }
    page->line_to = pdf->line_n;
}

/* ---- measures ---- */

static size_t bucket_of(float value, float step)
{
    float at = value / step;

    return at < 0 ? 0 : at >= (float)BUCKETS ? BUCKETS - 1 : (size_t)at;
}

static float most_common_height(const struct pdf *pdf)
{
    size_t counts[BUCKETS] = {0}, best = 0;
    float sum = 0, n = 0;

    for (size_t i = 0; i < pdf->word_n; i++) {
        const struct pdf_word *w = &pdf->words[i];
        counts[bucket_of(w->y1 - w->y0, 0.5f)] += w->text.n;
    }
    for (size_t i = 1; i < BUCKETS; i++)
        best = counts[i] > counts[best] ? i : best;
    for (size_t i = 0; i < pdf->word_n; i++) {
        float height = pdf->words[i].y1 - pdf->words[i].y0;
        if (bucket_of(height, 0.5f) == best) {
            sum += height;
            n++;
        }
    }
    return n > 0 ? sum / n : 12;
}

float pdf_above(const struct pdf_line *lines, size_t i)
{
    if (i == 0 || lines[i].page != lines[i - 1].page || lines[i].y1 < lines[i - 1].y0)
        return PDF_UNKNOWN;
    return lines[i].y1 - lines[i - 1].y1;
}

static bool is_body(const struct pdf *pdf, const struct pdf_line *line)
{
    return fabsf(line->height - pdf->body) < pdf->body * 0.06f;
}

/* The smallest distance that is usual: larger ones part paragraphs. */
static float usual_pitch(const struct pdf *pdf)
{
    size_t counts[BUCKETS] = {0}, all = 0;

    for (size_t i = 1; i < pdf->line_n; i++) {
        float above = pdf_above(pdf->lines, i);
        if (!is_body(pdf, &pdf->lines[i]) || !is_body(pdf, &pdf->lines[i - 1]) ||
            above < pdf->body * 0.75f || above > pdf->body * 2.1f)
            continue;
        counts[bucket_of(above, 0.25f)]++;
        all++;
    }
    for (size_t i = 1; i + 1 < BUCKETS; i++) {
        size_t here = counts[i] + counts[i + 1];
        if (here >= 2 && here * 100 >= all * 6)
            return ((float)i + (counts[i + 1] > counts[i] ? 1.5f : 0.5f)) * 0.25f;
    }
    return pdf->body * 1.2f;
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return x < y ? -1 : x > y;
}

/* Where long lines end, but for the longest few. */
static float right_end(const struct pdf *pdf)
{
    float *ends = arena_array(pdf->mem, pdf->line_n + 1, sizeof *ends);
    float width = pdf->page_n > 0 ? pdf->pages[0].width : 0, left = width;
    size_t n = 0;

    for (size_t i = 0; i < pdf->line_n; i++)
        if (is_body(pdf, &pdf->lines[i])) {
            ends[n++] = pdf->lines[i].x1;
            left = fminf(left, pdf->lines[i].x0);
        }
    if (n == 0)
        return width;
    qsort(ends, n, sizeof *ends, by_value);
    float end = ends[n * 98 / 100 < n ? n * 98 / 100 : n - 1];
    return n < 8 ? fmaxf(end, width - left * 1.2f) : end;
}

static bool is_lower(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0xdf && c <= 0x17f && c != 0xf7);
}

/* Bytes of a hyphen behind a letter or digit at the end, or 0. */
static size_t end_hyphen(struct str s)
{
    static const char *const hyphens[] = {"-", "\xe2\x80\x90", "\xc2\xad"};

    for (size_t i = 0; i < COUNT_OF(hyphens); i++) {
        size_t n = strlen(hyphens[i]);
        if (str_ends(s, str_of(hyphens[i])) && s.n > n && strchr("-./(", s.p[s.n - n - 1]) == NULL)
            return n;
    }
    return 0;
}

static bool is_split_word(struct str s)
{
    size_t n = end_hyphen(s);
    char before = n > 0 ? s.p[s.n - n - 1] : ' ';

    return s.n > n + 1 && ((before >= 'a' && before <= 'z') || (before & 0x80) != 0);
}

static void learn_words(struct pdf *pdf)
{
    size_t split = 0;

    for (size_t i = 0; i < pdf->line_n; i++) {
        const struct pdf_line *line = &pdf->lines[i];
        split += is_split_word(line->words[line->n - 1].text);
        for (size_t k = 0; k < line->n; k++) {
            struct str word = str_lower(pdf->mem, line->words[k].text);
            while (word.n > 0 && strchr(".,;:!?)\"", word.p[word.n - 1]) != NULL)
                word = str_sub(word, 0, word.n - 1);
            if (word.n > 0 && !dict_has(pdf->seen, word))
                dict_set(pdf->seen, word, pdf);
        }
    }
    pdf->hyphenates = split >= 5 && split * 25 > pdf->line_n;
}

/* ---- lines as text ---- */

struct str pdf_line_text(struct pdf *pdf, const struct pdf_line *line)
{
    struct buf out = buf_new(pdf->mem);

    for (size_t i = 0; i < line->n; i++) {
        if (i > 0)
            buf_char(&out, ' ');
        buf_add(&out, line->words[i].text);
    }
    return buf_str(&out);
}

static struct str last_word(struct str s)
{
    size_t from = s.n;

    while (from > 0 && s.p[from - 1] != ' ')
        from--;
    return str_from(s, from);
}

static struct str first_word(struct str s)
{
    size_t to = 0;

    while (to < s.n && strchr(" .,;:!?)\"", s.p[to]) == NULL)
        to++;
    return str_sub(s, 0, to);
}

void pdf_join(struct pdf *pdf, struct buf *out, struct str text)
{
    struct str before = last_word(buf_str(out)), whole, joined;
    size_t hyphen = 0, at = 0;

    if (out->n == 0) {
        buf_add(out, text);
        return;
    }
    hyphen = end_hyphen(before);
    if (!is_split_word(before) || text.n == 0 || !is_lower(utf8_next(text, &at))) {
        if (hyphen == 0) /* "2026-" and "001" */
            buf_char(out, ' ');
        buf_add(out, text);
        return;
    }
    /* "third-" and "party": what the document writes elsewhere decides. */
    before = str_sub(before, 0, before.n - hyphen);
    struct str after = first_word(text);
    whole = str_lower(pdf->mem, str_printf(pdf->mem, "%.*s%.*s", STR_ARG(before), STR_ARG(after)));
    joined =
        str_lower(pdf->mem, str_printf(pdf->mem, "%.*s-%.*s", STR_ARG(before), STR_ARG(after)));
    if (dict_has(pdf->seen, whole) || (!dict_has(pdf->seen, joined) && pdf->hyphenates))
        out->n -= hyphen;
    buf_add(out, text);
}

/* ---- columns of running text ---- */

/* The lines of each column after each other, in place of lines that go over all of them. */
static void add_columns(struct pdf *pdf, const struct pdf_line *lines, size_t n,
                        const struct pdf_gaps *gaps)
{
    for (unsigned column = 0; column <= gaps->n; column++) {
        size_t first = pdf->line_n;
        float right = 0;
        for (size_t i = 0; i < n; i++) {
            size_t from = 0, to;
            while (from < lines[i].n && pdf_column(gaps, &lines[i].words[from]) < column)
                from++;
            for (to = from; to < lines[i].n && pdf_column(gaps, &lines[i].words[to]) == column;)
                to++;
            if (to == from)
                continue;
            struct pdf_line *line = line_add(pdf, lines[i].words + from, to - from, lines[i].page);
            right = fmaxf(right, line->x1);
        }
        for (size_t i = first; i < pdf->line_n; i++)
            pdf->lines[i].limit = right;
    }
}

/* Puts pages that are set in columns into the order in which people read them. */
static void order_page(struct pdf *pdf, struct pdf_page *page)
{
    size_t n = page->line_to - page->line_from, i = 0;
    struct pdf_line *lines = arena_array(pdf->mem, n + 1, sizeof *lines);

    if (n > 0)
        memcpy(lines, pdf->lines + page->line_from, n * sizeof *lines);
    page->line_from = pdf->line_n;
    while (i < n) {
        struct pdf_gaps gaps;
        size_t end = pdf_region_end(pdf, lines, n, i, &gaps);
        if (end > i && pdf_region_is_layout(pdf, lines + i, end - i, &gaps)) {
            add_columns(pdf, lines + i, end - i, &gaps);
            i = end;
            continue;
        }
        for (size_t to = end > i ? end : i + 1; i < to; i++)
            *ARENA_PUSH(pdf->mem, pdf->lines, pdf->line_n, pdf->line_room) = lines[i];
    }
    page->line_to = pdf->line_n;
}

void pdf_lines_make(struct pdf *pdf)
{
    for (size_t i = 0; i < pdf->page_n; i++)
        lines_of_page(pdf, &pdf->pages[i], (uint32_t)i + 1);
    pdf->body = most_common_height(pdf);
    pdf->pitch = usual_pitch(pdf);
    pdf->right = right_end(pdf);
    for (size_t i = 0; i < pdf->line_n; i++)
        pdf->lines[i].limit = pdf->right;
    size_t raw = pdf->line_n;
    for (size_t i = 0; i < pdf->page_n; i++)
        order_page(pdf, &pdf->pages[i]);
    pdf->lines += raw;
    pdf->line_n -= raw;
    pdf->line_room -= raw;
    for (size_t i = 0; i < pdf->page_n; i++) {
        pdf->pages[i].line_from -= raw;
        pdf->pages[i].line_to -= raw;
    }
    learn_words(pdf);
}

/* ---- page headers and footers ---- */

/* The text with each number as "#", so that "Page 3 of 9" is one text on all pages. */
struct str pdf_without_numbers(struct pdf *pdf, struct str text)
{
    struct buf out = buf_new(pdf->mem);
    bool number = false;

    for (size_t i = 0; i < text.n; i++) {
        bool digit = text.p[i] >= '0' && text.p[i] <= '9';
        if (!digit || !number)
            buf_char(&out, digit ? '#' : text.p[i]);
        number = digit;
    }
    return str_lower(pdf->mem, buf_str(&out));
}

/* Nothing but a number, perhaps between dashes, or two of them: "- 3 -", "3 / 9". */
static bool is_page_number(struct str text)
{
    size_t digits = 0;

    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] >= '0' && text.p[i] <= '9')
            digits++;
        else if (strchr("-/| ().[]", text.p[i]) == NULL && (text.p[i] & 0x80) == 0)
            return false;
    }
    return digits > 0 && digits <= 6 && text.n <= 16;
}

static bool at_edge(const struct pdf *pdf, const struct pdf_line *line, bool top)
{
    float height = pdf->pages[line->page - 1].height;

    return top ? line->y1 < height * EDGE_PART : line->y0 > height * (1 - EDGE_PART);
}

/* Lines of a page from its upper or lower edge inwards, by their height on the page. */
static size_t edge_lines(struct pdf *pdf, const struct pdf_page *page, bool top,
                         struct pdf_line *ret[EDGE_LINES])
{
    size_t n = 0;

    for (size_t i = page->line_from; i < page->line_to; i++) {
        struct pdf_line *line = &pdf->lines[i];
        size_t at = n;
        if (!at_edge(pdf, line, top))
            continue;
        while (at > 0 && (top ? ret[at - 1]->y0 > line->y0 : ret[at - 1]->y1 < line->y1))
            at--;
        if (at >= EDGE_LINES)
            continue;
        n += n < EDGE_LINES;
        for (size_t k = n - 1; k > at; k--)
            ret[k] = ret[k - 1];
        ret[at] = line;
    }
    return n;
}

static struct str edge_key(struct pdf *pdf, const struct pdf_line *line, bool top)
{
    /* At the same height on each page, as nothing else is. */
    return str_printf(pdf->mem, "%d %d %.*s", top, (int)(line->y0 / 4),
                      STR_ARG(pdf_without_numbers(pdf, pdf_line_text(pdf, line))));
}

static struct dict *count_edges(struct pdf *pdf)
{
    struct dict *counts = dict_new(pdf->mem);

    for (size_t i = 0; i < pdf->page_n; i++)
        for (int top = 0; top < 2; top++) {
            struct pdf_line *edge[EDGE_LINES];
            size_t n = edge_lines(pdf, &pdf->pages[i], top, edge);
            for (size_t k = 0; k < n; k++) {
                struct str key = edge_key(pdf, edge[k], top);
                dict_set(counts, key, (const void *)((uintptr_t)dict_get(counts, key) + 1));
            }
        }
    return counts;
}

/* Distance to the nearest line further in that is not on other pages as well. */
static float distance_inwards(struct pdf *pdf, const struct pdf_page *page,
                              const struct pdf_line *line, const struct dict *counts, bool top)
{
    float nearest = page->height;

    for (size_t i = page->line_from; i < page->line_to; i++) {
        const struct pdf_line *other = &pdf->lines[i];
        float apart = top ? other->y0 - line->y1 : line->y0 - other->y1;
        if (apart > -line->height * 0.3f && apart < nearest && other != line &&
            other->role == PDF_TEXT && (uintptr_t)dict_get(counts, edge_key(pdf, other, top)) < 2)
            nearest = apart;
    }
    return nearest;
}

/* Words in columns right above others: the heading row of a table that begins the page. */
static bool may_be_row(struct pdf *pdf, const struct pdf_page *page, const struct pdf_line *line,
                       const struct dict *counts, bool top)
{
    size_t wide = 0;

    for (size_t i = 1; i < line->n; i++)
        wide += line->words[i].x0 - line->words[i - 1].x1 > line->height * 0.36f;
    return wide >= 1 && distance_inwards(pdf, page, line, counts, top) < line->height * 1.1f;
}

/* Alone in the margin, well apart from the text: for documents of one page. */
static bool is_marginal(struct pdf *pdf, const struct pdf_page *page, const struct pdf_line *line,
                        const struct dict *counts, bool top)
{
    if (top ? line->y1 > page->height * MARGIN_PART : line->y0 < page->height * (1 - MARGIN_PART))
        return false;
    return line->height <= pdf->body * 1.3f &&
           distance_inwards(pdf, page, line, counts, top) > pdf->body * 0.9f;
}

static void mark_edge(struct pdf *pdf, const struct pdf_page *page, const struct dict *counts,
                      bool top)
{
    struct pdf_line *edge[EDGE_LINES];
    size_t n = edge_lines(pdf, page, top, edge);

    for (size_t k = 0; k < n; k++) {
        size_t times = (uintptr_t)dict_get(counts, edge_key(pdf, edge[k], top));
        bool repeated = times >= 2 && times * 10 >= pdf->page_n * 3;
        if (may_be_row(pdf, page, edge[k], counts, top) ||
            (!repeated && !is_page_number(pdf_line_text(pdf, edge[k])) &&
             !is_marginal(pdf, page, edge[k], counts, top)))
            return;
        edge[k]->role = top ? PDF_TOP : PDF_BOTTOM;
    }
}

/* Takes page headers and footers out of the lines: text and tables go on over the page. */
static void part_edges(struct pdf *pdf)
{
    size_t n = 0;

    pdf->edges = arena_array(pdf->mem, pdf->line_n + 1, sizeof *pdf->edges);
    for (size_t i = 0; i < pdf->line_n; i++)
        if (pdf->lines[i].role == PDF_TEXT)
            pdf->lines[n++] = pdf->lines[i];
        else
            pdf->edges[pdf->edge_n++] = pdf->lines[i];
    pdf->line_n = n;
}

void pdf_furniture_find(struct pdf *pdf)
{
    struct dict *counts = count_edges(pdf);

    for (size_t i = 0; i < pdf->page_n; i++) {
        mark_edge(pdf, &pdf->pages[i], counts, true);
        mark_edge(pdf, &pdf->pages[i], counts, false);
    }
    part_edges(pdf);
}
