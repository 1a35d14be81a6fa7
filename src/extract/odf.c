#include "extract/odf.h"

#define HEAD_BYTES 4096u
#define PROPERTIES 200u
#define PROPERTY_BYTES ((size_t)8192)

static int part_read(struct flow *flow, struct container *container, const char *name,
                     struct str *ret)
{
    const struct member *member = container_find(container, str_of(name));

    *ret = STR_NONE;
    if (member == NULL)
        return 0;
    return container_read(flow->cx, container, member, ZIP_PART_BYTES, ret);
}

/* One that is not well packed is noted and left out. */
static int part_read_optional(struct flow *flow, struct container *container, const char *name,
                              struct str *ret)
{
    int rc = part_read(flow, container, name, ret);

    if (rc != RC_INVALID)
        return rc;
    *ret = STR_NONE;
    flow_note(flow, _("its part %s is damaged and was left out"), name);
    return 0;
}

int odf_open(struct flow *flow, struct container *container, struct odf *ret)
{
    struct odf odf = {.flow = flow};
    struct str manifest;

    TRY(part_read_optional(flow, container, "META-INF/manifest.xml", &manifest));
    if (str_has(manifest, "encryption-data"))
        return fail(flow->cx, RC_INVALID, NULL, "%s",
                    _("It is protected by a password: save it without one."));
    if (container_find(container, STR("content.xml")) == NULL)
        return fail(flow->cx, RC_INVALID, NULL, "%s",
                    _("Its part content.xml, the text itself, is missing."));
    TRY(part_read(flow, container, "content.xml", &odf.content));
    TRY(part_read_optional(flow, container, "styles.xml", &odf.styles));
    TRY(part_read_optional(flow, container, "meta.xml", &odf.meta));
    *ret = odf;
    return 0;
}

int odf_optional(const struct odf *odf, const char *part, struct str bytes,
                 const struct xml_handler *handler, void *arg)
{
    if (bytes.n == 0)
        return 0;
    int rc = xml_read(odf->flow->cx, str_of(part), bytes, handler, arg);
    if (rc != RC_INVALID)
        return rc;
    flow_note(odf->flow, _("its part %s is damaged and was left out"), part);
    return 0;
}

struct property_reader {
    struct flow *flow;
    struct buf text;
    struct str label; /* of the property that is open, "" for none */
    unsigned meta;    /* depth of office:meta, 0 outside */
    unsigned count;
    struct str writer; /* who wrote last */
    bool authored;
};

static const struct {
    enum xml_ns ns;
    const char *name;
    const char *label;
} property_names[] = {
    {XML_DC, "title", "title"},
    {XML_DC, "subject", "subject"},
    {XML_DC, "description", "description"},
    {XML_DC, "language", "language"},
    {XML_DC, "creator", "last_modified_by"},
    {XML_DC, "date", "modified"},
    {XML_META, "initial-creator", "author"},
    {XML_META, "creation-date", "created"},
    {XML_META, "keyword", "keywords"},
};

/* What programs write down about themselves. */
static bool is_of_program(struct str label)
{
    static const char *const labels[] = {"AppVersion",    "DocSecurity", "HyperlinksChanged",
                                         "LinksUpToDate", "ScaleCrop",   "ShareDoc"};

    for (size_t i = 0; i < COUNT_OF(labels); i++)
        if (str_is(label, labels[i]))
            return true;
    return false;
}

static void on_property(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs)
{
    struct property_reader *r = xml_arg(xml);

    if (ns == XML_OFFICE && xml_is(name, "meta"))
        r->meta = xml_depth(xml);
    if (r->meta == 0 || xml_depth(xml) != r->meta + 1)
        return;
    r->text.n = 0;
    r->label = STR_NONE;
    if (ns == XML_META && xml_is(name, "user-defined"))
        r->label = str_copy(r->flow->cx->mem, str_of(xml_attr(attrs, XML_META, "name")));
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

    if (r->meta != 0 && xml_depth(xml) == r->meta) {
        r->meta = 0;
        xml_stop(xml);
        return;
    }
    if (r->meta == 0 || xml_depth(xml) != r->meta + 1 || r->label.n == 0)
        return;
    if (str_is(r->label, "last_modified_by"))
        r->writer = str_copy(r->flow->cx->mem, buf_str(&r->text));
    r->authored |= str_is(r->label, "author") && r->text.n > 0;
    if (!is_of_program(r->label) && r->count++ < PROPERTIES)
        flow_property(r->flow, r->label, property_day(buf_str(&r->text)));
    r->label = STR_NONE;
}

