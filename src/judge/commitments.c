#include "judge/commitments.h"

#include <stdlib.h>
#include <string.h>

#include "judge/commitment_parts.h"

#define NEAR_TOKENS 5u /* between a value and the words that compare it */
#define AROUND_TOKENS 3u
#define SHORT_TOKENS 8u /* a sentence of no more leaves its subject to the heading */
#define SAID_TOKENS 6u  /* of a value before its number */
#define CELLS_FEW 4u
#define FRAGMENT_TOKENS 14u
#define QUOTE_BYTES 420u
#define WHAT_BYTES 160u

#define OFF                                                                                        \
    ((uint32_t)(GUARD_ADVICE | GUARD_EXAMPLE | GUARD_POINTER | GUARD_QUESTION | GUARD_PLACEHOLDER))

/* A place where a value stands. */
struct candidate {
    const struct value_words *words;
    uint32_t from, to; /* tokens */
    uint32_t hit_to;   /* where the pattern ended */
    struct quantity quantity;
    bool cell;          /* the heading of its column says what it is, */
    uint32_t head, end; /* which begins here; and the end of the cell */
};

struct candidates {
    struct candidate *items;
    size_t n, room;
};

struct finder {
    struct ctx *cx;
    const struct reading *r;
    const struct commitment_words *w;
    bool cells;
    struct candidates found;
    struct commitments *ret;
};

/* ---- where patterns match ---- */

static bool has_any(const struct reading *r, const struct pattern_list *list, uint32_t from,
                    uint32_t to)
{
    for (size_t i = 0; i < list->n; i++)
        if (reading_has(r, list->items[i], from, to))
            return true;
    return false;
}

static uint32_t distance(const struct hit *hit, uint32_t from, uint32_t to)
{
    if (hit->to <= from)
        return from - hit->to;
    return hit->from >= to ? hit->from - to : 0;
}

/* The hit in [from, to) that is nearest to the value [a, b), NULL for none. */
static const struct hit *nearest_hit(const struct reading *r, const struct pattern_list *list,
                                     uint32_t from, uint32_t to, uint32_t a, uint32_t b)
{
    const struct hits *hits = &r->hits;
    const struct hit *best = NULL;

    for (size_t i = 0; i < list->n; i++) {
        uint32_t p = list->items[i];
        for (uint32_t h = hits->first[p]; h < hits->first[p + 1]; h++) {
            const struct hit *hit = &hits->hit[h];
            if (hit->from >= from && hit->to <= to &&
                (best == NULL || distance(hit, a, b) < distance(best, a, b)))
                best = hit;
        }
    }
    return best;
}

/* ---- candidates ---- */

static bool may_count(const struct passage *p)
{
    return p->evidence && p->block != NULL && p->block->kind != BLOCK_HEADING;
}

/* Whether the words around a value, of the same sentence, say that it is none. */
static bool unless(const struct finder *f, const struct value_words *v, uint32_t from, uint32_t to)
{
    const struct sentence *s = reading_sentence_of(f->r, from);

    from = from > s->from + AROUND_TOKENS ? from - AROUND_TOKENS : s->from;
    to = to + AROUND_TOKENS < s->to ? to + AROUND_TOKENS : s->to;
    return has_any(f->r, &v->unless, from, to);
}

/* `bounds`: where the heading of a cell begins and the cell ends, NULL outside of tables. */
static void add_candidate(struct finder *f, const struct value_words *v, uint32_t from, uint32_t to,
                          const uint32_t *bounds)
{
    bool cell = bounds != NULL;
    struct candidate c = {.words = v, .from = from, .to = to, .hit_to = to, .cell = cell};

    if (cell) {
        c.head = bounds[0];
        c.end = bounds[1];
    }
    if (f->found.n >= 4 * COMMITMENTS_MOST || unless(f, v, from, to))
        return;
    if (v->every.unit == 0) {
        if (!quantity_find(f->r, f->w, from, to, v->time, &c.quantity))
            return;
        c.from = cell ? c.quantity.from : from;
        c.to = c.quantity.to > to || cell ? c.quantity.to : to;
    } else {
        c.quantity = (struct quantity){.from = from, .to = to, .period = v->every};
    }
    *ARENA_PUSH(f->cx->mem, f->found.items, f->found.n, f->found.room) = c;
}

