#include "op/intake.h"

#include <string.h>

#include "op/inventory.h"
#include "op/profile.h"
#include "op/readers.h"
#include "op/variants.h"
#include "op/walk.h"

#define NAME_BYTES ((size_t)64 * 1024 * 1024)

struct taker {
    struct ctx *cx;
    const struct library *library;
    struct store *store;
    const struct stage1_request *request;
    const struct value *profile;
    struct intake *in;
    struct nearest *nearest;
    struct dict *seen;      /* SHA-256 to the document's id */
    struct dict *names;     /* names of firms to how often, for the report's head */
    struct dict *languages; /* to how many documents are in them */
    struct dict *taken;     /* shown paths: folders may lie in one another, their files come once */
    int64_t ids;
    size_t best_name;
    struct reader_task *tasks; /* all files, skipped ones too, in the order of folders and paths */
    size_t n, room;
};

/* ---- what is not read ---- */

static void add_skipped(struct taker *t, struct str path, struct str what, struct str why,
                        struct str advice)
{
    value_push(t->in->skipped, inventory_skipped(t->cx->mem, path, what, why, advice));
}

static int insert_skipped(struct ctx *cx, struct taker *t, struct str path, struct str what,
                          struct str why)
{
    const struct kind_signals *kind = kinds_by_name(cx, t->library->signals, path);
    STMT(s);

    TRY(store_prepare(cx, t->store,
                      STR("INSERT INTO skipped (path, what, why, kind_hint) "
                          "VALUES (:path, :what, :why, :kind)"),
                      &s));
    TRY(stmt_bind_text(cx, s, "path", path));
    TRY(stmt_bind_text(cx, s, "what", what));
    TRY(stmt_bind_text(cx, s, "why", why));
    if (kind != NULL)
        TRY(stmt_bind_text(cx, s, "kind", kind->id));
    return stmt_run(cx, s);
}

/* The reading of a name is large, and gone at once. */
static int store_skipped(struct taker *t, struct str path, struct str what, struct str why)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(NAME_BYTES);
    struct ctx in = ctx_in(t->cx, mem);

    return ctx_end(t->cx, &in, insert_skipped(&in, t, path, what, why));
}

/* ---- one document ---- */

/* The profile's word on what a file is goes over what was found. */
static void pin_kind(struct taker *t, struct document *d)
{
    struct str pinned = profile_kind(t->profile, d->path);
    struct kinds *kinds = &d->kinds;

    if (pinned.n == 0)
        return;
    kinds->n = 0;
    kinds->evidence = !str_is(pinned, "none");
    for (size_t i = 0; i < d->signals->kind_n; i++) {
        if (!str_eq(d->signals->kinds[i].id, pinned))
            continue;
        *ARENA_PUSH(d->cx.mem, kinds->items, kinds->n, kinds->room) =
            (struct kind_match){.kind = &d->signals->kinds[i],
                                .confidence = 1000,
                                .why = str_of(_("the profile says so")),
                                .matches = kinds->all[i]};
        return;
    }
}

/* Counts the firms that a document names near its beginning. */
static void count_names(struct taker *t, const struct reading *r)
{
    for (uint32_t i = 0; i < r->tokens->n && i < 400; i++) {
        uint32_t n = tokens_span(r->tokens, i, CLASS_ORG);
        if (n == 0)
            continue;
        const struct token *a = &r->tokens->t[i], *b = &r->tokens->t[i + n - 1];
        struct str name = {a->word.p, (size_t)(b->word.p + b->word.n - a->word.p)};
        name = str_copy(t->cx->mem, name);
        size_t count = (size_t)(uintptr_t)dict_get(t->names, name) + 1;
        dict_set(t->names, name, (const void *)(uintptr_t)count);
        if (count > t->best_name && count > 1) {
            t->best_name = count;
            t->in->organisation = name;
        }
        i += n - 1;
    }
}

/* What its reader found, and which part was not judged. */
static struct str reading_note(struct taker *t, const struct document *d)
{
    if (d->beside.n == 0)
        return d->extract.note;
    return str_printf(t->cx->mem,
                      _("%u %% of it is in another language (%.*s) and was not judged.%s%.*s"),
                      d->beside_percent, STR_ARG(d->beside), d->extract.note.n > 0 ? " " : "",
                      STR_ARG(d->extract.note));
}

/* What people should know of how the file was read. */
static struct str note_of(struct taker *t, const struct document *d, struct str variant)
{
    struct str note = reading_note(t, d);

    if (d->reading->cut)
        return str_printf(t->cx->mem, _("It is very long: only its first %u words were judged."),
                          READING_TOKENS);
    if (variant.n == 0)
        return note;
    return str_printf(t->cx->mem,
                      _("Its name says that it is another version or copy of \"%.*s\". Both were "
                        "read; keep the one in force and move the others away.%s%.*s"),
                      STR_ARG(variant), note.n > 0 ? " " : "", STR_ARG(note));
}

