# A full disk: the error is said, no half report stays, and an older report is kept.
if [ "$(id -u)" -eq 0 ] && mkdir "$T/small" && mount -t tmpfs -o size=64k none "$T/small" 2>/dev/null; then
    printf 'older\n' >"$T/small/stage1.json"
    exits 5 'a full disk' stage1 tests/sets/ayka --today $today --fail-on never --format json \
        --output "$T/small/stage1.json"
    ok 'it is said' says "$T/err" 'space'
    ok 'the older report is kept' says "$T/small/stage1.json" '^older$'
    ok 'no half report stays' [ "$(ls -A "$T/small" | wc -l)" -eq 1 ]
    head -c 60000 /dev/zero >"$T/small/fill" 2>/dev/null
    TMPDIR=$T/small "$assay" stage1 examples/early --today $today >"$T/out" 2>"$T/err"
    got=$?
    ok 'a full temporary folder is an error' [ "$got" -gt 2 ]
    ok 'it is said, too' says "$T/err" 'full|space'
    umount "$T/small"
else
    echo 'disk: left out, since it needs root and the right to mount'
fi
