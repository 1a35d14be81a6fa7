/* A list as a table that fits the width of the page. */
#include "report/internal.h"
#include "report/records_parts.h"

#define COLUMNS 48u
#define GAP 2u
#define ROOM 40u  /* columns of a cell that gives way at first */
#define EASY 18u  /* when what is empty has gone */
#define LEAST 10u /* and at last */

struct table {
    struct page *page;
    const struct value *result, *columns, *records;
    bool with_ref;
    size_t n;
    size_t at[COLUMNS]; /* among `columns`, SIZE_MAX for the ref */
    size_t width[COLUMNS];
    bool right[COLUMNS]; /* numbers */
    bool empty[COLUMNS];
    struct buf left_out;
};

/* ---- cells ---- */

static struct str name_of(const struct value *result, struct arena *mem, const struct value *column,
                          struct str ref)
{
    const struct value *names = value_get(result, "names");
    struct str to = value_get_text(column, "to");

    if (to.n == 0)
        return STR_NONE;
    return value_get_text(value_get(names, str_z(mem, to)), str_z(mem, ref));
}

/* People know persons by their names, and all else by its ref. */
static struct str one_value(const struct page *p, const struct value *result,
                            const struct value *column, const struct value *v)
{
    struct arena *mem = p->cx->mem;
    struct str said = value_get_text(v, "said"), file = value_get_text(v, "name");

    switch (value_type(v)) {
    case VALUE_BOOL:
        return str_of(value_as_bool(v) ? _("yes") : _("no"));
    case VALUE_MAP:
        if (said.n > 0)
            return str_printf(mem, "“%.*s”", STR_ARG(said));
        return file.n > 0 ? file : str_of(_("(lines)"));
    case VALUE_TEXT: {
        struct str text = value_as_text(v), name = name_of(result, mem, column, text);
        bool person = value_is_text(value_get(column, "to"), "person");
        return person && name.n > 0 ? name : text;
    }
    default:
        return value_print(mem, v);
    }
}

struct str records_cell(const struct page *p, const struct value *result,
                        const struct value *column, const struct value *v)
{
    struct buf out = buf_new(p->cx->mem);

    if (value_is_text(value_get(column, "type"), "rows"))
        return str_printf(p->cx->mem, value_count(v) == 1 ? _("%zu line") : _("%zu lines"),
                          value_count(v));
    if (value_type(v) != VALUE_LIST)
        return page_clean(p, one_value(p, result, column, v));
    for (size_t i = 0; i < value_count(v); i++)
        buf_printf(&out, "%s%.*s", i > 0 ? ", " : "",
                   STR_ARG(one_value(p, result, column, value_at(v, i))));
    return page_clean(p, buf_str(&out));
}

static struct str cell(const struct table *t, size_t row, size_t i)
{
    const struct value *record = value_at(t->records, row);

    if (t->at[i] == SIZE_MAX)
        return page_clean(t->page, value_get_text(record, "ref"));
    const struct value *column = value_at(t->columns, t->at[i]);
    const char *field = str_z(t->page->cx->mem, value_get_text(column, "field"));
    const struct value *v = value_get(value_get(record, "fields"), field);

    return v != NULL ? records_cell(t->page, t->result, column, v) : STR_NONE;
}

static struct str label(const struct table *t, size_t i)
{
    if (t->at[i] == SIZE_MAX)
        return str_of(_("Ref"));
    return value_get_text(value_at(t->columns, t->at[i]), "label");
}

/* ---- widths ---- */

static size_t longest_word(struct str text)
{
    struct str word;
    size_t most = 0;

    while (str_split(&text, ' ', &word)) {
        size_t n = page_columns(word);
        most = n > most ? n : most;
    }
    return most;
}

/* Labels may take several lines, cells only one. */
static void measure(struct table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        t->at[i] = t->with_ref ? i - 1 : i; /* SIZE_MAX for the ref */
        t->empty[i] = true;
        struct str type = value_get_text(value_at(t->columns, t->at[i]), "type");
        t->right[i] = str_is(type, "integer") || str_is(type, "decimal") || str_is(type, "score");
        t->width[i] = longest_word(label(t, i));
        for (size_t row = 0; row < value_count(t->records); row++) {
            size_t n = page_columns(cell(t, row, i));
            t->width[i] = n > t->width[i] ? n : t->width[i];
            t->empty[i] = t->empty[i] && n == 0;
        }
    }
}

static size_t total(const struct table *t)
{
    size_t sum = (t->n - 1) * GAP;

    for (size_t i = 0; i < t->n; i++)
        sum += t->width[i];
    return sum;
}

/* The widest column gives way, again and again, but never the ref by which records are named. */
static void narrow(struct table *t, size_t least)
{
    while (total(t) > t->page->width) {
        size_t widest = SIZE_MAX;
        for (size_t i = t->with_ref; i < t->n; i++)
            if (t->width[i] > least && (widest == SIZE_MAX || t->width[i] > t->width[widest]))
                widest = i;
        if (widest == SIZE_MAX)
            return;
        t->width[widest]--;
    }
}

/* What has no room at all is left out, and said below. */
static void leave_out(struct table *t, size_t i)
{
    buf_printf(&t->left_out, "%s%.*s", t->left_out.n > 0 ? ", " : "", STR_ARG(label(t, i)));
    for (size_t k = i; k + 1 < t->n; k++) {
        t->at[k] = t->at[k + 1];
        t->width[k] = t->width[k + 1];
        t->right[k] = t->right[k + 1];
        t->empty[k] = t->empty[k + 1];
    }
    t->n--;
}

