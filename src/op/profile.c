#include "op/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "register/register.h"

#include "base/file.h"
#include "op/audit_time.h"
#include "op/interview.h"

#define PROFILE_BYTES ((size_t)1024 * 1024)

static const char *const profile_keys[] = {"organisation", "stage2",     "sites",
                                           "persons",      "answers",    "files",
                                           "columns",      "audit_time", "interviews"};

static int read_file(struct ctx *cx, const char *path, struct str *ret)
{
    int fd CLEANUP(fd_close) = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    size_t n = 0;

    if (fd < 0 || fstat(fd, &st) != 0)
        return fail(cx, RC_NOT_FOUND, path, _("The profile %s: %s."), path, strerrordesc_np(errno));
    if (!S_ISREG(st.st_mode) || (size_t)st.st_size > PROFILE_BYTES)
        return fail(cx, RC_INVALID, path, _("The profile %s is no file of at most 1 MB."), path);
    char *bytes = arena_alloc(cx->mem, (size_t)st.st_size + 1);
    while (n < (size_t)st.st_size) {
        ssize_t got = read(fd, bytes + n, (size_t)st.st_size - n);
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    *ret = (struct str){bytes, n};
    return 0;
}

static int check_files(struct ctx *cx, const struct standard *standard, const char *path,
                       const struct value *files)
{
    for (size_t i = 0; i < value_count(files); i++) {
        struct str kind = value_as_text(value_at(files, i));
        const struct entry *entry = standard_find(standard, kind);
        if (!str_is(kind, "none") && (entry == NULL || entry->type != ENTRY_KIND))
            return fail(cx, RC_INVALID, path,
                        _("%s:%u: \"%.*s\" is no kind of document (nor none). assay explain lists "
                          "the kinds."),
                        path, value_line(value_at(files, i)), STR_ARG(kind));
    }
    return 0;
}

static int check_stage2(struct ctx *cx, const char *path, const struct value *stage2)
{
    struct date day;

    if (value_type(stage2) == VALUE_NULL || date_parse_iso(value_as_text(stage2), &day))
        return 0;
    return fail(cx, RC_INVALID, path, _("%s:%u: stage2 is a day, written YYYY-MM-DD."), path,
                value_line(stage2));
}

/* `field` of the register, or of any where none is named. */
static bool is_field(const struct registers *registers, const struct register_def *def,
                     struct str field)
{
    for (size_t i = 0; i < registers->n && def == NULL; i++)
        if (register_field(&registers->items[i], field) != NULL)
            return true;
    return str_is(field, "-") || (def != NULL && register_field(def, field) != NULL);
}

/* What a table is: its register, and the fields of its columns by their headings. */
static int check_table(struct ctx *cx, const struct registers *registers, const char *path,
                       struct str table, const struct value *said)
{
    struct str id = value_get_text(said, "register");
    const struct register_def *def = registers_find(registers, id);

    if (value_type(said) != VALUE_MAP)
        return fail(cx, RC_INVALID, path,
                    _("%s:%u: columns of \"%.*s\" are a map from headings to fields."), path,
                    value_line(said), STR_ARG(table));
    if (id.n > 0 && def == NULL && !str_is(id, "none"))
        return fail(cx, RC_INVALID, path,
                    _("%s:%u: there is no register \"%.*s\" (nor is it none)."), path,
                    value_line(value_get(said, "register")), STR_ARG(id));
    for (size_t i = 0; i < value_count(said); i++) {
        struct str field = value_as_text(value_at(said, i));
        if (!str_is(value_key_at(said, i), "register") && !is_field(registers, def, field))
            return fail(cx, RC_INVALID, path,
                        _("%s:%u: %s%.*s has no field \"%.*s\" for the column \"%.*s\" (- for "
                          "none)."),
                        path, value_line(value_at(said, i)), def != NULL ? "" : _("any register"),
                        STR_ARG(id), STR_ARG(field), STR_ARG(value_key_at(said, i)));
    }
    return 0;
}

static int check_columns(struct ctx *cx, const struct standard *standard, const char *path,
                         const struct value *columns)
{
    const struct registers *registers = standard->registers;

    if (columns == NULL || value_type(columns) == VALUE_NULL)
        return 0;
    if (value_type(columns) != VALUE_MAP)
        return fail(cx, RC_INVALID, path, _("%s:%u: columns are a map from tables to columns."),
                    path, value_line(columns));
    if (registers == NULL)
        TRY(registers_load(cx, &standard->content, &registers));
    for (size_t i = 0; i < value_count(columns); i++)
        TRY(check_table(cx, registers, path, value_key_at(columns, i), value_at(columns, i)));
    return 0;
}

int profile_read(struct ctx *cx, const struct standard *standard, const char *path,
                 const struct value **ret)
{
    struct value *profile = value_map(cx->mem);
    struct str text;

    if (path == NULL) {
        *ret = profile;
        return 0;
    }
    TRY(read_file(cx, path, &text));
    TRY(yaml_parse(cx, path, text, &profile));
    if (value_type(profile) != VALUE_MAP)
        return fail(cx, RC_INVALID, path, _("%s: a profile is a map of keys."), path);
    for (size_t i = 0; i < value_count(profile); i++) {
        bool known = false;
        for (size_t k = 0; k < COUNT_OF(profile_keys); k++)
            known = known || str_is(value_key_at(profile, i), profile_keys[k]);
        if (!known)
            return fail(cx, RC_INVALID, path, _("%s:%u: a profile has no key \"%.*s\"."), path,
                        value_line(value_at(profile, i)), STR_ARG(value_key_at(profile, i)));
    }
    TRY(check_files(cx, standard, path, value_get(profile, "files")));
    TRY(check_columns(cx, standard, path, value_get(profile, "columns")));
    TRY(audit_time_check(cx, standard, path, value_get(profile, "audit_time")));
    TRY(interview_check(cx, standard, path, value_get(profile, "interviews")));
    TRY(check_stage2(cx, path, value_get(profile, "stage2")));
    *ret = profile;
    return 0;
}

int profile_store(struct ctx *cx, struct store *store, const struct value *profile)
{
    const struct value *answers = value_get(profile, "answers");
    STMT(s);

    TRY(store_prepare(cx, store, STR("INSERT INTO profile (key, value) VALUES (:key, :value)"),
                      &s));
    for (size_t i = 0; i < value_count(answers); i++) {
        struct str said = value_print(cx->mem, value_at(answers, i));
        if (str_trim(said).n == 0)
            continue;
        TRY(stmt_bind_text(cx, s, "key", value_key_at(answers, i)));
        TRY(stmt_bind_text(cx, s, "value", said));
        TRY(stmt_run(cx, s));
    }
    return 0;
}

struct str profile_kind(const struct value *profile, struct str path)
{
    const struct value *files = value_get(profile, "files");

    for (size_t i = 0; i < value_count(files); i++)
        if (str_eq(value_key_at(files, i), path))
            return value_as_text(value_at(files, i));
    return STR_NONE;
}

/* ---- writing ---- */

static void write_scalar(struct buf *out, struct str s)
{
    buf_char(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            buf_char(out, '\\');
        if (s.p[i] == '\n')
            buf_addz(out, "\\n");
        else
            buf_char(out, s.p[i]);
    }
    buf_char(out, '"');
}

static void write_tree(struct arena *mem, struct buf *out, const struct value *v, unsigned depth)
{
    if (value_count(v) == 0) {
        buf_addz(out, value_type(v) == VALUE_MAP    ? " {}\n"
                      : value_type(v) == VALUE_LIST ? " []\n"
                                                    : " ");
        if (value_type(v) != VALUE_MAP && value_type(v) != VALUE_LIST) {
            if (value_type(v) == VALUE_BOOL)
                buf_addz(out, value_as_bool(v) ? "true" : "false");
            else if (value_type(v) == VALUE_TEXT)
                write_scalar(out, value_as_text(v));
            else
                buf_add(out, value_print(mem, v));
            buf_char(out, '\n');
        }
        return;
    }
    buf_char(out, '\n');
    for (size_t i = 0; i < value_count(v); i++) {
        for (unsigned k = 0; k < depth; k++)
            buf_addz(out, "  ");
        if (value_type(v) == VALUE_MAP) {
            write_scalar(out, value_key_at(v, i));
            buf_char(out, ':');
        } else {
            buf_char(out, '-');
        }
        write_tree(mem, out, value_at(v, i), depth + 1);
    }
}

/* A comment cannot hold a line end. */
static void write_comment(struct arena *mem, struct buf *out, struct str text)
{
    buf_printf(out, "  # %.*s\n", STR_ARG(str_squeeze(mem, text)));
}

static void write_answers(struct ctx *cx, struct buf *out, const struct value *profile,
                          const struct value *result)
{
    const struct value *answers = value_get(profile, "answers");
    const struct value *questions = value_path(result, "verdict.questions");

    buf_addz(out, _("# Answer with yes, no, or a few words; leave empty what you do not know.\n"));
    buf_addz(out,
             value_count(answers) + value_count(questions) > 0 ? "answers:\n" : "answers: {}\n");
    for (size_t i = 0; i < value_count(answers); i++) {
        if (value_type(value_at(answers, i)) == VALUE_NULL)
            continue;
        buf_addz(out, "  ");
        write_scalar(out, value_key_at(answers, i));
        buf_char(out, ':');
        write_tree(cx->mem, out, value_at(answers, i), 2);
    }
    for (size_t i = 0; i < value_count(questions); i++) {
        const struct value *q = value_at(questions, i);
        struct str key = value_get_text(q, "profile_key");
        const struct value *said = value_get(answers, str_z(cx->mem, key));
        if (key.n == 0 || value_type(said) != VALUE_NULL)
            continue;
        write_comment(cx->mem, out, value_get_text(q, "question"));
        buf_addz(out, "  ");
        write_scalar(out, key);
        buf_addz(out, ":\n");
    }
}

/* What was said beside the persons and factors is kept as it was. */
static void write_audit_time(struct ctx *cx, struct buf *out, const struct value *profile,
                             const struct value *result)
{
    const struct value *said = value_get(profile, "audit_time");

    if (value_count(value_get(result, "audit_time")) == 0)
        return;
    buf_addz(out, _("# What decides how long the audit takes; docs/audit-time.md tells more.\n"));
    buf_addz(out, "audit_time:\n");
    for (size_t i = 0; i < value_count(said); i++) {
        if (str_is(value_key_at(said, i), "factors") || value_type(value_at(said, i)) == VALUE_NULL)
            continue;
        buf_addz(out, "  ");
        write_scalar(out, value_key_at(said, i));
        buf_char(out, ':');
        write_tree(cx->mem, out, value_at(said, i), 2);
    }
    audit_time_write(cx->mem, out, said, value_get(result, "audit_time"));
}

static void write_interviews(struct ctx *cx, struct buf *out, const struct value *profile,
                             const struct value *result)
{
    const struct value *interviews = value_get(profile, "interviews");
    const struct value *sheet = value_get(result, "interview");

    if (value_count(interviews) + value_count(value_get(sheet, "questions")) == 0)
        return;
    buf_addz(out, _("# Answers to an auditor's questions, scored 0 to 3.\n"));
    buf_addz(out, "interviews:\n");
    interview_write(cx->mem, out, interviews, sheet);
}

static int replace_file(struct ctx *cx, const char *path, struct str text)
{
    struct str temporary = str_printf(cx->mem, "%s.new", path);
    int fd CLEANUP(fd_close) = open(temporary.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    size_t n = 0;

    while (fd >= 0 && n < text.n) {
        ssize_t put = write(fd, text.p + n, text.n - n);
        if (put <= 0)
            break;
        n += (size_t)put;
    }
    if (fd < 0 || n < text.n || fsync(fd) != 0 || rename(temporary.p, path) != 0) {
        int error = errno;
        (void)unlink(temporary.p);
        return fail(cx, RC_FAIL, path, _("Writing %s failed: %s."), path, strerrordesc_np(error));
    }
    return 0;
}

int profile_write(struct ctx *cx, const char *path, const struct value *profile,
                  const struct value *result)
{
    struct buf out = buf_new(cx->mem);
    const struct value *name = value_path(profile, "organisation.name");

    buf_addz(&out,
             _("# What Assay was told about the organisation. Give it back with --profile.\n"));
    if (value_get(profile, "organisation") != NULL && name != NULL) {
        buf_addz(&out, "organisation:");
        write_tree(cx->mem, &out, value_get(profile, "organisation"), 1);
    } else {
        buf_addz(&out, "organisation:\n  name: ");
        write_scalar(&out, value_as_text(value_path(result, "organisation.name")));
        buf_char(&out, '\n');
    }
    for (size_t k = 1; k < COUNT_OF(profile_keys); k++) {
        if (str_is(str_of(profile_keys[k]), "answers")) {
            write_answers(cx, &out, profile, result);
        } else if (str_is(str_of(profile_keys[k]), "audit_time")) {
            write_audit_time(cx, &out, profile, result);
        } else if (str_is(str_of(profile_keys[k]), "interviews")) {
            write_interviews(cx, &out, profile, result);
        } else if (value_get(profile, profile_keys[k]) != NULL) {
            buf_printf(&out, "%s:", profile_keys[k]);
            write_tree(cx->mem, &out, value_get(profile, profile_keys[k]), 1);
        }
    }
    return replace_file(cx, path, buf_str(&out));
}
