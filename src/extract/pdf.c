/* What pdftotext -bbox-layout writes, from its XML to words and pages. */
#include "extract/pdf.h"

#include <string.h>

#include "extract/xml.h"

#define WORD_BYTES ((size_t)4096)
#define MEASURE_MOST 100000.0f

struct reader {
    struct pdf *pdf;
    struct pdf_word word;
    struct buf text; /* of the word that is open */
    bool in_word;
    bool full;
};

/* "123.450000" without a look at the locale; what is no number of a page is 0. */
static float measure_of(const char *value)
{
    float whole = 0, scale = 1;

    for (; value != NULL && *value >= '0' && *value <= '9' && whole < MEASURE_MOST; value++)
        whole = whole * 10 + (float)(*value - '0');
    if (value != NULL && *value == '.')
        for (value++; *value >= '0' && *value <= '9' && scale < 1e6f; value++) {
            scale *= 10;
            whole += (float)(*value - '0') / scale;
        }
    return whole < MEASURE_MOST ? whole : 0;
}

static void page_start(struct xml *xml, struct reader *r, const char **attrs)
{
    struct pdf *pdf = r->pdf;

    if (pdf->page_n >= EXTRACT_PAGES) {
        flow_note(pdf->flow, _("the pages after %u were left out"), EXTRACT_PAGES);
        r->full = true;
        xml_stop(xml);
        return;
    }
    *ARENA_PUSH(pdf->mem, pdf->pages, pdf->page_n, pdf->page_room) =
        (struct pdf_page){.width = measure_of(xml_attr(attrs, XML_NONE, "width")),
                          .height = measure_of(xml_attr(attrs, XML_NONE, "height")),
                          .word_from = pdf->word_n,
                          .word_to = pdf->word_n};
}

static void word_start(struct xml *xml, struct reader *r, const char **attrs)
{
    if (r->pdf->page_n == 0)
        return;
    if (r->pdf->word_n >= EXTRACT_WORDS || arena_over(r->pdf->mem)) {
        flow_note(r->pdf->flow, "%s",
                  _("it has more text than is read, and the rest was left out"));
        r->full = true;
        xml_stop(xml);
        return;
    }
    r->word = (struct pdf_word){.x0 = measure_of(xml_attr(attrs, XML_NONE, "xMin")),
                                .y0 = measure_of(xml_attr(attrs, XML_NONE, "yMin")),
                                .x1 = measure_of(xml_attr(attrs, XML_NONE, "xMax")),
                                .y1 = measure_of(xml_attr(attrs, XML_NONE, "yMax"))};
    r->text.n = 0;
    r->in_word = true;
}

/* Letters one below the other: written upwards along the margin, or a stamp. */
static bool is_upright(const struct pdf_word *w)
{
    return utf8_count(w->text) >= 3 && w->y1 - w->y0 > 2 * (w->x1 - w->x0);
}

static void word_end(struct reader *r)
{
    struct pdf *pdf = r->pdf;
    struct str text = flow_clean(pdf->flow, buf_str(&r->text));

    r->in_word = false;
    if (text.n == 0 || r->word.x1 < r->word.x0 || r->word.y1 <= r->word.y0)
        return;
    r->word.text = str_copy(pdf->mem, text);
    if (is_upright(&r->word))
        return;
    *ARENA_PUSH(pdf->mem, pdf->words, pdf->word_n, pdf->word_room) = r->word;
    pdf->pages[pdf->page_n - 1].word_to = pdf->word_n;
}

static void on_start(struct xml *xml, UNUSED enum xml_ns ns, const char *name, const char **attrs)
{
    struct reader *r = xml_arg(xml);

    if (xml_is(name, "word"))
        word_start(xml, r, attrs);
    else if (xml_is(name, "page"))
        page_start(xml, r, attrs);
}

static void on_end(struct xml *xml, UNUSED enum xml_ns ns, const char *name)
{
    struct reader *r = xml_arg(xml);

    if (r->in_word && xml_is(name, "word"))
        word_end(r);
}

static void on_text(struct xml *xml, struct str text)
{
    struct reader *r = xml_arg(xml);

    if (r->in_word && r->text.n + text.n <= WORD_BYTES)
        buf_add(&r->text, text);
}

/* XML has no place for most control characters, and fonts with codes of their own bring them. */
static struct str without_controls(struct arena *mem, struct str s)
{
    char *clean = str_z(mem, s);

    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)clean[i] < 0x20 && clean[i] != '\n' && clean[i] != '\t')
            clean[i] = ' ';
        else if (s.n - i >= 3 && memcmp(clean + i, "\xef\xbf", 2) == 0 &&
                 (unsigned char)clean[i + 2] >= 0xbe)
            memcpy(clean + i, "   ", 3); /* U+FFFE and U+FFFF */
    return (struct str){clean, s.n};
}

/* One answer of the tool; where it breaks off, what came before counts. */
static int read_body(struct reader *r, struct str body)
{
    static const struct xml_handler handler = {on_start, on_end, on_text};
    struct pdf *pdf = r->pdf;
    struct str text = without_controls(pdf->mem, text_decode(pdf->flow->cx, body));
    int rc = xml_read(pdf->flow->cx, STR("text"), text, &handler, r);

    r->in_word = false;
    if (rc != RC_INVALID)
        return rc;
    flow_note(pdf->flow, "%s", _("it could not be read to its end, and the rest was left out"));
    return 0;
}

