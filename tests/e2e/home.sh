# A user's life with a home: from init to the look back, in a folder and, where there is one, in a
# PostgreSQL database. What people are told is read as they read it.

# value KEY: of the JSON in $T/out, without quotes.
value() {
    sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$T/out" | head -n 1
}
is() { # WHAT GOT WANTED
    if [ "$2" = "$3" ]; then right; else wrong "$1: \"$2\", not \"$3\""; fi
}

begin() { # HOME
    export ASSAY_HOME="$1"
    exits 0 'init' init "$1" --name 'Brackwater Software GmbH' --owner 'Jana Weiß' \
        --time-zone Europe/Berlin
    next=$(grep -o 'export ASSAY_HOME=.*so that' "$T/out" | sed 's/ *so that$//')
    ok 'what to do next can be typed' [ "$(unset ASSAY_HOME && eval "$next" && printf %s "$ASSAY_HOME")" = "$ASSAY_HOME" ]
    exits 0 'init by whoever sits here' init --home "$T/alone-$passed" --name 'One Person Ltd'
    exits 0 'in a folder with a blank' init --home "$T/al'l one-$passed" --name 'One Person Ltd'
    ok 'what to type is what a shell takes' says "$T/out" "ASSAY_HOME='/.*/al'.''l one-"
    exits 0 'the fields of a register' registers organisation
    ok 'say what is wanted, and when' says "$T/out" 'where left out: yes'
    exits 0 'and of another' registers risk
    ok 'labels' says "$T/out" 'owner +Risk owner: '
    ok 'limits and defaults' says "$T/out" 'a step of the scale of likelihood; at least 1'
    exits 4 'init over a home' init "$1" --name Other --owner Other
    ok 'it is said' says "$T/err" 'is a home already'
    exits 0 'the organisation is recorded' show organisation
    ok 'with its zone' says "$T/out" 'Europe/Berlin'
}

people() {
    exits 0 'a person' add person 'name=Rolf Vogel' 'function=Head of operations'
    ok 'add prints the ref alone' says "$T/out" '^P-002$'
    exits 0 'another' add person 'name=Ada Byron'
    exits 0 'a member' members add 'Rolf Vogel' contributor
    exits 0 'a reader' members add 'Ada Byron' reader
    exits 3 'no such role' members add 'Ada Byron' managr
    ok 'the nearest is named' says "$T/err" 'Did you mean "manager"'
    for list in accounts tokens 'mail list' 'members --as-of 2020-01-01'; do
        exits 0 "$list, of which there is none" $list
        ok 'it is said' says "$T/out" '^(Nobody|No program|There is no)'
    done
    exits 3 'no such person' members add 'Rolf Vogl' reader
    ok 'how to record one is said' says "$T/err" 'assay add person'
    exits 4 'the only owner stays' members remove 'Jana Weiß'
    exits 4 'as a record too' remove membership MEMBERSHIP-001 --yes
    ok 'it says what to do first' says "$T/err" 'assay members add'
    exits 4 'in another role neither' set membership MEMBERSHIP-001 role=reader
    exits 4 'nor until yesterday' set membership MEMBERSHIP-001 until=2026-01-01
    printf 'Ref,Person,Role\nMEMBERSHIP-001,P-001,reader\n' >"$T/members.csv"
    exits 4 'nor by an import' import "$T/members.csv" --register membership
    exits 4 'and the organisation' remove organisation ORG-001 --yes
    exits 0 'all as before' members
    ok 'an owner is there' says "$T/out" 'Jana Weiß +owner'
    exits 0 'who takes part' members
    ok 'all are there' says "$T/out" 'Rolf Vogel +contributor'
    exits 4 'a stranger may nothing' list risk --as P-003/owner
    exits 3 'nobody of that name' list risk --as Nobody
}

