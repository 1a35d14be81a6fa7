#include <stdarg.h>

#define INDEX_LINKS 5u
#define ITEM_TITLE_BYTES 80u
#define ITEM_TITLE_LEVEL 7u
#define CLAUSE_BYTES 60u            /* more than a title that ends in a full stop has */
#define MEMBER_BYTES ((size_t)2048) /* of a member's path */

#include "extract/internal.h"

enum shape { SHAPE_TEXT, SHAPE_BLANK, SHAPE_NOTHING };

/* What a character becomes: itself, a blank, or nothing at all. */
static enum shape shape_of(uint32_t c)
{
    if (c <= 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
        c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000)
        return SHAPE_BLANK;
    if ((c >= 0x7f && c <= 0x9f) || c == 0xad || c == 0x34f || c == 0x61c || c == 0x180e ||
        (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
        (c >= 0x2060 && c <= 0x206f) || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff ||
        (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff))
        return SHAPE_NOTHING;
    return SHAPE_TEXT;
}

/* Bytes at `at` that stay as they are, one beside the other. */
static size_t plain_run(struct str text, size_t at)
{
    size_t end = at;

    while (end < text.n && text.p[end] > 0x20 && text.p[end] < 0x7f)
        end++;
    return end - at;
}

static void clean_into(struct buf *out, struct str text)
{
    bool blank = false;

    for (size_t at = 0; at < text.n;) {
        size_t run = plain_run(text, at);
        uint32_t c = run > 0 ? 'x' : utf8_next(text, &at);
        enum shape shape = shape_of(c);
        if (shape == SHAPE_BLANK)
            blank = true;
        if (shape != SHAPE_TEXT)
            continue;
        if (blank && out->n > 0)
            buf_char(out, ' ');
        blank = false;
        if (run == 0) {
            buf_code(out, c);
            continue;
        }
        buf_add(out, str_sub(text, at, run));
        at += run;
    }
}

struct str flow_clean(struct flow *flow, struct str text)
{
    flow->scratch.n = 0;
    clean_into(&flow->scratch, text);
    return buf_str(&flow->scratch);
}

void flow_init(struct flow *flow, struct ctx *cx)
{
    *flow = (struct flow){.cx = cx, .scratch = buf_new(cx->mem)};
    flow->place.sheet = STR_NONE;
}

bool flow_full(const struct flow *flow)
{
    return flow->full;
}

void flow_note(struct flow *flow, const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (size_t i = 0; i < flow->note_count; i++)
        if (str_is(flow->notes[i], text))
            return;
    if (flow->note_count < FLOW_NOTES)
        flow->notes[flow->note_count++] = str_copy(flow->cx->mem, str_of(text));
}

void flow_sheet(struct flow *flow, struct str name)
{
    flow->place.sheet = str_copy(flow->cx->mem, flow_clean(flow, str_sub(name, 0, 1024)));
}

static void flow_end(struct flow *flow, const char *why)
{
    flow->full = true;
    flow_note(flow, "%s", why);
}

/* At most `n` bytes, whole characters. */
static struct str head_of(struct str s, size_t n)
{
    if (s.n <= n)
        return s;
    while (n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
        n--;
    return str_trim(str_sub(s, 0, n));
}

/* Room for `text` within the file's limit: what fits of it. */
static struct str take(struct flow *flow, struct str text)
{
    size_t left = EXTRACT_TEXT_BYTES - flow->text_bytes;

    if (text.n > left) {
        text = head_of(text, left);
        flow_end(flow, _("it has more text than is read, and the rest was left out"));
    }
    flow->text_bytes += text.n;
    return text;
}

/* A new block of `text`, which is clean already; NULL where nothing may or need be added. */
static struct block *add(struct flow *flow, enum block_kind kind, struct str text)
{
    struct block *block;

