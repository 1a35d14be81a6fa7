# What people bring becomes records, and what goes out comes back as it was.
home() { # NAME: a home of its own, which the program then works on
    ASSAY_HOME=$(place "$1")
    export ASSAY_HOME
    exits 0 "the home $1" init "$ASSAY_HOME" --name "Brackwater" --owner "Ada Byron"
}
unchanged() { # FILE.json: all lines are there already
    has "$1" 'r["counts"]["lines"] > 0 and not r["changed"] + r["new"] + r["rejected"]'
}

# The data of the worked company, all of it.
home first
exits 0 'a preview' import tests/planted/baseline.json --preview --json
ok 'says what is new' has "$T/out" 'r["counts"]["new"] > 700 and r["counts"]["rejected"] == 0'
ok 'and leaves out nothing but a day' has "$T/out" '[x["place"] for x in r["left_out"]] == [
    "baseline.json, as_of"] and r["written"] is False'
exits 0 'nothing was written' list risk --json
ok 'no risk is there' has "$T/out" 'r["count"] == 0'
exits 0 'the import' import tests/planted/baseline.json
ok 'says so' says "$T/out" 'All of it is recorded'
exits 0 'the same again' import tests/planted/baseline.json --json
ok 'changes nothing' unchanged "$T/out"
exits 0 'the store is whole' doctor
exits 0 'everything as JSON' export --all --output "$T/all.json"
ok 'every leaf of the data is in a record' python3 tests/e2e/import.py leaves \
    tests/planted/baseline.json "$T/all.json" tests/import/not_kept.yaml

