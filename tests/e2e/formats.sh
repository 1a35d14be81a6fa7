# Formats, where they go, and that the same input gives the same bytes.
early=examples/early

for format in text html json; do
    "$assay" stage1 "$early" --today $today --fail-on never --format $format >"$T/a.$format" 2>"$T/err"
    "$assay" stage1 "$early/" --today $today --fail-on never --format $format >"$T/b.$format" 2>>"$T/err"
    ok "$format: nothing on standard error where it is no terminal" silent "$T/err"
    ok "$format: something came" [ -s "$T/a.$format" ]
done
sed -i '/"command"/d; s:examples/early/*:FOLDER:g' "$T"/a.* "$T"/b.*
for format in text html json; do
    ok "$format: the same bytes again" cmp "$T/a.$format" "$T/b.$format"
done
(cd examples && "$assay" stage1 early --today $today --fail-on never >"$T/c.text" 2>/dev/null)
ok 'the same report from elsewhere' cmp "$T/a.text" "$T/c.text"

exits 0 'all formats into a folder' stage1 "$early" --today $today --fail-on never \
    --format json --format html --format text --output "$T/all"
for name in stage1.txt stage1.html stage1.json; do
    ok "$name is there" [ -s "$T/all/$name" ]
done
ok 'nothing else is there' [ "$(ls -A "$T/all" | wc -l)" -eq 3 ]
exits 0 'into a file' stage1 "$early" --today $today --fail-on never --output "$T/report.txt"
ok 'nothing on the screen then' silent "$T/out"
ok 'a file has no colour' not grep -q "$(printf '\033')" "$T/report.txt"
exits 3 'into a folder that is not there' stage1 "$early" --today $today --output "$T/no/where.txt"
mkdir "$T/copy"
cp -R "$early/." "$T/copy"
exits 4 'a document is not written over' stage1 "$T/copy" --today $today --output "$T/copy/scope.md"
ok 'it is as it was' cmp "$early/scope.md" "$T/copy/scope.md"

ok 'the result keeps its schema' python3 tests/report/schema.py "$T/all/stage1.json"
exits 0 'the inventory as JSON' documents "$early" --today $today --format json
ok 'it lists the documents' has "$T/out" 'len(docs) >= 10'

exits 0 'for auditors' stage1 "$early" --today $today --fail-on never --for auditor --format json
ok 'without next steps' has "$T/out" 'not any("next_step" in f or "effort_days" in f for f in r["findings"])'
exits 0 'in time for Stage 2' stage1 "$early" --today $today --fail-on never --stage2 2027-01-15 \
    --format json
ok 'what is too late is said' has "$T/out" 'r["verdict"]["too_late"]'

exits 0 'what documents say of themselves' stage1 "$early" --today 2028-06-30 --fail-on never \
    --format json
ok 'is quoted where a finding rests on it' has "$T/out" '{
    f["rule"]: bool(f["evidence"]) and all(e["quote"] and e["place"] for e in f["evidence"])
    for f in r["findings"] if f["rule"] in ("documents-draft", "documents-overdue")
} == {"documents-draft": True, "documents-overdue": True}'
ok 'and its quotes stand there' python3 tests/e2e/quotes.py "$T/out" "$early"

ok 'the page is self-contained' python3 tests/e2e/page.py "$T/all/stage1.html"

# Colour on terminals only, and not where NO_COLOR is set.
terminal() { # FILE NAME=VALUE...
    file=$1
    shift
    env TERM=xterm-256color "$@" python3 tools/terminal.py --columns 80 "$assay" stage1 "$early" \
        --today $today --fail-on never >"$file"
}
colour=$(printf '\033\\[[0-9;]*m')
terminal "$T/colour" PLAIN=1
ok 'colour on a terminal' grep -qa "$colour" "$T/colour"
terminal "$T/plain" NO_COLOR=1
ok 'none with NO_COLOR' not grep -qa "$colour" "$T/plain"
ok 'the report is there all the same' says "$T/plain" 'STAGE 1'
terminal "$T/dumb" TERM=dumb
ok 'none on a dumb terminal' not grep -qa "$colour" "$T/dumb"
ok 'none into a pipe' not grep -qa "$colour" "$T/a.text"
ok 'at most 80 columns into a pipe' python3 -c '
import sys
for line in open(sys.argv[1], encoding="utf-8"):
    if len(line.rstrip("\n")) > 80: sys.exit(line)' "$T/c.text"

