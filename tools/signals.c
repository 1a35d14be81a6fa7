/*
 * assay-signals: what the signals make of texts, for those who write them.
 *
 *   assay-signals CONTENT-FOLDER KIND...        runs the tests in documents/KIND.yaml
 *   assay-signals CONTENT-FOLDER --dump FILE... kinds and criteria of files, with quotes
 *   assay-signals CONTENT-FOLDER --match PATTERN TEXT
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "judge/kinds.h"
#include "standard/yaml.h"

struct tool {
    struct ctx *cx;
    const char *folder;
    struct signals *signals;
    unsigned passed, failed;
};

static int read_file(struct ctx *cx, const char *path, struct str *ret)
{
    struct buf out = buf_new(cx->mem);
    char bytes[65536];
    size_t n;
    FILE *f = fopen(path, "rb");

    if (f == NULL)
        return fail(cx, RC_NOT_FOUND, path, "%s cannot be opened.", path);
    while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
        buf_add(&out, (struct str){bytes, n});
    (void)fclose(f);
    *ret = buf_str(&out);
    return 0;
}

static int read_yaml(struct tool *t, const char *name, struct value **ret)
{
    struct str text, path = str_printf(t->cx->mem, "%s/%s", t->folder, name);

    TRY(read_file(t->cx, path.p, &text));
    return yaml_parse(t->cx, path.p, text, ret);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int load(struct tool *t)
{
    struct value *v;
    struct dirent **names = NULL;
    struct str folder = str_printf(t->cx->mem, "%s/standards/iso27001-2022/documents", t->folder);

    TRY(read_yaml(t, "languages/en.yaml", &v));
    TRY(signals_new(t->cx, "languages/en.yaml", v, &t->signals));
    int n = scandir(folder.p, &names, NULL, by_name);
    for (int i = 0; i < n; i++) {
        if (!str_ends_nocase(str_of(names[i]->d_name), ".yaml"))
            continue;
        struct str file =
            str_printf(t->cx->mem, "standards/iso27001-2022/documents/%s", names[i]->d_name);
        /* A broken file must not keep others from being tried. */
        size_t kinds = t->signals->kind_n;
        if (read_yaml(t, file.p, &v) != 0 || signals_add_kind(t->cx, t->signals, file.p, v) != 0) {
            t->signals->kind_n = kinds;
            printf("%.*s\n", STR_ARG(t->cx->err.text));
            t->cx->err.text = STR_NONE;
            t->failed++;
        }
    }
    for (int i = 0; i < n; i++)
        free(names[i]);
    free(names);
    return 0;
}

static const char *status_name(enum match_status status)
{
    return status == MATCH_MET ? "met" : status == MATCH_PARTLY ? "partly" : "missing";
}

static void print_match(const struct match *m)
{
    for (size_t i = 0; i < m->quote_n; i++)
        printf("        \"%.*s\"\n", STR_ARG(m->quotes[i].text));
    if (m->lacks.n > 0)
        printf("        lacks: %.*s\n", STR_ARG(m->lacks));
}

static int read_text(struct tool *t, struct str name, struct str text, struct reading **ret,
                     struct facts *facts)
{
    struct extract *e = ARENA_NEW(t->cx->mem, struct extract);

    TRY(extract_bytes(t->cx, name, text, e));
    TRY(reading_make(t->cx, t->signals->patterns, &t->signals->guards, name, e, ret));
    facts_find(t->cx, *ret, facts);
    return 0;
}

static int run_test(struct tool *t, const struct kind_signals *kind,
                    const struct criterion_signals *c, const struct value *text, bool meets)
{
    struct reading *r;
    struct facts facts;
    struct match m;

    TRY(read_text(t, STR("test.md"), value_as_text(text), &r, &facts));
    criterion_match(t->cx, r, &facts, c, 2, (uint32_t)r->passage_n, &m);
    bool right = meets ? m.status == MATCH_MET : m.status != MATCH_MET;
    t->passed += right;
    t->failed += !right;
    if (right)
        return 0;
    printf("%.*s.yaml:%u: %.*s should%s be met and is %s\n", STR_ARG(kind->id), value_line(text),
           STR_ARG(c->id), meets ? "" : " not", status_name(m.status));
    print_match(&m);
    return 0;
}

