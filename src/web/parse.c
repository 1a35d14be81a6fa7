#include "web/parse.h"

/* ---- percent signs ---- */

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool fits(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
            return false;
    }
    return utf8_valid(text);
}

bool parse_percent(struct arena *mem, struct str text, bool plus, struct str *ret)
{
    char *out = arena_alloc(mem, text.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '%') {
            int high = i + 2 < text.n ? digit_of(text.p[i + 1]) : -1;
            int low = high >= 0 ? digit_of(text.p[i + 2]) : -1;
            if (low < 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        out[n++] = c;
    }
    *ret = (struct str){out, n};
    return fits(*ret);
}

struct str parse_escape(struct arena *mem, struct str text)
{
    static const char digits[] = "0123456789ABCDEF";
    struct buf out = buf_sized(mem, text.n);

    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || c == '.' || c == '~';
        if (plain) {
            buf_char(&out, (char)c);
            continue;
        }
        buf_char(&out, '%');
        buf_char(&out, digits[c >> 4]);
        buf_char(&out, digits[c & 15]);
    }
    /* A segment of dots alone would be a way up. */
    if (str_is(text, "."))
        return STR("%2E");
    if (str_is(text, ".."))
        return STR("%2E%2E");
    return buf_str(&out);
}

bool parse_path(struct arena *mem, struct str path, struct str ret[static PARSE_SEGMENTS],
                size_t *ret_n)
{
    struct str rest = path, part;
    size_t n = 0;

    if (path.n == 0 || path.p[0] != '/')
        return false;
    rest = str_from(path, 1);
    while (rest.n > 0 && str_split(&rest, '/', &part)) {
        struct str one;
        if (part.n == 0 || n == PARSE_SEGMENTS || !parse_percent(mem, part, false, &one))
            return false;
        if (str_is(part, ".") || str_is(part, "..") || str_is(one, ".") || str_is(one, "..") ||
            str_find_char(one, '\n', 0) != SIZE_MAX || str_find_char(one, '\r', 0) != SIZE_MAX)
            return false;
        ret[n++] = one;
    }
    *ret_n = n;
    return true;
}

/* ---- forms ---- */

static int add_field(struct ctx *cx, struct parse_form *form, struct parse_field field)
{
    if (form->n >= PARSE_FIELDS)
        return fail(cx, RC_LIMIT, NULL, _("The form has more than %u fields."), PARSE_FIELDS);
    if (!field.is_file && field.value.n > PARSE_TEXT_BYTES)
        return fail(cx, RC_LIMIT, NULL, _("A text has at most 4 MB."));
    if (field.name.n > PARSE_NAME_BYTES)
        return fail(cx, RC_LIMIT, NULL, _("A field of the form has too long a name."));
    *ARENA_PUSH(cx->mem, form->fields, form->n, form->room) = field;
    return 0;
}

/* Browsers send line breaks as CR LF; kept are LF alone. */
static struct str plain_lines(struct arena *mem, struct str text)
{
    if (str_find_char(text, '\r', 0) == SIZE_MAX)
        return text;
    char *out = arena_alloc(mem, text.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        bool pair = text.p[i] == '\r' && i + 1 < text.n && text.p[i + 1] == '\n';
        if (!pair)
            out[n++] = text.p[i] == '\r' ? '\n' : text.p[i];
    }
    return (struct str){out, n};
}

int parse_urlencoded(struct ctx *cx, struct str text, struct parse_form *form)
{
    struct str pair;

    if (text.n > 3 * PARSE_TEXT_BYTES)
        return fail(cx, RC_LIMIT, NULL, _("The form is too large: files are sent as such."));
    while (text.n > 0 && str_split(&text, '&', &pair)) {
        struct parse_field field = {.file = STR_NONE};
        size_t equals = str_find_char(pair, '=', 0);
        struct str name = str_sub(pair, 0, equals != SIZE_MAX ? equals : pair.n);
        struct str value = equals != SIZE_MAX ? str_from(pair, equals + 1) : STR_NONE;
        if (pair.n == 0)
            continue;
        if (!parse_percent(cx->mem, name, true, &field.name) ||
            !parse_percent(cx->mem, value, true, &field.value))
            return fail(cx, RC_INVALID, NULL,
                        _("The form is not encoded as it has to be, or has characters that no "
                          "text has."));
        field.value = plain_lines(cx->mem, field.value);
        TRY(add_field(cx, form, field));
    }
    return 0;
}

