#include "standard/standard.h"
#include "tests/harness.h"

/* A standard of one requirement, one control, one question and one kind with two criteria. */
struct small {
    const char *about, *requirements, *controls, *questions, *kind;
};

static const struct small whole = {
    "id: tiny\n"
    "title: Tiny\n"
    "amendment: none\n"
    "clauses:\n"
    "- clause: \"1.2\"\n"
    "  title: Beginning\n",

    "requirements:\n"
    "- id: R1\n"
    "  clause: \"1.2\"\n"
    "  iso_ref: 1.2 a)\n"
    "  title: One\n"
    "  requirement: There is one.\n"
    "  kind: [practice]\n"
    "  interview: [TM]\n"
    "  stage1: A list.\n"
    "  stage2: A habit.\n"
    "  check:\n"
    "    id: K1\n"
    "    inputs: [thing]\n"
    "    satisfied_when: there is one\n"
    "    violated_when: there is none\n"
    "    automation: full\n"
    "    norm_basis: direct\n"
    "    finding_mode: propose\n"
    "  severity:\n"
    "    stage1: AOC\n"
    "    stage2: MINOR\n"
    "    rule: NONE\n"
    "  questions: [Q1]\n"
    "  documents: [D1]\n",

    "controls:\n"
    "- id: A1\n"
    "  number: \"1\"\n"
    "  title: Locks\n"
    "  theme: Physical\n"
    "  attributes:\n"
    "    control_type: [Preventive]\n"
    "    information_security_properties: []\n"
    "    cybersecurity_concepts: []\n"
    "    operational_capabilities: []\n"
    "    security_domains: []\n"
    "  new_in_2022: false\n"
    "  iso27001_2013: []\n"
    "  intent: Doors lock.\n"
    "  evidence: {documents: [], records: [], observations: []}\n"
    "  interview_roles: [TM]\n"
    "  technical_check: {feasible: none, checks: []}\n"
    "  exclusion: Without doors.\n"
    "  typical_nonconformity: A wedge.\n"
    "  questions: []\n",

    "questions:\n"
    "- id: Q1\n"
    "  role: TM\n"
    "  question: Is there one?\n"
    "  good_answer_shows: One\n"
    "  red_flag: None\n"
    "  tests: [R1, A1]\n"
    "  topic: things\n"
    "  scale: 0 to 3\n",

    "id: D1\n"
    "title: The list\n"
    "clause: \"1.2\"\n"
    "kind: document\n"
    "force: shall\n"
    "minimum: true\n"
    "controls: [A1]\n"
    "requirements: [R1]\n"
    "note: \"\"\n"
    "signals: {anything: [at, {all: 1}]}\n"
    "criteria:\n"
    "- id: D1-01\n"
    "  criterion: names one\n"
    "- id: D1-02\n"
    "  criterion: names two\n"
    "  practice: true\n",
};

static struct content_file file(const char *name, const char *text)
{
    return (struct content_file){name, (const unsigned char *)text, strlen(text)};
}

static int load(struct ctx *cx, const struct small *small, struct standard **ret)
{
    struct content_file *files = arena_array(cx->mem, 5, sizeof *files);
    struct content content = {files, 5};

    files[0] = file("standards/tiny/controls.yaml", small->controls);
    files[1] = file("standards/tiny/documents/D1.yaml", small->kind);
    files[2] = file("standards/tiny/questions.yaml", small->questions);
    files[3] = file("standards/tiny/requirements/1.yaml", small->requirements);
    files[4] = file("standards/tiny/standard.yaml", small->about);
    return standard_load(cx, &content, "tiny", ret);
}

/* `text` with its first `old` replaced. */
static const char *with(struct ctx *cx, const char *text, const char *old, const char *new)
{
    struct str s = str_of(text);
    size_t at = str_find(s, str_of(old), 0);
    struct buf out = buf_new(cx->mem);

    CHECK(at != SIZE_MAX);
    if (at == SIZE_MAX)
        return text;
    buf_add(&out, str_sub(s, 0, at));
    buf_addz(&out, new);
    buf_add(&out, str_from(s, at + strlen(old)));
    return str_z(cx->mem, buf_str(&out));
}

