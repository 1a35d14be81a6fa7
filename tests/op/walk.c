#include "op/walk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/harness.h"

static struct str make_folder(struct ctx *cx)
{
    char *path = str_z(cx->mem, STR("/tmp/assay-walk-XXXXXX"));

    CHECK(mkdtemp(path) != NULL);
    return str_of(path);
}

static void make_file(struct ctx *cx, struct str folder, const char *name)
{
    struct str path = str_printf(cx->mem, "%.*s/%s", STR_ARG(folder), name);
    int fd = open(path.p, O_WRONLY | O_CREAT, 0600);

    CHECK(fd >= 0 && write(fd, "text", 4) == 4);
    (void)close(fd);
}

static void remove_all(struct ctx *cx, struct str folder, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        (void)remove(str_printf(cx->mem, "%.*s/%s", STR_ARG(folder), names[i]).p);
    CHECK(rmdir(folder.p) == 0);
}

TEST(walk_names_what_is_no_document)
{
    static const char *const names[] = {"~$a.docx", "a.docx", "b.gdoc", "c.md",
                                        "d.url",    "link",   "pipe"};
    struct str folder = make_folder(cx);
    struct walk walk;

    for (size_t i = 0; i < 5; i++)
        make_file(cx, folder, names[i]);
    CHECK(symlink("c.md", str_printf(cx->mem, "%.*s/link", STR_ARG(folder)).p) == 0);
    CHECK(mkfifo(str_printf(cx->mem, "%.*s/pipe", STR_ARG(folder)).p, 0600) == 0);
    CHECK_OK(walk_folder(cx, folder.p, &walk));
    CHECK_INT(walk.n, COUNT_OF(names));
    for (size_t i = 0; i < walk.n && i < COUNT_OF(names); i++) {
        bool document = str_is(walk.files[i].path, "a.docx") || str_is(walk.files[i].path, "c.md");
        CHECK_INT(walk.files[i].what.n == 0, document);
        CHECK_INT(walk.files[i].why.n == 0, document);
    }
    remove_all(cx, folder, names, COUNT_OF(names));
}

TEST(walk_paths_are_in_order_and_readable)
{
    static const char *const names[] = {"z.md", "a\xff.md", "A.md"};
    struct str folder = make_folder(cx);
    struct walk walk;

    for (size_t i = 0; i < COUNT_OF(names); i++)
        make_file(cx, folder, names[i]);
    CHECK_OK(walk_folder(cx, folder.p, &walk));
    CHECK_STR(walk.files[0].path, "A.md");
    CHECK_STR(walk.files[1].path, "a\xef\xbf\xbd.md");
    CHECK_STR(walk.files[2].path, "z.md");
    remove_all(cx, folder, names, COUNT_OF(names));
}

TEST(walk_a_missing_folder_says_so)
{
    struct walk walk;

    CHECK_RC(walk_folder(cx, "/nonexistent/folder", &walk), RC_NOT_FOUND);
    CHECK(str_has(cx->err.text, "/nonexistent/folder"));
}
