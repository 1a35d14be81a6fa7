/* The flow as bytes, little-endian, and back without trust. */
#include "extract/internal.h"

#define PACK_MAGIC "assay.extract/2\n"
#define MEMBER_LEAST 20u /* bytes that a member takes */

static void put_number(struct buf *out, uint64_t n, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        buf_char(out, (char)(n >> (8 * i) & 0xff));
}

static void put_text(struct buf *out, struct str s)
{
    put_number(out, s.n, 4);
    buf_add(out, s);
}

static void pack_block(struct buf *out, const struct block *block)
{
    put_number(out, (uint64_t)block->kind, 1);
    put_number(out, block->level, 1);
    put_number(out, (uint64_t)block->header | (uint64_t)block->struck << 1, 1);
    put_number(out, block->table, 4);
    put_number(out, block->place.line, 4);
    put_number(out, block->place.page, 4);
    put_number(out, block->place.row, 4);
    put_text(out, block->place.sheet);
    put_text(out, block->text);
    put_text(out, block->label);
    put_number(out, block->cell_count, 2);
    for (size_t i = 0; i < block->cell_count; i++) {
        put_number(out, block->cells[i].column, 2);
        put_text(out, block->cells[i].text);
    }
}

void extract_pack(struct buf *out, const struct extract *extract)
{
    buf_addz(out, PACK_MAGIC);
    put_number(out, (uint64_t)extract->format, 1);
    put_text(out, extract->note);
    put_number(out, extract->block_count, 4);
    for (size_t i = 0; i < extract->block_count; i++)
        pack_block(out, &extract->blocks[i]);
    put_number(out, extract->index, 1);
    put_number(out, extract->member_count, 4);
    for (size_t i = 0; i < extract->member_count; i++) {
        put_text(out, extract->members[i].path);
        put_text(out, extract->members[i].why);
        put_number(out, extract->members[i].bytes, 8);
        put_number(out, extract->members[i].at, 4);
    }
    put_text(out, extract->member_sha256);
    put_number(out, extract->member_bytes, 8);
}

struct unpack {
    struct flow flow; /* for its cleaning only */
    struct str rest;
    size_t text_bytes;
    uint32_t table;
    bool bad;
};

static uint32_t get_number(struct unpack *u, unsigned bytes)
{
    uint32_t n = 0;

    if (u->rest.n < bytes) {
        u->bad = true;
        return 0;
    }
    for (unsigned i = 0; i < bytes; i++)
        n |= (uint32_t)(unsigned char)u->rest.p[i] << (8 * i);
    u->rest = str_from(u->rest, bytes);
    return n;
}

/* A text of at most `most` bytes that is as clean as the flow leaves it. */
static struct str get_text(struct unpack *u, size_t most)
{
    uint32_t n = get_number(u, 4);
    struct str s;

    if (u->bad || n > u->rest.n || n > most) {
        u->bad = true;
        return STR_NONE;
    }
    s = str_sub(u->rest, 0, n);
    u->rest = str_from(u->rest, n);
    if (n > 0 && !str_eq(s, flow_clean(&u->flow, s)))
        u->bad = true;
    return s;
}

/* Moves `left` behind a text that it has to begin with. */
static void pass(struct unpack *u, struct str *left, struct str text)
{
    if (!str_starts(*left, text))
        u->bad = true;
    else
        *left = str_from(*left, text.n);
}

/* The row's text is that of its cells, joined. */
static void get_cells(struct unpack *u, struct block *block)
{
    struct ctx *cx = u->flow.cx;
    struct str left = block->text;
    uint32_t last = 0;

    block->cell_count = get_number(u, 2);
    if (block->cell_count > EXTRACT_COLUMNS || block->cell_count * 6 > u->rest.n) {
        u->bad = true;
        block->cell_count = 0;
    }
    if (block->cell_count == 0)
        return;
    block->cells = arena_array(cx->mem, block->cell_count, sizeof *block->cells);
    for (size_t i = 0; i < block->cell_count && !u->bad; i++) {
        struct cell *cell = &block->cells[i];
        uint32_t column = get_number(u, 2);
        cell->column = (uint16_t)column;
        cell->text = get_text(u, EXTRACT_CELL_BYTES);
        if (cell->text.n == 0 || column >= EXTRACT_COLUMNS || (i > 0 && column <= last))
            u->bad = true;
        last = column;
        if (i > 0)
            pass(u, &left, STR(" | "));
        pass(u, &left, cell->text);
    }
    if (left.n > 0)
        u->bad = true;
}

