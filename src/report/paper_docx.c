/*
 * A paper as DOCX: the paragraphs' styles are those of Word (Heading 1 and so on), so that people
 * can restyle and go on; lists are numbered by Word, header rows repeat, and no row is cut by a
 * page's end. Every part is written here and zipped in a fixed order.
 */
#include "report/paper_xml.h"
#include "report/chart.h"
#include "report/internal.h"
#include "report/zipped.h"

#define NS_W "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define NS_WP "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
#define NS_A "http://schemas.openxmlformats.org/drawingml/2006/main"
#define NS_A_PICTURE "http://schemas.openxmlformats.org/drawingml/2006/picture"
#define TYPE_W "application/vnd.openxmlformats-officedocument.wordprocessingml."
/* Of a page A4 with margins of 2 cm, in twentieths of a point: upright, and across. */
#define TEXT_WIDTH 9638u
#define TEXT_ACROSS 14570u
#define LISTS 5u
#define BULLETS 1u /* number of the list of bullets; each numbered list has one of its own */

struct writer {
    struct ctx *cx;
    const struct paper *paper;
    struct buf body, relations;
    unsigned relation_n;
    unsigned list_n;         /* numbered lists so far */
    unsigned list_at[LISTS]; /* the one that a level's items belong to */
    unsigned bookmark_n;
    bool after_table;
    struct zipped_part *pictures;
    size_t picture_n, picture_room;
};

static void put(struct writer *w, const char *xml)
{
    buf_addz(&w->body, xml);
}

/* ---- text ---- */

/* A name as Word takes it for a bookmark: at most 40 letters, digits and underscores. */
static struct str bookmark(struct arena *mem, struct str name)
{
    bool fits = name.n > 0 && name.n <= 40;

    for (size_t i = 0; i < name.n && fits; i++) {
        char c = name.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        fits = letter || (i > 0 && ((c >= '0' && c <= '9') || c == '_'));
    }
    return fits ? name : str_printf(mem, "b_%016llx", (unsigned long long)str_hash(name));
}

static void add_fonts_of(struct writer *w, const struct paper_run *run, bool rtl)
{
    enum paper_role role = run->role;

    if (run->link.n > 0)
        put(w, "<w:rStyle w:val=\"Hyperlink\"/>");
    else if ((run->marks & PAPER_FILL) != 0)
        put(w, "<w:rStyle w:val=\"ToFillIn\"/>");
    else if ((run->marks & PAPER_CODE) != 0)
        put(w, "<w:rStyle w:val=\"Code\"/>");
    if ((run->marks & PAPER_BOLD) != 0)
        put(w, "<w:b/><w:bCs/>");
    if ((run->marks & PAPER_ITALIC) != 0)
        put(w, "<w:i/><w:iCs/>");
    if (role != PAPER_PLAIN && run->link.n == 0)
        buf_printf(&w->body, "<w:color w:val=\"%s\"/>", paper_ink(role));
    if (rtl)
        put(w, "<w:rtl/>");
}

static void add_run(struct writer *w, const struct paper_run *run, bool rtl)
{
    struct str rest = run->text, line;
    bool first = true;

    put(w, "<w:r><w:rPr>");
    add_fonts_of(w, run, rtl);
    put(w, "</w:rPr>");
    while (str_split(&rest, '\n', &line)) {
        if (!first)
            put(w, "<w:br/>");
        first = false;
        put(w, "<w:t xml:space=\"preserve\">");
        paper_xml_add(&w->body, line);
        put(w, "</w:t>");
    }
    put(w, "</w:r>");
}

static void add_relation(struct writer *w, const char *type, struct str target, bool outside)
{
    buf_printf(&w->relations, "<Relationship Id=\"rId%u\" Type=\"" XML_RELATIONS "/%s\" Target=\"",
               ++w->relation_n, type);
    paper_xml_add(&w->relations, target);
    buf_printf(&w->relations, "\"%s/>", outside ? " TargetMode=\"External\"" : "");
}

