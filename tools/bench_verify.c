/*
 * assay-bench-verify: how long the verifier takes over a large bundle.
 *
 *   assay-bench-verify VERIFIER FILE.zip [ENTRIES]      (default: 1000000)
 *
 * Writes a bundle of so many entries to FILE.zip, hashes the same bytes barely, has the verifier
 * check the bundle, and prints one figure a line.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ledger/note.h"
#include "ledger/tile.h"
#include "report/zip_out.h"

#define RECORDS_OF 4u /* versions of a record */
#define ORIGIN "assay.example/bench/log1"

struct bench {
    struct ctx cx;
    struct zip_out *zip;
    uint64_t size;
    struct hash *hashes; /* of the level in hand */
    struct merkle_frontier frontier;
    struct str manifest, handover;
    struct hash handover_body;
    struct note_key key;
};

static const unsigned char secret[ED25519_KEY_BYTES] = "for the bench, known to all, ok!";

static double now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- entries ---- */

static struct str id_of(struct arena *mem, const char *kind, uint64_t n)
{
    struct str text = str_printf(mem, "%s %llu", kind, (unsigned long long)n);

    return str_sub(hash_sha256_hex(mem, text), 0, 26);
}

/* As long as real ones; each record has some versions, spread over the ledger. */
static struct str entry(struct bench *b, struct arena *mem, uint64_t n)
{
    uint64_t records = b->size / RECORDS_OF, first = n % records;
    bool last = n + 1 == b->size;
    struct str record = last ? STR("handover") : id_of(mem, "record", first),
               body =
                   last ? hash_hex(mem, (struct str){(const char *)b->handover_body.b, HASH_BYTES})
                        : hash_sha256_hex(mem, record);
    long long before = last || n < records ? -1 : (long long)(n - records);

    return str_printf(mem,
                      "{\"a\":{\"i\":\"%.*s\",\"r\":\"owner\",\"v\":\"local\"},\"at\":\"2026-%02u-%"
                      "02uT%02u:%02u:%02u."
                      "%03uZ\",\"c\":{\"body\":\"%.*s\"},\"n\":%llu,\"o\":{\"i\":\"%.*s\",\"k\":\"%"
                      "s\",\"r\":%llu},"
                      "\"p\":%lld,\"t\":\"record.set\",\"v\":1}",
                      STR_ARG(id_of(mem, "person", n % 40)), (unsigned)(1 + n / 31104000 % 12),
                      (unsigned)(1 + n / 864000 % 28), (unsigned)(n / 36000 % 24),
                      (unsigned)(n / 600 % 60), (unsigned)(n / 10 % 60), (unsigned)(n % 10 * 100),
                      STR_ARG(body), (unsigned long long)n, STR_ARG(record),
                      last ? "bundle" : "risk", (unsigned long long)(last ? 1 : n / records + 1),
                      before);
}

static int put_entries(struct bench *b, uint64_t tile)
{
    struct arena *mem CLEANUP(arena_freep) = arena_new(0);
    struct merkle_made made[MERKLE_LEVELS];
    unsigned width = tile_width(b->size, tile);
    struct buf out = buf_new(mem);

    for (unsigned i = 0; i < width; i++) {
        uint64_t n = tile * TILE_WIDTH + i;
        struct str bytes = entry(b, mem, n);
        buf_char(&out, (char)(bytes.n >> 8));
        buf_char(&out, (char)bytes.n);
        buf_add(&out, bytes);
        b->hashes[n] = merkle_leaf(bytes);
        (void)merkle_append(&b->frontier, &b->hashes[n], made);
    }
    struct str name = tile_name(mem, TILE_ENTRIES, tile, width);
    return zip_out_add(&b->cx, b->zip, str_printf(mem, "ledger/tile/%.*s", STR_ARG(name)),
                       buf_str(&out));
}

/* The tiles of one level, and the hashes of the next in place of its own. */
static int put_level(struct bench *b, unsigned level, uint64_t n)
{
    struct arena *mem CLEANUP(arena_freep) = arena_new(0);

    for (uint64_t tile = 0; tile < tile_count(n); tile++) {
        unsigned width = tile_width(n, tile);
        struct hash *row = b->hashes + tile * TILE_WIDTH;
        struct str name = tile_name(mem, level, tile, width);
        TRY(zip_out_add(&b->cx, b->zip, str_printf(mem, "ledger/tile/%.*s", STR_ARG(name)),
                        (struct str){(const char *)row, width * sizeof *row}));
        for (unsigned half = TILE_WIDTH / 2; width == TILE_WIDTH && half > 0; half /= 2)
            for (unsigned k = 0; k < half; k++)
                row[k] = merkle_node(&row[2 * k], &row[2 * k + 1]);
        b->hashes[tile] = row[0];
    }
    return 0;
}

/* ---- the rest ---- */

