#include "web/openapi.h"

#include "op/call.h"
#include "web/forms.h"
#include "web/handlers.h"
#include "web/routes.h"

#define JSON_TYPE "application/json"
#define FORM_TYPE "application/x-www-form-urlencoded"
#define FILES_TYPE "multipart/form-data"

struct making {
    struct arena *mem;
    const struct registers *registers;
    struct str base;
    struct value *paths, *schemas;
};

/* ---- small parts ---- */

static struct value *of_type(struct arena *mem, const char *type)
{
    struct value *schema = value_map(mem);

    value_set_text(schema, "type", str_of(type));
    return schema;
}

static struct value *list_of(struct arena *mem, struct value *items)
{
    struct value *schema = of_type(mem, "array");

    value_set(schema, "items", items);
    return schema;
}

static struct value *reference(struct arena *mem, struct str name)
{
    struct value *schema = value_map(mem);

    value_set_text(schema, "$ref", str_printf(mem, "#/components/schemas/%.*s", STR_ARG(name)));
    return schema;
}

static void describe(struct value *schema, struct str text)
{
    if (text.n > 0)
        value_set_text(schema, "description", text);
}

/* ---- values of fields ---- */

static struct value *fields_schema(struct arena *mem, const struct register_def *def);

static struct value *choice_schema(struct arena *mem, const struct register_field *field)
{
    struct value *schema = of_type(mem, "string"), *ids = value_list(mem);

    for (size_t i = 0; i < field->choice_n; i++)
        value_push(ids, value_text(mem, field->choices[i].id));
    if (field->choice_n > 0)
        value_set(schema, "enum", ids);
    return schema;
}

/* The ref of a record, or what an import brought that names none. */
static struct value *ref_schema(struct arena *mem)
{
    struct value *schema = value_map(mem), *any = value_list(mem), *said = of_type(mem, "object"),
                 *inner = value_map(mem), *needed = value_list(mem);

    value_set(inner, "said", of_type(mem, "string"));
    value_set(said, "properties", inner);
    value_push(needed, value_textz(mem, "said"));
    value_set(said, "required", needed);
    value_push(any, of_type(mem, "string"));
    value_push(any, said);
    value_set(schema, "anyOf", any);
    return schema;
}

static struct value *file_schema(struct arena *mem)
{
    struct value *schema = of_type(mem, "object"), *inner = value_map(mem);

    value_set(inner, "name", of_type(mem, "string"));
    value_set(inner, "bytes", of_type(mem, "integer"));
    value_set(inner, "type", of_type(mem, "string"));
    value_set(inner, "object", of_type(mem, "string"));
    value_set(schema, "properties", inner);
    return schema;
}

static struct value *value_schema(struct arena *mem, const struct register_field *field)
{
    struct value *schema;

    switch (field->type) {
    case REGISTER_INTEGER:
    case REGISTER_SCORE:
        return of_type(mem, "integer");
    case REGISTER_DECIMAL: /* as text, so that no program rounds it */
        schema = of_type(mem, "string");
        value_set_text(schema, "pattern", STR("^-?[0-9]+([.][0-9]+)?$"));
        return schema;
    case REGISTER_YES_NO:
        return of_type(mem, "boolean");
    case REGISTER_DATE:
        schema = of_type(mem, "string");
        value_set_text(schema, "format", STR("date"));
        return schema;
    case REGISTER_INSTANT:
        schema = of_type(mem, "string");
        value_set_text(schema, "format", STR("date-time"));
        return schema;
    case REGISTER_CHOICE:
        return choice_schema(mem, field);
    case REGISTER_MANY_CHOICE:
        return list_of(mem, choice_schema(mem, field));
    case REGISTER_PERSON:
    case REGISTER_REFERENCE:
        return ref_schema(mem);
    case REGISTER_PEOPLE:
    case REGISTER_REFERENCES:
        return list_of(mem, ref_schema(mem));
    case REGISTER_FILE:
        return file_schema(mem);
    case REGISTER_ROWS:
        return list_of(mem, fields_schema(mem, field->of));
    default:
        return of_type(mem, "string");
    }
}

