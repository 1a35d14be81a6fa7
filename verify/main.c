/*
 * assay-verify: whether a bundle proves what it says. It reads one file, writes nothing, and needs
 * neither Assay nor a network; once its files are open, it may do nothing but compute and answer.
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
#include "verify/sandbox.h"

#define FILES_TOLD 100u

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

/* ---- the answer ---- */

static const char *const words[] = {"holds", "info", "note", "failed"};

static const char *const proves[] = {
    "that these records and files existed in this form, in this order, when the checkpoint was "
    "signed;",
    "that every entry up to it is in the bundle, and none was changed or left out since the "
    "outside anchors below;",
    "which account made each entry.",
};

static const char *const proves_not[] = {
    "that what was recorded is true, or that a source told the truth;",
    "that an account was used by its owner;",
    "that a control is adequate;",
    "anything from before the ledger began.",
};

/* What the organisation cannot have made by itself. */
static struct value *anchors_of(struct ctx *cx, const struct bundle *b)
{
    struct value *list = value_list(cx->mem);

    if (b->outside_n > 0)
        value_push(list, value_text(cx->mem,
                                    str_printf(cx->mem,
                                               _("your own checkpoint over %llu entries: these are "
                                                 "as they were then"),
                                               (unsigned long long)b->outside_size)));
    if (b->stamp_n > 0)
        value_push(
            list,
            value_text(cx->mem, str_printf(cx->mem,
                                           _("%zu time stamps, once their signatures are checked: "
                                             "the first %llu entries existed by %.*s"),
                                           b->stamp_n, (unsigned long long)b->stamp_size,
                                           STR_ARG(b->stamp_at))));
    return list;
}

static void print_list(const char *title, const char *const *items, size_t n)
{
    printf("\n%s\n", title);
    for (size_t i = 0; i < n; i++)
        printf("  - %s\n", msg_text(items[i]));
}

static void print_anchors(struct ctx *cx, const struct bundle *b)
{
    const struct value *anchors = anchors_of(cx, b);

    printf("\n%s\n", _("Outside anchors:"));
    for (size_t i = 0; i < value_count(anchors); i++)
        printf("  - %.*s\n", STR_ARG(value_as_text(value_at(anchors, i))));
    if (value_count(anchors) == 0)
        printf("  %s\n", _("none. Whoever holds the ledger's key could have rewritten it before it "
                           "signed this."));
}

/* Which record each file belongs to, and what it is said to show. */
static struct str evidence_line(struct ctx *cx, const struct evidence *e)
{
    struct buf out = buf_new(cx->mem);

    buf_printf(&out,
               e->erased ? _("%.*s: the file of entry %llu was erased by a decision")
                         : _("%.*s: the file of entry %llu"),
               STR_ARG(e->path), (unsigned long long)e->n);
    if (e->ref.n > 0)
        buf_printf(&out, ", %.*s", STR_ARG(e->ref));
    if (e->title.n > 0)
        buf_printf(&out, " (%.*s)", STR_ARG(e->title));
    if (e->shows.n > 0)
        buf_printf(&out, "; %.*s", STR_ARG(e->shows));
    return buf_str(&out);
}

static void print_evidence(struct ctx *cx, const struct bundle *b)
{
    if (b->evidence_n > 0)
        printf("\n%s\n", _("Files, by the records that they belong to; what they show is as the "
                           "records say:"));
    for (size_t i = 0; i < b->evidence_n && i < FILES_TOLD; i++)
        printf("  - %.*s\n", STR_ARG(evidence_line(cx, &b->evidence[i])));
    if (b->evidence_n > FILES_TOLD)
        printf(_("  and %zu more: --json names all\n"), b->evidence_n - FILES_TOLD);
}

static void print_text(struct ctx *cx, const struct bundle *b)
{
    enum code code = code_of(b);

    for (size_t i = 0; i < b->saying_n; i++)
        printf("%-6s  %.*s\n",
               b->sayings[i].said == SAID_FAILED ? "FAILED" : words[b->sayings[i].said],
               STR_ARG(b->sayings[i].text));
    if (code == FAILED) {
        printf("\n%s\n", _("This bundle does not prove what it says."));
        return;
    }
    print_evidence(cx, b);
    print_list(_("It proves:"), proves, COUNT_OF(proves));
    print_list(_("It does not prove:"), proves_not, COUNT_OF(proves_not));
    print_anchors(cx, b);
}

static struct value *list_of(struct ctx *cx, const char *const *items, size_t n)
{
    struct value *list = value_list(cx->mem);

    for (size_t i = 0; i < n; i++)
        value_push(list, value_textz(cx->mem, msg_text(items[i])));
    return list;
}

static struct value *counts_of(struct ctx *cx, const struct bundle *b)
{
    struct value *v = value_map(cx->mem);

    value_set_int(v, "versions", (int64_t)b->versions);
    value_set_int(v, "files", (int64_t)b->files);
    value_set_int(v, "opened_fields", (int64_t)b->opened);
    value_set_int(v, "sealed_fields", (int64_t)b->sealed);
    value_set_int(v, "erased_fields", (int64_t)b->erased_fields);
    value_set_int(v, "erased_files", (int64_t)b->erased_files);
    return v;
}

static struct value *checks_of(struct ctx *cx, const struct bundle *b)
{
    struct value *list = value_list(cx->mem);

    for (size_t i = 0; i < b->saying_n; i++) {
        struct value *item = value_map(cx->mem);
        value_set_text(item, "said", str_of(words[b->sayings[i].said]));
        value_set_text(item, "text", b->sayings[i].text);
        value_push(list, item);
    }
    return list;
}

static struct value *evidence_of(struct ctx *cx, const struct bundle *b)
{
    struct value *list = value_list(cx->mem);

    for (size_t i = 0; i < b->evidence_n; i++) {
        const struct evidence *e = &b->evidence[i];
        struct value *item = value_map(cx->mem);
        value_set_int(item, "entry", (int64_t)e->n);
        value_set_bool(item, "erased", e->erased);
        value_set_text(item, "path", e->path);
        value_set_text(item, "ref", e->ref);
        value_set_text(item, "name", e->name);
        value_set_text(item, "title", e->title);
        value_set_text(item, "shows", e->shows);
        value_push(list, item);
    }
    return list;
}

static void print_json(struct ctx *cx, const struct bundle *b)
{
    struct value *v = value_map(cx->mem);
    struct buf out = buf_new(cx->mem);

    value_set_text(v, "schema", STR("assay.verify/1"));
    value_set_bool(v, "holds", code_of(b) != FAILED);
    value_set_text(v, "origin", b->checkpoint.origin);
    value_set_int(v, "size", (int64_t)b->checkpoint.size);
    value_set(v, "counts", counts_of(cx, b));
    value_set(v, "checks", checks_of(cx, b));
    value_set(v, "files", evidence_of(cx, b));
    if (code_of(b) != FAILED) {
        value_set(v, "proves", list_of(cx, proves, COUNT_OF(proves)));
        value_set(v, "proves_not", list_of(cx, proves_not, COUNT_OF(proves_not)));
        value_set(v, "anchors", anchors_of(cx, b));
    }
    value_json(&out, v, 2);
    struct str text = buf_str(&out);
    (void)fwrite(text.p, 1, text.n, stdout);
    (void)putchar('\n');
}

static int run(struct ctx *cx, struct command *command, enum code *ret)
{
    struct bundle bundle = {.cx = cx, .options = &command->options};
    struct str bytes;
    struct zip zip;
    int rc;

    TRY(map_file(cx, command->path, &bytes));
    (void)sandbox_enter();
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
        print_text(cx, &bundle);
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
