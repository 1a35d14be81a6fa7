#include "judge/write.h"

#include "tests/harness.h"

TEST(place_reads_as_people_say_it)
{
    CHECK_STR(place_text(cx->mem, STR("Scope > Sites"), &(struct place){.line = 12}),
              "Scope > Sites, line 12");
    CHECK_STR(place_text(cx->mem, STR(""), &(struct place){.page = 3, .line = 40}), "page 3");
    CHECK_STR(place_text(cx->mem, STR(""), &(struct place){.row = 7, .line = 7}), "row 7");
    CHECK_STR(place_text(cx->mem, STR("Risks"), &(struct place){.sheet = STR("Risks"), .row = 7}),
              "sheet Risks, row 7");
    CHECK_STR(place_text(cx->mem, STR(""), &(struct place){0}), "beginning");
}
