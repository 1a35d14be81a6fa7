#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "op/archive.h"
#include "op/content_own.h"
#include "op/home_parts.h"
#include "op/outgoing.h"
#include "register/outward.h"
#include "register/replay.h"
#include "report/zip_out.h"

#define PAGE 200u
#define PAGE_BYTES ((size_t)2 * 1024 * 1024 * 1024)
#define DEPTH 32u
#define FOLDER "vault" /* below the organisation's folder */

struct writer {
    struct ctx *cx;
    struct organisation *org;
    struct zip_out *zip;
    bool open;
    struct archive_counts counts;
};

static struct str member_name(struct writer *w, const char *folder, struct str name,
                              const char *suffix)
{
    return str_printf(w->cx->mem, "%s/%.*s%s", folder, STR_ARG(name), suffix);
}

/* ---- versions ---- */

static int write_version(void *arg, struct ctx *cx, const struct record *record)
{
    struct writer *w = arg;
    struct buf line = buf_new(cx->mem);
    struct value *v = replay_value(cx->mem, record);

    if (!w->open)
        value_set(v, "body", NULL);
    value_json(&line, v, 0);
    buf_char(&line, '\n');
    w->counts.versions++;
    w->counts.records += record->rev == 1;
    return zip_out_write(cx, w->zip, buf_str(&line));
}

/* ---- the records as they are, for people ---- */

struct table {
    struct writer *w;
    const struct register_def *def;
    const struct register_field *fields[REGISTER_FIELDS];
    size_t n;
    uint64_t rows; /* so far */
};

static int write_row(void *arg, struct ctx *cx, const struct record *record)
{
    struct table *t = arg;
    struct str *cells = arena_array(cx->mem, t->n + 1, sizeof *cells);
    struct buf out = buf_new(cx->mem);

    cells[0] = record->ref;
    for (size_t i = 0; i < t->n; i++)
        TRY(outward_text(cx, &t->w->org->records, t->def, t->fields[i],
                         value_get(record->body, str_z(cx->mem, t->fields[i]->id)), &cells[i + 1]));
    book_csv_record(cx->mem, &out, cells, t->n + 1);
    t->rows++;
    return zip_out_write(cx, t->w->zip, buf_str(&out));
}

/* Pages, so that what they take goes with each. */
static int write_pages(struct writer *w, struct table *t)
{
    struct record_query query = {.def = t->def, .limit = PAGE};
    uint64_t before;
    int rc = 0;

    do {
        struct ctx page = ctx_in(w->cx, arena_new(PAGE_BYTES));
        before = t->rows;
        rc = ctx_end(w->cx, &page, record_list(&page, &w->org->records, &query, write_row, t));
        arena_free(page.mem);
        query.skip += PAGE;
    } while (rc == 0 && t->rows - before == PAGE);
    return rc;
}

static int write_table(struct writer *w, const struct register_def *def)
{
    struct table t = {.w = w, .def = def};
    struct str *headings = arena_array(w->cx->mem, REGISTER_FIELDS + 1, sizeof *headings);
    struct buf out = buf_new(w->cx->mem);

    t.n = outward_fields(def, t.fields);
    headings[0] = outward_ref_heading(def);
    for (size_t i = 0; i < t.n; i++)
        headings[i + 1] = t.fields[i]->label;
    book_csv_record(w->cx->mem, &out, headings, t.n + 1);
    TRY(zip_out_begin(w->cx, w->zip, member_name(w, "csv", def->id, ".csv")));
    TRY(zip_out_write(w->cx, w->zip, buf_str(&out)));
    TRY(write_pages(w, &t));
    return zip_out_end(w->cx, w->zip);
}

/* ---- registers ---- */

static int write_definition(struct writer *w, const struct register_def *def)
{
    const struct content *content = &w->org->standard->content;
    struct str bytes;

    if (str_starts(str_of(def->file), STR("registers/own/")))
        return 0; /* it is under content/ */
    TRY(content_get(w->cx, content, def->file, &bytes));
    return zip_out_add(w->cx, w->zip, member_name(w, "definitions", str_of(def->file), ""), bytes);
}

