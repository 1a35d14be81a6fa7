#include "judge/citations.h"

#include "tests/judge/reader.h"

#define CHAPTERS                                                                                   \
    "# Backups\n\n## 1 Purpose\n\nText.\n\n## 2 Rules\n\n### 2.1 Interval\n\nText.\n\n"            \
    "### 2.2 Copies\n\nText.\n\n## 3 Tests\n\nText.\n\n"

/* The numbers of what is cited and not there, with blanks between. */
static struct str lost(struct ctx *cx, const char *text)
{
    const struct signals *signals = reader_library()->signals;
    struct reading *r = reader_read(cx, (struct signals *)(uintptr_t)signals, text);
    struct buf out = buf_new(cx->mem);
    struct citations found;

    citations_lost(cx, signals, r, &found);
    for (size_t i = 0; i < found.n; i++)
        buf_printf(&out, "%s%.*s", i > 0 ? " " : "", STR_ARG(found.items[i].number));
    return buf_str(&out);
}

TEST(citations_of_sections_that_are_not_there)
{
    CHECK_STR(lost(cx, CHAPTERS "Copies are made as described in section 2.4.\n"), "2.4");
    CHECK_STR(lost(cx, CHAPTERS "Tests follow the rules set out in section 7.\n"), "7");
    CHECK_STR(lost(cx, CHAPTERS "The rules are in section 9 of this policy.\n"), "9");
}

TEST(citations_of_sections_that_may_be_elsewhere)
{
    static const char *const fine[] = {
        CHAPTERS "Copies are made as described in section 2.2.\n",
        CHAPTERS "They follow the Access Control Policy, see section 8.\n",
        CHAPTERS "This is demanded by section 9 of the Act.\n",
        CHAPTERS "As described in section 164.308, logs are kept.\n",
        CHAPTERS "Steps are described in section 3.2.\n", /* chapter 3 shows no parts of its own */
        "# Backups\n\n## Purpose\n\nText.\n\nSee section 7 for more on this.\n",
    };

    for (size_t i = 0; i < COUNT_OF(fine); i++)
        CHECK_STR(lost(cx, fine[i]), "");
}
