#include "judge/library.h"

#define LANGUAGE_FILE "languages/en.yaml"
#define OTHER_LANGUAGES_FILE "languages/others.yaml"

static struct dict *control_titles(struct ctx *cx, const struct standard *standard)
{
    struct dict *titles = dict_new(cx->mem);

    for (size_t i = 0; i < standard->controls.n; i++)
        dict_set(titles, str_lower(cx->mem, standard->controls.items[i].title),
                 &standard->controls.items[i].id);
    return titles;
}

static int add_kinds(struct ctx *cx, struct library *library)
{
    const struct entries *kinds = &library->standard->kinds;

    for (size_t i = 0; i < kinds->n; i++)
        TRY(signals_add_kind(cx, library->signals, kinds->items[i].file, kinds->items[i].yaml));
    signals_seal(library->signals);
    return 0;
}

int library_load(struct ctx *cx, const char *content_dir, struct library *ret)
{
    struct library library = {0};
    struct content content;
    struct value *language, *others;
    int rc;

    TRY(content_open(cx, content_dir, &content));
    TRY(standard_load(cx, &content, STANDARD_DEFAULT, &library.standard));
    TRY(standard_yaml(cx, library.standard, LANGUAGE_FILE, &language));
    TRY(standard_yaml(cx, library.standard, OTHER_LANGUAGES_FILE, &others));
    TRY(tongues_load(cx, language, others, &library.tongues));
    TRY(signals_new(cx, LANGUAGE_FILE, language, &library.signals));
    library.signals->controls = control_titles(cx, library.standard);
    rc = add_kinds(cx, &library);
    if (rc != 0) {
        library_free(&library);
        return rc;
    }
    *ret = library;
    return 0;
}

void library_free(struct library *library)
{
    signals_free(library->signals);
    library->signals = NULL;
}
