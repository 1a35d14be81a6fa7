/*
 * Text as pointer and length, and a buffer that grows.
 *
 * A struct str never owns its bytes and need not end in NUL; whoever made it says where they live
 * (mostly an arena). Text is UTF-8 throughout; extract/ repairs what is not before anybody else
 * sees it.
 */
#ifndef ASSAY_BASE_STR_H
#define ASSAY_BASE_STR_H

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/compiler.h"

struct str {
    const char *p;
    size_t n;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_NONE ((struct str){"", 0})
/* For printf: printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)((s).n > 1000000 ? 1000000 : (s).n), (s).p

struct str str_of(const char *z); /* NULL gives the empty text */
struct str str_sub(struct str s, size_t from, size_t n);
struct str str_from(struct str s, size_t from);

bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *z);
bool str_is_nocase(struct str a, const char *z); /* ASCII letters only */
int str_cmp(struct str a, struct str b);         /* by bytes, shorter first */
bool str_starts(struct str s, struct str head);
bool str_ends(struct str s, struct str tail);
bool str_ends_nocase(struct str s, const char *tail);
uint64_t str_hash(struct str s);

/* Place of the first `needle` at or after `from`, or SIZE_MAX. */
size_t str_find(struct str s, struct str needle, size_t from);
size_t str_find_char(struct str s, char c, size_t from);
bool str_has(struct str s, const char *needle);

/* Without white space (Unicode's no-break space included) at both ends. */
struct str str_trim(struct str s);

/* Cuts `*rest` at the first `sep`: gives what is before it, leaves what follows in `*rest`.
 * False once nothing is left. An empty text between two separators counts. */
bool str_split(struct str *rest, char sep, struct str *ret_part);

/* Copies in `mem`. The _z form ends in NUL. */
struct str str_copy(struct arena *mem, struct str s);
char *str_z(struct arena *mem, struct str s);
struct str str_lower(struct arena *mem, struct str s); /* letters of ASCII and Latin-1 */
struct str str_printf(struct arena *mem, const char *format, ...) PRINTF_LIKE(2, 3);
/* White space runs become one blank, ends trimmed. */
struct str str_squeeze(struct arena *mem, struct str s);
/* At most `n` bytes, cut between characters and marked by an ellipsis where something was cut. */
struct str str_cut(struct arena *mem, struct str s, size_t n);

/* A whole decimal number, nothing else around it. */
bool str_to_int(struct str s, int64_t *ret);

/* UTF-8. */
#define UTF8_BAD 0xfffdu
/* Code point at `*at`, which moves past it; UTF8_BAD for a bad byte, which is one byte long. */
uint32_t utf8_next(struct str s, size_t *at);
/* Bytes written to `out` (4 suffice). */
size_t utf8_put(uint32_t code, char out[static 4]);
bool utf8_valid(struct str s);
size_t utf8_count(struct str s); /* code points */

/* A word of a command as a shell takes it, in quotes where it needs them, as UTF-8. */
struct str str_shell(struct arena *mem, struct str s);

/* A text that grows, in an arena. */
struct buf {
    struct arena *mem;
    char *p;
    size_t n;
    size_t room;
};

struct buf buf_new(struct arena *mem);
struct buf buf_sized(struct arena *mem, size_t n); /* with room for so many bytes at once */
void buf_add(struct buf *buf, struct str s);
void buf_addz(struct buf *buf, const char *z);
void buf_char(struct buf *buf, char c);
void buf_code(struct buf *buf, uint32_t code);
/* For HTML and XML, between tags and within quoted attributes. */
void buf_escaped(struct buf *buf, struct str s);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
struct str buf_str(const struct buf *buf);

#endif
