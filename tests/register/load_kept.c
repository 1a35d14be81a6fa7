/* Keys of records that are kept: what they make, and one fault each. */
#include "tests/harness.h"
#include "tests/register/definition.h"

#define TEXT "fields:\n  what: {type: text, label: What}\n"

static const struct register_def *thing(struct ctx *cx, const char *yaml, const char *other)
{
    const struct registers *registers = NULL;

    CHECK_OK(definition_load(cx, yaml, other, &registers));
    return registers != NULL ? registers_find(registers, STR("thing")) : NULL;
}

/* One field of the type and keys given, where a text, a choice and a person are there too. */
static void field_refused(struct ctx *cx, const char *field, const char *message)
{
    struct str yaml = str_printf(cx->mem,
                                 DEFINITION_HEAD TEXT
                                 "  kind: {type: choice, label: Kind, choices: {a: {}, b: {}}}\n"
                                 "  it: {label: It, %s}\n",
                                 field);
    definition_refused(cx, str_z(cx->mem, yaml), NULL, message);
}

TEST(definitions_of_kept_records_have_defaults)
{
    const struct register_def *def =
        thing(cx, DEFINITION_HEAD TEXT "  who: {type: person, label: Who}\n", NULL);

    CHECK(!def->is_recognised);
    CHECK_STR(def->prefix, "THING");
    CHECK_INT(def->list.n, 2);
    CHECK_STR(def->judged_as, "thing");
    CHECK(def->state == NULL && !def->single);
    CHECK_INT(def->fields[1].personal, PERSONAL_BY_TYPE);
}

TEST(definitions_of_kept_records_say_everything)
{
    const struct register_def *def =
        thing(cx,
              DEFINITION_HEAD
              "help: Why.\nsingle: true\nref: {prefix: TH}\nkey: [what]\n"
              "list: [ref, level, what]\nsubject: who\njudged_as: thing_record\nfields:\n"
              "  what: {type: text, label: What, required: true, pattern: \"[a-z]+\", most: 20,"
              " help: In words., source: [text]}\n"
              "  who: {type: person, label: Who, default: =actor, personal: false}\n"
              "  level: {type: score, label: Level, least: 1, most: 5, scale: likelihood}\n"
              "  paid: {type: decimal, label: Paid, least: 0.5, required_when: {field: what}}\n"
              "  now: {type: date, label: Now, default: =today}\n"
              "  late: {type: yes_no, label: Late, computed: SELECT 1, only_computed: true}\n",
              NULL);

    CHECK_STR(def->help, "Why.");
    CHECK(def->single && def->subject == &def->fields[1]);
    CHECK_STR(def->prefix, "TH");
    CHECK_STR(def->judged_as, "thing_record");
    CHECK(def->list.n == 2 && def->list.items[0] == 2 && def->list.items[1] == 0);
    CHECK(def->key.n == 1 && def->key.items[0] == 0);
    CHECK(def->fields[0].required && def->fields[0].most == 20);
    CHECK_STR(value_as_text(value_at(def->fields[0].source, 0)), "text");
    CHECK_INT(def->fields[1].personal, PERSONAL_NO);
    CHECK_INT(def->fields[2].least, 1000);
    CHECK_STR(def->fields[2].scale, "likelihood");
    CHECK_INT(def->fields[3].least, 500);
    CHECK(def->fields[3].when == &def->fields[0] && def->fields[3].when_is == NULL);
    CHECK(def->fields[5].only_computed);
    CHECK_STR(def->fields[5].computed, "SELECT 1");
}

TEST(definitions_label_choices)
{
    const struct register_def *def = thing(
        cx,
        DEFINITION_HEAD TEXT
        "  kind: {type: choice, label: Kind, choices: {in_review: {}, b: {en: [being done, bd]}, "
        "c: {label: At work, en: [x]}}}\n",
        NULL);

    CHECK_STR(def->fields[1].choices[0].label, "In review");
    CHECK_STR(def->fields[1].choices[1].label, "Being done");
    CHECK_STR(def->fields[1].choices[2].label, "At work");
}

