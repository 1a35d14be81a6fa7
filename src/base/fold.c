#include "base/fold.h"

#include <string.h>

/* U+00C0 to U+017F by their letter; a blank for what is none of one letter. */
static const char latin[] = "aaaaaa ceeeeiiiidnooooo ouuuuy  aaaaaa ceeeeiiiidnooooo ouuuuy y"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii  jjkkkllllllll"
                            "llnnnnnnnnnoooooo  rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

static const char *two_letters(uint32_t code)
{
    switch (code) {
    case 0xc6:
    case 0xe6:
        return "ae";
    case 0xde:
    case 0xfe:
        return "th";
    case 0xdf:
        return "ss";
    case 0x132:
    case 0x133:
        return "ij";
    case 0x152:
    case 0x153:
        return "oe";
    default:
        return NULL;
    }
}

/* Greek and Cyrillic capitals. */
static uint32_t lower(uint32_t code)
{
    if ((code >= 0x391 && code <= 0x3a9) || (code >= 0x410 && code <= 0x42f))
        return code + 32;
    return code >= 0x400 && code <= 0x40f ? code + 80 : code;
}

static void put(struct buf *out, uint32_t code)
{
    const char *two = two_letters(code);

    if (code < 0x80)
        buf_char(out, code >= 'A' && code <= 'Z' ? (char)(code + 32) : (char)code);
    else if (two != NULL)
        buf_addz(out, two);
    else if (code >= 0xc0 && code < 0xc0 + sizeof latin - 1 && latin[code - 0xc0] != ' ')
        buf_char(out, latin[code - 0xc0]);
    else if (code < 0x300 || code >= 0x370) /* accents that stand for themselves go */
        buf_code(out, lower(code));
}

struct str text_fold(struct arena *mem, struct str text)
{
    struct buf out = buf_new(mem);

    for (size_t at = 0; at < text.n;)
        put(&out, utf8_next(text, &at));
    return buf_str(&out);
}

/* Signs between words: punctuation of Latin-1, of Unicode's own blocks, of CJK. */
static bool in_word(uint32_t code)
{
    if (code < 0x80)
        return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
               (code >= 'A' && code <= 'Z');
    return code >= 0xc0 && code != 0xd7 && code != 0xf7 && !(code >= 0x2000 && code < 0x2e80) &&
           !(code >= 0x3000 && code < 0x3040) && code != UTF8_BAD;
}

bool text_word(struct str text, size_t *at, struct str *ret)
{
    size_t from = SIZE_MAX, end = *at;

    while (end < text.n) {
        size_t next = end;
        bool inside = in_word(utf8_next(text, &next));
        if (inside && from == SIZE_MAX)
            from = end;
        if (!inside && from != SIZE_MAX)
            break;
        end = next;
    }
    *at = end;
    if (from != SIZE_MAX)
        *ret = str_sub(text, from, end - from);
    return from != SIZE_MAX;
}
