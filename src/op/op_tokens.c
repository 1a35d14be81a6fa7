/* The tokens of a served home's accounts, for whoever runs the server. */
#include "op/call.h"
#include "op/table_parts.h"
#include "op/tokens.h"

int op_tokens(struct op_call *call, struct value **ret)
{
    static const char *const columns[] = {"login",  "Signs in as",  "name", "For",  "rights",
                                          "Rights", "organisation", "In",   "used", "Last used",
                                          "ends",   "Ends",         "id",   "Token"};
    struct ctx *cx = call->cx;
    struct store *directory = home_directory(call->home);
    struct value *result = value_map(cx->mem), *list;
    struct str login = call_text(call, "login"), account = STR_NONE;

    if (login.n > 0)
        TRY(account_find(cx, directory, login, &account));
    TRY(token_list(cx, directory, account, &list));
    value_set_int(result, "count", (int64_t)value_count(list));
    (void)shown_table(result, cx->mem, columns, COUNT_OF(columns));
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *token = value_at(list, i);
        struct value *fields = shown_row(result, cx->mem);
        struct str organisation = value_get_text(token, "organisation"),
                   used = value_get_text(token, "used_at");
        value_set_text(fields, "login", value_get_text(token, "login"));
        value_set_text(fields, "name", value_get_text(token, "name"));
        value_set_text(fields, "rights", value_get_text(token, "rights"));
        value_set_text(fields, "organisation",
                       organisation.n > 0 ? organisation : str_of(_("all")));
        value_set_text(fields, "used", used.n > 0 ? str_sub(used, 0, 10) : str_of(_("never")));
        value_set_text(fields, "ends", str_sub(value_get_text(token, "ends_at"), 0, 10));
        value_set_text(fields, "id", value_get_text(token, "id"));
    }
    shown_if_none(result, _("No program has a token."));
    *ret = result;
    return 0;
}

static struct str rights_of(struct op_call *call)
{
    const struct value *rights = call_many(call, "right");
    struct buf out = buf_new(call->cx->mem);

    for (size_t i = 0; i < value_count(rights); i++)
        buf_printf(&out, "%s%.*s", i > 0 ? " " : "", STR_ARG(value_as_text(value_at(rights, i))));
    return buf_str(&out);
}

int op_tokens_add(struct op_call *call, struct value **ret)
{
    struct ctx *cx = call->cx;
    struct store *directory = home_directory(call->home);
    struct value *result = value_map(cx->mem);
    struct str days = call_text(call, "days"), id, token;
    struct token_wish wish = {.organisation = call_text(call, "organisation"),
                              .name = call_text(call, "name"),
                              .rights = rights_of(call),
                              .days = TOKEN_DAYS};

    if (days.n > 0 && !str_to_int(days, &wish.days))
        wish.days = 0;
    TRY(account_find(cx, directory, call_text(call, "login"), &wish.account));
    TRY(token_make(cx, directory, &wish, &id, &token));
    /* Alone on its line, so that a program can take it. */
    value_set_text(result, "said", token);
    value_set_text(result, "token", token);
    value_set_text(result, "id", id);
    *ret = result;
    return 0;
}

int op_tokens_end(struct op_call *call, struct value **ret)
{
    struct value *result = value_map(call->cx->mem);
    struct str id = call_text(call, "token");

    TRY(token_end(call->cx, home_directory(call->home), STR_NONE, id));
    value_set_text(
        result, "said",
        str_printf(call->cx->mem, _("The token %.*s is of no use any more."), STR_ARG(id)));
    *ret = result;
    return 0;
}
