#include "base/json.h"

#include <jansson.h>

#include "base/msg.h"

static void json_end(json_t **json)
{
    json_decref(*json);
}

static int convert(struct ctx *cx, const char *name, json_t *json, unsigned depth,
                   struct value **ret);

static int convert_list(struct ctx *cx, const char *name, json_t *json, unsigned depth,
                        struct value **ret)
{
    struct value *list = value_list(cx->mem), *item;

    for (size_t i = 0; i < json_array_size(json); i++) {
        TRY(convert(cx, name, json_array_get(json, i), depth + 1, &item));
        value_push(list, item);
    }
    *ret = list;
    return 0;
}

static int convert_map(struct ctx *cx, const char *name, json_t *json, unsigned depth,
                       struct value **ret)
{
    struct value *map = value_map(cx->mem), *item;
    const char *key;
    json_t *value;

    json_object_foreach(json, key, value)
    {
        TRY(convert(cx, name, value, depth + 1, &item));
        value_set(map, str_z(cx->mem, str_of(key)), item);
    }
    *ret = map;
    return 0;
}

/* Beyond what thousandths can hold is as good as its bound. */
static int64_t thousandths(double real)
{
    double n = real * 1000;

    if (n > 9e18)
        return INT64_MAX;
    if (n < -9e18)
        return INT64_MIN;
    return (int64_t)(n < 0 ? n - 0.5 : n + 0.5);
}

static int convert(struct ctx *cx, const char *name, json_t *json, unsigned depth,
                   struct value **ret)
{
    if (depth > JSON_DEPTH)
        return fail(cx, RC_LIMIT, name, _("%s: lists and objects are nested too deeply."), name);
    TRY(ctx_check(cx));
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return convert_map(cx, name, json, depth, ret);
    case JSON_ARRAY:
        return convert_list(cx, name, json, depth, ret);
    case JSON_STRING:
        *ret = value_text(cx->mem, str_copy(cx->mem, (struct str){json_string_value(json),
                                                                  json_string_length(json)}));
        return 0;
    case JSON_INTEGER:
        *ret = value_int(cx->mem, json_integer_value(json));
        return 0;
    case JSON_REAL:
        *ret = value_decimal(cx->mem, thousandths(json_real_value(json)));
        return 0;
    case JSON_TRUE:
    case JSON_FALSE:
        *ret = value_bool(cx->mem, json_is_true(json));
        return 0;
    case JSON_NULL:
        break;
    }
    *ret = value_null(cx->mem);
    return 0;
}

int json_parse(struct ctx *cx, const char *name, struct str text, struct value **ret)
{
    json_error_t error;

    if (text.n > JSON_BYTES)
        return fail(cx, RC_LIMIT, name, _("%s is too large to be read."), name);
    json_t *json CLEANUP(json_end) =
        json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (json == NULL)
        return fail(cx, RC_INVALID, name, _("%s is no JSON: line %d, column %d: %s."), name,
                    error.line, error.column, error.text);
    return convert(cx, name, json, 0, ret);
}
