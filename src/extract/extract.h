/*
 * From a file's bytes to its passages, each with its place.
 *
 * extract_bytes() is told a file's name and bytes, finds out what the file really is, and gives
 * its text as a flow of blocks in reading order: headings, paragraphs, list items, table rows,
 * code, page headers and footers, and properties. It opens nothing, executes nothing and connects
 * to nothing, so it can run in a worker that is forbidden to (proc/proc.h); the flow then crosses
 * to the parent by extract_pack() and extract_unpack(), which trusts none of it.
 *
 * A file may hold documents of its own: an archive does, and an e-mail its attachments. They are
 * listed, and read one by one by extract_member().
 *
 * All text is valid UTF-8 with one blank between words and none at the ends. Every size is
 * bounded; where a bound cuts something off, `extract.note` says so.
 */
#ifndef ASSAY_EXTRACT_EXTRACT_H
#define ASSAY_EXTRACT_EXTRACT_H

#include "base/base.h"

#define EXTRACT_FILE_BYTES ((size_t)200 * 1024 * 1024)      /* a file */
#define EXTRACT_EXPANDED_BYTES ((size_t)1024 * 1024 * 1024) /* all parts of a container */
#define EXTRACT_RATIO 200u                                  /* expanded to packed, above 1 MB */
#define EXTRACT_PARTS 20000u                                /* members of a container */
#define EXTRACT_DEPTH 256u                                  /* nesting of elements */
#define EXTRACT_BLOCKS 400000u                              /* blocks of one file */
#define EXTRACT_TEXT_BYTES ((size_t)4 * 1024 * 1024)        /* text of one file */
#define EXTRACT_PLAIN_BYTES ((size_t)16 * 1024 * 1024)      /* read of a text file, table or page */
#define EXTRACT_CELL_BYTES ((size_t)32 * 1024)              /* text of one cell */
#define EXTRACT_COLUMNS 1024u                               /* columns that are read */
#define EXTRACT_ROWS 200000u                                /* rows of one sheet */
#define EXTRACT_MEMBERS 5000u                               /* documents in one file */
#define EXTRACT_NESTED 2u                                   /* archives within each other */
#define EXTRACT_PAGES 3000u                                 /* pages of a PDF */
#define EXTRACT_WORDS 1500000u                              /* words of a PDF */

enum extract_format {
    EXTRACT_UNKNOWN, /* not one that is read */
    EXTRACT_MARKDOWN,
    EXTRACT_TEXT,
    EXTRACT_HTML,
    EXTRACT_CSV,
    EXTRACT_DOCX,
    EXTRACT_XLSX,
    EXTRACT_ODT,
    EXTRACT_ODS,
    EXTRACT_EML,
    EXTRACT_ZIP, /* nothing but members */
    EXTRACT_PDF,
    EXTRACT_PPTX,
};
#define EXTRACT_FORMATS ((unsigned)EXTRACT_PPTX + 1)

enum block_kind {
    BLOCK_HEADING,
    BLOCK_PARAGRAPH,
    BLOCK_ITEM, /* of a list, its lead-in is the paragraph before; of tasks: "[x] ..." */
    BLOCK_ROW,  /* of a table */
    BLOCK_CODE,
    BLOCK_FURNITURE, /* page header or footer, watermark; once each */
    BLOCK_PROPERTY,  /* front matter or file property: `label` and `text` */
};

/* Where people look for it. Zero and empty where that means nothing for the format. */
struct place {
    uint32_t line; /* of the file, from 1 */
    uint32_t page;
    uint32_t row; /* of the sheet, from 1 */
    struct str sheet;
};

struct cell {
    struct str text;
    uint16_t column; /* from 0: cells under merged or skipped columns keep their number */
};

