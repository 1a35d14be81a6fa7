/* Operations asked over the registers of a test (tests/register/kept.h), as somebody in a role. */
#ifndef ASSAY_TESTS_OP_ASKING_H
#define ASSAY_TESTS_OP_ASKING_H

#include "op/table.h"
#include "tests/register/kept.h"

struct asking {
    struct kept *k;
    struct organisation org;
    struct principal who; /* Anna, the owner, until a test says otherwise */
};

void asking_begin(struct kept *k, struct asking *ret);

/* With arguments as JSON. The second fails the test where the operation does. */
MUST_CHECK int asking_try(struct asking *a, const char *op, const char *json, struct value **ret);
const struct value *asking(struct asking *a, const char *op, const char *json);

#endif
