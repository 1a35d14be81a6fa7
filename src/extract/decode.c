/* Bytes of a text file to UTF-8 with plain line ends. */
#include "extract/internal.h"

enum encoding { ENCODING_UTF8, ENCODING_UTF16LE, ENCODING_UTF16BE, ENCODING_WINDOWS };

#define SAMPLE_BYTES 65536u

/* UTF-16 without a mark: Latin text has a zero in every second byte. */
static enum encoding guess_utf16(struct str bytes)
{
    size_t zeros[2] = {0, 0};
    size_t n = bytes.n > SAMPLE_BYTES ? SAMPLE_BYTES : bytes.n & ~(size_t)1;

    for (size_t i = 0; i < n; i++)
        if (bytes.p[i] == '\0')
            zeros[i & 1]++;
    if (n >= 8 && zeros[1] > n / 5 && zeros[0] <= n / 50)
        return ENCODING_UTF16LE;
    if (n >= 8 && zeros[0] > n / 5 && zeros[1] <= n / 50)
        return ENCODING_UTF16BE;
    return ENCODING_UTF8;
}

/* Bytes that are not UTF-8, against characters beyond ASCII that are. */
static enum encoding guess_bytes(struct str bytes)
{
    size_t bad = 0, good = 0;

    for (size_t at = 0; at < bytes.n;) {
        size_t before = at;
        uint32_t c = utf8_next(bytes, &at);
        if (c >= 0x80 && at - before > 1)
            good++;
        else if (c == UTF8_BAD)
            bad++;
    }
    return bad > good ? ENCODING_WINDOWS : ENCODING_UTF8;
}

static enum encoding guess(struct str *bytes)
{
    enum encoding encoding;

    if (str_starts(*bytes, STR("\xef\xbb\xbf"))) {
        *bytes = str_from(*bytes, 3);
        return ENCODING_UTF8;
    }
    if (str_starts(*bytes, STR("\xff\xfe"))) {
        *bytes = str_from(*bytes, 2);
        return ENCODING_UTF16LE;
    }
    if (str_starts(*bytes, STR("\xfe\xff"))) {
        *bytes = str_from(*bytes, 2);
        return ENCODING_UTF16BE;
    }
    encoding = guess_utf16(*bytes);
    return encoding != ENCODING_UTF8 ? encoding : guess_bytes(*bytes);
}

/* Appends a character; line ends of any kind become \n. */
static void put(struct buf *out, uint32_t c, bool *after_cr)
{
    if (c == '\n' && *after_cr) {
        *after_cr = false;
        return;
    }
    *after_cr = c == '\r';
    if (c == '\r')
        c = '\n';
    if (c < 0x80)
        buf_char(out, (char)c);
    else
        buf_code(out, c);
}

static uint32_t unit16(struct str bytes, size_t at, bool big)
{
    uint32_t a = (unsigned char)bytes.p[at], b = (unsigned char)bytes.p[at + 1];

    return big ? a << 8 | b : b << 8 | a;
}

static void from_utf16(struct buf *out, struct str bytes, bool big)
{
    bool after_cr = false;

    for (size_t at = 0; at + 1 < bytes.n; at += 2) {
        uint32_t c = unit16(bytes, at, big), low;
        if (c >= 0xd800 && c <= 0xdbff && at + 3 < bytes.n) {
            low = unit16(bytes, at + 2, big);
            if (low >= 0xdc00 && low <= 0xdfff) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                at += 2;
            }
        }
        put(out, c >= 0xd800 && c <= 0xdfff ? UTF8_BAD : c, &after_cr);
    }
}

/* What Windows-1252 has from 0x80 to 0x9f. */
static const uint16_t high[32] = {0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                  0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
                                  0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                  0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};

static void from_windows(struct buf *out, struct str bytes)
{
    bool after_cr = false;

    for (size_t at = 0; at < bytes.n; at++) {
        unsigned char c = (unsigned char)bytes.p[at];
        put(out, c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c, &after_cr);
    }
}

static void from_utf8(struct buf *out, struct str bytes)
{
    bool after_cr = false;

    for (size_t at = 0; at < bytes.n;)
        put(out, utf8_next(bytes, &at), &after_cr);
}

/* ---- encoded twice ---- */

/* The byte that Windows-1252 has for a character, 0 for none. */
static unsigned char windows_byte(uint32_t c)
{
    if (c >= 0x80 && c <= 0xff)
        return (unsigned char)c;
    for (size_t i = 0; i < COUNT_OF(high); i++)
        if (high[i] != UTF8_BAD && high[i] == c)
            return (unsigned char)(0x80 + i);
    return 0;
}

/* The character that was read as several of another encoding ("\xc3\xa2\xe2\x82\xac\xe2\x84\xa2"
 * for an apostrophe) at `at`; 0 where there is none. */
static uint32_t twice_encoded(struct str text, size_t *at)
{
    char bytes[5] = {0};
    size_t n = 0, from = *at, wanted, end = 0;

    while (n < 4 && from < text.n) {
        unsigned char byte = windows_byte(utf8_next(text, &from));
        if (byte == 0)
            break;
        bytes[n++] = (char)byte;
        if (n == 1 && (byte < 0xc2 || byte > 0xf4))
            return 0;
        wanted = (unsigned char)bytes[0] < 0xe0 ? 2 : (unsigned char)bytes[0] < 0xf0 ? 3 : 4;
        if (n == wanted) {
            uint32_t c = utf8_next((struct str){bytes, n}, &end);
            if (c == UTF8_BAD || end != n)
                return 0;
            *at = from;
            return c;
        }
    }
    return 0;
}

static struct str once_encoded(struct ctx *cx, struct str text)
{
    struct buf out;
    size_t at = 0;

    /* Only lead bytes seen as letters begin one; most texts have none. */
    if (str_find(text, STR("\xc3\xa2\xe2"), 0) == SIZE_MAX &&
        str_find(text, STR("\xc3\x83"), 0) == SIZE_MAX &&
        str_find(text, STR("\xc3\x82\xc2"), 0) == SIZE_MAX &&
        str_find(text, STR("\xc3\xa2\xc2"), 0) == SIZE_MAX)
        return text;
    out = buf_new(cx->mem);
    while (at < text.n) {
        uint32_t c = (unsigned char)text.p[at] >= 0xc3 ? twice_encoded(text, &at) : 0;
        if (c != 0)
            buf_code(&out, c);
        else
            do
                buf_char(&out, text.p[at++]);
            while (at < text.n && ((unsigned char)text.p[at] & 0xc0) == 0x80);
    }
    return buf_str(&out);
}

static struct str decoded(struct ctx *cx, struct str bytes)
{
    enum encoding encoding = guess(&bytes);
    struct buf out = buf_new(cx->mem);

    if (encoding == ENCODING_UTF8 && str_find_char(bytes, '\r', 0) == SIZE_MAX && utf8_valid(bytes))
        return bytes;
    switch (encoding) {
    case ENCODING_UTF8:
        from_utf8(&out, bytes);
        break;
    case ENCODING_UTF16LE:
    case ENCODING_UTF16BE:
        from_utf16(&out, bytes, encoding == ENCODING_UTF16BE);
        break;
    case ENCODING_WINDOWS:
        from_windows(&out, bytes);
        break;
    }
    return str_starts(buf_str(&out), STR("\xef\xbb\xbf")) ? str_from(buf_str(&out), 3)
                                                          : buf_str(&out);
}

struct str text_decode(struct ctx *cx, struct str bytes)
{
    return once_encoded(cx, decoded(cx, bytes));
}
