/*
 * One letter says what follows: n, t, f (null, true, false), i and d (eight bytes, the lowest
 * first), s (length, bytes), l (count, items), m (count, pairs of length, bytes and item). Lengths
 * and counts are four bytes.
 */
#include "base/pack.h"

static void put_number(struct buf *out, uint64_t v, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        buf_char(out, (char)(unsigned char)(v >> (8 * i)));
}

static void put_text(struct buf *out, struct str s)
{
    put_number(out, s.n, 4);
    buf_add(out, s);
}

static void put_items(struct buf *out, const struct value *v, bool keys)
{
    put_number(out, value_count(v), 4);
    for (size_t i = 0; i < value_count(v); i++) {
        if (keys)
            put_text(out, value_key_at(v, i));
        value_pack(out, value_at(v, i));
    }
}

void value_pack(struct buf *out, const struct value *v)
{
    switch (value_type(v)) {
    case VALUE_NULL:
        buf_char(out, 'n');
        break;
    case VALUE_BOOL:
        buf_char(out, value_as_bool(v) ? 't' : 'f');
        break;
    case VALUE_INT:
        buf_char(out, 'i');
        put_number(out, (uint64_t)value_as_int(v, 0), 8);
        break;
    case VALUE_DECIMAL:
        buf_char(out, 'd');
        put_number(out, (uint64_t)value_as_thousandths(v, 0), 8);
        break;
    case VALUE_TEXT:
        buf_char(out, 's');
        put_text(out, value_as_text(v));
        break;
    case VALUE_LIST:
        buf_char(out, 'l');
        put_items(out, v, false);
        break;
    case VALUE_MAP:
        buf_char(out, 'm');
        put_items(out, v, true);
        break;
    }
}

struct reader {
    struct ctx *cx;
    struct str bytes;
    size_t at;
};

static int damaged(struct reader *r)
{
    return fail(r->cx, RC_INVALID, NULL, "The answer of a process is damaged at byte %zu.", r->at);
}

static int get_number(struct reader *r, unsigned bytes, uint64_t *ret)
{
    uint64_t v = 0;

    if (r->bytes.n - r->at < bytes)
        return damaged(r);
    for (unsigned i = 0; i < bytes; i++)
        v |= (uint64_t)(unsigned char)r->bytes.p[r->at++] << (8 * i);
    *ret = v;
    return 0;
}

static int get_text(struct reader *r, struct str *ret)
{
    uint64_t n = 0;

    TRY(get_number(r, 4, &n));
    if (n > r->bytes.n - r->at)
        return damaged(r);
    *ret = str_sub(r->bytes, r->at, (size_t)n);
    r->at += (size_t)n;
    return 0;
}

static int get(struct reader *r, unsigned depth, struct value **ret);

static int get_list(struct reader *r, unsigned depth, struct value **ret)
{
    struct value *list = value_list(r->cx->mem), *item;
    uint64_t n = 0;

    TRY(get_number(r, 4, &n));
    for (uint64_t i = 0; i < n; i++) {
        TRY(get(r, depth + 1, &item));
        value_push(list, item);
    }
    *ret = list;
    return 0;
}

static int get_map(struct reader *r, unsigned depth, struct value **ret)
{
    struct value *map = value_map(r->cx->mem), *item;
    struct str key;
    uint64_t n = 0;

    TRY(get_number(r, 4, &n));
    if (n > r->bytes.n - r->at) /* a pair takes five bytes and more */
        return damaged(r);
    for (uint64_t i = 0; i < n; i++) {
        TRY(get_text(r, &key));
        const char *z = str_z(r->cx->mem, key);

        if (strlen(z) != key.n || value_get(map, z) != NULL)
            return damaged(r);
        TRY(get(r, depth + 1, &item));
        value_set(map, z, item);
    }
    *ret = map;
    return 0;
}

static int get_scalar(struct reader *r, char kind, struct value **ret)
{
    struct arena *mem = r->cx->mem;
    uint64_t v = 0;
    struct str s;

    if (kind == 's') {
        TRY(get_text(r, &s));
        *ret = value_text(mem, s);
        return 0;
    }
    if (kind == 'i' || kind == 'd') {
        TRY(get_number(r, 8, &v));
        *ret = kind == 'i' ? value_int(mem, (int64_t)v) : value_decimal(mem, (int64_t)v);
        return 0;
    }
    if (kind != 'n' && kind != 't' && kind != 'f')
        return damaged(r);
    *ret = kind == 'n' ? value_null(mem) : value_bool(mem, kind == 't');
    return 0;
}

static int get(struct reader *r, unsigned depth, struct value **ret)
{
    if (depth > PACK_DEPTH || r->at >= r->bytes.n)
        return damaged(r);
    TRY(ctx_check(r->cx));
    char kind = r->bytes.p[r->at++];

    if (kind == 'l')
        return get_list(r, depth, ret);
    if (kind == 'm')
        return get_map(r, depth, ret);
    return get_scalar(r, kind, ret);
}

int value_unpack(struct ctx *cx, struct str bytes, struct value **ret)
{
    struct reader r = {cx, bytes, 0};
    struct value *v;

    TRY(get(&r, 0, &v));
    if (r.at != bytes.n)
        return damaged(&r);
    *ret = v;
    return 0;
}
