# What was decided to be erased goes for good, and all that stays is as provable as before.
unset ASSAY_HOME ASSAY_ORGANISATION ASSAY_AS
verifier=$(dirname "$assay")/assay-verify

# A hundred persons more than the company has: imported, referred to, named in texts and files.
ASSAY_HOME=$T/home
export ASSAY_HOME
exits 0 'a home' init "$T/home" --name Brackwater --owner 'Jana Weiß'
exits 0 'a company' import tests/planted/baseline.json
python3 tests/e2e/erase.py people 100 "$T/people.csv"
exits 0 'a hundred persons more' import "$T/people.csv" --register person
exits 0 'one of whom is named elsewhere' add event 'reporter=Xaveriusz Quillfeather' \
    'what=Quillfeather, Xaveriusz lost a key, and YLVALINDE QUILLFEATHER saw it.'
printf 'The curriculum of Xaveriusz Quillfeather' >"$T/Xaveriusz Quillfeather.txt"
exits 0 'or in the name of a file' add evidence title=CV "file=@$T/Xaveriusz Quillfeather.txt"
exits 0 'or learnt something' add training person=P-002 topic=Phishing effect=Xaveriusz
exits 0 'another version of one' set person P-002 'function=Head of Quillfeather'
exits 0 'a bundle of before' bundle --output "$T/before.zip"
ok 'the search finds what is there' not python3 tests/e2e/erase.py left 100 "$T/before.zip"

# Proposed by one, approved by another.
exits 0 'another who may approve' members add Voss owner
ASSAY_AS='Jana Weiß'
export ASSAY_AS
python3 tests/e2e/erase.py refs 100 >"$T/refs"
exits 0 'a decision' add erasure "persons=@$T/refs" basis=request \
    'reason=Xaveriusz Quillfeather asked for it, and ninety-nine others' \
    'records=[{"register": "evidence", "record": "EVID-001", "field": "file"}]'
exits 4 'is not carried out before it is approved' erase ERA-001 --yes
ok 'it says how that is done' says "$T/err" 'assay advance erasure ERA-001 approved'
exits 4 'nor approved by who decided' advance erasure ERA-001 approved
exits 0 'what would go' erase ERA-001 --preview
ok 'by registers' says "$T/out" 'Persons +100 records, 404 values'
ok 'with the texts of others' says "$T/out" 'event EV-001 +what'
exits 0 'and nothing went' show person P-002
ok 'not a name' says "$T/out" 'Xaveriusz Quillfeather'
exits 0 'another approves' advance erasure ERA-001 approved --as Voss
exits 4 'that alone erases nothing' advance erasure ERA-001 carried_out erased_records=1

# What stands in its way.
exits 0 'a hold' add legal_hold title='Lawsuit 12 O 34/26' persons=P-050
exits 4 'stops all of it' erase ERA-001 --yes
ok 'and says which' says "$T/err" 'HOLD-001 \(Lawsuit 12 O 34/26\) covers person P-050'
exits 0 'until it is lifted' advance legal_hold HOLD-001 lifted --as Voss
exits 0 'a change after the approval' set erasure ERA-001 requested_on=2026-11-01
exits 4 'has to be approved' erase ERA-001 --yes
exits 0 'by way of a second thought' advance erasure ERA-001 proposed
exits 0 'and so it is' advance erasure ERA-001 approved --as Voss
exits 0 'a member' members add P-003 reader
exits 4 'who may not' erase ERA-001 --preview --as P-003
exits 4 'is a member no longer first' erase ERA-001 --yes
ok 'and how' says "$T/err" 'assay members remove P-003'
exits 0 'they go' members remove P-003
exits 4 'it wants a yes' erase ERA-001
exits 0 'carried out' erase ERA-001 --yes
ok 'with a file' says "$T/out" '1 files are erased'

# What it looks like afterwards.
exits 0 'the ledger holds' ledger verify
exits 0 'a person without a name' show person P-002
ok 'which is said' says "$T/out" 'P-002 \(erased\)'
exits 0 'history' history person P-002
ok 'names the decision' says "$T/out" 'erased by Jana Weiß \(owner\), ERA-001'
ok 'and no more' says "$T/out" 'Name +\(erased\)'
exits 0 'the text of another' show event EV-001
ok 'without the names' says "$T/out" '\(erased\) lost a key, and \(erased\) saw it'
ok 'but who they are by number' says "$T/out" 'P-002 \(erased\)'
exits 3 'the file' fetch evidence EVID-001 --output "$T/never"
ok 'was erased' says "$T/err" 'was erased'
exits 0 'nothing is found by it' search quillfeather
ok 'not a word' says "$T/out" 'No record has'
exits 0 'a person can be changed further' set person P-002 department=Support
exits 3 'but nobody is erased by hand' set person P01 'name=(erased)'
exits 0 'it is done once' erase ERA-001 --yes
ok 'as it says' says "$T/out" 'carried out before'
exits 0 'persons leave' export person --output "$T/person.csv"
exits 0 'and come back the same' import "$T/person.csv"
ok 'as they were' not says "$T/out" 'new|changed'
exits 0 'a bundle of after' bundle --output "$T/after.zip"
exits 0 'a backup' backup --with-keys --output "$T/backup.zip"
exits 0 'which comes back' restore "$T/backup.zip" --home "$T/restored"
ok 'the bundle of before is verified' sh -c '"$1" "$2"; test $? -le 1' sh "$verifier" "$T/before.zip"
ok 'that of after too' sh -c '"$1" "$2" >"$3"; test $? -le 1' sh "$verifier" "$T/after.zip" "$T/verified"
ok 'with what was erased' says "$T/verified" '1 files of evidence were erased by a recorded decision'
ok 'which its pages say' sh -c 'unzip -p "$1" pages/evidence.html | grep -q "<dt>File</dt><dd>(erased)"' sh "$T/after.zip"
ok 'no byte of a name is left' python3 tests/e2e/erase.py left 100 "$T/home" "$T/person.csv" "$T/after.zip" \
    "$T/backup.zip"

# The same, of few persons, in PostgreSQL.
if [ -n "${ASSAY_TEST_POSTGRES:-}" ]; then
    unset ASSAY_AS
    ASSAY_HOME="$(database erase)"
    export ASSAY_FILES="$T/files"
    python3 tests/e2e/erase.py people 2 "$T/people.csv"
    exits 0 'a home in PostgreSQL' init "$ASSAY_HOME" --name Brackwater --owner 'Jana Weiß'
    exits 0 'persons' import "$T/people.csv" --register person
    exits 0 'a file' add evidence title=CV "file=@$T/Xaveriusz Quillfeather.txt"
    exits 0 'a decision of one alone' set organisation four_eyes=no 'four_eyes_reason=One person'
    exits 0 'a decision' add erasure persons=P-002,P-003 basis=retention reason=Left \
        'records=[{"register": "evidence", "record": "EVID-001"}]'
    exits 0 'approved' advance erasure ERA-001 approved
    exits 0 'carried out' erase ERA-001 --yes
    exits 0 'the ledger holds' ledger verify
    exits 0 'all is whole' doctor
    exits 0 'a person without a name' show person P-002
    ok 'which is said' says "$T/out" 'P-002 \(erased\)'
    ok 'no object is left' [ "$(find "$T/files/orgs/brackwater/vault" -type f | wc -l)" -eq 0 ]
    ok 'what the database has' sh -c 'pg_dump "$1" >"$2"' sh "$ASSAY_HOME" "$T/dump.sql"
    ok 'is not a byte of them' python3 tests/e2e/erase.py left 2 "$T/dump.sql" "$T/files"
fi
