/*
 * What Pandoc writes and Markdown does not know: tables whose columns are drawn with dashes,
 * attributes behind headings and lines that only fence. Each is put in words of Markdown or HTML on
 * the line where it stood.
 */
#include "extract/internal.h"

#define COLUMNS 32u
#define LEAST_DASHES 3u
#define LEAST_RULER 10u
#define HEADER_LINES 8u
#define TABLE_LINES 2000u

struct source {
    struct arena *mem;
    struct str *lines;
    size_t n, room;
    struct buf out;
};

struct columns {
    size_t from[COLUMNS]; /* characters before it */
    size_t n;
};

static struct str bare(struct str line)
{
    while (line.n > 0 && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\r'))
        line = str_sub(line, 0, line.n - 1);
    return line;
}

static bool is_blank(struct str line)
{
    return str_trim(line).n == 0;
}

/* "-----------": the head or the foot of a table. */
static bool is_ruler(struct str line)
{
    struct str s = str_trim(line);

    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '-')
            return false;
    return s.n >= LEAST_RULER;
}

/* "------ ---- ------": where the columns are. */
static bool find_columns(struct str line, struct columns *ret)
{
    size_t run = 0;

    ret->n = 0;
    line = bare(line);
    for (size_t i = 0; i < line.n; i++) {
        if (line.p[i] == '-') {
            if (run++ > 0)
                continue;
            if (ret->n == COLUMNS)
                return false;
            ret->from[ret->n++] = i;
        } else if (line.p[i] == ' ') {
            if (run > 0 && run < LEAST_DASHES)
                return false;
            run = 0;
        } else {
            return false;
        }
    }
    return ret->n >= 2 && run >= LEAST_DASHES && ret->from[0] <= 4;
}

/* The bytes of a line from one character to another. */
static struct str cut(struct str line, size_t from, size_t to)
{
    size_t at = 0, begin = line.n, chars = 0;

    for (; at < line.n && chars < to; chars++) {
        if (chars == from)
            begin = at;
        (void)utf8_next(line, &at);
    }
    return begin < at ? str_trim(str_sub(line, begin, at - begin)) : STR_NONE;
}

/* Without the marks that HTML would show. */
static void add_cell(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '\\' || (c == '*' && i + 1 < text.n && text.p[i + 1] == '*'))
            i += c == '*';
        else if (c == '<')
            buf_addz(out, "&lt;");
        else if (c == '&')
            buf_addz(out, "&amp;");
        else
            buf_char(out, c);
    }
}

/* The lines of one row, on the first of them. */
static void add_row(struct source *s, const struct columns *columns, size_t from, size_t to,
                    const char *tag)
{
    buf_addz(&s->out, "<tr>");
    for (size_t c = 0; c < columns->n; c++) {
        size_t begin = c == 0 ? 0 : columns->from[c];
        size_t end = c + 1 < columns->n ? columns->from[c + 1] : SIZE_MAX;
        buf_printf(&s->out, "<%s>", tag);
        for (size_t i = from; i < to; i++) {
            add_cell(&s->out, cut(bare(s->lines[i]), begin, end));
            buf_char(&s->out, ' ');
        }
        buf_printf(&s->out, "</%s>", tag);
    }
    buf_addz(&s->out, "</tr>\n");
    for (size_t i = from + 1; i < to; i++)
        buf_addz(&s->out, "<!---->\n");
}

struct shape {
    size_t top, header, ruler, end; /* lines; `end` is behind the last */
    bool spaced;                    /* blank lines part the rows */
    struct columns columns;
};

/* A table that begins at line `at` with a ruler of its own. */
static bool find_spaced(const struct source *s, size_t at, struct shape *ret)
{
    size_t i = at + 1, most = at + TABLE_LINES < s->n ? at + TABLE_LINES : s->n;

    if (!is_ruler(s->lines[at]))
        return false;
    while (i < s->n && i <= at + HEADER_LINES && !is_blank(s->lines[i]) &&
           !find_columns(s->lines[i], &ret->columns))
        i++;
    if (i == at + 1 || i >= s->n || !find_columns(s->lines[i], &ret->columns))
        return false;
    *ret = (struct shape){at, at + 1, i, i + 1, true, ret->columns};
    while (ret->end < most && !is_ruler(s->lines[ret->end]) && s->lines[ret->end].p[0] != '#')
        ret->end++;
    if (ret->end >= most || !is_ruler(s->lines[ret->end]))
        return false;
    ret->end++;
    return true;
}

/* One line a row, with the columns drawn below the header. */
static bool find_plain(const struct source *s, size_t at, struct shape *ret)
{
    struct columns other;

    if (at + 2 >= s->n || is_blank(s->lines[at]) || !find_columns(s->lines[at + 1], &ret->columns))
        return false;
    *ret = (struct shape){at, at, at + 1, at + 2, false, ret->columns};
    while (ret->end < s->n && !is_blank(s->lines[ret->end]) &&
           !find_columns(s->lines[ret->end], &other) && !is_ruler(s->lines[ret->end]))
        ret->end++;
    return ret->end > at + 2;
}

