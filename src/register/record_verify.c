/* Whether what is stored is what the ledger committed to: found are changes that something else
 * than Assay made. */
#include <string.h>

#include "register/record_parts.h"
#include "register/record_search.h"

#define PAGE 200
#define PAGE_BYTES ((size_t)2 * 1024 * 1024 * 1024)
#define MOST 1000u /* problems that are said */

struct verifying {
    struct ctx *cx;
    const struct record_store *rs;
    struct value *problems;
    struct dict *erased; /* "SEQ FIELD" that an erasure names */
    struct log_head head;
    struct merkle_frontier tree; /* of the entries so far */
    uint64_t nodes;              /* that the tree should have */
    int64_t openings;            /* that were in place */
    struct value *checkpoints;   /* {size, note}, by size */
    size_t checkpoint_n;         /* of them that were compared */
    struct note_key keys[2 * KEEPER_LOG_KEYS];
    uint64_t first[2 * KEEPER_LOG_KEYS]; /* the first size that each signed, 0 for none */
    size_t key_n;
    struct str at; /* of the last entry so far; in `at_room` */
    char at_room[32];
    struct dict *blobs;   /* "RECORD COMMITMENT": files that entries commit to */
    struct dict *objects; /* of the vault that versions name */
};

/* A version with its entry, as they are stored. */
struct pair {
    int64_t n;
    struct str entry; /* "" where there is none */
    bool version;
    struct str register_id, id, ref, at, actor, role, via, act, body, salt, openings;
    struct str blob; /* the entry's commitment to a file, "" for none */
    int64_t rev;
};

static void add(struct verifying *v, const struct pair *p, struct str field, struct str message)
{
    struct arena *mem = v->cx->mem;
    struct value *problem = value_map(mem);

    if (value_count(v->problems) >= MOST)
        return;
    value_set_text(problem, "register", p != NULL ? str_copy(mem, p->register_id) : STR_NONE);
    value_set_text(problem, "ref", p != NULL ? str_copy(mem, p->ref) : STR_NONE);
    if (p != NULL && p->version)
        value_set_int(problem, "rev", p->rev);
    if (field.n > 0)
        value_set_text(problem, "field", str_copy(mem, field));
    value_set_text(problem, "message", str_copy(mem, message));
    value_push(v->problems, problem);
}

/* ---- what erasures name ---- */

static void take_erased(struct verifying *v, const struct value *entry)
{
    const struct value *list = value_path(entry, "x.erased");

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *one = value_at(list, i);
        struct str key =
            str_printf(v->cx->mem, "%lld %.*s", (long long)value_as_int(value_at(one, 0), 0),
                       STR_ARG(value_as_text(value_at(one, 1))));
        dict_set(v->erased, key, "");
    }
}

static int read_erased(struct verifying *v)
{
    bool row;
    STMT(s);

    v->erased = dict_new(v->cx->mem);
    TRY(store_prepare(v->cx, v->rs->store,
                      STR("SELECT bytes FROM ledger_entry WHERE bytes LIKE :erased ORDER BY n"),
                      &s));
    TRY(stmt_bind_text(v->cx, s, "erased", STR("%\"erased\"%")));
    for (;;) {
        struct value *entry;
        TRY(stmt_step(v->cx, s, &row));
        if (!row)
            return 0;
        if (json_parse(v->cx, "entry", stmt_text(v->cx->mem, s, 0), &entry) == 0)
            take_erased(v, entry);
    }
}

static bool is_erased(struct verifying *v, struct ctx *cx, int64_t seq, struct str field)
{
    return dict_has(v->erased, str_printf(cx->mem, "%lld %.*s", (long long)seq, STR_ARG(field)));
}

/* ---- the tree ---- */

static int compare_node(struct verifying *v, struct ctx *cx, const struct pair *p,
                        const struct merkle_made *made)
{
    struct hash stored = {{0}};
    bool row;
    KEPT(q);

    TRY(record_prepare(cx, v->rs,
                       STR("SELECT hash FROM ledger_node WHERE level = :level AND n = :n"), &q));
    TRY(stmt_bind_int(cx, q.s, "level", made->level));
    TRY(stmt_bind_int(cx, q.s, "n", (int64_t)made->index));
    TRY(stmt_step(cx, q.s, &row));
    if (row && log_unhex(stmt_text(cx->mem, q.s, 0), &stored) && merkle_same(&stored, &made->hash))
        return 0;
    add(v, p, STR_NONE,
        str_printf(cx->mem, _("Entry %lld: the ledger's node %llu of level %u is not over it."),
                   (long long)p->n, (unsigned long long)made->index, made->level));
    return 0;
}

