# A home in PostgreSQL answers as one in a folder does, and its password is not told.
if [ -n "${ASSAY_TEST_POSTGRES:-}" ]; then
    secret=$(database twin | sed 's|assay@|assay:s3cret@|')
    name="Brackwater $$"

    # Times of the day differ.
    plain() {
        sed -E 's/[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?/TIME/g'
    }

    # both CODE WORDS...: exit code and words are the same in the folder and in the database.
    both() {
        code=$1
        shift
        exits "$code" "in a folder: $*" "$@" --home "$T/home" --today $today
        cat "$T/out" "$T/err" | plain >"$T/folder"
        exits "$code" "in PostgreSQL: $*" "$@" --home "$secret" --organisation "brackwater-$$" --today $today
        cat "$T/out" "$T/err" | plain >"$T/database"
        ok "the same words: $*" diff "$T/folder" "$T/database"
        ok "no password: $*" not grep -q s3cret "$T/database"
    }

    exits 0 'a home in a folder' init --home "$T/home" --name "$name" --owner 'Anna Weber' --time-zone UTC
    exits 0 'a home in PostgreSQL' init --home "$secret" --name "$name" --owner 'Anna Weber' --time-zone UTC
    ok 'it is said without the password' not grep -q s3cret "$T/out" "$T/err"
    both 0 add person 'name=Ben Okafor'
    both 0 add person 'name=Zoë 🔒 Ürün'
    both 0 add risk 'description=Fire in the server room' owner=P-001
    both 0 add risk 'description=_ Flood' owner=P-002
    both 0 set risk RISK-001 'description=Fire in a server room'
    both 0 list risk
    both 0 list person
    both 0 search fire
    both 3 show risk RISK-009
    both 3 add risk owner=P-009
    both 0 remove risk RISK-002 --yes
    both 3 show risk RISK-002
    both 0 history risk RISK-001
    both 0 doctor

    # Its keys and evidence lie in a folder of files, which is its own.
    files=$T/files
    one="$(database files)"
    exits 0 'a home with a folder of files' init --home "$one" --files "$files" --name A --owner B
    ok 'keys are for its owner' test "$(stat -c %a "$files/keys" "$files/orgs/a/vault" | sort -u)" = 700
    exits 3 'no record is read without its keys' list person --home "$one" --files "$T/elsewhere"
    ok 'it says whose folder is wanted' says "$T/err" 'without its keys'
    exits 3 'nothing is made in its place' organisations add C --owner D --home "$one" --files "$T/elsewhere"
    ok 'it says how to go on' says "$T/err" '--files'
    ok 'nothing was made' test ! -e "$T/elsewhere"
    exits 4 'not by that of another home' list person --home "$secret" --files "$files"
    ok 'which is said' says "$T/err" 'another home'
    mv "$files" "$T/moved"
    exits 0 'it may be moved' organisations add C --owner D --home "$one" --files "$T/moved"
    rm -rf "$T/moved"
    psql -q "$one" -c 'DROP SCHEMA assay_directory CASCADE; DROP SCHEMA org_a CASCADE; DROP SCHEMA org_c CASCADE' >/dev/null 2>&1
    exits 0 'a new home in the same database' init --home "$one" --files "$T/moved" --name A --owner B

    exits 3 'no such database' list risk --home "$secret&dbname=nowhere"
    ok 'it is named' says "$T/err" 'nowhere'
    ok 'and nothing else' not grep -q s3cret "$T/err"
    exits 3 'a server that is not there' list risk --home 'postgresql://anna:s3cret@/x?host=/nowhere'
    ok 'its password is not told' not grep -q s3cret "$T/err"
else
    echo 'postgres: left out, since ASSAY_TEST_POSTGRES names no database (tools/with-postgres starts one)'
fi
