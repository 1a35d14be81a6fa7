/* Tables of a PDF, found by the gaps between their columns. */
#include <math.h>
#include <string.h>

#include "extract/pdf.h"

#define WIDE 0.95f      /* of a line's height: such a gap begins a table */
#define NARROW 0.31f    /* of a line's height: gaps below each other begin one too */
#define LEAST 0.13f     /* of a line's height: what must be left of them */
#define BELOW_LINES 10u /* that are looked at for words below a word */
#define LAYOUT_LINES 8u /* so many lines make columns of a page */
#define ROW_APART 0.35f /* points beyond the usual distance that part rows */
#define REPEATED 4u     /* first rows that may be repeated on each page */

unsigned pdf_column(const struct pdf_gaps *gaps, const struct pdf_word *word)
{
    float middle = (word->x0 + word->x1) / 2;
    unsigned column = 0;

    while (column < gaps->n && gaps->at[column].to < middle)
        column++;
    return column;
}

/* ---- gaps ---- */

static void gap_add(struct pdf_gaps *gaps, float from, float to, float least)
{
    if (gaps->n < PDF_COLUMNS && to - from >= least) {
        gaps->at[gaps->n].from = from;
        gaps->at[gaps->n].to = to;
        gaps->n++;
    }
}

/* What is left of the gaps between the words of a line, where those are farther apart than a blank
 * makes them. */
static void gaps_cut(const struct pdf_gaps *gaps, const struct pdf_line *line, struct pdf_gaps *ret)
{
    float least = line->height * LEAST, blank = line->height * NARROW;

    ret->n = 0;
    for (size_t i = 0; i < gaps->n; i++) {
        float before = -1e9f; /* where the words so far end */
        for (size_t k = 0; k <= line->n; k++) {
            float next = k < line->n ? line->words[k].x0 : 1e9f;
            if (next - before >= blank)
                gap_add(ret, fmaxf(gaps->at[i].from, before), fminf(gaps->at[i].to, next), least);
            if (k < line->n)
                before = fmaxf(before, line->words[k].x1);
        }
    }
}

/* A bullet or number before the text of a list item or a heading. */
static bool is_marker(struct pdf *pdf, const struct pdf_line *line, size_t n)
{
    struct pdf_line first = {.words = line->words, .n = n};
    struct str text = pdf_line_text(pdf, &first);
    bool digit = false;

    if (text_marker(str_printf(pdf->mem, "%.*s x", STR_ARG(text))) > 0)
        return true;
    if (n != 1 || text.n > 8)
        return false;
    if ((unsigned char)text.p[0] >= 0x80 && utf8_count(text) == 1)
        return true;
    for (size_t i = 0; i < text.n; i++) {
        digit |= text.p[i] >= '0' && text.p[i] <= '9';
        if (strchr("0123456789.", text.p[i]) == NULL && i > 0)
            return false;
    }
    return digit;
}

/* Whether so many of the next lines have a word that begins at `x` behind a gap, or begin there:
 * in running text that is rare. */
static bool is_below(const struct pdf_line *lines, size_t n, float x)
{
    size_t below = 0;

    for (size_t i = 1; i < n && i <= BELOW_LINES; i++)
        for (size_t k = 0; k < lines[i].n; k++) {
            const struct pdf_word *w = &lines[i].words[k];
            if (w->x1 < x - 0.8f)
                continue;
            if (w->x0 < x - 0.8f)
                return below >= 2; /* a word goes over it */
            if (w->x0 <= x + 0.8f &&
                (k == 0 || w->x0 - lines[i].words[k - 1].x1 >= lines[i].height * NARROW))
                below++;
            break;
        }
    return below >= 2;
}

/* The gaps of the first line that could be a row, wide ones and those that go on below; none where
 * it is an item with its marker. */
static void gaps_of(struct pdf *pdf, const struct pdf_line *lines, size_t n, struct pdf_gaps *ret)
{
    const struct pdf_line *line = &lines[0];
    size_t first = 0;

    ret->n = 0;
    for (size_t i = 1; i < line->n; i++) {
        float from = line->words[i - 1].x1, to = line->words[i].x0, wide = line->height * WIDE;
        if (to - from < line->height * NARROW)
            continue;
        if (ret->n == 0)
            first = i;
        if (to - from >= wide || is_below(lines, n, to))
            gap_add(ret, from, to, 0);
    }
    if (ret->n == 1 && is_marker(pdf, line, first))
        ret->n = 0;
}

