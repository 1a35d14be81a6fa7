#include "judge/kinds.h"

#include "judge/cards.h"

#include <string.h>

/* So many tokens a gap, or fewer: the text itself is full of gaps. */
#define TOKENS_PER_GAP 60u
#define BLANK_TOKENS 40u
#define SHORT_TOKENS 20u
#define FORM_TOKENS 12u /* a line to fill in has no more */
#define FORM_CAPTIONS 2u

struct scorer {
    struct ctx *cx;
    const struct signals *signals;
    const struct reading *r;
    const struct facts *facts;
    const struct kind_signals *kind;
    struct match *matches;
    uint32_t from, to; /* passages */
    bool section;
    bool aside; /* the title is that of some kind */
    bool named; /* title, file or section are called so */
    /* the score */
    int points;
    int needed;
    bool content; /* something of it comes from the content */
    bool table;   /* a table of this kind is among it */
    int says;     /* the weights of what it says */
    size_t some;  /* criteria met at least in part */
    struct buf why;
};

static bool any_in(const struct reading *r, const struct pattern_list *list, uint32_t passage)
{
    const struct passage *p = &r->passages[passage];

    for (size_t i = 0; i < list->n; i++)
        if (reading_has(r, list->items[i], p->token_from, p->token_to))
            return true;
    return false;
}

static void because(struct scorer *s, int points, const char *what, struct str words)
{
    s->points += points;
    buf_printf(&s->why, "%s%s \"%.*s\"", s->why.n > 0 ? "; " : "", what, STR_ARG(words));
}

/* ---- names ---- */

/* The first heading where it is not the title itself. */
static uint32_t first_heading(const struct reading *r)
{
    return r->section_n > 0 && r->sections[0].heading < 12 ? r->sections[0].heading : 1;
}

static bool is_named(const struct reading *r, const struct kind_signals *kind, uint32_t passage)
{
    return any_in(r, &kind->names, passage) || any_in(r, &kind->titles, passage);
}

/* The strongest of what title, first heading and file name say. */
static void score_title(struct scorer *s)
{
    const struct reading *r = s->r;
    uint32_t first = first_heading(r);

    s->needed = KIND_POINTS_ENOUGH;
    if (is_named(r, s->kind, 1)) {
        because(s, KIND_POINTS_NAME, _("is titled"), r->title);
    } else if (is_named(r, s->kind, first)) {
        because(s, KIND_POINTS_NAME, _("begins with"), r->passages[first].text);
    } else if (is_named(r, s->kind, 0)) {
        because(s, KIND_POINTS_FILE, _("its file is named"), r->passages[0].text);
    } else {
        s->needed = KIND_POINTS_ENOUGH_CONTENT;
        if (any_in(r, &s->kind->weak, 1))
            because(s, KIND_POINTS_WEAK_NAME, _("its title could be one:"), r->title);
        else if (any_in(r, &s->kind->weak, 0))
            because(s, KIND_POINTS_WEAK, _("its file's name could be one:"), r->passages[0].text);
    }
    s->named = s->needed == KIND_POINTS_ENOUGH;
    if (any_in(r, &s->kind->nots, 1) || any_in(r, &s->kind->nots, first))
        s->points -= KIND_POINTS_NOT_TITLE;
}

static void score_heading(struct scorer *s, uint32_t heading)
{
    s->named = any_in(s->r, &s->kind->names, heading);
    if (s->named)
        because(s, KIND_POINTS_SECTION, _("its section"), s->r->passages[heading].text);
    else if (any_in(s->r, &s->kind->weak, heading))
        because(s, KIND_POINTS_WEAK, _("its section"), s->r->passages[heading].text);
    s->needed = !s->named  ? KIND_POINTS_ENOUGH_CONTENT
                : s->aside ? KIND_POINTS_ENOUGH_ASIDE
                           : KIND_POINTS_ENOUGH_SECTION;
    if (any_in(s->r, &s->kind->nots, heading))
        s->points -= KIND_POINTS_NOT_TITLE;
}

/* ---- content ---- */

