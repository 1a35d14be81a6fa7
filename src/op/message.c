#include "op/message.h"

#define WORD_BYTES 42u /* of text in one encoded word: 56 characters of base64 */
#define LINE_CHARS 74u /* of a line of the text, before the sign that it goes on */

/* ---- addresses ---- */

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool all_of(struct str s, const char *more)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_letter_or_digit(s.p[i]) && (s.p[i] == '\0' || strchr(more, s.p[i]) == NULL))
            return false;
    return s.n > 0;
}

/* Parts between dots, none of them empty. */
static bool is_dotted(struct str s, const char *more)
{
    struct str rest = s, part;

    if (s.n == 0 || s.p[0] == '.' || s.p[s.n - 1] == '.')
        return false;
    while (rest.n > 0 && str_split(&rest, '.', &part))
        if (!all_of(part, more) || part.p[0] == '-')
            return false;
    return true;
}

bool message_address_is(struct str address)
{
    size_t at = str_find_char(address, '@', 0);

    return at != SIZE_MAX && at <= 64 && address.n <= MESSAGE_ADDRESS_BYTES &&
           is_dotted(str_sub(address, 0, at), "!#$%&'*+-/=?^_`{|}~") &&
           is_dotted(str_from(address, at + 1), "-");
}

int message_check_address(struct ctx *cx, const char *place, struct str address)
{
    struct str shown = utf8_valid(address) ? str_cut(cx->mem, address, 100) : STR("...");

    if (message_address_is(address))
        return 0;
    return fail(cx, RC_INVALID, place,
                _("\"%.*s\" is no mail address that can be written to, such as "
                  "ada@example.org."),
                STR_ARG(shown));
}

int message_split_address(struct ctx *cx, const char *place, struct str text, struct str *ret_name,
                          struct str *ret_address)
{
    struct str rest = str_trim(text);
    size_t at = str_find_char(rest, '<', 0);

    *ret_name = STR_NONE;
    *ret_address = rest;
    if (at != SIZE_MAX && rest.p[rest.n - 1] == '>') {
        *ret_name = str_trim(str_sub(rest, 0, at));
        *ret_address = str_sub(rest, at + 1, rest.n - at - 2);
    }
    return message_check_address(cx, place, *ret_address);
}

/* ---- headers ---- */

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < ' ' || s.p[i] > '~')
            return false;
    return str_find(s, STR("=?"), 0) == SIZE_MAX;
}

/* One line of valid text, without what no reader should get to see. */
static struct str one_line(struct arena *mem, struct str s)
{
    struct buf out = buf_new(mem);
    size_t at = 0;

    while (at < s.n) {
        uint32_t code = utf8_next(s, &at);
        bool breaks = code < ' ' || (code >= 0x7f && code < 0xa0) || code == 0x2028 ||
                      code == 0x2029 || (code >= 0x202a && code <= 0x202e) ||
                      (code >= 0x2066 && code <= 0x2069);
        buf_code(&out, breaks ? ' ' : code);
    }
    return str_squeeze(mem, buf_str(&out));
}

