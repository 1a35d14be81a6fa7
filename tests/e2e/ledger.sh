# The ledger: what was changed behind Assay's back is found, and what was signed holds.
unset ASSAY_ORGANISATION ASSAY_AS
ASSAY_HOME=$(place home)
export ASSAY_HOME
exits 0 'a home' init "$ASSAY_HOME" --name 'Brackwater' --owner 'Ada Byron'
exits 0 'a person' add person 'name=Jana Weber' email=jana@brackwater.example
exits 0 'a checkpoint' ledger checkpoint
cp "$T/out" "$T/checkpoint"
ok 'three lines and a signature' [ "$(wc -l <"$T/checkpoint")" -eq 5 ]
exits 0 'more' set person P-002 'function=Head of development'
exits 0 'a proof that it begins so' ledger consistency "$(sed -n 2p "$T/checkpoint")" --json
ok 'from the root that was signed' says "$T/out" "$(sed -n 3p "$T/checkpoint" | sed 's/[+/]/./g')"
exits 0 'a proof of a record' ledger prove person P-002
ok 'as others read it' says "$T/out" 'c2sp.org/tlog-proof@v1'
exits 0 'who recorded what' ledger list --json
ok 'the last first' has "$T/out" '[e["fields"]["n"] for e in r["records"]] == list(range(len(r["records"]) - 1, -1, -1))'
ok 'with who and how' has "$T/out" 'r["records"][0]["fields"]["by"] == "Ada Byron" and r["records"][0]["fields"]["ref"] == "P-002"'
exits 0 'of one register, a page' ledger list person --limit 1 --json
ok 'says where the next begins' has "$T/out" 'len(r["records"]) == 1 and r["earlier"] == r["records"][0]["fields"]["n"]'
exits 0 'the next page' ledger list person --before "$(sed -n 's/.*"earlier": \([0-9]*\).*/\1/p' "$T/out")" --json
ok 'goes on there' has "$T/out" 'r["records"][0]["fields"]["ref"] == "P-002" and r["records"][0]["fields"]["rev"] == 1'
exits 3 'not of what is not there yet' ledger consistency 99
exits 0 'all holds' ledger verify
exits 0 'its key' ledger status
grep -o 'assay/brackwater/.*+.*+.*' "$T/out" >"$T/first"
exits 0 'another key' ledger rotate
exits 0 'and one more' ledger rotate
ok 'they are records' [ "$("$assay" list signing_key --json | grep -c '"ref": "KEY-')" -eq 2 ]
exits 4 'that nobody else writes' add signing_key "key=$(cat "$T/first")" from_size=0
exits 0 'all holds still' ledger verify
exits 0 'a bundle' bundle --output "$T/rotated.zip" --to 2020-01-01
ok 'whoever has the first key can check it' "$(dirname "$assay")/assay-verify" "$T/rotated.zip" --key "$(cat "$T/first")" --previous "$T/checkpoint"
# as it will be after 30 days, when only the last key signs
python3 - "$T/rotated.zip" "$T/alone.zip" <<'END'
import sys, zipfile
sys.path.insert(0, "tests/verify")
import made
parts = {i.filename: zipfile.ZipFile(sys.argv[1]).read(i) for i in zipfile.ZipFile(sys.argv[1]).infolist()}
newest = parts["ledger/checkpoint"].decode().split("\n")
assert len(newest) == 8, newest
parts["ledger/checkpoint"] = ("\n".join(newest[:5]) + "\n").encode()
open(sys.argv[2], "wb").write(made.zipped(parts))
END
ok 'also where only the last key signed' "$(dirname "$assay")/assay-verify" "$T/alone.zip" --key "$(cat "$T/first")" --previous "$T/checkpoint"
asked home brackwater 'SELECT body FROM record_version; SELECT bytes FROM ledger_entry; SELECT value FROM opening' >"$T/asked"
ok 'there are versions and entries' [ "$(wc -l <"$T/asked")" -gt 10 ]
ok 'nothing personal is in them' not grep -q 'Jana\|jana' "$T/asked"
exits 0 'into another home' move "$ASSAY_HOME" "$(place moved)"
exits 0 'a bundle from there' bundle --output "$T/moved.zip" --home "$(place moved)"
unzip -p "$T/moved.zip" ledger/keys.txt >"$T/keys"
set -- --previous "$T/checkpoint"
while read -r key; do set -- "$@" --key "$key"; done <"$T/keys"
ok 'holds for who has the keys of both' "$(dirname "$assay")/assay-verify" "$T/moved.zip" "$@"
"$(dirname "$assay")/assay-verify" "$T/moved.zip" --key "$(tail -n 1 "$T/keys")" >"$T/out"
ok 'and for who has the new one only' [ $? -eq 1 ]
ok 'with a word about the others' says "$T/out" 'is of this ledger, but by a key that you did not give'
"$(dirname "$assay")/assay-verify" "$T/moved.zip" >"$T/out"
ok 'and on its own word' [ $? -eq 1 ]
"$(dirname "$assay")/assay-verify" "$T/moved.zip" --key "$(cat "$T/first")" >"$T/out"
ok 'not for who has the old one only' [ $? -eq 2 ]
printf 'id: visitor\ntitle: Visitors\nhelp: Who came.\nfields:\n  name: {type: text, label: Name, help: Who.}\n' >"$T/visitor.yaml"
exits 0 'a register of its own' content add "$T/visitor.yaml"
exits 4 'which nobody else writes' set own_content OWN-001 bytes=7
ok 'a register that is another' behind home brackwater "UPDATE content SET body = replace(body, 'Who came', 'Who went')"
exits 1 'is found' ledger verify
ok 'and named' says "$T/out" 'own_content registers/own/visitor.yaml'
ok 'so is one that is gone' behind home brackwater 'DELETE FROM content'
exits 1 'it is found' ledger verify
ok 'as that' says "$T/out" 'It was added, and is gone'
exits 0 'brought back' content add "$T/visitor.yaml"
exits 0 'and taken away' content remove visitor
exits 0 'all holds' ledger verify
if [ $store = folder ]; then # PostgreSQL makes its index itself
    ok 'words of another person' behind home brackwater "UPDATE record_search_content SET c0 = replace(c0, 'weber', 'weser')"
    exits 1 'the index of words is compared' ledger verify
    ok 'and the record named' says "$T/out" 'P-002 .*The index of words differs'
    ok 'what the database made of the words' behind home brackwater 'UPDATE record_search_data SET block = zeroblob(length(block)) WHERE id > 10'
    exits 1 'that too' ledger verify
    ok 'is said' says "$T/out" 'The index of words is damaged'
    exits 0 'it is made again' doctor --mend
    exits 0 'and all holds' ledger verify
fi
ok 'a version that was dated back' behind home brackwater "UPDATE record_version SET at = replace(at, '2026', '2025') WHERE seq = 4"
exits 1 'is found' ledger verify
ok 'is named' says "$T/out" 'person P-002 +Version 1 has another instant'
exits 1 'also for programs' ledger verify --json
ok 'with register, ref and version' says "$T/out" '"ref": "P-002"'
