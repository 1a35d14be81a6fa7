#include "extract/internal.h"
#include "tests/harness.h"

static void refused_as(struct ctx *cx, enum rc rc, const char *name, struct str bytes,
                       const char *sentence)
{
    struct extract e;

    CHECK_RC(extract_bytes(cx, str_of(name), bytes, &e), rc);
    CHECK_STR(cx->err.text, sentence);
}

static void refused(struct ctx *cx, const char *name, struct str bytes, const char *sentence)
{
    refused_as(cx, RC_INVALID, name, bytes, sentence);
}

static void no_document(struct ctx *cx, const char *name, struct str bytes, const char *sentence)
{
    refused_as(cx, RC_NOT_FOUND, name, bytes, sentence);
}

static void read_as(struct ctx *cx, const char *name, struct str bytes, enum extract_format format,
                    const char *note)
{
    struct extract e = {0};

    CHECK_OK(extract_bytes(cx, str_of(name), bytes, &e));
    CHECK_INT(e.format, format);
    CHECK_STR(e.note, note);
}

TEST(detect_says_what_is_not_read)
{
    no_document(cx, "a.md", STR(""), "The file is empty.");
    refused(cx, "a.md", STR(" \n\t"), "The file holds nothing but blanks.");
    refused(cx, "a.docx", STR("%PDF-1.7 ..."),
            "It is a PDF. Those are read where pdftotext (of poppler-utils) is installed.");
    refused(cx, "a.doc", STR("{\\rtf1}"),
            "It is an RTF. Save it as .docx, or install LibreOffice, which reads it.");
    refused(cx, "a.md", STR("\x89PNG\r\n"), "It is an image: the text in it cannot be read.");
    refused(cx, "a.docx", STR("\x1f\x8b\x08\0"),
            "It is an archive that is not read: unpack it into the folder.");
    refused(cx, "a.zip", STR("no archive"),
            "It is called a ZIP and is none, or its first bytes are damaged.");
    refused(cx, "a.csv", STR("a\1\2\3\4\0\0\0\5\6\7"),
            "The file is neither text nor any format that is known here.");
    refused(cx, "~$a.docx", STR("x\0y"),
            "It is a lock file: the document beside it is open in an editor.");
    refused(cx, "x/a.gdoc", STR("{\"url\": 1}"),
            "It only points to a Google document: download that as .docx.");
    no_document(cx, "a.yml", STR("a: 1\n"), "A file of the type .yml is not a document.");
    no_document(cx, "a.html", STR("<?xml version=\"1.0\"?><a/>"), "An XML file is not a document.");
    no_document(cx, ".gitignore", STR("x"), "A hidden file is not a document.");
    refused(cx, "a.mbox", STR("From a\nFrom: a\nMessage-ID: 1\n\nHello\n\nFrom b\n"),
            "It is a mailbox of several e-mails: save each of them as .eml.");
    refused(cx, "a.html", STR("<html><body></body></html>"), "The file holds no text.");
}

TEST(detect_old_office)
{
#define OLE "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    refused(cx, "a.doc", STR(OLE "W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0"),
            "It is in Word's old format (.doc). Save it as .docx, or install LibreOffice.");
    refused(cx, "a.docx", STR(OLE "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"),
            "It is encrypted: save it without a password.");
    refused(cx, "a.xls", STR(OLE "nothing known"),
            "The old binary format of Office is not read: save it in a current one.");
}

TEST(detect_bytes_before_names)
{
    read_as(cx, "LICENSE", STR("Text"), EXTRACT_TEXT, "");
    read_as(cx, "ISMS scope v1.2 final", STR("BMW text"), EXTRACT_TEXT, "");
    read_as(cx, "a.MD", STR("# A"), EXTRACT_MARKDOWN, "");
    read_as(cx, "a.docx", STR("<html><p>x</p></html>"), EXTRACT_HTML,
            "The file is HTML, in spite of its name.");
    read_as(cx, "a.xls", STR("<table><tr><td>x</td></tr></table>"), EXTRACT_HTML,
            "The file is HTML, in spite of its name.");
    read_as(cx, "a.xls", STR("a\tb\n1\t2\n"), EXTRACT_CSV,
            "The file is a table of plain text, in spite of its name.");
    read_as(cx, "a.pdf", STR("Policy text"), EXTRACT_TEXT,
            "The file is plain text, in spite of its name.");
}

TEST(detect_tables_without_a_name)
{
    read_as(cx, "action-log",
            STR("ID,Finding,Owner,Due\n1,\"Keys, lost\",Ann,2026-05-01\n2,Door,Bo,-\n"),
            EXTRACT_CSV, "");
    read_as(cx, "actions.txt", STR("ID;Finding;Owner;Due\n1;Keys;Ann;May\n2;Door;Bo;June\n"),
            EXTRACT_CSV, "");
    /* Prose has commas too. */
    read_as(cx, "notes",
            STR("Keys, doors, badges, vans\nAnn, Bo and Cy went there, then left.\nEnd\n"),
            EXTRACT_TEXT, "");
}

TEST(detect_names_formats)
{
    for (int i = EXTRACT_UNKNOWN; i <= EXTRACT_XLSX; i++)
        CHECK(extract_format_name((enum extract_format)i)[0] != '\0');
    CHECK_STR(str_of(extract_format_name(EXTRACT_DOCX)), "docx");
}