/* Keys are stored with the first size that they signed. */
static void note_signers(struct verifying *v, const bool *by, uint64_t size)
{
    for (size_t i = 0; i < v->key_n; i++)
        for (size_t k = 0; by[i] && k < v->key_n; k++)
            if (v->first[k] == 0 && note_key_same(&v->keys[i], &v->keys[k]))
                v->first[k] = size;
}

static struct str signed_root(struct verifying *v, struct ctx *cx, const struct value *stored,
                              struct checkpoint *ret)
{
    bool by[2 * KEEPER_LOG_KEYS];
    struct str text;

    if (note_open(cx, value_get_text(stored, "note"), v->keys, v->key_n, by, &text) != 0)
        return cx->err.text;
    note_signers(v, by, (uint64_t)value_get_int(stored, "size", 0));
    return checkpoint_parse(cx, text, ret) == 0 ? STR_NONE : cx->err.text;
}

/* Checkpoints of as many entries as there are so far. */
static void compare_checkpoints(struct verifying *v, struct ctx *cx)
{
    const struct hash root = merkle_root(&v->tree);
    const struct value *c;

    for (; (c = value_at(v->checkpoints, v->checkpoint_n)) != NULL &&
           (uint64_t)value_get_int(c, "size", 0) <= v->tree.size;
         v->checkpoint_n++) {
        struct checkpoint at = {.size = 0};
        struct str wrong = signed_root(v, cx, c, &at);
        if (wrong.n > 0)
            add(v, NULL, STR_NONE,
                str_printf(cx->mem, _("The checkpoint of %lld entries is no signed one: %.*s"),
                           (long long)value_get_int(c, "size", 0), STR_ARG(wrong)));
        else if (at.size != v->tree.size || !merkle_same(&at.root, &root) ||
                 !str_eq(at.origin, v->head.origin))
            add(v, NULL, STR_NONE,
                str_printf(cx->mem,
                           _("The checkpoint of %lld entries was signed over others than are there "
                             "now: entries were changed, or it was."),
                           (long long)value_get_int(c, "size", 0)));
        else if (!str_eq(value_get_text(c, "at"), v->at))
            add(v, NULL, STR_NONE,
                str_printf(cx->mem,
                           _("The checkpoint of %lld entries is kept with another instant than "
                             "that of its last entry."),
                           (long long)value_get_int(c, "size", 0)));
    }
}

static int add_entry(struct verifying *v, struct ctx *cx, const struct pair *p)
{
    struct merkle_made made[MERKLE_LEVELS];
    const struct hash leaf = merkle_leaf(p->entry);

    unsigned n = merkle_append(&v->tree, &leaf, made);
    v->nodes += n;
    for (unsigned i = 0; i < n; i++)
        TRY(compare_node(v, cx, p, &made[i]));
    compare_checkpoints(v, cx);
    return 0;
}

/* ---- a version and its entry ---- */

static void compare_text(struct verifying *v, struct ctx *cx, const struct pair *p,
                         const char *what, struct str is, struct str wanted)
{
    if (!str_eq(is, wanted))
        add(v, p, STR_NONE,
            str_printf(cx->mem, _("Version %lld has another %s than its entry."), (long long)p->rev,
                       what));
}

static void compare_head(struct verifying *v, struct ctx *cx, const struct pair *p,
                         const struct value *entry)
{
    const struct value *a = value_get(entry, "a"), *o = value_get(entry, "o");

    compare_text(v, cx, p, "actor", p->actor, value_get_text(a, "i"));
    compare_text(v, cx, p, "role", p->role, value_get_text(a, "r"));
    compare_text(v, cx, p, "way", p->via, value_get_text(a, "v"));
    compare_text(v, cx, p, "instant", p->at, value_get_text(entry, "at"));
    compare_text(v, cx, p, "id", p->id, value_get_text(o, "i"));
    compare_text(v, cx, p, "register", p->register_id, value_get_text(o, "k"));
    compare_text(v, cx, p, "act", str_printf(cx->mem, "record.%.*s", STR_ARG(p->act)),
                 value_get_text(entry, "t"));
    if (value_get_int(o, "r", 0) != p->rev || value_get_int(entry, "n", -1) != p->n)
        add(v, p, STR_NONE,
            str_printf(cx->mem, _("Version %lld has another number than its entry."),
                       (long long)p->rev));
}

