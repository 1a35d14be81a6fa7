#include "tests/judge/reader.h"

/* Stemmers live outside arenas. */
static void end_signals(void *signals)
{
    signals_free(signals);
}

static struct signals *new_signals(struct ctx *cx)
{
    struct content content;
    struct str text;
    struct value *yaml;
    struct signals *signals = NULL;

    CHECK_OK(content_open(cx, NULL, &content));
    CHECK_OK(content_get(cx, &content, "languages/en.yaml", &text));
    CHECK_OK(yaml_parse(cx, "languages/en.yaml", text, &yaml));
    CHECK_OK(signals_new(cx, "languages/en.yaml", yaml, &signals));
    test_ends(cx, end_signals, signals);
    return signals;
}

struct signals *reader_signals(struct ctx *cx, const char *kind)
{
    struct signals *signals = new_signals(cx);
    struct value *yaml;

    CHECK_OK(yaml_parse(cx, "kind.yaml", str_of(kind), &yaml));
    CHECK_OK(signals_add_kind(cx, signals, "kind.yaml", yaml));
    signals_seal(signals);
    return signals;
}

struct reading *reader_read(struct ctx *cx, struct signals *signals, const char *markdown)
{
    struct extract *extract = ARENA_NEW(cx->mem, struct extract);
    struct reading *reading = NULL;

    if (signals == NULL) {
        signals = new_signals(cx);
        signals_seal(signals);
    }
    CHECK_OK(extract_bytes(cx, STR("text.md"), str_of(markdown), extract));
    CHECK_OK(
        reading_make(cx, signals->patterns, &signals->guards, STR("text.md"), extract, &reading));
    return reading;
}

static struct reading *read_for(struct ctx *cx, const char *pattern, const char *text,
                                uint32_t *ret_number)
{
    struct signals *signals = new_signals(cx);

    CHECK_OK(patterns_add(cx, signals->patterns, "test", str_of(pattern), ret_number));
    signals_seal(signals);
    return reader_read(cx, signals, text);
}

size_t reader_matches(struct ctx *cx, const char *pattern, const char *text)
{
    uint32_t number = 0;
    const struct reading *r = read_for(cx, pattern, text, &number);

    if (r == NULL)
        return 0;
    for (uint32_t h = r->hits.first[number] + 1; h < r->hits.first[number + 1]; h++)
        CHECK(r->hits.hit[h - 1].from < r->hits.hit[h].from);
    return r->hits.first[number + 1] - r->hits.first[number];
}

struct str reader_match(struct ctx *cx, const char *pattern, const char *text)
{
    uint32_t number = 0;
    const struct reading *r = read_for(cx, pattern, text, &number);

    if (r == NULL || r->hits.first[number] == r->hits.first[number + 1])
        return STR_NONE;
    const struct hit *hit = &r->hits.hit[r->hits.first[number]];
    const struct token *a = &r->tokens->t[hit->from], *b = &r->tokens->t[hit->to - 1];
    return (struct str){a->word.p, (size_t)(b->word.p + b->word.n - a->word.p)};
}

struct library *reader_library(void)
{
    static struct library library;
    struct ctx *cx = test_shared();

    if (library.standard == NULL)
        CHECK_OK(library_load(cx, NULL, &library));
    return &library;
}
