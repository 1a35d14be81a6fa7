/* The registers inside the program, as they are kept: what is worked out, and what guards forbid.
 */
#include "tests/harness.h"
#include "tests/register/kept.h"

/* ---- all of it runs, on both databases ---- */

static void runs(struct kept *k, const struct register_def *def, const char *what, struct str sql)
{
    struct ctx *cx = k->cx;
    bool row;
    STMT(s);

    if (store_prepare(cx, k->store, sql, &s) != 0 || stmt_step(cx, s, &row) != 0)
        test_failed(__FILE__, __LINE__, "%s, %s: %.*s", def->file, what, STR_ARG(cx->err.text));
}

OURS_TEST(our_sql_runs)
{
    for (size_t i = 0; i < k->rs.registers->n; i++) {
        const struct register_def *def = &k->rs.registers->items[i];
        for (size_t f = 0; f < def->field_n; f++)
            if (def->fields[f].computed.n > 0)
                runs(k, def, str_z(cx->mem, def->fields[f].id),
                     str_printf(cx->mem, "SELECT (%.*s) FROM \"%.*s\" r",
                                STR_ARG(def->fields[f].computed), STR_ARG(def->id)));
        for (size_t g = 0; g < def->guard_n; g++)
            runs(k, def, str_z(cx->mem, def->guards[g].id), def->guards[g].sql);
    }
}

/* ---- what faces ask ---- */

struct asked {
    struct kept *k;
    const struct register_def *def;
};

static bool gives(const struct stmt *s, struct str column)
{
    for (size_t i = 0; i < stmt_columns(s); i++)
        if (str_eq(stmt_column_name(s, i), column))
            return true;
    return false;
}

static int runs_and_gives(void *arg, const char *key, struct str sql, const char *columns)
{
    struct asked *a = arg;
    struct ctx *cx = a->k->cx;
    struct str rest = str_of(columns), column;
    bool row;
    STMT(s);

    if (store_prepare(cx, a->k->store, sql, &s) != 0 || stmt_step(cx, s, &row) != 0) {
        test_failed(__FILE__, __LINE__, "%s, %s: %.*s", a->def->file, key, STR_ARG(cx->err.text));
        return 0;
    }
    while (str_split(&rest, ' ', &column))
        if (!gives(s, column))
            test_failed(__FILE__, __LINE__, "%s, %s: no column %.*s", a->def->file, key,
                        STR_ARG(column));
    return 0;
}

OURS_TEST(our_faces_run)
{
    size_t n = 0;

    for (size_t i = 0; i < k->rs.registers->n; i++) {
        struct asked a = {k, &k->rs.registers->items[i]};
        for (size_t f = 0; f < a.def->face_n; f++, n++)
            CHECK_OK(register_face_selects(&a.def->faces[f], runs_and_gives, &a));
    }
    CHECK(n >= 6);
}

/* ---- what is worked out ---- */

static struct str shown(struct kept *k, const char *register_id, struct str id, const char *field)
{
    struct ctx *cx = k->cx;
    struct record record = {.body = NULL};

    CHECK_OK(record_read(cx, &k->rs, kept_def(k, register_id), id, STR_NONE, &record));
    CHECK_OK(record_complete(cx, &k->rs, &record));
    return value_print(cx->mem, value_get(record.body, field));
}

static void set(struct kept *k, const char *register_id, struct str id, const char *yaml)
{
    struct record record;
    struct ctx *cx = k->cx;

    CHECK_OK(kept_put(k, register_id, id, yaml, &record));
}

static const char METHOD[] =
    "{version: \"1.0\", combine: product, acceptance_max_level: 8, exception_max_level: 12, "
    "interval_months: 12}";

