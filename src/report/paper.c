#include "report/paper.h"

#define LIST_LEVELS 4u

struct paper *paper_new(struct arena *mem, struct str title)
{
    struct paper *f = ARENA_NEW(mem, struct paper);

    f->mem = mem;
    f->title = paper_clean(mem, title);
    f->language = STR("en");
    return f;
}

static struct paper_text *new_text(struct arena *mem)
{
    struct paper_text *t = ARENA_NEW(mem, struct paper_text);

    t->mem = mem;
    return t;
}

static struct paper_block *new_block(struct paper *f, enum paper_kind kind)
{
    struct paper_block *b = ARENA_NEW(f->mem, struct paper_block);

    b->kind = kind;
    b->media = PAPER_ALL;
    *ARENA_PUSH(f->mem, f->blocks, f->n, f->room) = b;
    f->items_open = kind == PAPER_ITEM;
    return b;
}

static unsigned within(unsigned n, unsigned most)
{
    return n == 0 ? 1 : n > most ? most : n;
}

struct paper_text *paper_heading(struct paper *f, unsigned level, struct str name)
{
    struct paper_block *b = new_block(f, PAPER_HEADING);

    b->level = within(level, PAPER_LEVELS);
    b->name = paper_clean(f->mem, name);
    b->keep = true;
    return b->text = new_text(f->mem);
}

struct paper_text *paper_paragraph(struct paper *f, enum paper_style style)
{
    struct paper_block *b = new_block(f, PAPER_PARAGRAPH);

    b->style = style;
    return b->text = new_text(f->mem);
}

struct paper_text *paper_item(struct paper *f, enum paper_list list, unsigned level)
{
    bool goes_on = f->items_open;
    struct paper_block *last = paper_last(f), *b = new_block(f, PAPER_ITEM);

    b->level = within(level, LIST_LEVELS);
    b->list = list;
    b->starts =
        !goes_on || last->level < b->level || (last->level == b->level && last->list != b->list);
    return b->text = new_text(f->mem);
}

struct paper_table *paper_table(struct paper *f, struct str title)
{
    struct paper_block *b = new_block(f, PAPER_TABLE);

    b->table = ARENA_NEW(f->mem, struct paper_table);
    b->table->mem = f->mem;
    b->table->title = paper_clean(f->mem, title);
    return b->table;
}

void paper_figure(struct paper *f, const struct chart *chart, struct str says)
{
    struct paper_block *b = new_block(f, PAPER_FIGURE);

    b->media = PAPER_PAGES;
    b->chart = chart;
    b->says = paper_clean(f->mem, says);
}

void paper_break(struct paper *f)
{
    new_block(f, PAPER_BREAK)->media = PAPER_PAGES;
}

void paper_contents(struct paper *f, unsigned level)
{
    struct paper_block *b = new_block(f, PAPER_CONTENTS);

    b->media = PAPER_PAGES;
    b->level = within(level, PAPER_LEVELS);
}

struct paper_block *paper_last(struct paper *f)
{
    return f->n > 0 ? f->blocks[f->n - 1] : NULL;
}

/* ---- text ---- */

static struct paper_run *add_run(struct paper_text *t, struct str text)
{
    struct paper_run *run;

    text = paper_clean(t->mem, text);
    if (text.n == 0)
        return NULL;
    run = ARENA_PUSH(t->mem, t->runs, t->n, t->room);
    run->text = text;
    run->link = STR_NONE;
    return run;
}

void paper_run(struct paper_text *t, unsigned marks, enum paper_role role, struct str text)
{
    struct paper_run *run = add_run(t, text);

    if (run == NULL)
        return;
    run->marks = marks;
    run->role = role;
}

void paper_say(struct paper_text *t, struct str text)
{
    paper_run(t, 0, PAPER_PLAIN, text);
}

static bool may_link(struct str address)
{
    static const char *const heads[] = {"#", "http://", "https://", "mailto:"};

    for (size_t i = 0; i < address.n; i++)
        if ((unsigned char)address.p[i] <= ' ' || address.p[i] == 0x7f)
            return false;
    for (size_t i = 0; i < COUNT_OF(heads); i++)
        if (str_is_nocase(str_sub(address, 0, strlen(heads[i])), heads[i]))
            return address.n > strlen(heads[i]);
    return false;
}

void paper_link(struct paper_text *t, struct str address, struct str text)
{
    struct paper_run *run = add_run(t, text);

    if (run == NULL)
        return;
    address = paper_clean(t->mem, address);
    if (!may_link(address))
        return;
    run->role = PAPER_ACCENT;
    run->link = address;
}

struct str paper_plain(struct arena *mem, const struct paper_text *t)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; t != NULL && i < t->n; i++)
        buf_add(&out, t->runs[i].text);
    return buf_str(&out);
}

/* Marks that turn the direction of what follows them, beyond the text they stand in. */
static bool turns(uint32_t code)
{
    return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code & 0xfffe) == 0xfffe ||
           (code >= 0xfdd0 && code <= 0xfdef) || code == 0xfeff;
}

struct str paper_clean(struct arena *mem, struct str text)
{
    struct buf out = buf_new(mem);

