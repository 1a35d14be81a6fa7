#include "extract/xml.h"

#include <expat.h>

#include "extract/extract.h"

#define PIECE_BYTES ((size_t)512 * 1024)
#define NS_END '\n' /* between namespace and name; cannot stand in either */

struct xml {
    struct ctx *cx;
    XML_Parser parser;
    const struct xml_handler *handler;
    void *arg;
    unsigned depth;
    bool stopped;
    bool too_deep;
    bool has_dtd;
    enum xml_ns ns; /* of the element at hand */
    char last[128]; /* namespace of the element before, and its family */
    size_t last_n;
    enum xml_ns last_ns;
};

struct family {
    const char *uri;
    enum xml_ns ns;
};

#define TRANSITIONAL "http://schemas.openxmlformats.org/"
#define OASIS "urn:oasis:names:tc:opendocument:xmlns:"
#define STRICT "http://purl.oclc.org/ooxml/"

static const struct family families[] = {
    {TRANSITIONAL "wordprocessingml/2006/main", XML_W},
    {STRICT "wordprocessingml/main", XML_W},
    {TRANSITIONAL "spreadsheetml/2006/main", XML_S},
    {STRICT "spreadsheetml/main", XML_S},
    {TRANSITIONAL "drawingml/2006/main", XML_A},
    {STRICT "drawingml/main", XML_A},
    {TRANSITIONAL "presentationml/2006/main", XML_P},
    {STRICT "presentationml/main", XML_P},
    {TRANSITIONAL "drawingml/2006/spreadsheetDrawing", XML_XDR},
    {STRICT "drawingml/spreadsheetDrawing", XML_XDR},
    {TRANSITIONAL "officeDocument/2006/math", XML_M},
    {STRICT "officeDocument/math", XML_M},
    {"urn:schemas-microsoft-com:vml", XML_V},
    {TRANSITIONAL "markup-compatibility/2006", XML_MC},
    {TRANSITIONAL "officeDocument/2006/relationships", XML_R},
    {STRICT "officeDocument/relationships", XML_R},
    {TRANSITIONAL "package/2006/relationships", XML_RELS},
    {TRANSITIONAL "package/2006/content-types", XML_TYPES},
    {TRANSITIONAL "package/2006/metadata/core-properties", XML_CORE},
    {"http://purl.org/dc/elements/1.1/", XML_DC},
    {"http://purl.org/dc/terms/", XML_DC},
    {TRANSITIONAL "officeDocument/2006/extended-properties", XML_APP},
    {STRICT "officeDocument/extendedProperties", XML_APP},
    {TRANSITIONAL "officeDocument/2006/custom-properties", XML_CUSTOM},
    {STRICT "officeDocument/customProperties", XML_CUSTOM},
    {OASIS "office:1.0", XML_OFFICE},
    {OASIS "text:1.0", XML_TEXT},
    {OASIS "table:1.0", XML_TABLE},
    {OASIS "style:1.0", XML_STYLE},
    {OASIS "drawing:1.0", XML_DRAW},
    {OASIS "xsl-fo-compatible:1.0", XML_FO},
    {OASIS "meta:1.0", XML_META},
    {OASIS "svg-compatible:1.0", XML_SVG},
    {"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0", XML_CALC},
};

static enum xml_ns family_of(const char *uri, size_t n)
{
    for (size_t i = 0; i < COUNT_OF(families); i++)
        if (strncmp(families[i].uri, uri, n) == 0 && families[i].uri[n] == '\0')
            return families[i].ns;
    return XML_OTHER;
}

/* Splits what expat gives: namespace, NS_END, name. Gives the name, and sets xml->ns. Mostly the
 * namespace is that of the element before. */
static const char *name_split(struct xml *xml, const char *whole)
{
    const char *end = strchr(whole, NS_END);
    size_t n = end == NULL ? 0 : (size_t)(end - whole);

    if (end == NULL || n >= sizeof xml->last) {
        xml->ns = end == NULL ? XML_NONE : XML_OTHER;
        return end == NULL ? whole : end + 1;
    }
    if (n != xml->last_n || memcmp(xml->last, whole, n) != 0) {
        memcpy(xml->last, whole, n);
        xml->last_n = n;
        xml->last_ns = family_of(whole, n);
    }
    xml->ns = xml->last_ns;
    return end + 1;
}

static void XMLCALL on_start(void *arg, const XML_Char *whole, const XML_Char **attrs)
{
    struct xml *xml = arg;
    const char *name = name_split(xml, whole);

    if (xml->stopped)
        return;
    if (++xml->depth > EXTRACT_DEPTH) {
        xml->too_deep = true;
        xml_stop(xml);
        return;
    }
    if (xml->handler->start != NULL)
        xml->handler->start(xml, xml->ns, name, attrs);
}

