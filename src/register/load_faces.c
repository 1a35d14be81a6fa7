/* Definitions: faces, by which a register is seen otherwise than as a list (docs/faces.md). */
#include "register/loading.h"

enum is {
    IS_TEXT,
    IS_TRUTH,
    IS_TEXTS,  /* a list of them */
    IS_NAMES,  /* a map from names to texts */
    IS_FIELD,  /* of this register */
    IS_FIELDS, /* a list of them */
    IS_REGISTER,
    IS_THEIRS, /* a field of the register that the same part names */
    IS_SELECT,
    IS_PART,  /* a map with keys of its own */
    IS_PARTS, /* a map from names to such maps */
};

struct face_key {
    const char *kind; /* NULL: of all */
    const char *in;   /* the part that it stands in, "" for the face itself */
    const char *name;
    enum is is;
    bool needed;
    const char *columns; /* that a SELECT has to give */
};

/* What each kind of face is made of. */
static const struct face_key face_keys[] = {
    {NULL, "", "kind", IS_TEXT, true, NULL},
    {NULL, "", "title", IS_TEXT, true, NULL},
    {NULL, "", "help", IS_TEXT, false, NULL},
    {NULL, "", "first", IS_TRUTH, false, NULL},

    {"statement", "", "entry", IS_FIELD, true, NULL},
    {"statement", "", "applies", IS_FIELD, true, NULL},
    {"statement", "", "state", IS_FIELD, true, NULL},
    {"statement", "", "reasons", IS_FIELD, false, NULL},
    {"statement", "", "why", IS_FIELDS, true, NULL},
    {"statement", "", "how", IS_FIELDS, false, NULL},
    {"statement", "", "edit", IS_FIELDS, true, NULL},
    {"statement", "", "missing", IS_TEXT, true, NULL},
    {"statement", "", "links", IS_SELECT, false, "id register ref name"},
    {"statement", "", "gaps", IS_PARTS, false, NULL},
    {"statement", "gaps", "label", IS_TEXT, true, NULL},
    {"statement", "gaps", "help", IS_TEXT, true, NULL},
    {"statement", "gaps", "select", IS_SELECT, true, "id"},
    {"statement", "", "versions", IS_PART, false, NULL},
    {"statement", "versions", "register", IS_REGISTER, true, NULL},
    {"statement", "versions", "name", IS_THEIRS, true, NULL},
    {"statement", "versions", "day", IS_THEIRS, true, NULL},
    {"statement", "versions", "by", IS_THEIRS, true, NULL},

    {"matrix", "", "up", IS_TEXT, true, NULL},
    {"matrix", "", "across", IS_TEXT, true, NULL},
    {"matrix", "", "cells", IS_SELECT, true, "up up_name across across_name level tone"},
    {"matrix", "", "tones", IS_NAMES, true, NULL},
    {"matrix", "", "passes", IS_PARTS, true, NULL},
    {"matrix", "passes", "label", IS_TEXT, true, NULL},
    {"matrix", "passes", "where", IS_TEXTS, true, NULL},
    {"matrix", "passes", "select", IS_SELECT, true, "up across n"},

    {"series", "", "select", IS_SELECT, true, "ref title unit target sense at value note"},

    {"timeline", "", "steps", IS_FIELDS, true, NULL},
    {"timeline", "", "deadlines", IS_SELECT, false, "ref label since hours done"},

    {"coverage", "", "row_label", IS_TEXT, true, NULL},
    {"coverage", "", "rows", IS_SELECT, true, "id label register ref title"},
    {"coverage", "", "spans", IS_SELECT, true, "row since until ref title"},
    {"coverage", "", "ask", IS_PART, false, NULL},
    {"coverage", "ask", "register", IS_REGISTER, true, NULL},
    {"coverage", "ask", "row", IS_THEIRS, true, NULL},
    {"coverage", "ask", "since", IS_THEIRS, true, NULL},
    {"coverage", "ask", "until", IS_THEIRS, true, NULL},
    {"coverage", "ask", "open", IS_SELECT, true, "row ref title who due"},
    {"coverage", "", "fill", IS_PART, true, NULL},
    {"coverage", "fill", "row", IS_FIELD, true, NULL},
    {"coverage", "fill", "since", IS_FIELD, true, NULL},
    {"coverage", "fill", "until", IS_FIELD, true, NULL},
};