static size_t columns_filled(const struct pdf_line *line, const struct pdf_gaps *gaps)
{
    size_t n = 0;
    unsigned last = UINT32_MAX;

    for (size_t i = 0; i < line->n; i++) {
        unsigned column = pdf_column(gaps, &line->words[i]);
        n += column != last;
        last = column;
    }
    return n;
}

/* The largest of the distances between lines so far, 0 where there are too few to tell. Before a
 * second row was seen it may be large. */
static float usual_distance(const struct pdf *pdf, const struct pdf_line *lines, size_t from,
                            size_t end)
{
    float pitch = pdf->pitch * lines[from].height / pdf->body, most = pitch;
    size_t n = 0, rows = 0;

    for (size_t i = from + 1; i < end; i++) {
        float above = pdf_above(lines, i);
        most = fmaxf(most, above);
        n += above != PDF_UNKNOWN;
        rows += above > pitch * 1.04f;
    }
    if (rows == 0)
        most = pitch * 1.6f;
    return n >= 2 ? most : 0;
}

/* Whether line `i` belongs to what begins at `from`: nothing new begins there. */
static bool goes_on(const struct pdf *pdf, const struct pdf_line *lines, size_t from, size_t i,
                    bool row)
{
    float above = pdf_above(lines, i), usual = usual_distance(pdf, lines, from, i);
    const struct pdf_line *first = &lines[from];

    if (lines[i].page > lines[i - 1].page + 1)
        return false;
    if (above != PDF_UNKNOWN && above > lines[i - 1].height * 4.5f)
        return false;
    if (above != PDF_UNKNOWN && usual > 0 && above > usual * (row ? 2.2f : 1.2f))
        return false;
    return lines[i].height < first->height * (row ? 1.25f : 1.1f);
}

/* Lines at the end that fill one column only belong to the last row if they follow closely. */
static size_t without_tail(struct pdf *pdf, const struct pdf_line *lines, size_t from, size_t end,
                           const struct pdf_gaps *gaps)
{
    size_t strong = end, tight;

    while (strong > from && columns_filled(&lines[strong - 1], gaps) < 2)
        strong--;
    tight = strong;
    while (tight < end && tight > from) {
        float above = pdf_above(lines, tight);
        if (above == PDF_UNKNOWN || above > pdf->pitch * lines[tight].height / pdf->body * 1.12f)
            break;
        tight++;
    }
    return tight;
}

static size_t count_strong(const struct pdf_line *lines, size_t n, const struct pdf_gaps *gaps)
{
    size_t strong = 0;

    for (size_t i = 0; i < n; i++)
        strong += columns_filled(&lines[i], gaps) >= 2;
    return strong;
}

/* Narrow gaps that all lines have count where the words behind them stand below each other. */
static bool is_aligned(const struct pdf_line *lines, size_t n, float from, float to)
{
    size_t at = 0, all = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < lines[i].n; k++) {
            if (lines[i].words[k].x0 < to - 0.1f)
                continue;
            bool before = k > 0 && lines[i].words[k - 1].x1 <= from + 0.1f;
            if (before || k == 0)
                all += lines[i].words[k].x0 < to + lines[i].height * 6;
            at += lines[i].words[k].x0 < to + 1.5f;
            break;
        }
    return at >= 3 && at * 10 >= all * 7;
}

/* Whether its words stand in a gap. */
static bool goes_over(const struct pdf_line *line, const struct pdf_gaps *gaps)
{
    struct pdf_gaps cut;

    gaps_cut(gaps, line, &cut);
    return cut.n < gaps->n;
}

