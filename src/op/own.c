#include "op/own.h"

#include "op/message.h"
#include "register/record_search.h"
#include "standard/content.h"
#include "standard/yaml.h"

#define OWN_FILE "access/own.yaml"

int own_load(struct ctx *cx, struct value **ret)
{
    const struct content embedded = {content_files, content_file_count};
    struct str text;

    TRY(content_get(cx, &embedded, OWN_FILE, &text));
    return yaml_parse(cx, OWN_FILE, text, ret);
}

int own_address(struct ctx *cx, struct organisation *org, struct str person, struct str *ret_name,
                struct str *ret_address)
{
    const struct register_def *def =
        registers_find(org->records.registers, STR(REGISTER_PERSON_ID));
    struct record record;
    struct value *own;

    TRY(own_load(cx, &own));
    TRY(record_read(cx, &org->records, def, person, STR_NONE, &record));
    const char *field = str_z(cx->mem, value_get_text(own, "address"));

    *ret_name = str_copy(cx->mem, record_label(cx->mem, def, record.body));
    *ret_address = str_trim(value_get_text(record.body, field));
    if (!message_address_is(*ret_address))
        *ret_address = STR_NONE;
    return 0;
}
