#include "ledger/keeper.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/keeper_parts.h"
#include "tests/harness.h"

#define ORIGIN "assay.example/brackwater/log1"
#define LEAVES 64u

/* ---- a folder, a keeper on it, and a tree in memory ---- */

static int remove_one(const char *path, UNUSED const struct stat *st, UNUSED int kind,
                      UNUSED struct FTW *at)
{
    return remove(path);
}

static void remove_folder(void *folder)
{
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static char *new_folder(struct ctx *cx)
{
    char *folder = str_z(cx->mem, STR("/tmp/assay-test-XXXXXX"));

    CHECK(mkdtemp(folder) != NULL);
    test_ends(cx, remove_folder, folder);
    return folder;
}

static void end_keeper(void *keeper)
{
    keeper_free(keeper);
}

static struct keeper *keeper_at(struct ctx *cx, const char *folder)
{
    struct keeper *keeper = NULL;

    CHECK_OK(keeper_new(cx, str_of(folder), &keeper));
    test_ends(cx, end_keeper, keeper);
    return keeper;
}

static char *file_in(struct ctx *cx, const char *folder, const char *end)
{
    char *found = NULL;
    DIR *dir = opendir(folder);

    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
        if (str_starts(str_of(e->d_name), STR("log-")) &&
            str_ends(str_of(e->d_name), str_of(end)) && (end[0] != '\0' || strlen(e->d_name) == 36))
            found = str_z(cx->mem, str_printf(cx->mem, "%s/%s", folder, e->d_name));
    if (dir != NULL)
        (void)closedir(dir);
    CHECK(found != NULL);
    return found != NULL ? found : str_z(cx->mem, STR("/nowhere"));
}

struct tree {
    struct merkle_frontier frontier;
    struct hash nodes[8][LEAVES];
    unsigned asked; /* for proofs */
};

static int read_node(void *arg, struct ctx *cx, unsigned level, uint64_t index, struct hash *ret)
{
    const struct tree *tree = arg;

    (void)cx;
    *ret = tree->nodes[level][index];
    return 0;
}

/* `word` makes another history from leaf `from` on. */
static struct tree *tree_of(struct ctx *cx, size_t n, size_t from, const char *word)
{
    struct tree *tree = ARENA_NEW(cx->mem, struct tree);
    struct merkle_made made[MERKLE_LEVELS];

    for (size_t i = 0; i < n; i++) {
        struct hash leaf =
            merkle_leaf(str_printf(cx->mem, "entry %zu %s", i, i >= from ? word : ""));
        unsigned made_n = merkle_append(&tree->frontier, &leaf, made);
        for (unsigned k = 0; k < made_n; k++)
            tree->nodes[made[k].level][made[k].index] = made[k].hash;
    }
    return tree;
}

static int prove(void *arg, struct ctx *cx, uint64_t old, struct merkle_proof *ret)
{
    struct tree *tree = arg;

    tree->asked++;
    return merkle_consistency(cx, read_node, tree, old, tree->frontier.size, ret);
}

static int sign_tree(struct ctx *cx, struct keeper *keeper, struct tree *tree,
                     enum keeper_stand *stand, struct str *note)
{
    const struct checkpoint checkpoint = {
        .origin = STR(ORIGIN), .size = tree->frontier.size, .root = merkle_root(&tree->frontier)};

    return keeper_sign(cx, keeper, &checkpoint, prove, tree, stand, note);
}

/* ---- data keys ---- */

static void fill(struct keeper_key *keys, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < KEEPER_KEY_BYTES; k++)
            keys[i].bytes[k] = (unsigned char)(i * 31 + k);
}

TEST(keeper_wraps_and_unwraps_more_keys_than_one_message_takes)
{
    enum { N = KEEPER_MANY + 7 };
    struct keeper *keeper = keeper_at(cx, new_folder(cx));
    struct keeper_key *keys = arena_array(cx->mem, N, sizeof *keys),
                      *back = arena_array(cx->mem, N, sizeof *back);
    struct keeper_wrapped *wrapped = arena_array(cx->mem, N, sizeof *wrapped);

    fill(keys, N);
    CHECK_OK(keeper_wrap(cx, keeper, keys, N, wrapped));
    CHECK(memmem(wrapped, N * sizeof *wrapped, keys[3].bytes, KEEPER_KEY_BYTES) == NULL);
    CHECK_OK(keeper_unwrap(cx, keeper, wrapped, N, back));
    CHECK(memcmp(keys, back, N * sizeof *keys) == 0);
}

