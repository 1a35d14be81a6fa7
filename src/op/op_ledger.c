/* Operations on the ledger: how it stands, what proves what, and whether all of it holds. */
#include "ledger/log.h"
#include "ledger/stamp.h"
#include "op/call.h"
#include "op/table_parts.h"
#include "register/record_file.h"
#include "register/record_search.h"

struct opened {
    struct log *log;
    struct log_head head;
};

static void opened_end(struct opened *opened)
{
    log_close(opened->log);
}

static int open_log(struct op_call *call, struct opened *ret)
{
    ret->log = log_open(call->org->store);
    return log_head(call->cx, ret->log, &ret->head);
}

static struct str base64_of(struct arena *mem, const struct hash *hash)
{
    return base64_encode(mem, (struct str){(const char *)hash->b, sizeof hash->b});
}

static void set_head(struct value *result, struct arena *mem, const struct log_head *head)
{
    value_set_text(result, "origin", head->origin);
    value_set_int(result, "size", (int64_t)head->frontier.size);
    value_set_text(result, "root", log_hex(mem, &head->root));
}

/* ---- status ---- */

/* What authorities said of which checkpoint. */
static int set_stamps(struct op_call *call, struct log *log, struct value *result, struct buf *text)
{
    struct arena *mem = call->cx->mem;
    struct value *all, *list = value_list(mem);

    TRY(log_stamps(call->cx, log, &all));
    for (size_t i = 0; i < value_count(all); i++) {
        const struct value *row = value_at(all, i);
        struct value *v = value_map(mem);
        struct stamp stamp = {.at = STR("-")};
        struct str reply;
        if (!base64_decode(mem, value_get_text(row, "reply"), &reply) ||
            stamp_parse(call->cx, reply, &stamp) < 0)
            stamp.at = STR("-"); /* ledger verify names it */
        value_set_int(v, "size", value_get_int(row, "size", 0));
        value_set_text(v, "authority", value_get_text(row, "authority"));
        value_set_text(v, "at", stamp.at);
        value_push(list, v);
        buf_printf(text, _("Of the first %lld entries %.*s says that they existed by %.*s.\n"),
                   (long long)value_get_int(row, "size", 0),
                   STR_ARG(value_get_text(row, "authority")), STR_ARG(stamp.at));
    }
    value_set(result, "stamps", list);
    return 0;
}

int op_ledger_status(struct op_call *call, struct value **ret)
{
    struct opened opened CLEANUP(opened_end) = {NULL, {.at = STR_NONE}};
    struct arena *mem = call->cx->mem;
    struct value *result = value_map(mem), *checkpoint = value_map(mem), *keys;
    struct log_checkpoint last;

    TRY(open_log(call, &opened));
    TRY(log_checkpoint_last(call->cx, opened.log, UINT64_MAX, &last));
    TRY(log_keys(call->cx, opened.log, &keys));
    set_head(result, mem, &opened.head);
    value_set_text(result, "at", opened.head.at);
    value_set_int(checkpoint, "size", (int64_t)last.size);
    value_set_text(checkpoint, "at", last.at);
    value_set(result, "checkpoint", last.size > 0 ? checkpoint : NULL);
    value_set(result, "keys", keys);
    value_set_text(result, "said",
                   str_printf(mem,
                              _("%.*s has %llu entries, the last of %.*s. %llu of them are "
                                "under the last checkpoint that was signed (until %.*s)."),
                              STR_ARG(opened.head.origin),
                              (unsigned long long)opened.head.frontier.size,
                              STR_ARG(opened.head.at), (unsigned long long)last.size,
                              STR_ARG(last.size > 0 ? last.at : STR("-"))));
    struct buf text = buf_new(mem);
    for (size_t i = 0; i < value_count(keys); i++)
        buf_printf(&text, "%.*s\n", STR_ARG(value_get_text(value_at(keys, i), "key")));
    TRY(set_stamps(call, opened.log, result, &text));
    value_set_text(result, "text", buf_str(&text));
    *ret = result;
    return 0;
}

/* ---- entries ---- */

#define LIST_LIMIT 50
#define LIST_MOST 500

struct listed {
    struct op_call *call;
    struct shown *shown;
    struct value *result;
    int64_t read, last; /* how many were looked at, and the number of the last */
};

static int list_entry(void *arg, struct ctx *cx, const struct record *record)
{
    struct listed *l = arg;
    struct arena *mem = cx->mem;
    struct str by;

    l->read++;
    l->last = record->seq - 1;
    if (!call_may_read(l->call, record->def) || !call_may_see(l->call, record))
        return 0;
    struct value *fields = shown_row(l->result, mem);
    TRY(shown_actor(l->shown, record->actor, &by));
    value_set_int(fields, "n", record->seq - 1);
    value_set_text(fields, "at", str_copy(mem, record->at));
    value_set_text(fields, "by", by);
    value_set_text(fields, "role", str_copy(mem, record->role));
    value_set_text(fields, "via", str_copy(mem, record->via));
    value_set_text(fields, "act", str_copy(mem, record->act));
    value_set_text(fields, "register", record->def->id);
    value_set_text(fields, "ref", str_copy(mem, record->ref));
    value_set_int(fields, "rev", record->rev);
    if (record->body != NULL)
        value_set_text(fields, "label",
                       str_copy(mem, record_label(mem, record->def, record->body)));
    return ctx_check(cx);
}

