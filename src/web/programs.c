/* What one's programs sign in with. */
#include "op/tokens.h"

#include "access/access.h"
#include "web/handlers.h"
#include "web/view.h"

static int tree_of(struct visit *visit, struct store *directory, struct value **ret)
{
    struct value *tree = value_map(visit->cx->mem), *list;

    TRY(token_list(visit->cx, directory, visit->session.account, &list));
    value_set_text(tree, "schema", STR("assay.tokens/1"));
    value_set(tree, "tokens", list);
    *ret = tree;
    return 0;
}

int programs_show(struct visit *visit, struct value **ret)
{
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    return tree_of(visit, directory, ret);
}

/* ---- making one ---- */

/* "read write", of the boxes that were ticked. */
static struct str rights_of(struct visit *visit)
{
    struct buf out = buf_new(visit->cx->mem);

    for (size_t i = 0; i < visit->form.n; i++)
        if (str_is(visit->form.fields[i].name, "right"))
            buf_printf(&out, "%s%.*s", out.n > 0 ? " " : "", STR_ARG(visit->form.fields[i].value));
    return buf_str(&out);
}

static int make(struct visit *visit, struct store *directory, struct str *ret_id,
                struct str *ret_token)
{
    struct token_wish wish = {.account = visit->session.account,
                              .organisation = parse_get(&visit->form, "organisation"),
                              .name = str_trim(parse_get(&visit->form, "name")),
                              .rights = rights_of(visit),
                              .days = TOKEN_DAYS};
    struct str days = str_trim(parse_get(&visit->form, "days"));

    if (days.n > 0 && !str_to_int(days, &wish.days))
        wish.days = 0;
    TRY(sign_again(visit, directory));
    return token_make(visit->cx, directory, &wish, ret_id, ret_token);
}

/* The page again, with what was wrong and what was typed. */
static int say_wrong(struct visit *visit, struct store *directory, int rc, struct value **ret)
{
    static const char *const typed[] = {"name", "days", "organisation"};
    struct err err = visit->cx->err;

    visit->status = rc == RC_LIMIT && str_is(err.place, "password") ? 429
                    : rc == RC_DENIED                               ? 403
                                                                    : 422;
    if (visit->json || rc == RC_FAIL)
        return rc;
    TRY(tree_of(visit, directory, ret));
    value_set_text(*ret, "wrong", err.text);
    value_set_text(*ret, "rights", rights_of(visit));
    for (size_t i = 0; i < COUNT_OF(typed); i++)
        value_set_text(*ret, typed[i], parse_get(&visit->form, typed[i]));
    return 0;
}

int programs_add(struct visit *visit, struct value **ret)
{
    struct store *directory;
    struct str id, token;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    int rc = make(visit, directory, &id, &token);

    if (rc < 0)
        return say_wrong(visit, directory, rc, ret);
    TRY(tree_of(visit, directory, ret));
    value_set_text(*ret, "id", id);
    value_set_text(*ret, "token", token);
    return 0;
}

int programs_end(struct visit *visit, struct value **ret)
{
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(token_end(visit->cx, directory, visit->session.account, parse_get(&visit->form, "id")));
    visit->redirect = STR("/account/tokens");
    return tree_of(visit, directory, ret);
}

/* ---- the page ---- */

static struct str day_of(struct str instant)
{
    return str_sub(instant, 0, 10);
}

static struct value *line_of(struct visit *visit, const struct value *token, struct str now)
{
    struct value *one = value_copy(visit->cx->mem, token);
    struct str used = value_get_text(token, "used_at"), ends = value_get_text(token, "ends_at");

    value_set_text(one, "ends", day_of(ends));
    value_set_text(one, "where", value_get_text(token, "organisation"));
    value_set_bool(one, "over", str_cmp(ends, now) <= 0);
    value_set_bool(one, "used", used.n > 0);
    value_set_text(one, "used_text",
                   str_printf(visit->cx->mem, "%.*s %.*s UTC", STR_ARG(day_of(used)),
                              STR_ARG(str_sub(used, 11, 5))));
    return one;
}

static struct value *rights_view(struct arena *mem, struct str chosen)
{
    struct value *list = value_list(mem);

    for (size_t i = 0; access_right_key(i) != NULL; i++) {
        struct value *one = value_map(mem);
        value_set_text(one, "id", str_of(access_right_key(i)));
        value_set_text(one, "about", str_of(access_right_text(i)));
        value_set_bool(one, "always", i == ACCESS_READ);
        value_set_bool(one, "on", i == ACCESS_READ || str_has(chosen, access_right_key(i)));
        value_push(list, one);
    }
    return list;
}

int programs_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    const struct value *tokens = value_get(tree, "tokens");
    struct value *list = value_list(mem), *organisations = value_list(mem);
    struct str now = instant_text(mem, host_now_ms(visit->cx));

    for (size_t i = 0; i < value_count(tokens); i++)
        value_push(list, line_of(visit, value_at(tokens, i), now));
    for (size_t i = 0; i < value_count(visit->organisations); i++) {
        struct value *one = value_copy(mem, value_at(visit->organisations, i));
        value_set_bool(one, "on",
                       str_eq(value_get_text(one, "name"), value_get_text(tree, "organisation")));
        value_push(organisations, one);
    }
    value_set(view, "token_list", list);
    value_set_bool(view, "any_tokens", value_count(list) > 0);
    value_set(view, "organisation_list", organisations);
    value_set(view, "right_list", rights_view(mem, value_get_text(tree, "rights")));
    if (value_get_text(tree, "days").n == 0)
        value_set_text(view, "days", str_printf(mem, "%d", TOKEN_DAYS));
    value_set_int(view, "days_most", TOKEN_DAYS_MOST);
    value_set_text(view, "heading", str_of(_("Tokens of your programs")));
    return 0;
}
