#include "cli/args.h"
#include "tests/harness.h"

static const struct option options[] = {{"profile", "FILE", false, NULL, "a file"},
                                        {"format", "text|html", true, "text|html", "a form"},
                                        {"today", "DATE", false, NULL, "a day"},
                                        {"timing", NULL, false, NULL, "a switch"},
                                        {0}};
static const struct command command = {"try", "tries", "FOLDER...", NULL, options,
                                       1,     3,       NULL,        NULL};

/* argv and argc of these words; main's own are not const either. */
#define WORDS(...)                                                                                 \
    (char **)(uintptr_t)(const char *[]){__VA_ARGS__},                                             \
        (int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *))

static int parse(struct ctx *cx, char **argv, int argc, struct args *ret)
{
    return args_parse(cx, &command, argc, argv, ret);
}

static void refused(struct ctx *cx, char **argv, int argc, const char *message)
{
    struct args args;

    CHECK_RC(parse(cx, argv, argc, &args), RC_INVALID);
    CHECK_STR(cx->err.text, message);
}

TEST(args_take_values_in_both_forms)
{
    struct args args;

    CHECK_OK(parse(cx, WORDS("a", "--profile", "p.yaml", "b", "--today=2026-11-30"), &args));
    CHECK_INT(args.word_n, 2);
    CHECK_STR(str_of(args.words[1]), "b");
    CHECK_STR(str_of(args_value(&args, "profile")), "p.yaml");
    CHECK_STR(str_of(args_value(&args, "today")), "2026-11-30");
    CHECK(!args_has(&args, "timing"));
    CHECK(args_value(&args, "format") == NULL);
}

TEST(args_take_some_options_again)
{
    struct args args;
    const char *const *formats;

    CHECK_OK(
        parse(cx, WORDS("a", "--format", "text", "--format=html", "--timing", "--timing"), &args));
    CHECK_INT(args_values(&args, "format", &formats), 2);
    CHECK_STR(str_of(formats[0]), "text");
    CHECK_STR(str_of(formats[1]), "html");
    CHECK(args_has(&args, "timing"));
    refused(cx, WORDS("a", "--profile", "x", "--profile=y"), "--profile is given twice.");
}

TEST(args_end_options_at_two_dashes)
{
    struct args args;

    CHECK_OK(parse(cx, WORDS("--timing", "--", "--profile", "-"), &args));
    CHECK_INT(args.word_n, 2);
    CHECK_STR(str_of(args.words[0]), "--profile");
    CHECK_STR(str_of(args.words[1]), "-");
}

TEST(args_name_the_nearest_option)
{
    refused(cx, WORDS("a", "--formt", "text"),
            "There is no option --formt. Did you mean --format?");
    refused(cx, WORDS("a", "--Profil=x"), "There is no option --Profil. Did you mean --profile?");
    refused(cx, WORDS("a", "--zzz"), "There is no option --zzz.");
    refused(cx, WORDS("a", "-t"), "There is no option -t; options begin with two dashes.");
}

TEST(args_check_values)
{
    refused(cx, WORDS("a", "--profile"), "--profile needs a value: --profile FILE.");
    refused(cx, WORDS("a", "--profile="), "--profile needs a value: --profile FILE.");
    refused(cx, WORDS("a", "--profile", "--timing"), "--profile needs a value: --profile FILE.");
    refused(cx, WORDS("a", "--timing=1"), "--timing takes no value.");
    refused(cx, WORDS("a", "--format", "htm"),
            "--format cannot be \"htm\". Did you mean \"html\"?");
    refused(cx, WORDS("a", "--format", "pdf"),
            "--format cannot be \"pdf\", only one of text, html.");
}

TEST(args_count_words)
{
    struct args args;

    refused(cx, WORDS("--timing"), "Something is missing. Use: assay try FOLDER...");
    refused(cx, WORDS("a", "b", "c", "d"), "\"d\" is one word too many. Use: assay try FOLDER...");
    CHECK_OK(parse(cx, WORDS("--help"), &args));
    CHECK(args.help);
    CHECK_OK(parse(cx, WORDS("-h"), &args));
    CHECK(args.help);
}

TEST(args_read_days)
{
    struct date day = {2020, 1, 2};
    struct args args;

    CHECK_OK(parse(cx, WORDS("a"), &args));
    CHECK_OK(args_day(cx, &args, "today", &day));
    CHECK_INT(day.year, 2020);
    CHECK_OK(parse(cx, WORDS("a", "--today", "2026-02-28"), &args));
    CHECK_OK(args_day(cx, &args, "today", &day));
    CHECK_INT(day.day, 28);
    CHECK_OK(parse(cx, WORDS("a", "--today", "2026-02-29"), &args));
    CHECK_RC(args_day(cx, &args, "today", &day), RC_INVALID);
    CHECK_STR(cx->err.text, "--today must be a day such as 2026-11-30, not \"2026-02-29\".");
}

TEST(args_are_quoted_for_a_shell)
{
    CHECK_STR(args_text(cx->mem, 6,
                        (char **)(uintptr_t)(const char *[]){"/usr/bin/assay", "stage1", "our docs",
                                                             "--today=2026-11-30", "it's", ""}),
              "assay stage1 'our docs' --today=2026-11-30 'it'\\''s' ''");
    CHECK(utf8_valid(args_text(cx->mem, 2, (char **)(uintptr_t)(const char *[]){"x", "a\xff"})));
}
