# A home that is served, as a browser meets it: the first account, pages and the same as JSON, who may
# what, and what others try.
ASSAY_HOME=$(place home)
export ASSAY_HOME
exits 0 'a home' init "$ASSAY_HOME" --name 'Small Ltd' --owner 'Ann Lee' --time-zone UTC
exits 0 'a person' add person 'name=Mia <b>Holm</b>'
exits 0 'a reader' members add P-002 reader
exits 0 'a risk' add risk 'description=<script>alert(1)</script>' likelihood=2 consequence=3
exits 0 'another organisation' organisations add 'Other Ltd' --owner 'Eve'

exits 3 'a provider over plain http' serve --listen 127.0.0.1:0 --oidc http://id.example --oidc-client assay
ok 'is not asked' says "$T/err" 'only https'
exits 3 'a provider without a client' serve --listen 127.0.0.1:0 --oidc https://id.example
exits 3 'a secret that is not there' serve --listen 127.0.0.1:0 --oidc https://id.example --oidc-client assay --oidc-secret-file "$T/none"

"$assay" serve --listen 127.0.0.1:0 --today $today --log "$T/log" >"$T/said" 2>"$T/err" </dev/null &
server=$!
for _ in $(seq 120); do
    grep -q 'Assay is at' "$T/said" && break
    sleep 0.5
done
base=$(sed -n 's/^Assay is at \([^ ]*\) .*/\1/p' "$T/said")
link=$(sed -n 's/^ *\(http[^ ]*link[^ ]*\)$/\1/p' "$T/said")
org=$base/o/small-ltd
password='four plain words here'

# get CODE WHAT PATH [CURL-OPTION...]: the answer in $T/out, its head in $T/head. $jar: who asks.
get() {
    code=$1 what=$2 path=$3
    shift 3
    got=$(curl -s -o "$T/out" -D "$T/head" -w '%{http_code}' -b "$jar" -c "$jar" "$@" "$path")
    if [ "$got" = "$code" ]; then right; else wrong "$what: $got, not $code" "$T/out"; fi
}
token() { # of the session's forms
    curl -s -b "$jar" "$base/account" | sed -n 's/.*name="assay_token" value="\([^"]*\)".*/\1/p' | head -n 1
}

same_but_number() { # pages of problems, but for the number of the request
    sed 's/Request [0-9a-f]*//' "$1" >"$T/a"
    sed 's/Request [0-9a-f]*//' "$2" | cmp - "$T/a"
}

jar=$T/nobody
get 200 'it lives' "$base/healthz"
get 200 'its counts' "$base/metrics"
ok 'are Prometheus text' says "$T/out" '^assay_http_connections [0-9]'
get 303 'nobody is asked to sign in' "$org/r/risk"
ok 'and comes back' says "$T/head" '^Location: /sign-in\?to=%2Fo%2Fsmall-ltd%2Fr%2Frisk'
get 401 'a program learns why' "$org/r/risk" -H 'Accept: application/json'
ok 'as problem details' says "$T/head" '^Content-Type: application/problem\+json'
get 200 'the first link' "$link"
ok 'asks who one is' says "$T/out" 'Ann Lee'
owner=$(sed -n 's/.*name="owner" value="\(small-ltd[^"]*\)".*/\1/p' "$T/out")
get 403 'not from another site' "$link" -H 'Origin: http://evil.example' -d "owner=$owner"
get 422 'not with a short password' "$link" -d "owner=$owner" -d login=ann@small.example -d password=short -d again=short
ok 'what was typed is kept' says "$T/out" 'value="ann@small.example"'

