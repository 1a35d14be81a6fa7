/* The operations `stage1` and `documents`: folders in, the result's value tree out. */
#include "op/op.h"

#include <time.h>

#include "judge/commitment_facts.h"
#include "judge/references.h"
#include "judge/rules.h"
#include "judge/verdict.h"
#include "op/audit_time.h"
#include "op/intake.h"
#include "op/interview.h"
#include "op/profile.h"
#include "op/registers.h"
#include "op/since.h"
#include "op/start_now.h"
#include "op/starters.h"
#include "store/ask.h"

struct run {
    struct ctx *cx;
    const struct stage1_request *request;
    struct proc_server *server;
    struct library library;
    struct store *store;
    const struct value *profile;
    const struct value *since; /* an earlier result, or NULL */
    struct date stage2;        /* as asked, else as the profile says; none where neither does */
    struct intake intake;
    struct value *registers; /* which tables are registers */
    struct value *timing;
    struct timespec started;
};

static void run_end(struct run *run)
{
    proc_server_stop(run->server);
    store_close(run->store);
    library_free(&run->library);
}

/* Seconds since the last call, under `name`: only with --timing, so that output stays the same. */
static void mark(struct run *run, const char *name)
{
    struct timespec now;

    if (!run->request->timing)
        return;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if (name != NULL)
        value_set(run->timing, name,
                  value_decimal(run->cx->mem, (now.tv_sec - run->started.tv_sec) * 1000 +
                                                  (now.tv_nsec - run->started.tv_nsec) / 1000000));
    run->started = now;
}

/* What of "read" was spent on what, in seconds of computing on any core. */
static void mark_usage(struct run *run)
{
    const struct readers_usage *usage = &run->intake.usage;
    struct arena *mem = run->cx->mem;

    value_set(run->timing, "extracting", value_decimal(mem, usage->extracting / 1000));
    value_set(run->timing, "matching", value_decimal(mem, usage->matching / 1000));
    value_set(run->timing, "storing", value_decimal(mem, run->intake.storing / 1000));
}

static void tell(const struct run *run, const char *what)
{
    if (run->request->progress != NULL)
        run->request->progress(run->request->progress_arg, what, 0, 0);
}

/* ---- the parts of the result ---- */

static struct value *program_value(struct run *run)
{
    struct value *v = value_map(run->cx->mem);

    value_set_text(v, "name", STR("Assay"));
    value_set_text(v, "version", str_of(ASSAY_VERSION));
    value_set_text(v, "rules_version", run->library.standard->version);
    value_set_text(v, "command", run->request->command);
    return v;
}

static struct value *standard_value(struct run *run)
{
    struct value *v = value_map(run->cx->mem);

    value_set_text(v, "id", run->library.standard->id);
    value_set_text(v, "title", run->library.standard->title);
    value_set_text(v, "amendment", run->library.standard->amendment);
    return v;
}

static struct value *notice_value(struct run *run)
{
    struct value *v = value_map(run->cx->mem);

    value_set_text(v, "self_assessment",
                   str_of(_("This is a self-assessment, not an audit under ISO/IEC 17021-1. Only a "
                            "certification body can certify.")));
    value_set_text(v, "privacy",
                   str_of(_("Everything was read on this machine; nothing left it.")));
    return v;
}

static struct value *organisation_value(struct run *run)
{
    struct value *v = value_map(run->cx->mem);
    struct str name = value_as_text(value_path(run->profile, "organisation.name"));

    value_set_text(v, "name", name.n > 0 ? name : run->intake.organisation);
    return v;
}

static struct value *at_value(struct arena *mem, const struct value *row)
{
    static const char *const keys[] = {"page", "heading", "line", "sheet", "row"};
    struct value *at = value_map(mem);

    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct value *v = value_get(row, keys[i]);
        if (value_type(v) == VALUE_INT)
            value_set_int(at, keys[i], value_as_int(v, 0));
        else
            value_set(at, keys[i],
                      value_type(v) == VALUE_TEXT ? value_text(mem, value_as_text(v)) : NULL);
    }
    return at;
}

