#include "standard/yaml.h"

#include <yaml.h>

struct loader {
    struct ctx *cx;
    const char *name;
    yaml_parser_t parser;
    struct str text;
    size_t nodes;
};

static void parser_end(struct loader *loader)
{
    yaml_parser_delete(&loader->parser);
}

static void event_end(yaml_event_t *event)
{
    yaml_event_delete(event);
}

static int bad(struct loader *l, size_t line, const char *what)
{
    return fail(l->cx, RC_INVALID, l->name, "%s:%zu: %s.", l->name, line + 1, what);
}

static int next(struct loader *l, yaml_event_t *event)
{
    if (yaml_parser_parse(&l->parser, event) == 1)
        return 0;
    size_t line = l->parser.problem_mark.line;
    if (l->parser.error == YAML_READER_ERROR) /* which marks no line, only the byte */
        for (size_t i = 0; i < l->parser.problem_offset && i < l->text.n; i++)
            line += l->text.p[i] == '\n';
    return bad(l, line, l->parser.problem != NULL ? l->parser.problem : "this is not YAML");
}

static bool is_number(struct str s, size_t *ret_decimals)
{
    size_t i = s.n > 0 && s.p[0] == '-', digits = 0, decimals = 0;
    bool dot = false;

    for (; i < s.n; i++) {
        if (s.p[i] == '.' && !dot && digits > 0)
            dot = true;
        else if (s.p[i] >= '0' && s.p[i] <= '9')
            dot ? decimals++ : digits++;
        else
            return false;
    }
    *ret_decimals = decimals;
    return digits > 0 && digits <= 15 && (!dot || decimals > 0);
}

static struct value *plain(struct arena *mem, struct str s)
{
    size_t decimals;

    if (s.n == 0 || str_is(s, "~") || str_is(s, "null"))
        return value_null(mem);
    if (str_is(s, "true") || str_is(s, "false"))
        return value_bool(mem, str_is(s, "true"));
    if (is_number(s, &decimals) && decimals <= 3) {
        struct value *text = value_text(mem, s);
        return decimals == 0 ? value_int(mem, value_as_int(text, 0))
                             : value_decimal(mem, value_as_thousandths(text, 0));
    }
    return value_text(mem, s);
}

static int build(struct loader *l, yaml_event_t *event, unsigned depth, struct value **ret);

static int build_list(struct loader *l, unsigned depth, struct value **ret)
{
    struct value *list = value_list(l->cx->mem);

    for (;;) {
        yaml_event_t event CLEANUP(event_end) = {0};
        struct value *item;
        TRY(next(l, &event));
        if (event.type == YAML_SEQUENCE_END_EVENT)
            break;
        TRY(build(l, &event, depth, &item));
        value_push(list, item);
    }
    *ret = list;
    return 0;
}

/* Words of a scalar that has neither anchor nor tag. */
static int scalar_text(struct loader *l, const yaml_event_t *event, struct str *ret)
{
    struct str s = {(const char *)event->data.scalar.value, event->data.scalar.length};

    if (event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL)
        return bad(l, event->start_mark.line, "anchors and tags are not taken");
    if (str_find_char(s, '\0', 0) != SIZE_MAX)
        return bad(l, event->start_mark.line, "a NUL character is not taken");
    *ret = str_copy(l->cx->mem, s);
    return 0;
}

static int build_pair(struct loader *l, yaml_event_t *key_event, unsigned depth, struct value *map)
{
    yaml_event_t event CLEANUP(event_end) = {0};
    struct value *item;
    struct str key;

    if (key_event->type != YAML_SCALAR_EVENT)
        return bad(l, key_event->start_mark.line, "a key must be a word");
    TRY(scalar_text(l, key_event, &key));
    if (value_count(map) == YAML_KEYS) /* each is compared with all before it */
        return fail(l->cx, RC_LIMIT, l->name, "%s:%zu: more than %u keys in one map.", l->name,
                    key_event->start_mark.line + 1, YAML_KEYS);
    if (value_get(map, key.p) != NULL)
        return fail(l->cx, RC_INVALID, l->name, "%s:%zu: the key \"%s\" is there twice.", l->name,
                    key_event->start_mark.line + 1, key.p);
    TRY(next(l, &event));
    TRY(build(l, &event, depth, &item));
    value_set(map, key.p, item);
    return 0;
}

