/*
 * A mail as bytes (RFC 5322, MIME): one plain text in UTF-8, for one person.
 *
 * Whatever stands in names, subject and text, it is text there: line breaks and other control
 * characters in a header become blanks, what is no ASCII is encoded (RFC 2047), lines are short. An
 * address is taken only if it is one that needs no quoting: it can hold nothing that a header or a
 * server could take for more.
 */
#ifndef ASSAY_OP_MESSAGE_H
#define ASSAY_OP_MESSAGE_H

#include "base/base.h"

#define MESSAGE_ADDRESS_BYTES 254u

struct message {
    struct str from, from_name; /* an address; a name, or "" */
    struct str to, to_name;
    struct str subject, text;
    struct str id; /* letters, digits, ".", "_" and "-": what it is known by before its "@" */
    int64_t at_ms; /* its date, since 1970 */
};

/* "ada@example.org", of ASCII, without quotes or a comment. */
bool message_address_is(struct str address);

/* RC_INVALID, with `place`, for an address that is none. */
MUST_CHECK int message_check_address(struct ctx *cx, const char *place, struct str address);

/* "Assay <isms@example.org>" or the address alone. RC_INVALID, with `place`. */
MUST_CHECK int message_split_address(struct ctx *cx, const char *place, struct str text,
                                     struct str *ret_name, struct str *ret_address);

/* Lines end in CR LF. RC_INVALID for an address or an id that is none. */
MUST_CHECK int message_compose(struct ctx *cx, const struct message *message, struct str *ret);

#endif
