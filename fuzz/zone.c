/* Files of time zones: whatever they say, days follow one another. */
#include <stdint.h>
#include <stdlib.h>

#include "base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)64 * 1024 * 1024)};
    const struct zone *zone;

    if (zone_parse(&cx, STR("zone"), (struct str){(const char *)data, size}, &zone) == 0) {
        int64_t start = zone_day_start(zone, (struct date){2026, 11, 30});
        int64_t next = zone_day_start(zone, (struct date){2026, 12, 1});
        if (next < start || zone_next_change(zone, start) <= start)
            abort();
        (void)zone_day(zone, start);
    }
    arena_free(cx.mem);
    return 0;
}