# The profile: questions go out, answers come in.
exits 0 'writes a profile' stage1 "$early" --today $today --fail-on never --write-profile "$T/p.yaml"
ok 'it is there' [ -s "$T/p.yaml" ]
exits 0 'takes it back' stage1 "$early" --today $today --fail-on never --profile "$T/p.yaml" \
    --write-profile "$T/p.yaml"
cp "$T/p.yaml" "$T/p1.yaml"
exits 0 'and again' stage1 "$early" --today $today --fail-on never --profile "$T/p.yaml" \
    --write-profile "$T/p.yaml"
ok 'the profile stays the same' cmp "$T/p.yaml" "$T/p1.yaml"

# To file: the same content in each, valid to programs that are not ours, and the same bytes again.
for format in md docx pdf xlsx; do
    for file in a b; do
        "$assay" stage1 "$early" --today $today --fail-on never --format $format \
            --output "$T/file" 2>"$T/err" && mv "$T/file" "$T/$file.$format"
    done
    ok "$format: something came" [ -s "$T/a.$format" ]
    ok "$format: the same bytes again" cmp "$T/a.$format" "$T/b.$format"
done
ok 'Markdown holds the verdict' says "$T/a.md" 'ready for Stage 1'
ok 'DOCX and XLSX are whole, and their parts XML' python3 tests/e2e/office.py "$T/a.docx" "$T/a.xlsx"
qpdf --check "$T/a.pdf" >"$T/qpdf" 2>&1
ok 'PDF is valid' not grep -qE 'WARNING|ERROR|error:' "$T/qpdf"
pdftotext -layout "$T/a.pdf" "$T/a.pdf.txt"
pdfinfo "$T/a.pdf" >"$T/pdfinfo"
ok 'PDF is tagged' says "$T/pdfinfo" 'Tagged: +yes'
ok 'PDF is of the day' says "$T/pdfinfo" 'CreationDate: +Mon Nov 30 00:00:00 2026'
ok 'PDF has numbers on its pages' says "$T/a.pdf.txt" ' 2 / [0-9]+$'
ok 'PDF repeats header rows' [ "$(grep -cE '^ *Id +(Requirement|Control) +Status' "$T/a.pdf.txt")" -gt 11 ]
ok 'PDF embeds its fonts' [ "$(pdffonts "$T/a.pdf" | awk 'NR > 2 && $(NF - 4) != "yes"' | wc -l)" -eq 0 ]
"$assay" stage1 "$early" --today $today --fail-on never --format json >"$T/r.json" 2>/dev/null
pdftotext "$T/a.pdf" "$T/a.pdf.txt"
ok 'every gap stands in each of them, in order' python3 tests/e2e/same.py "$T/r.json" "$T/a.md" \
    "$T/a.docx" "$T/a.pdf.txt" "$T/a.xlsx"

# A report that lies among the documents is written over by its successor.
for format in html md docx pdf xlsx; do
    exits 0 "$format beside the documents" stage1 "$T/copy" --today $today --fail-on never \
        --format $format --output "$T/copy/our report.$format"
    exits 0 "$format over itself" stage1 "$T/copy" --today $today --fail-on never \
        --format $format --output "$T/copy/our report.$format"
    rm "$T/copy/our report.$format"
done

env TERM=xterm-256color python3 tools/terminal.py --columns 80 "$assay" stage1 "$early" --today $today \
    --fail-on never --format pdf >"$T/screen" 2>&1
ok 'no PDF comes onto a terminal' says "$T/screen" 'A terminal cannot show pdf: --output FILE'
