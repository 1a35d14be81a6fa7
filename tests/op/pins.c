#include "op/pins.h"
#include "standard/yaml.h"
#include "tests/harness.h"

static struct value *paths(struct ctx *cx, const char *const *names, size_t n)
{
    struct value *list = value_list(cx->mem);

    for (size_t i = 0; i < n; i++) {
        struct value *v = value_map(cx->mem);
        value_set_text(v, "path", str_of(names[i]));
        value_push(list, v);
    }
    return list;
}

static const struct value *about(const struct value *warnings, const char *name)
{
    for (size_t i = 0; i < value_count(warnings); i++)
        if (value_is_text(value_get(value_at(warnings, i), "name"), name))
            return value_at(warnings, i);
    return NULL;
}

static const char PROFILE[] = "files:\n"
                              "  policy/access.md: none\n"
                              "  policy/acess.md: none\n"
                              "  scan.pdf: none\n"
                              "  quite/another: none\n"
                              "columns:\n"
                              "  'risks.xlsx#2026': {register: risk}\n"
                              "  'risks.xlsx#Rsks 2025': {register: risk}\n"
                              "  'supplier.csv': {register: supplier}\n"
                              "  'list #1.md': {register: none}\n"
                              "  'plain.md': {register: none}\n";

TEST(pins_that_mean_nothing_are_said_with_the_nearest_name)
{
    static const char *const documents[] = {"access.md",     "policy/access.md", "risks.xlsx",
                                            "suppliers.csv", "list #1.md",       "plain.md"};
    static const char *const skipped[] = {"scan.pdf"};
    struct str places[] = {STR("2026"), STR("Risks 2025")};
    uint32_t first = 0, fourth = 3;
    struct records risks = {.pinned = &first, .pinned_n = 1, .places = places, .place_n = 2};
    struct records list = {.pinned = &fourth, .pinned_n = 1}, none = {0};
    struct value *profile, *warnings = value_list(cx->mem);

    CHECK_OK(yaml_parse(cx, "profile.yaml", str_of(PROFILE), &profile));
    struct pins *pins = pins_new(cx->mem, profile);

    pins_note(pins, STR("risks.xlsx"), &risks);
    pins_note(pins, STR("list #1.md"), &list);
    pins_note(pins, STR("plain.md"), &none);
    pins_warn(pins, paths(cx, documents, COUNT_OF(documents)), paths(cx, skipped, 1), warnings);
    CHECK_INT(value_count(warnings), 5);
    CHECK_STR(value_get_text(about(warnings, "policy/acess.md"), "nearest"), "policy/access.md");
    CHECK(value_type(value_get(about(warnings, "quite/another"), "nearest")) == VALUE_NULL);
    CHECK_STR(value_get_text(about(warnings, "risks.xlsx#Rsks 2025"), "nearest"),
              "risks.xlsx#Risks 2025");
    CHECK_STR(value_get_text(about(warnings, "supplier.csv"), "nearest"), "suppliers.csv");
    CHECK_STR(value_get_text(about(warnings, "plain.md"), "says"),
              "In the profile, columns \"plain.md\": no table of that document is this one.");
}
