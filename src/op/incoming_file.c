/* One file: what it is, and its bytes made into cells or a tree in a child process. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/pack.h"
#include "extract/cells.h"
#include "op/incoming.h"
#include "proc/proc.h"
#include "standard/yaml.h"

#define CHILD_BYTES ((size_t)1536 * 1024 * 1024)
#define CHILD_OUTPUT ((size_t)512 * 1024 * 1024)
#define CHILD_SECONDS 120u

static const struct proc_limits limits = {.profile = PROC_PARSER,
                                          .memory = CHILD_BYTES,
                                          .cpu_seconds = CHILD_SECONDS,
                                          .wall_seconds = CHILD_SECONDS,
                                          .output = CHILD_OUTPUT};

struct work {
    struct str name, bytes;
    bool yaml;
};

void incoming_skip(struct incoming *in, struct str place, struct str why)
{
    struct value *item = value_map(in->cx->mem);

    value_set_text(item, "place", place);
    value_set_text(item, "why", why);
    value_push(in->skipped, item);
}

/* ---- bytes ---- */

static int cannot_read(struct ctx *cx, const char *path)
{
    return fail(cx,
                errno == ENOENT   ? RC_NOT_FOUND
                : errno == EACCES ? RC_DENIED
                                  : RC_FAIL,
                path, _("%s cannot be read (%s)."), path, strerrordesc_np(errno));
}

