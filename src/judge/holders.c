#include "judge/holders.h"

#include <string.h>

#include "judge/tables.h"
#include "judge/write.h"

#define BETWEEN_TOKENS 1u /* words between a role and a name in a sentence */
#define CELLS_MOST 5u     /* in a wider row words of other cells come near */
#define QUOTE_BYTES 420u
#define HOLDERS_MOST 200u /* of one document */

struct holder_role {
    struct str id;
    struct pattern_list is;
};

struct holder_words {
    struct holder_role *roles;
    size_t n, room;
    uint32_t vice; /* pattern: a deputy, or somebody who was it once */
};

int holders_load(struct ctx *cx, struct signals *signals, const char *file,
                 const struct value *yaml)
{
    const struct value *roles = value_get(yaml, "roles");
    struct holder_words *w = ARENA_NEW(cx->mem, struct holder_words);
    const char *language = str_z(cx->mem, signals->language->id);

    *w = (struct holder_words){0};
    if (value_get(value_get(yaml, "not"), language) == NULL)
        return 0;
    TRY(patterns_add(cx, signals->patterns, file,
                     value_as_text(value_get(value_get(yaml, "not"), language)), &w->vice));
    for (size_t i = 0; i < value_count(roles); i++) {
        const struct value *is = value_get(value_get(value_at(roles, i), "is"), language);
        struct holder_role *role = ARENA_PUSH(cx->mem, w->roles, w->n, w->room);
        *role = (struct holder_role){.id = value_get_text(value_at(roles, i), "id")};
        for (size_t k = 0; k < value_count(is); k++) {
            struct str where = str_printf(cx->mem, "%s:%u", file, value_line(value_at(is, k)));
            uint32_t pattern;
            TRY(patterns_add(cx, signals->patterns, where.p, value_as_text(value_at(is, k)),
                             &pattern));
            *ARENA_PUSH(cx->mem, role->is.items, role->is.n, role->is.room) = pattern;
        }
    }
    signals->holders = w;
    return 0;
}

/* ---- a name beside a role ---- */

static uint32_t words_between(const struct reading *r, uint32_t from, uint32_t to)
{
    uint32_t n = 0;

    for (; from < to; from++)
        n += (r->tokens->t[from].flags & (TOKEN_FUNCTION | TOKEN_HEADER)) == 0;
    return n;
}

/* Names stand in cells: headings of columns are often two words with capitals. */
static bool in_heading(const struct reading *r, uint32_t at, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if ((r->tokens->t[at + i].flags & TOKEN_HEADER) != 0)
            return true;
    return false;
}

/* The only name right behind or before [a, b) in its sentence, of which `ret_n` tokens;
 * READING_NONE for none, and where one stands on either side. */
static uint32_t name_beside(const struct reading *r, const struct sentence *s, uint32_t a,
                            uint32_t b, uint32_t *ret_n)
{
    uint32_t found = READING_NONE, n;

    for (uint32_t at = s->from; at < s->to; at++) {
        n = tokens_span(r->tokens, at, CLASS_NAME);
        if (n == 0 || (at < b && at + n > a) || in_heading(r, at, n))
            continue;
        uint32_t gap = at >= b ? words_between(r, b, at) : words_between(r, at + n, a);
        if (gap <= BETWEEN_TOKENS) {
            if (found != READING_NONE)
                return READING_NONE;
            found = at;
            *ret_n = n;
        }
        at += n - 1;
    }
    return found;
}

static struct str words_of(const struct reading *r, uint32_t from, uint32_t to)
{
    const struct token *a = &r->tokens->t[from], *b = &r->tokens->t[to - 1];

    if (to <= from || b->word.p < a->word.p)
        return STR_NONE;
    return (struct str){a->word.p, (size_t)(b->word.p + b->word.n - a->word.p)};
}

