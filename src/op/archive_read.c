#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include "base/file.h"
#include "ledger/log.h"
#include "op/archive.h"
#include "op/content_own.h"
#include "proc/proc.h"
#include "register/record_file.h"
#include "register/replay.h"

#define FILES "vault/" /* where an organisation has its files, below its folder */
#define HEAD_NAME "archive.json"
#define LINE_BYTES (RECORD_BODY_BYTES * 2)
#define CHILD_BYTES ((size_t)256 * 1024 * 1024)
#define CHILD_SECONDS 3600u
#define LIST_BYTES ((size_t)64 * 1024 * 1024)
#define SMALL_BYTES ((size_t)16 * 1024 * 1024) /* of what is read whole */

/* A child reads the archive and writes what it unpacks to a pipe. */
static const struct proc_limits limits = {.profile = PROC_PARSER,
                                          .memory = CHILD_BYTES,
                                          .cpu_seconds = CHILD_SECONDS,
                                          .wall_seconds = CHILD_SECONDS,
                                          .output = LIST_BYTES};

struct reader {
    struct ctx *cx;
    struct organisation *org;
    int fd;                    /* the archive */
    const struct value *names; /* of its members, in order */
    struct archive_counts counts;
};

static int damaged(struct ctx *cx, const char *what)
{
    return fail(cx, RC_INVALID, NULL, _("the archive is damaged (%s)"), what);
}

/* ---- in the child: the archive is PROC_FILE, what is unpacked goes to PROC_PIPE ---- */

/* libzip reads the archive by its descriptor, as nothing else can be opened. */
struct source {
    zip_uint64_t size;
    zip_error_t error;
};

static zip_int64_t source_call(void *arg, void *data, zip_uint64_t n, zip_source_cmd_t command)
{
    struct source *source = arg;
    zip_stat_t *st = data;
    zip_int64_t at;

    switch (command) {
    case ZIP_SOURCE_OPEN:
        return lseek(PROC_FILE, 0, SEEK_SET);
    case ZIP_SOURCE_READ:
        return read(PROC_FILE, data, n);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
        return 0;
    case ZIP_SOURCE_STAT:
        zip_stat_init(st);
        st->size = source->size;
        st->valid |= ZIP_STAT_SIZE;
        return sizeof *st;
    case ZIP_SOURCE_SEEK:
        at = zip_source_seek_compute_offset((zip_uint64_t)lseek(PROC_FILE, 0, SEEK_CUR),
                                            source->size, data, n, &source->error);
        return at < 0 ? -1 : lseek(PROC_FILE, at, SEEK_SET) < 0 ? -1 : 0;
    case ZIP_SOURCE_TELL:
        return lseek(PROC_FILE, 0, SEEK_CUR);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&source->error, data, n);
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(
            ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_FREE, ZIP_SOURCE_STAT,
            ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_ERROR, ZIP_SOURCE_SUPPORTS, -1);
    default:
        return -1;
    }
}

static int open_zip(struct ctx *cx, zip_t **ret)
{
    struct source *source = ARENA_NEW(cx->mem, struct source);
    zip_source_t *reads;
    zip_error_t error;

    zip_error_init(&error);
    zip_error_init(&source->error);
    source->size = (zip_uint64_t)lseek(PROC_FILE, 0, SEEK_END);
    reads = zip_source_function_create(source_call, source, &error);
    *ret = reads != NULL ? zip_open_from_source(reads, ZIP_RDONLY, &error) : NULL;
    return *ret != NULL ? 0 : damaged(cx, zip_error_strerror(&error));
}

static int list_work(struct ctx *cx, UNUSED void *arg, struct buf *out)
{
    zip_t *zip;
    zip_int64_t n;

    TRY(open_zip(cx, &zip));
    n = zip_get_num_entries(zip, 0);
    if (n > (zip_int64_t)ARCHIVE_MEMBERS)
        return fail(cx, RC_LIMIT, NULL, _("it has more than %u files"), ARCHIVE_MEMBERS);
    for (zip_int64_t i = 0; i < n; i++) {
        const char *name = zip_get_name(zip, (zip_uint64_t)i, ZIP_FL_ENC_RAW);
        if (name == NULL || name[0] == '\0')
            return damaged(cx, name == NULL ? zip_strerror(zip) : "names");
        buf_addz(out, name);
        buf_char(out, '\0');
    }
    return 0;
}