static bool is_kind(struct str kind)
{
    for (size_t i = 0; i < COUNT_OF(face_keys); i++)
        if (face_keys[i].kind != NULL && str_is(kind, face_keys[i].kind))
            return true;
    return false;
}

static const struct face_key *find_key(struct str kind, const char *in, struct str name)
{
    for (size_t i = 0; i < COUNT_OF(face_keys); i++)
        if ((face_keys[i].kind == NULL || str_is(kind, face_keys[i].kind)) &&
            strcmp(face_keys[i].in, in) == 0 && str_is(name, face_keys[i].name))
            return &face_keys[i];
    return NULL;
}

/* ---- one key ---- */

static int check_part(const struct loader *l, struct str kind, const char *in,
                      const struct value *map);

static int check_names(const struct loader *l, const struct value *map, struct str name)
{
    if (value_type(map) != VALUE_MAP)
        return loading_bad(l, map, "a map is wanted for", name);
    for (size_t i = 0; i < value_count(map); i++)
        if (value_type(value_at(map, i)) != VALUE_TEXT)
            return loading_bad(l, value_at(map, i), "text is wanted for", value_key_at(map, i));
    return 0;
}

static int check_parts(const struct loader *l, const struct face_key *key, struct str kind,
                       const struct value *map)
{
    if (value_type(map) != VALUE_MAP || value_count(map) == 0)
        return loading_bad(l, map, "a map is wanted for", str_of(key->name));
    for (size_t i = 0; i < value_count(map); i++) {
        if (!loading_is_id(value_key_at(map, i)))
            return loading_bad(l, value_at(map, i), "no id (a-z, 0-9, _):", value_key_at(map, i));
        TRY(check_part(l, kind, key->name, value_at(map, i)));
    }
    return 0;
}

static int check_field(const struct loader *l, const struct register_def *def,
                       const struct value *v)
{
    if (def != NULL && register_field(def, value_as_text(v)) != NULL)
        return 0;
    return loading_bad(l, v, "no such field:", value_as_text(v));
}

static int check_fields(const struct loader *l, const struct value *list, struct str name)
{
    TRY(loading_texts(l, list, name));
    for (size_t i = 0; i < value_count(list); i++)
        TRY(check_field(l, l->def, value_at(list, i)));
    return 0;
}

static int check_value(const struct loader *l, const struct face_key *key, struct str kind,
                       const struct value *map, const struct value *v)
{
    struct str name = str_of(key->name);
    const struct register_def *theirs;

    switch (key->is) {
    case IS_TEXT:
    case IS_SELECT:
        return value_as_text(v).n > 0 ? 0 : loading_bad(l, v, "text is wanted for", name);
    case IS_TRUTH:
        return value_type(v) == VALUE_BOOL ? 0
                                           : loading_bad(l, v, "true or false is wanted for", name);
    case IS_TEXTS:
        return loading_texts(l, v, name);
    case IS_NAMES:
        return check_names(l, v, name);
    case IS_FIELD:
        return check_field(l, l->def, v);
    case IS_FIELDS:
        return check_fields(l, v, name);
    case IS_REGISTER:
        theirs = registers_find(l->all, value_as_text(v));
        return theirs != NULL && !theirs->is_not && theirs->part_of.n == 0
                   ? 0
                   : loading_bad(l, v, "no such register:", value_as_text(v));
    case IS_THEIRS:
        return check_field(l, registers_find(l->all, value_get_text(map, "register")), v);
    case IS_PART:
        return check_part(l, kind, key->name, v);
    case IS_PARTS:
        return check_parts(l, key, kind, v);
    }
    return 0;
}