static struct value *fields_schema(struct arena *mem, const struct register_def *def)
{
    struct value *schema = of_type(mem, "object"), *inner = value_map(mem);

    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        struct value *one = value_schema(mem, field);
        value_set_text(one, "title", field->label);
        describe(one, field->help);
        if (field->only_computed)
            value_set_bool(one, "readOnly", true);
        value_set(inner, str_z(mem, field->id), one);
    }
    value_set(schema, "properties", inner);
    return schema;
}

/* ---- records and lists ---- */

static struct value *record_schema(struct arena *mem, struct str fields)
{
    static const char *const texts[] = {"ref", "id"};
    struct value *schema = of_type(mem, "object"), *inner = value_map(mem),
                 *needed = value_list(mem);

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        value_set(inner, texts[i], of_type(mem, "string"));
        value_push(needed, value_textz(mem, texts[i]));
    }
    value_set(inner, "rev", of_type(mem, "integer"));
    value_set(inner, "fields", reference(mem, fields));
    value_push(needed, value_textz(mem, "fields"));
    value_set(schema, "properties", inner);
    value_set(schema, "required", needed);
    return schema;
}

static struct value *list_schema(struct arena *mem, struct str record)
{
    struct value *schema = of_type(mem, "object"), *inner = value_map(mem),
                 *needed = value_list(mem), *is = value_map(mem);

    value_set_text(is, "const", STR("assay.list/1"));
    value_set(inner, "schema", is);
    value_set(inner, "count", of_type(mem, "integer"));
    value_set(inner, "columns", list_of(mem, of_type(mem, "object")));
    value_set(inner, "names", of_type(mem, "object"));
    value_set(inner, "records", list_of(mem, reference(mem, record)));
    value_push(needed, value_textz(mem, "schema"));
    value_push(needed, value_textz(mem, "records"));
    value_set(schema, "properties", inner);
    value_set(schema, "required", needed);
    return schema;
}

/* What a form that adds or changes takes: texts, as people write them. */
static struct value *form_schema(struct arena *mem, const struct register_def *def)
{
    struct value *schema = of_type(mem, "object"), *inner = value_map(mem);

    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        struct value *one = of_type(mem, "string");
        if (field->only_computed || field == def->state || str_is(field->id, "ref") ||
            field->type == REGISTER_ROWS)
            continue;
        if (field->type == REGISTER_FILE)
            value_set_text(one, "format", STR("binary"));
        describe(one, field->help);
        value_set(inner, str_printf(mem, FORM_PREFIX "%.*s", STR_ARG(field->id)).p, one);
    }
    value_set(inner, "rev", of_type(mem, "string"));
    value_set(inner, "key", of_type(mem, "string"));
    value_set(schema, "properties", inner);
    return schema;
}

static struct str schema_name(struct arena *mem, const struct register_def *def, const char *what)
{
    return str_printf(mem, "%.*s.%s", STR_ARG(def->id), what);
}

static void add_schemas(struct making *m, const struct register_def *def)
{
    struct arena *mem = m->mem;
    struct str fields = schema_name(mem, def, "fields"), record = schema_name(mem, def, "record");

    value_set(m->schemas, fields.p, fields_schema(mem, def));
    value_set(m->schemas, record.p, record_schema(mem, fields));
    value_set(m->schemas, schema_name(mem, def, "list").p, list_schema(mem, record));
    value_set(m->schemas, schema_name(mem, def, "form").p, form_schema(mem, def));
}

static struct value *problem_schema(struct arena *mem)
{
    static const char *const texts[] = {"type", "title", "detail", "place", "request"};
    struct value *schema = of_type(mem, "object"), *inner = value_map(mem),
                 *needed = value_list(mem);

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        value_set(inner, texts[i], of_type(mem, "string"));
    value_set(inner, "status", of_type(mem, "integer"));
    value_push(needed, value_textz(mem, "title"));
    value_push(needed, value_textz(mem, "status"));
    value_set(schema, "properties", inner);
    value_set(schema, "required", needed);
    return schema;
}

/* ---- operations as they are (docs/api.md) ---- */

static struct value *number_schema(struct arena *mem)
{
    struct value *schema = value_map(mem), *types = value_list(mem);

    value_push(types, value_textz(mem, "integer"));
    value_push(types, value_textz(mem, "string"));
    value_set(schema, "type", types);
    value_set_int(schema, "minimum", 0);
    value_set_int(schema, "maximum", (int64_t)1 << 53);
    value_set_text(schema, "pattern", STR("^[0-9]{1,15}$"));
    return schema;
}