static void refused(struct ctx *cx, struct small small, const char *message)
{
    struct standard *s;

    CHECK_RC(load(cx, &small, &s), RC_INVALID);
    CHECK_STR(cx->err.text, message);
}

static void bad_requirement(struct ctx *cx, const char *old, const char *new, const char *message)
{
    struct small small = whole;

    small.requirements = with(cx, small.requirements, old, new);
    refused(cx, small, message);
}

static void bad_kind(struct ctx *cx, const char *old, const char *new, const char *message)
{
    struct small small = whole;

    small.kind = with(cx, small.kind, old, new);
    refused(cx, small, message);
}

TEST(standard_loads_a_small_one)
{
    struct standard *s = NULL;

    CHECK_OK(load(cx, &whole, &s));
    if (s == NULL)
        return;
    CHECK_STR(s->title, "Tiny");
    CHECK_INT(s->version.n, 64);
    CHECK_INT(s->requirements.n, 1);
    CHECK_INT(s->controls.n, 1);
    CHECK_INT(s->kinds.n, 1);
    CHECK_INT(s->criteria.n, 2);
    CHECK_INT(s->questions.n, 1);
    CHECK_STR(standard_find(s, STR("D1-02"))->title, "names two");
    CHECK_STR(standard_find(s, STR("D1-02"))->kind->id, "D1");
    CHECK(standard_find(s, STR("D1-03")) == NULL);
    CHECK_STR(standard_clause_title(s, STR("1.2")), "Beginning");
    CHECK_STR(standard_clause_title(s, STR("1.3")), "");
    CHECK_INT(value_count(value_path(s->kinds.items[0].yaml, "signals.anything")), 2);
}

TEST(standard_version_hangs_on_every_byte)
{
    struct small other = whole;
    struct standard *a, *b, *again;

    other.kind = with(cx, other.kind, "The list", "A list");
    CHECK_OK(load(cx, &whole, &a));
    CHECK_OK(load(cx, &whole, &again));
    CHECK_OK(load(cx, &other, &b));
    CHECK(str_eq(a->version, again->version));
    CHECK(!str_eq(a->version, b->version));
}

TEST(standard_refuses_unknown_and_missing_keys)
{
    bad_requirement(cx, "  stage2: A", "  stage3: A",
                    "standards/tiny/requirements/1.yaml:10: unknown key \"stage3\".");
    bad_requirement(cx, "  stage2: A habit.\n", "",
                    "standards/tiny/requirements/1.yaml:2: missing key \"stage2\".");
    bad_requirement(cx, "    automation: full\n", "",
                    "standards/tiny/requirements/1.yaml:12: missing key \"automation\".");
    bad_requirement(cx, "    rule: NONE\n", "    role: NONE\n",
                    "standards/tiny/requirements/1.yaml:22: unknown key \"role\".");
    bad_kind(cx, "  criterion: names one\n", "  criteria: names one\n",
             "standards/tiny/documents/D1.yaml:13: unknown key \"criteria\".");
    bad_kind(cx, "force: shall\n", "",
             "standards/tiny/documents/D1.yaml:1: missing key \"force\".");
}

TEST(standard_refuses_wrong_types)
{
    bad_requirement(cx, "  title: One", "  title: 1",
                    "standards/tiny/requirements/1.yaml:5: text is wanted (perhaps in quotes) for "
                    "\"title\".");
    bad_requirement(cx, "[thing]", "thing",
                    "standards/tiny/requirements/1.yaml:13: a list is wanted for \"inputs\".");
    bad_requirement(cx, "[thing]", "[{a: thing}]",
                    "standards/tiny/requirements/1.yaml:13: only texts are taken in \"inputs\".");
    bad_kind(cx, "minimum: true", "minimum: yes",
             "standards/tiny/documents/D1.yaml:6: true or false is wanted for \"minimum\".");
    bad_kind(cx, "clause: \"1.2\"", "clause: 1.2",
             "standards/tiny/documents/D1.yaml:3: text is wanted (perhaps in quotes) for "
             "\"clause\".");
    bad_kind(cx, "- id: D1-01\n  criterion: names one\n", "- D1-01\n",
             "standards/tiny/documents/D1.yaml:12: only maps are taken in \"criteria\".");
}

