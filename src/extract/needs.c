/* Which files another program has to make something of first. */
#include "extract/internal.h"

#define HEAD_BYTES 1024u

static const struct str ole = {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8};

static bool is_pdf(struct str name, struct str bytes)
{
    struct str head = str_sub(bytes, 0, HEAD_BYTES);

    if (str_starts(head, STR("\xef\xbb\xbf")))
        head = str_from(head, 3);
    return str_starts(str_trim(head), STR("%PDF-")) ||
           (str_ends_nocase(name, ".pdf") && str_has(head, "%PDF-"));
}

static bool is_picture(struct str bytes)
{
    static const struct str heads[] = {
        {"\x89PNG\r\n", 6}, {"\xff\xd8\xff", 3}, {"II*\0", 4}, {"MM\0*", 4}};

    for (size_t i = 0; i < COUNT_OF(heads); i++)
        if (str_starts(bytes, heads[i]))
            return true;
    return false;
}

/* What a container says that it is, in its first member. */
static bool is_typed(struct str bytes, const char *type)
{
    struct str head = str_sub(bytes, 30, 100);

    return str_starts(bytes, STR("PK\3\4")) && str_starts(head, STR("mimetype")) &&
           str_has(head, type);
}

static const struct extract_office zips[] = {
    {"odp", "pdf", "application/vnd.oasis.opendocument.presentation"},
    {"sxw", "docx", "application/vnd.sun.xml.writer"},
    {"sxc", "xlsx", "application/vnd.sun.xml.calc"},
    {"sxi", "pdf", "application/vnd.sun.xml.impress"},
};

/* Streams by which the old container format of Office shows what it holds. */
static const struct extract_office streams[] = {
    {"doc", "docx", "WordDocument"},
    {"xls", "xlsx", "Workbook"},
    {"xls", "xlsx", "Book"},
    {"ppt", "pdf", "PowerPoint Document"},
};

static bool has_stream(struct str bytes, const char *name)
{
    char wide[64];
    size_t n = 0;

    for (; *name != '\0' && n + 2 < sizeof wide; name++) {
        wide[n++] = *name;
        wide[n++] = '\0';
    }
    return str_find(bytes, (struct str){wide, n}, 0) != SIZE_MAX;
}

enum extract_needs extract_needs(struct str name, struct str bytes)
{
    if (is_pdf(name, bytes))
        return EXTRACT_NEEDS_PDF;
    if (is_picture(bytes))
        return EXTRACT_NEEDS_EYES;
    if (str_starts(bytes, ole) || str_starts(bytes, STR("{\\rtf")) ||
        str_starts(bytes, STR("\xffWPC")) ||
        (str_starts(bytes, STR("PK\3\4")) && str_ends_nocase(name, ".xlsb")))
        return EXTRACT_NEEDS_OFFICE;
    for (size_t i = 0; i < COUNT_OF(zips); i++)
        if (is_typed(bytes, zips[i].sign))
            return EXTRACT_NEEDS_OFFICE;
    return EXTRACT_NEEDS_NOTHING;
}

bool extract_office_of(struct str name, struct str bytes, struct extract_office *ret)
{
    static const struct extract_office rtf = {"rtf", "docx", ""}, wpd = {"wpd", "docx", ""},
                                       xlsb = {"xlsb", "xlsx", ""};

    for (size_t i = 0; i < COUNT_OF(zips); i++)
        if (is_typed(bytes, zips[i].sign)) {
            *ret = zips[i];
            return true;
        }
    if (!str_starts(bytes, ole)) {
        *ret = str_starts(bytes, STR("{\\rtf")) ? rtf : str_ends_nocase(name, ".xlsb") ? xlsb : wpd;
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(streams) && !has_stream(bytes, "EncryptedPackage"); i++)
        if (has_stream(bytes, streams[i].sign)) {
            *ret = streams[i];
            return true;
        }
    return false;
}
