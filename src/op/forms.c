#include "op/forms.h"

#define FOLDER "forms/"
#define PERHAPS "?" /* before a template: left out where the field does not take it */

struct form {
    struct incoming *in;
    const char *name; /* of the form's file */
    struct str file;  /* that is brought */
    const struct value *yaml;
    struct forms_node root;
    forms_is_control *is_control;
    void *control_arg;
};

/* One rule of a form: the lines of one register. */
struct rule {
    struct form *form;
    const struct value *yaml, *constants;
    const struct register_def *def;
    struct plan_line *line; /* that the rule's lines stand in, or NULL */
    const struct register_field *rows;
    int64_t *at;
    unsigned depth;
};

static int bad(const struct form *form, const struct value *at, struct str what)
{
    return fail(form->in->cx, RC_INVALID, form->name, _("%s:%u: \"%.*s\" is not known."),
                form->name, value_line(at), STR_ARG(what));
}

/* ---- one line ---- */

/* What a field's template, or the value in its place, is of a node; NULL for nothing. */
static int value_of(const struct form *form, const struct forms_node *node,
                    const struct value *template, struct value **ret)
{
    struct str text = value_as_text(template);
    int rc;

    *ret = (struct value *)(uintptr_t) template;
    if (value_type(template) != VALUE_TEXT)
        return 0;
    if (str_starts(text, STR(PERHAPS)))
        text = str_from(text, 1);
    rc = forms_template(form->in->cx, node, text, form->is_control, form->control_arg, ret);
    return rc == 0 ? 0 : fail_while(form->in->cx, rc, "%s:%u", form->name, value_line(template));
}

/* Whether the field takes it; where it does not, and may be left out, it is told. */
static bool is_taken(struct rule *rule, const struct plan_line *line,
                     const struct register_field *field, const struct value *v)
{
    struct incoming *in = rule->form->in;
    struct value *taken;

    if (record_value(in->cx, in->rs, rule->def, field, v, true, &taken) == 0)
        return true;
    incoming_skip(
        in, str_printf(in->cx->mem, "%.*s, %.*s", STR_ARG(line->at.file), STR_ARG(line->at.place)),
        str_copy(in->cx->mem, in->cx->err.text));
    return false;
}

static int set_field(struct rule *rule, struct plan_line *line, const struct forms_node *node,
                     struct str id, const struct value *template)
{
    const struct form *form = rule->form;
    const struct register_field *field = register_field(rule->def, id);
    bool ref = str_is(id, "ref"), perhaps = str_starts(value_as_text(template), STR(PERHAPS));
    struct value *v;

    if (field == NULL && !ref)
        return bad(form, template, id);
    TRY(value_of(form, node, template, &v));
    if (v == NULL)
        return 0;
    if (ref)
        line->ref = value_print(form->in->cx->mem, v);
    else if (!perhaps || is_taken(rule, line, field, v))
        plan_cell_add(form->in->plan, line, field, field->label)->value = v;
    return 0;
}

static int set_fields(struct rule *rule, struct plan_line *line, const struct forms_node *node,
                      const struct value *fields)
{
    for (size_t i = 0; i < value_count(fields); i++)
        TRY(set_field(rule, line, node, value_key_at(fields, i), value_at(fields, i)));
    return 0;
}

/* Fields that are only for some lines. */
static int set_when(struct rule *rule, struct plan_line *line, const struct forms_node *node)
{
    const struct value *when = value_get(rule->yaml, "when");
    struct value *v = NULL;

    if (when == NULL)
        return 0;
    TRY(forms_template(rule->form->in->cx, node, value_get_text(when, "text"), NULL, NULL, &v));
    if (!str_eq(value_as_text(v), value_get_text(when, "is")))
        return 0;
    return set_fields(rule, line, node, value_get(when, "fields"));
}

static int run_rule(struct rule *rule, const struct forms_node *from);

/* Lines within the line. */
static int set_rows(struct rule *rule, struct plan_line *line, const struct forms_node *node)
{
    const struct value *rows = value_get(rule->yaml, "rows");

    for (size_t i = 0; i < value_count(rows); i++) {
        const struct register_field *field = register_field(rule->def, value_key_at(rows, i));
        if (field == NULL || field->of == NULL)
            return bad(rule->form, value_at(rows, i), value_key_at(rows, i));
        for (size_t k = 0; k < value_count(value_at(rows, i)); k++) {
            int64_t at = 0;
            struct rule inner = {.form = rule->form,
                                 .yaml = value_at(value_at(rows, i), k),
                                 .def = field->of,
                                 .line = line,
                                 .rows = field,
                                 .at = &at};
            TRY(run_rule(&inner, node));
        }
    }
    return 0;
}

