#include "judge/write.h"

#include <ctype.h>
#include <string.h>

#include "judge/citations.h"
#include "judge/codes.h"
#include "judge/commitment_facts.h"
#include "judge/holders.h"
#include "judge/lists.h"
#include "judge/records.h"

#define ACT_TOKENS 16u /* between an act and its day */
#define SAID_BYTES 300u
#define GAPS_SHOWN 3u /* places left to fill, of one document */

struct writer {
    struct ctx *cx;
    struct store *store;
    const struct signals *signals;
    const struct reading *r;
    const struct facts *facts;
    const struct kinds *kinds;
    const struct source_file *file;
};

/* ---- places ---- */

struct str place_text(struct arena *mem, struct str heading, const struct place *place)
{
    struct buf out = buf_new(mem);

    if (place->sheet.n > 0)
        buf_printf(&out, _("sheet %.*s"), STR_ARG(place->sheet));
    else
        buf_add(&out, heading);
    if (place->page > 0)
        buf_printf(&out, _("%spage %u"), out.n > 0 ? ", " : "", place->page);
    if (place->row > 0)
        buf_printf(&out, _("%srow %u"), out.n > 0 ? ", " : "", place->row);
    else if (place->line > 0 && place->page == 0)
        buf_printf(&out, _("%sline %u"), out.n > 0 ? ", " : "", place->line);
    return out.n > 0 ? buf_str(&out) : str_of(_("beginning"));
}

static const struct place *place_of(const struct reading *r, uint32_t passage)
{
    static const struct place none = {0};
    const struct block *block = r->passages[passage].block;

    return block != NULL ? &block->place : &none;
}

int write_place(struct ctx *cx, struct stmt *stmt, struct str heading, const struct place *place)
{
    TRY(stmt_bind_text(cx, stmt, "place", place_text(cx->mem, heading, place)));
    TRY(stmt_bind_text_or_null(cx, stmt, "heading", heading));
    if (place->page > 0)
        TRY(stmt_bind_int(cx, stmt, "page", place->page));
    if (place->line > 0)
        TRY(stmt_bind_int(cx, stmt, "line", place->line));
    if (place->row > 0)
        TRY(stmt_bind_int(cx, stmt, "row", place->row));
    return stmt_bind_text_or_null(cx, stmt, "sheet", place->sheet);
}

/* ---- the document ---- */

static const struct fact_value *fact(const struct writer *w, enum fact f)
{
    static const struct fact_value none = {0};

    return w->facts->of[f].open ? &none : &w->facts->of[f];
}

static struct str fact_day(const struct writer *w, enum fact f)
{
    return date_iso(w->cx->mem, fact(w, f)->date);
}

static int insert_document(struct writer *w)
{
    STMT(s);
    struct ctx *cx = w->cx;

    TRY(store_prepare(
        cx, w->store,
        STR("INSERT INTO document (id, path, sha256, bytes, format, language, title, number, "
            "version, "
            "status, owner, dated, approved_on, effective_on, review_due, classification, nature, "
            "counts, template, placeholders, passages, copy_of) VALUES (:id, :path, :sha256, "
            ":bytes, :format, :language, :title, :number, :version, :status, :owner, :dated, "
            ":approved_on, "
            ":effective_on, :review_due, :classification, :nature, :counts, :template, "
            ":placeholders, :passages, :copy_of)"),
        &s));
    TRY(stmt_bind_int(cx, s, "id", w->file->id));
    TRY(stmt_bind_text(cx, s, "path", w->file->path));
    TRY(stmt_bind_text(cx, s, "sha256", w->file->sha256));
    TRY(stmt_bind_int(cx, s, "bytes", (int64_t)w->file->bytes));
    TRY(stmt_bind_text(cx, s, "format", str_of(extract_format_name(w->r->extract->format))));
    TRY(stmt_bind_text_or_null(cx, s, "language", w->file->language));
    TRY(stmt_bind_text_or_null(cx, s, "title", fact(w, FACT_TITLE)->text));
    TRY(stmt_bind_text_or_null(cx, s, "number", fact(w, FACT_NUMBER)->text));
    TRY(stmt_bind_text_or_null(cx, s, "version", fact(w, FACT_VERSION)->text));
    TRY(stmt_bind_text_or_null(cx, s, "status", fact(w, FACT_STATUS)->text));
    TRY(stmt_bind_text_or_null(cx, s, "owner", fact(w, FACT_OWNER)->text));
    TRY(stmt_bind_text_or_null(cx, s, "dated", fact_day(w, FACT_DATED)));
    TRY(stmt_bind_text_or_null(cx, s, "approved_on", fact_day(w, FACT_APPROVED_ON)));
    TRY(stmt_bind_text_or_null(cx, s, "effective_on", fact_day(w, FACT_EFFECTIVE_ON)));
    TRY(stmt_bind_text_or_null(cx, s, "review_due", fact_day(w, FACT_REVIEW_DUE)));
    TRY(stmt_bind_text_or_null(cx, s, "classification", fact(w, FACT_CLASSIFICATION)->text));
    TRY(stmt_bind_text(cx, s, "nature", w->kinds->nature));
    TRY(stmt_bind_int(cx, s, "counts", w->kinds->evidence));
    TRY(stmt_bind_text(cx, s, "template", str_of(w->kinds->template)));
    TRY(stmt_bind_int(cx, s, "placeholders", w->r->placeholders));
    TRY(stmt_bind_int(cx, s, "passages", (int64_t)w->r->passage_n - 2));
    if (w->file->copy_of != 0)
        TRY(stmt_bind_int(cx, s, "copy_of", w->file->copy_of));
    return stmt_run(cx, s);
}