static int write_registers(struct writer *w, const struct value *ids)
{
    for (size_t i = 0; i < value_count(ids); i++) {
        struct str id = value_as_text(value_at(ids, i));
        const struct register_def *def = registers_find(w->org->records.registers, id);
        TRY(zip_out_begin(w->cx, w->zip, member_name(w, "records", id, ".jsonl")));
        TRY(replay_read(w->cx, &w->org->records, id, write_version, w));
        TRY(zip_out_end(w->cx, w->zip));
        w->counts.registers++;
        if (def == NULL)
            continue;
        if (w->open)
            TRY(write_table(w, def));
        TRY(write_definition(w, def));
    }
    return 0;
}

/* ---- the ledger ---- */

static int write_ledger_row(void *arg, struct ctx *cx, const struct value *row)
{
    struct writer *w = arg;
    struct buf line = buf_new(cx->mem);

    value_json(&line, row, 0);
    buf_char(&line, '\n');
    return zip_out_write(cx, w->zip, buf_str(&line));
}

static int write_ledger(struct writer *w)
{
    for (const char *const *table = replay_tables; *table != NULL; table++) {
        TRY(zip_out_begin(w->cx, w->zip, member_name(w, "ledger", str_of(*table), ".jsonl")));
        TRY(replay_rows(w->cx, &w->org->records, *table, write_ledger_row, w));
        TRY(zip_out_end(w->cx, w->zip));
    }
    return 0;
}

static int ledger_value(struct writer *w, struct value **ret)
{
    struct str key;

    TRY(replay_head(w->cx, &w->org->records, ret));
    TRY(replay_key(w->cx, &w->org->records, w->open, &key));
    value_set_text(*ret, w->open ? "key" : "wrapped_key", key);
    return 0;
}

/* ---- files ---- */

static int write_bytes(struct writer *w, const char *path, struct str name)
{
    int fd CLEANUP(fd_close) = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    char room[65536];
    ssize_t n;

    if (fd < 0)
        return fail(w->cx, RC_FAIL, path, _("%s cannot be read (%s)."), path,
                    strerrordesc_np(errno));
    TRY(zip_out_begin(w->cx, w->zip, member_name(w, "files", name, "")));
    while ((n = read(fd, room, sizeof room)) > 0)
        TRY(zip_out_write(w->cx, w->zip, (struct str){room, (size_t)n}));
    if (n < 0)
        return fail(w->cx, RC_FAIL, path, _("%s cannot be read (%s)."), path,
                    strerrordesc_np(errno));
    w->counts.files++;
    return zip_out_end(w->cx, w->zip);
}

