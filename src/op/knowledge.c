#include "op/knowledge.h"

#include <pthread.h>
#include <stdlib.h>

#include "op/content_own.h"
#include "register/register.h"

struct part {
    struct known known; /* first: what is handed out is the part */
    struct arena *mem;
    size_t held;
    struct part *next;
};

struct knowledge {
    pthread_mutex_t lock;
    struct part *parts;
};

struct knowledge *knowledge_new(void)
{
    struct knowledge *knowledge = calloc(1, sizeof *knowledge);

    if (knowledge == NULL)
        abort();
    (void)pthread_mutex_init(&knowledge->lock, NULL);
    return knowledge;
}

static void part_free(struct part *part)
{
    struct arena *mem = part->mem; /* the part lies in it */

    arena_free(mem);
}

void knowledge_free(struct knowledge *knowledge)
{
    if (knowledge == NULL)
        return;
    for (struct part *part = knowledge->parts, *next; part != NULL; part = next) {
        next = part->next;
        part_free(part);
    }
    (void)pthread_mutex_destroy(&knowledge->lock);
    free(knowledge);
}

int knowledge_own(struct ctx *cx, struct store *store, struct hash *ret)
{
    struct buf all = buf_new(cx->mem);
    bool row;
    STMT(s);

    TRY(store_prepare(cx, store, STR("SELECT path, body FROM content ORDER BY path"), &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        for (size_t i = 0; i < 2; i++) {
            struct str text = stmt_text(cx->mem, s, i);
            buf_printf(&all, "%zu:", text.n);
            buf_add(&all, text);
        }
    }
    struct str text = buf_str(&all);

    *ret = hash_sha256(&text, 1);
    return 0;
}

/* The files outlive the connection that they came from. */
static struct content content_copy(struct arena *mem, const struct content *content)
{
    struct content_file *files = arena_array(mem, content->n + 1, sizeof *files);

    for (size_t i = 0; i < content->n; i++) {
        const struct content_file *from = &content->files[i];
        struct str bytes = {(const char *)from->bytes, from->n};
        bool embedded = from >= content_files && from < content_files + content_file_count;
        for (size_t k = 0; !embedded && k < content_file_count; k++)
            embedded = content_files[k].bytes == from->bytes;
        files[i] = embedded
                       ? *from
                       : (struct content_file){str_z(mem, str_of(from->name)),
                                               (const unsigned char *)str_z(mem, bytes), from->n};
    }
    return (struct content){files, content->n};
}

static int load(struct ctx *cx, const struct content *base, struct store *store, struct part *part)
{
    struct ctx in = ctx_in(cx, part->mem);
    struct content own, all;
    int rc;

    TRY(content_own(cx, store, base, &own));
    all = content_copy(part->mem, &own);
    rc = standard_load(&in, &all, STANDARD_DEFAULT, &part->known.standard);
    if (rc == 0)
        rc = registers_load(&in, &all, &part->known.standard->registers);
    if (rc == 0)
        rc = access_load(&in, base, &part->known.access);
    return ctx_end(cx, &in, rc);
}

static int find_or_load(struct ctx *cx, struct knowledge *knowledge, const struct content *base,
                        struct store *store, struct part **ret)
{
    struct hash own;

    TRY(knowledge_own(cx, store, &own));
    for (struct part *part = knowledge->parts; part != NULL; part = part->next) {
        if (memcmp(own.b, part->known.own.b, sizeof own.b) == 0) {
            *ret = part;
            return 0;
        }
    }
    struct arena *mem = arena_new(0);
    struct part *part = ARENA_NEW(mem, struct part);

    part->mem = mem;
    part->known.own = own;
    int rc = load(cx, base, store, part);
    if (rc < 0) {
        part_free(part);
        return rc;
    }
    part->next = knowledge->parts;
    knowledge->parts = part;
    *ret = part;
    return 0;
}

int knowledge_take(struct ctx *cx, struct knowledge *knowledge, const struct content *base,
                   struct store *store, const struct known **ret)
{
    struct part *part = NULL;

    (void)pthread_mutex_lock(&knowledge->lock);
    int rc = find_or_load(cx, knowledge, base, store, &part);
    if (rc == 0)
        part->held++;
    (void)pthread_mutex_unlock(&knowledge->lock);
    if (rc == 0)
        *ret = &part->known;
    return rc;
}

/* The one that was loaded last stays: it will be asked for again. */
void knowledge_drop(struct knowledge *knowledge, const struct known *known)
{
    if (known == NULL)
        return;
    (void)pthread_mutex_lock(&knowledge->lock);
    for (struct part **at = &knowledge->parts; *at != NULL; at = &(*at)->next) {
        struct part *part = *at;
        if (&part->known != known)
            continue;
        part->held--;
        if (part->held == 0 && part != knowledge->parts) {
            *at = part->next;
            part_free(part);
        }
        break;
    }
    (void)pthread_mutex_unlock(&knowledge->lock);
}
