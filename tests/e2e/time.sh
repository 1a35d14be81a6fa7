# What the audit will take: from a profile, from documents, and a quote held against it.
cat >"$T/profile.yaml" <<'PROFILE'
audit_time:
  persons: 40
  sites: 0
  factors: {business_type: 2, processes: 1, management_systems: 3, it_complexity: 1, suppliers: 3, development: 3}
PROFILE
exits 0 'from a profile alone' audit-time --profile "$T/profile.yaml"
ok 'the result and its steps' says "$T/out" '9.5 auditor days for Stage 1 and Stage 2'
ok 'the matrix' says "$T/out" 'Matrix .* \+10 % to \+50 %'
exits 0 'as JSON' audit-time --profile "$T/profile.yaml" --json
ok 'the days' has "$T/out" 'r["audit_time"]["days"] == 9.5 and r["audit_time"]["cycle_days"] == 22'
exits 0 'without anything' audit-time
ok 'what is asked first' says "$T/out" 'Not known until you say how many people'

printf 'body: A\nlines: [{activity: Stage 1, days: 3}, {activity: Stage 2, days: 12}]\n' >"$T/dear.yaml"
exits 1 'a quote with too much' audit-time --profile "$T/profile.yaml" --quote "$T/dear.yaml"
ok 'by how much' says "$T/out" 'Bills 2 days more than the table allows'
printf 'lines: [{activity: Initial audit, days: 5}]\n' >"$T/cheap.yaml"
exits 1 'a quote with too little' audit-time --profile "$T/profile.yaml" --quote "$T/cheap.yaml"
ok 'what is at stake' says "$T/out" 'accredited'
printf 'lines: [{activity: Initial audit, days: 9.5}]\n' >"$T/right.yaml"
exits 0 'a quote as it should be' audit-time --profile "$T/profile.yaml" --quote "$T/right.yaml"
exits 3 'no such quote' audit-time --profile "$T/profile.yaml" --quote "$T/none.yaml"
printf 'lines: 5\n' >"$T/bad.yaml"
exits 3 'no quote' audit-time --profile "$T/profile.yaml" --quote "$T/bad.yaml"
printf 'audit_time: {factors: {speed: 1}}\n' >"$T/bad.yaml"
exits 3 'no such factor' stage1 examples/early --profile "$T/bad.yaml"
ok 'it says where' says "$T/err" 'bad.yaml:1: there is no factor "speed"'
printf 'stage2: soon\n' >"$T/bad.yaml"
exits 3 'no day' stage1 examples/early --profile "$T/bad.yaml"

exits 0 'from documents' audit-time examples/early --today $today --write-profile "$T/open.yaml"
ok 'people are proposed' says "$T/out" 'scope.md says so'
exits 0 'what it wrote is read' audit-time examples/early --today $today --profile "$T/open.yaml" --json
ok 'and says no more' has "$T/out" 'r["audit_time"]["persons"]["source"] == "proposed"'
cp -R examples/early "$T/isms"
exits 4 'no profile over a document' audit-time "$T/isms" --write-profile "$T/isms/scope.md"
exits 0 'in the report' stage1 examples/early --today $today --fail-on never --profile "$T/profile.yaml" \
    --format text --format html --format json --output "$T/report"
ok 'its schema' python3 tests/report/schema.py "$T/report/stage1.json"
ok 'on the page' says "$T/report/stage1.html" 'id="time"'
ok 'the page is whole' python3 tests/e2e/page.py "$T/report/stage1.html"