static void look_at(struct ctx *cx, const struct holder_words *w, const struct reading *r,
                    const struct holder_role *role, const struct hit *hit, struct holders *ret)
{
    const uint32_t off = GUARD_ABSENCE | GUARD_ADVICE | GUARD_EXAMPLE | GUARD_QUESTION;
    const struct sentence *s = reading_sentence_of(r, hit->from);
    const struct passage *p = &r->passages[s->passage];
    uint32_t n = 0, at;

    if (!p->evidence || p->block == NULL || p->block->kind == BLOCK_HEADING ||
        (p->table != 0 && p->block->cell_count > CELLS_MOST) || in_heading(r, hit->from, 1) ||
        (s->guards & off) != 0 || reading_has(r, w->vice, s->from, s->to) || ret->n == HOLDERS_MOST)
        return;
    at = name_beside(r, s, hit->from, hit->to, &n);
    if (at == READING_NONE)
        return;
    *ARENA_PUSH(cx->mem, ret->items, ret->n, ret->room) =
        (struct holder){s->passage, role->id, words_of(r, at, at + n),
                        str_cut(cx->mem, reading_sentence_text(r, s), QUOTE_BYTES)};
}

void holders_find(struct ctx *cx, const struct signals *signals, const struct reading *r,
                  struct holders *ret)
{
    const struct holder_words *w = signals->holders;

    *ret = (struct holders){0};
    for (size_t i = 0; w != NULL && i < w->n; i++)
        for (size_t k = 0; k < w->roles[i].is.n; k++) {
            uint32_t p = w->roles[i].is.items[k];
            for (uint32_t h = r->hits.first[p]; h < r->hits.first[p + 1]; h++)
                look_at(cx, w, r, &w->roles[i], &r->hits.hit[h], ret);
        }
}

/* ---- facts ---- */

static int insert(struct ctx *cx, struct stmt *s, const struct reading *r, const struct holder *h)
{
    const struct place *place = &r->passages[h->passage].block->place;
    struct str heading = reading_heading_path(cx->mem, r, h->passage);

    TRY(stmt_bind_text(cx, s, "role", h->role));
    TRY(stmt_bind_text(cx, s, "name", h->name));
    TRY(write_place(cx, s, heading, place));
    TRY(stmt_bind_text(cx, s, "quote", h->quote));
    return stmt_run(cx, s);
}

int holders_write(struct ctx *cx, struct store *store, const struct signals *signals,
                  const struct reading *reading, int64_t document, struct str path)
{
    struct holders found;
    STMT(s);

    holders_find(cx, signals, reading, &found);
    if (found.n == 0)
        return 0;
    TRY(store_prepare(
        cx, store,
        STR("INSERT INTO role_holder (document, n, role, name, path, place, heading,"
            " page, line, sheet, row, quote) VALUES (:document, :n, :role, :name, :path, :place,"
            " :heading, :page, :line, :sheet, :row, :quote)"),
        &s));
    for (size_t i = 0; i < found.n; i++) {
        TRY(stmt_bind_int(cx, s, "document", document));
        TRY(stmt_bind_int(cx, s, "n", (int64_t)i));
        TRY(stmt_bind_text(cx, s, "path", path));
        TRY(insert(cx, s, reading, &found.items[i]));
    }
    return 0;
}

int holders_fill(struct ctx *cx, struct store *store, const struct standard *standard)
{
    struct str file = str_printf(cx->mem, "standards/%.*s/holders.yaml", STR_ARG(standard->id));
    struct value *yaml;
    size_t at = 0;

    if (content_next(&standard->content, file.p, "", &at) == NULL)
        return 0;
    TRY(standard_yaml(cx, standard, "holders.yaml", &yaml));
    const struct value *roles = value_get(yaml, "roles");
    for (size_t i = 0; i < value_count(roles); i++) {
        struct value *row = value_map(cx->mem);
        value_set_text(row, "id", value_get_text(value_at(roles, i), "id"));
        value_set_text(row, "title", value_get_text(value_at(roles, i), "title"));
        TRY(tables_insert(cx, store, "holder_role", row));
    }
    return 0;
}
