#include "tests/extract/blocks.h"

#define H 12.0f     /* of usual letters */
#define PITCH 13.8f /* from line to line */
#define LEFT 60.0f
#define RIGHT 530.0f

/* What pdftotext would write, a line at a time. */
struct paper {
    struct buf out;
    float y;
};

static struct paper paper_new(struct ctx *cx, const char *head)
{
    struct paper p = {buf_new(cx->mem), 0};

    buf_printf(&p.out, "<!DOCTYPE html PUBLIC \"x\" \"y\"><html><head>\n%s</head>\n<body>\n<doc>\n",
               head);
    return p;
}

static void page(struct paper *p)
{
    if (p->y > 0)
        buf_addz(&p->out, "</page>\n");
    buf_addz(&p->out, "<page width=\"595.000000\" height=\"842.000000\">\n");
    p->y = 72;
}

/* Words from `x` on, letters half as wide as they are high; gives where they end. */
static float put(struct paper *p, float x, float height, const char *text)
{
    struct str rest = str_of(text), word;

    while (str_split(&rest, ' ', &word)) {
        float width = (float)word.n * height * 0.5f;
        buf_printf(&p->out, "<word xMin=\"%f\" yMin=\"%f\" xMax=\"%f\" yMax=\"%f\">%.*s</word>\n",
                   (double)x, (double)p->y, (double)(x + width), (double)(p->y + height),
                   STR_ARG(word));
        x += width + height * 0.25f;
    }
    return x;
}

static void line(struct paper *p, float x, const char *text)
{
    put(p, x, H, text);
    p->y += PITCH;
}

static void space(struct paper *p)
{
    p->y += PITCH * 0.7f;
}

/* Text set in lines up to `right`, as a word processor does. */
static void text(struct ctx *cx, struct paper *p, float left, float right, const char *words)
{
    struct str rest = str_of(words), word;
    struct buf out = buf_new(cx->mem);
    float x = left;

    while (str_split(&rest, ' ', &word)) {
        float width = (float)word.n * H * 0.5f;
        if (x + width > right && out.n > 0) {
            line(p, left, str_z(cx->mem, buf_str(&out)));
            out.n = 0;
            x = left;
        }
        if (out.n > 0)
            buf_char(&out, ' ');
        buf_add(&out, word);
        x += width + H * 0.25f;
    }
    line(p, left, str_z(cx->mem, buf_str(&out)));
    space(p);
}

static void heading(struct paper *p, float height, const char *words)
{
    space(p);
    put(p, LEFT, height, words);
    p->y += height * 1.15f + 6;
}

static struct extract done(struct ctx *cx, struct paper *p)
{
    struct extract e = {0};

    buf_addz(&p->out, "</page>\n</doc>\n</body>\n</html>\n");
    CHECK_OK(extract_pdf(cx, buf_str(&p->out), &e));
    return e;
}

static const char *const prose[] = {
    "The owner of each system looks through the list of its accounts once a quarter and signs it, "
    "so "
    "that nobody keeps what the job no longer asks for.",
    "Whoever finds something odd tells the office at once, on paper or by telephone, and leaves "
    "the "
    "machine as it is until somebody has looked at it.",
};

TEST(pdf_paragraphs_go_on_over_lines_and_pages)
{
    struct paper p = paper_new(cx, "");

    page(&p);
    text(cx, &p, LEFT, RIGHT, prose[0]);
    line(&p, LEFT, "Keys are kept in the safe of the office, and the list of those who hold one");
    page(&p);
    line(&p, LEFT, "hangs beside it.");
    space(&p);
    text(cx, &p, LEFT, RIGHT, prose[1]);
    struct extract e = done(cx, &p);
    CHECK_INT(e.block_count, 3);
    CHECK_STR(e.blocks[0].text, prose[0]);
    CHECK_STR(e.blocks[1].text,
              "Keys are kept in the safe of the office, and the list of those who "
              "hold one hangs beside it.");
    CHECK_STR(e.blocks[2].text, prose[1]);
    CHECK_INT(e.blocks[1].place.page, 1);
    CHECK_INT(e.blocks[2].place.page, 2);
    CHECK_INT(e.format, EXTRACT_PDF);
}

TEST(pdf_words_parted_at_the_end_of_a_line)
{
    struct paper p = paper_new(cx, "");

    page(&p);
    line(&p, LEFT,
         "Our third-party rules and our guide for the whole of the organisation say how a risk");
    line(&p, LEFT, "is told, how often the third-");
    line(&p, LEFT, "party list is looked at, and what every organi-");
    line(&p, LEFT, "sation has to send us; order 2026-");
    line(&p, LEFT, "001 says more.");
    struct extract e = done(cx, &p);
    CHECK_INT(e.block_count, 1);
    CHECK(str_has(e.blocks[0].text, "the third-party list"));
    CHECK(str_has(e.blocks[0].text, "every organisation has"));
    CHECK(str_has(e.blocks[0].text, "order 2026-001 says"));
}

