#include "ledger/tile.h"

/* "x001/x234/067" */
static struct str path_of(struct arena *mem, uint64_t n)
{
    struct str path = str_printf(mem, "%03u", (unsigned)(n % 1000));

    for (n /= 1000; n > 0; n /= 1000)
        path = str_printf(mem, "x%03u/%.*s", (unsigned)(n % 1000), STR_ARG(path));
    return path;
}

struct str tile_name(struct arena *mem, unsigned level, uint64_t n, unsigned width)
{
    struct str kind = level == TILE_ENTRIES ? STR("entries") : str_printf(mem, "%u", level);
    struct str name = str_printf(mem, "%.*s/%.*s", STR_ARG(kind), STR_ARG(path_of(mem, n)));

    return width < TILE_WIDTH ? str_printf(mem, "%.*s.p/%u", STR_ARG(name), width) : name;
}

unsigned tile_width(uint64_t size, uint64_t n)
{
    uint64_t left = size - n * TILE_WIDTH;

    return left < TILE_WIDTH ? (unsigned)left : TILE_WIDTH;
}

uint64_t tile_count(uint64_t size)
{
    return size / TILE_WIDTH + (size % TILE_WIDTH != 0);
}
