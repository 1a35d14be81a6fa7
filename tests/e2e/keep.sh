# Organisations carried about: backup, restore, move, on one database and between both.
unset ASSAY_HOME ASSAY_ORGANISATION ASSAY_AS
exits 0 'a home' init "$T/home" --name 'Brackwater Software GmbH' --owner 'Jana Weiß'
exits 0 'all that a company has' import tests/planted/baseline.json --home "$T/home"
exits 0 'backup' backup --with-keys --output "$T/backup.zip" --home "$T/home"
ok 'it says what is in it' says "$T/out" '[0-9]+ versions of [0-9]+'
ok 'nothing half stays beside it' test "$(ls "$T" | grep -c part)" -eq 0
exits 0 'a sealed one' backup --output "$T/sealed.zip" --home "$T/home"
ok 'it says what it needs' says "$T/out" 'keys of this home'
exits 3 'which is of no use without the keys' restore "$T/sealed.zip" --home "$T/sealed"
ok 'it says so' says "$T/err" '--with-keys'
ok 'and leaves no home' test ! -e "$T/sealed"
exits 3 'a backup wants a file' backup --output - --home "$T/home"

exits 0 'restored into a new home' restore "$T/backup.zip" --home "$T/restored"
exits 0 'all is whole' ledger verify --home "$T/restored"
exits 0 'its ledger' ledger status --json --home "$T/restored"
tree=$(grep -o '"root": *"[0-9a-f]*"' "$T/out")
exits 0 'is the same' ledger status --json --home "$T/home"
ok 'by its root' [ "$tree" = "$(grep -o '"root": *"[0-9a-f]*"' "$T/out")" ]
exits 0 'its records are there' list risk --limit 0 --json --home "$T/restored"
cp "$T/out" "$T/risks.json"
exits 0 'as they were' list risk --limit 0 --json --home "$T/home"
ok 'to the byte' cmp "$T/out" "$T/risks.json"
exits 0 'with their history' history risk RI01 --json --home "$T/restored"
exits 4 'nothing is written over' restore "$T/backup.zip" --home "$T/restored"
ok 'it says what is there' says "$T/err" 'already'

# What an archive says is compared with its ledger, and its files with what was filed.
for how in over twice; do
    ok "an archive that is no good: $how" python3 tests/e2e/import.py break "$T/backup.zip" $how "$T/bad.zip"
    exits 3 "is refused: $how" restore "$T/bad.zip" --home "$T/never"
done
ok 'it says why' says "$T/err" 'person, line 2: the same is there twice'
printf 'the minutes' >"$T/minutes.txt"
exits 0 'a file' add evidence title=Minutes file=@"$T/minutes.txt" --home "$T/restored"
exits 0 'a backup with it' backup --with-keys --output "$T/filed.zip" --home "$T/restored"
for how in keys file; do
    ok "an archive that lost something: $how" python3 tests/e2e/import.py break "$T/filed.zip" $how "$T/bad.zip"
    exits 1 "is taken: $how" restore "$T/bad.zip" --home "$T/lost-$how"
    ok 'and that is said' says "$T/out" 'it is not whole'
done
exits 0 'with its file all is well' restore "$T/filed.zip" --home "$T/filed"

# What earlier versions wrote is taken, whole.
for old in tests/archives/*.zip; do
    home="$T/$(basename "$old" .zip)"
    exits 0 "$old" restore "$old" --home "$home"
    exits 0 'its history' history risk RISK-001 --home "$home"
    ok 'is there' says "$T/out" 'Likelihood *3 → 2'
    exits 0 'its own register' list vehicle --json --home "$home"
    ok 'is too' has "$T/out" 'r["records"][0]["fields"]["name"] == "Van 1"'
    exits 4 'what was removed keeps its number' add risk description=Again --ref RISK-002 --home "$home"
    exits 0 'nothing differs' doctor --home "$home"
done

head -c 20000 "$T/backup.zip" >"$T/cut.zip"
exits 3 'a backup that is cut off' restore "$T/cut.zip" --home "$T/never"
exits 3 'what is none' restore README.md --home "$T/never"
ok 'it says so' says "$T/err" 'README.md is no archive'
exits 3 'a folder' restore docs --home "$T/never"
ok 'is none either' says "$T/err" 'docs is no archive'
mkfifo "$T/pipe"
exits 3 'a pipe that nobody writes to' restore "$T/pipe" --home "$T/never"
ok 'is not waited for' says "$T/err" 'pipe is no archive'
exits 3 'a device' restore /dev/zero --home "$T/never"
# A register of 400 MB without an end of line, packed into 400 KB.
python3 tests/e2e/bomb.py "$T/backup.zip" "$T/bomb.zip"
(ulimit -v 700000 && exec "$assay" restore "$T/bomb.zip" --home "$T/never") >"$T/out" 2>"$T/err"
ok 'a line that memory does not hold' [ $? -eq 3 ]
ok 'is told' says "$T/err" 'line 1: it is too long'
exits 3 'what is not there' restore "$T/nowhere.zip" --home "$T/never"
ok 'leaves no home' test ! -e "$T/never"

exits 0 'move' move "$T/home" "$T/moved"
ok 'it proves that nothing changed' says "$T/out" 'SHA-256'
exits 0 'the same verdict' judge --stage stage2 --today 2026-11-30 --home "$T/moved"
exits 3 'not onto itself' move "$T/home" "$T/home"
exits 3 'not from nowhere' move "$T/nowhere" "$T/moved"
exits 4 'by those who may' move "$T/home" "$T/other" --as Voss
ok 'no home is made' test ! -e "$T/other"

if [ -n "${ASSAY_TEST_POSTGRES:-}" ]; then
    url="$(database keep)"
    exits 0 'into PostgreSQL' move "$T/home" "$url"
    exits 0 'all is whole there' ledger verify --home "$url"
    exits 0 'its ledger' ledger status --json --home "$url"
    ok 'has the same root' [ "$tree" = "$(grep -o '"root": *"[0-9a-f]*"' "$T/out")" ]
    exits 0 'and out of it again' move "$url" "$T/back"
    exits 0 'a backup of it' backup --with-keys --output "$T/pg.zip" --home "$url"
    exits 0 'comes back as a file' restore "$T/pg.zip" --home "$T/file"
    exits 0 'the same records' list risk --limit 0 --json --home "$T/file"
    ok 'to the byte again' cmp "$T/out" "$T/risks.json"
fi