static int check_part(const struct loader *l, struct str kind, const char *in,
                      const struct value *map)
{
    if (value_type(map) != VALUE_MAP)
        return loading_bad(l, map, "a map is wanted for", str_of(in));
    for (size_t i = 0; i < value_count(map); i++) {
        const struct face_key *key = find_key(kind, in, value_key_at(map, i));
        if (key == NULL)
            return loading_bad(l, value_at(map, i), "unknown key", value_key_at(map, i));
        TRY(check_value(l, key, kind, map, value_at(map, i)));
    }
    for (size_t i = 0; i < COUNT_OF(face_keys); i++) {
        const struct face_key *key = &face_keys[i];
        if (key->needed && strcmp(key->in, in) == 0 &&
            (key->kind == NULL || str_is(kind, key->kind)) && value_get(map, key->name) == NULL)
            return loading_bad(l, map, "missing key", str_of(key->name));
    }
    return 0;
}

/* ---- all of them ---- */

static int load_face(const struct loader *l, struct str id, const struct value *yaml)
{
    struct register_face *face = &l->def->faces[l->def->face_n];

    *face = (struct register_face){.id = id,
                                   .kind = value_get_text(yaml, "kind"),
                                   .title = value_get_text(yaml, "title"),
                                   .help = str_trim(value_get_text(yaml, "help")),
                                   .first = value_get_bool(yaml, "first"),
                                   .yaml = yaml};
    if (!loading_is_id(id))
        return loading_bad(l, yaml, "no id of a face (a-z, 0-9, _):", id);
    if (!is_kind(face->kind))
        return loading_bad(l, yaml, "no such kind of face:", face->kind);
    TRY(check_part(l, face->kind, "", yaml));
    l->def->face_n++;
    return 0;
}

int loading_faces(const struct loader *l)
{
    struct loader each = *l;

    for (size_t i = 0; i < l->all->n; i++) {
        each.def = &l->all->items[i];
        each.file = each.def->file;
        const struct value *faces = value_get(each.def->yaml, "faces");
        if (faces != NULL && each.def->part_of.n > 0)
            return loading_bad(&each, faces, "lines of others have no faces:", each.def->id);
        each.def->faces = arena_array(l->cx->mem, value_count(faces) + 1, sizeof *each.def->faces);
        for (size_t f = 0; f < value_count(faces); f++)
            TRY(load_face(&each, value_key_at(faces, f), value_at(faces, f)));
    }
    return 0;
}

const struct register_face *register_face(const struct register_def *def, struct str id)
{
    for (size_t i = 0; i < def->face_n; i++)
        if (str_eq(def->faces[i].id, id))
            return &def->faces[i];
    return NULL;
}

/* ---- what a face asks ---- */

struct finding {
    struct str kind;
    register_select *each;
    void *arg;
};

static int find_selects(const struct finding *f, const char *in, const struct value *map)
{
    for (size_t i = 0; i < value_count(map); i++) {
        const struct face_key *key = find_key(f->kind, in, value_key_at(map, i));
        const struct value *v = value_at(map, i);
        if (key == NULL)
            continue;
        if (key->is == IS_SELECT)
            TRY(f->each(f->arg, key->name, value_as_text(v), key->columns));
        if (key->is == IS_PART)
            TRY(find_selects(f, key->name, v));
        for (size_t k = 0; key->is == IS_PARTS && k < value_count(v); k++)
            TRY(find_selects(f, key->name, value_at(v, k)));
    }
    return 0;
}

int register_face_selects(const struct register_face *face, register_select *each, void *arg)
{
    const struct finding f = {face->kind, each, arg};

    return find_selects(&f, "", face->yaml);
}
