/* What a file really is: its bytes decide, its name helps where they leave it open. */
#include "extract/internal.h"

#define HEAD_BYTES 4096u

const char *extract_format_name(enum extract_format format)
{
    switch (format) {
    case EXTRACT_MARKDOWN:
        return "markdown";
    case EXTRACT_TEXT:
        return "text";
    case EXTRACT_HTML:
        return "html";
    case EXTRACT_CSV:
        return "csv";
    case EXTRACT_DOCX:
        return "docx";
    case EXTRACT_XLSX:
        return "xlsx";
    case EXTRACT_ODT:
        return "odt";
    case EXTRACT_ODS:
        return "ods";
    case EXTRACT_EML:
        return "eml";
    case EXTRACT_ZIP:
        return "zip";
    case EXTRACT_PDF:
        return "pdf";
    case EXTRACT_PPTX:
        return "pptx";
    case EXTRACT_UNKNOWN:
        break;
    }
    return "unknown";
}

/* First bytes of files that are not read, and what they are called. */
static const struct {
    const char *bytes;
    uint8_t n;
    uint16_t at;
    const char *what;
} magics[] = {
    {"%PDF-", 5, 0, "It is a PDF. Those are read where pdftotext (of poppler-utils) is installed."},
    {"\xffWPC", 4, 0, "It is a WordPerfect file. Save it as .docx, or install LibreOffice."},
    {"%!PS", 4, 0, "PostScript is not read."},
    {"{\\rtf", 5, 0, "It is an RTF. Save it as .docx, or install LibreOffice, which reads it."},
    {"\x89PNG", 4, 0, "It is an image: the text in it cannot be read."},
    {"\xff\xd8\xff", 3, 0, "It is an image: the text in it cannot be read."},
    {"GIF8", 4, 0, "It is an image: the text in it cannot be read."},
    {"BM", 2, 0, "It is an image: the text in it cannot be read."},
    {"II*\0", 4, 0, "It is an image: the text in it cannot be read."},
    {"MM\0*", 4, 0, "It is an image: the text in it cannot be read."},
    {"WEBP", 4, 8, "It is an image: the text in it cannot be read."},
    {"\0\0\1\0", 4, 0, "It is an image: the text in it cannot be read."},
    {"8BPS", 4, 0, "It is an image: the text in it cannot be read."},
    {"ftypheic", 8, 4, "It is an image: the text in it cannot be read."},
    {"ftypmif1", 8, 4, "It is an image: the text in it cannot be read."},
    {"ftyp", 4, 4, "It is a recording, which is not read."},
    {"RIFF", 4, 0, "It is a recording, which is not read."},
    {"OggS", 4, 0, "It is a recording, which is not read."},
    {"ID3", 3, 0, "It is a recording, which is not read."},
    {"\x1a\x45\xdf\xa3", 4, 0, "It is a recording, which is not read."},
    {"\x1f\x8b", 2, 0, "It is an archive that is not read: unpack it into the folder."},
    {"BZh", 3, 0, "It is an archive that is not read: unpack it into the folder."},
    {"\xfd"
     "7zXZ",
     5, 0, "It is an archive that is not read: unpack it into the folder."},
    {"7z\xbc\xaf", 4, 0, "It is an archive that is not read: unpack it into the folder."},
    {"Rar!", 4, 0, "It is an archive that is not read: unpack it into the folder."},
    {"\x28\xb5\x2f\xfd", 4, 0, "It is an archive that is not read: unpack it into the folder."},
    {"MSCF", 4, 0, "It is an archive that is not read: unpack it into the folder."},
    {"ustar", 5, 257, "It is an archive that is not read: unpack it into the folder."},
    {"SQLite format 3", 15, 0, "It is a database, not a document."},
    {"\x7f"
     "ELF",
     4, 0, "It is a program, not a document."},
    {"MZ", 2, 0, "It is a program, not a document."},
    {"\xca\xfe\xba\xbe", 4, 0, "It is a program, not a document."},
    {"\xe4\x52\x5c\x7b", 4, 0, "It is a OneNote section, which is not read."},
    {"-----BEGIN PGP MESSAGE", 22, 0, "It is encrypted: save it without encryption."},
    {"version https://git-lfs.github.com", 34, 0,
     "It only points to a file in Git LFS: fetch that file with git lfs pull."},
};

