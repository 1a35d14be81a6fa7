#include "judge/library.h"

#include <pthread.h>

#include "judge/citations.h"
#include "judge/commitments.h"
#include "judge/holders.h"
#include "judge/lists.h"
#include "register/register.h"

#define LANGUAGES "languages/"
#define OTHER_LANGUAGES_FILE "languages/others.yaml"
#define VOICE_BYTES ((size_t)512 * 1024 * 1024)

/* A language with signals. Its signals live in an arena of their own. */
struct voice {
    struct str id;
    const char *file;
    const struct value *yaml;
    struct signals *signals; /* NULL until it is met */
    struct arena *mem;
};

struct voices {
    pthread_mutex_t lock; /* over `signals` and `mem` of all */
    struct voice *items;  /* by id */
    size_t n, room;
};

/* "1.2.3" of "X.1.2.3". */
static struct str digits_of(struct str id)
{
    size_t at = 0;

    while (at < id.n && !(id.p[at] >= '0' && id.p[at] <= '9'))
        at++;
    return str_from(id, at);
}

static void add_earlier(struct ctx *cx, struct control_names *names, const struct value *ids)
{
    for (size_t i = 0; i < value_count(ids); i++) {
        struct str *id = ARENA_NEW(cx->mem, struct str);

        *id = value_as_text(value_at(ids, i));
        dict_set(names->earlier, digits_of(*id), id);
    }
}

static const struct control_names *control_names(struct ctx *cx, const struct standard *standard,
                                                 const struct language *language)
{
    struct control_names *names = ARENA_NEW(cx->mem, struct control_names);
    const struct entries *controls = &standard->controls;

    *names = (struct control_names){
        .items = arena_array(cx->mem, controls->n + 1, sizeof *names->items),
        .n = controls->n,
        .by_number = dict_new(cx->mem),
        .by_title = dict_new(cx->mem),
        .earlier = dict_new(cx->mem),
    };
    for (size_t i = 0; i < controls->n; i++) {
        const struct entry *e = &controls->items[i];
        struct known_control *c = &names->items[i];

        *c = (struct known_control){e->id, digits_of(e->id), e->title};
        names->letter = e->id.p[0];
        dict_set(names->by_number, c->number, c);
        dict_set(names->by_title, title_plain(cx->mem, language, c->title), c);
        add_earlier(cx, names, value_get(e->yaml, "iso27001_2013"));
    }
    return names;
}

/* ---- one language ---- */

/* The default language speaks in the kind's own file, another in a file of its own, if at all. */
static int add_kind(struct ctx *cx, const struct standard *standard, const struct entry *kind,
                    struct signals *signals)
{
    struct str name =
        str_printf(cx->mem, "standards/%.*s/signals/%.*s/%.*s.yaml", STR_ARG(standard->id),
                   STR_ARG(signals->language->id), STR_ARG(kind->id));
    struct value *said;
    size_t at = 0;

    if (content_next(&standard->content, name.p, "", &at) == NULL)
        return signals_add_kind(cx, signals, kind->file, kind->yaml);
    TRY(standard_yaml(cx, standard, name.p, &said));
    return signals_add_said(cx, signals, name.p, kind->yaml, said);
}

static int add_commitments(struct ctx *cx, const struct standard *standard,
                           const struct voice *voice, struct signals *signals)
{
    struct str name = str_printf(cx->mem, "standards/%.*s/commitments.yaml", STR_ARG(standard->id));
    struct value *topics = NULL;
    size_t at = 0;

    if (content_next(&standard->content, name.p, "", &at) != NULL)
        TRY(standard_yaml(cx, standard, name.p, &topics));
    return commitments_load(cx, signals, voice->file, voice->yaml, name.p, topics);
}

static int add_holders(struct ctx *cx, const struct standard *standard, struct signals *signals)
{
    struct str name = str_printf(cx->mem, "standards/%.*s/holders.yaml", STR_ARG(standard->id));
    struct value *roles;
    size_t at = 0;

    if (content_next(&standard->content, name.p, "", &at) == NULL)
        return 0;
    TRY(standard_yaml(cx, standard, name.p, &roles));
    return holders_load(cx, signals, name.p, roles);
}

static int load_voice(struct ctx *cx, const struct standard *standard, const struct voice *voice,
                      struct signals **ret)
{
    struct signals *signals;
    int rc = 0;

