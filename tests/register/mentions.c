/* Names in texts: whatever the case, accents and order; never within other words. */
#include "register/mentions.h"
#include "tests/harness.h"

static struct str without(struct ctx *cx, const char *const *names, const char *text)
{
    struct mentions *m = mentions_new(cx->mem);
    struct str out;
    bool any;

    for (; *names != NULL; names++)
        mentions_add(m, str_of(*names));
    any = mentions_replace(m, cx->mem, str_of(text), STR("X"), &out);
    CHECK(any == !str_eq(out, str_of(text)));
    return out;
}

TEST(mentions_are_found_however_they_are_written)
{
    static const char *const names[] = {"Jana Weiß", "Ada de la Cruz", "jw@a.example", "張偉",
                                        NULL};
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"Jana Weiß lost a key.", "X lost a key."},
        {"JANA  WEISS and jana weiss", "X and X"},
        {"Weiß, Jana (owner)", "X (owner)"},
        {"Cruz, Ada de la; Ada de la Cruz's key", "X; X's key"},
        {"write to JW@A.example, not to w@a.example", "write to X, not to w@a.example"},
        {"由張偉批准", "由X批准"},
        {"Jana. Then, much later, Weiß.", "Jana. Then, much later, Weiß."},
        {"Janas Weiß; Jana Weißer; Jana", "Janas Weiß; Jana Weißer; Jana"},
        {"Ada de la Cruzada", "Ada de la Cruzada"},
        {"Ada de la", "Ada de la"},
        {"", ""},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK_STR(without(cx, names, cases[i].text), cases[i].wanted);
}

TEST(mentions_prefer_the_longest)
{
    static const char *const names[] = {"Ada", "Ada Byron", "Ada Byron Lovelace", NULL};

    CHECK_STR(without(cx, names, "Ada Byron Lovelace, Ada Byron, Ada"), "X, X, X");
}

TEST(mentions_leave_out_what_is_everywhere)
{
    static const char *const names[] = {"", "Li", " -- ", NULL};
    struct mentions *m = mentions_new(cx->mem);

    for (size_t i = 0; names[i] != NULL; i++)
        mentions_add(m, str_of(names[i]));
    CHECK(!mentions_any(m));
    CHECK_STR(without(cx, names, "Li took -- it"), "Li took -- it");
}