/* The first hit that may count within the passages, or READING_NONE. */
static uint32_t said(const struct scorer *s, uint32_t pattern)
{
    const struct hits *hits = &s->r->hits;

    for (uint32_t h = hits->first[pattern]; h < hits->first[pattern + 1]; h++) {
        const struct sentence *sentence = reading_sentence_of(s->r, hits->hit[h].from);
        uint32_t guards = GUARD_QUESTION | GUARD_ADVICE | GUARD_POINTER | GUARD_ABSENCE;
        /* What a row of a register says is about its own subject. */
        if (sentence->passage >= s->from && sentence->passage < s->to &&
            s->r->passages[sentence->passage].table == 0 &&
            s->r->passages[sentence->passage].evidence && (sentence->guards & guards) == 0)
            return hits->hit[h].from;
    }
    return READING_NONE;
}

static void score_says(struct scorer *s)
{
    int points = 0;
    uint32_t first = READING_NONE;

    for (size_t i = 0; i < s->kind->say_n; i++) {
        uint32_t at = said(s, s->kind->says[i].pattern);
        if (at == READING_NONE)
            continue;
        points += s->kind->says[i].weight;
        first = at < first ? at : first;
    }
    s->says = points;
    if (points == 0)
        return;
    s->content = true;
    struct str quote = reading_sentence_text(s->r, reading_sentence_of(s->r, first));
    because(s, points < KIND_POINTS_SAYS ? points : KIND_POINTS_SAYS, _("says"),
            str_cut(s->cx->mem, quote, 120));
}

static void score_tables(struct scorer *s)
{
    for (size_t i = 0; i < s->kind->table_n; i++) {
        const struct table_shape *shape = &s->kind->tables[i];
        if (shape->named && !s->named)
            continue;
        uint16_t *columns = arena_array(s->cx->mem, shape->column_n, sizeof *columns);
        uint32_t *lines = arena_array(s->cx->mem, shape->column_n, sizeof *lines);
        for (uint32_t t = 1; t < s->r->table_n; t++) {
            uint32_t row;
            const struct table *table = &s->r->tables[t];
            if (table->from < s->from || table->to > s->to ||
                !table_has(s->cx, s->r, t, shape->columns, shape->column_n, 1, NULL, columns, &row))
                continue;
            s->content = s->table = true;
            because(s, KIND_POINTS_TABLE, _("has a table with the columns"),
                    str_cut(s->cx->mem, s->r->passages[table->header].text, 120));
            return;
        }
        if (cards_have(s->r, s->from, s->to, shape->columns, shape->column_n, 2, lines)) {
            s->content = s->table = true;
            because(s, KIND_POINTS_TABLE, _("has entries with lines such as"),
                    str_cut(s->cx->mem, s->r->passages[lines[0]].text, 120));
            return;
        }
    }
}

/* Criteria that other kinds meet as easily (facts, no placeholders) prove no kind. */
static bool proves(const struct criterion_signals *c)
{
    for (size_t f = 0; f < c->form_n; f++)
        if (c->forms[f].facts != NULL || c->forms[f].no_placeholders)
            return false;
    return c->form_n > 0;
}

/* A document of a kind with many criteria is known by some of them, however small their share. */
static int points_for_criteria(const struct scorer *s, size_t some, size_t met, size_t of)
{
    int share = (int)((met * KIND_POINTS_CRITERIA + of) / (2 * of));
    int count = s->section || some < 3 ? 1 : some < 5 ? 2 : 3;

    return share > count ? share : count;
}

static void score_criteria(struct scorer *s)
{
    size_t met = 0, of = 0, some = 0;

    for (size_t i = 0; i < s->kind->criterion_n; i++) {
        const struct match *m = &s->matches[i];
        if (!proves(&s->kind->criteria[i]))
            continue;
        of += s->kind->criteria[i].practice ? 1 : 2;
        if (m->token == READING_NONE || m->status == MATCH_MISSING)
            continue;
        some++;
        met += (m->status == MATCH_MET ? 2u : 1u) * (s->kind->criteria[i].practice ? 1u : 2u);
    }
    s->some = some;
    if (some == 0)
        return;
    s->content = true;
    s->points += points_for_criteria(s, some, met, of);
    buf_printf(&s->why, _("%smeets %zu of its %zu criteria at least in part"),
               s->why.n > 0 ? "; " : "", some, s->kind->criterion_n);
}

/* It says that the act took place. */
static bool claims(const struct scorer *s)
{
    for (size_t i = 0; i < s->kind->claims.n; i++)
        if (said(s, s->kind->claims.items[i]) != READING_NONE)
            return true;
    return false;
}