/* Whether the words name top management, another role, or neither. */
static const char *rank_of(const struct writer *w, const struct fact_value *v)
{
    const struct passage *p;

    if (v->passage == READING_NONE)
        return "unknown";
    p = &w->r->passages[v->passage];
    /* Only within the value: the same line may name others. */
    for (uint32_t i = p->token_from; i < p->token_to; i++) {
        const char *at = w->r->tokens->t[i].word.p;
        bool inside = str_find(v->text, w->r->tokens->t[i].word, 0) != SIZE_MAX;
        if (at == NULL || !inside)
            continue;
        if (reading_has(w->r, w->signals->top, i, p->token_to))
            return "top";
        if (reading_has(w->r, w->signals->role, i, p->token_to))
            return "other";
    }
    return "unknown";
}

static int insert_person(struct writer *w, enum fact f, const char *role)
{
    const struct fact_value *v = fact(w, f);
    STMT(s);

    if (v->text.n == 0)
        return 0;
    TRY(store_prepare(w->cx, w->store,
                      STR("INSERT INTO document_person (document, role, name, rank, place, quote) "
                          "VALUES (:document, :role, :name, :rank, :place, :quote)"),
                      &s));
    TRY(stmt_bind_int(w->cx, s, "document", w->file->id));
    TRY(stmt_bind_text(w->cx, s, "role", str_of(role)));
    TRY(stmt_bind_text(w->cx, s, "name", v->text));
    TRY(stmt_bind_text(w->cx, s, "rank", str_of(rank_of(w, v))));
    if (v->passage != READING_NONE) {
        struct str heading = reading_heading_path(w->cx->mem, w->r, v->passage);
        TRY(stmt_bind_text(w->cx, s, "place",
                           place_text(w->cx->mem, heading, place_of(w->r, v->passage))));
        TRY(stmt_bind_text(w->cx, s, "quote",
                           str_cut(w->cx->mem, w->r->passages[v->passage].text, 300)));
    }
    return stmt_run(w->cx, s);
}

static int insert_kinds(struct writer *w)
{
    STMT(s);

    TRY(store_prepare(w->cx, w->store,
                      STR("INSERT INTO document_kind (document, kind, confidence, why, place) "
                          "VALUES (:document, :kind, :confidence, :why, :place)"),
                      &s));
    for (size_t i = 0; i < w->kinds->n; i++) {
        const struct kind_match *k = &w->kinds->items[i];
        TRY(stmt_bind_int(w->cx, s, "document", w->file->id));
        TRY(stmt_bind_text(w->cx, s, "kind", k->kind->id));
        TRY(stmt_bind_int(w->cx, s, "confidence", k->confidence));
        TRY(stmt_bind_text(w->cx, s, "why", k->why));
        TRY(stmt_bind_text_or_null(w->cx, s, "place", k->place));
        TRY(stmt_run(w->cx, s));
    }
    return 0;
}

/* ---- what it says of itself, and where ---- */

