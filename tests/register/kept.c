#include "tests/register/kept.h"

#include <string.h>

#include "base/aead.h"
#include "standard/yaml.h"
#include "tests/harness.h"

const char *const kept_files[] = {
    "registers/person.yaml",
    "id: person\ntitle: Persons\nref: {prefix: P}\nknown_by: [name]\ntold_apart_by: mail\n"
    "fields:\n"
    "  name: {type: text, label: Name, help: h, required: true}\n"
    "  manager: {type: person, label: Manager, help: h}\n"
    "  mail: {type: text, label: Mail, help: h}\n",
    "registers/organisation.yaml",
    "id: organisation\ntitle: Organisation\nsingle: true\n"
    "fields:\n"
    "  name: {type: text, label: Name, help: h, required: true}\n"
    "  four_eyes: {type: yes_no, label: Four eyes, help: h, default: true}\n"
    "  four_eyes_reason: {type: text, label: Reason, help: h, required_when: {field: four_eyes, "
    "is: [false]}}\n",
    "registers/asset.yaml",
    "id: asset\ntitle: Assets\nref: {prefix: A}\nknown_by: [name]\n"
    "fields:\n"
    "  name: {type: text, label: Name, help: h, required: true, unique: true}\n"
    "  owner: {type: person, label: Owner, help: h}\n",
    "registers/risk.yaml",
    "id: risk\ntitle: Risks\nref: {prefix: RISK}\n"
    "states:\n"
    "  field: status\n"
    "  initial: open\n"
    "  transitions:\n"
    "  - {from: [open], to: treated, label: Treat, needs: [owner]}\n"
    "  - {from: [treated], to: closed, label: Close, roles: [owner, manager], needs: [due], "
    "four_eyes: [owner], sets: {closed_on: \"=today\", closed_by: \"=actor\"}}\n"
    "guards:\n"
    "- {id: not_both, at: [treated], select: \"SELECT r.title FROM risk r WHERE r.id = :id AND "
    "r.likelihood > 4\", message: \"{{title}} is too likely to be treated.\"}\n"
    "fields:\n"
    "  title: {type: text, label: Title, help: h, required: true, most: 200}\n"
    "  notes: {type: long_text, label: Notes, help: h}\n"
    "  text: {type: markdown, label: Text, help: h}\n"
    "  code: {type: text, label: Code, help: h, pattern: \"[A-Z]{2}[0-9]+\"}\n"
    "  likelihood: {type: score, label: Likelihood, help: h, least: 1, most: 5}\n"
    "  consequence: {type: score, label: Consequence, help: h, least: 1, most: 5}\n"
    "  level: {type: score, label: Level, help: h, computed: \"SELECT r.likelihood * "
    "r.consequence\"}\n"
    "  late: {type: yes_no, label: Late, help: h, only_computed: true, computed: \"SELECT CASE "
    "WHEN "
    "r.due IS NULL THEN NULL WHEN r.due < today() THEN 1 ELSE 0 END\"}\n"
    "  cost: {type: decimal, label: Cost, help: h}\n"
    "  count: {type: integer, label: Count, help: h}\n"
    "  known: {type: yes_no, label: Known, help: h}\n"
    "  due: {type: date, label: Due, help: h}\n"
    "  seen: {type: instant, label: Seen, help: h}\n"
    "  owner: {type: person, label: Owner, help: h}\n"
    "  asset: {type: reference, to: asset, label: Main asset, help: h}\n"
    "  assets: {type: references, to: asset, label: Assets, help: h}\n"
    "  team: {type: people, label: Team, help: h}\n"
    "  steps: {type: people, label: Steps, help: h, ordered: true}\n"
    "  controls: {type: references, to: control, label: Controls, help: h}\n"
    "  treatment: {type: choice, label: Treatment, help: h, choices: {modify: {en: [reduce]}, "
    "retain: {en: [accept]}, avoid: {en: [avoid]}}}\n"
    "  reason: {type: text, label: Reason, help: h, required_when: {field: treatment, is: "
    "[retain]}}\n"
    "  goals: {type: many_choice, label: Goals, help: h, choices: {secrecy: {en: [secrecy]}, "
    "truth: "
    "{en: [truth]}, use: {en: [use]}}}\n"
    "  proof: {type: file, label: Proof, help: h}\n"
    "  lines: {type: rows, of: risk_line, label: Lines, help: h}\n"
    "  status: {type: choice, label: Status, help: h, choices: {open: {en: [open]}, treated: {en: "
    "[treated]}, closed: {en: [closed]}}}\n"
    "  closed_on: {type: date, label: Closed on, help: h}\n"
    "  closed_by: {type: person, label: Closed by, help: h}\n",
    "registers/risk_line.yaml",
    "id: risk_line\ntitle: Lines of a risk\npart_of: risk\n"
    "fields:\n"
    "  what: {type: text, label: What, help: h, required: true}\n"
    "  who: {type: person, label: Who, help: h}\n"
    "  assets: {type: references, to: asset, label: Assets, help: h}\n"
    "  share: {type: decimal, label: Share, help: h}\n",
    NULL};

