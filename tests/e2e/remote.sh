# The same commands on a home that is here and on one that is served elsewhere: what they say, write and end with is
# the same, byte by byte. In a folder and in PostgreSQL.
unset ASSAY_SERVER ASSAY_TOKEN ASSAY_TOKEN_FILE
password='four plain words here'

# both CODE WORDS...: on a home here, and on another over a server. Each in a folder of its own.
both() {
    code=$1
    shift
    cd "$T/here" || return
    exits "$code" "here: $*" "$@" --home "$home_a" --today "$today"
    cp "$T/out" "$T/a.out" && cp "$T/err" "$T/a.err"
    cd "$T/there" || return
    exits "$code" "there: $*" "$@" --server "$base"
    ok "the same answer: $*" cmp "$T/a.out" "$T/out"
    ok "the same words: $*" cmp "$T/a.err" "$T/err"
    ok "the same files: $*" diff -r "$T/here" "$T/there"
    cd "$root" || return
}

# same CODE WORDS...: on one home, from here and over its server.
same() {
    code=$1
    shift
    exits "$code" "here: $*" "$@" --home "$home_b" --today "$today"
    cp "$T/out" "$T/a.out" && cp "$T/err" "$T/a.err"
    exits "$code" "there: $*" "$@" --server "$base"
    ok "the same answer: $*" cmp "$T/a.out" "$T/out"
    ok "the same words: $*" cmp "$T/a.err" "$T/err"
}

begin_server() { # HOME: its owner has an account, and that a token
    "$assay" serve --home "$1" --listen 127.0.0.1:0 --today "$today" >"$T/said" 2>"$T/served" </dev/null &
    server=$!
    for _ in $(seq 120); do
        grep -q 'Assay is at' "$T/said" && break
        sleep 0.5
    done
    base=$(sed -n 's/^Assay is at \([^ ]*\) .*/\1/p' "$T/said")
    link=$(sed -n 's/^ *\(http[^ ]*link[^ ]*\)$/\1/p' "$T/said")
    owner=$(curl -s "$link" | sed -n 's/.*name="owner" value="\(small-ltd[^"]*\)".*/\1/p')
    curl -s -o "$T/out" "$link" -d "owner=$owner" -d login=ann -d "password=$password" -d "again=$password"
    exits 0 'a token of all rights' tokens add ann 'e2e' --home "$1" --right write --right approve --right judge \
        --right transfer --right administer
    mkdir -p "$T/config/assay"
    (umask 077 && cp "$T/out" "$T/config/assay/token")
    XDG_CONFIG_HOME=$T/config
    export XDG_CONFIG_HOME
}

files_to_send() {
    rm -rf "$T/here" "$T/there"
    mkdir "$T/here"
    cd "$T/here" || return
    printf 'Ref,Risk,Likelihood,Consequence\nRISK-101,A laptop is lost,2,3\nRISK-102,Fire,1,3\n' >risks.csv
    printf 'ref,description,nothing\nRISK-103,Water,x\n' >odd.csv
    printf 'Review of access rights, 2026-10\n' >review.txt
    printf 'A long reason\nin two lines' >reason.txt
    printf -- '- id: rule_of_ours\n  nonsense: true\n' >rules.yaml
    printf 'id: vehicle\ntitle: Vehicles\nhelp: What drives.\nfields:\n  plate: {type: text, label: Plate, help: Its number.}\n' >vehicle.yaml
    mkdir -p folder/sub
    printf '# Access control policy\n\nVersion 1.2, approved by Ann Lee on 2026-03-02.\n\nAccess is given by need.\n' >folder/sub/access.md
    printf 'Ref,Risk\nRISK-104,Theft\n' >folder/more.csv
    cd "$root" || return
    cp -a "$T/here" "$T/there"
}

# What both databases are asked.
plain() {
    both 0 add person 'name=Mia Holm'
    both 0 add risk 'description=Fire & flood' likelihood=2 consequence=3 owner='Mia Holm'
    both 3 add risk 'colour=red'
    both 0 add evidence 'title=Review' 'file=@review.txt'
    both 0 fetch evidence EVID-001 --output fetched.txt
    both 0 set risk RISK-001 'description=Fire and flood' --rev 1
    both 0 import risks.csv
    both 0 export risk person --output lists --format csv
    same 0 list risk --where 'level>=2' --sort -level --columns ref,level
    same 0 show risk RISK-001 --json
    same 3 show risk RISK-099
    same 4 set risk RISK-001 'description=x' --rev 1
    same 0 ledger verify
}

writing() {
    both 0 add risk 'description=@reason.txt' --ref RISK-7
    both 4 fetch evidence EVID-001 --output fetched.txt
    both 4 remove risk RISK-7
    both 0 remove risk RISK-7 --yes
    both 3 import missing.csv
    both 0 import --folder folder --preview
    both 0 content add vehicle.yaml
}

