/* The menu of an organisation's pages: groups of registers, as web/menu.yaml orders them. */
#ifndef ASSAY_WEB_MENU_H
#define ASSAY_WEB_MENU_H

#include "web/app.h"

/* Adds `menu` to `page`: {title, icon, registers: [{register, title, url, current}], current}. Only
 * what the person may read. */
MUST_CHECK int menu_view(struct visit *visit, struct value *page);

#endif
