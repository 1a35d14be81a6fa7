/* Operations on mail, for whoever runs the server and for the server itself. */
#include "op/call.h"
#include "op/letters.h"
#include "op/message.h"
#include "op/resets.h"
#include "op/table_parts.h"

static const char *text_or_null(const struct op_call *call, const char *name)
{
    struct str text = call_text(call, name);

    return text.n > 0 ? str_z(call->cx->mem, text) : NULL;
}

static int settings_of(struct op_call *call, struct mail_settings *ret)
{
    TRY(mail_settings_read(call->cx, text_or_null(call, "mail"), text_or_null(call, "mail-from"),
                           text_or_null(call, "mail-password-file"),
                           text_or_null(call, "mail-authorities"), ret));
    ret->url = call_text(call, "url");
    while (ret->url.n > 0 && ret->url.p[ret->url.n - 1] == '/')
        ret->url.n--;
    return 0;
}

/* ---- trying ---- */

int op_mail_test(struct op_call *call, struct value **ret)
{
    static const enum rc codes[] = {
        [MAIL_LATER] = RC_NOT_FOUND, [MAIL_REFUSED] = RC_DENIED, [MAIL_UNSURE] = RC_FAIL};
    struct ctx *cx = call->cx;
    struct str to = call_text(call, "address");
    struct value *result = value_map(cx->mem);
    struct mail_settings settings;
    struct mailed mailed;

    TRY(settings_of(call, &settings));
    TRY(message_check_address(cx, "address", to));
    TRY(letter_try(cx, &settings, to, &mailed));
    if (mailed.outcome != MAIL_SENT)
        return fail(cx, codes[mailed.outcome], "mail", "%.*s", STR_ARG(mailed.said));
    value_set_text(result, "said",
                   str_printf(cx->mem,
                              _("The server has taken a mail to %.*s. Look whether it "
                                "arrives, and where."),
                              STR_ARG(to)));
    *ret = result;
    return 0;
}

/* ---- sending ---- */

static struct str outcome_text(const struct mailed *mailed)
{
    static const char *const texts[] = {[MAIL_SENT] = "sent",
                                        [MAIL_LATER] = "later",
                                        [MAIL_REFUSED] = "refused",
                                        [MAIL_UNSURE] = "unsure"};

    return str_of(texts[mailed->outcome]);
}

/* What waits, each once. */
int op_mail_send(struct op_call *call, struct value **ret)
{
    struct ctx *cx = call->cx;
    struct value *result = value_map(cx->mem), *list = value_list(cx->mem);
    struct store *directory = home_directory(call->home);
    struct mail_settings settings;
    int64_t most = 0, sent = 0;
    bool any = true;

    TRY(settings_of(call, &settings));
    TRY(reset_look(cx, directory));
    (void)str_to_int(call_text(call, "most"), &most);
    for (int64_t n = 0; any && (most == 0 || n < most) && n < 10000; n++) {
        struct letter letter;
        struct mailed mailed;
        TRY(letter_send_next(cx, directory, &settings, false, &letter, &mailed, &any));
        if (!any)
            break;
        struct value *one = value_map(cx->mem);
        value_set_text(one, "id", letter.id);
        value_set_text(one, "kind", letter.kind);
        value_set_text(one, "outcome", outcome_text(&mailed));
        if (mailed.said.n > 0)
            value_set_text(one, "said", mailed.said);
        value_push(list, one);
        sent += mailed.outcome == MAIL_SENT;
    }
    TRY(outbox_forget(cx, directory));
    value_set(result, "mails", list);
    value_set_int(result, "sent", sent);
    value_set_text(result, "said",
                   value_count(list) == 0
                       ? str_of(_("No mail is due."))
                       : str_printf(cx->mem,
                                    _("%lld of %zu mails were sent. What became of the others: "
                                      "assay mail list."),
                                    (long long)sent, value_count(list)));
    *ret = result;
    return 0;
}

/* ---- looking at it ---- */

struct listing {
    struct value *result;
};

static int list_one(void *arg, struct ctx *cx, const struct letter *letter)
{
    const struct listing *l = arg;
    struct value *fields = shown_row(l->result, cx->mem);

    value_set_text(fields, "id", str_from(letter->id, letter->id.n > 8 ? letter->id.n - 8 : 0));
    value_set_text(fields, "made", str_sub(letter->made_at, 0, 16));
    value_set_text(fields, "kind", letter->kind);
    value_set_text(fields, "to", letter->address);
    value_set_text(fields, "state", letter->state);
    value_set_int(fields, "tries", letter->tries);
    value_set_text(fields, "said", letter->said);
    return 0;
}

int op_mail_list(struct op_call *call, struct value **ret)
{
    static const char *const columns[] = {"id",    "Mail",  "made", "Asked for", "kind",
                                          "What",  "to",    "To",   "state",     "State",
                                          "tries", "Tries", "said", "Why"};
    struct ctx *cx = call->cx;
    struct value *result = value_map(cx->mem);
    struct listing listing = {result};

    struct value *rows = shown_table(result, cx->mem, columns, COUNT_OF(columns));
    TRY(outbox_list(cx, home_directory(call->home), STR_NONE, list_one, &listing));
    value_set_int(result, "count", (int64_t)value_count(rows));
    shown_if_none(result, _("There is no mail."));
    *ret = result;
    return 0;
}

static int said(struct op_call *call, const char *text, struct value **ret)
{
    *ret = value_map(call->cx->mem);
    value_set_text(*ret, "said", str_of(text));
    return 0;
}

int op_mail_again(struct op_call *call, struct value **ret)
{
    TRY(outbox_again(call->cx, home_directory(call->home), STR_NONE, call_text(call, "mail")));
    return said(call, _("It is sent as soon as a server is there for it."), ret);
}

int op_mail_drop(struct op_call *call, struct value **ret)
{
    TRY(outbox_drop(call->cx, home_directory(call->home), STR_NONE, call_text(call, "mail")));
    return said(call, _("It is not sent any more, and forgotten."), ret);
}
