/* What people read of a bundle: an index, and pages of versions. */
#include "op/bundle_parts.h"
#include "report/report.h"

#define PAGE_VERSIONS 1000u

struct bundle_page {
    struct bundle_writer *w;
    const struct register_def *def;
    struct arena *mem; /* of the page in hand */
    struct value *records;
    unsigned number;
    uint64_t versions;
    size_t file_at; /* the first of its register's files that has no place yet */
    bool open;
};

/* ---- one version ---- */

/* What is known from outside of when an entry was there. */
static void set_interval(struct bundle_writer *w, struct value *v, uint64_t entry)
{
    for (size_t i = 0; i < w->anchor_n; i++) {
        if (w->anchors[i].size > entry) {
            value_set_text(v, "before", w->anchors[i].at);
            return;
        }
        value_set_text(v, "after", w->anchors[i].at);
    }
}

static bool is_seal(const struct value *v)
{
    return value_type(v) == VALUE_MAP && value_get(v, "~") != NULL;
}

static struct value *add_field(struct arena *mem, struct value *fields, struct str label)
{
    struct value *v = value_map(mem);

    value_set_text(v, "label", label);
    value_push(fields, v);
    return v;
}

/* A file of the version: where it lies in the bundle, or why it does not. */
static void set_file(const struct bundle_page *page, struct value *v, const struct value *file)
{
    const struct bundle_file *f = bundle_file_of(page->w, value_get_text(file, "object"));

    if (f == NULL || f->state == BUNDLE_FILE_SEALED) {
        value_set_bool(v, "sealed", true);
        return;
    }
    value_set_text(v, "text", f->name);
    value_set_bool(v, "erased", f->state == BUNDLE_FILE_ERASED);
    value_set_bool(v, "lost", f->state == BUNDLE_FILE_LOST);
    if (f->content.n > 0)
        value_set_text(v, "href", str_printf(page->mem, "../%.*s", STR_ARG(f->content)));
}

/* The fields in the order of the definition; what is sealed and stays so is said to be. */
static int set_fields(struct bundle_page *page, struct ctx *cx, const struct record *record,
                      bool open, struct value *view)
{
    struct value *fields = value_list(page->mem), *sealed = NULL;
    struct str text;

    if (record->stored.n > 0)
        TRY(json_parse(cx, "version", record->stored, &sealed));
    for (size_t i = 0; i < page->def->field_n; i++) {
        const struct register_field *field = &page->def->fields[i];
        const char *id = str_z(cx->mem, field->id);
        const struct value *now = value_get(record->body, id);
        bool closed = is_seal(value_get(sealed, id)) && (!open || now == NULL);
        if (now == NULL && !closed)
            continue;
        struct value *v = add_field(page->mem, fields, field->label);
        value_set_bool(v, "sealed", closed);
        if (closed)
            continue;
        if (field->type == REGISTER_FILE && !record_is_erased(now)) {
            set_file(page, v, now);
            continue;
        }
        TRY(record_print(cx, &page->w->call->org->records, field, now, &text));
        value_set_text(v, "text", str_copy(page->mem, text));
    }
    value_set(view, "fields", fields);
    return 0;
}

static int who_of(struct bundle_page *page, struct ctx *cx, const struct record *record,
                  struct str *ret)
{
    const struct registers *all = page->w->call->org->records.registers;
    const struct register_def *person = registers_find(all, STR(REGISTER_PERSON_ID));
    const struct register_field field = {.type = REGISTER_PERSON, .to = STR(REGISTER_PERSON_ID)};
    int rc;

    *ret = STR_NONE;
    if (record->actor.n == 0 || person == NULL || !page->open)
        return 0;
    rc = record_print(cx, &page->w->call->org->records, &field, value_text(cx->mem, record->actor),
                      ret);
    return rc == RC_NOT_FOUND ? 0 : rc;
}

/* ---- pages ---- */

struct bundle_page *bundle_page_new(struct bundle_writer *w, const struct register_def *def,
                                    bool open)
{
    struct bundle_page *page = ARENA_NEW(w->cx->mem, struct bundle_page);

    *page = (struct bundle_page){.w = w, .def = def, .open = open, .file_at = w->file_n};
    while (page->file_at > 0 && w->files[page->file_at - 1]->page.n == 0)
        page->file_at--;
    return page;
}

static struct str name_of(struct arena *mem, const struct bundle_page *page, unsigned number)
{
    return number == 0 ? str_printf(mem, "%.*s.html", STR_ARG(page->def->id))
                       : str_printf(mem, "%.*s-%u.html", STR_ARG(page->def->id), number + 1);
}

static int put_page(struct bundle_page *page, bool last)
{
    struct bundle_writer *w = page->w;
    struct ctx in = ctx_in(w->cx, page->mem);
    struct value *view = value_map(page->mem);
    struct buf out = buf_new(page->mem);

    value_set_text(view, "organisation", w->call->org->title);
    value_set_text(view, "title", page->def->title);
    value_set_text(view, "help", page->def->help);
    value_set(view, "records", page->records);
    if (!last)
        value_set_text(view, "next", name_of(page->mem, page, page->number + 1));
    TRY(ctx_end(w->cx, &in, report_template(&in, "bundle-register.html", view, &out)));
    TRY(bundle_member(
        w, str_printf(page->mem, "pages/%.*s", STR_ARG(name_of(page->mem, page, page->number))),
        buf_str(&out)));
    page->number++;
    arena_free(page->mem);
    page->mem = NULL;
    return 0;
}