static int run_kind(struct tool *t, const struct kind_signals *kind)
{
    for (size_t i = 0; i < kind->criterion_n; i++) {
        const struct value *meets = value_path(kind->criteria[i].yaml, "tests.meets");
        const struct value *misses = value_path(kind->criteria[i].yaml, "tests.near_misses");
        for (size_t k = 0; k < value_count(meets); k++)
            TRY(run_test(t, kind, &kind->criteria[i], value_at(meets, k), true));
        for (size_t k = 0; k < value_count(misses); k++)
            TRY(run_test(t, kind, &kind->criteria[i], value_at(misses, k), false));
    }
    return 0;
}

static int dump(struct tool *t, const char *path)
{
    struct reading *r;
    struct facts facts;
    struct kinds kinds;
    struct str text;

    TRY(read_file(t->cx, path, &text));
    int rc = read_text(t, str_of(path), text, &r, &facts);
    if (rc != 0) {
        printf("%s: %.*s\n", path, STR_ARG(t->cx->err.text));
        return 0;
    }
    kinds_find(t->cx, t->signals, r, &facts, &kinds);
    printf("%s: \"%.*s\" %.*s, template %s%s\n", path, STR_ARG(r->title), STR_ARG(kinds.nature),
           kinds.template, kinds.evidence ? "" : ", no evidence");
    for (int i = 0; i < FACT_COUNT; i++)
        if (facts.of[i].text.n > 0)
            printf("  %s: %.*s%s\n", fact_name((enum fact)i), STR_ARG(facts.of[i].text),
                   facts.of[i].open ? " (open)" : "");
    for (size_t i = 0; i < kinds.n; i++) {
        const struct kind_match *k = &kinds.items[i];
        printf("  %.*s %d.%03d %.*s%s%.*s\n", STR_ARG(k->kind->id), k->confidence / 1000,
               k->confidence % 1000, STR_ARG(k->why), k->place.n > 0 ? "; in " : "",
               STR_ARG(k->place));
        for (size_t c = 0; c < k->kind->criterion_n; c++) {
            printf("    %.*s %s: %.*s\n", STR_ARG(k->kind->criteria[c].id),
                   status_name(k->matches[c].status), STR_ARG(k->kind->criteria[c].text));
            print_match(&k->matches[c]);
        }
    }
    return 0;
}

static int match_one(struct tool *t, const char *pattern, const char *text)
{
    uint32_t number;
    struct reading *r;
    struct facts facts;

    TRY(patterns_add(t->cx, t->signals->patterns, "the pattern", str_of(pattern), &number));
    signals_seal(t->signals);
    TRY(read_text(t, STR("text.md"), str_of(text), &r, &facts));
    for (uint32_t h = r->hits.first[number]; h < r->hits.first[number + 1]; h++) {
        const struct token *a = &r->tokens->t[r->hits.hit[h].from];
        const struct token *b = &r->tokens->t[r->hits.hit[h].to - 1];
        printf("\"%.*s\"\n", (int)(b->word.p + b->word.n - a->word.p), a->word.p);
    }
    return 0;
}

static int run(struct tool *t, int argc, char **argv)
{
    TRY(load(t));
    if (argc > 4 && strcmp(argv[2], "--match") == 0)
        return match_one(t, argv[3], argv[4]);
    signals_seal(t->signals);
    if (strcmp(argv[2], "--dump") == 0) {
        for (int i = 3; i < argc; i++)
            TRY(dump(t, argv[i]));
        return 0;
    }
    for (int i = 2; i < argc; i++)
        for (size_t k = 0; k < t->signals->kind_n; k++)
            if (strcmp(argv[i], "all") == 0 || str_is(t->signals->kinds[k].id, argv[i]))
                TRY(run_kind(t, &t->signals->kinds[k]));
    printf("%u passed, %u failed\n", t->passed, t->failed);
    return t->failed > 0 ? RC_INVALID : 0;
}

int main(int argc, char **argv)
{
    struct ctx cx = {.mem = arena_new((size_t)8 << 30), .today = {2026, 11, 30}};

    setvbuf(stdout, NULL, _IOLBF, 0);
    struct tool t = {.cx = &cx, .folder = argc > 1 ? argv[1] : "."};

    if (argc < 3) {
        fprintf(stderr,
                "usage: assay-signals FOLDER KIND...|--dump FILE...|--match PATTERN TEXT\n");
        return 2;
    }
    int rc = run(&t, argc, argv);
    if (rc != 0 && cx.err.text.n > 0)
        fprintf(stderr, "%.*s\n", STR_ARG(cx.err.text));
    signals_free(t.signals);
    arena_free(cx.mem);
    return rc != 0;
}