static int insert_said(struct writer *w, const char *what, uint32_t passage, struct str quote)
{
    struct ctx *cx = w->cx;
    bool inside = passage != READING_NONE;
    struct str heading = inside ? reading_heading_path(cx->mem, w->r, passage) : STR_NONE;
    STMT(s);

    TRY(store_prepare(cx, w->store,
                      STR("INSERT INTO document_said (document, fact, path, place, heading, page, "
                          "line, sheet, row, quote) VALUES (:document, :fact, :path, :place, "
                          ":heading, :page, :line, :sheet, :row, :quote)"),
                      &s));
    TRY(stmt_bind_int(cx, s, "document", w->file->id));
    TRY(stmt_bind_text(cx, s, "fact", str_of(what)));
    TRY(stmt_bind_text(cx, s, "path", w->file->path));
    if (inside && passage > 0)
        TRY(write_place(w->cx, s, heading, place_of(w->r, passage)));
    else
        TRY(stmt_bind_text(cx, s, "place",
                           str_of(inside ? _("name of the file") : _("properties of the file"))));
    TRY(stmt_bind_text(cx, s, "quote", str_cut(cx->mem, quote, SAID_BYTES)));
    return stmt_run(cx, s);
}

static int insert_fact(struct writer *w, enum fact f)
{
    const struct fact_value *v = fact(w, f);

    if (v->text.n == 0)
        return 0;
    if (v->passage != READING_NONE)
        return insert_said(w, fact_name(f), v->passage, w->r->passages[v->passage].text);
    return insert_said(w, fact_name(f), READING_NONE,
                       str_printf(w->cx->mem, "%s: %.*s", fact_name(f), STR_ARG(v->text)));
}

/* A sentence for each of the first places that are left to fill; of a short passage all of it. */
static int insert_gaps(struct writer *w)
{
    const struct tokens *t = w->r->tokens;
    uint32_t last = READING_NONE;
    size_t n = 0;

    for (uint32_t i = 0; i < t->n && w->r->placeholders > 0 && n < GAPS_SHOWN; i++) {
        if ((t->t[i].flags & TOKEN_PLACEHOLDER) == 0)
            continue;
        const struct sentence *sentence = reading_sentence_of(w->r, i);
        const struct passage *passage = &w->r->passages[sentence->passage];
        if (passage->block == NULL || sentence->passage == last)
            continue;
        last = sentence->passage;
        n++;
        TRY(insert_said(w, "placeholder", last,
                        passage->text.n <= SAID_BYTES ? passage->text
                                                      : reading_sentence_text(w->r, sentence)));
    }
    return 0;
}

/* ---- criteria ---- */

static bool serves(const struct kinds *kinds, struct str kind)
{
    for (size_t i = 0; i < kinds->n; i++)
        if (str_eq(kinds->items[i].kind->id, kind))
            return true;
    return false;
}

/* Whether this document may meet the criterion. */
static bool may_meet(const struct writer *w, const struct kind_signals *kind,
                     const struct criterion_signals *c)
{
    if (!w->kinds->evidence)
        return false;
    if (c->anywhere || serves(w->kinds, kind->id))
        return true;
    for (size_t i = 0; i < value_count(c->also_in); i++)
        if (serves(w->kinds, value_as_text(value_at(c->also_in, i))))
            return true;
    return false;
}

static int insert_result(struct writer *w, const struct kind_signals *kind,
                         const struct criterion_signals *c, const struct match *m)
{
    STMT(s);

    TRY(store_prepare(w->cx, w->store,
                      STR("INSERT INTO criterion_result (document, kind, criterion, status, lacks) "
                          "VALUES (:document, :kind, :criterion, :status, :lacks)"),
                      &s));
    TRY(stmt_bind_int(w->cx, s, "document", w->file->id));
    TRY(stmt_bind_text(w->cx, s, "kind", kind->id));
    TRY(stmt_bind_text(w->cx, s, "criterion", c->id));
    TRY(stmt_bind_text(w->cx, s, "status", str_of(m->status == MATCH_MET ? "met" : "partly")));
    struct str lacks = m->whole_lacks.n > 0 ? m->whole_lacks : m->lacks;
    TRY(stmt_bind_text_or_null(w->cx, s, "lacks", m->status == MATCH_MET ? STR_NONE : lacks));
    return stmt_run(w->cx, s);
}

static int insert_slots(struct writer *w, const struct criterion_signals *c, const struct match *m,
                        size_t number, uint32_t slots)
{
    const struct form *form = &c->forms[number];
    STMT(s);

    TRY(store_prepare(w->cx, w->store,
                      STR("INSERT INTO criterion_signal (document, criterion, form, slot, passage) "
                          "VALUES (:document, :criterion, :form, :slot, :passage)"),
                      &s));
    for (size_t i = 0; i < form->slot_n && i < 32; i++) {
        if ((slots & (1u << i)) == 0)
            continue;
        TRY(stmt_bind_int(w->cx, s, "document", w->file->id));
        TRY(stmt_bind_text(w->cx, s, "criterion", c->id));
        TRY(stmt_bind_int(w->cx, s, "form", (int64_t)number));
        TRY(stmt_bind_text(w->cx, s, "slot", form->slots[i].name));
        if (m->quote_n > 0)
            TRY(stmt_bind_int(w->cx, s, "passage", m->quotes[0].passage));
        TRY(stmt_run(w->cx, s));
    }
    return 0;
}

