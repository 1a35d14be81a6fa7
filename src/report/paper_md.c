/*
 * A paper as Markdown: CommonMark with the tables of GitHub, in lines as long as the paragraphs
 * are. Characters are escaped only where they would be read as marks, so that people can go on
 * writing.
 */
#include "report/paper.h"

#include <ctype.h>

#define LISTS 5u

struct writer {
    struct arena *mem;
    const struct paper *paper;
    struct buf *out;
    bool has_title;          /* headings begin one level lower */
    bool table;              /* within a cell: all on one line */
    unsigned numbers[LISTS]; /* of the last item of a level */
    unsigned indents[LISTS]; /* of what an item of a level holds */
    struct str *slugs;       /* of each block that is a heading */
    struct dict *names;      /* of blocks, and their slugs */
};

/* ---- text ---- */

static char next_of(struct str s, size_t i)
{
    return i + 1 < s.n ? s.p[i + 1] : '\0';
}

/* Would this character be a mark at the beginning of a line? Digits before "." are seen there. */
static bool begins_block(struct str s, size_t i, size_t line)
{
    char c = s.p[i];

    if (i == line)
        return strchr("#+-=>:|", c) != NULL;
    if ((c != '.' && c != ')') || i - line > 9 || strchr(" \n", next_of(s, i)) == NULL)
        return false;
    for (size_t k = line; k < i; k++)
        if (!isdigit((unsigned char)s.p[k]))
            return false;
    return true;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* What is at `i` of a run's text; `last` is false where more runs follow. */
static bool needs_escape(const struct writer *w, struct str s, size_t i, bool last)
{
    char c = s.p[i], next = next_of(s, i);

    switch (c) {
    case '\\':
    case '`':
    case '*':
    case '<':
        return true;
    case '~':
        return next == '~' || (i > 0 && s.p[i - 1] == '~');
    case '|':
        return w->table;
    case '_':
        return i == 0 || next == '\0' || !is_word(s.p[i - 1]) || !is_word(next);
    case '[':
        return i + 2 < s.n && s.p[i + 2] == ']' && strchr(" xX", next) != NULL;
    case ']':
        return next != '\0' ? strchr("([:", next) != NULL : !last;
    case '&':
        return next == '#' || isalpha((unsigned char)next);
    default:
        return false;
    }
}

static void add_escaped(struct writer *w, struct str s, bool line_begins, bool last)
{
    size_t line = line_begins ? 0 : SIZE_MAX;

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\n') {
            buf_addz(w->out, w->table ? "<br>" : "\\\n");
            while (i + 1 < s.n && s.p[i + 1] == ' ')
                i++;
            line = i + 1;
            continue;
        }
        if (needs_escape(w, s, i, last) ||
            (line != SIZE_MAX && !w->table && begins_block(s, i, line)))
            buf_char(w->out, '\\');
        buf_char(w->out, s.p[i]);
    }
}

static void add_code(struct writer *w, struct str s)
{
    size_t most = 0, run = 0;

    for (size_t i = 0; i < s.n; i++) {
        run = s.p[i] == '`' ? run + 1 : 0;
        most = run > most ? run : most;
    }
    bool pad = s.p[0] == '`' || s.p[s.n - 1] == '`';
    for (size_t i = 0; i <= most; i++)
        buf_char(w->out, '`');
    buf_addz(w->out, pad ? " " : "");
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '|' && w->table)
            buf_char(w->out, '\\');
        buf_char(w->out, s.p[i] == '\n' ? ' ' : s.p[i]);
    }
    buf_addz(w->out, pad ? " " : "");
    for (size_t i = 0; i <= most; i++)
        buf_char(w->out, '`');
}

static void add_address(struct buf *out, struct str address)
{
    for (size_t i = 0; i < address.n; i++) {
        if (strchr("()<>\\", address.p[i]) != NULL)
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)address.p[i]);
        else
            buf_char(out, address.p[i]);
    }
}