static int copy(struct ctx *cx, zip_file_t *member)
{
    char room[65536];
    uint64_t total = 0;
    zip_int64_t n;

    while ((n = zip_fread(member, room, sizeof room)) > 0) {
        total += (uint64_t)n;
        if (total > ARCHIVE_MEMBER_BYTES)
            return fail(cx, RC_LIMIT, NULL, "%s", _("a file in it is too large"));
        for (zip_int64_t done = 0; done < n;) {
            ssize_t wrote = write(PROC_PIPE, room + done, (size_t)(n - done));
            if (wrote <= 0)
                return fail(cx, RC_FAIL, NULL, "%s", _("reading it was ended"));
            done += wrote;
        }
    }
    return n == 0 ? 0 : damaged(cx, zip_file_strerror(member));
}

static int unpack_work(struct ctx *cx, void *arg, UNUSED struct buf *out)
{
    zip_file_t *member;
    zip_t *zip;

    TRY(open_zip(cx, &zip));
    member = zip_fopen_index(zip, *(const size_t *)arg, 0);
    if (member == NULL)
        return damaged(cx, zip_strerror(zip));
    TRY(copy(cx, member));
    return zip_fclose(member) == 0 ? 0 : damaged(cx, "checksum");
}

/* ---- members ---- */

static int list(struct reader *r)
{
    struct value *names = value_list(r->cx->mem);
    struct proc_limits own = limits;
    struct str output, name;

    own.file = r->fd;
    TRY(proc_call(r->cx, &own, list_work, NULL, &output));
    while (str_split(&output, '\0', &name))
        if (name.n > 0) /* nothing comes behind the last */
            value_push(names, value_text(r->cx->mem, name));
    r->names = names;
    return 0;
}

/* A member that a child is unpacking. */
struct member {
    struct proc_job *job;
    FILE *file; /* its bytes as they come */
};

static void member_end(struct member *member)
{
    if (member->file != NULL)
        (void)fclose(member->file);
    proc_cancel(member->job);
    *member = (struct member){NULL, NULL};
}

static int member_begin(struct reader *r, size_t *at, struct member *ret)
{
    struct proc_limits own = limits;
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(r->cx, RC_FAIL, NULL, _("no pipe could be made: %s"), strerrordesc_np(errno));
    own.file = r->fd;
    own.pipe = ends[1];
    int rc = proc_start(r->cx, &own, unpack_work, at, &ret->job);
    (void)close(ends[1]);
    ret->file = rc == 0 ? fdopen(ends[0], "rb") : NULL;
    if (ret->file == NULL)
        (void)close(ends[0]);
    return rc != 0 || ret->file != NULL
               ? rc
               : fail(r->cx, RC_FAIL, NULL, _("no pipe could be made: %s"), strerrordesc_np(errno));
}

/* Whether it came whole: after its last byte. */
static int member_finish(struct reader *r, struct member *member)
{
    struct proc_job *job = member->job;
    struct str output;

    member->job = NULL;
    return proc_wait(r->cx, job, &output);
}

static int read_small(struct reader *r, size_t at, struct str *ret)
{
    struct member member CLEANUP(member_end) = {NULL, NULL};
    char *bytes = arena_alloc(r->cx->mem, SMALL_BYTES + 1);
    size_t n;

    TRY(member_begin(r, &at, &member));
    n = fread(bytes, 1, SMALL_BYTES + 1, member.file);
    if (n > SMALL_BYTES)
        return fail(r->cx, RC_LIMIT, NULL, _("%.*s in it is too large"),
                    STR_ARG(value_as_text(value_at(r->names, at))));
    *ret = (struct str){bytes, n};
    return member_finish(r, &member);
}

