/* What records are called: ids that nobody gives, refs that people say. */
#include "register/record_parts.h"

#include <ctype.h>

#define ID_RANDOM 10u
#define ORDER_DIGITS 99u

/* Digits before letters, so that ids sort as the numbers that they are. */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

struct str record_id_new(struct ctx *cx)
{
    unsigned char bytes[6 + ID_RANDOM];
    uint64_t ms = (uint64_t)host_now_ms(cx);
    char *id = arena_alloc(cx->mem, RECORD_ID_BYTES + 1);
    unsigned bits = 0, n = 2; /* 26 * 5 is 2 more than 16 * 8: the first character has 3 bits */

    for (size_t i = 0; i < 6; i++)
        bytes[i] = (unsigned char)(ms >> (8 * (5 - i)));
    host_random(cx, bytes + 6, ID_RANDOM);
    for (size_t at = 0, i = 0; i < RECORD_ID_BYTES; i++) {
        if (n < 5) {
            bits = (bits << 8 | bytes[at++]) & 0xffff;
            n += 8;
        }
        n -= 5;
        id[i] = alphabet[(bits >> n) & 31];
    }
    return (struct str){id, RECORD_ID_BYTES};
}

bool record_is_id(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\0' || strchr(alphabet, s.p[i]) == NULL)
            return false;
    return s.n == RECORD_ID_BYTES;
}

/* Each number in it by how many digits it has, then these. */
struct str record_ref_order(struct arena *mem, struct str ref)
{
    struct str s = str_lower(mem, ref);
    struct buf out = buf_new(mem);

    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        while (at < s.n && isdigit((unsigned char)s.p[at]))
            at++;
        if (at == from) {
            buf_char(&out, s.p[at++]);
            continue;
        }
        while (from + 1 < at && s.p[from] == '0')
            from++;
        buf_printf(&out, "%02zu%.*s", at - from < ORDER_DIGITS ? at - from : ORDER_DIGITS,
                   (int)(at - from), s.p + from);
    }
    return buf_str(&out);
}

const char *record_ref_fault(struct str ref)
{
    if (ref.n == 0 || str_trim(ref).n != ref.n)
        return _("a ref is not empty and has no blanks at its ends");
    if (ref.n > RECORD_REF_BYTES)
        return _("a ref is at most 120 bytes long");
    for (size_t i = 0; i < ref.n; i++)
        if ((unsigned char)ref.p[i] < 0x20)
            return _("a ref has no control characters, tabs or new lines");
    if (!utf8_valid(ref))
        return _("a ref is valid UTF-8");
    if (record_is_id(ref))
        return _("a ref does not look like the id of a record");
    return NULL;
}

bool record_ref_number(const struct register_def *def, struct str ref, int64_t *ret)
{
    struct str prefix = def->prefix, rest = str_from(ref, prefix.n + 1);

    if (!str_starts(ref, prefix) || ref.n < prefix.n + 2 || ref.p[prefix.n] != '-' || rest.n > 9)
        return false;
    for (size_t i = 0; i < rest.n; i++)
        if (!isdigit((unsigned char)rest.p[i]))
            return false;
    return str_to_int(rest, ret);
}

struct str record_fold(struct arena *mem, struct str text)
{
    struct str s = words_fold(mem, text);

    return s.n > RECORD_KEY_BYTES ? str_cut(mem, s, RECORD_KEY_BYTES) : s;
}
