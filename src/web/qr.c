#include "web/qr.h"

#include <qrencode.h>

static void free_code(QRcode **code)
{
    if (*code != NULL)
        QRcode_free(*code);
}

int qr_path(struct ctx *cx, struct str text, int64_t *ret_side, struct str *ret_path)
{
    QRcode *code CLEANUP(free_code) =
        QRcode_encodeString8bit(str_z(cx->mem, text), 0, QR_ECLEVEL_M);
    struct buf path = buf_new(cx->mem);

    if (code == NULL)
        return fail(cx, RC_LIMIT, NULL, _("The text is too long for a QR code."));
    for (int y = 0; y < code->width; y++) {
        const unsigned char *row = code->data + (size_t)y * (size_t)code->width;
        for (int x = 0, n; x < code->width; x += n) {
            for (n = 1; x + n < code->width && (row[x + n] & 1) == (row[x] & 1); n++)
                ;
            if ((row[x] & 1) != 0)
                buf_printf(&path, "M%d %dh%dv1h-%dz", x + QR_MARGIN, y + QR_MARGIN, n, n);
        }
    }
    *ret_side = code->width + 2 * QR_MARGIN;
    *ret_path = buf_str(&path);
    return 0;
}
