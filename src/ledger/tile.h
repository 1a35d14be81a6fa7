/*
 * Tiles (C2SP tlog-tiles): how a log lies in files. A tile of level L holds up to 256 hashes of the
 * tree's level 8 L, one behind the other; a tile of entries up to 256 entries, each with two bytes
 * before it that say how long it is. The last of a level may hold fewer, which its name says.
 */
#ifndef ASSAY_LEDGER_TILE_H
#define ASSAY_LEDGER_TILE_H

#include "base/base.h"

#define TILE_WIDTH 256u
#define TILE_LEVELS 8u /* levels of the tree in one tile */
#define TILE_ENTRIES UINT32_MAX

/* Below the folder of tiles: "0/x001/234", "entries/000.p/17". `level` is TILE_ENTRIES for entries.
 */
struct str tile_name(struct arena *mem, unsigned level, uint64_t n, unsigned width);

/* How many of `size` items tile `n` holds, and how many tiles they make. */
unsigned tile_width(uint64_t size, uint64_t n);
uint64_t tile_count(uint64_t size);

#endif
