# A home in PostgreSQL while its server is stopped at once and its processes are killed.
if [ -n "${ASSAY_TEST_POSTGRES:-}" ] && ! $quick; then
    url=$(database "server_$$")
    rounds=4
    [ "$times" -le 40 ] || rounds=$((times / 20))
    exits 0 'a home' init --home "$url" --name Brackwater --owner 'Anna Weber' --time-zone UTC
    ok 'nothing is lost and nothing is there twice' python3 tests/e2e/server.py "$assay" "$url" "$rounds"
fi