TEST(keeper_refuses_a_wrapped_key_with_any_bit_changed)
{
    struct keeper *keeper = keeper_at(cx, new_folder(cx));
    struct keeper_key key, back;
    struct keeper_wrapped wrapped;

    fill(&key, 1);
    CHECK_OK(keeper_wrap(cx, keeper, &key, 1, &wrapped));
    for (size_t i = 0; i < sizeof wrapped.bytes; i++) {
        wrapped.bytes[i] ^= 1;
        CHECK_RC(keeper_unwrap(cx, keeper, &wrapped, 1, &back), i < 4 ? RC_NOT_FOUND : RC_INVALID);
        wrapped.bytes[i] ^= 1;
    }
    CHECK_OK(keeper_unwrap(cx, keeper, &wrapped, 1, &back));
}

TEST(keeper_unwraps_what_another_wrapped_over_the_same_folder)
{
    char *folder = new_folder(cx);
    struct keeper *one = keeper_at(cx, folder), *two = keeper_at(cx, folder);
    struct keeper_key key, back;
    struct keeper_wrapped first, second;

    fill(&key, 1);
    CHECK_OK(keeper_wrap(cx, one, &key, 1, &first));
    CHECK_OK(keeper_wrap(cx, two, &key, 1, &second));
    CHECK_OK(keeper_rotate(cx, one));
    CHECK_OK(keeper_wrap(cx, one, &key, 1, &first));
    CHECK(memcmp(first.bytes, second.bytes, 4) != 0);
    CHECK_OK(keeper_unwrap(cx, two, &first, 1, &back));
    CHECK(memcmp(&key, &back, sizeof key) == 0);
    CHECK_RC(keeper_unwrap(cx, keeper_at(cx, new_folder(cx)), &first, 1, &back), RC_NOT_FOUND);
}

TEST(keeper_forgets_old_wrapping_keys)
{
    struct keeper *keeper = keeper_at(cx, new_folder(cx));
    struct keeper_key key, back;
    struct keeper_wrapped old, new;

    fill(&key, 1);
    CHECK_OK(keeper_wrap(cx, keeper, &key, 1, &old));
    CHECK_OK(keeper_rotate(cx, keeper));
    CHECK_OK(keeper_unwrap(cx, keeper, &old, 1, &back));
    CHECK_OK(keeper_wrap(cx, keeper, &back, 1, &new));
    CHECK_OK(keeper_forget(cx, keeper));
    CHECK_OK(keeper_unwrap(cx, keeper, &new, 1, &back));
    CHECK_RC(keeper_unwrap(cx, keeper, &old, 1, &back), RC_NOT_FOUND);
}

/* ---- ledgers ---- */

TEST(keeper_signs_what_its_public_key_opens)
{
    struct keeper *keeper = keeper_at(cx, new_folder(cx));
    struct str keys[KEEPER_LOG_KEYS], note, text;
    struct note_key key;
    size_t n;
    bool by;

    CHECK_OK(keeper_public(cx, keeper, STR(ORIGIN), keys, &n));
    CHECK_INT(n, 1);
    CHECK_OK(note_key_parse(cx, keys[0], &key));
    CHECK_STR(key.name, ORIGIN);
    CHECK_OK(sign_tree(cx, keeper, tree_of(cx, 5, 9, ""), NULL, &note));
    CHECK_OK(note_open(cx, note, &key, 1, &by, &text));
    CHECK(str_starts(text, STR(ORIGIN "\n5\n")));
}

TEST(keeper_signs_a_tree_that_grows_and_the_same_again)
{
    char *folder = new_folder(cx);
    struct tree *tree = tree_of(cx, 33, LEAVES, "");
    enum keeper_stand stand;
    struct checkpoint last;
    struct str one, two;

    CHECK_OK(keeper_last(cx, keeper_at(cx, folder), STR(ORIGIN), &last));
    CHECK_INT(last.size, 0);
    CHECK_OK(sign_tree(cx, keeper_at(cx, folder), tree_of(cx, 7, LEAVES, ""), &stand, &one));
    CHECK_INT(stand, KEEPER_AHEAD);
    CHECK_OK(sign_tree(cx, keeper_at(cx, folder), tree, &stand, &one));
    CHECK_INT(stand, KEEPER_AHEAD);
    CHECK_OK(sign_tree(cx, keeper_at(cx, folder), tree, &stand, &two));
    CHECK_INT(stand, KEEPER_EQUAL);
    CHECK(str_eq(one, two));
    CHECK_OK(keeper_last(cx, keeper_at(cx, folder), STR(ORIGIN), &last));
    CHECK_INT(last.size, 33);
}