static bool below(struct str name, const char *folder, const char *suffix, struct str *ret)
{
    struct str head = str_of(folder), tail = str_of(suffix);

    if (!str_starts(name, head) || !str_ends(name, tail) || name.n <= head.n + tail.n)
        return false;
    *ret = str_sub(name, head.n, name.n - head.n - tail.n);
    return true;
}

/* No part of a name that leads elsewhere. */
static bool is_safe(struct str name)
{
    struct str part, rest = name;

    if (name.n == 0 || name.p[0] == '/' || name.n > 4000)
        return false;
    while (str_split(&rest, '/', &part))
        if (part.n == 0 || str_is(part, ".") || str_is(part, ".."))
            return false;
    return name.p[name.n - 1] != '/';
}

/* ---- versions ---- */

static int version_of(struct reader *r, struct ctx *cx, const struct register_def *def,
                      struct str line, struct record *ret)
{
    struct value *v;

    TRY(json_parse(cx, str_z(cx->mem, def->id), line, &v));
    *ret = (struct record){.def = def,
                           .id = value_get_text(v, "id"),
                           .ref = value_get_text(v, "ref"),
                           .rev = value_get_int(v, "rev", 0),
                           .seq = value_get_int(v, "seq", 0),
                           .at = value_get_text(v, "at"),
                           .actor = value_get_text(v, "actor"),
                           .role = value_get_text(v, "role"),
                           .via = value_get_text(v, "via"),
                           .act = value_get_text(v, "act"),
                           .stored = value_get_text(v, "sealed")};
    if (value_type(value_get(v, "body")) == VALUE_MAP)
        ret->body = value_get(v, "body");
    int64_t ms;
    if (ret->id.n != RECORD_ID_BYTES || ret->ref.n == 0 || ret->rev < 1 || ret->seq < 1 ||
        !instant_parse(ret->at, &ms))
        return damaged(cx, "records");
    r->counts.records += ret->rev == 1;
    return 0;
}

static int take_line(struct reader *r, const struct register_def *def, struct str line)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(LINE_BYTES * 20);
    struct ctx in = ctx_in(r->cx, mem);
    struct record record;
    int rc = version_of(r, &in, def, str_trim(line), &record);

    if (rc == 0)
        rc = replay_write(&in, &r->org->records, &record);
    if (rc == RC_CONFLICT)
        rc = fail(&in, RC_INVALID, NULL, "%s", _("the same is there twice"));
    r->counts.versions++;
    return ctx_end(r->cx, &in, rc);
}

static void freep(char **p)
{
    free(*p);
}

/* One more line in `line`, which is as long as it has to be, and no longer than the longest that is
 * taken and one byte: what was packed small may be larger than any memory. -1 at the end. */
static ssize_t read_line(FILE *file, char **line, size_t *room)
{
    size_t n = 0;
    int c = 0;

    while (c != '\n' && n <= LINE_BYTES && (c = getc_unlocked(file)) != EOF) {
        if (n == *room) {
            char *larger = realloc(*line, *room * 2 + 4096);
            if (larger == NULL)
                return (ssize_t)LINE_BYTES + 1; /* no end of the file: nothing is left out */
            *line = larger;
            *room = *room * 2 + 4096;
        }
        (*line)[n++] = (char)c;
    }
    return n > 0 ? (ssize_t)n : -1;
}

static int take_lines(struct reader *r, const struct register_def *def, FILE *file)
{
    char *line CLEANUP(freep) = NULL;
    size_t room = 0;
    unsigned long long number = 0;
    ssize_t n;

    while ((n = read_line(file, &line, &room)) > 0) {
        number++;
        if ((size_t)n > LINE_BYTES)
            return fail(r->cx, RC_LIMIT, NULL, _("%.*s, line %llu: it is too long"),
                        STR_ARG(def->id), number);
        int rc = take_line(r, def, (struct str){line, (size_t)n});
        if (rc != 0)
            return fail_while(r->cx, rc, _("%.*s, line %llu"), STR_ARG(def->id), number);
    }
    return 0;
}