TEST(standard_refuses_words_it_does_not_know)
{
    bad_kind(cx, "kind: document", "kind: paper",
             "standards/tiny/documents/D1.yaml:4: \"kind\" cannot be \"paper\", only "
             "document|record|rule.");
    bad_requirement(cx, "stage2: MINOR", "stage2: SMALL",
                    "standards/tiny/requirements/1.yaml:21: \"stage2\" cannot be \"SMALL\", only "
                    "OFI|MINOR|MAJOR.");
}

TEST(standard_refuses_ids_that_nothing_has)
{
    struct small small = whole;

    bad_requirement(cx, "documents: [D1]", "documents: [D2]",
                    "standards/tiny/requirements/1.yaml:24: nothing has the id \"D2\".");
    bad_requirement(cx, "questions: [Q1]", "questions: [D1]",
                    "standards/tiny/requirements/1.yaml:23: nothing has the id \"D1\".");
    bad_requirement(cx, "clause: \"1.2\"", "clause: \"1.3\"",
                    "standards/tiny/requirements/1.yaml:2: standard.yaml has no such clause: "
                    "\"1.3\".");
    bad_kind(cx, "[A1]", "[A2]", "standards/tiny/documents/D1.yaml:7: nothing has the id \"A2\".");
    bad_kind(cx, "[R1]", "[R2]", "standards/tiny/documents/D1.yaml:8: nothing has the id \"R2\".");
    small.questions = with(cx, small.questions, "[R1, A1]", "[R1, A9]");
    refused(cx, small, "standards/tiny/questions.yaml:7: nothing has the id \"A9\".");
}

TEST(standard_refuses_an_id_twice)
{
    bad_kind(cx, "id: D1-02", "id: D1-01",
             "standards/tiny/documents/D1.yaml:14: this id is there twice: \"D1-01\".");
    bad_kind(cx, "id: D1-02", "id: A1",
             "standards/tiny/documents/D1.yaml:14: this id is there twice: \"A1\".");
    bad_kind(cx, "id: D1-02", "id: \"\"",
             "standards/tiny/documents/D1.yaml:14: an id cannot be \"\".");
}

TEST(standard_refuses_files_of_another_form)
{
    struct small small = whole;

    small.about = with(cx, small.about, "id: tiny", "id: other");
    refused(cx, small,
            "standards/tiny/standard.yaml:1: the folder's name is not this id: \"other\".");
    small = whole;
    small.controls = "controls: nothing\n";
    refused(cx, small,
            "standards/tiny/controls.yaml:1: the file must hold one list named \"controls\".");
    small = whole;
    small.questions = "questions: []\nmore: []\n";
    refused(cx, small,
            "standards/tiny/questions.yaml:1: the file must hold one list named \"questions\".");
}

TEST(standard_inside_the_program_loads)
{
    struct content content;
    struct standard *s;

    CHECK_OK(content_open(cx, NULL, &content));
    CHECK_OK(standard_load(cx, &content, STANDARD_DEFAULT, &s));
    CHECK_INT(s->requirements.n, 148);
    CHECK_INT(s->controls.n, 93);
    CHECK_INT(s->kinds.n, 51);
    CHECK_INT(s->criteria.n, 199);
    CHECK_INT(s->questions.n, 70);
    size_t minimum = 0;
    for (size_t i = 0; i < s->kinds.n; i++)
        minimum += value_get_bool(s->kinds.items[i].yaml, "minimum");
    CHECK_INT(minimum, 16);
}

TEST(standard_names_an_unknown_standard)
{
    struct content content;
    struct standard *s;

    CHECK_OK(content_open(cx, NULL, &content));
    CHECK_RC(standard_load(cx, &content, "iso-0", &s), RC_NOT_FOUND);
    CHECK_RC(content_open(cx, "/nonexistent", &content), RC_NOT_FOUND);
}
