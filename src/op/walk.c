#include "op/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* Folders of tools, which hold nothing that a company wrote. */
static const char *const tool_folders[] = {".git",         ".svn",     ".hg",
                                           "node_modules", "__MACOSX", ".obsidian",
                                           ".idea",        ".vscode",  "$RECYCLE.BIN"};
static const char *const tool_files[] = {".DS_Store",    "Thumbs.db",      "desktop.ini",
                                         ".gitignore",   ".gitattributes", ".gitkeep",
                                         ".editorconfig"};

static const struct {
    const char *tail;
    const char *what;
} pointers[] = {{".gdoc", "Google document"},
                {".gsheet", "Google sheet"},
                {".gslides", "Google presentation"},
                {".gform", "Google form"},
                {".gdraw", "Google drawing"},
                {".url", "link"},
                {".webloc", "link"},
                {".lnk", "link"},
                {".desktop", "link"}};

static bool is_one_of(struct str name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(name, list[i]))
            return true;
    return false;
}

/* What a name alone tells: files that are no documents themselves. */
static void judge_name(struct walk_file *file, struct str name)
{
    for (size_t i = 0; i < COUNT_OF(pointers); i++) {
        if (!str_ends_nocase(name, pointers[i].tail))
            continue;
        file->what = str_of(pointers[i].what);
        file->why = str_of(_("It only points to a document that lies elsewhere; its text is not in "
                             "this folder."));
        file->advice = str_of(_("Download the document itself (as DOCX, XLSX or Markdown) into the "
                                "folder."));
        return;
    }
    if (str_starts(name, STR("~$")) || str_starts(name, STR(".~lock."))) {
        file->what = str_of(_("lock file"));
        file->why = str_of(_("An office program keeps it while the document is open."));
        file->advice = str_of(_("Nothing to do."));
    } else if (str_ends_nocase(name, ".tmp") || str_ends_nocase(name, ".bak") ||
               str_ends(name, STR("~")) || str_ends_nocase(name, ".part") ||
               str_ends_nocase(name, ".crdownload")) {
        file->what = str_of(_("temporary file"));
        file->why = str_of(_("A program left it behind or has not finished it."));
        file->advice = str_of(_("Delete it, or give it its proper name if it is a document."));
    }
}

static void judge_type(struct walk_file *file, const struct stat *st)
{
    if (S_ISREG(st->st_mode))
        return;
    file->what = S_ISLNK(st->st_mode) ? str_of(_("symbolic link")) : str_of(_("special file"));
    file->why = S_ISLNK(st->st_mode)
                    ? str_of(_("It points to another place; links are not followed."))
                    : str_of(_("It is a device, pipe or socket and holds no document."));
    file->advice =
        S_ISLNK(st->st_mode)
            ? str_of(_("Put the document itself into the folder, or name its folder as well."))
            : str_of(_("Nothing to do."));
}

/* Names may be any bytes; what people read is UTF-8. */
static struct str readable(struct arena *mem, struct str s)
{
    struct buf out = buf_new(mem);

    for (size_t at = 0; at < s.n;) {
        uint32_t c = utf8_next(s, &at);
        buf_code(&out, c < 0x20 || c == 0x7f ? UTF8_BAD : c);
    }
    return buf_str(&out);
}

struct walker {
    struct ctx *cx;
    struct walk *walk;
};

static int visit_folder(struct walker *w, const char *open, struct str path, unsigned depth);

static int add_file(struct walker *w, const char *open, struct str path, struct str name,
                    const struct stat *st)
{
    struct walk_file *file;

    if (w->walk->n == WALK_FILES)
        return fail(w->cx, RC_LIMIT, path.p, _("The folder holds more than %u files."), WALK_FILES);
    file = ARENA_PUSH(w->cx->mem, w->walk->files, w->walk->n, w->walk->room);
    *file = (struct walk_file){
        .path = readable(w->cx->mem, path), .open = open, .bytes = (uint64_t)st->st_size};
    judge_type(file, st);
    if (file->what.n == 0)
        judge_name(file, name);
    return 0;
}

