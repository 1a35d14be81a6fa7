/* Paths into trees, and templates over them. */
#include "op/forms.h"

/*
 * A path is steps with dots between them: KEY, KEY[] (the items of a list), KEY[][] (of lists in
 * it), KEY[NAME=TEXT] (items that have it), **KEY (at any depth below). "/" at its head begins at
 * the root, "^" at what the node stands in; "." and "" are the node itself.
 */
struct steps {
    forms_each *each;
    void *arg;
};

struct step {
    struct str key, name, text; /* name and text of a filter */
    unsigned lists;
    bool deep, filter;
};

static int bad(struct ctx *cx, struct str path)
{
    return fail(cx, RC_INVALID, NULL, _("\"%.*s\" is no path."), STR_ARG(path));
}

static int parse_step(struct ctx *cx, struct str text, struct step *ret)
{
    struct step s = {.deep = str_starts(text, STR("**"))};
    size_t open;

    text = s.deep ? str_from(text, 2) : text;
    open = str_find_char(text, '[', 0);
    s.key = open == SIZE_MAX ? text : str_sub(text, 0, open);
    while (open != SIZE_MAX && open < text.n) {
        size_t close = str_find_char(text, ']', open), equals = str_find_char(text, '=', open);
        if (close == SIZE_MAX || text.p[open] != '[')
            return bad(cx, text);
        if (equals != SIZE_MAX && equals < close) {
            s.filter = true;
            s.name = str_sub(text, open + 1, equals - open - 1);
            s.text = str_sub(text, equals + 1, close - equals - 1);
        } else if (close != open + 1) {
            return bad(cx, text);
        }
        s.lists++;
        open = close + 1;
    }
    if (s.key.n == 0)
        return bad(cx, text);
    *ret = s;
    return 0;
}

static bool passes(struct arena *mem, const struct step *s, const struct value *v)
{
    return !s->filter || str_eq(value_get_text(v, str_z(mem, s->name)), s->text);
}

static int walk(struct ctx *cx, const struct steps *steps, const struct forms_node *node,
                struct str rest, unsigned depth);

/* The items of a list, of lists in it, and so on. */
static int walk_lists(struct ctx *cx, const struct steps *steps, const struct step *s,
                      const struct forms_node *node, unsigned lists, struct str rest,
                      unsigned depth)
{
    if (lists == 0)
        return passes(cx->mem, s, node->v) ? walk(cx, steps, node, rest, depth + 1) : 0;
    if (value_type(node->v) != VALUE_LIST)
        return 0;
    for (size_t i = 0; i < value_count(node->v); i++) {
        struct forms_node item = *node;
        item.v = value_at(node->v, i);
        if (item.numbers < FORMS_NUMBERS)
            item.number[item.numbers++] = (int64_t)i;
        TRY(walk_lists(cx, steps, s, &item, lists - 1, rest, depth));
    }
    return ctx_check(cx);
}

static struct forms_node below(const struct forms_node *node, const struct value *v)
{
    struct forms_node child = *node;

    child.v = v;
    child.up = value_type(node->v) == VALUE_MAP ? node : node->up;
    return child;
}

/* All values of the key below a node. */
static int walk_deep(struct ctx *cx, const struct steps *steps, const struct step *s,
                     const struct forms_node *node, struct str rest, unsigned depth)
{
    if (depth > FORMS_DEPTH)
        return 0;
    for (size_t i = 0; i < value_count(node->v); i++) {
        struct forms_node child = below(node, value_at(node->v, i));
        if (value_type(node->v) == VALUE_MAP && str_eq(value_key_at(node->v, i), s->key))
            TRY(walk_lists(cx, steps, s, &child, s->lists, rest, depth));
        else
            TRY(walk_deep(cx, steps, s, &child, rest, depth + 1));
    }
    return ctx_check(cx);
}

static int walk(struct ctx *cx, const struct steps *steps, const struct forms_node *node,
                struct str rest, unsigned depth)
{
    struct step s;
    struct str part;

    if (depth > FORMS_DEPTH)
        return fail(cx, RC_LIMIT, NULL, _("A path has more than %u steps."), FORMS_DEPTH);
    if (rest.n == 0 || str_is(rest, "."))
        return steps->each(steps->arg, cx, node);
    if (rest.p[0] == '/')
        return walk(cx, steps, node->root, str_from(rest, 1), depth + 1);
    if (rest.p[0] == '^')
        return node->up == NULL ? 0 : walk(cx, steps, node->up, str_from(rest, 1), depth + 1);
    (void)str_split(&rest, '.', &part);
    TRY(parse_step(cx, part, &s));
    if (s.deep)
        return walk_deep(cx, steps, &s, node, rest, depth);
    const struct value *v = value_get(node->v, str_z(cx->mem, s.key));
    struct forms_node child = below(node, v);
    return v == NULL ? 0 : walk_lists(cx, steps, &s, &child, s.lists, rest, depth);
}

