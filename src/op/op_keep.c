/* Operations that carry a whole organisation: backup, restore, move. All are one archive. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "op/archive.h"
#include "op/call.h"
#include "op/table_parts.h"
#include "op/target.h"
#include "register/replay.h"

static struct str counted(struct arena *mem, const struct archive_counts *counts)
{
    return str_printf(mem, _("%llu versions of %llu records in %llu registers, and %llu files"),
                      (unsigned long long)counts->versions, (unsigned long long)counts->records,
                      (unsigned long long)counts->registers, (unsigned long long)counts->files);
}

/* ---- backup ---- */

int op_backup(struct op_call *call, struct value **ret)
{
    struct target t CLEANUP(target_end) = {.fd = -1};
    struct ctx *cx = call->cx;
    struct value *result = value_map(cx->mem);
    struct archive_counts counts;

    TRY(target_open(cx, call_text(call, "output"), &t));
    TRY(archive_write(cx, call->org, t.fd,
                      call_flag(call, "with-keys") ? ARCHIVE_OPEN : ARCHIVE_SEALED, &counts));
    TRY(target_keep(cx, &t));
    value_set_text(result, "said",
                   str_printf(cx->mem,
                              call_flag(call, "with-keys")
                                  ? _("%s holds %.*s: %.*s. Whoever has it can read all of it.")
                                  : _("%s holds %.*s: %.*s. What is personal in it can be read "
                                      "only with the keys of this home: keep a copy of its folder "
                                      "keys apart from it."),
                              t.path, STR_ARG(call->org->title),
                              STR_ARG(counted(cx->mem, &counts))));
    shown_next(result, cx->mem,
               str_printf(cx->mem, "assay restore %.*s --home DIR",
                          STR_ARG(str_shell(cx->mem, str_of(t.path)))),
               _("brings it back, into a home of its own"));
    *ret = result;
    return 0;
}

/* ---- restore ---- */

struct filling {
    int fd;
    const char *path;
    struct archive_counts counts;
};

static int fill(void *arg, struct ctx *cx, struct organisation *org)
{
    struct filling *f = arg;

    return archive_read(cx, org, f->fd, f->path, &f->counts);
}

/* The home that is named; a new one where there is none. */
static int open_or_create(struct ctx *cx, const struct home_request *where, struct home **ret,
                          bool *ret_new)
{
    int rc = home_open(cx, where, ret);

    *ret_new = rc == RC_NOT_FOUND && where->home != NULL;
    return *ret_new ? home_create(cx, where, ret) : rc;
}

/* Puts an archive into the home as an organisation more. */
static int take_in(struct ctx *cx, const struct home_request *where, struct filling *f,
                   struct home **home, struct organisation **ret)
{
    struct value *head;
    bool made;

    TRY(archive_look(cx, f->fd, f->path, &head));
    struct str title = value_get_text(value_get(head, "organisation"), "title");
    TRY(open_or_create(cx, where, home, &made));
    TRY(home_organisation_restore(cx, *home, title, fill, f, ret));
    if (!made)
        return 0;
    const char *name = str_z(cx->mem, (*ret)->name);
    TRY(home_keep(cx, *home));
    return home_organisation_open(cx, *home, name, ret);
}

