#include "op/convert.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "extract/extract.h"
#include "proc/tool.h"

#define HEAD_BYTES ((size_t)4096)
#define GIGABYTE ((size_t)1024 * 1024 * 1024)
#define FEW_WORDS 5u /* on a page, on average: what stands on it is a picture */
#define IMAGE_WORDS 20u
#define PAGE_IMAGE_BYTES ((size_t)256 * 1024 * 1024)
#define RESTART 81 /* LibreOffice has made its settings and wants to begin again */

#define PDFTOTEXT "/usr/bin/pdftotext"
#define PDFTOPPM "/usr/bin/pdftoppm"
#define TESSERACT "/usr/bin/tesseract"
#define OCR_DPI "200"

/* The program itself, not the script that starts it. */
static const char *const offices[] = {"/usr/lib/libreoffice/program/soffice.bin",
                                      "/usr/lib64/libreoffice/program/soffice.bin"};

static const struct tool reader = {
    .memory = 2 * GIGABYTE, .output = CONVERT_WORDS_BYTES, .cpu_seconds = 60, .wall_seconds = 90};

/* ---- PDF ---- */

static size_t count_of(struct str text, struct str what)
{
    size_t n = 0;

    for (size_t at = 0; (at = str_find(text, what, at)) != SIZE_MAX; at += what.n)
        n++;
    return n;
}

/* The words of a PDF with their places, from an open file or from bytes. */
static int words_of(struct ctx *cx, int fd, struct str bytes, struct str *ret)
{
    char most[16];
    const char *const argv[] = {PDFTOTEXT, "-nodiag",      "-enc", "UTF-8", "-l",
                                most,      "-bbox-layout", "-",    "-",     NULL};
    struct tool tool = reader;
    struct tool_result got;

    /* One page more than is read, so that who reads can tell that there are more. */
    snprintf(most, sizeof most, "%u", EXTRACT_PAGES + 1);
    tool.argv = argv;
    tool.file = fd;
    tool.input = bytes;
    TRY(tool_run(cx, &tool, &got));
    if (str_has(got.error, "Incorrect password"))
        return fail(cx, RC_INVALID, NULL, "%s", _("It is encrypted: save it without a password."));
    if (got.status != 0 || !str_has(got.output, "<page "))
        return fail(cx, RC_INVALID, NULL, "%s",
                    _("The PDF is damaged: no page of it could be read."));
    *ret = got.output;
    return 0;
}

/* ---- recognising text ---- */

static bool can_recognise(void)
{
    return tool_exists(TESSERACT) && tool_exists(PDFTOPPM) && tool_exists(PDFTOTEXT);
}

/* The picture of a page to the words on it: tesseract writes them as the text of a PDF, which is
 * then read like any other. */
static int recognise(struct ctx *cx, int fd, struct str image, struct str *ret)
{
    static const char *const argv[] = {TESSERACT, "stdin",          "stdout", "--dpi", OCR_DPI,
                                       "-c",      "textonly_pdf=1", "pdf",    NULL};
    struct tool tool = reader;
    struct tool_result got;

    tool.argv = argv;
    tool.file = fd;
    tool.input = image;
    TRY(tool_run(cx, &tool, &got));
    if (got.status != 0 || got.output.n == 0)
        return fail(cx, RC_INVALID, NULL, "%s", _("It is an image that cannot be opened."));
    return words_of(cx, 0, got.output, ret);
}

static int picture_of_page(struct ctx *cx, int fd, size_t page, struct str *ret)
{
    char number[16];
    const char *const argv[] = {PDFTOPPM, "-f",    number,  "-l", number,
                                "-r",     OCR_DPI, "-gray", "-",  NULL};
    struct tool tool = reader;
    struct tool_result got;

    snprintf(number, sizeof number, "%zu", page);
    tool.argv = argv;
    tool.file = fd;
    tool.output = PAGE_IMAGE_BYTES;
    TRY(tool_run(cx, &tool, &got));
    *ret = got.status == 0 && !got.cut ? got.output : STR_NONE;
    return 0;
}

