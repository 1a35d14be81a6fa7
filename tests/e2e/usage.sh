# Exit codes and wrong use.
early=examples/early

exits 0 'help' help
ok 'help names stage1' says "$T/out" '^ +stage1 '
exits 0 'help of a command' help stage1
ok 'help lists options' says "$T/out" '--fail-on'
exits 0 '--help behind a command' stage1 --help
exits 0 '--version' --version
ok 'the version is one line' says "$T/out" '^assay [0-9]+\.[0-9]+\.[0-9]+$'
exits 0 'standards' standards
ok 'the standard is named' says "$T/out" '27001:2022'

exits 2 'no folder' stage1
ok 'errors go to standard error' silent "$T/out"
ok 'wrong use points to help' says "$T/err" 'assay (help|stage1 --help)'
exits 2 'no such command' stage3
ok 'the nearest command is named' says "$T/err" 'stage1'
exits 2 'no such option' stage1 "$early" --formt json
ok 'the nearest option is named' says "$T/err" '--format'
exits 2 'no such format' stage1 "$early" --format odt
exits 2 'no day' stage1 "$early" --today 2026-02-30
exits 2 'a day that is over' stage1 "$early" --today $today --stage2 2026-01-01
exits 2 'an option without its value' stage1 "$early" --output
exits 2 'several formats on the screen' stage1 "$early" --format json --format html
exits 2 'no such fail-on' stage1 "$early" --fail-on all

exits 3 'no such folder' stage1 "$T/nowhere"
ok 'the folder is named' says "$T/err" 'nowhere'
exits 3 'no such profile' stage1 "$early" --profile "$T/none.yaml"
printf 'organisation: {name: Larkfield}\ncolour: green\n' >"$T/wrong.yaml"
exits 3 'a profile with an unknown key' stage1 "$early" --profile "$T/wrong.yaml"
ok 'the key is named' says "$T/err" 'colour'
ok 'the line is named' says "$T/err" '2'

exits 1 'not ready' stage1 "$early" --today $today
exits 0 'not ready, and nobody asked' stage1 "$early" --today $today --fail-on never
exits 1 'concerns' stage1 "$early" --today $today --fail-on concern
exits 0 'the inventory alone' documents "$early" --today $today
ok 'it names the policy' says "$T/out" 'Information Security Policy.docx'

exits 0 'explain a clause' explain 9.2
exits 0 'explain a criterion' explain DOC-SCOPE-01
exits 0 'explain a control' explain A.8.13
exits 0 'explain in small letters' explain doc-scope
exits 0 'explain the minimum' explain minimum
exits 0 'explain the blockers' explain blockers
exits 3 'explain what is not there' explain XYZ-99999

"$assay" stage1 "$early" --today $today >/dev/full 2>"$T/err"
code=$?
ok 'output that cannot be written is an error' [ "$code" -eq 5 ]
ok 'it is said' says "$T/err" '[Ss]pace|written'