/* The evidence of one criterion in the document that serves it best. */
static int evidence_value(struct run *run, struct stmt *s, struct str criterion, int64_t document,
                          struct value **ret)
{
    struct arena *mem = run->cx->mem;
    struct value *list = value_list(mem);
    bool more;

    TRY(stmt_bind_text(run->cx, s, "criterion", criterion));
    TRY(stmt_bind_int(run->cx, s, "document", document));
    for (;;) {
        TRY(stmt_step(run->cx, s, &more));
        if (!more)
            break;
        struct value *row = stmt_row(mem, s), *item = value_map(mem);
        value_set_text(item, "path", value_get_text(row, "path"));
        value_set_text(item, "place", value_get_text(row, "place"));
        value_set_text(item, "quote", value_get_text(row, "quote"));
        value_set(item, "at", at_value(mem, row));
        value_push(list, item);
    }
    stmt_reset(s);
    *ret = list;
    return 0;
}

static int criteria_value(struct run *run, struct value **ret)
{
    struct arena *mem = run->cx->mem;
    struct value *list = value_list(mem);
    bool more;
    STMT(all);
    STMT(evidence);

    TRY(store_query(run->cx, run->store,
                    "SELECT f.kind, f.criterion, f.status, f.document, c.text "
                    "FROM fact_criterion f JOIN criterion c ON c.id = f.criterion "
                    "ORDER BY f.criterion",
                    &all));
    TRY(store_query(run->cx, run->store,
                    "SELECT path, place, heading, page, line, sheet, row, quote "
                    "FROM criterion_evidence WHERE criterion = :criterion "
                    "AND document = :document ORDER BY n",
                    &evidence));
    for (;;) {
        TRY(stmt_step(run->cx, all, &more));
        if (!more)
            break;
        struct value *row = stmt_row(mem, all), *item = value_map(mem), *quotes;
        value_set_text(item, "kind", value_get_text(row, "kind"));
        value_set_text(item, "criterion", value_get_text(row, "criterion"));
        value_set_text(item, "text", value_get_text(row, "text"));
        value_set_text(item, "status", value_get_text(row, "status"));
        TRY(evidence_value(run, evidence, value_get_text(row, "criterion"),
                           value_get_int(row, "document", 0), &quotes));
        value_set(item, "evidence", quotes);
        value_push(list, item);
    }
    *ret = list;
    return 0;
}

static struct value *head_value(struct run *run)
{
    struct arena *mem = run->cx->mem;
    struct value *v = value_map(mem);

    value_set_text(v, "schema", str_printf(mem, "assay.stage%u/1", run->request->stage));
    value_set_int(v, "stage", run->request->stage);
    value_set(v, "program", program_value(run));
    value_set(v, "standard", standard_value(run));
    value_set(v, "notice", notice_value(run));
    value_set_text(v, "today", date_iso(mem, run->cx->today));
    value_set(v, "stage2",
              date_is_none(run->stage2) ? NULL : value_text(mem, date_iso(mem, run->stage2)));
    value_set(v, "organisation", organisation_value(run));
    value_set(v, "documents", run->intake.documents);
    value_set(v, "registers", run->registers != NULL ? run->registers : value_list(mem));
    return v;
}

/* ---- the run ---- */

/* An earlier report of the same stage. */
static int read_since(struct run *run)
{
    const struct stage1_request *request = run->request;
    struct str schema = str_printf(run->cx->mem, "assay.stage%u/1", request->stage);

    if (request->since == NULL)
        return 0;
    TRY(since_read(run->cx, request->since, run->library.standard->id, &run->since));
    if (!str_eq(value_get_text(run->since, "schema"), schema))
        return fail(run->cx, RC_INVALID, request->since,
                    _("%s is a report of the other stage: Stage %u is judged here."),
                    request->since, request->stage);
    return 0;
}