static void add_text(struct writer *w, const struct paper_text *t)
{
    bool rtl = paper_is_rtl(t);

    for (size_t i = 0; t != NULL && i < t->n; i++) {
        const struct paper_run *run = &t->runs[i];
        if (run->link.n == 0) {
            add_run(w, run, rtl);
            continue;
        }
        if (run->link.p[0] == '#') {
            put(w, "<w:hyperlink w:history=\"1\" w:anchor=\"");
            paper_xml_add(&w->body, bookmark(w->cx->mem, str_from(run->link, 1)));
            put(w, "\">");
        } else {
            add_relation(w, "hyperlink", run->link, true);
            buf_printf(&w->body, "<w:hyperlink w:history=\"1\" r:id=\"rId%u\">", w->relation_n);
        }
        add_run(w, run, rtl);
        put(w, "</w:hyperlink>");
    }
}

/* Opens a bookmark around nothing: what "#name" leads to. */
static void add_bookmark(struct writer *w, struct str name)
{
    unsigned id = w->bookmark_n++;

    buf_printf(&w->body, "<w:bookmarkStart w:id=\"%u\" w:name=\"", id);
    paper_xml_add(&w->body, name);
    buf_printf(&w->body, "\"/><w:bookmarkEnd w:id=\"%u\"/>", id);
}

/* ---- paragraphs ---- */

static const char *style_of(const struct paper_block *b)
{
    static const char *const styles[] = {"Normal", "Title", "Subtitle", "Lead",
                                         "Small",  "Quote", "Callout"};

    if (b->kind == PAPER_ITEM)
        return b->list == PAPER_NUMBERS ? "ListNumber" : "ListBullet";
    return styles[b->style];
}

static void add_frame(struct writer *w, const struct paper_block *b)
{
    const char *wash = paper_wash(b->role == PAPER_PLAIN ? PAPER_MUTED : b->role);

    if (b->kind != PAPER_PARAGRAPH)
        return;
    if (b->style == PAPER_CALLOUT)
        buf_printf(&w->body,
                   "<w:pBdr><w:top w:val=\"single\" w:sz=\"4\" w:space=\"5\" w:color=\"%s\"/>"
                   "<w:left w:val=\"single\" w:sz=\"24\" w:space=\"6\" w:color=\"%s\"/>"
                   "<w:bottom w:val=\"single\" w:sz=\"4\" w:space=\"5\" w:color=\"%s\"/></w:pBdr>"
                   "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"%s\"/>",
                   wash, paper_ink(b->role), wash, wash);
    if (b->style == PAPER_QUOTE && b->role != PAPER_PLAIN)
        buf_printf(&w->body,
                   "<w:pBdr><w:left w:val=\"single\" w:sz=\"12\" w:space=\"8\" w:color=\"%s\"/>"
                   "</w:pBdr>",
                   paper_ink(b->role));
}

static unsigned list_of(struct writer *w, const struct paper_block *b)
{
    if (b->list == PAPER_BULLETS)
        return BULLETS;
    if (b->starts || w->list_at[b->level] == 0)
        w->list_at[b->level] = BULLETS + ++w->list_n;
    return w->list_at[b->level];
}

static void add_paragraph(struct writer *w, const struct paper_block *b, size_t at)
{
    put(w, "<w:p><w:pPr>");
    if (b->kind == PAPER_HEADING)
        buf_printf(&w->body, "<w:pStyle w:val=\"Heading%u\"/>", b->level);
    else
        buf_printf(&w->body, "<w:pStyle w:val=\"%s\"/>", style_of(b));
    if (b->keep)
        put(w, "<w:keepNext/>");
    if (b->kind == PAPER_ITEM)
        buf_printf(&w->body, "<w:numPr><w:ilvl w:val=\"%u\"/><w:numId w:val=\"%u\"/></w:numPr>",
                   b->level - 1, list_of(w, b));
    add_frame(w, b);
    if (paper_is_rtl(b->text))
        put(w, "<w:bidi/>");
    if (w->after_table && b->kind != PAPER_HEADING)
        put(w, "<w:spacing w:before=\"160\"/>");
    put(w, "</w:pPr>");
    if (b->kind == PAPER_HEADING)
        add_bookmark(w, str_printf(w->cx->mem, "_Toc%zu", at));
    if (b->name.n > 0)
        add_bookmark(w, bookmark(w->cx->mem, b->name));
    add_text(w, b->text);
    put(w, "</w:p>");
}

/* ---- contents: as Word would make them, so that nobody has to ask for it ---- */