/* All gaps that the lines have in common, wide ones and aligned narrow ones. */
static void gaps_again(const struct pdf_line *lines, size_t n, struct pdf_gaps *gaps)
{
    struct pdf_gaps all = {.n = 1}, cut, kept = {.n = 0};

    all.at[0].from = lines[0].x0;
    all.at[0].to = lines[0].x1;
    for (size_t i = 0; i < n; i++) {
        all.at[0].from = fminf(all.at[0].from, lines[i].x0);
        all.at[0].to = fmaxf(all.at[0].to, lines[i].x1);
    }
    for (size_t i = 0; i < n; i++) {
        if (goes_over(&lines[i], gaps))
            continue;
        gaps_cut(&all, &lines[i], &cut);
        all = cut;
    }
    for (size_t i = 0; i < all.n; i++) {
        bool known = false;
        for (size_t k = 0; k < gaps->n; k++)
            known |= gaps->at[k].from < all.at[i].to && gaps->at[k].to > all.at[i].from;
        if (known || (n >= 4 && is_aligned(lines, n, all.at[i].from, all.at[i].to)))
            gap_add(&kept, all.at[i].from, all.at[i].to, 0);
    }
    if (kept.n > gaps->n)
        *gaps = kept;
}

/* Whether the next line stands in the columns again: then a line that goes over some of them is
 * a row of one cell, or a word too long for its cell, and changes nothing. */
static bool fits_after(const struct pdf_line *lines, size_t n, size_t i,
                       const struct pdf_gaps *gaps)
{
    struct pdf_gaps cut;

    if (i + 1 >= n || lines[i + 1].role != PDF_TEXT)
        return false;
    gaps_cut(gaps, &lines[i + 1], &cut);
    return cut.n == gaps->n && columns_filled(&lines[i + 1], gaps) >= 2;
}

static bool fits_before(const struct pdf_line *lines, size_t from, size_t i,
                        const struct pdf_gaps *gaps)
{
    return i >= from + 2 &&
           columns_filled(&lines[i - 1], gaps) + columns_filled(&lines[i - 2], gaps) > 3;
}

/* A row of one cell over all columns, as above a group of rows. */
static bool is_band(const struct pdf_line *lines, size_t n, size_t from, size_t i,
                    const struct pdf_gaps *gaps)
{
    const struct pdf_line *line = &lines[i];

    if (i < from + 2 || line->x0 > lines[from].x0 + line->height)
        return false;
    for (size_t k = 1; k < line->n; k++)
        if (line->words[k].x0 - line->words[k - 1].x1 > line->height * WIDE)
            return false;
    return fits_after(lines, n, i, gaps) && lines[i + 1].x0 < line->x0 + line->height;
}

/* A marker as people type it: a number alone is none. */
static bool has_typed_marker(struct pdf *pdf, const struct pdf_line *line,
                             const struct pdf_gaps *gaps)
{
    struct str first = line->words[0].text;

    return line->n > 1 && pdf_column(gaps, &line->words[0]) == 0 &&
           pdf_column(gaps, &line->words[1]) == 1 && is_marker(pdf, line, 1) &&
           strchr("0123456789", first.p[first.n - 1]) == NULL;
}

/* A list begins below the table, its markers where the first column was. */
static bool begins_list(struct pdf *pdf, const struct pdf_line *lines, size_t from, size_t i,
                        const struct pdf_gaps *gaps)
{
    if (gaps->n > 2 || columns_filled(&lines[i], gaps) > 2 ||
        !has_typed_marker(pdf, &lines[i], gaps))
        return false;
    for (size_t k = from; k < i; k++)
        if (has_typed_marker(pdf, &lines[k], gaps))
            return false;
    return true;
}

/* Whether line `i` belongs to the lines from `from`; cuts the gaps to what is left of them. */
static bool takes_line(struct pdf *pdf, const struct pdf_line *lines, size_t n, size_t from,
                       size_t i, struct pdf_gaps *gaps)
{
    struct pdf_gaps next;
    bool row;

    if (lines[i].role != PDF_TEXT)
        return false;
    gaps_cut(gaps, &lines[i], &next);
    row = next.n > 0 && columns_filled(&lines[i], &next) >= 2;
    if (!goes_on(pdf, lines, from, i, row))
        return false;
    if (next.n < gaps->n && !row && count_strong(lines + from, i - from, gaps) >= 2 &&
        (next.n == 0 || lines[i].x0 < gaps->at[0].from))
        return is_band(lines, n, from, i, gaps);
    if (next.n < gaps->n && row && i >= from + 3 && fits_after(lines, n, i, gaps) &&
        fits_before(lines, from, i, gaps))
        return true;
    if (next.n == 0 || begins_list(pdf, lines, from, i, &next))
        return false;
    *gaps = next;
    return true;
}