static int insert_evidence(struct writer *w, const struct criterion_signals *c,
                           const struct match *m)
{
    STMT(s);

    TRY(store_prepare(
        w->cx, w->store,
        STR("INSERT INTO criterion_evidence (criterion, document, n, path, place, heading, page, "
            "line, sheet, row, quote) VALUES (:criterion, :document, :n, :path, :place, :heading, "
            ":page, :line, :sheet, :row, :quote)"),
        &s));
    for (size_t i = 0; i < m->quote_n; i++) {
        uint32_t passage = m->quotes[i].passage;
        TRY(stmt_bind_text(w->cx, s, "criterion", c->id));
        TRY(stmt_bind_int(w->cx, s, "document", w->file->id));
        TRY(stmt_bind_int(w->cx, s, "n", (int64_t)i));
        TRY(stmt_bind_text(w->cx, s, "path", w->file->path));
        TRY(write_place(w->cx, s, reading_heading_path(w->cx->mem, w->r, passage),
                        place_of(w->r, passage)));
        TRY(stmt_bind_text(w->cx, s, "quote", m->quotes[i].text));
        TRY(stmt_run(w->cx, s));
    }
    return 0;
}

/* ---- what came nearest ---- */

struct nearest *nearest_new(struct arena *mem, const struct signals *signals)
{
    struct nearest *nearest = ARENA_NEW(mem, struct nearest);

    for (size_t k = 0; k < signals->kind_n; k++)
        nearest->n += signals->kinds[k].criterion_n;
    nearest->items = arena_array(mem, nearest->n + 1, sizeof *nearest->items);
    return nearest;
}

static struct str why_not(struct writer *w, struct arena *keep, const struct kind_signals *kind,
                          const struct criterion_signals *c, const struct match *m)
{
    if (!w->kinds->evidence)
        return str_printf(keep, _("the file is no evidence: it is read as %.*s (%s)"),
                          STR_ARG(w->kinds->nature), w->kinds->template);
    if (!may_meet(w, kind, c) && m->status != MATCH_MISSING)
        return str_printf(keep, _("it stands in a document that does not serve as: %.*s"),
                          STR_ARG(kind->title));
    if (m->lacks.n > 0)
        return str_printf(keep, _("it does not say: %.*s"), STR_ARG(m->lacks));
    return str_of(_("it says too little"));
}

/* How near a match comes, 0 for not worth showing: one word out of two in a text on something else
 * is no near miss. A document of the right kind comes first. */
static size_t nearness(const struct writer *w, const struct kind_signals *kind,
                       const struct match *m)
{
    bool right = serves(w->kinds, kind->id);

    if (m->quote_n == 0 || m->wanted == 0 || m->filled == 0)
        return 0;
    if (!right && m->status == MATCH_MISSING && m->filled * 2 <= m->wanted)
        return 0;
    return m->filled * 1000 / m->wanted + (right ? 700 : 0) + (w->kinds->evidence ? 100 : 0);
}

static void keep_nearest(struct writer *w, struct arena *keep, struct nearest *nearest, size_t at,
                         const struct kind_signals *kind, const struct criterion_signals *c,
                         const struct match *m)
{
    size_t near = nearness(w, kind, m);
    uint32_t passage;

    if (near <= nearest->items[at].nearness)
        return;
    passage = m->quotes[m->quote_n - 1].passage;
    nearest->items[at].nearness = near;
    nearest->items[at].filled = m->filled;
    nearest->items[at].wanted = m->wanted;
    nearest->items[at].document = w->file->id;
    nearest->items[at].path = str_copy(keep, w->file->path);
    nearest->items[at].heading = str_copy(keep, reading_heading_path(w->cx->mem, w->r, passage));
    nearest->items[at].place =
        place_text(keep, nearest->items[at].heading, place_of(w->r, passage));
    nearest->items[at].quote = str_copy(keep, m->quotes[m->quote_n - 1].text);
    nearest->items[at].why_not = why_not(w, keep, kind, c, m);
}