writing() {
    exits 0 'nothing yet' list risk
    ok 'what to do is said' says "$T/out" 'assay add risk description='
    exits 0 'a risk' add risk 'description=Ransomware encrypts the build servers' likelihood=3 \
        consequence=5 'owner=Rolf Vogel' treatment=modify --key first
    ok 'it has a ref' says "$T/out" '^RISK-001$'
    exits 0 'the same again under its key' add risk \
        'description=Ransomware encrypts the build servers' likelihood=3 consequence=5 \
        'owner=Rolf Vogel' treatment=modify --key first
    ok 'is the same' says "$T/out" '^RISK-001$'
    exits 4 'another one under its key' add risk 'description=Something else' --key first
    printf 'A laptop is lost in a train,\nand nobody knows what was on it.\n' >"$T/laptop.txt"
    exits 0 'a text from a file' add risk "description=@$T/laptop.txt" owner=P-003
    exits 0 'a text that begins with the sign' add risk 'description=@@home office'
    exits 3 'no such file' add risk "description=@$T/none"
    exits 3 'no such register' add rsk x=1
    ok 'the nearest register' says "$T/err" 'Did you mean "risk"'
    exits 3 'no such field' add risk descripton=x
    ok 'the nearest field' says "$T/err" 'Did you mean "description"'
    exits 3 'what is required' add risk likelihood=3
    ok 'the register and field are named' says "$T/err" 'Risk register.*Risk'
    exits 3 'no such person in a field' add risk description=x 'owner=Rolf Vogl'
    ok 'the field is named' says "$T/err" 'Rolf Vogl'
    exits 3 'no step of a scale' add risk description=x likelihood=often
    exits 2 'no assignment' set risk RISK-001 likelihood 3 --rev x
    exits 4 'a reader writes nothing' add risk description=x --as 'Ada Byron'
    ok 'the role is named' says "$T/err" 'Ada Byron acts as reader'
}

changing() {
    exits 0 'a change' set risk RISK-001 likelihood=2 'owner=Ada Byron' --rev 1
    ok 'what was and what is' says "$T/out" 'Risk owner +Rolf Vogel → Ada Byron'
    exits 4 'a change of what somebody else has changed' set risk risk-1 likelihood=4 --rev 1
    ok 'who, and what' says "$T/err" 'version 1, now 2.*Jana Wei.*Likelihood'
    exits 3 'a field twice' set risk RISK-001 likelihood=2 likelihood=3
    ok 'one would be lost' says "$T/err" 'likelihood is given twice'
    exits 3 'what does not fit' set risk RISK-001 owner=Nobody
    ok 'record, register and field are named' says "$T/err" 'RISK-001: Risk register, Risk owner: '
    exits 2 'what is no text' set risk RISK-001 "$(printf 'threat=\377')"
    ok 'the field is named' says "$T/err" 'threat is no valid UTF-8'
    exits 0 'the same again' set risk RISK-001 likelihood=2
    ok 'is no change' says "$T/out" 'so already'
    exits 0 'a field is emptied' set risk RISK-001 treatment=
    ok 'it says so' says "$T/out" 'modify → \(nothing\)'
    exits 3 'nothing to set in a record that is not named' set risk
    exits 3 'a record that is not named' set risk likelihood=2
    exits 0 'the only record of its register' set organisation legal_form=GmbH
    exits 0 'lists' list risk --where 'likelihood>=2' --where 'owner=Ada Byron' --sort -likelihood
    ok 'what is so' says "$T/out" 'RISK-001'
    ok 'not what is not' not grep -q RISK-002 "$T/out"
    ok 'a level without a method says why' says "$T/out" 'Risk level follows from Risk method'
    exits 0 'columns of choice' list risk --columns description,likelihood --limit 1
    ok 'and how many more' says "$T/out" '1 of 3'
    exits 3 'no such field to sort by' list risk --sort likelyhood
}

states() {
    exits 0 'a nonconformity' add corrective_action 'statement=No backup was restored for a year' \
        'owner=Jana Weiß'
    exits 4 'not before the cause is known' advance corrective_action CA-001 done
    ok 'what is missing is named' says "$T/err" 'Cause'
    exits 0 'with it' advance corrective_action CA-001 done \
        'cause=Nobody was told to do it' 'extent=All of the three systems'
    exits 4 'a state by hand' set corrective_action CA-001 status=closed
    exits 0 'what closing needs' set corrective_action CA-001 effectiveness=effective \
        'effectiveness_by=Ada Byron' "effectiveness_on=$(date +%F)"
    exits 4 'nobody closes their own' advance corrective_action CA-001 closed
    ok 'why is said' says "$T/err" 'Jana Wei|[Oo]wner|four'
    exits 0 'a second pair of eyes' members add 'Ada Byron' manager
    exits 0 'closes it' advance corrective_action CA-001 closed --as 'Ada Byron'
    exits 4 'no way leads there' advance corrective_action CA-001 dnoe
    exits 3 'a register without states' advance person P-001 gone
}