/* The line that shows the columns: the first one, or below a line of a cell that is higher than the
 * others of its row. `n` where there is none. */
static size_t first_row(struct pdf *pdf, const struct pdf_line *lines, size_t n, size_t from,
                        struct pdf_gaps *ret)
{
    struct pdf_gaps cut;
    size_t first = from;

    for (; first < n && first < from + 3 && lines[first].role == PDF_TEXT; first++) {
        float below = first + 1 < n ? pdf_above(lines, first + 1) : PDF_UNKNOWN;
        gaps_of(pdf, lines + first, n - first, ret);
        if (ret->n > 0)
            break;
        if (below == PDF_UNKNOWN || below > lines[first].height * 0.72f ||
            lines[first].height > lines[first + 1].height * 1.1f)
            return n;
    }
    if (first >= from + 3 || first >= n || ret->n == 0)
        return n;
    for (size_t i = from; i < first; i++) {
        gaps_cut(ret, &lines[i], &cut);
        if (cut.n < ret->n)
            return n;
    }
    return first;
}

size_t pdf_region_end(struct pdf *pdf, const struct pdf_line *lines, size_t n, size_t from,
                      struct pdf_gaps *ret)
{
    struct pdf_gaps gaps;
    size_t first = first_row(pdf, lines, n, from, &gaps), end = first + 1;

    if (first == n)
        return from;
    while (end < n && takes_line(pdf, lines, n, from, end, &gaps))
        end++;
    /* A form that nobody filled in has little but its heading row and first column. */
    if (gaps.n < 2 || end - from < 3 || count_strong(lines + from, end - from, &gaps) > 1)
        end = without_tail(pdf, lines, from, end, &gaps);
    size_t strong = count_strong(lines + from, end - from, &gaps);
    if (end - from < 2 || (strong < 2 && (gaps.n < 2 || end - from < 3)))
        return from;
    gaps_again(lines + from, end - from, &gaps);
    *ret = gaps;
    return end;
}

/* ---- columns of running text ---- */

/* The lines that come near the right end of a column, of those that it has. */
static bool is_full_column(const struct pdf_line *lines, size_t n, const struct pdf_gaps *gaps,
                           unsigned column)
{
    float left = 1e9f, right = 0;
    size_t all = 0, full = 0, words = 0;

    for (unsigned pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n; i++) {
            float end = 0;
            for (size_t k = 0; k < lines[i].n; k++) {
                const struct pdf_word *w = &lines[i].words[k];
                if (pdf_column(gaps, w) != column)
                    continue;
                end = w->x1;
                left = fminf(left, w->x0);
                words += pass;
            }
            if (pass == 0)
                right = fmaxf(right, end);
            else if (end > 0) {
                all++;
                full += end > right - (right - left) * 0.15f;
            }
        }
    return full * 2 >= all && words >= all * 4;
}

bool pdf_region_is_layout(struct pdf *pdf, const struct pdf_line *lines, size_t n,
                          const struct pdf_gaps *gaps)
{
    size_t apart = 0, both = 0;

    if (n < LAYOUT_LINES || gaps->n == 0 || gaps->n > 3)
        return false;
    for (size_t i = 0; i < n; i++) {
        both += columns_filled(&lines[i], gaps) >= 2;
        apart += pdf_above(lines, i) > pdf->pitch * 1.2f;
    }
    if (both * 10 < n * 6 || apart * 6 > n)
        return false;
    for (unsigned column = 0; column <= gaps->n; column++)
        if (!is_full_column(lines, n, gaps, column))
            return false;
    return true;
}

/* ---- rows ---- */

struct table {
    struct pdf *pdf;
    const struct pdf_line *lines;
    size_t n;
    const struct pdf_gaps *gaps;
    float pitch;  /* from line to line within a cell */
    bool uniform; /* rows stand no farther apart than lines */
    bool wrapped; /* some lines do not fill the first column */
    float right[PDF_COLUMNS + 1];
    struct buf cells[PDF_COLUMNS + 1];
    bool repeats; /* its heading row stands on each page */
    bool head_done;
    struct place place; /* of the row being filled */
    bool open;
};