    text = str_cut(mem, text, PAPER_RUN_BYTES);
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        uint32_t code = utf8_next(text, &at);
        if (code == '\n' || code == 0x2028 || code == 0x2029)
            buf_char(&out, '\n');
        else if (code == '\t' || (code == '\r' && !(at < text.n && text.p[at] == '\n')))
            buf_char(&out, ' ');
        else if (code == '\r' || turns(code))
            continue;
        else if (is_control(code))
            buf_code(&out, UTF8_BAD);
        else if (code == UTF8_BAD)
            buf_code(&out, UTF8_BAD);
        else
            buf_add(&out, str_sub(text, from, at - from));
    }
    return buf_str(&out);
}

static bool is_rtl_letter(uint32_t code)
{
    return (code >= 0x5be && code <= 0x8ff) || (code >= 0xfb1d && code <= 0xfdff) ||
           (code >= 0xfe70 && code <= 0xfefe) || (code >= 0x10800 && code <= 0x10fff) ||
           (code >= 0x1e800 && code <= 0x1efff);
}

static bool is_other_letter(uint32_t code)
{
    return (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z') ||
           (code >= 0xc0 && code < 0x2000) || code >= 0x2c00;
}

bool paper_is_rtl(const struct paper_text *t)
{
    for (size_t i = 0; t != NULL && i < t->n; i++)
        for (size_t at = 0; at < t->runs[i].text.n;) {
            uint32_t code = utf8_next(t->runs[i].text, &at);
            if (is_rtl_letter(code))
                return true;
            if (is_other_letter(code))
                return false;
        }
    return false;
}

/* ---- tables ---- */

void paper_column(struct paper_table *t, unsigned weight, enum paper_align align)
{
    struct paper_column *column;

    if (t->column_n == PAPER_COLUMNS)
        return;
    column = ARENA_PUSH(t->mem, t->columns, t->column_n, t->column_room);
    *column = (struct paper_column){weight > 0 ? weight : 1, align};
}

struct paper_row *paper_row(struct paper_table *t, bool header)
{
    struct paper_row *row = ARENA_NEW(t->mem, struct paper_row);

    row->mem = t->mem;
    row->header = header;
    *ARENA_PUSH(t->mem, t->rows, t->n, t->room) = row;
    return row;
}

struct paper_cell *paper_cell(struct paper_row *row)
{
    struct paper_cell *cell = ARENA_NEW(row->mem, struct paper_cell);

    cell->mem = row->mem;
    cell->span = 1;
    *ARENA_PUSH(row->mem, row->cells, row->n, row->room) = cell;
    return cell;
}

struct paper_text *paper_cell_text(struct paper_cell *cell)
{
    struct paper_text *t = new_text(cell->mem);

    *ARENA_PUSH(cell->mem, cell->texts, cell->n, cell->room) = t;
    return t;
}

struct paper_cell *paper_put(struct paper_row *row, unsigned marks, enum paper_role role,
                             struct str text)
{
    struct paper_cell *cell = paper_cell(row);

    paper_run(paper_cell_text(cell), marks, role, text);
    return cell;
}

struct paper_cell *paper_put_number(struct paper_row *row, int64_t thousandths)
{
    struct str text = value_print(row->mem, value_decimal(row->mem, thousandths));
    struct paper_cell *cell = paper_put(row, 0, PAPER_PLAIN, text);

    cell->is = PAPER_IS_NUMBER;
    cell->thousandths = thousandths;
    return cell;
}

struct paper_cell *paper_put_day(struct paper_row *row, struct date day)
{
    struct paper_cell *cell = paper_put(row, 0, PAPER_PLAIN, date_iso(row->mem, day));

    cell->is = date_is_none(day) ? PAPER_IS_TEXT : PAPER_IS_DAY;
    cell->day = day;
    return cell;
}

/* ---- what writers ask ---- */

const struct paper_block *paper_above(const struct paper *f, size_t at)
{
    while (at-- > 0)
        if (f->blocks[at]->kind == PAPER_HEADING)
            return f->blocks[at];
    return NULL;
}

const char *paper_ink(enum paper_role role)
{
    static const char *const inks[PAPER_ROLES] = {
        [PAPER_PLAIN] = "1d2524",    [PAPER_MUTED] = "55615f",   [PAPER_ACCENT] = "0d5c63",
        [PAPER_BLOCKING] = "a4262c", [PAPER_CONCERN] = "875400", [PAPER_NOTE] = "4a5690",
        [PAPER_MET] = "2a6a49",      [PAPER_PARTLY] = "875400",  [PAPER_MISSING] = "a4262c",
        [PAPER_UNKNOWN] = "4a5690",  [PAPER_NONE] = "55615f"};

    return inks[role];
}

const char *paper_wash(enum paper_role role)
{
    static const char *const washes[PAPER_ROLES] = {
        [PAPER_PLAIN] = "ffffff",    [PAPER_MUTED] = "efede5",   [PAPER_ACCENT] = "dfeceb",
        [PAPER_BLOCKING] = "f6dedd", [PAPER_CONCERN] = "f7e9c8", [PAPER_NOTE] = "e2e5f1",
        [PAPER_MET] = "d9eae0",      [PAPER_PARTLY] = "f7e9c8",  [PAPER_MISSING] = "f6dedd",
        [PAPER_UNKNOWN] = "e2e5f1",  [PAPER_NONE] = "e9e7df"};

    return washes[role];
}
