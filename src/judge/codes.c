#include "judge/codes.h"

#include <ctype.h>
#include <string.h>

#include "judge/citations.h"
#include "judge/write.h"

#define LETTERS_LEAST 2u
#define LETTERS_MOST 8u
#define DIGITS_MOST 4u
#define CODE_BYTES 24u
#define CITED_MOST 200u
#define VERSION_WITHIN 48u /* bytes behind the number */
#define ANNEX_BYTES 2u
#define QUOTE_BYTES 300u
#define FIRST_LINES 10u /* in which a document may say its own number, */
#define LINE_BYTES 120u /* in a line no longer than this, */
#define LABEL_BYTES 24u /* behind a label no longer than this */

static char byte_at(struct str s, size_t i)
{
    return i < s.n ? s.p[i] : '\0';
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 128;
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* ---- a number ---- */

/* A group of capitals or digits behind a hyphen, or digits right behind the letters. */
static size_t group_end(struct str text, size_t at)
{
    while (is_upper(byte_at(text, at)) || isdigit((unsigned char)byte_at(text, at)))
        at++;
    return at;
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!isdigit((unsigned char)s.p[i]))
            return false;
    return s.n > 0 && s.n <= DIGITS_MOST;
}

struct str code_at(struct arena *mem, struct str text, size_t at, size_t *ret_to)
{
    size_t letters = 0, last, to;

    if (at > 0 && (is_word(text.p[at - 1]) || strchr("-_./", text.p[at - 1]) != NULL))
        return STR_NONE;
    while (is_upper(byte_at(text, at + letters)))
        letters++;
    if (letters < LETTERS_LEAST || letters > LETTERS_MOST)
        return STR_NONE;
    last = to = at + letters;
    while ((byte_at(text, to) == '-' || byte_at(text, to) == '_') &&
           group_end(text, to + 1) > to + 1) {
        last = to + 1;
        to = group_end(text, last);
    }
    if (to - at > CODE_BYTES || !all_digits(str_sub(text, last, to - last)) || last == at + letters)
        return STR_NONE;
    if (is_word(byte_at(text, to)) || byte_at(text, to) == '-' ||
        (byte_at(text, to) == '.' && isdigit((unsigned char)byte_at(text, to + 1))))
        return STR_NONE;
    *ret_to = to;
    char *code = arena_alloc(mem, to - at + 1);
    for (size_t i = at; i < to; i++)
        code[i - at] = text.p[i] == '_' ? '-' : text.p[i];
    return (struct str){code, to - at};
}

/* ---- words beside it ---- */

/* Whether one of the words of `key` stands at `at`; where it ends. */
static bool word_at(const struct value *words, struct str text, size_t at, size_t *ret_to)
{
    if (at > 0 && is_word(text.p[at - 1]))
        return false;
    for (size_t i = 0; i < value_count(words); i++) {
        struct str word = value_as_text(value_at(words, i));
        if (word.n <= text.n - at && strncasecmp(word.p, text.p + at, word.n) == 0) {
            *ret_to = at + word.n;
            return true;
        }
    }
    return false;
}

static size_t skip(struct str text, size_t at, const char *bytes)
{
    while (at < text.n && strchr(bytes, text.p[at]) != NULL)
        at++;
    return at;
}

/* "1.2" behind "v", "version" or the like, before the sentence or the next number begins. */
static struct str version_behind(struct arena *mem, const struct value *words, struct str text,
                                 size_t at)
{
    size_t end = at + VERSION_WITHIN, to, next;

    for (size_t i = at; i < text.n && i < end; i++) {
        if (strchr(".;:", text.p[i]) != NULL || code_at(mem, text, i, &next).n > 0)
            return STR_NONE;
        if (!word_at(words, text, i, &to))
            continue;
        size_t from = skip(text, to, " .");
        for (next = from;
             isdigit((unsigned char)byte_at(text, next)) ||
             (byte_at(text, next) == '.' && isdigit((unsigned char)byte_at(text, next + 1)));
             next++)
            ;
        if (next > from && !is_word(byte_at(text, next)))
            return str_sub(text, from, next - from);
    }
    return STR_NONE;
}

/* Where the end of a range stands behind a number: "POL-01 to POL-12", "POL-01 to 12". It names
 * none of them. 0 where there is none. */
