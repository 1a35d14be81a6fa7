/* Records and evidence: that they are what the entries of the ledger committed to. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "verify/bundle.h"
#include "verify/mac.h"

#define RECORDS "records/"
#define LINES ".jsonl"
#define EVIDENCE "evidence/"
#define META "/meta.json"
#define HANDOVER "handover.json"
#define BODY "assay-body-v1\n"
#define FIELD "assay-field-v1\n"
#define LINE_BYTES ((size_t)16 << 20)

static struct str bytes_of(const struct hash *hash)
{
    return (struct str){(const char *)hash->b, sizeof hash->b};
}

/* As it may be printed: words of the bundle are a stranger's. */
static struct str plain_text(struct arena *mem, struct str text)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool c1 = c == 0xc2 && i + 1 < text.n && (unsigned char)text.p[i + 1] < 0xa0;
        buf_char(&out, c < ' ' || c == 127 || c1 ? '?' : (char)c);
        i += c1;
    }
    return buf_str(&out);
}

static bool is_entry(const struct bundle *b, int64_t seq)
{
    return seq >= 1 && (uint64_t)seq <= b->checkpoint.size;
}

/* ---- fields ---- */

struct counts {
    size_t versions, opened, sealed, erased;
};

/* The commitment that stands where a sealed field's value would. */
static struct str seal_of(const struct value *v)
{
    return value_count(v) == 1 && value_type(v) == VALUE_MAP ? value_get_text(v, "~") : STR_NONE;
}

static int check_opening(struct ctx *cx, const struct value *body, struct str field,
                         const struct value *opening)
{
    struct str salt, text = value_get_text(opening, "value"),
                     seal = seal_of(value_get(body, str_z(cx->mem, field)));

    if (!hash_unhex(cx->mem, value_get_text(opening, "salt"), &salt))
        return fail(cx, RC_INVALID, NULL, _("the salt of %.*s is none"), STR_ARG(field));
    struct hash hash = hash_hmac(salt, (struct str[]){STR(FIELD), field, STR("\n"), text}, 4);
    if (seal.n == 0 || !str_eq(hash_hex(cx->mem, bytes_of(&hash)), seal))
        return fail(cx, RC_INVALID, NULL, _("%.*s is not what was recorded"), STR_ARG(field));
    return 0;
}

/* What is sealed and not opened: erased by a recorded decision, or kept closed. */
static void count_fields(struct bundle *b, int64_t seq, const struct value *body,
                         const struct value *open, struct arena *mem, struct counts *counts)
{
    for (size_t i = 0; i < value_count(body); i++) {
        struct str field = value_key_at(body, i);
        if (seal_of(value_at(body, i)).n == 0)
            continue;
        if (value_get(open, str_z(mem, field)) != NULL)
            counts->opened++;
        else if (bundle_is_erased(b, (uint64_t)seq, field))
            counts->erased++;
        else
            counts->sealed++;
    }
}

/* ---- records ---- */

static struct blob *blob_of(struct bundle *b, int64_t seq)
{
    size_t from = 0, n = b->blob_n;

    while (n > 0) {
        size_t half = n / 2;
        bool before = b->blobs[from + half].n + 1 < (uint64_t)seq;
        from += before ? half + 1 : 0;
        n = before ? n - half - 1 : half;
    }
    return from < b->blob_n && b->blobs[from].n + 1 == (uint64_t)seq ? &b->blobs[from] : NULL;
}

/* What people call the record whose version commits to a file. */
static void keep_ref(struct bundle *b, int64_t seq, struct str ref)
{
    struct blob *blob = blob_of(b, seq);

    work_lock(b->lock);
    blob->ref = plain_text(b->cx->mem, ref);
    work_unlock(b->lock);
}

/* The version of a record whose line this is: its sealed body where it is the entry's. */
static int check_sealed(struct bundle *b, struct ctx *cx, struct str reg, const struct value *line,
                        struct value **ret)
{
    struct str salt, text = value_get_text(line, "sealed");
    int64_t seq = value_get_int(line, "seq", 0);

