# Mail: a real server that takes some and refuses others, invitations, and what is done about those
# that did not arrive.
ASSAY_HOME=$(place home)
export ASSAY_HOME
mkdir "$T/mails" "$T/ca"
(cd "$T/ca" && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=Sink &&
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out request.pem -subj /CN=sink &&
    printf 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:127.0.0.2\n' >names &&
    openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out cert.pem) >"$T/openssl" 2>&1
/usr/bin/python3 "$here/sink.py" "$T/mails" "$T/ca/cert.pem" "$T/ca/key.pem" >"$T/sink" 2>&1 &
sink=$!
for _ in $(seq 100); do
    [ -e "$T/mails/ports" ] && break
    sleep 0.1
done
ok 'a mail server' [ -e "$T/mails/ports" ]
port() {
    sed -n "s/^$1 //p" "$T/mails/ports"
}
printf 'a secret = word\n' >"$T/password"
printf 'wrong\n' >"$T/wrong"
tls="smtps://isms@127.0.0.2:$(port tls)"
as='--mail-from isms@example.org'
trust="--mail-authorities $T/ca/ca.pem"
right_word="--mail-password-file $T/password"

# ---- whether it works ----
exits 0 'by TLS, with a password' mail test ada@example.org --mail "$tls" $as $trust $right_word
ok 'it is there' says "$T/mails/1.eml" '^X-To: ada@example.org'
ok 'nobody answers a machine' says "$T/mails/1.eml" '^Auto-Submitted: auto-generated'
exits 0 'by STARTTLS' mail test ada@example.org --mail "smtp://isms@127.0.0.2:$(port starttls)" $as $trust $right_word
exits 0 'in clear to this machine' mail test ada@example.org --mail "smtp://127.0.0.1:$(port plain)" $as
ok 'these are three' [ -e "$T/mails/3.eml" ]
exits 3 'a certificate of nobody' mail test ada@example.org --mail "$tls" $as $right_word
ok 'which is said' says "$T/err" 'cannot show that it is who it says'
exits 3 'a wrong password' mail test ada@example.org --mail "$tls" $as $trust --mail-password-file "$T/wrong"
ok 'which is said' says "$T/err" 'does not let "isms" log in: 535'
exits 3 'no TLS' mail test ada@example.org --mail "smtp://127.0.0.2:$(port plain)" $as
ok 'which is said' says "$T/err" 'does not offer STARTTLS'
exits 3 'nobody there' mail test ada@example.org --mail smtp://127.0.0.1:1 $as
ok 'which is said' says "$T/err" 'cannot be reached'
exits 4 'nobody of this name' mail test refused@example.org --mail "$tls" $as $trust $right_word
ok 'in the words of the server' says "$T/err" 'said: 550 5.1.1 Nobody of this name'
exits 3 'later' mail test later@example.org --mail "$tls" $as $trust $right_word
ok 'without what a terminal obeys' says "$T/err" 'Not now, \[31mplease'
exits 5 'nobody knows' mail test broken@example.org --mail "$tls" $as $trust $right_word
ok 'which is said' says "$T/err" 'had the mail and did not say that it took it'
exits 3 'no address' mail test 'ada@example.org, eve@example.org' --mail "$tls" $as
exits 3 'a password for all to see' mail test ada@example.org --mail smtps://isms:word@127.0.0.2 $as
exits 3 'no server of mail' mail test ada@example.org --mail https://127.0.0.2 $as
exits 3 'no sender' mail test ada@example.org --mail "$tls"
exits 3 'a file that is not there' mail test ada@example.org --mail "$tls" $as --mail-password-file "$T/none"

