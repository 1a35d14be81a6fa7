# Files of records: stored, fetched, never written over, and found where they are lost.
unset ASSAY_HOME ASSAY_ORGANISATION ASSAY_AS

# vaulted HOME FOLDER: a life of evidence, in the vault FOLDER.
vaulted() {
    home=$1
    vault=$2
    head -c 2500000 /dev/urandom >"$T/review.pdf"
    printf 'the second' >"$T/second.pdf"
    exits 0 'evidence with its file' add evidence 'title=Access review' supports=5.18 source=LDAP \
        period_from=2026-07-01 period_to=2026-09-30 "file=@$T/review.pdf" --home "$home"
    exits 0 'it says what it is' show evidence EVID-001 --home "$home"
    ok 'by the name of the file' says "$T/out" 'review.pdf'
    ok 'and when it came' says "$T/out" 'Received at'
    ok 'one object is there' test "$(find "$vault" -type f | wc -l)" -eq 1
    ok 'it tells nothing' not grep -rqF "$(head -c 24 "$T/second.pdf")" "$vault"
    exits 0 'fetched' fetch evidence EVID-001 --output "$T/out.pdf" --home "$home"
    ok 'to the byte' cmp "$T/out.pdf" "$T/review.pdf"
    exits 4 'nothing is written over' fetch evidence EVID-001 --output "$T/out.pdf" --home "$home"
    rm "$T/out.pdf"

    exits 0 'another file' set evidence EVID-001 "file=@$T/second.pdf" --home "$home"
    exits 0 'is another version' fetch evidence EVID-001 --output "$T/out.pdf" --home "$home"
    ok 'of its own' cmp "$T/out.pdf" "$T/second.pdf"
    ok 'the first stays' test "$(find "$vault" -type f | wc -l)" -eq 2
    rm "$T/out.pdf"
    exits 3 'a file that is not there' add evidence title=X "file=@$T/nowhere" --home "$home"
    exits 3 'a folder is no file' add evidence title=X "file=@$T" --home "$home"
    exits 3 'nor is a text' add evidence title=X file=review.pdf --home "$home"
    ok 'it says how' says "$T/err" 'FIELD=@PATH'
    exits 3 'where there is no file' fetch person P-001 --home "$home"

    exits 0 'all is whole' vault scrub --home "$home"
    largest=$(find "$vault" -type f -size +1000k)
    printf 'x' | dd of="$largest" bs=1 seek=1234567 conv=notrunc 2>/dev/null
    exits 1 'a byte that was changed' vault scrub --home "$home"
    ok 'is named with its record' says "$T/out" 'EVID-001'
    ok 'and what it showed' says "$T/out" '5.18'
    exits 1 'verifying finds it too' ledger verify --home "$home"
    ok 'with its record' says "$T/out" 'EVID-001'
    exits 0 'unless files are only looked for' ledger verify --quick --home "$home"
    rm "$largest"
    exits 1 'then it is missed' ledger verify --quick --home "$home"
    exits 1 'a file that is lost' vault scrub --json --home "$home"
    ok 'is too' has "$T/out" 'r["problems"][0]["ref"] == "EVID-001" and "lost" in r["problems"][0]["message"]'
}

exits 0 'a home' init "$T/home" --name A --owner B
vaulted "$T/home" "$T/home/orgs/a/vault"
if [ -n "${ASSAY_TEST_POSTGRES:-}" ]; then
    url="$(database vault)"
    export ASSAY_FILES="$T/files"
    exits 0 'a home in PostgreSQL' init --home "$url" --name A --owner B
    vaulted "$url" "$T/files/orgs/a/vault"
    mv "$T/files" "$T/away"
    exits 3 'without its files' fetch evidence EVID-001 --output "$T/never" --home "$url"
    ok 'it says what is missing' says "$T/err" '--files'
    exits 3 'and no record is read' list evidence --home "$url"
    unset ASSAY_FILES
fi