static const unsigned char known_key[AEAD_KEY_BYTES] = "a key that everybody knows";

static int wrap(UNUSED struct record_keys *keys, struct ctx *cx, const unsigned char *key,
                struct str *ret)
{
    struct str sealed;

    TRY(aead_seal(cx, known_key, STR_NONE, (struct str){(const char *)key, AEAD_KEY_BYTES},
                  &sealed));
    *ret = base64_encode(cx->mem, sealed);
    return 0;
}

static int unwrap(UNUSED struct record_keys *keys, struct ctx *cx, struct str wrapped,
                  unsigned char *ret_key)
{
    struct str sealed, plain;

    if (!base64_decode(cx->mem, wrapped, &sealed) ||
        !aead_open(cx->mem, known_key, STR_NONE, sealed, &plain) || plain.n != AEAD_KEY_BYTES)
        return fail(cx, RC_FAIL, NULL, "no key");
    memcpy(ret_key, plain.p, plain.n);
    return 0;
}

static int sign(UNUSED struct record_keys *keys, struct ctx *cx,
                const struct checkpoint *checkpoint, UNUSED keeper_prove *prove, UNUSED void *arg,
                enum keeper_stand *ret_stand, struct str *ret_note)
{
    struct note_key key;

    if (ret_stand != NULL)
        *ret_stand = KEEPER_AHEAD;
    TRY(note_key_of(cx, checkpoint->origin, known_key, &key));
    return note_sign(cx, checkpoint_text(cx->mem, checkpoint), &key, known_key, ret_note);
}

static int public_keys(UNUSED struct record_keys *keys, struct ctx *cx, struct str origin,
                       struct str *ret, size_t *ret_n)
{
    struct note_key key;

    TRY(note_key_of(cx, origin, known_key, &key));
    ret[0] = note_key_text(cx->mem, &key);
    *ret_n = 1;
    return 0;
}

struct record_keys kept_keys = {.origin = {"assay.test/kept/log1", 20},
                                .wrap = wrap,
                                .unwrap = unwrap,
                                .sign = sign,
                                .public_keys = public_keys};

static const struct content_file *words_of(const struct content *content)
{
    size_t at = 0;

    return content_next(content, "registers/words.yaml", ".yaml", &at);
}

int kept_registers(struct ctx *cx, const char *const *files, const struct registers **ret)
{
    struct content_file *all;
    struct content content;
    size_t n = 0;

    TRY(content_open(cx, NULL, &content));
    while (files[n] != NULL)
        n += 2;
    all = arena_array(cx->mem, n / 2 + 1, sizeof *all);
    for (size_t i = 0; i < n; i += 2)
        all[i / 2] = (struct content_file){files[i], (const unsigned char *)files[i + 1],
                                           strlen(files[i + 1])};
    all[n / 2] = *words_of(&content);
    return registers_load(cx, &(struct content){all, n / 2 + 1}, ret);
}

