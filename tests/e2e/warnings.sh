# What the result does not know is said: rules that cannot be run, names in the profile that match nothing.
mkdir "$T/folder" "$T/content"
cp tests/sets/ayka/*.md "$T/folder/" 2>/dev/null || cp -r tests/sets/ayka/. "$T/folder/"
printf 'Risk;Owner;Likelihood;Impact\nTheft of a laptop;CTO;2;3\nFire;CEO;1;3\n' >"$T/folder/risks.csv"
cat >"$T/profile.yaml" <<'END'
files:
  risk.csv: none
columns:
  "risks.csv#Sheet1": {register: risk}
  "risks.csv": {register: risk}
END
exits 0 'a profile with slips' stage1 "$T/folder" --today $today --fail-on never --profile "$T/profile.yaml" \
    --format json --format text --format html --format md --output "$T/slips"
ok 'each is said' has "$T/slips/stage1.json" \
    '[(w["about"], w["name"], w["nearest"]) for w in r["warnings"]][0] == ("files", "risk.csv", "risks.csv")'
ok 'the one that means a table is not' has "$T/slips/stage1.json" \
    '[w["name"] for w in r["warnings"]] == ["risk.csv", "risks.csv#Sheet1"]'
ok 'its schema' python3 tests/report/schema.py "$T/slips/stage1.json"
for format in txt html md; do
    ok "in $format" says "$T/slips/stage1.$format" 'no such file'
done
ok 'the page is whole' python3 tests/e2e/page.py "$T/slips/stage1.html"

cp -r standards registers languages "$T/content/"
python3 - "$T/content/standards/iso27001-2022/rules/04-context.yaml" <<'END'
import re, sys
path = sys.argv[1]
text = open(path, encoding="utf-8").read()
loop = "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT f.* FROM r CROSS JOIN fact_lacks f WHERE n < 0"
at = text.index("- id: scope-interfaces")
text = text[:at] + text[at:].replace("SELECT * FROM fact_lacks WHERE requirement = :requirement", loop, 1)
open(path, "w", encoding="utf-8").write(text)
END
exits 0 'a rule without end' stage1 examples/brackwater --content "$T/content" --today $today --fail-on blocker \
    --format json --output "$T/loop.json"
ok 'it is named, with its requirement' has "$T/loop.json" \
    '[(w["name"], w["requirements"]) for w in r["warnings"]] == [("scope-interfaces", ["C4.3-c"])]'
ok 'which nobody can tell' has "$T/loop.json" \
    '[q["status"] for q in r["requirements"] if q["id"] == "C4.3-c"] == ["cannot-tell"]'
ok 'so nobody is ready without concerns' has "$T/loop.json" 'r["verdict"]["ready"] == "with-concerns"'
ok 'its schema' python3 tests/report/schema.py "$T/loop.json"
