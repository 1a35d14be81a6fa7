/* A slide and its notes given as they are, with relationships of their own behind a NUL. */
#include "fuzz/parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fuzz_part parts[] = {
        {"ppt/slides/slide1.xml", NULL},
        {"ppt/notesSlides/notesSlide1.xml", NULL},
        {"ppt/slides/_rels/slide1.xml.rels", NULL},
        {"ppt/presentation.xml",
         "<p:presentation xmlns:p='http://schemas.openxmlformats.org/presentationml/2006/main' "
         "xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'>"
         "<p:sldIdLst><p:sldId r:id='a'/></p:sldIdLst></p:presentation>"},
        {"ppt/_rels/presentation.xml.rels",
         "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
         "<Relationship Id='a' Type='x/slide' Target='slides/slide1.xml'/></Relationships>"},
    };

    fuzz_parts(data, size, parts, COUNT_OF(parts), pptx_read, EXTRACT_PPTX);
    return 0;
}