static int build_map(struct loader *l, unsigned depth, struct value **ret)
{
    struct value *map = value_map(l->cx->mem);

    for (;;) {
        yaml_event_t event CLEANUP(event_end) = {0};
        TRY(next(l, &event));
        if (event.type == YAML_MAPPING_END_EVENT)
            break;
        TRY(build_pair(l, &event, depth, map));
    }
    *ret = map;
    return 0;
}

static int build_scalar(struct loader *l, const yaml_event_t *event, struct value **ret)
{
    struct str s;

    TRY(scalar_text(l, event, &s));
    *ret = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? plain(l->cx->mem, s)
                                                               : value_text(l->cx->mem, s);
    return 0;
}

static int build(struct loader *l, yaml_event_t *event, unsigned depth, struct value **ret)
{
    struct value *v = NULL;

    if (depth > YAML_DEPTH || ++l->nodes > YAML_NODES)
        return fail(l->cx, RC_LIMIT, l->name, "%s:%zu: this is nested too deeply or too long.",
                    l->name, event->start_mark.line + 1);
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        TRY(build_scalar(l, event, &v));
        break;
    case YAML_SEQUENCE_START_EVENT:
        if (event->data.sequence_start.anchor != NULL || event->data.sequence_start.tag != NULL)
            return bad(l, event->start_mark.line, "anchors and tags are not taken");
        TRY(build_list(l, depth + 1, &v));
        break;
    case YAML_MAPPING_START_EVENT:
        if (event->data.mapping_start.anchor != NULL || event->data.mapping_start.tag != NULL)
            return bad(l, event->start_mark.line, "anchors and tags are not taken");
        TRY(build_map(l, depth + 1, &v));
        break;
    default:
        return bad(l, event->start_mark.line, "anchors and aliases are not taken");
    }
    value_set_line(v, (unsigned)event->start_mark.line + 1);
    *ret = v;
    return 0;
}

/* Stream start, document start, one node, document end, stream end. */
static int build_document(struct loader *l, struct value **ret)
{
    static const yaml_event_type_t before[] = {YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT};
    static const yaml_event_type_t after[] = {YAML_DOCUMENT_END_EVENT, YAML_STREAM_END_EVENT};
    struct value *v;

    for (size_t i = 0; i < COUNT_OF(before); i++) {
        yaml_event_t event CLEANUP(event_end) = {0};
        TRY(next(l, &event));
        if (event.type != before[i])
            return bad(l, 0, "the file is empty");
    }
    {
        yaml_event_t event CLEANUP(event_end) = {0};
        TRY(next(l, &event));
        TRY(build(l, &event, 0, &v));
    }
    for (size_t i = 0; i < COUNT_OF(after); i++) {
        yaml_event_t event CLEANUP(event_end) = {0};
        TRY(next(l, &event));
        if (event.type != after[i])
            return bad(l, event.start_mark.line, "only one document a file is taken");
    }
    *ret = v;
    return 0;
}

int yaml_parse(struct ctx *cx, const char *name, struct str text, struct value **ret)
{
    if (text.n > YAML_BYTES)
        return fail(cx, RC_LIMIT, name, "%s: %zu bytes are more than the %zu that are read.", name,
                    text.n, YAML_BYTES);
    struct loader l CLEANUP(parser_end) = {.cx = cx, .name = name, .text = text};
    if (yaml_parser_initialize(&l.parser) != 1)
        return fail(cx, RC_FAIL, name, "The YAML parser could not start.");
    yaml_parser_set_encoding(&l.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&l.parser, (const unsigned char *)text.p, text.n);
    return build_document(&l, ret);
}
