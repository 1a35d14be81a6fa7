#include "judge/commitment_facts.h"

#include "judge/tables.h"
#include "judge/write.h"

/* ---- what was read ---- */

static int insert(struct ctx *cx, struct stmt *s, const struct commitment *c)
{
    struct str kind = str_of(commitment_kind_name(c->kind));

    TRY(stmt_bind_text(cx, s, "kind", kind));
    TRY(stmt_bind_text_or_null(cx, s, "topic", c->topic));
    TRY(stmt_bind_int(cx, s, "assumed", c->assumed));
    TRY(stmt_bind_text(cx, s, "qualifiers", c->qualifiers));
    TRY(stmt_bind_text(cx, s, "subject", c->who));
    TRY(stmt_bind_text(cx, s, "what", c->what));
    TRY(stmt_bind_text(cx, s, "said", c->said));
    TRY(stmt_bind_text(cx, s, "value", c->value));
    TRY(stmt_bind_text(cx, s, "unit", c->unit));
    TRY(stmt_bind_int(cx, s, "amount", c->amount));
    TRY(stmt_bind_int(cx, s, "business", c->business));
    TRY(stmt_bind_text(cx, s, "compare", str_of(comparison_name(c->compare))));
    TRY(stmt_bind_text(cx, s, "quote", c->quote));
    return stmt_run(cx, s);
}

int commitments_write(struct ctx *cx, struct store *store, const struct signals *signals,
                      const struct reading *reading, int64_t document, struct str path, bool cells)
{
    struct commitments found;
    STMT(s);

    TRY(commitments_find(cx, signals, reading, cells, &found));
    if (found.n == 0)
        return 0;
    TRY(store_prepare(
        cx, store,
        STR("INSERT INTO commitment (document, n, kind, topic, assumed, qualifiers, subject, what,"
            " said, value, unit, amount, business, compare, path, place, heading, page, line,"
            " sheet, row, quote) VALUES (:document, :n, :kind, :topic, :assumed, :qualifiers,"
            " :subject, :what, :said, :value, :unit, :amount, :business, :compare, :path, :place,"
            " :heading, :page, :line, :sheet, :row, :quote)"),
        &s));
    for (size_t i = 0; i < found.n; i++) {
        TRY(stmt_bind_int(cx, s, "document", document));
        TRY(stmt_bind_int(cx, s, "n", (int64_t)i));
        TRY(stmt_bind_text(cx, s, "path", path));
        const struct place *place = &reading->passages[found.items[i].passage].block->place;
        struct str heading = reading_heading_path(cx->mem, reading, found.items[i].passage);
        TRY(write_place(cx, s, heading, place));
        TRY(insert(cx, s, &found.items[i]));
    }
    return 0;
}

/* ---- the standard ---- */

static int fill_topic(struct ctx *cx, struct store *store, const struct standard *standard,
                      const char *file, const struct value *topic, size_t n)
{
    const struct value *controls = value_get(topic, "controls");
    struct value *row = value_map(cx->mem);
    struct buf list = buf_new(cx->mem);

    for (size_t i = 0; i < value_count(controls); i++) {
        struct str id = value_as_text(value_at(controls, i));
        const struct entry *entry = standard_find(standard, id);
        if (entry == NULL || entry->type != ENTRY_CONTROL)
            return fail(cx, RC_INVALID, file, "%s:%u: no such control \"%.*s\".", file,
                        value_line(value_at(controls, i)), STR_ARG(id));
        buf_printf(&list, "%s%.*s", list.n > 0 ? "," : "", STR_ARG(id));
    }
    value_set_text(row, "id", value_get_text(topic, "id"));
    value_set_int(row, "n", (int64_t)n);
    value_set_text(row, "title", value_get_text(topic, "title"));
    value_set_int(row, "one", value_get_bool(topic, "one"));
    value_set_text(row, "controls", buf_str(&list));
    return tables_insert(cx, store, "commitment_topic", row);
}

int commitments_fill(struct ctx *cx, struct store *store, const struct standard *standard)
{
    struct str file = str_printf(cx->mem, "standards/%.*s/commitments.yaml", STR_ARG(standard->id));
    struct value *yaml;
    size_t at = 0;

    if (content_next(&standard->content, file.p, "", &at) == NULL)
        return 0;
    TRY(standard_yaml(cx, standard, "commitments.yaml", &yaml));
    const struct value *topics = value_get(yaml, "topics");
    for (size_t i = 0; i < value_count(topics); i++)
        TRY(fill_topic(cx, store, standard, file.p, value_at(topics, i), i));
    return 0;
}

