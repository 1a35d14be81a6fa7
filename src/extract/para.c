/* Paragraphs of several lines, and what the lines of one may turn out to be. */
#include "extract/internal.h"

#define LABEL_BYTES 48u
#define LABEL_WORDS 6u
#define TITLE_BYTES 100u
#define NAME_BYTES 50u
#define LEAST_ARROWS 2u  /* of a chart of steps */
#define GRID_COLUMNS 32u /* of a table drawn with characters */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool text_is_label_line(struct str line)
{
    size_t colon, words = 1;

    line = str_trim(line);
    colon = str_find_char(line, ':', 0);
    if (colon == SIZE_MAX || colon < 2 || colon > LABEL_BYTES || !is_letter(line.p[0]))
        return false;
    if (colon + 1 < line.n && line.p[colon + 1] != ' ' && line.p[colon + 1] != '\t')
        return false;
    for (size_t i = 0; i < colon; i++) {
        if (strchr(".,;?!|=\"[]{}<>", line.p[i]) != NULL)
            return false;
        if (line.p[i] == ' ' && line.p[i + 1] != ' ')
            words++;
    }
    return words <= LABEL_WORDS;
}

size_t text_bullet(struct str line)
{
    static const char *const bullets[] = {"-", "*", "+", "•", "◦",           "▪", "‣",
                                          "·", "●", "○", "–", "■",           "□", "☐",
                                          "☑", "☒", "➢", "✓", "\xef\x82\xb7"};

    for (size_t i = 0; i < COUNT_OF(bullets); i++) {
        size_t n = strlen(bullets[i]), end = n;
        if (!str_starts(line, str_of(bullets[i])))
            continue;
        while (end < line.n && (line.p[end] == ' ' || line.p[end] == '\t'))
            end++;
        return end > n && end < line.n ? end : 0;
    }
    return 0;
}

/* Bytes of a number, one letter or a small Roman number. */
static size_t ordinal(struct str line)
{
    size_t n = 0;

    while (n < line.n && n < 3 && is_digit(line.p[n]))
        n++;
    if (n > 0)
        return n;
    while (n < line.n && n < 5 && (line.p[n] == 'i' || line.p[n] == 'v' || line.p[n] == 'x'))
        n++;
    if (n > 0 && n < line.n && !is_letter(line.p[n]))
        return n;
    return line.n > 0 && line.p[0] >= 'a' && line.p[0] <= 'z' ? 1 : 0;
}

size_t text_marker(struct str line)
{
    size_t at = text_bullet(line), n;
    bool bracket;

    if (at > 0)
        return at;
    bracket = line.n > 0 && line.p[0] == '(';
    n = ordinal(str_from(line, bracket));
    at = n + bracket;
    if (n == 0 || at >= line.n || (line.p[at] != ')' && (bracket || line.p[at] != '.')))
        return 0;
    n = ++at;
    while (at < line.n && (line.p[at] == ' ' || line.p[at] == '\t'))
        at++;
    return at > n && at < line.n ? at : 0;
}

void para_init(struct para *para, struct flow *flow)
{
    *para = (struct para){
        .flow = flow, .text = buf_new(flow->cx->mem), .struck = buf_new(flow->cx->mem)};
}

void para_clear(struct para *para)
{
    para->text.n = para->struck.n = 0;
    para->line_count = 0;
    para->strong = para->plain = 0;
}

bool para_is_empty(const struct para *para)
{
    return str_trim(buf_str(&para->text)).n == 0 && para->struck.n == 0;
}

static struct para_line *begin_line(struct para *para, bool hard)
{
    struct para_line *line =
        ARENA_PUSH(para->flow->cx->mem, para->lines, para->line_count, para->line_room);

    *line = (struct para_line){.from = para->text.n, .hard = hard};
    return line;
}

