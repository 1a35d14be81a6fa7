# The real document sets: each is judged, keeps the schema, and gives the same bytes again.
for set in tests/sets/*/; do
    name=$(basename "$set")
    exits 0 "$name" stage1 "$set" --today $today --fail-on never --format json --format html --format text \
        --output "$T/$name"
    [ "$got" -eq 0 ] || continue
    ok "$name: the result keeps its schema" python3 tests/report/schema.py "$T/$name/stage1.json"
    ok "$name: no worker crashed" not grep -qE 'worker (crashed|ended|tried)' "$T/$name/stage1.json"
    ok "$name: the page is self-contained" python3 tests/e2e/page.py "$T/$name/stage1.html"
    ok "$name: every quote stands in its document" python3 tests/e2e/quotes.py "$T/$name/stage1.json" "$set"
    "$quick" && continue
    exits 0 "$name again" stage1 "$set" --today $today --fail-on never --format json --output "$T/$name.json"
    # The command line is part of the result.
    sed '/^    "command"/d' "$T/$name/stage1.json" >"$T/a.json"
    sed '/^    "command"/d' "$T/$name.json" >"$T/b.json"
    ok "$name: the same bytes again" cmp "$T/a.json" "$T/b.json"
done
ok 'nothing is left in the temporary folder' [ -z "$(ls -A "$TMPDIR")" ]
