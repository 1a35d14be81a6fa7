/*
 * Shared by the readers of extract/: the flow they write to, and each other's entry points.
 *
 * A reader gets a flow and its input, adds blocks in reading order, and fails only where the
 * input cannot be read at all. The flow cleans every text (UTF-8 repaired, white space squeezed,
 * invisible characters dropped), leaves out what is empty, keeps all limits of extract.h and
 * remembers what they cut. Everything lives in flow->cx->mem; one thread at a time.
 */
#ifndef ASSAY_EXTRACT_INTERNAL_H
#define ASSAY_EXTRACT_INTERNAL_H

#include "extract/extract.h"

#define FLOW_NOTES 6u      /* different notes that are kept */
#define FLOW_FURNITURE 64u /* different headers and footers */

struct flow {
    struct ctx *cx;

    /* Set by the reader before it adds: stays until changed. */
    struct place place; /* the sheet's name is cleaned by flow_sheet() */
    bool struck;
    bool mail; /* HTML of an e-mail: what is quoted in it was said elsewhere */

    /* The flow's own. */
    struct block *blocks;
    size_t block_count, block_room;
    size_t text_bytes;
    size_t furniture[FLOW_FURNITURE]; /* places in blocks */
    size_t furniture_count;
    uint32_t table;       /* open table, 0 for none */
    uint32_t table_count; /* numbers given so far */
    struct cell *cells;   /* of the row being filled */
    size_t cell_count, cell_room;
    struct buf scratch;
    struct str notes[FLOW_NOTES];
    size_t note_count;
    bool full; /* a limit was reached: nothing more is taken */
    struct extract_member *members;
    size_t member_count, member_room;
    size_t links, link_bytes, prose_bytes; /* to other documents; of all text beside tables */
};

void flow_init(struct flow *flow, struct ctx *cx);

/* True once a limit has ended the flow: readers may stop. */
bool flow_full(const struct flow *flow);

/* Each adds one block at flow->place, or nothing where the text is empty once cleaned. The text
 * is copied. Any of them but a row ends an open table. */
void flow_heading(struct flow *flow, unsigned level, struct str text);
void flow_paragraph(struct flow *flow, struct str text);
void flow_item(struct flow *flow, unsigned level, struct str text);
void flow_code(struct flow *flow, struct str text);

/* The item at this place among the blocks is the only one of a numbered list: a heading, where it
 * could be a title. "1. Purpose" with paragraphs after it is a list of one for the format. */
void flow_lone_item(struct flow *flow, size_t block);

/* What is styled as a heading below the first level and reads as a clause, as in contracts. */
bool flow_is_clause(unsigned level, struct str text);
void flow_furniture(struct flow *flow, struct str text); /* what was there already is left out */
void flow_property(struct flow *flow, struct str label, struct str text);

/*
 * A table: flow_table() gives it the next number, then for each row flow_cell() from left to
 * right, empty ones too if that is easier, and flow_row(). A row without a filled cell is left
 * out. A column that is not to the right of the one before moves there.
 */
void flow_table(struct flow *flow);
void flow_cell(struct flow *flow, unsigned column, struct str text);
void flow_row(struct flow *flow, bool header);
void flow_table_end(struct flow *flow);

/* A document within the file; `path` is cleaned and copied, `why` is "" or one sentence. */
void flow_member(struct flow *flow, struct str path, uint64_t bytes, uint32_t at, struct str why);

/* Text beside tables that was added, and how many links begin; whether it stands in a link. What is
 * mostly links to other documents is an index of them. */
void flow_links(struct flow *flow, size_t links, size_t bytes, bool in_link);
bool flow_is_link(struct str target); /* to another document of the same set */

/* Sets the sheet of the place, cleaned and copied. */
void flow_sheet(struct flow *flow, struct str name);

/* Remembers what was left out and why: a phrase without a capital and a full stop, such as "the
 * rows after 200000 were left out". The same phrase counts once. */
void flow_note(struct flow *flow, const char *format, ...) PRINTF_LIKE(2, 3);

/* Hands the blocks over. RC_LIMIT where the arena is over its ceiling. */
MUST_CHECK int flow_finish(struct flow *flow, enum extract_format format, struct extract *ret);

/* The text as the flow keeps it, in the flow's scratch room: valid until the next call. */
struct str flow_clean(struct flow *flow, struct str text);

/* The day of an instant such as "2026-01-02T03:04:05Z": the hour says nothing about a document.
 * What is none comes back as it is. */
struct str property_day(struct str text);

/* A property that the flow has already, or "" (labels are compared without case). */
struct str flow_property_get(const struct flow *flow, const char *label);

/*
 * A paragraph while its pieces come in, for Markdown and HTML. Lines stay apart until it is
 * flushed, because they may turn out to be label lines ("Owner: ..."), typed bullets or the rows
 * of a table, which become blocks of their own. Struck text goes to a block of its own.
 */
struct para_line {
    size_t from; /* in para.text */
    uint32_t line;
    bool hard; /* begins after a hard break */
};

struct para {
    struct flow *flow;
    struct buf text;
    struct buf struck;
    struct para_line *lines;
    size_t line_count, line_room;
    size_t strong; /* bytes of bold text, and of other text: blanks do not count */
    size_t plain;
};

enum para_as {
    PARA_PLAIN,   /* a paragraph, or what its lines show it to be */
    PARA_TOP,     /* the same at the top level: one that is bold and short is a heading */
    PARA_HEADING, /* level counts */
    PARA_ITEM,    /* level counts */
    PARA_FURNITURE,
};

