#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct str str_of(const char *z)
{
    return z == NULL ? STR_NONE : (struct str){z, strlen(z)};
}

struct str str_sub(struct str s, size_t from, size_t n)
{
    if (from > s.n)
        from = s.n;
    if (n > s.n - from)
        n = s.n - from;
    return (struct str){s.n > 0 ? s.p + from : s.p, n}; /* nothing may be NULL */
}

struct str str_from(struct str s, size_t from)
{
    return str_sub(s, from, s.n);
}

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_is(struct str a, const char *z)
{
    return str_eq(a, str_of(z));
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_is_nocase(struct str a, const char *z)
{
    size_t n = strlen(z);

    if (a.n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (lower(a.p[i]) != lower(z[i]))
            return false;
    return true;
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int d = n == 0 ? 0 : memcmp(a.p, b.p, n);

    if (d != 0)
        return d;
    return a.n < b.n ? -1 : a.n > b.n;
}

bool str_starts(struct str s, struct str head)
{
    return s.n >= head.n && str_eq(str_sub(s, 0, head.n), head);
}

bool str_ends(struct str s, struct str tail)
{
    return s.n >= tail.n && str_eq(str_from(s, s.n - tail.n), tail);
}

bool str_ends_nocase(struct str s, const char *tail)
{
    size_t n = strlen(tail);

    return s.n >= n && str_is_nocase(str_from(s, s.n - n), tail);
}

uint64_t str_hash(struct str s)
{
    uint64_t h = 1469598103934665603u; /* FNV-1a */

    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
    return h;
}

size_t str_find(struct str s, struct str needle, size_t from)
{
    const char *hit;

    if (from > s.n || needle.n > s.n - from)
        return SIZE_MAX;
    hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
    return hit == NULL ? SIZE_MAX : (size_t)(hit - s.p);
}

size_t str_find_char(struct str s, char c, size_t from)
{
    const char *hit;

    if (from >= s.n)
        return SIZE_MAX;
    hit = memchr(s.p + from, c, s.n - from);
    return hit == NULL ? SIZE_MAX : (size_t)(hit - s.p);
}

bool str_has(struct str s, const char *needle)
{
    return str_find(s, str_of(needle), 0) != SIZE_MAX;
}

/* Length of the white space at the start of `s`, 0 for none. */
static size_t space_at_start(struct str s)
{
    if (s.n > 0 && strchr(" \t\r\n\v\f", s.p[0]) != NULL && s.p[0] != '\0')
        return 1;
    if (s.n > 1 && memcmp(s.p, "\xc2\xa0", 2) == 0)
        return 2;
    if (s.n > 2 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0)
        return 3;
    return 0;
}

struct str str_trim(struct str s)
{
    size_t n;

    while ((n = space_at_start(s)) > 0)
        s = str_from(s, n);
    for (;;) {
        if (s.n > 0 && space_at_start(str_from(s, s.n - 1)) == 1)
            s.n -= 1;
        else if (s.n > 1 && space_at_start(str_from(s, s.n - 2)) == 2)
            s.n -= 2;
        else
            return s;
    }
}

bool str_split(struct str *rest, char sep, struct str *ret_part)
{
    size_t at;

    if (rest->p == NULL)
        return false;
    at = str_find_char(*rest, sep, 0);
    if (at == SIZE_MAX) {
        *ret_part = *rest;
        *rest = (struct str){NULL, 0};
        return true;
    }
    *ret_part = str_sub(*rest, 0, at);
    *rest = str_from(*rest, at + 1);
    return true;
}

char *str_z(struct arena *mem, struct str s)
{
    char *p = arena_alloc(mem, s.n + 1);

    if (s.n > 0)
        memcpy(p, s.p, s.n);
    return p;
}

struct str str_copy(struct arena *mem, struct str s)
{
    return (struct str){str_z(mem, s), s.n};
}

struct str str_lower(struct arena *mem, struct str s)
{
    char *p = str_z(mem, s);

    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i], before = i > 0 ? (unsigned char)s.p[i - 1] : 0;
        if (before == 0xc3 && c >= 0x80 && c <= 0x9e && c != 0x97) /* U+00C0 to U+00DE */
            p[i] = (char)(c + 0x20);
        else
            p[i] = lower(p[i]);
    }
    return (struct str){p, s.n};
}

struct str str_printf(struct arena *mem, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0)
        abort();
    char *p = arena_alloc(mem, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return (struct str){p, (size_t)n};
}

struct str str_squeeze(struct arena *mem, struct str s)
{
    struct buf out = buf_new(mem);

    s = str_trim(s);
    while (s.n > 0) {
        size_t n = space_at_start(s);
        if (n == 0) {
            buf_char(&out, s.p[0]);
            s = str_from(s, 1);
            continue;
        }
        while ((n = space_at_start(s)) > 0)
            s = str_from(s, n);
        buf_char(&out, ' ');
    }
    return buf_str(&out);
}

struct str str_cut(struct arena *mem, struct str s, size_t n)
{
    if (s.n <= n || n < 4)
        return s;
    n -= 3;
    while (n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
        n--;
    return str_printf(mem, "%.*s…", (int)n, s.p);
}

bool str_to_int(struct str s, int64_t *ret)
{
    int64_t v = 0;
    bool minus = s.n > 0 && s.p[0] == '-';

    if (minus)
        s = str_from(s, 1);
    if (s.n == 0 || s.n > 18)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        v = v * 10 + (s.p[i] - '0');
    }
    *ret = minus ? -v : v;
    return true;
}

