#include "report/press.h"

#include <pango/pangocairo.h>

#define TEXT_FONTS "Liberation Sans, Noto Sans, DejaVu Sans, Sans"
#define CODE_FONTS "Liberation Mono, Noto Sans Mono, DejaVu Sans Mono, Monospace"
#define CODE_SCALE 0.92

static unsigned hex(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static guint16 part(const char *colour, unsigned i)
{
    return (guint16)((hex(colour[2 * i]) * 16 + hex(colour[2 * i + 1])) * 257);
}

static void set_colour(cairo_t *cr, const char *colour)
{
    cairo_set_source_rgb(cr, part(colour, 0) / 65535.0, part(colour, 1) / 65535.0,
                         part(colour, 2) / 65535.0);
}

/* ---- text ---- */

/* Pango takes the square of a word's length to break it, so a word that is longer than any line is
 * broken here. */
#define WORD_BYTES 250u

static struct str break_words(struct press *p, struct str text)
{
    glong n = g_utf8_strlen(text.p, (gssize)text.n);
    PangoLogAttr *attrs = arena_array(p->cx->mem, (size_t)n + 1, sizeof *attrs);
    struct buf out = buf_new(p->cx->mem);
    size_t last = 0;

    pango_get_log_attrs(text.p, (int)text.n, -1, pango_context_get_language(p->pango), attrs,
                        (int)n + 1);
    for (size_t at = 0, i = 0; at < text.n; i++) {
        size_t from = at;
        (void)utf8_next(text, &at);
        if (attrs[i].is_line_break)
            last = from;
        if (from - last >= WORD_BYTES) {
            buf_char(&out, '\n');
            last = from;
        }
        buf_add(&out, str_sub(text, from, at - from));
    }
    return buf_str(&out);
}

/* The same text with words that can be broken; mostly itself. */
static const struct paper_text *breakable(struct press *p, const struct paper_text *t)
{
    struct paper_text *copy = NULL;

    for (size_t i = 0; t != NULL && i < t->n; i++) {
        if (t->runs[i].text.n <= WORD_BYTES)
            continue;
        if (copy == NULL) {
            copy = ARENA_NEW(p->cx->mem, struct paper_text);
            copy->runs = arena_array(p->cx->mem, t->n, sizeof *copy->runs);
            memcpy(copy->runs, t->runs, t->n * sizeof *copy->runs);
            copy->n = t->n;
        }
        copy->runs[i].text = break_words(p, t->runs[i].text);
    }
    return copy != NULL ? copy : t;
}

static void add(PangoAttrList *list, PangoAttribute *attribute, size_t from, size_t to)
{
    attribute->start_index = (guint)from;
    attribute->end_index = (guint)to;
    pango_attr_list_insert(list, attribute);
}

static void add_marks(PangoAttrList *list, unsigned marks, enum paper_role role, size_t from,
                      size_t to)
{
    const char *ink = paper_ink(role), *wash = paper_wash(PAPER_CONCERN);

    if ((marks & PAPER_BOLD) != 0)
        add(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from, to);
    if ((marks & PAPER_ITALIC) != 0)
        add(list, pango_attr_style_new(PANGO_STYLE_ITALIC), from, to);
    if ((marks & PAPER_CODE) != 0) {
        add(list, pango_attr_family_new(CODE_FONTS), from, to);
        add(list, pango_attr_scale_new(CODE_SCALE), from, to);
    }
    if ((marks & PAPER_FILL) != 0)
        add(list, pango_attr_background_new(part(wash, 0), part(wash, 1), part(wash, 2)), from, to);
    if (role != PAPER_PLAIN)
        add(list, pango_attr_foreground_new(part(ink, 0), part(ink, 1), part(ink, 2)), from, to);
}

static PangoAttrList *attributes(const struct paper_text *t, struct press_look look, size_t n)
{
    PangoAttrList *list = pango_attr_list_new();
    size_t at = 0;

    add_marks(list, look.marks, look.role, 0, n);
    for (size_t i = 0; t != NULL && i < t->n; i++) {
        const struct paper_run *run = &t->runs[i];
        add_marks(list, run->marks, run->role, at, at + run->text.n);
        if (run->link.n > 0)
            add(list, pango_attr_underline_new(PANGO_UNDERLINE_SINGLE), at, at + run->text.n);
        at += run->text.n;
    }
    return list;
}

static PangoLayout *new_layout(struct press *p, const struct paper_text *t, struct press_look look,
                               double wide)
{
    PangoLayout *layout = pango_layout_new(p->pango);
    PangoFontDescription *font = pango_font_description_from_string(TEXT_FONTS);
    static const PangoAlignment aligns[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_RIGHT,
                                            PANGO_ALIGN_CENTER};
    struct str text = paper_plain(p->cx->mem, t);
    PangoAttrList *list = attributes(t, look, text.n);

    *ARENA_PUSH(p->cx->mem, p->layouts, p->layout_n, p->layout_room) = layout;
    pango_font_description_set_size(font, (int)(look.size * PANGO_SCALE));
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)((wide < 4 ? 4 : wide) * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, aligns[look.align]);
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
    pango_layout_set_text(layout, text.p, (int)text.n);
    return layout;
}

