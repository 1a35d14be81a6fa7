#include "tests/op/asking.h"

#include "tests/harness.h"

void asking_begin(struct kept *k, struct asking *ret)
{
    struct ctx *cx = k->cx;
    const struct content embedded = {content_files, content_file_count};

    *ret = (struct asking){
        .k = k,
        .who = {.person = k->anna, .name = STR("Anna"), .role = STR("owner"), .via = STR("local")}};
    ret->org.title = STR("Larkfield Ltd");
    ret->org.store = k->store;
    ret->org.records = k->rs;
    CHECK_OK(standard_load(cx, &embedded, STANDARD_DEFAULT, &ret->org.standard));
    CHECK_OK(access_load(cx, &embedded, &ret->org.access));
}

int asking_try(struct asking *a, const char *op, const char *json, struct value **ret)
{
    struct ctx *cx = a->k->cx;
    struct value *args;

    TRY(json_parse(cx, "test", str_of(json), &args));
    return op_run_in(cx, op_find(op), &(struct home_request){.home = NULL}, &a->org, &a->who, args,
                     &(struct op_face){.open = NULL}, ret);
}

const struct value *asking(struct asking *a, const char *op, const char *json)
{
    struct ctx *cx = a->k->cx;
    struct value *result = value_map(cx->mem);

    CHECK_OK(asking_try(a, op, json, &result));
    return result;
}