static void add_link(struct writer *w, const struct paper_run *run, bool line_begins)
{
    struct str address = run->link;

    if (address.p[0] == '#') {
        const struct str *slug = dict_get(w->names, str_from(address, 1));
        address = slug != NULL ? *slug : STR_NONE;
    }
    if (address.n == 0) {
        add_escaped(w, run->text, line_begins, false);
        return;
    }
    buf_char(w->out, '[');
    add_escaped(w, run->text, false, false);
    buf_addz(w->out, run->link.p[0] == '#' ? "](#" : "](");
    add_address(w->out, address);
    buf_char(w->out, ')');
}

static const char *emphasis(unsigned marks)
{
    switch (marks & (PAPER_BOLD | PAPER_ITALIC)) {
    case PAPER_BOLD:
        return "**";
    case PAPER_ITALIC:
        return "*";
    case PAPER_BOLD | PAPER_ITALIC:
        return "***";
    default:
        return "";
    }
}

/* Marks hold only next to a word, and not between punctuation and a letter. */
static bool may_mark(struct str before, struct str text, struct str after)
{
    bool first = before.n == 0 || !is_word(before.p[before.n - 1]) || is_word(text.p[0]);
    bool last = after.n == 0 || !is_word(after.p[0]) || is_word(text.p[text.n - 1]);

    return first && last;
}

/* White space between runs: a blank, or the end of a line. */
static void add_gap(struct writer *w, struct str space)
{
    if (str_find_char(space, '\n', 0) == SIZE_MAX)
        buf_char(w->out, ' ');
    else
        buf_addz(w->out, w->table ? "<br>" : "\\\n");
}

static void add_run(struct writer *w, const struct paper_text *t, size_t i, bool line_begins)
{
    const struct paper_run *run = &t->runs[i];
    struct str text = run->text, core = str_trim(text);
    size_t lead = core.n > 0 ? (size_t)(core.p - text.p) : text.n;
    struct str before = i > 0 ? t->runs[i - 1].text : STR_NONE;
    struct str after = i + 1 < t->n ? t->runs[i + 1].text : STR_NONE;
    const char *mark = emphasis(run->marks);

    if (lead > 0 && !line_begins)
        add_gap(w, str_sub(text, 0, lead));
    line_begins = line_begins || (w->out->n > 0 && w->out->p[w->out->n - 1] == '\n');
    if (core.n == 0)
        return;
    if (!may_mark(lead > 0 ? STR_NONE : before, core, core.n + lead < text.n ? STR_NONE : after))
        mark = "";
    if (run->link.n > 0) {
        add_link(w, run, line_begins);
    } else {
        buf_addz(w->out, mark);
        if ((run->marks & PAPER_CODE) != 0)
            add_code(w, core);
        else
            add_escaped(w, core, line_begins && mark[0] == '\0', i + 1 == t->n);
        buf_addz(w->out, mark);
    }
    if (lead + core.n < text.n && i + 1 < t->n)
        add_gap(w, str_from(text, lead + core.n));
}

/* Neighbours with the same marks become one, else their marks would touch. */
static struct paper_text *joined(struct arena *mem, const struct paper_text *t)
{
    struct paper_text *all = ARENA_NEW(mem, struct paper_text);

    all->mem = mem;
    for (size_t i = 0; i < t->n; i++) {
        struct paper_run *last = all->n > 0 ? &all->runs[all->n - 1] : NULL;
        const struct paper_run *run = &t->runs[i];
        if (last != NULL && last->link.n + run->link.n == 0 &&
            ((last->marks ^ run->marks) & (PAPER_BOLD | PAPER_ITALIC | PAPER_CODE)) == 0)
            last->text = str_printf(mem, "%.*s%.*s", STR_ARG(last->text), STR_ARG(run->text));
        else
            *ARENA_PUSH(mem, all->runs, all->n, all->room) = *run;
    }
    return all;
}

static void add_text(struct writer *w, const struct paper_text *t, bool line_begins)
{
    const struct paper_text *all = joined(w->mem, t);
    size_t from = w->out->n;

    for (size_t i = 0; i < all->n; i++)
        add_run(w, all, i, line_begins && w->out->n == from);
}

/* ---- tables ---- */

