/* From a reading to grids, and what registers they are. */
#include "judge/records.h"

#include <ctype.h>
#include <string.h>

#include "judge/cards.h"

#define CAPTION_BYTES 120u
#define LABEL_BYTES 48u
#define GRID_COLUMNS 60u
#define CARD_LIKE 2u /* one in so many labels is shared by records that follow each other */

struct searcher {
    struct ctx *cx;
    const struct registers *registers;
    const struct reading *r;
    const struct value *pins;
    struct recogniser *recogniser;
    struct str *kinds;
    size_t kind_n;
    bool *taken; /* by passage: it is in a table that was recognised */
    struct records *ret;
};

/* ---- names of a grid ---- */

static struct str heading_text(const struct reading *r, uint32_t section)
{
    if (section == READING_NONE || r->sections[section].title)
        return STR_NONE;
    return r->passages[r->sections[section].heading].text;
}

/* A short line right above a table. */
static struct str caption_of(const struct reading *r, uint32_t passage)
{
    const struct passage *p = passage > 2 ? &r->passages[passage - 1] : NULL;

    if (p == NULL || p->block == NULL || p->block->kind != BLOCK_PARAGRAPH ||
        p->text.n > CAPTION_BYTES)
        return STR_NONE;
    return p->text;
}

static void name_grid(const struct searcher *s, uint32_t passage, struct register_grid *g)
{
    const struct reading *r = s->r;
    const struct block *block = r->passages[passage].block;
    uint32_t section = r->passages[passage].section;

    g->file = r->passages[0].text;
    g->title = r->title;
    g->sheet = block != NULL ? block->place.sheet : STR_NONE;
    g->heading = heading_text(r, section);
    if (section != READING_NONE)
        g->above = heading_text(r, r->sections[section].parent);
    g->caption = caption_of(r, passage);
    g->kinds = s->kinds;
    g->kind_n = s->kind_n;
}

/* ---- pins ---- */

bool records_pinned(struct str key, struct str path, struct str sheet, struct str heading)
{
    struct str place = STR_NONE;

    if (!str_starts(key, path))
        return false;
    if (key.n == path.n)
        return true;
    if (key.p[path.n] != '#')
        return false;
    place = str_trim(str_from(key, path.n + 1));
    return (sheet.n > 0 && str_eq(place, sheet)) || (heading.n > 0 && str_eq(place, heading));
}

static void note_pin(const struct searcher *s, size_t pin)
{
    struct records *all = s->ret;

    *ARENA_PUSH(s->cx->mem, all->pinned, all->pinned_n, all->pinned_room) = (uint32_t)pin;
}

/* What a pin that names no table here may have meant. */
static void note_places(const struct searcher *s, const struct register_grid *g)
{
    struct records *all = s->ret;

    if (g->sheet.n > 0)
        *ARENA_PUSH(s->cx->mem, all->places, all->place_n, all->place_room) = g->sheet;
    if (g->heading.n > 0)
        *ARENA_PUSH(s->cx->mem, all->places, all->place_n, all->place_room) = g->heading;
}

/* The first pin that means the table says what it is. */
static const struct register_pin *pin_of(const struct searcher *s, const struct register_grid *g)
{
    struct register_pin *pin = NULL;

    for (size_t i = 0; i < value_count(s->pins); i++) {
        const struct value *said = value_at(s->pins, i);
        struct str id = value_get_text(said, "register");
        if (!str_starts(value_key_at(s->pins, i), s->r->path))
            continue;
        note_places(s, g);
        if (!records_pinned(value_key_at(s->pins, i), s->r->path, g->sheet, g->heading))
            continue;
        note_pin(s, i);
        if (pin != NULL)
            continue;
        pin = ARENA_NEW(s->cx->mem, struct register_pin);
        *pin = (struct register_pin){
            .def = registers_find(s->registers, id), .none = str_is(id, "none"), .columns = said};
    }
    return pin;
}

/* ---- tables that go together ---- */

static bool same_columns(const struct register_found *a, const struct register_found *b)
{
    if (a->column_n != b->column_n)
        return false;
    for (size_t c = 0; c < a->column_n; c++)
        if (!str_eq(a->columns[c].header, b->columns[c].header) ||
            a->columns[c].at != b->columns[c].at)
            return false;
    return true;
}

