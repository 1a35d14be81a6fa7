/*
 * A paper as PDF, drawn with pango and cairo: pages of A4 with embedded fonts, bookmarks, links,
 * the structure of the text for readers that speak, and the paper's day as the only date.
 */
#include "report/chart.h"
#include "report/press.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#define INDENT 16.0

/* ---- how blocks look ---- */

struct box {
    struct press_look look;
    double left, right, before, after;
    const char *tag;
};

static struct box heading_box(const struct paper_block *b)
{
    static const double sizes[] = {17, 13.5, 11.5, 10.5, 10, 10};
    static const double before[] = {24, 17, 13, 10, 9, 9};
    static const char *const tags[] = {"H1", "H2", "H3", "H4", "H5", "H6"};
    unsigned i = b->level - 1;

    return (struct box){
        .look = {sizes[i], 1.1, PAPER_BOLD, i == 0 ? PAPER_ACCENT : PAPER_PLAIN, PAPER_LEFT},
        .before = before[i],
        .after = i == 0 ? 7 : 4,
        .tag = tags[i]};
}

static struct box box_of(const struct paper_block *b)
{
    static const struct box boxes[] = {
        [PAPER_BODY] = {{10, 1.18, 0, PAPER_PLAIN, 0}, 0, 0, 0, 6, "P"},
        [PAPER_TITLE] = {{24, 1.05, PAPER_BOLD, PAPER_ACCENT, 0}, 0, 0, 6, 6, "H1"},
        [PAPER_SUBTITLE] = {{11.5, 1.15, 0, PAPER_MUTED, 0}, 0, 0, 0, 16, "P"},
        [PAPER_LEAD] = {{13, 1.2, 0, PAPER_PLAIN, 0}, 0, 0, 0, 8, "P"},
        [PAPER_SMALL] = {{8.5, 1.15, 0, PAPER_MUTED, 0}, 0, 0, 0, 5, "P"},
        [PAPER_QUOTE] = {{9.5, 1.2, 0, PAPER_PLAIN, 0}, 13, 10, 2, 8, "BlockQuote"},
        [PAPER_CALLOUT] = {{11, 1.25, 0, PAPER_PLAIN, 0}, 14, 10, 10, 18, "P"},
    };

    if (b->kind == PAPER_HEADING)
        return heading_box(b);
    if (b->kind == PAPER_ITEM)
        return (struct box){{10, 1.18, 0, PAPER_PLAIN, 0}, INDENT * b->level, 0, 0, 4, "LI"};
    return boxes[b->style];
}

/* ---- paragraphs ---- */

/* How many of the lines from `from` go on this page: no line stays alone on either side. */
static size_t lines_that_fit(const struct press_text *text, size_t from, double room)
{
    size_t n = from;
    double high = 0;

    while (n < text->n && high + text->lines[n].high <= room)
        high += text->lines[n++].high;
    if (n == text->n)
        return n;
    if (text->n - n == 1 && n > from)
        n--;
    return n - from < 2 && text->n - from > 1 ? from : n;
}

/* What is beside and behind a part of a paragraph. */
static void draw_behind(struct press *p, const struct paper_block *b, double high)
{
    enum paper_role role = b->role == PAPER_PLAIN ? PAPER_MUTED : b->role;

    if (b->kind != PAPER_PARAGRAPH)
        return;
    if (b->style == PAPER_CALLOUT) {
        press_box(p, PRESS_SIDE, p->y - 8, press_content(p), high + 16, paper_wash(role));
        press_box(p, PRESS_SIDE, p->y - 8, 3, high + 16, paper_ink(role));
    }
    if (b->style == PAPER_QUOTE)
        press_box(p, PRESS_SIDE + 2, p->y, 1.5, high,
                  b->role == PAPER_PLAIN ? "dcd9cf" : paper_ink(role));
}

