# SARIF as forges take it: the official schema, addresses that lead to the files, the same names.
sarif=$root/tests/report/sarif.py

for set in examples/early tests/sets/medlab tests/sets/foundry; do
    exits 0 "$set" stage1 "$set" --today $today --fail-on never --format sarif --output "$T/a.sarif"
    ok "$set keeps the schema" python3 "$sarif" "$T/a.sarif" .
done

# Names that addresses do not take as they are, and folders given in odd ways.
mkdir -p "$T/w/our isms/100% done"
cp examples/early/scope.md "$T/w/our isms/100% done/scope #1?: draft.md"
cp examples/early/incidents.html "$T/w/our isms/Vorfälle.html"
for folder in 'our isms' './our isms/' 'our isms/100% done/..' "$T/w/our isms"; do
    (cd "$T/w" && "$assay" stage1 "$folder" --today $today --fail-on never --format sarif) \
        >"$T/b.sarif" 2>"$T/err"
    ok "$folder: addresses lead to the files" python3 "$sarif" "$T/b.sarif" "$T/w"
    ok "$folder: both files are named" says "$T/b.sarif" 'our%20isms/100%25%20done/scope%20%231%3F%3A%20draft.md'
done
(cd "$T/w" && "$assay" stage1 'our isms/100% done' 'our isms' --today $today --fail-on never \
    --format sarif) >"$T/c.sarif" 2>"$T/err"
ok 'two folders' python3 "$sarif" "$T/c.sarif" "$T/w"
(cd "$T/w" && "$assay" stage1 'our isms/Vorfälle.html' --today $today --fail-on never \
    --format sarif) >"$T/d.sarif" 2>"$T/err"
ok 'a file for a folder' python3 "$sarif" "$T/d.sarif" "$T/w"

exits 0 'as JSON' stage1 examples/early --today $today --fail-on never --format json \
    --format sarif --output "$T/all"
ok 'a result for each finding, or each line of it' python3 -c '
import json, sys
j = json.load(open(sys.argv[1] + "/stage1.json"))
s = json.load(open(sys.argv[1] + "/stage1.sarif"))["runs"][0]["results"]
names = [r["partialFingerprints"]["assayFinding/v1"] for r in s]
assert [f["id"] for f in j["findings"] for _ in f["lines"] or [0]] == [n.split("/")[0] for n in names]
assert len(set(names)) == len(names)
' "$T/all"
