#include "report/page.h"

#include <string.h>

enum { WIDTH_MIN = 80, WIDTH_MAX = 120 };

struct range {
    uint32_t from, to;
};

/* Marks that sit on the character before, and characters without width. */
static const struct range none[] = {
    {0x0300, 0x036f},   {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x05bf, 0x05c7}, {0x0610, 0x061a},
    {0x064b, 0x065f},   {0x06d6, 0x06dc}, {0x06df, 0x06e8}, {0x0900, 0x0902}, {0x093c, 0x093c},
    {0x0941, 0x0948},   {0x094d, 0x094d}, {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e},
    {0x1ab0, 0x1aff},   {0x1dc0, 0x1dff}, {0x200b, 0x200d}, {0x2060, 0x2064}, {0x20d0, 0x20ff},
    {0x3099, 0x309a},   {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0x1f3fb, 0x1f3ff},
    {0xe0100, 0xe01ef},
};

static const struct range two[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23ec},   {0x2614, 0x2615},
    {0x26a1, 0x26a1},   {0x2705, 0x2705},   {0x274c, 0x274c},   {0x2e80, 0x303e},
    {0x3041, 0x3098},   {0x309b, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},
    {0xa000, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
    {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f3fa},
    {0x1f400, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

static bool in_ranges(uint32_t code, const struct range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (code >= ranges[i].from && code <= ranges[i].to)
            return true;
    return false;
}

static size_t columns_of(uint32_t code)
{
    if (code < 0x300)
        return 1;
    if (in_ranges(code, none, COUNT_OF(none)))
        return 0;
    return in_ranges(code, two, COUNT_OF(two)) ? 2 : 1;
}

size_t page_columns(struct str text)
{
    size_t n = 0;

    for (size_t at = 0; at < text.n;)
        n += columns_of(utf8_next(text, &at));
    return n;
}

/* Would a terminal act on it instead of showing it? */
static bool steers(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200e && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static const char *plain_mark(uint32_t code)
{
    switch (code) {
    case 0x2018:
    case 0x2019:
        return "'";
    case 0x201c:
    case 0x201d:
        return "\"";
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
        return "-";
    case 0x203a:
        return ">";
    case 0x2026:
        return "...";
    case 0x00b7:
    case 0x2022:
        return "-";
    default:
        return NULL;
    }
}

struct str page_clean(const struct page *p, struct str text)
{
    struct buf out = buf_new(p->cx->mem);

    text = str_squeeze(p->cx->mem, text);
    for (size_t at = 0; at < text.n;) {
        uint32_t code = utf8_next(text, &at);
        const char *mark = p->unicode ? NULL : plain_mark(code);
        if (mark != NULL)
            buf_addz(&out, mark);
        else if (steers(code))
            buf_char(&out, '?');
        else
            buf_code(&out, code);
    }
    return buf_str(&out);
}

struct page page_new(struct ctx *cx, const struct report_style *style, struct buf *out)
{
    unsigned width = style->width;

    if (width < WIDTH_MIN)
        width = WIDTH_MIN;
    if (width > WIDTH_MAX)
        width = WIDTH_MAX;
    return (struct page){cx, out, width, style->unicode, style->colour};
}

void page_put(struct page *p, enum tone tone, struct str text)
{
    static const char *const sgr[] = {"", "1", "2", "1;31", "33", "32", "36"};

    if (!p->colour || tone == TONE_PLAIN || text.n == 0) {
        buf_add(p->out, text);
        return;
    }
    buf_printf(p->out, "\033[%sm", sgr[tone]);
    buf_add(p->out, text);
    buf_addz(p->out, "\033[0m");
}

void page_putz(struct page *p, enum tone tone, const char *text)
{
    page_put(p, tone, str_of(text));
}

void page_pad(struct page *p, size_t n)
{
    while (n-- > 0)
        buf_char(p->out, ' ');
}

void page_line(struct page *p)
{
    while (p->out->n > 0 && p->out->p[p->out->n - 1] == ' ')
        p->out->n--;
    buf_char(p->out, '\n');
}

void page_rule(struct page *p, enum tone tone, const char *title, struct str end)
{
    const char *dash = p->unicode ? "─" : "-";
    size_t used = 4 + page_columns(str_of(title)) + (end.n > 0 ? page_columns(end) + 1 : 0);
    struct buf rule = buf_new(p->cx->mem);

    for (size_t i = used; i < p->width; i++)
        buf_addz(&rule, dash);
    if (!str_ends(buf_str(p->out), STR("\n\n")))
        page_line(p);
    page_put(p, TONE_FAINT, str_printf(p->cx->mem, "%s%s ", dash, dash));
    page_putz(p, tone, title);
    page_pad(p, 1);
    page_put(p, TONE_FAINT, buf_str(&rule));
    if (end.n > 0) {
        page_pad(p, 1);
        page_put(p, TONE_FAINT, end);
    }
    page_line(p);
    page_line(p);
}

/* Cuts the longest part of `*rest` that fits `room` columns, at a blank where there is one. */
static struct str cut_line(struct str *rest, size_t room)
{
    size_t used = 0, at = 0, blank = SIZE_MAX;
    struct str line;

    while (at < rest->n) {
        size_t next = at;
        uint32_t code = utf8_next(*rest, &next);
        size_t n = columns_of(code);
        if (code == ' ')
            blank = at;
        if (used + n > room)
            break;
        used += n;
        at = next;
    }
    if (at < rest->n && blank != SIZE_MAX && blank > 0)
        at = blank;
    if (at == 0) /* not even one character fits */
        (void)utf8_next(*rest, &at);
    line = str_sub(*rest, 0, at);
    *rest = str_trim(str_from(*rest, at));
    return line;
}

static size_t room_from(const struct page *p, size_t used)
{
    return used + 20 < p->width ? p->width - used : 20;
}

void page_item_end(struct page *p, size_t left, size_t hang, enum tone label_tone, struct str label,
                   enum tone tone, struct str text, struct str end)
{
    struct str rest = page_clean(p, text), line;
    size_t columns = page_columns(label), keep = end.n > 0 ? page_columns(end) + 2 : 0;

    page_pad(p, left);
    page_put(p, label_tone, label);
    if (left + columns >= hang && columns > 0) {
        page_line(p);
        columns = 0;
        left = 0;
    }
    page_pad(p, hang - left - columns);
    line = cut_line(&rest, room_from(p, hang + keep));
    page_put(p, tone, line);
    if (end.n > 0) {
        page_pad(p, room_from(p, hang + keep) + 2 - page_columns(line));
        page_put(p, TONE_FAINT, end);
    }
    page_line(p);
    while (rest.n > 0) {
        page_pad(p, hang);
        page_put(p, tone, cut_line(&rest, room_from(p, hang + keep)));
        page_line(p);
    }
}

void page_item(struct page *p, size_t left, size_t hang, enum tone label_tone, struct str label,
               enum tone tone, struct str text)
{
    page_item_end(p, left, hang, label_tone, label, tone, text, STR_NONE);
}

void page_text(struct page *p, size_t left, enum tone tone, struct str text)
{
    if (text.n > 0)
        page_item(p, left, left, TONE_PLAIN, STR_NONE, tone, text);
}