static void add_hits(struct finder *f, const struct value_words *v)
{
    const struct hits *hits = &f->r->hits;

    for (size_t i = 0; i < v->says.n; i++) {
        uint32_t p = v->says.items[i];
        for (uint32_t h = hits->first[p]; h < hits->first[p + 1]; h++) {
            const struct hit *hit = &hits->hit[h];
            const struct passage *passage = reading_passage_of(f->r, hit->from);
            bool heading = (f->r->tokens->t[hit->from].flags & TOKEN_HEADER) != 0;
            if (may_count(passage) && !heading)
                add_candidate(f, v, hit->from, hit->to, NULL);
        }
    }
}

/* The value in a cell [from, to) whose heading or label is [head, from). */
static void add_cell(struct finder *f, uint32_t head, uint32_t from, uint32_t to)
{
    const uint32_t bounds[2] = {head, to};

    for (size_t i = 0; i < f->w->value_n; i++) {
        const struct value_words *v = &f->w->values[i];
        if (v->cells.n == 0 || !has_any(f->r, &v->cells, head, from))
            continue;
        if (v->every.unit == 0) {
            add_candidate(f, v, from, to, bounds);
            continue;
        }
        const struct hit *hit = nearest_hit(f->r, &v->says, from, to, from, from);
        if (hit != NULL)
            add_candidate(f, v, hit->from, hit->to, bounds);
    }
}

/* Cells under headings; of two cells without one, the second under the first. */
static void add_row(struct finder *f, const struct passage *p)
{
    const struct token *t = f->r->tokens->t;
    uint32_t head = p->token_from, at = head;

    if (p->block->cell_count == 2 && (t[at].flags & TOKEN_HEADER) == 0) {
        struct str label = p->block->cells[0].text;
        while (at < p->token_to && t[at].word.p < p->text.p + label.n)
            at++;
        add_cell(f, head, at, p->token_to);
        return;
    }
    while (at < p->token_to) {
        head = at;
        while (at < p->token_to && (t[at].flags & TOKEN_HEADER) != 0)
            at++;
        uint32_t from = at;
        while (at < p->token_to && (t[at].flags & TOKEN_HEADER) == 0)
            at++;
        add_cell(f, head, from, at);
    }
}

static int by_place(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    if (x->quantity.from != y->quantity.from)
        return x->quantity.from < y->quantity.from ? -1 : 1;
    if (x->cell != y->cell)
        return x->cell ? -1 : 1;
    if (x->words != y->words)
        return x->words < y->words ? -1 : 1;
    return x->from > y->from ? -1 : x->from < y->from;
}

/* Of several readings of a number the first stays, by the order of the language's values. Where two
 * numbers stand before one unit, it belongs to the nearer one. */
static void sort_candidates(struct candidates *c)
{
    size_t n = 0;

    if (c->n > 0)
        qsort(c->items, c->n, sizeof *c->items, by_place);
    for (size_t i = 0; i < c->n; i++) {
        const struct candidate *last = n > 0 ? &c->items[n - 1] : NULL, *next = &c->items[i];
        if (last == NULL || next->quantity.from >= last->quantity.to) {
            bool nearer = last != NULL && !next->cell && last->words == next->words &&
                          last->hit_to == next->hit_to;
            c->items[nearer ? n - 1 : n] = *next;
            n += !nearer;
        }
    }
    c->n = n;
}

static void find_candidates(struct finder *f)
{
    for (size_t i = 0; i < f->w->value_n && !f->cells; i++)
        add_hits(f, &f->w->values[i]);
    for (size_t i = 0; i < f->r->passage_n; i++) {
        const struct passage *p = &f->r->passages[i];
        if (p->table != 0 && may_count(p) && p->token_to > p->token_from &&
            f->r->tables[p->table].header != i)
            add_row(f, p);
    }
    sort_candidates(&f->found);
}

static const struct passage *lead_of(const struct reading *r, const struct passage *p)
{
    if (p->list == 0 || p->lead)
        return NULL;
    while (p > r->passages && p->list == p[-1].list)
        p--;
    return p->lead ? p : NULL;
}

/* ---- what it is about ---- */

/* The words around one value: the sentence, or the cells of the row, and the other values in it. */
struct spot {
    const struct sentence *sentence;
    const struct candidate *c;
    uint32_t first;         /* where the first value of the sentence begins */
    uint32_t before, after; /* where the value before ends, and the next one begins */
};