/* The value of a parameter in a header such as: form-data; name="file"; filename="a.csv". */
static bool find_param(struct arena *mem, struct str header, const char *name, struct str *ret)
{
    size_t at = str_find_char(header, ';', 0);

    while (at != SIZE_MAX && at < header.n) {
        struct str rest = str_from(header, at + 1);
        size_t lead = 0, equals = str_find_char(rest, '=', 0);
        while (lead < rest.n && rest.p[lead] == ' ')
            lead++;
        if (equals == SIZE_MAX || equals < lead)
            return false;
        struct str key = str_sub(rest, lead, equals - lead), value = STR_NONE;
        size_t i = equals + 1;
        if (i < rest.n && rest.p[i] == '"') {
            struct buf out = buf_new(mem);
            for (i++; i < rest.n && rest.p[i] != '"'; i++) {
                if (rest.p[i] == '\\' && i + 1 < rest.n &&
                    (rest.p[i + 1] == '"' || rest.p[i + 1] == '\\'))
                    i++;
                buf_char(&out, rest.p[i]);
            }
            if (i == rest.n)
                return false;
            value = buf_str(&out);
            i++;
        } else {
            size_t from = i;
            while (i < rest.n && rest.p[i] != ';')
                i++;
            value = str_trim(str_sub(rest, from, i - from));
        }
        if (str_is_nocase(key, name)) {
            *ret = value;
            return true;
        }
        size_t next = str_find_char(rest, ';', i);
        at = next == SIZE_MAX ? SIZE_MAX : at + 1 + next;
    }
    return false;
}

static bool is_header(struct str line, const char *name, struct str *ret)
{
    size_t colon = str_find_char(line, ':', 0);

    if (colon == SIZE_MAX || !str_is_nocase(str_sub(line, 0, colon), name))
        return false;
    *ret = str_trim(str_from(line, colon + 1));
    return true;
}

static int bad_part(struct ctx *cx)
{
    return fail(cx, RC_INVALID, NULL, _("The form is cut off, or not made as it has to be."));
}

/* Browsers write a quote in a name as %22, and nothing else so. */
static struct str with_quotes(struct arena *mem, struct str name)
{
    struct buf out = buf_new(mem);

    while (name.n > 0) {
        bool quote = str_starts(name, STR("%22"));
        buf_char(&out, quote ? '"' : name.p[0]);
        name = str_from(name, quote ? 3 : 1);
    }
    return buf_str(&out);
}

/* One part: its headers, an empty line, what it holds. */
static int take_part(struct ctx *cx, struct str part, struct parse_form *form)
{
    size_t end = str_find(part, STR("\r\n\r\n"), 0), at = 0;
    struct parse_field field = {.name = STR_NONE};
    struct str disposition = STR_NONE;

    if (end == SIZE_MAX || end > 8192)
        return bad_part(cx);
    while (at < end) {
        size_t stop = str_find(part, STR("\r\n"), at);
        struct str line = str_sub(part, at, stop - at);
        (void)is_header(line, "Content-Disposition", &disposition);
        at = stop + 2;
    }
    if (!parse_type_is(disposition, "form-data") ||
        !find_param(cx->mem, disposition, "name", &field.name))
        return bad_part(cx);
    field.value = str_from(part, end + 4);
    field.is_file = find_param(cx->mem, disposition, "filename", &field.file);
    if (!fits(field.name) || !fits(field.file) ||
        (!field.is_file && field.value.n <= PARSE_TEXT_BYTES && !fits(field.value)))
        return fail(cx, RC_INVALID, NULL, _("The form has characters that no text has."));
    field.file = with_quotes(cx->mem, field.file);
    TRY(add_field(cx, form, field));
    if (!field.is_file)
        form->fields[form->n - 1].value = plain_lines(cx->mem, field.value);
    return 0;
}

