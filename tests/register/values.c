/* What cells are understood as. */
#include "tests/harness.h"

#include "register/register.h"

static const char DEF[] =
    "id: thing\ntitle: Thing\nnames: {en: [things]}\nneeds: [[what]]\n"
    "fields:\n"
    "  what: {type: text, label: What, headers: {en: [what]}}\n"
    "  due: {type: date, label: Due, headers: {en: [due]}}\n"
    "  level: {type: score, label: Level, headers: {en: [level]}}\n"
    "  count: {type: integer, label: Count, headers: {en: [count]}}\n"
    "  value: {type: decimal, label: Value, headers: {en: [value]}}\n"
    "  done: {type: yes_no, label: Done, headers: {en: [done]}}\n"
    "  option: {type: choice, label: Option, headers: {en: [option]}, choices: {\n"
    "    modify: {en: [mitigate, reduce], de: [verringern]}, retain: {en: [accept, tolerate]},\n"
    "    refused: {en: [not accepted]}}}\n"
    "  goals: {type: many_choice, label: Goals, headers: {en: [goals]}, choices: {\n"
    "    secrecy: {en: [confidentiality, c]}, truth: {en: [integrity, i]}, use: {en: [a]}}}\n"
    "  who: {type: people, label: Who, headers: {en: [who]}}\n";

static const struct registers *load(struct ctx *cx)
{
    struct content content;
    const struct registers *registers = NULL;

    CHECK_OK(content_open(cx, NULL, &content));
    struct content_file *files = arena_array(cx->mem, 2, sizeof *files);
    size_t at = 0;
    files[0] =
        (struct content_file){"registers/thing.yaml", (const unsigned char *)DEF, sizeof DEF - 1};
    files[1] = *content_next(&content, "registers/words.yaml", ".yaml", &at);
    CHECK_OK(registers_load(cx, &(struct content){files, 2}, &registers));
    return registers;
}

static struct register_value value(struct ctx *cx, const char *field, const char *cell)
{
    const struct registers *registers = load(cx);
    struct register_value v;

    register_value(cx->mem, registers, register_field(&registers->items[0], str_of(field)), NULL,
                   str_of(cell), &v);
    return v;
}

static struct str text(struct ctx *cx, const char *field, const char *cell)
{
    struct register_value v = value(cx, field, cell);

    return v.empty ? STR("empty") : v.understood ? v.text : STR("?");
}

static long long number(struct ctx *cx, const char *field, const char *cell)
{
    struct register_value v = value(cx, field, cell);

    return v.empty ? -100 : v.understood ? (long long)v.number : -1;
}

TEST(register_values_that_say_nothing)
{
    CHECK_STR(text(cx, "what", " - "), "empty");
    CHECK_STR(text(cx, "what", "TBD"), "empty");
    CHECK_STR(text(cx, "what", "[name of owner]"), "empty");
    CHECK_STR(text(cx, "what", "____"), "empty");
    CHECK_STR(text(cx, "due", "YYYY-MM-DD"), "empty");
    CHECK_STR(text(cx, "what", "[2] days"), "[2] days");
    CHECK_STR(text(cx, "what", "none of them"), "none of them");
}

TEST(register_values_days)
{
    CHECK_STR(text(cx, "due", "2026-03-14"), "2026-03-14");
    CHECK_STR(text(cx, "due", "2026-03-14 00:00:00"), "2026-03-14");
    CHECK_STR(text(cx, "due", "14.3.26"), "2026-03-14");
    CHECK_STR(text(cx, "due", "14/03/2026"), "2026-03-14");
    CHECK_STR(text(cx, "due", "03/14/2026"), "2026-03-14");
    CHECK_STR(text(cx, "due", "14 Mar 2026 (extended)"), "2026-03-14");
    CHECK_STR(text(cx, "due", "14-Mar-26"), "2026-03-14");
    CHECK_STR(text(cx, "due", "March 14th, 2026"), "2026-03-14");
    CHECK_STR(text(cx, "due", "14. März 2026"), "2026-03-14");
    CHECK_STR(text(cx, "due", "1er mars 2026"), "2026-03-01");
    CHECK_STR(text(cx, "due", "Feb 2028"), "2028-02-29");
    CHECK_STR(text(cx, "due", "Q3 2026"), "2026-09-30");
    CHECK_STR(text(cx, "due", "2026-Q4"), "2026-12-31");
    CHECK_STR(text(cx, "due", "03/2026"), "2026-03-31");
    CHECK_STR(text(cx, "due", "soon"), "?");
    CHECK_STR(text(cx, "due", "31.02.2026"), "?");
    CHECK_STR(text(cx, "due", "version 1.2"), "?");
}