static void XMLCALL on_end(void *arg, const XML_Char *whole)
{
    struct xml *xml = arg;
    const char *name = name_split(xml, whole);

    if (xml->stopped)
        return;
    if (xml->handler->end != NULL)
        xml->handler->end(xml, xml->ns, name);
    xml->depth--;
}

static void XMLCALL on_text(void *arg, const XML_Char *text, int n)
{
    struct xml *xml = arg;

    if (!xml->stopped && xml->handler->text != NULL)
        xml->handler->text(xml, (struct str){text, (size_t)n});
}

static void XMLCALL on_doctype(void *arg, UNUSED const XML_Char *name,
                               UNUSED const XML_Char *system_id, UNUSED const XML_Char *public_id,
                               UNUSED int has_subset)
{
    struct xml *xml = arg;

    xml->has_dtd = true;
    xml_stop(xml);
}

void *xml_arg(const struct xml *xml)
{
    return xml->arg;
}

unsigned xml_depth(const struct xml *xml)
{
    return xml->depth;
}

void xml_stop(struct xml *xml)
{
    if (!xml->stopped)
        XML_StopParser(xml->parser, XML_FALSE);
    xml->stopped = true;
}

static int outcome(struct xml *xml, struct str part, bool parsed)
{
    if (xml->has_dtd)
        return fail(xml->cx, RC_INVALID, NULL,
                    _("Its part %.*s declares entities of its own, which no office program does."),
                    STR_ARG(part));
    if (xml->too_deep)
        return fail(xml->cx, RC_LIMIT, NULL, _("Its part %.*s nests more than %u elements."),
                    STR_ARG(part), EXTRACT_DEPTH);
    if (xml->stopped || parsed)
        return 0;
    return fail(xml->cx, RC_INVALID, NULL, _("Its part %.*s is damaged in line %lu: %s."),
                STR_ARG(part), (unsigned long)XML_GetCurrentLineNumber(xml->parser),
                XML_ErrorString(XML_GetErrorCode(xml->parser)));
}

static int read_pieces(struct xml *xml, struct str part, struct str bytes)
{
    bool parsed = true;

    do {
        struct str piece = str_sub(bytes, 0, PIECE_BYTES);
        bytes = str_from(bytes, piece.n);
        parsed = XML_Parse(xml->parser, piece.p, (int)piece.n, bytes.n == 0) == XML_STATUS_OK;
        TRY(ctx_check(xml->cx));
    } while (parsed && !xml->stopped && bytes.n > 0);
    return outcome(xml, part, parsed);
}

int xml_read(struct ctx *cx, struct str part, struct str bytes, const struct xml_handler *handler,
             void *arg)
{
    struct xml xml = {.cx = cx, .handler = handler, .arg = arg};

    xml.parser = XML_ParserCreateNS(NULL, NS_END);
    if (xml.parser == NULL)
        return fail(cx, RC_FAIL, NULL, "%s", _("The XML library could not start."));
    XML_SetUserData(xml.parser, &xml);
    XML_SetElementHandler(xml.parser, on_start, on_end);
    XML_SetCharacterDataHandler(xml.parser, on_text);
    XML_SetStartDoctypeDeclHandler(xml.parser, on_doctype);
    int rc = read_pieces(&xml, part, bytes);
    XML_ParserFree(xml.parser);
    return rc;
}

const char *xml_attr(const char **attrs, enum xml_ns ns, const char *name)
{
    const char *plain = NULL;

    for (; attrs[0] != NULL; attrs += 2) {
        const char *end = strchr(attrs[0], NS_END);
        if (end == NULL && plain == NULL && strcmp(attrs[0], name) == 0)
            plain = attrs[1];
        else if (end != NULL && strcmp(end + 1, name) == 0 &&
                 family_of(attrs[0], (size_t)(end - attrs[0])) == ns)
            return attrs[1];
    }
    return plain;
}

bool xml_is(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

bool xml_on(const char *value)
{
    return value == NULL || !(xml_is(value, "0") || xml_is(value, "false") ||
                              xml_is(value, "off") || xml_is(value, "none"));
}

unsigned xml_number(const char *value, unsigned most, unsigned otherwise)
{
    int64_t number;

    if (value == NULL || !str_to_int(str_trim(str_of(value)), &number) || number < 0 ||
        number > (int64_t)most)
        return otherwise;
    return (unsigned)number;
}

const struct xml_element *xml_element_of(const struct xml_element *elements, size_t n,
                                         enum xml_ns ns, const char *name)
{
    /* The first letter tells most of them apart. */
    for (size_t i = 0; i < n; i++)
        if (elements[i].name[0] == name[0] && elements[i].ns == ns &&
            strcmp(elements[i].name, name) == 0)
            return &elements[i];
    return NULL;
}