static void draw_marker(struct press *p, const struct paper_block *b, const struct box *box)
{
    struct paper_text one = {.mem = p->cx->mem};
    struct press_look look = box->look;

    p->numbers[b->level] = b->starts ? 1 : p->numbers[b->level] + 1;
    paper_say(&one, b->list == PAPER_BULLETS ? str_of(b->level % 2 == 1 ? "\u2022" : "\u2013")
                                             : str_printf(p->cx->mem, "%u.", p->numbers[b->level]));
    look.align = b->list == PAPER_BULLETS ? PAPER_LEFT : PAPER_RIGHT;
    struct press_text made = press_text(p, &one, look, b->list == PAPER_BULLETS ? 9 : INDENT + 8);
    double x = PRESS_SIDE + box->left - (b->list == PAPER_BULLETS ? 10 : INDENT + 12);
    press_draw(p, &made, 0, 1, x, p->y);
}

static struct press_text set_text(struct press *p, const struct paper_block *b,
                                  const struct box *box)
{
    struct press_look look = box->look;

    look.align = PAPER_LEFT; /* of right-to-left text pango makes it the right */
    return press_text(p, b->text, look, press_content(p) - box->left - box->right);
}

static int draw_paragraph(struct press *p, const struct paper_block *b)
{
    struct box box = box_of(b);
    struct press_text text = set_text(p, b, &box);
    bool whole = b->style == PAPER_CALLOUT && b->kind == PAPER_PARAGRAPH;

    p->y += p->y > PRESS_TOP ? box.before : whole ? 8 : 0;
    if (whole && text.high > press_room(p) && text.high < press_page(p))
        press_turn(p);
    for (size_t from = 0; from < text.n;) {
        size_t to = lines_that_fit(&text, from, press_room(p));
        if (to == from && p->y <= PRESS_TOP + 10)
            to = from + 1; /* a line higher than a page */
        if (to > from) {
            draw_behind(p, b, press_height(&text, from, to));
            press_begin(p, box.tag);
            if (b->kind == PAPER_ITEM && from == 0)
                draw_marker(p, b, &box);
            press_draw(p, &text, from, to, PRESS_SIDE + box.left, p->y);
            press_end(p, box.tag);
            p->y += press_height(&text, from, to);
        }
        from = to;
        if (from < text.n)
            press_turn(p);
        TRY(ctx_check(p->cx));
    }
    p->y += box.after;
    return 0;
}

/* ---- contents ---- */

static void draw_entry(struct press *p, const struct paper_block *b, size_t at)
{
    struct press_look look = {10, 1.2, b->level == 1 ? PAPER_BOLD : 0, PAPER_PLAIN, PAPER_LEFT};
    struct paper_text title = {.mem = p->cx->mem}, number = {.mem = p->cx->mem};
    double left = INDENT * (b->level - 1);

    paper_say(&title, paper_plain(p->cx->mem, b->text));
    paper_say(&number, str_printf(p->cx->mem, "%u", p->pages_of[at]));
    struct press_text words = press_text(p, &title, look, press_content(p) - left - 40);
    look.align = PAPER_RIGHT;
    struct press_text page = press_text(p, &number, look, press_content(p));
    if (words.high > press_room(p))
        press_turn(p);
    press_begin(p, "TOCI");
    press_draw(p, &words, 0, words.n, PRESS_SIDE + left, p->y);
    press_draw(p, &page, 0, 1, PRESS_SIDE, p->y);
    press_end(p, "TOCI");
    if (!p->dry) {
        struct str tag = str_printf(p->cx->mem, "rect=[%.2f %.2f %.2f %.2f] dest='b%zu'",
                                    PRESS_SIDE, p->y, press_content(p), words.high, at);
        cairo_tag_begin(p->cr, CAIRO_TAG_LINK, str_z(p->cx->mem, tag));
        cairo_tag_end(p->cr, CAIRO_TAG_LINK);
    }
    p->y += words.high + 2;
}

static void draw_contents(struct press *p, unsigned level)
{
    p->y += 6;
    press_begin(p, "TOC");
    for (size_t i = 0; i < p->paper->n; i++) {
        const struct paper_block *b = p->paper->blocks[i];
        if (b->kind == PAPER_HEADING && b->level <= level && (b->media & PAPER_PAGES) != 0)
            draw_entry(p, b, i);
    }
    press_end(p, "TOC");
    p->y += 6;
}

/* ---- figures ---- */