# For ./dev soak.
long() {
    both 0 fetch evidence EVID-001 --output folder
    both 3 content add rules.yaml
    same 0 export --all --output "$T/all.json"
    same 0 diff --from 2026-01-01 --json
    same 0 ledger prove risk RISK-001
    both 3 add risk 'description=@missing.txt'
    exits 0 'reports are made here' judge --server "$base" --format html --format sarif --fail-on never --output "$T/reports"
    ok 'all of them' [ "$(find "$T/reports" -type f -size +1k | wc -l)" -eq 2 ]
    both 2 list risk --limit many
    both 4 fetch evidence EVID-001
    both 3 fetch evidence EVID-001 --output no/such/place
    both 0 import risks.csv --preview
    both 0 import odd.csv --register risk
    both 2 import
    both 3 export risk --output risks
    both 0 add vehicle plate=KI-AB-1
    both 4 members remove 'Ann Lee'
    both 3 answer NOTHING yes
    both 3 erase ERASURE-001 --yes
    both 3 add risc description=x
    both 4 advance risk RISK-001 accepted residual_likelihood=1
    both 0 members add 'Mia Holm' reader
    same 0 search fire
    same 0 members
    same 0 doctor
    same 0 registers risk --json
    same 0 judge --stage stage2 --for auditor --fail-on never --json
    same 0 vault scrub
    same 3 list risk --where colour=red
}

reading() {
    same 0 history risk RISK-001
    same 1 judge
    exits 0 'a bundle' bundle --server "$base" --output "$T/audit.zip"
    ok 'is whole' unzip -tq "$T/audit.zip"
    exits 0 'an archive' export --server "$base" --archive "$T/all.zip"
    ok 'is whole too' unzip -tq "$T/all.zip"
    exits 0 'what came so says it' history risk RISK-001 --home "$home_b"
    ok 'by which token' says "$T/out" 'by token'
    printf 'piped' | "$assay" add evidence title=Piped file=@- --server "$base" >"$T/out" 2>"$T/err"
    ok 'standard input goes there too' says "$T/out" '^EVID-002$'
}

refused() {
    exits 4 'a whole home' backup --server "$base" --output "$T/backup.zip"
    ok 'is said to be one' says "$T/err" 'run it where the home is'
    exits 4 'accounts' accounts --server "$base"
    exits 2 'both' list risk --server "$base" --home "$home_b"
    exits 2 'another day' list risk --server "$base" --today 2026-01-01
    exits 0 'somebody else' members add 'Mia Holm' reader --server "$base"
    exits 4 'as whom' list risk --server "$base" --as 'Mia Holm'
    ok 'is not to be' says "$T/err" 'everybody acts as who they are'
    exits 0 'in a role of their own' list risk --server "$base" --as 'Ann Lee/owner'
    exits 3 'another organisation' list risk --server "$base" --organisation other
    exits 3 'no address' list risk --server 'nowhere'
    exits 3 'not in the clear' list risk --server 'http://isms.example'
    exits 5 'nobody there' list risk --server 'http://127.0.0.1:1'
    ok 'is said' says "$T/err" 'does not answer'
    chmod 644 "$XDG_CONFIG_HOME/assay/token"
    exits 4 'a token that others may read' list risk --server "$base"
    chmod 600 "$XDG_CONFIG_HOME/assay/token"
    ASSAY_TOKEN=assay_0123456789012345678901234567890123456789012
    export ASSAY_TOKEN
    exits 4 'a token that is none' list risk --server "$base"
    ok 'and why' says "$T/err" 'This token is none, or has ended'
    exits 0 'one that reads' tokens add ann reads --home "$home_b"
    ASSAY_TOKEN=$(cat "$T/out")
    exits 0 'reads' list risk --server "$base"
    for words in 'add risk description=x' judge 'import README.md' 'doctor --mend'; do
        # shellcheck disable=SC2086
        exits 4 "and no more: $words" $words --server "$base"
        ok 'which is said' says "$T/err" 'a token that has not the right|may not'
    done
    ASSAY_SERVER=$base
    export ASSAY_SERVER
    exits 0 'once and for all' list risk
    ASSAY_HOME=$home_b
    export ASSAY_HOME
    exits 2 'one of both' list risk
    exits 0 'as is said' list risk --home "$home_b"
    unset ASSAY_HOME ASSAY_SERVER ASSAY_TOKEN
}

life() { # HOME-HERE HOME-THERE
    home_a=$1 home_b=$2
    for home in "$home_a" "$home_b"; do
        exits 0 'a home' init --home "$home" --name 'Small Ltd' --owner 'Ann Lee' --time-zone UTC
    done
    files_to_send
    begin_server "$home_b"
    plain
    $more || return 0
    writing
    reading
    [ -z "${ASSAY_TEST_LONG:-}" ] || long
    refused
}

stop_server() {
    kill -TERM $server
    wait $server
}

# A certificate that nobody knows is none; one that is named is.
certified() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
        -addext 'subjectAltName=DNS:localhost' -keyout "$T/key.pem" -out "$T/cert.pem" 2>/dev/null
    "$assay" serve --home "$home_b" --listen 127.0.0.1:0 --certificate "$T/cert.pem" --key "$T/key.pem" \
        >"$T/said" 2>"$T/served" </dev/null &
    server=$!
    for _ in $(seq 120); do
        grep -q 'Assay is at' "$T/said" && break
        sleep 0.5
    done
    safe=https://localhost:$(sed -n 's/^Assay is at [^ ]*:\([0-9]*\) .*/\1/p' "$T/said")
    exits 5 'whose certificate nobody knows' list risk --server "$safe"
    ok 'is not spoken to' says "$T/err" 'certificate'
    ASSAY_CA=$T/cert.pem
    export ASSAY_CA
    exits 0 'one that is named' list risk --server "$safe"
    unset ASSAY_CA
}

more=true
life "$T/a" "$T/b"
stop_server
certified
stop_server
if [ -n "${ASSAY_TEST_POSTGRES:-}" ]; then
    more=false
    life "$(database remote_a)" "$(database remote_b)"
    stop_server
fi
unset XDG_CONFIG_HOME