static size_t range_end(struct arena *mem, const struct value *words, struct str text, size_t at)
{
    size_t to, end;

    if (!word_at(words, text, skip(text, at, " "), &to))
        return 0;
    to = skip(text, to, " -");
    if (code_at(mem, text, to, &end).n > 0)
        return end;
    for (end = to; isdigit((unsigned char)byte_at(text, end)); end++)
        ;
    return end > to && !is_word(byte_at(text, end)) ? end : 0;
}

/* "B" of "Annex B" at `at`, "" for none. */
static struct str annex_at(const struct value *words, struct str text, size_t at, size_t *ret_to)
{
    size_t from, to;

    if (!word_at(words, text, at, &to) || byte_at(text, to) != ' ')
        return STR_NONE;
    from = skip(text, to, " ");
    for (to = from; is_upper(byte_at(text, to)) || isdigit((unsigned char)byte_at(text, to)); to++)
        ;
    if (to == from || to - from > ANNEX_BYTES || is_word(byte_at(text, to)) ||
        (byte_at(text, to) == '.' && is_word(byte_at(text, to + 1))))
        return STR_NONE;
    *ret_to = to;
    return str_sub(text, from, to - from);
}

/* The number of the document whose annex it is: at most two short words lie between. */
static struct str annex_of(struct arena *mem, struct str text, size_t at, size_t *ret_to)
{
    for (size_t words = 0; words < 3; words++) {
        at = skip(text, at, " (");
        struct str code = code_at(mem, text, at, ret_to);
        if (code.n > 0)
            return code;
        while (at < text.n && is_word(text.p[at]))
            at++;
    }
    return STR_NONE;
}

/* ---- what is cited ---- */

static void keep(struct ctx *cx, struct code_citations *list, struct code_citation it)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->items[i].code, it.code) && str_eq(list->items[i].version, it.version) &&
            str_eq(list->items[i].annex, it.annex))
            return;
    if (list->n < CITED_MOST)
        *ARENA_PUSH(cx->mem, list->items, list->n, list->room) = it;
}

static void look_through(struct ctx *cx, const struct signals *signals, struct str text,
                         uint32_t passage, struct code_citations *ret)
{
    const struct value *annexes = citations_words(signals, "annex");
    const struct value *versions = citations_words(signals, "version");
    const struct value *ranges = citations_words(signals, "range");

    for (size_t i = 0; i < text.n; i++) {
        size_t to;
        struct code_citation it = {.passage = passage};
        it.annex = annex_at(annexes, text, i, &to);
        if (it.annex.n > 0) {
            size_t behind = to;
            it.code = annex_of(cx->mem, text, to, &behind);
            i = behind - 1;
            keep(cx, ret, it);
            continue;
        }
        it.code = code_at(cx->mem, text, i, &to);
        if (it.code.n == 0)
            continue;
        size_t end = range_end(cx->mem, ranges, text, to);
        if (end == 0) {
            it.version = version_behind(cx->mem, versions, text, to);
            keep(cx, ret, it);
        }
        i = (end > 0 ? end : to) - 1;
    }
}

/* A list of documents names what there is to be, and refers to nothing. */
static bool lists(struct arena *mem, const struct block *block)
{
    size_t to;

    return block->cell_count > 1 && code_at(mem, str_trim(block->cells[0].text), 0, &to).n > 0;
}

void codes_cited(struct ctx *cx, const struct signals *signals, const struct reading *reading,
                 struct code_citations *ret)
{
    *ret = (struct code_citations){0};
    if (citations_words(signals, "annex") == NULL)
        return;
    for (uint32_t i = 0; i < reading->passage_n; i++) {
        const struct passage *p = &reading->passages[i];
        if (p->evidence && p->block != NULL && p->block->kind != BLOCK_HEADING &&
            !lists(cx->mem, p->block))
            look_through(cx, signals, p->text, i, ret);
    }
}

/* ---- facts ---- */

/* "HP-ISMS" of "HP-ISMS-RM-02", "POL" of "POL-04": what the numbers of one collection share. */
static struct str family_of(struct str code)
{
    size_t first = str_find_char(code, '-', 0), second = str_find_char(code, '-', first + 1);

    return str_sub(code, 0, second == SIZE_MAX ? first : second);
}

static int insert_own(struct ctx *cx, struct stmt *s, int64_t document, struct str code, bool named)
{
    TRY(stmt_bind_int(cx, s, "document", document));
    TRY(stmt_bind_text(cx, s, "code", code));
    TRY(stmt_bind_text(cx, s, "family", family_of(code)));
    TRY(stmt_bind_int(cx, s, "named", named));
    return stmt_run(cx, s);
}

