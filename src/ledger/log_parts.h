/* What the files of a log share: its statements. */
#ifndef ASSAY_LEDGER_LOG_PARTS_H
#define ASSAY_LEDGER_LOG_PARTS_H

#include "ledger/log.h"

enum log_statement { GET_HEAD, PUT_HEAD, PUT_ENTRY, PUT_NODE, GET_ENTRY, GET_NODE, STATEMENTS };

struct log {
    struct arena *mem;
    struct store *store;
    struct stmt *statements[STATEMENTS];
};

#endif