int write_nearest(struct ctx *cx, struct store *store, const struct signals *signals,
                  const struct nearest *nearest)
{
    size_t at = 0;
    STMT(s);

    TRY(store_prepare(cx, store,
                      STR("INSERT INTO nearest (criterion, document, path, place, heading, quote, "
                          "why_not, filled, wanted) VALUES (:criterion, :document, :path, "
                          ":place, :heading, :quote, :why_not, :filled, :wanted)"),
                      &s));
    for (size_t k = 0; k < signals->kind_n; k++) {
        for (size_t c = 0; c < signals->kinds[k].criterion_n; c++, at++) {
            if (nearest->items[at].path.n == 0)
                continue;
            TRY(stmt_bind_text(cx, s, "criterion", signals->kinds[k].criteria[c].id));
            TRY(stmt_bind_int(cx, s, "document", nearest->items[at].document));
            TRY(stmt_bind_text(cx, s, "path", nearest->items[at].path));
            TRY(stmt_bind_text(cx, s, "place", nearest->items[at].place));
            TRY(stmt_bind_text_or_null(cx, s, "heading", nearest->items[at].heading));
            TRY(stmt_bind_text(cx, s, "quote", nearest->items[at].quote));
            TRY(stmt_bind_text(cx, s, "why_not", nearest->items[at].why_not));
            TRY(stmt_bind_int(cx, s, "filled", (int64_t)nearest->items[at].filled));
            TRY(stmt_bind_int(cx, s, "wanted", (int64_t)nearest->items[at].wanted));
            TRY(stmt_run(cx, s));
        }
    }
    return 0;
}

/* ---- plans, claims, controls ---- */

/* The first day in a sentence near the act that it names, or none: a row holds many other days. */
static struct date day_near(const struct reading *r, const struct sentence *sentence, uint32_t act)
{
    uint32_t from = act > sentence->from + ACT_TOKENS ? act - ACT_TOKENS : sentence->from;
    uint32_t to = act + ACT_TOKENS < sentence->to ? act + ACT_TOKENS : sentence->to, n;
    struct date date;

    for (uint32_t i = from; i < to; i++)
        if (token_date(r->tokens, r->language, i, &date, &n))
            return date;
    return (struct date){0, 0, 0};
}

/* A plan where it has a day, else a claim. */
static int insert_act(struct writer *w, const struct kind_signals *kind,
                      const struct sentence *sentence, struct date on)
{
    bool plan = !date_is_none(on);
    struct str heading = reading_heading_path(w->cx->mem, w->r, sentence->passage);
    struct str sql =
        plan ? STR("INSERT INTO dated_plan (kind, on_date, document, path, place, quote) "
                   "VALUES (:kind, :on, :document, :path, :place, :quote)")
             : STR("INSERT INTO claim (kind, document, path, place, quote) "
                   "VALUES (:kind, :document, :path, :place, :quote)");
    STMT(s);

    TRY(store_prepare(w->cx, w->store, sql, &s));
    TRY(stmt_bind_text(w->cx, s, "kind", kind->id));
    if (plan)
        TRY(stmt_bind_text(w->cx, s, "on", date_iso(w->cx->mem, on)));
    TRY(stmt_bind_int(w->cx, s, "document", w->file->id));
    TRY(stmt_bind_text(w->cx, s, "path", w->file->path));
    TRY(stmt_bind_text(w->cx, s, "place",
                       place_text(w->cx->mem, heading, place_of(w->r, sentence->passage))));
    TRY(stmt_bind_text(w->cx, s, "quote",
                       str_cut(w->cx->mem, reading_sentence_text(w->r, sentence), 300)));
    return stmt_run(w->cx, s);
}

static int insert_acts(struct writer *w, const struct kind_signals *kind)
{
    uint32_t off =
        GUARD_ABSENCE | GUARD_ADVICE | GUARD_EXAMPLE | GUARD_QUESTION | GUARD_PLACEHOLDER;

    for (size_t list = 0; list < 2; list++) {
        const struct pattern_list *patterns = list == 0 ? &kind->plans : &kind->claims;
        for (size_t i = 0; i < patterns->n; i++) {
            uint32_t p = patterns->items[i];
            for (uint32_t h = w->r->hits.first[p]; h < w->r->hits.first[p + 1]; h++) {
                const struct sentence *sentence = reading_sentence_of(w->r, w->r->hits.hit[h].from);
                struct date on = day_near(w->r, sentence, w->r->hits.hit[h].from);
                if (!w->r->passages[sentence->passage].evidence || (sentence->guards & off) != 0)
                    continue;
                if (list == 0 && (date_is_none(on) || date_cmp(on, w->cx->today) < 0))
                    continue;
                TRY(insert_act(w, kind, sentence, list == 0 ? on : (struct date){0, 0, 0}));
            }
        }
    }
    return 0;
}

/* ---- numbers ---- */