static double figure_scale(const struct press *p, const struct chart *chart)
{
    double wide = press_content(p) / chart->wide, high = press_page(p) / (chart->high + 1);

    return wide < high ? wide : high;
}

static void draw_figure(struct press *p, const struct chart *chart)
{
    double scale = figure_scale(p, chart), high = chart->high * scale;

    if (high > press_room(p))
        press_turn(p);
    press_begin(p, "Figure");
    if (!p->dry)
        chart_draw(chart, p->cr, PRESS_SIDE, p->y, scale);
    press_end(p, "Figure");
    p->y += high + 14;
}

/* ---- blocks ---- */

/* What must at least stand below a heading on the same page. */
static double first_part(struct press *p, size_t at, unsigned depth)
{
    const struct paper_block *b = at < p->paper->n ? p->paper->blocks[at] : NULL;

    while (b != NULL && (b->media & PAPER_PAGES) == 0)
        b = ++at < p->paper->n ? p->paper->blocks[at] : NULL;
    if (b == NULL || b->kind == PAPER_BREAK || b->kind == PAPER_CONTENTS || depth > 4)
        return 0;
    if (b->kind == PAPER_TABLE)
        return press_table_first(p, b->table) + 6;
    if (b->kind == PAPER_FIGURE)
        return b->chart != NULL ? b->chart->high * figure_scale(p, b->chart) : 0;
    struct box box = box_of(b);
    struct press_text text = set_text(p, b, &box);
    if (b->keep)
        return box.before + text.high + box.after + first_part(p, at + 1, depth + 1);
    return box.before + press_height(&text, 0, text.n <= 3 ? text.n : 2) + 8;
}

static int outline_of(struct press *p, const struct paper_block *b, size_t at)
{
    int parent = CAIRO_PDF_OUTLINE_ROOT;

    for (unsigned level = 1; level < b->level; level++)
        if (p->outlines[level] > 0)
            parent = p->outlines[level];
    for (unsigned level = b->level; level <= PAPER_LEVELS; level++)
        p->outlines[level] = 0;
    return cairo_pdf_surface_add_outline(
        p->surface, parent,
        str_z(p->cx->mem, str_squeeze(p->cx->mem, paper_plain(p->cx->mem, b->text))),
        str_z(p->cx->mem, str_printf(p->cx->mem, "dest='b%zu'", at)), 0);
}

/* Notes where a block begins, so that links, contents and bookmarks lead to it. */
static void mark_place(struct press *p, const struct paper_block *b, size_t at)
{
    p->pages_of[at] = p->page;
    if (p->dry || (b->name.n == 0 && b->kind != PAPER_HEADING))
        return;
    struct str tag = str_printf(p->cx->mem, "name='b%zu' x=%.2f y=%.2f internal", at, 0.0,
                                p->y > 12 ? p->y - 12 : 0);
    cairo_tag_begin(p->cr, CAIRO_TAG_DEST, str_z(p->cx->mem, tag));
    cairo_tag_end(p->cr, CAIRO_TAG_DEST);
    if (b->kind == PAPER_HEADING && b->text->n > 0)
        p->outlines[b->level] = outline_of(p, b, at);
}

static int draw_block(struct press *p, const struct paper_block *b, size_t at)
{
    if (b->keep && p->y > PRESS_TOP && first_part(p, at, 0) > press_room(p))
        press_turn(p);
    mark_place(p, b, at);
    switch (b->kind) {
    case PAPER_HEADING:
    case PAPER_PARAGRAPH:
    case PAPER_ITEM:
        return b->text->n > 0 ? draw_paragraph(p, b) : 0;
    case PAPER_TABLE:
        p->y += p->y > PRESS_TOP ? 4 : 0;
        TRY(press_table(p, b->table));
        p->y += 12;
        return 0;
    case PAPER_BREAK:
        if (p->y > PRESS_TOP)
            press_turn(p);
        return 0;
    case PAPER_CONTENTS:
        draw_contents(p, b->level);
        return 0;
    case PAPER_FIGURE:
        if (b->chart != NULL)
            draw_figure(p, b->chart);
        return 0;
    }
    return 0;
}

