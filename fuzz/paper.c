/* Text from strangers through every writer of papers: what comes out is never empty, and Markdown
 * is valid UTF-8. The first byte chooses the writer, as PDF takes longer than the others. */
#include "report/paper.h"

#define TEXT_BYTES 600u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct paper *paper_of(struct arena *mem, struct str text)
{
    struct paper *f = paper_new(mem, text);
    struct paper_table *t;
    struct paper_row *row;

    f->author = f->subject = f->keywords = f->identifier = f->head = f->foot = text;
    f->day = (struct date){2026, 11, 30};
    paper_contents(f, 2);
    for (unsigned style = PAPER_BODY; style <= PAPER_CALLOUT; style++) {
        struct paper_text *p = paper_paragraph(f, (enum paper_style)style);
        paper_run(p, style, PAPER_MUTED, str_sub(text, 0, text.n / 2));
        paper_run(p, style / 2, PAPER_MET, str_from(text, text.n / 2));
    }
    paper_say(paper_heading(f, 1, text), text);
    paper_run(paper_item(f, PAPER_BULLETS, 2), PAPER_CODE, PAPER_PLAIN, text);
    paper_link(paper_item(f, PAPER_NUMBERS, 1), text, text);
    t = paper_table(f, text);
    paper_column(t, 1, PAPER_LEFT);
    paper_column(t, 3, PAPER_RIGHT);
    paper_put(paper_row(t, true), 0, PAPER_PLAIN, text);
    paper_put(paper_row(t, false), PAPER_BOLD, PAPER_MET, text)->span = 2;
    row = paper_row(t, false);
    paper_put(row, PAPER_CODE, PAPER_MET, text);
    paper_put(row, PAPER_ITALIC, PAPER_MET, text);
    return f;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static int (*const writers[])(struct ctx *, const struct paper *,
                                  struct buf *) = {paper_md, paper_docx, paper_xlsx, paper_pdf};
    struct ctx cx = {.mem = arena_new((size_t)256 << 20), .today = {2026, 11, 30}};
    struct buf out = buf_new(cx.mem);

    if (n == 0 || n > TEXT_BYTES) {
        arena_free(cx.mem);
        return 0;
    }
    struct paper *f = paper_of(cx.mem, (struct str){(const char *)data + 1, n - 1});
    if (writers[data[0] % COUNT_OF(writers)](&cx, f, &out) < 0)
        abort();
    if (data[0] % COUNT_OF(writers) == 0 && !utf8_valid(buf_str(&out)))
        abort();
    arena_free(cx.mem);
    return 0;
}
