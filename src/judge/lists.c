/* Which rows of which tables are controls. */
#include "judge/list_parts.h"

#include <ctype.h>

#define LIST_ROWS 3u /* a list has so many controls */
#define LIST_ROWS_BARE                                                                             \
    15u                    /* and so many where neither letter nor title show that they are some   \
                            */
#define LIST_PREFIX 40u    /* bytes before the number in its cell */
#define TITLE_LEAST 6u     /* bytes of a title */
#define TITLE_WORDS 24u    /* of a title that are compared */
#define TITLE_LIKE 500u    /* thousandths of words in common: a title in other words */
#define FRACTION_DIGITS 7u /* so many digits: 5.0999999999999996 is 5.1 */

struct finder {
    struct ctx *cx;
    const struct control_names *names;
    const struct language *language;
    struct list *list;
    const struct known_control *before; /* the last control */
};

struct number {
    struct str text; /* "5.1" */
    size_t parts;
    bool lettered;
    bool tenth; /* one digit behind the point: may have lost a zero */
    size_t end; /* in the cell */
};

/* ---- titles ---- */

static bool is_word_byte(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 128;
}

/* In lower case, without function words. */
static size_t title_words(struct arena *mem, const struct language *language, struct str title,
                          struct str *words)
{
    struct str s = str_lower(mem, title);
    size_t n = 0, at = 0;

    while (at < s.n && n < TITLE_WORDS) {
        size_t from = at;
        while (at < s.n && is_word_byte(s.p[at]))
            at++;
        struct str word = str_sub(s, from, at - from);
        if (word.n > 0 && !dict_has(language->function, word))
            words[n++] = word;
        while (at < s.n && !is_word_byte(s.p[at]))
            at++;
    }
    return n;
}

struct str title_plain(struct arena *mem, const struct language *language, struct str title)
{
    struct str words[TITLE_WORDS];
    size_t n = title_words(mem, language, title, words);
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_char(&out, ' ');
        buf_add(&out, words[i]);
    }
    return buf_str(&out);
}

/* Thousandths of the words that two titles share. */
static size_t likeness(const struct finder *f, struct str a, struct str b)
{
    struct arena *mem = f->cx->mem;
    struct str x[TITLE_WORDS], y[TITLE_WORDS];
    size_t n = title_words(mem, f->language, a, x), m = title_words(mem, f->language, b, y);
    size_t both = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < m; k++)
            if (str_eq(x[i], y[k])) {
                both++;
                break;
            }
    return n + m > 0 ? both * 2000 / (n + m) : 0;
}

static const struct known_control *titled(const struct finder *f, struct str cell)
{
    if (cell.n < TITLE_LEAST || cell.n > 200)
        return NULL;
    return dict_get(f->names->by_title, title_plain(f->cx->mem, f->language, cell));
}

/* ---- numbers ---- */

static size_t digits_at(struct str s, size_t at)
{
    size_t n = 0;

    while (at + n < s.n && isdigit((unsigned char)s.p[at + n]))
        n++;
    return n;
}

/* The point between two numbers; some countries write a comma. */
static bool point_at(struct str s, size_t at)
{
    return at + 1 < s.n && (s.p[at] == '.' || s.p[at] == ',') &&
           isdigit((unsigned char)s.p[at + 1]);
}

/* What stands before a number must be nothing, other words, or the letter of controls. */
static bool prefix_fits(const struct finder *f, struct str s, size_t at, bool *ret_lettered)
{
    size_t i = at;

    *ret_lettered = false;
    while (i > 0 && (s.p[i - 1] == '.' || s.p[i - 1] == ' ' || s.p[i - 1] == '-'))
        i--;
    if (i == 0)
        return true;
    bool letter = toupper((unsigned char)s.p[i - 1]) == f->names->letter &&
                  (i == 1 || !is_word_byte(s.p[i - 2]));
    *ret_lettered = letter;
    /* "R5.1" and "v5.1" number something else. */
    return letter || (i < at && s.p[at - 1] == ' ') || !is_word_byte(s.p[i - 1]);
}

/* "5.0999999999999996" is what a spreadsheet keeps of 5.1. */
static struct str rounded(struct arena *mem, struct str whole, struct str fraction)
{
    int tens = (fraction.p[0] - '0') * 10 + (fraction.p[1] - '0') + (fraction.p[2] >= '5');

    if (tens % 10 == 0)
        return str_printf(mem, "%.*s.%d", STR_ARG(whole), tens / 10);
    return str_printf(mem, "%.*s.%d", STR_ARG(whole), tens);
}

