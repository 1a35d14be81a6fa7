#include "standard/content.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define CONTENT_FILE_BYTES ((size_t)8 * 1024 * 1024)
#define CONTENT_FILES 5000u

static const char *const folders[] = {"standards", "languages", "registers", "forms",
                                      "access",    "schema",    "web"};
static const char *const kinds[] = {".yaml", ".sql", ".html", ".css", ".svg", ".js"};

struct gatherer {
    struct ctx *cx;
    const char *root;
    struct content_file *files;
    size_t n, room;
};

static bool is_content(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_ends(name, str_of(kinds[i])))
            return true;
    return false;
}

static int read_whole(struct ctx *cx, const char *path, struct str *ret)
{
    int fd CLEANUP(fd_close) = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    size_t n = 0;

    if (fd < 0 || fstat(fd, &st) != 0)
        return fail(cx, RC_NOT_FOUND, path, "%s: %s.", path, strerrordesc_np(errno));
    if ((size_t)st.st_size > CONTENT_FILE_BYTES)
        return fail(cx, RC_LIMIT, path, "%s is larger than content may be.", path);
    char *bytes = arena_alloc(cx->mem, (size_t)st.st_size + 1);
    while (n < (size_t)st.st_size) {
        ssize_t got = read(fd, bytes + n, (size_t)st.st_size - n);
        if (got <= 0)
            return fail(cx, RC_FAIL, path, "%s could not be read.", path);
        n += (size_t)got;
    }
    *ret = (struct str){bytes, n};
    return 0;
}

static void dir_close(DIR **dir)
{
    if (*dir != NULL)
        (void)closedir(*dir);
}

static int gather(struct gatherer *g, struct str below)
{
    struct str path = str_printf(g->cx->mem, "%s/%.*s", g->root, STR_ARG(below));
    DIR *dir CLEANUP(dir_close) = opendir(path.p);

    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        struct str name = str_of(entry->d_name);
        struct str inner = str_printf(g->cx->mem, "%.*s/%s", STR_ARG(below), entry->d_name);
        struct str text = STR_NONE;
        if (name.p[0] == '.')
            continue;
        if (entry->d_type == DT_DIR) {
            TRY(gather(g, inner));
            continue;
        }
        if (!is_content(name))
            continue;
        if (g->n == CONTENT_FILES)
            return fail(g->cx, RC_LIMIT, g->root, "%s holds too many files.", g->root);
        TRY(read_whole(g->cx, str_printf(g->cx->mem, "%s/%s", g->root, inner.p).p, &text));
        *ARENA_PUSH(g->cx->mem, g->files, g->n, g->room) =
            (struct content_file){inner.p, (const unsigned char *)text.p, text.n};
    }
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct content_file *)a)->name, ((const struct content_file *)b)->name);
}

int content_open(struct ctx *cx, const char *folder, struct content *ret)
{
    struct gatherer g = {.cx = cx, .root = folder};

    if (folder == NULL) {
        *ret = (struct content){content_files, content_file_count};
        return 0;
    }
    for (size_t i = 0; i < COUNT_OF(folders); i++)
        TRY(gather(&g, str_of(folders[i])));
    if (g.n == 0)
        return fail(cx, RC_NOT_FOUND, folder, "%s holds no content (no folder \"standards\").",
                    folder);
    qsort(g.files, g.n, sizeof *g.files, by_name);
    *ret = (struct content){g.files, g.n};
    return 0;
}

int content_get(struct ctx *cx, const struct content *content, const char *name, struct str *ret)
{
    for (size_t i = 0; i < content->n; i++) {
        if (strcmp(content->files[i].name, name) == 0) {
            *ret = (struct str){(const char *)content->files[i].bytes, content->files[i].n};
            return 0;
        }
    }
    return fail(cx, RC_NOT_FOUND, name, "The content has no file %s.", name);
}

const struct content_file *content_next(const struct content *content, const char *head,
                                        const char *tail, size_t *at)
{
    while (*at < content->n) {
        const struct content_file *file = &content->files[(*at)++];
        if (str_starts(str_of(file->name), str_of(head)) &&
            str_ends(str_of(file->name), str_of(tail)))
            return file;
    }
    return NULL;
}

struct str content_version(struct arena *mem, const struct content *content)
{
    struct buf all = buf_new(mem);

    for (size_t i = 0; i < content->n; i++) {
        struct str bytes = {(const char *)content->files[i].bytes, content->files[i].n};
        struct str name = str_of(content->files[i].name);
        if (!str_starts(name, STR("web/")) && !str_starts(name, STR("schema/")) &&
            !str_starts(name, STR("forms/")))
            buf_printf(&all, "%s %s\n", content->files[i].name, hash_sha256_hex(mem, bytes).p);
    }
    return hash_sha256_hex(mem, buf_str(&all));
}
