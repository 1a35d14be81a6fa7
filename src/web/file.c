/* Files of records, out of the vault. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "op/call.h"
#include "register/record_file.h"
#include "web/handlers.h"
#include "web/spool.h"
#include "web/view.h"

/* The value of the field that the path names, of a record that the person may see. */
static int find_file(struct visit *visit, const struct value **ret)
{
    struct ctx *cx = visit->cx;
    struct str as_of = parse_get(&visit->query, "as-of"), id = visit_param(visit, "field");
    struct value *args = value_map(cx->mem), *shown;
    const struct register_field *field;
    const struct register_def *def;

    TRY(view_register(visit, &def));
    TRY(call_find_field(cx, def, id, &field));
    value_set_text(args, "register", def->id);
    value_set_text(args, "record", visit_param(visit, "record"));
    if (as_of.n > 0)
        value_set_text(args, "as-of", as_of);
    TRY(visit_op(visit, "show", args, &shown));
    *ret = value_get(value_get(shown, "fields"), str_z(cx->mem, field->id));
    if (field->type == REGISTER_FILE && value_get_text(*ret, "object").n > 0)
        return 0;
    return fail(cx, RC_NOT_FOUND, "field", _("%.*s has no such file."),
                STR_ARG(value_get_text(shown, "ref")));
}

static int write_piece(void *arg, struct ctx *cx, struct str piece)
{
    int fd = *(const int *)arg;

    while (piece.n > 0) {
        ssize_t n = write(fd, piece.p, piece.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(cx, RC_FAIL, NULL, _("The file cannot be kept: %s."),
                        strerrordesc_np(errno));
        piece = str_from(piece, (size_t)n);
    }
    return 0;
}

/* Its name for all browsers, and as it is for those that take any (RFC 6266). */
static struct str disposition_of(struct arena *mem, struct str name)
{
    struct buf plain = buf_new(mem);

    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        buf_char(&plain,
                 c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '%' ? '_' : (char)c);
    }
    return str_printf(mem, "attachment; filename=\"%.*s\"; filename*=UTF-8''%.*s",
                      STR_ARG(buf_str(&plain)), STR_ARG(parse_escape(mem, name)));
}

/* "text/plain", and nothing that would steer a header. */
static const char *type_of(struct arena *mem, struct str type)
{
    for (size_t i = 0; i < type.n; i++) {
        char c = type.p[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '.' ||
                    c == '-' || c == '+';
        if (!fits)
            return "application/octet-stream";
    }
    return type.n > 0 ? str_z(mem, type) : "application/octet-stream";
}

/*
 * It is decrypted as a whole, into a file that has no name, before the first byte is sent: one that
 * was changed is sent to nobody. What people uploaded never acts as a page of ours: browsers save
 * it, and where one shows it, it is in a sandbox.
 */
int file_show(struct visit *visit, struct value **ret)
{
    struct ctx *cx = visit->cx;
    struct web_response *response = visit->response;
    const struct value *file;
    struct vault *vault;
    int fd;

    TRY(find_file(visit, &file));
    TRY(home_vault(cx, visit->org, &vault));
    TRY(spool_scratch(visit, &fd));
    int rc = record_file_read(cx, &visit->org->records, vault, file, write_piece, &fd, NULL);

    if (rc < 0) {
        (void)close(fd);
        return rc;
    }
    response->file = fd;
    response->has_file = true;
    response->file_bytes = (uint64_t)value_get_int(file, "bytes", 0);
    visit->raw_type = type_of(cx->mem, value_get_text(file, "type"));
    web_header(response, "Content-Disposition",
               disposition_of(cx->mem, value_get_text(file, "name")));
    web_header_instead(response, "Content-Security-Policy",
                       STR("default-src 'none'; sandbox; frame-ancestors 'none'"));
    web_header(response, "Cache-Control", STR("private, no-store"));
    *ret = NULL;
    return 0;
}