/* The first and the last whole number in a hit. */
static bool numbers_in(const struct writer *w, const struct hit *hit, int64_t *first, int64_t *last)
{
    bool any = false;

    for (uint32_t i = hit->from; i < hit->to; i++) {
        int64_t n;
        if (!str_to_int(w->r->tokens->t[i].word, &n))
            continue;
        *first = any ? *first : n;
        *last = n;
        any = true;
    }
    return any;
}

/* A row of what a sentence says by name: a number that it sets where `sql` takes one, else that it
 * says so. */
static int insert_named(struct writer *w, struct str sql, const struct kind_signals *kind,
                        const struct said *said, const struct hit *hit)
{
    const struct sentence *sentence = reading_sentence_of(w->r, hit->from);
    struct str heading = reading_heading_path(w->cx->mem, w->r, sentence->passage);
    bool number = str_has(sql, ":first");
    int64_t first = 0, last = 0;
    STMT(s);

    if (number && !numbers_in(w, hit, &first, &last))
        return 0;
    TRY(store_prepare(w->cx, w->store, sql, &s));
    TRY(stmt_bind_text(w->cx, s, "kind", kind->id));
    TRY(stmt_bind_text(w->cx, s, "name", said->name));
    if (number) {
        TRY(stmt_bind_int(w->cx, s, "first", first));
        TRY(stmt_bind_int(w->cx, s, "last", last));
    }
    TRY(stmt_bind_int(w->cx, s, "document", w->file->id));
    TRY(stmt_bind_text(w->cx, s, "path", w->file->path));
    TRY(write_place(w->cx, s, heading, place_of(w->r, sentence->passage)));
    TRY(stmt_bind_text(w->cx, s, "quote",
                       str_cut(w->cx->mem, reading_sentence_text(w->r, sentence), 300)));
    return stmt_run(w->cx, s);
}

static int insert_all_said(struct writer *w, struct str sql, const struct kind_signals *kind,
                           const struct said *said, size_t said_n, uint32_t off)
{
    for (size_t n = 0; n < said_n; n++) {
        const struct pattern_list *patterns = &said[n].patterns;
        for (size_t i = 0; i < patterns->n; i++) {
            uint32_t p = patterns->items[i];
            for (uint32_t h = w->r->hits.first[p]; h < w->r->hits.first[p + 1]; h++) {
                const struct sentence *in = reading_sentence_of(w->r, w->r->hits.hit[h].from);
                if (w->r->passages[in->passage].evidence && (in->guards & off) == 0)
                    TRY(insert_named(w, sql, kind, &said[n], &w->r->hits.hit[h]));
            }
        }
    }
    return 0;
}

static int insert_numbers(struct writer *w, const struct kind_signals *kind)
{
    struct str sql = STR("INSERT INTO said_number (kind, name, first, last, document, path, place, "
                         "heading, page, line, sheet, row, quote) VALUES (:kind, :name, :first, "
                         ":last, :document, :path, :place, :heading, :page, :line, :sheet, :row, "
                         ":quote)");
    uint32_t off = GUARD_ADVICE | GUARD_EXAMPLE | GUARD_QUESTION | GUARD_PLACEHOLDER;

    return insert_all_said(w, sql, kind, kind->numbers, kind->number_n, off);
}

static int insert_statements(struct writer *w, const struct kind_signals *kind)
{
    struct str sql = STR("INSERT INTO said_statement (kind, name, document, path, place, heading, "
                         "page, line, sheet, row, quote) VALUES (:kind, :name, :document, :path, "
                         ":place, :heading, :page, :line, :sheet, :row, :quote)");
    uint32_t off =
        GUARD_ABSENCE | GUARD_ADVICE | GUARD_EXAMPLE | GUARD_QUESTION | GUARD_PLACEHOLDER;

    return insert_all_said(w, sql, kind, kind->statements, kind->statement_n, off);
}

static int mention(struct writer *w, struct stmt *s, struct str control, uint32_t passage)
{
    struct str heading = reading_heading_path(w->cx->mem, w->r, passage);

    TRY(stmt_bind_int(w->cx, s, "document", w->file->id));
    TRY(stmt_bind_text(w->cx, s, "control", control));
    TRY(stmt_bind_text(w->cx, s, "place",
                       place_text(w->cx->mem, heading, place_of(w->r, passage))));
    TRY(stmt_bind_text(w->cx, s, "quote", str_cut(w->cx->mem, w->r->passages[passage].text, 300)));
    return stmt_run(w->cx, s);
}

