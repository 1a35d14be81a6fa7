#include "extract/mime.h"

#include "extract/internal.h"

#define HEADER_BYTES ((size_t)16 * 1024)
#define NAME_BYTES 255u
#define BOUNDARY_BYTES 200u

/* ---- transfer encodings ---- */

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static struct str from_base64(struct arena *mem, struct str s)
{
    struct buf out = buf_new(mem);
    uint32_t bits = 0;
    unsigned n = 0;

    for (size_t i = 0; i < s.n && s.p[i] != '='; i++) {
        int digit = base64_digit(s.p[i]);
        if (digit < 0)
            continue;
        bits = bits << 6 | (uint32_t)digit;
        n += 6;
        if (n >= 8) {
            n -= 8;
            buf_char(&out, (char)(bits >> n & 0xff));
        }
    }
    return buf_str(&out);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte of two hexadecimal digits at `at`, or -1. */
static int hex_byte(struct str s, size_t at)
{
    if (at + 1 >= s.n || hex_digit(s.p[at]) < 0 || hex_digit(s.p[at + 1]) < 0)
        return -1;
    return hex_digit(s.p[at]) * 16 + hex_digit(s.p[at + 1]);
}

/* Quoted-printable; within a header "_" is a blank. */
static struct str from_quoted(struct arena *mem, struct str s, bool header)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < s.n; i++) {
        int byte = s.p[i] == '=' ? hex_byte(s, i + 1) : -1;
        size_t end = i + 1;
        if (byte >= 0) {
            buf_char(&out, (char)byte);
            i += 2;
            continue;
        }
        /* A line that goes on. */
        while (s.p[i] == '=' && end < s.n && (s.p[end] == ' ' || s.p[end] == '\t'))
            end++;
        if (s.p[i] == '=' && end < s.n && (s.p[end] == '\r' || s.p[end] == '\n')) {
            i = s.p[end] == '\r' && end + 1 < s.n && s.p[end + 1] == '\n' ? end + 1 : end;
            continue;
        }
        buf_char(&out, header && s.p[i] == '_' ? ' ' : s.p[i]);
    }
    return buf_str(&out);
}

struct str mime_bytes(struct ctx *cx, const struct mime_part *part)
{
    if (str_is(part->encoding, "base64"))
        return from_base64(cx->mem, part->body);
    if (str_is(part->encoding, "quoted-printable"))
        return from_quoted(cx->mem, part->body, false);
    return part->body;
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] & 0x80) != 0 || s.p[i] == '\x1b')
            return false;
    return true;
}

bool mime_text(struct ctx *cx, struct str bytes, struct str charset, struct str *ret)
{
    /* Those whose letters text_decode() tells apart by itself. */
    static const char *const known[] = {
        "",           "utf-8",       "utf8",         "us-ascii", "ascii",
        "iso-8859-1", "iso-8859-15", "windows-1252", "latin1",   "utf-16",
        "utf-16le",   "utf-16be",    "unknown-8bit"};

    *ret = text_decode(cx, bytes);
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_is(charset, known[i]))
            return true;
    return is_ascii(bytes) || utf8_valid(bytes);
}

/* ---- heads ---- */

/* The line at `*at` without its end; a CR before it goes too. */
static struct str next_line(struct str s, size_t *at)
{
    size_t end = str_find_char(s, '\n', *at);
    struct str line = str_sub(s, *at, (end == SIZE_MAX ? s.n : end) - *at);

