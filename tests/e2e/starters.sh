# Drafts of what is missing: for every kind, never evidence as long as they are not filled in, and a
# document of their kind once they are.
mkdir "$T/nothing" && echo 'Nothing yet.' >"$T/nothing/a.md"
exits 0 'drafts for a company that has nothing' stage1 "$T/nothing" --today $today --fail-on never \
    --starters "$T/drafts" --format text --format json --output "$T/report"
ok 'its schema' python3 tests/report/schema.py "$T/report/stage1.json"
ok 'one for each kind, and registers' has "$T/report/stage1.json" \
    'sum("-" in s["id"] for s in r["starters"]) == 51 and sum("-" not in s["id"] for s in r["starters"]) >= 12'
ok 'all of it was written' has "$T/report/stage1.json" \
    'all(f["written"] for s in r["starters"] for f in s["files"])'
ok 'it is said' says "$T/report/stage1.txt" 'Drafts written'
ok 'in Markdown and DOCX' test -s "$T/drafts/required/isms-scope.docx"
ok 'marked as draft' says "$T/drafts/required/isms-scope.md" 'Status.*Draft'

exits 0 'a folder of drafts' stage1 "$T/drafts" --today $today --fail-on never --format json
ok 'they are forms' has "$T/out" \
    'all(d["is_template"] for d in r["documents"] if not d["path"].startswith("registers/"))'
ok 'and evidence of nothing' has "$T/out" \
    'not [c for c in r["criteria"] if c["evidence"]] and r["verdict"]["minimum"]["met"] == 0'

ok 'each list is read as what it is, with no line but the example' has "$T/out" \
    '(len({t["register"] for t in r["registers"] if t["path"].startswith("registers/")}) >= 12
     and all(t["rows"] == t["samples"] == 1 and all(c["field"] for c in t["columns"])
             for t in r["registers"] if t["path"].startswith("registers/")))'

mkdir "$T/filled"
ok 'they can be filled in' python3 "$here/starters.py" fill "$T/drafts" "$T/filled"
exits 0 'a folder of what became of them' stage1 "$T/filled" --today $today --fail-on never --format json
cp "$T/out" "$T/filled.json"
ok 'each criterion is met' python3 "$here/starters.py" check "$T/filled.json"
ok 'they are no forms' has "$T/filled.json" 'not [d["path"] for d in r["documents"] if d["is_template"]]'

echo 'my own' >"$T/drafts/required/isms-scope.md"
exits 0 'once more' stage1 "$T/nothing" --today $today --fail-on never --starters "$T/drafts" --format json
ok 'nothing is written over' has "$T/out" 'not any(f["written"] for s in r["starters"] for f in s["files"])'
ok 'what was there is there' says "$T/drafts/required/isms-scope.md" '^my own$'
cp -R "$T/drafts" "$T/first" && rm -r "$T/drafts"
exits 0 'the same again' stage1 "$T/nothing" --today $today --fail-on never --starters "$T/drafts" --format json
rm "$T/first/required/isms-scope.md" "$T/drafts/required/isms-scope.md"
ok 'gives the same bytes' diff -r "$T/first" "$T/drafts"

exits 0 'for a company that has begun' stage1 examples/early --today $today --fail-on never \
    --starters "$T/early" --format json
ok 'what is there gets no draft' has "$T/out" 'not {s["id"] for s in r["starters"]} & {
    k["kind"] for d in r["documents"] if not d["is_template"] for k in d["kinds"]}'
ok 'who it is' says "$T/early/required/information-security-objectives-and-plans.md" 'Larkfield Instruments Ltd'
ok 'what others say is at hand' sh -c "grep -rq 'Here scope.md says' '$T/early'"

python3 "$here/soa.py" make "$T/soa"
exits 0 'an older Statement of Applicability' stage1 "$T/soa/earlier" --today $today --fail-on never \
    --starters "$T/new"
ok 'comes over' says "$T/new/required/statement-of-applicability.md" '^\| A.5.1 \| Policies for information security \| Yes \|'
ok 'with the new controls marked' python3 -c '
import re, sys
text = open(sys.argv[1]).read()
assert len(re.findall(r"new in this edition", text)) == 11, text.count("new in")
assert len(re.findall(r"^\| (?:\*\*)?A\.", text, re.M)) == 93
' "$T/new/required/statement-of-applicability.md"
ok 'as a sheet too' test -s "$T/new/required/statement-of-applicability.xlsx"
exits 0 'the draft' stage1 "$T/new" --today $today --fail-on never --format json
ok 'is a form too' has "$T/out" 'r["verdict"]["minimum"]["met"] == 0'
exits 3 'where nothing can be written' stage1 "$T/nothing" --starters /dev/null/drafts
