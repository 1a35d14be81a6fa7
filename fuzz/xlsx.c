/* A sheet given as it is, with shared strings, styles and a drawing where it has a NUL. */
#include "extract/internal.h"
#include "extract/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char workbook[] =
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"
        "<sheets><sheet name=\"A\"/></sheets></workbook>";
    static const char rels[] =
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        "<Relationship Id=\"a\" Type=\"/drawing\" Target=\"/xl/drawing.xml\"/></Relationships>";
    struct ctx cx = {.mem = arena_new((size_t)256 << 20)};
    struct str rest = {(const char *)data, size};
    struct str names[6] = {STR("xl/worksheets/sheet1.xml"),
                           STR("xl/sharedStrings.xml"),
                           STR("xl/styles.xml"),
                           STR("xl/drawing.xml"),
                           STR("xl/workbook.xml"),
                           STR("xl/worksheets/_rels/sheet1.xml.rels")};
    struct str bytes[6];
    struct extract extract, again;
    struct flow flow;

    for (size_t i = 0; i < 4; i++)
        if (!str_split(&rest, '\0', &bytes[i]))
            bytes[i] = STR_NONE;
    bytes[4] = str_of(workbook);
    bytes[5] = str_of(rels);
    flow_init(&flow, &cx);
    if (xlsx_read(&flow, container_of(&cx, names, bytes, COUNT_OF(bytes))) == 0 &&
        flow_finish(&flow, EXTRACT_XLSX, &extract) == 0) {
        struct buf packed = buf_new(cx.mem);
        extract_pack(&packed, &extract);
        if (extract_unpack(&cx, buf_str(&packed), &again) < 0 ||
            again.block_count != extract.block_count)
            abort();
    }
    arena_free(cx.mem);
    return 0;
}