static void compare_body(struct verifying *v, struct ctx *cx, const struct pair *p,
                         const struct value *entry)
{
    struct str salt;

    if (p->salt.n == 0 || !hash_unhex(cx->mem, p->salt, &salt)) {
        add(v, p, STR_NONE,
            str_printf(cx->mem, _("Version %lld: the salt of its body is gone."),
                       (long long)p->rev));
        return;
    }
    v->openings++;
    compare_text(v, cx, p, "body or ref", record_commitment(cx->mem, salt, p->body, p->ref),
                 value_get_text(value_get(entry, "c"), "body"));
}

/* The first file of a register's records is the one that entries commit to. */
static bool is_committed(const struct register_def *def, struct str field)
{
    size_t i = 0;

    while (def != NULL && i < def->field_n && def->fields[i].type != REGISTER_FILE)
        i++;
    return def != NULL && i < def->field_n && str_eq(def->fields[i].id, field);
}

/* What the vault's row of a file says. */
static int compare_file(struct verifying *v, struct ctx *cx, const struct pair *p, struct str field,
                        struct str json)
{
    const struct register_def *def = registers_find(v->rs->registers, p->register_id);
    struct value *file;
    struct str wrong;

    if (json_parse(cx, "file", json, &file) != 0 || value_type(file) != VALUE_MAP ||
        value_get_text(file, "object").n == 0 || is_erased(v, cx, p->n + 1, field))
        return 0;
    dict_set(v->objects, str_copy(v->cx->mem, value_get_text(file, "object")), "");
    TRY(record_file_verify(cx, v->rs, file, p->id, is_committed(def, field) ? p->blob : STR_NONE,
                           &wrong));
    if (wrong.n > 0)
        add(v, p, field,
            str_printf(cx->mem, _("Version %lld: %.*s"), (long long)p->rev, STR_ARG(wrong)));
    return 0;
}

static int compare_field(struct verifying *v, struct ctx *cx, const struct pair *p,
                         struct str field, struct str commitment)
{
    const struct record record = {.ref = p->ref, .rev = p->rev, .seq = p->n + 1};
    struct str salt = STR_NONE, json = STR_NONE;
    bool there;

    int rc =
        record_open_field(cx, cx->mem, v->rs, &record, p->openings, field, &there, &salt, &json);
    if (rc != 0) {
        add(v, p, field, cx->err.text);
        v->openings++;
        return 0;
    }
    if (!there && !is_erased(v, cx, record.seq, field))
        add(v, p, field,
            str_printf(cx->mem,
                       _("Version %lld: what opens the field is gone, and no decision to "
                         "erase it is recorded."),
                       (long long)p->rev));
    if (!there)
        return 0;
    v->openings++;
    if (!str_eq(record_field_commitment(cx->mem, salt, field, json), commitment))
        add(v, p, field,
            str_printf(cx->mem, _("Version %lld: the field is not what was recorded."),
                       (long long)p->rev));
    return compare_file(v, cx, p, field, json);
}

/* Keys that seal a version are its own, or the person's whom it is about. */
static int compare_subject(struct verifying *v, struct ctx *cx, const struct pair *p,
                           const struct value *body)
{
    const struct register_def *def = registers_find(v->rs->registers, p->register_id);
    struct str person = def != NULL && def->subject != NULL
                            ? value_get_text(body, str_z(cx->mem, def->subject->id))
                            : STR_NONE;
    KEPT(q);
    bool row;

    if (p->openings.n == 0)
        return 0;
    TRY(record_prepare(cx, v->rs,
                       STR("SELECT DISTINCT k.subject FROM opening o JOIN data_key k ON k.id = "
                           "o.key WHERE o.seq = :seq"),
                       &q));
    TRY(stmt_bind_int(cx, q.s, "seq", p->n + 1));
    for (;;) {
        TRY(stmt_step(cx, q.s, &row));
        if (!row)
            return 0;
        struct str subject = stmt_text(cx->mem, q.s, 0);
        if (!str_eq(subject, p->id) && !str_eq(subject, person))
            add(v, p, STR_NONE,
                str_printf(cx->mem,
                           _("Version %lld is sealed under a key that is kept as another's."),
                           (long long)p->rev));
    }
}

