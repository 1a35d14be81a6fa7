/* The files of a command over a server: what its arguments name goes there, what it made comes
 * back. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/remote_parts.h"
#include "op/target.h"
#include "web/parse.h"

#define FILES_MOST 1900u /* of one call; forms have 2,000 fields */
#define DEPTH 32u

/* ---- there ---- */

static int add_part(struct remote_call *call, struct remote_form *form, const char *path,
                    struct value *there)
{
    struct str name = str_printf(call->cx->mem, "f%zu", call->part_n);

    if (call->part_n++ == FILES_MOST)
        return fail(call->cx, RC_LIMIT, path, _("Over a server at most %u files are sent at once."),
                    FILES_MOST);
    value_set_text(there, "part", name);
    return remote_form_file(form, name, path);
}

/* A pipe is read to its end first, since it has to be known how much it is. The file has no name,
 * and stays open until the program ends. */
static int copy_stream(struct remote_call *call, int from, const char **ret)
{
    FILE *file = tmpfile();
    char bytes[65536];
    ssize_t n = file != NULL ? 1 : -1;

    while (n > 0) {
        n = read(from, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR)
            n = 1;
        else if (n > 0 && fwrite(bytes, 1, (size_t)n, file) != (size_t)n)
            n = -1;
    }
    if (n < 0 || fflush(file) != 0)
        return fail(call->cx, RC_FAIL, NULL, _("What is sent cannot be kept: %s."),
                    strerrordesc_np(errno));
    *ret = str_z(call->cx->mem, str_printf(call->cx->mem, "/proc/self/fd/%d", fileno(file)));
    return 0;
}

static int send_opened(struct remote_call *call, struct remote_form *form, int fd, const char *path,
                       struct value *there)
{
    struct stat st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || lseek(fd, 0, SEEK_CUR) != 0 ||
        strcmp(path, "-") == 0)
        TRY(copy_stream(call, fd, &path));
    return add_part(call, form, path, there);
}

/* FIELD=@PATH. One that cannot be read is sent as that: the operation may have more to say. */
static int send_field(struct remote_call *call, struct remote_form *form, struct str word)
{
    size_t at = str_find(word, STR("=@"), 0);
    struct value *there = value_map(call->cx->mem);
    int fd CLEANUP(fd_close) = -1;

    if (at == SIZE_MAX || at != str_find_char(word, '=', 0) || at + 2 > word.n ||
        (word.n > at + 2 && word.p[at + 2] == '@'))
        return 0;
    const char *path = str_z(call->cx->mem, str_from(word, at + 2));

    if (value_get(call->files, path) != NULL)
        return 0;
    value_set(call->files, path, there);
    if (call->face->open(call->face->open_arg, call->cx, str_of(path), &fd) < 0) {
        value_set_text(there, "why", call->cx->err.text);
        call->cx->err = (struct err){.rc = RC_OK};
        return 0;
    }
    return send_opened(call, form, fd, path, there);
}

static int send_folder(struct remote_call *call, struct remote_form *form, const char *path,
                       struct str below, unsigned depth, struct value *list);

static int send_entry(struct remote_call *call, struct remote_form *form, const char *folder,
                      struct str below, const char *name, unsigned depth, struct value *list)
{
    struct arena *mem = call->cx->mem;
    const char *path = str_z(mem, str_printf(mem, "%s/%s", folder, name));
    struct str in = str_printf(mem, "%.*s%s%s", STR_ARG(below), below.n > 0 ? "/" : "", name);
    struct value *one = value_map(mem);
    struct stat st;

    if (lstat(path, &st) != 0)
        return 0;
    if (S_ISDIR(st.st_mode) && depth < DEPTH)
        return send_folder(call, form, path, in, depth + 1, list);
    if (!S_ISREG(st.st_mode))
        return 0;
    if (!utf8_valid(in))
        return fail(call->cx, RC_INVALID, path,
                    _("Over a server the names of files are UTF-8; that of one in %s is not."),
                    folder);
    value_set_text(one, "name", in);
    value_push(list, one);
    return add_part(call, form, path, one);
}