OURS_TEST(our_risks_are_rated_by_the_method)
{
    struct str method = kept_add(k, "risk_method", METHOD);
    struct str risk = kept_add(k, "risk", "{description: Fire, likelihood: 3, consequence: 4}");

    CHECK_STR(shown(k, "risk", risk, "level"), "12");
    CHECK_STR(shown(k, "risk", risk, "evaluation"), "unacceptable");
    set(k, "risk", risk, "{description: Fire, likelihood: 2, consequence: 4}");
    CHECK_STR(shown(k, "risk", risk, "evaluation"), "acceptable");
    set(k, "risk_method", method, "{version: \"1.1\", combine: sum, acceptance_max_level: 5}");
    CHECK_STR(shown(k, "risk", risk, "level"), "6");
    set(k, "risk_method", method, "{version: \"1.2\", combine: highest, acceptance_max_level: 5}");
    CHECK_STR(shown(k, "risk", risk, "level"), "4");
    set(k, "risk_method", method,
        "{version: \"2.0\", combine: matrix, acceptance_max_level: 5, "
        "matrix: [{likelihood: 2, consequence: 4, level: 9}]}");
    CHECK_STR(shown(k, "risk", risk, "level"), "9");
    CHECK_STR(shown(k, "risk", risk, "evaluation"), "unacceptable");
    set(k, "risk", risk, "{description: Fire, likelihood: 1, consequence: 4}");
    CHECK_STR(shown(k, "risk", risk, "level"), "");
    CHECK_STR(shown(k, "risk", risk, "evaluation"), "");
}

OURS_TEST(our_acceptances_grow_stale)
{
    (void)kept_add(k, "risk_method", METHOD);
    struct str risk = kept_add(
        k, "risk",
        "{description: Fire, likelihood: 3, consequence: 4, residual_likelihood: 2, "
        "residual_consequence: 4, accepted_level: 8, residual_accepted_on: \"2026-09-12\"}");

    CHECK_STR(shown(k, "risk", risk, "residual_level"), "8");
    CHECK_STR(shown(k, "risk", risk, "treatment_stale"), "no");
    set(k, "risk", risk,
        "{description: Fire, residual_likelihood: 2, residual_consequence: 5, accepted_level: 8, "
        "residual_accepted_on: \"2026-09-12\"}");
    CHECK_STR(shown(k, "risk", risk, "treatment_stale"), "yes");
    set(k, "risk", risk,
        "{description: Fire, rated_on: \"2026-10-01\", residual_accepted_on: \"2026-09-12\"}");
    CHECK_STR(shown(k, "risk", risk, "treatment_stale"), "yes");
    CHECK_STR(shown(k, "risk", risk, "acceptance_overdue"), "no");
    set(k, "risk", risk, "{description: Fire, due: \"2026-11-29\"}");
    CHECK_STR(shown(k, "risk", risk, "acceptance_overdue"), "yes");
}

OURS_TEST(our_days_follow_from_intervals)
{
    struct str supplier = kept_add(
        k, "supplier", "{name: Falkenrack, assessed_on: \"2025-08-31\", interval_months: 6}");

    CHECK_STR(shown(k, "supplier", supplier, "next_review"), "2026-02-28");
    CHECK_STR(shown(k, "supplier", supplier, "overdue"), "yes");
    set(k, "supplier", supplier,
        "{name: Falkenrack, assessed_on: \"2025-08-31\", next_review: \"2026-12-01\"}");
    CHECK_STR(shown(k, "supplier", supplier, "overdue"), "no");
}

OURS_TEST(our_backups_are_tested_as_often_as_the_own_rule_says)
{
    struct str backup = kept_add(k, "backup", "{system: forge, critical: true}");

    CHECK_STR(shown(k, "backup", backup, "untested"), "yes");
    (void)kept_add(k, "restore_test", "{system: forge, held_on: \"2026-08-20\", result: success}");
    CHECK_STR(shown(k, "backup", backup, "untested"), "no");
    (void)kept_add(k, "own_rule", "{topic: restore_test_interval, value: 92, unit: days}");
    CHECK_STR(shown(k, "backup", backup, "untested"), "yes");
}