TEST(keeper_tells_a_ledger_that_is_behind_from_one_that_is_forked)
{
    struct keeper *keeper = keeper_at(cx, new_folder(cx));
    enum keeper_stand stand;
    struct str note;

    CHECK_OK(sign_tree(cx, keeper, tree_of(cx, 20, LEAVES, ""), &stand, &note));
    CHECK_RC(sign_tree(cx, keeper, tree_of(cx, 17, LEAVES, ""), &stand, &note), RC_CONFLICT);
    CHECK_INT(stand, KEEPER_BEHIND);
    CHECK(str_has(cx->err.text, "the last 3 are missing"));
    CHECK_RC(sign_tree(cx, keeper, tree_of(cx, 20, 19, "other"), &stand, &note), RC_DENIED);
    CHECK_INT(stand, KEEPER_FORKED);
    CHECK_RC(sign_tree(cx, keeper, tree_of(cx, 30, 4, "other"), &stand, &note), RC_DENIED);
    CHECK_INT(stand, KEEPER_FORKED);
    CHECK_OK(sign_tree(cx, keeper, tree_of(cx, 30, 20, "other"), &stand, &note));
}

TEST(keeper_that_has_lost_its_memory_signs_nothing)
{
    char *folder = new_folder(cx);
    struct keeper *keeper = keeper_at(cx, folder);
    enum keeper_stand stand;
    struct str note;

    CHECK_OK(sign_tree(cx, keeper, tree_of(cx, 20, LEAVES, ""), &stand, &note));
    CHECK_INT(unlink(file_in(cx, folder, ".last")), 0);
    CHECK_RC(sign_tree(cx, keeper, tree_of(cx, 20, LEAVES, ""), &stand, &note), RC_CONFLICT);
    CHECK_INT(stand, KEEPER_LOST);
}

TEST(keeper_makes_no_second_key_where_the_first_is_gone)
{
    char *folder = new_folder(cx);
    struct keeper *keeper = keeper_at(cx, folder);
    struct str keys[KEEPER_LOG_KEYS], note;
    size_t n;

    CHECK_OK(sign_tree(cx, keeper, tree_of(cx, 2, LEAVES, ""), NULL, &note));
    CHECK_INT(unlink(file_in(cx, folder, "")), 0);
    CHECK_RC(keeper_public(cx, keeper, STR(ORIGIN), keys, &n), RC_NOT_FOUND);
}

TEST(keeper_signs_by_both_keys_after_a_rotation)
{
    struct keeper *keeper = keeper_at(cx, new_folder(cx));
    struct str keys[KEEPER_LOG_KEYS], fresh, note, text;
    struct note_key parsed[2];
    bool by[2];
    size_t n;

    CHECK_OK(keeper_rotate_log(cx, keeper, STR(ORIGIN), &fresh));
    CHECK_OK(keeper_public(cx, keeper, STR(ORIGIN), keys, &n));
    CHECK_INT(n, 2);
    CHECK(str_eq(keys[1], fresh));
    CHECK_OK(sign_tree(cx, keeper, tree_of(cx, 3, LEAVES, ""), NULL, &note));
    for (size_t i = 0; i < 2; i++)
        CHECK_OK(note_key_parse(cx, keys[i], &parsed[i]));
    CHECK_OK(note_open(cx, note, parsed, 2, by, &text));
    CHECK(by[0] && by[1]);
    for (unsigned i = 0; i < KEEPER_LOG_KEYS; i++)
        CHECK_OK(keeper_rotate_log(cx, keeper, STR(ORIGIN), &fresh));
    CHECK_OK(keeper_public(cx, keeper, STR(ORIGIN), keys, &n));
    CHECK_INT(n, KEEPER_LOG_KEYS);
}

