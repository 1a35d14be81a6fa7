# The certification audit, as far as files tell.
early=examples/early

exits 1 'not ready for Stage 2' stage2 "$early" --today $today --format json --output "$T/two.json"
ok 'the result keeps its schema' python3 tests/report/schema.py "$T/two.json"
ok 'it says which stage it is' has "$T/two.json" 'r["schema"] == "assay.stage2/1" and r["stage"] == 2'
ok 'grades are those of the audit' has "$T/two.json" \
    'r["findings"] and {f["grade"] for f in r["findings"]} <= {"MAJOR", "MINOR", "OFI"}'
ok 'what files do not decide is left to the day' has "$T/two.json" \
    'len([q for q in r["on_the_day"] if q["looks_at"] and q["asks"]]) > 20'
ok 'nothing is judged and left' has "$T/two.json" 'not (
    {q["requirement"] for q in r["on_the_day"]} & {f["requirement"] for f in r["findings"]})'
exits 0 'every format' stage2 "$early" --today $today --fail-on never --for auditor --format text --format html \
    --format json --format sarif --format svg --format md --format docx --format pdf --format xlsx --output "$T/two"
ok 'the text has the words of the audit' says "$T/two/stage2.txt" 'major nonconformit'
ok 'and none of those of Stage 1' sh -c '! grep -qi "block Stage 1\|area of concern" "$1"' sh "$T/two/stage2.txt"
ok 'the text lists what is left to the day' says "$T/two/stage2.txt" 'The auditor will look at it on the day'
ok 'so has the paper' says "$T/two/stage2.md" 'Would Stage 2 pass'
ok 'and its list' says "$T/two/stage2.md" 'What the auditor will look at on the day'
ok 'and none of those of Stage 1' sh -c '! grep -qi "Stage 1 pass\|block Stage 1" "$1"' sh "$T/two/stage2.md"
ok 'the page is self-contained' python3 tests/e2e/page.py "$T/two/stage2.html"
ok 'the page asks the question' says "$T/two/stage2.html" 'Would Stage 2 pass'
exits 2 'the day of Stage 2 is this one' stage2 "$early" --stage2 2027-01-01
exits 0 'an earlier report' stage2 "$early" --today $today --fail-on never --since "$T/two.json" --format json
ok 'nothing has changed' has "$T/out" 'not r["since"]["better"] + r["since"]["worse"] + r["since"]["new"]'
exits 3 'one of the other stage' stage1 "$early" --today $today --since "$T/two.json"
ok 'it is named' says "$T/err" 'two.json is a report of the other stage'
