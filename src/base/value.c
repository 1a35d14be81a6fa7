#include "base/value.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct pair {
    struct str key;
    struct value *value;
};

/* There are many of them: of a large folder some millions. */
struct value {
    unsigned type : 3; /* enum value_type */
    unsigned line : 29;
    union {
        bool b;
        int64_t i;
        struct str text;
        struct {
            struct arena *mem;
            union {
                struct pair *pairs;   /* of a map */
                struct value **items; /* of a list */
            } of;
            uint32_t n, room;
        } many;
    } u;
};

/* What is set to nothing. It is never written to. */
static const struct value NOTHING = {.type = VALUE_NULL};

static struct value *make(struct arena *mem, enum value_type type)
{
    struct value *v = ARENA_NEW(mem, struct value);

    v->type = type;
    return v;
}

static struct value *make_many(struct arena *mem, enum value_type type)
{
    struct value *v = make(mem, type);

    v->u.many.mem = mem;
    return v;
}

struct value *value_null(struct arena *mem)
{
    return make(mem, VALUE_NULL);
}

struct value *value_bool(struct arena *mem, bool b)
{
    struct value *v = make(mem, VALUE_BOOL);

    v->u.b = b;
    return v;
}

struct value *value_int(struct arena *mem, int64_t i)
{
    struct value *v = make(mem, VALUE_INT);

    v->u.i = i;
    return v;
}

struct value *value_decimal(struct arena *mem, int64_t thousandths)
{
    struct value *v = make(mem, VALUE_DECIMAL);

    v->u.i = thousandths;
    return v;
}

struct value *value_text(struct arena *mem, struct str s)
{
    struct value *v = make(mem, VALUE_TEXT);

    v->u.text = s;
    return v;
}

struct value *value_textz(struct arena *mem, const char *z)
{
    return value_text(mem, str_of(z));
}

struct value *value_list(struct arena *mem)
{
    return make_many(mem, VALUE_LIST);
}

struct value *value_map(struct arena *mem)
{
    return make_many(mem, VALUE_MAP);
}

struct value *value_map_room(struct arena *mem, size_t keys)
{
    struct value *map = value_map(mem);

    map->u.many.of.pairs = arena_array(mem, keys, sizeof *map->u.many.of.pairs);
    map->u.many.room = (uint32_t)keys;
    return map;
}

void value_set_line(struct value *v, unsigned line)
{
    v->line = line & 0x1fffffffu;
}

unsigned value_line(const struct value *v)
{
    return v == NULL ? 0 : v->line;
}

static struct pair *find(const struct value *map, struct str key)
{
    if (map == NULL || map->type != VALUE_MAP)
        return NULL;
    for (size_t i = 0; i < map->u.many.n; i++)
        if (str_eq(map->u.many.of.pairs[i].key, key))
            return &map->u.many.of.pairs[i];
    return NULL;
}

static struct value *or_nothing(struct value *item)
{
    return item != NULL ? item : (struct value *)(uintptr_t)&NOTHING;
}

static void append_pair(struct value *map, struct str key, struct value *item)
{
    size_t n = map->u.many.n, room = map->u.many.room;

    *ARENA_PUSH(map->u.many.mem, map->u.many.of.pairs, n, room) =
        (struct pair){key, or_nothing(item)};
    map->u.many.n = (uint32_t)n;
    map->u.many.room = (uint32_t)room;
}

void value_set(struct value *map, const char *key, struct value *item)
{
    struct str k = str_of(key);
    struct pair *pair;

    assert(map->type == VALUE_MAP);
    pair = find(map, k);
    if (pair != NULL)
        pair->value = or_nothing(item);
    else
        append_pair(map, k, item);
}

void value_set_text(struct value *map, const char *key, struct str s)
{
    value_set(map, key, value_text(map->u.many.mem, s));
}

void value_set_int(struct value *map, const char *key, int64_t i)
{
    value_set(map, key, value_int(map->u.many.mem, i));
}

void value_set_bool(struct value *map, const char *key, bool b)
{
    value_set(map, key, value_bool(map->u.many.mem, b));
}

void value_push(struct value *list, struct value *item)
{
    size_t n = list->u.many.n, room = list->u.many.room;

    assert(list->type == VALUE_LIST);
    *ARENA_PUSH(list->u.many.mem, list->u.many.of.items, n, room) = or_nothing(item);
    list->u.many.n = (uint32_t)n;
    list->u.many.room = (uint32_t)room;
}