/* A record tells of something that happened: it holds a day, filled rows or cards, or says so. */
static bool has_record(const struct scorer *s)
{
    for (uint32_t t = 1; t < s->r->table_n; t++) {
        const struct table *table = &s->r->tables[t];
        if (table->header != READING_NONE && !table->history && table->from >= s->from &&
            table->to <= s->to)
            for (uint32_t p = table->header + 1; p < table->to; p++)
                if (s->r->passages[p].evidence)
                    return true;
    }
    if (claims(s))
        return true;
    for (uint32_t p = s->from; p < s->to; p++)
        for (uint32_t i = s->r->passages[p].token_from; i < s->r->passages[p].token_to; i++)
            if (tokens_span(s->r->tokens, i, CLASS_DATE) > 0)
                return true;
    return false;
}

static void score_nots(struct scorer *s)
{
    for (size_t i = 0; i < s->kind->nots.n; i++) {
        if (said(s, s->kind->nots.items[i]) == READING_NONE)
            continue;
        s->points -= KIND_POINTS_NOT_TEXT;
        return;
    }
}

static bool is_titled(const struct scorer *s)
{
    return !s->section && s->needed == KIND_POINTS_ENOUGH;
}

/* Without so many criteria nothing is of a kind that asks for them; a document that is called so
 * and has such a table needs one, and one that says so, or that the act took place, may meet none.
 */
static bool lacks_criteria(const struct scorer *s)
{
    if (s->some >= s->kind->least || s->kind->criterion_n < s->kind->least)
        return false;
    if (is_titled(s) && ((s->table && s->some > 0) || claims(s)))
        return false;
    return s->kind->least > 1 || s->kind->record || !is_titled(s) || s->says < 2;
}

static void score_content(struct scorer *s)
{
    score_says(s);
    score_tables(s);
    score_criteria(s);
    score_nots(s);
    if (lacks_criteria(s) && s->points > KIND_POINTS_ENOUGH - 2)
        s->points = KIND_POINTS_ENOUGH - 2;
    if (s->kind->record && !s->table && !has_record(s))
        s->points = 0;
}

/* ---- a kind ---- */

/* Just enough points are even odds, six more as good as certain. */
static int confidence_of(const struct scorer *s)
{
    int c = 500 + (s->points - s->needed) * 80;

    return c > 980 ? 980 : c;
}

static uint32_t tokens_of(const struct scorer *s)
{
    return s->from >= s->to
               ? 0
               : s->r->passages[s->to - 1].token_to - s->r->passages[s->from].token_from;
}

/* Mostly rows under a heading row. */
static bool is_register(const struct reading *r)
{
    size_t rows = 0, others = 0;

    for (size_t p = 2; p < r->passage_n; p++) {
        rows += r->passages[p].table != 0 && r->passages[p].evidence;
        others += r->passages[p].table == 0 && r->passages[p].evidence;
    }
    return rows > 3 * others;
}

/* One point less will do for a document that is called so and says it, or shows it twice; once
 * where there is little to show. */
static bool points_enough(const struct scorer *s)
{
    size_t wanted = s->kind->criterion_n <= KIND_FEW_CRITERIA ? 1 : 2;
    bool shown = s->says > 0 || s->some >= wanted || s->table;

    /* Such a register is known by its columns where it is called nothing else. */
    if (s->kind->columns && !s->aside && !s->section && s->table && s->some > 0 &&
        s->points >= KIND_POINTS_ENOUGH_REGISTER && is_register(s->r))
        return true;
    return s->points >= s->needed - (is_titled(s) && shown ? 1 : 0);
}

static bool enough(const struct scorer *s)
{
    if (!s->content || !points_enough(s))
        return false;
    if (s->section)
        return s->table || tokens_of(s) >= KIND_SECTION_TOKENS;
    return s->needed < KIND_POINTS_ENOUGH_CONTENT || tokens_of(s) <= KIND_CONTENT_TOKENS;
}

static struct scorer scorer_for(struct ctx *cx, const struct signals *signals,
                                const struct reading *r, const struct facts *facts,
                                const struct kind_signals *kind, struct match *matches)
{
    return (struct scorer){.cx = cx,
                           .signals = signals,
                           .r = r,
                           .facts = facts,
                           .kind = kind,
                           .matches = matches,
                           .from = 2,
                           .to = (uint32_t)r->passage_n,
                           .why = buf_new(cx->mem)};
}