/* Words of one column in a line: where they begin, and how many. */
static size_t part_of(const struct table *t, const struct pdf_line *line, unsigned column,
                      size_t *ret_from)
{
    size_t from = 0, to;

    while (from < line->n && pdf_column(t->gaps, &line->words[from]) < column)
        from++;
    for (to = from; to < line->n && pdf_column(t->gaps, &line->words[to]) == column;)
        to++;
    *ret_from = from;
    return to - from;
}

/* The least distance between lines of one column. */
static float column_pitch(const struct table *t, unsigned column)
{
    float least = 1e9f, last = 0;
    uint32_t page = 0;
    size_t from;

    for (size_t i = 0; i < t->n; i++) {
        const struct pdf_line *line = &t->lines[i];
        if (part_of(t, line, column, &from) == 0)
            continue;
        if (page == line->page && line->y1 - last >= line->height * 0.72f)
            least = fminf(least, line->y1 - last);
        page = line->page;
        last = line->y1;
    }
    return least;
}

/* Lines that fill other columns than the first belong to the row above. */
static bool has_wrapped_lines(const struct table *t)
{
    size_t from;

    for (size_t i = 1; i < t->n; i++)
        if (t->lines[i].page == t->lines[i - 1].page && part_of(t, &t->lines[i], 0, &from) == 0)
            return true;
    return false;
}

static void measure_table(struct table *t)
{
    float largest = 0;

    t->pitch = 1e9f;
    for (unsigned column = 0; column <= t->gaps->n; column++)
        t->pitch = fminf(t->pitch, column_pitch(t, column));
    for (size_t i = 1; i < t->n; i++)
        largest = fmaxf(largest, pdf_above(t->lines, i));
    /* A table without a wrapped cell has rows only, and they may stand far apart. */
    float usual = t->pdf->pitch * t->lines[0].height / t->pdf->body;
    if (t->pitch > usual * 1.06f)
        t->pitch = usual;
    t->wrapped = has_wrapped_lines(t);
    t->uniform =
        largest < t->pitch + ROW_APART || (t->pitch > t->lines[0].height * 1.25f && !t->wrapped);
    for (size_t i = 0; i < t->n; i++)
        for (size_t k = 0; k < t->lines[i].n; k++) {
            float *right = &t->right[pdf_column(t->gaps, &t->lines[i].words[k])];
            *right = fmaxf(*right, t->lines[i].words[k].x1);
        }
    for (size_t i = 0; i < t->gaps->n; i++)
        t->right[i] = fmaxf(t->right[i], t->gaps->at[i].to - t->lines[0].height * 0.9f);
}

/* Whether the first word of a cell's next line would have had room in the line before: then no
 * wrapped line ended there. Unknown, and false, where one of the two is empty. */
static bool had_room(const struct table *t, size_t i)
{
    const struct pdf_line *line = &t->lines[i], *before = &t->lines[i - 1];

    for (unsigned column = 0; column <= t->gaps->n; column++) {
        size_t a, b, in_line = part_of(t, line, column, &a),
                     in_before = part_of(t, before, column, &b);
        if (in_line == 0 || in_before == 0)
            continue;
        const struct pdf_word *last = &before->words[b + in_before - 1], *w = &line->words[a];
        if (last->x1 + (w->x1 - w->x0) + line->height * 0.3f < t->right[column])
            return true;
    }
    return false;
}

/* The upper line of a cell beside which the others stand at half its height. */
static bool leads_row(const struct table *t, size_t i)
{
    size_t from;

    for (; i + 1 < t->n; i++) {
        float below = pdf_above(t->lines, i + 1);
        if (below == PDF_UNKNOWN || below > t->pitch + ROW_APART)
            return false;
        if (part_of(t, &t->lines[i + 1], 0, &from) > 0)
            return below < t->pitch * 0.8f;
    }
    return false;
}

/* A line that fills all columns, where no line leaves out the first, and begins as labels do. */
static bool is_labelled(const struct table *t, const struct pdf_line *line)
{
    struct str word = line->words[0].text;

    return !t->wrapped && columns_filled(line, t->gaps) == t->gaps->n + 1 && word.n > 0 &&
           ((word.p[0] >= 'A' && word.p[0] <= 'Z') || (word.p[0] >= '0' && word.p[0] <= '9'));
}

