/* The operations that the table lists: each gets its checked arguments and makes a value tree. */
#ifndef ASSAY_OP_TABLE_PARTS_H
#define ASSAY_OP_TABLE_PARTS_H

#include "op/table.h"

/* op_home.c */
MUST_CHECK int op_init(struct op_call *call, struct value **ret);
MUST_CHECK int op_organisations(struct op_call *call, struct value **ret);
MUST_CHECK int op_organisations_add(struct op_call *call, struct value **ret);
MUST_CHECK int op_doctor(struct op_call *call, struct value **ret);

/* op_members.c */
MUST_CHECK int op_members(struct op_call *call, struct value **ret);
MUST_CHECK int op_members_add(struct op_call *call, struct value **ret);
MUST_CHECK int op_members_remove(struct op_call *call, struct value **ret);

/* op_accounts.c */
MUST_CHECK int op_accounts(struct op_call *call, struct value **ret);
MUST_CHECK int op_accounts_reset(struct op_call *call, struct value **ret);

/* op_tokens.c */
MUST_CHECK int op_tokens(struct op_call *call, struct value **ret);
MUST_CHECK int op_tokens_add(struct op_call *call, struct value **ret);
MUST_CHECK int op_tokens_end(struct op_call *call, struct value **ret);

/* op_mail.c */
MUST_CHECK int op_mail_test(struct op_call *call, struct value **ret);
MUST_CHECK int op_mail_send(struct op_call *call, struct value **ret);
MUST_CHECK int op_mail_list(struct op_call *call, struct value **ret);
MUST_CHECK int op_mail_again(struct op_call *call, struct value **ret);
MUST_CHECK int op_mail_drop(struct op_call *call, struct value **ret);

/* op_own.c */
MUST_CHECK int op_own(struct op_call *call, struct value **ret);
MUST_CHECK int op_own_send(struct op_call *call, struct value **ret);
MUST_CHECK int op_own_revoke(struct op_call *call, struct value **ret);
MUST_CHECK int op_own_ask(struct op_call *call, struct value **ret);

/* op_read.c */
MUST_CHECK int op_list(struct op_call *call, struct value **ret);
MUST_CHECK int op_show(struct op_call *call, struct value **ret);
MUST_CHECK int op_search(struct op_call *call, struct value **ret);

/* op_due.c */
MUST_CHECK int op_due(struct op_call *call, struct value **ret);

/* op_face.c */
MUST_CHECK int op_face(struct op_call *call, struct value **ret);

/* op_past.c */
MUST_CHECK int op_history(struct op_call *call, struct value **ret);
MUST_CHECK int op_diff(struct op_call *call, struct value **ret);

/* op_write.c */
MUST_CHECK int op_add(struct op_call *call, struct value **ret);
MUST_CHECK int op_set(struct op_call *call, struct value **ret);
MUST_CHECK int op_advance(struct op_call *call, struct value **ret);
MUST_CHECK int op_remove(struct op_call *call, struct value **ret);

/* op_bulk.c */
MUST_CHECK int op_bulk(struct op_call *call, struct value **ret);

/* op_erase.c */
MUST_CHECK int op_erase(struct op_call *call, struct value **ret);

/* op_files.c */
MUST_CHECK int op_fetch(struct op_call *call, struct value **ret);
MUST_CHECK int op_vault_scrub(struct op_call *call, struct value **ret);

/* op_registers.c */
MUST_CHECK int op_registers_list(struct op_call *call, struct value **ret);

/* op_judge.c */
MUST_CHECK int op_judge(struct op_call *call, struct value **ret);
MUST_CHECK int op_answer(struct op_call *call, struct value **ret);

/* op_content.c */
MUST_CHECK int op_content_add(struct op_call *call, struct value **ret);
MUST_CHECK int op_content_list(struct op_call *call, struct value **ret);
MUST_CHECK int op_content_remove(struct op_call *call, struct value **ret);

/* op_import.c, op_export.c */
MUST_CHECK int op_import_check(struct ctx *cx, const struct value *args);
MUST_CHECK int op_import(struct op_call *call, struct value **ret);
MUST_CHECK int op_export_check(struct ctx *cx, const struct value *args);
MUST_CHECK int op_export(struct op_call *call, struct value **ret);

/* op_stamp.c */
MUST_CHECK int op_ledger_stamp(struct op_call *call, struct value **ret);

/* op_ledger.c */
MUST_CHECK int op_ledger_list(struct op_call *call, struct value **ret);
MUST_CHECK int op_ledger_status(struct op_call *call, struct value **ret);
MUST_CHECK int op_ledger_checkpoint(struct op_call *call, struct value **ret);
MUST_CHECK int op_ledger_rotate(struct op_call *call, struct value **ret);
MUST_CHECK int op_ledger_prove(struct op_call *call, struct value **ret);
MUST_CHECK int op_ledger_consistency(struct op_call *call, struct value **ret);
MUST_CHECK int op_ledger_verify(struct op_call *call, struct value **ret);

/* op_keep.c */
MUST_CHECK int op_backup(struct op_call *call, struct value **ret);
MUST_CHECK int op_restore(struct op_call *call, struct value **ret);
MUST_CHECK int op_move(struct op_call *call, struct value **ret);

/* op_bundle.c */
MUST_CHECK int op_bundle(struct op_call *call, struct value **ret);

#endif
