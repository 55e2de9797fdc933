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

if [ -x "$folder/asterisk" ] && "$folder/asterisk" -V >/dev/null 2>&1; then
    exit 0
fi
# What is there is replaced in the end: only what this script made, which carries its mark, or nothing.
mark=.fetched-by-liandong
[ ! -e "$folder" ] || [ -f "$folder/$mark" ] || [ -z "$(ls -A "$folder")" ] ||
    say_and_stop "$folder 里是别的东西,不会覆盖。请让 LIANDONG_ASTERISK 指向一个空的或还没有的文件夹。"
for program in apt-get dpkg; do
    command -v "$program" >/dev/null ||
        say_and_stop "这台机器没有 $program,取不到 Asterisk。请自己安装 Asterisk $OLDEST 或更新的版本。"
done
mkdir -p "$(dirname "$folder")"
work="$(mktemp -d "$folder.XXXXXX")"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/tmp"
export TMPDIR="$work/tmp"
mirror="$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null | grep -m1 '/debian/$' || true)"
[ -n "$mirror" ] || say_and_stop "apt 没有设 Debian 的源,取不到 Asterisk。"

echo "取 Asterisk(约 90 MB,放在 $folder) …"
mkdir -p "$work"/apt/{state/lists/partial,cache/archives/partial,etc/preferences.d,etc/apt.conf.d} "$work/root"
: >"$work/apt/state/status"
# A mirror that is a dated copy has run past the date its list was to be renewed; the signature still has to be right.
echo "deb [check-valid-until=no signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $SUITE main" \
    >"$work/apt/etc/sources.list"
own=(
    -o "Dir::Etc=$work/apt/etc" -o "Dir::Etc::sourcelist=$work/apt/etc/sources.list" -o Dir::Etc::sourceparts=/nonexistent
    -o "Dir::State=$work/apt/state" -o "Dir::State::status=$work/apt/state/status" -o "Dir::Cache=$work/apt/cache"
    -o APT::Install-Recommends=false -o APT::Sandbox::User= -o Debug::NoLocking=true
)
apt-get "${own[@]}" update -qq
apt-get "${own[@]}" install -y --download-only -qq asterisk >/dev/null
for package in "$work"/apt/cache/archives/*.deb; do
    dpkg -x "$package" "$work/root"
done
rm -rf "$work/apt" "$work/tmp"
loader="$(cd "$work/root" && find usr/lib -path '*linux-gnu*' -name 'ld-linux-*.so.*' | head -1)"
cat >"$work/asterisk" <<RUN
#!/bin/sh
here="\$(dirname "\$(readlink -f "\$0")")"
libraries="\$here/root/$(dirname "$loader")"
exec "\$here/root/$loader" --library-path "\$libraries:\$libraries/pulseaudio" "\$here/root/usr/sbin/asterisk" "\$@"
RUN
: >"$work/$mark"
chmod -R a+rX "$work"
chmod 755 "$work" "$work/asterisk"
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