static size_t add_table(struct source *s, const struct shape *t)
{
    size_t last = t->end - (t->spaced ? 1 : 0), row = t->ruler + 1;

    if (t->spaced)
        buf_addz(&s->out, "<table>\n");
    else
        buf_addz(&s->out, "<table>");
    add_row(s, &t->columns, t->header, t->ruler, "th");
    buf_addz(&s->out, "<!---->\n");
    while (row < last) {
        size_t end = row + 1;
        if (is_blank(s->lines[row])) {
            buf_addz(&s->out, "<!---->\n");
            row++;
            continue;
        }
        while (t->spaced && end < last && !is_blank(s->lines[end]))
            end++;
        add_row(s, &t->columns, row, end, "td");
        row = end;
    }
    if (t->spaced) {
        buf_addz(&s->out, "</table>\n");
    } else {
        s->out.n--; /* the line of the last row also ends the table */
        buf_addz(&s->out, "</table>\n");
    }
    return t->end;
}

/* "## Scope {#scope .Green}" without what stands in braces. */
static struct str without_attributes(struct str line)
{
    struct str s = bare(line);
    size_t at = s.n;

    if (s.n < 4 || s.p[0] != '#' || s.p[s.n - 1] != '}')
        return line;
    while (at > 0 && s.p[at - 1] != '{')
        at--;
    if (at < 2 || at >= s.n || strchr("#.-", s.p[at]) == NULL)
        return line;
    return str_sub(s, 0, at - 1);
}

/* ---- pasted as text ---- */

static bool is_mark(char c)
{
    return c != '\0' && strchr("\\`*_{}[]()#+-.!|>~", c) != NULL;
}

/* Every heading is escaped: a program took the Markdown for text. */
static bool is_escaped(const struct source *s)
{
    size_t escaped = 0;

    for (size_t i = 0; i < s->n; i++) {
        if (str_starts(s->lines[i], STR("#")))
            return false;
        escaped += str_starts(s->lines[i], STR("\\#"));
    }
    return escaped > 1;
}

static struct str unescaped(struct arena *mem, struct str line)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < line.n; i++) {
        if (line.p[i] == '\\' && i + 1 < line.n && is_mark(line.p[i + 1]))
            i++;
        buf_char(&out, line.p[i]);
    }
    return buf_str(&out);
}

static bool is_piped(struct str line)
{
    struct str s = str_trim(line);

    return s.n > 2 && s.p[0] == '|' && s.p[s.n - 1] == '|';
}

static bool is_piped_ruler(struct str line)
{
    struct str s = str_trim(line);

    for (size_t i = 0; i < s.n; i++)
        if (strchr("|-: ", s.p[i]) == NULL)
            return false;
    return is_piped(line);
}

static size_t next_filled(const struct source *s, size_t at)
{
    while (++at < s->n && is_blank(s->lines[at]))
        ;
    return at;
}

static void add_piped_row(struct source *s, struct str line, const char *tag)
{
    struct str rest = str_trim(line), cell;

    rest = str_sub(rest, 1, rest.n - 2);
    buf_addz(&s->out, "<tr>");
    while (str_split(&rest, '|', &cell)) {
        buf_printf(&s->out, "<%s>", tag);
        add_cell(&s->out, str_trim(cell));
        buf_printf(&s->out, "</%s>", tag);
    }
    buf_addz(&s->out, "</tr>");
}

/* A table of pipes whose rows have blank lines between them; gives the line behind it, or `at`. */
static size_t add_piped(struct source *s, size_t at)
{
    size_t ruler = next_filled(s, at), i = at;

    if (!is_piped(s->lines[at]) || ruler >= s->n || ruler == at + 1 ||
        !is_piped_ruler(s->lines[ruler]))
        return at;
    buf_addz(&s->out, "<table>");
    while (i < s->n && is_piped(s->lines[i])) {
        size_t next = next_filled(s, i);
        bool more = next < s->n && is_piped(s->lines[next]);
        if (i != ruler)
            add_piped_row(s, s->lines[i], i == at ? "th" : "td");
        buf_addz(&s->out, more ? "<!---->\n" : "</table>\n");
        for (size_t k = i + 1; more && k < next; k++)
            buf_addz(&s->out, "<!---->\n");
        at = i + 1;
        if (!more)
            break;
        i = next;
    }
    return at;
}

static bool is_fence(struct str line)
{
    struct str s = str_trim(line);

    return str_starts(s, STR("```")) || str_starts(s, STR("~~~"));
}

struct str dashes_read(struct arena *mem, struct str text)
{
    struct source s = {.mem = mem, .out = buf_new(mem)};
    struct str rest = text, line;
    struct shape shape;
    bool code = false;

    while (str_split(&rest, '\n', &line))
        *ARENA_PUSH(mem, s.lines, s.n, s.room) = line;
    if (is_escaped(&s))
        for (size_t i = 0; i < s.n; i++)
            s.lines[i] = unescaped(mem, s.lines[i]);
    for (size_t i = 0; i < s.n;) {
        size_t behind;
        code ^= is_fence(s.lines[i]);
        if (!code && (behind = add_piped(&s, i)) > i) {
            i = behind;
            continue;
        }
        if (!code && (find_spaced(&s, i, &shape) || find_plain(&s, i, &shape))) {
            i = add_table(&s, &shape);
            continue;
        }
        if (code || !str_starts(str_trim(s.lines[i]), STR(":::")))
            buf_add(&s.out, code ? s.lines[i] : without_attributes(s.lines[i]));
        buf_char(&s.out, '\n');
        i++;
    }
    return buf_str(&s.out);
}
