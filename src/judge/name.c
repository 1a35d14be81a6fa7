/* Names of files and documents: what of them is words. */
#include "judge/name.h"

#include <ctype.h>
#include <string.h>

/* Of the number behind the name of an exported page. */
#define EXPORT_DIGITS 32u

/* The letters of a document's number: as many words of as many capitals. */
#define CODE_WORDS 3u
#define CODE_LETTERS 6u

/* Where a name ends without the number that Notion gives each page and table it exports: 32
 * hexadecimal digits behind a blank, and "_all" where a table comes twice. */
static size_t name_end(struct str name)
{
    size_t end = str_ends(name, STR("_all")) ? name.n - 4 : name.n, digits = 0;

    while (digits < end && strchr("0123456789abcdef", name.p[end - 1 - digits]) != NULL)
        digits++;
    if (digits != EXPORT_DIGITS || end <= digits + 1 ||
        strchr(" -_", name.p[end - digits - 1]) == NULL)
        return name.n;
    return end - digits - 1;
}

struct str name_words(struct arena *mem, struct str path)
{
    struct buf out = buf_new(mem);
    size_t from = 0, end = path.n;

    for (size_t i = 0; i < path.n; i++)
        from = path.p[i] == '/' ? i + 1 : from;
    for (size_t i = path.n; i > from + 1 && end == path.n; i--)
        if (path.p[i - 1] == '.' && path.n - i <= 8)
            end = i - 1;
    end = from + name_end(str_sub(path, from, end - from));
    for (size_t i = from; i < end; i++) {
        char c = path.p[i];
        bool upper = c >= 'A' && c <= 'Z';
        bool after_lower = i > from && path.p[i - 1] >= 'a' && path.p[i - 1] <= 'z';
        bool last = i + 1 == end || !isalpha((unsigned char)path.p[i + 1]);
        if (upper && after_lower && !last) /* but "SoA" is one word */
            buf_char(&out, ' ');
        buf_char(&out, strchr("_-+.", c) != NULL ? ' ' : c);
    }
    return buf_str(&out);
}

static struct str next_word(struct str *rest)
{
    size_t from = 0, to;

    while (from < rest->n && !isalpha((unsigned char)rest->p[from]))
        from++;
    for (to = from; to < rest->n && isalpha((unsigned char)rest->p[to]);)
        to++;
    struct str word = str_sub(*rest, from, to - from);
    *rest = str_from(*rest, to);
    return word;
}

static bool has_word(struct str name, struct str word)
{
    struct str other;

    while ((other = next_word(&name)).n > 0)
        if (other.n == word.n && strncasecmp(other.p, word.p, word.n) == 0)
            return true;
    return false;
}

bool name_has(struct str name, struct str title)
{
    struct str word;
    size_t n = 0;

    for (; (word = next_word(&title)).n > 0; n++)
        if (!has_word(name, word))
            return false;
    return n > 1;
}

static bool is_capitals(struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < 'A' || word.p[i] > 'Z')
            return false;
    return word.n > 0 && word.n <= CODE_LETTERS;
}

static bool is_number(struct str word)
{
    size_t n = 0;

    while (n < word.n && strchr("0123456789.", word.p[n]) != NULL)
        n++;
    return n > 0 && n == word.n;
}

static bool is_version(struct str word)
{
    return is_number(word) ||
           (word.n > 1 && (word.p[0] == 'v' || word.p[0] == 'V') && is_number(str_from(word, 1)));
}

void name_mark_codes(struct tokens *tokens, uint32_t from, uint32_t to)
{
    struct token *t = tokens->t;
    uint32_t begin = from, end = to;

    while (begin < to && begin < from + CODE_WORDS && is_capitals(t[begin].word))
        begin++;
    if (begin < to && is_number(t[begin].word))
        while (begin < to && is_number(t[begin].word))
            begin++;
    else
        begin = from;
    while (end > begin && is_version(t[end - 1].word))
        end--;
    for (uint32_t i = from; i < to && begin < end; i++)
        t[i].flags |= i < begin || i >= end ? (uint32_t)TOKEN_CODE : 0u;
}
