#include "op/letters.h"

#include "base/file.h"
#include "op/accounts.h"
#include "op/message.h"
#include "op/own.h"
#include "op/resets.h"
#include "register/record.h"

#define SECONDS 60u
#define PASSWORD_BYTES 1024u
#define AUTHORITIES_BYTES ((size_t)1024 * 1024)
#define NAME_BYTES 120u

/* ---- settings ---- */

/* Its first line. */
static int read_password(struct ctx *cx, const char *path, struct str *ret)
{
    struct str rest;

    TRY(file_read(cx, "mail-password-file", path, PASSWORD_BYTES, &rest));
    if (!str_split(&rest, '\n', ret) || str_trim(*ret).n == 0 ||
        str_find_char(*ret, '\0', 0) != SIZE_MAX)
        return fail(cx, RC_INVALID, "mail-password-file",
                    _("%s has no password in its first line."), path);
    if (ret->p[ret->n - 1] == '\r')
        ret->n--;
    return 0;
}

int mail_settings_read(struct ctx *cx, const char *server, const char *from,
                       const char *password_file, const char *authorities_file,
                       struct mail_settings *ret)
{
    *ret = (struct mail_settings){.server = {.url = str_of(server), .seconds = SECONDS}};
    if (server == NULL)
        return fail(cx, RC_INVALID, "mail",
                    _("Say which server takes mail: --mail smtps://user@mail.example.org:465."));
    if (from == NULL)
        return fail(cx, RC_INVALID, "mail-from",
                    _("Say from which address mail comes: --mail-from isms@example.org."));
    TRY(mail_check_url(cx, "mail", ret->server.url));
    TRY(message_split_address(cx, "mail-from", str_of(from), &ret->from_name, &ret->from));
    if (password_file != NULL)
        TRY(read_password(cx, password_file, &ret->server.password));
    if (authorities_file != NULL)
        TRY(file_read(cx, "mail-authorities", authorities_file, AUTHORITIES_BYTES,
                      &ret->server.authorities));
    if (ret->from_name.n == 0)
        ret->from_name = STR("Assay");
    return 0;
}

/* ---- what they say ---- */

/* A name within a sentence: one line, and no longer than a name is. */
static struct str named(struct arena *mem, struct str name)
{
    struct str line = str_copy(mem, name);
    char *p = str_z(mem, line);

    for (char *c = p; *c != '\0'; c++)
        *c = (unsigned char)*c < ' ' ? ' ' : *c;
    return str_cut(mem, str_squeeze(mem, str_of(p)), NAME_BYTES);
}

static struct str fact(struct arena *mem, const struct letter *letter, const char *name)
{
    return named(mem, value_get_text(letter->facts, name));
}

static int write_invitation(struct ctx *cx, struct store *directory, struct str url,
                            const struct letter *letter, struct str *ret_subject,
                            struct str *ret_text)
{
    struct arena *mem = cx->mem;
    struct str token, title = fact(mem, letter, "title"), by = fact(mem, letter, "by");

    TRY(account_invite_by_mail(cx, directory, letter->organisation, letter->person, letter->address,
                               &token));
    *ret_subject = str_printf(mem, _("%.*s: your invitation"), STR_ARG(title));
    *ret_text = str_printf(
        mem,
        _("Hello %.*s,\n\n"
          "%.*s invites you to take part in the information security records of %.*s, which are "
          "kept in Assay.\n\n"
          "This link makes your account. It works once, within seven days:\n\n"
          "   %.*s/link/%.*s\n\n"
          "Do not pass it on: whoever opens it becomes you there. If you do not know what this is "
          "about, ask %.*s, or delete this mail.\n"),
        STR_ARG(named(mem, letter->name)), STR_ARG(by), STR_ARG(title), STR_ARG(url),
        STR_ARG(token), STR_ARG(by));
    return 0;
}

static int write_reset(struct ctx *cx, struct store *directory, struct str url,
                       const struct letter *letter, struct str *ret_subject, struct str *ret_text)
{
    struct str token, login;

    TRY(reset_make(cx, directory, letter->account, &token, &login));
    *ret_subject = str_of(_("A new password for Assay"));
    *ret_text = str_printf(
        cx->mem,
        _("Hello,\n\n"
          "somebody, you we hope, has forgotten the password of %.*s at %.*s.\n\n"
          "This link sets a new one. It works once, within an hour:\n\n"
          "   %.*s/reset/%.*s\n\n"
          "If you did not ask for it, there is nothing to do: nothing was changed, and nobody but "
          "you has this link.\n"),
        STR_ARG(named(cx->mem, login)), STR_ARG(url), STR_ARG(url), STR_ARG(token));
    return 0;
}

static int write_changed(struct ctx *cx, UNUSED struct store *directory, struct str url,
                         const struct letter *letter, struct str *ret_subject, struct str *ret_text)
{
    struct arena *mem = cx->mem;
    struct str at = fact(mem, letter, "at");

    *ret_subject = str_of(_("Your account in Assay was changed"));
    *ret_text = str_printf(
        mem,
        _("Hello,\n\n"
          "of the account %.*s at %.*s: %.*s (%.*s, %.*s UTC).\n\n"
          "If that was you, there is nothing to do. If it was not, set a new password at once (it "
          "is "
          "\"Forgotten?\" where you sign in), and tell an owner of your organisation.\n"),
        STR_ARG(named(mem, letter->name)), STR_ARG(url), STR_ARG(fact(mem, letter, "what")),
        STR_ARG(str_sub(at, 0, 10)), STR_ARG(str_sub(at, 11, 5)));
    return 0;
}

