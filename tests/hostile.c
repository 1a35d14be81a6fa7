#include "tests/hostile.h"

uint32_t hostile_next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

struct str hostile_text(struct arena *mem, uint32_t *seed, size_t most)
{
    static const char *const pieces[] = {"=1+1",
                                         "+A1",
                                         "-5",
                                         "@SUM(A1)",
                                         "\t",
                                         "\n",
                                         "'",
                                         "''=",
                                         "\"",
                                         ",",
                                         ";",
                                         "  ",
                                         " ",
                                         "_x0041_",
                                         "_x005F_x",
                                         "_xFFFE_",
                                         "&lt;",
                                         "]]>",
                                         "<a>",
                                         "json:",
                                         "\n\n",
                                         "\"\"\n\"",
                                         "007",
                                         "2026-11-30",
                                         "TRUE",
                                         "1e999",
                                         "\\n",
                                         "=cmd|'/C'",
                                         "\xef\xbc\x9d",
                                         "\xc2\xa0",
                                         "tbd",
                                         "-",
                                         "{\"said\": \"x\"}"};
    struct buf out = buf_new(mem);
    size_t n = hostile_next(seed) % most;

    while (out.n < n) {
        if (hostile_next(seed) % 3 != 0) {
            buf_addz(&out, pieces[hostile_next(seed) % COUNT_OF(pieces)]);
            continue;
        }
        uint32_t code = (hostile_next(seed) ^ hostile_next(seed) << 7) % 0x110000;
        if (code >= 0x20 && (code < 0xd800 || code > 0xdfff))
            buf_code(&out, code);
    }
    return buf_str(&out);
}