static void make_handover(struct bench *b)
{
    struct arena *mem = b->cx.mem;
    struct value *line = value_map(mem);
    struct buf out = buf_new(mem);

    b->manifest = STR("{\"format\":1,\"members\":[]}");
    struct str sealed = str_printf(mem, "{\"body\":{\"manifest\":\"%.*s\"},\"ref\":\"HO-1\"}",
                                   STR_ARG(hash_sha256_hex(mem, b->manifest)));
    b->handover_body = hash_hmac(STR("salt"), (struct str[]){STR("assay-body-v1\n"), sealed}, 2);
    value_set_text(line, "id", STR("handover"));
    value_set(line, "open", value_map(mem));
    value_set_text(line, "salt", hash_hex(mem, STR("salt")));
    value_set_text(line, "sealed", sealed);
    value_set_int(line, "seq", (int64_t)b->size);
    value_json(&out, line, 0);
    b->handover = buf_str(&out);
}

static int put_checkpoint(struct bench *b)
{
    struct checkpoint checkpoint = {STR(ORIGIN), b->size, merkle_root(&b->frontier)};
    struct str note;

    TRY(note_key_of(&b->cx, STR(ORIGIN), secret, &b->key));
    TRY(note_sign(&b->cx, checkpoint_text(b->cx.mem, &checkpoint), &b->key, secret, &note));
    return zip_out_add(&b->cx, b->zip, STR("ledger/checkpoint"), note);
}

static int make(struct bench *b, int fd)
{
    TRY(zip_out_new_plain(&b->cx, fd, (struct date){2026, 11, 30}, &b->zip));
    make_handover(b);
    b->hashes = malloc(b->size * sizeof *b->hashes);
    for (uint64_t tile = 0; tile < tile_count(b->size); tile++)
        TRY(put_entries(b, tile));
    unsigned level = 0;
    for (uint64_t n = b->size; n > 0; n /= TILE_WIDTH)
        TRY(put_level(b, level++, n));
    TRY(zip_out_add(&b->cx, b->zip, STR("manifest.json"), b->manifest));
    TRY(zip_out_add(&b->cx, b->zip, STR("handover.json"), b->handover));
    TRY(put_checkpoint(b));
    free(b->hashes);
    return zip_out_finish(&b->cx, b->zip);
}

/* ---- how long ---- */

/* SHA-256 over what the tree is made of: the entries in the file, and 65 bytes a node. */
static double bare(struct bench *b)
{
    struct arena *mem CLEANUP(arena_freep) = arena_new(0);
    struct str one = entry(b, mem, b->size / 2);
    struct hash hash = {{0}};
    double from = now();

    for (uint64_t n = 0; n < b->size; n++) {
        hash = hash_sha256(&one, 1);
        hash = merkle_node(&hash, &hash);
    }
    return now() - from;
}

static int verify(const char *verifier, const char *path, struct str key, double *ret,
                  double *ret_computing, long *ret_mb)
{
    double from = now();
    struct rusage usage;
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        execl(verifier, verifier, path, "--key", key.p, (char *)NULL);
        _exit(127);
    }
    (void)waitpid(child, &status, 0);
    *ret = now() - from;
    (void)getrusage(RUSAGE_CHILDREN, &usage);
    *ret_mb = usage.ru_maxrss / 1024;
    *ret_computing = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int run(struct bench *b, const char *verifier, const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    double bare_took, took, computing;
    long mb;

    if (fd < 0)
        return fail(&b->cx, RC_FAIL, NULL, "%s cannot be written", path);
    TRY(make(b, fd));
    off_t bytes = lseek(fd, 0, SEEK_END);
    (void)close(fd);
    bare_took = bare(b);
    int code = verify(verifier, path, note_key_text(b->cx.mem, &b->key), &took, &computing, &mb);
    printf(
        "entries             %llu\nbytes               %lld\nbare SHA-256        %.2f s\n"
        "verified            %.2f s (exit code %d)\ncomputing           %.2f s, on both threads\n"
        "ratio               %.2f\npeak memory         "
        "%ld MB, with the file that is mapped\n",
        (unsigned long long)b->size, (long long)bytes, bare_took, took, code, computing,
        took / bare_took, mb);
    return code == 1 ? 0 : fail(&b->cx, RC_FAIL, NULL, "the bundle did not verify");
}

int main(int argc, char **argv)
{
    struct bench b = {.cx = {.mem = arena_new(0)}, .size = 1000000};
    int rc = RC_INVALID;

    if (argc > 3)
        b.size = strtoull(argv[3], NULL, 10);
    b.size = b.size / RECORDS_OF * RECORDS_OF + 1; /* all records, and the hand-over */
    if (argc > 2)
        rc = run(&b, argv[1], argv[2]);
    if (rc < 0)
        fprintf(stderr, "assay-bench-verify: %.*s\n", STR_ARG(b.cx.err.text));
    zip_out_free(b.zip);
    arena_free(b.cx.mem);
    return rc == 0 ? 0 : 1;
}
