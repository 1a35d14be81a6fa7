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
key=$(cat "$T/key.txt")
verifies 0 'all of it, with a key and a checkpoint from outside' "$T/good.zip" --key "$key" --previous "$T/checkpoint"
ok 'it says how much' says "$T/out" 'All 301 entries'
ok 'records and evidence too' says "$T/out" '300 versions of records and 1 files'
ok 'what was erased by a decision' says "$T/out" '1 files of evidence were erased by a recorded decision'
ok 'what stays closed' says "$T/out" '267 sealed fields were opened; 30 were not, and 1 were erased'
ok 'what it does not prove' says "$T/out" 'It does not prove:'
ok 'which anchors there are' says "$T/out" 'your own checkpoint over 120 entries'
verifies 1 'without these there is something to note' "$T/good.zip"
ok 'no anchor is said to be there' says "$T/out" 'none. Whoever holds'
verifies 0 'deflated' "$T/deflated.zip" --key "$key" --previous "$T/checkpoint"
verifies 0 'for programs' "$T/good.zip" --json --key "$key" --previous "$T/checkpoint"
ok 'as JSON' has "$T/out" 'r["holds"] and r["size"] == 301 and r["counts"]["files"] == 1 and len(r["anchors"]) == 1'
verifies 1 'a key that another introduced' "$T/rotated.zip" --key "$key"
verifies 0 'two of them, with a checkpoint from outside' "$T/rotated-twice.zip" --key "$key" --previous "$T/checkpoint"
verifies 0 'and from the last key back' "$T/rotated-twice.zip" --key "$(cat "$T/third.txt")" --previous "$T/checkpoint"
verifies 2 'not a key that nobody stands for' "$T/bad-forged.zip" --key "$key"
ok 'which is said' says "$T/out" 'Entry 300 names a key of the ledger that none of its other keys has signed for'
verifies 1 'time stamps' "$T/stamped.zip" --key "$key" --previous "$T/checkpoint"
ok 'with what checks their signature' says "$T/out" 'openssl ts -verify -data ledger/previous/100 -in ledger/stamps/100.example.tsr'
verifies 2 'a time stamp of another checkpoint' "$T/hand-stamp.zip" --key "$key"
ok 'which is named' says "$T/out" 'The time stamp 301.example.tsr is not of this checkpoint'
verifies 1 'a clock that went back' "$T/clock.zip" --key "$key"
ok 'is told' says "$T/out" 'The clock went back 1 times, first at entry 10'
verifies 2 'another key' "$T/good.zip" --key \
    PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW
for changed in "$T"/bad-*.zip; do
    verifies 2 "$(basename "$changed" .zip)" "$changed" --key "$key" --previous "$T/checkpoint"
    ok "$(basename "$changed" .zip) says why" says "$T/out" '^FAILED'
done
ok 'each change to a bundle is found and named' python3 tests/verify/mutate.py "$verifier" --every 7
verifies 3 'no bundle' README.md
verifies 4 'no file' "$T/nowhere.zip"
verifies 4 'no word' --previous
ok 'it is small' [ "$(wc -c <"$verifier")" -lt 1500000 ]
ok 'and static' not ldd "$verifier"
