/* Operations on content of an organisation's own: its registers and rules. */
#include "base/file.h"
#include "base/fold.h"
#include "base/nearest.h"
#include "judge/rules.h"
#include "op/call.h"
#include "op/content_own.h"
#include "op/home_parts.h"
#include "op/table_parts.h"
#include "standard/yaml.h"

#define REGISTERS_FOLDER "registers/own/"
#define RULES_FOLDER "rules/own/"

/* ---- files ---- */

/* "~/our rules.yaml" is "our-rules". */
static struct str name_of_file(struct arena *mem, const char *path)
{
    struct str name = str_of(strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path), word;
    struct buf out = buf_new(mem);
    size_t at = 0;

    if (str_ends_nocase(name, ".yaml"))
        name.n -= 5;
    struct str plain = text_fold(mem, name);
    while (text_word(plain, &at, &word))
        buf_printf(&out, "%s%.*s", out.n > 0 ? "-" : "", STR_ARG(word));
    return out.n > 0 ? buf_str(&out) : STR("rules");
}

/* What a file is, and so where it belongs: a register, or what extends one, is a map with fields;
 * rules are a list. */
static int place_of(struct op_call *call, const char *file, const struct value *yaml,
                    struct str *ret)
{
    struct arena *mem = call->cx->mem;

    if (value_type(yaml) == VALUE_LIST) {
        struct str name = name_of_file(mem, file);
        *ret = str_printf(mem, "standards/%.*s/" RULES_FOLDER "%.*s.yaml",
                          STR_ARG(call->org->standard->id), STR_ARG(name));
        return 0;
    }
    if (value_get_text(yaml, "extends").n > 0) {
        *ret = str_printf(mem, REGISTERS_FOLDER "extends_%.*s.yaml",
                          STR_ARG(value_get_text(yaml, "extends")));
        return 0;
    }
    if (value_get_text(yaml, "id").n == 0 || value_type(value_get(yaml, "fields")) != VALUE_MAP)
        return fail(
            call->cx, RC_INVALID, file,
            _("%s is neither a register (a map with id and fields), nor fields for one (a map "
              "with extends and fields), nor a list of rules."),
            file);
    *ret = str_printf(mem, REGISTERS_FOLDER "%.*s.yaml", STR_ARG(value_get_text(yaml, "id")));
    return 0;
}

/* ---- trying it ---- */

/* Everything is loaded as it would be from now on, and the tables made to fit. */
static int try_content(struct op_call *call)
{
    struct ctx *cx = call->cx;
    struct record_store records;
    struct content content;
    struct standard *standard;
    struct rules *rules;

    TRY(content_own(cx, call->org->store, &call->home->content, &content));
    TRY(standard_load(cx, &content, STANDARD_DEFAULT, &standard));
    TRY(registers_load(cx, &content, &standard->registers));
    TRY(rules_load(cx, standard, &rules));
    record_store_open(call->org->store, standard->registers, call->org->records.keys, &records);
    int rc = record_tables(cx, &records);
    rc = rc == 0 ? record_try(cx, &records) : rc;
    record_store_close(&records);
    return rc;
}

/* ---- what the ledger has of it ---- */

static int take_record(void *arg, struct ctx *cx, const struct record *record)
{
    *(struct str *)arg = str_copy(cx->mem, record->id);
    return 0;
}

/* The record of the file under this path, "" where there is none. */
static int find_record(struct op_call *call, const struct register_def *def, struct str path,
                       struct str *ret)
{
    const struct record_filter filter = {
        .field = register_field(def, STR("file")), .op = RECORD_IS, .text = path};
    const struct record_query query = {.def = def, .filters = &filter, .filter_n = 1};
    struct str id = STR_NONE;

    TRY(record_list(call->cx, &call->org->records, &query, take_record, &id));
    *ret = id;
    return 0;
}

/* Its fingerprint stands in a record; that goes with it. */
static int record_content(struct op_call *call, struct str path, struct str text)
{
    const struct record_store *rs = &call->org->records;
    struct arena *mem = call->cx->mem;
    struct value *body = text.n > 0 ? value_map(mem) : NULL;
    struct record_change change = {.def = registers_find(rs->registers, STR("own_content")),
                                   .body = body,
                                   .actor = {.via = call_actor(call).via}};
    struct record record;

    if (change.def == NULL)
        return 0;
    TRY(find_record(call, change.def, path, &change.id));
    if (change.id.n == 0 && body == NULL)
        return 0;
    change.act = body == NULL ? "remove" : change.id.n > 0 ? "set" : "add";
    if (body != NULL) {
        value_set_text(body, "file", path);
        value_set_int(body, "bytes", (int64_t)text.n);
        value_set_text(body, "sha256", hash_sha256_hex(mem, text));
        if (call->who.person.n > 0)
            value_set_text(body, "changed_by", call->who.person);
    }
    return record_write(call->cx, rs, &change, &record);
}

static int put(struct op_call *call, struct str path, struct str text)
{
    TX(tx, call->cx, call->org->store);
    TRY(content_own_put(call->cx, call->org->store, path, text));
    TRY(record_content(call, path, text));
    TRY(try_content(call));
    return tx_commit(call->cx, &tx);
}

