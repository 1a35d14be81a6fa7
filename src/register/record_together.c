#include "register/record_together.h"

#include "register/record_parts.h"
#include "register/record_search.h"

int record_together_begin(struct ctx *cx, struct record_store *rs, struct record_together *ret)
{
    *ret = (struct record_together){.mem = cx->mem};
    rs->together = NULL;
    if (rs->keys != NULL)
        TRY(log_batch_begin(cx, record_log(rs), &ret->ledger));
    rs->together = ret;
    return 0;
}

int record_together_end(struct ctx *cx, struct record_store *rs)
{
    const struct record_together *together = rs->together;

    rs->together = NULL;
    TRY(record_search_settle(cx, rs, together));
    return rs->keys != NULL ? log_batch_end(cx, record_log(rs), &together->ledger) : 0;
}

void record_together_back(struct record_together *together, const struct record_together *before)
{
    together->n = before->n;
    together->ledger = before->ledger;
}