# An employee sees and writes what is their own, an auditor gives the states that auditors give.
roles() {
    exits 0 'an employee' add person 'name=Mia Holm'
    exits 0 'takes part' members add 'Mia Holm' employee
    exits 0 'reports an incident' add incident 'what=A false mail with a link' --as 'Mia Holm'
    exits 0 'in their name' show incident IN-001 --json
    is 'of themselves' "$(value reported_by)" P-004
    exits 0 'another reports one' add incident 'what=A door stood open' 'reported_by=Rolf Vogel'
    exits 0 'they see their own' list incident --as 'Mia Holm'
    ok 'it is there' says "$T/out" 'IN-001'
    ok 'and nothing else' not grep -q IN-002 "$T/out"
    exits 4 'not that of others' show incident IN-002 --as 'Mia Holm'
    exits 4 'nor its history' history incident IN-002 --as 'Mia Holm'
    exits 4 'nor other registers' list risk --as 'Mia Holm'
    exits 4 'nor in the name of others' add incident what=x 'reported_by=Rolf Vogel' --as 'Mia Holm'
    exits 0 'search gives them nothing of others' search door --as 'Mia Holm'
    ok 'not a word' not grep -q IN-002 "$T/out"
    exits 0 'nor does what has changed' diff --from 2020-01-01 --as 'Mia Holm'
    ok 'not a ref' not grep -qE 'RISK-|IN-' "$T/out"
    exits 0 'an auditor' members add 'Mia Holm' internal_auditor
    exits 4 'changes nothing that they audit' set corrective_action CA-001 'cause=Other' \
        --as 'Mia Holm/internal_auditor'
    exits 0 'opens again what did not work' advance corrective_action CA-001 open \
        --as 'Mia Holm/internal_auditor'
    exits 4 'but not in another role' advance corrective_action CA-001 done --as 'Mia Holm/employee'
}

removing() {
    exits 4 'not without --yes' remove risk RISK-003
    exits 4 'not what others refer to' remove person 'Rolf Vogel' --yes
    exits 4 'nor whom a risk names' remove person P-003 --yes
    ok 'those are named' says "$T/err" 'RISK-001'
    exits 0 'what nobody refers to' remove risk RISK-003 --yes
    exits 3 'it is gone' show risk RISK-003
    exits 0 'its history stays' history risk RISK-003
    ok 'with who removed it' says "$T/out" 'removed by Jana Wei'
    exits 4 'its ref is not given again' add risk --ref RISK-003 description='Another' owner='Rolf Vogel'
    ok 'by chance' says "$T/err" 'or give it once more with --again'
    exits 0 'but where it is meant' add risk --ref RISK-003 --again description='Another' owner='Rolf Vogel'
    exits 0 'and history tells of both' history risk RISK-003
    ok 'the one after the other' says "$T/out" 'An earlier record of this ref'
    exits 0 'it goes as well' remove risk RISK-003 --yes
    exits 3 'a version that is not there' diff risk RISK-001 --from 99
    ok 'the last is named' says "$T/err" 'RISK-001 has no version 99: the last is'
    exits 3 'a folder that is not there' export risk --output "$T/none/risk.json"
    exits 3 'a condition on no field' list risk --where 'zzz=3'
    ok 'how to see which there are' says "$T/err" 'assay registers risk'
    exits 2 'nothing to import' import
    exits 2 'nothing to export' export --output "$T/all.json"
    exits 2 'an archive of some registers' export risk --archive "$T/a.zip"
    ok 'is none' says "$T/err" 'An archive is the whole organisation'
}