TEST(keeper_links_keys_that_follow_on_one_another)
{
    struct keeper *keeper = keeper_at(cx, new_folder(cx));
    struct str keys[KEEPER_LOG_KEYS], links[KEEPER_LOG_KEYS], fresh;
    struct note_key old, now;
    size_t n;

    CHECK_OK(keeper_links(cx, keeper, STR(ORIGIN), links, &n));
    CHECK_INT(n, 0);
    CHECK_OK(keeper_rotate_log(cx, keeper, STR(ORIGIN), &fresh));
    CHECK_OK(keeper_rotate_log(cx, keeper, STR(ORIGIN), &fresh));
    CHECK_OK(keeper_public(cx, keeper, STR(ORIGIN), keys, &n));
    CHECK_OK(keeper_links(cx, keeper, STR(ORIGIN), links, &n));
    CHECK_INT(n, 2);
    for (size_t i = 0; i < n; i++) {
        CHECK_OK(note_link_parse(cx, links[i], &old, &now));
        CHECK(str_eq(note_key_text(cx->mem, &old), keys[i]));
        CHECK(str_eq(note_key_text(cx->mem, &now), keys[i + 1]));
        size_t last = str_find(links[i], STR("\n\n"), 0);
        last = str_find_char(links[i], '\n', last + 2) + 1;
        CHECK_RC(note_link_parse(cx, str_sub(links[i], 0, last), &old, &now), RC_INVALID);
    }
    CHECK_RC(note_link_parse(cx, STR("assay-ledger-key-v1\n"), &old, &now), RC_INVALID);
}

/* ---- its folder and its process ---- */

TEST(keeper_names_a_file_of_keys_that_is_damaged)
{
    char *folder = new_folder(cx), byte = 'x';
    struct keeper_key key;
    struct keeper_wrapped wrapped;

    fill(&key, 1);
    CHECK_OK(keeper_wrap(cx, keeper_at(cx, folder), &key, 1, &wrapped));
    int fd = open(str_printf(cx->mem, "%s/kek", folder).p, O_WRONLY);
    CHECK(fd >= 0 && pwrite(fd, &byte, 1, 40) == 1);
    close(fd);
    CHECK_RC(keeper_wrap(cx, keeper_at(cx, folder), &key, 1, &wrapped), RC_INVALID);
    CHECK(str_has(cx->err.text, "kek"));
}

TEST(keeper_wants_a_folder_that_only_its_owner_may_look_into)
{
    char *folder = new_folder(cx);
    struct checkpoint last;

    CHECK_INT(chmod(folder, 0750), 0);
    CHECK_RC(keeper_last(cx, keeper_at(cx, folder), STR(ORIGIN), &last), RC_DENIED);
    CHECK_RC(keeper_last(cx, keeper_at(cx, "/nowhere/keys"), STR(ORIGIN), &last), RC_NOT_FOUND);
}

TEST(keeper_leaves_files_for_its_owner_only_and_nothing_half_written)
{
    char *folder = new_folder(cx);
    struct str note;
    size_t n = 0;

    CHECK_OK(sign_tree(cx, keeper_at(cx, folder), tree_of(cx, 3, LEAVES, ""), NULL, &note));
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
        struct stat st;
        if (e->d_name[0] == '.')
            continue;
        CHECK_INT(stat(str_printf(cx->mem, "%s/%s", folder, e->d_name).p, &st), 0);
        CHECK_INT(st.st_mode & 0777, 0600);
        CHECK(!str_ends(str_of(e->d_name), STR(".new")));
        n++;
    }
    if (dir != NULL)
        (void)closedir(dir);
    CHECK_INT(n, 2);
}

static pid_t child_of_this(void)
{
    char line[256] = "";
    FILE *children = fopen("/proc/thread-self/children", "re");
    size_t n = children != NULL ? fread(line, 1, sizeof line - 1, children) : 0;
    const char *last = line;

    if (children != NULL)
        (void)fclose(children);
    line[n] = '\0';
    for (char *at = line; (at = strchr(at, ' ')) != NULL && at[1] != '\0';)
        last = ++at;
    return (pid_t)strtol(last, NULL, 10);
}

TEST(keeper_that_was_killed_is_started_again)
{
    struct keeper *keeper = keeper_at(cx, new_folder(cx));
    struct keeper_key key, back;
    struct keeper_wrapped wrapped;

    fill(&key, 1);
    CHECK_OK(keeper_wrap(cx, keeper, &key, 1, &wrapped));
    pid_t pid = child_of_this();
    CHECK(pid > 0 && kill(pid, SIGKILL) == 0);
    CHECK_RC(keeper_unwrap(cx, keeper, &wrapped, 1, &back), RC_FAIL);
    CHECK_OK(keeper_unwrap(cx, keeper, &wrapped, 1, &back));
}

static pid_t child_of(struct ctx *cx, pid_t parent)
{
    struct str said = test_read_file(
        cx, str_printf(cx->mem, "/proc/%d/task/%d/children", (int)parent, (int)parent).p);

    return (pid_t)strtol(str_z(cx->mem, said), NULL, 10);
}