# Every format and back.
exits 0 'as XLSX' export --all --output "$T/all.xlsx"
exits 0 'as ODS' export --all --output "$T/all.ods"
exits 0 'as CSV' export --all --format csv --output "$T/csv"
ok 'no cell is a formula' python3 tests/e2e/import.py texts "$T/all.xlsx" "$T/all.ods" "$T"/csv/*.csv
for file in all.json all.xlsx all.ods csv/risk.csv csv/scope.csv; do
    exits 0 "$file comes back" import "$T/$file" --json
    ok "$file is as it was" unchanged "$T/out"
done
exits 0 'some registers' export risk asset --output "$T/some.xlsx"
exits 2 'a format that is none' export risk --format pdf --output "$T/risk.pdf"
exits 2 'no place to go' export risk --format csv
exits 3 'not to the screen' export risk --format csv --output -
exits 2 'no register' export --output "$T/none.json"

# Texts that mean something to every format, and one of a mebibyte.
home unkind
for seed in 1 2; do
    ok "unkind texts $seed" python3 tests/e2e/import.py hostile $seed "$T/unkind.json"
    exits 0 "taken $seed" import "$T/unkind.json"
    for format in json xlsx ods csv; do
        exits 0 "out as $format $seed" export risk --output "$T/unkind.$format"
        exits 0 "back from $format $seed" import "$T/unkind.$format" --json
        ok "as it was from $format $seed" unchanged "$T/out"
    done
    ok "no formula $seed" python3 tests/e2e/import.py texts "$T"/unkind.xlsx "$T"/unkind.ods "$T"/unkind.csv
done
exits 0 'the store of unkind texts is whole' doctor

# The whole organisation elsewhere.
ASSAY_HOME=$(place first)
export ASSAY_HOME
exits 0 'the archive' export --archive "$T/a.zip"
home second
exits 0 'an archive tells what it is' import "$T/a.zip" --preview
ok 'whose it is' says "$T/out" 'all of Brackwater'
for how in later line elsewhere; do
    ok "an archive that is no good: $how" python3 tests/e2e/import.py break "$T/a.zip" $how "$T/bad.zip"
    exits 3 "is refused: $how" import "$T/bad.zip"
done
head -c 20000 "$T/a.zip" >"$T/bad.zip"
exits 3 'and one that is cut off' import "$T/bad.zip"
exits 0 'the new home is as it was' list person --json
ok 'with its one person' has "$T/out" 'r["count"] == 1'
exits 0 'the archive elsewhere' import "$T/a.zip"
exits 0 'is whole' doctor
exits 0 'its words are found' search ransomware --json
ok 'as there' has "$T/out" 'len(r["records"]) > 0'
exits 0 'and goes out again' export --archive "$T/b.zip"
ok 'as it came' python3 tests/e2e/import.py archives "$T/a.zip" "$T/b.zip"
exits 4 'not into what is there' import "$T/a.zip"

# Tables of people: recognised, or named.
home third
risks='tests/sets/harbourpay/registers/Risk register 2026.xlsx'
exits 0 'somebody'\''s risk register' import "$risks" --preview --json
ok 'its columns are known' has "$T/out" 'r["mapping"][0]["register"] == "risk" and r["counts"]["new"] > 3'
exits 0 'taken' import "$risks" --skip-rejected
exits 0 'twice' import "$risks" --json
ok 'changes nothing' unchanged "$T/out"
cat >"$T/mine.csv" <<'END'
My risks of this year,,
Number,What worries us,How likely
M-1,The cellar floods,2
M-2,"Keys, lost",often
END
exits 1 'a line that cannot be taken' import "$T/mine.csv" --register risk \
    --map 'Number=ref' --map 'What worries us=description' --map 'How likely=likelihood'
ok 'is named by row' says "$T/out" 'mine.csv, row 4'
ok 'and column' says "$T/out" 'How likely'
ok 'nothing was written' says "$T/out" 'Nothing was written'
exits 1 'without it' import "$T/mine.csv" --register risk --skip-rejected \
    --map 'Number=ref' --map 'What worries us=description' --map 'How likely=likelihood'
exits 0 'the other is there' show risk M-1
exits 3 'a field that is none' import "$T/mine.csv" --register risk --map 'Number=nothing'
exits 3 'a map without a register' import "$T/mine.csv" --map 'Number=ref'
exits 3 'no such file' import "$T/nothing.csv"
exits 2 'no file at all' import
printf 'a,b\n1,2\n' >"$T/what.csv"
exits 3 'a table of nothing' import "$T/what.csv"
ok 'says what to do' says "$T/err" '--register'
printf 'Nr,Person,Role\n1,Ada Byron,reader\n' >"$T/members.csv"
exits 0 'a register that no table is recognised as' import "$T/members.csv" --register membership --json
ok 'is taken where it is named' has "$T/out" 'r["counts"]["new"] == 1'
printf 'Colour of it,Its shape\nblue,round\nred,square\n' >"$T/shapes.csv"
exits 3 'a table of something else, named' import "$T/shapes.csv" --register risk
ok 'says which column is which' says "$T/err" 'headings of the register risk.*--map'
: >"$T/empty.csv"
exits 3 'an empty file' import "$T/empty.csv"
ok 'is called empty' says "$T/err" 'empty.csv: The file is empty'
printf '\0\1\2\377' >"$T/junk.xlsx"
exits 3 'a file that is no table' import "$T/junk.xlsx" --register risk
ok 'is not asked for its columns' says "$T/err" 'neither text nor any format'
mkdir "$T/nothing"
exits 0 'a folder with nothing in it' import "$T/nothing"
ok 'is no success' says "$T/out" 'nothing in it to record'

# Tables as companies have them.
home odd
printf 'Asset,Type,Owner\n"Server C, old",system,Ada Byron\nServer A,system,Ada Byron\n' >"$T/assets.csv"
exits 0 'a name with a comma' import "$T/assets.csv"
printf 'Risk ID,Risk,Assets,Likelihood,Impact,Assessment\n1,"Burns,\nand then floods","Server A\nServer C, old",2,5,A-1\n2,Theft,"Server C, old",3.5,1,\n' >"$T/odd.csv"
exits 1 'half a step is no step' import "$T/odd.csv" --preview
ok 'and is not rounded' says "$T/out" '"3.5" will not do'
ok 'what is new is shown as it was read' says "$T/out" 'Consequence  *5'
exits 1 'the other line' import "$T/odd.csv" --skip-rejected
exits 0 'is there' show risk 1 --json
ok 'with its lines, its names and a column that is called as a field is' has "$T/out" '(
    r["fields"]["description"] == "Burns,\nand then floods" and sorted(r["fields"]["assets"]) == ["AS-001", "AS-002"]
    and r["fields"]["assessment"] == {"said": "A-1"})'
exits 1 'it again' import "$T/odd.csv" --skip-rejected --json
ok 'changes nothing' has "$T/out" 'not r["changed"] + r["new"]'
exits 0 'out' export risk --output "$T/own.csv"
ok 'with a column beside' python3 tests/e2e/import.py beside "$T/own.csv" "$T/beside.csv"
exits 0 'an export with a column of somebody'\''s own' import "$T/beside.csv" --json
ok 'is as it was' has "$T/out" 'r["counts"]["unchanged"] == r["counts"]["lines"] == 1 and any(
    c["heading"] == "Beside" and not c["field"] for c in r["mapping"][0]["columns"])'
printf 'sep=;\r\nDoc ID;CVE;Title;Discovered\r\nV-7;CVE-1;\334berlauf;31.12.2025\r\n' >"$T/weak.csv"
exits 0 'a register that is named, by its words' import "$T/weak.csv" --register vulnerability
exits 0 'has its number' show vulnerability V-7 --json
ok 'its title and its day' has "$T/out" 'r["fields"]["title"] == "Überlauf" and r["fields"]["found_on"] == "2025-12-31"'
printf 'Supplier,Service,Criticality,Last review\nAcme,Hosting,high,2026-03-15 and all was well again\n' >"$T/words.csv"
exits 0 'a day with words' import "$T/words.csv" --preview
ok 'whose words are told' says "$T/out" 'all was well again'
printf 'Risk ID,Risk,Likelihood,Impact\n1,Fi\0re,2,5\n' >"$T/nul.csv"
exits 3 'a character that no text has' import "$T/nul.csv"
ok 'is named by its row' says "$T/err" 'nul.csv, row 2.*control character'
printf 'Risk ID,Risk,Likelihood,Impact\n1,Caf\351 \342\202\254,2,5\n' >"$T/mixed.csv"
exits 0 'two encodings' import "$T/mixed.csv" --preview
ok 'are told' says "$T/out" 'another encoding'
printf 'Muster list,,,\nRisk ID,Risk,Likelihood,Impact\n9,Fire,2,5\n' >"$T/sample.csv"
exits 0 'what looks like a sample' import "$T/sample.csv" --preview
ok 'tells how it is taken' says "$T/out" 'with --register risk'
exits 0 'named' import "$T/sample.csv" --register risk
exits 0 'it is taken' show risk 9
printf '{"surprise": [1, 2]}' >"$T/what.json"
exits 0 'data that nothing takes' import "$T/what.json"
ok 'is told' says "$T/out" 'surprise'
printf '{"risks": [' >"$T/cut.json"
exits 3 'data that is cut off' import "$T/cut.json"

# Frameworks of others.
exits 0 'an OSCAL catalog' import tests/import/catalog.json
exits 0 'its requirements' list framework_requirement --json --columns code,title,text,under
ok 'stand under each other' has "$T/out" '[x["fields"].get("under") for x in r["records"]] == [
    None, "FR-001", "FR-002", "FR-001"]'
ok 'called by their label, else by their id' has "$T/out" '[x["fields"]["code"] for x in r["records"]] == [
    "AC", "AC-1", "ac-1.1", "ac-2"]'
ok 'with their text' has "$T/out" '"A watch stands" in r["records"][1]["fields"]["text"]'
exits 0 'a CISO Assistant library' import tests/import/library.yaml
exits 0 'its relations' list framework_relation --json
ok 'are there' has "$T/out" 'r["count"] == 1'
exits 0 'its matrix' show risk_matrix RM-001 --json
ok 'is there' has "$T/out" 'len(r["fields"]["steps"]) == 6 and len(r["fields"]["cells"]) == 4'
for file in catalog.json library.yaml; do
    exits 0 "$file again" import tests/import/$file --json
    ok "$file changes nothing" unchanged "$T/out"
done

# A folder of documents.
home fourth
exits 0 'a folder' import examples/brackwater --json
ok 'its documents are records' has "$T/out" \
    'any(x["register"] == "document" and x["new"] > 20 for x in r["registers"])'
ok 'and its tables' has "$T/out" 'any(x["register"] == "risk" and x["new"] > 20 for x in r["registers"])'
exits 0 'the folder again' import --folder examples/brackwater --skip-rejected --json
ok 'changes nothing' has "$T/out" 'not r["changed"] + r["new"]'
exits 0 'is whole' doctor
exits 0 'the records are judged' judge --json
ok 'as the folder is: nothing but the decision on climate could be a gap' has "$T/out" '{
    x["requirement"] for x in r["findings"] if x["grade"].startswith("AOC")} <= {"C4.1-clim"}'
home folder
exits 0 'tables within documents' import tests/import/folder --json
ok 'are lines of the records that the documents tell of' has "$T/out" '[
    x["new"] for x in r["registers"] if x["register"] == "management_review"] == [1]'
ok 'what tells of another line is no record' has "$T/out" 'any(
    "risks.md, row 12" == x["place"] and "R-2" in x["why"] for x in r["left_out"])'
ok 'a cell that is not understood is told, and the rest taken' has "$T/out" 'any(
    "suppliers.csv, row 3, column" in x["place"] and "rolling" in x["why"] for x in r["left_out"]) and r["written"]'
exits 0 'the review' show management_review MR-2026-2 --json
ok 'has its lines and its minutes' has "$T/out" 'len(r["fields"]["decisions"]) == 2 and len(
    r["fields"]["attendance"]) == 2 and r["fields"]["minutes"]'
exits 0 'tables within documents again' import tests/import/folder --json
ok 'change nothing' unchanged "$T/out"
exits 1 'a file that is named is taken whole or not' import tests/import/folder/suppliers.csv --preview --json
home fifth
exits 0 'a folder with two documents of one title' import examples/early
exits 0 'and again' import examples/early --json
ok 'changes nothing either' unchanged "$T/out"
unset ASSAY_HOME