/* ---- the result ---- */

/* The columns of what is selected below. There may be many rows: each is made straight into a value
 * that has no more room than it needs. */
enum column {
    C_PATH,
    C_PLACE,
    C_QUOTE,
    C_SUBJECT,
    C_WHAT,
    C_KIND,
    C_VALUE,
    C_UNIT,
    C_AMOUNT,
    C_BUSINESS,
    C_COMPARE,
    C_SAID,
    C_TOPIC,
    C_TOPIC_TITLE,
    C_QUALIFIERS,
    C_PAGE,
    C_HEADING,
    C_LINE,
    C_SHEET,
    C_ROW
};

#define KEYS 15u

static void copy(struct value *to, const struct stmt *s, enum column column, const char *key,
                 struct arena *mem)
{
    value_set_text(to, key, stmt_text(mem, s, column));
}

static struct value *at_value(struct arena *mem, const struct stmt *s)
{
    static const char *const keys[] = {"page", "heading", "line", "sheet", "row"};
    size_t n = 0;

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        n += !stmt_is_null(s, C_PAGE + i);
    struct value *at = value_map_room(mem, n);

    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        enum column column = (enum column)(C_PAGE + i);

        if (stmt_is_null(s, column))
            continue;
        if (column == C_HEADING || column == C_SHEET)
            copy(at, s, column, keys[i], mem);
        else
            value_set_int(at, keys[i], stmt_int(s, column));
    }
    return at;
}

static struct value *qualifiers_value(struct arena *mem, const struct stmt *s)
{
    struct value *qualifiers = value_map(mem);
    struct str rest = stmt_text(mem, s, C_QUALIFIERS), part;

    while (str_split(&rest, ' ', &part)) {
        size_t at = str_find_char(part, '=', 0);
        if (at != SIZE_MAX)
            value_set_text(qualifiers, str_z(mem, str_sub(part, 0, at)), str_from(part, at + 1));
    }
    return qualifiers;
}

static void set_topic(struct arena *mem, const struct stmt *s, struct value *v)
{
    if (stmt_is_null(s, C_TOPIC)) {
        value_set(v, "topic", NULL);
        value_set(v, "topic_title", NULL);
    } else {
        copy(v, s, C_TOPIC, "topic", mem);
        copy(v, s, C_TOPIC_TITLE, "topic_title", mem);
    }
    value_set(v, "qualifiers", qualifiers_value(mem, s));
}

static struct value *commitment_value(struct arena *mem, const struct stmt *s)
{
    static const char *const texts[] = {"path", "place", "quote", "subject", "what", "kind"};
    struct value *v = value_map_room(mem, KEYS);

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        copy(v, s, (enum column)(C_PATH + i), texts[i], mem);
    value_set(v, "at", at_value(mem, s));
    if (stmt_text(mem, s, C_UNIT).n > 0)
        value_set(v, "value", value_decimal(mem, stmt_int(s, C_AMOUNT)));
    else
        copy(v, s, C_VALUE, "value", mem);
    copy(v, s, C_UNIT, "unit", mem);
    value_set_bool(v, "business_days", stmt_int(s, C_BUSINESS) != 0);
    copy(v, s, C_COMPARE, "compare", mem);
    copy(v, s, C_SAID, "said", mem);
    set_topic(mem, s, v);
    return v;
}

int commitments_value(struct ctx *cx, struct store *store, struct value **ret)
{
    struct value *list = value_list(cx->mem);
    bool more;
    STMT(s);

    TRY(store_prepare(
        cx, store,
        STR("SELECT c.path, c.place, c.quote, c.subject, c.what, c.kind, c.value, c.unit, c.amount,"
            " c.business, c.compare, c.said, c.topic, t.title AS topic_title, c.qualifiers, c.page,"
            " c.heading, c.line, c.sheet, c.row FROM commitment c"
            " JOIN fact_document d ON d.id = c.document"
            " LEFT JOIN commitment_topic t ON t.id = c.topic"
            " ORDER BY coalesce(t.n, 1000), c.path, c.n"),
        &s));
    for (;;) {
        TRY(stmt_step(cx, s, &more));
        if (!more)
            break;
        value_push(list, commitment_value(cx->mem, s));
        TRY(ctx_check(cx));
    }
    *ret = list;
    return 0;
}
