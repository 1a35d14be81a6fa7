/* Lists within a sentence: "Users must not: share passwords; install software; ...". */
#include "judge/runin.h"

#define LEAD_BYTES 200u
#define PART_BYTES 200u
#define LEAST_PARTS 3u
#define MOST_PARTS 64u

static struct block *part_of(struct arena *mem, struct runin *out, const struct block *whole,
                             enum block_kind kind, struct str text)
{
    struct block *block = ARENA_PUSH(mem, out->blocks, out->n, out->room);

    *block = *whole;
    block->kind = kind;
    block->level = kind == BLOCK_ITEM ? 1 : 0;
    block->text = str_trim(text);
    return block;
}

/* Where the last part ends: with its sentence. */
static size_t end_of_last(struct str s)
{
    for (size_t i = 0; i + 1 < s.n; i++)
        if (s.p[i] == '.' && s.p[i + 1] == ' ' && i > 2 && s.p[i - 2] != '.' && s.p[i - 2] != ' ')
            return i + 1;
    return s.n;
}

/* The colon that leads the parts in: behind words, before the first part. */
static size_t lead_end(struct str text)
{
    size_t colon = str_find(text, STR(": "), 0), first = str_find_char(text, ';', 0);

    return colon != SIZE_MAX && first != SIZE_MAX && colon > 2 && colon < first &&
                   colon <= LEAD_BYTES
               ? colon + 1
               : 0;
}

bool runin_split(struct arena *mem, const struct block *whole, struct runin *ret)
{
    struct runin out = {0};
    size_t at = lead_end(whole->text);
    struct str rest, part;

    if (whole->kind != BLOCK_PARAGRAPH || at == 0)
        return false;
    part_of(mem, &out, whole, BLOCK_PARAGRAPH, str_sub(whole->text, 0, at));
    rest = str_from(whole->text, at);
    while (out.n <= MOST_PARTS && str_find_char(rest, ';', 0) != SIZE_MAX) {
        size_t end = str_find_char(rest, ';', 0);
        part = str_sub(rest, 0, end);
        if (str_has(part, ". "))
            break; /* this one ends with its sentence */
        if (part.n > PART_BYTES)
            return false;
        if (str_trim(part).n > 0)
            part_of(mem, &out, whole, BLOCK_ITEM, part);
        rest = str_from(rest, end + 1);
    }
    size_t last = end_of_last(rest);
    if (last > PART_BYTES || str_trim(rest).n == 0)
        return false;
    part_of(mem, &out, whole, BLOCK_ITEM, str_sub(rest, 0, last));
    if (out.n < LEAST_PARTS + 1)
        return false;
    if (str_trim(str_from(rest, last)).n > 0)
        part_of(mem, &out, whole, BLOCK_PARAGRAPH, str_from(rest, last));
    *ret = out;
    return true;
}