/* Controls by number: "A.5.1" anywhere, "5.1" in lists of them. */
static int insert_mentions(struct writer *w, const struct control_lines *lines)
{
    STMT(s);

    TRY(store_prepare(w->cx, w->store,
                      STR("INSERT OR IGNORE INTO control_mention (document, control, place, quote) "
                          "VALUES (:document, :control, :place, :quote)"),
                      &s));
    for (size_t i = 0; i < lines->n; i++) {
        const struct control_line *line = &lines->items[i];
        struct str id = line->control != NULL ? line->control->id : line->earlier;
        if (id.n > 0 && (line->decides || line->number.n > 0))
            TRY(mention(w, s, id, line->passage));
    }
    for (uint32_t i = 0; i < w->r->tokens->n; i++) {
        struct str low = w->r->tokens->t[i].low;
        if (tokens_span(w->r->tokens, i, CLASS_CONTROL) > 0)
            TRY(mention(w, s,
                        str_printf(w->cx->mem, "%c%.*s", toupper((unsigned char)low.p[0]),
                                   STR_ARG(str_from(low, 1))),
                        reading_sentence_of(w->r, i)->passage));
    }
    return 0;
}

static const char *const line_statuses[] = {NULL, "none", "planned", "partly", "implemented"};

static int insert_line(struct writer *w, struct stmt *s, const struct control_line *line, size_t n)
{
    struct ctx *cx = w->cx;

    TRY(stmt_bind_int(cx, s, "document", w->file->id));
    TRY(stmt_bind_int(cx, s, "n", (int64_t)n));
    if (line->control != NULL)
        TRY(stmt_bind_text(cx, s, "control", line->control->id));
    TRY(stmt_bind_text_or_null(cx, s, "earlier", line->earlier));
    if (line->titled != NULL)
        TRY(stmt_bind_text(cx, s, "titled", line->titled->id));
    TRY(stmt_bind_text_or_null(cx, s, "number", line->number));
    TRY(stmt_bind_text_or_null(cx, s, "title", line->title));
    if (line->applicable >= 0)
        TRY(stmt_bind_int(cx, s, "applicable", line->applicable));
    TRY(stmt_bind_text_or_null(cx, s, "said", line->said));
    TRY(stmt_bind_text_or_null(cx, s, "reason", line->reason));
    TRY(stmt_bind_int(cx, s, "weak", line->weak));
    if (line->status != LINE_UNKNOWN)
        TRY(stmt_bind_text(cx, s, "status", str_of(line_statuses[line->status])));
    TRY(stmt_bind_text_or_null(cx, s, "status_said", line->status_said));
    TRY(stmt_bind_text_or_null(cx, s, "reference", line->reference));
    TRY(stmt_bind_text_or_null(cx, s, "owner", line->owner));
    TRY(write_place(w->cx, s, reading_heading_path(cx->mem, w->r, line->passage),
                    place_of(w->r, line->passage)));
    TRY(stmt_bind_text(cx, s, "quote", str_cut(cx->mem, w->r->passages[line->passage].text, 300)));
    return stmt_run(cx, s);
}

/* Controls that the document names, and what its lists decide on them. */
static int insert_controls(struct writer *w, struct control_lines *ret)
{
    struct control_lines lines;
    STMT(s);

    TRY(lists_find(w->cx, w->signals, w->r, &lines));
    TRY(insert_mentions(w, &lines));
    TRY(store_prepare(
        w->cx, w->store,
        STR("INSERT INTO control_line (document, n, control, earlier, titled, number, title, "
            "applicable, said, reason, weak, status, status_said, reference, owner, place, heading,"
            " page, line, sheet, row, quote) VALUES (:document, :n, :control, :earlier, :titled, "
            ":number, :title, :applicable, :said, :reason, :weak, :status, :status_said, "
            ":reference, :owner, :place, :heading, :page, :line, :sheet, :row, :quote)"),
        &s));
    for (size_t i = 0; i < lines.n; i++)
        if (lines.items[i].decides)
            TRY(insert_line(w, s, &lines.items[i], i));
    *ret = lines;
    return 0;
}

/* Records tell what was done, and rows of a register of one thing each. */
static int insert_commitments(struct writer *w)
{
    if (str_is(w->kinds->nature, "record"))
        return 0;
    return commitments_write(w->cx, w->store, w->signals, w->r, w->file->id, w->file->path,
                             str_is(w->kinds->nature, "register"));
}

/* ---- the whole ---- */

