/*
 * A message as e-mail has it (RFC 5322, MIME): its head, and its parts. Bounded in parts and in
 * nesting; what is malformed is read as far as it goes. All texts point into the message or live
 * in the arena. Inside extract/ only.
 */
#ifndef ASSAY_EXTRACT_MIME_H
#define ASSAY_EXTRACT_MIME_H

#include "base/base.h"

#define MIME_PARTS 1000u
#define MIME_DEPTH 16u
#define MIME_HEAD_BYTES ((size_t)256 * 1024)

enum mime_role {
    MIME_TEXT,     /* running text: plain or HTML */
    MIME_ATTACHED, /* a file of its own */
    MIME_PASSED,   /* pictures within the text, signatures of programs */
    MIME_LOCKED,   /* encrypted */
};

struct mime_part {
    enum mime_role role;
    bool html;
    struct str type;    /* "text/plain", in small letters */
    struct str charset; /* in small letters, "" for none */
    struct str name;    /* of an attached file, UTF-8; "" for none */
    struct str encoding;
    struct str body; /* as it stands in the message */
    /* Parts that say the same in other ways share this number, 0 for none. */
    uint32_t choice;
};

struct mime {
    struct str head;
    struct mime_part *parts;
    size_t count, room;
    bool cut; /* there are more parts, or nested more deeply, than are read */
};

/* The whole message. Fails on nothing but the arena's ceiling. */
MUST_CHECK int mime_read(struct ctx *cx, struct str message, struct mime *ret);

/* The first header of this name, unfolded and decoded to UTF-8, or "". */
struct str mime_header(struct ctx *cx, struct str head, const char *name);

/* The part's bytes without their transfer encoding. */
struct str mime_bytes(struct ctx *cx, const struct mime_part *part);

/* Bytes in a character set of which we know the name, as UTF-8 with \n line ends; false where the
 * set is not known and the bytes are not plain. */
bool mime_text(struct ctx *cx, struct str bytes, struct str charset, struct str *ret);

#endif