/* Whether rules want all the text of one of its kinds. */
static bool keeps_text(const struct taker *t, const struct document *d)
{
    for (size_t i = 0; d->kinds.evidence && i < d->kinds.n; i++) {
        const struct entry *kind = standard_find(t->library->standard, d->kinds.items[i].kind->id);
        if (kind != NULL && value_get_bool(kind->yaml, "keep_text"))
            return true;
    }
    return false;
}

static int take_judged(struct taker *t, struct document *d, const struct source_file *file,
                       struct str copy_of, struct str variant)
{
    pin_kind(t, d);
    pins_note(t->in->pins, d->path, &d->records);
    if (copy_of.n == 0 && d->kinds.evidence)
        count_names(t, d->reading);
    TRY(write_document(&d->cx, t->store, d->signals, d->reading, &d->facts, &d->kinds, file,
                       &d->records, t->cx->mem, t->nearest));
    if (copy_of.n == 0 && keeps_text(t, d))
        TRY(write_passages(&d->cx, t->store, d->reading, file->id));
    value_push(t->in->documents, inventory_document(t->cx->mem, file, d->reading, &d->facts,
                                                    &d->kinds, copy_of, note_of(t, d, variant)));
    return 0;
}

static int take_foreign(struct taker *t, struct document *d, const struct source_file *file)
{
    const char *format = extract_format_name(d->extract.format);
    struct str why = str_printf(
        t->cx->mem, _("It is written in a language that is recognised (%.*s) and not judged yet."),
        STR_ARG(file->language));

    t->in->foreign++;
    TRY(write_unjudged(&d->cx, t->store, file, format, STR_NONE, why));
    TRY(store_skipped(t, d->path, STR("language"), why));
    value_push(t->in->documents,
               inventory_unjudged(t->cx->mem, file, format, STR_NONE, STR("other-language"), why));
    return 0;
}

static void count_language(struct taker *t, struct str language)
{
    size_t count = (size_t)(uintptr_t)dict_get(t->languages, language);

    dict_set(t->languages, str_copy(t->cx->mem, language), (const void *)(uintptr_t)(count + 1));
}

/* Kinds for which the languages of the documents have no signals. */
static int write_languages(struct taker *t)
{
    for (size_t i = 0; i < library_language_count(t->library); i++) {
        struct str language = library_language_at(t->library, i);
        size_t documents = (size_t)(uintptr_t)dict_get(t->languages, language);
        const struct signals *signals;
        if (documents == 0)
            continue;
        TRY(library_signals(t->cx, t->library, language, &signals));
        TRY(write_unsignalled(t->cx, t->store, signals, documents));
    }
    return 0;
}

static struct str path_of_id(const struct intake *in, int64_t id)
{
    return value_get_text(value_at(in->documents, (size_t)(id - 1)), "path");
}

/* A file that holds no document to judge: one line, and on. */
static int take_unread(struct taker *t, const struct document *d)
{
    struct str why = d->cx.err.text;

    if (d->what.n > 0) {
        t->in->files--;
        add_skipped(t, d->path, d->what, why, d->advice);
        return store_skipped(t, d->path, d->what, why);
    }
    if (d->rc == RC_NOT_FOUND) {
        t->in->files--;
        add_skipped(t, d->path, str_of(_("no document")), why, STR_NONE);
        return 0;
    }
    t->in->unread++;
    add_skipped(t, d->path, str_of(_("not read")), why, STR_NONE);
    return store_skipped(t, d->path, STR("unread"), why);
}

/* Its members are documents, and it is none. */
static int take_archive(struct taker *t, const struct document *d)
{
    t->in->files--;
    if (d->extract.note.n > 0)
        add_skipped(t, d->path, str_of(_("archive")), d->extract.note, STR_NONE);
    return 0;
}

static int take_document(struct taker *t, struct document *d, struct str variant)
{
    struct source_file file = {
        .path = d->path, .bytes = d->bytes, .sha256 = d->sha256, .language = d->language};
    struct str copy_of = STR_NONE;

    t->in->files += d->member;
    if (d->rc != 0)
        return take_unread(t, d);
    if (d->archive)
        return take_archive(t, d);
    file.id = ++t->ids;
    file.copy_of = (int64_t)(uintptr_t)dict_get(t->seen, file.sha256);
    if (file.copy_of != 0)
        copy_of = path_of_id(t->in, file.copy_of);
    else
        dict_set(t->seen, str_copy(t->cx->mem, file.sha256), (const void *)(uintptr_t)file.id);
    t->in->read++;
    if (d->signals == NULL)
        return take_foreign(t, d, &file);
    count_language(t, file.language);
    return take_judged(t, d, &file, copy_of, variant);
}

