/* Patterns are data of others once content is added: any text compiles or gives an error. */
#include "judge/pattern.h"

#include <stdint.h>

#include "judge/language.h"
#include "standard/content.h"
#include "standard/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char language[] =
        "{id: en, title: E, stemmer: english, common: [the], function: [the, of], spelling: {}, "
        "numbers: {two: 2}, months: {may: 5}, time_units: [day, days], legal_forms: [ltd], "
        "streets: [street], not_names: [], sets: {x: [a b, \"(c|d)\"]}, guards: {}, facts: {}, "
        "statuses: {}, classes: [], abbreviations: [], empty_cells: [], furniture: {}, natures: "
        "[], "
        "placeholders: {words: [name], not: []}}";
    struct ctx cx = {.mem = arena_new(0)};
    struct str text = {(const char *)data, n}, pattern;
    struct language *l = NULL;
    struct patterns *patterns;
    struct value *yaml;
    uint32_t number;
    struct hits hits;

    /* The first line is the pattern, the rest what it is looked for in. */
    if (str_split(&text, '\n', &pattern) &&
        yaml_parse(&cx, "language", str_of(language), &yaml) == 0 &&
        language_load(&cx, "language", yaml, &l) == 0 && patterns_new(&cx, l, &patterns) == 0 &&
        patterns_add(&cx, patterns, "fuzz", pattern, &number) == 0) {
        struct tokens *tokens = tokens_new(cx.mem);
        patterns_seal(patterns);
        tokens_add(tokens, l, patterns_vocabulary(patterns),
                   text.p == NULL ? STR_NONE : str_sub(text, 0, 4096), true, 0);
        tokens_classify(tokens, l, 0);
        patterns_find(patterns, tokens, NULL, &hits);
    }
    language_free(l);
    arena_free(cx.mem);
    return 0;
}