void para_text(struct para *para, struct str text, uint32_t line, bool strong, bool struck)
{
    struct para_line *last;
    size_t seen = str_trim(text).n;

    last = para->line_count == 0 ? begin_line(para, false) : &para->lines[para->line_count - 1];
    if (last->line == 0 && seen > 0)
        last->line = line;
    if (struck) {
        buf_add(&para->struck, text);
        return;
    }
    buf_add(&para->text, text);
    if (strong)
        para->strong += seen;
    else
        para->plain += seen;
}

void para_break(struct para *para, bool hard)
{
    if (para->line_count == 0)
        begin_line(para, false);
    buf_char(&para->text, '\n');
    if (para->struck.n > 0)
        buf_char(&para->struck, ' ');
    begin_line(para, hard);
}

static struct str line_text(const struct para *para, size_t i)
{
    size_t from = para->lines[i].from;
    size_t to = i + 1 < para->line_count ? para->lines[i + 1].from : para->text.n;

    return str_trim(str_sub(buf_str(&para->text), from, to - from));
}

/* A row of dashes and bars, as under the header of a table. */
static bool is_ruler(struct str s)
{
    bool bar = false, dash = false;

    for (size_t i = 0; i < s.n; i++) {
        if (strchr("|-:+ ", s.p[i]) == NULL || s.p[i] == '\0')
            return false;
        bar |= s.p[i] == '|';
        dash |= s.p[i] == '-';
    }
    return bar && dash;
}

static bool is_import(struct str s)
{
    return (str_starts(s, STR("import ")) &&
            (str_has(s, " from '") || str_has(s, " from \"") || str_starts(s, STR("import '")) ||
             str_starts(s, STR("import \"")))) ||
           str_starts(s, STR("export const ")) || str_starts(s, STR("export default "));
}

/* A line of a drawn tree or chart of boxes. */
static bool is_drawing(struct str s)
{
    while (str_starts(s, STR("\xe2\x80")) && s.n > 3 && (unsigned char)s.p[2] <= 0x8a)
        s = str_from(s, 3); /* wide blanks */
    return str_starts(s, STR("├")) || str_starts(s, STR("└")) || str_starts(s, STR("│"));
}

/* A line of a table drawn with characters: +-----+-----+ or +=====+=====+ */
static bool is_grid(struct str s)
{
    if (s.n < 5 || s.p[0] != '+' || s.p[s.n - 1] != '+' || strchr("-=:", s.p[1]) == NULL)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (strchr("+-=:", s.p[i]) == NULL || s.p[i] == '\0')
            return false;
    return true;
}

/* A line that could be a name or title by itself: running text has longer ones. */
static bool is_name(struct str s)
{
    return s.n <= NAME_BYTES && s.p[0] >= 'A' && s.p[0] <= 'Z' &&
           strchr(".,;:?!-", s.p[s.n - 1]) == NULL;
}

/* A line that only leads from one step of a chart to the next. */
static bool is_arrow(struct str s)
{
    static const char *const arrows[] = {"↓", "⬇", "▼", "⇩", "→", "⇓", "|", "v", "V", "↓↓"};

    for (size_t i = 0; i < COUNT_OF(arrows); i++)
        if (str_is(s, arrows[i]))
            return true;
    return false;
}

struct survey {
    size_t lines, labels, hard, bullets, rulers, drawings, grids, names, tabs, arrows;
};

static struct survey look(const struct para *para)
{
    struct survey s = {0};

    for (size_t i = 0; i < para->line_count; i++) {
        struct str text = line_text(para, i);
        if (text.n == 0)
            continue;
        s.lines++;
        s.labels += text_is_label_line(text);
        s.hard += para->lines[i].hard;
        s.bullets += text_bullet(text) > 0;
        s.rulers += is_ruler(text);
        s.drawings += is_drawing(text);
        s.grids += is_grid(text);
        s.names += is_name(text);
        s.tabs += str_find_char(text, '\t', 0) != SIZE_MAX;
        s.arrows += is_arrow(text);
    }
    return s;
}

static void place(struct para *para, size_t i)
{
    if (para->lines[i].line != 0)
        para->flow->place.line = para->lines[i].line;
}

