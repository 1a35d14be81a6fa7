#include "report/chart.h"

#include <cairo.h>
#include <pango/pangocairo.h>

#define FONTS "Liberation Sans, Noto Sans, DejaVu Sans, Sans"

static const char *const role_names[PAPER_ROLES] = {
    [PAPER_PLAIN] = "plain",     [PAPER_MUTED] = "muted",     [PAPER_ACCENT] = "accent",
    [PAPER_BLOCKING] = "block",  [PAPER_CONCERN] = "concern", [PAPER_NOTE] = "note",
    [PAPER_MET] = "met",         [PAPER_PARTLY] = "partly",   [PAPER_MISSING] = "missing",
    [PAPER_UNKNOWN] = "unknown", [PAPER_NONE] = "none"};

struct chart *chart_new(struct arena *mem, double wide)
{
    struct chart *c = ARENA_NEW(mem, struct chart);

    c->mem = mem;
    c->wide = wide;
    return c;
}

static struct chart_mark *add(struct chart *c, double x, double y, enum paper_role role)
{
    struct chart_mark *m = ARENA_PUSH(c->mem, c->marks, c->n, c->room);

    m->x = x;
    m->y = y;
    m->role = role;
    m->text = STR_NONE;
    m->link = STR_NONE;
    return m;
}

struct chart_mark *chart_box(struct chart *c, double x, double y, double wide, double high,
                             enum paper_role role)
{
    struct chart_mark *m = add(c, x, y, role);

    m->wide = wide;
    m->high = high;
    if (y + high > c->high)
        c->high = y + high;
    return m;
}

struct chart_mark *chart_line(struct chart *c, double x, double y, double to_x, double to_y,
                              enum paper_role role)
{
    struct chart_mark *m = add(c, x, y, role);

    m->line = true;
    m->strong = true;
    m->wide = to_x - x;
    m->high = to_y - y;
    m->size = 1.5;
    return m;
}

struct chart_mark *chart_words(struct chart *c, double x, double y, double size,
                               enum paper_role role, struct str text)
{
    struct chart_mark *m = add(c, x, y, role);

    m->words = true;
    m->size = size;
    m->text = str_squeeze(c->mem, paper_clean(c->mem, text));
    if (y + size / 2 > c->high)
        c->high = y + size / 2;
    return m;
}

static void put_at(struct chart *c, const struct chart *part, struct str title, double x)
{
    chart_words(c, x, 11, 11, PAPER_PLAIN, title)->strong = true;
    for (size_t i = 0; i < part->n; i++) {
        struct chart_mark *m = ARENA_PUSH(c->mem, c->marks, c->n, c->room);
        *m = part->marks[i];
        m->x += x;
        m->y += 22;
    }
    if (part->high + 22 > c->high)
        c->high = part->high + 22;
}

const struct chart *chart_beside(struct arena *mem, const struct chart *left, struct str left_title,
                                 const struct chart *right, struct str right_title)
{
    struct chart *c;

    if (left == NULL || right == NULL)
        return left != NULL ? left : right;
    c = chart_new(mem, left->wide + right->wide + 24);
    put_at(c, left, left_title, 0);
    put_at(c, right, right_title, left->wide + 24);
    return c;
}

const char *chart_colour(enum paper_role role, bool strong)
{
    static const char *const full[PAPER_ROLES] = {
        [PAPER_PLAIN] = "1d2524",    [PAPER_MUTED] = "cfccc2",   [PAPER_ACCENT] = "0d5c63",
        [PAPER_BLOCKING] = "a4262c", [PAPER_CONCERN] = "dba63f", [PAPER_NOTE] = "9aa3cc",
        [PAPER_MET] = "5f9c7d",      [PAPER_PARTLY] = "dba63f",  [PAPER_MISSING] = "cf5a55",
        [PAPER_UNKNOWN] = "9aa3cc",  [PAPER_NONE] = "cfccc2"};

    return strong ? full[role] : paper_wash(role);
}

/* ---- SVG ---- */

static void add_escaped(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (strchr("<>&\"", text.p[i]) != NULL)
            buf_printf(out, "&#%d;", text.p[i]);
        else
            buf_char(out, text.p[i]);
    }
}

static void svg_line(const struct chart_mark *m, struct buf *out)
{
    buf_printf(out,
               "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke-width=\"%.1f\" "
               "class=\"l-%s\" stroke=\"#%s\"%s/>",
               m->x, m->y, m->x + m->wide, m->y + m->high, m->size, role_names[m->role],
               chart_colour(m->role, true), m->edge ? " stroke-dasharray=\"4 3\"" : "");
}