static void add_entry(struct writer *w, const struct paper_block *b, size_t at, const char *before)
{
    unsigned level = b->level > 3 ? 3 : b->level;

    buf_printf(&w->body, "<w:p><w:pPr><w:pStyle w:val=\"TOC%u\"/></w:pPr>%s", level, before);
    buf_printf(&w->body,
               "<w:hyperlink w:anchor=\"_Toc%zu\" w:history=\"1\"><w:r>"
               "<w:t xml:space=\"preserve\">",
               at);
    paper_xml_add(&w->body, paper_plain(w->cx->mem, b->text));
    put(w, "</w:t></w:r></w:hyperlink></w:p>");
}

static void add_contents(struct writer *w, unsigned level)
{
    struct str field = str_printf(
        w->cx->mem,
        "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\">"
        " TOC \\o \"1-%u\" \\n \\h \\z \\u </w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>",
        level);
    const char *before = field.p;

    for (size_t i = 0; i < w->paper->n; i++) {
        const struct paper_block *b = w->paper->blocks[i];
        if (b->kind != PAPER_HEADING || b->level > level || (b->media & PAPER_PAGES) == 0)
            continue;
        add_entry(w, b, i, before);
        before = "";
    }
    if (before[0] == '\0')
        put(w, "<w:p><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>");
}

/* ---- tables ---- */

static unsigned text_width(const struct writer *w)
{
    return w->paper->across ? TEXT_ACROSS : TEXT_WIDTH;
}

static unsigned width_of(const struct writer *w, const struct paper_table *t, size_t from, size_t n)
{
    unsigned all = 0, before = 0, here = 0;

    for (size_t i = 0; i < t->column_n; i++) {
        all += t->columns[i].weight;
        before += i < from ? t->columns[i].weight : 0;
        here += i < from + n ? t->columns[i].weight : 0;
    }
    return text_width(w) * here / all - text_width(w) * before / all;
}

static void add_cell_text(struct writer *w, const struct paper_text *t, enum paper_align align)
{
    static const char *const words[] = {"left", "right", "center"};

    put(w, "<w:p><w:pPr><w:pStyle w:val=\"TableText\"/>");
    if (paper_is_rtl(t))
        put(w, "<w:bidi/>");
    if (align != PAPER_LEFT)
        buf_printf(&w->body, "<w:jc w:val=\"%s\"/>", words[align]);
    put(w, "</w:pPr>");
    add_text(w, t);
    put(w, "</w:p>");
}

static void add_cell(struct writer *w, const struct paper_table *t, const struct paper_cell *cell,
                     size_t column, unsigned span)
{
    enum paper_align align = t->columns[column].align;

    buf_printf(&w->body, "<w:tc><w:tcPr><w:tcW w:w=\"%u\" w:type=\"dxa\"/>",
               width_of(w, t, column, span));
    if (span > 1)
        buf_printf(&w->body, "<w:gridSpan w:val=\"%u\"/>", span);
    if (cell != NULL && cell->fill != PAPER_PLAIN)
        buf_printf(&w->body, "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"%s\"/>",
                   paper_wash(cell->fill));
    put(w, "</w:tcPr>");
    for (size_t i = 0; cell != NULL && i < cell->n; i++)
        add_cell_text(w, cell->texts[i], align);
    if (cell == NULL || cell->n == 0)
        add_cell_text(w, NULL, align);
    put(w, "</w:tc>");
}

static void add_row(struct writer *w, const struct paper_table *t, const struct paper_row *row)
{
    size_t column = 0;

    put(w, "<w:tr><w:trPr><w:cantSplit/>");
    if (row->header)
        put(w, "<w:tblHeader/>");
    put(w, "</w:trPr>");
    for (size_t i = 0; column < t->column_n; i++) {
        const struct paper_cell *cell = i < row->n ? row->cells[i] : NULL;
        size_t left = t->column_n - column;
        unsigned span = cell == NULL ? 1 : cell->span > left ? (unsigned)left : cell->span;
        add_cell(w, t, cell, column, span);
        column += span;
    }
    put(w, "</w:tr>");
}