static bool number_at(const struct finder *f, struct str s, size_t at, struct number *ret)
{
    struct arena *mem = f->cx->mem;
    size_t a = digits_at(s, at), end = at + a;
    struct str whole = str_sub(s, at, a);

    if (a > 2 || !point_at(s, end))
        return false;
    size_t b = digits_at(s, end + 1);
    struct str second = str_sub(s, end + 1, b);
    end += 1 + b;
    *ret = (struct number){.parts = 2};
    if (b >= FRACTION_DIGITS)
        ret->text = rounded(mem, whole, second);
    else if (b <= 2)
        ret->text = str_printf(mem, "%.*s.%.*s", STR_ARG(whole), STR_ARG(second));
    else
        return false;
    if (b <= 2 && point_at(s, end)) {
        size_t c = digits_at(s, end + 1);
        ret->text =
            str_printf(mem, "%.*s.%.*s", STR_ARG(ret->text), STR_ARG(str_sub(s, end + 1, c)));
        ret->parts = 3;
        end += 1 + c;
        if (c > 2 || point_at(s, end))
            return false;
    }
    ret->tenth = ret->parts == 2 && ret->text.p[ret->text.n - 2] == '.';
    ret->end = end;
    return prefix_fits(f, s, at, &ret->lettered);
}

/* The number of a control, of this edition or an earlier one, or with a zero lost. */
static bool known_number(const struct finder *f, const struct number *n)
{
    return dict_has(n->parts == 2 ? f->names->by_number : f->names->earlier, n->text);
}

static bool number_of(const struct finder *f, struct str cell, struct number *ret)
{
    for (size_t at = 0; at < cell.n && at < LIST_PREFIX; at++) {
        if (!isdigit((unsigned char)cell.p[at]))
            continue;
        if (number_at(f, cell, at, ret) && known_number(f, ret))
            return true;
        at += digits_at(cell, at);
        while (point_at(cell, at))
            at += 1 + digits_at(cell, at + 1);
    }
    return false;
}

/* ---- columns of numbers and titles ---- */

struct str list_cell(const struct block *row, uint16_t column)
{
    for (size_t c = 0; column != LIST_NONE && c < row->cell_count; c++)
        if (row->cells[c].column == column)
            return row->cells[c].text;
    return STR_NONE;
}

static uint16_t fullest(const size_t *count)
{
    uint16_t best = LIST_NONE;

    for (uint16_t c = 0; c < LIST_COLUMNS; c++)
        if (count[c] >= LIST_ROWS && (best == LIST_NONE || count[c] > count[best]))
            best = c;
    return best;
}

/* Whether the title stands behind the number in one cell. */
static bool has_title(const struct finder *f)
{
    const struct list *list = f->list;
    struct number number;
    size_t n = 0, with = 0;

    for (size_t i = 0; i < list->n; i++) {
        struct str cell = list_cell(list->rows[i].block, list->number);
        if (!number_of(f, cell, &number))
            continue;
        n++;
        with += cell.n > number.end + TITLE_LEAST;
    }
    return with * 2 > n;
}

/* Where no cell is a title word for word, the text behind or beside the number is taken for one. */
static uint16_t beside(const struct finder *f)
{
    size_t filled[LIST_COLUMNS] = {0}, bytes[LIST_COLUMNS] = {0};
    const struct list *list = f->list;

    if (has_title(f))
        return list->number;
    for (size_t i = 0; i < list->n; i++)
        for (size_t c = 0; c < list->rows[i].block->cell_count; c++) {
            const struct cell *cell = &list->rows[i].block->cells[c];
            if (cell->column < LIST_COLUMNS) {
                filled[cell->column] += cell->text.n > 0;
                bytes[cell->column] += cell->text.n;
            }
        }
    for (uint16_t c = (uint16_t)(list->number + 1); c < LIST_COLUMNS && c <= list->number + 2; c++)
        if (filled[c] * 2 > list->n && bytes[c] > filled[c] * 10)
            return c;
    return LIST_NONE;
}

static bool find_columns(const struct finder *f)
{
    size_t numbers[LIST_COLUMNS] = {0}, titles[LIST_COLUMNS] = {0};
    struct list *list = f->list;
    struct number number;

    for (size_t i = 0; i < list->n; i++)
        for (size_t c = 0; c < list->rows[i].block->cell_count; c++) {
            const struct cell *cell = &list->rows[i].block->cells[c];
            if (cell->column >= LIST_COLUMNS)
                continue;
            numbers[cell->column] += number_of(f, cell->text, &number);
            titles[cell->column] += titled(f, cell->text) != NULL;
        }
    list->number = fullest(numbers);
    list->title = fullest(titles);
    if (list->title == LIST_NONE && list->number != LIST_NONE)
        list->title = beside(f);
    return list->number != LIST_NONE || list->title != LIST_NONE;
}

/* ---- which control ---- */

/* What follows 5.9 is 5.10, though a spreadsheet calls it 5.1. */
static bool follows(const struct finder *f, const struct known_control *tenth)
{
    return f->before != NULL && tenth == f->before + 1;
}

/* The control of this number, which may have lost its last zero: the title decides, else the
 * order. */
static const struct known_control *numbered(const struct finder *f, const struct number *n,
                                            struct str title)
{
    struct arena *mem = f->cx->mem;
    const struct known_control *is = dict_get(f->names->by_number, n->text), *tenth = NULL;

