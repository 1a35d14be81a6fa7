#include "op/bundle_parts.h"

#include <stdlib.h>

#include "register/record_openings.h"
#include "register/replay.h"
#include "store/ask.h"

#define FORMAT 1

/* ---- members ---- */

int bundle_begin(struct bundle_writer *w, struct str name)
{
    w->sum = hash_sum_new();
    w->bytes = 0;
    return zip_out_begin(w->cx, w->zip, name);
}

int bundle_add(struct bundle_writer *w, struct str bytes)
{
    hash_sum_add(w->sum, bytes);
    w->bytes += bytes.n;
    return zip_out_write(w->cx, w->zip, bytes);
}

int bundle_end(struct bundle_writer *w, struct str name)
{
    struct arena *mem = w->cx->mem;
    struct value *member = value_map_room(mem, 3);
    const struct hash hash = hash_sum_end(w->sum);

    w->sum = NULL;
    value_set_int(member, "bytes", (int64_t)w->bytes);
    value_set_text(member, "name", str_copy(mem, name));
    value_set_text(member, "sha256", log_hex(mem, &hash));
    value_push(w->members, member);
    return zip_out_end(w->cx, w->zip);
}

int bundle_drop(struct bundle_writer *w)
{
    (void)hash_sum_end(w->sum);
    w->sum = NULL;
    return zip_out_drop(w->cx, w->zip);
}

int bundle_member(struct bundle_writer *w, struct str name, struct str bytes)
{
    TRY(bundle_begin(w, name));
    TRY(bundle_add(w, bytes));
    return bundle_end(w, name);
}

/* ---- versions ---- */

struct versions {
    struct bundle_writer *w;
    int64_t *seqs; /* in scope, ascending */
    size_t n, room, at;
    bool open;
    struct bundle_page *page;
};

/* The keys of the ledger are all there: else nobody could follow who signed. */
static bool is_always(struct str register_id)
{
    return str_is(register_id, "signing_key");
}

/* Of an audit: records that belong to it, and those that changed in its period. */
static bool is_in_scope(const struct bundle_scope *scope, struct str id, bool stood, bool changed)
{
    const char *named = scope->named != NULL ? dict_get(scope->named, id) : bundle_period;

    return named == bundle_whole || (stood && (named != NULL || changed));
}

/* Versions of a register that stood at some time of the period. */
static int find_versions(struct bundle_writer *w, struct str id, struct versions *v)
{
    struct ctx *cx = w->cx;
    bool row;
    STMT(s);

    TRY(store_query(
        cx, w->call->org->store,
        "SELECT v.seq, v.id, CASE WHEN (:until = '' OR v.at <= :until) AND (:since = '' OR NOT "
        "EXISTS (SELECT 1 FROM record_version w WHERE w.id = v.id AND w.rev = v.rev + 1 AND "
        "w.at <= :since)) THEN 1 ELSE 0 END, CASE WHEN EXISTS (SELECT 1 FROM record_version w "
        "WHERE w.id = v.id AND w.at > :since AND (:until = '' OR w.at <= :until)) THEN 1 ELSE "
        "0 END FROM record_version v WHERE v.register = :register ORDER BY v.seq",
        &s, BIND("register", id), BIND("until", w->scope->until), BIND("since", w->scope->since)));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        if (is_always(id) || is_in_scope(w->scope, stmt_text(cx->mem, s, 1), stmt_int(s, 2) != 0,
                                         stmt_int(s, 3) != 0))
            *ARENA_PUSH(cx->mem, v->seqs, v->n, v->room) = stmt_int(s, 0);
    }
}

static struct value *openings_value(struct arena *mem, const struct record_openings *openings,
                                    bool open, struct bundle_counts *counts)
{
    struct value *v = value_map(mem);

    for (size_t i = 0; i < openings->n; i++) {
        const struct record_opening *o = &openings->items[i];
        struct value *one = value_map_room(mem, 2);
        if (!open) {
            counts->closed++;
            continue;
        }
        value_set_text(one, "salt", o->salt);
        value_set_text(one, "value", o->json);
        value_set(v, str_z(mem, o->field), one);
        counts->opened++;
    }
    return v;
}

/* The line of a version: what the entry commits to, the salt, and what is opened of it. */
static int line_of(struct bundle_writer *w, struct ctx *cx, const struct record *record, bool open,
                   struct str *ret)
{
    struct value *line = value_map_room(cx->mem, 5);
    struct buf out = buf_new(cx->mem);
    struct record_openings openings;

    TRY(record_openings(cx, &w->call->org->records, record, &openings));
    value_set_text(line, "id", record->id);
    value_set(line, "open", openings_value(cx->mem, &openings, open, &w->counts));
    value_set_text(line, "salt", openings.salt);
    value_set_text(line, "sealed", openings.sealed);
    value_set_int(line, "seq", record->seq);
    value_json(&out, line, 0);
    *ret = buf_str(&out);
    return 0;
}