/* Streams by which the old container format of Office shows what it holds, in UTF-16. */
static const struct {
    const char *stream;
    const char *what;
} streams[] = {
    {"EncryptedPackage", "It is encrypted: save it without a password."},
    {"WordDocument",
     "It is in Word's old format (.doc). Save it as .docx, or install LibreOffice."},
    {"Workbook", "It is in Excel's old format (.xls). Save it as .xlsx, or install LibreOffice."},
    {"Book", "It is in Excel's old format (.xls). Save it as .xlsx, or install LibreOffice."},
    {"PowerPoint Document",
     "It is in PowerPoint's old format (.ppt). Save it as PDF, or install LibreOffice."},
    {"__nameid_version1.0",
     "It is an e-mail of Outlook (MSG), which is not read: save it as .eml."},
    {"VisioDocument", "A Visio drawing is not read."},
};

static const char *ole_sentence(struct str bytes)
{
    for (size_t i = 0; i < COUNT_OF(streams); i++) {
        char wide[64];
        size_t n = 0;
        for (const char *p = streams[i].stream; *p != '\0' && n + 2 < sizeof wide; p++) {
            wide[n++] = *p;
            wide[n++] = '\0';
        }
        if (str_find(bytes, (struct str){wide, n}, 0) != SIZE_MAX)
            return streams[i].what;
    }
    return "The old binary format of Office is not read: save it in a current one.";
}

enum by_name {
    NAME_OPEN, /* nothing follows from the name */
    NAME_MARKDOWN,
    NAME_TEXT,
    NAME_HTML,
    NAME_CSV,
    NAME_SHEET,    /* a spreadsheet of any kind */
    NAME_DOCUMENT, /* a text document of any kind */
    NAME_OTHER,    /* text, but no document */
};

static const struct {
    const char *end;
    enum by_name is;
} names[] = {
    {"md", NAME_MARKDOWN},   {"markdown", NAME_MARKDOWN}, {"mdx", NAME_MARKDOWN},
    {"mkd", NAME_MARKDOWN},  {"txt", NAME_TEXT},          {"text", NAME_TEXT},
    {"html", NAME_HTML},     {"htm", NAME_HTML},          {"xhtml", NAME_HTML},
    {"csv", NAME_CSV},       {"tsv", NAME_CSV},           {"xlsx", NAME_SHEET},
    {"xls", NAME_SHEET},     {"xlsm", NAME_SHEET},        {"ods", NAME_SHEET},
    {"docx", NAME_DOCUMENT}, {"doc", NAME_DOCUMENT},      {"docm", NAME_DOCUMENT},
    {"dotx", NAME_DOCUMENT}, {"odt", NAME_DOCUMENT},      {"rtf", NAME_DOCUMENT},
    {"pdf", NAME_DOCUMENT},  {"pptx", NAME_DOCUMENT},     {"pages", NAME_DOCUMENT},
};

/* Names of small files that only point to where a document is kept. */
static const struct {
    const char *end;
    const char *what;
} pointers[] = {
    {"gdoc", "It only points to a Google document: download that as .docx."},
    {"gsheet", "It only points to a Google sheet: download that as .xlsx."},
    {"gslides", "It only points to Google slides: download those as .pptx."},
    {"gform", "It only points to a Google form."},
    {"url", "It only points to a page on the web."},
    {"webloc", "It only points to a page on the web."},
    {"desktop", "It only points to another file or page."},
    {"lnk", "It only points to another file."},
    {"zip", "It is called a ZIP and is none, or its first bytes are damaged."},
    {"mbox", "It is a mailbox of several e-mails: save each of them as .eml."},
    {"mht", "It is a web archive: save the page as .html."},
    {"mhtml", "It is a web archive: save the page as .html."},
    {"rst", "reStructuredText is not read yet."},
    {"adoc", "AsciiDoc is not read yet."},
    {"asciidoc", "AsciiDoc is not read yet."},
    {"tex", "LaTeX is not read."},
};

