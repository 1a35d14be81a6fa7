/* The handlers that the table of routes names. Each makes one value tree; dress functions add what
 * only a page needs. */
#ifndef ASSAY_WEB_HANDLERS_H
#define ASSAY_WEB_HANDLERS_H

#include "web/routes.h"

#define HANDLER(name) MUST_CHECK int name(struct visit *visit, struct value **ret)
#define DRESS(name)                                                                                \
    MUST_CHECK int name(struct visit *visit, const struct value *tree, struct value *view)

/* machine.c */
HANDLER(machine_health);
HANDLER(machine_metrics);
HANDLER(machine_asset);

/* sign.c: signing in and out, the links that make accounts. */
HANDLER(sign_home);
HANDLER(sign_show);
HANDLER(sign_in);
HANDLER(sign_out);
HANDLER(link_show);
HANDLER(link_take);

/* list.c */
HANDLER(list_show);
DRESS(list_dress);

#endif
