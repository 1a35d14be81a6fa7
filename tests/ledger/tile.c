#include "ledger/tile.h"

#include "tests/harness.h"

/* The names of C2SP tlog-tiles; a tree of 70,000 has the tiles that it says. */
TEST(tile_has_its_name)
{
    CHECK_STR(tile_name(cx->mem, 0, 0, 256), "0/000");
    CHECK_STR(tile_name(cx->mem, 0, 1234067, 256), "0/x001/x234/067");
    CHECK_STR(tile_name(cx->mem, TILE_ENTRIES, 273, 112), "entries/273.p/112");
    CHECK_INT(tile_count(70000), 274);
    CHECK_INT(tile_width(70000, 272), 256);
    CHECK_INT(tile_width(70000, 273), 112);
    CHECK_INT(tile_count(70000 / 256), 2);
    CHECK_INT(tile_width(70000 / 256, 1), 17);
    CHECK_INT(tile_width(70000 / 256 / 256, 0), 1);
    CHECK_INT(tile_count(0), 0);
}
