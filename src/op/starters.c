/* Which documents are missing, and a draft of each. */
#include "base/file.h"
#include "op/starter_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define GAP_BYTES 158u /* what is longer is not known for a gap */
#define QUOTE_PATH 50u
#define SAID_MOST 3u /* quotes from other documents under one heading */

/* ---- files ---- */

static int cannot(struct ctx *cx, const char *path)
{
    return fail(cx, errno == EACCES || errno == EPERM || errno == EROFS ? RC_DENIED : RC_NOT_FOUND,
                path, _("%s cannot be written: %s."), path, strerrordesc_np(errno));
}

int starter_folder(struct starters *s, struct str name)
{
    struct str path = name.n > 0 ? str_printf(s->cx->mem, "%s/%.*s", s->folder, STR_ARG(name))
                                 : str_of(s->folder);
    char *z = str_z(s->cx->mem, path);
    struct stat st;

    if (mkdir(z, 0777) == 0 || (stat(z, &st) == 0 && S_ISDIR(st.st_mode)))
        return 0;
    return cannot(s->cx, z);
}

/* Written whole under its own name, or not at all: a file that is there is somebody's work. */
static int write_new(struct ctx *cx, const char *path, struct str bytes, bool *ret_written)
{
    int fd CLEANUP(fd_close) = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    size_t n = 0;

    *ret_written = fd >= 0;
    if (fd < 0)
        return errno == EEXIST ? 0 : cannot(cx, path);
    while (n < bytes.n) {
        ssize_t put = write(fd, bytes.p + n, bytes.n - n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            int error = errno;
            (void)unlink(path);
            errno = error;
            return fail(cx, RC_FAIL, path, _("Writing %s failed: %s."), path,
                        strerrordesc_np(error));
        }
        n += (size_t)put;
    }
    return 0;
}

int starter_file(struct starters *s, struct value *note, struct str path, struct str bytes)
{
    struct arena *mem = s->cx->mem;
    struct value *file = value_map(mem);
    bool written;

    TRY(write_new(s->cx, str_printf(mem, "%s/%.*s", s->folder, STR_ARG(path)).p, bytes, &written));
    value_set_text(file, "path", path);
    value_set_bool(file, "written", written);
    value_push(value_get_mut(note, "files"), file);
    return 0;
}

struct value *starter_note(struct starters *s, struct str id, struct str title)
{
    struct value *note = value_map(s->cx->mem);

    value_set_text(note, "id", id);
    value_set_text(note, "title", title);
    value_set(note, "files", value_list(s->cx->mem));
    value_push(s->list, note);
    return note;
}

/* ---- words ---- */

struct str starter_name(struct arena *mem, struct str title)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < title.n; i++) {
        char c = title.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (c >= 'A' && c <= 'Z')
            buf_char(&out, (char)(c + 32));
        else if (letter)
            buf_char(&out, c);
        else if (out.n > 0 && out.p[out.n - 1] != '-')
            buf_char(&out, '-');
    }
    while (out.n > 0 && out.p[out.n - 1] == '-')
        out.n--;
    return buf_str(&out);
}

/* Brackets within would end it before its time. */
struct str starter_gap(struct arena *mem, struct str text)
{
    struct str cut = str_cut(mem, str_squeeze(mem, text), GAP_BYTES - 4);
    char *z = str_z(mem, cut);

    for (char *c = z; *c != '\0'; c++)
        *c = *c == '[' || *c == '<' || *c == '{'   ? '('
             : *c == ']' || *c == '>' || *c == '}' ? ')'
                                                   : *c;
    return str_printf(mem, "[%s]", z);
}

static struct str text_at(const struct value *list, size_t i)
{
    return value_as_text(value_at(list, i));
}

/* ---- a draft ---- */

static void particular(struct paper_table *t, const char *label, struct str text, bool gap)
{
    struct paper_row *row = paper_row(t, false);

    (void)paper_put(row, PAPER_BOLD, PAPER_PLAIN, str_of(label));
    (void)paper_put(row, gap ? PAPER_FILL : 0, PAPER_PLAIN, text);
}

struct paper *starter_paper(struct starters *s, struct str title)
{
    struct arena *mem = s->cx->mem;
    struct str name = value_as_text(value_path(s->result, "organisation.name"));
    struct paper *f = paper_new(mem, title);
    struct paper_table *t;