jar=$T/ann
get 403 'nor from a page without an origin' "$link" -H 'Origin: null' -d "owner=$owner"
get 303 'the first account' "$link" -H 'Origin: null' -H 'Sec-Fetch-Site: same-origin' -d "owner=$owner" -d login=ann@small.example -d "password=$password" -d "again=$password"
ok 'its cookie is for no script' says "$T/head" '^Set-Cookie: assay-session=.*HttpOnly; SameSite=Lax'
get 404 'the link works once' "$link"
get 200 'a list' "$org/r/risk"
ok 'what is recorded is text' says "$T/out" '&lt;script&gt;alert\(1\)'
ok 'and never more' not grep -q '<script>alert' "$T/out"
ok 'no inline script is let run' says "$T/head" "^Content-Security-Policy: default-src 'none'; script-src 'self'"
tag=$(sed -n 's/^ETag: \(.*"\).*/\1/p' "$T/head")
get 304 'the same again' "$org/r/risk" -H "If-None-Match: $tag"
get 200 'the same as JSON' "$org/r/risk" -H 'Accept: application/json'
ok 'it is that of the command' has "$T/out" 'r["schema"] == "assay.list/1" and r["records"][0]["ref"] == "RISK-001"'
get 404 'another organisation is not there' "$base/o/other-ltd/r/risk"
cp "$T/out" "$T/other"
get 404 'no more than one that is none' "$base/o/nothing/r/risk"
ok 'nobody can tell them apart' same_but_number "$T/other" "$T/out"
get 404 'no way up' "$base/assets/..%2f..%2fetc%2fpasswd"
get 404 'nor so' "$org/r/%2e%2e/%2e%2e"
get 421 'not by another name' "$base/healthz" -H 'Host: evil.example'