static struct match *match_criteria(const struct scorer *s)
{
    struct match *matches = arena_array(s->cx->mem, s->kind->criterion_n + 1, sizeof *matches);

    for (size_t i = 0; i < s->kind->criterion_n; i++)
        criterion_match(s->cx, s->r, s->facts, &s->kind->criteria[i], s->from, s->to, &matches[i]);
    return matches;
}

/* What a section says about its own subject is better evidence than as much said elsewhere. */
static struct match *prefer_section(const struct scorer *section, const struct match *whole)
{
    for (size_t i = 0; i < section->kind->criterion_n; i++)
        if (section->matches[i].status < whole[i].status ||
            section->matches[i].status == MATCH_MISSING)
            section->matches[i] = whole[i];
    return section->matches;
}

static bool find_kind(struct scorer *whole, struct kind_match *ret)
{
    struct str place = STR_NONE;

    score_title(whole);
    score_content(whole);
    struct scorer best = *whole;
    for (uint32_t i = 0; !whole->kind->whole && i < whole->r->section_n; i++) {
        const struct section *section = &whole->r->sections[i];
        struct scorer s = scorer_for(whole->cx, whole->signals, whole->r, whole->facts, whole->kind,
                                     whole->matches);
        if (section->title || (!any_in(s.r, &s.kind->names, section->heading) &&
                               !any_in(s.r, &s.kind->weak, section->heading)))
            continue;
        s.section = true;
        s.aside = whole->aside;
        s.from = section->heading + 1;
        s.to = section->to;
        s.matches = match_criteria(&s);
        score_heading(&s, section->heading);
        score_content(&s);
        if (enough(&s) && (!enough(&best) || s.points > best.points)) {
            best = s;
            place = s.r->passages[section->heading].text;
        }
    }
    if (!enough(&best))
        return false;
    *ret = (struct kind_match){.kind = whole->kind,
                               .confidence = confidence_of(&best),
                               .why = buf_str(&best.why),
                               .place = place,
                               .matches = best.section ? prefer_section(&best, whole->matches)
                                                       : whole->matches};
    return true;
}

static int by_confidence(const void *a, const void *b)
{
    const struct kind_match *x = a, *y = b;

    if (x->confidence != y->confidence)
        return x->confidence > y->confidence ? -1 : 1;
    return str_cmp(x->kind->id, y->kind->id);
}

/* ---- the document ---- */

static size_t distinct_said(const struct reading *r, const struct pattern_list *list)
{
    size_t n = 0;

    for (size_t i = 0; i < list->n; i++)
        n += r->hits.first[list->items[i]] < r->hits.first[list->items[i] + 1];
    return n;
}

static const struct nature *find_nature(const struct signals *signals, const struct reading *r)
{
    for (size_t i = 0; i < signals->nature_n; i++) {
        const struct nature *nature = &signals->natures[i];
        size_t said = distinct_said(r, &nature->text);
        if (any_in(r, &nature->title, 1) || (nature->text.n > 0 && said >= nature->least) ||
            (any_in(r, &nature->file, 0) && (nature->text.n == 0 || said > 1)))
            return nature;
    }
    return NULL;
}

static size_t evidence_tokens(const struct reading *r, size_t to)
{
    size_t n = 0;

    for (size_t p = 2; p < to; p++)
        if (r->passages[p].evidence)
            n += r->passages[p].token_to - r->passages[p].token_from;
    return n;
}

static bool is_gap(const struct reading *r, uint32_t token)
{
    return (r->tokens->t[token].flags & TOKEN_PLACEHOLDER) != 0;
}

static bool has_gap(const struct reading *r, const struct passage *p)
{
    for (uint32_t t = p->token_from; t < p->token_to; t++)
        if (is_gap(r, t))
            return true;
    return false;
}

/* The passage with which a form at the very end begins, such as the lines to sign on. Between its
 * lines to fill in may stand a caption or two: who is to sign. */
static size_t form_at_end(const struct reading *r)
{
    size_t from = r->passage_n;
    unsigned captions = 0;

    for (size_t i = r->passage_n; i-- > 2 && captions <= FORM_CAPTIONS;) {
        const struct passage *p = &r->passages[i];
        if (p->block == NULL || p->block->kind == BLOCK_HEADING ||
            p->block->kind == BLOCK_FURNITURE)
            continue;
        if (p->token_to - p->token_from > FORM_TOKENS)
            break;
        captions = has_gap(r, p) ? 0 : captions + 1;
        from = captions == 0 ? i : from;
    }
    return from;
}