static bool takes(const struct topic *topic, const struct candidate *c)
{
    return (topic->kinds & (1u << c->words->kind)) != 0 &&
           (topic->unit.n == 0 || str_eq(topic->unit, c->words->unit));
}

static const struct topic *topic_in(const struct finder *f, const struct candidate *c,
                                    uint32_t from, uint32_t to)
{
    const struct topic *best = NULL;
    uint32_t least = UINT32_MAX;

    for (size_t i = 0; i < f->w->topic_n; i++) {
        const struct topic *topic = &f->w->topics[i];
        const struct hit *hit;
        if (!takes(topic, c) || has_any(f->r, &topic->nots, from, to))
            continue;
        hit = nearest_hit(f->r, &topic->about, from, to, c->from, c->to);
        if (hit != NULL && distance(hit, c->from, c->to) < least) {
            least = distance(hit, c->from, c->to);
            best = topic;
        }
    }
    return best;
}

/* In the sentence, in the lead-in of its list, or in the headings above, the nearest first. */
static const struct topic *topic_of(const struct finder *f, const struct spot *spot, bool *assumed)
{
    const struct passage *p = &f->r->passages[spot->sentence->passage], *lead = lead_of(f->r, p);
    const struct topic *topic = topic_in(f, spot->c, spot->sentence->from, spot->sentence->to);

    *assumed = false;
    if (topic == NULL && lead != NULL)
        topic = topic_in(f, spot->c, lead->token_from, lead->token_to);
    *assumed = topic == NULL;
    if (p->table == 0 && spot->sentence->to - spot->sentence->from > SHORT_TOKENS)
        return topic;
    for (uint32_t s = p->section; topic == NULL && s != READING_NONE;
         s = f->r->sections[s].parent) {
        const struct passage *heading = &f->r->passages[f->r->sections[s].heading];
        topic = topic_in(f, spot->c, heading->token_from, heading->token_to);
        /* What stands in a table is what the heading right above it says. */
        *assumed = topic == NULL || s != p->section || p->table == 0;
    }
    return topic;
}

/* The nearest value of the axis in [from, to), NULL for none. */
static const struct axis_value *axis_in(const struct finder *f, const struct axis *axis,
                                        const struct candidate *c, uint32_t from, uint32_t to)
{
    const struct axis_value *best = NULL;
    uint32_t least = UINT32_MAX;

    for (size_t i = 0; i < axis->n; i++) {
        const struct hit *hit = nearest_hit(f->r, &axis->values[i].says, from, to, c->from, c->to);
        if (hit != NULL && distance(hit, c->from, c->to) < least) {
            least = distance(hit, c->from, c->to);
            best = &axis->values[i];
        }
    }
    return best;
}

/* "Critical within 5 days, high within 9" or "within 5 days for critical, within 9 for high": what
 * stands before the first value of the sentence tells which. */
static const struct axis_value *on_axis(const struct finder *f, const struct axis *axis,
                                        const struct spot *spot)
{
    const struct candidate *c = spot->c;
    const struct axis_value *found;
    bool behind = axis_in(f, axis, c, spot->sentence->from, spot->first) == NULL;

    found = behind ? axis_in(f, axis, c, c->from, spot->after)
                   : axis_in(f, axis, c, spot->before, c->to);
    if (found == NULL)
        found = behind ? axis_in(f, axis, c, spot->before, c->to)
                       : axis_in(f, axis, c, c->from, spot->after);
    return found != NULL ? found : axis_in(f, axis, c, spot->sentence->from, c->to);
}

static struct str qualifiers_of(const struct finder *f, const struct topic *topic,
                                const struct spot *spot)
{
    struct buf out = buf_new(f->cx->mem);

    for (size_t i = 0; topic != NULL && i < f->w->axis_n; i++) {
        const struct axis *axis = &f->w->axes[i];
        const struct axis_value *value =
            (topic->axes & (1u << i)) != 0 ? on_axis(f, axis, spot) : NULL;
        if (value != NULL)
            buf_printf(&out, "%s%.*s=%.*s", out.n > 0 ? " " : "", STR_ARG(axis->id),
                       STR_ARG(value->id));
    }
    return buf_str(&out);
}

/* ---- what it says ---- */

