#include "judge/holders.h"

#include "tests/judge/reader.h"

static struct str held(struct ctx *cx, const char *text)
{
    const struct signals *signals = reader_library()->signals;
    struct reading *r = reader_read(cx, (struct signals *)(uintptr_t)signals, text);
    struct buf out = buf_new(cx->mem);
    struct holders found;

    holders_find(cx, signals, r, &found);
    for (size_t i = 0; i < found.n; i++)
        buf_printf(&out, "%s%.*s: %.*s", i > 0 ? "; " : "", STR_ARG(found.items[i].role),
                   STR_ARG(found.items[i].name));
    return buf_str(&out);
}

TEST(holders_stand_beside_their_role)
{
    CHECK_STR(held(cx, "# Roles\n\nThe CISO is Marta Lind.\n"), "security-manager: Marta Lind");
    CHECK_STR(held(cx, "# Roles\n\nJon Berg (CEO) signs it.\n"), "chief-executive: Jon Berg");
    CHECK_STR(
        held(cx, "# Roles\n\n| Role | Name |\n|---|---|\n| Data Protection Officer | Ida Holm |\n"),
        "data-protection-officer: Ida Holm");
}

TEST(holders_are_not_guessed)
{
    static const char *const none[] = {
        "The CISO approves what Marta Lind has written.",
        "The deputy CISO is Marta Lind.",
        "The CISO reports to the board.",
        "Marta Lind, CISO, Jon Berg and others met.",
        "The former CISO Marta Lind wrote it.",
    };

    for (size_t i = 0; i < COUNT_OF(none); i++) {
        struct str said = str_printf(cx->mem, "# Roles\n\n%s\n", none[i]);
        CHECK_STR(held(cx, said.p), "");
    }
}
