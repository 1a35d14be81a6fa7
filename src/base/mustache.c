#include "base/mustache.h"

#include <string.h>

#include "base/msg.h"

enum { DEPTH_MAX = 64, STEPS_MAX = 20 * 1000 * 1000 };

enum op_kind {
    OP_TEXT,     /* as it stands */
    OP_LINE,     /* a line of the template begins: a partial's indentation goes here */
    OP_VARIABLE, /* escaped where the mode escapes */
    OP_RAW,
    OP_SECTION,
    OP_INVERTED,
    OP_PARTIAL,
};

struct ops {
    struct op *items;
    size_t n;
    size_t room;
};

/* A dotted name in parts; none for the implicit iterator. */
struct name {
    const char *parts[16];
    size_t n;
};

struct op {
    enum op_kind kind;
    struct str text;         /* OP_TEXT; the indentation of OP_PARTIAL */
    const struct name *name; /* variables and sections */
    struct ops body;         /* sections */
    const struct mustache *partial;
};

/* What a template and its partials share while they are compiled. */
struct set {
    struct ctx *cx;
    enum mustache_mode mode;
    mustache_partial *find;
    void *arg;
    struct mustache *first; /* every partial met, so that it may name itself */
};

struct mustache {
    struct arena *mem;
    enum mustache_mode mode;
    struct str name;
    struct ops ops;
    struct mustache *next;
};

struct parser {
    struct set *set;
    struct str name; /* of the template, for messages */
    struct str text;
    size_t at;
    struct str open, close;
    unsigned depth;
    unsigned line; /* lines before the text, where it is a part of the template */
    bool within;   /* the text begins in the middle of a line */
};

struct tag {
    char kind; /* # ^ / ! > = & { or 'v' for a plain variable */
    struct str name;
    size_t from, to; /* where it stands in the text, delimiters included */
    bool alone;      /* nothing but white space beside it on its lines */
    struct str indent;
};

static int compile(struct set *set, struct str name, struct str text, unsigned depth,
                   struct mustache *ret);

static unsigned line_of(const struct parser *p, size_t at)
{
    unsigned line = p->line + 1;

    for (size_t i = 0; i < at && i < p->text.n; i++)
        line += p->text.p[i] == '\n';
    return line;
}

MUST_CHECK static int refuse(struct parser *p, size_t at, const char *why, struct str what)
{
    const char *place = str_z(p->set->cx->mem, p->name);

    return fail(p->set->cx, RC_INVALID, place, "Template %s, line %u: %s%s%.*s%s.", place,
                line_of(p, at), why, what.n > 0 ? " \"" : "", STR_ARG(what),
                what.n > 0 ? "\"" : "");
}

static struct op *add(struct parser *p, struct ops *ops, enum op_kind kind)
{
    struct op *op = ARENA_PUSH(p->set->cx->mem, ops->items, ops->n, ops->room);

    op->kind = kind;
    return op;
}

static bool at_line_start(const struct parser *p, size_t at)
{
    return at == 0 ? !p->within : p->text.p[at - 1] == '\n';
}

/* The text from `from` to `to`, line by line. */
static void add_text(struct parser *p, struct ops *ops, size_t from, size_t to)
{
    while (from < to) {
        size_t end = str_find_char(str_sub(p->text, 0, to), '\n', from);

        end = end == SIZE_MAX ? to : end + 1;
        if (at_line_start(p, from))
            add(p, ops, OP_LINE);
        add(p, ops, OP_TEXT)->text = str_sub(p->text, from, end - from);
        from = end;
    }
}

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Decides whether the tag stands alone; if so, it takes its whole line with it. */
static void look_around(const struct parser *p, struct tag *tag)
{
    size_t begin = tag->from, end = tag->to;

    if (strchr("#^/!>=", tag->kind) == NULL)
        return;
    while (begin > 0 && blank(p->text.p[begin - 1]))
        begin--;
    while (end < p->text.n && blank(p->text.p[end]))
        end++;
    if (end + 1 < p->text.n && p->text.p[end] == '\r' && p->text.p[end + 1] == '\n')
        end++;
    if (!at_line_start(p, begin) || (end < p->text.n && p->text.p[end] != '\n'))
        return;
    tag->alone = true;
    tag->indent = str_sub(p->text, begin, tag->from - begin);
    tag->from = begin;
    tag->to = end < p->text.n ? end + 1 : end;
}

