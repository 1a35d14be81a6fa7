/* A home's folder: made beside its place and renamed, so that it is whole or not there. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "op/home_parts.h"
#include "standard/yaml.h"

#define MARK "assay.yaml"
#define MARK_BYTES 4096u

static enum rc rc_of_errno(void)
{
    switch (errno) {
    case ENOENT:
    case ENOTDIR:
        return RC_NOT_FOUND;
    case EACCES:
    case EPERM:
    case EROFS:
        return RC_DENIED;
    default:
        return RC_FAIL;
    }
}

bool home_is_url(const char *where)
{
    return strncmp(where, "postgresql://", 13) == 0 || strncmp(where, "postgres://", 11) == 0;
}

struct str home_path(const struct home *home, const char *below)
{
    return str_printf(home->cx->mem, "%.*s/%s", STR_ARG(home->folder), below);
}

int home_folder_refused(struct ctx *cx, struct str path)
{
    return fail(cx, rc_of_errno(), path.p, _("%s cannot be made: %s."), path.p,
                strerrordesc_np(errno));
}

int home_folder_make(struct ctx *cx, struct str path, unsigned mode)
{
    return mkdir(path.p, (mode_t)mode) == 0 ? 0 : home_folder_refused(cx, path);
}

/* ---- is something there? ---- */

static void dir_close(DIR **dir)
{
    if (*dir != NULL)
        (void)closedir(*dir);
}

static bool is_empty_folder(const char *path)
{
    DIR *dir CLEANUP(dir_close) = opendir(path);
    size_t n = 0;

    if (dir == NULL)
        return false;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    return n == 0;
}

static bool has_mark(struct arena *mem, struct str folder)
{
    return access(str_printf(mem, "%.*s/" MARK, STR_ARG(folder)).p, F_OK) == 0;
}

static int check_free(struct ctx *cx, const struct home *home)
{
    struct stat st;

    if (lstat(home->where.p, &st) != 0 && errno == ENOENT)
        return 0;
    if (has_mark(cx->mem, home->where))
        return fail(cx, RC_CONFLICT, "home",
                    _("%.*s is a home already. Another organisation goes into it with: assay "
                      "organisations add."),
                    STR_ARG(home->place));
    if (is_empty_folder(home->where.p))
        return 0;
    return fail(cx, RC_CONFLICT, "home",
                _("%.*s is there already and is not empty. Name a folder that is new."),
                STR_ARG(home->place));
}

/* ---- new ones ---- */

static int write_mark(struct ctx *cx, const struct home *home)
{
    static const struct str text =
        STR("# A home of Assay: organisations and their records. Its files are changed by the\n"
            "# program only; a copy of the folder, made while nothing runs, is a backup.\n"
            "format: 1\n");
    struct str path = home_path(home, MARK);
    int fd CLEANUP(fd_close) = open(path.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n || fsync(fd) != 0)
        return fail(cx, rc_of_errno(), path.p, _("%s cannot be written: %s."), path.p,
                    strerrordesc_np(errno));
    return 0;
}

/* "a/b" is to be made as "a/.b.XXXXXX", so that renaming it crosses no file system. */
static char *beside(struct arena *mem, struct str where)
{
    size_t slash = where.n;

    while (slash > 0 && where.p[slash - 1] != '/')
        slash--;
    return str_z(mem, str_printf(mem, "%.*s.%.*s.XXXXXX", STR_ARG(str_sub(where, 0, slash)),
                                 STR_ARG(str_from(where, slash))));
}

int home_folder_new(struct ctx *cx, struct home *home)
{
    static const char *const below[] = {"orgs", "keys", "run"};

    TRY(check_free(cx, home));
    char *name = beside(cx->mem, home->where);
    if (mkdtemp(name) == NULL)
        return fail(cx, rc_of_errno(), home->where.p, _("The folder %.*s cannot be made: %s."),
                    STR_ARG(home->place), strerrordesc_np(errno));
    home->folder = str_of(name);
    home->made = true;
    for (size_t i = 0; i < COUNT_OF(below); i++)
        TRY(home_folder_make(cx, home_path(home, below[i]), 0700));
    return write_mark(cx, home);
}

int home_folder_keep(struct ctx *cx, struct home *home)
{
    if (rename(home->folder.p, home->where.p) != 0) {
        if (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR)
            return fail(cx, RC_CONFLICT, "home", _("%.*s has appeared meanwhile."),
                        STR_ARG(home->place));
        return fail(cx, rc_of_errno(), home->where.p, _("The folder %.*s cannot be made: %s."),
                    STR_ARG(home->place), strerrordesc_np(errno));
    }
    home->folder = home->where;
    home->made = false;
    return 0;
}

static int drop_one(const char *path, UNUSED const struct stat *st, UNUSED int kind,
                    UNUSED struct FTW *at)
{
    (void)remove(path);
    return 0;
}

void home_folder_drop(struct str folder)
{
    (void)nftw(folder.p, drop_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- those that are there ---- */

static int read_mark(struct ctx *cx, const struct home *home, struct str *ret)
{
    struct str path = home_path(home, MARK);
    int fd CLEANUP(fd_close) = open(path.p, O_RDONLY | O_CLOEXEC);

    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return fail(cx, RC_NOT_FOUND, "home",
                    _("%.*s is no home of Assay (it has no file %s). To make one: assay init."),
                    STR_ARG(home->place), MARK);
    char *bytes = arena_alloc(cx->mem, MARK_BYTES);
    ssize_t n = fd >= 0 ? read(fd, bytes, MARK_BYTES) : -1;
    if (n < 0)
        return fail(cx, rc_of_errno(), path.p, _("%s cannot be read: %s."), path.p,
                    strerrordesc_np(errno));
    *ret = (struct str){bytes, (size_t)n};
    return 0;
}

int home_folder_check(struct ctx *cx, const struct home *home)
{
    struct str text;
    struct value *mark;

    TRY(read_mark(cx, home, &text));
    TRY(yaml_parse(cx, home_path(home, MARK).p, text, &mark));
    int64_t format = value_get_int(mark, "format", 0);
    if (format > HOME_FORMAT)
        return fail(cx, RC_CONFLICT, "home",
                    _("The home %.*s was made by a newer Assay (format %lld; this one knows %d). "
                      "Install that version, or name another home."),
                    STR_ARG(home->place), (long long)format, HOME_FORMAT);
    if (format < 1)
        return fail(cx, RC_INVALID, "home", _("%s says no format."), home_path(home, MARK).p);
    return 0;
}
