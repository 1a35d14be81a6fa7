#include "op/profile.h"

#include <unistd.h>

#include "tests/harness.h"

static struct standard *load(struct ctx *cx)
{
    struct content content;
    struct standard *standard = NULL;

    CHECK_OK(content_open(cx, NULL, &content));
    CHECK_OK(standard_load(cx, &content, STANDARD_DEFAULT, &standard));
    return standard;
}

static const char *write_temporary(struct ctx *cx, const char *text)
{
    char *path = str_z(cx->mem, STR("/tmp/assay-profile-XXXXXX"));
    int fd = mkstemp(path);

    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    (void)close(fd);
    return path;
}

TEST(profile_comes_back_as_it_was_written)
{
    const struct standard *standard = load(cx);
    const char *path = write_temporary(cx, "organisation: {name: 'Tarn \"& Sons\" Ltd'}\n"
                                           "answers: {a-key: 'yes', b-key: some words}\n"
                                           "files: {'a b.md': none}\n");
    struct value *result = value_map(cx->mem), *verdict = value_map(cx->mem),
                 *questions = value_list(cx->mem), *question = value_map(cx->mem);
    const struct value *profile;

    value_set_text(question, "question", STR("Who\nsigns?"));
    value_set_text(question, "profile_key", STR("c-key"));
    value_push(questions, question);
    value_set(verdict, "questions", questions);
    value_set(result, "verdict", verdict);
    CHECK_OK(profile_read(cx, standard, path, &profile));
    CHECK_OK(profile_write(cx, path, profile, result));
    CHECK_OK(profile_read(cx, standard, path, &profile));
    CHECK_STR(value_as_text(value_path(profile, "organisation.name")), "Tarn \"& Sons\" Ltd");
    CHECK_STR(value_as_text(value_path(profile, "answers.b-key")), "some words");
    CHECK_STR(profile_kind(profile, STR("a b.md")), "none");
    CHECK(value_path(profile, "answers.c-key") != NULL);
    (void)unlink(path);
}

TEST(profile_errors_name_file_line_and_key)
{
    static const char *const bad[] = {"organisation: {}\nanswer: {}\n",
                                      "a: b\n",
                                      "organisation: {}\nfiles: {x.md: DOC-NOTHING}\n",
                                      "- a\n",
                                      "columns: {a.csv: {register: unicorns}}\n",
                                      "columns: {a.csv: {register: risk, Foo: bar}}\n",
                                      "columns: {a.csv: {Foo: bar}}\n",
                                      "columns: {a.csv: risk}\n",
                                      ": ["};
    const struct standard *standard = load(cx);

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const struct value *profile;
        const char *path = write_temporary(cx, bad[i]);
        CHECK_RC(profile_read(cx, standard, path, &profile), RC_INVALID);
        CHECK(str_has(cx->err.text, path));
        (void)unlink(path);
    }
}

TEST(profile_says_what_columns_are)
{
    const struct standard *standard = load(cx);
    const char *path = write_temporary(
        cx, "columns:\n  'a b.xlsx#Sheet 1': {register: risk, Prob.: likelihood, Foo: '-'}\n"
            "  c.md: {register: none}\n");
    const struct value *profile;

    CHECK_OK(profile_read(cx, standard, path, &profile));
    CHECK_INT(value_count(value_get(profile, "columns")), 2);
    (void)unlink(path);
}
