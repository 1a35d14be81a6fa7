/*
 * The folder of files of a home that is in a database: its keys and evidence, which no database
 * holds. A home that is a folder has them in it.
 *
 * Home and folder know each other by a random number, so that nobody's evidence comes to lie in
 * another home's folder, however the database is named. Without the folder the current records can
 * be read; what is encrypted cannot.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "op/home_parts.h"
#include "standard/yaml.h"
#include "store/ask.h"

#define MARK "files.yaml"
#define MARK_BYTES 4096u
#define ID_BYTES 16u
#define NAME_BYTES 60u /* of what a folder's name has of the URL */
#define FILES "files"  /* the directory's entry */

/* ---- where it is ---- */

/* "postgresql://assay@db/isms" is "assay-db-isms-0c62e9ab": the digits are those of the whole. */
static struct str name_of(struct arena *mem, struct str place)
{
    struct str rest = str_from(place, str_find(place, STR("://"), 0) + 3);
    size_t ask = str_find_char(rest, '?', 0);
    struct buf out = buf_new(mem);

    rest = ask != SIZE_MAX ? str_sub(rest, 0, ask) : rest;
    for (size_t i = 0; i < rest.n && out.n < NAME_BYTES; i++) {
        char c = rest.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (plain)
            buf_char(&out, c);
        else if (out.n > 0 && out.p[out.n - 1] != '-')
            buf_char(&out, '-');
    }
    if (out.n > 0 && out.p[out.n - 1] != '-')
        buf_char(&out, '-');
    buf_add(&out, str_sub(hash_sha256_hex(mem, place), 0, 8));
    return buf_str(&out);
}

static struct str default_folder(struct arena *mem, struct str place)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    struct str name = name_of(mem, place);

    if (data != NULL && data[0] == '/')
        return str_printf(mem, "%s/assay/%.*s", data, STR_ARG(name));
    if (home != NULL && home[0] == '/')
        return str_printf(mem, "%s/.local/share/assay/%.*s", home, STR_ARG(name));
    return STR_NONE;
}

int home_files_place(struct ctx *cx, const struct home_request *request, struct home *home)
{
    struct str named = str_of(request->files != NULL ? request->files : getenv("ASSAY_FILES"));

    home->folder = named.n > 0 ? named : default_folder(cx->mem, home->place);
    if (home->folder.n > 0)
        return 0;
    return fail(cx, RC_INVALID, "files",
                _("Where are the files of %.*s? Name their folder by --files or ASSAY_FILES."),
                STR_ARG(home->place));
}

/* ---- its number, here and there ---- */

static int directory_id(struct ctx *cx, struct home *home, struct str *ret)
{
    return store_text(cx, home->directory, "SELECT value FROM home WHERE name = :name", ret,
                      BIND("name", STR(FILES)));
}

static int directory_set_id(struct ctx *cx, struct home *home, struct str id)
{
    TX(tx, cx, home->directory);
    TRY(store_run(cx, home->directory, "INSERT INTO home (name, value) VALUES (:name, :value)",
                  BIND("name", STR(FILES)), BIND("value", id)));
    return tx_commit(cx, &tx);
}

/* The number in the folder; "" where there is no folder, or none of ours. */
static int folder_id(struct ctx *cx, const struct home *home, struct str *ret)
{
    struct str path = home_path(home, MARK);
    int fd CLEANUP(fd_close) = open(path.p, O_RDONLY | O_CLOEXEC);
    char *bytes = arena_alloc(cx->mem, MARK_BYTES);
    struct value *mark;

    *ret = STR_NONE;
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return 0;
    ssize_t n = fd >= 0 ? read(fd, bytes, MARK_BYTES) : -1;
    if (n < 0)
        return fail(cx, RC_DENIED, path.p, _("%s cannot be read: %s."), path.p,
                    strerrordesc_np(errno));
    TRY(yaml_parse(cx, path.p, (struct str){bytes, (size_t)n}, &mark));
    *ret = value_get_text(mark, "id");
    return 0;
}

/* ---- making it ---- */

/* The folders above it too, as they may be made for the first program that has data. */
static int make_all(struct ctx *cx, struct str path)
{
    char *z = str_z(cx->mem, path);

    for (char *slash = strchr(z + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(z, 0700) != 0 && errno != EEXIST)
            return home_folder_refused(cx, str_of(z));
        *slash = '/';
    }
    return mkdir(z, 0700) == 0 || errno == EEXIST ? 0 : home_folder_refused(cx, path);
}

static int write_mark(struct ctx *cx, const struct home *home, struct str id)
{
    struct str path = home_path(home, MARK);
    struct str text = str_printf(
        cx->mem,
        "# The files of a home of Assay that is in a database: its keys and evidence. Without\n"
        "# keys/ nobody can read the evidence and the history of its records: keep copies.\n"
        "format: 1\nid: \"%.*s\"\nhome: \"%.*s\"\n",
        STR_ARG(id), STR_ARG(home->place));
    int fd CLEANUP(fd_close) = open(path.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n || fsync(fd) != 0)
        return home_folder_refused(cx, path);
    return 0;
}

static int make_folder(struct ctx *cx, const struct home *home, struct str id)
{
    static const char *const below[] = {"orgs", "keys", "run"};

    TRY(make_all(cx, home->folder));
    for (size_t i = 0; i < COUNT_OF(below); i++) {
        struct str path = home_path(home, below[i]);
        if (mkdir(path.p, 0700) != 0 && errno != EEXIST)
            return home_folder_refused(cx, path);
    }
    return write_mark(cx, home, id);
}

static int other_home(struct ctx *cx, const struct home *home)
{
    return fail(cx, RC_CONFLICT, "files",
                _("The folder %.*s has the files of another home than %.*s. Name its own by "
                  "--files or ASSAY_FILES, or a new one for a new home."),
                STR_ARG(home->folder), STR_ARG(home->place));
}

/* Of a home that has none yet: a new one, or one of before it knew. */
static int begin(struct ctx *cx, struct home *home)
{
    unsigned char bytes[ID_BYTES];
    struct str there;

    TRY(folder_id(cx, home, &there));
    if (there.n > 0)
        return other_home(cx, home);
    host_random(cx, bytes, sizeof bytes);
    struct str id = hash_hex(cx->mem, (struct str){(const char *)bytes, sizeof bytes});
    /* First the directory: a folder that is not known is taken by nobody. */
    TRY(directory_set_id(cx, home, id));
    return make_folder(cx, home, id);
}

int home_files_open(struct ctx *cx, struct home *home)
{
    struct str known, there;

    TRY(directory_id(cx, home, &known));
    if (known.n == 0)
        return begin(cx, home);
    TRY(folder_id(cx, home, &there));
    if (there.n > 0 && !str_eq(there, known))
        return other_home(cx, home);
    home->without_files = there.n == 0;
    return 0;
}

/* As a rule it is made with the directory's entry; not where that was interrupted. */
int home_files_create(struct ctx *cx, struct home *home)
{
    struct str known;

    TRY(home_files_open(cx, home));
    if (!home->without_files)
        return 0;
    TRY(directory_id(cx, home, &known));
    home->without_files = false;
    return make_folder(cx, home, known);
}

int home_files_need(struct ctx *cx, const struct home *home)
{
    if (!home->without_files)
        return 0;
    return fail(cx, RC_NOT_FOUND, "files",
                _("The files of %.*s, with its keys and evidence, are not in %.*s. Name their "
                  "folder by --files or ASSAY_FILES, or bring it back from a copy: without its "
                  "keys no record can be read."),
                STR_ARG(home->place), STR_ARG(home->folder));
}