int op_ledger_list(struct op_call *call, struct value **ret)
{
    static const char *const columns[] = {"n",   "Entry", "at",    "When", "by",       "By",
                                          "act", "How",   "via",   "Via",  "register", "Register",
                                          "ref", "Ref",   "label", "What"};
    struct value *result = value_map(call->cx->mem);
    struct listed l = {.call = call, .shown = shown_new(call, STR_NONE), .result = result};
    int64_t before = value_get_int(call->args, "before", 0),
            limit = value_get_int(call->args, "limit", LIST_LIMIT);
    const struct register_def *def = NULL;

    limit = limit > 0 && limit < LIST_MOST ? limit : LIST_MOST;
    if (call_text(call, "register").n > 0)
        TRY(call_register(call, &def));
    (void)shown_table(result, call->cx->mem, columns, COUNT_OF(columns));
    TRY(record_latest(call->cx, &call->org->records, def, before > 0 ? before + 1 : 0,
                      (uint64_t)limit, list_entry, &l));
    if (def != NULL)
        value_set_text(result, "register", def->id);
    /* Where the next page begins; there is none behind the first entry. */
    if (l.read == limit && l.last > 0)
        value_set_int(result, "earlier", l.last);
    shown_if_none(result, _("There is no entry."));
    *ret = result;
    return 0;
}

/* ---- checkpoint ---- */

/* The last one, of all entries that are there. */
static int checkpoint_now(struct op_call *call, struct opened *opened, struct log_checkpoint *ret)
{
    uint64_t size;

    TRY(record_checkpoint(call->cx, &call->org->records, &size));
    TRY(open_log(call, opened));
    if (size == 0)
        return fail(call->cx, RC_CONFLICT, NULL, _("The ledger has no entry yet."));
    return log_checkpoint_last(call->cx, opened->log, size, ret);
}

int op_ledger_checkpoint(struct op_call *call, struct value **ret)
{
    struct opened opened CLEANUP(opened_end) = {NULL, {.at = STR_NONE}};
    struct value *result = value_map(call->cx->mem);
    struct log_checkpoint last;

    TRY(checkpoint_now(call, &opened, &last));
    set_head(result, call->cx->mem, &opened.head);
    value_set_int(result, "size", (int64_t)last.size);
    value_set_text(result, "note", last.note);
    value_set_text(result, "text", last.note);
    *ret = result;
    return 0;
}

/* ---- another key ---- */

int op_ledger_rotate(struct op_call *call, struct value **ret)
{
    struct opened opened CLEANUP(opened_end) = {NULL, {.at = STR_NONE}};
    struct record_keys *keys = call->org->records.keys;
    const struct record_actor actor = call_actor(call);
    struct value *result = value_map(call->cx->mem);
    struct str texts[KEEPER_LOG_KEYS];
    struct log_checkpoint last;
    size_t n;

    TRY(checkpoint_now(call, &opened, &last));
    log_close(opened.log);
    opened.log = NULL;
    TRY(keys->rotate(keys, call->cx, opened.head.origin));
    TRY(record_signing_keys(call->cx, &call->org->records, &actor));
    TRY(checkpoint_now(call, &opened, &last));
    TRY(keys->public_keys(keys, call->cx, opened.head.origin, texts, &n));
    set_head(result, call->cx->mem, &opened.head);
    value_set_text(result, "key", texts[n - 1]);
    value_set_text(result, "text", str_printf(call->cx->mem, "%.*s\n", STR_ARG(texts[n - 1])));
    value_set_text(result, "said",
                   str_printf(call->cx->mem,
                              _("The ledger has another key from now on. For 30 days the one "
                                "before it signs too; both have signed that the one follows on "
                                "the other (register signing_key), so that whoever has the old "
                                "one can trust the new. Give it to your auditors all the same.")));
    *ret = result;
    return 0;
}

/* ---- proofs ---- */

static struct value *proof_value(struct arena *mem, const struct merkle_proof *proof)
{
    struct value *list = value_list(mem);

    for (size_t i = 0; i < proof->n; i++)
        value_push(list, value_text(mem, base64_of(mem, &proof->items[i])));
    return list;
}

/* C2SP tlog-proof: what a third party's tool reads. */
static struct str inclusion_text(struct arena *mem, uint64_t n, const struct merkle_proof *proof,
                                 struct str note)
{
    struct buf out = buf_new(mem);