# ---- invitations ----
exits 0 'a home' init "$ASSAY_HOME" --name 'Smäll Ltd' --owner 'Ann Lee' --time-zone UTC
exits 0 'a person' add person 'name=Mia <b>Hölm</b>' email=mia@example.org
exits 0 'takes part' members add P-002 reader
exits 0 'another' add person 'name=Bo "Ref" Falk' email=refused@example.org
exits 0 'who takes part' members add P-003 reader
exits 0 'one whose server is busy' add person name=Cy email=later@example.org
exits 0 'and takes part' members add P-004 reader
exits 0 'one without an address' add person name=Di
exits 0 'who takes part too' members add P-005 employee
exits 3 'mail without an address of our own' serve --listen 127.0.0.1:0 --mail "$tls" $as $trust $right_word
ok 'which is said' says "$T/err" 'Mail has links in it'
exits 3 'a password that is not there' serve --listen 127.0.0.1:0 --url http://localhost:1 --mail "$tls" $as --mail-password-file "$T/none"

web=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
base=http://127.0.0.1:$web
org=$base/o/small-ltd
password='four plain words here'
serve() {
    : >"$T/said"
    "$assay" serve --listen 127.0.0.1:$web --url $base --today $today --log "$T/log" --mail "$tls" $as $trust $right_word >"$T/said" 2>"$T/err" </dev/null &
    server=$!
    for _ in $(seq 120); do
        grep -q 'Assay is at' "$T/said" && break
        sleep 0.25
    done
}
get() { # CODE WHAT PATH [CURL-OPTION...]
    code=$1 what=$2 path=$3
    shift 3
    got=$(curl -s -o "$T/out" -D "$T/head" -w '%{http_code}' -b "$jar" -c "$jar" "$@" "$path")
    if [ "$got" = "$code" ]; then right; else wrong "$what: $got, not $code" "$T/out"; fi
}
token() { # of the session's forms
    curl -s -b "$jar" "$base/account" | sed -n 's/.*name="assay_token" value="\([^"]*\)".*/\1/p' | head -n 1
}
text_of() { # the text of a mail, and its headers, decoded
    python3 -c 'import email, email.policy, sys
m = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
print(*(f"{k}: {v}" for k, v in m.items()), "", m.get_content(), sep="\n")' "$1"
}
mail_with() { # WORDS: waits for a mail that has them and is not one of before; in $T/mail
    for _ in $(seq 120); do
        for file in "$T"/mails/*.eml; do
            [ -e "$file" ] && [ ! -e "$file.seen" ] || continue
            [ -e "$file.txt" ] || text_of "$file" >"$file.txt"
            if grep -q "$1" "$file.txt"; then
                cp "$file.txt" "$T/mail"
                touch "$file.seen"
                return 0
            fi
        done
        sleep 0.25
    done
    return 1
}
becomes() { # ADDRESS STATE: what the list of mails says, "none" for nothing
    for _ in $(seq 120); do
        "$assay" mail list --json | tr -d ' \n' >"$T/list"
        grep -q "\"to\":\"$1\",\"state\":\"$2\"" "$T/list" && return 0
        [ "$2" = none ] && ! grep -q "\"$1\"" "$T/list" && return 0
        sleep 0.25
    done
    cat "$T/list"
    return 1
}
person() { # NAME: the id that the page has for a form
    curl -s -b "$jar" -H 'Accept: application/json' "$org/r/person/$1" | sed -n 's/.*"id":"\([a-z0-9]*\)".*/\1/p'
}

