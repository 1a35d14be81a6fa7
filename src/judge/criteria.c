#include "judge/criteria.h"
#include "judge/cards.h"
#include "judge/places.h"

#include <string.h>

/* Tokens in which all slots are looked for. */
struct range {
    uint32_t from, to;
};

struct search {
    struct ctx *cx;
    const struct reading *r;
    const struct facts *facts;
    const struct criterion_signals *criterion;
    const struct form *form;
    uint32_t from, to; /* passages */
    struct places *slots;
};

/* ---- which hits count ---- */

static bool heading_matches(const struct reading *r, const struct pattern_list *under,
                            uint32_t passage)
{
    const struct passage *h = &r->passages[passage];

    for (size_t i = 0; i < under->n; i++)
        if (reading_has(r, under->items[i], h->token_from, h->token_to))
            return true;
    return false;
}

/* Under a heading that matches, at any level; the title (and the file's name) count as headings. */
static bool is_under(const struct reading *r, const struct pattern_list *under, uint32_t passage)
{
    if (under->n == 0)
        return true;
    for (uint32_t s = r->passages[passage].section; s != READING_NONE; s = r->sections[s].parent)
        if (heading_matches(r, under, r->sections[s].heading))
            return true;
    /* An item or a paragraph that ends in a colon heads the list after it. */
    for (uint32_t p = r->passages[passage].above; p != 0; p = r->passages[p].above)
        if (heading_matches(r, under, p))
            return true;
    if (r->passages[passage].list != 0)
        for (uint32_t p = passage; p > 0 && r->passages[p].list == r->passages[passage].list; p--)
            if (r->passages[p].lead && heading_matches(r, under, p))
                return true;
    return heading_matches(r, under, 1);
}

/* Whether words that would spoil a match are in a column's heading alone, and not in one that the
 * match uses: "Applicable (yes, no)" asks, and the cell answers. The heading of the first column
 * says what the row is about. */
static bool asks_only(const struct tokens *tokens, const struct sentence *sentence,
                      const struct hit *spoils, const struct hit *match)
{
    const struct token *t = tokens->t;
    uint32_t from = spoils->from, to = spoils->from;

    while (to < sentence->to && (t[to].flags & TOKEN_HEADER) != 0)
        to++;
    while (from > sentence->from && (t[from - 1].flags & TOKEN_HEADER) != 0)
        from--;
    return spoils->to <= to && from > sentence->from && (match->from < from || match->from >= to);
}

static bool is_spoilt(const struct search *s, const struct sentence *sentence,
                      const struct hit *match)
{
    const struct hits *hits = &s->r->hits;

    for (size_t i = 0; i < s->form->unless.n; i++) {
        uint32_t pattern = s->form->unless.items[i];
        uint32_t end = hits->first[pattern + 1];
        for (uint32_t h = hits_from(hits, pattern, sentence->from);
             h < end && hits->hit[h].from < sentence->to; h++)
            if (hits->hit[h].to <= sentence->to &&
                !asks_only(s->r->tokens, sentence, &hits->hit[h], match))
                return true;
    }
    return false;
}

static bool counts(const struct search *s, const struct hit *hit)
{
    const struct sentence *sentence = reading_sentence_of(s->r, hit->from);
    const struct passage *p = &s->r->passages[sentence->passage];

    if (!p->evidence || sentence->passage < s->from || sentence->passage >= s->to)
        return false;
    if ((sentence->guards & ~s->criterion->allow & ~(uint32_t)GUARD_ASIDE) != 0)
        return false;
    /* A match of column headings alone says nothing about the cell. */
    for (uint32_t i = hit->from; p->table != 0 && i < hit->to; i++) {
        if ((s->r->tokens->t[i].flags & TOKEN_HEADER) == 0)
            break;
        if (i + 1 == hit->to && s->form->unit == UNIT_SENTENCE && s->form->slot_n == 1)
            return false;
    }
    return is_under(s->r, &s->form->under, sentence->passage) && !is_spoilt(s, sentence, hit);
}

/* The first sentence of a passage that says something of its own: more than a word or two. */
#define TELLING_WORDS 3u

