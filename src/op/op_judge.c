/* Operations that judge a home, and that remember what people answer. */
#include "judge/home.h"
#include "op/call.h"
#include "op/table_parts.h"
#include "standard/yaml.h"

static const char *const stage_names[] = {
    [JUDGE_STAGE1] = "stage1",
    [JUDGE_STAGE2] = "stage2",
    [JUDGE_SURVEILLANCE] = "surveillance",
    [JUDGE_RECERTIFICATION] = "recertification",
};

/* ---- judge ---- */

static enum judge_stage stage_of(const struct op_call *call)
{
    struct str name = call_text(call, "stage");

    for (enum judge_stage stage = JUDGE_STAGE1; stage <= JUDGE_RECERTIFICATION; stage++)
        if (str_is(name, stage_names[stage]))
            return stage;
    return JUDGE_STAGE1;
}

/* Whether --fail-on says that the answer is no. */
static bool fails(const struct op_call *call, const struct value *verdict)
{
    struct str fail_on = call_text(call, "fail-on");
    bool ready = value_is_text(value_get(verdict, "ready"), "yes");
    bool blocked = value_get_int(verdict, "blockers", 0) > 0 ||
                   value_is_text(value_get(verdict, "ready"), "no");

    if (str_is(fail_on, "never"))
        return false;
    return blocked || (str_is(fail_on, "concern") && !ready);
}

static void set_head(struct op_call *call, const struct judge_request *request, struct value *v)
{
    struct arena *mem = call->cx->mem;
    const struct standard *standard = call->org->standard;
    struct value *about = value_map(mem), *organisation = value_map(mem), *program = value_map(mem);
    struct value *notice = value_map(mem);

    value_set_text(program, "name", STR("Assay"));
    value_set_text(program, "version", str_of(ASSAY_VERSION));
    value_set_text(program, "rules_version", standard->version);
    value_set_text(about, "id", standard->id);
    value_set_text(about, "title", standard->title);
    value_set_text(about, "amendment", standard->amendment);
    value_set_text(organisation, "name", call->org->title);
    value_set_text(notice, "self_assessment",
                   str_of(_("This is a self-assessment, not an audit under ISO/IEC 17021-1. Only a "
                            "certification body can certify.")));
    value_set_text(notice, "privacy", str_of(_("Everything was judged where the records are.")));
    value_set_int(v, "stage", request->stage);
    value_set_text(v, "audit", str_of(stage_names[request->stage]));
    value_set(v, "program", program);
    value_set(v, "standard", about);
    value_set(v, "notice", notice);
    value_set_text(v, "today", date_iso(mem, request->today));
    value_set(v, "stage2",
              date_is_none(request->stage2) ? NULL
                                            : value_text(mem, date_iso(mem, request->stage2)));
    value_set(v, "organisation", organisation);
}

/* Everything a reader of reports may ask for is there, if only empty. */
static void set_rest(struct op_call *call, struct value *v)
{
    static const char *const lists[] = {"documents", "registers", "criteria", "commitments",
                                        "skipped"};

    for (size_t i = 0; i < COUNT_OF(lists); i++)
        if (value_get(v, lists[i]) == NULL)
            value_set(v, lists[i], value_list(call->cx->mem));
    value_set_bool(v, "answer", !fails(call, value_get(v, "verdict")));
}

static int read_request(struct op_call *call, struct judge_request *ret, struct str *ret_as_of)
{
    *ret = (struct judge_request){.stage = stage_of(call), .today = call->cx->today};
    TRY(call_as_of(call, ret_as_of));
    (void)date_parse_iso(call_text(call, "as-of"), &ret->today);
    (void)date_parse_iso(call_text(call, "stage2"), &ret->stage2);
    call->cx->today = ret->today; /* what is computed is of that day too */
    return 0;
}

int op_judge(struct op_call *call, struct value **ret)
{
    CLEANUP(judge_home_freep) struct judge_home *home = NULL;
    struct value *result = value_map(call->cx->mem);
    const struct standard *standard = call->org->standard;
    struct judge_request request;
    struct rules *rules;
    struct str as_of;

    TRY(read_request(call, &request, &as_of));
    TRY(rules_load(call->cx, standard, &rules));
    TRY(judge_home_new(call->cx, standard, standard->registers, rules, &home));
    if (call->progress != NULL)
        call->progress(call->progress_arg, _("Reading the records"), 0, 0);
    TRY(judge_home_put_all(call->cx, home, &call->org->records, as_of));
    set_head(call, &request, result);
    if (call->progress != NULL)
        call->progress(call->progress_arg, _("Judging them"), 0, 0);
    TRY(judge_home_judge(call->cx, home, &request, result, NULL));
    set_rest(call, result);
    *ret = result;
    return 0;
}

/* ---- answer ---- */

/* The register that answers are kept in, and its fields. */
#define ANSWERS STR("answer")
#define QUESTION "question"
#define ANSWER "answer"
#define NOTE "note"
#define BY "answered_by"
#define ON "answered_on"

/* Is it a question of the standard, by its id or key, or a requirement? */
static int find_question(struct op_call *call, struct str name, bool *ret)
{
    const struct standard *standard = call->org->standard;
    const struct entry *e = standard_find(standard, name);
    struct value *asks;

    TRY(standard_yaml(call->cx, standard, "asks.yaml", &asks));
    *ret = e != NULL && e->type == ENTRY_REQUIREMENT;
    for (size_t i = 0; i < value_count(asks) && !*ret; i++)
        *ret = str_eq(value_key_at(asks, i), name) ||
               str_eq(value_get_text(value_at(asks, i), "answer"), name);
    return 0;
}

int op_answer(struct op_call *call, struct value **ret)
{
    struct arena *mem = call->cx->mem;
    struct value *body = value_map(mem), *result = value_map(mem);
    struct record_change change = {.def = registers_find(call->org->standard->registers, ANSWERS),
                                   .body = body,
                                   .act = "add",
                                   .actor = call_actor(call)};
    struct str question = call_text(call, "question"), on = call_text(call, "on");
    struct record record;
    bool there;

    TRY(find_question(call, question, &there));
    if (!there || change.def == NULL)
        return fail(call->cx, RC_NOT_FOUND, "question",
                    _("\"%.*s\" is no question. assay judge lists those that are open."),
                    STR_ARG(question));
    TRY(access_check(call->cx, call->org->access, &call->who, ACCESS_WRITE, ANSWERS));
    TRY(call_may_write(call, change.def, NULL, body));
    value_set_text(body, QUESTION, question);
    value_set_text(body, ANSWER, call_text(call, "answer"));
    if (call_text(call, "note").n > 0)
        value_set_text(body, NOTE, call_text(call, "note"));
    if (call->who.person.n > 0)
        value_set_text(body, BY, call->who.person);
    value_set_text(body, ON, on.n > 0 ? on : date_iso(mem, call->cx->today));
    TRY(record_write(call->cx, &call->org->records, &change, &record));
    value_set_text(result, "ref", record.ref);
    value_set_text(result, "said",
                   str_printf(mem, _("%.*s: the answer to %.*s is remembered."),
                              STR_ARG(record.ref), STR_ARG(question)));
    *ret = result;
    return 0;
}