TEST(pdf_headings_by_size_and_number)
{
    struct paper p = paper_new(cx, "");

    page(&p);
    heading(&p, 24, "Access rules");
    text(cx, &p, LEFT, RIGHT, prose[0]);
    heading(&p, 16, "1. Purpose");
    text(cx, &p, LEFT, RIGHT, prose[1]);
    heading(&p, H, "1.1 Who decides");
    text(cx, &p, LEFT, RIGHT, prose[0]);
    heading(&p, H, "When something is odd");
    text(cx, &p, LEFT, RIGHT, prose[1]);
    struct extract e = done(cx, &p);
    CHECK_INT(e.block_count, 8);
    CHECK_STR(block_text(cx, &e, 0), "H1@0 Access rules");
    CHECK_STR(block_text(cx, &e, 2), "H2@0 1. Purpose");
    CHECK_STR(block_text(cx, &e, 4), "H4@0 1.1 Who decides");
    CHECK_STR(block_text(cx, &e, 6), "H7@0 When something is odd");
}

TEST(pdf_lists)
{
    struct paper p = paper_new(cx, "");

    page(&p);
    text(cx, &p, LEFT, RIGHT, prose[0]);
    line(&p, LEFT, "What comes of it:");
    put(&p, LEFT + 18, H, "\xe2\x80\xa2");
    line(&p, LEFT + 36,
         "accounts that nobody uses are closed on the same day, whoever may have asked");
    line(&p, LEFT + 36, "for them;");
    put(&p, LEFT + 54, H, "o");
    line(&p, LEFT + 72, "within the hour for the tills;");
    put(&p, LEFT + 18, H, "\xef\x82\xb7");
    line(&p, LEFT + 36, "the list is kept.");
    space(&p);
    line(&p, LEFT, "1. Ring the office.");
    line(&p, LEFT, "2. Write it down.");
    struct extract e = done(cx, &p);
    CHECK_INT(e.block_count, 7);
    CHECK_STR(block_text(cx, &e, 2), "I1@0 accounts that nobody uses are closed on the same day, "
                                     "whoever may have asked for them;");
    CHECK_STR(block_text(cx, &e, 3), "I2@0 within the hour for the tills;");
    CHECK_STR(block_text(cx, &e, 4), "I1@0 the list is kept.");
    CHECK_STR(block_text(cx, &e, 6), "I1@0 Write it down.");
}

static void row(struct paper *p, const char *a, const char *b, const char *c)
{
    if (a[0] != '\0')
        put(p, LEFT, H, a);
    if (b[0] != '\0')
        put(p, 170, H, b);
    if (c[0] != '\0')
        put(p, 400, H, c);
    p->y += PITCH;
}

TEST(pdf_tables_with_wrapped_cells)
{
    struct paper p = paper_new(cx, "");

    page(&p);
    text(cx, &p, LEFT, RIGHT, prose[0]);
    row(&p, "System", "Owner", "Looked at");
    p.y += 5;
    row(&p, "Tills and", "Head of the shops, who also keeps", "every quarter");
    row(&p, "stock", "the list of keys", "");
    p.y += 5;
    row(&p, "Pay", "", "twice a year");
    p.y += 5;
    row(&p, "Web shop", "Mira Holt", "every quarter");
    p.y += 20;
    text(cx, &p, LEFT, RIGHT, prose[1]);
    struct extract e = done(cx, &p);
    BLOCKS(
        ((struct extract){.blocks = e.blocks + 1, .block_count = 4}),
        "R0@0 System | Owner | Looked at",
        "R0@0 Tills and stock | Head of the shops, who also keeps the list of keys | every quarter",
        "R0@0 Pay | twice a year", "R0@0 Web shop | Mira Holt | every quarter");
    CHECK_INT(e.block_count, 6);
    CHECK_INT(e.blocks[3].cells[1].column, 2);
    CHECK_INT(e.blocks[4].table, 1);
    CHECK_STR(e.blocks[5].text, prose[1]);
}