static bool tells(const struct search *s, uint32_t passage)
{
    const struct passage *p = &s->r->passages[passage];

    if (!p->evidence || p->token_to - p->token_from < TELLING_WORDS)
        return false;
    return counts(s, &(struct hit){.from = p->token_from, .to = p->token_to});
}

/* What stands directly below a heading that names the slot's subject. */
static void find_below(struct search *s, const struct slot *slot, struct places *places)
{
    const struct reading *r = s->r;

    for (uint32_t p = s->from; slot->headings.n > 0 && p < s->to && places->n < PLACES_MOST; p++) {
        uint32_t section = r->passages[p].section;
        if (section == READING_NONE || r->sections[section].title ||
            !heading_matches(r, &slot->headings, r->sections[section].heading) || !tells(s, p))
            continue;
        *ARENA_PUSH(s->cx->mem, places->tokens, places->n, places->room) =
            r->passages[p].token_from;
    }
}

static void find_places(struct search *s, const struct slot *slot, struct places *places)
{
    for (size_t i = 0; i < slot->patterns.n; i++) {
        uint32_t p = slot->patterns.items[i];
        for (uint32_t h = s->r->hits.first[p];
             h < s->r->hits.first[p + 1] && places->n < PLACES_MOST; h++)
            if (counts(s, &s->r->hits.hit[h]))
                *ARENA_PUSH(s->cx->mem, places->tokens, places->n, places->room) =
                    s->r->hits.hit[h].from;
    }
    find_below(s, slot, places);
    places_order(s->cx->mem, s->r, s->criterion->allow, places);
}

/* ---- units ---- */

static struct range passages_range(const struct reading *r, uint32_t from, uint32_t to)
{
    if (from >= to)
        return (struct range){0, 0};
    return (struct range){r->passages[from].token_from, r->passages[to - 1].token_to};
}

static uint32_t lead_of(const struct reading *r, uint32_t passage)
{
    uint32_t list = r->passages[passage].list, p = passage;

    if (r->passages[passage].above != 0)
        return r->passages[passage].above;
    while (list != 0 && p > 2 && r->passages[p - 1].list == list)
        p--;
    return p != passage && r->passages[p].lead ? p : READING_NONE;
}

static struct range list_range(const struct reading *r, uint32_t passage)
{
    uint32_t from = passage, to = passage + 1, list = r->passages[passage].list;

    while (from > 2 && r->passages[from - 1].list == list)
        from--;
    while (to < r->passage_n && r->passages[to].list == list)
        to++;
    return passages_range(r, from, to);
}

/* The unit around a token; for sections the `level`th enclosing one. False when there is none. */
static bool unit_around(const struct search *s, uint32_t token, unsigned level, struct range *ret,
                        struct range *ret_lead)
{
    const struct reading *r = s->r;
    const struct sentence *sentence = reading_sentence_of(r, token);
    uint32_t passage = sentence->passage, section = r->passages[passage].section;

    *ret_lead = (struct range){0, 0};
    switch (s->form->unit) {
    case UNIT_SENTENCE:
        *ret = (struct range){sentence->from, sentence->to};
        uint32_t lead = lead_of(r, passage);
        if (lead != READING_NONE)
            *ret_lead = passages_range(r, lead, lead + 1);
        return level == 0;
    case UNIT_PASSAGE:
        *ret = r->passages[passage].list != 0 ? list_range(r, passage)
                                              : passages_range(r, passage, passage + 1);
        return level == 0;
    case UNIT_SECTION:
        for (unsigned i = 0; i < level && section != READING_NONE; i++)
            section = r->sections[section].parent;
        if (section == READING_NONE || (r->sections[section].title && level > 0)) {
            /* Text before the first heading stands together. */
            *ret = passages_range(
                r, 2, r->section_n > 0 ? r->sections[0].heading : (uint32_t)r->passage_n);
            return level == 0 && ret->to > ret->from;
        }
        if (r->sections[section].title) {
            uint32_t end = section + 1 < r->section_n ? r->sections[section + 1].heading
                                                      : (uint32_t)r->passage_n;
            *ret = passages_range(r, r->sections[section].heading + 1, end);
            return true;
        }
        *ret = passages_range(r, r->sections[section].heading + 1, r->sections[section].to);
        return true;
    case UNIT_DOCUMENT:
        *ret = passages_range(r, s->from, s->to);
        return level == 0;
    }
    return false;
}