    if (flow->full || text.n == 0)
        return NULL;
    if (flow->block_count >= EXTRACT_BLOCKS || arena_over(flow->cx->mem)) {
        flow_end(flow,
                 _("it has more paragraphs and rows than are read, and the rest was left out"));
        return NULL;
    }
    text = take(flow, text);
    if (text.n == 0)
        return NULL;
    block = ARENA_PUSH(flow->cx->mem, flow->blocks, flow->block_count, flow->block_room);
    *block = (struct block){.kind = kind, .text = str_copy(flow->cx->mem, text)};
    block->label = STR_NONE;
    block->place = flow->place;
    block->struck = flow->struck;
    return block;
}

static uint8_t level_of(unsigned level, unsigned most)
{
    return (uint8_t)(level < 1 ? 1 : level > most ? most : level);
}

void flow_heading(struct flow *flow, unsigned level, struct str text)
{
    struct block *block;

    flow_table_end(flow);
    block = add(flow, BLOCK_HEADING, flow_clean(flow, text));
    if (block != NULL)
        block->level = level_of(level, 9);
}

void flow_paragraph(struct flow *flow, struct str text)
{
    flow_table_end(flow);
    add(flow, BLOCK_PARAGRAPH, flow_clean(flow, text));
}

void flow_item(struct flow *flow, unsigned level, struct str text)
{
    struct block *block;

    flow_table_end(flow);
    block = add(flow, BLOCK_ITEM, flow_clean(flow, text));
    if (block != NULL)
        block->level = level_of(level, 255);
}

void flow_lone_item(struct flow *flow, size_t at)
{
    struct block *block = at < flow->block_count ? &flow->blocks[at] : NULL;

    if (block == NULL || block->kind != BLOCK_ITEM || block->text.n > ITEM_TITLE_BYTES ||
        strchr(".:;,?!", block->text.p[block->text.n - 1]) != NULL)
        return;
    block->kind = BLOCK_HEADING;
    block->level = ITEM_TITLE_LEVEL;
}

bool flow_is_clause(unsigned level, struct str text)
{
    text = str_trim(text);
    return level > 1 && text.n > CLAUSE_BYTES &&
           (text.p[text.n - 1] == '.' || text.p[text.n - 1] == ';');
}

void flow_code(struct flow *flow, struct str text)
{
    flow_table_end(flow);
    add(flow, BLOCK_CODE, flow_clean(flow, text));
}

void flow_furniture(struct flow *flow, struct str text)
{
    size_t at = flow->block_count;

    flow_table_end(flow);
    text = flow_clean(flow, text);
    if (flow->furniture_count >= FLOW_FURNITURE)
        return;
    for (size_t i = 0; i < flow->furniture_count; i++)
        if (str_eq(flow->blocks[flow->furniture[i]].text, text))
            return;
    if (add(flow, BLOCK_FURNITURE, text) != NULL)
        flow->furniture[flow->furniture_count++] = at;
}

void flow_property(struct flow *flow, struct str label, struct str text)
{
    struct str name = str_copy(flow->cx->mem, flow_clean(flow, str_sub(label, 0, 256)));
    struct block *block;

    flow_table_end(flow);
    if (name.n == 0)
        return;
    block = add(flow, BLOCK_PROPERTY, flow_clean(flow, text));
    if (block != NULL)
        block->label = name;
}

struct str flow_property_get(const struct flow *flow, const char *label)
{
    for (size_t i = 0; i < flow->block_count; i++)
        if (flow->blocks[i].kind == BLOCK_PROPERTY && str_is_nocase(flow->blocks[i].label, label))
            return flow->blocks[i].text;
    return STR_NONE;
}

struct str property_day(struct str s)
{
    struct date date;

