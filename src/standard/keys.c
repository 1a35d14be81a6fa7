#include "standard/keys.h"

enum wanted { TEXT, TRUTH, TEXTS, MAPS, MAP, ANY };

struct key {
    const char *name;
    enum wanted wanted;
    bool optional;
    const char *words;        /* "a|b": those that a text may be, NULL for any */
    const struct key *inside; /* of a map, or of each map of a list */
};

#define KEY(key, type)                                                                             \
    {                                                                                              \
        .name = (key), .wanted = (type)                                                            \
    }
#define MAYBE(key, type)                                                                           \
    {                                                                                              \
        .name = (key), .wanted = (type), .optional = true                                          \
    }

static const struct key check_keys[] = {KEY("id", TEXT),
                                        KEY("inputs", TEXTS),
                                        KEY("satisfied_when", TEXT),
                                        KEY("violated_when", TEXT),
                                        MAYBE("absent_when", TEXT),
                                        {"automation", TEXT, false, "full|partial|manual", NULL},
                                        {"norm_basis", TEXT, false, "direct|own_threshold", NULL},
                                        {"finding_mode", TEXT, false, "propose|confirm", NULL},
                                        {0}};

static const struct key severity_keys[] = {
    {"stage1", TEXT, false, "N/A|NOTE|AOC|AOC-BLOCK", NULL},
    {"stage2", TEXT, false, "OFI|MINOR|MAJOR", NULL},
    {"rule", TEXT, false, "NONE|ABSENT|PREVALENCE|PREVALENCE_OR_ABSENT|ISOLATED_DOWN|GROUP_COUNT_3",
     NULL},
    MAYBE("when", TEXT),
    {"dated", TEXT, true, "NOTE|AOC|AOC-BLOCK", NULL},
    {0}};

static const struct key requirement_keys[] = {KEY("id", TEXT),
                                              KEY("clause", TEXT),
                                              KEY("iso_ref", TEXT),
                                              KEY("title", TEXT),
                                              KEY("requirement", TEXT),
                                              KEY("kind", TEXTS),
                                              KEY("interview", TEXTS),
                                              KEY("stage1", TEXT),
                                              KEY("stage2", TEXT),
                                              {"check", MAP, false, NULL, check_keys},
                                              {"severity", MAP, false, NULL, severity_keys},
                                              KEY("questions", TEXTS),
                                              KEY("documents", TEXTS),
                                              MAYBE("decided", ANY),
                                              {0}};

static const struct key evidence_keys[] = {
    KEY("documents", TEXTS), KEY("records", TEXTS), KEY("observations", TEXTS), {0}};

static const struct key attribute_keys[] = {
    KEY("control_type", TEXTS),           KEY("information_security_properties", TEXTS),
    KEY("cybersecurity_concepts", TEXTS), KEY("operational_capabilities", TEXTS),
    KEY("security_domains", TEXTS),       {0}};

static const struct key probe_keys[] = {
    KEY("id", TEXT), KEY("target", TEXT), KEY("probe", TEXT), KEY("pass_when", TEXT), {0}};

static const struct key technical_keys[] = {{"feasible", TEXT, false, "direct|indirect|none", NULL},
                                            {"checks", MAPS, false, NULL, probe_keys},
                                            {0}};

static const struct key control_keys[] = {KEY("id", TEXT),
                                          KEY("number", TEXT),
                                          KEY("title", TEXT),
                                          KEY("theme", TEXT),
                                          {"attributes", MAP, false, NULL, attribute_keys},
                                          KEY("new_in_2022", TRUTH),
                                          KEY("iso27001_2013", TEXTS),
                                          KEY("intent", TEXT),
                                          {"evidence", MAP, false, NULL, evidence_keys},
                                          KEY("interview_roles", TEXTS),
                                          {"technical_check", MAP, false, NULL, technical_keys},
                                          KEY("exclusion", TEXT),
                                          KEY("typical_nonconformity", TEXT),
                                          KEY("questions", TEXTS),
                                          {0}};

static const struct key kind_keys[] = {KEY("id", TEXT),
                                       KEY("title", TEXT),
                                       KEY("clause", TEXT),
                                       {"kind", TEXT, false, "document|record|rule", NULL},
                                       {"force", TEXT, false, "shall|control|practice", NULL},
                                       KEY("minimum", TRUTH),
                                       KEY("controls", TEXTS),
                                       KEY("requirements", TEXTS),
                                       KEY("note", TEXT),
                                       KEY("criteria", MAPS), /* entries of their own */
                                       MAYBE("signals", ANY),
                                       MAYBE("tests", ANY),
                                       MAYBE("claims", ANY),
                                       MAYBE("plans", ANY),
                                       MAYBE("keep_text", TRUTH),
                                       {0}};