/* ---- the best unit ---- */

struct best {
    size_t filled;
    size_t asides;
    uint32_t spread; /* tokens from the first to the last slot */
    uint32_t tokens[16];
};

static void count_asides(const struct search *s, struct best *best)
{
    best->asides = 0;
    for (size_t i = 0; i < s->form->slot_n && i < COUNT_OF(best->tokens); i++)
        best->asides += best->tokens[i] != READING_NONE &&
                        place_is_aside(s->r, s->criterion->allow, best->tokens[i]);
}

static size_t fill(const struct search *s, struct range range, struct range lead, struct best *ret)
{
    uint32_t first = READING_NONE, last = 0;

    ret->filled = 0;
    for (size_t i = 0; i < s->form->slot_n && i < COUNT_OF(ret->tokens); i++) {
        uint32_t at = places_first(&s->slots[i], range.from, range.to);
        if (at == READING_NONE && lead.to > lead.from)
            at = places_first(&s->slots[i], lead.from, lead.to);
        ret->tokens[i] = at;
        if (at == READING_NONE)
            continue;
        ret->filled++;
        first = at < first ? at : first;
        last = at > last ? at : last;
    }
    ret->spread = ret->filled > 0 ? last - first : 0;
    return ret->filled;
}

/* Within a unit, prefers places near `token` over the first ones. */
static void draw_near(const struct search *s, uint32_t token, struct range range, struct best *best)
{
    uint32_t first = READING_NONE, last = 0;

    for (size_t i = 0; i < s->form->slot_n && i < COUNT_OF(best->tokens); i++) {
        uint32_t at = best->tokens[i];
        if (at == READING_NONE)
            continue;
        at = places_nearest(&s->slots[i], s->r, s->criterion->allow, token, range.from, range.to,
                            at);
        best->tokens[i] = at;
        first = at < first ? at : first;
        last = at > last ? at : last;
    }
    best->spread = last - first;
}

static bool better(const struct best *a, const struct best *b)
{
    if (a->filled != b->filled || a->asides != b->asides)
        return a->filled > b->filled || (a->filled == b->filled && a->asides < b->asides);
    return a->spread < b->spread;
}

static void consider(const struct search *s, uint32_t token, struct best *best)
{
    struct range range, lead;

    for (unsigned level = 0; level < 6 && unit_around(s, token, level, &range, &lead); level++) {
        struct best here;
        if (fill(s, range, lead, &here) == 0)
            continue;
        if (s->form->unit != UNIT_SENTENCE)
            draw_near(s, token, range, &here);
        count_asides(s, &here);
        if (better(&here, best))
            *best = here;
        if (here.filled == s->form->slot_n)
            return;
    }
}

/* ---- quoting ---- */

static void add_quote(struct ctx *cx, struct match *match, uint32_t passage, struct str text)
{
    text = str_trim(text);
    if (text.n == 0 || match->quote_n == MATCH_QUOTES)
        return;
    match->quotes[match->quote_n++] =
        (struct quote){passage, str_cut(cx->mem, text, MATCH_QUOTE_BYTES)};
}

static bool quoted(const struct match *match, uint32_t passage)
{
    for (size_t i = 0; i < match->quote_n; i++)
        if (match->quotes[i].passage == passage)
            return true;
    return false;
}

/* From the sentence of the first of `tokens` in this passage to that of the last. */
static struct str quote_text(const struct reading *r, uint32_t passage, const uint32_t *tokens,
                             size_t n)
{
    struct str first = STR_NONE, last = STR_NONE;

    if (r->passages[passage].text.n <= MATCH_QUOTE_BYTES / 2)
        return r->passages[passage].text;
    for (size_t i = 0; i < n; i++) {
        const struct sentence *s = reading_sentence_of(r, tokens[i]);
        if (s->passage != passage)
            continue;
        struct str text = reading_sentence_text(r, s);
        first = first.n == 0 ? text : first;
        last = text;
    }
    return (struct str){first.p, (size_t)(last.p + last.n - first.p)};
}

