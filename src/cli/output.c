#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define WIDTH_LEAST 80u
#define WIDTH_MOST 120u
#define PROGRESS_MILLISECONDS 80

static bool set(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] != '\0';
}

static bool is_terminal(FILE *stream)
{
    int fd = fileno(stream);

    return fd >= 0 && isatty(fd) == 1;
}

static bool is_dumb(void)
{
    const char *term = getenv("TERM");

    return term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0;
}

static unsigned width_of(FILE *stream)
{
    struct winsize size = {0};

    if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col < WIDTH_LEAST)
        return WIDTH_LEAST;
    return size.ws_col > WIDTH_MOST ? WIDTH_MOST : size.ws_col;
}

/* What a locale's name says of its characters, in the order in which the system looks. */
static bool locale_is_unicode(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (!set(names[i]))
            continue;
        struct str value = str_of(getenv(names[i]));
        return str_ends_nocase(value, "utf-8") || str_ends_nocase(value, "utf8");
    }
    return false;
}

struct report_style output_style(FILE *stream)
{
    if (!is_terminal(stream))
        return (struct report_style){.width = WIDTH_LEAST, .unicode = true};
    return (struct report_style){.width = width_of(stream),
                                 .unicode = locale_is_unicode(),
                                 .colour = !set("NO_COLOR") && !is_dumb()};
}

int output_stream(struct ctx *cx, FILE *stream, struct str bytes)
{
    if (fwrite(bytes.p, 1, bytes.n, stream) != bytes.n || fflush(stream) != 0)
        return fail(cx, RC_FAIL, NULL, _("The output could not be written: %s."),
                    strerrordesc_np(errno));
    return 0;
}

/* ---- files ---- */

struct part {
    const char *path; /* of the unfinished file, NULL once it has its name */
    int fd;
};

static void part_end(struct part *part)
{
    if (part->fd >= 0)
        (void)close(part->fd);
    if (part->path != NULL)
        (void)unlink(part->path);
}

static int cannot_write(struct ctx *cx, const char *path)
{
    enum rc rc = errno == ENOENT || errno == ENOTDIR || errno == EISDIR ? RC_NOT_FOUND
                 : errno == EACCES || errno == EPERM || errno == EROFS  ? RC_DENIED
                                                                        : RC_FAIL;

    return fail(cx, rc, path, _("%s cannot be written: %s."), path, strerrordesc_np(errno));
}

static int write_all(struct ctx *cx, const char *path, int fd, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return cannot_write(cx, path);
        bytes = str_from(bytes, (size_t)n);
    }
    return 0;
}