/* As many bytes as end between characters. */
static size_t whole(struct str s, size_t most)
{
    size_t n = s.n < most ? s.n : most;

    while (n > 0 && n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
        n--;
    return n;
}

/* "=?UTF-8?B?...?=", so many as it takes, a line each. */
static void put_encoded(struct buf *out, struct str s)
{
    for (bool first = true; s.n > 0; first = false) {
        size_t n = whole(s, WORD_BYTES);
        buf_printf(out, "%s=?UTF-8?B?%.*s?=", first ? "" : "\r\n ",
                   STR_ARG(base64_encode(out->mem, str_sub(s, 0, n))));
        s = str_from(s, n);
    }
}

/* Words of ASCII, on a new line where one gets long. */
static void put_folded(struct buf *out, struct str s, size_t column)
{
    struct str word;

    for (bool first = true; s.n > 0 && str_split(&s, ' ', &word); first = false) {
        bool turn = !first && column + word.n > 76;
        buf_addz(out, first ? "" : turn ? "\r\n " : " ");
        column = (turn ? 1 : column + 1) + word.n;
        buf_add(out, word);
    }
}

static bool is_short(struct str s)
{
    struct str word;

    while (s.n > 0 && str_split(&s, ' ', &word))
        if (word.n > 200)
            return false;
    return true;
}

static void put_text(struct buf *out, const char *name, struct str text)
{
    struct str line = one_line(out->mem, text);

    buf_printf(out, "%s: ", name);
    if (is_plain(line) && is_short(line))
        put_folded(out, line, strlen(name) + 2);
    else
        put_encoded(out, line);
    buf_addz(out, "\r\n");
}

/* A name as a quoted text or encoded, and the address. */
static void put_address(struct buf *out, const char *name, struct str who, struct str address)
{
    struct str line = str_cut(out->mem, one_line(out->mem, who), 200);

    buf_printf(out, "%s: ", name);
    if (line.n > 0 && is_plain(line) && line.n <= 60) {
        buf_char(out, '"');
        for (size_t i = 0; i < line.n; i++)
            buf_printf(out, "%s%c", line.p[i] == '"' || line.p[i] == '\\' ? "\\" : "", line.p[i]);
        buf_char(out, '"');
    } else {
        put_encoded(out, line);
    }
    buf_printf(out, "%s<%.*s>\r\n", line.n > 0 ? "\r\n " : "", STR_ARG(address));
}

/* "Mon, 30 Nov 2026 09:15:00 +0000" */
static void put_date(struct buf *out, int64_t ms)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"},
                             *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t seconds = ms > 0 ? ms / 1000 : 0, day = seconds / 86400, rest = seconds % 86400;
    struct date date = date_from_days(day);

    buf_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[day % 7], date.day,
               months[date.month - 1], date.year, (int)(rest / 3600), (int)(rest / 60 % 60),
               (int)(rest % 60));
}

/* ---- the text ---- */

/* Quoted-printable (RFC 2045, section 6.7); a line break is one, everything else of the kind is
 * encoded. */
static void put_quoted(struct buf *out, struct str text)
{
    size_t column = 0;

    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool at_end = i + 1 == text.n || text.p[i + 1] == '\n' || text.p[i + 1] == '\r',
             plain = (c > ' ' && c <= '~' && c != '=') || (c == ' ' && !at_end);
        if (c == '\n' || (c == '\r' && i + 1 < text.n && text.p[i + 1] == '\n')) {
            i += c == '\r';
            buf_addz(out, "\r\n");
            column = 0;
            continue;
        }
        if (column + (plain ? 1 : 3) > LINE_CHARS) {
            buf_addz(out, "=\r\n");
            column = 0;
        }
        /* A line that begins like these could be taken for something else on the way. */
        bool begins = column == 0 && (c == '.' || c == 'F');
        if (plain && !begins)
            buf_char(out, (char)c);
        else
            buf_printf(out, "=%02X", c);
        column += plain && !begins ? 1 : 3;
    }
    if (column > 0)
        buf_addz(out, "\r\n");
}

int message_compose(struct ctx *cx, const struct message *message, struct str *ret)
{
    struct buf out = buf_new(cx->mem);
    size_t at = str_find_char(message->from, '@', 0);

    TRY(message_check_address(cx, "from", message->from));
    TRY(message_check_address(cx, "to", message->to));
    if (!all_of(message->id, "._-"))
        return fail(cx, RC_INVALID, "id", _("A mail has an id of letters and digits."));
    put_date(&out, message->at_ms);
    put_address(&out, "From", message->from_name, message->from);
    put_address(&out, "To", message->to_name, message->to);
    put_text(&out, "Subject", message->subject);
    buf_printf(&out, "Message-ID: <%.*s@%.*s>\r\n", STR_ARG(message->id),
               STR_ARG(str_from(message->from, at + 1)));
    buf_addz(&out, "MIME-Version: 1.0\r\n"
                   "Content-Type: text/plain; charset=utf-8\r\n"
                   "Content-Transfer-Encoding: quoted-printable\r\n"
                   "Auto-Submitted: auto-generated\r\n"
                   "\r\n");
    put_quoted(&out, message->text);
    *ret = buf_str(&out);
    return 0;
}
