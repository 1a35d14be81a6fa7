/*
 * PPTX: the slides' text in the order of the slides. A title is a heading, the text below it
 * paragraphs and list items, tables are tables, and what the speaker notes is an aside.
 */
#include "extract/ooxml.h"

#define SLIDES 5000u
#define LEVELS 9u

enum shape {
    SHAPE_FREE, /* a text box or a figure */
    SHAPE_TITLE,
    SHAPE_BODY,
    SHAPE_SUBTITLE,
    SHAPE_FOOTER,
    SHAPE_IGNORED, /* numbers and days of slides, pictures of them */
};

enum pass { PASS_TITLE, PASS_REST, PASS_NOTES };

struct pptx {
    struct flow *flow;
    enum pass pass;
    bool first; /* slide */
    bool titled;
    bool hidden;   /* the slide is not shown */
    unsigned skip; /* depth of the element that is passed over, 0 for none */
    enum shape shape;
    unsigned shapes;    /* depth of the shape that is open, 0 outside */
    size_t shape_paras; /* seen in it */
    struct buf text;
    bool in_text, in_para;
    bool no_bullet;
    unsigned level;
    /* the table that is open */
    unsigned table; /* its depth, 0 outside */
    bool header_row, in_cell;
    unsigned row, column, span;
    bool merged;
    struct buf cell;
};

struct slides {
    struct arena *mem;
    struct str *ids;
    size_t n, room;
};

/* ---- which slides ---- */

static void on_slide_id(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct slides *s = xml_arg(xml);
    const char *id = xml_attr(attrs, XML_R, "id");

    if (ns != XML_P || !xml_is(name, "sldId") || id == NULL)
        return;
    if (s->n >= SLIDES)
        xml_stop(xml);
    else
        *ARENA_PUSH(s->mem, s->ids, s->n, s->room) = str_copy(s->mem, str_of(id));
}

/* ---- a shape ---- */

static enum shape shape_of(const char *type)
{
    static const struct {
        const char *type;
        enum shape shape;
    } types[] = {{"title", SHAPE_TITLE},    {"ctrTitle", SHAPE_TITLE}, {"subTitle", SHAPE_SUBTITLE},
                 {"ftr", SHAPE_FOOTER},     {"hdr", SHAPE_FOOTER},     {"dt", SHAPE_IGNORED},
                 {"sldNum", SHAPE_IGNORED}, {"sldImg", SHAPE_IGNORED}};

    for (size_t i = 0; type != NULL && i < COUNT_OF(types); i++)
        if (xml_is(type, types[i].type))
            return types[i].shape;
    return SHAPE_BODY;
}

static bool wanted(const struct pptx *r)
{
    if (r->pass == PASS_NOTES)
        return r->shape == SHAPE_BODY;
    return (r->shape == SHAPE_TITLE) == (r->pass == PASS_TITLE) && r->shape != SHAPE_IGNORED;
}

static void add_aside(struct flow *flow, struct str text)
{
    size_t before = flow->block_count;

    flow_paragraph(flow, text);
    if (flow->block_count > before)
        flow->blocks[before].label = STR("aside");
}

static void add_para(struct pptx *r, struct str text)
{
    bool listed = r->shape == SHAPE_BODY || r->level > 0;

    if (r->pass == PASS_NOTES)
        add_aside(r->flow, text);
    else if (r->shape == SHAPE_TITLE) {
        flow_heading(r->flow, r->first ? 1 : 2, text);
        r->titled = true;
    } else if (r->shape == SHAPE_FOOTER)
        flow_furniture(r->flow, text);
    else if (listed && !r->no_bullet && r->shape != SHAPE_SUBTITLE)
        flow_item(r->flow, r->level + 1, text);
    else
        flow_paragraph(r->flow, text);
}

static void para_close(struct pptx *r)
{
    struct str text = str_trim(buf_str(&r->text));

    r->in_para = r->in_text = false;
    if (r->in_cell) {
        if (r->cell.n > 0 && text.n > 0)
            buf_char(&r->cell, ' ');
        buf_add(&r->cell, text);
    } else if (text.n > 0 && r->table == 0 && wanted(r)) {
        add_para(r, text);
    }
    r->text.n = 0;
}

/* ---- a table ---- */

static void cell_close(struct pptx *r)
{
    if (r->in_cell && !r->merged)
        flow_cell(r->flow, r->column, buf_str(&r->cell));
    r->column += r->span;
    r->in_cell = false;
    r->cell.n = 0;
}

static void table_start(struct pptx *r, const char *name, const char **attrs)
{
    if (xml_is(name, "tblPr")) {
        const char *header = xml_attr(attrs, XML_NONE, "firstRow");
        r->header_row = header != NULL && xml_on(header);
    } else if (xml_is(name, "tr")) {
        r->column = 0;
    } else if (xml_is(name, "tc")) {
        const char *h = xml_attr(attrs, XML_NONE, "hMerge"),
                   *v = xml_attr(attrs, XML_NONE, "vMerge");
        r->in_cell = true;
        r->span = 1;
        r->merged = (h != NULL && xml_on(h)) || (v != NULL && xml_on(v));
    }
}

/* ---- elements ---- */

