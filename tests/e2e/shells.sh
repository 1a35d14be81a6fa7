# The manual and the completions: they load, and they complete.
exits 0 'the manual' help --man
cp "$T/out" "$T/assay.1"
if command -v groff >/dev/null; then
    ok 'groff finds nothing wrong' sh -c '
        groff -man -Tutf8 -ww -rLL=78n "$1" 2>&1 >"$2" | { ! grep .; }' sh "$T/assay.1" "$T/shown"
    ok 'it shows the options' says "$T/shown" 'fail.?on'
fi
for shell in bash zsh fish; do
    exits 0 "completion for $shell" help --completion $shell
    cp "$T/out" "$T/complete.$shell"
done
exits 2 'no such shell' help --completion tcsh

# completes LINE WORDS: what bash offers for the last word of LINE.
completes() {
    bash -c '
        . "$1"
        COMP_LINE=$2 COMP_WORDS=($2) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        case $2 in *" ") COMP_WORDS+=("") COMP_CWORD=$((COMP_CWORD + 1)) ;; esac
        _assay
        printf "%s\n" "${COMPREPLY[*]}"' bash "$T/complete.bash" "$1" >"$T/offered"
    says "$T/offered" "^$2\$"
}
ok 'bash: it loads' bash -n "$T/complete.bash"
ok 'bash: commands' completes 'assay sta' 'stage1 stage2 standards'
ok 'bash: options' completes 'assay stage1 x --fa' '--fail-on'
ok 'bash: values' completes 'assay stage1 --fail-on ' 'blocker concern never'
ok 'bash: values behind an equals sign' completes 'assay stage1 --fail-on = co' 'concern'
ok 'bash: commands of help' completes 'assay help expl' 'explain'
ok 'bash: files are left to the shell' completes 'assay stage1 --profile ' ''
ok 'bash: nothing of another command' completes 'assay explain --time' ''
ok 'bash: commands of two words' completes 'assay members re' 'remove'
ok 'bash: options of these' completes 'assay members add x --org' '--organisation'
ok 'bash: registers' completes 'assay list organi' 'organisation'
ok 'bash: no registers behind one' completes 'assay list risk organi' ''
ok 'bash: fields of a register' completes 'assay add risk descr' 'description='
ok 'bash: fields behind a record' completes 'assay set risk RISK-001 descr' 'description='
ok 'bash: no fields in the place of a record' completes 'assay set risk descr' ''
ok 'bash: nothing in the place of a value' completes 'assay add risk owner = descr' ''

if command -v zsh >/dev/null; then
    # It is told where to write its dump, and that may not be a device: it is renamed into place.
    ok 'zsh: it loads' zsh -f -c '
        autoload -U compinit && compinit -u -d "$2" && . "$1" && [ "$_comps[assay]" = _assay ]
    ' zsh "$T/complete.zsh" "$T/zcompdump"
fi
if command -v fish >/dev/null; then
    offered() { # LINE
        HOME=$T XDG_CONFIG_HOME=$T XDG_DATA_HOME=$T fish --no-config -c \
            "source $T/complete.fish; complete -C '$1'" >"$T/fish" 2>&1
        cut -f1 "$T/fish" | tr '\n' ' ' >"$T/offered"
    }
    offered 'assay sta'
    ok 'fish: commands' says "$T/offered" '^stage1 stage2 standards $'
    offered 'assay stage1 --fail-on '
    ok 'fish: values' says "$T/offered" '^blocker concern never $'
    offered 'assay members a'
    ok 'fish: commands of two words' says "$T/offered" '^add $'
    offered 'assay list organi'
    ok 'fish: registers' says "$T/offered" '^organisation $'
    offered 'assay add risk descr'
    ok 'fish: fields' says "$T/offered" '^description= $'
    offered 'assay explain --for'
    ok 'fish: options' says "$T/offered" '^--format'
fi