serve
link=$(sed -n 's/^ *\(http[^ ]*link[^ ]*\)$/\1/p' "$T/said")
jar=$T/ann
get 200 'the first link' "$link"
owner=$(sed -n 's/.*name="owner" value="\(small-ltd[^"]*\)".*/\1/p' "$T/out")
get 303 'the first account' "$link" -H 'Origin: null' -H 'Sec-Fetch-Site: same-origin' -d "owner=$owner" -d login=ann@example.org -d "password=$password" -d "again=$password"
form=$(token)
mia=$(person P-002) bo=$(person P-003) cy=$(person P-004) di=$(person P-005)
get 200 'who takes part' "$org/members"
ok 'who has an address is invited by mail' [ "$(grep -c 'name="by" value="mail"' "$T/out")" = 3 ]
get 200 'an invitation' "$org/members/invite" -d "assay_token=$form" -d "person=$mia" -d by=mail
ok 'says where to' says "$T/out" 'It goes to mia@example.org'
ok 'it arrives' mail_with '^X-To: mia@example.org'
ok 'from us' says "$T/mail" '^X-From: isms@example.org'
ok 'to her' says "$T/mail" '^To: "?Mia <b>Hölm</b>"? <mia@example.org>'
ok 'about us' says "$T/mail" '^Subject: Smäll Ltd: your invitation'
link=$(grep -o "$base/link/[A-Za-z0-9_-]*" "$T/mail")
ok 'its link is nowhere in the store' lacks home "${link##*/}"
ok 'nor in the log' not grep -aq "${link##*/}" "$T/log"
ok 'it is sent' becomes mia@example.org sent
get 404 'nobody of this name is invited' "$org/members/invite" -d "assay_token=$form" -d "person=nobody" -d by=mail
get 422 'nor is a mail sent to nowhere' "$org/members/invite" -d "assay_token=$form" -d "person=$di" -d by=mail
get 200 'one is refused' "$org/members/invite" -d "assay_token=$form" -d "person=$bo" -d by=mail
ok 'and not tried again' becomes refused@example.org failed
get 200 'one waits' "$org/members/invite" -d "assay_token=$form" -d "person=$cy" -d by=mail
ok 'for a server that has time' becomes later@example.org waiting
for _ in $(seq 120); do # until it was tried once
    "$assay" mail list --json | grep -q '451 4.3.0' && break
    sleep 0.25
done
get 200 'who takes part' "$org/members"
ok 'why it was not delivered' says "$T/out" 'said: 550 5.1.1 Nobody of this name'
ok 'and what is awaited' says "$T/out" '451 4.3.0 Not now'
ok 'is said as text' not grep -q '<b>H' "$T/out"
id=$(sed -n 's/.*mail\/again.*name="mail" value="\([a-z0-9]*\)".*/\1/p' "$T/out" | head -n 1)
get 404 'no mail of this name' "$org/mail/again" -d "assay_token=$form" -d mail=nothing
get 303 'tried again' "$org/mail/again" -d "assay_token=$form" -d "mail=$id"
ok 'in vain' becomes refused@example.org failed
get 303 'forgotten' "$org/mail/drop" -d "assay_token=$form" -d "mail=$id"
ok 'it is gone' becomes refused@example.org none
jar=$T/mia
get 303 'whoever has the mail makes an account' "$link" -d login=mia -d "password=$password" -d "again=$password"
get 403 'and sees no mail' "$org/mail/again" -d "assay_token=$(token)" -d "mail=$id"
get 200 'who takes part' "$org/members"
ok 'nor what became of it' not grep -q 'later@example.org' "$T/out"

# ---- a forgotten password ----
same_answer() { # LOGIN: what is said, without what differs by request
    curl -s -w '%{http_code}' "$base/forgot" -d "login=$1" >"$T/answer.$2"
}
jar=$T/nobody
get 200 'where one signs in' "$base/sign-in"
ok 'is a way for who has forgotten' says "$T/out" 'href="/forgot"'
get 200 'which asks for a name' "$base/forgot"
get 403 'not from another site' "$base/forgot" -H 'Origin: http://evil.example' -d login=mia
same_answer mia 1
same_answer nobody@example.org 2
ok 'nobody learns who has an account' cmp "$T/answer.1" "$T/answer.2"
ok 'whose it is has a mail' mail_with '^Subject: A new password'
ok 'where the invitation went' says "$T/mail" '^X-To: mia@example.org'
link=$(grep -o "$base/reset/[A-Za-z0-9_-]*" "$T/mail")
ok 'its link is nowhere in the store' lacks home "${link##*/}"
ok 'nor in the log' not grep -aq "${link##*/}" "$T/log"
get 200 'the link' "$link"
ok 'says whose it is' says "$T/out" 'For mia\.'
get 422 'not with a short password' "$link" -d password=short -d again=short
get 303 'another password' "$link" -d 'password=five other plain words' -d 'again=five other plain words'
ok 'signs in' says "$T/head" '^Set-Cookie: assay-session='
get 404 'the link works once' "$link"
ok 'she is told' mail_with '^Subject: Your account in Assay was changed'
ok 'what it was' says "$T/mail" 'a new password was set by a link'
jar=$T/mia
get 303 'all other sessions have ended' "$org/r/risk"
get 403 'the old password is none' "$base/sign-in" -d login=mia -d "password=$password"

