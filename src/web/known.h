/*
 * Sessions that a request was answered for since the server began: what may be asked without the
 * directory, on the thread of the connections. Whoever is not among them may send little.
 */
#ifndef ASSAY_WEB_KNOWN_H
#define ASSAY_WEB_KNOWN_H

#include "base/base.h"

struct known_sessions;

struct known_sessions *known_sessions_new(void);
void known_sessions_free(struct known_sessions *known); /* NULL is fine */

/* By the session's token; any thread. */
void known_sessions_note(struct known_sessions *known, struct str token);
bool known_sessions_has(struct known_sessions *known, struct str token);

#endif
