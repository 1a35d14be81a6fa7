/* A sheet given as it is, with shared strings, styles and a drawing where it has a NUL. */
#include "fuzz/parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fuzz_part parts[] = {
        {"xl/worksheets/sheet1.xml", NULL},
        {"xl/sharedStrings.xml", NULL},
        {"xl/styles.xml", NULL},
        {"xl/drawing.xml", NULL},
        {"xl/workbook.xml",
         "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"
         "<sheets><sheet name=\"A\"/></sheets></workbook>"},
        {"xl/worksheets/_rels/sheet1.xml.rels",
         "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
         "<Relationship Id=\"a\" Type=\"/drawing\" Target=\"/xl/drawing.xml\"/></Relationships>"},
    };

    fuzz_parts(data, size, parts, COUNT_OF(parts), xlsx_read, EXTRACT_XLSX);
    return 0;
}