static struct value *choices_of(struct arena *mem, const struct op_arg *arg)
{
    struct str rest = str_of(arg->choices), part;
    struct value *choices = value_list(mem);

    while (rest.n > 0 && str_split(&rest, '|', &part))
        value_push(choices, value_text(mem, part));
    return choices;
}

static struct value *op_arg_schema(struct arena *mem, const struct op_arg *arg)
{
    struct value *schema = of_type(mem, arg->type == OP_FLAG ? "boolean" : "string");

    if (arg->type == OP_NUMBER)
        schema = number_schema(mem);
    if (arg->type == OP_DAY)
        value_set_text(schema, "format", STR("date"));
    if (arg->choices != NULL)
        value_set(schema, "enum", choices_of(mem, arg));
    if (arg->many)
        schema = list_of(mem, schema);
    if (arg->help != NULL)
        describe(schema, str_of(arg->help));
    return schema;
}

static struct value *op_args_schema(struct arena *mem, const struct op *op)
{
    struct value *schema = of_type(mem, "object"), *inner = value_map(mem),
                 *needed = value_list(mem);

    for (const struct op_arg *arg = op->args; arg->name != NULL; arg++) {
        value_set(inner, arg->name, op_arg_schema(mem, arg));
        if (arg->required)
            value_push(needed, value_textz(mem, arg->name));
    }
    value_set(schema, "properties", inner);
    value_set(schema, "required", needed);
    value_set_bool(schema, "additionalProperties", false);
    return schema;
}

static struct value *job_schema(struct arena *mem)
{
    static const char *const texts[] = {"schema",  "job",    "kind",     "title", "state",
                                        "made_at", "failed", "progress", "file"};
    struct value *schema = of_type(mem, "object"), *inner = value_map(mem),
                 *needed = value_list(mem);

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        value_set(inner, texts[i], of_type(mem, "string"));
        if (i < 6)
            value_push(needed, value_textz(mem, texts[i]));
    }
    value_set(inner, "status", of_type(mem, "integer"));
    value_set(inner, "files", list_of(mem, of_type(mem, "string")));
    value_set(inner, "result", of_type(mem, "object"));
    value_set(schema, "properties", inner);
    value_set(schema, "required", needed);
    return schema;
}

/* ---- one operation ---- */

static bool is_change(const struct route *route)
{
    return route->method != WEB_GET;
}

static struct value *content_of(struct arena *mem, const char *type, struct value *schema)
{
    struct value *content = value_map(mem), *media = value_map(mem);

    value_set(media, "schema", schema);
    value_set(content, type, media);
    return content;
}

static struct value *answer(struct arena *mem, const char *text, const char *type,
                            struct value *schema)
{
    struct value *one = value_map(mem);

    value_set_text(one, "description", str_of(text));
    if (type != NULL)
        value_set(one, "content", content_of(mem, type, schema));
    return one;
}

/* "assay.show/1": what the tree of an operation is called. */
static struct value *tree_schema(struct arena *mem, const struct op *op)
{
    struct value *schema = of_type(mem, "object"), *inner = value_map(mem), *is = value_map(mem);
    char *name;

    if (op == NULL)
        return schema;
    name = str_z(mem, str_printf(mem, "assay.%s/1", op->name));
    for (char *c = name; *c != '\0'; c++)
        *c = *c == ' ' ? '-' : *c;
    value_set_text(is, "const", str_of(name));
    value_set(inner, "schema", is);
    value_set(schema, "properties", inner);
    return schema;
}

static void add_parameter(struct arena *mem, struct value *list, const char *in, struct str name,
                          struct value *schema, const char *help)
{
    struct value *one = value_map(mem);

    value_set_text(one, "name", name);
    value_set_text(one, "in", str_of(in));
    if (strcmp(in, "path") == 0)
        value_set_bool(one, "required", true);
    describe(one, str_of(help));
    value_set(one, "schema", schema);
    value_push(list, one);
}

static struct value *arg_schema(struct arena *mem, const struct op_arg *arg)
{
    struct value *schema = of_type(mem, arg->type == OP_NUMBER ? "integer" : "string");

    if (arg->type == OP_DAY)
        value_set_text(schema, "format", STR("date"));
    if (arg->choices != NULL)
        value_set(schema, "enum", choices_of(mem, arg));
    return arg->many ? list_of(mem, schema) : schema;
}