/* The delimiter that ends the tag: `}}}` and `=}}` for two kinds. */
static struct str closing(const struct parser *p, char kind)
{
    if (kind == '{')
        return str_printf(p->set->cx->mem, "}%.*s", STR_ARG(p->close));
    if (kind == '=')
        return str_printf(p->set->cx->mem, "=%.*s", STR_ARG(p->close));
    return p->close;
}

/* The tag that opens at `from`. */
MUST_CHECK static int read_tag(struct parser *p, size_t from, struct tag *ret)
{
    struct tag tag = {.kind = 'v', .from = from};
    size_t at = from + p->open.n;
    struct str close;
    size_t end;

    while (at < p->text.n && blank(p->text.p[at]))
        at++;
    if (at < p->text.n && p->text.p[at] != '\0' && strchr("#^/!>=&{", p->text.p[at]) != NULL)
        tag.kind = p->text.p[at++];
    close = closing(p, tag.kind);
    end = str_find(p->text, close, at);
    if (end == SIZE_MAX)
        return refuse(p, from, "a tag is not closed", STR_NONE);
    tag.name = str_trim(str_sub(p->text, at, end - at));
    tag.to = end + close.n;
    if (tag.name.n == 0 && tag.kind != '!')
        return refuse(p, from, "a tag has no name", STR_NONE);
    look_around(p, &tag);
    *ret = tag;
    return 0;
}

MUST_CHECK static int set_delimiters(struct parser *p, const struct tag *tag)
{
    size_t gap = str_find_char(tag->name, ' ', 0);
    struct str close = gap == SIZE_MAX ? STR_NONE : str_trim(str_from(tag->name, gap));

    if (close.n == 0 || str_has(tag->name, "=") || str_find_char(close, ' ', 0) != SIZE_MAX)
        return refuse(p, tag->from, "these are not two delimiters:", tag->name);
    p->open = str_sub(tag->name, 0, gap);
    p->close = close;
    return 0;
}

MUST_CHECK static int read_name(struct parser *p, const struct tag *tag, const struct name **ret)
{
    struct name *name = ARENA_NEW(p->set->cx->mem, struct name);
    struct str rest = tag->name, part;

    if (!str_is(tag->name, "."))
        while (str_split(&rest, '.', &part)) {
            if (part.n == 0 || name->n == COUNT_OF(name->parts))
                return refuse(p, tag->from, "this is not a name:", tag->name);
            name->parts[name->n++] = str_z(p->set->cx->mem, part);
        }
    *ret = name;
    return 0;
}

/* The partial `name`, compiled once however often it is named. */
MUST_CHECK static int partial_by_name(struct parser *p, struct str name,
                                      const struct mustache **ret)
{
    struct set *set = p->set;
    struct mustache *partial;
    struct str text = STR_NONE;
    int rc = RC_NOT_FOUND;

    for (partial = set->first; partial != NULL; partial = partial->next)
        if (str_eq(partial->name, name)) {
            *ret = partial;
            return 0;
        }
    if (set->find != NULL)
        rc = set->find(set->arg, name, &text);
    if (rc < 0 && rc != RC_NOT_FOUND)
        return rc;
    partial = ARENA_NEW(set->cx->mem, struct mustache);
    partial->name = name;
    partial->next = set->first;
    set->first = partial;
    if (rc == 0)
        TRY(compile(set, name, text, p->depth + 1, partial));
    *ret = partial;
    return 0;
}

MUST_CHECK static int parse(struct parser *p, struct ops *ops, const struct tag *section);

static bool is_message(const struct tag *tag)
{
    return str_is(tag->name, "_");
}

MUST_CHECK static int parse_section(struct parser *p, struct ops *ops, const struct tag *tag)
{
    struct op *op = add(p, ops, tag->kind == '#' ? OP_SECTION : OP_INVERTED);
    struct ops body = {0};

    TRY(read_name(p, tag, &op->name));
    if (++p->depth > DEPTH_MAX)
        return refuse(p, tag->from, "sections are nested too deeply at", tag->name);
    TRY(parse(p, &body, tag));
    p->depth--;
    op->body = body;
    return 0;
}

/* {{#_}}text{{/_}}: the text as it stands is looked up in the message catalogue, and what is found
 * there is read in its place. */