static int add_table(struct writer *w, const struct paper_table *t)
{
    if (t->column_n == 0 || t->n == 0)
        return 0;
    if (w->after_table)
        put(w, "<w:p><w:pPr><w:pStyle w:val=\"Small\"/></w:pPr></w:p>");
    buf_printf(&w->body,
               "<w:tbl><w:tblPr><w:tblStyle w:val=\"%s\"/><w:tblW w:w=\"%u\" w:type=\"dxa\"/>"
               "<w:tblLayout w:type=\"fixed\"/><w:tblLook w:val=\"%s\" w:firstRow=\"%d\" "
               "w:lastRow=\"0\" w:firstColumn=\"0\" w:lastColumn=\"0\" w:noHBand=\"1\" "
               "w:noVBand=\"1\"/></w:tblPr><w:tblGrid>",
               t->bare ? "BareTable" : "LinedTable", text_width(w),
               t->rows[0]->header ? "0620" : "0600", t->rows[0]->header ? 1 : 0);
    for (size_t i = 0; i < t->column_n; i++)
        buf_printf(&w->body, "<w:gridCol w:w=\"%u\"/>", width_of(w, t, i, 1));
    put(w, "</w:tblGrid>");
    for (size_t i = 0; i < t->n; i++) {
        add_row(w, t, t->rows[i]);
        TRY(ctx_check(w->cx));
    }
    put(w, "</w:tbl>");
    return 0;
}

/* ---- figures ---- */

#define EMU 12700.0 /* a point in Word's units of drawings */
#define FINE 3.0    /* points of the picture for each of the page's */

/* A picture in the line, with what it shows for who cannot see it. */
static int add_figure(struct writer *w, const struct paper_block *b)
{
    const double scale = text_width(w) / 20.0 / (b->chart != NULL ? b->chart->wide : 1);
    struct arena *mem = w->cx->mem;
    struct buf png = buf_new(mem);
    struct zipped_part *part;
    unsigned n;

    if (b->chart == NULL)
        return 0;
    TRY(chart_png(w->cx, b->chart, FINE * scale, &png));
    n = (unsigned)w->picture_n + 1;
    part = ARENA_PUSH(mem, w->pictures, w->picture_n, w->picture_room);
    part->name = str_printf(mem, "word/media/image%u.png", n).p;
    part->bytes = buf_str(&png);
    part->plain = true;
    add_relation(w, "image", str_printf(mem, "media/image%u.png", n), false);
    long wide = (long)(b->chart->wide * scale * EMU), high = (long)(b->chart->high * scale * EMU);
    buf_printf(&w->body,
               "<w:p><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">"
               "<wp:extent cx=\"%ld\" cy=\"%ld\"/><wp:docPr id=\"%u\" name=\"Figure %u\" descr=\"",
               wide, high, n, n);
    paper_xml_add(&w->body, b->says);
    buf_printf(&w->body,
               "\"/><a:graphic xmlns:a=\"" NS_A "\"><a:graphicData uri=\"" NS_A_PICTURE "\">"
               "<pic:pic xmlns:pic=\"" NS_A_PICTURE "\"><pic:nvPicPr><pic:cNvPr id=\"%u\" "
               "name=\"image%u.png\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip "
               "r:embed=\"rId%u\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>"
               "<a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"%ld\" cy=\"%ld\"/></a:xfrm>"
               "<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>"
               "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>",
               n, n, w->relation_n, wide, high);
    return ctx_check(w->cx);
}

/* ---- the document ---- */

static int add_block(struct writer *w, const struct paper_block *b, size_t at)
{
    bool table = b->kind == PAPER_TABLE;

    switch (b->kind) {
    case PAPER_HEADING:
    case PAPER_PARAGRAPH:
    case PAPER_ITEM:
        add_paragraph(w, b, at);
        break;
    case PAPER_TABLE:
        TRY(add_table(w, b->table));
        break;
    case PAPER_FIGURE:
        TRY(add_figure(w, b));
        break;
    case PAPER_BREAK:
        put(w, "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>");
        break;
    case PAPER_CONTENTS:
        add_contents(w, b->level);
        break;
    }
    w->after_table = table;
    return ctx_check(w->cx);
}

static int make_document(struct writer *w)
{
    put(w, XML_HEAD "<w:document xmlns:w=\"" NS_W "\" xmlns:r=\"" XML_RELATIONS
                    "\" xmlns:wp=\"" NS_WP "\"><w:body>");
    for (size_t i = 0; i < w->paper->n; i++)
        if ((w->paper->blocks[i]->media & PAPER_PAGES) != 0)
            TRY(add_block(w, w->paper->blocks[i], i));
    if (w->after_table)
        put(w, "<w:p><w:pPr><w:pStyle w:val=\"Small\"/></w:pPr></w:p>");
    put(w, "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId3\"/>"
           "<w:footerReference w:type=\"default\" r:id=\"rId4\"/>");
    put(w, w->paper->across ? "<w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/>"
                            : "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>");
    put(w, "<w:pgMar w:top=\"1361\" w:right=\"1134\" "
           "w:bottom=\"1247\" w:left=\"1134\" w:header=\"624\" w:footer=\"567\" w:gutter=\"0\"/>"
           "</w:sectPr></w:body></w:document>");
    buf_addz(&w->relations, "</Relationships>");
    return 0;
}