static const struct key criterion_keys[] = {
    KEY("id", TEXT),       KEY("criterion", TEXT), MAYBE("practice", TRUTH),
    MAYBE("signals", ANY), MAYBE("tests", ANY),    MAYBE("looks_for", TEXT),
    MAYBE("phrase", TEXT), MAYBE("unseen", TRUTH), {0}};

static const struct key question_keys[] = {KEY("id", TEXT),
                                           KEY("role", TEXT),
                                           KEY("question", TEXT),
                                           KEY("good_answer_shows", TEXT),
                                           KEY("red_flag", TEXT),
                                           KEY("tests", TEXTS),
                                           KEY("topic", TEXT),
                                           KEY("scale", TEXT),
                                           {0}};

static const struct key clause_keys[] = {KEY("clause", TEXT), KEY("title", TEXT), {0}};

static const struct key about_keys[] = {KEY("id", TEXT),
                                        KEY("title", TEXT),
                                        KEY("amendment", TEXT),
                                        MAYBE("roles", MAP),
                                        {"clauses", MAPS, false, NULL, clause_keys},
                                        {0}};

static const struct key *const entry_keys[] = {
    [ENTRY_REQUIREMENT] = requirement_keys,
    [ENTRY_CONTROL] = control_keys,
    [ENTRY_KIND] = kind_keys,
    [ENTRY_CRITERION] = criterion_keys,
    [ENTRY_QUESTION] = question_keys,
};

struct checker {
    struct ctx *cx;
    const char *file;
};

static int bad(const struct checker *c, const struct value *at, const char *what, struct str name)
{
    return fail(c->cx, RC_INVALID, c->file, "%s:%u: %s \"%.*s\".", c->file, value_line(at), what,
                STR_ARG(name));
}

static int check_map(const struct checker *c, const struct value *map, const struct key *keys);

static int check_word(const struct checker *c, const struct key *key, const struct value *v)
{
    struct str rest = str_of(key->words), word;

    while (str_split(&rest, '|', &word))
        if (str_eq(word, value_as_text(v)))
            return 0;
    if (key->words == NULL)
        return 0;
    return fail(c->cx, RC_INVALID, c->file, "%s:%u: \"%s\" cannot be \"%.*s\", only %s.", c->file,
                value_line(v), key->name, STR_ARG(value_as_text(v)), key->words);
}

static int check_items(const struct checker *c, const struct key *key, const struct value *list)
{
    enum value_type type = key->wanted == TEXTS ? VALUE_TEXT : VALUE_MAP;

    for (size_t i = 0; i < value_count(list); i++) {
        if (value_type(value_at(list, i)) != type)
            return bad(c, value_at(list, i),
                       type == VALUE_TEXT ? "only texts are taken in" : "only maps are taken in",
                       str_of(key->name));
        if (key->inside != NULL)
            TRY(check_map(c, value_at(list, i), key->inside));
    }
    return 0;
}

static int check_value(const struct checker *c, const struct key *key, const struct value *v)
{
    static const struct {
        enum value_type type;
        const char *message;
    } types[] = {[TEXT] = {VALUE_TEXT, "text is wanted (perhaps in quotes) for"},
                 [TRUTH] = {VALUE_BOOL, "true or false is wanted for"},
                 [TEXTS] = {VALUE_LIST, "a list is wanted for"},
                 [MAPS] = {VALUE_LIST, "a list is wanted for"},
                 [MAP] = {VALUE_MAP, "a map is wanted for"}};

    if (key->wanted == ANY)
        return 0;
    if (value_type(v) != types[key->wanted].type)
        return bad(c, v, types[key->wanted].message, str_of(key->name));
    if (key->wanted == TEXT)
        return check_word(c, key, v);
    if (key->wanted == TEXTS || key->wanted == MAPS)
        return check_items(c, key, v);
    return key->inside != NULL ? check_map(c, v, key->inside) : 0;
}

static int check_map(const struct checker *c, const struct value *map, const struct key *keys)
{
    if (value_type(map) != VALUE_MAP)
        return bad(c, map, "an entry must be a map, not", value_print(c->cx->mem, map));
    for (size_t i = 0; i < value_count(map); i++) {
        const struct key *key = keys;
        while (key->name != NULL && !str_is(value_key_at(map, i), key->name))
            key++;
        if (key->name == NULL)
            return bad(c, value_at(map, i), "unknown key", value_key_at(map, i));
        TRY(check_value(c, key, value_at(map, i)));
    }
    for (const struct key *key = keys; key->name != NULL; key++)
        if (!key->optional && value_get(map, key->name) == NULL)
            return bad(c, map, "missing key", str_of(key->name));
    return 0;
}

int keys_check_entry(struct ctx *cx, const char *file, const struct value *map,
                     enum entry_type type)
{
    return check_map(&(struct checker){cx, file}, map, entry_keys[type]);
}

int keys_check_about(struct ctx *cx, const char *file, const struct value *map)
{
    return check_map(&(struct checker){cx, file}, map, about_keys);
}