static struct str last_part(struct str name)
{
    size_t at;

    while ((at = str_find_char(name, '/', 0)) != SIZE_MAX)
        name = str_from(name, at + 1);
    return name;
}

/* What follows the last dot, if that looks like a type of file: "md", but not "2 final". */
static struct str extension(struct str name)
{
    size_t dot = name.n;
    bool letter = false;
    struct str end;

    while (dot > 0 && name.p[dot - 1] != '.')
        dot--;
    if (dot == 0)
        return STR_NONE;
    end = str_from(name, dot);
    for (size_t i = 0; i < end.n; i++) {
        char c = end.p[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && (c < '0' || c > '9'))
            return STR_NONE;
        letter |= is_letter;
    }
    return letter && end.n <= 10 ? end : STR_NONE;
}

static enum by_name by_name(struct str name)
{
    struct str end = extension(name);

    if (end.n == 0)
        return NAME_OPEN;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_is_nocase(end, names[i].end))
            return names[i].is;
    return NAME_OTHER;
}

/* Letters and digits alone may as well begin a text ("BM", "RIFF"), unless a zero byte is near. */
static bool is_text_magic(const char *magic)
{
    return strchr("%{-v", magic[0]) != NULL || magic[0] < 0x20 || (magic[0] & 0x80) != 0;
}

static bool has_zero(struct str bytes)
{
    return str_find_char(str_sub(bytes, 0, HEAD_BYTES), '\0', 0) != SIZE_MAX;
}

