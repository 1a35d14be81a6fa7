#include "access/access.h"

#include "standard/yaml.h"

#define ROLES_FILE "access/roles.yaml"

struct access {
    const struct value *roles;
};

/* Rights by their keys. */
static const struct {
    const char *key;
    bool by_register;
    const char *own; /* the key of registers in which only what is one's own counts */
} rights[] = {
    [ACCESS_READ] = {"read", true, "reads_own"},
    [ACCESS_WRITE] = {"write", true, "writes_own"},
    [ACCESS_APPROVE] = {"approve", true, NULL},
    [ACCESS_JUDGE] = {"judge", false, NULL},
    [ACCESS_TRANSFER] = {"transfer", false, NULL},
    [ACCESS_ADMINISTER] = {"administer", false, NULL},
};

/* ---- loading ---- */

static int bad(struct ctx *cx, const struct value *at, struct str key, const char *wanted)
{
    return fail(cx, RC_INVALID, ROLES_FILE, "%s:%u: \"%.*s\" %s.", ROLES_FILE, value_line(at),
                STR_ARG(key), wanted);
}

static bool is_texts(const struct value *v)
{
    if (value_type(v) != VALUE_LIST || value_count(v) == 0)
        return false;
    for (size_t i = 0; i < value_count(v); i++)
        if (value_as_text(value_at(v, i)).n == 0)
            return false;
    return true;
}

static bool is_registers(const struct value *v)
{
    if (value_type(v) == VALUE_MAP)
        return value_count(v) == 1 && is_texts(value_get(v, "all_but"));
    return value_is_text(v, "all") || is_texts(v);
}

/* From registers to fields. */
static bool is_own(const struct value *v)
{
    for (size_t i = 0; i < value_count(v); i++)
        if (value_as_text(value_at(v, i)).n == 0)
            return false;
    return value_type(v) == VALUE_MAP && value_count(v) > 0;
}

static int check_key(struct ctx *cx, struct str key, const struct value *v)
{
    for (size_t i = 0; i < COUNT_OF(rights); i++) {
        if (rights[i].own != NULL && str_is(key, rights[i].own))
            return is_own(v) ? 0 : bad(cx, v, key, "takes a map from registers to fields");
        if (!str_is(key, rights[i].key))
            continue;
        if (rights[i].by_register)
            return is_registers(v) ? 0
                                   : bad(cx, v, key, "takes all, a list of registers or all_but");
        return value_as_bool(v) ? 0 : bad(cx, v, key, "is true, or left out");
    }
    if (str_is(key, "title") || str_is(key, "about"))
        return value_as_text(v).n > 0 ? 0 : bad(cx, v, key, "takes a text");
    if (str_is(key, "drafts") || str_is(key, "independent"))
        return value_as_bool(v) ? 0 : bad(cx, v, key, "is true, or left out");
    return bad(cx, v, key, "is no key of a role");
}

static int check_role(struct ctx *cx, struct str id, const struct value *role)
{
    if (value_type(role) != VALUE_MAP)
        return bad(cx, role, id, "must be a map");
    for (size_t i = 0; i < value_count(role); i++)
        TRY(check_key(cx, value_key_at(role, i), value_at(role, i)));
    if (value_get(role, "title") == NULL || value_get(role, "about") == NULL)
        return bad(cx, role, id, "lacks its title or what it is about");
    return 0;
}

int access_load(struct ctx *cx, const struct content *content, const struct access **ret)
{
    struct access *access = ARENA_NEW(cx->mem, struct access);
    struct str text;
    struct value *roles;

    TRY(content_get(cx, content, ROLES_FILE, &text));
    TRY(yaml_parse(cx, ROLES_FILE, text, &roles));
    if (value_type(roles) != VALUE_MAP || value_count(roles) == 0)
        return fail(cx, RC_INVALID, ROLES_FILE, "%s:1: a map from roles to rights is wanted.",
                    ROLES_FILE);
    for (size_t i = 0; i < value_count(roles); i++)
        TRY(check_role(cx, value_key_at(roles, i), value_at(roles, i)));
    access->roles = roles;
    *ret = access;
    return 0;
}

/* ---- asking ---- */

static const struct value *role_of(const struct access *access, struct str role)
{
    for (size_t i = 0; i < value_count(access->roles); i++)
        if (str_eq(value_key_at(access->roles, i), role))
            return value_at(access->roles, i);
    return NULL;
}

bool access_is_role(const struct access *access, struct str role)
{
    return role_of(access, role) != NULL;
}

const struct value *access_roles(const struct access *access)
{
    return access->roles;
}

static bool has(const struct value *list, struct str id)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_as_text(value_at(list, i)), id))
            return true;
    return false;
}

/* Whether the role has the right whoever the record is about. */
static bool grants(const struct value *role, enum access_right right, struct str register_id)
{
    const struct value *of = value_get(role, rights[right].key);

    if (of == NULL || !rights[right].by_register || register_id.n == 0)
        return of != NULL;
    if (value_type(of) == VALUE_MAP)
        return !has(value_get(of, "all_but"), register_id);
    return value_is_text(of, "all") || has(of, register_id);
}