OURS_TEST(our_actions_are_those_of_their_lines)
{
    struct str action =
        kept_add(k, "corrective_action",
                 "{statement: No review, actions: [{text: Compare lists, owner: Anna Weber, "
                 "due_on: \"2026-10-15\", done_on: \"2026-10-01\"}, {text: Tell all, "
                 "due_on: \"2026-11-01\"}]}");

    CHECK_STR(shown(k, "corrective_action", action, "action"), "Compare lists");
    CHECK_STR(shown(k, "corrective_action", action, "due_on"), "2026-11-01");
    CHECK_STR(shown(k, "corrective_action", action, "done_on"), "");
    CHECK_STR(shown(k, "corrective_action", action, "overdue"), "yes");
}

OURS_TEST(our_assets_count_risks_once)
{
    struct str asset = kept_add(k, "asset", "{name: Backups}");

    (void)kept_add(k, "risk", "{description: Fire, assets: [Backups]}");
    (void)kept_add(k, "risk", "{description: Theft}");
    CHECK_STR(shown(k, "asset", asset, "risk_count"), "1");
    set(k, "asset", asset, "{name: Backups, risks: [RISK-001, RISK-002]}");
    CHECK_STR(shown(k, "asset", asset, "risk_count"), "2");
}

OURS_TEST(our_documents_tell_how_many_confirmed_them)
{
    struct str id = kept_add(k, "document", "{title: Policy, version: \"1.1\"}");

    (void)kept_add(k, "person", "{name: Carl Dorn, external: true}");
    (void)kept_add(k, "person", "{name: Dora Ek, end_on: \"2026-11-29\"}");
    (void)kept_add(k, "acknowledgement",
                   "{person: Anna Weber, of_document: Policy, version: \"1.0\"}");
    CHECK_STR(shown(k, "document", id, "acknowledged_share"), "0");
    (void)kept_add(k, "acknowledgement",
                   "{person: Anna Weber, of_document: Policy, version: \"1.1\"}");
    CHECK_STR(shown(k, "document", id, "acknowledged_share"), "50");
}

/* ---- what guards forbid ---- */

static void refused(struct kept *k, const char *register_id, const char *yaml, const char *message)
{
    struct ctx *cx = k->cx;
    struct record record;

    CHECK_RC(kept_put(k, register_id, STR_NONE, yaml, &record), RC_CONFLICT);
    if (!str_has(cx->err.text, message))
        test_failed(__FILE__, __LINE__, "\"%.*s\" does not say \"%s\"", STR_ARG(cx->err.text),
                    message);
}

OURS_TEST(our_evidence_shows_a_time_that_runs_forward)
{
    refused(k, "evidence",
            "{title: Review, period_from: \"2026-08-01\", period_to: \"2026-07-31\"}",
            "ends (2026-07-31) before it begins (2026-08-01)");
    (void)kept_add(k, "evidence",
                   "{title: Review, period_from: \"2026-08-01\", period_to: \"2026-08-01\"}");
}

OURS_TEST(our_auditors_are_independent)
{
    (void)kept_add(k, "isms_process", "{name: access, owner: Anna Weber}");
    (void)kept_add(k, "document",
                   "{title: Access control, author: Ben Okafor, approved_on: \"2026-05-05\"}");
    (void)kept_add(k, "soa_entry", "{control: A.8.13, owner: Anna Weber}");
    refused(k, "internal_audit", "{auditors: [Anna Weber], areas_processes: [access]}",
            "Anna Weber owns the process access");
    refused(k, "internal_audit",
            "{auditors: [Ben Okafor], start_on: \"2026-08-24\", areas_documents: [Access control]}",
            "Ben Okafor wrote Access control");
    refused(k, "internal_audit", "{auditors: [Anna Weber], areas_controls: [A.8.13]}",
            "Anna Weber owns the control A.8.13");
    (void)kept_add(k, "internal_audit", "{auditors: [Ben Okafor], areas_processes: [access]}");
    (void)kept_add(k, "internal_audit",
                   "{auditors: [Ben Okafor], start_on: \"2027-06-01\", areas_documents: [Access "
                   "control]}");
}

