#include "report/zipped.h"

#include <zip.h>

static int failed(struct ctx *cx, const char *what)
{
    return fail(cx, RC_FAIL, NULL, _("A ZIP archive could not be written: %s."), what);
}

/* Days as ZIP has them begin in 1980. */
static zip_uint16_t dos_day(struct date d)
{
    int year = date_is_none(d) || d.year < 1980 ? 0 : d.year > 2107 ? 127 : d.year - 1980;
    int month = date_is_none(d) ? 1 : d.month, day = date_is_none(d) ? 1 : d.day;

    return (zip_uint16_t)((year << 9) | (month << 5) | day);
}

static int add_part(struct ctx *cx, zip_t *zip, const struct zipped_part *part, struct date day)
{
    zip_source_t *source = zip_source_buffer(zip, part->bytes.p, part->bytes.n, 0);
    zip_int64_t at;

    if (source == NULL)
        return failed(cx, zip_strerror(zip));
    at = zip_file_add(zip, part->name, source, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
        zip_source_free(source);
        return failed(cx, zip_strerror(zip));
    }
    if (zip_file_set_dostime(zip, (zip_uint64_t)at, 0, dos_day(day), 0) != 0 ||
        zip_set_file_compression(zip, (zip_uint64_t)at, part->plain ? ZIP_CM_STORE : ZIP_CM_DEFLATE,
                                 part->plain ? 0 : 6) != 0 ||
        zip_file_set_external_attributes(zip, (zip_uint64_t)at, 0, ZIP_OPSYS_DOS, 0) != 0)
        return failed(cx, zip_strerror(zip));
    return 0;
}

static int read_back(struct ctx *cx, zip_source_t *source, struct buf *out)
{
    zip_stat_t st;
    zip_int64_t n;
    char *bytes;

    if (zip_source_stat(source, &st) != 0 || (st.valid & ZIP_STAT_SIZE) == 0 ||
        zip_source_open(source) != 0)
        return failed(cx, zip_error_strerror(zip_source_error(source)));
    bytes = arena_alloc(cx->mem, (size_t)st.size + 1);
    n = zip_source_read(source, bytes, st.size);
    (void)zip_source_close(source);
    if (n < 0 || (zip_uint64_t)n != st.size)
        return failed(cx, zip_error_strerror(zip_source_error(source)));
    buf_add(out, (struct str){bytes, (size_t)n});
    return ctx_check(cx);
}

static int write_parts(struct ctx *cx, zip_source_t *source, const struct zipped_part *parts,
                       size_t n, struct date day)
{
    zip_error_t error;
    zip_t *zip;
    int rc = 0;

    zip_error_init(&error);
    zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    if (zip == NULL)
        return failed(cx, zip_error_strerror(&error));
    zip_source_keep(source); /* closing the archive gives one away */
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = add_part(cx, zip, &parts[i], day);
    if (rc == 0 && zip_close(zip) == 0)
        return 0;
    if (rc == 0)
        rc = failed(cx, zip_strerror(zip));
    zip_discard(zip);
    return rc;
}

int zipped_write(struct ctx *cx, const struct zipped_part *parts, size_t n, struct date day,
                 struct buf *out)
{
    zip_error_t error;
    zip_source_t *source;
    int rc;

    zip_error_init(&error);
    source = zip_source_buffer_create(NULL, 0, 0, &error);
    if (source == NULL)
        return failed(cx, zip_error_strerror(&error));
    rc = write_parts(cx, source, parts, n, day);
    if (rc == 0)
        rc = read_back(cx, source, out);
    zip_source_free(source);
    return rc;
}
