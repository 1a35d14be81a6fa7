/* Invitations, and the mail of an organisation. */
#include "op/letters.h"
#include "op/own.h"
#include "web/handlers.h"
#include "web/mailer.h"
#include "web/view.h"

/* ---- invitations ---- */

/* The link, shown to the owner who made it: nobody else gets to see it. */
static int invite_by_link(struct visit *visit, struct store *directory, const struct principal *who,
                          struct value *tree)
{
    struct ctx *cx = visit->cx;
    struct str base = visit->app->url, token;

    TRY(account_invite(cx, directory, visit->org->name, who->person, &token));
    if (base.n == 0)
        base = str_printf(cx->mem, "%s://%.*s", visit->request->tls ? "https" : "http",
                          STR_ARG(visit->request->host));
    value_set_text(tree, "link",
                   str_printf(cx->mem, "%.*s/link/%.*s", STR_ARG(base), STR_ARG(token)));
    return 0;
}

static int invite_by_mail(struct visit *visit, struct store *directory, const struct principal *who,
                          struct value *tree)
{
    struct ctx *cx = visit->cx;
    struct letter letter = {.kind = STR(LETTER_INVITATION),
                            .organisation = visit->org->name,
                            .person = who->person,
                            .asked_by = visit->who.name,
                            .facts = value_map(cx->mem)};

    TRY(own_address(cx, visit->org, who->person, &letter.name, &letter.address));
    if (letter.address.n == 0)
        return fail(cx, RC_INVALID, "person",
                    _("No mail address is recorded of %.*s that can be written to."),
                    STR_ARG(who->name));
    value_set_text(letter.facts, "title", visit->org->title);
    value_set_text(letter.facts, "by", visit->who.name);
    TRY(mailer_post(cx, visit->app, directory, &letter));
    value_set_text(tree, "address", letter.address);
    return 0;
}

/* A link for a member: in a mail, or to pass on. */
int members_invite(struct visit *visit, struct value **ret)
{
    struct ctx *cx = visit->cx;
    struct str id = parse_get(&visit->form, "person");
    struct value *tree = value_map(cx->mem);
    struct store *directory;
    struct principal who;

    TRY(home_principal(cx, visit->org, id.n > 0 ? str_z(cx->mem, id) : "-", &who));
    TRY(desk_directory(cx, visit->desk, &directory));
    value_set_text(tree, "schema", STR("assay.invitation/1"));
    value_set_text(tree, "name", who.name);
    if (str_is(parse_get(&visit->form, "by"), "mail"))
        TRY(invite_by_mail(visit, directory, &who, tree));
    else
        TRY(invite_by_link(visit, directory, &who, tree));
    *ret = tree;
    return 0;
}

/* ---- mail of the organisation ---- */

static int each_letter(void *arg, struct ctx *cx, const struct letter *letter)
{
    static const struct {
        const char *state, *text, *look;
    } texts[] = {
        {"waiting", "waits", "planned"},         {"taken", "is being sent", "planned"},
        {"handed", "is being sent", "planned"},  {"sent", "sent", "done"},
        {"failed", "not delivered", "rejected"}, {"unsure", "perhaps delivered", "in_review"}};
    struct value *one = value_map(cx->mem);
    struct value *list = arg;

    /* Of what went to everybody only what did not arrive is news. */
    if (str_is(letter->kind, LETTER_OWN) && str_is(letter->state, "sent"))
        return 0;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (str_is(letter->state, texts[i].state)) {
            value_set_text(one, "state_text", str_of(_(texts[i].text)));
            value_set_text(one, "look", str_of(texts[i].look));
        }
    value_set_text(one, "id", letter->id);
    value_set_text(one, "name", letter->name);
    value_set_text(one, "address", letter->address);
    value_set_text(one, "what", letter_title(letter->kind));
    value_set_text(one, "state", letter->state);
    value_set_text(one, "said", letter->said);
    value_set_text(one, "at", letter->ended_at.n > 0 ? letter->ended_at : letter->made_at);
    value_set_bool(one, "troubled",
                   str_is(letter->state, "failed") || str_is(letter->state, "unsure"));
    value_push(list, one);
    return ctx_check(cx);
}

/* Mails that wait or were not delivered, and why; those that were, for a day. */
int mail_view(struct visit *visit, struct store *directory, struct value *view)
{
    struct value *list = value_list(visit->cx->mem);

    TRY(outbox_list(visit->cx, directory, visit->org->name, each_letter, list));
    for (size_t i = 0; i < value_count(list); i++) {
        struct value *one = value_at_mut(list, i);
        value_set_text(one, "when", view_instant(visit, value_get_text(one, "at")));
    }
    value_set_bool(view, "sends_mail", visit->app->mailer != NULL);
    value_set_bool(view, "any_mail", value_count(list) > 0);
    value_set(view, "mails", list);
    return 0;
}

static int back_to_members(struct visit *visit, struct value **ret)
{
    visit->redirect = str_printf(visit->cx->mem, "%.*s/members", STR_ARG(visit_base(visit)));
    *ret = value_map(visit->cx->mem);
    value_set_text(*ret, "schema", STR("assay.mail/1"));
    return 0;
}

int mail_again(struct visit *visit, struct value **ret)
{
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(outbox_again(visit->cx, directory, visit->org->name, parse_get(&visit->form, "mail")));
    return back_to_members(visit, ret);
}

int mail_drop(struct visit *visit, struct value **ret)
{
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(outbox_drop(visit->cx, directory, visit->org->name, parse_get(&visit->form, "mail")));
    return back_to_members(visit, ret);
}
