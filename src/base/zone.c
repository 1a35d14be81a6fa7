#include "base/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/msg.h"
#include "base/zone_rule.h"

#define ZONES "/usr/share/zoneinfo"
#define HEADER_BYTES 44u
#define TYPE_BYTES 6u
#define NAME_BYTES 64u
#define DAY 86400
#define OFFSET_MOST (26 * 3600) /* RFC 8536: offsets are within -25 and 26 hours */

struct zone {
    const int64_t *changes; /* in order */
    const uint8_t *types;   /* of the time from each change on */
    size_t n;
    int32_t offsets[256]; /* by type; that of type 0 holds before the first change */
    bool has_rule;        /* after the last change */
    struct zone_rule rule;
};

/* ---- files ---- */

struct counts {
    uint32_t isut, isstd, leap, time, type, chars;
};

static uint64_t big_endian(const char *p, size_t n)
{
    uint64_t v = 0;

    for (size_t i = 0; i < n; i++)
        v = v << 8 | (unsigned char)p[i];
    return v;
}

static int broken(struct ctx *cx, struct str name)
{
    return fail(cx, RC_INVALID, "time_zone", _("The rules of the time zone %.*s are damaged."),
                STR_ARG(name));
}

/* The header at the beginning of `at`. False where there is none, and for clocks that count leap
 * seconds. */
static bool read_header(struct str at, struct counts *ret, char *ret_version)
{
    if (at.n < HEADER_BYTES || !str_starts(at, STR("TZif")))
        return false;
    uint32_t *const all[] = {&ret->isut, &ret->isstd, &ret->leap,
                             &ret->time, &ret->type,  &ret->chars};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        *all[i] = (uint32_t)big_endian(at.p + 20 + 4 * i, 4);
    *ret_version = at.p[4];
    return ret->leap == 0 && ret->type > 0 && ret->type <= 256 && ret->chars > 0 &&
           (ret->isut == 0 || ret->isut == ret->type) &&
           (ret->isstd == 0 || ret->isstd == ret->type);
}

/* Bytes of the block behind a header, whose times have `width` bytes. */
static uint64_t block_bytes(const struct counts *c, size_t width)
{
    return (uint64_t)c->time * (width + 1) + (uint64_t)c->type * TYPE_BYTES + c->chars +
           (uint64_t)c->leap * (width + 4) + c->isstd + c->isut;
}

static int64_t signed_of(uint64_t v, size_t width)
{
    return width == 4 ? (int32_t)(uint32_t)v : (int64_t)v;
}

static bool read_types(const struct counts *c, const char *at, struct zone *zone)
{
    for (size_t i = 0; i < c->type; i++) {
        int32_t offset = (int32_t)(uint32_t)big_endian(at + i * TYPE_BYTES, 4);
        if (offset < -OFFSET_MOST || offset > OFFSET_MOST)
            return false;
        zone->offsets[i] = offset;
    }
    return true;
}

static bool read_block(struct arena *mem, struct str block, const struct counts *c, size_t width,
                       struct zone *zone)
{
    const char *types = block.p + (size_t)c->time * width;
    int64_t *changes = arena_array(mem, c->time + 1u, sizeof *changes);
    uint8_t *of = arena_array(mem, c->time + 1u, 1);

    for (size_t i = 0; i < c->time; i++) {
        changes[i] = signed_of(big_endian(block.p + i * width, width), width);
        of[i] = (uint8_t)types[i];
        if (of[i] >= c->type || (i > 0 && changes[i] <= changes[i - 1]))
            return false;
    }
    zone->changes = changes;
    zone->types = of;
    zone->n = c->time;
    return read_types(c, types + c->time, zone);
}

/* "\n" RULE "\n"; nothing between them where no rule holds. */
static bool read_footer(struct str at, struct zone *zone)
{
    size_t end = at.n > 0 && at.p[0] == '\n' ? str_find_char(at, '\n', 1) : SIZE_MAX;

    if (end == SIZE_MAX)
        return false;
    zone->has_rule = end > 1;
    return end == 1 || zone_rule_parse(str_sub(at, 1, end - 1), &zone->rule);
}

int zone_parse(struct ctx *cx, struct str name, struct str bytes, const struct zone **ret)
{
    struct zone *zone = ARENA_NEW(cx->mem, struct zone);
    struct counts c;
    size_t width = 4;
    char version;

    if (bytes.n > ZONE_BYTES || !read_header(bytes, &c, &version))
        return broken(cx, name);
    bytes = str_from(bytes, HEADER_BYTES);
    if (version != '\0') { /* the same again, with room for later times and a rule */
        if (block_bytes(&c, 4) > bytes.n)
            return broken(cx, name);
        bytes = str_from(bytes, (size_t)block_bytes(&c, 4));
        if (!read_header(bytes, &c, &version))
            return broken(cx, name);
        bytes = str_from(bytes, HEADER_BYTES);
        width = 8;
    }
    if (block_bytes(&c, width) > bytes.n || !read_block(cx->mem, bytes, &c, width, zone))
        return broken(cx, name);
    if (width == 8 && !read_footer(str_from(bytes, (size_t)block_bytes(&c, width)), zone))
        return broken(cx, name);
    *ret = zone;
    return 0;
}

