#include "op/inventory.h"

#include <string.h>

#define WHY_BYTES 300u
#define DOCUMENT_KEYS 20u
#define KIND_KEYS 4u

static void set_optional(struct value *map, const char *key, struct arena *mem, struct str s)
{
    value_set(map, key, s.n > 0 ? value_text(mem, str_copy(mem, s)) : NULL);
}

static void set_people(struct value *map, const char *key, struct arena *mem,
                       const struct fact_value *v)
{
    struct value *list = value_list(mem);

    if (v != NULL && v->text.n > 0 && !v->open)
        value_push(list, value_text(mem, str_copy(mem, v->text)));
    value_set(map, key, list);
}

static struct value *document_head(struct arena *mem, const struct source_file *file,
                                   const char *format, struct str title)
{
    struct value *d = value_map_room(mem, DOCUMENT_KEYS);

    value_set_text(d, "path", str_copy(mem, file->path));
    set_optional(d, "sha256", mem, file->sha256);
    value_set_int(d, "bytes", (int64_t)file->bytes);
    value_set_text(d, "format", str_of(format));
    set_optional(d, "language", mem, file->language);
    set_optional(d, "title", mem, title);
    return d;
}

static struct value *kinds_value(struct arena *mem, const struct kinds *kinds)
{
    struct value *list = value_list(mem);

    for (size_t i = 0; kinds != NULL && i < kinds->n; i++) {
        const struct kind_match *k = &kinds->items[i];
        struct value *item = value_map_room(mem, KIND_KEYS);
        value_set_text(item, "kind", str_copy(mem, k->kind->id));
        value_set_text(item, "title", str_copy(mem, k->kind->title));
        value_set(item, "confidence", value_decimal(mem, k->confidence));
        struct str why = k->place.n == 0 ? k->why
                                         : str_printf(mem, _("in the section \"%.*s\": %.*s"),
                                                      STR_ARG(k->place), STR_ARG(k->why));
        value_set_text(item, "why", str_copy(mem, str_cut(mem, why, WHY_BYTES)));
        value_push(list, item);
    }
    return list;
}

static struct str fact_text(const struct facts *facts, enum fact fact)
{
    return facts->of[fact].open ? STR_NONE : facts->of[fact].text;
}

struct value *inventory_document(struct arena *mem, const struct source_file *file,
                                 const struct reading *r, const struct facts *facts,
                                 const struct kinds *kinds, struct str copy_of, struct str note)
{
    struct value *d = document_head(mem, file, extract_format_name(r->extract->format), r->title);

    value_set(d, "kinds", kinds_value(mem, kinds));
    value_set_text(d, "nature", str_copy(mem, kinds->nature));
    set_optional(d, "version", mem, fact_text(facts, FACT_VERSION));
    set_optional(d, "status", mem, fact_text(facts, FACT_STATUS));
    set_people(d, "author", mem, &facts->of[FACT_AUTHOR]);
    set_optional(d, "owner", mem, fact_text(facts, FACT_OWNER));
    set_people(d, "approved_by", mem, &facts->of[FACT_APPROVED_BY]);
    set_optional(d, "approved_on", mem, date_iso(mem, facts->of[FACT_APPROVED_ON].date));
    set_optional(d, "review_due", mem, date_iso(mem, facts->of[FACT_REVIEW_DUE].date));
    set_optional(d, "classification", mem, fact_text(facts, FACT_CLASSIFICATION));
    value_set_bool(d, "is_template",
                   strcmp(kinds->template, "none") != 0 && strcmp(kinds->template, "open") != 0);
    value_set_int(d, "passages", (int64_t)r->passage_n - 2);
    set_optional(d, "copies_of", mem, copy_of);
    set_optional(d, "error", mem, note);
    return d;
}

struct value *inventory_unjudged(struct arena *mem, const struct source_file *file,
                                 const char *format, struct str title, struct str nature,
                                 struct str error)
{
    struct value *d = document_head(mem, file, format, title);

    value_set(d, "kinds", value_list(mem));
    value_set_text(d, "nature", nature);
    value_set(d, "version", NULL);
    value_set(d, "status", NULL);
    value_set(d, "author", value_list(mem));
    value_set(d, "owner", NULL);
    value_set(d, "approved_by", value_list(mem));
    value_set(d, "approved_on", NULL);
    value_set(d, "review_due", NULL);
    value_set(d, "classification", NULL);
    value_set_bool(d, "is_template", false);
    value_set_int(d, "passages", 0);
    value_set(d, "copies_of", NULL);
    set_optional(d, "error", mem, error);
    return d;
}

struct value *inventory_skipped(struct arena *mem, struct str path, struct str what, struct str why,
                                struct str advice)
{
    struct value *item = value_map(mem);

    value_set_text(item, "path", str_copy(mem, path));
    value_set_text(item, "what", str_copy(mem, what));
    value_set_text(item, "why", str_copy(mem, why));
    set_optional(item, "advice", mem, advice);
    return item;
}
