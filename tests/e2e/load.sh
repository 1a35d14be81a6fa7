# A served home while many are at it, that is stopped then, and killed.
if ! $quick; then
    python3 "$here/load.py" "$assay" >"$T/load" 2>"$T/err"
    code=$?
    while read -r verdict name; do
        case $verdict in
        passed) right ;;
        FAILED) wrong "$name" "$T/load" ;;
        esac
    done <"$T/load"
    ok 'a server under load' [ $code -eq 0 ]
fi
