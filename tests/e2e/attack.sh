# What others try on every route of a served home (attack.py), and what comes over the wire that no client of ours would
# send (wire.py). With ASSAY_TEST_LONG=1 each of them everywhere, and not in turns.
tell() { # LABEL CODE: what a program of cases said, a verdict and a name a line
    ok "$1: all were tried" says "$T/$1" '^passed '
    ok "$1: nothing got through" [ "$2" -eq 0 ]
    while read -r verdict name; do
        case $verdict in
        passed) right ;;
        FAILED) wrong "$name" "$T/$1" ;;
        esac
    done <"$T/$1"
}
if ! $quick; then
    python3 "$here/wire.py" "$assay" >"$T/wire" 2>"$T/wire.err" &
    wire=$!
    python3 "$here/attack.py" "$assay" >"$T/attack" 2>"$T/attack.err"
    tell attack $?
    wait $wire
    tell wire $?
fi