static void add_unreadable(struct walker *w, const char *open, struct str path, int error)
{
    struct walk_file *file = ARENA_PUSH(w->cx->mem, w->walk->files, w->walk->n, w->walk->room);

    *file = (struct walk_file){
        .path = readable(w->cx->mem, path),
        .open = open,
        .what = str_of(_("unreadable")),
        .why = str_printf(w->cx->mem, _("The system does not let it be read (%s)."),
                          strerrordesc_np(error)),
        .advice = str_of(_("Give yourself the right to read it, and run again."))};
}

static int visit(struct walker *w, const char *open, struct str path, struct str name,
                 unsigned depth)
{
    struct stat st;

    if (lstat(open, &st) != 0) {
        add_unreadable(w, open, path, errno);
        return 0;
    }
    if (!S_ISDIR(st.st_mode))
        return is_one_of(name, tool_files, COUNT_OF(tool_files))
                   ? 0
                   : add_file(w, open, path, name, &st);
    if (is_one_of(name, tool_folders, COUNT_OF(tool_folders)))
        return 0;
    if (depth == WALK_DEPTH)
        return fail(w->cx, RC_LIMIT, path.p, _("Folders are nested more than %u deep."),
                    WALK_DEPTH);
    return visit_folder(w, open, path, depth + 1);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_names(struct walker *w, DIR *dir, char ***ret, size_t *ret_n)
{
    char **names = NULL;
    size_t n = 0, room = 0;

    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        struct str name = str_of(entry->d_name);
        if (str_is(name, ".") || str_is(name, ".."))
            continue;
        if (n == WALK_FILES)
            return fail(w->cx, RC_LIMIT, NULL, _("The folder holds more than %u files."),
                        WALK_FILES);
        *ARENA_PUSH(w->cx->mem, names, n, room) = str_z(w->cx->mem, name);
    }
    if (n > 1)
        qsort(names, n, sizeof *names, by_name);
    *ret = names;
    *ret_n = n;
    return 0;
}

static void dir_close(DIR **dir)
{
    if (*dir != NULL)
        (void)closedir(*dir);
}

static int visit_folder(struct walker *w, const char *open, struct str path, unsigned depth)
{
    DIR *dir CLEANUP(dir_close) = opendir(open);
    char **names = NULL;
    size_t n = 0;

    if (dir == NULL) {
        add_unreadable(w, open, path, errno);
        return 0;
    }
    TRY(list_names(w, dir, &names, &n));
    for (size_t i = 0; i < n; i++) {
        struct str name = str_of(names[i]);
        struct str below =
            path.n > 0 ? str_printf(w->cx->mem, "%.*s/%s", STR_ARG(path), names[i]) : name;
        struct str full = str_printf(w->cx->mem, "%s/%s", open, names[i]);
        TRY(visit(w, full.p, below, name, depth));
    }
    return 0;
}

/* ---- tables that an export has twice ---- */

#define EXPORT_TAIL "_all.csv"
#define EXPORT_DIGITS 32u

/* Whether `path` without its ending is a name with the number that Notion gives to what it exports.
 */
static bool has_export_number(struct str path)
{
    if (path.n <= EXPORT_DIGITS)
        return false;
    for (size_t i = path.n - EXPORT_DIGITS; i < path.n; i++)
        if (strchr("0123456789abcdef", path.p[i]) == NULL || path.p[i] == '\0')
            return false;
    return true;
}

/* A database comes as "Risks 0f..3e.csv", the view that is open, and as "Risks 0f..3e_all.csv": the
 * fuller one counts. */