static int compare_fields(struct verifying *v, struct ctx *cx, const struct pair *p)
{
    struct value *body;

    if (p->body.n == 0)
        return 0;
    if (json_parse(cx, "record_version", p->body, &body) != 0) {
        add(v, p, STR_NONE,
            str_printf(cx->mem, _("Version %lld cannot be read."), (long long)p->rev));
        return 0;
    }
    for (size_t i = 0; i < value_count(body); i++) {
        const struct value *field = value_at(body, i), *mark = value_get(field, "~");
        if (value_type(field) == VALUE_MAP && mark != NULL)
            TRY(compare_field(v, cx, p, value_key_at(body, i), value_as_text(mark)));
    }
    return compare_subject(v, cx, p, body);
}

static void take_instant(struct verifying *v, struct str at)
{
    size_t n = at.n < sizeof v->at_room ? at.n : sizeof v->at_room;

    if (n > 0)
        memcpy(v->at_room, at.p, n);
    v->at = (struct str){v->at_room, n};
}

/* What an entry says of a file: who has one, and which. */
static void take_blob(struct verifying *v, struct pair *p, const struct value *entry)
{
    p->blob = value_get_text(value_get(entry, "c"), "blob");
    if (p->blob.n > 0)
        dict_set(v->blobs,
                 str_printf(v->cx->mem, "%.*s %.*s",
                            STR_ARG(value_get_text(value_get(entry, "o"), "i")), STR_ARG(p->blob)),
                 "");
}

static int compare_pair(struct verifying *v, struct ctx *cx, struct pair *p)
{
    struct value *entry;

    if (p->n != (int64_t)v->tree.size)
        add(v, p, STR_NONE,
            str_printf(cx->mem, _("Entry %llu is missing."), (unsigned long long)v->tree.size));
    bool is_entry = json_parse(cx, "ledger_entry", p->entry, &entry) == 0;
    take_instant(v, is_entry ? value_get_text(entry, "at") : STR_NONE);
    TRY(add_entry(v, cx, p));
    if (!is_entry) {
        add(v, p, STR_NONE,
            str_printf(cx->mem, _("Entry %lld is no entry any more."), (long long)p->n));
        return 0;
    }
    if (!p->version) {
        struct pair named = *p;
        named.register_id = value_get_text(value_get(entry, "o"), "k");
        named.ref = value_get_text(value_get(entry, "o"), "i");
        add(v, &named, STR_NONE,
            str_printf(cx->mem, _("Entry %lld is there, and its version is gone."),
                       (long long)p->n));
        return 0;
    }
    take_blob(v, p, entry);
    compare_head(v, cx, p, entry);
    compare_body(v, cx, p, entry);
    return compare_fields(v, cx, p);
}

/* ---- all of them ---- */

static void read_pair(struct arena *mem, const struct stmt *s, struct pair *ret)
{
    struct str *const texts[] = {&ret->register_id, &ret->id,   &ret->ref,     &ret->at,
                                 &ret->actor,       &ret->role, &ret->via,     &ret->act,
                                 &ret->body,        &ret->salt, &ret->openings};

    *ret = (struct pair){.n = stmt_int(s, 0), .entry = stmt_text(mem, s, 1)};
    ret->version = !stmt_is_null(s, 2);
    ret->rev = ret->version ? stmt_int(s, 2) : 0;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        *texts[i] = stmt_is_null(s, i + 3) ? STR_NONE : stmt_text(mem, s, i + 3);
}