jar=$T/mia2
get 303 'the new one is right' "$base/sign-in" -d login=mia -d 'password=five other plain words'
form2=$(token)
get 200 'a second factor' "$base/account/factor" -d "assay_token=$form2" -d 'password=five other plain words'
secret=$(sed -n 's/.*<code class="secret">\([A-Z2-7 ]*\)<.*/\1/p' "$T/out" | tr -d ' ')
get 200 'is set up' "$base/account/factor/confirm" -d "assay_token=$form2" -d "code=$(python3 -c 'import base64, hashlib, hmac, struct, sys, time
mac = hmac.new(base64.b32decode(sys.argv[1]), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
print("%06d" % ((struct.unpack(">I", mac[mac[-1] & 15:][:4])[0] & 0x7FFFFFFF) % 1000000))' "$secret")"
jar=$T/thief
get 200 'somebody asks for another password' "$base/forgot" -d login=mia
ok 'and reads her mail' mail_with '^Subject: A new password'
link=$(grep -o "$base/reset/[A-Za-z0-9_-]*" "$T/mail")
get 303 'which is not enough' "$link" -d 'password=six more plain words then' -d 'again=six more plain words then'
ok 'for who has a second factor' says "$T/head" '^Location: /sign-in/code'
ok 'there is no session' not grep -q 'assay-session' "$T/head"
get 303 'nor anything to see' "$org/r/risk"
jar=$T/ann

# ---- what concerns somebody without an account ----
as_ann='--organisation small-ltd --as P-001'
exits 0 'a document' add document title=Policy version=2 location=https://intranet.example/policy $as_ann
exits 0 'which all are to confirm' own ask D-001 $as_ann
ok 'they are asked' says "$T/out" '5 people are asked'
exits 0 'asked once more' own ask D-001 $as_ann
ok 'nobody is asked twice' says "$T/out" '0 people are asked'
exits 0 'a training' add training person=P-002 topic=Mail due_on=2026-12-15 $as_ann
jar=$T/ann
form=$(token)
get 200 'what people are asked' "$org/own"
ok 'shows what waits' says "$T/out" 'Trainings that you are asked to do: 1'
get 303 'a link to one' "$org/own/send" -d "assay_token=$form" -d person=P-002
ok 'arrives' mail_with '^Subject: Smäll Ltd: what concerns you'
ok 'for her' says "$T/mail" '^X-To: mia@example.org'
ok 'with what waits' says "$T/mail" '- Please read, and confirm it: 1'
own=$(grep -o "$base/own/[A-Za-z0-9_-]*" "$T/mail")
get 404 'nobody of this name' "$org/own/send" -d "assay_token=$form" -d person=--all
get 422 'no option is taken for a document' "$org/own/ask" -d "assay_token=$form" -d record=--home=x

jar=$T/nobody
get 200 'the page of her own' "$own"
ok 'says what to read' says "$T/out" 'href="https://intranet.example/policy"'
ok 'and whose it is' says "$T/out" 'What concerns you, Mia &lt;b&gt;Hölm'
ok 'without a menu' not grep -q 'href="/o/' "$T/out"
record=$(sed -n 's/.*name="record" value="\([a-z0-9]*\)".*/\1/p' "$T/out" | head -n 1)
get 200 'as JSON' "$own" -H 'Accept: application/json'
ok 'too' has "$T/out" 'r["schema"] == "assay.own/1" and [len(w["items"]) for w in r["waits"]] == [1, 1]'
get 403 'not from another site' "$own/confirm" -H 'Origin: http://evil.example' -d register=acknowledgement -d "record=$record" -d rev=1
get 422 'a training is not hers to confirm' "$own/confirm" -d register=training -d record=T-001 -d rev=1
get 422 'nor another register' "$own/confirm" -d register=membership -d "record=$record" -d rev=1
"$assay" list acknowledgement --where person=P-003 --json $as_ann >"$T/list"
other=$(sed -n 's/.*"id": *"\([a-z0-9]*\)".*/\1/p' "$T/list" | tail -n 1)
get 404 "nor another's" "$own/confirm" -d register=acknowledgement -d "record=$other" -d rev=1
get 303 'hers is' "$own/confirm" -d register=acknowledgement -d "record=$record" -d rev=1
get 409 'once' "$own/confirm" -d register=acknowledgement -d "record=$record" -d rev=1
get 200 'which is said' "$own?done=confirmed"
ok 'it waits no more' not grep -q 'name="record"' "$T/out"
exits 0 'what is recorded' history acknowledgement "$record" --json $as_ann
ok 'is hers, as come by the link' has "$T/out" '[(v["by"], v["role"], v["via"]) for v in r["versions"]].count(("Mia <b>Hölm</b>", "employee", "link")) == 1'
get 200 'a report' "$own/report/odd"
get 422 'says something' "$own/report/odd" -d f.what=
get 404 'of a kind that there is' "$own/report/none"
get 303 'is taken' "$own/report/odd" --data-urlencode 'f.what=A mail that asks for my password' -d f.happened_on=2026-11-29 -d f.reporter=P-001 -d f.decision=none -d key=k1
get 303 'once' "$own/report/odd" --data-urlencode 'f.what=A mail that asks for my password' -d f.happened_on=2026-11-29 -d key=k1
exits 0 'it is there' list event --json $as_ann --columns ref,reporter,decision,what
ok 'as hers, without what only others say' has "$T/out" 'r["count"] == 1 and r["records"][0]["fields"]["reporter"] == "P-002" and "decision" not in r["records"][0]["fields"]'
get 303 'it opens nothing else' "$org/r/event"
ok 'its token is nowhere in the store' lacks home "${own##*/}"
ok 'nor in the log' not grep -aq "${own##*/}" "$T/log"
get 404 'nor does another' "$base/own/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
jar=$T/ann
get 303 'taken back' "$org/own/revoke" -d "assay_token=$form" -d person=P-002
jar=$T/nobody
get 404 'it works no more' "$own"
jar=$T/ann
get 303 'to all for whom something waits' "$org/own/send" -d "assay_token=$form"
ok 'as a job' says "$T/head" '^Location: /o/small-ltd/jobs/'
ok 'one is told' mail_with '^X-To: mia@example.org'
ok 'which is noted' becomes mia@example.org sent
exits 0 'sent again' own send $as_ann
ok 'it says to how many' says "$T/out" '^[0-3] people get'
"$assay" mail list --json | tr -d ' \n' >"$T/list"
ok 'not to who had one within the hour' not grep -q '"to":"mia@example.org","state":"waiting"' "$T/list"

# ---- a server that is ended ----
exits 0 'one whose server takes long' add person name=Eli email=slow@example.org --organisation small-ltd --as P-001
exits 0 'takes part' members add P-006 reader --as P-001
jar=$T/ann
eli=$(person P-006)
get 200 'is invited' "$org/members/invite" -d "assay_token=$form" -d "person=$eli" -d by=mail
ok 'the mail is handed over' mail_with '^X-To: slow@example.org'
kill -9 $server
wait $server 2>/dev/null
for child in $(pgrep -f "mail send --most 1 --mail $tls"); do
    kill -9 "$child"
done
ok 'nobody knows of it yet' becomes slow@example.org handed
serve
get 200 'what waits is still there' "$org/members"
ok 'for later' says "$T/out" 'later@example.org'
kill $server
wait $server 2>/dev/null
kill $sink
wait $sink 2>/dev/null
