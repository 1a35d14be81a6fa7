# Documents that lie in archives and e-mails are documents; what cannot be read says so.
F=$T/files
mkdir "$F"
python3 tests/e2e/archives.py "$F"
exits 0 'archives' stage1 "$F" --today $today --format json --fail-on never
cp "$T/out" "$T/archives.json"
A=$T/archives.json
ok 'they keep the schema' python3 tests/report/schema.py "$A"
ok 'no worker crashed' not grep -qE 'worker (crashed|ended|tried)' "$A"
ok 'a member is a document' has "$A" 'docs["old.zip/policies/access.md"]["title"] == "Access control policy"'
ok 'with what it says' has "$A" 'docs["old.zip/policies/access.md"]["owner"] == "Ann Lee"'
ok 'with its own size and hash' has "$A" \
    'docs["old.zip/policies/access.md"]["sha256"] == docs["copy.md"]["sha256"] and docs["old.zip/policies/access.md"]["bytes"] == docs["copy.md"]["bytes"]'
ok 'a copy in an archive counts once' has "$A" 'docs["old.zip/policies/access.md"]["copies_of"] == "copy.md"'
ok 'an archive is no document' has "$A" '"old.zip" not in docs'
ok 'what tools leave is passed over' has "$A" 'not any("MACOSX" in p or "DS_Store" in p for p in [*docs, *skipped])'
ok 'a lock file within is told apart' has "$A" '"old.zip/~$lock.docx" in skipped'
ok 'a pointer within is told apart' has "$A" 'skipped["old.zip/plan.gdoc"]["what"] == "Google document"'
ok 'a name does not climb' has "$A" '"old.zip/climbed.md" in docs'
ok 'a link within is not followed' has "$A" '"not followed" in skipped["old.zip/secrets.md"]["why"]'
ok 'a picture within says what it is' has "$A" '"image" in skipped["old.zip/photo.png"]["why"]'
ok 'two levels are read' has "$A" '"nested.zip/two.zip/backup.md" in docs'
ok 'the third is named' has "$A" '"unpack it" in skipped["nested.zip/two.zip/one.zip"]["why"]'
ok 'a cut archive is salvaged' has "$A" '"cut.zip/a.md" in docs and "cut off" in skipped["cut.zip"]["why"]'
ok 'a bomb is refused' has "$A" '"expands" in skipped["bomb.zip"]["why"]'
ok 'all members come' has "$A" 'sum(p.startswith("many.zip/") for p in docs) == 40'
ok 'an empty archive is no document' has "$A" '"empty.zip" in skipped'
for name in backup.tar.gz backup.7z mail.msg; do
    ok "$name says what to do" has "$A" "any(w in skipped['$name']['why'] for w in ('unpack', 'save it'))"
done
ok 'an e-mail is a document' has "$A" 'docs["Approval.eml"]["title"] == "Approval of the backup policy"'
ok 'its attachment is another' has "$A" '"Approval.eml/backup.md" in docs'
ok 'what it quotes is no evidence' not grep -q 'quoted board' "$A"
# Another program reads PDF; where it is missing, a member says the same as a file does.
ok 'a PDF within is read as one outside' has "$A" \
    '("pdf.zip/visitors.pdf" in docs) == ("alone.pdf" in docs) and (skipped.get("pdf.zip/visitors.pdf") or {}).get("why") == (skipped.get("alone.pdf") or {}).get("why")'
ok 'with its own hash' has "$A" \
    '"alone.pdf" not in docs or docs["pdf.zip/visitors.pdf"]["sha256"] == docs["alone.pdf"]["sha256"]'
ok 'a table that is exported twice counts once' has "$A" \
    'sum(p.startswith("Risks ") for p in docs) == 1 and any(p.endswith("_all.csv") for p in docs)'
ok 'in an archive too' has "$A" \
    'sum("Assets" in p for p in docs) == 1 and any("Assets" in p and p.endswith("_all.csv") for p in docs)'
ok 'the number of an export is no part of a title' has "$A" \
    'all("0123456789abcdef" not in d["title"] for d in docs.values())'
exits 0 'archives again' stage1 "$F" --today $today --format json --fail-on never
ok 'give the same bytes' cmp -s "$T/out" "$A"
ok 'nothing climbed out' [ ! -e /climbed.md ]
