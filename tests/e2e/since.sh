# Compared with an earlier report: what changed, in every format, and what is refused.
mkdir "$T/isms"
cp -R examples/early/. "$T/isms"
rm "$T/isms/scope.md"
exits 0 'the earlier report' stage1 "$T/isms" --today 2026-09-01 --fail-on never --format json \
    --output "$T/then.json"
cp examples/early/scope.md "$T/isms"
exits 0 'every format' stage1 "$T/isms" --today $today --fail-on never --since "$T/then.json" \
    --format text --format html --format json --format sarif --format svg --output "$T/now"
ok 'the result keeps its schema' python3 tests/report/schema.py "$T/now/stage1.json"
ok 'what is there now is better' has "$T/now/stage1.json" \
    'any(c["what"] == "document" and c["was"] == "missing" for c in r["since"]["better"])'
ok 'the minimum grew' has "$T/now/stage1.json" \
    'r["since"]["minimum"]["was"]["met"] < r["since"]["minimum"]["now"]["met"]'
ok 'what stayed is in no list' has "$T/now/stage1.json" 'not (
    {f["id"] for f in json.load(open(sys.argv[1].replace("now/stage1", "then")))["findings"]}
    & {c["id"] for c in r["since"]["new"]})'
ok 'the text says since when' says "$T/now/stage1.txt" 'Since 1 September 2026'
ok 'the page is self-contained' python3 tests/e2e/page.py "$T/now/stage1.html"
ok 'the page shows a picture' says "$T/now/stage1.html" '<svg class="picture"'
ok 'the picture is XML that loads nothing' python3 -c '
import sys, xml.etree.ElementTree as tree
text = open(sys.argv[1], encoding="utf-8").read()
root = tree.fromstring(text)
assert root.tag == "{http://www.w3.org/2000/svg}svg", root.tag
assert "url(" not in text and "href" not in text and "<script" not in text
assert len(root.findall(".//{http://www.w3.org/2000/svg}rect")) > 40
' "$T/now/stage1.svg"
exits 0 'the same again' stage1 "$T/isms" --today $today --fail-on never --since "$T/now/stage1.json" \
    --format json
ok 'nothing has changed' has "$T/out" \
    'not r["since"]["better"] + r["since"]["worse"] + r["since"]["new"]'
exits 0 'a picture alone' stage1 "$T/isms" --today $today --fail-on never --format svg
ok 'it is one' says "$T/out" '^<svg '
exits 0 'the last report is replaced' stage1 "$T/isms" --today $today --fail-on never \
    --since "$T/then.json" --format json --output "$T/then.json"
ok 'by the next' has "$T/then.json" 'r["today"] == "2026-11-30" and r["since"]["today"] == "2026-09-01"'

sed 's:assay.stage1/1:assay.stage1/7:' "$T/then.json" >"$T/other.json"
exits 3 'another version' stage1 "$T/isms" --since "$T/other.json"
ok 'file and field are named' says "$T/err" 'other\.json .*the field schema is "assay.stage1/7"'
sed 's:iso27001-2022:iso9001:' "$T/then.json" >"$T/other.json"
exits 3 'another standard' stage1 "$T/isms" --since "$T/other.json"
ok 'file and field are named' says "$T/err" 'other\.json .*the field standard\.id is "iso9001"'
head -c 3000 "$T/then.json" >"$T/cut.json"
exits 3 'cut off' stage1 "$T/isms" --since "$T/cut.json"
ok 'file and line are named' says "$T/err" 'cut\.json is no JSON: line [0-9]+'
exits 3 'only an inventory' stage1 "$T/isms" --since tests/report/sample.yaml
exits 3 'not there' stage1 "$T/isms" --since "$T/nothing.json"
exits 3 'from tomorrow' stage1 "$T/isms" --today 2026-01-01 --since "$T/then.json"