int forms_path(struct ctx *cx, const struct forms_node *node, struct str path, forms_each *each,
               void *arg)
{
    struct steps steps = {each, arg};

    return walk(cx, &steps, node, path, 0);
}

/* ---- templates ---- */

static int collect(void *arg, struct ctx *cx, const struct forms_node *node)
{
    if (value_type(node->v) != VALUE_NULL)
        value_push(arg, (struct value *)(uintptr_t)node->v);
    return ctx_check(cx);
}

static struct value *joined(struct ctx *cx, const struct value *list, const char *between)
{
    struct buf out = buf_new(cx->mem);

    for (size_t i = 0; i < value_count(list); i++) {
        struct str text = value_print(cx->mem, value_at(list, i));
        if (out.n > 0 && text.n > 0)
            buf_addz(&out, between);
        buf_add(&out, text);
    }
    return out.n > 0 ? value_text(cx->mem, buf_str(&out)) : NULL;
}

static struct str upper(struct arena *mem, struct str s)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < s.n; i++)
        buf_char(&out, s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 'a' + 'A') : s.p[i]);
    return buf_str(&out);
}

struct control {
    forms_is_control *is;
    void *arg;
};

/* What of a list a filter leaves. */
static int filtered(struct ctx *cx, struct value *list, struct str filter,
                    const struct control *control, struct value **ret)
{
    const struct value *first = value_at(list, 0);
    struct str text = value_print(cx->mem, first);
    size_t n = value_count(list), colon = text.n;

    *ret = NULL;
    if (str_is(filter, "lines") || str_is(filter, "commas")) {
        *ret = joined(cx, list, str_is(filter, "lines") ? "\n" : ", ");
    } else if (str_is(filter, "first") || filter.n == 0) {
        if (n > 0)
            *ret = n == 1 || filter.n > 0 ? (struct value *)(uintptr_t)first : list;
    } else if (str_is(filter, "day")) {
        *ret = text.n >= 10 ? value_text(cx->mem, str_sub(text, 0, 10)) : NULL;
    } else if (str_is(filter, "last")) {
        while (colon > 0 && text.p[colon - 1] != ':')
            colon--;
        *ret = text.n > 0 ? value_text(cx->mem, str_from(text, colon)) : NULL;
    } else if (str_is(filter, "control")) {
        text = upper(cx->mem, text);
        *ret = control->is != NULL && control->is(control->arg, text) ? value_text(cx->mem, text)
                                                                      : NULL;
    } else {
        return fail(cx, RC_INVALID, NULL, _("There is no filter \"%.*s\"."), STR_ARG(filter));
    }
    return 0;
}

/* "{#}", "{#1}", "{PATH,PATH|FILTER}" without the braces. */
static int name_value(struct ctx *cx, const struct forms_node *node, struct str name,
                      const struct control *control, struct value **ret)
{
    struct value *list = value_list(cx->mem);
    size_t bar = str_find_char(name, '|', 0);
    struct str filter = bar == SIZE_MAX ? STR_NONE : str_from(name, bar + 1), path;
    int64_t number;

    name = bar == SIZE_MAX ? name : str_sub(name, 0, bar);
    *ret = NULL;
    if (str_is(name, "#")) {
        *ret = value_int(cx->mem, node->at);
        return 0;
    }
    if (str_starts(name, STR("#"))) {
        if (!str_to_int(str_from(name, 1), &number) || number < 1)
            return fail(cx, RC_INVALID, NULL, _("\"%.*s\" is no place in a list."), STR_ARG(name));
        if ((uint64_t)number <= node->numbers)
            *ret = value_int(cx->mem, node->number[number - 1]);
        return 0;
    }
    if (name.n == 0)
        return bad(cx, name);
    while (str_split(&name, ',', &path))
        TRY(forms_path(cx, node, path, collect, list));
    return filtered(cx, list, filter, control, ret);
}

int forms_template(struct ctx *cx, const struct forms_node *node, struct str template,
                   forms_is_control *is_control, void *arg, struct value **ret)
{
    struct control control = {is_control, arg};
    struct buf out = buf_new(cx->mem);
    struct value *v = NULL;

    *ret = NULL;
    for (size_t at = 0; at < template.n;) {
        size_t open = str_find_char(template, '{', at), close;
        if (open != at) {
            size_t end = open == SIZE_MAX ? template.n : open;
            buf_add(&out, str_sub(template, at, end - at));
            at = end;
            continue;
        }
        close = str_find_char(template, '}', at);
        if (close == SIZE_MAX)
            return fail(cx, RC_INVALID, NULL, _("\"%.*s\" has no end."), STR_ARG(template));
        TRY(name_value(cx, node, str_sub(template, at + 1, close - at - 1), &control, &v));
        if (v == NULL)
            return 0;
        if (at == 0 && close + 1 == template.n) {
            *ret = v;
            return 0;
        }
        buf_add(&out, value_print(cx->mem, v));
        at = close + 1;
    }
    *ret = out.n > 0 ? value_text(cx->mem, buf_str(&out)) : NULL;
    return 0;
}