static void add_cell(struct writer *w, const struct paper_cell *cell)
{
    buf_addz(w->out, "| ");
    for (size_t i = 0; i < cell->n; i++) {
        if (i > 0 && cell->texts[i]->n > 0)
            buf_addz(w->out, "<br>");
        add_text(w, cell->texts[i], false);
    }
    buf_char(w->out, ' ');
    for (unsigned i = 1; i < cell->span; i++)
        buf_addz(w->out, "| ");
}

static void add_row(struct writer *w, const struct paper_table *t, const struct paper_row *row)
{
    size_t columns = 0;

    for (size_t i = 0; row != NULL && i < row->n && columns < t->column_n; i++) {
        add_cell(w, row->cells[i]);
        columns += row->cells[i]->span;
    }
    for (; columns < t->column_n; columns++)
        buf_addz(w->out, "| ");
    buf_addz(w->out, "|\n");
}

static void add_table(struct writer *w, const struct paper_table *t)
{
    size_t first = t->n > 0 && t->rows[0]->header ? 1 : 0;

    if (t->column_n == 0 || t->n == 0)
        return;
    w->table = true;
    add_row(w, t, first > 0 ? t->rows[0] : NULL);
    for (size_t i = 0; i < t->column_n; i++)
        buf_addz(w->out, t->columns[i].align == PAPER_RIGHT    ? "| ---: "
                         : t->columns[i].align == PAPER_CENTRE ? "| :---: "
                                                               : "| --- ");
    buf_addz(w->out, "|\n");
    for (size_t i = first; i < t->n; i++)
        add_row(w, t, t->rows[i]);
    w->table = false;
}

/* ---- blocks ---- */

static unsigned depth(const struct writer *w, const struct paper_block *b)
{
    unsigned level = b->level + (w->has_title ? 1 : 0);

    return level > PAPER_LEVELS ? PAPER_LEVELS : level;
}

/* Headings are one line. */
static void add_heading(struct writer *w, unsigned level, const struct paper_text *t)
{
    size_t from = w->out->n;

    for (unsigned i = 0; i < level; i++)
        buf_char(w->out, '#');
    buf_char(w->out, ' ');
    add_text(w, t, false);
    for (size_t i = from; i + 1 < w->out->n; i++)
        if (w->out->p[i] == '\\' && w->out->p[i + 1] == '\n')
            w->out->p[i] = w->out->p[i + 1] = ' ';
    buf_char(w->out, '\n');
}

/* Adds `text` with `head` before each of its lines. */
static void add_lines(struct buf *out, struct str text, const char *head)
{
    struct str line;

    while (str_split(&text, '\n', &line))
        buf_printf(out, "%s%.*s\n", head, STR_ARG(line));
}

static void add_paragraph(struct writer *w, const struct paper_block *b)
{
    bool set_apart = b->style == PAPER_QUOTE || b->style == PAPER_CALLOUT;
    struct buf text = buf_new(w->mem), *out = w->out;

    if (b->style == PAPER_TITLE) {
        add_heading(w, 1, b->text);
        return;
    }
    w->out = &text;
    add_text(w, b->text, true);
    w->out = out;
    add_lines(out, buf_str(&text), set_apart ? "> " : "");
}

static void add_item(struct writer *w, const struct paper_block *b)
{
    unsigned level = b->level, indent = level > 1 ? w->indents[level - 1] : 0;
    struct buf text = buf_new(w->mem), *out = w->out;
    struct str rest, line;

    w->numbers[level] = b->starts ? 1 : w->numbers[level] + 1;
    w->out = &text;
    add_text(w, b->text, true);
    w->out = out;
    for (unsigned i = 0; i < indent; i++)
        buf_char(out, ' ');
    size_t from = out->n;
    if (b->list == PAPER_NUMBERS)
        buf_printf(out, "%u. ", w->numbers[level]);
    else
        buf_addz(out, "- ");
    indent += (unsigned)(out->n - from);
    for (unsigned i = level; i < LISTS; i++)
        w->indents[i] = indent;
    rest = buf_str(&text);
    if (str_split(&rest, '\n', &line))
        buf_add(out, line);
    buf_char(out, '\n');
    add_lines(out, rest, str_printf(w->mem, "%*s", (int)indent, "").p);
}