/* Of what an operation takes some routes take less. */
static bool takes(const struct route *route, const struct op_arg *arg)
{
    static const struct {
        route_run *run;
        const char *arg;
    } only[] = {{judge_show, "stage"}, {export_show, "format"}};

    for (size_t i = 0; i < COUNT_OF(only); i++)
        if (route->run == only[i].run)
            return strcmp(arg->name, only[i].arg) == 0;
    return !op_is_path(arg);
}

/* What stands in the path, and where a route only shows, what its operation takes. */
static struct value *parameters_of(struct arena *mem, const struct route *route, struct str path)
{
    const struct op *op = route->op != NULL ? op_find(route->op) : NULL;
    struct value *list = value_list(mem);
    struct str rest = path, part;

    while (rest.n > 0 && str_split(&rest, '/', &part))
        if (part.n > 2 && part.p[0] == '{')
            add_parameter(mem, list, "path", str_sub(part, 1, part.n - 2), of_type(mem, "string"),
                          NULL);
    for (const struct op_arg *arg = op != NULL && !is_change(route) ? op->args : NULL;
         arg != NULL && arg->name != NULL; arg++)
        if (takes(route, arg) &&
            !str_has(str_of(route->pattern), str_printf(mem, ":%s", arg->name).p))
            add_parameter(mem, list, "query", str_of(arg->name), arg_schema(mem, arg), arg->help);
    return list;
}

static void add_security(struct arena *mem, const struct route *route, struct value *one)
{
    struct value *any = value_list(mem), *all = value_map(mem), *program = value_map(mem);

    if (route->whom != ROUTE_FOR_ANYBODY) {
        value_set(all, "session", value_list(mem));
        if (is_change(route))
            value_set(all, "token", value_list(mem));
    }
    value_push(any, all);
    if (route->whom == ROUTE_FOR_MEMBER || (route->flags & ROUTE_BY_TOKEN) != 0) {
        value_set(program, "bearer", value_list(mem));
        value_push(any, program);
    }
    value_set(one, "security", any);
}

/* What is not JSON, for programs either. */
static const char *type_of(const struct route *route)
{
    static const struct {
        route_run *run;
        const char *type;
    } others[] = {{machine_metrics, "text/plain"},
                  {machine_asset, "*/*"},
                  {export_show, "*/*"},
                  {file_show, "*/*"},
                  {job_file, "application/octet-stream"}};

    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (route->run == others[i].run)
            return others[i].type;
    return JSON_TYPE;
}

static bool begins_job(const struct route *route)
{
    return route->run == export_take || route->run == bundle_take || route->run == import_take;
}

static void add_answers(struct making *m, const struct route *route, const struct register_def *def,
                        struct value *one)
{
    struct arena *mem = m->mem;
    const struct op *op = route->op != NULL ? op_find(route->op) : NULL;
    struct value *answers = value_map(mem), *schema = tree_schema(mem, op);
    bool one_record = op != NULL && strcmp(op->name, "show") == 0;

    if (def != NULL && !is_change(route))
        schema = reference(mem, schema_name(mem, def, one_record ? "record" : "list"));
    if (begins_job(route))
        schema = reference(mem, STR("job"));
    if (strcmp(type_of(route), JSON_TYPE) != 0)
        schema = value_map(mem);
    value_set(answers, "2XX",
              answer(mem, "What was asked for, or what was done.", type_of(route), schema));
    value_set(answers, "default",
              answer(mem, "What is wrong (RFC 9457).", "application/problem+json",
                     reference(mem, STR("problem"))));
    value_set(one, "responses", answers);
}

static void add_body(struct making *m, const struct route *route, const struct register_def *def,
                     struct value *one)
{
    struct arena *mem = m->mem;
    bool files = (route->flags & ROUTE_UPLOAD) != 0;
    struct value *body = value_map(mem), *schema = of_type(mem, "object");

    if (!is_change(route))
        return;
    if (def != NULL)
        schema = reference(mem, schema_name(mem, def, "form"));
    struct value *content = content_of(mem, FORM_TYPE, schema);

    if (files) {
        struct value *media = value_map(mem);
        value_set(media, "schema", value_copy(mem, schema));
        value_set(content, FILES_TYPE, media);
    }
    value_set(body, "content", content);
    value_set(one, "requestBody", body);
}

