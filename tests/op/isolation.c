/* Organisations of one home never show a byte of each other, whatever is asked of them. */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "op/home.h"
#include "op/table.h"
#include "tests/stores.h"

#define FIRMS 3u
#define STEPS 150u /* each a random operation on a random one of them */

struct firm {
    struct organisation *org;
    struct principal who;
    char mark[24]; /* stands in all that it records, and nowhere else */
    struct str ids[STEPS + 1];
    size_t n;
};

struct town {
    struct ctx *cx;
    const char *folder;
    struct home_request where;
    struct home *home;
    struct firm firms[FIRMS];
    uint64_t random;
    size_t refused, told; /* that anything is shown is a part of it */
};

static uint32_t roll(struct town *t, uint32_t below)
{
    t->random = t->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(t->random >> 33) % below;
}

/* ---- bytes ---- */

static struct str bytes_of(struct arena *mem, const char *path)
{
    struct buf all = buf_new(mem);
    char room[65536];
    FILE *f = fopen(path, "rb");
    size_t n;

    while (f != NULL && (n = fread(room, 1, sizeof room, f)) > 0)
        buf_add(&all, (struct str){room, n});
    if (f != NULL)
        (void)fclose(f);
    return buf_str(&all);
}

/* Nothing of the others, in any case: search folds it. */
static void only_of(struct town *t, const struct firm *firm, const char *what, struct str bytes)
{
    struct str text = str_lower(t->cx->mem, bytes);

    for (size_t i = 0; i < FIRMS; i++)
        if (&t->firms[i] != firm && str_find(text, str_of(t->firms[i].mark), 0) != SIZE_MAX)
            test_failed(__FILE__, __LINE__, "%s of one shows what is another's", what);
    t->told += str_find(text, str_of(firm->mark), 0) != SIZE_MAX;
}

static struct town *walked; /* nftw() hands nothing on */

static int walk_one(const char *path, UNUSED const struct stat *st, int kind, UNUSED struct FTW *at)
{
    for (size_t i = 0; kind == FTW_F && i < FIRMS; i++) {
        struct firm *firm = &walked->firms[i];
        if (str_find(str_of(path),
                     str_printf(walked->cx->mem, "/orgs/%.*s/", STR_ARG(firm->org->name)),
                     0) != SIZE_MAX)
            only_of(walked, firm, path, bytes_of(walked->cx->mem, path));
    }
    return 0;
}

static int drop_one(const char *path, UNUSED const struct stat *st, UNUSED int kind,
                    UNUSED struct FTW *at)
{
    return remove(path);
}

