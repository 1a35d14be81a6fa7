#include "ledger/stamp.h"

#include <ctype.h>
#include <string.h>

#define INTEGER 0x02u
#define OCTETS 0x04u
#define OBJECT 0x06u
#define UTF8 0x0cu
#define TIME 0x18u
#define SEQUENCE 0x30u
#define SET 0x31u
#define CONTEXT_0 0xa0u
#define LENGTH_BYTES 4u
#define NONCE_BYTES 8u

#define OBJECT_SHA256 "\x60\x86\x48\x01\x65\x03\x04\x02\x01"
#define OBJECT_SIGNED "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"        /* id-signedData */
#define OBJECT_STAMP "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04" /* id-ct-TSTInfo */

/* ---- DER ---- */

/* The number of bytes in a value; SIZE_MAX for a length that is no DER. */
static size_t take_length(struct str *rest)
{
    size_t first = rest->n > 0 ? (unsigned char)rest->p[0] : 0x80, n = first & 0x7f, length = 0;

    *rest = str_from(*rest, 1);
    if (first < 0x80)
        return first;
    if (n == 0 || n > LENGTH_BYTES || rest->n < n)
        return SIZE_MAX;
    for (size_t i = 0; i < n; i++)
        length = length << 8 | (unsigned char)rest->p[i];
    bool shortest = length >= 0x80 && rest->p[0] != 0;
    *rest = str_from(*rest, n);
    return shortest ? length : SIZE_MAX;
}

/* The next value, which must have this tag. */
static bool take(struct str *rest, unsigned tag, struct str *ret)
{
    struct str after;
    size_t length;

    if (rest->n < 2 || (unsigned char)rest->p[0] != tag)
        return false;
    after = str_from(*rest, 1);
    length = take_length(&after);
    if (length > after.n)
        return false;
    *ret = str_sub(after, 0, length);
    *rest = str_from(after, length);
    return true;
}

static bool next_is(struct str rest, unsigned tag)
{
    return rest.n > 0 && (unsigned char)rest.p[0] == tag;
}

static bool take_object(struct str *rest, struct str wanted)
{
    struct str got;

    return take(rest, OBJECT, &got) && str_eq(got, wanted);
}

/* ---- a reply ---- */

static int bad(struct ctx *cx)
{
    return fail(cx, RC_INVALID, NULL,
                _("This is no reply of a time stamp authority (RFC 3161) over SHA-256."));
}

/* PKIStatusInfo: 0 and 1 grant; the text says why otherwise. */
static int take_status(struct ctx *cx, struct str *rest)
{
    struct str info, status, texts, text;

    if (!take(rest, SEQUENCE, &info) || !take(&info, INTEGER, &status) || status.n != 1)
        return bad(cx);
    if (status.p[0] == 0 || status.p[0] == 1)
        return 0;
    if (!take(&info, SEQUENCE, &texts) || !take(&texts, UTF8, &text) || !utf8_valid(text))
        text = STR_NONE;
    return fail(cx, RC_DENIED, NULL, _("The time stamp authority refused (%d)%s%.*s%s"),
                (int)status.p[0], text.n > 0 ? ": " : "", STR_ARG(text),
                str_ends(text, STR(".")) ? "" : ".");
}

/* Down to TSTInfo: ContentInfo, SignedData, EncapsulatedContentInfo. */
static bool take_info(struct str *rest, struct str *ret)
{
    struct str content, outer, data, skipped, inner, octets;

    return take(rest, SEQUENCE, &content) && rest->n == 0 &&
           take_object(&content, STR(OBJECT_SIGNED)) && take(&content, CONTEXT_0, &outer) &&
           take(&outer, SEQUENCE, &data) && take(&data, INTEGER, &skipped) &&
           take(&data, SET, &skipped) && take(&data, SEQUENCE, &inner) &&
           take_object(&inner, STR(OBJECT_STAMP)) && take(&inner, CONTEXT_0, &octets) &&
           take(&octets, OCTETS, &skipped) && take(&skipped, SEQUENCE, ret);
}

static bool take_imprint(struct str *rest, struct hash *ret)
{
    struct str imprint, algorithm, bytes;

    if (!take(rest, SEQUENCE, &imprint) || !take(&imprint, SEQUENCE, &algorithm) ||
        !take_object(&algorithm, STR(OBJECT_SHA256)) || !take(&imprint, OCTETS, &bytes) ||
        imprint.n > 0 || bytes.n != sizeof ret->b)
        return false;
    memcpy(ret->b, bytes.p, sizeof ret->b);
    return true;
}

