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

# A home on a full disk: one clear error, all reading goes on, and so does writing once there is room.
home_on_full_disk() {
    small=$T/small home=$T/small/home
    exits 0 'a home' init --home "$home" --name 'Brackwater' --owner 'Anna Weber' --time-zone UTC
    exits 0 'a risk' add risk description=Fire owner=P-001 --home "$home"
    cat /dev/zero >"$small/fill" 2>/dev/null
    exits 5 'a full disk takes nothing' add risk description=Flood owner=P-001 --home "$home"
    ok 'it says where' says "$T/err" 'the disk is full on which .*/small/home/orgs/brackwater/store.db lies'
    ok 'and what to do' says "$T/err" 'make room'
    ok 'in one line' [ "$(wc -l <"$T/err")" -eq 1 ]
    reads 'on a full disk'
    exits 0 'a backup elsewhere' backup --with-keys --output "$T/full.zip" --home "$home"
    exits 0 'which is whole' restore "$T/full.zip" --home "$T/restored-full"
    exits 5 'a report there' export risk --output "$small/risks.json" --home "$home"
    ok 'leaves nothing' [ ! -e "$small/risks.json" ]
    # Until it is full while one writes.
    rm "$small/fill"
    head -c $((($(df --output=avail "$small" | tail -n 1) - 100) * 1024)) /dev/zero >"$small/fill"
    said=0
    while [ $said -lt 100 ] && "$assay" add asset name="Thing $said" kind=system owner=P-001 \
        --home "$home" >"$T/out" 2>"$T/err"; do
        said=$((said + 1))
    done
    ok 'it is full at some time' says "$T/err" 'make room'
    rm "$small/fill"
    exits 0 'what was said is there' list asset --limit 0 --json --home "$home"
    ok 'and nothing else' has "$T/out" "r['count'] == $said"
    exits 0 'it goes on without repair' add risk description=Flood owner=P-001 --home "$home"
    exits 0 'all is whole' doctor --home "$home"
}

reads() { # WHERE
    for words in 'list risk' 'show risk RISK-001' 'history risk RISK-001' 'search fire' 'diff risk RISK-001' \
        "list risk --as-of $(date -u +%F)" 'judge --fail-on never' 'doctor' "export risk --output $T/risks.csv"; do
        # shellcheck disable=SC2086
        exits 0 "$1: $words" $words --home "$home"
        rm -f "$T/risks.csv"
    done
}

home_that_can_only_be_read() {
    home=$T/readonly/home
    mkdir "$T/readonly"
    mount --bind "$T/small" "$T/readonly" && mount -o remount,bind,ro "$T/readonly"
    reads 'on a disk that can only be read'
    exits 4 'it takes nothing' add risk description=Storm owner=P-001 --home "$home"
    ok 'it says where' says "$T/err" 'store.db lies on a disk that can only be read'
    ok 'in one line' [ "$(wc -l <"$T/err")" -eq 1 ]
    exits 0 'a backup elsewhere' backup --output "$T/readonly.zip" --home "$home"
    umount "$T/readonly"
}

if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=24m none "$T/small" 2>/dev/null; then
    home_on_full_disk
    home_that_can_only_be_read
    umount "$T/small"
fi

# The same while it is served.
if [ "$(id -u)" -eq 0 ] && ! $quick && mkdir "$T/served" && mount -t tmpfs -o size=24m none "$T/served" 2>/dev/null; then
    TMPDIR=$T/served python3 "$here/full.py" "$assay" >"$T/full" 2>"$T/full.err"
    if [ $? -eq 0 ]; then right; else wrong 'a served home on a full disk' "$T/full"; fi
    umount "$T/served"
fi
