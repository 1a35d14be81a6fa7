# A home whose writers are killed at any moment: what was said is there, and what was not said is written
# once when it is sent again under the same key. Nothing stays behind.
unset ASSAY_HOME ASSAY_ORGANISATION ASSAY_AS

# kill_writers HOME NAME: sends $kills changes, kills each after a while.
kill_writers() {
    n=0
    : >"$T/said"
    : >"$T/unsaid"
    while [ "$n" -lt "$kills" ]; do
        n=$((n + 1))
        "$assay" add person "name=$2 $n" --key "$2 $n" --home "$1" >"$T/ref" 2>"$T/err" &
        pid=$!
        sleep "0.$(printf '%03d' $((n * 37 % 120)))"
        kill -9 "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
        if [ -s "$T/ref" ]; then echo "$2 $n"; fi >>"$T/said"
        if [ ! -s "$T/ref" ]; then echo "$2 $n"; fi >>"$T/unsaid"
    done
    exits 0 'those that are there' list person --limit 0 --json --home "$1"
    ok 'all that was said is there' has "$T/out" \
        "not set(open('$T/said').read().split('\n')[:-1]) - set(x['fields']['name'] for x in r['records'])"
    while read -r name; do
        exits 0 "again: $name" add person "name=$name" --key "$name" --home "$1"
    done <"$T/unsaid"
    exits 0 'all of them' list person --limit 0 --json --home "$1"
    ok 'each is there once' has "$T/out" "sorted(x['fields']['name'] for x in r['records'] if x['fields']['name'].startswith('$2 ')) == sorted('$2 %d' % (i + 1) for i in range($kills))"
    exits 0 'all is whole' doctor --home "$1"
    ok 'no temporary file is left' [ "$(ls -A "$TMPDIR" | wc -l)" -eq 0 ]
}

kills=25
[ "$times" -le 40 ] || kills=$((times / 2))
exits 0 'a home' init --home "$T/home" --name Brackwater --owner 'Anna Weber' --time-zone UTC
kill_writers "$T/home" 'Person'
ok 'nothing but the home is left in it' [ -z "$(find "$T/home" -name '*.part*' -o -name '.*.new' -o -name '*.tmp')" ]
if [ -n "${ASSAY_TEST_POSTGRES:-}" ]; then
    url=$(database "killed_$$")
    exits 0 'one in PostgreSQL' init --home "$url" --name Brackwater --owner 'Anna Weber' --time-zone UTC
    kill_writers "$url" 'Client'
fi