/* Each page by itself, in memory of its own. */
static int recognise_page(struct ctx *cx, int fd, size_t page, struct buf *out)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    struct ctx in = ctx_in(cx, mem);
    struct str picture = STR_NONE, words = STR_NONE;
    int rc = picture_of_page(&in, fd, page, &picture);

    if (rc == 0 && picture.n > 0)
        rc = recognise(&in, 0, picture, &words);
    if (rc == 0)
        buf_add(out, words);
    return ctx_end(cx, &in, rc);
}

static int recognise_pages(struct ctx *cx, int fd, size_t pages, struct conversion *ret)
{
    struct buf out = buf_new(cx->mem);

    for (size_t page = 1; page <= pages && page <= CONVERT_OCR_PAGES; page++)
        TRY(recognise_page(cx, fd, page, &out));
    ret->bytes = buf_str(&out);
    ret->note = pages > CONVERT_OCR_PAGES
                    ? str_printf(cx->mem,
                                 _("It is a scan: text was recognised on its first %u pages, and "
                                   "may hold mistakes."),
                                 CONVERT_OCR_PAGES)
                    : str_of(_("It is a scan: its text was recognised, and may hold mistakes."));
    return 0;
}

/* ---- what is read how ---- */

static int convert_pdf(struct ctx *cx, struct str name, int fd, struct conversion *ret)
{
    size_t pages, words;

    if (!tool_exists(PDFTOTEXT))
        return 0;
    *ret = (struct conversion){.as = CONVERT_WORDS, .name = name, .note = STR_NONE};
    TRY(words_of(cx, fd, STR_NONE, &ret->bytes));
    pages = count_of(ret->bytes, STR("<page "));
    words = count_of(ret->bytes, STR("<word "));
    if (words >= pages * FEW_WORDS)
        return 0;
    if (can_recognise())
        TRY(recognise_pages(cx, fd, pages, ret));
    words = count_of(ret->bytes, STR("<word "));
    if (words >= FEW_WORDS)
        return 0;
    return fail(cx, RC_INVALID, NULL, "%s",
                can_recognise()
                    ? _("It is a scan or a picture, and no text was recognised in it.")
                    : _("It is a scan: nothing could be read. Put the original beside it, make its "
                        "text readable with an OCR program, or install tesseract-ocr."));
}

static int convert_image(struct ctx *cx, struct str name, int fd, uint64_t bytes,
                         struct conversion *ret)
{
    if (!can_recognise() || bytes < CONVERT_IMAGE_BYTES)
        return 0;
    *ret = (struct conversion){.as = CONVERT_WORDS, .name = name};
    TRY(recognise(cx, fd, STR_NONE, &ret->bytes));
    ret->note = str_of(_("It is a picture: its text was recognised, and may hold mistakes."));
    if (count_of(ret->bytes, STR("<word ")) >= IMAGE_WORDS)
        return 0;
    return fail(cx, RC_INVALID, NULL, "%s", _("It is an image: hardly any text was found in it."));
}

/* ---- office formats ---- */

static int remove_one(const char *path, UNUSED const struct stat *st, UNUSED int type,
                      UNUSED struct FTW *at)
{
    return remove(path);
}

