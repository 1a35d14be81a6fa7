/*
 * Time zones: what clocks on the wall show, by the rules of the IANA database as the system keeps
 * them (TZif files, RFC 8536, versions 1 to 4).
 *
 * A zone lives in cx->mem and is read-only. Seconds are those since 1970-01-01T00:00Z, without leap
 * seconds. Instants after the last change that a file lists follow the rule at its end.
 */
#ifndef ASSAY_BASE_ZONE_H
#define ASSAY_BASE_ZONE_H

#include "base/err.h"

#define ZONE_BYTES ((size_t)256 * 1024) /* of a file */

struct zone;

/* Of a name such as "Europe/Berlin"; "" and "UTC" need no file. RC_NOT_FOUND where the system does
 * not know it, RC_INVALID for what cannot be a name or is no such file. */
MUST_CHECK int zone_load(struct ctx *cx, struct str name, const struct zone **ret);

/* The bytes of a file; `name` stands in the error. */
MUST_CHECK int zone_parse(struct ctx *cx, struct str name, struct str bytes,
                          const struct zone **ret);

/* Whether this machine has rules of zones at all. */
bool zone_database_there(void);

/* The name of the zone in which this machine lives (TZ, else /etc/localtime), "UTC" where that
 * cannot be told. */
struct str zone_of_machine(struct arena *mem);

/* Seconds by which clocks there are ahead of UTC. */
int32_t zone_offset(const struct zone *zone, int64_t seconds);

/* The next instant after `seconds` at which clocks may be put forward or back; INT64_MAX for
 * never. */
int64_t zone_next_change(const struct zone *zone, int64_t seconds);

/* The instant at which a day begins: at midnight, or later where clocks skip it. A day that they
 * skip as a whole begins where the next one does. */
int64_t zone_day_start(const struct zone *zone, struct date day);

/* The day that it is there. */
struct date zone_day(const struct zone *zone, int64_t seconds);

#endif