static int begin(struct ctx *cx, const struct stage1_request *request, struct run *run)
{
    *run = (struct run){.cx = cx, .request = request, .timing = value_map(cx->mem)};
    mark(run, NULL);
    /* First of all, while the process is small and has one thread. */
    TRY(proc_server_start(cx, readers_services, readers_service_n, &run->server));
    TRY(library_load(cx, request->content_dir, &run->library));
    TRY(profile_read(cx, run->library.standard, request->profile, &run->profile));
    run->library.pins = value_get(run->profile, "columns");
    run->stage2 = request->stage2;
    if (date_is_none(run->stage2))
        (void)date_parse_iso(value_get_text(run->profile, "stage2"), &run->stage2);
    TRY(read_since(run));
    TRY(store_open(cx, NULL, 0, &run->store));
    TRY(tables_make(cx, run->store, run->library.standard));
    mark(run, "load");
    TRY(intake_run(cx, &run->library, run->store, run->server, request, run->profile,
                   &run->intake));
    TRY(references_find(cx, &run->library, run->store));
    TRY(registers_resolve(cx, run->store, run->library.standard->registers));
    TRY(registers_value(cx, run->store, run->library.standard->registers, &run->registers));
    proc_server_stop(run->server);
    library_rest(&run->library);
    arena_trim();
    mark(run, "read");
    mark_usage(run);
    return 0;
}

static int note_run(struct run *run)
{
    struct ctx *cx = run->cx;

    TRY(profile_store(cx, run->store, run->profile));
    return store_run(
        cx, run->store,
        "INSERT INTO fact_run (today, stage, stage2, files, read, unread, "
        "foreign_language) VALUES (:today, :stage, :stage2, :files, :read, "
        ":unread, :foreign)",
        BIND("today", date_iso(cx->mem, cx->today)), BIND("stage", (int64_t)run->request->stage),
        BIND_OR_NULL("stage2", date_iso(cx->mem, run->stage2)),
        BIND("files", (int64_t)run->intake.files), BIND("read", (int64_t)run->intake.read),
        BIND("unread", (int64_t)run->intake.unread), BIND("foreign", (int64_t)run->intake.foreign));
}

static int judge(struct run *run, struct value *result)
{
    struct value *criteria;

    tell(run, _("judging"));
    TRY(note_run(run));
    TRY(judge_run(run->cx, run->library.standard, run->store, result));
    TRY(criteria_value(run, &criteria));
    value_set(result, "criteria", criteria);
    pins_warn(run->intake.pins, run->intake.documents, run->intake.skipped,
              value_get_mut(result, "warnings"));
    mark(run, "judge");
    return 0;
}

static int set_starters(struct run *run, struct value *result)
{
    struct value *list;

    if (run->request->starters == NULL)
        return 0;
    TRY(starters_write(run->cx, run->library.standard, run->store, result, run->request->starters,
                       &list));
    value_set(result, "starters", list);
    return 0;
}

static int set_understanding(struct run *run, struct value *result)
{
    struct value *first, *records;

    TRY(interview_first(run->cx, run->library.standard, run->profile, result, &first));
    TRY(start_now_make(run->cx, run->library.standard, run->store, run->stage2, &records));
    value_set(result, "first_questions", first);
    value_set(result, "start_now", records);
    return 0;
}

static int set_audit_time(struct run *run, struct value *result)
{
    const struct value *quote = NULL;
    struct value *proposed, *time;

    if (run->request->quote != NULL)
        TRY(audit_time_read_quote(run->cx, run->request->quote, &quote));
    TRY(audit_time_propose(run->cx, run->library.standard, run->store, &proposed));
    TRY(audit_time_make(run->cx, run->library.standard, value_get(run->profile, "audit_time"),
                        proposed, quote, &time));
    value_set(result, "audit_time", time);
    return 0;
}

int op_stage1(struct ctx *cx, const struct stage1_request *request, struct value **ret)
{
    struct run run CLEANUP(run_end) = {0};

    TRY(begin(cx, request, &run));
    struct value *result = head_value(&run);
    struct value *commitments;

    TRY(judge(&run, result));
    TRY(commitments_value(cx, run.store, &commitments));
    value_set(result, "commitments", commitments);
    TRY(set_starters(&run, result));
    TRY(set_understanding(&run, result));
    TRY(set_audit_time(&run, result));
    value_set(result, "skipped", run.intake.skipped);
    if (run.since != NULL)
        value_set(result, "since", since_compare(cx->mem, run.since, result));
    if (request->timing)
        value_set(result, "timing", run.timing);
    if (request->write_profile != NULL)
        TRY(profile_write(cx, request->write_profile, run.profile, result));
    *ret = result;
    return 0;
}