static void add_part(struct searcher *s, const struct register_grid *g,
                     const struct register_found *found)
{
    struct records *all = s->ret;
    struct record_table *table = NULL;

    for (size_t i = 0; i < all->n; i++) {
        const struct record_part *first = &all->items[i].parts[0];
        if (all->items[i].def == found->def && str_eq(first->grid->sheet, g->sheet) &&
            (found->goes_on || same_columns(&first->found, found)))
            table = &all->items[i];
    }
    if (table == NULL) {
        table = ARENA_PUSH(s->cx->mem, all->items, all->n, all->room);
        *table = (struct record_table){.def = found->def};
    }
    struct record_part *parts = arena_room(s->cx->mem, (void *)(uintptr_t)table->parts,
                                           table->part_n, &table->part_room, sizeof *parts);
    parts[table->part_n++] = (struct record_part){g, *found};
    table->parts = parts;
}

static int recognise(struct searcher *s, const struct register_grid *g, size_t *ret_n)
{
    struct register_found *items = NULL;
    size_t n = 0, room = 0;

    TRY(recogniser_grid(s->recogniser, g, pin_of(s, g), &items, &n, &room));
    for (size_t i = 0; i < n; i++)
        add_part(s, g, &items[i]);
    *ret_n = n;
    return 0;
}

/* ---- tables ---- */

static bool is_evidence(const struct reading *r, const struct table *t)
{
    for (uint32_t p = t->from; p < t->to; p++)
        if (r->passages[p].evidence)
            return true;
    return t->to > t->from && t->to - t->from < 3;
}

static int take_table(struct searcher *s, const struct table *t)
{
    struct register_grid *g = ARENA_NEW(s->cx->mem, struct register_grid);
    struct register_line *lines = arena_array(s->cx->mem, t->to - t->from + 1, sizeof *lines);
    size_t found;

    for (uint32_t p = t->from; p < t->to; p++)
        if (s->r->passages[p].block != NULL && !s->r->passages[p].block->struck &&
            s->r->passages[p].block->cell_count > 0)
            lines[g->n++] = (struct register_line){s->r->passages[p].block, p};
    g->lines = lines;
    if (g->n == 0)
        return 0;
    name_grid(s, t->from, g);
    TRY(recognise(s, g, &found));
    for (uint32_t p = t->from; found > 0 && p < t->to; p++)
        s->taken[p] = true;
    return 0;
}

/* ---- records of label and value ---- */

struct sheet_of_cards {
    struct str labels[GRID_COLUMNS];
    size_t label_n;
    struct register_line *lines;
    size_t n, room;
    uint32_t section; /* of the last record */
};

static bool line_parts(const struct reading *r, const struct card_line *line, struct str *ret_label,
                       struct str *ret_value)
{
    const struct passage *p = &r->passages[line->passage];
    struct str text = p->text;
    size_t colon;

    if (p->table != 0) {
        *ret_label = p->block->cells[0].text;
        *ret_value = p->block->cell_count > 1 ? p->block->cells[1].text : STR_NONE;
        return true;
    }
    colon = str_find_char(text, ':', 0);
    if (colon == SIZE_MAX)
        return false;
    *ret_label = str_trim(str_sub(text, 0, colon));
    *ret_value = str_trim(str_from(text, colon + 1));
    return true;
}

static size_t label_at(const struct sheet_of_cards *sheet, struct str label)
{
    size_t i = 0;

    while (i < sheet->label_n && !str_eq(sheet->labels[i], label))
        i++;
    return i;
}

/* Whether a record has enough labels of those before it. */
static bool is_like(const struct searcher *s, const struct sheet_of_cards *sheet, struct card card)
{
    size_t same = 0;

    for (size_t l = card.from; l < card.to; l++) {
        struct str label, value;
        if (line_parts(s->r, &s->r->cards->lines[l], &label, &value))
            same += label_at(sheet, label) < sheet->label_n;
    }
    return same * CARD_LIKE >= card.to - card.from;
}

static int by_column(const void *a, const void *b)
{
    return (int)((const struct cell *)a)->column - (int)((const struct cell *)b)->column;
}