/* Items that follow each other are one list. */
static void open_list(struct press *p, bool list)
{
    if (list && !p->in_list)
        press_begin(p, "L");
    if (!list && p->in_list)
        press_end(p, "L");
    p->in_list = list;
}

static int draw_all(struct press *p)
{
    p->page = 0;
    press_turn(p);
    press_begin(p, "Document");
    for (size_t i = 0; i < p->paper->n; i++) {
        if ((p->paper->blocks[i]->media & PAPER_PAGES) == 0)
            continue;
        open_list(p, p->paper->blocks[i]->kind == PAPER_ITEM);
        TRY(draw_block(p, p->paper->blocks[i], i));
        press_forget(p);
        TRY(ctx_check(p->cx));
    }
    open_list(p, false);
    press_end(p, "Document");
    p->pages = p->page;
    return 0;
}

/* ---- the file ---- */

static cairo_status_t add_bytes(void *out, const unsigned char *bytes, unsigned n)
{
    buf_add(out, (struct str){(const char *)bytes, n});
    return CAIRO_STATUS_SUCCESS;
}

static void set_property(struct press *p, cairo_pdf_metadata_t what, struct str text)
{
    if (text.n > 0)
        cairo_pdf_surface_set_metadata(p->surface, what,
                                       str_z(p->cx->mem, paper_clean(p->cx->mem, text)));
}

static void set_properties(struct press *p)
{
    struct date day = date_is_none(p->paper->day) ? (struct date){1980, 1, 1} : p->paper->day;
    struct str at = str_printf(p->cx->mem, "%.*sT00:00:00Z", STR_ARG(date_iso(p->cx->mem, day)));

    set_property(p, CAIRO_PDF_METADATA_TITLE, p->paper->title);
    set_property(p, CAIRO_PDF_METADATA_AUTHOR, p->paper->author);
    set_property(p, CAIRO_PDF_METADATA_SUBJECT, p->paper->subject);
    set_property(p, CAIRO_PDF_METADATA_CREATOR, p->paper->program);
    set_property(p, CAIRO_PDF_METADATA_KEYWORDS,
                 p->paper->keywords.n > 0 ? p->paper->keywords : p->paper->identifier);
    set_property(p, CAIRO_PDF_METADATA_CREATE_DATE, at);
    set_property(p, CAIRO_PDF_METADATA_MOD_DATE, at);
}

static int check_fonts(struct press *p)
{
    PangoFontFamily **families;
    int n = 0;

    pango_font_map_list_families(p->fonts, &families, &n);
    g_free(families);
    if (n == 0)
        return fail(p->cx, RC_FAIL, NULL,
                    _("There is no font on this machine to write a PDF with. Install one, for "
                      "example the package fonts-dejavu-core."));
    return 0;
}

static void set_up(struct press *p, struct buf *out)
{
    cairo_font_options_t *options = cairo_font_options_create();

    p->surface = cairo_pdf_surface_create_for_stream(add_bytes, out,
                                                     p->paper->across ? PRESS_LONG : PRESS_SHORT,
                                                     p->paper->across ? PRESS_SHORT : PRESS_LONG);
    p->cr = cairo_create(p->surface);
    p->fonts = pango_cairo_font_map_new();
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(p->fonts), 72);
    p->pango = pango_font_map_create_context(p->fonts);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(p->pango, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(p->pango, FALSE);
    pango_context_set_language(p->pango,
                               pango_language_from_string(str_z(p->cx->mem, p->paper->language)));
}

static void tear_down(struct press *p)
{
    press_forget(p);
    g_object_unref(p->pango);
    g_object_unref(p->fonts);
    cairo_destroy(p->cr);
    cairo_surface_destroy(p->surface);
}

static void find_names(struct press *p)
{
    size_t *places = arena_array(p->cx->mem, p->paper->n + 1, sizeof *places);

    p->names = dict_new(p->cx->mem);
    for (size_t i = 0; i < p->paper->n; i++) {
        const struct paper_block *b = p->paper->blocks[i];
        places[i] = i;
        if (b->name.n > 0 && (b->media & PAPER_PAGES) != 0 && !dict_has(p->names, b->name))
            dict_set(p->names, b->name, &places[i]);
    }
}