static int advance(struct kept *k, const char *register_id, struct str id, const char *to,
                   struct str actor, const char *yaml)
{
    struct record_change change = {.def = kept_def(k, register_id),
                                   .id = id,
                                   .act = "advance",
                                   .actor = {actor, STR("owner"), STR("local"), false}};
    struct value *body;
    struct record record;

    TRY(kept_body(k, change.def, yaml, &body));
    change.body = body;
    return record_advance(k->cx, &k->rs, &change, str_of(to), &record);
}

/* Not by who looked at a part, not by another way to write a control, and not later. */
OURS_TEST(our_auditors_stay_independent)
{
    const char *held = "{criteria: The standard, scope: Access, auditors: [Ben Okafor], end_on: "
                       "\"2026-08-25\", reported_on: \"2026-08-30\", reported_to: [Anna Weber], "
                       "result: Conforms}";
    struct record record;

    struct str process = kept_add(k, "isms_process", "{name: access, owner: Anna Weber}");

    (void)kept_add(k, "soa_entry", "{control: A.8.13, owner: Anna Weber}");
    refused(k, "internal_audit",
            "{auditors: [Ben Okafor], areas_processes: [access], coverage: [{clause: \"9.1\", "
            "auditor: Anna Weber}]}",
            "Anna Weber owns the process access");
    refused(k, "internal_audit", "{auditors: [Anna Weber], areas_controls: [\"8.13\"]}",
            "Anna Weber owns the control A.8.13");
    (void)kept_add(k, "person", "{name: Carla Outside, external: true, owns: [access]}");
    refused(k, "internal_audit", "{auditors: [Carla Outside], areas_processes: [access]}",
            "Carla Outside owns the process access");

    struct str id = kept_add(k, "internal_audit", held);
    CHECK_OK(advance(k, "internal_audit", id, "done", k->anna, "{}"));
    CHECK_RC(kept_put(k, "internal_audit", id,
                      "{status: done, scope: Access, auditors: [Anna Weber], areas_processes: "
                      "[access]}",
                      &record),
             RC_CONFLICT);
    CHECK(str_has(k->cx->err.text, "Anna Weber owns the process access"));
    set(k, "internal_audit", id,
        "{status: done, scope: Access, auditors: [Ben Okafor], areas_processes: [access]}");
    /* What was held stays as it was when somebody takes the process over. */
    CHECK_OK(kept_put(k, "isms_process", process, "{name: access, owner: Ben Okafor}", &record));
    set(k, "internal_audit", id,
        "{status: done, scope: Access control, auditors: [Ben Okafor], areas_processes: [access]}");
    CHECK_RC(advance(k, "internal_audit", id, "planned", k->anna, "{}"), RC_CONFLICT);
    CHECK(str_has(k->cx->err.text, "Ben Okafor owns the process access"));
}

OURS_TEST(our_effects_are_checked_by_another)
{
    struct str id =
        kept_add(k, "corrective_action",
                 "{statement: No review, cause: Not in the list, extent: Looked at all, "
                 "owner: Anna Weber}");
    const char *by_anna = "{effectiveness: None missing since, effectiveness_on: \"2026-12-20\", "
                          "effectiveness_by: Anna Weber}",
               *by_ben = "{effectiveness: None missing since, effectiveness_on: \"2026-12-20\", "
                         "effectiveness_by: Ben Okafor}";

    CHECK_OK(advance(k, "corrective_action", id, "done", k->anna, "{}"));
    CHECK_RC(advance(k, "corrective_action", id, "closed", k->anna, by_ben), RC_DENIED);
    CHECK_RC(advance(k, "corrective_action", id, "closed", k->ben, by_anna), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "somebody else than who did it"));
    CHECK_OK(advance(k, "corrective_action", id, "closed", k->ben, by_ben));
    CHECK_STR(shown(k, "corrective_action", id, "closed_on"), "2026-11-30");
}