static int read_page(struct verifying *v, struct ctx *cx, int64_t after, struct pair *pairs,
                     size_t *ret_n)
{
    bool row;
    KEPT(q);

    TRY(record_prepare(
        cx, v->rs,
        STR("SELECT e.n, e.bytes, v.rev, v.register, v.id, v.ref, v.at, v.actor, v.role, v.via, "
            "v.act, v.body, (SELECT o.salt FROM opening o WHERE o.seq = e.n + 1 AND o.field = ''), "
            "(SELECT string_agg(o.field || ' ' || o.key || ' ' || o.value, ';') FROM opening o "
            "WHERE o.seq = e.n + 1 AND o.field <> '') FROM ledger_entry e LEFT JOIN "
            "record_version v ON v.seq = e.n + 1 WHERE e.n > :after ORDER BY e.n LIMIT 200"),
        &q));
    TRY(stmt_bind_int(cx, q.s, "after", after));
    for (*ret_n = 0;; (*ret_n)++) {
        TRY(stmt_step(cx, q.s, &row));
        if (!row)
            return 0;
        read_pair(cx->mem, q.s, &pairs[*ret_n]);
    }
}

static int verify_page(struct verifying *v, struct ctx *cx, int64_t *after, size_t *ret_n)
{
    struct pair *pairs = arena_array(cx->mem, PAGE, sizeof *pairs);

    TRY(read_page(v, cx, *after, pairs, ret_n));
    for (size_t i = 0; i < *ret_n; i++) {
        TRY(compare_pair(v, cx, &pairs[i]));
        *after = pairs[i].n;
    }
    return ctx_check(v->cx);
}

static int verify_pairs(struct verifying *v)
{
    int64_t after = -1;
    size_t n = PAGE;

    while (n == PAGE) {
        CLEANUP(arena_freep) struct arena *mem = arena_new(PAGE_BYTES);
        struct ctx page = ctx_in(v->cx, mem);
        TRY(ctx_end(v->cx, &page, verify_page(v, &page, &after, &n)));
    }
    return 0;
}

/* ---- what belongs to nothing ---- */

static int count(struct verifying *v, const char *sql, int64_t *ret)
{
    bool row;
    STMT(s);

    TRY(store_prepare(v->cx, v->rs->store, str_of(sql), &s));
    TRY(stmt_step(v->cx, s, &row));
    *ret = row ? stmt_int(s, 0) : 0;
    return 0;
}

static int verify_counts(struct verifying *v)
{
    int64_t nodes, openings;
    struct arena *mem = v->cx->mem;

    TRY(count(v, "SELECT count(*) FROM ledger_node", &nodes));
    TRY(count(v, "SELECT count(*) FROM opening", &openings));
    if (nodes != (int64_t)v->nodes)
        add(v, NULL, STR_NONE,
            str_printf(mem, _("The ledger has %lld nodes in the place of %llu."), (long long)nodes,
                       (unsigned long long)v->nodes));
    if (openings != v->openings)
        add(v, NULL, STR_NONE,
            str_printf(mem, _("%lld openings are there, and versions have %lld."),
                       (long long)openings, (long long)v->openings));
    return 0;
}

static int verify_bare_versions(struct verifying *v)
{
    bool row;
    STMT(s);

    TRY(store_prepare(v->cx, v->rs->store,
                      STR("SELECT v.register, v.ref, v.rev FROM record_version v WHERE NOT EXISTS "
                          "(SELECT 1 FROM ledger_entry e WHERE e.n = v.seq - 1) ORDER BY v.seq"),
                      &s));
    for (;;) {
        TRY(stmt_step(v->cx, s, &row));
        if (!row)
            return 0;
        struct pair p = {.version = true,
                         .register_id = stmt_text(v->cx->mem, s, 0),
                         .ref = stmt_text(v->cx->mem, s, 1),
                         .rev = stmt_int(s, 2)};
        add(v, &p, STR_NONE,
            str_printf(v->cx->mem, _("Version %lld has no entry in the ledger."),
                       (long long)p.rev));
    }
}

