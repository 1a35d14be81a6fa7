# A home judged by its records.
ASSAY_HOME=$(place home)
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

# Rules of the organisation's own: one that finds, and some that do what none may.
own_rule() { # NAME SQL
    cat > "$T/$1.yaml" <<END
- id: $1
  requirement: C6.1.2-d1
  stage: [1, 2]
  of: home
  subject: subject
  select: |
    $2
  title: A risk that we do not take
  statement: "{{subject}} has the highest consequence."
  why: We said that we take none.
  next_step: Treat it.
  effort_days: 1
  lead_days: 0
  tests: {violates: [{}], conforms: [{}]}
END
}
endless='WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)'
own_rule our-highest "SELECT ref AS subject, path, place, quote FROM risk WHERE consequence >= 5"
own_rule our-endless "$endless SELECT 'x' AS subject FROM r WHERE n < 0"
own_rule our-hungry "WITH RECURSIVE r (n, t) AS (SELECT 1, '' UNION ALL SELECT n + 1, n || printf('%.900000c', 'x') FROM r
    WHERE n < 1000) SELECT t AS subject FROM r ORDER BY t DESC"
own_rule our-writer "DELETE FROM risk RETURNING ref AS subject"
own_rule our-guest "ATTACH '$T/other.db' AS other"
for rule in our-writer our-guest; do
    exits 3 "$rule is refused" content add "$T/$rule.yaml"
    ok 'by its name' says "$T/err" "$rule"
done
ok 'and nothing was made' test ! -e "$T/other.db"
for rule in our-highest our-endless our-hungry; do
    exits 0 "$rule is taken" content add "$T/$rule.yaml"
done
exits 0 'all are judged by' judge --stage stage2 --today $today --fail-on never --json
ok 'one finds what it looks for' has "$T/out" '[e["record"] for f in r["findings"] if f["rule"] == "our-highest"
    for e in f["evidence"]] == ["R-08"]'
ok 'those that were stopped are named' has "$T/out" 'sorted(w["name"] for w in r["warnings"]) == ["our-endless", "our-hungry"]'
ok 'the others say what they said' has "$T/out" '"risk-owners" in [f["rule"] for f in r["findings"]]'
