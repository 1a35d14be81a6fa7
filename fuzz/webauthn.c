/* Passkeys as browsers send them: the first line is the client's data, what follows the
 * authenticator's; both as one that is made and as one that is used. */
#include <stdint.h>
#include <stdlib.h>

#include "op/webauthn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t algorithms[] = {WEBAUTHN_ES256, WEBAUTHN_EDDSA, WEBAUTHN_RS256};
    /* What the seeds answer; so that the fuzzer gets past them. */
    const struct webauthn_asked asked = {STR("assay.example"), STR("https://assay.example"),
                                         STR("Y2hhbGxlbmdl"), true};
    struct ctx cx = {.mem = arena_new((size_t)64 * 1024 * 1024)};
    struct str rest = {(const char *)data, size}, client;
    struct webauthn_passkey passkey;
    struct webauthn_data parts;
    int64_t counter;

    if (!str_split(&rest, '\n', &client))
        client = STR_NONE;
    if (webauthn_authenticator(rest, &parts) && parts.credential.n + parts.key.n > rest.n)
        abort();
    for (size_t i = 0; i < COUNT_OF(algorithms); i++) {
        const struct webauthn_made made = {client, rest, algorithms[i]};
        const struct webauthn_used used = {client, rest, str_sub(rest, 0, 70)};
        passkey = (struct webauthn_passkey){STR_NONE, str_sub(rest, 0, 64), algorithms[i], 0};
        if (webauthn_register(&cx, &asked, &made, &passkey) == 0 && passkey.credential.n == 0)
            abort();
        if (webauthn_check(&cx, &asked, &passkey, &used, &counter) == 0)
            abort(); /* nobody has the key */
    }
    arena_free(cx.mem);
    return 0;
}