static bool begins_row(const struct table *t, size_t i)
{
    const struct pdf_line *line = &t->lines[i];
    float above = pdf_above(t->lines, i);
    size_t from, filled = columns_filled(line, t->gaps);
    bool first = part_of(t, line, 0, &from) > 0;

    if (i == 0)
        return true;
    if (above != PDF_UNKNOWN && above < t->pitch * 0.8f)
        return false; /* cells of one row that stand at different heights */
    if (above != PDF_UNKNOWN && !t->uniform)
        return above > t->pitch + ROW_APART && (first || filled >= 2 || leads_row(t, i));
    if (above == PDF_UNKNOWN && ((first && filled >= 2) || leads_row(t, i)))
        return true;
    /* Only the places of the words tell. */
    return first && (had_room(t, i) || is_labelled(t, line));
}

static void row_flush(struct table *t)
{
    struct flow *flow = t->pdf->flow;

    if (!t->open)
        return;
    t->open = false;
    flow->place = t->place;
    for (unsigned i = 0; i <= t->gaps->n; i++)
        flow_cell(flow, i, buf_str(&t->cells[i]));
    flow_row(flow, t->repeats && t->place.page == t->lines[0].page && !t->head_done);
    t->head_done = true;
    for (unsigned i = 0; i <= t->gaps->n; i++)
        t->cells[i] = buf_new(t->pdf->mem);
}

static bool is_one_cell(const struct pdf_line *line, const struct pdf_gaps *gaps)
{
    struct pdf_gaps cut;

    gaps_cut(gaps, line, &cut);
    return columns_filled(line, &cut) < 2;
}

/* A row of one cell over several columns. */
static void add_band(struct table *t, const struct pdf_line *line)
{
    row_flush(t);
    t->place = (struct place){.page = line->page, .sheet = STR_NONE};
    t->open = true;
    buf_add(&t->cells[pdf_column(t->gaps, &line->words[0])], pdf_line_text(t->pdf, line));
    row_flush(t);
}

static void add_line(struct table *t, const struct pdf_line *line)
{
    if (!t->open)
        t->place = (struct place){.page = line->page, .sheet = STR_NONE};
    t->open = true;
    for (unsigned column = 0; column <= t->gaps->n; column++) {
        size_t from, n = part_of(t, line, column, &from);
        struct pdf_line part = {.words = line->words + from, .n = n};
        if (n > 0)
            pdf_join(t->pdf, &t->cells[column], pdf_line_text(t->pdf, &part));
    }
}

/* How many lines from `i` say what the first ones of the table say. */
static size_t repeated_at(const struct table *t, size_t i)
{
    size_t n = 0;

    while (n < REPEATED && n < i && i + n < t->n) {
        struct str here = pdf_line_text(t->pdf, &t->lines[i + n]);
        if (!str_eq(here, pdf_line_text(t->pdf, &t->lines[n])))
            break;
        n++;
    }
    return n;
}

/* Leaves out the heading row where a new page repeats it. */
static void drop_repeated(struct table *t, struct pdf_line *kept)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++) {
        if (i > 0 && t->lines[i].page != t->lines[i - 1].page) {
            size_t again = repeated_at(t, i);
            t->repeats |= again > 0;
            i += again;
        }
        if (i < t->n)
            kept[n++] = t->lines[i];
    }
    t->lines = kept;
    t->n = n;
}

void pdf_table_emit(struct pdf *pdf, const struct pdf_line *lines, size_t n,
                    const struct pdf_gaps *gaps)
{
    struct table t = {.pdf = pdf, .lines = lines, .n = n, .gaps = gaps};

    for (size_t i = 0; i <= gaps->n; i++)
        t.cells[i] = buf_new(pdf->mem);
    drop_repeated(&t, arena_array(pdf->mem, n, sizeof(struct pdf_line)));
    measure_table(&t);
    flow_table(pdf->flow);
    for (size_t i = 0; i < t.n && !flow_full(pdf->flow); i++) {
        if (goes_over(&t.lines[i], gaps) && is_one_cell(&t.lines[i], gaps)) {
            add_band(&t, &t.lines[i]);
            continue;
        }
        if (begins_row(&t, i))
            row_flush(&t);
        add_line(&t, &t.lines[i]);
    }
    row_flush(&t);
    flow_table_end(pdf->flow);
}
