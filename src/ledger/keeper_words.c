/*
 * The messages between a keeper and its parent: one packet each way. Numbers are those of the
 * machine, since both ends are the same program; lengths are checked as if they were not.
 */
#include "ledger/keeper_parts.h"

#define REQUEST_MAGIC 0x4173736bu
#define ANSWER_MAGIC 0x4173736cu

struct request_head {
    uint32_t magic, what, origin, n;
    uint64_t old, size;
    struct hash root;
};

struct answer_head {
    uint32_t magic;
    int32_t rc;
    uint32_t stand, text, n, item;
    uint64_t size;
    struct hash root;
};

size_t keeper_item_in(enum keeper_what what)
{
    switch (what) {
    case KEEPER_WRAP:
        return KEEPER_KEY_BYTES;
    case KEEPER_UNWRAP:
        return KEEPER_WRAPPED_BYTES;
    case KEEPER_SIGN:
        return HASH_BYTES;
    case KEEPER_ROTATE:
    case KEEPER_FORGET:
    case KEEPER_PUBLIC:
    case KEEPER_ROTATE_LOG:
    case KEEPER_LAST:
    case KEEPER_LINKS:
        break;
    }
    return 0;
}

size_t keeper_item_out(enum keeper_what what)
{
    return what == KEEPER_WRAP     ? KEEPER_WRAPPED_BYTES
           : what == KEEPER_UNWRAP ? KEEPER_KEY_BYTES
                                   : 0;
}

static bool is_about_log(enum keeper_what what)
{
    return what == KEEPER_PUBLIC || what == KEEPER_ROTATE_LOG || what == KEEPER_LAST ||
           what == KEEPER_SIGN || what == KEEPER_LINKS;
}

/* A head, a text and items, one behind the other. */
static bool put(const void *head, size_t head_n, struct str text, const void *items, size_t items_n,
                unsigned char *room, size_t *ret_n)
{
    if (text.n > KEEPER_MESSAGE_BYTES || items_n > KEEPER_MESSAGE_BYTES ||
        head_n + text.n + items_n > KEEPER_MESSAGE_BYTES)
        return false;
    memcpy(room, head, head_n);
    if (text.n > 0)
        memcpy(room + head_n, text.p, text.n);
    if (items_n > 0)
        memcpy(room + head_n + text.n, items, items_n);
    *ret_n = head_n + text.n + items_n;
    return true;
}

bool keeper_request_put(const struct keeper_request *request, unsigned char *room, size_t *ret_n)
{
    struct request_head head = {.magic = REQUEST_MAGIC,
                                .what = (uint32_t)request->what,
                                .origin = (uint32_t)request->origin.n,
                                .n = (uint32_t)request->n,
                                .old = request->old,
                                .size = request->size,
                                .root = request->root};

    if (request->origin.n > KEEPER_ORIGIN_BYTES || request->n > KEEPER_MANY)
        return false;
    return put(&head, sizeof head, request->origin, request->items,
               request->n * keeper_item_in(request->what), room, ret_n);
}

bool keeper_request_get(const unsigned char *bytes, size_t n, struct keeper_request *ret)
{
    struct request_head head;

    if (n < sizeof head)
        return false;
    memcpy(&head, bytes, sizeof head);
    if (head.magic != REQUEST_MAGIC || head.what < KEEPER_WRAP || head.what > KEEPER_LINKS ||
        head.origin > KEEPER_ORIGIN_BYTES)
        return false;
    enum keeper_what what = (enum keeper_what)head.what;
    size_t item = keeper_item_in(what);
    if (is_about_log(what) != (head.origin > 0) || (item == 0 && head.n > 0) ||
        head.n > (what == KEEPER_SIGN ? MERKLE_PROOF : KEEPER_MANY) ||
        n != sizeof head + head.origin + head.n * item)
        return false;
    *ret = (struct keeper_request){
        .what = what,
        .origin = {(const char *)bytes + sizeof head, head.origin},
        .items = bytes + sizeof head + head.origin,
        .n = head.n,
        .item_bytes = item,
        .old = head.old,
        .size = head.size,
        .root = head.root,
    };
    return true;
}

bool keeper_answer_put(const struct keeper_answer *answer, unsigned char *room, size_t *ret_n)
{
    struct answer_head head = {.magic = ANSWER_MAGIC,
                               .rc = answer->rc,
                               .stand = answer->stand,
                               .text = (uint32_t)answer->text.n,
                               .n = (uint32_t)answer->n,
                               .item = (uint32_t)answer->item_bytes,
                               .size = answer->size,
                               .root = answer->root};

    return put(&head, sizeof head, answer->text, answer->items, answer->n * answer->item_bytes,
               room, ret_n);
}

bool keeper_answer_get(const unsigned char *bytes, size_t n, struct keeper_answer *ret)
{
    struct answer_head head;

    if (n < sizeof head)
        return false;
    memcpy(&head, bytes, sizeof head);
    if (head.magic != ANSWER_MAGIC || head.rc > 0 || head.rc < RC_FAIL ||
        head.stand > KEEPER_LOST || head.text > KEEPER_MESSAGE_BYTES || head.n > KEEPER_MANY ||
        head.item > KEEPER_WRAPPED_BYTES ||
        n != sizeof head + head.text + (size_t)head.n * head.item)
        return false;
    *ret = (struct keeper_answer){
        .rc = head.rc,
        .stand = head.stand,
        .text = {(const char *)bytes + sizeof head, head.text},
        .items = bytes + sizeof head + head.text,
        .n = head.n,
        .item_bytes = head.item,
        .size = head.size,
        .root = head.root,
    };
    return utf8_valid(ret->text);
}
