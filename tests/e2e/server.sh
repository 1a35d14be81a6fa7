# A home in PostgreSQL while its server is stopped at once and its processes are killed: a server of its own, since
# others go on beside this.
if [ -n "${ASSAY_TEST_POSTGRES:-}" ] && ! $quick; then
    rounds=4
    [ "$times" -le 40 ] || rounds=$((times / 20))
    ok 'nothing is lost and nothing is there twice' tools/with-postgres python3 tests/e2e/server.py "$assay" "$rounds"
fi