static void add_card(struct searcher *s, struct sheet_of_cards *sheet, struct card card)
{
    struct arena *mem = s->cx->mem;
    const struct card_line *lines = s->r->cards->lines;
    struct block *row = ARENA_NEW(mem, struct block);
    size_t room = 0;

    row->kind = BLOCK_ROW;
    if (s->r->passages[lines[card.from].passage].block != NULL)
        row->place = s->r->passages[lines[card.from].passage].block->place;
    row->place.row = 0;
    for (size_t l = card.from; l < card.to; l++) {
        struct str label, value;
        if (!line_parts(s->r, &lines[l], &label, &value))
            continue;
        size_t at = label_at(sheet, label);
        if (at == sheet->label_n && at < GRID_COLUMNS)
            sheet->labels[sheet->label_n++] = label;
        if (at < GRID_COLUMNS && value.n > 0)
            *ARENA_PUSH(mem, row->cells, row->cell_count, room) =
                (struct cell){value, (uint16_t)at};
    }
    if (row->cell_count > 1) /* there may be labels only */
        qsort(row->cells, row->cell_count, sizeof *row->cells, by_column);
    *ARENA_PUSH(mem, sheet->lines, sheet->n, sheet->room) =
        (struct register_line){row, lines[card.from].passage};
}

/* The labels become the first line. Records under headings of their own are named by these. */
static int take_cards(struct searcher *s, struct sheet_of_cards *sheet)
{
    struct register_grid *g = ARENA_NEW(s->cx->mem, struct register_grid);
    struct block *row = ARENA_NEW(s->cx->mem, struct block);
    struct register_line *lines = arena_array(s->cx->mem, sheet->n + 2, sizeof *lines);
    uint32_t first;
    size_t found;

    if (sheet->n == 0)
        return 0;
    first = sheet->lines[0].passage;
    row->kind = BLOCK_ROW;
    row->cells = arena_array(s->cx->mem, sheet->label_n + 1, sizeof *row->cells);
    for (size_t i = 0; i < sheet->label_n; i++)
        row->cells[row->cell_count++] = (struct cell){sheet->labels[i], (uint16_t)i};
    lines[0] = (struct register_line){row, first};
    memcpy(lines + 1, sheet->lines, sheet->n * sizeof *lines);
    *g = (struct register_grid){.lines = lines, .n = sheet->n + 1, .cards = true};
    name_grid(s, first, g);
    g->headed = sheet->n > 1 &&
                s->r->passages[first].section != s->r->passages[sheet->lines[1].passage].section;
    *sheet = (struct sheet_of_cards){.lines = NULL};
    return recognise(s, g, &found);
}

static int find_cards(struct searcher *s)
{
    const struct cards *cards = s->r->cards;
    struct sheet_of_cards *sheet = ARENA_NEW(s->cx->mem, struct sheet_of_cards);

    for (size_t i = 0; i < cards->n; i++) {
        uint32_t passage = cards->lines[cards->items[i].from].passage;
        uint32_t table = s->r->passages[passage].table;
        if (s->taken[passage] || s->r->tables[table].labels)
            continue;
        if (sheet->n > 0 && !is_like(s, sheet, cards->items[i]))
            TRY(take_cards(s, sheet));
        add_card(s, sheet, cards->items[i]);
    }
    return take_cards(s, sheet);
}

/* ---- the whole ---- */

static void list_kinds(struct searcher *s, const struct kinds *kinds)
{
    s->kinds = arena_array(s->cx->mem, kinds->n + 1, sizeof *s->kinds);
    for (size_t i = 0; i < kinds->n; i++)
        s->kinds[s->kind_n++] = kinds->items[i].kind->id;
}

int records_find(struct ctx *cx, const struct registers *registers, const struct reading *r,
                 const struct kinds *kinds, const struct value *pins, struct records *ret)
{
    struct searcher s = {.cx = cx, .registers = registers, .r = r, .pins = pins, .ret = ret};

    *ret = (struct records){.registers = registers};
    if (r->table_n <= 1 && r->cards->n == 0)
        return 0;
    s.recogniser = recogniser_new(cx, registers);
    s.taken = arena_array(cx->mem, r->passage_n + 1, sizeof *s.taken);
    list_kinds(&s, kinds);
    for (size_t t = 1; t < r->table_n; t++)
        if (!r->tables[t].history && !r->tables[t].labels && is_evidence(r, &r->tables[t]))
            TRY(take_table(&s, &r->tables[t]));
    return find_cards(&s);
}