/* "20261130100000.5Z" */
static bool take_time(struct ctx *cx, struct str *rest, struct str *ret)
{
    struct str time;

    if (!take(rest, TIME, &time) || time.n < 15 || time.n > 32 || time.p[time.n - 1] != 'Z')
        return false;
    for (size_t i = 0; i + 1 < time.n; i++)
        if (!isdigit((unsigned char)time.p[i]) && !(i == 14 && time.p[i] == '.'))
            return false;
    *ret = str_printf(cx->mem, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s%.*s", time.p, time.p + 4, time.p + 6,
                      time.p + 8, time.p + 10, time.p + 12, STR_ARG(str_from(time, 14)));
    return true;
}

/* Behind the time stand what need not be there: accuracy, ordering, nonce. */
static void take_nonce(struct str rest, struct str *ret)
{
    struct str skipped;

    if (next_is(rest, SEQUENCE))
        (void)!take(&rest, SEQUENCE, &skipped);
    if (next_is(rest, 0x01))
        (void)!take(&rest, 0x01, &skipped);
    if (!take(&rest, INTEGER, ret))
        *ret = STR_NONE;
}

int stamp_parse(struct ctx *cx, struct str reply, struct stamp *ret)
{
    struct str rest = reply, response, info, skipped, serial;
    struct stamp stamp;

    if (reply.n > STAMP_BYTES || !take(&rest, SEQUENCE, &response) || rest.n > 0)
        return bad(cx);
    TRY(take_status(cx, &response));
    if (!take_info(&response, &info) || !take(&info, INTEGER, &skipped) ||
        !take(&info, OBJECT, &skipped) || !take_imprint(&info, &stamp.imprint) ||
        !take(&info, INTEGER, &serial) || !take_time(cx, &info, &stamp.at))
        return bad(cx);
    stamp.serial = hash_hex(cx->mem, serial);
    take_nonce(info, &stamp.nonce);
    *ret = stamp;
    return 0;
}

/* ---- a question ---- */

static void put(struct buf *out, unsigned tag, struct str content)
{
    buf_char(out, (char)tag);
    buf_char(out, (char)content.n); /* nothing here has 128 bytes or more */
    buf_add(out, content);
}

/* A positive number's bytes: the shortest, with a zero where it would look negative. */
static struct str integer(struct arena *mem, const unsigned char *bytes, size_t n)
{
    struct buf out = buf_new(mem);

    for (; n > 1 && bytes[0] == 0; n--)
        bytes++;
    if (bytes[0] >= 0x80)
        buf_char(&out, 0);
    buf_add(&out, (struct str){(const char *)bytes, n});
    return buf_str(&out);
}

struct str stamp_query(struct arena *mem, const struct hash *imprint, const unsigned char *nonce)
{
    struct buf algorithm = buf_new(mem), hashed = buf_new(mem), body = buf_new(mem),
               out = buf_new(mem);

    put(&algorithm, OBJECT, STR(OBJECT_SHA256));
    put(&algorithm, 0x05, STR_NONE);
    put(&hashed, SEQUENCE, buf_str(&algorithm));
    put(&hashed, OCTETS, (struct str){(const char *)imprint->b, sizeof imprint->b});
    put(&body, INTEGER, STR("\1"));
    put(&body, SEQUENCE, buf_str(&hashed));
    put(&body, INTEGER, integer(mem, nonce, NONCE_BYTES));
    put(&body, 0x01, STR("\xff"));
    put(&out, SEQUENCE, buf_str(&body));
    return buf_str(&out);
}

/* The fraction has one to six digits where there is one. */
struct str stamp_instant(struct arena *mem, const struct stamp *stamp)
{
    char digits[] = "000";

    for (size_t i = 0; i < 3 && 20 + i < stamp->at.n && stamp->at.p[20 + i] != 'Z'; i++)
        digits[i] = stamp->at.p[20 + i];
    return str_printf(mem, "%.19s.%sZ", stamp->at.p, digits);
}

bool stamp_answers(const struct stamp *stamp, const struct hash *imprint,
                   const unsigned char *nonce)
{
    unsigned char whole[NONCE_BYTES] = {0};
    struct str got = stamp->nonce;

    while (got.n > 0 && got.p[0] == 0)
        got = str_from(got, 1);
    if (got.n > NONCE_BYTES)
        return false;
    memcpy(whole + NONCE_BYTES - got.n, got.p, got.n);
    return memcmp(whole, nonce, NONCE_BYTES) == 0 &&
           memcmp(stamp->imprint.b, imprint->b, sizeof imprint->b) == 0;
}
