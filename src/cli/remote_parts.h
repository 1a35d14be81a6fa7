/* What the files of remote.h share: one conversation with a server. */
#ifndef ASSAY_CLI_REMOTE_PARTS_H
#define ASSAY_CLI_REMOTE_PARTS_H

#include "cli/remote.h"

#define REMOTE_JSON_BYTES ((size_t)128 * 1024 * 1024)
#define REMOTE_FILE_BYTES ((int64_t)64 * 1024 * 1024 * 1024)

struct remote_link;

MUST_CHECK int remote_link_new(struct ctx *cx, struct str server, struct str token,
                               struct remote_link **ret);
void remote_link_free(struct remote_link **link);

/* The status and the tree of an answer; one that is no JSON, too large, or does not come is
 * RC_FAIL. */
MUST_CHECK int remote_get(struct remote_link *link, struct str path, unsigned *ret_status,
                          struct value **ret);
/* The error of an answer that is a problem (RFC 9457), as the operation has said it. */
MUST_CHECK int remote_problem(struct ctx *cx, unsigned status, const struct value *problem);

/* A body with files; ended by remote_post(). */
struct remote_form;
MUST_CHECK int remote_form_new(struct remote_link *link, struct remote_form **ret);
void remote_form_free(struct remote_form **form);
MUST_CHECK int remote_form_text(struct remote_form *form, const char *name, struct str text);
/* `path` is read when it is sent. */
MUST_CHECK int remote_form_file(struct remote_form *form, struct str name, const char *path);
MUST_CHECK int remote_post(struct remote_link *link, struct str path, struct remote_form *form,
                           unsigned *ret_status, struct value **ret);

/* Writes the bytes of an answer; one that is no 200 is its error. */
MUST_CHECK int remote_take(struct remote_link *link, struct str path, int fd);

/* remote_files.c: the files of a call, there and back. */
struct remote_call {
    struct cli *cli;
    struct ctx *cx;
    const struct op *op;
    const struct value *args;
    const struct op_face *face;
    struct remote_link *link;
    struct str base;     /* "/o/NAME" */
    struct value *files; /* from a path to what is there */
    size_t part_n;
};

/* Adds what the arguments name to the form, and to call->files. */
MUST_CHECK int remote_files_send(struct remote_call *call, struct remote_form *form);
/* Puts what a job made where the arguments say. */
MUST_CHECK int remote_files_take(struct remote_call *call, struct str job,
                                 const struct value *names);

#endif
