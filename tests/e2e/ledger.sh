# The ledger: what was changed behind Assay's back is found, and what was signed holds.
unset ASSAY_ORGANISATION ASSAY_AS
ASSAY_HOME=$T/home
export ASSAY_HOME
exits 0 'a home' init "$T/home" --name 'Brackwater' --owner 'Ada Byron'
exits 0 'a person' add person 'name=Jana Weber' email=jana@brackwater.example
exits 0 'a checkpoint' ledger checkpoint
cp "$T/out" "$T/checkpoint"
ok 'three lines and a signature' [ "$(wc -l <"$T/checkpoint")" -eq 5 ]
exits 0 'more' set person P-002 'function=Head of development'
exits 0 'a proof that it begins so' ledger consistency "$(sed -n 2p "$T/checkpoint")" --json
ok 'from the root that was signed' says "$T/out" "$(sed -n 3p "$T/checkpoint" | sed 's/[+/]/./g')"
exits 0 'a proof of a record' ledger prove person P-002
ok 'as others read it' says "$T/out" 'c2sp.org/tlog-proof@v1'
exits 3 'not of what is not there yet' ledger consistency 99
exits 0 'all holds' ledger verify
ok 'nothing personal is in versions and entries' \
    sh -c '! sqlite3 "$1" "SELECT body FROM record_version; SELECT bytes FROM ledger_entry; SELECT value FROM opening" |
        grep -q "Jana\|jana"' sh "$T/home/orgs/brackwater/store.db"
if command -v sqlite3 >/dev/null; then
    sqlite3 "$T/home/orgs/brackwater/store.db" "UPDATE record_version SET at = replace(at, '2026', '2025') WHERE seq = 4"
    exits 1 'a version that was dated back' ledger verify
    ok 'is named' says "$T/out" 'person P-002 +Version 1 has another instant'
    exits 1 'also for programs' ledger verify --json
    ok 'with register, ref and version' says "$T/out" '"ref": "P-002"'
fi