void para_init(struct para *para, struct flow *flow);
/* `line` of the file where it begins, 0 where not known. */
void para_text(struct para *para, struct str text, uint32_t line, bool strong, bool struck);
void para_break(struct para *para, bool hard);
bool para_is_empty(const struct para *para);
/* Adds the blocks and empties it. `level` of a plain one is that of typed list items in it. */
void para_flush(struct para *para, enum para_as as, unsigned level);
/* Forgets what came in. */
void para_clear(struct para *para);

/*
 * Tables of plain text with tabs between the cells, three columns or more and two rows below the
 * heading. tabs_header() gives the line with which one begins that reaches to the last line,
 * SIZE_MAX for none; tabs_flush() adds the table that begins with the first line.
 */
struct tab_line {
    struct str text;
    uint32_t number; /* in the file, 0 where not known */
};
size_t tabs_header(const struct tab_line *lines, size_t n);
void tabs_flush(struct flow *flow, const struct tab_line *lines, size_t n);

/* Markdown with Pandoc's tables, attributes and fences in plain Markdown, line by line. */
struct str dashes_read(struct arena *mem, struct str text);

/*
 * Readers of text formats. `text` is what text_decode() gave.
 */
MUST_CHECK int markdown_read(struct flow *flow, struct str text);
MUST_CHECK int html_read(struct flow *flow, struct str text);
MUST_CHECK int text_read(struct flow *flow, struct str text);
MUST_CHECK int csv_read(struct flow *flow, struct str text);
bool csv_is(struct flow *flow, struct str text); /* every record has as many cells as the first */
MUST_CHECK int text_read_from(struct flow *flow, struct str text, uint32_t line); /* first line */

/*
 * E-mail: whether the bytes are one (`by_name`: the file is called one), reading it, and the bytes
 * of an attachment.
 */
bool eml_is(struct str bytes, bool by_name);
/* A message that a mail program saved as text, "From:", "Sent:", "To:" and "Subject:" first. */
bool eml_saved_is(struct str text);
MUST_CHECK int eml_saved_read(struct flow *flow, struct str text);
/* Gives EXTRACT_HTML for a web page that a program keeps as a message. */
MUST_CHECK int eml_read(struct flow *flow, struct str bytes, enum extract_format *ret);
MUST_CHECK int eml_member(struct ctx *cx, struct str bytes, uint32_t at, struct str *ret);

/* A PDF, as pdftotext -bbox-layout tells of it. */
MUST_CHECK int pdf_read(struct flow *flow, struct str bytes);

/* A piece of HTML within Markdown that begins on `line`: tags that HTML does not know are text. */
void html_read_piece(struct flow *flow, struct str text, uint32_t line);

/* True where what looks like a tag is rather a blank to be filled in, as in "<Business Name>".
 * `tag` reaches from < to >, `rest` is what follows. */
bool html_is_placeholder(struct str tag, struct str rest);

/* The character of an HTML entity such as "&amp;" or "&#8211;", 0 where it is not known. */
uint32_t html_entity(struct str entity);

/* Front matter at the head of a text as properties; gives the rest and the line it begins on. */
void front_matter_read(struct flow *flow, struct str text, struct str *ret_rest,
                       uint32_t *ret_line);

/* UTF-8 with \n line ends and without a byte order mark, from UTF-8, UTF-16 or Windows-1252; what
 * is wrong in mostly good UTF-8 becomes U+FFFD. Gives `bytes` itself where that is right. */
struct str text_decode(struct ctx *cx, struct str bytes);

/* "Owner: Jane Doe", a line of document control: a short label, a colon, and more or nothing. */
bool text_is_label_line(struct str line);

/* Whether a line that is bold throughout is a heading: it is short, no sentence, no label with its
 * value, no blank to fill in and no formula, and perhaps numbered by hand. */
bool text_is_title(struct str line);

/* Bytes of a list marker typed at the start of `line`, blanks after it included, or 0: a bullet,
 * "1." "1)" "(1)", and the same with a letter or a small Roman number. */
size_t text_marker(struct str line);
size_t text_bullet(struct str line); /* a bullet only */

/*
 * Containers (ZIP): finds out which format it is by its members and reads it whole, from
 * flow_init() to flow_finish(). RC_INVALID with one sentence for a container that is none of ours
 * or is damaged, encrypted or a bomb. The flow may get a note where name and content disagree.
 */
struct container; /* an open ZIP, container.c's own */
MUST_CHECK int container_extract(struct ctx *cx, struct str name, struct str bytes,
                                 struct extract *ret);
MUST_CHECK int docx_read(struct flow *flow, struct container *container);
MUST_CHECK int xlsx_read(struct flow *flow, struct container *container);
MUST_CHECK int pptx_read(struct flow *flow, struct container *container);
MUST_CHECK int odt_read(struct flow *flow, struct container *container);
MUST_CHECK int ods_read(struct flow *flow, struct container *container);

/* An archive of documents: its members into the flow, and the bytes of one. */
MUST_CHECK int archive_list(struct flow *flow, const struct container *container);
MUST_CHECK int archive_member(struct ctx *cx, struct str bytes, uint32_t at, struct str *ret);

/* OpenDocument as one XML file (FODT, FODS): whether `text` is one, and reading it whole. */
bool flat_is(struct str text);
MUST_CHECK int flat_extract(struct ctx *cx, struct str text, struct extract *ret);

#endif