static int no_dots(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int write_folder(struct writer *w, struct str name, unsigned depth)
{
    const char *path =
        str_printf(w->cx->mem, "%.*s/%.*s", STR_ARG(w->org->folder), STR_ARG(name)).p;
    struct dirent **entries = NULL;
    int n = scandir(path, &entries, no_dots, alphasort), rc = 0;

    if (n < 0)
        return errno == ENOENT ? 0
                               : fail(w->cx, RC_FAIL, path, _("%s cannot be read (%s)."), path,
                                      strerrordesc_np(errno));
    for (int i = 0; i < n; i++) {
        struct str below = str_printf(w->cx->mem, "%.*s/%s", STR_ARG(name), entries[i]->d_name);
        const char *full =
            str_printf(w->cx->mem, "%.*s/%.*s", STR_ARG(w->org->folder), STR_ARG(below)).p;
        struct stat st;
        if (rc == 0 && lstat(full, &st) == 0 && S_ISREG(st.st_mode))
            rc = write_bytes(w, full, below);
        else if (rc == 0 && S_ISDIR(st.st_mode) && depth < DEPTH)
            rc = write_folder(w, below, depth + 1);
        free(entries[i]);
    }
    free(entries);
    return rc;
}

/* ---- the rest ---- */

static const char readme[] =
    "This is everything that an organisation keeps in Assay, as of one moment.\n"
    "\n"
    "archive.json   what this is, and which version of the format\n"
    "records/       every version of every record, one a line, oldest first (JSON)\n"
    "ledger/        what proves that none was changed, and what opens them\n"
    "csv/           the records as they were at that moment, to be opened with any spreadsheet\n"
    "definitions/   what the fields of each register are and mean (YAML)\n"
    "content/       registers and rules of the organisation's own\n"
    "files/         its files\n"
    "\n"
    "Nothing here needs Assay to be read. To put it back: assay init, then assay import FILE.\n"
    "Cells of csv/ that could be taken for formulas begin with an apostrophe.\n";

static int write_content(struct writer *w)
{
    struct value *paths;
    struct content content;
    struct str bytes;

    TRY(content_own_list(w->cx, w->org->store, &paths));
    content = w->org->standard->content;
    for (size_t i = 0; i < value_count(paths); i++) {
        struct str path = value_as_text(value_at(paths, i));
        TRY(content_get(w->cx, &content, str_z(w->cx->mem, path), &bytes));
        TRY(zip_out_add(w->cx, w->zip, member_name(w, "content", path, ""), bytes));
    }
    return 0;
}

static int numbers_value(struct writer *w, const struct value *ids, struct value **ret)
{
    *ret = value_map(w->cx->mem);
    for (size_t i = 0; i < value_count(ids); i++) {
        int64_t number;
        TRY(replay_number(w->cx, &w->org->records, value_as_text(value_at(ids, i)), &number));
        if (number > 0)
            value_set_int(*ret, str_z(w->cx->mem, value_as_text(value_at(ids, i))), number);
    }
    return 0;
}

static int write_head(struct writer *w, const struct value *ids)
{
    struct arena *mem = w->cx->mem;
    struct value *head = value_map(mem), *organisation = value_map(mem), *numbers, *ledger;
    struct buf out = buf_new(mem);

    TRY(ledger_value(w, &ledger));

    TRY(numbers_value(w, ids, &numbers));
    value_set_text(organisation, "name", w->org->name);
    value_set_text(organisation, "title", w->org->title);
    value_set_text(organisation, "time_zone", w->org->zone);
    value_set_text(head, "format", STR(ARCHIVE_FORMAT));
    value_set_int(head, "version", ARCHIVE_VERSION);
    value_set_text(head, "program", str_of(ASSAY_VERSION));
    value_set_text(head, "rules_version", w->org->standard->version);
    value_set_text(head, "made", instant_text(mem, host_now_ms(w->cx)));
    value_set(head, "organisation", organisation);
    value_set(head, "registers", (struct value *)(uintptr_t)ids);
    value_set(head, "numbers", numbers);
    value_set(head, "ledger", ledger);
    value_json(&out, head, 2);
    buf_char(&out, '\n');
    return zip_out_add(w->cx, w->zip, STR("archive.json"), buf_str(&out));
}

int archive_write(struct ctx *cx, struct organisation *org, int fd, enum archive_openness openness,
                  struct archive_counts *ret)
{
    struct writer w = {.cx = cx, .org = org, .open = openness == ARCHIVE_OPEN};
    struct zip_out *zip CLEANUP(zip_out_freep) = NULL;
    struct value *ids;

    TX_READ(tx, cx, org->store);
    TRY(zip_out_new(cx, fd, cx->today, &zip));
    w.zip = zip;
    TRY(replay_registers(cx, &org->records, &ids));
    TRY(write_head(&w, ids));
    TRY(zip_out_add(cx, zip, STR("README.txt"), str_of(readme)));
    TRY(write_registers(&w, ids));
    TRY(write_ledger(&w));
    TRY(write_content(&w));
    TRY(home_files_need(cx, org->home));
    TRY(write_folder(&w, STR(FOLDER), 0));
    TRY(zip_out_finish(cx, zip));
    *ret = w.counts;
    return 0;
}
