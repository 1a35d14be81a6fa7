/* A home that stays warm gives what a new one gives, whatever changed and in which order. */
#include "tests/harness.h"
#include "tests/judge/homes.h"

#define ROUNDS 12
#define CHANGES 6 /* before each judgement */

struct changer {
    struct homes *warm;
    uint32_t seed;
    struct value *now; /* REGISTER -> {ID -> record}, what a new home would be given */
};

static uint32_t roll(struct changer *c, uint32_t n)
{
    c->seed ^= c->seed << 13;
    c->seed ^= c->seed >> 17;
    c->seed ^= c->seed << 5;
    return c->seed % n;
}

/* Registers whose records refer to one another, are lines of others, or decide much. */
static const char *const registers[] = {"person",
                                        "risk",
                                        "supplier",
                                        "document",
                                        "soa_entry",
                                        "treatment_action",
                                        "training",
                                        "risk_method",
                                        "management_review",
                                        "scope",
                                        "corrective_action",
                                        "own_rule"};

static struct value *any_value(struct changer *c, const struct register_field *field)
{
    static const char *const texts[] = {"Laptops", "Hosting", "leaver_limit", "Policy"};
    static const char *const days[] = {"2026-01-15", "2026-10-01", "2027-03-01"};
    static const char *const kinds[] = {"DOC-POLICY", "DOC-SCOPE", "REC-RA", "DOC-SOA"};
    struct arena *mem = c->warm->cx->mem;
    struct value *list = value_list(mem);

    switch (field->type) {
    case REGISTER_INTEGER:
    case REGISTER_SCORE:
        return value_int(mem, 1 + roll(c, 5));
    case REGISTER_YES_NO:
        return value_bool(mem, roll(c, 2) == 0);
    case REGISTER_DATE:
        return value_textz(mem, days[roll(c, 3)]);
    case REGISTER_CHOICE:
        return value_text(mem, field->choices[roll(c, (uint32_t)field->choice_n)].id);
    case REGISTER_PERSON:
        return value_text(mem, str_printf(mem, "person-%u", roll(c, 5)));
    case REGISTER_REFERENCE:
        return value_text(mem, str_is(field->to, "control")
                                   ? str_printf(mem, "A.8.%u", 1 + roll(c, 34))
                                   : str_printf(mem, "%.*s-%u", STR_ARG(field->to), roll(c, 5)));
    case REGISTER_REFERENCES:
        value_push(list, str_is(field->to, "kind")
                             ? value_textz(mem, kinds[roll(c, 4)])
                             : value_text(mem, str_printf(mem, "%.*s-%u", STR_ARG(field->to),
                                                          roll(c, 5))));
        return list;
    case REGISTER_PEOPLE:
        value_push(list, value_text(mem, str_printf(mem, "person-%u", roll(c, 5))));
        return list;
    case REGISTER_DECIMAL:
        return value_textz(mem, "1.5");
    case REGISTER_TEXT:
    case REGISTER_LONG_TEXT:
    case REGISTER_MARKDOWN:
        return value_textz(mem, texts[roll(c, 4)]);
    default:
        return NULL;
    }
}

static struct value *any_body(struct changer *c, const struct register_def *def)
{
    struct arena *mem = c->warm->cx->mem;
    struct value *body = value_map(mem), *list;

    for (size_t f = 0; f < def->field_n; f++) {
        const struct register_field *field = &def->fields[f];
        struct value *v = NULL;

        if (str_is(field->id, "ref") || roll(c, 3) == 0)
            continue;
        if (field->type == REGISTER_ROWS) {
            list = value_list(mem);
            for (uint32_t i = roll(c, 3); i > 0; i--)
                value_push(list, any_body(c, field->of));
            v = list;
        } else {
            v = any_value(c, field);
        }
        if (v != NULL)
            value_set(body, field->id.p, v);
    }
    return body;
}

static int change(struct changer *c)
{
    struct arena *mem = c->warm->cx->mem;
    const char *name = registers[roll(c, COUNT_OF(registers))];
    const struct register_def *def = registers_find(c->warm->registers, str_of(name));
    const char *id = str_printf(mem, "%s-%u", name, roll(c, def->single ? 1 : 8)).p;
    bool gone = roll(c, 5) == 0;
    struct value *body = gone ? NULL : any_body(c, def);
    struct record record = {
        .def = def,
        .id = str_of(id),
        .ref =
            str_printf(mem, "R%u", roll(c, 3) * 1000 + (unsigned)(unsigned char)id[strlen(id) - 1]),
        .at = STR("2026-11-01T09:00:00.000Z"),
        .body = body};
    struct value *kept = value_map(mem);

    value_set_text(kept, "register", str_of(name));
    value_set_text(kept, "ref", record.ref);
    value_set(kept, "body", body);
    value_set(c->now, id, kept);
    return judge_home_put(c->warm->cx, c->warm->home, &record);
}

/* What a home made anew of the same records says. */
static int anew(struct changer *c, const struct judge_request *request, struct value *result)
{
    CLEANUP(judge_home_freep) struct judge_home *home = NULL;
    struct homes *h = c->warm;

    TRY(judge_home_new(h->cx, h->standard, h->registers, h->rules, &home));
    for (size_t i = value_count(c->now); i > 0; i--) {
        const struct value *kept = value_at(c->now, i - 1), *body = value_get(kept, "body");
        struct record record = {.def =
                                    registers_find(h->registers, value_get_text(kept, "register")),
                                .id = value_key_at(c->now, i - 1),
                                .ref = value_get_text(kept, "ref"),
                                .at = STR("2026-11-01T09:00:00.000Z"),
                                .body = value_type(body) == VALUE_MAP ? body : NULL};

        TRY(judge_home_put(h->cx, home, &record));
    }
    return judge_home_judge(h->cx, home, request, result, NULL);
}

static const char *json_of(struct ctx *cx, const struct value *v)
{
    struct buf out = buf_new(cx->mem);

    value_json(&out, v, 1);
    return str_z(cx->mem, buf_str(&out));
}

/* Fails with what stands where two texts part. */
static void check_same(struct str a, struct str b, size_t round)
{
    size_t at = 0;

    while (at < a.n && at < b.n && a.p[at] == b.p[at])
        at++;
    at = at > 150 ? at - 150 : 0;
    if (!str_eq(a, b))
        test_failed(__FILE__, __LINE__, "round %zu: warm says %.300s\n    and a new one %.300s",
                    round, a.p + (at < a.n ? at : a.n), b.p + (at < b.n ? at : b.n));
}

TEST(home_that_is_warm_says_what_a_new_one_does)
{
    struct judge_request request = {.stage = JUDGE_STAGE2};
    struct homes h;
    struct changer c = {.warm = &h, .seed = 20261130, .now = value_map(cx->mem)};

    CHECK_OK(homes_open(cx, &h));
    request.today = cx->today;
    for (size_t round = 0; round < test_rounds(ROUNDS, 200); round++) {
        struct value *warm = value_map(cx->mem), *fresh = value_map(cx->mem);

        for (int i = 0; i < CHANGES; i++)
            CHECK_OK(change(&c));
        CHECK_OK(judge_home_judge(cx, h.home, &request, warm, NULL));
        CHECK_OK(anew(&c, &request, fresh));
        check_same(str_of(json_of(cx, warm)), str_of(json_of(cx, fresh)), round);
    }
    homes_close(&h);
}