int op_documents(struct ctx *cx, const struct stage1_request *request, struct value **ret)
{
    struct run run CLEANUP(run_end) = {0};

    TRY(begin(cx, request, &run));
    struct value *result = head_value(&run);
    value_set(result, "skipped", run.intake.skipped);
    *ret = result;
    return 0;
}

/* Without a folder there is nothing that could be proposed. */
static int audit_time_alone(struct run *run, struct value **ret)
{
    struct ctx *cx = run->cx;
    const struct stage1_request *request = run->request;
    const struct value *quote = NULL;
    struct value *result, *time;

    TRY(library_load(cx, request->content_dir, &run->library));
    TRY(profile_read(cx, run->library.standard, request->profile, &run->profile));
    if (request->quote != NULL)
        TRY(audit_time_read_quote(cx, request->quote, &quote));
    TRY(audit_time_make(cx, run->library.standard, value_get(run->profile, "audit_time"), NULL,
                        quote, &time));
    result = head_value(run);
    value_set(result, "audit_time", time);
    if (request->write_profile != NULL)
        TRY(profile_write(cx, request->write_profile, run->profile, result));
    *ret = result;
    return 0;
}

int op_audit_time(struct ctx *cx, const struct stage1_request *request, struct value **ret)
{
    static const char *const keys[] = {"program", "standard", "today", "organisation",
                                       "audit_time"};
    struct run run CLEANUP(run_end) = {.cx = cx, .request = request};
    struct value *all, *result = value_map(cx->mem);

    if (request->folder_n > 0)
        TRY(op_stage1(cx, request, &all));
    else
        TRY(audit_time_alone(&run, &all));
    value_set_text(result, "schema", STR("assay.audit-time/1"));
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        value_set(result, keys[i], value_get_mut(all, keys[i]));
    *ret = result;
    return 0;
}

/* A result that is there already, with the profile of today. */
static int interview_of_report(struct run *run, const struct interview_request *request,
                               const struct value **ret)
{
    struct ctx *cx = run->cx;

    TRY(library_load(cx, request->stage1.content_dir, &run->library));
    TRY(profile_read(cx, run->library.standard, request->stage1.profile, &run->profile));
    struct date today = cx->today;
    /* The report's own day counts, whenever it was. */
    cx->today = (struct date){9999, 12, 31};
    int rc = since_read(cx, request->report, run->library.standard->id, ret);
    cx->today = today;
    return rc;
}

static int interview_of_folder(struct run *run, const struct interview_request *request,
                               const struct value **ret)
{
    struct value *result;

    TRY(library_load(run->cx, request->stage1.content_dir, &run->library));
    TRY(profile_read(run->cx, run->library.standard, request->stage1.profile, &run->profile));
    TRY(op_stage1(run->cx, &request->stage1, &result));
    *ret = result;
    return 0;
}

int op_interview(struct ctx *cx, const struct interview_request *request, struct value **ret)
{
    struct run run CLEANUP(run_end) = {.cx = cx, .request = &request->stage1};
    struct value *open = value_map(cx->mem), *verdict = value_map(cx->mem);
    const struct value *result;

    TRY(request->report != NULL ? interview_of_report(&run, request, &result)
                                : interview_of_folder(&run, request, &result));
    TRY(interview_sheet(cx, run.library.standard, run.profile, result, str_of(request->role), ret));
    if (request->write_answers == NULL)
        return 0;
    value_set(verdict, "questions", value_get_mut(*ret, "asks"));
    value_set(open, "verdict", verdict);
    value_set(open, "organisation", value_get_mut(*ret, "organisation"));
    value_set(open, "interview", *ret);
    return profile_write(cx, request->write_answers, run.profile, open);
}