/* Whether the version is the next one in scope. */
static bool take_next(struct versions *v, const struct record *record)
{
    if (v->at == v->n || v->seqs[v->at] != record->seq)
        return false;
    v->at++;
    return true;
}

static int put_version(void *arg, struct ctx *cx, const struct record *record)
{
    struct versions *v = arg;
    struct str line;

    if (!take_next(v, record))
        return 0;
    TRY(line_of(v->w, cx, record, v->open, &line));
    TRY(bundle_add(v->w, line));
    v->w->counts.versions++;
    return bundle_add(v->w, STR("\n"));
}

static int show_version(void *arg, struct ctx *cx, const struct record *record)
{
    struct versions *v = arg;

    return take_next(v, record) ? bundle_page_add(v->page, cx, record) : 0;
}

static int put_files(void *arg, struct ctx *cx, const struct record *record)
{
    struct versions *v = arg;

    return take_next(v, record) ? bundle_put_files(v->w, cx, record, v->open) : 0;
}

static bool has_files(const struct register_def *def)
{
    for (size_t i = 0; i < def->field_n; i++)
        if (def->fields[i].type == REGISTER_FILE)
            return true;
    return false;
}

/* The same versions again: their files, and pages of them for people. */
static int put_shown(struct bundle_writer *w, const struct register_def *def, struct versions *v)
{
    v->at = 0;
    if (has_files(def))
        TRY(replay_read(w->cx, &w->call->org->records, def->id, put_files, v));
    v->at = 0;
    v->page = bundle_page_new(w, def, v->open);
    int rc = replay_read(w->cx, &w->call->org->records, def->id, show_version, v);
    if (rc == 0)
        rc = bundle_page_end(v->page);
    bundle_page_free(v->page);
    return rc;
}

static bool is_open(const struct bundle_scope *scope, struct str id)
{
    for (size_t i = 0; i < value_count(scope->open); i++)
        if (str_eq(value_as_text(value_at(scope->open, i)), id))
            return true;
    return scope->open_all;
}

static int put_register(struct bundle_writer *w, struct str id)
{
    const struct register_def *def = registers_find(w->call->org->records.registers, id);
    struct versions v = {.w = w, .open = is_open(w->scope, id)};
    struct str name = str_printf(w->cx->mem, "records/%.*s.jsonl", STR_ARG(id));

    TRY(find_versions(w, id, &v));
    if (v.n == 0)
        return 0;
    TRY(bundle_begin(w, name));
    TRY(replay_read(w->cx, &w->call->org->records, id, put_version, &v));
    TRY(bundle_end(w, name));
    return def != NULL ? put_shown(w, def, &v) : 0;
}

/* Those that the person may read; lines of others' records come with these. */
static int put_registers(struct bundle_writer *w)
{
    struct value *ids;

    TRY(replay_registers(w->cx, &w->call->org->records, &ids));
    for (size_t i = 0; i < value_count(ids); i++) {
        struct str id = value_as_text(value_at(ids, i));
        const struct register_def *def = registers_find(w->call->org->records.registers, id);
        if (def == NULL || call_may_read(w->call, def))
            TRY(put_register(w, id));
    }
    return 0;
}

/* ---- what is in it ---- */

static const char verify[] =
    "Whether this bundle holds what it says can be checked without the organisation and without\n"
    "Assay:\n"
    "\n"
    "    assay-verify BUNDLE.zip --key KEY --previous CHECKPOINT\n"
    "\n"
    "KEY is the ledger's public key as you were given it, not out of this bundle. CHECKPOINT is\n"
    "one that you kept from before; keep ledger/checkpoint of this bundle for the next time.\n"
    "\n"
    "By hand, with unzip, openssl and sha256sum: docs/verify-by-hand.md in Assay's documentation.\n"
    "To read it: index.html.\n"
    "\n"
    "What it proves: that these records and files existed in this form, in this order, by the "
    "time\n"
    "the checkpoint was signed, and that no entry before was changed or left out since the\n"
    "checkpoints and stamps that others have. What it does not prove: that what was recorded is\n"
    "true, that an account was used by its owner, that a control is adequate, or anything from\n"
    "before the ledger began.\n";

static int by_name(const void *a, const void *b)
{
    return str_cmp(value_get_text(*(const struct value *const *)a, "name"),
                   value_get_text(*(const struct value *const *)b, "name"));
}

/* The manifest lists all that was written so far. */
static int put_manifest(struct bundle_writer *w, struct str *ret_sha256)
{
    struct arena *mem = w->cx->mem;
    struct value *v = value_map(mem), *scope = value_map(mem);
    struct buf out = buf_new(mem);
    struct log_head head;

    TRY(log_head(w->cx, w->log, &head));
    value_set_text(scope, "audit", w->scope->audit);
    value_set_text(scope, "from", date_iso(mem, w->scope->from));
    value_set_text(scope, "to", date_iso(mem, w->scope->to));
    value_set_int(v, "format", FORMAT);
    value_sort(w->members, by_name);
    value_set(v, "members", w->members);
    value_set_text(v, "organisation", w->call->org->title);
    value_set_text(v, "origin", head.origin);
    value_set_text(v, "program", str_of(ASSAY_VERSION));
    value_set(v, "scope", scope);
    value_json(&out, v, 0);
    *ret_sha256 = hash_sha256_hex(mem, buf_str(&out));
    return zip_out_add(w->cx, w->zip, STR("manifest.json"), buf_str(&out));
}