/* All numbers in a name, or the one with which a short first line begins: "Ref POL-04". */
static int write_codes(struct ctx *cx, struct stmt *s, int64_t document, struct str text,
                       bool named)
{
    size_t most = named ? text.n : text.n < LINE_BYTES ? LABEL_BYTES : 0, to;

    for (size_t i = 0; i < most && i < text.n; i++) {
        struct str code = code_at(cx->mem, text, i, &to);
        if (code.n > 0)
            TRY(insert_own(cx, s, document, code, named));
    }
    return 0;
}

/* Headings that begin with "Annex B". */
static int write_annexes(struct ctx *cx, struct store *store, const struct signals *signals,
                         const struct reading *r, int64_t document)
{
    const struct value *words = citations_words(signals, "annex");
    size_t to;
    STMT(s);

    TRY(store_prepare(cx, store,
                      STR("INSERT OR IGNORE INTO document_annex (document, annex) VALUES "
                          "(:document, :annex)"),
                      &s));
    for (uint32_t i = 0; i < r->passage_n; i++) {
        const struct passage *p = &r->passages[i];
        struct str annex = annex_at(words, str_trim(p->text), 0, &to);
        if (annex.n == 0 || p->text.n >= QUOTE_BYTES)
            continue;
        TRY(stmt_bind_int(cx, s, "document", document));
        TRY(stmt_bind_text(cx, s, "annex", annex));
        TRY(stmt_run(cx, s));
    }
    return 0;
}

static struct str file_name(struct str path)
{
    for (size_t i = path.n; i > 0; i--)
        if (path.p[i - 1] == '/')
            return str_from(path, i);
    return path;
}

int codes_write_own(struct ctx *cx, struct store *store, const struct signals *signals,
                    const struct reading *reading, int64_t document,
                    const struct str names[static 3])
{
    STMT(s);

    TRY(store_prepare(cx, store,
                      STR("INSERT OR IGNORE INTO document_code (document, code, family, named) "
                          "VALUES (:document, :code, :family, :named)"),
                      &s));
    for (size_t k = 0; k < 3; k++)
        TRY(write_codes(cx, s, document, file_name(names[k]), true));
    for (uint32_t i = 0; i < reading->passage_n && i < FIRST_LINES; i++)
        TRY(write_codes(cx, s, document, reading->passages[i].text, false));
    return write_annexes(cx, store, signals, reading, document);
}

static int insert_cited(struct ctx *cx, struct stmt *s, const struct reading *r,
                        const struct code_citation *c)
{
    const struct passage *p = &r->passages[c->passage];
    struct str heading = reading_heading_path(cx->mem, r, c->passage);

    TRY(stmt_bind_text_or_null(cx, s, "code", c->code));
    TRY(stmt_bind_text_or_null(cx, s, "family", c->code.n > 0 ? family_of(c->code) : STR_NONE));
    TRY(stmt_bind_text_or_null(cx, s, "version", c->version));
    TRY(stmt_bind_text_or_null(cx, s, "annex", c->annex));
    TRY(write_place(cx, s, heading, &p->block->place));
    TRY(stmt_bind_text(cx, s, "quote", str_cut(cx->mem, p->text, QUOTE_BYTES)));
    return stmt_run(cx, s);
}

int codes_write_cited(struct ctx *cx, struct store *store, const struct signals *signals,
                      const struct reading *reading, int64_t document, struct str path)
{
    struct code_citations cited;
    STMT(s);

    codes_cited(cx, signals, reading, &cited);
    if (cited.n == 0)
        return 0;
    TRY(store_prepare(cx, store,
                      STR("INSERT INTO document_cited (document, n, code, family, version, annex, "
                          "path, place, heading, "
                          "page, line, sheet, row, quote) VALUES (:document, :n, :code, :family, "
                          ":version, :annex, :path, "
                          ":place, :heading, :page, :line, :sheet, :row, :quote)"),
                      &s));
    for (size_t i = 0; i < cited.n; i++) {
        TRY(stmt_bind_int(cx, s, "document", document));
        TRY(stmt_bind_int(cx, s, "n", (int64_t)i));
        TRY(stmt_bind_text(cx, s, "path", path));
        TRY(insert_cited(cx, s, reading, &cited.items[i]));
    }
    return 0;
}