static int new_line(struct rule *rule, struct plan_line **ret)
{
    struct incoming *in = rule->form->in;
    struct plan_place at = {.file = rule->form->file,
                            .place = str_printf(in->cx->mem, _("%.*s %lld"),
                                                STR_ARG(rule->def->title), (long long)*rule->at)};

    if (rule->line == NULL)
        return plan_line_add(in->plan, rule->def, &at, ret);
    *ret =
        plan_inner_add(in->plan, plan_cell_add(in->plan, rule->line, rule->rows, rule->rows->label),
                       rule->def, &at);
    return ctx_check(in->cx);
}

static int down(struct rule *rule, const struct forms_node *node);

static int on_node(void *arg, struct ctx *cx, const struct forms_node *found)
{
    struct rule *rule = arg;
    struct forms_node node = *found;
    struct plan_line *line;

    if (value_type(node.v) == VALUE_NULL || value_type(node.v) == VALUE_LIST)
        return 0;
    node.at = ++*rule->at;
    TRY(new_line(rule, &line));
    TRY(set_fields(rule, line, &node, rule->constants));
    TRY(set_fields(rule, line, &node, value_get(rule->yaml, "fields")));
    TRY(set_when(rule, line, &node));
    TRY(set_rows(rule, line, &node));
    if (rule->constants != NULL)
        TRY(down(rule, &node));
    return ctx_check(cx);
}

/* Nodes of some keys below each other: each is a line, and so are those below it. */
static int down(struct rule *rule, const struct forms_node *node)
{
    const struct value *keys = value_get(rule->yaml, "down");

    for (size_t i = 0; i < value_count(keys) && rule->depth < FORMS_DEPTH; i++) {
        struct rule below = *rule;
        below.constants = value_at(keys, i);
        below.depth++;
        struct str path =
            str_printf(rule->form->in->cx->mem, "%.*s[]", STR_ARG(value_key_at(keys, i)));
        TRY(forms_path(rule->form->in->cx, node, path, on_node, &below));
    }
    return 0;
}

static int on_top(void *arg, UNUSED struct ctx *cx, const struct forms_node *node)
{
    return down(arg, node);
}

static int run_rule(struct rule *rule, const struct forms_node *from)
{
    const struct value *paths = value_get(rule->yaml, "from");
    bool nested = value_get(rule->yaml, "down") != NULL;

    for (size_t i = 0; i < value_count(paths); i++)
        TRY(forms_path(rule->form->in->cx, from, value_as_text(value_at(paths, i)),
                       nested ? on_top : on_node, rule));
    return 0;
}

/* ---- which form ---- */

static int count_hit(void *arg, struct ctx *cx, const struct forms_node *node)
{
    *(bool *)arg |= value_count(node->v) > 0 || value_print(cx->mem, node->v).n > 0;
    return 0;
}

static int has(struct form *form, struct str path, bool *ret)
{
    *ret = false;
    return path.n == 0 ? 0 : forms_path(form->in->cx, &form->root, path, count_hit, ret);
}

static int is_of_form(struct form *form, bool *ret)
{
    const struct value *needs = value_get(form->yaml, "needs");

    TRY(has(form, value_get_text(form->yaml, "sign"), ret));
    for (size_t i = 0; i < value_count(needs) && *ret; i++)
        TRY(has(form, value_as_text(value_at(needs, i)), ret));
    return 0;
}

static int run(struct form *form)
{
    const struct value *lines = value_get(form->yaml, "lines");

    for (size_t i = 0; i < value_count(lines); i++) {
        const struct value *yaml = value_at(lines, i);
        struct str id = value_get_text(yaml, "register");
        int64_t at = 0;
        struct rule rule = {.form = form,
                            .yaml = yaml,
                            .def = registers_find(form->in->rs->registers, id),
                            .at = &at};
        if (rule.def == NULL)
            return bad(form, yaml, id);
        TRY(run_rule(&rule, &form->root));
    }
    return 0;
}

static bool is_control(void *arg, struct str id)
{
    const struct entry *entry = standard_find(arg, id);

    return entry != NULL && entry->type == ENTRY_CONTROL;
}

int incoming_framework(struct incoming *in, struct str file, const struct value *tree,
                       bool *ret_taken)
{
    const struct content *content = &in->standard->content;
    const struct content_file *f;

    *ret_taken = false;
    for (size_t at = 0; !*ret_taken && (f = content_next(content, FOLDER, ".yaml", &at)) != NULL;) {
        struct form form = {.in = in,
                            .name = f->name,
                            .file = file,
                            .is_control = is_control,
                            .control_arg = (void *)(uintptr_t)in->standard};
        struct value *yaml;
        form.root = (struct forms_node){.v = tree};
        form.root.root = &form.root;
        TRY(yaml_parse(in->cx, f->name, (struct str){(const char *)f->bytes, f->n}, &yaml));
        form.yaml = yaml;
        TRY(is_of_form(&form, ret_taken));
        if (*ret_taken)
            TRY(run(&form));
    }
    return 0;
}
