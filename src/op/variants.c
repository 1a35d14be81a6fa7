#include "op/variants.h"

#include <string.h>

/* Words that people add to a name when they keep a document twice. */
static const char *const markers[] = {"copy",  "of",       "final",  "finished", "draft",
                                      "old",   "new",      "latest", "updated",  "signed",
                                      "clean", "approved", "v",      "rev",      "version",
                                      "kopie", "backup",   "the",    "really"};

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.')
            return false;
    return s.n > 0;
}

/* "final", "v3", "(2)", "2026". */
static bool is_marker(struct str word)
{
    for (size_t i = 0; i < COUNT_OF(markers); i++)
        if (str_is(word, markers[i]))
            return true;
    if (word.n > 1 && (word.p[0] == 'v' || word.p[0] == 'r'))
        word = str_from(word, 1);
    return is_digits(word);
}

/* The folder and the words of the name that are no markers; "" where nothing else is left. */
static struct str plain_name(struct arena *mem, struct str path, size_t *ret_markers)
{
    struct buf out = buf_new(mem);
    struct str rest, word;
    size_t slash = 0, dot = path.n, words = 0;

    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] == '/') {
            slash = i + 1;
            dot = path.n;
        } else if (path.p[i] == '.' && path.n - i <= 6) {
            dot = i;
        }
    }
    char *name = str_z(mem, str_lower(mem, str_sub(path, slash, dot - slash)));
    for (char *p = name; *p != '\0'; p++)
        if (strchr(" _-()[],+", *p) != NULL)
            *p = ' ';
    *ret_markers = 0;
    buf_add(&out, str_sub(path, 0, slash));
    rest = str_of(name);
    while (str_split(&rest, ' ', &word)) {
        if (word.n == 0)
            continue;
        if (is_marker(word)) {
            ++*ret_markers;
            continue;
        }
        words++;
        buf_char(&out, ' ');
        buf_add(&out, word);
    }
    return words > 0 ? buf_str(&out) : STR_NONE;
}

struct group {
    size_t first;   /* the file that stands for the others */
    size_t markers; /* in its name */
};

void variants_find(struct ctx *cx, const struct walk *walk, struct str *ret)
{
    struct dict *groups = dict_new(cx->mem);
    struct str *names = arena_array(cx->mem, walk->n + 1, sizeof *names);

    for (size_t i = 0; i < walk->n; i++) {
        size_t count;
        if (walk->files[i].what.n > 0)
            continue;
        names[i] = plain_name(cx->mem, walk->files[i].path, &count);
        const struct group *known = dict_get(groups, names[i]);
        if (names[i].n == 0 || (known != NULL && known->markers <= count))
            continue;
        struct group *group = ARENA_NEW(cx->mem, struct group);
        *group = (struct group){i, count};
        dict_set(groups, names[i], group);
    }
    for (size_t i = 0; i < walk->n; i++) {
        const struct group *group = names[i].n > 0 ? dict_get(groups, names[i]) : NULL;
        size_t count;
        ret[i] = STR_NONE;
        if (group == NULL || group->first == i)
            continue;
        /* The same name in two formats is no version: only marked names are. */
        (void)plain_name(cx->mem, walk->files[i].path, &count);
        if (count > group->markers)
            ret[i] = walk->files[group->first].path;
    }
}