/* ---- properties ---- */

/* What programs call a document that nobody gave a title, or the name of the file it came from. */
static bool is_no_title(struct str title)
{
    static const char *const names[] = {"untitled",
                                        "microsoft word",
                                        "microsoft powerpoint",
                                        "microsoft excel",
                                        "powerpoint presentation",
                                        "document",
                                        "slide 1",
                                        "print",
                                        "about:blank",
                                        "title"};
    static const char *const ends[] = {".doc",  ".docx", ".odt", ".rtf",   ".txt",  ".md",
                                       ".html", ".htm",  ".pdf", ".xls",   ".xlsx", ".ppt",
                                       ".pptx", ".indd", ".tex", ".pages", ".dvi"};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t n = strlen(names[i]);
        if (str_is_nocase(str_sub(title, 0, n), names[i]) &&
            (title.n < n + 4 || i == 1 || i == 2 || i == 3))
            return true;
    }
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (str_ends_nocase(title, ends[i]))
            return true;
    return title.n < 3;
}

/* The text between `open` and `close`, its entities resolved; "" for none. */
static struct str between(struct arena *mem, struct str s, struct str open, struct str close)
{
    size_t from = str_find(s, open, 0), to, at = 0;
    struct buf out = buf_new(mem);

    if (from == SIZE_MAX)
        return STR_NONE;
    to = str_find(s, close, from + open.n);
    s = str_sub(s, from + open.n, to == SIZE_MAX ? 0 : to - from - open.n);
    while (at < s.n) {
        size_t end = s.p[at] == '&' ? str_find_char(s, ';', at) : SIZE_MAX;
        uint32_t c = end < at + 10 ? html_entity(str_sub(s, at, end + 1 - at)) : 0;
        if (c != 0)
            buf_code(&out, c);
        else
            buf_char(&out, s.p[at]);
        at = c != 0 ? end + 1 : at + 1;
    }
    return buf_str(&out);
}

static void read_properties(struct pdf *pdf, struct str head)
{
    static const struct {
        const char *name, *label;
    } known[] = {{"Author", "author"},
                 {"Subject", "subject"},
                 {"Keywords", "keywords"},
                 {"CreationDate", "created"}};
    struct str title = str_trim(between(pdf->mem, head, STR("<title>"), STR("</title>")));

    if (!is_no_title(title))
        flow_property(pdf->flow, STR("title"), title);
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        struct str open = str_printf(pdf->mem, "<meta name=\"%s\" content=\"", known[i].name);
        struct str text = between(pdf->mem, head, open, STR("\"/>"));
        if (str_is(str_of(known[i].label), "created"))
            text = str_sub(text, 0, text.n > 10 && text.p[10] == 'T' ? 10 : 0);
        flow_property(pdf->flow, str_of(known[i].label), text);
    }
}

/* ---- all of it ---- */

/* The answers of several calls may follow each other: pages of a scan are read one by one. */
static int read_answers(struct reader *r, struct str bytes)
{
    const struct str head_end = STR("</head>"), body = STR("<body>");

    for (bool first = true; bytes.n > 0 && !r->full; first = false) {
        size_t from = str_find(bytes, body, 0), head = str_find(bytes, head_end, 0);
        if (from == SIZE_MAX)
            return 0;
        size_t next = str_find(bytes, STR("<!DOCTYPE"), from);
        if (first && head < from)
            read_properties(r->pdf, text_decode(r->pdf->flow->cx, str_sub(bytes, 0, head)));
        size_t end = next == SIZE_MAX ? bytes.n : next;
        struct str piece = str_sub(bytes, from, end - from);
        size_t close = str_find(piece, STR("</body>"), 0);
        if (close != SIZE_MAX)
            piece = str_sub(piece, 0, close + 7);
        TRY(read_body(r, piece));
        bytes = str_from(bytes, end);
    }
    return 0;
}

static void tell_empty_pages(struct pdf *pdf)
{
    size_t empty = 0;

    for (size_t i = 0; i < pdf->page_n; i++)
        empty += pdf->pages[i].word_from == pdf->pages[i].word_to;
    if (empty > 0)
        flow_note(pdf->flow, _("%zu of its %zu pages hold no text"), empty, pdf->page_n);
}

int pdf_read(struct flow *flow, struct str bytes)
{
    struct pdf *pdf = ARENA_NEW(flow->cx->mem, struct pdf);
    struct reader r = {.pdf = pdf, .text = buf_new(flow->cx->mem)};

    pdf->flow = flow;
    pdf->mem = flow->cx->mem;
    pdf->seen = dict_new(flow->cx->mem);
    TRY(read_answers(&r, bytes));
    if (pdf->page_n == 0)
        return fail(flow->cx, RC_INVALID, NULL, "%s", _("The PDF is damaged: no page was found."));
    if (pdf->word_n == 0)
        return fail(flow->cx, RC_INVALID, NULL, "%s",
                    _("It is a scan or a picture: nothing in it could be read. Put the original "
                      "beside it, or make its text readable with an OCR program."));
    tell_empty_pages(pdf);
    pdf_lines_make(pdf);
    TRY(ctx_check(flow->cx));
    pdf_furniture_find(pdf);
    pdf_flow_emit(pdf);
    return 0;
}
