/*
 * Operations over a server: the same commands, asked of an `assay serve` elsewhere, with a token
 * (docs/api.md). What comes back is the tree that the operation would have given here, so that
 * whatever shows it shows the same.
 *
 * The token is ASSAY_TOKEN, or what stands in a file that nobody else may read. It is sent by https
 * only, or to this machine. Certificates are checked (ASSAY_CA names others than the system's);
 * nothing that comes is believed to be small, to be JSON, or to have a name that leads only where
 * it should.
 */
#ifndef ASSAY_CLI_REMOTE_H
#define ASSAY_CLI_REMOTE_H

#include "cli/cli.h"
#include "cli/output.h"
#include "op/table.h"

/* The server that the command is for, "" where it is for a home that is here. RC_INVALID where it
 * says both. */
MUST_CHECK int remote_server(struct cli *cli, const struct op *op, struct str *ret);

/* Asks it: as op_run() does. `face` opens what FIELD=@PATH names and shows how far it is. */
MUST_CHECK int remote_run(struct cli *cli, const struct op *op, struct str server,
                          const struct value *args, const struct op_face *face, struct value **ret);

#endif