    f->author = name;
    f->program = STR("Assay " ASSAY_VERSION);
    f->draft = true;
    f->head = name;
    f->day = s->cx->today;
    paper_say(paper_paragraph(f, PAPER_TITLE), title);
    paper_run(
        paper_paragraph(f, PAPER_BODY), PAPER_FILL, PAPER_PLAIN,
        starter_gap(mem, str_of(_("Here is a draft. Replace each text in brackets by your own, "
                                  "delete this line, then have it approved"))));
    t = paper_table(f, STR_NONE);
    paper_column(t, 1, PAPER_LEFT);
    paper_column(t, 3, PAPER_LEFT);
    particular(t, _("Organisation"), name.n > 0 ? name : STR("[name of the organisation]"),
               name.n == 0);
    particular(t, _("Version"), STR("0.1"), false);
    particular(t, _("Status"), str_of(_("Draft")), false);
    particular(t, _("Owner"), str_of(_("[name of the owner]")), true);
    particular(t, _("Approved by"), str_of(_("[name and role of the approver]")), true);
    particular(t, _("Approved on"), STR("YYYY-MM-DD"), true);
    particular(t, _("Next review"), STR("YYYY-MM-DD"), true);
    return f;
}

/* What another document says of it, as a gap of its own: a note to the writer, no evidence. */
static void say_quote(struct starters *s, struct paper *f, const struct value *quote)
{
    struct arena *mem = s->cx->mem;
    struct str path = value_get_text(quote, "path");
    size_t slash = path.n;

    while (slash > 0 && path.p[slash - 1] != '/')
        slash--;
    path = str_cut(mem, str_from(path, slash), QUOTE_PATH);
    paper_run(paper_paragraph(f, PAPER_BODY), PAPER_FILL, PAPER_PLAIN,
              starter_gap(mem, str_printf(mem, _("Here %.*s says: “%.*s"), STR_ARG(path),
                                          STR_ARG(value_get_text(quote, "quote")))));
}

static const struct value *criterion_quotes(const struct starters *s, struct str id)
{
    const struct value *list = value_get(s->result, "criteria");

    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_get_text(value_at(list, i), "criterion"), id))
            return value_get(value_at(list, i), "evidence");
    return NULL;
}

/* Its own criterion where a document of another kind meets it, then those that help. */
static void say_known(struct starters *s, struct paper *f, struct str id, const struct value *entry)
{
    const struct value *also = value_get(entry, "also");
    size_t said = 0;

    for (size_t i = 0; i <= value_count(also) && said < SAID_MOST; i++) {
        const struct value *quotes = criterion_quotes(s, i == 0 ? id : text_at(also, i - 1));
        for (size_t k = 0; k < value_count(quotes) && said < SAID_MOST; k++, said++)
            say_quote(s, f, value_at(quotes, k));
    }
}

static int say_table(struct starters *s, struct paper *f, struct str kind)
{
    struct str id = value_get_text(value_get(s->data, "tables"), str_z(s->cx->mem, kind));
    struct arena *mem = s->cx->mem;
    struct paper_row *row;
    struct value *columns;

    if (id.n == 0)
        return 0;
    TRY(starter_columns(s, id, &columns));
    const struct value *heads = value_get(columns, "heads");
    struct paper_table *t = paper_table(f, value_get_text(columns, "title"));
    for (size_t i = 0; i < value_count(heads); i++)
        paper_column(t, 1, PAPER_LEFT);
    row = paper_row(t, true);
    for (size_t i = 0; i < value_count(heads); i++)
        (void)paper_put(row, PAPER_BOLD, PAPER_PLAIN, text_at(heads, i));
    row = paper_row(t, false);
    for (size_t i = 0; i < value_count(heads); i++)
        (void)paper_put(
            row, PAPER_FILL, PAPER_PLAIN,
            starter_gap(mem, str_printf(mem, _("Enter %.*s"), STR_ARG(text_at(heads, i)))));
    return 0;
}

static int make_draft(struct starters *s, const struct entry *kind, struct paper **ret)
{
    const struct value *criteria = value_get(kind->yaml, "criteria");
    struct paper *f = starter_paper(s, kind->title);
    struct arena *mem = s->cx->mem;

    for (size_t i = 0; i < value_count(criteria); i++) {
        struct str id = value_get_text(value_at(criteria, i), "id");
        const struct value *entry = value_get(value_get(s->data, "criteria"), str_z(mem, id));
        if (entry == NULL)
            return fail(s->cx, RC_INVALID, NULL, "starters.yaml has no criterion %.*s.",
                        STR_ARG(id));
        paper_say(paper_heading(f, 1, STR_NONE), value_get_text(entry, "heading"));
        paper_run(
            paper_paragraph(f, PAPER_BODY), PAPER_FILL, PAPER_PLAIN,
            starter_gap(mem, str_printf(mem, "%.*s (%.*s)",
                                        STR_ARG(value_get_text(entry, "prompt")), STR_ARG(id))));
        say_known(s, f, id, entry);
        if (i == 0)
            TRY(say_table(s, f, kind->id));
    }
    *ret = f;
    return 0;
}