static int insert_criteria(struct writer *w, struct arena *keep, struct nearest *nearest)
{
    size_t at = 0;

    for (size_t k = 0; k < w->signals->kind_n; k++) {
        const struct kind_signals *kind = &w->signals->kinds[k];
        for (size_t i = 0; i < kind->criterion_n; i++, at++) {
            const struct criterion_signals *c = &kind->criteria[i];
            const struct match *m = &w->kinds->all[k][i];
            if (m->status != MATCH_MISSING && may_meet(w, kind, c)) {
                TRY(insert_result(w, kind, c, m));
                TRY(insert_evidence(w, c, m));
            }
            if (serves(w->kinds, kind->id) && c->form_n > 0) {
                TRY(insert_slots(w, c, m, m->form, m->slots));
                if (m->whole_form != m->form)
                    TRY(insert_slots(w, c, m, m->whole_form, m->whole_slots));
            }
            if (m->status != MATCH_MET || !may_meet(w, kind, c))
                keep_nearest(w, keep, nearest, at, kind, c, m);
        }
    }
    return 0;
}

int write_document(struct ctx *cx, struct store *store, const struct signals *signals,
                   const struct reading *reading, const struct facts *facts,
                   const struct kinds *kinds, const struct source_file *file,
                   const struct records *records, struct arena *keep, struct nearest *nearest)
{
    struct control_lines lines = {0};
    struct writer w = {cx, store, signals, reading, facts, kinds, file};

    TRY(insert_document(&w));
    TRY(insert_person(&w, FACT_AUTHOR, "author"));
    TRY(insert_person(&w, FACT_OWNER, "owner"));
    TRY(insert_person(&w, FACT_APPROVED_BY, "approver"));
    TRY(insert_fact(&w, FACT_STATUS));
    TRY(insert_fact(&w, FACT_NUMBER));
    TRY(insert_fact(&w, FACT_REVIEW_DUE));
    TRY(insert_gaps(&w));
    TRY(insert_kinds(&w));
    TRY(codes_write_own(
        cx, store, signals, reading, file->id,
        (const struct str[]){file->path, reading->title, facts->of[FACT_NUMBER].text}));
    if (file->copy_of != 0)
        return 0;
    TRY(insert_criteria(&w, keep, nearest));
    if (!kinds->evidence)
        return records_write(cx, store, signals, reading, kinds, file, &lines, records);
    for (size_t k = 0; k < signals->kind_n; k++) {
        TRY(insert_acts(&w, &signals->kinds[k]));
        TRY(insert_numbers(&w, &signals->kinds[k]));
        TRY(insert_statements(&w, &signals->kinds[k]));
    }
    TRY(insert_controls(&w, &lines));
    TRY(records_write(cx, store, signals, reading, kinds, file, &lines, records));
    TRY(holders_write(cx, store, signals, reading, file->id, file->path));
    TRY(citations_write(cx, store, signals, reading, file->id, file->path));
    TRY(codes_write_cited(cx, store, signals, reading, file->id, file->path));
    return insert_commitments(&w);
}

int write_unjudged(struct ctx *cx, struct store *store, const struct source_file *file,
                   const char *format, struct str title, struct str error)
{
    STMT(s);

    TRY(store_prepare(cx, store,
                      STR("INSERT INTO document (id, path, sha256, bytes, format, language, title, "
                          "counts, error) VALUES (:id, :path, :sha256, :bytes, :format, :language, "
                          ":title, 0, :error)"),
                      &s));
    TRY(stmt_bind_int(cx, s, "id", file->id));
    TRY(stmt_bind_text(cx, s, "path", file->path));
    TRY(stmt_bind_text_or_null(cx, s, "sha256", file->sha256));
    TRY(stmt_bind_int(cx, s, "bytes", (int64_t)file->bytes));
    TRY(stmt_bind_text_or_null(cx, s, "format", str_of(format)));
    TRY(stmt_bind_text_or_null(cx, s, "language", file->language));
    TRY(stmt_bind_text_or_null(cx, s, "title", title));
    TRY(stmt_bind_text_or_null(cx, s, "error", error));
    return stmt_run(cx, s);
}

int write_unsignalled(struct ctx *cx, struct store *store, const struct signals *signals,
                      size_t documents)
{
    STMT(s);

    TRY(store_prepare(cx, store,
                      STR("INSERT INTO unsignalled (kind, language, documents) "
                          "VALUES (:kind, :language, :documents)"),
                      &s));
    for (size_t k = 0; k < signals->kind_n; k++) {
        if (!signals->kinds[k].silent)
            continue;
        TRY(stmt_bind_text(cx, s, "kind", signals->kinds[k].id));
        TRY(stmt_bind_text(cx, s, "language", signals->language->id));
        TRY(stmt_bind_int(cx, s, "documents", (int64_t)documents));
        TRY(stmt_run(cx, s));
    }
    return 0;
}