    if (!is_entry(b, seq))
        return fail(cx, RC_INVALID, NULL, _("there is no such entry"));
    if (!bundle_is_record(b, cx->mem, (uint64_t)seq - 1, reg, value_get_text(line, "id")))
        return fail(cx, RC_INVALID, NULL, _("entry %lld is about another record"),
                    (long long)seq - 1);
    if (!hash_unhex(cx->mem, value_get_text(line, "salt"), &salt))
        return fail(cx, RC_INVALID, NULL, _("its salt is none"));
    struct hash hash = hash_hmac(salt, (struct str[]){STR(BODY), text}, 2);
    if (!merkle_same(&hash, &b->known[seq - 1].body))
        return fail(cx, RC_INVALID, NULL, _("it is not what was recorded"));
    return json_parse(cx, "sealed", text, ret);
}

/* A key of the ledger that is introduced, or that ends. */
static void keep_key(struct bundle *b, int64_t seq, const struct value *body)
{
    int64_t until = value_get_int(body, "until_size", -1),
            from = value_get_int(body, "from_size", 0);
    struct ctx cx = {.mem = b->cx->mem};
    struct key_entry entry = {.n = (uint64_t)seq - 1,
                              .ends = until >= 0,
                              .from = from > 0 ? (uint64_t)from : 0,
                              .until = (uint64_t)until};
    struct note_key now;

    work_lock(b->lock);
    struct str link = str_printf(cx.mem, "%.*s\n", STR_ARG(value_get_text(body, "link")));
    if (note_key_parse(&cx, str_copy(cx.mem, value_get_text(body, "key")), &entry.key) == 0) {
        entry.linked =
            note_link_parse(&cx, link, &entry.before, &now) == 0 && note_key_same(&now, &entry.key);
        *ARENA_PUSH(cx.mem, b->key_entries, b->key_entry_n, b->key_entry_room) = entry;
    }
    work_unlock(b->lock);
}

static int check_record(struct bundle *b, struct ctx *cx, struct str reg, const struct value *line,
                        struct counts *counts)
{
    const struct value *open = value_get(line, "open"), *body;
    int64_t seq = value_get_int(line, "seq", 0);
    struct value *sealed;

    TRY(check_sealed(b, cx, reg, line, &sealed));
    body = value_get(sealed, "body");
    for (size_t i = 0; i < value_count(open); i++)
        TRY(check_opening(cx, body, value_key_at(open, i), value_at(open, i)));
    count_fields(b, seq, body, open, cx->mem, counts);
    counts->versions++;
    b->known[seq - 1].shown = true;
    if (b->known[seq - 1].has_blob)
        keep_ref(b, seq, value_get_text(sealed, "ref"));
    if (str_is(reg, "signing_key"))
        keep_key(b, seq, body);
    return 0;
}

struct lines {
    struct bundle *bundle;
    const struct zip_member *member;
    struct str reg;
    struct buf rest; /* a line of which not all has come yet */
    int64_t last;    /* the version before */
    struct counts counts;
};

/* One JSON a line. Each has memory of its own, since there may be many. */
static int check_line(struct lines *lines, struct ctx *outer, struct str text)
{
    struct arena *mem CLEANUP(arena_freep) = arena_new(0);
    struct ctx cx = {.mem = mem};
    struct value *line = NULL;

    if (text.n == 0)
        return 0;
    int rc = json_parse(&cx, "records", text, &line);
    int64_t seq = value_get_int(line, "seq", 0);
    if (rc == 0 && seq <= lines->last)
        rc =
            fail(&cx, RC_INVALID, NULL, _("it stands behind version %lld"), (long long)lines->last);
    lines->last = seq;
    if (rc == 0)
        rc = check_record(lines->bundle, &cx, lines->reg, line, &lines->counts);
    return rc == 0 ? 0
                   : fail(outer, rc, NULL, _("%.*s, version %lld: %.*s."),
                          STR_ARG(lines->member->name), (long long)seq, STR_ARG(cx.err.text));
}

