/* Any bytes as a message between a keeper and its parent: refused, or the same bytes again. */
#include "ledger/keeper_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned char room[KEEPER_MESSAGE_BYTES];
    struct keeper_request request;
    struct keeper_answer answer;
    size_t n;

    if (keeper_request_get(data, size, &request) &&
        (!keeper_request_put(&request, room, &n) || n != size || memcmp(room, data, n) != 0))
        abort();
    if (keeper_answer_get(data, size, &answer) && size <= sizeof room &&
        (!keeper_answer_put(&answer, room, &n) || n != size || memcmp(room, data, n) != 0))
        abort();
    return 0;
}