static struct str words_of(const struct reading *r, uint32_t from, uint32_t to)
{
    const struct token *a = &r->tokens->t[from], *b = &r->tokens->t[to - 1];

    if (to <= from || b->word.p < a->word.p) /* a negation's "not" stands elsewhere */
        return STR_NONE;
    return (struct str){a->word.p, (size_t)(b->word.p + b->word.n - a->word.p)};
}

static enum comparison compare_of(const struct finder *f, const struct candidate *c,
                                  const struct sentence *s)
{
    uint32_t from = c->from > s->from + NEAR_TOKENS ? c->from - NEAR_TOKENS : s->from;
    uint32_t to = c->to + NEAR_TOKENS < s->to ? c->to + NEAR_TOKENS : s->to;
    const struct hit *least = nearest_hit(f->r, &f->w->least, from, to, c->from, c->to);
    const struct hit *most = nearest_hit(f->r, &f->w->most, from, to, c->from, c->to);

    if (c->words->kind == COMMITMENT_FREQUENCY)
        return least != NULL ? COMPARE_LEAST : COMPARE_NONE;
    if (least == NULL && most == NULL)
        return c->words->compare;
    if (least == NULL || most == NULL)
        return least != NULL ? COMPARE_LEAST : COMPARE_MOST;
    return distance(least, c->from, c->to) <= distance(most, c->from, c->to) ? COMPARE_LEAST
                                                                             : COMPARE_MOST;
}

/* ---- whether a sentence promises ---- */

static bool bad_heading(const struct finder *f, const struct passage *p)
{
    for (uint32_t s = p->section; s != READING_NONE; s = f->r->sections[s].parent) {
        const struct passage *heading = &f->r->passages[f->r->sections[s].heading];
        if (!f->r->sections[s].title &&
            has_any(f->r, &f->w->headings, heading->token_from, heading->token_to))
            return true;
    }
    return false;
}

static bool spoilt(const struct finder *f, const struct sentence *s, const struct candidate *c)
{
    const struct passage *p = &f->r->passages[s->passage], *lead = lead_of(f->r, p);
    uint32_t from = c->cell ? c->head : s->from, to = c->cell ? c->end : s->to;

    if ((s->guards & OFF) != 0 || has_any(f->r, &f->w->nots, from, to) || bad_heading(f, p))
        return true;
    if (lead == NULL || lead->token_to == lead->token_from)
        return false;
    return (reading_sentence_of(f->r, lead->token_to - 1)->guards & OFF) != 0 ||
           has_any(f->r, &f->w->nots, lead->token_from, lead->token_to);
}

/* A few words that are no sentence: "At least 12 characters", "critical weaknesses within 72
 * hours". They bind where the value is compared or every so long, or where they name what it is
 * about. */
static bool is_fragment(const struct finder *f, const struct sentence *s, const struct candidate *c)
{
    bool often = c->words->kind == COMMITMENT_FREQUENCY;

    if (s->to - s->from > FRAGMENT_TOKENS || f->r->passages[s->passage].table != 0)
        return false;
    return often ? c->words->time || topic_in(f, c, s->from, s->to) != NULL
                 : compare_of(f, c, s) != COMPARE_NONE;
}

/* A duty in the sentence or in the lead-in of its list; in a table the heading is enough. */
static bool binds(const struct finder *f, const struct sentence *s, const struct candidate *c)
{
    const struct passage *lead = lead_of(f->r, &f->r->passages[s->passage]);
    bool duty = has_any(f->r, &f->w->duty, s->from, s->to);

    if (c->cell)
        return true;
    if (!duty && lead != NULL)
        duty = has_any(f->r, &f->w->duty, lead->token_from, lead->token_to);
    return (duty || is_fragment(f, s, c)) && !has_any(f->r, &f->w->past, s->from, s->to);
}

/* ---- one commitment ---- */

/* The row's first cell and the heading of the value; the sentence up to the value, or behind it;
 * with its lead-in. */
static struct str what_of(const struct finder *f, const struct spot *spot)
{
    const struct reading *r = f->r;
    const struct passage *p = &r->passages[spot->sentence->passage], *lead = lead_of(r, p);
    struct arena *mem = f->cx->mem;
    uint32_t from = spot->sentence->from, to = spot->c->from;
    struct str what;

