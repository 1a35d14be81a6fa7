/*
 * The one table of operations on a home. Each has a name, the arguments it takes as data, the right
 * it wants, and a function that makes a value tree; every face (command line now, pages, API, jobs
 * later) is generic over it.
 *
 * An operation prints nothing and parses no command line. It gets its arguments in `call->args`, a
 * map from argument to text (or to a list of texts where `many`; true for a flag that was given),
 * checked against the table. Where `view` is not NULL it names how people see the answer (report/).
 */
#ifndef ASSAY_OP_TABLE_H
#define ASSAY_OP_TABLE_H

#include "access/access.h"
#include "op/home.h"
#include "op/op.h"
#include "register/record_file.h"

enum op_arg_type {
    OP_TEXT,
    OP_FLAG,
    OP_NUMBER,
    OP_DAY,
    OP_FILE,     /* a path as the system wants it, of what is read; "-" for standard input */
    OP_OUTPUT,   /* the same of what is written */
    OP_REGISTER, /* completed by the names of registers */
    OP_RECORD,   /* a record's ref or id */
    OP_FIELDS,   /* FIELD=VALUE, FIELD=@PATH, FIELD=@@TEXT; completed by the register's fields */
    OP_CHOICE,
};

struct op_arg {
    const char *name;
    enum op_arg_type type;
    bool word; /* stands by its place: list REGISTER; else --name */
    bool required, many;
    const char *choices; /* "a|b|c" of OP_CHOICE */
    const char *help;
};

enum op_needs {
    OP_NEEDS_NOTHING,      /* no home: init */
    OP_TAKES_ORGANISATION, /* as below where a home is named, else nothing */
    OP_NEEDS_HOME,         /* but no organisation */
    OP_NEEDS_ORGANISATION, /* call->org is open, call->who is set */
};

/* Opens what a FIELD=@PATH names, on the side of who asks ("-" is their standard input): the error
 * says what cannot be read. */
typedef int op_open(void *arg, struct ctx *cx, struct str path, int *ret_fd);

/* Something that people have to know besides the answer, in one sentence, at once. */
typedef void op_tell(void *arg, struct str sentence);

/* What an operation may use of the face that it is asked through. */
struct op_face {
    op_progress *progress; /* or NULL */
    void *progress_arg;
    op_open *open; /* or NULL: no files can be named */
    void *open_arg;
    op_tell *tell; /* or NULL */
    void *tell_arg;
};

#define OP_FILES 16u /* that one call stores */

struct call_file {
    const struct register_field *field;
    struct record_file file;
};

struct op_call {
    struct ctx *cx;
    const struct op *op;
    const struct home_request *where;
    struct home *home;
    struct organisation *org;
    struct principal who;
    const struct value *args;
    op_progress *progress; /* as in struct op_face */
    void *progress_arg;
    op_open *open;
    void *open_arg;
    struct call_file files[OP_FILES]; /* stored by call_files_store() */
    size_t file_n;
};

struct op {
    const char *name;          /* "list"; of a group "content add" */
    const char *line;          /* what it is for */
    const char *text;          /* paragraphs of help, or NULL */
    const struct op_arg *args; /* ended by one without a name */
    enum op_needs needs;
    enum access_right right;
    bool changes;
    const char *view;
    int (*run)(struct op_call *call, struct value **ret);
};

/* All of them in the order of the help, ended by one without a name. */
extern const struct op op_table[];

const struct op *op_find(const char *name);

/* How it is done over a server (docs/api.md). */
enum op_far {
    OP_FAR_AT_ONCE, /* by whoever answers the request */
    OP_FAR_JOB,     /* by a process of its own: it may take long, or takes or makes files */
    OP_FAR_NOT,     /* only where the home is, since it is about all of it */
};
enum op_far op_far(const struct op *op);

/* What names a place of whoever asks: nobody else's machine has it. */
bool op_is_path(const struct op_arg *arg);

/* RC_INVALID for arguments that the table does not have, that are missing or not of their type; the
 * place is the argument. Who asked wrongly learns it so before anything is opened. */
MUST_CHECK int op_check(struct ctx *cx, const struct op *op, const struct value *args);

/* Checks arguments, opens what is needed, asks for the right, runs. A result is a map whose first
 * key is `"schema": "assay.NAME/1"`; with `"answer": false` it is "done, and the answer is no". */
MUST_CHECK int op_run(struct ctx *cx, const struct op *op, const struct home_request *where,
                      const struct value *args, const struct op_face *face, struct value **ret);

/* The place of an error of op_run() after which what was to be done is done all the same. */
#define OP_RECORDED "recorded"

/*
 * The same over an organisation that is open already, for who has signed in as `who`: nothing is
 * opened or closed. `where` names the home, for operations that open more of it. Operations that
 * make homes, or are about all of one, are RC_DENIED.
 */
MUST_CHECK int op_run_in(struct ctx *cx, const struct op *op, const struct home_request *where,
                         struct organisation *org, const struct principal *who,
                         const struct value *args, const struct op_face *face, struct value **ret);

#endif
