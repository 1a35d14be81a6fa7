/* Cells of CSV, of XLSX and of ODS: the first byte says which. */
#include <stdint.h>

#include "base/pack.h"
#include "extract/cells_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int read_parts(struct ctx *cx, bool ods, struct str rest, struct value **ret)
{
    struct cells c = {.cx = cx, .sheets = value_list(cx->mem)};
    struct str names[4] = {ods ? STR("content.xml") : STR("xl/workbook.xml"),
                           ods ? STR("styles.xml") : STR("xl/worksheets/sheet1.xml"),
                           ods ? STR("meta.xml") : STR("xl/sharedStrings.xml"),
                           ods ? STR("settings.xml") : STR("xl/styles.xml")},
               bytes[4];
    struct flow flow;

    for (size_t i = 0; i < 4; i++)
        if (!str_split(&rest, '\0', &bytes[i]))
            bytes[i] = STR_NONE;
    flow_init(&flow, cx);
    TRY((ods ? cells_ods : cells_xlsx)(&c, &flow, container_of(cx, names, bytes, 4)));
    *ret = c.sheets;
    return c.rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)256 * 1024 * 1024)};
    struct str text = {(const char *)data, size};
    struct value *sheets, *again;
    struct buf out = buf_new(cx.mem);
    int rc;

    if (size > 0) {
        struct str rest = str_from(text, 1);
        rc = data[0] == 'c' ? cells_read_csv(&cx, rest, &sheets)
                            : read_parts(&cx, data[0] == 'o', rest, &sheets);
        if (rc == 0) {
            value_pack(&out, sheets);
            if (value_unpack(&cx, buf_str(&out), &again) < 0 && cx.err.rc != RC_LIMIT)
                abort(); /* what a child says must be what the parent takes */
        }
    }
    arena_free(cx.mem);
    return 0;
}