TEST(definitions_of_fields_are_refused)
{
    field_refused(cx, "type: text, least: a", "a number is wanted for \"least\"");
    field_refused(cx, "type: date, least: 1", "does not go with the rest of the field: \"least\"");
    field_refused(cx, "type: integer, least: 4, most: 3", "\"most\" is less than \"least\"");
    field_refused(cx, "type: text, pattern: \"[a\"", "no POSIX extended regular expression");
    field_refused(cx, "type: integer, pattern: a", "\"pattern\"");
    field_refused(cx, "type: text, ordered: true", "\"ordered\"");
    field_refused(cx, "type: people, unique: true", "\"unique\"");
    field_refused(cx, "type: integer, scale: likelihood", "\"scale\"");
    field_refused(cx, "type: text, only_computed: true", "\"only_computed\"");
    field_refused(cx, "type: text, computed: SELECT 1, only_computed: true, required: true",
                  "\"required\"");
    field_refused(cx, "type: text, required: maybe", "true or false is wanted for \"required\"");
    field_refused(cx, "type: text, required_when: {field: no}", "no such field: \"no\"");
    field_refused(cx, "type: text, required_when: {field: kind, is: [c]}", "no such choice: \"c\"");
    field_refused(cx, "type: text, required_when: {of: kind}", "unknown key \"of\"");
    field_refused(cx, "type: text, default: 7", "does not fit the type of \"it\"");
    field_refused(cx, "type: integer, default: x", "does not fit the type of \"it\"");
    field_refused(cx, "type: integer, default: 7, most: 5", "does not fit the type of \"it\"");
    field_refused(cx, "type: date, default: =tomorrow", "does not fit the type of \"it\"");
    field_refused(cx, "type: choice, choices: {x: {}}, default: y", "does not fit the type");
    field_refused(cx, "type: text, source: [[a]]", "keys are wanted");
    field_refused(cx, "type: rows", "\"of\" is missing in \"it\"");
    field_refused(cx, "type: rows, of: nothing", "no such register");
}

TEST(definitions_refer_to_entries_of_the_standard)
{
    const struct register_def *def = thing(
        cx, DEFINITION_HEAD "fields:\n  kinds: {type: references, to: kind, label: K}\n", NULL);

    CHECK(register_names_entry(&def->fields[0]));
    definition_refused(cx, DEFINITION_HEAD "fields:\n  a: {type: reference, to: word, label: A}\n",
                       NULL, "no such register: \"word\"");
}

TEST(definitions_of_registers_are_refused)
{
    definition_refused(cx, DEFINITION_HEAD "list: [who]\n" TEXT, NULL, "no such field: \"who\"");
    definition_refused(cx, DEFINITION_HEAD "key: [who]\n" TEXT, NULL, "no such field: \"who\"");
    definition_refused(cx, DEFINITION_HEAD "subject: what\n" TEXT, NULL, "holds no person");
    definition_refused(cx, DEFINITION_HEAD "ref: {from: who}\n" TEXT, NULL,
                       "no such field: \"who\"");
    definition_refused(cx, DEFINITION_HEAD "ref: {start: 1}\n" TEXT, NULL, "unknown key \"start\"");
    definition_refused(cx, DEFINITION_HEAD "judged_as: \"a b\"\n" TEXT, NULL, "no name of a table");
    definition_refused(cx, DEFINITION_HEAD "part_of: other\n" TEXT, NULL, "no such register");
    definition_refused(cx, DEFINITION_HEAD "names: {en: [x]}\n" TEXT, NULL,
                       "missing key \"needs\"");
    definition_refused(cx, DEFINITION_HEAD "fields:\n  rev: {type: text, label: R}\n", NULL,
                       "has this column already: \"rev\"");
}

#define LINES DEFINITION_HEAD "fields:\n  lines: {type: rows, of: thing_line, label: Lines}\n"
#define LINE "id: thing_line\ntitle: Line\npart_of: thing\n"

TEST(definitions_of_lines)
{
    const struct register_def *def = thing(cx, LINES, LINE TEXT);

    CHECK_STR(def->fields[0].of->id, "thing_line");
    definition_refused(cx, LINES, "id: thing_line\ntitle: Line\n" TEXT, "\"part_of\" is not this");
    definition_refused(cx, DEFINITION_HEAD TEXT, LINE TEXT, "it has no rows of this one");
    definition_refused(cx, LINES, LINE "single: true\n" TEXT, "lines have neither states");
}

