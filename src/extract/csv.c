/* Comma-separated values (RFC 4180), and what spreadsheets write instead. */
#include "extract/internal.h"

#define SAMPLE_RECORDS 30u
#define SAMPLE_BYTES ((size_t)256 * 1024)
#define QUOTED_BYTES ((size_t)64 * 1024) /* longer: its end is taken to be missing */
#define QUOTES_MISSING 8u                /* then quotes mean nothing any more */
#define HEADER_RECORDS 20u

/* Of a file that is not called a table. */
#define LEAST_FIELDS 4u
#define HEADING_BYTES 60u

struct csv {
    struct str text;
    size_t at;
    char delimiter;
    uint32_t line;
    unsigned missing; /* quotes without an end so far */
    struct buf field;
    bool last; /* the field just read ends its record */
};

/* The end of the quoted field that opens at `at`: its closing quote, or SIZE_MAX. */
static size_t closing_quote(const struct csv *csv, size_t at)
{
    size_t limit = csv->text.n - at > QUOTED_BYTES ? at + QUOTED_BYTES : csv->text.n;

    for (size_t i = at + 1; i < limit; i++) {
        if (csv->text.p[i] != '"')
            continue;
        if (i + 1 < csv->text.n && csv->text.p[i + 1] == '"')
            i++;
        else
            return i;
    }
    return SIZE_MAX;
}

static void read_quoted(struct csv *csv, size_t end)
{
    for (size_t i = csv->at + 1; i < end; i++) {
        char c = csv->text.p[i];
        if (c == '"')
            i++;
        if (c == '\n')
            csv->line++;
        buf_char(&csv->field, c);
    }
    csv->at = end + 1;
}

/* Reads a field into csv->field. */
static void read_field(struct csv *csv)
{
    size_t start = csv->at, end;

    csv->field.n = 0;
    while (start < csv->text.n && csv->text.p[start] == ' ')
        start++;
    if (start < csv->text.n && csv->text.p[start] == '"' && csv->missing < QUOTES_MISSING) {
        end = closing_quote(csv, start);
        if (end != SIZE_MAX) {
            csv->at = start;
            read_quoted(csv, end);
        } else {
            csv->missing++;
        }
    }
    while (csv->at < csv->text.n) {
        char c = csv->text.p[csv->at++];
        csv->last = c == '\n';
        if (c == '\n')
            csv->line++;
        if (c == '\n' || c == csv->delimiter)
            return;
        buf_char(&csv->field, c);
    }
    csv->last = true;
}

static bool more(const struct csv *csv)
{
    return csv->at < csv->text.n;
}

/* Fields of the next record, 0 for a blank one. */
static size_t count_fields(struct csv *csv)
{
    size_t n = 0;
    bool filled = false;

    do {
        read_field(csv);
        filled |= str_trim(buf_str(&csv->field)).n > 0;
        n++;
    } while (!csv->last);
    return filled ? n : 0;
}

/* How well `delimiter` cuts the first records: most of them into the same number of fields. */
static size_t rate(struct csv csv, char delimiter)
{
    size_t counts[SAMPLE_RECORDS], n = 0, best = 0;

    csv.delimiter = delimiter;
    while (more(&csv) && n < SAMPLE_RECORDS && csv.at < SAMPLE_BYTES) {
        counts[n] = count_fields(&csv);
        n += counts[n] > 0;
    }
    for (size_t i = 0; i < n; i++) {
        size_t same = 0, score;
        for (size_t j = 0; j < n; j++)
            same += counts[j] == counts[i];
        if (counts[i] < 2)
            continue;
        score = same * 1000 / n * 64 + (counts[i] > 63 ? 63 : counts[i]);
        best = score > best ? score : best;
    }
    return best;
}

/* Where two do equally well, the comma loses: it also stands in numbers. */
static char find_delimiter(const struct csv *csv)
{
    static const char candidates[] = {'\t', ';', '|', ','};
    char found = ',';
    size_t best = 0;

    for (size_t i = 0; i < sizeof candidates; i++) {
        size_t rated = rate(*csv, candidates[i]);
        if (rated > best) {
            best = rated;
            found = candidates[i];
        }
    }
    return found;
}

/* Spreadsheets may announce their delimiter: "sep=;" */
static bool announced(struct csv *csv)
{
    struct str head = str_sub(csv->text, 0, 6);

    if (head.n < 6 || !str_is_nocase(str_sub(head, 0, 4), "sep=") || head.p[5] != '\n')
        return false;
    csv->delimiter = head.p[4];
    csv->at = 6;
    csv->line = 2;
    return true;
}

static bool is_wordy(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
            (s.p[i] & 0x80) != 0)
            return true;
    return false;
}

/* Adds the next record. The header is the first with two cells or more, all of them text. */
static void read_record(struct csv *csv, struct flow *flow, bool *header_wanted)
{
    bool wordy = true;
    unsigned filled = 0, column = 0;

    do {
        struct str text;
        read_field(csv);
        text = str_trim(buf_str(&csv->field));
        if (text.n > 0) {
            filled++;
            wordy &= is_wordy(text);
            flow_cell(flow, column, text);
        }
        if (column < EXTRACT_COLUMNS)
            column++;
    } while (!csv->last);
    bool header = *header_wanted && filled >= 2 && wordy;
    if (header)
        *header_wanted = false;
    flow_row(flow, header);
}

/* The first record may be a heading: no cell is empty or a sentence. */
static bool is_heading(struct csv *csv)
{
    do {
        struct str text;
        read_field(csv);
        text = str_trim(buf_str(&csv->field));
        if (text.n == 0 || text.n > HEADING_BYTES || !is_wordy(text))
            return false;
    } while (!csv->last);
    return true;
}

bool csv_is(struct flow *flow, struct str text)
{
    struct csv csv = {.text = text, .line = 1, .field = buf_new(flow->cx->mem)}, first;
    size_t fields, records = 1;

    csv.delimiter = find_delimiter(&csv);
    first = csv;
    fields = count_fields(&csv);
    while (more(&csv) && records < SAMPLE_RECORDS && csv.at < SAMPLE_BYTES) {
        size_t here = count_fields(&csv);
        if (here > 0 && here != fields)
            return false;
        records += here > 0;
    }
    return fields >= LEAST_FIELDS && records > 2 && is_heading(&first);
}

int csv_read(struct flow *flow, struct str text)
{
    struct csv csv = {.text = text, .line = 1, .field = buf_new(flow->cx->mem)};
    bool header_wanted = true;
    uint32_t row = announced(&csv) ? 1 : 0;

    if (row == 0)
        csv.delimiter = find_delimiter(&csv);
    flow_table(flow);
    while (more(&csv) && !flow_full(flow)) {
        if (row >= EXTRACT_ROWS) {
            flow_note(flow, _("the rows after %u were left out"), EXTRACT_ROWS);
            break;
        }
        flow->place.row = ++row;
        flow->place.line = csv.line;
        if (row > HEADER_RECORDS)
            header_wanted = false;
        read_record(&csv, flow, &header_wanted);
    }
    if (csv.missing > 0)
        flow_note(flow, _("a quotation mark has no end, so cells near it may be cut wrongly"));
    return 0;
}
