#include "base/base64.h"

#include <string.h>

#include "base/arena.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct str base64_encode(struct arena *mem, struct str bytes)
{
    struct buf out = buf_new(mem);

    for (size_t at = 0; at < bytes.n; at += 3) {
        size_t n = bytes.n - at < 3 ? bytes.n - at : 3;
        unsigned group = 0;
        for (size_t i = 0; i < 3; i++)
            group = group << 8 | (i < n ? (unsigned char)bytes.p[at + i] : 0);
        for (size_t i = 0; i < 4; i++)
            buf_char(&out, i <= n ? letters[group >> (18 - 6 * i) & 63] : '=');
    }
    return buf_str(&out);
}

/* The value of a letter, or -1. */
static int value_of(char c)
{
    const char *at = c != '\0' ? strchr(letters, c) : NULL;

    return at != NULL ? (int)(at - letters) : -1;
}

/* The four letters at `p` into at most three bytes; gives how many, 0 for what is wrong. */
static size_t decode_group(const char *p, bool last, char *bytes)
{
    size_t n = !last || p[3] != '=' ? 3 : p[2] != '=' ? 2 : 1;
    unsigned group = 0;

    for (size_t i = 0; i < 4; i++) {
        int value = i <= n ? value_of(p[i]) : 0;
        if (value < 0)
            return 0;
        group = group << 6 | (unsigned)value;
    }
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)(group >> (16 - 8 * i) & 255);
    return (group & ((1u << (24 - 8 * n)) - 1)) == 0 ? n : 0;
}

bool base64_decode(struct arena *mem, struct str text, struct str *ret)
{
    char *bytes = arena_alloc(mem, text.n / 4 * 3 + 1);
    size_t n = 0;

    if (text.n % 4 != 0)
        return false;
    for (size_t at = 0; at < text.n; at += 4) {
        size_t got = decode_group(text.p + at, at + 4 == text.n, bytes + n);
        if (got == 0)
            return false;
        n += got;
    }
    *ret = (struct str){bytes, n};
    return true;
}

/* ---- for addresses ---- */

struct str base64url_encode(struct arena *mem, struct str bytes)
{
    struct str padded = base64_encode(mem, bytes);
    char *text = str_z(mem, padded);
    size_t n = padded.n;

    while (n > 0 && text[n - 1] == '=')
        n--;
    for (size_t i = 0; i < n; i++)
        text[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
    return (struct str){text, n};
}

bool base64url_decode(struct arena *mem, struct str text, struct str *ret)
{
    struct buf plain = buf_new(mem);

    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '+' || c == '/' || c == '=')
            return false;
        buf_char(&plain, c == '-' ? '+' : c == '_' ? '/' : c);
    }
    while (plain.n % 4 != 0)
        buf_char(&plain, '=');
    return base64_decode(mem, buf_str(&plain), ret);
}
