#!/bin/bash
# Fetches Asterisk 22 or newer from this machine's own Debian mirror into a folder of its own, and changes nothing else:
# neither the machine's packages nor its sources, and no root is needed. The newest suite has a C library newer than this
# machine's, so the programs run by that suite's own loader. Usage: tools/asterisk.sh [FOLDER]
set -euo pipefail
. "$(dirname "$0")/need.sh"

OLDEST=22
SUITE=sid # the only one that carries a supported release
if [ "$(id -u)" -eq 0 ]; then base=/var/lib; else base="${XDG_DATA_HOME:-$HOME/.local/share}"; fi
folder="${1:-${LIANDONG_ASTERISK:-$base/liandong/asterisk}}"
folder="${folder%/}" # or the work would stand inside what it replaces
voice="$folder/voice"
mark=.fetched-by-liandong

the_mirror() {
    for program in apt-get dpkg; do
        command -v "$program" >/dev/null ||
            say_and_stop "这台机器没有 $program,取不到 Asterisk。请自己安装 Asterisk $OLDEST 或更新的版本。"
    done
    mirror="$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null | grep -m1 '/debian/$' || true)"
    [ -n "$mirror" ] || say_and_stop "apt 没有设 Debian 的源,取不到 Asterisk。"
}

# unpack PACKAGE FOLDER: it and all it needs below FOLDER/root; sets `loader`, which runs its programs.
unpack() {
    local package own
    mkdir -p "$2/tmp"
    export TMPDIR="$2/tmp"
    mkdir -p "$2"/apt/{state/lists/partial,cache/archives/partial,etc/preferences.d,etc/apt.conf.d} "$2/root"
    : >"$2/apt/state/status"
    # A mirror that is a dated copy has run past the date its list was to be renewed; the signature still has to be right.
    echo "deb [check-valid-until=no signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $SUITE main" \
        >"$2/apt/etc/sources.list"
    own=(
        -o "Dir::Etc=$2/apt/etc" -o "Dir::Etc::sourcelist=$2/apt/etc/sources.list" -o Dir::Etc::sourceparts=/nonexistent
        -o "Dir::State=$2/apt/state" -o "Dir::State::status=$2/apt/state/status" -o "Dir::Cache=$2/apt/cache"
        -o APT::Install-Recommends=false -o APT::Sandbox::User= -o Debug::NoLocking=true
    )
    apt-get "${own[@]}" update -qq
    apt-get "${own[@]}" install -y --download-only -qq "$1" >/dev/null
    for package in "$2"/apt/cache/archives/*.deb; do
        dpkg -x "$package" "$2/root"
    done
    rm -rf "$2/apt" "$2/tmp"
    unset TMPDIR
    loader="$(cd "$2/root" && find usr/lib -path '*linux-gnu*' -name 'ld-linux-*.so.*' | head -1)"
}

# wrap PROGRAM FOLDER [OPTION]: FOLDER/NAME runs root/PROGRAM by its own loader.
wrap() {
    local name="${1##*/}"
    cat >"$2/$name" <<RUN
#!/bin/sh
here="\$(dirname "\$(readlink -f "\$0")")"
libraries="\$here/root/$(dirname "$loader")"
exec "\$here/root/$loader" --library-path "\$libraries:\$libraries/pulseaudio" "\$here/root/$1" ${3:-}"\$@"
RUN
    : >"$2/$mark"
    chmod -R a+rX "$2"
    chmod 755 "$2" "$2/$name"
}

# The voice of spoken notices (espeak-ng, about 20 MB), beside the exchange. Calls work without it: whatever fails is only said.
fetch_voice() {
    if [ -x "$voice/espeak-ng" ] && "$voice/espeak-ng" -q -v cmn 您 >/dev/null 2>&1; then
        return
    fi
    the_mirror
    echo "取合成语音 espeak-ng(约 20 MB,放在 $voice) …"
    work="$(mktemp -d "$folder/voice.XXXXXX")"
    trap 'rm -rf "$work"' EXIT
    unpack espeak-ng "$work"
    wrap usr/bin/espeak-ng "$work" "--path=\"\$libraries\" "
    "$work/espeak-ng" -q -v cmn 您
    rm -rf "$voice"
    mv -T "$work" "$voice"
}

voice_or_word() {
    set +e # a condition would switch off that the first failure ends it
    (set -e && fetch_voice)
    local failed=$?
    set -e
    [ $failed -eq 0 ] || echo "没有取到合成语音,电话照常,只是不播报。再运行 make pbx 会再取。" >&2
}

if [ -x "$folder/asterisk" ] && "$folder/asterisk" -V >/dev/null 2>&1; then
    [ ! -f "$folder/$mark" ] || voice_or_word
    exit 0
fi
# What is there is replaced in the end: only what this script made, which carries its mark, or nothing.
[ ! -e "$folder" ] || [ -f "$folder/$mark" ] || [ -z "$(ls -A "$folder")" ] ||
    say_and_stop "$folder 里是别的东西,不会覆盖。请让 LIANDONG_ASTERISK 指向一个空的或还没有的文件夹。"
the_mirror
mkdir -p "$(dirname "$folder")"
work="$(mktemp -d "$folder.XXXXXX")"
trap 'rm -rf "$work"' EXIT

echo "取 Asterisk(约 90 MB,放在 $folder) …"
unpack asterisk "$work"
wrap usr/sbin/asterisk "$work"
version="$("$work/asterisk" -V)"
major="${version//[^0-9.]/}"
[ "${major%%.*}" -ge "$OLDEST" ] || say_and_stop "源里的是 $version,太旧:要 $OLDEST 或更新的版本。"
if [ -f "$folder/$mark" ]; then
    rm -rf "$folder"
elif [ -e "$folder" ]; then
    rmdir "$folder"
fi
mv -T "$work" "$folder"
trap - EXIT
echo "$version"
voice_or_word