struct press_text press_text(struct press *p, const struct paper_text *t, struct press_look look,
                             double wide)
{
    struct press_text made = {.text = breakable(p, t)};

    made.layout = new_layout(p, made.text, look, wide);
    size_t n = (size_t)pango_layout_get_line_count(made.layout);
    PangoLayoutIter *iter = pango_layout_get_iter(made.layout);

    made.lines = arena_array(p->cx->mem, n, sizeof *made.lines);
    do {
        struct press_line *line = &made.lines[made.n++];
        PangoRectangle box;
        double more;
        pango_layout_iter_get_line_extents(iter, NULL, &box);
        line->line = pango_layout_iter_get_line_readonly(iter);
        line->left = box.x / (double)PANGO_SCALE;
        line->high = look.spacing * box.height / PANGO_SCALE;
        more = line->high - box.height / (double)PANGO_SCALE;
        line->up = more / 2 + (pango_layout_iter_get_baseline(iter) - box.y) / (double)PANGO_SCALE;
        made.high += line->high;
    } while (made.n < n && pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    return made;
}

void press_forget(struct press *p)
{
    for (size_t i = 0; i < p->layout_n; i++)
        g_object_unref(p->layouts[i]);
    p->layout_n = 0;
}

double press_height(const struct press_text *text, size_t from, size_t to)
{
    double high = 0;

    for (size_t i = from; i < to && i < text->n; i++)
        high += text->lines[i].high;
    return high;
}

/* ---- drawing ---- */

/* Where a link leads, as cairo's tags say it; "" where nothing is there. */
static struct str target_of(struct press *p, struct str link)
{
    struct buf out = buf_new(p->cx->mem);

    if (link.p[0] == '#') {
        const size_t *at = dict_get(p->names, str_from(link, 1));
        return at != NULL ? str_printf(p->cx->mem, "dest='b%zu'", *at) : STR_NONE;
    }
    buf_addz(&out, "uri='");
    for (size_t i = 0; i < link.n; i++) {
        unsigned char c = (unsigned char)link.p[i];
        if (c == '\'' || c == '\\' || c >= 0x80)
            buf_printf(&out, "%%%02X", (unsigned)c);
        else
            buf_char(&out, (char)c);
    }
    buf_char(&out, '\'');
    return buf_str(&out);
}

static void draw_link(struct press *p, struct str target, const struct press_line *line,
                      size_t from, size_t to, double x, double y)
{
    int *ranges, n;

    pango_layout_line_get_x_ranges(line->line, (int)from, (int)to, &ranges, &n);
    for (int i = 0; i < n; i++) {
        double left = ranges[2 * i] / (double)PANGO_SCALE;
        double right = ranges[2 * i + 1] / (double)PANGO_SCALE;
        struct str tag = str_printf(p->cx->mem, "rect=[%.2f %.2f %.2f %.2f] %.*s", x + left, y,
                                    right - left, line->high, STR_ARG(target));
        cairo_tag_begin(p->cr, CAIRO_TAG_LINK, str_z(p->cx->mem, tag));
        cairo_tag_end(p->cr, CAIRO_TAG_LINK);
    }
    g_free(ranges);
}

/* The links of a line, over what was drawn. */
static void draw_links(struct press *p, const struct press_text *text,
                       const struct press_line *line, double x, double y)
{
    size_t begin = (size_t)line->line->start_index;
    size_t end = begin + (size_t)line->line->length, at = 0;

    for (size_t i = 0; text->text != NULL && i < text->text->n; i++) {
        const struct paper_run *run = &text->text->runs[i];
        size_t from = at > begin ? at : begin, to = at + run->text.n;
        at = to;
        if (to > end)
            to = end;
        struct str target = run->link.n > 0 && from < to ? target_of(p, run->link) : STR_NONE;
        if (target.n > 0)
            draw_link(p, target, line, from, to, x, y);
    }
}

void press_draw(struct press *p, const struct press_text *text, size_t from, size_t to, double x,
                double y)
{
    for (size_t i = from; i < to && i < text->n && !p->dry; i++) {
        const struct press_line *line = &text->lines[i];
        set_colour(p->cr, paper_ink(PAPER_PLAIN));
        cairo_move_to(p->cr, x + line->left, y + line->up);
        pango_cairo_show_layout_line(p->cr, line->line);
        draw_links(p, text, line, x, y);
        y += line->high;
    }
}

void press_box(struct press *p, double x, double y, double wide, double high, const char *colour)
{
    if (p->dry)
        return;
    set_colour(p->cr, colour);
    cairo_rectangle(p->cr, x, y, wide, high);
    cairo_fill(p->cr);
}

void press_begin(struct press *p, const char *tag)
{
    if (!p->dry)
        cairo_tag_begin(p->cr, tag, NULL);
}

void press_end(struct press *p, const char *tag)
{
    if (!p->dry)
        cairo_tag_end(p->cr, tag);
}

/* ---- pages ---- */

static double page_high(const struct press *p)
{
    return p->paper->across ? PRESS_SHORT : PRESS_LONG;
}

double press_content(const struct press *p)
{
    return (p->paper->across ? PRESS_LONG : PRESS_SHORT) - 2 * PRESS_SIDE;
}

double press_page(const struct press *p)
{
    return page_high(p) - PRESS_TOP - PRESS_FOOT;
}

double press_room(const struct press *p)
{
    return page_high(p) - PRESS_FOOT - p->y;
}

/* One line at the edge of a page. */
static void draw_edge(struct press *p, struct str text, enum paper_align align, double y,
                      enum paper_role role)
{
    struct press_look look = {8, 1.0, role == PAPER_MUTED ? 0 : PAPER_BOLD, role, align};
    struct paper_text one = {.mem = p->cx->mem};
    double wide = press_content(p);

    paper_say(&one, text);
    struct press_text made = press_text(p, &one, look, align == PAPER_LEFT ? wide - 60 : wide);
    press_draw(p, &made, 0, 1, PRESS_SIDE, y);
}

static void draw_edges(struct press *p)
{
    struct str number = str_printf(p->cx->mem, "%u / %u", p->page, p->pages);

    draw_edge(p, p->paper->head, PAPER_LEFT, 32, PAPER_MUTED);
    if (p->paper->draft)
        draw_edge(p, str_of(_("DRAFT")), PAPER_RIGHT, 32, PAPER_CONCERN);
    draw_edge(p, p->paper->foot, PAPER_LEFT, page_high(p) - 38, PAPER_MUTED);
    draw_edge(p, number, PAPER_RIGHT, page_high(p) - 38, PAPER_MUTED);
}

void press_turn(struct press *p)
{
    if (!p->dry && p->page > 0)
        cairo_show_page(p->cr);
    p->page++;
    p->y = PRESS_TOP;
    if (!p->dry)
        draw_edges(p);
}