/* Keys that cannot be decrypted, whether or not something is left that they open. */
static int verify_keys(struct verifying *v)
{
    bool row;
    STMT(s);

    TRY(store_prepare(v->cx, v->rs->store, STR("SELECT id, subject FROM data_key ORDER BY id"),
                      &s));
    for (;;) {
        struct data_key key;
        bool there;
        TRY(stmt_step(v->cx, s, &row));
        if (!row)
            return 0;
        struct str id = stmt_text(v->cx->mem, s, 0), ref, subject = stmt_text(v->cx->mem, s, 1);
        if (data_key_read(v->cx, v->rs, id, &there, &key) == 0)
            continue;
        struct str wrong = v->cx->err.text;
        TRY(record_ref_of(v->cx, v->rs, subject, &ref));
        struct pair p = {.ref = ref.n > 0 ? ref : subject, .register_id = STR_NONE};
        add(v, &p, STR_NONE, wrong);
    }
}

/* Rows of files that no version names, but for those that were erased. */
static int verify_objects(struct verifying *v)
{
    struct ctx *cx = v->cx;
    bool row;
    STMT(s);

    TRY(store_prepare(cx, v->rs->store,
                      STR("SELECT o.id, o.record, o.commitment, CASE WHEN o.sealed IS NULL THEN 0 "
                          "ELSE 1 END, CASE WHEN o.state = 'here' THEN 1 ELSE 0 END, CASE WHEN "
                          "EXISTS (SELECT 1 FROM data_key k WHERE k.id = o.data_key) THEN 1 ELSE 0 "
                          "END FROM vault_object o ORDER BY o.id"),
                      &s));
    for (;;) {
        struct str ref;
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        struct str id = stmt_text(cx->mem, s, 0), record = stmt_text(cx->mem, s, 1);
        bool sealed = stmt_int(s, 3) != 0, here = stmt_int(s, 4) != 0, keyed = stmt_int(s, 5) != 0;
        struct str blob =
            str_printf(cx->mem, "%.*s %.*s", STR_ARG(record), STR_ARG(stmt_text(cx->mem, s, 2)));
        if (sealed == here && (!here || !keyed || dict_has(v->objects, id)) &&
            dict_has(v->blobs, blob))
            continue;
        TRY(record_ref_of(cx, v->rs, record, &ref));
        struct pair p = {.ref = ref.n > 0 ? ref : record, .register_id = STR("vault_object")};
        add(v, &p, STR_NONE,
            str_printf(cx->mem, _("The file (object %.*s) is kept as no version has it."),
                       STR_ARG(id)));
    }
}

/* The stored public keys, each with the first size that it signed. */
static int verify_log_keys(struct verifying *v)
{
    struct value *stored;

    TRY(log_keys(v->cx, record_log(v->rs), &stored));
    for (size_t i = 0; i < value_count(stored); i++) {
        struct str text = value_get_text(value_at(stored, i), "key");
        int64_t from = value_get_int(value_at(stored, i), "from", 0);
        for (size_t k = 0; k < v->key_n; k++) {
            if (!str_eq(note_key_text(v->cx->mem, &v->keys[k]), text))
                continue;
            if (v->first[k] > 0 && v->first[k] != (uint64_t)from)
                add(v, NULL, STR_NONE,
                    str_printf(v->cx->mem,
                               _("The ledger's key %.*s is kept as one from %lld entries on; it "
                                 "signed first at %llu."),
                               STR_ARG(text), (long long)from, (unsigned long long)v->first[k]));
            break;
        }
    }
    return 0;
}

static void verify_head(struct verifying *v)
{
    const struct hash root = merkle_root(&v->tree);
    const struct log_head *head = &v->head;
    bool same = head->frontier.size == v->tree.size && merkle_same(&head->root, &root) &&
                (v->tree.size == 0 || str_eq(head->at, v->at));

    for (unsigned level = 0; same && level < MERKLE_LEVELS; level++)
        if ((v->tree.size >> level & 1) != 0)
            same = merkle_same(&head->frontier.roots[level], &v->tree.roots[level]);
    if (!same)
        add(v, NULL, STR_NONE,
            str_printf(v->cx->mem,
                       _("The ledger's head is that of %llu entries, and its %llu "
                         "entries have another root, or end at another instant."),
                       (unsigned long long)head->frontier.size, (unsigned long long)v->tree.size));
    for (; v->checkpoint_n < value_count(v->checkpoints); v->checkpoint_n++)
        add(v, NULL, STR_NONE,
            str_printf(
                v->cx->mem, _("A checkpoint of %lld entries was signed, and %llu are there."),
                (long long)value_get_int(value_at(v->checkpoints, v->checkpoint_n), "size", 0),
                (unsigned long long)v->tree.size));
}

