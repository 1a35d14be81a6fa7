/*
 * Readers: files become documents that are understood, on as many threads as there are cores, and
 * are given out one by one in the order of the files.
 *
 * Each file passes through the same steps on one thread: it is opened (op/walk), a sandboxed child
 * makes passages of its bytes (proc/server), and these are matched. A document owns all memory that
 * it took; whoever is given one frees it. Readers run ahead of the one who takes, but only so
 * far that what waits stays small.
 *
 * A file may give several documents, each under a path of its own, in any number: readers_next()
 * says when it has no more. A file of which another program has to make something readable first
 * is converted (op/convert) on the same thread. Members, where a file holds others, follow it: each
 * has a source of its own and the path "FILE/MEMBER", waits until there is room before the next is
 * read, and is packed out in the child, one at a time. Files of 8 MB and more are read and matched
 * one at a time, so that memory does not grow with how many of them there are.
 */
#ifndef ASSAY_OP_READERS_H
#define ASSAY_OP_READERS_H

#include "judge/kinds.h"
#include "judge/library.h"
#include "judge/records.h"
#include "op/walk.h"
#include "proc/server.h"

#define READERS_MOST 8u /* threads */

struct document {
    struct ctx cx; /* its memory, and the error where there is one */
    struct str path;
    int rc;                  /* 0, or why there is nothing to judge */
    bool member;             /* lies within a file */
    bool archive;            /* is nothing but its members, which follow; `extract` has its note */
    struct str what, advice; /* where a name tells that it is no document; rc is RC_NOT_FOUND */
    bool fatal;              /* the error is no fault of the document: nothing more can be read */
    uint64_t bytes;          /* as on the disk; of a member its own */
    struct str sha256;
    struct str language;
    struct str beside;       /* another language that a part of it is in, or "" */
    unsigned beside_percent; /* of its words */
    struct extract extract;
    const struct signals *signals; /* NULL for a language without any; then the rest is empty */
    struct reading *reading;
    struct facts facts;
    struct kinds kinds;
    struct records records;
    struct document *next;
};

void document_free(struct document *document);

/* One file on its way. */
struct reader_task {
    const struct walk_file *file;
    struct str path;    /* as shown */
    struct str variant; /* the file of which its name says that it is another version, or "" */

    /* The readers' own. */
    struct document *first, *last;
    size_t waiting;
    bool done;
};

/* What it all took so far, in microseconds of computing. */
struct readers_usage {
    int64_t extracting; /* in children */
    int64_t matching;   /* on the threads */
    size_t peak;        /* bytes of memory of the largest child */
};

struct readers;

/* The services that a server for readers has. */
extern const struct proc_service readers_services[];
extern const size_t readers_service_n;

/* Starts on the tasks at once. All that is given must outlive the readers, which live in cx->mem;
 * readers_stop() is for CLEANUP() too. */
MUST_CHECK int readers_start(struct ctx *cx, const struct library *library,
                             struct proc_server *server, struct reader_task *tasks, size_t n,
                             struct readers **ret);
void readers_stop(struct readers **readers);

/* Waits for the next document of a task; NULL where it has no more. Tasks are asked for in their
 * order, each until there is no more. */
struct document *readers_next(struct readers *readers, size_t task);

/* Microseconds of computing that the calling thread has taken. */
int64_t readers_thread_us(void);

struct readers_usage readers_usage(struct readers *readers);

#endif
