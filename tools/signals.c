/*
 * assay-signals: what the signals make of texts, for those who write them.
 *
 *   assay-signals CONTENT-FOLDER [--language XX] KIND...        runs the tests of the kinds'
 * criteria assay-signals CONTENT-FOLDER [--language XX] --dump FILE... kinds and criteria, with
 * quotes assay-signals CONTENT-FOLDER [--language XX] --match PATTERN TEXT
 *   assay-signals CONTENT-FOLDER --sentences FILE...           headings, lead-ins and sentences
 *   assay-signals CONTENT-FOLDER --commitments FILE...         what is promised
 *
 * "all" stands for all kinds, in all languages unless one is named. A dump is in the language of
 * each file.
 */
#include <stdio.h>
#include <string.h>

#include "judge/commitments.h"
#include "judge/kinds.h"
#include "judge/library.h"

struct tool {
    struct ctx *cx;
    struct library library;
    const char *language; /* asked for, NULL for the default */
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

/* In the language of the text, unless one is named. */
static int choose_signals(struct tool *t, const struct extract *e, const struct signals **ret)
{
    if (t->language != NULL)
        return library_signals(t->cx, &t->library, str_of(t->language), ret);
    return library_signals(t->cx, &t->library, tongue_of(t->cx, t->library.tongues, e), ret);
}

static int read_text(struct tool *t, const struct signals *signals, const struct extract *e,
                     struct str name, struct reading **ret, struct facts *facts)
{
    TRY(reading_make(t->cx, signals->patterns, &signals->guards, name, e, ret));
    facts_find(t->cx, *ret, facts);
    return 0;
}

static int run_test(struct tool *t, const struct signals *signals, const struct kind_signals *kind,
                    const struct criterion_signals *c, const struct value *text, bool meets)
{
    struct extract *e = ARENA_NEW(t->cx->mem, struct extract);
    struct reading *r;
    struct facts facts;
    struct match m;

    TRY(extract_bytes(t->cx, STR("test.md"), value_as_text(text), e));
    TRY(read_text(t, signals, e, STR("test.md"), &r, &facts));
    criterion_match(t->cx, r, &facts, c, 2, (uint32_t)r->passage_n, &m);
    bool right = meets ? m.status == MATCH_MET : m.status != MATCH_MET;
    t->passed += right;
    t->failed += !right;
    if (right)
        return 0;
    printf("%.*s.yaml:%u (%.*s): %.*s should%s be met and is %s\n", STR_ARG(kind->id),
           value_line(text), STR_ARG(signals->language->id), STR_ARG(c->id), meets ? "" : " not",
           status_name(m.status));
    print_match(&m);
    return 0;
}

static int run_kind(struct tool *t, const struct signals *signals, const struct kind_signals *kind)
{
    for (size_t i = 0; i < kind->criterion_n; i++) {
        const struct value *meets = value_get(kind->criteria[i].tests, "meets");
        const struct value *misses = value_get(kind->criteria[i].tests, "near_misses");
        for (size_t k = 0; k < value_count(meets); k++)
            TRY(run_test(t, signals, kind, &kind->criteria[i], value_at(meets, k), true));
        for (size_t k = 0; k < value_count(misses); k++)
            TRY(run_test(t, signals, kind, &kind->criteria[i], value_at(misses, k), false));
    }
    return 0;
}

static int dump(struct tool *t, const char *path)
{
    struct extract *e = ARENA_NEW(t->cx->mem, struct extract);
    const struct signals *signals;
    struct reading *r;
    struct facts facts;
    struct kinds kinds;
    struct str text;

    TRY(read_file(t->cx, path, &text));
    int rc = extract_bytes(t->cx, str_of(path), text, e);
    if (rc == 0)
        rc = choose_signals(t, e, &signals);
    if (rc == 0)
        rc = read_text(t, signals, e, str_of(path), &r, &facts);
    if (rc != 0) {
        printf("%s: %.*s\n", path, STR_ARG(t->cx->err.text));
        return 0;
    }
    kinds_find(t->cx, signals, r, &facts, &kinds);
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

static void print_flat(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        putchar(strchr("\n\t\r", s.p[i]) != NULL ? ' ' : s.p[i]);
}

/* One line a sentence: path, headings, the lead-in of its list, the sentence. */
static void print_sentences(struct tool *t, const char *path, const struct reading *r)
{
    struct str lead = STR_NONE;
    uint32_t list = 0;

    for (size_t i = 1; i < r->sentence_n; i++) {
        const struct sentence *s = &r->sentences[i];
        const struct passage *p = &r->passages[s->passage];
        if (s->to == 0 || p->block == NULL || p->block->kind == BLOCK_HEADING)
            continue;
        if (p->lead) {
            lead = p->text;
            list = p->list;
        }
        printf("%s\t", path);
        print_flat(reading_heading_path(t->cx->mem, r, s->passage));
        putchar('\t');
        print_flat(!p->lead && p->list != 0 && p->list == list ? lead : STR_NONE);
        putchar('\t');
        print_flat(reading_sentence_text(r, s));
        putchar('\n');
    }
}

/* What there is to label. */
static int sentences(struct tool *t, const char *path)
{
    struct extract *e = ARENA_NEW(t->cx->mem, struct extract);
    const struct signals *signals;
    struct reading *r;
    struct facts facts;
    struct str text;

    TRY(read_file(t->cx, path, &text));
    TRY(extract_bytes(t->cx, str_of(path), text, e));
    TRY(choose_signals(t, e, &signals));
    TRY(read_text(t, signals, e, str_of(path), &r, &facts));
    print_sentences(t, path, r);
    return 0;
}

/* What it promises, one line each. */
static int promises(struct tool *t, const char *path)
{
    struct extract *e = ARENA_NEW(t->cx->mem, struct extract);
    const struct signals *signals;
    struct commitments found;
    struct reading *r;
    struct facts facts;
    struct kinds kinds;
    struct str text;

    TRY(read_file(t->cx, path, &text));
    TRY(extract_bytes(t->cx, str_of(path), text, e));
    TRY(choose_signals(t, e, &signals));
    TRY(read_text(t, signals, e, str_of(path), &r, &facts));
    kinds_find(t->cx, signals, r, &facts, &kinds);
    TRY(commitments_find(t->cx, signals, r, str_is(kinds.nature, "register"), &found));
    for (size_t i = 0; i < found.n; i++) {
        const struct commitment *c = &found.items[i];
        printf("%s\t%s\t%.*s%s%s%.*s\t%s %.*s %.*s\t%.*s\t%.*s\t", path,
               commitment_kind_name(c->kind), STR_ARG(c->topic), c->assumed ? "?" : "",
               c->qualifiers.n > 0 ? " " : "", STR_ARG(c->qualifiers), comparison_name(c->compare),
               STR_ARG(c->value), STR_ARG(c->business ? STR("business") : c->unit),
               STR_ARG(c->said), STR_ARG(c->who));
        print_flat(c->quote);
        putchar('\n');
    }
    return 0;
}

/* With the sets of the language, and no kinds. */
static int match_one(struct tool *t, const char *pattern, const char *text)
{
    struct str file = str_printf(t->cx->mem, "languages/%s.yaml",
                                 t->language != NULL ? t->language : LIBRARY_DEFAULT_LANGUAGE);
    struct extract *e = ARENA_NEW(t->cx->mem, struct extract);
    struct signals *signals CLEANUP(signals_freep) = NULL;
    struct value *language;
    uint32_t number;
    struct reading *r;
    struct facts facts;

    TRY(standard_yaml(t->cx, t->library.standard, file.p, &language));
    TRY(signals_new(t->cx, file.p, language, &signals));
    TRY(patterns_add(t->cx, signals->patterns, "the pattern", str_of(pattern), &number));
    signals_seal(signals);
    TRY(extract_bytes(t->cx, STR("text.md"), str_of(text), e));
    TRY(read_text(t, signals, e, STR("text.md"), &r, &facts));
    for (uint32_t h = r->hits.first[number]; h < r->hits.first[number + 1]; h++) {
        const struct token *a = &r->tokens->t[r->hits.hit[h].from];
        const struct token *b = &r->tokens->t[r->hits.hit[h].to - 1];
        printf("\"%.*s\"\n", (int)(b->word.p + b->word.n - a->word.p), a->word.p);
    }
    return 0;
}

static int run_named(struct tool *t, const struct signals *signals, const char *name)
{
    for (size_t k = 0; k < signals->kind_n; k++)
        if (strcmp(name, "all") == 0 || str_is(signals->kinds[k].id, name))
            TRY(run_kind(t, signals, &signals->kinds[k]));
    return 0;
}

/* The languages that are asked for: the named one, or each. */
static int run_tests(struct tool *t, char **names, int n)
{
    for (size_t i = 0; i < library_language_count(&t->library); i++) {
        struct str language = library_language_at(&t->library, i);
        const struct signals *signals;
        if (t->language != NULL && !str_is(language, t->language))
            continue;
        TRY(library_signals(t->cx, &t->library, language, &signals));
        for (int k = 0; k < n; k++)
            TRY(run_named(t, signals, names[k]));
    }
    printf("%u passed, %u failed\n", t->passed, t->failed);
    return t->failed > 0 ? RC_INVALID : 0;
}

static int run(struct tool *t, const char *folder, char **words, int n)
{
    TRY(library_load(t->cx, folder, &t->library));
    if (n > 2 && strcmp(words[0], "--match") == 0)
        return match_one(t, words[1], words[2]);
    static const struct {
        const char *name;
        int (*run)(struct tool *t, const char *path);
    } looks[] = {{"--dump", dump}, {"--sentences", sentences}, {"--commitments", promises}};
    size_t k = 0;
    while (k < COUNT_OF(looks) && strcmp(words[0], looks[k].name) != 0)
        k++;
    if (k == COUNT_OF(looks))
        return run_tests(t, words, n);
    for (int i = 1; i < n; i++)
        TRY(looks[k].run(t, words[i]));
    return 0;
}

int main(int argc, char **argv)
{
    struct ctx cx = {.mem = arena_new((size_t)8 << 30), .today = {2026, 11, 30}};
    struct tool t = {.cx = &cx};
    int words = 2;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc > 4 && strcmp(argv[2], "--language") == 0) {
        t.language = argv[3];
        words = 4;
    }
    if (argc <= words) {
        fprintf(stderr, "usage: assay-signals FOLDER [--language XX] "
                        "KIND...|--dump FILE...|--sentences FILE...|"
                        "--commitments FILE...|--match PATTERN TEXT\n");
        return 2;
    }
    int rc = run(&t, argv[1], argv + words, argc - words);
    if (rc != 0 && cx.err.text.n > 0)
        fprintf(stderr, "%.*s\n", STR_ARG(cx.err.text));
    library_free(&t.library);
    arena_free(cx.mem);
    return rc != 0;
}