form=$(token)
get 403 'no change without the token' "$org/r/risk" -d 'f.description=x'
get 403 'nor from another site' "$org/r/risk" -H 'Sec-Fetch-Site: cross-site' -d "assay_token=$form" -d f.description=x
get 422 'a form that is not right' "$org/r/risk" -d "assay_token=$form" -d f.likelihood=often -d 'f.threat=A thief'
ok 'says so at the field' says "$T/out" 'class="fault"'
ok 'and keeps what was typed' says "$T/out" '>A thief</textarea>'
get 303 'a risk is added' "$org/r/risk" -d "assay_token=$form" -d 'f.description=A laptop is lost' -d f.likelihood=3 -d f.consequence=2 -d key=k1
get 303 'sent twice' "$org/r/risk" -d "assay_token=$form" -d 'f.description=A laptop is lost' -d f.likelihood=3 -d f.consequence=2 -d key=k1
exits 0 'it is there once' list risk --json --organisation small-ltd
ok 'with how it came' has "$T/out" 'r["count"] == 2'
get 200 'its page' "$org/r/risk/RISK-002"
ok 'says who' says "$T/out" 'recorded by Ann Lee'
get 303 'it is changed' "$org/r/risk/RISK-002" -d "assay_token=$form" -d rev=1 -d f.likelihood=4
get 409 'whoever saw it before is told' "$org/r/risk/RISK-002" -d "assay_token=$form" -d rev=1 -d f.likelihood=5 -d f.consequence=2
ok 'with both values' says "$T/out" '<p class="long">4</p>'
ok 'side by side' says "$T/out" 'name="f.likelihood" value="5"'
ok 'to choose from' says "$T/out" 'name="take.likelihood" value="theirs" required'
get 303 'who takes theirs' "$org/r/risk/RISK-002" -d "assay_token=$form" -d rev=2 -d take.likelihood=theirs -d f.likelihood=5 -d f.consequence=3
get 200 'loses nothing else' "$org/r/risk/RISK-002" -H 'Accept: application/json'
ok 'of what was typed' has "$T/out" 'r["fields"]["likelihood"] == 4 and r["fields"]["consequence"] == 3'
get 200 'search' "$org/search?words=laptop"
ok 'finds it' says "$T/out" 'RISK-002'
get 200 'its form' "$org/r/risk/RISK-002/edit"
get 200 'its history' "$org/r/risk/RISK-002/history"
printf 'Ref,Name\n1,<b>A\n' >"$T/re view.html"
get 422 'a form with a file that is not right' "$org/r/evidence" -F "assay_token=$form" -F f.title=Review -F f.period_from=often -F "f.file=@$T/re view.html"
ok 'has kept the file' says "$T/out" '<b>re view.html</b> <span class="soft">16 bytes'
kept=$(sed -n 's/.*name="f.file.kept" value="\([^"]*\)".*/\1/p' "$T/out")
get 422 'what somebody names is none of theirs' "$org/r/evidence" -F "assay_token=$form" -F f.title=x -F "f.file.kept=../../../keys"
get 303 'sent again it is stored' "$org/r/evidence" -F "assay_token=$form" --form-string 'f.title=@home, reviewed' -F "f.file.kept=$kept" -F 'f.file=;filename='
get 200 'what it says' "$org/r/evidence/EVID-001" -H 'Accept: application/json'
ok 'is a text, and the file' has "$T/out" 'r["fields"]["title"] == "@home, reviewed" and r["fields"]["file"]["name"] == "re view.html"'
get 200 'the file' "$org/r/evidence/EVID-001/file/file"
ok 'is what was sent' cmp "$T/out" "$T/re view.html"
ok 'and never a page of ours' says "$T/head" '^Content-Disposition: attachment; filename="re view.html"'
ok 'not even where a browser shows it' says "$T/head" "^Content-Security-Policy: default-src 'none'; sandbox"
get 404 'another field has none' "$org/r/evidence/EVID-001/file/title"
head -c 3000000 /dev/urandom >"$T/bytes"
get 303 'a larger one in its place' "$org/r/evidence/EVID-001" -F "assay_token=$form" -F rev=1 -F "f.file=@$T/bytes"
get 200 'comes back' "$org/r/evidence/EVID-001/file/file"
ok 'as it was' cmp "$T/out" "$T/bytes"
get 303 'taken away' "$org/r/evidence/EVID-001" -F "assay_token=$form" -F rev=2 -F f.file.drop=yes
get 404 'it is gone' "$org/r/evidence/EVID-001/file/file"
ok 'nothing of them lies about' [ -z "$(ls "$(files home)"/run/serve-*)" ]
job() { # LABEL: waits for the one of $T/head, whose page then is in $T/out
    at=$(sed -n 's/^Location: \([^\r]*\)\r*$/\1/p' "$T/head")
    for _ in $(seq 100); do
        curl -s -o "$T/out" -b "$jar" -H 'Accept: application/json' "$base$at"
        says "$T/out" '"state":"(waiting|running)"' >/dev/null || break
        sleep 0.2
    done
    ok "$1 is done" says "$T/out" '"state":"done"'
    get 200 "$1 has a page" "$base$at"
}
printf 'Ref,Description,Likelihood,Consequence\nR-9,A flood,2,3\n' >"$T/risks.csv"
get 303 'a list is looked at' "$org/import" -F "assay_token=$form" -F register=risk -F "file=@$T/risks.csv"
job 'what it would do'
ok 'it is one line' says "$T/out" '<b>1</b> new'
ok 'which is shown' says "$T/out" '<b>R-9</b> A flood'
ok 'as it was read' says "$T/out" 'Likelihood</dt><dd><ins>2</ins>'
ok 'and so are the columns' says "$T/out" 'Description <span aria-hidden="true">→</span> Risk<'
get 303 'and written' "$org/import" -d "assay_token=$form" -d "job=${at##*/}"
job 'the import'
get 200 'the line is a record' "$org/r/risk/R-9"
get 303 'a bundle is asked for' "$org/bundle" -d "assay_token=$form" -d for=--all
job 'the bundle'
ok 'it says nothing of where the server keeps things' not grep -q "$ASSAY_HOME" "$T/out"
get 200 'it is there' "$base$at/file"
"${assay%assay}assay-verify" "$T/out" >"$T/said-of-it"
ok 'and verifies' says "$T/said-of-it" 'All [0-9]* entries are there'
ok 'nothing in it fails' not grep -q '^ *fails' "$T/said-of-it"
get 200 'what was asked for is listed' "$org/export"
ok 'by its name' says "$T/out" 'A bundle for an auditor'
get 303 'what is done can no more be ended' "$base$at/cancel" -d "assay_token=$form"
get 200 'what programs may ask' "$org/openapi.json"
cp "$T/out" "$T/openapi.json"
cookie="assay-session=$(awk '/assay-session/ { print $7 }' "$jar")"
ok 'is so' python3 "$here/openapi.py" "$T/openapi.json" "$base" "$cookie"
exits 0 'the same without a server' openapi
ok 'has each register' has "$T/out" '"/o/{organisation}/r/risk/{record}" in r["paths"]'
get 200 'before it is removed one is asked' "$org/r/risk/RISK-002/remove"
get 303 'removed' "$org/r/risk/RISK-002/remove" -d "assay_token=$form" -d rev=3
get 404 'it is gone' "$org/r/risk/RISK-002"
get 303 'a line of the statement' "$org/r/soa_entry" -d "assay_token=$form" -d f.control=A.5.1 -d f.applicable=yes -d f.status=implemented
get 200 'the statement' "$org/r/soa_entry/face/statement?edit=A.5.1"
ok 'has every control' says "$T/out" 'id="A.8.34"'
ok 'says what is missing' says "$T/out" '<span class="gap">Said, not shown'
ok 'and has the form of a line' says "$T/out" 'name="back" value="[^"]*/face/statement[^"]*#A.5.1"'
get 303 'which is sent' "$org/r/soa_entry/A.5.1" -d "assay_token=$form" -d rev=1 -d 'f.justification=By law' -d "back=/o/small-ltd/r/soa_entry/face/statement#A.5.1"
ok 'and leads back' says "$T/head" '^Location: /o/small-ltd/r/soa_entry/face/statement#A.5.1'
get 303 'elsewhere it leads nobody' "$org/r/soa_entry/A.5.1" -d "assay_token=$form" -d 'f.remark=x' -d 'back=//evil.example/'
ok 'but home' says "$T/head" '^Location: /.?$'
get 303 'a version is approved' "$org/r/soa" -d "assay_token=$form" -d f.version=1.0 -d f.dated=2026-11-30 -d f.approved_by=P-001
get 303 'what comes later' "$org/r/soa_entry/A.5.1" -d "assay_token=$form" -d 'f.justification=By contract'
get 200 'is not in it' "$org/r/soa_entry/face/statement?version=1.0" -H 'Accept: application/json'
ok 'as it was approved' has "$T/out" 'r["records"][0]["fields"]["justification"] == "By law" and r["version"]["name"] == "1.0"'
get 200 'and is told' "$org/r/soa_entry/face/statement?against=1.0"
ok 'with both' says "$T/out" '<del>By law</del></td><td [^>]*><ins>By contract</ins>'
get 200 'the version to file' "$org/r/soa_entry/face/statement/document?format=pdf&version=1.0"
ok 'is a PDF' says "$T/head" '^Content-Type: application/pdf'
ok 'by its name' says "$T/head" 'filename="small-ltd-statement-1.0.pdf"'
get 422 'no other format' "$org/r/soa_entry/face/statement/document?format=exe"
get 404 'nor another face' "$org/r/risk/face/statement"
get 200 'the map' "$org/r/risk/face/map"
ok 'waits for a scale' says "$T/out" 'no scale yet'
get 200 'what lacks evidence' "$org/r/evidence/face/coverage"
ok 'leads to a form' says "$T/out" 'href="/o/small-ltd/r/evidence/new\?f\.supports=A\.5\.1&amp;f\.period_from='
get 200 'that knows for what' "$org/r/evidence/new?f.supports=A.5.1&f.period_from=2026-10-01"
ok 'and for when' says "$T/out" 'value="2026-10-01"'
get 303 'a list is kept as a view' "$org/r/risk/views" -d "assay_token=$form" -d name=Ours -d where=likelihood=2 -d sort=-level -d all=yes
get 200 'with its filters' "$org/r/risk"
ok 'it is offered' says "$T/out" 'href="/o/small-ltd/r/risk\?where=likelihood%3D2&amp;sort=-level"'
get 200 'columns are chosen' "$org/r/risk?column=description&column=status"
ok 'and kept in its links' says "$T/out" 'columns=description%2Cstatus'
get 200 'many are chosen' "$org/r/risk/bulk?record=RISK-001&record=R-9&field=process"
ok 'with the field' says "$T/out" 'name="f.process"'
get 200 'what would change' "$org/r/risk/bulk" -d "assay_token=$form" -d record=RISK-001 -d record=R-9 -d field=process -d f.process=Sales -d key=b1
ok 'is shown' says "$T/out" '<ins>Sales</ins>'
seen=$(sed -n 's/.*name="seen" value="\([0-9]*\)".*/\1/p' "$T/out")
get 200 'nothing has' "$org/r/risk/RISK-001" -H 'Accept: application/json'
ok 'as yet' has "$T/out" '"process" not in r["fields"]'
get 200 'now it does' "$org/r/risk/bulk" -d "assay_token=$form" -d record=RISK-001 -d record=R-9 -d field=process -d f.process=Sales -d key=b1 -d "seen=$seen"
ok 'to both' says "$T/out" '2 records were changed'
get 200 'sent twice' "$org/r/risk/bulk" -d "assay_token=$form" -d record=RISK-001 -d record=R-9 -d field=process -d f.process=Sales -d key=b1 -d "seen=$seen"
ok 'it is once' says "$T/out" '0 records were changed'
get 303 'evidence is asked for' "$org/r/evidence_request" -d "assay_token=$form" -d 'f.what=Who had which rights' -d f.asked=P-001 -d f.due=2026-12-15 -d f.controls=A.5.1
get 200 'the request' "$org/r/evidence_request/ER-001"
ok 'leads to its answer' says "$T/out" 'href="/o/small-ltd/r/evidence/new\?f\.request=ER-001&amp;f\.title='
exits 0 'the same as a command' face soa_entry --version 1.0 --format xlsx --output "$T/soa.xlsx" --organisation small-ltd
get 200 'the overview' "$org"
get 200 'who takes part' "$org/members"
person=$(sed -n 's/.*name="person" value="\([a-z0-9]*\)".*/\1/p' "$T/out" | head -n 1)
get 200 'a link for a reader' "$org/members/invite" -d "assay_token=$form" -d "person=$person"
link=$(sed -n 's/.*id="link" readonly value="\([^"]*\)".*/\1/p' "$T/out")

