/*
 * Front matter: the properties at the head of a Markdown file, between two lines of dashes (YAML),
 * of plus signs (TOML), or from the first line to one of dashes. It is read line by line, not by
 * a YAML parser, since half of what people write there is not valid YAML.
 */
#include "extract/internal.h"

#define FRONT_LINES 200u

static struct str next_line(struct str text, size_t *at)
{
    size_t end = str_find_char(text, '\n', *at);
    struct str line = str_sub(text, *at, (end == SIZE_MAX ? text.n : end) - *at);

    *at = end == SIZE_MAX ? text.n : end + 1;
    return line;
}

static bool is_fence(struct str line, const char *fence)
{
    line = str_trim(line);
    return str_is(line, fence) || (fence[0] == '-' && str_is(line, "..."));
}

/* Where a key ends: `key: ` or `key = `; SIZE_MAX where the line has none. */
static size_t key_end(struct str line, char sign)
{
    size_t at = str_find_char(line, sign, 0);

    if (at == SIZE_MAX || at == 0 || at > 64 || strchr(" \t-#[{|>'&*!%", line.p[0]) != NULL)
        return SIZE_MAX;
    if (sign == ':' && at + 1 < line.n && line.p[at + 1] != ' ' && line.p[at + 1] != '\t')
        return SIZE_MAX;
    for (size_t i = 0; i < at; i++)
        if (strchr(".?!,;<>()`*", line.p[i]) != NULL)
            return SIZE_MAX;
    return at;
}

/* Without quotes or brackets around it, and without a comment after it. */
static struct str bare(struct str s)
{
    size_t comment;

    s = str_trim(s);
    if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'')) {
        size_t end = str_find_char(s, s.p[0], 1);
        if (end != SIZE_MAX)
            return str_sub(s, 1, end - 1);
    }
    comment = str_find(s, STR(" #"), 0);
    if (comment != SIZE_MAX)
        s = str_trim(str_sub(s, 0, comment));
    if (s.n > 0 && s.p[0] == '#')
        return STR_NONE;
    return s;
}

static void add_part(struct buf *value, struct str part)
{
    struct str so_far = buf_str(value);

    part = bare(part);
    if (part.n == 0)
        return;
    if (so_far.n > 0 && so_far.p[so_far.n - 1] == ':')
        buf_char(value, ' ');
    else if (so_far.n > 0)
        buf_addz(value, ", ");
    buf_add(value, part);
}

/* "[a, 'b']" */
static void add_list(struct buf *value, struct str s)
{
    struct str part;

    s = str_trim(s);
    if (s.n < 2 || s.p[0] != '[' || s.p[s.n - 1] != ']') {
        add_part(value, s);
        return;
    }
    s = str_sub(s, 1, s.n - 2);
    while (str_split(&s, ',', &part))
        add_part(value, part);
}

/* A line below a key: an item, a nested key, or a line of a block of text. */
static void add_below(struct buf *value, struct str line, bool prose)
{
    line = str_trim(line);
    if (prose) {
        if (value->n > 0)
            buf_char(value, ' ');
        buf_add(value, line);
        return;
    }
    while (str_starts(line, STR("- ")))
        line = str_trim(str_from(line, 2));
    if (!str_is(line, "-"))
        add_part(value, line);
}

static void read_block(struct flow *flow, struct str block, uint32_t line, char sign)
{
    struct str label = STR_NONE;
    struct buf value = buf_new(flow->cx->mem);
    bool prose = false;
    uint32_t label_line = line;

    for (size_t at = 0; at < block.n; line++) {
        struct str text = next_line(block, &at);
        size_t end = key_end(text, sign);
        if (end == SIZE_MAX) {
            add_below(&value, text, prose);
            continue;
        }
        flow->place.line = label_line;
        flow_property(flow, label, buf_str(&value));
        value.n = 0;
        label = bare(str_sub(text, 0, end));
        label_line = line;
        text = bare(str_from(text, end + 1));
        prose = text.n > 0 && text.n <= 2 && (text.p[0] == '|' || text.p[0] == '>');
        if (!prose)
            add_list(&value, text);
    }
    flow->place.line = label_line;
    flow_property(flow, label, buf_str(&value));
}

/* Where the block that begins at `from` ends: the start of its closing line, SIZE_MAX for none.
 * Without an opening line, each of its lines must look like front matter. */
static size_t block_end(struct str text, size_t from, const char *fence, bool strict)
{
    unsigned lines = 0;

    for (size_t at = from; at < text.n && lines < FRONT_LINES; lines++) {
        size_t start = at;
        struct str line = next_line(text, &at);
        if (is_fence(line, fence))
            return lines > 0 || !strict ? start : SIZE_MAX;
        if (!strict)
            continue;
        if (line.n == 0 ||
            (key_end(line, ':') == SIZE_MAX && (lines == 0 || strchr(" \t-#", line.p[0]) == NULL)))
            return SIZE_MAX;
    }
    return SIZE_MAX;
}

/* Between a pair of dashed lines, at least one line must be a key: else they are rules. */
static bool has_key(struct str block, char sign)
{
    for (size_t at = 0; at < block.n;)
        if (key_end(next_line(block, &at), sign) != SIZE_MAX)
            return true;
    return str_trim(block).n == 0;
}

void front_matter_read(struct flow *flow, struct str text, struct str *ret_rest, uint32_t *ret_line)
{
    size_t from = 0, end;
    uint32_t line = 1, last = 1;
    struct str first;

    *ret_rest = text;
    *ret_line = 1;
    while (from < text.n && text.p[from] == '\n')
        from++, line++;
    size_t start = from;
    first = next_line(text, &from);
    bool toml = is_fence(first, "+++"), fenced = toml || str_is(str_trim(first), "---");
    if (fenced)
        line++;
    else
        from = start;
    end = block_end(text, from, toml ? "+++" : "---", !fenced);
    if (end == SIZE_MAX || !has_key(str_sub(text, from, end - from), toml ? '=' : ':'))
        return;
    read_block(flow, str_sub(text, from, end - from), line, toml ? '=' : ':');
    (void)next_line(text, &end);
    for (size_t i = 0; i < end; i++)
        last += text.p[i] == '\n';
    *ret_rest = str_from(text, end);
    *ret_line = last;
}