/* In Markdown the title stands first, and the status says that it is a draft. */
int starter_md(struct starters *s, struct paper *f, struct buf *out)
{
    bool draft = f->draft;

    f->draft = false;
    int rc = paper_md(s->cx, f, out);
    f->draft = draft;
    return rc;
}

static int write_draft(struct starters *s, const struct entry *kind, struct str folder)
{
    struct arena *mem = s->cx->mem;
    struct str base =
        str_printf(mem, "%.*s/%.*s", STR_ARG(folder), STR_ARG(starter_name(mem, kind->title)));
    struct value *note = starter_note(s, kind->id, kind->title);
    struct buf md = buf_new(mem), docx = buf_new(mem);
    struct paper *f;

    TRY(make_draft(s, kind, &f));
    TRY(starter_md(s, f, &md));
    TRY(paper_docx(s->cx, f, &docx));
    TRY(starter_file(s, note, str_printf(mem, "%.*s.md", STR_ARG(base)), buf_str(&md)));
    return starter_file(s, note, str_printf(mem, "%.*s.docx", STR_ARG(base)), buf_str(&docx));
}

/* ---- which are missing ---- */

/* A document of the kind that is more than a form or a copy. */
static bool is_there(const struct starters *s, struct str kind)
{
    const struct value *list = value_get(s->result, "documents");

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *d = value_at(list, i), *kinds = value_get(d, "kinds");
        for (size_t k = 0; k < value_count(kinds) && !value_get_bool(d, "is_template"); k++)
            if (str_eq(value_get_text(value_at(kinds, k), "kind"), kind))
                return true;
    }
    return false;
}

static const struct value *of_kind(const struct value *list, struct str kind)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_get_text(value_at(list, i), "kind"), kind))
            return value_at(list, i);
    return NULL;
}

/* What was not read, and what no control that applies asks for, gets no draft. */
static bool is_missing(const struct starters *s, const struct entry *kind)
{
    const struct value *wanted = of_kind(value_get(s->result, "wanted_documents"), kind->id);
    const struct value *minimum = of_kind(value_get(s->result, "minimum"), kind->id);
    struct str state = value_get_text(minimum != NULL ? minimum : wanted, "state");

    if (value_is_text(value_get(wanted, "wanted"), "no") || str_is(state, "cannot-tell") ||
        str_is(state, "present") || str_is(state, "partly"))
        return false;
    return !is_there(s, kind->id);
}

static struct str folder_of(const struct entry *kind)
{
    if (value_get_bool(kind->yaml, "minimum"))
        return STR("required");
    return value_count(value_get(kind->yaml, "controls")) > 0 ? STR("controls") : STR("usual");
}

int starters_write(struct ctx *cx, const struct standard *standard, struct store *store,
                   const struct value *result, const char *folder, struct value **ret)
{
    static const char *const folders[] = {"", "required", "controls", "usual", "registers"};
    struct starters s = {cx, standard, store, result, NULL, folder, value_list(cx->mem)};
    struct value *data;

    TRY(standard_yaml(cx, standard, "starters.yaml", &data));
    s.data = data;
    for (size_t i = 0; i < COUNT_OF(folders); i++)
        TRY(starter_folder(&s, str_of(folders[i])));
    for (size_t i = 0; i < standard->kinds.n; i++) {
        const struct entry *kind = &standard->kinds.items[i];
        bool statement = str_eq(value_as_text(value_path(data, "statement.kind")), kind->id);
        if (!is_missing(&s, kind))
            continue;
        if (statement)
            TRY(starter_statement(&s, kind->id, folder_of(kind)));
        else
            TRY(write_draft(&s, kind, folder_of(kind)));
        TRY(ctx_check(cx));
    }
    if (of_kind(value_get(result, "minimum"), value_as_text(value_path(data, "statement.kind"))) !=
            NULL &&
        value_count(value_path(result, "carried_over.controls")) > 0 &&
        is_there(&s, value_as_text(value_path(data, "statement.kind"))))
        TRY(starter_statement(&s, value_as_text(value_path(data, "statement.kind")),
                              STR("required")));
    TRY(starter_registers(&s));
    *ret = s.list;
    return 0;
}
