/*
 * Archives (ZIP) whose members are documents of their own: which there are, and the bytes of one.
 * Names of members are shown to people and never opened as paths.
 */
#include "extract/internal.h"
#include "extract/zip.h"

#define NAME_BYTES ((size_t)1024)

/* A name as people read it: UTF-8, slashes, no way out of the archive, nothing that moves a
 * cursor. */
static struct str shown_name(struct ctx *cx, struct str raw)
{
    struct str text = text_decode(cx, str_sub(raw, 0, NAME_BYTES)), part;
    struct buf out = buf_new(cx->mem);
    struct buf clean = buf_new(cx->mem);

    for (size_t at = 0; at < text.n;) {
        uint32_t c = utf8_next(text, &at);
        buf_code(&clean, c == '\\' ? '/' : c < 0x20 || c == 0x7f ? UTF8_BAD : c);
    }
    text = buf_str(&clean);
    while (str_split(&text, '/', &part)) {
        if (part.n == 0 || str_is(part, ".") || str_is(part, ".."))
            continue;
        if (out.n > 0)
            buf_char(&out, '/');
        buf_add(&out, part);
    }
    return buf_str(&out);
}

/* "a/b.md" as "a/b (2).md". */
static struct str numbered_name(struct ctx *cx, struct str name, unsigned number)
{
    size_t dot = name.n, slash = 0;

    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '/')
            slash = i + 1, dot = name.n;
        else if (name.p[i] == '.' && i > slash)
            dot = i;
    }
    return str_printf(cx->mem, "%.*s (%u)%.*s", (int)dot, name.p, number,
                      STR_ARG(str_from(name, dot)));
}

static struct str why_not(const struct member *member)
{
    switch (member_state(member)) {
    case MEMBER_LINK:
        return str_of(_("It points to another place; links are not followed."));
    case MEMBER_LOCKED:
        return str_of(_("It is protected by a password: save it without one."));
    case MEMBER_FILE:
    case MEMBER_FOLDER:
        break;
    }
    return member_size(member) > EXTRACT_FILE_BYTES
               ? str_of(_("It is larger than the files that are read."))
               : STR_NONE;
}

int archive_list(struct flow *flow, const struct container *container)
{
    struct ctx *cx = flow->cx;
    struct dict *names = dict_new(cx->mem);
    unsigned files = 0;

    for (size_t i = 0; i < container_count(container); i++) {
        const struct member *member = container_at(container, i);
        struct str name = shown_name(cx, member_raw_name(member));
        if (member_state(member) == MEMBER_FOLDER)
            continue;
        if (++files > EXTRACT_MEMBERS) {
            flow_note(flow, _("the files after the first %u in it were left out"), EXTRACT_MEMBERS);
            break;
        }
        if (name.n == 0)
            name = str_printf(cx->mem, _("file %u"), files);
        uintptr_t times = (uintptr_t)dict_get(names, name) + 1;
        dict_set(names, name, (const void *)times);
        if (times > 1)
            name = numbered_name(cx, name, (unsigned)times);
        flow_member(flow, name, member_size(member), (uint32_t)i, why_not(member));
        TRY(ctx_check(cx));
    }
    if (files == 0)
        return fail(cx, RC_NOT_FOUND, NULL, "%s", _("The archive is empty."));
    return 0;
}

int archive_member(struct ctx *cx, struct str bytes, uint32_t at, struct str *ret)
{
    CLEANUP(container_closep) struct container *container = NULL;

    TRY(container_open(cx, bytes, &container));
    if (at >= container_count(container))
        return fail(cx, RC_NOT_FOUND, NULL, "%s", _("It has no such part."));
    return container_read(cx, container, container_at(container, at), EXTRACT_FILE_BYTES, ret);
}
