# What people will be asked: the first questions, a sheet for one of them, and its answers.
printf 'stage2: 2027-03-01\n' >"$T/stage2.yaml"
exits 0 'a report' stage1 tests/sets/harbourpay --today $today --fail-on never --profile "$T/stage2.yaml" \
    --format text --format html --format json --output "$T/report"
ok 'ten questions' has "$T/report/stage1.json" 'len(r["first_questions"]) == 10'
ok 'most with a page that is there' has "$T/report/stage1.json" \
    'sum(q["path"] in docs for q in r["first_questions"]) >= 5 and all(not q["path"] or q["path"] in docs for q in r["first_questions"])'
ok 'or with what is still to be written' has "$T/report/stage1.json" \
    'all(q["path"] or q["missing"] for q in r["first_questions"])'
ok 'records in the order of their days' has "$T/report/stage1.json" \
    'len(r["start_now"]) > 8 and [s["begin_by"] for s in r["start_now"]] == sorted(s["begin_by"] for s in r["start_now"])'
ok 'its schema' python3 tests/report/schema.py "$T/report/stage1.json"
ok 'in the text' says "$T/report/stage1.txt" "The auditor's first questions to you"
ok 'what to start' says "$T/report/stage1.txt" 'Start now'
ok 'the page is whole' python3 tests/e2e/page.py "$T/report/stage1.html"
exits 0 'auditors get none of it' stage1 tests/sets/harbourpay --today $today --fail-on never --for auditor
ok 'no questions' not says "$T/out" 'first questions'

exits 0 'a sheet from the report' interview --report "$T/report/stage1.json" --role ciso
ok 'whose it is' says "$T/out" 'What the auditor will ask: information security manager'
ok 'with a page to open' says "$T/out" 'have open'
cp "$T/out" "$T/sheet.txt"
exits 0 'the same from the folder' interview tests/sets/harbourpay --today $today --role CISO --profile "$T/stage2.yaml"
ok 'in the same words' cmp "$T/out" "$T/sheet.txt"
for format in md docx pdf json; do
    exits 0 "as $format" interview --report "$T/report/stage1.json" --role TM --format $format \
        --output "$T/sheet.$format"
done
ok 'the DOCX is one' python3 -c '
import sys, zipfile
text = zipfile.ZipFile(sys.argv[1]).read("word/document.xml").decode()
assert "top management" in text and "[answer]" in text' "$T/sheet.docx"
ok 'the Markdown is one' says "$T/sheet.md" '^# What the auditor will ask: top management'
exits 0 'answers to fill in' interview --report "$T/report/stage1.json" --role TM --write-answers "$T/answers.yaml"
sed -i 's/Q-TM-01: {score: , said: ""}/Q-TM-01: {score: 3, said: "Because of the shippers"}/' "$T/answers.yaml"
ok 'there is room for them' says "$T/answers.yaml" 'Because of the shippers'
exits 0 'they are read back' interview --report "$T/report/stage1.json" --role TM --profile "$T/answers.yaml"
ok 'and shown' says "$T/out" 'Because of the shippers'
exits 0 'by stage1 too' stage1 tests/sets/harbourpay --today $today --fail-on never --profile "$T/answers.yaml"
exits 0 'and kept' stage1 tests/sets/harbourpay --today $today --fail-on never --profile "$T/answers.yaml" \
    --write-profile "$T/answers.yaml"
ok 'word for word' says "$T/answers.yaml" 'Because of the shippers'
exits 2 'without a role' interview tests/sets/harbourpay
exits 2 'without a folder' interview --role TM
exits 3 'nobody' interview --report "$T/report/stage1.json" --role gardener
ok 'who there is' says "$T/err" 'CISO \(information security manager\)'
exits 4 'not over a document' interview tests/sets/harbourpay --role TM \
    --output tests/sets/harbourpay/LICENSE.md
