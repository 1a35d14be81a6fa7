/* The accounts of a home that is served, for whoever runs the server. */
#include "op/call.h"
#include "op/factors.h"
#include "op/table_parts.h"

static struct str organisations_text(struct ctx *cx, const struct value *list)
{
    struct buf out = buf_new(cx->mem);

    for (size_t i = 0; i < value_count(list); i++)
        buf_printf(&out, "%s%.*s", i > 0 ? ", " : "",
                   STR_ARG(value_get_text(value_at(list, i), "name")));
    return buf_str(&out);
}

int op_accounts(struct op_call *call, struct value **ret)
{
    static const char *const columns[] = {"login",         "Signs in as", "organisations",
                                          "Takes part in", "factor",      "Second factor"};
    struct ctx *cx = call->cx;
    struct store *directory = home_directory(call->home);
    struct value *result = value_map(cx->mem), *list, *organisations;

    TRY(accounts_list(cx, directory, &list));
    value_set_int(result, "count", (int64_t)value_count(list));
    (void)shown_table(result, cx->mem, columns, COUNT_OF(columns));
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *account = value_at(list, i);
        struct value *fields = shown_row(result, cx->mem);
        TRY(account_organisations(cx, directory, value_get_text(account, "id"), &organisations));
        value_set_text(fields, "login", value_get_text(account, "login"));
        value_set_text(fields, "organisations", organisations_text(cx, organisations));
        value_set_text(fields, "factor",
                       str_of(value_get_bool(account, "factor") ? _("on") : _("off")));
    }
    shown_if_none(result, _("Nobody has an account. The link of assay serve makes the first."));
    *ret = result;
    return 0;
}

int op_accounts_reset(struct op_call *call, struct value **ret)
{
    struct ctx *cx = call->cx;
    struct store *directory = home_directory(call->home);
    struct value *result = value_map(cx->mem);
    struct str login = call_text(call, "login"), account;

    TRY(account_find(cx, directory, login, &account));
    TRY(factor_reset(cx, directory, account, STR_NONE));
    value_set_text(result, "said",
                   str_printf(cx->mem,
                              _("%.*s signs in by the password alone, and is signed in nowhere. A "
                                "second factor can be set up anew."),
                              STR_ARG(login)));
    *ret = result;
    return 0;
}