static int take_piece(void *arg, struct ctx *cx, struct str piece)
{
    struct lines *lines = arg;

    for (size_t end; (end = str_find_char(piece, '\n', 0)) != SIZE_MAX;
         piece = str_from(piece, end + 1)) {
        struct str line = str_sub(piece, 0, end);
        if (lines->rest.n > 0) {
            buf_add(&lines->rest, line);
            line = buf_str(&lines->rest);
        }
        TRY(check_line(lines, cx, line));
        lines->rest.n = 0;
    }
    buf_add(&lines->rest, piece);
    return lines->rest.n <= LINE_BYTES ? 0
                                       : fail(cx, RC_LIMIT, NULL, _("A line of %.*s is too long."),
                                              STR_ARG(lines->member->name));
}

static int check_register(struct bundle *b, struct ctx *cx, const struct zip_member *member)
{
    struct str reg = str_sub(member->name, sizeof RECORDS - 1,
                             member->name.n - (sizeof RECORDS - 1) - (sizeof LINES - 1));
    struct lines lines = {.bundle = b, .member = member, .reg = reg, .rest = buf_new(cx->mem)};

    TRY(zip_stream(cx, member, take_piece, &lines));
    TRY(check_line(&lines, cx, buf_str(&lines.rest)));
    work_lock(b->lock);
    b->versions += lines.counts.versions;
    b->opened += lines.counts.opened;
    b->sealed += lines.counts.sealed;
    b->erased_fields += lines.counts.erased;
    work_unlock(b->lock);
    return 0;
}

/* ---- evidence ---- */

/* The other member of "evidence/ID/". */
static const struct zip_member *content_of(const struct bundle *b, struct ctx *cx,
                                           struct str folder)
{
    struct str head = str_printf(cx->mem, "%.*s/content", STR_ARG(folder));
    size_t at = zip_from(b->zip, head);

    return at < b->zip->n && str_starts(b->zip->items[at].name, head) ? &b->zip->items[at] : NULL;
}

static int add_piece(void *arg, struct ctx *cx, struct str piece)
{
    (void)cx;
    mac_add(arg, piece);
    return 0;
}

static void keep_evidence(struct bundle *b, const struct value *meta, struct blob *blob,
                          struct str path, bool erased)
{
    struct arena *mem = b->cx->mem;

    work_lock(b->lock);
    blob->shown = !erased;
    blob->erased = erased;
    b->files += !erased;
    b->erased_files += erased;
    *ARENA_PUSH(mem, b->evidence, b->evidence_n, b->evidence_room) =
        (struct evidence){.n = blob->n,
                          .path = str_copy(mem, path),
                          .name = plain_text(mem, value_get_text(meta, "name")),
                          .title = plain_text(mem, value_get_text(meta, "title")),
                          .shows = plain_text(mem, value_get_text(meta, "shows")),
                          .erased = erased};
    work_unlock(b->lock);
}

/* Evidence that is not there: a decision to erase it must be. */
static int check_absent(struct bundle *b, struct ctx *cx, struct str folder, struct blob *blob,
                        const struct value *meta)
{
    struct str lost = plain_text(cx->mem, value_get_text(meta, "lost"));

    if (!bundle_is_erased(b, blob->n + 1, value_get_text(meta, "field")))
        return fail(cx, RC_INVALID, NULL,
                    lost.n > 0
                        ? _("%.*s has no content, and no entry says that it was erased. The "
                            "organisation says: %.*s")
                        : _("%.*s has no content, and no entry says that it was erased.%.*s"),
                    STR_ARG(folder), STR_ARG(lost));
    keep_evidence(b, meta, blob, folder, true);
    return 0;
}

