#include "verify/entry.h"

#include <ctype.h>
#include <string.h>

#define DEPTH 8u
#define INSTANT_FORM "dddd-dd-ddTdd:dd:dd.dddZ"

struct scan {
    struct str s;
    size_t at;
    bool ok;
};

static void expect(struct scan *scan, struct str word)
{
    scan->ok = scan->ok && scan->s.n - scan->at >= word.n &&
               memcmp(scan->s.p + scan->at, word.p, word.n) == 0;
    if (scan->ok)
        scan->at += word.n;
}

static bool next_is(const struct scan *scan, struct str word)
{
    return scan->ok && scan->s.n - scan->at >= word.n &&
           memcmp(scan->s.p + scan->at, word.p, word.n) == 0;
}

/* A text without what has to be escaped. */
static struct str take_text(struct scan *scan)
{
    expect(scan, STR("\""));
    size_t from = scan->at;
    while (scan->ok && scan->at < scan->s.n && scan->s.p[scan->at] != '"' &&
           scan->s.p[scan->at] != '\\' && (unsigned char)scan->s.p[scan->at] >= ' ')
        scan->at++;
    struct str text = str_sub(scan->s, from, scan->at - from);
    expect(scan, STR("\""));
    return text;
}

/* A whole number, as JSON writes it in one way only. */
static int64_t take_number(struct scan *scan)
{
    size_t from = scan->at;
    int64_t number = 0;

    if (scan->ok && scan->at < scan->s.n && scan->s.p[scan->at] == '-')
        scan->at++;
    size_t first = scan->at;
    while (scan->ok && scan->at < scan->s.n && isdigit((unsigned char)scan->s.p[scan->at]))
        scan->at++;
    scan->ok = scan->ok && scan->at > first && (scan->s.p[first] != '0' || scan->at == from + 1) &&
               str_to_int(str_sub(scan->s, from, scan->at - from), &number);
    return number;
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void take_hash(struct scan *scan, struct hash *ret)
{
    struct str hex = take_text(scan);

    scan->ok = scan->ok && hex.n == 2 * sizeof ret->b;
    for (size_t i = 0; scan->ok && i < sizeof ret->b; i++) {
        int high = digit_of(hex.p[2 * i]), low = digit_of(hex.p[2 * i + 1]);
        scan->ok = high >= 0 && low >= 0;
        if (scan->ok)
            ret->b[i] = (unsigned char)(high << 4 | low);
    }
}

static struct str take_instant(struct scan *scan)
{
    struct str at = take_text(scan), form = STR(INSTANT_FORM);

    scan->ok = scan->ok && at.n == form.n;
    for (size_t i = 0; scan->ok && i < at.n; i++)
        scan->ok = form.p[i] == 'd' ? isdigit((unsigned char)at.p[i]) != 0 : at.p[i] == form.p[i];
    return at;
}

/* ---- what is passed over ---- */

static void skip_text(struct scan *scan)
{
    expect(scan, STR("\""));
    while (scan->ok && scan->at < scan->s.n && scan->s.p[scan->at] != '"')
        scan->at += scan->s.p[scan->at] == '\\' ? 2 : 1;
    scan->ok = scan->ok && scan->at < scan->s.n;
    expect(scan, STR("\""));
}

static void skip_value(struct scan *scan, unsigned depth);

static void skip_items(struct scan *scan, bool map, unsigned depth)
{
    const struct str end = map ? STR("}") : STR("]");

    scan->ok = scan->ok && depth < DEPTH;
    scan->at++;
    if (!next_is(scan, end))
        for (bool more = true; more && scan->ok;) {
            if (map) {
                skip_text(scan);
                expect(scan, STR(":"));
            }
            skip_value(scan, depth + 1);
            more = next_is(scan, STR(","));
            scan->at += more;
        }
    expect(scan, end);
}

static void skip_value(struct scan *scan, unsigned depth)
{
    if (next_is(scan, STR("\"")))
        skip_text(scan);
    else if (next_is(scan, STR("{")) || next_is(scan, STR("[")))
        skip_items(scan, next_is(scan, STR("{")), depth);
    else if (next_is(scan, STR("true")) || next_is(scan, STR("null")))
        scan->at += 4;
    else if (next_is(scan, STR("false")))
        scan->at += 5;
    else
        (void)take_number(scan);
}

/* ---- the parts ---- */

static void take_commitments(struct scan *scan, struct entry *entry)
{
    expect(scan, STR(",\"c\":{"));
    entry->has_blob = next_is(scan, STR("\"blob\":"));
    if (entry->has_blob) {
        expect(scan, STR("\"blob\":"));
        take_hash(scan, &entry->blob);
        if (next_is(scan, STR(",")))
            scan->at++;
    }
    entry->has_body = next_is(scan, STR("\"body\":"));
    if (entry->has_body) {
        expect(scan, STR("\"body\":"));
        take_hash(scan, &entry->body);
    }
    expect(scan, STR("}"));
}

static void take_record(struct scan *scan, struct entry *entry)
{
    expect(scan, STR(",\"o\":{\"i\":"));
    entry->record = take_text(scan);
    expect(scan, STR(",\"k\":"));
    entry->reg = take_text(scan);
    expect(scan, STR(",\"r\":"));
    entry->rev = take_number(scan);
    expect(scan, STR("},\"p\":"));
    entry->before = take_number(scan);
}

static void take_more(struct scan *scan, struct entry *entry)
{
    entry->more = STR_NONE;
    if (next_is(scan, STR(",\"x\":{"))) {
        expect(scan, STR(",\"x\":"));
        size_t from = scan->at;
        skip_value(scan, 0);
        entry->more = str_sub(scan->s, from, scan->ok ? scan->at - from : 0);
    }
}

bool entry_parse(struct str bytes, struct entry *ret)
{
    struct scan scan = {bytes, 0, bytes.n <= ENTRY_BYTES};
    struct entry entry = {.before = -1};

    expect(&scan, STR("{\"a\":"));
    skip_value(&scan, 0);
    expect(&scan, STR(",\"at\":"));
    entry.at = take_instant(&scan);
    take_commitments(&scan, &entry);
    expect(&scan, STR(",\"n\":"));
    int64_t n = take_number(&scan);
    take_record(&scan, &entry);
    expect(&scan, STR(",\"t\":"));
    entry.type = take_text(&scan);
    expect(&scan, STR(",\"v\":1"));
    take_more(&scan, &entry);
    expect(&scan, STR("}"));
    entry.n = (uint64_t)n;
    *ret = entry;
    return scan.ok && scan.at == bytes.n && n >= 0 && entry.rev >= 1 && entry.before >= -1 &&
           entry.before < n && entry.record.n > 0 && entry.reg.n > 0 && entry.type.n > 0 &&
           entry.has_body;
}

/* Behind `"erased":[` the pairs; keys of "x" are sorted, and others may stand before it. */
static size_t erased_from(struct str more)
{
    struct scan scan = {more, 0, more.n > 2};

    expect(&scan, STR("{"));
    while (scan.ok && scan.at < more.n) {
        struct str key = take_text(&scan);
        expect(&scan, STR(":"));
        if (scan.ok && str_is(key, "erased"))
            return next_is(&scan, STR("[")) ? scan.at + 1 : SIZE_MAX;
        skip_value(&scan, 0);
        if (!next_is(&scan, STR(",")))
            break;
        scan.at++;
    }
    return SIZE_MAX;
}

bool entry_erased(const struct entry *entry, size_t *at, uint64_t *ret_seq, struct str *ret_field)
{
    struct scan scan = {entry->more, *at > 0 ? *at : erased_from(entry->more), true};

    if (scan.at >= entry->more.n)
        return false;
    if (next_is(&scan, STR(",")))
        scan.at++;
    expect(&scan, STR("["));
    int64_t seq = take_number(&scan);
    expect(&scan, STR(","));
    *ret_field = take_text(&scan);
    expect(&scan, STR("]"));
    *ret_seq = (uint64_t)seq;
    *at = scan.at;
    return scan.ok && seq > 0;
}
