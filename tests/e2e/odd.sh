# Folders as they are: empty, unreadable, hostile. One clear line each, and the audit goes on.
judge() { # CODE WHAT FOLDER...
    code_=$1 what_=$2
    shift 2
    exits "$code_" "$what_" stage1 "$@" --today $today --format json --fail-on never
    ok "$what_: no worker crashed" not grep -qE 'worker (crashed|ended|tried)' "$T/out"
}

mkdir "$T/empty"
judge 0 'an empty folder' "$T/empty"
ok 'is not ready' has "$T/out" 'r["verdict"]["ready"] == "no" and not docs'
exits 1 'an empty folder as text' stage1 "$T/empty" --today $today
ok 'says so' says "$T/out" 'NOT READY'

# Files that are no documents, or not what they are called.
F=$T/files
mkdir -p "$F/deep"
cp "examples/early/Information Security Policy.docx" "$F/whole.docx"
head -c 1800 "$F/whole.docx" >"$F/cut.docx"
: >"$F/empty.md"
: >"$F/empty.docx"
printf 'PK\003\004' >"$F/four.xlsx"
printf '%%PDF-1.7\n%%\342\343\317\323\n' >"$F/really a pdf.docx"
cp "examples/early/Risk register.xlsx" "$F/really a sheet.docx"
printf '\320\317\021\340\241\261\032\341%0512d' 0 >"$F/old or encrypted.docx"
head -c 65536 /dev/zero >"$F/zeros.csv"
head -c 65536 /dev/urandom >"$F/noise.md"
printf '\377\376P\0o\0l\0i\0c\0y\0\n\0' >"$F/utf16.txt"
printf 'Caf\351 policy, cr\350me\n' >"$F/latin1.txt"
printf '{"doc_id":"1x"}' >"$F/Policy.gdoc"
printf '[InternetShortcut]\nURL=https://example.org/\n' >"$F/wiki.url"
printf 'x' >"$F/~\$Policy.docx"
ln -s /etc/passwd "$F/passwd.md"
ln -s . "$F/deep/loop"
mkfifo "$F/pipe.md"
python3 - "$F" <<'END'
import sys, zipfile, os
folder = sys.argv[1]
with zipfile.ZipFile(os.path.join(folder, "bomb.docx"), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
    z.writestr("[Content_Types].xml", "<Types/>")
    z.writestr("word/document.xml", b"<w:p>" + b" " * (300 << 20))
with zipfile.ZipFile(os.path.join(folder, "entities.docx"), "w") as z:
    z.writestr("[Content_Types].xml", "<Types/>")
    z.writestr("word/document.xml", "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
        f"<!ENTITY {chr(98 + i)} '{('&' + chr(97 + i) + ';') * 10}'>" for i in range(9)) + "]><a>&j;</a>")
with zipfile.ZipFile(os.path.join(folder, "climbs.docx"), "w") as z:
    z.writestr("../../../../tmp/climbed", "no")
    z.writestr("word/document.xml", "<w:document/>")
open(os.path.join(folder, "nested.html"), "w").write("<div>" * 100000 + "text")
open(os.path.join(folder, "nested.md"), "w").write("> " * 5000 + "text\n")
open(os.path.join(folder, "line.md"), "w").write("word " * 60000)
open(os.path.join(folder, "wide.csv"), "w").write(",".join(f"c{i}" for i in range(20000)) + "\n")
open(os.path.join(folder, "open quote.csv"), "w").write('a,b\n"never closed,1\n' * 20000)
for raw in (b"new\nline.md", b"escape\x1b[31mred.md", b"bad\xff\xfeutf8.md", b"-rf.md", b"quote'\".md",
            b"<script>alert(1)</script>.md".replace(b"/", b""), b"{{verdict}}.md", "\u202egnp.md".encode()):
    with open(os.path.join(folder.encode(), raw), "wb") as f:
        f.write(b"# Notes <script>alert(1)</script>\n\n\x1b[2J Hello {{name}} & \"others\".\n")
