#include "base/guard.h"

#include <string.h>

#define WIDE_EQUALS 0xff1du
#define WIDE_PLUS 0xff0bu
#define WIDE_MINUS 0xff0du
#define WIDE_AT 0xff20u

static bool is_risky(struct str text)
{
    size_t at = 0;
    uint32_t first = text.n > 0 ? utf8_next(text, &at) : 0;

    return first == WIDE_EQUALS || first == WIDE_PLUS || first == WIDE_MINUS || first == WIDE_AT ||
           (first != 0 && first < 0x80 && strchr("=+-@\t\r\n'", (int)first) != NULL);
}

struct str guard_cell(struct arena *mem, struct str text)
{
    struct buf out = buf_new(mem);

    if (!is_risky(text))
        return text;
    buf_char(&out, '\'');
    buf_add(&out, text);
    return buf_str(&out);
}

struct str guard_cell_off(struct str text)
{
    return text.n > 1 && text.p[0] == '\'' && is_risky(str_from(text, 1)) ? str_from(text, 1)
                                                                          : text;
}
