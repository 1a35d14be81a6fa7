/* Controls that stand below each other, each under a heading or after the same label, with lines of
 * label and value. */
#include "judge/list_parts.h"

#define LABEL_BYTES 48u
#define RECORDS_MOST 2000u

struct builder {
    struct ctx *cx;
    struct dict *labels; /* to numbers of columns */
    struct str key;      /* the label that begins a control, "" for headings */
    struct list *list;
    size_t room;
    struct block *row; /* that is being filled */
    size_t cell_room;
};

/* "Label: value", or a row of two cells. */
static bool label_of(const struct passage *p, struct str *ret_label, struct str *ret_value)
{
    const struct block *block = p->block;

    if (block->kind == BLOCK_ROW) {
        if (block->cell_count != 2 || block->cells[0].text.n > LABEL_BYTES)
            return false;
        *ret_label = block->cells[0].text;
        *ret_value = block->cells[1].text;
        return true;
    }
    size_t colon = str_find_char(block->text, ':', 0);

    if (colon == SIZE_MAX || colon == 0 || colon > LABEL_BYTES)
        return false;
    *ret_label = str_trim(str_sub(block->text, 0, colon));
    *ret_value = str_trim(str_from(block->text, colon + 1));
    return true;
}

static void add_cell(struct builder *b, size_t column, struct str text)
{
    if (column < LIST_COLUMNS && text.n > 0)
        *ARENA_PUSH(b->cx->mem, b->row->cells, b->row->cell_count, b->cell_room) =
            (struct cell){text, (uint16_t)column};
}

static void add_row(struct builder *b, uint32_t passage)
{
    b->row = ARENA_NEW(b->cx->mem, struct block);
    b->row->kind = BLOCK_ROW;
    b->cell_room = 0;
    *ARENA_PUSH(b->cx->mem, b->list->rows, b->list->n, b->room) =
        (struct list_row){.block = b->row, .passage = passage, .made = true};
}

/* Whether the passage begins a control, whose number and title are in `ret`. */
static bool begins(struct builder *b, const struct passage *p,
                   bool (*is_control)(const void *arg, struct str text), const void *arg,
                   struct str *ret)
{
    struct str label, value;

    if (p->block->kind == BLOCK_HEADING) {
        *ret = p->block->text;
        return b->key.n == 0 && is_control(arg, *ret);
    }
    if (!label_of(p, &label, &value) || (b->list->n > 1 && !str_eq(label, b->key)) ||
        !is_control(arg, value))
        return false;
    b->key = label;
    *ret = value;
    return true;
}

/* The row of labels comes first, and is filled when all are known. */
static void fill_labels(struct builder *b, const struct str *labels, size_t n)
{
    b->row = ARENA_NEW(b->cx->mem, struct block);
    b->row->kind = BLOCK_ROW;
    b->cell_room = 0;
    for (size_t i = 0; i < n; i++)
        add_cell(b, i + 1, labels[i]);
    b->list->rows[0].block = b->row;
}

void list_of_records(struct ctx *cx, const struct reading *r,
                     bool (*is_control)(const void *arg, struct str text), const void *arg,
                     struct list *ret)
{
    struct builder b = {.cx = cx, .labels = dict_new(cx->mem), .list = ret};
    struct str names[LIST_COLUMNS], label, value, control;
    size_t n = 0;

    *ret = (struct list){.number = 0, .title = 0};
    add_row(&b, 0);
    for (uint32_t i = 2; i < r->passage_n && ret->n < RECORDS_MOST; i++) {
        const struct passage *p = &r->passages[i];

        if (p->block == NULL || p->block->struck)
            continue;
        if (begins(&b, p, is_control, arg, &control)) {
            add_row(&b, i);
            add_cell(&b, 0, control);
        } else if (ret->n > 1 && label_of(p, &label, &value)) {
            size_t column = dict_intern(b.labels, str_lower(cx->mem, label));
            if (column > n && n + 1 < LIST_COLUMNS)
                names[n++] = label;
            add_cell(&b, column, value);
        }
    }
    fill_labels(&b, names, n);
}
