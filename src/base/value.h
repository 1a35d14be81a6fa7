/*
 * The value tree: what operations return, YAML is loaded into, templates and JSON are made from.
 *
 * Values live in the arena they were made in and are never freed one by one. Maps keep the order
 * in which keys were set, so that the same input gives the same bytes. Reading functions take
 * NULL and wrong types and give an empty answer, so that callers may chain them; code that must
 * know asks value_type().
 */
#ifndef ASSAY_BASE_VALUE_H
#define ASSAY_BASE_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum value_type {
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_INT,
    VALUE_DECIMAL,
    VALUE_TEXT,
    VALUE_LIST,
    VALUE_MAP
};

struct value;

struct value *value_null(struct arena *mem);
struct value *value_bool(struct arena *mem, bool b);
struct value *value_int(struct arena *mem, int64_t i);
/* A decimal of thousandths: 1250 is 1.25. */
struct value *value_decimal(struct arena *mem, int64_t thousandths);
struct value *value_text(struct arena *mem, struct str s); /* bytes are not copied */
struct value *value_textz(struct arena *mem, const char *z);
struct value *value_list(struct arena *mem);
struct value *value_map(struct arena *mem);
/* One that is made often and gets so many keys: it takes no more room than they need. */
struct value *value_map_room(struct arena *mem, size_t keys);

/* Line of the source the value was read from, 0 where unknown: for messages about content. */
void value_set_line(struct value *v, unsigned line);
unsigned value_line(const struct value *v);

/* Sets `key`, over an earlier value of it; `key` must outlive the map. NULL item sets null. */
void value_set(struct value *map, const char *key, struct value *item);
void value_set_text(struct value *map, const char *key, struct str s);
void value_set_int(struct value *map, const char *key, int64_t i);
void value_set_bool(struct value *map, const char *key, bool b);
void value_push(struct value *list, struct value *item);
/* Orders the items of a list by qsort()'s `cmp`, which gets pointers to `struct value *`. */
void value_sort(struct value *list, int (*cmp)(const void *a, const void *b));

enum value_type value_type(const struct value *v); /* VALUE_NULL for NULL */
bool value_is_text(const struct value *v, const char *z);

/* Items of a list or map, in order. */
size_t value_count(const struct value *v);
const struct value *value_at(const struct value *v, size_t i);
struct value *value_at_mut(struct value *v, size_t i);
struct str value_key_at(const struct value *map, size_t i);

const struct value *value_get(const struct value *map, const char *key);
struct value *value_get_mut(struct value *map, const char *key);
const struct value *value_find(const struct value *map, struct str key); /* value_get() of a text */
/* A dotted path: "verdict.minimum.met". */
const struct value *value_path(const struct value *map, const char *path);

/* The value itself as another type: text of a text (else ""), number of an integer, decimal or
 * numeric text (else `otherwise`), truth of a boolean. */
struct str value_as_text(const struct value *v);
int64_t value_as_int(const struct value *v, int64_t otherwise);
int64_t value_as_thousandths(const struct value *v, int64_t otherwise);
bool value_as_bool(const struct value *v);
/* Text, number or truth as people would write it; "" for null, lists and maps. */
struct str value_print(struct arena *mem, const struct value *v);

struct str value_get_text(const struct value *map, const char *key);
int64_t value_get_int(const struct value *map, const char *key, int64_t otherwise);
bool value_get_bool(const struct value *map, const char *key);

/* The whole tree again, with its texts and keys, in `mem`. */
struct value *value_copy(struct arena *mem, const struct value *v);

/* JSON (RFC 8259) of the tree, keys in the order of the maps. `indent` of 0 writes one line. */
void value_json(struct buf *out, const struct value *v, unsigned indent);

#endif
