#include "ledger/keeper.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/keeper_parts.h"

#define WAIT_MS 60000

struct keeper {
    char *folder;
    pthread_mutex_t turn;
    int socket;  /* -1 while none runs */
    pid_t pid;   /* of one that this process has started, else 0 */
    int starter; /* to the process that starts it, -1 where this one does */
    pid_t starter_pid;
    unsigned char message[KEEPER_MESSAGE_BYTES];
};

/* ---- its end ---- */

/* It ends by itself once nobody speaks to it; one that hangs is ended. */
static void stop(struct keeper *keeper, bool hangs)
{
    if (keeper->socket >= 0)
        close(keeper->socket);
    keeper->socket = -1;
    if (keeper->pid == 0)
        return;
    if (hangs)
        kill(keeper->pid, SIGKILL);
    while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    keeper->pid = 0;
}

static int start(struct ctx *cx, struct keeper *keeper)
{
    return keeper_start(cx, keeper->folder, keeper->starter, &keeper->pid, &keeper->socket);
}

int keeper_new(struct ctx *cx, struct str folder, struct keeper **ret)
{
    struct keeper *keeper = calloc(1, sizeof *keeper);
    char *path = strndup(folder.p, folder.n);

    if (keeper == NULL || path == NULL || pthread_mutex_init(&keeper->turn, NULL) != 0) {
        free(keeper);
        free(path);
        return fail(cx, RC_FAIL, NULL, "%s", _("There is no memory for the keeper of keys."));
    }
    keeper->folder = path;
    keeper->socket = -1;
    keeper->starter = -1;
    *ret = keeper;
    return 0;
}

int keeper_ready(struct ctx *cx, struct keeper *keeper)
{
    TRY(keeper_starter(cx, keeper->folder, &keeper->starter_pid, &keeper->starter));
    return start(cx, keeper);
}

