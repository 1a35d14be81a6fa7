# A home, a bundle of it, and the auditor's verifier; then a change behind its back.
verifier=$(dirname "$assay")/assay-verify
home=$(place home)
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

head -c 3000000 /dev/urandom >"$T/access log.csv"
ok 'evidence' a add evidence 'title=Access review' file=@"$T/access log.csv" supports=5.18 \
    'records=[{"register": "risk", "record": "RISK-001"}]'
ok 'that is told again' a set evidence EVID-001 'title=Access review, third quarter'
ok 'a bundle with its file' a bundle --output "$T/files.zip"
tr -s ' \n' ' ' <"$T/out" >"$T/line"
ok 'says that it has one' says "$T/line" 'versions of records and 1 files'
content=$(unzip -Z1 "$T/files.zip" | grep '^evidence/.*/content')
ok 'it is called by what it is' [ "${content##*-}" = 001/content.csv ]
same_file() { unzip -p "$T/files.zip" "$content" | cmp - "$T/access log.csv"; }
ok 'it is the file' same_file
ok 'the index leads to it' in_it "$T/files.zip" index.html "$content"
ok 'and says what it shows' in_it "$T/files.zip" index.html 'For controls: 5.18; For records: risk RISK-001'
ok 'so does the page of its record' in_it "$T/files.zip" pages/evidence.html "../$content"
ok 'the manifest has its sum' in_it "$T/files.zip" manifest.json "$content\",\"sha256\":\"$(sha256sum <"$T/access log.csv" | cut -d' ' -f1)"
ok 'it verifies' verifies 0 "$T/files.zip" --key "$(head -n 1 "$T/keys")" --previous "$T/checkpoint"
ok 'with the file' says "$T/out" 'versions of records and 1 files of evidence are those'
ok 'and says whose it is' says "$T/out" "$content: the file of entry [0-9]*, EVID-001 .Access review.; For controls: 5.18"
ok 'no version lacks it' not says "$T/out" 'have a file that is not in the bundle'
ok 'not where its register stays closed' a bundle --output "$T/closed.zip" --open risk
ok 'then there is none' not_in "$T/closed.zip" manifest.json evidence/
ok 'which the verifier counts' verifies 0 "$T/closed.zip" --key "$(head -n 1 "$T/keys")" --previous "$T/checkpoint"
ok 'as left out' says "$T/out" '2 versions of these records have a file that is not in the bundle'
object=$(find "$(files home)/orgs" -path '*/vault/*' -type f)
cp "$object" "$T/object"
printf x | dd of="$object" bs=1 seek=2000000 conv=notrunc 2>/dev/null
exits 1 'a file that was changed in the vault' bundle --home "$home" --output "$T/rotten.zip"
ok 'is named' says "$T/out" 'EVID-001 .Vault object'
ok 'also in the index' in_it "$T/rotten.zip" index.html 'lost</strong>'
ok 'and is no evidence' not_in "$T/rotten.zip" manifest.json /content
ok 'the verifier does not take it' verifies 2 "$T/rotten.zip" --key "$(head -n 1 "$T/keys")"
ok 'and says why' says "$T/out" '^FAILED  evidence/.*EVID-001 has no content, and no entry says that it was erased. The organisation says'
rm "$object"
exits 1 'nor a file that is gone' bundle --home "$home" --output "$T/rotten.zip"
ok 'which is named too' says "$T/out" 'NOT WHOLE: 1 files'
cp "$T/object" "$object"

ok 'an audit of a time to come' a add internal_audit scope=Accounts areas_controls=5.18 auditors=P-002 covers_from=2099-01-01 covers_to=2099-12-31
ok 'and what it found' a add finding 'statement=Nobody reviews' audit=IA-001
ok 'a bundle of the audit' a bundle --output "$T/audit.zip" --audit IA-001
ok 'has the audit' in_it "$T/audit.zip" pages/internal_audit.html IA-001
ok 'what it found' in_it "$T/audit.zip" 'records/*' 'Nobody reviews'
ok 'who audited' in_it "$T/audit.zip" pages/person.html 'Grace Hopper'
ok 'and nobody else' not_in "$T/audit.zip" pages/person.html 'Ada Byron'
ok 'evidence of what it looks at, as it stands' in_it "$T/audit.zip" pages/evidence.html 'third quarter'
ok 'with its file' in_it "$T/audit.zip" manifest.json evidence/.*/content.csv
ok 'not what it does not look at' not_in "$T/audit.zip" manifest.json risk.jsonl
ok 'its time is said' in_it "$T/audit.zip" index.html 'Audit: IA-001. Time: 2099-01-01 – 2099-12-31'
ok 'it verifies' verifies 0 "$T/audit.zip" --key "$(head -n 1 "$T/keys")" --previous "$T/checkpoint"
ok 'what changed in its time' a bundle --output "$T/audit.zip" --audit IA-001 --from 2020-01-01
ok 'is in it too' in_it "$T/audit.zip" manifest.json risk.jsonl
ok 'an audit that is not there' not a bundle --output "$T/none.zip" --audit IA-077

ok 'a change behind its back' behind home bundle-gmbh \
    "UPDATE record_version SET body = replace(body, '\"likelihood\":3', '\"likelihood\":1') WHERE register = 'risk' AND body LIKE '%\"likelihood\":3%'"
ok 'a bundle of it' a bundle --output "$T/changed.zip"
ok 'fails' verifies 2 "$T/changed.zip" --key "$(head -n 1 "$T/keys")"
ok 'and names the record' says "$T/out" '^FAILED .*records/risk.jsonl, version [0-9]*: it is not what was recorded'