OURS_TEST(our_ways_need_what_is_there_or_worked_out)
{
    struct str id = kept_add(k, "treatment_action", "{what: Second copy of backups}");

    CHECK_RC(advance(k, "treatment_action", id, "done", k->anna, "{}"), RC_CONFLICT);
    (void)kept_add(k, "evidence", "{title: Log of the first copy}");
    set(k, "treatment_action", id,
        "{what: Second copy of backups, status: open, evidence_records: [EVID-001]}");
    CHECK_OK(advance(k, "treatment_action", id, "done", k->anna, "{}"));
    CHECK_STR(shown(k, "treatment_action", id, "done_on"), "2026-11-30");
}

OURS_TEST(our_documents_are_approved_by_another)
{
    struct str id =
        kept_add(k, "document", "{title: Policy, version: \"1.0\", author: Anna Weber}");

    CHECK_OK(advance(k, "document", id, "in_review", k->anna, "{}"));
    CHECK_RC(advance(k, "document", id, "approved", k->anna, "{}"), RC_DENIED);
    CHECK_OK(advance(k, "document", id, "approved", k->ben, "{}"));
    CHECK_STR(shown(k, "document", id, "approver"), str_z(cx->mem, k->ben));
    CHECK_STR(shown(k, "document", id, "next_review"), "2027-11-30");
    CHECK_OK(advance(k, "document", id, "draft", k->anna, "{}"));
    CHECK_STR(shown(k, "document", id, "approver"), "");
}

OURS_TEST(our_documents_are_approved_by_their_author_where_nobody_else_can)
{
    (void)kept_add(k, "organisation",
                   "{name: Brackwater, four_eyes: false, four_eyes_reason: Two people}");
    struct str id =
        kept_add(k, "document", "{title: Policy, version: \"1.0\", author: Anna Weber}");

    CHECK_OK(advance(k, "document", id, "in_review", k->anna, "{}"));
    CHECK_OK(advance(k, "document", id, "approved", k->anna, "{}"));
}

OURS_TEST(our_risks_are_accepted_by_their_owner)
{
    (void)kept_add(k, "risk_method", METHOD);
    struct str id =
        kept_add(k, "risk", "{description: Fire, owner: Ben Okafor, treatment: retain}");

    CHECK_RC(advance(k, "risk", id, "accepted", k->anna, "{accepted_level: 8}"), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "its owner, Ben Okafor"));
    CHECK_RC(advance(k, "risk", id, "accepted", k->ben, "{accepted_level: 15}"), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "more than 12"));
    CHECK_OK(advance(k, "risk", id, "accepted", k->ben, "{accepted_level: 8}"));
    CHECK_STR(shown(k, "risk", id, "residual_accepted_on"), "2026-11-30");
}

/* ---- one of an organisation's own ---- */

/* The example of docs/registers.md, as it stands there. */
static struct str example(struct ctx *cx)
{
    struct str text = test_read_file(cx, "docs/registers.md");
    size_t from = str_find(text, STR("id: visitor"), 0), to;

    if (from == SIZE_MAX)
        return STR_NONE;
    to = str_find(text, STR("```"), from);
    return str_sub(text, from, to - from);
}

STORE_TEST(our_documentation_shows_a_register_that_works)
{
    struct kept *k = kept_open_own(cx, store, "registers/own/visitor.yaml", example(cx));

    CHECK(kept_def(k, "visitor") != NULL && kept_def(k, "visitor")->custom);
    (void)kept_add(k, "person", "{name: Carl Dorn, external: true}");
    struct str id = kept_add(k, "visitor", "{name: Dora Ek, came_on: \"2026-11-29\"}");
    CHECK_RC(advance(k, "visitor", id, "inside", k->anna, "{}"), RC_CONFLICT);
    CHECK_RC(advance(k, "visitor", id, "inside", k->anna, "{host: Carl Dorn}"), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "Carl Dorn is a visitor too."));
    CHECK_OK(advance(k, "visitor", id, "inside", k->anna, "{host: Anna Weber}"));
    CHECK_STR(shown(k, "visitor", id, "came_on"), "2026-11-30");
    CHECK_STR(shown(k, "visitor", id, "still_here"), "no");
    cx->today = (struct date){2026, 12, 1};
    CHECK_STR(shown(k, "visitor", id, "still_here"), "yes");
    kept_close(k);
}