static void add_contents(struct writer *w, unsigned level)
{
    for (size_t i = 0; i < w->paper->n; i++) {
        const struct paper_block *b = w->paper->blocks[i];
        if (b->kind != PAPER_HEADING || b->level > level || (b->media & PAPER_PAGES) == 0)
            continue;
        for (unsigned k = 1; k < b->level; k++)
            buf_addz(w->out, "  ");
        buf_addz(w->out, "- [");
        add_escaped(w, paper_plain(w->mem, b->text), false, false);
        buf_addz(w->out, "](#");
        add_address(w->out, w->slugs[i]);
        buf_addz(w->out, ")\n");
    }
}

static void add_block(struct writer *w, const struct paper_block *b)
{
    switch (b->kind) {
    case PAPER_HEADING:
        add_heading(w, depth(w, b), b->text);
        break;
    case PAPER_PARAGRAPH:
        add_paragraph(w, b);
        break;
    case PAPER_ITEM:
        add_item(w, b);
        break;
    case PAPER_TABLE:
        add_table(w, b->table);
        break;
    case PAPER_FIGURE:
        buf_char(w->out, '*');
        add_escaped(w, str_squeeze(w->mem, b->says), false, false);
        buf_addz(w->out, "*\n");
        break;
    case PAPER_CONTENTS:
        add_contents(w, b->level);
        break;
    case PAPER_BREAK:
        break;
    }
}

/* ---- addresses of headings, as forges make them ---- */

static struct str slug_of(struct arena *mem, const struct paper_text *t)
{
    struct str text = str_lower(mem, str_trim(paper_plain(mem, t)));
    struct buf out = buf_new(mem);

    for (size_t at = 0; at < text.n;) {
        uint32_t code = utf8_next(text, &at);
        if (code == ' ' || code == '\n' || code == '-')
            buf_char(&out, '-');
        else if (code == '_' || code >= 0x2100 || (code >= 0xc0 && code < 0x2000) ||
                 (code < 0x80 && isalnum((int)code)))
            buf_code(&out, code);
    }
    return buf_str(&out);
}

/* A slug that is taken gets a number. */
static struct str new_slug(struct arena *mem, struct dict *seen, struct str slug)
{
    struct str numbered = slug;

    for (unsigned n = 1; dict_has(seen, numbered); n++)
        numbered = str_printf(mem, "%.*s-%u", STR_ARG(slug), n);
    dict_set(seen, numbered, seen);
    return numbered;
}

static void find_slugs(struct writer *w)
{
    struct dict *seen = dict_new(w->mem);

    w->names = dict_new(w->mem);
    w->slugs = arena_array(w->mem, w->paper->n + 1, sizeof *w->slugs);
    for (size_t i = 0; i < w->paper->n; i++) {
        const struct paper_block *b = w->paper->blocks[i];
        bool title = b->kind == PAPER_PARAGRAPH && b->style == PAPER_TITLE;
        w->has_title = w->has_title || title;
        if (b->kind != PAPER_HEADING && !title)
            continue;
        w->slugs[i] = new_slug(w->mem, seen, slug_of(w->mem, b->text));
        if (b->name.n > 0)
            dict_set(w->names, b->name, &w->slugs[i]);
    }
}

int paper_md(struct ctx *cx, const struct paper *f, struct buf *out)
{
    struct writer w = {.mem = cx->mem, .paper = f, .out = out};
    const struct paper_block *last = NULL;

    find_slugs(&w);
    if (f->draft)
        buf_printf(out, "**%s**\n", _("Draft"));
    for (size_t i = 0; i < f->n; i++) {
        const struct paper_block *b = f->blocks[i];
        bool empty = b->text != NULL && paper_plain(cx->mem, b->text).n == 0;
        if ((b->media & PAPER_PAGES) == 0 || b->kind == PAPER_BREAK || empty)
            continue;
        if (out->n > 0 && !(b->kind == PAPER_ITEM && last != NULL && last->kind == PAPER_ITEM &&
                            (!b->starts || b->level > last->level)))
            buf_char(out, '\n');
        add_block(&w, b);
        last = b;
        TRY(ctx_check(cx));
    }
    return 0;
}
