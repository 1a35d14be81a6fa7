# How this machine reaches Debian's packages (sources, proxy, credentials), for mmdebstrap. Sourced.

# apt_here FOLDER: writes FOLDER/apt.conf and FOLDER/sources, which is empty where Debian's usual
# sources will do.
apt_here() {
    apt-config dump | grep -E '^(Acquire|DPkg::Post|Binary::apt::Acquire)' |
        grep -vE '^Acquire::(IndexTargets|Languages|CompressionTypes|GzipIndexes)|:: "";$|Post-Invoke' \
            >"$1/apt.conf" || true
    # Debian's own sources only, whatever else this machine uses.
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian*.sources \
        /etc/apt/sources.list.d/debian*.list; do
        [ ! -s "$file" ] || {
            cat "$file"
            echo
        }
    done >"$1/sources"
    grep -q bookworm "$1/sources" || : >"$1/sources"
}