static int take_register(struct reader *r, size_t at, struct str id)
{
    struct member member CLEANUP(member_end) = {NULL, NULL};
    const struct register_def *def = registers_find(r->org->records.registers, id);

    if (def == NULL)
        return fail(r->cx, RC_INVALID, NULL, _("this program has no register \"%.*s\""),
                    STR_ARG(id));
    TRY(member_begin(r, &at, &member));
    r->counts.registers++;
    TRY(take_lines(r, def, member.file));
    return member_finish(r, &member);
}

/* ---- the ledger ---- */

/* A table of it, line by line. */
struct taking {
    struct reader *r;
    const char *table;
    struct log_batch *batch;
};

static int take_row(struct taking *t, struct str line)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(LINE_BYTES * 20);
    struct ctx in = ctx_in(t->r->cx, mem);
    struct value *row;
    int rc = json_parse(&in, t->table, line, &row);

    if (rc == 0)
        rc = t->batch != NULL ? replay_ledger_entry(&in, &t->r->org->records, t->batch,
                                                    value_get_text(row, "bytes"))
                              : replay_row(&in, &t->r->org->records, t->table, row);
    return ctx_end(t->r->cx, &in, rc);
}

static int take_rows(struct taking *t, size_t at)
{
    struct member member CLEANUP(member_end) = {NULL, NULL};
    char *line CLEANUP(freep) = NULL;
    size_t room = 0;
    ssize_t n;

    TRY(member_begin(t->r, &at, &member));
    while ((n = getline(&line, &room, member.file)) > 0) {
        if ((size_t)n > LINE_BYTES)
            return fail(t->r->cx, RC_LIMIT, NULL, _("%s: a line is too long"), t->table);
        TRY(take_row(t, (struct str){line, (size_t)n}));
    }
    return member_finish(t->r, &member);
}

static int take_table(struct reader *r, const char *table, struct log_batch *batch)
{
    struct taking t = {r, table, batch};
    struct str name;

    for (size_t i = 0; i < value_count(r->names); i++)
        if (below(value_as_text(value_at(r->names, i)), "ledger/", ".jsonl", &name) &&
            str_is(name, table))
            return take_rows(&t, i);
    return damaged(r->cx, table);
}

/* The key first, without which the archive is of no use here. */
static int take_key(struct reader *r, const struct value *ledger)
{
    bool bare = value_get(ledger, "key") != NULL;
    int rc = replay_set_key(r->cx, &r->org->records, bare,
                            value_get_text(ledger, bare ? "key" : "wrapped_key"));

    return rc != RC_NOT_FOUND
               ? rc
               : fail(r->cx, RC_NOT_FOUND, NULL,
                      _("it is sealed, and the keys of the home that it was made in are not here. "
                        "Copy the folder keys of that home into this one's place, or make it again "
                        "there with --with-keys"));
}

static int take_ledger(struct reader *r, const struct value *ledger)
{
    struct log_batch batch;

    TRY(replay_ledger_begin(r->cx, &r->org->records, ledger, &batch));
    TRY(take_key(r, ledger));
    for (const char *const *table = replay_tables; *table != NULL; table++)
        TRY(take_table(r, *table, strcmp(*table, "ledger_entry") == 0 ? &batch : NULL));
    return replay_ledger_end(r->cx, &r->org->records, ledger, &batch);
}

/* ---- files ---- */