    buf_printf(&out, "c2sp.org/tlog-proof@v1\nindex %llu\n", (unsigned long long)n);
    for (size_t i = 0; i < proof->n; i++)
        buf_printf(&out, "%.*s\n", STR_ARG(base64_of(mem, &proof->items[i])));
    buf_char(&out, '\n');
    buf_add(&out, note);
    return buf_str(&out);
}

int op_ledger_prove(struct op_call *call, struct value **ret)
{
    struct opened opened CLEANUP(opened_end) = {NULL, {.at = STR_NONE}};
    struct ctx *cx = call->cx;
    struct value *result = value_map(cx->mem);
    const struct register_def *def;
    struct log_checkpoint last;
    struct merkle_proof proof;
    struct record record;
    struct str entry;

    TRY(call_register(call, &def));
    TRY(call_any_record(call, def, STR_NONE, &record));
    TRY(checkpoint_now(call, &opened, &last));
    TRY(log_entry(cx, opened.log, (uint64_t)record.seq - 1, &entry));
    TRY(log_inclusion(cx, opened.log, (uint64_t)record.seq - 1, last.size, &proof));
    value_set_text(result, "register", def->id);
    value_set_text(result, "ref", record.ref);
    value_set_int(result, "rev", record.rev);
    value_set_int(result, "index", record.seq - 1);
    value_set_int(result, "size", (int64_t)last.size);
    value_set_text(result, "entry", entry);
    value_set(result, "proof", proof_value(cx->mem, &proof));
    value_set_text(result, "checkpoint", last.note);
    value_set_text(result, "text",
                   inclusion_text(cx->mem, (uint64_t)record.seq - 1, &proof, last.note));
    *ret = result;
    return 0;
}

int op_ledger_consistency(struct op_call *call, struct value **ret)
{
    struct opened opened CLEANUP(opened_end) = {NULL, {.at = STR_NONE}};
    struct ctx *cx = call->cx;
    struct value *result = value_map(cx->mem);
    struct buf text = buf_new(cx->mem);
    struct log_checkpoint last;
    struct merkle_proof proof;
    struct hash root;
    int64_t from = 0;

    (void)str_to_int(call_text(call, "from"), &from);
    TRY(checkpoint_now(call, &opened, &last));
    TRY(log_root(cx, opened.log, (uint64_t)from, &root));
    TRY(log_consistency(cx, opened.log, (uint64_t)from, last.size, &proof));
    value_set_int(result, "from", from);
    value_set_text(result, "from_root", base64_of(cx->mem, &root));
    value_set_int(result, "size", (int64_t)last.size);
    value_set(result, "proof", proof_value(cx->mem, &proof));
    value_set_text(result, "checkpoint", last.note);
    buf_printf(&text, "old %lld\n", (long long)from);
    for (size_t i = 0; i < proof.n; i++)
        buf_printf(&text, "%.*s\n", STR_ARG(base64_of(cx->mem, &proof.items[i])));
    buf_printf(&text, "\n%.*s", STR_ARG(last.note));
    value_set_text(result, "text", buf_str(&text));
    *ret = result;
    return 0;
}

/* ---- whether it holds ---- */

/* The files of the vault, or with --quick only whether they are there. */
static int verify_files(struct op_call *call, struct value *problems, struct value *result)
{
    struct record_scrub sums = {.objects = 0};
    struct vault *vault;
    bool row;
    STMT(s);

    TRY(store_prepare(call->cx, call->org->store, STR("SELECT 1 FROM vault_object LIMIT 1"), &s));
    TRY(stmt_step(call->cx, s, &row));
    if (row) {
        if (call->progress != NULL)
            call->progress(call->progress_arg, _("Reading the vault"), 0, 0);
        TRY(home_vault(call->cx, call->org, &vault));
        TRY(record_files_scrub(call->cx, &call->org->records, vault, !call_flag(call, "quick"),
                               false, problems, &sums));
    }
    value_set_int(result, "files", (int64_t)sums.objects);
    return 0;
}

int op_ledger_verify(struct op_call *call, struct value **ret)
{
    struct value *result = value_map(call->cx->mem), *problems = value_list(call->cx->mem);
    uint64_t entries;

    if (call->progress != NULL)
        call->progress(call->progress_arg, _("Comparing what is stored with the ledger"), 0, 0);
    TRY(record_verify(call->cx, &call->org->records, problems, &entries));
    TRY(verify_files(call, problems, result));
    value_set_text(result, "organisation", call->org->name);
    value_set_bool(result, "answer", value_count(problems) == 0);
    value_set_int(result, "entries", (int64_t)entries);
    value_set_int(result, "count", (int64_t)value_count(problems));
    value_set(result, "problems", problems);
    *ret = result;
    return 0;
}