static int check_content(struct bundle *b, struct ctx *cx, const struct zip_member *content,
                         const struct value *meta, struct blob *blob)
{
    struct str salt;

    if (!hash_unhex(cx->mem, value_get_text(meta, "salt"), &salt))
        return fail(cx, RC_INVALID, NULL, _("The salt of %.*s is none."), STR_ARG(content->name));
    struct mac *mac = mac_new(cx->mem, salt);
    TRY(zip_stream(cx, content, add_piece, mac));
    struct hash hash = mac_end(mac);
    if (!merkle_same(&hash, &blob->commitment))
        return fail(cx, RC_INVALID, NULL, _("%.*s is not the file that was recorded."),
                    STR_ARG(content->name));
    keep_evidence(b, meta, blob, content->name, false);
    return 0;
}

static int check_evidence(struct bundle *b, struct ctx *cx, const struct zip_member *member)
{
    struct str text, folder = str_sub(member->name, 0, member->name.n - (sizeof META - 1));
    const struct zip_member *content = content_of(b, cx, folder);
    struct value *meta;

    TRY(zip_read(cx, member, &text));
    TRY(json_parse(cx, "meta.json", text, &meta));
    int64_t seq = value_get_int(meta, "seq", 0);
    struct blob *blob = blob_of(b, seq);
    if (blob == NULL)
        return fail(cx, RC_INVALID, NULL, _("%.*s: entry %lld commits to no file."),
                    STR_ARG(folder), (long long)seq - 1);
    if (content == NULL)
        return check_absent(b, cx, folder, blob, meta);
    return check_content(b, cx, content, meta, blob);
}

/* A file that nothing speaks for. */
static int check_spoken_for(struct bundle *b, struct ctx *cx, const struct zip_member *member)
{
    size_t slash = member->name.n;

    while (member->name.p[slash - 1] != '/')
        slash--;
    struct str folder = str_sub(member->name, 0, slash - 1),
               meta = str_printf(cx->mem, "%.*s" META, STR_ARG(folder));
    return content_of(b, cx, folder) == member && zip_find(b->zip, meta) != NULL
               ? 0
               : fail(cx, RC_INVALID, NULL, _("%.*s is a file that belongs to no entry."),
                      STR_ARG(member->name));
}

/* ---- the record of the hand-over ---- */

/* The line in exactly the form in which it is written: nothing may be added to it. */
static bool is_exact(struct arena *mem, const struct value *line, struct str text)
{
    struct value *again = value_map(mem);
    struct buf out = buf_new(mem);

    value_set_text(again, "id", value_get_text(line, "id"));
    value_set(again, "open", value_map(mem));
    value_set_text(again, "salt", value_get_text(line, "salt"));
    value_set_text(again, "sealed", value_get_text(line, "sealed"));
    value_set_int(again, "seq", value_get_int(line, "seq", 0));
    value_json(&out, again, 0);
    return str_eq(buf_str(&out), text);
}

/* It commits to the manifest, and so to all that the manifest lists. */
static int check_handover(struct bundle *b)
{
    struct str text, manifest;
    struct value *line, *sealed;

    TRY(bundle_read(b, b->cx, STR(HANDOVER), &text));
    TRY(bundle_read(b, b->cx, STR("manifest.json"), &manifest));
    TRY(json_parse(b->cx, HANDOVER, text, &line));
    if (!is_exact(b->cx->mem, line, text))
        return fail(b->cx, RC_INVALID, NULL, _(HANDOVER " is not written as it must be."));
    int rc = check_sealed(b, b->cx, STR("bundle"), line, &sealed);
    if (rc < 0)
        return fail_while(b->cx, rc, HANDOVER);
    if (!str_eq(value_get_text(value_get(sealed, "body"), "manifest"),
                hash_sha256_hex(b->cx->mem, manifest)))
        return fail(b->cx, RC_INVALID, NULL,
                    _("manifest.json is not the one that was recorded when the bundle was made."));
    bundle_say(b, SAID_HOLDS,
               _("The hand-over of this bundle is itself an entry (%lld), which names all that is "
                 "in it."),
               (long long)value_get_int(line, "seq", 0) - 1);
    return 0;
}

/* ---- all ---- */