END
judge 0 'odd files' "$F"
cp "$T/out" "$T/odd.json"
ok 'the result keeps its schema' python3 tests/report/schema.py "$T/odd.json"
ok 'the whole one is read' has "$T/odd.json" 'not docs["whole.docx"].get("error") and docs["whole.docx"]["passages"] > 5'
for name in cut.docx bomb.docx entities.docx four.xlsx 'old or encrypted.docx' empty.docx; do
    ok "$name: one line says why it was not read" has "$T/odd.json" \
        "(docs.get('$name', {}).get('error') or skipped.get('$name', {}).get('why', '')).strip().count(chr(10)) == 0 and (docs.get('$name', {}).get('error') or '$name' in skipped)"
done
ok 'a pointer is told apart' has "$T/odd.json" '"Policy.gdoc" in skipped and "Policy.gdoc" not in docs'
ok 'a lock file is told apart' has "$T/odd.json" '"~$Policy.docx" in skipped'
ok 'a link is not followed' has "$T/odd.json" '"passwd.md" in skipped and not any("loop/" in p for p in docs)'
ok 'a pipe is not opened' has "$T/odd.json" '"pipe.md" in skipped'
ok 'a spreadsheet under a wrong name is a spreadsheet' has "$T/odd.json" \
    '"really a sheet.docx" not in docs or docs["really a sheet.docx"].get("format") == "xlsx"'
ok 'nothing climbed out of an archive' [ ! -e /tmp/climbed ]
exits 0 'odd files as text' stage1 "$F" --today $today --fail-on never
ok 'no escape sequence reaches the terminal' not grep -qa "$(printf '\033')" "$T/out"
exits 0 'odd files as inventory' documents "$F" --today $today
ok 'none in the inventory' not grep -qa "$(printf '\033')" "$T/out"
exits 0 'odd files as a page' stage1 "$F" --today $today --fail-on never --format html --output "$T/odd.html"
ok 'no script gets into the page' python3 tests/e2e/page.py "$T/odd.html"
rm -f "$F/pipe.md"

# Published odd files of other projects' tests.
if [ -d tests/odd ]; then
    judge 0 'odd office files' tests/odd
    ok 'they keep the schema' python3 tests/report/schema.py "$T/out"
fi

# What the user may not read. Root may read all.
mkdir -p "$T/locked/inner"
printf '# Policy\n' >"$T/locked/no.md"
printf '# Scope\n' >"$T/locked/yes.md"
printf '# Hidden\n' >"$T/locked/inner/a.md"
chmod 000 "$T/locked/no.md" "$T/locked/inner"
if [ "$(id -u)" -ne 0 ]; then
    judge 0 'unreadable files' "$T/locked"
    ok 'they are named' has "$T/out" '"no.md" in skipped or docs.get("no.md", {}).get("error")'
elif command -v setpriv >/dev/null; then
    chmod 755 "$all" "$T"
    if setpriv --reuid 65534 --regid 65534 --clear-groups "$assay" --version >/dev/null 2>&1; then
        chmod 755 "$T/locked"
        setpriv --reuid 65534 --regid 65534 --clear-groups env TMPDIR=/tmp "$assay" stage1 "$T/locked" \
            --today $today --format json --fail-on never >"$T/out" 2>"$T/err"
        got=$?
        ok 'unreadable files are no error' [ "$got" -eq 0 ]
        ok 'they are named' has "$T/out" '"no.md" in skipped or docs.get("no.md", {}).get("error")'
    fi
fi
chmod 755 "$T/locked/inner"

# The same document in two folders, and a file in the place of a folder.
judge 0 'two folders' examples/early/people examples/early/meetings
ok 'both are read' has "$T/out" 'any("training" in p for p in docs) and any("catch-up" in p for p in docs)'
judge 0 'a single file' examples/early/scope.md
ok 'it is read' has "$T/out" 'any("scope.md" in p for p in docs)'
ok 'nothing is left in the temporary folder' [ -z "$(ls -A "$TMPDIR")" ]
