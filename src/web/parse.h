/*
 * What browsers send, taken apart: paths, queries and forms, cookies, conditional requests, what is
 * accepted. All of it is hostile; every list is bounded and nothing is guessed. What is taken apart
 * lives in cx->mem or points into what was given.
 */
#ifndef ASSAY_WEB_PARSE_H
#define ASSAY_WEB_PARSE_H

#include "base/base.h"

#define PARSE_FIELDS 2000u /* of a form or query */
#define PARSE_SEGMENTS 12u /* of a path */
#define PARSE_NAME_BYTES 200u
#define PARSE_TEXT_BYTES ((size_t)4 * 1024 * 1024) /* of a field that is no file */

/* "a%20b+c" with percent signs undone; plus is a blank where `plus`. False for what is not properly
 * encoded, is no UTF-8, or has a control character other than tab and line breaks. */
bool parse_percent(struct arena *mem, struct str text, bool plus, struct str *ret);
/* The other way, for one segment of a path or a value of a query. */
struct str parse_escape(struct arena *mem, struct str text);

/* The segments of a path, each decoded. False for one that does not begin with a slash, has too
 * many, an empty one but the last (which is dropped), or "." and "..", or a slash within one. */
bool parse_path(struct arena *mem, struct str path, struct str ret[static PARSE_SEGMENTS],
                size_t *ret_n);

struct parse_field {
    struct str name, value;
    struct str file; /* the name of an uploaded file; "" for a field */
    bool is_file;
};

struct parse_form {
    struct parse_field *fields;
    size_t n, room;
};

/* Adds the fields of a query or a body of application/x-www-form-urlencoded. RC_INVALID, RC_LIMIT.
 */
MUST_CHECK int parse_urlencoded(struct ctx *cx, struct str text, struct parse_form *form);
/* Those of multipart/form-data (RFC 7578): `type` is the whole Content-Type. Values point into
 * `body`. */
MUST_CHECK int parse_multipart(struct ctx *cx, struct str type, struct str body,
                               struct parse_form *form);

/* The first field of a name, "" for none; and whether there is one. */
struct str parse_get(const struct parse_form *form, const char *name);
bool parse_has(const struct parse_form *form, const char *name);

/* The value of a cookie, "" for none; of several of one name none counts. */
struct str parse_cookie(struct str header, const char *name);

/* The token of an Authorization header whose scheme is Bearer, "" for any other. */
struct str parse_bearer(struct str header);

/* Whether a media type is "type/subtype", whatever follows. */
bool parse_type_is(struct str header, const char *type);

/* Whether JSON is asked for rather than a page: it stands in Accept, and HTML does not or less
 * wanted. */
bool parse_wants_json(struct str accept);

/* Whether a page is asked for by its name: browsers do. */
bool parse_wants_html(struct str accept);

/* Whether Accept-Encoding takes a coding, such as gzip. */
bool parse_takes_coding(struct str header, const char *coding);

/* Whether If-None-Match (a list of entity tags, or *) has the tag, which is given with its quotes;
 * weak ones count the same. */
bool parse_has_tag(struct str header, struct str tag);

#endif