/* The code point, or UINT32_MAX: U+FFFD itself may stand in a text. */
static uint32_t continuation(struct str s, size_t at, size_t n, uint32_t code)
{
    for (size_t i = 1; i <= n; i++) {
        if (at + i >= s.n || ((unsigned char)s.p[at + i] & 0xc0) != 0x80)
            return UINT32_MAX;
        code = (code << 6) | ((unsigned char)s.p[at + i] & 0x3f);
    }
    return code;
}

uint32_t utf8_next(struct str s, size_t *at)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    unsigned char c = (unsigned char)s.p[*at];
    size_t n;
    uint32_t code;

    if (c < 0x80) {
        *at += 1;
        return c;
    }
    if ((c & 0xe0) == 0xc0)
        n = 1;
    else if ((c & 0xf0) == 0xe0)
        n = 2;
    else if ((c & 0xf8) == 0xf0)
        n = 3;
    else {
        *at += 1;
        return UTF8_BAD;
    }
    code = continuation(s, *at, n, c & (0x3fu >> n));
    if (code < least[n] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        *at += 1;
        return UTF8_BAD;
    }
    *at += n + 1;
    return code;
}

size_t utf8_put(uint32_t code, char out[static 4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | (code >> 6));
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | (code >> 12));
        out[1] = (char)(0x80 | ((code >> 6) & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | (code >> 18));
    out[1] = (char)(0x80 | ((code >> 12) & 0x3f));
    out[2] = (char)(0x80 | ((code >> 6) & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* Most text is ASCII, of which eight bytes are looked at in one go. */
static size_t skip_ascii(struct str s, size_t at)
{
    uint64_t word = 0;

    for (; s.n - at >= sizeof word; at += sizeof word) {
        memcpy(&word, s.p + at, sizeof word);
        if ((word & 0x8080808080808080u) != 0)
            break;
    }
    return at;
}

bool utf8_valid(struct str s)
{
    for (size_t at = skip_ascii(s, 0); at < s.n;) {
        size_t before = at;
        if (utf8_next(s, &at) == UTF8_BAD && at - before == 1)
            return false;
    }
    return true;
}

size_t utf8_count(struct str s)
{
    size_t n = 0;

    for (size_t at = 0; at < s.n; n++)
        (void)utf8_next(s, &at);
    return n;
}

struct buf buf_new(struct arena *mem)
{
    return (struct buf){.mem = mem};
}

struct buf buf_sized(struct arena *mem, size_t n)
{
    return (struct buf){.mem = mem, .p = arena_alloc(mem, n + 1), .room = n + 1};
}

static char *buf_more(struct buf *buf, size_t n)
{
    if (buf->room - buf->n < n + 1) {
        size_t room = buf->room == 0 ? 64 : buf->room * 2;
        while (room - buf->n < n + 1)
            room *= 2;
        buf->p = arena_regrow(buf->mem, buf->p, buf->n, buf->room, room);
        buf->room = room;
    }
    char *p = buf->p + buf->n;
    buf->n += n;
    return p;
}

void buf_add(struct buf *buf, struct str s)
{
    if (s.n > 0)
        memcpy(buf_more(buf, s.n), s.p, s.n);
}

void buf_addz(struct buf *buf, const char *z)
{
    buf_add(buf, str_of(z));
}

void buf_char(struct buf *buf, char c)
{
    *buf_more(buf, 1) = c;
}

void buf_code(struct buf *buf, uint32_t code)
{
    char bytes[4];

    buf_add(buf, (struct str){bytes, utf8_put(code, bytes)});
}

void buf_escaped(struct buf *buf, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        switch (s.p[i]) {
        case '&':
            buf_addz(buf, "&amp;");
            break;
        case '<':
            buf_addz(buf, "&lt;");
            break;
        case '>':
            buf_addz(buf, "&gt;");
            break;
        case '"':
            buf_addz(buf, "&quot;");
            break;
        case '\'':
            buf_addz(buf, "&#39;");
            break;
        default:
            buf_char(buf, s.p[i]);
        }
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0)
        abort();
    char *p = buf_more(buf, (size_t)n);
    vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
}

struct str buf_str(const struct buf *buf)
{
    return buf->p == NULL ? STR_NONE : (struct str){buf->p, buf->n};
}

static bool needs_quotes(struct str s)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_-./,:=@%+";

    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x80 && strchr(plain, s.p[i]) == NULL)
            return true;
    return s.n == 0;
}

struct str str_shell(struct arena *mem, struct str s)
{
    struct buf out = buf_sized(mem, s.n + 2);
    bool quotes = needs_quotes(s);

    if (quotes)
        buf_char(&out, '\'');
    for (size_t at = 0; at < s.n;) {
        uint32_t code = utf8_next(s, &at);
        if (code == '\'')
            buf_addz(&out, "'\\''");
        else
            buf_code(&out, code);
    }
    if (quotes)
        buf_char(&out, '\'');
    return buf_str(&out);
}
