# Documents as people really keep them: each trap has a file, and what must be made of it.
F=$T/files
mkdir "$F"
python3 tests/e2e/traps.py "$F"
exits 0 'traps' stage1 "$F" --today $today --format json --fail-on never
cp "$T/out" "$T/traps.json"
ok 'no worker crashed' not grep -qE 'worker (crashed|ended|tried)' "$T/traps.json"
ok 'they keep the schema' python3 tests/report/schema.py "$T/traps.json"
ok 'each is made of what it is' python3 tests/e2e/traps.py --check "$T/traps.json"
