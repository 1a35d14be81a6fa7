#include "store/sql_text.h"

static bool blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool starts_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80);
}

static bool in_word(char c)
{
    return starts_word(c) || (c >= '0' && c <= '9');
}

/* The end of what `end` ends, from `at` on; the text's end where nothing does. */
static size_t after(struct str sql, size_t at, struct str end)
{
    size_t found = str_find(sql, end, at);

    return found == SIZE_MAX ? sql.n : found + end.n;
}

/* A doubled quote needs no thought: it reads as two strings side by side. */
static size_t quoted(struct str sql, size_t at, bool backslashes)
{
    char quote = sql.p[at++];

    while (at < sql.n && sql.p[at] != quote)
        at += backslashes && sql.p[at] == '\\' ? 2 : 1;
    return at < sql.n ? at + 1 : sql.n;
}

/* The end of $tag$...$tag$; `at` itself where no such thing begins. */
static size_t dollar_quoted(struct str sql, size_t at)
{
    size_t end = at + 1;

    while (end < sql.n && in_word(sql.p[end]))
        end++;
    if (end >= sql.n || sql.p[end] != '$' || (end > at + 1 && !starts_word(sql.p[at + 1])))
        return at;
    return after(sql, end + 1, str_sub(sql, at, end + 1 - at));
}

/* PostgreSQL's comments nest. */
static size_t comment(struct str sql, size_t at)
{
    unsigned depth = 0;

    while (at < sql.n) {
        struct str rest = str_from(sql, at);

        if (str_starts(rest, STR("/*")))
            depth++;
        else if (str_starts(rest, STR("*/")))
            depth--;
        else {
            at++;
            continue;
        }
        at += 2;
        if (depth == 0)
            return at;
    }
    return sql.n;
}

static size_t word(struct str sql, size_t at)
{
    while (at < sql.n && in_word(sql.p[at]))
        at++;
    return at;
}

static enum sql_piece piece(struct str sql, size_t *at)
{
    size_t from = *at;
    char c = sql.p[from], next = from + 1 < sql.n ? sql.p[from + 1] : '\0';

    *at = from + 1;
    if (blank(c))
        return SQL_BLANK;
    if (c == '-' && next == '-')
        return *at = after(sql, from, STR("\n")), SQL_BLANK;
    if (c == '/' && next == '*')
        return *at = comment(sql, from), SQL_BLANK;
    if ((c == 'e' || c == 'E') && next == '\'')
        return *at = quoted(sql, from + 1, true), SQL_QUOTED;
    if (c == '\'' || c == '"')
        return *at = quoted(sql, from, false), SQL_QUOTED;
    if (in_word(c))
        return *at = word(sql, from), SQL_WORD;
    if (c == '$' && dollar_quoted(sql, from) > from)
        return *at = dollar_quoted(sql, from), SQL_QUOTED;
    if (c == ':' && next == ':')
        return *at = from + 2, SQL_SIGN;
    if (c == ':' && starts_word(next))
        return *at = word(sql, from + 1), SQL_PARAM;
    return SQL_SIGN;
}

enum sql_piece sql_next(struct str sql, size_t *at, struct str *ret)
{
    size_t from = *at;

    if (from >= sql.n)
        return SQL_END;
    enum sql_piece kind = piece(sql, at);

    if (*at > sql.n)
        *at = sql.n;
    *ret = str_sub(sql, from, *at - from);
    return kind;
}

static bool is_one_of(struct str word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_is_nocase(word, words[i]))
            return true;
    return false;
}

bool sql_only_reads(struct str sql)
{
    static const char *const READS[] = {"SELECT", "VALUES", "WITH"};
    static const char *const CHANGES[] = {"INSERT", "UPDATE", "DELETE", "MERGE", "INTO"};
    size_t at = 0;
    bool first = true;
    enum sql_piece kind;
    struct str text;

    while ((kind = sql_next(sql, &at, &text)) != SQL_END) {
        if (kind != SQL_WORD)
            continue;
        if (first ? !is_one_of(text, READS, COUNT_OF(READS))
                  : is_one_of(text, CHANGES, COUNT_OF(CHANGES)))
            return false;
        first = false;
    }
    return !first;
}

static size_t param_number(struct arena *mem, struct sql_params *params, size_t *room,
                           struct str name)
{
    for (size_t i = 0; i < params->n; i++)
        if (str_eq(params->names[i], name))
            return i + 1;
    *ARENA_PUSH(mem, params->names, params->n, *room) = str_copy(mem, name);
    return params->n;
}

int sql_number_params(struct ctx *cx, struct str sql, struct sql_params *ret)
{
    struct sql_params params = {STR_NONE, NULL, 0};
    struct buf out = buf_new(cx->mem);
    size_t at = 0, room = 0, statements = 0;
    bool within = false;
    enum sql_piece kind;
    struct str text;

    while ((kind = sql_next(sql, &at, &text)) != SQL_END) {
        if (kind == SQL_SIGN && str_is(text, ";")) {
            within = false;
            continue;
        }
        if (kind != SQL_BLANK && !within) {
            within = true;
            statements++;
        }
        if (kind == SQL_PARAM)
            buf_printf(&out, "$%zu", param_number(cx->mem, &params, &room, str_from(text, 1)));
        else
            buf_add(&out, text);
    }
    if (statements != 1)
        return fail(cx, RC_INVALID, NULL, _("Preparing a statement: there must be exactly one"));
    params.sql = buf_str(&out);
    *ret = params;
    return 0;
}

/* CAST takes no order of texts. */
static const char *type_of(struct str text, struct str last)
{
    if (str_is_nocase(text, "INTEGER"))
        return "BIGINT";
    if (str_is_nocase(text, "TEXT") && !str_is_nocase(last, "AS"))
        return "TEXT COLLATE \"C\"";
    return NULL;
}

/* What PostgreSQL has in the place of a type's name or of STRICT; NULL where it has the same.
 * `last` is the word before: what follows a bracket or a comma is the name of a column. */
static const char *translated(struct str text, struct str last)
{
    if (str_is(last, ")") && str_is_nocase(text, "STRICT"))
        return "";
    bool named = last.n && (in_word(last.p[last.n - 1]) || last.p[0] == '"');

    return named ? type_of(text, last) : NULL;
}

/* INTEGER PRIMARY KEY: SQLite numbers the rows by itself. */
static bool numbers_rows(struct str sql, size_t at)
{
    static const char *const WORDS[] = {"PRIMARY", "KEY"};
    struct str text;

    for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
        enum sql_piece kind;

        while ((kind = sql_next(sql, &at, &text)) == SQL_BLANK)
            ;
        if (kind != SQL_WORD || !str_is_nocase(text, WORDS[i]))
            return false;
    }
    return true;
}

struct str sql_postgres_ddl(struct arena *mem, struct str sql)
{
    struct buf out = buf_new(mem);
    struct str text, last = STR_NONE;
    size_t at = 0;
    enum sql_piece kind;

    while ((kind = sql_next(sql, &at, &text)) != SQL_END) {
        const char *other = kind == SQL_WORD ? translated(text, last) : NULL;

        if (other)
            buf_addz(&out, other);
        else
            buf_add(&out, text);
        if (other && str_is_nocase(text, "INTEGER") && numbers_rows(sql, at))
            buf_addz(&out, " GENERATED BY DEFAULT AS IDENTITY");
        if (kind != SQL_BLANK)
            last = text;
    }
    return buf_str(&out);
}