int parse_multipart(struct ctx *cx, struct str type, struct str body, struct parse_form *form)
{
    struct str boundary;

    if (!parse_type_is(type, "multipart/form-data") ||
        !find_param(cx->mem, type, "boundary", &boundary) || boundary.n == 0 || boundary.n > 70)
        return fail(cx, RC_INVALID, NULL, _("The form does not say where its parts end."));
    struct str mark = str_printf(cx->mem, "\r\n--%.*s", STR_ARG(boundary));
    struct str first = str_from(mark, 2);

    if (!str_starts(body, first))
        return bad_part(cx);
    size_t at = first.n;
    for (;;) {
        struct str rest = str_from(body, at);
        if (str_starts(rest, STR("--")))
            return 0;
        if (!str_starts(rest, STR("\r\n")))
            return bad_part(cx);
        size_t end = str_find(body, mark, at);
        if (end == SIZE_MAX || end < at + 2)
            return bad_part(cx);
        TRY(take_part(cx, str_sub(body, at + 2, end - at - 2), form));
        at = end + mark.n;
    }
}

struct str parse_get(const struct parse_form *form, const char *name)
{
    for (size_t i = 0; i < form->n; i++)
        if (str_is(form->fields[i].name, name))
            return form->fields[i].value;
    return STR_NONE;
}

bool parse_has(const struct parse_form *form, const char *name)
{
    for (size_t i = 0; i < form->n; i++)
        if (str_is(form->fields[i].name, name))
            return true;
    return false;
}

/* ---- headers ---- */

struct str parse_cookie(struct str header, const char *name)
{
    struct str pair, found = STR_NONE;
    bool any = false;

    while (header.n > 0 && str_split(&header, ';', &pair)) {
        size_t equals = str_find_char(pair, '=', 0);
        if (equals == SIZE_MAX || !str_is(str_trim(str_sub(pair, 0, equals)), name))
            continue;
        if (any)
            return STR_NONE;
        any = true;
        found = str_trim(str_from(pair, equals + 1));
    }
    return found;
}

struct str parse_bearer(struct str header)
{
    static const char scheme[] = "Bearer ";
    size_t n = sizeof scheme - 1;

    return str_is_nocase(str_sub(header, 0, n), scheme) ? str_trim(str_from(header, n)) : STR_NONE;
}

bool parse_type_is(struct str header, const char *type)
{
    size_t end = str_find_char(header, ';', 0);

    return str_is_nocase(str_trim(str_sub(header, 0, end != SIZE_MAX ? end : header.n)), type);
}

/* "text/html;q=0.8" in thousandths. */
static int64_t weight_of(struct str item)
{
    struct str part;

    (void)str_split(&item, ';', &part);
    while (item.n > 0 && str_split(&item, ';', &part)) {
        part = str_trim(part);
        if (!str_starts(part, STR("q=")) || part.n < 3)
            continue;
        if (part.p[2] != '0')
            return 1000;
        int64_t weight = 0, unit = 100;
        for (size_t i = 4; i < part.n && i < 7 && part.p[i] >= '0' && part.p[i] <= '9'; i++) {
            weight += (part.p[i] - '0') * unit;
            unit /= 10;
        }
        return weight;
    }
    return 1000;
}

bool parse_takes_coding(struct str header, const char *coding)
{
    struct str item;

    while (header.n > 0 && str_split(&header, ',', &item))
        if (parse_type_is(item, coding))
            return weight_of(item) > 0;
    return false;
}

bool parse_wants_json(struct str accept)
{
    int64_t json = 0, html = 0;
    struct str item;

    while (accept.n > 0 && str_split(&accept, ',', &item)) {
        int64_t weight = weight_of(item);
        if (parse_type_is(item, "application/json") ||
            parse_type_is(item, "application/problem+json"))
            json = weight > json ? weight : json;
        else if (parse_type_is(item, "text/html"))
            html = weight > html ? weight : html;
    }
    return json > 0 && json >= html;
}

bool parse_wants_html(struct str accept)
{
    struct str item;

    while (accept.n > 0 && str_split(&accept, ',', &item))
        if (parse_type_is(item, "text/html"))
            return true;
    return false;
}

bool parse_has_tag(struct str header, struct str tag)
{
    struct str item;

    while (header.n > 0 && str_split(&header, ',', &item)) {
        item = str_trim(item);
        if (str_starts(item, STR("W/")))
            item = str_from(item, 2);
        if (str_is(item, "*") || str_eq(item, tag))
            return true;
    }
    return false;
}