/* The widest cells of both columns stand in one row: still nothing of it goes on in the next. */
TEST(pdf_tables_of_labels)
{
    static const char *const rows[][2] = {{"Version", "1.0"},
                                          {"Released by", "Mira Holt (head of the shops)"},
                                          {"Released on", "2026-04-20"},
                                          {"Class", "internal"}};
    struct paper p = paper_new(cx, "");

    page(&p);
    text(cx, &p, LEFT, RIGHT, prose[0]);
    for (size_t i = 0; i < 4; i++) {
        p.y += 2;
        row(&p, rows[i][0], rows[i][1], "");
    }
    struct extract e = done(cx, &p);
    CHECK_INT(e.block_count, 5);
    CHECK_STR(e.blocks[2].text, "Released by | Mira Holt (head of the shops)");
    CHECK_STR(e.blocks[3].text, "Released on | 2026-04-20");
}

TEST(pdf_tables_go_on_over_pages)
{
    struct paper p = paper_new(cx, "");

    page(&p);
    for (int i = 0; i < 2; i++) {
        if (i > 0)
            page(&p);
        row(&p, "System", "Owner", "Looked at");
        p.y += 5;
        if (i > 0)
            row(&p, "", "and the list of keys", "");
        for (int k = 0; k < 3; k++) {
            p.y += 5;
            row(&p, i == 0 ? "Tills" : "Pay", "Head of the shops", "every quarter");
        }
    }
    struct extract e = done(cx, &p);
    CHECK_INT(e.block_count, 7);
    CHECK_STR(e.blocks[3].text, "Tills | Head of the shops and the list of keys | every quarter");
    CHECK_STR(e.blocks[4].text, "Pay | Head of the shops | every quarter");
    CHECK_INT(e.blocks[6].table, 1);
    CHECK_INT(e.blocks[6].place.page, 2);
    CHECK(e.blocks[0].header);
}

TEST(pdf_columns_of_text_are_no_table)
{
    struct paper p = paper_new(cx, "");

    page(&p);
    text(cx, &p, LEFT, 280, prose[0]);
    text(cx, &p, LEFT, 280, prose[1]);
    p.y = 72;
    text(cx, &p, 310, RIGHT, prose[1]);
    text(cx, &p, 310, RIGHT, prose[0]);
    struct extract e = done(cx, &p);
    CHECK_INT(e.block_count, 4);
    CHECK_STR(e.blocks[0].text, prose[0]);
    CHECK_STR(e.blocks[1].text, prose[1]);
    CHECK_STR(e.blocks[2].text, prose[1]);
    CHECK_STR(e.blocks[3].text, prose[0]);
}

TEST(pdf_page_headers_and_footers)
{
    struct paper p = paper_new(cx, "");

    for (int i = 1; i <= 3; i++) {
        page(&p);
        p.y = 30;
        put(&p, LEFT, H, "Bakery Holt");
        p.y = 72;
        text(cx, &p, LEFT, RIGHT, i == 3 ? "Here the rules end." : prose[i % 2]);
        p.y = 800;
        put(&p, LEFT, H, str_z(cx->mem, str_printf(cx->mem, "Page %d of 3", i)));
        p.y = 816;
        put(&p, 290, H, str_z(cx->mem, str_printf(cx->mem, "%d", i)));
    }
    struct extract e = done(cx, &p);
    CHECK_INT(e.block_count, 5);
    CHECK_STR(block_text(cx, &e, 0), "F0@0 Bakery Holt");
    CHECK_STR(e.blocks[1].text, prose[1]);
    CHECK_STR(e.blocks[3].text, "Here the rules end.");
    CHECK_STR(block_text(cx, &e, 4), "F0@0 Page 1 of 3");
}

TEST(pdf_tables_of_contents)
{
    struct paper p = paper_new(cx, "");

    page(&p);
    line(&p, LEFT, "1 Purpose ............................................................. 1");
    line(&p, LEFT, "2 Who decides ......................................................... 1");
    space(&p);
    text(cx, &p, LEFT, RIGHT, prose[0]);
    struct extract e = done(cx, &p);
    CHECK_INT(e.block_count, 3);
    CHECK_STR(e.blocks[0].label, "toc");
    CHECK_STR(e.blocks[1].label, "toc");
    CHECK_STR(e.blocks[2].label, "");
}

TEST(pdf_properties)
{
    struct paper p =
        paper_new(cx, "<title>Rules &amp; roles</title>\n"
                      "<meta name=\"Author\" content=\"Mira Holt\"/>\n"
                      "<meta name=\"CreationDate\" content=\"2026-03-04T10:00:00Z\"/>\n");

    page(&p);
    text(cx, &p, LEFT, RIGHT, prose[0]);
    struct extract e = done(cx, &p);
    CHECK_INT(e.block_count, 4);
    CHECK_STR(e.blocks[0].text, "Rules & roles");
    CHECK_STR(e.blocks[1].label, "author");
    CHECK_STR(e.blocks[2].text, "2026-03-04");
}

