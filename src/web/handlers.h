/* The handlers that the table of routes names. Each makes one value tree; dress functions add what
 * only a page needs. */
#ifndef ASSAY_WEB_HANDLERS_H
#define ASSAY_WEB_HANDLERS_H

#include "web/routes.h"

#define HANDLER(name) MUST_CHECK int name(struct visit *visit, struct value **ret)
#define DRESS(name)                                                                                \
    MUST_CHECK int name(struct visit *visit, const struct value *tree, struct value *view)

/* machine.c */
HANDLER(machine_health);
HANDLER(machine_metrics);
HANDLER(machine_asset);
HANDLER(machine_openapi);

/* sign.c: signing in and out, the links that make accounts. */
HANDLER(sign_home);
HANDLER(sign_show);
HANDLER(sign_in);
HANDLER(sign_out);
HANDLER(link_show);
HANDLER(link_take);
/* Where to go on to: a path of ours, else the start. */
struct str sign_path(struct visit *visit, struct str to);
/* A session for who has shown who they are, in this browser. */
MUST_CHECK int sign_begin(struct visit *visit, struct store *directory, struct str account);
/* The token that marks this browser as one of an account's. */
struct str sign_device(struct visit *visit);
/* Whoever has found a browser open changes nothing of how one signs in: the form has the password
 * again, or the answer of a passkey. */
MUST_CHECK int sign_again(struct visit *visit, struct store *directory);
/* They signed in less than five minutes ago: for accounts without a password that has to do. */
bool sign_fresh(struct visit *visit);

/* passkey.c */
DRESS(passkey_dress);
DRESS(passkeys_dress);
HANDLER(passkey_sign_ask);
HANDLER(passkey_sign_take);
HANDLER(passkeys_show);
HANDLER(passkeys_again);
HANDLER(passkeys_ask);
HANDLER(passkeys_add);
HANDLER(passkeys_drop);
/* Whether browsers would use passkeys at the address by which the server is reached. */
bool passkey_possible(struct visit *visit);
/* The answer to a question for who is signed in. */
MUST_CHECK int passkey_again(struct visit *visit, struct store *directory);

/* factor.c: the second factor. */
DRESS(factor_dress);
HANDLER(factor_ask);
HANDLER(factor_take);
HANDLER(factor_show);
HANDLER(factor_start);
HANDLER(factor_finish);
HANDLER(factor_codes);
HANDLER(factor_drop);
HANDLER(members_factor);
HANDLER(members_factor_drop);
/* After the right password: where the account has a second factor, half a session; its token, and
 * its end. */
MUST_CHECK int factor_needed(struct visit *visit, struct store *directory, struct str account,
                             struct str to, bool *ret);
struct str factor_half(struct visit *visit);
/* What the account can answer with, as the page that asks says it. */
MUST_CHECK int factor_say_ways(struct visit *visit, struct store *directory, struct str account,
                               struct value *tree);
MUST_CHECK int factor_half_end(struct visit *visit, struct store *directory);

/* identity.c: signing in through a provider. */
DRESS(identity_dress);
DRESS(identities_dress);
HANDLER(identity_begin);
HANDLER(identity_back);
HANDLER(identity_out);
HANDLER(identity_told);
HANDLER(identities_show);
HANDLER(identities_link);
HANDLER(identities_drop);
HANDLER(members_domain);
HANDLER(members_domain_drop);
/* Names the provider, where there is one. */
void identity_say(struct visit *visit, struct value *tree);
/* Who waited in this browser for an account to take them waits no longer. */
void identity_leave(struct visit *visit);

/* joining.c: an account for who has come from the provider for the first time, where their address
 * is that of a member, or of a domain whose people may read; else why there is none: "unverified",
 * "there" (they have one already), "untrusted", "unknown". */
struct identity;
MUST_CHECK int joining_find(struct visit *visit, struct store *directory,
                            const struct identity *identity, struct str *ret_account,
                            struct str *ret_why);

/* list.c */
HANDLER(list_show);
DRESS(list_dress);

/* bulk.c */
HANDLER(bulk_show);
HANDLER(bulk_take);
DRESS(bulk_dress);
HANDLER(view_save);
/* The saved views of a register's list. */
MUST_CHECK int views_dress(struct visit *visit, const struct register_def *def, struct value *view);

/* faces.c */
HANDLER(face_show);
HANDLER(face_document);
DRESS(face_dress);

/* record.c */
DRESS(record_dress);
DRESS(history_dress);
HANDLER(remove_show);
DRESS(remove_dress);
HANDLER(remove_take);
HANDLER(search_show);
DRESS(search_dress);
/* "changed by", of what a version did. */
const char *record_act_text(struct str act);
/* Changes as results have them, with names for refs and labels for choices. */
struct value *record_changes_view(struct visit *visit, const struct register_def *def,
                                  const struct value *names, const struct value *changes);

/* ledger.c */
DRESS(ledger_dress);
HANDLER(ledger_checkpoint);
HANDLER(ledger_proof);

/* due.c */
DRESS(due_dress);

/* edit.c */
DRESS(form_dress);
HANDLER(form_new);
HANDLER(form_change);
HANDLER(form_add);
HANDLER(form_set);
HANDLER(advance_show);
HANDLER(advance_take);

/* judge.c */
HANDLER(overview_show);
DRESS(overview_dress);
HANDLER(judge_show);
DRESS(judge_dress);
HANDLER(answer_take);

/* people.c */
HANDLER(members_show);
DRESS(members_dress);
HANDLER(members_add);
HANDLER(members_remove);
HANDLER(account_show);
DRESS(account_dress);
HANDLER(account_password);
HANDLER(account_end);

/* programs.c: what programs sign in with. */
HANDLER(programs_show);
DRESS(programs_dress);
HANDLER(programs_add);
HANDLER(programs_end);

/* reset.c: passwords that are forgotten, and where an account is written to. */
HANDLER(forgot_show);
DRESS(forgot_dress);
HANDLER(forgot_take);
HANDLER(reset_show);
DRESS(reset_dress);
HANDLER(reset_set);
HANDLER(account_address_take);
/* A mail that one's own password was changed. */
void reset_tell_password(struct visit *visit, struct store *directory);
/* Adds `address` to what one's own account is. */
MUST_CHECK int reset_address_view(struct visit *visit, struct store *directory, struct value *tree);

/* own.c: what concerns people by a link of their own, and whom to send one. */
HANDLER(own_show);
DRESS(own_dress);
HANDLER(own_confirm);
HANDLER(own_report);
HANDLER(own_report_take);
DRESS(own_people_dress);
HANDLER(own_send);
HANDLER(own_ask);
HANDLER(own_revoke);

/* mail.c */
HANDLER(members_invite);
HANDLER(mail_again);
HANDLER(mail_drop);
/* What waits or was not delivered, for the page of those who take part. */
MUST_CHECK int mail_view(struct visit *visit, struct store *directory, struct value *view);

/* file.c */
HANDLER(file_show);

/* work.c: what takes long. */
HANDLER(job_show);
DRESS(job_dress);
HANDLER(job_file);
HANDLER(job_stop);
HANDLER(export_page);
DRESS(export_dress);
HANDLER(export_take);
HANDLER(bundle_take);
struct job;
/* To the page of a job that was begun. */
MUST_CHECK int work_begun(struct visit *visit, const struct job *job, struct value **ret);

/* operation.c: operations for programs. */
HANDLER(operation_take);

/* transfer.c */
HANDLER(import_show);
DRESS(import_dress);
HANDLER(import_take);
HANDLER(export_show);

#endif
