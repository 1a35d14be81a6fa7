/* The text of a DOCX given as it is, with styles and numbering of its own where it has a NUL. */
#include "fuzz/parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fuzz_part parts[] = {
        {"word/document.xml", NULL},
        {"word/styles.xml", NULL},
        {"word/numbering.xml", NULL},
        {"word/_rels/document.xml.rels", NULL},
    };

    fuzz_parts(data, size, parts, COUNT_OF(parts), docx_read, EXTRACT_DOCX);
    return 0;
}