static void judge_exports(struct ctx *cx, struct walk_file *files, size_t n)
{
    struct dict *whole = dict_new(cx->mem);

    for (size_t i = 0; i < n; i++) {
        struct str path = files[i].path;
        struct str bare = str_sub(path, 0, path.n - (sizeof EXPORT_TAIL - 1));
        if (str_ends(path, STR(EXPORT_TAIL)) && has_export_number(bare) && files[i].what.n == 0)
            dict_set(whole, bare, &files[i]);
    }
    for (size_t i = 0; i < n; i++) {
        struct str path = files[i].path;
        struct walk_file *view = &files[i];
        if (!str_ends(path, STR(".csv")))
            continue;
        const struct walk_file *all = dict_get(whole, str_sub(path, 0, path.n - 4));
        if (all == NULL)
            continue;
        if (all->bytes < view->bytes)
            view = &files[all - files];
        view->what = str_of(_("export copy"));
        view->why = str_printf(
            cx->mem, _("The same table is exported twice; the fuller file, %.*s, is read."),
            STR_ARG(view == all ? path : all->path));
        view->advice = str_of(_("Nothing to do."));
    }
}

/* ---- files within files ---- */

/* A part of the path is a folder of tools, or the last one a file of theirs. */
static bool is_of_tools(struct str path)
{
    struct str part = STR_NONE;

    while (str_split(&path, '/', &part))
        if (path.n > 0 && is_one_of(part, tool_folders, COUNT_OF(tool_folders)))
            return true;
    return is_one_of(part, tool_files, COUNT_OF(tool_files)) || str_starts(part, STR("._"));
}

void walk_judge_members(struct ctx *cx, struct walk_file *files, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str name = files[i].path;
        size_t slash;
        while ((slash = str_find_char(name, '/', 0)) != SIZE_MAX)
            name = str_from(name, slash + 1);
        if (is_of_tools(files[i].path))
            files[i].what = STR(WALK_TOOL);
        else
            judge_name(&files[i], name);
    }
    judge_exports(cx, files, n);
}

static int by_path(const void *a, const void *b)
{
    return str_cmp(((const struct walk_file *)a)->path, ((const struct walk_file *)b)->path);
}

int walk_folder(struct ctx *cx, const char *folder, struct walk *ret)
{
    struct walk walk = {0};
    struct walker w = {cx, &walk};
    struct stat st;

    if (stat(folder, &st) != 0)
        return fail(cx, errno == EACCES ? RC_DENIED : RC_NOT_FOUND, folder, _("%s: %s."), folder,
                    strerrordesc_np(errno));
    if (S_ISREG(st.st_mode)) {
        const char *slash = strrchr(folder, '/');
        struct str name = str_of(slash != NULL ? slash + 1 : folder);
        TRY(add_file(&w, folder, name, name, &st));
    } else if (S_ISDIR(st.st_mode)) {
        if (access(folder, R_OK | X_OK) != 0)
            return fail(cx, RC_DENIED, folder, _("%s: %s."), folder, strerrordesc_np(errno));
        TRY(visit_folder(&w, folder, STR_NONE, 0));
    } else {
        return fail(cx, RC_INVALID, folder, _("%s is neither a folder nor a file."), folder);
    }
    if (walk.n > 1)
        qsort(walk.files, walk.n, sizeof *walk.files, by_path);
    judge_exports(cx, walk.files, walk.n);
    *ret = walk;
    return 0;
}

int walk_open(struct ctx *cx, const struct walk_file *file, size_t limit, int *ret_fd,
              uint64_t *ret_bytes)
{
    int fd CLEANUP(fd_close) = open(file->open, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return fail(cx, RC_DENIED, file->open, _("The system does not let it be read (%s)."),
                    strerrordesc_np(errno));
    if ((uint64_t)st.st_size > limit)
        return fail(cx, RC_LIMIT, file->open, _("It is larger than the %zu MB that are read."),
                    limit >> 20);
    *ret_bytes = (uint64_t)st.st_size;
    *ret_fd = fd;
    fd = -1;
    return 0;
}