static void start_drawing(struct pptx *r, unsigned depth, const char *name, const char **attrs)
{
    if (xml_is(name, "tbl")) {
        if (r->pass == PASS_REST && r->table == 0) {
            r->table = depth;
            r->row = 0;
            r->header_row = false;
            flow_table(r->flow);
        }
    } else if (r->table != 0 && (name[0] == 't')) {
        table_start(r, name, attrs);
    }
    if (xml_is(name, "p")) {
        r->in_para = true;
        r->level = 0;
        r->no_bullet = r->shape == SHAPE_FREE;
    } else if (xml_is(name, "pPr")) {
        r->level = xml_number(xml_attr(attrs, XML_NONE, "lvl"), LEVELS - 1, 0);
    } else if (xml_is(name, "buNone")) {
        r->no_bullet = true;
    } else if (xml_is(name, "buChar") || xml_is(name, "buAutoNum")) {
        r->no_bullet = false;
        r->level = r->shape == SHAPE_FREE && r->level == 0 ? 1 : r->level;
    } else if (xml_is(name, "fld")) {
        const char *type = xml_attr(attrs, XML_NONE, "type");
        if (type != NULL && (xml_is(type, "slidenum") || strncmp(type, "datetime", 8) == 0))
            r->skip = depth;
    } else if (xml_is(name, "br")) {
        buf_char(&r->text, ' ');
    } else if (xml_is(name, "t")) {
        r->in_text = r->in_para;
    }
}

static void on_start(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct pptx *r = xml_arg(xml);
    unsigned depth = xml_depth(xml);

    if (r->skip != 0)
        return;
    if (ns == XML_MC && xml_is(name, "Fallback")) {
        r->skip = depth;
    } else if (ns == XML_P && xml_is(name, "sld")) {
        const char *show = xml_attr(attrs, XML_NONE, "show");
        r->hidden = show != NULL && !xml_on(show);
        if (r->hidden)
            xml_stop(xml);
    } else if (ns == XML_P && xml_is(name, "sp")) {
        r->shapes = depth;
        r->shape = SHAPE_FREE;
    } else if (ns == XML_P && xml_is(name, "ph")) {
        r->shape = shape_of(xml_attr(attrs, XML_NONE, "type"));
    } else if (ns == XML_A) {
        start_drawing(r, depth, name, attrs);
    }
}

static void end_drawing(struct pptx *r, unsigned depth, const char *name)
{
    if (xml_is(name, "t")) {
        r->in_text = false;
    } else if (xml_is(name, "p")) {
        para_close(r);
    } else if (r->table != 0 && xml_is(name, "tc")) {
        cell_close(r);
    } else if (r->table != 0 && xml_is(name, "tr")) {
        flow_row(r->flow, r->header_row && r->row == 0);
        r->row++;
    } else if (r->table == depth && xml_is(name, "tbl")) {
        r->table = 0;
        flow_table_end(r->flow);
    }
}

static void on_end(struct xml *xml, enum xml_ns ns, const char *name)
{
    struct pptx *r = xml_arg(xml);
    unsigned depth = xml_depth(xml);

    if (r->skip != 0) {
        r->skip = r->skip == depth ? 0 : r->skip;
        return;
    }
    if (ns == XML_A)
        end_drawing(r, depth, name);
    else if (ns == XML_P && xml_is(name, "sp") && r->shapes == depth) {
        r->shapes = 0;
        r->shape = SHAPE_FREE;
    }
    if (flow_full(r->flow))
        xml_stop(xml);
}

static void on_text(struct xml *xml, struct str text)
{
    struct pptx *r = xml_arg(xml);

    if (r->in_text && r->skip == 0 && r->text.n < EXTRACT_CELL_BYTES)
        buf_add(&r->text, text);
}

/* ---- a slide ---- */

static int read_part(struct pptx *r, struct container *container, struct str part, enum pass pass)
{
    static const struct xml_handler handler = {on_start, on_end, on_text};

    r->pass = pass;
    r->skip = r->shapes = r->table = 0;
    r->shape = SHAPE_FREE;
    r->in_text = r->in_para = r->in_cell = false;
    r->text.n = r->cell.n = 0;
    TRY(part_optional(r->flow, container, part, &handler, r));
    if (r->table != 0)
        flow_table_end(r->flow);
    return 0;
}

/* Title, text, what drawings of lists and charts say, and notes. */
static int read_slide(struct pptx *r, struct container *container, struct str part)
{
    struct relations relations;
    const struct relation *notes;

    r->hidden = r->titled = false;
    TRY(read_part(r, container, part, PASS_TITLE));
    if (r->hidden)
        return 0;
    TRY(read_part(r, container, part, PASS_REST));
    TRY(relations_read(r->flow, container, part, &relations));
    for (size_t i = 0; i < relations.count; i++)
        if (str_is(relations.items[i].type, "diagramData"))
            TRY(read_part(r, container, relations.items[i].target, PASS_REST));
    notes = relation_of_type(&relations, "notesSlide");
    if (notes != NULL)
        TRY(read_part(r, container, notes->target, PASS_NOTES));
    return 0;
}

int pptx_read(struct flow *flow, struct container *container)
{
    static const struct xml_handler handler = {.start = on_slide_id};
    struct slides slides = {.mem = flow->cx->mem};
    struct pptx r = {.flow = flow,
                     .text = buf_new(flow->cx->mem),
                     .cell = buf_new(flow->cx->mem),
                     .first = true};
    struct relations relations;
    struct str main;
    size_t hidden = 0;

    TRY(properties_read(flow, container));
    TRY(main_part(flow, container, "ppt/presentation.xml", &main));
    TRY(part_optional(flow, container, main, &handler, &slides));
    TRY(relations_read(flow, container, main, &relations));
    for (size_t i = 0; i < slides.n && !flow_full(flow); i++) {
        const struct relation *slide = relation_of_id(&relations, slides.ids[i]);
        if (slide == NULL)
            continue;
        flow->place.page = (uint32_t)i + 1;
        TRY(read_slide(&r, container, slide->target));
        hidden += r.hidden;
        r.first = r.first && !r.titled;
    }
    flow->place.page = 0;
    if (hidden > 0)
        flow_note(flow, _("slides that are hidden were left out"));
    return 0;
}