static int read_bytes(struct ctx *cx, const char *path, struct str *ret)
{
    int fd CLEANUP(fd_close) = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    char *bytes;
    size_t n = 0;

    if (fd < 0 || fstat(fd, &st) != 0)
        return cannot_read(cx, path);
    if (!S_ISREG(st.st_mode))
        return fail(cx, RC_INVALID, path, _("%s is neither a file nor a folder."), path);
    if ((uint64_t)st.st_size > INCOMING_BYTES)
        return fail(cx, RC_LIMIT, path, _("%s is larger than %zu MB."), path,
                    INCOMING_BYTES / 1024 / 1024);
    bytes = arena_alloc(cx->mem, (size_t)st.st_size + 1);
    while (n < (size_t)st.st_size) {
        ssize_t got = read(fd, bytes + n, (size_t)st.st_size - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return cannot_read(cx, path);
        if (got == 0)
            break;
        n += (size_t)got;
    }
    *ret = (struct str){bytes, n};
    return 0;
}

/* ---- in the child ---- */

static int cells_work(struct ctx *cx, void *arg, struct buf *out)
{
    const struct work *work = arg;
    struct value *tree;

    TRY(cells_read(cx, work->name, work->bytes, &tree));
    value_pack(out, tree);
    return 0;
}

static int tree_work(struct ctx *cx, void *arg, struct buf *out)
{
    const struct work *work = arg;
    const char *name = str_z(cx->mem, work->name);
    struct value *tree;

    TRY(work->yaml ? yaml_parse(cx, name, work->bytes, &tree)
                   : json_parse(cx, name, work->bytes, &tree));
    value_pack(out, tree);
    return 0;
}

static int in_child(struct incoming *in, proc_work *run, struct work *work, struct value **ret)
{
    struct str output;

    TRY(proc_call(in->cx, &limits, run, work, &output));
    return value_unpack(in->cx, output, ret);
}

/* ---- what it is ---- */

static struct str base_name(struct str path)
{
    size_t at = path.n;

    while (at > 0 && path.p[at - 1] != '/')
        at--;
    return str_from(path, at);
}

static bool is_tree(struct str name, struct str bytes, bool *ret_yaml)
{
    struct str head = str_trim(str_sub(bytes, 0, 4096));

    *ret_yaml = str_ends_nocase(name, ".yaml") || str_ends_nocase(name, ".yml");
    return *ret_yaml || str_ends_nocase(name, ".json") ||
           (head.n > 0 && (head.p[0] == '{' || head.p[0] == '[') &&
            !str_ends_nocase(name, ".csv") && !str_ends_nocase(name, ".md"));
}

static int take_tree(struct incoming *in, struct work *work)
{
    struct value *tree;
    bool taken;

    TRY(in_child(in, tree_work, work, &tree));
    TRY(incoming_framework(in, work->name, tree, &taken));
    return taken ? 0 : incoming_data(in, work->name, tree);
}

static int sheets_of(struct incoming *in, const char *path, struct work *work, struct value **ret)
{
    struct value *sheets;
    int rc = in_child(in, cells_work, work, &sheets);

    *ret = rc == 0 ? sheets : NULL;
    return rc == 0 || rc == RC_NOT_FOUND || rc == RC_INVALID ? 0
                                                             : fail_while(in->cx, rc, "%s", path);
}

/* The first cell of a CSV for which `is`; false where there is none. */
static bool find_cell(struct incoming *in, const struct work *work, const struct value *sheets,
                      bool is(struct str cell), struct str *ret_place)
{
    const struct value *rows = value_get(value_at(sheets, 0), "rows");

    for (size_t r = 0; r < value_count(rows); r++)
        for (size_t i = 2; i < value_count(value_at(rows, r)); i += 2) {
            struct plan_place at = {.file = work->name,
                                    .row =
                                        (uint32_t)value_as_int(value_at(value_at(rows, r), 0), 0)};
            if (!is(value_as_text(value_at(value_at(rows, r), i))))
                continue;
            *ret_place = plan_place_text(in->cx->mem, &at);
            return true;
        }
    return false;
}

static bool is_unreadable(struct str cell)
{
    return str_find(cell, STR("\xef\xbf\xbd"), 0) != SIZE_MAX;
}

static bool has_control(struct str cell)
{
    for (size_t i = 0; i < cell.n; i++)
        if ((unsigned char)cell.p[i] < ' ' && cell.p[i] != '\t' && cell.p[i] != '\n')
            return true;
    return false;
}

static void tell_unreadable(struct incoming *in, const struct work *work,
                            const struct value *sheets)
{
    struct str place;

    if (!str_starts(work->bytes, STR("PK")) && !utf8_valid(work->bytes) &&
        find_cell(in, work, sheets, is_unreadable, &place))
        incoming_skip(in, place,
                      str_of(_("It has characters of another encoding than the rest, which cannot "
                               "be read: save the file as UTF-8.")));
}

int incoming_sheets(struct incoming *in, const char *path, struct value **ret)
{
    struct work work = {.name = base_name(str_of(path))};

    *ret = NULL;
    TRY(read_bytes(in->cx, path, &work.bytes));
    return sheets_of(in, path, &work, ret);
}

/* As the judging understands it; what keeps that from taking it for a text is said. */
static int recognise(struct incoming *in, const char *path, const struct work *work,
                     const struct value *sheets)
{
    int rc = incoming_folder(in, path, false);
    struct str place;

    if (rc != RC_INVALID || str_starts(work->bytes, STR("PK")) ||
        !find_cell(in, work, sheets, has_control, &place))
        return rc;
    return fail(in->cx, RC_INVALID, path,
                _("%.*s: a cell holds a control character, which no text has. Take it out, and "
                  "save the file again."),
                STR_ARG(place));
}

/* A table with our own headings is taken as it is; any other as the judging understands it. */
static int take_table(struct incoming *in, const char *path, struct work *work)
{
    struct value *sheets;
    bool taken = false;

    TRY(sheets_of(in, path, work, &sheets));
    tell_unreadable(in, work, sheets);
    if (sheets != NULL)
        TRY(incoming_cells(in, work->name, sheets, &taken));
    return taken ? 0 : recognise(in, path, work, sheets);
}

int incoming_file(struct incoming *in, const char *path)
{
    struct work work = {.name = base_name(str_of(path))};
    struct stat st;

    if (stat(path, &st) != 0)
        return cannot_read(in->cx, path);
    if (S_ISDIR(st.st_mode))
        return incoming_folder(in, path, true);
    TRY(read_bytes(in->cx, path, &work.bytes));
    if (is_tree(work.name, work.bytes, &work.yaml))
        return take_tree(in, &work);
    return take_table(in, path, &work);
}