MUST_CHECK static int parse_message(struct parser *p, struct ops *ops, const struct tag *open)
{
    struct parser inner = *p;
    struct tag tag = {0};
    size_t from = p->at;

    do {
        size_t at = str_find(p->text, p->open, p->at);
        if (at == SIZE_MAX)
            return refuse(p, open->from, "the section has no end:", open->name);
        TRY(read_tag(p, at, &tag));
        p->at = tag.to;
    } while (tag.kind != '/' || !is_message(&tag));
    inner.text = str_of(msg_text(str_z(p->set->cx->mem, str_sub(p->text, from, tag.from - from))));
    inner.at = 0;
    inner.line = line_of(p, from) - 1;
    inner.within = !at_line_start(p, from);
    if (++inner.depth > DEPTH_MAX)
        return refuse(p, open->from, "sections are nested too deeply at", open->name);
    return parse(&inner, ops, NULL);
}

MUST_CHECK static int parse_tag(struct parser *p, struct ops *ops, const struct tag *tag)
{
    struct op *op;

    switch (tag->kind) {
    case '!':
        return 0;
    case '=':
        return set_delimiters(p, tag);
    case '#':
    case '^':
        return tag->kind == '#' && is_message(tag) ? parse_message(p, ops, tag)
                                                   : parse_section(p, ops, tag);
    case '>':
        op = add(p, ops, OP_PARTIAL);
        op->text = tag->indent;
        return partial_by_name(p, tag->name, &op->partial);
    default:
        op = add(p, ops, tag->kind == 'v' ? OP_VARIABLE : OP_RAW);
        return read_name(p, tag, &op->name);
    }
}

/* Reads up to the end of `section`, or of the text where there is none. */
static int parse(struct parser *p, struct ops *ops, const struct tag *section)
{
    struct tag tag;

    for (;;) {
        size_t from = str_find(p->text, p->open, p->at);

        TRY(ctx_check(p->set->cx));
        if (from == SIZE_MAX)
            break;
        TRY(read_tag(p, from, &tag));
        add_text(p, ops, p->at, tag.from);
        p->at = tag.to;
        if (!tag.alone && tag.kind != '/' && at_line_start(p, tag.from))
            add(p, ops, OP_LINE);
        if (tag.kind == '/') {
            if (section == NULL || !str_eq(section->name, tag.name))
                return refuse(p, tag.from, "nothing is open that ends with", tag.name);
            return 0;
        }
        TRY(parse_tag(p, ops, &tag));
    }
    if (section != NULL)
        return refuse(p, section->from, "the section has no end:", section->name);
    add_text(p, ops, p->at, p->text.n);
    return 0;
}

static int compile(struct set *set, struct str name, struct str text, unsigned depth,
                   struct mustache *ret)
{
    struct parser p = {.set = set,
                       .name = name,
                       .text = str_copy(set->cx->mem, text),
                       .open = STR("{{"),
                       .close = STR("}}"),
                       .depth = depth};
    struct ops ops = {0};

    if (depth > DEPTH_MAX)
        return refuse(&p, 0, "partials are nested too deeply", STR_NONE);
    TRY(parse(&p, &ops, NULL));
    ret->mem = set->cx->mem;
    ret->mode = set->mode;
    ret->ops = ops;
    return 0;
}

int mustache_compile(struct ctx *cx, const char *name, struct str text, enum mustache_mode mode,
                     mustache_partial *find, void *arg, struct mustache **ret)
{
    struct mustache *partials = NULL;

    return mustache_compile_shared(cx, name, text, mode, find, arg, &partials, ret);
}

int mustache_compile_shared(struct ctx *cx, const char *name, struct str text,
                            enum mustache_mode mode, mustache_partial *find, void *arg,
                            struct mustache **partials, struct mustache **ret)
{
    struct set set = {.cx = cx, .mode = mode, .find = find, .arg = arg, .first = *partials};
    struct mustache *template = ARENA_NEW(cx->mem, struct mustache);

    template->name = str_copy(cx->mem, str_of(name));
    TRY(compile(&set, template->name, text, 0, template));
    *partials = set.first;
    *ret = template;
    return 0;
}

struct frame {
    const struct value *value;
    const struct frame *up;
};

struct render {
    struct buf *out;
    enum mustache_mode mode;
    size_t steps;
    unsigned depth; /* of partials */
    bool over;      /* a bound was met: stop */
};

/* The first part is looked for from the innermost frame outwards, the rest only below it. */
/* A key of a map, or a number in a list: beyond the language's definition, as others have it too.
 */