static bool grants_own(const struct value *role, enum access_right right, struct str register_id,
                       struct str *ret_field)
{
    const struct value *own = rights[right].own != NULL ? value_get(role, rights[right].own) : NULL;

    for (size_t i = 0; i < value_count(own); i++) {
        if (register_id.n > 0 && !str_eq(value_key_at(own, i), register_id))
            continue;
        *ret_field = value_as_text(value_at(own, i));
        return true;
    }
    return false;
}

struct str access_own(const struct access *access, const struct principal *who,
                      enum access_right right, struct str register_id)
{
    const struct value *role = role_of(access, who->role);
    struct str field;

    if (grants(role, right, register_id) || !grants_own(role, right, register_id, &field))
        return STR_NONE;
    return field;
}

bool access_only_drafts(const struct access *access, const struct principal *who)
{
    return value_get_bool(role_of(access, who->role), "drafts");
}

bool access_independent(const struct access *access, const struct principal *who)
{
    return value_get_bool(role_of(access, who->role), "independent");
}

/* ---- rights that are given on ---- */

int access_rights_read(struct ctx *cx, struct str words, unsigned *ret)
{
    unsigned found = 1u << ACCESS_READ;
    struct str word;

    while (words.n > 0 && str_split(&words, ' ', &word)) {
        size_t i = 0;
        while (i < COUNT_OF(rights) && !str_is(word, rights[i].key))
            i++;
        if (word.n > 0 && i == COUNT_OF(rights))
            return fail(cx, RC_INVALID, "right", _("There is no right \"%.*s\"."), STR_ARG(word));
        found |= word.n > 0 ? 1u << i : 0;
    }
    *ret = found;
    return 0;
}

struct str access_rights_text(struct arena *mem, unsigned only)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < COUNT_OF(rights); i++)
        if ((only & 1u << i) != 0)
            buf_printf(&out, "%s%s", out.n > 0 ? " " : "", rights[i].key);
    return buf_str(&out);
}

const char *access_right_key(size_t i)
{
    return i < COUNT_OF(rights) ? rights[i].key : NULL;
}

const char *access_right_text(size_t i)
{
    switch ((enum access_right)i) {
    case ACCESS_READ:
        return _("see records");
    case ACCESS_WRITE:
        return _("add, change and remove records");
    case ACCESS_APPROVE:
        return _("approve, and give what is approved its state");
    case ACCESS_JUDGE:
        return _("ask for verdicts");
    case ACCESS_TRANSFER:
        return _("export, and with the right to write import and make bundles");
    case ACCESS_ADMINISTER:
        return _("decide who takes part, and on registers and rules of your own");
    }
    return NULL;
}

/* Whatever the role has, it was not given on. */
static bool kept_back(const struct principal *who, enum access_right right)
{
    return who->only != 0 && (who->only & 1u << right) == 0;
}

static int not_given(struct ctx *cx, const struct principal *who, enum access_right right)
{
    return fail(cx, RC_DENIED, "right", _("%.*s asks by a token that has not the right to %s."),
                STR_ARG(who->name), rights[right].key);
}

int access_check_given(struct ctx *cx, const struct principal *who, enum access_right right)
{
    return kept_back(who, right) ? not_given(cx, who, right) : 0;
}

int access_check_change(struct ctx *cx, const struct principal *who)
{
    return access_check_given(cx, who, ACCESS_WRITE);
}

static const char *deed(enum access_right right)
{
    switch (right) {
    case ACCESS_READ:
        return _("read");
    case ACCESS_WRITE:
        return _("change");
    case ACCESS_APPROVE:
        return _("approve in");
    case ACCESS_JUDGE:
        return _("ask for a verdict or answer its questions");
    case ACCESS_TRANSFER:
        return _("import, export, back up or move");
    case ACCESS_ADMINISTER:
        break;
    }
    return _("manage members and the organisation's own content");
}

int access_check(struct ctx *cx, const struct access *access, const struct principal *who,
                 enum access_right right, struct str register_id)
{
    const struct value *role = role_of(access, who->role);
    struct str field;

    if (role == NULL)
        return fail(cx, RC_DENIED, "role", _("%.*s has the role %.*s, which is unknown."),
                    STR_ARG(who->name), STR_ARG(who->role));
    TRY(access_check_given(cx, who, right));
    if (grants(role, right, register_id) || grants_own(role, right, register_id, &field))
        return 0;
    struct str what = !rights[right].by_register ? STR_NONE
                      : register_id.n > 0
                          ? str_printf(cx->mem, _(" the register %.*s"), STR_ARG(register_id))
                          : str_of(_(" any register"));

    return fail(cx, RC_DENIED, "role", _("%.*s acts as %.*s, a role that may not %s%.*s."),
                STR_ARG(who->name), STR_ARG(who->role), deed(right), STR_ARG(what));
}