static void drop(void *folder)
{
    (void)nftw(folder, drop_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- asking ---- */

static int open_file(UNUSED void *arg, struct ctx *cx, struct str path, int *ret_fd)
{
    *ret_fd = open(str_z(cx->mem, path), O_RDONLY | O_CLOEXEC);
    return *ret_fd >= 0 ? 0 : fail(cx, RC_NOT_FOUND, "file", "no file");
}

static int ask(struct town *t, struct firm *firm, const char *op, struct str json)
{
    const struct op_face face = {.open = open_file};
    struct ctx *cx = t->cx;
    struct value *args, *result = NULL;

    CHECK_OK(json_parse(cx, "test", json, &args));
    int rc = op_run_in(cx, op_find(op), &t->where, firm->org, &firm->who, args, &face, &result);

    if (rc == 0) {
        /* What was looked for is said again beside what was found. */
        const struct value *found = value_get(result, "records");
        only_of(t, firm, op,
                record_json(cx->mem, strcmp(op, "search") == 0 && found != NULL ? found : result));
    } else {
        only_of(t, firm, op, cx->err.text);
        t->refused++;
    }
    return rc;
}

/* What an operation writes to a file. */
static void export(struct town *t, struct firm *firm, const char *what, const char *name)
{
    struct ctx *cx = t->cx;
    const char *path = str_z(cx->mem, str_printf(cx->mem, "%s/%s", t->folder, name));

    (void)unlink(path);
    if (ask(t, firm, "export", str_printf(cx->mem, "{%s,\"output\":\"%s\"}", what, path)) == 0)
        only_of(t, firm, "export", bytes_of(cx->mem, path));
}

/* A record of the firm, or now and then of another: its id is no secret, but means nothing here. */
static struct str some_id(struct town *t, const struct firm *firm)
{
    const struct firm *of = roll(t, 3) == 0 ? &t->firms[roll(t, FIRMS)] : firm;

    return of->n > 0 ? of->ids[roll(t, (uint32_t)of->n)] : STR("RISK-001");
}

static void add(struct town *t, struct firm *firm)
{
    struct ctx *cx = t->cx;
    const struct register_def *def = registers_find(firm->org->records.registers, STR("risk"));
    struct str ref = str_printf(cx->mem, "R-%zu", firm->n), id;
    struct str owner = roll(t, 2) == 0 ? some_id(t, firm) : STR("Ada");

    if (ask(t, firm, "add",
            str_printf(cx->mem,
                       "{\"register\":\"risk\",\"ref\":\"%.*s\",\"fields\":[\"description=Fire at "
                       "%s\",\"likelihood=%u\",\"consequence=3\",\"assets=%.*s\"]}",
                       STR_ARG(ref), firm->mark, 1 + roll(t, 5), STR_ARG(owner))) != 0)
        CHECK_OK(ask(t, firm, "add",
                     str_printf(cx->mem,
                                "{\"register\":\"risk\",\"ref\":\"%.*s\",\"fields\":["
                                "\"description=Water at %s\"]}",
                                STR_ARG(ref), firm->mark)));
    CHECK_OK(record_find(cx, &firm->org->records, def, ref, &firm->ids[firm->n]));
    id = firm->ids[firm->n++];
    CHECK(id.n == RECORD_ID_BYTES);
}

static void add_file(struct town *t, struct firm *firm)
{
    struct ctx *cx = t->cx;
    const char *path = str_z(cx->mem, str_printf(cx->mem, "%s/%s.txt", t->folder, firm->mark));
    FILE *f = fopen(path, "w");

    CHECK(f != NULL && fprintf(f, "Minutes of %s", firm->mark) > 0 && fclose(f) == 0);
    (void)ask(t, firm, "add",
              str_printf(cx->mem,
                         "{\"register\":\"evidence\",\"fields\":[\"title=Minutes of %s\","
                         "\"file=@%s\"]}",
                         firm->mark, path));
}

static void about_one(struct town *t, struct firm *firm, const char *op, const char *more)
{
    struct str id = some_id(t, firm);

    (void)ask(
        t, firm, op,
        str_printf(t->cx->mem, "{\"register\":\"risk\",\"record\":\"%.*s\"%s}", STR_ARG(id), more));
}

static void step(struct town *t, struct firm *firm)
{
    struct arena *mem = t->cx->mem;
    const char *other = t->firms[roll(t, FIRMS)].mark;

    switch (roll(t, 16)) {
    case 0:
        about_one(t, firm, "show", "");
        break;
    case 1:
        about_one(t, firm, "history", "");
        break;
    case 2:
        about_one(t, firm, "diff", "");
        break;
    case 3:
        about_one(t, firm, "set",
                  str_z(mem, str_printf(mem, ",\"fields\":[\"details=Seen at %s\"]", firm->mark)));
        break;
    case 4:
        about_one(t, firm, "remove", ",\"yes\":true");
        break;
    case 5:
        (void)ask(t, firm, "list", STR("{\"register\":\"risk\"}"));
        break;
    case 6:
        (void)ask(t, firm, "search", str_printf(mem, "{\"words\":[\"%s\"]}", "fire"));
        (void)ask(t, firm, "search",
                  str_printf(mem, "{\"words\":[\"%s\"]}", other == firm->mark ? "minutes" : other));
        break;
    case 7:
        (void)ask(t, firm, "due", STR("{\"days\":\"4000\"}"));
        break;
    case 8:
        (void)ask(t, firm, "face", STR("{\"face\":\"map\",\"register\":\"risk\"}"));
        break;
    case 9:
        export(t, firm, "\"all\":true", "all.json");
        break;
    case 10:
        export(t, firm, "\"register\":[\"risk\"]", "risk.csv");
        break;
    case 11:
        add_file(t, firm);
        break;
    case 12:
        (void)ask(t, firm, "members", STR("{}"));
        break;
    case 13:
        (void)ask(t, firm, "ledger list", STR("{}"));
        break;
    default:
        add(t, firm);
    }
}

/* ---- the whole ---- */

static void settle(struct town *t)
{
    struct ctx *cx = t->cx;

    CHECK_OK(home_create(cx, &t->where, &t->home));
    for (size_t i = 0; i < FIRMS; i++) {
        struct firm *firm = &t->firms[i];
        (void)snprintf(firm->mark, sizeof firm->mark, "mark%08x%08x", roll(t, UINT32_MAX),
                       roll(t, UINT32_MAX));
        CHECK_OK(home_organisation_create(cx, t->home, str_printf(cx->mem, "Firm %zu", i),
                                          str_printf(cx->mem, "Ada %s", firm->mark),
                                          STR("Europe/Berlin"), &firm->org));
    }
    CHECK_OK(home_keep(cx, t->home));
    for (size_t i = 0; i < FIRMS; i++) {
        struct firm *firm = &t->firms[i];
        const char *name = str_z(cx->mem, str_printf(cx->mem, "firm-%zu", i));
        CHECK_OK(home_organisation_open(cx, t->home, name, &firm->org));
        CHECK_OK(home_principal(cx, firm->org, NULL, &firm->who));
    }
}

static void live(struct ctx *cx, const char *home, const char *files, const char *folder)
{
    struct town *t = ARENA_NEW(cx->mem, struct town);

    *t = (struct town){
        .cx = cx, .folder = folder, .where = {.home = home, .files = files}, .random = 20261128};
    settle(t);
    for (size_t i = 0; i < STEPS; i++)
        step(t, &t->firms[roll(t, FIRMS)]);
    CHECK(t->told > STEPS / 2);
    CHECK(t->refused > 5);
    walked = t;
    (void)nftw(folder, walk_one, 16, FTW_PHYS);
    home_close(t->home);
}

static const char *made_folder(struct ctx *cx)
{
    char *folder = str_z(cx->mem, STR("/tmp/assay-town.XXXXXX"));

    CHECK(mkdtemp(folder) != NULL);
    test_ends(cx, drop, folder);
    return folder;
}

TEST(organisations_show_nothing_of_each_other_on_sqlite)
{
    const char *folder = made_folder(cx);

    live(cx, str_z(cx->mem, str_printf(cx->mem, "%s/home", folder)), NULL, folder);
}

/* A database of its own: the schema of a directory has one name. */
TEST(organisations_show_nothing_of_each_other_on_postgres)
{
    const char *url = stores_postgres(), *path = url != NULL ? strstr(url, "/postgres") : NULL;
    CLEANUP(store_closep) struct store *admin = NULL;
    const char *folder = path != NULL ? made_folder(cx) : NULL;
    struct str mine;

    if (path == NULL)
        return;
    mine = str_printf(cx->mem, "%.*s/assay_town%s", (int)(path - url), url, path + 9);
    CHECK_OK(store_open_schema(cx, url, "public", STORE_CREATE, &admin));
    CHECK_OK(store_exec(cx, admin, "drop", STR("DROP DATABASE IF EXISTS assay_town")));
    CHECK_OK(store_exec(cx, admin, "make", STR("CREATE DATABASE assay_town")));
    live(cx, str_z(cx->mem, mine), str_z(cx->mem, str_printf(cx->mem, "%s/files", folder)), folder);
    CHECK_OK(store_exec(cx, admin, "drop", STR("DROP DATABASE IF EXISTS assay_town")));
}
