#include "extract/internal.h"
#include "tests/harness.h"

static struct str sample(struct ctx *cx)
{
    struct flow flow;
    struct extract e;
    struct buf out = buf_new(cx->mem);

    flow_init(&flow, cx);
    flow_sheet(&flow, STR("Sheet 1"));
    flow.place.line = 7;
    flow_property(&flow, STR("title"), STR("Policy"));
    flow_heading(&flow, 2, STR("Scope"));
    flow.struck = true;
    flow_item(&flow, 3, STR("old"));
    flow.struck = false;
    flow_table(&flow);
    flow_cell(&flow, 0, STR("A"));
    flow_cell(&flow, 4, STR("B"));
    flow_row(&flow, true);
    flow_note(&flow, "rows were left out");
    CHECK_OK(flow_finish(&flow, EXTRACT_XLSX, &e));
    extract_pack(&out, &e);
    return buf_str(&out);
}

TEST(pack_gives_back_the_same)
{
    struct str bytes = sample(cx);
    struct extract e;

    CHECK_OK(extract_unpack(cx, bytes, &e));
    CHECK_INT(e.format, EXTRACT_XLSX);
    CHECK_STR(e.note, "Rows were left out.");
    CHECK_INT(e.block_count, 4);
    CHECK_STR(e.blocks[0].label, "title");
    CHECK_INT(e.blocks[1].level, 2);
    CHECK_INT(e.blocks[1].place.line, 7);
    CHECK_STR(e.blocks[1].place.sheet, "Sheet 1");
    CHECK(e.blocks[2].struck);
    CHECK_INT(e.blocks[3].cells[1].column, 4);
    CHECK_STR(e.blocks[3].text, "A | B");
}

TEST(unpack_refuses_every_cut)
{
    struct str bytes = sample(cx);
    struct extract e;

    for (size_t n = 0; n < bytes.n; n++)
        CHECK_RC(extract_unpack(cx, str_sub(bytes, 0, n), &e), RC_INVALID);
    CHECK_RC(extract_unpack(cx, str_printf(cx->mem, "%.*sx", STR_ARG(bytes)), &e), RC_INVALID);
}

/* Whatever byte is changed, the answer is refused or as well-formed as any. */
TEST(unpack_survives_every_changed_byte)
{
    struct str bytes = sample(cx);
    struct extract e;

    for (size_t i = 0; i < bytes.n; i++) {
        struct str bad = str_copy(cx->mem, bytes);
        struct buf again = buf_new(cx->mem);
        ((char *)(uintptr_t)bad.p)[i] ^= 0x11;
        if (extract_unpack(cx, bad, &e) < 0)
            continue;
        extract_pack(&again, &e);
        CHECK(str_eq(buf_str(&again), bad));
    }
}