static void folder_remove(char **folder)
{
    if (*folder != NULL)
        (void)nftw(*folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int folder_make(struct ctx *cx, char **ret)
{
    const char *temp = getenv("TMPDIR");
    char *folder = str_z(cx->mem, str_printf(cx->mem, "%s/assay-XXXXXX",
                                             temp != NULL && temp[0] == '/' ? temp : "/tmp"));

    if (mkdtemp(folder) == NULL)
        return fail(cx, RC_FAIL, NULL, _("No folder for its conversion could be made: %s."),
                    strerrordesc_np(errno));
    *ret = folder;
    return 0;
}

static int read_fd(struct ctx *cx, int fd, size_t most, struct str *ret)
{
    struct stat st;
    size_t n = 0;

    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return fail(cx, RC_INVALID, NULL, "%s",
                    _("LibreOffice could not convert it: it is damaged or encrypted."));
    size_t all = (uint64_t)st.st_size > most ? most : (size_t)st.st_size;
    char *bytes = arena_alloc(cx->mem, all + 1);
    while (n < all) {
        ssize_t got = pread(fd, bytes + n, all - n, (off_t)n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    *ret = (struct str){bytes, n};
    return 0;
}

static int copy_to(struct ctx *cx, int fd, const char *path)
{
    struct str bytes;
    size_t done = 0;
    int to CLEANUP(fd_close) = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    TRY(read_fd(cx, fd, EXTRACT_FILE_BYTES, &bytes));
    while (to >= 0 && done < bytes.n) {
        ssize_t n = write(to, bytes.p + done, bytes.n - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    return done == bytes.n
               ? 0
               : fail(cx, RC_FAIL, NULL, _("It could not be copied for its conversion: %s."),
                      strerrordesc_np(errno));
}

static int run_office(struct ctx *cx, const char *office, const char *folder, const char *to,
                      const char *input)
{
    struct str profile = str_printf(cx->mem, "-env:UserInstallation=file://%s/profile", folder);
    struct str out = str_printf(cx->mem, "%s/out", folder);
    const char *const argv[] = {office,
                                "--headless",
                                "--norestore",
                                "--nologo",
                                "--nodefault",
                                "--nolockcheck",
                                str_z(cx->mem, profile),
                                "--convert-to",
                                to,
                                "--outdir",
                                str_z(cx->mem, out),
                                input,
                                NULL};
    const struct tool tool = {.argv = argv,
                              .folder = folder,
                              .deaf = true,
                              .memory = 6 * GIGABYTE,
                              .output = 64 * 1024,
                              .file_most = EXTRACT_FILE_BYTES,
                              .cpu_seconds = 120,
                              .wall_seconds = 180};
    struct tool_result got = {.status = RESTART};

    for (unsigned i = 0; i < 3 && got.status == RESTART; i++)
        TRY(tool_run(cx, &tool, &got));
    return 0;
}

static int convert_office(struct ctx *cx, int fd, const struct extract_office *kind,
                          struct conversion *ret)
{
    char *folder CLEANUP(folder_remove) = NULL;
    const char *office = NULL;

    for (size_t i = 0; i < COUNT_OF(offices) && office == NULL; i++)
        office = tool_exists(offices[i]) ? offices[i] : NULL;
    if (office == NULL || (strcmp(kind->to, "pdf") == 0 && !tool_exists(PDFTOTEXT)))
        return 0;
    TRY(folder_make(cx, &folder));
    const char *input = str_z(cx->mem, str_printf(cx->mem, "%s/in.%s", folder, kind->from));
    TRY(copy_to(cx, fd, input));
    TRY(run_office(cx, office, folder, kind->to, input));
    struct str made = str_printf(cx->mem, "%s/out/in.%s", folder, kind->to);
    int out CLEANUP(fd_close) =
        open(str_z(cx->mem, made), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    TRY(read_fd(cx, out, EXTRACT_FILE_BYTES, &ret->bytes));
    /* Slides are read as the pages that they become. */
    if (strcmp(kind->to, "pdf") == 0)
        TRY(words_of(cx, 0, ret->bytes, &ret->bytes));
    ret->as = strcmp(kind->to, "pdf") == 0 ? CONVERT_WORDS : CONVERT_OFFICE;
    ret->name = str_printf(cx->mem, "in.%s", kind->to);
    ret->note = str_printf(cx->mem, _("It was converted from .%s by LibreOffice."), kind->from);
    return 0;
}

int convert_file(struct ctx *cx, struct str name, int fd, uint64_t bytes, struct conversion *ret)
{
    struct str head;
    struct extract_office office;

    *ret = (struct conversion){.as = CONVERT_NONE, .name = name, .note = STR_NONE};
    TRY(read_fd(cx, fd, HEAD_BYTES, &head));
    switch (extract_needs(name, head)) {
    case EXTRACT_NEEDS_NOTHING:
        return 0;
    case EXTRACT_NEEDS_PDF:
        return convert_pdf(cx, name, fd, ret);
    case EXTRACT_NEEDS_EYES:
        return convert_image(cx, name, fd, bytes, ret);
    case EXTRACT_NEEDS_OFFICE:
        break;
    }
    TRY(read_fd(cx, fd, EXTRACT_FILE_BYTES, &head));
    return extract_office_of(name, head, &office) ? convert_office(cx, fd, &office, ret) : 0;
}
