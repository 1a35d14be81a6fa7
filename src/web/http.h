/*
 * One request and its answer, as handlers see them. The request is bounded and parsed as far as
 * handlers need it; both live in the memory of the exchange, which the server frees once the answer
 * is sent.
 */
#ifndef ASSAY_WEB_HTTP_H
#define ASSAY_WEB_HTTP_H

#include "base/base.h"

enum web_method { WEB_GET, WEB_HEAD, WEB_POST, WEB_PUT, WEB_DELETE, WEB_OTHER };

#define WEB_URI_BYTES 4096u
#define WEB_HEADER_BYTES 16384u /* all of a request's */

struct web_request {
    enum web_method method;
    struct str path, query; /* as sent: still percent-encoded */
    struct str cookie, accept, coding, type, if_none_match;
    struct str host, origin, fetch_site, token, agent; /* "" where not sent */
    struct str authorization;
    struct str address; /* of the client */
    struct str body;
    bool tls;    /* it came, or was said by a proxy that is trusted, under TLS */
    char id[17]; /* of this request, for the log and for error pages */
};

struct web_header {
    const char *name;
    struct str value;
};

#define WEB_HEADERS 24u

struct web_response {
    unsigned status;
    const char *type; /* of the body */
    struct str body;
    int file; /* sent in the place of `body` where has_file; the server closes it */
    bool has_file;
    uint64_t file_bytes;
    struct web_header headers[WEB_HEADERS];
    size_t header_n;
    struct str note; /* for the log alone: what went wrong within */
    struct str who;  /* for the log: the account */
};

/* Adds a header; its value must have no line break, else it is left out. The second takes the place
 * of one that is there. */
void web_header(struct web_response *response, const char *name, struct str value);
void web_header_instead(struct web_response *response, const char *name, struct str value);

/* A file without a name in a folder, to write and read; -1 with errno. */
int web_scratch(const char *folder);

const char *web_method_name(enum web_method method);

#endif
