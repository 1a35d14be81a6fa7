#include "op/intake.h"

#include <string.h>

#include "op/profile.h"
#include "op/variants.h"
#include "op/walk.h"
#include "proc/proc.h"

#define INTAKE_JOBS 3u /* files in hand at once: one understood while others are read */
#define INTAKE_DOCUMENT_BYTES ((size_t)1024 * 1024 * 1024)
#define INTAKE_WORKER_BYTES ((size_t)1536 * 1024 * 1024)
#define INTAKE_OUTPUT_BYTES ((size_t)192 * 1024 * 1024)
#define INTAKE_CPU_SECONDS 60u
#define INTAKE_WALL_SECONDS 90u
#define INTAKE_WHY_BYTES 300u

/* One file on its way. Its context, and with it all memory, ends when it is done. */
struct item {
    struct ctx cx;
    const struct walk_file *file;
    struct str path;    /* as shown: with its folder where there are several */
    struct str variant; /* of which file its name says it is another version */
    struct str bytes;
    struct proc_job *job;
    int rc;
};

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
    int64_t ids;
    size_t best_name;
};

/* ---- the sandboxed part ---- */

struct reading_job {
    struct str name, bytes;
};

static int read_in_child(struct ctx *cx, void *arg, struct buf *out)
{
    const struct reading_job *job = arg;
    struct extract extract;

    TRY(extract_bytes(cx, job->name, job->bytes, &extract));
    extract_pack(out, &extract);
    return 0;
}

static void start(struct item *item)
{
    static const struct proc_limits limits = {.profile = PROC_PARSER,
                                              .memory = INTAKE_WORKER_BYTES,
                                              .cpu_seconds = INTAKE_CPU_SECONDS,
                                              .wall_seconds = INTAKE_WALL_SECONDS,
                                              .output = INTAKE_OUTPUT_BYTES};
    struct reading_job *job = ARENA_NEW(item->cx.mem, struct reading_job);

    item->rc = walk_read(&item->cx, item->file, EXTRACT_FILE_BYTES, &item->bytes);
    if (item->rc != 0)
        return;
    *job = (struct reading_job){item->file->path, item->bytes};
    item->rc = proc_start(&item->cx, &limits, read_in_child, job, &item->job);
}

/* ---- the inventory ---- */

static void set_optional(struct value *map, const char *key, struct arena *mem, struct str s)
{
    value_set(map, key, s.n > 0 ? value_text(mem, str_copy(mem, s)) : NULL);
}

static void set_people(struct value *map, const char *key, struct arena *mem,
                       const struct fact_value *v)
{
    struct value *list = value_list(mem);

    if (v != NULL && v->text.n > 0 && !v->open)
        value_push(list, value_text(mem, str_copy(mem, v->text)));
    value_set(map, key, list);
}

static void add_skipped(struct taker *t, struct str path, struct str what, struct str why,
                        struct str advice)
{
    struct arena *mem = t->cx->mem;
    struct value *item = value_map(mem);

    value_set_text(item, "path", str_copy(mem, path));
    value_set_text(item, "what", str_copy(mem, what));
    value_set_text(item, "why", str_copy(mem, why));
    set_optional(item, "advice", mem, advice);
    value_push(t->in->skipped, item);
}

static int store_skipped(struct taker *t, struct str path, struct str what, struct str why)
{
    const struct kind_signals *kind = kinds_by_name(t->cx, t->library->signals, path);
    STMT(s);

    TRY(store_prepare(t->cx, t->store,
                      STR("INSERT INTO skipped (path, what, why, kind_hint) "
                          "VALUES (:path, :what, :why, :kind)"),
                      &s));
    TRY(stmt_bind_text(t->cx, s, "path", path));
    TRY(stmt_bind_text(t->cx, s, "what", what));
    TRY(stmt_bind_text(t->cx, s, "why", why));
    if (kind != NULL)
        TRY(stmt_bind_text(t->cx, s, "kind", kind->id));
    return stmt_run(t->cx, s);
}