struct block {
    enum block_kind kind;
    uint8_t level;      /* of a heading 1 to 9, of a list item's nesting from 1 */
    bool header;        /* a table row that the format itself marks as header */
    bool struck;        /* deleted, struck, or quoted from an earlier message: never evidence */
    uint32_t table;     /* rows of one table share a number from 1 */
    struct str text;    /* of a row: its filled cells joined by " | " */
    struct str label;   /* of a property its name, e.g. "title"; "toc" of a line of
                         * contents, "aside" of what a speaker notes */
    struct cell *cells; /* of a row, filled ones only */
    size_t cell_count;
    struct place place;
};

/* A document within a file: of an archive, or attached to an e-mail. */
struct extract_member {
    struct str path; /* within the file, with slashes: "policies/access.md" */
    struct str why;  /* "" where it can be read; else one sentence */
    uint64_t bytes;  /* as the file claims */
    uint32_t at;     /* for extract_member() */
};

struct extract {
    enum extract_format format;
    struct block *blocks;
    size_t block_count;
    struct str note; /* what was left out and why, one sentence; "" for nothing */
    bool index;      /* little else than links to other documents */
    struct extract_member *members;
    size_t member_count;
    struct str member_sha256; /* of a member its bytes' hash and how many they are; "" and 0 else */
    uint64_t member_bytes;
};

/*
 * Reads `bytes`, a file named `name` (its last part counts as a hint only: the bytes decide).
 * RC_NOT_FOUND for what holds no document at all: an empty file, code, settings.
 * RC_INVALID with one sentence for what cannot be read: empty, cut off, encrypted, not what its
 * name says, or of a format not read here ("PDF is not read yet"). RC_LIMIT for what is larger or
 * deeper than the limits above.
 */
MUST_CHECK int extract_bytes(struct ctx *cx, struct str name, struct str bytes,
                             struct extract *ret);

/*
 * The same for a document within the file `bytes`: the member `at[0]` of it, or `at[1]` of that,
 * and so on, `depth` of them. `name` is its path. One member at a time is in memory. A member of
 * the last level that is an archive again is RC_INVALID, one that is deeper RC_LIMIT.
 */
MUST_CHECK int extract_member(struct ctx *cx, struct str name, struct str bytes, const uint32_t *at,
                              unsigned depth, struct extract *ret);

/*
 * Reads what pdftotext -bbox-layout made of a PDF: several answers may follow each other. Errors as
 * above.
 */
MUST_CHECK int extract_pdf(struct ctx *cx, struct str bytes, struct extract *ret);

/* What a file needs before it can be read here. */
enum extract_needs {
    EXTRACT_NEEDS_NOTHING,
    EXTRACT_NEEDS_PDF,    /* pdftotext */
    EXTRACT_NEEDS_EYES,   /* a picture: its text has to be recognised */
    EXTRACT_NEEDS_OFFICE, /* an office program, see extract_office_of() */
};

/* By its name and first 4096 bytes; it decides nothing that a sandboxed reader has to rely on. */
enum extract_needs extract_needs(struct str name, struct str bytes);

/* Names of the formats, as of files, from which and to which it is to be converted. */
struct extract_office {
    const char *from, *to;
    const char *sign; /* in its bytes */
};

/* Needs all bytes. False where no office program would read it. */
bool extract_office_of(struct str name, struct str bytes, struct extract_office *ret);

/* The bytes of such a member as they are, for what another program has to read first. */
MUST_CHECK int extract_member_bytes(struct ctx *cx, struct str bytes, const uint32_t *at,
                                    unsigned depth, struct str *ret);

/* Name of a format for people and for JSON: "docx". */
const char *extract_format_name(enum extract_format format);

/* The flow as bytes and back. extract_unpack() takes hostile bytes: RC_INVALID for anything that
 * extract_pack() would not write. Texts of the result point into `bytes`. */
void extract_pack(struct buf *out, const struct extract *extract);
MUST_CHECK int extract_unpack(struct ctx *cx, struct str bytes, struct extract *ret);

#endif