static struct kept *kept_of(struct host *host)
{
    return (struct kept *)(uintptr_t)((const char *)host - offsetof(struct kept, host));
}

static int64_t now_ms(struct host *host)
{
    return kept_of(host)->now += 1000;
}

static void random_bytes(struct host *host, void *bytes, size_t n)
{
    struct kept *k = kept_of(host);

    for (size_t i = 0; i < n; i++) {
        k->random = k->random * 6364136223846793005u + 1442695040888963407u;
        ((unsigned char *)bytes)[i] = (unsigned char)(k->random >> 56);
    }
}

void kept_close(struct kept *k)
{
    if (k != NULL)
        record_store_close(&k->rs);
}

static struct kept *open_with(struct ctx *cx, struct store *store,
                              const struct registers *registers)
{
    struct kept *k = ARENA_NEW(cx->mem, struct kept);

    *k = (struct kept){.cx = cx, .now = 1796000000000, .host = {now_ms, random_bytes}};
    cx->host = &k->host;
    cx->today = (struct date){2026, 11, 30};
    k->store = store;
    record_store_open(k->store, registers, &kept_keys, &k->rs);
    CHECK_OK(record_tables(cx, &k->rs));
    k->anna = kept_add(k, "person", "{name: Anna Weber}");
    k->ben = kept_add(k, "person", "{name: Ben Okafor}");
    return k;
}

struct kept *kept_open(struct ctx *cx, struct store *store)
{
    const struct registers *registers = NULL;

    CHECK_OK(kept_registers(cx, kept_files, &registers));
    return open_with(cx, store, registers);
}

struct kept *kept_open_ours(struct ctx *cx, struct store *store)
{
    const struct registers *registers = NULL;
    struct content content;

    CHECK_OK(content_open(cx, NULL, &content));
    CHECK_OK(registers_load(cx, &content, &registers));
    return open_with(cx, store, registers);
}

struct kept *kept_open_own(struct ctx *cx, struct store *store, const char *name, struct str yaml)
{
    const struct content_file own = {name, (const unsigned char *)yaml.p, yaml.n};
    const struct registers *registers = NULL;
    struct content content;
    size_t n = 0;

    CHECK_OK(content_open(cx, NULL, &content));
    struct content_file *files = arena_array(cx->mem, content.n + 1, sizeof *files);
    for (size_t i = 0; i < content.n; i++) {
        if (n == i && strcmp(content.files[i].name, name) > 0)
            files[n++] = own;
        files[n++] = content.files[i];
    }
    CHECK_OK(registers_load(cx, &(struct content){files, n}, &registers));
    return open_with(cx, store, registers);
}

const struct register_def *kept_def(const struct kept *k, const char *register_id)
{
    return registers_find(k->rs.registers, str_of(register_id));
}

int kept_body(struct kept *k, const struct register_def *def, const char *yaml, struct value **ret)
{
    struct value *given, *body = value_map(k->cx->mem), *v;

    TRY(yaml_parse(k->cx, "test", str_of(yaml), &given));
    for (size_t i = 0; i < value_count(given); i++) {
        const struct register_field *field = register_field(def, value_key_at(given, i));
        if (field == NULL)
            v = value_at_mut(given, i);
        else
            TRY(record_value(k->cx, &k->rs, def, field, value_at(given, i), false, &v));
        value_set(body, str_z(k->cx->mem, value_key_at(given, i)), v);
    }
    *ret = body;
    return 0;
}

