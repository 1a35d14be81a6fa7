/* Every route as everybody: nobody, each role, a member of another organisation, and without what
 * a change needs. What is to be expected is asked from the table of routes and that of rights. */
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "op/op.h"
#include "op/tokens.h"
#include "tests/harness.h"
#include "web/handlers.h"
#include "web/jobs.h"
#include "web/known.h"
#include "web/pages.h"
#include "web/spool.h"
#include "web/verdicts.h"

#define NOBODY (-1)
#define ROLES_MOST 16u

static const char *const registers[] = {"risk", "incident", "membership", "evidence"};

static const char *const faces[] = {"map", "timeline", "none", "coverage"}; /* of these */

struct served {
    struct ctx *cx;
    struct app app;
    struct desk *desk;
    struct home *home;
    struct organisation *org;
    struct principal owner;
    struct str other; /* another organisation of the same home */
    const struct value *roles;
    struct str persons[ROLES_MOST];
    struct str refs[COUNT_OF(registers)]; /* of a record in each register */
};

/* ---- a served home, without a server ---- */

static int drop_one(const char *path, UNUSED const struct stat *st, UNUSED int kind,
                    UNUSED struct FTW *at)
{
    return remove(path);
}

static void drop(void *folder)
{
    (void)nftw(folder, drop_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void end(void *arg)
{
    struct served *p = arg;

    jobs_free(p->app.jobs);
    verdicts_free(p->app.verdicts);
    desk_free(p->desk);
    home_close(p->home);
    knowledge_free(p->app.where.knowledge);
    keeper_free(p->app.where.keeper);
    known_sessions_free(p->app.known);
}

static struct value *run(struct served *p, const char *op, const struct value *args)
{
    struct ctx *cx = p->cx;
    struct value *result = NULL;

    CHECK_OK(op_run_in(cx, op_find(op), &p->app.where, p->org, &p->owner, args,
                       &(struct op_face){.open = NULL}, &result));
    return result;
}

static struct str add(struct served *p, const char *register_id, const char *const *words)
{
    struct value *args = value_map(p->cx->mem), *fields = value_list(p->cx->mem);

    value_set_text(args, "register", str_of(register_id));
    for (size_t i = 0; words[i] != NULL; i++)
        value_push(fields, value_text(p->cx->mem, str_of(words[i])));
    value_set(args, "fields", fields);
    const struct value *made = run(p, "add", args);

    return value_get_text(made, "ref");
}

static void account(struct served *p, size_t n)
{
    struct ctx *cx = p->cx;
    struct str sql = str_printf(
        cx->mem,
        "INSERT INTO account (id, login, password, made_at) VALUES ('%zu', 'login%zu', '-', '-'); "
        "INSERT INTO account_person VALUES ('%zu', '%.*s', '%.*s')",
        n, n, n, STR_ARG(p->org->name), STR_ARG(p->persons[n]));

    CHECK_OK(store_exec(cx, home_directory(p->home), "test", sql));
}

/* A person and an account for each role; a record in each register, of nobody in particular. */
static void people(struct served *p)
{
    struct ctx *cx = p->cx;
    const char *const risk[] = {"description=A laptop is lost", NULL},
                      *const incident[] = {"what=Something", NULL},
                      *const evidence[] = {"title=Something", NULL};

    CHECK_OK(home_principal(cx, p->org, NULL, &p->owner));
    p->roles = access_roles(p->org->access);
    CHECK(value_count(p->roles) < ROLES_MOST);
    for (size_t i = 0; i < value_count(p->roles); i++) {
        const char *const person[] = {str_printf(cx->mem, "name=Person %zu", i).p, NULL};
        struct value *args = value_map(cx->mem);
        struct principal who;
        struct str ref = add(p, "person", person);
        value_set_text(args, "person", ref);
        value_set_text(args, "role", value_key_at(p->roles, i));
        (void)run(p, "members add", args);
        CHECK_OK(home_principal(cx, p->org, str_z(cx->mem, ref), &who));
        p->persons[i] = who.person;
        account(p, i);
    }
    p->refs[0] = add(p, "risk", risk);
    p->refs[1] = add(p, "incident", incident);
    p->refs[2] = STR("-");
    p->refs[3] = add(p, "evidence", evidence);
}

static struct served *serve(struct ctx *cx)
{
    struct served *p = ARENA_NEW(cx->mem, struct served);
    char *folder = str_z(cx->mem, STR("/tmp/assay-home.XXXXXX"));
    struct organisation *other;

    CHECK(mkdtemp(folder) != NULL);
    test_ends(cx, drop, folder);
    p->cx = cx;
    p->app = (struct app){.where = {.home = str_printf(cx->mem, "%s/isms", folder).p},
                          .program = "/bin/true",
                          .known = known_sessions_new()};
    (void)pthread_mutex_init(&p->app.gate_lock, NULL);
    (void)pthread_cond_init(&p->app.gate_free, NULL);
    CHECK_OK(home_create(cx, &p->app.where, &p->home));
    CHECK_OK(
        home_organisation_create(cx, p->home, STR("One Ltd"), STR("First"), STR("UTC"), &other));
    CHECK_OK(home_organisation_create(cx, p->home, STR("Two Ltd"), STR("Eve"), STR("UTC"), &other));
    p->other = other->name;
    CHECK_OK(home_keep(cx, p->home));
    home_closep(&p->home);
    test_ends(cx, end, p);
    p->app.where.knowledge = knowledge_new();
    CHECK_OK(home_keeper_shared(cx, &p->app.where, &p->app.where.keeper));
    CHECK_OK(home_run_folder(cx, &p->app.where, &p->app.run));
    CHECK_OK(spool_new(cx, p->app.run, &p->app.spool));
    CHECK_OK(pages_new(cx, &p->app.pages));
    CHECK_OK(verdicts_start(cx, &p->app, &p->app.verdicts));
    CHECK_OK(jobs_start(cx, &p->app, &p->app.jobs));
    CHECK_OK(home_open(cx, &p->app.where, &p->home));
    CHECK_OK(home_organisation_open(cx, p->home, "one-ltd", &p->org));
    people(p);
    p->desk = desk_new(&p->app);
    return p;
}

/* ---- one request ---- */

struct asked {
    const struct route *route;
    int who; /* a role's place, or NOBODY */
    size_t reg;
    struct str organisation; /* in the place of the person's own, or "" */
    struct str bearer;       /* a program's token, "" for none */
    bool page, no_token, other_site;
};

struct got {
    unsigned status;
    struct str body, location;
};

static struct str param(const struct served *p, const struct asked *a, struct str name)
{
    if (str_is(name, "organisation"))
        return a->organisation.n > 0 ? a->organisation : p->org->name;
    if (str_is(name, "register"))
        return str_of(registers[a->reg]);
    if (str_is(name, "record"))
        return p->refs[a->reg];
    if (str_is(name, "face"))
        return str_of(faces[a->reg]);
    return str_is(name, "field") ? STR("file") : STR("none");
}

static struct str path_of(const struct served *p, const struct asked *a)
{
    struct buf path = buf_new(p->cx->mem);
    struct str rest = str_from(str_of(a->route->pattern), 1), part;

    if (rest.n == 0)
        buf_char(&path, '/');
    while (rest.n > 0 && str_split(&rest, '/', &part))
        buf_printf(&path, "/%.*s",
                   STR_ARG(part.p[0] == ':' ? param(p, a, str_from(part, 1)) : part));
    return buf_str(&path);
}

/* A new session, since some requests end it, and the token of its forms. */
static struct str session(struct served *p, int who, struct str *ret_form)
{
    struct ctx *cx = p->cx;
    struct str token = STR_NONE, device;

    CHECK_OK(session_begin(cx, home_directory(p->home), str_printf(cx->mem, "%d", who), STR_NONE,
                           STR("127.0.0.1"), STR("test"), &token, &device));
    const struct str parts[] = {STR("assay-form-v1\n"), token};
    struct hash hash = hash_sha256(parts, 2);

    *ret_form = hash_hex(cx->mem, (struct str){(const char *)hash.b, 16});
    return str_printf(cx->mem, "assay-session=%.*s", STR_ARG(token));
}

static struct got ask(struct served *p, const struct asked *a)
{
    struct arena *mem = arena_new(0);
    struct ctx cx = {.mem = mem, .today = p->cx->today};
    struct str form = STR_NONE;
    struct web_request request = {.method = a->route->method,
                                  .path = path_of(p, a),
                                  .accept = a->page ? STR("text/html") : STR("application/json"),
                                  .host = STR("127.0.0.1:8080"),
                                  .address = STR("192.0.2.1"),
                                  .agent = STR("test"),
                                  .id = "0000000000000000"};
    struct web_response response = {.status = 0};
    struct got got;

    if (a->who != NOBODY)
        request.cookie = session(p, a->who, &form);
    if (!a->no_token)
        request.token = form;
    if (a->bearer.n > 0)
        request.authorization = str_printf(mem, "Bearer %.*s", STR_ARG(a->bearer));
    if (a->other_site)
        request.origin = STR("http://evil.example");
    routes_handle(p->desk, &cx, &request, &response);
    got = (struct got){response.status, str_copy(p->cx->mem, response.body), STR_NONE};
    for (size_t i = 0; i < response.header_n; i++)
        if (strcmp(response.headers[i].name, "Location") == 0)
            got.location = str_copy(p->cx->mem, response.headers[i].value);
    if (response.has_file)
        (void)close(response.file);
    arena_free(mem);
    return got;
}

static void wrong(struct served *p, const struct asked *a, const struct got *got, const char *what)
{
    test_failed(__FILE__, __LINE__, "%s %.*s as %.*s: %u, %s", web_method_name(a->route->method),
                STR_ARG(path_of(p, a)),
                STR_ARG(a->who == NOBODY ? STR("nobody") : value_key_at(p->roles, (size_t)a->who)),
                got->status, what);
}

static int64_t last_seq(struct served *p)
{
    int64_t seq = -1;

    if (record_last_seq(p->cx, &p->org->records, &seq) < 0)
        test_failed(__FILE__, __LINE__, "%.*s", STR_ARG(p->cx->err.text));
    return seq;
}

/* ---- what is to be expected ---- */

static bool has_register(const struct route *route)
{
    return strstr(route->pattern, "/r/:register") != NULL;
}

static bool changes(const struct route *route)
{
    return route->method != WEB_GET;
}

static bool may(struct served *p, const struct asked *a)
{
    struct principal who = {.role = value_key_at(p->roles, (size_t)a->who)};
    struct err err = p->cx->err;
    int rc = access_check(p->cx, p->org->access, &who, a->route->right,
                          has_register(a->route) ? str_of(registers[a->reg]) : STR_NONE);

    p->cx->err = err;
    return rc == 0;
}

/* What a table of rights cannot tell: some see or write only what is about themselves, and a state
 * is given by whom its register names. There a refusal is right as well. */
static bool may_be_refused(struct served *p, const struct asked *a)
{
    struct principal who = {.role = value_key_at(p->roles, (size_t)a->who)};
    struct str reg = str_of(registers[a->reg]);

    return access_own(p->org->access, &who, a->route->right, reg).n > 0 ||
           access_only_drafts(p->org->access, &who) ||
           (changes(a->route) && a->route->right == ACCESS_READ);
}

static bool is_refused(const struct got *got)
{
    return got->status == 401 || got->status == 403;
}

static size_t register_n(const struct route *route)
{
    return has_register(route) ? COUNT_OF(registers) : 1;
}

#define EACH_ROUTE(route)                                                                          \
    const struct route *route = route_table;                                                       \
    route->pattern != NULL;                                                                        \
    route++

/* ---- the tests ---- */

static void as_roles(struct served *p, const struct route *route)
{
    for (size_t reg = 0; reg < register_n(route); reg++) {
        for (int who = 0; who < (int)value_count(p->roles); who++) {
            struct asked a = {.route = route, .who = who, .reg = reg};
            int64_t before = last_seq(p);
            struct got got = ask(p, &a);
            if (!may(p, &a) && got.status != 403)
                wrong(p, &a, &got, "and may not");
            if (!may(p, &a) && last_seq(p) != before)
                wrong(p, &a, &got, "and something was changed");
            if (may(p, &a) && is_refused(&got) && !may_be_refused(p, &a))
                wrong(p, &a, &got, "and may");
        }
    }
}

static void as_nobody(struct served *p, const struct route *route)
{
    struct asked a = {.route = route, .who = NOBODY};
    struct got got = ask(p, &a);

    if (route->whom != ROUTE_FOR_ANYBODY && got.status != 401)
        wrong(p, &a, &got, "and nobody is signed in");
    a.page = true;
    got = ask(p, &a);
    if (route->whom != ROUTE_FOR_ANYBODY && route->method == WEB_GET &&
        !str_starts(got.location, STR("/sign-in?to=")))
        wrong(p, &a, &got, "and is not asked to sign in");
}

/* An owner, with the right to all: without the token, and from another site. */
static void as_forged(struct served *p, const struct route *route)
{
    struct asked a = {.route = route, .who = 0, .no_token = true};
    int64_t before = last_seq(p);
    struct got got = {403, STR_NONE, STR_NONE};

    if ((route->flags & ROUTE_NO_FORM) == 0)
        got = ask(p, &a);
    if (got.status != 403)
        wrong(p, &a, &got, "without a token");
    a = (struct asked){.route = route, .who = 0, .other_site = true};
    got = ask(p, &a);
    if (got.status != 403)
        wrong(p, &a, &got, "from another site");
    if (last_seq(p) != before)
        wrong(p, &a, &got, "and something was changed");
}

/* Whoever takes part elsewhere cannot tell an organisation that is there from one that is not. */
static void as_stranger(struct served *p, const struct route *route)
{
    struct asked a = {.route = route, .who = 0, .organisation = p->other};
    struct got there = ask(p, &a);

    a.organisation = STR("nowhere");
    struct got not_there = ask(p, &a);

    if (there.status != 404 || !str_eq(there.body, not_there.body))
        wrong(p, &a, &there, "and it shows");
}

TEST(every_route_as_every_role)
{
    struct served *p = serve(cx);

    for (EACH_ROUTE(route)) {
        as_nobody(p, route);
        if (changes(route))
            as_forged(p, route);
        if (route->whom != ROUTE_FOR_MEMBER)
            continue;
        as_roles(p, route);
        as_stranger(p, route);
    }
}

static struct str given(struct served *p, const char *rights)
{
    struct token_wish wish = {
        .account = STR("0"), .name = STR("test"), .rights = str_of(rights), .days = 1};
    struct ctx *cx = p->cx;
    struct str id, token = STR_NONE;

    CHECK_OK(token_make(cx, home_directory(p->home), &wish, &id, &token));
    return token;
}

/* Of an owner, who may all: what the token may not is refused, without a form's token what it may
 * is not. */
static void by_token(struct served *p, const struct route *route, struct str token, unsigned rights)
{
    struct asked a = {.route = route, .who = NOBODY, .bearer = token};
    bool member = route->whom == ROUTE_FOR_MEMBER, change = changes(route),
         ours = member || (route->flags & ROUTE_BY_TOKEN) != 0,
         may = ours && (!member || (rights & 1u << route->right) != 0);
    int64_t before = last_seq(p);
    struct got got = ask(p, &a);

    if (route->whom == ROUTE_FOR_ANYBODY)
        return;
    if (!may && got.status != 403)
        wrong(p, &a, &got, "and the token may not");
    if (may && is_refused(&got) && !(change && (rights & 1u << ACCESS_WRITE) == 0))
        wrong(p, &a, &got, "and the token may");
    if ((!may || (rights & 1u << ACCESS_WRITE) == 0) && last_seq(p) != before)
        wrong(p, &a, &got, "and something was changed");
    a.bearer = STR("assay_0123456789012345678901234567890123456789012");
    a.who = 0; /* a cookie is no way out */
    got = ask(p, &a);
    if (got.status != 401)
        wrong(p, &a, &got, "by a token that is none");
}

TEST(every_route_by_a_token)
{
    static const char *const rights[] = {"read", "read judge transfer administer", "read write"};
    struct served *p = serve(cx);

    for (size_t i = 0; i < COUNT_OF(rights); i++) {
        struct str token = given(p, rights[i]);
        unsigned bits = 0;
        CHECK_OK(access_rights_read(cx, str_of(rights[i]), &bits));
        for (EACH_ROUTE(route))
            by_token(p, route, token, bits);
    }
}

/* Each page is whole: nothing of its template is left, and nothing of it comes from elsewhere. */
TEST(every_page_is_made)
{
    struct served *p = serve(cx);

    for (EACH_ROUTE(route)) {
        if (route->method != WEB_GET || route->page == NULL || route->whom == ROUTE_FOR_ANYBODY)
            continue;
        struct asked a = {.route = route, .who = 0, .reg = 3, .page = true};
        struct got got = ask(p, &a);
        bool advance = strstr(route->pattern, "/advance/") != NULL,
             job = strstr(route->pattern, "/:job") != NULL;
        if (got.status != 200 && got.status != 303 && !(advance && got.status == 409) &&
            !(job && got.status == 404))
            wrong(p, &a, &got, "not a page");
        if (str_has(got.body, "{{") || str_has(got.body, " style=") ||
            str_has(got.body, "onclick") || str_has(got.body, "src=\"http"))
            wrong(p, &a, &got, "with what no page has");
    }
}