static bool is_file(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

int op_restore(struct op_call *call, struct value **ret)
{
    struct home *home CLEANUP(home_closep) = NULL;
    struct ctx *cx = call->cx;
    struct filling f = {.path = str_z(cx->mem, call_text(call, "file"))};
    struct value *result = value_map(cx->mem);
    struct organisation *org;
    struct str whole;

    /* A pipe that nobody writes to would be waited for. */
    f.fd = open(f.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (f.fd < 0)
        return fail(cx, RC_NOT_FOUND, "file", _("%s cannot be read: %s."), f.path,
                    strerrordesc_np(errno));
    int rc = is_file(f.fd) && archive_is(f.fd)
                 ? take_in(cx, call->where, &f, &home, &org)
                 : fail(cx, RC_INVALID, "file", _("%s is no archive as assay backup makes them."),
                        f.path);
    (void)close(f.fd);
    TRY(rc);
    TRY(archive_whole(cx, org, &f.counts, &whole));
    value_set_text(result, "said",
                   str_printf(cx->mem, _("%.*s is back, as the organisation %.*s: %.*s.%.*s"),
                              STR_ARG(org->title), STR_ARG(org->name),
                              STR_ARG(counted(cx->mem, &f.counts)), STR_ARG(whole)));
    if (whole.n > 0)
        value_set_bool(result, "answer", false);
    shown_next(result, cx->mem, STR("assay doctor"), _("compares what is stored with itself"));
    *ret = result;
    return 0;
}

/* ---- move ---- */

/* A file without a name, for what is on its way. */
static int passage_file(struct ctx *cx, int *ret)
{
    FILE *file = tmpfile();

    *ret = file != NULL ? fcntl(fileno(file), F_DUPFD_CLOEXEC, 3) : -1;
    if (file != NULL)
        (void)fclose(file);
    return *ret >= 0 ? 0
                     : fail(cx, RC_FAIL, NULL, _("No temporary file could be made: %s."),
                            strerrordesc_np(errno));
}

struct moving {
    struct home *from, *to;
    struct organisation *was, *is;
    struct filling filling;
};

static void moving_end(struct moving *m)
{
    home_close(m->from);
    home_close(m->to);
    if (m->filling.fd >= 0)
        (void)close(m->filling.fd);
}

static int compare(struct ctx *cx, const struct moving *m, struct str *ret, uint64_t *ret_n)
{
    struct str was, is;
    uint64_t was_n, is_n;

    TRY(replay_digest(cx, &m->was->records, &was, &was_n));
    TRY(replay_digest(cx, &m->is->records, &is, &is_n));
    if (was_n != is_n || !str_eq(was, is))
        return fail(cx, RC_CONFLICT, NULL,
                    _("Somebody wrote to %.*s while it was carried over: %llu versions there, %llu "
                      "here. Both are whole; move it again once nobody writes."),
                    STR_ARG(m->was->title), (unsigned long long)was_n, (unsigned long long)is_n);
    *ret = is;
    *ret_n = is_n;
    return 0;
}

static bool same_place(const char *from, const char *to)
{
    struct stat a, b;

    if (stat(from, &a) == 0 && stat(to, &b) == 0)
        return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
    return strcmp(from, to) == 0;
}

static int carry(struct op_call *call, struct moving *m)
{
    struct home_request from = *call->where, to = *call->where;
    struct ctx *cx = call->cx;

    from.home = str_z(cx->mem, call_text(call, "from"));
    to.home = str_z(cx->mem, call_text(call, "to"));
    TRY(home_open(cx, &from, &m->from));
    if (same_place(from.home, to.home))
        return fail(cx, RC_INVALID, "to", _("%s is where it is already."), to.home);
    TRY(home_organisation_open(cx, m->from, from.organisation, &m->was));
    TRY(home_principal(cx, m->was, from.as, &call->who));
    TRY(access_check(cx, m->was->access, &call->who, ACCESS_TRANSFER, STR_NONE));
    TRY(passage_file(cx, &m->filling.fd));
    m->filling.path = from.home;
    TRY(archive_write(cx, m->was, m->filling.fd, ARCHIVE_OPEN, &m->filling.counts));
    return take_in(cx, &to, &m->filling, &m->to, &m->is);
}

int op_move(struct op_call *call, struct value **ret)
{
    struct moving m CLEANUP(moving_end) = {.filling = {.fd = -1}};
    struct arena *mem = call->cx->mem;
    struct value *result = value_map(mem);
    struct str digest, whole;
    uint64_t versions;

    TRY(carry(call, &m));
    TRY(compare(call->cx, &m, &digest, &versions));
    TRY(archive_whole(call->cx, m.is, &m.filling.counts, &whole));
    value_set_text(
        result, "said",
        str_printf(mem,
                   _("%.*s is in %.*s now: %.*s. All %llu versions are the same in both "
                     "(SHA-256 %.*s). What is in %.*s stays until you take it away.%.*s"),
                   STR_ARG(m.is->title), STR_ARG(call_text(call, "to")),
                   STR_ARG(counted(mem, &m.filling.counts)), (unsigned long long)versions,
                   STR_ARG(digest), STR_ARG(call_text(call, "from")), STR_ARG(whole)));
    if (whole.n > 0)
        value_set_bool(result, "answer", false);
    *ret = result;
    return 0;
}
