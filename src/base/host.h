/*
 * Clock and randomness, injected: what tests and replays give in the place of the machine's.
 */
#ifndef ASSAY_BASE_HOST_H
#define ASSAY_BASE_HOST_H

#include <stdint.h>

#include "base/err.h"

struct host {
    int64_t (*now_ms)(struct host *host); /* since 1970-01-01T00:00Z */
    void (*random)(struct host *host, void *bytes, size_t n);
};

/* Of cx->host, or the machine's where that is NULL. Never fails: without randomness it aborts. */
int64_t host_now_ms(const struct ctx *cx);
void host_random(const struct ctx *cx, void *bytes, size_t n);

/* "2026-11-30T09:15:00.250Z" of milliseconds, and back (false for anything else). */
struct str instant_text(struct arena *mem, int64_t ms);
bool instant_parse(struct str s, int64_t *ret_ms);
/* As people and other programs write it: "2026-11-30 09:15+01:00", "2026-11-30T09:15:00Z". Where it
 * is is always said. */
bool instant_read(struct str s, int64_t *ret_ms);

#endif
