# Ended at any moment, Assay leaves nothing behind: no temporary file, no half report, no process.
mkdir "$T/reports"
n=0
while [ "$n" -lt "$times" ]; do
    n=$((n + 1))
    "$assay" stage1 tests/sets/ayka examples/early --today $today --format json \
        --output "$T/reports/r.json" >/dev/null 2>&1 &
    pid=$!
    sleep "0.$(printf '%03d' $((n * 37 % 400)))"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    left=$(ls -A "$TMPDIR")
    if [ -n "$left" ]; then
        wrong "killed after a while: left $left"
        rm -rf "${TMPDIR:?}"/*
    else
        right
    fi
    if [ -e "$T/reports/r.json" ]; then
        ok 'a report is whole or not there' has "$T/reports/r.json" '"verdict" in r'
        rm "$T/reports/r.json"
    fi
done
# A report is written beside its place first, so one such file may stay; never two for one name.
ok 'no pile of half reports' [ "$(ls -A "$T/reports" | wc -l)" -le "$times" ]
sleep 0.2
ok 'no process is left' not pgrep -f "$T/reports/r.json"
