/* Checkpoints of the ledger: what stands there, signed. */
#include "register/record_parts.h"

#define TRIES 5u /* others may have signed a larger tree meanwhile */

struct signing {
    struct log *log;
    uint64_t size;
};

static int prove(void *arg, struct ctx *cx, uint64_t old, struct merkle_proof *ret)
{
    const struct signing *signing = arg;

    return log_consistency(cx, signing->log, old, signing->size, ret);
}

static int keep(struct ctx *cx, const struct record_store *rs, const struct log_head *head,
                struct str note)
{
    const struct log_checkpoint checkpoint = {
        .size = head->frontier.size, .note = note, .at = head->at};
    struct str keys[KEEPER_LOG_KEYS];
    size_t n = 0;

    TRY(rs->keys->public_keys(rs->keys, cx, head->origin, keys, &n));
    return log_checkpoint_put(cx, record_log(rs), &checkpoint, keys, n);
}

/* `*ret_again` where somebody else was faster and the head is a later one by now. */
static int sign(struct ctx *cx, const struct record_store *rs, const struct log_head *head,
                bool *ret_again)
{
    struct signing signing = {record_log(rs), head->frontier.size};
    const struct checkpoint checkpoint = {
        .origin = head->origin, .size = head->frontier.size, .root = head->root};
    enum keeper_stand stand = KEEPER_AHEAD;
    struct log_head now;
    struct str note;

    *ret_again = false;
    int rc = rs->keys->sign(rs->keys, cx, &checkpoint, prove, &signing, &stand, &note);

    if (rc == 0)
        return keep(cx, rs, head, note);
    if (rc != RC_CONFLICT || stand != KEEPER_BEHIND)
        return rc;
    const struct err err = cx->err;
    TRY(log_head(cx, record_log(rs), &now));
    *ret_again = now.frontier.size > head->frontier.size;
    cx->err = err;
    return *ret_again ? 0 : rc;
}

int record_checkpoint(struct ctx *cx, const struct record_store *rs, uint64_t *ret)
{
    struct log_checkpoint last;
    struct log_head head;
    bool again = true;

    for (unsigned i = 0; again; i++) {
        TRY(log_head(cx, record_log(rs), &head));
        TRY(log_checkpoint_last(cx, record_log(rs), UINT64_MAX, &last));
        *ret = head.frontier.size;
        if (last.size == head.frontier.size)
            return 0;
        TRY(sign(cx, rs, &head, &again));
        if (again && i == TRIES)
            return fail(cx, RC_CONFLICT, NULL,
                        _("Others write so fast that no checkpoint could be signed; try again."));
    }
    return 0;
}
