/* Canonical JSON (RFC 8785): the bytes that a body always has, whoever made it. */
#include "register/record_parts.h"

static void put_text(struct buf *out, struct str s)
{
    static const char short_ones[] = "btn\0fr"; /* of 8, 9, 10, 12, 13 */

    buf_char(out, '"');
    for (size_t i = 0, from = 0; s.n > 0 && i <= s.n; i++) {
        unsigned char c = i < s.n ? (unsigned char)s.p[i] : 0;
        if (i < s.n && c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_add(out, str_sub(s, from, i - from));
        from = i + 1;
        if (i == s.n)
            break;
        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", (char)c);
        else if (c >= 8 && c <= 13 && c != 11)
            buf_printf(out, "\\%c", short_ones[c - 8]);
        else
            buf_printf(out, "\\u%04x", (unsigned)c);
    }
    buf_char(out, '"');
}

/* The UTF-16 units of a code point as one number that sorts as they do. */
static uint32_t units(uint32_t code)
{
    if (code < 0x10000)
        return code << 16;
    code -= 0x10000;
    return (0xd800 + (code >> 10)) << 16 | (0xdc00 + (code & 0x3ff));
}

static int by_units(struct str a, struct str b)
{
    size_t i = 0, k = 0;

    while (i < a.n && k < b.n) {
        uint32_t x = units(utf8_next(a, &i)), y = units(utf8_next(b, &k));
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (i < a.n) - (k < b.n);
}

struct member {
    struct str key;
    const struct value *value;
};

static int by_key(const void *a, const void *b)
{
    return by_units(((const struct member *)a)->key, ((const struct member *)b)->key);
}

static void put(struct buf *out, const struct value *v);

static void put_map(struct buf *out, const struct value *map)
{
    size_t n = value_count(map);
    struct member *members = arena_array(out->mem, n + 1, sizeof *members);

    for (size_t i = 0; i < n; i++)
        members[i] = (struct member){value_key_at(map, i), value_at(map, i)};
    qsort(members, n, sizeof *members, by_key);
    buf_char(out, '{');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_char(out, ',');
        put_text(out, members[i].key);
        buf_char(out, ':');
        put(out, members[i].value);
    }
    buf_char(out, '}');
}

static void put(struct buf *out, const struct value *v)
{
    switch (value_type(v)) {
    case VALUE_TEXT:
        put_text(out, value_as_text(v));
        return;
    case VALUE_MAP:
        put_map(out, v);
        return;
    case VALUE_LIST:
        buf_char(out, '[');
        for (size_t i = 0; i < value_count(v); i++) {
            if (i > 0)
                buf_char(out, ',');
            put(out, value_at(v, i));
        }
        buf_char(out, ']');
        return;
    default:
        value_json(out, v, 0);
    }
}

struct str record_json(struct arena *mem, const struct value *body)
{
    struct buf out = buf_new(mem);

    put(&out, body);
    return buf_str(&out);
}
