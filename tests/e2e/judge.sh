# A home judged by its records.
ASSAY_HOME=$T/home
export ASSAY_HOME

exits 0 'a home' init "$ASSAY_HOME" --name 'Small Ltd' --owner 'Ann Lee' --time-zone UTC
exits 1 'an empty home is not ready' judge --today $today
ok 'the text says so' says "$T/out" 'NOT READY FOR STAGE 1'
ok 'and speaks of no files' not grep -q 'Files read' "$T/out"
exits 0 'unless nobody minds' judge --today $today --fail-on never --json
ok 'the answer is there' has "$T/out" 'r["schema"] == "assay.judge/1" and r["stage"] == 1 and r["today"] == "2026-11-30"'
ok 'questions have ids' has "$T/out" '"ASK-CLIMATE" in [q["id"] for q in r["verdict"]["questions"]]'
exits 0 'a person answers' answer ASK-CLIMATE yes --note 'Decided in April' --on 2026-04-10
exits 0 'by the requirement too' answer C5.1-b yes --on 2026-04-10
exits 0 'an auditor' add person name='Olga Brandt'
exits 0 'from outside' members add 'Olga Brandt' external_auditor
exits 0 'asks for a verdict' judge --today $today --fail-on never --as 'Olga Brandt'
exits 4 'and does not answer for whom it is about' answer C5.1-b no --on 2026-04-11 --as 'Olga Brandt'
exits 3 'no such question' answer C99 yes
ok 'it says where they are' says "$T/err" 'assay judge lists'
exits 3 'no such answer' answer ASK-CLIMATE perhaps
exits 0 'judged again' judge --today $today --fail-on never --json
ok 'it is remembered' has "$T/out" '[q for q in r["requirements"] if q["id"] == "C4.1-clim"][0]["status"] == "met" and (
    "ASK-CLIMATE" not in [q["id"] for q in r["verdict"]["questions"]])'
exits 0 'a year later' judge --today 2027-05-01 --fail-on never --json
ok 'it is asked again' has "$T/out" '"ASK-CLIMATE" in [q["id"] for q in r["verdict"]["questions"]]'
exits 0 'a risk without owner' add risk ref=R-07 description='Theft of a laptop with customer data' likelihood=2 consequence=3
exits 0 'and one with' add risk ref=R-08 description='Fire in the only server room' likelihood=1 consequence=5 owner='Ann Lee'
exits 0 'at Stage 2' judge --stage stage2 --today $today --fail-on never --json
ok 'the finding names register and record' has "$T/out" '[(l["register"], l["record"]) for f in r["findings"]
    if f["rule"] == "risk-owners" for l in f["lines"]] == [("risk", "R-07")]'
cp "$T/out" "$T/before.json"
exits 0 'the day before' judge --stage stage2 --as-of 2026-01-01 --fail-on never --json
ok 'nothing was recorded then' has "$T/out" '"risk-owners" not in [f["rule"] for f in r["findings"]]'
for stage in surveillance recertification; do
    exits 0 "at the $stage" judge --stage $stage --today $today --fail-on never --json
    ok 'it says which' has "$T/out" "r['audit'] == '$stage' and r['stage'] in (3, 4)"
done
exits 0 'in every format' judge --today $today --fail-on never --format text --format html --format md --format json \
    --format sarif --format pdf --format docx --format xlsx --output "$T/all"
ok 'the page is self-contained' python3 tests/e2e/page.py "$T/all/judge.html"
