#include "judge/cards.h"

#define LABEL_BYTES 48u

/* What stands before the colon, and after it. */
static bool split_label(struct str text, struct str *ret_label, struct str *ret_value)
{
    size_t colon = str_find_char(text, ':', 0);

    if (colon == SIZE_MAX || colon == 0 || colon > LABEL_BYTES)
        return false;
    *ret_label = str_sub(text, 0, colon);
    *ret_value = str_trim(str_from(text, colon + 1));
    return true;
}

static bool split_row(const struct passage *p, struct str *ret_label, struct str *ret_value)
{
    const struct block *row = p->block;

    if (row->cell_count < 1 || row->cell_count > 2 || row->cells[0].column != 0)
        return false;
    size_t at = str_find(p->text, row->cells[0].text, 0);
    if (at == SIZE_MAX || row->cells[0].text.n == 0 || row->cells[0].text.n > LABEL_BYTES)
        return false;
    *ret_label = str_sub(p->text, at, row->cells[0].text.n);
    *ret_value = row->cell_count == 2 ? row->cells[1].text : STR_NONE;
    return true;
}

static bool find_line(struct ctx *cx, const struct reading *r, uint32_t passage,
                      struct card_line *ret)
{
    const struct passage *p = &r->passages[passage];
    struct str label, value;

    if (p->block == NULL || p->block->kind == BLOCK_HEADING || p->token_from == p->token_to)
        return false;
    if (p->table != 0 ? !split_row(p, &label, &value) : !split_label(p->text, &label, &value))
        return false;
    *ret = (struct card_line){.passage = passage,
                              .label_from = p->token_from,
                              .filled = !reading_cell_empty(r->language, cx->mem, value)};
    while (ret->label_from < p->token_to && r->tokens->t[ret->label_from].word.p < label.p)
        ret->label_from++;
    ret->label_to = ret->label_from;
    while (ret->label_to < p->token_to && r->tokens->t[ret->label_to].word.p < label.p + label.n)
        ret->label_to++;
    return ret->label_to > ret->label_from;
}

/* One entry is one table, or lines in one section that follow each other. */
static bool goes_on(const struct reading *r, uint32_t before, uint32_t passage)
{
    const struct passage *a = &r->passages[before], *b = &r->passages[passage];

    return a->table == b->table && a->section == b->section && before + 1 == passage;
}

static void add_card(struct ctx *cx, struct cards *cards, size_t first)
{
    if (cards->line_n - first >= CARD_LINES)
        *ARENA_PUSH(cx->mem, cards->items, cards->n, cards->room) =
            (struct card){first, cards->line_n};
}

/* Entries that nothing parts begin each with the same label. */
static bool begins_anew(const struct reading *r, const struct card_line *first,
                        const struct card_line *line)
{
    uint32_t n = first->label_to - first->label_from;

    if (line->label_to - line->label_from != n)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!str_eq(r->tokens->t[first->label_from + i].low,
                    r->tokens->t[line->label_from + i].low))
            return false;
    return true;
}

const struct cards *cards_find(struct ctx *cx, const struct reading *r)
{
    struct cards *cards = ARENA_NEW(cx->mem, struct cards);
    size_t first = 0;

    for (uint32_t p = 2; p < r->passage_n; p++) {
        struct card_line line;
        bool is_line = r->passages[p].evidence && find_line(cx, r, p, &line);
        if (cards->line_n > first &&
            (!is_line || !goes_on(r, cards->lines[cards->line_n - 1].passage, p))) {
            add_card(cx, cards, first);
            first = cards->line_n;
        } else if (is_line && cards->line_n >= first + CARD_LINES &&
                   begins_anew(r, &cards->lines[first], &line)) {
            add_card(cx, cards, first);
            first = cards->line_n;
        }
        if (is_line)
            *ARENA_PUSH(cx->mem, cards->lines, cards->line_n, cards->line_room) = line;
    }
    add_card(cx, cards, first);
    return cards;
}

static const struct card_line *line_for(const struct reading *r, const struct cards *cards,
                                        struct card card, const struct pattern_list *names,
                                        const uint32_t *taken, size_t taken_n)
{
    for (size_t l = card.from; l < card.to; l++) {
        const struct card_line *line = &cards->lines[l];
        bool usable = line->filled;
        for (size_t t = 0; t < taken_n; t++)
            usable = usable && taken[t] != line->passage;
        for (size_t i = 0; usable && i < names->n; i++)
            if (reading_has(r, names->items[i], line->label_from, line->label_to))
                return line;
    }
    return NULL;
}

static bool card_fills(const struct reading *r, const struct cards *cards, struct card card,
                       const struct pattern_list *columns, size_t column_n, uint32_t *ret)
{
    for (size_t c = 0; c < column_n; c++) {
        const struct card_line *line = line_for(r, cards, card, &columns[c], ret, c);
        if (line == NULL)
            return false;
        ret[c] = line->passage;
    }
    return true;
}

bool cards_have(const struct reading *r, uint32_t from, uint32_t to,
                const struct pattern_list *columns, size_t column_n, size_t rows,
                uint32_t *ret_passages)
{
    const struct cards *cards = r->cards;
    size_t filled = 0, first = 0;

    /* Two lines of a label and a value stand everywhere. */
    if (column_n < CARD_LINES)
        return false;
    for (size_t i = 0; i < cards->n; i++) {
        struct card card = cards->items[i];
        if (cards->lines[card.from].passage >= from && cards->lines[card.to - 1].passage < to &&
            card_fills(r, cards, card, columns, column_n, ret_passages) && filled++ == 0)
            first = i;
    }
    return filled >= rows && filled >= 2 &&
           card_fills(r, cards, cards->items[first], columns, column_n, ret_passages);
}

struct str card_line_text(struct arena *mem, const struct reading *r, uint32_t passage)
{
    const struct passage *p = &r->passages[passage];

    if (p->table == 0)
        return p->text;
    return str_printf(mem, "%.*s: %.*s", STR_ARG(p->block->cells[0].text),
                      STR_ARG(p->block->cells[1].text));
}