/* The rows of a table that the format's own parser did not take for one. */
static void flush_table(struct para *para)
{
    struct flow *flow = para->flow;

    flow_table(flow);
    for (size_t i = 0; i < para->line_count; i++) {
        struct str rest = line_text(para, i), cell;
        bool header = i + 1 < para->line_count && is_ruler(line_text(para, i + 1));
        if (is_ruler(rest) || rest.n == 0)
            continue;
        if (rest.p[0] == '|')
            rest = str_from(rest, 1);
        for (unsigned column = 0; str_split(&rest, '|', &cell); column++)
            flow_cell(flow, column, cell);
        place(para, i);
        flow_row(flow, header);
    }
    flow_table_end(flow);
}

struct grid_row {
    struct buf cells[GRID_COLUMNS];
    size_t first_line; /* SIZE_MAX while it is empty */
};

static void add_grid_line(struct grid_row *row, struct str rest, size_t line)
{
    struct str cell;

    if (row->first_line == SIZE_MAX)
        row->first_line = line;
    if (rest.n > 0 && rest.p[0] == '|')
        rest = str_from(rest, 1);
    for (size_t column = 0; column < GRID_COLUMNS && str_split(&rest, '|', &cell); column++) {
        buf_char(&row->cells[column], ' ');
        buf_add(&row->cells[column], cell);
    }
}

/* The rows of a drawn table: several lines make one. */
static void flush_grid(struct para *para)
{
    struct flow *flow = para->flow;
    struct grid_row row = {.first_line = SIZE_MAX};

    for (unsigned i = 0; i < GRID_COLUMNS; i++)
        row.cells[i] = buf_new(flow->cx->mem);
    flow_table(flow);
    for (size_t i = 0; i < para->line_count; i++) {
        struct str text = line_text(para, i);
        if (!is_grid(text)) {
            add_grid_line(&row, text, i);
            if (i + 1 < para->line_count)
                continue;
        }
        if (row.first_line == SIZE_MAX)
            continue;
        place(para, row.first_line);
        for (unsigned j = 0; j < GRID_COLUMNS; j++) {
            flow_cell(flow, j, buf_str(&row.cells[j]));
            row.cells[j].n = 0;
        }
        flow_row(flow, text.n > 1 && text.p[1] == '=');
        row.first_line = SIZE_MAX;
    }
    flow_table_end(flow);
}

static struct str without_drawing(struct str s)
{
    for (size_t at = 0; at < s.n;) {
        size_t before = at;
        uint32_t c = utf8_next(s, &at);
        if (c != ' ' && c != 0xa0 && (c < 0x2000 || c > 0x200a) && (c < 0x2500 || c > 0x257f))
            return str_from(s, before);
    }
    return STR_NONE;
}

static void emit(struct para *para, enum para_as as, unsigned level, struct str text)
{
    size_t marker;

    switch (as) {
    case PARA_HEADING:
        flow_heading(para->flow, level, text);
        return;
    case PARA_ITEM:
        flow_item(para->flow, level, text);
        return;
    case PARA_FURNITURE:
        flow_furniture(para->flow, text);
        return;
    case PARA_PLAIN:
    case PARA_TOP:
        break;
    }
    marker = text_marker(text);
    if (marker > 0)
        flow_item(para->flow, level, str_from(text, marker));
    else if (is_drawing(text))
        flow_item(para->flow, 1, without_drawing(text));
    else
        flow_paragraph(para->flow, text);
}

static bool begins_own(const struct para *para, const struct survey *s, size_t i)
{
    struct str text = line_text(para, i);

    if (s->arrows >= LEAST_ARROWS)
        return true;
    if (s->labels > 0 && s->hard > 0 && para->lines[i].hard)
        return true;
    if (s->labels >= 2 && s->labels * 2 >= s->lines)
        return true;
    if (s->names >= 3 && s->names == s->lines)
        return true;
    if (s->bullets >= 2 && text_bullet(text) > 0)
        return true;
    return s->drawings >= 2 && is_drawing(text);
}