static bool is_special(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static int write_special(struct ctx *cx, const char *path, struct str bytes)
{
    struct part part CLEANUP(part_end) = {NULL, open(path, O_WRONLY | O_CLOEXEC)};

    if (part.fd < 0)
        return cannot_write(cx, path);
    return write_all(cx, path, part.fd, bytes);
}

/* Rights as the process's mask gives them to new files; mkostemp() gives them to nobody else. */
static mode_t new_file_mode(void)
{
    mode_t mask = umask(0);

    (void)umask(mask);
    return 0666 & ~mask;
}

int output_file(struct ctx *cx, const char *path, struct str bytes)
{
    if (is_special(path))
        return write_special(cx, path, bytes);
    if (output_is_folder(path)) {
        errno = EISDIR;
        return cannot_write(cx, path);
    }
    char *name = str_z(cx->mem, str_printf(cx->mem, "%s.XXXXXX", path));
    struct part part CLEANUP(part_end) = {NULL, mkostemp(name, O_CLOEXEC)};
    if (part.fd < 0)
        return cannot_write(cx, path);
    part.path = name;
    TRY(write_all(cx, path, part.fd, bytes));
    if (fchmod(part.fd, new_file_mode()) != 0 || fsync(part.fd) != 0 || rename(name, path) != 0)
        return cannot_write(cx, path);
    part.path = NULL;
    return 0;
}

bool output_is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int output_folder(struct ctx *cx, const char *path)
{
    if (output_is_folder(path) || mkdir(path, 0777) == 0)
        return 0;
    return fail(cx, errno == EACCES || errno == EPERM ? RC_DENIED : RC_NOT_FOUND, path,
                _("The folder %s cannot be made: %s."), path, strerrordesc_np(errno));
}

/* ---- never over what is judged ---- */

static bool has_mark(struct str s)
{
    return str_find(s, STR("assay.stage1/"), 0) != SIZE_MAX ||
           str_find(s, STR("name=\"generator\" content=\"assay "), 0) != SIZE_MAX ||
           str_find(s, STR("name=\"generator\" content=\"Assay "), 0) != SIZE_MAX ||
           str_find(s, STR("This is a self-assessment, not an audit under"), 0) != SIZE_MAX;
}

/* A mark that stands near the beginning of each of our reports, or near the end of a PDF. */
static bool is_report(const char *path)
{
    char part[8192];
    FILE *f = fopen(path, "rbe");
    bool found = false;

    if (f == NULL)
        return false;
    found = has_mark((struct str){part, fread(part, 1, sizeof part, f)});
    if (!found && fseek(f, -(long)sizeof part, SEEK_END) == 0)
        found = has_mark((struct str){part, fread(part, 1, sizeof part, f)});
    (void)fclose(f);
    return found;
}

static bool is_below(const char *path, const char *folder)
{
    size_t n = strlen(folder);

    return strncmp(path, folder, n) == 0 &&
           (path[n] == '/' || path[n] == '\0' || (n > 0 && folder[n - 1] == '/'));
}

int output_not_input(struct ctx *cx, const char *path, const char *const *folders, size_t n)
{
    char real[PATH_MAX], folder[PATH_MAX];

    if (is_special(path) || realpath(path, real) == NULL)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (realpath(folders[i], folder) != NULL && is_below(real, folder) && !is_report(real))
            return fail(cx, RC_CONFLICT, path,
                        _("%s is one of the files to be judged and is not written over. Choose "
                          "another place."),
                        path);
    return 0;
}

/* ---- progress ---- */

static int64_t milliseconds(void)
{
    struct timespec t = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct progress_line progress_new(FILE *stream)
{
    const char *how = getenv("ASSAY_PROGRESS");

    if (how != NULL && strcmp(how, "lines") == 0)
        return (struct progress_line){.stream = stream, .lines = true, .last = -1};
    if (!is_terminal(stream) || is_dumb())
        return (struct progress_line){0};
    return (struct progress_line){.stream = stream, .width = width_of(stream), .last = -1};
}

/* As much of the words as the line holds, without what would steer the terminal. */
static void put_words(const struct progress_line *line, const char *what, size_t keep)
{
    struct str words = str_of(what);
    size_t at = 0, columns = 0;

    while (at < words.n && columns + keep < line->width) {
        char bytes[4];
        uint32_t code = utf8_next(words, &at);
        bool steers = code < 0x20 || (code >= 0x7f && code < 0xa0);
        (void)fwrite(bytes, 1, utf8_put(steers ? '?' : code, bytes), line->stream);
        columns++;
    }
}

void progress_show(void *arg, const char *what, size_t done, size_t total)
{
    struct progress_line *line = arg;
    int64_t now = milliseconds();

    if (line->stream == NULL ||
        (line->last >= 0 && now - line->last < PROGRESS_MILLISECONDS && done != total))
        return;
    line->last = now;
    if (line->lines) {
        (void)fprintf(line->stream, "progress\t%s\t%zu\t%zu\n", what, done, total);
        (void)fflush(line->stream);
        return;
    }
    (void)fputc('\r', line->stream);
    put_words(line, what, total > 0 ? 24 : 2);
    if (total > 0)
        (void)fprintf(line->stream, " %zu/%zu", done, total);
    (void)fputs("\033[K", line->stream);
    (void)fflush(line->stream);
}

void progress_end(struct progress_line *line)
{
    if (line->stream == NULL || line->last < 0 || line->lines)
        return;
    (void)fputs("\r\033[K", line->stream);
    (void)fflush(line->stream);
    line->last = -1;
}