/* Where files that begin with this version are to be read of; both come in order. */
static void note_page(struct bundle_page *page, const struct record *record)
{
    struct bundle_writer *w = page->w;
    struct arena *mem = w->cx->mem;

    for (; page->file_at < w->file_n && w->files[page->file_at]->seq <= record->seq;
         page->file_at++)
        w->files[page->file_at]->page =
            str_printf(mem, "pages/%.*s#e%lld", STR_ARG(name_of(mem, page, page->number)),
                       (long long)record->seq - 1);
}

int bundle_page_add(struct bundle_page *page, struct ctx *cx, const struct record *record)
{
    struct str who;

    if (page->mem != NULL && value_count(page->records) == PAGE_VERSIONS)
        TRY(put_page(page, false));
    if (page->mem == NULL) {
        page->mem = arena_new(0);
        page->records = value_list(page->mem);
    }
    struct value *v = value_map(page->mem);
    value_set_text(v, "ref", str_copy(page->mem, record->ref));
    value_set_int(v, "rev", record->rev);
    value_set_int(v, "entry", record->seq - 1);
    value_set_text(v, "at", str_copy(page->mem, record->at));
    value_set_bool(v, "removed", record->body == NULL);
    TRY(who_of(page, cx, record, &who));
    value_set_text(v, "who", str_copy(page->mem, who));
    set_interval(page->w, v, (uint64_t)record->seq - 1);
    TRY(set_fields(page, cx, record, page->open, v));
    value_push(page->records, v);
    page->versions++;
    note_page(page, record);
    return 0;
}

int bundle_page_end(struct bundle_page *page)
{
    struct arena *mem = page->w->cx->mem;
    struct value *line = value_map(mem);

    if (page->mem != NULL)
        TRY(put_page(page, true));
    value_set_text(line, "title", page->def->title);
    value_set_int(line, "versions", (int64_t)page->versions);
    value_set_bool(line, "open", page->open);
    value_set_text(line, "page", str_printf(mem, "pages/%.*s", STR_ARG(name_of(mem, page, 0))));
    value_set_text(line, "data", str_printf(mem, "records/%.*s.jsonl", STR_ARG(page->def->id)));
    value_push(page->w->registers, line);
    return 0;
}

void bundle_page_free(struct bundle_page *page)
{
    if (page != NULL && page->mem != NULL)
        arena_free(page->mem);
}

/* ---- the index ---- */

static struct value *anchors_view(struct bundle_writer *w)
{
    struct value *list = value_list(w->cx->mem);

    for (size_t i = 0; i < w->anchor_n; i++) {
        struct value *v = value_map(w->cx->mem);
        value_set_int(v, "size", (int64_t)w->anchors[i].size);
        value_set_text(v, "at", w->anchors[i].at);
        value_set_text(v, "who", w->anchors[i].who);
        value_push(list, v);
    }
    return list;
}

static struct value *files_view(struct bundle_writer *w)
{
    struct value *list = value_list(w->cx->mem);

    for (size_t i = 0; i < w->file_n; i++) {
        const struct bundle_file *f = w->files[i];
        struct value *v = value_map(w->cx->mem);
        if (f->state == BUNDLE_FILE_SEALED)
            continue;
        value_set_text(v, "name", f->name.n > 0 ? f->name : f->folder);
        value_set_text(v, "content", f->content);
        value_set_text(v, "page", f->page);
        value_set_text(v, "ref", f->ref);
        value_set_text(v, "register", f->register_title);
        value_set_text(v, "record", f->title);
        value_set_text(v, "shows", f->shows);
        value_set_text(v, "why", f->why);
        value_set_bool(v, "erased", f->state == BUNDLE_FILE_ERASED);
        value_push(list, v);
    }
    return list;
}

static void set_files(struct bundle_writer *w, struct value *view)
{
    struct value *files = files_view(w);

    value_set(view, "files", files);
    value_set_bool(view, "has_files", value_count(files) > 0);
    value_set_int(view, "files_lost", (int64_t)value_count(w->counts.lost));
    value_set_bool(view, "has_lost", value_count(w->counts.lost) > 0);
    value_set_int(view, "files_sealed", (int64_t)w->counts.files_sealed);
    value_set_bool(view, "has_sealed", w->counts.files_sealed > 0);
}

int bundle_put_index(struct bundle_writer *w)
{
    const struct bundle_scope *scope = w->scope;
    struct arena *mem = w->cx->mem;
    struct value *view = value_map(mem);
    struct buf out = buf_new(mem);

    value_set_text(view, "organisation", w->call->org->title);
    value_set_text(view, "audit", scope->audit);
    value_set_text(view, "made_for", scope->made_for);
    value_set_text(view, "made_on", date_iso(mem, w->cx->today));
    if (!date_is_none(scope->from) || !date_is_none(scope->to))
        value_set_text(view, "period",
                       str_printf(mem, "%.*s – %.*s", STR_ARG(date_iso(mem, scope->from)),
                                  STR_ARG(date_iso(mem, scope->to))));
    value_set(view, "anchors", anchors_view(w));
    value_set_bool(view, "has_anchors", w->anchor_n > 0);
    value_set(view, "registers", w->registers);
    set_files(w, view);
    TRY(report_template(w->cx, "bundle.html", view, &out));
    return bundle_member(w, STR("index.html"), buf_str(&out));
}
