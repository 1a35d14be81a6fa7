#include "web/http.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

void web_header(struct web_response *response, const char *name, struct str value)
{
    for (size_t i = 0; i < value.n; i++)
        if ((unsigned char)value.p[i] < 0x20 || value.p[i] == 0x7f)
            return;
    if (response->header_n < WEB_HEADERS)
        response->headers[response->header_n++] = (struct web_header){name, value};
}

void web_header_instead(struct web_response *response, const char *name, struct str value)
{
    size_t n = 0;

    for (size_t i = 0; i < response->header_n; i++)
        if (strcmp(response->headers[i].name, name) != 0)
            response->headers[n++] = response->headers[i];
    response->header_n = n;
    web_header(response, name, value);
}

/* Some file systems know only files that have had a name. */
int web_scratch(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    char path[4096];

    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return fd;
    (void)snprintf(path, sizeof path, "%s/.scratch-XXXXXX", folder);
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        (void)unlink(path);
    return fd;
}

const char *web_method_name(enum web_method method)
{
    static const char *const names[] = {
        [WEB_GET] = "GET", [WEB_HEAD] = "HEAD",     [WEB_POST] = "POST",
        [WEB_PUT] = "PUT", [WEB_DELETE] = "DELETE", [WEB_OTHER] = "-"};

    return names[method];
}
