# The walk of docs/home.md is taken as it stands there: every command in its fences without a language
# succeeds, in one shell, in their order.
awk '/^```/ { open = !open; take = open && $0 == "```"; next } take' \
    docs/home.md >"$T/walk.sh"
ok 'there are commands' [ "$(grep -c '^assay ' "$T/walk.sh")" -gt 20 ]
mkdir "$T/bin" && ln -s "$assay" "$T/bin/assay"
(cd "$T" && PATH="$T/bin:$PATH" sh -eux ./walk.sh) >"$T/out" 2>"$T/err"
code=$?
if [ $code -eq 0 ]; then right; else
    tail -n 5 "$T/err" >"$T/last"
    wrong "a command of the walk: exit code $code" "$T/last"
fi
ok 'it shows what was recorded' says "$T/out" '^RISK-001 Ransomware'