/* What stands at the edge of each page: text at the left, text or the page's number at the right.
 */
static struct str edge(struct arena *mem, const char *element, const char *style, struct str left,
                       const char *right)
{
    struct buf out = buf_new(mem);

    buf_printf(&out,
               XML_HEAD "<w:%s xmlns:w=\"" NS_W "\"><w:p><w:pPr><w:pStyle w:val=\"%s\"/>"
                        "</w:pPr><w:r><w:t xml:space=\"preserve\">",
               element, style);
    paper_xml_add(&out, paper_clean(mem, left));
    buf_printf(&out, "</w:t></w:r><w:r><w:tab/></w:r>%s</w:p></w:%s>", right, element);
    return buf_str(&out);
}

#define FIELD(name) "<w:fldSimple w:instr=\" " name " \"><w:r><w:t>1</w:t></w:r></w:fldSimple>"

static struct str make_header(struct arena *mem, const struct paper *f)
{
    struct str right = STR_NONE;

    if (f->draft)
        right = str_printf(mem,
                           "<w:r><w:rPr><w:b/><w:bCs/><w:color w:val=\"%s\"/></w:rPr>"
                           "<w:t>%s</w:t></w:r>",
                           paper_ink(PAPER_CONCERN), _("DRAFT"));
    return edge(mem, "hdr", "Header", f->head, right.n > 0 ? right.p : "");
}

static struct str make_footer(struct arena *mem, const struct paper *f)
{
    return edge(mem, "ftr", "Footer", f->foot,
                FIELD("PAGE") "<w:r><w:t xml:space=\"preserve\"> / "
                              "</w:t></w:r>" FIELD("NUMPAGES"));
}

static void add_level(struct buf *out, unsigned level, const char *format, const char *text)
{
    unsigned step = strcmp(format, "bullet") == 0 ? 284 : 420; /* wide enough for "100." */

    buf_printf(out,
               "<w:lvl w:ilvl=\"%u\"><w:start w:val=\"1\"/><w:numFmt w:val=\"%s\"/><w:lvlText "
               "w:val=\"%s\"/><w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"%u\" "
               "w:hanging=\"%u\"/></w:pPr></w:lvl>",
               level, format, text, step * (level + 1) + 57, step);
}

static struct str make_numbering(struct arena *mem, unsigned lists)
{
    static const char *const dots[] = {"\u2022", "\u2013", "\u2022", "\u2013"};
    static const char *const formats[] = {"decimal", "lowerLetter", "lowerRoman", "decimal"};
    struct buf out = buf_new(mem);

    buf_addz(&out, XML_HEAD "<w:numbering xmlns:w=\"" NS_W "\"><w:abstractNum "
                            "w:abstractNumId=\"0\"><w:multiLevelType w:val=\"hybridMultilevel\"/>");
    for (unsigned i = 0; i < COUNT_OF(dots); i++)
        add_level(&out, i, "bullet", dots[i]);
    buf_addz(&out, "</w:abstractNum><w:abstractNum w:abstractNumId=\"1\"><w:multiLevelType "
                   "w:val=\"hybridMultilevel\"/>");
    for (unsigned i = 0; i < COUNT_OF(formats); i++)
        add_level(&out, i, formats[i], str_printf(mem, "%%%u.", i + 1).p);
    buf_printf(&out, "</w:abstractNum><w:num w:numId=\"%u\"><w:abstractNumId w:val=\"0\"/></w:num>",
               BULLETS);
    for (unsigned i = 1; i <= lists; i++) {
        buf_printf(&out, "<w:num w:numId=\"%u\"><w:abstractNumId w:val=\"1\"/>", BULLETS + i);
        for (unsigned level = 0; level < COUNT_OF(formats); level++)
            buf_printf(&out,
                       "<w:lvlOverride w:ilvl=\"%u\"><w:startOverride w:val=\"1\"/>"
                       "</w:lvlOverride>",
                       level);
        buf_addz(&out, "</w:num>");
    }
    buf_addz(&out, "</w:numbering>");
    return buf_str(&out);
}