/* The folders above a file, below the organisation's. */
static int make_folders(struct ctx *cx, char *path, size_t from)
{
    for (char *slash = strchr(path + from, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int rc = mkdir(path, 0700);
        *slash = '/';
        if (rc != 0 && errno != EEXIST)
            return fail(cx, RC_FAIL, path, _("%s cannot be made: %s"), path,
                        strerrordesc_np(errno));
    }
    return 0;
}

static int copy_to(struct reader *r, FILE *from, int to, const char *path)
{
    char room[65536];
    size_t n;

    while ((n = fread(room, 1, sizeof room, from)) > 0)
        for (size_t done = 0; done < n;) {
            ssize_t wrote = write(to, room + done, n - done);
            if (wrote <= 0)
                return fail(r->cx, RC_FAIL, path, _("%s cannot be written: %s"), path,
                            strerrordesc_np(errno));
            done += (size_t)wrote;
        }
    return 0;
}

static int take_file(struct reader *r, size_t at, struct str name)
{
    struct member member CLEANUP(member_end) = {NULL, NULL};
    char *path = str_z(r->cx->mem,
                       str_printf(r->cx->mem, "%.*s/%.*s", STR_ARG(r->org->folder), STR_ARG(name)));
    int fd CLEANUP(fd_close) = -1;

    TRY(make_folders(r->cx, path, r->org->folder.n + 1));
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return fail(r->cx, RC_FAIL, path, _("%s cannot be written: %s"), path,
                    strerrordesc_np(errno));
    TRY(member_begin(r, &at, &member));
    TRY(copy_to(r, member.file, fd, path));
    TRY(member_finish(r, &member));
    r->counts.files++;
    return fsync(fd) == 0 ? 0
                          : fail(r->cx, RC_FAIL, path, _("%s cannot be written: %s"), path,
                                 strerrordesc_np(errno));
}

/* ---- the whole ---- */

static int read_head(struct reader *r, struct value **ret)
{
    struct str bytes;
    int64_t version;

    TRY(list(r));
    if (!value_is_text(value_at(r->names, 0), HEAD_NAME))
        return damaged(r->cx, HEAD_NAME);
    TRY(read_small(r, 0, &bytes));
    TRY(json_parse(r->cx, HEAD_NAME, bytes, ret));
    version = value_get_int(*ret, "version", 0);
    if (!value_is_text(value_get(*ret, "format"), ARCHIVE_FORMAT) || version < 1 ||
        value_as_text(value_path(*ret, "organisation.title")).n == 0)
        return damaged(r->cx, HEAD_NAME);
    if (version > ARCHIVE_VERSION)
        return fail(r->cx, RC_INVALID, NULL,
                    _("it was made by a later version of Assay (%.*s): its format is %lld, and %d "
                      "is the last that this one knows"),
                    STR_ARG(value_get_text(*ret, "program")), (long long)version, ARCHIVE_VERSION);
    return 0;
}

static int take_contents(struct reader *r)
{
    struct str name, bytes;

    for (size_t i = 0; i < value_count(r->names); i++) {
        if (!below(value_as_text(value_at(r->names, i)), "content/", "", &name))
            continue;
        TRY(read_small(r, i, &bytes));
        TRY(content_own_put(r->cx, r->org->store, name, bytes));
    }
    return 0;
}

/* The organisation's own registers count from now on: their tables are made. */
static int load_contents(struct reader *r)
{
    struct organisation *org = r->org;
    struct content content;
    struct standard *standard;

    TRY(content_own(r->cx, org->store, &org->standard->content, &content));
    TRY(standard_load(r->cx, &content, STANDARD_DEFAULT, &standard));
    TRY(registers_load(r->cx, &content, &standard->registers));
    struct record_keys *keys = org->records.keys;
    record_store_close(&org->records);
    org->standard = standard;
    record_store_open(org->store, standard->registers, keys, &org->records);
    TRY(record_tables(r->cx, &org->records));
    return record_try(r->cx, &org->records);
}

static int set_numbers(struct reader *r, const struct value *head)
{
    const struct value *numbers = value_get(head, "numbers");

    for (size_t i = 0; i < value_count(numbers); i++)
        TRY(replay_set_number(r->cx, &r->org->records, value_key_at(numbers, i),
                              value_as_int(value_at(numbers, i), 0)));
    return 0;
}

static int take_members(struct reader *r)
{
    struct str name;

    for (size_t i = 0; i < value_count(r->names); i++) {
        struct str member = value_as_text(value_at(r->names, i));
        if (!is_safe(member))
            return fail(r->cx, RC_INVALID, NULL,
                        _("the name of a file in it leads elsewhere: %.*s"),
                        STR_ARG(str_cut(r->cx->mem, member, 100)));
        if (below(member, "records/", ".jsonl", &name))
            TRY(take_register(r, i, name));
    }
    return 0;
}

static int take_files(struct reader *r)
{
    struct str name;

    for (size_t i = 0; i < value_count(r->names); i++) {
        if (!below(value_as_text(value_at(r->names, i)), "files/", "", &name))
            continue;
        if (!str_starts(name, STR(FILES)))
            return fail(r->cx, RC_INVALID, NULL,
                        _("a file in it belongs nowhere in an organisation: %.*s"),
                        STR_ARG(str_cut(r->cx->mem, name, 100)));
        TRY(take_file(r, i, name));
    }
    return 0;
}

static int must_be_empty(struct reader *r)
{
    bool empty;

    TRY(replay_is_empty(r->cx, &r->org->records, &empty));
    return empty ? 0
                 : fail(r->cx, RC_CONFLICT, NULL, "%s",
                        _("the organisation has records of its own; make a new one with assay "
                          "organisations add, or a new home with assay init"));
}

static int take_all(struct reader *r)
{
    struct value *head;

    TRY(read_head(r, &head));
    TRY(must_be_empty(r));
    TX(tx, r->cx, r->org->store);
    TRY(replay_clear(r->cx, &r->org->records));
    TRY(take_contents(r));
    TRY(load_contents(r));
    TRY(take_members(r));
    r->counts.has_ledger = value_get(head, "ledger") != NULL;
    if (r->counts.has_ledger)
        TRY(take_ledger(r, value_get(head, "ledger")));
    else
        TRY(record_adopt(r->cx, &r->org->records));
    TRY(set_numbers(r, head));
    TRY(replay_finish(r->cx, &r->org->records));
    TRY(take_files(r));
    return tx_commit(r->cx, &tx);
}

bool archive_is(int fd)
{
    char head[64];
    ssize_t n = pread(fd, head, sizeof head, 0);
    size_t name = sizeof HEAD_NAME - 1;

    return n >= 42 && memcmp(head, "PK\3\4", 4) == 0 && memcmp(head + 30, HEAD_NAME, name) == 0;
}

int archive_look(struct ctx *cx, int fd, const char *path, struct value **ret)
{
    struct reader r = {.cx = cx, .fd = fd};
    int rc = read_head(&r, ret);

    return rc == 0 ? 0 : fail_while(cx, rc, "%s", path);
}

int archive_read(struct ctx *cx, struct organisation *org, int fd, const char *path,
                 struct archive_counts *ret)
{
    struct reader r = {.cx = cx, .org = org, .fd = fd};
    int rc = take_all(&r);

    if (rc != 0)
        return fail_while(cx, rc, "%s", path);
    *ret = r.counts;
    return 0;
}

/* Its files, where it has any: whether each is there, and is what was filed. */
static int check_files(struct ctx *cx, struct organisation *org, struct value *problems)
{
    struct record_scrub sums;
    struct vault *vault;
    bool row;
    STMT(s);

    TRY(store_prepare(cx, org->store, STR("SELECT 1 FROM vault_object LIMIT 1"), &s));
    TRY(stmt_step(cx, s, &row));
    if (!row)
        return 0;
    TRY(home_vault(cx, org, &vault));
    return record_files_scrub(cx, &org->records, vault, true, false, problems, &sums);
}

int archive_whole(struct ctx *cx, struct organisation *org, const struct archive_counts *counts,
                  struct str *ret_said)
{
    struct value *problems = value_list(cx->mem);
    uint64_t entries;

    if (counts->has_ledger)
        TRY(record_verify(cx, &org->records, problems, &entries));
    TRY(check_files(cx, org, problems));
    *ret_said = value_count(problems) == 0
                    ? STR_NONE
                    : str_printf(cx->mem,
                                 _(" But it is not whole: of %zu things its ledger says something "
                                   "else. assay ledger verify names them."),
                                 value_count(problems));
    return 0;
}
