#include "verify/entry.h"

#include <ctype.h>

#define DEPTH 8u

/* One past the text that begins at `at`, SIZE_MAX for none. */
static size_t text_end(struct str s, size_t at)
{
    if (at >= s.n || s.p[at] != '"')
        return SIZE_MAX;
    for (at++; at < s.n; at++) {
        if (s.p[at] == '"')
            return at + 1;
        if (s.p[at] == '\\')
            at++;
    }
    return SIZE_MAX;
}

/* One past the value that begins at `at`. */
static size_t value_end(struct str s, size_t at, unsigned depth)
{
    size_t from = at;

    if (at >= s.n || depth > DEPTH)
        return SIZE_MAX;
    if (s.p[at] == '"')
        return text_end(s, at);
    if (s.p[at] == '{' || s.p[at] == '[') {
        for (at++; at < s.n && s.p[at] != '}' && s.p[at] != ']';) {
            at = s.p[at] == ',' || s.p[at] == ':' ? at + 1 : value_end(s, at, depth + 1);
            if (at == SIZE_MAX)
                return SIZE_MAX;
        }
        return at < s.n ? at + 1 : SIZE_MAX;
    }
    while (at < s.n &&
           (isalnum((unsigned char)s.p[at]) || s.p[at] == '-' || s.p[at] == '.' || s.p[at] == '+'))
        at++;
    return at > from ? at : SIZE_MAX;
}

/* The next key and value of a map; false at its end, and where it is none (*at is then not the end
 * of the bytes). */
static bool next_member(struct str map, size_t *at, struct str *key, struct str *value)
{
    size_t key_end, end;

    if (*at >= map.n || (map.p[*at] != '{' && map.p[*at] != ','))
        return false;
    key_end = text_end(map, *at + 1);
    if (key_end == SIZE_MAX || key_end >= map.n || map.p[key_end] != ':')
        return false;
    end = value_end(map, key_end + 1, 0);
    if (end == SIZE_MAX)
        return false;
    *key = str_sub(map, *at + 2, key_end - *at - 3);
    *value = str_sub(map, key_end + 1, end - key_end - 1);
    *at = end;
    return true;
}

static bool at_end(struct str map, size_t at)
{
    return at + 1 == map.n && map.p[at] == '}';
}

/* The value of a key in a map, as it stands. */
static struct str member(struct str map, const char *name)
{
    struct str key, value;

    for (size_t at = 0; next_member(map, &at, &key, &value);)
        if (str_is(key, name))
            return value;
    return STR_NONE;
}

/* What stands between quotation marks; texts of entries have no escapes where they are asked for.
 */
static struct str plain(struct str value)
{
    return value.n >= 2 && value.p[0] == '"' ? str_sub(value, 1, value.n - 2) : STR_NONE;
}

static bool take(struct entry *entry, struct str key, struct str value)
{
    int64_t number = 0;
    bool is_number = str_to_int(value, &number);

    switch (key.n == 1 ? key.p[0] : str_is(key, "at") ? '@' : 0) {
    case '@':
        entry->at = plain(value);
        return true;
    case 'c':
        entry->commitments = value;
        return true;
    case 'n':
        entry->n = (uint64_t)number;
        return is_number && number >= 0;
    case 'o':
        entry->object = plain(member(value, "i"));
        return true;
    case 'p':
        entry->before = number;
        return is_number && number >= -1;
    case 't':
        entry->type = plain(value);
        return true;
    case 'v':
        return str_is(value, "1");
    case 'a':
    case 'x':
        return true;
    default:
        return false;
    }
}

bool entry_parse(struct str bytes, struct entry *ret)
{
    struct str key, value, last = STR_NONE;
    struct entry entry = {.before = -1};
    bool numbered = false;
    size_t at = 0;

    while (next_member(bytes, &at, &key, &value)) {
        if (last.n > 0 && str_cmp(last, key) >= 0)
            return false;
        if (!take(&entry, key, value))
            return false;
        numbered |= str_is(key, "n");
        last = key;
    }
    *ret = entry;
    return at_end(bytes, at) && numbered && entry.at.n > 0 && entry.type.n > 0;
}

struct str entry_commitment(const struct entry *entry, const char *name)
{
    return plain(member(entry->commitments, name));
}
