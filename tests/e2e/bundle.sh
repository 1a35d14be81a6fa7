# A home, a bundle of it, and the auditor's verifier; then a change behind its back.
verifier=$(dirname "$assay")/assay-verify
home=$T/home
a() {
    "$assay" "$@" --home "$home" >"$T/out" 2>"$T/err"
}
ok 'a home' a init "$home" --name 'Bundle GmbH' --owner 'Ada Byron'
ok 'a risk' a add risk "description=Somebody steals <b>a laptop</b>" likelihood=3
ok 'changed' a set risk RISK-001 likelihood=2
ok 'a person' a add person name='Grace Hopper'
ok 'a bundle' a bundle --output "$T/all.zip" --for 'Example Certification'
ok 'says what it holds' says "$T/out" 'holds 6 versions of records'
ok 'it is a record' a list bundle
ok 'with whom it was for' says "$T/out" 'BUN-001'
unzip -p "$T/all.zip" ledger/keys.txt >"$T/keys"
unzip -p "$T/all.zip" ledger/checkpoint >"$T/checkpoint"
verifies() { # CODE WORDS...
    code=$1
    shift
    "$verifier" "$@" >"$T/out" 2>"$T/err"
    [ $? -eq "$code" ]
}
ok 'it verifies' verifies 1 "$T/all.zip" --key "$(head -n 1 "$T/keys")"
ok 'with its versions' says "$T/out" 'versions of records and 0 files'
ok 'a later one' a bundle --output "$T/later.zip" --open none
ok 'holds, with the checkpoint that was kept' verifies 0 "$T/later.zip" --key "$(head -n 1 "$T/keys")" --previous "$T/checkpoint"
ok 'its persons stay sealed' says "$T/out" '^info .*0 sealed fields were opened'
not_in() { ! unzip -p "$1" "$2" | grep -q "$3"; }
ok 'no name is in it' not_in "$T/later.zip" 'records/*' 'Grace'
in_it() { unzip -p "$1" "$2" | grep -q "$3"; }
ok 'the page shows what was opened' in_it "$T/all.zip" pages/person.html 'Grace Hopper'
ok 'as text' in_it "$T/all.zip" pages/risk.html '&lt;b&gt;a laptop'
ok 'only what stood in a period' a bundle --output "$T/old.zip" --to 2020-01-01
ok 'that holds too' verifies 0 "$T/old.zip" --key "$(head -n 1 "$T/keys")" --previous "$T/checkpoint"
ok 'and has no risk' not_in "$T/old.zip" manifest.json risk.jsonl
ok 'a period that ends before it begins' not a bundle --output "$T/none.zip" --from 2026-02-01 --to 2026-01-01
ok 'changes nothing' [ ! -e "$T/none.zip" ]

store=$(find "$home/orgs" -name '*.db' | head -n 1)
python3 - "$store" <<'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'record_version'").fetchall():
    db.execute('DROP TRIGGER "%s"' % name)
assert db.execute("UPDATE record_version SET body = replace(body, '\"likelihood\":3', '\"likelihood\":1') WHERE register = 'risk'").rowcount
db.commit()
END
ok 'a bundle after a change behind its back' a bundle --output "$T/changed.zip"
ok 'fails' verifies 2 "$T/changed.zip" --key "$(head -n 1 "$T/keys")"
ok 'and names the record' says "$T/out" '^FAILED .*records/risk.jsonl, version [0-9]*: it is not what was recorded'
