/* Whom and what the fields of records mean: rows of fact_reference. */
#include <ctype.h>

#include "register/internal.h"

#define KEY_BYTES 120u
#define KNOWN_BYTES ((size_t)1 << 30)
#define AMBIGUOUS ((const void *)1)

struct resolver {
    struct ctx *cx;
    struct store *store;
    const struct registers *registers;
    struct dict **known; /* by register: from key to id + 1 */
    struct stmt *insert;
};

/* "R-007" is "r7", "Jane  Doe" is "janedoe". */
static struct str key_of(struct arena *mem, struct str text)
{
    struct str s = words_fold(mem, str_sub(text, 0, KEY_BYTES));
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool leading = c == '0' && i + 1 < s.n && isdigit((unsigned char)s.p[i + 1]) &&
                       (i == 0 || !isdigit((unsigned char)s.p[i - 1]));
        if (c == '.' && i > 0 && i + 1 < s.n && isdigit((unsigned char)s.p[i - 1]))
            buf_char(&out, '.'); /* 5.1 is not 51 */
        else if ((isalnum(c) || c >= 128) && !leading)
            buf_char(&out, (char)c);
    }
    return buf_str(&out);
}

static void know(struct dict *known, struct str key, int64_t id, bool firm)
{
    const void *before = dict_get(known, key), *is = (const void *)((uintptr_t)id + 2);

    if (key.n == 0 || before == is || (before != NULL && firm))
        return;
    dict_set(known, key, before == NULL ? is : AMBIGUOUS);
}

/* The last word of a name, which is enough where one person has it. */
static struct str last_word(struct str name)
{
    size_t at = name.n;

    while (at > 0 && name.p[at - 1] != ' ')
        at--;
    return at > 0 ? str_from(name, at) : STR_NONE;
}

static int learn(struct resolver *r, const struct register_def *def, struct dict **ret)
{
    struct arena *mem = r->cx->mem;
    bool person = str_is(def->id, REGISTER_PERSON_ID), more;
    STMT(s);

    *ret = dict_new(mem);
    TRY(store_prepare(r->cx, r->store, sql_records(mem, def), &s));
    for (;;) {
        TRY(stmt_step(r->cx, s, &more));
        if (!more)
            return 0;
        for (size_t c = 1; c < stmt_columns(s); c++) {
            struct str text = str_trim(stmt_text(mem, s, c));
            know(*ret, key_of(mem, text), stmt_int(s, 0), true);
            if (person && c == 2)
                know(*ret, key_of(mem, last_word(text)), stmt_int(s, 0), false);
        }
    }
}

static int known_of(struct resolver *r, const struct register_def *def, struct dict **ret)
{
    struct dict **known = &r->known[def - r->registers->items];

    if (*known == NULL)
        TRY(learn(r, def, known));
    *ret = *known;
    return 0;
}

static int64_t look_up(const struct dict *known, struct str key)
{
    const void *is = key.n > 0 ? dict_get(known, key) : NULL;

    return is == NULL || is == AMBIGUOUS ? 0 : (int64_t)(uintptr_t)is - 2;
}

/* The whole, what stands before a bracket, a dash or a colon, and what is in the bracket. */
static int64_t find(struct arena *mem, const struct dict *known, struct str said)
{
    int64_t id = look_up(known, key_of(mem, said));

    for (size_t i = 1; i < said.n && id == 0; i++) {
        size_t close = said.p[i] == '(' ? str_find_char(said, ')', i) : SIZE_MAX;
        if (said.p[i] == '(' || said.p[i] == ':' || said.p[i] == ',' ||
            (said.p[i] == ' ' && (i + 1 < said.n && !isalnum((unsigned char)said.p[i + 1]))) ||
            (said.p[i] == ' ' && isdigit((unsigned char)said.p[i - 1])))
            id = look_up(known, key_of(mem, str_sub(said, 0, i)));
        if (id == 0 && close != SIZE_MAX)
            id = look_up(known, key_of(mem, str_sub(said, i + 1, close - i - 1)));
    }
    return id;
}

static int put(struct resolver *r, const struct register_def *def,
               const struct register_field *field, const struct register_def *to, int64_t record,
               int64_t target)
{
    TRY(stmt_bind_text(r->cx, r->insert, "register", def->id));
    TRY(stmt_bind_int(r->cx, r->insert, "record", record));
    TRY(stmt_bind_text(r->cx, r->insert, "field", field->id));
    TRY(stmt_bind_text(r->cx, r->insert, "target", to->id));
    TRY(stmt_bind_int(r->cx, r->insert, "target_record", target));
    return stmt_run(r->cx, r->insert);
}

static int resolve_field(struct resolver *r, const struct register_def *def,
                         const struct register_field *field, const struct register_def *to)
{
    struct dict *known;
    bool more;
    STMT(s);

    TRY(known_of(r, to, &known));
    TRY(store_prepare(r->cx, r->store, sql_values(r->cx->mem, def, field), &s));
    for (;;) {
        TRY(stmt_step(r->cx, s, &more));
        if (!more)
            return 0;
        int64_t target = find(r->cx->mem, known, str_trim(stmt_text(r->cx->mem, s, 1)));
        if (target != 0)
            TRY(put(r, def, field, to, stmt_int(s, 0), target));
        TRY(ctx_check(r->cx));
    }
}

static const struct register_def *target_of(const struct resolver *r,
                                            const struct register_field *field)
{
    if (field->type == REGISTER_PERSON || field->type == REGISTER_PEOPLE)
        return registers_find(r->registers, STR(REGISTER_PERSON_ID));
    return field->to.n > 0 ? registers_find(r->registers, field->to) : NULL;
}

static int resolve_all(struct resolver *r)
{
    for (size_t i = 0; i < r->registers->n; i++) {
        const struct register_def *def = &r->registers->items[i];
        for (size_t f = 0; f < def->field_n && !def->is_not; f++) {
            const struct register_def *to = target_of(r, &def->fields[f]);
            if (to != NULL && !def->fields[f].only_computed)
                TRY(resolve_field(r, def, &def->fields[f], to));
        }
    }
    return 0;
}

static int resolve(struct ctx *cx, struct store *store, const struct registers *registers)
{
    struct resolver r = {.cx = cx, .store = store, .registers = registers};
    STMT(insert);
    TX(tx, cx, store);

    r.known = arena_array(cx->mem, registers->n + 1, sizeof *r.known);
    TRY(store_prepare(cx, store,
                      STR("INSERT OR IGNORE INTO fact_reference (register, record, field, target, "
                          "target_record) VALUES (:register, :record, :field, :target, "
                          ":target_record)"),
                      &insert));
    r.insert = insert;
    TRY(resolve_all(&r));
    return tx_commit(cx, &tx);
}

/* All names that are known go with the work. */
int registers_resolve(struct ctx *cx, struct store *store, const struct registers *registers)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(KNOWN_BYTES);
    struct ctx in = ctx_in(cx, mem);

    return ctx_end(cx, &in, resolve(&in, store, registers));
}
