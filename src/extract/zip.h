/*
 * A ZIP held in memory, and its members.
 *
 * container_open() looks at the directory and refuses what is too large, encrypted, split or a
 * bomb; container_read() expands one member. A ZIP whose directory is cut off or damaged is read
 * by walking from member to member, as far as that goes. Nothing is written and no path of the
 * ZIP is ever opened: names are only compared.
 */
#ifndef ASSAY_EXTRACT_ZIP_H
#define ASSAY_EXTRACT_ZIP_H

#include "base/base.h"

#define ZIP_PART_BYTES ((size_t)256 * 1024 * 1024) /* one member that is read */

struct container;
struct member;

/* `bytes` must outlive it. RC_INVALID or RC_LIMIT with one sentence. */
MUST_CHECK int container_open(struct ctx *cx, struct str bytes, struct container **ret);
void container_closep(struct container **container); /* for CLEANUP() */

/* True where the directory was of no use and the members were found one by one. */
bool container_salvaged(const struct container *container);

size_t container_count(const struct container *container);
struct str container_name(const struct container *container, size_t i);
const struct member *container_at(const struct container *container, size_t i);

enum member_state { MEMBER_FILE, MEMBER_FOLDER, MEMBER_LINK, MEMBER_LOCKED };
enum member_state member_state(const struct member *member);
uint64_t member_size(const struct member *member);       /* as the ZIP claims */
struct str member_raw_name(const struct member *member); /* any bytes */

/* The member of this name (ASCII letters in either case, leading slash or not), or NULL. */
const struct member *container_find(const struct container *container, struct str name);

/* The member expanded, in cx->mem. RC_LIMIT over `most` bytes or a limit of extract.h;
 * RC_INVALID where it is encrypted, damaged, or packed in a way that is not read. */
MUST_CHECK int container_read(struct ctx *cx, struct container *container,
                              const struct member *member, size_t most, struct str *ret);

/* By name: RC_NOT_FOUND where it is not there. */
MUST_CHECK int container_read_name(struct ctx *cx, struct container *container, struct str name,
                                   struct str *ret);

/* A container of given members without a ZIP around: for tests of what reads them. */
struct container *container_of(struct ctx *cx, const struct str *names, const struct str *bytes,
                               size_t n);

#endif