/* The sentence for a file of which the first bytes say that it is not read, else NULL. */
static const char *magic_sentence(struct str bytes)
{
    for (size_t i = 0; i < COUNT_OF(magics); i++)
        if (str_eq(str_sub(bytes, magics[i].at, magics[i].n),
                   (struct str){magics[i].bytes, magics[i].n}) &&
            (is_text_magic(magics[i].bytes) || has_zero(bytes)))
            return magics[i].what;
    if (str_starts(bytes, STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")))
        return ole_sentence(bytes);
    if (str_find(str_sub(bytes, 0, 1024), STR("%PDF-1."), 0) != SIZE_MAX &&
        str_find(bytes, STR("endobj"), 0) != SIZE_MAX)
        return "It is a PDF. Those are read where pdftotext (of poppler-utils) is installed.";
    return NULL;
}

/* Bytes that no text has. */
static bool is_binary(struct str text)
{
    size_t n = text.n > 65536 ? 65536 : text.n, control = 0;

    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        control += c < 0x20 && strchr("\t\n\r\f\x1b\x1e\x1f", c) == NULL;
        control += c == 0;
    }
    return control * 100 > n || (n > 0 && text.p[0] == '\0');
}

/* Many unreadable characters after decoding: not a text in any encoding known here. */
static bool is_rubbish(struct str text)
{
    size_t bad = 0, all = 0;

    for (size_t at = 0; at < text.n && at < 65536; all++)
        bad += utf8_next(text, &at) == UTF8_BAD;
    return bad > 8 && bad * 20 > all;
}

static bool starts_nocase(struct str s, const char *head)
{
    return str_is_nocase(str_sub(s, 0, strlen(head)), head);
}

/* The text behind blanks, an XML declaration and comments at its head. */
static struct str skip_prologue(struct str s)
{
    for (unsigned i = 0; i < 16; i++) {
        size_t end = SIZE_MAX;
        s = str_trim(s);
        if (str_starts(s, STR("<?xml")))
            end = str_find(s, STR("?>"), 0);
        else if (str_starts(s, STR("<!--")))
            end = str_find(s, STR("-->"), 0);
        if (end == SIZE_MAX)
            return s;
        s = str_from(s, end + (s.p[1] == '?' ? 2 : 3));
    }
    return s;
}

static bool looks_like_html(struct str text)
{
    struct str s = skip_prologue(str_sub(text, 0, 65536));

    return starts_nocase(s, "<!doctype html") || starts_nocase(s, "<html") ||
           starts_nocase(s, "<head>") || starts_nocase(s, "<body") || starts_nocase(s, "<meta ") ||
           starts_nocase(s, "<table");
}

static int refuse(struct ctx *cx, const char *sentence)
{
    return fail(cx, RC_INVALID, NULL, "%s", _(sentence));
}

/* Nobody wrote this for people to read: no document is missing because of it. */
static int no_document(struct ctx *cx, const char *sentence)
{
    return fail(cx, RC_NOT_FOUND, NULL, "%s", _(sentence));
}

/* Refuses by name what is text but nothing to judge. */
static int check_text_name(struct ctx *cx, struct str name, struct str text)
{
    struct str end = extension(name), head = skip_prologue(text);

    for (size_t i = 0; i < COUNT_OF(pointers); i++)
        if (str_is_nocase(end, pointers[i].end))
            return refuse(cx, pointers[i].what);
    if (starts_nocase(head, "<svg") || starts_nocase(head, "<!doctype svg"))
        return refuse(cx, "It is an image: the text in it cannot be read.");
    if (name.n > 0 && name.p[0] == '.')
        return no_document(cx, "A hidden file is not a document.");
    if (by_name(name) == NAME_OTHER && !looks_like_html(text))
        return fail(cx, RC_NOT_FOUND, NULL, _("A file of the type .%.*s is not a document."),
                    STR_ARG(end));
    if (str_starts(str_trim(text), STR("<?xml")) && !looks_like_html(text))
        return no_document(cx, "An XML file is not a document.");
    return 0;
}

static enum extract_format text_format(struct str name, struct str text)
{
    switch (by_name(name)) {
    case NAME_MARKDOWN:
        return starts_nocase(skip_prologue(str_sub(text, 0, HEAD_BYTES)), "<!doctype html")
                   ? EXTRACT_HTML
                   : EXTRACT_MARKDOWN;
    case NAME_HTML:
        return EXTRACT_HTML;
    case NAME_CSV:
        return looks_like_html(text) ? EXTRACT_HTML : EXTRACT_CSV;
    case NAME_SHEET:
        return looks_like_html(text) ? EXTRACT_HTML : EXTRACT_CSV;
    case NAME_OPEN:
    case NAME_TEXT:
    case NAME_DOCUMENT:
    case NAME_OTHER:
        break;
    }
    return looks_like_html(text) ? EXTRACT_HTML : EXTRACT_TEXT;
}

/* Says so where the name promises another format than the bytes are. */
static void note_name(struct flow *flow, struct str name, enum extract_format format)
{
    enum by_name is = by_name(name);
    const char *what = format == EXTRACT_HTML  ? "HTML"
                       : format == EXTRACT_CSV ? "a table of plain text"
                                               : "plain text";

    if (is == NAME_SHEET || is == NAME_DOCUMENT || is == NAME_OTHER ||
        (format == EXTRACT_HTML && (is == NAME_CSV || is == NAME_TEXT || is == NAME_MARKDOWN)))
        flow_note(flow, _("the file is %s, in spite of its name"), what);
}

static int read_as(struct flow *flow, enum extract_format format, struct str text)
{
    switch (format) {
    case EXTRACT_MARKDOWN:
        return markdown_read(flow, text);
    case EXTRACT_HTML:
        return html_read(flow, text);
    case EXTRACT_CSV:
        return csv_read(flow, text);
    case EXTRACT_EML:
        return eml_saved_read(flow, text);
    default:
        return text_read(flow, text);
    }
}

/* The first bytes of a long file, whole characters. */
static struct str plain_head(struct str bytes)
{
    size_t n = EXTRACT_PLAIN_BYTES;

    if (bytes.n <= n)
        return bytes;
    while (n > EXTRACT_PLAIN_BYTES - 4 && ((unsigned char)bytes.p[n] & 0xc0) == 0x80)
        n--;
    return str_sub(bytes, 0, n);
}

static int extract_text(struct ctx *cx, struct str name, struct str bytes, struct extract *ret)
{
    struct str text = text_decode(cx, plain_head(bytes));
    enum extract_format format = text_format(name, text);
    struct flow flow;

    if (str_trim(text).n == 0)
        return refuse(cx, "The file holds nothing but blanks.");
    if (is_binary(text) || is_rubbish(text))
        return refuse(cx, "The file is neither text nor any format that is known here.");
    TRY(check_text_name(cx, name, text));
    TRY(ctx_check(cx));
    flow_init(&flow, cx);
    if (format == EXTRACT_TEXT && eml_saved_is(text))
        format = EXTRACT_EML;
    else if (format == EXTRACT_TEXT && csv_is(&flow, text))
        format = EXTRACT_CSV;
    note_name(&flow, name, format);
    if (bytes.n > EXTRACT_PLAIN_BYTES)
        flow_note(&flow, _("only its first %zu MB were read"), EXTRACT_PLAIN_BYTES >> 20);
    TRY(read_as(&flow, format, text));
    return flow_finish(&flow, format, ret);
}

static int extract_mail(struct ctx *cx, struct str bytes, struct extract *ret)
{
    enum extract_format format;
    struct flow flow;

    flow_init(&flow, cx);
    TRY(eml_read(&flow, bytes, &format));
    return flow_finish(&flow, format, ret);
}

/* Several e-mails in one file, as mail programs keep them. */
static bool is_mailbox(struct str name, struct str bytes)
{
    return str_starts(bytes, STR("From ")) && eml_is(bytes, false) &&
           (str_is_nocase(extension(name), "mbox") ||
            str_find(bytes, STR("\n\nFrom "), 0) != SIZE_MAX);
}

static int extract_any(struct ctx *cx, struct str name, struct str bytes, struct extract *ret)
{
    if (str_starts(bytes, STR("PK\3\4")) || str_starts(bytes, STR("PK\5\6")) ||
        str_starts(bytes, STR("PK\7\10")))
        return container_extract(cx, name, bytes, ret);
    if (flat_is(bytes))
        return flat_extract(cx, bytes, ret);
    if (is_mailbox(name, bytes))
        return refuse(cx, "It is a mailbox of several e-mails: save each of them as .eml.");
    if (eml_is(bytes, str_is_nocase(extension(name), "eml")))
        return extract_mail(cx, bytes, ret);
    return extract_text(cx, name, bytes, ret);
}

int extract_bytes(struct ctx *cx, struct str name, struct str bytes, struct extract *ret)
{
    struct extract extract;
    const char *sentence;

    name = last_part(name);
    if (bytes.n == 0)
        return no_document(cx, "The file is empty.");
    if (bytes.n > EXTRACT_FILE_BYTES)
        return fail(cx, RC_LIMIT, NULL,
                    _("The file is larger than %zu MB, which is all that is read."),
                    EXTRACT_FILE_BYTES >> 20);
    if (str_starts(name, STR("~$")) || str_starts(name, STR(".~lock.")))
        return refuse(cx, "It is a lock file: the document beside it is open in an editor.");
    sentence = magic_sentence(bytes);
    if (sentence != NULL)
        return refuse(cx, sentence);
    TRY(extract_any(cx, name, bytes, &extract));
    if (extract.member_count > 0) {
        *ret = extract;
        return 0;
    }
    if (extract.block_count == 0 && extract.note.n > 0)
        return fail(cx, RC_LIMIT, NULL, "%.*s", STR_ARG(extract.note));
    if (extract.block_count == 0)
        return refuse(cx, "The file holds no text.");
    *ret = extract;
    return 0;
}

int extract_pdf(struct ctx *cx, struct str bytes, struct extract *ret)
{
    struct flow flow;

    flow_init(&flow, cx);
    TRY(pdf_read(&flow, bytes));
    return flow_finish(&flow, EXTRACT_PDF, ret);
}
