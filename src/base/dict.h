/* A table from text to a number or a pointer, in an arena. Keys must outlive it. */
#ifndef ASSAY_BASE_DICT_H
#define ASSAY_BASE_DICT_H

#include "base/str.h"

struct dict;

struct dict *dict_new(struct arena *mem);
void dict_set(struct dict *dict, struct str key, const void *value);
/* NULL where the key is not there. */
const void *dict_get(const struct dict *dict, struct str key);
bool dict_has(const struct dict *dict, struct str key);
size_t dict_count(const struct dict *dict);

/* Numbers from 1 on, in the order in which keys first came; dict_number() gives 0 for none. */
uint32_t dict_intern(struct dict *dict, struct str key);
uint32_t dict_number(const struct dict *dict, struct str key);

#endif
