"""A folder of archives and e-mails for archives.sh: python3 archives.py FOLDER"""
import base64
import io
import os
import sys
import zipfile

folder = sys.argv[1]
POLICY = "# Access control policy\n\nOwner: Ann Lee\n\nAll access is granted by need and reviewed every year.\n"
BACKUP = "# Backup policy\n\nBackups are made every night and restored twice a year.\n"


def packed(files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, content in files:
            z.writestr(name, content)
    return out.getvalue()


def write(name, content):
    with open(os.path.join(folder, name), "wb") as f:
        f.write(content if isinstance(content, bytes) else content.encode())


one = packed([("a policy.md", POLICY)])
two = packed([("one.zip", one), ("backup.md", BACKUP)])
three = packed([("two.zip", two)])
link = zipfile.ZipInfo("secrets.md")
link.create_system, link.external_attr = 3, 0o120777 << 16
write("old.zip", packed([("policies/access.md", POLICY), ("policies/backup.md", BACKUP),
                         ("__MACOSX/._access.md", "x"), (".DS_Store", "x"), ("~$lock.docx", "x"),
                         ("plan.gdoc", "{}"), ("../../climbed.md", "# Climbs\n\nText.\n"), (link, "/etc/passwd"),
                         ("empty.md", ""), ("photo.png", b"\x89PNG\r\n\x1a\n\0")]))
write("nested.zip", three)
write("copy.md", POLICY)
whole = packed([("a.md", "# Cut archive\n\nThis one is whole.\n"), ("b.md", BACKUP)], zipfile.ZIP_STORED)
write("cut.zip", whole[:-70])
write("bomb.zip", packed([("zeros.md", b"\0" * (300 << 20))]))
write("many.zip", packed([(f"{i}.md", f"# Note {i}\n\nText of note {i}.\n") for i in range(40)]))
write("empty.zip", packed([]))
write("backup.tar.gz", b"\x1f\x8b\x08\0\0\0\0\0")
write("backup.7z", b"7z\xbc\xaf\x27\x1c\0\4")
write("mail.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "__nameid_version1.0".encode("utf-16-le") + b"\0" * 600)
write("Approval.eml", "From: Ann Lee <ann@example.org>\r\nTo: all@example.org\r\nSubject: Approval of the backup policy\r\n"
      "Date: Mon, 30 Nov 2026 10:15:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
      "--b\r\nContent-Type: text/plain\r\n\r\nThe board agreed to the attached policy today.\r\n\r\n"
      "> The quoted board approves nothing.\r\n--b\r\nContent-Type: text/markdown\r\n"
      "Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=backup.md\r\n\r\n"
      + base64.b64encode(BACKUP.encode()).decode() + "\r\n--b--\r\n")


def pdf(text):
    """A page with this line on it."""
    stream = f"BT /F1 14 Tf 72 700 Td ({text}) Tj ET".encode()
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
               b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    out, places = b"%PDF-1.4\n", []
    for i, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (i, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
                  % (len(objects) + 1, table, len(objects) + 1, len(out)))


PAGE = pdf("All visitors are accompanied by a member of staff.")
write("alone.pdf", PAGE)
write("pdf.zip", packed([("visitors.pdf", PAGE)]))
number = "0123456789abcdef0123456789abcdef"
write(f"Risks {number}.csv", "Risk,Owner\nFire,Ann\n")
write(f"Risks {number}_all.csv", "Risk,Owner,Score\nFire,Ann,4\nFlood,Bob,6\n")
write("notion.zip", packed([("Part-1.zip", packed([
    (f"ISMS/Assets {number}.csv", "Asset,Owner\nServer,Ann\n"),
    (f"ISMS/Assets {number}_all.csv", "Asset,Owner\nServer,Ann\nLaptop,Bob\n")]))]))
