# Sourced: packages of this machine's own Debian source, unpacked into a folder of their own. Changes neither the machine's packages
# nor its sources; no root is needed. Needs tools/need.sh.

# fetch_into FOLDER PURPOSE PACKAGE…: says nothing when they are there. FOLDER "" is one of liandong's own for this purpose.
fetch_into() {
    local base folder purpose="$2"
    if [ "$(id -u)" -eq 0 ]; then base=/var/lib; else base="${XDG_DATA_HOME:-$HOME/.local/share}"; fi
    folder="${1:-$base/liandong/$purpose}"
    shift 2
    [ -f "$folder/.fetched-by-liandong" ] && return
    command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
        say_and_stop "这台机器没有 apt-get，取不到测试用的服务器：$*。"
    mkdir -p "$(dirname "$folder")"
    exec 9>"$folder.lock" # tests that run side by side wait for the first
    flock 9
    [ -f "$folder/.fetched-by-liandong" ] && return
    work="$(mktemp -d "$folder.XXXXXX")"
    trap 'rm -rf "$work"' EXIT
    mkdir -p "$work"/apt/{lists/partial,archives/partial} "$work/root"
    local own=(
        -o "Dir::State::lists=$work/apt/lists" -o "Dir::Cache=$work/apt" -o "Dir::Cache::archives=$work/apt/archives"
        -o APT::Install-Recommends=false -o APT::Sandbox::User= -o Debug::NoLocking=true
    )
    apt-get "${own[@]}" update -qq
    # What is installed already is not fetched again, and found by its own path.
    apt-get "${own[@]}" install -y --download-only --reinstall -qq "$@" >/dev/null 2>&1 ||
        apt-get "${own[@]}" install -y --download-only -qq "$@" >/dev/null
    local package
    for package in "$work"/apt/archives/*.deb; do
        dpkg -x "$package" "$work/root"
    done
    rm -rf "$work/apt"
    : >"$work/.fetched-by-liandong"
    chmod 755 "$work"
    mv -T "$work" "$folder"
    trap - EXIT
}