    if (n->tenth)
        tenth = dict_get(f->names->by_number, str_printf(mem, "%.*s0", STR_ARG(n->text)));
    if (tenth == NULL || is == NULL)
        return is;
    size_t one = likeness(f, title, is->title), other = likeness(f, title, tenth->title);
    if (one != other && (one >= TITLE_LIKE || other >= TITLE_LIKE))
        return one > other ? is : tenth;
    return follows(f, tenth) ? tenth : is;
}

static void identify(struct finder *f, struct list_row *row)
{
    struct str cell = list_cell(row->block, f->list->number), title;
    struct control_line *line = &row->line;
    struct number n = {0};
    bool has_number = number_of(f, cell, &n);

    title = list_cell(row->block, f->list->title);
    if (f->list->title == f->list->number)
        title = has_number ? str_trim(str_from(cell, n.end)) : cell;
    const struct known_control *by_title = titled(f, title);
    *line = (struct control_line){.passage = row->passage, .applicable = -1, .title = title};
    line->number = has_number ? cell : STR_NONE;
    if (has_number && n.parts == 3)
        line->earlier = *(const struct str *)dict_get(f->names->earlier, n.text);
    else if (has_number)
        line->control = numbered(f, &n, title);
    else
        line->control = by_title;
    if (line->control != NULL && by_title != NULL && by_title != line->control)
        line->titled = by_title;
    row->is_control = line->control != NULL || line->earlier.n > 0;
    if (line->control != NULL)
        f->before = line->control;
}

/* In a list by the numbers of an earlier edition, those of two parts are headings of groups. */
static void drop_groups(struct list *list)
{
    size_t earlier = 0, now = 0;

    for (size_t i = 0; i < list->n; i++) {
        earlier += list->rows[i].is_control && list->rows[i].line.earlier.n > 0;
        now += list->rows[i].is_control && list->rows[i].line.control != NULL;
    }
    for (size_t i = 0; i < list->n && earlier > now; i++)
        if (list->rows[i].line.control != NULL)
            list->rows[i].is_control = false;
}

/* Chapters of other texts have numbers too: letters or titles must show that these are controls. */
static bool is_list(const struct finder *f)
{
    size_t n = 0, lettered = 0, like = 0;
    const struct list *list = f->list;
    struct number number;

    for (size_t i = 0; i < list->n; i++) {
        const struct control_line *line = &list->rows[i].line;
        if (!list->rows[i].is_control)
            continue;
        n++;
        lettered += number_of(f, line->number, &number) && number.lettered;
        like +=
            line->control != NULL && likeness(f, line->title, line->control->title) >= TITLE_LIKE;
    }
    return n >= LIST_ROWS && (lettered * 2 > n || like * 3 > n || n >= LIST_ROWS_BARE);
}

/* ---- the whole ---- */

static void take_rows(struct ctx *cx, const struct reading *r, const struct table *table,
                      struct list *list)
{
    size_t most = table->to - table->from < LISTS_ROWS ? table->to - table->from : LISTS_ROWS;

    *list = (struct list){.rows = arena_array(cx->mem, most, sizeof *list->rows)};
    for (uint32_t p = table->from; p < table->to && list->n < LISTS_ROWS; p++)
        if (r->passages[p].block != NULL && !r->passages[p].block->struck)
            list->rows[list->n++] = (struct list_row){.block = r->passages[p].block, .passage = p};
}

static void take_list(struct finder *f, const struct signals *signals, const struct reading *r,
                      struct list_columns *columns, struct control_lines *lines)
{
    for (size_t i = 0; i < f->list->n; i++)
        identify(f, &f->list->rows[i]);
    drop_groups(f->list);
    if (is_list(f))
        list_decide(f->cx, signals, r, f->list, columns, lines);
}

static bool names_control(const void *arg, struct str text)
{
    const struct finder *f = arg;
    struct number number;

    return number_of(f, text, &number) || titled(f, text) != NULL;
}

/* Controls with a heading each, where tables do not list them. */
static void take_records(struct finder *f, const struct signals *signals, const struct reading *r,
                         struct control_lines *lines)
{
    struct list_columns columns = {0};
    struct list list;
    size_t decided = 0;

    for (size_t i = 0; i < lines->n; i++)
        decided += lines->items[i].decides;
    if (decided >= LIST_ROWS_BARE)
        return;
    list_of_records(f->cx, r, names_control, f, &list);
    f->list = &list;
    f->before = NULL;
    take_list(f, signals, r, &columns, lines);
}

int lists_find(struct ctx *cx, const struct signals *signals, const struct reading *r,
               struct control_lines *ret)
{
    struct finder f = {.cx = cx, .names = signals->controls, .language = signals->language};
    struct list_columns columns = {0};
    struct control_lines lines = {0};

    for (uint32_t t = 1; t < r->table_n && signals->controls != NULL; t++) {
        struct list list;

        if (r->tables[t].history || r->tables[t].labels)
            continue;
        take_rows(cx, r, &r->tables[t], &list);
        f.list = &list;
        if (!find_columns(&f))
            continue;
        take_list(&f, signals, r, &columns, &lines);
        TRY(ctx_check(cx));
    }
    if (signals->controls != NULL)
        take_records(&f, signals, r, &lines);
    *ret = lines;
    return 0;
}
