# PDF, scans and old office formats: what programs of others make readable, where they are there.
F=$T/isms
mkdir "$F"
cp tests/pdf/access.pdf "$F/Access rules.pdf"
cp tests/pdf/protected.pdf "$F/Access rules for reading only.pdf"
cp tests/pdf/locked.pdf "$F/Risk assessment procedure.pdf"
cp tests/pdf/scan.pdf "$F/Information Security Policy.pdf"
head -c 20000 tests/pdf/access.pdf >"$F/cut.pdf"
printf '%%PDF-1.7\nnothing more\n' >"$F/torn.pdf"
cp tests/pdf/access.doc tests/pdf/access.rtf "$F"

exits 0 'PDF' stage1 "$F" --today $today --format json --fail-on never
cp "$T/out" "$T/pdf.json"
ok 'the result keeps its schema' python3 tests/report/schema.py "$T/pdf.json"
ok 'a PDF is read' has "$T/pdf.json" \
    'docs["Access rules.pdf"]["format"] == "pdf" and docs["Access rules.pdf"]["version"] == "2.1"'
ok 'one without a password to open it is read' has "$T/pdf.json" \
    '"Access rules for reading only.pdf" in docs'
ok 'one with a password is not' has "$T/pdf.json" \
    '"encrypted" in skipped["Risk assessment procedure.pdf"]["why"]'
ok 'a torn one costs a line' has "$T/pdf.json" '"damaged" in skipped["torn.pdf"]["why"]'
ok 'so does one that is cut off, unless it can be saved' has "$T/pdf.json" \
    '"cut.pdf" in docs or "damaged" in skipped["cut.pdf"]["why"]'
ok 'nothing is missing because of what could not be read' has "$T/pdf.json" \
    'not any(f.get("criterion", "").startswith(("DOC-RISKMETHOD", "DOC-POLICY")) and f.get("grade") == "blocker" for f in r["findings"])'
exits 0 'PDF again' stage1 "$F" --today $today --format json --fail-on never
ok 'the same bytes come out' cmp -s "$T/out" "$T/pdf.json"
ok 'nothing is left in the temporary folder' [ -z "$(ls -A "$TMPDIR")" ]

# The same document in two formats says the same.
mkdir "$T/docx" "$T/as-pdf"
cp "examples/early/Information Security Policy.docx" "$T/docx"
cp tests/pdf/policy.pdf "$T/as-pdf/Information Security Policy.pdf"
exits 0 'as DOCX' stage1 "$T/docx" --today $today --format json --fail-on never --output "$T/docx.json"
exits 0 'as PDF' stage1 "$T/as-pdf" --today $today --format json --fail-on never --output "$T/as-pdf.json"
ok 'the same kinds and criteria' python3 - "$T/docx.json" "$T/as-pdf.json" <<'END'
import json, sys
a, b = (json.load(open(name)) for name in sys.argv[1:])
said = [({c["criterion"]: c["status"] for c in r["criteria"]},
         sorted(k["kind"] for d in r["documents"] for k in d["kinds"])) for r in (a, b)]
assert said[0][1], "no kind was found"
assert said[0] == said[1], [x for x in said[0][0].items() if said[1][0].get(x[0]) != x[1]]
pages = [e["at"]["page"] for c in b["criteria"] for e in c["evidence"] if e]
assert len([p for p in pages if p]) * 2 > len(pages), pages
END

if command -v tesseract >/dev/null; then
    ok 'the text of a scan is recognised' has "$T/pdf.json" \
        'docs["Information Security Policy.pdf"]["passages"] > 5 and "scan" in docs["Information Security Policy.pdf"]["error"]'
else
    echo "not run: recognising the text of a scan (tesseract is not installed)"
    ok 'a scan is told apart' has "$T/pdf.json" \
        '"scan" in skipped["Information Security Policy.pdf"]["why"]'
fi
if [ -x /usr/lib/libreoffice/program/soffice.bin ]; then
    for name in access.doc access.rtf; do
        ok "$name is converted and read" has "$T/pdf.json" \
            "docs['$name']['format'] == 'docx' and 'LibreOffice' in docs['$name']['error']"
    done
else
    echo "not run: old office formats (LibreOffice is not installed)"
    ok 'what to do about an old format' has "$T/pdf.json" '".docx" in skipped["access.doc"]["why"]'
fi
