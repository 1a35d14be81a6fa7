#include "web/known.h"

#include <pthread.h>
#include <stdlib.h>

#define KNOWN_MOST 1024u /* the oldest go */

struct known_sessions {
    pthread_mutex_t lock;
    struct hash hashes[KNOWN_MOST];
    size_t n, next;
};

struct known_sessions *known_sessions_new(void)
{
    struct known_sessions *known = calloc(1, sizeof *known);

    if (known == NULL)
        abort();
    (void)pthread_mutex_init(&known->lock, NULL);
    return known;
}

void known_sessions_free(struct known_sessions *known)
{
    if (known == NULL)
        return;
    (void)pthread_mutex_destroy(&known->lock);
    free(known);
}

/* With the lock held. */
static bool has(const struct known_sessions *known, const struct hash *hash)
{
    for (size_t i = 0; i < known->n; i++)
        if (memcmp(known->hashes[i].b, hash->b, sizeof hash->b) == 0)
            return true;
    return false;
}

void known_sessions_note(struct known_sessions *known, struct str token)
{
    struct hash hash = hash_sha256(&token, 1);

    (void)pthread_mutex_lock(&known->lock);
    if (!has(known, &hash)) {
        known->hashes[known->next] = hash;
        known->next = (known->next + 1) % KNOWN_MOST;
        known->n += known->n < KNOWN_MOST;
    }
    (void)pthread_mutex_unlock(&known->lock);
}

bool known_sessions_has(struct known_sessions *known, struct str token)
{
    struct hash hash = hash_sha256(&token, 1);

    (void)pthread_mutex_lock(&known->lock);
    bool found = has(known, &hash);

    (void)pthread_mutex_unlock(&known->lock);
    return found;
}
