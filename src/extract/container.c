#include "extract/internal.h"
#include "extract/ooxml.h"

enum found {
    FOUND_DOCX,
    FOUND_XLSX,
    FOUND_ODT,
    FOUND_ODS,
    FOUND_PPTX,
    FOUND_OTHER, /* known, and not read: `refusal` says so */
};

/* What the content type of the main part, or a file's own "mimetype", says. */
struct kind {
    const char *part_of_type;
    enum found found;
    const char *refusal;
};

static const struct kind kinds[] = {
    {"ms-excel.sheet.binary", FOUND_OTHER,
     "It is an XLSB workbook. Save it as .xlsx, or install LibreOffice."},
    {"wordprocessingml", FOUND_DOCX, NULL},
    {"ms-word.", FOUND_DOCX, NULL},
    {"spreadsheetml", FOUND_XLSX, NULL},
    {"ms-excel.", FOUND_XLSX, NULL},
    {"presentationml", FOUND_PPTX, NULL},
    {"ms-powerpoint.", FOUND_PPTX, NULL},
    {"ms-visio.", FOUND_OTHER, "It is a Visio drawing, which is not read yet."},
    {"opendocument.text", FOUND_ODT, NULL},
    {"opendocument.spreadsheet", FOUND_ODS, NULL},
    {"opendocument.presentation", FOUND_OTHER,
     "It is an OpenDocument presentation. Save it as PDF, or install LibreOffice."},
    {"opendocument.", FOUND_OTHER, "It is an OpenDocument file, which is not read yet."},
    {"vnd.sun.xml.", FOUND_OTHER,
     "It is in the format of OpenOffice 1. Save it as ODT or ODS, or install LibreOffice."},
    {"iwork", FOUND_OTHER,
     "It is a document of Pages, Numbers or Keynote, which is not read: export it as DOCX or "
     "XLSX."},
    {"program", FOUND_OTHER, "It is a program, not a document."},
    {"epub+zip", FOUND_OTHER, "It is an EPUB book, which is not read yet."},
};

/* Members that tell the format where no type is stated. */
static const struct {
    const char *member;
    const char *type;
} usual[] = {
    {"word/document.xml", "wordprocessingml"},
    {"xl/workbook.xml", "spreadsheetml"},
    {"xl/workbook.bin", "ms-excel.sheet.binary"},
    {"ppt/presentation.xml", "presentationml"},
    {"visio/document.xml", "ms-visio."},
    {"META-INF/container.xml", "epub+zip"},
    {"Index/Document.iwa", "iwork"},
    {"META-INF/MANIFEST.MF", "program"},
    {"AndroidManifest.xml", "program"},
};

struct type_reader {
    struct str part; /* the main one, with a leading slash */
    struct str type;
    struct arena *mem;
};

static void on_type(struct xml *xml, UNUSED enum xml_ns ns, const char *name, const char **attrs)
{
    struct type_reader *r = xml_arg(xml);
    const char *type = xml_attr(attrs, XML_NONE, "ContentType");
    const char *part = xml_attr(attrs, XML_NONE, "PartName");

    if (!xml_is(name, "Override") || type == NULL || part == NULL)
        return;
    if (str_eq(str_of(part), r->part))
        r->type = str_copy(r->mem, str_of(type));
    else if (r->type.n == 0 && str_ends(str_of(type), STR(".main+xml")))
        r->type = str_copy(r->mem, str_of(type));
}

/* The type that the container states, or "". */
static int stated_type(struct flow *flow, struct container *container, struct str *ret)
{
    static const struct xml_handler handler = {.start = on_type};
    struct type_reader r = {.type = STR_NONE, .mem = flow->cx->mem};
    const struct member *mime = container_find(container, STR("mimetype"));
    struct str part;

    if (mime != NULL)
        return container_read(flow->cx, container, mime, 256, ret);
    TRY(main_part(flow, container, "", &part));
    r.part = str_printf(flow->cx->mem, "/%.*s", STR_ARG(part));
    TRY(part_optional(flow, container, STR("[Content_Types].xml"), &handler, &r));
    *ret = r.type;
    return 0;
}

static const struct kind *kind_of(struct str type)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_has(type, kinds[i].part_of_type))
            return &kinds[i];
    return NULL;
}

