"""Small writers of DOCX, XLSX and PDF from Markdown of the simplest kind: headings, paragraphs, lists, tables.

Bytes depend on the content alone: ZIP members carry one fixed date, and a PDF has no date and no id."""
import re
import zipfile
import zlib
from xml.sax.saxutils import escape

DAY = (2026, 11, 30, 12, 0, 0)
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = "application/vnd.openxmlformats-officedocument."
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def cells_of(line):
    inner = line.strip().strip("|")
    return [c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", inner)]


def blocks(text):
    """(kind, level or None, text or rows) of each block of the text."""
    found, lines = [], text.split("\n")
    i = 0
    while i < len(lines):
        line = lines[i]
        if not line.strip():
            i += 1
        elif line.startswith("#"):
            marks, title = line.split(" ", 1)
            found.append(("heading", len(marks), title.strip()))
            i += 1
        elif line.startswith("|"):
            rows = []
            while i < len(lines) and lines[i].startswith("|"):
                if not re.match(r"^\|[\s\-|:]+\|$", lines[i]):
                    rows.append(cells_of(lines[i]))
                i += 1
            found.append(("table", None, rows))
        elif re.match(r"^(-|\d+\.) ", line):
            ordered = line[0] != "-"
            item = re.sub(r"^(-|\d+\.) ", "", line)
            i += 1
            while i < len(lines) and lines[i].startswith("  "):
                item += " " + lines[i].strip()
                i += 1
            found.append(("number" if ordered else "bullet", None, item))
        else:
            words = []
            while i < len(lines) and lines[i].strip() and not re.match(r"^(#|\||- |\d+\. )", lines[i]):
                words.append(lines[i].strip())
                i += 1
            found.append(("text", None, " ".join(words)))
    return found


def zip_of(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            member = zipfile.ZipInfo(name, DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, content)


def relations(*rows):
    inside = "".join('<Relationship Id="rId%d" Type="%s" Target="%s"/>' % (n + 1, kind, target)
                     for n, (kind, target) in enumerate(rows))
    return XML + '<Relationships xmlns="%srelationships">%s</Relationships>' % (PACKAGE, inside)


def content_types(main, kind, parts):
    inside = "".join('<Override PartName="%s" ContentType="%s%s+xml"/>' % (name, TYPES, what)
                     for name, what in [(main, kind)] + parts)
    return (XML + '<Types xmlns="%scontent-types"><Default Extension="rels" ContentType="application/'
            'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            'ContentType="application/xml"/>%s</Types>' % (PACKAGE, inside))


# --- DOCX ---

def runs(text, bold=False):
    out = []
    for n, part in enumerate(re.split(r"\*\*", text)):
        if part:
            strong = "<w:rPr><w:b/></w:rPr>" if bold or n % 2 else ""
            out.append('<w:r>%s<w:t xml:space="preserve">%s</w:t></w:r>' % (strong, escape(part)))
    return "".join(out)


def paragraph(text, style=None, bold=False):
    marks = '<w:pPr><w:pStyle w:val="%s"/></w:pPr>' % style if style else ""
    return "<w:p>%s%s</w:p>" % (marks, runs(text, bold))


def docx_table(rows):
    width = max(len(r) for r in rows)
    edges = "".join('<w:%s w:val="single" w:sz="4" w:space="0" w:color="999999"/>' % e
                    for e in ("top", "left", "bottom", "right", "insideH", "insideV"))
    lines = []
    for n, row in enumerate(rows):
        head = "<w:trPr><w:tblHeader/></w:trPr>" if n == 0 else ""
        cells = "".join("<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/></w:tcPr>%s</w:tc>"
                        % (9600 // width, paragraph(c, bold=n == 0))
                        for c in row + [""] * (width - len(row)))
        lines.append("<w:tr>%s%s</w:tr>" % (head, cells))
    grid = '<w:gridCol w:w="%d"/>' % (9600 // width) * width
    return ('<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>%s</w:tblBorders></w:tblPr>'
            "<w:tblGrid>%s</w:tblGrid>%s</w:tbl><w:p/>" % (edges, grid, "".join(lines)))


def docx(path, text):
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = []
    for kind, level, what in blocks(text):
        if kind == "table":
            body.append(docx_table(what))
        else:
            style = {"heading": "Heading%s" % level, "bullet": "ListBullet", "number": "ListNumber"}.get(kind)
            body.append(paragraph(what, style))
    styles = "".join(
        '<w:style w:type="paragraph" w:styleId="Heading%d"><w:name w:val="heading %d"/><w:basedOn w:val="Normal"/>'
        '<w:pPr><w:keepNext/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="%d"/></w:pPr>'
        '<w:rPr><w:b/><w:sz w:val="%d"/></w:rPr></w:style>' % (n, n, n - 1, 36 - 6 * n) for n in (1, 2, 3))
    lists = "".join(
        '<w:style w:type="paragraph" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:pPr>'
        '<w:numPr><w:numId w:val="%d"/></w:numPr></w:pPr></w:style>' % (i, n, k)
        for i, n, k in (("ListBullet", "List Bullet", 1), ("ListNumber", "List Number", 2)))
    kinds = "".join(
        '<w:abstractNum w:abstractNumId="%d"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="%s"/>'
        '<w:lvlText w:val="%s"/><w:pPr><w:ind w:left="360" w:hanging="360"/></w:pPr></w:lvl></w:abstractNum>'
        % row for row in ((0, "bullet", "•"), (1, "decimal", "%1.")))
    nums = "".join('<w:num w:numId="%d"><w:abstractNumId w:val="%d"/></w:num>' % (n + 1, n) for n in (0, 1))
    zip_of(path, [
        ("[Content_Types].xml", content_types("/word/document.xml", "wordprocessingml.document.main", [
            ("/word/styles.xml", "wordprocessingml.styles"), ("/word/numbering.xml", "wordprocessingml.numbering")])),
        ("_rels/.rels", relations((OFFICE + "/officeDocument", "word/document.xml"))),
        ("word/_rels/document.xml.rels", relations((OFFICE + "/styles", "styles.xml"),
                                                   (OFFICE + "/numbering", "numbering.xml"))),
        ("word/document.xml", XML + "<w:document %s><w:body>%s<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/>"
         "<w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\"/></w:sectPr></w:body>"
         "</w:document>" % (space, "".join(body))),
        ("word/styles.xml", XML + "<w:styles %s><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">"
         "<w:name w:val=\"Normal\"/><w:pPr><w:spacing w:after=\"100\"/></w:pPr><w:rPr><w:sz w:val=\"20\"/></w:rPr>"
         "</w:style>%s%s</w:styles>" % (space, styles, lists)),
        ("word/numbering.xml", XML + "<w:numbering %s>%s%s</w:numbering>" % (space, kinds, nums)),
    ])


# --- XLSX ---

def column(n):
    name = ""
    n += 1
    while n:
        n, rest = divmod(n - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell(ref, value):
    if value is None or value == "":
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return '<c r="%s"><v>%s</v></c>' % (ref, value)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return '<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (ref, escape(str(value)))


def sheet_xml(rows):
    lines = []
    for n, row in enumerate(rows):
        cells = "".join(cell("%s%d" % (column(k), n + 1), v) for k, v in enumerate(row))
        lines.append('<row r="%d">%s</row>' % (n + 1, cells))
    return (XML + '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s'
            "</sheetData></worksheet>" % "".join(lines))


def xlsx(path, sheets):
    """sheets: (name, rows of values)."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    listed = "".join('<sheet name="%s" sheetId="%d" r:id="rId%d"/>' % (escape(name[:31]), n + 1, n + 1)
                     for n, (name, _) in enumerate(sheets))
    zip_of(path, [
        ("[Content_Types].xml", content_types(
            "/xl/workbook.xml", "spreadsheetml.sheet.main",
            [("/xl/worksheets/sheet%d.xml" % (n + 1), "spreadsheetml.worksheet") for n in range(len(sheets))])),
        ("_rels/.rels", relations((OFFICE + "/officeDocument", "xl/workbook.xml"))),
        ("xl/_rels/workbook.xml.rels", relations(*[(OFFICE + "/worksheet", "worksheets/sheet%d.xml" % (n + 1))
                                                   for n in range(len(sheets))])),
        ("xl/workbook.xml", XML + '<workbook %s xmlns:r="%s"><sheets>%s</sheets></workbook>'
         % (space, OFFICE, listed)),
    ] + [("xl/worksheets/sheet%d.xml" % (n + 1), sheet_xml(rows)) for n, (_, rows) in enumerate(sheets)])


# --- PDF ---

# Widths of Helvetica's characters from the space on, in thousandths of the size.
WIDTHS = [278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278] + [556] * 10 + [
    278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556,
    278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584]


def width(text, size, bold=False):
    units = sum(WIDTHS[ord(c) - 32] if 32 <= ord(c) < 127 else 556 for c in text)
    return units * size / 1000 * (1.08 if bold else 1)


def wrapped(text, room, size, bold=False):
    lines, now = [], ""
    for word in text.split():
        longer = (now + " " + word).strip()
        if now and width(longer, size, bold) > room:
            lines.append(now)
            now = word
        else:
            now = longer
    return lines + [now] if now else lines


class Pages:
    """Lines of text set on A4 pages from top to bottom."""
    left, right, top, bottom = 60, 535, 790, 60

    def __init__(self):
        self.pages = [[]]
        self.y = self.top

    def room_for(self, height):
        if self.y - height < self.bottom:
            self.pages.append([])
            self.y = self.top

    def put(self, x, y, text, size, bold):
        raw = text.encode("cp1252", "replace").decode("latin-1")
        for c in "\\()":
            raw = raw.replace(c, "\\" + c)
        self.pages[-1].append("BT /F%d %g Tf %g %g Td (%s) Tj ET" % (2 if bold else 1, size, x, y, raw))

    def text(self, text, size=10, bold=False, indent=0, before=0, mark=""):
        self.y -= before
        for n, line in enumerate(wrapped(text.replace("**", ""), self.right - self.left - indent, size, bold)):
            self.room_for(size * 1.35)
            self.y -= size * 1.35
            if mark and n == 0:
                self.put(self.left + indent - 12, self.y, mark, size, bold)
            self.put(self.left + indent, self.y, line, size, bold)
        self.y -= size * 0.5

    def table(self, rows):
        count = max(len(r) for r in rows)
        total = self.right - self.left
        want = [max(width(r[k], 9, n == 0) + 12 if k < len(r) else 0 for n, r in enumerate(rows)) for k in range(count)]
        share = [min(w, total / count) for w in want]
        left = total - sum(share)
        need = [w - s for w, s in zip(want, share)]
        share = [s + (left * n / sum(need) if sum(need) else 0) for s, n in zip(share, need)]
        for number, row in enumerate(rows):
            bold = number == 0
            lines = [wrapped(c, s - 8, 9, bold) for c, s in zip(row, share)]
            height = 12 * max([len(c) for c in lines] + [1]) + 4
            self.room_for(height)
            x = self.left
            for c, s in zip(lines, share):
                for n, line in enumerate(c):
                    self.put(x + 2, self.y - 11 - 12 * n, line, 9, bold)
                x += s
            self.y -= height
            self.pages[-1].append("0.6 w %g %g m %g %g l S" % (self.left, self.y, self.right, self.y))
        self.y -= 6


def pdf(path, text):
    pages = Pages()
    for kind, level, what in blocks(text):
        if kind == "heading":
            pages.text(what, 20 - 3 * level, True, before=8)
        elif kind == "table":
            pages.table(what)
        elif kind == "text":
            pages.text(what)
        else:
            pages.text(what, indent=16, mark="-")
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    for name in ("Helvetica", "Helvetica-Bold"):
        objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>" % name)
    kids = []
    for page in pages.pages:
        stream = zlib.compress("\n".join(page).encode("latin-1"), 9)
        objects.append((b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(stream)) + stream + b"\nendstream")
        objects.append("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font "
                       "<< /F1 3 0 R /F2 4 0 R >> >> >>" % len(objects))
        kids.append("%d 0 R" % len(objects))
    objects[1] = "<< /Type /Pages /Kids [%s] /Count %d >>" % (" ".join(kids), len(kids))
    out, places = b"%PDF-1.4\n", []
    for n, what in enumerate(objects):
        places.append(len(out))
        out += b"%d 0 obj\n" % (n + 1) + (what if isinstance(what, bytes) else what.encode("latin-1")) + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % p for p in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    with open(path, "wb") as target:
        target.write(out)