/* Whatever else is declared, what tables are taken for stays as it is. */
TEST(definitions_without_names_change_no_heading)
{
    const struct registers *with = NULL, *without = NULL;
    const char *other = "id: thing_line\ntitle: Line\nfields:\n"
                        "  zyx: {type: choice, label: Zyx, headers: {en: [zyx]}, "
                        "choices: {done: {en: [wvu]}}}\n";
    const char *named = "id: thing\ntitle: T\nnames: {en: [things]}\nneeds: [[what]]\nfields:\n"
                        "  what: {type: text, label: What, headers: {en: [what]}}\n";
    struct register_value value;

    CHECK_OK(definition_load(cx, named, NULL, &without));
    CHECK_OK(definition_load(cx, named, other, &with));
    CHECK_INT(with->items[1].fields[0].header_n, 0);
    CHECK_INT(without->items[0].fields[0].header_n, with->items[0].fields[0].header_n);
    register_value(cx->mem, with, &with->items[1].fields[0], NULL, STR("wvu"), &value);
    CHECK(value.understood);
    CHECK_STR(value.text, "done");
}

TEST(definitions_name_fields_by_headings)
{
    const struct register_def *def =
        thing(cx,
              DEFINITION_HEAD TEXT "  done_on: {type: date, label: Done on, headers: "
                                   "{fr: [réalisé le]}}\n",
              NULL);

    CHECK(register_field_named(cx->mem, def, STR("DONE ON")) == &def->fields[1]);
    CHECK(register_field_named(cx->mem, def, STR("done_on")) == &def->fields[1]);
    CHECK(register_field_named(cx->mem, def, STR("Realise le")) == &def->fields[1]);
    CHECK(register_field_named(cx->mem, def, STR("done")) == NULL);
}

TEST(definitions_say_what_is_due)
{
    const struct register_def *def =
        thing(cx,
              DEFINITION_HEAD "due: {late: over, on: [again, first], who: [who]}\nfields:\n"
                              "  first: {type: date, label: First}\n"
                              "  again: {type: date, label: Again}\n"
                              "  who: {type: person, label: Who}\n"
                              "  over: {type: yes_no, label: Over}\n",
              NULL);

    CHECK(def->due_late == &def->fields[3] && def->due_on.n == 2 && def->due_on.items[0] == 1);
    CHECK(def->due_who.n == 1 && def->due_who.items[0] == 2);
    CHECK(thing(cx, DEFINITION_HEAD TEXT, NULL)->due_late == NULL);
    definition_refused(cx, DEFINITION_HEAD "due: {late: what}\n" TEXT, NULL, "no yes or no");
    definition_refused(cx, DEFINITION_HEAD "due: {when: what}\n" TEXT, NULL, "unknown key");
}

TEST(definitions_say_what_records_show_and_which_are_audits)
{
    const struct register_def *def = thing(
        cx,
        DEFINITION_HEAD "shows: [what]\naudit: {from: [first], until: [last, first]}\nfields:\n"
                        "  what: {type: text, label: What}\n  first: {type: date, label: First}\n"
                        "  last: {type: date, label: Last}\n  file: {type: file, label: File}\n",
        NULL);

    CHECK(def->shows.n == 1 && def->shows.items[0] == 0);
    CHECK(def->is_audit && def->audit_from.n == 1 && def->audit_until.n == 2);
    CHECK_INT(def->audit_until.items[0], 2);
    definition_refused(cx, DEFINITION_HEAD "shows: [where]\n" TEXT, NULL,
                       "no such field: \"where\"");
    definition_refused(cx, DEFINITION_HEAD "audit: {from: [what], until: [what]}\n" TEXT, NULL,
                       "this holds no day");
    definition_refused(cx, DEFINITION_HEAD "audit: {to: [what]}\n" TEXT, NULL, "unknown key");
    definition_refused(
        cx, DEFINITION_HEAD TEXT "  a: {type: file, label: A}\n  b: {type: file, label: B}\n", NULL,
        "a record has one file");
}
