# The auditor's verifier, on bundles that were made without Assay.
verifier=$(dirname "$assay")/assay-verify
verifies() { # CODE WHAT WORDS...
    code=$1 what=$2
    shift 2
    "$verifier" "$@" >"$T/out" 2>"$T/err"
    got=$?
    if [ "$got" -eq "$code" ]; then right; else
        cat "$T/err" >>"$T/out"
        wrong "$what: exit code $got, not $code" "$T/out"
    fi
}

ok 'bundles are made' python3 tests/e2e/verify.py "$T"
verifies 0 'all of it, with a key and a checkpoint from outside' "$T/good.zip" \
    --key "$(cat "$T/key.txt")" --previous "$T/checkpoint"
ok 'it says how much' says "$T/out" 'All 300 entries'
ok 'records and evidence too' says "$T/out" '300 versions of records and 1 files'
verifies 1 'without these there is something to note' "$T/good.zip"
ok 'what it does not prove' says "$T/out" 'does not prove'
verifies 0 'for programs' "$T/good.zip" --json --key "$(cat "$T/key.txt")" --previous "$T/checkpoint"
ok 'as JSON' has "$T/out" 'r["holds"] and r["size"] == 300'
verifies 2 'another key' "$T/good.zip" --key \
    PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW
for changed in "$T"/flip-*.zip "$T"/gone-*.zip "$T"/rewritten.zip "$T"/moved.zip "$T"/shorter.zip \
    "$T"/opening.zip; do
    verifies 2 "$(basename "$changed" .zip)" "$changed" --key "$(cat "$T/key.txt")"
done
ok 'many were tried' [ "$(ls "$T" | grep -c '\.zip$')" -gt 15 ]
verifies 3 'no bundle' README.md
verifies 4 'no file' "$T/nowhere.zip"
verifies 4 'no word' --previous
ok 'it is small' [ "$(wc -c <"$verifier")" -lt 1500000 ]
ok 'and static' not ldd "$verifier"