static struct value *document_head(struct taker *t, const struct source_file *file,
                                   const char *format, struct str title)
{
    struct arena *mem = t->cx->mem;
    struct value *d = value_map(mem);

    value_set_text(d, "path", str_copy(mem, file->path));
    set_optional(d, "sha256", mem, file->sha256);
    value_set_int(d, "bytes", (int64_t)file->bytes);
    value_set_text(d, "format", str_of(format));
    set_optional(d, "language", mem, file->language);
    set_optional(d, "title", mem, title);
    return d;
}

static struct value *kinds_value(struct taker *t, const struct kinds *kinds)
{
    struct arena *mem = t->cx->mem;
    struct value *list = value_list(mem);

    for (size_t i = 0; kinds != NULL && i < kinds->n; i++) {
        const struct kind_match *k = &kinds->items[i];
        struct value *item = value_map(mem);
        value_set_text(item, "kind", k->kind->id);
        value_set_text(item, "title", k->kind->title);
        value_set(item, "confidence", value_decimal(mem, k->confidence));
        struct str why = k->place.n == 0 ? k->why
                                         : str_printf(mem, _("in the section \"%.*s\": %.*s"),
                                                      STR_ARG(k->place), STR_ARG(k->why));
        value_set_text(item, "why", str_copy(mem, str_cut(mem, why, INTAKE_WHY_BYTES)));
        value_push(list, item);
    }
    return list;
}

static struct str fact_text(const struct facts *facts, enum fact fact)
{
    return facts->of[fact].open ? STR_NONE : facts->of[fact].text;
}

static void add_document(struct taker *t, const struct source_file *file, const struct reading *r,
                         const struct facts *facts, const struct kinds *kinds, struct str copy_of,
                         struct str note)
{
    struct arena *mem = t->cx->mem;
    struct value *d = document_head(t, file, extract_format_name(r->extract->format), r->title);

    value_set(d, "kinds", kinds_value(t, kinds));
    value_set_text(d, "nature", kinds->nature);
    set_optional(d, "version", mem, fact_text(facts, FACT_VERSION));
    set_optional(d, "status", mem, fact_text(facts, FACT_STATUS));
    set_people(d, "author", mem, &facts->of[FACT_AUTHOR]);
    set_optional(d, "owner", mem, fact_text(facts, FACT_OWNER));
    set_people(d, "approved_by", mem, &facts->of[FACT_APPROVED_BY]);
    set_optional(d, "approved_on", mem, date_iso(mem, facts->of[FACT_APPROVED_ON].date));
    set_optional(d, "review_due", mem, date_iso(mem, facts->of[FACT_REVIEW_DUE].date));
    set_optional(d, "classification", mem, fact_text(facts, FACT_CLASSIFICATION));
    value_set_bool(d, "is_template",
                   strcmp(kinds->template, "none") != 0 && strcmp(kinds->template, "open") != 0);
    value_set_int(d, "passages", (int64_t)r->passage_n - 2);
    set_optional(d, "copies_of", mem, copy_of);
    set_optional(d, "error", mem, note);
    value_push(t->in->documents, d);
}

static void add_unjudged(struct taker *t, const struct source_file *file, const char *format,
                         struct str title, struct str nature, struct str error)
{
    struct arena *mem = t->cx->mem;
    struct value *d = document_head(t, file, format, title);

    value_set(d, "kinds", value_list(mem));
    value_set_text(d, "nature", nature);
    value_set(d, "version", NULL);
    value_set(d, "status", NULL);
    value_set(d, "author", value_list(mem));
    value_set(d, "owner", NULL);
    value_set(d, "approved_by", value_list(mem));
    value_set(d, "approved_on", NULL);
    value_set(d, "review_due", NULL);
    value_set(d, "classification", NULL);
    value_set_bool(d, "is_template", false);
    value_set_int(d, "passages", 0);
    value_set(d, "copies_of", NULL);
    set_optional(d, "error", mem, error);
    value_push(t->in->documents, d);
}

/* ---- one file ---- */

/* The profile's word on what a file is goes over what was found. */
static void pin_kind(struct taker *t, struct item *item, const struct signals *signals,
                     struct kinds *kinds)
{
    struct str pinned = profile_kind(t->profile, item->path);