static const char types[] = XML_HEAD
    "<Types xmlns=\"" XML_PACKAGE "content-types\">"
    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package."
    "relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    "<Default Extension=\"png\" ContentType=\"image/png\"/>"
    "<Override PartName=\"/word/document.xml\" ContentType=\"" TYPE_W "document.main+xml\"/>"
    "<Override PartName=\"/word/styles.xml\" ContentType=\"" TYPE_W "styles+xml\"/>"
    "<Override PartName=\"/word/numbering.xml\" ContentType=\"" TYPE_W "numbering+xml\"/>"
    "<Override PartName=\"/word/settings.xml\" ContentType=\"" TYPE_W "settings+xml\"/>"
    "<Override PartName=\"/word/header1.xml\" ContentType=\"" TYPE_W "header+xml\"/>"
    "<Override PartName=\"/word/footer1.xml\" ContentType=\"" TYPE_W "footer+xml\"/>"
    "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-"
    "package.core-properties+xml\"/><Override PartName=\"/docProps/app.xml\" "
    "ContentType=\"application/vnd.openxmlformats-officedocument.extended-properties+xml\"/>"
    "</Types>";

static const char package[] =
    XML_HEAD "<Relationships xmlns=\"" XML_PACKAGE "relationships\">"
             "<Relationship Id=\"rId1\" Type=\"" XML_RELATIONS "/officeDocument\" "
             "Target=\"word/document.xml\"/><Relationship Id=\"rId2\" Type=\"" XML_PACKAGE
             "relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>"
             "<Relationship Id=\"rId3\" Type=\"" XML_RELATIONS "/extended-properties\" "
             "Target=\"docProps/app.xml\"/></Relationships>";

static const char settings[] = XML_HEAD
    "<w:settings xmlns:w=\"" NS_W "\"><w:zoom w:percent=\"100\"/>"
    "<w:defaultTabStop w:val=\"708\"/><w:compat><w:compatSetting w:name=\"compatibilityMode\" "
    "w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>";

static void begin(struct writer *w)
{
    w->body = buf_new(w->cx->mem);
    w->relations = buf_new(w->cx->mem);
    buf_addz(&w->relations, XML_HEAD "<Relationships xmlns=\"" XML_PACKAGE "relationships\">");
    add_relation(w, "styles", STR("styles.xml"), false);
    add_relation(w, "numbering", STR("numbering.xml"), false);
    add_relation(w, "header", STR("header1.xml"), false);
    add_relation(w, "footer", STR("footer1.xml"), false);
    add_relation(w, "settings", STR("settings.xml"), false);
}

int paper_docx(struct ctx *cx, const struct paper *f, struct buf *out)
{
    struct writer w = {.cx = cx, .paper = f};
    struct value *view = value_map(cx->mem);
    struct buf styles = buf_new(cx->mem);

    begin(&w);
    TRY(make_document(&w));
    value_set_text(view, "language", f->language);
    TRY(report_render(cx, NULL, "paper-styles.xml", view, &styles));
    const struct zipped_part parts[] = {
        {"[Content_Types].xml", str_of(types), true},
        {"docProps/core.xml", paper_xml_core(cx->mem, f), true},
        {"_rels/.rels", str_of(package), false},
        {"docProps/app.xml", paper_xml_app(cx->mem, f), false},
        {"word/document.xml", buf_str(&w.body), false},
        {"word/_rels/document.xml.rels", buf_str(&w.relations), false},
        {"word/styles.xml", buf_str(&styles), false},
        {"word/numbering.xml", make_numbering(cx->mem, w.list_n), false},
        {"word/settings.xml", str_of(settings), false},
        {"word/header1.xml", make_header(cx->mem, f), false},
        {"word/footer1.xml", make_footer(cx->mem, f), false},
    };
    struct zipped_part *all = arena_array(cx->mem, COUNT_OF(parts) + w.picture_n, sizeof *all);

    memcpy(all, parts, sizeof parts);
    if (w.picture_n > 0)
        memcpy(all + COUNT_OF(parts), w.pictures, w.picture_n * sizeof *all);
    return zipped_write(cx, all, COUNT_OF(parts) + w.picture_n, f->day, out);
}
