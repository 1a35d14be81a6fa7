/*
 * assay-verify: whether a bundle proves what it says. It reads one file, writes nothing, and needs
 * neither Assay nor a network.
 *
 * Exit codes: 0 all holds; 1 it holds, with something to note; 2 it does not; 3 it is no bundle;
 * 4 the machine failed, or wrong use.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "verify/bundle.h"

enum code { HOLDS = 0, NOTED = 1, FAILED = 2, NO_BUNDLE = 3, TROUBLE = 4 };

struct command {
    const char *path;
    struct options options;
    size_t key_room, previous_room;
    bool json, help;
};

static const char usage[] =
    "usage: assay-verify BUNDLE.zip [OPTIONS]\n"
    "\n"
    "   --key KEY        the ledger's public key (NAME+ID+KEY), as you were given it; again for\n"
    "                    others\n"
    "   --previous FILE  a checkpoint that you kept from an earlier bundle; again for others\n"
    "   --json           the answer for programs\n"
    "\n"
    "Exit codes: 0 all holds, 1 it holds with something to note, 2 it does not hold, 3 no bundle,\n"
    "4 trouble.\n";

/* The file as it lies on the disk; NULL bytes of an empty one. */
static int map_file(struct ctx *cx, const char *path, struct str *ret)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    void *bytes = NULL;

    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        int rc = fail(cx, RC_NOT_FOUND, path, _("%s cannot be read: %s."), path,
                      fd < 0 ? strerror(errno) : _("it is no file"));
        if (fd >= 0)
            (void)close(fd);
        return rc;
    }
    if (info.st_size > 0)
        bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    (void)close(fd);
    if (bytes == MAP_FAILED)
        return fail(cx, RC_FAIL, path, _("%s cannot be read: %s."), path, strerror(errno));
    *ret = (struct str){bytes, (size_t)info.st_size};
    return 0;
}

static int take_option(struct ctx *cx, struct command *command, const char *name, const char *value)
{
    struct options *o = &command->options;

    if (value == NULL)
        return fail(cx, RC_INVALID, NULL, _("%s wants a value."), name);
    if (strcmp(name, "--key") == 0)
        return note_key_parse(cx, str_of(value),
                              ARENA_PUSH(cx->mem, o->keys, o->key_n, command->key_room));
    if (strcmp(name, "--previous") == 0)
        return map_file(cx, value,
                        ARENA_PUSH(cx->mem, o->previous, o->previous_n, command->previous_room));
    return fail(cx, RC_INVALID, NULL, _("There is no option %s."), name);
}

static int take_words(struct ctx *cx, struct command *command, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            command->json = true;
        else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            command->help = true;
        else if (argv[i][0] == '-')
            TRY((i++, take_option(cx, command, argv[i - 1], argv[i])));
        else if (command->path != NULL)
            return fail(cx, RC_INVALID, NULL, _("One bundle at a time."));
        else
            command->path = argv[i];
    }
    return command->path != NULL || command->help
               ? 0
               : fail(cx, RC_INVALID, NULL, _("Which bundle? assay-verify BUNDLE.zip"));
}

static enum code code_of(const struct bundle *b)
{
    enum code code = HOLDS;

    for (size_t i = 0; i < b->saying_n; i++) {
        if (b->sayings[i].said == SAID_FAILED)
            return FAILED;
        if (b->sayings[i].said == SAID_NOTE)
            code = NOTED;
    }
    return code;
}

static void print_text(const struct bundle *b)
{
    static const char *const words[] = {"holds ", "note  ", "FAILED"};
    enum code code = code_of(b);

    for (size_t i = 0; i < b->saying_n; i++)
        printf("%s  %.*s\n", words[b->sayings[i].said], STR_ARG(b->sayings[i].text));
    puts(code == FAILED
             ? "\nThis bundle does not prove what it says."
             : "\nThese records existed in this form, in this order, when the checkpoint was "
               "signed, "
               "and\nnothing between them is left out. It does not prove that what was recorded is "
               "true, that\nan account was used by its owner, or anything from before the ledger "
               "began.");
}

static void print_json(struct ctx *cx, const struct bundle *b)
{
    static const char *const words[] = {"holds", "note", "failed"};
    struct value *v = value_map(cx->mem), *list = value_list(cx->mem);
    struct buf out = buf_new(cx->mem);

    for (size_t i = 0; i < b->saying_n; i++) {
        struct value *item = value_map(cx->mem);
        value_set_text(item, "said", str_of(words[b->sayings[i].said]));
        value_set_text(item, "text", b->sayings[i].text);
        value_push(list, item);
    }
    value_set_text(v, "schema", STR("assay.verify/1"));
    value_set_bool(v, "holds", code_of(b) != FAILED);
    value_set_text(v, "origin", b->checkpoint.origin);
    value_set_int(v, "size", (int64_t)b->checkpoint.size);
    value_set(v, "checks", list);
    value_json(&out, v, 2);
    printf("%.*s\n", STR_ARG(buf_str(&out)));
}

static int run(struct ctx *cx, struct command *command, enum code *ret)
{
    struct bundle bundle = {.cx = cx, .options = &command->options};
    struct str bytes;
    struct zip zip;
    int rc;

    TRY(map_file(cx, command->path, &bytes));
    rc = zip_open(cx, bytes, &zip);
    bundle.zip = &zip;
    if (rc == 0)
        rc = bundle_check(&bundle);
    if (rc < 0) {
        *ret = NO_BUNDLE;
        return rc;
    }
    if (command->json)
        print_json(cx, &bundle);
    else
        print_text(&bundle);
    *ret = code_of(&bundle);
    return 0;
}

int main(int argc, char **argv)
{
    struct ctx cx = {.mem = arena_new((size_t)16 << 30)};
    struct command command = {.path = NULL};
    enum code code = TROUBLE;
    int rc = sodium_init() < 0 ? fail(&cx, RC_FAIL, NULL, "%s", _("libsodium could not begin."))
                               : take_words(&cx, &command, argc, argv);

    if (rc == 0 && command.help) {
        fputs(usage, stdout);
        code = HOLDS;
    } else if (rc == 0) {
        rc = run(&cx, &command, &code);
    }
    if (rc < 0)
        fprintf(stderr, "assay-verify: %.*s\n", STR_ARG(cx.err.text));
    arena_free(cx.mem);
    return (int)code;
}
