/*
 * Heads that two programs could take for different things: whoever stands before this server, or
 * behind, must not see another request in the same bytes (request smuggling).
 *
 * The library is lenient, and hides it: it ends a line at a bare LF, and gives a line that goes on
 * in the next one a name that nobody sent. But what it gives lies where it was received, one behind
 * the other; so a head that is written as it has to be is one in which each part begins exactly
 * where the one before has ended. From its version 1 on the library refuses such heads by itself.
 */
#include <microhttpd.h>
#include <string.h>

#include "web/server_parts.h"

struct walk {
    uintptr_t at; /* where the next part has to begin */
    unsigned encodings;
    bool plain, chunked;
};

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_name(const char *name, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_name_char(name[i]))
            return false;
    return n > 0;
}

static bool is_value(const char *value, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)value[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static enum MHD_Result walk_line(void *arg, UNUSED enum MHD_ValueKind kind, const char *name,
                                 size_t name_n, const char *value, size_t value_n)
{
    struct walk *walk = arg;
    uintptr_t begins = (uintptr_t)name, says = (uintptr_t)value;

    if (value == NULL || !is_name(name, name_n) || !is_value(value, value_n)) {
        walk->plain = false;
        return MHD_NO;
    }
    /* A colon, and blanks at will. */
    walk->plain = walk->plain && begins == walk->at && says > begins + name_n;
    walk->at = says + value_n + 2;
    if (str_is_nocase((struct str){name, name_n}, "Transfer-Encoding")) {
        walk->encodings++;
        walk->chunked = str_is_nocase((struct str){value, value_n}, "chunked");
    }
    return MHD_YES;
}

bool head_is_plain(struct MHD_Connection *connection, const char *method, uintptr_t uri,
                   size_t uri_n, const char *version)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    uintptr_t first = (uintptr_t)method, last = (uintptr_t)version;
    struct walk walk = {.at = last + strlen(version) + 2,
                        .plain = first + strlen(method) + 1 == uri && uri + uri_n + 1 == last};

    (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, walk_line, &walk);
    walk.plain = walk.plain && info != NULL && walk.at + 2 == first + info->header_size;
    if (walk.encodings > 1 || (walk.encodings == 1 && !walk.chunked) ||
        (walk.encodings > 0 && strcmp(version, MHD_HTTP_VERSION_1_0) == 0))
        return false;
    return walk.plain || MHD_get_version()[0] != '0';
}