/* What leads somewhere says where, as the words that stand on it belong to no link. */
static void svg_box(const struct chart_mark *m, struct buf *out)
{
    if (m->link.n > 0) {
        buf_addz(out, "<a href=\"");
        add_escaped(out, m->link);
        buf_addz(out, "\" aria-label=\"");
        add_escaped(out, m->text);
        buf_addz(out, "\">");
    }
    buf_printf(out,
               "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"1.5\" "
               "class=\"r-%s %s%s\" fill=\"#%s\"",
               m->x, m->y, m->wide, m->high, role_names[m->role], m->strong ? "full" : "pale",
               m->edge ? " edge" : "", chart_colour(m->role, m->strong));
    if (m->edge)
        buf_printf(out, " stroke=\"#%s\"", chart_colour(m->role, true));
    if (m->text.n > 0) {
        buf_addz(out, "><title>");
        add_escaped(out, m->text);
        buf_addz(out, "</title></rect>");
    } else {
        buf_addz(out, "/>");
    }
    if (m->link.n > 0)
        buf_addz(out, "</a>");
}

static void svg_words(const struct chart_mark *m, struct buf *out)
{
    static const char *const anchors[] = {"start", "end", "middle"};

    buf_printf(out,
               "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\" text-anchor=\"%s\" "
               "class=\"w-%s\" fill=\"#%s\"%s>",
               m->x, m->y, m->size, anchors[m->align], role_names[m->role], paper_ink(m->role),
               m->strong ? " font-weight=\"bold\"" : "");
    add_escaped(out, m->text);
    buf_addz(out, "</text>");
}

void chart_svg(const struct chart *c, struct buf *out)
{
    for (size_t i = 0; i < c->n; i++) {
        if (c->marks[i].words)
            svg_words(&c->marks[i], out);
        else if (c->marks[i].line)
            svg_line(&c->marks[i], out);
        else
            svg_box(&c->marks[i], out);
        buf_char(out, '\n');
    }
}

/* ---- cairo ---- */

#if SANITIZED
/* fontconfig keeps what it read of the machine's fonts for as long as the process lives. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}
const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}
#endif

static void set_colour(cairo_t *cr, const char *hex)
{
    unsigned long n = strtoul(hex, NULL, 16);

    cairo_set_source_rgb(cr, (double)(n >> 16) / 255, (double)((n >> 8) & 255) / 255,
                         (double)(n & 255) / 255);
}

static void draw_box(cairo_t *cr, const struct chart_mark *m)
{
    set_colour(cr, chart_colour(m->role, m->strong));
    cairo_rectangle(cr, m->x, m->y, m->wide, m->high);
    cairo_fill(cr);
    if (!m->edge)
        return;
    set_colour(cr, chart_colour(m->role, true));
    cairo_set_line_width(cr, 1);
    cairo_rectangle(cr, m->x + 0.5, m->y + 0.5, m->wide - 1, m->high - 1);
    cairo_stroke(cr);
}

static void draw_line(cairo_t *cr, const struct chart_mark *m)
{
    static const double dashes[] = {4, 3};

    set_colour(cr, chart_colour(m->role, true));
    cairo_set_line_width(cr, m->size);
    cairo_set_dash(cr, dashes, m->edge ? 2 : 0, 0);
    cairo_move_to(cr, m->x, m->y);
    cairo_rel_line_to(cr, m->wide, m->high);
    cairo_stroke(cr);
    cairo_set_dash(cr, dashes, 0, 0);
}

static void draw_words(cairo_t *cr, PangoLayout *layout, const struct chart_mark *m)
{
    PangoFontDescription *font = pango_font_description_from_string(FONTS);
    int wide, high;

    pango_font_description_set_absolute_size(font, m->size * PANGO_SCALE);
    if (m->strong)
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_text(layout, m->text.p, (int)m->text.n);
    pango_layout_get_size(layout, &wide, &high);
    double w = wide / (double)PANGO_SCALE;
    double left = m->align == PAPER_RIGHT ? w : m->align == PAPER_CENTRE ? w / 2 : 0;
    set_colour(cr, paper_ink(m->role));
    cairo_move_to(cr, m->x - left, m->y - pango_layout_get_baseline(layout) / (double)PANGO_SCALE);
    pango_cairo_show_layout(cr, layout);
}

void chart_draw(const struct chart *c, struct _cairo *cr, double x, double y, double scale)
{
    PangoLayout *layout;

    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, scale, scale);
    layout = pango_cairo_create_layout(cr);
    for (size_t i = 0; i < c->n; i++) {
        if (c->marks[i].words)
            draw_words(cr, layout, &c->marks[i]);
        else if (c->marks[i].line)
            draw_line(cr, &c->marks[i]);
        else
            draw_box(cr, &c->marks[i]);
    }
    g_object_unref(layout);
    cairo_restore(cr);
}

static cairo_status_t add_bytes(void *out, const unsigned char *bytes, unsigned n)
{
    buf_add(out, (struct str){(const char *)bytes, n});
    return CAIRO_STATUS_SUCCESS;
}

int chart_png(struct ctx *cx, const struct chart *c, double scale, struct buf *out)
{
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, (int)(c->wide * scale) + 1, (int)(c->high * scale) + 1);
    cairo_t *cr = cairo_create(surface);
    cairo_status_t status;

    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    chart_draw(c, cr, 0, 0, scale);
    cairo_destroy(cr);
    status = cairo_surface_write_to_png_stream(surface, add_bytes, out);
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS)
        return fail(cx, RC_FAIL, NULL, _("A picture could not be drawn: %s."),
                    cairo_status_to_string(status));
    return ctx_check(cx);
}