    *at = end == SIZE_MAX ? s.n : end + 1;
    if (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

/* Bytes up to and with the blank line that ends the head. */
static size_t head_end(struct str s)
{
    for (size_t at = 0; at < s.n;) {
        size_t before = at;
        if (next_line(s, &at).n == 0)
            return at;
        if (at > MIME_HEAD_BYTES)
            return before;
    }
    return s.n;
}

static bool is_blank_sign(char c)
{
    return c == ' ' || c == '\t';
}

/* The header's value with its folded lines as one, not decoded. */
static struct str raw_header(struct ctx *cx, struct str head, const char *name)
{
    struct buf out = buf_new(cx->mem);
    size_t n = strlen(name);
    bool found = false;

    for (size_t at = 0; at < head.n;) {
        struct str line = next_line(head, &at);
        bool goes_on = line.n > 0 && is_blank_sign(line.p[0]);
        if (found && !goes_on)
            break;
        if (!found && !goes_on && line.n > n && line.p[n] == ':' &&
            str_is_nocase(str_sub(line, 0, n), name)) {
            found = true;
            line = str_from(line, n + 1);
        } else if (!found) {
            continue;
        }
        if (out.n + line.n <= HEADER_BYTES)
            buf_add(&out, line);
    }
    return str_trim(buf_str(&out));
}

/* "=?utf-8?B?...?=" at the head of `s`: its bytes as UTF-8, and how long it is; 0 for none. */
static size_t encoded_word(struct ctx *cx, struct str s, struct str *ret)
{
    size_t set, code, end;

    if (!str_starts(s, STR("=?")))
        return 0;
    set = str_find_char(s, '?', 2);
    code = set == SIZE_MAX ? SIZE_MAX : str_find_char(s, '?', set + 1);
    end = code == SIZE_MAX ? SIZE_MAX : str_find(s, STR("?="), code + 1);
    if (end == SIZE_MAX || code != set + 2)
        return 0;
    struct str text = str_sub(s, code + 1, end - code - 1);
    struct str charset = str_lower(cx->mem, str_sub(s, 2, set - 2));
    bool base64 = (s.p[set + 1] | 32) == 'b';
    text = base64 ? from_base64(cx->mem, text) : from_quoted(cx->mem, text, true);
    (void)mime_text(cx, text, charset, ret);
    return end + 2;
}

static struct str decode_words(struct ctx *cx, struct str s)
{
    struct buf out = buf_new(cx->mem);
    bool after_word = false;

    for (size_t i = 0; i < s.n;) {
        struct str word;
        size_t n = encoded_word(cx, str_from(s, i), &word);
        size_t blank = i;
        if (n > 0) {
            buf_add(&out, word);
            i += n;
            after_word = true;
            continue;
        }
        /* Blanks between two such words belong to neither. */
        while (after_word && blank < s.n && is_blank_sign(s.p[blank]))
            blank++;
        if (after_word && blank > i && str_starts(str_from(s, blank), STR("=?"))) {
            i = blank;
            continue;
        }
        after_word = false;
        buf_char(&out, s.p[i++]);
    }
    return text_decode(cx, buf_str(&out));
}

struct str mime_header(struct ctx *cx, struct str head, const char *name)
{
    return decode_words(cx, raw_header(cx, head, name));
}

/* ---- parameters: text/plain; charset="utf-8"; name*0*=utf-8''a%20b ---- */

/* The value of the parameter at `*at`, behind its "=". */
static struct str parameter_value(struct arena *mem, struct str s, size_t *at)
{
    struct buf out = buf_new(mem);
    size_t i = *at;

    while (i < s.n && is_blank_sign(s.p[i]))
        i++;
    if (i < s.n && s.p[i] == '"') {
        for (i++; i < s.n && s.p[i] != '"'; i++) {
            i += s.p[i] == '\\' && i + 1 < s.n;
            buf_char(&out, s.p[i]);
        }
        i += i < s.n;
    } else {
        for (; i < s.n && s.p[i] != ';' && !is_blank_sign(s.p[i]); i++)
            buf_char(&out, s.p[i]);
    }
    *at = i;
    return buf_str(&out);
}

static struct str from_percent(struct arena *mem, struct str s)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < s.n; i++) {
        int byte = s.p[i] == '%' ? hex_byte(s, i + 1) : -1;
        buf_char(&out, byte >= 0 ? (char)byte : s.p[i]);
        i += byte >= 0 ? 2 : 0;
    }
    return buf_str(&out);
}

/* "utf-8'en'a%20b" without what stands before it. */
static struct str without_charset(struct str s)
{
    size_t first = str_find_char(s, '\'', 0);
    size_t second = first == SIZE_MAX ? SIZE_MAX : str_find_char(s, '\'', first + 1);

    return second == SIZE_MAX ? s : str_from(s, second + 1);
}

/* A parameter of a header, its pieces ("name*0", "name*1*") put together; "" for none. */
static struct str parameter(struct ctx *cx, struct str header, const char *name)
{
    struct buf out = buf_new(cx->mem);
    size_t n = strlen(name);
    bool extended = false, whole = false;

    for (size_t at = 0; (at = str_find_char(header, ';', at)) != SIZE_MAX;) {
        for (at++; at < header.n && is_blank_sign(header.p[at]);)
            at++;
        size_t equals = str_find_char(header, '=', at);
        if (equals == SIZE_MAX)
            break;
        struct str key = str_trim(str_sub(header, at, equals - at));
        at = equals + 1;
        struct str value = parameter_value(cx->mem, header, &at);
        if (key.n < n || !str_is_nocase(str_sub(key, 0, n), name) || whole)
            continue;
        key = str_from(key, n);
        if (key.n > 0 && key.p[0] != '*')
            continue;
        whole = key.n == 0;
        if (whole)
            out.n = 0;
        if (str_ends(key, STR("*"))) {
            value = from_percent(cx->mem, extended ? value : without_charset(value));
            extended = true;
        }
        if (out.n + value.n <= HEADER_BYTES)
            buf_add(&out, value);
    }
    return buf_str(&out);
}

/* ---- parts ---- */

static bool is_signature(struct str type)
{
    return str_is(type, "application/pgp-signature") ||
           str_is(type, "application/pkcs7-signature") ||
           str_is(type, "application/x-pkcs7-signature") || str_is(type, "application/pgp-keys") ||
           str_is(type, "message/delivery-status");
}

