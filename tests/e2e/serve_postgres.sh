# The same server over a home in PostgreSQL.
if [ -n "${ASSAY_TEST_POSTGRES:-}" ] && ! $quick; then
    url=$(database "served_$$")
    python3 "$here/serve_postgres.py" "$assay" "$url" >"$T/cases" 2>"$T/err"
    code=$?
    while read -r verdict name; do
        case $verdict in
        passed) right ;;
        FAILED) wrong "$name" "$T/cases" ;;
        esac
    done <"$T/cases"
    ok 'a home in PostgreSQL is served' [ $code -eq 0 ]
fi
