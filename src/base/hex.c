#include "base/hash.h"

#include "base/arena.h"

struct str hash_hex(struct arena *mem, struct str bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *out = arena_alloc(mem, bytes.n * 2 + 1);

    for (size_t i = 0; i < bytes.n; i++) {
        out[2 * i] = digits[(unsigned char)bytes.p[i] >> 4];
        out[2 * i + 1] = digits[(unsigned char)bytes.p[i] & 15];
    }
    return (struct str){out, bytes.n * 2};
}

static int value_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hash_unhex(struct arena *mem, struct str hex, struct str *ret)
{
    char *out = arena_alloc(mem, hex.n / 2 + 1);

    for (size_t i = 0; i + 1 < hex.n; i += 2) {
        int high = value_of(hex.p[i]), low = value_of(hex.p[i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i / 2] = (char)(high << 4 | low);
    }
    *ret = (struct str){out, hex.n / 2};
    return hex.n % 2 == 0;
}
