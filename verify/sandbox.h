/* After the files are open: no more files, no network, no programs. */
#ifndef ASSAY_VERIFY_SANDBOX_H
#define ASSAY_VERIFY_SANDBOX_H

#include <stdbool.h>

/* False where the system does not offer it. Threads made later are held to it too. */
bool sandbox_enter(void);

#endif