static int draw_twice(struct press *p)
{
    TRY(check_fonts(p));
    p->dry = true;
    TRY(draw_all(p));
    p->dry = false;
    set_properties(p);
    TRY(draw_all(p));
    cairo_surface_finish(p->surface);
    if (cairo_status(p->cr) != CAIRO_STATUS_SUCCESS)
        return fail(p->cx, RC_FAIL, NULL, _("The PDF could not be written: %s."),
                    cairo_status_to_string(cairo_status(p->cr)));
    if (cairo_surface_status(p->surface) != CAIRO_STATUS_SUCCESS)
        return fail(p->cx, RC_FAIL, NULL, _("The PDF could not be written: %s."),
                    cairo_status_to_string(cairo_surface_status(p->surface)));
    return 0;
}

/* ---- what cairo leaves out ---- */

/* The number behind the last `key` of the file, or 0. */
static unsigned long last_number(struct str bytes, const char *key)
{
    size_t found = SIZE_MAX, from = bytes.n > 4096 ? bytes.n - 4096 : 0;

    for (size_t at = from; (at = str_find(bytes, str_of(key), at)) != SIZE_MAX; at++)
        found = at;
    return found != SIZE_MAX ? strtoul(bytes.p + found + strlen(key), NULL, 10) : 0;
}

/* The catalogue once more, as PDF allows at the end of a file: with the language, that the text is
 * tagged, and that its title is the window's. Cairo does not write all of these. */
static void add_catalogue(struct press *p, struct buf *out, size_t before)
{
    struct str bytes = str_from(buf_str(out), before);
    unsigned long root = last_number(bytes, "/Root "), size = last_number(bytes, "/Size ");
    unsigned long info = last_number(bytes, "/Info "), xref = last_number(bytes, "startxref\n");
    struct str head = str_printf(p->cx->mem, "\n%lu 0 obj\n<< /Type /Catalog", root);
    size_t at = str_find(bytes, head, 0);
    size_t end = at != SIZE_MAX ? str_find(bytes, STR(">>\nendobj"), at) : SIZE_MAX;

    if (end == SIZE_MAX || root == 0 || xref == 0)
        return; /* of another version of cairo: the file is whole without it */
    struct str body = str_copy(p->cx->mem, str_sub(bytes, at + head.n, end - at - head.n));
    size_t offset = bytes.n;
    buf_printf(out, "%lu 0 obj\n<< /Type /Catalog%.*s", root, STR_ARG(body));
    if (!str_has(body, "/MarkInfo"))
        buf_addz(out, "   /MarkInfo << /Marked true >>\n");
    buf_addz(out, "   /Lang (");
    for (size_t i = 0; i < p->paper->language.n; i++)
        if (strchr("()\\\n", p->paper->language.p[i]) == NULL)
            buf_char(out, p->paper->language.p[i]);
    buf_addz(out, ")\n   /ViewerPreferences << /DisplayDocTitle true >>\n>>\nendobj\n");
    /* What kind of document it is, near the end, to be seen without reading the whole. */
    if (p->paper->identifier.n > 0 && str_find_char(p->paper->identifier, '\n', 0) == SIZE_MAX)
        buf_printf(out, "%% %.*s\n", STR_ARG(paper_clean(p->cx->mem, p->paper->identifier)));
    size_t table = out->n - before;
    buf_printf(out,
               "xref\n%lu 1\n%010zu 00000 n \ntrailer\n<< /Size %lu\n   /Root %lu 0 R\n"
               "   /Info %lu 0 R\n   /Prev %lu\n>>\nstartxref\n%zu\n%%%%EOF\n",
               root, offset, size, root, info, xref, table);
}

int paper_pdf(struct ctx *cx, const struct paper *f, struct buf *out)
{
    struct press p = {.cx = cx, .paper = f};
    size_t before = out->n;
    int rc;

    p.pages_of = arena_array(cx->mem, f->n + 1, sizeof *p.pages_of);
    find_names(&p);
    set_up(&p, out);
    rc = draw_twice(&p);
    if (rc == 0)
        add_catalogue(&p, out, before);
    tear_down(&p);
    if (rc < 0)
        out->n = before;
    return rc;
}