    if (pinned.n == 0)
        return;
    kinds->n = 0;
    kinds->evidence = !str_is(pinned, "none");
    for (size_t i = 0; i < signals->kind_n; i++) {
        if (!str_eq(signals->kinds[i].id, pinned))
            continue;
        *ARENA_PUSH(item->cx.mem, kinds->items, kinds->n, kinds->room) =
            (struct kind_match){.kind = &signals->kinds[i],
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

/* What people should know of how the file was read. */
static struct str note_of(struct taker *t, const struct item *item, const struct extract *extract,
                          bool cut)
{
    if (cut)
        return str_printf(t->cx->mem, _("It is very long: only its first %u words were judged."),
                          READING_TOKENS);
    if (item->variant.n == 0)
        return extract->note;
    return str_printf(t->cx->mem,
                      _("Its name says that it is another version or copy of \"%.*s\". Both were "
                        "read; keep the one in force and move the others away.%s%.*s"),
                      STR_ARG(item->variant), extract->note.n > 0 ? " " : "",
                      STR_ARG(extract->note));
}

static int understand(struct taker *t, struct item *item, struct source_file *file,
                      const struct extract *extract, struct str copy_of)
{
    struct reading *r;
    struct facts facts;
    struct kinds kinds;
    const struct signals *signals;

    TRY(library_signals(&item->cx, t->library, file->language, &signals));
    TRY(reading_make(&item->cx, signals->patterns, &signals->guards, item->path, extract, &r));
    facts_find(&item->cx, r, &facts);
    kinds_find(&item->cx, signals, r, &facts, &kinds);
    pin_kind(t, item, signals, &kinds);
    if (copy_of.n == 0 && kinds.evidence)
        count_names(t, r);
    TRY(write_document(&item->cx, t->store, signals, r, &facts, &kinds, file, t->cx->mem,
                       t->nearest));
    add_document(t, file, r, &facts, &kinds, copy_of, note_of(t, item, extract, r->cut));
    return 0;
}

static int take_foreign(struct taker *t, struct item *item, const struct source_file *file,
                        const struct extract *extract)
{
    struct str why = str_printf(
        t->cx->mem, _("It is written in a language that is recognised (%.*s) and not judged yet."),
        STR_ARG(file->language));

    t->in->foreign++;
    TRY(write_unjudged(&item->cx, t->store, file, extract_format_name(extract->format), STR_NONE,
                       why));
    TRY(store_skipped(t, item->path, STR("language"), why));
    add_unjudged(t, file, extract_format_name(extract->format), STR_NONE, STR("other-language"),
                 why);
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

static int take_extract(struct taker *t, struct item *item, const struct extract *extract)
{
    struct source_file file = {.id = ++t->ids, .path = item->path, .bytes = item->bytes.n};
    struct str copy_of = STR_NONE;

    file.sha256 = str_copy(t->cx->mem, hash_sha256_hex(item->cx.mem, item->bytes));
    file.copy_of = (int64_t)(uintptr_t)dict_get(t->seen, file.sha256);
    if (file.copy_of != 0)
        copy_of = path_of_id(t->in, file.copy_of);
    else
        dict_set(t->seen, file.sha256, (const void *)(uintptr_t)file.id);
    file.language = tongue_of(&item->cx, t->library->tongues, extract);
    t->in->read++;
    if (!tongue_has_signals(t->library->tongues, file.language))
        return take_foreign(t, item, &file, extract);
    count_language(t, file.language);
    return understand(t, item, &file, extract, copy_of);
}

/* A file that holds no document to judge: one line, and on. */
static int take_unread(struct taker *t, struct item *item)
{
    struct str why = item->cx.err.text;

    if (item->rc == RC_NOT_FOUND) {
        t->in->files--;
        add_skipped(t, item->path, str_of(_("no document")), why, STR_NONE);
        return 0;
    }
    t->in->unread++;
    add_skipped(t, item->path, str_of(_("not read")), why, STR_NONE);
    return store_skipped(t, item->path, STR("unread"), why);
}

static int finish(struct taker *t, struct item *item)
{
    struct str output;
    struct extract extract;

    if (item->rc == 0)
        item->rc = proc_wait(&item->cx, item->job, &output);
    item->job = NULL;
    if (item->rc == 0)
        item->rc = extract_unpack(&item->cx, output, &extract);
    if (item->rc != 0)
        return take_unread(t, item);
    int rc = take_extract(t, item, &extract);
    if (rc == RC_LIMIT)
        return take_unread(t, item);
    if (rc != 0)
        return fail(t->cx, (enum rc)rc, item->path.p, "%.*s", STR_ARG(item->cx.err.text));
    return 0;
}

/* ---- all files ---- */

static void item_begin(struct taker *t, struct item *item, const struct walk_file *file,
                       struct str path, struct str variant)
{
    *item = (struct item){.cx = {.mem = arena_new(INTAKE_DOCUMENT_BYTES), .today = t->cx->today},
                          .file = file,
                          .path = path,
                          .variant = variant};
    start(item);
}

static void item_end(struct item *item)
{
    proc_cancel(item->job);
    arena_free(item->cx.mem);
    *item = (struct item){0};
}

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

/* Up to INTAKE_JOBS files are in hand; they are finished in the order they were started. */
static int take_files(struct taker *t, const struct walk *walk, size_t folder)
{
    struct item items[INTAKE_JOBS] = {0};
    struct str *variants = arena_array(t->cx->mem, walk->n + 1, sizeof *variants);
    size_t next = 0, oldest = 0, in_hand = 0;
    int rc = 0;

    variants_find(t->cx, walk, variants);
    while (rc == 0 && (next < walk->n || in_hand > 0)) {
        while (next < walk->n && in_hand < INTAKE_JOBS) {
            const struct walk_file *file = &walk->files[next++];
            struct str path = shown_path(t, folder, file->path);
            if (file->what.n > 0) {
                add_skipped(t, path, file->what, file->why, file->advice);
                rc = store_skipped(t, path, file->what, file->why);
                continue;
            }
            t->in->files++;
            item_begin(t, &items[(oldest + in_hand++) % INTAKE_JOBS], file, path,
                       variants[next - 1]);
        }
        if (in_hand == 0)
            break;
        tell(t, _("reading"), next - in_hand, walk->n);
        rc = rc == 0 ? finish(t, &items[oldest]) : rc;
        item_end(&items[oldest]);
        oldest = (oldest + 1) % INTAKE_JOBS;
        in_hand--;
    }
    for (size_t i = 0; i < INTAKE_JOBS; i++)
        item_end(&items[i]);
    return rc;
}

/* Folders may lie in one another: a file that came with an earlier one does not come again. */
static void drop_taken(struct taker *t, struct walk *walk, struct dict *taken, size_t folder)
{
    size_t kept = 0;

    for (size_t i = 0; i < walk->n; i++) {
        struct str path = shown_path(t, folder, walk->files[i].path);
        if (dict_has(taken, path))
            continue;
        (void)dict_intern(taken, path);
        walk->files[kept++] = walk->files[i];
    }
    walk->n = kept;
}

int intake_run(struct ctx *cx, const struct library *library, struct store *store,
               const struct stage1_request *request, const struct value *profile,
               struct intake *ret)
{
    struct intake in = {.documents = value_list(cx->mem), .skipped = value_list(cx->mem)};
    struct taker t = {.cx = cx,
                      .library = library,
                      .store = store,
                      .request = request,
                      .profile = profile,
                      .in = &in,
                      .nearest = nearest_new(cx->mem, library->signals),
                      .seen = dict_new(cx->mem),
                      .names = dict_new(cx->mem),
                      .languages = dict_new(cx->mem)};
    struct dict *taken = dict_new(cx->mem);
    TX(tx, cx, store);

    for (size_t i = 0; i < request->folder_n; i++) {
        struct walk walk;
        TRY(walk_folder(cx, request->folders[i], &walk));
        drop_taken(&t, &walk, taken, i);
        TRY(take_files(&t, &walk, i));
    }
    TRY(write_languages(&t));
    TRY(write_nearest(cx, store, library->signals, t.nearest));
    TRY(tx_commit(cx, &tx));
    *ret = in;
    return 0;
}