/* "get_o_organisation_r_risk": one for each method and path. */
static struct str id_of(struct arena *mem, const char *method, struct str path)
{
    struct buf out = buf_new(mem);

    buf_addz(&out, method);
    for (size_t i = 0; i < path.n; i++) {
        char c = path.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain || (out.n > 0 && out.p[out.n - 1] != '_' && c != '}'))
            buf_char(&out, plain ? c : '_');
    }
    return buf_str(&out);
}

static void add_route(struct making *m, const struct route *route, struct str path,
                      const struct register_def *def)
{
    struct arena *mem = m->mem;
    const struct op *op = route->op != NULL ? op_find(route->op) : NULL;
    const char *method = is_change(route) ? "post" : "get";
    struct value *item = value_get_mut(m->paths, path.p), *one = value_map(mem);

    if (item == NULL) {
        item = value_map(mem);
        value_set(m->paths, path.p, item);
    }
    value_set_text(one, "operationId", id_of(mem, method, path));
    if (op != NULL)
        value_set_text(one, "summary", str_of(op->line));
    if (def != NULL)
        value_set_text(one, "description", def->help);
    value_set(one, "parameters", parameters_of(mem, route, path));
    add_body(m, route, def, one);
    add_answers(m, route, def, one);
    add_security(mem, route, one);
    value_set(item, method, one);
}

/* ---- paths ---- */

/* "/o/:organisation/r/:register" in braces; with an organisation and a register in their places. */
static struct str path_of(struct making *m, const char *pattern, const struct register_def *def)
{
    struct buf out = buf_new(m->mem);
    struct str rest = str_from(str_of(pattern), 1), part;

    if (m->base.n > 0 && str_starts(str_of(pattern), STR("/o/:organisation"))) {
        buf_add(&out, m->base);
        rest = str_from(str_of(pattern), sizeof "/o/:organisation" - 1);
        rest = rest.n > 0 ? str_from(rest, 1) : rest;
    }
    while (rest.n > 0 && str_split(&rest, '/', &part)) {
        if (part.p[0] != ':')
            buf_printf(&out, "/%.*s", STR_ARG(part));
        else if (def != NULL && str_is(part, ":register"))
            buf_printf(&out, "/%.*s", STR_ARG(def->id));
        else
            buf_printf(&out, "/{%.*s}", STR_ARG(str_from(part, 1)));
    }
    if (out.n == 0)
        buf_char(&out, '/');
    return str_of(str_z(m->mem, buf_str(&out)));
}

static struct value *op_body(struct arena *mem, const struct op *op)
{
    struct value *body = value_map(mem), *content, *parts = of_type(mem, "object"),
                 *inner = value_map(mem), *media = value_map(mem), *text = of_type(mem, "string");

    content = content_of(mem, JSON_TYPE, op_args_schema(mem, op));
    value_set_text(text, "description", STR("The same as JSON."));
    value_set(inner, "args", text);
    text = of_type(mem, "string");
    value_set_text(
        text, "description",
        STR("From paths in args to what is there, as JSON: {\"part\": NAME} of a file that "
            "is sent beside it."));
    value_set(inner, "files", text);
    value_set(parts, "properties", inner);
    value_set(media, "schema", parts);
    value_set(content, FILES_TYPE, media);
    value_set(body, "content", content);
    return body;
}

/* An operation of the table has a path of its own. */
static void add_operation(struct making *m, const struct route *route, const struct op *op)
{
    struct arena *mem = m->mem;
    struct str path = path_of(m, route->pattern, NULL);
    char *name = str_z(mem, str_of(op->name));
    struct value *item = value_map(mem), *one = value_map(mem), *answers = value_map(mem),
                 *list = value_list(mem);

    for (char *c = name; *c != '\0'; c++)
        *c = *c == ' ' ? '-' : *c;
    path = str_sub(path, 0, path.n - (sizeof "{operation}" - 1));
    path = str_of(str_z(mem, str_printf(mem, "%.*s%s", STR_ARG(path), name)));
    if (m->base.n == 0)
        add_parameter(mem, list, "path", STR("organisation"), of_type(mem, "string"), NULL);
    add_parameter(mem, list, "query", STR("as"), of_type(mem, "string"),
                  _("the role in which somebody with several acts: PERSON/ROLE"));
    if (op_far(op) == OP_FAR_JOB)
        value_set(answers, "202",
                  answer(mem, "A job, which goes on.", JSON_TYPE, reference(mem, STR("job"))));
    else
        value_set(answers, "200", answer(mem, "What it gives.", JSON_TYPE, tree_schema(mem, op)));
    value_set(answers, "default",
              answer(mem, "What is wrong (RFC 9457).", "application/problem+json",
                     reference(mem, STR("problem"))));
    value_set_text(one, "operationId", id_of(mem, "post", path));
    value_set_text(one, "summary", str_of(op->line));
    value_set(one, "parameters", list);
    value_set(one, "requestBody", op_body(mem, op));
    value_set(one, "responses", answers);
    add_security(mem, route, one);
    value_set(item, "post", one);
    value_set(m->paths, path.p, item);
}

