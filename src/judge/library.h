/*
 * All that judging needs beside the documents: the standard, the languages that are told apart, and
 * the signals of its document kinds in each language that has any.
 *
 * The default language is loaded with the rest; another one when the first document in it is met,
 * since most folders hold one language and signals are large. All of it is read-only then, and may
 * be used from several threads; library_free() ends it.
 */
#ifndef ASSAY_JUDGE_LIBRARY_H
#define ASSAY_JUDGE_LIBRARY_H

#include "judge/signals.h"
#include "judge/tongue.h"
#include "standard/standard.h"

#define LIBRARY_DEFAULT_LANGUAGE "en"

struct library {
    struct standard *standard;
    struct tongues *tongues;
    const struct signals *signals; /* of the default language */
    const struct value *pins;      /* what a person said of tables (judge/records.h), or NULL */
    struct voices *voices;         /* all languages with signals; library.c's own */
};

/* From the embedded content, or from `content_dir` where it is not NULL. */
MUST_CHECK int library_load(struct ctx *cx, const char *content_dir, struct library *ret);
void library_free(struct library *library);

/* Lets all signals go, when the documents are read and the threads are gone: they take tens of
 * megabytes. All else stays; library_signals() would load them again. */
void library_rest(struct library *library);

/* The signals for documents in `language`: "" means the default. RC_NOT_FOUND where there are none;
 * RC_INVALID where they do not load. From any thread. */
MUST_CHECK int library_signals(struct ctx *cx, const struct library *library, struct str language,
                               const struct signals **ret);

/* The languages with signals, the default included, in the order of their ids. */
size_t library_language_count(const struct library *library);
struct str library_language_at(const struct library *library, size_t i);

#endif