TEST(register_values_numbers_and_scores)
{
    CHECK_INT(number(cx, "count", "1,250 records"), 1250);
    CHECK_INT(number(cx, "count", "95 %"), 95);
    CHECK_INT(number(cx, "value", "99,5"), 99500);
    CHECK_INT(number(cx, "value", "1.234,56 EUR"), 1234560);
    CHECK_INT(number(cx, "value", "1,234.56"), 1234560);
    CHECK_INT(number(cx, "value", "1'234.5"), 1234500);
    CHECK_INT(number(cx, "value", "12.345.678"), 12345678000);
    CHECK_INT(number(cx, "value", "1.234"), 1234);
    CHECK_INT(number(cx, "value", "-1.234,5"), -1234500);
    CHECK_INT(number(cx, "level", "4 - Likely"), 4);
    CHECK_INT(number(cx, "level", "High (12)"), 12);
    CHECK_INT(number(cx, "level", "3 x 4 = 12"), 12);
    CHECK_INT(number(cx, "level", "4/5"), 4);
    CHECK_INT(number(cx, "level", "Very High"), 5);
    CHECK_INT(number(cx, "level", "sehr gering"), 1);
    CHECK_INT(number(cx, "level", "blue"), -1);
}

TEST(register_values_scores_hang_on_their_scale)
{
    const struct registers *registers = load(cx);
    const struct register_field *level = register_field(&registers->items[0], STR("level"));
    const struct str three[] = {STR("Low"), STR("High"), STR("Medium")};
    struct register_ladder ladder;
    struct register_value v;

    register_ladder(cx->mem, registers, level, three, 3, &ladder);
    register_value(cx->mem, registers, level, &ladder, STR("High"), &v);
    CHECK_INT(v.number, 3);
    const struct str five[] = {STR("Very low"), STR("High")};
    register_ladder(cx->mem, registers, level, five, 2, &ladder);
    register_value(cx->mem, registers, level, &ladder, STR("High"), &v);
    CHECK_INT(v.number, 4);
}

TEST(register_values_days_hang_on_their_column)
{
    const struct registers *registers = load(cx);
    const struct register_field *due = register_field(&registers->items[0], STR("due"));
    const struct str cells[] = {STR("03/14/2026"), STR("04/05/2026")};
    struct register_ladder ladder;
    struct register_value v;

    register_ladder(cx->mem, registers, due, cells, 2, &ladder);
    register_value(cx->mem, registers, due, &ladder, cells[1], &v);
    CHECK_STR(v.text, "2026-04-05");
}

TEST(register_values_yes_and_no)
{
    CHECK_INT(number(cx, "done", "Yes"), 1);
    CHECK_INT(number(cx, "done", "✓"), 1);
    CHECK_INT(number(cx, "done", "Nein"), 0);
    CHECK_INT(number(cx, "done", "No, planned for May"), 0);
    CHECK_INT(number(cx, "done", "oui - par SSO"), 1);
    CHECK_INT(number(cx, "done", "no longer needed"), -1);
    CHECK_INT(number(cx, "done", "-"), -100);
}

TEST(register_values_choices)
{
    CHECK_STR(text(cx, "option", "Mitigate (planned)"), "modify");
    CHECK_STR(text(cx, "option", "ACCEPT"), "retain");
    CHECK_STR(text(cx, "option", "Verringern"), "modify");
    CHECK_STR(text(cx, "option", "Mitigte"), "modify");
    CHECK_STR(text(cx, "option", "not accepted"), "refused");
    CHECK_STR(text(cx, "option", "blue"), "?");
}

TEST(register_values_many)
{
    struct register_value v = value(cx, "goals", "CIA");

    CHECK_INT(v.many_n, 3);
    v = value(cx, "goals", "Confidentiality / Integrity");
    CHECK_INT(v.many_n, 2);
    CHECK_STR(v.many[1], "truth");
    v = value(cx, "who", "Jane Doe, CTO and Head of IT; TBD");
    CHECK_INT(v.many_n, 3);
    CHECK_STR(v.many[2], "Head of IT");
    v = value(cx, "goals", "blue");
    CHECK(!v.understood && !v.empty);
}
