/*
 * Names of people in the texts of others: found by their words, whatever the case, accents and what
 * stands between them, so that "Weber, Jana" and "JANA WEBER" are Jana Weber, and "Webers" is not.
 * Names in scripts that put no blanks between words are found as they are written.
 *
 * All lives in the arena that it was made in, and belongs to one thread.
 */
#ifndef ASSAY_REGISTER_MENTIONS_H
#define ASSAY_REGISTER_MENTIONS_H

#include "base/base.h"

struct mentions;

struct mentions *mentions_new(struct arena *mem);

/* A name, an address. One of fewer than three letters would be found everywhere: it is left out. */
void mentions_add(struct mentions *m, struct str name);
bool mentions_any(const struct mentions *m);

/* `*ret` is the text with `word` in the place of each name, in `mem`. False, and `text` itself,
 * where there is none. */
bool mentions_replace(const struct mentions *m, struct arena *mem, struct str text, struct str word,
                      struct str *ret);

#endif