/* A lead-in convinces nobody without what it leads in. */
static void quote_list(const struct search *s, struct match *match)
{
    const struct reading *r = s->r;
    uint32_t last = match->quote_n > 0 ? match->quotes[match->quote_n - 1].passage : 0;

    if (match->quote_n == 0 || !r->passages[last].lead)
        return;
    for (uint32_t p = last + 1; p < r->passage_n && p <= last + 2; p++)
        if (r->passages[p].list == r->passages[last].list && r->passages[p].evidence)
            add_quote(s->cx, match, p, str_cut(s->cx->mem, r->passages[p].text, 200));
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static void quote_places(const struct search *s, const struct best *best, struct match *match)
{
    uint32_t tokens[COUNT_OF(best->tokens)];
    size_t n = 0;

    for (size_t i = 0; i < s->form->slot_n && i < COUNT_OF(tokens); i++)
        if (best->tokens[i] != READING_NONE)
            tokens[n++] = best->tokens[i];
    if (n == 0)
        return;
    qsort(tokens, n, sizeof *tokens, by_number);
    match->token = tokens[0];
    for (size_t i = 0; i < n; i++) {
        uint32_t passage = reading_sentence_of(s->r, tokens[i])->passage;
        uint32_t lead = lead_of(s->r, passage);
        if (quoted(match, passage))
            continue;
        if (lead != READING_NONE && !quoted(match, lead))
            add_quote(s->cx, match, lead, s->r->passages[lead].text);
        add_quote(s->cx, match, passage, quote_text(s->r, passage, tokens, n));
    }
    quote_list(s, match);
}

static struct str slots_left(const struct search *s, const struct best *best)
{
    struct buf out = buf_new(s->cx->mem);

    for (size_t i = 0; i < s->form->slot_n && i < COUNT_OF(best->tokens); i++)
        if (best->tokens[i] == READING_NONE)
            buf_printf(&out, "%s%.*s", out.n > 0 ? ", " : "", STR_ARG(s->form->slots[i].name));
    return buf_str(&out);
}

/* ---- forms ---- */

static void match_slots(struct search *s, struct match *match)
{
    struct best best = {.filled = 0};
    bool some = false;

    s->slots = arena_array(s->cx->mem, s->form->slot_n, sizeof *s->slots);
    for (size_t i = 0; i < s->form->slot_n; i++) {
        find_places(s, &s->form->slots[i], &s->slots[i]);
        some = some || s->slots[i].n > 0;
    }
    match->wanted = s->form->slot_n;
    if (!some)
        return;
    for (size_t i = 0; i < s->form->slot_n; i++)
        for (size_t k = 0; k < s->slots[i].n; k++)
            consider(s, s->slots[i].tokens[k], &best);
    match->filled = best.filled;
    match->asides = best.asides;
    for (size_t i = 0; i < s->form->slot_n && i < COUNT_OF(best.tokens); i++)
        match->slots |= best.tokens[i] != READING_NONE ? 1u << i : 0;
    match->lacks = slots_left(s, &best);
    quote_places(s, &best, match);
    if (best.filled == s->form->slot_n)
        match->status = s->form->partly ? MATCH_PARTLY : MATCH_MET;
}

static const struct cell *cell_at(const struct block *row, uint16_t column)
{
    for (size_t c = 0; c < row->cell_count; c++)
        if (row->cells[c].column == column)
            return &row->cells[c];
    return NULL;
}

/* The column whose heading a list of names matches first, that no other list has taken. */
static bool find_column(const struct reading *r, const struct table *table,
                        const struct pattern_list *names, const uint16_t *taken, size_t taken_n,
                        uint16_t *ret)
{
    const struct passage *header = &r->passages[table->header];
    const struct block *row = header->block;
    uint32_t token = header->token_from;

    for (size_t c = 0; c < row->cell_count; c++) {
        uint32_t from = token;
        const char *end = NULL;
        /* Tokens of one cell follow each other; cells are told apart by their bytes. */
        size_t offset = 0;
        for (size_t k = 0; k <= c; k++)
            offset += row->cells[k].text.n + (k > 0 ? 2 : 0);
        end = header->text.p + offset;
        while (token < header->token_to && r->tokens->t[token].word.p < end)
            token++;
        bool free = true;
        for (size_t t = 0; t < taken_n; t++)
            free = free && taken[t] != row->cells[c].column;
        for (size_t i = 0; free && i < names->n; i++) {
            if (reading_has(r, names->items[i], from, token)) {
                *ret = row->cells[c].column;
                return true;
            }
        }
    }
    return false;
}

/* Whether a row, or a line of facts, says what spoils it; a column's heading alone says nothing. */
static bool row_spoilt(const struct reading *r, const struct pattern_list *unless, uint32_t row)
{
    if (unless == NULL || row == READING_NONE)
        return false;
    const struct passage *p = &r->passages[row];
    for (size_t i = 0; i < unless->n; i++) {
        uint32_t pattern = unless->items[i];
        uint32_t end = r->hits.first[pattern + 1];
        for (uint32_t h = hits_from(&r->hits, pattern, p->token_from);
             h < end && r->hits.hit[h].from < p->token_to; h++)
            if (r->hits.hit[h].to <= p->token_to &&
                (r->tokens->t[r->hits.hit[h].to - 1].flags & TOKEN_HEADER) == 0)
                return true;
    }
    return false;
}

bool table_has(struct ctx *cx, const struct reading *r, uint32_t number,
               const struct pattern_list *columns, size_t column_n, size_t rows,
               const struct pattern_list *unless, uint16_t *ret_columns, uint32_t *ret_row)
{
    const struct table *table = &r->tables[number];
    size_t filled = 0;

    if (table->header == READING_NONE || table->history)
        return false;
    for (size_t i = 0; i < column_n; i++)
        if (!find_column(r, table, &columns[i], ret_columns, i, &ret_columns[i]))
            return false;
    for (uint32_t p = table->header + 1; p < table->to && filled < rows; p++) {
        bool whole = r->passages[p].evidence && !row_spoilt(r, unless, p);
        for (size_t i = 0; whole && i < column_n; i++) {
            const struct cell *cell = cell_at(r->passages[p].block, ret_columns[i]);
            whole = cell != NULL && !reading_cell_empty(r->language, cx->mem, cell->text);
        }
        if (whole && filled++ == 0)
            *ret_row = p;
    }
    return filled >= rows;
}

/* What a register says in rows may stand in cards. */
static void match_cards(struct search *s, struct match *match)
{
    const struct form *form = s->form;
    uint32_t *passages = arena_array(s->cx->mem, form->column_n, sizeof *passages);

    if (!cards_have(s->r, s->from, s->to, form->columns, form->column_n, form->rows, passages) ||
        !is_under(s->r, &form->under, passages[0]))
        return;
    match->filled = form->column_n;
    match->status = form->partly ? MATCH_PARTLY : MATCH_MET;
    match->token = s->r->passages[passages[0]].token_from;
    for (size_t i = 0; i < form->column_n; i++)
        add_quote(s->cx, match, passages[i], card_line_text(s->cx->mem, s->r, passages[i]));
}

static void match_table(struct search *s, struct match *match)
{
    const struct form *form = s->form;
    uint16_t *columns = arena_array(s->cx->mem, form->column_n, sizeof *columns);
    uint32_t row = 0;

    match->wanted = form->column_n;
    for (uint32_t t = 1; t < s->r->table_n; t++) {
        const struct table *table = &s->r->tables[t];
        if (table->from < s->from || table->to > s->to ||
            !is_under(s->r, &form->under, table->from) ||
            !table_has(s->cx, s->r, t, form->columns, form->column_n, form->rows, &form->unless,
                       columns, &row))
            continue;
        struct buf text = buf_new(s->cx->mem);
        const struct block *header = s->r->passages[table->header].block;
        for (size_t i = 0; i < form->column_n; i++)
            buf_printf(&text, "%s%.*s: %.*s", i > 0 ? " | " : "",
                       STR_ARG(cell_at(header, columns[i])->text),
                       STR_ARG(cell_at(s->r->passages[row].block, columns[i])->text));
        match->filled = form->column_n;
        match->status = form->partly ? MATCH_PARTLY : MATCH_MET;
        match->token = s->r->passages[row].token_from;
        add_quote(s->cx, match, row, buf_str(&text));
        return;
    }
    match_cards(s, match);
}

/* The first text below a heading that says something, or READING_NONE. */
static uint32_t text_below(const struct search *s, const struct section *section)
{
    uint32_t to = section->to < s->to ? section->to : s->to;

    for (uint32_t p = section->heading + 1; p < to; p++) {
        const struct passage *text = &s->r->passages[p];
        if (!text->evidence || text->token_from == text->token_to)
            continue;
        const struct sentence *first = reading_sentence_of(s->r, text->token_from);
        if ((first->guards & ~s->criterion->allow & ~(uint32_t)GUARD_ASIDE) == 0 &&
            !is_spoilt(s, first, &(struct hit){.from = first->from, .to = first->to}))
            return p;
    }
    return READING_NONE;
}

/* A structure told by headings: one for each list of names, all different, each with text. */
static void match_headings(struct search *s, struct match *match)
{
    const struct form *form = s->form;
    struct dict *taken = dict_new(s->cx->mem);

    match->wanted = form->heading_n;
    for (size_t i = 0; i < form->heading_n; i++) {
        for (size_t k = 0; k < s->r->section_n; k++) {
            const struct section *section = &s->r->sections[k];
            uint32_t text;
            if (section->title || section->heading < s->from || section->heading >= s->to ||
                !heading_matches(s->r, &form->headings[i], section->heading) ||
                !is_under(s->r, &form->under, section->heading) ||
                (text = text_below(s, section)) == READING_NONE || quoted(match, text) ||
                dict_has(taken, s->r->passages[section->heading].text))
                continue;
            (void)dict_intern(taken, s->r->passages[section->heading].text);
            match->token = match->filled++ == 0 ? s->r->passages[text].token_from : match->token;
            add_quote(s->cx, match, text, s->r->passages[text].text);
            break;
        }
    }
    if (match->filled == match->wanted)
        match->status = form->partly ? MATCH_PARTLY : MATCH_MET;
}

static void match_facts(struct search *s, struct match *match)
{
    const struct value *names = s->form->facts;
    struct buf lacks = buf_new(s->cx->mem);

    match->wanted = value_count(names);
    for (size_t i = 0; i < value_count(names); i++) {
        struct str name = value_as_text(value_at(names, i));
        enum fact fact = fact_of(name);
        const struct fact_value *v = fact < FACT_COUNT ? &s->facts->of[fact] : NULL;
        if (v == NULL || v->text.n == 0 || v->open ||
            row_spoilt(s->r, &s->form->unless, v->passage)) {
            buf_printf(&lacks, "%s%.*s", lacks.n > 0 ? ", " : "", STR_ARG(name));
            continue;
        }
        match->filled++;
        if (v->passage != READING_NONE && !quoted(match, v->passage))
            add_quote(s->cx, match, v->passage, s->r->passages[v->passage].text);
        else if (v->passage == READING_NONE)
            add_quote(s->cx, match, 1,
                      str_printf(s->cx->mem, "%s: %.*s", fact_name(fact), STR_ARG(v->text)));
    }
    match->lacks = buf_str(&lacks);
    for (size_t i = 0; i < lacks.n; i++)
        if (lacks.p[i] == '_')
            lacks.p[i] = ' ';
    if (match->filled == match->wanted)
        match->status = s->form->partly ? MATCH_PARTLY : MATCH_MET;
}

/* The same number with its letter and without is one. */
static struct str counted_as(struct str low)
{
    struct str number = token_after_letter(low);

    return number.n > 0 ? number : low;
}

static void match_count(struct search *s, struct match *match)
{
    struct str class = value_get_text(s->form->count, "class");
    enum token_class id = token_class_of(class.n > 0 ? str_from(class, class.p[0] == '#') : class);
    size_t distinct = (size_t)value_get_int(s->form->count, "distinct", 1);
    size_t least = (size_t)value_get_int(s->form->count, "least", (int64_t)distinct);
    struct dict *seen = dict_new(s->cx->mem);
    uint32_t first = READING_NONE, last = 0;

    struct range all = passages_range(s->r, s->from, s->to);
    for (uint32_t i = all.from; i < all.to; i++) {
        uint32_t passage = reading_sentence_of(s->r, i)->passage;
        if (!s->r->passages[passage].evidence || tokens_span(s->r->tokens, i, id) == 0 ||
            !is_under(s->r, &s->form->under, passage))
            continue;
        (void)dict_intern(seen, counted_as(s->r->tokens->t[i].low));
        first = first == READING_NONE ? passage : first;
        last = passage;
    }
    match->wanted = distinct;
    match->filled = dict_count(seen) < distinct ? dict_count(seen) : distinct;
    if (first == READING_NONE || dict_count(seen) < least)
        return;
    match->lacks = dict_count(seen) >= distinct
                       ? STR_NONE
                       : str_printf(s->cx->mem, _("%zu of %zu"), dict_count(seen), distinct);
    match->status = dict_count(seen) >= distinct && !s->form->partly ? MATCH_MET : MATCH_PARTLY;
    add_quote(s->cx, match, first, s->r->passages[first].text);
    if (last != first)
        add_quote(s->cx, match, last, s->r->passages[last].text);
}

/* The first passage with a gap is the evidence that there is one. */
static void match_no_placeholders(struct search *s, struct match *match)
{
    const struct tokens *t = s->r->tokens;

    match->wanted = 1;
    for (uint32_t i = 0; i < t->n && s->r->placeholders > 0; i++) {
        if ((t->t[i].flags & TOKEN_PLACEHOLDER) == 0)
            continue;
        uint32_t passage = reading_sentence_of(s->r, i)->passage;
        uint32_t tokens[] = {i};
        add_quote(s->cx, match, passage, quote_text(s->r, passage, tokens, 1));
        match->lacks = t->t[i].word;
        return;
    }
    /* Nothing can be quoted for what is not there: the document itself is named. */
    match->filled = 1;
    match->status = MATCH_MET;
    add_quote(s->cx, match, 1, s->r->title);
}

static void match_form(struct search *s, struct match *match)
{
    if (s->form->column_n > 0)
        match_table(s, match);
    else if (s->form->heading_n > 0)
        match_headings(s, match);
    else if (s->form->facts != NULL)
        match_facts(s, match);
    else if (s->form->count != NULL)
        match_count(s, match);
    else if (s->form->no_placeholders)
        match_no_placeholders(s, match);
    else
        match_slots(s, match);
}

static bool nearer(const struct match *a, const struct match *b)
{
    if (a->status != b->status)
        return a->status > b->status;
    if (a->status == MATCH_MET)
        return a->asides < b->asides;
    if (a->wanted == 0 || b->wanted == 0)
        return a->wanted > b->wanted;
    return a->filled * b->wanted > b->filled * a->wanted;
}

void criterion_match(struct ctx *cx, const struct reading *reading, const struct facts *facts,
                     const struct criterion_signals *criterion, uint32_t from, uint32_t to,
                     struct match *ret)
{
    struct search s = {
        .cx = cx, .r = reading, .facts = facts, .criterion = criterion, .from = from, .to = to};

    struct match whole = {.form = SIZE_MAX};

    memset(ret, 0, sizeof *ret);
    ret->token = READING_NONE;
    for (size_t f = 0; f < criterion->form_n && (ret->status != MATCH_MET || ret->asides > 0);
         f++) {
        struct match match = {.token = READING_NONE, .form = f};
        s.form = &criterion->forms[f];
        match_form(&s, &match);
        if (whole.form == SIZE_MAX && s.form->slot_n > 0 && !s.form->partly)
            whole = match;
        if (nearer(&match, ret))
            *ret = match;
    }
    /* Where a table shows more, the slots of another form would call missing what it shows. */
    if (whole.form != SIZE_MAX && (ret->status != MATCH_PARTLY || whole.filled >= ret->filled ||
                                   criterion->forms[ret->form].slot_n > 0)) {
        ret->whole_form = whole.form;
        ret->whole_slots = whole.slots;
        ret->whole_lacks = whole.lacks;
    }
}
