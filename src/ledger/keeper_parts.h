/* What the two ends of the keeper share: the messages between them, and the files of its folder. */
#ifndef ASSAY_LEDGER_KEEPER_PARTS_H
#define ASSAY_LEDGER_KEEPER_PARTS_H

#include <sys/types.h>

#include "ledger/keeper.h"

/* ---- messages (keeper_words.c): both ends are the same program, and neither trusts the other ----
 */

#define KEEPER_MESSAGE_BYTES ((size_t)56 * 1024)

enum keeper_what {
    KEEPER_WRAP = 1,
    KEEPER_UNWRAP,
    KEEPER_ROTATE,
    KEEPER_FORGET,
    KEEPER_PUBLIC,
    KEEPER_ROTATE_LOG,
    KEEPER_LAST,
    KEEPER_SIGN,
    KEEPER_LINKS,
};

struct keeper_request {
    enum keeper_what what;
    struct str origin;          /* of what is about a ledger */
    const unsigned char *items; /* keys to wrap, wrapped keys, hashes of a proof */
    size_t n, item_bytes;       /* how many, and bytes of each; follow from `what` but for `n` */
    uint64_t old, size;         /* of KEEPER_SIGN: where the proof begins, and the tree */
    struct hash root;
};

struct keeper_answer {
    int rc;
    uint32_t stand;             /* enum keeper_stand of KEEPER_SIGN and KEEPER_LAST */
    struct str text;            /* the error; public keys, one a line; the note, "" to try again;
                                 * links, one behind the other */
    const unsigned char *items; /* wrapped keys, or keys */
    size_t n, item_bytes;
    uint64_t size; /* of KEEPER_LAST */
    struct hash root;
};

/* The bytes of one message; false where it would be more than KEEPER_MESSAGE_BYTES, the size of
 * `room`. */
bool keeper_request_put(const struct keeper_request *request, unsigned char *room, size_t *ret_n);
bool keeper_answer_put(const struct keeper_answer *answer, unsigned char *room, size_t *ret_n);

/* And back; texts and items point into `bytes`. False for what is no such message. */
bool keeper_request_get(const unsigned char *bytes, size_t n, struct keeper_request *ret);
bool keeper_answer_get(const unsigned char *bytes, size_t n, struct keeper_answer *ret);

/* Bytes of an item in requests and in answers. */
size_t keeper_item_in(enum keeper_what what);
size_t keeper_item_out(enum keeper_what what);

/* ---- its process (keeper_process.c) ---- */

/* Starts a keeper on the folder `path`, with a socket to it. `starter` starts it, where that is
 * not -1; else this process does, whose child `*ret_pid` then is. */
MUST_CHECK int keeper_start(struct ctx *cx, const char *path, int starter, pid_t *ret_pid,
                            int *ret_socket);

/* The process that starts keepers for a program with threads: it holds no keys, and ends with its
 * keeper once `*ret_control` is closed. */
MUST_CHECK int keeper_starter(struct ctx *cx, const char *path, pid_t *ret_pid, int *ret_control);

/* ---- in the keeper: its folder (keeper_files.c) ---- */

#define KEEPER_KEKS 64u
#define KEEPER_RETIRE_MS ((int64_t)30 * 24 * 3600 * 1000)

struct keeper_keks { /* the file `kek` */
    unsigned char magic[16];
    unsigned char n;
    struct {
        unsigned char id[4];
        unsigned char key[KEEPER_KEY_BYTES];
    } keys[KEEPER_KEKS];
    unsigned char check[HASH_BYTES]; /* SHA-256 of what is before it */
};

struct keeper_log { /* a file `log-HASH` */
    unsigned char magic[16];
    unsigned char n;
    struct {
        unsigned char seed[ED25519_KEY_BYTES];
        unsigned char until[8]; /* milliseconds, least byte first: when it signs no more; 0: open */
    } keys[KEEPER_LOG_KEYS];
    unsigned char check[HASH_BYTES];
};

/* All that is secret, in memory that is not swapped out. */
struct keeper_secrets {
    struct keeper_keks keks;
    struct keeper_log log; /* of the request in hand */
    unsigned char in[KEEPER_MESSAGE_BYTES], room[KEEPER_MESSAGE_BYTES], out[KEEPER_MESSAGE_BYTES];
};

/* Turns by a lock on the folder. */
MUST_CHECK int keeper_lock(struct ctx *cx, int folder);
void keeper_unlock(int folder);

/* RC_NOT_FOUND where there is none; RC_INVALID for a damaged one. */
MUST_CHECK int keeper_keks_read(struct ctx *cx, int folder, struct keeper_keks *ret);
MUST_CHECK int keeper_keks_write(struct ctx *cx, int folder, struct keeper_keks *keks);
MUST_CHECK int keeper_log_read(struct ctx *cx, int folder, struct str origin,
                               struct keeper_log *ret);
MUST_CHECK int keeper_log_write(struct ctx *cx, int folder, struct str origin,
                                struct keeper_log *log);
MUST_CHECK int keeper_last_read(struct ctx *cx, int folder, struct str origin,
                                struct checkpoint *ret);
MUST_CHECK int keeper_last_write(struct ctx *cx, int folder, const struct checkpoint *last);

/* ---- in the keeper: its work (keeper_work.c) ---- */

/* Serves until the other end of `socket` is closed. */
NORETURN void keeper_serve(int socket, int folder, struct keeper_secrets *secrets);

#endif
