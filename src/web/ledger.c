/* The ledger as people see it: who recorded what, with the proofs that auditors take along. */
#include "op/call.h"
#include "web/handlers.h"
#include "web/view.h"

/* ---- what is taken along ---- */

/* The text of an operation on the ledger as a file; its tree for programs. */
static int give_text(struct visit *visit, struct value *args, struct str name, struct value **ret)
{
    TRY(visit_op(visit, visit->route->op, args, ret));
    if (visit->json)
        return 0;
    visit->raw = value_get_text(*ret, "text");
    visit->raw_type = "text/plain; charset=utf-8";
    web_header(visit->response, "Content-Disposition",
               str_printf(visit->cx->mem, "attachment; filename=\"%.*s.txt\"", STR_ARG(name)));
    web_header(visit->response, "Cache-Control", STR("no-store"));
    return 0;
}

int ledger_checkpoint(struct visit *visit, struct value **ret)
{
    return give_text(visit, value_map(visit->cx->mem),
                     str_printf(visit->cx->mem, "%.*s-checkpoint", STR_ARG(visit->org->name)), ret);
}

int ledger_proof(struct visit *visit, struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    struct value *args = value_map(mem);
    struct str id = visit_param(visit, "register");

    value_set_text(args, "register", id);
    value_set_text(args, "record", visit_param(visit, "record"));
    /* Refs may have signs in them that mean something in a head: a register's id does not. */
    return give_text(visit, args, str_printf(mem, "%.*s-proof", STR_ARG(id)), ret);
}

/* ---- the list ---- */

static struct value *entry_view(struct visit *visit, const struct value *fields)
{
    struct arena *mem = visit->cx->mem;
    struct value *one = value_copy(mem, fields);
    struct str id = value_get_text(fields, "register");
    struct str url = visit_record_path(visit, id, value_get_text(fields, "ref"));
    const struct register_def *def = registers_find(visit->org->records.registers, id);

    value_set_text(one, "in", def != NULL ? def->title : id);
    value_set_text(one, "url", str_printf(mem, "%.*s/history", STR_ARG(url)));
    value_set_text(one, "proof", str_printf(mem, "%.*s/proof", STR_ARG(url)));
    value_set_text(one, "when", view_instant(visit, value_get_text(fields, "at")));
    value_set_text(one, "done", str_of(record_act_text(value_get_text(fields, "act"))));
    value_set_bool(one, "gone", str_is(value_get_text(fields, "act"), "remove"));
    return one;
}

/* The registers that may be read, to choose one. */
static struct value *choices_view(struct visit *visit, struct str chosen)
{
    struct arena *mem = visit->cx->mem;
    const struct registers *all = visit->org->records.registers;
    struct value *list = value_list(mem);

    for (size_t i = 0; i < all->n; i++) {
        struct value *one = value_map(mem);
        if (!call_is_register(&all->items[i]) || !view_may(visit, ACCESS_READ, all->items[i].id))
            continue;
        value_set_text(one, "id", all->items[i].id);
        value_set_text(one, "title", all->items[i].title);
        value_set_bool(one, "chosen", str_eq(all->items[i].id, chosen));
        value_push(list, one);
    }
    return list;
}

int ledger_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    const struct value *records = value_get(tree, "records");
    struct str id = value_get_text(tree, "register");
    struct value *list = value_list(mem), *status;

    for (size_t i = 0; i < value_count(records); i++)
        value_push(list, entry_view(visit, value_get(value_at(records, i), "fields")));
    TRY(visit_op(visit, "ledger status", value_map(mem), &status));
    value_set(view, "entries", list);
    value_set_bool(view, "any", value_count(list) > 0);
    value_set(view, "choices", choices_view(visit, id));
    value_set(view, "ledger", status);
    value_set_text(view, "last_at", view_instant(visit, value_get_text(status, "at")));
    if (value_get(tree, "earlier") != NULL)
        value_set_text(view, "earlier_url",
                       str_printf(mem, "%.*s/ledger?%s%.*s%sbefore=%lld",
                                  STR_ARG(visit_base(visit)), id.n > 0 ? "register=" : "",
                                  STR_ARG(id), id.n > 0 ? "&" : "",
                                  (long long)value_get_int(tree, "earlier", 0)));
    value_set_bool(value_get_mut(view, "page"), "at_ledger", true);
    value_set_text(view, "heading", str_of(_("Ledger")));
    return 0;
}