/* A line each of what waits. */
static struct str waiting_lines(struct arena *mem, const struct letter *letter)
{
    struct str rest = value_get_text(letter->facts, "waits"), line;
    struct buf out = buf_new(mem);

    while (rest.n > 0 && str_split(&rest, '\n', &line))
        buf_printf(&out, "   - %.*s\n", STR_ARG(named(mem, line)));
    if (out.n > 0)
        buf_char(&out, '\n');
    return buf_str(&out);
}

static int write_own(struct ctx *cx, struct store *directory, struct str url,
                     const struct letter *letter, struct str *ret_subject, struct str *ret_text)
{
    struct arena *mem = cx->mem;
    struct str token, ends_at, title = fact(mem, letter, "title"), by = fact(mem, letter, "by");
    struct value *own;

    TRY(own_load(cx, &own));
    TRY(own_link_make(cx, directory, letter->organisation, letter->person, letter->asked_by,
                      value_get_int(own, "days", 14), &token, &ends_at));
    struct str lines = waiting_lines(mem, letter);

    *ret_subject = str_printf(mem, _("%.*s: what concerns you"), STR_ARG(title));
    *ret_text = str_printf(
        mem,
        _("Hello %.*s,\n\n"
          "%s\n\n%.*s"
          "Your own page, without an account or a password, until %.*s:\n\n"
          "   %.*s/own/%.*s\n\n"
          "There you can also report, at any time, what looks wrong to you. The link is yours "
          "alone: whoever has it acts in your name. %.*s has asked for this mail.\n"),
        STR_ARG(named(mem, letter->name)),
        lines.n > 0 ? _("for the security of information at your work, you are asked for this:")
                    : _("this is where you see what concerns you about the security of information "
                        "at your work."),
        STR_ARG(lines), STR_ARG(str_sub(ends_at, 0, 10)), STR_ARG(url), STR_ARG(token),
        STR_ARG(by));
    return 0;
}

static const struct {
    const char *kind, *title;
    int (*write)(struct ctx *cx, struct store *directory, struct str url,
                 const struct letter *letter, struct str *ret_subject, struct str *ret_text);
} kinds[] = {
    {LETTER_INVITATION, "invitation", write_invitation},
    {LETTER_OWN, "what concerns them", write_own},
    {LETTER_RESET, "new password", write_reset},
    {LETTER_CHANGED, "account changed", write_changed},
};

struct str letter_title(struct str kind)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_is(kind, kinds[i].kind))
            return str_of(_(kinds[i].title));
    return kind;
}

int letter_write(struct ctx *cx, struct store *directory, struct str url,
                 const struct letter *letter, struct str *ret_subject, struct str *ret_text)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_is(letter->kind, kinds[i].kind))
            return kinds[i].write(cx, directory, url, letter, ret_subject, ret_text);
    return fail(cx, RC_INVALID, "kind", _("There is no mail of the kind %.*s."),
                STR_ARG(letter->kind));
}

/* ---- sending ---- */

struct handing {
    struct store *directory;
    struct str id;
};

static int hand_over(void *arg, struct ctx *cx)
{
    const struct handing *h = arg;

    return outbox_handed(cx, h->directory, h->id);
}

static int compose(struct ctx *cx, struct store *directory, const struct mail_settings *settings,
                   const struct letter *letter, struct str *ret)
{
    struct message message = {.from = settings->from,
                              .from_name = settings->from_name,
                              .to = letter->address,
                              .to_name = letter->name,
                              .id = letter->id,
                              .at_ms = host_now_ms(cx)};

    TRY(letter_write(cx, directory, settings->url, letter, &message.subject, &message.text));
    return message_compose(cx, &message, ret);
}

int letter_send_next(struct ctx *cx, struct store *directory, const struct mail_settings *settings,
                     bool early, struct letter *ret_letter, struct mailed *ret, bool *ret_any)
{
    struct str bytes;

    TRY(outbox_take(cx, directory, early, ret_letter, ret_any));
    if (!*ret_any)
        return 0;
    struct handing handing = {directory, ret_letter->id};
    int rc = compose(cx, directory, settings, ret_letter, &bytes);

    if (rc == RC_INVALID || rc == RC_NOT_FOUND) {
        *ret = (struct mailed){MAIL_REFUSED, cx->err.text};
        cx->err = (struct err){.rc = RC_OK};
        return outbox_give_up(cx, directory, ret_letter->id, ret->said);
    }
    TRY(rc);
    rc = mail_send(cx, &settings->server, settings->from, ret_letter->address, bytes, hand_over,
                   &handing, ret);
    if (rc == RC_CONFLICT) { /* somebody took it away meanwhile */
        *ret = (struct mailed){MAIL_LATER, cx->err.text};
        cx->err = (struct err){.rc = RC_OK};
        return 0;
    }
    TRY(rc);
    return outbox_end(cx, directory, ret_letter->id, ret);
}

int letter_try(struct ctx *cx, const struct mail_settings *settings, struct str to,
               struct mailed *ret)
{
    struct message message = {
        .from = settings->from,
        .from_name = settings->from_name,
        .to = to,
        .subject = str_of(_("Mail from Assay works")),
        .text = str_of(_("Hello,\n\nthis mail was sent to try whether Assay can send mail. It can: "
                         "there is nothing to do.\n")),
        .id = record_id_new(cx),
        .at_ms = host_now_ms(cx)};
    struct str bytes;

    TRY(message_compose(cx, &message, &bytes));
    return mail_send(cx, &settings->server, settings->from, to, bytes, NULL, NULL, ret);
}