/* Columns in which nothing stands go first, the last of all before the first. */
static void fit(struct table *t)
{
    narrow(t, ROOM);
    for (size_t i = t->n; i-- > t->with_ref && total(t) > t->page->width;)
        if (t->empty[i])
            leave_out(t, i);
    narrow(t, EASY);
    narrow(t, LEAST);
    while (total(t) > t->page->width && t->n > 1)
        leave_out(t, t->n - 1);
}

/* ---- showing ---- */

static struct str shortened(const struct table *t, struct str text, size_t width)
{
    const char *mark = t->page->unicode ? "…" : ".";
    size_t at = 0, end = 0;

    if (page_columns(text) <= width)
        return text;
    while (at < text.n) {
        (void)utf8_next(text, &at);
        if (page_columns(str_sub(text, 0, at)) + 1 > width)
            break;
        end = at;
    }
    return str_printf(t->page->cx->mem, "%.*s%s", STR_ARG(str_trim(str_sub(text, 0, end))), mark);
}

static void put_cell(const struct table *t, size_t i, enum tone tone, struct str text)
{
    struct str shown = shortened(t, text, t->width[i]);
    size_t pad = t->width[i] - page_columns(shown);

    page_pad(t->page, t->right[i] ? pad : 0);
    page_put(t->page, tone, shown);
    page_pad(t->page, (t->right[i] ? 0 : pad) + (i + 1 < t->n ? GAP : 0));
}

/* As many words of `*rest` as a column holds. */
static struct str label_line(struct str *rest, size_t width)
{
    size_t end = 0;

    for (size_t at = 0; at < rest->n;) {
        size_t next = str_find_char(*rest, ' ', at);
        next = next != SIZE_MAX ? next : rest->n;
        if (end > 0 && page_columns(str_sub(*rest, 0, next)) > width)
            break;
        end = next;
        at = next + 1;
    }
    struct str line = str_sub(*rest, 0, end);
    *rest = end < rest->n ? str_from(*rest, end + 1) : STR_NONE;
    return line;
}

static void put_labels(const struct table *t)
{
    struct str rest[COLUMNS];
    bool more = true;

    for (size_t i = 0; i < t->n; i++)
        rest[i] = label(t, i);
    while (more) {
        more = false;
        for (size_t i = 0; i < t->n; i++) {
            put_cell(t, i, TONE_FAINT, label_line(&rest[i], t->width[i]));
            more = more || rest[i].n > 0;
        }
        page_line(t->page);
    }
}

void records_next(struct page *p, const struct value *result)
{
    const struct value *next = value_get(result, "next");
    size_t hang = 0;

    for (size_t i = 0; i < value_count(next); i++) {
        size_t n = page_columns(value_get_text(value_at(next, i), "do"));
        hang = n > hang ? n : hang;
    }
    if (hang > 0)
        page_line(p);
    for (size_t i = 0; i < value_count(next); i++)
        page_item(p, 3, 3 + hang + 2, TONE_STRONG, value_get_text(value_at(next, i), "do"),
                  TONE_FAINT, value_get_text(value_at(next, i), "for"));
}

static void say_empty(struct page *p, const struct value *result)
{
    page_text(p, 0, TONE_PLAIN, value_get_text(result, "empty"));
    page_text(p, 0, TONE_FAINT, value_get_text(result, "help"));
    page_text(p, 0, TONE_FAINT, value_get_text(result, "hint"));
    records_next(p, result);
}

static void say_rest(const struct table *t)
{
    size_t shown = value_count(t->records);
    int64_t count = value_get_int(t->result, "count", (int64_t)shown);

    struct str hint = value_get_text(t->result, "hint");

    if (t->left_out.n > 0 || count > (int64_t)shown || hint.n > 0)
        page_line(t->page);
    if (hint.n > 0)
        page_text(t->page, 0, TONE_FAINT, hint);
    if (t->left_out.n > 0)
        page_text(
            t->page, 0, TONE_FAINT,
            str_printf(t->page->cx->mem, _("Without room: %.*s."), STR_ARG(buf_str(&t->left_out))));
    if (count <= (int64_t)shown)
        return;
    page_text(t->page, 0, TONE_FAINT,
              str_printf(t->page->cx->mem, _("%zu of %lld. All of them: --limit 0."), shown,
                         (long long)count));
}

void records_table(struct page *p, const struct value *result)
{
    struct table t = {.page = p,
                      .result = result,
                      .columns = value_get(result, "columns"),
                      .records = value_get(result, "records"),
                      .left_out = buf_new(p->cx->mem)};

    if (value_count(t.records) == 0) {
        say_empty(p, result);
        return;
    }
    t.with_ref = value_get(value_at(t.records, 0), "ref") != NULL;
    t.n = value_count(t.columns) + t.with_ref;
    t.n = t.n > COLUMNS ? COLUMNS : t.n;
    measure(&t);
    fit(&t);
    put_labels(&t);
    for (size_t row = 0; row < value_count(t.records); row++) {
        for (size_t i = 0; i < t.n; i++)
            put_cell(&t, i, i == 0 ? TONE_STRONG : TONE_PLAIN, cell(&t, row, i));
        page_line(p);
    }
    say_rest(&t);
}