# A ref that is given up leads to what it was.
renaming() {
    exits 0 'an asset' add asset 'name=Old server' --ref SRV-1
    exits 0 'another ref' set asset SRV-1 --ref SRV-2
    ok 'is a change' says "$T/out" 'SRV-1 → SRV-2'
    exits 0 'and in its history' history asset SRV-1
    ok 'found by either' says "$T/out" 'SRV-1 → SRV-2'
    exits 3 'not shown by it' show asset SRV-1
    ok 'but told' says "$T/err" 'it is called SRV-2 now'
    exits 0 'away with it' remove asset SRV-2 --yes
    exits 3 'not shown' show asset SRV-2
    ok 'but where it went' says "$T/err" 'removed on .* assay history asset SRV-2'
    exits 0 'its history' history asset SRV-1
    ok 'stays' says "$T/out" 'removed by'
}

looking_back() {
    exits 0 'history' history risk RISK-001
    ok 'the last comes first' says "$T/out" '^3 +changed by Jana Wei'
    exits 0 'the last change' diff risk RISK-001
    ok 'is shown' says "$T/out" 'version 2 .* to version 3'
    exits 0 'between versions' diff risk RISK-001 --from 1 --to 2
    ok 'are shown' says "$T/out" 'Likelihood +3 → 2'
    exits 0 'since a day that is not over' diff --from 2099-12-31
    ok 'it says since when' says "$T/out" 'Nothing has changed since (2099-12-31|2100-01-01)'
    exits 0 'of everything' diff --from 2020-01-01
    ok 'is listed' says "$T/out" '^added +RISK-001'
    exits 3 'before it was there' show risk RISK-001 --as-of 2020-01-01
    exits 0 'a list of then' list risk --as-of 2020-01-01
    ok 'says that nothing was there' says "$T/out" 'Nothing was recorded then'
    exits 0 'today as of today' show risk RISK-001 --as-of "$(date +%F -d tomorrow)"
    exits 3 'a day to come' list risk --as-of 2099-12-31
    ok 'has nothing yet' says "$T/err" 'still to come'
    exits 0 'what was due then' due --as-of 2020-01-01
    exits 0 'an export of then' export person --as-of 2020-01-01 --output "$T/then.csv"
    ok 'has nothing of now' not grep -q Vogel "$T/then.csv"
    exits 2 'an archive of then' export --archive "$T/then.zip" --as-of 2020-01-01
    exits 3 'not there yet' show person P-001 --as-of 2020-01-01
    ok 'by its ref' says "$T/err" 'there was no P-001 yet at the end of 2020-01-01'
    renaming
    exits 0 'what is due' due --today 2027-01-02
    ok 'nothing is' says "$T/out" 'Nothing is late or due in the next 30 days'
    exits 0 'an objective' add objective 'text=Patches in a week' due_on=2027-01-10 'owner=Rolf Vogel'
    exits 0 'before its day' due --today 2027-01-02
    ok 'tells how far off it is' says "$T/out" '2027-01-10 +in 8 days +objective .*Patches in a week +Rolf Vogel'
    exits 0 'after it' due --today 2027-01-11 --person 'Rolf Vogel' --json
    ok 'it is late' has "$T/out" 'r["late"] == 1 and r["records"][0]["fields"]["told"] == "late"'
    exits 0 'of somebody else' due --today 2027-01-11 --person 'Ada Byron'
    ok 'nothing is late' says "$T/out" 'Nothing is late'
    exits 3 'of nobody' due --person 'Nobody Else'
    exits 0 'search' search ransom servers
    ok 'by how words begin' says "$T/out" '^RISK-001 '
    exits 0 'search without accents' search weiss
    ok 'finds' says "$T/out" 'Jana Wei'
    exits 0 'search for what is not there' search zeppelin
    ok 'says so' says "$T/out" 'No record has zeppelin'
    exits 0 'what was removed is not found' search office
    ok 'not at all' not grep -q RISK-003 "$T/out"
    exits 0 'doctor' doctor
    ok 'all is well' says "$T/out" 'as it should be'
}