/* ---- the operations ---- */

int op_content_add(struct op_call *call, struct value **ret)
{
    const char *file = str_z(call->cx->mem, call_text(call, "file"));
    struct value *result = value_map(call->cx->mem), *yaml;
    struct str text, path;
    bool had;

    TRY(file_read(call->cx, file, file, CONTENT_OWN_BYTES, &text));
    TRY(yaml_parse(call->cx, file, text, &yaml));
    TRY(place_of(call, file, yaml, &path));
    TRY(content_own_has(call->cx, call->org->store, path, &had));
    TRY(put(call, path, text));
    value_set_text(result, "path", path);
    value_set_text(result, "said",
                   str_printf(call->cx->mem, had ? _("%.*s was replaced.") : _("%.*s was added."),
                              STR_ARG(path)));
    *ret = result;
    return 0;
}

int op_content_list(struct op_call *call, struct value **ret)
{
    static const char *const columns[] = {"path", "File"};
    struct value *result = value_map(call->cx->mem), *paths;

    TRY(content_own_list(call->cx, call->org->store, &paths));
    value_set_int(result, "count", (int64_t)value_count(paths));
    (void)shown_table(result, call->cx->mem, columns, COUNT_OF(columns));
    for (size_t i = 0; i < value_count(paths); i++)
        value_set(shown_row(result, call->cx->mem), "path", value_at_mut(paths, i));
    if (value_count(paths) == 0) {
        value_set_text(result, "empty",
                       str_printf(call->cx->mem, _("%.*s has no registers or rules of its own."),
                                  STR_ARG(call->org->title)));
        shown_next(result, call->cx->mem, STR("assay content add FILE.yaml"), _("add one"));
    }
    *ret = result;
    return 0;
}

static int find_path(struct op_call *call, struct str name, struct str *ret)
{
    struct value *paths;
    const char **names;

    TRY(content_own_list(call->cx, call->org->store, &paths));
    names = arena_array(call->cx->mem, value_count(paths) + 1, sizeof *names);
    for (size_t i = 0; i < value_count(paths); i++) {
        struct str path = value_as_text(value_at(paths, i));
        names[i] = str_z(call->cx->mem, path);
        if (str_eq(path, name) ||
            str_ends(path, str_printf(call->cx->mem, "/%.*s.yaml", STR_ARG(name)))) {
            *ret = path;
            return 0;
        }
    }
    const char *near = nearest_word(name, names);
    if (near != NULL)
        return fail(call->cx, RC_NOT_FOUND, "name",
                    _("There is no \"%.*s\" of your own. Did you mean \"%s\"?"), STR_ARG(name),
                    near);
    return fail(call->cx, RC_NOT_FOUND, "name",
                _("There is no \"%.*s\" of your own. To see what there is: assay content list."),
                STR_ARG(name));
}

/* "registers/own/extends_risk.yaml" is "extends_risk". */
static struct str id_of(struct str path)
{
    struct str id = str_from(
        path, str_starts(path, STR(REGISTERS_FOLDER)) ? sizeof REGISTERS_FOLDER - 1 : path.n);

    return str_ends(id, STR(".yaml")) ? str_sub(id, 0, id.n - 5) : id;
}

/* What records have is not taken from them. */
static int check_unused(struct op_call *call, struct str path)
{
    const struct register_def *def = registers_find(call->org->records.registers, id_of(path));
    struct record_query query = {.def = def};
    uint64_t count = 0;

    if (def == NULL)
        return 0;
    TRY(record_count(call->cx, &call->org->records, &query, &count));
    if (count == 0)
        return 0;
    return fail(call->cx, RC_CONFLICT, "name",
                _("%.*s stays: records of it are there (%llu). To see them: assay list %.*s. To "
                  "take one away: "
                  "assay remove %.*s REF --yes; its history stays."),
                STR_ARG(path), (unsigned long long)count, STR_ARG(def->id), STR_ARG(def->id));
}

/* The tables say what they would lose, as they say it of a definition that has changed. */
static int explain(struct op_call *call, struct str path, int rc)
{
    struct str id = id_of(path);

    if (rc != RC_CONFLICT || !str_starts(id, STR("extends_")))
        return rc;
    id = str_from(id, sizeof "extends_" - 1);
    return fail(call->cx, RC_CONFLICT, "name",
                _("%.*s stays: records of %.*s have values in its fields. To see them: assay list "
                  "%.*s --where \"FIELD!=\". To empty one: assay set %.*s REF FIELD="),
                STR_ARG(path), STR_ARG(id), STR_ARG(id), STR_ARG(id));
}

int op_content_remove(struct op_call *call, struct value **ret)
{
    struct value *result = value_map(call->cx->mem);
    struct str path;

    TRY(find_path(call, call_text(call, "name"), &path));
    TRY(check_unused(call, path));
    TRY(explain(call, path, put(call, path, STR_NONE)));
    value_set_text(result, "path", path);
    value_set_text(result, "said",
                   str_printf(call->cx->mem, _("%.*s was removed."), STR_ARG(path)));
    *ret = result;
    return 0;
}
