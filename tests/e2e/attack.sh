# What others try on every route of a served home, and what clients do that are none (attack.py, wire.py).
tell() { # what a program of cases said, a verdict and a name a line
    while read -r verdict name; do
        case $verdict in
        passed) right ;;
        FAILED) wrong "$name" "$T/cases" ;;
        esac
    done <"$T/cases"
    ok "$1: all cases were tried" says "$T/cases" '^passed '
}
if ! $quick; then
    python3 "$here/attack.py" "$assay" >"$T/cases" 2>"$T/err"
    ok 'attacks are fended off' [ $? -eq 0 ]
    tell attacks
fi