static void set_day(struct arena *mem, struct value *body, const char *field, struct date day)
{
    if (!date_is_none(day))
        value_set_text(body, field, date_iso(mem, day));
}

static struct str opened_text(struct bundle_writer *w)
{
    struct buf out = buf_new(w->cx->mem);

    for (size_t i = 0; i < value_count(w->scope->open); i++)
        buf_printf(&out, "%s%.*s", i > 0 ? ", " : "",
                   STR_ARG(value_as_text(value_at(w->scope->open, i))));
    return w->scope->open_all ? STR("all") : out.n > 0 ? buf_str(&out) : STR("none");
}

/* The hand-over, which names the manifest and so all that is in the bundle. */
static int record_handover(struct bundle_writer *w, struct str manifest, struct record *ret)
{
    const struct registers *all = w->call->org->records.registers;
    struct arena *mem = w->cx->mem;
    struct value *body = value_map(mem);
    struct record_change change = {.def = registers_find(all, STR("bundle")),
                                   .body = body,
                                   .act = "add",
                                   .actor = call_actor(w->call)};

    if (change.def == NULL)
        return fail(w->cx, RC_FAIL, NULL, _("The register bundle is not there."));
    set_day(mem, body, "made_on", w->cx->today);
    if (w->call->who.person.n > 0)
        value_set_text(body, "made_by", w->call->who.person);
    if (w->scope->made_for.n > 0)
        value_set_text(body, "made_for", w->scope->made_for);
    if (w->scope->audit.n > 0)
        value_set_text(body, "audit", w->scope->audit);
    set_day(mem, body, "period_from", w->scope->from);
    set_day(mem, body, "period_to", w->scope->to);
    value_set_text(body, "opened", opened_text(w));
    value_set_int(body, "versions", (int64_t)w->counts.versions);
    value_set_int(body, "files", (int64_t)w->counts.files);
    value_set_text(body, "manifest", manifest);
    return record_write(w->cx, &w->call->org->records, &change, ret);
}

/* ---- all ---- */

/* Of one moment. */
static int put_contents(struct bundle_writer *w, struct str *ret_manifest)
{
    TX_READ(tx, w->cx, w->call->org->store);
    TRY(bundle_put_past(w));
    TRY(put_registers(w));
    TRY(bundle_put_index(w));
    TRY(bundle_member(w, STR("VERIFY.txt"), str_of(verify)));
    return put_manifest(w, ret_manifest);
}

static int put_handover(struct bundle_writer *w, const struct record *handover)
{
    const struct bundle_counts counts = w->counts; /* it is none of what was asked for */
    struct str line;

    TRY(line_of(w, w->cx, handover, false, &line));
    w->counts = counts;
    return zip_out_add(w->cx, w->zip, STR("handover.json"), line);
}

/* Keys that followed on others are to be in it. */
static int write_all(struct bundle_writer *w)
{
    const struct record_actor actor = call_actor(w->call);
    struct record handover;
    struct str manifest;

    TRY(record_signing_keys(w->cx, &w->call->org->records, &actor));
    TRY(put_contents(w, &manifest));
    TRY(record_handover(w, manifest, &handover));
    TRY(record_read(w->cx, &w->call->org->records, handover.def, handover.id, STR_NONE, &handover));
    TRY(record_checkpoint(w->cx, &w->call->org->records, &w->counts.entries));
    TRY(put_handover(w, &handover));
    TRY(bundle_put_ledger(w));
    w->counts.ref = handover.ref;
    return zip_out_finish(w->cx, w->zip);
}

int bundle_write(struct op_call *call, int fd, const struct bundle_scope *scope,
                 struct bundle_counts *ret)
{
    struct zip_out *zip CLEANUP(zip_out_freep) = NULL;
    struct bundle_writer w = {.call = call, .cx = call->cx, .scope = scope};

    if (call->org->records.keys == NULL)
        return fail(call->cx, RC_CONFLICT, NULL, _("This organisation has no ledger."));
    TRY(zip_out_new_plain(call->cx, fd, call->cx->today, &zip));
    w.zip = zip;
    w.members = value_list(call->cx->mem);
    w.registers = value_list(call->cx->mem);
    w.counts.lost = value_list(call->cx->mem);
    w.file_at = dict_new(call->cx->mem);
    w.log = log_open(call->org->store);
    int rc = write_all(&w);
    if (w.sum != NULL)
        (void)hash_sum_end(w.sum);
    log_close(w.log);
    *ret = w.counts;
    return rc;
}
