# Time stamps of the ledger: an authority of our own, and what authorities should not do.
unset ASSAY_ORGANISATION ASSAY_AS http_proxy https_proxy all_proxy
ASSAY_HOME=$(place home)
export ASSAY_HOME
python3 tests/verify/authority.py "$T/authority" &
authority=$!
for _ in $(seq 100); do
    [ ! -f "$T/authority/url" ] || break
    sleep 0.1
done
url=$(cat "$T/authority/url")
exits 0 'a home' init "$ASSAY_HOME" --name 'Brackwater' --owner 'Ada Byron'
exits 4 'no authority is named' ledger stamp
ok 'which is said' says "$T/err" 'set organisation time_stamp_authorities'
asks() { # CODE WHAT ADDRESSES
    "$assay" set organisation "time_stamp_authorities=$3" >"$T/out" 2>&1
    exits "$1" "$2" ledger stamp
}
asks 4 'what no authority should do' "${url}refuses
http://time.example/
time, please
http://127.0.0.1:9/
${url}another
${url}large
${url}garbage
${url}page
${url}away
${url}ill"
refused() { # WHAT PATTERN
    ok "$1" says "$T/line" "$2"
}
tr '\n' ' ' <"$T/err" >"$T/line"
refused 'it refuses' '/refuses: The time stamp authority refused'
refused 'not by https' 'time.example/ is not asked: only https:// is'
refused 'no address' '"time, please" is no address'
refused 'nobody answers' 'http://127.0.0.1:9/ cannot be reached'
refused 'it stamps something else' '/another has stamped something else'
refused 'too large a reply' '/large answers with more than 65536 bytes'
refused 'no DER' '/garbage: This is no reply of a time stamp authority'
refused 'a page' '/page answers with something else'
refused 'it sends elsewhere' '/away answers with the status 302'
refused 'it is ill' '/ill answers with the status 503'
exits 0 'none of it was kept' ledger status
ok 'no stamp' not says "$T/out" 'existed by'
asks 0 'a stamp' "$url"
ok 'which is said' says "$T/out" 'says that the first'
exits 0 'it is shown' ledger status
ok 'with its time' says "$T/out" 'says that they existed by 20'
exits 0 'it is a record' list time_stamp
ok 'one' says "$T/out" 'TS-001'
exits 4 'that nobody else writes' add time_stamp size=1 authority=me stamped_at=2026-01-01T00:00:00.000Z "sha256=$(echo | sha256sum | cut -d' ' -f1)"
exits 0 'once is enough' ledger stamp
ok 'which is said' says "$T/out" 'stamped already'
asks 1 'one of two' "$url
${url}ill"
ok 'which is said' says "$T/out" 'Not stamped: .*503'
exits 0 'all holds' ledger verify
"$assay" ledger status | grep -o 'assay/brackwater/.*+.*+.*' >"$T/key"
exits 0 'in a bundle' bundle --output "$T/bundle.zip"
exits 0 'in an archive' backup --output "$T/archive.zip" --with-keys
"$(dirname "$assay")/assay-verify" "$T/bundle.zip" --key "$(cat "$T/key")" >"$T/out" 2>&1
ok 'the verifier finds it' says "$T/out" 'time stamps, once their signatures are checked'
mkdir "$T/hand"
(cd "$T/hand" && unzip -q "$T/bundle.zip" && for stamp in ledger/stamps/*; do
    size=$(basename "$stamp" | cut -d. -f1)
    openssl ts -verify -data "ledger/previous/$size" -in "$stamp" -CAfile "$T/authority/ca.pem"
done) >"$T/out" 2>&1
ok 'and openssl takes it' [ "$(grep -c 'Verification: OK' "$T/out")" -eq 2 ]
kill "$authority"
exits 0 'brought back' restore "$T/archive.zip" --home "$(place second)"
exits 0 'it is there' ledger status --home "$(place second)"
ok 'with its time' says "$T/out" 'says that they existed by 20'
exits 0 'and all holds' ledger verify --home "$(place second)"