static int check_member(void *arg, struct ctx *cx, size_t i)
{
    struct bundle *b = arg;
    const struct zip_member *member = &b->zip->items[i];

    if (str_starts(member->name, STR(RECORDS)) && str_ends(member->name, STR(LINES)))
        return check_register(b, cx, member);
    if (str_starts(member->name, STR(EVIDENCE)) && str_ends(member->name, STR(META)))
        return check_evidence(b, cx, member);
    if (str_starts(member->name, STR(EVIDENCE)))
        return check_spoken_for(b, cx, member);
    return 0;
}

static int by_commitment(const void *a, const void *b)
{
    const struct blob *const *x = a, *const *y = b;

    return memcmp((*x)->commitment.b, (*y)->commitment.b, sizeof(*x)->commitment.b);
}

/* Versions of a record commit to the same file, which is in the bundle once. */
static void share_files(struct bundle *b)
{
    struct blob **all = arena_array(b->cx->mem, b->blob_n + 1, sizeof(struct blob *));
    size_t end;

    for (size_t i = 0; i < b->blob_n; i++)
        all[i] = &b->blobs[i];
    qsort(all, b->blob_n, sizeof(struct blob *), by_commitment);
    for (size_t i = 0; i < b->blob_n; i = end) {
        bool shown = false, erased = false;
        for (end = i; end < b->blob_n && by_commitment(&all[i], &all[end]) == 0; end++) {
            shown = shown || all[end]->shown;
            erased = erased || all[end]->erased;
        }
        for (size_t k = i; k < end; k++) {
            all[k]->shown = shown;
            all[k]->erased = erased;
        }
    }
}

/* What the ledger has and the bundle has not: known to be left out. */
static void say_left_out(struct bundle *b)
{
    size_t older = 0, files = 0;

    for (uint64_t i = 0; i < b->checkpoint.size; i++)
        if (b->known[i].before >= 0 && !b->known[i].shown)
            older += b->known[b->known[i].before].shown;
    for (size_t i = 0; i < b->blob_n; i++)
        files += !b->blobs[i].shown && !b->blobs[i].erased && b->known[b->blobs[i].n].shown;
    if (b->sealed + b->erased_fields > 0)
        bundle_say(
            b, SAID_INFO,
            _("%zu sealed fields were opened; %zu were not, and %zu were erased by a recorded "
              "decision."),
            b->opened, b->sealed, b->erased_fields);
    if (b->erased_files > 0)
        bundle_say(b, SAID_INFO, _("%zu files of evidence were erased by a recorded decision."),
                   b->erased_files);
    if (files > 0)
        bundle_say(b, SAID_INFO,
                   _("%zu versions of these records have a file that is not in the bundle."),
                   files);
    if (older > 0)
        bundle_say(b, SAID_INFO,
                   _("%zu records have a later version that is not in the bundle; its entry is."),
                   older);
}

static int by_entry(const void *a, const void *b)
{
    const struct evidence *x = a, *y = b;

    return x->n != y->n ? (x->n > y->n) - (x->n < y->n) : str_cmp(x->path, y->path);
}

/* In the order of their entries, each with the ref that its version is committed to. */
static void name_evidence(struct bundle *b)
{
    if (b->evidence_n > 0)
        qsort(b->evidence, b->evidence_n, sizeof *b->evidence, by_entry);
    for (size_t i = 0; i < b->evidence_n; i++)
        b->evidence[i].ref = blob_of(b, (int64_t)b->evidence[i].n + 1)->ref;
}

void bundle_check_contents(struct bundle *b)
{
    struct work work;

    work_each(b->cx->mem, b->zip->n, check_member, b, &work);
    bool all = bundle_holds(b, &work);
    share_files(b);
    name_evidence(b);
    if (check_handover(b) < 0)
        bundle_say(b, SAID_FAILED, "%.*s", STR_ARG(b->cx->err.text));
    if (!all)
        return;
    bundle_say(b, SAID_HOLDS,
               _("%zu versions of records and %zu files of evidence are those that the entries "
                 "committed to when they were made."),
               b->versions, b->files);
    say_left_out(b);
}