int odf_properties(const struct odf *odf)
{
    static const struct xml_handler handler = {on_property, on_property_end, on_property_text};
    struct property_reader r = {.flow = odf->flow, .text = buf_new(odf->flow->cx->mem)};

    r.label = r.writer = STR_NONE;
    TRY(odf_optional(odf, "meta.xml", odf->meta, &handler, &r));
    /* Programs that know one name only put it there. */
    if (!r.authored)
        flow_property(odf->flow, STR("author"), r.writer);
    return 0;
}

unsigned odf_times(const char **attrs, enum xml_ns ns, const char *name, unsigned most)
{
    const char *value = xml_attr(attrs, ns, name);
    unsigned times = value == NULL ? 1 : xml_number(value, UINT32_MAX, 1);

    return times < 1 ? 1 : times > most ? most : times;
}

void odf_add_text(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        buf_char(out, strchr("\n\r\t", text.p[i]) != NULL && text.p[i] != '\0' ? ' ' : text.p[i]);
}

bool odf_is_skipped(enum xml_ns ns, const char *name)
{
    static const struct {
        enum xml_ns ns;
        const char *name;
    } skipped[] = {
        {XML_OFFICE, "annotation"},
        {XML_OFFICE, "forms"},
        {XML_OFFICE, "scripts"},
        {XML_OFFICE, "event-listeners"},
        {XML_OFFICE, "binary-data"},
        {XML_TEXT, "tracked-changes"},
        {XML_TABLE, "tracked-changes"},
        {XML_TEXT, "note-citation"},
        {XML_TEXT, "ruby-text"},
        {XML_TEXT, "hidden-text"},
        {XML_TEXT, "table-of-content-source"},
        {XML_TEXT, "illustration-index-source"},
        {XML_TEXT, "table-index-source"},
        {XML_TEXT, "object-index-source"},
        {XML_TEXT, "user-index-source"},
        {XML_TEXT, "alphabetical-index-source"},
        {XML_TEXT, "bibliography-source"},
        {XML_DRAW, "object"},
        {XML_DRAW, "object-ole"},
        {XML_DRAW, "image"},
        {XML_DRAW, "plugin"},
        {XML_DRAW, "applet"},
        {XML_SVG, "title"},
        {XML_SVG, "desc"},
    };

    for (size_t i = 0; i < COUNT_OF(skipped); i++)
        if (skipped[i].ns == ns && xml_is(skipped[i].name, name))
            return true;
    return false;
}

int odt_read(struct flow *flow, struct container *container)
{
    struct odf odf;

    TRY(odf_open(flow, container, &odf));
    return odt_parts_read(&odf);
}

int ods_read(struct flow *flow, struct container *container)
{
    struct odf odf;

    TRY(odf_open(flow, container, &odf));
    return ods_parts_read(&odf);
}

bool flat_is(struct str text)
{
    struct str head = str_sub(text, 0, HEAD_BYTES);

    return str_has(head, "<office:document ") &&
           str_has(head, "urn:oasis:names:tc:opendocument:xmlns:office:1.0");
}

int flat_extract(struct ctx *cx, struct str text, struct extract *ret)
{
    struct flow flow;
    const struct odf odf = {&flow, text, text, text};
    struct str head = str_sub(text, 0, 4 * HEAD_BYTES);
    bool sheet = str_has(head, "opendocument.spreadsheet");

    flow_init(&flow, cx);
    if (!sheet && !str_has(head, "opendocument.text"))
        return fail(cx, RC_INVALID, NULL, "%s",
                    _("It is an OpenDocument file that is neither text nor spreadsheet."));
    TRY(sheet ? ods_parts_read(&odf) : odt_parts_read(&odf));
    return flow_finish(&flow, sheet ? EXTRACT_ODS : EXTRACT_ODT, ret);
}