static bool is_locked(struct str type)
{
    return str_is(type, "application/pkcs7-mime") || str_is(type, "application/x-pkcs7-mime") ||
           str_is(type, "application/pgp-encrypted");
}

static enum mime_role role_of(struct ctx *cx, const struct mime_part *part, struct str head,
                              struct str disposition)
{
    bool attached = str_is_nocase(str_sub(disposition, 0, 10), "attachment");

    if (is_locked(part->type))
        return MIME_LOCKED;
    if (is_signature(part->type))
        return MIME_PASSED;
    if (str_starts(part->type, STR("image/")) &&
        (!attached || raw_header(cx, head, "Content-ID").n > 0))
        return MIME_PASSED;
    if (!attached && part->name.n == 0 &&
        (str_is(part->type, "text/plain") || str_is(part->type, "text/html")))
        return MIME_TEXT;
    return MIME_ATTACHED;
}

static struct str type_of(struct ctx *cx, struct str header)
{
    size_t end = str_find_char(header, ';', 0);
    struct str type = str_trim(str_sub(header, 0, end == SIZE_MAX ? header.n : end));

    return type.n == 0 ? STR("text/plain") : str_lower(cx->mem, type);
}

static struct str name_of(struct ctx *cx, struct str disposition, struct str type_header)
{
    struct str name = parameter(cx, disposition, "filename");

    if (name.n == 0)
        name = parameter(cx, type_header, "name");
    return str_sub(str_trim(decode_words(cx, name)), 0, NAME_BYTES);
}

static void add_part(struct ctx *cx, struct mime *mime, struct str head, struct str body,
                     struct str type_header, uint32_t choice)
{
    struct str disposition = raw_header(cx, head, "Content-Disposition");
    struct mime_part part = {.type = type_of(cx, type_header), .body = body, .choice = choice};

    if (mime->count >= MIME_PARTS) {
        mime->cut = true;
        return;
    }
    part.charset = str_lower(cx->mem, parameter(cx, type_header, "charset"));
    part.name = name_of(cx, disposition, type_header);
    part.encoding = str_lower(cx->mem, raw_header(cx, head, "Content-Transfer-Encoding"));
    part.html = str_is(part.type, "text/html");
    part.role = role_of(cx, &part, head, disposition);
    *ARENA_PUSH(cx->mem, mime->parts, mime->count, mime->room) = part;
}

static void read_entity(struct ctx *cx, struct mime *mime, struct str entity, uint32_t choice,
                        unsigned depth);

/* The pieces between the lines of a boundary. */
static void read_pieces(struct ctx *cx, struct mime *mime, struct str body, struct str boundary,
                        uint32_t choice, unsigned depth)
{
    size_t from = SIZE_MAX, before = 0;

    for (size_t at = 0; at < body.n && mime->count < MIME_PARTS; before = at) {
        size_t start = at;
        struct str line = next_line(body, &at);
        if (!str_starts(line, STR("--")) || !str_eq(str_sub(line, 2, boundary.n), boundary))
            continue;
        struct str rest = str_trim(str_from(line, 2 + boundary.n));
        if (rest.n > 0 && !str_is(rest, "--"))
            continue;
        if (from != SIZE_MAX)
            read_entity(cx, mime, str_sub(body, from, start - from), choice, depth + 1);
        from = at;
        if (rest.n > 0)
            return;
    }
    /* The last line of the boundary is missing. */
    if (from != SIZE_MAX && from < body.n && before >= from)
        read_entity(cx, mime, str_from(body, from), choice, depth + 1);
}

/* A message or part: head, blank line, body. */
static void read_entity(struct ctx *cx, struct mime *mime, struct str entity, uint32_t choice,
                        unsigned depth)
{
    size_t end = head_end(entity);
    struct str head = str_sub(entity, 0, end), body = str_from(entity, end);
    struct str type_header = raw_header(cx, head, "Content-Type");
    struct str type = type_of(cx, type_header);
    struct str boundary = parameter(cx, type_header, "boundary");

    if (!str_starts(type, STR("multipart/")) || boundary.n == 0 || boundary.n > BOUNDARY_BYTES) {
        add_part(cx, mime, head, body, type_header, choice);
        return;
    }
    if (depth >= MIME_DEPTH) {
        mime->cut = true;
        return;
    }
    if (choice == 0 && str_is(type, "multipart/alternative"))
        choice = (uint32_t)mime->count + 1;
    read_pieces(cx, mime, body, boundary, choice, depth);
}

int mime_read(struct ctx *cx, struct str message, struct mime *ret)
{
    struct mime mime = {.head = str_sub(message, 0, head_end(message))};

    /* A mailbox has a line before each message. */
    if (str_starts(message, STR("From "))) {
        size_t at = 0;
        (void)next_line(message, &at);
        message = str_from(message, at);
        mime.head = str_sub(message, 0, head_end(message));
    }
    read_entity(cx, &mime, message, 0, 0);
    TRY(ctx_check(cx));
    *ret = mime;
    return 0;
}