static bool has_letter(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z'))
            return true;
    return false;
}

/* What is left to fill in before a passage. A gap with a name is filled once for all its places;
 * lines to write on are filled one by one. */
static size_t gaps_before(struct arena *mem, const struct reading *r, size_t to)
{
    struct dict *names = dict_new(mem);
    uint32_t end = to < r->passage_n ? r->passages[to].token_from : (uint32_t)r->tokens->n;
    size_t gaps = 0;

    for (uint32_t t = 0; t < end; t++) {
        struct str name;
        if (!is_gap(r, t))
            continue;
        name = str_lower(mem, r->tokens->t[t].word);
        if (has_letter(name) && dict_has(names, name))
            continue;
        (void)dict_intern(names, name);
        gaps++;
    }
    return gaps;
}

/* Where most gaps lie: in the text, or only in what the document says about itself. */
static const char *find_template(struct arena *mem, const struct reading *r,
                                 const struct facts *facts)
{
    size_t tokens = evidence_tokens(r, r->passage_n), open = 0, form;

    for (int i = 0; i < FACT_COUNT; i++)
        open += facts->of[i].open;
    if (tokens < BLANK_TOKENS && r->placeholders + open > 2)
        return "blank";
    if (r->placeholders == 0 && open == 0)
        return "none";
    /* A form that each reader signs leaves the text before it whole. */
    form = form_at_end(r);
    if (evidence_tokens(r, form) < BLANK_TOKENS)
        form = r->passage_n;
    tokens = evidence_tokens(r, form);
    /* One gap, a day still to come perhaps, leaves a text whole unless it is hardly one. */
    size_t gaps = gaps_before(mem, r, form);
    return gaps * TOKENS_PER_GAP > tokens && (gaps > 1 || tokens < SHORT_TOKENS) ? "placeholders"
                                                                                 : "open";
}

/* Whether the title is that of some kind. */
static bool names_a_kind(const struct signals *signals, const struct reading *r)
{
    for (size_t i = 0; i < signals->kind_n; i++)
        if (is_named(r, &signals->kinds[i], 1) || is_named(r, &signals->kinds[i], first_heading(r)))
            return true;
    return false;
}

void kinds_find(struct ctx *cx, const struct signals *signals, const struct reading *r,
                const struct facts *facts, struct kinds *ret)
{
    bool named = names_a_kind(signals, r);
    const struct nature *nature = find_nature(signals, r);
    struct kinds kinds = {.template = find_template(cx->mem, r, facts)};

    kinds.all = arena_array(cx->mem, signals->kind_n + 1, sizeof(struct match *));
    kinds.evidence = nature == NULL && !r->extract->index && strcmp(kinds.template, "blank") != 0;
    for (size_t i = 0; i < signals->kind_n; i++) {
        const struct kind_signals *kind = &signals->kinds[i];
        struct kind_match match;
        struct scorer s = scorer_for(cx, signals, r, facts, kind, NULL);
        s.aside = named;
        s.matches = kinds.all[i] = match_criteria(&s);
        if (kinds.evidence && find_kind(&s, &match)) {
            *ARENA_PUSH(cx->mem, kinds.items, kinds.n, kinds.room) = match;
            kinds.all[i] = match.matches;
        }
    }
    if (kinds.n > 1)
        qsort(kinds.items, kinds.n, sizeof *kinds.items, by_confidence);
    kinds.nature = nature != NULL      ? nature->is
                   : r->extract->index ? STR("index")
                   : is_register(r)    ? STR("register")
                   : kinds.n > 0       ? kinds.items[0].kind->nature
                                       : STR("document");
    *ret = kinds;
}

const struct kind_signals *kinds_by_name(struct ctx *cx, const struct signals *signals,
                                         struct str path)
{
    struct extract nothing = {0};
    struct reading *r;

    if (reading_make(cx, signals->patterns, &signals->guards, path, &nothing, &r) != 0)
        return NULL;
    for (size_t i = 0; i < signals->kind_n; i++)
        if (any_in(r, &signals->kinds[i].names, 0))
            return &signals->kinds[i];
    return NULL;
}