void keeper_free(struct keeper *keeper)
{
    if (keeper == NULL)
        return;
    stop(keeper, false);
    if (keeper->starter >= 0) {
        close(keeper->starter);
        while (waitpid(keeper->starter_pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    pthread_mutex_destroy(&keeper->turn);
    free(keeper->folder);
    free(keeper);
}

/* ---- one exchange ---- */

static int gone(struct ctx *cx, struct keeper *keeper, bool hangs)
{
    stop(keeper, hangs);
    return fail(cx, RC_FAIL, NULL, "%s",
                hangs ? _("The keeper of keys does not answer.")
                      : _("The keeper of keys was ended from outside."));
}

/* The keeper's answer lies in keeper->message; 0 bytes where it is gone. */
static int receive(struct ctx *cx, struct keeper *keeper, size_t *ret_n)
{
    struct pollfd at = {.fd = keeper->socket, .events = POLLIN};
    int ready;
    ssize_t n;

    do
        ready = poll(&at, 1, WAIT_MS);
    while (ready < 0 && errno == EINTR);
    if (ready <= 0)
        return gone(cx, keeper, true);
    do
        n = recv(keeper->socket, keeper->message, sizeof keeper->message, 0);
    while (n < 0 && errno == EINTR);
    if (n <= 0)
        return gone(cx, keeper, false);
    *ret_n = (size_t)n;
    return 0;
}

/* An answer whose items are those of `what`; its text is copied, its items lie in the message. */
static int understand(struct ctx *cx, struct keeper *keeper, const struct keeper_request *request,
                      size_t n, struct keeper_answer *answer)
{
    if (!keeper_answer_get(keeper->message, n, answer))
        return gone(cx, keeper, true);
    answer->text = str_copy(cx->mem, answer->text);
    if (answer->rc < 0)
        return fail(cx, (enum rc)answer->rc, "keys", "%.*s", STR_ARG(answer->text));
    size_t item = keeper_item_out(request->what);
    if (answer->item_bytes != item || answer->n != (item > 0 ? request->n : 0))
        return gone(cx, keeper, true);
    return 0;
}

static int exchange(struct ctx *cx, struct keeper *keeper, const struct keeper_request *request,
                    void *items, struct keeper_answer *answer)
{
    size_t n;

    if (!keeper_request_put(request, keeper->message, &n))
        return fail(cx, RC_LIMIT, NULL, _("A ledger's origin has more than %u characters."),
                    KEEPER_ORIGIN_BYTES);
    if (keeper->socket < 0)
        TRY(start(cx, keeper));
    if (send(keeper->socket, keeper->message, n, MSG_NOSIGNAL) != (ssize_t)n)
        return gone(cx, keeper, false);
    TRY(receive(cx, keeper, &n));
    TRY(understand(cx, keeper, request, n, answer));
    if (answer->n > 0)
        memcpy(items, answer->items, answer->n * answer->item_bytes);
    return 0;
}

/* `items` takes those of the answer. */
static int ask(struct ctx *cx, struct keeper *keeper, const struct keeper_request *request,
               void *items, struct keeper_answer *answer)
{
    *answer = (struct keeper_answer){0};
    pthread_mutex_lock(&keeper->turn);
    int rc = exchange(cx, keeper, request, items, answer);
    OPENSSL_cleanse(keeper->message, sizeof keeper->message);
    pthread_mutex_unlock(&keeper->turn);
    return rc;
}

/* ---- data keys ---- */

int keeper_wrap(struct ctx *cx, struct keeper *keeper, const struct keeper_key *keys, size_t n,
                struct keeper_wrapped *ret)
{
    struct keeper_answer answer;

    for (size_t i = 0; i < n; i += KEEPER_MANY) {
        const struct keeper_request request = {.what = KEEPER_WRAP,
                                               .items = keys[i].bytes,
                                               .n = n - i < KEEPER_MANY ? n - i : KEEPER_MANY};
        TRY(ask(cx, keeper, &request, ret + i, &answer));
    }
    return 0;
}

int keeper_unwrap(struct ctx *cx, struct keeper *keeper, const struct keeper_wrapped *wrapped,
                  size_t n, struct keeper_key *ret)
{
    struct keeper_answer answer;

    for (size_t i = 0; i < n; i += KEEPER_MANY) {
        const struct keeper_request request = {.what = KEEPER_UNWRAP,
                                               .items = wrapped[i].bytes,
                                               .n = n - i < KEEPER_MANY ? n - i : KEEPER_MANY};
        TRY(ask(cx, keeper, &request, ret + i, &answer));
    }
    return 0;
}

int keeper_rotate(struct ctx *cx, struct keeper *keeper)
{
    struct keeper_answer answer;

    return ask(cx, keeper, &(struct keeper_request){.what = KEEPER_ROTATE}, NULL, &answer);
}

int keeper_forget(struct ctx *cx, struct keeper *keeper)
{
    struct keeper_answer answer;

    return ask(cx, keeper, &(struct keeper_request){.what = KEEPER_FORGET}, NULL, &answer);
}

/* ---- ledgers ---- */

int keeper_public(struct ctx *cx, struct keeper *keeper, struct str origin, struct str *ret,
                  size_t *ret_n)
{
    struct keeper_request request = {.what = KEEPER_PUBLIC, .origin = origin};
    struct keeper_answer answer;
    size_t n = 0;

    TRY(ask(cx, keeper, &request, NULL, &answer));
    struct str rest = answer.text, line;
    while (n < KEEPER_LOG_KEYS && str_split(&rest, '\n', &line))
        if (line.n > 0)
            ret[n++] = line;
    *ret_n = n;
    return 0;
}

int keeper_rotate_log(struct ctx *cx, struct keeper *keeper, struct str origin,
                      struct str *ret_public)
{
    struct keeper_request request = {.what = KEEPER_ROTATE_LOG, .origin = origin};
    struct keeper_answer answer;

    TRY(ask(cx, keeper, &request, NULL, &answer));
    *ret_public = answer.text;
    return 0;
}

int keeper_links(struct ctx *cx, struct keeper *keeper, struct str origin, struct str *ret,
                 size_t *ret_n)
{
    struct keeper_request request = {.what = KEEPER_LINKS, .origin = origin};
    struct keeper_answer answer;

    TRY(ask(cx, keeper, &request, NULL, &answer));
    *ret_n = 0;
    for (size_t at = 0; *ret_n < KEEPER_LOG_KEYS && at < answer.text.n;) {
        size_t end = at;
        for (unsigned line = 0; line < NOTE_LINK_LINES && end < answer.text.n; line++)
            end = str_find_char(answer.text, '\n', end) + 1;
        ret[(*ret_n)++] = str_sub(answer.text, at, end - at);
        at = end;
    }
    return 0;
}

int keeper_last(struct ctx *cx, struct keeper *keeper, struct str origin, struct checkpoint *ret)
{
    struct keeper_request request = {.what = KEEPER_LAST, .origin = origin};
    struct keeper_answer answer;

    TRY(ask(cx, keeper, &request, NULL, &answer));
    *ret = (struct checkpoint){.origin = origin, .size = answer.size, .root = answer.root};
    return 0;
}

static int sign_after(struct ctx *cx, struct keeper *keeper, const struct checkpoint *checkpoint,
                      uint64_t old, const struct merkle_proof *proof, struct keeper_answer *answer)
{
    const struct keeper_request request = {.what = KEEPER_SIGN,
                                           .origin = checkpoint->origin,
                                           .items = proof->items[0].b,
                                           .n = proof->n,
                                           .old = old,
                                           .size = checkpoint->size,
                                           .root = checkpoint->root};

    return ask(cx, keeper, &request, NULL, answer);
}

/* One attempt; an answer without a note means that somebody else has signed meanwhile. */
static int sign_try(struct ctx *cx, struct keeper *keeper, const struct checkpoint *checkpoint,
                    keeper_prove *prove, void *arg, struct keeper_answer *answer)
{
    struct merkle_proof proof = {.n = 0};
    struct checkpoint last;
    uint64_t old = 0;

    if (keeper_last(cx, keeper, checkpoint->origin, &last) == 0) {
        old = last.size;
        if (checkpoint->size > old)
            TRY(prove(arg, cx, old, &proof));
    }
    return sign_after(cx, keeper, checkpoint, old, &proof, answer);
}

int keeper_sign(struct ctx *cx, struct keeper *keeper, const struct checkpoint *checkpoint,
                keeper_prove *prove, void *arg, enum keeper_stand *ret_stand, struct str *ret_note)
{
    struct keeper_answer answer;

    for (unsigned i = 0; i < KEEPER_TRIES; i++) {
        answer = (struct keeper_answer){0};
        int rc = sign_try(cx, keeper, checkpoint, prove, arg, &answer);
        if (ret_stand != NULL)
            *ret_stand = (enum keeper_stand)answer.stand;
        TRY(rc);
        if (answer.text.n > 0) {
            *ret_note = answer.text;
            return 0;
        }
    }
    return fail(cx, RC_CONFLICT, "ledger",
                _("The ledger %.*s is being signed by others all the time. Try again."),
                STR_ARG(checkpoint->origin));
}