void value_sort(struct value *list, int (*cmp)(const void *a, const void *b))
{
    assert(list->type == VALUE_LIST);
    if (list->u.many.n > 1)
        qsort(list->u.many.of.items, list->u.many.n, sizeof *list->u.many.of.items, cmp);
}

enum value_type value_type(const struct value *v)
{
    return v == NULL ? VALUE_NULL : (enum value_type)v->type;
}

bool value_is_text(const struct value *v, const char *z)
{
    return v != NULL && v->type == VALUE_TEXT && str_is(v->u.text, z);
}

size_t value_count(const struct value *v)
{
    return v != NULL && (v->type == VALUE_LIST || v->type == VALUE_MAP) ? v->u.many.n : 0;
}

struct value *value_at_mut(struct value *v, size_t i)
{
    if (i >= value_count(v))
        return NULL;
    return v->type == VALUE_MAP ? v->u.many.of.pairs[i].value : v->u.many.of.items[i];
}

const struct value *value_at(const struct value *v, size_t i)
{
    if (i >= value_count(v))
        return NULL;
    return v->type == VALUE_MAP ? v->u.many.of.pairs[i].value : v->u.many.of.items[i];
}

struct str value_key_at(const struct value *map, size_t i)
{
    return i < value_count(map) && map->type == VALUE_MAP ? map->u.many.of.pairs[i].key : STR_NONE;
}

struct value *value_get_mut(struct value *map, const char *key)
{
    struct pair *pair = find(map, str_of(key));

    return pair == NULL ? NULL : pair->value;
}

const struct value *value_find(const struct value *map, struct str key)
{
    const struct pair *pair = find(map, key);

    return pair == NULL ? NULL : pair->value;
}

const struct value *value_get(const struct value *map, const char *key)
{
    return value_find(map, str_of(key));
}

const struct value *value_path(const struct value *map, const char *path)
{
    struct str rest = str_of(path), part;

    while (map != NULL && str_split(&rest, '.', &part)) {
        const struct pair *pair = find(map, part);
        map = pair == NULL ? NULL : pair->value;
    }
    return map;
}

struct str value_as_text(const struct value *v)
{
    return v != NULL && v->type == VALUE_TEXT ? v->u.text : STR_NONE;
}

/* "1.25" in thousandths. */
static bool parse_thousandths(struct str s, int64_t *ret)
{
    size_t dot = str_find_char(s, '.', 0);
    int64_t whole, part = 0;

    if (!str_to_int(str_sub(s, 0, dot == SIZE_MAX ? s.n : dot), &whole) || whole > 1000000000000)
        return false;
    if (dot != SIZE_MAX) {
        struct str tail = str_from(s, dot + 1);
        if (tail.n == 0 || tail.n > 3 || tail.p[0] == '-' || !str_to_int(tail, &part))
            return false;
        for (size_t i = tail.n; i < 3; i++)
            part *= 10;
    }
    *ret = whole * 1000 + (s.p[0] == '-' ? -part : part);
    return true;
}

int64_t value_as_thousandths(const struct value *v, int64_t otherwise)
{
    int64_t n;

    switch (value_type(v)) {
    case VALUE_INT:
        return v->u.i * 1000;
    case VALUE_DECIMAL:
        return v->u.i;
    case VALUE_TEXT:
        return parse_thousandths(v->u.text, &n) ? n : otherwise;
    default:
        return otherwise;
    }
}

int64_t value_as_int(const struct value *v, int64_t otherwise)
{
    int64_t n;

    switch (value_type(v)) {
    case VALUE_INT:
        return v->u.i;
    case VALUE_DECIMAL:
        return v->u.i / 1000;
    case VALUE_TEXT:
        return str_to_int(v->u.text, &n) ? n : otherwise;
    default:
        return otherwise;
    }
}

bool value_as_bool(const struct value *v)
{
    return v != NULL && v->type == VALUE_BOOL && v->u.b;
}

