#include "base/dict.h"

#include <string.h>

struct entry {
    struct str key;
    uint64_t hash;
    uintptr_t value;
    bool used;
};

struct dict {
    struct arena *mem;
    struct entry *entries; /* open addressing, a power of two of them */
    size_t size;
    size_t n;
};

/* As FNV-1a, but of eight bytes at a time: statements are kept by their SQL, which is long. */
static uint64_t hash_of(struct str key)
{
    const uint64_t prime = 1099511628211u;
    uint64_t h = 1469598103934665603u, word;
    size_t i = 0;

    for (; key.n - i >= sizeof word; i += sizeof word) {
        memcpy(&word, key.p + i, sizeof word);
        h = (h ^ word) * prime;
        h ^= h >> 32; /* the upper bytes reach the lower bits, by which a place is found */
    }
    for (; i < key.n; i++)
        h = (h ^ (unsigned char)key.p[i]) * prime;
    return h ^ h >> 32;
}

struct dict *dict_new(struct arena *mem)
{
    struct dict *dict = ARENA_NEW(mem, struct dict);

    dict->mem = mem;
    dict->size = 16;
    dict->entries = arena_array(mem, dict->size, sizeof *dict->entries);
    return dict;
}

static struct entry *find(const struct dict *dict, struct str key, uint64_t hash)
{
    size_t i = hash & (dict->size - 1);

    while (dict->entries[i].used &&
           (dict->entries[i].hash != hash || !str_eq(dict->entries[i].key, key)))
        i = (i + 1) & (dict->size - 1);
    return &dict->entries[i];
}

static void grow(struct dict *dict)
{
    struct entry *old = dict->entries;
    size_t size = dict->size;

    dict->size *= 2;
    dict->entries = arena_array(dict->mem, dict->size, sizeof *dict->entries);
    for (size_t i = 0; i < size; i++)
        if (old[i].used)
            *find(dict, old[i].key, old[i].hash) = old[i];
}

static void put(struct dict *dict, struct str key, uintptr_t value)
{
    uint64_t hash = hash_of(key);
    struct entry *entry;

    if (dict->n * 3 >= dict->size * 2)
        grow(dict);
    entry = find(dict, key, hash);
    dict->n += !entry->used;
    *entry = (struct entry){key, hash, value, true};
}

void dict_set(struct dict *dict, struct str key, const void *value)
{
    put(dict, key, (uintptr_t)value);
}

const void *dict_get(const struct dict *dict, struct str key)
{
    const struct entry *entry = find(dict, key, hash_of(key));

    return entry->used ? (const void *)entry->value : NULL;
}

bool dict_has(const struct dict *dict, struct str key)
{
    return find(dict, key, hash_of(key))->used;
}

size_t dict_count(const struct dict *dict)
{
    return dict->n;
}

uint32_t dict_number(const struct dict *dict, struct str key)
{
    const struct entry *entry = find(dict, key, hash_of(key));

    return entry->used ? (uint32_t)entry->value : 0;
}

uint32_t dict_intern(struct dict *dict, struct str key)
{
    uint32_t number = dict_number(dict, key);

    if (number == 0) {
        number = (uint32_t)dict->n + 1;
        put(dict, key, number);
    }
    return number;
}
