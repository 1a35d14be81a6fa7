/* Exports are told apart by their headings and sheets, so these must be unlike each other. */
#include "register/outward.h"

#include "report/book.h"
#include "tests/harness.h"

static void check_headings(struct ctx *cx, const struct register_def *def)
{
    const struct register_field *fields[REGISTER_FIELDS];
    struct dict *seen = dict_new(cx->mem);
    size_t n = outward_fields(def, fields), part;

    (void)dict_intern(seen, outward_ref_heading(def));
    (void)dict_intern(seen, outward_record_heading());
    (void)dict_intern(seen, outward_list_heading());
    CHECK_INT(dict_count(seen), 3);
    for (size_t i = 0; i < n; i++) {
        if (dict_has(seen, fields[i]->label))
            test_failed(__FILE__, __LINE__, "%s: two headings \"%.*s\"", def->file,
                        STR_ARG(fields[i]->label));
        (void)dict_intern(seen, fields[i]->label);
    }
    for (size_t i = 0; i < n; i++) {
        struct str first = book_heading_of(fields[i]->label, &part);
        if (first.n > 0 && dict_has(seen, first))
            test_failed(__FILE__, __LINE__, "%s: \"%.*s\" looks like the rest of another",
                        def->file, STR_ARG(fields[i]->label));
    }
}

TEST(outward_headings_and_sheets_are_unlike_each_other)
{
    const struct registers *registers = NULL;
    struct dict *sheets = dict_new(cx->mem);
    struct content content;

    CHECK_OK(content_open(cx, NULL, &content));
    CHECK_OK(registers_load(cx, &content, &registers));
    for (size_t i = 0; i < registers->n; i++) {
        const struct register_def *def = &registers->items[i];
        struct str name = book_sheet_name(cx->mem, def->title);
        if (def->is_not)
            continue;
        check_headings(cx, def);
        if (dict_has(sheets, str_lower(cx->mem, name)))
            test_failed(__FILE__, __LINE__, "%s: two sheets \"%.*s\"", def->file, STR_ARG(name));
        (void)dict_intern(sheets, str_lower(cx->mem, name));
    }
    CHECK(dict_count(sheets) > 50);
}