    if (p->table != 0 && p->block->cell_count > 0) {
        struct str first = p->block->cells[0].text;
        what =
            p->block->cell_count > 2 ? str_cut(mem, p->block->cells[1].text, WHAT_BYTES) : STR_NONE;
        return what.n > 0 ? str_printf(mem, "%.*s: %.*s", STR_ARG(str_cut(mem, first, WHAT_BYTES)),
                                       STR_ARG(what))
                          : str_cut(mem, first, WHAT_BYTES);
    }
    if (to < from + 2) {
        from = spot->c->to;
        to = spot->sentence->to;
    }
    what = to > from ? words_of(r, from, to) : STR_NONE;
    if (lead != NULL)
        what = str_printf(mem, "%.*s %.*s", STR_ARG(lead->text), STR_ARG(what));
    return str_cut(mem, str_trim(what), WHAT_BYTES);
}

static void set_value(struct finder *f, const struct candidate *c, struct commitment *ret)
{
    const struct quantity *q = &c->quantity;

    if (c->words->time || c->words->every.unit != 0) {
        ret->amount = period_minutes(q->period);
        ret->value = period_text(f->cx->mem, q->period);
        ret->business = q->business;
        return;
    }
    ret->amount = q->thousandths;
    ret->unit = c->words->unit;
    ret->value = q->thousandths % 1000 == 0
                     ? str_printf(f->cx->mem, "%lld", (long long)(q->thousandths / 1000))
                     : str_printf(f->cx->mem, "%lld.%03lld", (long long)(q->thousandths / 1000),
                                  (long long)(q->thousandths % 1000));
}

/* In a row of many cells words that belong to no value come near to it. */
static bool is_wide(const struct finder *f, const struct sentence *s)
{
    const struct passage *p = &f->r->passages[s->passage];

    return p->table != 0 && p->block->cell_count > CELLS_FEW;
}

static void add_commitment(struct finder *f, const struct spot *spot)
{
    const struct candidate *c = spot->c;
    const struct sentence *s = spot->sentence;
    struct commitment *ret = ARENA_PUSH(f->cx->mem, f->ret->items, f->ret->n, f->ret->room);
    const struct hit *who = nearest_hit(f->r, &f->w->who, s->from, s->to, s->from, s->from);
    bool assumed;
    const struct topic *topic = topic_of(f, spot, &assumed);

    *ret = (struct commitment){.passage = s->passage, .kind = c->words->kind};
    ret->topic = topic != NULL ? topic->id : STR_NONE;
    ret->assumed = topic != NULL && (assumed || is_wide(f, s));
    ret->qualifiers = qualifiers_of(f, topic, spot);
    ret->who = who != NULL ? words_of(f->r, who->from, who->to) : STR_NONE;
    ret->what = what_of(f, spot);
    ret->said = words_of(
        f->r, c->quantity.from > c->from + SAID_TOKENS ? c->quantity.from : c->from, c->to);
    ret->compare = compare_of(f, c, s);
    ret->quote = str_cut(f->cx->mem, reading_sentence_text(f->r, s), QUOTE_BYTES);
    set_value(f, c, ret);
}

int commitments_find(struct ctx *cx, const struct signals *signals, const struct reading *reading,
                     bool cells, struct commitments *ret)
{
    struct finder f = {
        .cx = cx, .r = reading, .w = signals->commitments, .cells = cells, .ret = ret};

    *ret = (struct commitments){0};
    if (f.w == NULL)
        return 0;
    find_candidates(&f);
    for (size_t i = 0; i < f.found.n && ret->n < COMMITMENTS_MOST; i++) {
        const struct candidate *c = &f.found.items[i];
        const struct sentence *s = reading_sentence_of(reading, c->from);
        struct spot spot = {s, c, .first = c->from, .before = s->from, .after = s->to};
        if (!binds(&f, s, c) || spoilt(&f, s, c))
            continue;
        if (i > 0 && c[-1].to > s->from && c[-1].from >= s->from)
            spot.before = c[-1].to;
        if (i + 1 < f.found.n && c[1].from < s->to)
            spot.after = c[1].from;
        for (size_t k = i; k-- > 0 && f.found.items[k].from >= s->from;)
            spot.first = f.found.items[k].from;
        add_commitment(&f, &spot);
        TRY(ctx_check(cx));
    }
    return 0;
}