    s = str_trim(s);
    if (s.n > 10 && s.p[10] == 'T' && date_parse_iso(str_sub(s, 0, 10), &date))
        return str_sub(s, 0, 10);
    return s;
}

void flow_table(struct flow *flow)
{
    flow->table = ++flow->table_count;
    flow->cell_count = 0;
}

void flow_table_end(struct flow *flow)
{
    flow->table = 0;
    flow->cell_count = 0;
}

void flow_cell(struct flow *flow, unsigned column, struct str text)
{
    struct cell *cell;

    if (flow->full)
        return;
    text = flow_clean(flow, text);
    if (text.n == 0)
        return;
    if (text.n > EXTRACT_CELL_BYTES) {
        text = head_of(text, EXTRACT_CELL_BYTES);
        flow_note(flow, _("the text of a cell was cut after %zu bytes"), EXTRACT_CELL_BYTES);
    }
    if (flow->cell_count > 0 && column <= flow->cells[flow->cell_count - 1].column)
        column = flow->cells[flow->cell_count - 1].column + 1u;
    if (column >= EXTRACT_COLUMNS) {
        flow_note(flow, _("the columns after %u were left out"), EXTRACT_COLUMNS);
        return;
    }
    cell = ARENA_PUSH(flow->cx->mem, flow->cells, flow->cell_count, flow->cell_room);
    *cell = (struct cell){str_copy(flow->cx->mem, text), (uint16_t)column};
}

static void join_cells(struct buf *out, const struct cell *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_addz(out, " | ");
        buf_add(out, cells[i].text);
    }
}

void flow_row(struct flow *flow, bool header)
{
    struct block *block;
    size_t n = flow->cell_count;

    flow->cell_count = 0;
    if (n == 0 || flow->full)
        return;
    if (flow->table == 0)
        flow_table(flow);
    flow->scratch.n = 0;
    join_cells(&flow->scratch, flow->cells, n);
    if (flow->scratch.n > EXTRACT_TEXT_BYTES - flow->text_bytes) {
        flow_end(flow, _("it has more text than is read, and the rest was left out"));
        return;
    }
    block = add(flow, BLOCK_ROW, buf_str(&flow->scratch));
    if (block == NULL)
        return;
    block->header = header;
    block->table = flow->table;
    block->cell_count = n;
    block->cells = arena_array(flow->cx->mem, n, sizeof *block->cells);
    memcpy(block->cells, flow->cells, n * sizeof *block->cells);
}

void flow_member(struct flow *flow, struct str path, uint64_t bytes, uint32_t at, struct str why)
{
    struct arena *mem = flow->cx->mem;
    struct extract_member *member;

    path = str_copy(mem, flow_clean(flow, str_sub(path, 0, MEMBER_BYTES)));
    if (flow->member_count >= EXTRACT_MEMBERS || path.n == 0)
        return;
    member = ARENA_PUSH(mem, flow->members, flow->member_count, flow->member_room);
    *member = (struct extract_member){.path = path, .bytes = bytes, .at = at};
    member->why = str_copy(mem, flow_clean(flow, why));
}

void flow_links(struct flow *flow, size_t links, size_t bytes, bool in_link)
{
    flow->links += links;
    flow->prose_bytes += bytes;
    flow->link_bytes += in_link ? bytes : 0;
}

bool flow_is_link(struct str target)
{
    return target.n > 0 && target.p[0] != '#' && str_find(target, STR("://"), 0) == SIZE_MAX &&
           !str_starts(target, STR("mailto:"));
}

/* The notes as one sentence. */
static struct str notes_join(const struct flow *flow)
{
    struct buf out = buf_new(flow->cx->mem);

    if (flow->note_count == 0)
        return STR_NONE;
    for (size_t i = 0; i < flow->note_count; i++) {
        if (i > 0)
            buf_addz(&out, "; ");
        buf_add(&out, flow->notes[i]);
    }
    if (out.p[0] >= 'a' && out.p[0] <= 'z')
        out.p[0] = (char)(out.p[0] - 32);
    buf_char(&out, '.');
    return str_copy(flow->cx->mem,
                    flow_clean(&(struct flow){.scratch = buf_new(flow->cx->mem)}, buf_str(&out)));
}

int flow_finish(struct flow *flow, enum extract_format format, struct extract *ret)
{
    TRY(ctx_check(flow->cx));
    *ret = (struct extract){.format = format,
                            .blocks = flow->blocks,
                            .block_count = flow->block_count,
                            .note = notes_join(flow),
                            .members = flow->members,
                            .member_count = flow->member_count,
                            .index = flow->links >= INDEX_LINKS &&
                                     flow->link_bytes * 2 > flow->prose_bytes};
    return 0;
}