/* A program with threads forks nothing: another process starts its keeper, and again. */
TEST(keeper_that_is_ready_is_started_by_another)
{
    struct keeper *keeper = NULL;
    struct keeper_key key, back;
    struct keeper_wrapped wrapped;

    fill(&key, 1);
    CHECK_OK(keeper_new(cx, str_of(new_folder(cx)), &keeper));
    CHECK_OK(keeper_ready(cx, keeper));
    pid_t starter = child_of_this(), first = child_of(cx, starter);
    CHECK(first > 0);
    CHECK_OK(keeper_wrap(cx, keeper, &key, 1, &wrapped));
    CHECK(first == child_of(cx, starter));
    CHECK(first > 0 && kill(first, SIGKILL) == 0);
    CHECK_RC(keeper_unwrap(cx, keeper, &wrapped, 1, &back), RC_FAIL);
    CHECK_OK(keeper_unwrap(cx, keeper, &wrapped, 1, &back));
    CHECK(memcmp(&key, &back, sizeof key) == 0);
    pid_t second = child_of(cx, starter);
    CHECK(second > 0 && second != first && child_of_this() == starter);
    keeper_free(keeper);
    CHECK(kill(starter, 0) != 0 && kill(second, 0) != 0);
}

TEST(keeper_is_held_by_a_filter_and_leaves_no_core)
{
    struct keeper *keeper = keeper_at(cx, new_folder(cx));
    struct checkpoint last;
    struct stat st;

    CHECK_OK(keeper_last(cx, keeper, STR(ORIGIN), &last));
    const char *place = str_printf(cx->mem, "/proc/%d", (int)child_of_this()).p;
    struct str status = test_read_file(cx, str_printf(cx->mem, "%s/status", place).p),
               limits = test_read_file(cx, str_printf(cx->mem, "%s/limits", place).p);
    CHECK(str_has(status, "Seccomp:\t2\n"));
    CHECK(str_has(limits, "Max core file size        0 "));
    /* What cannot be dumped belongs to the administrator. */
    CHECK(stat(str_printf(cx->mem, "%s/mem", place).p, &st) == 0 && st.st_uid == 0);
}

TEST(keeper_ends_with_its_parent)
{
    char *folder = new_folder(cx);
    struct keeper_key key;
    struct keeper_wrapped wrapped;
    int ends[2];
    pid_t keeper_pid = 0;

    fill(&key, 1);
    CHECK_INT(pipe(ends), 0);
    pid_t parent = fork();
    if (parent == 0) {
        struct keeper *keeper;
        if (keeper_new(cx, str_of(folder), &keeper) < 0 ||
            keeper_wrap(cx, keeper, &key, 1, &wrapped) < 0)
            _exit(1);
        keeper_pid = child_of_this();
        if (write(ends[1], &keeper_pid, sizeof keeper_pid) < 0)
            _exit(1);
        kill(getpid(), SIGKILL);
    }
    close(ends[1]);
    CHECK(read(ends[0], &keeper_pid, sizeof keeper_pid) == sizeof keeper_pid);
    waitpid(parent, NULL, 0);
    for (unsigned i = 0; i < 200 && keeper_pid > 0 && kill(keeper_pid, 0) == 0; i++) {
        struct str state =
            test_read_file(cx, str_printf(cx->mem, "/proc/%d/stat", (int)keeper_pid).p);
        if (str_has(state, ") Z"))
            break;
        usleep(10000);
        CHECK(i < 199);
    }
    close(ends[0]);
}

/* ---- messages ---- */

TEST(keeper_messages_that_are_cut_or_too_long_are_none)
{
    unsigned char room[KEEPER_MESSAGE_BYTES + 1] = {0};
    struct keeper_key keys[3];
    struct keeper_request request = {.what = KEEPER_WRAP, .items = keys[0].bytes, .n = 3}, got;
    size_t n;

    fill(keys, 3);
    CHECK(keeper_request_put(&request, room, &n));
    CHECK(keeper_request_get(room, n, &got));
    CHECK_INT(got.n, 3);
    CHECK(memcmp(got.items, keys, sizeof keys) == 0);
    for (size_t i = 0; i < n; i++)
        CHECK(!keeper_request_get(room, i, &got));
    CHECK(!keeper_request_get(room, n + 1, &got));
    request.n = KEEPER_MANY + 1;
    CHECK(!keeper_request_put(&request, room, &n));
}