static const struct value *part_of(const struct value *v, const char *part)
{
    int64_t at;

    if (value_type(v) != VALUE_LIST)
        return value_get(v, part);
    return str_to_int(str_of(part), &at) && at >= 0 && (size_t)at < value_count(v)
               ? value_at(v, (size_t)at)
               : NULL;
}

static const struct value *look_up(const struct name *name, const struct frame *frame)
{
    const struct value *v = NULL;

    if (name->n == 0)
        return frame->value;
    for (; frame != NULL && v == NULL; frame = frame->up)
        v = value_get(frame->value, name->parts[0]);
    for (size_t i = 1; i < name->n && v != NULL; i++)
        v = part_of(v, name->parts[i]);
    return v;
}

static bool truth(const struct value *v)
{
    switch (value_type(v)) {
    case VALUE_NULL:
        return false;
    case VALUE_BOOL:
        return value_as_bool(v);
    case VALUE_INT:
    case VALUE_DECIMAL:
        return value_as_thousandths(v, 0) != 0;
    case VALUE_TEXT:
        return value_as_text(v).n > 0;
    case VALUE_LIST:
        return value_count(v) > 0;
    case VALUE_MAP:
        return true;
    }
    return false;
}

static void render(struct render *r, const struct ops *ops, const struct frame *frame,
                   struct str indent);

static void render_section(struct render *r, const struct op *op, const struct frame *frame,
                           struct str indent)
{
    const struct value *v = look_up(op->name, frame);
    bool list = value_type(v) == VALUE_LIST;
    size_t n = list ? value_count(v) : 1;

    if (!truth(v))
        return;
    for (size_t i = 0; i < n && !r->over; i++) {
        struct frame inner = {list ? value_at(v, i) : v, frame};
        render(r, &op->body, &inner, indent);
    }
}

static void render_partial(struct render *r, const struct op *op, const struct frame *frame,
                           struct str indent)
{
    if (r->depth >= DEPTH_MAX) {
        r->over = true;
        return;
    }
    if (op->text.n > 0)
        indent = str_printf(r->out->mem, "%.*s%.*s", STR_ARG(indent), STR_ARG(op->text));
    r->depth++;
    render(r, &op->partial->ops, frame, indent);
    r->depth--;
}

static void render_op(struct render *r, const struct op *op, const struct frame *frame,
                      struct str indent)
{
    switch (op->kind) {
    case OP_TEXT:
        buf_add(r->out, op->text);
        break;
    case OP_LINE:
        buf_add(r->out, indent);
        break;
    case OP_VARIABLE:
        if (r->mode == MUSTACHE_HTML) {
            buf_escaped(r->out, value_print(r->out->mem, look_up(op->name, frame)));
            break;
        }
        /* fallthrough */
    case OP_RAW:
        buf_add(r->out, value_print(r->out->mem, look_up(op->name, frame)));
        break;
    case OP_SECTION:
        render_section(r, op, frame, indent);
        break;
    case OP_INVERTED:
        if (!truth(look_up(op->name, frame)))
            render(r, &op->body, frame, indent);
        break;
    case OP_PARTIAL:
        render_partial(r, op, frame, indent);
        break;
    }
}

static void render(struct render *r, const struct ops *ops, const struct frame *frame,
                   struct str indent)
{
    for (size_t i = 0; i < ops->n && !r->over; i++) {
        if (++r->steps > STEPS_MAX || (r->steps % 1024 == 0 && arena_over(r->out->mem))) {
            r->over = true;
            return;
        }
        render_op(r, &ops->items[i], frame, indent);
    }
}

int mustache_render(const struct mustache *template, const struct value *view, struct buf *out)
{
    struct render r = {.out = out, .mode = template->mode};
    struct frame frame = {view, NULL};

    render(&r, &template->ops, &frame, STR_NONE);
    return r.over ? RC_LIMIT : 0;
}

void mustache_names(const struct mustache *template, struct value *list_of_texts)
{
    for (size_t i = 0; i < template->ops.n; i++) {
        const struct name *name = template->ops.items[i].name;
        bool known = name == NULL || name->n == 0;

        for (size_t k = 0; k < value_count(list_of_texts) && !known; k++)
            known = value_is_text(value_at(list_of_texts, k), name->parts[0]);
        if (!known)
            value_push(list_of_texts, value_textz(template->mem, name->parts[0]));
    }
}
