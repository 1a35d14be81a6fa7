#include "extract/ooxml.h"

#define RELATIONS 20000u
#define PROPERTIES 200u
#define PROPERTY_BYTES ((size_t)8192)

/* "a/b/../c" without its dots, below `folder` unless it begins with a slash. */
static struct str resolve(struct arena *mem, struct str folder, struct str target)
{
    struct buf out = buf_new(mem);
    struct str rest = target, part;

    if (!str_starts(target, STR("/")))
        buf_add(&out, folder);
    while (str_split(&rest, '/', &part)) {
        if (part.n == 0 || str_is(part, "."))
            continue;
        if (str_is(part, "..")) {
            while (out.n > 0 && out.p[out.n - 1] != '/')
                out.n--;
            out.n -= out.n > 0;
            continue;
        }
        if (out.n > 0)
            buf_char(&out, '/');
        buf_add(&out, part);
    }
    return buf_str(&out);
}

/* Splits "word/document.xml" at its last slash. */
static void part_split(struct str part, struct str *ret_folder, struct str *ret_name)
{
    size_t at = part.n;

    while (at > 0 && part.p[at - 1] != '/')
        at--;
    *ret_folder = str_sub(part, 0, at > 0 ? at - 1 : 0);
    *ret_name = str_from(part, at);
}

struct relation_reader {
    struct flow *flow;
    struct str folder;
    struct relations *relations;
};

static void on_relation(struct xml *xml, UNUSED enum xml_ns ns, const char *name,
                        const char **attrs)
{
    struct relation_reader *r = xml_arg(xml);
    struct arena *mem = r->flow->cx->mem;
    struct str folder, type;

    if (!xml_is(name, "Relationship"))
        return;
    if (r->relations->count >= RELATIONS) {
        xml_stop(xml);
        return;
    }
    struct relation *relation =
        ARENA_PUSH(mem, r->relations->items, r->relations->count, r->relations->room);
    part_split(str_of(xml_attr(attrs, XML_NONE, "Type")), &folder, &type);
    relation->id = str_copy(mem, str_of(xml_attr(attrs, XML_NONE, "Id")));
    relation->type = str_copy(mem, type);
    relation->target = xml_is(xml_attr(attrs, XML_NONE, "TargetMode"), "External")
                           ? STR_NONE
                           : resolve(mem, r->folder, str_of(xml_attr(attrs, XML_NONE, "Target")));
}

int relations_read(struct flow *flow, struct container *container, struct str part,
                   struct relations *ret)
{
    static const struct xml_handler handler = {.start = on_relation};
    struct relations relations = {NULL, 0, 0};
    struct relation_reader r = {.flow = flow, .relations = &relations};
    struct str name;

    part_split(part, &r.folder, &name);
    struct str rels = str_printf(flow->cx->mem, "%.*s%s_rels/%.*s.rels", STR_ARG(r.folder),
                                 r.folder.n > 0 ? "/" : "", STR_ARG(name));
    TRY(part_optional(flow, container, rels, &handler, &r));
    *ret = relations;
    return 0;
}

const struct relation *relation_of_type(const struct relations *relations, const char *type)
{
    for (size_t i = 0; i < relations->count; i++)
        if (str_is(relations->items[i].type, type))
            return &relations->items[i];
    return NULL;
}

const struct relation *relation_of_id(const struct relations *relations, struct str id)
{
    for (size_t i = 0; id.n > 0 && i < relations->count; i++)
        if (str_eq(relations->items[i].id, id))
            return &relations->items[i];
    return NULL;
}

int main_part(struct flow *flow, struct container *container, const char *usual, struct str *ret)
{
    const struct relation *relation;
    struct relations relations;

    TRY(relations_read(flow, container, STR_NONE, &relations));
    relation = relation_of_type(&relations, "officeDocument");
    if (relation != NULL && container_find(container, relation->target) != NULL)
        *ret = relation->target;
    else
        *ret = str_of(usual);
    return 0;
}

int part_optional(struct flow *flow, struct container *container, struct str part,
                  const struct xml_handler *handler, void *arg)
{
    const struct member *member = container_find(container, part);
    struct str bytes;

    if (member == NULL)
        return 0;
    int rc = container_read(flow->cx, container, member, ZIP_PART_BYTES, &bytes);
    if (rc == 0)
        rc = xml_read(flow->cx, part, bytes, handler, arg);
    if (rc != RC_INVALID)
        return rc;
    flow_note(flow, _("its part %.*s is damaged and was left out"), STR_ARG(part));
    return 0;
}

struct property_reader {
    struct flow *flow;
    struct buf text;
    struct str label; /* of the property that is open, "" for none */
    unsigned count;
};

struct property_name {
    enum xml_ns ns;
    const char *name;
    const char *label;
};

static const struct property_name property_names[] = {
    {XML_DC, "title", "title"},
    {XML_DC, "subject", "subject"},
    {XML_DC, "creator", "author"},
    {XML_DC, "description", "description"},
    {XML_DC, "language", "language"},
    {XML_DC, "created", "created"},
    {XML_DC, "modified", "modified"},
    {XML_CORE, "keywords", "keywords"},
    {XML_CORE, "contentStatus", "status"},
    {XML_CORE, "version", "version"},
    {XML_CORE, "category", "category"},
    {XML_CORE, "lastModifiedBy", "last_modified_by"},
    {XML_APP, "Company", "company"},
    {XML_APP, "Manager", "manager"},
};

static void on_property(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct property_reader *r = xml_arg(xml);

    if (xml_depth(xml) != 2)
        return;
    r->text.n = 0;
    r->label = STR_NONE;
    if (ns == XML_CUSTOM && xml_is(name, "property"))
        r->label = str_copy(r->flow->cx->mem, str_of(xml_attr(attrs, XML_NONE, "name")));
    for (size_t i = 0; i < COUNT_OF(property_names); i++)
        if (property_names[i].ns == ns && xml_is(property_names[i].name, name))
            r->label = str_of(property_names[i].label);
}

static void on_property_text(struct xml *xml, struct str text)
{
    struct property_reader *r = xml_arg(xml);

    if (r->label.n > 0 && r->text.n + text.n <= PROPERTY_BYTES)
        buf_add(&r->text, text);
}

static void on_property_end(struct xml *xml, UNUSED enum xml_ns ns, UNUSED const char *name)
{
    struct property_reader *r = xml_arg(xml);

    if (xml_depth(xml) != 2 || r->label.n == 0)
        return;
    if (r->count++ < PROPERTIES)
        flow_property(r->flow, r->label, property_day(buf_str(&r->text)));
    r->label = STR_NONE;
}

int properties_read(struct flow *flow, struct container *container)
{
    static const struct {
        const char *type;
        const char *usual;
    } parts[] = {
        {"core-properties", "docProps/core.xml"},
        {"extended-properties", "docProps/app.xml"},
        {"custom-properties", "docProps/custom.xml"},
    };
    static const struct xml_handler handler = {on_property, on_property_end, on_property_text};
    struct property_reader r = {.flow = flow, .text = buf_new(flow->cx->mem)};
    struct relations relations;

    TRY(relations_read(flow, container, STR_NONE, &relations));
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct relation *relation = relation_of_type(&relations, parts[i].type);
        struct str part = relation != NULL ? relation->target : str_of(parts[i].usual);
        r.label = STR_NONE;
        TRY(part_optional(flow, container, part, &handler, &r));
    }
    return 0;
}
