# Whether the server does what it says of itself (lies.py). Debian's hypothesis and jsonschema make and judge the requests.
# With ASSAY_TEST_LONG=1 for an hour or so, on all registers.
if ! $quick; then
    python=python3
    $python -c 'import hypothesis, jsonschema' 2>/dev/null || python=/usr/bin/python3
    $python "$here/lies.py" "$assay" >"$T/lies" 2>"$T/lies.err"
    code=$?
    ok 'it says all of it' [ "$(grep -c '^passed \|^FAILED ' "$T/lies")" -gt 100 ]
    ok 'it was asked to the end' silent "$T/lies.err"
    while read -r verdict what; do
        case $verdict in
        passed) right ;;
        FAILED) wrong "$what" "$T/lies" ;;
        esac
    done <"$T/lies"
    ok 'and it does not lie' [ "$code" -eq 0 ]
fi