jar=$T/mia
get 303 'who makes an account' "$link" -d login=mia -d "password=$password" -d "again=$password"
form=$(token)
get 200 'reads' "$org/r/risk"
for path in r/risk r/risk/RISK-001 r/risk/RISK-001/remove members members/remove members/invite import answer; do
    get 403 "a reader changes nothing: $path" "$org/$path" -d "assay_token=$form" -d 'f.description=x' -d person=P-001 -d role=owner
done
for path in r/risk/new r/risk/RISK-001/edit import export/risk judge; do
    get 403 "nor gets to: $path" "$org/$path"
done
get 404 'another person has no job of this name' "$base$at"
get 404 'files of what is not there' "$org/r/evidence/EVID-009/file/file"
get 303 'signs out' "$base/sign-out" -d "assay_token=$form"
ok 'the browser forgets what it kept' says "$T/head" '^Clear-Site-Data: "cache", "storage"'
get 303 'and is out' "$org/r/risk"
get 403 'a wrong password' "$base/sign-in" -d login=mia -d password=wrong
get 303 'the right one' "$base/sign-in" -d login=mia -d "password=$password" -d to=//evil.example/
ok 'leads nowhere else' says "$T/head" '^Location: /.?$'

jar=$T/ann
form=$(token)
totp() { # SECRET STEPS-FROM-NOW: what an authenticator shows
    python3 - "$1" "$2" <<'END'
import base64, hashlib, hmac, struct, sys, time
mac = hmac.new(base64.b32decode(sys.argv[1]), struct.pack(">Q", int(time.time()) // 30 + int(sys.argv[2])), hashlib.sha1).digest()
at = mac[-1] & 15
print("%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000))
END
}
get 409 'an owner without a second factor does not ask for it' "$org/members/factor" -d "assay_token=$form" -d required=yes
get 403 'a second factor wants the password' "$base/account/factor" -d "assay_token=$form" -d password=wrong
get 200 'its secret' "$base/account/factor" -d "assay_token=$form" -d "password=$password"
secret=$(sed -n 's/.*<code class="secret">\([A-Z2-7 ]*\)<.*/\1/p' "$T/out" | tr -d ' ')
ok 'as a picture too' says "$T/out" '<path fill="#000" shape-rendering="crispEdges" d="M'
get 403 'not with a wrong code' "$base/account/factor/confirm" -d "assay_token=$form" -d code=12
ok 'the picture stays' says "$T/out" 'd="M'
get 200 'turned on' "$base/account/factor/confirm" -d "assay_token=$form" -d "code=$(totp "$secret" 0)"
recovery=$(sed -n 's/.*<li><code>\([^<]*\)<.*/\1/p' "$T/out" | head -n 1)
get 303 'an owner who has one asks for it' "$org/members/factor" -d "assay_token=$form" -d required=yes
get 200 'gets in as before' "$org/r/risk"
jar=$T/elsewhere
get 303 'the password alone' "$base/sign-in" -d login=ann@small.example -d "password=$password"
ok 'leads to the code' says "$T/head" '^Location: /sign-in/code'
ok 'and is no session' not grep -q 'assay-session' "$T/head"
get 303 'it opens nothing' "$org/r/risk"
get 403 'a code is good once' "$base/sign-in/code" -d "code=$(totp "$secret" 0)"
get 303 'the next signs in' "$base/sign-in/code" -d "code=$(totp "$secret" 1)"
get 200 'and opens all' "$org/r/risk"
jar=$T/lost
get 303 'somebody lost it' "$base/sign-in" -d login=ann@small.example -d "password=$password"
get 303 'and has a recovery code' "$base/sign-in/code" -d "code=$recovery"
get 200 'which signs in' "$org/r/risk"
exits 0 'who may sign in' accounts --json
ok 'and how' has "$T/out" '[(r["fields"]["login"], r["fields"]["factor"]) for r in r["records"]] == [("ann@small.example", "on"), ("mia", "off")]'
jar=$T/mia
get 303 'who has none' "$org/r/risk"
ok 'is led to it' says "$T/head" '^Location: /account/factor\?to='
get 403 'a program is told' "$org/r/risk" -H 'Accept: application/json'

jar=$T/ann
get 403 'a token wants the password' "$base/account/tokens" -d "assay_token=$form" -d name=wiki -d password=wrong
ok 'what was typed stays' says "$T/out" 'name="name" value="wiki"'
get 200 'a token of a program' "$base/account/tokens" -d "assay_token=$form" -d name=wiki -d right=write -d organisation=small-ltd -d "password=$password"
bearer=$(sed -n 's/.*value="\(assay_[^"]*\)".*/\1/p' "$T/out")
get 200 'is shown once' "$base/account/tokens"
ok 'and never again' not grep -q "$bearer" "$T/out"
jar=$T/program
by="Authorization: Bearer $bearer"
get 200 'it reads' "$org/r/risk" -H "$by"
ok 'as JSON' has "$T/out" 'r["schema"] == "assay.list/1"'
get 201 'it writes' "$org/r/risk" -H "$by" -d 'f.description=By a program'
ref=$(sed -n 's/.*"ref":"\(RISK-[0-9]*\)".*/\1/p' "$T/out")
get 200 'which is told' "$org/r/risk/$ref/history" -H "$by"
ok 'by its number' has "$T/out" 'r["versions"][0]["via"].startswith("token ")'
get 403 'it takes nothing out' "$org/export" -H "$by" -d what=all
get 403 'its account is not for it' "$base/account" -H "$by"
get 401 'one that is none' "$org/r/risk" -H "${by}x"
ok 'is told so' says "$T/head" '^WWW-Authenticate: Bearer'
exits 0 'all of them' tokens --json
ok 'when they were used' has "$T/out" 'r["records"][0]["fields"]["used"] != "never"'
id=$(sed -n 's/.*"id": "\([a-z0-9]\{26\}\)".*/\1/p' "$T/out" | head -n 1)
exits 0 'one is ended' tokens end "$id"
get 401 'and is none' "$org/r/risk" -H "$by"
exits 2 'no right of this name' tokens add mia x --right everything
exits 0 'for a reader' tokens add mia x --right write
by="Authorization: Bearer $(cat "$T/out")"
get 403 'who may not, gives nothing on' "$org/r/risk" -H "$by" -d 'f.description=x'

exits 3 'nobody of this name' accounts reset ann
exits 0 'the last resort' accounts reset Ann@small.example
jar=$T/ann
get 303 'which ends all sessions' "$base/account"
get 303 'the password is enough again' "$base/sign-in" -d login=ann@small.example -d "password=$password"
ok 'for a session' says "$T/head" '^Set-Cookie: assay-session='

jar=$T/nobody
head -c 70000 /dev/zero | tr '\0' a >"$T/large"
get 413 'a body that is too large' "$base/sign-in" --data-binary "@$T/large"
get 431 'a head that is too large' "$base/healthz" -H "X: $(head -c 40000 "$T/large")"
get 414 'an address that is too long' "$base/$(head -c 5000 "$T/large")"
get 405 'another method' "$base/healthz" -X DELETE
ok 'slow clients take no worker' python3 - "$base" <<'END'
import socket, sys, time, urllib.request
host, port = sys.argv[1].split("//")[1].split(":")
slow = [socket.create_connection((host, int(port))) for _ in range(50)]
for s in slow:
    s.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
began = time.time()
for _ in range(5):
    assert urllib.request.urlopen(sys.argv[1] + "/healthz").status == 200
assert time.time() - began < 10, time.time() - began
END
ok 'no secret stands in the store' lacks home "$secret"
ok 'no token stands in the log' not grep -q "${link##*/}" "$T/log"
ok 'a refusal stands in the log' says "$T/log" '"method":"POST","path":"/o/small-ltd/r/risk","status":403'
ok 'and a wrong password' says "$T/log" '"method":"POST","path":"/sign-in","status":403'
ok 'a line a request' says "$T/log" '"method":"GET","path":"/o/small-ltd/r/risk","status":200'
kill -TERM $server
wait $server
is_zero=$?
ok 'it ends cleanly' [ "$is_zero" -eq 0 ]
ok 'and leaves what was asked for alone' [ "$(ls "$(files home)/run")" = jobs ]

# What was removed has no owner that could be asked.
ASSAY_ORGANISATION=small-ltd
export ASSAY_ORGANISATION
exits 0 'an employee' add person name=Ned
exits 0 'who sees their own' members add Ned employee
exits 0 'an incident' add incident 'what=It was mine'
exits 0 'removed' remove incident IN-001 --yes
exits 0 'an owner sees what it was' history incident IN-001
exits 4 'whoever sees only their own does not' history incident IN-001 --as Ned
sed 's/IN-[0-9]*/IN/' "$T/err" >"$T/removed"
exits 0 'another that is there' add incident 'what=It is not theirs'
for words in 'show incident IN-002' 'show incident IN-001' 'show incident IN-099' 'history incident IN-099' 'history incident IN-002'; do
    exits 4 "nor: $words" $words --as Ned
    sed 's/IN-[0-9]*/IN/' "$T/err" >"$T/other"
    ok 'cannot tell one from the other' cmp "$T/removed" "$T/other"
done
exits 0 'one of the same name' add incident 'what=Another' 'reported_by=Ned' --ref IN-001 --again
exits 0 'shows them their own' history incident IN-001 --as Ned --json
ok 'and nothing of the other' has "$T/out" 'len(r["versions"]) == 1'
exits 0 'an owner sees both' history incident IN-001 --json
ok 'one after the other' has "$T/out" 'len(r["versions"]) == 3'