/* ---- what it is compared with ---- */

static int read_checkpoints(struct verifying *v)
{
    bool row;
    STMT(s);

    v->checkpoints = value_list(v->cx->mem);
    TRY(store_prepare(v->cx, v->rs->store,
                      STR("SELECT size, note, at FROM ledger_checkpoint ORDER BY size"), &s));
    for (;;) {
        TRY(stmt_step(v->cx, s, &row));
        if (!row)
            return 0;
        value_push(v->checkpoints, stmt_row(v->cx->mem, s));
    }
}

/* The keys that the keeper has, and those of keepers before it, where the organisation came from.
 * Those may be anybody's that could write to the store; what the keeper remembers is not. */
static int read_keys(struct verifying *v)
{
    struct str texts[KEEPER_LOG_KEYS];
    struct value *stored;

    TRY(v->rs->keys->public_keys(v->rs->keys, v->cx, v->head.origin, texts, &v->key_n));
    for (size_t i = 0; i < v->key_n; i++)
        TRY(note_key_parse(v->cx, texts[i], &v->keys[i]));
    TRY(log_keys(v->cx, record_log(v->rs), &stored));
    for (size_t i = 0; i < value_count(stored) && v->key_n < COUNT_OF(v->keys); i++) {
        struct str text = value_get_text(value_at(stored, i), "key");
        if (note_key_parse(v->cx, text, &v->keys[v->key_n]) == 0)
            v->key_n++;
        else
            add(v, NULL, STR_NONE, v->cx->err.text);
    }
    return 0;
}

static int prove(void *arg, struct ctx *cx, uint64_t old, struct merkle_proof *ret)
{
    struct verifying *v = arg;

    return log_consistency(cx, record_log(v->rs), old, v->head.frontier.size, ret);
}

/* The keeper's own memory of what it signed last. */
static void ask_keeper(struct verifying *v)
{
    const struct checkpoint checkpoint = {
        .origin = v->head.origin, .size = v->head.frontier.size, .root = v->head.root};
    struct str note;

    if (v->head.frontier.size > 0 &&
        v->rs->keys->sign(v->rs->keys, v->cx, &checkpoint, prove, v, NULL, &note) != 0)
        add(v, NULL, STR_NONE, v->cx->err.text);
}

/* ---- the tables that follow from versions ---- */

static int verify_tables(struct verifying *v)
{
    struct value *found = value_list(v->cx->mem);
    bool broken = value_count(v->problems) > 0;
    int rc = record_doctor(v->cx, v->rs, false, found);

    if (rc != 0 && !broken)
        return rc;
    for (size_t i = 0; i < value_count(found) && value_count(v->problems) < MOST; i++)
        value_push(v->problems, value_at_mut(found, i));
    return 0;
}

int record_verify(struct ctx *cx, const struct record_store *rs, struct value *problems,
                  uint64_t *ret_entries)
{
    struct verifying v = {.cx = cx,
                          .rs = rs,
                          .problems = problems,
                          .blobs = dict_new(cx->mem),
                          .objects = dict_new(cx->mem)};

    {
        TX_READ(tx, cx, rs->store);
        int rc = log_head(cx, record_log(rs), &v.head);
        if (rc != 0) {
            add(&v, NULL, STR_NONE, cx->err.text);
            *ret_entries = 0;
            return 0;
        }
        TRY(read_keys(&v));
        TRY(read_erased(&v));
        TRY(read_checkpoints(&v));
        TRY(verify_pairs(&v));
        verify_head(&v);
        TRY(verify_counts(&v));
        TRY(verify_bare_versions(&v));
        TRY(verify_keys(&v));
        TRY(verify_objects(&v));
        TRY(verify_log_keys(&v));
        *ret_entries = v.tree.size;
    }
    ask_keeper(&v);
    bool broken = value_count(problems) > 0;
    int rc = record_verify_stamps(cx, rs, problems);
    if (rc == 0)
        rc = record_verify_content(cx, rs, problems);
    if (rc != 0 && !broken)
        return rc;
    return verify_tables(&v);
}