static int kind_find(struct flow *flow, struct container *container, const struct kind **ret)
{
    struct str type = STR_NONE;

    *ret = NULL;
    TRY(stated_type(flow, container, &type));
    *ret = kind_of(type);
    for (size_t i = 0; *ret == NULL && i < COUNT_OF(usual); i++)
        if (container_find(container, str_of(usual[i].member)) != NULL)
            *ret = kind_of(str_of(usual[i].type));
    return 0;
}

static struct str extension_of(struct str name)
{
    for (size_t at = name.n; at > 0 && name.p[at - 1] != '/'; at--)
        if (name.p[at - 1] == '.')
            return str_trim(str_from(name, at));
    return STR_NONE;
}

/* How each format is read and called, and the endings that name it. */
static const struct reader {
    int (*read)(struct flow *flow, struct container *container);
    enum extract_format format;
    const char *name;
    const char *endings[5];
} readers[] = {
    [FOUND_DOCX] = {docx_read, EXTRACT_DOCX, "DOCX", {"docx", "docm", "dotx", "dotm"}},
    [FOUND_XLSX] = {xlsx_read, EXTRACT_XLSX, "XLSX", {"xlsx", "xlsm", "xltx", "xltm"}},
    [FOUND_ODT] = {odt_read, EXTRACT_ODT, "ODT", {"odt", "ott", "odm", "oth"}},
    [FOUND_ODS] = {ods_read, EXTRACT_ODS, "ODS", {"ods", "ots"}},
    [FOUND_PPTX] = {pptx_read, EXTRACT_PPTX, "PPTX", {"pptx", "pptm", "ppsx", "ppsm", "potx"}},
};

/* A name that promises another format is worth a remark. */
static void name_check(struct flow *flow, struct str name, const struct reader *reader)
{
    struct str extension = extension_of(name);

    if (extension.n == 0 || extension.n > 8)
        return;
    for (size_t i = 0; i < COUNT_OF(reader->endings) && reader->endings[i] != NULL; i++)
        if (str_is_nocase(extension, reader->endings[i]))
            return;
    flow_note(flow, _("it is named .%.*s and is %s %s"), STR_ARG(extension),
              reader->name[0] == 'O' ? "an" : "a", reader->name);
}

/* The parts of an office file of which the one that says so is lost. */
static bool was_office(const struct container *container)
{
    static const char *const heads[] = {"word/", "xl/", "docProps/", "_rels/", "ppt/"};

    for (size_t i = 0; i < container_count(container); i++)
        for (size_t k = 0; k < COUNT_OF(heads); k++)
            if (str_starts(container_name(container, i), str_of(heads[k])))
                return true;
    return false;
}

static int read_archive(struct flow *flow, const struct container *container, struct extract *ret)
{
    if (container_salvaged(container) && was_office(container))
        return fail(flow->cx, RC_INVALID, NULL, "%s",
                    _("It is a ZIP that is cut off: the part that says what it is, is missing."));
    if (container_find(container, STR("[Content_Types].xml")) != NULL)
        return fail(flow->cx, RC_INVALID, NULL, "%s",
                    _("It is an office file of a kind that is not read."));
    TRY(archive_list(flow, container));
    return flow_finish(flow, EXTRACT_ZIP, ret);
}

/* Properties and page headers alone are no document: a scan, or sheets that nobody filled. */
static int text_check(struct ctx *cx, const struct flow *flow)
{
    for (size_t i = 0; i < flow->block_count; i++)
        if (flow->blocks[i].kind != BLOCK_PROPERTY && flow->blocks[i].kind != BLOCK_FURNITURE)
            return 0;
    return fail(cx, RC_INVALID, NULL, "%s",
                _("The file holds no text: it is empty, or all pictures."));
}

int container_extract(struct ctx *cx, struct str name, struct str bytes, struct extract *ret)
{
    CLEANUP(container_closep) struct container *container = NULL;
    const struct kind *kind;
    struct flow flow;

    flow_init(&flow, cx);
    TRY(container_open(cx, bytes, &container));
    if (container_salvaged(container))
        flow_note(
            &flow,
            _("the file is cut off or damaged at its end, and its parts were read one by one"));
    TRY(kind_find(&flow, container, &kind));
    if (kind == NULL)
        return read_archive(&flow, container, ret);
    if (kind->found == FOUND_OTHER)
        return fail(cx, RC_INVALID, NULL, "%s", _(kind->refusal));
    const struct reader *reader = &readers[kind->found];
    name_check(&flow, name, reader);
    TRY(reader->read(&flow, container));
    TRY(text_check(cx, &flow));
    return flow_finish(&flow, reader->format, ret);
}