void kept_objects(struct kept *k, struct record_change *change)
{
    struct ctx *cx = k->cx;
    STMT(s);

    for (size_t i = 0; i < change->def->field_n; i++) {
        const struct register_field *field = &change->def->fields[i];
        struct str object =
            value_get_text(value_get(change->body, str_z(cx->mem, field->id)), "object");
        if (field->type != REGISTER_FILE || object.n == 0)
            continue;
        change->fresh = change->fresh || change->id.n == 0;
        change->id = change->id.n == 0 ? record_id_new(cx) : change->id;
        stmt_free(s);
        s = NULL;
        CHECK_OK(store_prepare(cx, k->store,
                               STR("INSERT INTO vault_object (id, record, bytes, commitment, "
                                   "state) VALUES (:id, :record, 3, '', 'here') "
                                   "ON CONFLICT (id) DO UPDATE SET record = excluded.record"),
                               &s));
        CHECK_OK(stmt_bind_text(cx, s, "id", object));
        CHECK_OK(stmt_bind_text(cx, s, "record", change->id));
        CHECK_OK(stmt_run(cx, s));
    }
}

int kept_put(struct kept *k, const char *register_id, struct str id, const char *yaml,
             struct record *ret)
{
    struct record_change change = {.def = kept_def(k, register_id),
                                   .id = id,
                                   .act = id.n > 0 ? "set" : "add",
                                   .actor = {k->anna, STR("manager"), STR("local"), false}};
    struct value *body;

    TRY(kept_body(k, change.def, yaml, &body));
    change.body = body;
    kept_objects(k, &change);
    return record_write(k->cx, &k->rs, &change, ret);
}

struct str kept_add(struct kept *k, const char *register_id, const char *yaml)
{
    struct record record = {.id = STR_NONE};
    struct ctx *cx = k->cx;

    CHECK_OK(kept_put(k, register_id, STR_NONE, yaml, &record));
    return record.id;
}

static int add_ref(void *arg, UNUSED struct ctx *cx, const struct record *record)
{
    struct buf *out = arg;

    buf_printf(out, "%s%.*s", out->n > 0 ? " " : "", STR_ARG(record->ref));
    return 0;
}

struct str kept_list(struct kept *k, const struct record_query *query)
{
    struct buf out = buf_new(k->cx->mem);
    uint64_t n = 0, listed = 0;
    struct ctx *cx = k->cx;

    CHECK_OK(record_list(k->cx, &k->rs, query, add_ref, &out));
    if (query->skip > 0 || query->limit > 0)
        return buf_str(&out);
    CHECK_OK(record_count(k->cx, &k->rs, query, &n));
    for (size_t i = 0; i < out.n; i++)
        listed += out.p[i] == ' ';
    CHECK_INT(n, listed + (out.n > 0));
    return buf_str(&out);
}

struct str kept_query(struct kept *k, const char *register_id, const char *as_of, const char *order,
                      const char *const *conditions)
{
    struct record_query query = {.def = kept_def(k, register_id), .as_of = str_of(as_of)};
    struct record_filter filters[8];
    struct ctx *cx = k->cx;

    query.filters = filters;
    if (order != NULL)
        query.order = register_field(query.def, str_of(order));
    for (; conditions != NULL && conditions[query.filter_n] != NULL; query.filter_n++)
        CHECK_OK(record_filter_parse(k->cx, query.def, str_of(conditions[query.filter_n]),
                                     &filters[query.filter_n]));
    return kept_list(k, &query);
}

void kept_healthy(struct kept *k)
{
    struct value *problems = value_list(k->cx->mem);
    struct ctx *cx = k->cx;

    CHECK_OK(record_doctor(k->cx, &k->rs, false, problems));
    CHECK_STR(record_json(k->cx->mem, problems), "[]");
}

struct str kept_verified(struct kept *k)
{
    struct value *problems = value_list(k->cx->mem);
    struct buf out = buf_new(k->cx->mem);
    struct ctx *cx = k->cx;
    uint64_t entries;

    CHECK_OK(record_verify(cx, &k->rs, problems, &entries));
    for (size_t i = 0; i < value_count(problems); i++)
        buf_printf(&out, "%.*s %.*s: %.*s\n", STR_ARG(value_get_text(value_at(problems, i), "ref")),
                   STR_ARG(value_get_text(value_at(problems, i), "field")),
                   STR_ARG(value_get_text(value_at(problems, i), "message")));
    return buf_str(&out);
}