bool text_is_title(struct str text)
{
    size_t colon = str_find_char(text, ':', 0), marker = text_marker(text);

    if (text.n == 0 || text.n > TITLE_BYTES || text.p[0] == '[' || text.p[0] == '<' ||
        str_find_char(text, '=', 0) != SIZE_MAX)
        return false; /* a blank to fill in, or a formula */
    for (size_t i = 0; i < text.n; i++)
        if (is_letter(text.p[i]))
            return strchr(".;,", text.p[text.n - 1]) == NULL &&
                   (colon == SIZE_MAX || colon + 1 == text.n) &&
                   (marker == 0 || is_digit(text.p[0]));
    return false;
}

/* A paragraph that is bold and short stands for a heading. */
static bool is_title(const struct para *para, const struct survey *s)
{
    return s->lines == 1 && para->plain == 0 && para->strong > 0 &&
           text_is_title(str_trim(buf_str(&para->text)));
}

/* The first `count` lines as blocks of text. */
static void flush_lines(struct para *para, enum para_as as, unsigned level, const struct survey *s,
                        size_t count)
{
    size_t from = SIZE_MAX; /* text of the block being gathered */
    size_t end = 0;
    struct str all = buf_str(&para->text);
    bool chart = s->arrows >= LEAST_ARROWS && as != PARA_HEADING;

    if (chart) {
        as = PARA_ITEM;
        level = level == 0 ? 1 : level;
    }
    for (size_t i = 0; i < count; i++) {
        struct str text = line_text(para, i);
        if (text.n == 0 || is_import(text) || (chart && is_arrow(text)))
            continue;
        if (from != SIZE_MAX && begins_own(para, s, i)) {
            emit(para, as, level, str_trim(str_sub(all, from, end - from)));
            from = SIZE_MAX;
        }
        if (from == SIZE_MAX) {
            from = para->lines[i].from;
            place(para, i);
        }
        end = (size_t)(text.p - all.p) + text.n;
    }
    if (from != SIZE_MAX)
        emit(para, as, level, str_trim(str_sub(all, from, end - from)));
}

/* Lines with tabs as a table, and what stands before them as text. */
static bool flush_tabs(struct para *para, enum para_as as, unsigned level, const struct survey *s)
{
    struct arena *mem = para->flow->cx->mem;
    struct tab_line *lines = arena_array(mem, para->line_count, sizeof *lines);
    size_t header;

    for (size_t i = 0; i < para->line_count; i++)
        lines[i] = (struct tab_line){line_text(para, i), para->lines[i].line};
    header = tabs_header(lines, para->line_count);
    if (header == SIZE_MAX)
        return false;
    flush_lines(para, as, level, s, header);
    tabs_flush(para->flow, lines + header, para->line_count - header);
    return true;
}

void para_flush(struct para *para, enum para_as as, unsigned level)
{
    struct survey s = look(para);

    if (para->line_count == 0)
        return;
    if (as == PARA_HEADING || as == PARA_FURNITURE)
        s = (struct survey){.lines = s.lines};
    if (as == PARA_TOP && s.lines > 0 && is_title(para, &s)) {
        place(para, 0);
        flow_heading(para->flow, 7, buf_str(&para->text));
    } else if (s.grids >= 2 && s.lines > s.grids && as != PARA_HEADING) {
        flush_grid(para);
    } else if (s.rulers > 0 && s.lines > s.rulers && as != PARA_HEADING) {
        flush_table(para);
    } else if (s.tabs < 3 || as == PARA_HEADING || !flush_tabs(para, as, level, &s)) {
        flush_lines(para, as, level, &s, para->line_count);
    }
    if (para->struck.n > 0) {
        bool before = para->flow->struck;
        place(para, 0);
        para->flow->struck = true;
        emit(para, as, level, str_trim(buf_str(&para->struck)));
        para->flow->struck = before;
    }
    para_clear(para);
}