machines() {
    exits 0 'JSON' show risk RISK-001 --json
    is 'its schema' "$(value schema)" assay.show/1
    is 'numbers are numbers' "$(value likelihood)" 2
    is 'refs in the place of ids' "$(value owner)" P-003
    ok 'it is JSON' python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$T/out"
    exits 0 'JSON of a list' list risk --json
    ok 'it is JSON too' python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert d["count"] == 2 and [r["ref"] for r in d["records"]] == ["RISK-001", "RISK-002"], d' "$T/out"
    exits 0 'names for shells' registers --names
    ok 'are registers' says "$T/out" '^risk$'
}

own_content() {
    cat >"$T/vehicle.yaml" <<'END'
id: vehicle
title: Vehicles
help: "What drives for us."
fields:
  name: {type: text, label: Name, required: true, help: "What it is called."}
  keeper: {type: person, label: Keeper, help: "Who has the keys."}
END
    exits 0 'no register of our own' content list
    exits 0 'one' content add "$T/vehicle.yaml"
    exits 0 'it takes records' add vehicle 'name=Van 1' 'keeper=Rolf Vogel'
    ok 'with a ref' says "$T/out" '^VEHICLE-001$'
    sed -i 's/name: {type: text/name: {type: txt/' "$T/vehicle.yaml"
    exits 3 'one that is wrong' content add "$T/vehicle.yaml"
    ok 'its line is named' says "$T/err" 'vehicle.yaml:5'
    exits 4 'it stays while it has records' content remove vehicle
    ok 'which are told' says "$T/err" 'records of it are there \(1\). To see them: assay list vehicle'
    exits 0 'these go' remove vehicle VEHICLE-001 --yes
    exits 0 'then it goes' content remove vehicle
    exits 3 'and is no register any more' list vehicle
    exits 4 'only by an owner' content add "$T/vehicle.yaml" --as P-002
}

walk() { # HOME
    begin "$1"
    people
    writing
    changing
    states
    roles
    removing
    looking_back
    machines
    own_content
    unset ASSAY_HOME
}

exits 0 'what can be recorded, without a home' registers
ok 'risks can' says "$T/out" '^risk +Risk register'
exits 0 'what a risk takes' registers risk
ok 'its fields' says "$T/out" '^ +description '
exits 3 'no home' list risk
ok 'how to name one' says "$T/err" 'ASSAY_HOME'
exits 3 'a folder that is none' list risk --home "$T"
mkdir "$T/full" && touch "$T/full/file"
exits 4 'init in a folder with something in it' init "$T/full" --name A --owner B
exits 3 'a time zone that is none' init "$T/zone" --name A --owner B --time-zone Europe/Atlantis
ok 'nothing is left of it' not ls -d "$T"/zone "$T"/.zone* 2>/dev/null
walk "$T/home"
ok 'keys are for their owner' [ "$(stat -c %a "$T/home/keys")" = 700 ]
ok 'and so is the store' [ "$(stat -c %a "$T/home/orgs/brackwater-software-gmbh/store.db")" = 600 ]

# Two organisations in one home.
export ASSAY_HOME="$T/home"
exits 0 'a second organisation' organisations add 'Hafenlicht AG' --owner 'Mia Holm'
exits 4 'not twice' organisations add 'Hafenlicht AG' --owner 'Mia Holm'
exits 3 'which one is meant' list risk
ok 'how to say it' says "$T/err" '--organisation'
exits 0 'one' list risk --organisation hafenlicht-ag
exits 3 'none of that name' list risk --organisation hafenlihct-ag
ok 'the nearest' says "$T/err" 'Did you mean "hafenlicht-ag"'
printf 'format: 2\n' >"$T/home/assay.yaml"
exits 4 'a home of a newer program' list risk --organisation hafenlicht-ag
ok 'in clear words' says "$T/err" 'newer Assay'
unset ASSAY_HOME

# An init that is interrupted leaves nothing in its place.
for n in 1 2 3 4 5 6; do
    timeout -s KILL "0.0$n" "$assay" init "$T/killed$n" --name A --owner B >/dev/null 2>&1
    [ ! -e "$T/killed$n" ] || exits 0 'a home that is there is whole' doctor --home "$T/killed$n"
done

if [ -n "${ASSAY_TEST_POSTGRES:-}" ]; then
    walk "$(database home)"
fi