    TRY(signals_new(cx, voice->file, voice->yaml, &signals));
    signals->controls = control_names(cx, standard, signals->language);
    for (size_t i = 0; i < standard->kinds.n && rc == 0; i++)
        rc = add_kind(cx, standard, &standard->kinds.items[i], signals);
    if (rc == 0)
        rc = citations_load(cx, signals, voice->file, voice->yaml);
    if (rc == 0)
        rc = add_holders(cx, standard, signals);
    if (rc == 0)
        rc = add_commitments(cx, standard, voice, signals);
    if (rc != 0) {
        signals_free(signals);
        return rc;
    }
    signals_seal(signals);
    *ret = signals;
    return 0;
}

/* With the lock held. An error's text moves to the caller, since the arena goes. */
static int wake_voice(struct ctx *cx, const struct standard *standard, struct voice *voice)
{
    struct ctx own = {.mem = arena_new(VOICE_BYTES), .today = cx->today};
    int rc = load_voice(&own, standard, voice, &voice->signals);

    if (rc == 0) {
        voice->mem = own.mem;
        return 0;
    }
    rc = fail(cx, (enum rc)rc, voice->file, "%.*s", STR_ARG(own.err.text));
    arena_free(own.mem);
    return rc;
}

static int voice_signals(struct ctx *cx, const struct library *library, struct voice *voice,
                         const struct signals **ret)
{
    int rc = 0;

    if (pthread_mutex_lock(&library->voices->lock) != 0)
        return fail(cx, RC_FAIL, voice->file, "%s cannot be locked.", voice->file);
    if (voice->signals == NULL)
        rc = wake_voice(cx, library->standard, voice);
    if (rc == 0)
        *ret = voice->signals;
    (void)pthread_mutex_unlock(&library->voices->lock);
    return rc;
}

int library_signals(struct ctx *cx, const struct library *library, struct str language,
                    const struct signals **ret)
{
    struct str id = language.n > 0 ? language : STR(LIBRARY_DEFAULT_LANGUAGE);

    for (size_t i = 0; i < library->voices->n; i++)
        if (str_eq(library->voices->items[i].id, id))
            return voice_signals(cx, library, &library->voices->items[i], ret);
    return fail(cx, RC_NOT_FOUND, "language", "There are no signals for the language %.*s.",
                STR_ARG(id));
}

size_t library_language_count(const struct library *library)
{
    return library->voices->n;
}

struct str library_language_at(const struct library *library, size_t i)
{
    return library->voices->items[i].id;
}

/* ---- all of it ---- */

/* Each file in languages/ is a language with signals, but for the list of the others. */
static int find_voices(struct ctx *cx, struct library *library)
{
    const struct content_file *file;
    struct value *yaml;
    size_t at = 0;

    while ((file = content_next(&library->standard->content, LANGUAGES, ".yaml", &at)) != NULL) {
        if (str_is(str_of(file->name), OTHER_LANGUAGES_FILE))
            continue;
        TRY(standard_yaml(cx, library->standard, file->name, &yaml));
        *ARENA_PUSH(cx->mem, library->voices->items, library->voices->n, library->voices->room) =
            (struct voice){.id = value_get_text(yaml, "id"), .file = file->name, .yaml = yaml};
        TRY(tongues_add(cx, library->tongues, yaml));
    }
    return 0;
}

static int load(struct ctx *cx, const struct content *content, struct library *library)
{
    struct value *others;

    TRY(standard_load(cx, content, STANDARD_DEFAULT, &library->standard));
    TRY(registers_load(cx, content, &library->standard->registers));
    TRY(standard_yaml(cx, library->standard, OTHER_LANGUAGES_FILE, &others));
    TRY(tongues_new(cx, others, STR(LIBRARY_DEFAULT_LANGUAGE), &library->tongues));
    TRY(find_voices(cx, library));
    return library_signals(cx, library, STR_NONE, &library->signals);
}

int library_load(struct ctx *cx, const char *content_dir, struct library *ret)
{
    struct library library = {.voices = ARENA_NEW(cx->mem, struct voices)};
    struct content content;

    TRY(content_open(cx, content_dir, &content));
    if (pthread_mutex_init(&library.voices->lock, NULL) != 0)
        return fail(cx, RC_FAIL, "language", "The lock of the languages cannot be made.");
    int rc = load(cx, &content, &library);
    if (rc != 0) {
        library_free(&library);
        return rc;
    }
    *ret = library;
    return 0;
}

void library_rest(struct library *library)
{
    for (size_t i = 0; i < library->voices->n; i++) {
        struct voice *voice = &library->voices->items[i];

        signals_free(voice->signals);
        arena_free(voice->mem);
        voice->signals = NULL;
        voice->mem = NULL;
    }
    library->signals = NULL;
}

void library_free(struct library *library)
{
    if (library->voices == NULL)
        return;
    library_rest(library);
    (void)pthread_mutex_destroy(&library->voices->lock);
    *library = (struct library){0};
}