TEST(pdf_titles_that_programs_write)
{
    static const char *const titles[] = {"Untitled", "Microsoft Word - rules.docx", "rules v2.docx",
                                         "untitled.odt", "Document1"};

    for (size_t i = 0; i < COUNT_OF(titles); i++) {
        struct paper p =
            paper_new(cx, str_z(cx->mem, str_printf(cx->mem, "<title>%s</title>\n", titles[i])));
        page(&p);
        text(cx, &p, LEFT, RIGHT, prose[0]);
        CHECK_INT(done(cx, &p).block_count, 1);
    }
}

TEST(pdf_without_text)
{
    struct paper p = paper_new(cx, "");
    struct extract e;

    page(&p);
    page(&p);
    CHECK_RC(extract_pdf(cx, buf_str(&p.out), &e), RC_INVALID);
    CHECK(str_starts(cx->err.text, STR("It is a scan or a picture")));
    CHECK_RC(extract_pdf(cx, STR("<html><body><doc></doc></body></html>"), &e), RC_INVALID);
    CHECK_STR(cx->err.text, "The PDF is damaged: no page was found.");
    CHECK_RC(extract_pdf(cx, STR_NONE, &e), RC_INVALID);
}

TEST(pdf_that_breaks_off)
{
    struct paper p = paper_new(cx, "");
    struct extract e;

    page(&p);
    text(cx, &p, LEFT, RIGHT, prose[0]);
    page(&p);
    buf_addz(&p.out, "<word xMin=\"60.0\" yMin=\"7");
    CHECK_OK(extract_pdf(cx, buf_str(&p.out), &e));
    CHECK_STR(e.blocks[0].text, prose[0]);
    CHECK(str_has(e.note, "could not be read to its end"));
}

TEST(pdf_letters_that_xml_does_not_have)
{
    struct paper p = paper_new(cx, "");

    page(&p);
    line(&p, LEFT, "Rules\x01 \xef\xbf\xbf \xff hold");
    struct extract e = done(cx, &p);
    CHECK_INT(e.block_count, 1);
    CHECK(str_starts(e.blocks[0].text, STR("Rules")));
    CHECK(str_ends(e.blocks[0].text, STR("hold")));
}

TEST(pdf_pages_without_text_are_told)
{
    struct paper p = paper_new(cx, "");

    page(&p);
    text(cx, &p, LEFT, RIGHT, prose[0]);
    page(&p);
    CHECK_STR(done(cx, &p).note, "1 of its 2 pages hold no text.");
}

TEST(pdf_answers_one_after_the_other)
{
    struct paper a = paper_new(cx, ""), b = paper_new(cx, "");
    struct extract e;

    page(&a);
    text(cx, &a, LEFT, RIGHT, prose[0]);
    (void)done(cx, &a);
    page(&b);
    text(cx, &b, LEFT, RIGHT, prose[1]);
    (void)done(cx, &b);
    buf_add(&a.out, buf_str(&b.out));
    CHECK_OK(extract_pdf(cx, buf_str(&a.out), &e));
    CHECK_INT(e.block_count, 2);
    CHECK_INT(e.blocks[1].place.page, 2);
}

TEST(files_that_need_other_programs)
{
    struct extract_office office;
    const struct str old =
        STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0"
            "t\0");

    CHECK_INT(extract_needs(STR("a"), STR("%PDF-1.7\n")), EXTRACT_NEEDS_PDF);
    CHECK_INT(extract_needs(STR("a.pdf"), STR("junk before\n%PDF-1.4\n")), EXTRACT_NEEDS_PDF);
    CHECK_INT(extract_needs(STR("a.md"), STR("A PDF begins with %PDF-1.4")), EXTRACT_NEEDS_NOTHING);
    CHECK_INT(extract_needs(STR("a"), STR("\x89PNG\r\n\x1a\n")), EXTRACT_NEEDS_EYES);
    CHECK_INT(extract_needs(STR("a"), STR("{\\rtf1 x}")), EXTRACT_NEEDS_OFFICE);
    CHECK_INT(extract_needs(STR("a"), STR("PK\3\4")), EXTRACT_NEEDS_NOTHING);
    CHECK_INT(extract_needs(STR("a"), old), EXTRACT_NEEDS_OFFICE);
    CHECK(extract_office_of(STR("a"), old, &office));
    CHECK_STR(str_of(office.from), "doc");
    CHECK_STR(str_of(office.to), "docx");
    CHECK(!extract_office_of(STR("a.doc"), STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), &office));
    CHECK(extract_office_of(STR("a"), STR("{\\rtf1 x}"), &office));
    CHECK_STR(str_of(office.from), "rtf");
}