/* ---- the system's database ---- */

static bool is_name(struct str name)
{
    static const char others[] = "_+-/";
    bool start = true; /* of a part between slashes */

    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool digit = c >= '0' && c <= '9';
        if (!letter && (start || (!digit && strchr(others, c) == NULL)))
            return false;
        start = c == '/';
    }
    return name.n > 0 && name.n <= NAME_BYTES && !start;
}

static int read_file(struct ctx *cx, struct str name, struct str *ret)
{
    struct str path = str_printf(cx->mem, ZONES "/%.*s", STR_ARG(name));
    int fd CLEANUP(fd_close) = open(path.p, O_RDONLY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return fail(cx, RC_NOT_FOUND, "time_zone",
                    zone_database_there()
                        ? _("There is no time zone %.*s. Zones have names such as Europe/Berlin.")
                        : _("This machine knows no time zones, so not %.*s: install tzdata."),
                    STR_ARG(name));
    char *bytes = arena_alloc(cx->mem, ZONE_BYTES + 1);
    size_t n = 0;
    for (ssize_t got; n <= ZONE_BYTES && (got = read(fd, bytes + n, ZONE_BYTES + 1 - n)) > 0;)
        n += (size_t)got;
    *ret = (struct str){bytes, n};
    return 0;
}

int zone_load(struct ctx *cx, struct str name, const struct zone **ret)
{
    struct str bytes;

    if (name.n == 0 || str_is(name, "UTC")) {
        *ret = ARENA_NEW(cx->mem, struct zone);
        return 0;
    }
    if (!is_name(name))
        return fail(cx, RC_INVALID, "time_zone",
                    _("\"%.*s\" is no time zone. Zones have names such as Europe/Berlin."),
                    STR_ARG(name));
    TRY(read_file(cx, name, &bytes));
    return zone_parse(cx, name, bytes, ret);
}

bool zone_database_there(void)
{
    struct stat st;

    return stat(ZONES, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_there(struct arena *mem, struct str name)
{
    return is_name(name) && access(str_printf(mem, ZONES "/%.*s", STR_ARG(name)).p, R_OK) == 0;
}

struct str zone_of_machine(struct arena *mem)
{
    static const struct str root = {ZONES "/", sizeof ZONES};
    struct str tz = str_of(getenv("TZ"));
    char path[PATH_MAX];

    if (tz.n > 0 && tz.p[0] == ':')
        tz = str_from(tz, 1);
    if (tz.n > 0)
        return is_there(mem, tz) ? str_copy(mem, tz) : STR("UTC");
    if (realpath("/etc/localtime", path) == NULL || !str_starts(str_of(path), root))
        return STR("UTC");
    struct str name = str_from(str_of(path), root.n);
    return is_there(mem, name) && !str_is(name, "Etc/UTC") ? str_copy(mem, name) : STR("UTC");
}

/* ---- what time it is there ---- */

/* How many changes are not after `seconds`. */
static size_t changes_until(const struct zone *zone, int64_t seconds)
{
    size_t from = 0, to = zone->n;

    while (from < to) {
        size_t mid = from + (to - from) / 2;
        if (zone->changes[mid] <= seconds)
            from = mid + 1;
        else
            to = mid;
    }
    return from;
}

int32_t zone_offset(const struct zone *zone, int64_t seconds)
{
    size_t n = changes_until(zone, seconds);

    if (n == zone->n && zone->has_rule)
        return zone_rule_offset(&zone->rule, seconds);
    return zone->offsets[n > 0 ? zone->types[n - 1] : 0];
}

int64_t zone_next_change(const struct zone *zone, int64_t seconds)
{
    size_t n = changes_until(zone, seconds);

    if (n < zone->n)
        return zone->changes[n];
    return zone->has_rule ? zone_rule_next(&zone->rule, seconds) : INT64_MAX;
}

int64_t zone_day_start(const struct zone *zone, struct date day)
{
    int64_t midnight = date_to_days(day) * DAY, at = midnight - OFFSET_MOST;

    for (;;) { /* the first instant at which clocks show midnight or more */
        int64_t next = zone_next_change(zone, at);
        int64_t wanted = midnight - zone_offset(zone, at);
        if (wanted < at)
            wanted = at;
        if (wanted < next)
            return wanted;
        at = next;
    }
}

struct date zone_day(const struct zone *zone, int64_t seconds)
{
    int64_t there = seconds + zone_offset(zone, seconds);

    return date_from_days(there >= 0 ? there / DAY : -((-there + DAY - 1) / DAY));
}