static void print_decimal(struct buf *out, int64_t n)
{
    int64_t part = n < 0 ? -(n % 1000) : n % 1000;

    buf_printf(out, "%s%lld", n < 0 && n > -1000 ? "-" : "", (long long)(n / 1000));
    if (part == 0)
        return;
    buf_printf(out, ".%03lld", (long long)part);
    while (out->p[out->n - 1] == '0')
        out->n--;
}

struct str value_print(struct arena *mem, const struct value *v)
{
    struct buf out = buf_new(mem);

    switch (value_type(v)) {
    case VALUE_TEXT:
        return v->u.text;
    case VALUE_BOOL:
        return v->u.b ? STR("yes") : STR("no");
    case VALUE_INT:
        buf_printf(&out, "%lld", (long long)v->u.i);
        break;
    case VALUE_DECIMAL:
        print_decimal(&out, v->u.i);
        break;
    default:
        break;
    }
    return buf_str(&out);
}

struct str value_get_text(const struct value *map, const char *key)
{
    return value_as_text(value_get(map, key));
}

int64_t value_get_int(const struct value *map, const char *key, int64_t otherwise)
{
    return value_as_int(value_get(map, key), otherwise);
}

bool value_get_bool(const struct value *map, const char *key)
{
    return value_as_bool(value_get(map, key));
}

/* Controls, and what YAML and JavaScript take for the end of a line: JSON may hold the latter, but
 * is read by both. */
static bool json_escapes(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

static void json_text(struct buf *out, struct str s)
{
    buf_char(out, '"');
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        uint32_t c = utf8_next(s, &i);
        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", (char)c);
        else if (c == '\n')
            buf_addz(out, "\\n");
        else if (c == '\t')
            buf_addz(out, "\\t");
        else if (json_escapes(c))
            buf_printf(out, "\\u%04x", (unsigned)c);
        else
            buf_add(out, str_sub(s, from, i - from));
    }
    buf_char(out, '"');
}

static void json_line(struct buf *out, unsigned indent, unsigned depth)
{
    if (indent == 0)
        return;
    buf_char(out, '\n');
    for (unsigned i = 0; i < indent * depth; i++)
        buf_char(out, ' ');
}

static void json_value(struct buf *out, const struct value *v, unsigned indent, unsigned depth)
{
    bool map = value_type(v) == VALUE_MAP;

    switch (value_type(v)) {
    case VALUE_NULL:
        buf_addz(out, "null");
        return;
    case VALUE_BOOL:
        buf_addz(out, v->u.b ? "true" : "false");
        return;
    case VALUE_INT:
        buf_printf(out, "%lld", (long long)v->u.i);
        return;
    case VALUE_DECIMAL:
        print_decimal(out, v->u.i);
        return;
    case VALUE_TEXT:
        json_text(out, v->u.text);
        return;
    case VALUE_LIST:
    case VALUE_MAP:
        break;
    }
    buf_char(out, map ? '{' : '[');
    for (size_t i = 0; i < v->u.many.n; i++) {
        if (i > 0)
            buf_char(out, ',');
        json_line(out, indent, depth + 1);
        if (map) {
            json_text(out, v->u.many.of.pairs[i].key);
            buf_addz(out, indent > 0 ? ": " : ":");
        }
        json_value(out, value_at(v, i), indent, depth + 1);
    }
    if (v->u.many.n > 0)
        json_line(out, indent, depth);
    buf_char(out, map ? '}' : ']');
}

void value_json(struct buf *out, const struct value *v, unsigned indent)
{
    json_value(out, v, indent, 0);
}

struct value *value_copy(struct arena *mem, const struct value *v)
{
    bool many = value_type(v) == VALUE_LIST || value_type(v) == VALUE_MAP;
    struct value *copy = (many ? make_many : make)(mem, value_type(v));

    if (v == NULL)
        return copy;
    copy->line = v->line;
    if (v->type == VALUE_TEXT) {
        copy->u.text = str_copy(mem, v->u.text);
    } else if (v->type == VALUE_LIST) {
        for (size_t i = 0; i < v->u.many.n; i++)
            value_push(copy, value_copy(mem, value_at(v, i)));
    } else if (v->type == VALUE_MAP) {
        for (size_t i = 0; i < v->u.many.n; i++)
            value_set(copy, str_z(mem, value_key_at(v, i)), value_copy(mem, value_at(v, i)));
    } else {
        copy->u = v->u;
    }
    return copy;
}