/* An error of the store is one of the whole run, and so is what the readers call fatal. */
static int take(struct taker *t, struct document *d, struct str variant)
{
    int rc = d->fatal ? d->rc : take_document(t, d, variant);

    return rc == 0 ? 0
                   : fail(t->cx, (enum rc)rc, d->path.p, "%.*s",
                          STR_ARG(d->cx.err.text.n > 0 ? d->cx.err.text : t->cx->err.text));
}

/* ---- all files ---- */

static struct str shown_path(struct taker *t, size_t folder, struct str path)
{
    struct str name = str_of(t->request->folders[folder]);

    if (t->request->folder_n == 1)
        return path;
    while (name.n > 1 && name.p[name.n - 1] == '/')
        name = str_sub(name, 0, name.n - 1);
    return str_printf(t->cx->mem, "%.*s/%.*s", STR_ARG(name), STR_ARG(path));
}

static void tell(const struct taker *t, const char *what, size_t done, size_t total)
{
    if (t->request->progress != NULL)
        t->request->progress(t->request->progress_arg, what, done, total);
}

/* A file that came with an earlier folder does not come again. */
static void drop_taken(struct taker *t, struct walk *walk, size_t folder)
{
    size_t kept = 0;

    for (size_t i = 0; i < walk->n; i++) {
        struct str path = shown_path(t, folder, walk->files[i].path);
        if (dict_has(t->taken, path))
            continue;
        (void)dict_intern(t->taken, path);
        walk->files[kept++] = walk->files[i];
    }
    walk->n = kept;
}

static int find_files(struct taker *t, size_t folder)
{
    struct walk *walk = ARENA_NEW(t->cx->mem, struct walk);
    struct str *variants;

    TRY(walk_folder(t->cx, t->request->folders[folder], walk));
    drop_taken(t, walk, folder);
    variants = arena_array(t->cx->mem, walk->n + 1, sizeof *variants);
    variants_find(t->cx, walk, variants);
    for (size_t i = 0; i < walk->n; i++) {
        *ARENA_PUSH(t->cx->mem, t->tasks, t->n, t->room) =
            (struct reader_task){.file = &walk->files[i],
                                 .path = shown_path(t, folder, walk->files[i].path),
                                 .variant = variants[i]};
        t->in->files += walk->files[i].what.n == 0;
    }
    return 0;
}

static int take_file(struct taker *t, struct readers *readers, size_t i)
{
    const struct reader_task *task = &t->tasks[i];
    const struct walk_file *file = task->file;
    struct document *d;
    int rc = 0;

    if (file->what.n > 0) {
        add_skipped(t, task->path, file->what, file->why, file->advice);
        return store_skipped(t, task->path, file->what, file->why);
    }
    tell(t, _("reading"), i, t->n);
    while (rc == 0 && (d = readers_next(readers, i)) != NULL) {
        rc = take(t, d, d->member ? STR_NONE : task->variant);
        document_free(d);
    }
    return rc;
}

static int take_files(struct taker *t, struct proc_server *server)
{
    struct readers *readers CLEANUP(readers_stop) = NULL;
    int64_t began = readers_thread_us();

    TRY(readers_start(t->cx, t->library, server, t->tasks, t->n, &readers));
    for (size_t i = 0; i < t->n; i++)
        TRY(take_file(t, readers, i));
    t->in->usage = readers_usage(readers);
    t->in->storing = readers_thread_us() - began;
    return 0;
}

int intake_run(struct ctx *cx, const struct library *library, struct store *store,
               struct proc_server *server, const struct stage1_request *request,
               const struct value *profile, struct intake *ret)
{
    struct intake in = {.documents = value_list(cx->mem),
                        .skipped = value_list(cx->mem),
                        .pins = pins_new(cx->mem, profile)};
    struct taker t = {.cx = cx,
                      .library = library,
                      .store = store,
                      .request = request,
                      .profile = profile,
                      .in = &in,
                      .nearest = nearest_new(cx->mem, library->signals),
                      .seen = dict_new(cx->mem),
                      .names = dict_new(cx->mem),
                      .languages = dict_new(cx->mem),
                      .taken = dict_new(cx->mem)};
    TX(tx, cx, store);

    for (size_t i = 0; i < request->folder_n; i++)
        TRY(find_files(&t, i));
    TRY(take_files(&t, server));
    TRY(write_languages(&t));
    TRY(write_nearest(cx, store, library->signals, t.nearest));
    TRY(tx_commit(cx, &tx));
    *ret = in;
    return 0;
}