static int send_folder(struct remote_call *call, struct remote_form *form, const char *path,
                       struct str below, unsigned depth, struct value *list)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    int rc = 0;

    if (dir == NULL)
        return fail(call->cx, RC_NOT_FOUND, path, _("%s cannot be read: %s."), path,
                    strerrordesc_np(errno));
    while (rc == 0 && (entry = readdir(dir)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            rc = send_entry(call, form, path, below, entry->d_name, depth, list);
    (void)closedir(dir);
    return rc;
}

/* A file or folder that the operation reads. One that is not there is not there for it either. */
static int send_path(struct remote_call *call, struct remote_form *form, struct str text)
{
    const char *path = str_z(call->cx->mem, text);
    struct value *there = value_map(call->cx->mem), *list;
    int fd CLEANUP(fd_close) = -1;
    struct stat st;

    if (value_get(call->files, path) != NULL || stat(path, &st) != 0)
        return 0;
    value_set(call->files, path, there);
    if (S_ISDIR(st.st_mode)) {
        list = value_list(call->cx->mem);
        value_set(there, "folder", list);
        return send_folder(call, form, path, STR_NONE, 0, list);
    }
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(call->cx, RC_NOT_FOUND, path, _("%s cannot be read: %s."), path,
                    strerrordesc_np(errno));
    return send_opened(call, form, fd, path, there);
}

/* Where it cannot be written nothing is begun. */
static int send_output(struct remote_call *call, struct str text)
{
    const char *path = str_z(call->cx->mem, text);
    struct target t CLEANUP(target_end) = {.fd = -1};
    struct value *there = value_map(call->cx->mem);
    struct stat st;
    bool is = stat(path, &st) == 0;

    value_set_text(there, "is",
                   !is                   ? STR("nothing")
                   : S_ISDIR(st.st_mode) ? STR("folder")
                                         : STR("file"));
    value_set(call->files, path, there);
    return is || str_is(text, "-") ? 0 : target_open(call->cx, text, &t);
}

static int send_text(struct remote_call *call, struct remote_form *form, const struct op_arg *arg,
                     struct str text)
{
    switch (arg->type) {
    case OP_FIELDS:
        return send_field(call, form, text);
    case OP_FILE:
        return send_path(call, form, text);
    case OP_OUTPUT:
        return send_output(call, text);
    default:
        return 0;
    }
}

int remote_files_send(struct remote_call *call, struct remote_form *form)
{
    call->files = value_map(call->cx->mem);
    for (const struct op_arg *arg = call->op->args; arg->name != NULL; arg++) {
        const struct value *v = value_get(call->args, arg->name);
        if (value_type(v) == VALUE_TEXT)
            TRY(send_text(call, form, arg, value_as_text(v)));
        for (size_t i = 0; value_type(v) == VALUE_LIST && i < value_count(v); i++)
            TRY(send_text(call, form, arg, value_as_text(value_at(v, i))));
    }
    return 0;
}

/* ---- back ---- */

static struct str output_of(const struct remote_call *call)
{
    struct str found = STR_NONE;

    for (const struct op_arg *arg = call->op->args; arg->name != NULL; arg++)
        if (arg->type == OP_OUTPUT && value_get_text(call->args, arg->name).n > 0)
            found = value_get_text(call->args, arg->name);
    return found;
}

/* A name for one file, which neither leads elsewhere nor steers a terminal. */
static bool is_name(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] == '/' || (unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f)
            return false;
    return name.n > 0 && name.n < 256 && !str_is(name, ".") && !str_is(name, "..");
}

/* "OUTPUT" is what the command named, "OUTPUT/NAME" lies in it; else it has no other place than
 * here. */
static int place_of(struct remote_call *call, struct str name, struct str *ret)
{
    struct str output = output_of(call);
    size_t slash = str_find_char(name, '/', 0);
    struct str last = slash != SIZE_MAX ? str_from(name, slash + 1) : name;

    if (!is_name(last))
        return fail(call->cx, RC_FAIL, "server",
                    _("The server gives a file a name that is none: \"%.*s\"."), STR_ARG(name));
    *ret = output.n == 0 ? last
           : slash == SIZE_MAX
               ? output
               : str_printf(call->cx->mem, "%.*s/%.*s", STR_ARG(output), STR_ARG(last));
    if (output.n > 0 && slash != SIZE_MAX && mkdir(str_z(call->cx->mem, output), 0700) != 0 &&
        errno != EEXIST)
        return target_refused(call->cx, str_z(call->cx->mem, output));
    return 0;
}

static int take_one(struct remote_call *call, struct str job, struct str name)
{
    struct target t CLEANUP(target_end) = {.fd = -1};
    struct arena *mem = call->cx->mem;
    struct str place;
    struct stat st;
    bool never_over = strcmp(call->op->name, "fetch") == 0;

    TRY(place_of(call, name, &place));
    if (never_over && lstat(str_z(mem, place), &st) == 0)
        return fail(call->cx, RC_CONFLICT, "output",
                    _("%.*s is there already, and nothing is written over. Name another: "
                      "--output."),
                    STR_ARG(place));
    TRY(target_open(call->cx, place, &t));
    TRY(remote_take(call->link,
                    str_printf(mem, "%.*s/jobs/%.*s/file?name=%.*s", STR_ARG(call->base),
                               STR_ARG(job), STR_ARG(parse_escape(mem, name))),
                    t.fd));
    return never_over ? target_keep_new(call->cx, &t) : target_keep(call->cx, &t);
}

int remote_files_take(struct remote_call *call, struct str job, const struct value *names)
{
    bool any = false;

    for (const struct op_arg *arg = call->op->args; arg->name != NULL; arg++)
        any = any || arg->type == OP_OUTPUT;
    for (size_t i = 0; any && i < value_count(names); i++)
        TRY(take_one(call, job, value_as_text(value_at(names, i))));
    return 0;
}