static void add_operations(struct making *m, const struct route *route)
{
    for (const struct op *op = op_table; op->name != NULL; op++)
        if (op_far(op) != OP_FAR_NOT)
            add_operation(m, route, op);
}

/* Lists and records have paths of each register, with what these hold. */
static bool is_of_records(const struct route *route)
{
    static const char *const ops[] = {"list", "show", "add", "set"};

    for (size_t i = 0; route->op != NULL && i < COUNT_OF(ops); i++)
        if (strcmp(route->op, ops[i]) == 0)
            return true;
    return false;
}

static void add_paths(struct making *m, const struct route *route)
{
    if (str_ends_nocase(str_of(route->pattern), "/:operation")) {
        add_operations(m, route);
        return;
    }
    if (!is_of_records(route)) {
        add_route(m, route, path_of(m, route->pattern, NULL), NULL);
        return;
    }
    for (size_t i = 0; i < m->registers->n; i++) {
        const struct register_def *def = &m->registers->items[i];
        if (call_is_register(def))
            add_route(m, route, path_of(m, route->pattern, def), def);
    }
}

/* ---- all of it ---- */

static struct value *key(struct arena *mem, const char *in, const char *name, const char *text)
{
    struct value *one = value_map(mem);

    value_set_text(one, "type", STR("apiKey"));
    value_set_text(one, "in", str_of(in));
    value_set_text(one, "name", str_of(name));
    value_set_text(one, "description", str_of(text));
    return one;
}

static struct value *components(struct making *m)
{
    struct arena *mem = m->mem;
    struct value *parts = value_map(mem), *security = value_map(mem), *bearer = value_map(mem);

    value_set(security, "session",
              key(mem, "cookie", "assay-session",
                  "The cookie that signing in gives; under TLS its name begins with __Host-."));
    value_set(security, "token",
              key(mem, "header", "X-Assay-Token",
                  "What the forms of the session's pages have as assay_token."));
    value_set_text(bearer, "type", STR("http"));
    value_set_text(bearer, "scheme", STR("bearer"));
    value_set_text(bearer, "description",
                   STR("A token of one's account, or of assay tokens add. No cookie is looked at "
                       "then, and a change needs no other token."));
    value_set(security, "bearer", bearer);
    value_set(parts, "schemas", m->schemas);
    value_set(parts, "securitySchemes", security);
    return parts;
}

struct value *openapi_make(struct arena *mem, const struct registers *registers, struct str base)
{
    struct making m = {mem, registers, base, value_map(mem), value_map(mem)};
    struct value *all = value_map(mem), *info = value_map(mem);

    value_set(m.schemas, "problem", problem_schema(mem));
    value_set(m.schemas, "job", job_schema(mem));
    for (size_t i = 0; i < registers->n; i++)
        if (call_is_register(&registers->items[i]))
            add_schemas(&m, &registers->items[i]);
    for (const struct route *route = route_table; route->pattern != NULL; route++)
        add_paths(&m, route);
    value_set_text(info, "title", STR("Assay"));
    value_set_text(info, "version", str_of(ASSAY_VERSION));
    value_set_text(
        info, "description",
        str_of(_("Every page is also this: ask for it with Accept: application/json. A "
                 "change is a form, sent with the session's token or by a program with its "
                 "own.")));
    value_set_text(all, "openapi", STR("3.1.0"));
    value_set(all, "info", info);
    value_set(all, "paths", m.paths);
    value_set(all, "components", components(&m));
    return all;
}