/* What belongs to one kind of block only, stands there and nowhere else. */
static bool is_consistent(const struct unpack *u, const struct block *block)
{
    bool row = block->kind == BLOCK_ROW;

    if (block->kind > BLOCK_PROPERTY || block->text.n == 0)
        return false;
    if (row != (block->table > 0) || row != (block->cell_count > 0) || (block->header && !row))
        return false;
    if (row && block->table < u->table)
        return false;
    bool marked = block->kind == BLOCK_PARAGRAPH &&
                  (str_is(block->label, "toc") || str_is(block->label, "aside"));
    if (!marked && (block->kind == BLOCK_PROPERTY) != (block->label.n > 0))
        return false;
    if (block->kind == BLOCK_HEADING)
        return block->level >= 1 && block->level <= 9;
    return (block->kind == BLOCK_ITEM) == (block->level > 0);
}

static void unpack_block(struct unpack *u, struct block *block)
{
    uint32_t kind = get_number(u, 1), flags;

    block->kind = kind <= BLOCK_PROPERTY ? (enum block_kind)kind : BLOCK_PARAGRAPH;
    block->level = (uint8_t)get_number(u, 1);
    flags = get_number(u, 1);
    block->header = (flags & 1) != 0;
    block->struck = (flags & 2) != 0;
    block->table = get_number(u, 4);
    block->place.line = get_number(u, 4);
    block->place.page = get_number(u, 4);
    block->place.row = get_number(u, 4);
    block->place.sheet = get_text(u, 4096);
    block->text = get_text(u, EXTRACT_TEXT_BYTES - u->text_bytes);
    block->label = get_text(u, 1024);
    get_cells(u, block);
    if (kind > BLOCK_PROPERTY || flags > 3 || !is_consistent(u, block))
        u->bad = true;
    u->text_bytes += block->text.n;
    u->table = block->table > 0 ? block->table : u->table;
}

static uint64_t get_long(struct unpack *u)
{
    uint64_t low = get_number(u, 4);

    return low | (uint64_t)get_number(u, 4) << 32;
}

static bool is_hash(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < '0' || s.p[i] > '9') && (s.p[i] < 'a' || s.p[i] > 'f'))
            return false;
    return s.n == 0 || s.n == 64;
}

static void get_members(struct unpack *u, struct extract *extract)
{
    uint32_t index = get_number(u, 1);

    extract->index = index == 1;
    u->bad |= index > 1;
    extract->member_count = get_number(u, 4);
    if (u->bad || extract->member_count > EXTRACT_MEMBERS ||
        extract->member_count * MEMBER_LEAST > u->rest.n) {
        u->bad = true;
        extract->member_count = 0;
        return;
    }
    if (extract->member_count > 0)
        extract->members =
            arena_array(u->flow.cx->mem, extract->member_count, sizeof *extract->members);
    for (size_t i = 0; i < extract->member_count && !u->bad; i++) {
        struct extract_member *member = &extract->members[i];
        member->path = get_text(u, 4096);
        member->why = get_text(u, 4096);
        member->bytes = get_long(u);
        member->at = get_number(u, 4);
        u->bad |= member->path.n == 0;
    }
    extract->member_sha256 = get_text(u, 64);
    extract->member_bytes = get_long(u);
    u->bad |= !is_hash(extract->member_sha256);
}

int extract_unpack(struct ctx *cx, struct str bytes, struct extract *ret)
{
    struct unpack u = {.rest = bytes};
    struct extract extract = {0};
    uint32_t format;

    flow_init(&u.flow, cx);
    if (!str_starts(bytes, STR(PACK_MAGIC)))
        return fail(cx, RC_INVALID, NULL, _("The worker's answer is not a text flow."));
    u.rest = str_from(bytes, sizeof PACK_MAGIC - 1);
    format = get_number(&u, 1);
    extract.note = get_text(&u, 4096);
    extract.block_count = get_number(&u, 4);
    /* A block takes 34 bytes at least, which bounds what is reserved for a lie. */
    if (u.bad || format >= EXTRACT_FORMATS || extract.block_count > EXTRACT_BLOCKS ||
        extract.block_count * 34 > u.rest.n)
        return fail(cx, RC_INVALID, NULL, _("The worker's answer is damaged."));
    extract.format = (enum extract_format)format;
    extract.blocks = arena_array(cx->mem, extract.block_count, sizeof *extract.blocks);
    for (size_t i = 0; i < extract.block_count && !u.bad; i++)
        unpack_block(&u, &extract.blocks[i]);
    get_members(&u, &extract);
    if (u.bad || u.rest.n > 0)
        return fail(cx, RC_INVALID, NULL, _("The worker's answer is damaged."));
    TRY(ctx_check(cx));
    *ret = extract;
    return 0;
}
