/* The text of an ODS given as it is, with styles and properties of its own where it has a NUL. */
#include "fuzz/parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fuzz_part parts[] = {
        {"content.xml", NULL},
        {"styles.xml", NULL},
        {"meta.xml", NULL},
    };

    fuzz_parts(data, size, parts, COUNT_OF(parts), ods_read, EXTRACT_ODS);
    return 0;
}
